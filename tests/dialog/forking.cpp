// One INVITE, several dialogs. Expectations from RFC
// 3261 9.1, 12.1, 12.3, 13.2.2.4, 14.1 and RFC 6228.
#include <ctsip/dialog/forking.hpp>

#include <ctsip/dialog/call.hpp>

#include <cstring>
#include <string>

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(dialog_forking)

using ctsip::call_message;
using ctsip::content;
using ctsip::dialog;
using ctsip::direction;
using ctsip::invite_usage;
using ctsip::mark;
using ctsip::method;
using rules = ctsip::uac_call;
using call = ctsip::forking<rules, 3>;

constexpr ctsip::dialog_tag ann = 11, ben = 22, cid = 33, dan = 44;

constexpr call_message sent(method m, std::uint32_t cseq, content c = content::none) {
  bool const within = m != method::invite && m != method::cancel;
  return {.event = ctsip::request_event(direction::sent, m, within ? mark::to_tag : mark::none),
          .cseq = cseq,
          .content = c};
}
constexpr call_message received(method m, std::uint32_t cseq, content c = content::none) {
  auto result = sent(m, cseq, c);
  result.event.way = direction::received;
  return result;
}
constexpr call_message got(std::uint16_t status, std::uint32_t cseq = 1, content c = content::none,
                           method m = method::invite) {
  return {.event = ctsip::response_event(direction::received, status, m, mark::to_tag),
          .cseq = cseq,
          .content = c};
}
constexpr call_message answered(std::uint16_t status, std::uint32_t cseq = 1,
                                content c = content::none, method m = method::invite) {
  auto result = got(status, cseq, c, m);
  result.event.way = direction::sent;
  return result;
}
constexpr call_message reinvite(std::uint32_t cseq) {
  auto result = sent(method::invite, cseq, content::sdp);
  result.event.marks = mark::to_tag;
  return result;
}
constexpr call_message fired(ctsip::timer t) { return {.event = ctsip::timer_event(t)}; }

constexpr auto sdp = content::sdp;

// One that has called, and `early` responses.
template <class Call = call>
constexpr Call calling() {
  Call c;
  (void)c.process(sent(method::invite, 1, sdp));
  return c;
}
constexpr call ringing_at_two() {
  auto c = calling();
  (void)c.process(got(180), ann);
  (void)c.process(got(183), ben);
  return c;
}

// The bytes of a call, to see that nothing has moved.
template <class Call>
struct bytes {
  unsigned char of[sizeof(Call)];
  explicit bytes(Call const& c) { std::memcpy(of, &c, sizeof c); }
  bool are_those_of(Call const& c) const { return std::memcmp(of, &c, sizeof c) == 0; }
};
template <class Call>
bytes(Call const&) -> bytes<Call>;

BOOST_AUTO_TEST_CASE(an_invite_makes_a_trunk_and_no_dialog) {
  call c;
  BOOST_TEST(c.size() == 0u);
  auto const s = c.process(sent(method::invite, 1, sdp));
  BOOST_TEST(!s.refused());
  BOOST_TEST(!s.no_room);
  BOOST_TEST(int(s.dialog) == int(call::trunk_index));
  BOOST_TEST(c.size() == 0u);
  BOOST_TEST(c.trunk().is<invite_usage>(invite_usage::inviting));
}

BOOST_AUTO_TEST_CASE(a_100_or_a_response_without_a_tag_makes_no_dialog_by_rfc_3261_12_1) {
  auto c = calling();
  BOOST_TEST(int(c.process(got(100), ann).dialog) == int(call::trunk_index));
  BOOST_TEST(int(c.process(got(180)).dialog) == int(call::trunk_index));
  BOOST_TEST(c.size() == 0u);
}

BOOST_AUTO_TEST_CASE(each_new_tag_makes_an_early_dialog_by_rfc_3261_12_1) {
  auto c = calling();
  auto s = c.process(got(180), ann);
  BOOST_TEST(int(s.dialog) == 0);
  BOOST_TEST((s.of_dialog.does<dialog>().has(dialog::establish_dialog)));
  s = c.process(got(183), ben);
  BOOST_TEST(int(s.dialog) == 1);
  BOOST_TEST((s.of_dialog.does<dialog>().has(dialog::establish_dialog)));
  s = c.process(got(180), ann);
  BOOST_TEST(int(s.dialog) == 0);
  BOOST_TEST(!(s.of_dialog.does<dialog>().has(dialog::establish_dialog)));
  BOOST_TEST(c.size() == 2u);
  BOOST_TEST(c.tag(0) == ann);
  BOOST_TEST(c.tag(1) == ben);
  BOOST_TEST(int(c.find(ben)) == 1);
  BOOST_TEST(int(c.find(cid)) == int(call::trunk_index));
  BOOST_TEST(c[0].is<dialog>(dialog::early));
  BOOST_TEST(c[1].is<dialog>(dialog::early));
  BOOST_TEST(c.trunk().is<dialog>(dialog::none));
  BOOST_TEST(&c.at(1) == &c[1]);
  BOOST_TEST(&c.at(call::trunk_index) == &c.trunk());
}

