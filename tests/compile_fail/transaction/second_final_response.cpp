// The TU rejects an INVITE and then accepts it.
// expect: a second final response to one INVITE
// expect: RFC 3261 17.2.1
// expect: at_step<3 || at_step(m, 3)
// expect: state::completed
// expect: symbol::success_from_tu
#include <ctsip/machine/machine.hpp>
#include <ctsip/transaction/invite_server.hpp>

using namespace ctsip;
using namespace ctsip::messages;

#ifdef CURED
static_assert(
    walk<invite_server, received<invite>, sent<response<200>>>().is(invite_server::accepted));
#else
static_assert(walk<invite_server, received<invite>, sent<response<486>>, sent<response<200>>>().is(
    invite_server::completed));
#endif
