// The caller answers what rings at the other side.
// expect: a response without an INVITE
// expect: RFC 3261 13.3.1
#include <ctsip/user_agent/call_handles.hpp>

using namespace ctsip;
using my = calls<endpoint<endpoint_size{}>>;

#ifdef CURED
act_result f(my::early& c, instant now) { return c.cancel(now); }
#else
void f(my::early& c) { c.answer(); }
#endif
