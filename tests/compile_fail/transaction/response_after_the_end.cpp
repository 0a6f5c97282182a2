// The TU answers when the transaction has ended.
// expect: a response in a transaction that has ended
// expect: RFC 3261 17.2.1
// expect: at_step<4 || at_step(m, 4)
// expect: state::terminated
// expect: symbol::non_2xx_final_from_tu
#include <ctsip/machine/machine.hpp>
#include <ctsip/transaction/invite_server.hpp>

using namespace ctsip;
using namespace ctsip::messages;

#ifdef CURED
static_assert(walk<invite_server, received<invite>, sent<response<480>>, fired<timer::h>>().is(
    invite_server::terminated));
#else
static_assert(walk<invite_server, received<invite>, sent<response<480>>, fired<timer::h>,
                   sent<response<480>>>()
                  .is(invite_server::terminated));
#endif
