// The RSeq of one fork in the dialog of another.
// expect: PRACK for a provisional response that is not the next in order, or was acknowledged:
// expect: RFC 3262 4
// expect: at_step<4 || at_step(4,
// expect: state::prack_due
// expect: symbol::sent_stray_prack
#include <ctsip/flow/flow.hpp>

using namespace ctsip::literals;

#ifdef CURED
static_assert("INVITE (100rel) -> 180 Ringing (100rel, rseq=1, tag=a) -> PRACK (rack=1, tag=a)"
              " -> 200 OK for PRACK -> 200 OK for INVITE (tag=a) -> ACK"_flow.complete());
#else
static_assert("INVITE (100rel) -> 180 Ringing (100rel, rseq=1, tag=a)"
              " -> 180 Ringing (100rel, rseq=7, tag=b) -> PRACK (rack=1, tag=b)"_flow.complete());
#endif
