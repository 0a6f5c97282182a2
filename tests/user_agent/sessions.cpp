// What goes on within calls, between two endpoints over a network with losses and a virtual clock:
// the timers of the rules, reliable provisional responses, modifications, the session timer and
// forks. RFC 3261 9, 13, 14, RFC 3262, RFC 3311, RFC 4028.
#include <ctsip/user_agent/endpoint.hpp>

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "user_agent/desk.hpp"
#include "user_agent/virtual_network.hpp"

using namespace ctsip;
using namespace ctsip_tests;
using strings = std::vector<std::string>;
using kind = user_event_kind;

namespace {

message_body body_of(std::string const& text) { return {"application/sdp", text}; }

std::string const first_sdp = "v=0\r\n";
std::string const held = "v=0\r\ns=held\r\n";
std::string const answer_text = "v=0\r\ns=answer\r\n";
std::string const other_answer = "v=0\r\ns=other answer\r\n";

// Two phones, and what has gone over the wire, in short. Each phone keeps the call of its last
// event.
struct conversation {
  virtual_network net;
  phone<> alice;
  phone<> bob;
  call_handle alices{};
  call_handle bobs{};
  strings wire{};
  std::function<void(kind, std::string_view)> alice_does{}, bob_does{};
  std::function<bool(std::string const&, int)> lose{}; // by summary, and which one of them
  std::vector<std::pair<std::string, int>> seen{};

