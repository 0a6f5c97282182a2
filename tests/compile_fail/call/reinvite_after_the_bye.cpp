// A call that is over is modified.
// expect: a request in an INVITE usage that has ended
// expect: RFC 3261 12.3, RFC 3261 15, RFC 5407 D
// expect: at_step<6 || at_step(6,
// expect: state::ended
// expect: symbol::sent_request
#include <ctsip/flow/flow.hpp>

using namespace ctsip::literals;

#ifdef CURED
static_assert(
    "INVITE -> 200 OK -> ACK -> re-INVITE -> 200 OK -> ACK -> BYE -> 200 OK"_flow.complete());
#else
static_assert("INVITE -> 200 OK -> ACK -> BYE -> 200 OK -> re-INVITE"_flow.complete());
#endif
