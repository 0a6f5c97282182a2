// A registrant, message by message and in virtual time: RFC 3261 10.2 and 22, RFC 3665 2, RFC 5626
// 4, RFC 3680 4.7, RFC 3329 2.3; then against the registrar of this library over a network that
// loses datagrams. The hash is a toy: what is tested here is what is sent when, not the arithmetic.
#include <ctsip/user_agent/registrant.hpp>
#include <ctsip/user_agent/registrar.hpp>

#include <algorithm>
#include <cstdint>
#include <memory>
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

// The passwords that the user of the agent has, and how often they were asked for.
struct wallet {
  std::string password{"secret"};
  std::string ha1{};   // instead of it
  std::string realm{}; // the only one that they are for; empty: all are alike
  unsigned questions{};

  digest_login operator()(digest_question const& q) {
    ++questions;
    if (!realm.empty() && q.realm != realm) return {};
    if (!ha1.empty()) return digest_login::with_ha1("alice", ha1);
    return password.empty() ? digest_login{} : digest_login::with_password("alice", password);
  }
};

constexpr registrant_size size{.registrations = 2, .transactions = 8, .message = 1600};
using agent_type = registrant<toy_hashes, wallet, size>;

std::string const own_uri = "sip:alice@192.0.2.1:5070";

// One registrant on a desk: alice at 192.0.2.1. The test plays the registrar and the clock.
struct phone {
  wallet known{};
  std::vector<std::string_view> contacts{own_uri};
  std::vector<address> hops{ip(2)};
  outgoing_registration wanted{};
  std::unique_ptr<agent_type> agent;
  instant now{1'000'000};
  registration_handle registration{};
  strings sent{};
  std::vector<address> sent_to{};
  strings handed_out{}; // every text, whoever it is for
  strings told{};       // "registered +3600 registered": the event, its time or status, the state
  sending did{};        // what the last command of the user has returned

  explicit phone(registration_preferences const& preferences = {}) {
    registrant_settings s;
    s.element.seed = {7, 8};
    s.element.sent_by = "192.0.2.1:5070";
    s.preferences = preferences;
    agent = std::make_unique<agent_type>(s, known);
    wanted.registrar = "sip:example.com";
    wanted.address_of_record = "sip:alice@example.com";
  }
  // The REGISTER.
  std::string start() {
    wanted.contacts = contacts;
    wanted.next_hops = hops;
    registration = agent->add(wanted, now);
    BOOST_TEST_REQUIRE(static_cast<bool>(registration));
    take();
    BOOST_TEST_REQUIRE(sent.size() == 1u);
    return sent[0];
  }
  void take() {
    for (datagram d; agent->poll_transmit(d);) {
      sent.emplace_back(d.bytes);
      sent_to.push_back(d.to);
      handed_out.emplace_back(d.bytes);
    }
    for (registrant_event e; agent->poll_event(e);) {
      std::string line = name(e.kind);
      if (!e.until.is_never()) line += " +" + std::to_string((e.until - now).count / 1000);
      if (e.status >= 300) line += ' ' + std::to_string(e.status);
      if (e.refused) line += " refused";
      told.push_back(line + ": " + name(e.state));
      handed_out.emplace_back(e.message.bytes());
    }
    auto const& a = agent->registrations();
    for (auto const text :
         {a.service_route(registration), a.path(registration), a.associated_uris(registration),
          a.public_gruu(registration), a.temporary_gruu(registration),
          a.security_server(registration), a.challenge(registration).realm,
          a.challenge(registration).username, a.challenge(registration).rand_autn})
      if (!text.empty()) handed_out.emplace_back(text);
  }
  // What is sent because of it.
  strings receive(std::string const& text, transport over = transport::udp) {
    sent.clear();
    sent_to.clear();
    agent->receive(text, hops.empty() ? ip(2) : hops[0], over, now);
    take();
    return sent;
  }
  // The same where a REGISTER must follow.
  std::string next(std::string const& text) {
    auto const all = receive(text);
    BOOST_TEST_REQUIRE(all.size() == 1u);
    return all[0];
  }
  // What is sent meanwhile.
  strings advance(std::int64_t milliseconds_count) {
    sent.clear();
    sent_to.clear();
    instant const end = now + milliseconds{milliseconds_count};
    while (agent->next_timeout() <= end) {
      now = std::max(now, agent->next_timeout());
      agent->handle_timeout(now);
      take();
    }
    now = end;
    return sent;
  }
  strings events() { return std::exchange(told, {}); }
  registration_status state() const { return agent->state(registration); }
  // What is sent because the user wants it.
  strings add() { return done(agent->add(registration, now)); }
  strings refresh() { return done(agent->refresh(registration, now)); }
  strings fetch() { return done(agent->fetch(registration, now)); }
  strings remove(bool everything = false) {
    return done(everything ? agent->remove_all(registration, now)
                           : agent->remove(registration, now));
  }
  strings authorize(digest_login const& login = {}) {
    return done(agent->authorize(registration, now, login));
  }
  strings done(sending result) {
    did = result;
    sent.clear();
    sent_to.clear();
    take();
    return sent;
  }
  // Registered once, and not any more.
  void settle_and_remove() {
    settle();
    BOOST_TEST(receive(answer(remove().at(0), 200, "r")).empty());
    told.clear();
  }
  // Registered for so many seconds, after a challenge.
  std::string settle(std::string const& seconds = "3600") {
    auto const first = start();
    auto const second = next(challenge(first, "n1"));
    BOOST_TEST(receive(granted(second, seconds)).empty());
    told.clear();
    return second;
  }
  static std::string challenge(std::string const& request, std::string const& nonce,
                               std::string const& more = "") {
    return answer(request, 401, "r",
                  "WWW-Authenticate: Digest realm=\"example.com\", nonce=\"" + nonce +
                      "\", qop=\"auth\"" + more + "\r\n");
  }
  static std::string challenge_of_proxy(std::string const& request) {
    return answer(request, 407, "r",
                  "Proxy-Authenticate: Digest realm=\"proxy\", nonce=\"p1\", qop=\"auth\"\r\n");
  }
  static std::string granted(std::string const& request, std::string const& seconds,
                             std::string const& more = "") {
    return answer(request, 200, "r",
                  "Contact: <" + own_uri + ">;expires=" + seconds + "\r\n" + more);
  }
};

void check(strings const& got, strings const& expected) {
  BOOST_TEST(got == expected, boost::test_tools::per_element());
}
unsigned cseq(std::string const& text) { return read(text).value.cseq().number; }
std::string call_id(std::string const& text) { return std::string{read(text).value.call_id()}; }
std::string authorization(std::string const& text) { return value_of(text, header::authorization); }
bool has(std::string const& text, std::string const& part) {
  return text.find(part) != std::string::npos;
}
// REGISTERs among messages that may be retransmitted: those with a CSeq of their own.
std::size_t attempts(strings const& all) {
  std::size_t count = 0;
  unsigned last = 0;
  for (auto const& m : all)
    if (cseq(m) != last) ++count, last = cseq(m);
  return count;
}

} // namespace

BOOST_AUTO_TEST_SUITE(user_agent_registrant)

BOOST_AUTO_TEST_CASE(successful_new_registration_rfc_3665_2_1) {
  phone p;
  auto const first = p.start();
  message const m = read(first).value;
  BOOST_TEST(first_line(first) == "REGISTER sip:example.com SIP/2.0");
  BOOST_TEST(m.to().uri() == "sip:alice@example.com");
  BOOST_TEST(m.to_tag().empty());
  BOOST_TEST(m.from().uri() == "sip:alice@example.com");
  BOOST_TEST(m.contact().uri() == own_uri);
  BOOST_TEST(*m.expires() == 3600u);
  BOOST_TEST(authorization(first).empty());
  BOOST_TEST((p.state() == registration_status::registering));

  auto const second = p.next(phone::challenge(first, "n1"));
  BOOST_TEST(cseq(second) == cseq(first) + 1);
  BOOST_TEST(call_id(second) == call_id(first));
  BOOST_TEST(has(authorization(second), "nonce=\"n1\""));
  BOOST_TEST(has(authorization(second), "nc=00000001"));
  BOOST_TEST(has(authorization(second), "qop=auth"));
  BOOST_TEST(!has(second, "secret"));

  BOOST_TEST(p.receive(phone::granted(second, "1800")).empty());
  check(p.events(), {"registered +1800: registered"});
  BOOST_TEST((p.agent->until(p.registration) - p.now).count == 1'800'000);
}

