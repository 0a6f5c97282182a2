// The TU acknowledges a 486: the transaction has done so already.
// expect: the transaction's own: it has been sent || the transaction\'s own: it has been sent
// expect: RFC 3261 17.1.1.3
// expect: at_step<3 || at_step(m, 3)
// expect: state::completed
// expect: symbol::ack_from_tu
#include <ctsip/machine/machine.hpp>
#include <ctsip/transaction/invite_client.hpp>

using namespace ctsip;
using namespace ctsip::messages;

#ifdef CURED
static_assert(
    walk<invite_client, sent<invite>, received<response<486>>>().is(invite_client::completed));
#else
static_assert(walk<invite_client, sent<invite>, received<response<486>>, sent<ack>>().is(
    invite_client::completed));
#endif
