// Expectations from RFC 3261 14, RFC 6337 4.3, RFC 5407 3.1.4, 3.1.5 and 3.3.1.
#include <ctsip/dialog/session_modification.hpp>

#include <ctsip/machine/proof.hpp>

#include <boost/test/unit_test.hpp>

#include <initializer_list>
#include <string>

#include "machine/expectation.hpp"

BOOST_AUTO_TEST_SUITE(dialog_session_modification)

using ctsip::call_event;
using ctsip::call_message;
using ctsip::content;
using ctsip::direction;
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
using definition = ctsip::session_modification;
using state = definition::state;
using symbol = definition::symbol;
using enum definition::state;
using enum definition::symbol;
using enum definition::action;
using facts = definition::facts;

constexpr unsigned states = static_cast<unsigned>(ended) + 1;
constexpr unsigned symbols = static_cast<unsigned>(timer_retry_after) + 1;

// A cell for each state and symbol: first what a symbol does nearly everywhere, then where it does
// something else.
struct grid {
  ctsip_tests::expectation<definition> of[states * symbols]{};

  constexpr auto& at(state s, symbol e) {
    return of[static_cast<unsigned>(s) * symbols + static_cast<unsigned>(e)];
  }
  constexpr void nearly_everywhere(std::initializer_list<symbol> on, row_kind kind,
                                   ctsip_tests::acts<definition> does = {}) {
    for (auto e : on)
      for (unsigned i = 0; i < states; ++i) {
        auto const s = static_cast<state>(i);
        at(s, e) = {s, e, s, kind, does};
      }
  }
  constexpr void in(std::initializer_list<state> from, std::initializer_list<symbol> on,
                    row_kind kind, ctsip_tests::acts<definition> does = {}) {
    for (auto s : from)
      for (auto e : on) at(s, e) = {s, e, s, kind, does};
  }
  constexpr void go(state from, symbol on, state then, row_kind kind = row_kind::expected,
                    ctsip_tests::acts<definition> does = {}) {
    at(from, on) = {from, on, then, kind, does};
  }
};

