// A registrar finds an hour too brief.
// expect: a 423 to a REGISTER whose expiration interval is 0, an hour or more, or not below its
// Min-Expires expect: RFC 3261 10.3 expect: at_step<2 || at_step(2, expect: state::idle expect:
// symbol::sent_423_not_brief
#include <ctsip/flow/flow.hpp>

using namespace ctsip::literals;

#ifdef CURED
static_assert(
    "REGISTER (expires=1800) -> 423 Interval Too Brief (min-expires=3600)"_flow.complete());
#else
static_assert(
    "REGISTER (expires=3600) -> 423 Interval Too Brief (min-expires=7200)"_flow.complete());
#endif
