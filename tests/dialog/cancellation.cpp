// Expectations from RFC 3261 9, 14 and 15, RFC 5407 3.1.2 and RFC 6141 3.8: our INVITE and the
// peer's are told apart here, where the table has one state for both.
#include <ctsip/dialog/cancellation.hpp>

#include <ctsip/machine/proof.hpp>

#include <boost/test/unit_test.hpp>

#include <string>

#include "machine/expectation.hpp"

BOOST_AUTO_TEST_SUITE(dialog_cancellation)

using ctsip::call_event;
using ctsip::call_message;
using ctsip::direction;
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
using ctsip::walk;
using ctsip::with;
using ctsip::messages::cancel;
using ctsip::messages::invite;
using definition = ctsip::cancellation;
using enum definition::state;
using enum definition::symbol;
using enum definition::action;
using machine = ctsip::machine<definition>;
using timed = ctsip::timed_machine<definition>;
using expected = ctsip_tests::expectation<definition>;
using acts = ctsip_tests::acts<definition>;
using entries = std::vector<ctsip_tests::entry<definition>>;
using cancel_ok = response<200, method::cancel>;
using reinvite = with<invite, mark::to_tag>;

constexpr auto state_count = static_cast<std::size_t>(crossed_cancelled) + 1;
constexpr auto symbol_count = static_cast<std::size_t>(timer_cancel) + 1;

// How our INVITE stands, and how the peer's does.
enum class ours : std::uint8_t { none, call, proceed, cancel, cancel_done, final, up, done };
enum class theirs : std::uint8_t { none, open, cancel, final_due, cancel_due };
struct both {
  ours our{};
  theirs their{};
  friend constexpr bool operator==(both const&, both const&) = default;
};
constexpr both meaning[state_count] = {
    {ours::none, theirs::none},       {ours::none, theirs::open},
    {ours::done, theirs::open},       {ours::none, theirs::cancel},
    {ours::none, theirs::final_due},  {ours::none, theirs::cancel_due},
    {ours::call, theirs::none},       {ours::proceed, theirs::none},
    {ours::cancel, theirs::none},     {ours::cancel_done, theirs::none},
    {ours::final, theirs::none},      {ours::up, theirs::none},
    {ours::done, theirs::none},       {ours::call, theirs::open},
    {ours::proceed, theirs::open},    {ours::cancel, theirs::open},
    {ours::cancel_done, theirs::open}};

constexpr bool is_pending(ours o) { return o >= ours::call && o <= ours::cancel_done; }
constexpr bool is_cancelled(ours o) { return o == ours::cancel || o == ours::cancel_done; }

constexpr definition::state state_of(both b) {
  // What is not kept apart: choices 2 and 3 of the header.
  if (!is_pending(b.our) && b.our != ours::none && b.their == theirs::open) b.our = ours::done;
  if (!is_pending(b.our) && b.their > theirs::open) b.our = ours::none;
  for (std::size_t s = 0; s < state_count; ++s)
    if (meaning[s] == b) return static_cast<definition::state>(s);
  return static_cast<definition::state>(0xff);
}

