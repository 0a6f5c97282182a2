// The UAC cannot refresh.
// expect: a 2xx with refresher=uac to a UAC that does not support the session timer
// expect: RFC 4028 9, Table 2
// expect: at_step<2 || at_step(2,
// expect: state::off
// expect: symbol::sent_success_naming_uac
#include <ctsip/flow/flow.hpp>

using namespace ctsip::literals;

#ifdef CURED
static_assert("INVITE -> 200 OK (session-expires=1800, refresher=uas) -> ACK"_flow.complete());
#else
static_assert("INVITE -> 200 OK (session-expires=1800, refresher=uac)"_flow.complete());
#endif
