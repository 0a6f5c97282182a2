// The TU acknowledges what it never asked.
// expect: ACK without an INVITE
// expect: RFC 3261 17.1.1.3
// expect: at_step<1 || at_step(m, 1)
// expect: state::initial
// expect: symbol::ack_from_tu
#include <ctsip/machine/machine.hpp>
#include <ctsip/transaction/invite_client.hpp>

using namespace ctsip;
using namespace ctsip::messages;

#ifdef CURED
static_assert(walk<invite_client, sent<invite>, received<response<200>>, sent<ack>>().is(
    invite_client::accepted));
#else
static_assert(walk<invite_client, sent<ack>>().is(invite_client::initial));
#endif