constexpr expected expect(definition::state s, definition::symbol e) {
  both const was = meaning[static_cast<std::size_t>(s)];
  both b = was;
  row_kind kind = row_kind::expected;
  acts does;
  auto final_to_ours = [&] {
    if (!is_pending(was.our)) return false;
    b.our = was.our == ours::cancel ? ours::final : ours::done;
    return true;
  };
  switch (e) {
  case sent_invite:
    if (was.their == theirs::cancel || was.their == theirs::final_due || is_pending(was.our)) break;
    b.our = ours::call;
    if (was.their == theirs::cancel_due) b.their = theirs::none;
    break;
  case sent_cancel:
    kind = row_kind::refused;
    if (was.our == ours::call) kind = row_kind::waits; // 9.1 "MUST wait"
    if (was.our == ours::proceed) kind = row_kind::expected, b.our = ours::cancel;
    break;
  case sent_stray_cancel:
  case sent_cancel_challenge: kind = row_kind::refused; break;
  case sent_final:
    if (was.their == theirs::open || was.their == theirs::final_due) b.their = theirs::none;
    if (was.their == theirs::cancel) b.their = theirs::cancel_due;
    break;
  case sent_cancel_success:
  case sent_cancel_failure:
    if (was.their == theirs::cancel) b.their = theirs::final_due;
    if (was.their == theirs::cancel_due) b.their = theirs::none;
    if (s == invited && e == sent_cancel_success) kind = row_kind::refused;
    break;
  case received_invite:
    if (was.their != theirs::none && was.their != theirs::cancel_due) {
      kind = row_kind::ignored;
      break;
    }
    b.their = theirs::open;
    if (was.their == theirs::cancel_due) b.our = ours::done;
    if (is_pending(was.our)) kind = row_kind::race; // glare, 14.2
    break;
  case received_provisional:
    if (!is_pending(was.our)) kind = row_kind::ignored;
    if (was.our == ours::call) b.our = ours::proceed;
    break;
  case received_success:
  case received_reinvite_success:
    if (was.our == ours::up) {
      b.our = ours::done;
      kind = row_kind::race;
      if (e == received_success) does = {acknowledge_and_bye};
    } else if (!final_to_ours()) {
      kind = row_kind::ignored;
    } else if (is_cancelled(was.our)) {
      kind = row_kind::race; // accepted while the CANCEL was in progress
      if (e == received_success) does = {acknowledge_and_bye};
    }
    break;
  case received_failure:
    if (was.our == ours::up)
      b.our = ours::done, kind = row_kind::race;
    else if (!final_to_ours())
      kind = row_kind::ignored;
    break;
  case received_cancel:
    if (was.their == theirs::open) {
      does = {answer_487, answer_cancel};
      if (is_pending(was.our))
        kind = row_kind::race;
      else
        b.their = theirs::cancel;
    } else {
      // No effect on what has its final response.
      kind = row_kind::race;
      does = {answer_cancel};
      if (s == idle || s == answered) b.their = theirs::cancel_due;
    }
    break;
  case received_stray_cancel:
    kind = row_kind::race;
    does = {answer_481};
    break;
  case received_cancel_final:
    if (was.our == ours::cancel)
      b.our = ours::cancel_done;
    else if (was.our == ours::final)
      b.our = ours::done;
    else
      kind = row_kind::ignored;
    break;
  case timer_cancel:
    if (is_cancelled(was.our))
      b.our = ours::up, does = {give_up};
    else
      kind = row_kind::ignored;
    break;
  }
  return {s, e, b == was ? s : state_of(b), kind, does};
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

static_assert(ctsip_tests::is_complete<definition, crossed_cancelled, timer_cancel>(matrix.of));
static_assert(ctsip::proven<definition>);
static_assert(sizeof(machine) == 1);

void check_refusal(definition::state s, definition::symbol e, std::string sentence,
                   std::string clause, row_kind kind = row_kind::refused) {
  auto const why = ctsip::explain<definition>(s, e);
  BOOST_TEST(std::string(why.sentence) == sentence);
  BOOST_TEST(std::string(why.clause) == clause);
  BOOST_TEST((ctsip::next<definition>(s, e).kind() == kind));
}

bool rests(definition::state s) {
  for (auto r : definition::at_rest)
    if (r == s) return true;
  return false;
}

BOOST_AUTO_TEST_CASE(every_state_answers_every_symbol_as_rfc_3261_9_says) {
  ctsip_tests::check(matrix.of);
  constexpr bool at_compile_time = ctsip_tests::agrees(matrix.of);
  BOOST_TEST(at_compile_time);
}

BOOST_AUTO_TEST_CASE(no_state_is_terminal_since_the_dialog_may_bring_another_invite) {
  for (std::size_t s = 0; s < state_count; ++s)
    BOOST_TEST(!ctsip::is_terminal<definition>(static_cast<definition::state>(s)));
}

BOOST_AUTO_TEST_CASE(cancel_before_a_provisional_response_waits_9_1) {
  for (auto s : {calling, crossed_calling})
    check_refusal(s, sent_cancel, "CANCEL before a provisional response to the INVITE",
                  "RFC 3261 9.1", row_kind::waits);
  // 100 counts.
  static_assert(
      walk<definition, sent<invite>, received<response<100>>, sent<cancel>>().is(cancelling));
  static_assert(
      walk<definition, sent<invite>, received<response<199>>, sent<cancel>>().is(cancelling));
}

BOOST_AUTO_TEST_CASE(cancel_after_a_final_response_should_not_be_sent_9_1) {
  for (auto s : {answered, answered_invited, cancel_unanswered})
    check_refusal(s, sent_cancel, "CANCEL after a final response to the INVITE: SHOULD NOT be sent",
                  "RFC 3261 9.1, RFC 5407 3.1.2");
  static_assert(
      walk<definition, sent<invite>, received<response<180>>, received<response<200>>>().is(
          answered));
  static_assert(walk<definition, sent<invite>, received<response<486>>>().is(answered));
}

BOOST_AUTO_TEST_CASE(cancel_of_anything_but_our_own_invite_should_not_be_sent_9_1) {
  for (auto s : {idle, invited, invite_cancelled, terminating, cancel_pending})
    check_refusal(s, sent_cancel, "CANCEL of a request other than INVITE: SHOULD NOT be sent",
                  "RFC 3261 9.1");
}

BOOST_AUTO_TEST_CASE(one_invite_has_one_cancel_9_1) {
  for (auto s : {cancelling, cancelled, given_up, crossed_cancelling, crossed_cancelled})
    check_refusal(s, sent_cancel, "a second CANCEL of one INVITE", "RFC 3261 9.1");
}

BOOST_AUTO_TEST_CASE(a_cancel_with_another_branch_or_cseq_number_is_refused_in_every_state_9_1) {
  for (std::size_t s = 0; s < state_count; ++s)
    check_refusal(static_cast<definition::state>(s), sent_stray_cancel,
                  "a CANCEL whose branch or CSeq number is not that of its INVITE", "RFC 3261 9.1");
}

BOOST_AUTO_TEST_CASE(a_cancel_is_never_challenged_9_2) {
  for (std::size_t s = 0; s < state_count; ++s)
    check_refusal(static_cast<definition::state>(s), sent_cancel_challenge,
                  "a challenge of a CANCEL: a CANCEL cannot be resubmitted", "RFC 3261 9.2");
  for (auto status : {401, 407})
    BOOST_TEST((definition::project(ctsip::response_event(
                    direction::sent, static_cast<std::uint16_t>(status), method::cancel)) ==
                sent_cancel_challenge));
}

BOOST_AUTO_TEST_CASE(a_2xx_to_a_cancel_that_was_not_received_is_refused_9_2) {
  check_refusal(invited, sent_cancel_success, "a 2xx to a CANCEL that was not received",
                "RFC 3261 9.2");
}

BOOST_AUTO_TEST_CASE(the_cancels_of_two_invites_may_both_be_answered_at_the_end_9_2) {
  // The first CANCEL comes after its INVITE has failed, the second while it is pending.
  static_assert(
      walk<definition, received<invite>, sent<response<486>>, received<cancel>, received<invite>,
           received<cancel>, sent<cancel_ok>, sent<response<487>>, sent<cancel_ok>>()
          .is(idle));
}

BOOST_AUTO_TEST_CASE(the_two_transactions_of_a_cancelled_invite_complete_in_either_order_9_1) {
  static_assert(walk<definition, sent<invite>, received<response<180>>, sent<cancel>,
                     received<cancel_ok>, received<response<487>>>()
                    .is(answered));
  static_assert(walk<definition, sent<invite>, received<response<180>>, sent<cancel>,
                     received<response<487>>, received<cancel_ok>>()
                    .is(answered));
  static_assert(
      walk<definition, received<invite>, received<cancel>, sent<cancel_ok>, sent<response<487>>>()
          .is(idle));
  static_assert(
      walk<definition, received<invite>, received<cancel>, sent<response<487>>, sent<cancel_ok>>()
          .is(idle));
  auto const half = walk<definition, sent<invite>, received<response<180>>, sent<cancel>,
                         received<response<487>>>();
  BOOST_TEST(half.is(cancel_unanswered));
  BOOST_TEST(!rests(half.current()));
}

BOOST_AUTO_TEST_CASE(a_cancel_that_crosses_the_200_changes_nothing_rfc_5407_3_1_2) {
  // Alice.
  static_assert(walk<definition, sent<invite>, received<response<180>>, sent<cancel>,
                     received<response<200>>, received<cancel_ok>>()
                    .is(answered));
  machine alice;
  (void)alice.process(sent<invite>{});
  (void)alice.process(received<response<180>>{});
  (void)alice.process(sent<cancel>{});
  BOOST_TEST(alice.process(received<response<200>>{}).does.has(acknowledge_and_bye));
  // Bob.
  static_assert(
      walk<definition, received<invite>, sent<response<200>>, received<cancel>, sent<cancel_ok>>()
          .is(idle));
  machine bob;
  (void)bob.process(received<invite>{});
  (void)bob.process(sent<response<200>>{});
  auto const late = bob.process(received<cancel>{});
  BOOST_TEST(late.does.has(answer_cancel));
  BOOST_TEST(!late.does.has(answer_487));
  BOOST_TEST((late.kind() == row_kind::race));
}

BOOST_AUTO_TEST_CASE(a_cancelled_reinvite_may_still_succeed_and_the_session_goes_on_rfc_6141_3_8) {
  constexpr auto before = walk<definition, sent<invite>, received<response<200>>, sent<reinvite>,
                               received<response<100>>, sent<cancel>>();
  static_assert(before.is(cancelling));
  // A response says by its CSeq number that it answers the re-INVITE; see dialog.
  machine m = before;
  auto const step = m.process(
      definition::project(call_event{direction::received, subject::reinvite, phase::success}));
  BOOST_TEST(step.does.empty());
  BOOST_TEST(m.is(cancel_unanswered));
  BOOST_TEST(m.process(received<cancel_ok>{}).does.empty());
  BOOST_TEST(m.is(answered));
}

BOOST_AUTO_TEST_CASE(our_reinvite_can_be_cancelled_although_another_crosses_it_14_2) {
  static_assert(walk<definition, sent<invite>, received<response<200>>, sent<reinvite>,
                     received<reinvite>, received<response<100>>, sent<response<491>>, sent<cancel>,
                     received<cancel_ok>, received<response<491>>>()
                    .is(answered));
  static_assert(walk<definition, sent<invite>, received<response<200>>, sent<reinvite>,
                     received<reinvite>, received<response<491>>, sent<response<491>>>()
                    .is(answered));
}

BOOST_AUTO_TEST_CASE(a_challenged_invite_is_cancelled_after_its_second_attempt_22_1) {
  static_assert(
      walk<definition, sent<invite>, received<response<407>>, sent<invite>, received<response<100>>,
           sent<cancel>, received<cancel_ok>, received<response<487>>>()
          .is(answered));
}

BOOST_AUTO_TEST_CASE(the_invite_is_given_up_64_t1_after_the_cancel_9_1) {
  timed m;
  (void)m.process(sent<invite>{}, instant{0});
  (void)m.process(received<response<180>>{}, instant{100});
  (void)m.process(sent<cancel>{}, instant{1000});
  (void)m.process(received<cancel_ok>{}, instant{1100});
  ctsip_tests::check_log(ctsip_tests::run(m, 1'000'000), entries{{33'000, {give_up}}});
  BOOST_TEST(m.is(given_up));
  BOOST_TEST(rests(m.current()));
  BOOST_TEST(m.process(received<response<200>>{}, instant{40'000}).does.has(acknowledge_and_bye));
}

BOOST_AUTO_TEST_CASE(a_final_response_stops_the_wait_9_1) {
  for (auto const& final :
       {ctsip::event(received<response<487>>{}), ctsip::event(received<response<200>>{})}) {
    timed m;
    (void)m.process(sent<invite>{}, instant{0});
    (void)m.process(received<response<180>>{}, instant{100});
    (void)m.process(sent<cancel>{}, instant{1000});
    (void)m.process(final, instant{2000});
    BOOST_TEST(m.next_timeout().is_never());
  }
}

BOOST_AUTO_TEST_CASE(nothing_is_open_unless_a_cancel_or_a_cancelled_invite_is) {
  for (auto s : {invite_cancelled, terminating, cancel_pending, cancelling, cancelled,
                 cancel_unanswered, crossed_cancelling, crossed_cancelled})
    BOOST_TEST(!rests(s));
  for (auto s : {idle, invited, answered_invited, calling, proceeding, given_up, answered,
                 crossed_calling, crossed_proceeding})
    BOOST_TEST(rests(s));
}

BOOST_AUTO_TEST_CASE(events_are_projected_onto_the_symbols) {
  constexpr auto none = ctsip::outside<definition::symbol>;
  auto of = [](direction way, subject s, phase p) {
    return definition::project(call_event{way, s, p});
  };
  auto const in = direction::received;
  auto const out = direction::sent;
  for (auto s : {subject::invite, subject::reinvite}) {
    for (auto p : {phase::request, phase::request_with_100rel}) {
      BOOST_TEST((of(out, s, p) == sent_invite));
      BOOST_TEST((of(in, s, p) == received_invite));
    }
    for (auto p : {phase::trying, phase::provisional, phase::reliable, phase::reliable_again,
                   phase::reliable_gap, phase::early_dialog_ended}) {
      BOOST_TEST((of(out, s, p) == none));
      BOOST_TEST((of(in, s, p) == received_provisional));
    }
    for (auto p : {phase::failure, phase::challenge, phase::interval_too_small, phase::glare,
                   phase::overlap, phase::ends_usage, phase::ends_dialog}) {
      BOOST_TEST((of(out, s, p) == sent_final));
      BOOST_TEST((of(in, s, p) == received_failure));
    }
    BOOST_TEST((of(out, s, phase::success) == sent_final));
    for (auto p : {phase::stale_request, phase::success_again}) {
      BOOST_TEST((of(out, s, p) == none));
      BOOST_TEST((of(in, s, p) == none));
    }
  }
  BOOST_TEST((of(in, subject::invite, phase::success) == received_success));
  BOOST_TEST((of(in, subject::reinvite, phase::success) == received_reinvite_success));
  BOOST_TEST((of(out, subject::cancel, phase::request) == sent_cancel));
  BOOST_TEST((of(in, subject::cancel, phase::request) == received_cancel));
  BOOST_TEST((of(out, subject::cancel, phase::stray_request) == sent_stray_cancel));
  BOOST_TEST((of(in, subject::cancel, phase::stray_request) == received_stray_cancel));
  BOOST_TEST((of(out, subject::cancel, phase::success) == sent_cancel_success));
  BOOST_TEST((of(out, subject::cancel, phase::failure) == sent_cancel_failure));
  BOOST_TEST((of(out, subject::cancel, phase::trying) == none));
  for (auto p : {phase::success, phase::failure, phase::challenge})
    BOOST_TEST((of(in, subject::cancel, p) == received_cancel_final));
  for (auto s : {subject::ack, subject::bye, subject::prack, subject::update, subject::other})
    for (auto p : {phase::request, phase::success, phase::failure, phase::ends_dialog}) {
      BOOST_TEST((of(out, s, p) == none));
      BOOST_TEST((of(in, s, p) == none));
    }
  BOOST_TEST((definition::project(call_event{}) == none));
  for (unsigned i = 0; i < ctsip::timer_count; ++i) {
    auto const t = static_cast<timer>(i);
    BOOST_TEST((definition::project(ctsip::timer_event(t)) ==
                (t == timer::cancel_timeout ? timer_cancel : none)));
  }
}

call_message message(direction way, method m, std::uint32_t cseq) {
  call_message result;
  result.event = ctsip::request_event(way, m);
  result.cseq = cseq;
  return result;
}

phase refined(definition::facts const& mine, call_message const& m) {
  call_event e{m.event};
  definition::refine(e, m, mine);
  return e.phase;
}

BOOST_AUTO_TEST_CASE(a_cancel_has_the_branch_and_the_cseq_number_of_its_invite_9_1) {
  for (auto way : {direction::sent, direction::received}) {
    definition::facts mine;
    auto const first = message(way, method::invite, 7);
    definition::commit(mine, first, call_event{first.event});
    BOOST_TEST((refined(mine, message(way, method::cancel, 7)) == phase::request));
    BOOST_TEST((refined(mine, message(way, method::cancel, 0)) == phase::request));
    BOOST_TEST((refined(mine, message(way, method::cancel, 8)) == phase::stray_request));
    BOOST_TEST((refined(mine, message(way, method::cancel, 6)) == phase::stray_request));
    auto other = message(way, method::cancel, 7);
    other.other_branch = true;
    BOOST_TEST((refined(mine, other) == phase::stray_request));
    // The retry with credentials has a number of its own.
    auto const second = message(way, method::invite, 8);
    definition::commit(mine, second, call_event{second.event});
    BOOST_TEST((refined(mine, message(way, method::cancel, 7)) == phase::stray_request));
    BOOST_TEST((refined(mine, message(way, method::cancel, 8)) == phase::request));
    // Nothing else is touched.
    BOOST_TEST((refined(mine, message(way, method::bye, 1)) == phase::request));
    auto const bye = message(way, method::bye, 9);
    definition::commit(mine, bye, call_event{bye.event});
    BOOST_TEST((refined(mine, message(way, method::cancel, 8)) == phase::request));
  }
}

BOOST_AUTO_TEST_CASE(a_number_that_no_cseq_may_have_is_compared_all_the_same_8_1_1_5) {
  for (auto way : {direction::sent, direction::received}) {
    definition::facts mine;
    auto const first = message(way, method::invite, 0xffff'fff0);
    definition::commit(mine, first, call_event{first.event});
    BOOST_TEST((refined(mine, message(way, method::cancel, 0xffff'fff0)) == phase::request));
    BOOST_TEST((refined(mine, message(way, method::cancel, 0xffff'fff1)) == phase::stray_request));
  }
  static_assert(sizeof(definition::facts) == 4);
}

BOOST_AUTO_TEST_CASE(an_invite_without_a_number_matches_any_cancel) {
  definition::facts mine;
  auto const first = message(direction::received, method::invite, 0);
  definition::commit(mine, first, call_event{first.event});
  BOOST_TEST((refined(mine, message(direction::received, method::cancel, 5)) == phase::request));
}

BOOST_AUTO_TEST_CASE(our_numbers_and_the_peers_are_kept_apart) {
  definition::facts mine;
  for (auto const& m : {message(direction::sent, method::invite, 4),
                        message(direction::received, method::invite, 9)})
    definition::commit(mine, m, call_event{m.event});
  BOOST_TEST((refined(mine, message(direction::sent, method::cancel, 4)) == phase::request));
  BOOST_TEST((refined(mine, message(direction::sent, method::cancel, 9)) == phase::stray_request));
  BOOST_TEST((refined(mine, message(direction::received, method::cancel, 9)) == phase::request));
}

BOOST_AUTO_TEST_CASE(a_cancel_to_one_who_never_received_an_invite_matches_nothing_9_2) {
  definition::facts mine;
  BOOST_TEST(
      (refined(mine, message(direction::received, method::cancel, 1)) == phase::stray_request));
  // Ours is the table's to refuse: "CANCEL of a request other than INVITE".
  BOOST_TEST((refined(mine, message(direction::sent, method::cancel, 1)) == phase::request));
}

BOOST_AUTO_TEST_SUITE_END()
