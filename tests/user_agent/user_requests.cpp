// The requests of an endpoint's user, message by message and in virtual time: what he sends outside
// of calls and in them, and what he is asked and answers. RFC 3261 8.1, 8.2, 11, 12.2; RFC 3428,
// 4320, 6086.
#include <ctsip/user_agent/call_handles.hpp>
#include <ctsip/user_agent/user_requests.hpp>

#include <algorithm>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "user_agent/user_desk.hpp"

using namespace ctsip;
using namespace ctsip_tests;

namespace {

outgoing_request message_to_alice(std::string_view text = "hello") {
  outgoing_request q;
  q.method = method::message;
  q.content = {"text/plain", text};
  return q;
}
request_text from_alice(std::string method, std::string const& which,
                        std::string const& more = "") {
  auto r = of(std::move(method));
  r.via += which;
  r.call_id += which;
  r.more = more;
  return r;
}
request_text message_from_alice(std::string const& which = "m") {
  auto r = from_alice("MESSAGE", which, "Content-Type: text/plain\r\n");
  r.body = "hello";
  return r;
}
using bob_of_two = user_desk<>;

} // namespace

BOOST_AUTO_TEST_SUITE(user_agent_user_requests)

// ---- Ours, outside of calls

// "If the Request-URI or top Route header field value contains a SIPS URI, the Contact header field
// MUST contain a SIPS URI as well."
BOOST_AUTO_TEST_CASE(the_contact_of_a_request_to_a_sips_uri_is_one_8_1_1_8) {
  constexpr std::string_view secure_route[]{"<sips:proxy.example.com;lr>"};
  auto s = bob_of_two::settings();
  for (bool const has_sips : {true, false}) {
    s.sips_contact = has_sips ? "sips:bob@192.0.2.2:5061" : "";
    bob_of_two bob{s};
    bob.over = transport::tls;
    outgoing_request to_sips;
    to_sips.target = "sips:alice@192.0.2.1";
    outgoing_request by_sips;
    by_sips.route_set = secure_route;
    for (outgoing_request const& out : {to_sips, by_sips}) {
      BOOST_TEST(static_cast<bool>(bob.send(out)) == has_sips);
      if (!has_sips) continue;
      auto const sent = bob.sent_one("OPTIONS");
      BOOST_TEST(value_of(sent, header::contact) == "<sips:bob@192.0.2.2:5061>");
      bob.receive(answer(sent, 200, "x"));
    }
    // "User Agents MUST NOT insert Contact header fields into MESSAGE requests" (RFC 3428 4).
    auto q = message_to_alice();
    q.target = "sips:alice@192.0.2.1";
    BOOST_TEST(static_cast<bool>(bob.send(q)));
    BOOST_TEST(!read(bob.sent_one("MESSAGE")).value.has(header::contact));
  }
}
// The same within a call that is one, and of the responses there (12.1.1, 12.2.2).
BOOST_AUTO_TEST_CASE(the_contact_within_a_call_to_a_sips_uri_is_one_8_1_1_8) {
  for (bool const secure : {true, false}) {
    auto s = bob_of_two::settings();
    s.sips_contact = "sips:bob@192.0.2.2:5061";
    bob_of_two bob{s};
    bob.over = transport::tls;
    std::string const contact = secure ? "<sips:bob@192.0.2.2:5061>" : "<sip:bob@192.0.2.2:5060>";
    outgoing_call out;
    out.target = secure ? "sips:alice@192.0.2.1" : "sip:alice@192.0.2.1";
    auto const ok = bob.accept(bob.place(out));
    for (method const m : {method::refer, method::subscribe, method::notify, method::options}) {
      BOOST_TEST(static_cast<bool>(bob.send_in(bob.call, m)));
      auto const sent = bob.sent_one(std::string{name(m)});
      BOOST_TEST(value_of(sent, header::contact) == contact);
      bob.receive(answer(sent, 202, ""));
    }
    bob.listen();
    auto r = in_callee_dialog("NOTIFY", ok, 1,
                              alices_contact + "Event: refer\r\nSubscription-State: active\r\n");
    bob.receive(r.text());
    check_all(bob.listen(), {"request 0"});
    BOOST_TEST((bob.agent->respond(bob.request, {}, bob.now) == sending::sent));
    BOOST_TEST(value_of(bob.sent_one("200 NOTIFY"), header::contact) == contact);
  }
}

// 8.1.1: "To, From, CSeq, Call-ID, Max-Forwards, and Via; all of these header fields are mandatory
// in all SIP requests." 8.1.1.3: "It MUST have a tag". 8.1.1.2: "A request outside of a dialog MUST
// NOT contain a To tag".
BOOST_AUTO_TEST_CASE(a_request_outside_of_calls_has_what_each_request_has_8_1_1) {
  bob_of_two bob;
  auto const h = bob.send(message_to_alice());
  BOOST_TEST_REQUIRE(static_cast<bool>(h));
  auto const sent = bob.sent_one("MESSAGE");
  BOOST_TEST((bob.last[0].to == ip(1)));
  message const m = read(sent).value;
  BOOST_TEST(first_line(sent) == "MESSAGE sip:alice@192.0.2.1 SIP/2.0");
  BOOST_TEST(m.to().uri() == "sip:alice@192.0.2.1");
  BOOST_TEST(m.to_tag().empty());
  BOOST_TEST(m.from().uri() == "sip:bob@192.0.2.2");
  BOOST_TEST(!m.from_tag().empty());
  BOOST_TEST(!m.call_id().empty());
  BOOST_TEST(value_of(sent, header::cseq) == "1 MESSAGE");
  BOOST_TEST(value_of(sent, header::max_forwards) == "70");
  BOOST_TEST(value_of(sent, header::content_type) == "text/plain");
  BOOST_TEST(m.body() == "hello");
  // "User Agents MUST NOT insert Contact header fields into MESSAGE requests." (RFC 3428 4)
  BOOST_TEST(!m.has(header::contact));
  BOOST_TEST(branch_of(sent).substr(0, 7) == "z9hG4bK");

  bob.receive(answer(sent, 200, "alice"));
  check_all(bob.listen(), {"response 200"});
  BOOST_TEST((bob.heard_last[0].request == h));
  BOOST_TEST(!bob.heard_last[0].call);
  BOOST_TEST((bob.heard_last[0].state == call_state::ended));
  // Its retransmission is the transaction's.
  bob.receive(answer(sent, 200, "alice"));
  check_all(bob.listen(), {});
  bob.end();
}

BOOST_AUTO_TEST_CASE(each_request_outside_of_calls_has_its_own_call_id_and_tag_8_1_1_4) {
  bob_of_two bob;
  BOOST_TEST(static_cast<bool>(bob.send(message_to_alice())));
  auto const first = bob.sent_one("MESSAGE");
  BOOST_TEST(static_cast<bool>(bob.send(message_to_alice())));
  auto const second = bob.sent_one("MESSAGE");
  BOOST_TEST(value_of(first, header::call_id) != value_of(second, header::call_id));
  BOOST_TEST(value_of(first, header::from) != value_of(second, header::from));
  BOOST_TEST(branch_of(first) != branch_of(second));
  // Answered in the other order, each tells its own.
  auto const h = bob.request;
  bob.receive(answer(second, 202, "alice"));
  bob.receive(answer(first, 404, "alice"));
  check_all(bob.listen(), {"response 202", "response 404"});
  BOOST_TEST((bob.heard_last[0].request != bob.heard_last[1].request));
  BOOST_TEST((bob.heard_last[0].request != h || bob.heard_last[1].request != h));
  bob.end();
}