constexpr grid make_grid() {
  using enum row_kind;
  grid g;
  g.nearly_everywhere({sent_invite, sent_reinvite, sent_success, sent_success_with_offer,
                       sent_reinvite_success, sent_reinvite_success_with_offer,
                       sent_success_to_rejected, sent_success_to_second, sent_other_than_491,
                       sent_other_than_500, sent_failure, sent_reinvite_failure, sent_ack,
                       sent_end},
                      expected);
  g.nearly_everywhere({received_invite, received_reinvite, received_success,
                       received_success_with_offer, received_failure, received_reinvite_failure,
                       received_glare, received_overlap, received_end},
                      ignored);

  // 13: the first INVITE.
  g.go(initial, sent_invite, calling);
  g.go(initial, received_invite, called);
  g.go(calling, received_success, idle);
  g.go(calling, received_success_with_offer, answer_owed);
  g.go(calling, received_failure, initial);
  g.go(called, sent_success, ack_awaited);
  g.go(called, sent_success_with_offer, answer_awaited);
  g.go(called, sent_failure, initial);

  // 14.1 "a UAC MUST NOT initiate a new INVITE transaction within a dialog while another INVITE
  // transaction is in progress in either direction": it MUST wait. RFC 6337 4.3: nor while the ACK
  // that carries an answer is incomplete.
  g.in({calling, called, modifying, asked, asked_twice, answer_owed, answer_awaited, crossed,
        crossed_owing, rejecting, overtaken},
       {sent_reinvite}, waits);
  g.in({calling, called}, {sent_invite}, refused);
  g.go(idle, sent_reinvite, modifying);
  g.go(ack_awaited, sent_reinvite, modifying);

  // 14.1 "the session parameters MUST remain unchanged"; 491: "it SHOULD start a timer".
  g.go(modifying, received_success, idle);
  g.go(modifying, received_success_with_offer, answer_owed);
  g.go(modifying, received_reinvite_failure, idle, expected, {roll_back});
  g.go(modifying, received_glare, idle, race, {roll_back, wait_after_glare});
  g.go(modifying, received_overlap, idle, race, {roll_back, wait_retry_after});
  g.go(modifying, received_failure, initial);
  g.go(answer_owed, sent_ack, idle);

  // 14.2 "MUST return a 491 (Request Pending) response to the received INVITE".
  g.go(calling, received_reinvite, crossed, race, {answer_491});
  g.go(modifying, received_reinvite, crossed, race, {answer_491});
  g.go(answer_owed, received_reinvite, crossed_owing, race, {answer_491});
  g.go(crossed, sent_reinvite_failure, modifying);
  g.go(crossed, received_success, rejecting, race);
  g.go(crossed, received_success_with_offer, crossed_owing, race);
  g.go(crossed, received_failure, initial);
  g.go(crossed, received_reinvite_failure, rejecting, expected, {roll_back});
  g.go(crossed, received_glare, rejecting, race, {roll_back, wait_after_glare});
  g.go(crossed, received_overlap, rejecting, race, {roll_back, wait_retry_after});
  g.go(crossed_owing, sent_reinvite_failure, answer_owed);
  g.go(crossed_owing, sent_ack, rejecting);
  g.go(rejecting, sent_reinvite_failure, idle);
  g.in({called, crossed, crossed_owing, rejecting, overtaken},
       {sent_reinvite_success, sent_reinvite_success_with_offer}, refused);

  // 14.2: the peer's.
  g.go(idle, received_reinvite, asked);
  g.go(asked, sent_reinvite_success, ack_awaited);
  g.go(asked, sent_reinvite_success_with_offer, answer_awaited);
  g.go(asked, sent_reinvite_failure, idle);
  g.in({called}, {received_reinvite}, peer_violation, {answer_500_retry_after});
  // 9.1: the peer has given its first attempt up.
  g.in({called}, {received_invite}, race, {answer_500_retry_after});
  // 15.1.2: an early dialog that a BYE has ended leaves its INVITE to the final response.
  g.go(ended, sent_failure, initial);
  g.go(ended, received_failure, initial);
  g.go(asked, received_reinvite, asked_twice, peer_violation, {answer_500_retry_after});
  g.in({asked_twice, crossed, crossed_owing, rejecting, overtaken}, {received_reinvite},
       peer_violation, {answer_500_retry_after});
  g.go(asked_twice, sent_reinvite_failure, asked);
  g.go(asked_twice, sent_reinvite_success, rejecting);
  g.go(asked_twice, sent_reinvite_success_with_offer, rejecting);

  // The ACK, on time, late or again: RFC 5407 3.1.4, 3.1.5.
  g.nearly_everywhere({received_ack}, race);
  g.go(ack_awaited, received_ack, idle);
  g.go(answer_awaited, received_ack, idle);
  g.go(overtaken, received_ack, asked, race);
  g.go(ack_awaited, received_reinvite, asked, race);
  g.go(answer_awaited, received_reinvite, overtaken, race, {answer_491});
  g.go(overtaken, sent_reinvite_failure, answer_awaited);

  // RFC 3311 5.3, and the ends of the waits.
  g.nearly_everywhere({received_update_glare}, race, {wait_after_glare});
  g.nearly_everywhere({received_update_overlap}, race, {wait_retry_after});
  g.nearly_everywhere({timer_glare, timer_retry_after}, expected, {retry_modification});
  g.in({initial}, {received_update_glare, received_update_overlap, timer_glare, timer_retry_after},
       ignored);

  // 14.2 and RFC 3311 5.2 "MUST", RFC 6337 4.3 "should": the code is not one to choose. An UPDATE
  // before the final response to the previous one: "MUST return a 500 response".
  for (auto e :
       {sent_success_to_rejected, sent_success_to_second, sent_other_than_491, sent_other_than_500})
    for (unsigned i = 1; i < states - 1; ++i)
      g.go(static_cast<state>(i), e, static_cast<state>(i), refused);
  g.nearly_everywhere({received_second_update}, race, {answer_500_retry_after});
  g.in({initial, ended}, {received_second_update}, ignored);

  // A session that there is not yet cannot end; one that has ended hears nothing.
  for (unsigned i = 1; i < states - 1; ++i) {
    g.go(static_cast<state>(i), sent_end, ended);
    g.go(static_cast<state>(i), received_end, ended);
  }
  g.in({ended},
       {received_ack, received_update_glare, received_update_overlap, timer_glare,
        timer_retry_after},
       ignored);
  return g;
}

constexpr grid matrix = make_grid();
static_assert(ctsip_tests::is_complete<definition, ended, timer_retry_after>(matrix.of));
static_assert(ctsip::proven<definition>);

