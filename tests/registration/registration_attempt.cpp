// Expectations from RFC 3261 10.2, 10.3, 20.33 and 21, RFC 5626 4 and RFC 3680 4.7.1.
#include <ctsip/registration/registration_attempt.hpp>

#include <ctsip/machine/composition.hpp>
#include <ctsip/machine/proof.hpp>

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <initializer_list>
#include <string>

#include "machine/expectation.hpp"

BOOST_AUTO_TEST_SUITE(registration_registration_attempt)

using ctsip::direction;
using ctsip::mark;
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
using definition = ctsip::registration_attempt;
using state = definition::state;
using symbol = definition::symbol;
using enum definition::state;
using enum definition::symbol;
using enum definition::action;

constexpr unsigned states = static_cast<unsigned>(rejected) + 1;
constexpr unsigned symbols = static_cast<unsigned>(timer_registration_retry) + 1;
constexpr state all[] = {idle, fetching, trying, challenged, too_brief, failed, waiting, rejected};

struct grid {
  ctsip_tests::expectation<definition> of[states * symbols]{};

  constexpr void go(state from, symbol on, state then, row_kind kind = row_kind::expected,
                    ctsip_tests::acts<definition> does = {}) {
    of[static_cast<unsigned>(from) * symbols + static_cast<unsigned>(on)] = {from, on, then, kind,
                                                                             does};
  }
  constexpr void stay(std::initializer_list<symbol> on, row_kind kind,
                      ctsip_tests::acts<definition> does = {}) {
    for (auto s : all)
      for (auto e : on) go(s, e, s, kind, does);
  }
  // What the response to a REGISTER that is pending does.
  constexpr void ends(symbol on, state then, ctsip_tests::acts<definition> does = {},
                      row_kind kind = row_kind::expected) {
    for (auto s : {fetching, trying}) go(s, on, then, kind, does);
  }
};

constexpr grid make_grid() {
  using enum row_kind;
  grid g;
  // One change at a time (10.2), and none before the wait is over (10.2.7), but to another server.
  for (auto s : all)
    for (auto e : {sent_change, sent_elsewhere}) g.go(s, e, trying);
  for (auto e : {sent_change, sent_elsewhere}) g.go(trying, e, trying, refused);
  g.go(waiting, sent_change, waiting, waits);
  // A fetch disturbs nothing.
  g.stay({sent_fetch}, expected);
  for (auto s : {idle, fetching, challenged}) g.go(s, sent_fetch, fetching);
  g.go(waiting, sent_fetch, waiting, waits);
  g.stay({sent_cseq_not_higher, sent_too_brief, sent_wildcard_with_expires,
          sent_wildcard_with_contacts, sent_wildcard_with_reg_id, sent_forbidden,
          sent_423_not_brief, sent_423_without_min_expires, sent_global_failure},
         refused);

  // The response to a fetch that was sent in another state decides nothing.
  g.stay({received_success, received_423, received_useless_423, received_redirection,
          received_failure, received_server_failure, received_503, received_503_retry_after,
          received_retry_later, received_no_response, received_transport_error},
         ignored);
  g.stay({received_challenge, received_challenge_aside}, expected, {authorize});
  g.stay({received_security_agreement}, expected, {agree_on_security});
  g.stay({received_aside}, expected);
  // A fetch that is refused takes nothing from what is wanted.
  g.go(fetching, received_aside, idle);
  g.ends(received_success, idle);
  g.ends(received_challenge, challenged, {authorize});
  g.ends(received_security_agreement, challenged, {agree_on_security});
  g.ends(received_423, too_brief, {retry_with_min_expires});
  g.go(trying, received_useless_423, rejected, peer_violation, {give_up});
  g.go(fetching, received_useless_423, idle, peer_violation, {give_up});
  g.ends(received_redirection, idle, {try_next_target});
  g.go(trying, received_failure, rejected, expected, {give_up});
  g.ends(received_server_failure, failed);
  g.ends(received_503, failed, {try_next_target});
  g.ends(received_503_retry_after, waiting, {try_next_target, wait_for_timer});
  g.ends(received_retry_later, waiting, {wait_for_timer});
  g.ends(received_no_response, waiting, {try_next_target, wait_for_timer});
  g.ends(received_transport_error, waiting, {try_next_target, wait_for_timer});

  // The network.
  for (auto s : all) g.go(s, network_lost, idle);
  g.go(rejected, network_lost, rejected, ignored);
  g.stay({network_back, timer_registration_retry}, ignored);
  g.go(idle, network_back, idle, expected, {try_again});
  // "The UA MUST wait for at least the value of the retry delay time" (RFC 5626 4.5).
  for (auto s : {failed, waiting})
    for (auto e : {network_lost, network_back}) g.go(s, e, s);
  for (auto s : {failed, waiting}) g.go(s, timer_registration_retry, idle, expected, {try_again});
  // The reg event package: while an attempt is under way its response decides.
  g.stay({event_probation, event_rejected}, race);
  for (auto s : {idle, fetching, too_brief, failed, waiting, rejected}) {
    g.go(s, event_probation, waiting, expected, {wait_for_timer});
    g.go(s, event_rejected, rejected, expected, {give_up});
  }
  return g;
}

