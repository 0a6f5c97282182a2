// The first machine: one rule of SIP, the INVITE client transaction (RFC 3261 17.1.1, RFC 6026).
//
// Break it: in the first static_assert below, send the ACK right after the 180, before the 200:
//
//   walk<invite_client, sent<invite>, received<response<180>>, sent<ack>>()
//
// The compiler refuses at_step<3>: "ACK before a final response to the INVITE (RFC 3261 13.2.2.4)".
#include <cstdio>

#include <ctsip/event/event.hpp>
#include <ctsip/machine/machine.hpp>
#include <ctsip/transaction/invite_client.hpp>

using namespace ctsip;
using namespace ctsip::messages;

// At compile time: an answered call, acknowledged by the user agent core, and a refused one,
// acknowledged by the transaction itself.
static_assert(
    walk<invite_client, sent<invite>, received<response<180>>, received<response<200>>, sent<ack>>()
        .is(invite_client::accepted));
static_assert(walk<invite_client, sent<invite>, received<response<100>>, received<response<486>>,
                   fired<timer::d>>()
                  .terminated());

// At run time: the same table, one look-up an event. What is to be done comes back by value; the
// machine does nothing by itself, it has no socket and no clock.
int main() {
  constexpr event busy_call[] = {
      sent<invite>::value,
      fired<timer::a>::value, // nobody has answered yet
      received<response<180>>::value,
      received<response<486>>::value,
      received<response<486>>::value, // our ACK was lost
      fired<timer::d>::value,
  };
  machine<invite_client> transaction;
  std::printf("%-10s  %-16s  %-10s  %s\n", "in", "on", "then", "does");
  for (event const& e : busy_call) {
    auto const before = transaction.current();
    auto const step = transaction.process(e);
    std::printf("%-10s  %-16s  %-10s", name_of<invite_client>(before),
                name_of<invite_client>(invite_client::project(e)),
                name_of<invite_client>(step.next));
    if (step.does.has(transaction_action::send_request)) std::printf("  send_request");
    if (step.does.has(transaction_action::send_ack)) std::printf("  send_ack");
    if (step.does.has(transaction_action::pass_response_up)) std::printf("  pass_response_up");
    std::printf("\n");
  }
  std::printf("\nThe machine is %zu byte large and %s.\n", sizeof transaction,
              transaction.terminated() ? "has terminated" : "goes on");
  return transaction.terminated() ? 0 : 1;
}