BOOST_AUTO_TEST_CASE(every_state_answers_every_symbol_as_rfc_3261_14_says) {
  ctsip_tests::check(matrix.of);
  constexpr bool at_compile_time = ctsip_tests::agrees(matrix.of);
  BOOST_TEST(at_compile_time);
}

bool refuses(state s, symbol e, row_kind kind, char const* sentence, char const* clause) {
  auto const step = ctsip::next<definition>(s, e);
  auto const why = ctsip::explain<definition>(s, e);
  return step.refused() && step.next == s && step.kind() == kind &&
         std::string(why.sentence) == sentence && std::string(why.clause) == clause;
}

BOOST_AUTO_TEST_CASE(an_invite_waits_for_the_one_that_is_outstanding_14_1) {
  BOOST_TEST(refuses(modifying, sent_reinvite, row_kind::waits,
                     "INVITE while our own INVITE is outstanding", "RFC 3261 14.1"));
  BOOST_TEST(refuses(asked, sent_reinvite, row_kind::waits,
                     "INVITE while an INVITE of the peer is outstanding", "RFC 3261 14.1"));
  for (auto s : {calling, called})
    BOOST_TEST(refuses(s, sent_reinvite, row_kind::waits,
                       "a re-INVITE in an early dialog: the first INVITE has no final response",
                       "RFC 3261 14.1"));
  BOOST_TEST(refuses(calling, sent_invite, row_kind::refused,
                     "INVITE while our own INVITE is outstanding", "RFC 3261 14.1"));
}

BOOST_AUTO_TEST_CASE(an_invite_waits_for_the_ack_that_carries_an_answer_rfc_6337_4_3) {
  BOOST_TEST(
      refuses(answer_owed, sent_reinvite, row_kind::waits,
              "INVITE while the ACK that carries the answer to the offer in the 2xx is not sent",
              "RFC 6337 4.3"));
  BOOST_TEST(refuses(answer_awaited, sent_reinvite, row_kind::waits,
                     "INVITE while the answer to the offer in the 2xx is awaited in the ACK",
                     "RFC 6337 4.3"));
}

BOOST_AUTO_TEST_CASE(a_reinvite_that_crossed_ours_gets_no_2xx_14_2) {
  BOOST_TEST(refuses(crossed, sent_reinvite_success, row_kind::refused,
                     "a 2xx to a re-INVITE that crossed ours: it is answered 491",
                     "RFC 3261 14.2"));
  BOOST_TEST(refuses(rejecting, sent_reinvite_success, row_kind::refused,
                     "a 2xx to a re-INVITE that came while another INVITE was in progress",
                     "RFC 3261 14.2"));
  BOOST_TEST(refuses(overtaken, sent_reinvite_success, row_kind::refused,
                     "a 2xx to a re-INVITE that arrived before the answer to our offer: it is "
                     "answered 491",
                     "RFC 5407 3.1.5"));
}

// Flows. Which INVITE a response answers is told by its CSeq number, which a typed event lacks.
using invite = ctsip::messages::invite;
using ack = ctsip::messages::ack;
using reinvite = with<invite, mark::to_tag>;
template <direction Way, phase Phase>
struct answer {
  static constexpr call_event value{Way, subject::reinvite, Phase};
};
template <phase Phase>
using sent_answer = answer<direction::sent, Phase>;
template <phase Phase>
using received_answer = answer<direction::received, Phase>;

using machine = ctsip::machine<definition>;
static_assert(walk<definition, sent<invite>, received<response<200>>, sent<ack>>().is(idle));
static_assert(walk<definition, received<invite>, sent<response<200>>, received<ack>, sent<reinvite>,
                   received_answer<phase::success>, sent<ack>>()
                  .is(idle));
// Another attempt after a failure, on either side.
static_assert(walk<definition, sent<invite>, received<response<407>>, sent<invite>>().is(calling));
static_assert(
    walk<definition, received<invite>, sent<response<401>>, received<invite>>().is(called));
// 14.1: accepted counts as done, for the UAS and for the UAC.
static_assert(
    walk<definition, received<invite>, sent<response<200>>, sent<reinvite>>().is(modifying));
static_assert(
    walk<definition, sent<invite>, received<response<200>>, sent<reinvite>>().is(modifying));
