// Both sides change the session at the same moment: the re-INVITEs cross, both are answered 491,
// and two waits that cannot end together settle it (RFC 3261 14.1, 14.2, RFC 5407 3.3.1).
//
// Break it: let Bob accept what crossed his own: write "200 OK (INVITE, sdp)" for
// "491 Request Pending (INVITE)" in both lines that end in #4. The compiler refuses at_step<9>:
// "a 2xx to a re-INVITE that crossed ours: it is answered 491 (RFC 3261 14.2)".
#include <cstdio>

#include <ctsip/dialog/call.hpp>
#include <ctsip/event/event.hpp>
#include <ctsip/flow/flow.hpp>
#include <ctsip/vocabulary/timer.hpp>

#include "support/flow.hpp"
#include "support/rules.hpp"

using namespace ctsip;
using namespace ctsip::messages;
using namespace ctsip::literals;

namespace {

// What crosses is written twice: where it is sent and, with the same number, where it arrives.
constexpr flow_verdict verdict = R"(
alice -> bob: INVITE (sdp)
bob -> alice: 200 OK (INVITE, sdp)
alice -> bob: ACK
alice -> : re-INVITE (sdp) #1
bob -> : re-INVITE (sdp) #2
-> bob: re-INVITE (sdp) #1
-> alice: re-INVITE (sdp) #2
alice -> : 491 Request Pending (INVITE) #3
bob -> : 491 Request Pending (INVITE) #4
-> bob: 491 Request Pending (INVITE) #3
-> alice: 491 Request Pending (INVITE) #4
alice -> bob: ACK
bob -> alice: ACK
bob -> alice: re-INVITE (sdp)
alice -> bob: 200 OK (INVITE, sdp)
bob -> alice: ACK
)"_flow;
static_assert(verdict.complete());

// Alice made the call, and so the Call-ID is hers: she waits longer than Bob ever does.
constexpr window alice_waits = glare_window(true);
constexpr window bob_waits = glare_window(false);
static_assert(bob_waits.most < alice_waits.least);

using reinvite = with<invite, mark::to_tag>;

// Alice's side, from the established call on. The ACK to the 491 is not among them: it belongs to
// the transaction (17.1.1.3), and no rule of the call hears of it.
constexpr example::line<call_message> lines[] = {
    {"> INVITE (sdp)", {.event = sent<invite>::value, .cseq = 1, .content = content::sdp}},
    {"< 200 OK (sdp)",
     {.event = received<response<200>>::value, .cseq = 1, .content = content::sdp}},
    {"> ACK", {.event = sent<ack>::value, .cseq = 1}},
    {"> re-INVITE (sdp)", {.event = sent<reinvite>::value, .cseq = 2, .content = content::sdp}},
    {"< re-INVITE (sdp)", {.event = received<reinvite>::value, .cseq = 1, .content = content::sdp}},
    {"> 491 (re-INVITE)", {.event = sent<with<response<491>, mark::to_tag>>::value, .cseq = 1}},
    {"< 491 (re-INVITE)", {.event = received<with<response<491>, mark::to_tag>>::value, .cseq = 2}},
};

} // namespace

int main() {
  example::print_flow(verdict);

  std::printf("\nAlice's side:\n");
  uac_call call;
  for (auto const& l : lines) {
    auto const step = call.process(l.message);
    auto const does = step.does<session_modification>();
    example::columns row;
    row.add(l.text, 22).add(name_of<session_modification>(call.state<session_modification>()), 12);
    if (does.has(session_modification::answer_491)) row.add("answer_491", 12);
    if (does.has(session_modification::roll_back)) row.add("roll_back", 12);
    if (does.has(session_modification::wait_after_glare)) row.add("wait_after_glare", 12);
    row.print();
  }

  // "If the UAC is the owner of the Call-ID [...], T has a randomly chosen value between 2.1 and 4
  // seconds [...]. If the UAC is not the owner [...], between 0 and 2 seconds".
  auto const print_wait = [](char const* who, window w) {
    std::printf("%s tries again after %lld to %lld ms, in steps of %lld ms\n", who,
                static_cast<long long>(w.least.count), static_cast<long long>(w.most.count),
                static_cast<long long>(w.unit.count));
  };
  std::printf("\n");
  print_wait("Alice", alice_waits);
  print_wait("Bob", bob_waits);
  return 0;
}
