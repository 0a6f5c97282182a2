// The UAC chose who refreshes.
// expect: a 2xx that overrides the UAC's choice of || a 2xx that overrides the UAC\'s choice of
// expect: RFC 4028 9, Table 2
// expect: at_step<2 || at_step(2,
// expect: state::off
// expect: symbol::sent_success_overriding
#include <ctsip/flow/flow.hpp>

using namespace ctsip::literals;

#ifdef CURED
static_assert("INVITE (timer, session-expires=1800, refresher=uac)"
              " -> 200 OK (timer, session-expires=1800, refresher=uac) -> ACK"_flow.complete());
#else
static_assert("INVITE (timer, session-expires=1800, refresher=uac)"
              " -> 200 OK (timer, session-expires=1800, refresher=uas)"_flow.complete());
#endif
