// A peer sends a second re-INVITE before the first is answered.
// expect: a second INVITE before the final response to the first
// expect: RFC 3261 14.2
// expect: at_step<5 || at_step(5,
// expect: state::asked
// expect: symbol::received_reinvite
#include <ctsip/flow/flow.hpp>

using namespace ctsip::literals;

#ifdef CURED
static_assert(R"(
> INVITE
< 200 OK
> ACK
< re-INVITE
> 200 OK
< ACK
)"_flow.complete());
#else
static_assert(R"(
> INVITE
< 200 OK
> ACK
< re-INVITE
< re-INVITE
)"_flow.complete());
#endif
