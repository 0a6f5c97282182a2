// A refusal says why.
// expect: the table of this machine is faulty
// expect: fault::no_sentence
// expect: state::busy
// expect: symbol::start
#include <ctsip/machine/proof.hpp>

#include "../../machine/faulty.hpp"

struct careless : ctsip_tests::errand {
  // clang-format off
  static constexpr in::row rows[] = {
      errand::rows[0], errand::rows[1], errand::rows[2], errand::rows[4],
#ifdef CURED
      in{busy, done}.on(start).refused("started already", "RFC 9999 2"),
#else
      in{busy, done}.on(start).refused("", "RFC 9999 2"),
#endif
  };
  // clang-format on
};

static_assert(ctsip::proven<careless>);
