// Expectations from RFC 3261 13.2.1, RFC 3262 5, RFC 3311 5 and RFC 6337. A state is taken apart
// here: whose INVITE is pending, how far its exchange is, and whose further offer is open.
#include <ctsip/dialog/offer_answer.hpp>

#include <ctsip/machine/composition.hpp>
#include <ctsip/machine/proof.hpp>

#include <boost/test/unit_test.hpp>

#include "machine/reporting.hpp"

#include <string>

#include "machine/expectation.hpp"

BOOST_AUTO_TEST_SUITE(dialog_offer_answer)

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
using ctsip::walk;
using ctsip::with;
using ctsip::messages::ack;
using ctsip::messages::bye;
using ctsip::messages::invite;
using ctsip::messages::prack;
using ctsip::messages::update;
using definition = ctsip::offer_answer;
using enum definition::state;
using enum definition::symbol;
using enum definition::action;
using machine = ctsip::machine<definition>;
using call = ctsip_tests::reporting<ctsip::basic_composition<call_event, call_message, definition>>;
using expected = ctsip_tests::expectation<definition>;

constexpr auto state_count = static_cast<std::size_t>(ended) + 1;
constexpr auto symbol_count = static_cast<std::size_t>(session_ended) + 1;

// --- the matrix, from the RFCs' own words -------------------------------------------------------

enum class side : std::uint8_t { none, ours, theirs };
// The exchange that the INVITE began: pattern 1/3 (offer in it), 2 and 4 of RFC 6337 Table 1.
enum class exchange : std::uint8_t {
  idle,       // no INVITE is pending
  offer,      // the INVITE has the offer
  offerless,  // it has none
  in_1xx,     // the offer is in a reliable 1xx
  answered,   // the answer is in a reliable 1xx without PRACK
  complete,   // offer, answer and the PRACK are there
  in_2xx,     // the offer is in the 2xx
  no_session, // before all
  over
};
struct situation {
  side invite{};
  exchange at{};
  side open{}; // whose PRACK or UPDATE offers
  friend constexpr bool operator==(situation const&, situation const&) = default;
};
constexpr situation meaning[state_count] = {
    {side::none, exchange::no_session, side::none},
    {side::none, exchange::idle, side::none},
    {side::ours, exchange::offer, side::none},
    {side::ours, exchange::offerless, side::none},
    {side::ours, exchange::in_1xx, side::none},
    {side::ours, exchange::answered, side::none},
    {side::ours, exchange::complete, side::none},
    {side::ours, exchange::in_2xx, side::none},
    {side::ours, exchange::complete, side::ours},
    {side::ours, exchange::complete, side::theirs},
    {side::ours, exchange::offerless, side::theirs},
    {side::theirs, exchange::offer, side::none},
    {side::theirs, exchange::offerless, side::none},
    {side::theirs, exchange::in_1xx, side::none},
    {side::theirs, exchange::answered, side::none},
    {side::theirs, exchange::complete, side::none},
    {side::theirs, exchange::in_2xx, side::none},
    {side::theirs, exchange::complete, side::ours},
    {side::theirs, exchange::complete, side::theirs},
    {side::none, exchange::idle, side::ours},
    {side::none, exchange::idle, side::theirs},
    {side::none, exchange::over, side::none},
};
constexpr situation agreement{side::none, exchange::idle, side::none};

constexpr definition::state state_of(situation const& s) {
  for (std::size_t i = 0; i < state_count; ++i)
    if (meaning[i] == s) return static_cast<definition::state>(i);
  return static_cast<definition::state>(state_count);
}

struct outcome {
  situation to;
  row_kind kind;
  ctsip_tests::acts<definition> does{};
};
using acts = ctsip_tests::acts<definition>;

constexpr bool is_sent(definition::symbol e) { return e <= sent_no_answer; }

constexpr outcome goes(situation to, acts does = {}) { return {to, row_kind::expected, does}; }
constexpr outcome stays(situation s) { return {s, row_kind::expected}; }
constexpr outcome ignores(situation s) { return {s, row_kind::ignored}; }
constexpr outcome refuses(situation s) { return {s, row_kind::refused}; }

constexpr outcome judge_invite(situation s, bool by_us, bool sdp) {
  bool const begun = s.at != exchange::no_session && s.at != exchange::idle;
  if (by_us) {
    if (begun) return stays(s); // 14.1 is another rule's
    if (s.open != side::none) return refuses(s);
  } else {
    // RFC 6337 4.3 UAS-IcI, UAS-UcI, UAS-IsI, UAS-UsI.
    if (s.invite == side::ours || (!begun && s.open == side::ours))
      return {s, row_kind::race, {answer_491}};
    if (s.invite == side::theirs || (!begun && s.open == side::theirs && !sdp))
      return {s, row_kind::race, {answer_500_retry_after}};
    if (!begun && s.open == side::theirs)
      return {s, row_kind::peer_violation, {answer_500_retry_after}};
  }
  return goes(
      {by_us ? side::ours : side::theirs, sdp ? exchange::offer : exchange::offerless, side::none});
}

constexpr outcome judge_reliable(situation s, bool by_us, bool sdp) {
  bool const pending = s.invite == (by_us ? side::theirs : side::ours) && s.at != exchange::in_2xx;
  if (!pending) return by_us ? stays(s) : ignores(s);
  // Nothing lets the peer offer in a response what it offers in an UPDATE already.
  if (s.at == exchange::offerless && s.open != side::none) return {s, row_kind::peer_violation};
  auto to = s;
  if (s.at == exchange::offer) {
    if (!sdp) return stays(s);
    to.at = exchange::answered;
    return goes(to, {apply_session});
  }
  if (s.at == exchange::offerless) {
    to.at = exchange::in_1xx;
    return sdp ? goes(to) : by_us ? refuses(s) : outcome{s, row_kind::peer_violation};
  }
  return by_us && sdp ? refuses(s) : stays(s);
}

