// The larger interval, and not the Min-SE.
// expect: a session refresh request without Min-SE after a 422, or after a request of the peer
// expect: RFC 4028 7.4
// expect: at_step<4 || at_step(4,
// expect: state::off
// expect: symbol::sent_without_min_se
#include <ctsip/flow/flow.hpp>

using namespace ctsip::literals;

#ifdef CURED
static_assert("INVITE (timer, session-expires=100)"
              " -> 422 Session Interval Too Small (min-se=1800) -> ACK"
              " -> INVITE (timer, session-expires=1800, min-se=1800)"
              " -> 200 OK (timer, session-expires=1800, refresher=uac) -> ACK"_flow.complete());
#else
static_assert("INVITE (timer, session-expires=100)"
              " -> 422 Session Interval Too Small (min-se=1800) -> ACK"
              " -> INVITE (timer, session-expires=1800)"_flow.complete());
#endif
