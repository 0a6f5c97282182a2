// A second Contact is registered before the first one is answered.
// expect: a REGISTER that changes bindings while another one is pending
// expect: RFC 3261 10.2, RFC 5626 4.2.1
// expect: at_step<2 || at_step(2,
// expect: state::trying
// expect: symbol::sent_change
#include <ctsip/flow/flow.hpp>

using namespace ctsip::literals;

#ifdef CURED
static_assert("REGISTER (contact=a) -> 200 OK -> REGISTER (contact=b) -> 200 OK"_flow.complete());
#else
static_assert("REGISTER (contact=a) -> REGISTER (contact=b) -> 200 OK -> 200 OK"_flow.complete());
#endif
