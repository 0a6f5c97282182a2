// The callee ends a call that it has not answered.
// expect: BYE by the callee in an early dialog
// expect: RFC 3261 15
#include <ctsip/user_agent/call_handles.hpp>

using namespace ctsip;
using my = calls<endpoint<endpoint_size{}>>;

#ifdef CURED
act_result f(my::incoming& c, instant now) { return c.reject(603, now); }
#else
void f(my::incoming& c, instant now) { c.hang_up(now); }
#endif