BOOST_AUTO_TEST_CASE(two_2xx_are_each_acknowledged_once_by_rfc_3261_13_2_2_4) {
  auto c = ringing_at_two();
  for (auto tag : {ann, ben}) {
    auto const s = c.process(got(200, 1, sdp), tag);
    BOOST_TEST((s.of_dialog.does<invite_usage>().has(invite_usage::send_ack)));
    BOOST_TEST(c.at(s.dialog).is<dialog>(dialog::confirmed));
  }
  BOOST_TEST(!c.process(sent(method::ack, 1), ben).refused());
  BOOST_TEST(c.judge(sent(method::ack, 1), ben).refused());
  BOOST_TEST(!c.process(sent(method::ack, 1), ann).refused());
  BOOST_TEST(c.judge(sent(method::ack, 1), ann).refused());
  // The one that is not wanted is released.
  BOOST_TEST(!c.process(sent(method::bye, 2), ben).refused());
  BOOST_TEST(c[0].is<invite_usage>(invite_usage::established));
  BOOST_TEST(c[1].is<invite_usage>(invite_usage::bye_sent));
  // Each dialog counts for itself (12.2.1.1).
  BOOST_TEST(!c.process(sent(method::info, 2), ann).refused());
}

BOOST_AUTO_TEST_CASE(a_2xx_may_be_the_first_response_of_its_dialog_by_rfc_3261_13_2_2_4) {
  auto c = ringing_at_two();
  (void)c.process(got(200, 1, sdp), ann);
  auto const s = c.process(got(200, 1, sdp), cid);
  BOOST_TEST(int(s.dialog) == 2);
  BOOST_TEST((s.of_dialog.does<dialog>().has(dialog::establish_dialog)));
  BOOST_TEST((s.of_dialog.does<invite_usage>().has(invite_usage::send_ack)));
  BOOST_TEST(!c.process(sent(method::ack, 1), cid).refused());
}

BOOST_AUTO_TEST_CASE(a_2xx_that_comes_again_is_acknowledged_again_in_its_dialog) {
  auto c = ringing_at_two();
  (void)c.process(got(200, 1, sdp), ann);
  (void)c.process(sent(method::ack, 1), ann);
  auto const s = c.process(got(200, 1, sdp), ann);
  BOOST_TEST(int(s.dialog) == 0);
  BOOST_TEST((s.of_dialog.does<invite_usage>().has(invite_usage::send_ack)));
  BOOST_TEST(!c.process(sent(method::ack, 1), ann).refused());
}

BOOST_AUTO_TEST_CASE(a_failure_ends_all_early_dialogs_by_rfc_3261_12_3) {
  for (std::uint16_t status : {302, 404, 408, 486, 487, 503, 603}) {
    auto c = ringing_at_two();
    auto const s = c.process(got(status), cid);
    BOOST_TEST(!s.refused());
    BOOST_TEST(c[0].is<dialog>(dialog::none));
    BOOST_TEST(c[1].is<dialog>(dialog::none));
    BOOST_TEST(c.trunk().is<invite_usage>(invite_usage::idle));
    BOOST_TEST(c.trunk().at_rest());
    BOOST_TEST(c[0].at_rest());
    BOOST_TEST(c[1].at_rest());
    BOOST_TEST(c.judge(sent(method::bye, 2), ann).refused());
  }
}

BOOST_AUTO_TEST_CASE(a_199_ends_one_early_dialog_by_rfc_6228_4) {
  auto c = ringing_at_two();
  auto const s = c.process(got(199), ann);
  BOOST_TEST(int(s.dialog) == 0);
  BOOST_TEST((s.of_dialog.does<dialog>().has(dialog::end_dialog)));
  BOOST_TEST(c[0].is<dialog>(dialog::released));
  BOOST_TEST(c[1].is<dialog>(dialog::early));
  BOOST_TEST(c.judge(sent(method::bye, 2), ann).refused());
  BOOST_TEST(!c.judge(sent(method::bye, 2), ben).refused());
  auto failed = c;
  (void)failed.process(got(486), ben);
  BOOST_TEST(failed[0].is<dialog>(dialog::none));
  BOOST_TEST((
      c.process(got(200, 1, sdp), ben).of_dialog.does<invite_usage>().has(invite_usage::send_ack)));
}

