// Peers that know only RFC 2543: without a branch or its magic cookie, without tags, Contact and
// Max-Forwards. Their transactions are matched by 17.2.3, their dialogs have null tags (RFC 3261
// 12.1.1, 12.1.2), and calls with them go as any other.
#include <ctsip/user_agent/endpoint.hpp>

#include <string>
#include <utility>

#include <boost/test/unit_test.hpp>

#include "user_agent/dialogs.hpp"

using namespace ctsip;
using namespace ctsip_tests;
using kind = user_event_kind;

namespace {

// As an RFC 2543 element writes it: no Max-Forwards, compact header names.
std::string old_style(request_text const& r) {
  auto text = r.text();
  for (auto const& [from, to] : {std::pair{"Max-Forwards: 70\r\n", ""},
                                 {"\r\nVia:", "\r\nv:"},
                                 {"\r\nFrom:", "\r\nf:"},
                                 {"\r\nTo:", "\r\nt:"},
                                 {"\r\nCall-ID:", "\r\ni:"}}) {
    auto const at = text.find(from);
    if (at != std::string::npos) text.replace(at, std::string_view{from}.size(), to);
  }
  return text;
}
request_text old_request(std::string method, unsigned cseq = 1) {
  auto r = of(std::move(method));
  r.via = "SIP/2.0/UDP 192.0.2.1:5066";
  r.from = "\"A. G. Bell\" <sip:alice@192.0.2.1>";
  r.cseq = cseq;
  r.more = {};
  return r;
}
request_text old_invite(unsigned cseq = 1) {
  auto r = old_request("INVITE", cseq);
  r.more = "c: application/sdp\r\n";
  r.body = "v=0\r\n";
  return r;
}
request_text old_in_dialog(std::string method, std::string_view response, unsigned cseq) {
  auto r = old_request(std::move(method), cseq);
  r.to = value_of(response, header::to);
  return r;
}

} // namespace

BOOST_AUTO_TEST_SUITE(user_agent_rfc2543_peers)

// ---- They call us

