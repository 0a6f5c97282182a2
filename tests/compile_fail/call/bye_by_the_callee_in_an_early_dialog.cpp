// The callee hangs up instead of rejecting.
// expect: BYE by the callee in an early dialog
// expect: RFC 3261 15
// expect: at_step<3 || at_step(3,
// expect: state::callee_early
// expect: symbol::sent_bye
#include <ctsip/flow/flow.hpp>

using namespace ctsip::literals;

#ifdef CURED
static_assert("INVITE -> 180 Ringing -> 480 Temporarily Unavailable -> ACK"_flow.complete());
#else
static_assert("INVITE -> 180 Ringing <- BYE"_flow.complete());
#endif
