// A handler set forgets that others may call.
// expect: the handler set has no public on(incoming&)
#include <ctsip/user_agent/call_handles.hpp>

using namespace ctsip;
using agent = endpoint<endpoint_size{}>;
using my = calls<agent>;

struct desk {
  void on(my::outgoing&) {}
#ifdef CURED
  void on(my::incoming&) {}
#endif
  void on(my::early&) {}
  void on(my::established&) {}
  void on(my::ended&) {}
};

void hear(agent& a, desk& d) {
  for (user_event e; a.poll_event(e);) dispatch(a, e, d);
}
