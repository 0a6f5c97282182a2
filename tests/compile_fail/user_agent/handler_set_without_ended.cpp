// A handler set forgets that every call ends.
// expect: the handler set has no public on(ended&)
#include <ctsip/user_agent/call_handles.hpp>

using namespace ctsip;
using agent = endpoint<endpoint_size{}>;
using my = calls<agent>;

struct desk {
  void on(my::outgoing&) {}
  void on(my::incoming&) {}
  void on(my::early&) {}
  void on(my::established&) {}
#ifdef CURED
  void on(my::ended&) {}
#endif
};

void hear(agent& a, desk& d) {
  for (user_event e; a.poll_event(e);) dispatch(a, e, d);
}