BOOST_AUTO_TEST_CASE(a_cancel_waits_for_a_provisional_response_by_rfc_3261_9_1) {
  auto c = calling();
  BOOST_TEST(c.judge(sent(method::cancel, 1)).refused());
  BOOST_TEST(c.judge(sent(method::cancel, 1)).of_dialog.waits());
  (void)c.process(got(100));
  BOOST_TEST(!c.judge(sent(method::cancel, 1)).refused());

  c = calling();
  (void)c.process(got(180), ann); // any dialog's will do
  BOOST_TEST(!c.process(sent(method::cancel, 1)).refused());
  BOOST_TEST(c.judge(sent(method::cancel, 1)).refused());
  BOOST_TEST(!c.judge(sent(method::cancel, 1)).of_dialog.waits());
}

BOOST_AUTO_TEST_CASE(a_cancel_is_one_for_all_dialogs_by_rfc_3261_9_1) {
  auto c = ringing_at_two();
  BOOST_TEST(!c.process(sent(method::cancel, 1)).refused());
  BOOST_TEST(!c.process(got(200, 1, content::none, method::cancel)).refused());
  for (std::size_t i = 0; i < 2; ++i)
    BOOST_TEST(c[i].is<ctsip::cancellation>(ctsip::cancellation::cancelled));
  // A dialog that appears later is of the cancelled INVITE as well.
  auto const late = c.process(got(200, 1, sdp), cid);
  BOOST_TEST(
      (late.of_dialog.does<ctsip::cancellation>().has(ctsip::cancellation::acknowledge_and_bye)));
  BOOST_TEST(!c.process(got(487), ann).refused());
  BOOST_TEST(c[0].is<dialog>(dialog::none));
}

BOOST_AUTO_TEST_CASE(no_cancel_after_a_final_response_in_any_dialog_by_rfc_3261_9_1) {
  auto c = ringing_at_two();
  (void)c.process(got(200, 1, sdp), ben);
  bytes const before{c};
  auto const s = c.process(sent(method::cancel, 1));
  BOOST_TEST(s.refused());
  BOOST_TEST(int(s.dialog) == 1); // the one that refuses
  BOOST_TEST(before.are_those_of(c));
  BOOST_TEST(std::string(c.at(s.dialog).explain(sent(method::cancel, 1)).clause) ==
             "RFC 3261 9.1, RFC 5407 3.1.2");
}

BOOST_AUTO_TEST_CASE(a_bye_in_an_early_dialog_leaves_the_others_by_rfc_3261_15) {
  auto c = ringing_at_two();
  BOOST_TEST(!c.process(sent(method::bye, 2), ann).refused());
  BOOST_TEST(c[0].is<dialog>(dialog::early_ended));
  BOOST_TEST(c[1].is<dialog>(dialog::early));
  BOOST_TEST(!c.process(got(200, 2, content::none, method::bye), ann).refused());
  BOOST_TEST((
      c.process(got(200, 1, sdp), ben).of_dialog.does<invite_usage>().has(invite_usage::send_ack)));
  BOOST_TEST(!c.process(sent(method::ack, 1), ben).refused());
  BOOST_TEST(c[1].is<invite_usage>(invite_usage::established));
}

BOOST_AUTO_TEST_CASE(a_tag_that_finds_no_room_is_told_and_moves_nothing) {
  using narrow = ctsip::forking<rules, 1>;
  auto c = calling<narrow>();
  (void)c.process(got(180), ann);
  bytes const before{c};
  for (std::uint16_t status : {180, 183, 199, 200}) {
    auto const s = c.process(got(status, 1, sdp), ben);
    BOOST_TEST(s.no_room);
    BOOST_TEST(!s.refused());
    BOOST_TEST(before.are_those_of(c));
  }
  BOOST_TEST(!c.process(got(200, 1, sdp), ann).no_room);
  // A failure needs no room.
  c = calling<narrow>();
  (void)c.process(got(180), ann);
  BOOST_TEST(!c.process(got(486), ben).no_room);
  BOOST_TEST(c[0].is<dialog>(dialog::none));
}

