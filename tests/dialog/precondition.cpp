// Expectations from RFC 3312 5, 6 and 8, and RFC 4032 4.2.
#include <ctsip/dialog/precondition.hpp>

#include <ctsip/machine/composition.hpp>
#include <ctsip/machine/proof.hpp>

#include <boost/test/unit_test.hpp>

#include "machine/reporting.hpp"

#include <string>

#include "machine/expectation.hpp"

BOOST_AUTO_TEST_SUITE(dialog_precondition)

using ctsip::call_event;
using ctsip::call_message;
using ctsip::content;
using ctsip::direction;
using ctsip::mark;
using ctsip::method;
using ctsip::phase;
using ctsip::row_kind;
using ctsip::subject;
using definition = ctsip::precondition;
using enum definition::state;
using enum definition::symbol;
using enum definition::action;
using machine = ctsip::machine<definition>;
using call = ctsip_tests::reporting<ctsip::basic_composition<call_event, call_message, definition>>;

constexpr ctsip_tests::expectation<definition> matrix[] = {
    {unconditional, description_plain, unconditional, row_kind::expected},
    {unconditional, description_unmet, suspended, row_kind::expected, {suspend}},
    {unconditional, description_met, met, row_kind::expected},
    {unconditional, sent_ringing, unconditional, row_kind::expected},
    {unconditional, sent_ringing_unmet, unconditional, row_kind::refused},
    {unconditional, sent_ringing_met, met, row_kind::expected},
    {unconditional, received_ringing, unconditional, row_kind::expected},
    {unconditional, received_ringing_unmet, suspended, row_kind::peer_violation, {suspend}},
    {unconditional, received_ringing_met, met, row_kind::expected},
    {unconditional, sent_success, established, row_kind::expected},
    {unconditional, sent_success_unmet, unconditional, row_kind::refused},
    {unconditional, sent_success_met, established, row_kind::expected},
    {unconditional, received_success, established, row_kind::expected},
    {unconditional, received_success_unmet, established, row_kind::peer_violation},
    {unconditional, received_success_met, established, row_kind::expected},
    {unconditional, received_crossing_success, established, row_kind::expected},
    {unconditional, invite_failure, unconditional, row_kind::expected},
    {unconditional, session_ended, ended, row_kind::expected},

    // "session establishment is suspended until that moment".
    {suspended, description_plain, unconditional, row_kind::expected, {resume}},
    {suspended, description_unmet, suspended, row_kind::expected},
    {suspended, description_met, met, row_kind::expected, {resume}},
    {suspended, sent_ringing, suspended, row_kind::waits},
    {suspended, sent_ringing_unmet, suspended, row_kind::refused},
    {suspended, sent_ringing_met, met, row_kind::expected},
    {suspended, received_ringing, suspended, row_kind::race},
    {suspended, received_ringing_unmet, suspended, row_kind::peer_violation, {suspend}},
    {suspended, received_ringing_met, met, row_kind::expected, {resume}},
    {suspended, sent_success, suspended, row_kind::waits},
    {suspended, sent_success_unmet, suspended, row_kind::refused},
    {suspended, sent_success_met, established, row_kind::expected},
    {suspended, received_success, established, row_kind::peer_violation},
    {suspended, received_success_unmet, established, row_kind::peer_violation},
    {suspended, received_success_met, established, row_kind::expected, {resume}},
    {suspended, received_crossing_success, established, row_kind::race},
    {suspended, invite_failure, unconditional, row_kind::expected},
    {suspended, session_ended, ended, row_kind::expected},

    // "Later, if any of the rows with this flag transition to "No", a new offer MUST be sent as
    // well": what was met may be lost again.
    {met, description_plain, unconditional, row_kind::expected},
    {met, description_unmet, suspended, row_kind::expected, {suspend}},
    {met, description_met, met, row_kind::expected},
    {met, sent_ringing, met, row_kind::expected},
    {met, sent_ringing_unmet, met, row_kind::refused},
    {met, sent_ringing_met, met, row_kind::expected},
    {met, received_ringing, met, row_kind::expected},
    {met, received_ringing_unmet, suspended, row_kind::peer_violation, {suspend}},
    {met, received_ringing_met, met, row_kind::expected},
    {met, sent_success, established, row_kind::expected},
    {met, sent_success_unmet, met, row_kind::refused},
    {met, sent_success_met, established, row_kind::expected},
    {met, received_success, established, row_kind::expected},
    {met, received_success_unmet, established, row_kind::peer_violation},
    {met, received_success_met, established, row_kind::expected},
    {met, received_crossing_success, established, row_kind::expected},
    {met, invite_failure, unconditional, row_kind::expected},
    {met, session_ended, ended, row_kind::expected},

    // "Both user agents SHOULD continue using the old session parameters until all the mandatory
    // preconditions are met."
    {established, description_plain, established, row_kind::ignored},
    {established, description_unmet, established, row_kind::ignored},
    {established, description_met, established, row_kind::ignored},
    {established, sent_ringing, established, row_kind::expected},
    {established, sent_ringing_unmet, established, row_kind::expected},
    {established, sent_ringing_met, established, row_kind::expected},
    {established, received_ringing, established, row_kind::ignored},
    {established, received_ringing_unmet, established, row_kind::ignored},
    {established, received_ringing_met, established, row_kind::ignored},
    {established, sent_success, established, row_kind::expected},
    {established, sent_success_unmet, established, row_kind::expected},
    {established, sent_success_met, established, row_kind::expected},
    {established, received_success, established, row_kind::ignored},
    {established, received_success_unmet, established, row_kind::ignored},
    {established, received_success_met, established, row_kind::ignored},
    {established, received_crossing_success, established, row_kind::ignored},
    {established, invite_failure, established, row_kind::ignored},
    {established, session_ended, ended, row_kind::expected},

    {ended, description_plain, ended, row_kind::ignored},
    {ended, description_unmet, ended, row_kind::ignored},
    {ended, description_met, ended, row_kind::ignored},
    {ended, sent_ringing, ended, row_kind::expected},
    {ended, sent_ringing_unmet, ended, row_kind::expected},
    {ended, sent_ringing_met, ended, row_kind::expected},
    {ended, received_ringing, ended, row_kind::ignored},
    {ended, received_ringing_unmet, ended, row_kind::ignored},
    {ended, received_ringing_met, ended, row_kind::ignored},
    {ended, sent_success, ended, row_kind::expected},
    {ended, sent_success_unmet, ended, row_kind::expected},
    {ended, sent_success_met, ended, row_kind::expected},
    {ended, received_success, ended, row_kind::ignored},
    {ended, received_success_unmet, ended, row_kind::ignored},
    {ended, received_success_met, ended, row_kind::ignored},
    {ended, received_crossing_success, ended, row_kind::ignored},
    {ended, invite_failure, unconditional, row_kind::expected},
    {ended, session_ended, ended, row_kind::ignored},
};
static_assert(ctsip_tests::is_complete<definition, ended, session_ended>(matrix));
static_assert(ctsip::proven<definition>);
static_assert(sizeof(machine) == 1);

