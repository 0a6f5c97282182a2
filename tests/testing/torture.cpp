// Each message of RFC 4475 and RFC 5118 to a whole user agent for calls: it gives the response that
// the RFC asks for, twice the same, and what it takes for a call is one that can be held and ended.
// Each REGISTER among them to a registrar too.
//
// The messages of RFC 5118 stand in rfc5118/ as its text has them, but for the Content-Length of
// those with a body, which is that of the body. Its archive ends lines with LF alone, lacks the
// empty line in two of them, and counts two bodies wrongly.
#include <ctsip/testing/virtual_network.hpp>
#include <ctsip/user_agent/registrar.hpp>

#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "user_agent/messages.hpp"
#include "user_agent/toy_digest.hpp"

using namespace ctsip;
using namespace ctsip_tests;

namespace {

constexpr message_body session{"application/sdp", "v=0\r\n"};
// It names REGISTER, so that the syntax of one is judged before it is refused.
constexpr capabilities phone{.allow = "INVITE, ACK, CANCEL, BYE, OPTIONS, REGISTER",
                             .supported = "100rel, timer",
                             .schemes = "sip, sips, tel"};

// What becomes of it: a response code, or one of these.
constexpr int call = 0;     // an incoming call
constexpr int silence = -1; // nothing

struct torture {
  char const* name;
  char const* section;
  int result;
};

// RFC 4475: "must accept", "should respond with a …", "simply drop"; 400 where it leaves the
// choice. A phone is no registrar: it answers a REGISTER that is fine, and one of which only a
// registrar could know what is wrong with it, with 405 (RFC 3261 8.2.1).
torture const rfc_4475[] = {
    {"wsinv", "3.1.1.1", 481}, // its To has a tag of no dialog (12.2.2)
    {"intmeth", "3.1.1.2", 501},       {"esc01", "3.1.1.3", call},
    {"escnull", "3.1.1.4", 405},       {"esc02", "3.1.1.5", 501},
    {"lwsdisp", "3.1.1.6", 200},       {"longreq", "3.1.1.7", call},
    {"dblreq", "3.1.1.8", 405},        {"semiuri", "3.1.1.9", 200},
    {"transports", "3.1.1.10", 200},   {"mpart01", "3.1.1.11", 405},
    {"unreason", "3.1.1.12", silence}, // responses to no request of ours
    {"noreason", "3.1.1.13", silence}, {"badinv01", "3.1.2.1", 400},
    {"clerr", "3.1.2.2", 400},         {"ncl", "3.1.2.3", 400},
    {"scalar02", "3.1.2.4", 400},      {"scalarlg", "3.1.2.5", silence},
    {"quotbal", "3.1.2.6", 400},       {"ltgtruri", "3.1.2.7", 400},
    {"lwsruri", "3.1.2.8", 400},       {"lwsstart", "3.1.2.9", 400},
    {"trws", "3.1.2.10", 400},         {"escruri", "3.1.2.11", 400},
    {"baddate", "3.1.2.12", call},     {"regbadct", "3.1.2.13", 400},
    {"badaspec", "3.1.2.14", 400},     {"baddn", "3.1.2.15", 400},
    {"badvers", "3.1.2.16", 505},      {"mismatch01", "3.1.2.17", 400},
    {"mismatch02", "3.1.2.18", 501},   {"bigcode", "3.1.2.19", silence},
    {"badbranch", "3.2.1", 400},       {"insuf", "3.3.1", 400},
    {"unkscm", "3.3.2", 416},          {"novelsc", "3.3.3", 416},
    {"unksm2", "3.3.4", 400},          {"bext01", "3.3.5", 420},
    {"invut", "3.3.6", 415},           {"regaut01", "3.3.7", 405},
    {"multi01", "3.3.8", 400},         {"mcl01", "3.3.9", 400},
    {"bcast", "3.3.10", silence},      {"zeromf", "3.3.11", 200},
    {"cparam01", "3.3.12", 405},       {"cparam02", "3.3.13", 405},
    {"regescrt", "3.3.14", 405},       {"sdp01", "3.3.15", 406},
    {"inv2543", "3.4.1", call},
};

torture const rfc_5118[] = {
    {"ipv6-good", "4.1", 405},
    {"ipv6-bad", "4.2", 400}, // "should respond with a 400 Bad Request error"
    {"port-ambiguous", "4.3", 405},
    {"port-unambiguous", "4.4", 405},
    {"via-received-param-with-delim", "4.5", 481}, // "must parse them successfully"
    {"via-received-param-no-delim", "4.5", 200},
    {"ipv6-in-sdp", "4.6", call},
    {"mult-ip-in-header", "4.7", 481},
    {"mult-ip-in-sdp", "4.8", call},
    {"ipv4-mapped-ipv6", "4.9", call},
    {"ipv6-bug-abnf-3-colons", "4.10", 200}, // "must tolerate both of the above constructs"
    {"ipv6-correct-abnf-2-colons", "4.10", 200},
};

std::string read_file(std::string const& name) {
  std::ifstream file{std::string{CTSIP_TESTS_DIR} + "/" + name + ".dat", std::ios::binary};
  BOOST_REQUIRE_MESSAGE(file.good(), name);
  return {std::istreambuf_iterator<char>{file}, {}};
}

// A user agent that one message after the other is sent to; what it sends is kept.
struct target {
  using agent_type = endpoint<endpoint_size{2, 8, 4000}>;
  using network = virtual_network<network_size{2, 16, 4000}>;
  std::string host;
  std::string contact;
  address at;
  address source;
  std::unique_ptr<network> net{std::make_unique<network>(1)};
  std::unique_ptr<agent_type> agent;
  std::vector<std::string> sent{};
  std::vector<user_event_kind> heard{};
  call_handle handle{};
  struct user {
    target& t;
    void operator()(user_event const& e, instant) {
      t.heard.push_back(e.kind);
      t.handle = e.call;
    }
  } user_{*this};
  struct recorder {
    target& t;
    bool operator()(transit const& passing) {
      t.sent.emplace_back(passing.bytes);
      return true;
    }
  } recorder_{*this};