BOOST_AUTO_TEST_CASE(there_is_room_for_as_many_dialogs_as_was_said) {
  auto c = calling();
  for (auto tag : {ann, ben, cid}) BOOST_TEST(!c.process(got(180), tag).no_room);
  BOOST_TEST(c.size() == call::capacity);
  BOOST_TEST(c.process(got(180), dan).no_room);
  BOOST_TEST(c.size() == call::capacity);
}

constexpr call talking_to_ann() {
  auto c = calling();
  (void)c.process(got(200, 1, sdp), ann);
  (void)c.process(sent(method::ack, 1), ann);
  return c;
}

BOOST_AUTO_TEST_CASE(a_reinvite_goes_to_its_dialog_by_rfc_3261_14_1) {
  auto c = talking_to_ann();
  BOOST_TEST(int(c.process(reinvite(2), ann).dialog) == 0);
  BOOST_TEST(c.size() == 1u);
  BOOST_TEST(c[0].is<invite_usage>(invite_usage::reinviting));
  auto const s = c.process(got(200, 2, sdp), ann);
  BOOST_TEST(int(s.dialog) == 0);
  BOOST_TEST((s.of_dialog.does<invite_usage>().has(invite_usage::send_ack)));
  BOOST_TEST(!c.process(sent(method::ack, 2), ann).refused());
  BOOST_TEST(c[0].is<invite_usage>(invite_usage::established));
}

BOOST_AUTO_TEST_CASE(a_failed_reinvite_leaves_its_dialog_by_rfc_3261_14_1) {
  auto c = talking_to_ann();
  (void)c.process(reinvite(2), ann);
  BOOST_TEST(!c.process(got(488, 2), ann).refused());
  BOOST_TEST(c[0].is<dialog>(dialog::confirmed));
  BOOST_TEST(c[0].is<invite_usage>(invite_usage::established));
  BOOST_TEST(!c.judge(reinvite(3), ann).refused());
}

BOOST_AUTO_TEST_CASE(an_invite_after_a_failure_begins_anew_by_rfc_3261_22_2) {
  for (std::uint16_t status : {401, 407, 422, 302, 491}) {
    auto c = ringing_at_two();
    (void)c.process(got(status), ann);
    BOOST_TEST(!c.process(sent(method::invite, 2, sdp)).refused());
    BOOST_TEST(c.size() == 0u);
    BOOST_TEST(c.judge(sent(method::cancel, 2)).refused());
    auto const s = c.process(got(180, 2), ann);
    BOOST_TEST(int(s.dialog) == 0);
    BOOST_TEST((s.of_dialog.does<dialog>().has(dialog::establish_dialog)));
    (void)c.process(got(200, 2, sdp), ann);
    BOOST_TEST(!c.process(sent(method::ack, 2), ann).refused());
    BOOST_TEST(c[0].at_rest());
  }
}

BOOST_AUTO_TEST_CASE(an_invite_that_is_tried_again_has_another_number_by_rfc_3261_8_1_3_5) {
  auto c = ringing_at_two();
  (void)c.process(got(401), ann);
  BOOST_TEST(c.judge(sent(method::invite, 1, sdp)).refused());
}

BOOST_AUTO_TEST_CASE(an_invite_beside_a_pending_one_is_refused_by_rfc_3261_14_1) {
  auto c = ringing_at_two();
  bytes const before{c};
  BOOST_TEST(c.process(sent(method::invite, 2, sdp)).refused());
  BOOST_TEST(before.are_those_of(c));
}

BOOST_AUTO_TEST_CASE(a_refusal_moves_no_dialog) {
  auto c = ringing_at_two();
  (void)c.process(got(200, 1, sdp), ann);
  bytes const before{c};
  for (auto const& m : {sent(method::bye, 2), sent(method::bye, 1), sent(method::ack, 9)})
    for (auto tag : {ann, ben, cid, ctsip::dialog_tag{}}) {
      if (!c.judge(m, tag).refused()) continue;
      BOOST_TEST(c.process(m, tag).refused());
      BOOST_TEST(before.are_those_of(c));
    }
}

BOOST_AUTO_TEST_CASE(judge_changes_nothing_and_says_what_process_does) {
  auto const c = ringing_at_two();
  bytes const before{c};
  for (auto const& m : {got(180), got(199), got(200, 1, sdp), got(486), sent(method::cancel, 1),
                        sent(method::bye, 2), received(method::bye, 7), sent(method::ack, 1)})
    for (auto tag : {ann, ben, cid, ctsip::dialog_tag{}}) {
      auto const judged = c.judge(m, tag);
      BOOST_TEST(before.are_those_of(c));
      auto copy = c;
      auto const taken = copy.process(m, tag);
      BOOST_TEST(judged.refused() == taken.refused());
      BOOST_TEST(judged.no_room == taken.no_room);
      BOOST_TEST(int(judged.dialog) == int(taken.dialog));
    }
}

