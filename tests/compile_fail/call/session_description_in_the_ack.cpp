// The exchange was complete.
// expect: a session description in the ACK, the INVITE and its responses having completed the
// expect: RFC 6337 3.1.1
// expect: at_step<3 || at_step(3,
// expect: state::agreed
// expect: symbol::sent_ack_sdp
#include <ctsip/flow/flow.hpp>

using namespace ctsip::literals;

#ifdef CURED
static_assert("INVITE (sdp) -> 200 OK (sdp) -> ACK"_flow.complete());
#else
static_assert("INVITE (sdp) -> 200 OK (sdp) -> ACK (sdp)"_flow.complete());
#endif