BOOST_AUTO_TEST_CASE(every_state_answers_every_symbol_as_rfc_3312_6_says) {
  ctsip_tests::check(matrix);
  constexpr bool at_compile_time = ctsip_tests::agrees(matrix);
  BOOST_TEST(at_compile_time);
}

BOOST_AUTO_TEST_CASE(no_state_is_terminal_and_only_a_suspended_session_is_open) {
  for (auto s : {unconditional, suspended, met, established, ended}) {
    BOOST_TEST(!ctsip::is_terminal<definition>(s));
    bool rests = false;
    for (auto r : definition::at_rest) rests |= r == s;
    BOOST_TEST(rests == (s != suspended));
  }
}

void check_words(definition::state s, definition::symbol e, std::string const& sentence,
                 std::string const& clause) {
  auto const why = ctsip::explain<definition>(s, e);
  BOOST_TEST(std::string(why.sentence) == sentence);
  BOOST_TEST(std::string(why.clause) == clause);
}

BOOST_AUTO_TEST_CASE(refusals_have_the_sentences_of_rfc_3312_5_1_and_6) {
  check_words(suspended, sent_ringing,
              "180 before the mandatory preconditions are met: the callee SHOULD NOT be alerted",
              "RFC 3312 6");
  check_words(suspended, sent_success,
              "2xx to the INVITE before the mandatory preconditions are met", "RFC 3312 5.1");
  check_words(suspended, sent_ringing_unmet,
              "180 whose own description says that mandatory preconditions are not met: the callee "
              "SHOULD NOT be alerted",
              "RFC 3312 6");
  check_words(suspended, sent_success_unmet,
              "2xx to the INVITE whose own description says that mandatory preconditions are not "
              "met",
              "RFC 3312 5.1");
}

