// The TU answers an OPTIONS that never came.
// expect: a response without a request to answer
// expect: RFC 3261 17.2.2
// expect: at_step<1 || at_step(m, 1)
// expect: state::initial
// expect: symbol::final_from_tu
#include <ctsip/machine/machine.hpp>
#include <ctsip/transaction/non_invite_server.hpp>

using namespace ctsip;
using namespace ctsip::messages;

#ifdef CURED
static_assert(walk<non_invite_server, received<options>, sent<response<200, method::options>>>().is(
    non_invite_server::completed));
#else
static_assert(walk<non_invite_server, sent<response<200, method::options>>>().is(
    non_invite_server::completed));
#endif
