// A 2xx is never acknowledged.
// expect: a 2xx response to the INVITE without its ACK
// expect: RFC 3261 13.2.2.4
// expect: caller
// expect: flow_is_not_complete
#include <ctsip/flow/flow.hpp>

using namespace ctsip::literals;

#ifdef CURED
static_assert("INVITE -> 180 Ringing -> 200 OK -> ACK"_complete_flow.complete());
#else
static_assert("INVITE -> 180 Ringing -> 200 OK"_complete_flow.complete());
#endif