  explicit conversation(unsigned seed = 1, std::uint32_t session_expires = 0,
                        std::uint32_t min_se = 90)
      : net{seed}, alice{1, session_expires}, bob{2, 0, min_se} {
    net.attach(alice);
    net.attach(bob);
    net.drop = [this](std::string_view bytes, node const& from) {
      std::string const what = (&from == &alice ? "a " : "b ") + summary(bytes);
      wire.push_back(what);
      int count = 0;
      for (auto& s : seen)
        if (s.first == what) count = ++s.second;
      if (count == 0) seen.emplace_back(what, count = 1);
      return lose && lose(what, count);
    };
    alice.on_event = [this](auto&, user_event const& e, instant) {
      alices = e.call;
      if (alice_does) alice_does(e.kind, e.message.body());
    };
    bob.on_event = [this](auto&, user_event const& e, instant) {
      bobs = e.call;
      if (bob_does) bob_does(e.kind, e.message.body());
    };
  }
  instant now() const { return net.now; }
  void collect() {
    net.collect(alice);
    net.collect(bob);
  }
  void run_for(std::int64_t ms) {
    collect();
    net.run_for(ms);
  }
  void call(message_body const& offer = body_of(first_sdp), std::uint32_t expires = 0) {
    alices = alice.call(2, now(), offer, expires);
    collect();
  }
  // Both in a session, and the wire is quiet.
  void talk() {
    bob_does = [this](kind k, std::string_view) {
      if (k == kind::incoming)
        BOOST_TEST((bob.agent().answer(bobs, body_of(answer_text), now()) == sending::sent));
    };
    call();
    run_for(100);
    BOOST_REQUIRE(bob.count(kind::confirmed) == 1u);
    BOOST_REQUIRE(alice.count(kind::answered) == 1u);
    forget();
    bob_does = {};
  }
  void forget() {
    wire.clear();
    seen.clear();
    alice.events.clear();
    bob.events.clear();
  }
  // Bob accepts whatever is offered.
  void bob_accepts() {
    bob_does = [this](kind k, std::string_view) {
      if (k == kind::modification)
        BOOST_TEST(
            (bob.agent().accept_modification(bobs, body_of(other_answer), now()) == sending::sent));
    };
  }
  void alice_accepts() {
    alice_does = [this](kind k, std::string_view) {
      if (k == kind::modification)
        BOOST_TEST((alice.agent().accept_modification(alices, body_of(other_answer), now()) ==
                    sending::sent));
    };
  }
  std::string session_of_alice() { return std::string{alice.agent().local_session(alices).body}; }
  std::string session_of_bob() { return std::string{bob.agent().local_session(bobs).body}; }
  // Everybody hangs up, and nothing is left.
  void end() {
    net.loss = 0;
    lose = {};
    (void)alice.agent().hang_up(alices, now());
    run_for(100'000);
    (void)bob.agent().hang_up(bobs, now());
    collect();
    net.run_out();
    BOOST_TEST(alice.idle());
    BOOST_TEST(bob.idle());
    BOOST_TEST(alice.agent().counts().malformed + bob.agent().counts().malformed == 0u);
  }
};

void check_wire(conversation& c, strings const& expected) {
  BOOST_TEST(c.wire == expected, boost::test_tools::per_element());
  c.wire.clear();
}

request_text invite_from_alice(std::string const& more = "") {
  auto r = of("INVITE");
  r.more = "Contact: <sip:alice@192.0.2.1:5066>\r\nAllow: INVITE, ACK, PRACK, UPDATE\r\n" + more +
           "Content-Type: application/sdp\r\n";
  r.body = first_sdp;
  return r;
}
// What alice sends within the dialog of bob's response.
request_text in_dialog(std::string method, std::string_view response, unsigned cseq,
                       std::string const& more = "", std::string const& body = "") {
  auto r = of(method);
  r.via += method + std::to_string(cseq);
  r.to = value_of(response, header::to);
  r.cseq = cseq;
  r.more = more;
  if (!body.empty()) r.more += "Content-Type: application/sdp\r\n";
  r.body = body;
  return r;
}
std::string reliable(unsigned rseq) {
  return "Require: 100rel\r\nRSeq: " + std::to_string(rseq) + "\r\n";
}
std::string at(std::string const& whom) { return "Contact: <sip:" + whom + ">\r\n"; }

} // namespace

BOOST_AUTO_TEST_SUITE(user_agent_sessions)

// ---- Timers of the rules

// "If the time indicated in the Expires header field is reached and no final answer for the INVITE
// has been received, the UAC core SHOULD generate a CANCEL request for the INVITE".
BOOST_AUTO_TEST_CASE(an_invite_that_expires_is_cancelled_13_2_1) {
  conversation c;
  c.bob_does = [&](kind k, std::string_view) {
    if (k == kind::incoming) (void)c.bob.agent().ring(c.bobs, c.now());
  };
  c.call(body_of(first_sdp), 10);
  c.run_for(9'990);
  check_wire(c, {"a INVITE", "b 180 INVITE"});
  c.run_for(200);
  // The callee's timer began 10 ms later: the CANCEL and its 487 cross.
  BOOST_TEST(c.wire[0] == "a CANCEL");
  BOOST_TEST((c.alice.events.back() == std::pair{kind::rejected, 487}));
  BOOST_TEST((c.bob.events.back().first == kind::cancelled));
  c.net.run_out();
  BOOST_TEST(c.alice.idle());
  BOOST_TEST(c.bob.idle());
}

// "If the invitation expires before the UAS has generated a final response, a 487 (Request
// Terminated) response SHOULD be generated."
BOOST_AUTO_TEST_CASE(an_invitation_that_expires_is_answered_487_13_3_1) {
  desk bob;
  bob.receive(invite_from_alice("Expires: 20\r\n").text());
  (void)bob.ring(bob.call);
  bob.advance(19'999);
  BOOST_TEST(bob.look() == strings{"180 INVITE"}, boost::test_tools::per_element());
  bob.advance(1);
  BOOST_TEST(bob.look() == strings{"487 INVITE"}, boost::test_tools::per_element());
  BOOST_TEST((bob.listen() == std::vector<heard>{{kind::incoming, 0}, {kind::cancelled, 487}}));
  BOOST_TEST((bob.answer(bob.call) == sending::gone));
  bob.settle();
  BOOST_TEST(bob.idle());
}

// "the UAS MUST send a non-100 provisional response at every minute, to handle the possibility of
// lost provisional responses."
BOOST_AUTO_TEST_CASE(while_it_rings_a_1xx_is_sent_each_minute_13_3_1_1) {
  for (bool const rings : {true, false}) {
    desk bob;
    bob.receive(invite_from_alice().text());
    if (rings) (void)bob.ring(bob.call);
    bob.advance(1000);
    bob.look();
    bob.advance(180'000);
    std::string const again = rings ? "180 INVITE" : "183 INVITE";
    BOOST_TEST(bob.look() == (strings{again, again, again}), boost::test_tools::per_element());
    BOOST_TEST((bob.answer(bob.call) == sending::sent));
    bob.look();
    bob.advance(400);
    BOOST_TEST(bob.look().empty());
  }
}

// "The reliable provisional response is passed to the transaction layer periodically with an
// interval that starts at T1 seconds and doubles for each retransmission". "If a reliable
// provisional response is retransmitted for 64*T1 seconds without reception of a corresponding
// PRACK, the UAS SHOULD reject the original request with a 5xx response."
BOOST_AUTO_TEST_CASE(a_reliable_1xx_without_its_prack_is_repeated_and_then_refused_rfc_3262_3) {
  desk bob;
  bob.receive(invite_from_alice("Supported: 100rel\r\n").text());
  auto const start = bob.now;
  BOOST_TEST(
      (bob.agent->ring(bob.call, bob.now, 183, sdp, reliability::reliable) == sending::sent));
  bob.look();
  auto const first = bob.last[0].bytes;
  BOOST_TEST(value_of(first, header::require) == "100rel");
  BOOST_TEST(value_of(first, header::allow) == "INVITE, ACK, CANCEL, BYE, OPTIONS, PRACK, UPDATE");
  std::vector<std::int64_t> times;
  while (bob.agent->live_calls()) {
    bob.now = bob.agent->next_timeout();
    bob.agent->handle_timeout(bob.now);
    bob.look();
    for (auto const& w : bob.last)
      if (w.bytes == first) times.push_back((bob.now - start).count);
  }
  BOOST_TEST(times == (std::vector<std::int64_t>{500, 1500, 3500, 7500, 15'500, 31'500}),
             boost::test_tools::per_element());
  BOOST_TEST((bob.now - start).count == 32'000);
  BOOST_TEST(summary(bob.last.back().bytes) == "504 INVITE");
  BOOST_TEST((bob.listen() == std::vector<heard>{{kind::incoming, 0}, {kind::failed, 408}}));
  bob.settle();
  BOOST_TEST(bob.idle());
}

// ---- Reliable provisional responses

BOOST_AUTO_TEST_CASE(a_reliable_1xx_is_acknowledged_by_itself_and_its_description_is_the_answer) {
  conversation c;
  c.bob_does = [&](kind k, std::string_view) {
    if (k == kind::incoming)
      BOOST_TEST((c.bob.agent().ring(c.bobs, c.now(), 183, body_of(answer_text),
                                     reliability::reliable) == sending::sent));
  };
  std::string early;
  c.alice_does = [&](kind k, std::string_view body) {
    if (k == kind::provisional) early = body;
  };
  c.call();
  c.run_for(100);
  check_wire(c, {"a INVITE", "b 183 INVITE", "a PRACK", "b 200 PRACK"});
  BOOST_TEST(early == answer_text);
  BOOST_TEST(c.bob.count(kind::acknowledged) == 1u);
  // The answer is there: the 2xx has none (RFC 6337 3.1.1).
  BOOST_TEST((c.bob.agent().answer(c.bobs, body_of(answer_text), c.now()) == sending::sent));
  c.run_for(100);
  check_wire(c, {"b 200 INVITE", "a ACK"});
  BOOST_TEST(c.alice.count(kind::answered) == 1u);
  BOOST_TEST(c.alice.agent().session_message(c.alices).body().empty());
  BOOST_TEST(c.session_of_bob() == answer_text);
  c.end();
}

// "The reliable provisional response is passed to the transaction layer periodically": as it is,
// whatever body it has.
BOOST_AUTO_TEST_CASE(what_is_repeated_is_the_whole_response_rfc_3262_3) {
  for (char const* const type :
       {"application/sdp", "application/isup", "multipart/mixed;boundary=x"}) {
    desk bob;
    bob.receive(invite_from_alice("Supported: 100rel\r\n").text());
    message_body const body{type, "--x\r\nContent-Type: application/sdp\r\n\r\nv=0\r\n--x--\r\n"};
    BOOST_TEST(
        (bob.agent->ring(bob.call, bob.now, 183, body, reliability::reliable) == sending::sent));
    bob.look();
    auto const first = bob.last[0].bytes;
    BOOST_TEST(read(first).value.body() == body.body);
    // What is to be sent meanwhile waits, and is reliable as well: nothing comes between.
    BOOST_TEST((bob.ring(bob.call) == sending::deferred));
    bob.advance(500);
    BOOST_TEST(bob.look() == strings{"183 INVITE"}, boost::test_tools::per_element());
    BOOST_TEST(bob.last[0].bytes == first);
    bob.receive(
        in_dialog("PRACK", first, 2, "RAck: " + value_of(first, header::rseq) + " 1 INVITE\r\n")
            .text());
    BOOST_TEST(bob.look() == (strings{"200 PRACK", "180 INVITE"}),
               boost::test_tools::per_element());
    BOOST_TEST(value_of(bob.last[1].bytes, header::require) == "100rel");
    BOOST_TEST(read(bob.last[1].bytes).value.body().empty());
  }
}

// Bob has sent his answer in a reliable 183, and its PRACK has come: the early dialog can be
// modified (RFC 3311 5.1).
struct early_callee : desk<> {
  std::string progress{}; // the 183

  explicit early_callee(bool acknowledged = true) {
    receive(invite_from_alice("Supported: 100rel\r\n").text());
    (void)agent->ring(call, now, 183, sdp, reliability::reliable);
    look();
    progress = last[0].bytes;
    if (acknowledged) receive(prack(progress, 2).text());
    look();
    listen();
  }
  static request_text prack(std::string const& response, unsigned cseq,
                            std::string const& offer = "") {
    return in_dialog("PRACK", response, cseq,
                     "RAck: " + value_of(response, header::rseq) + " 1 INVITE\r\n", offer);
  }
  // Our UPDATE, and that it collides.
  std::string update() {
    BOOST_TEST((agent->modify(call, body_of(held), now) == sending::sent));
    BOOST_TEST(look() == strings{"UPDATE"}, boost::test_tools::per_element());
    return last[0].bytes;
  }
  void collide(std::string const& update) { receive(ctsip_tests::answer(update, 491, "")); }
  // What is tried again, with the session that was wanted.
  void check_again(std::string const& method) {
    advance(4'000);
    BOOST_TEST_REQUIRE(look().size() >= 1u);
    BOOST_TEST(summary(last[0].bytes) == method);
    BOOST_TEST(read(last[0].bytes).value.body() == held);
    BOOST_TEST(listen().empty());
  }
};

// "a UA that receives a 491 response to a re-INVITE [...] SHOULD start a timer" (14.1): what waits
// for that is not what the user says to the INVITE meanwhile.
BOOST_AUTO_TEST_CASE(a_modification_that_waits_outlasts_ringing_and_the_answer_14_1) {
  {
    early_callee bob;
    bob.collide(bob.update());
    BOOST_TEST((bob.answer(bob.call) == sending::sent));
    BOOST_TEST(bob.look() == strings{"200 INVITE"}, boost::test_tools::per_element());
    BOOST_TEST(read(bob.last[0].bytes).value.body().empty()); // the 183 had it
    bob.receive(in_dialog("ACK", bob.last[0].bytes, 1).text());
    BOOST_TEST((bob.listen() == std::vector<heard>{{kind::confirmed, 0}}));
    bob.check_again("INVITE");
  }
  {
    early_callee bob;
    bob.collide(bob.update());
    BOOST_TEST(
        (bob.agent->ring(bob.call, bob.now, 180, {}, reliability::reliable) == sending::sent));
    BOOST_TEST(
        (bob.agent->ring(bob.call, bob.now, 182, {}, reliability::reliable) == sending::deferred));
    BOOST_TEST(bob.look() == strings{"180 INVITE"}, boost::test_tools::per_element());
    bob.receive(early_callee::prack(bob.last[0].bytes, 3).text());
    BOOST_TEST(bob.look() == (strings{"200 PRACK", "182 INVITE"}),
               boost::test_tools::per_element());
    BOOST_TEST(read(bob.last[1].bytes).value.body().empty());
    bob.receive(early_callee::prack(bob.last[1].bytes, 4).text());
    bob.look();
    bob.listen();
    bob.check_again("UPDATE");
  }
}
// What has a body of its own takes its place, and the user hears of it.
BOOST_AUTO_TEST_CASE(a_modification_that_loses_its_place_is_told_14_1) {
  message_body const isup{"application/isup", "abc"};
  {
    early_callee bob;
    bob.collide(bob.update());
    BOOST_TEST((bob.agent->answer(bob.call, isup, bob.now) == sending::sent));
    BOOST_TEST(bob.look() == strings{"200 INVITE"}, boost::test_tools::per_element());
    BOOST_TEST(read(bob.last[0].bytes).value.body() == isup.body);
    BOOST_TEST((bob.listen() == std::vector<heard>{{kind::unmodified, 0}}));
    bob.receive(in_dialog("ACK", bob.last[0].bytes, 1).text());
    bob.advance(4'000);
    BOOST_TEST(bob.look().empty());
  }
  // It collides when the 180 with its body waits already.
  {
    early_callee bob;
    auto const update = bob.update();
    BOOST_TEST(
        (bob.agent->ring(bob.call, bob.now, 182, {}, reliability::reliable) == sending::sent));
    BOOST_TEST((bob.agent->ring(bob.call, bob.now, 180, isup, reliability::reliable) ==
                sending::deferred));
    bob.look();
    auto const queued = bob.last[0].bytes;
    bob.collide(update);
    BOOST_TEST((bob.listen() == std::vector<heard>{{kind::unmodified, 491}}));
    bob.receive(early_callee::prack(queued, 3).text());
    BOOST_TEST(bob.look() == (strings{"200 PRACK", "180 INVITE"}),
               boost::test_tools::per_element());
    BOOST_TEST(read(bob.last[1].bytes).value.body() == isup.body);
  }
}

// "If the PRACK contained a session description, it is processed as described in Section 5":
// "If the PRACK contains an offer, the 2xx response to it MUST contain the answer", with which it
// acknowledges the response.
BOOST_AUTO_TEST_CASE(a_prack_with_an_offer_acknowledges_once_that_is_accepted_rfc_3262_5) {
  for (bool const accepts : {true, false}) {
    early_callee bob{false};
    bob.receive(early_callee::prack(bob.progress, 2, held).text());
    BOOST_TEST(bob.look().empty());
    BOOST_TEST((bob.listen() == std::vector<heard>{{kind::modification, 0}}));
    // The next one waits, since the PRACK may be rejected.
    BOOST_TEST(
        (bob.agent->ring(bob.call, bob.now, 180, {}, reliability::reliable) == sending::deferred));
    if (accepts) {
      BOOST_TEST((bob.agent->accept_modification(bob.call, sdp, bob.now) == sending::sent));
      BOOST_TEST(bob.look() == (strings{"200 PRACK", "180 INVITE"}),
                 boost::test_tools::per_element());
      BOOST_TEST((bob.listen() == std::vector<heard>{{kind::acknowledged, 0}}));
    } else {
      BOOST_TEST((bob.agent->reject_modification(bob.call, 488, bob.now) == sending::sent));
      BOOST_TEST(bob.look() == strings{"488 PRACK"}, boost::test_tools::per_element());
      // It has acknowledged nothing: the 183 is repeated, and the next one still waits.
      bob.advance(500);
      BOOST_TEST(bob.look() == strings{"183 INVITE"}, boost::test_tools::per_element());
      BOOST_TEST(bob.last[0].bytes == bob.progress);
      BOOST_TEST(bob.listen().empty());
      bob.receive(early_callee::prack(bob.progress, 3).text());
      BOOST_TEST(bob.look() == (strings{"200 PRACK", "180 INVITE"}),
                 boost::test_tools::per_element());
      BOOST_TEST((bob.listen() == std::vector<heard>{{kind::acknowledged, 0}}));
    }
  }
}

// "The UAC MUST create a new request with method PRACK" (RFC 3262 4) for a reliable 1xx to a
// re-INVITE, although those of the first INVITE are still due.
BOOST_AUTO_TEST_CASE(a_prack_that_is_due_gives_way_to_those_of_the_next_invite_rfc_3262_4) {
  desk<endpoint_size{4, 3, 1300}> bob;
  auto const h = bob.place();
  bob.look();
  auto const invite = bob.last[0].bytes;
  for (char const* const which : {"1", "2"}) {
    auto r = of("OPTIONS");
    r.via += which;
    r.call_id += which;
    bob.receive(r.text());
  }
  bob.advance(31'800); // these two end 200 ms later
  bob.look();
  for (unsigned rseq : {1u, 2u})
    bob.receive(answer(invite, 183, "a", at("a@192.0.2.9") + reliable(rseq)));
  bob.receive(
      answer(invite, 200, "a", at("a@192.0.2.9") + "Content-Type: application/sdp\r\n", first_sdp));
  BOOST_TEST(bob.look() == strings{"ACK"}, boost::test_tools::per_element());
  bob.advance(300);
  BOOST_TEST((bob.agent->modify(h, body_of(held), bob.now) == sending::sent));
  BOOST_TEST(bob.look() == strings{"INVITE"}, boost::test_tools::per_element());
  bob.receive(answer(bob.last[0].bytes, 183, "", at("a@192.0.2.9") + reliable(7)));
  BOOST_TEST(bob.look() == strings{"PRACK"}, boost::test_tools::per_element());
  BOOST_TEST(value_of(bob.last[0].bytes, header::rack) == "7 2 INVITE");
}

// "If the remote sequence number was not empty, but the sequence number of the request is lower
// than the remote sequence number, the request is out of order and MUST be rejected with a 500": a
// PRACK that an UPDATE has overtaken has acknowledged nothing, and its callee would wait for ever.
BOOST_AUTO_TEST_CASE(a_prack_that_was_overtaken_is_sent_again_12_2_2_rfc_3262_4) {
  for (bool const offered : {false, true}) {
    desk<> bob;
    auto const h =
        offered ? bob.agent->call({"sip:alice@192.0.2.1", "sip:bob@192.0.2.2", ip(1)}, bob.now)
                : bob.place();
    bob.look();
    auto const invite = bob.last[0].bytes;
    bob.receive(answer(invite, 183, "alice",
                       at("alice@192.0.2.1") + reliable(7) + "Allow: UPDATE\r\n" +
                           "Content-Type: application/sdp\r\n",
                       first_sdp));
    if (offered)
      BOOST_TEST((bob.agent->acknowledge(h, body_of(answer_text), bob.now) == sending::sent));
    BOOST_TEST(bob.look() == strings{"PRACK"}, boost::test_tools::per_element());
    auto const prack = bob.last[0].bytes;
    BOOST_TEST((bob.agent->modify(h, body_of(held), bob.now) == sending::sent));
    BOOST_TEST(bob.look() == strings{"UPDATE"}, boost::test_tools::per_element());
    auto const update = bob.last[0].bytes;
    bob.receive(answer(prack, 500, ""));
    BOOST_TEST(bob.look() == strings{"PRACK"}, boost::test_tools::per_element());
    auto const again = bob.last[0].bytes;
    BOOST_TEST(read(again).value.cseq().number == read(update).value.cseq().number + 1);
    BOOST_TEST(value_of(again, header::rack) == "7 1 INVITE");
    BOOST_TEST(read(again).value.body() == read(prack).value.body());
    bob.receive(answer(again, 200, ""));
    bob.receive(answer(update, 200, "", at("alice@192.0.2.1") + "Content-Type: application/sdp\r\n",
                       answer_text));
    BOOST_TEST((bob.listen().back() == heard{kind::modified, 200}));
    bob.receive(answer(invite, 200, "alice", at("alice@192.0.2.1")));
    BOOST_TEST(bob.look() == strings{"ACK"}, boost::test_tools::per_element());
    BOOST_TEST((bob.agent->state(h) == call_state::established));
  }
}

// One whose PRACK is 500 in any order is not asked for ever, and one whose INVITE is over not at
// all.
BOOST_AUTO_TEST_CASE(a_prack_that_is_answered_500_is_not_sent_for_ever_rfc_3262_4) {
  desk<> bob;
  auto const h = bob.place();
  bob.look();
  auto const invite = bob.last[0].bytes;
  bob.receive(answer(invite, 183, "alice", at("alice@192.0.2.1") + reliable(7)));
  unsigned times = 0;
  for (; bob.look() == strings{"PRACK"}; ++times) bob.receive(answer(bob.last[0].bytes, 500, ""));
  BOOST_TEST(times == endpoint<endpoint_size{}>::most_tries + 1);
  bob.receive(answer(invite, 200, "alice", at("alice@192.0.2.1")));
  bob.look();
  BOOST_TEST((bob.agent->modify(h, body_of(held), bob.now) == sending::sent));
  bob.look();
  auto const reinvite = bob.last[0].bytes;
  bob.receive(answer(reinvite, 183, "", at("alice@192.0.2.1") + reliable(9)));
  BOOST_TEST(bob.look() == strings{"PRACK"}, boost::test_tools::per_element());
  auto const prack = bob.last[0].bytes;
  bob.receive(answer(reinvite, 488, ""));
  BOOST_TEST(bob.look() == strings{"ACK"}, boost::test_tools::per_element());
  bob.receive(answer(prack, 500, ""));
  BOOST_TEST(bob.look().empty());
  BOOST_TEST((bob.agent->state(h) == call_state::established));
}

// "Because the initial one is chosen to be less than 2**31 - 1, but the maximum is 2**32 - 1, there
// can be up to 2**31 reliable provisional responses per request" (3).
BOOST_AUTO_TEST_CASE(a_reliable_1xx_beyond_2_to_the_31_is_acknowledged_rfc_3262_3) {
  desk<> bob;
  (void)bob.place();
  bob.look();
  auto const invite = bob.last[0].bytes;
  for (unsigned rseq : {0x7fff'ffffU, 0x8000'0000U, 0x8000'0001U}) {
    bob.receive(answer(invite, 183, "a", at("a@192.0.2.9") + reliable(rseq)));
    BOOST_TEST(bob.look() == strings{"PRACK"}, boost::test_tools::per_element());
    BOOST_TEST(value_of(bob.last[0].bytes, header::rack) == std::to_string(rseq) + " 1 INVITE");
    bob.receive(answer(bob.last[0].bytes, 200, ""));
  }
}

// "the UAS MUST delay sending the 2xx until the provisional response is acknowledged." (5)
BOOST_AUTO_TEST_CASE(the_2xx_waits_for_a_prack_that_is_lost_rfc_3262_5) {
  conversation c;
  c.lose = [](std::string const& what, int n) { return what == "a PRACK" && n <= 2; };
  c.bob_does = [&](kind k, std::string_view) {
    if (k != kind::incoming) return;
    (void)c.bob.agent().ring(c.bobs, c.now(), 183, body_of(answer_text), reliability::reliable);
    BOOST_TEST((c.bob.agent().answer(c.bobs, body_of(answer_text), c.now()) == sending::deferred));
  };
  c.call();
  c.run_for(1400);
  BOOST_TEST(c.alice.count(kind::answered) == 0u);
  BOOST_TEST(c.alice.count(kind::provisional) == 1u); // repeated, it is no other
  c.run_for(2000);
  BOOST_TEST(c.alice.count(kind::answered) == 1u);
  BOOST_TEST(c.bob.count(kind::confirmed) == 1u);
  c.end();
}

// "The UAS MUST NOT send a second reliable provisional response until the first is acknowledged."
BOOST_AUTO_TEST_CASE(a_second_reliable_1xx_waits_for_the_prack_of_the_first_rfc_3262_3) {
  conversation c;
  c.bob_does = [&](kind k, std::string_view) {
    if (k != kind::incoming) return;
    auto& bob = c.bob.agent();
    BOOST_TEST((bob.ring(c.bobs, c.now(), 183, body_of(answer_text), reliability::reliable) ==
                sending::sent));
    BOOST_TEST((bob.ring(c.bobs, c.now(), 180, {}, reliability::reliable) == sending::deferred));
  };
  c.call();
  c.run_for(200);
  check_wire(c, {"a INVITE", "b 183 INVITE", "a PRACK", "b 200 PRACK", "b 180 INVITE", "a PRACK",
                 "b 200 PRACK"});
  BOOST_TEST(c.bob.count(kind::acknowledged) == 2u);
  // "After the first, it is RECOMMENDED that the UAS not send an additional reliable provisional
  // response until the previous is acknowledged."
  auto& bob = c.bob.agent();
  c.lose = [](std::string const& what, int n) { return what == "b 183 INVITE" && n == 2; };
  BOOST_TEST((bob.ring(c.bobs, c.now(), 183, {}, reliability::reliable) == sending::sent));
  BOOST_TEST((bob.ring(c.bobs, c.now(), 180, {}, reliability::reliable) == sending::deferred));
  BOOST_TEST((bob.ring(c.bobs, c.now(), 182, {}, reliability::reliable) == sending::deferred));
  c.run_for(450);
  check_wire(c, {"b 183 INVITE"});
  c.run_for(450);
  check_wire(c,
             {"b 183 INVITE", "a PRACK", "b 200 PRACK", "b 182 INVITE", "a PRACK", "b 200 PRACK"});
  c.end();
}

BOOST_AUTO_TEST_CASE(
    an_invite_without_100rel_gets_no_reliable_1xx_and_one_that_requires_it_no_other) {
  desk bob;
  bob.receive(invite_from_alice().text());
  BOOST_TEST(
      (bob.agent->ring(bob.call, bob.now, 183, sdp, reliability::reliable) == sending::refused));
  BOOST_TEST((bob.ring(bob.call) == sending::sent));
  desk carol;
  carol.receive(invite_from_alice("Require: 100rel\r\n").text());
  BOOST_TEST((carol.ring(carol.call) == sending::sent));
  carol.look();
  BOOST_TEST(value_of(carol.last[0].bytes, header::require) == "100rel");
  auto const rseq = read(carol.last[0].bytes).value.rseq();
  BOOST_TEST(*rseq >= 1u);
  // "If a PRACK request is received by the UA core that does not match any unacknowledged reliable
  // provisional response, the UAS MUST respond to the PRACK with a 481 response."
  auto const ringing = carol.last[0].bytes;
  carol.receive(
      in_dialog("PRACK", ringing, 2, "RAck: " + std::to_string(*rseq + 1) + " 1 INVITE\r\n")
          .text());
  BOOST_TEST(carol.look() == strings{"481 PRACK"}, boost::test_tools::per_element());
  carol.receive(
      in_dialog("PRACK", ringing, 3, "RAck: " + std::to_string(*rseq) + " 1 INVITE\r\n").text());
  BOOST_TEST(carol.look() == strings{"200 PRACK"}, boost::test_tools::per_element());
  BOOST_TEST((carol.listen().back() == heard{kind::acknowledged, 0}));
  carol.advance(59'000);
  BOOST_TEST(carol.look().empty());
  carol.advance(1'000); // the reminder of a minute has to be reliable too
  BOOST_TEST(carol.look() == strings{"180 INVITE"}, boost::test_tools::per_element());
  BOOST_TEST(*read(carol.last[0].bytes).value.rseq() == *rseq + 1);
}

// "If the UAC receives a reliable provisional response with an offer [...], it MUST generate an
// answer in the PRACK."
BOOST_AUTO_TEST_CASE(an_offer_in_a_reliable_1xx_is_answered_by_the_user_in_the_prack_rfc_3262_5) {
  conversation c;
  std::string got;
  c.bob_does = [&](kind k, std::string_view body) {
    auto& bob = c.bob.agent();
    if (k == kind::incoming) {
      // "the first reliable response to an INVITE without an offer" has one
      BOOST_TEST((bob.ring(c.bobs, c.now(), 180, {}, reliability::reliable) == sending::refused));
      BOOST_TEST((bob.ring(c.bobs, c.now(), 183, body_of(first_sdp), reliability::reliable) ==
                  sending::sent));
      BOOST_TEST((bob.answer(c.bobs, body_of(first_sdp), c.now()) == sending::deferred));
    }
    if (k == kind::acknowledged) got = body;
  };
  c.call({});
  c.run_for(100);
  BOOST_TEST((c.alice.events.back() == std::pair{kind::offered, 183}));
  BOOST_TEST((c.alice.agent().acknowledge(c.alices, {}, c.now()) == sending::refused));
  BOOST_TEST(
      (c.alice.agent().acknowledge(c.alices, body_of(answer_text), c.now()) == sending::sent));
  BOOST_TEST(
      (c.alice.agent().acknowledge(c.alices, body_of(answer_text), c.now()) == sending::gone));
  c.run_for(100);
  BOOST_TEST(got == answer_text);
  BOOST_TEST(c.alice.count(kind::answered) == 1u);
  BOOST_TEST(c.session_of_alice() == answer_text);
  BOOST_TEST(c.bob.count(kind::confirmed) == 1u);
  c.end();
}

// "If the 2xx response contains an offer (based on the rules above), the ACK MUST carry an answer
// in its body."
BOOST_AUTO_TEST_CASE(an_offer_in_the_2xx_is_answered_by_the_user_in_the_ack_13_2_2_4) {
  conversation c;
  c.bob_does = [&](kind k, std::string_view) {
    if (k == kind::incoming)
      BOOST_TEST((c.bob.agent().answer(c.bobs, body_of(first_sdp), c.now()) == sending::sent));
  };
  c.call({});
  c.run_for(2'000); // the 2xx comes again and again
  BOOST_TEST((c.alice.events.back() == std::pair{kind::offered, 200}));
  BOOST_TEST(c.alice.count(kind::offered) == 1u);
  BOOST_TEST(c.bob.count(kind::confirmed) == 0u);
  auto& alice = c.alice.agent();
  BOOST_TEST((alice.state(c.alices) == call_state::early));
  BOOST_TEST((alice.modify(c.alices, body_of(answer_text), c.now()) == sending::gone));
  BOOST_TEST((alice.acknowledge(c.alices, {}, c.now()) == sending::refused));
  BOOST_TEST((alice.acknowledge(c.alices, body_of(answer_text), c.now()) == sending::sent));
  BOOST_TEST((alice.acknowledge(c.alices, body_of(answer_text), c.now()) == sending::gone));
  c.run_for(100);
  BOOST_TEST(c.bob.count(kind::confirmed) == 1u);
  BOOST_TEST(c.session_of_alice() == answer_text);
  c.end();
  BOOST_TEST(c.alice.count(kind::answered) == 1u);
}

// A user who does not answer it has to end the call: without an answer there is no session.
BOOST_AUTO_TEST_CASE(who_does_not_answer_the_offer_of_a_2xx_ends_the_call_13_2_2_4) {
  for (bool const hangs_up : {false, true}) {
    conversation c;
    c.bob_does = [&](kind k, std::string_view) {
      if (k == kind::incoming) (void)c.bob.agent().answer(c.bobs, body_of(first_sdp), c.now());
    };
    c.call({});
    c.run_for(1'000);
    if (hangs_up) (void)c.alice.agent().hang_up(c.alices, c.now());
    c.run_for(60'000);
    BOOST_TEST_CONTEXT(hangs_up) {
      BOOST_TEST(c.alice.count(kind::answered) == 0u);
      BOOST_TEST((c.alice.events.back().first == (hangs_up ? kind::ended : kind::failed)));
      BOOST_TEST(c.bob.count(kind::confirmed) == 1u);
      BOOST_TEST(c.bob.count(kind::ended) == 1u);
      BOOST_TEST(c.alice.agent().live_calls() == 0u);
      BOOST_TEST(c.bob.agent().live_calls() == 0u);
    }
  }
}

// Bob has called without an offer, and alice's 2xx, with these header fields, has one.
struct offered_call : desk<> {
  std::string ok{};
  call_handle h{};

  explicit offered_call(std::string const& fields = at("alice@192.0.2.1")) {
    h = agent->call({"sip:alice@192.0.2.1", "sip:bob@192.0.2.2", ip(1)}, now);
    look();
    ok = ctsip_tests::answer(last[0].bytes, 200, "alice",
                             fields + "Content-Type: application/sdp\r\n", first_sdp);
    receive(ok);
    BOOST_TEST(look().empty());
    BOOST_TEST((listen() == std::vector<heard>{{kind::offered, 200}}));
  }
};

// "The UAC core MUST generate an ACK request for each 2xx": where the routes make it too long for
// any, the call is over all the same, whoever ends it.
BOOST_AUTO_TEST_CASE(a_2xx_whose_offer_cannot_be_acknowledged_ends_the_call_13_2_2_4) {
  std::string routes = "m:<sip:a>\r\nRecord-Route:<sip:a>";
  for (int i = 0; i < 90; ++i) routes += ",<sip:a>";
  routes += "\r\n";
  for (std::string const how : {"hangs up", "answers", "waits"}) {
    BOOST_TEST_CONTEXT(how) {
      offered_call bob{routes};
      if (how == "hangs up")
        BOOST_TEST((bob.hang_up(bob.h) == sending::unwritable));
      else if (how == "answers")
        BOOST_TEST((bob.agent->acknowledge(bob.h, sdp, bob.now) == sending::unwritable));
      bob.advance(16'000);
      // A shorter answer might have fitted: until nobody waits for one any more.
      int const status = how == "hangs up" ? 503 : 408;
      BOOST_TEST((bob.listen() == std::vector<heard>{{kind::failed, status}}));
      BOOST_TEST(bob.look().empty());
      BOOST_TEST(bob.agent->live_calls() == 0u);
      bob.settle();
      BOOST_TEST(bob.idle());
    }
  }
}

// Each 2xx, whatever has ended the call since.
BOOST_AUTO_TEST_CASE(a_bye_before_the_users_answer_leaves_no_2xx_without_its_ack_13_2_2_4) {
  offered_call bob;
  auto bye = in_dialog("BYE", bob.ok, 1);
  bye.from = value_of(bob.ok, header::to);
  bye.to = value_of(bob.ok, header::from);
  bye.call_id = value_of(bob.ok, header::call_id);
  bob.receive(bye.text());
  BOOST_TEST(bob.look() == (strings{"200 BYE", "ACK"}), boost::test_tools::per_element());
  BOOST_TEST((bob.listen() == std::vector<heard>{{kind::ended, 0}}));
  BOOST_TEST((bob.agent->acknowledge(bob.h, sdp, bob.now) == sending::gone));
  bob.receive(bob.ok);
  BOOST_TEST(bob.look() == strings{"ACK"}, boost::test_tools::per_element());
  bob.settle();
  BOOST_TEST(bob.idle());
}

// What a command causes is told without the message of a datagram, and takes it from no other
// event.
BOOST_AUTO_TEST_CASE(an_event_of_a_command_has_the_calls_message_and_the_next_one_its_own) {
  offered_call bob;
  BOOST_TEST((bob.agent->acknowledge(bob.h, sdp, bob.now) == sending::sent));
  auto r = invite_from_alice();
  r.from = "<sip:carol@192.0.2.3>;tag=c";
  auto const invite = r.text();
  bob.agent->receive(invite, ip(3), bob.over, bob.now);
  user_event e;
  BOOST_TEST(bob.agent->poll_event(e));
  BOOST_TEST((e.kind == kind::answered));
  BOOST_TEST(e.status == 200);
  BOOST_TEST(e.message.bytes() == bob.ok);
  BOOST_TEST(bob.agent->poll_event(e));
  BOOST_TEST((e.kind == kind::incoming));
  BOOST_TEST(e.message.bytes() == invite);
}

BOOST_AUTO_TEST_CASE(reliable_responses_come_through_losses) {
  for (unsigned seed = 1; seed <= 40; ++seed) {
    conversation c{seed};
    c.net.loss = 30;
    c.bob_does = [&](kind k, std::string_view) {
      if (k != kind::incoming) return;
      (void)c.bob.agent().ring(c.bobs, c.now(), 183, body_of(answer_text), reliability::reliable);
      (void)c.bob.agent().answer(c.bobs, body_of(answer_text), c.now());
    };
    c.call();
    c.run_for(60'000);
    BOOST_TEST_CONTEXT(seed) {
      BOOST_TEST(c.alice.count(kind::answered) == 1u);
      BOOST_TEST(c.bob.count(kind::confirmed) == 1u);
      BOOST_TEST(c.bob.count(kind::acknowledged) == 1u);
      c.end();
    }
  }
}

// ---- Modifications

BOOST_AUTO_TEST_CASE(either_side_holds_and_resumes_by_a_re_invite_14) {
  conversation c;
  c.talk();
  std::string offered;
  c.bob_does = [&](kind k, std::string_view body) {
    if (k != kind::modification) return;
    offered = body;
    (void)c.bob.agent().accept_modification(c.bobs, body_of(other_answer), c.now());
  };
  BOOST_TEST((c.alice.agent().modify(c.alices, body_of(held), c.now()) == sending::sent));
  c.run_for(1000);
  check_wire(c, {"a INVITE", "b 200 INVITE", "a ACK"});
  BOOST_TEST(offered == held);
  BOOST_TEST((c.alice.events.back() == std::pair{kind::modified, 200}));
  BOOST_TEST(c.session_of_alice() == held);
  BOOST_TEST(c.session_of_bob() == other_answer);
  c.alice_accepts();
  BOOST_TEST((c.bob.agent().modify(c.bobs, body_of(first_sdp), c.now()) == sending::sent));
  c.run_for(1000);
  check_wire(c, {"b INVITE", "a 200 INVITE", "b ACK"});
  BOOST_TEST((c.bob.events.back() == std::pair{kind::modified, 200}));
  BOOST_TEST(c.session_of_bob() == first_sdp);
  c.end();
}

// "If the new session description is not acceptable, the UAS can reject it by returning a 488".
BOOST_AUTO_TEST_CASE(a_modification_that_is_refused_leaves_the_session_14_1) {
  conversation c;
  c.talk();
  c.bob_does = [&](kind k, std::string_view) {
    if (k == kind::modification)
      BOOST_TEST((c.bob.agent().reject_modification(c.bobs, 488, c.now()) == sending::sent));
  };
  (void)c.alice.agent().modify(c.alices, body_of(held), c.now());
  c.run_for(1000);
  check_wire(c, {"a INVITE", "b 488 INVITE", "a ACK"});
  BOOST_TEST((c.alice.events.back() == std::pair{kind::unmodified, 488}));
  BOOST_TEST(c.session_of_alice() == first_sdp);
  BOOST_TEST((c.alice.agent().state(c.alices) == call_state::established));
  c.end();
}

BOOST_AUTO_TEST_CASE(a_user_who_does_not_answer_a_modification_has_refused_it_after_64_t1) {
  conversation c;
  c.talk();
  (void)c.alice.agent().modify(c.alices, body_of(held), c.now());
  c.run_for(31'000);
  BOOST_TEST(c.bob.count(kind::modification) == 1u);
  BOOST_TEST(c.alice.events.empty());
  c.run_for(2000);
  BOOST_TEST((c.alice.events.back() == std::pair{kind::unmodified, 488}));
  BOOST_TEST(
      (c.bob.agent().accept_modification(c.bobs, body_of(answer_text), c.now()) == sending::gone));
  c.end();
}

// "a UAC MUST NOT initiate a new INVITE transaction within a dialog while another INVITE
// transaction is in progress in either direction."
BOOST_AUTO_TEST_CASE(a_modification_waits_for_the_one_before_14_1) {
  conversation c;
  c.talk();
  c.bob_accepts();
  BOOST_TEST((c.alice.agent().modify(c.alices, body_of(held), c.now()) == sending::sent));
  BOOST_TEST((c.alice.agent().modify(c.alices, body_of(first_sdp), c.now()) == sending::deferred));
  c.run_for(1000);
  check_wire(c, {"a INVITE", "b 200 INVITE", "a ACK", "a INVITE", "b 200 INVITE", "a ACK"});
  BOOST_TEST(c.alice.count(kind::modified) == 2u);
  BOOST_TEST(c.session_of_alice() == first_sdp);
  // And for theirs.
  c.bob_does = {};
  (void)c.alice.agent().modify(c.alices, body_of(held), c.now());
  c.run_for(100);
  c.alice_accepts();
  BOOST_TEST((c.bob.agent().modify(c.bobs, body_of(answer_text), c.now()) == sending::deferred));
  BOOST_TEST(
      (c.bob.agent().accept_modification(c.bobs, body_of(other_answer), c.now()) == sending::sent));
  c.run_for(1000);
  BOOST_TEST(c.alice.count(kind::modification) == 1u);
  BOOST_TEST(c.bob.count(kind::modified) == 1u);
  c.end();
}

// "a UAC MAY send a re-INVITE with no session description, in which case the first reliable
// non-failure response to the re-INVITE will contain the offer": here its 2xx, and the ACK has the
// answer (13.2.2.4).
BOOST_AUTO_TEST_CASE(either_side_asks_the_other_for_an_offer_14_1) {
  conversation c;
  c.talk();
  std::string offered;
  c.bob_accepts(); // with an offer: `other_answer`
  c.alice_does = [&](kind k, std::string_view body) {
    if (k != kind::offered) return;
    offered = body;
    BOOST_TEST((c.alice.agent().acknowledge(c.alices, body_of(held), c.now()) == sending::sent));
  };
  BOOST_TEST((c.alice.agent().modify(c.alices, {}, c.now()) == sending::sent));
  c.run_for(1000);
  check_wire(c, {"a INVITE", "b 200 INVITE", "a ACK"});
  BOOST_TEST(offered == other_answer);
  BOOST_TEST((c.alice.events.back() == std::pair{kind::modified, 0}));
  BOOST_TEST((c.bob.events.back() == std::pair{kind::modified, 0}));
  BOOST_TEST(c.session_of_alice() == held);
  BOOST_TEST(c.session_of_bob() == other_answer);
  c.alice_accepts();
  c.bob_does = [&](kind k, std::string_view) {
    if (k == kind::offered)
      BOOST_TEST((c.bob.agent().acknowledge(c.bobs, body_of(first_sdp), c.now()) == sending::sent));
  };
  BOOST_TEST((c.bob.agent().modify(c.bobs, {}, c.now()) == sending::sent));
  c.run_for(1000);
  check_wire(c, {"b INVITE", "a 200 INVITE", "b ACK"});
  BOOST_TEST((c.bob.events.back() == std::pair{kind::modified, 0}));
  BOOST_TEST(c.session_of_bob() == first_sdp);
  c.end();
}
BOOST_AUTO_TEST_CASE(offers_that_are_asked_for_come_through_losses_and_both_agree) {
  for (unsigned seed = 1; seed <= 60; ++seed) {
    conversation c{seed};
    c.talk();
    auto const does = [&c](auto& agent, call_handle& h) {
      return [&](kind k, std::string_view) {
        if (k == kind::modification)
          (void)agent.accept_modification(h, body_of(other_answer), c.now());
        if (k == kind::offered) (void)agent.acknowledge(h, body_of(held), c.now());
      };
    };
    c.alice_does = does(c.alice.agent(), c.alices);
    c.bob_does = does(c.bob.agent(), c.bobs);
    c.net.loss = 25;
    c.net.doubled = 20;
    c.net.most_delay = 400;
    (void)c.alice.agent().modify(c.alices, {}, c.now());
    c.run_for(seed * 17 % 900);
    (void)c.bob.agent().modify(c.bobs, {}, c.now());
    c.run_for(90'000);
    BOOST_TEST_CONTEXT(seed) {
      if (c.alice.count(kind::failed) + c.bob.count(kind::failed) == 0) {
        // Each has asked and answered once, and has offered when it was asked.
        for (auto* const who : {&c.alice, &c.bob}) {
          auto const done = who->count(kind::modified);
          BOOST_TEST(done + who->count(kind::unmodified) == 1u + who->count(kind::modification));
          BOOST_TEST(who->count(kind::offered) <= 1u);
        }
        BOOST_TEST(((c.session_of_alice() == held && c.session_of_bob() == other_answer) ||
                    (c.session_of_bob() == held && c.session_of_alice() == other_answer)));
      }
      c.net.doubled = 0;
      c.end();
    }
  }
}

// "A UAS that receives an INVITE on a dialog while an INVITE it had sent on that dialog is in
// progress MUST return a 491 [...]. it SHOULD start a timer with a value T".
BOOST_AUTO_TEST_CASE(modifications_that_cross_are_answered_491_and_tried_again_14_1) {
  for (unsigned seed = 1; seed <= 20; ++seed) {
    conversation c{seed};
    c.talk();
    c.bob_accepts();
    c.alice_accepts();
    (void)c.alice.agent().modify(c.alices, body_of(held), c.now());
    (void)c.bob.agent().modify(c.bobs, body_of(first_sdp), c.now());
    c.run_for(50);
    check_wire(c, {"a INVITE", "b INVITE", "b 491 INVITE", "a 491 INVITE", "a ACK", "b ACK"});
    c.run_for(4000);
    BOOST_TEST_CONTEXT(seed) {
      BOOST_TEST(c.alice.count(kind::modified) == 1u);
      BOOST_TEST(c.bob.count(kind::modified) == 1u);
      BOOST_TEST(c.alice.count(kind::unmodified) + c.bob.count(kind::unmodified) == 0u);
      c.end();
    }
  }
}

BOOST_AUTO_TEST_CASE(a_peer_that_answers_491_for_ever_is_not_asked_for_ever) {
  desk bob;
  auto const h = bob.place();
  bob.look();
  bob.receive(answer(bob.last[0].bytes, 200, "alice", at("alice@192.0.2.1")));
  bob.look();
  bob.listen();
  BOOST_TEST((bob.agent->modify(h, body_of(held), bob.now) == sending::sent));
  unsigned times = 0;
  for (bob.look(); !bob.last.empty(); bob.advance(4000), bob.look()) {
    BOOST_REQUIRE(summary(bob.last[0].bytes) == "INVITE");
    BOOST_TEST(read(bob.last[0].bytes).value.body() == held);
    ++times;
    bob.receive(answer(bob.last[0].bytes, 491, ""));
    bob.look();
  }
  BOOST_TEST(times == endpoint<endpoint_size{}>::most_tries + 1);
  BOOST_TEST((bob.listen() == std::vector<heard>{{kind::unmodified, 491}}));
}

// "The ACK MUST be passed to the client transport every time a retransmission of the 2xx final
// response that triggered the ACK arrives", which holds for a re-INVITE as well (14.1).
BOOST_AUTO_TEST_CASE(a_lost_ack_to_the_2xx_of_a_re_invite_is_sent_again_14_1) {
  conversation c;
  c.talk();
  c.bob_accepts();
  c.lose = [](std::string const& what, int n) { return what == "a ACK" && n <= 3; };
  (void)c.alice.agent().modify(c.alices, body_of(held), c.now());
  c.run_for(5000);
  check_wire(c, {"a INVITE", "b 200 INVITE", "a ACK", "b 200 INVITE", "a ACK", "b 200 INVITE",
                 "a ACK", "b 200 INVITE", "a ACK"});
  BOOST_TEST(c.alice.count(kind::modified) == 1u);
  c.run_for(60'000);
  BOOST_TEST(c.wire.empty());
  c.end();
}

BOOST_AUTO_TEST_CASE(without_an_ack_to_the_2xx_of_a_re_invite_the_call_ends_14_2) {
  conversation c;
  c.talk();
  c.bob_accepts();
  c.lose = [](std::string const& what, int) { return what == "a ACK"; };
  (void)c.alice.agent().modify(c.alices, body_of(held), c.now());
  c.run_for(40'000);
  BOOST_TEST((c.bob.events.back() == std::pair{kind::failed, 408}));
  BOOST_TEST((c.alice.events.back().first == kind::ended));
  c.net.run_out();
  BOOST_TEST(c.alice.idle());
  BOOST_TEST(c.bob.idle());
}

// "if [...] no response at all is received for the re-INVITE (a timeout is returned by the INVITE
// client transaction), the UAC will terminate the dialog."
BOOST_AUTO_TEST_CASE(a_re_invite_without_any_response_ends_the_call_14_1) {
  conversation c;
  c.talk();
  c.net.loss = 100;
  (void)c.alice.agent().modify(c.alices, body_of(held), c.now());
  c.run_for(33'000);
  BOOST_TEST((c.alice.events.back() == std::pair{kind::failed, 408}));
  BOOST_TEST(c.wire.back() == "a BYE");
  BOOST_TEST((c.alice.agent().state(c.alices) == call_state::ended));
  c.end();
}

BOOST_AUTO_TEST_CASE(modifications_come_through_losses_and_both_agree) {
  for (unsigned seed = 1; seed <= 60; ++seed) {
    conversation c{seed};
    c.talk();
    c.bob_accepts();
    c.alice_accepts();
    c.net.loss = 25;
    c.net.doubled = 20;
    c.net.most_delay = 400;
    (void)c.alice.agent().modify(c.alices, body_of(held), c.now());
    c.run_for(seed * 17 % 900);
    (void)c.bob.agent().modify(c.bobs, body_of(first_sdp), c.now());
    c.run_for(90'000);
    BOOST_TEST_CONTEXT(seed) {
      bool const lives = c.alice.count(kind::failed) + c.bob.count(kind::failed) == 0;
      if (lives) {
        BOOST_TEST(c.alice.count(kind::modified) + c.alice.count(kind::unmodified) == 1u);
        BOOST_TEST(c.bob.count(kind::modified) + c.bob.count(kind::unmodified) == 1u);
      }
      c.net.doubled = 0;
      c.end();
    }
  }
}

// "this is effectively a no-op. However, the answerer MUST generate a valid answer (which MAY be
// the same as the previous SDP from the answerer": so a session is refreshed (RFC 4028 7.4), of
// which the user need not hear.
BOOST_AUTO_TEST_CASE(a_description_that_is_repeated_is_answered_without_the_user_rfc_3264_8) {
  desk bob;
  auto const type = std::string{"Content-Type: application/sdp\r\n"};
  bob.receive(invite_from_alice().text());
  (void)bob.agent->answer(bob.call, body_of(answer_text), bob.now);
  bob.look();
  auto const ok = bob.last[0].bytes;
  bob.receive(in_dialog("ACK", ok, 1).text());
  bob.listen();
  unsigned cseq = 1;
  auto const offer = [&](char const* method, std::string const& session) {
    auto const number = ++cseq;
    bob.receive(in_dialog(method, ok, number, at("alice@192.0.2.1"), session).text());
    auto const sent = bob.look();
    if (sent == strings{"200 INVITE"}) bob.receive(in_dialog("ACK", ok, number).text());
    return bob.listen().empty() && sent == strings{std::string{"200 "} + method};
  };
  auto const is_answered_by = [&](std::string const& session) {
    return read(bob.last.at(0).bytes).value.body() == session;
  };
  BOOST_TEST(offer("INVITE", first_sdp));
  BOOST_TEST(is_answered_by(answer_text));
  BOOST_TEST(offer("UPDATE", first_sdp));
  // What was refused is none that the session has.
  for (int i = 0; i < 2; ++i) {
    BOOST_TEST(!offer("UPDATE", held));
    (void)bob.agent->reject_modification(bob.call, 488, bob.now);
    bob.look();
  }
  BOOST_TEST(offer("UPDATE", first_sdp));
  BOOST_TEST(!offer("UPDATE", held));
  (void)bob.agent->accept_modification(bob.call, sdp, bob.now);
  bob.look();
  BOOST_TEST(offer("INVITE", held));
  BOOST_TEST(is_answered_by(std::string{sdp.body}));
  BOOST_TEST(!offer("UPDATE", first_sdp));
  (void)bob.agent->accept_modification(bob.call, body_of(answer_text), bob.now);
  bob.look();
  // Nor is what has answered ours another one.
  (void)bob.agent->modify(bob.call, body_of(held), bob.now);
  bob.look();
  bob.receive(answer(bob.last[0].bytes, 200, "", at("alice@192.0.2.1") + type, answer_text));
  bob.look();
  bob.listen();
  BOOST_TEST(offer("UPDATE", answer_text));
  BOOST_TEST(is_answered_by(held));
}

// "A UAS providing an offer in a 2xx (because the INVITE did not contain an offer) SHOULD construct
// the offer as if the UAS were making a brand new call" (14.2), and the ACK brings the answer
// (13.3.1.4). An UPDATE without an offer is answered at once.
BOOST_AUTO_TEST_CASE(a_re_invite_without_an_offer_asks_the_user_for_one_14_2) {
  desk bob;
  bob.receive(invite_from_alice().text());
  (void)bob.agent->answer(bob.call, body_of(answer_text), bob.now);
  bob.look();
  auto const ok = bob.last[0].bytes;
  bob.receive(in_dialog("ACK", ok, 1).text());
  bob.listen();
  bob.receive(in_dialog("INVITE", ok, 2, at("alice@192.0.2.1:5077")).text());
  BOOST_TEST(bob.look().empty());
  BOOST_TEST((bob.listen() == std::vector<heard>{{kind::modification, 0}}));
  BOOST_TEST((bob.agent->accept_modification(bob.call, {}, bob.now) == sending::refused));
  BOOST_TEST((bob.agent->accept_modification(bob.call, body_of(held), bob.now) == sending::sent));
  BOOST_TEST(bob.look() == strings{"200 INVITE"}, boost::test_tools::per_element());
  BOOST_TEST(read(bob.last[0].bytes).value.body() == held);
  bob.advance(600);
  BOOST_TEST(bob.look() == strings{"200 INVITE"}, boost::test_tools::per_element());
  // RFC 6337 4.3: "must not send another INVITE request" until the ACK has brought the answer.
  BOOST_TEST((bob.agent->modify(bob.call, body_of(held), bob.now) == sending::deferred));
  bob.receive(in_dialog("ACK", ok, 2, "", first_sdp).text());
  BOOST_TEST((bob.listen() == std::vector<heard>{{kind::modified, 0}}));
  BOOST_TEST(bob.look() == strings{"INVITE"}, boost::test_tools::per_element());
  // "the UA MUST replace the dialog's remote target URI with the URI from the Contact header
  // field".
  BOOST_TEST(first_line(bob.last[0].bytes) == "INVITE sip:alice@192.0.2.1:5077 SIP/2.0");
  bob.receive(answer(bob.last[0].bytes, 200, "", at("alice@192.0.2.1:5088"), first_sdp));
  BOOST_TEST(bob.look() == strings{"ACK"}, boost::test_tools::per_element());
  BOOST_TEST(first_line(bob.last[0].bytes) == "ACK sip:alice@192.0.2.1:5088 SIP/2.0");
  bob.listen();
  bob.receive(in_dialog("UPDATE", ok, 3, at("alice@192.0.2.1:5066")).text());
  BOOST_TEST(bob.look() == strings{"200 UPDATE"}, boost::test_tools::per_element());
  BOOST_TEST(value_of(bob.last[0].bytes, header::contact) == "<sip:bob@192.0.2.2:5060>");
  BOOST_TEST(bob.listen().empty());
  (void)bob.hang_up(bob.call);
  bob.look();
  BOOST_TEST(first_line(bob.last[0].bytes) == "BYE sip:alice@192.0.2.1:5066 SIP/2.0");
}

// RFC 3311 5.1: in an early dialog whose exchange is complete reliably, an UPDATE may have another
// offer. RFC 3311 5.2: "an UPDATE needs to be answered immediately".
BOOST_AUTO_TEST_CASE(an_early_dialog_is_modified_by_update_rfc_3311_5) {
  for (bool const caller : {true, false}) {
    conversation c;
    c.bob_does = [&](kind k, std::string_view) {
      auto& bob = c.bob.agent();
      if (k == kind::incoming) {
        // Before our own answer there is nothing to modify: that is where it goes.
        BOOST_TEST((bob.modify(c.bobs, body_of(held), c.now()) == sending::refused));
        (void)bob.ring(c.bobs, c.now(), 183, body_of(answer_text), reliability::reliable);
      }
      if (k == kind::modification)
        BOOST_TEST(
            (bob.accept_modification(c.bobs, body_of(other_answer), c.now()) == sending::sent));
    };
    c.alice_accepts();
    c.call();
    c.run_for(200);
    c.wire.clear();
    if (caller)
      BOOST_TEST((c.alice.agent().modify(c.alices, body_of(held), c.now()) == sending::sent));
    else
      BOOST_TEST((c.bob.agent().modify(c.bobs, body_of(held), c.now()) == sending::sent));
    c.run_for(200);
    check_wire(c,
               caller ? strings{"a UPDATE", "b 200 UPDATE"} : strings{"b UPDATE", "a 200 UPDATE"});
    BOOST_TEST((caller ? c.alice : c.bob).count(kind::modified) == 1u);
    BOOST_TEST((caller ? c.session_of_alice() : c.session_of_bob()) == held);
    BOOST_TEST((c.bob.agent().answer(c.bobs, {}, c.now()) == sending::sent));
    c.run_for(200);
    BOOST_TEST(c.bob.count(kind::confirmed) == 1u);
    c.end();
  }
}

BOOST_AUTO_TEST_CASE(an_early_dialog_that_cannot_take_an_update_is_modified_after_the_2xx) {
  conversation c;
  c.bob_does = [&](kind k, std::string_view) {
    if (k == kind::incoming) (void)c.bob.agent().ring(c.bobs, c.now());
    if (k == kind::modification)
      (void)c.bob.agent().accept_modification(c.bobs, body_of(other_answer), c.now());
  };
  c.call();
  BOOST_TEST((c.alice.agent().modify(c.alices, body_of(held), c.now()) == sending::gone));
  c.run_for(200);
  BOOST_TEST((c.alice.agent().modify(c.alices, body_of(held), c.now()) == sending::deferred));
  c.wire.clear();
  (void)c.bob.agent().answer(c.bobs, body_of(answer_text), c.now());
  c.run_for(200);
  check_wire(c, {"b 200 INVITE", "a ACK", "a INVITE", "b 200 INVITE", "a ACK"});
  BOOST_TEST(c.alice.count(kind::modified) == 1u);
  c.end();
}

// RFC 3311 5.2.
BOOST_AUTO_TEST_CASE(updates_that_come_too_early_or_cross_are_answered_500_and_491) {
  desk bob;
  bob.receive(invite_from_alice("Supported: 100rel\r\n").text());
  (void)bob.agent->ring(bob.call, bob.now, 183, body_of(answer_text), reliability::reliable);
  bob.look();
  auto const ringing = bob.last[0].bytes;
  auto const rseq = std::to_string(*read(ringing).value.rseq());
  bob.receive(in_dialog("PRACK", ringing, 2, "RAck: " + rseq + " 1 INVITE\r\n").text());
  bob.receive(in_dialog("UPDATE", ringing, 3, at("alice@192.0.2.1"), held).text());
  BOOST_TEST((bob.listen().back() == heard{kind::modification, 0}));
  bob.look();
  bob.receive(in_dialog("UPDATE", ringing, 4, at("alice@192.0.2.1"), held).text());
  BOOST_TEST(bob.look() == strings{"500 UPDATE"}, boost::test_tools::per_element());
  BOOST_TEST(!value_of(bob.last[0].bytes, header::retry_after).empty());
  BOOST_TEST((bob.agent->modify(bob.call, body_of(held), bob.now) == sending::refused));
  // The user lets it be.
  bob.advance(4000);
  BOOST_TEST(bob.look().back() == "488 UPDATE"); // and before it a 100 (RFC 4320 4.1)
  BOOST_TEST((bob.agent->modify(bob.call, body_of(held), bob.now) == sending::sent));
  BOOST_TEST(bob.look() == strings{"UPDATE"}, boost::test_tools::per_element());
  auto const ours = bob.last[0].bytes;
  bob.receive(in_dialog("UPDATE", ringing, 5, at("alice@192.0.2.1"), held).text());
  BOOST_TEST(bob.look() == strings{"491 UPDATE"}, boost::test_tools::per_element());
  bob.receive(answer(ours, 491, ""));
  bob.advance(2000);
  BOOST_TEST(bob.look().front() == "UPDATE");
  bob.receive(answer(bob.last[0].bytes, 200, "",
                     at("alice@192.0.2.1") + "Content-Type: application/sdp\r\n", first_sdp));
  BOOST_TEST((bob.listen().back() == heard{kind::modified, 200}));
}

BOOST_AUTO_TEST_CASE(a_re_invite_that_is_cancelled_is_answered_487_and_the_call_goes_on_9_2) {
  conversation c;
  c.talk();
  desk bob;
  bob.receive(invite_from_alice().text());
  (void)bob.answer(bob.call);
  bob.look();
  auto const ok = bob.last[0].bytes;
  bob.receive(in_dialog("ACK", ok, 1).text());
  auto const again = in_dialog("INVITE", ok, 2, at("alice@192.0.2.1"), held);
  bob.receive(again.text());
  auto cancel = again;
  cancel.method = "CANCEL";
  cancel.more = cancel.body = {};
  bob.receive(cancel.text());
  BOOST_TEST(bob.look() == (strings{"200 CANCEL", "487 INVITE"}), boost::test_tools::per_element());
  BOOST_TEST((bob.agent->accept_modification(bob.call, sdp, bob.now) == sending::gone));
  BOOST_TEST((bob.agent->state(bob.call) == call_state::established));
  BOOST_TEST((bob.hang_up(bob.call) == sending::sent));
}

BOOST_AUTO_TEST_CASE(hanging_up_answers_what_the_user_was_asked_15_1_2) {
  for (bool const ours : {true, false}) {
    conversation c;
    c.talk();
    (void)c.alice.agent().modify(c.alices, body_of(held), c.now());
    c.run_for(100);
    BOOST_TEST(c.bob.count(kind::modification) == 1u);
    if (ours)
      BOOST_TEST((c.bob.agent().hang_up(c.bobs, c.now()) == sending::sent));
    else
      BOOST_TEST((c.alice.agent().hang_up(c.alices, c.now()) == sending::sent));
    c.run_for(1000);
    BOOST_TEST(c.alice.count(kind::ended) == 1u);
    BOOST_TEST(c.bob.count(kind::ended) == 1u);
    c.net.run_out();
    BOOST_TEST(c.alice.idle());
    BOOST_TEST(c.bob.idle());
  }
}

// The rules for a reliable 1xx are those of the first INVITE (14.1), with a numbering of its own
// (RFC 3262 3).
BOOST_AUTO_TEST_CASE(a_reliable_1xx_to_a_re_invite_is_acknowledged_too_rfc_3262_4) {
  desk bob;
  auto const h = bob.place();
  bob.look();
  bob.receive(answer(bob.last[0].bytes, 200, "alice", at("alice@192.0.2.1")));
  (void)bob.agent->modify(h, body_of(held), bob.now);
  bob.look();
  bob.listen();
  auto const again = bob.last.back().bytes;
  bob.receive(answer(again, 183, "", at("alice@192.0.2.1") + reliable(5)));
  BOOST_TEST(bob.look() == strings{"PRACK"}, boost::test_tools::per_element());
  BOOST_TEST(value_of(bob.last[0].bytes, header::rack) == "5 2 INVITE");
  BOOST_TEST(value_of(bob.last[0].bytes, header::supported) == "100rel, timer");
  bob.receive(answer(bob.last[0].bytes, 200, ""));
  bob.receive(answer(again, 200, "", at("alice@192.0.2.1") + "Content-Type: application/sdp\r\n",
                     first_sdp));
  BOOST_TEST(bob.look() == strings{"ACK"}, boost::test_tools::per_element());
  BOOST_TEST((bob.listen() == std::vector<heard>{{kind::modified, 200}}));
}

// "If no provisional response has been received, the CANCEL request MUST NOT be sent; rather, the
// client MUST wait for the arrival of a provisional response before sending the request." (9.1)
BOOST_AUTO_TEST_CASE(a_re_invite_is_cancelled_and_the_session_stays_9_1) {
  for (bool const at_once : {true, false}) {
    desk bob;
    auto const h = bob.place();
    bob.look();
    bob.receive(answer(bob.last[0].bytes, 200, "alice", at("alice@192.0.2.1")));
    BOOST_TEST((bob.agent->cancel_modification(h, bob.now) == sending::gone));
    (void)bob.agent->modify(h, body_of(held), bob.now);
    bob.look();
    bob.listen();
    auto const again = bob.last.back().bytes;
    if (at_once) BOOST_TEST((bob.agent->cancel_modification(h, bob.now) == sending::deferred));
    BOOST_TEST(bob.look().empty());
    bob.receive(answer(again, 100, ""));
    if (!at_once) BOOST_TEST((bob.agent->cancel_modification(h, bob.now) == sending::sent));
    BOOST_TEST(bob.look() == strings{"CANCEL"}, boost::test_tools::per_element());
    auto const cancel = bob.last[0].bytes;
    BOOST_TEST(value_of(cancel, header::cseq) == "2 CANCEL");
    BOOST_TEST(value_of(cancel, header::to) == value_of(again, header::to));
    BOOST_TEST(value_of(cancel, header::via) == value_of(again, header::via));
    BOOST_TEST((bob.agent->cancel_modification(h, bob.now) == sending::gone)); // a second one
    bob.receive(answer(cancel, 200, ""));
    BOOST_TEST(bob.listen().empty());
    bob.receive(answer(again, 487, ""));
    BOOST_TEST(bob.look() == strings{"ACK"}, boost::test_tools::per_element());
    BOOST_TEST((bob.listen() == std::vector<heard>{{kind::unmodified, 487}}));
    BOOST_TEST((bob.agent->state(h) == call_state::established));
    BOOST_TEST((bob.agent->cancel_modification(h, bob.now) == sending::gone));
    // Another may follow, and its end is its own.
    (void)bob.agent->modify(h, body_of(held), bob.now);
    BOOST_TEST(bob.look() == strings{"INVITE"}, boost::test_tools::per_element());
    bob.receive(answer(bob.last[0].bytes, 491, ""));
    bob.look();
    bob.advance(4000);
    bob.look();
    BOOST_TEST(summary(bob.last.back().bytes) == "INVITE");
    bob.receive(answer(bob.last.back().bytes, 200, "", at("alice@192.0.2.1")));
    BOOST_TEST((bob.listen() == std::vector<heard>{{kind::modified, 200}}));
  }
}

// "if the INVITE request was a re-INVITE and some of its requested changes had already been
// executed, the UAS would return a 2xx response instead" (RFC 6141 3.8); nor is one that was
// cancelled tried again after a glare.
BOOST_AUTO_TEST_CASE(a_cancelled_re_invite_has_any_final_response_once_rfc_6141_3_8) {
  struct {
    int status;
    heard told;
  } const cases[] = {
      {200, {kind::modified, 200}}, {491, {kind::unmodified, 491}}, {500, {kind::unmodified, 500}}};
  for (auto const& c : cases) {
    desk bob;
    auto const h = bob.place();
    bob.look();
    bob.receive(answer(bob.last[0].bytes, 200, "alice", at("alice@192.0.2.1")));
    (void)bob.agent->modify(h, body_of(held), bob.now);
    bob.look();
    bob.listen();
    auto const again = bob.last.back().bytes;
    bob.receive(answer(again, 180, "", at("alice@192.0.2.1")));
    BOOST_TEST((bob.agent->cancel_modification(h, bob.now) == sending::sent));
    bob.receive(answer(again, c.status, "", at("alice@192.0.2.1") + "Retry-After: 1\r\n"));
    BOOST_TEST(bob.look() == (strings{"CANCEL", "ACK"}), boost::test_tools::per_element());
    bob.receive(answer(bob.last[0].bytes, 200, ""));
    BOOST_TEST((bob.listen() == std::vector<heard>{c.told}));
    bob.advance(20'000);
    BOOST_TEST(bob.look().empty());
    BOOST_TEST((bob.agent->state(h) == call_state::established));
    (void)bob.hang_up(h);
    BOOST_TEST(bob.look() == strings{"BYE"}, boost::test_tools::per_element());
    bob.receive(answer(bob.last[0].bytes, 200, ""));
    BOOST_TEST((bob.listen() == std::vector<heard>{{kind::ended, 200}}));
    bob.settle();
    BOOST_TEST(bob.idle());
  }
}

// "If there is no final response for the original request in 64*T1 seconds […], the client SHOULD
// then consider the original transaction cancelled" (9.1).
BOOST_AUTO_TEST_CASE(a_cancelled_re_invite_without_final_response_is_over_after_64_t1_9_1) {
  desk bob;
  auto const h = bob.place();
  bob.look();
  bob.receive(answer(bob.last[0].bytes, 200, "alice", at("alice@192.0.2.1")));
  (void)bob.agent->modify(h, body_of(held), bob.now);
  bob.look();
  bob.listen();
  bob.receive(answer(bob.last.back().bytes, 180, "", at("alice@192.0.2.1")));
  (void)bob.agent->cancel_modification(h, bob.now);
  bob.look();
  bob.receive(answer(bob.last[0].bytes, 200, ""));
  bob.advance(31'999);
  BOOST_TEST(bob.listen().empty());
  bob.advance(1);
  BOOST_TEST((bob.listen() == std::vector<heard>{{kind::unmodified, 487}}));
  BOOST_TEST((bob.agent->state(h) == call_state::established));
  (void)bob.agent->modify(h, body_of(held), bob.now);
  BOOST_TEST(bob.look() == strings{"INVITE"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_modification_that_waits_is_forgotten_and_an_update_cannot_be_cancelled_9_1) {
  desk bob;
  auto const h = bob.place();
  bob.look();
  auto const invite = bob.last[0].bytes;
  // Until the 2xx, for who does not know UPDATE.
  bob.receive(answer(invite, 183, "alice",
                     at("alice@192.0.2.1") + reliable(1) + "Content-Type: application/sdp\r\n",
                     first_sdp));
  bob.look();
  bob.receive(answer(bob.last[0].bytes, 200, ""));
  bob.listen();
  BOOST_TEST((bob.agent->modify(h, body_of(held), bob.now) == sending::deferred));
  BOOST_TEST((bob.agent->cancel_modification(h, bob.now) == sending::sent));
  BOOST_TEST((bob.listen() == std::vector<heard>{{kind::unmodified, 487}}));
  bob.receive(answer(invite, 200, "alice", at("alice@192.0.2.1")));
  BOOST_TEST(bob.look() == strings{"ACK"}, boost::test_tools::per_element());
  // After a 491.
  (void)bob.agent->modify(h, body_of(held), bob.now);
  bob.look();
  bob.receive(answer(bob.last[0].bytes, 491, ""));
  bob.look();
  bob.listen();
  BOOST_TEST((bob.agent->cancel_modification(h, bob.now) == sending::sent));
  BOOST_TEST((bob.listen() == std::vector<heard>{{kind::unmodified, 487}}));
  bob.advance(10'000);
  BOOST_TEST(bob.look().empty());
  // An UPDATE in an early dialog.
  desk carol;
  auto const early = carol.place();
  carol.look();
  carol.receive(answer(carol.last[0].bytes, 183, "alice",
                       at("alice@192.0.2.1") + reliable(1) + "Allow: UPDATE\r\n" +
                           "Content-Type: application/sdp\r\n",
                       first_sdp));
  carol.look();
  carol.receive(answer(carol.last[0].bytes, 200, ""));
  BOOST_TEST((carol.agent->modify(early, body_of(held), carol.now) == sending::sent));
  BOOST_TEST(carol.look() == strings{"UPDATE"}, boost::test_tools::per_element());
  BOOST_TEST((carol.agent->cancel_modification(early, carol.now) == sending::gone));
}

// ---- Session timer

// "It is RECOMMENDED that this refresh be sent once half the session interval has elapsed." "If a
// UAC knows that its peer supports the UPDATE method, it is RECOMMENDED that UPDATE be used".
BOOST_AUTO_TEST_CASE(a_session_with_a_timer_is_refreshed_by_update_rfc_4028_10) {
  conversation c{1, 100};
  c.talk();
  BOOST_TEST(value_of(c.alice.agent().session_message(c.alices).bytes(), header::session_expires) ==
             "100;refresher=uac");
  BOOST_TEST(value_of(c.alice.agent().session_message(c.alices).bytes(), header::require) ==
             "timer");
  c.run_for(49'800);
  BOOST_TEST(c.wire.empty());
  c.run_for(1000);
  check_wire(c, {"a UPDATE", "b 200 UPDATE"});
  c.run_for(200'000);
  check_wire(c, {"a UPDATE", "b 200 UPDATE", "a UPDATE", "b 200 UPDATE", "a UPDATE", "b 200 UPDATE",
                 "a UPDATE", "b 200 UPDATE"});
  BOOST_TEST(c.alice.events.empty());
  BOOST_TEST(c.bob.events.empty());
  c.end();
}

// "if the side not performing refreshes does not receive a session refresh request before the
// session expiration, it SHOULD send a BYE to terminate the session".
BOOST_AUTO_TEST_CASE(a_session_that_is_not_refreshed_ends_rfc_4028_10) {
  conversation c{1, 120};
  c.talk();
  c.lose = [](std::string const& what, int) { return what.starts_with("a "); };
  c.run_for(87'000);
  BOOST_TEST(c.bob.events.empty());
  c.run_for(2000); // 120 s less 32 s
  BOOST_TEST((c.bob.events.back() == std::pair{kind::failed, 408}));
  // And the refresher's own request has had no response: 12.2.1.2.
  c.run_for(10'000);
  BOOST_TEST((c.alice.events.back().first == kind::ended ||
              c.alice.events.back() == std::pair{kind::failed, 408}));
  c.end();
}

BOOST_AUTO_TEST_CASE(refreshes_come_through_losses) {
  for (unsigned seed = 1; seed <= 10; ++seed) {
    conversation c{seed, 90};
    c.talk();
    c.net.loss = 20;
    c.run_for(600'000);
    BOOST_TEST_CONTEXT(seed) {
      BOOST_TEST(c.alice.events.empty());
      BOOST_TEST(c.bob.events.empty());
      BOOST_TEST(c.alice.agent().live_calls() == 1u);
      c.end();
    }
  }
}

// 7.3: "the UAC MAY retry the request", with "the largest value among all Min-SE" (7.4).
BOOST_AUTO_TEST_CASE(a_call_refused_with_422_is_placed_again_with_its_min_se_rfc_4028_7_3) {
  conversation c{1, 100, 300};
  c.bob_does = [&](kind k, std::string_view) {
    if (k == kind::incoming) (void)c.bob.agent().answer(c.bobs, body_of(answer_text), c.now());
  };
  c.call();
  c.run_for(200);
  check_wire(c, {"a INVITE", "b 422 INVITE", "a ACK", "a INVITE", "b 200 INVITE", "a ACK"});
  BOOST_TEST(value_of(c.alice.agent().session_message(c.alices).bytes(), header::session_expires) ==
             "300;refresher=uac");
  BOOST_TEST(c.alice.count(kind::rejected) == 0u);
  BOOST_TEST(c.bob.count(kind::incoming) == 1u);
  c.run_for(151'000);
  check_wire(c, {"a UPDATE", "b 200 UPDATE"});
  c.end();
}

// The 2xx to a refresh may be late: the peer has counted from the time when it sent the first one.
BOOST_AUTO_TEST_CASE(a_refresh_counts_from_when_it_was_sent_rfc_4028_10) {
  endpoint_settings s{element_of("192.0.2.2"), "sip:bob@192.0.2.2:5060"};
  s.session_expires = 90;
  desk bob;
  bob.agent = std::make_unique<endpoint<endpoint_size{}>>(s);
  (void)bob.place();
  bob.look();
  std::string const agreed =
      at("alice@192.0.2.1") +
      "Allow: INVITE, UPDATE\r\nRequire: timer\r\nSession-Expires: 90;refresher=uac\r\n";
  bob.receive(answer(bob.last[0].bytes, 200, "alice", agreed));
  bob.look();
  bob.advance(45'000);
  BOOST_TEST(bob.look() == strings{"UPDATE"}, boost::test_tools::per_element());
  auto const update = bob.last[0].bytes;
  bob.advance(15'000);
  bob.look();
  bob.receive(answer(update, 200, "", agreed));
  bob.advance(29'999);
  BOOST_TEST(bob.look().empty());
  bob.advance(1);
  BOOST_TEST(bob.look() == strings{"UPDATE"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_peer_that_answers_422_for_ever_is_not_asked_for_ever) {
  endpoint_settings s{element_of("192.0.2.2"), "sip:bob@192.0.2.2:5060"};
  s.session_expires = 100;
  desk bob;
  bob.agent = std::make_unique<endpoint<endpoint_size{}>>(s);
  (void)bob.place();
  unsigned times = 0;
  for (bob.look(); !bob.last.empty() && summary(bob.last.back().bytes) == "INVITE"; bob.look()) {
    auto const invite = bob.last.back().bytes;
    BOOST_TEST(value_of(invite, header::session_expires) == std::to_string(100 + 10 * times));
    if (times) BOOST_TEST(value_of(invite, header::min_se) == std::to_string(100 + 10 * times));
    BOOST_TEST(read(invite).value.cseq().number == times + 1);
    BOOST_TEST(read(invite).value.body() == sdp.body);
    ++times;
    bob.receive(answer(invite, 422, "x", "Min-SE: " + std::to_string(100 + 10 * times) + "\r\n"));
  }
  BOOST_TEST(times == endpoint<endpoint_size{}>::most_tries + 1);
  BOOST_TEST((bob.listen() == std::vector<heard>{{kind::rejected, 422}}));
  bob.settle();
  BOOST_TEST(bob.idle());
}

// Without UPDATE a re-INVITE refreshes, with the session as it is; the 2xx to a UAC that does not
// support the timer names the UAS (Table 2).
BOOST_AUTO_TEST_CASE(a_peer_without_update_or_timer_is_refreshed_by_re_invite_rfc_4028_9) {
  desk bob;
  auto r = invite_from_alice("Session-Expires: 200\r\n");
  r.more = "Contact: <sip:alice@192.0.2.1>\r\nSession-Expires: 200\r\n"
           "Content-Type: application/sdp\r\n";
  bob.receive(r.text());
  (void)bob.agent->answer(bob.call, body_of(answer_text), bob.now);
  bob.look();
  auto const ok = bob.last[0].bytes;
  BOOST_TEST(value_of(ok, header::session_expires) == "200;refresher=uas");
  BOOST_TEST(value_of(ok, header::require) == "");
  bob.receive(in_dialog("ACK", ok, 1).text());
  bob.advance(99'000);
  BOOST_TEST(bob.look().empty());
  bob.advance(1500);
  auto const all = bob.look();
  BOOST_REQUIRE(!all.empty());
  BOOST_TEST(all[0] == "INVITE");
  auto const refresh = bob.last[0].bytes;
  BOOST_TEST(read(refresh).value.body() == answer_text);
  BOOST_TEST(value_of(refresh, header::session_expires) == "200;refresher=uac");
  bob.listen();
  bob.receive(answer(refresh, 200, "", at("alice@192.0.2.1"), ""));
  BOOST_TEST(bob.look().back() == "ACK");
  BOOST_TEST(bob.listen().empty()); // the user has asked for nothing
  BOOST_TEST((bob.agent->state(bob.call) == call_state::established));
}

namespace {

// A call of Alice's whose session Bob refreshes every 100 s, up to the first time.
void talk_until_a_refresh(desk<>& bob, std::string const& more = {}) {
  auto r = invite_from_alice();
  r.more = "Contact: <sip:alice@192.0.2.1>\r\nSupported: timer\r\n" + more +
           "Session-Expires: 200;refresher=uas\r\nContent-Type: application/sdp\r\n";
  bob.receive(r.text());
  (void)bob.agent->answer(bob.call, body_of(answer_text), bob.now);
  bob.look();
  bob.receive(in_dialog("ACK", bob.last[0].bytes, 1).text());
  bob.listen();
  bob.advance(100'000);
}

} // namespace

// "only a 2xx response to a session refresh request extends the session expiration": whose user
// modifies the session while a refresh waits owes it still if nothing comes of that.
BOOST_AUTO_TEST_CASE(a_refresh_outlives_the_modification_that_took_its_place_rfc_4028_10) {
  using step_of = void (*)(desk<>&);
  auto const refuse = [](desk<>& bob) {
    BOOST_TEST(bob.look() == strings{"INVITE"}, boost::test_tools::per_element());
    BOOST_TEST(read(bob.last[0].bytes).value.body() == held);
    bob.receive(answer(bob.last[0].bytes, 488, ""));
    BOOST_TEST((bob.listen() == std::vector<heard>{{kind::unmodified, 488}}));
  };
  auto const retract = [](desk<>& bob) {
    bob.look();
    bob.receive(answer(bob.last[0].bytes, 491, ""));
    BOOST_TEST(bob.listen().empty());
    BOOST_TEST((bob.agent->cancel_modification(bob.call, bob.now) == sending::sent));
    BOOST_TEST((bob.listen() == std::vector<heard>{{kind::unmodified, 487}}));
  };
  auto const cross = [](desk<>& bob) {
    for (unsigned i = 0; i <= endpoint<endpoint_size{}>::most_tries; ++i) {
      bob.look();
      BOOST_REQUIRE(!bob.last.empty());
      bob.receive(answer(bob.last.back().bytes, 491, ""));
      if (bob.listen().empty()) bob.advance(4000);
    }
  };
  for (step_of const ends : {step_of{refuse}, step_of{retract}, step_of{cross}}) {
    desk<> bob;
    talk_until_a_refresh(bob);
    BOOST_TEST(bob.look() == strings{"INVITE"}, boost::test_tools::per_element());
    bob.receive(answer(bob.last[0].bytes, 491, ""));
    BOOST_TEST(bob.look() == strings{"ACK"}, boost::test_tools::per_element());
    BOOST_TEST((bob.agent->modify(bob.call, body_of(held), bob.now) == sending::sent));
    ends(bob);
    BOOST_TEST(bob.look() == strings{"ACK"}, boost::test_tools::per_element());
    bob.advance(4000);
    bob.look();
    BOOST_REQUIRE(!bob.last.empty());
    auto const refresh = bob.last[0].bytes; // it may have been sent again since
    BOOST_TEST(summary(refresh) == "INVITE");
    BOOST_TEST(read(refresh).value.body() == answer_text);
    BOOST_TEST(value_of(refresh, header::session_expires) == "200;refresher=uac");
    // Refused for good it is not sent again, but with the next modification that fails.
    bob.receive(answer(refresh, 488, ""));
    bob.look();
    bob.advance(20'000);
    BOOST_TEST(bob.look().empty());
    BOOST_TEST((bob.agent->modify(bob.call, body_of(held), bob.now) == sending::sent));
    refuse(bob);
    bob.look();
    bob.advance(4000);
    BOOST_TEST_REQUIRE(bob.look() == strings{"INVITE"}, boost::test_tools::per_element());
    bob.receive(answer(bob.last[0].bytes, 200, "",
                       at("alice@192.0.2.1") + "Session-Expires: 200;refresher=uac\r\n"));
    BOOST_TEST(bob.look() == strings{"ACK"}, boost::test_tools::per_element());
    bob.advance(99'999);
    BOOST_TEST(bob.look().empty());
    BOOST_TEST(bob.listen().empty());
    bob.advance(1);
    BOOST_TEST(bob.look() == strings{"INVITE"}, boost::test_tools::per_element());
    BOOST_TEST((bob.agent->state(bob.call) == call_state::established));
  }
}

// "the UAC SHOULD follow the rules specific to that response code and retry if possible": a later
// request has overtaken it (RFC 3261 12.2.2). "However, the UAC SHOULD NOT continuously retry the
// request if the server indicates the same error response."
BOOST_AUTO_TEST_CASE(a_refresh_that_was_overtaken_is_sent_again_12_2_2_rfc_4028_10) {
  for (bool const once : {true, false}) {
    desk<> bob;
    talk_until_a_refresh(bob, "Allow: INVITE, UPDATE\r\n");
    unsigned times = 0;
    for (; bob.look() == strings{"UPDATE"} && times < 20; ++times) {
      if (once && times == 1) break;
      bob.receive(answer(bob.last[0].bytes, 500, ""));
      bob.advance(4000);
    }
    BOOST_TEST(times == (once ? 1 : endpoint<endpoint_size{}>::most_tries + 1));
    if (once) {
      bob.receive(answer(bob.last[0].bytes, 200, "",
                         at("alice@192.0.2.1") + "Session-Expires: 200;refresher=uac\r\n"));
      bob.advance(99'999);
      BOOST_TEST(bob.look().empty());
      bob.advance(1);
      BOOST_TEST(bob.look() == strings{"UPDATE"}, boost::test_tools::per_element());
    }
    BOOST_TEST(bob.listen().empty());
    BOOST_TEST((bob.agent->state(bob.call) == call_state::established));
  }
}

// "If the response for a request within a dialog is a 481 [...], the UAC SHOULD terminate the
// dialog."
BOOST_AUTO_TEST_CASE(a_peer_that_has_lost_the_call_is_given_up_12_2_1_2) {
  conversation c{1, 100};
  c.talk();
  desk bob;
  auto const h = bob.place();
  bob.look();
  bob.receive(answer(bob.last[0].bytes, 200, "alice", at("alice@192.0.2.1")));
  (void)bob.agent->modify(h, body_of(held), bob.now);
  bob.look();
  bob.listen();
  bob.receive(answer(bob.last.back().bytes, 481, ""));
  BOOST_TEST(bob.look() == (strings{"ACK", "BYE"}), boost::test_tools::per_element());
  BOOST_TEST((bob.listen() == std::vector<heard>{{kind::failed, 481}}));
  bob.receive(answer(bob.last.back().bytes, 481, ""));
  BOOST_TEST(bob.listen().empty());
  bob.settle();
  BOOST_TEST(bob.idle());
}

// ---- Forks

// "The UAC core [...] each 2xx": each dialog has its own PRACKs and CSeq numbers; who has lost is
// acknowledged and released with a BYE (13.2.2.4).
BOOST_AUTO_TEST_CASE(the_early_dialogs_of_a_fork_have_their_own_numbers_12_1_13_2_2_4) {
  desk bob;
  auto const h = bob.place();
  bob.look();
  auto const invite = bob.last[0].bytes;
  BOOST_TEST(value_of(invite, header::supported) == "100rel, timer");
  std::string const type = "Content-Type: application/sdp\r\n";
  bob.receive(answer(invite, 183, "a", at("a@192.0.2.11") + reliable(7) + type, first_sdp));
  BOOST_TEST(bob.look() == strings{"PRACK"}, boost::test_tools::per_element());
  BOOST_TEST(value_of(bob.last[0].bytes, header::rack) == "7 1 INVITE");
  BOOST_TEST(value_of(bob.last[0].bytes, header::cseq) == "2 PRACK");
  BOOST_TEST((bob.last[0].to == ip(11)));
  bob.receive(answer(bob.last[0].bytes, 200, ""));
  bob.receive(answer(invite, 183, "b", at("b@192.0.2.12") + reliable(900) + type, held));
  BOOST_TEST(bob.look() == strings{"PRACK"}, boost::test_tools::per_element());
  BOOST_TEST(value_of(bob.last[0].bytes, header::rack) == "900 1 INVITE");
  BOOST_TEST(value_of(bob.last[0].bytes, header::cseq) == "2 PRACK");
  BOOST_TEST((bob.last[0].to == ip(12)));
  bob.receive(answer(bob.last[0].bytes, 200, ""));
  bob.receive(answer(invite, 180, "b", at("b@192.0.2.12") + reliable(901)));
  BOOST_TEST(bob.look() == strings{"PRACK"}, boost::test_tools::per_element());
  bob.receive(answer(bob.last[0].bytes, 200, ""));
  // Repeated, and one too far.
  bob.receive(answer(invite, 180, "b", at("b@192.0.2.12") + reliable(901)));
  bob.receive(answer(invite, 180, "a", at("a@192.0.2.11") + reliable(9)));
  BOOST_TEST(bob.look().empty());
  BOOST_TEST((bob.listen() == std::vector<heard>{{kind::provisional, 183},
                                                 {kind::provisional, 183},
                                                 {kind::provisional, 180}}));
  BOOST_TEST(bob.agent->live_calls() == 1u);
  // The second of them answers.
  bob.receive(answer(invite, 200, "b", at("b@192.0.2.12")));
  BOOST_TEST(bob.look() == strings{"ACK"}, boost::test_tools::per_element());
  BOOST_TEST((bob.last[0].to == ip(12)));
  BOOST_TEST((bob.listen() == std::vector<heard>{{kind::answered, 200}}));
  // The first one, too late.
  auto const late = answer(invite, 200, "a", at("a@192.0.2.11"));
  bob.receive(late);
  BOOST_TEST(bob.look() == (strings{"ACK", "BYE"}), boost::test_tools::per_element());
  BOOST_TEST((bob.last[1].to == ip(11)));
  BOOST_TEST(value_of(bob.last[1].bytes, header::cseq) == "3 BYE"); // after its PRACK
  bob.receive(answer(bob.last[1].bytes, 200, ""));
  bob.receive(late);
  BOOST_TEST(bob.look() == strings{"ACK"}, boost::test_tools::per_element());
  BOOST_TEST(bob.listen().empty());
  BOOST_TEST((bob.agent->state(h) == call_state::established));
  (void)bob.hang_up(h);
  BOOST_TEST(bob.look() == strings{"BYE"}, boost::test_tools::per_element());
  BOOST_TEST((bob.last[0].to == ip(12)));
  BOOST_TEST(value_of(bob.last[0].bytes, header::cseq) == "4 BYE");
  bob.receive(answer(bob.last[0].bytes, 200, ""));
  BOOST_TEST((bob.listen() == std::vector<heard>{{kind::ended, 200}}));
  bob.settle();
  BOOST_TEST(bob.idle());
}

BOOST_AUTO_TEST_CASE(forks_take_no_place_that_a_call_needs) {
  desk<endpoint_size{3, 16, 1300}> bob;
  auto const h = bob.place();
  bob.look();
  auto const invite = bob.last[0].bytes;
  for (char const* const tag : {"a", "b", "c", "d", "e"})
    bob.receive(answer(invite, 180, tag, at("x@192.0.2.9")));
  // One without a place is heard, but not if it is reliable: it would have to be acknowledged.
  BOOST_TEST(bob.listen().size() == 5u);
  bob.receive(answer(invite, 183, "f", at("x@192.0.2.9") + reliable(1)));
  BOOST_TEST(bob.listen().empty());
  BOOST_TEST(bob.agent->live_calls() == 1u);
  BOOST_TEST(static_cast<bool>(bob.place()));
  BOOST_TEST(static_cast<bool>(bob.place()));
  BOOST_TEST(!bob.place());
  BOOST_TEST(bob.agent->live_calls() == 3u);
  bob.look();
  bob.receive(answer(invite, 200, "e", at("x@192.0.2.9")));
  BOOST_TEST(bob.look() == strings{"ACK"}, boost::test_tools::per_element());
  bob.receive(answer(invite, 200, "b", at("x@192.0.2.9")));
  BOOST_TEST(bob.look() == (strings{"ACK", "BYE"}), boost::test_tools::per_element());
  (void)bob.hang_up(h);
  BOOST_TEST(bob.look() == strings{"BYE"}, boost::test_tools::per_element());
}

// The user has one session to agree on, with the first; the call's end in one dialog is not that of
// the INVITE.
BOOST_AUTO_TEST_CASE(requests_find_their_dialog_among_those_of_a_fork_12_2_2) {
  desk bob;
  auto const h = bob.place();
  bob.look();
  auto const invite = bob.last[0].bytes;
  std::string const type = "Content-Type: application/sdp\r\n";
  for (char const* const tag : {"a", "b"}) {
    bob.receive(answer(invite, 183, tag, at("x@192.0.2.9") + reliable(1) + type, first_sdp));
    bob.look();
    bob.receive(answer(bob.last[0].bytes, 200, ""));
  }
  bob.listen();
  unsigned cseq = 0;
  auto const ask = [&](std::string const& method, std::string const& tag,
                       std::string const& offer) {
    auto r = of(method);
    r.via += tag + std::to_string(++cseq);
    r.from = value_of(invite, header::to) + ";tag=" + tag;
    r.to = value_of(invite, header::from);
    r.call_id = value_of(invite, header::call_id);
    r.cseq = cseq;
    if (!offer.empty()) r.more += type;
    r.body = offer;
    bob.receive(r.text());
    auto const all = bob.look();
    return all.empty() ? std::string{} : all[0];
  };
  BOOST_TEST(ask("UPDATE", "c", "") == "481 UPDATE");
  BOOST_TEST(ask("UPDATE", "b", "") == "200 UPDATE");
  BOOST_TEST(ask("UPDATE", "b", held) == "488 UPDATE");
  BOOST_TEST(ask("UPDATE", "a", held) == "");
  BOOST_TEST((bob.listen() == std::vector<heard>{{kind::modification, 0}}));
  BOOST_TEST((bob.agent->accept_modification(h, sdp, bob.now) == sending::sent));
  BOOST_TEST(bob.look() == strings{"200 UPDATE"}, boost::test_tools::per_element());
  BOOST_TEST(ask("BYE", "a", "") == "200 BYE");
  BOOST_TEST(bob.listen().empty());
  BOOST_TEST((bob.agent->state(h) == call_state::early));
  BOOST_TEST(ask("UPDATE", "b", held) == "");
  BOOST_TEST((bob.agent->accept_modification(h, sdp, bob.now) == sending::sent));
  bob.look();
  bob.receive(answer(invite, 200, "b", at("x@192.0.2.9")));
  BOOST_TEST(bob.look() == strings{"ACK"}, boost::test_tools::per_element());
  BOOST_TEST((bob.listen().back() == heard{kind::answered, 200}));
}

// "If the UAS does send a final response when reliable responses are still unacknowledged, it
// SHOULD NOT continue to retransmit the unacknowledged reliable provisional responses, but it MUST
// be prepared to process PRACK requests for those outstanding responses."
BOOST_AUTO_TEST_CASE(the_prack_that_comes_after_the_refusal_of_the_call_is_answered_rfc_3262_3) {
  enum class how { rejected, hung_up, cancelled, ended, expired, unpracked };
  for (auto const by :
       {how::rejected, how::hung_up, how::cancelled, how::ended, how::expired, how::unpracked}) {
    desk<endpoint_size{1, 16, 1300}> bob;
    bob.receive(invite_from_alice(std::string{"Require: 100rel\r\n"} +
                                  (by == how::expired ? "Expires: 1\r\n" : ""))
                    .text());
    auto const h = bob.call;
    (void)bob.ring(h, 183);
    BOOST_TEST(bob.look() == strings{"183 INVITE"}, boost::test_tools::per_element());
    auto const first = bob.last[0].bytes;
    auto const rack = "RAck: " + value_of(first, header::rseq) + " 1 INVITE\r\n";
    if (by == how::rejected) BOOST_TEST((bob.reject(h, 486) == sending::sent));
    if (by == how::hung_up) BOOST_TEST((bob.hang_up(h) == sending::sent));
    if (by == how::cancelled) bob.receive(of("CANCEL").text());
    if (by == how::ended) bob.receive(in_dialog("BYE", first, 2).text());
    if (by == how::expired) bob.advance(1'000);
    if (by == how::unpracked) bob.advance(32'000);
    bob.look();
    bob.listen();
    BOOST_TEST(bob.agent->live_calls() == 0u);
    // None of this dialog, none that was sent, and what is no PRACK.
    bob.receive(in_dialog("UPDATE", first, 3).text());
    bob.receive(in_dialog("PRACK", first, 4, "RAck: 1 1 INVITE\r\n").text());
    bob.receive(
        in_dialog("PRACK", first, 5, "RAck: " + value_of(first, header::rseq) + " 1 UPDATE\r\n")
            .text());
    BOOST_TEST(bob.look() == (strings{"481 UPDATE", "481 PRACK", "481 PRACK"}),
               boost::test_tools::per_element());
    bob.receive(in_dialog("PRACK", first, 6, rack).text());
    BOOST_TEST(bob.look() == strings{"200 PRACK"}, boost::test_tools::per_element());
    BOOST_TEST(bob.listen().empty());
    bob.settle();
    BOOST_TEST(bob.idle());
  }
}
BOOST_AUTO_TEST_CASE(the_place_for_a_late_prack_is_kept_for_64_t1_and_gives_way_rfc_3262_3) {
  for (char const* const what : {"answer", "offer", "wait", "call"}) {
    desk<endpoint_size{1, 16, 1300}> bob;
    bob.receive(invite_from_alice("Require: 100rel\r\n").text());
    (void)bob.ring(bob.call, 183);
    bob.look();
    auto const first = bob.last[0].bytes;
    auto const rack = "RAck: " + value_of(first, header::rseq) + " 1 INVITE\r\n";
    auto const prack = [&](unsigned cseq, std::string const& offer = "") {
      bob.receive(in_dialog("PRACK", first, cseq, rack, offer).text());
      auto const all = bob.look();
      return all.empty() ? std::string{} : all[0];
    };
    BOOST_TEST((bob.reject(bob.call, 486) == sending::sent));
    BOOST_TEST(bob.look() == strings{"486 INVITE"}, boost::test_tools::per_element());
    bob.receive(of("ACK").text());
    bob.listen();
    if (what == std::string{"answer"}) {
      bob.advance(31'000);
      BOOST_TEST(prack(2) == "200 PRACK");
      BOOST_TEST(prack(3) == "481 PRACK");
    } else if (what == std::string{"offer"}) {
      BOOST_TEST(prack(2, held) == "488 PRACK");
      BOOST_TEST(prack(3) == "200 PRACK");
    } else if (what == std::string{"wait"}) {
      bob.advance(32'000);
      BOOST_TEST(prack(2) == "481 PRACK");
    } else {
      BOOST_TEST(static_cast<bool>(bob.place()));
      BOOST_TEST(bob.look() == strings{"INVITE"}, boost::test_tools::per_element());
      BOOST_TEST(prack(2) == "481 PRACK");
      continue;
    }
    BOOST_TEST(bob.listen().empty());
    bob.settle();
    BOOST_TEST(bob.idle());
  }
}

// "If a UAC receives a reliably sent 199 response on a dialog that has not previously been created,
// it MUST acknowledge the 199 response": be it the first dialog of the INVITE or another one.
BOOST_AUTO_TEST_CASE(a_reliable_199_that_is_the_first_of_its_dialog_is_acknowledged_rfc_6228_4) {
  desk bob;
  (void)bob.place();
  bob.look();
  auto const invite = bob.last[0].bytes;
  for (std::string const tag : {"a", "b"}) {
    // One that is not reliable says nothing of a dialog that was never there.
    bob.receive(answer(invite, 199, tag, at(tag + "@192.0.2.9")));
    BOOST_TEST(bob.look().empty());
    for (unsigned const rseq : {7u, 8u}) {
      auto const ended = answer(invite, 199, tag, at(tag + "@192.0.2.9") + reliable(rseq));
      bob.receive(ended);
      BOOST_TEST(bob.look() == strings{"PRACK"}, boost::test_tools::per_element());
      auto const prack = bob.last[0].bytes;
      BOOST_TEST(first_line(prack) == "PRACK sip:" + tag + "@192.0.2.9 SIP/2.0");
      BOOST_TEST(value_of(prack, header::rack) == std::to_string(rseq) + " 1 INVITE");
      BOOST_TEST(value_of(prack, header::cseq) == std::to_string(rseq - 5) + " PRACK");
      bob.receive(ended);
      BOOST_TEST(bob.look().empty());
      bob.receive(answer(prack, 200, ""));
    }
  }
  bob.listen();
  bob.receive(answer(invite, 200, "c", at("c@192.0.2.9")));
  BOOST_TEST(bob.look() == strings{"ACK"}, boost::test_tools::per_element());
  BOOST_TEST((bob.listen() == std::vector<heard>{{kind::answered, 200}}));
}

// "A UAC that receives a 199 response for an early dialog MUST NOT send any further requests on
// that dialog, except for requests that acknowledge reliable responses."
BOOST_AUTO_TEST_CASE(after_a_199_a_dialog_gets_its_prack_and_nothing_else_rfc_6228_7) {
  std::string const type = "Content-Type: application/sdp\r\n";
  for (bool reliably : {true, false}) {
    desk bob;
    auto const h = bob.place();
    bob.look();
    auto const invite = bob.last[0].bytes;
    std::string const more = at("a@192.0.2.9") + "Allow: UPDATE\r\n";
    bob.receive(answer(invite, 183, "a", more + reliable(1) + type, first_sdp));
    BOOST_TEST(bob.look() == strings{"PRACK"}, boost::test_tools::per_element());
    bob.receive(answer(bob.last[0].bytes, 200, ""));
    bob.receive(answer(invite, 199, "a", more + (reliably ? reliable(2) : "")));
    if (reliably) {
      BOOST_TEST(bob.look() == strings{"PRACK"}, boost::test_tools::per_element());
      bob.receive(answer(bob.last[0].bytes, 200, ""));
    }
    BOOST_TEST((bob.agent->state(h) == call_state::outgoing));
    BOOST_TEST((bob.agent->modify(h, body_of(held), bob.now) != sending::sent));
    BOOST_TEST(bob.look().empty());
    bob.receive(answer(invite, 200, "b", at("b@192.0.2.9") + type, first_sdp));
    BOOST_TEST(bob.look()[0] == "ACK");
  }
  // The answer that the user owes goes in the PRACK, however late he gives it.
  desk bob;
  auto const h =
      bob.agent->call({"sip:alice@192.0.2.1", "sip:bob@192.0.2.2", ip(1), bob.over, {}}, bob.now);
  bob.look();
  auto const invite = bob.last[0].bytes;
  bob.receive(answer(invite, 183, "a", at("a@192.0.2.9") + reliable(1) + type, first_sdp));
  bob.receive(answer(invite, 199, "a", at("a@192.0.2.9")));
  BOOST_TEST(bob.look().empty());
  BOOST_TEST((bob.agent->acknowledge(h, sdp, bob.now) == sending::sent));
  BOOST_TEST(bob.look() == strings{"PRACK"}, boost::test_tools::per_element());
  BOOST_TEST(value_of(bob.last[0].bytes, header::rack) == "1 1 INVITE");
}

// The PRACK of another dialog that no transaction was free for.
BOOST_AUTO_TEST_CASE(a_fork_that_a_199_ends_keeps_its_place_for_the_prack_that_waits_rfc_6228_7) {
  desk<endpoint_size{3, 2, 1300}> bob;
  (void)bob.place();
  bob.look();
  auto const invite = bob.last[0].bytes;
  bob.receive(answer(invite, 183, "a", at("a@192.0.2.9") + reliable(1)));
  BOOST_TEST(bob.look() == strings{"PRACK"}, boost::test_tools::per_element());
  auto const first = bob.last[0].bytes;
  bob.receive(answer(invite, 183, "b", at("b@192.0.2.9") + reliable(1)));
  bob.receive(answer(invite, 199, "b", at("b@192.0.2.9")));
  BOOST_TEST(bob.look().empty());
  bob.receive(answer(first, 200, ""));
  bob.advance(10'000);
  BOOST_TEST(bob.look()[0] == "PRACK");
  BOOST_TEST(first_line(bob.last[0].bytes) == "PRACK sip:b@192.0.2.9 SIP/2.0");
}

// "If the response for a request within a dialog is a 481 […], the UAC SHOULD terminate the
// dialog": that one, while another branch of the INVITE may still answer.
BOOST_AUTO_TEST_CASE(an_early_dialog_that_is_lost_ends_no_call_that_another_may_answer_12_2_1_2) {
  for (std::string const lost : {"a", "b"}) {
    desk bob;
    auto const h = bob.place();
    bob.look();
    auto const invite = bob.last[0].bytes;
    std::string prack;
    for (std::string const tag : {"a", "b"}) {
      bob.receive(answer(invite, 183, tag, at(tag + "@192.0.2.9") + reliable(1)));
      BOOST_TEST(bob.look() == strings{"PRACK"}, boost::test_tools::per_element());
      if (tag == lost)
        prack = bob.last[0].bytes;
      else
        bob.receive(answer(bob.last[0].bytes, 200, ""));
    }
    bob.listen();
    bob.receive(answer(prack, 481, ""));
    BOOST_TEST(bob.look().empty());
    BOOST_TEST(bob.listen().empty());
    BOOST_TEST((bob.agent->state(h) == call_state::early));
    std::string const other = lost == "a" ? "b" : "a";
    bob.receive(answer(invite, 200, other, at(other + "@192.0.2.9")));
    BOOST_TEST(bob.look() == strings{"ACK"}, boost::test_tools::per_element());
    BOOST_TEST((bob.listen() == std::vector<heard>{{kind::answered, 200}}));
    (void)bob.hang_up(h);
    BOOST_TEST(bob.look() == strings{"BYE"}, boost::test_tools::per_element());
    BOOST_TEST(value_of(bob.last[0].bytes, header::cseq) == "3 BYE");
    bob.receive(answer(bob.last[0].bytes, 200, ""));
    bob.settle();
    BOOST_TEST(bob.idle());
  }
}

// "Requests within a dialog MUST contain strictly monotonically increasing [...] CSeq sequence
// numbers" (12.2.1.1): the BYE to a dialog that has had its PRACKs, and had no place any more.
BOOST_AUTO_TEST_CASE(a_fork_that_is_given_up_is_released_by_a_number_above_its_own_12_2_1_1) {
  desk<endpoint_size{2, 16, 1300}> bob;
  auto const h = bob.place();
  bob.look();
  auto const invite = bob.last[0].bytes;
  bob.receive(answer(invite, 180, "a", at("a@192.0.2.11")));
  for (unsigned rseq : {7u, 8u}) {
    bob.receive(answer(invite, 183, "b", at("b@192.0.2.12") + reliable(rseq)));
    BOOST_TEST(bob.look() == strings{"PRACK"}, boost::test_tools::per_element());
    bob.receive(answer(bob.last[0].bytes, 200, ""));
  }
  auto const other = bob.place(); // takes the place of b's dialog
  BOOST_TEST(static_cast<bool>(other));
  bob.receive(answer(invite, 200, "a", at("a@192.0.2.11")));
  bob.look();
  bob.receive(answer(invite, 200, "b", at("b@192.0.2.12")));
  BOOST_TEST(bob.look() == (strings{"ACK", "BYE"}), boost::test_tools::per_element());
  BOOST_TEST(value_of(bob.last[0].bytes, header::cseq) == "1 ACK");
  BOOST_TEST(value_of(bob.last[1].bytes, header::cseq) == "4 BYE");
  // Nor has that of the call which is answered: no other place is free.
  bob.receive(answer(invite, 180, "c", at("c@192.0.2.13")));
  BOOST_TEST((bob.agent->state(h) == call_state::established));
}
// The dialog of the call itself, when another one answers and there is no place.
BOOST_AUTO_TEST_CASE(an_early_dialog_that_loses_its_place_to_the_answer_is_released_12_2_1_1) {
  desk<endpoint_size{1, 16, 1300}> bob;
  (void)bob.place();
  bob.look();
  auto const invite = bob.last[0].bytes;
  bob.receive(answer(invite, 183, "a", at("a@192.0.2.11") + reliable(7)));
  BOOST_TEST(bob.look() == strings{"PRACK"}, boost::test_tools::per_element());
  BOOST_TEST(value_of(bob.last[0].bytes, header::cseq) == "2 PRACK");
  bob.receive(answer(invite, 200, "b", at("b@192.0.2.12")));
  BOOST_TEST(bob.look() == strings{"ACK"}, boost::test_tools::per_element());
  bob.receive(answer(invite, 200, "a", at("a@192.0.2.11")));
  BOOST_TEST(bob.look() == (strings{"ACK", "BYE"}), boost::test_tools::per_element());
  BOOST_TEST(value_of(bob.last[1].bytes, header::cseq) == "3 BYE");
}

// ---- Numbers

// "If the remote sequence number was not empty, but the sequence number of the request is lower
// than the remote sequence number, the request is out of order and MUST be rejected with a 500":
// 0 is a number like any other (8.1.1.5), and empty is something else.
BOOST_AUTO_TEST_CASE(zero_is_a_cseq_number_8_1_1_5_12_2_2) {
  for (unsigned const first : {0u, 1u}) {
    desk bob;
    auto r = invite_from_alice();
    r.cseq = first;
    bob.receive(r.text());
    BOOST_TEST((bob.answer(bob.call) == sending::sent));
    bob.look();
    auto const ok = bob.last[0].bytes;
    bob.receive(in_dialog("ACK", ok, first).text());
    bob.listen();
    bob.receive(in_dialog("BYE", ok, 0).text());
    BOOST_TEST(bob.look() == strings{"500 BYE"}, boost::test_tools::per_element());
    BOOST_TEST((bob.agent->state(bob.call) == call_state::established));
    bob.receive(in_dialog("BYE", ok, first + 1).text());
    BOOST_TEST(bob.look() == strings{"200 BYE"}, boost::test_tools::per_element());
    BOOST_TEST((bob.listen() == std::vector<heard>{{kind::ended, 0}}));
  }
}

BOOST_AUTO_TEST_CASE(a_cancel_is_for_all_dialogs_of_a_fork_9_1) {
  desk bob;
  auto const h = bob.place();
  bob.look();
  auto const invite = bob.last[0].bytes;
  for (char const* const tag : {"a", "b"}) bob.receive(answer(invite, 180, tag, at("x@192.0.2.9")));
  bob.listen();
  BOOST_TEST((bob.hang_up(h) == sending::sent));
  BOOST_TEST(bob.look() == strings{"CANCEL"}, boost::test_tools::per_element());
  bob.receive(answer(invite, 200, "b", at("x@192.0.2.9")));
  BOOST_TEST(bob.look() == (strings{"ACK", "BYE"}), boost::test_tools::per_element());
  bob.receive(answer(bob.last[1].bytes, 200, ""));
  BOOST_TEST((bob.listen() == std::vector<heard>{{kind::ended, 200}}));
  bob.receive(answer(invite, 200, "a", at("x@192.0.2.9")));
  BOOST_TEST(bob.look() == (strings{"ACK", "BYE"}), boost::test_tools::per_element());
  bob.settle();
  BOOST_TEST(bob.idle());
}

BOOST_AUTO_TEST_SUITE_END()
