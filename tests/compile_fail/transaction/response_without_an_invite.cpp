// The TU answers an INVITE that never came.
// expect: a response without an INVITE to answer
// expect: RFC 3261 17.2.1
// expect: at_step<1 || at_step(m, 1)
// expect: state::initial
// expect: symbol::success_from_tu
#include <ctsip/machine/machine.hpp>
#include <ctsip/transaction/invite_server.hpp>

using namespace ctsip;
using namespace ctsip::messages;

#ifdef CURED
static_assert(
    walk<invite_server, received<invite>, sent<response<200>>>().is(invite_server::accepted));
#else
static_assert(walk<invite_server, sent<response<200>>>().is(invite_server::accepted));
#endif
