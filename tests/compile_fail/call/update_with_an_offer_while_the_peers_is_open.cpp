// An offer although the peer's is unanswered.
// expect: UPDATE with an offer while an offer is unanswered
// expect: RFC 3311 5.1
// expect: at_step<5 || at_step(5,
// expect: state::their_offer
// expect: symbol::sent_update_sdp
#include <ctsip/flow/flow.hpp>

using namespace ctsip::literals;

#ifdef CURED
static_assert("INVITE (sdp) -> 200 OK (sdp) -> ACK -> UPDATE (sdp) -> 200 OK (sdp)"
              " <- UPDATE (sdp) -> 200 OK (sdp)"_flow.complete());
#else
static_assert(
    "INVITE (sdp) -> 200 OK (sdp) -> ACK -> UPDATE (sdp) <- UPDATE (sdp)"_flow.complete());
#endif
