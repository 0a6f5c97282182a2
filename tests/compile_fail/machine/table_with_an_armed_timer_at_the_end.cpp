// The reply ends the errand and leaves Timer B running.
// expect: the table of this machine is faulty
// expect: fault::timer_armed_at_end
// expect: state::done
// expect: symbol::timer_b
#include <ctsip/machine/proof.hpp>

#include "../../machine/faulty.hpp"

struct careless : ctsip_tests::errand {
  // clang-format off
  static constexpr in::row rows[] = {
      errand::rows[0], errand::rows[2], errand::rows[3], errand::rows[4],
#ifdef CURED
      in{busy}.on(reply).stops(ctsip::timer::b).rfc("RFC 9999 1").then(done),
#else
      in{busy}.on(reply).rfc("RFC 9999 1").then(done),
#endif
  };
  // clang-format on
};

static_assert(ctsip::proven<careless>);
