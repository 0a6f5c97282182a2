// A registrar does not say what would be long enough.
// expect: a 423 without Min-Expires
// expect: RFC 3261 10.3
// expect: at_step<2 || at_step(2,
// expect: state::idle
// expect: symbol::sent_423_without_min_expires
#include <ctsip/flow/flow.hpp>

using namespace ctsip::literals;

#ifdef CURED
static_assert("REGISTER (expires=60) -> 423 Interval Too Brief (min-expires=600)"_flow.complete());
#else
static_assert("REGISTER (expires=60) -> 423 Interval Too Brief"_flow.complete());
#endif
