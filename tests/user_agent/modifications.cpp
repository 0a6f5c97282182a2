// Modifications of a session that come to their end in more than one step, or not at all. RFC 3261
// 13.2.2.4, 14, RFC 3262 5, RFC 6141 3.6, 4.7, RFC 6337.
#include <ctsip/user_agent/call_handles.hpp>
#include <ctsip/user_agent/endpoint.hpp>

#include <string>
#include <string_view>

#include <boost/test/unit_test.hpp>

#include "user_agent/user_desk.hpp"

using namespace ctsip;
using namespace ctsip_tests;

namespace {

message_body const hold{"application/sdp", "v=0\r\ns=hold\r\n"};
std::string const with_sdp = "Content-Type: application/sdp\r\n";

// Bob has asked alice to hold, and her reliable 183 has her answer.
struct answered_early : user_desk<> {
  std::string invite{};   // of the call
  std::string reinvite{}; // that is to hold
  std::string prack{};

  answered_early() {
    invite = place();
    (void)accept(invite, "Allow: INVITE, ACK, BYE, UPDATE, PRACK\r\n");
    BOOST_TEST((agent->modify(call, hold, now) == sending::sent));
    reinvite = sent_one("INVITE");
    receive(answer(reinvite, 183, "",
                   "Contact: <sip:alice@192.0.2.9>\r\nRequire: 100rel\r\nRSeq: 1\r\n" + with_sdp,
                   "v=0\r\ns=held\r\n"));
    prack = sent_one("PRACK");
    receive(answer(prack, 200, ""));
  }
  std::string_view local() const { return agent->local_session(call).body; }
};

message_body const taken_up{"application/sdp", "v=0\r\ns=taken up\r\n"};
std::string const their_offer = "v=0\r\ns=theirs\r\n";

// Bob has asked alice what she could do now.
template <class Traits = endpoint_traits, endpoint_size Size = with_requests>
struct asking : user_desk<Size, Traits> {
  std::string invite{};   // of the call
  std::string reinvite{}; // that asks

  asking() {
    invite = this->place();
    (void)this->accept(invite, "Allow: INVITE, ACK, BYE, UPDATE, PRACK\r\n");
    reinvite = ask();
  }
  std::string ask() {
    BOOST_TEST((this->agent->modify(this->call, {}, this->now) == sending::sent));
    auto text = this->sent_one("INVITE");
    BOOST_TEST(read(text).value.body() == "");
    BOOST_TEST(!read(text).value.has(header::content_type));
    return text;
  }
  // After a wait.
  void asks_again() {
    for (int i = 0; i < 400 && this->sent.empty(); ++i) this->advance(10);
    reinvite = this->sent_one("INVITE");
    BOOST_TEST(read(reinvite).value.body() == "");
  }
  std::string offer(int status = 200, std::string const& more = "") const {
    return answer(reinvite, status, "", alices_contact + more + with_sdp, their_offer);
  }
  sending acknowledge(message_body const& session = taken_up) {
    auto const result = this->agent->acknowledge(this->call, session, this->now);
    this->take();
    return result;
  }
  // The 2xx has come; nothing is answered yet.
  void is_offered() {
    this->receive(offer());
    check_all(this->look(), {});
    check_all(this->listen(), {"offered 200"});
  }
  std::string_view local() const { return this->agent->local_session(this->call).body; }
  request_text from_alice(std::string const& method, unsigned cseq = 7) const {
    return in_callee_dialog(method, answer(invite, 200, "alice"), cseq, alices_contact);
  }
};
std::string const reliably = "Require: 100rel\r\nRSeq: 1\r\n";

} // namespace

BOOST_AUTO_TEST_SUITE(user_agent_modifications)

