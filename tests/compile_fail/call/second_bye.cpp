// A call that is over is hung up again.
// expect: a request in an INVITE usage that has ended
// expect: RFC 3261 12.3, RFC 3261 15, RFC 5407 D
// expect: at_step<6 || at_step(6,
// expect: state::ended
// expect: symbol::sent_bye
#include <ctsip/flow/flow.hpp>

using namespace ctsip::literals;

#ifdef CURED
static_assert(
    "INVITE -> 200 OK -> ACK -> BYE -> 401 Unauthorized -> BYE (auth) -> 200 OK"_flow.complete());
#else
static_assert("INVITE -> 200 OK -> ACK -> BYE -> 200 OK -> BYE"_flow.complete());
#endif
