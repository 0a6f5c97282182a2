// Expectations from RFC 3261 13 to 15 and RFC 5407 2 and 3: how the INVITE stands, who owes which
// ACK and whether there was a BYE are told apart here, where the table has one state for all.
#include <ctsip/dialog/invite_usage.hpp>

#include <ctsip/machine/proof.hpp>

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <string>

#include "machine/expectation.hpp"

BOOST_AUTO_TEST_SUITE(dialog_invite_usage)

using ctsip::call_event;
using ctsip::direction;
using ctsip::fired;
using ctsip::instant;
using ctsip::mark;
using ctsip::method;
using ctsip::phase;
using ctsip::received;
using ctsip::response;
using ctsip::row_kind;
using ctsip::sent;
using ctsip::subject;
using ctsip::timer;
using ctsip::transport;
using ctsip::walk;
using ctsip::with;
using ctsip::messages::ack;
using ctsip::messages::bye;
using ctsip::messages::invite;
using definition = ctsip::invite_usage;
using enum definition::state;
using enum definition::symbol;
using enum definition::action;
using expected = ctsip_tests::expectation<definition>;
using acts = ctsip_tests::acts<definition>;
using timed = ctsip::timed_machine<definition>;

constexpr auto state_count = static_cast<std::size_t>(ended_unacknowledged) + 1;
constexpr auto symbol_count = static_cast<std::size_t>(timer_provisional_reminder) + 1;

enum class stage : std::uint8_t { none, out, out_early, in, in_early, up };
enum class over : std::uint8_t { no, bye_sent, bye_received, yes };
enum class owed : std::uint8_t { no, once, twice, again };             // ACKs of ours
enum class awaited : std::uint8_t { no, first, both, reinvite, late }; // ACKs of the peer
struct all {
  stage inv{};
  over end{};
  owed due{};
  awaited wait{};
  bool re{};
  friend constexpr bool operator==(all const&, all const&) = default;
};
constexpr all meaning[state_count] = {
    {},
    {stage::out},
    {stage::out_early},
    {stage::out_early, over::bye_sent},
    {stage::out_early, over::yes},
    {stage::in},
    {stage::in_early},
    {stage::in_early, over::bye_received},
    {stage::in_early, over::yes},
    {stage::up, over::no, owed::no, awaited::first},
    {stage::up, over::no, owed::no, awaited::both},
    {stage::up, over::no, owed::no, awaited::late},
    {stage::up, over::no, owed::once},
    {stage::up, over::no, owed::twice},
    {stage::up},
    {stage::up, over::no, owed::again},
    {stage::up, over::no, owed::no, awaited::no, true},
    {stage::up, over::no, owed::again, awaited::no, true},
    {stage::up, over::no, owed::no, awaited::reinvite},
    {stage::up, over::bye_sent},
    {stage::up, over::bye_received},
    {stage::up, over::yes},
    {stage::up, over::bye_sent, owed::once},
    {stage::up, over::bye_received, owed::once},
    {stage::up, over::yes, owed::once},
};

constexpr definition::state state_of(all a) {
  for (std::size_t s = 0; s < state_count; ++s)
    if (meaning[s] == a) return static_cast<definition::state>(s);
  return static_cast<definition::state>(0xff);
}

