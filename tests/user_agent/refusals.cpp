// What the endpoint answers by itself when it must refuse, with the header fields that tell the
// other side how to do better, and what it must not refuse. A refusal leaves a call as it is. RFC
// 3261 8.2, 9.2, 11.2, 12.2.2, 21.4.
#include <ctsip/user_agent/endpoint.hpp>

#include <memory>
#include <string>
#include <string_view>

#include <boost/test/unit_test.hpp>

#include "user_agent/dialogs.hpp"

using namespace ctsip;
using namespace ctsip_tests;
using kind = user_event_kind;

namespace {

// Of one more request, which does not make a call: its final response. What is sent to it again
// before its ACK comes is left out.
template <class Desk>
std::string response_to(Desk& bob, request_text const& r, std::string const& expected) {
  bob.look();
  bob.receive(r.text());
  check_sent(bob, {expected});
  auto const response = bob.last.empty() ? std::string{} : bob.last[0].bytes;
  // 8.2.6.2: "the UAS MUST add a tag to the To header field in the response", if there is none.
  BOOST_TEST(!read(response).value.to_tag().empty());
  if (r.method == "INVITE") {
    auto ack = r;
    ack.method = "ACK";
    ack.to = value_of(response, header::to);
    bob.receive(ack.text());
  }
  return response;
}

// A call that nothing of all this has harmed: it can be ended from either side.
template <class Desk>
void check_talking(Desk& bob, unsigned cseq) {
  BOOST_TEST((bob.agent->state(bob.h) == call_state::established));
  check_heard(bob, {});
  bob.look();
  bob.receive(in_dialog("BYE", bob.ok, cseq).text());
  check_sent(bob, {"200 BYE"});
  check_heard(bob, {{kind::ended, 0}});
}

std::string with_max_forwards(request_text const& r, char const* value) {
  auto text = r.text();
  std::string const seventy = "Max-Forwards: 70\r\n";
  return text.replace(text.find(seventy), seventy.size(), value);
}

} // namespace

BOOST_AUTO_TEST_SUITE(user_agent_refusals)

// "If the UAS recognizes but does not support the method of a request, it MUST generate a 405
// (Method Not Allowed) response. [...] The UAS MUST also add an Allow header field to the 405".
BOOST_AUTO_TEST_CASE(a_method_that_is_not_allowed_is_answered_405_with_allow_8_2_1) {
  for (char const* const method :
       {"REGISTER", "SUBSCRIBE", "NOTIFY", "PUBLISH", "INFO", "REFER", "MESSAGE"}) {
    BOOST_TEST_CONTEXT(method) {
      answered_call bob;
      std::string const refused = std::string{"405 "} + method;
      auto const outside = response_to(bob, of(method), refused);
      BOOST_TEST(value_of(outside, header::allow) ==
                 "INVITE, ACK, CANCEL, BYE, OPTIONS, PRACK, UPDATE");
      auto const within = response_to(bob, in_dialog(method, bob.ok, 2), refused);
      BOOST_TEST(value_of(within, header::allow) ==
                 "INVITE, ACK, CANCEL, BYE, OPTIONS, PRACK, UPDATE");
      check_talking(bob, 3);
    }
  }
}

// "This is the appropriate response when a UAS does not recognize the request method" (21.5.2).
BOOST_AUTO_TEST_CASE(a_method_that_nobody_knows_is_answered_501_21_5_2) {
  answered_call bob;
  (void)response_to(bob, of("DANCE"), "501 DANCE");
  (void)response_to(bob, in_dialog("DANCE", bob.ok, 2), "501 DANCE");
  // Methods are case-sensitive (7.1).
  (void)response_to(bob, of("invite"), "501 invite");
  check_talking(bob, 3);
}

