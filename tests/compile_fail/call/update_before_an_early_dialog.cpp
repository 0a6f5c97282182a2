// An UPDATE before any response made a dialog.
// expect: a request within a dialog that does not exist
// expect: RFC 3261 12.2
// expect: at_step<3 || at_step(3,
// expect: state::none
// expect: symbol::sent_request
#include <ctsip/flow/flow.hpp>

using namespace ctsip::literals;

#ifdef CURED
static_assert(
    "INVITE -> 180 Ringing -> UPDATE -> 200 OK for UPDATE -> 200 OK for INVITE -> ACK"_flow
        .complete());
#else
static_assert("INVITE -> 100 Trying -> UPDATE"_flow.complete());
#endif