constexpr expected expect(definition::state s, definition::symbol e) {
  all a = meaning[static_cast<std::size_t>(s)];
  bool const alive = a.end == over::no;
  bool const out = a.inv == stage::out || a.inv == stage::out_early;
  bool const in_ = a.inv == stage::in || a.inv == stage::in_early;
  bool const early = a.inv == stage::out_early || a.inv == stage::in_early;
  bool const up = a.inv == stage::up;
  auto const to = [&](row_kind kind = row_kind::expected, acts does = {}) {
    return expected{s, e, state_of(a), kind, does};
  };
  auto const finish = [&](over end) {
    a.end = end;
    a.due = a.due == owed::no ? owed::no : owed::once;
    a.wait = awaited::no;
    a.re = false;
  };
  switch (e) {
  case sent_invite:
    if (a.inv == stage::none) a.inv = stage::out;
    return to();
  case sent_reinvite:
    if (up && alive && a.wait == awaited::no && (a.due == owed::no || a.due == owed::again))
      a.re = true;
    return to();
  case sent_provisional:
    if (a.inv == stage::none || out) return to(row_kind::refused);
    if (in_ && alive) a.inv = stage::in_early;
    return to();
  case sent_success: // 13.3.1.4
    if (a.inv == stage::none || out) return to(row_kind::refused);
    if (!in_) return to();
    a.inv = stage::up;
    if (!alive) return to();
    a.wait = awaited::first;
    return to(row_kind::expected, {begin_session});
  case sent_failure:
    if (a.inv == stage::none || out) return to(row_kind::refused);
    if (in_) a = {};
    return to();
  case sent_reinvite_success: // 14.2; RFC 5407 3.1.4
    if (!up || !alive) return to();
    if (a.wait == awaited::first) {
      a.wait = awaited::both;
      return to(row_kind::race);
    }
    if (a.wait == awaited::both || a.wait == awaited::late) return to(row_kind::race);
    if (a.re || a.due == owed::once || a.due == owed::twice) return to();
    a.due = owed::no;
    a.wait = awaited::reinvite;
    return to();
  case sent_usage_ended:
  case received_usage_ended: // RFC 5057 5.1
    if (!early && !up) return to(e == sent_usage_ended ? row_kind::expected : row_kind::ignored);
    if (!alive) return to(row_kind::race);
    finish(over::yes);
    return to(row_kind::expected, in_ ? acts{answer_487, end_session} : acts{end_session});
  case sent_ack: // 13.2.2.4
    if (!up || a.due == owed::no) return to(row_kind::refused);
    a.due = a.due == owed::twice ? owed::again : owed::no;
    return to();
  case sent_stray_ack: return to(row_kind::refused);
  case sent_bye: // 15
    if (a.inv == stage::in_early) return to(row_kind::refused);
    if (!early && !up) return to();
    if (!alive) {
      if (a.end == over::yes) a.end = over::bye_sent;
      return to();
    }
    if (a.wait == awaited::first || a.wait == awaited::both) return to(row_kind::waits);
    if (a.due == owed::once || a.due == owed::twice) return to(row_kind::waits);
    finish(over::bye_sent);
    return to(a.due == owed::no ? row_kind::expected : row_kind::race, {end_session});
  case sent_bye_final:
    if (a.end == over::bye_received) a.end = over::yes;
    return to();
  case sent_bye_challenge: // 12.2.2
    if (a.end != over::bye_received) return to();
    a.end = over::no;
    return to(row_kind::expected, up ? acts{begin_session} : acts{});

  case received_invite:
    if (a.inv != stage::none) return to(row_kind::race);
    a.inv = stage::in;
    return to();
  case received_provisional:
    if (!out) return to(row_kind::ignored);
    if (!alive) return to(row_kind::race);
    a.inv = stage::out_early;
    return to();
  case received_success:
  case received_success_again: // 13.2.2.4, RFC 5407 3.1.3, 3.1.6, D
    if (out) {
      a.inv = stage::up;
      a.due = owed::once;
      return alive ? to(row_kind::expected, {send_ack, begin_session})
                   : to(row_kind::race, {send_ack});
    }
    if (a.inv == stage::none) { // 9.1, 15: the INVITE was given up after its CANCEL
      a.inv = stage::up;
      a.due = owed::once;
      return to(row_kind::race, {send_ack});
    }
    if (!up || a.wait != awaited::no) return to(row_kind::ignored);
    if (a.due == owed::no) {
      a.due = alive ? owed::again : owed::once;
      return to(row_kind::race, {send_ack});
    }
    if (alive && a.due == owed::once) a.due = owed::twice;
    return to(row_kind::race);
  case received_failure:
    if (!out) return to(row_kind::ignored);
    a = {};
    return to();
  case received_reinvite_success: // 14.1, RFC 5407 3.2.3
    if (!up) return to(row_kind::ignored);
    if (!alive) {
      if (a.due != owed::no) return to(row_kind::race);
      a.due = owed::once;
      return to(row_kind::race, {send_ack});
    }
    if (a.due == owed::twice) return to(row_kind::ignored);
    if (a.due == owed::once) { // to the INVITE before it
      a.due = owed::twice;
      return to(row_kind::expected, {send_ack});
    }
    {
      bool const crossed = a.wait != awaited::no;
      a.due = a.re && a.due == owed::again ? owed::twice : owed::once;
      a.wait = awaited::no;
      a.re = false;
      return to(crossed ? row_kind::race : row_kind::expected, {send_ack});
    }
  case received_reinvite_failure:
    if (up && !alive) return to(row_kind::race);
    if (!a.re) return to(row_kind::ignored);
    a.re = false;
    return to();
  case received_ack: // 13.3.1.4, RFC 5407 3.1.4, 3.2.4
    if (in_) return to(row_kind::peer_violation);
    if (!up) return to(row_kind::ignored);
    switch (a.wait) {
    case awaited::first:
    case awaited::reinvite: a.wait = awaited::no; return to();
    case awaited::both: a.wait = awaited::reinvite; return to(row_kind::race);
    default: return to(row_kind::race);
    }
  case received_stray_ack: return to(row_kind::ignored);
  case received_bye: // 15.1.2, RFC 5407 3.1.3, 3.1.6, 3.2.1
    if ((!early && !up) || !alive) return to(row_kind::race);
    if (a.inv == stage::out_early) {
      finish(over::yes);
      return to(row_kind::race, {end_session});
    }
    if (in_) {
      finish(over::bye_received);
      return to(row_kind::expected, {answer_487, end_session});
    }
    {
      bool const settled = a.due == owed::no && (a.wait == awaited::no || a.wait == awaited::late);
      finish(over::bye_received);
      return to(settled ? row_kind::expected : row_kind::race, {end_session});
    }
  case received_bye_final:
    if (a.end != over::bye_sent) return to(row_kind::ignored);
    a.end = over::yes;
    return to();

  case timer_success_timeout: // 13.3.1.4
    if (a.wait == awaited::no || a.wait == awaited::late) return to(row_kind::ignored);
    a.wait = awaited::late;
    return to(row_kind::expected, {send_bye});
  case timer_ack_retransmission: // 13.2.2.4
    if (out) {
      a = {};
      return to();
    }
    if (!up || a.wait == awaited::first || a.wait == awaited::both) return to(row_kind::ignored);
    return to(row_kind::expected, {end_early_dialogs});
  case timer_invite_expires: // 13.2.1, 13.3.1
    if (up || a.inv == stage::none || !alive) return to(row_kind::ignored);
    return to(row_kind::expected, out ? acts{send_cancel} : acts{answer_487});
  case timer_cancel_timeout: // 9.1
    if (!out) return to(row_kind::ignored);
    a = {};
    return to();
  case timer_provisional_reminder: // 13.3.1.1
    return in_ && alive ? to(row_kind::expected, {send_provisional}) : to(row_kind::ignored);
  }
  return to();
}

