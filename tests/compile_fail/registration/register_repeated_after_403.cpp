// What was forbidden is sent once more.
// expect: a REGISTER repeated as it was after a 403
// expect: RFC 3261 21.4.4
// expect: at_step<3 || at_step(3,
// expect: state::rejected
// expect: symbol::sent_forbidden
#include <ctsip/flow/flow.hpp>

using namespace ctsip::literals;

#ifdef CURED
static_assert("REGISTER -> 403 Forbidden -> REGISTER (auth) -> 200 OK"_flow.complete());
#else
static_assert("REGISTER -> 403 Forbidden -> REGISTER -> 200 OK"_flow.complete());
#endif