// A user agent may allow less than the endpoint can do: what it does not allow is not there.
BOOST_AUTO_TEST_CASE(what_a_user_agent_does_not_allow_is_answered_405_20_5) {
  answered_call<> bob;
  endpoint_settings settings{element_of("192.0.2.2"), "sip:bob@192.0.2.2:5060"};
  settings.element.own.allow = "INVITE, ACK, CANCEL, BYE";
  bob.agent = std::make_unique<endpoint<endpoint_size{}>>(settings);
  for (char const* const method : {"OPTIONS", "UPDATE", "PRACK"}) {
    auto const refused =
        response_to(bob, in_dialog(method, bob.ok, 2), std::string{"405 "} + method);
    BOOST_TEST(value_of(refused, header::allow) == "INVITE, ACK, CANCEL, BYE");
  }
  // And nothing that needs it is offered.
  auto const h = bob.place();
  bob.look();
  BOOST_TEST(static_cast<bool>(h));
  BOOST_TEST(value_of(bob.last[0].bytes, header::allow) == "INVITE, ACK, CANCEL, BYE");
  check_all(all_of(bob.last[0].bytes, header::supported), {"timer"});
}

// "If a UAS does not understand an option-tag listed in a Require header field, it MUST respond by
// generating a response with status code 420 (Bad Extension). The UAS MUST add an Unsupported
// header field, and list in it those options it does not understand amongst those in the Require
// header field of the request."
BOOST_AUTO_TEST_CASE(an_extension_that_is_not_supported_is_answered_420_8_2_2_3) {
  answered_call bob;
  std::string const requires_all =
      "Require: 100rel, precondition\r\nRequire: x-dance, TIMER\r\n" + alices_contact;
  for (char const* const method : {"INVITE", "OPTIONS", "UPDATE", "BYE"}) {
    BOOST_TEST_CONTEXT(method) {
      auto r = in_dialog(method, bob.ok, 2, requires_all);
      auto const within = response_to(bob, r, std::string{"420 "} + method);
      check_all(all_of(within, header::unsupported), {"precondition", "x-dance"});
    }
  }
  auto first = invite_of_alice(requires_all);
  first.call_id = "another";
  first.via += "another";
  auto const outside = response_to(bob, first, "420 INVITE");
  check_all(all_of(outside, header::unsupported), {"precondition", "x-dance"});
  // In a CANCEL "these header fields MUST be ignored"; what proxies must support is not ours.
  auto cancel = first;
  cancel.method = "CANCEL";
  (void)response_to(bob, cancel, "481 CANCEL");
  auto options = of("OPTIONS");
  options.more = "Proxy-Require: x-dance\r\n";
  (void)response_to(bob, options, "200 OPTIONS");
  BOOST_TEST(bob.agent->live_calls() == 1u);
  check_talking(bob, 2); // no number was used up (12.2.2)
}

BOOST_AUTO_TEST_CASE(an_extension_of_ours_may_be_required_8_2_2_3) {
  desk bob;
  bob.receive(invite_of_alice("Require: 100rel\r\nRequire: timer\r\n"
                              "Supported: timer\r\nSession-Expires: 1800\r\n")
                  .text());
  check_heard(bob, {{kind::incoming, 0}});
  (void)bob.ring(bob.call);
  check_sent(bob, {"180 INVITE"});
  check_all(all_of(bob.last[0].bytes, header::require), {"100rel"}); // RFC 3262 3
}

// "If there are any bodies whose type [...] or encoding [...] are not understood, and that body
// part is not optional (as indicated by the Content-Disposition header field), the UAS MUST reject
// the request with a 415 (Unsupported Media Type) response. The response MUST contain an Accept
// header field listing the types of all bodies it understands".
BOOST_AUTO_TEST_CASE(a_body_that_is_not_understood_is_answered_415_with_accept_8_2_3) {
  answered_call bob;
  auto const with_body = [](request_text r, std::string const& fields) {
    r.more += fields;
    r.body = "hello";
    return r;
  };
  std::string const text = "Content-Type: text/plain\r\n";
  for (char const* const method : {"INVITE", "UPDATE", "OPTIONS"}) {
    BOOST_TEST_CONTEXT(method) {
      auto const within =
          response_to(bob, with_body(in_dialog(method, bob.ok, 2, alices_contact), text),
                      std::string{"415 "} + method);
      check_all(all_of(within, header::accept), {"application/sdp"});
    }
  }
  auto first = of("INVITE");
  first.via += "another", first.call_id = "another";
  auto const outside = response_to(bob, with_body(first, text), "415 INVITE");
  check_all(all_of(outside, header::accept), {"application/sdp"});
  // One that is optional is not looked at.
  (void)response_to(bob,
                    with_body(in_dialog("OPTIONS", bob.ok, 3),
                              text + "Content-Disposition: icon;handling=optional\r\n"),
                    "200 OPTIONS");
  check_talking(bob, 4);
}

