// Registrations as objects of the type of their state: what reaches which handler, what its
// operations return, and that the sentences of those that do not compile are those of the rules.
#include <ctsip/user_agent/registration_handles.hpp>

#include <concepts>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "user_agent/messages.hpp"

using namespace ctsip;
using namespace ctsip_tests;
using strings = std::vector<std::string>;

namespace {

struct plain_hash {
  static constexpr std::size_t size = 16;
  unsigned char sum{};
  void update(std::string_view text) {
    for (char const c : text) sum = static_cast<unsigned char>(sum * 31 + c);
  }
  void finish(unsigned char* out) const {
    for (std::size_t i = 0; i < size; ++i) out[i] = sum;
  }
};
struct plain_hashes {
  using md5 = plain_hash;
  using sha_256 = no_hash;
  using sha_512_256 = no_hash;
};
struct wallet {
  bool open{true};
  digest_login operator()(digest_question const&) const {
    return open ? digest_login::with_password("alice", "secret") : digest_login{};
  }
};
using agent_type = registrant<plain_hashes, wallet>;
using my = registrations<agent_type>;

// Keeps each handle that it was given, and writes down which.
struct recorder {
  strings heard{};
  std::unique_ptr<my::unregistered> unregistered{};
  std::unique_ptr<my::registering> registering{};
  std::unique_ptr<my::challenged> challenged{};
  std::unique_ptr<my::registered> registered{};
  std::unique_ptr<my::waiting> waiting{};
  std::unique_ptr<my::rejected> rejected{};

  void on(my::unregistered& r) {
    heard.push_back("unregistered");
    unregistered = std::make_unique<my::unregistered>(r);
  }
  void on(my::registering& r) {
    heard.push_back("registering");
    registering = std::make_unique<my::registering>(r);
  }
  void on(my::challenged& r) {
    heard.push_back("challenged");
    challenged = std::make_unique<my::challenged>(r);
  }
  void on(my::registered& r, registrant_event const& e) {
    heard.push_back(std::string{"registered by "} + name(e.kind));
    registered = std::make_unique<my::registered>(r);
  }
  void on(my::waiting& r, registrant_event const& e) {
    heard.push_back("waiting after " + std::to_string(e.status));
    waiting = std::make_unique<my::waiting>(r);
  }
  void on(my::rejected& r, registrant_event const& e) {
    heard.push_back("rejected by " + std::to_string(e.status));
    rejected = std::make_unique<my::rejected>(r);
  }
};
struct forgetful {
  void on(my::unregistered&) {}
  void on(my::registering&) {}
  void on(my::challenged&) {}
  void on(my::registered&) {}
  void on(my::rejected&) {}
};

struct desk {
  wallet known{};
  std::string_view contacts[1]{"sip:alice@192.0.2.1"};
  address hops[1]{ip(2)};
  std::unique_ptr<agent_type> agent{};
  instant now{1'000'000};
  recorder user{};
  std::string last{}; // REGISTER

  desk() {
    registrant_settings s;
    s.element.seed = {1, 2};
    s.element.sent_by = "192.0.2.1";
    agent = std::make_unique<agent_type>(s, known);
  }
  my::registering start() {
    outgoing_registration wanted;
    wanted.registrar = "sip:example.com";
    wanted.address_of_record = "sip:alice@example.com";
    wanted.contacts = contacts;
    wanted.next_hops = hops;
    auto const r = register_with(*agent, wanted, now);
    take();
    return r;
  }
  void take() {
    for (datagram d; agent->poll_transmit(d);) last = d.bytes;
    for (registrant_event e; agent->poll_event(e);) dispatch(*agent, e, user);
  }
  void reply(int status, std::string const& more = "") {
    agent->receive(answer(last, status, "r", more), ip(2), transport::udp, now);
    take();
  }
  void grant() { reply(200, "Contact: <sip:alice@192.0.2.1>;expires=600\r\n"); }
  void challenge(std::string const& nonce) {
    reply(401, "WWW-Authenticate: Digest realm=\"r\", nonce=\"" + nonce + "\"\r\n");
  }
  void advance(std::int64_t seconds) {
    instant const end = now + milliseconds{seconds * 1000};
    while (agent->next_timeout() <= end) {
      if (now < agent->next_timeout()) now = agent->next_timeout();
      agent->handle_timeout(now);
      take();
    }
    now = end;
  }
};

template <class State>
concept can_authorize = requires(State r) {
  { r.authorize(instant{}) } -> std::same_as<act_result>;
};
template <class State>
concept can_add = requires(State r) {
  { r.add(instant{}) } -> std::same_as<act_result>;
};
template <class State>
concept can_refresh = requires(State r) {
  { r.refresh(instant{}) } -> std::same_as<act_result>;
};
template <class State>
concept can_remove = requires(State r) {
  { r.remove(instant{}) } -> std::same_as<act_result>;
};

// The header that the sentences are literals in, with the literals that are split put together.
std::string literals_of_the_header() {
  std::ifstream in{std::string{CTSIP_TESTS_DIR} +
                   "/../include/ctsip/user_agent/registration_handles.hpp"};
  std::string text{std::istreambuf_iterator<char>{in}, {}};
  for (std::size_t at = 0; (at = text.find("\"\n", at)) != std::string::npos;) {
    std::size_t const next = text.find_first_not_of(" \n", at + 1);
    if (next != std::string::npos && text[next] == '"')
      text.erase(at, next + 1 - at);
    else
      ++at;
  }
  return text;
}

template <class Rule>
std::string words(typename Rule::state s, typename Rule::symbol e) {
  violation const v = explain<Rule>(s, e);
  return std::string{v.sentence} + " (" + v.clause + ")";
}

} // namespace