// RFC 5407 3.1.4: the ACK is lost, and the re-INVITE may be answered 200 or 491.
static_assert(walk<definition, received<invite>, sent<response<200>>, received<reinvite>,
                   sent_answer<phase::success>, received<ack>>()
                  .is(idle));
static_assert(walk<definition, received<invite>, sent<response<200>>, received<reinvite>,
                   received<ack>, sent_answer<phase::glare>>()
                  .is(idle));
// RFC 5407 3.3.1: re-INVITE crossover, each side's view; the other side's retry comes first.
static_assert(walk<definition, sent<invite>, received<response<200>>, sent<ack>, sent<reinvite>,
                   received<reinvite>, sent_answer<phase::glare>, received_answer<phase::glare>,
                   received<reinvite>, sent_answer<phase::success>, received<ack>,
                   ctsip::fired<timer::glare_owner>, sent<reinvite>,
                   received_answer<phase::success>, sent<ack>>()
                  .is(idle));
static_assert(
    walk<definition, received<invite>, sent<response<200>>, received<ack>, sent<reinvite>,
         received<reinvite>, received_answer<phase::glare>, sent_answer<phase::glare>,
         ctsip::fired<timer::glare_other>, sent<reinvite>, received_answer<phase::success>,
         sent<ack>, received<reinvite>, sent_answer<phase::success>>()
        .is(ack_awaited));
// The callee's re-INVITE overtakes its 2xx.
static_assert(walk<definition, sent<invite>, received<reinvite>, received<response<200>>,
                   sent_answer<phase::glare>, sent<ack>>()
                  .is(idle));
// A BYE in the middle: what follows is heard by no one.
static_assert(walk<definition, sent<invite>, received<response<200>>, sent<ack>, sent<reinvite>,
                   sent<response<200, method::bye>>, received_answer<phase::ends_usage>>()
                  .is(ended));
// RFC 6141 3.8: a re-INVITE that was cancelled may end with a 2xx, and stands.
static_assert(walk<definition, received<invite>, sent<response<200>>, received<ack>, sent<reinvite>,
                   received_answer<phase::success>>()
                  .is(idle));

BOOST_AUTO_TEST_CASE(glare_is_retried_after_a_wait_rfc_5407_3_3_1) {
  machine m{modifying};
  BOOST_TEST(m.process(received<reinvite>{}).does.has(answer_491));
  auto const glare = m.process(received_answer<phase::glare>{});
  BOOST_TEST(glare.does.has(roll_back));
  BOOST_TEST(glare.does.has(wait_after_glare));
  (void)m.process(sent_answer<phase::glare>{});
  BOOST_TEST(m.is(idle));
  BOOST_TEST(m.process(timer_glare).does.has(retry_modification));
}

BOOST_AUTO_TEST_CASE(the_second_of_two_invites_of_the_peer_gets_500_with_retry_after_14_2) {
  machine m{idle};
  (void)m.process(received_reinvite);
  auto const second = m.process(received_reinvite);
  BOOST_TEST((second.kind() == row_kind::peer_violation));
  BOOST_TEST(second.does.has(answer_500_retry_after));
  (void)m.process(sent_reinvite_failure);
  BOOST_TEST(m.is(asked));
  (void)m.process(sent_reinvite_success);
  BOOST_TEST(m.is(ack_awaited));
}

// One step as a composition takes it: correct, step, commit.
struct side {
  ctsip::machine<definition, ctsip::on_violation::report> machine{};
  facts numbers{};

  row_kind operator()(direction way, subject s, phase p, content c = content::unspecified) {
    call_event const e{way, s, p, c};
    call_message const m{};
    auto const symbol = definition::correct(definition::project(e), m, e, numbers);
    if (symbol == ctsip::outside<definition::symbol>) {
      definition::commit(numbers, m, e);
      return row_kind::ignored;
    }
    auto const step = machine.process(symbol);
    if (!step.refused()) definition::commit(numbers, m, e);
    return step.kind();
  }
};

constexpr auto out = direction::sent;
constexpr auto in = direction::received;