constexpr grid matrix = make_grid();
static_assert(ctsip_tests::is_complete<definition, rejected, timer_registration_retry>(matrix.of));
static_assert(ctsip::proven<definition>);

BOOST_AUTO_TEST_CASE(every_state_answers_every_symbol_as_rfc_3261_10_2_says) {
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
      {sent_cseq_not_higher, "a REGISTER whose CSeq number does not rise within its Call-ID",
       "RFC 3261 10.2, 10.2.4"},
      {sent_too_brief, "a retry after 423 with an expiration interval below its Min-Expires",
       "RFC 3261 10.2.8"},
      {sent_wildcard_with_expires, "Contact: * in a REGISTER with Expires other than 0",
       "RFC 3261 10.2.2"},
      {sent_wildcard_with_contacts, "Contact: * in a REGISTER with other Contacts",
       "RFC 3261 10.2.2, 10.3"},
      {sent_wildcard_with_reg_id, "Contact: * with a reg-id or an instance", "RFC 5626 4.2.3"},
      {sent_forbidden, "a REGISTER repeated as it was after a 403", "RFC 3261 21.4.4"},
      {sent_423_not_brief,
       "a 423 to a REGISTER whose expiration interval is 0, an hour or more, or not below its "
       "Min-Expires",
       "RFC 3261 10.3"},
      {sent_423_without_min_expires, "a 423 without Min-Expires", "RFC 3261 10.3"},
      {sent_global_failure, "a 6xx response to a REGISTER", "RFC 3261 10.3"},
  };
  for (auto const& r : refusals)
    for (auto s : all) {
      auto const why = ctsip::explain<definition>(s, r.on);
      BOOST_TEST(std::string(why.sentence) == r.sentence);
      BOOST_TEST(std::string(why.clause) == r.clause);
    }
  for (auto e : {sent_change, sent_elsewhere}) {
    auto const why = ctsip::explain<definition>(trying, e);
    BOOST_TEST(std::string(why.sentence) ==
               "a REGISTER that changes bindings while another one is pending");
    BOOST_TEST(std::string(why.clause) == "RFC 3261 10.2, RFC 5626 4.2.1");
  }
  for (auto e : {sent_change, sent_fetch}) {
    auto const why = ctsip::explain<definition>(waiting, e);
    BOOST_TEST(std::string(why.sentence) == "a REGISTER to a registrar that has not answered, or "
                                            "asks to retry later: it waits");
    BOOST_TEST(std::string(why.clause) == "RFC 3261 10.2.7, 21.5.4, RFC 5626 4.5");
  }
}

