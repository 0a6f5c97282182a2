// An INVITE is sent again with the credentials that a proxy refused.
// expect: a retry with the credentials that have just been rejected
// expect: RFC 3261 22.1, RFC 7616 3.3
// expect: at_step<7 || at_step(7,
// expect: state::rejected
// expect: symbol::sent_rejected_credentials
#include <ctsip/flow/flow.hpp>

using namespace ctsip::literals;

#ifdef CURED
static_assert(
    "INVITE -> 407 (nonce=n1) -> ACK -> INVITE (auth, nonce=n1) -> 407 (nonce=n2) -> ACK -> INVITE (auth, nonce=n2) -> 200 OK -> ACK"_flow
        .complete());
#else
static_assert(
    "INVITE -> 407 (nonce=n1) -> ACK -> INVITE (auth, nonce=n1) -> 407 (nonce=n1) -> ACK -> INVITE (auth, nonce=n1) -> 200 OK -> ACK"_flow
        .complete());
#endif