BOOST_AUTO_TEST_CASE(an_offer_in_the_2xx_is_told_from_an_answer_rfc_6337_4_3) {
  for (auto offer : {content::none, content::sdp, content::unspecified})
    for (auto of_2xx : {content::none, content::sdp, content::sdp_unmet, content::unspecified}) {
      bool const owed =
          offer == content::none && (of_2xx == content::sdp || of_2xx == content::sdp_unmet);
      side caller, callee;
      (void)caller(out, subject::invite, phase::request, offer);
      (void)callee(in, subject::invite, phase::request_with_100rel, offer);
      (void)caller(in, subject::invite, phase::success, of_2xx);
      (void)callee(out, subject::invite, phase::success, of_2xx);
      BOOST_TEST(caller.machine.is(owed ? answer_owed : idle));
      BOOST_TEST(callee.machine.is(owed ? answer_awaited : ack_awaited));
      BOOST_TEST((caller(out, subject::reinvite, phase::request, content::sdp) ==
                  (owed ? row_kind::waits : row_kind::expected)));
      BOOST_TEST((callee(out, subject::reinvite, phase::request, content::sdp) ==
                  (owed ? row_kind::waits : row_kind::expected)));
    }
}

BOOST_AUTO_TEST_CASE(an_offer_in_a_reliable_1xx_leaves_none_for_the_2xx_rfc_3262_5) {
  side caller, callee;
  (void)caller(out, subject::invite, phase::request_with_100rel, content::none);
  (void)callee(in, subject::invite, phase::request_with_100rel, content::none);
  (void)caller(in, subject::invite, phase::reliable, content::sdp);
  (void)callee(out, subject::invite, phase::reliable, content::sdp);
  (void)caller(in, subject::invite, phase::success, content::sdp);
  (void)callee(out, subject::invite, phase::success, content::sdp);
  BOOST_TEST(caller.machine.is(idle));
  BOOST_TEST(callee.machine.is(ack_awaited));
}

BOOST_AUTO_TEST_CASE(the_two_directions_are_kept_apart) {
  side a;
  a.machine = decltype(a.machine){idle};
  (void)a(out, subject::reinvite, phase::request, content::none);
  (void)a(in, subject::reinvite, phase::request, content::sdp);
  BOOST_TEST(a.machine.is(crossed));
  BOOST_TEST((a(out, subject::reinvite, phase::success, content::sdp) == row_kind::refused));
  (void)a(in, subject::reinvite, phase::success, content::sdp);
  BOOST_TEST(a.machine.is(crossed_owing));
  (void)a(out, subject::reinvite, phase::glare);
  BOOST_TEST(a.machine.is(answer_owed));
  (void)a(out, subject::ack, phase::request, content::sdp);
  BOOST_TEST(a.machine.is(idle));
}

BOOST_AUTO_TEST_CASE(a_reinvite_before_the_answer_in_the_ack_rfc_5407_3_1_5) {
  for (bool ack_first : {false, true}) {
    side bob;
    (void)bob(in, subject::invite, phase::request, content::none);
    (void)bob(out, subject::invite, phase::success, content::sdp);
    BOOST_TEST((bob(in, subject::reinvite, phase::request, content::sdp) == row_kind::race));
    if (ack_first) {
      (void)bob(in, subject::ack, phase::request, content::sdp);
      BOOST_TEST((bob(out, subject::reinvite, phase::success, content::sdp) == row_kind::expected));
      BOOST_TEST(bob.machine.is(ack_awaited));
    } else {
      BOOST_TEST((bob(out, subject::reinvite, phase::success, content::sdp) == row_kind::refused));
      (void)bob(out, subject::reinvite, phase::overlap);
      (void)bob(in, subject::ack, phase::request, content::sdp);
      BOOST_TEST(bob.machine.is(idle));
    }
  }
}

// The same with numbers, from a session on.
struct numbered {
  ctsip::machine<definition, ctsip::on_violation::report> machine{idle};
  facts numbers{};

  ctsip::step<definition> take(call_event const& e, call_message const& m) {
    auto const s = definition::correct(definition::project(e), m, e, numbers);
    if (s == ctsip::outside<definition::symbol>) {
      definition::commit(numbers, m, e);
      return {machine.current(), ctsip::step<definition>::cell::no_row, {}};
    }
    auto const step = machine.process(s);
    if (!step.refused()) definition::commit(numbers, m, e);
    return step;
  }
  ctsip::step<definition> request(direction way, subject s, std::uint32_t cseq,
                                  content c = content::sdp) {
    call_message m;
    m.cseq = cseq;
    return take({way, s, phase::request, c}, m);
  }
  ctsip::step<definition> answer(direction way, subject s, std::uint32_t cseq, phase p,
                                 std::uint16_t status = 0, content c = content::sdp) {
    call_message m;
    m.cseq = cseq;
    m.event.status = status;
    return take({way, s, p, c}, m);
  }
};

