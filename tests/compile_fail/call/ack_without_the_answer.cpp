// The 2xx carried an offer.
// expect: ACK without the answer to the offer in the 2xx
// expect: RFC 3261 13.2.2.4
// expect: at_step<3 || at_step(3,
// expect: state::sent_ack_due
// expect: symbol::sent_ack_empty
#include <ctsip/flow/flow.hpp>

using namespace ctsip::literals;

#ifdef CURED
static_assert("INVITE (no sdp) -> 200 OK (sdp) -> ACK (sdp)"_flow.complete());
#else
static_assert("INVITE (no sdp) -> 200 OK (sdp) -> ACK"_flow.complete());
#endif
