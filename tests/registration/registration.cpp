// Scenarios of RFC 3261 10.2, RFC 5626 4.5 and IMS in virtual time, and what holds of any sequence
// of events.
#include <ctsip/registration/registration.hpp>

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <random>
#include <string>
#include <vector>

BOOST_AUTO_TEST_SUITE(registration_registration)

using ctsip::authentication;
using ctsip::contact_listing;
using ctsip::direction;
using ctsip::instant;
using ctsip::known_binding;
using ctsip::method;
using ctsip::registration;
using ctsip::registration_attempt;
using ctsip::registration_event;
using ctsip::registration_incident;
using ctsip::registration_message;
using ctsip::registration_purpose;
using ctsip::registration_settings;
using ctsip::request_event;
using ctsip::response_event;
using ctsip::security_agreement;
using ctsip::security_list;
using ctsip::timer;
using ctsip::transaction_action;
using attempt = registration_attempt;

// A user agent that says what it does; `now` in milliseconds.
struct agent {
  registration r{};
  registration::step last{};
  std::int64_t now{};
  std::uint32_t cseq{};

  bool sends(registration_message m) {
    m.event = request_event(direction::sent, method::register_);
    m.cseq = cseq + 1;
    last = r.process(m, instant{now}, ctsip::default_registration_settings,
                     ctsip::on_violation::report{});
    if (!last.refused()) ++cseq;
    return !last.refused();
  }
  void gets(std::uint16_t status, registration_message m = {}) {
    m.event = response_event(direction::received, status, method::register_);
    if (m.cseq == 0) m.cseq = cseq;
    last = r.process(m, instant{now});
  }
  void happens(registration_message const& m) { last = r.process(m, instant{now}); }
  // Fires the next timer, when it is due.
  void fires(std::uint32_t random = 0) {
    now = r.next_timeout().count;
    last = r.handle_timeout(instant{now}, random);
  }
  // Lets the time pass until the transaction tells something else than a retransmission.
  void passes_until_told(std::uint32_t random = 0) {
    do fires(random);
    while (last.transaction.has(transaction_action::send_request));
  }
  template <class Rule>
  bool does(typename Rule::action a) const {
    return last.does<Rule>().has(a);
  }
  bool retransmits() const { return last.transaction.has(transaction_action::send_request); }
};

constexpr registration_message asks(std::uint32_t expires) {
  registration_message m;
  m.contact = 1;
  m.expires = expires;
  m.expires_said = true;
  return m;
}
constexpr registration_message with_nonce(registration_message m, std::uint32_t nonce) {
  m.nonce = nonce;
  return m;
}
constexpr registration_message grants(std::uint32_t seconds) {
  registration_message m;
  m.listing = contact_listing::listed;
  m.granted = seconds;
  return m;
}
constexpr registration_message fetches() {
  registration_message m;
  m.fetch = true;
  return m;
}

BOOST_AUTO_TEST_CASE(register_challenged_and_answered) {
  agent a;
  BOOST_TEST(a.sends(asks(3600)));
  BOOST_TEST(a.retransmits()); // the request itself
  BOOST_TEST(a.r.next_timeout().count == 500);
  a.fires();
  BOOST_TEST(a.retransmits());
  BOOST_TEST(a.r.next_timeout().count == 1500);
  a.now = 600;
  a.gets(401, with_nonce({}, 1));
  BOOST_TEST(a.does<authentication>(authentication::answer_challenge));
  BOOST_TEST(a.does<attempt>(attempt::authorize));
  BOOST_TEST((a.r.attempt() == attempt::challenged));
  BOOST_TEST((a.r.binding() == known_binding::unregistered));
  BOOST_TEST(a.sends(with_nonce(asks(3600), 1)));
  // The 401 once more: absorbed.
  auto again = with_nonce({}, 1);
  again.cseq = 1;
  a.gets(401, again);
  BOOST_TEST((a.r.attempt() == attempt::trying));
  a.now = 700;
  a.gets(200, grants(3600));
  BOOST_TEST(a.does<known_binding>(known_binding::inform_registered));
  BOOST_TEST((a.r.attempt() == attempt::idle));
  BOOST_TEST((a.r.binding() == known_binding::registered));
  BOOST_TEST(a.r.granted() == 3600u);
  BOOST_TEST(a.r.until().count == 3'600'700);
  a.fires(); // Timer K
  BOOST_TEST(a.now == 5700);
  BOOST_TEST(a.r.next_timeout().count == 3'000'700);
  a.fires();
  BOOST_TEST(a.does<known_binding>(known_binding::refresh));
}

