// A BYE before any call.
// expect: BYE outside a dialog
// expect: RFC 3261 15
// expect: at_step<1 || at_step(1,
// expect: state::none
// expect: symbol::sent_bye
#include <ctsip/flow/flow.hpp>

using namespace ctsip::literals;

#ifdef CURED
static_assert("INVITE -> 200 OK -> ACK -> BYE -> 200 OK"_flow.complete());
#else
static_assert("BYE"_flow.complete());
#endif
