// A call as mobile networks set it up: no phone rings before the radio bearers are there
// (RFC 3312, RFC 3311, RFC 3262; 3GPP TS 24.229 builds on them).
//
// Break it: let Bob's phone ring too early: move "bob -> alice: 180 Ringing" up to before
// "alice -> bob: UPDATE". The compiler refuses at_step<6>: "180 before the mandatory preconditions
// are met: the callee SHOULD NOT be alerted (RFC 3312 6)".
#include <cstdio>

#include <ctsip/dialog/call.hpp>
#include <ctsip/event/event.hpp>
#include <ctsip/flow/flow.hpp>

#include "support/flow.hpp"
#include "support/rules.hpp"

using namespace ctsip;
using namespace ctsip::messages;
using namespace ctsip::literals;

namespace {

// `qos=needed`: a session description whose mandatory precondition is not met yet, `qos=met`: one
// in which it is (a=curr:qos and a=des:qos, RFC 3312 5). Offer and answer go in INVITE and 183;
// once Alice has her resources, her UPDATE is a second offer, and Bob's 200 to it says that he has
// his as well.
constexpr flow_verdict verdict = R"(
alice -> bob: INVITE (qos=needed, 100rel)
bob -> alice: 100 Trying
bob -> alice: 183 Session Progress (qos=needed, 100rel)
alice -> bob: PRACK
bob -> alice: 200 OK (PRACK)
alice -> bob: UPDATE (qos=needed)
bob -> alice: 200 OK (UPDATE, qos=met)
bob -> alice: 180 Ringing
bob -> alice: 200 OK (INVITE)
alice -> bob: ACK
)"_flow;
static_assert(verdict.complete());

using session_progress = with<response<183>, mark::reliable>;

constexpr example::line<call_message> lines[] = {
    {"< INVITE (qos=needed)",
     {.event = received<invite>::value,
      .cseq = 1,
      .content = content::sdp_unmet,
      .supports_100rel = true}},
    {"> 183 (qos=needed)",
     {.event = sent<session_progress>::value, .cseq = 1, .rseq = 1, .content = content::sdp_unmet}},
    {"< PRACK", {.event = received<prack>::value, .cseq = 2, .rack = 1, .rack_cseq = 1}},
    {"> 200 OK (PRACK)", {.event = sent<response<200, method::prack>>::value, .cseq = 2}},
    {"< UPDATE (qos=needed)",
     {.event = received<update>::value, .cseq = 3, .content = content::sdp_unmet}},
    {"> 200 OK (UPDATE, qos=met)",
     {.event = sent<response<200, method::update>>::value, .cseq = 3, .content = content::sdp_met}},
};

constexpr call_message ringing{.event = sent<response<180>>::value, .cseq = 1};

} // namespace

int main() {
  example::print_flow(verdict);

  // `judge` asks without doing. A refusal that `waits` is a wish to keep: the same command will be
  // legal later, and the rules say what for.
  std::printf("\nBob's side:\n");
  uas_call call;
  for (auto const& l : lines) {
    (void)call.process(l.message);
    auto const may_ring = call.judge(ringing);
    example::columns{}
        .add(l.text, 30)
        .add(name_of<precondition>(call.state<precondition>()), 14)
        .add(!may_ring.refused() ? "may ring"
             : may_ring.waits()  ? "may not ring yet"
                                 : "may not ring",
             0)
        .print();
  }
  (void)call.process(ringing);
}
