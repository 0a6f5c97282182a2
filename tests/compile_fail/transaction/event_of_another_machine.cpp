// A BYE runs in a transaction of its own.
// expect: this event is not in the alphabet of this machine
// expect: ctsip::method::bye
// expect: at_step<2 || Position = 2
#include <ctsip/machine/machine.hpp>
#include <ctsip/transaction/invite_client.hpp>

using namespace ctsip;
using namespace ctsip::messages;

#ifdef CURED
static_assert(
    walk<invite_client, sent<invite>, received<response<200>>>().is(invite_client::accepted));
#else
static_assert(walk<invite_client, sent<invite>, sent<bye>>().is(invite_client::calling));
#endif
