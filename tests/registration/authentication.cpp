// Expectations from RFC 3261 9.2 and 22, RFC 7616 3.3 and RFC 3310 3.4.
#include <ctsip/registration/authentication.hpp>

#include <ctsip/machine/composition.hpp>
#include <ctsip/machine/proof.hpp>

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <initializer_list>
#include <random>
#include <string>

#include "machine/expectation.hpp"

BOOST_AUTO_TEST_SUITE(registration_authentication)

using ctsip::challenge_support;
using ctsip::direction;
using ctsip::mark;
using ctsip::method;
using ctsip::received;
using ctsip::registration_event;
using ctsip::registration_message;
using ctsip::registration_phase;
using ctsip::request_event;
using ctsip::response;
using ctsip::response_event;
using ctsip::row_kind;
using ctsip::sent;
using ctsip::walk;
using ctsip::with;
using definition = ctsip::authentication;
using rules = ctsip::authentication_rules;
using state = definition::state;
using symbol = definition::symbol;
using enum definition::state;
using enum definition::symbol;
using enum definition::action;

constexpr unsigned states = static_cast<unsigned>(rejected) + 1;
constexpr unsigned symbols = static_cast<unsigned>(received_failure) + 1;
constexpr state all[] = {unchallenged, challenged, answered, authenticated, rejected};

struct grid {
  ctsip_tests::expectation<definition> of[states * symbols]{};

  constexpr void go(state from, symbol on, state then, row_kind kind = row_kind::expected,
                    ctsip_tests::acts<definition> does = {}) {
    of[static_cast<unsigned>(from) * symbols + static_cast<unsigned>(on)] = {from, on, then, kind,
                                                                             does};
  }
  constexpr void to(state then, std::initializer_list<symbol> on,
                    ctsip_tests::acts<definition> does = {}, row_kind kind = row_kind::expected) {
    for (auto s : all)
      for (auto e : on) go(s, e, then, kind, does);
  }
  constexpr void stay(std::initializer_list<symbol> on, row_kind kind) {
    for (auto s : all)
      for (auto e : on) go(s, e, s, kind);
  }
};

constexpr grid make_grid() {
  grid g;
  // What a UAC never may, in no state.
  g.stay({sent_rejected_credentials, sent_challenge_of_cancel, sent_challenge_of_ack,
          sent_synchronisation_failure},
         row_kind::refused);
  g.stay({received_challenge_of_cancel, received_challenge_of_ack}, row_kind::peer_violation);
  // AUTS answers a challenge, and nothing else.
  g.go(challenged, sent_synchronisation_failure, answered);
  // Credentials MAY be sent at any time (22.2).
  g.to(answered, {sent_credentials});
  // A request without them is a new attempt, unless others are on their way or are good.
  g.to(unchallenged, {sent_request});
  g.go(answered, sent_request, answered);
  g.go(authenticated, sent_request, authenticated);
  // What can be answered.
  g.to(challenged, {received_challenge, received_stale_challenge}, {answer_challenge});
  g.to(challenged, {received_new_challenge}, {obtain_credentials, answer_challenge});
  // What cannot.
  g.to(rejected,
       {received_repeated_challenge, received_unsupported_challenge, received_one_too_many},
       {give_up});
  g.to(rejected, {received_missing_challenge}, {give_up}, row_kind::peer_violation);
  // Other final responses tell something only of credentials that are being judged.
  g.stay({received_success, received_failure}, row_kind::ignored);
  g.go(answered, received_success, authenticated);
  g.go(answered, received_failure, unchallenged);
  return g;
}

constexpr grid matrix = make_grid();
static_assert(ctsip_tests::is_complete<definition, rejected, received_failure>(matrix.of));
static_assert(ctsip::proven<definition>);

BOOST_AUTO_TEST_CASE(every_state_answers_every_symbol_as_rfc_3261_22_says) {
  ctsip_tests::check(matrix.of);
  constexpr bool at_compile_time = ctsip_tests::agrees(matrix.of);
  BOOST_TEST(at_compile_time);
}

