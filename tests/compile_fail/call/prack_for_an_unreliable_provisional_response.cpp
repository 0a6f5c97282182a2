// A 180 that is not reliable is acknowledged.
// expect: PRACK without a reliable 1xx to our last INVITE
// expect: RFC 3262 4
// expect: at_step<3 || at_step(3,
// expect: state::calling
// expect: symbol::sent_stray_prack
#include <ctsip/flow/flow.hpp>

using namespace ctsip::literals;

#ifdef CURED
static_assert("INVITE (100rel) -> 180 Ringing (100rel) -> PRACK -> 200 OK for PRACK"
              " -> 200 OK for INVITE -> ACK"_flow.complete());
#else
static_assert("INVITE (100rel) -> 180 Ringing -> PRACK"_flow.complete());
#endif
