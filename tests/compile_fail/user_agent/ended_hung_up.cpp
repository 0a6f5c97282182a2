// A call that is over is ended again.
// expect: a request in an INVITE usage that has ended
// expect: RFC 3261 12.3
#include <ctsip/user_agent/call_handles.hpp>

using namespace ctsip;
using my = calls<endpoint<endpoint_size{}>>;

#ifdef CURED
call_state f(my::ended& c) { return c.state(); }
#else
void f(my::ended& c, instant now) { c.hang_up(now); }
#endif