constexpr outcome judge_success(situation s, bool by_us, bool sdp) {
  bool const pending = s.invite == (by_us ? side::theirs : side::ours) && s.at != exchange::in_2xx;
  if (!pending) return by_us ? stays(s) : ignores(s);
  situation const after{side::none, exchange::idle, s.open};
  if (s.at == exchange::offerless && s.open != side::none)
    return {after, row_kind::peer_violation, {acknowledge_and_bye}};
  switch (s.at) {
  case exchange::offer:
    return sdp     ? goes(after, {apply_session})
           : by_us ? refuses(s)
                   : outcome{after, row_kind::peer_violation, {acknowledge_and_bye}};
  case exchange::offerless:
    return sdp     ? goes({s.invite, exchange::in_2xx, side::none})
           : by_us ? refuses(s)
                   : outcome{after, row_kind::peer_violation, {acknowledge_and_bye}};
  case exchange::in_1xx:
    return by_us ? outcome{s, row_kind::waits}
                 : outcome{after, row_kind::peer_violation, {acknowledge_and_bye}};
  case exchange::answered:
    return !by_us ? outcome{after, row_kind::peer_violation}
           : sdp  ? refuses(s)
                  : outcome{s, row_kind::waits};
  default: return by_us && sdp ? refuses(s) : goes(after);
  }
}

constexpr outcome judge_ack(situation s, bool by_us, bool sdp) {
  if (s.invite == (by_us ? side::ours : side::theirs) && s.at == exchange::in_2xx)
    return sdp     ? goes(agreement, {apply_session})
           : by_us ? refuses(s)
                   : outcome{agreement, row_kind::peer_violation, {send_bye}};
  if (s.at == exchange::idle) return !sdp ? stays(s) : by_us ? refuses(s) : ignores(s);
  return by_us ? stays(s) : ignores(s);
}

constexpr outcome judge_prack(situation s, bool by_us, bool sdp) {
  if (s.at == exchange::over) return by_us ? stays(s) : ignores(s);
  // The peer's PRACK where no 1xx of ours can be: reliable_provisional answers it with 481.
  if (!by_us && (s.invite == side::ours || s.at == exchange::no_session)) return ignores(s);
  auto to = s;
  to.at = exchange::complete;
  if (s.invite == (by_us ? side::ours : side::theirs)) {
    if (s.at == exchange::in_1xx)
      return sdp     ? goes(to, {apply_session})
             : by_us ? refuses(s)
                     : outcome{s, row_kind::peer_violation, {answer_488}};
    if (s.at == exchange::answered) {
      if (sdp) to.open = s.invite;
      return goes(to);
    }
  }
  if (!sdp) return stays(s);
  if (by_us) return refuses(s);
  // Where no INVITE is pending, it may have crossed the failure of one.
  return {s, s.at == exchange::idle ? row_kind::race : row_kind::peer_violation, {answer_488}};
}

constexpr outcome judge_update(situation s, bool by_us) {
  if (s.at == exchange::over) return by_us ? stays(s) : ignores(s);
  bool const ready = (s.at == exchange::idle || s.at == exchange::complete);
  if (ready && s.open == side::none) {
    s.open = by_us ? side::ours : side::theirs;
    return goes(s);
  }
  if (by_us) return refuses(s);
  if (s.at == exchange::no_session) return ignores(s);
  // RFC 6337 Figure 16: our INVITE made no offer, so theirs may be taken.
  if (s.invite == side::ours && s.at == exchange::offerless && s.open == side::none)
    return {{s.invite, s.at, side::theirs}, row_kind::race};
  // RFC 3311 5.2, the offer in our UPDATE, PRACK or INVITE; RFC 6337 4.3 UAS-IcU.
  if (s.open == side::ours || (s.invite == side::ours && s.open == side::none))
    // It may have overtaken a failure response to the INVITE, but follows the ACK to a 2xx.
    return {s, s.at == exchange::in_2xx ? row_kind::peer_violation : row_kind::race, {answer_491}};
  // The peer's own offer is open, and no crossing can have hidden that from it.
  if (s.open == side::theirs || s.at == exchange::offer)
    return {s, row_kind::peer_violation, {answer_500_retry_after}};
  return {s, row_kind::race, {answer_500_retry_after}};
}

constexpr outcome judge_answer(situation s, bool by_us, bool sdp) {
  auto to = s;
  to.open = side::none;
  if (s.open == (by_us ? side::theirs : side::ours))
    return sdp     ? goes(to, {apply_session})
           : by_us ? refuses(s)
                   : outcome{to, row_kind::peer_violation, {restore_session}};
  if (!by_us) return ignores(s);
  // RFC 3311 5.2: what the failure of the INVITE has left open is answered all the same.
  if (s.at == exchange::no_session) return refuses(s);
  return sdp && s.at != exchange::over ? refuses(s) : stays(s);
}