// "A Contact header field MAY be present in an OPTIONS. An Accept header field SHOULD be included
// to indicate the type of message body the UAC wishes to receive in the response." (11.1)
BOOST_AUTO_TEST_CASE(options_asks_for_capabilities_11_1) {
  bob_of_two bob;
  BOOST_TEST(static_cast<bool>(bob.send()));
  auto const sent = bob.sent_one("OPTIONS");
  BOOST_TEST(value_of(sent, header::contact) == "<sip:bob@192.0.2.2:5060>");
  BOOST_TEST(value_of(sent, header::accept) == "application/sdp, text/plain");
  bob.receive(answer(sent, 200, "alice", "Allow: INVITE, ACK\r\n"));
  check_all(bob.listen(), {"response 200"});
  BOOST_TEST(value_of(bob.heard_last[0].bytes, header::allow) == "INVITE, ACK");
  bob.end();
}

BOOST_AUTO_TEST_CASE(a_method_of_an_extension_is_sent_by_its_name_7_1) {
  bob_of_two bob;
  outgoing_request q;
  q.method = method::extension;
  q.method_name = "PING";
  q.to = "sip:somebody@192.0.2.9";
  extra_field const extra[]{{"Subject", "are you there"}, {"X-Mine", "1"}};
  q.extra = extra;
  std::string_view const routes[]{"<sip:192.0.2.7;lr>", "<sip:192.0.2.8;lr>"};
  q.route_set = routes;
  BOOST_TEST(static_cast<bool>(bob.send(q)));
  auto const sent = bob.sent_one("PING");
  BOOST_TEST(value_of(sent, header::cseq) == "1 PING");
  BOOST_TEST(read(sent).value.to().uri() == "sip:somebody@192.0.2.9");
  check_all(all_of(sent, header::route), {"<sip:192.0.2.7;lr>", "<sip:192.0.2.8;lr>"});
  BOOST_TEST(value_of(sent, header::subject) == "are you there");
  BOOST_TEST(sent.find("X-Mine: 1\r\n") != std::string::npos);
  bob.receive(answer(sent, 501, "alice"));
  check_all(bob.listen(), {"response 501"});
  bob.end();
}

// Those that start a dialog, belong to one, or have an operation of their own. INFO: "A UA MUST NOT
// send an INFO request outside an invite dialog usage" (RFC 6086 4.2.1).
BOOST_AUTO_TEST_CASE(methods_that_are_none_for_it_give_no_handle) {
  bob_of_two bob;
  for (method const m :
       {method::invite, method::ack, method::bye, method::cancel, method::register_, method::prack,
        method::subscribe, method::notify, method::refer, method::info, method::update}) {
    outgoing_request q;
    q.method = m;
    BOOST_TEST(!bob.send(q), name(m));
  }
  // By whatever name they come.
  for (char const* const text : {"INVITE", "BYE", "REFER", "OPTIONS", "", "two words"}) {
    outgoing_request q;
    q.method = method::extension;
    q.method_name = text;
    BOOST_TEST(!bob.send(q), text);
  }
  check_all(bob.look(), {});
  BOOST_TEST(bob.agent->live_transactions() == 0u);
  bob.end();
}

BOOST_AUTO_TEST_CASE(a_text_that_cannot_stand_in_a_message_gives_no_handle_and_holds_no_place) {
  bob_of_two bob;
  for (int i = 0; i < 5; ++i) {
    auto q = message_to_alice();
    q.target = "sip:alice@192.0.2.1\r\nX: y";
    BOOST_TEST(!bob.send(q));
    q.target = "alice";
    BOOST_TEST(!bob.send(q));
    q = message_to_alice();
    q.content.type = {};
    BOOST_TEST(!bob.send(q));
    std::string const too_long(1300, 'x');
    BOOST_TEST(!bob.send(message_to_alice(too_long)));
    extra_field const via[]{{"Via", "SIP/2.0/UDP 192.0.2.9"}};
    q = message_to_alice();
    q.extra = via;
    BOOST_TEST(!bob.send(q));
    std::vector<extra_field> const nine(9, extra_field{"X-Mine", "1"});
    q.extra = nine;
    BOOST_TEST(!bob.send(q));
  }
  std::vector<extra_field> const eight(8, extra_field{"X-Mine", "1"});
  auto q = message_to_alice();
  q.extra = eight;
  BOOST_TEST(static_cast<bool>(bob.send(q)));
  bob.receive(answer(bob.sent_one("MESSAGE"), 200, "a"));
  bob.listen();
  bob.end();
}

// Provisional responses to a request that is no INVITE are for the user to see, too (17.1.2.2).
BOOST_AUTO_TEST_CASE(provisional_responses_are_told_and_the_final_one_is_the_last_17_1_2_2) {
  bob_of_two bob;
  auto const h = bob.send(message_to_alice());
  auto const sent = bob.sent_one("MESSAGE");
  bob.receive(answer(sent, 100, ""));
  bob.receive(answer(sent, 183, "alice"));
  check_all(bob.listen(), {"response 100", "response 183"});
  bob.receive(answer(sent, 200, "alice"));
  check_all(bob.listen(), {"response 200"});
  BOOST_TEST((bob.heard_last[0].request == h));
  bob.end();
}

