// Calls, message by message: RFC 3261 8, 9, 11, 12, 13, 15; RFC 6026.
#include <ctsip/user_agent/endpoint.hpp>

#include <cstdint>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "user_agent/desk.hpp"

using namespace ctsip;
using namespace ctsip_tests;
using enum user_event_kind;
constexpr auto in_progress = user_event_kind::provisional; // `provisional` is a response class too
using strings = std::vector<std::string>;
using story = std::vector<heard>;

namespace {

request_text invite() {
  auto r = of("INVITE");
  r.more = "Contact: <sip:alice@192.0.2.1:5066>\r\nContent-Type: application/sdp\r\n";
  r.body = "v=0\r\n";
  return r;
}

// What alice sends in the dialog that bob's response to her INVITE has made.
request_text in_dialog(std::string method, std::string_view response, unsigned cseq,
                       std::string branch) {
  auto r = of(std::move(method));
  r.via = "SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK" + branch;
  r.to = value_of(response, header::to);
  r.cseq = cseq;
  r.more = {};
  return r;
}

// What alice sends in the dialog that her response to bob's INVITE has made.
request_text in_callee_dialog(std::string method, std::string_view bobs_invite,
                              std::string const& tag, unsigned cseq) {
  auto r = of(std::move(method));
  r.via = "SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKalice" + std::to_string(cseq);
  r.from = value_of(bobs_invite, header::to) + ";tag=" + tag;
  r.to = value_of(bobs_invite, header::from);
  r.call_id = value_of(bobs_invite, header::call_id);
  r.cseq = cseq;
  r.more = {};
  return r;
}

std::string const contact = "Contact: <sip:alice@192.0.2.1:5066>\r\n";

// bob has been called, has answered, and the ACK has come.
struct answered_call : desk<> {
  std::string ok{};

  explicit answered_call(request_text const& first = invite()) {
    receive(first.text());
    (void)answer(call);
    look();
    ok = last.back().bytes;
    receive(in_dialog("ACK", ok, 1, "ack").text());
    BOOST_TEST(listen() == (story{{incoming, 0}, {confirmed, 0}}),
               boost::test_tools::per_element());
  }
};

// bob has called, alice has answered, and the ACK is sent.
struct placed_call : desk<> {
  call_handle h{};
  std::string invite_text{}, ok{};

  explicit placed_call(std::string const& more = contact) {
    h = place();
    look();
    invite_text = last[0].bytes;
    ok = ctsip_tests::answer(invite_text, 200, "alice", more);
    receive(ok);
    BOOST_TEST(listen() == (story{{answered, 200}}), boost::test_tools::per_element());
  }
};

template <class Desk>
void check_sent(Desk& agent, strings const& expected) {
  BOOST_TEST(agent.look() == expected, boost::test_tools::per_element());
}
template <class Desk>
void check_heard(Desk& agent, story const& expected) {
  BOOST_TEST(agent.listen() == expected, boost::test_tools::per_element());
}

} // namespace

BOOST_AUTO_TEST_SUITE(user_agent_endpoint)