constexpr outcome judge(situation s, definition::symbol e) {
  bool const pending = s.invite != side::none && s.at != exchange::in_2xx;
  switch (e) {
  case sent_invite_sdp: return judge_invite(s, true, true);
  case sent_invite_empty: return judge_invite(s, true, false);
  case received_invite_sdp:
  case received_invite_empty:
    return s.at == exchange::over ? ignores(s) : judge_invite(s, false, e == received_invite_sdp);
  case sent_reliable_sdp: return judge_reliable(s, true, true);
  case sent_reliable_empty: return judge_reliable(s, true, false);
  case received_reliable_sdp: return judge_reliable(s, false, true);
  case received_reliable_empty: return judge_reliable(s, false, false);
  case sent_preview:
    return s.invite != side::theirs || !pending || s.at == exchange::offer ? stays(s) : refuses(s);
  case sent_success_sdp: return judge_success(s, true, true);
  case sent_success_empty: return judge_success(s, true, false);
  case received_success_sdp: return judge_success(s, false, true);
  case received_success_empty: return judge_success(s, false, false);
  case sent_ack_sdp: return judge_ack(s, true, true);
  case sent_ack_empty: return judge_ack(s, true, false);
  case received_ack_sdp: return judge_ack(s, false, true);
  case received_ack_empty: return judge_ack(s, false, false);
  case sent_prack_sdp: return judge_prack(s, true, true);
  case sent_prack_empty: return judge_prack(s, true, false);
  case received_prack_sdp: return judge_prack(s, false, true);
  case received_prack_empty: return judge_prack(s, false, false);
  case sent_update_sdp: return judge_update(s, true);
  case received_update_sdp: return judge_update(s, false);
  case sent_answer: return judge_answer(s, true, true);
  case sent_no_answer: return judge_answer(s, true, false);
  case received_answer: return judge_answer(s, false, true);
  case received_no_answer: return judge_answer(s, false, false);
  case rejection:
    // The PRACK that carried the answer, or an open offer.
    if (s.at == exchange::complete && s.open == side::none)
      return goes({s.invite, exchange::in_1xx, side::none}, {restore_session});
    return s.open == side::none ? ignores(s)
                                : goes({s.invite, s.at, side::none}, {restore_session});
  case prack_failure:
    // RFC 3261 12.2.2: the PRACK for the answer, perhaps with an offer of the one who sent it.
    if (s.at != exchange::complete || (s.open != side::none && s.open != s.invite))
      return ignores(s);
    return goes({s.invite, exchange::answered, side::none},
                s.open == side::none ? acts{} : acts{restore_session});
  case invite_failure:
    if (s.at == exchange::over) return goes({side::none, exchange::no_session, side::none});
    return pending ? goes({side::none, exchange::no_session, side::none}) : ignores(s);
  case reinvite_failure:
    // "the session parameters MUST remain unchanged": an UPDATE's offer stays what it is.
    return pending ? goes({side::none, exchange::idle, s.open}, {restore_session}) : ignores(s);
  case session_ended:
    return s.at == exchange::no_session || s.at == exchange::over
               ? ignores(s)
               : goes({side::none, exchange::over, side::none});
  }
  return ignores(s);
}

struct matrix_type {
  expected of[state_count * symbol_count]{};

  constexpr matrix_type() {
    for (std::size_t s = 0; s < state_count; ++s)
      for (std::size_t e = 0; e < symbol_count; ++e) {
        auto const on = static_cast<definition::symbol>(e);
        auto const o = judge(meaning[s], on);
        of[s * symbol_count + e] = {static_cast<definition::state>(s), on, state_of(o.to), o.kind,
                                    o.does};
      }
  }
};
constexpr matrix_type matrix;
static_assert(ctsip_tests::is_complete<definition, ended, session_ended>(matrix.of));
static_assert(ctsip::proven<definition>);
static_assert(sizeof(machine) == 1);

BOOST_AUTO_TEST_CASE(every_state_answers_every_symbol_as_rfc_6337_says) {
  ctsip_tests::check(matrix.of);
  constexpr bool at_compile_time = ctsip_tests::agrees(matrix.of);
  BOOST_TEST(at_compile_time);
}

BOOST_AUTO_TEST_CASE(no_state_is_terminal) {
  for (std::size_t s = 0; s < state_count; ++s)
    BOOST_TEST(!ctsip::is_terminal<definition>(static_cast<definition::state>(s)));
}

BOOST_AUTO_TEST_CASE(the_machine_rests_where_no_offer_is_open) {
  for (std::size_t i = 0; i < state_count; ++i) {
    auto const& s = meaning[i];
    bool const open = s.open != side::none || s.at == exchange::offer ||
                      s.at == exchange::offerless || s.at == exchange::in_1xx ||
                      s.at == exchange::answered || s.at == exchange::in_2xx;
    bool rests = false;
    for (auto r : definition::at_rest) rests |= r == static_cast<definition::state>(i);
    BOOST_TEST(rests == !open);
  }
}

// --- sentences ----------------------------------------------------------------------------------

void check_words(definition::state s, definition::symbol e, std::string const& sentence,
                 std::string const& clause) {
  auto const why = ctsip::explain<definition>(s, e);
  BOOST_TEST(std::string(why.sentence) == sentence);
  BOOST_TEST(std::string(why.clause) == clause);
}

BOOST_AUTO_TEST_CASE(refusals_say_what_rfc_3311_5_1_forbids) {
  for (auto s :
       {our_offer, their_offer, sent_offered, sent_ack_due, sent_our_offer, sent_their_offer,
        received_offered, received_ack_due, received_our_offer, received_their_offer})
    check_words(s, sent_update_sdp, "UPDATE with an offer while an offer is unanswered",
                "RFC 3311 5.1");
  for (auto s : {no_session, sent_offer, sent_offerless, received_offer, received_offerless})
    check_words(s, sent_update_sdp,
                "UPDATE with an offer before the INVITE's offer/answer exchange is complete "
                "reliably",
                "RFC 3311 5.1");
  check_words(received_answered, sent_update_sdp,
              "UPDATE with an offer by the callee before the PRACK for its answer", "RFC 3311 5.1");
  check_words(sent_answered, sent_update_sdp,
              "UPDATE with an offer before the PRACK for the answer: SHOULD NOT be sent",
              "RFC 6337 4.3");
}

BOOST_AUTO_TEST_CASE(refusals_say_which_answer_or_offer_is_missing) {
  check_words(sent_ack_due, sent_ack_empty, "ACK without the answer to the offer in the 2xx",
              "RFC 3261 13.2.2.4");
  check_words(sent_offered, sent_prack_empty,
              "PRACK without the answer to the offer in the reliable response", "RFC 3262 5");
  check_words(received_offer, sent_success_empty,
              "2xx without the answer to the offer in the INVITE", "RFC 3261 13.3.1.4");
  check_words(received_offerless, sent_success_empty,
              "2xx without an offer to an INVITE that had none", "RFC 3261 13.3.1.4");
  check_words(received_offerless, sent_reliable_empty,
              "the first reliable response to an INVITE without an offer carries no offer",
              "RFC 3262 5");
  check_words(received_offerless, sent_preview,
              "an offer in a provisional response that is not reliable", "RFC 3261 13.2.1");
  check_words(their_offer, sent_no_answer,
              "2xx without the answer to the offer in the PRACK or UPDATE", "RFC 3262 5");
}

