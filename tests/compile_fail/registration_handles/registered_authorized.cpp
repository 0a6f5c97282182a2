// Credentials are given although the registrar was content.
// expect: an answer to a challenge (401 or 407) that was not received
// expect: RFC 3261 22.2
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
void f(my::registered& r, instant now) { r.authorize(now); }
#endif
