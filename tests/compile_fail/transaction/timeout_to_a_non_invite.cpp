// The TU sends a 408 to an OPTIONS.
// expect: a 408 to a non-INVITE request
// expect: RFC 4320 4.2
// expect: at_step<2 || at_step(m, 2)
// expect: state::trying
// expect: symbol::timeout_from_tu
#include <ctsip/machine/machine.hpp>
#include <ctsip/transaction/non_invite_server.hpp>

using namespace ctsip;
using namespace ctsip::messages;

#ifdef CURED
static_assert(walk<non_invite_server, received<options>, sent<response<480, method::options>>>().is(
    non_invite_server::completed));
#else
static_assert(walk<non_invite_server, received<options>, sent<response<408, method::options>>>().is(
    non_invite_server::completed));
#endif
