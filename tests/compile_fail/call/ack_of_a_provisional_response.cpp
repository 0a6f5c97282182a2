// A 100 is acknowledged.
// expect: ACK before a final response to the INVITE
// expect: RFC 3261 13.2.2.4
// expect: at_step<3 || at_step(3,
// expect: state::inviting
// expect: symbol::sent_ack
#include <ctsip/flow/flow.hpp>

using namespace ctsip::literals;

#ifdef CURED
static_assert("INVITE -> 100 Trying -> 200 OK -> ACK"_flow.complete());
#else
static_assert("INVITE -> 100 Trying -> ACK"_flow.complete());
#endif
