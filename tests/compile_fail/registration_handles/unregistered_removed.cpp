// A binding is removed that is not there.
// expect: a removal of a binding that is not there
// expect: RFC 3261 10.2.2
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
using my = registrations<registrant<hashes, wallet>>;

#ifdef CURED
act_result f(my::unregistered& r, instant now) { return r.add(now); }
#else
void f(my::unregistered& r, instant now) { r.remove(now); }
#endif
