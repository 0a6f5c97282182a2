// The rule breaks in the second of two alternatives: every one must be legal.
// expect: CANCEL after a final response to the INVITE: SHOULD NOT be sent
// expect: RFC 3261 9.1
// expect: at_step<3 || at_step(3
#include <ctsip/flow/outline.hpp>

using namespace ctsip::literals;

#ifdef CURED
static_assert("INVITE -> 180 Ringing / 183 Session Progress -> CANCEL"_outline.accepted());
#else
static_assert("INVITE -> 180 Ringing / 200 OK -> CANCEL"_outline.accepted());
#endif
