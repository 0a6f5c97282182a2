// A handler set forgets the state challenged.
// expect: the handler set has no public on(challenged&)
#include <ctsip/user_agent/registration_handles.hpp>

using namespace ctsip;

struct hashes {
  using md5 = no_hash;
  using sha_256 = no_hash;
  using sha_512_256 = no_hash;
};
struct wallet {
  digest_login operator()(digest_question const&) const { return {}; }
};
using agent = registrant<hashes, wallet>;
using my = registrations<agent>;

struct phone {
  void on(my::unregistered&) {}
  void on(my::registering&) {}
#ifdef CURED
  void on(my::challenged&) {}
#endif
  void on(my::registered&) {}
  void on(my::waiting&) {}
  void on(my::rejected&) {}
};

void hear(agent& a, phone& p) {
  for (registrant_event e; a.poll_event(e);) dispatch(a, e, p);
}