BOOST_AUTO_TEST_SUITE(user_agent_registration_handles)

BOOST_AUTO_TEST_CASE(a_handle_refers_and_owns_nothing) {
  static_assert(sizeof(my::registered) <= 2 * sizeof(void*));
  static_assert(std::is_trivially_copyable_v<my::registered>);
}

BOOST_AUTO_TEST_CASE(a_handler_set_needs_a_handler_for_each_state) {
  static_assert(handles_registration<recorder, my::unregistered> &&
                handles_registration<recorder, my::registering> &&
                handles_registration<recorder, my::challenged> &&
                handles_registration<recorder, my::registered> &&
                handles_registration<recorder, my::waiting> &&
                handles_registration<recorder, my::rejected>);
  static_assert(!handles_registration<forgetful, my::waiting>);
}

BOOST_AUTO_TEST_CASE(a_concept_that_asks_for_a_result_finds_the_legal_operations_only) {
  static_assert(can_authorize<my::challenged> && !can_authorize<my::registered> &&
                !can_authorize<my::registering> && !can_authorize<my::rejected> &&
                !can_authorize<my::unregistered> && !can_authorize<my::waiting>);
  static_assert(can_refresh<my::registered> && !can_refresh<my::unregistered> &&
                !can_refresh<my::registering> && !can_refresh<my::challenged> &&
                !can_refresh<my::waiting> && !can_refresh<my::rejected>);
  static_assert(can_add<my::unregistered> && can_add<my::waiting> && can_add<my::rejected> &&
                !can_add<my::registering> && !can_add<my::registered> && !can_add<my::challenged>);
  static_assert(can_remove<my::registered> && can_remove<my::registering> &&
                can_remove<my::challenged> && can_remove<my::waiting> &&
                !can_remove<my::unregistered> && !can_remove<my::rejected>);
}

BOOST_AUTO_TEST_CASE(sentences_of_rules_are_those_of_their_rows) {
  std::string const text = literals_of_the_header();
  for (auto const& row :
       {words<registration_attempt>(registration_attempt::trying,
                                    registration_attempt::sent_change),
        words<authentication>(authentication::rejected, authentication::sent_rejected_credentials),
        words<authentication>(authentication::authenticated,
                              authentication::sent_synchronisation_failure)})
    BOOST_TEST(text.find("\"" + row + "\"") != std::string::npos, row);
}

