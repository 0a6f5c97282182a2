// A user agent that registers, from bytes to bytes: messages, transactions, Digest and the rules;
// without the hash.
#include <ctsip/user_agent/registrant.hpp>

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
using registrant = ctsip::registrant<hashes, passwords>;

ctsip::registration_handle add(registrant& r, ctsip::outgoing_registration const& wanted,
                               ctsip::instant now) {
  return r.add(wanted, now);
}
ctsip::sending remove(registrant& r, ctsip::registration_handle h, ctsip::instant now) {
  return r.remove(h, now);
}
void receive(registrant& r, std::string_view bytes, ctsip::address const& source,
             ctsip::instant now) {
  r.receive(bytes, source, ctsip::transport::udp, now);
}
void fire(registrant& r, ctsip::instant now) { r.handle_timeout(now); }
bool poll_transmit(registrant& r, ctsip::datagram& out) { return r.poll_transmit(out); }
bool poll_event(registrant& r, ctsip::registrant_event& out) { return r.poll_event(out); }