BOOST_AUTO_TEST_CASE(an_incoming_call_rings_is_answered_and_ended_by_us) {
  desk bob;
  bob.receive(invite().text());
  check_sent(bob, {});
  check_heard(bob, {{incoming, 0}});
  BOOST_TEST(bob.agent->live_calls() == 1u);
  auto const h = bob.call;
  BOOST_TEST(bob.agent->session_message(h).call_id() == "call-1");

  BOOST_TEST((bob.ring(h) == sending::sent));
  check_sent(bob, {"180 INVITE"});
  auto const ringing = bob.last[0].bytes;
  auto const tag = std::string{read(ringing).value.to_tag()};
  BOOST_TEST(tag.size() == 24u);
  // 12.1.1: "the Contact header field" is in the response that creates the dialog.
  BOOST_TEST(value_of(ringing, header::contact) == "<sip:bob@192.0.2.2:5060>");

  BOOST_TEST((bob.answer(h) == sending::sent));
  check_sent(bob, {"200 INVITE"});
  auto const ok = bob.last[0].bytes;
  BOOST_TEST(read(ok).value.to_tag() == tag); // 8.2.6.2: "the same tag MUST be used"
  BOOST_TEST(value_of(ok, header::contact) == "<sip:bob@192.0.2.2:5060>");
  BOOST_TEST(value_of(ok, header::allow) ==
             "INVITE, ACK, CANCEL, BYE, OPTIONS, PRACK, UPDATE"); // 13.3.1.4
  BOOST_TEST(value_of(ok, header::content_type) == "application/sdp");
  BOOST_TEST(read(ok).value.body() == "v=0\r\n");
  BOOST_TEST((bob.last[0].to == ip(1)));

  bob.receive(in_dialog("ACK", ok, 1, "ack").text());
  check_sent(bob, {});
  check_heard(bob, {{confirmed, 0}});
  bob.advance(60'000); // no 2xx is sent again
  check_sent(bob, {});

  BOOST_TEST((bob.hang_up(h) == sending::sent));
  check_sent(bob, {"BYE"});
  auto const bye = bob.last[0];
  // 12.2.1.1
  BOOST_TEST(first_line(bye.bytes) == "BYE sip:alice@192.0.2.1:5066 SIP/2.0");
  BOOST_TEST((bye.to == ip(1, 5066)));
  BOOST_TEST(value_of(bye.bytes, header::from) == "<sip:bob@192.0.2.2>;tag=" + tag);
  BOOST_TEST(value_of(bye.bytes, header::to) == "<sip:alice@192.0.2.1>;tag=a1");
  BOOST_TEST(value_of(bye.bytes, header::call_id) == "call-1");
  BOOST_TEST(read(bye.bytes).value.cseq().number > 0u);
  BOOST_TEST((bob.hang_up(h) == sending::gone)); // it is on its way
  bob.receive(answer(bye.bytes, 200, "x"));
  check_heard(bob, {{ended, 200}});
  BOOST_TEST(bob.agent->live_calls() == 0u);
  bob.settle();
  check_sent(bob, {});
  BOOST_TEST(bob.idle());
}

BOOST_AUTO_TEST_CASE(the_caller_ends_the_call_15_1_2) {
  answered_call bob;
  auto const h = bob.call;
  bob.receive(in_dialog("BYE", bob.ok, 2, "bye").text());
  check_sent(bob, {"200 BYE"});
  check_heard(bob, {{ended, 0}});
  BOOST_TEST(bob.agent->live_calls() == 0u);
  BOOST_TEST((bob.hang_up(h) == sending::gone));
  // Its retransmission finds the transaction, a new one no dialog.
  bob.receive(in_dialog("BYE", bob.ok, 2, "bye").text());
  check_sent(bob, {"200 BYE"});
  bob.receive(in_dialog("BYE", bob.ok, 3, "bye2").text());
  check_sent(bob, {"481 BYE"});
  check_heard(bob, {});
  bob.settle();
  BOOST_TEST(bob.idle());
}

BOOST_AUTO_TEST_CASE(after_the_end_every_command_is_gone_and_nothing_happens) {
  desk bob;
  BOOST_TEST((bob.hang_up({}) == sending::gone));
  bob.receive(invite().text());
  auto const h = bob.call;
  BOOST_TEST((bob.reject(h, 603) == sending::sent));
  bob.look();
  bob.listen();
  for (int i = 0; i < 2; ++i) {
    BOOST_TEST((bob.ring(h) == sending::gone));
    BOOST_TEST((bob.answer(h) == sending::gone));
    BOOST_TEST((bob.reject(h, 486) == sending::gone));
    BOOST_TEST((bob.hang_up(h) == sending::gone));
    BOOST_TEST(bob.agent->session_message(h).bytes().empty());
    // Not even when another call has its place.
    auto other = invite();
    other.via += "2", other.cseq = 2;
    if (i == 0) bob.receive(other.text());
  }
  BOOST_TEST(bob.agent->live_calls() == 1u);
  BOOST_TEST((bob.call.index == h.index));
  check_sent(bob, {});
  for (call_handle const wrong : {call_handle{1, 0}, call_handle{4, 0}, call_handle{UINT32_MAX, 1},
                                  call_handle{h.index, h.generation + 2}})
    BOOST_TEST((bob.hang_up(wrong) == sending::gone));
}

BOOST_AUTO_TEST_CASE(a_call_is_refused_13_3_1_3) {
  desk bob;
  bob.receive(invite().text());
  check_heard(bob, {{incoming, 0}});
  BOOST_TEST((bob.reject(bob.call, 486) == sending::sent));
  check_sent(bob, {"486 INVITE"});
  BOOST_TEST(bob.agent->live_calls() == 0u);
  check_heard(bob, {});
  auto ack = invite();
  ack.method = "ACK";
  ack.to = value_of(bob.last[0].bytes, header::to);
  bob.receive(ack.text());
  bob.settle();
  check_sent(bob, {});
  check_heard(bob, {});
  BOOST_TEST(bob.idle());
}

BOOST_AUTO_TEST_CASE(a_command_with_a_status_of_another_kind_is_refused_and_changes_nothing) {
  desk bob;
  bob.receive(invite().text());
  for (int const status : {0, 100, 200, 300, 486, 700, 65'535})
    BOOST_TEST((bob.ring(bob.call, status) == sending::refused));
  for (int const status : {0, 99, 100, 180, 200, 299, 700, 65'535})
    BOOST_TEST((bob.reject(bob.call, status) == sending::refused));
  check_sent(bob, {});
  BOOST_TEST((bob.ring(bob.call, 183) == sending::sent));
  BOOST_TEST((bob.answer(bob.call) == sending::sent));
  check_sent(bob, {"183 INVITE", "200 INVITE"});
}

BOOST_AUTO_TEST_CASE(ringing_and_answering_at_once_sends_both) {
  desk bob;
  bob.receive(invite().text());
  BOOST_TEST((bob.agent->ring(bob.call, bob.now) == sending::sent));
  BOOST_TEST((bob.agent->ring(bob.call, bob.now, 183, sdp) == sending::sent));
  BOOST_TEST((bob.agent->answer(bob.call, sdp, bob.now) == sending::sent));
  check_sent(bob, {"180 INVITE", "183 INVITE", "200 INVITE"});
  auto const first = value_of(bob.last[0].bytes, header::to);
  for (auto const& w : bob.last) BOOST_TEST(value_of(w.bytes, header::to) == first);
  BOOST_TEST(read(bob.last[1].bytes).value.body() == "v=0\r\n");
}

BOOST_AUTO_TEST_CASE(nobody_answers_and_100_is_sent_after_200_ms_17_2_1) {
  desk bob;
  bob.receive(invite().text());
  bob.advance(200);
  check_sent(bob, {"100 INVITE"});
  bob.receive(invite().text());
  check_sent(bob, {"100 INVITE"});
  check_heard(bob, {{incoming, 0}});
}

BOOST_AUTO_TEST_CASE(when_no_place_is_free_a_caller_hears_486_21_4_18) {
  desk bob;
  for (unsigned i = 0; i < 5; ++i) {
    auto r = invite();
    r.via += std::to_string(i);
    r.call_id += std::to_string(i);
    bob.receive(r.text());
  }
  check_sent(bob, {"486 INVITE"});
  check_heard(bob, {{incoming, 0}, {incoming, 0}, {incoming, 0}, {incoming, 0}});
  BOOST_TEST(bob.agent->live_calls() == 4u);
  BOOST_TEST(!bob.place());
}

// "an interval that starts at T1 seconds and doubles for each retransmission until it reaches T2
// seconds … If the server retransmits the 2xx response for 64*T1 seconds without receiving an ACK,
// the dialog is confirmed, but the session SHOULD be terminated. This is accomplished with a BYE".
BOOST_AUTO_TEST_CASE(without_an_ack_the_2xx_is_repeated_and_then_the_call_ends_13_3_1_4) {
  desk bob;
  bob.receive(invite().text());
  (void)bob.answer(bob.call);
  bob.look();
  auto const ok = bob.last[0].bytes;
  auto const start = bob.now.count;
  std::vector<std::int64_t> times;
  while (bob.agent->live_calls() && bob.look().empty()) {
    bob.now = bob.agent->next_timeout();
    bob.agent->handle_timeout(bob.now);
    bob.take();
    if (bob.sent.empty() || summary(bob.sent[0].bytes) != "200 INVITE") continue;
    BOOST_TEST(bob.sent[0].bytes == ok);
    times.push_back(bob.now.count - start);
    bob.sent.clear();
  }
  BOOST_TEST(times == (std::vector<std::int64_t>{500, 1500, 3500, 7500, 11'500, 15'500, 19'500,
                                                 23'500, 27'500, 31'500}),
             boost::test_tools::per_element());
  BOOST_TEST(bob.now.count - start == 32'000);
  BOOST_REQUIRE(bob.last.size() == 1u);
  auto const bye = bob.last[0].bytes;
  BOOST_TEST(first_line(bye) == "BYE sip:alice@192.0.2.1:5066 SIP/2.0");
  check_heard(bob, {{incoming, 0}, {failed, 408}});
  BOOST_TEST((bob.hang_up(bob.call) == sending::gone));
  bob.receive(answer(bye, 200, "x"));
  check_heard(bob, {}); // the end has been told
  bob.settle();
  BOOST_TEST(bob.idle());
}

BOOST_AUTO_TEST_CASE(an_ack_in_time_stops_the_repetition_13_3_1_4) {
  desk bob;
  bob.receive(invite().text());
  (void)bob.answer(bob.call);
  bob.look();
  auto const ok = bob.last[0].bytes;
  bob.advance(2000);
  check_sent(bob, {"200 INVITE", "200 INVITE"});
  bob.receive(invite().text()); // absorbed by the transaction (RFC 6026 8.7)
  check_sent(bob, {});
  // Not by an ACK of another CSeq number, dialog or tag.
  bob.receive(in_dialog("ACK", ok, 2, "x1").text());
  auto other = in_dialog("ACK", ok, 1, "x2");
  other.call_id = "other";
  bob.receive(other.text());
  other = in_dialog("ACK", ok, 1, "x3");
  other.from = "<sip:alice@192.0.2.1>;tag=other";
  bob.receive(other.text());
  bob.advance(2000);
  check_sent(bob, {"200 INVITE"});
  bob.receive(in_dialog("ACK", ok, 1, "x4").text());
  bob.receive(in_dialog("ACK", ok, 1, "x4").text());
  bob.advance(100'000);
  check_sent(bob, {});
  check_heard(bob, {{incoming, 0}, {confirmed, 0}});
  BOOST_TEST(bob.agent->live_calls() == 1u);
}

// "The callee's UA … MUST NOT send a BYE on a confirmed dialog until it has received an ACK for its
// 2xx response or until the server transaction times out" (15).
BOOST_AUTO_TEST_CASE(hanging_up_before_the_ack_waits_for_it_15) {
  desk bob;
  bob.receive(invite().text());
  (void)bob.answer(bob.call);
  bob.look();
  auto const ok = bob.last[0].bytes;
  BOOST_TEST((bob.hang_up(bob.call) == sending::deferred));
  BOOST_TEST((bob.hang_up(bob.call) == sending::deferred));
  bob.advance(499);
  check_sent(bob, {});
  bob.receive(in_dialog("ACK", ok, 1, "ack").text());
  check_sent(bob, {"BYE"});
  bob.receive(answer(bob.last[0].bytes, 200, "x"));
  check_heard(bob, {{incoming, 0}, {ended, 200}});
  bob.settle();
  BOOST_TEST(bob.idle());
}

BOOST_AUTO_TEST_CASE(hanging_up_before_an_ack_that_never_comes_ends_after_64_t1_15) {
  desk bob;
  bob.receive(invite().text());
  (void)bob.answer(bob.call);
  (void)bob.hang_up(bob.call);
  bob.advance(32'000);
  BOOST_TEST(bob.look().back() == "BYE");
  bob.settle(); // nor is the BYE answered
  check_heard(bob, {{incoming, 0}, {failed, 408}});
  BOOST_TEST(bob.idle());
}

BOOST_AUTO_TEST_CASE(hanging_up_a_call_that_rings_here_refuses_it) {
  desk bob;
  bob.receive(invite().text());
  BOOST_TEST((bob.hang_up(bob.call) == sending::sent));
  check_sent(bob, {"480 INVITE"});
  BOOST_TEST(bob.agent->live_calls() == 0u);
}

// RFC 5407 3.1.6
BOOST_AUTO_TEST_CASE(a_bye_before_the_ack_ends_the_call_and_the_repetition) {
  desk bob;
  bob.receive(invite().text());
  (void)bob.answer(bob.call);
  bob.look();
  auto const ok = bob.last[0].bytes;
  bob.receive(in_dialog("BYE", ok, 2, "bye").text());
  check_sent(bob, {"200 BYE"});
  check_heard(bob, {{incoming, 0}, {ended, 0}});
  bob.receive(in_dialog("ACK", ok, 1, "ack").text());
  bob.settle();
  check_sent(bob, {});
  check_heard(bob, {});
  BOOST_TEST(bob.idle());
}

// "The caller's UA MAY send a BYE for either confirmed or early dialogs" (15); "The UAS MUST still
// respond to any pending requests received for that dialog. It is RECOMMENDED that a 487" (15.1.2).
BOOST_AUTO_TEST_CASE(a_bye_in_the_early_dialog_is_answered_and_the_invite_487_15_1_2) {
  desk bob;
  bob.receive(invite().text());
  (void)bob.ring(bob.call);
  bob.look();
  bob.receive(in_dialog("BYE", bob.last[0].bytes, 2, "bye").text());
  check_sent(bob, {"200 BYE", "487 INVITE"});
  check_heard(bob, {{incoming, 0}, {ended, 0}});
  BOOST_TEST((bob.answer(bob.call) == sending::gone));
  bob.settle();
  BOOST_TEST(bob.idle());
}

// "the UAS … MUST … respond to the CANCEL with 200, … the To tag of the response to the CANCEL and
// the To tag in the response to the original request SHOULD be the same."
BOOST_AUTO_TEST_CASE(a_cancel_is_answered_200_and_the_invite_487_9_2) {
  desk bob;
  bob.receive(invite().text());
  (void)bob.ring(bob.call);
  bob.look();
  auto const tag = std::string{read(bob.last[0].bytes).value.to_tag()};
  auto cancel = invite();
  cancel.method = "CANCEL";
  cancel.more = {}, cancel.body = {};
  bob.receive(cancel.text());
  check_sent(bob, {"200 CANCEL", "487 INVITE"});
  for (auto const& w : bob.last) BOOST_TEST(read(w.bytes).value.to_tag() == tag);
  check_heard(bob, {{incoming, 0}, {cancelled, 0}});
  BOOST_TEST((bob.answer(bob.call) == sending::gone));
  BOOST_TEST(bob.agent->live_calls() == 0u);
  // Retransmitted, it is answered the same; the 487 awaits its ACK.
  bob.receive(cancel.text());
  check_sent(bob, {"200 CANCEL"});
  bob.advance(500);
  check_sent(bob, {"487 INVITE"});
  auto ack = cancel;
  ack.method = "ACK";
  bob.receive(ack.text());
  bob.settle();
  check_sent(bob, {});
  BOOST_TEST(bob.idle());
}

// "If the UAS did not find a matching transaction … SHOULD respond to the CANCEL with a 481".
BOOST_AUTO_TEST_CASE(a_cancel_of_nothing_is_answered_481_9_2) {
  desk bob;
  bob.receive(of("CANCEL").text());
  check_sent(bob, {"481 CANCEL"});
  check_heard(bob, {});
}

// "If it has already issued a final response for that transaction, the CANCEL request has no
// effect".
BOOST_AUTO_TEST_CASE(a_cancel_after_the_answer_changes_nothing_9_2) {
  desk bob;
  bob.receive(invite().text());
  (void)bob.answer(bob.call);
  bob.look();
  auto const ok = bob.last[0].bytes;
  auto cancel = invite();
  cancel.method = "CANCEL";
  bob.receive(cancel.text());
  check_sent(bob, {"200 CANCEL"});
  bob.receive(in_dialog("ACK", ok, 1, "ack").text());
  check_heard(bob, {{incoming, 0}, {confirmed, 0}});
}

// 12.2.2: "If the request has a tag in the To header field, but the dialog identifier does not
// match any existing dialogs … 481".
BOOST_AUTO_TEST_CASE(a_request_of_an_unknown_dialog_is_answered_481_12_2_2) {
  answered_call bob;
  int n = 0;
  auto const ask = [&](std::string const& method, auto change) {
    auto r = in_dialog(method, bob.ok, 5, "u" + std::to_string(++n));
    change(r);
    bob.look(); // refusals of INVITE are repeated until their ACK
    bob.receive(r.text());
    auto const all = bob.look();
    return all.empty() ? std::string{} : all[0];
  };
  auto const with_tag = [](char const* tag) {
    return [tag](request_text& r) { r.to = std::string{"<sip:bob@192.0.2.2>;tag="} + tag; };
  };
  for (char const* const method : {"BYE", "INVITE", "OPTIONS"}) {
    bob.advance(40'000); // so that there is a transaction for each
    std::string const refused = std::string{"481 "} + method;
    BOOST_TEST(ask(method, with_tag("x")) == refused);
    BOOST_TEST(ask(method, with_tag("000000000000000000000000")) == refused);
    BOOST_TEST(ask(method, with_tag("000000000000000000000001")) == refused);
    BOOST_TEST(ask(method, with_tag("0000000000000000fffffffe")) == refused);
    BOOST_TEST(ask(method, [](request_text& r) { r.call_id = "call-2"; }) == refused);
    BOOST_TEST(ask(method, [](request_text& r) { r.call_id = "CALL-1"; }) == refused);
    BOOST_TEST(ask(method, [](request_text& r) { r.from = "<sip:alice@192.0.2.1>;tag=b1"; }) ==
               refused);
    BOOST_TEST(ask(method, [](request_text& r) { r.from = "<sip:alice@192.0.2.1>"; }) == refused);
  }
  bob.advance(40'000);
  BOOST_TEST(ask("BYE", [](request_text& r) { r.to = "<sip:bob@192.0.2.2>"; }) == "481 BYE");
  BOOST_TEST(bob.agent->live_calls() == 1u);
  check_heard(bob, {});
}

BOOST_AUTO_TEST_CASE(a_lower_cseq_is_answered_500_and_changes_nothing_12_2_2) {
  auto first = invite();
  first.cseq = 10;
  desk bob;
  bob.receive(first.text());
  (void)bob.answer(bob.call);
  bob.look();
  auto const ok = bob.last[0].bytes;
  bob.receive(in_dialog("ACK", ok, 10, "ack").text());
  bob.receive(in_dialog("OPTIONS", ok, 20, "o1").text());
  bob.receive(in_dialog("BYE", ok, 19, "b1").text());
  check_sent(bob, {"200 OPTIONS", "500 BYE"});
  BOOST_TEST(bob.agent->live_calls() == 1u);
  bob.receive(in_dialog("BYE", ok, 21, "b2").text());
  check_sent(bob, {"200 BYE"});
  check_heard(bob, {{incoming, 0}, {confirmed, 0}, {ended, 0}});
}

BOOST_AUTO_TEST_CASE(an_invite_before_the_final_response_to_the_first_is_answered_500_14_2) {
  desk bob;
  bob.receive(invite().text());
  (void)bob.ring(bob.call);
  bob.look();
  auto const ringing = bob.last[0].bytes;
  auto again = in_dialog("INVITE", ringing, 2, "re");
  again.more = invite().more;
  bob.receive(again.text());
  check_sent(bob, {"500 INVITE"});
  auto const wait = read_number(read(bob.last[0].bytes).value[header::retry_after]);
  BOOST_TEST(static_cast<bool>(wait));
  BOOST_TEST(*wait <= 10u);
  BOOST_TEST((bob.answer(bob.call) == sending::sent));
  check_sent(bob, {"200 INVITE"});
}

BOOST_AUTO_TEST_CASE(a_cancel_takes_effect_when_no_transaction_is_free_9_2) {
  desk<endpoint_size{4, 1, 1300}> bob;
  bob.receive(invite().text());
  auto cancel = invite();
  cancel.method = "CANCEL";
  cancel.more = {}, cancel.body = {};
  bob.receive(cancel.text());
  check_sent(bob, {"200 CANCEL", "487 INVITE"});
  check_heard(bob, {{incoming, 0}, {cancelled, 0}});
  BOOST_TEST(bob.agent->live_calls() == 0u);
}

BOOST_AUTO_TEST_CASE(a_bye_takes_effect_when_no_transaction_is_free_15_1_2) {
  desk<endpoint_size{4, 1, 1300}> bob;
  bob.receive(invite().text());
  (void)bob.answer(bob.call);
  bob.look();
  auto const ok = bob.last[0].bytes;
  bob.receive(in_dialog("BYE", ok, 2, "bye").text());
  check_sent(bob, {"200 BYE"});
  check_heard(bob, {{incoming, 0}, {ended, 0}});
  BOOST_TEST(bob.agent->live_calls() == 0u);
}

BOOST_AUTO_TEST_CASE(made_up_forks_are_acknowledged_but_take_no_more_than_half_the_transactions) {
  placed_call bob;
  check_sent(bob, {"ACK"});
  std::size_t byes = 0;
  for (int i = 0; i < 40; ++i) {
    bob.receive(answer(bob.invite_text, 200, "fork" + std::to_string(i),
                       "Contact: <sip:carol@192.0.2.3>\r\n"));
    bob.look();
    BOOST_REQUIRE(!bob.last.empty());
    BOOST_TEST(bob.last[0].bytes.starts_with("ACK"));
    byes += bob.last.size() - 1;
  }
  BOOST_TEST(byes > 0u);
  BOOST_TEST(bob.agent->live_transactions() <= 9u); // of 16
  BOOST_TEST((bob.hang_up(bob.h) == sending::sent));
}

BOOST_AUTO_TEST_CASE(a_method_that_is_allowed_but_not_served_is_answered_405_8_2_1) {
  endpoint_settings settings{element_of("192.0.2.2"), "sip:bob@192.0.2.2:5060"};
  settings.element.own.allow = "INVITE, ACK, CANCEL, BYE, OPTIONS, MESSAGE";
  auto const agent = std::make_unique<endpoint<endpoint_size{}>>(settings);
  agent->receive(of("MESSAGE").text(), ip(1), transport::udp, instant{0});
  datagram d;
  BOOST_REQUIRE(agent->poll_transmit(d));
  BOOST_TEST(summary(d.bytes) == "405 MESSAGE");
  BOOST_TEST(!read(d.bytes).value[header::allow].empty());
}

BOOST_AUTO_TEST_CASE(a_call_that_the_user_would_not_hear_of_is_refused_486) {
  auto const agent = std::make_unique<endpoint<endpoint_size{8, 16, 1300}>>(
      endpoint_settings{element_of("192.0.2.2"), "sip:bob@192.0.2.2:5060"});
  for (int i = 0; i < 6; ++i) {
    auto next = invite();
    next.via = "SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK" + std::to_string(i);
    next.call_id = "call" + std::to_string(i);
    agent->receive(next.text(), ip(1), transport::udp, instant{0});
  }
  BOOST_TEST(agent->live_calls() == 4u);
  BOOST_TEST(agent->call_counts().untold == 0u);
  std::size_t busy = 0;
  for (datagram d; agent->poll_transmit(d);) busy += summary(d.bytes) == "486 INVITE";
  BOOST_TEST(busy == 2u);
}

BOOST_AUTO_TEST_CASE(a_re_invite_that_the_user_refuses_is_answered_488_and_the_session_stays_14_2) {
  answered_call bob;
  auto again = in_dialog("INVITE", bob.ok, 2, "re");
  again.more = invite().more;
  again.body = "v=0\r\ns=2\r\n";
  bob.receive(again.text());
  check_sent(bob, {});
  check_heard(bob, {{modification, 0}});
  BOOST_TEST((bob.agent->reject_modification(bob.call, 481, bob.now) == sending::refused));
  BOOST_TEST((bob.agent->reject_modification(bob.call, 200, bob.now) == sending::refused));
  BOOST_TEST((bob.agent->reject_modification(bob.call, 488, bob.now) == sending::sent));
  BOOST_TEST((bob.agent->reject_modification(bob.call, 488, bob.now) == sending::gone));
  check_sent(bob, {"488 INVITE"});
  BOOST_TEST(read(bob.last[0].bytes).value.to_tag() == read(bob.ok).value.to_tag());
  auto ack = in_dialog("ACK", bob.ok, 2, "re");
  bob.receive(ack.text());
  bob.advance(40'000);
  check_sent(bob, {});
  check_heard(bob, {});
  BOOST_TEST(bob.agent->live_calls() == 1u);
  bob.receive(in_dialog("BYE", bob.ok, 3, "bye").text());
  check_sent(bob, {"200 BYE"});
}

BOOST_AUTO_TEST_CASE(options_is_answered_with_what_the_endpoint_can_do_11_2) {
  desk bob;
  bob.receive(of("OPTIONS").text());
  check_sent(bob, {"200 OPTIONS"});
  auto const ok = bob.last[0].bytes;
  BOOST_TEST(value_of(ok, header::allow) == "INVITE, ACK, CANCEL, BYE, OPTIONS, PRACK, UPDATE");
  BOOST_TEST(value_of(ok, header::accept) == "application/sdp");
  BOOST_TEST(read(ok).value.has(header::supported));
  BOOST_TEST(value_of(ok, header::contact) == "<sip:bob@192.0.2.2:5060>");
  BOOST_TEST(!read(ok).value.to_tag().empty());
  bob.settle();
  BOOST_TEST(bob.idle());
  answered_call talking;
  talking.receive(in_dialog("OPTIONS", talking.ok, 2, "o").text());
  check_sent(talking, {"200 OPTIONS"});
  BOOST_TEST(talking.agent->live_calls() == 1u);
}

BOOST_AUTO_TEST_CASE(a_call_that_no_response_can_copy_takes_no_place_25_1) {
  desk<endpoint_size{.calls = 1, .transactions = 8, .message = 1300}> bob;
  auto bad = invite();
  bad.to += "\r;x=y";
  for (char const* const n : {"2", "3", "4"}) {
    bad.via += n, bad.call_id += n;
    bob.receive(bad.text());
  }
  bob.advance(1000);
  check_heard(bob, {});
  check_sent(bob, {});
  BOOST_TEST(bob.agent->counts().malformed == 3u);
  BOOST_TEST(bob.idle());
  bob.receive(invite().text());
  check_heard(bob, {{incoming, 0}});
}

BOOST_AUTO_TEST_CASE(a_request_whose_answer_cannot_be_written_keeps_no_transaction) {
  desk bob;
  auto options = of("OPTIONS");
  options.call_id = std::string(1020, 'c');
  bob.receive(options.text()); // a 200 with all its lists does not fit, a short one does
  check_sent(bob, {"200 OPTIONS"});
  options.via += "2";
  options.more = {};
  while (options.text().size() < 1300) options.call_id += 'c';
  bob.receive(options.text());
  check_sent(bob, {});
  // Nor does a call.
  auto call = invite();
  call.more += "X: y\r\n";
  call.via += "3";
  while (call.text().size() < 1300) call.call_id += 'c';
  BOOST_REQUIRE(call.text().size() == 1300u);
  bob.receive(call.text());
  check_heard(bob, {{incoming, 0}});
  BOOST_TEST((bob.answer(bob.call) == sending::unwritable));
  BOOST_TEST((bob.reject(bob.call, 488) == sending::sent)); // short enough
  check_sent(bob, {"488 INVITE"});
  call = of("INVITE");
  call.more = {};
  call.via += "4";
  while (call.text().size() < 1300) call.call_id += 'c';
  bob.receive(call.text());
  check_heard(bob, {{incoming, 0}});
  BOOST_TEST((bob.hang_up(bob.call) == sending::unwritable));
  check_sent(bob, {});
  BOOST_TEST(bob.agent->live_calls() == 0u);
  call.via += "5";
  call.call_id.pop_back(); // as long as before
  bob.receive(call.text());
  auto cancel = call;
  cancel.method = "CANCEL";
  bob.receive(cancel.text());
  check_heard(bob, {{incoming, 0}, {cancelled, 0}});
  bob.settle();
  BOOST_TEST(bob.idle());
}

// ---- calls that we place

BOOST_AUTO_TEST_CASE(a_call_is_placed_answered_and_ended_by_us_13_2) {
  desk bob;
  auto const h = bob.place();
  BOOST_REQUIRE(h);
  check_sent(bob, {"INVITE"});
  auto const invite = bob.last[0];
  message const m = read(invite.bytes).value;
  BOOST_TEST(m.request_uri() == "sip:alice@192.0.2.1");
  BOOST_TEST((invite.to == ip(1)));
  BOOST_TEST(m[header::to] == "<sip:alice@192.0.2.1>"); // 8.1.1.2: no tag
  BOOST_TEST(m.from().uri() == "sip:bob@192.0.2.2");
  BOOST_TEST(m.from_tag().size() == 24u);
  BOOST_TEST(m.max_forwards().value == 70u);
  BOOST_TEST(m[header::contact] == "<sip:bob@192.0.2.2:5060>"); // 8.1.1.8
  BOOST_TEST(m[header::allow] == "INVITE, ACK, CANCEL, BYE, OPTIONS, PRACK, UPDATE");
  BOOST_TEST(m.body() == "v=0\r\n");
  check_heard(bob, {});

  bob.receive(answer(invite.bytes, 100, ""));
  bob.receive(answer(invite.bytes, 180, "alice", contact));
  check_sent(bob, {});
  check_heard(bob, {{in_progress, 100}, {in_progress, 180}});

  auto const ok = answer(invite.bytes, 200, "alice", contact);
  bob.receive(ok);
  check_heard(bob, {{answered, 200}});
  check_sent(bob, {"ACK"});
  auto const ack = bob.last[0];
  // 13.2.2.4, 17.1.1.3
  BOOST_TEST(first_line(ack.bytes) == "ACK sip:alice@192.0.2.1:5066 SIP/2.0");
  BOOST_TEST((ack.to == ip(1, 5066)));
  BOOST_TEST(value_of(ack.bytes, header::from) == value_of(invite.bytes, header::from));
  BOOST_TEST(value_of(ack.bytes, header::to) == "<sip:alice@192.0.2.1>;tag=alice");
  BOOST_TEST(value_of(ack.bytes, header::call_id) == value_of(invite.bytes, header::call_id));
  BOOST_TEST(value_of(ack.bytes, header::cseq) == "1 ACK");
  auto const branch = std::string{read(ack.bytes).value.top_via().branch()};
  BOOST_TEST(branch != m.top_via().branch());
  BOOST_TEST(bob.agent->session_message(h).status() == 200);

  // "The ACK MUST be passed to the client transport every time a retransmission of the 2xx final
  // response that triggered the ACK arrives."
  for (int i = 0; i < 3; ++i) {
    bob.advance(500);
    bob.receive(ok);
    check_sent(bob, {"ACK"});
    BOOST_TEST(bob.last[0].bytes == ack.bytes);
    BOOST_TEST((bob.last[0].to == ack.to));
  }
  check_heard(bob, {});

  BOOST_TEST((bob.hang_up(h) == sending::sent));
  check_sent(bob, {"BYE"});
  BOOST_TEST(value_of(bob.last[0].bytes, header::cseq) == "2 BYE");
  BOOST_TEST(value_of(bob.last[0].bytes, header::to) == "<sip:alice@192.0.2.1>;tag=alice");
  bob.receive(answer(bob.last[0].bytes, 200, ""));
  check_heard(bob, {{ended, 200}});
  BOOST_TEST(bob.agent->live_calls() == 0u);
  BOOST_TEST(bob.agent->session_message(h).bytes().empty());
  // A 2xx that was delayed is still acknowledged.
  bob.receive(ok);
  check_sent(bob, {"ACK"});
  BOOST_TEST(bob.last[0].bytes == ack.bytes);
  bob.settle();
  check_sent(bob, {});
  check_heard(bob, {});
  BOOST_TEST(bob.idle());
  BOOST_TEST((bob.hang_up(h) == sending::gone));
}

// "The From header field allows for a display name" (8.1.1.3), a quoted-string (25.1).
BOOST_AUTO_TEST_CASE(a_call_says_who_calls_8_1_1_3) {
  desk bob;
  outgoing_call out;
  out.target = "sip:alice@192.0.2.1";
  out.from = "sip:bob@192.0.2.2";
  out.from_name = "Bob \"the\" Builder";
  out.next_hop = ip(1);
  BOOST_TEST(static_cast<bool>(bob.agent->call(out, bob.now)));
  bob.look();
  auto const from = value_of(bob.last.at(0).bytes, header::from);
  BOOST_TEST(from.starts_with("\"Bob \\\"the\\\" Builder\" <sip:bob@192.0.2.2>;tag="), from);
}

BOOST_AUTO_TEST_CASE(the_callee_ends_a_call_that_we_placed_15_1_2) {
  placed_call bob;
  bob.look();
  bob.receive(in_callee_dialog("BYE", bob.invite_text, "alice", 100).text());
  check_sent(bob, {"200 BYE"});
  check_heard(bob, {{ended, 0}});
  BOOST_TEST(bob.agent->live_calls() == 0u);
  BOOST_TEST((bob.hang_up(bob.h) == sending::gone));
  bob.receive(in_callee_dialog("BYE", bob.invite_text, "alice", 101).text());
  check_sent(bob, {"481 BYE"});
  bob.settle();
  BOOST_TEST(bob.idle());
}

BOOST_AUTO_TEST_CASE(byes_that_cross_are_both_answered_15) {
  placed_call bob;
  bob.look();
  (void)bob.hang_up(bob.h);
  check_sent(bob, {"BYE"});
  auto const bye = bob.last[0].bytes;
  bob.receive(in_callee_dialog("BYE", bob.invite_text, "alice", 1).text());
  check_sent(bob, {"200 BYE"});
  bob.receive(answer(bye, 481, ""));
  check_heard(bob, {{ended, 481}});
  bob.settle();
  BOOST_TEST(bob.idle());
}

// "In the Mortal state, BYE can be accepted, and the other messages in the INVITE dialog usage are
// responded to with an error", until "the BYE transaction is terminated": Timer K, which is T4.
BOOST_AUTO_TEST_CASE(a_bye_that_comes_when_ours_has_been_answered_is_accepted_rfc_5407_3_2_1) {
  struct {
    char const* method;
    int later; // ms
    char const* response;
  } const cases[] = {{"BYE", 0, "200 BYE"},
                     {"BYE", 4'999, "200 BYE"},
                     {"BYE", 5'000, "481 BYE"},
                     {"OPTIONS", 0, "481 OPTIONS"}};
  for (bool const is_caller : {true, false}) {
    for (auto const& c : cases) {
      placed_call placed;
      answered_call answered;
      desk<>& bob = is_caller ? static_cast<desk<>&>(placed) : answered;
      bob.look();
      bob.listen();
      (void)bob.hang_up(is_caller ? placed.h : answered.call);
      check_sent(bob, {"BYE"});
      bob.receive(answer(bob.last[0].bytes, 200, ""));
      check_heard(bob, {{ended, 200}});
      BOOST_TEST(bob.agent->live_calls() == 0u);
      bob.advance(c.later);
      bob.receive((is_caller ? in_callee_dialog(c.method, placed.invite_text, "alice", 7)
                             : in_dialog(c.method, answered.ok, 7, "late"))
                      .text());
      check_sent(bob, {c.response});
      check_heard(bob, {});
      bob.settle();
      BOOST_TEST(bob.idle());
    }
  }
}

BOOST_AUTO_TEST_CASE(a_bye_without_an_answer_ends_the_call_after_timer_f_15_1_1) {
  placed_call bob;
  bob.look();
  (void)bob.hang_up(bob.h);
  bob.advance(32'000);
  check_heard(bob, {{ended, 408}});
  bob.settle();
  BOOST_TEST(bob.idle());
}

BOOST_AUTO_TEST_CASE(a_refused_call_is_acknowledged_and_told_13_2_2_3) {
  for (int const status : {302, 404, 486, 503, 600, 699}) {
    desk bob;
    (void)bob.place();
    bob.look();
    auto const refusal = answer(bob.last[0].bytes, status, "x");
    bob.receive(refusal);
    check_sent(bob, {"ACK"});
    check_heard(bob, {{rejected, status}});
    bob.receive(refusal);
    check_sent(bob, {"ACK"});
    check_heard(bob, {});
    BOOST_TEST(bob.agent->live_calls() == 0u);
    bob.settle();
    BOOST_TEST(bob.idle());
  }
}

BOOST_AUTO_TEST_CASE(a_call_without_any_answer_fails_after_timer_b_17_1_1_2) {
  desk bob;
  auto const h = bob.place();
  bob.advance(31'999);
  check_heard(bob, {});
  bob.advance(1);
  check_heard(bob, {{failed, 408}}); // 8.1.3.1
  BOOST_TEST(bob.look().size() == 7u);
  BOOST_TEST((bob.hang_up(h) == sending::gone));
  BOOST_TEST(bob.idle());
}

BOOST_AUTO_TEST_CASE(an_invite_that_cannot_be_sent_fails_with_503_8_1_3_1) {
  desk bob;
  (void)bob.place();
  bob.look();
  bob.agent->handle_transport_error(bob.last[0].unsent, bob.now);
  check_heard(bob, {{failed, 503}});
  BOOST_TEST(bob.idle());
}

// "If no provisional response has been received, the CANCEL request MUST NOT be sent; rather, the
// client MUST wait for the arrival of a provisional response before sending the request."
BOOST_AUTO_TEST_CASE(hanging_up_before_a_1xx_waits_for_it_9_1) {
  desk bob;
  auto const h = bob.place();
  bob.look();
  auto const invite = bob.last[0].bytes;
  BOOST_TEST((bob.hang_up(h) == sending::deferred));
  BOOST_TEST((bob.hang_up(h) == sending::deferred));
  check_sent(bob, {});
  bob.receive(answer(invite, 100, ""));
  check_sent(bob, {"CANCEL"});
  auto const cancel = bob.last[0].bytes;
  BOOST_TEST(read(cancel).value.top_via().branch() == read(invite).value.top_via().branch());
  BOOST_TEST((bob.hang_up(h) == sending::gone)); // it is on its way
  bob.receive(answer(invite, 180, "alice"));
  check_sent(bob, {}); // one CANCEL is enough
  bob.receive(answer(cancel, 200, "alice"));
  bob.receive(answer(invite, 487, "alice"));
  check_sent(bob, {"ACK"});
  check_heard(bob, {{in_progress, 100}, {in_progress, 180}, {rejected, 487}});
  BOOST_TEST(bob.agent->live_calls() == 0u);
  bob.settle();
  BOOST_TEST(bob.idle());
}

BOOST_AUTO_TEST_CASE(hanging_up_after_a_1xx_cancels_at_once_9_1) {
  desk bob;
  auto const h = bob.place();
  bob.look();
  auto const invite = bob.last[0].bytes;
  bob.receive(answer(invite, 180, "alice"));
  BOOST_TEST((bob.hang_up(h) == sending::sent));
  check_sent(bob, {"CANCEL"});
  bob.receive(answer(invite, 487, "alice"));
  check_heard(bob, {{in_progress, 180}, {rejected, 487}});
}

BOOST_AUTO_TEST_CASE(a_call_hung_up_that_never_answers_at_all_fails_after_timer_b) {
  desk bob;
  (void)bob.hang_up(bob.place());
  bob.settle();
  check_heard(bob, {{failed, 408}});
  BOOST_TEST(bob.idle());
}

// The CANCEL crosses the 2xx: the session is there and is ended by a BYE (15).
BOOST_AUTO_TEST_CASE(a_2xx_that_crosses_the_cancel_is_acknowledged_and_ended_by_bye_15) {
  for (bool const early : {false, true}) {
    desk bob;
    auto const h = bob.place();
    bob.look();
    auto const invite = bob.last[0].bytes;
    if (early) bob.receive(answer(invite, 180, "alice"));
    (void)bob.hang_up(h);
    bob.look();
    bob.listen();
    bob.receive(answer(invite, 200, "alice", contact));
    check_sent(bob, {"ACK", "BYE"});
    auto const bye = bob.last[1].bytes;
    BOOST_TEST(value_of(bye, header::cseq) == "2 BYE");
    check_heard(bob, {}); // the user has hung up: no answer is told
    bob.receive(answer(bye, 200, ""));
    check_heard(bob, {{ended, 200}});
    bob.settle();
    BOOST_TEST(bob.idle());
  }
}

// "the client SHOULD then consider the original transaction cancelled and SHOULD destroy the client
// transaction handling the original request."
BOOST_AUTO_TEST_CASE(a_cancelled_call_without_a_final_response_ends_after_64_t1_9_1) {
  desk bob;
  auto const h = bob.place();
  bob.look();
  auto const invite = bob.last[0].bytes;
  bob.receive(answer(invite, 180, "alice"));
  (void)bob.hang_up(h);
  check_sent(bob, {"CANCEL"});
  bob.receive(answer(bob.last[0].bytes, 200, "alice"));
  bob.advance(31'999);
  check_heard(bob, {{in_progress, 180}});
  bob.advance(1);
  check_heard(bob, {{failed, 408}});
  BOOST_TEST(bob.agent->live_calls() == 0u);
  BOOST_TEST(bob.agent->live_transactions() == 0u);
  bob.receive(answer(invite, 200, "alice", contact)); // much too late
  check_sent(bob, {});
  bob.settle();
  BOOST_TEST(bob.idle());
}

// "the UAC … each 2xx … from different remote UAs": "If, after acknowledging any 2xx response to an
// INVITE, the UAC does not want to continue with that dialog, then the UAC MUST terminate the
// dialog by sending a BYE request" (13.2.2.4).
BOOST_AUTO_TEST_CASE(a_second_2xx_of_a_fork_is_acknowledged_and_released_13_2_2_4) {
  placed_call bob;
  check_sent(bob, {"ACK"});
  auto const other = answer(bob.invite_text, 200, "carol", "Contact: <sip:carol@192.0.2.3>\r\n");
  bob.receive(other);
  check_sent(bob, {"ACK", "BYE"});
  for (auto const& w : bob.last) {
    BOOST_TEST((w.to == ip(3)));
    BOOST_TEST(read(w.bytes).value.request_uri() == "sip:carol@192.0.2.3");
    BOOST_TEST(read(w.bytes).value.to_tag() == "carol");
    BOOST_TEST(value_of(w.bytes, header::from) == value_of(bob.invite_text, header::from));
    BOOST_TEST(value_of(w.bytes, header::call_id) == value_of(bob.invite_text, header::call_id));
  }
  BOOST_TEST(value_of(bob.last[0].bytes, header::cseq) == "1 ACK");
  BOOST_TEST(value_of(bob.last[1].bytes, header::cseq) == "2 BYE");
  bob.receive(answer(bob.last[1].bytes, 200, ""));
  check_heard(bob, {}); // our call goes on
  BOOST_TEST(bob.agent->live_calls() == 1u);
  bob.receive(bob.ok);
  check_sent(bob, {"ACK"});
  BOOST_TEST(read(bob.last[0].bytes).value.to_tag() == "alice");
  // Also when our call is long over.
  (void)bob.hang_up(bob.h);
  bob.look();
  bob.receive(answer(bob.last[0].bytes, 200, ""));
  check_heard(bob, {{ended, 200}});
  // Repeated, it is acknowledged again; its dialog has had its BYE.
  bob.receive(other);
  check_sent(bob, {"ACK"});
  BOOST_TEST(bob.agent->call_counts().unexpected == 2u);
  bob.settle();
  check_heard(bob, {});
  BOOST_TEST(bob.idle());
}

// A dialog is "identified by a Call-ID value, a local tag and a remote tag" (12): a tag alone,
// which a peer may always choose alike, says nothing of another call.
BOOST_AUTO_TEST_CASE(a_second_2xx_with_a_tag_that_another_call_has_seen_is_released_too_13_2_2_4) {
  desk bob;
  for (std::string const tag : {"alice", "bella"}) {
    (void)bob.place();
    bob.look();
    auto const invite = bob.last[0].bytes;
    bob.receive(answer(invite, 200, tag, contact));
    check_sent(bob, {"ACK"});
    bob.receive(answer(invite, 200, "carol", contact));
    check_sent(bob, {"ACK", "BYE"});
  }
}

BOOST_AUTO_TEST_CASE(a_forked_call_may_ring_at_many_and_be_refused_once) {
  desk bob;
  (void)bob.place();
  bob.look();
  auto const invite = bob.last[0].bytes;
  for (char const* const tag : {"a", "b", "c"}) bob.receive(answer(invite, 180, tag, contact));
  bob.receive(answer(invite, 486, "b"));
  check_sent(bob, {"ACK"});
  check_heard(bob, {{in_progress, 180}, {in_progress, 180}, {in_progress, 180}, {rejected, 486}});
  bob.settle();
  BOOST_TEST(bob.idle());
}

// 12.1.2, 12.2.1.1: the route set of the caller is the Record-Route of the 2xx in reverse order.
BOOST_AUTO_TEST_CASE(the_callers_route_set_is_the_record_route_in_reverse_12_1_2) {
  placed_call bob{contact + "Record-Route: <sip:192.0.2.11;lr>, <sip:p2.example.com;lr>\r\n"
                            "Record-Route: <sip:192.0.2.13:5070;lr>\r\n"};
  check_sent(bob, {"ACK"});
  auto const check = [](wired const& w, std::string const& method) {
    BOOST_TEST(first_line(w.bytes) == method + " sip:alice@192.0.2.1:5066 SIP/2.0");
    BOOST_TEST((w.to == ip(13, 5070)));
    strings routes;
    message const m = read(w.bytes).value;
    for (std::string_view const r : m.elements(header::route)) routes.emplace_back(r);
    BOOST_TEST(routes == (strings{"<sip:192.0.2.13:5070;lr>", "<sip:p2.example.com;lr>",
                                  "<sip:192.0.2.11;lr>"}),
               boost::test_tools::per_element());
  };
  check(bob.last[0], "ACK");
  (void)bob.hang_up(bob.h);
  check_sent(bob, {"BYE"});
  check(bob.last[0], "BYE");
}

// 12.1.1: "The route set MUST be set to the list of URIs in the Record-Route header field from the
// request, taken in order".
BOOST_AUTO_TEST_CASE(the_callees_route_set_is_the_record_route_in_order_12_1_1) {
  auto r = invite();
  r.more += "Record-Route: <sip:192.0.2.11;lr>, <sip:p2.example.com;lr>\r\n";
  answered_call bob{r};
  // 12.1.1: "the UAS MUST copy all Record-Route header field values from the request into the
  // response".
  BOOST_TEST(value_of(bob.ok, header::record_route) ==
             "<sip:192.0.2.11;lr>, <sip:p2.example.com;lr>");
  (void)bob.hang_up(bob.call);
  check_sent(bob, {"BYE"});
  BOOST_TEST(first_line(bob.last[0].bytes) == "BYE sip:alice@192.0.2.1:5066 SIP/2.0");
  BOOST_TEST((bob.last[0].to == ip(11)));
  strings routes;
  message const m = read(bob.last[0].bytes).value;
  for (std::string_view const route : m.elements(header::route)) routes.emplace_back(route);
  BOOST_TEST(routes == (strings{"<sip:192.0.2.11;lr>", "<sip:p2.example.com;lr>"}),
             boost::test_tools::per_element());
}

// "If the route set is not empty, and its first URI does not contain the lr parameter, the UAC MUST
// place the first URI from the route set into the Request-URI …, stripping any parameters that are
// not allowed …, add a Route header field containing the remainder of the route set values in order
// … and then place the remote target URI into the Route header field as the last value."
BOOST_AUTO_TEST_CASE(a_strict_router_gets_its_own_uri_12_2_1_1) {
  placed_call bob{contact + "Record-Route: <sip:p2.example.com;lr>, <sip:192.0.2.13>\r\n"};
  check_sent(bob, {"ACK"});
  BOOST_TEST(first_line(bob.last[0].bytes) == "ACK sip:192.0.2.13 SIP/2.0");
  BOOST_TEST((bob.last[0].to == ip(13)));
  strings routes;
  message const m = read(bob.last[0].bytes).value;
  for (std::string_view const r : m.elements(header::route)) routes.emplace_back(r);
  BOOST_TEST(routes == (strings{"<sip:p2.example.com;lr>", "<sip:alice@192.0.2.1:5066>"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_target_that_is_a_name_is_sent_where_the_call_went) {
  placed_call bob{"Contact: <sip:alice@phone.example.com>\r\n"};
  check_sent(bob, {"ACK"});
  BOOST_TEST(first_line(bob.last[0].bytes) == "ACK sip:alice@phone.example.com SIP/2.0");
  BOOST_TEST((bob.last[0].to == ip(1)));
  // An RFC 2543 peer may give no Contact and no tag.
  desk old;
  auto const h = old.place();
  old.look();
  auto const invite_text = old.last[0].bytes;
  old.receive(answer(invite_text, 200, ""));
  check_sent(old, {"ACK"});
  BOOST_TEST(first_line(old.last[0].bytes) == "ACK sip:alice@192.0.2.1 SIP/2.0");
  (void)old.hang_up(h);
  check_sent(old, {"BYE"});
  BOOST_TEST(value_of(old.last[0].bytes, header::to) == "<sip:alice@192.0.2.1>");
}

BOOST_AUTO_TEST_CASE(a_2xx_that_is_too_large_to_keep_is_acknowledged_and_released) {
  desk bob;
  auto const h = bob.place();
  bob.look();
  bob.receive(answer(bob.last[0].bytes, 200, "alice", contact + "Content-Type: application/sdp\r\n",
                     std::string(1300, 'v')));
  check_sent(bob, {"ACK", "BYE"});
  check_heard(bob, {{failed, 513}});
  BOOST_TEST((bob.hang_up(h) == sending::gone));
  bob.receive(answer(bob.last[1].bytes, 200, ""));
  bob.settle();
  check_heard(bob, {});
  BOOST_TEST(bob.idle());
}

BOOST_AUTO_TEST_CASE(a_2xx_that_nothing_can_be_sent_to_fails_the_call) {
  desk bob;
  (void)bob.place();
  bob.look();
  // Written as Route header fields, one a line, this is longer than a message may be.
  std::string routes = "Record-Route: <sip:a.example.com;lr>";
  for (int i = 0; i < 40; ++i) routes += ", <sip:a.example.com;lr>";
  bob.receive(answer(bob.last[0].bytes, 200, "alice", contact + routes + "\r\n"));
  check_sent(bob, {});
  check_heard(bob, {{failed, 503}});
  BOOST_TEST(bob.agent->live_calls() == 0u);
  bob.settle();
  BOOST_TEST(bob.idle());
}

BOOST_AUTO_TEST_CASE(a_call_that_cannot_be_written_is_not_placed_and_keeps_nothing) {
  desk bob;
  outgoing_call const good{"sip:alice@192.0.2.1", "sip:bob@192.0.2.2", ip(1), transport::udp, sdp};
  auto bad = good;
  bad.target = "sip:alice@192.0.2.1\r\nEvil: yes";
  BOOST_TEST(!bob.agent->call(bad, bob.now));
  bad = good;
  bad.target = "";
  BOOST_TEST(!bob.agent->call(bad, bob.now));
  bad = good;
  bad.from = "sip:bob@192.0.2.2>;tag=evil";
  BOOST_TEST(!bob.agent->call(bad, bob.now));
  bad = good;
  std::string const large(2000, 'v');
  bad.offer = {"application/sdp", large};
  BOOST_TEST(!bob.agent->call(bad, bob.now));
  check_sent(bob, {});
  BOOST_TEST(bob.idle());
  for (int i = 0; i < 4; ++i) BOOST_TEST(static_cast<bool>(bob.agent->call(good, bob.now)));
  BOOST_TEST(!bob.agent->call(good, bob.now));
}

BOOST_AUTO_TEST_CASE(a_call_that_only_waits_for_late_2xx_makes_room_for_a_new_one) {
  desk<endpoint_size{1, 16, 1300}> bob;
  auto const h = bob.place();
  bob.look();
  auto const ok = answer(bob.last[0].bytes, 200, "alice", contact);
  bob.receive(ok);
  (void)bob.hang_up(h);
  bob.look();
  bob.receive(answer(bob.last.back().bytes, 200, ""));
  BOOST_TEST(bob.agent->live_calls() == 0u);
  auto const second = bob.place();
  BOOST_REQUIRE(second);
  check_sent(bob, {"INVITE"});
  BOOST_TEST(!bob.place());
  // The late 2xx is still acknowledged, and ended once more.
  bob.receive(ok);
  check_sent(bob, {"ACK", "BYE"});
  BOOST_TEST(bob.agent->live_calls() == 1u);
  bob.settle();
  BOOST_TEST(bob.idle());
}

BOOST_AUTO_TEST_CASE(what_is_hung_up_ends_although_no_transaction_is_free) {
  desk<endpoint_size{2, 2, 1300}> bob;
  auto const h = bob.place();
  bob.look();
  auto const invite_text = bob.last[0].bytes;
  bob.receive(answer(invite_text, 200, "alice", contact));
  bob.receive(of("OPTIONS").text()); // takes the second transaction for 32 s
  check_sent(bob, {"ACK", "200 OPTIONS"});
  BOOST_TEST((bob.hang_up(h) == sending::deferred));
  check_sent(bob, {});
  bob.advance(32'500);
  auto const all = bob.look();
  BOOST_REQUIRE(!all.empty());
  BOOST_TEST(all[0] == "BYE");
  bob.receive(answer(bob.last[0].bytes, 200, ""));
  check_heard(bob, {{answered, 200}, {ended, 200}});
  bob.settle();
  BOOST_TEST(bob.idle());
}

BOOST_AUTO_TEST_CASE(a_cancel_is_sent_although_no_transaction_was_free_at_first) {
  desk<endpoint_size{2, 2, 1300}> bob;
  auto const h = bob.place();
  bob.look();
  auto const invite_text = bob.last[0].bytes;
  bob.receive(of("OPTIONS").text());
  bob.receive(answer(invite_text, 180, "alice"));
  check_sent(bob, {"200 OPTIONS"});
  BOOST_TEST((bob.hang_up(h) == sending::deferred));
  bob.advance(32'500);
  auto const all = bob.look();
  BOOST_REQUIRE(!all.empty());
  BOOST_TEST(all[0] == "CANCEL");
  bob.receive(answer(invite_text, 487, "alice"));
  check_heard(bob, {{in_progress, 180}, {rejected, 487}});
  bob.settle();
  BOOST_TEST(bob.idle());
}

BOOST_AUTO_TEST_CASE(a_deferred_end_is_forgotten_when_the_call_ends_otherwise) {
  desk<endpoint_size{2, 2, 1300}> bob;
  auto const h = bob.place();
  bob.look();
  auto const invite_text = bob.last[0].bytes;
  bob.receive(of("OPTIONS").text());
  bob.receive(answer(invite_text, 180, "alice"));
  (void)bob.hang_up(h);
  bob.receive(answer(invite_text, 486, "alice"));
  bob.look();
  bob.settle();
  check_sent(bob, {});
  check_heard(bob, {{in_progress, 180}, {rejected, 486}});
  BOOST_TEST(bob.idle());
}

BOOST_AUTO_TEST_CASE(over_tcp_a_call_leaves_nothing_behind_but_what_late_2xx_need) {
  desk bob;
  bob.over = transport::tcp;
  auto const h = bob.place();
  bob.look();
  BOOST_TEST(value_of(bob.last[0].bytes, header::via).substr(0, 11) == "SIP/2.0/TCP");
  bob.receive(answer(bob.last[0].bytes, 200, "alice", contact));
  (void)bob.hang_up(h);
  check_sent(bob, {"ACK", "BYE"});
  for (auto const& w : bob.last) BOOST_TEST((w.over == transport::tcp));
  bob.receive(answer(bob.last[1].bytes, 200, ""));
  check_heard(bob, {{answered, 200}, {ended, 200}});
  BOOST_TEST(bob.agent->live_transactions() == 1u); // Timer M runs over TCP too (RFC 6026 8.4)
  bob.settle();
  BOOST_TEST(bob.idle());
}

BOOST_AUTO_TEST_CASE(names_of_events_are_their_spelling) {
  BOOST_TEST(std::string{name(incoming)} == "incoming");
  BOOST_TEST(std::string{name(in_progress)} == "provisional");
  BOOST_TEST(std::string{name(answered)} == "answered");
  BOOST_TEST(std::string{name(rejected)} == "rejected");
  BOOST_TEST(std::string{name(confirmed)} == "confirmed");
  BOOST_TEST(std::string{name(cancelled)} == "cancelled");
  BOOST_TEST(std::string{name(ended)} == "ended");
  BOOST_TEST(std::string{name(failed)} == "failed");
  BOOST_TEST(std::string{name(offered)} == "offered");
  BOOST_TEST(std::string{name(acknowledged)} == "acknowledged");
  BOOST_TEST(std::string{name(modification)} == "modification");
  BOOST_TEST(std::string{name(modified)} == "modified");
  BOOST_TEST(std::string{name(unmodified)} == "unmodified");
  BOOST_TEST(std::string{name(static_cast<user_event_kind>(99))}.empty());
}

BOOST_AUTO_TEST_SUITE_END()
