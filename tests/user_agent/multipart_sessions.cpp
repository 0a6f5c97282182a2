// Session descriptions that are a part of a multipart body, as gateways to the telephone network
// send them beside their ISUP: offer/answer is the same. RFC 3204, RFC 3261 13, 14, RFC 5621.
#include <ctsip/user_agent/endpoint.hpp>

#include <string>

#include <boost/test/unit_test.hpp>

#include "user_agent/user_desk.hpp"

using namespace ctsip;
using namespace ctsip_tests;

namespace {

std::string const mixed_type = "multipart/mixed;boundary=x";
std::string const mixed_field = "Content-Type: " + mixed_type + "\r\n";

std::string with_isup(std::string const& session) {
  return "--x\r\nContent-Type: application/sdp\r\n\r\n" + session +
         "\r\n--x\r\nContent-Type: application/isup;version=itu-t92+\r\n"
         "Content-Disposition: signal;handling=optional\r\n\r\nabc\r\n--x--\r\n";
}
std::string const whole = with_isup("v=0\r\n");
message_body const our_whole{mixed_type, whole};

struct conditional : endpoint_traits {
  using call_rules = uac_call;
};

endpoint_settings gateway() {
  auto s = user_desk<>::settings();
  s.element.own.accept = "application/sdp, multipart/mixed";
  return s;
}
request_text multipart(request_text r) {
  r.more += mixed_field;
  r.body = with_isup("v=0\r\ns=" + std::to_string(r.cseq) + "\r\n");
  return r;
}
// Alice offers another session, and bob's user is asked and accepts it.
void check_modification(user_desk<>& bob, request_text const& r) {
  bob.receive(r.text());
  check_all(bob.look(), {});
  check_all(bob.listen(), {"modification 0"});
  BOOST_TEST((bob.agent->accept_modification(bob.call, sdp, bob.now) == sending::sent));
  auto const ok = bob.sent_one("200 " + r.method);
  BOOST_TEST(read(ok).value.body() == sdp.body);
  if (r.method == "INVITE") {
    bob.receive(in_dialog("ACK", ok, r.cseq).text());
    check_all(bob.listen(), {});
  }
}
// The same of bob's to alice.
void check_our_modification(user_desk<>& bob) {
  BOOST_TEST((bob.agent->modify(bob.call, sdp, bob.now) == sending::sent));
  bob.receive(answer(bob.sent_one("INVITE"), 200, "", alices_contact + mixed_field, whole));
  bob.sent_one("ACK");
  check_all(bob.listen(), {"modified 200"});
}

} // namespace

BOOST_AUTO_TEST_SUITE(user_agent_multipart_sessions)

BOOST_AUTO_TEST_CASE(their_answer_may_be_a_part_of_the_2xx_rfc_5621_4_1) {
  user_desk<> bob;
  auto const invite = bob.place();
  auto const ok = answer(invite, 200, "alice", alices_contact + mixed_field, whole);
  bob.receive(ok);
  bob.sent_one("ACK");
  check_all(bob.listen(), {"answered 200"});
  // The message is the user's as it is.
  BOOST_TEST(bob.agent->session_message(bob.call).body() == whole);
  BOOST_TEST(sdp_of(bob.agent->session_message(bob.call)) == "v=0\r\n");
  check_modification(bob, with_offer(in_callee_dialog("INVITE", ok, 1, alices_contact)));
  check_modification(bob, with_offer(in_callee_dialog("UPDATE", ok, 2, alices_contact)));
  check_our_modification(bob);
}