BOOST_AUTO_TEST_CASE(refusals_say_which_description_is_one_too_many) {
  check_words(agreed, sent_ack_sdp,
              "a session description in the ACK, the INVITE and its responses having completed the "
              "exchange",
              "RFC 6337 3.1.1");
  for (auto e : {sent_reliable_sdp, sent_preview, sent_success_sdp})
    check_words(received_complete, e,
                "a second session description in the responses to one INVITE: SHOULD NOT be sent",
                "RFC 6337 3.1.1");
  check_words(sent_offer, sent_prack_sdp,
              "PRACK with a new offer while the offer in the INVITE is unanswered",
              "RFC 6337 3.1.1");
  check_words(sent_complete, sent_prack_sdp,
              "a session description in a PRACK for a response that carried none", "RFC 6337 3.2");
  check_words(our_offer, sent_invite_sdp, "an INVITE with an offer while an offer is unanswered",
              "RFC 3264 4");
  check_words(our_offer, sent_invite_empty,
              "a re-INVITE while the offer in an UPDATE is unanswered: SHOULD NOT be sent",
              "RFC 6337 4.3");
  check_words(agreed, sent_answer,
              "a session description in a 2xx to a PRACK or UPDATE that carried no offer",
              "RFC 6337 2.2");
}

// --- the six patterns of RFC 6337 Table 1, from either side -------------------------------------

using invite_sdp = with<invite, mark::sdp>;
using ack_sdp = with<ack, mark::sdp>;
using prack_sdp = with<prack, mark::sdp>;
using update_sdp = with<update, mark::sdp>;
using ok = response<200>;
using ok_sdp = with<ok, mark::sdp>;
using progress = response<183>;
using preview = with<progress, mark::sdp>;
using reliable = with<progress, mark::reliable>;
using reliable_sdp = with<progress, mark::reliable, mark::sdp>;
using prack_ok = response<200, method::prack>;
using prack_ok_sdp = with<prack_ok, mark::sdp>;
using update_ok_sdp = with<response<200, method::update>, mark::sdp>;
using D = definition;

static_assert(walk<D, sent<invite_sdp>, received<ok_sdp>, sent<ack>>().is(agreed));
static_assert(walk<D, received<invite_sdp>, sent<ok_sdp>, received<ack>>().is(agreed));
static_assert(walk<D, sent<invite>, received<ok_sdp>, sent<ack_sdp>>().is(agreed));
static_assert(walk<D, received<invite>, sent<ok_sdp>, received<ack_sdp>>().is(agreed));
static_assert(walk<D, sent<invite_sdp>, received<reliable_sdp>, sent<prack>, received<prack_ok>,
                   received<ok>, sent<ack>>()
                  .is(agreed));
static_assert(walk<D, received<invite_sdp>, sent<reliable_sdp>, received<prack>, sent<prack_ok>,
                   sent<ok>, received<ack>>()
                  .is(agreed));
static_assert(walk<D, sent<invite>, received<reliable_sdp>, sent<prack_sdp>, received<prack_ok>,
                   received<ok>, sent<ack>>()
                  .is(agreed));
static_assert(walk<D, received<invite>, sent<reliable_sdp>, received<prack_sdp>, sent<prack_ok>,
                   sent<ok>, received<ack>>()
                  .is(agreed));
static_assert(walk<D, sent<invite_sdp>, received<reliable_sdp>, sent<prack_sdp>,
                   received<prack_ok_sdp>, received<ok>, sent<ack>>()
                  .is(agreed));
static_assert(walk<D, received<invite_sdp>, sent<reliable_sdp>, received<prack_sdp>,
                   sent<prack_ok_sdp>, sent<ok>, received<ack>>()
                  .is(agreed));
static_assert(walk<D, sent<invite_sdp>, received<reliable_sdp>, sent<prack>, received<prack_ok>,
                   sent<update_sdp>, received<update_ok_sdp>, received<update_sdp>,
                   sent<update_ok_sdp>, received<ok>, sent<ack>>()
                  .is(agreed));
// Figure 1: a preview and a reliable 1xx without the answer complete nothing.
static_assert(walk<D, received<invite_sdp>, sent<preview>, sent<reliable>, received<prack>,
                   sent<prack_ok>, sent<reliable_sdp>, received<prack>, sent<prack_ok>,
                   sent<reliable>, received<prack>, sent<prack_ok>, sent<ok>, received<ack>>()
                  .is(agreed));

// --- numbers ------------------------------------------------------------------------------------

constexpr call_message request(direction way, method m, std::uint32_t cseq, content c,
                               mark marks = mark::none) {
  call_message r;
  r.event = ctsip::request_event(way, m, marks);
  r.cseq = cseq;
  r.content = c;
  return r;
}
constexpr call_message answer(direction way, std::uint16_t status, method m, std::uint32_t cseq,
                              content c, mark marks = mark::none) {
  call_message r;
  r.event = ctsip::response_event(way, status, m, marks);
  r.cseq = cseq;
  r.content = c;
  return r;
}
constexpr auto out = direction::sent;
constexpr auto in_ = direction::received;

// One agent's view. That an INVITE is within the dialog is the dialog rule's to tell; here it is
// said beforehand.
struct agent {
  definition::state state{no_session};
  definition::facts facts{};
  bool reinvites{};

  constexpr ctsip::step<definition> take(call_message const& m) {
    call_event e{m.event};
    e.content = m.content;
    if (reinvites && e.subject == subject::invite) e.subject = subject::reinvite;
    auto const s = definition::correct(definition::project(e), m, e, facts);
    if (s == ctsip::outside<definition::symbol>) {
      definition::commit(facts, m, e);
      return {state, ctsip::step<definition>::cell::no_row, {}};
    }
    auto const result = ctsip::next<definition>(state, s);
    if (result.refused()) return result;
    state = result.next;
    definition::commit(facts, m, e);
    return result;
  }
};

constexpr auto none = content::none;
constexpr auto sdp = content::sdp;

