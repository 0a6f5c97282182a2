// What the network does may surprise, and may not be refused.
// expect: the table of this machine is faulty
// expect: fault::event_refused
// expect: state::idle
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
      in{idle, done}.on(reply, timer_b).refused("too late", "RFC 9999 2"),
#endif
  };
  // clang-format on
};

static_assert(ctsip::proven<careless>);