BOOST_AUTO_TEST_CASE(our_answer_may_be_a_part_of_the_2xx_rfc_5621_4_1) {
  user_desk<> bob;
  bob.receive(invite_of_alice().text());
  bob.listen();
  BOOST_TEST((bob.agent->answer(bob.call, our_whole, bob.now) == sending::sent));
  auto const ok = bob.sent_one("200 INVITE");
  BOOST_TEST(read(ok).value.body() == whole);
  bob.receive(in_dialog("ACK", ok, 1).text());
  check_all(bob.listen(), {"confirmed 0"});
  // Of it the session description is what the other side is told again.
  BOOST_TEST(bob.agent->local_session(bob.call).type == "application/sdp");
  BOOST_TEST(bob.agent->local_session(bob.call).body == "v=0\r\n");
  bob.receive(with_same_offer(in_dialog("INVITE", ok, 2, alices_contact)).text());
  auto const again = bob.sent_one("200 INVITE");
  BOOST_TEST(value_of(again, header::content_type) == "application/sdp");
  BOOST_TEST(read(again).value.body() == "v=0\r\n");
  bob.receive(in_dialog("ACK", again, 2).text());
  check_all(bob.listen(), {});
  check_modification(bob, with_offer(in_dialog("INVITE", ok, 3, alices_contact)));
  check_our_modification(bob);
}

