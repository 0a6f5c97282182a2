// A callee rings after it has accepted.
// expect: a provisional response after the final response
// expect: RFC 3261 17.2.1, RFC 6026 8.6
// expect: at_step<3 || at_step(3,
// expect: state::accepted
// expect: symbol::provisional_from_tu
#include <ctsip/flow/flow.hpp>

using namespace ctsip::literals;

#ifdef CURED
static_assert("INVITE -> 180 Ringing -> 200 OK -> ACK"_flow.complete());
#else
static_assert("INVITE -> 200 OK -> 180 Ringing"_flow.complete());
#endif
