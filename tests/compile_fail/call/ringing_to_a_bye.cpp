// A BYE is answered with a 180.
// expect: a provisional response other than 100 to a non-INVITE request
// expect: RFC 4320 4.1
// expect: at_step<5 || at_step(5,
// expect: state::trying
// expect: symbol::provisional_from_tu
#include <ctsip/flow/flow.hpp>

using namespace ctsip::literals;

#ifdef CURED
static_assert("INVITE -> 200 OK -> ACK -> BYE -> 200 OK"_flow.complete());
#else
static_assert("INVITE -> 200 OK -> ACK -> BYE -> 180 Ringing"_flow.complete());
#endif
