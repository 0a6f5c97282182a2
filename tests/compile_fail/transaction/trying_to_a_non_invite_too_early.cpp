// The TU sends a 100 to an OPTIONS over UDP at once.
// expect: a 100 to a non-INVITE request over an unreliable transport before Timer E would reach T2
// expect: RFC 4320 4.1
// expect: at_step<2 || at_step(m, 2)
// expect: state::trying
// expect: symbol::trying_from_tu_unreliable
#include <ctsip/machine/machine.hpp>
#include <ctsip/transaction/non_invite_server.hpp>

using namespace ctsip;
using namespace ctsip::messages;

#ifdef CURED
static_assert(walk<non_invite_server, received<options>,
                   sent<with<response<100, method::options>, mark::reliable_transport>>>()
                  .is(non_invite_server::proceeding));
#else
static_assert(walk<non_invite_server, received<options>, sent<response<100, method::options>>>().is(
    non_invite_server::proceeding));
#endif
