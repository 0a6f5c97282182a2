// A CANCEL overtakes the first response.
// expect: CANCEL before a provisional response to the INVITE
// expect: RFC 3261 9.1
// expect: at_step<2 || at_step(2,
// expect: state::calling
// expect: symbol::sent_cancel
#include <ctsip/flow/flow.hpp>

using namespace ctsip::literals;

#ifdef CURED
static_assert("INVITE -> 100 Trying -> CANCEL -> 200 OK for CANCEL -> 487 Request Terminated"
              " -> ACK"_flow.complete());
#else
static_assert("INVITE -> CANCEL"_flow.complete());
#endif
