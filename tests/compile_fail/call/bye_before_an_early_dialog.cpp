// A BYE before any response made a dialog.
// expect: BYE outside a dialog
// expect: RFC 3261 15
// expect: at_step<3 || at_step(3,
// expect: state::none
// expect: symbol::sent_bye
#include <ctsip/flow/flow.hpp>

using namespace ctsip::literals;

#ifdef CURED
static_assert("INVITE -> 180 Ringing -> BYE -> 200 OK for BYE -> 487 Request Terminated -> ACK"_flow
                  .complete());
#else
static_assert("INVITE -> 100 Trying -> BYE"_flow.complete());
#endif
