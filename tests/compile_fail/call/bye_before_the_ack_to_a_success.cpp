// A 2xx that is not wanted is released and not acknowledged.
// expect: the 2xx is acknowledged first: ACK, then BYE
// expect: RFC 3261 13.2.2.4
// expect: at_step<3 || at_step(3,
// expect: state::unacknowledged
// expect: symbol::sent_bye
#include <ctsip/flow/flow.hpp>

using namespace ctsip::literals;

#ifdef CURED
static_assert("INVITE -> 200 OK -> ACK -> BYE -> 200 OK"_flow.complete());
#else
static_assert("INVITE -> 200 OK -> BYE"_flow.complete());
#endif
