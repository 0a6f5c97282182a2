// A call that is over is answered.
// expect: a response in a transaction that has ended
// expect: RFC 3261 17.2.1
#include <ctsip/user_agent/call_handles.hpp>

using namespace ctsip;
using my = calls<endpoint<endpoint_size{}>>;

#ifdef CURED
call_state f(my::ended& c) { return c.state(); }
#else
void f(my::ended& c) { c.answer(); }
#endif