// "If the Request-URI uses a scheme not supported by the UAS, it SHOULD reject the request with a
// 416 (Unsupported URI Scheme) response."
BOOST_AUTO_TEST_CASE(a_scheme_that_is_not_supported_is_answered_416_8_2_2_1) {
  answered_call bob;
  for (char const* const uri : {"tel:+358-555-1234567", "http://example.com/", "urn:service:sos"}) {
    for (char const* const method : {"INVITE", "OPTIONS"}) {
      auto r = of(method);
      r.uri = uri;
      r.via += "another", r.call_id = "another";
      (void)response_to(bob, r, std::string{"416 "} + method);
    }
    auto within = in_dialog("INVITE", bob.ok, 2, alices_contact);
    within.uri = uri;
    (void)response_to(bob, within, "416 INVITE");
  }
  check_talking(bob, 2);
}

// "a UAS rejecting an offer contained in an INVITE SHOULD return a 488 (Not Acceptable Here)
// response" (13.3.1.3): that is the user's to decide, and the endpoint's where nobody can.
BOOST_AUTO_TEST_CASE(an_offer_is_refused_488_by_the_user_13_3_1_3) {
  desk bob;
  bob.receive(invite_of_alice().text());
  BOOST_TEST((bob.reject(bob.call, 488) == sending::sent));
  check_sent(bob, {"488 INVITE"});
  BOOST_TEST(bob.agent->live_calls() == 0u);
}

// A CANCEL of nothing (9.2), and a PRACK of a dialog that is there for a response that is not (RFC
// 3262 3).
BOOST_AUTO_TEST_CASE(each_481_is_counted) {
  desk bob;
  (void)response_to(bob, of("CANCEL"), "481 CANCEL");
  BOOST_TEST(bob.agent->call_counts().no_dialog == 1u);
  bob.receive(invite_of_alice().text());
  (void)bob.answer(bob.call);
  check_sent(bob, {"200 INVITE"});
  auto const ok = bob.last[0].bytes;
  bob.receive(in_dialog("ACK", ok, 1).text());
  (void)response_to(bob, in_dialog("PRACK", ok, 2, "RAck: 1 1 INVITE\r\n"), "481 PRACK");
  BOOST_TEST(bob.agent->call_counts().no_dialog == 2u);
}

// "If the UAS wishes to reject the request because it does not wish to recreate the dialog, it MUST
// respond to the request with a 481 (Call/Transaction Does Not Exist) status code".
BOOST_AUTO_TEST_CASE(a_request_in_a_dialog_that_is_not_there_is_answered_481_12_2_2) {
  for (char const* const method : {"INVITE", "UPDATE", "OPTIONS", "BYE", "PRACK"}) {
    BOOST_TEST_CONTEXT(method) {
      desk bob;
      auto r = of(method);
      r.to += ";tag=gone";
      r.more = alices_contact + "RAck: 1 1 INVITE\r\n";
      (void)response_to(bob, r, std::string{"481 "} + method);
      BOOST_TEST(bob.agent->call_counts().no_dialog == 1u);
      bob.settle();
      BOOST_TEST(bob.idle());
    }
  }
  // What lives in dialogs only needs one (RFC 3262 3, RFC 3311 5.1, RFC 3261 15.1.2).
  for (char const* const method : {"UPDATE", "BYE", "PRACK"}) {
    desk bob;
    auto r = of(method);
    r.more = alices_contact + "RAck: 1 1 INVITE\r\n";
    (void)response_to(bob, r, std::string{"481 "} + method);
  }
  // An ACK is never answered (17): one that fits nothing is dropped.
  desk bob;
  auto ack = of("ACK");
  ack.to += ";tag=gone";
  bob.receive(ack.text());
  check_sent(bob, {});
  check_heard(bob, {});
}