struct all_expectations {
  expected of[state_count * symbol_count]{};
  constexpr all_expectations() {
    for (std::size_t s = 0; s < state_count; ++s)
      for (std::size_t e = 0; e < symbol_count; ++e)
        of[s * symbol_count + e] =
            expect(static_cast<definition::state>(s), static_cast<definition::symbol>(e));
  }
};
constexpr all_expectations matrix;

static_assert(ctsip_tests::is_complete<definition, ended_unacknowledged,
                                       timer_provisional_reminder>(matrix.of));
static_assert(ctsip::proven<definition>);
static_assert(sizeof(ctsip::machine<definition>) == 1);

constexpr bool agrees_everywhere() {
  for (auto const& x : matrix.of) {
    auto const step = ctsip::next<definition>(x.in, x.on);
    if (step.next != x.then || step.does != x.does.set || step.kind() != x.kind || !step.known() ||
        step.refused() != ctsip::refuses(x.kind))
      return false;
  }
  return true;
}

BOOST_AUTO_TEST_CASE(every_state_answers_every_symbol_as_rfc_3261_13_to_15_and_rfc_5407_say) {
  for (auto const& x : matrix.of)
    BOOST_TEST_CONTEXT("in " << ctsip::name_of<definition>(x.in) << " on "
                             << ctsip::name_of<definition>(x.on)) {
      auto const step = ctsip::next<definition>(x.in, x.on);
      BOOST_TEST(std::string(ctsip::name_of<definition>(step.next)) ==
                 std::string(ctsip::name_of<definition>(x.then)));
      BOOST_TEST(ctsip_tests::text<definition>(step.does) ==
                 ctsip_tests::text<definition>(x.does.set));
      BOOST_TEST(static_cast<int>(step.kind()) == static_cast<int>(x.kind));
      BOOST_TEST(step.refused() == ctsip::refuses(x.kind));
    }
  constexpr bool at_compile_time = agrees_everywhere();
  BOOST_TEST(at_compile_time);
}