BOOST_AUTO_TEST_CASE(each_refusal_has_its_own_sentence_and_clause) {
  struct {
    symbol on;
    char const* sentence;
    char const* clause;
  } const refusals[] = {
      {sent_rejected_credentials, "a retry with the credentials that have just been rejected",
       "RFC 3261 22.1, RFC 7616 3.3"},
      {sent_challenge_of_cancel, "a challenge (401 or 407) of a CANCEL", "RFC 3261 9.2, 22.1"},
      {sent_challenge_of_ack, "a challenge (401 or 407) of an ACK", "RFC 3261 22.1"},
  };
  for (auto const& r : refusals)
    for (auto s : all) {
      auto const why = ctsip::explain<definition>(s, r.on);
      BOOST_TEST(std::string(why.sentence) == r.sentence);
      BOOST_TEST(std::string(why.clause) == r.clause);
    }
  for (auto s : {unchallenged, answered, authenticated, rejected}) {
    auto const why = ctsip::explain<definition>(s, sent_synchronisation_failure);
    BOOST_TEST(std::string(why.sentence) ==
               "a synchronisation failure (auts) that answers no challenge");
    BOOST_TEST(std::string(why.clause) == "RFC 3310 2, 3.4");
  }
}

// Without numbers: any credentials may answer any challenge.
using register_ = ctsip::messages::register_;
template <unsigned Status>
using to_register = received<response<Status, method::register_>>;
using with_credentials = sent<with<register_, mark::credentials>>;
static_assert(
    walk<definition, sent<register_>, to_register<401>, with_credentials, to_register<200>>().is(
        authenticated));
static_assert(
    walk<definition, with_credentials, to_register<401>, with_credentials>().is(answered));
static_assert(walk<definition, sent<ctsip::messages::invite>, received<response<407>>,
                   sent<ctsip::messages::invite>, received<response<200>>>()
                  .is(unchallenged));

// One side, by numbers.
struct side {
  rules r{};
  ctsip::step<definition> last{unchallenged, 0, {}};

  row_kind take(registration_message const& m) {
    auto const taken = r.process(m, ctsip::on_violation::report{});
    last = taken.of<definition>();
    return taken.kind<definition>();
  }
  row_kind sends(registration_message m, method which = method::register_) {
    m.event = request_event(direction::sent, which);
    return take(m);
  }
  row_kind gets(std::uint16_t status, registration_message m = {},
                method which = method::register_) {
    m.event = response_event(direction::received, status, which);
    return take(m);
  }
  bool is(state s) const { return r.is<definition>(s); }
  bool gives_up() const { return last.does.has(give_up); }
};

registration_message nonce(std::uint32_t n, std::uint32_t cseq = 0) {
  registration_message m;
  m.nonce = n;
  m.cseq = cseq;
  return m;
}
registration_message proxy_nonce(std::uint32_t n) {
  registration_message m;
  m.proxy_nonce = n;
  return m;
}
registration_message stale(std::uint32_t n) {
  auto m = nonce(n);
  m.stale = true;
  return m;
}

BOOST_AUTO_TEST_CASE(the_credentials_just_rejected_are_not_sent_again_22_1) {
  for (auto which : {method::register_, method::invite, method::bye, method::subscribe}) {
    side a;
    (void)a.sends({}, which);
    (void)a.gets(401, nonce(1), which);
    BOOST_TEST((a.sends(nonce(1), which) == row_kind::expected));
    BOOST_TEST((a.gets(401, nonce(1), which) == row_kind::expected));
    BOOST_TEST(a.is(rejected));
    BOOST_TEST(a.gives_up());
    BOOST_TEST((a.sends(nonce(1), which) == row_kind::refused));
    BOOST_TEST(a.is(rejected));
    // Others may be sent; so may a request without any: it is another attempt.
    auto b = a;
    BOOST_TEST((b.sends({}, which) == row_kind::expected));
    BOOST_TEST((b.sends(nonce(1), which) == row_kind::refused));
    auto other = nonce(1);
    other.new_credentials = true;
    BOOST_TEST((a.sends(other, which) == row_kind::expected));
    BOOST_TEST((a.gets(200, {}, which) == row_kind::expected));
    BOOST_TEST(a.is(authenticated));
    // They are rejected no longer.
    BOOST_TEST((a.sends(nonce(1), which) == row_kind::expected));
  }
}

BOOST_AUTO_TEST_CASE(the_request_may_be_retried_if_the_nonce_was_stale_22_1) {
  side a;
  (void)a.sends({});
  (void)a.gets(401, nonce(1));
  (void)a.sends(nonce(1));
  (void)a.gets(401, stale(2));
  BOOST_TEST(a.is(challenged));
  BOOST_TEST((a.sends(nonce(2)) == row_kind::expected));
  (void)a.gets(401, stale(2));
  BOOST_TEST(a.is(challenged));
  BOOST_TEST((a.sends(nonce(2)) == row_kind::expected));
  (void)a.gets(200);
  BOOST_TEST(a.is(authenticated));
  // Later, when the cached nonce has become stale.
  (void)a.sends(nonce(2));
  (void)a.gets(401, stale(3));
  BOOST_TEST((a.sends(nonce(3)) == row_kind::expected));
}