BOOST_AUTO_TEST_CASE(a_whole_life_goes_through_its_handlers_rfc_3261_10_2) {
  desk d;
  auto const first = d.start();
  BOOST_TEST((first.state() == registration_status::registering));
  d.grant();
  BOOST_TEST_REQUIRE(!!d.user.registered);
  auto const r = *d.user.registered; // the handler replaces its own
  BOOST_TEST((r.until() - d.now).count == 600'000);
  BOOST_TEST((r.refresh(d.now) == act_result::done));
  // One REGISTER at a time.
  BOOST_TEST((r.refresh(d.now) == act_result::deferred));
  BOOST_TEST((r.fetch(d.now) == act_result::deferred));
  d.take();
  d.grant();
  d.take();
  d.grant(); // of the fetch
  BOOST_TEST((r.remove(d.now) == act_result::done));
  d.take();
  d.reply(200);
  BOOST_TEST((r.refresh(d.now) == act_result::gone));
  BOOST_TEST((r.state() == registration_status::unregistered));
  BOOST_TEST_REQUIRE(!!d.user.unregistered);
  // The places of the four transactions are taken until Timer K fires (17.1.2.2).
  BOOST_TEST((d.user.unregistered->add(d.now) == act_result::deferred));
  d.advance(6);
  d.take();
  d.grant();
  strings const expected{"registered by registered", "registered by refreshed",
                         "registered by fetched", "unregistered", "registered by registered"};
  BOOST_TEST(d.user.heard == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(credentials_are_given_where_they_are_asked_for_rfc_3261_22_2) {
  desk d;
  d.known.open = false;
  (void)d.start();
  d.challenge("n1");
  BOOST_TEST_REQUIRE(!!d.user.challenged);
  auto const r = *d.user.challenged;
  BOOST_TEST(r.challenge().realm == "r");
  // Nobody knows them yet.
  BOOST_TEST((r.authorize(d.now) == act_result::deferred));
  BOOST_TEST(
      (r.authorize(digest_login::with_password("alice", "typed"), d.now) == act_result::done));
  d.take();
  BOOST_TEST(!value_of(d.last, header::authorization).empty());
  BOOST_TEST((r.authorize(d.now) == act_result::gone));
  d.challenge("n1");
  BOOST_TEST_REQUIRE(!!d.user.rejected);
  d.known.open = true;
  BOOST_TEST((d.user.rejected->add(d.now) == act_result::done));
}

// No login is kept: to be `deferred` would be a promise that nobody can hold.
BOOST_AUTO_TEST_CASE(a_login_that_finds_no_transaction_is_to_be_given_again) {
  desk d;
  d.known.open = false;
  (void)d.start();
  auto const login = digest_login::with_password("alice", "typed");
  for (char const* const nonce : {"n1", "n2", "n3", "n4"}) {
    d.challenge(nonce);
    BOOST_TEST_REQUIRE(!!d.user.challenged);
    bool const is_last = std::string_view{nonce} == "n4";
    BOOST_TEST((d.user.challenged->authorize(login, d.now) ==
                (is_last ? act_result::full : act_result::done)));
    d.take();
  }
  BOOST_TEST((d.user.challenged->authorize(login, d.now) == act_result::full));
  d.advance(6); // T4, and the first transactions are over
  BOOST_TEST((d.user.challenged->state() == registration_status::challenged));
  BOOST_TEST((d.user.challenged->authorize(login, d.now) == act_result::done));
}

BOOST_AUTO_TEST_CASE(who_gives_up_when_challenged_is_unregistered) {
  desk d;
  d.known.open = false;
  (void)d.start();
  d.challenge("n1");
  BOOST_TEST_REQUIRE(!!d.user.challenged);
  BOOST_TEST((d.user.challenged->remove(d.now) == act_result::gone));
  d.take();
  BOOST_TEST(d.user.heard.back() == "unregistered");
  BOOST_TEST((d.user.challenged->authorize(d.now) == act_result::gone));
}

BOOST_AUTO_TEST_CASE(a_registrar_that_asks_to_retry_later_is_left_alone_rfc_3261_21_5_4) {
  desk d;
  auto const r = d.start();
  d.reply(503, "Retry-After: 5\r\n");
  BOOST_TEST(d.user.heard.back() == "waiting after 503");
  BOOST_TEST((d.user.waiting->add(d.now) == act_result::deferred));
  BOOST_TEST((d.user.waiting->fetch(d.now) == act_result::deferred));
  auto const before = d.last;
  d.advance(4);
  BOOST_TEST(d.last == before);
  d.advance(2);
  BOOST_TEST(d.last != before);
  BOOST_TEST((r.state() == registration_status::registering));
  BOOST_TEST((r.remove(d.now) == act_result::deferred));
  // By now it is further than the last event said.
  dispatch(*d.agent, r.handle(), d.user);
  BOOST_TEST(d.user.heard.back() == "registering");
}

BOOST_AUTO_TEST_CASE(a_403_is_not_repeated_with_the_same_credentials_rfc_3261_21_4_4) {
  desk d;
  (void)d.start();
  d.reply(403);
  BOOST_TEST(d.user.heard.back() == "rejected by 403");
  BOOST_TEST((d.user.rejected->add(d.now) == act_result::refused));
}

BOOST_AUTO_TEST_CASE(a_registration_that_was_never_made_is_gone) {
  desk d;
  (void)d.start();
  auto const second = d.start(); // there is one place
  BOOST_TEST(!second.handle());
  BOOST_TEST((second.remove(d.now) == act_result::gone));
  BOOST_TEST((second.fetch(d.now) == act_result::gone));
  BOOST_TEST((second.state() == registration_status::unregistered));
}

BOOST_AUTO_TEST_SUITE_END()
