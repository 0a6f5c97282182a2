// A call that was accepted is cancelled.
// expect: CANCEL after a final response to the INVITE: SHOULD NOT be sent
// expect: RFC 3261 9.1, RFC 5407 3.1.2
// expect: at_step<3 || at_step(3,
// expect: state::answered
// expect: symbol::sent_cancel
#include <ctsip/flow/flow.hpp>

using namespace ctsip::literals;

#ifdef CURED
static_assert("INVITE -> 200 OK -> ACK -> BYE -> 200 OK"_flow.complete());
#else
static_assert("INVITE -> 200 OK -> CANCEL"_flow.complete());
#endif
