// Expectations from RFC 3261 12 and 15, RFC 5057 5.1, RFC 5407 2 and RFC 6141 4: how the INVITE
// stands and how the dialog has ended are told apart here, where the table has one state for both.
#include <ctsip/dialog/dialog.hpp>

#include <ctsip/machine/proof.hpp>

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <string>

#include "machine/expectation.hpp"

BOOST_AUTO_TEST_SUITE(dialog_dialog)

using ctsip::call_event;
using ctsip::call_message;
using ctsip::direction;
using ctsip::mark;
using ctsip::method;
using ctsip::phase;
using ctsip::received;
using ctsip::request;
using ctsip::response;
using ctsip::row_kind;
using ctsip::sent;
using ctsip::subject;
using ctsip::timer;
using ctsip::walk;
using ctsip::messages::bye;
using ctsip::messages::invite;
using ctsip::messages::update;
using definition = ctsip::dialog;
using enum definition::state;
using enum definition::symbol;
using enum definition::action;
using expected = ctsip_tests::expectation<definition>;
using acts = ctsip_tests::acts<definition>;

constexpr auto state_count = static_cast<std::size_t>(ended) + 1;
constexpr auto symbol_count = static_cast<std::size_t>(timer_cancel_timeout) + 1;

enum class stage : std::uint8_t { none, early, confirmed };
enum class over : std::uint8_t { no, bye_received, bye_allowed, yes, by_199 };
struct both {
  stage invite{};
  over end{};
};
constexpr both meaning[state_count] = {
    {stage::none, over::no},
    {stage::early, over::no},
    {stage::early, over::by_199},
    {stage::confirmed, over::no},
    {stage::early, over::bye_received},
    {stage::confirmed, over::bye_received},
    {stage::early, over::bye_allowed},
    {stage::confirmed, over::bye_allowed},
    {stage::early, over::yes},
    {stage::confirmed, over::yes},
};

constexpr definition::state state_of(both b) {
  for (std::size_t s = 0; s < state_count; ++s)
    if (meaning[s].invite == b.invite && meaning[s].end == b.end)
      return static_cast<definition::state>(s);
  return static_cast<definition::state>(0xff);
}

