// The caller answers its own call.
// expect: a response without an INVITE
// expect: RFC 3261 13.3.1
#include <ctsip/user_agent/call_handles.hpp>

using namespace ctsip;
using my = calls<endpoint<endpoint_size{}>>;

#ifdef CURED
act_result f(my::outgoing& c, instant now) { return c.hang_up(now); }
#else
void f(my::outgoing& c) { c.answer(); }
#endif
