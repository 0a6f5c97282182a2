// Alice gives up in the moment in which Bob answers: the CANCEL crosses the 200, and the call that
// nobody wants any more is there all the same (RFC 3261 9, RFC 5407 3.1.2).
//
// Break it: let Alice cancel when she has the 200 already: move "alice -> : CANCEL #1" behind
// "-> alice: 200 OK (INVITE, sdp) #2" and "-> bob: CANCEL #1" behind that. The compiler refuses
// at_step<5>: "CANCEL after a final response to the INVITE: SHOULD NOT be sent (RFC 3261 9.1, RFC
// 5407 3.1.2)".
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

// What crosses is written twice: where it is sent and, with the same number, where it arrives. At
// each line only the one is judged who can know of it.
constexpr flow_verdict verdict = R"(
alice -> bob: INVITE (sdp)
bob -> alice: 180 Ringing
alice -> : CANCEL #1
bob -> : 200 OK (INVITE, sdp) #2
-> bob: CANCEL #1
-> alice: 200 OK (INVITE, sdp) #2
bob -> alice: 200 OK (CANCEL)
alice -> bob: ACK
alice -> bob: BYE
bob -> alice: 200 OK (BYE)
)"_flow;
static_assert(verdict.complete());

// Had the CANCEL come in time: "it SHOULD immediately respond to the INVITE with a 487 (Request
// Terminated)" (9.2), and the ACK to that is the transaction's (17.1.1.3).
constexpr flow_verdict cancelled = R"(
alice -> bob: INVITE (sdp)
bob -> alice: 180 Ringing
alice -> bob: CANCEL
bob -> alice: 200 OK (CANCEL)
bob -> alice: 487 Request Terminated (INVITE)
alice -> bob: ACK
)"_flow;
static_assert(cancelled.complete());

// Alice's side. "CANCEL has no effect on a request to which a UAS has already given a final
// response" (9): the 200 to it says only that it was received. So she has a call to release, and
// the rules know in which order: ACK, then BYE.
constexpr example::line<call_message> lines[] = {
    {"> INVITE (sdp)", {.event = sent<invite>::value, .cseq = 1, .content = content::sdp}},
    {"< 180 Ringing", {.event = received<response<180>>::value, .cseq = 1}},
    {"> CANCEL", {.event = sent<cancel>::value, .cseq = 1}},
    {"< 200 OK (INVITE, sdp)",
     {.event = received<response<200>>::value, .cseq = 1, .content = content::sdp}},
    {"< 200 OK (CANCEL)", {.event = received<response<200, method::cancel>>::value, .cseq = 1}},
    {"> BYE", {.event = sent<bye>::value, .cseq = 2}},
    {"> ACK", {.event = sent<ack>::value, .cseq = 1}},
    {"> BYE", {.event = sent<bye>::value, .cseq = 2}},
    {"< 200 OK (BYE)", {.event = received<response<200, method::bye>>::value, .cseq = 2}},
};

} // namespace

int main() {
  example::print_flow(verdict);
  std::printf("\nAlice's side, who would hang up at once:\n");
  uac_call call;
  example::play<cancellation, invite_usage>(call, lines);

  std::printf("\nHad the CANCEL come in time:\n\n");
  example::print_flow(cancelled);
  return call.at_rest() ? 0 : 1;
}