constexpr agent in_session() {
  agent a;
  (void)a.take(request(out, method::invite, 1, sdp));
  (void)a.take(answer(in_, 200, method::invite, 1, sdp));
  (void)a.take(request(out, method::ack, 1, none));
  a.reinvites = true;
  return a;
}
static_assert(in_session().state == agreed);

BOOST_AUTO_TEST_CASE(crossing_updates_are_both_turned_down_and_the_session_stays_figure_14) {
  auto a = in_session();
  BOOST_TEST(!a.take(request(out, method::update, 2, sdp)).refused());
  BOOST_TEST(a.take(request(in_, method::update, 7, sdp)).does.has(answer_491));
  (void)a.take(answer(out, 491, method::update, 7, none));
  BOOST_TEST((a.state == our_offer));
  BOOST_TEST(a.take(answer(in_, 491, method::update, 2, none)).does.has(restore_session));
  BOOST_TEST((a.state == agreed));
}

BOOST_AUTO_TEST_CASE(a_second_update_is_answered_500_and_the_first_is_still_to_be_answered_5_2) {
  auto a = in_session();
  (void)a.take(request(in_, method::update, 7, sdp));
  auto const second = a.take(request(in_, method::update, 8, sdp));
  BOOST_TEST(second.does.has(answer_500_retry_after));
  (void)a.take(answer(out, 500, method::update, 8, none));
  BOOST_TEST((a.state == their_offer));
  BOOST_TEST(a.take(answer(out, 200, method::update, 7, none)).refused());
  BOOST_TEST(!a.take(answer(out, 200, method::update, 7, sdp)).refused());
  BOOST_TEST((a.state == agreed));
}

BOOST_AUTO_TEST_CASE(an_update_without_a_description_is_no_offer_6337_2_2) {
  auto a = in_session();
  BOOST_TEST(!a.take(request(out, method::update, 2, none)).known());
  BOOST_TEST((a.state == agreed));
  BOOST_TEST(!a.take(answer(in_, 200, method::update, 2, none)).known());
  // The answer to an empty UPDATE does not stand for that to an offer.
  (void)a.take(request(in_, method::update, 7, none));
  (void)a.take(request(in_, method::update, 8, sdp));
  BOOST_TEST(!a.take(answer(out, 200, method::update, 7, none)).refused());
  BOOST_TEST((a.state == their_offer));
}

BOOST_AUTO_TEST_CASE(a_crossing_reinvite_turned_down_leaves_our_own_pending_14_2) {
  auto a = in_session();
  (void)a.take(request(out, method::invite, 2, sdp));
  BOOST_TEST(a.take(request(in_, method::invite, 7, sdp)).does.has(answer_491));
  (void)a.take(answer(out, 491, method::invite, 7, none));
  BOOST_TEST((a.state == sent_offer));
  (void)a.take(answer(in_, 491, method::invite, 2, none));
  BOOST_TEST((a.state == agreed));
}

BOOST_AUTO_TEST_CASE(a_second_invite_turned_down_leaves_the_first_pending_14_2) {
  auto a = in_session();
  (void)a.take(request(in_, method::invite, 7, sdp));
  BOOST_TEST(a.take(request(in_, method::invite, 8, sdp)).does.has(answer_500_retry_after));
  (void)a.take(answer(out, 500, method::invite, 8, none));
  BOOST_TEST((a.state == received_offer));
  (void)a.take(answer(out, 200, method::invite, 7, sdp));
  BOOST_TEST((a.state == agreed));
}

BOOST_AUTO_TEST_CASE(crossing_cases_of_figures_4_to_8_are_answered_as_table_3_says) {
  // Figure 6: UPDATE overtakes the PRACK with the answer.
  auto a = in_session();
  (void)a.take(request(in_, method::invite, 7, none));
  (void)a.take(answer(out, 183, method::invite, 7, sdp, mark::reliable));
  BOOST_TEST(a.take(request(in_, method::update, 9, sdp)).does.has(answer_500_retry_after));
  (void)a.take(answer(out, 500, method::update, 9, none));
  (void)a.take(request(in_, method::prack, 8, sdp));
  BOOST_TEST((a.state == received_complete));
  BOOST_TEST(!a.take(answer(out, 200, method::prack, 8, none)).refused());
  // Figures 7 and 8: UPDATE overtakes the answer in the response.
  auto b = in_session();
  (void)b.take(request(out, method::invite, 2, sdp));
  auto const crossing = b.take(request(in_, method::update, 7, sdp));
  BOOST_TEST(crossing.does.has(answer_491));
  BOOST_TEST((crossing.kind() == row_kind::race));
  (void)b.take(answer(out, 491, method::update, 7, none));
  (void)b.take(answer(in_, 200, method::invite, 2, sdp));
  BOOST_TEST((b.state == agreed));
  // Table 3, 2xx-INV / ACK / UPDATE: UPDATE overtakes the ACK with the answer.
  auto c = in_session();
  (void)c.take(request(in_, method::invite, 7, none));
  (void)c.take(answer(out, 200, method::invite, 7, sdp));
  BOOST_TEST(c.take(request(in_, method::update, 8, sdp)).does.has(answer_500_retry_after));
  (void)c.take(request(in_, method::ack, 7, sdp));
  BOOST_TEST((c.state == agreed));
}

BOOST_AUTO_TEST_CASE(a_failed_reinvite_restores_the_session_after_any_exchange_6337_3_4) {
  auto a = in_session();
  (void)a.take(request(out, method::invite, 2, sdp));
  (void)a.take(answer(in_, 183, method::invite, 2, sdp, mark::reliable));
  (void)a.take(request(out, method::prack, 3, none));
  (void)a.take(request(out, method::update, 4, sdp));
  (void)a.take(answer(in_, 200, method::update, 4, sdp));
  BOOST_TEST((a.state == sent_complete));
  BOOST_TEST(a.take(answer(in_, 488, method::invite, 2, none)).does.has(restore_session));
  BOOST_TEST((a.state == agreed));
}