// 12.1.1: "A UAS MUST be prepared to receive a request without a tag in the From field, in which
// case the tag is considered to have a value of null."
BOOST_AUTO_TEST_CASE(a_caller_without_branch_tag_and_contact_has_a_call_12_1_1) {
  for (bool const caller_ends : {true, false}) {
    desk bob;
    bob.receive(old_style(old_invite()));
    check_heard(bob, {{kind::incoming, 0}});
    auto const h = bob.call;
    (void)bob.ring(h);
    check_sent(bob, {"180 INVITE"});
    BOOST_TEST((bob.last[0].to == ip(1, 5066)));
    // A retransmission, by Request-URI, tags, Call-ID, CSeq and top Via (17.2.3).
    bob.receive(old_style(old_invite()));
    check_sent(bob, {"180 INVITE"});
    (void)bob.answer(h);
    check_sent(bob, {"200 INVITE"});
    auto const ok = bob.last[0].bytes;
    BOOST_TEST(value_of(ok, header::from) == "\"A. G. Bell\" <sip:alice@192.0.2.1>");
    BOOST_TEST(value_of(ok, header::via).find("SIP/2.0/UDP 192.0.2.1:5066") == 0u);
    auto ack = old_in_dialog("ACK", ok, 1);
    // With the Request-URI of the INVITE, or with our Contact.
    if (caller_ends) ack.uri = "sip:bob@192.0.2.2:5060";
    bob.receive(old_style(ack));
    check_heard(bob, {{kind::confirmed, 0}});
    bob.advance(10'000);
    check_sent(bob, {});
    if (caller_ends) {
      auto const bye = old_in_dialog("BYE", ok, 2);
      bob.receive(old_style(bye));
      bob.receive(old_style(bye));
      check_sent(bob, {"200 BYE", "200 BYE"});
      check_heard(bob, {{kind::ended, 0}});
    } else {
      // "If the value of the remote or local tags is null, the tag parameter MUST be omitted from
      // the To or From header fields, respectively" (12.2.1.1). Without a Contact it goes to the
      // URI of the From.
      (void)bob.hang_up(h);
      check_sent(bob, {"BYE"});
      auto const bye = bob.last[0].bytes;
      BOOST_TEST(value_of(bye, header::to) == "<sip:alice@192.0.2.1>");
      BOOST_TEST(read(bye).value.from_tag() == read(ok).value.to_tag());
      BOOST_TEST(first_line(bye) == "BYE sip:alice@192.0.2.1 SIP/2.0");
      bob.receive(answer(bye, 200, ""));
      check_heard(bob, {{kind::ended, 200}});
    }
    bob.settle();
    BOOST_TEST(bob.idle());
    BOOST_TEST(bob.agent->counts().malformed == 0u);
  }
}

// "The ACK request matches a transaction if the Request-URI, From tag, Call-ID, CSeq number (not
// the method), and top Via header field match those of the INVITE request which created the
// transaction, and the To tag of the ACK matches the To tag of the response sent by the server
// transaction."
BOOST_AUTO_TEST_CASE(the_ack_to_a_refusal_is_matched_without_a_branch_17_2_3) {
  desk bob;
  bob.receive(old_style(old_invite()));
  (void)bob.reject(bob.call, 486);
  check_sent(bob, {"486 INVITE"});
  auto const busy = bob.last[0].bytes;
  auto wrong = old_in_dialog("ACK", busy, 1);
  wrong.to = "<sip:bob@192.0.2.2>;tag=other";
  bob.receive(old_style(wrong));
  bob.advance(500);
  check_sent(bob, {"486 INVITE"}); // still
  bob.receive(old_style(old_in_dialog("ACK", busy, 1)));
  bob.advance(100'000);
  check_sent(bob, {});
  BOOST_TEST(bob.idle());
}

BOOST_AUTO_TEST_CASE(a_cancel_is_matched_without_a_branch_9_2) {
  desk bob;
  bob.receive(old_style(old_invite()));
  auto other = old_request("CANCEL");
  other.call_id = "other";
  bob.receive(old_style(other));
  check_sent(bob, {"481 CANCEL"});
  bob.receive(old_style(old_request("CANCEL")));
  check_sent(bob, {"200 CANCEL", "487 INVITE"});
  BOOST_TEST(value_of(bob.last[0].bytes, header::to) == value_of(bob.last[1].bytes, header::to));
  check_heard(bob, {{kind::incoming, 0}, {kind::cancelled, 0}});
}

// Where the branch says nothing, one Via serves for all requests of such a caller; the rest tells
// them apart.
BOOST_AUTO_TEST_CASE(requests_with_one_via_are_told_apart_by_the_rest_17_2_3) {
  for (char const* const via :
       {"SIP/2.0/UDP 192.0.2.1:5066", "SIP/2.0/UDP 192.0.2.1:5066;branch=1"}) {
    desk bob;
    auto first = old_invite();
    first.via = via;
    bob.receive(old_style(first));
    auto second = first;
    second.call_id = "call-2";
    bob.receive(old_style(second));
    check_heard(bob, {{kind::incoming, 0}, {kind::incoming, 0}});
    auto const h = bob.callers[0];
    (void)bob.answer(h);
    check_sent(bob, {"200 INVITE"});
    auto const ok = bob.last[0].bytes;
    auto ack = old_in_dialog("ACK", ok, 1);
    ack.via = via;
    bob.receive(old_style(ack));
    check_heard(bob, {{kind::confirmed, 0}});
    // A re-INVITE with the same Via and the next number is not the first one again.
    auto again = old_in_dialog("INVITE", ok, 2);
    again.via = via;
    again.more = first.more, again.body = first.body + "s=other\r\n";
    bob.receive(old_style(again));
    check_heard(bob, {{kind::modification, 0}});
    BOOST_TEST((bob.agent->accept_modification(h, sdp, bob.now) == sending::sent));
    check_sent(bob, {"200 INVITE"});
    ack.cseq = 2;
    bob.receive(old_style(ack));
    bob.advance(60'000);
    bob.look();
    BOOST_TEST((bob.agent->state(h) == call_state::established));
  }
}

// A request with a From tag is not of the dialog whose remote tag is null, nor the other way round.
BOOST_AUTO_TEST_CASE(a_null_tag_is_another_than_any_tag_12) {
  desk bob;
  bob.receive(old_style(old_invite()));
  (void)bob.answer(bob.call);
  auto const h = bob.call;
  bob.look();
  auto const ok = bob.last[0].bytes;
  bob.receive(old_style(old_in_dialog("ACK", ok, 1)));
  bob.listen();
  auto bye = old_in_dialog("BYE", ok, 2);
  bye.from += ";tag=a1";
  bob.receive(old_style(bye));
  check_sent(bob, {"481 BYE"});
  BOOST_TEST((bob.agent->state(h) == call_state::established));
  check_heard(bob, {});
}

// ---- We call them

// "A UAC MUST be prepared to receive a response without a tag in the To field, in which case the
// tag is considered to have a value of null. This is to maintain backwards compatibility with RFC
// 2543, which did not mandate To tags."
BOOST_AUTO_TEST_CASE(a_callee_without_tag_and_contact_has_a_call_12_1_2) {
  for (bool const caller_ends : {true, false}) {
    desk bob;
    auto const h = bob.place();
    bob.look();
    auto const invite = bob.last[0].bytes;
    bob.receive(answer(invite, 180, ""));
    auto const ok = answer(invite, 200, "");
    bob.receive(ok);
    check_heard(bob, {{kind::provisional, 180}, {kind::answered, 200}});
    check_sent(bob, {"ACK"});
    auto const ack = bob.last[0].bytes;
    BOOST_TEST(first_line(ack) == "ACK sip:alice@192.0.2.1 SIP/2.0");
    BOOST_TEST(read(ack).value.to_tag().empty());
    // The 2xx once more is no fork: the same ACK, and no BYE (13.2.2.4).
    bob.advance(500);
    bob.receive(ok);
    check_sent(bob, {"ACK"});
    BOOST_TEST(bob.last[0].bytes == ack);
    check_heard(bob, {});
    if (caller_ends) {
      (void)bob.hang_up(h);
      check_sent(bob, {"BYE"});
      auto const bye = bob.last[0].bytes;
      BOOST_TEST(value_of(bye, header::to) == "<sip:alice@192.0.2.1>");
      bob.receive(answer(bye, 200, ""));
      check_heard(bob, {{kind::ended, 200}});
    } else {
      auto bye = old_request("BYE", 17);
      bye.from = value_of(invite, header::to); // without a tag, as its 200 was
      bye.to = value_of(invite, header::from);
      bye.call_id = value_of(invite, header::call_id);
      bob.receive(old_style(bye));
      check_sent(bob, {"200 BYE"});
      check_heard(bob, {{kind::ended, 0}});
    }
    bob.settle();
    BOOST_TEST(bob.idle());
    BOOST_TEST(bob.agent->counts().stray == 0u);
  }
}

// A proxy of RFC 3261 in front of it may have rung with a tag of its own: whichever 2xx comes first
// is the call.
BOOST_AUTO_TEST_CASE(a_2xx_without_a_tag_after_a_1xx_with_one_is_the_answer_13_2_2_4) {
  desk bob;
  auto const h = bob.place();
  bob.look();
  auto const invite = bob.last[0].bytes;
  bob.receive(answer(invite, 180, "proxy", alices_contact));
  bob.receive(answer(invite, 200, ""));
  check_heard(bob, {{kind::provisional, 180}, {kind::answered, 200}});
  check_sent(bob, {"ACK"});
  BOOST_TEST(read(bob.last[0].bytes).value.to_tag().empty());
  (void)bob.hang_up(h);
  check_sent(bob, {"BYE"});
  BOOST_TEST(read(bob.last[0].bytes).value.to_tag().empty());
  bob.receive(answer(bob.last[0].bytes, 200, ""));
  bob.settle();
  BOOST_TEST(bob.idle());
}

BOOST_AUTO_TEST_CASE(a_refusal_without_a_tag_is_acknowledged_without_one_17_1_1_3) {
  desk bob;
  (void)bob.place();
  bob.look();
  auto const invite = bob.last[0].bytes;
  bob.receive(answer(invite, 486, ""));
  check_heard(bob, {{kind::rejected, 486}});
  check_sent(bob, {"ACK"});
  BOOST_TEST(value_of(bob.last[0].bytes, header::to) == "<sip:alice@192.0.2.1>");
  bob.receive(answer(invite, 486, ""));
  check_sent(bob, {"ACK"});
}

// It does not know CANCEL's ways either: a 200 to the CANCEL and no 487, ever (9.1).
BOOST_AUTO_TEST_CASE(a_callee_that_never_refuses_what_was_cancelled_is_given_up_after_64_t1_9_1) {
  // "a UAC canceling a request cannot rely on receiving a 487 (Request Terminated) response for the
  // original request, as an RFC 2543-compliant UAS will not generate such a response. If there is
  // no final response for the original request in 64*T1 seconds [...], the client SHOULD then
  // consider the original transaction cancelled".
  desk bob;
  auto const h = bob.place();
  bob.look();
  auto const invite = bob.last[0].bytes;
  bob.receive(answer(invite, 180, ""));
  (void)bob.hang_up(h);
  check_sent(bob, {"CANCEL"});
  bob.receive(answer(bob.last[0].bytes, 200, ""));
  bob.listen();
  bob.advance(31'999);
  BOOST_TEST(bob.agent->live_calls() == 1u);
  bob.advance(1);
  BOOST_TEST(bob.agent->live_calls() == 0u);
  bob.settle();
  BOOST_TEST(bob.idle());
}

// 8.1.3.3, 17.1.3: a response is ours by the branch that we made, which RFC 2543 elements copy with
// the rest of the Via.
BOOST_AUTO_TEST_CASE(its_responses_come_back_with_our_via_17_1_3) {
  desk bob;
  auto const h = bob.place();
  bob.look();
  auto const invite = bob.last[0].bytes;
  auto without = answer(invite, 200, "");
  auto const branch = std::string{read(invite).value.top_via().branch()};
  auto const at = without.find(";branch=" + branch);
  BOOST_TEST_REQUIRE(at != std::string::npos);
  without.erase(at, branch.size() + 8);
  bob.receive(without);
  BOOST_TEST(bob.agent->counts().stray == 1u);
  BOOST_TEST((bob.agent->state(h) == call_state::outgoing));
  check_heard(bob, {});
}

BOOST_AUTO_TEST_SUITE_END()
