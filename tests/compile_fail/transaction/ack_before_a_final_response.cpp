// The TU acknowledges an INVITE that is still ringing.
// expect: ACK before a final response to the INVITE
// expect: RFC 3261 13.2.2.4
// expect: at_step<3 || at_step(m, 3)
// expect: state::proceeding
// expect: symbol::ack_from_tu
#include <ctsip/machine/machine.hpp>
#include <ctsip/transaction/invite_client.hpp>

using namespace ctsip;
using namespace ctsip::messages;

#ifdef CURED
static_assert(
    walk<invite_client, sent<invite>, received<response<180>>, received<response<200>>, sent<ack>>()
        .is(invite_client::accepted));
#else
static_assert(walk<invite_client, sent<invite>, received<response<180>>, sent<ack>>().is(
    invite_client::accepted));
#endif
