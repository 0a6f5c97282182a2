// A 2xx while a reliable 183 with the answer is unacknowledged.
// expect: 2xx while a reliable provisional response with a session description is unacknowledged
// expect: RFC 3262 3, 5
// expect: at_step<3 || at_step(3,
// expect: state::first_unacknowledged_sdp
// expect: symbol::sent_success
#include <ctsip/flow/flow.hpp>

using namespace ctsip::literals;

#ifdef CURED
static_assert("INVITE (sdp, 100rel) -> 183 Session Progress (100rel, sdp) -> PRACK"
              " -> 200 OK for PRACK -> 200 OK for INVITE -> ACK"_flow.complete());
#else
static_assert("INVITE (sdp, 100rel) -> 183 Session Progress (100rel, sdp) -> 200 OK for INVITE"_flow
                  .complete());
#endif
