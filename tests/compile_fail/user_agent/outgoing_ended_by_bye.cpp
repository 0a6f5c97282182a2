// A BYE before anybody has rung: there is no dialog. Hanging up sends a CANCEL.
// expect: BYE outside a dialog
// expect: RFC 3261 15
#include <ctsip/user_agent/call_handles.hpp>

using namespace ctsip;
using my = calls<endpoint<endpoint_size{}>>;

#ifdef CURED
act_result f(my::outgoing& c, instant now) { return c.hang_up(now); }
#else
void f(my::outgoing& c) { c.bye(); }
#endif
