// A call of ours whose INVITE makes several dialogs: what the user wanted and was asked in one of
// them when another one is the call's, and when the INVITE expires. RFC 3261 12.1, 13.2.1,
// 13.2.2.4, RFC 3311, RFC 5407.
#include <ctsip/user_agent/endpoint.hpp>

#include <string>

#include <boost/test/unit_test.hpp>

#include "user_agent/user_desk.hpp"

using namespace ctsip;
using namespace ctsip_tests;

namespace {

std::string const sdp_field = "Content-Type: application/sdp\r\n";
constexpr message_body held{"application/sdp", "v=0\r\ns=held\r\n"};

std::string at(std::string const& tag) { return "Contact: <sip:" + tag + "@192.0.2.9>\r\n"; }
std::string reliable(unsigned rseq) {
  return "Require: 100rel\r\nRSeq: " + std::to_string(rseq) + "\r\n";
}
// A 2xx with the answer.
std::string taken_by(std::string const& invite, std::string const& tag) {
  return answer(invite, 200, tag, at(tag) + sdp_field, "v=0\r\n");
}

constexpr endpoint_size one_call{.calls = 1, .transactions = 16, .message = 1300};
constexpr endpoint_size four_calls{.calls = 4, .transactions = 16, .message = 1300};

// Bob has called, "a" has answered the offer in a reliable 183, and its PRACK is done.
template <endpoint_size Size = four_calls>
struct early_call : user_desk<Size> {
  std::string invite;
  std::string first; // the 183

  early_call() : invite{this->place()} {
    first = answer(invite, 183, "a", at("a") + "Allow: UPDATE\r\n" + reliable(1) + sdp_field,
                   "v=0\r\n");
    this->receive(first);
    this->receive(answer(this->sent_one("PRACK"), 200, ""));
    check_all(this->listen(), {"provisional 183"});
  }
  // Our UPDATE to "a".
  std::string update(message_body const& session = held) {
    BOOST_TEST((this->agent->modify(this->call, session, this->now) == sending::sent));
    return this->sent_one("UPDATE");
  }
};

// Hangs up, and nothing stays.
template <class Desk>
void check_end(Desk& bob, std::string const& target) {
  BOOST_TEST((bob.agent->hang_up(bob.call, bob.now) == sending::sent));
  auto const bye = bob.sent_one("BYE");
  BOOST_TEST(first_line(bye) == "BYE sip:" + target + "@192.0.2.9 SIP/2.0");
  bob.receive(answer(bye, 200, ""));
  check_all(bob.listen(), {"ended 200"});
  bob.end();
}

} // namespace

BOOST_AUTO_TEST_SUITE(user_agent_forked_calls)

// "the UAC MUST [...] replace the dialog's remote target URI" (RFC 3261 12.2.1.2): that of the
// dialog in which the UPDATE was, which is not the call's any more, be there a place for it or not.
template <endpoint_size Size>
void another_one_answers_while_an_update_is_open() {
  early_call<Size> bob;
  auto const update = bob.update();
  bob.receive(taken_by(bob.invite, "b"));
  bob.sent_one("ACK");
  // What the user wanted is heard of once, before anything else.
  check_all(bob.listen(), {"unmodified 0", "answered 200"});
  BOOST_TEST(bob.agent->local_session(bob.call).body == sdp.body);
  bob.receive(answer(update, 200, "", at("a") + sdp_field, "v=0\r\n"));
  check_all(bob.look(), {});
  check_all(bob.listen(), {});
  BOOST_TEST(bob.agent->local_session(bob.call).body == sdp.body);
  check_end(bob, "b");
}
BOOST_AUTO_TEST_CASE(an_update_of_the_dialog_that_lost_is_none_of_the_call_12_2_1_2) {
  another_one_answers_while_an_update_is_open<four_calls>();
  another_one_answers_while_an_update_is_open<one_call>();
}

