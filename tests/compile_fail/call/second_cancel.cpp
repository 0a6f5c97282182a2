// One INVITE is cancelled twice.
// expect: a second CANCEL of one INVITE
// expect: RFC 3261 9.1
// expect: at_step<4 || at_step(4,
// expect: state::cancelling
// expect: symbol::sent_cancel
#include <ctsip/flow/flow.hpp>

using namespace ctsip::literals;

#ifdef CURED
static_assert("INVITE -> 180 Ringing -> CANCEL -> 200 OK for CANCEL -> 487 Request Terminated"
              " -> ACK"_flow.complete());
#else
static_assert("INVITE -> 180 Ringing -> CANCEL -> CANCEL"_flow.complete());
#endif
