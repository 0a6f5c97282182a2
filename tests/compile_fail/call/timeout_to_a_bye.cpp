// A BYE is answered with a 408.
// expect: a 408 to a non-INVITE request
// expect: RFC 4320 4.2
// expect: at_step<5 || at_step(5,
// expect: state::trying
// expect: symbol::timeout_from_tu
#include <ctsip/flow/flow.hpp>

using namespace ctsip::literals;

#ifdef CURED
static_assert(
    "INVITE -> 200 OK -> ACK -> BYE -> 481 Call/Transaction Does Not Exist"_flow.complete());
#else
static_assert("INVITE -> 200 OK -> ACK -> BYE -> 408 Request Timeout"_flow.complete());
#endif
