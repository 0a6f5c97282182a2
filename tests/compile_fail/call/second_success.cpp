// A callee accepts twice, with two responses.
// expect: a second, different final response to one INVITE
// expect: RFC 3261 17.2.1, RFC 6026 8.6
// expect: at_step<3 || at_step(3,
// expect: state::accepted
// expect: symbol::non_2xx_final_from_tu
#include <ctsip/flow/flow.hpp>

using namespace ctsip::literals;

#ifdef CURED
static_assert("INVITE -> 200 OK -> 200 OK (again) -> ACK"_flow.complete());
#else
static_assert("INVITE -> 200 OK -> 202 Accepted"_flow.complete());
#endif