BOOST_AUTO_TEST_CASE(a_failed_first_invite_leaves_nothing_for_the_next_13_2_2_3) {
  agent a;
  (void)a.take(request(out, method::invite, 1, sdp));
  (void)a.take(answer(in_, 183, method::invite, 1, sdp, mark::reliable));
  (void)a.take(request(out, method::prack, 2, sdp));
  (void)a.take(answer(in_, 401, method::invite, 1, none));
  BOOST_TEST((a.state == no_session));
  BOOST_TEST((a.facts.our_request == subject::none));
  BOOST_TEST((a.facts.invite_way == direction::none));
  BOOST_TEST(!a.take(request(out, method::invite, 3, sdp)).refused());
  BOOST_TEST((a.state == sent_offer));
}

BOOST_AUTO_TEST_CASE(an_offer_in_an_update_is_answered_though_the_invite_has_failed_3311_5_2) {
  agent a;
  (void)a.take(request(out, method::invite, 1, sdp));
  (void)a.take(answer(in_, 183, method::invite, 1, sdp, mark::reliable));
  (void)a.take(request(out, method::prack, 2, none));
  (void)a.take(request(in_, method::update, 7, sdp));
  (void)a.take(answer(in_, 487, method::invite, 1, none));
  BOOST_TEST((a.state == no_session));
  agent b = a;
  BOOST_TEST(b.take(answer(out, 200, method::update, 7, none)).refused());
  BOOST_TEST(!b.take(answer(out, 488, method::update, 7, none)).refused());
  BOOST_TEST(!a.take(answer(out, 200, method::update, 7, sdp)).refused());
  BOOST_TEST((a.state == no_session));
  // It answered the one offer there was.
  BOOST_TEST(a.take(answer(out, 200, method::update, 8, sdp)).refused());
}

BOOST_AUTO_TEST_CASE(an_offer_in_a_prack_is_answered_though_the_invite_has_failed_3262_5) {
  agent a;
  (void)a.take(request(in_, method::invite, 1, sdp));
  (void)a.take(answer(out, 183, method::invite, 1, sdp, mark::reliable));
  (void)a.take(request(in_, method::prack, 2, sdp));
  (void)a.take(answer(out, 486, method::invite, 1, none));
  agent b = a;
  BOOST_TEST(b.take(answer(out, 200, method::prack, 2, none)).refused());
  BOOST_TEST(!a.take(answer(out, 200, method::prack, 2, sdp)).refused());
  BOOST_TEST((a.state == no_session));
}

BOOST_AUTO_TEST_CASE(what_a_failed_invite_left_is_gone_with_the_next_invite_13_2_2_3) {
  agent a;
  (void)a.take(request(out, method::invite, 1, sdp));
  (void)a.take(answer(in_, 183, method::invite, 1, sdp, mark::reliable));
  (void)a.take(request(out, method::prack, 2, none));
  (void)a.take(request(in_, method::update, 7, sdp));
  (void)a.take(answer(in_, 401, method::invite, 1, none));
  (void)a.take(request(out, method::invite, 3, sdp));
  BOOST_TEST((a.facts.their_request == subject::none));
  (void)a.take(answer(in_, 183, method::invite, 3, sdp, mark::reliable));
  (void)a.take(request(out, method::prack, 4, none));
  (void)a.take(request(in_, method::update, 9, sdp));
  BOOST_TEST((a.facts.their_request == subject::update));
  (void)a.take(answer(in_, 486, method::invite, 3, none));
  BOOST_TEST((a.state == no_session));
}

BOOST_AUTO_TEST_CASE(the_prack_for_another_response_is_not_that_for_the_description_3262_5) {
  agent a;
  (void)a.take(request(in_, method::invite, 1, sdp));
  auto described = answer(out, 183, method::invite, 1, sdp, mark::reliable);
  described.rseq = 12;
  auto bare = answer(out, 183, method::invite, 1, none, mark::reliable);
  bare.rseq = 11;
  (void)a.take(bare);
  (void)a.take(described);
  auto p = request(in_, method::prack, 2, none);
  p.rack = 11;
  (void)a.take(p);
  BOOST_TEST((a.state == received_answered));
  BOOST_TEST(a.take(request(out, method::update, 1, sdp)).refused());
  p.cseq = 3;
  p.rack = 12;
  (void)a.take(p);
  BOOST_TEST((a.state == received_complete));
  BOOST_TEST(!a.take(request(out, method::update, 1, sdp)).refused());
}

BOOST_AUTO_TEST_CASE(the_answer_in_a_prack_that_is_rejected_has_to_be_sent_again_3262_5) {
  for (auto way : {out, in_})
    for (std::uint16_t status : {401, 407, 500}) {
      auto const back = way == out ? in_ : out;
      agent a;
      (void)a.take(request(way, method::invite, 1, none));
      (void)a.take(answer(back, 183, method::invite, 1, sdp, mark::reliable));
      (void)a.take(request(way, method::prack, 2, sdp));
      BOOST_TEST((a.state == (way == out ? sent_complete : received_complete)));
      // A response to another PRACK says nothing of it.
      (void)a.take(answer(back, status, method::prack, 9, none));
      BOOST_TEST((a.state == (way == out ? sent_complete : received_complete)));
      (void)a.take(answer(back, status, method::prack, 2, none));
      BOOST_TEST((a.state == (way == out ? sent_offered : received_offered)));
      auto const bare = a.take(request(way, method::prack, 3, none));
      BOOST_TEST((bare.refused() || bare.kind() == row_kind::peer_violation));
      BOOST_TEST(!a.take(request(way, method::prack, 4, sdp)).refused());
      (void)a.take(answer(back, 200, method::prack, 4, none));
      BOOST_TEST((a.state == (way == out ? sent_complete : received_complete)));
      BOOST_TEST(!a.take(answer(back, 200, method::invite, 1, none)).refused());
      BOOST_TEST((a.state == agreed));
    }
}

