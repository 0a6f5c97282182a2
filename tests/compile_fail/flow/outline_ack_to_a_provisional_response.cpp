// Shorthand that no completion makes legal: a final response to an INVITE is never added.
// expect: ACK before a final response to the INVITE
// expect: RFC 3261 13.2.2.4
// expect: at_step<3 || at_step(3
// expect: state::caller_early
// expect: symbol::sent_ack
#include <ctsip/flow/outline.hpp>

using namespace ctsip::literals;

#ifdef CURED
static_assert("INVITE -> 180 Ringing -> ACK after 200 OK"_outline.accepted());
#else
static_assert("INVITE -> 180 Ringing -> ACK"_outline.accepted());
#endif
