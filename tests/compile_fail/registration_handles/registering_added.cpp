// A binding is asked for a second time before the answer.
// expect: a REGISTER that changes bindings while another one is pending
// expect: RFC 3261 10.2, RFC 5626 4.2.1
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
act_result f(my::registering& r, instant now) { return r.remove(now); }
#else
void f(my::registering& r, instant now) { r.add(now); }
#endif
