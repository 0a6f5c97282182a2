// Modifications of a session that come to their end in more than one step, or not at all. RFC 3261
// 14, RFC 6141 3.6, 4.7.
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

BOOST_AUTO_TEST_SUITE_END()