constexpr auto update = subject::update;
constexpr auto invite_again = subject::reinvite;

BOOST_AUTO_TEST_CASE(a_reinvite_while_the_offer_in_an_update_is_open_gets_no_2xx_rfc_6337_4_3) {
  for (auto way : {out, in})
    for (auto offer : {content::sdp, content::none, content::unspecified})
      for (bool answered_before : {false, true}) {
        numbered a;
        (void)a.request(way, update, 2);
        (void)a.request(in, invite_again, 7, offer);
        if (answered_before) (void)a.answer(way == out ? in : out, update, 2, phase::success, 200);
        auto const ok = a.answer(out, invite_again, 7, phase::success, 200);
        BOOST_TEST(ok.refused());
        BOOST_TEST(!a.answer(out, invite_again, 7, phase::glare, 491).refused());
        BOOST_TEST(a.machine.is(idle));
        (void)a.answer(way == out ? in : out, update, 2, phase::success, 200);
        (void)a.request(in, invite_again, 8);
        BOOST_TEST(!a.answer(out, invite_again, 8, phase::success, 200).refused());
      }
  BOOST_TEST(refuses(asked, sent_success_to_rejected, row_kind::refused,
                     "a 2xx to a re-INVITE that came while the offer in an UPDATE was unanswered: "
                     "it SHOULD be rejected with 491 or 500",
                     "RFC 6337 4.3, RFC 3264 4"));
}

BOOST_AUTO_TEST_CASE(an_update_without_an_offer_is_in_no_reinvites_way_rfc_6337_4_3) {
  for (auto way : {out, in})
    for (auto c : {content::none, content::unspecified}) {
      numbered a;
      (void)a.request(way, update, 2, c);
      (void)a.request(in, invite_again, 7);
      BOOST_TEST(!a.answer(out, invite_again, 7, phase::success, 200).refused());
    }
}

BOOST_AUTO_TEST_CASE(a_reinvite_that_crossed_ours_gets_491_and_not_488_or_500_14_2) {
  for (std::uint16_t status : {488, 500}) {
    numbered a;
    (void)a.request(out, invite_again, 2);
    (void)a.request(in, invite_again, 7);
    BOOST_TEST(a.answer(out, invite_again, 7, phase::failure, status).refused());
    BOOST_TEST(a.machine.is(crossed));
    // A reason of its own.
    BOOST_TEST(!a.answer(out, invite_again, 7, phase::challenge, 401).refused());
    BOOST_TEST(a.machine.is(modifying));
  }
  BOOST_TEST(refuses(crossed, sent_other_than_491, row_kind::refused,
                     "a 2xx, 488 or 500 to a re-INVITE, or an UPDATE with an offer, that crossed "
                     "ours: it MUST be answered 491",
                     "RFC 3261 14.2, RFC 3311 5.2"));
}

BOOST_AUTO_TEST_CASE(of_two_reinvites_only_the_first_may_be_accepted_14_2) {
  numbered a;
  (void)a.request(in, invite_again, 7);
  (void)a.request(in, invite_again, 8);
  BOOST_TEST(a.answer(out, invite_again, 8, phase::success, 200).refused());
  BOOST_TEST(a.machine.is(asked_twice));
  BOOST_TEST(!a.answer(out, invite_again, 7, phase::success, 200).refused());
  BOOST_TEST(a.answer(out, invite_again, 8, phase::success, 200).refused());
  BOOST_TEST(!a.answer(out, invite_again, 8, phase::overlap, 500).refused());
}

BOOST_AUTO_TEST_CASE(an_update_with_an_offer_that_crossed_ours_gets_491_rfc_3311_5_2) {
  numbered a;
  (void)a.request(out, update, 2);
  (void)a.request(in, update, 7);
  BOOST_TEST(a.answer(out, update, 7, phase::success, 200, content::none).refused());
  BOOST_TEST(a.answer(out, update, 7, phase::failure, 488).refused());
  BOOST_TEST(a.answer(out, update, 7, phase::overlap, 500).refused());
  BOOST_TEST(!a.answer(out, update, 7, phase::glare, 491).refused());
  // One without an offer crosses nothing.
  (void)a.request(in, update, 8, content::none);
  BOOST_TEST(!a.answer(out, update, 8, phase::success, 200, content::none).refused());
}

