// An agent that answers challenges is not told who knows the passwords.
// expect: this agent answers challenges: endpoint{settings, look_up}
#include <ctsip/user_agent/call_credentials.hpp>
#include <ctsip/user_agent/endpoint.hpp>

using namespace ctsip;

struct hashes {
  using md5 = no_hash;
  using sha_256 = no_hash;
  using sha_512_256 = no_hash;
};
struct passwords {
  digest_login operator()(digest_question const&) const { return {}; }
};
struct traits_of_user : endpoint_traits {
  using credentials = digest_credentials<hashes, passwords>;
};

void f(endpoint_settings const& settings, passwords& known) {
#ifdef CURED
  endpoint<endpoint_size{}, traits_of_user>{settings, known};
#else
  (void)known;
  endpoint<endpoint_size{}, traits_of_user>{settings};
#endif
}
