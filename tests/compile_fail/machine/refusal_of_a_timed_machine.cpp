// A machine with timers refuses in constant evaluation too.
// expect: ACK before a final response to the INVITE
// expect: RFC 3261 13.2.2.4
// expect: state::calling
// expect: symbol::ack_from_tu
#include <ctsip/machine/timed_machine.hpp>
#include <ctsip/transaction/invite_client.hpp>

using client = ctsip::invite_client;

constexpr bool calls() {
  ctsip::timed_machine<client> m;
  (void)m.process(client::invite_from_tu, ctsip::instant{0});
#ifdef CURED
  (void)m.process(client::success, ctsip::instant{100});
#endif
  (void)m.process(client::ack_from_tu, ctsip::instant{100});
  return true;
}

static_assert(calls());
