// A PRACK for an RSeq that has not come.
// expect: PRACK for a provisional response that is not the next in order, or was acknowledged:
// expect: RFC 3262 4
// expect: at_step<3 || at_step(3,
// expect: state::prack_due
// expect: symbol::sent_stray_prack
#include <ctsip/flow/flow.hpp>

using namespace ctsip::literals;

#ifdef CURED
static_assert("INVITE (100rel) -> 180 Ringing (100rel, rseq=1) -> PRACK (rack=1)"
              " -> 200 OK for PRACK -> 200 OK for INVITE -> ACK"_flow.complete());
#else
static_assert("INVITE (100rel) -> 180 Ringing (100rel, rseq=1) -> PRACK (rack=2)"_flow.complete());
#endif