// "If a timeout occurs, the TU treats it as a 408 (Request Timeout) status code" (8.1.3.1), after
// 64*T1 (17.1.2.2), with the retransmissions of Timer E.
BOOST_AUTO_TEST_CASE(no_response_is_a_408_after_64_t1_8_1_3_1) {
  bob_of_two bob;
  auto const h = bob.send(message_to_alice());
  bob.advance(31'999);
  check_all(bob.listen(), {});
  auto const sent = bob.look();
  BOOST_TEST(sent.size() == 11u); // 0, 0.5, 1.5, 3.5, 7.5, 11.5 … 31.5 seconds
  for (auto const& w : bob.last) BOOST_TEST(w.bytes == bob.last[0].bytes);
  bob.advance(1);
  check_all(bob.listen(), {"response 408"});
  BOOST_TEST((bob.heard_last[0].request == h));
  BOOST_TEST(bob.heard_last[0].bytes == "");
  bob.end();
}

// "If a fatal transport error is reported by the transport layer […], the condition MUST be treated
// as a 503 (Service Unavailable) status code." (8.1.3.1)
BOOST_AUTO_TEST_CASE(an_error_of_the_transport_is_a_503_8_1_3_1) {
  bob_of_two bob;
  auto const h = bob.send(message_to_alice());
  (void)bob.sent_one("MESSAGE");
  auto const unsent = bob.last[0];
  bob.fail(unsent);
  check_all(bob.listen(), {"response 503"});
  BOOST_TEST((bob.heard_last[0].request == h));
  bob.fail(unsent);
  check_all(bob.listen(), {});
  bob.end();
}

BOOST_AUTO_TEST_CASE(when_no_place_is_free_there_is_no_handle_until_one_is) {
  bob_of_two bob;
  auto const first = bob.send(message_to_alice());
  auto const sent = bob.sent_one("MESSAGE");
  BOOST_TEST(static_cast<bool>(bob.send()));
  (void)bob.sent_one("OPTIONS");
  BOOST_TEST(!bob.send());
  check_all(bob.look(), {});
  bob.receive(answer(sent, 200, "alice"));
  auto const third = bob.send();
  BOOST_TEST(static_cast<bool>(third));
  BOOST_TEST(third.index == first.index);
  BOOST_TEST((third != first));
  // Nor if no transaction is free.
  user_desk<endpoint_size{.transactions = 1, .requests = 2}> small;
  BOOST_TEST(static_cast<bool>(small.send()));
  BOOST_TEST(!small.send());
  (void)small.sent_one("OPTIONS");
  small.advance(32'000);
  check_all(small.listen(), {"response 408"});
  BOOST_TEST(static_cast<bool>(small.send()));
}

BOOST_AUTO_TEST_CASE(an_endpoint_without_places_sends_none_and_answers_405_8_2_1) {
  user_desk<endpoint_size{}> bob;
  BOOST_TEST(!bob.send());
  bob.receive(message_from_alice().text());
  (void)bob.sent_one("405 MESSAGE");
  BOOST_TEST(value_of(bob.last[0].bytes, header::allow) == bob.settings().element.own.allow);
  auto const ok = bob.taken();
  BOOST_TEST(!bob.send_in(bob.call, method::info));
  bob.receive(in_dialog("INFO", ok, 2).text());
  (void)bob.sent_one("405 INFO");
  bob.end();
}

BOOST_AUTO_TEST_CASE(over_a_stream_nothing_is_sent_again_17_1_2_2) {
  bob_of_two bob;
  bob.over = transport::tcp;
  BOOST_TEST(static_cast<bool>(bob.send(message_to_alice())));
  auto const sent = bob.sent_one("MESSAGE");
  BOOST_TEST(value_of(sent, header::via).substr(0, 11) == "SIP/2.0/TCP");
  bob.advance(32'000);
  check_all(bob.look(), {});
  check_all(bob.listen(), {"response 408"});
  bob.end();
}

// ---- Whatever the user says

// A status code or a moment that the rules do not let is refused or gone: of no command is the user
// to know the rules beforehand.
BOOST_AUTO_TEST_CASE(no_command_with_any_status_code_in_any_state_breaks_a_rule_21) {
  using desk_type = user_desk<>;
  using begin = void (*)(desk_type&);
  static std::string const with_100rel = "Supported: 100rel\r\n";
  static begin const beginnings[] = {
      [](desk_type&) {},
      [](desk_type& b) { b.receive(invite_of_alice().text()); },
      [](desk_type& b) { b.receive(invite_of_alice("Require: 100rel\r\n").text()); },
      [](desk_type& b) { // a reliable 1xx awaits its PRACK
        b.receive(invite_of_alice(with_100rel).text());
        (void)b.agent->ring(b.call, b.now, 183, sdp, reliability::reliable);
      },
      [](desk_type& b) { // an UPDATE in the early dialog asks the user
        b.receive(invite_of_alice(with_100rel).text());
        (void)b.agent->ring(b.call, b.now, 183, sdp, reliability::reliable);
        b.look();
        auto const ring = b.last[0].bytes;
        b.receive(
            in_dialog("PRACK", ring, 2, "RAck: " + value_of(ring, header::rseq) + " 1 INVITE\r\n")
                .text());
        b.receive(with_offer(in_dialog("UPDATE", ring, 3, alices_contact)).text());
      },
      [](desk_type& b) { // the ACK is awaited
        b.receive(invite_of_alice().text());
        (void)b.agent->answer(b.call, sdp, b.now);
      },
      [](desk_type& b) { (void)b.taken(); },
      [](desk_type& b) {
        b.receive(with_offer(in_dialog("INVITE", b.taken(), 2, alices_contact)).text());
      },
      [](desk_type& b) { // a re-INVITE that asks for an offer
        b.receive(in_dialog("INVITE", b.taken(), 2, alices_contact).text());
      },
      [](desk_type& b) {
        b.receive(with_offer(in_dialog("UPDATE", b.taken(), 2, alices_contact)).text());
      },
      [](desk_type& b) {
        (void)b.taken();
        (void)b.agent->modify(b.call, sdp, b.now);
      },
      [](desk_type& b) {
        (void)b.taken();
        (void)b.agent->hang_up(b.call, b.now);
      },
      [](desk_type& b) { (void)b.place(); },
      [](desk_type& b) { b.receive(answer(b.place(), 180, "alice", alices_contact)); },
      [](desk_type& b) {
        b.receive(answer(b.place(), 180, "alice", alices_contact));
        (void)b.agent->cancel(b.call, b.now);
      },
      [](desk_type& b) { b.receive(message_from_alice().text()); },
      [](desk_type& b) { b.receive(in_dialog("INFO", b.taken(), 2).text()); },
      [](desk_type& b) {
        b.receive(from_alice("SUBSCRIBE", "s", alices_contact + "Event: presence\r\n").text());
      }};
  using say = sending (*)(desk_type&, status_code);
  static say const commands[] = {
      [](desk_type& b, status_code s) { return b.agent->ring(b.call, b.now, s); },
      [](desk_type& b, status_code s) {
        return b.agent->ring(b.call, b.now, s, sdp, reliability::reliable);
      },
      [](desk_type& b, status_code s) { return b.agent->reject(b.call, s, b.now); },
      [](desk_type& b, status_code s) { return b.agent->reject_modification(b.call, s, b.now); },
      [](desk_type& b, status_code s) {
        return b.agent->respond(b.request, {s, {}, {}}, b.now);
      }};
  static say const others[] = {
      [](desk_type& b, status_code s) {
        return b.agent->modify(b.call, s % 2 ? message_body{} : sdp, b.now);
      },
      [](desk_type& b, status_code s) {
        return b.agent->accept_modification(b.call, s % 2 ? message_body{} : sdp, b.now);
      },
      [](desk_type& b, status_code s) {
        return b.agent->answer(b.call, s % 2 ? message_body{} : sdp, b.now);
      },
      [](desk_type& b, status_code) { return b.agent->acknowledge(b.call, sdp, b.now); },
      [](desk_type& b, status_code) { return b.agent->cancel_modification(b.call, b.now); },
      [](desk_type& b, status_code) { return b.agent->cancel(b.call, b.now); },
      [](desk_type& b, status_code) { return b.agent->hang_up(b.call, b.now); }};
  unsigned done = 0;
  for (begin const how : beginnings)
    for (say const what : commands) {
      auto bob = std::make_unique<desk_type>();
      how(*bob);
      bob->look();
      for (unsigned s = 0; s <= 701; ++s) {
        auto const result = what(*bob, static_cast<status_code>(s));
        bool const is_said = !bob->look().empty();
        bool const waits = result == sending::deferred;
        BOOST_TEST((is_said == (result == sending::sent)), s << ": " << name(result));
        if (!is_said && !waits) continue;
        ++done;
        // Once more, and what is left.
        (void)what(*bob, static_cast<status_code>(s));
        for (say const then : commands) (void)then(*bob, static_cast<status_code>(s));
        for (say const then : others) (void)then(*bob, static_cast<status_code>(s));
        bob->advance(40'000);
        bob = std::make_unique<desk_type>();
        how(*bob);
        bob->look();
      }
    }
  BOOST_TEST(done > 2000u);
}

// ---- Theirs, outside of calls

BOOST_AUTO_TEST_CASE(a_request_outside_of_calls_is_for_the_user_to_answer_8_2) {
  bob_of_two bob;
  bob.receive(message_from_alice().text());
  check_all(bob.look(), {});
  check_all(bob.listen(), {"request 0"});
  auto const h = bob.heard_last[0].request;
  BOOST_TEST(!bob.heard_last[0].call);
  BOOST_TEST(read(bob.heard_last[0].bytes).value.body() == "hello");
  // Until then its retransmissions are discarded (17.2.2).
  bob.receive(message_from_alice().text());
  check_all(bob.look(), {});
  extra_field const extra[]{{"Subject", "re"}};
  BOOST_TEST((bob.agent->respond(h, {202, extra, {}}, bob.now) == sending::sent));
  auto const sent = bob.sent_one("202 MESSAGE");
  BOOST_TEST(value_of(sent, header::subject) == "re");
  BOOST_TEST(!read(sent).value.to_tag().empty());
  BOOST_TEST(!read(sent).value.has(header::contact));
  // "must be passed to the transport layer for retransmission whenever a retransmission of the
  // request is received" (17.2.2), the same.
  bob.receive(message_from_alice().text());
  BOOST_TEST(bob.sent_one("202 MESSAGE") == sent);
  check_all(bob.listen(), {});
  BOOST_TEST((bob.agent->respond(h, {}, bob.now) == sending::gone));
  bob.end();
}

BOOST_AUTO_TEST_CASE(what_is_no_final_response_or_a_408_is_refused_8_2_6_rfc_4320_4_2) {
  bob_of_two bob;
  bob.receive(message_from_alice().text());
  auto const h = bob.request;
  for (status_code const s : {0, 99, 100, 180, 199, 408, 700, 1000})
    BOOST_TEST((bob.agent->respond(h, {s, {}, {}}, bob.now) == sending::refused));
  // One that cannot be written may be corrected.
  BOOST_TEST((bob.agent->respond(h, {200, {}, {"", "body"}}, bob.now) == sending::unwritable));
  std::vector<extra_field> const nine(9, extra_field{"X-Mine", "1"});
  BOOST_TEST((bob.agent->respond(h, {200, nine, {}}, bob.now) == sending::unwritable));
  check_all(bob.look(), {});
  BOOST_TEST((bob.agent->respond(h, {488, {}, {}}, bob.now) == sending::sent));
  (void)bob.sent_one("488 MESSAGE");
  BOOST_TEST((bob.agent->respond({}, {}, bob.now) == sending::gone));
  BOOST_TEST((bob.agent->respond({77, 0}, {}, bob.now) == sending::gone));
  bob.listen();
  bob.end();
}

// "A server MUST NOT send a 408 (Request Timeout) to non-INVITE requests" (RFC 4320 4.2).
BOOST_AUTO_TEST_CASE(what_the_user_never_answers_is_forgotten_after_64_t1_and_counted_rfc_4320) {
  bob_of_two bob;
  bob.receive(message_from_alice("a").text());
  bob.receive(message_from_alice("b").text());
  auto const h = bob.request;
  bob.listen();
  bob.advance(31'999);
  BOOST_TEST(bob.agent->live_transactions() == 2u);
  bob.advance(1);
  BOOST_TEST(bob.agent->live_transactions() == 0u);
  BOOST_TEST(bob.agent->call_counts().unanswered == 2u);
  BOOST_TEST((bob.agent->respond(h, {}, bob.now) == sending::gone));
  check_all(bob.look(), {"100 MESSAGE", "100 MESSAGE"}); // RFC 4320 4.1
  check_all(bob.listen(), {});
  bob.end();
}

BOOST_AUTO_TEST_CASE(when_no_place_is_free_theirs_is_answered_503_and_counted_21_5_4) {
  bob_of_two bob;
  for (char const* const which : {"a", "b", "c"}) bob.receive(message_from_alice(which).text());
  (void)bob.sent_one("503 MESSAGE");
  check_all(bob.listen(), {"request 0", "request 0"});
  auto const first = bob.heard_last[0].request;
  BOOST_TEST(bob.agent->call_counts().refused == 1u);
  // In a call, too.
  bob.receive(invite_of_alice().text());
  (void)bob.agent->answer(bob.call, sdp, bob.now);
  bob.look();
  auto const ok = bob.last.back().bytes;
  bob.receive(in_dialog("ACK", ok, 1).text());
  bob.receive(in_dialog("INFO", ok, 2).text());
  auto const refused = bob.sent_one("503 INFO");
  BOOST_TEST(value_of(refused, header::to) == value_of(ok, header::to));
  BOOST_TEST(bob.agent->call_counts().refused == 2u);
  BOOST_TEST((bob.agent->respond(first, {}, bob.now) == sending::sent));
  bob.look();
  bob.receive(in_dialog("INFO", ok, 3).text());
  check_all(bob.listen(), {"incoming 0", "confirmed 0", "request 0"});
  BOOST_TEST((bob.request.index == first.index));
  BOOST_TEST((bob.request != first));
  BOOST_TEST((bob.agent->respond(first, {}, bob.now) == sending::gone));
  check_all(bob.look(), {});
  bob.advance(32'000);
  BOOST_TEST(bob.agent->call_counts().unanswered == 2u);
  bob.call = bob.heard_last[0].call;
  bob.end();
}

// A 2xx to what starts a dialog would leave a dialog that nobody keeps; a refusal starts none.
BOOST_AUTO_TEST_CASE(a_request_that_would_start_a_dialog_can_only_be_refused) {
  for (char const* const what : {"SUBSCRIBE", "REFER"}) {
    bob_of_two bob;
    bob.receive(
        from_alice(what, "s", alices_contact + "Event: presence\r\nRefer-To: <sip:x@192.0.2.9>\r\n")
            .text());
    check_all(bob.listen(), {"request 0"});
    auto const h = bob.request;
    BOOST_TEST((bob.agent->respond(h, {200, {}, {}}, bob.now) == sending::refused));
    BOOST_TEST((bob.agent->respond(h, {202, {}, {}}, bob.now) == sending::refused));
    BOOST_TEST((bob.agent->respond(h, {603, {}, {}}, bob.now) == sending::sent));
    (void)bob.sent_one("603 " + std::string{what});
    bob.end();
  }
}

BOOST_AUTO_TEST_CASE(what_belongs_to_a_dialog_and_comes_outside_is_481_12_2_2) {
  bob_of_two bob;
  for (char const* const what : {"INFO", "NOTIFY"}) {
    bob.receive(from_alice(what, what, alices_contact + "Event: presence\r\n").text());
    (void)bob.sent_one("481 " + std::string{what});
    auto in_none =
        from_alice(what, std::string{what} + "2", alices_contact + "Event: presence\r\n");
    in_none.to += ";tag=none";
    bob.receive(in_none.text());
    (void)bob.sent_one("481 " + std::string{what});
  }
  BOOST_TEST(bob.agent->call_counts().no_dialog == 4u);
  check_all(bob.listen(), {});
  bob.end();
}

BOOST_AUTO_TEST_CASE(methods_that_are_not_allowed_are_405_or_501_8_2_1) {
  auto s = bob_of_two::settings();
  s.element.own.allow = "INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, REGISTER";
  bob_of_two bob{s};
  bob.receive(message_from_alice().text());
  (void)bob.sent_one("405 MESSAGE");
  BOOST_TEST(value_of(bob.last[0].bytes, header::allow) == s.element.own.allow);
  bob.receive(from_alice("PING", "p").text());
  (void)bob.sent_one("501 PING");
  // Allowed, but nothing here serves it.
  bob.receive(from_alice("REGISTER", "r").text());
  (void)bob.sent_one("405 REGISTER");
  auto const ok = bob.taken();
  bob.receive(in_dialog("NOTIFY", ok, 2, alices_contact + "Event: x\r\n").text());
  (void)bob.sent_one("405 NOTIFY");
  bob.receive(in_dialog("INFO", ok, 3).text());
  check_all(bob.listen(), {"request 0"});
  bob.end();
}

// "the 200 (OK) response code is chosen the same as would be chosen had the request been an INVITE"
// (11.2).
BOOST_AUTO_TEST_CASE(options_is_answered_as_an_invite_would_be_11_2) {
  user_desk<endpoint_size{.calls = 1, .requests = 1}> bob;
  bob.receive(from_alice("OPTIONS", "o").text());
  auto const ok = bob.sent_one("200 OPTIONS");
  BOOST_TEST(value_of(ok, header::allow) == bob.settings().element.own.allow);
  BOOST_TEST(value_of(ok, header::accept) == "application/sdp, text/plain");
  auto const ours = bob.taken();
  bob.receive(from_alice("OPTIONS", "p").text());
  (void)bob.sent_one("486 OPTIONS");
  bob.receive(in_dialog("OPTIONS", ours, 2).text());
  (void)bob.sent_one("200 OPTIONS");
  check_all(bob.listen(), {});
  bob.end();
}

// ---- Ours, in calls

// 12.2.1.1: the request of a dialog, with its Call-ID, tags, route set and remote target, and a
// CSeq that is one higher than the last.
BOOST_AUTO_TEST_CASE(a_request_in_our_call_is_one_of_its_dialog_12_2_1_1) {
  bob_of_two bob;
  auto const invite = bob.place();
  auto const ok = bob.accept(
      invite, "Record-Route: <sip:192.0.2.8;lr>, <sip:192.0.2.7;lr>\r\nAllow: INVITE, UPDATE\r\n");
  extra_field const extra[]{{"Info-Package", "x"}};
  call_request q;
  q.extra = extra;
  q.content = {"text/plain", "5"};
  auto const h = bob.agent->request(bob.call, q, bob.now);
  BOOST_TEST_REQUIRE(static_cast<bool>(h));
  auto const info = bob.sent_one("INFO");
  BOOST_TEST((bob.last[0].to == ip(7)));
  BOOST_TEST(first_line(info) == "INFO sip:alice@192.0.2.1:5066 SIP/2.0");
  check_all(all_of(info, header::route), {"<sip:192.0.2.7;lr>", "<sip:192.0.2.8;lr>"});
  for (header const f : {header::call_id, header::from})
    BOOST_TEST(value_of(info, f) == value_of(invite, f));
  BOOST_TEST(value_of(info, header::to) == value_of(ok, header::to));
  BOOST_TEST(value_of(info, header::cseq) == "2 INFO");
  BOOST_TEST(read(info).value.body() == "5");
  BOOST_TEST(!read(info).value.has(header::contact)); // RFC 6086 6, Table 1
  bob.receive(answer(info, 200, ""));
  check_all(bob.listen(), {"response 200"});
  BOOST_TEST((bob.heard_last[0].request == h));
  BOOST_TEST((bob.heard_last[0].call == bob.call));
  BOOST_TEST((bob.heard_last[0].state == call_state::established));
  BOOST_TEST((bob.agent->hang_up(bob.call, bob.now) == sending::sent));
  BOOST_TEST(value_of(bob.sent_one("BYE"), header::cseq) == "3 BYE");
  bob.end();
}

BOOST_AUTO_TEST_CASE(each_method_may_be_sent_in_a_call_by_either_side_12_2_1) {
  for (bool const ours : {true, false}) {
    bob_of_two bob;
    if (ours)
      (void)bob.accept(bob.place());
    else
      (void)bob.taken("Record-Route: <sip:192.0.2.7;lr>, <sip:192.0.2.8;lr>\r\n");
    std::uint32_t last = 0;
    for (method const m : {method::info, method::message, method::options, method::refer,
                           method::notify, method::subscribe, method::publish, method::extension}) {
      std::string const text = m == method::extension ? "PING" : name(m);
      BOOST_TEST_CONTEXT(text) {
        BOOST_TEST(static_cast<bool>(bob.send_in(bob.call, m, text)));
        auto const sent = bob.sent_one(text);
        BOOST_TEST(cseq_of(sent) > last);
        if (last) BOOST_TEST(cseq_of(sent) == last + 1);
        last = cseq_of(sent);
        BOOST_TEST(read(sent).value.has(header::contact) ==
                   (traits(m).requires_contact || m == method::options));
        if (!ours) {
          check_all(all_of(sent, header::route), {"<sip:192.0.2.7;lr>", "<sip:192.0.2.8;lr>"});
          BOOST_TEST(first_line(sent) == text + " sip:alice@192.0.2.1:5066 SIP/2.0");
        }
        bob.receive(answer(sent, 202, ""));
        check_all(bob.listen(), {"response 202"});
      }
    }
    bob.end();
  }
}

BOOST_AUTO_TEST_CASE(methods_of_the_call_itself_are_none_for_it) {
  bob_of_two bob;
  (void)bob.accept(bob.place());
  for (method const m : {method::invite, method::ack, method::bye, method::cancel, method::prack,
                         method::update, method::register_})
    BOOST_TEST(!bob.send_in(bob.call, m), name(m));
  for (char const* const text : {"INVITE", "BYE", "INFO", "", "two words"})
    BOOST_TEST(!bob.send_in(bob.call, method::extension, text), text);
  check_all(bob.look(), {});
  // None of them has taken a number.
  BOOST_TEST(static_cast<bool>(bob.send_in(bob.call, method::info)));
  BOOST_TEST(cseq_of(bob.sent_one("INFO")) == 2u);
  bob.end();
}

BOOST_AUTO_TEST_CASE(without_a_dialog_there_is_none_and_an_early_one_is_enough_12_2) {
  {
    bob_of_two bob;
    auto const invite = bob.place();
    auto const h = bob.call;
    BOOST_TEST(!bob.send_in(h, method::info));
    bob.receive(answer(invite, 100, ""));
    BOOST_TEST(!bob.send_in(h, method::info));
    bob.receive(answer(invite, 180, "alice", alices_contact));
    BOOST_TEST(static_cast<bool>(bob.send_in(h, method::info)));
    auto const info = bob.sent_one("INFO");
    BOOST_TEST(value_of(info, header::cseq) == "2 INFO");
    bob.listen();
    bob.receive(answer(info, 200, ""));
    check_all(bob.listen(), {"response 200"});
    BOOST_TEST((bob.heard_last[0].state == call_state::early));
    (void)bob.accept(invite);
    BOOST_TEST(static_cast<bool>(bob.send_in(h, method::info)));
    BOOST_TEST(value_of(bob.sent_one("INFO"), header::cseq) == "3 INFO");
    bob.end();
  }
  {
    bob_of_two bob;
    bob.receive(invite_of_alice().text());
    auto const h = bob.call;
    BOOST_TEST(!bob.send_in(h, method::info)); // no response has made the dialog yet (12.1)
    (void)bob.agent->ring(h, bob.now);
    (void)bob.sent_one("180 INVITE");
    BOOST_TEST(static_cast<bool>(bob.send_in(h, method::info)));
    auto const info = bob.sent_one("INFO");
    bob.receive(answer(info, 200, ""));
    check_all(bob.listen(), {"incoming 0", "response 200"});
    BOOST_TEST((bob.heard_last[1].state == call_state::incoming));
    (void)bob.agent->reject(h, 486, bob.now);
    BOOST_TEST(!bob.send_in(h, method::info));
    bob.end();
  }
}

// 12.2.1.1: one sequence for all requests of the dialog.
BOOST_AUTO_TEST_CASE(the_numbers_rise_with_those_of_prack_re_invite_and_bye_12_2_1_1) {
  bob_of_two bob;
  auto const invite = bob.place();
  bob.receive(
      answer(invite, 183, "alice",
             alices_contact + "Require: 100rel\r\nRSeq: 1\r\nContent-Type: application/sdp\r\n",
             "v=0\r\n"));
  auto const prack = bob.sent_one("PRACK");
  BOOST_TEST(cseq_of(prack) == 2u);
  BOOST_TEST(static_cast<bool>(bob.send_in(bob.call, method::info)));
  auto const info = bob.sent_one("INFO");
  BOOST_TEST(cseq_of(info) == 3u);
  bob.receive(answer(info, 200, ""));
  bob.receive(answer(prack, 200, ""));
  bob.receive(answer(invite, 183, "alice", alices_contact + "Require: 100rel\r\nRSeq: 2\r\n"));
  auto const second = bob.sent_one("PRACK");
  BOOST_TEST(cseq_of(second) == 4u);
  bob.receive(answer(second, 200, ""));
  bob.receive(answer(invite, 200, "alice", alices_contact));
  (void)bob.sent_one("ACK");
  bob.listen();
  BOOST_TEST((bob.agent->modify(bob.call, sdp, bob.now) == sending::sent));
  auto const again = bob.sent_one("INVITE");
  BOOST_TEST(cseq_of(again) == 5u);
  // A request that changes nothing need not wait for it (14.1).
  BOOST_TEST(static_cast<bool>(bob.send_in(bob.call, method::info)));
  auto const meanwhile = bob.sent_one("INFO");
  BOOST_TEST(cseq_of(meanwhile) == 6u);
  bob.receive(answer(meanwhile, 200, ""));
  bob.receive(
      answer(again, 200, "", alices_contact + "Content-Type: application/sdp\r\n", "v=0\r\n"));
  BOOST_TEST(value_of(bob.sent_one("ACK"), header::cseq) == "5 ACK");
  check_all(bob.listen(), {"response 200", "modified 200"});
  (void)bob.agent->hang_up(bob.call, bob.now);
  BOOST_TEST(cseq_of(bob.sent_one("BYE")) == 7u);
  bob.end();
}

// "If the response for a request within a dialog is a 481 […] or a 408 […], the UAC SHOULD
// terminate the dialog. A UAC SHOULD also terminate a dialog if no response at all is received for
// the request" (12.2.1.2).
BOOST_AUTO_TEST_CASE(a_481_or_408_or_no_response_ends_the_call_and_others_do_not_12_2_1_2) {
  for (int const status : {408, 481, 0, 400, 403, 405, 469, 486, 489, 500, 501, 503, 603})
    for (bool const early : {false, true}) {
      BOOST_TEST_CONTEXT(status << (early ? " early" : "")) {
        bob_of_two bob;
        auto const invite = bob.place();
        auto const h = bob.call;
        bob.receive(answer(invite, 180, "alice", alices_contact));
        bob.listen();
        if (!early) (void)bob.accept(invite);
        bool const ends = status == 408 || status == 481 || status == 0;
        auto const r = bob.send_in(h, method::info);
        auto const info = bob.sent_one("INFO");
        if (status != 0)
          bob.receive(answer(info, status, ""));
        else
          bob.advance(32'000);
        strings expected{"response " + std::to_string(status ? status : 408)};
        if (ends) expected.push_back("failed " + std::to_string(status ? status : 408));
        check_all(bob.listen(), expected);
        BOOST_TEST((bob.heard_last[0].request == r));
        BOOST_TEST((bob.heard_last[0].call == h));
        if (ends) BOOST_TEST((bob.heard_last[1].call == h));
        bob.look();
        auto const last = bob.last.empty() ? std::string{} : summary(bob.last.back().bytes);
        if (ends)
          BOOST_TEST(last == (early ? "CANCEL" : "BYE"));
        else
          BOOST_TEST(bob.last.empty());
        BOOST_TEST((bob.agent->state(h) == (ends    ? call_state::ended
                                            : early ? call_state::early
                                                    : call_state::established)));
        bob.end();
      }
    }
}
// A transport that has failed once says nothing of the dialog.
BOOST_AUTO_TEST_CASE(an_error_of_the_transport_does_not_end_the_call_8_1_3_1) {
  bob_of_two bob;
  (void)bob.accept(bob.place());
  BOOST_TEST(static_cast<bool>(bob.send_in(bob.call, method::info)));
  (void)bob.sent_one("INFO");
  bob.fail(bob.last[0]);
  check_all(bob.listen(), {"response 503"});
  BOOST_TEST((bob.agent->state(bob.call) == call_state::established));
  bob.end();
}

// ---- A call that ends before its requests

BOOST_AUTO_TEST_CASE(a_response_is_told_after_the_end_of_its_call_and_no_place_is_held) {
  for (bool const ours : {true, false})
    for (int const status : {200, 401, 481, 503, 0, 1}) {
      BOOST_TEST_CONTEXT(status << (ours ? " our BYE" : " their BYE")) {
        bob_of_two bob;
        auto const ok = bob.accept(bob.place());
        auto const h = bob.call;
        auto const r = bob.send_in(h, method::info);
        auto const info = bob.sent_one("INFO");
        auto const unsent = bob.last[0];
        if (ours) {
          BOOST_TEST((bob.agent->hang_up(h, bob.now) == sending::sent));
          bob.receive(answer(bob.sent_one("BYE"), 200, ""));
          check_all(bob.listen(), {"ended 200"});
        } else {
          bob.receive(in_callee_dialog("BYE", ok, 1).text());
          (void)bob.sent_one("200 BYE");
          check_all(bob.listen(), {"ended 0"});
        }
        if (status == 1)
          bob.fail(unsent);
        else if (status)
          bob.receive(answer(info, status, "", www_challenge("n1")));
        else
          bob.advance(32'000);
        int const told_status = status == 0 ? 408 : status == 1 ? 503 : status;
        check_all(bob.listen(), {"response " + std::to_string(told_status)});
        BOOST_TEST((bob.heard_last[0].request == r));
        BOOST_TEST((bob.heard_last[0].call == h));
        BOOST_TEST((bob.heard_last[0].state == call_state::ended));
        for (auto const& w : bob.look()) BOOST_TEST(w == "INFO");
        bob.end();
      }
    }
}
BOOST_AUTO_TEST_CASE(what_comes_between_our_bye_and_its_response_does_not_end_the_call_twice) {
  for (int const status : {200, 401, 408, 481}) {
    bob_of_two bob;
    (void)bob.accept(bob.place());
    BOOST_TEST(static_cast<bool>(bob.send_in(bob.call, method::info)));
    auto const info = bob.sent_one("INFO");
    (void)bob.agent->hang_up(bob.call, bob.now);
    auto const bye = bob.sent_one("BYE");
    BOOST_TEST(!bob.send_in(bob.call, method::info));
    bob.receive(answer(info, status, ""));
    check_all(bob.listen(), {"response " + std::to_string(status)});
    bob.receive(answer(bye, 200, ""));
    check_all(bob.listen(), {"ended 200"});
    bob.end();
  }
}
BOOST_AUTO_TEST_CASE(a_call_that_is_rejected_leaves_its_requests_to_their_responses) {
  bob_of_two bob;
  auto const invite = bob.place();
  bob.receive(answer(invite, 180, "alice", alices_contact));
  BOOST_TEST(static_cast<bool>(bob.send_in(bob.call, method::info)));
  auto const info = bob.sent_one("INFO");
  bob.receive(answer(invite, 486, "alice"));
  (void)bob.sent_one("ACK");
  bob.receive(answer(info, 481, ""));
  check_all(bob.listen(), {"provisional 180", "rejected 486", "response 481"});
  bob.end();
}
// The place of the call is another call's by then.
BOOST_AUTO_TEST_CASE(a_response_of_an_earlier_call_does_nothing_to_the_next_one) {
  user_desk<endpoint_size{.calls = 1, .requests = 2}> bob;
  auto const ok = bob.accept(bob.place());
  auto const first = bob.call;
  BOOST_TEST(static_cast<bool>(bob.send_in(first, method::info)));
  auto const info = bob.sent_one("INFO");
  bob.receive(in_callee_dialog("BYE", ok, 1).text());
  bob.look();
  (void)bob.accept([&] {
    bob.listen();
    return bob.place();
  }());
  auto const second = bob.call;
  BOOST_TEST((first != second));
  bob.receive(answer(info, 481, ""));
  check_all(bob.listen(), {"response 481"});
  BOOST_TEST((bob.heard_last[0].call == first));
  BOOST_TEST((bob.agent->state(second) == call_state::established));
  check_all(bob.look(), {});
  bob.call = second;
  bob.end();
}

// ---- Forks

// What one callee says of his dialog is nothing to the dialog of another.
BOOST_AUTO_TEST_CASE(
    a_481_in_a_dialog_that_has_lost_does_not_end_the_one_that_was_answered_12_2_1_2) {
  bob_of_two bob;
  auto const invite = bob.place();
  auto const h = bob.call;
  bob.receive(answer(invite, 180, "loser", "Contact: <sip:loser@192.0.2.1>\r\n"));
  BOOST_TEST(static_cast<bool>(bob.send_in(h, method::info)));
  auto const info = bob.sent_one("INFO");
  bob.receive(answer(invite, 200, "winner", "Contact: <sip:winner@192.0.2.1>\r\n"));
  (void)bob.sent_one("ACK");
  bob.receive(answer(info, 481, ""));
  check_all(bob.listen(), {"provisional 180", "answered 200", "response 481"});
  BOOST_TEST((bob.agent->state(h) == call_state::established));
  check_all(bob.look(), {});
  BOOST_TEST(static_cast<bool>(bob.send_in(h, method::info)));
  auto const second = bob.sent_one("INFO");
  BOOST_TEST(read(second).value.to_tag() == "winner");
  bob.receive(answer(second, 481, ""));
  check_all(bob.listen(), {"response 481", "failed 481"});
  bob.end();
}
// "the UA that sends the initial INVITE request MUST be prepared to receive INFO requests from
// multiple remote UAs during the early dialog phase" (RFC 6086 4.2.1): the call that they are of is
// the one that the user has placed.
BOOST_AUTO_TEST_CASE(a_request_in_another_early_dialog_is_of_the_call_that_was_placed_rfc_6086) {
  bob_of_two bob;
  auto const invite = bob.place();
  auto const h = bob.call;
  auto const one = answer(invite, 180, "one", alices_contact);
  auto const two = answer(invite, 180, "two", alices_contact);
  bob.receive(one);
  bob.receive(two);
  bob.listen();
  for (auto const& each : {one, two}) {
    auto r = in_callee_dialog("INFO", each, 1);
    r.via += read(each).value.to_tag();
    bob.receive(r.text());
    check_all(bob.listen(), {"request 0"});
    BOOST_TEST((bob.heard_last[0].call == h));
    BOOST_TEST((bob.heard_last[0].state == call_state::early));
    BOOST_TEST((bob.agent->respond(bob.request, {}, bob.now) == sending::sent));
    BOOST_TEST(value_of(bob.sent_one("200 INFO"), header::to) == r.to);
  }
  bob.end();
}

// ---- Theirs, in calls

BOOST_AUTO_TEST_CASE(a_request_in_a_call_is_for_the_user_with_the_calls_handle_12_2_2) {
  for (bool const ours : {true, false}) {
    bob_of_two bob;
    auto const ok = ours ? bob.accept(bob.place()) : bob.taken();
    auto const from = [&](std::string const& what, unsigned cseq, std::string const& more = "") {
      return ours ? in_callee_dialog(what, ok, cseq, more) : in_dialog(what, ok, cseq, more);
    };
    auto const h = bob.call;
    unsigned cseq = 10;
    for (char const* const what : {"INFO", "MESSAGE", "REFER", "NOTIFY", "SUBSCRIBE", "PING"}) {
      BOOST_TEST_CONTEXT(what) {
        auto const r =
            from(what, ++cseq, alices_contact + "Event: refer\r\nRefer-To: <sip:x@192.0.2.9>\r\n");
        bob.receive(r.text());
        check_all(bob.listen(), {"request 0"});
        BOOST_TEST((bob.heard_last[0].call == h));
        BOOST_TEST((bob.heard_last[0].state == call_state::established));
        check_all(bob.look(), {});
        BOOST_TEST((bob.agent->respond(bob.request, {202, {}, {}}, bob.now) == sending::sent));
        auto const sent = bob.sent_one("202 " + std::string{what});
        BOOST_TEST(value_of(sent, header::to) == r.to);
        // RFC 3428 7: "A UAS MUST NOT insert a Contact header field into a 2xx response." RFC 6086
        // 6 has none either; the others need one where they refresh the target (12.2.2).
        BOOST_TEST(read(sent).value.has(header::contact) ==
                   is_target_refresh(read(r.text()).value.method()));
        bob.receive(r.text());
        BOOST_TEST(bob.sent_one("202 " + std::string{what}) == sent);
        check_all(bob.listen(), {});
      }
    }
    bob.end();
  }
}

BOOST_AUTO_TEST_CASE(a_request_in_an_early_dialog_is_for_the_user_too_12_1) {
  bob_of_two bob;
  bob.receive(invite_of_alice().text());
  (void)bob.agent->ring(bob.call, bob.now);
  auto const ringing = bob.sent_one("180 INVITE");
  bob.listen();
  bob.receive(in_dialog("INFO", ringing, 2).text());
  check_all(bob.listen(), {"request 0"});
  BOOST_TEST((bob.heard_last[0].state == call_state::incoming));
  BOOST_TEST((bob.agent->respond(bob.request, {}, bob.now) == sending::sent));
  (void)bob.sent_one("200 INFO");
  BOOST_TEST((bob.agent->answer(bob.call, sdp, bob.now) == sending::sent));
  bob.look();
  bob.receive(in_dialog("ACK", ringing, 1).text());
  check_all(bob.listen(), {"confirmed 0"});
  bob.end();
}

// "If the remote sequence number was not empty, but the sequence number of the request is lower
// than the remote sequence number, the request is out of order and MUST be rejected with a 500"
// (12.2.2). "It is possible for the CSeq sequence number to be higher […] by more than one."
BOOST_AUTO_TEST_CASE(a_request_out_of_order_is_500_and_the_user_does_not_hear_of_it_12_2_2) {
  bob_of_two bob;
  auto const ok = bob.taken();
  bob.receive(in_dialog("INFO", ok, 7).text());
  check_all(bob.listen(), {"request 0"});
  bob.receive(in_dialog("MESSAGE", ok, 5).text());
  (void)bob.sent_one("500 MESSAGE");
  check_all(bob.listen(), {});
  BOOST_TEST((bob.agent->respond(bob.request, {}, bob.now) == sending::sent));
  (void)bob.sent_one("200 INFO");
  bob.receive(in_dialog("MESSAGE", ok, 8).text());
  check_all(bob.listen(), {"request 0"});
  bob.end();
}

// "The UAS MUST still respond to any pending requests received for that dialog." (15.1.2)
BOOST_AUTO_TEST_CASE(the_user_may_answer_after_the_end_of_the_call_15_1_2) {
  for (bool const ours : {true, false}) {
    bob_of_two bob;
    auto const ok = bob.taken();
    auto const h = bob.call;
    bob.receive(in_dialog("INFO", ok, 2).text());
    auto const asked = bob.request;
    bob.listen();
    if (ours) {
      (void)bob.agent->hang_up(h, bob.now);
      bob.receive(answer(bob.sent_one("BYE"), 200, ""));
      check_all(bob.listen(), {"ended 200"});
    } else {
      bob.receive(in_dialog("BYE", ok, 3).text());
      (void)bob.sent_one("200 BYE");
      check_all(bob.listen(), {"ended 0"});
    }
    BOOST_TEST((bob.agent->respond(asked, {487, {}, {}}, bob.now) == sending::sent));
    BOOST_TEST(value_of(bob.sent_one("487 INFO"), header::to) == value_of(ok, header::to));
    bob.end();
  }
}
// Nothing comes after the last event of a call, though another dialog of it may still be there.
BOOST_AUTO_TEST_CASE(a_request_in_an_early_dialog_after_the_end_of_the_call_is_481_12_2_2) {
  bob_of_two bob;
  auto const invite = bob.place();
  auto const ringing = answer(invite, 180, "a", alices_contact);
  bob.receive(ringing);
  check_all(bob.listen(), {"provisional 180"});
  auto const ok = bob.accept(invite);
  bob.receive(in_callee_dialog("BYE", ok, 1).text());
  (void)bob.sent_one("200 BYE");
  check_all(bob.listen(), {"ended 0"});
  bob.receive(in_callee_dialog("INFO", ringing, 2).text());
  (void)bob.sent_one("481 INFO");
  check_all(bob.listen(), {});
  BOOST_TEST(bob.agent->call_counts().no_dialog == 1u);
  bob.end();
}
BOOST_AUTO_TEST_CASE(what_is_never_answered_in_a_call_is_forgotten_too_and_the_call_goes_on) {
  bob_of_two bob;
  auto const ok = bob.taken();
  bob.receive(in_dialog("INFO", ok, 2).text());
  bob.listen();
  bob.advance(32'000);
  BOOST_TEST(bob.agent->call_counts().unanswered == 1u);
  BOOST_TEST((bob.agent->respond(bob.request, {}, bob.now) == sending::gone));
  check_all(bob.listen(), {});
  BOOST_TEST((bob.agent->state(bob.call) == call_state::established));
  bob.end();
}
// A user who would not hear of it cannot answer it.
BOOST_AUTO_TEST_CASE(events_that_nobody_takes_refuse_a_request_instead_of_losing_it) {
  user_desk<endpoint_size{.requests = 8}> bob;
  strings texts; // what the events are views of
  for (int i = 0; i < 6; ++i)
    texts.push_back(from_alice("MESSAGE", "e" + std::to_string(i)).text());
  for (auto const& text : texts) bob.agent->receive(text, ip(1), transport::udp, bob.now);
  check_all(bob.listen(), {"request 0", "request 0", "request 0", "request 0"});
  check_all(bob.look(), {"503 MESSAGE", "503 MESSAGE"});
  BOOST_TEST(bob.agent->call_counts().refused == 2u);
  BOOST_TEST(bob.agent->call_counts().untold == 0u);
  bob.end();
}

// ---- Whatever comes

// Requests of both sides, in calls of both sides and outside, answered or not, in any order: each
// of ours has one last response, no place is held and nothing is left.
BOOST_AUTO_TEST_CASE(no_sequence_of_requests_leaves_anything_behind) {
  using desk_type =
      user_desk<endpoint_size{.calls = 3, .transactions = 10, .requests = 4}, with_purse>;
  for (unsigned seed = 1; seed <= 300; ++seed) {
    BOOST_TEST_CONTEXT("seed " << seed) {
      std::minstd_rand random{seed};
      auto const draw = [&](unsigned below) { return static_cast<unsigned>(random() % below); };
      desk_type bob;
      address const hops[]{ip(3), ip(4)};
      strings open; // of ours, that may be answered
      std::vector<request_handle> asked, sent;
      std::vector<call_handle> live;
      std::string dialog; // of alice's call
      unsigned cseq = 1, others = 0;
      auto const collect = [&] {
        bob.take();
        for (auto const& w : std::exchange(bob.sent, {})) {
          message const m = read(w.bytes).value;
          if (m.is_request() && m.method() != method::ack) open.push_back(w.bytes);
          if (m.is_response() && m.method() == method::invite && m.status() > 100 &&
              m.status() < 300)
            dialog = w.bytes;
        }
        for (auto const& e : std::exchange(bob.events, {})) {
          if (e.kind == user_event_kind::request) asked.push_back(e.request);
          if (e.kind == user_event_kind::incoming) live.push_back(e.call);
          if (e.kind == user_event_kind::response && e.status >= 200) {
            auto const at = std::find(sent.begin(), sent.end(), e.request);
            BOOST_TEST((at != sent.end()), "a last response to nothing, or a second one");
            if (at != sent.end()) sent.erase(at);
          }
        }
      };
      for (int i = 0; i < 60; ++i) {
        switch (draw(12)) {
        case 0: {
          outgoing_call out{"sip:alice@192.0.2.1", "sip:bob@192.0.2.2", ip(1), transport::udp, sdp};
          if (draw(2)) out.other_hops = hops;
          if (auto const h = bob.agent->call(out, bob.now)) live.push_back(h);
          break;
        }
        case 1: {
          auto r = invite_of_alice();
          r.via += "i" + std::to_string(++others);
          r.call_id += std::to_string(others);
          bob.receive(r.text());
          break;
        }
        case 2: {
          outgoing_request q;
          if (draw(2)) q.other_hops = hops;
          if (auto const h = bob.send(q)) sent.push_back(h);
          break;
        }
        case 3:
        case 4:
          if (live.empty()) break;
          if (auto const h = bob.send_in(live[draw(unsigned(live.size()))],
                                         draw(2) ? method::info : method::refer))
            sent.push_back(h);
          break;
        case 5: {
          auto const text =
              dialog.empty() || draw(3) == 0
                  ? message_from_alice(std::to_string(++others)).text()
                  : in_dialog(draw(8) ? "INFO" : "BYE", dialog, ++cseq, alices_contact).text();
          bob.receive(text);
          if (draw(3) == 0) bob.receive(text);
          break;
        }
        case 6:
          if (asked.empty()) break;
          (void)bob.agent->respond(asked[draw(unsigned(asked.size()))],
                                   {static_cast<status_code>(draw(2) ? 200 : 486), {}, {}},
                                   bob.now);
          break;
        case 7:
          if (live.empty()) break;
          (void)bob.agent->answer(live[draw(unsigned(live.size()))], sdp, bob.now);
          break;
        case 8:
          if (!live.empty() && draw(3) == 0)
            (void)bob.agent->hang_up(live[draw(unsigned(live.size()))], bob.now);
          break;
        case 9: bob.advance(draw(3) ? 300 : 9'000); break;
        default:
          if (open.empty()) break;
          constexpr int statuses[]{100, 180, 200, 200, 401, 401, 407, 408, 481, 486, 503, 503};
          int const status = statuses[draw(12)];
          std::string const nonce = "n" + std::to_string(draw(3));
          bob.receive(answer(open[draw(unsigned(open.size()))], status, draw(3) ? "a" : "b",
                             alices_contact + (status == 401   ? www_challenge(nonce)
                                               : status == 407 ? proxy_challenge(nonce)
                                                               : "")));
          break;
        }
        collect();
      }
      for (auto const h : live) (void)bob.agent->hang_up(h, bob.now);
      for (int i = 0; i < 2'000 && !bob.agent->next_timeout().is_never(); ++i) {
        bob.advance((bob.agent->next_timeout() - bob.now).count);
        collect();
      }
      BOOST_TEST(sent.empty(), "a request of ours without a last response");
      bob.end();
    }
  }
}

// ---- As objects

namespace {

using my = calls<bob_of_two::agent_type>;

struct answering {
  instant now{};
  int requests{}, responses{}, ends{};
  request_handle of_response{};

  void on(my::outgoing&) {}
  void on(my::incoming&) {}
  void on(my::early&) {}
  void on(my::established& c) {
    if (requests == 0) sent = c.request<method::info>({}, now);
  }
  void on(my::ended&) { ++ends; }
  void on(my::request& r, user_event const& e) {
    ++requests;
    BOOST_TEST((r.handle() == e.request));
    BOOST_TEST((r.respond({99, {}, {}}, now) == act_result::refused));
    BOOST_TEST((r.respond({200, {}, {}}, now) == act_result::done));
    BOOST_TEST((r.respond({200, {}, {}}, now) == act_result::gone));
  }
  void on(my::response& r, user_event const& e) {
    ++responses;
    BOOST_TEST((r.handle() == e.request));
    of_response = r.handle();
  }
  request_handle sent{};
};

} // namespace

BOOST_AUTO_TEST_CASE(requests_and_responses_are_objects_with_what_is_legal_for_them) {
  bob_of_two bob;
  answering user;
  user.now = bob.now;
  auto const hear = [&](std::string const& text) {
    bob.agent->receive(text, ip(1), transport::udp, bob.now);
    for (user_event e; bob.agent->poll_event(e);) dispatch(*bob.agent, e, user);
    return bob.look();
  };
  auto const invite = bob.place();
  auto const ok = answer(invite, 200, "alice", alices_contact);
  check_all(hear(ok), {"ACK", "INFO"});
  BOOST_TEST(static_cast<bool>(user.sent));
  auto const info = bob.last[1].bytes;
  check_all(hear(answer(info, 481, "")), {"BYE"});
  BOOST_TEST(user.responses == 1);
  BOOST_TEST((user.of_response == user.sent));
  BOOST_TEST(user.ends == 1);
  check_all(hear(message_from_alice().text()), {"200 MESSAGE"});
  BOOST_TEST(user.requests == 1);
}

BOOST_AUTO_TEST_SUITE_END()
