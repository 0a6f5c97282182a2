// Timers are values: the moments at which an unanswered INVITE is sent again (RFC 3261 17.1.1.2).
//
// Break it: let the answer come too late. Change 1500 below to 33'000, and Timer B has ended the
// transaction at 32'000: the static_assert fails. Or let the transaction carry a second INVITE:
// write invite_from_tu in place of provisional, and the compiler says "a transaction carries one
// request: a new INVITE needs a new transaction (RFC 3261 17.1.1.2)".
#include <cstdio>

#include <ctsip/machine/timed_machine.hpp>
#include <ctsip/transaction/invite_client.hpp>

using namespace ctsip;

namespace {

// A network that loses every INVITE until `answer`, and a 180 that comes then. Nothing waits: the
// moment is an argument, so that half a minute passes while the compiler looks on.
constexpr invite_client::state ringing_after(instant answer) {
  timed_machine<invite_client> transaction;
  (void)transaction.process(invite_client::invite_from_tu, instant{0});
  while (transaction.next_timeout() < answer)
    (void)transaction.handle_timeout(transaction.next_timeout());
  (void)transaction.process(invite_client::provisional, answer);
  return transaction.current();
}
static_assert(ringing_after(instant{1500}) == invite_client::proceeding);

void call_nobody(transport over) {
  timed_machine<invite_client> transaction;
  std::printf("Over %s, with nobody there:\n", name(over));
  std::printf("  %6d ms  INVITE\n", 0);
  (void)transaction.process(invite_client::invite_from_tu, instant{0}, over);
  while (!transaction.next_timeout().is_never()) {
    instant const now = transaction.next_timeout(); // a real program sleeps until then
    auto const step = transaction.handle_timeout(now, over);
    std::printf("  %6lld ms  %s\n", static_cast<long long>(now.count),
                step.does.has(transaction_action::send_request)     ? "INVITE again"
                : step.does.has(transaction_action::inform_timeout) ? "Timer B: given up"
                                                                    : "");
  }
}

} // namespace

int main() {
  call_nobody(transport::udp);
  call_nobody(transport::tcp); // which repeats by itself what is lost, so that Timer A never runs
}
