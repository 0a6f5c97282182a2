// The ACK to a 486 counts on.
// expect: an ACK whose CSeq number is not the
// expect: RFC 3261 13.2.2.4, 17.1.1.3
// expect: at_step<3 || at_step(3,
// expect: state::idle
// expect: symbol::sent_stray_ack
#include <ctsip/flow/flow.hpp>

using namespace ctsip::literals;

#ifdef CURED
static_assert("INVITE (cseq=1) -> 486 Busy Here -> ACK (cseq=1)"_flow.complete());
#else
static_assert("INVITE (cseq=1) -> 486 Busy Here -> ACK (cseq=2)"_flow.complete());
#endif
