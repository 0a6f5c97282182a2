// Expectations from RFC 3262 3-5: what is unacknowledged is kept here as a list, where the table
// has a state for each of the lists that can be.
#include <ctsip/dialog/reliable_provisional.hpp>

#include <ctsip/machine/composition.hpp>
#include <ctsip/machine/proof.hpp>

#include <boost/test/unit_test.hpp>

#include "machine/reporting.hpp"

#include <string>

#include "machine/expectation.hpp"

BOOST_AUTO_TEST_SUITE(dialog_reliable_provisional)

using ctsip::call_event;
using ctsip::call_message;
using ctsip::content;
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
using ctsip::messages::bye;
using ctsip::messages::invite;
using ctsip::messages::prack;
using definition = ctsip::reliable_provisional;
using enum definition::state;
using enum definition::symbol;
using enum definition::action;
using machine = ctsip::machine<definition>;
using timed = ctsip::timed_machine<definition>;
using expected = ctsip_tests::expectation<definition>;
using acts = ctsip_tests::acts<definition>;
using entries = std::vector<ctsip_tests::entry<definition>>;

constexpr auto state_count = static_cast<std::size_t>(prack_late) + 1;
constexpr auto symbol_count = static_cast<std::size_t>(timer_reliable_provisional_timeout) + 1;

enum class side : std::uint8_t { none, uas, uac };
enum class stage : std::uint8_t { pending, succeeded, ended };

struct call {
  side who{};
  bool supports_100rel{};
  bool acknowledged_one{}; // the first reliable 1xx has had its PRACK
  stage at{};
  int open{}; // unacknowledged reliable 1xx
  bool sdp{}; // one of them has a session description

  friend constexpr bool operator==(call const&, call const&) = default;
  constexpr bool pending(side s) const { return who == s && at == stage::pending; }
};

constexpr call meaning[state_count] = {{},
                                       {side::uas, false},
                                       {side::uas, true},
                                       {side::uas, true, false, stage::pending, 1, false},
                                       {side::uas, true, false, stage::pending, 1, true},
                                       {side::uas, true, true},
                                       {side::uas, true, true, stage::pending, 1, false},
                                       {side::uas, true, true, stage::pending, 1, true},
                                       {side::uas, true, true, stage::pending, 2, false},
                                       {side::uas, true, true, stage::pending, 2, true},
                                       {side::uas, true, true, stage::succeeded, 1},
                                       {side::uas, true, true, stage::succeeded, 2},
                                       {side::uas, true, true, stage::ended, 1},
                                       {side::uac, false},
                                       {side::uac, true},
                                       {side::uac, true, true, stage::pending, 1},
                                       {side::uac, true, true, stage::pending, 2},
                                       {side::uac, true, true},
                                       {side::uac, true, true, stage::succeeded, 1},
                                       {side::uac, true, true, stage::succeeded, 2},
                                       {side::uac, true, true, stage::ended, 1}};

constexpr definition::state state_of(call c) {
  if (c.who == side::uac) c.sdp = false;
  if (c.at != stage::pending) {
    c.sdp = false;
    c.acknowledged_one = true;
    if (c.open == 0) c = {};
  }
  if (c.at == stage::ended) c.open = 1;
  if (c.who == side::uac && c.open) c.acknowledged_one = true;
  for (std::size_t s = 0; s < state_count; ++s)
    if (meaning[s] == c) return static_cast<definition::state>(s);
  return static_cast<definition::state>(0xff);
}

