// A registrar, message by message and in virtual time: RFC 3261 10.3 step by step, RFC 3327, 3608,
// 5626 6, 3665 2. The hash is a toy: what is tested here is who is let in, not the arithmetic.
#include <ctsip/user_agent/registrar.hpp>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <ostream>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "user_agent/messages.hpp"
#include "user_agent/toy_digest.hpp"

using namespace ctsip;
using namespace ctsip_tests;
using strings = std::vector<std::string>;

namespace {

// Alice and Bob are known; each may register himself, and the secretary everybody.
struct people {
  bool may_register(std::string_view who, std::string_view aor) const {
    return who == "secretary" || own_address_only{}.may_register(who, aor);
  }
  bool knows(std::string_view aor) const { return aor != "sip:nobody@example.com"; }

  // The password is the name backwards.
  digest_login operator()(digest_question const& q) {
    if (q.username == "eve") return {};
    password_.assign(q.username.rbegin(), q.username.rend());
    digest_login login;
    login.is = digest_login::password;
    login.username = q.username;
    login.secret = password_;
    return login;
  }

 private:
  std::string password_{};
};

using own_store = registrar_store<registrar_store_size{4, 3, 256, 64}>;
using digest = registrar_digest<toy_hashes, people>;

registrar_settings example_com() {
  registrar_settings s;
  s.element.seed = {5, 6};
  s.element.sent_by = "192.0.2.2";
  s.domains = "example.com, biloxi.example.com";
  return s;
}

// A registrar on a desk: the test plays the network and the clock. It says what a binding is to a
// caller: "<contact>params" with the seconds that are left.
template <class Store = own_store, class Authentication = no_authentication const>
struct office {
  using type = registrar<registrar_size{64, 1300}, Store, people, Authentication>;

  people users{};
  std::unique_ptr<Store> store;
  Authentication& authentication;
  std::unique_ptr<type> agent;
  instant now{1'000'000};
  strings sent{};
  strings handed_out{}; // every text, whoever it is for
  strings told{};       // events: "bound sip:alice@example.com sip:a"
  unsigned branches{};

  office(registrar_settings const& s, Authentication& a, std::unique_ptr<Store> kept)
      : store{std::move(kept)}, authentication{a}, agent{std::make_unique<type>(s, *store, users,
                                                                                a)} {}

  void take() {
    for (datagram d; agent->poll_transmit(d);) {
      sent.emplace_back(d.bytes);
      handed_out.emplace_back(d.bytes);
    }
    for (registrar_event e; agent->poll_event(e);) {
      for (auto const text : {e.address_of_record, e.binding.contact, e.binding.parameters,
                              e.binding.path, e.binding.call_id, e.message.bytes()})
        handed_out.emplace_back(text);
      std::string line = name(e.kind);
      line += ' ' + std::string{e.address_of_record};
      line += e.kind == registrar_event_kind::refused ? ' ' + std::to_string(e.status)
                                                      : ' ' + std::string{e.binding.contact};
      told.push_back(line);
    }
  }
  // The response to it.
  std::string receive(std::string const& text, address const& from = ip(1)) {
    sent.clear();
    agent->receive(text, from, transport::udp, now);
    take();
    BOOST_TEST_REQUIRE(sent.size() == 1u);
    return sent[0];
  }
  std::string receive(request_text r) {
    r.via = "SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK" + std::to_string(++branches);
    return receive(r.text());
  }
  void advance(std::int64_t seconds) {
    instant const end = now + milliseconds{seconds * 1000};
    while (agent->next_timeout() <= end) {
      now = std::max(now, agent->next_timeout());
      agent->handle_timeout(now);
      take();
    }
    now = end;
  }
  strings events() { return std::exchange(told, {}); }
};

struct open_office : office<> {
  static constexpr no_authentication nobody_asked{};
  explicit open_office(registrar_settings const& s = example_com())
      : office<>{s, nobody_asked, std::make_unique<own_store>(hash_seed{1, 2})} {}
};

struct guarded_office : office<own_store, digest> {
  explicit guarded_office(registrar_settings const& s = example_com(), bool mutual = false)
      : guarded_office{s, std::make_unique<people>(), mutual} {}

 private:
  guarded_office(registrar_settings const& s, std::unique_ptr<people> p, bool mutual)
      : guarded_office{s, std::make_unique<digest>(hash_seed{3, 4}, rules(), *p, mutual),
                       std::move(p)} {}
  guarded_office(registrar_settings const& s, std::unique_ptr<digest> d, std::unique_ptr<people> p)
      : office<own_store, digest>{s, *d, std::make_unique<own_store>(hash_seed{1, 2})},
        passwords{std::move(p)}, guard{std::move(d)} {}
  static digest_settings rules() {
    digest_settings s;
    s.realm = "example.com";
    s.offer = {digest_algorithm::md5};
    return s;
  }
  std::unique_ptr<people> passwords;
  std::unique_ptr<digest> guard;
};

request_text registration(std::string const& user, unsigned cseq, std::string const& more) {
  auto r = of("REGISTER");
  r.uri = "sip:example.com";
  r.from = "<sip:" + user + "@example.com>;tag=f" + std::to_string(cseq);
  r.to = "<sip:" + user + "@example.com>";
  r.call_id = "call-of-" + user;
  r.cseq = cseq;
  r.more = more;
  return r;
}

int status(std::string const& response) { return read(response).value.status(); }

// Each Contact of a response as it stands.
strings contacts(std::string const& response) {
  strings all;
  for (auto const c : read(response).value.elements(header::contact)) all.emplace_back(c);
  return all;
}
void check(strings const& got, strings const& expected) {
  BOOST_TEST(got == expected, boost::test_tools::per_element());
}

// An Authorization for the challenge of a 401.
struct credentials {
  std::string user;
  std::string password;
  unsigned count = 1;
  std::string uri = "sip:example.com";
};
std::string authorization(std::string const& challenge, credentials const& c) {
  challenge_view const asked{read(challenge).value[header::www_authenticate]};
  std::string const nonce{asked.nonce()};
  digest_parts d;
  d.algorithm = digest_algorithm::md5;
  d.qop = quality_of_protection::auth;
  d.username = std::string_view{c.user};
  d.realm = asked.realm();
  d.nonce = std::string_view{nonce};
  d.cnonce = "c";
  d.nonce_count = c.count;
  d.method = "REGISTER";
  d.uri = std::string_view{c.uri};
  digest_login login;
  login.is = digest_login::password;
  login.username = c.user;
  login.secret = c.password;
  auto const value = digest_response<toy_hashes>(d, login);
  char count[9];
  std::snprintf(count, sizeof count, "%08x", c.count);
  std::string const opaque{asked.opaque()};
  return "Authorization: Digest username=\"" + c.user + "\",realm=\"" + std::string{asked.realm()} +
         "\",nonce=\"" + nonce + "\",uri=\"" + c.uri + "\",response=\"" +
         std::string{value.view()} + "\",algorithm=MD5,cnonce=\"c\",qop=auth,nc=" + count +
         (opaque.empty() ? "" : ",opaque=\"" + opaque + "\"") + "\r\n";
}

std::string const one = "Contact: <sip:alice@192.0.2.1>\r\n";

} // namespace

BOOST_AUTO_TEST_SUITE(user_agent_registrar)

BOOST_AUTO_TEST_CASE(step_1_a_domain_that_is_not_ours_is_404) {
  open_office at;
  auto r = registration("alice", 1, one);
  r.uri = "sip:elsewhere.example.org";
  BOOST_TEST(status(at.receive(r)) == 404);
  check(at.events(), {"refused sip:alice@example.com 404"});
  r.uri = "sip:EXAMPLE.com:5062;transport=udp";
  r.cseq = 2;
  BOOST_TEST(status(at.receive(r)) == 200);
}

