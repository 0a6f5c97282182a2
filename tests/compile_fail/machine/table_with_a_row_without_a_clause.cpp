// A row that cites nothing cannot be checked against the RFC.
// expect: the table of this machine is faulty
// expect: fault::no_clause
// expect: state::busy
// expect: symbol::timer_b
#include <ctsip/machine/proof.hpp>

#include "../../machine/faulty.hpp"

struct careless : ctsip_tests::errand {
  // clang-format off
  static constexpr in::row rows[] = {
      errand::rows[0], errand::rows[1], errand::rows[3], errand::rows[4],
#ifdef CURED
      in{busy}.on(timer_b).rfc("RFC 9999 1").then(done),
#else
      in{busy}.on(timer_b).then(done),
#endif
  };
  // clang-format on
};

static_assert(ctsip::proven<careless>);
