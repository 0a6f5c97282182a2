// What is full has an answer: calls, transactions, messages, datagrams and events that wait. What
// goes on already goes on, and when there is room again all is as before. RFC 3261 8.2.7, 17.2,
// 21.4.18, 21.5.4, 21.5.7.
#include <ctsip/user_agent/endpoint.hpp>

#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "user_agent/dialogs.hpp"

using namespace ctsip;
using namespace ctsip_tests;
using kind = user_event_kind;

namespace {

request_text other_invite(std::string const& which) {
  auto r = invite_of_alice();
  r.via += which;
  r.call_id += which;
  return r;
}
request_text options(std::string const& which) {
  auto r = of("OPTIONS");
  r.via += which;
  r.call_id += which;
  return r;
}

// Takes a transaction for each of them: their answers are repeated for 64*T1 when asked for.
template <class Desk>
void fill_transactions(Desk& bob, std::size_t most) {
  for (int i = 0; bob.agent->live_transactions() < most; ++i)
    bob.receive(options("fill" + std::to_string(i)).text());
  bob.look();
}

} // namespace

BOOST_AUTO_TEST_SUITE(user_agent_capacity)

// ---- Calls

// "The callee's end system was contacted successfully, but the callee is currently not willing or
// able to take additional calls at this end system."
BOOST_AUTO_TEST_CASE(when_all_calls_are_taken_the_next_is_busy_until_one_ends_21_4_18) {
  desk<endpoint_size{2, 16, 1300}> bob;
  bob.receive(other_invite("a").text());
  auto const first = bob.call;
  BOOST_TEST(static_cast<bool>(bob.place()));
  bob.look();
  bob.receive(other_invite("b").text());
  check_sent(bob, {"486 INVITE"});
  check_heard(bob, {{kind::incoming, 0}});
  BOOST_TEST(bob.agent->live_calls() == 2u);
  BOOST_TEST(bob.agent->call_counts().busy == 1u);
  BOOST_TEST(!bob.place());
  // The refusal is that of a transaction: repeated until its ACK.
  bob.advance(500);
  auto const again = bob.look();
  BOOST_TEST((std::find(again.begin(), again.end(), "486 INVITE") != again.end()));
  auto ack = other_invite("b");
  ack.method = "ACK";
  ack.to = value_of(bob.last.back().bytes, header::to);
  bob.receive(ack.text());
  (void)bob.reject(first, 603);
  bob.look();
  auto next = other_invite("b");
  next.cseq = 2, next.via += "2";
  bob.receive(next.text());
  check_heard(bob, {{kind::incoming, 0}});
  BOOST_TEST(bob.agent->live_calls() == 2u);
}

BOOST_AUTO_TEST_CASE(a_caller_who_is_busy_still_takes_part_in_its_calls) {
  answered_call<endpoint_size{1, 16, 1300}> bob;
  bob.receive(other_invite("b").text());
  check_sent(bob, {"486 INVITE"});
  bob.receive(with_offer(in_dialog("INVITE", bob.ok, 2, alices_contact)).text());
  check_heard(bob, {{kind::modification, 0}});
  BOOST_TEST((bob.agent->accept_modification(bob.h, sdp, bob.now) == sending::sent));
  bob.receive(in_dialog("ACK", bob.ok, 2).text());
  bob.receive(in_dialog("BYE", bob.ok, 3).text());
  auto const sent = bob.look();
  BOOST_TEST((sent.back() == "200 BYE"));
  BOOST_TEST(bob.agent->live_calls() == 0u);
}

// ---- Transactions