BOOST_AUTO_TEST_CASE(a_prack_for_the_answer_that_is_rejected_is_due_again_6337_2_3) {
  for (auto way : {out, in_})
    for (auto first : {none, sdp})
      for (auto second : {none, sdp}) {
        auto const back = way == out ? in_ : out;
        agent a;
        (void)a.take(request(way, method::invite, 1, sdp));
        (void)a.take(answer(back, 183, method::invite, 1, sdp, mark::reliable));
        (void)a.take(request(way, method::prack, 2, first));
        auto const step = a.take(answer(back, 488, method::prack, 2, none));
        BOOST_TEST(step.does.has(restore_session) == (first == sdp));
        BOOST_TEST((a.state == (way == out ? sent_answered : received_answered)));
        BOOST_TEST(!a.take(request(way, method::prack, 3, second)).refused());
        BOOST_TEST(!a.take(answer(back, 200, method::prack, 3, second)).refused());
        BOOST_TEST((a.state == (way == out ? sent_complete : received_complete)));
      }
}

BOOST_AUTO_TEST_CASE(after_a_481_there_is_nothing_to_acknowledge_3262_3) {
  agent a;
  (void)a.take(request(out, method::invite, 1, sdp));
  (void)a.take(answer(in_, 183, method::invite, 1, sdp, mark::reliable));
  (void)a.take(request(out, method::prack, 2, none));
  auto const gone = answer(in_, 481, method::prack, 2, none);
  call_event e{gone.event};
  e.phase = phase::failure;
  BOOST_TEST((definition::correct(definition::project(e), gone, e, a.facts) ==
              ctsip::outside<definition::symbol>));
}

BOOST_AUTO_TEST_CASE(an_update_that_was_turned_down_takes_no_answer_away_6337_4_3) {
  // It came before our PRACK and is answered after it.
  agent a;
  (void)a.take(request(out, method::invite, 1, sdp));
  (void)a.take(answer(in_, 183, method::invite, 1, sdp, mark::reliable));
  BOOST_TEST(a.take(request(in_, method::update, 7, sdp)).does.has(answer_491));
  (void)a.take(request(out, method::prack, 2, none));
  (void)a.take(answer(out, 491, method::update, 7, none));
  BOOST_TEST((a.state == sent_complete));
}

BOOST_AUTO_TEST_CASE(a_prack_with_an_offer_overtaken_by_the_2xx_to_invite_is_still_answered) {
  agent a;
  (void)a.take(request(out, method::invite, 1, sdp));
  (void)a.take(answer(in_, 183, method::invite, 1, sdp, mark::reliable));
  (void)a.take(request(out, method::prack, 2, sdp));
  (void)a.take(answer(in_, 200, method::invite, 1, none));
  BOOST_TEST((a.state == our_offer));
  (void)a.take(answer(in_, 200, method::prack, 2, sdp));
  BOOST_TEST((a.state == agreed));
}

BOOST_AUTO_TEST_CASE(a_2xx_that_lacks_the_answer_is_acknowledged_and_the_call_ended_13_3_1_4) {
  agent a;
  (void)a.take(request(out, method::invite, 1, sdp));
  auto const step = a.take(answer(in_, 200, method::invite, 1, none));
  BOOST_TEST((step.kind() == row_kind::peer_violation));
  BOOST_TEST(step.does.has(acknowledge_and_bye));
  BOOST_TEST(!a.take(request(out, method::ack, 1, none)).refused());
}

BOOST_AUTO_TEST_CASE(bodies_that_are_not_modelled_are_not_judged) {
  for (unsigned s = 0; s < 8; ++s)
    for (auto p : {phase::request, phase::request_with_100rel, phase::provisional, phase::reliable,
                   phase::success, phase::success_again, phase::stale_request})
      for (auto way : {out, in_}) {
        call_event const e{way, static_cast<subject>(s), p, content::unspecified};
        bool const ends = e.ends_session();
        BOOST_TEST((definition::project(e) ==
                    (ends ? session_ended : ctsip::outside<definition::symbol>)));
      }
}

BOOST_AUTO_TEST_CASE(what_repeats_or_is_out_of_order_carries_nothing) {
  for (auto s : {subject::invite, subject::reinvite})
    for (auto p : {phase::trying, phase::reliable_again, phase::reliable_gap, phase::success_again,
                   phase::early_dialog_ended, phase::stale_request})
      for (auto way : {out, in_})
        BOOST_TEST((definition::project(call_event{way, s, p, content::sdp}) ==
                    ctsip::outside<definition::symbol>));
  for (auto s : {subject::ack, subject::prack})
    BOOST_TEST((definition::project(call_event{in_, s, phase::stray_request, content::sdp}) ==
                ctsip::outside<definition::symbol>));
  BOOST_TEST((definition::project(call_event{in_, subject::invite, phase::provisional, sdp}) ==
              ctsip::outside<definition::symbol>));
}

BOOST_AUTO_TEST_CASE(every_end_of_the_usage_ends_the_exchange_5057_5_1) {
  using ctsip::outside;
  for (auto s : {subject::bye, subject::reinvite, subject::prack, subject::update, subject::other})
    for (auto p : {phase::ends_usage, phase::ends_dialog})
      for (auto way : {out, in_})
        BOOST_TEST((definition::project(call_event{way, s, p}) == session_ended));
  auto a = in_session();
  (void)a.take(request(out, method::update, 2, sdp));
  (void)a.take(request(in_, method::bye, 7, none));
  (void)a.take(answer(out, 401, method::bye, 7, none));
  BOOST_TEST((a.state != ended)); // it was rejected (RFC 3261 12.2.2)
  (void)a.take(answer(out, 200, method::bye, 8, none));
  BOOST_TEST((a.state == ended));
  BOOST_TEST(!a.take(answer(in_, 200, method::update, 2, none)).refused());
  BOOST_TEST((a.state == ended));
}

BOOST_AUTO_TEST_CASE(after_an_early_bye_and_its_487_a_2xx_needs_its_answer_again_15_1_2) {
  agent b;
  (void)b.take(request(in_, method::invite, 1, sdp));
  (void)b.take(answer(out, 200, method::bye, 2, none));
  (void)b.take(answer(out, 487, method::invite, 1, none));
  BOOST_TEST((b.state == no_session));
  (void)b.take(request(in_, method::invite, 3, sdp));
  BOOST_TEST(b.take(answer(out, 200, method::invite, 3, none)).refused());
  (void)b.take(answer(out, 200, method::invite, 3, sdp));
  (void)b.take(answer(out, 200, method::bye, 4, none));
  (void)b.take(answer(out, 487, method::invite, 3, none));
  BOOST_TEST((b.state == ended));
}

