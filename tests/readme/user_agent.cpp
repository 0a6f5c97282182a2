// The user agent of the README that registers, calls and asks, against a peer that says 200 to all.
// clang-format off
#include <boost/test/unit_test.hpp>

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <ctsip/ctsip.hpp>

// What the README has shown before, and the whole: no name of a sample is the library's as well.
using namespace ctsip;
using namespace ctsip::literals;
using namespace ctsip::messages;
using namespace ctsip::marks;

namespace {

struct weak_hash {
  static constexpr std::size_t size = 16;
  void update(std::string_view) {}
  void finish(unsigned char* out) const {
    for (std::size_t i = 0; i < size; ++i) out[i] = 0;
  }
};
struct my_hashes {
  using md5 = weak_hash;
  using sha_256 = ctsip::no_hash;
  using sha_512_256 = ctsip::no_hash;
};
struct my_player { int volume{}; };

constexpr ctsip::message_body my_sdp{"application/sdp", "v=0\r\n"};
constexpr std::string_view here = "sip:alice@192.0.2.1:5060";
constexpr std::string_view contacts[] = {here};
constexpr ctsip::address proxies_[] = {ctsip::parse_address("192.0.2.2", 5060).value,
                                       ctsip::parse_address("192.0.2.3", 5060).value};
constexpr std::span<ctsip::address const> proxies{proxies_};
ctsip::instant now() { return {0}; }

struct my_passwords { // `my_hashes`: example::mbedtls_hashes of examples/support, or yours
  ctsip::digest_login operator()(ctsip::digest_question const& asked) const {
    return asked.realm == "example.com" ? ctsip::digest_login::with_password("alice", "secret")
                                        : ctsip::digest_login{};
  }
};
struct my_log : ctsip::no_trace { // sees each message: `agent.trace()`
  int messages{};
  void sent(ctsip::datagram const&) { ++messages; } // and received(bytes, source, transport, now)
};
struct my_traits : ctsip::registering_traits<my_hashes, my_passwords> { // or ctsip::endpoint_traits
  using call_data = my_player; // yours, one for each call: `*call.data()`
  using trace = my_log;
};
using phone = ctsip::endpoint<
    ctsip::endpoint_size{.calls = 4, .transactions = 16, .message = 1300, .requests = 2}, my_traits>;
using my = ctsip::calls<phone>;

struct listener {
  std::vector<std::string> heard{};

  void on(my::outgoing&, ctsip::user_event const& e) { heard.emplace_back(name(e.kind)); }
  void on(my::incoming&) {}
  void on(my::early&) {}
  void on(my::established& c, ctsip::user_event const& e) {
    heard.emplace_back(name(e.kind));
    c.data()->volume = 11;
  }
  void on(my::ended&) {}
  void on(my::request&) {}
  void on(my::response&, ctsip::user_event const& e) { heard.emplace_back(std::to_string(e.status)); }
};

std::string answer_to(std::string_view bytes) {
  ctsip::message const m = ctsip::read(bytes).value;
  std::string text{"SIP/2.0 200 OK\r\nVia: "};
  text.append(m[ctsip::header::via]).append("\r\nFrom: ").append(m[ctsip::header::from]);
  text.append("\r\nTo: ").append(m[ctsip::header::to]).append(";tag=8\r\nCall-ID: ");
  text.append(m.call_id()).append("\r\nCSeq: ").append(m[ctsip::header::cseq]);
  text.append("\r\nContact: <").append(here).append(">;expires=600\r\n");
  if (m.method() != ctsip::method::invite) return text.append("Content-Length: 0\r\n\r\n");
  return text.append("Content-Type: application/sdp\r\nContent-Length: 5\r\n\r\nv=0\r\n");
}

} // namespace

BOOST_AUTO_TEST_CASE(readme_a_phone_registers_calls_and_asks) {
  ctsip::endpoint_settings settings;
  settings.element.seed = {1, 2};
  settings.element.sent_by = "192.0.2.1:5060";
  settings.contact = here;
  my_passwords known; // outlives the agent
  static phone agent{settings, known};
  listener user;
  std::vector<std::string> sent;
  bool is_registered = false;
  auto const carry_out = [&] {
    for (bool more = true; more;) {
      more = false;
      std::vector<std::string> answers;
      for (ctsip::datagram d; agent.poll_transmit(d);) {
        ctsip::message const m = ctsip::read(d.bytes).value;
        sent.emplace_back(m.method_name());
        BOOST_TEST(bool(d.to == proxies[0]) == (m.method() != ctsip::method::ack));
        if (m.method() != ctsip::method::ack) answers.push_back(answer_to(d.bytes));
      }
      for (std::string const& each : answers) {
        more = true;
        agent.receive(each, proxies[0], ctsip::transport::udp, now());
        for (ctsip::user_event e; agent.poll_event(e);) dispatch(agent, e, user);
        for (ctsip::registrant_event e; agent.poll_event(e);)
          is_registered = e.kind == ctsip::registrant_event_kind::registered;
      }
    }
  };

auto const binding = agent.add({.registrar = "sip:example.com",
                                .address_of_record = "sip:alice@example.com",
                                .contacts = contacts, .next_hops = proxies}, now());
carry_out();  // poll_event, then poll_transmit
auto const call = ctsip::place(agent, {.target = "sip:bob@example.com",
                                       .from = "sip:alice@example.com", .next_hop = proxies[0],
                                       .offer = my_sdp, .other_hops = proxies.subspan(1)}, now());
carry_out();
auto const asked = agent.request({.method = ctsip::method::options, .target = "sip:example.com",
                                  .from = "sip:alice@example.com", .next_hop = proxies[0]}, now());
carry_out();

  BOOST_TEST(is_registered);
  BOOST_TEST(bool(agent.registrations().state(binding) == ctsip::registration_status::registered));
  BOOST_TEST(bool(call.state() == ctsip::call_state::established));
  BOOST_TEST(call.data()->volume == 11);
  BOOST_TEST(bool(asked));
  std::vector<std::string> const all = {"REGISTER", "INVITE", "ACK", "OPTIONS"};
  BOOST_TEST(sent == all, boost::test_tools::per_element());
  std::vector<std::string> const told = {"answered", "200"};
  BOOST_TEST(user.heard == told, boost::test_tools::per_element());
  BOOST_TEST(agent.trace().messages == 4);
}
