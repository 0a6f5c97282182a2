// A registrar, from bytes to bytes, with its store and Digest; without the hash.
#include <ctsip/user_agent/registrar.hpp>

struct hash {
  static constexpr std::size_t size = 16;
  void update(std::string_view text);
  void finish(unsigned char* out);
};
struct hashes {
  using md5 = hash;
  using sha_256 = ctsip::no_hash;
  using sha_512_256 = ctsip::no_hash;
};
struct passwords {
  ctsip::digest_login operator()(ctsip::digest_question const& q);
};
using registrar =
    ctsip::registrar<ctsip::registrar_size{}, ctsip::registrar_store<ctsip::registrar_store_size{}>,
                     ctsip::own_address_only const, ctsip::registrar_digest<hashes, passwords>>;

void receive(registrar& r, std::string_view bytes, ctsip::address const& source,
             ctsip::instant now) {
  r.receive(bytes, source, ctsip::transport::udp, now);
}
void fire(registrar& r, ctsip::instant now) { r.handle_timeout(now); }
bool poll_transmit(registrar& r, ctsip::datagram& out) { return r.poll_transmit(out); }
bool poll_event(registrar& r, ctsip::registrar_event& out) { return r.poll_event(out); }