// --- messages -----------------------------------------------------------------------------------

constexpr auto out = direction::sent;
constexpr auto in_ = direction::received;
constexpr auto none = content::none;
constexpr auto plain = content::sdp;
constexpr auto unmet = content::sdp_unmet;
constexpr auto all_met = content::sdp_met;

constexpr call_message request(direction way, method m, content c, mark marks = mark::none) {
  call_message r;
  r.event = ctsip::request_event(way, m, marks);
  r.content = c;
  return r;
}
constexpr call_message answer(direction way, std::uint16_t status, method m, content c,
                              mark marks = mark::none) {
  call_message r;
  r.event = ctsip::response_event(way, status, m, marks);
  r.content = c;
  return r;
}
constexpr call_event event_of(call_message const& m) {
  call_event e{m.event};
  e.content = m.content;
  return e;
}
constexpr definition::facts while_pending{.pending = true};
constexpr definition::symbol symbol_of(call_message const& m,
                                       definition::facts const& mine = while_pending) {
  return definition::classify(m, event_of(m), mine);
}

struct agent {
  definition::state state{unconditional};
  definition::facts mine{};

  constexpr bool take(call_message const& m) {
    auto const s = symbol_of(m, mine);
    if (s != ctsip::outside<definition::symbol>) {
      auto const step = ctsip::next<definition>(state, s);
      state = step.next;
      if (step.refused()) return false;
    }
    definition::commit(mine, m, event_of(m));
    return true;
  }
};

// RFC 3312 Figure 1 (and 13.1), from both ends.
constexpr bool figure_1(direction caller) {
  direction const callee = caller == out ? in_ : out;
  agent a;
  bool ok = a.take(request(caller, method::invite, unmet)) && a.state == suspended;
  ok = ok && a.take(answer(callee, 183, method::invite, unmet, mark::reliable));
  ok = ok && a.take(request(caller, method::prack, none));
  ok = ok && a.take(answer(callee, 200, method::prack, none)) && a.state == suspended;
  ok = ok && a.take(request(caller, method::update, all_met)) && a.state == suspended;
  ok = ok && a.take(answer(callee, 200, method::update, all_met)) && a.state == met;
  ok = ok && a.take(answer(callee, 180, method::invite, none, mark::reliable));
  ok = ok && a.take(request(caller, method::prack, none));
  ok = ok && a.take(answer(callee, 200, method::prack, none));
  ok = ok && a.take(answer(callee, 200, method::invite, none));
  return ok && a.state == established;
}
static_assert(figure_1(out));
static_assert(figure_1(in_));

BOOST_AUTO_TEST_CASE(the_call_of_figure_1_is_legal_from_both_ends_3312_3) {
  for (auto way : {out, in_}) BOOST_TEST(figure_1(way));
}

BOOST_AUTO_TEST_CASE(neither_180_nor_2xx_before_the_preconditions_are_met_5_1_6) {
  agent a;
  BOOST_TEST(a.take(request(in_, method::invite, unmet)));
  BOOST_TEST(!a.take(answer(out, 180, method::invite, none)));
  BOOST_TEST(!a.take(answer(out, 180, method::invite, none, mark::reliable)));
  BOOST_TEST(!a.take(answer(out, 200, method::invite, plain)));
  BOOST_TEST(!a.take(answer(out, 200, method::invite, unmet)));
  BOOST_TEST(a.take(answer(out, 183, method::invite, unmet, mark::reliable)));
  BOOST_TEST(!a.take(answer(out, 200, method::invite, none)));
  BOOST_TEST((a.state == suspended));
}

BOOST_AUTO_TEST_CASE(a_callee_that_meets_all_by_itself_may_alert_and_accept_at_once_6) {
  agent a;
  (void)a.take(request(in_, method::invite, unmet));
  BOOST_TEST(a.take(answer(out, 180, method::invite, all_met, mark::reliable)));
  BOOST_TEST(a.take(answer(out, 200, method::invite, none)));
  agent b;
  (void)b.take(request(in_, method::invite, unmet));
  BOOST_TEST(b.take(answer(out, 200, method::invite, all_met)));
}

