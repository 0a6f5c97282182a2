// A binding that is there is added.
// expect: an addition of a binding that is there: refresh it
// expect: RFC 3261 10.2.4
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
act_result f(my::registered& r, instant now) { return r.refresh(now); }
#else
void f(my::registered& r, instant now) { r.add(now); }
#endif
