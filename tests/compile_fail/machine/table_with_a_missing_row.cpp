// Nothing says what a Timer B does when all is done.
// expect: the table of this machine is faulty
// expect: fault::no_row
// expect: state::done
// expect: symbol::timer_b
#include <ctsip/machine/proof.hpp>

#include "../../machine/faulty.hpp"

struct careless : ctsip_tests::errand {
  // clang-format off
  static constexpr in::row rows[] = {
      errand::rows[0], errand::rows[1], errand::rows[2], errand::rows[3],
#ifdef CURED
      in{idle, done}.on(reply, timer_b).ignored("nothing is under way"),
#else
      in{idle}.on(reply, timer_b).ignored("nothing is under way"),
      in{done}.on(reply).ignored("nothing is under way"),
#endif
  };
  // clang-format on
};

static_assert(ctsip::proven<careless>);
