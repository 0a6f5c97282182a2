// INFO by the side that was hung up.
// expect: a request in an INVITE usage that has ended
// expect: RFC 3261 12.3, RFC 3261 15, RFC 5407 D
// expect: at_step<6 || at_step(6,
// expect: state::bye_received
// expect: symbol::sent_request
#include <ctsip/flow/flow.hpp>

using namespace ctsip::literals;

#ifdef CURED
static_assert("INVITE -> 200 OK -> ACK <- INFO -> 200 OK -> BYE -> 200 OK"_flow.complete());
#else
static_assert("INVITE -> 200 OK -> ACK -> BYE -> 200 OK <- INFO"_flow.complete());
#endif
