// A SIM resynchronises without a challenge.
// expect: a synchronisation failure (auts) that answers no challenge
// expect: RFC 3310 2, 3.4
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
act_result f(my::challenged& r, instant now) { return r.resynchronise("alice", "", now); }
#else
void f(my::registered& r, instant now) { r.resynchronise("alice", "", now); }
#endif
