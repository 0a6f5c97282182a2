// The TU sends a 2xx again, which is repeated without being asked.
// expect: a second 2xx to one INVITE
// expect: RFC 3261 13.3.1.4
// expect: at_step<2 || at_step(m, 2)
// expect: state::unconfirmed
// expect: symbol::success_from_tu
#include <ctsip/dialog/success_retransmission.hpp>
#include <ctsip/machine/machine.hpp>

using namespace ctsip;
using namespace ctsip::messages;

#ifdef CURED
static_assert(walk<success_retransmission, sent<response<200>>, received<ack>>().is(
    success_retransmission::acknowledged));
#else
static_assert(walk<success_retransmission, sent<response<200>>, sent<response<200>>>().is(
    success_retransmission::unconfirmed));
#endif
