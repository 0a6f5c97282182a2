// The TU acknowledges one 2xx twice.
// expect: a second ACK to one 2xx: repeated 2xx are acknowledged without being asked
// expect: RFC 3261 13.2.2.4
// expect: at_step<3 || at_step(m, 3)
// expect: state::acknowledged
// expect: symbol::ack_from_tu
#include <ctsip/dialog/ack_retransmission.hpp>
#include <ctsip/machine/machine.hpp>

using namespace ctsip;
using namespace ctsip::messages;

#ifdef CURED
static_assert(
    walk<ack_retransmission, received<response<200>>, sent<ack>, received<response<200>>>().is(
        ack_retransmission::acknowledged));
#else
static_assert(walk<ack_retransmission, received<response<200>>, sent<ack>, sent<ack>>().is(
    ack_retransmission::acknowledged));
#endif