// "[...] the parameters of the session [are] changed by the reliable provisional response" is 3.6's
// example: the 2xx has no body, and what is repeated later is no modification.
BOOST_AUTO_TEST_CASE(an_answer_in_a_reliable_1xx_is_told_and_kept_rfc_6141_3_6) {
  answered_early bob;
  check_all(bob.listen(), {"provisional 183"});
  BOOST_TEST(read(bob.heard_last[0].bytes).value.body() == "v=0\r\ns=held\r\n");
  BOOST_TEST((bob.heard_last[0].state == call_state::established));
  BOOST_TEST(bob.local() == hold.body);
  bob.receive(answer(bob.reinvite, 200, "", alices_contact));
  (void)bob.sent_one("ACK");
  check_all(bob.listen(), {"modified 200"});
  auto refresh = in_callee_dialog("INVITE", answer(bob.invite, 200, "alice"), 7, alices_contact);
  refresh.more += with_sdp;
  refresh.body = "v=0\r\ns=held\r\n";
  bob.receive(refresh.text());
  auto const ok = bob.sent_one("200 INVITE");
  BOOST_TEST(read(ok).value.body() == hold.body);
  check_all(bob.listen(), {});
  bob.end();
}
BOOST_AUTO_TEST_CASE(it_is_an_event_of_the_established_call) {
  struct handlers {
    std::string heard{};
    using my = calls<user_desk<>::agent_type>;
    void on(my::outgoing&) { heard += "outgoing "; }
    void on(my::incoming&) { heard += "incoming "; }
    void on(my::early&) { heard += "early "; }
    void on(my::established&) { heard += "established "; }
    void on(my::ended&) { heard += "ended "; }
    void on(my::request&) {}
    void on(my::response&) {}
  } h;
  answered_early bob;
  user_event e;
  static_cast<user_event_facts&>(e) = {.kind = user_event_kind::provisional,
                                       .call = bob.call,
                                       .status = 183,
                                       .state = call_state::established};
  dispatch(*bob.agent, e, h);
  e.state = call_state::early;
  dispatch(*bob.agent, e, h);
  BOOST_TEST(h.heard == "established early ");
}
// The UPDATE behind it is the later one.
BOOST_AUTO_TEST_CASE(the_2xx_brings_no_older_session_back_rfc_6141_3_6) {
  answered_early bob;
  auto update = in_callee_dialog("UPDATE", answer(bob.invite, 200, "alice"), 7, alices_contact);
  bob.receive(with_offer(update).text());
  BOOST_TEST((bob.agent->accept_modification(bob.call, sdp, bob.now) == sending::sent));
  (void)bob.sent_one("200 UPDATE");
  BOOST_TEST(bob.local() == sdp.body);
  bob.receive(answer(bob.reinvite, 200, "", alices_contact));
  (void)bob.sent_one("ACK");
  BOOST_TEST(bob.local() == sdp.body);
  bob.end();
}
// "If a UA receives a reliable provisional response or a 2xx response to a target-refresh request,
// the UA MUST replace the dialog's remote target URI with the URI from the Contact header field in
// the response."
BOOST_AUTO_TEST_CASE(a_reliable_1xx_moves_the_remote_target_rfc_6141_4_7) {
  answered_early bob;
  BOOST_TEST(read(bob.prack).value.request_uri() == "sip:alice@192.0.2.9");
  (void)bob.agent->hang_up(bob.call, bob.now);
  auto const bye = bob.sent_one("BYE");
  BOOST_TEST(read(bye).value.request_uri() == "sip:alice@192.0.2.9");
  bob.receive(answer(bye, 200, ""));
  bob.receive(answer(bob.reinvite, 487, ""));
  bob.end();
}
// 14.2: "the session parameters as previously agreed": what could not be accepted is none of them.
BOOST_AUTO_TEST_CASE(what_was_refused_is_asked_about_when_it_comes_again_14_2) {
  user_desk<> bob;
  auto const ok = bob.taken();
  std::string const too_long(1300, 'x');
  bob.receive(with_offer(in_dialog("INVITE", ok, 2, alices_contact)).text());
  BOOST_TEST((bob.agent->accept_modification(bob.call, {"application/sdp", too_long}, bob.now) ==
              sending::unwritable));
  BOOST_TEST((bob.agent->reject_modification(bob.call, 488, bob.now) == sending::sent));
  bob.receive(in_dialog("ACK", bob.sent_one("488 INVITE"), 2).text());
  check_all(bob.listen(), {"modification 0"});
  auto again = with_offer(in_dialog("INVITE", ok, 3, alices_contact));
  again.body = "v=0\r\ns=2\r\n"; // as before
  bob.receive(again.text());
  check_all(bob.look(), {});
  check_all(bob.listen(), {"modification 0"});
  (void)bob.agent->reject_modification(bob.call, 488, bob.now);
  bob.receive(in_dialog("ACK", bob.sent_one("488 INVITE"), 3).text());
  bob.end();
}
// "`modified` or `unmodified` tells what has become of it": also of one whose place another took
// that cannot be sent.
BOOST_AUTO_TEST_CASE(a_modification_that_gives_its_place_is_told_14_1) {
  user_desk<> bob;
  (void)bob.accept(bob.place());
  BOOST_TEST((bob.agent->modify(bob.call, hold, bob.now) == sending::sent));
  bob.receive(answer(bob.sent_one("INVITE"), 491, ""));
  (void)bob.sent_one("ACK");
  std::string const long_sdp = "v=0\r\n" + std::string(1'200, 'x');
  BOOST_TEST(
      (bob.agent->modify(bob.call, {"application/sdp", long_sdp}, bob.now) == sending::unwritable));
  check_all(bob.listen(), {"unmodified 0"});
  bob.advance(10'000);
  check_all(bob.look(), {});
  bob.end();
}

// ---- A re-INVITE without an offer (14.1, RFC 6337 2.2)

// "a UAC MAY send a re-INVITE with no session description, in which case the first reliable
// non-failure response to the re-INVITE will contain the offer". "If the 2xx response contains an
// offer [...], the ACK MUST carry an answer in its body" (13.2.2.4).
BOOST_AUTO_TEST_CASE(an_offer_that_was_asked_for_is_answered_in_the_ack_14_1) {
  asking<> bob;
  BOOST_TEST((bob.acknowledge() == sending::gone)); // nothing is offered yet
  bob.is_offered();
  BOOST_TEST(read(bob.heard_last[0].bytes).value.body() == their_offer);
  BOOST_TEST((bob.heard_last[0].state == call_state::established));
  BOOST_TEST((bob.agent->state(bob.call) == call_state::established));
  BOOST_TEST(bob.local() == sdp.body);
  BOOST_TEST((bob.acknowledge({}) == sending::refused));
  BOOST_TEST((bob.acknowledge({"text/plain", "?"}) == sending::refused));
  BOOST_TEST((bob.agent->cancel_modification(bob.call, bob.now) == sending::gone));
  BOOST_TEST((bob.acknowledge() == sending::sent));
  auto const ack = bob.sent_one("ACK");
  BOOST_TEST(read(ack).value.body() == taken_up.body);
  BOOST_TEST(cseq_of(ack) == cseq_of(bob.reinvite));
  check_all(bob.listen(), {"modified 0"});
  BOOST_TEST(bob.local() == taken_up.body);
  BOOST_TEST((bob.acknowledge() == sending::gone));
  // "The ACK MUST be passed to the client transport every time a retransmission of the 2xx final
  // response that triggered the ACK arrives."
  bob.advance(500);
  bob.receive(bob.offer());
  BOOST_TEST(bob.sent_one("ACK") == ack);
  // What was offered is the session: repeated, it is none of the user's business.
  auto again = bob.from_alice("INVITE");
  again.more += with_sdp;
  again.body = their_offer;
  bob.receive(again.text());
  auto const ok = bob.sent_one("200 INVITE");
  BOOST_TEST(read(ok).value.body() == taken_up.body);
  check_all(bob.listen(), {});
  bob.end();
}
// Neither the 2xx of the first INVITE, which the network repeats, nor another re-INVITE changes the
// ACK that has the answer.
BOOST_AUTO_TEST_CASE(the_answer_is_in_the_ack_to_its_own_2xx_only_13_2_2_4) {
  asking<> bob;
  auto const first = answer(bob.invite, 200, "alice", alices_contact + with_sdp, "v=0\r\n");
  bob.is_offered();
  bob.receive(first);
  BOOST_TEST(read(bob.sent_one("ACK")).value.body() == "");
  BOOST_TEST((bob.acknowledge() == sending::sent));
  BOOST_TEST(read(bob.sent_one("ACK")).value.body() == taken_up.body);
  bob.receive(first);
  BOOST_TEST(read(bob.sent_one("ACK")).value.body() == "");
  // That ACK is lost: alice has to refuse what comes before it (RFC 5407 3.1.5).
  BOOST_TEST((bob.agent->modify(bob.call, hold, bob.now) == sending::sent));
  bob.receive(answer(bob.sent_one("INVITE"), 491, ""));
  (void)bob.sent_one("ACK");
  bob.receive(bob.offer());
  BOOST_TEST(read(bob.sent_one("ACK")).value.body() == taken_up.body);
  bob.end();
}
// RFC 6337 4.3: "While an INVITE transaction is incomplete or ACK transaction associated with an
// offer/answer is incomplete, a UA must not send another INVITE request", and "must reject another
// INVITE request with a 491 response".
BOOST_AUTO_TEST_CASE(what_would_be_another_offer_waits_for_the_answer_rfc_6337_4_3) {
  asking<> bob;
  BOOST_TEST((bob.agent->modify(bob.call, {}, bob.now) == sending::deferred));
  BOOST_TEST((bob.agent->cancel_modification(bob.call, bob.now) == sending::sent));
  check_all(bob.listen(), {"unmodified 487"});
  bob.is_offered();
  BOOST_TEST((bob.agent->modify(bob.call, hold, bob.now) == sending::deferred));
  bob.receive(with_offer(bob.from_alice("INVITE")).text());
  bob.receive(bob.from_alice("ACK").text());
  bob.receive(with_offer(bob.from_alice("UPDATE", 8)).text());
  check_all(bob.look(), {"491 INVITE", "491 UPDATE"});
  BOOST_TEST((bob.acknowledge() == sending::sent));
  check_all(bob.look(), {"ACK", "INVITE"});
  BOOST_TEST(read(bob.last[1].bytes).value.body() == hold.body);
  bob.receive(answer(bob.last[1].bytes, 200, "", alices_contact + with_sdp, "v=0\r\n"));
  (void)bob.sent_one("ACK");
  check_all(bob.listen(), {"modified 0", "modified 200"});
  BOOST_TEST(bob.local() == hold.body);
  bob.end();
}
// "the UAC SHOULD generate an answer with a valid session description, and then send a BYE" (14.2)
// is the user's; without one the call cannot go on, and no 2xx is left without its ACK (13.2.2.4).
BOOST_AUTO_TEST_CASE(who_does_not_answer_what_he_has_asked_for_ends_the_call_13_2_2_4) {
  for (std::string const how : {"waits", "hangs up", "answers and hangs up", "their BYE"}) {
    BOOST_TEST_CONTEXT(how) {
      asking<> bob;
      bob.is_offered();
      if (how == "answers and hangs up") {
        BOOST_TEST((bob.acknowledge() == sending::sent));
        (void)bob.sent_one("ACK");
        check_all(bob.listen(), {"modified 0"});
      }
      if (how == "waits") {
        bob.advance(15'999);
        bob.receive(bob.offer()); // once more
        check_all(bob.look(), {});
        check_all(bob.listen(), {});
        bob.advance(1);
        check_all(bob.listen(), {"failed 408"});
      } else if (how == "their BYE") {
        bob.receive(bob.from_alice("BYE").text());
        check_all(bob.look(), {"200 BYE", "ACK"});
        check_all(bob.listen(), {"ended 0"});
      } else {
        BOOST_TEST((bob.agent->hang_up(bob.call, bob.now) == sending::sent));
      }
      if (how != "their BYE") {
        check_all(bob.look(),
                  how == "answers and hangs up" ? strings{"BYE"} : strings{"ACK", "BYE"});
        auto const bye = bob.last.back().bytes;
        bob.receive(bob.offer());
        (void)bob.sent_one("ACK");
        bob.receive(answer(bye, 200, ""));
      }
      BOOST_TEST((bob.acknowledge() == sending::gone));
      bob.receive(bob.offer());
      (void)bob.sent_one("ACK");
      bob.events.clear();
      bob.end();
    }
  }
}
// Its BYE is on its way already.
BOOST_AUTO_TEST_CASE(an_offer_that_comes_after_the_bye_is_acknowledged_without_the_user_15_1_1) {
  asking<> bob;
  (void)bob.agent->hang_up(bob.call, bob.now);
  auto const bye = bob.sent_one("BYE");
  bob.receive(bob.offer());
  (void)bob.sent_one("ACK");
  check_all(bob.listen(), {});
  bob.receive(answer(bye, 200, ""));
  check_all(bob.listen(), {"ended 200"});
  bob.end();
}
BOOST_AUTO_TEST_CASE(an_answer_that_is_too_long_may_be_followed_by_a_shorter_one_13_2_2_4) {
  asking<> bob;
  bob.is_offered();
  for (std::size_t const size : {1'100u, 1'400u}) {
    std::string const long_sdp = "v=0\r\n" + std::string(size, 'x');
    BOOST_TEST((bob.acknowledge({"application/sdp", long_sdp}) == sending::unwritable));
    BOOST_TEST(bob.local() == sdp.body);
  }
  check_all(bob.look(), {});
  // The session that he has is an answer, too: kept where it is.
  BOOST_TEST((bob.acknowledge(bob.agent->local_session(bob.call)) == sending::sent));
  auto const ack = bob.sent_one("ACK");
  BOOST_TEST(read(ack).value.body() == sdp.body);
  bob.receive(bob.offer());
  BOOST_TEST(bob.sent_one("ACK") == ack);
  check_all(bob.listen(), {"modified 0"});
  bob.end();
}
// "If a UA receives a non-2xx final response to a re-INVITE, the session parameters MUST remain
// unchanged, as if no re-INVITE had been issued."
BOOST_AUTO_TEST_CASE(who_gives_no_offer_leaves_the_session_14_1) {
  for (int const status : {488, 500, 603}) {
    asking<> bob;
    bob.receive(answer(bob.reinvite, status, ""));
    (void)bob.sent_one("ACK");
    check_all(bob.listen(), {"unmodified " + std::to_string(status)});
    BOOST_TEST(bob.local() == sdp.body);
    BOOST_TEST((bob.acknowledge() == sending::gone));
    bob.end();
  }
  // "the 2xx MUST contain an offer" (13.3.1.4): without it there is nothing to answer.
  asking<> bob;
  bob.receive(answer(bob.reinvite, 200, "", alices_contact));
  BOOST_TEST(read(bob.sent_one("ACK")).value.body() == "");
  check_all(bob.listen(), {"unmodified 200"});
  BOOST_TEST(bob.local() == sdp.body);
  bob.reinvite = bob.ask();
  bob.is_offered();
  BOOST_TEST((bob.acknowledge() == sending::sent));
  bob.end();
}
// "the UAC will terminate the dialog" after a 481, a 408 or no response at all.
BOOST_AUTO_TEST_CASE(a_peer_that_has_lost_the_call_gives_no_offer_14_1) {
  for (int const status : {481, 408, 0}) {
    asking<> bob;
    if (status) {
      bob.receive(answer(bob.reinvite, status, ""));
      check_all(bob.look(), {"ACK", "BYE"});
    } else {
      bob.advance(32'000);
      bob.look();
      BOOST_TEST(summary(bob.last.back().bytes) == "BYE");
    }
    check_all(bob.listen(), {"failed " + std::to_string(status ? status : 408)});
    bob.end();
  }
}
// "it SHOULD start a timer [...]. When the timer fires, the UAC SHOULD attempt the re-INVITE once
// more": without an offer, as it was.
BOOST_AUTO_TEST_CASE(what_was_asked_is_asked_again_after_a_491_14_1) {
  asking<> bob;
  bob.receive(answer(bob.reinvite, 491, ""));
  (void)bob.sent_one("ACK");
  bob.asks_again();
  check_all(bob.listen(), {});
  bob.is_offered();
  BOOST_TEST((bob.acknowledge() == sending::sent));
  check_all(bob.listen(), {"modified 0"});
  bob.end();
}
// The UAC should "re-originate the request with the proper credentials" (22.2), and "the ACK MUST
// contain the same credentials as the INVITE" (13.2.2.4).
BOOST_AUTO_TEST_CASE(what_was_asked_is_asked_again_with_credentials_22_2) {
  asking<with_purse> bob;
  bob.receive(answer(bob.reinvite, 401, "", www_challenge("n1")));
  check_all(bob.look(), {"ACK", "INVITE"});
  bob.reinvite = bob.last[1].bytes;
  BOOST_TEST(read(bob.reinvite).value.body() == "");
  BOOST_TEST(value_of(bob.reinvite, header::authorization) != "");
  bob.is_offered();
  BOOST_TEST((bob.acknowledge() == sending::sent));
  auto const ack = bob.sent_one("ACK");
  BOOST_TEST(read(ack).value.body() == taken_up.body);
  BOOST_TEST(value_of(ack, header::authorization) == value_of(bob.reinvite, header::authorization));
  check_all(bob.listen(), {"modified 0"});
  bob.end();
}
// RFC 6141 3.8: the other side may have been faster, and its offer is there.
BOOST_AUTO_TEST_CASE(a_question_is_taken_back_by_cancel_9_1) {
  for (bool const faster : {false, true}) {
    asking<> bob;
    bob.receive(answer(bob.reinvite, 100, ""));
    BOOST_TEST((bob.agent->cancel_modification(bob.call, bob.now) == sending::sent));
    bob.receive(answer(bob.sent_one("CANCEL"), 200, ""));
    if (faster) {
      bob.is_offered();
      BOOST_TEST((bob.acknowledge() == sending::sent));
    } else {
      bob.receive(answer(bob.reinvite, 487, ""));
    }
    (void)bob.sent_one("ACK");
    check_all(bob.listen(), {faster ? "modified 0" : "unmodified 487"});
    BOOST_TEST(bob.local() == (faster ? taken_up.body : sdp.body));
    bob.end();
  }
}
// RFC 3262 5: "If the UAC receives a reliable provisional response with an offer [...], it MUST
// generate an answer in the PRACK."
BOOST_AUTO_TEST_CASE(an_offer_in_a_reliable_1xx_is_answered_in_the_prack_rfc_3262_5) {
  asking<> bob;
  bob.receive(bob.offer(183, reliably));
  check_all(bob.look(), {});
  check_all(bob.listen(), {"offered 183"});
  BOOST_TEST((bob.heard_last[0].state == call_state::established));
  BOOST_TEST((bob.agent->state(bob.call) == call_state::established));
  bob.receive(bob.offer(183, reliably)); // again
  check_all(bob.listen(), {});
  BOOST_TEST(bob.local() == sdp.body);
  BOOST_TEST((bob.acknowledge({}) == sending::refused));
  BOOST_TEST((bob.acknowledge() == sending::sent));
  auto const prack = bob.sent_one("PRACK");
  BOOST_TEST(read(prack).value.body() == taken_up.body);
  BOOST_TEST(bob.local() == taken_up.body);
  BOOST_TEST((bob.acknowledge() == sending::gone));
  bob.receive(answer(prack, 200, ""));
  bob.receive(answer(bob.reinvite, 200, "", alices_contact));
  BOOST_TEST(read(bob.sent_one("ACK")).value.body() == "");
  check_all(bob.listen(), {"modified 200"});
  BOOST_TEST(bob.local() == taken_up.body);
  bob.end();
}
// The re-INVITE may end before the user has answered: "the UAS MUST delay sending the 2xx until the
// provisional response is acknowledged" (RFC 3262 5), but nothing else.
BOOST_AUTO_TEST_CASE(an_offer_in_a_reliable_1xx_may_be_withdrawn_rfc_3262_5) {
  for (int const status : {200, 488, 487, 491, 481}) {
    BOOST_TEST_CONTEXT(status) {
      asking<> bob;
      bob.receive(bob.offer(183, reliably));
      if (status == 487) {
        BOOST_TEST((bob.agent->cancel_modification(bob.call, bob.now) == sending::sent));
        bob.receive(answer(bob.sent_one("CANCEL"), 200, ""));
      }
      bob.receive(answer(bob.reinvite, status, "", alices_contact));
      check_all(bob.look(), status == 481 ? strings{"ACK", "BYE"} : strings{"ACK"});
      auto told = strings{"offered 183"};
      if (status != 491)
        told.push_back((status == 481 ? "failed " : "unmodified ") + std::to_string(status));
      check_all(bob.listen(), told);
      BOOST_TEST((bob.acknowledge() == sending::gone));
      BOOST_TEST(bob.local() == (status == 481 ? "" : sdp.body));
      if (status == 488) {
        // What was offered is not the session.
        auto again = bob.from_alice("UPDATE");
        again.more += with_sdp;
        again.body = their_offer;
        bob.receive(again.text());
        check_all(bob.listen(), {"modification 0"});
        (void)bob.agent->reject_modification(bob.call, 488, bob.now);
        (void)bob.sent_one("488 UPDATE");
      }
      if (status == 491) {
        bob.asks_again();
        bob.receive(bob.offer(183, reliably));
        check_all(bob.listen(), {"offered 183"});
      }
      bob.end();
    }
  }
}
// A PRACK needs a transaction, the ACK none.
BOOST_AUTO_TEST_CASE(an_answer_waits_for_a_transaction_or_needs_none) {
  for (bool const in_prack : {false, true}) {
    asking<endpoint_traits, endpoint_size{2, 3, 1300}> bob;
    bob.receive(in_prack ? bob.offer(183, reliably) : bob.offer());
    check_all(bob.listen(), {in_prack ? "offered 183" : "offered 200"});
    for (int i = 0; bob.agent->live_transactions() < 3 && i < 3; ++i) {
      auto r = of("OPTIONS");
      r.via += std::to_string(i);
      r.call_id += std::to_string(i);
      bob.receive(r.text());
    }
    bob.look();
    BOOST_TEST((bob.acknowledge() == (in_prack ? sending::deferred : sending::sent)));
    BOOST_TEST((bob.acknowledge() == sending::gone));
    for (int i = 0; i < 80 && bob.sent.empty(); ++i) bob.advance(500);
    BOOST_TEST(read(bob.sent_one(in_prack ? "PRACK" : "ACK")).value.body() == taken_up.body);
    BOOST_TEST(bob.local() == taken_up.body);
    bob.end();
  }
}
// It is a session refresh request like any other: the interval counts from then, whenever the user
// answers what is offered.
BOOST_AUTO_TEST_CASE(a_session_timer_goes_on_while_the_user_thinks_rfc_4028_10) {
  user_desk<> bob;
  auto const invite = bob.place();
  (void)bob.accept(invite, "Allow: UPDATE\r\nSupported: timer\r\nRequire: timer\r\n"
                           "Session-Expires: 90;refresher=uac\r\n");
  bob.advance(40'000);
  BOOST_TEST((bob.agent->modify(bob.call, {}, bob.now) == sending::sent));
  auto const reinvite = bob.sent_one("INVITE");
  BOOST_TEST(value_of(reinvite, header::session_expires) == "90;refresher=uac");
  bob.receive(
      answer(reinvite, 200, "",
             alices_contact + "Require: timer\r\nSession-Expires: 90;refresher=uac\r\n" + with_sdp,
             their_offer));
  bob.advance(10'000); // 45 s of the first one are over
  check_all(bob.look(), {});
  BOOST_TEST((bob.agent->acknowledge(bob.call, taken_up, bob.now) == sending::sent));
  (void)bob.sent_one("ACK");
  bob.advance(34'999);
  check_all(bob.look(), {});
  bob.advance(1);
  (void)bob.sent_one("UPDATE");
  check_all(bob.listen(), {"offered 200", "modified 0"});
  bob.end();
}
// RFC 3311 5.1: an UPDATE without an offer asks for none, and before the 2xx there is nothing else.
BOOST_AUTO_TEST_CASE(before_the_2xx_nothing_is_asked_rfc_3311_5_1) {
  user_desk<> bob;
  auto const invite = bob.place();
  BOOST_TEST((bob.agent->modify(bob.call, {}, bob.now) == sending::refused));
  bob.receive(answer(invite, 183, "alice",
                     alices_contact + "Allow: UPDATE\r\n" + reliably + with_sdp, "v=0\r\n"));
  bob.receive(answer(bob.sent_one("PRACK"), 200, ""));
  BOOST_TEST((bob.agent->modify(bob.call, {}, bob.now) == sending::refused));
  BOOST_TEST((bob.agent->acknowledge(bob.call, sdp, bob.now) == sending::gone));
  bob.receive(answer(invite, 487, "alice"));
  user_desk<> callee;
  callee.receive(invite_of_alice().text());
  BOOST_TEST((callee.agent->modify(callee.call, {}, callee.now) == sending::refused));
  (void)callee.agent->answer(callee.call, sdp, callee.now);
  callee.look();
  auto const ok = callee.last[0].bytes;
  // Without the 2xx the caller knows of no dialog.
  BOOST_TEST((callee.agent->modify(callee.call, {}, callee.now) == sending::deferred));
  check_all(callee.look(), {});
  callee.receive(in_dialog("ACK", ok, 1).text());
  BOOST_TEST(read(callee.sent_one("INVITE")).value.body() == "");
  (void)callee.agent->hang_up(callee.call, callee.now);
  BOOST_TEST((callee.agent->modify(callee.call, {}, callee.now) == sending::gone));
  callee.end();
  bob.end();
}

BOOST_AUTO_TEST_SUITE_END()
