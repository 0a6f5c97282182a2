// The callee hangs up before it is acknowledged.
// expect: BYE by the callee before the ACK to its 2xx or 64*T1
// expect: RFC 3261 15, RFC 6026 8.7
// expect: at_step<3 || at_step(3,
// expect: state::moratorium
// expect: symbol::sent_bye
#include <ctsip/flow/flow.hpp>

using namespace ctsip::literals;

#ifdef CURED
static_assert("INVITE -> 200 OK -> ACK <- BYE -> 200 OK"_flow.complete());
#else
static_assert("INVITE -> 200 OK <- BYE"_flow.complete());
#endif
