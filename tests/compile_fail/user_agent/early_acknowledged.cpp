// The caller acknowledges a 180.
// expect: ACK before a final response to the INVITE
// expect: RFC 3261 13.2.2.4
#include <ctsip/user_agent/call_handles.hpp>

using namespace ctsip;
using my = calls<endpoint<endpoint_size{}>>;

#ifdef CURED
act_result f(my::early& c, instant now) { return c.hang_up(now); }
#else
void f(my::early& c) { c.ack(); }
#endif
