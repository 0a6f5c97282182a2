// A request is sent in a call that is over.
// expect: a request in an INVITE usage that has ended
// expect: RFC 3261 15
#include <ctsip/user_agent/call_handles.hpp>

using namespace ctsip;
using my = calls<endpoint<endpoint_size{.requests = 1}>>;

#ifdef CURED
request_handle f(my::established& c, instant now) { return c.request<method::info>({}, now); }
#else
void f(my::ended& c, instant now) { c.request<method::info>(call_request{}, now); }
#endif
