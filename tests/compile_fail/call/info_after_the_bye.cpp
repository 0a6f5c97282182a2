// INFO when the BYE is pending.
// expect: a request in an INVITE usage that has ended
// expect: RFC 3261 12.3, RFC 3261 15, RFC 5407 D
// expect: at_step<5 || at_step(5,
// expect: state::ended
// expect: symbol::sent_request
#include <ctsip/flow/flow.hpp>

using namespace ctsip::literals;

#ifdef CURED
static_assert("INVITE -> 200 OK -> ACK -> INFO -> 200 OK -> BYE -> 200 OK"_flow.complete());
#else
static_assert("INVITE -> 200 OK -> ACK -> BYE -> INFO"_flow.complete());
#endif
