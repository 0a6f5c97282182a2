#include <memory>
#include <vector>

#include <ctsip/message/reader.hpp>
#include <ctsip/transaction/store.hpp>

#include "look_up.hpp"

namespace bench {

namespace {

template <int Live>
struct ctsip_look_up {
  static constexpr ctsip::hash_seed seed{0x0706050403020100u, 0x0f0e0d0c0b0a0908u};
  using store = ctsip::transaction_store<1000>;
  struct prepared {
    store transactions{seed};
    std::vector<ctsip::transaction_handle> handles;
    std::vector<std::string> texts;
    std::vector<ctsip::text_view> branches;
  };
  static inline std::unique_ptr<prepared> ready;

  static void prepare() {
    if (ready) return;
    ready = std::make_unique<prepared>();
    for (int i = 0; i < Live; ++i)
      ready->handles.push_back(
          ready->transactions.add(ctsip::transaction_kind::invite_client,
                                  ctsip::client_key(seed, look_up_branch(i), ctsip::method::invite),
                                  ctsip::transport::udp));
    for (int i = 0; i < lookups_per_run; ++i)
      ready->texts.push_back(
          look_up_text(messages::ok, look_up_variant<ctsip_look_up, Live>::wanted(i)));
    for (auto const& t : ready->texts)
      ready->branches.emplace_back(ctsip::read(t).value.top_via().branch());
  }

  static int find(int i) {
    auto const h = ready->transactions.find(ctsip::client_key(
        seed, ready->branches[static_cast<std::size_t>(i)], ctsip::method::invite));
    return h ? static_cast<int>(h.index) : -1;
  }
};

look_up_variant<ctsip_look_up, 1> const one("ctsip");
look_up_variant<ctsip_look_up, 100> const hundred("ctsip");
look_up_variant<ctsip_look_up, 1000> const thousand("ctsip");

} // namespace

} // namespace bench