using register_ = ctsip::messages::register_;
template <unsigned Status>
using to_register = received<response<Status, method::register_>>;
static_assert(
    walk<definition, sent<register_>, to_register<401>, sent<register_>, to_register<200>>().is(
        idle));
static_assert(walk<definition, sent<register_>, to_register<408>, sent<register_>, to_register<503>,
                   ctsip::fired<timer::registration_retry>>()
                  .is(idle));
static_assert(walk<definition, sent<register_>, ctsip::transport_error>().is(waiting));

// One side, by numbers.
using rules = ctsip::basic_composition<registration_event, registration_message, definition>;
struct side {
  rules r{};
  ctsip::step<definition> last{idle, 0, {}};

  constexpr row_kind take(registration_message const& m) {
    auto const taken = r.process(m, ctsip::on_violation::report{});
    last = taken.of<definition>();
    return taken.kind<definition>();
  }
  constexpr row_kind sends(registration_message m) {
    m.event = request_event(direction::sent, method::register_);
    return take(m);
  }
  constexpr row_kind gets(std::uint16_t status, registration_message m = {}) {
    m.event = response_event(direction::received, status, method::register_);
    return take(m);
  }
  constexpr bool is(state s) const { return r.is<definition>(s); }
  constexpr definition::facts const& facts() const { return r.facts<definition>(); }
};

constexpr registration_message asks(std::uint32_t expires, std::uint32_t cseq = 0) {
  registration_message m;
  m.contact = 1;
  m.expires = expires;
  m.expires_said = true;
  m.cseq = cseq;
  return m;
}
constexpr registration_message fetches(std::uint32_t cseq = 0) {
  registration_message m;
  m.fetch = true;
  m.cseq = cseq;
  return m;
}
constexpr registration_message everything(std::uint32_t expires = 0) {
  auto m = asks(expires);
  m.wildcard = true;
  return m;
}
constexpr registration_message answers(std::uint32_t cseq) {
  registration_message m;
  m.cseq = cseq;
  return m;
}
constexpr registration_message too_brief_below(std::uint32_t min_expires) {
  registration_message m;
  m.min_expires = min_expires;
  return m;
}
constexpr registration_message retry_after(std::uint32_t seconds) {
  registration_message m;
  m.retry_after = seconds;
  m.retry_after_said = true;
  return m;
}

BOOST_AUTO_TEST_CASE(one_change_of_bindings_is_pending_at_a_time_10_2) {
  registration_message const changes[] = {asks(3600), asks(0), everything()};
  for (auto const& first : changes)
    for (auto const& second : changes) {
      side a;
      BOOST_TEST((a.sends(first) == row_kind::expected));
      BOOST_TEST((a.sends(second) == row_kind::refused));
      // "as opposed to a retransmission"
      auto again = first;
      again.again = true;
      BOOST_TEST((a.sends(again) == row_kind::ignored));
      // A fetch contains no new Contact.
      BOOST_TEST((a.sends(fetches()) == row_kind::expected));
      BOOST_TEST((a.sends(second) == row_kind::refused));
      BOOST_TEST((a.gets(100) == row_kind::ignored));
      BOOST_TEST((a.sends(second) == row_kind::refused));
      (void)a.gets(200);
      BOOST_TEST((a.sends(second) == row_kind::expected));
    }
  side b;
  (void)b.sends(fetches());
  BOOST_TEST(b.is(fetching));
  BOOST_TEST((b.sends(fetches()) == row_kind::expected));
  BOOST_TEST((b.sends(asks(3600)) == row_kind::expected));
  BOOST_TEST(b.is(trying));
}