BOOST_AUTO_TEST_CASE(no_state_is_terminal) {
  for (std::size_t s = 0; s < state_count; ++s)
    BOOST_TEST(!ctsip::is_terminal<definition>(static_cast<definition::state>(s)));
}

constexpr bool rests(definition::state s) {
  for (auto r : definition::at_rest)
    if (r == s) return true;
  return false;
}
static_assert(rests(idle) && rests(established) && rests(ended));
static_assert(!rests(caller_early) && !rests(callee_early) && !rests(moratorium) &&
              !rests(unacknowledged) && !rests(bye_sent) && !rests(bye_received) &&
              !rests(reinviting) && !rests(unconfirmed) && !rests(ended_unacknowledged));

template <class... Events>
constexpr bool leads_to(definition::state s) {
  return walk<definition, Events...>().is(s);
}

using ringing = response<180>;
using ok = response<200>;
using bye_ok = response<200, method::bye>;
using reinvite = with<invite, mark::to_tag>;

// A response tells by its number alone that it answers a re-INVITE (dialog.hpp); so these courses
// are written in symbols.
template <class... Symbols>
constexpr bool session_leads_to(definition::state s, Symbols... symbols) {
  ctsip::machine<definition> m{established};
  ((void)m.process(symbols), ...);
  return m.is(s);
}

// The normal course, seen by both.
static_assert(leads_to<sent<invite>, received<ringing>, received<ok>, sent<ack>, sent<bye>,
                       received<bye_ok>>(ended));
static_assert(leads_to<received<invite>, sent<ringing>, sent<ok>, received<ack>, received<bye>,
                       sent<bye_ok>>(ended));
static_assert(
    leads_to<received<invite>, sent<ok>, received<ack>, sent<bye>, received<bye_ok>>(ended));
static_assert(leads_to<sent<invite>, received<response<401>>, sent<invite>, received<ok>,
                       sent<ack>>(established));
static_assert(leads_to<sent<invite>, received<ringing>, received<response<486>>>(idle));
static_assert(leads_to<received<invite>, sent<ringing>, sent<response<486>>>(idle));
// Re-INVITEs of both sides; glare.
static_assert(session_leads_to(established, sent_reinvite, received_reinvite_success, sent_ack));
static_assert(session_leads_to(established, sent_reinvite_success, received_ack));
static_assert(session_leads_to(established, sent_reinvite, received_reinvite_failure));

// RFC 5407 3.1.2: CANCEL crossing 200, ended by BYE.
static_assert(leads_to<sent<invite>, received<ringing>, received<ok>, sent<ack>, sent<bye>,
                       received<bye_ok>>(ended));
// 3.1.3: BYE in the early dialog crossing 200; both sides.
static_assert(leads_to<sent<invite>, received<ringing>, sent<bye>, received<ok>, sent<ack>,
                       received<bye_ok>>(ended));
static_assert(leads_to<received<invite>, sent<ringing>, sent<ok>, received<bye>, sent<bye_ok>,
                       received<ack>>(ended));
// 3.1.4: a re-INVITE before the ACK, answered 200; and its caller, to whom the 200 comes again.
constexpr bool two_acks_are_awaited() {
  ctsip::machine<definition> m{moratorium};
  (void)m.process(sent_reinvite_success);
  (void)m.process(received_ack);
  (void)m.process(received_ack);
  return m.is(established);
}
static_assert(two_acks_are_awaited());
static_assert(session_leads_to(established, sent_reinvite, received_success_again, sent_ack,
                               received_reinvite_success, sent_ack));
static_assert(session_leads_to(established, sent_reinvite, received_success_again,
                               received_reinvite_success, sent_ack, sent_ack));
// 14.1: a re-INVITE before the ACK; the ACKs come after both 2xx, or each after its own.
static_assert(session_leads_to(established, sent_reinvite, received_reinvite_success, sent_reinvite,
                               received_reinvite_success, sent_ack, sent_ack));
static_assert(session_leads_to(established, sent_reinvite, received_reinvite_success, sent_reinvite,
                               sent_ack, received_reinvite_success, sent_ack));
// 3.1.6: BYE before the ACK; 200 again after the BYE.
static_assert(
    leads_to<received<invite>, sent<ok>, received<bye>, received<ack>, sent<bye_ok>>(ended));
static_assert(leads_to<sent<invite>, received<ok>, sent<ack>, sent<bye>, received<ok>, sent<ack>,
                       received<bye_ok>>(ended));
