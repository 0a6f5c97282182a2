// A call that was rejected is hung up.
// expect: BYE outside a dialog
// expect: RFC 3261 15
// expect: at_step<4 || at_step(4,
// expect: state::none
// expect: symbol::sent_bye
#include <ctsip/flow/flow.hpp>

using namespace ctsip::literals;

#ifdef CURED
static_assert("INVITE -> 486 Busy Here -> ACK"_flow.complete());
#else
static_assert("INVITE -> 486 Busy Here -> ACK -> BYE"_flow.complete());
#endif
