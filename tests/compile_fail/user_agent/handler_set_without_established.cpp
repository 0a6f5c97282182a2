// A handler set forgets that a call can be answered.
// expect: the handler set has no public on(established&)
#include <ctsip/user_agent/call_handles.hpp>

using namespace ctsip;
using agent = endpoint<endpoint_size{}>;
using my = calls<agent>;

struct desk {
  void on(my::outgoing&) {}
  void on(my::incoming&) {}
  void on(my::early&) {}
#ifdef CURED
  void on(my::established&) {}
#endif
  void on(my::ended&) {}
};

void hear(agent& a, desk& d) {
  for (user_event e; a.poll_event(e);) dispatch(a, e, d);
}
