// Expectations from RFC 3261 10.2, 10.3 and RFC 3680 4.7.1.
#include <ctsip/registration/known_binding.hpp>

#include <ctsip/machine/proof.hpp>
#include <ctsip/machine/timed_composition.hpp>

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <initializer_list>
#include <string>

#include "machine/expectation.hpp"

BOOST_AUTO_TEST_SUITE(registration_known_binding)

using ctsip::contact_listing;
using ctsip::direction;
using ctsip::instant;
using ctsip::method;
using ctsip::received;
using ctsip::registration_event;
using ctsip::registration_incident;
using ctsip::registration_message;
using ctsip::registration_purpose;
using ctsip::request_event;
using ctsip::response;
using ctsip::response_event;
using ctsip::row_kind;
using ctsip::sent;
using ctsip::timer;
using ctsip::walk;
using definition = ctsip::known_binding;
using state = definition::state;
using symbol = definition::symbol;
using enum definition::state;
using enum definition::symbol;
using enum definition::action;

constexpr unsigned states = static_cast<unsigned>(removed) + 1;
constexpr unsigned symbols = static_cast<unsigned>(timer_registration_expiry) + 1;
constexpr state all[] = {unregistered, registered, removed};

struct grid {
  ctsip_tests::expectation<definition> of[states * symbols]{};

  constexpr void go(state from, symbol on, state then, row_kind kind = row_kind::expected,
                    ctsip_tests::acts<definition> does = {}) {
    of[static_cast<unsigned>(from) * symbols + static_cast<unsigned>(on)] = {from, on, then, kind,
                                                                             does};
  }
  constexpr void stay(std::initializer_list<symbol> on, row_kind kind) {
    for (auto s : all)
      for (auto e : on) go(s, e, s, kind);
  }
};

constexpr grid make_grid() {
  using enum row_kind;
  grid g;
  g.stay({sent_change, received_failure}, expected); // a failure changes nothing (10.3)
  g.stay({sent_success_keeping_contact, sent_success_without_contact}, refused);
  for (auto s : all) {
    g.go(s, received_bound, registered, expected, {inform_registered});
    g.go(s, received_kept, registered, peer_violation, {inform_registered});
    g.go(s, received_removed, unregistered, expected);
    g.go(s, received_unlisted, s, peer_violation, {inform_unregistered});
  }
  g.go(registered, received_removed, unregistered, expected, {inform_unregistered});
  g.go(registered, received_unlisted, removed, peer_violation, {inform_unregistered});
  // Where no binding is known, none can be lost.
  g.stay({received_missing, event_shortened, event_deactivated, event_probation, event_unregistered,
          event_rejected, event_expired, timer_registration_refresh, timer_registration_expiry},
         ignored);
  g.go(registered, received_missing, removed, expected, {register_again, inform_unregistered});
  g.go(registered, timer_registration_refresh, registered, expected, {refresh});
  g.go(registered, timer_registration_expiry, unregistered, expected, {inform_unregistered});
  g.go(registered, event_shortened, registered, expected);
  g.go(registered, event_deactivated, removed, expected, {register_again, inform_unregistered});
  g.go(registered, event_expired, removed, expected, {register_again, inform_unregistered});
  g.go(registered, event_probation, removed, expected, {inform_unregistered});
  g.go(registered, event_unregistered, removed, expected, {inform_unregistered});
  g.go(registered, event_rejected, removed, expected, {inform_unregistered});
  return g;
}

constexpr grid matrix = make_grid();
static_assert(ctsip_tests::is_complete<definition, removed, timer_registration_expiry>(matrix.of));
static_assert(ctsip::proven<definition>);

BOOST_AUTO_TEST_CASE(every_state_answers_every_symbol_as_rfc_3261_10_2_says) {
  ctsip_tests::check(matrix.of);
  constexpr bool at_compile_time = ctsip_tests::agrees(matrix.of);
  BOOST_TEST(at_compile_time);
}

BOOST_AUTO_TEST_CASE(each_refusal_has_its_own_sentence_and_clause) {
  for (auto s : all) {
    auto const keeping = ctsip::explain<definition>(s, sent_success_keeping_contact);
    BOOST_TEST(std::string(keeping.sentence) == "a 2xx to a removal that still lists the Contact");
    BOOST_TEST(std::string(keeping.clause) == "RFC 3261 10.2.2, 10.3");
    auto const without = ctsip::explain<definition>(s, sent_success_without_contact);
    BOOST_TEST(std::string(without.sentence) ==
               "a 2xx to a REGISTER that does not list the binding that was made");
    BOOST_TEST(std::string(without.clause) == "RFC 3261 10.3");
  }
}

using register_ = ctsip::messages::register_;
static_assert(
    walk<definition, sent<register_>, received<response<200, method::register_>>>().is(registered));
static_assert(walk<definition, sent<register_>, received<response<200, method::register_>>,
                   sent<register_>, received<response<503, method::register_>>>()
                  .is(registered));

