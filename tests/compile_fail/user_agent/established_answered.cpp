// The call is answered twice.
// expect: a second final response to one INVITE
// expect: RFC 3261 17.2.1
#include <ctsip/user_agent/call_handles.hpp>

using namespace ctsip;
using my = calls<endpoint<endpoint_size{}>>;

#ifdef CURED
act_result f(my::established& c, instant now) { return c.hang_up(now); }
#else
void f(my::established& c) { c.answer(); }
#endif
