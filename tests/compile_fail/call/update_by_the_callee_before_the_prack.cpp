// The callee does not know yet whether its answer arrived.
// expect: UPDATE with an offer by the callee before the PRACK for its answer
// expect: RFC 3311 5.1
// expect: at_step<3 || at_step(3,
// expect: state::received_answered
// expect: symbol::sent_update_sdp
#include <ctsip/flow/flow.hpp>

using namespace ctsip::literals;

#ifdef CURED
static_assert("INVITE (sdp, 100rel) -> 183 Session Progress (100rel, sdp) -> PRACK"
              " -> 200 OK for PRACK <- UPDATE (sdp) -> 200 OK for UPDATE (sdp)"
              " -> 200 OK for INVITE -> ACK"_flow.complete());
#else
static_assert(
    "INVITE (sdp, 100rel) -> 183 Session Progress (100rel, sdp) <- UPDATE (sdp)"_flow.complete());
#endif