BOOST_AUTO_TEST_CASE(another_nonce_may_be_answered_but_not_the_one_refused_rfc7616_3_3) {
  side a;
  (void)a.sends({});
  (void)a.gets(401, nonce(1));
  (void)a.sends(nonce(1));
  (void)a.gets(401, nonce(2));
  BOOST_TEST(a.is(challenged));
  BOOST_TEST(a.last.does.has(obtain_credentials));
  BOOST_TEST((a.sends(nonce(1)) == row_kind::refused));
  BOOST_TEST((a.sends(nonce(2)) == row_kind::expected));
}

BOOST_AUTO_TEST_CASE(challenges_without_end_are_not_answered_without_end) {
  for (bool is_stale : {false, true}) {
    side a;
    unsigned answers = 0;
    (void)a.sends({});
    for (std::uint32_t n = 1; n < 100; ++n) {
      (void)a.gets(401, is_stale ? stale(n) : nonce(n));
      if (!a.last.does.has(answer_challenge)) break;
      BOOST_TEST((a.sends(nonce(n)) == row_kind::expected));
      ++answers;
    }
    BOOST_TEST(answers == unsigned{definition::most_challenges});
    BOOST_TEST(a.is(rejected));
    BOOST_TEST(a.gives_up());
  }
  // A final response in between, or a request without credentials, begins another series.
  side b;
  for (std::uint32_t n = 1; n < 20; ++n) {
    (void)b.sends(nonce(n));
    (void)b.gets(401, stale(n + 100));
    BOOST_TEST(b.is(challenged));
    (void)b.gets(n % 2 ? 500 : 200);
  }
}

// "it SHOULD, if it is able, re-originate the request with the proper credentials" (22.2): each
// request, whatever the one before it was given up for.
BOOST_AUTO_TEST_CASE(a_request_that_is_given_up_ends_its_series_22_2) {
  for (auto const last : {challenge_support::acceptable, challenge_support::unsupported,
                          challenge_support::missing}) {
    side a;
    (void)a.sends(nonce(1));
    for (std::uint32_t round = 0; round != 3; ++round) {
      for (std::uint32_t n = 2; n != 2 + definition::most_challenges; ++n) {
        (void)a.gets(401, stale(round * 100 + n));
        BOOST_TEST(a.last.does.has(answer_challenge));
        BOOST_TEST((a.sends(nonce(round * 100 + n)) == row_kind::expected));
      }
      auto what = stale(round * 100 + 50);
      what.challenge = last;
      (void)a.gets(401, what);
      BOOST_TEST(a.gives_up());
      (void)a.sends(nonce(round * 100 + 50));
    }
  }
}

BOOST_AUTO_TEST_CASE(a_proxy_and_a_registrar_may_both_challenge_first_22_3) {
  side a;
  (void)a.sends({});
  (void)a.gets(407, proxy_nonce(1));
  (void)a.sends(proxy_nonce(1));
  (void)a.gets(401, nonce(2));
  BOOST_TEST(a.is(challenged));
  BOOST_TEST(!a.last.does.has(obtain_credentials));
  auto both = nonce(2);
  both.proxy_nonce = 1;
  BOOST_TEST((a.sends(both) == row_kind::expected));
  (void)a.gets(200);
  BOOST_TEST(a.is(authenticated));
  // The proxy alone refuses its own.
  (void)a.sends(both);
  (void)a.gets(407, proxy_nonce(1));
  BOOST_TEST(a.is(rejected));
  auto changed = nonce(2);
  changed.proxy_nonce = 3;
  BOOST_TEST((a.sends(both) == row_kind::refused));
  BOOST_TEST((a.sends(changed) == row_kind::expected));
}

BOOST_AUTO_TEST_CASE(the_first_register_of_ims_has_an_empty_nonce) {
  side a;
  registration_message first;
  first.empty_nonce = true;
  BOOST_TEST((a.sends(first) == row_kind::expected));
  (void)a.gets(401, nonce(1));
  BOOST_TEST(a.is(challenged));
  BOOST_TEST(!a.last.does.has(obtain_credentials));
  BOOST_TEST((a.sends(nonce(1)) == row_kind::expected));
}

