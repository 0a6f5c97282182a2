// A handler set forgets the calls that it places itself.
// expect: the handler set has no public on(outgoing&)
#include <ctsip/user_agent/call_handles.hpp>

using namespace ctsip;
using agent = endpoint<endpoint_size{}>;
using my = calls<agent>;

struct desk {
#ifdef CURED
  void on(my::outgoing&) {}
#endif
  void on(my::incoming&) {}
  void on(my::early&) {}
  void on(my::established&) {}
  void on(my::ended&) {}
};

void hear(agent& a, desk& d) {
  for (user_event e; a.poll_event(e);) dispatch(a, e, d);
}