// "If a PRACK request is received by the UA core that does not match any unacknowledged reliable
// provisional response, the UAS MUST respond to the PRACK with a 481 response."
BOOST_AUTO_TEST_CASE(a_prack_that_acknowledges_nothing_is_answered_481_rfc_3262_3) {
  desk bob;
  bob.receive(invite_of_alice("Supported: 100rel\r\n").text());
  (void)bob.agent->ring(bob.call, bob.now, 183, {}, reliability::reliable);
  check_sent(bob, {"183 INVITE"});
  auto const ringing = bob.last[0].bytes;
  auto const rseq = *read(ringing).value.rseq();
  auto const prack = [&](unsigned cseq, std::uint32_t which, char const* rest) {
    return in_dialog("PRACK", ringing, cseq, "RAck: " + std::to_string(which) + rest + "\r\n");
  };
  (void)response_to(bob, prack(2, rseq + 1, " 1 INVITE"), "481 PRACK");
  (void)response_to(bob, prack(3, rseq, " 2 INVITE"), "481 PRACK");
  (void)response_to(bob, prack(5, rseq, " 1 INVITE"), "200 PRACK");
  check_heard(bob, {{kind::incoming, 0}, {kind::acknowledged, 0}});
  (void)response_to(bob, prack(6, rseq, " 1 INVITE"), "481 PRACK");
  check_heard(bob, {});
}

// "If the UAS did not find a matching transaction for the CANCEL according to the procedure above,
// it SHOULD respond to the CANCEL with a 481": its branch and its sent-by name the transaction
// (17.2.3).
BOOST_AUTO_TEST_CASE(a_cancel_that_names_another_transaction_is_answered_481_9_2) {
  auto const first = invite_of_alice();
  for (char const* const via :
       {"SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1x", "SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK",
        "SIP/2.0/UDP 192.0.2.66;branch=z9hG4bK1", "SIP/2.0/UDP 192.0.2.1:5061;branch=z9hG4bK1"}) {
    BOOST_TEST_CONTEXT(via) {
      desk bob;
      bob.receive(first.text());
      check_heard(bob, {{kind::incoming, 0}});
      auto cancel = first;
      cancel.method = "CANCEL";
      cancel.more = {}, cancel.body = {};
      cancel.via = via;
      bool const malformed = cancel.via.ends_with("z9hG4bK"); // 8.1.1.7
      (void)response_to(bob, cancel, malformed ? "400 CANCEL" : "481 CANCEL");
      BOOST_TEST((bob.agent->state(bob.call) == call_state::incoming));
      check_heard(bob, {});
      BOOST_TEST((bob.answer(bob.call) == sending::sent));
    }
  }
}

// "If the From tag, Call-ID, and CSeq exactly match those associated with an ongoing transaction,
// but the request does not match that transaction [...], the UAS core SHOULD generate a 482 (Loop
// Detected) response".
BOOST_AUTO_TEST_CASE(a_call_that_comes_over_a_second_path_is_answered_482_8_2_2_2) {
  desk bob;
  auto const first = invite_of_alice();
  auto second = first;
  second.via = "SIP/2.0/UDP 192.0.2.9;branch=z9hG4bKp2";
  second.uri = "sip:bob@other.example.com";
  bob.receive(first.text());
  auto const h = bob.call;
  check_heard(bob, {{kind::incoming, 0}});
  // While it rings, and when it is answered.
  for (bool const answered : {false, true}) {
    if (answered) BOOST_TEST((bob.answer(h) == sending::sent));
    bob.look();
    (void)response_to(bob, second, "482 INVITE");
    check_heard(bob, {});
    // A CANCEL of that branch is for that branch.
    auto cancel = second;
    cancel.method = "CANCEL";
    (void)response_to(bob, cancel, "481 CANCEL");
    BOOST_TEST((bob.agent->state(h) != call_state::ended));
  }
  BOOST_TEST(bob.agent->live_calls() == 1u);
  // With another number it is a new request (of a caller who was challenged, 22.2).
  second.cseq = 2;
  bob.receive(second.text());
  check_heard(bob, {{kind::incoming, 0}});
  BOOST_TEST(bob.agent->live_calls() == 2u);
}