constexpr expected expect(definition::state s, definition::symbol e) {
  both b = meaning[static_cast<std::size_t>(s)];
  // RFC 6228 7: "it MUST act in the same way as if it had received the request after sending the
  // final non-2xx response".
  bool const released = b.end == over::by_199;
  bool const no_dialog = b.invite == stage::none || released;
  bool const early_one = b.invite == stage::early;
  bool const alive = !no_dialog && b.end == over::no;
  auto const establish = [&](stage at) { b = {at, no_dialog ? over::no : b.end}; };
  auto const to = [&](row_kind kind = row_kind::expected, acts does = {}) {
    return expected{s, e, state_of(b), kind, does};
  };
  auto const gone = [&](row_kind kind) {
    b = {};
    return to(kind, alive ? acts{end_dialog} : acts{});
  };
  switch (e) {
  // 13.2.1, 12.2; misuses 12 and 43.
  case sent_invite: return to(no_dialog || alive ? row_kind::expected : row_kind::refused);
  case sent_request: return to(alive ? row_kind::expected : row_kind::refused);
  // RFC 6228 7: "except for requests that acknowledge reliable responses".
  case sent_prack: return to(alive || released ? row_kind::expected : row_kind::refused);
  // 15; RFC 5407 D for the BYE with credentials; 12.2.1.2 for the one after a 481 or 408.
  case sent_bye:
    if (!alive && b.end != over::bye_allowed) return to(row_kind::refused);
    b.end = over::yes;
    return to(row_kind::expected, {end_dialog});
  // 12.2.1.1, 8.1.3.5.
  case sent_stale_request: return to(row_kind::refused);
  // 12.1.
  case sent_provisional:
    if (!no_dialog) return to();
    establish(stage::early);
    return to(row_kind::expected, {establish_dialog});
  case sent_success: {
    establish(stage::confirmed);
    return to(row_kind::expected, no_dialog ? acts{establish_dialog} : acts{});
  }
  // 12.3.
  case sent_failure: return early_one ? gone(row_kind::expected) : to();
  // RFC 6228 4.
  case sent_early_dialog_ended: return early_one && alive ? gone(row_kind::expected) : to();
  // RFC 6141 4.6.
  case sent_target_refresh:
    return to(row_kind::expected, alive ? acts{replace_remote_target} : acts{});
  // 12.2.2: "if the request is rejected, none of the state changes are performed".
  case sent_bye_challenge:
    if (b.end == over::bye_received) b.end = over::no;
    return to();
  // RFC 5057 5.1.
  case sent_usage_ended:
    if (!alive && b.end != over::bye_received) return to();
    b.end = over::yes;
    return to(row_kind::expected, {end_dialog});

  case received_invite: return to(no_dialog ? row_kind::expected : row_kind::race);
  case received_request: return alive ? to() : to(row_kind::race, {answer_481});
  // RFC 3262 3: "it MUST be prepared to process PRACK requests for those outstanding responses".
  case received_prack:
    return alive ? to() : to(row_kind::race, no_dialog ? acts{} : acts{answer_481});
  case received_bye:
    if (no_dialog) return to(row_kind::race, {answer_481});
    if (alive) {
      b.end = over::bye_received;
      return to(row_kind::expected, {answer_200, end_dialog});
    }
    if (b.end == over::bye_allowed) b.end = over::yes;
    return to(row_kind::race, {answer_200}); // RFC 5407 3.2.1
  case received_stale_request: return to(row_kind::race, {answer_500});
  case received_provisional:
  case received_reliable:
    if (no_dialog) {
      establish(stage::early);
      return to(row_kind::expected, {establish_dialog});
    }
    if (!early_one || !alive) return to(row_kind::ignored);
    return to(row_kind::expected, e == received_reliable ? acts{replace_remote_target} : acts{});
  case received_early_dialog_ended:
    if (!early_one || !alive) return to(no_dialog ? row_kind::expected : row_kind::ignored);
    b.end = over::by_199;
    return to(row_kind::expected, {end_dialog});
  // RFC 6228 4: "it MUST acknowledge the 199 response", which needs a dialog.
  case received_reliable_199:
    if (!no_dialog && (!early_one || !alive)) return to(row_kind::ignored);
    if (b.invite == stage::none) {
      b = {stage::early, over::by_199};
      return to(row_kind::expected, {establish_dialog});
    }
    b.end = over::by_199;
    return to(row_kind::expected,
              released ? acts{replace_remote_target} : acts{replace_remote_target, end_dialog});
  case received_success:
    if (b.invite == stage::confirmed) return to(alive ? row_kind::race : row_kind::ignored);
    establish(stage::confirmed);
    if (no_dialog) return to(row_kind::expected, {establish_dialog});
    if (alive) return to(row_kind::expected, {recompute_route_set, replace_remote_target});
    // RFC 5407 3.1.3; 12.2.1.2 for the BYE.
    return to(row_kind::race, b.end == over::bye_allowed ? acts{send_bye} : acts{});
  case received_failure:
    if (early_one) return gone(row_kind::expected);
    return to(no_dialog ? row_kind::expected : row_kind::ignored);
  case received_target_refresh:
    return alive ? to(row_kind::expected, {replace_remote_target}) : to(row_kind::ignored);
  case received_bye_challenge:
    if (b.end != over::yes) return to(row_kind::ignored);
    b.end = over::bye_allowed;
    return to(row_kind::expected, {send_bye});
  case received_usage_ended:
    if (!alive) return to(row_kind::ignored);
    b.end = over::bye_allowed;
    return to(row_kind::expected, early_one ? acts{end_dialog} : acts{send_bye, end_dialog});
  case timer_ack_retransmission:
  case timer_cancel_timeout: return early_one ? gone(row_kind::expected) : to(row_kind::ignored);
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

static_assert(ctsip_tests::is_complete<definition, ended, timer_cancel_timeout>(matrix.of));
static_assert(ctsip::proven<definition>);
static_assert(sizeof(ctsip::machine<definition>) == 1);

BOOST_AUTO_TEST_CASE(every_state_answers_every_symbol_as_rfc_3261_12_says) {
  ctsip_tests::check(matrix.of);
  constexpr bool at_compile_time = ctsip_tests::agrees(matrix.of);
  BOOST_TEST(at_compile_time);
}

BOOST_AUTO_TEST_CASE(no_state_is_terminal) {
  for (std::size_t s = 0; s < state_count; ++s)
    BOOST_TEST(!ctsip::is_terminal<definition>(static_cast<definition::state>(s)));
}

template <class... Events>
constexpr bool leads_to(definition::state s) {
  return walk<definition, Events...>().is(s);
}

using ringing = response<180>;
using ok = response<200>;
using bye_ok = response<200, method::bye>;

static_assert(leads_to<sent<invite>, received<ringing>>(early));
static_assert(leads_to<sent<invite>, received<ringing>, received<ok>>(confirmed));
static_assert(leads_to<received<invite>, sent<ringing>, sent<ok>>(confirmed));
static_assert(leads_to<sent<invite>, received<ringing>, received<response<486>>>(none));
static_assert(leads_to<sent<invite>, received<ringing>, received<response<199>>>(released));
static_assert(leads_to<received<invite>, sent<ringing>, sent<response<199>>>(none));
static_assert(leads_to<sent<invite>, received<response<199>>>(none));
static_assert(
    leads_to<sent<invite>, received<response<401>>, sent<invite>, received<ok>>(confirmed));
static_assert(leads_to<sent<invite>, received<ok>, sent<bye>>(ended));
static_assert(leads_to<sent<invite>, received<ok>, received<bye>>(bye_received));
// BYE crossing BYE, and with credentials.
static_assert(leads_to<sent<invite>, received<ok>, sent<bye>, received<bye>>(ended));
static_assert(leads_to<sent<invite>, received<ok>, sent<bye>, received<response<401, method::bye>>,
                       sent<bye>>(ended));
static_assert(leads_to<received<invite>, sent<ok>, received<bye>, sent<response<401, method::bye>>>(
    confirmed));
// BYE in the early dialog, and the 487 or 2xx after it.
static_assert(leads_to<sent<invite>, received<ringing>, sent<bye>, received<response<487>>>(none));
static_assert(leads_to<sent<invite>, received<ringing>, sent<bye>, received<ok>>(ended));
// 12.2.1.2.
static_assert(leads_to<sent<invite>, received<ok>, sent<update>,
                       received<response<481, method::update>>, sent<bye>>(ended));

BOOST_AUTO_TEST_CASE(refusals_say_which_rule_they_break) {
  struct refusal {
    definition::state in;
    definition::symbol on;
    char const* sentence;
    char const* clause;
  };
  char const* const past = "a request in an INVITE usage that has ended";
  char const* const only_bye = "a request in an INVITE usage that has ended: only a BYE may follow";
  char const* const only_prack =
      "a request in an early dialog that a 199 has ended: only PRACK may follow";
  char const* const past_clause = "RFC 3261 12.3, RFC 3261 15, RFC 5407 D";
  refusal const all[] = {
      {none, sent_bye, "BYE outside a dialog", "RFC 3261 15"},
      {none, sent_request, "a request within a dialog that does not exist", "RFC 3261 12.2"},
      {none, sent_prack, "a request within a dialog that does not exist", "RFC 3261 12.2"},
      {released, sent_request, only_prack, "RFC 6228 7"},
      {released, sent_bye, only_prack, "RFC 6228 7"},
      {ended, sent_request, past, past_clause},
      {ended, sent_bye, past, past_clause},
      {ended, sent_invite, past, past_clause},
      {bye_received, sent_request, past, past_clause},
      {early_ended, sent_bye, past, past_clause},
      {ending, sent_request, only_bye, past_clause},
      {confirmed, sent_stale_request,
       "a request whose CSeq number is not higher than that of the last request",
       "RFC 3261 12.2.1.1"},
      {none, sent_stale_request,
       "a request tried again, whose CSeq number should be one higher than before",
       "RFC 3261 8.1.3.5"},
  };
  for (auto const& r : all) {
    auto const why = ctsip::explain<definition>(r.in, r.on);
    BOOST_TEST(std::string(why.machine) == "dialog");
    BOOST_TEST(std::string(why.sentence) == r.sentence);
    BOOST_TEST(std::string(why.clause) == r.clause);
  }
}

BOOST_AUTO_TEST_CASE(ack_cancel_100_and_other_responses_are_outside) {
  constexpr auto outside = ctsip::outside<definition::symbol>;
  for (auto way : {direction::sent, direction::received}) {
    for (auto m : {method::ack, method::cancel})
      BOOST_TEST((definition::project(ctsip::request_event(way, m)) == outside));
    BOOST_TEST((definition::project(ctsip::response_event(way, 100, method::invite)) == outside));
    BOOST_TEST((definition::project(ctsip::response_event(way, 200, method::bye)) == outside));
    BOOST_TEST((definition::project(ctsip::response_event(way, 200, method::prack)) == outside));
    BOOST_TEST((definition::project(ctsip::response_event(way, 481, method::cancel)) == outside));
    BOOST_TEST((definition::project({way, subject::invite, phase::reliable_gap}) == outside));
  }
  BOOST_TEST((definition::project(ctsip::event{}) == outside));
  BOOST_TEST((definition::project(ctsip::transport_error::value) == outside));
}

// One agent: the machine with its numbers.
struct agent {
  ctsip::machine<definition, ctsip::on_violation::report> machine{};
  definition::facts facts{};
  call_event last{};

  constexpr ctsip::step<definition> operator()(ctsip::event what, std::uint32_t cseq = 0) {
    call_message m{};
    m.event = what;
    m.cseq = cseq;
    last = call_event(what);
    definition::refine(last, m, facts);
    auto symbol = definition::project(last);
    if (symbol != ctsip::outside<definition::symbol>)
      symbol = definition::correct(symbol, m, last, facts);
    ctsip::step<definition> result{machine.current(), 0x7f, {}};
    if (symbol != ctsip::outside<definition::symbol>) result = machine.process(symbol);
    if (!result.refused()) definition::commit(facts, m, last);
    return result;
  }
};

constexpr agent caller(std::uint32_t cseq = 10) {
  agent a;
  (void)a(sent<invite>{}, cseq);
  (void)a(received<ok>{}, cseq);
  return a;
}
constexpr agent callee(std::uint32_t cseq = 10) {
  agent a;
  (void)a(received<invite>{}, cseq);
  (void)a(sent<ok>{}, cseq);
  return a;
}

BOOST_AUTO_TEST_CASE(a_request_whose_cseq_is_not_higher_is_refused_12_2_1_1) {
  auto a = caller();
  BOOST_TEST(a(sent<update>{}, 10).refused());
  BOOST_TEST((a.last.phase == phase::stale_request));
  BOOST_TEST(a(sent<update>{}, 9).refused());
  BOOST_TEST(a.facts.local_cseq == 10u);
  BOOST_TEST(!a(sent<update>{}, 11).refused());
  BOOST_TEST(!a(sent<update>{}).refused()); // no number, no judgement
  BOOST_TEST(a.facts.local_cseq == 11u);
  BOOST_TEST(!a(sent<bye>{}, 12).refused());
}

BOOST_AUTO_TEST_CASE(a_lower_cseq_is_answered_500_and_is_no_violation_of_the_peer_12_2_2) {
  auto a = callee();
  auto const step = a(received<update>{}, 9);
  BOOST_TEST((step.kind() == row_kind::race));
  BOOST_TEST(step.does.has(answer_500));
  BOOST_TEST(a.facts.remote_cseq == 10u);
  // "It is possible for the CSeq sequence number to be higher than the remote sequence number by
  // more than one. This is not an error condition".
  BOOST_TEST(a(received<update>{}, 99).does.empty());
  BOOST_TEST(a.facts.remote_cseq == 99u);
  // Both directions count by themselves.
  BOOST_TEST(!a(sent<update>{}, 1).refused());
}

BOOST_AUTO_TEST_CASE(ack_and_cancel_carry_the_number_of_the_invite_12_2_1_1) {
  auto a = caller();
  (void)a(sent<ctsip::messages::ack>{}, 10);
  BOOST_TEST((a.last.phase == phase::request));
  (void)a(sent<ctsip::messages::cancel>{}, 10);
  BOOST_TEST((a.last.phase == phase::request));
  BOOST_TEST(a.facts.local_cseq == 10u);
}

BOOST_AUTO_TEST_CASE(an_ack_of_another_number_is_stray_13_2_2_4) {
  auto a = caller();
  (void)a(sent<ctsip::messages::ack>{}, 11);
  BOOST_TEST((a.last.phase == phase::stray_request));
  (void)a(sent<ctsip::messages::ack>{});
  BOOST_TEST((a.last.phase == phase::request));
  // After a re-INVITE both numbers are good: the first 2xx may come again (RFC 5407 3.1.4).
  (void)a(sent<invite>{}, 12);
  // Too early, which is another rule's to say; its number is right.
  (void)a(sent<ctsip::messages::ack>{}, 12);
  BOOST_TEST((a.last.phase == phase::request));
  (void)a(received<ok>{}, 12);
  for (std::uint32_t n : {10u, 12u}) {
    (void)a(sent<ctsip::messages::ack>{}, n);
    BOOST_TEST((a.last.phase == phase::request));
  }
  (void)a(sent<ctsip::messages::ack>{}, 11);
  BOOST_TEST((a.last.phase == phase::stray_request));

  // Not the number of the attempt that was challenged.
  agent b;
  (void)b(sent<invite>{}, 1);
  (void)b(received<response<401>>{}, 1);
  (void)b(sent<invite>{}, 2);
  (void)b(received<ok>{}, 2);
  (void)b(sent<ctsip::messages::ack>{}, 1);
  BOOST_TEST((b.last.phase == phase::stray_request));
  (void)b(sent<ctsip::messages::ack>{}, 2);
  BOOST_TEST((b.last.phase == phase::request));
}

BOOST_AUTO_TEST_CASE(an_invite_within_the_dialog_is_a_re_invite_with_or_without_mark_14) {
  auto a = caller();
  (void)a(sent<invite>{}, 11);
  BOOST_TEST((a.last.subject == subject::reinvite));
  // A response tells by its number which INVITE it answers; its effect follows (RFC 5057 5.1).
  auto b = a;
  (void)b(received<response<404>>{}, 11);
  BOOST_TEST((b.last.subject == subject::reinvite));
  BOOST_TEST((b.last.phase == phase::ends_dialog));
  BOOST_TEST(b.machine.is(ending));
  // Without numbers it answers the one that is open.
  auto c = a;
  (void)c(received<response<491>>{});
  BOOST_TEST((c.last.subject == subject::reinvite));
  BOOST_TEST((c.last.phase == phase::glare));
  BOOST_TEST(c.machine.is(confirmed));
  // All responses carry a To tag; those to the first INVITE too.
  agent d;
  (void)d(sent<invite>{}, 5);
  (void)d(received<ctsip::with<ringing, mark::to_tag>>{}, 5);
  BOOST_TEST((d.last.subject == subject::invite));
  BOOST_TEST(d.machine.is(early));
  (void)d(received<ctsip::with<response<481>, mark::to_tag>>{}, 5);
  BOOST_TEST((d.last.phase == phase::failure));
  BOOST_TEST(d.machine.is(none));
}

BOOST_AUTO_TEST_CASE(a_2xx_that_comes_again_is_told_from_the_one_to_a_re_invite_13_2_2_4) {
  auto a = caller();
  (void)a(received<ok>{}, 10);
  BOOST_TEST((a.last == call_event(direction::received, subject::invite, phase::success_again,
                                   ctsip::content::none)));
  (void)a(sent<invite>{}, 11);
  (void)a(received<ok>{}, 10);
  BOOST_TEST((a.last.subject == subject::invite));
  BOOST_TEST((a.last.phase == phase::success_again));
  (void)a(received<ok>{}, 11);
  BOOST_TEST((a.last.subject == subject::reinvite));
  BOOST_TEST((a.last.phase == phase::success));
  (void)a(received<ok>{}, 11);
  BOOST_TEST((a.last.subject == subject::reinvite));
  BOOST_TEST((a.last.phase == phase::success_again));
  (void)a(sent<invite>{}, 12);
  (void)a(received<ok>{}, 11);
  BOOST_TEST((a.last.phase == phase::success_again));
}

BOOST_AUTO_TEST_CASE(a_failed_first_invite_may_be_tried_again_with_a_higher_number_8_1_3_5) {
  agent a;
  (void)a(sent<invite>{}, 1);
  (void)a(received<ringing>{}, 1);
  (void)a(received<response<407>>{}, 1);
  BOOST_TEST(a.machine.is(none));
  BOOST_TEST(a(sent<invite>{}, 1).refused());
  BOOST_TEST(!a(sent<invite>{}, 2).refused());
  BOOST_TEST((a.last.subject == subject::invite));
  BOOST_TEST((a.facts.initial_cseq == 2u));
  (void)a(received<ok>{}, 2);
  BOOST_TEST(a.machine.is(confirmed));
}

BOOST_AUTO_TEST_CASE(an_invite_after_the_end_belongs_to_the_ended_usage_12_3) {
  auto a = caller();
  (void)a(sent<bye>{}, 11);
  BOOST_TEST(a(sent<invite>{}, 12).refused());
  BOOST_TEST((a.last.subject == subject::reinvite));
}

BOOST_AUTO_TEST_CASE(failures_of_a_subscription_and_481_to_prack_leave_the_session_5057_5_1) {
  for (auto m : {method::notify, method::subscribe, method::refer, method::prack}) {
    auto a = caller();
    (void)a(ctsip::request_event(direction::sent, m), 11);
    (void)a(ctsip::response_event(direction::received, 481, m), 11);
    BOOST_TEST(a.machine.is(confirmed));
  }
  for (auto m : {method::info, method::update}) {
    auto a = caller();
    (void)a(ctsip::request_event(direction::sent, m), 11);
    auto const step = a(ctsip::response_event(direction::received, 481, m), 11);
    BOOST_TEST(a.machine.is(ending));
    BOOST_TEST(step.does.has(send_bye));
  }
}

BOOST_AUTO_TEST_CASE(re_invites_that_cross_are_told_apart_by_their_direction_14_2) {
  auto a = caller();
  (void)a(sent<invite>{}, 11);
  (void)a(received<ctsip::with<invite, mark::to_tag>>{}, 700);
  (void)a(sent<response<491>>{}, 700);
  BOOST_TEST((a.last.subject == subject::reinvite));
  BOOST_TEST(!a.facts.received_reinvite_open);
  BOOST_TEST(bool{a.facts.sent_reinvite_open});
  (void)a(received<response<491>>{}, 11);
  BOOST_TEST(!a.facts.sent_reinvite_open);
  BOOST_TEST(a.machine.is(confirmed));
  // The same number in both directions does not confuse them.
  auto b = callee(10);
  (void)b(sent<invite>{}, 10);
  BOOST_TEST((b.last.subject == subject::reinvite));
  (void)b(received<response<481>>{}, 10);
  BOOST_TEST((b.last.phase == phase::ends_usage));
}

BOOST_AUTO_TEST_CASE(numbers_of_any_size_are_compared_as_they_are) {
  agent a;
  (void)a(received<invite>{}, UINT32_MAX);
  (void)a(sent<ok>{}, UINT32_MAX);
  BOOST_TEST(a(received<update>{}, 1).does.has(answer_500));
  BOOST_TEST(a(received<bye>{}, UINT32_MAX).does.has(answer_500));
  BOOST_TEST(a.machine.is(confirmed));
  BOOST_TEST(!a(sent<update>{}, UINT32_MAX).refused());
  BOOST_TEST(a(sent<update>{}, UINT32_MAX).refused());
}

BOOST_AUTO_TEST_CASE(an_early_dialog_of_another_fork_ends_64_t1_after_the_first_2xx_13_2_2_4) {
  agent a;
  (void)a(sent<invite>{}, 1);
  (void)a(received<ringing>{}, 1);
  BOOST_TEST(a(ctsip::fired<timer::ack_retransmission>{}).does.has(end_dialog));
  BOOST_TEST(a.machine.is(none));
  BOOST_TEST(!a.facts.exists);
}

BOOST_AUTO_TEST_CASE(without_a_dialog_no_bye_and_no_481_ends_one_12_2_2_15_1_2) {
  for (bool ringing_before : {false, true}) {
    agent a;
    (void)a(sent<invite>{}, 1);
    if (ringing_before) {
      (void)a(received<ringing>{}, 1);
      (void)a(received<response<199>>{}, 1);
    }
    BOOST_TEST(a(received<request<method::info>>{}, 501).does.has(answer_481));
    (void)a(sent<response<481, method::info>>{}, 501);
    BOOST_TEST((a.last.phase == phase::failure));
    (void)a(received<response<404, method::info>>{}, 1);
    BOOST_TEST((a.last.phase == phase::failure));
    BOOST_TEST(a(received<bye>{}, 502).does.has(answer_481));
    BOOST_TEST((a.last.phase == phase::stray_request));
    BOOST_TEST(a.machine.is(ringing_before ? released : none));
    // It has no number of a dialog either.
    BOOST_TEST(a.facts.remote_cseq == 501u);
  }
}

// "A UAC that receives a 199 response for an early dialog MUST NOT send any further requests on
// that dialog, except for requests that acknowledge reliable responses."
BOOST_AUTO_TEST_CASE(after_a_199_reliable_or_not_only_a_prack_may_follow_rfc_6228_7) {
  using reliable_199 = ctsip::with<response<199>, mark::reliable>;
  for (bool ringing_before : {true, false})
    for (bool reliable : {true, false}) {
      agent a;
      (void)a(sent<invite>{}, 1);
      if (ringing_before) (void)a(received<ringing>{}, 1);
      auto const step = reliable ? a(received<reliable_199>{}, 1) : a(received<response<199>>{}, 1);
      bool const there_was_one = ringing_before || reliable;
      BOOST_TEST(step.does.has(end_dialog) == ringing_before);
      BOOST_TEST(step.does.has(establish_dialog) == (reliable && !ringing_before));
      BOOST_TEST(a.machine.is(there_was_one ? released : none));
      BOOST_TEST(!a.facts.exists);
      BOOST_TEST(a(sent<update>{}, 2).refused());
      BOOST_TEST(a(sent<bye>{}, 2).refused());
      BOOST_TEST(a(sent<request<method::prack>>{}, 2).refused() == !there_was_one);
      // Once more it says the same; another response is of a dialog, as is a 2xx.
      if (there_was_one) (void)a(received<reliable_199>{}, 1);
      BOOST_TEST(a.machine.is(there_was_one ? released : none));
      auto b = a;
      BOOST_TEST(a(received<ringing>{}, 1).does.has(establish_dialog));
      BOOST_TEST(a.machine.is(early));
      BOOST_TEST(!a(sent<update>{}, 3).refused());
      BOOST_TEST(b(received<ok>{}, 1).does.has(establish_dialog));
      BOOST_TEST(b.machine.is(confirmed));
      BOOST_TEST(!b(sent<bye>{}, 3).refused());
    }
  // Who has sent it has ended the dialog.
  agent c;
  (void)c(received<invite>{}, 1);
  (void)c(sent<ringing>{}, 1);
  (void)c(sent<reliable_199>{}, 1);
  BOOST_TEST(c.machine.is(none));
  BOOST_TEST(!c.facts.exists);
}

// What a response to the peer's BYE ends: the session, unless it rejects it (12.2.2), or the BYE
// was none of this dialog or came out of order.
BOOST_AUTO_TEST_CASE(a_bye_that_is_not_taken_ends_no_session_12_2_2_15_1_2) {
  for (std::uint16_t status : {200, 401, 403, 407, 481, 500}) {
    auto const answered = ctsip::response_event(direction::sent, status, method::bye);
    auto a = callee(10);
    (void)a(received<bye>{}, 11);
    BOOST_TEST(!a.last.ends_session());
    (void)a(answered, 11);
    bool const challenged = status == 401 || status == 407;
    BOOST_TEST(a.last.ends_session() == !challenged);
    BOOST_TEST(a.machine.is(confirmed) == challenged);
    // Outside of a dialog.
    agent b;
    (void)b(received<invite>{}, 10);
    (void)b(received<bye>{}, 11);
    (void)b(answered, 11);
    BOOST_TEST(!b.last.ends_session());
  }
  auto c = callee(10);
  (void)c(received<update>{}, 20);
  BOOST_TEST(c(received<bye>{}, 11).does.has(answer_500));
  (void)c(ctsip::response_event(direction::sent, 500, method::bye), 11);
  BOOST_TEST(!c.last.ends_session());
  BOOST_TEST(c.machine.is(confirmed));
}

// A 199 to a re-INVITE ends no dialog.
BOOST_AUTO_TEST_CASE(a_reliable_199_in_a_confirmed_dialog_leaves_it) {
  auto a = caller();
  (void)a(sent<invite>{}, 11);
  (void)a(received<ctsip::with<response<199>, mark::reliable>>{}, 11);
  BOOST_TEST(a.machine.is(confirmed));
  BOOST_TEST(bool{a.facts.exists});
}

BOOST_AUTO_TEST_CASE(a_response_to_the_peers_invite_is_to_a_re_invite_if_the_call_is_ours_14_2) {
  agent a;
  (void)a(sent<invite>{}, 1);
  (void)a(received<ringing>{}, 1);
  (void)a(received<update>{}, 502);
  BOOST_TEST(a(received<ctsip::with<invite, mark::to_tag>>{}, 501).does.has(answer_500));
  BOOST_TEST(!a(sent<response<500>>{}, 501).refused());
  BOOST_TEST((a.last.subject == subject::reinvite));
  BOOST_TEST(a.machine.is(early));
}

BOOST_AUTO_TEST_CASE(a_2xx_to_invite_after_the_peer_has_lost_the_early_dialog_is_followed_by_bye) {
  agent a;
  (void)a(sent<invite>{}, 1);
  (void)a(received<ringing>{}, 1);
  (void)a(sent<request<method::info>>{}, 2);
  (void)a(received<response<481, method::info>>{}, 2);
  BOOST_TEST(a(received<ok>{}, 1).does.has(send_bye));
  BOOST_TEST(!a(sent<bye>{}, 3).refused());
  BOOST_TEST(a.machine.is(ended));
}

BOOST_AUTO_TEST_SUITE_END()
