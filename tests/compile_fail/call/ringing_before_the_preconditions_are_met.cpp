// The callee is alerted without the resources that it must have.
// expect: 180 before the mandatory preconditions are met: the callee SHOULD NOT be alerted
// expect: RFC 3312 6
// expect: at_step<5 || at_step(5,
// expect: state::suspended
// expect: symbol::sent_ringing
#include <ctsip/flow/flow.hpp>

using namespace ctsip::literals;

#ifdef CURED
static_assert("INVITE (qos=needed, 100rel, precondition)"
              " -> 183 Session Progress (100rel, qos=needed) -> PRACK -> 200 OK for PRACK"
              " -> UPDATE (qos=met) -> 200 OK for UPDATE (qos=met) -> 180 Ringing"
              " -> 200 OK for INVITE -> ACK"_flow.complete());
#else
static_assert("INVITE (qos=needed, 100rel, precondition)"
              " -> 183 Session Progress (100rel, qos=needed) -> PRACK -> 200 OK for PRACK"
              " -> 180 Ringing"_flow.complete());
#endif