// "491": what waits to be tried again in a dialog is not tried in another one, nor cancels it the
// call.
BOOST_AUTO_TEST_CASE(a_modification_that_collided_in_the_dialog_that_lost_is_not_tried_again_14_1) {
  for (bool const collides_first : {true, false}) {
    early_call<> bob;
    auto const collision = answer(bob.update(), 491, "");
    if (collides_first) bob.receive(collision);
    bob.receive(taken_by(bob.invite, "b"));
    bob.sent_one("ACK");
    check_all(bob.listen(), {"unmodified 0", "answered 200"});
    if (!collides_first) bob.receive(collision);
    bob.advance(20'000);
    check_all(bob.look(), {});
    check_all(bob.listen(), {});
    check_end(bob, "b");
  }
}

// A deferred one is of the call, whichever dialog it has.
BOOST_AUTO_TEST_CASE(a_modification_that_waits_for_the_2xx_is_sent_to_who_answers_14_1) {
  user_desk<four_calls> bob;
  auto const invite = bob.place();
  bob.receive(answer(invite, 180, "a", at("a")));
  BOOST_TEST((bob.agent->modify(bob.call, held, bob.now) == sending::deferred));
  bob.receive(taken_by(invite, "b"));
  check_all(bob.look(), {"ACK", "INVITE"});
  BOOST_TEST(first_line(bob.last[1].bytes) == "INVITE sip:b@192.0.2.9 SIP/2.0");
  BOOST_TEST(read(bob.last[1].bytes).value.body() == held.body);
  check_all(bob.listen(), {"provisional 180", "answered 200"});
}

// Of the session that the UPDATE has changed nobody knows but who has had it (RFC 3311 5.1).
BOOST_AUTO_TEST_CASE(who_answers_has_what_the_invite_offered_13_2_1) {
  for (bool const has_rung : {true, false}) {
    early_call<> bob;
    auto const update = bob.update();
    bob.receive(answer(update, 200, "", at("a") + sdp_field, "v=0\r\n"));
    check_all(bob.listen(), {"modified 200"});
    BOOST_TEST(bob.agent->local_session(bob.call).body == held.body);
    if (has_rung) bob.receive(answer(bob.invite, 180, "b", at("b")));
    auto const ok = taken_by(bob.invite, "b");
    bob.receive(ok);
    bob.sent_one("ACK");
    BOOST_TEST(bob.agent->local_session(bob.call).body == sdp.body);
  }
}
// The same if the other one has to be answered first.
BOOST_AUTO_TEST_CASE(an_early_dialog_that_is_left_has_what_the_invite_offered_12_2_1_2) {
  early_call<> bob;
  bob.receive(answer(bob.invite, 180, "b", at("b")));
  auto const update = bob.update();
  bob.listen();
  // The user was asked, too, and is not any more: "The UAS MUST still respond to any pending
  // requests received for that dialog" (15.1.2).
  bob.receive(answer(update, 200, "", at("a") + sdp_field, "v=0\r\n"));
  bob.receive(with_offer(in_callee_dialog("UPDATE", bob.first, 1, at("a"))).text());
  check_all(bob.listen(), {"modified 200", "modification 0"});
  bob.receive(in_callee_dialog("BYE", bob.first, 2).text());
  check_all(bob.look(), {"200 BYE", "487 UPDATE"});
  check_all(bob.listen(), {});
  BOOST_TEST((bob.agent->accept_modification(bob.call, sdp, bob.now) == sending::gone));
  BOOST_TEST(bob.agent->local_session(bob.call).body == sdp.body);
  bob.receive(taken_by(bob.invite, "b"));
  bob.sent_one("ACK");
  check_all(bob.listen(), {"answered 200"});
  check_end(bob, "b");
}

// "a 481 [...], the UAC SHOULD terminate the dialog" (12.2.1.2): the modification is over with it.
BOOST_AUTO_TEST_CASE(a_modification_that_finds_its_dialog_lost_is_told_12_2_1_2) {
  early_call<> bob;
  bob.receive(answer(bob.invite, 180, "b", at("b")));
  auto const update = bob.update();
  bob.listen();
  bob.receive(answer(update, 481, ""));
  check_all(bob.look(), {});
  check_all(bob.listen(), {"unmodified 481"});
  bob.receive(taken_by(bob.invite, "b"));
  bob.sent_one("ACK");
  check_all(bob.listen(), {"answered 200"});
  check_end(bob, "b");
}

// What the user is to answer is refused when its dialog is not the call's any more.
BOOST_AUTO_TEST_CASE(an_update_of_theirs_is_refused_when_another_one_answers_15_1_2) {
  early_call<> bob;
  bob.receive(with_offer(in_callee_dialog("UPDATE", bob.first, 1, at("a"))).text());
  check_all(bob.listen(), {"modification 0"});
  bob.receive(taken_by(bob.invite, "b"));
  check_all(bob.look(), {"487 UPDATE", "ACK"});
  check_all(bob.listen(), {"answered 200"});
  BOOST_TEST((bob.agent->accept_modification(bob.call, sdp, bob.now) == sending::gone));
  BOOST_TEST((bob.agent->reject_modification(bob.call, 488, bob.now) == sending::gone));
  check_end(bob, "b");
}

// "If the time indicated in the Expires header field is reached and no final answer for the INVITE
// has been received, the UAC core SHOULD generate a CANCEL request": the INVITE's, whichever of its
// dialogs has it.
BOOST_AUTO_TEST_CASE(an_invite_that_is_answered_by_another_one_is_not_cancelled_13_2_1) {
  for (bool const has_rung : {true, false}) {
    user_desk<four_calls> bob;
    outgoing_call out;
    out.expires = 10;
    auto const invite = bob.place(out);
    bob.receive(answer(invite, 180, "a", at("a")));
    if (has_rung) bob.receive(answer(invite, 180, "b", at("b")));
    bob.receive(taken_by(invite, "b"));
    bob.sent_one("ACK");
    bob.listen();
    bob.advance(20'000);
    check_all(bob.look(), {});
    check_end(bob, "b");
  }
}
BOOST_AUTO_TEST_CASE(an_invite_expires_although_its_first_dialog_has_ended_13_2_1) {
  for (bool const ends : {true, false}) {
    user_desk<four_calls> bob;
    outgoing_call out;
    out.expires = 10;
    auto const invite = bob.place(out);
    auto const first = answer(invite, 180, "a", at("a"));
    bob.receive(first);
    bob.advance(3'000);
    bob.receive(answer(invite, 180, "b", at("b")));
    if (ends) {
      bob.receive(in_callee_dialog("BYE", first, 1).text());
      bob.sent_one("200 BYE");
    }
    bob.advance(6'999);
    check_all(bob.look(), {});
    bob.advance(1);
    bob.receive(answer(bob.sent_one("CANCEL"), 200, ""));
    bob.advance(10'000);
    check_all(bob.look(), {});
    bob.receive(answer(invite, 487, "b"));
    bob.sent_one("ACK");
    check_all(bob.listen(), {"provisional 180", "provisional 180", "rejected 487"});
    bob.end();
  }
}

// "The UAC core MUST generate an ACK request for each 2xx" (13.2.2.4), and the BYE that ends the
// dialog which is not wanted is sent when a transaction is free, whoever calls before.
BOOST_AUTO_TEST_CASE(the_bye_of_a_fork_waits_for_a_transaction_and_keeps_its_place_13_2_2_4) {
  user_desk<endpoint_size{.calls = 2, .transactions = 3, .message = 1300}> bob;
  auto const invite = bob.place();
  bob.receive(answer(invite, 180, "a", at("a")));
  bob.receive(answer(invite, 180, "b", at("b")));
  for (char const* const which : {"1", "2"}) {
    auto r = of("OPTIONS");
    r.via += which;
    r.call_id += which;
    bob.receive(r.text());
    bob.sent_one("200 OPTIONS");
  }
  bob.advance(31'800); // their transactions end 200 ms later
  bob.receive(taken_by(invite, "b"));
  bob.sent_one("ACK");
  bob.receive(taken_by(invite, "a"));
  bob.sent_one("ACK");
  bob.advance(300);
  check_all(bob.look(), {});
  auto r = invite_of_alice();
  r.via += "3";
  r.call_id = "call-3";
  bob.receive(r.text());
  bob.sent_one("486 INVITE");
  bob.advance(200);
  auto const bye = bob.sent_one("BYE");
  BOOST_TEST(first_line(bye) == "BYE sip:a@192.0.2.9 SIP/2.0");
}
// The same if the one that is wanted has hung up before.
struct two_answers : user_desk<endpoint_size{.calls = 2, .transactions = 3, .message = 1300}> {
  std::string other; // the 2xx of "a"

  two_answers() {
    auto const invite = place();
    other = taken_by(invite, "a");
    receive(answer(invite, 180, "a", at("a")));
    receive(answer(invite, 180, "b", at("b")));
    fill("1");
    advance(31'800); // the transactions end 200 ms later
    auto const ok = taken_by(invite, "b");
    receive(ok);
    sent_one("ACK");
    advance(100);
    receive(other);
    sent_one("ACK");
    receive(in_callee_dialog("BYE", ok, 1).text());
    sent_one("200 BYE");
    check_all(listen(), {"provisional 180", "provisional 180", "answered 200", "ended 0"});
  }
  // No transaction is free for 64*T1.
  void fill(std::string const& when) {
    for (char const* const which : {"a", "b"}) {
      auto r = of("OPTIONS");
      r.via += when + which;
      r.call_id += when + which;
      receive(r.text());
      BOOST_TEST(look().size() == 1u);
    }
  }
  void check_bye() {
    auto const bye = sent_one("BYE");
    BOOST_TEST(first_line(bye) == "BYE sip:a@192.0.2.9 SIP/2.0");
    receive(answer(bye, 200, ""));
    check_all(look(), {});
    check_all(listen(), {});
    end();
  }
};
BOOST_AUTO_TEST_CASE(the_bye_of_a_fork_is_sent_although_the_place_of_its_call_was_taken_13_2_2_4) {
  two_answers bob;
  bob.advance(200);
  check_all(bob.look(), {});
  bob.receive(invite_of_alice().text());
  check_all(bob.listen(), {"incoming 0"});
  BOOST_TEST((bob.agent->reject(bob.call, 486, bob.now) == sending::sent));
  bob.sent_one("486 INVITE");
  // The ACK was lost; no second BYE comes of it.
  bob.receive(bob.other);
  bob.sent_one("ACK");
  bob.advance(300);
  bob.check_bye();
}
BOOST_AUTO_TEST_CASE(the_bye_of_a_fork_is_sent_although_the_time_of_its_call_is_over_13_2_2_4) {
  two_answers bob;
  bob.advance(100);
  bob.fill("2");
  bob.advance(31'700);
  check_all(bob.look(), {});
  // Now the INVITE's transaction is free, and late 2xx are not waited for any more.
  bob.advance(500);
  bob.check_bye();
}

// "Requests within a dialog MUST contain strictly monotonically increasing and contiguous CSeq
// sequence numbers (increasing-by-one) in each direction" (12.2.1.1), be the place of the dialog
// somebody else's meanwhile.
struct rung_twice : user_desk<endpoint_size{.calls = 2, .transactions = 16, .message = 1300}> {
  std::string invite;
  unsigned rseq{};

  rung_twice() : invite{place()} {
    receive(answer(invite, 180, "one", at("one")));
    for (unsigned const cseq : {2u, 3u, 4u}) BOOST_TEST(cseq_of(ring_reliably()) == cseq);
  }
  // "two" rings; our PRACK.
  std::string ring_reliably() {
    receive(answer(invite, 180, "two", at("two") + reliable(++rseq)));
    auto const prack = sent_one("PRACK");
    receive(answer(prack, 200, ""));
    return prack;
  }
  // Somebody calls, and is served where the early dialog was.
  void lose_place() {
    receive(invite_of_alice().text());
    check_all(look(), {});
  }
  // Who has called gives up.
  void free_place() {
    auto cancel = invite_of_alice();
    cancel.method = "CANCEL";
    receive(cancel.text());
    check_all(look(), {"200 CANCEL", "487 INVITE"});
    auto ack = invite_of_alice();
    ack.method = "ACK";
    receive(ack.text());
  }
};
BOOST_AUTO_TEST_CASE(
    who_answers_after_its_place_was_taken_gets_a_bye_with_a_higher_number_12_2_1_1) {
  rung_twice bob;
  auto const call = bob.call;
  bob.lose_place();
  bob.receive(taken_by(bob.invite, "two"));
  bob.sent_one("ACK");
  BOOST_TEST((bob.agent->hang_up(call, bob.now) == sending::sent));
  BOOST_TEST(cseq_of(bob.sent_one("BYE")) == 5u);
}
BOOST_AUTO_TEST_CASE(who_rings_again_after_its_place_was_taken_gets_a_higher_number_12_2_1_1) {
  rung_twice bob;
  bob.lose_place();
  bob.free_place();
  BOOST_TEST(cseq_of(bob.ring_reliably()) == 5u);
  BOOST_TEST(cseq_of(bob.ring_reliably()) == 6u);
  // Of the dialog that has kept its place nothing is left out.
  bob.receive(answer(bob.invite, 180, "one", at("one") + reliable(1)));
  BOOST_TEST(cseq_of(bob.sent_one("PRACK")) == 2u);
}
// A 199 has ended it (RFC 6228 4), and yet it rings.
BOOST_AUTO_TEST_CASE(who_rings_again_after_a_199_gets_a_higher_number_12_2_1_1) {
  rung_twice bob;
  bob.receive(answer(bob.invite, 199, "two", at("two")));
  BOOST_TEST(cseq_of(bob.ring_reliably()) == 5u);
}
// In another call no dialog has had one.
BOOST_AUTO_TEST_CASE(another_fork_begins_with_the_next_number_12_2_1_1) {
  rung_twice bob;
  bob.lose_place();
  bob.free_place();
  bob.receive(answer(bob.invite, 486, "one"));
  bob.sent_one("ACK");
  auto const other = bob.place();
  bob.receive(answer(other, 180, "one", at("one")));
  bob.receive(answer(other, 180, "two", at("two") + reliable(1)));
  BOOST_TEST(cseq_of(bob.sent_one("PRACK")) == 2u);
}

// "If, after acknowledging any 2xx response to an INVITE, the UAC does not want to continue with
// that dialog, then the UAC MUST terminate the dialog by sending a BYE" (13.2.2.4), whatever else
// the transactions are of.
struct busy_caller : user_desk<endpoint_size{.calls = 1, .transactions = 8, .message = 1300}> {
  std::string invite;

  busy_caller() : invite{place()} {
    for (char const* const which : {"a", "b", "c", "d"}) {
      auto r = of("OPTIONS");
      r.via += which;
      r.call_id += which;
      receive(r.text());
      look();
    }
    receive(taken_by(invite, "a"));
    sent_one("ACK");
    BOOST_TEST(agent->live_transactions() == 5u);
  }
};
BOOST_AUTO_TEST_CASE(a_fork_is_released_although_half_the_transactions_are_of_others_13_2_2_4) {
  busy_caller bob;
  bob.receive(taken_by(bob.invite, "b"));
  check_all(bob.look(), {"ACK", "BYE"});
  BOOST_TEST_REQUIRE(bob.last.size() == 2u);
  BOOST_TEST(cseq_of(bob.last[0].bytes) == 1u);
  BOOST_TEST(cseq_of(bob.last[1].bytes) == 2u);
  BOOST_TEST(read(bob.last[1].bytes).value.to_tag() == "b");
}
// Made up branches are acknowledged, and their BYEs take no more than half of the transactions at a
// time, however they end.
BOOST_AUTO_TEST_CASE(byes_that_have_ended_make_room_for_others_13_2_2_4) {
  for (transport const over : {transport::udp, transport::tcp}) {
    user_desk<endpoint_size{.calls = 1, .transactions = 8, .message = 1300}> bob;
    bob.over = over;
    bool const lasts = over == transport::udp;
    auto const invite = bob.place();
    bob.receive(taken_by(invite, "a"));
    bob.sent_one("ACK");
    unsigned number = 0;
    auto const release = [&](std::size_t expected) {
      std::vector<wired> byes;
      for (int i = 0; i < 10; ++i) {
        bob.receive(taken_by(invite, "b" + std::to_string(++number)));
        bob.look();
        BOOST_TEST_REQUIRE(!bob.last.empty());
        BOOST_TEST(summary(bob.last[0].bytes) == "ACK");
        byes.insert(byes.end(), bob.last.begin() + 1, bob.last.end());
      }
      BOOST_TEST(byes.size() == expected);
      return byes;
    };
    auto const first = release(4);
    bob.receive(answer(first[0].bytes, 200, ""));
    bob.receive(answer(first[1].bytes, 481, ""));
    bob.fail(first[2]);
    (void)release(lasts ? 1 : 3);
    bob.advance(5'000); // Timer K
    bob.look();
    (void)release(lasts ? 2 : 0);
    bob.advance(20'000);
    bob.look();
    (void)release(0);
  }
}

BOOST_AUTO_TEST_SUITE_END()