BOOST_AUTO_TEST_CASE(a_fetch_beside_a_change_is_told_apart_by_its_cseq) {
  side a;
  (void)a.sends(asks(3600, 7));
  (void)a.sends(fetches(8));
  for (std::uint16_t status : {200, 403, 423, 500, 503, 401}) {
    auto b = a;
    (void)b.gets(status, answers(8));
    BOOST_TEST(b.is(trying));
    BOOST_TEST((b.facts().purpose == registration_purpose::add));
    BOOST_TEST(+b.facts().failures == 0);
    BOOST_TEST(b.last.does.has(authorize) == (status == 401));
    // Once more, or to what was never sent: a stray.
    BOOST_TEST((b.gets(200, answers(8)) == row_kind::ignored));
    BOOST_TEST((b.gets(200, answers(9)) == row_kind::ignored));
    BOOST_TEST(b.is(trying));
    BOOST_TEST((b.gets(200, answers(7)) == row_kind::expected));
    BOOST_TEST(b.is(idle));
  }
}

BOOST_AUTO_TEST_CASE(a_response_to_nothing_pending_is_stray) {
  for (std::uint16_t status : {100, 200, 301, 401, 403, 408, 423, 494, 500, 503, 600}) {
    side a;
    BOOST_TEST((a.gets(status) == row_kind::ignored));
    BOOST_TEST(a.is(idle));
    BOOST_TEST(a.last.does.empty());
  }
}

BOOST_AUTO_TEST_CASE(the_cseq_number_rises_within_a_call_id_10_2) {
  side a;
  (void)a.sends(asks(3600, 7));
  (void)a.gets(401, answers(7));
  for (std::uint32_t cseq : {1u, 6u, 7u})
    BOOST_TEST((a.sends(asks(3600, cseq)) == row_kind::refused));
  BOOST_TEST((a.sends(fetches(7)) == row_kind::refused));
  auto other = asks(3600, 1);
  other.call_id = 2;
  auto b = a;
  BOOST_TEST((b.sends(other) == row_kind::expected)); // neither Call-ID was told: not known
  BOOST_TEST((a.sends(asks(3600, 8)) == row_kind::expected));
  side c;
  auto one = asks(3600, 7);
  one.call_id = 1;
  (void)c.sends(one);
  (void)c.gets(200);
  BOOST_TEST((c.sends(other) == row_kind::expected));
  (void)c.gets(200);
  // Back to the first Call-ID, whose numbers go on.
  BOOST_TEST((c.sends(one) == row_kind::refused));
  one.cseq = 8;
  BOOST_TEST((c.sends(one) == row_kind::expected));
  (void)c.gets(200);
  BOOST_TEST((c.sends(other) == row_kind::refused));
  other.cseq = 2;
  BOOST_TEST((c.sends(other) == row_kind::expected));
}

BOOST_AUTO_TEST_CASE(a_retry_after_423_keeps_its_min_expires_10_2_8) {
  side a;
  (void)a.sends(asks(60));
  BOOST_TEST((a.gets(423, too_brief_below(1800)) == row_kind::expected));
  BOOST_TEST(a.is(too_brief));
  BOOST_TEST(a.last.does.has(retry_with_min_expires));
  BOOST_TEST(a.facts().min_expires == 1800u);
  for (std::uint32_t expires : {1u, 60u, 1799u})
    BOOST_TEST((a.sends(asks(expires)) == row_kind::refused));
  for (auto const& m : {asks(1800), asks(1801), asks(0), everything(), fetches()}) {
    auto b = a;
    BOOST_TEST((b.sends(m) == row_kind::expected));
  }
  // A fetch in between does not lift it, and neither does a challenge.
  (void)a.sends(fetches());
  (void)a.gets(200);
  BOOST_TEST((a.sends(asks(60)) == row_kind::refused));
  (void)a.sends(asks(1800));
  (void)a.gets(401);
  BOOST_TEST((a.sends(asks(60)) == row_kind::refused));
  (void)a.sends(asks(1800));
  (void)a.gets(200);
  BOOST_TEST((a.sends(asks(60)) == row_kind::expected)); // another registration
}