BOOST_AUTO_TEST_CASE(a_refresh_comes_before_the_expiry_with_the_next_nc_rfc_3261_10_2_4) {
  phone p;
  auto const before = p.settle("1000");
  BOOST_TEST(p.advance(499'000).empty());
  auto const refreshes = p.advance(1'100);
  BOOST_TEST_REQUIRE(refreshes.size() >= 1u);
  BOOST_TEST(attempts(refreshes) == 1u);
  auto const refresh = refreshes[0];
  BOOST_TEST(cseq(refresh) == cseq(before) + 1);
  BOOST_TEST(call_id(refresh) == call_id(before));
  BOOST_TEST(has(authorization(refresh), "nc=00000002"));
  p.receive(phone::granted(refresh, "1000"));
  check(p.events(), {"refreshed +1000: registered"});
}

BOOST_AUTO_TEST_CASE(a_binding_survives_a_challenge_of_its_refresh_rfc_7616_3_3) {
  phone p;
  p.settle("1000");
  auto const refresh = p.advance(500'000).front();
  auto const answer = p.next(phone::challenge(refresh, "n2", ", stale=true"));
  BOOST_TEST((p.state() == registration_status::registered));
  BOOST_TEST(has(authorization(answer), "nonce=\"n2\""));
  BOOST_TEST(has(authorization(answer), "nc=00000001"));
  p.receive(phone::granted(answer, "1000"));
  check(p.events(), {"refreshed +1000: registered"});
}

BOOST_AUTO_TEST_CASE(a_nonce_that_was_good_is_given_up_once_without_stale_rfc_3261_22_1) {
  phone p;
  p.settle("1000");
  auto const refresh = p.advance(500'000).front();
  auto const second = p.next(phone::challenge(refresh, "n2"));
  BOOST_TEST(has(authorization(second), "nonce=\"n2\""));
  BOOST_TEST(p.receive(phone::challenge(second, "n3")).empty());
  check(p.events(), {"challenged 401 refused: challenged"});
  // The binding is there until it expires; nothing is guessed.
  BOOST_TEST(!p.agent->until(p.registration).is_never());
  BOOST_TEST(p.advance(500'000).empty());
  check(p.events(), {"expired: challenged"});
}

BOOST_AUTO_TEST_CASE(wrong_credentials_are_sent_once_rfc_3261_22_1) {
  for (std::string const nonce : {"n1", "n2"}) {
    phone p;
    auto const second = p.next(phone::challenge(p.start(), "n1"));
    BOOST_TEST(p.receive(phone::challenge(second, nonce)).empty());
    check(p.events(), {nonce == "n1" ? "rejected 401 refused: rejected"
                                     : "challenged 401 refused: challenged"});
    BOOST_TEST(p.advance(7'200'000).empty());
    BOOST_TEST(p.agent->live_transactions() == 0u);
  }
}

// The nonce was at fault, and not the password. Whoever asks for another attempt begins anew.
BOOST_AUTO_TEST_CASE(after_too_many_challenges_another_attempt_may_be_challenged_rfc_3261_22_2) {
  for (bool const ends_silently : {false, true}) {
    phone p;
    auto last = p.start();
    int n = 0;
    auto const stale = [&] {
      return phone::challenge(last, "n" + std::to_string(++n), ", stale=true");
    };
    for (int i = 0; i != authentication::most_challenges; ++i) last = p.next(stale());
    if (ends_silently) {
      p.advance(33'000);
      strings again;
      while (again.empty()) again = p.advance(1'000);
      last = again[0];
    } else {
      BOOST_TEST(p.receive(stale()).empty());
      check(p.events(), {"rejected 401: rejected"});
      BOOST_TEST(p.advance(3'600'000).empty());
      last = p.add().at(0);
    }
    for (int i = 0; i != authentication::most_challenges; ++i) last = p.next(stale());
    p.told.clear();
    BOOST_TEST(p.receive(stale()).empty());
    check(p.events(), {"rejected 401: rejected"});
    BOOST_TEST(p.advance(7'200'000).empty());
  }
}

BOOST_AUTO_TEST_CASE(other_credentials_may_follow_those_that_were_refused_rfc_7616_3_3) {
  phone p;
  auto const second = p.next(phone::challenge(p.start(), "n1"));
  p.receive(phone::challenge(second, "n2"));
  BOOST_TEST(p.agent->challenge(p.registration).realm == "example.com");
  p.known.password = "better";
  BOOST_TEST((p.agent->authorize(p.registration, p.now) == sending::sent));
  p.take();
  BOOST_TEST_REQUIRE(p.sent.size() == 1u);
  BOOST_TEST(has(authorization(p.sent[0]), "nonce=\"n2\""));
  BOOST_TEST(cseq(p.sent[0]) == cseq(second) + 1);
  p.receive(phone::granted(p.sent[0], "60"));
  BOOST_TEST(p.events().back() == "registered +60: registered");
  BOOST_TEST((p.agent->authorize(p.registration, p.now) == sending::gone));
}

BOOST_AUTO_TEST_CASE(credentials_that_nobody_knows_are_asked_for_rfc_3261_22_2) {
  phone p;
  p.known.password.clear();
  auto const first = p.start();
  BOOST_TEST(p.receive(phone::challenge(first, "n1")).empty());
  check(p.events(), {"challenged 401: challenged"});
  BOOST_TEST((p.agent->authorize(p.registration, p.now) == sending::deferred));
  p.take();
  check(p.events(), {"challenged 401: challenged"});
  BOOST_TEST((p.agent->authorize(p.registration, p.now,
                                 digest_login::with_password("alice", "typed")) == sending::sent));
  p.take();
  p.receive(phone::granted(p.sent.back(), "60"));
  check(p.events(), {"registered +60: registered"});
}

BOOST_AUTO_TEST_CASE(a_proxy_and_the_registrar_may_both_ask_for_credentials_rfc_3261_22_3) {
  phone p;
  auto const second = p.next(phone::challenge_of_proxy(p.start()));
  BOOST_TEST(has(value_of(second, header::proxy_authorization), "nonce=\"p1\""));
  BOOST_TEST(authorization(second).empty());
  auto const third = p.next(phone::challenge(second, "n1"));
  BOOST_TEST(has(value_of(third, header::proxy_authorization), "nc=00000002"));
  BOOST_TEST(has(authorization(third), "nc=00000001"));
  p.receive(phone::granted(third, "600"));
  check(p.events(), {"registered +600: registered"});
}

// "If the UAC cannot respond to any of the challenges in the response, then it SHOULD abandon
// attempts to send the request".
// "A Proxy-Authorization header field value applies only to the proxy whose realm is identified":
// each of a chain of them has its own.
BOOST_AUTO_TEST_CASE(proxies_in_a_row_ask_for_one_realm_each_rfc_3261_22_3) {
  phone p;
  std::string last = p.start();
  for (std::string const realm : {"a.com", "b.com"}) {
    last = p.next(answer(last, 407, "r",
                         "Proxy-Authenticate: Digest realm=\"" + realm + "\", nonce=\"of " + realm +
                             "\", qop=\"auth\"\r\n"));
    BOOST_TEST(has(last, "realm=\"" + realm + "\""));
  }
  BOOST_TEST(has(last, "realm=\"a.com\""));
  p.receive(phone::granted(last, "3600"));
  check(p.events(), {"registered +3600: registered"});
}
BOOST_AUTO_TEST_CASE(to_know_the_realm_of_a_proxy_is_not_to_know_the_registrars_rfc_8760_2_4) {
  phone p;
  p.known.realm = "proxy";
  auto const second = p.next(phone::challenge_of_proxy(p.start()));
  BOOST_TEST(p.receive(phone::challenge(second, "n1")).empty());
  check(p.events(), {"challenged 401: challenged"});
  BOOST_TEST(p.agent->challenge(p.registration).realm == "example.com");
  p.known.realm.clear();
  auto const third = p.authorize();
  BOOST_TEST_REQUIRE(third.size() == 1u);
  BOOST_TEST(has(authorization(third[0]), "nonce=\"n1\""));
  BOOST_TEST(has(value_of(third[0], header::proxy_authorization), "nonce=\"p1\""));
  p.receive(phone::granted(third[0], "600"));
  check(p.events(), {"registered +600: registered"});
}

// "each such protection domain has its own set of usernames and passwords"
BOOST_AUTO_TEST_CASE(a_login_that_is_given_is_for_the_realm_that_has_asked_rfc_3261_22_1) {
  std::string const of_proxy_too =
      "\r\nProxy-Authenticate: Digest realm=\"proxy\", nonce=\"p2\", qop=\"auth\", stale=true";
  for (auto const& more : {std::string{}, of_proxy_too}) {
    phone p;
    auto text = p.next(phone::challenge(p.start(), "n1"));
    text = p.next(phone::challenge_of_proxy(text));
    text = p.next(phone::challenge(text, "n2")); // the password had been good
    BOOST_TEST(p.receive(phone::challenge(text, "n3", more)).empty());
    check(p.events(), {"challenged 401 refused: challenged"});
    BOOST_TEST(p.agent->challenge(p.registration).realm == "example.com");
    auto const typed = p.authorize(digest_login::with_password("typed", "better"));
    BOOST_TEST_REQUIRE(typed.size() == 1u);
    BOOST_TEST(has(authorization(typed[0]), "username=\"typed\""));
    BOOST_TEST(has(value_of(typed[0], header::proxy_authorization), "username=\"alice\""));
  }
}

BOOST_AUTO_TEST_CASE(a_login_that_does_not_fit_is_asked_for_again) {
  phone p;
  p.known.password.clear();
  p.receive(phone::challenge(p.start(), "n1"));
  std::string const longest(2000, 'a');
  BOOST_TEST(p.authorize(digest_login::with_password(longest, "typed")).empty());
  BOOST_TEST((p.did == sending::unwritable));
  BOOST_TEST((p.state() == registration_status::challenged));
  BOOST_TEST(p.authorize(digest_login::with_password("alice", "typed")).size() == 1u);
}

// After a rejection, or where nobody wanted it any more, the user may have put the password right.
BOOST_AUTO_TEST_CASE(another_attempt_asks_for_the_password_again_rfc_7616_3_3) {
  auto const check_attempt = [](phone& p, strings (phone::*attempt)(), std::string const& nonce) {
    p.known.questions = 0;
    auto const first = (p.*attempt)();
    BOOST_TEST_REQUIRE(first.size() == 1u);
    BOOST_TEST(has(authorization(first[0]), "nonce=\"" + nonce + "\""));
    BOOST_TEST(p.known.questions == 1u);
    // If he has not, it is no more than that.
    BOOST_TEST(p.receive(phone::challenge(first[0], nonce)).empty());
    BOOST_TEST(p.advance(100'000).empty());
    BOOST_TEST((p.*attempt)().size() == 1u);
  };
  phone p;
  p.receive(phone::challenge(p.next(phone::challenge(p.start(), "n1")), "n1"));
  check(p.events(), {"rejected 401 refused: rejected"});
  check_attempt(p, &phone::add, "n1");

  phone bound;
  bound.settle();
  bound.receive(phone::challenge(bound.refresh().at(0), "n1"));
  check(bound.events(), {"rejected 401 refused: registered"});
  check_attempt(bound, &phone::refresh, "n1");

  phone q;
  q.receive(phone::challenge(q.next(phone::challenge(q.start(), "n1")), "n2"));
  check(q.events(), {"challenged 401 refused: challenged"});
  BOOST_TEST(q.remove().empty());
  check(q.events(), {"unregistered: unregistered"});
  check_attempt(q, &phone::add, "n2");

  phone fetching;
  fetching.receive(phone::challenge(fetching.next(phone::challenge(fetching.start(), "n1")), "n1"));
  check_attempt(fetching, &phone::fetch, "n1");

  // What could not be sent at once is remembered.
  phone away;
  away.receive(phone::challenge(away.next(phone::challenge(away.start(), "n1")), "n2"));
  away.agent->network_lost(away.now);
  BOOST_TEST(away.authorize().empty());
  away.events();
  away.agent->network_back(away.now);
  away.take();
  BOOST_TEST_REQUIRE(away.sent.size() == 1u);
  BOOST_TEST(has(authorization(away.sent[0]), "nonce=\"n2\""));
}

BOOST_AUTO_TEST_CASE(a_423_is_tried_again_with_its_min_expires_rfc_3261_10_2_8) {
  phone p;
  p.wanted.expires = 5;
  auto const first = p.start();
  auto const second = p.next(answer(first, 423, "r", "Min-Expires: 90\r\n"));
  BOOST_TEST(*read(second).value.expires() == 90u);
  p.receive(phone::granted(second, "90"));
  check(p.events(), {"registered +90: registered"});
  // One without a longer Min-Expires ends it.
  phone q;
  BOOST_TEST(q.receive(answer(q.start(), 423, "r", "Min-Expires: 90\r\n")).empty());
  check(q.events(), {"rejected 423: rejected"});
}

BOOST_AUTO_TEST_CASE(a_423_is_answered_as_soon_as_a_transaction_is_free_rfc_3261_10_2_8) {
  phone p;
  p.settle();
  for (unsigned i = 0; i < 5; ++i) p.receive(phone::granted(p.refresh().at(0), "3600"));
  // The last of the eight that there are.
  BOOST_TEST(p.receive(answer(p.refresh().at(0), 423, "r", "Min-Expires: 7200\r\n")).empty());
  BOOST_TEST(p.advance(4'000).empty());
  auto const later = p.advance(2'000);
  BOOST_TEST_REQUIRE(attempts(later) == 1u);
  BOOST_TEST(*read(later[0]).value.expires() == 7200u);
}

BOOST_AUTO_TEST_CASE(a_503_with_retry_after_is_waited_for_rfc_3261_21_5_4) {
  phone p;
  auto const first = p.start();
  BOOST_TEST(p.receive(answer(first, 503, "r", "Retry-After: 7\r\n")).empty());
  check(p.events(), {"waiting +7 503: waiting"});
  BOOST_TEST((p.agent->add(p.registration, p.now) == sending::deferred));
  BOOST_TEST(p.advance(6'900).empty());
  BOOST_TEST(attempts(p.advance(200)) == 1u);
  BOOST_TEST((p.state() == registration_status::registering));
}

BOOST_AUTO_TEST_CASE(no_response_is_followed_by_the_wait_of_rfc_5626_4_5) {
  phone p;
  p.start();
  p.advance(32'000);
  auto const told = p.events();
  BOOST_TEST_REQUIRE(told.size() == 1u);
  int const wait = std::stoi(told[0].substr(told[0].find('+')));
  BOOST_TEST(told[0].substr(0, 9) == "waiting +");
  BOOST_TEST(wait >= 29);
  BOOST_TEST(wait <= 60);
  BOOST_TEST(p.advance(29'000).empty());
  BOOST_TEST(attempts(p.advance(31'000)) == 1u);
  // "consecutive-failures": twice as long.
  p.advance(32'000);
  auto const again = p.events();
  BOOST_TEST_REQUIRE(again.size() == 1u);
  BOOST_TEST(std::stoi(again[0].substr(again[0].find('+'))) >= 45);
}

BOOST_AUTO_TEST_CASE(the_next_hops_are_tried_one_after_the_other_rfc_3261_21_5_4) {
  phone p;
  p.hops = {ip(2), ip(3)};
  auto const first = p.start();
  BOOST_TEST((p.sent_to[0] == ip(2)));
  auto const second = p.next(answer(first, 503, "r"));
  BOOST_TEST((p.sent_to[0] == ip(3)));
  BOOST_TEST(p.events().empty());
  BOOST_TEST(p.receive(answer(second, 503, "r")).empty());
  BOOST_TEST((p.state() == registration_status::waiting));
  auto const third = p.advance(120'000);
  BOOST_TEST_REQUIRE(!third.empty());
  BOOST_TEST((p.sent_to[0] == ip(2)));
}

BOOST_AUTO_TEST_CASE(an_error_of_the_transport_is_no_end_rfc_3261_8_1_3_1) {
  phone p;
  p.wanted.contacts = p.contacts;
  p.wanted.next_hops = p.hops;
  p.registration = p.agent->add(p.wanted, p.now);
  datagram d;
  BOOST_TEST_REQUIRE(p.agent->poll_transmit(d));
  p.agent->handle_transport_error(d, p.now);
  p.take();
  BOOST_TEST((p.state() == registration_status::waiting));
  BOOST_TEST(attempts(p.advance(60'000)) == 1u);
}

BOOST_AUTO_TEST_CASE(a_403_is_not_repeated_rfc_3261_21_4_4) {
  phone p;
  auto const second = p.next(phone::challenge(p.start(), "n1"));
  BOOST_TEST(p.receive(answer(second, 403, "r")).empty());
  check(p.events(), {"rejected 403: rejected"});
  BOOST_TEST(p.advance(7'200'000).empty());
}

BOOST_AUTO_TEST_CASE(a_failed_refresh_leaves_the_binding_rfc_3261_10_2_7) {
  phone p;
  p.settle("1000");
  auto const refresh = p.advance(500'000).front();
  p.receive(answer(refresh, 500, "r"));
  auto const told = p.events();
  BOOST_TEST_REQUIRE(told.size() == 1u);
  BOOST_TEST(has(told[0], "waiting"));
  BOOST_TEST(has(told[0], ": registered"));
  auto const again = p.advance(60'000);
  BOOST_TEST_REQUIRE(attempts(again) == 1u);
  p.receive(phone::granted(again[0], "1000"));
  check(p.events(), {"refreshed +1000: registered"});
}

BOOST_AUTO_TEST_CASE(a_failed_refresh_is_tried_again_whatever_is_fetched_meanwhile_rfc_5626_4_5) {
  phone p;
  p.settle("1000");
  p.receive(answer(p.refresh().at(0), 500, "r"));
  p.receive(phone::granted(p.fetch().at(0), "1000"));
  auto const again = p.advance(95'000);
  BOOST_TEST_REQUIRE(attempts(again) == 1u);
  BOOST_TEST(read(again[0]).value.has(header::contact));
  // A fetch that fails is no reason to refresh.
  phone q;
  q.settle("1000");
  q.receive(answer(q.fetch().at(0), 500, "r"));
  BOOST_TEST(q.advance(95'000).empty());
}

BOOST_AUTO_TEST_CASE(a_binding_that_is_not_refreshed_expires_and_is_asked_for_again) {
  phone p;
  p.settle("60");
  p.advance(60'500);
  auto const told = p.events();
  BOOST_TEST_REQUIRE(told.size() >= 1u);
  BOOST_TEST(std::count(told.begin(), told.end(), "expired: registering") == 1);
  p.advance(30'000); // the transaction of the refresh has timed out
  strings more;
  for (int i = 0; i < 60 && more.empty(); ++i) more = p.advance(1'000);
  BOOST_TEST_REQUIRE(!more.empty());
  p.receive(phone::granted(more.back(), "60"));
  BOOST_TEST(p.events().back() == "registered +60: registered");
}

BOOST_AUTO_TEST_CASE(cancellation_of_a_registration_rfc_3665_2_4) {
  phone p;
  auto const before = p.settle();
  p.sent.clear();
  BOOST_TEST((p.agent->remove(p.registration, p.now) == sending::sent));
  p.take();
  BOOST_TEST_REQUIRE(p.sent.size() == 1u);
  message const m = read(p.sent[0]).value;
  BOOST_TEST(*m.expires() == 0u);
  BOOST_TEST(m.contact().uri() == own_uri);
  BOOST_TEST(cseq(p.sent[0]) == cseq(before) + 1);
  BOOST_TEST(has(authorization(p.sent[0]), "nc=00000002"));
  BOOST_TEST(p.receive(answer(p.sent[0], 200, "r")).empty());
  check(p.events(), {"unregistered: unregistered"});
  BOOST_TEST((p.agent->remove(p.registration, p.now) == sending::gone));
  p.take();
  check(p.events(), {"unregistered: unregistered"});
  BOOST_TEST(p.advance(7'200'000).empty());
}

BOOST_AUTO_TEST_CASE(all_bindings_are_removed_by_a_star_rfc_3261_10_2_2) {
  phone p;
  p.wanted.instance = "<urn:uuid:00000000-0000-1000-8000-000A95A0E128>";
  p.wanted.reg_id = 1;
  p.settle();
  p.sent.clear();
  BOOST_TEST((p.agent->remove_all(p.registration, p.now) == sending::sent));
  p.take();
  BOOST_TEST(value_of(p.sent[0], header::contact) == "*");
  BOOST_TEST(value_of(p.sent[0], header::expires) == "0");
  p.receive(answer(p.sent[0], 200, "r"));
  check(p.events(), {"unregistered: unregistered"});
}

// What is asked for while a REGISTER is pending comes after it, whatever becomes of that.
BOOST_AUTO_TEST_CASE(what_waits_for_the_register_that_is_pending_is_done_after_it_rfc_3261_10_2) {
  for (int const status : {200, 401, 403, 500}) {
    phone p;
    p.settle_and_remove();
    auto const star = p.remove(true).at(0);
    BOOST_TEST(value_of(star, header::contact) == "*");
    BOOST_TEST(p.add().empty());
    BOOST_TEST((p.did == sending::deferred));
    auto const next =
        p.next(status == 401 ? phone::challenge(star, "n2") : answer(star, status, "r"));
    BOOST_TEST(value_of(next, header::contact) == "<" + own_uri + ">");
    p.receive(phone::granted(next, "3600"));
    BOOST_TEST(p.events().back() == "registered +3600: registered");
  }
  phone p;
  p.settle();
  auto const refresh = p.refresh().at(0);
  BOOST_TEST(p.remove().empty());
  auto const removal = p.next(answer(refresh, 403, "r"));
  BOOST_TEST(value_of(removal, header::expires) == "0");
  p.receive(answer(removal, 200, "r"));
  check(p.events(), {"rejected 403: registered", "unregistered: unregistered"});
}

BOOST_AUTO_TEST_CASE(a_removal_of_all_that_nobody_answers_can_be_called_off) {
  phone p;
  p.settle_and_remove();
  BOOST_TEST(p.remove(true).size() == 1u);
  BOOST_TEST(attempts(p.advance(3'600'000)) > 2u);
  BOOST_TEST(p.remove().empty());
  p.advance(64'000);
  BOOST_TEST(p.events().back() == "unregistered: unregistered");
  BOOST_TEST(p.advance(7'200'000).empty());
}

BOOST_AUTO_TEST_CASE(a_removal_waits_for_the_register_that_is_pending_rfc_3261_10_2) {
  phone p;
  auto const first = p.start();
  BOOST_TEST((p.agent->remove(p.registration, p.now) == sending::deferred));
  p.sent.clear();
  p.take();
  BOOST_TEST(p.sent.empty());
  auto const removal = p.next(phone::granted(first, "3600"));
  BOOST_TEST(value_of(removal, header::expires) == "0");
  p.receive(answer(removal, 200, "r"));
  BOOST_TEST(p.events().back() == "unregistered: unregistered");
  // Nothing is removed that was never made.
  phone q;
  auto const other = q.start();
  (void)q.agent->remove(q.registration, q.now);
  BOOST_TEST(q.receive(phone::challenge(other, "n1")).empty());
  check(q.events(), {"unregistered: unregistered"});
  BOOST_TEST(q.advance(7'200'000).empty());
  // The REGISTER that is pending might still make it.
  phone n;
  n.start();
  BOOST_TEST((n.agent->remove(n.registration, n.now) == sending::deferred));
  n.advance(31'000);
  BOOST_TEST(n.events().empty());
  n.advance(2'000);
  check(n.events(), {"unregistered: unregistered"});
}

BOOST_AUTO_TEST_CASE(a_removal_that_fails_ends_with_the_binding) {
  phone p;
  p.settle("100");
  (void)p.agent->remove(p.registration, p.now);
  p.take();
  p.advance(100'500);
  BOOST_TEST(p.events().back() == "expired: unregistered");
  p.advance(60'000); // what was pending has timed out
  BOOST_TEST(p.events().empty());
  BOOST_TEST(p.advance(7'200'000).empty());
  BOOST_TEST(p.agent->next_timeout().is_never());
}

BOOST_AUTO_TEST_CASE(request_for_the_current_contact_list_rfc_3665_2_3) {
  phone p;
  p.settle();
  p.sent.clear();
  BOOST_TEST((p.agent->fetch(p.registration, p.now) == sending::sent));
  p.take();
  BOOST_TEST_REQUIRE(p.sent.size() == 1u);
  BOOST_TEST(!read(p.sent[0]).value.has(header::contact));
  BOOST_TEST(!read(p.sent[0]).value.has(header::expires));
  BOOST_TEST((p.agent->refresh(p.registration, p.now) == sending::deferred));
  // The refresh that waited follows.
  auto const refresh = p.next(phone::granted(p.sent[0], "3000"));
  check(p.events(), {"fetched: registered"});
  BOOST_TEST(value_of(refresh, header::expires) == "3600");
  p.receive(phone::granted(refresh, "3600"));
  BOOST_TEST(p.events().back() == "refreshed +3600: registered");
  // A fetch that fails says so, and nothing else.
  (void)p.agent->fetch(p.registration, p.now);
  p.take();
  p.receive(answer(p.sent.back(), 500, "r"));
  BOOST_TEST(p.events().back() == "failed 500: registered");
}

BOOST_AUTO_TEST_CASE(a_fetch_takes_no_registrations_place_that_waits_for_credentials) {
  phone p;
  p.known.password.clear();
  p.receive(phone::challenge(p.start(), "n1"));
  p.known.password = "secret";
  BOOST_TEST(p.fetch().empty());
  BOOST_TEST((p.did == sending::deferred));
  auto const add = p.authorize();
  BOOST_TEST_REQUIRE(add.size() == 1u);
  BOOST_TEST(value_of(add[0], header::contact) == "<" + own_uri + ">");
  auto const fetch = p.next(phone::granted(add[0], "3600"));
  BOOST_TEST(!read(fetch).value.has(header::contact));
  p.receive(phone::granted(fetch, "3600"));
  check(p.events(),
        {"challenged 401: challenged", "registered +3600: registered", "fetched: registered"});
  // It is made when nothing else is wanted any more, too.
  phone q;
  q.known.password.clear();
  q.receive(phone::challenge(q.start(), "n1"));
  BOOST_TEST(q.fetch().empty());
  BOOST_TEST(q.remove().size() == 1u);
  BOOST_TEST((q.did == sending::gone));
}

BOOST_AUTO_TEST_CASE(a_fetch_outlives_the_loss_of_the_network_rfc_5626_4_5) {
  for (bool const is_bound : {false, true}) {
    for (bool const is_pending : {false, true}) {
      phone p;
      is_bound ? (void)p.settle() : p.settle_and_remove();
      if (is_pending) BOOST_TEST(p.fetch().size() == 1u);
      p.agent->network_lost(p.now);
      if (!is_pending) BOOST_TEST(p.fetch().empty());
      p.agent->network_back(p.now);
      p.take();
      auto last = p.sent.back();
      if (is_bound) last = p.next(phone::granted(last, "3600"));
      BOOST_TEST(!read(last).value.has(header::contact));
      p.receive(is_bound ? phone::granted(last, "3600") : answer(last, 200, "r"));
      BOOST_TEST(p.events().back() == (is_bound ? "fetched: registered" : "fetched: unregistered"));
    }
  }
}

BOOST_AUTO_TEST_CASE(a_flow_is_formed_anew_after_a_fetch_that_is_refused_rfc_5626_4_5) {
  for (int const status : {403, 405, 603}) {
    phone p;
    p.settle();
    p.receive(answer(p.fetch().at(0), status, "r"));
    check(p.events(), {"failed " + std::to_string(status) + ": registered"});
    p.agent->network_lost(p.now);
    p.agent->network_back(p.now);
    p.take();
    BOOST_TEST(!p.sent.empty());
  }
}
// A fetch that fails forms no flow, so that nothing has to wait for another one but what the
// registrar has asked for, or has not answered.
BOOST_AUTO_TEST_CASE(a_flow_is_formed_anew_after_a_fetch_that_fails_for_a_while_rfc_5626_4_5) {
  for (bool const by_flow : {false, true})
    for (bool const is_fetched_again : {false, true})
      for (std::string const failure : {"500", "503", "500 later", "503 later", "no response"}) {
        phone p;
        p.wanted.over = transport::tcp;
        p.receive(phone::granted(p.start(), "3600"), p.wanted.over);
        auto const fetch = p.fetch().at(0);
        bool const waits = failure.size() > 3;
        if (failure == "no response")
          p.advance(33'000);
        else
          p.receive(answer(fetch, std::stoi(failure), "r", waits ? "Retry-After: 60\r\n" : ""),
                    p.wanted.over);
        if (is_fetched_again && !waits)
          p.receive(phone::granted(p.fetch().at(0), "3600"), p.wanted.over);
        p.sent.clear();
        p.told.clear();
        if (by_flow) {
          p.agent->flow_failed(p.registration, p.now);
        } else {
          p.agent->network_lost(p.now);
          p.agent->network_back(p.now);
        }
        p.take();
        if (by_flow) p.advance(0);
        if (waits) {
          BOOST_TEST(p.sent.empty());
          p.advance(61'000);
        }
        BOOST_TEST_REQUIRE(!p.sent.empty());
        BOOST_TEST(read(p.sent[0]).value.has(header::contact));
        p.told.clear();
        p.receive(phone::granted(p.sent[0], "3600"), p.wanted.over);
        check(p.events(), {"refreshed +3600: registered"});
      }
}
// What was refused is not asked for again because of it.
BOOST_AUTO_TEST_CASE(what_was_refused_is_not_asked_for_after_a_fetch_that_fails_rfc_3261_21_4) {
  for (bool const is_removed : {false, true})
    for (int const status : {404, 500}) {
      phone p;
      p.settle();
      auto const refused = is_removed ? p.remove().at(0) : p.refresh().at(0);
      p.receive(answer(refused, 404, "r"));
      p.receive(answer(p.fetch().at(0), status, "r"));
      p.told.clear();
      p.sent.clear();
      p.agent->network_lost(p.now);
      p.agent->network_back(p.now);
      p.take();
      BOOST_TEST(p.sent.empty());
      BOOST_TEST(p.told.empty());
    }
}
BOOST_AUTO_TEST_CASE(a_flow_is_formed_anew_after_a_fetch_as_well_rfc_5626_4_5) {
  phone p;
  p.settle();
  p.receive(phone::granted(p.fetch().at(0), "3600"));
  p.agent->network_lost(p.now);
  p.agent->network_back(p.now);
  p.sent.clear();
  p.take();
  BOOST_TEST_REQUIRE(p.sent.size() == 1u);
  BOOST_TEST(read(p.sent[0]).value.has(header::contact));
}

BOOST_AUTO_TEST_CASE(a_redirection_is_told_and_followed_where_that_is_wanted_rfc_3261_8_1_3_4) {
  std::string const moved = "Contact: <sip:192.0.2.9:5080>\r\n";
  phone p;
  BOOST_TEST(p.receive(answer(p.start(), 302, "r", moved)).empty());
  check(p.events(), {"redirected 302: unregistered"});
  registration_preferences following;
  following.follow_redirections = true;
  phone q{following};
  auto const second = q.next(answer(q.start(), 302, "r", moved));
  BOOST_TEST(first_line(second) == "REGISTER sip:192.0.2.9:5080 SIP/2.0");
  BOOST_TEST((q.sent_to[0] == ip(9, 5080)));
  // Where it led to has failed: back to the one who redirects.
  BOOST_TEST(q.receive(answer(second, 500, "r", "Retry-After: 1\r\n")).empty());
  q.events();
  auto const third = q.advance(1'100);
  BOOST_TEST_REQUIRE(!third.empty());
  // Only a 503 or silence is taken for that.
  BOOST_TEST(first_line(third[0]) == "REGISTER sip:192.0.2.9:5080 SIP/2.0");
  BOOST_TEST(q.receive(answer(third[0], 503, "r", "Retry-After: 1\r\n")).empty());
  auto const fourth = q.advance(1'100);
  BOOST_TEST_REQUIRE(!fourth.empty());
  BOOST_TEST(first_line(fourth[0]) == "REGISTER sip:example.com SIP/2.0");
  BOOST_TEST((q.sent_to[0] == ip(2)));
  // A registrar that sends us around is left in the end.
  std::string last = fourth[0];
  unsigned count = 0;
  for (; count < 20; ++count) {
    auto const more = q.receive(answer(last, 302, "r", moved));
    if (more.empty()) break;
    last = more[0];
    q.advance(6'000); // the transaction before it is over
  }
  BOOST_TEST(count < 10u);
  // In the end the one who redirects is asked again.
  auto const again = q.add();
  BOOST_TEST_REQUIRE(again.size() == 1u);
  BOOST_TEST(first_line(again[0]) == "REGISTER sip:example.com SIP/2.0");
}
// "We define TARGET as the value of the maddr parameter of the URI, if present,
// otherwise, the host value of the hostport component" (RFC 3263 4).
BOOST_AUTO_TEST_CASE(a_redirection_to_a_maddr_is_followed_there_rfc_3263_4) {
  for (std::string const host : {"192.0.2.8", "example.org"}) {
    registration_preferences following;
    following.follow_redirections = true;
    phone p{following};
    std::string const contact = "sip:" + host + ":5080;maddr=192.0.2.9";
    auto const second = p.next(answer(p.start(), 302, "r", "Contact: <" + contact + ">\r\n"));
    BOOST_TEST(first_line(second) == "REGISTER " + contact + " SIP/2.0");
    BOOST_TEST((p.sent_to[0] == ip(9, 5080)));
  }
}
// "except for the "method-param" and "header" URI parameters"
BOOST_AUTO_TEST_CASE(what_no_request_uri_may_have_is_left_out_of_a_redirection_rfc_3261_8_1_3_4) {
  registration_preferences following;
  following.follow_redirections = true;
  phone p{following};
  auto const second = p.next(answer(
      p.start(), 302, "r", "Contact: <sip:192.0.2.9:5080;method=INVITE;x=y?Subject=hi>\r\n"));
  BOOST_TEST(first_line(second) == "REGISTER sip:192.0.2.9:5080;x=y SIP/2.0");
}

// "If the list is exhausted, then the request has failed."
// 8.1.3.4: "If the list is exhausted, then the request has failed."
BOOST_AUTO_TEST_CASE(a_removal_that_is_redirected_has_failed_rfc_3261_8_1_3_4) {
  for (bool const everything : {false, true}) {
    phone p;
    p.settle();
    auto const elsewhere = "Contact: <sip:other.example.com>\r\n";
    BOOST_TEST(p.receive(answer(p.remove(everything).at(0), 302, "r", elsewhere)).empty());
    check(p.events(), {"redirected 302: registered"});
    BOOST_TEST(p.advance(1'000'000).empty());
    // The user may want it once more, or the binding as it was.
    p.receive(answer(p.remove(everything).at(0), 302, "r", elsewhere));
    p.receive(phone::granted(p.refresh().at(0), "3600"));
    check(p.events(), {"redirected 302: registered", "refreshed +3600: registered"});
  }
}
BOOST_AUTO_TEST_CASE(a_binding_that_could_not_be_removed_can_be_refreshed_10_2_4) {
  phone p;
  p.settle();
  p.receive(answer(p.remove().at(0), 403, "r"));
  check(p.events(), {"rejected 403: registered"});
  p.receive(phone::granted(p.refresh().at(0), "3600"));
  check(p.events(), {"refreshed +3600: registered"});
  BOOST_TEST(!p.advance(3'600'000).empty()); // and refreshes itself
}
// "the administrator wants the client to re-register, but to do so at a later time" (RFC
// 3680 4.7.1): whatever was refused before, and whether or not a fetch is pending.
BOOST_AUTO_TEST_CASE(who_is_on_probation_registers_again_in_its_time_rfc_3680_4_7_1) {
  for (bool const is_forbidden : {false, true}) {
    phone p;
    p.settle();
    if (is_forbidden) p.receive(answer(p.refresh().at(0), 403, "r"));
    auto const fetch = is_forbidden ? strings{} : p.fetch();
    p.agent->notified(p.registration, registration_incident::probation, 60, p.now);
    p.take();
    if (!fetch.empty()) p.receive(answer(fetch.at(0), 200, "r"));
    p.told.clear();
    BOOST_TEST(p.advance(59'000).empty());
    auto const again = p.advance(2'000);
    BOOST_TEST_REQUIRE(attempts(again) == 1u);
    p.receive(phone::granted(again[0], "3600"));
    check(p.events(), {"registered +3600: registered"});
  }
}
// "If no Contact header field is present in a REGISTER request, the list of bindings is left
// unchanged." Whoever manages the bindings of others has none to add.
BOOST_AUTO_TEST_CASE(what_is_added_without_contacts_asks_and_removes_only_10_2_3) {
  phone p;
  p.contacts = {};
  auto const first = p.start();
  BOOST_TEST(!read(first).value.has(header::contact));
  BOOST_TEST(!read(first).value.has(header::expires));
  p.receive(answer(first, 200, "r", "Contact: <sip:bob@192.0.2.7>;expires=90\r\n"));
  check(p.events(), {"fetched: unregistered"});
  BOOST_TEST((p.state() == registration_status::unregistered));
  BOOST_TEST(p.add().empty());
  BOOST_TEST((p.did == sending::gone));
  auto const all = p.remove(true);
  BOOST_TEST_REQUIRE(all.size() == 1u);
  BOOST_TEST(read(all[0]).value[header::contact] == "*");
  p.receive(answer(all[0], 200, "r"));
  check(p.events(), {"unregistered: unregistered"});
  BOOST_TEST(p.advance(10'000'000).empty());
  BOOST_TEST(p.agent->next_timeout().is_never());

  phone q;
  q.contacts = {};
  BOOST_TEST(q.receive(answer(q.start(), 404, "r")).empty());
  check(q.events(), {"failed 404: unregistered"});
}
// 10.2.3: a fetch, whatever becomes of it, asks for nothing else.
BOOST_AUTO_TEST_CASE(a_fetch_that_fails_begins_no_registration_10_2_3) {
  phone p;
  p.receive(answer(p.start(), 302, "r", "Contact: <sip:other.example.com>\r\n"));
  p.receive(answer(p.fetch().at(0), 500, "r"));
  check(p.events(), {"redirected 302: unregistered", "failed 500: unregistered"});
  BOOST_TEST(p.advance(1'000'000).empty());
}
// RFC 5626 4.5: "The UA MUST wait for at least the value of the retry delay time before trying
// another registration to form a new flow": after the first that ends soon.
BOOST_AUTO_TEST_CASE(a_peer_that_ends_each_flow_is_asked_ever_more_seldom_rfc_5626_4_5) {
  for (bool const answers : {true, false}) {
    phone p;
    std::string last = p.start();
    std::size_t count = 1;
    instant const end = p.now + milliseconds{3'600'000};
    while (p.now < end) {
      if (answers) p.receive(phone::granted(last, "3600"));
      p.agent->flow_failed(p.registration, p.now);
      p.take();
      strings all;
      while (all.empty() && p.now < end) all = p.advance(100);
      if (all.empty()) break;
      last = all.back();
      ++count;
    }
    BOOST_TEST(count < 12u);
    BOOST_TEST(count > 3u);
  }
}
// RFC 3680 4.7.1: "unregistered" crosses the refresh whose 2xx says that it is there.
BOOST_AUTO_TEST_CASE(
    a_binding_that_was_refreshed_while_somebody_removed_it_goes_on_rfc_3680_4_7_1) {
  phone p;
  p.settle();
  auto const refresh = p.refresh();
  p.agent->notified(p.registration, registration_incident::unregistered, 0, p.now);
  p.take();
  check(p.events(), {"removed: unregistered"});
  p.receive(phone::granted(refresh.at(0), "3600"));
  check(p.events(), {"registered +3600: registered"});
  p.receive(phone::granted(p.refresh().at(0), "3600"));
  check(p.events(), {"refreshed +3600: registered"});
  BOOST_TEST(!p.advance(3'600'000).empty());
}
BOOST_AUTO_TEST_CASE(who_is_rejected_where_a_redirection_led_begins_anew_rfc_3261_8_1_3_4) {
  registration_preferences following;
  following.follow_redirections = true;
  phone p{following};
  auto const second = p.next(answer(p.start(), 302, "r", "Contact: <sip:192.0.2.9:5080>\r\n"));
  BOOST_TEST(p.receive(answer(second, 404, "r")).empty());
  check(p.events(), {"redirected 302: unregistered", "rejected 404: rejected"});
  auto const again = p.add();
  BOOST_TEST_REQUIRE(again.size() == 1u);
  BOOST_TEST(first_line(again[0]) == "REGISTER sip:example.com SIP/2.0");
  BOOST_TEST((p.sent_to[0] == ip(2)));
}

BOOST_AUTO_TEST_CASE(what_the_registrar_gives_back_is_kept) {
  phone p;
  p.wanted.instance = "<urn:uuid:00000000-0000-1000-8000-000A95A0E128>";
  p.wanted.reg_id = 1;
  auto const first = p.start();
  BOOST_TEST(value_of(first, header::supported) == "path, outbound, gruu");
  BOOST_TEST(has(value_of(first, header::contact), "reg-id=1"));
  BOOST_TEST(has(value_of(first, header::contact), "+sip.instance=\"<urn:uuid:"));
  p.receive(answer(first, 200, "r",
                   "Contact: <" + own_uri +
                       ">;expires=60;reg-id=1;pub-gruu=\"sip:alice@example.com;gr=u\""
                       ";temp-gruu=\"sip:t@example.com;gr\""
                       ";+sip.instance=\"<urn:uuid:00000000-0000-1000-8000-000A95A0E128>\"\r\n"
                       "Service-Route: <sip:p2.example.com;lr>,\r\n <sip:p1.example.com;lr>\r\n"
                       "Path: <sip:e.example.com;lr;ob>\r\nRequire: outbound\r\nFlow-Timer: 25\r\n"
                       "P-Associated-URI: <sip:alice@example.com>\r\n"));
  auto const& kept = p.agent->registrations();
  check(p.events(), {"registered +60: registered"});
  BOOST_TEST(kept.service_route(p.registration) ==
             "<sip:p2.example.com;lr>, <sip:p1.example.com;lr>");
  BOOST_TEST(kept.path(p.registration) == "<sip:e.example.com;lr;ob>");
  BOOST_TEST(kept.associated_uris(p.registration) == "<sip:alice@example.com>");
  BOOST_TEST(kept.public_gruu(p.registration) == "sip:alice@example.com;gr=u");
  BOOST_TEST(kept.temporary_gruu(p.registration) == "sip:t@example.com;gr");
  BOOST_TEST(kept.outbound(p.registration));
  BOOST_TEST(kept.flow_timer(p.registration) == 25u);
  // "if an existing registration expires […], the UA SHOULD discard any stored service route" (RFC
  // 3608 6.1).
  p.advance(61'000);
  BOOST_TEST(kept.service_route(p.registration).empty());
  BOOST_TEST(kept.public_gruu(p.registration).empty());
}

BOOST_AUTO_TEST_CASE(texts_of_the_registrar_share_their_room) {
  using enum detail::answer_text;
  detail::answer_texts<30> texts;
  BOOST_TEST(texts.keep(path, "<sip:e.a;lr>"));
  BOOST_TEST(texts.keep(security_server, "tls"));
  BOOST_TEST(texts[security_server] == "tls");
  BOOST_TEST(texts[path] == "<sip:e.a;lr>");
  // A list is kept whole or not at all, and at no other text's cost.
  std::string const first = of("REGISTER").text();
  std::string const more = "Service-Route: <sip:p1;lr>\r\n";
  std::string const one = answer(first, 200, "r", more);
  std::string const two = answer(first, 200, "r", more + "Service-Route: <sip:p2;lr>\r\n");
  texts.keep(service_route, read(one).value, header::service_route);
  BOOST_TEST(texts[service_route] == "<sip:p1;lr>");
  texts.keep(service_route, read(two).value, header::service_route);
  BOOST_TEST(texts[service_route].empty());
  BOOST_TEST(texts[path] == "<sip:e.a;lr>");
  BOOST_TEST(!texts.keep(temporary_gruu, "sip:alice@a;gr=u"));
  BOOST_TEST(texts[temporary_gruu].empty());
  texts.clear(path);
  // A fold is one SP (RFC 3261 7.3.1).
  BOOST_TEST(texts.keep(path, "<sip:e.a;lr>,\r\n \t<sip:f.a;lr>"));
  BOOST_TEST(texts[path] == "<sip:e.a;lr>, <sip:f.a;lr>");
  texts.clear(path);
  BOOST_TEST(texts.keep(temporary_gruu, "sip:alice@a;gr=u"));
  BOOST_TEST(texts.keep(redirection, "sip:b@a"));
  BOOST_TEST(texts[security_server] == "tls");
  BOOST_TEST(texts[temporary_gruu] == "sip:alice@a;gr=u");
}

BOOST_AUTO_TEST_CASE(a_connection_is_kept_alive_by_pings_and_fails_without_a_pong_rfc_5626_4_4_1) {
  phone p;
  p.wanted.instance = "<urn:uuid:00000000-0000-1000-8000-000A95A0E128>";
  p.wanted.reg_id = 1;
  p.wanted.over = transport::tcp;
  auto const first = p.start();
  p.receive(answer(first, 200, "r",
                   "Contact: <" + own_uri +
                       ">;expires=3600;reg-id=1"
                       ";+sip.instance=\"<urn:uuid:00000000-0000-1000-8000-000A95A0E128>\"\r\n"
                       "Require: outbound\r\nFlow-Timer: 100\r\n"),
            transport::tcp);
  p.events();
  for (int i = 0; i < 5; ++i) {
    BOOST_TEST(p.advance(79'900).empty());
    strings ping;
    for (int j = 0; j < 21 && ping.empty(); ++j) ping = p.advance(1'000);
    check(ping, {"\r\n\r\n"});
    BOOST_TEST(p.receive("\r\n", transport::tcp).empty());
  }
  strings after;
  for (int j = 0; j < 111 && p.told.empty(); ++j) after = p.advance(1'000);
  check(p.events(), {"flow_failed +0: registered"});
  // "the UA needs to form a new flow […] and replace any registrations" (4.5).
  BOOST_TEST_REQUIRE(attempts(after) == 1u);
  BOOST_TEST(call_id(after[0]) == call_id(first));
}

BOOST_AUTO_TEST_CASE(a_flow_that_the_caller_finds_failed_is_formed_anew_rfc_5626_4_5) {
  phone p;
  auto const before = p.settle();
  p.sent.clear();
  p.agent->flow_failed(p.registration, p.now);
  p.agent->flow_failed(p.registration, p.now); // once is enough
  p.take();
  check(p.events(), {"flow_failed +0: registered"});
  p.advance(0);
  BOOST_TEST_REQUIRE(p.sent.size() == 1u);
  BOOST_TEST(cseq(p.sent[0]) == cseq(before) + 1);
  BOOST_TEST((p.state() == registration_status::registered));
  p.receive(phone::granted(p.sent[0], "3600"));
  check(p.events(), {"refreshed +3600: registered"});
}

// A phone that has registered over a connection which is kept alive: every tenth of a second
// counts.
struct kept_alive : phone {
  std::string const listed =
      ";reg-id=1;+sip.instance=\"<urn:uuid:00000000-0000-1000-8000-000A95A0E128>\"";

  explicit kept_alive(registration_preferences const& preferences = {}) : phone(preferences) {
    wanted.instance = "<urn:uuid:00000000-0000-1000-8000-000A95A0E128>";
    wanted.reg_id = 1;
    wanted.over = transport::tcp;
  }
  std::string ok(std::string const& request, std::string const& flow_timer,
                 std::string const& seconds = "3600") const {
    return granted(request, seconds + listed,
                   "Require: outbound\r\nFlow-Timer: " + flow_timer + "\r\n");
  }
  std::string bind(std::string const& flow_timer = "100", std::string const& seconds = "3600") {
    auto const first = start();
    BOOST_TEST(receive(ok(first, flow_timer, seconds), transport::tcp).empty());
    check(events(), {"registered +" + seconds + ": registered"});
    return first;
  }
  // Milliseconds until something is sent, or at most as many.
  std::int64_t until_sent(std::int64_t most = 4'000'000) {
    std::int64_t count = 0;
    while (count < most && advance(100).empty()) count += 100;
    return count;
  }
  // The same until something is told.
  std::int64_t until_told(std::int64_t most = 4'000'000) {
    std::int64_t count = 0;
    for (told.clear(); count < most && told.empty(); count += 100) advance(100);
    return count;
  }
  void pong() { BOOST_TEST(receive("\r\n", transport::tcp).empty()); }
};

// "replace any registrations that were previously sent over this flow"
BOOST_AUTO_TEST_CASE(a_flow_that_is_lost_is_replaced_for_all_that_were_sent_over_it_rfc_5626_4_5) {
  for (bool const elsewhere : {false, true}) {
    kept_alive p;
    auto const first = p.bind("100");
    std::vector<address> const other_hop{ip(3)};
    auto other = p.wanted;
    other.address_of_record = "sip:carol@example.com";
    if (elsewhere) other.next_hops = other_hop;
    BOOST_TEST_REQUIRE(static_cast<bool>(p.agent->add(other, p.now)));
    p.sent.clear();
    p.take();
    auto const second = p.sent.at(0);
    p.receive(p.ok(second, "900"), transport::tcp); // its first ping is far away
    p.until_sent();
    check(p.sent, {"\r\n\r\n"});
    p.pong();
    p.events();
    p.until_told();
    strings const lost{"flow_failed +0: registered"};
    strings const both{lost[0], lost[0]};
    check(p.events(), elsewhere ? lost : both);
    auto const again = p.sent;
    BOOST_TEST_REQUIRE(again.size() == (elsewhere ? 1u : 2u));
    BOOST_TEST(call_id(again[0]) == call_id(first));
    BOOST_TEST(call_id(again.back()) == call_id(elsewhere ? first : second));
    for (auto const& each : again) p.receive(p.ok(each, "100"), transport::tcp);
    for (auto const& each : p.events()) BOOST_TEST(each == "refreshed +3600: registered");
  }
}

// "For TCP, a flow is equivalent to a TCP connection." (RFC 5626 2.1)
BOOST_AUTO_TEST_CASE(
    a_ping_for_which_no_connection_is_open_tells_that_the_flow_is_lost_rfc_5626_2_1) {
  kept_alive p;
  p.bind();
  p.until_sent();
  p.pong();
  p.until_sent();
  check(p.sent, {"\r\n\r\n"});
  datagram const ping{"\r\n\r\n", ip(2), transport::tcp};
  BOOST_TEST(ping.is_ping());
  datagram other = ping;
  other.to = ip(3);
  p.agent->handle_transport_error(other, p.now);
  other = ping;
  other.over = transport::tls;
  p.agent->handle_transport_error(other, p.now);
  p.take();
  check(p.events(), {});
  p.agent->handle_transport_error(ping, p.now);
  p.sent.clear();
  p.take();
  BOOST_TEST(p.sent.empty());
  check(p.events(), {"flow_failed +0: registered"});
  BOOST_TEST_REQUIRE(attempts(p.advance(0)) == 1u);
  p.receive(p.ok(p.sent[0], "100"), transport::tcp);
  check(p.events(), {"refreshed +3600: registered"});
}

// Whoever takes what is to be sent first has the old connection still.
BOOST_AUTO_TEST_CASE(the_loss_of_a_flow_is_told_before_anything_is_sent_rfc_5626_4_5) {
  kept_alive p;
  p.bind();
  p.until_sent();
  p.pong();
  p.until_sent();
  for (;;) {
    p.now = p.agent->next_timeout();
    p.agent->handle_timeout(p.now);
    datagram d;
    if (p.agent->poll_transmit(d)) continue;
    registrant_event e;
    if (!p.agent->poll_event(e)) continue;
    BOOST_TEST((e.kind == registrant_event_kind::flow_failed));
    BOOST_TEST((e.until == p.now));
    break;
  }
  BOOST_TEST((p.agent->next_timeout() <= p.now));
  BOOST_TEST((p.agent->refresh(p.registration, p.now) == sending::deferred));
  p.take();
  BOOST_TEST(attempts(p.advance(0)) == 1u);
}

// "a flow is considered successful if outbound registration succeeded, and if keep-alives are in
// use on this flow, at least one subsequent keep-alive response was received." Of any other it
// "MUST wait for at least the value of the retry delay time before trying another registration".
BOOST_AUTO_TEST_CASE(after_a_flow_without_any_pong_there_is_a_wait_rfc_5626_4_5) {
  kept_alive p;
  p.bind("30");
  for (int const least : {30, 60, 120, 240}) {
    p.until_told();
    BOOST_TEST_REQUIRE(p.told.size() == 1u);
    auto const wait = std::stoi(p.told[0].substr(p.told[0].find('+')));
    BOOST_TEST(wait >= least - 1);
    BOOST_TEST(wait <= 2 * least);
    BOOST_TEST((p.state() == registration_status::registered));
    check(p.refresh(), {});
    BOOST_TEST((p.did == sending::deferred));
    check(p.fetch(), {});
    BOOST_TEST((p.did == sending::deferred));
    p.agent->network_lost(p.now);
    p.agent->network_back(p.now);
    p.agent->flow_failed(p.registration, p.now);
    BOOST_TEST(p.advance((wait - 1) * 1'000).empty());
    BOOST_TEST(p.until_sent() <= 3'000);
    p.receive(p.ok(p.sent[0], "30"), transport::tcp);
    p.receive(p.ok(p.sent.at(0), "30"), transport::tcp); // the fetch
  }
  // One pong, and the count begins anew.
  p.until_sent();
  p.pong();
  p.until_told();
  check(p.events(), {"flow_failed +0: registered"});
  p.receive(p.ok(p.sent.at(0), "30"), transport::tcp);
  p.until_told();
  auto const wait = std::stoi(p.told.at(0).substr(p.told[0].find('+')));
  BOOST_TEST(wait >= 29);
  BOOST_TEST(wait <= 60);
}
BOOST_AUTO_TEST_CASE(a_wait_for_a_flow_outlives_the_binding_and_the_network_rfc_5626_4_5) {
  for (bool const offline : {false, true}) {
    kept_alive p;
    p.bind("30", "3600");
    p.until_told();
    auto const wait = std::stoi(p.told.at(0).substr(p.told[0].find('+')));
    p.agent->notified(p.registration, registration_incident::shortened, 5, p.now);
    if (offline) p.agent->network_lost(p.now);
    p.events();
    p.advance(5'500);
    check(p.events(), {"expired: waiting"});
    BOOST_TEST((p.state() == registration_status::waiting));
    BOOST_TEST(p.advance((wait - 7) * 1'000).empty());
    if (offline) {
      BOOST_TEST(p.advance(60'000).empty());
      p.agent->network_back(p.now);
      p.sent.clear();
      p.take();
    } else {
      p.until_sent(5'000);
    }
    BOOST_TEST_REQUIRE(attempts(p.sent) == 1u);
    p.receive(p.ok(p.sent[0], "30"), transport::tcp);
    check(p.events(), {"registered +3600: registered"});
  }
}
BOOST_AUTO_TEST_CASE(whoever_wants_no_binding_any_more_does_not_wait_for_a_flow) {
  kept_alive p;
  p.bind("30", "3600");
  p.until_told();
  p.agent->notified(p.registration, registration_incident::unregistered, 0, p.now);
  p.take();
  BOOST_TEST((p.state() == registration_status::unregistered));
  BOOST_TEST(p.advance(4'000'000).empty());
  BOOST_TEST(p.agent->next_timeout().is_never());
}

// "The UA MUST send keep-alives at least as often as this number of seconds." "the interval between
// each keep-alive is randomly distributed between 80% and 100% of the server-provided time"
BOOST_AUTO_TEST_CASE(keep_alives_are_as_often_as_the_flow_timer_says_rfc_5626_4_4) {
  {
    kept_alive p;
    p.bind("30");
    p.until_sent();
    for (int i = 0; i < 20; ++i) {
      BOOST_TEST(p.advance(9'000).empty());
      p.pong();
      auto const rest = p.until_sent();
      check(p.sent, {"\r\n\r\n"});
      BOOST_TEST(rest >= 14'900);
      BOOST_TEST(rest <= 21'000);
    }
  }
  { // more often than pongs have to come
    kept_alive p;
    p.bind("5");
    p.until_sent();
    BOOST_TEST(p.until_sent() <= 5'000);
    check(p.sent, {"\r\n\r\n"});
    p.pong();
    BOOST_TEST(p.until_sent() <= 5'000);
    check(p.sent, {"\r\n\r\n"});
    BOOST_TEST(p.told.empty());
  }
  // "in the most recent success registration response" (4.4.1)
  for (bool const sooner : {true, false}) {
    kept_alive p;
    p.bind(sooner ? "600" : "100");
    p.advance(6'000);
    auto const request = p.refresh().at(0);
    BOOST_TEST(p.receive(p.ok(request, sooner ? "30" : "600"), transport::tcp).empty());
    auto const first = p.until_sent();
    check(p.sent, {"\r\n\r\n"});
    BOOST_TEST(first <= (sooner ? 30'000 : 94'000)); // none is put off
    p.pong();
    BOOST_TEST(p.until_sent() >= (sooner ? 23'900 : 479'900));
  }
  // Whose registrar does not know outbound any more is not pinged.
  kept_alive p;
  p.bind("30");
  auto const request = p.refresh().at(0);
  p.receive(phone::granted(request, "3600" + p.listed), transport::tcp);
  BOOST_TEST(p.advance(1'000'000).empty());
}

BOOST_AUTO_TEST_CASE(a_ping_ends_with_the_hop_that_it_went_to_rfc_5626_4_4_1) {
  { // the next hop
    kept_alive p;
    p.hops = {ip(2), ip(3)};
    p.bind("30");
    p.until_sent();
    check(p.sent, {"\r\n\r\n"});
    BOOST_TEST((p.agent->refresh(p.registration, p.now) == sending::sent));
    datagram d;
    BOOST_TEST_REQUIRE(p.agent->poll_transmit(d));
    p.agent->handle_transport_error(d, p.now);
    p.sent.clear();
    p.sent_to.clear();
    p.take();
    BOOST_TEST_REQUIRE(p.sent.size() == 1u);
    BOOST_TEST((p.sent_to[0] == ip(3)));
    p.receive(p.ok(p.sent[0], "30"), transport::tcp);
    check(p.events(), {"refreshed +3600: registered"});
    BOOST_TEST(p.until_sent() >= 23'900);
    check(p.sent, {"\r\n\r\n"});
    BOOST_TEST((p.sent_to[0] == ip(3)));
    check(p.events(), {});
  }
  { // where a redirection leads to, and back
    registration_preferences follows;
    follows.follow_redirections = true;
    kept_alive p{follows};
    p.bind("30");
    p.until_sent();
    auto const request = p.refresh().at(0);
    auto const moved = p.receive(
        answer(request, 302, "r", "Contact: <sip:192.0.2.9;transport=tcp>\r\n"), transport::tcp);
    BOOST_TEST_REQUIRE(moved.size() == 1u);
    BOOST_TEST((p.sent_to[0] == ip(9)));
    p.events();
    BOOST_TEST(p.advance(5'000).empty());
    p.receive(p.ok(moved[0], "30"), transport::tcp);
    check(p.events(), {"refreshed +3600: registered"});
    p.until_sent();
    check(p.sent, {"\r\n\r\n"});
    BOOST_TEST((p.sent_to[0] == ip(9)));
    // A REGISTER that it refuses ends the redirection.
    auto const again = p.refresh().at(0);
    p.receive(answer(again, 404, "r"), transport::tcp);
    p.events();
    BOOST_TEST(p.advance(600'000).empty());
    check(p.events(), {});
  }
}

BOOST_AUTO_TEST_CASE(what_finds_no_free_transaction_is_sent_later) {
  phone p;
  p.settle();
  for (unsigned i = 0; i < 6; ++i) { // the two before and these are the eight that there are
    BOOST_TEST((p.agent->refresh(p.registration, p.now) == sending::sent));
    p.take();
    auto const refresh = p.sent.back();
    p.receive(phone::granted(refresh, "3600"));
  }
  p.events();
  BOOST_TEST((p.agent->refresh(p.registration, p.now) == sending::deferred));
  BOOST_TEST(p.advance(4'000).empty());
  BOOST_TEST(attempts(p.advance(2'000)) == 1u);
}

BOOST_AUTO_TEST_CASE(the_network_may_remove_shorten_and_refuse_a_binding_rfc_3680_4_7_1) {
  using enum registration_incident;
  {
    phone p;
    p.settle();
    p.agent->notified(p.registration, deactivated, 0, p.now);
    p.sent.clear();
    p.take();
    check(p.events(), {"removed: registering"});
    BOOST_TEST(attempts(p.sent) == 1u);
  }
  {
    phone p;
    p.settle();
    p.agent->notified(p.registration, shortened, 60, p.now);
    BOOST_TEST((p.agent->until(p.registration) - p.now).count == 60'000);
    BOOST_TEST(attempts(p.advance(31'000)) == 1u);
  }
  {
    phone p;
    p.settle();
    p.agent->notified(p.registration, probation, 300, p.now);
    p.take();
    check(p.events(), {"removed: waiting", "waiting +300: waiting"});
    BOOST_TEST(p.advance(299'000).empty());
    BOOST_TEST(attempts(p.advance(2'000)) == 1u);
  }
  for (auto const what : {unregistered, registration_incident::rejected}) {
    phone p;
    p.settle();
    p.agent->notified(p.registration, what, 0, p.now);
    p.take();
    BOOST_TEST(has(p.events().front(), "removed"));
    BOOST_TEST(p.advance(7'200'000).empty());
  }
}

BOOST_AUTO_TEST_CASE(nothing_is_sent_while_the_network_is_lost_rfc_5626_4_5) {
  phone p;
  p.settle("1000");
  p.agent->network_lost(p.now);
  BOOST_TEST(p.advance(900'000).empty());
  BOOST_TEST((p.state() == registration_status::registered));
  p.agent->network_back(p.now);
  p.sent.clear();
  p.take();
  BOOST_TEST_REQUIRE(attempts(p.sent) == 1u);
  p.receive(phone::granted(p.sent[0], "1000"));
  BOOST_TEST(p.events().back() == "refreshed +1000: registered");
}

BOOST_AUTO_TEST_CASE(what_is_added_while_the_network_is_lost_waits_for_it_rfc_5626_4_5) {
  for (bool const fetches : {false, true}) {
    phone p;
    p.wanted.next_hops = p.hops;
    if (!fetches) p.wanted.contacts = p.contacts;
    p.agent->network_lost(p.now);
    p.registration = p.agent->add(p.wanted, p.now);
    BOOST_TEST_REQUIRE(static_cast<bool>(p.registration));
    BOOST_TEST((p.state() == registration_status::registering) == !fetches);
    p.take();
    BOOST_TEST(p.sent.empty());
    if (fetches) p.agent->network_lost(p.now); // told of twice, it is lost once
    BOOST_TEST(p.advance(60'000).empty());
    BOOST_TEST(p.sent.empty());
    p.agent->network_back(p.now);
    p.take();
    BOOST_TEST_REQUIRE(p.sent.size() == 1u);
    BOOST_TEST(read(p.sent[0]).value.has(header::contact) == !fetches);
    p.receive(fetches ? answer(p.sent[0], 200, "r") : phone::granted(p.sent[0], "1000"));
    BOOST_TEST(p.events().back() ==
               (fetches ? "fetched: unregistered" : "registered +1000: registered"));
    p.agent->network_back(p.now);
    BOOST_TEST(p.advance(0).empty());
  }
  // Nobody may want it any more, and it may be one that cannot be written.
  phone p;
  p.wanted.contacts = p.contacts;
  p.agent->network_lost(p.now);
  auto const unwritable = p.agent->add(p.wanted, p.now);
  p.wanted.next_hops = p.hops;
  p.registration = p.agent->add(p.wanted, p.now);
  BOOST_TEST(p.remove().empty());
  check(p.events(), {"unregistered: unregistered"});
  p.agent->network_back(p.now);
  BOOST_TEST(p.advance(0).empty());
  p.take();
  BOOST_TEST(p.sent.empty());
  check(p.events(), {"failed 513: unregistered"});
  BOOST_TEST((p.agent->state(unwritable) == registration_status::unregistered));
}

BOOST_AUTO_TEST_CASE(each_flow_has_its_own_call_id_and_its_own_fate_rfc_5626_4_2_1) {
  phone p;
  p.wanted.instance = "<urn:uuid:00000000-0000-1000-8000-000A95A0E128>";
  p.wanted.reg_id = 1;
  std::string const listed = ";+sip.instance=\"<urn:uuid:00000000-0000-1000-8000-000A95A0E128>\"";
  auto const first = p.start();
  auto other = p.wanted;
  other.reg_id = 2;
  auto const second = p.agent->add(other, p.now);
  BOOST_TEST_REQUIRE(static_cast<bool>(second));
  p.sent.clear();
  p.take();
  auto const second_text = p.sent.at(0);
  BOOST_TEST(call_id(second_text) != call_id(first));
  // There is no place for a third.
  BOOST_TEST((p.agent->add(other, p.now).reason() == sending::full));
  p.receive(
      answer(first, 200, "r", "Contact: <" + own_uri + ">;expires=600;reg-id=1" + listed + "\r\n"));
  p.receive(answer(second_text, 200, "r",
                   "Contact: <" + own_uri + ">;expires=600;reg-id=1" + listed + ", <" + own_uri +
                       ">;expires=60;reg-id=2" + listed + "\r\n"));
  check(p.events(), {"registered +600: registered", "registered +60: registered"});
  // "base-time (if all have not failed) with a default of 90 seconds" (4.5)
  p.advance(30'500);
  p.receive(answer(p.sent.at(0), 500, "r"));
  auto const told = p.events();
  BOOST_TEST_REQUIRE(told.size() == 1u);
  BOOST_TEST(std::stoi(told[0].substr(told[0].find('+'))) >= 89);
  p.agent->forget(second);
  BOOST_TEST((p.agent->state(second) == registration_status::unregistered));
  BOOST_TEST((p.agent->refresh(second, p.now) == sending::gone));
}

BOOST_AUTO_TEST_CASE(several_contacts_are_one_registration_rfc_3261_10_2_1) {
  phone p;
  p.contacts = {own_uri, "<sip:alice@192.0.2.1:5080>;q=0.5"};
  auto const first = p.start();
  BOOST_TEST(value_of(first, header::contact) ==
             "<" + own_uri + ">, <sip:alice@192.0.2.1:5080>;q=0.5");
  p.receive(answer(first, 200, "r",
                   "Contact: <sip:else@192.0.2.7>;expires=5\r\nContact: <" + own_uri +
                       ">;expires=600\r\nContact: <sip:alice@192.0.2.1:5080>;expires=300\r\n"));
  check(p.events(), {"registered +300: registered"});
}

BOOST_AUTO_TEST_CASE(a_2xx_without_our_contact_is_no_binding_rfc_3261_10_3) {
  phone p;
  p.receive(answer(p.start(), 200, "r", "Contact: <sip:else@192.0.2.7>;expires=5\r\n"));
  check(p.events(), {"removed: unregistered"});
  // One that lists nothing at all does not tell.
  phone q;
  q.receive(answer(q.start(), 200, "r", "Expires: 77\r\n"));
  check(q.events(), {"registered +77: registered"});
}

BOOST_AUTO_TEST_CASE(a_sim_answers_and_resynchronises_rfc_3310_3) {
  registration_preferences with_sim;
  with_sim.digest.algorithms = with_sim.digest.algorithms.with(digest_algorithm::akav1_md5);
  phone p{with_sim};
  p.known.password.clear();
  p.wanted.private_identity = "alice@ims.example.com";
  p.wanted.realm = "ims.example.com";
  auto const first = p.start();
  BOOST_TEST(has(authorization(first), "nonce=\"\""));
  BOOST_TEST(has(authorization(first), "response=\"\""));
  std::string const nonce = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
  auto const aka = [&](std::string const& request, std::string const& n) {
    return answer(request, 401, "r",
                  "WWW-Authenticate: Digest realm=\"ims.example.com\", nonce=\"" + n +
                      "\", algorithm=AKAv1-MD5, qop=\"auth\"\r\n");
  };
  BOOST_TEST(p.receive(aka(first, nonce)).empty());
  check(p.events(), {"challenged 401: challenged"});
  auto const question = p.agent->challenge(p.registration);
  BOOST_TEST((question.algorithm == digest_algorithm::akav1_md5));
  BOOST_TEST_REQUIRE(question.rand_autn.size() == 32u);
  BOOST_TEST(int{question.rand_autn[31]} == 31);
  p.sent.clear();
  BOOST_TEST(
      (p.agent->resynchronise(p.registration, "alice", "fourteen octet", p.now) == sending::sent));
  p.take();
  BOOST_TEST(has(authorization(p.sent.at(0)), "auts="));
  // "the client is then re-challenged" (3.4)
  BOOST_TEST(p.receive(aka(p.sent.at(0), "EAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=")).empty());
  check(p.events(), {"challenged 401: challenged"});
  BOOST_TEST(int{p.agent->challenge(p.registration).rand_autn[0]} == 16);
  auto const authorize = [&p] {
    p.sent.clear();
    BOOST_TEST((p.agent->authorize(p.registration, p.now,
                                   digest_login::with_aka("alice", "12345678")) == sending::sent));
    p.take();
    BOOST_TEST(p.agent->challenge(p.registration).realm.empty());
  };
  authorize();
  // What refuses the answer is what the SIM is asked with next.
  BOOST_TEST(p.receive(aka(p.sent.at(0), "IAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=")).empty());
  check(p.events(), {"challenged 401 refused: challenged"});
  BOOST_TEST(int{p.agent->challenge(p.registration).rand_autn[0]} == 32);
  authorize();
  p.receive(phone::granted(p.sent.at(0), "600"));
  check(p.events(), {"registered +600: registered"});
}

BOOST_AUTO_TEST_CASE(the_list_of_the_server_is_mirrored_rfc_3329_2_3_1) {
  phone p;
  p.wanted.security_client = "ipsec-3gpp;alg=hmac-sha-1-96;spi-c=1;spi-s=2;port-c=3;port-s=4";
  auto const first = p.start();
  BOOST_TEST(value_of(first, header::security_client) == p.wanted.security_client);
  BOOST_TEST(value_of(first, header::require) == "sec-agree");
  BOOST_TEST(value_of(first, header::proxy_require) == "sec-agree");
  BOOST_TEST(value_of(first, header::security_verify).empty());
  auto const second = p.next(answer(first, 401, "r",
                                    "WWW-Authenticate: Digest realm=\"a\", nonce=\"n1\"\r\n"
                                    "Security-Server: ipsec-3gpp;q=0.1, tls;q=0.2\r\n"));
  BOOST_TEST(value_of(second, header::security_verify) == "ipsec-3gpp;q=0.1, tls;q=0.2");
  // 494 gives the unmodified list, which is mirrored in turn.
  auto const third = p.next(answer(second, 494, "r", "Security-Server: tls;q=0.3\r\n"));
  BOOST_TEST(value_of(third, header::security_verify) == "tls;q=0.3");
  p.receive(phone::granted(third, "600"));
  check(p.events(), {"registered +600: registered"});
  // Who makes no agreement is not drawn into one.
  phone q;
  BOOST_TEST(q.receive(answer(q.start(), 494, "r", "Security-Server: tls;q=0.3\r\n")).empty());
  check(q.events(), {"rejected 494: rejected"});
}

BOOST_AUTO_TEST_CASE(nothing_that_cannot_be_written_is_sent) {
  phone p;
  p.wanted.contacts = p.contacts;
  p.wanted.next_hops = p.hops;
  // "If the request formed … is not a valid SIP request, the URI is invalid" (19.1.5).
  for (auto const text :
       {&outgoing_registration::registrar, &outgoing_registration::address_of_record,
        &outgoing_registration::from}) {
    auto malformed = p.wanted;
    malformed.*text = "alice@example.com";
    BOOST_TEST((p.agent->add(malformed, p.now).reason() == sending::unwritable));
  }
  p.contacts = {"sip:alice@192.0.2.1\r\nEvil: yes"};
  p.wanted.contacts = p.contacts;
  BOOST_TEST((p.agent->add(p.wanted, p.now).reason() == sending::unwritable));
  std::string const longest(3000, 'a');
  p.contacts = {longest};
  p.wanted.contacts = p.contacts;
  BOOST_TEST((p.agent->add(p.wanted, p.now).reason() == sending::unwritable));
  p.take();
  BOOST_TEST(p.sent.empty());
  BOOST_TEST(p.agent->next_timeout().is_never());
}

BOOST_AUTO_TEST_CASE(options_are_answered_and_other_requests_are_not_allowed_rfc_3261_11) {
  phone p;
  auto const asked = [&](std::string const& method) {
    auto r = of(method);
    r.uri = own_uri;
    return read(p.receive(r.text()).at(0)).value.status();
  };
  BOOST_TEST(asked("OPTIONS") == 200);
  message const m = read(p.sent.at(0)).value;
  BOOST_TEST(m[header::allow] == "OPTIONS");
  BOOST_TEST(m[header::accept_encoding] == "identity");
  for (auto const h : {header::accept, header::supported}) {
    BOOST_TEST(m.has(h));
    BOOST_TEST(m[h].empty());
  }
  BOOST_TEST(asked("INFO") == 405);
}

BOOST_AUTO_TEST_CASE(options_whose_answer_does_not_fit_leave_no_transaction_behind_rfc_3261_11_2) {
  phone p;
  std::size_t with_all = 0, without = 0, none = 0;
  for (std::size_t length = 1200; length <= 1600; length += 10) {
    auto r = of("OPTIONS");
    r.uri = "sip:a@b";
    r.call_id = std::to_string(length);
    r.via += r.call_id + ";rport";
    r.more.clear();
    r.from = "<sip:x@y>;tag=f;p=";
    r.from.append(length - r.text().size(), 'x');
    auto const answers = p.receive(r.text());
    if (answers.empty())
      ++none;
    else if (read(answers[0]).value.has(header::allow))
      ++with_all;
    else
      ++without;
    p.advance(33'000); // Timer J
    BOOST_TEST(p.agent->live_transactions() == 0u);
  }
  BOOST_TEST(with_all > 0u);
  BOOST_TEST(without > 0u);
  BOOST_TEST(none > 0u);
}

namespace {

// Everybody's password is "secret".
struct members : own_address_only {
  digest_login operator()(digest_question const& q) const {
    digest_login l;
    l.is = digest_login::password;
    l.username = q.username;
    l.secret = "secret";
    return l;
  }
};

// A registrar at 192.0.2.2, which may be switched off and on; it forgets everything then.
struct office {
  using store_type = registrar_store<registrar_store_size{4, 3, 256, 64}>;
  using door = registrar_digest<toy_hashes, members>;
  using type = registrar<registrar_size{64, 1600}, store_type, members, door>;

  members users{};
  std::unique_ptr<store_type> store{};
  std::unique_ptr<door> guard{};
  std::unique_ptr<type> agent{};
  std::uint64_t starts{};
  unsigned events[5]{}; // of each kind

  void start() {
    ++starts;
    digest_settings rules;
    rules.realm = "example.com";
    rules.offer = {digest_algorithm::md5};
    registrar_settings s;
    s.element.seed = {starts, 99};
    s.element.sent_by = "192.0.2.2";
    s.domains = "example.com";
    store = std::make_unique<store_type>(hash_seed{starts, 1});
    guard = std::make_unique<door>(hash_seed{starts, 2}, rules, users);
    agent = std::make_unique<type>(s, *store, users, *guard);
  }
  void stop() { agent.reset(); }
};

// The two and the wire between them.
struct town {
  phone p{};
  office o{};
  std::mt19937 dice;
  unsigned loss{};

  explicit town(unsigned seed) : dice{seed} { o.start(); }

  void carry() {
    for (bool moved = true; moved;) {
      moved = false;
      // The registrar's events are views of them.
      strings const requests = std::exchange(p.sent, {});
      for (auto const& text : requests) {
        moved = true;
        if (o.agent && dice() % 100 >= loss)
          o.agent->receive(text, ip(1, 5070), transport::udp, p.now);
      }
      strings replies;
      if (o.agent)
        for (datagram d; o.agent->poll_transmit(d);) replies.emplace_back(d.bytes);
      registrar_event e;
      while (o.agent && o.agent->poll_event(e)) {
        for (auto const text : {e.address_of_record, e.binding.contact, e.binding.parameters,
                                e.binding.path, e.binding.call_id, e.message.bytes()})
          p.handed_out.emplace_back(text);
        ++o.events[static_cast<std::size_t>(e.kind)];
      }
      p.handed_out.insert(p.handed_out.end(), replies.begin(), replies.end());
      for (auto const& text : replies) {
        moved = true;
        if (dice() % 100 < loss) continue;
        p.agent->receive(text, ip(2), transport::udp, p.now);
        p.take();
      }
    }
  }
  void run(std::int64_t seconds) {
    instant const end = p.now + milliseconds{seconds * 1000};
    carry();
    for (;;) {
      instant next = p.agent->next_timeout();
      if (o.agent) next = std::min(next, o.agent->next_timeout());
      if (end < next) break;
      p.now = std::max(p.now, next);
      while (p.agent->next_timeout() <= p.now) {
        p.agent->handle_timeout(p.now);
        p.take();
      }
      while (o.agent && o.agent->next_timeout() <= p.now) o.agent->handle_timeout(p.now);
      carry();
    }
    p.now = end;
  }
};

} // namespace

BOOST_AUTO_TEST_CASE(it_stays_registered_with_a_registrar_over_a_network_that_loses_a_third) {
  for (unsigned seed = 1; seed <= 20; ++seed) {
    town t{seed};
    t.loss = 33;
    t.p.wanted.expires = 600;
    t.p.start();
    unsigned bound = 0;
    for (int minute = 0; minute < 120; ++minute) {
      t.run(60);
      bound += t.p.state() == registration_status::registered;
    }
    BOOST_TEST(bound >= 118u);
    t.loss = 0;
    t.run(400); // whatever waits
    (void)t.p.agent->remove(t.p.registration, t.p.now);
    t.p.take();
    t.run(400);
    BOOST_TEST(t.p.told.back() == "unregistered: unregistered");
    BOOST_TEST(t.o.store->size() == 0u);
    BOOST_TEST(t.p.agent->next_timeout().is_never());
  }
}

BOOST_AUTO_TEST_CASE(it_comes_back_after_the_registrar_was_away) {
  for (int away : {1, 20, 200, 2'000}) {
    town t{1};
    t.p.wanted.expires = 120;
    t.p.start();
    t.run(10);
    BOOST_TEST((t.p.state() == registration_status::registered));
    t.o.stop();
    t.run(away);
    t.o.start();
    t.run(1'900); // max-time and what a transaction lasts
    BOOST_TEST((t.p.state() == registration_status::registered));
    BOOST_TEST(t.o.store->size() == 1u);
    // Nobody took its password for a wrong one.
    for (auto const& e : t.p.events()) BOOST_TEST(!has(e, "refused"));
  }
}

BOOST_AUTO_TEST_CASE(a_wrong_password_is_sent_once_to_a_registrar) {
  town t{1};
  t.p.known.password = "wrong";
  t.p.start();
  t.run(7'200);
  check(t.p.events(), {"challenged 401 refused: challenged"});
  BOOST_TEST(t.o.agent->binding_counts().disproven == 1u);
  BOOST_TEST(t.o.store->size() == 0u);
}

namespace {

void nothing_of(strings const& secrets, strings const& handed_out) {
  for (auto const& secret : secrets) {
    BOOST_TEST_REQUIRE(secret.size() > 4u);
    for (auto const& text : handed_out)
      BOOST_TEST(!has(text, secret), "\"" << secret << "\" is in: " << text);
  }
}
std::string ha1_of(std::string const& user, std::string const& password) {
  auto const ha1 = digest_ha1<toy_hashes>(digest_algorithm::md5, user, "example.com", password);
  return std::string{ha1.view()};
}
std::string hex_of(std::string const& octets) {
  std::string hex;
  for (unsigned char const octet : octets)
    for (unsigned const half : {octet >> 4, octet & 15}) hex += "0123456789abcdef"[half];
  return hex;
}

} // namespace

// All datagrams of both sides, all that their events and accessors show: from the first REGISTER
// over a restart of the registrar to the removal.
BOOST_AUTO_TEST_CASE(no_password_and_no_ha1_is_in_what_the_two_hand_out) {
  std::string const right = ha1_of("alice", "secret");
  for (bool const by_ha1 : {false, true}) {
    town t{1};
    if (by_ha1) t.p.known.ha1 = right, t.p.known.password.clear();
    t.p.wanted.expires = 120;
    t.p.start();
    t.run(100);
    t.o.stop();
    t.run(200);
    t.o.start();
    t.run(1'900);
    BOOST_TEST((t.p.state() == registration_status::registered));
    (void)t.p.agent->remove(t.p.registration, t.p.now);
    t.p.take();
    t.run(100);
    BOOST_TEST(t.p.told.back() == "unregistered: unregistered");
    for (auto const kind : {registrar_event_kind::bound, registrar_event_kind::refreshed,
                            registrar_event_kind::removed})
      BOOST_TEST(t.o.events[static_cast<std::size_t>(kind)] > 0u);
    nothing_of({"secret", right}, t.p.handed_out);
    // The test would see one.
    BOOST_TEST(std::any_of(t.p.handed_out.begin(), t.p.handed_out.end(),
                           [](std::string const& text) { return has(text, "response=\""); }));
  }
  town t{1};
  t.p.known.password = "guessed";
  t.p.start();
  t.run(7'200);
  check(t.p.events(), {"challenged 401 refused: challenged"});
  BOOST_TEST(t.o.events[static_cast<std::size_t>(registrar_event_kind::refused)] == 1u);
  nothing_of({"guessed", "secret", right, ha1_of("alice", "guessed")}, t.p.handed_out);
}

BOOST_AUTO_TEST_CASE(no_answer_of_a_sim_is_in_what_is_handed_out_rfc3310_3_3) {
  std::string const res = "R3s/octs";
  std::string const ik = "integrity-key-16";
  std::string const ck = "ciphering-key-16";
  auto const login = digest_login::with_aka("alice", res, ik, ck);
  std::string const derived{detail::akav2_password<toy_hash>(login).view()};
  for (auto const algorithm : {digest_algorithm::akav1_md5, digest_algorithm::akav2_md5}) {
    registration_preferences with_sim;
    with_sim.digest.algorithms = with_sim.digest.algorithms.with(algorithm);
    phone p{with_sim};
    p.known.password.clear();
    bool const first_version = algorithm == digest_algorithm::akav1_md5;
    auto const first = p.start();
    (void)p.receive(answer(first, 401, "r",
                           "WWW-Authenticate: Digest realm=\"example.com\", "
                           "nonce=\"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\", algorithm=" +
                               std::string{first_version ? "AKAv1-MD5" : "AKAv2-MD5"} +
                               ", qop=\"auth\"\r\n"));
    p.sent.clear();
    BOOST_TEST((p.agent->authorize(p.registration, p.now, login) == sending::sent));
    p.take();
    p.receive(phone::granted(p.sent.at(0), "600"));
    check(p.events(), {"challenged 401: challenged", "registered +600: registered"});
    nothing_of({res, hex_of(res), ik, hex_of(ik), ck, hex_of(ck), derived, ha1_of("alice", res),
                ha1_of("alice", derived)},
               p.handed_out);
  }
}

// The registrar does its worst for a while, then what 10.3 says; what is not sent at once is not
// forgotten.
BOOST_AUTO_TEST_CASE(whatever_happens_what_was_asked_for_is_done_in_the_end) {
  std::mt19937 dice{2024};
  strings const refusals = {"403", "404", "500", "503", "302", "423", "407", "401", "401", "401"};
  for (int round = 0; round < 1'000; ++round) {
    registration_preferences following;
    following.follow_redirections = true;
    phone p{following};
    if (round % 3 == 0) p.known.password.clear();
    if (round % 7 == 0) p.hops = {ip(2), ip(3)};
    std::string last = p.start();
    bool is_wanted = true;
    bool is_fetching = false;
    auto const heed = [&] {
      if (!p.sent.empty()) last = p.sent.back();
      for (auto const& e : p.events())
        if (has(e, "fetched") || has(e, "failed")) is_fetching = false;
    };
    auto const refuse = [&] {
      auto const& status = refusals[dice() % refusals.size()];
      if (status == "401") return phone::challenge(last, "n" + std::to_string(dice() % 3));
      if (status == "407") return phone::challenge_of_proxy(last);
      return answer(last, std::stoi(status), "r",
                    "Contact: <sip:192.0.2.9>\r\nMin-Expires: 7000\r\n");
    };
    auto const accept = [&] {
      message const m = read(last).value;
      bool const is_bound = !p.agent->until(p.registration).is_never();
      bool const binds = m.has(header::contact) ? *m.expires() != 0 : is_bound;
      return binds ? phone::granted(last, "3600") : answer(last, 200, "r");
    };
    for (int i = 0; i < 12; ++i) {
      p.sent.clear();
      switch (dice() % 12) {
      case 0:
        p.add();
        if (p.did != sending::gone) is_wanted = true;
        break;
      case 1:
        p.remove(dice() % 2);
        is_wanted = false;
        break;
      case 2:
        p.fetch();
        is_fetching = p.did == sending::sent || p.did == sending::deferred;
        break;
      case 3: p.authorize(); break;
      case 4:
        p.refresh();
        if (p.did != sending::gone) is_wanted = true;
        break;
      case 5: p.agent->network_lost(p.now); break;
      case 6: p.agent->network_back(p.now); break;
      case 7: p.advance(dice() % 20'000); break;
      case 8: p.receive(accept()); break;
      default: p.receive(refuse()); break;
      }
      p.take();
      heed();
    }
    p.known.password = "secret";
    p.sent.clear();
    p.agent->network_back(p.now);
    p.take();
    heed();
    // Long enough for a binding to expire whose removal was refused.
    for (int i = 0; i < 100; ++i) {
      if (p.state() == registration_status::challenged) p.authorize();
      heed();
      if (p.receive(accept()).empty()) p.advance(60'000);
      heed();
    }
    auto const state = p.state();
    bool const is_done =
        state == registration_status::rejected ||
        state == (is_wanted ? registration_status::registered : registration_status::unregistered);
    BOOST_TEST(is_done, "round " << round << ": " << name(state));
    BOOST_TEST(!is_fetching, "round " << round << ": no answer to a fetch");
  }
}

BOOST_AUTO_TEST_CASE(random_answers_and_commands_neither_trap_nor_make_noise) {
  std::mt19937 dice{4711};
  int const codes[] = {100, 200, 200, 200, 302, 400, 401, 401, 403, 404, 407,
                       408, 421, 423, 439, 494, 500, 503, 503, 600, 199, 299};
  strings const extras = {"",
                          "Contact: <" + own_uri + ">;expires=30\r\n",
                          "Contact: <" + own_uri + ">;expires=0\r\n",
                          "Contact: *\r\n",
                          "Retry-After: 1\r\n",
                          "Min-Expires: 90\r\n",
                          "Min-Expires: 99999999999999\r\n",
                          "WWW-Authenticate: Digest realm=\"a\", nonce=\"1\"\r\n",
                          "WWW-Authenticate: Digest realm=\"a\", nonce=\"2\", stale=true\r\n",
                          "Proxy-Authenticate: Digest realm=\"b\", nonce=\"3\"\r\n",
                          "WWW-Authenticate: Basic realm=\"b\"\r\n",
                          "Security-Server: tls\r\n",
                          "Require: outbound\r\nFlow-Timer: 5\r\n"};
  for (int round = 0; round < 300; ++round) {
    registration_preferences preferences;
    preferences.follow_redirections = round % 2 != 0;
    phone p{preferences};
    if (round % 3 == 0) p.known.password.clear();
    if (round % 5 == 0) p.wanted.security_client = "tls";
    if (round % 7 == 0) p.hops = {ip(2), ip(3)};
    if (round % 2 == 0) p.wanted.over = transport::tcp;
    std::string last = p.start();
    std::size_t sent_at_once = 0;
    unsigned highest = cseq(last);
    for (int i = 0; i < 60; ++i) {
      strings out;
      switch (dice() % 14) {
      case 0:
        p.sent.clear();
        (void)p.agent->refresh(p.registration, p.now);
        break;
      case 1:
        p.sent.clear();
        (void)(dice() % 2 ? p.agent->remove_all(p.registration, p.now)
                          : p.agent->remove(p.registration, p.now));
        break;
      case 2:
        p.sent.clear();
        (void)p.agent->fetch(p.registration, p.now);
        break;
      case 3:
        p.sent.clear();
        (void)p.agent->add(p.registration, p.now);
        break;
      case 4:
        p.sent.clear();
        (void)p.agent->authorize(p.registration, p.now);
        break;
      case 5:
        p.sent.clear();
        p.agent->notified(p.registration, static_cast<registration_incident>(dice() % 10),
                          dice() % 100, p.now);
        break;
      case 6:
        p.sent.clear();
        if (dice() % 2)
          p.agent->network_lost(p.now);
        else
          p.agent->network_back(p.now);
        break;
      case 7: {
        std::string noise(dice() % 600, ' ');
        for (char& c : noise) c = static_cast<char>(dice());
        if (dice() % 2) noise = last.substr(0, dice() % last.size()) + noise;
        p.receive(noise, p.wanted.over);
        break;
      }
      case 8: p.advance(static_cast<std::int64_t>(dice() % 40'000)); break;
      default: {
        std::string text = answer(last, codes[dice() % std::size(codes)], "r",
                                  extras[dice() % extras.size()] + extras[dice() % extras.size()]);
        if (dice() % 8 == 0) text[dice() % text.size()] = static_cast<char>(dice());
        p.receive(text, p.wanted.over);
        sent_at_once = std::max(sent_at_once, p.sent.size());
        break;
      }
      }
      p.take();
      for (auto const& m : p.sent) {
        if (!read(m).value.is_request()) continue; // a ping, or an answer to noise
        // 10.2: the CSeq number rises with each REGISTER; a retransmission has the last one.
        BOOST_TEST_REQUIRE(cseq(m) >= highest);
        highest = cseq(m);
        last = m;
      }
    }
    BOOST_TEST(sent_at_once <= 2u);
    p.agent->forget(p.registration);
    p.advance(100'000);
    BOOST_TEST(p.agent->next_timeout().is_never());
  }
}

BOOST_AUTO_TEST_SUITE_END()