// "A proxy should not forward the request and should respond 483 (Too Many Hops). An endpoint
// should process the request as if the Max-Forwards field value were still positive."
BOOST_AUTO_TEST_CASE(a_request_at_its_last_hop_is_taken_rfc_4475_3_3_11) {
  for (char const* const hops : {"Max-Forwards: 0\r\n", "Max-Forwards: 255\r\n", ""}) {
    desk bob;
    bob.receive(with_max_forwards(of("OPTIONS"), hops));
    auto first = invite_of_alice();
    first.via += "2", first.cseq = 2;
    bob.receive(with_max_forwards(first, hops));
    (void)bob.answer(bob.call);
    check_sent(bob, {"200 OPTIONS", "200 INVITE"});
    auto const ok = bob.last[1].bytes;
    bob.receive(with_max_forwards(in_dialog("ACK", ok, 2), hops));
    bob.receive(with_max_forwards(in_dialog("BYE", ok, 3), hops));
    check_sent(bob, {"200 BYE"});
    check_heard(bob, {{kind::incoming, 0}, {kind::confirmed, 0}, {kind::ended, 0}});
  }
}

// "An OPTIONS request received within a dialog generates a 200 (OK) response that is identical to
// one constructed outside a dialog and does not have any impact on the dialog."
BOOST_AUTO_TEST_CASE(options_within_a_dialog_is_answered_as_outside_11_2) {
  answered_call bob;
  auto const outside = response_to(bob, of("OPTIONS"), "200 OPTIONS");
  auto const within = response_to(bob, in_dialog("OPTIONS", bob.ok, 2), "200 OPTIONS");
  for (header const h : {header::allow, header::accept, header::supported, header::contact}) {
    BOOST_TEST(!value_of(outside, h).empty());
    BOOST_TEST(value_of(outside, h) == value_of(within, h));
  }
  check_all(all_of(within, header::supported), {"100rel", "timer"});
  BOOST_TEST(read(within).value.to_tag() == read(bob.ok).value.to_tag());
  check_talking(bob, 3);
}

// "Note that request processing is atomic. If a request is accepted, all state changes associated
// with it MUST be performed. If it is rejected, all state changes MUST NOT be performed."
BOOST_AUTO_TEST_CASE(no_refusal_harms_the_call_8_2) {
  answered_call bob;
  int n = 0;
  auto const talk = [&](char const* more, std::string const& body = "") {
    auto r = in_dialog("INVITE", bob.ok, 2, alices_contact + more);
    r.via += std::to_string(++n);
    r.body = body;
    return r;
  };
  (void)response_to(bob, talk("Require: x-dance\r\n"), "420 INVITE");
  (void)response_to(bob, talk("Content-Type: text/plain\r\n", "hello"), "415 INVITE");
  (void)response_to(bob, talk("", "no type"), "400 INVITE");
  (void)response_to(bob, talk("Accept: text/plain\r\n"), "406 INVITE");
  (void)response_to(bob, talk("Session-Expires: 60\r\nSupported: timer\r\n"), "422 INVITE");
  auto old = talk("");
  old.cseq = 0;
  (void)response_to(bob, old, "500 INVITE");
  auto broken = talk("");
  broken.version = "SIP/3.0";
  (void)response_to(bob, broken, "505 INVITE");
  BOOST_TEST(bob.agent->live_calls() == 1u);
  // And it can be modified still.
  bob.receive(with_offer(in_dialog("INVITE", bob.ok, 7, alices_contact)).text());
  check_heard(bob, {{kind::modification, 0}});
  BOOST_TEST((bob.agent->accept_modification(bob.h, sdp, bob.now) == sending::sent));
  check_sent(bob, {"200 INVITE"});
  bob.receive(in_dialog("ACK", bob.ok, 7).text());
  bob.listen();
  check_talking(bob, 8);
}

// The same request has the same answer, with the same tag, also without a transaction (8.2.7).
BOOST_AUTO_TEST_CASE(a_refusal_is_the_same_each_time_8_2_7) {
  for (char const* const more : {"Require: x-dance\r\n", "Content-Type: text/plain\r\n"}) {
    desk bob;
    auto r = of("INVITE");
    r.more += more;
    r.body = "hello";
    for (int i = 0; i < 3; ++i) bob.receive(r.text());
    bob.look();
    BOOST_TEST_REQUIRE(bob.last.size() == 3u);
    BOOST_TEST(bob.last[0].bytes == bob.last[1].bytes);
    BOOST_TEST(bob.last[0].bytes == bob.last[2].bytes);
    BOOST_TEST(bob.agent->counts().rejected == 3u);
    BOOST_TEST(bob.idle());
  }
}