BOOST_AUTO_TEST_CASE(an_update_before_the_final_response_to_another_gets_500_rfc_3311_5_2) {
  for (auto first : {content::none, content::sdp, content::unspecified})
    for (auto second : {content::none, content::sdp, content::unspecified}) {
      numbered a;
      BOOST_TEST(!a.request(in, update, 7, first).known());
      auto const step = a.request(in, update, 8, second);
      BOOST_TEST((step.kind() == row_kind::race));
      BOOST_TEST(step.does.has(answer_500_retry_after));
      BOOST_TEST(a.answer(out, update, 8, phase::success, 200, second).refused());
      BOOST_TEST(a.answer(out, update, 8, phase::failure, 500).refused());
      BOOST_TEST(a.answer(out, update, 8, phase::glare, 491).refused());
      BOOST_TEST(!a.answer(out, update, 8, phase::overlap, 500).refused());
      BOOST_TEST(!a.answer(out, update, 7, phase::success, 200, first).refused());
      (void)a.request(in, update, 9, second);
      BOOST_TEST(!a.answer(out, update, 9, phase::success, 200, second).refused());
    }
  BOOST_TEST(refuses(idle, sent_other_than_500, row_kind::refused,
                     "anything but 500 with Retry-After to an UPDATE that came before the final "
                     "response to the previous one",
                     "RFC 3311 5.2"));
}

BOOST_AUTO_TEST_CASE(a_failed_first_invite_leaves_nothing_outstanding_13_2_2_3) {
  numbered a;
  a.machine = decltype(a.machine){initial};
  (void)a.request(out, subject::invite, 1);
  (void)a.request(in, update, 7);
  (void)a.answer(in, subject::invite, 1, phase::challenge, 401);
  BOOST_TEST(a.machine.is(initial));
  (void)a.request(out, subject::invite, 2);
  BOOST_TEST(!a.request(in, update, 1).known());
}

BOOST_AUTO_TEST_CASE(an_invite_that_is_given_up_leaves_room_for_another_9_1) {
  for (auto t : {timer::cancel_timeout, timer::ack_retransmission}) {
    call_event fired;
    fired.phase = phase::timer;
    fired.timer = t;
    numbered a;
    a.machine = decltype(a.machine){initial};
    (void)a.request(out, subject::invite, 1);
    (void)a.take(fired, {});
    BOOST_TEST(a.machine.is(initial));
    BOOST_TEST(!a.request(out, subject::invite, 2).refused());
    // It says nothing of the peer's INVITE, nor of a re-INVITE.
    numbered b;
    b.machine = decltype(b.machine){initial};
    (void)b.request(in, subject::invite, 1);
    (void)b.take(fired, {});
    BOOST_TEST(b.machine.is(called));
    numbered c;
    (void)c.request(out, invite_again, 2);
    (void)c.take(fired, {});
    BOOST_TEST(c.machine.is(modifying));
  }
}

BOOST_AUTO_TEST_CASE(after_an_early_bye_and_its_487_there_is_a_first_invite_again_15_1_2) {
  for (auto way : {out, in}) {
    auto const back = way == out ? in : out;
    // Theirs is taken by our 2xx.
    auto const end = [](numbered& call, direction by, std::uint32_t cseq) {
      (void)call.request(by, subject::bye, cseq);
      if (by == in) (void)call.answer(out, subject::bye, cseq, phase::success, 200);
    };
    numbered a;
    a.machine = decltype(a.machine){initial};
    (void)a.request(way, subject::invite, 1);
    end(a, way, 2);
    BOOST_TEST(a.machine.is(ended));
    (void)a.answer(back, subject::invite, 1, phase::failure, 487);
    BOOST_TEST(a.machine.is(initial));
    (void)a.request(way, subject::invite, 3);
    (void)a.answer(back, subject::invite, 3, phase::success, 200);
    end(a, way, 4);
    (void)a.answer(back, subject::invite, 3, phase::failure, 487);
    BOOST_TEST(a.machine.is(ended));
  }
}

