// A proxy rings two phones and both are picked up: one INVITE, two dialogs, and one of them too
// many (RFC 3261 13.2.2.4, 16.7).
//
// Break it: forget the second answer. Take out "alice -> proxy: ACK (tag=c)" and
// "proxy -> carol: ACK (tag=c)", and the BYE to Carol comes too early: the compiler refuses
// at_step<14>: "the 2xx is acknowledged first: ACK, then BYE (RFC 3261 13.2.2.4)".
#include <cstddef>
#include <cstdio>
#include <string>

#include <ctsip/dialog/call.hpp>
#include <ctsip/dialog/forking.hpp>
#include <ctsip/event/event.hpp>
#include <ctsip/flow/flow.hpp>

#include "support/flow.hpp"
#include "support/rules.hpp"

using namespace ctsip;
using namespace ctsip::messages;
using namespace ctsip::literals;

namespace {

// Dialogs are told apart by their To tags. A participant named `proxy` only relays: what it does is
// not judged.
constexpr flow_verdict verdict = R"(
alice -> proxy: INVITE
proxy -> bob: INVITE
proxy -> carol: INVITE
bob -> proxy: 180 Ringing (tag=b)
proxy -> alice: 180 Ringing (tag=b)
carol -> proxy: 180 Ringing (tag=c)
proxy -> alice: 180 Ringing (tag=c)
bob -> proxy: 200 OK (tag=b)
proxy -> alice: 200 OK (tag=b)
carol -> proxy: 200 OK (tag=c)
proxy -> alice: 200 OK (tag=c)
alice -> proxy: ACK (tag=b)
proxy -> bob: ACK (tag=b)
alice -> proxy: ACK (tag=c)
proxy -> carol: ACK (tag=c)
alice -> proxy: BYE (tag=c)
proxy -> carol: BYE (tag=c)
carol -> proxy: 200 OK (BYE, tag=c)
proxy -> alice: 200 OK (BYE, tag=c)
)"_flow;
static_assert(verdict.complete());

struct tagged {
  char const* text;
  call_message message;
  dialog_tag tag; // a number that stands for the To tag; 0 is none
};
constexpr dialog_tag bob = 'b';
constexpr dialog_tag carol = 'c';

// "Multiple 2xx responses may arrive at the UAC for a single INVITE request due to a forking proxy.
// Each response is distinguished by the tag parameter in the To header field, and each represents a
// distinct dialog, with a distinct dialog identifier."
constexpr tagged lines[] = {
    {"> INVITE", {.event = sent<invite>::value, .cseq = 1}, 0},
    {"< 180 Ringing (tag=b)", {.event = received<response<180>>::value, .cseq = 1}, bob},
    {"< 180 Ringing (tag=c)", {.event = received<response<180>>::value, .cseq = 1}, carol},
    {"< 200 OK (tag=b)", {.event = received<response<200>>::value, .cseq = 1}, bob},
    {"< 200 OK (tag=c)", {.event = received<response<200>>::value, .cseq = 1}, carol},
    {"> ACK (tag=b)", {.event = sent<ack>::value, .cseq = 1}, bob},
    {"> ACK (tag=c)", {.event = sent<ack>::value, .cseq = 1}, carol},
    {"> BYE (tag=c)", {.event = sent<bye>::value, .cseq = 2}, carol},
};

} // namespace

int main() {
  example::print_flow(verdict);

  // The rules as they have come without a dialog, and a copy of them for each dialog: no memory is
  // asked for, there is room for as many as the type says.
  std::printf("\nAlice's dialogs:\n");
  forking<uac_call, 4> call;
  for (auto const& l : lines) {
    if (call.process(l.message, l.tag).refused()) return 1;
    example::columns row;
    row.add(l.text, 24);
    for (std::size_t i = 0; i < call.size(); ++i)
      row.add(static_cast<char>(call.tag(i)) + std::string{": "} +
                  name_of<dialog>(call[i].state<dialog>()),
              14);
    row.print();
  }
  return 0;
}
