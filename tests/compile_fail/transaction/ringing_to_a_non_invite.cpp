// The TU sends a 180 to an OPTIONS.
// expect: a provisional response other than 100 to a non-INVITE request
// expect: RFC 4320 4.1
// expect: at_step<2 || at_step(m, 2)
// expect: state::trying
// expect: symbol::provisional_from_tu
#include <ctsip/machine/machine.hpp>
#include <ctsip/transaction/non_invite_server.hpp>

using namespace ctsip;
using namespace ctsip::messages;

#ifdef CURED
static_assert(walk<non_invite_server, received<options>, sent<response<200, method::options>>>().is(
    non_invite_server::completed));
#else
static_assert(walk<non_invite_server, received<options>, sent<response<180, method::options>>>().is(
    non_invite_server::trying));
#endif
