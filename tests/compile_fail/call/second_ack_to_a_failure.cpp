// The user asks for the ACK of a failure, which the transaction has sent.
// expect: the ACK to a non-2xx final response is the
// expect: RFC 3261 13.2.2.3, 17.1.1.2
// expect: at_step<4 || at_step(4,
// expect: state::matching
// expect: symbol::ack_of_failure_again
#include <ctsip/flow/flow.hpp>

using namespace ctsip::literals;

#ifdef CURED
static_assert("INVITE -> 486 Busy Here -> ACK -> 486 Busy Here (again) -> ACK"_flow.complete());
#else
static_assert("INVITE -> 486 Busy Here -> ACK -> ACK"_flow.complete());
#endif