BOOST_AUTO_TEST_CASE(an_invite_that_is_given_up_takes_its_offer_along_9_1) {
  for (auto t : {ctsip::timer::cancel_timeout, ctsip::timer::ack_retransmission}) {
    call_message fired;
    fired.event = ctsip::timer_event(t);
    agent a;
    (void)a.take(request(out, method::invite, 1, sdp));
    (void)a.take(fired);
    BOOST_TEST((a.state == no_session));
    BOOST_TEST((a.facts.invite_way == direction::none));
    // It says nothing of a re-INVITE, nor of the peer's INVITE.
    auto b = in_session();
    (void)b.take(request(out, method::invite, 2, sdp));
    (void)b.take(fired);
    BOOST_TEST((b.state == sent_offer));
    agent c;
    (void)c.take(request(in_, method::invite, 1, sdp));
    (void)c.take(fired);
    BOOST_TEST((c.state == received_offer));
  }
}

BOOST_AUTO_TEST_CASE(the_ack_of_an_earlier_invite_answers_no_later_offer_13_2_2_4) {
  agent b;
  (void)b.take(request(in_, method::invite, 1, sdp));
  (void)b.take(answer(out, 200, method::invite, 1, sdp));
  b.reinvites = true;
  (void)b.take(request(in_, method::invite, 2, none)); // has overtaken the ACK
  (void)b.take(answer(out, 200, method::invite, 2, sdp));
  BOOST_TEST(!b.take(request(in_, method::ack, 1, none)).known());
  BOOST_TEST((b.state == received_ack_due));
  // One that is turned down before that ACK has come does not take its place.
  (void)b.take(request(in_, method::invite, 3, sdp));
  (void)b.take(answer(out, 500, method::invite, 3, none));
  BOOST_TEST(b.take(request(in_, method::ack, 2, sdp)).does.has(apply_session));
  BOOST_TEST((b.state == agreed));
}

BOOST_AUTO_TEST_CASE(a_prack_that_crosses_the_failure_of_its_reinvite_is_no_breach_3262_3) {
  auto a = in_session();
  (void)a.take(request(in_, method::invite, 501, none));
  (void)a.take(answer(out, 183, method::invite, 501, sdp, mark::reliable));
  (void)a.take(answer(out, 603, method::invite, 501, none));
  auto const late = a.take(request(in_, method::prack, 502, sdp));
  BOOST_TEST((late.kind() == row_kind::race));
  BOOST_TEST(late.does.has(answer_488));
}

BOOST_AUTO_TEST_CASE(an_update_that_overtakes_the_failure_of_a_reinvite_is_no_breach_6337_4_3) {
  auto b = in_session();
  (void)b.take(request(out, method::invite, 501, none));
  (void)b.take(answer(in_, 183, method::invite, 501, sdp, mark::reliable));
  auto const early = b.take(request(in_, method::update, 2, sdp)); // after its 488
  BOOST_TEST((early.kind() == row_kind::race));
  BOOST_TEST(early.does.has(answer_491));
}

BOOST_AUTO_TEST_CASE(turning_their_update_down_leaves_our_own_offer_open_3311_5_2) {
  auto b = in_session();
  (void)b.take(request(out, method::invite, 501, sdp));
  (void)b.take(request(in_, method::update, 2, sdp)); // to be answered 491
  (void)b.take(answer(in_, 488, method::invite, 501, none));
  (void)b.take(request(out, method::update, 502, sdp));
  BOOST_TEST((b.state == our_offer));
  (void)b.take(answer(out, 491, method::update, 2, none));
  BOOST_TEST((b.state == our_offer));
  (void)b.take(answer(in_, 491, method::update, 502, none));
  BOOST_TEST((b.state == agreed));
}

BOOST_AUTO_TEST_CASE(the_answer_may_be_sent_again_while_an_update_offers_3262_5) {
  for (bool ours : {false, true})
    for (bool answered_first : {false, true}) {
      auto const way = ours ? out : in_;
      auto const back = ours ? in_ : out;
      agent a;
      (void)a.take(request(out, method::invite, 1, none));
      (void)a.take(answer(in_, 183, method::invite, 1, sdp, mark::reliable));
      (void)a.take(request(out, method::prack, 2, sdp));
      (void)a.take(request(way, method::update, 3, sdp));
      (void)a.take(answer(in_, 407, method::prack, 2, none));
      if (answered_first) (void)a.take(answer(back, 200, method::update, 3, sdp));
      BOOST_TEST(!a.take(request(out, method::prack, 4, sdp)).refused());
      (void)a.take(answer(in_, 200, method::prack, 4, none));
      if (!answered_first) (void)a.take(answer(back, 200, method::update, 3, sdp));
      BOOST_TEST((a.state == sent_complete));
      // Once taken, it is not to be repeated.
      BOOST_TEST(a.take(request(out, method::prack, 5, sdp)).refused());
    }
}

BOOST_AUTO_TEST_CASE(in_a_composition_a_refusal_names_sentence_and_moves_nothing) {
  call c;
  auto m = request(out, method::invite, 1, none);
  BOOST_TEST(!c.process(m).refused());
  BOOST_TEST(!c.at_rest());
  m = answer(in_, 200, method::invite, 1, sdp, mark::sdp);
  BOOST_TEST(!c.process(m).refused());
  m = request(out, method::ack, 1, none);
  BOOST_TEST(std::string(c.explain(m).sentence) ==
             "ACK without the answer to the offer in the 2xx");
  BOOST_TEST(c.process(m).refused());
  BOOST_TEST(c.is<definition>(sent_ack_due));
  m = request(out, method::ack, 1, sdp, mark::sdp);
  BOOST_TEST(!c.process(m).refused());
  BOOST_TEST(c.at_rest());
}

BOOST_AUTO_TEST_SUITE_END()