// One binding with its timers.
using rules = ctsip::basic_composition<registration_event, registration_message, definition>;
struct side {
  ctsip::timed_composition<rules> r{};
  ctsip::step<definition> last{unregistered, 0, {}};

  row_kind take(registration_message const& m, std::int64_t now = 0) {
    auto const taken =
        r.process(m, instant{now}, ctsip::default_timer_values, ctsip::on_violation::report{});
    last = taken.of<definition>();
    return taken.kind<definition>();
  }
  row_kind sends(registration_message m, std::int64_t now = 0) {
    m.event = request_event(direction::sent, method::register_);
    return take(m, now);
  }
  row_kind gets(std::uint16_t status, registration_message m = {}, std::int64_t now = 0) {
    m.event = response_event(direction::received, status, method::register_);
    return take(m, now);
  }
  // What answers a removal or a fetch: here nobody refines the purpose of a response.
  row_kind gets_success(registration_purpose p, registration_message m = {}) {
    m.event = response_event(direction::received, 200, method::register_);
    registration_event e{m};
    e.purpose = p;
    auto const s = definition::classify(m, e, r.rules().facts<definition>());
    if (s == ctsip::outside<symbol>) return row_kind::ignored;
    last = ctsip::next<definition>(r.rules().state<definition>(), s);
    return last.kind();
  }
  bool is(state s) const { return r.rules().is<definition>(s); }
  definition::facts const& facts() const { return r.rules().facts<definition>(); }
};

registration_message asks(std::uint32_t expires, std::uint32_t contact = 1) {
  registration_message m;
  m.expires = expires;
  m.expires_said = true;
  m.contact = contact;
  return m;
}
registration_message grants(std::uint32_t seconds) {
  registration_message m;
  m.listing = contact_listing::listed;
  m.granted = seconds;
  return m;
}
registration_message not_listed() {
  registration_message m;
  m.listing = contact_listing::missing;
  return m;
}

