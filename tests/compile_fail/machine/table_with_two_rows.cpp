// Two rows answer one symbol in one state.
// expect: the table of this machine is faulty
// expect: fault::two_rows
// expect: state::busy
// expect: symbol::reply
#include <ctsip/machine/proof.hpp>

#include "../../machine/faulty.hpp"

struct careless : ctsip_tests::errand {
  // clang-format off
  static constexpr in::row rows[] = {
      errand::rows[0], errand::rows[1], errand::rows[2], errand::rows[3],
#ifdef CURED
      in{idle, done}.on(reply, timer_b).ignored("nothing is under way"),
#else
      in{idle, busy, done}.on(reply).ignored("nothing is under way"),
      in{idle, done}.on(timer_b).ignored("nothing is under way"),
#endif
  };
  // clang-format on
};

static_assert(ctsip::proven<careless>);
