// The TU sends a second request in the transaction of the first.
// expect: a transaction carries one request: a new request needs a new transaction
// expect: RFC 3261 17.1.2.2
// expect: at_step<2 || at_step(m, 2)
// expect: state::trying
// expect: symbol::request_from_tu
#include <ctsip/machine/machine.hpp>
#include <ctsip/transaction/non_invite_client.hpp>

using namespace ctsip;
using namespace ctsip::messages;

#ifdef CURED
static_assert(
    walk<non_invite_client, sent<register_>, fired<timer::e>>().is(non_invite_client::trying));
#else
static_assert(
    walk<non_invite_client, sent<register_>, sent<register_>>().is(non_invite_client::trying));
#endif