BOOST_AUTO_TEST_CASE(an_invite_without_a_tag_beside_the_peers_first_is_turned_down_9_1) {
  numbered a;
  a.machine = decltype(a.machine){initial};
  (void)a.request(in, subject::invite, 1);
  auto const second = a.request(in, subject::invite, 2);
  BOOST_TEST((second.kind() == row_kind::race));
  BOOST_TEST(second.does.has(answer_500_retry_after));
  (void)a.answer(out, subject::invite, 2, phase::overlap, 500);
  BOOST_TEST(a.machine.is(called));
}

BOOST_AUTO_TEST_CASE(the_ack_of_an_earlier_invite_answers_no_later_offer_13_2_2_4) {
  numbered b;
  (void)b.request(in, invite_again, 1);
  (void)b.answer(out, invite_again, 1, phase::success, 200);
  (void)b.request(in, invite_again, 2, content::none); // has overtaken the ACK
  (void)b.answer(out, invite_again, 2, phase::success, 200);
  BOOST_TEST(!b.request(in, subject::ack, 1, content::none).known());
  BOOST_TEST(b.machine.is(answer_awaited));
  BOOST_TEST(b.request(in, subject::ack, 2).known());
  BOOST_TEST(b.machine.is(idle));
}

BOOST_AUTO_TEST_CASE(events_are_projected_onto_the_symbols) {
  constexpr auto outside = ctsip::outside<symbol>;
  auto const of = [](direction way, subject s, phase p) {
    return definition::project(call_event{way, s, p});
  };
  BOOST_TEST((of(in, subject::reinvite, phase::glare) == received_glare));
  BOOST_TEST((of(in, subject::reinvite, phase::overlap) == received_overlap));
  BOOST_TEST((of(in, subject::reinvite, phase::challenge) == received_reinvite_failure));
  BOOST_TEST((of(in, subject::reinvite, phase::ends_usage) == received_end));
  BOOST_TEST((of(in, subject::invite, phase::glare) == received_failure));
  BOOST_TEST((of(out, subject::reinvite, phase::overlap) == sent_reinvite_failure));
  BOOST_TEST((of(out, subject::reinvite, phase::ends_dialog) == sent_end));
  BOOST_TEST((of(in, subject::update, phase::glare) == received_update_glare));
  BOOST_TEST((of(in, subject::update, phase::overlap) == received_update_overlap));
  BOOST_TEST((of(out, subject::update, phase::glare) == outside));
  BOOST_TEST((of(in, subject::update, phase::ends_dialog) == received_end));
  BOOST_TEST((of(out, subject::bye, phase::request) == sent_end));
  BOOST_TEST((of(out, subject::bye, phase::success) == sent_end));
  BOOST_TEST((of(out, subject::bye, phase::challenge) == outside));
  BOOST_TEST((of(in, subject::bye, phase::request) == outside));
  BOOST_TEST((of(in, subject::bye, phase::success) == outside));
  for (auto way : {in, out}) {
    for (auto p : {phase::trying, phase::provisional, phase::reliable, phase::reliable_again,
                   phase::reliable_gap, phase::success_again, phase::stale_request})
      BOOST_TEST((of(way, subject::reinvite, p) == outside));
    for (auto s : {subject::prack, subject::update, subject::cancel, subject::other})
      for (auto p : {phase::request, phase::success, phase::failure})
        BOOST_TEST((of(way, s, p) == outside));
    BOOST_TEST((of(way, subject::ack, phase::stray_request) == outside));
  }
  for (unsigned i = 0; i < ctsip::timer_count; ++i) {
    auto const t = static_cast<timer>(i);
    BOOST_TEST((definition::project(ctsip::timer_event(t)) ==
                (t == timer::glare_owner || t == timer::glare_other             ? timer_glare
                 : t == timer::retry_after                                      ? timer_retry_after
                 : t == timer::cancel_timeout || t == timer::ack_retransmission ? received_failure
                                                                                : outside)));
  }
}

BOOST_AUTO_TEST_CASE(at_rest_no_invite_is_outstanding) {
  for (unsigned i = 0; i < states; ++i) {
    auto const s = static_cast<state>(i);
    bool resting = false;
    for (auto r : definition::at_rest) resting = resting || r == s;
    bool const outstanding = s == calling || s == called || s == modifying || s == asked ||
                             s == asked_twice || s == crossed || s == crossed_owing ||
                             s == rejecting || s == overtaken;
    BOOST_TEST(resting == !outstanding, ctsip::name_of<definition>(s));
  }
}

BOOST_AUTO_TEST_SUITE_END()
