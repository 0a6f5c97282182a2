// An UPDATE before any call.
// expect: a request within a dialog that does not exist
// expect: RFC 3261 12.2
// expect: at_step<1 || at_step(1,
// expect: state::none
// expect: symbol::sent_request
#include <ctsip/flow/flow.hpp>

using namespace ctsip::literals;

#ifdef CURED
static_assert("INVITE -> 200 OK -> ACK -> UPDATE -> 200 OK"_flow.complete());
#else
static_assert("UPDATE"_flow.complete());
#endif
