// A CANCEL in a transaction of its own.
// expect: a CANCEL whose branch or CSeq number is not that of its INVITE
// expect: RFC 3261 9.1
// expect: at_step<3 || at_step(3,
// expect: state::proceeding
// expect: symbol::sent_stray_cancel
#include <ctsip/flow/flow.hpp>

using namespace ctsip::literals;

#ifdef CURED
static_assert("INVITE (branch=a) -> 180 Ringing -> CANCEL (branch=a) -> 200 OK for CANCEL"
              " -> 487 Request Terminated -> ACK"_flow.complete());
#else
static_assert("INVITE (branch=a) -> 180 Ringing -> CANCEL (branch=b)"_flow.complete());
#endif
