// All bindings are registered for ten minutes.
// expect: Contact: * in a REGISTER with Expires other than 0
// expect: RFC 3261 10.2.2
// expect: at_step<1 || at_step(1,
// expect: state::idle
// expect: symbol::sent_wildcard_with_expires
#include <ctsip/flow/flow.hpp>

using namespace ctsip::literals;

#ifdef CURED
static_assert("REGISTER (contact=*, expires=0) -> 200 OK"_flow.complete());
#else
static_assert("REGISTER (contact=*, expires=600) -> 200 OK"_flow.complete());
#endif
