// A request other than INVITE is cancelled.
// expect: CANCEL of a request other than INVITE: SHOULD NOT be sent
// expect: RFC 3261 9.1
// expect: at_step<2 || at_step(2,
// expect: state::idle
// expect: symbol::sent_cancel
#include <ctsip/flow/flow.hpp>

using namespace ctsip::literals;

#ifdef CURED
static_assert("OPTIONS -> 200 OK"_flow.complete());
#else
static_assert("OPTIONS -> CANCEL"_flow.complete());
#endif
