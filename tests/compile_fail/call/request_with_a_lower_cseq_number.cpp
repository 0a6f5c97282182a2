// A request counts backwards.
// expect: a request whose CSeq number is not higher than that of the last request
// expect: RFC 3261 12.2.1.1
// expect: at_step<6 || at_step(6,
// expect: state::confirmed
// expect: symbol::sent_stale_request
#include <ctsip/flow/flow.hpp>

using namespace ctsip::literals;

#ifdef CURED
static_assert("INVITE (cseq=5) -> 200 OK -> ACK -> INFO (cseq=6) -> 200 OK -> INFO (cseq=7)"
              " -> 200 OK"_flow.complete());
#else
static_assert(
    "INVITE (cseq=5) -> 200 OK -> ACK -> INFO (cseq=6) -> 200 OK -> INFO (cseq=4)"_flow.complete());
#endif
