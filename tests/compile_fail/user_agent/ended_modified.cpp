// A call that is over gets another session.
// expect: a request in an INVITE usage that has ended
// expect: RFC 3261 12.3, RFC 3261 15, RFC 5407 D
#include <ctsip/user_agent/call_handles.hpp>

using namespace ctsip;
using my = calls<endpoint<endpoint_size{}>>;

#ifdef CURED
act_result f(my::established& c, message_body const& session, instant now) {
  return c.modify(session, now);
}
#else
void f(my::ended& c, message_body const& session, instant now) { c.modify(session, now); }
#endif
