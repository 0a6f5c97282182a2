// A call is acknowledged while it rings.
// expect: ACK before a final response to the INVITE
// expect: RFC 3261 13.2.2.4
// expect: at_step<3 || at_step(3,
// expect: state::caller_early
// expect: symbol::sent_ack
#include <ctsip/flow/flow.hpp>

using namespace ctsip::literals;

#ifdef CURED
static_assert("INVITE -> 180 Ringing -> 200 OK -> ACK"_flow.complete());
#else
static_assert("INVITE -> 180 Ringing -> ACK"_flow.complete());
#endif
