// An alternative belongs to an outline.
// expect: an alternative belongs to an outline || belongs to an outline, not to a strict flow
// expect: flow_error_kind::outline
// expect: at_line<1 || at_line(1,
#include <ctsip/flow/flow.hpp>

using namespace ctsip::literals;

#ifdef CURED
static_assert("INVITE -> 180 Ringing -> 200 OK -> ACK"_flow.complete());
#else
static_assert("INVITE -> 180 Ringing / 183 Session Progress -> 200 OK -> ACK"_flow.complete());
#endif
