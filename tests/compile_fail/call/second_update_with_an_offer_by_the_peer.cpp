// A peer sends a second offer before the first is answered.
// expect: UPDATE with an offer while the sender's || UPDATE with an offer while the sender\'s
// expect: RFC 3311 5.1
// expect: at_step<5 || at_step(5,
// expect: state::their_offer
// expect: symbol::received_update_sdp
#include <ctsip/flow/flow.hpp>

using namespace ctsip::literals;

#ifdef CURED
static_assert(R"(
> INVITE (sdp)
< 200 OK (sdp)
> ACK
< UPDATE (sdp)
> 200 OK (sdp)
)"_flow.complete());
#else
static_assert(R"(
> INVITE (sdp)
< 200 OK (sdp)
> ACK
< UPDATE (sdp)
< UPDATE (sdp)
)"_flow.complete());
#endif
