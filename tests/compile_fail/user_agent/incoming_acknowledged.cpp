// The callee sends an ACK.
// expect: ACK to an INVITE that the other side has sent
// expect: RFC 3261 13.2.2.4
#include <ctsip/user_agent/call_handles.hpp>

using namespace ctsip;
using my = calls<endpoint<endpoint_size{}>>;

#ifdef CURED
act_result f(my::incoming& c, message_body const& session, instant now) {
  return c.answer(session, now);
}
#else
void f(my::incoming& c) { c.ack(); }
#endif
