// A 2xx that came once is acknowledged twice.
// expect: a second ACK to one 2xx: it is sent again when the 2xx comes again
// expect: RFC 3261 13.2.2.4
// expect: at_step<4 || at_step(4,
// expect: state::established
// expect: symbol::sent_ack
#include <ctsip/flow/flow.hpp>

using namespace ctsip::literals;

#ifdef CURED
static_assert("INVITE -> 200 OK -> ACK -> 200 OK (again) -> ACK (again)"_flow.complete());
#else
static_assert("INVITE -> 200 OK -> ACK -> ACK"_flow.complete());
#endif
