// A call that nobody has answered yet gets another session.
// expect: a request within a dialog that does not exist
// expect: RFC 3261 12.2
#include <ctsip/user_agent/call_handles.hpp>

using namespace ctsip;
using my = calls<endpoint<endpoint_size{}>>;

#ifdef CURED
act_result f(my::established& c, message_body const& session, instant now) {
  return c.modify(session, now);
}
#else
void f(my::outgoing& c, message_body const& session, instant now) { c.modify(session, now); }
#endif
