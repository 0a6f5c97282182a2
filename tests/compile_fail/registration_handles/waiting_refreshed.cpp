// A binding that was never made is refreshed.
// expect: a refresh of a binding that is not there
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
act_result f(my::waiting& r, instant now) { return r.add(now); }
#else
void f(my::waiting& r, instant now) { r.refresh(now); }
#endif
