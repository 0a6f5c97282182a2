// One reliable response is acknowledged twice.
// expect: PRACK for a provisional response that is not the next in order, or was acknowledged:
// expect: RFC 3262 4
// expect: at_step<5 || at_step(5,
// expect: state::pracked
// expect: symbol::sent_stray_prack
#include <ctsip/flow/flow.hpp>

using namespace ctsip::literals;

#ifdef CURED
static_assert("INVITE (100rel) -> 180 Ringing (100rel) -> PRACK -> 200 OK for PRACK"
              " -> 200 OK for INVITE -> ACK"_flow.complete());
#else
static_assert("INVITE (100rel) -> 180 Ringing (100rel) -> PRACK -> 200 OK for PRACK -> PRACK"_flow
                  .complete());
#endif
