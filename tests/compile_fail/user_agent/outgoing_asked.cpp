// A call that nobody has answered yet has no dialog that a request could be sent in.
// expect: a request within a dialog that does not exist
// expect: RFC 3261 12.2
#include <ctsip/user_agent/call_handles.hpp>

using namespace ctsip;
using my = calls<endpoint<endpoint_size{.requests = 1}>>;

#ifdef CURED
request_handle f(my::early& c, instant now) { return c.request<method::info>({}, now); }
#else
void f(my::outgoing& c, instant now) { c.request<method::info>(call_request{}, now); }
#endif