BOOST_AUTO_TEST_CASE(an_offerless_invite_has_them_in_the_1xx_and_the_prack_6) {
  agent a;
  (void)a.take(request(in_, method::invite, none));
  BOOST_TEST(!a.take(answer(out, 180, method::invite, unmet, mark::reliable)));
  BOOST_TEST(a.take(answer(out, 183, method::invite, unmet, mark::reliable)));
  BOOST_TEST((a.state == suspended));
  BOOST_TEST(a.take(request(in_, method::prack, all_met)));
  BOOST_TEST((a.state == met));
  BOOST_TEST(a.take(answer(out, 180, method::invite, none)));
}

BOOST_AUTO_TEST_CASE(an_update_that_is_turned_down_meets_nothing_3311_5_3) {
  agent a;
  (void)a.take(request(in_, method::invite, unmet));
  (void)a.take(answer(out, 183, method::invite, unmet, mark::reliable));
  (void)a.take(request(in_, method::update, all_met));
  (void)a.take(answer(out, 491, method::update, none));
  BOOST_TEST((a.state == suspended));
  // An answer may say that more is missing than the offer did (RFC 4032 4.1).
  (void)a.take(request(in_, method::update, all_met));
  (void)a.take(answer(out, 200, method::update, unmet));
  BOOST_TEST((a.state == suspended));
}

BOOST_AUTO_TEST_CASE(resources_lost_again_suspend_again_7) {
  agent a;
  (void)a.take(request(in_, method::invite, all_met));
  BOOST_TEST((a.state == met));
  (void)a.take(answer(out, 183, method::invite, all_met, mark::reliable));
  (void)a.take(request(in_, method::update, unmet));
  (void)a.take(answer(out, 200, method::update, unmet));
  BOOST_TEST(!a.take(answer(out, 200, method::invite, none)));
}

BOOST_AUTO_TEST_CASE(without_mandatory_preconditions_all_is_allowed) {
  for (auto c : {none, plain}) {
    agent a;
    BOOST_TEST(a.take(request(in_, method::invite, c)));
    BOOST_TEST(a.take(answer(out, 180, method::invite, none)));
    BOOST_TEST(a.take(answer(out, 200, method::invite, plain)));
    BOOST_TEST((a.state == established));
  }
}

BOOST_AUTO_TEST_CASE(a_580_leaves_the_next_invite_to_begin_afresh_8) {
  agent a;
  (void)a.take(request(out, method::invite, unmet));
  (void)a.take(answer(in_, 580, method::invite, none));
  BOOST_TEST((a.state == unconditional));
}

BOOST_AUTO_TEST_CASE(a_reinvite_suspends_nothing_6) {
  agent a;
  (void)a.take(request(in_, method::invite, plain));
  (void)a.take(answer(out, 200, method::invite, plain));
  (void)a.take(request(in_, method::invite, unmet, mark::to_tag));
  BOOST_TEST(a.take(answer(out, 180, method::invite, unmet, mark::to_tag | mark::reliable)));
  BOOST_TEST(a.take(answer(out, 200, method::invite, none, mark::to_tag)));
  BOOST_TEST((a.state == established));
}

BOOST_AUTO_TEST_CASE(a_description_after_the_failure_of_the_invite_suspends_nothing_8) {
  agent b;
  (void)b.take(request(in_, method::invite, none));
  (void)b.take(answer(out, 183, method::invite, plain, mark::reliable));
  (void)b.take(answer(out, 302, method::invite, none));
  BOOST_TEST(b.take(request(in_, method::prack, unmet)));
  BOOST_TEST((b.state == unconditional));
}

BOOST_AUTO_TEST_CASE(a_reinvite_that_overtakes_our_2xx_suspends_nothing_6) {
  agent b;
  (void)b.take(request(in_, method::invite, plain));
  (void)b.take(request(in_, method::invite, unmet, mark::to_tag));
  BOOST_TEST((b.state == unconditional));
  BOOST_TEST(b.take(answer(out, 200, method::invite, plain)));
}