BOOST_AUTO_TEST_CASE(step_2_what_is_required_and_not_supported_is_420_with_unsupported) {
  open_office at;
  auto const response =
      at.receive(registration("alice", 1, one + "Require: path, gruu, outbound, weird\r\n"));
  BOOST_TEST(status(response) == 420);
  BOOST_TEST(value_of(response, header::unsupported) == "gruu, weird");
  BOOST_TEST(at.store->size() == 0u);
}

BOOST_AUTO_TEST_CASE(step_2_a_path_that_the_user_agent_does_not_know_of_is_420_rfc_3327_5_3) {
  auto const path = "Path: <sip:p1.example.com;lr>\r\n";
  open_office at;
  auto const response = at.receive(registration("alice", 1, one + path));
  BOOST_TEST(status(response) == 420);
  BOOST_TEST(value_of(response, header::unsupported) == "path");
  auto liberal = example_com();
  liberal.path_without_support = true;
  open_office other{liberal};
  BOOST_TEST(status(other.receive(registration("alice", 1, one + path))) == 200);
}

BOOST_AUTO_TEST_CASE(step_3_a_request_without_credentials_is_challenged) {
  guarded_office at;
  auto const challenge = at.receive(registration("alice", 1, one));
  BOOST_TEST(status(challenge) == 401);
  challenge_view const asked{read(challenge).value[header::www_authenticate]};
  BOOST_TEST(asked.realm() == "example.com");
  BOOST_TEST(!asked.stale());
  check(at.events(), {}); // a first challenge is no refusal
  BOOST_TEST(at.store->size() == 0u);
  auto const ok =
      at.receive(registration("alice", 2, one + authorization(challenge, {"alice", "ecila"})));
  BOOST_TEST(status(ok) == 200);
  check(contacts(ok), {"<sip:alice@192.0.2.1>;expires=3600"});
  check(at.events(), {"bound sip:alice@example.com sip:alice@192.0.2.1"});
  BOOST_TEST(at.agent->binding_counts().challenged == 1u);
  BOOST_TEST(at.agent->binding_counts().disproven == 0u);
}

BOOST_AUTO_TEST_CASE(step_3_a_wrong_password_is_challenged_again_and_told) {
  guarded_office at;
  auto const challenge = at.receive(registration("alice", 1, one));
  auto const again =
      at.receive(registration("alice", 2, one + authorization(challenge, {"alice", "guess"})));
  BOOST_TEST(status(again) == 401);
  BOOST_TEST(value_of(again, header::www_authenticate) != "");
  check(at.events(), {"refused sip:alice@example.com 401"});
  BOOST_TEST(at.agent->binding_counts().disproven == 1u);
  BOOST_TEST(at.store->size() == 0u);
  // Of an unknown user nothing else is told.
  auto const eve = at.receive(registration("eve", 1, one + authorization(again, {"eve", "eve"})));
  BOOST_TEST(status(eve) == 401);
}

BOOST_AUTO_TEST_CASE(step_3_credentials_serve_once_and_their_nonce_for_its_lifetime) {
  guarded_office at;
  auto const challenge = at.receive(registration("alice", 1, one));
  auto const good = authorization(challenge, {"alice", "ecila"});
  BOOST_TEST(status(at.receive(registration("alice", 2, one + good))) == 200);
  // The same once more, by an eavesdropper.
  auto const replayed =
      at.receive(registration("alice", 3, "Contact: <sip:eve@192.0.2.66>\r\n" + good));
  BOOST_TEST(status(replayed) == 401);
  BOOST_TEST(at.store->size() == 1u);
  // With the next nonce-count it is alice.
  BOOST_TEST(status(at.receive(registration(
                 "alice", 4, one + authorization(challenge, {"alice", "ecila", 2})))) == 200);
  at.advance(301);
  auto const stale =
      at.receive(registration("alice", 5, one + authorization(challenge, {"alice", "ecila", 3})));
  BOOST_TEST(status(stale) == 401);
  BOOST_TEST(challenge_view{read(stale).value[header::www_authenticate]}.stale());
  at.events();
  BOOST_TEST(status(at.receive(
                 registration("alice", 6, one + authorization(stale, {"alice", "ecila"})))) == 200);
  check(at.events(), {"refreshed sip:alice@example.com sip:alice@192.0.2.1"});
}

BOOST_AUTO_TEST_CASE(step_3_credentials_for_another_domain_or_that_cannot_be_read_are_400) {
  guarded_office at;
  auto const challenge = at.receive(registration("alice", 1, one));
  BOOST_TEST(
      status(at.receive(registration(
          "alice", 2, one + authorization(challenge, {"alice", "ecila", 1, "sip:example.org"})))) ==
      400);
  BOOST_TEST(status(at.receive(registration(
                 "alice", 3, one + "Authorization: Digest realm=\"example.com\",nc=\r\n"))) >= 400);
  BOOST_TEST(at.store->size() == 0u);
}

