// The TU sends a second INVITE in the transaction of the first.
// expect: a transaction carries one request: a new INVITE needs a new transaction
// expect: RFC 3261 17.1.1.2
// expect: at_step<2 || at_step(m, 2)
// expect: state::calling
// expect: symbol::invite_from_tu
#include <ctsip/machine/machine.hpp>
#include <ctsip/transaction/invite_client.hpp>

using namespace ctsip;
using namespace ctsip::messages;

#ifdef CURED
static_assert(walk<invite_client, sent<invite>, fired<timer::a>>().is(invite_client::calling));
#else
static_assert(walk<invite_client, sent<invite>, sent<invite>>().is(invite_client::calling));
#endif
