// A registrar speaks for the whole network.
// expect: a 6xx response to a REGISTER
// expect: RFC 3261 10.3
// expect: at_step<2 || at_step(2,
// expect: state::idle
// expect: symbol::sent_global_failure
#include <ctsip/flow/flow.hpp>

using namespace ctsip::literals;

#ifdef CURED
static_assert("REGISTER -> 403 Forbidden"_flow.complete());
#else
static_assert("REGISTER -> 603 Decline"_flow.complete());
#endif