BOOST_AUTO_TEST_CASE(after_a_synchronisation_failure_the_challenge_is_like_a_first_one_once) {
  side a;
  (void)a.sends({});
  (void)a.gets(401, nonce(1));
  auto auts = nonce(1);
  auts.synchronisation_failure = true;
  BOOST_TEST((a.sends(auts) == row_kind::expected));
  (void)a.gets(401, nonce(2));
  BOOST_TEST(a.is(challenged));
  BOOST_TEST(!a.last.does.has(obtain_credentials));
  auto b = a;
  BOOST_TEST((a.sends(nonce(2)) == row_kind::expected));
  (void)a.gets(200);
  BOOST_TEST(a.is(authenticated));
  BOOST_TEST((a.sends(auts) == row_kind::refused)); // answers no challenge
  auts.nonce = 2;
  (void)b.sends(auts);
  (void)b.gets(401, nonce(3));
  BOOST_TEST(b.last.does.has(obtain_credentials));
}

BOOST_AUTO_TEST_CASE(a_challenge_that_cannot_be_answered_ends_the_attempt) {
  for (auto what : {challenge_support::unsupported, challenge_support::missing}) {
    side a;
    (void)a.sends({});
    registration_message m;
    m.challenge = what;
    BOOST_TEST((a.gets(401, m) == (what == challenge_support::missing ? row_kind::peer_violation
                                                                      : row_kind::expected)));
    BOOST_TEST(a.is(rejected));
    // To the other rules it is a rejection.
    m.event = response_event(direction::received, 401, method::register_);
    BOOST_TEST((a.r.classify(m).phase == registration_phase::rejection));
  }
}

BOOST_AUTO_TEST_CASE(a_cancel_and_an_ack_are_not_challenged_9_2_22_1) {
  for (std::uint16_t status : {401, 407})
    for (auto which : {method::cancel, method::ack}) {
      side server;
      BOOST_TEST(
          (server.take(response_event(direction::sent, status, which)) == row_kind::refused));
      BOOST_TEST((server.take(response_event(direction::sent, 200, which)) == row_kind::ignored));
    }
  side server;
  for (auto which : {method::register_, method::invite, method::options})
    BOOST_TEST((server.take(response_event(direction::sent, 401, which)) == row_kind::ignored));
  side client;
  (void)client.sends({}, method::invite);
  BOOST_TEST((client.sends({}, method::cancel) == row_kind::ignored));
  BOOST_TEST((client.gets(401, nonce(1), method::cancel) == row_kind::peer_violation));
  BOOST_TEST(client.is(unchallenged));
  BOOST_TEST(client.last.does.empty());
  // "Servers MUST NOT attempt to challenge an ACK." (22.1)
  for (std::uint16_t status : {401, 407}) {
    BOOST_TEST((client.gets(status, nonce(1), method::ack) == row_kind::peer_violation));
    BOOST_TEST(client.is(unchallenged));
    BOOST_TEST(client.last.does.empty());
  }
}

BOOST_AUTO_TEST_CASE(an_ack_carries_the_credentials_of_its_invite_22_1) {
  side a;
  (void)a.sends({}, method::invite);
  (void)a.gets(407, proxy_nonce(1), method::invite);
  (void)a.sends(proxy_nonce(1), method::ack);
  (void)a.sends(proxy_nonce(1), method::invite);
  (void)a.gets(407, proxy_nonce(1), method::invite);
  BOOST_TEST((a.sends(proxy_nonce(1), method::ack) == row_kind::ignored));
  BOOST_TEST((a.sends(proxy_nonce(1), method::invite) == row_kind::refused));
}

BOOST_AUTO_TEST_CASE(a_challenge_to_an_earlier_request_that_carried_others_is_a_first_one) {
  side a;
  (void)a.sends(nonce(0, 6));
  (void)a.sends(nonce(1, 7));
  (void)a.sends(nonce(2, 8));
  for (std::uint32_t cseq : {6u, 7u}) {
    (void)a.gets(401, nonce(2, cseq));
    BOOST_TEST(a.is(challenged));
    BOOST_TEST(!a.last.does.has(obtain_credentials));
  }
  BOOST_TEST((a.sends(nonce(2, 9)) == row_kind::expected));
  (void)a.gets(401, nonce(2, 9));
  BOOST_TEST(a.is(rejected));
}

