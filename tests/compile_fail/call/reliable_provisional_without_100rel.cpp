// A reliable 180 to one who cannot acknowledge it.
// expect: a reliable provisional response to an INVITE that does not support 100rel
// expect: RFC 3262 3
// expect: at_step<2 || at_step(2,
// expect: state::invited_without_100rel
// expect: symbol::sent_reliable
#include <ctsip/flow/flow.hpp>

using namespace ctsip::literals;

#ifdef CURED
static_assert("INVITE (100rel) -> 180 Ringing (100rel) -> PRACK -> 200 OK for PRACK"
              " -> 200 OK for INVITE -> ACK"_flow.complete());
#else
static_assert("INVITE -> 180 Ringing (100rel)"_flow.complete());
#endif