BOOST_AUTO_TEST_CASE(the_binding_lasts_for_what_was_granted_10_2_4) {
  side a;
  (void)a.sends(asks(3600));
  BOOST_TEST((a.gets(200, grants(60), 1000) == row_kind::expected));
  BOOST_TEST(a.is(registered));
  BOOST_TEST(a.facts().granted == 60u);
  BOOST_TEST(a.r.next_timeout().count == 31'000);
  auto step = a.r.handle_timeout(instant{31'000});
  BOOST_TEST(step.does<definition>().has(refresh));
  BOOST_TEST(a.r.next_timeout().count == 61'000);
  step = a.r.handle_timeout(instant{61'000});
  BOOST_TEST(step.does<definition>().has(inform_unregistered));
  BOOST_TEST(a.is(unregistered));
  BOOST_TEST(a.facts().granted == 0u);
  BOOST_TEST(a.r.next_timeout().is_never());
}

BOOST_AUTO_TEST_CASE(a_failed_refresh_leaves_the_binding_as_it_is_10_2_7) {
  for (std::uint16_t status : {403, 404, 408, 423, 480, 486, 500, 503, 600}) {
    side a;
    (void)a.sends(asks(3600));
    (void)a.gets(200, grants(3600));
    (void)a.sends(asks(3600), 100'000);
    BOOST_TEST((a.gets(status, {}, 100'500) == row_kind::expected));
    BOOST_TEST(a.is(registered));
    BOOST_TEST(a.last.does.empty());
    // Nothing but the expiry is left: the attempt decides when to try again.
    BOOST_TEST(a.r.next_timeout().count == 3'600'000);
  }
  side b;
  (void)b.sends(asks(3600));
  (void)b.gets(200, grants(3600));
  BOOST_TEST((b.take(registration_incident::no_response) == row_kind::expected));
  BOOST_TEST((b.take(registration_incident::network_lost) == row_kind::ignored));
  BOOST_TEST((b.take(registration_incident::network_back) == row_kind::ignored));
  BOOST_TEST(b.is(registered));
}

BOOST_AUTO_TEST_CASE(what_a_2xx_does_not_tell_is_what_was_asked_for) {
  side a;
  (void)a.sends(asks(300));
  (void)a.gets(200);
  BOOST_TEST(a.facts().granted == 300u);
  side b;
  (void)b.sends({});
  (void)b.gets(200);
  BOOST_TEST(b.facts().granted == definition::usual_expires);
}

BOOST_AUTO_TEST_CASE(a_2xx_tells_whether_our_contact_is_bound_10_2_3_and_10_3) {
  side a;
  (void)a.sends(asks(3600));
  BOOST_TEST((a.gets(200, not_listed()) == row_kind::peer_violation));
  BOOST_TEST(a.is(unregistered));
  BOOST_TEST((a.gets(200, grants(0)) == row_kind::peer_violation));
  (void)a.gets(200, grants(3600));
  BOOST_TEST(a.is(registered));
  // A fetch that does not list it has lost it; one that lists it, or does not tell, has not.
  BOOST_TEST((a.gets_success(registration_purpose::fetch, not_listed()) == row_kind::expected));
  BOOST_TEST((a.last.next == removed));
  (void)a.gets_success(registration_purpose::fetch, grants(100));
  BOOST_TEST((a.last.next == registered));
  BOOST_TEST((a.gets_success(registration_purpose::fetch) == row_kind::ignored));
}

BOOST_AUTO_TEST_CASE(a_removal_ends_the_binding_10_2_2) {
  for (auto p : {registration_purpose::remove, registration_purpose::remove_all}) {
    side a;
    (void)a.sends(asks(3600));
    (void)a.gets(200, grants(3600));
    auto m = asks(0);
    m.wildcard = p == registration_purpose::remove_all;
    (void)a.sends(m);
    BOOST_TEST(a.is(registered));
    BOOST_TEST((a.gets_success(p) == row_kind::expected));
    BOOST_TEST((a.last.next == unregistered));
    BOOST_TEST((a.gets_success(p, not_listed()) == row_kind::expected));
    BOOST_TEST((a.gets_success(p, grants(3600)) == row_kind::peer_violation));
    BOOST_TEST((a.last.next == registered));
  }
  // The removal of another Contact does not touch ours.
  side b;
  (void)b.sends(asks(3600, 1));
  (void)b.gets(200, grants(3600));
  (void)b.sends(asks(0, 2));
  BOOST_TEST((b.gets_success(registration_purpose::remove) == row_kind::ignored));
  (void)b.gets_success(registration_purpose::remove, grants(3500));
  BOOST_TEST((b.last.next == registered));
}

BOOST_AUTO_TEST_CASE(a_register_for_the_bound_contact_is_a_refresh_10_2_4) {
  side a;
  auto m = asks(3600);
  m.event = request_event(direction::sent, method::register_);
  BOOST_TEST((a.r.rules().classify(m).purpose == registration_purpose::add));
  (void)a.take(m);
  (void)a.gets(200, grants(3600));
  BOOST_TEST((a.r.rules().classify(m).purpose == registration_purpose::refresh));
  m.contact = 2;
  BOOST_TEST((a.r.rules().classify(m).purpose == registration_purpose::add));
}

BOOST_AUTO_TEST_CASE(the_network_may_shorten_or_remove_the_binding_rfc3680_4_7_1) {
  side a;
  (void)a.sends(asks(3600));
  (void)a.gets(200, grants(3600));
  registration_message shorter{registration_incident::shortened};
  shorter.granted = 100;
  BOOST_TEST((a.take(shorter, 10'000) == row_kind::expected));
  BOOST_TEST(a.r.next_timeout().count == 60'000);
  BOOST_TEST(a.facts().granted == 100u);
  // One that does not say to how much changes nothing.
  BOOST_TEST((a.take(registration_incident::shortened, 20'000) == row_kind::ignored));
  BOOST_TEST(a.r.next_timeout().count == 60'000);
  for (auto what : {registration_incident::deactivated, registration_incident::probation,
                    registration_incident::unregistered, registration_incident::rejected,
                    registration_incident::expired}) {
    auto b = a;
    (void)b.take(what);
    BOOST_TEST(b.is(removed));
    BOOST_TEST(b.r.next_timeout().is_never());
    BOOST_TEST(b.last.does.has(register_again) == (what == registration_incident::deactivated ||
                                                   what == registration_incident::expired));
    BOOST_TEST((b.gets(200, grants(3600)) == row_kind::expected));
    BOOST_TEST(b.is(registered));
  }
}

BOOST_AUTO_TEST_CASE(a_registrar_lists_what_it_has_and_not_what_it_has_removed_10_3) {
  auto const answers = [](registration_message request, registration_message answer) {
    side registrar;
    request.event = request_event(direction::received, method::register_);
    answer.event = response_event(direction::sent, 200, method::register_);
    (void)registrar.take(request);
    return registrar.take(answer);
  };
  BOOST_TEST((answers(asks(3600), grants(3600)) == row_kind::ignored));
  BOOST_TEST((answers(asks(3600), grants(60)) == row_kind::ignored));
  BOOST_TEST((answers(asks(3600), {}) == row_kind::ignored));
  BOOST_TEST((answers(asks(3600), not_listed()) == row_kind::refused));
  BOOST_TEST((answers(asks(0), not_listed()) == row_kind::ignored));
  BOOST_TEST((answers(asks(0), grants(3600)) == row_kind::refused));
  registration_message fetch;
  fetch.fetch = true;
  BOOST_TEST((answers(fetch, grants(3600)) == row_kind::ignored));
  BOOST_TEST((answers(fetch, not_listed()) == row_kind::ignored));
  auto all_of_them = asks(0);
  all_of_them.wildcard = true;
  BOOST_TEST((answers(all_of_them, grants(3600)) == row_kind::refused));
}

BOOST_AUTO_TEST_SUITE_END()
