// The ACK once more: that is done where the 2xx comes again.
// expect: a second ACK to one 2xx: it is sent again when the 2xx comes again
// expect: RFC 3261 13.2.2.4
#include <ctsip/user_agent/call_handles.hpp>

using namespace ctsip;
using my = calls<endpoint<endpoint_size{}>>;

#ifdef CURED
act_result f(my::established& c, instant now) { return c.hang_up(now); }
#else
void f(my::established& c) { c.ack(); }
#endif
