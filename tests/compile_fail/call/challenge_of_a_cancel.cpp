// A CANCEL cannot be sent again with credentials.
// expect: a challenge of a CANCEL: a CANCEL cannot be resubmitted
// expect: RFC 3261 9.2
// expect: at_step<4 || at_step(4,
// expect: state::invite_cancelled
// expect: symbol::sent_cancel_challenge
#include <ctsip/flow/flow.hpp>

using namespace ctsip::literals;

#ifdef CURED
static_assert("INVITE -> 180 Ringing -> CANCEL -> 200 OK for CANCEL -> 487 Request Terminated"
              " -> ACK"_flow.complete());
#else
static_assert("INVITE -> 180 Ringing -> CANCEL -> 401 Unauthorized for CANCEL"_flow.complete());
#endif
