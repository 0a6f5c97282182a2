// An announcement before anybody answers: a 183 whose session description must not get lost, and
// the PRACK that says that it has not (RFC 3262, RFC 3264).
//
// Break it: let Bob answer before he knows that the description has arrived: move
// "bob -> alice: 200 OK (INVITE)" up to before the PRACK. The compiler refuses at_step<4>: "2xx
// while a reliable provisional response with a session description is unacknowledged (RFC 3262 3,
// 5)".
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

// `100rel` in a request says that it supports reliable provisional responses, in a response that it
// is one. The first 183 is lost and comes again, as a final response would: that is what the
// extension is for. Alice's PRACK ends it, and Bob may answer.
constexpr flow_verdict verdict = R"(
alice -> bob: INVITE (sdp, 100rel)
bob -> alice: 183 Session Progress (sdp, 100rel, rseq=1, lost)
bob -> alice: 183 Session Progress (sdp, 100rel, rseq=1, again)
alice -> bob: PRACK (rack=1)
bob -> alice: 200 OK (PRACK)
bob -> alice: 200 OK (INVITE)
alice -> bob: ACK
)"_flow;
static_assert(verdict.complete());

using session_progress = with<response<183>, mark::reliable>;

// Bob's side. He numbers his reliable responses in RSeq; the RAck of a PRACK names that number and
// the INVITE's CSeq (RFC 3262 7.2). A PRACK is a request of its own with a CSeq of its own.
constexpr example::line<call_message> lines[] = {
    {"< INVITE (sdp, 100rel)",
     {.event = received<invite>::value,
      .cseq = 1,
      .content = content::sdp,
      .supports_100rel = true}},
    {"> 183 (sdp, 100rel)",
     {.event = sent<session_progress>::value, .cseq = 1, .rseq = 1, .content = content::sdp}},
    // Too early: "it MUST NOT send a final response until those provisional responses are
    // acknowledged", those that "contained a session description" (RFC 3262 3).
    {"> 200 OK (INVITE)", {.event = sent<response<200>>::value, .cseq = 1}},
    {"< PRACK", {.event = received<prack>::value, .cseq = 2, .rack = 1, .rack_cseq = 1}},
    {"> 200 OK (PRACK)", {.event = sent<response<200, method::prack>>::value, .cseq = 2}},
    {"> 200 OK (INVITE)", {.event = sent<response<200>>::value, .cseq = 1}},
    {"< ACK", {.event = received<ack>::value, .cseq = 1}},
};

} // namespace

int main() {
  example::print_flow(verdict);
  std::printf("\nBob's side, who would answer at once:\n");
  uas_call call;
  example::play<reliable_provisional, offer_answer, invite_usage>(call, lines);
  return call.at_rest() ? 0 : 1;
}