// 3.2.1: BYE crossing BYE.
static_assert(leads_to<sent<invite>, received<ok>, sent<ack>, sent<bye>, received<bye>,
                       sent<bye_ok>, received<bye_ok>>(ended));
// 3.2.2: a re-INVITE after the BYE is answered 481; 3.2.3: 200 to a re-INVITE after the BYE.
static_assert(session_leads_to(ended, sent_bye, sent_usage_ended, received_bye_final));
static_assert(session_leads_to(ended, sent_reinvite, sent_bye, received_reinvite_success,
                               received_bye_final, sent_ack));
// 3.2.4: the BYE of a callee that did not wait, seen by the caller.
static_assert(leads_to<sent<invite>, received<ok>, received<bye>, sent<ack>, sent<bye_ok>>(ended));
// BYE of the callee in the early dialog and its 487.
static_assert(leads_to<received<invite>, sent<ringing>, received<bye>, sent<bye_ok>,
                       sent<response<487>>>(idle));
// The BYE resent with credentials, and the one that we challenge.
static_assert(leads_to<sent<invite>, received<ok>, sent<ack>, sent<bye>,
                       received<response<401, method::bye>>, sent<bye>, received<bye_ok>>(ended));
static_assert(leads_to<received<invite>, sent<ok>, received<ack>, received<bye>,
                       sent<response<407, method::bye>>, received<bye>, sent<bye_ok>>(ended));
// The ACK every time, at once or one after the other.
static_assert(
    leads_to<sent<invite>, received<ok>, sent<ack>, received<ok>, sent<ack>>(established));
static_assert(
    leads_to<sent<invite>, received<ok>, received<ok>, sent<ack>, sent<ack>>(established));
// 9.1 and 15: a 2xx after the cancelled INVITE was given up is acknowledged and released.
static_assert(leads_to<sent<invite>, received<ringing>, fired<timer::cancel_timeout>, received<ok>,
                       sent<ack>, sent<bye>, received<bye_ok>>(ended));
// 13.3.1.4: no ACK at all.
static_assert(leads_to<received<invite>, sent<ok>, fired<timer::success_timeout>, sent<bye>,
                       received<bye_ok>>(ended));

BOOST_AUTO_TEST_CASE(the_races_of_rfc_5407_end_at_run_time_too) {
  ctsip::machine<definition> m;
  (void)m.process(sent<invite>{});
  (void)m.process(received<ok>{});
  (void)m.process(sent<ack>{});
  // 3.1.4, the caller: the ACK is lost, the 200 comes again after the re-INVITE.
  (void)m.process(sent<reinvite>{});
  auto const again =
      m.process(definition::project({direction::received, subject::invite, phase::success_again}));
  BOOST_TEST(again.does.has(send_ack));
  BOOST_TEST((again.kind() == row_kind::race));
  (void)m.process(sent<ack>{});
  BOOST_TEST(m.is(reinviting));
  (void)m.process(received_reinvite_success);
  (void)m.process(sent<ack>{});
  BOOST_TEST(m.is(established));
}

BOOST_AUTO_TEST_CASE(refusals_say_which_rule_they_break) {
  struct refusal {
    definition::state in;
    definition::symbol on;
    row_kind kind;
    char const* sentence;
    char const* clause;
  };
  char const* const early_ack = "ACK before a final response to the INVITE";
  char const* const wait = "BYE by the callee before the ACK to its 2xx or 64*T1";
  refusal const all[] = {
      {inviting, sent_ack, row_kind::refused, early_ack, "RFC 3261 13.2.2.4"},
      {caller_early, sent_ack, row_kind::refused, early_ack, "RFC 3261 13.2.2.4"},
      {reinviting, sent_ack, row_kind::refused, early_ack, "RFC 3261 13.2.2.4"},
      {idle, sent_ack, row_kind::refused, early_ack, "RFC 3261 13.2.2.4"},
      {moratorium, sent_ack, row_kind::refused, "ACK to an INVITE that the other side has sent",
       "RFC 3261 13.2.2.4"},
      {established, sent_ack, row_kind::refused,
       "a second ACK to one 2xx: it is sent again when the 2xx comes again", "RFC 3261 13.2.2.4"},
      {unacknowledged, sent_stray_ack, row_kind::refused,
       "an ACK whose CSeq number is not the INVITE's", "RFC 3261 13.2.2.4, 17.1.1.3"},
      {callee_early, sent_bye, row_kind::refused, "BYE by the callee in an early dialog",
       "RFC 3261 15"},
      {moratorium, sent_bye, row_kind::waits, wait, "RFC 3261 15, RFC 6026 8.7"},
      {moratorium_reinvited, sent_bye, row_kind::waits, wait, "RFC 3261 15, RFC 6026 8.7"},
      {unacknowledged, sent_bye, row_kind::waits, "the 2xx is acknowledged first: ACK, then BYE",
       "RFC 3261 13.2.2.4"},
      {idle, sent_success, row_kind::refused, "a response without an INVITE", "RFC 3261 13.3.1"},
      {invited, received_ack, row_kind::peer_violation, early_ack, "RFC 3261 13.2.2.4"},
  };
  for (auto const& r : all) {
    auto const why = ctsip::explain<definition>(r.in, r.on);
    BOOST_TEST(std::string(why.machine) == "INVITE usage");
    BOOST_TEST(std::string(why.sentence) == r.sentence);
    BOOST_TEST(std::string(why.clause) == r.clause);
    BOOST_TEST((ctsip::next<definition>(r.in, r.on).kind() == r.kind));
  }
}

