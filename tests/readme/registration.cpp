// The registration sample of the README, and what the text beside it says: a registrant whose phone
// answers a challenge, and a change that is refused.
// clang-format off
#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

#include <ctsip/ctsip.hpp>

using namespace ctsip::literals;
using namespace ctsip::messages;
using ctsip::received;
using ctsip::response;
using ctsip::sent;

namespace {

static_assert("REGISTER -> 401 Unauthorized (nonce=n1) -> REGISTER (auth, nonce=n1) -> 200 OK"_flow.complete());

struct weak_hash {
  static constexpr std::size_t size = 16;
  unsigned sum{};
  void update(std::string_view text) {
    for (char const c : text) sum = sum * 31 + static_cast<unsigned char>(c);
  }
  void finish(unsigned char* out) const {
    for (std::size_t i = 0; i < size; ++i) out[i] = static_cast<unsigned char>(sum >> i % 4 * 8);
  }
};
struct my_hashes {
  using md5 = weak_hash;
  using sha_256 = ctsip::no_hash;
  using sha_512_256 = ctsip::no_hash;
};
struct nobody {
  ctsip::digest_login operator()(ctsip::digest_question const&) const { return {}; }
};

std::string request;
void send_datagram(std::string_view bytes) { request = bytes; }
std::string const password = "secret";
ctsip::instant now() { return {0}; }

using agent_type = ctsip::registrant<my_hashes, nobody>;
using my = ctsip::registrations<agent_type>;

struct phone {
  void on(my::challenged& r) { (void)r.authorize(ctsip::digest_login::with_password("alice", password), now()); }
  void on(my::registered& r) { until = r.until(); }  // refreshed by itself
  void on(my::registering&) {}
  void on(my::waiting&) {}                           // tried again by itself
  void on(my::rejected&) {}
  void on(my::unregistered&) {}

  ctsip::instant until{};
};

// What a registrar answers to the request that was sent last.
std::string answer(std::string_view status, std::string_view more) {
  ctsip::message const m = ctsip::read(request).value;
  std::string text{"SIP/2.0 "};
  text.append(status).append("\r\nVia: ").append(m[ctsip::header::via]);
  text.append("\r\nFrom: ").append(m[ctsip::header::from]);
  text.append("\r\nTo: ").append(m[ctsip::header::to]).append(";tag=8");
  text.append("\r\nCall-ID: ").append(m.call_id());
  text.append("\r\nCSeq: ").append(m[ctsip::header::cseq]).append("\r\n").append(more);
  return text.append("Content-Length: 0\r\n\r\n");
}

} // namespace

BOOST_AUTO_TEST_SUITE(readme_registration)

BOOST_AUTO_TEST_CASE(a_phone_that_answers_a_challenge_is_registered) {
  constexpr ctsip::address registrar = ctsip::parse_address("192.0.2.2", 5060).value;
  std::string_view const contacts[] = {"sip:alice@192.0.2.1:5060"};
  ctsip::address const hops[] = {registrar};
  ctsip::registrant_settings settings;
  settings.element.seed = {1, 2};
  settings.element.sent_by = "192.0.2.1:5060";
  ctsip::outgoing_registration wanted;
  wanted.registrar = "sip:example.com";
  wanted.address_of_record = "sip:alice@example.com";
  wanted.contacts = contacts;
  wanted.expires = 600;
  wanted.next_hops = hops;
  nobody knows;
  static agent_type agent{settings, knows};
  phone user;
  (void)ctsip::register_with(agent, wanted, now());
  auto const carry_out = [&] {
for (ctsip::registrant_event e; agent.poll_event(e);) dispatch(agent, e, user);
for (ctsip::datagram d; agent.poll_transmit(d);) send_datagram(d.bytes);
  };
  carry_out();
  agent.receive(answer("401 Unauthorized", "WWW-Authenticate: Digest realm=\"a\", nonce=\"b\"\r\n"),
                registrar, ctsip::transport::udp, now());
  carry_out();
  BOOST_TEST(ctsip::read(request).value.has(ctsip::header::authorization));
  agent.receive(answer("200 OK", "Contact: <sip:alice@192.0.2.1:5060>;expires=600\r\n"), registrar,
                ctsip::transport::udp, now());
  carry_out();
  BOOST_TEST(user.until.count == 600'000);
}

BOOST_AUTO_TEST_CASE(a_second_change_is_refused_while_one_is_pending_10_2) {
ctsip::registration_rules rules;
(void)rules.process({sent<register_>{}});
BOOST_TEST(rules.judge({sent<register_>{}}).refused());
BOOST_TEST(rules.explain({sent<register_>{}}).clause == std::string_view{"RFC 3261 10.2, RFC 5626 4.2.1"});
}

BOOST_AUTO_TEST_SUITE_END()