  target(std::string own_host, address const& own, address const& peer)
      : host(std::move(own_host)), contact("sip:bob@" + host), at(own), source(peer) {
    endpoint_settings s;
    s.element.seed = {1, 2};
    s.element.sent_by = host;
    s.element.own = phone;
    s.contact = contact;
    agent = std::make_unique<agent_type>(s);
    net->attach(*agent, at, user_);
    net->intercept(recorder_);
  }
  void send(std::string const& text) {
    BOOST_REQUIRE(net->inject(text, source, at));
    (void)net->run_for({0});
  }
  std::vector<std::string> take() { return std::exchange(sent, {}); }
};

void torment(target& t, torture const& expected, std::string const& text) {
  message const request = read(text).value;
  t.sent.clear();
  t.heard.clear();
  t.send(text);
  auto const first = t.take();
  if (expected.result == silence) {
    BOOST_TEST(first.empty());
    BOOST_TEST(t.heard.empty());
  } else if (expected.result != call) {
    BOOST_TEST(t.heard.empty());
    BOOST_REQUIRE(first.size() == 1u);
    read_result const response = read(first[0]);
    BOOST_TEST((response.error == read_error::none));
    BOOST_TEST(response.value.status() == expected.result);
    BOOST_TEST(response.value.call_id() == request.call_id());
    // 8.2.6.2, where there is a To to carry it.
    if (request.to().well_formed()) BOOST_TEST(!response.value.to_tag().empty());
    // The same again: the same answer (17.2.2, 8.2.7).
    t.send(text);
    BOOST_TEST(t.take() == first, boost::test_tools::per_element());
  } else {
    BOOST_REQUIRE((t.heard == std::vector{user_event_kind::incoming}));
    BOOST_TEST((t.agent->ring(t.handle, t.net->now()) == sending::sent));
    BOOST_TEST((t.agent->answer(t.handle, session, t.net->now()) == sending::sent));
    (void)t.net->run_for({0});
    auto const sent = t.take();
    BOOST_REQUIRE(sent.size() == 2u);
    BOOST_TEST(summary(sent[0]) == "180 INVITE");
    BOOST_TEST(summary(sent[1]) == "200 INVITE");
    std::string const to = value_of(sent[1], header::to);
    auto in_dialog = [&](std::string const& method, unsigned more) {
      auto r = of(method);
      r.uri = t.contact;
      r.via = "SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK-torture-" + method;
      r.from = value_of(text, header::from);
      r.to = to;
      r.call_id = std::string{request.call_id()};
      r.cseq = request.cseq().number + more;
      return r.text();
    };
    t.send(in_dialog("ACK", 0));
    BOOST_TEST((t.heard.back() == user_event_kind::confirmed));
    t.send(in_dialog("BYE", 1));
    BOOST_TEST((t.heard.back() == user_event_kind::ended));
    BOOST_REQUIRE(!t.sent.empty());
    BOOST_TEST(summary(t.sent.back()) == "200 BYE");
  }
  BOOST_TEST(t.net->run_out());
  BOOST_TEST(t.agent->live_calls() == 0u);
  BOOST_TEST(t.agent->live_transactions() == 0u);
}

// A registrar that one message after the other is sent to.
template <class Authentication>
struct office {
  using store_type = registrar_store<registrar_store_size{4, 3, 256, 64}>;
  std::unique_ptr<store_type> store{std::make_unique<store_type>(hash_seed{1, 2})};
  own_address_only const users{};
  Authentication& authentication;
  using type =
      registrar<registrar_size{8, 1300}, store_type, own_address_only const, Authentication>;
  std::unique_ptr<type> agent;

