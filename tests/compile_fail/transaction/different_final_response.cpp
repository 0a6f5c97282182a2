// The TU accepts an INVITE and then rejects it.
// expect: a second, different final response to one INVITE
// expect: RFC 6026 8.6
// expect: at_step<3 || at_step(m, 3)
// expect: state::accepted
// expect: symbol::non_2xx_final_from_tu
#include <ctsip/machine/machine.hpp>
#include <ctsip/transaction/invite_server.hpp>

using namespace ctsip;
using namespace ctsip::messages;

#ifdef CURED
static_assert(walk<invite_server, received<invite>, sent<response<200>>, sent<response<200>>>().is(
    invite_server::accepted));
#else
static_assert(walk<invite_server, received<invite>, sent<response<200>>, sent<response<486>>>().is(
    invite_server::accepted));
#endif