BOOST_AUTO_TEST_CASE(a_180_or_2xx_that_overtakes_the_met_preconditions_is_no_breach_6) {
  agent a;
  (void)a.take(request(out, method::invite, unmet));
  (void)a.take(request(out, method::update, all_met));
  BOOST_TEST(
      (ctsip::next<definition>(a.state, symbol_of(answer(in_, 180, method::invite, none))).kind() ==
       row_kind::race));
  (void)a.take(answer(in_, 180, method::invite, none));
  BOOST_TEST((a.state == suspended));
  auto const success = answer(in_, 200, method::invite, none);
  BOOST_TEST((symbol_of(success, a.mine) == received_crossing_success));
  // Nothing can have been overtaken once the UPDATE has failed, or if there is no description.
  agent other = a;
  (void)other.take(answer(in_, 488, method::update, none));
  BOOST_TEST((symbol_of(success, other.mine) == received_success));
  (void)other.take(request(out, method::prack, none));
  BOOST_TEST((symbol_of(success, other.mine) == received_success));
  (void)a.take(success);
  BOOST_TEST((a.state == established));
  (void)a.take(answer(in_, 200, method::update, all_met));
  BOOST_TEST((a.state == established));
}

BOOST_AUTO_TEST_CASE(a_2xx_that_crosses_our_answer_to_an_update_is_no_breach_6) {
  agent a;
  (void)a.take(request(out, method::invite, plain));
  (void)a.take(request(in_, method::update, plain));
  auto const success = answer(in_, 200, method::invite, none);
  BOOST_TEST((symbol_of(success, a.mine) == received_success));
  (void)a.take(answer(out, 200, method::update, unmet));
  BOOST_TEST((a.state == suspended));
  BOOST_TEST((symbol_of(success, a.mine) == received_crossing_success));
  // Another INVITE begins afresh.
  (void)a.take(answer(in_, 486, method::invite, none));
  (void)a.take(request(out, method::invite, unmet));
  BOOST_TEST((symbol_of(success, a.mine) == received_success));
}

BOOST_AUTO_TEST_CASE(after_an_early_bye_and_its_487_all_begins_afresh_15_1_2) {
  agent b;
  (void)b.take(request(in_, method::invite, plain));
  (void)b.take(answer(out, 200, method::bye, none));
  BOOST_TEST((b.state == ended));
  (void)b.take(answer(out, 487, method::invite, none));
  BOOST_TEST((b.state == unconditional));
  (void)b.take(request(in_, method::invite, unmet));
  BOOST_TEST(!b.take(answer(out, 180, method::invite, none)));
  // After the session that a 2xx began there is nothing to begin.
  agent a;
  (void)a.take(request(in_, method::invite, plain));
  (void)a.take(answer(out, 200, method::invite, plain));
  (void)a.take(answer(out, 200, method::bye, none));
  (void)a.take(answer(out, 487, method::invite, none));
  BOOST_TEST((a.state == ended));
}

BOOST_AUTO_TEST_CASE(only_180_alerts_and_an_unreliable_description_counts_for_nothing) {
  for (std::uint16_t status = 100; status <= 199; ++status)
    for (auto way : {out, in_}) {
      auto const s = symbol_of(answer(way, status, method::invite, none));
      BOOST_TEST((s == (status != 180 ? ctsip::outside<definition::symbol>
                        : way == out  ? sent_ringing
                                      : received_ringing)));
    }
  BOOST_TEST(
      (symbol_of(answer(out, 183, method::invite, all_met)) == ctsip::outside<definition::symbol>));
  BOOST_TEST(
      (symbol_of(answer(out, 183, method::invite, all_met, mark::reliable)) == description_met));
  BOOST_TEST(
      (symbol_of(request(out, method::update, all_met)) == ctsip::outside<definition::symbol>));
}

BOOST_AUTO_TEST_CASE(bodies_that_are_not_modelled_are_not_judged) {
  for (unsigned s = 0; s < 8; ++s)
    for (auto p : {phase::request, phase::provisional, phase::reliable, phase::success})
      for (auto way : {out, in_}) {
        call_event const e{way, static_cast<subject>(s), p, content::unspecified};
        bool const ends = e.ends_session();
        BOOST_TEST((definition::project(e) ==
                    (ends ? session_ended : ctsip::outside<definition::symbol>)));
        call_message m;
        m.event.status = 180;
        BOOST_TEST((definition::classify(m, e, {}) == definition::project(e)));
      }
}

BOOST_AUTO_TEST_CASE(in_a_composition_answering_too_early_is_refused_by_name) {
  call c;
  BOOST_TEST(!c.process(request(in_, method::invite, unmet)).refused());
  auto const early = answer(out, 180, method::invite, none);
  BOOST_TEST(c.process(early).refused());
  BOOST_TEST(std::string(c.explain(early).clause) == "RFC 3312 6");
  BOOST_TEST(!c.at_rest());
}

BOOST_AUTO_TEST_SUITE_END()
