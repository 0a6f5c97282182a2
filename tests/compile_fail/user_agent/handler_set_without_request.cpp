// An endpoint may be asked something by the other side, and its handler set does not answer.
// expect: the handler set has no public on(request&)
#include <ctsip/user_agent/call_handles.hpp>

using namespace ctsip;
using agent = endpoint<endpoint_size{.requests = 1}>;
using my = calls<agent>;

struct desk {
  void on(my::outgoing&) {}
  void on(my::incoming&) {}
  void on(my::early&) {}
  void on(my::established&) {}
  void on(my::ended&) {}
  void on(my::response&) {}
#ifdef CURED
  void on(my::request&) {}
#endif
};

void hear(agent& a, desk& d) {
  for (user_event e; a.poll_event(e);) dispatch(a, e, d);
}
