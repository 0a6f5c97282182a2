// A challenge is answered with the same REGISTER, without credentials.
// expect: a retry with the credentials that have just been rejected, or with none
// expect: RFC 3261 22.1, 22.2
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
act_result f(my::challenged& r, instant now) { return r.authorize(now); }
#else
void f(my::challenged& r, instant now) { r.add(now); }
#endif
