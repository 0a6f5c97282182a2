// A call is modified before it is accepted.
// expect: a re-INVITE in an early dialog: the first INVITE has no final response
// expect: RFC 3261 14.1
// expect: at_step<3 || at_step(3,
// expect: state::calling
// expect: symbol::sent_reinvite
#include <ctsip/flow/flow.hpp>

using namespace ctsip::literals;

#ifdef CURED
static_assert(
    "INVITE -> 180 Ringing -> 200 OK -> ACK -> re-INVITE -> 200 OK -> ACK"_flow.complete());
#else
static_assert("INVITE -> 180 Ringing -> re-INVITE"_flow.complete());
#endif