// "Allow, Accept, Accept-Encoding, Accept-Language, and Supported header fields SHOULD
// be present in a 200 (OK) response to an OPTIONS request."
BOOST_AUTO_TEST_CASE(options_says_which_encodings_are_understood_11_2) {
  desk bob;
  bob.receive(of("OPTIONS").text());
  check_sent(bob, {"200 OPTIONS"});
  check_all(all_of(bob.last[0].bytes, header::accept_encoding), {"identity"});
}

// "If the request contained content encodings not understood by the UAS, the response
// MUST contain an Accept-Encoding header field listing the encodings understood by the UAS."
BOOST_AUTO_TEST_CASE(
    an_encoding_that_is_not_understood_is_answered_415_with_accept_encoding_8_2_3) {
  desk bob;
  bob.receive(invite_of_alice("Content-Encoding: gzip\r\n").text());
  check_sent(bob, {"415 INVITE"});
  check_all(all_of(bob.last[0].bytes, header::accept_encoding), {"identity"});
}

// "A matching PRACK is defined as one within the same dialog as the response, and
// whose method, CSeq-num, and response-num in the RAck header field match, respectively, the method
// from the CSeq, the sequence number from the CSeq, and the sequence number from the RSeq of the
// reliable provisional response."
BOOST_AUTO_TEST_CASE(a_prack_for_another_method_is_answered_481_rfc_3262_3) {
  desk bob;
  bob.receive(invite_of_alice("Supported: 100rel\r\n").text());
  (void)bob.agent->ring(bob.call, bob.now, 183, {}, reliability::reliable);
  check_sent(bob, {"183 INVITE"});
  auto const rseq = value_of(bob.last[0].bytes, header::rseq);
  bob.receive(in_dialog("PRACK", bob.last[0].bytes, 2, "RAck: " + rseq + " 1 UPDATE\r\n").text());
  check_sent(bob, {"481 PRACK"});
}

// "Regardless of the method of the original request, as long as the CANCEL matched an
// existing transaction, the UAS answers the CANCEL request itself with a 200 (OK) response." A
// CANCEL is hop-by-hop: that another one with the same From tag, Call-ID and CSeq has come over
// another path, or was forged, is no loop.
BOOST_AUTO_TEST_CASE(a_cancel_takes_effect_although_another_one_was_refused_9_2) {
  desk bob;
  auto const first = invite_of_alice();
  bob.receive(first.text());
  auto cancel = first;
  cancel.method = "CANCEL";
  cancel.more = {}, cancel.body = {};
  auto forged = cancel;
  forged.via = "SIP/2.0/UDP 192.0.2.66;branch=z9hG4bKforged";
  bob.receive(forged.text(), ip(66));
  check_sent(bob, {"481 CANCEL"});
  bob.receive(cancel.text());
  check_sent(bob, {"200 CANCEL", "487 INVITE"});
  check_heard(bob, {{kind::incoming, 0}, {kind::cancelled, 0}});
}

// Table 2: Content-Type, -Encoding and -Disposition are "not applicable" to a CANCEL. "If one is
// placed in a request by mistake, it MUST be ignored by the UAS receiving the request." Who sends
// it has hung up: refused, it would leave the call ringing.
BOOST_AUTO_TEST_CASE(a_cancel_is_not_refused_for_its_body_20) {
  std::string const isup = "Content-Type: application/isup\r\n";
  std::string const repeated = "Session-Expires: 90\r\nSession-Expires: 90\r\n";
  for (auto const& fields : {isup, isup + isup, std::string{}, std::string{"Content-Type: ?\r\n"},
                             isup + "Content-Encoding: gzip\r\n", repeated})
    for (std::string const body : {"", "hello"}) {
      BOOST_TEST_CONTEXT(fields << body) {
        desk bob;
        auto const first = invite_of_alice();
        bob.receive(first.text());
        (void)bob.ring(bob.call);
        bob.look();
        auto cancel = first;
        cancel.method = "CANCEL";
        cancel.more = fields, cancel.body = body;
        bob.receive(cancel.text());
        check_sent(bob, {"200 CANCEL", "487 INVITE"});
        check_heard(bob, {{kind::incoming, 0}, {kind::cancelled, 0}});
      }
    }
}

BOOST_AUTO_TEST_SUITE_END()
