// A handler set forgets that a call can ring.
// expect: the handler set has no public on(early&)
#include <ctsip/user_agent/call_handles.hpp>

using namespace ctsip;
using agent = endpoint<endpoint_size{}>;
using my = calls<agent>;

struct desk {
  void on(my::outgoing&) {}
  void on(my::incoming&) {}
#ifdef CURED
  void on(my::early&) {}
#endif
  void on(my::established&) {}
  void on(my::ended&) {}
};

void hear(agent& a, desk& d) {
  for (user_event e; a.poll_event(e);) dispatch(a, e, d);
}
