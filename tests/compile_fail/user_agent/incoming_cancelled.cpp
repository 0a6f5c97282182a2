// The callee cancels the caller's INVITE instead of rejecting it.
// expect: CANCEL of a request other than INVITE: SHOULD NOT be sent
// expect: RFC 3261 9.1
#include <ctsip/user_agent/call_handles.hpp>

using namespace ctsip;
using my = calls<endpoint<endpoint_size{}>>;

#ifdef CURED
act_result f(my::incoming& c, instant now) { return c.reject(486, now); }
#else
void f(my::incoming& c) { c.cancel(); }
#endif