// A bare refresh by re-INVITE repeats the description, too (RFC 4028 7.4).
BOOST_AUTO_TEST_CASE(a_refresh_repeats_the_description_alone_rfc_4028_7_4) {
  user_desk<> bob;
  bob.receive(invite_of_alice("Supported: timer\r\nSession-Expires: 90;refresher=uas\r\n").text());
  bob.listen();
  (void)bob.agent->answer(bob.call, our_whole, bob.now);
  bob.receive(in_dialog("ACK", bob.sent_one("200 INVITE"), 1).text());
  bob.advance(45'000);
  auto const refresh = bob.sent_one("INVITE");
  BOOST_TEST(value_of(refresh, header::content_type) == "application/sdp");
  BOOST_TEST(read(refresh).value.body() == "v=0\r\n");
}

BOOST_AUTO_TEST_CASE(their_offer_may_be_a_part_of_the_invite_rfc_5621_4_1) {
  user_desk<> bob{gateway()};
  auto r = of("INVITE");
  r.more = alices_contact;
  bob.receive(multipart(r).text());
  check_all(bob.listen(), {"incoming 0"});
  // It is an offer, and the 2xx has the answer (13.3.1.4).
  BOOST_TEST((bob.agent->answer(bob.call, {}, bob.now) == sending::refused));
  BOOST_TEST((bob.agent->answer(bob.call, sdp, bob.now) == sending::sent));
  auto const ok = bob.sent_one("200 INVITE");
  bob.receive(in_dialog("ACK", ok, 1).text());
  check_all(bob.listen(), {"confirmed 0"});
  check_modification(bob, with_offer(in_dialog("UPDATE", ok, 2, alices_contact)));
  check_modification(bob, with_offer(in_dialog("INVITE", ok, 3, alices_contact)));
  check_our_modification(bob);
}

BOOST_AUTO_TEST_CASE(the_user_is_asked_what_a_part_of_a_request_offers_14_2) {
  user_desk<> bob{gateway()};
  auto const ok = bob.taken();
  bob.look();
  check_modification(bob, multipart(in_dialog("INVITE", ok, 2, alices_contact)));
  check_modification(bob, multipart(in_dialog("UPDATE", ok, 3, alices_contact)));
  // Without a description it asks for one, as an INVITE without a body does.
  auto r = in_dialog("INVITE", ok, 4, alices_contact + mixed_field);
  r.body = "--x\r\nContent-Type: application/isup\r\n\r\nabc\r\n--x--\r\n";
  bob.receive(r.text());
  check_all(bob.listen(), {"modification 0"});
  BOOST_TEST((bob.agent->accept_modification(bob.call, sdp, bob.now) == sending::sent));
  BOOST_TEST(read(bob.sent_one("200 INVITE")).value.body() == sdp.body);
}

// "If the initial offer is in [...] the 2xx response, the answer MUST be in the acknowledgement"
// (13.2.1).
BOOST_AUTO_TEST_CASE(an_offer_in_a_part_of_the_2xx_is_the_users_to_answer_13_2_1) {
  user_desk<> bob;
  bob.call = bob.agent->call({"sip:alice@192.0.2.1", "sip:bob@192.0.2.2", ip(1)}, bob.now);
  auto const invite = bob.sent_one("INVITE");
  auto const ok = answer(invite, 200, "alice", alices_contact + mixed_field, whole);
  bob.receive(ok);
  check_all(bob.look(), {});
  check_all(bob.listen(), {"offered 200"});
  BOOST_TEST(
      (bob.agent->acknowledge(bob.call, {"application/isup", "abc"}, bob.now) == sending::refused));
  BOOST_TEST((bob.agent->acknowledge(bob.call, our_whole, bob.now) == sending::sent));
  auto const ack = bob.sent_one("ACK");
  BOOST_TEST(read(ack).value.body() == whole);
  // The same each time (13.2.2.4).
  bob.receive(ok);
  BOOST_TEST(bob.sent_one("ACK") == ack);
  BOOST_TEST(bob.agent->local_session(bob.call).body == "v=0\r\n");
}

// "a multipart body" without a description is none, be it ever so malformed.
BOOST_AUTO_TEST_CASE(a_multipart_body_without_a_description_has_no_offer_rfc_5621_4_1) {
  for (std::string const body : {"--x--", "--x\r\n", "v=0\r\n", "--x\r\n\r\nv=0\r\n--x--"}) {
    user_desk<> bob{gateway()};
    auto r = of("INVITE");
    r.more = alices_contact + mixed_field;
    r.body = body;
    bob.receive(r.text());
    check_all(bob.listen(), {"incoming 0"});
    BOOST_TEST((bob.agent->answer(bob.call, {}, bob.now) == sending::refused));
    BOOST_TEST((bob.agent->answer(bob.call, sdp, bob.now) == sending::sent));
    bob.end();
  }
}

// RFC 3264 8: it "MUST generate a valid answer (which MAY be the same as the previous SDP from the
// answerer)": the part that has it, and what we keep is still the whole.
BOOST_AUTO_TEST_CASE(a_repeated_description_is_answered_by_the_part_that_has_ours_rfc_3264_8) {
  user_desk<> bob{gateway()};
  bob.receive(invite_of_alice().text());
  BOOST_TEST((bob.agent->answer(bob.call, our_whole, bob.now) == sending::sent));
  auto const ok = bob.sent_one("200 INVITE");
  BOOST_TEST(read(ok).value.body() == whole);
  bob.receive(in_dialog("ACK", ok, 1).text());
  for (unsigned cseq = 2; cseq < 5; ++cseq) {
    bob.receive(with_same_offer(in_dialog("INVITE", ok, cseq, alices_contact)).text());
    auto const again = bob.sent_one("200 INVITE");
    BOOST_TEST(read(again).value[header::content_type] == "application/sdp");
    BOOST_TEST(read(again).value.body() == "v=0\r\n");
    BOOST_TEST(bob.agent->local_session(bob.call).body == "v=0\r\n");
    bob.receive(in_dialog("ACK", again, cseq).text());
  }
  bob.end();
}

// "the preconditions are [...] in the SDP" (RFC 3312 4), which is a part.
BOOST_AUTO_TEST_CASE(preconditions_are_read_in_the_part_rfc_3312_6) {
  std::string const unmet = "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\n"
                            "t=0 0\r\nm=audio 9 RTP/AVP 0\r\na=curr:qos local none\r\n"
                            "a=curr:qos remote none\r\na=des:qos mandatory local sendrecv\r\n"
                            "a=des:qos mandatory remote sendrecv\r\n";
  user_desk<with_requests, conditional> bob{gateway()};
  auto r = of("INVITE");
  r.more = alices_contact + "Supported: 100rel\r\nRequire: precondition\r\nAllow: UPDATE\r\n" +
           mixed_field;
  r.body = with_isup(unmet);
  bob.receive(r.text());
  check_all(bob.listen(), {"incoming 0"});
  BOOST_TEST((bob.agent->ring(bob.call, bob.now) == sending::deferred));
  check_all(bob.look(), {});
}

BOOST_AUTO_TEST_SUITE_END()