  explicit office(Authentication& a)
      : authentication{a}, agent{std::make_unique<type>(settings(), *store, users, a)} {}
  static registrar_settings settings() {
    registrar_settings s;
    s.element.seed = {1, 2};
    s.element.sent_by = "192.0.2.2";
    s.domains = "example.com, [2001:db8::10]";
    return s;
  }
  std::vector<std::string> receive(std::string const& text) {
    std::vector<std::string> sent;
    agent->receive(text, ip(1), transport::udp, instant{0});
    for (datagram d; agent->poll_transmit(d);) sent.emplace_back(d.bytes);
    return sent;
  }
  // The bindings of an address-of-record, as one asks for them (RFC 3261 10.2.3).
  std::vector<std::string> receive_fetch(std::string const& address_of_record, unsigned n) {
    auto r = of("REGISTER");
    r.uri = "sip:example.com";
    r.via = "SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK-fetch-" + std::to_string(n);
    r.from = r.to = address_of_record;
    r.from += ";tag=1";
    r.call_id = "fetch", r.more = {};
    r.cseq = n;
    return contacts(receive(r.text()));
  }
  // Each Contact of a response without what the registrar says of the binding.
  static std::vector<std::string> contacts(std::vector<std::string> const& sent) {
    std::vector<std::string> all;
    BOOST_REQUIRE(sent.size() == 1u);
    message const m = read(sent[0]).value;
    for (auto const each : m.elements(header::contact)) {
      name_addr_view const address{each};
      BOOST_TEST(address.is_name_addr());
      all.emplace_back(address.uri());
    }
    return all;
  }
};

struct no_users {
  digest_login operator()(digest_question const&) const { return {}; }
};

struct registration {
  char const* file;
  char const* section;
  int status;
  std::vector<std::string> contacts{};
};

} // namespace

BOOST_AUTO_TEST_SUITE(testing_torture)

BOOST_AUTO_TEST_CASE(every_message_of_rfc_4475_gets_the_response_of_a_user_agent) {
  for (torture const& t : rfc_4475) {
    BOOST_TEST_CONTEXT(t.name << ", RFC 4475 " << t.section) {
      target bob{"192.0.2.2", ip(2), ip(1)};
      torment(bob, t, read_file("message/rfc4475/" + std::string{t.name}));
    }
  }
}

BOOST_AUTO_TEST_CASE(every_message_of_rfc_5118_gets_the_response_of_a_user_agent) {
  address const bob_at = parse_address("2001:db8::10", 5060).value;
  for (torture const& t : rfc_5118) {
    BOOST_TEST_CONTEXT(t.name << ", RFC 5118 " << t.section) {
      address const source = parse_address("2001:db8::9:1", 5060).value;
      target bob{"[2001:db8::10]", bob_at, source};
      auto const text = read_file("testing/rfc5118/" + std::string{t.name});
      torment(bob, t, text);
      // 4.5: "implementations must not put the delimiting "[" and "]" tokens" into received.
      bob.send(text);
      for (auto const& sent : bob.take())
        BOOST_TEST(read(sent).value.top_via().received() == "2001:db8:0:0:0:0:9:1");
    }
  }
}

