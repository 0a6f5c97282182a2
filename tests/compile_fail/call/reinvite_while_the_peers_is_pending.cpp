// A re-INVITE although the peer's is there.
// expect: INVITE while an INVITE of the peer is outstanding
// expect: RFC 3261 14.1
// expect: at_step<5 || at_step(5,
// expect: state::asked
// expect: symbol::sent_reinvite
#include <ctsip/flow/flow.hpp>

using namespace ctsip::literals;

#ifdef CURED
static_assert("INVITE -> 200 OK -> ACK -> re-INVITE -> 200 OK -> ACK <- re-INVITE -> 200 OK"
              " <- ACK"_flow.complete());
#else
static_assert("INVITE -> 200 OK -> ACK -> re-INVITE <- re-INVITE"_flow.complete());
#endif