// Registers, at time 0.
agent registered_agent(std::uint32_t seconds = 3600) {
  agent a;
  (void)a.sends(asks(seconds));
  a.gets(401, with_nonce({}, 1));
  (void)a.sends(with_nonce(asks(seconds), 1));
  a.gets(200, grants(seconds));
  a.fires(); // Timer K
  return a;
}

BOOST_AUTO_TEST_CASE(a_refresh_is_challenged_while_the_binding_stands) {
  agent a = registered_agent();
  a.fires();
  BOOST_TEST(a.does<known_binding>(known_binding::refresh));
  BOOST_TEST(a.now == 3'000'000);
  BOOST_TEST(a.sends(with_nonce(asks(3600), 1)));
  BOOST_TEST((a.r.purpose() == registration_purpose::refresh));
  auto stale = with_nonce({}, 2);
  stale.stale = true;
  a.gets(401, stale);
  BOOST_TEST((a.r.binding() == known_binding::registered));
  BOOST_TEST((a.r.attempt() == attempt::challenged));
  BOOST_TEST(a.r.until().count == 3'600'000);
  BOOST_TEST(a.sends(with_nonce(asks(3600), 2)));
  a.gets(200, grants(3600));
  BOOST_TEST(a.r.until().count == 6'600'000);
  BOOST_TEST((a.r.binding() == known_binding::registered));
}

