// The answer to a BYE is acknowledged.
// expect: ACK for a request other than INVITE
// expect: RFC 3261 17.1.2.1
// expect: at_step<6 || at_step(6,
// expect: state::matching
// expect: symbol::ack_to_non_invite
#include <ctsip/flow/flow.hpp>

using namespace ctsip::literals;

#ifdef CURED
static_assert("INVITE -> 200 OK -> ACK -> BYE -> 200 OK"_flow.complete());
#else
static_assert("INVITE -> 200 OK -> ACK -> BYE -> 200 OK -> ACK"_flow.complete());
#endif