BOOST_AUTO_TEST_CASE(a_min_expires_is_of_the_registration_that_was_refused_10_2_8) {
  side a;
  (void)a.sends(asks(60));
  (void)a.gets(423, too_brief_below(1800));
  auto other_contact = asks(60);
  other_contact.contact = 2;
  auto other_target = asks(60);
  other_target.other_target = true;
  for (auto const& m : {other_contact, other_target}) {
    auto b = a;
    BOOST_TEST((b.sends(m) == row_kind::expected));
    // Nor do the 423 of the one count for the other.
    for (std::uint32_t i = 0; i != definition::most_423; ++i) {
      BOOST_TEST((b.gets(423, too_brief_below(600 + i)) == row_kind::expected));
      BOOST_TEST(b.facts().min_expires == 600 + i);
      auto longer = m;
      longer.other_target = false;
      BOOST_TEST((b.sends(longer) == row_kind::refused));
      longer.expires = 600 + i;
      BOOST_TEST((b.sends(longer) == row_kind::expected));
    }
  }
  // A fetch that is answered so tells nothing of it.
  side c;
  (void)c.sends(fetches());
  (void)c.gets(423, too_brief_below(1800));
  BOOST_TEST((c.sends(asks(60)) == row_kind::expected));
}

// RFC 5626 4.5: "the UA needs to form a new flow to replace the old flow and replace any
// registrations": what was refused was only a question.
BOOST_AUTO_TEST_CASE(a_refused_fetch_leaves_what_is_wanted_when_the_network_is_back_rfc_5626_4_5) {
  for (std::uint16_t const status : {403, 405, 423, 603}) {
    side a;
    (void)a.sends(asks(3600));
    (void)a.gets(200);
    (void)a.sends(fetches());
    (void)a.gets(status);
    BOOST_TEST(a.is(idle));
    (void)a.take(registration_incident::network_lost);
    (void)a.take(registration_incident::network_back);
    BOOST_TEST(a.last.does.has(try_again));
  }
}
BOOST_AUTO_TEST_CASE(a_423_that_a_registrar_may_not_send_is_a_breach_10_3) {
  for (auto const& m : {asks(0), everything(), fetches()}) {
    side a;
    (void)a.sends(m);
    BOOST_TEST((a.gets(423, too_brief_below(1800)) == row_kind::peer_violation));
    BOOST_TEST(a.is(m.fetch ? idle : rejected));
    BOOST_TEST(a.last.does.has(give_up));
  }
  for (std::uint32_t min_expires : {0u, 60u, 600u}) {
    side a;
    (void)a.sends(asks(600));
    BOOST_TEST((a.gets(423, too_brief_below(min_expires)) == row_kind::peer_violation));
  }
  // One that asks for more than an hour is followed all the same.
  side b;
  (void)b.sends(asks(3600));
  BOOST_TEST((b.gets(423, too_brief_below(7200)) == row_kind::expected));
  // But not without end.
  unsigned retries = 0;
  for (std::uint32_t ask = 7200; b.is(too_brief) && retries < 100; ++ask, ++retries) {
    (void)b.sends(asks(ask));
    (void)b.gets(423, too_brief_below(ask + 1));
  }
  BOOST_TEST(retries == unsigned{definition::most_423});
  BOOST_TEST(b.is(rejected));
}

BOOST_AUTO_TEST_CASE(the_wildcard_removes_everything_and_does_nothing_else_10_2_2) {
  side a;
  BOOST_TEST((a.sends(everything(3600)) == row_kind::refused));
  BOOST_TEST((a.sends(everything(1)) == row_kind::refused));
  auto m = everything();
  m.expires_said = false;
  BOOST_TEST((a.sends(m) == row_kind::refused));
  m = everything();
  m.other_contacts = true;
  BOOST_TEST((a.sends(m) == row_kind::refused));
  m = everything();
  m.outbound = true;
  BOOST_TEST((a.sends(m) == row_kind::refused));
  BOOST_TEST(a.is(idle));
  BOOST_TEST((a.sends(everything()) == row_kind::expected));
  BOOST_TEST((a.facts().purpose == registration_purpose::remove_all));
}