BOOST_AUTO_TEST_CASE(dialogs_that_did_not_come_about_end_with_their_timer_by_rfc_3261_13_2_2_4) {
  auto c = ringing_at_two();
  auto const s = c.process(got(200, 1, sdp), ann);
  BOOST_TEST(
      (s.of_dialog.timers().starts >> static_cast<unsigned>(ctsip::timer::ack_retransmission) &
       1u) == 1u);
  (void)c.process(sent(method::ack, 1), ann);
  // It runs in the dialog that was accepted, and is to be told to each of the
  // others.
  auto const at_ann = c.process(fired(ctsip::timer::ack_retransmission), ann);
  BOOST_TEST((at_ann.of_dialog.does<invite_usage>().has(invite_usage::end_early_dialogs)));
  BOOST_TEST(c[0].is<dialog>(dialog::confirmed));
  BOOST_TEST(c[1].is<dialog>(dialog::early));
  auto const at_ben = c.process(fired(ctsip::timer::ack_retransmission), ben);
  BOOST_TEST((at_ben.of_dialog.does<dialog>().has(dialog::end_dialog)));
  BOOST_TEST(c[1].is<dialog>(dialog::none));
}

BOOST_AUTO_TEST_CASE(the_callee_speaks_for_its_own_dialog) {
  call c;
  (void)c.process(received(method::invite, 5, sdp));
  BOOST_TEST(c.trunk().is<invite_usage>(invite_usage::invited));
  BOOST_TEST(!c.process(answered(180, 5), ann).refused());
  BOOST_TEST(c.size() == 1u);
  BOOST_TEST(c[0].is<dialog>(dialog::early));
  BOOST_TEST(!c.process(answered(486, 5), ann).refused());
  BOOST_TEST(c[0].is<dialog>(dialog::none));
  BOOST_TEST(c.trunk().at_rest());
}

BOOST_AUTO_TEST_CASE(the_callee_answers_acknowledged_2xx_and_hangs_up_by_rfc_3261_15) {
  call c;
  (void)c.process(received(method::invite, 5, sdp));
  (void)c.process(answered(180, 5), ann);
  BOOST_TEST(!c.process(answered(200, 5, sdp), ann).refused());
  auto const early = c.judge(sent(method::bye, 1), ann);
  BOOST_TEST(early.refused());
  BOOST_TEST(early.of_dialog.waits());
  (void)c.process(received(method::ack, 5), ann);
  BOOST_TEST(!c.process(sent(method::bye, 1), ann).refused());
}

BOOST_AUTO_TEST_CASE(a_cancel_reaches_the_callee_wherever_it_is_by_rfc_3261_9_2) {
  for (bool early : {false, true}) {
    call c;
    (void)c.process(received(method::invite, 5, sdp));
    if (early) (void)c.process(answered(180, 5), ann);
    auto const s = c.process(received(method::cancel, 5));
    BOOST_TEST((s.of_dialog.does<ctsip::cancellation>().has(ctsip::cancellation::answer_487)));
    BOOST_TEST(!c.process(answered(200, 5, content::none, method::cancel)).refused());
    BOOST_TEST(!c.process(answered(487, 5), ann).refused());
    BOOST_TEST(c.trunk().at_rest());
  }
}

BOOST_AUTO_TEST_CASE(the_same_in_constant_evaluation) {
  constexpr auto c = [] {
    auto made = ringing_at_two();
    (void)made.process(got(200, 1, sdp), ben);
    (void)made.process(sent(method::ack, 1), ben);
    return made;
  }();
  static_assert(c.size() == 2 && c[0].is<dialog>(dialog::early) &&
                c[1].is<invite_usage>(invite_usage::established));
  auto made = ringing_at_two();
  (void)made.process(got(200, 1, sdp), ben);
  (void)made.process(sent(method::ack, 1), ben);
  BOOST_TEST(made[1].is<invite_usage>(c[1].state<invite_usage>()));
  BOOST_TEST(made.size() == c.size());
}

// Products are bytes and numbers.
static_assert(sizeof(call) <= 4 * (sizeof(rules) + sizeof(ctsip::dialog_tag)) + 4);

BOOST_AUTO_TEST_SUITE_END()
