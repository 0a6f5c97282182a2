// A BYE is sent as if it were a request like INFO, and nobody would end the call.
// expect: a request of a call that has an operation of its own, or needs none
// expect: RFC 3261 13.2.2.4, 14.1, 15.1.1
#include <ctsip/user_agent/call_handles.hpp>

using namespace ctsip;
using my = calls<endpoint<endpoint_size{.requests = 1}>>;

#ifdef CURED
act_result f(my::established& c, instant now) { return c.hang_up(now); }
#else
request_handle f(my::established& c, instant now) { return c.request<method::bye>({}, now); }
#endif