BOOST_AUTO_TEST_CASE(after_a_403_the_same_register_is_not_repeated_21_4_4) {
  side a;
  (void)a.sends(asks(3600));
  (void)a.gets(403);
  BOOST_TEST(a.is(rejected));
  BOOST_TEST((a.sends(asks(3600)) == row_kind::refused));
  BOOST_TEST((a.sends(asks(1800)) == row_kind::refused));
  auto const allows = [&](registration_message const& m) {
    auto b = a;
    return b.sends(m) == row_kind::expected;
  };
  auto m = asks(3600);
  m.contact = 2;
  BOOST_TEST(allows(m));
  m = asks(3600);
  m.nonce = 5;
  BOOST_TEST(allows(m));
  m = asks(3600);
  m.new_credentials = true;
  BOOST_TEST(allows(m));
  m = asks(3600);
  m.other_target = true;
  BOOST_TEST(allows(m));
  BOOST_TEST(allows(asks(0)));
  BOOST_TEST(allows(fetches()));
  // Other failures do not forbid it.
  for (std::uint16_t status : {400, 404, 405, 420, 480, 600}) {
    side b;
    (void)b.sends(asks(3600));
    (void)b.gets(status);
    BOOST_TEST(b.is(rejected));
    BOOST_TEST((b.sends(asks(3600)) == row_kind::expected));
  }
}

BOOST_AUTO_TEST_CASE(without_a_response_a_register_waits_10_2_7) {
  for (auto how : {registration_message{registration_incident::no_response},
                   registration_message{ctsip::transport_error{}}}) {
    side a;
    (void)a.sends(asks(3600));
    (void)a.take(how);
    BOOST_TEST(a.is(waiting));
    for (auto const& m : {asks(3600), asks(0), everything(), fetches()}) {
      BOOST_TEST((a.sends(m) == row_kind::waits));
      auto sending = m;
      sending.event = request_event(direction::sent, method::register_);
      BOOST_TEST(a.r.judge(sending).waits());
    }
    // To another registrar it may go at once.
    auto b = a;
    auto elsewhere = asks(3600);
    elsewhere.other_target = true;
    BOOST_TEST((b.sends(elsewhere) == row_kind::expected));
    (void)a.take(ctsip::timer_event(timer::registration_retry));
    BOOST_TEST(a.last.does.has(try_again));
    BOOST_TEST((a.sends(asks(3600)) == row_kind::expected));
  }
}

BOOST_AUTO_TEST_CASE(a_408_that_is_received_may_be_repeated_at_any_time_21_4_9) {
  for (std::uint16_t status : {408, 500, 502, 504, 513, 503}) {
    side a;
    (void)a.sends(asks(3600));
    (void)a.gets(status);
    BOOST_TEST(a.is(failed));
    BOOST_TEST(a.last.does.has(try_next_target) == (status == 503));
    BOOST_TEST((a.sends(asks(3600)) == row_kind::expected));
  }
}