BOOST_AUTO_TEST_CASE(every_registration_gets_the_response_of_a_registrar) {
  registration const all[] = {
      // "This request registers two distinct contact URIs."
      {"message/rfc4475/escnull",
       "3.1.1.4",
       200,
       {"sip:%00@host5.example.com", "sip:%00%00@host5.example.com"}},
      {"message/rfc4475/dblreq", "3.1.1.8", 200, {"sip:j.user@host.example.com"}},
      {"message/rfc4475/scalar02", "3.1.2.4", 400},
      {"message/rfc4475/regbadct", "3.1.2.13", 400},
      {"message/rfc4475/unksm2", "3.3.4", 400},
      // It "will simply ignore the Authorization header field, processing this registration as if
      // the field were not present".
      {"message/rfc4475/regaut01", "3.3.7", 200},
      // "The response must not include "unknownparam" as a url-parameter for this binding."
      {"message/rfc4475/cparam01", "3.3.12", 200, {"sip:+19725552222@gw1.example.net"}},
      {"message/rfc4475/cparam02",
       "3.3.13",
       200,
       {"sip:+19725552222@gw1.example.net;unknownparam"}},
      {"message/rfc4475/regescrt",
       "3.3.14",
       200,
       {"sip:user@example.com?Route=%3Csip:sip.example.com%3E"}},
      {"testing/rfc5118/ipv6-good", "4.1", 200, {"sip:caller@[2001:db8::1]"}},
      {"testing/rfc5118/ipv6-bad", "4.2", 400},
      {"testing/rfc5118/port-ambiguous", "4.3", 404}, // of another host
      {"testing/rfc5118/port-unambiguous", "4.4", 200, {"sip:caller@[2001:db8::1]"}},
  };
  no_authentication const nobody_asked{};
  for (auto const& r : all) {
    BOOST_TEST_CONTEXT(r.file << ", " << r.section) {
      office<no_authentication const> at{nobody_asked};
      auto const text = read_file(r.file);
      auto const first = at.receive(text);
      BOOST_REQUIRE(first.size() == 1u);
      BOOST_TEST(read(first[0]).value.status() == r.status);
      BOOST_TEST(at.contacts(first) == r.contacts, boost::test_tools::per_element());
      BOOST_TEST(at.receive(text) == first, boost::test_tools::per_element());
      if (r.status != 200) continue;
      auto const fetched = at.receive_fetch(value_of(text, header::to), 1);
      BOOST_TEST(fetched == r.contacts, boost::test_tools::per_element());
    }
  }
}

// "Implementations must take special care when unescaping the Address-of-Record (AOR) in this
// request so as to not prematurely shorten the username."
BOOST_AUTO_TEST_CASE(an_escaped_null_does_not_end_an_address_of_record_rfc_4475_3_1_1_4) {
  no_authentication const nobody_asked{};
  office<no_authentication const> at{nobody_asked};
  (void)at.receive(read_file("message/rfc4475/escnull"));
  BOOST_TEST(at.receive_fetch("<sip:null-%00-null@example.com>", 1).size() == 2u);
  unsigned n = 1;
  for (auto const other : {"<sip:null-@example.com>", "<sip:null-%00@example.com>",
                           "<sip:null-%00-nul@example.com>", "<sip:null-%00%00-null@example.com>"})
    BOOST_TEST(at.receive_fetch(other, ++n).empty(), other);
}

// "A registrar that does care about challenge-response authentication will reject this request with
// a 401, issuing a new challenge with a scheme it understands."
BOOST_AUTO_TEST_CASE(an_unknown_scheme_of_authorization_is_challenged_rfc_4475_3_3_7) {
  no_users users;
  digest_settings rules;
  rules.realm = "example.com";
  rules.offer = {digest_algorithm::md5};
  using digest = registrar_digest<toy_hashes, no_users>;
  auto const guard = std::make_unique<digest>(hash_seed{3, 4}, rules, users);
  office<digest> at{*guard};
  auto const sent = at.receive(read_file("message/rfc4475/regaut01"));
  BOOST_REQUIRE(sent.size() == 1u);
  BOOST_TEST(read(sent[0]).value.status() == 401);
  BOOST_TEST(challenge_view{value_of(sent[0], header::www_authenticate)}.is_digest());
}

BOOST_AUTO_TEST_CASE(all_of_them_one_after_the_other_leave_the_user_agent_in_order) {
  target bob{"192.0.2.2", ip(2), ip(1)};
  for (torture const& t : rfc_4475) BOOST_TEST_CONTEXT(t.name) {
      bob.heard.clear();
      torment(bob, t, read_file("message/rfc4475/" + std::string{t.name}));
    }
  for (torture const& t : rfc_5118) BOOST_TEST_CONTEXT(t.name) {
      bob.heard.clear();
      torment(bob, t, read_file("testing/rfc5118/" + std::string{t.name}));
    }
}

BOOST_AUTO_TEST_SUITE_END()