BOOST_AUTO_TEST_CASE(step_3_the_registrar_proves_itself_by_an_authentication_info_rfc_7616_3_5) {
  guarded_office at{example_com(), true};
  auto const challenge = at.receive(registration("alice", 1, one));
  auto const ok =
      at.receive(registration("alice", 2, one + authorization(challenge, {"alice", "ecila"})));
  BOOST_TEST(status(ok) == 200);
  BOOST_TEST(value_of(ok, header::authentication_info).find("rspauth=") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(step_4_who_registers_somebody_else_is_forbidden) {
  guarded_office at;
  auto const challenge = at.receive(registration("bob", 1, one));
  auto const forbidden =
      at.receive(registration("bob", 2, one + authorization(challenge, {"alice", "ecila"})));
  BOOST_TEST(status(forbidden) == 403);
  check(at.events(), {"refused sip:bob@example.com 403"});
  BOOST_TEST(at.agent->binding_counts().forbidden == 1u);
  // "In architectures that support third-party registration, one entity may be responsible".
  BOOST_TEST(status(at.receive(registration(
                 "bob", 3, one + authorization(challenge, {"secretary", "yraterces", 2})))) == 200);

  // Without authentication "the registrar MAY take the From address as the asserted identity".
  open_office open;
  auto r = registration("bob", 1, one);
  r.from = "<sip:alice@example.com>;tag=1";
  BOOST_TEST(status(open.receive(r)) == 403);
}

BOOST_AUTO_TEST_CASE(step_5_an_unknown_address_of_record_is_404) {
  open_office at;
  BOOST_TEST(status(at.receive(registration("nobody", 1, one))) == 404);
  auto r = registration("alice", 1, one);
  r.to = "<sip:alice@elsewhere.example.org>";
  r.from = r.to + ";tag=1";
  BOOST_TEST(status(at.receive(r)) == 404);
  check(at.events(),
        {"refused sip:nobody@example.com 404", "refused sip:alice@elsewhere.example.org 404"});
}

BOOST_AUTO_TEST_CASE(step_5_the_canonical_form_is_the_index) {
  auto const canonical = [](std::string_view uri) {
    char out[64];
    auto const size = write_canonical(uri_view{uri}, out, sizeof out);
    return std::string{out, size};
  };
  BOOST_TEST(canonical("sip:%61lice@EXAMPLE.com;user=phone?a=b") == "sip:alice@example.com");
  BOOST_TEST(canonical("SIPS:Alice:secret@example.com:5061") == "sips:Alice@example.com:5061");
  BOOST_TEST(canonical("sip:a%40b@h") == "sip:a@b@h");
  BOOST_TEST(canonical("sip:h") == "sip:h");
  char few[4];
  BOOST_TEST(write_canonical(uri_view{"sip:alice@h:1"}, few, sizeof few) == 13u);
  BOOST_TEST(own_address_only::user_of("sip:a@b@h") == "a@b");

  open_office at;
  (void)at.receive(registration("alice", 1, one));
  auto r = registration("alice", 2, "");
  r.to = r.from = "\"Alice\" <sip:%61l%69ce@Example.COM;user=phone>";
  check(contacts(at.receive(r)), {"<sip:alice@192.0.2.1>;expires=3600"});
}

BOOST_AUTO_TEST_CASE(step_6_star_removes_every_binding) {
  open_office at;
  (void)at.receive(registration("alice", 1, "Contact: <sip:a@192.0.2.1>, <sip:b@192.0.2.1>\r\n"));
  auto other = registration("alice", 7, "Contact: <sip:c@192.0.2.1>\r\n");
  other.call_id = "another";
  (void)at.receive(other);
  at.events();
  auto const ok = at.receive(registration("alice", 2, "Contact: *\r\nExpires: 0\r\n"));
  BOOST_TEST(status(ok) == 200);
  check(contacts(ok), {});
  check(at.events(), {"removed sip:alice@example.com sip:a@192.0.2.1",
                      "removed sip:alice@example.com sip:b@192.0.2.1",
                      "removed sip:alice@example.com sip:c@192.0.2.1"});
  BOOST_TEST(at.store->size() == 0u);
  BOOST_TEST(at.store->addresses_of_record() == 0u);
}

BOOST_AUTO_TEST_CASE(step_6_star_with_others_or_without_expires_0_is_400) {
  open_office at;
  (void)at.receive(registration("alice", 1, one));
  unsigned cseq = 1;
  for (auto const* more :
       {"Contact: *\r\n", "Contact: *\r\nExpires: 1\r\n", "Contact: *\r\nExpires: never\r\n",
        "Contact: *, <sip:alice@192.0.2.1>\r\nExpires: 0\r\n",
        "Contact: *\r\nContact: <sip:alice@192.0.2.1>\r\nExpires: 0\r\n",
        "Contact: *\r\nExpires: 0\r\nExpires: 3600\r\n",
        "Contact: *\r\nExpires: 3600\r\nExpires: 0\r\n"})
    BOOST_TEST_CONTEXT(more)
  BOOST_TEST(status(at.receive(registration("alice", ++cseq, more))) == 400);
  BOOST_TEST(at.store->size() == 1u);
}

BOOST_AUTO_TEST_CASE(step_6_two_expires_that_may_bind_and_remove_are_400_7_3_1) {
  open_office at;
  (void)at.receive(registration("alice", 1, one));
  std::string const both = "Expires: 0\r\nExpires: 3600\r\n";
  BOOST_TEST(status(at.receive(registration("alice", 2, one + both))) == 400);
  BOOST_TEST(at.store->size() == 1u);
  // "not necessary for processing requests" (8.2.2)
  BOOST_TEST(status(at.receive(registration("alice", 3, both))) == 200);
}

BOOST_AUTO_TEST_CASE(step_6_star_that_is_out_of_order_removes_nothing) {
  open_office at;
  auto first = registration("alice", 9, "Contact: <sip:c@192.0.2.1>\r\n");
  first.call_id = "another";
  (void)at.receive(first);
  (void)at.receive(registration("alice", 5, "Contact: <sip:a@192.0.2.1>\r\n"));
  auto const response = at.receive(registration("alice", 4, "Contact: *\r\nExpires: 0\r\n"));
  BOOST_TEST(status(response) == 500);
  BOOST_TEST(at.store->size() == 2u);
  BOOST_TEST(at.agent->binding_counts().out_of_order == 1u);
}

BOOST_AUTO_TEST_CASE(step_7_the_expiration_is_that_of_the_contact_then_of_the_request_then_ours) {
  open_office at;
  auto granted = [&, cseq = 0u](std::string const& more) mutable {
    return contacts(at.receive(registration("alice", ++cseq, more))).back();
  };
  BOOST_TEST(granted("Contact: <sip:a@h>;expires=100\r\nExpires: 200\r\n") ==
             "<sip:a@h>;expires=100");
  BOOST_TEST(granted("Contact: <sip:a@h>\r\nExpires: 200\r\n") == "<sip:a@h>;expires=200");
  BOOST_TEST(granted("Contact: <sip:a@h>\r\n") == "<sip:a@h>;expires=3600");
  // "Malformed values SHOULD be treated as equivalent to 3600" (10.2).
  BOOST_TEST(granted("Contact: <sip:a@h>;expires=soon\r\n") == "<sip:a@h>;expires=3600");
  BOOST_TEST(granted("Contact: <sip:a@h>;expires\r\n") == "<sip:a@h>;expires=3600");
  BOOST_TEST(granted("Contact: <sip:a@h>\r\nExpires: x\r\n") == "<sip:a@h>;expires=3600");
  // "The registrar MAY choose an expiration less than the requested expiration interval."
  BOOST_TEST(granted("Contact: <sip:a@h>;expires=99999999999\r\n") == "<sip:a@h>;expires=86400");
}

BOOST_AUTO_TEST_CASE(step_7_an_interval_is_too_brief_between_zero_and_the_least_and_an_hour) {
  auto s = example_com();
  s.least_expires = 120;
  open_office at{s};
  auto const brief = at.receive(registration("alice", 1, one + "Expires: 119\r\n"));
  BOOST_TEST(status(brief) == 423);
  BOOST_TEST(value_of(brief, header::min_expires) == "120");
  BOOST_TEST(status(at.receive(registration("alice", 2, one + "Expires: 120\r\n"))) == 200);
  BOOST_TEST(status(at.receive(registration("alice", 3, one + "Expires: 0\r\n"))) == 200);
  // "[...] AND smaller than one hour": no registrar may refuse an hour.
  s.least_expires = 7200;
  open_office strict{s};
  BOOST_TEST(status(strict.receive(registration("alice", 1, one + "Expires: 3599\r\n"))) == 423);
  auto const hour = strict.receive(registration("alice", 2, one + "Expires: 3600\r\n"));
  check(contacts(hour), {"<sip:alice@192.0.2.1>;expires=3600"});
  // What is not asked for is not too brief.
  auto const ours = strict.receive(registration("alice", 3, one));
  check(contacts(ours), {"<sip:alice@192.0.2.1>;expires=7200"});
}

BOOST_AUTO_TEST_CASE(step_7_if_one_contact_fails_none_is_bound) {
  open_office at;
  BOOST_TEST(status(at.receive(
                 registration("alice", 5, "Contact: <sip:a@h>, <sip:b@h>;expires=5\r\n"))) == 423);
  BOOST_TEST(at.store->size() == 0u);
  (void)at.receive(registration("alice", 6, "Contact: <sip:b@h>\r\n"));
  // The first could be bound, the second is out of order.
  auto const failed =
      at.receive(registration("alice", 6, "Contact: <sip:a@h>, <sip:b@h>;expires=0\r\n"));
  BOOST_TEST(status(failed) == 482); // the same request over another path: 8.2.2.2
  auto late = registration("alice", 6, "Contact: <sip:a@h>, <sip:b@h>;expires=0\r\n");
  late.from = "<sip:alice@example.com>;tag=other";
  at.events();
  BOOST_TEST(status(at.receive(late)) == 500);
  check(at.events(), {"refused sip:alice@example.com 500"});
  check(contacts(at.receive(registration("alice", 7, ""))), {"<sip:b@h>;expires=3600"});
}

BOOST_AUTO_TEST_CASE(step_7_a_q_that_is_not_from_0_to_1_is_400_25_1) {
  open_office at;
  unsigned cseq = 0;
  auto const asked = [&](std::string const& q) {
    return status(at.receive(registration("alice", ++cseq, "Contact: <sip:a@h>;" + q + "\r\n")));
  };
  for (auto const q : {"q=7", "q=1.5", "q=1.001", "q=0.1234", "q=-1", "q=01", "q=.5", "q=1.0000",
                       "q=0,5", "q=\"0.5\"", "q=x", "q", "Q=2"})
    BOOST_TEST(asked(q) == 400, q);
  BOOST_TEST(at.store->size() == 0u);
  // One that is fine does not help the other.
  BOOST_TEST(status(at.receive(registration(
                 "alice", ++cseq, "Contact: <sip:a@h>;q=0.5, <sip:b@h>;q=7\r\n"))) == 400);
  BOOST_TEST(at.store->size() == 0u);
  for (auto const q : {"q=0", "q=1", "q=0.", "q=1.", "q=0.5", "q=0.999", "q=1.000", "Q = 0.25"})
    BOOST_TEST(asked(q) == 200, q);
  BOOST_TEST(at.store->size() == 1u);
}

BOOST_AUTO_TEST_CASE(step_7_an_older_request_of_the_same_call_id_changes_nothing) {
  open_office at;
  (void)at.receive(registration("alice", 10, "Contact: <sip:a@h>;q=0.5\r\n"));
  at.events();
  BOOST_TEST(status(at.receive(registration("alice", 9, "Contact: <sip:a@h>;q=0.1\r\n"))) == 500);
  check(contacts(at.receive(registration("alice", 11, ""))), {"<sip:a@h>;q=0.5;expires=3600"});
  // With another Call-ID the CSeq does not count: the user agent was started again.
  auto other = registration("alice", 1, "Contact: <sip:a@h>;q=0.2\r\n");
  other.call_id = "another";
  check(contacts(at.receive(other)), {"<sip:a@h>;q=0.2;expires=3600"});
  BOOST_TEST(at.store->size() == 1u);
}

BOOST_AUTO_TEST_CASE(step_7_contacts_are_the_same_by_the_uri_comparison_rules_of_19_1_4) {
  open_office at;
  (void)at.receive(registration("alice", 1, "Contact: <sip:%61@H.example.com;x=1>\r\n"));
  auto const same =
      at.receive(registration("alice", 2, "Contact: \"A\" <sip:a@h.EXAMPLE.com>;q=0.3\r\n"));
  check(contacts(same), {"<sip:a@h.EXAMPLE.com>;q=0.3;expires=3600"});
  auto const other =
      at.receive(registration("alice", 3, "Contact: <sip:a@h.example.com;transport=tcp>\r\n"));
  BOOST_TEST(contacts(other).size() == 2u);
  // A Contact may be of any scheme.
  auto const mail = at.receive(registration("alice", 4, "Contact: mailto:alice@example.com\r\n"));
  BOOST_TEST(contacts(mail).back() == "<mailto:alice@example.com>;expires=3600");
}

BOOST_AUTO_TEST_CASE(step_7_of_two_bindings_that_a_contact_is_equivalent_to_the_same_uri_is_meant) {
  // "All other uri-parameters appearing in only one URI are ignored", so that equivalence is not
  // transitive (19.1.4).
  open_office at;
  auto listed = [&, cseq = 0u](std::string const& contact) mutable {
    return contacts(at.receive(registration("alice", ++cseq, "Contact: " + contact + "\r\n")));
  };
  (void)listed("<sip:a@h;rinstance=1>");
  (void)listed("<sip:a@h;rinstance=2>");
  check(listed("<sip:a@h>"), {"<sip:a@h>;expires=3600", "<sip:a@h;rinstance=2>;expires=3600"});
  check(listed("<sip:a@h;rinstance=2>;q=0.5"),
        {"<sip:a@h>;expires=3600", "<sip:a@h;rinstance=2>;q=0.5;expires=3600"});
  check(listed("<sip:a@h;rinstance=2>;expires=0"), {"<sip:a@h>;expires=3600"});
  check(listed("<sip:a@h;rinstance=2>;expires=0"), {});
}

BOOST_AUTO_TEST_CASE(step_7_a_fold_is_one_space_7_3_1) {
  open_office at;
  auto const bound = [&](unsigned cseq, std::string const& instance) {
    return contacts(at.receive(
        registration("alice", cseq,
                     "Supported: outbound\r\nContact: <sip:alice@192.0.2.1>;+sip.instance=\"" +
                         instance + "\";reg-id=1\r\n")));
  };
  strings const one_flow{"<sip:alice@192.0.2.1>;+sip.instance=\"<urn:x y>\";reg-id=1;expires=3600"};
  check(bound(1, "<urn:x\r\n y>"), one_flow);
  check(bound(2, "<urn:x \r\n\t  y>"), one_flow);
  check(bound(3, "<urn:x y>"), one_flow);
}

BOOST_AUTO_TEST_CASE(step_7_of_a_contact_that_is_named_twice_the_last_counts) {
  open_office at;
  auto const ok = at.receive(registration(
      "alice", 1, "Contact: <sip:a@h>;q=0.1, <sip:b@h>, <sip:a@h>;q=0.9, <sip:b@h>;expires=0\r\n"));
  check(contacts(ok), {"<sip:a@h>;q=0.9;expires=3600"});
  check(at.events(), {"bound sip:alice@example.com sip:a@h"});
}

BOOST_AUTO_TEST_CASE(step_7_a_full_store_says_when_there_will_be_a_place) {
  open_office at;
  (void)at.receive(
      registration("alice", 1, "Contact: <sip:a@h>;expires=600, <sip:b@h>, <sip:c@h>\r\n"));
  at.events();
  auto const full = at.receive(registration("alice", 2, "Contact: <sip:d@h>, <sip:a@h>;q=0\r\n"));
  BOOST_TEST(status(full) == 500);
  // What it asks for has no place before one of the two others is over.
  BOOST_TEST(value_of(full, header::retry_after) == "3600");
  check(at.events(), {"refused sip:alice@example.com 500"});
  BOOST_TEST(at.agent->binding_counts().full == 1u);
  // A place that the same request frees may be taken.
  auto const swapped =
      at.receive(registration("alice", 3, "Contact: <sip:d@h>, <sip:a@h>;expires=0\r\n"));
  BOOST_TEST(status(swapped) == 200);
  BOOST_TEST(contacts(swapped).size() == 3u);
  // No place for a fifth address-of-record.
  for (auto const* user : {"bob", "carol", "dave"})
    BOOST_TEST(status(at.receive(registration(user, 1, one))) == 200);
  BOOST_TEST(status(at.receive(registration("erin", 1, one))) == 500);
  BOOST_TEST(at.agent->binding_counts().full == 2u);
  at.advance(3601);
  BOOST_TEST(status(at.receive(registration("erin", 2, one))) == 200);
}

BOOST_AUTO_TEST_CASE(step_7_a_full_address_of_record_waits_for_a_binding_of_its_own_21_5_1) {
  open_office at;
  auto const retry_after = [&](std::string const& user, unsigned cseq, std::string const& more) {
    auto const full = at.receive(registration(user, cseq, more));
    BOOST_TEST(status(full) == 500);
    return value_of(full, header::retry_after);
  };
  (void)at.receive(registration("bob", 1, "Contact: <sip:a@h>;expires=60\r\n"));
  (void)at.receive(registration(
      "alice", 1, "Contact: <sip:a@h>;expires=700, <sip:b@h>;expires=600, <sip:c@h>\r\n"));
  BOOST_TEST(retry_after("alice", 2, "Contact: <sip:d@h>\r\n") == "600");
  // Two places, and none by the end of a binding that the request keeps.
  BOOST_TEST(retry_after("alice", 3, "Contact: <sip:d@h>, <sip:e@h>\r\n") == "700");
  BOOST_TEST(retry_after("alice", 4, "Contact: <sip:d@h>, <sip:b@h>\r\n") == "700");
  // A binding lasts to the end of its last second.
  at.now = at.now + milliseconds{500};
  BOOST_TEST(retry_after("alice", 5, "Contact: <sip:d@h>\r\n") == "600");
  at.now = at.now + milliseconds{600'000};
  BOOST_TEST(status(at.receive(registration("alice", 6, "Contact: <sip:d@h>\r\n"))) == 200);
  // "If the condition is temporary": what never fits is not worth a wait.
  BOOST_TEST(retry_after("carol", 1, "Contact: <sip:a@h>, <sip:b@h>, <sip:c@h>, <sip:d@h>\r\n") ==
             "");
  BOOST_TEST(retry_after("carol", 2,
                         "Contact: <sip:a@h>, <sip:b@h>, <sip:c@h>, <sip:d@h>, <sip:e@h>, "
                         "<sip:f@h>, <sip:g@h>\r\n") == "");
}

BOOST_AUTO_TEST_CASE(step_8_the_response_lists_what_is_left_of_each_binding_and_the_date) {
  auto s = example_com();
  // Sat, 13 Nov 2010 23:29:00 GMT, the example of 20.17, at 1,000 s of our clock.
  s.unix_time = milliseconds{(1'289'690'940 - 1000) * std::int64_t{1000}};
  open_office at{s};
  (void)at.receive(registration("alice", 1, "Contact: <sip:a@h>;q=0.7;expires=100\r\n"));
  at.advance(40);
  auto const ok =
      at.receive(registration("alice", 2, "Contact: <sip:b@h;lr>;methods=\"INVITE\"\r\n"));
  check(contacts(ok),
        {"<sip:a@h>;q=0.7;expires=60", "<sip:b@h;lr>;methods=\"INVITE\";expires=3600"});
  BOOST_TEST(value_of(ok, header::date) == "Sat, 13 Nov 2010 23:29:40 GMT");
  BOOST_TEST(read(ok).value.to_tag() != "");
  BOOST_TEST(!read(ok).value.has(header::record_route));
  at.advance(59 * 86'400);
  BOOST_TEST(value_of(at.receive(registration("alice", 3, "")), header::date) ==
             "Tue, 11 Jan 2011 23:29:40 GMT");
  at.advance(414 * std::int64_t{86'400});
  BOOST_TEST(value_of(at.receive(registration("alice", 4, "")), header::date) ==
             "Wed, 29 Feb 2012 23:29:40 GMT");
}

BOOST_AUTO_TEST_CASE(step_8_a_record_route_is_ignored) {
  open_office at;
  auto const ok =
      at.receive(registration("alice", 1, one + "Record-Route: <sip:p.example.com;lr>\r\n"));
  BOOST_TEST(status(ok) == 200);
  BOOST_TEST(!read(ok).value.has(header::record_route));
}

BOOST_AUTO_TEST_CASE(bindings_expire_in_their_time_10_2_2) {
  open_office at;
  (void)at.receive(
      registration("alice", 1, "Contact: <sip:a@h>;expires=60, <sip:b@h>;expires=90\r\n"));
  at.events();
  at.advance(50);
  (void)at.receive(registration("alice", 2, "Contact: <sip:b@h>;expires=60\r\n")); // refreshed
  at.events();
  at.advance(9);
  check(at.events(), {});
  at.advance(1);
  check(at.events(), {"expired sip:alice@example.com sip:a@h"});
  at.advance(49);
  BOOST_TEST(at.store->size() == 1u);
  at.advance(1);
  check(at.events(), {"expired sip:alice@example.com sip:b@h"});
  BOOST_TEST(at.store->size() == 0u);
  BOOST_TEST(at.agent->binding_counts().expired == 2u);
  at.advance(64);
  BOOST_TEST(at.agent->next_timeout().is_never());
  BOOST_TEST(at.agent->live_transactions() == 0u);
}

BOOST_AUTO_TEST_CASE(a_binding_whose_timer_was_not_heard_yet_is_over_all_the_same) {
  open_office at;
  (void)at.receive(registration("alice", 10, "Contact: <sip:a@h>;expires=60\r\n"));
  at.events();
  at.now = at.now + milliseconds{60'000};
  check(contacts(at.receive(registration("alice", 11, ""))), {});
  check(at.events(), {"expired sip:alice@example.com sip:a@h"});
  // An older CSeq does not matter: there is no binding that it could be compared with.
  (void)at.receive(registration("alice", 12, "Contact: <sip:a@h>;expires=60\r\n"));
  at.now = at.now + milliseconds{60'000};
  at.events();
  check(contacts(at.receive(registration("alice", 9, "Contact: <sip:a@h>\r\n"))),
        {"<sip:a@h>;expires=3600"});
  check(at.events(),
        {"expired sip:alice@example.com sip:a@h", "bound sip:alice@example.com sip:a@h"});
  BOOST_TEST(at.store->size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_retransmission_has_the_same_answer_and_changes_nothing_17_2_2) {
  open_office at;
  auto r = registration("alice", 1, one);
  auto const text = r.text();
  auto const first = at.receive(text);
  at.events();
  at.advance(10);
  BOOST_TEST(at.receive(text) == first);
  check(at.events(), {});
  BOOST_TEST(at.agent->counts().retransmissions == 1u);
  // After Timer J it is a request out of order.
  at.advance(60);
  BOOST_TEST(status(at.receive(text)) == 500);
}

BOOST_AUTO_TEST_CASE(other_methods_are_405_or_501_with_allow_and_options_is_200) {
  open_office at;
  auto const options = at.receive(of("OPTIONS"));
  BOOST_TEST(status(options) == 200);
  BOOST_TEST(value_of(options, header::allow) == "REGISTER, OPTIONS");
  BOOST_TEST(value_of(options, header::supported) == "path, outbound");
  BOOST_TEST(value_of(options, header::accept_encoding) == "identity");
  BOOST_TEST(read(options).value.has(header::accept));
  for (auto const* method : {"INVITE", "SUBSCRIBE", "BYE", "CANCEL", "MESSAGE"}) {
    auto const response = at.receive(of(method));
    BOOST_TEST(status(response) == 405);
    BOOST_TEST(value_of(response, header::allow) == "REGISTER, OPTIONS");
  }
  BOOST_TEST(status(at.receive(of("FOO"))) == 501);
  check(at.events(), {});
}

BOOST_AUTO_TEST_CASE(path_is_stored_and_returned_in_order_and_service_route_too_rfc_3327_3608) {
  auto s = example_com();
  s.service_route = "<sip:hsp.example.com;lr>";
  open_office at{s};
  auto const ok = at.receive(registration(
      "alice", 1,
      one + "Supported: path\r\nPath: <sip:p2.example.com;lr>,\r\n <sip:p1.example.com;lr>\r\n"
            "Path: <sip:p0.example.com;lr>;x=y\r\n"));
  std::string const path =
      "<sip:p2.example.com;lr>, <sip:p1.example.com;lr>, <sip:p0.example.com;lr>;x=y";
  BOOST_TEST(value_of(ok, header::path) == path);
  BOOST_TEST(value_of(ok, header::service_route) == "<sip:hsp.example.com;lr>");
  binding_record kept[3];
  BOOST_TEST(at.store->list("sip:alice@example.com", kept) == 1u);
  BOOST_TEST(kept[0].path == path);
  BOOST_TEST(kept[0].call_id == "call-of-alice");
  BOOST_TEST(kept[0].cseq == 1u);
  // "A REGISTER operation performing a Fetching Bindings […] SHOULD return the same value of
  // Service-Route" (RFC 3608 6.3).
  BOOST_TEST(value_of(at.receive(registration("alice", 2, "")), header::service_route) ==
             "<sip:hsp.example.com;lr>");
  // quoted-pair = "\" (%x00-09 / %x0B-0C / %x0E-7F) (RFC 3261 25.1)
  std::string const quoted = "\"\\\x07\" <sip:p@h;lr>;x=\"\\\x7f\"";
  BOOST_TEST(value_of(at.receive(registration("alice", 3,
                                              one + "Supported: path\r\nPath: " + quoted + "\r\n")),
                      header::path) == quoted);
  for (auto const* wrong :
       {"Path: sip:p@h\r\n", "Path: <sip:>\r\n", "Path: x\r\n", "Path: \"\x07\" <sip:p@h;lr>\r\n"})
    BOOST_TEST(status(at.receive(registration("alice", 10 + at.branches,
                                              one + "Supported: path\r\n" + wrong))) == 400);
}

namespace {
std::string const instance = "\"<urn:uuid:00000000-0000-1000-8000-000A95A0E128>\"";
std::string flow(std::string const& uri, int id) {
  return "Contact: <" + uri + ">;reg-id=" + std::to_string(id) + ";+sip.instance=" + instance +
         "\r\n";
}
} // namespace

BOOST_AUTO_TEST_CASE(a_flow_is_known_by_its_instance_and_reg_id_rfc_5626_6) {
  auto s = example_com();
  s.flow_timer = 120;
  open_office at{s};
  std::string const supported = "Supported: path, outbound\r\n";
  auto const ok = at.receive(registration("alice", 1, flow("sip:a@192.0.2.1:1", 1) + supported));
  BOOST_TEST(value_of(ok, header::require) == "outbound");
  BOOST_TEST(value_of(ok, header::flow_timer) == "120");
  check(contacts(ok), {"<sip:a@192.0.2.1:1>;reg-id=1;+sip.instance=" + instance + ";expires=3600"});
  // The phone was started again, and has another address and Call-ID: the flow is replaced.
  auto again = registration("alice", 1, flow("sip:a@192.0.2.1:2", 1) + supported);
  again.call_id = "another";
  at.events();
  BOOST_TEST(contacts(at.receive(again)).size() == 1u);
  check(at.events(), {"refreshed sip:alice@example.com sip:a@192.0.2.1:2"});
  binding_record kept[3];
  BOOST_TEST(at.store->list("sip:alice@example.com", kept) == 1u);
  BOOST_TEST(kept[0].reg_id == 1u);
  BOOST_TEST(kept[0].instance() == instance);
  BOOST_TEST((kept[0].source == ip(1)));
  // A second flow, and a Contact without one that has the same URI.
  BOOST_TEST(
      contacts(at.receive(registration("alice", 3, flow("sip:a@192.0.2.1:2", 2) + supported)))
          .size() == 2u);
  auto const plain = at.receive(registration("alice", 4, "Contact: <sip:a@192.0.2.1:2>\r\n"));
  BOOST_TEST(contacts(plain).size() == 3u);
  BOOST_TEST(!read(plain).value.has(header::require));
}

BOOST_AUTO_TEST_CASE(instance_ids_are_compared_as_urns_rfc_5626_4_1) {
  auto const bindings_of = [](std::string const& first, std::string const& second) {
    open_office at;
    std::string const supported = "Supported: outbound\r\n";
    for (auto const& id : {first, second}) {
      auto r = registration(
          "alice", 1, "Contact: <sip:a@h>;reg-id=1;+sip.instance=\"<" + id + ">\"\r\n" + supported);
      r.call_id = "call-" + id;
      BOOST_TEST(status(at.receive(r)) == 200);
    }
    return at.store->size();
  };
  BOOST_TEST(bindings_of("urn:uuid:f81d4fae", "URN:UUID:F81D4fae") == 1u);
  BOOST_TEST(bindings_of("urn:foo:a", "URN:FOO:a") == 1u);
  BOOST_TEST(bindings_of("urn:foo:a", "urn:foo:A") == 2u);
}

BOOST_AUTO_TEST_CASE(a_reg_id_that_does_not_count_is_ignored_rfc_5626_6) {
  open_office at;
  // Without an instance-id, or not a number from 1 to 2**31-1.
  for (auto const* more : {"Contact: <sip:a@h>;reg-id=1\r\n", "Contact: <sip:a@h>;reg-id=0\r\n",
                           "Contact: <sip:a@h>;reg-id=4294967296\r\n"}) {
    auto const ok = at.receive(
        registration("alice", ++at.branches, more + std::string{"Supported: outbound\r\n"}));
    BOOST_TEST(status(ok) == 200);
    BOOST_TEST(!read(ok).value.has(header::require));
    BOOST_TEST(at.store->size() == 1u);
  }
  // One flow a request.
  BOOST_TEST(status(at.receive(
                 registration("alice", 50, flow("sip:b@h", 1) + "Contact: <sip:c@h>\r\n"))) == 400);
  BOOST_TEST(status(at.receive(registration(
                 "alice", 51, flow("sip:b@h", 1) + "Contact: <sip:a@h>;expires=0\r\n"))) == 200);
  BOOST_TEST(at.store->size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_first_hop_without_outbound_is_439_rfc_5626_6) {
  open_office at;
  auto const through = [&](unsigned cseq, std::string const& more) {
    auto r = registration("alice", cseq, flow("sip:a@h", 1) + more);
    r.via = "SIP/2.0/UDP 192.0.2.9;branch=z9hG4bKp" + std::to_string(cseq) +
            "\r\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKq";
    return at.receive(r.text());
  };
  BOOST_TEST(status(through(1, "Supported: outbound\r\n")) == 439);
  BOOST_TEST(status(through(2, "Supported: outbound, path\r\nPath: <sip:p@h;lr>\r\n")) == 439);
  auto const ignored = through(3, "Supported: path\r\nPath: <sip:p@h;lr>\r\n");
  BOOST_TEST(status(ignored) == 200);
  BOOST_TEST(!read(ignored).value.has(header::require));
  auto const ok = through(4, "Supported: outbound, path\r\nPath: <sip:p@h;lr;ob>\r\n");
  BOOST_TEST(status(ok) == 200);
  BOOST_TEST(value_of(ok, header::require) == "outbound");
  BOOST_TEST(!read(ok).value.has(header::flow_timer));
}

BOOST_AUTO_TEST_CASE(a_gruu_is_not_given_and_not_taken_from_the_user_agent_rfc_5627_5_1) {
  open_office at;
  auto const ok = at.receive(registration(
      "alice", 1,
      "Supported: gruu\r\nContact: <sip:a@h>;pub-gruu=\"sip:x@h;gr=1\";+sip.instance=" + instance +
          ";temp-gruu=\"sip:y@h;gr\"\r\n"));
  check(contacts(ok), {"<sip:a@h>;+sip.instance=" + instance + ";expires=3600"});
}

BOOST_AUTO_TEST_CASE(rfc_3665_2_as_messages) {
  auto s = example_com();
  s.domains = "ss2.biloxi.example.com, biloxi.example.com";
  s.most_expires = 0xffff'ffff;
  guarded_office at{s};
  auto const bob = [](unsigned cseq, std::string const& more) {
    auto r = registration("bob", cseq, more);
    r.uri = "sips:ss2.biloxi.example.com";
    r.from = "Bob <sips:bob@biloxi.example.com>;tag=a" + std::to_string(cseq);
    r.to = "Bob <sips:bob@biloxi.example.com>";
    r.call_id = "1j9FpLxk3uxtm8tn@biloxi.example.com";
    return r;
  };
  std::string const client = "Contact: <sips:bob@client.biloxi.example.com>\r\n";
  auto const sign = [](std::string const& challenge, unsigned count, std::string const& password) {
    return authorization(challenge, {"bob", password, count, "sips:ss2.biloxi.example.com"});
  };
  // 2.1 Successful New Registration
  auto const challenge = at.receive(bob(1, client));
  BOOST_TEST(status(challenge) == 401);
  auto const ok = at.receive(bob(2, client + sign(challenge, 1, "bob")));
  check(contacts(ok), {"<sips:bob@client.biloxi.example.com>;expires=3600"});
  // 2.2 Update of Contact List
  auto const updated =
      at.receive(bob(3, "Contact: mailto:bob@biloxi.example.com;expires=4294967295\r\n" +
                            sign(challenge, 2, "bob")));
  check(contacts(updated), {"<sips:bob@client.biloxi.example.com>;expires=3600",
                            "<mailto:bob@biloxi.example.com>;expires=4294967295"});
  // 2.3 Request for Current Contact List
  check(contacts(at.receive(bob(4, sign(challenge, 3, "bob")))), contacts(updated));
  // 2.4 Cancellation of Registration
  auto const none = at.receive(bob(5, "Expires: 0\r\nContact: *\r\n" + sign(challenge, 4, "bob")));
  BOOST_TEST(status(none) == 200);
  check(contacts(none), {});
  // 2.5 Unsuccessful Registration
  auto const once_more = at.receive(bob(6, client));
  BOOST_TEST(status(once_more) == 401);
  auto const refused = at.receive(bob(7, client + sign(once_more, 1, "guess")));
  BOOST_TEST(status(refused) == 401);
  BOOST_TEST(value_of(refused, header::www_authenticate) != "");
  BOOST_TEST(at.store->size() == 0u);
}

BOOST_AUTO_TEST_CASE(a_thousand_registrations_at_once) {
  using large_store = registrar_store<registrar_store_size{1000, 1, 128, 48}>;
  using agent_type = registrar<registrar_size{2000, 800}, large_store, people>;
  auto const store = std::make_unique<large_store>(hash_seed{1, 2});
  people users;
  no_authentication const nobody_asked;
  auto const agent = std::make_unique<agent_type>(example_com(), *store, users, nobody_asked);
  instant now{5'000};
  auto const all = [&](unsigned cseq, std::string const& more) {
    std::size_t ok = 0;
    for (int i = 0; i < 1000; ++i) {
      std::string const user = "user" + std::to_string(i);
      auto r = registration(user, cseq, "Contact: <sip:" + user + "@192.0.2.1>" + more + "\r\n");
      r.via += std::to_string(cseq) + user;
      agent->receive(r.text(), ip(1), transport::udp, now);
      for (datagram d; agent->poll_transmit(d);) ok += read(d.bytes).value.status() == 200;
      for (registrar_event e; agent->poll_event(e);) {
      }
    }
    return ok;
  };
  BOOST_TEST(all(1, ";expires=60") == 1000u);
  BOOST_TEST(store->size() == 1000u);
  BOOST_TEST(agent->live_transactions() == 1000u);
  now = now + milliseconds{32'000};
  while (agent->next_timeout() <= now) agent->handle_timeout(now);
  BOOST_TEST(agent->live_transactions() == 0u);
  BOOST_TEST(all(2, ";expires=60") == 1000u); // refreshed
  now = now + milliseconds{59'999};
  while (agent->next_timeout() <= now) agent->handle_timeout(now);
  BOOST_TEST(store->size() == 1000u);
  now = now + milliseconds{1};
  std::size_t expired = 0;
  while (agent->next_timeout() <= now) {
    agent->handle_timeout(now);
    for (registrar_event e; agent->poll_event(e);)
      expired += e.kind == registrar_event_kind::expired;
  }
  BOOST_TEST(expired == 1000u);
  BOOST_TEST(store->size() == 0u);
  BOOST_TEST(agent->next_timeout().is_never());
}

namespace {
// A database that can be down.
struct own_database {
  static constexpr std::size_t most_bindings = 2;
  bool down{};
  std::size_t changes{};

  std::size_t list(std::string_view, std::span<binding_record>) const { return 0; }
  store_result apply(std::string_view, std::span<binding_change const> all) {
    if (down) return store_result::failed;
    changes += all.size();
    return store_result::done;
  }
  instant next_expiry() const { return instant::never(); }
  bool expire(instant, expired_binding&) { return false; }
};
static_assert(binding_store<own_database>);
} // namespace

BOOST_AUTO_TEST_CASE(a_store_that_fails_is_500_and_nothing_is_told_10_3_step_7) {
  no_authentication const nobody_asked;
  office<own_database> at{example_com(), nobody_asked, std::make_unique<own_database>()};
  at.store->down = true;
  BOOST_TEST(status(at.receive(registration("alice", 1, one))) == 500);
  check(at.events(), {"refused sip:alice@example.com 500"});
  at.store->down = false;
  BOOST_TEST(status(at.receive(registration("alice", 2, one))) == 200);
  check(at.events(), {"bound sip:alice@example.com sip:alice@192.0.2.1"});
  BOOST_TEST(at.store->changes == 1u);
}

BOOST_AUTO_TEST_CASE(what_does_not_fit_is_refused_before_anything_is_bound) {
  open_office at;
  std::string const longer(250, 'x');
  // More text than a place of the store has.
  BOOST_TEST(status(at.receive(registration("alice", 1, "Contact: <sip:" + longer + "@h>\r\n"))) ==
             500);
  // More than the response has room for.
  std::string path = "Supported: path\r\n";
  BOOST_TEST(status(at.receive(registration("alice", 2,
                                            "Contact: <sip:a@h>;a=" + longer.substr(0, 200) +
                                                ", <sip:b@h>;a=" + longer.substr(0, 200) +
                                                ", <sip:c@h>;a=" + longer.substr(0, 200) +
                                                "\r\n"))) == 200);
  path += "Path: <sip:p@h;lr;a=" + longer + longer + ">\r\n";
  at.events();
  auto const response = at.receive(registration("alice", 3, path));
  BOOST_TEST(status(response) == 500);
  BOOST_TEST(contacts(at.receive(registration("alice", 4, ""))).size() == 3u);
  // An address-of-record that is too long for it.
  BOOST_TEST(status(at.receive(registration(longer.substr(0, 60), 1, one))) == 500);
}

BOOST_AUTO_TEST_CASE(what_is_told_of_a_binding_outlives_the_datagram_10_3_step_7) {
  open_office at;
  for (auto const kind : {registrar_event_kind::bound, registrar_event_kind::refreshed}) {
    auto r = registration("alice", kind == registrar_event_kind::bound ? 1 : 2,
                          "Supported: path\r\nPath: <sip:p1@h;lr>,<sip:p2@h;lr>\r\n"
                          "Contact: <sip:alice@192.0.2.1>;q=0.5, <sip:alice@192.0.2.3>\r\n");
    r.via = "SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK" + std::to_string(r.cseq);
    std::string datagram = r.text();
    at.agent->receive(datagram, ip(1), transport::udp, at.now);
    std::fill(datagram.begin(), datagram.end(), '#');
    strings contacts_told;
    for (registrar_event e; at.agent->poll_event(e);) {
      BOOST_TEST((e.kind == kind));
      BOOST_TEST(e.address_of_record == "sip:alice@example.com");
      BOOST_TEST(e.binding.path == "<sip:p1@h;lr>, <sip:p2@h;lr>");
      BOOST_TEST(e.binding.call_id == "call-of-alice");
      contacts_told.push_back(std::string{e.binding.contact} + std::string{e.binding.parameters});
    }
    check(contacts_told, {"sip:alice@192.0.2.1;q=0.5", "sip:alice@192.0.2.3"});
  }
}

BOOST_AUTO_TEST_CASE(events_that_are_not_taken_in_time_are_counted) {
  open_office at;
  auto r = registration("alice", 1, one);
  at.agent->receive(r.text(), ip(1), transport::udp, at.now);
  at.agent->handle_timeout(at.now);
  BOOST_TEST(at.agent->binding_counts().untold == 1u);
  registrar_event e;
  BOOST_TEST(!at.agent->poll_event(e));
}

namespace {
// 10.3 steps 6 to 8 once more, as plainly as can be.
struct model {
  struct bound {
    std::string uri, call_id;
    unsigned cseq;
    std::int64_t until; // in seconds
  };
  std::vector<bound> all{};

  struct wish {
    std::string uri;
    unsigned expires;
  };
  int process(std::vector<wish> const& wishes, bool star, std::string const& call_id, unsigned cseq,
              std::int64_t now, std::size_t places) {
    std::erase_if(all, [&](bound const& b) { return b.until <= now; });
    auto next = all;
    auto const older = [&](std::string const& uri) {
      for (auto const& b : all)
        if (b.uri == uri && b.call_id == call_id && cseq <= b.cseq) return true;
      return false;
    };
    if (star) {
      for (auto const& b : all)
        if (older(b.uri)) return 500;
      next.clear();
    }
    for (auto const& w : wishes) {
      if (w.expires > 0 && w.expires < 60) return 423;
      if (older(w.uri)) return 500;
      auto const same = [&](bound const& b) { return b.uri == w.uri; };
      auto const found = std::find_if(next.begin(), next.end(), same);
      bound const made{w.uri, call_id, cseq, now + w.expires};
      if (w.expires == 0)
        std::erase_if(next, same);
      else if (found != next.end())
        *found = made;
      else
        next.push_back(made);
    }
    if (next.size() > places) return 500;
    all = next;
    return 200;
  }
  strings list(std::int64_t now) const {
    strings texts;
    for (auto const& b : all)
      texts.push_back("<" + b.uri + ">;expires=" + std::to_string(b.until - now));
    std::sort(texts.begin(), texts.end());
    return texts;
  }
};
} // namespace

BOOST_AUTO_TEST_CASE(random_requests_do_what_10_3_says) {
  std::mt19937 random{3};
  auto const draw = [&](unsigned below) { return static_cast<unsigned>(random() % below); };
  std::size_t seen[3]{};
  for (int run = 0; run < 60; ++run) {
    open_office at;
    model expected;
    std::int64_t const start = at.now.count;
    for (int request = 0; request < 40; ++request) {
      at.advance(draw(50));
      std::int64_t const now = (at.now.count - start) / 1000;
      bool const star = draw(10) == 0;
      std::vector<model::wish> wishes;
      std::string more = star ? "Contact: *\r\nExpires: 0\r\n" : "";
      if (!star)
        for (unsigned n = draw(4); n > 0; --n) {
          static constexpr unsigned intervals[] = {0, 70, 100, 1000, 3600, 70, 30};
          model::wish const w{std::string{"sip:"} + static_cast<char>('a' + draw(5)) + "@h",
                              intervals[draw(draw(8) ? 6 : 7)]};
          wishes.push_back(w);
          more += "Contact: <" + w.uri + ">;expires=" + std::to_string(w.expires) + "\r\n";
        }
      auto r = registration("alice", 1 + static_cast<unsigned>(request) / 2 + draw(5), more);
      r.from = "<sip:alice@example.com>;tag=t" + std::to_string(request);
      r.call_id = draw(4) ? "one" : "two";
      int const wanted =
          expected.process(wishes, star, r.call_id, r.cseq, now, own_store::most_bindings);
      auto const response = at.receive(r);
      BOOST_TEST_REQUIRE(status(response) == wanted);
      ++seen[wanted == 200 ? 0 : wanted == 423 ? 1 : 2];
      if (wanted != 200) continue;
      auto got = contacts(response);
      std::sort(got.begin(), got.end());
      BOOST_TEST_REQUIRE(got == expected.list(now), boost::test_tools::per_element());
    }
  }
  for (auto const n : seen) BOOST_TEST(n > 50u);
}

BOOST_AUTO_TEST_CASE(a_registrar_without_ado_takes_everybody_under_his_own_name) {
  own_store store{hash_seed{1, 2}};
  own_address_only const users;
  no_authentication const nobody_asked;
  auto const agent = std::make_unique<registrar<registrar_size{}, own_store>>(example_com(), store,
                                                                              users, nobody_asked);
  agent->receive(registration("alice", 1, one).text(), ip(1), transport::udp, instant{0});
  datagram d;
  BOOST_TEST_REQUIRE(agent->poll_transmit(d));
  BOOST_TEST(read(d.bytes).value.status() == 200);
  BOOST_TEST(store.size() == 1u);
}

BOOST_AUTO_TEST_CASE(no_password_and_no_ha1_is_in_what_a_registrar_hands_out) {
  guarded_office at{example_com(), true};
  unsigned cseq = 0;
  auto const asked = [&](std::string const& who, std::string const& more) {
    return at.receive(registration(who, ++cseq, more));
  };
  auto challenge = asked("alice", one);
  BOOST_TEST(status(asked("alice", one + authorization(challenge, {"alice", "ecila"}))) == 200);
  BOOST_TEST(status(asked("alice", one + authorization(challenge, {"alice", "ecila"}))) == 401);
  challenge = asked("alice", one);
  BOOST_TEST(status(asked("alice", one + authorization(challenge, {"alice", "mistaken"}))) == 401);
  challenge = asked("bob", one);
  BOOST_TEST(status(asked("bob", one + authorization(challenge, {"alice", "ecila"}))) == 403);
  challenge = asked("alice", one);
  at.advance(86'400);
  BOOST_TEST(status(asked("alice", one + authorization(challenge, {"alice", "ecila"}))) == 401);
  auto const of_user = [](std::string const& password) {
    return std::string{
        digest_ha1<toy_hashes>(digest_algorithm::md5, "alice", "example.com", password).view()};
  };
  strings const secrets = {"ecila", of_user("ecila"), "mistaken", of_user("mistaken")};
  BOOST_TEST(at.handed_out.size() > 10u);
  for (auto const& secret : secrets) {
    BOOST_TEST_REQUIRE(secret.size() > 4u);
    for (auto const& text : at.handed_out)
      BOOST_TEST(text.find(secret) == std::string::npos, "\"" << secret << "\" is in: " << text);
  }
}

BOOST_AUTO_TEST_CASE(no_bytes_do_harm) {
  guarded_office at;
  std::mt19937 random{11};
  auto const draw = [&](std::size_t below) { return random() % below; };
  auto const challenge = at.receive(registration("alice", 1, one));
  std::string const parts[] = {"Contact: *\r\n",
                               "Contact: <sip:a@h>;reg-id=1;+sip.instance=\"<urn:x>\"\r\n",
                               "Expires: 0\r\n",
                               "Contact: <sip:b@h>;q=0.1;expires=7, sip:c@h;x=\"\\\"\"\r\n",
                               "Path: <sip:p@h;lr>\r\n",
                               "Supported: path, outbound\r\n",
                               "Require: path\r\n",
                               "Expires: 99999999999999\r\n",
                               authorization(challenge, {"alice", "ecila"}),
                               "Contact: \"x\r\n y\" <tel:+1>;z=\"a\r\n b\"\r\n"};
  for (unsigned i = 0; i < 4000; ++i) {
    std::string more;
    for (auto n = draw(6); n > 0; --n) more += parts[draw(std::size(parts))];
    auto r = registration(draw(2) ? "alice" : "bob", i + 2, more);
    if (draw(4) == 0) r.to = "<sip:%00%0d%0a%40@example.com>";
    r.via += std::to_string(i);
    std::string text = r.text();
    for (auto n = draw(4); n > 0; --n) {
      auto const p = draw(text.size());
      switch (draw(4)) {
      case 0: text[p] = static_cast<char>(draw(256)); break;
      case 1: text.erase(p, draw(20)); break;
      case 2: text.insert(p, text.substr(draw(text.size()), draw(40))); break;
      default: text[p] = "<>\";,=@%\r\n "[draw(11)]; break;
      }
    }
    at.agent->receive(text, ip(static_cast<std::uint8_t>(draw(3))), transport::udp, at.now);
    at.take();
    for (auto const& s : std::exchange(at.sent, {})) {
      BOOST_TEST_REQUIRE((read(s).error == read_error::none));
      BOOST_TEST_REQUIRE(s.size() <= 1300u);
    }
    at.advance(static_cast<std::int64_t>(draw(8)));
    at.sent.clear();
    BOOST_TEST_REQUIRE(at.store->addresses_of_record() <= 4u);
  }
  at.advance(200'000);
  BOOST_TEST(at.store->size() == 0u);
  BOOST_TEST(at.agent->live_transactions() == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