BOOST_AUTO_TEST_CASE(a_retry_after_decides_how_long_the_wait_is) {
  for (std::uint16_t status : {404, 413, 480, 486, 500, 503, 600, 603}) {
    side a;
    (void)a.sends(asks(3600));
    (void)a.gets(status, retry_after(120));
    BOOST_TEST(a.is(waiting));
    BOOST_TEST(a.facts().wait == 120'000u);
    BOOST_TEST(a.last.does.has(try_next_target) == (status == 503));
  }
  // "A Retry-After header field value of 0 is valid" (RFC 5626 4.2.1)
  side b;
  (void)b.sends(asks(3600));
  (void)b.gets(503, retry_after(0));
  BOOST_TEST(b.facts().wait == 0u);
  (void)b.take(ctsip::timer_event(timer::registration_retry));
  (void)b.sends(asks(3600));
  (void)b.gets(503, retry_after(UINT32_MAX));
  BOOST_TEST(b.facts().wait == UINT32_MAX);
}

BOOST_AUTO_TEST_CASE(consecutive_failures_lengthen_the_wait_rfc5626_4_5) {
  side a;
  std::uint32_t const longest[] = {60, 120, 240, 480, 960, 1800, 1800, 1800};
  for (auto w : longest) {
    (void)a.sends(asks(3600));
    registration_message m{registration_incident::no_response};
    m.random = w * 500; // the longest
    (void)a.take(m);
    BOOST_TEST(a.facts().wait == w * 1000);
    (void)a.take(ctsip::timer_event(timer::registration_retry));
  }
  BOOST_TEST(+a.facts().failures == 8);
  (void)a.sends(asks(3600));
  (void)a.gets(200);
  BOOST_TEST(+a.facts().failures == 0);
  (void)a.sends(asks(3600));
  registration_message m{registration_incident::no_response};
  m.other_flow = true;
  (void)a.take(m);
  BOOST_TEST(a.facts().wait == 90'000u); // base-time 90 s, one failure, the shortest
}

BOOST_AUTO_TEST_CASE(a_redirection_leads_to_the_next_target_8_1_3_4) {
  side a;
  (void)a.sends(asks(3600));
  (void)a.gets(302);
  BOOST_TEST(a.is(idle));
  BOOST_TEST(a.last.does.has(try_next_target));
  auto m = asks(3600);
  m.other_target = true;
  BOOST_TEST((a.sends(m) == row_kind::expected));
}

BOOST_AUTO_TEST_CASE(when_the_network_is_back_what_was_wanted_is_tried_again_rfc5626_4_5) {
  side a;
  BOOST_TEST((a.take(registration_incident::network_back) == row_kind::ignored)); // nothing yet
  (void)a.sends(asks(3600));
  (void)a.take(registration_incident::network_lost);
  BOOST_TEST(a.is(idle));
  // The response that never came is not waited for.
  BOOST_TEST((a.gets(200) == row_kind::ignored));
  (void)a.take(registration_incident::network_back);
  BOOST_TEST(a.last.does.has(try_again));
  BOOST_TEST((a.sends(asks(3600)) == row_kind::expected));
  (void)a.gets(200);
  // What was removed, or refused, is not wanted.
  (void)a.sends(asks(0));
  (void)a.gets(200);
  BOOST_TEST((a.take(registration_incident::network_back) == row_kind::ignored));
}

BOOST_AUTO_TEST_CASE(a_wait_outlasts_the_loss_of_the_network_21_5_4_and_rfc5626_4_5) {
  side asked; // "SHOULD NOT forward any other requests to that server for the duration"
  (void)asked.sends(asks(3600));
  (void)asked.gets(503, retry_after(120));
  side silent; // "The UA MUST wait for at least the value of the retry delay time"
  (void)silent.sends(asks(3600));
  (void)silent.take(registration_incident::no_response);
  side broken;
  (void)broken.sends(asks(3600));
  (void)broken.gets(500);
  for (side a : {asked, silent, broken}) {
    auto const before = a.r.state<definition>();
    auto const wait = a.facts().wait;
    for (auto what : {registration_incident::network_lost, registration_incident::network_back}) {
      BOOST_TEST((a.take(what) == row_kind::expected));
      BOOST_TEST(a.is(before));
      BOOST_TEST(a.last.does.empty());
      BOOST_TEST(a.facts().wait == wait);
    }
    auto b = a;
    BOOST_TEST((b.sends(asks(3600)) == (before == waiting ? row_kind::waits : row_kind::expected)));
    (void)a.take(ctsip::timer_event(timer::registration_retry));
    BOOST_TEST(a.last.does.has(try_again));
    BOOST_TEST((a.sends(asks(3600)) == row_kind::expected));
  }
  // When it ends while the network is lost, the network has to come back.
  (void)asked.take(registration_incident::network_lost);
  (void)asked.take(ctsip::timer_event(timer::registration_retry));
  (void)asked.take(registration_incident::network_back);
  BOOST_TEST(asked.last.does.has(try_again));
}

BOOST_AUTO_TEST_CASE(probation_and_rejected_of_the_reg_event_package_rfc3680_4_7_1) {
  registration_message probation{registration_incident::probation};
  probation.retry_after = 300;
  side a;
  (void)a.sends(asks(3600));
  BOOST_TEST((a.take(probation) == row_kind::race));
  (void)a.gets(200);
  (void)a.take(probation);
  BOOST_TEST(a.is(waiting));
  BOOST_TEST(a.facts().wait == 300'000u);
  BOOST_TEST((a.sends(asks(3600)) == row_kind::waits));
  (void)a.take(registration_incident::rejected);
  BOOST_TEST(a.is(rejected));
  BOOST_TEST((a.take(registration_incident::network_back) == row_kind::ignored));
  for (auto what : {registration_incident::shortened, registration_incident::deactivated,
                    registration_incident::unregistered, registration_incident::expired})
    BOOST_TEST((a.take(what) == row_kind::ignored));
}

BOOST_AUTO_TEST_CASE(what_a_registrar_may_answer_10_3) {
  auto const answers = [](registration_message request, std::uint16_t status,
                          registration_message answer = {}) {
    side registrar;
    request.event = request_event(direction::received, method::register_);
    answer.event = response_event(direction::sent, status, method::register_);
    (void)registrar.take(request);
    return registrar.take(answer);
  };
  // "If and only if the requested expiration interval is greater than zero AND smaller than one
  // hour AND less than a registrar-configured minimum"
  BOOST_TEST((answers(asks(60), 423, too_brief_below(1800)) == row_kind::ignored));
  BOOST_TEST((answers(asks(3599), 423, too_brief_below(7200)) == row_kind::ignored));
  BOOST_TEST((answers(asks(3600), 423, too_brief_below(7200)) == row_kind::refused));
  BOOST_TEST((answers(asks(60), 423, too_brief_below(60)) == row_kind::refused));
  BOOST_TEST((answers(asks(0), 423, too_brief_below(1800)) == row_kind::refused));
  BOOST_TEST((answers(everything(), 423, too_brief_below(1800)) == row_kind::refused));
  // A fetch has no interval that could be too brief.
  BOOST_TEST((answers(fetches(), 423, too_brief_below(1800)) == row_kind::refused));
  BOOST_TEST((answers(fetches(), 423) == row_kind::refused));
  // What it answers was not told.
  side registrar;
  auto m = too_brief_below(1800);
  m.event = response_event(direction::sent, 423, method::register_);
  BOOST_TEST((registrar.take(m) == row_kind::ignored));
  // "This response MUST contain a Min-Expires header field"
  BOOST_TEST((answers(asks(60), 423) == row_kind::refused));
  // What is not told is not judged.
  BOOST_TEST((answers({}, 423) == row_kind::ignored));
  for (std::uint16_t status : {600, 603, 604})
    BOOST_TEST((answers(asks(60), status) == row_kind::refused));
  for (std::uint16_t status : {100, 200, 302, 401, 403, 404, 500, 503})
    BOOST_TEST((answers(asks(60), status) == row_kind::ignored));
}

BOOST_AUTO_TEST_CASE(only_register_is_its_business) {
  side a;
  for (auto which : {method::invite, method::subscribe, method::ack, method::cancel})
    for (auto way : {direction::sent, direction::received}) {
      BOOST_TEST((a.take(request_event(way, which)) == row_kind::ignored));
      for (std::uint16_t status : {200, 401, 403, 423, 600})
        BOOST_TEST((a.take(response_event(way, status, which)) == row_kind::ignored));
    }
  BOOST_TEST(a.is(idle));
}

BOOST_AUTO_TEST_SUITE_END()
