// Nothing leads to the state done.
// expect: the table of this machine is faulty
// expect: fault::unreachable
// expect: state::done
#include <ctsip/machine/proof.hpp>

#include "../../machine/faulty.hpp"

struct careless : ctsip_tests::errand {
  // clang-format off
  static constexpr in::row rows[] = {
      errand::rows[0], errand::rows[3], errand::rows[4],
#ifdef CURED
      in{busy}.on(reply).stops(ctsip::timer::b).rfc("RFC 9999 1").then(done),
      in{busy}.on(timer_b).rfc("RFC 9999 1").then(done),
#else
      in{busy}.on(reply).stops(ctsip::timer::b).rfc("RFC 9999 1").then(idle),
      in{busy}.on(timer_b).rfc("RFC 9999 1").then(idle),
#endif
  };
  // clang-format on
};

static_assert(ctsip::proven<careless>);