BOOST_AUTO_TEST_CASE(a_binding_survives_refreshes_that_fail_until_it_expires_10_2_7) {
  agent a = registered_agent();
  a.fires();
  std::vector<std::int64_t> waits;
  while (a.r.binding() == known_binding::registered) {
    if (a.r.attempt() == attempt::idle) {
      BOOST_TEST(a.sends(with_nonce(asks(3600), 1)));
      a.passes_until_told();
      if (a.r.binding() != known_binding::registered) break;
      BOOST_TEST(a.last.transaction.has(transaction_action::inform_timeout));
      BOOST_TEST(a.does<attempt>(attempt::wait_for_timer));
      BOOST_TEST((a.r.attempt() == attempt::waiting));
      BOOST_TEST(!a.sends(with_nonce(asks(3600), 1)));
      BOOST_TEST(a.last.waits());
      waits.push_back(a.r.next_timeout().count - a.now);
    }
    a.fires();
  }
  BOOST_TEST(a.now == 3'600'000);
  BOOST_TEST((a.r.binding() == known_binding::unregistered));
  BOOST_TEST(a.does<known_binding>(known_binding::inform_unregistered));
  BOOST_TEST(a.r.until().is_never());
  std::vector<std::int64_t> const expected{30'000, 60'000, 120'000};
  BOOST_REQUIRE(waits.size() >= expected.size());
  waits.resize(expected.size());
  BOOST_TEST(waits == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(an_interval_too_brief_is_lengthened_10_2_8) {
  agent a;
  (void)a.sends(asks(60));
  registration_message m;
  m.min_expires = 1800;
  a.gets(423, m);
  BOOST_TEST(a.does<attempt>(attempt::retry_with_min_expires));
  BOOST_TEST(a.r.min_expires() == 1800u);
  BOOST_TEST(!a.sends(asks(60)));
  BOOST_TEST(std::string(a.r.explain([&] {
                              auto again = asks(60);
                              again.event = request_event(direction::sent, method::register_);
                              return again;
                            }())
                             .clause) == "RFC 3261 10.2.8");
  BOOST_TEST(a.sends(asks(a.r.min_expires())));
  a.gets(200, grants(1800));
  BOOST_TEST((a.r.binding() == known_binding::registered));
}

BOOST_AUTO_TEST_CASE(the_first_retry_is_between_30_and_60_seconds_after_the_failure_rfc5626_4_5) {
  for (std::uint32_t random : {0u, 15'000u, 30'000u}) {
    agent a;
    (void)a.sends(asks(3600));
    a.passes_until_told(random);
    BOOST_TEST(a.now == 32'000);
    BOOST_TEST(a.does<attempt>(attempt::try_next_target));
    BOOST_TEST(a.r.next_timeout().count == 32'000 + 30'000 + std::int64_t{random});
    a.fires();
    BOOST_TEST(a.does<attempt>(attempt::try_again));
    BOOST_TEST(a.sends(asks(3600)));
    a.gets(200, grants(3600));
    BOOST_TEST(a.r.failures() == 0u);
  }
}

BOOST_AUTO_TEST_CASE(loops_of_challenges_end) {
  agent a;
  unsigned registers = 0;
  (void)a.sends(asks(3600));
  for (std::uint32_t n = 1; registers < 100; ++n, ++registers) {
    a.gets(401, with_nonce({}, n));
    if (!a.does<attempt>(attempt::authorize)) break;
    BOOST_TEST(a.does<authentication>(authentication::answer_challenge));
    BOOST_TEST(a.sends(with_nonce(asks(3600), n)));
  }
  BOOST_TEST(registers == unsigned{authentication::most_challenges});
  BOOST_TEST((a.r.attempt() == attempt::rejected));
  BOOST_TEST(a.does<attempt>(attempt::give_up));
  BOOST_TEST(a.does<authentication>(authentication::give_up));
}

BOOST_AUTO_TEST_CASE(wrong_credentials_end_the_attempt_22_1) {
  agent a;
  (void)a.sends(asks(3600));
  a.gets(401, with_nonce({}, 1));
  (void)a.sends(with_nonce(asks(3600), 1));
  a.gets(401, with_nonce({}, 1));
  BOOST_TEST((a.r.attempt() == attempt::rejected));
  BOOST_TEST(!a.sends(with_nonce(asks(3600), 1)));
  BOOST_TEST(a.last.rules.refused_by == 0);
  BOOST_TEST((a.r.binding() == known_binding::unregistered));
}

BOOST_AUTO_TEST_CASE(the_network_is_lost_and_back_rfc5626_4_5) {
  agent a = registered_agent();
  a.now = 100'000;
  (void)a.sends(with_nonce(asks(3600), 1));
  a.happens(registration_incident::network_lost);
  BOOST_TEST((a.r.attempt() == attempt::idle));
  BOOST_TEST((a.r.binding() == known_binding::registered));
  BOOST_TEST(a.r.next_timeout().count == 3'600'000); // the transaction is gone, the expiry is not
  a.happens(registration_incident::network_back);
  BOOST_TEST(a.does<attempt>(attempt::try_again));
  BOOST_TEST((a.r.purpose() == registration_purpose::refresh));
  BOOST_TEST(a.sends(with_nonce(asks(3600), 1)));
  a.gets(200, grants(3600));
  BOOST_TEST(a.r.until().count == 3'700'000);
}

BOOST_AUTO_TEST_CASE(a_retry_after_runs_on_while_the_network_is_lost_21_5_4) {
  agent a;
  (void)a.sends(asks(3600));
  registration_message m;
  m.retry_after = 600;
  m.retry_after_said = true;
  a.now = 1'000;
  a.gets(503, m);
  a.now = 100'000;
  a.happens(registration_incident::network_lost);
  a.now = 200'000;
  a.happens(registration_incident::network_back);
  BOOST_TEST(!a.does<attempt>(attempt::try_again));
  BOOST_TEST(!a.sends(asks(3600)));
  BOOST_TEST(a.last.waits());
  BOOST_TEST(a.r.next_timeout().count == 601'000);
  a.fires();
  BOOST_TEST(a.does<attempt>(attempt::try_again));
  BOOST_TEST(a.sends(asks(3600)));
}

BOOST_AUTO_TEST_CASE(an_error_of_the_transport_is_told_by_the_transaction_17_1_4) {
  agent a;
  (void)a.sends(asks(3600));
  a.happens(ctsip::transport_error::value);
  BOOST_TEST(a.last.transaction.has(transaction_action::inform_transport_error));
  BOOST_TEST((a.r.attempt() == attempt::waiting));
  BOOST_TEST(a.r.next_timeout().count == 30'000);
  // And if nothing is pending, nothing happens.
  a.happens(ctsip::transport_error::value);
  BOOST_TEST((a.r.attempt() == attempt::waiting));
}

BOOST_AUTO_TEST_CASE(a_fetch_has_its_own_transaction) {
  agent a;
  (void)a.sends(asks(3600));
  a.now = 100;
  BOOST_TEST(a.sends(fetches()));
  a.now = 200;
  a.gets(200, grants(0)); // the fetch: our binding is not there yet
  BOOST_TEST((a.r.attempt() == attempt::trying));
  registration_message m = grants(3600);
  m.cseq = 1;
  a.gets(200, m);
  BOOST_TEST((a.r.attempt() == attempt::idle));
  BOOST_TEST((a.r.binding() == known_binding::registered));
  // Later one that finds the binding gone.
  a.fires();
  a.fires();
  BOOST_TEST(a.sends(fetches()));
  registration_message missing;
  missing.listing = contact_listing::missing;
  a.gets(200, missing);
  BOOST_TEST((a.r.binding() == known_binding::removed));
  BOOST_TEST(a.does<known_binding>(known_binding::register_again));
  BOOST_TEST(a.r.until().is_never());
}

BOOST_AUTO_TEST_CASE(a_deregistration_ends_everything_10_2_2) {
  agent a = registered_agent();
  (void)a.sends(with_nonce(asks(0), 1));
  BOOST_TEST((a.r.purpose() == registration_purpose::remove));
  a.gets(200);
  BOOST_TEST((a.r.binding() == known_binding::unregistered));
  a.fires(); // Timer K
  BOOST_TEST(a.r.next_timeout().is_never());
}

BOOST_AUTO_TEST_CASE(the_network_deregisters_and_shortens_rfc3680_4_7_1) {
  agent a = registered_agent();
  a.now = 10'000;
  registration_message shorter{registration_incident::shortened};
  shorter.granted = 600;
  a.happens(shorter);
  BOOST_TEST(a.r.until().count == 610'000);
  BOOST_TEST(a.r.next_timeout().count == 310'000);
  registration_message probation{registration_incident::probation};
  probation.retry_after = 60;
  a.happens(probation);
  BOOST_TEST((a.r.binding() == known_binding::removed));
  BOOST_TEST((a.r.attempt() == attempt::waiting));
  BOOST_TEST(!a.sends(asks(3600)));
  BOOST_TEST(a.last.waits());
  BOOST_TEST(a.r.next_timeout().count == 70'000);
  a.fires();
  BOOST_TEST(a.does<attempt>(attempt::try_again));
  BOOST_TEST((a.r.purpose() == registration_purpose::add));
  BOOST_TEST(a.sends(asks(3600)));
}

// RFC 3310, RFC 3329 and 3GPP TS 24.229: an empty nonce and a Security-Client; the 401 has an AKA
// challenge and the Security-Server.
BOOST_AUTO_TEST_CASE(registration_in_ims_with_a_synchronisation_failure) {
  agent a;
  auto m = asks(600'000);
  m.empty_nonce = true;
  m.security_client = m.security_required = true;
  BOOST_TEST(a.sends(m));
  auto challenge = with_nonce({}, 1);
  challenge.security_server = true;
  a.gets(401, challenge);
  BOOST_TEST(a.does<authentication>(authentication::answer_challenge));
  BOOST_TEST(a.does<security_agreement>(security_agreement::choose_mechanism));
  m.empty_nonce = false;
  m.nonce = 1;
  BOOST_TEST(!a.sends(m)); // without Security-Verify
  BOOST_TEST(std::string(security_agreement::title) == "security agreement");
  BOOST_TEST(a.last.rules.refused_by == 3);
  m.security_verify = security_list::mirrors;
  m.synchronisation_failure = true;
  BOOST_TEST(a.sends(m));
  challenge.nonce = 2;
  a.gets(401, challenge);
  BOOST_TEST(!a.does<authentication>(authentication::obtain_credentials));
  m.synchronisation_failure = false;
  m.nonce = 2;
  BOOST_TEST(a.sends(m));
  a.gets(200, grants(600'000));
  BOOST_TEST((a.r.binding() == known_binding::registered));
  a.fires(); // Timer K
  BOOST_TEST(a.r.next_timeout().count == 599'400'000);
}

BOOST_AUTO_TEST_CASE(a_registration_has_a_policy_of_its_own) {
  registration_settings settings;
  settings.policy.long_registration = {0};
  settings.policy.refresh_margin = {10'000};
  settings.policy.base_time_all_failed = {1000};
  settings.over = ctsip::transport::tcp;
  registration r;
  auto m = asks(60);
  m.event = request_event(direction::sent, method::register_);
  (void)r.process(m, instant{0}, settings);
  BOOST_TEST(r.next_timeout().count == 32'000); // no Timer E over TCP
  (void)r.handle_timeout(instant{32'000}, 0, false, settings);
  BOOST_TEST((r.attempt() == attempt::waiting));
  BOOST_TEST(r.next_timeout().count == 33'000);
  (void)r.handle_timeout(instant{33'000}, 0, false, settings);
  (void)r.process(m, instant{40'000}, settings);
  auto granted = grants(60);
  granted.event = response_event(direction::received, 200, method::register_);
  (void)r.process(granted, instant{40'000}, settings);
  BOOST_TEST(r.next_timeout().count == 90'000);
  BOOST_TEST(r.until().count == 100'000);
}

// A rule of an operator's own: no binding for longer than a day.
struct no_long_binding {
  static constexpr char const* title = "no long binding";
  enum class state : std::uint8_t { only };
  enum class symbol : std::uint8_t { sent_register, sent_too_long };
  enum class action : std::uint8_t { none };
  using enum state;
  using enum symbol;
  using in = ctsip::in<state, symbol, action>;
  static constexpr symbol commands[] = {sent_register, sent_too_long};
  struct facts {};
  static constexpr symbol project(registration_event const& e) {
    return e.is_sent() && e.is_request(ctsip::registration_subject::register_)
               ? sent_register
               : ctsip::outside<symbol>;
  }
  static constexpr symbol correct(symbol plain, registration_message const& m,
                                  registration_event const&, facts const&) {
    return plain == sent_register && m.expires > 86'400 ? sent_too_long : plain;
  }
  static constexpr void commit(facts&, registration_message const&, registration_event const&) {}
  // clang-format off
  static constexpr in::row rows[] = {
      in{only}.on(sent_register)           .rfc("RFC 3261 10.2.1.1").stay(),
      in{only}.on(sent_too_long)           .refused("longer than a day", "RFC 3261 10.2.1.1"),
  };
  // clang-format on
};
struct operator_rules : ctsip::registration_rules::with<no_long_binding> {};

BOOST_AUTO_TEST_CASE(rules_of_ones_own_are_added) {
  ctsip::basic_registration<operator_rules> r;
  auto m = asks(86'401);
  m.event = request_event(direction::sent, method::register_);
  BOOST_TEST(r.process(m, instant{0}, {}, ctsip::on_violation::report{}).refused());
  BOOST_TEST(std::string(r.explain(m).sentence) == "longer than a day");
  m.expires = 86'400;
  BOOST_TEST(!r.process(m, instant{0}).refused());
}

constexpr bool registers_at_compile_time() {
  registration r;
  registration_message m = asks(3600);
  m.event = request_event(direction::sent, method::register_);
  (void)r.process(m, instant{0});
  registration_message ok = grants(3600);
  ok.event = response_event(direction::received, 200, method::register_);
  (void)r.process(ok, instant{50});
  return r.binding() == known_binding::registered && r.until() == instant{3'600'050};
}
static_assert(registers_at_compile_time());

// Whatever comes: nothing received is refused, the CSeq numbers that go out rise, timers belong to
// something that is there, and when the user agent stops, everything ends.
BOOST_AUTO_TEST_CASE(any_sequence_of_events_is_taken) {
  for (unsigned seed = 0; seed != 200; ++seed) {
    std::mt19937 random{seed};
    agent a;
    std::uint32_t highest = 0;
    for (unsigned i = 0; i != 300; ++i) {
      registration_message m = asks(random() % 4 ? random() % 5000 : 0);
      m.contact = random() % 3;
      m.nonce = random() % 4;
      m.proxy_nonce = random() % 8 ? 0 : random() % 4;
      m.fetch = random() % 6 == 0;
      m.wildcard = random() % 12 == 0;
      m.stale = random() % 3 == 0;
      m.other_target = random() % 6 == 0;
      m.expires_said = random() % 2;
      m.min_expires = random() % 3 ? 0 : random() % 6000;
      m.retry_after = random() % 1000;
      m.retry_after_said = random() % 3 == 0;
      m.security_server = random() % 16 == 0;
      m.security_verify = static_cast<security_list>(random() % 3);
      m.security_required = random() % 2;
      m.listing = static_cast<contact_listing>(random() % 3);
      m.granted = random() % 4 ? random() % 5000 : 0;
      m.again = random() % 20 == 0;
      m.random = static_cast<std::uint32_t>(random());
      switch (random() % 5) {
      case 0:
      case 1:
        if (a.sends(m) && !m.again) {
          BOOST_TEST(a.cseq > highest);
          highest = a.cseq;
        }
        break;
      case 2: {
        std::uint16_t const usual[] = {100, 200, 200, 200, 302, 401, 407, 403, 404,
                                       408, 421, 423, 480, 494, 500, 503, 603};
        m.cseq = random() % 3 ? a.cseq : static_cast<std::uint32_t>(random() % (a.cseq + 2));
        a.gets(usual[random() % 17], m);
        BOOST_TEST(!a.last.refused());
        break;
      }
      case 3: {
        registration_message other = m;
        other.event = {};
        other.incident = static_cast<registration_incident>(random() % 10);
        if (random() % 8 == 0) other = ctsip::transport_error::value;
        a.happens(other);
        BOOST_TEST(!a.last.refused());
        break;
      }
      default:
        if (a.r.next_timeout().is_never()) break;
        a.fires(static_cast<std::uint32_t>(random()));
        BOOST_TEST(!a.last.refused());
        break;
      }
      BOOST_TEST((a.r.binding() == known_binding::registered) == !a.r.until().is_never());
      BOOST_TEST((a.r.binding() == known_binding::registered) == (a.r.granted() != 0));
    }
    // The user agent does nothing any more.
    unsigned fired = 0;
    while (!a.r.next_timeout().is_never() && ++fired < 100) a.fires();
    BOOST_TEST(fired < 100u);
    BOOST_TEST((a.r.binding() != known_binding::registered));
    auto const resting = a.r.attempt();
    BOOST_TEST(
        (resting != attempt::trying && resting != attempt::waiting && resting != attempt::failed));
  }
}

BOOST_AUTO_TEST_CASE(a_registration_is_small) {
  static_assert(sizeof(registration) <= 272);
  static_assert(sizeof(ctsip::authentication_rules) <= 64);
}

BOOST_AUTO_TEST_SUITE_END()