BOOST_AUTO_TEST_CASE(a_challenge_to_an_earlier_request_judges_the_same_credentials_22_1) {
  // "A UAC MUST NOT re-attempt requests with the credentials that have just been rejected"
  side a;
  (void)a.sends(nonce(0, 6));
  (void)a.gets(401, nonce(1, 6));
  (void)a.sends(nonce(1, 7));
  (void)a.sends(nonce(1, 8));
  auto b = a;
  (void)a.gets(401, nonce(1, 7));
  BOOST_TEST(a.is(rejected));
  BOOST_TEST((a.sends(nonce(1, 9)) == row_kind::refused));
  // With another nonce, too.
  (void)b.gets(401, nonce(2, 7));
  BOOST_TEST(b.is(challenged));
  BOOST_TEST(b.last.does.has(obtain_credentials));
  BOOST_TEST((b.sends(nonce(1, 9)) == row_kind::refused));
  BOOST_TEST((b.sends(nonce(2, 9)) == row_kind::expected));
  // The nonce is that of 9, but 8 did not carry it.
  (void)b.gets(401, nonce(2, 8));
  BOOST_TEST(b.is(challenged));
  BOOST_TEST((b.sends(nonce(2, 10)) == row_kind::expected));
}

BOOST_AUTO_TEST_CASE(alternating_nonces_do_not_make_rejected_credentials_good_22_1) {
  side a;
  (void)a.sends({});
  (void)a.gets(401, nonce(1));
  for (std::uint32_t n = 1; n != definition::most_challenges; ++n) {
    BOOST_TEST((a.sends(nonce(n)) == row_kind::expected));
    (void)a.gets(401, nonce(n + 1));
    for (std::uint32_t before = 1; before <= n; ++before)
      BOOST_TEST((a.sends(nonce(before)) == row_kind::refused));
  }
  // The server comes back to one that it has refused.
  (void)a.sends(nonce(definition::most_challenges));
  (void)a.gets(401, nonce(1));
  for (std::uint32_t n = 1; n <= definition::most_challenges; ++n)
    BOOST_TEST((a.sends(nonce(n)) == row_kind::refused));
}

BOOST_AUTO_TEST_CASE(a_2xx_to_an_earlier_request_does_not_make_rejected_credentials_good_22_1) {
  side a;
  (void)a.sends(nonce(0, 6));
  (void)a.sends(nonce(1, 7));
  (void)a.gets(401, nonce(1, 7));
  auto b = a;
  (void)a.gets(200, nonce(0, 6));
  BOOST_TEST((a.sends(nonce(1, 8)) == row_kind::refused));
  // Other credentials with that nonce are not those; the 2xx to them ends it for all.
  auto other = nonce(1, 8);
  other.new_credentials = true;
  BOOST_TEST((b.sends(other) == row_kind::expected));
  (void)b.gets(200, nonce(0, 8));
  BOOST_TEST((b.sends(nonce(1, 9)) == row_kind::expected));
}

BOOST_AUTO_TEST_CASE(credentials_are_judged_no_longer_when_the_network_is_lost) {
  side a;
  (void)a.sends(nonce(1));
  (void)a.take(ctsip::registration_incident::network_lost);
  BOOST_TEST(a.is(unchallenged));
  BOOST_TEST(a.r.at_rest());
}

BOOST_AUTO_TEST_CASE(a_retransmission_is_no_event) {
  side a;
  auto m = nonce(1);
  (void)a.sends(m);
  (void)a.gets(401, m);
  m.again = true;
  BOOST_TEST((a.sends(m) == row_kind::ignored));
  BOOST_TEST((a.gets(401, m) == row_kind::ignored));
  BOOST_TEST(a.is(rejected));
}

BOOST_AUTO_TEST_CASE(nothing_that_is_received_is_refused) {
  std::mt19937 random{22};
  side a;
  for (unsigned i = 0; i != 50'000; ++i) {
    registration_message m;
    bool const is_sent = random() % 3 == 0;
    auto const which = static_cast<method>(random() % 15);
    m.event = random() % 2
                  ? request_event(is_sent ? direction::sent : direction::received, which)
                  : response_event(is_sent ? direction::sent : direction::received,
                                   static_cast<std::uint16_t>(100 + random() % 600), which);
    if (random() % 3 == 0) m.event.status = random() % 2 ? 401 : 407;
    m.nonce = random() % 4;
    m.proxy_nonce = random() % 3;
    m.cseq = random() % 4;
    m.stale = random() % 4 == 0;
    m.empty_nonce = random() % 8 == 0;
    m.synchronisation_failure = random() % 8 == 0;
    m.challenge = static_cast<challenge_support>(random() % 3);
    auto const kind = a.take(m);
    if (!is_sent) BOOST_TEST(!ctsip::refuses(kind));
  }
}

BOOST_AUTO_TEST_SUITE_END()
