// All bindings are removed, for one flow.
// expect: Contact: * with a reg-id or an instance
// expect: RFC 5626 4.2.3
// expect: at_step<1 || at_step(1,
// expect: state::idle
// expect: symbol::sent_wildcard_with_reg_id
#include <ctsip/flow/flow.hpp>

using namespace ctsip::literals;

#ifdef CURED
static_assert("REGISTER (contact=a, expires=0, reg-id=1) -> 200 OK"_flow.complete());
#else
static_assert("REGISTER (contact=*, expires=0, reg-id=1) -> 200 OK"_flow.complete());
#endif
