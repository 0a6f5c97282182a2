// A callee is busy, and then unavailable.
// expect: a second final response to one INVITE
// expect: RFC 3261 17.2.1, RFC 6026 8.6
// expect: at_step<3 || at_step(3,
// expect: state::completed
// expect: symbol::non_2xx_final_from_tu
#include <ctsip/flow/flow.hpp>

using namespace ctsip::literals;

#ifdef CURED
static_assert("INVITE -> 486 Busy Here -> ACK"_flow.complete());
#else
static_assert("INVITE -> 486 Busy Here -> 480 Temporarily Unavailable"_flow.complete());
#endif