// "The server is temporarily unable to process the request due to a temporary overloading".
BOOST_AUTO_TEST_CASE(when_all_transactions_are_taken_a_request_is_answered_503_21_5_4) {
  desk<endpoint_size{4, 3, 1300}> bob;
  fill_transactions(bob, 3);
  std::vector<std::string> refused;
  for (int i = 0; i < 3; ++i) {
    bob.receive(other_invite("x").text());
    bob.receive(options("y").text());
    check_sent(bob, {"503 INVITE", "503 OPTIONS"});
    for (auto const& w : bob.last) refused.push_back(w.bytes);
  }
  // 8.2.7: without a transaction the same request has the same response, with the same tag.
  for (std::size_t i = 2; i < refused.size(); ++i) BOOST_TEST(refused[i] == refused[i - 2]);
  BOOST_TEST(!read(refused[0]).value.to_tag().empty());
  BOOST_TEST(bob.agent->counts().overload == 6u);
  check_heard(bob, {});
  // Its ACK finds nothing, and is for nobody.
  auto ack = other_invite("x");
  ack.method = "ACK";
  ack.to = value_of(refused[0], header::to);
  bob.receive(ack.text());
  check_sent(bob, {});
  BOOST_TEST(bob.agent->live_calls() == 0u);
  BOOST_TEST(!bob.place());
  BOOST_TEST(bob.agent->live_calls() == 0u);
  // When they have ended there is room again.
  bob.advance(33'000);
  BOOST_TEST(bob.agent->live_transactions() == 0u);
  bob.receive(other_invite("x").text());
  check_heard(bob, {{kind::incoming, 0}});
}

// "The server transaction [...] retransmission" (17.2.1, 17.2.2): it needs no place.
BOOST_AUTO_TEST_CASE(what_is_sent_again_is_absorbed_although_all_is_full_17_2) {
  desk<endpoint_size{4, 3, 1300}> bob;
  bob.receive(invite_of_alice().text());
  check_heard(bob, {{kind::incoming, 0}});
  fill_transactions(bob, 3);
  (void)bob.ring(bob.call);
  check_sent(bob, {"180 INVITE"});
  auto const ringing = bob.last[0].bytes;
  for (int i = 0; i < 3; ++i) {
    bob.receive(invite_of_alice().text());
    check_sent(bob, {"180 INVITE"});
    BOOST_TEST(bob.last[0].bytes == ringing);
    bob.receive(options("fill0").text());
    check_sent(bob, {"200 OPTIONS"});
  }
  BOOST_TEST(bob.agent->counts().retransmissions == 6u);
  BOOST_TEST(bob.agent->counts().overload == 0u);
  // And the call goes its way: 2xx, ACK, and the BYE that is never refused.
  (void)bob.answer(bob.call);
  check_sent(bob, {"200 INVITE"});
  auto const ok = bob.last[0].bytes;
  bob.receive(invite_of_alice().text());
  check_sent(bob, {});
  bob.receive(in_dialog("ACK", ok, 1).text());
  bob.receive(in_dialog("BYE", ok, 2).text());
  check_sent(bob, {"200 BYE"});
  check_heard(bob, {{kind::confirmed, 0}, {kind::ended, 0}});
  BOOST_TEST(bob.agent->live_calls() == 0u);
}

BOOST_AUTO_TEST_CASE(responses_are_taken_although_all_is_full) {
  desk<endpoint_size{4, 3, 1300}> bob;
  auto const h = bob.place();
  bob.look();
  auto const invite = bob.last[0].bytes;
  fill_transactions(bob, 3);
  bob.receive(answer(invite, 180, "alice", alices_contact));
  bob.receive(answer(invite, 200, "alice", alices_contact));
  check_sent(bob, {"ACK"});
  check_heard(bob, {{kind::provisional, 180}, {kind::answered, 200}});
  // What the user wants waits for a place, and is not forgotten.
  BOOST_TEST((bob.hang_up(h) == sending::deferred));
  check_sent(bob, {});
  bob.advance(33'000);
  BOOST_TEST(bob.look().front() == "BYE");
}

// A request in the call that finds no place is refused, and the call stays: only a 481 or a 408
// ends it (12.2.1.2).
BOOST_AUTO_TEST_CASE(a_call_outlives_a_503_to_its_requests) {
  answered_call<endpoint_size{4, 3, 1300}> bob;
  fill_transactions(bob, 3);
  for (char const* const method : {"INVITE", "UPDATE", "OPTIONS"}) {
    bob.receive(with_offer(in_dialog(method, bob.ok, 2, alices_contact)).text());
    check_sent(bob, {std::string{"503 "} + method});
  }
  check_heard(bob, {});
  BOOST_TEST((bob.agent->state(bob.h) == call_state::established));
  bob.advance(33'000);
  // The number was not used up.
  bob.receive(with_offer(in_dialog("INVITE", bob.ok, 2, alices_contact)).text());
  check_heard(bob, {{kind::modification, 0}});
}

BOOST_AUTO_TEST_CASE(a_modification_waits_for_a_free_transaction) {
  answered_call<endpoint_size{4, 3, 1300}> bob;
  fill_transactions(bob, 3);
  BOOST_TEST((bob.agent->modify(bob.h, sdp, bob.now) == sending::deferred));
  check_sent(bob, {});
  bob.advance(33'000);
  auto const sent = bob.look();
  BOOST_TEST_REQUIRE(!sent.empty());
  BOOST_TEST(sent[0] == "INVITE");
}

// ---- Messages

// "The server was unable to process the request since the message length exceeded its
// capabilities." A call is not harmed by it.
BOOST_AUTO_TEST_CASE(a_message_that_is_too_long_is_answered_513_21_5_7) {
  answered_call<endpoint_size{4, 16, 700}> bob;
  auto const large = [](request_text r) {
    r.more = alices_contact + "Content-Type: application/sdp\r\n";
    r.body = "v=0\r\n" + std::string(700, 'x');
    return r;
  };
  bob.receive(large(other_invite("b")).text());
  bob.receive(large(in_dialog("INVITE", bob.ok, 2, alices_contact)).text());
  bob.receive(large(in_dialog("UPDATE", bob.ok, 2, alices_contact)).text());
  check_sent(bob, {"513 INVITE", "513 INVITE", "513 UPDATE"});
  check_heard(bob, {});
  BOOST_TEST(bob.agent->counts().rejected == 3u);
  BOOST_TEST(bob.agent->live_calls() == 1u);
  // An ACK is not stored anywhere, and is taken at any length.
  bob.receive(with_offer(in_dialog("INVITE", bob.ok, 2, alices_contact)).text());
  (void)bob.agent->accept_modification(bob.h, sdp, bob.now);
  bob.look();
  auto ack = in_dialog("ACK", bob.ok, 2);
  ack.more = "Subject: " + std::string(700, 'x') + "\r\n";
  bob.receive(ack.text());
  bob.advance(40'000);
  check_sent(bob, {}); // the 2xx is not repeated
  BOOST_TEST((bob.agent->state(bob.h) == call_state::established));
  // So is a BYE: who has sent it has ended its session (15.1.1).
  auto bye = in_dialog("BYE", bob.ok, 3);
  bye.more = "Subject: " + std::string(700, 'x') + "\r\n";
  bob.receive(bye.text());
  check_sent(bob, {"200 BYE"});
  BOOST_TEST(bob.agent->live_calls() == 0u);
}

BOOST_AUTO_TEST_CASE(what_the_user_says_must_fit_and_what_does_not_changes_nothing) {
  desk<endpoint_size{4, 16, 700}> bob;
  std::string const long_text(800, 'x');
  message_body const large{"application/sdp", long_text};
  BOOST_TEST(!bob.agent->call(
      {"sip:alice@192.0.2.1", "sip:bob@192.0.2.2", ip(1), transport::udp, large}, bob.now));
  BOOST_TEST(!bob.agent->call({"sip:" + long_text, "sip:bob@192.0.2.2", ip(1), transport::udp, sdp},
                              bob.now));
  BOOST_TEST(bob.agent->live_calls() == 0u);
  bob.receive(invite_of_alice().text());
  BOOST_TEST((bob.agent->ring(bob.call, bob.now, 183, large) == sending::unwritable));
  BOOST_TEST((bob.agent->answer(bob.call, large, bob.now) == sending::unwritable));
  check_sent(bob, {});
  BOOST_TEST((bob.answer(bob.call) == sending::sent));
  check_sent(bob, {"200 INVITE"});
  auto const ok = bob.last[0].bytes;
  bob.receive(in_dialog("ACK", ok, 1).text());
  BOOST_TEST((bob.agent->modify(bob.call, large, bob.now) == sending::unwritable));
  check_sent(bob, {});
  bob.receive(with_offer(in_dialog("INVITE", ok, 2, alices_contact)).text());
  BOOST_TEST((bob.agent->accept_modification(bob.call, large, bob.now) == sending::unwritable));
  BOOST_TEST((bob.agent->accept_modification(bob.call, sdp, bob.now) == sending::sent));
  check_sent(bob, {"200 INVITE"});
}

// ---- Calls that go nowhere

// A Request-URI is "a SIP or SIPS URI" or another URI (8.1.1.1), and a datagram goes to a port.
BOOST_AUTO_TEST_CASE(a_call_needs_a_uri_and_a_port_8_1_1_1) {
  desk bob;
  outgoing_call out;
  out.target = "sip:alice@192.0.2.1";
  out.from = "sip:bob@192.0.2.2";
  out.offer = sdp;
  BOOST_TEST(!bob.agent->call(out, bob.now));
  out.next_hop = ip(1);
  // "An implementation MUST NOT proceed with transmitting the request" to a URI that forms no valid
  // one, and "MUST NOT" place a method parameter in the Request-URI (19.1.5). Nobody could answer
  // a call from one that is malformed either.
  for (std::string_view const uri :
       {"alice", "", ":alice", "alice@192.0.2.1", "sip:", "sip:alice@", "sip:#31#123@192.0.2.1",
        "sip:alice@2001:db8::1", "sip:al%ice@192.0.2.1", "sip:a b@192.0.2.1", "tel:+1abc",
        "sip:alice@192.0.2.1;method=INVITE", "sip:alice@192.0.2.1?Subject=lunch"}) {
    out.target = uri;
    BOOST_TEST(!bob.agent->call(out, bob.now), uri);
    out.target = "sip:alice@192.0.2.1";
    out.from = uri;
    BOOST_TEST(!bob.agent->call(out, bob.now), uri);
    out.from = "sip:bob@192.0.2.2";
  }
  check_sent(bob, {});
  BOOST_TEST(bob.idle());
  out.target = "tel:+358-555-1234567";
  BOOST_TEST(static_cast<bool>(bob.agent->call(out, bob.now)));
  check_sent(bob, {"INVITE"});
}

// "The Contact header field value […] contains the URI at which the UA would like to receive
// requests" (8.1.1.8): without one no call can be placed, nor answered.
BOOST_AUTO_TEST_CASE(a_call_needs_a_contact_that_is_a_uri_8_1_1_8) {
  for (char const* const contact :
       {"", "bob@192.0.2.2", "<bob@192.0.2.2>", "sip:bob@2001:db8::2"}) {
    desk bob{{element_of("192.0.2.2"), contact}};
    BOOST_TEST(!bob.place(), contact);
    bob.receive(invite_of_alice().text());
    BOOST_TEST((bob.answer(bob.call) == sending::unwritable), contact);
    bob.look();
  }
  for (char const* const contact : {"sip:192.0.2.2", "\"Bob\" <sip:bob@[2001:db8::2]>;+sip.x"}) {
    desk bob{{element_of("192.0.2.2"), contact}};
    BOOST_TEST(static_cast<bool>(bob.place()), contact);
  }
}

// ---- Datagrams that nobody takes

// One message of each transaction waits for the caller, however late it comes.
BOOST_AUTO_TEST_CASE(a_message_of_each_transaction_waits_to_be_taken) {
  desk bob;
  for (int i = 0; i < 12; ++i)
    bob.agent->receive(options(std::to_string(i)).text(), ip(1), transport::udp, bob.now);
  bob.look();
  BOOST_TEST(bob.last.size() == 12u);
  bob.look();
  BOOST_TEST(bob.last.empty());
  BOOST_TEST(bob.agent->counts().unsent == 0u);
}

// Of a transaction that has several the last one waits.
BOOST_AUTO_TEST_CASE(a_180_that_nobody_has_taken_makes_room_for_its_200) {
  desk bob;
  bob.receive(invite_of_alice().text());
  for (int i = 0; i < 8; ++i)
    bob.agent->receive(options(std::to_string(i)).text(), ip(1), transport::udp, bob.now);
  BOOST_TEST((bob.agent->ring(bob.call, bob.now) == sending::sent));
  BOOST_TEST((bob.agent->answer(bob.call, sdp, bob.now) == sending::sent));
  bob.look();
  BOOST_REQUIRE(bob.last.size() == 9u);
  BOOST_TEST(read(bob.last[8].bytes).value.status() == 200);
  bob.receive(in_dialog("ACK", bob.last[8].bytes, 1).text());
  check_heard(bob, {{kind::incoming, 0}, {kind::confirmed, 0}});
}

// Calls over a stream are never repeated (17.1.1.2), so that none of them may get lost here.
BOOST_AUTO_TEST_CASE(many_calls_are_placed_before_the_first_is_sent) {
  desk bob;
  constexpr std::size_t many = 4;
  std::vector<call_handle> calls;
  for (int i = 0; i < 10; ++i)
    bob.agent->receive(options(std::to_string(i)).text(), ip(1), transport::tcp, bob.now);
  for (std::size_t i = 0; i < many; ++i) {
    calls.push_back(bob.agent->call(
        {"sip:alice@192.0.2.1", "sip:bob@192.0.2.2", ip(1), transport::tcp, sdp}, bob.now));
    BOOST_TEST(static_cast<bool>(calls.back()));
  }
  std::set<std::string> invites;
  for (datagram d; bob.agent->poll_transmit(d);) {
    message const m = read(d.bytes).value;
    if (m.is_request()) invites.insert(std::string{m.call_id()});
    if (m.is_request()) BOOST_TEST((d.to == ip(1) && d.over == transport::tcp && d.transaction));
  }
  BOOST_TEST(invites.size() == many);
}

// What is answered without a transaction has none to wait in: it is lost like a packet, and
// counted; what repairs a lost packet repairs it. So is the response of a transaction whose place
// is taken.
BOOST_AUTO_TEST_CASE(datagrams_that_are_not_taken_are_lost_and_counted) {
  desk bob;
  for (int i = 0; i < 40; ++i)
    bob.agent->receive(options(std::to_string(i)).text(), ip(1), transport::udp, bob.now);
  auto const unsent = bob.agent->counts().unsent;
  BOOST_TEST(unsent != 0u);
  bob.look();
  BOOST_TEST(bob.last.size() + unsent == 40u);
  for (int i = 0; i < 12; ++i) {
    bob.receive(options(std::to_string(i)).text());
    check_sent(bob, {"200 OPTIONS"});
  }
  BOOST_TEST(bob.agent->counts().unsent == unsent);
}

// ---- Events that nobody takes

// Who is slow has the place of each event that he takes, while others wait.
BOOST_AUTO_TEST_CASE(no_event_is_lost_while_four_wait_at_the_most) {
  desk bob;
  (void)bob.place();
  bob.look();
  auto const ringing = answer(bob.last[0].bytes, 180, "alice", alices_contact);
  auto const hears = [&] { bob.agent->receive(ringing, ip(1), transport::udp, bob.now); };
  for (int i = 0; i < 3; ++i) hears();
  for (int i = 0; i < 20; ++i) {
    hears();
    user_event e;
    BOOST_TEST(bob.agent->poll_event(e));
  }
  BOOST_TEST(bob.agent->call_counts().untold == 0u);
  BOOST_TEST(bob.listen().size() == 3u);
}

// Four events wait. What finds no place is counted, and the call is what it is all the same.
BOOST_AUTO_TEST_CASE(events_that_are_not_taken_are_counted_and_the_state_is_right) {
  desk bob;
  auto const h = bob.place();
  bob.look();
  auto const invite = bob.last[0].bytes;
  auto const hears = [&](std::string const& text) {
    bob.agent->receive(text, ip(1), transport::udp, bob.now);
  };
  for (int i = 0; i < 6; ++i) hears(answer(invite, 180, "alice", alices_contact));
  BOOST_TEST(bob.agent->call_counts().untold == 2u);
  auto const ok = answer(invite, 200, "alice", alices_contact);
  hears(ok);
  BOOST_TEST(bob.agent->call_counts().untold == 3u);
  BOOST_TEST((bob.agent->state(h) == call_state::established));
  hears(in_callee_dialog("BYE", ok, 1).text());
  BOOST_TEST(bob.agent->call_counts().untold == 4u);
  BOOST_TEST((bob.agent->state(h) == call_state::ended));
  check_heard(bob, {{kind::provisional, 180},
                    {kind::provisional, 180},
                    {kind::provisional, 180},
                    {kind::provisional, 180}});
  check_sent(bob, {"ACK", "200 BYE"});
  BOOST_TEST((bob.hang_up(h) == sending::gone));
  bob.settle();
  BOOST_TEST(bob.idle());
}

// An offer that the user would not hear of is not kept waiting: "500 (Server Internal Error)
// response with a Retry-After" is what 14.2 has for an INVITE that comes too early.
BOOST_AUTO_TEST_CASE(an_offer_that_the_user_would_not_hear_of_is_answered_500_14_2) {
  answered_call<endpoint_size{8, 32, 1300}> bob;
  unsigned cseq = 1;
  for (std::string const method : {"INVITE", "UPDATE"}) {
    for (char const* const caller : {"a", "b", "c", "d"})
      bob.agent->receive(other_invite(caller + method).text(), ip(1), transport::udp, bob.now);
    bob.agent->receive(with_offer(in_dialog(method, bob.ok, ++cseq, alices_contact)).text(), ip(1),
                       transport::udp, bob.now);
    auto const sent = bob.look();
    BOOST_TEST_REQUIRE(!sent.empty());
    BOOST_TEST(sent.back() == "500 " + method);
    BOOST_TEST(!value_of(bob.last.back().bytes, header::retry_after).empty());
    bob.listen();
    for (auto const& h : std::exchange(bob.callers, {})) (void)bob.reject(h, 486);
    bob.advance(40'000);
    bob.look();
  }
  BOOST_TEST((bob.agent->state(bob.h) == call_state::established));
}

// "what you do with a call is deferred" (README): the answer to a reliable offer, in its PRACK (RFC
// 3262 5).
BOOST_AUTO_TEST_CASE(an_answer_that_finds_no_transaction_goes_as_soon_as_one_is_free) {
  desk<endpoint_size{2, 4, 1300}> bob;
  auto const h =
      bob.agent->call({"sip:alice@192.0.2.1", "sip:bob@192.0.2.2", ip(1), transport::udp}, bob.now);
  bob.look();
  auto const invite = bob.last[0].bytes;
  fill_transactions(bob, 4);
  bob.receive(answer(invite, 183, "alice",
                     alices_contact + "Require: 100rel\r\nRSeq: 7\r\n"
                                      "Content-Type: application/sdp\r\n",
                     "v=0\r\n"));
  check_heard(bob, {{kind::offered, 183}});
  message_body const session{"application/sdp", "v=0\r\ns=answer\r\n"};
  BOOST_TEST((bob.agent->acknowledge(h, session, bob.now) == sending::deferred));
  BOOST_TEST((bob.agent->acknowledge(h, session, bob.now) == sending::gone));
  check_sent(bob, {});
  bob.advance(40'000);
  BOOST_TEST(!bob.look().empty());
  BOOST_TEST(summary(bob.last[0].bytes) == "PRACK");
  BOOST_TEST(read(bob.last[0].bytes).value.body() == "v=0\r\ns=answer\r\n");
  bob.receive(answer(bob.last[0].bytes, 200, "alice"));
  bob.receive(answer(invite, 200, "alice", alices_contact));
  check_sent(bob, {"ACK"});
  BOOST_TEST(bob.agent->local_session(h).body == "v=0\r\ns=answer\r\n");
}

// "The UAC core MUST generate an ACK request for each 2xx" (13.2.2.4): by an answer that fits it.
BOOST_AUTO_TEST_CASE(
    an_answer_that_does_not_fit_the_ack_may_be_followed_by_a_shorter_one_13_2_2_4) {
  desk<endpoint_size{2, 16, 700}> bob;
  auto const h =
      bob.agent->call({"sip:alice@192.0.2.1", "sip:bob@192.0.2.2", ip(1), transport::udp}, bob.now);
  bob.look();
  bob.receive(answer(bob.last[0].bytes, 200, "alice",
                     alices_contact + "Content-Type: application/sdp\r\n", "v=0\r\n"));
  check_heard(bob, {{kind::offered, 200}});
  std::string const long_text = "v=0\r\n" + std::string(600, 'x');
  BOOST_TEST(
      (bob.agent->acknowledge(h, {"application/sdp", long_text}, bob.now) == sending::unwritable));
  check_sent(bob, {});
  check_heard(bob, {});
  BOOST_TEST((bob.agent->acknowledge(h, sdp, bob.now) == sending::sent));
  check_sent(bob, {"ACK"});
  BOOST_TEST(read(bob.last[0].bytes).value.body() == sdp.body);
  check_heard(bob, {{kind::answered, 200}});
}

// ---- Handles

BOOST_AUTO_TEST_CASE(a_handle_that_names_nothing_says_why) {
  desk<endpoint_size{1, 2, 700, 1}> bob;
  BOOST_TEST((call_handle{}.reason() == sending::gone));
  outgoing_call const good{"sip:alice@192.0.2.1", "sip:bob@192.0.2.2", ip(1), transport::udp, sdp};
  auto const reason = [&](auto change) {
    outgoing_call out = good;
    change(out);
    auto const h = bob.agent->call(out, bob.now);
    BOOST_TEST(!h);
    return h.reason();
  };
  std::string const long_text(700, 'x');
  BOOST_TEST((reason([](auto& out) { out.target = "alice"; }) == sending::unwritable));
  BOOST_TEST((reason([](auto& out) { out.from = "a b"; }) == sending::unwritable));
  BOOST_TEST((reason([](auto& out) { out.target = "sips:alice@x"; }) == sending::unwritable));
  BOOST_TEST((reason([](auto& out) { out.next_hop.port = 0; }) == sending::unwritable));
  BOOST_TEST((reason([&](auto& out) { out.from_name = long_text; }) == sending::unwritable));
  BOOST_TEST((reason([&](auto& out) { out.offer.body = long_text; }) == sending::unwritable));

  outgoing_request ask{
      .target = "sip:alice@192.0.2.1", .from = "sip:bob@192.0.2.2", .next_hop = ip(1)};
  auto const asked = [&](method m) {
    ask.method = m;
    return bob.agent->request(ask, bob.now).reason();
  };
  BOOST_TEST((asked(method::invite) == sending::refused));
  BOOST_TEST((asked(method::info) == sending::refused));
  BOOST_TEST((asked(method::options) == sending::sent));
  BOOST_TEST((asked(method::options) == sending::full));
  ask.target = "alice";
  BOOST_TEST((asked(method::options) == sending::unwritable));

  auto const h = bob.agent->call(good, bob.now);
  BOOST_TEST((h.reason() == sending::sent));
  BOOST_TEST((bob.agent->request(h, {.method = method::info}, bob.now).reason() ==
              sending::refused)); // there is no dialog
  BOOST_TEST((bob.agent->call(good, bob.now).reason() == sending::full));
  bob.take();
  bob.look();
  bob.receive(answer(bob.last.back().bytes, 486, "x"));
  BOOST_TEST((bob.agent->request(h, {.method = method::info}, bob.now).reason() == sending::gone));
  // A place, but no transaction.
  BOOST_TEST(bob.agent->live_calls() == 0u);
  BOOST_TEST((bob.agent->call(good, bob.now).reason() == sending::full));
}

BOOST_AUTO_TEST_SUITE_END()
