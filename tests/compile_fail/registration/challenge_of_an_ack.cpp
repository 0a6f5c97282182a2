// An ACK is challenged.
// expect: a challenge (401 or 407) of an ACK
// expect: RFC 3261 22.1
// expect: at_step<4 || at_step(4,
// expect: state::unchallenged
// expect: symbol::sent_challenge_of_ack
#include <ctsip/flow/flow.hpp>

using namespace ctsip::literals;

#ifdef CURED
static_assert(
    "INVITE -> 401 Unauthorized -> ACK -> INVITE (auth) -> 486 Busy Here -> ACK"_flow.complete());
#else
static_assert("INVITE -> 486 Busy Here -> ACK -> 401 Unauthorized for ACK"_flow.complete());
#endif
