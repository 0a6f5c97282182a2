// An offer when the answer in the 180 was not reliable.
// expect: UPDATE with an offer before the INVITE's || UPDATE with an offer before the INVITE\'s
// expect: RFC 3311 5.1
// expect: at_step<3 || at_step(3,
// expect: state::sent_offer
// expect: symbol::sent_update_sdp
#include <ctsip/flow/flow.hpp>

using namespace ctsip::literals;

#ifdef CURED
static_assert("INVITE (sdp) -> 180 Ringing (sdp) -> 200 OK (sdp) -> ACK -> UPDATE (sdp)"
              " -> 200 OK (sdp)"_flow.complete());
#else
static_assert("INVITE (sdp) -> 180 Ringing (sdp) -> UPDATE (sdp)"_flow.complete());
#endif