constexpr expected expect(definition::state s, definition::symbol e) {
  call const was = meaning[static_cast<std::size_t>(s)];
  call c = was;
  row_kind kind = row_kind::expected;
  acts does;
  bool const serves = was.pending(side::uas);
  bool const calls = was.pending(side::uac);
  bool const is_late = was.at != stage::pending;
  switch (e) {
  case sent_invite:
  case sent_invite_100rel:
    if (!serves && !calls) c = {side::uac, e == sent_invite_100rel};
    break;
  case received_invite:
  case received_invite_100rel:
    if (serves || calls)
      kind = row_kind::ignored;
    else
      c = {side::uas, e == received_invite_100rel};
    break;
  case sent_reliable:
  case sent_reliable_sdp:
    if (!serves || !was.supports_100rel) {
      kind = row_kind::refused;
    } else if ((was.open == 1 && !was.acknowledged_one) || was.open == 2) {
      kind = row_kind::waits;
    } else {
      ++c.open;
      c.sdp = was.sdp || e == sent_reliable_sdp;
    }
    break;
  case sent_reliable_again:
    if (!serves || was.open == 0) kind = row_kind::refused;
    break;
  case sent_reliable_gap: kind = row_kind::refused; break;
  case sent_success:
    if (!serves) break;
    if (was.open && was.sdp)
      kind = row_kind::waits;
    else
      c.at = stage::succeeded;
    break;
  case sent_failure:
    if (serves) c.at = stage::ended;
    break;
  case sent_prack:
    // One of an INVITE before the peer's may be due yet.
    if (was.who != side::uac) break;
    if (was.open == 0)
      kind = row_kind::refused;
    else if (was.at != stage::ended)
      --c.open;
    break;
  case sent_stray_prack: kind = row_kind::refused; break;
  case sent_end:
  case received_end:
    if (was.who == side::uac) // RFC 3261 15: no PRACK in a dialog that has ended
      c = {side::uac, true, true, stage::ended, 1};
    else if (was.at == stage::succeeded)
      c.at = stage::ended;
    break;
  case received_reliable:
  case received_reliable_again:
  case received_reliable_gap:
    if (was.who == side::uas) {
      kind = row_kind::ignored;
    } else if (calls && !was.supports_100rel) {
      kind = row_kind::peer_violation;
      does = {ignore_response};
    } else if (calls && e == received_reliable && was.open < 2) {
      ++c.open;
      does = {send_prack};
    } else {
      // Out of order, late, once more.
      kind = calls && e == received_reliable_again ? row_kind::expected : row_kind::race;
      does = {ignore_response};
    }
    break;
  case received_success:
  case received_failure:
    if (!calls)
      kind = row_kind::ignored;
    else
      c.at = e == received_success ? stage::succeeded : stage::ended;
    break;
  case received_prack:
  case received_prack_sdp_left:
    if (was.who == side::uas && was.open) {
      does = {answer_prack};
      if (is_late && was.at == stage::ended) break;
      --c.open;
      c.acknowledged_one = true;
      c.sdp = false;
      // What has a description is unacknowledged yet.
      if (!is_late && e == received_prack_sdp_left) c.open = 1, c.sdp = true;
    } else {
      kind = row_kind::race;
      does = was.who == side::uas ? acts{answer_481} : acts{answer_prack};
    }
    break;
  case received_stray_prack:
    kind = row_kind::race;
    does = {answer_481};
    break;
  case sent_unreliable:
    if (serves && was.supports_100rel) kind = row_kind::refused;
    break;
  case sent_prack_failure:
  case sent_prack_failure_sdp:
  case sent_first_prack_failure:
  case sent_first_prack_failure_sdp: {
    // Only a PRACK that was taken can be rejected.
    if (was.who == side::none) c = {side::uas, true, true, stage::succeeded, 0};
    if (c.who != side::uas || c.at == stage::ended || !c.acknowledged_one) break;
    bool const sdp = e == sent_prack_failure_sdp || e == sent_first_prack_failure_sdp;
    if (c.open == 0) {
      c.sdp = sdp;
      c.acknowledged_one = e == sent_prack_failure || e == sent_prack_failure_sdp;
    } else {
      c.sdp = c.sdp || sdp;
    }
    c.open = c.open == 0 ? 1 : 2;
    break;
  }
  case received_prack_failure:
    if (was.who == side::none) c = {side::uac, true, true, stage::succeeded, 0};
    if (c.who != side::uac || !c.acknowledged_one)
      kind = row_kind::ignored;
    else if (c.at != stage::ended)
      c.open = c.open == 0 ? 1 : 2;
    break;
  case timer_reliable_provisional:
  case timer_reliable_provisional_timeout:
    if (!serves || was.open == 0)
      kind = row_kind::ignored;
    else if (e == timer_reliable_provisional)
      does = {resend_provisional};
    else
      does = {reject_with_5xx};
    break;
  }
  return {s, e, c == was ? s : state_of(c), kind, does};
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

static_assert(ctsip_tests::is_complete<definition, prack_late, timer_reliable_provisional_timeout>(
    matrix.of));
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

BOOST_AUTO_TEST_CASE(every_state_answers_every_symbol_as_rfc_3262_3_and_4_say) {
  ctsip_tests::check(matrix.of);
  constexpr bool at_compile_time = ctsip_tests::agrees(matrix.of);
  BOOST_TEST(at_compile_time);
}

BOOST_AUTO_TEST_CASE(no_state_is_terminal_since_the_dialog_may_bring_another_invite) {
  for (std::size_t s = 0; s < state_count; ++s)
    BOOST_TEST(!ctsip::is_terminal<definition>(static_cast<definition::state>(s)));
}

BOOST_AUTO_TEST_CASE(prack_for_an_unreliable_provisional_response_is_refused_4) {
  for (auto s : {calling_without_100rel, calling})
    for (auto e : {sent_prack, sent_stray_prack})
      check_refusal(s, e, "PRACK without a reliable 1xx to our last INVITE", "RFC 3262 4");
  for (auto s : {idle, invited, over})
    check_refusal(s, sent_stray_prack,
                  "PRACK for a provisional response that was not reliable, or was acknowledged",
                  "RFC 3262 4");
}

BOOST_AUTO_TEST_CASE(prack_that_is_not_in_order_or_comes_twice_is_refused_4) {
  for (auto s : {prack_due, two_pracks_due, pracked, success_prack_due})
    check_refusal(s, sent_stray_prack,
                  "PRACK for a provisional response that is not the next in order, or was "
                  "acknowledged: MUST NOT be acknowledged",
                  "RFC 3262 4");
  check_refusal(pracked, sent_prack, "a second PRACK for one reliable provisional response",
                "RFC 3262 4");
}

BOOST_AUTO_TEST_CASE(a_uas_sends_nothing_reliably_to_a_uac_that_does_not_support_it_3) {
  for (auto e : {sent_reliable, sent_reliable_sdp, sent_reliable_again, sent_reliable_gap})
    check_refusal(invited_without_100rel, e,
                  "a reliable provisional response to an INVITE that does not support 100rel",
                  "RFC 3262 3");
  auto const why = ctsip::explain<definition>(calling_without_100rel, received_reliable);
  BOOST_TEST(std::string(why.sentence) ==
             "a reliable provisional response to an INVITE that does not support 100rel");
  BOOST_TEST(std::string(why.clause) == "RFC 3262 3");
}

BOOST_AUTO_TEST_CASE(the_second_waits_for_the_prack_to_the_first_3) {
  for (auto s : {first_unacknowledged, first_unacknowledged_sdp})
    for (auto e : {sent_reliable, sent_reliable_sdp})
      check_refusal(s, e, "a second reliable provisional response before the first is acknowledged",
                    "RFC 3262 3", row_kind::waits);
}

BOOST_AUTO_TEST_CASE(later_ones_may_be_two_although_it_is_recommended_to_wait_3) {
  BOOST_TEST(!ctsip::next<definition>(unacknowledged, sent_reliable).refused());
  BOOST_TEST(!ctsip::next<definition>(unacknowledged_sdp, sent_reliable_sdp).refused());
  for (auto s : {two_unacknowledged, two_unacknowledged_sdp})
    check_refusal(s, sent_reliable,
                  "a third reliable provisional response while two are unacknowledged: it is "
                  "RECOMMENDED not to be sent",
                  "RFC 3262 3", row_kind::waits);
}

BOOST_AUTO_TEST_CASE(rseq_is_greater_by_exactly_one_and_100_is_never_reliable_3) {
  check_refusal(invited, sent_reliable_gap,
                "a reliable provisional response must be a 101-199, and its first RSeq between 1 "
                "and 2**31 - 1",
                "RFC 3262 3");
  for (auto s : {first_unacknowledged, acknowledged, unacknowledged, two_unacknowledged_sdp})
    check_refusal(s, sent_reliable_gap,
                  "a reliable provisional response must be a 101-199, and its RSeq greater by "
                  "exactly one",
                  "RFC 3262 3");
}

BOOST_AUTO_TEST_CASE(a_2xx_waits_while_a_session_description_is_unacknowledged_3_and_5) {
  for (auto s : {first_unacknowledged_sdp, unacknowledged_sdp, two_unacknowledged_sdp})
    check_refusal(s, sent_success,
                  "2xx while a reliable provisional response with a session description is "
                  "unacknowledged",
                  "RFC 3262 3, 5", row_kind::waits);
  for (auto s : {first_unacknowledged, unacknowledged, two_unacknowledged, acknowledged})
    BOOST_TEST(!ctsip::next<definition>(s, sent_success).refused());
  // Any other final response may be sent at once.
  for (auto s : {first_unacknowledged_sdp, unacknowledged_sdp, two_unacknowledged_sdp})
    BOOST_TEST(!ctsip::next<definition>(s, sent_failure).refused());
}

BOOST_AUTO_TEST_CASE(nothing_is_sent_reliably_after_the_final_response_3) {
  for (auto s : {idle, success_sent, success_sent_two, over})
    for (auto e : {sent_reliable, sent_reliable_sdp, sent_reliable_gap})
      check_refusal(s, e, "a reliable provisional response while no INVITE awaits a final response",
                    "RFC 3262 3");
  check_refusal(success_sent, sent_reliable_again,
                "a reliable provisional response once more after the final response: SHOULD NOT be "
                "sent",
                "RFC 3262 3");
  check_refusal(acknowledged, sent_reliable_again,
                "a reliable provisional response once more after its PRACK: its retransmission "
                "SHOULD cease",
                "RFC 3262 3");
}

constexpr machine after_invite(definition::symbol e) {
  machine m;
  (void)m.process(e);
  return m;
}

template <class... Events>
constexpr machine go_on(machine m) {
  ((void)m.process(definition::project(ctsip::event(Events{}))), ...);
  return m;
}

using reliable = with<response<183>, mark::reliable>;
using reliable_with_sdp = with<response<183>, mark::reliable, mark::sdp>;

BOOST_AUTO_TEST_CASE(the_callee_alerts_reliably_and_answers_after_the_prack_rfc_3262_3) {
  constexpr auto ringing = after_invite(received_invite_100rel);
  static_assert(go_on<sent<reliable_with_sdp>>(ringing).is(first_unacknowledged_sdp));
  constexpr auto answered = go_on<sent<reliable_with_sdp>, received<prack>, sent<reliable>,
                                  received<prack>, sent<response<200>>>(ringing);
  static_assert(answered.is(idle));
  BOOST_TEST((go_on<sent<reliable>, sent<response<200>>>(ringing).is(success_sent)));
  BOOST_TEST((go_on<sent<reliable>, sent<response<200>>, received<prack>>(ringing).is(idle)));
  BOOST_TEST((go_on<sent<reliable_with_sdp>, sent<response<486>>>(ringing).is(over)));
  BOOST_TEST(
      (go_on<sent<reliable_with_sdp>, sent<response<486>>, received<prack>>(ringing).is(over)));
}

BOOST_AUTO_TEST_CASE(the_caller_sends_a_prack_to_each_rfc_3262_4) {
  constexpr auto sent_it = after_invite(sent_invite_100rel);
  static_assert(go_on<received<reliable>, sent<prack>, received<reliable>, sent<prack>,
                      received<response<200>>>(sent_it)
                    .is(idle));
  // Two arrive before the first PRACK goes out.
  static_assert(
      go_on<received<reliable>, received<reliable>, sent<prack>, sent<prack>>(sent_it).is(pracked));
  // The 2xx is faster than the PRACK.
  BOOST_TEST((go_on<received<reliable>, received<response<200>>, sent<prack>>(sent_it).is(idle)));
  machine m = sent_it;
  BOOST_TEST(m.process(received<reliable>{}).does.has(send_prack));
  BOOST_TEST(m.process(received_reliable_again).does.has(ignore_response));
  BOOST_TEST(m.process(received_reliable_gap).does.has(ignore_response));
}

BOOST_AUTO_TEST_CASE(of_two_each_may_have_the_description_rfc_3262_3) {
  constexpr machine one{acknowledged};
  static_assert(go_on<sent<reliable_with_sdp>, sent<reliable>>(one).is(two_unacknowledged_sdp));
  static_assert(go_on<sent<reliable>, sent<reliable_with_sdp>>(one).is(two_unacknowledged_sdp));
  static_assert(
      go_on<sent<reliable_with_sdp>, sent<reliable_with_sdp>>(one).is(two_unacknowledged_sdp));
  static_assert(
      go_on<sent<reliable>, sent<reliable>, sent<response<200>>, received<prack>, received<prack>>(
          one)
          .is(idle));
}

BOOST_AUTO_TEST_CASE(a_failed_invite_leaves_room_for_the_next_attempt) {
  for (auto s : {calling, calling_without_100rel, pracked, prack_due, two_pracks_due}) {
    machine m{s};
    (void)m.process(received<response<407>>{});
    BOOST_TEST(rests(m.current()));
    (void)m.process(sent_invite_100rel);
    BOOST_TEST(m.is(calling));
  }
}

BOOST_AUTO_TEST_CASE(the_end_of_the_session_ends_the_wait_for_prack_rfc_3261_15) {
  for (auto s : {success_sent, success_sent_two}) {
    machine m{s};
    (void)m.process(sent<response<200, method::bye>>{});
    BOOST_TEST(m.is(over));
  }
  for (auto s : {calling_without_100rel, calling, prack_due, two_pracks_due, pracked,
                 success_prack_due, success_two_pracks_due}) {
    machine m{s};
    (void)m.process(sent<bye>{});
    BOOST_TEST(m.is(prack_late));
  }
}

BOOST_AUTO_TEST_CASE(nothing_is_open_when_each_reliable_1xx_of_a_living_invite_is_acknowledged) {
  for (std::size_t s = 0; s < state_count; ++s) {
    auto const& c = meaning[s];
    BOOST_TEST(rests(static_cast<definition::state>(s)) == (c.open == 0 || c.at == stage::ended));
  }
}

BOOST_AUTO_TEST_CASE(the_response_is_sent_again_after_t1_doubling_until_64_t1_3) {
  timed m;
  (void)m.process(received_invite_100rel, instant{0});
  (void)m.process(sent_reliable, instant{0});
  ctsip_tests::check_log(ctsip_tests::run(m, 1'000'000), entries{{500, {resend_provisional}},
                                                                 {1'500, {resend_provisional}},
                                                                 {3'500, {resend_provisional}},
                                                                 {7'500, {resend_provisional}},
                                                                 {15'500, {resend_provisional}},
                                                                 {31'500, {resend_provisional}},
                                                                 {32'000, {reject_with_5xx}}});
  (void)m.process(sent<response<504>>{}, instant{32'000});
  BOOST_TEST(m.is(over));
}

BOOST_AUTO_TEST_CASE(the_prack_and_the_final_response_stop_the_retransmission_3) {
  for (auto e : {received_prack, sent_success, sent_failure}) {
    timed m;
    (void)m.process(received_invite_100rel, instant{0});
    (void)m.process(sent_reliable, instant{0});
    (void)m.process(e, instant{100});
    BOOST_TEST(m.next_timeout().is_never());
  }
  // With two, it goes on for the other.
  timed m;
  for (auto e : {received_invite_100rel, sent_reliable, received_prack, sent_reliable,
                 sent_reliable, received_prack})
    (void)m.process(e, instant{0});
  BOOST_TEST((m.next_timeout() == instant{500}));
}

BOOST_AUTO_TEST_CASE(events_are_projected_onto_the_symbols) {
  constexpr auto none = ctsip::outside<definition::symbol>;
  auto const in = direction::received;
  auto const out = direction::sent;
  auto of = [](direction way, subject s, phase p, content c = content::none) {
    return definition::project(call_event{way, s, p, c});
  };
  for (auto s : {subject::invite, subject::reinvite}) {
    BOOST_TEST((of(out, s, phase::request) == sent_invite));
    BOOST_TEST((of(in, s, phase::request) == received_invite));
    BOOST_TEST((of(out, s, phase::request_with_100rel) == sent_invite_100rel));
    BOOST_TEST((of(in, s, phase::request_with_100rel) == received_invite_100rel));
    for (auto c : {content::unspecified, content::none})
      BOOST_TEST((of(out, s, phase::reliable, c) == sent_reliable));
    for (auto c : {content::sdp, content::sdp_met, content::sdp_unmet})
      BOOST_TEST((of(out, s, phase::reliable, c) == sent_reliable_sdp));
    BOOST_TEST((of(in, s, phase::reliable, content::sdp) == received_reliable));
    BOOST_TEST((of(out, s, phase::reliable_again) == sent_reliable_again));
    BOOST_TEST((of(in, s, phase::reliable_again) == received_reliable_again));
    BOOST_TEST((of(out, s, phase::reliable_gap) == sent_reliable_gap));
    BOOST_TEST((of(in, s, phase::reliable_gap) == received_reliable_gap));
    BOOST_TEST((of(out, s, phase::success) == sent_success));
    BOOST_TEST((of(in, s, phase::success) == received_success));
    for (auto p : {phase::failure, phase::challenge, phase::interval_too_small, phase::glare,
                   phase::overlap}) {
      BOOST_TEST((of(out, s, p) == sent_failure));
      BOOST_TEST((of(in, s, p) == received_failure));
    }
    for (auto p : {phase::trying, phase::provisional, phase::early_dialog_ended,
                   phase::success_again, phase::stale_request})
      for (auto way : {in, out}) BOOST_TEST((of(way, s, p) == none));
  }
  BOOST_TEST((of(in, subject::reinvite, phase::ends_dialog) == received_failure));
  BOOST_TEST((of(out, subject::prack, phase::request) == sent_prack));
  BOOST_TEST((of(in, subject::prack, phase::request) == received_prack));
  BOOST_TEST((of(out, subject::prack, phase::stray_request) == sent_stray_prack));
  BOOST_TEST((of(in, subject::prack, phase::stray_request) == received_stray_prack));
  for (auto p : {phase::failure, phase::challenge}) {
    BOOST_TEST((of(out, subject::prack, p) == sent_prack_failure));
    BOOST_TEST((of(in, subject::prack, p) == received_prack_failure));
  }
  BOOST_TEST((of(in, subject::prack, phase::success) == none));
  BOOST_TEST((of(in, subject::prack, phase::stale_request) == none));
  BOOST_TEST((of(out, subject::bye, phase::request) == sent_end));
  BOOST_TEST((of(out, subject::bye, phase::success) == sent_end));
  BOOST_TEST((of(in, subject::bye, phase::request) == none));
  for (auto s : {subject::prack, subject::update, subject::bye, subject::other})
    for (auto p : {phase::ends_usage, phase::ends_dialog}) {
      BOOST_TEST((of(out, s, p) == sent_end));
      BOOST_TEST((of(in, s, p) == received_end));
    }
  for (auto s : {subject::update, subject::other, subject::ack, subject::cancel})
    for (auto way : {in, out}) BOOST_TEST((of(way, s, phase::request) == none));
  BOOST_TEST((definition::project(call_event{}) == none));
  for (unsigned i = 0; i < ctsip::timer_count; ++i) {
    auto const t = static_cast<timer>(i);
    auto const expected_symbol =
        t == timer::reliable_provisional           ? timer_reliable_provisional
        : t == timer::reliable_provisional_timeout ? timer_reliable_provisional_timeout
        : t == timer::cancel_timeout || t == timer::ack_retransmission ? received_failure
                                                                       : none;
    BOOST_TEST((definition::project(ctsip::timer_event(t)) == expected_symbol));
  }
}

call_message new_invite(direction way, std::uint32_t cseq) {
  call_message m;
  m.event = ctsip::request_event(way, method::invite);
  m.cseq = cseq;
  m.supports_100rel = true;
  return m;
}
call_message provisional(direction way, std::uint32_t rseq, std::uint32_t cseq = 1) {
  call_message m;
  m.event = ctsip::response_event(way, 183, method::invite, mark::reliable);
  m.cseq = cseq;
  m.rseq = rseq;
  return m;
}
call_message acknowledgement(direction way, std::uint32_t rack, std::uint32_t of = 1) {
  call_message m;
  m.event = ctsip::request_event(way, method::prack);
  m.cseq = 50;
  m.rack = rack;
  m.rack_cseq = rack ? of : 0;
  return m;
}

// What a message is, and that it is then taken if it is in order.
struct numbered {
  definition::facts mine{};
  phase take(call_message const& m) {
    call_event e{m};
    definition::refine(e, m, mine);
    if (e.phase != phase::reliable_gap && e.phase != phase::reliable_again &&
        e.phase != phase::stray_request)
      definition::commit(mine, m, e);
    return e.phase;
  }
};

constexpr direction other(direction way) {
  return way == direction::sent ? direction::received : direction::sent;
}

BOOST_AUTO_TEST_CASE(rseq_is_first_next_again_or_leaves_a_gap_3_and_4) {
  for (auto way : {direction::sent, direction::received}) {
    numbered n;
    (void)n.take(new_invite(other(way), 1));
    BOOST_TEST((n.take(provisional(way, 100)) == phase::reliable));
    BOOST_TEST((n.take(provisional(way, 100)) == phase::reliable_again));
    // We have sent none before it; of the peer's it may be late.
    BOOST_TEST((n.take(provisional(way, 99)) ==
                (way == direction::sent ? phase::reliable_gap : phase::reliable_again)));
    BOOST_TEST((n.take(provisional(way, 102)) == phase::reliable_gap));
    BOOST_TEST((n.take(acknowledgement(other(way), 100)) == phase::request));
    BOOST_TEST((n.take(provisional(way, 101)) == phase::reliable));
    // The next INVITE counts anew.
    (void)n.take(new_invite(other(way), 2));
    BOOST_TEST((n.take(provisional(way, 5, 2)) == phase::reliable));
  }
}

BOOST_AUTO_TEST_CASE(our_first_rseq_is_below_2_to_the_31_3) {
  numbered n;
  (void)n.take(new_invite(direction::received, 1));
  BOOST_TEST((n.take(provisional(direction::sent, 0x80000000u)) == phase::reliable_gap));
  BOOST_TEST((n.take(provisional(direction::sent, 0x7fffffffu)) == phase::reliable));
  (void)n.take(acknowledgement(direction::received, 0x7fffffffu));
  BOOST_TEST((n.take(provisional(direction::sent, 0x80000000u)) == phase::reliable));
}

BOOST_AUTO_TEST_CASE(rseq_does_not_wrap_around_3) {
  numbered n;
  (void)n.take(new_invite(direction::sent, 1));
  BOOST_TEST((n.take(provisional(direction::received, 0xffffffffu)) == phase::reliable));
  BOOST_TEST((n.take(provisional(direction::received, 1)) == phase::reliable_again));
  BOOST_TEST((n.take(provisional(direction::received, 0)) == phase::reliable));
}

BOOST_AUTO_TEST_CASE(a_100_is_never_sent_reliably_and_its_tag_is_ignored_3_and_4) {
  numbered n;
  call_message m = provisional(direction::sent, 1);
  m.event.status = 100;
  (void)n.take(new_invite(direction::received, 1));
  BOOST_TEST((n.take(m) == phase::reliable_gap));
  m.event.way = direction::received;
  BOOST_TEST((n.take(m) == phase::trying));
}

BOOST_AUTO_TEST_CASE(rack_names_the_response_and_its_invite_3) {
  for (auto way : {direction::sent, direction::received}) {
    numbered n;
    BOOST_TEST((n.take(acknowledgement(way, 0)) == phase::stray_request));
    BOOST_TEST((n.take(acknowledgement(way, 7)) == phase::stray_request));
    (void)n.take(new_invite(way, 3));
    (void)n.take(provisional(other(way), 7, 3));
    BOOST_TEST((n.take(acknowledgement(way, 8, 3)) == phase::stray_request));
    BOOST_TEST((n.take(acknowledgement(way, 6, 3)) == phase::stray_request));
    BOOST_TEST((n.take(acknowledgement(way, 7, 2)) == phase::stray_request));
    BOOST_TEST((n.take(acknowledgement(way, 7, 3)) == phase::request));
    BOOST_TEST((n.take(acknowledgement(way, 7, 3)) == phase::stray_request));
    (void)n.take(provisional(other(way), 8, 3));
    // What is not said matches what is there.
    BOOST_TEST((n.take(acknowledgement(way, 0)) == phase::request));
    BOOST_TEST((n.take(acknowledgement(way, 0)) == phase::stray_request));
  }
}

BOOST_AUTO_TEST_CASE(of_two_we_acknowledge_the_older_first_and_take_them_in_any_order_4) {
  for (auto way : {direction::sent, direction::received}) {
    numbered n;
    (void)n.take(new_invite(way, 1));
    (void)n.take(provisional(other(way), 7));
    (void)n.take(provisional(other(way), 8));
    BOOST_TEST((n.take(acknowledgement(way, 8)) ==
                (way == direction::sent ? phase::stray_request : phase::request)));
    BOOST_TEST((n.take(acknowledgement(way, 7)) == phase::request));
  }
}

BOOST_AUTO_TEST_CASE(a_third_comes_too_early_for_a_uac_that_has_two_to_acknowledge_4) {
  numbered n;
  (void)n.take(new_invite(direction::sent, 1));
  (void)n.take(provisional(direction::received, 7));
  (void)n.take(provisional(direction::received, 8));
  BOOST_TEST((n.take(provisional(direction::received, 9)) == phase::reliable_gap));
  (void)n.take(acknowledgement(direction::sent, 7));
  BOOST_TEST((n.take(provisional(direction::received, 9)) == phase::reliable));
}

BOOST_AUTO_TEST_CASE(a_1xx_to_an_earlier_invite_is_not_acknowledged_3) {
  numbered n;
  (void)n.take(new_invite(direction::sent, 1));
  (void)n.take(new_invite(direction::sent, 2));
  BOOST_TEST((n.take(provisional(direction::received, 7, 1)) == phase::reliable_again));
  BOOST_TEST((n.take(provisional(direction::received, 7, 2)) == phase::reliable));
}

BOOST_AUTO_TEST_CASE(a_retransmission_may_be_said_instead_of_numbered) {
  numbered n;
  (void)n.take(new_invite(direction::sent, 0));
  BOOST_TEST((n.take(provisional(direction::received, 0, 0)) == phase::reliable));
  auto again = provisional(direction::received, 0, 0);
  again.again = true;
  BOOST_TEST((n.take(again) == phase::reliable_again));
  BOOST_TEST((n.take(acknowledgement(direction::sent, 0)) == phase::request));
  BOOST_TEST((n.take(provisional(direction::received, 0, 0)) == phase::reliable));
}

BOOST_AUTO_TEST_CASE(another_response_with_the_rseq_of_the_last_is_no_retransmission_3) {
  numbered n;
  (void)n.take(new_invite(direction::received, 1));
  (void)n.take(provisional(direction::sent, 7));
  auto ringing = provisional(direction::sent, 7);
  ringing.event.status = 180;
  BOOST_TEST((n.take(ringing) == phase::reliable_gap));
  BOOST_TEST((n.take(provisional(direction::sent, 7)) == phase::reliable_again));
  (void)n.take(acknowledgement(direction::received, 7));
  (void)n.take(provisional(direction::sent, 8));
  // 7 is acknowledged, 8 and 9 are not.
  ringing.rseq = 9;
  BOOST_TEST((n.take(ringing) == phase::reliable));
  BOOST_TEST((n.take(provisional(direction::sent, 7)) == phase::reliable_gap));
  BOOST_TEST((n.take(provisional(direction::sent, 8)) == phase::reliable_again));
}

// The rule in a composition of its own.
struct agent {
  ctsip_tests::reporting<ctsip::basic_composition<call_event, call_message, definition>> rules{};

  bool take(call_message const& m) { return !rules.process(m).refused(); }
  bool is(definition::state s) const { return rules.is<definition>(s); }
};

call_message answer_to_prack(direction way, std::uint16_t status, std::uint32_t cseq = 50) {
  call_message m;
  m.event = ctsip::response_event(way, status, method::prack);
  m.cseq = cseq;
  return m;
}

BOOST_AUTO_TEST_CASE(a_prack_that_is_challenged_is_due_again_rfc_3261_8_1_3_5) {
  for (std::uint16_t status : {401, 407, 488, 500}) {
    agent a;
    (void)a.take(new_invite(direction::sent, 1));
    (void)a.take(provisional(direction::received, 7));
    BOOST_TEST(a.take(acknowledgement(direction::sent, 7)));
    BOOST_TEST(a.is(pracked));
    // A response to another one says nothing of it.
    BOOST_TEST(a.take(answer_to_prack(direction::received, status, 49)));
    BOOST_TEST(a.is(pracked));
    BOOST_TEST(a.take(answer_to_prack(direction::received, status)));
    BOOST_TEST(a.is(prack_due));
    auto again = acknowledgement(direction::sent, 7);
    again.cseq = 51;
    BOOST_TEST(a.take(again));
    BOOST_TEST(a.take(answer_to_prack(direction::received, 200, 51)));
    BOOST_TEST(a.is(pracked));
    BOOST_TEST(!a.take(again));
  }
}

BOOST_AUTO_TEST_CASE(a_prack_is_due_yet_when_the_other_side_has_sent_the_next_invite_3) {
  for (auto way : {direction::sent, direction::received}) {
    bool const by_us = way == direction::sent;
    agent a;
    (void)a.take(new_invite(way, 1));
    (void)a.take(provisional(other(way), 7));
    call_message success{.event = ctsip::response_event(other(way), 200, method::invite)};
    success.cseq = 1;
    BOOST_TEST(a.take(success));
    BOOST_TEST(a.is(by_us ? success_prack_due : success_sent));
    (void)a.take(new_invite(other(way), 9));
    BOOST_TEST(a.take(provisional(way, 3, 9)));
    // While the next INVITE is pending, and when it has its final response.
    agent later = a;
    call_message failure{.event = ctsip::response_event(way, 488, method::invite)};
    failure.cseq = 9;
    BOOST_TEST(later.take(acknowledgement(other(way), 3, 9)));
    BOOST_TEST(later.take(failure));
    for (agent* const it : {&a, &later}) {
      auto const prack = acknowledgement(way, 7, 1);
      bool const answers =
          it->rules.judge(prack).of<definition>().does.has(definition::action::answer_prack);
      BOOST_TEST(answers == !by_us);
      BOOST_TEST(it->take(prack));
      BOOST_TEST(it->take(prack) == !by_us);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_481_to_a_prack_says_that_nothing_is_unacknowledged_3) {
  agent a;
  (void)a.take(new_invite(direction::sent, 1));
  (void)a.take(provisional(direction::received, 7));
  (void)a.take(acknowledgement(direction::sent, 7));
  auto gone = answer_to_prack(direction::received, 481);
  call_event e{gone};
  // Whether it ends the session is the dialog rule's to say: it does not.
  e.phase = phase::failure;
  BOOST_TEST((definition::correct(definition::project(e), gone, e, a.rules.facts<definition>()) ==
              ctsip::outside<definition::symbol>));
}

BOOST_AUTO_TEST_CASE(a_response_whose_prack_we_reject_stays_unacknowledged_rfc_3261_12_2_2) {
  for (bool first : {true, false})
    for (auto c : {content::none, content::sdp}) {
      agent a;
      (void)a.take(new_invite(direction::received, 1));
      std::uint32_t rseq = 7;
      if (!first) {
        (void)a.take(provisional(direction::sent, rseq));
        (void)a.take(acknowledgement(direction::received, rseq));
        (void)a.take(answer_to_prack(direction::sent, 200));
        ++rseq;
      }
      auto described = provisional(direction::sent, rseq);
      described.content = c;
      BOOST_TEST(a.take(described));
      BOOST_TEST(a.take(acknowledgement(direction::received, rseq)));
      BOOST_TEST(a.is(acknowledged));
      BOOST_TEST(a.take(answer_to_prack(direction::sent, 407)));
      bool const sdp = c == content::sdp;
      BOOST_TEST(a.is(first ? (sdp ? first_unacknowledged_sdp : first_unacknowledged)
                            : (sdp ? unacknowledged_sdp : unacknowledged)));
      auto again = acknowledgement(direction::received, rseq);
      again.cseq = 51;
      BOOST_TEST(a.take(again));
      BOOST_TEST(a.take(answer_to_prack(direction::sent, 200, 51)));
      BOOST_TEST(a.is(acknowledged));
    }
}

// Of two, the PRACK for either may come first; what it leaves decides about the 2xx.
BOOST_AUTO_TEST_CASE(a_2xx_waits_for_the_description_that_is_left_whichever_prack_overtakes_3) {
  for (auto older : {content::none, content::sdp})
    for (auto newer : {content::none, content::sdp})
      for (std::uint32_t first : {8, 9}) {
        agent a;
        (void)a.take(new_invite(direction::received, 1));
        (void)a.take(provisional(direction::sent, 7));
        (void)a.take(acknowledgement(direction::received, 7));
        (void)a.take(answer_to_prack(direction::sent, 200));
        for (std::uint32_t rseq : {8, 9}) {
          auto next = provisional(direction::sent, rseq);
          next.content = rseq == 8 ? older : newer;
          BOOST_TEST(a.take(next));
        }
        call_message ok;
        ok.event = ctsip::response_event(direction::sent, 200, method::invite);
        ok.cseq = 1;
        bool const two_sdp = older == content::sdp || newer == content::sdp;
        BOOST_TEST(a.is(two_sdp ? two_unacknowledged_sdp : two_unacknowledged));
        BOOST_TEST(a.rules.judge(ok).waits() == two_sdp);
        auto ack = acknowledgement(direction::received, first);
        BOOST_TEST(a.take(ack));
        BOOST_TEST(a.take(answer_to_prack(direction::sent, 200)));
        bool const left = (first == 8 ? newer : older) == content::sdp;
        BOOST_TEST(a.is(left ? unacknowledged_sdp : unacknowledged));
        BOOST_TEST(a.rules.judge(ok).waits() == left);
        ack.rack = first == 8 ? 9 : 8;
        ack.cseq = 51;
        BOOST_TEST(a.take(ack));
        BOOST_TEST(a.is(acknowledged));
        BOOST_TEST(!a.rules.judge(ok).refused());
      }
}

BOOST_AUTO_TEST_CASE(a_prack_rejected_many_responses_later_leaves_its_description_unacknowledged) {
  for (std::uint32_t later : {1, 7, 8, 15})
    for (auto c : {content::none, content::sdp}) {
      agent a;
      (void)a.take(new_invite(direction::received, 1));
      auto described = provisional(direction::sent, 1);
      described.content = c;
      (void)a.take(described);
      (void)a.take(acknowledgement(direction::received, 1));
      for (std::uint32_t rseq = 2; rseq <= later + 1; ++rseq) {
        BOOST_TEST(a.take(provisional(direction::sent, rseq)));
        auto p = acknowledgement(direction::received, rseq);
        p.cseq = 50 + rseq;
        BOOST_TEST(a.take(p));
        BOOST_TEST(a.take(answer_to_prack(direction::sent, 200, p.cseq)));
      }
      BOOST_TEST(a.is(acknowledged));
      BOOST_TEST(a.take(answer_to_prack(direction::sent, 407)));
      BOOST_TEST(a.is(c == content::sdp ? first_unacknowledged_sdp : first_unacknowledged));
    }
}

BOOST_AUTO_TEST_CASE(two_pracks_may_be_challenged_and_each_is_due_again) {
  agent a;
  (void)a.take(new_invite(direction::sent, 1));
  for (std::uint32_t rseq : {7, 8}) (void)a.take(provisional(direction::received, rseq));
  for (std::uint32_t rseq : {7, 8}) {
    auto p = acknowledgement(direction::sent, rseq);
    p.cseq = 43 + rseq;
    BOOST_TEST(a.take(p));
  }
  (void)a.take(answer_to_prack(direction::received, 407, 50));
  (void)a.take(answer_to_prack(direction::received, 407, 51));
  BOOST_TEST(a.is(two_pracks_due));
  BOOST_TEST(!a.take(acknowledgement(direction::sent, 8)));
  BOOST_TEST(a.take(acknowledgement(direction::sent, 7)));
  BOOST_TEST(a.take(acknowledgement(direction::sent, 8)));
  BOOST_TEST(a.is(pracked));
}

BOOST_AUTO_TEST_CASE(a_challenge_after_the_end_of_the_invite_or_the_session_asks_for_nothing) {
  for (bool bye_ends : {false, true}) {
    agent a;
    (void)a.take(new_invite(direction::sent, 1));
    (void)a.take(provisional(direction::received, 7));
    (void)a.take(acknowledgement(direction::sent, 7));
    call_message end;
    end.event = bye_ends ? ctsip::response_event(direction::sent, 200, method::bye)
                         : ctsip::response_event(direction::received, 486, method::invite);
    end.cseq = 1;
    (void)a.take(end);
    (void)a.take(answer_to_prack(direction::received, 407));
    BOOST_TEST(a.rules.at_rest());
  }
}

BOOST_AUTO_TEST_CASE(an_invite_that_requires_100rel_gets_no_unreliable_provisional_response_3) {
  for (bool requires_it : {false, true}) {
    agent a;
    auto invite = new_invite(direction::received, 1);
    invite.requires_100rel = requires_it;
    (void)a.take(invite);
    auto ringing = provisional(direction::sent, 0);
    for (std::uint16_t status : {180, 183, 199}) {
      ringing.event = ctsip::response_event(direction::sent, status, method::invite);
      BOOST_TEST(a.take(ringing) == !requires_it);
    }
    ringing.event = ctsip::response_event(direction::sent, 100, method::invite);
    BOOST_TEST(a.take(ringing));
    BOOST_TEST(a.take(provisional(direction::sent, 7)));
  }
  check_refusal(invited, sent_unreliable,
                "a provisional response that is not reliable to an INVITE that requires 100rel",
                "RFC 3262 3");
}

BOOST_AUTO_TEST_CASE(no_number_from_the_network_is_undefined) {
  constexpr std::uint32_t edges[] = {0, 1, 31, 32, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff};
  for (auto way : {direction::sent, direction::received})
    for (auto a : edges)
      for (auto b : edges)
        for (auto c : edges) {
          numbered n;
          (void)n.take(new_invite(way, a));
          (void)n.take(provisional(other(way), b, a));
          (void)n.take(acknowledgement(way, c, a));
          (void)n.take(provisional(other(way), c, b));
          (void)n.take(acknowledgement(way, b, c));
          BOOST_TEST((n.mine.sent.unacknowledged & n.mine.received.unacknowledged) == 0u);
        }
}

BOOST_AUTO_TEST_CASE(no_prack_is_due_after_a_bye_rfc_3261_15) {
  agent a;
  (void)a.take(new_invite(direction::sent, 1));
  (void)a.take(provisional(direction::received, 1));
  call_message m;
  m.event = ctsip::request_event(direction::sent, method::bye);
  m.cseq = 2;
  (void)a.take(m);
  m.event = ctsip::response_event(direction::received, 200, method::invite);
  m.cseq = 1;
  (void)a.take(m);
  BOOST_TEST(a.rules.at_rest());
}

BOOST_AUTO_TEST_CASE(an_invite_that_is_given_up_leaves_no_prack_due_rfc_3261_9_1) {
  for (auto t : {timer::cancel_timeout, timer::ack_retransmission})
    for (bool again : {false, true}) {
      agent a;
      auto invite = new_invite(direction::sent, 1);
      if (again) invite.event = ctsip::request_event(direction::sent, method::invite, mark::to_tag);
      (void)a.take(invite);
      (void)a.take(provisional(direction::received, 1));
      call_message m;
      m.event = ctsip::timer_event(t);
      (void)a.take(m);
      // The timer of the first INVITE says nothing of a re-INVITE.
      BOOST_TEST(a.is(again ? prack_due : prack_late));
    }
}

BOOST_AUTO_TEST_SUITE_END()
