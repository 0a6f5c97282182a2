// The TU answers one OPTIONS twice.
// expect: a second final response to one request
// expect: RFC 3261 17.2.2
// expect: at_step<3 || at_step(m, 3)
// expect: state::completed
// expect: symbol::final_from_tu
#include <ctsip/machine/machine.hpp>
#include <ctsip/transaction/non_invite_server.hpp>

using namespace ctsip;
using namespace ctsip::messages;

#ifdef CURED
static_assert(walk<non_invite_server, received<options>, sent<response<200, method::options>>,
                   received<options>>()
                  .is(non_invite_server::completed));
#else
static_assert(walk<non_invite_server, received<options>, sent<response<404, method::options>>,
                   sent<response<200, method::options>>>()
                  .is(non_invite_server::completed));
#endif
