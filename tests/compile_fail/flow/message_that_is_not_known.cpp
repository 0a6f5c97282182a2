// On the second line stands what is no message.
// expect: flow_error_kind::message
// expect: at_line<2 || at_line(2,
#include <ctsip/flow/flow.hpp>

using namespace ctsip::literals;

#ifdef CURED
static_assert(R"(alice -> bob: INVITE
bob -> alice: 200 OK
alice -> bob: ACK)"_flow.complete());
#else
static_assert(R"(alice -> bob: INVITE
bob -> alice: OKAY
alice -> bob: ACK)"_flow.complete());
#endif