BOOST_AUTO_TEST_CASE(events_that_other_rules_judge_are_outside) {
  constexpr auto outside = ctsip::outside<definition::symbol>;
  for (auto way : {direction::sent, direction::received}) {
    for (auto m : {method::cancel, method::prack, method::update, method::info})
      for (auto status : {std::uint16_t{0}, std::uint16_t{200}, std::uint16_t{488}})
        BOOST_TEST((definition::project(status ? ctsip::response_event(way, status, m)
                                               : ctsip::request_event(way, m)) == outside));
    BOOST_TEST((definition::project(ctsip::response_event(way, 100, method::invite)) == outside));
    BOOST_TEST((definition::project({way, subject::invite, phase::stale_request}) == outside));
    BOOST_TEST((definition::project({way, subject::invite, phase::reliable_gap}) == outside));
  }
  BOOST_TEST((definition::project(fired<timer::a>::value) == outside));
  BOOST_TEST((definition::project(ctsip::event{}) == outside));
  BOOST_TEST((definition::project(ctsip::response_event(direction::received, 481,
                                                        method::update)) == received_usage_ended));
}

BOOST_AUTO_TEST_CASE(a_2xx_without_ack_is_followed_by_a_bye_after_64_t1_13_3_1_4) {
  for (auto over_what : {transport::udp, transport::tcp}) {
    timed m;
    (void)m.process(received_invite, instant{0}, over_what);
    (void)m.process(sent_success, instant{1000}, over_what);
    BOOST_TEST(m.next_timeout().count == 33'000);
    BOOST_TEST(m.handle_timeout(m.next_timeout(), over_what).does.has(send_bye));
    BOOST_TEST(m.is(abandoned));
    BOOST_TEST(m.next_timeout().is_never());
  }
  timed m;
  (void)m.process(received_invite, instant{0});
  (void)m.process(sent_success, instant{1000});
  (void)m.process(received_ack, instant{1100});
  BOOST_TEST(m.next_timeout().is_never());
}

BOOST_AUTO_TEST_CASE(a_provisional_response_is_sent_at_every_minute_13_3_1_1) {
  timed m;
  (void)m.process(received_invite, instant{0});
  (void)m.process(sent_provisional, instant{1000});
  for (std::int64_t at : {61'000, 121'000, 181'000}) {
    BOOST_TEST(m.next_timeout().count == at);
    BOOST_TEST(m.handle_timeout(m.next_timeout()).does.has(send_provisional));
  }
  (void)m.process(sent_failure, instant{190'000});
  BOOST_TEST(m.next_timeout().is_never());
}

BOOST_AUTO_TEST_CASE(the_early_dialogs_of_other_forks_end_64_t1_after_the_first_2xx_13_2_2_4) {
  timed m;
  (void)m.process(sent_invite, instant{0});
  (void)m.process(received_success, instant{1000});
  (void)m.process(sent_ack, instant{1001});
  (void)m.process(received_success, instant{2000});
  BOOST_TEST(m.next_timeout().count == 33'000);
  BOOST_TEST(m.handle_timeout(m.next_timeout()).does.has(end_early_dialogs));
  BOOST_TEST(m.next_timeout().is_never());
}

BOOST_AUTO_TEST_SUITE_END()
