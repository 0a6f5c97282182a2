// The credentials that the registrar refused are sent once more.
// expect: a retry with the credentials that have just been rejected
// expect: RFC 3261 22.1, RFC 7616 3.3
// expect: at_step<5 || at_step(5,
// expect: state::rejected
// expect: symbol::sent_rejected_credentials
#include <ctsip/flow/flow.hpp>

using namespace ctsip::literals;

#ifdef CURED
static_assert(
    "REGISTER -> 401 Unauthorized (nonce=n1) -> REGISTER (auth, nonce=n1) -> 401 Unauthorized (nonce=n1, stale) -> REGISTER (auth, nonce=n1) -> 200 OK"_flow
        .complete());
#else
static_assert(
    "REGISTER -> 401 Unauthorized (nonce=n1) -> REGISTER (auth, nonce=n1) -> 401 Unauthorized (nonce=n1) -> REGISTER (auth, nonce=n1) -> 200 OK"_flow
        .complete());
#endif
