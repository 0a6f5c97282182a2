// The 2xx to a re-INVITE carried an offer.
// expect: ACK without the answer to the offer in the 2xx
// expect: RFC 3261 13.2.2.4
// expect: at_step<6 || at_step(6,
// expect: state::sent_ack_due
// expect: symbol::sent_ack_empty
#include <ctsip/flow/flow.hpp>

using namespace ctsip::literals;

#ifdef CURED
static_assert("INVITE (sdp) -> 200 OK (sdp) -> ACK -> re-INVITE -> 200 OK (sdp) -> ACK (sdp)"_flow
                  .complete());
#else
static_assert(
    "INVITE (sdp) -> 200 OK (sdp) -> ACK -> re-INVITE -> 200 OK (sdp) -> ACK"_flow.complete());
#endif
