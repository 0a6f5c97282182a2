// A user agent drives the product of rules itself, and acknowledges while the phone still rings.
// expect: ACK before a final response to the INVITE
// expect: RFC 3261 13.2.2.4
// expect: invite_usage
#include <ctsip/dialog/call.hpp>

using namespace ctsip;
using namespace ctsip::messages;

constexpr bool acknowledges(bool before_the_answer) {
  uac_call call;
  (void)call.process({.event = sent<invite>{}, .cseq = 1, .content = content::sdp});
  (void)call.process({.event = received<response<180>>{}, .cseq = 1});
  if (!before_the_answer)
    (void)call.process({.event = received<response<200>>{}, .cseq = 1, .content = content::sdp});
  (void)call.process({.event = sent<ack>{}, .cseq = 1});
  return call.at_rest();
}

#ifdef CURED
static_assert(acknowledges(false));
#else
static_assert(acknowledges(true));
#endif
