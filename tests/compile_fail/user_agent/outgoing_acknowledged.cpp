// The caller acknowledges an INVITE that has no final response; what it may do is give up.
// expect: ACK before a final response to the INVITE
// expect: RFC 3261 13.2.2.4
#include <ctsip/user_agent/call_handles.hpp>

using namespace ctsip;
using my = calls<endpoint<endpoint_size{}>>;

#ifdef CURED
act_result f(my::outgoing& c, instant now) { return c.cancel(now); }
#else
void f(my::outgoing& c) { c.ack(); }
#endif
