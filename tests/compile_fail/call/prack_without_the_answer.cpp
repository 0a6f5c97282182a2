// The reliable 183 carried an offer.
// expect: PRACK without the answer to the offer in the reliable response
// expect: RFC 3262 5
// expect: at_step<3 || at_step(3,
// expect: state::sent_offered
// expect: symbol::sent_prack_empty
#include <ctsip/flow/flow.hpp>

using namespace ctsip::literals;

#ifdef CURED
static_assert("INVITE (100rel, no sdp) -> 183 Session Progress (100rel, sdp) -> PRACK (sdp)"
              " -> 200 OK for PRACK -> 200 OK for INVITE -> ACK"_flow.complete());
#else
static_assert(
    "INVITE (100rel, no sdp) -> 183 Session Progress (100rel, sdp) -> PRACK"_flow.complete());
#endif
