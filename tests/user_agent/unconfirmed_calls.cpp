// Between a 2xx of ours and its ACK: what has to wait for it, and what it ends. RFC 3261 13.3.1.4,
// 14.1.
#include <ctsip/user_agent/endpoint.hpp>

#include <boost/test/unit_test.hpp>

#include "user_agent/dialogs.hpp"

using namespace ctsip;
using namespace ctsip_tests;

BOOST_AUTO_TEST_SUITE(user_agent_unconfirmed_calls)

// 14.1: "the TU MUST wait until the transaction reaches the confirmed or terminated state". Who has
// not got our 2xx knows of no dialog, and would answer 481.
BOOST_AUTO_TEST_CASE(a_modification_before_the_ack_to_our_2xx_waits_for_it_14_1) {
  desk<> bob;
  bob.receive(invite_of_alice("Allow: UPDATE\r\n").text());
  (void)bob.answer(bob.call);
  bob.look();
  auto const ok = bob.last[0].bytes;
  check_heard(bob, {{user_event_kind::incoming, 0}});
  BOOST_TEST((bob.agent->modify(bob.call, sdp, bob.now) == sending::deferred));
  // Nothing that comes before the ACK lets it go.
  bob.receive(with_same_offer(in_dialog("UPDATE", ok, 2, alices_contact)).text());
  bob.advance(500);
  check_sent(bob, {"200 UPDATE", "200 INVITE"});
  bob.receive(in_dialog("ACK", ok, 1).text());
  check_heard(bob, {{user_event_kind::confirmed, 0}});
  check_sent(bob, {"INVITE"});
  bob.receive(answer(bob.last[0].bytes, 200, "a1",
                     alices_contact + "Content-Type: application/sdp\r\n", "v=0\r\n"));
  check_sent(bob, {"ACK"});
  check_heard(bob, {{user_event_kind::modified, 200}});
}
BOOST_AUTO_TEST_CASE(a_modification_that_waits_for_the_ack_can_be_taken_back_9_1) {
  desk<> bob;
  bob.receive(invite_of_alice().text());
  (void)bob.answer(bob.call);
  bob.look();
  auto const ok = bob.last[0].bytes;
  BOOST_TEST((bob.agent->modify(bob.call, sdp, bob.now) == sending::deferred));
  BOOST_TEST((bob.agent->cancel_modification(bob.call, bob.now) == sending::sent));
  bob.receive(in_dialog("ACK", ok, 1).text());
  check_sent(bob, {});
  check_heard(bob, {{user_event_kind::incoming, 0},
                    {user_event_kind::unmodified, 487},
                    {user_event_kind::confirmed, 0}});
}
// "Response retransmissions cease when an ACK request for the response is received." (13.3.1.4)
BOOST_AUTO_TEST_CASE(an_ack_that_our_bye_has_crossed_ends_the_repetition_of_the_2xx_13_3_1_4) {
  answered_call<> bob;
  bob.receive(with_offer(in_dialog("INVITE", bob.ok, 2, alices_contact)).text());
  BOOST_TEST((bob.agent->accept_modification(bob.h, sdp, bob.now) == sending::sent));
  BOOST_TEST((bob.hang_up(bob.h) == sending::sent));
  check_sent(bob, {"200 INVITE", "BYE"});
  bob.receive(in_dialog("ACK", bob.ok, 2).text());
  bob.advance(3'000); // of a BYE that is lost
  check_sent(bob, {"BYE", "BYE"});
  BOOST_TEST(bob.agent->call_counts().unexpected == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
