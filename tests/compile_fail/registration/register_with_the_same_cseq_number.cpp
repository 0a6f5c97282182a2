// The request with credentials has the CSeq number of the one without.
// expect: a REGISTER whose CSeq number does not rise within its Call-ID
// expect: RFC 3261 10.2, 10.2.4
// expect: at_step<3 || at_step(3,
// expect: state::challenged
// expect: symbol::sent_cseq_not_higher
#include <ctsip/flow/flow.hpp>

using namespace ctsip::literals;

#ifdef CURED
static_assert(
    "REGISTER (cseq=1) -> 401 Unauthorized -> REGISTER (cseq=2, auth) -> 200 OK"_flow.complete());
#else
static_assert(
    "REGISTER (cseq=1) -> 401 Unauthorized -> REGISTER (cseq=1, auth) -> 200 OK"_flow.complete());
#endif
