// The first flow: a call from INVITE to BYE that compiles, and the rules that let it (RFC 3261
// 13-15).
//
// Break it: let Bob hang up before he knows that Alice has his 200: in the flow below, move
// "bob -> alice: BYE" up to before "alice -> bob: ACK". The compiler refuses at_step<5>: "BYE by
// the callee before the ACK to its 2xx or 64*T1 (RFC 3261 15, RFC 6026 8.7)".
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

// Who sends what, one message a line. Each line is judged as an act of the one who sends it and as
// a fact for the one who receives it; `sdp` marks a session description (RFC 3264).
constexpr flow_verdict verdict = R"(
alice -> bob: INVITE (sdp)
bob -> alice: 100 Trying
bob -> alice: 180 Ringing
bob -> alice: 200 OK (sdp)
alice -> bob: ACK
bob -> alice: BYE
alice -> bob: 200 OK (BYE)
)"_flow;
static_assert(verdict.complete());

// The same call as Alice sees it. Her INVITE carries the offer, so that the 200 carries the answer
// (13.2.1). The ACK has the number of the INVITE (13.2.2.4); Bob counts his requests himself.
constexpr example::line<call_message> lines[] = {
    {"> INVITE (sdp)", {.event = sent<invite>::value, .cseq = 1, .content = content::sdp}},
    {"< 100 Trying", {.event = received<response<100>>::value, .cseq = 1}},
    {"< 180 Ringing", {.event = received<response<180>>::value, .cseq = 1}},
    {"< 200 OK (sdp)",
     {.event = received<response<200>>::value, .cseq = 1, .content = content::sdp}},
    {"> ACK", {.event = sent<ack>::value, .cseq = 1}},
    {"< BYE", {.event = received<bye>::value, .cseq = 1}},
    {"> 200 OK (BYE)", {.event = sent<response<200, method::bye>>::value, .cseq = 1}},
};

} // namespace

int main() {
  example::print_flow(verdict);

  // A call is the product of its rules: one byte a rule and the few numbers that they compare. Each
  // message goes to all of them, and is allowed only if all allow it.
  std::printf("\nAlice's side:\n");
  uac_call call;
  example::play<dialog, invite_usage, offer_answer>(call, lines);

  // What comes too late is refused at run time too, and moves nothing: the caller asks first.
  call_message const late{.event = sent<bye>::value, .cseq = 2};
  std::printf("\nBYE once more? %s: %s (%s)\n", call.judge(late).refused() ? "Refused" : "Allowed",
              call.explain(late).sentence, call.explain(late).clause);
  return call.at_rest() ? 0 : 1;
}
