// The TU rings after it has answered.
// expect: a provisional response after the final response
// expect: RFC 3261 17.2.1
// expect: at_step<3 || at_step(m, 3)
// expect: state::accepted
// expect: symbol::provisional_from_tu
#include <ctsip/machine/machine.hpp>
#include <ctsip/transaction/invite_server.hpp>

using namespace ctsip;
using namespace ctsip::messages;

#ifdef CURED
static_assert(walk<invite_server, received<invite>, sent<response<180>>, sent<response<200>>>().is(
    invite_server::accepted));
#else
static_assert(walk<invite_server, received<invite>, sent<response<200>>, sent<response<180>>>().is(
    invite_server::accepted));
#endif
