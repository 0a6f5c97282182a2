// A CANCEL after the answer.
// expect: CANCEL after a final response to the INVITE: SHOULD NOT be sent
// expect: RFC 3261 9.1
#include <ctsip/user_agent/call_handles.hpp>

using namespace ctsip;
using my = calls<endpoint<endpoint_size{}>>;

#ifdef CURED
act_result f(my::established& c, instant now) { return c.hang_up(now); }
#else
void f(my::established& c) { c.cancel(); }
#endif
