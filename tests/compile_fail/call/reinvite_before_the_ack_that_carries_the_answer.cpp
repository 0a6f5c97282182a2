// A re-INVITE overtakes the ACK with the answer.
// expect: INVITE while the ACK that carries the answer to the offer in the 2xx is not sent
// expect: RFC 6337 4.3
// expect: at_step<3 || at_step(3,
// expect: state::answer_owed
// expect: symbol::sent_reinvite
#include <ctsip/flow/flow.hpp>

using namespace ctsip::literals;

#ifdef CURED
static_assert("INVITE (no sdp) -> 200 OK (sdp) -> ACK (sdp) -> re-INVITE (sdp) -> 200 OK (sdp)"
              " -> ACK"_flow.complete());
#else
static_assert("INVITE (no sdp) -> 200 OK (sdp) -> re-INVITE (sdp)"_flow.complete());
#endif
