// Credentials that were rejected are sent once more.
// expect: a retry with the credentials that have just been rejected
// expect: RFC 3261 22.1, RFC 7616 3.3
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
act_result f(my::rejected& r, instant now) { return r.add(now); }
#else
void f(my::rejected& r, instant now) { r.authorize(now); }
#endif
