// A call is accepted without the resources that it must have.
// expect: 2xx to the INVITE before the mandatory preconditions are met
// expect: RFC 3312 5.1
// expect: at_step<5 || at_step(5,
// expect: state::suspended
// expect: symbol::sent_success
#include <ctsip/flow/flow.hpp>

using namespace ctsip::literals;

#ifdef CURED
static_assert("INVITE (qos=needed, 100rel, precondition)"
              " -> 183 Session Progress (100rel, qos=needed) -> PRACK -> 200 OK for PRACK"
              " -> UPDATE (qos=met) -> 200 OK for UPDATE (qos=met) -> 200 OK for INVITE -> ACK"_flow
                  .complete());
#else
static_assert("INVITE (qos=needed, 100rel, precondition)"
              " -> 183 Session Progress (100rel, qos=needed) -> PRACK -> 200 OK for PRACK"
              " -> 200 OK for INVITE"_flow.complete());
#endif
