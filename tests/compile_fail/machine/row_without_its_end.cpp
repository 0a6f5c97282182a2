// A row says what it does, and not where it leads.
// expect: a row ends with then(state), stay(), ignored(why)
#include "../../machine/faulty.hpp"

struct hasty : ctsip_tests::errand {
  // clang-format off
  static constexpr in::row rows[] = {
      errand::rows[0], errand::rows[1], errand::rows[2], errand::rows[3],
#ifdef CURED
      in{idle, done}.on(reply, timer_b).ignored("nothing is under way"),
#else
      in{idle, done}.on(reply, timer_b),
#endif
  };
  // clang-format on
};
