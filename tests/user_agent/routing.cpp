// Where the messages of a call go, and what they say of the way: Record-Route and Route, the remote
// target, received and rport. RFC 3261 12.1, 12.2, 13.2.2.4, 18.2.2, RFC 3581.
#include <ctsip/user_agent/endpoint.hpp>

#include <span>
#include <string>
#include <string_view>
#include <utility>

#include <boost/test/unit_test.hpp>

#include "user_agent/dialogs.hpp"

using namespace ctsip;
using namespace ctsip_tests;
using kind = user_event_kind;

namespace {

std::string const p1 = "<sip:192.0.2.11;lr>";
std::string const p2 = "<sip:p2.example.com;lr;ftag=a1>";
std::string const p3 = "\"P 3\" <sip:192.0.2.13:5070;lr;transport=udp>;x=y";

std::string record_route(std::string const& list) { return "Record-Route: " + list + "\r\n"; }

std::string via_of(std::string_view text) { return value_of(text, header::via); }

// Alice's 1xx or 2xx with a session description.
std::string with_session(std::string_view invite, int status, std::string const& more) {
  return answer(invite, status, "alice",
                more + "Allow: INVITE, ACK, BYE, UPDATE, PRACK\r\n"
                       "Content-Type: application/sdp\r\n",
                "v=0\r\n");
}

void check_routed(wired const& w, std::string const& start_line, address const& to,
                  strings const& routes) {
  BOOST_TEST(first_line(w.bytes) == start_line + " SIP/2.0");
  BOOST_TEST((w.to == to), to_text(w.to).view() << ':' << w.to.port);
  check_all(all_of(w.bytes, header::route), routes);
}

// The message of that kind that was sent last, of those seen at the last look.
template <class Desk>
wired latest(Desk const& agent, std::string const& what) {
  wired found{};
  for (auto const& w : agent.last)
    if (summary(w.bytes) == what) found = w;
  BOOST_TEST(!found.bytes.empty(), what);
  return found;
}

} // namespace

BOOST_AUTO_TEST_SUITE(user_agent_routing)

// "When a UAS responds to a request with a response that establishes a dialog (such as a 2xx to
// INVITE), the UAS MUST copy all Record-Route header field values from the request into the
// response (including the URIs, URI parameters, and any Record-Route header field parameters,
// whether they are known or unknown to the UAS) and MUST maintain the order of those values."
BOOST_AUTO_TEST_CASE(each_response_that_makes_a_dialog_has_the_record_route_in_order_12_1_1) {
  desk bob;
  bob.receive(
      invite_of_alice("Supported: 100rel\r\n" + record_route(p1 + ", " + p2) + record_route(p3))
          .text());
  (void)bob.ring(bob.call);
  (void)bob.agent->ring(bob.call, bob.now, 183, {}, reliability::reliable);
  check_sent(bob, {"180 INVITE", "183 INVITE"});
  auto const early = bob.last;
  auto const rseq = value_of(early[1].bytes, header::rseq);
  bob.receive(in_dialog("PRACK", early[1].bytes, 2, "RAck: " + rseq + " 1 INVITE\r\n").text());
  (void)bob.answer(bob.call);
  check_sent(bob, {"200 PRACK", "200 INVITE"});
  for (auto const& w : {early[0], early[1], bob.last[1]})
    check_all(all_of(w.bytes, header::record_route), {p1, p2, p3});
}

// "The route set MUST be set to the list of URIs in the Record-Route header field from the
// response, taken in reverse order and preserving all URI parameters."
BOOST_AUTO_TEST_CASE(every_request_of_the_caller_has_the_route_set_in_reverse_order_12_1_2) {
  placed_call bob{alices_contact + record_route(p1) + record_route(p2 + ", " + p3)};
  address const first = ip(13, 5070);
  strings const routes{"<sip:192.0.2.13:5070;lr;transport=udp>", p2, p1};
  auto const check = [&](std::string const& method) {
    auto const sent = latest(bob, method);
    BOOST_TEST(first_line(sent.bytes) == method + " sip:alice@192.0.2.1:5066 SIP/2.0");
    BOOST_TEST((sent.to == first));
    strings uris;
    for (auto const& r : all_of(sent.bytes, header::route))
      uris.push_back('<' + std::string{name_addr_view{r}.uri()} + '>');
    check_all(uris, routes);
  };
  check("ACK");
  BOOST_TEST((bob.agent->modify(bob.h, sdp, bob.now) == sending::sent));
  check_sent(bob, {"INVITE"});
  check("INVITE");
  bob.receive(with_session(bob.last[0].bytes, 200, ""));
  check_sent(bob, {"ACK"});
  check("ACK");
  (void)bob.hang_up(bob.h);
  check_sent(bob, {"BYE"});
  check("BYE");
}

// "the route set for the dialog MUST be recomputed based on the 2xx response" (13.2.2.4).
BOOST_AUTO_TEST_CASE(the_2xx_has_the_last_word_on_the_route_set_13_2_2_4) {
  for (std::string const& confirmed : {record_route(p2 + ", " + p1), std::string{}}) {
    desk bob;
    auto const h = bob.place();
    bob.look();
    auto const invite = bob.last[0].bytes;
    bob.receive(with_session(invite, 183,
                             "Contact: <sip:early@192.0.2.1>\r\nRequire: 100rel\r\nRSeq: 5\r\n" +
                                 record_route("<sip:192.0.2.19;lr>")));
    check_sent(bob, {"PRACK"});
    check_routed(bob.last[0], "PRACK sip:early@192.0.2.1", ip(19), {"<sip:192.0.2.19;lr>"});
    bob.receive(answer(bob.last[0].bytes, 200, ""));
    // An UPDATE in the early dialog goes the early way, too.
    BOOST_TEST((bob.agent->modify(h, sdp, bob.now) == sending::sent));
    check_sent(bob, {"UPDATE"});
    check_routed(bob.last[0], "UPDATE sip:early@192.0.2.1", ip(19), {"<sip:192.0.2.19;lr>"});
    bob.receive(with_session(bob.last[0].bytes, 200, ""));
    bob.receive(answer(invite, 200, "alice", alices_contact + confirmed));
    (void)bob.hang_up(h);
    check_sent(bob, {"ACK", "BYE"});
    for (auto const& w : bob.last) {
      std::string const method = summary(w.bytes);
      if (confirmed.empty())
        check_routed(w, method + " sip:alice@192.0.2.1:5066", ip(1, 5066), {});
      else
        check_routed(w, method + " sip:alice@192.0.2.1:5066", ip(11), {p1, p2});
    }
  }
}

// "For example, if the remote target is sip:user@remoteua and the route set contains:
// <sip:proxy1>,<sip:proxy2>,<sip:proxy3;lr>,<sip:proxy4>. The request will be formed with the
// following Request-URI and Route header field: METHOD sip:proxy1, Route:
// <sip:proxy2>,<sip:proxy3;lr>,<sip:proxy4>,<sip:user@remoteua>".
BOOST_AUTO_TEST_CASE(the_strict_router_of_the_rfc_from_either_side_12_2_1_1) {
  strings const rest{"<sip:proxy2>", "<sip:proxy3;lr>", "<sip:proxy4>", "<sip:user@remoteua>"};
  std::string const target = "Contact: <sip:user@remoteua>\r\n";
  auto first = invite_of_alice();
  first.more = target + record_route("<sip:proxy1>,<sip:proxy2>,<sip:proxy3;lr>,<sip:proxy4>") +
               "Content-Type: application/sdp\r\n";
  answered_call callee{first};
  (void)callee.hang_up(callee.h);
  check_sent(callee, {"BYE"});
  check_routed(callee.last[0], "BYE sip:proxy1", ip(1), rest);
  placed_call caller{target +
                     record_route("<sip:proxy4>,<sip:proxy3;lr>,<sip:proxy2>,<sip:proxy1>")};
  check_routed(caller.last[0], "ACK sip:proxy1", ip(1), rest);
  (void)caller.hang_up(caller.h);
  check_sent(caller, {"BYE"});
  check_routed(caller.last[0], "BYE sip:proxy1", ip(1), rest);
}

// "stripping any parameters that are not allowed in a Request-URI" (12.2.1.1): by the table of
// 19.1.1 that is the method; headers are no parameters, and not allowed either.
BOOST_AUTO_TEST_CASE(a_strict_routers_uri_loses_what_a_request_uri_may_not_have_19_1_1) {
  placed_call bob{
      alices_contact +
      record_route("<sip:p@192.0.2.13:5070;method=INVITE;transport=udp;x=y?Subject=z>")};
  check_routed(bob.last[0], "ACK sip:p@192.0.2.13:5070;transport=udp;x=y", ip(13, 5070),
               {"<sip:alice@192.0.2.1:5066>"});
}

// "When a UAS receives a target refresh request, it MUST replace the dialog's remote target URI
// with the URI from the Contact header field in that request, if present" (12.2.2); of the route
// set 12.2 says: "Target refresh requests [...] only update the dialog's remote target URI, and
// not the route set formed from the Record-Route."
BOOST_AUTO_TEST_CASE(their_target_refresh_replaces_the_target_and_not_the_route_set_12_2) {
  for (char const* const method : {"INVITE", "UPDATE"}) {
    for (bool const accepts : {true, false}) {
      BOOST_TEST_CONTEXT(method << (accepts ? " accepted" : " refused")) {
        answered_call bob{invite_of_alice(record_route(p1 + ", " + p2))};
        auto const refresh = with_offer(
            in_dialog(method, bob.ok, 2,
                      "Contact: <sip:moved@192.0.2.8>\r\n" + record_route("<sip:192.0.2.66;lr>")));
        bob.receive(refresh.text());
        check_heard(bob, {{kind::modification, 0}});
        // "If the request is rejected, none of the state changes are performed."
        BOOST_TEST(
            ((accepts ? bob.agent->accept_modification(bob.h, sdp, bob.now)
                      : bob.agent->reject_modification(bob.h, 488, bob.now)) == sending::sent));
        bob.receive(in_dialog("ACK", bob.ok, 2).text());
        bob.look();
        (void)bob.hang_up(bob.h);
        check_sent(bob, {"BYE"});
        check_routed(bob.last[0],
                     accepts ? "BYE sip:moved@192.0.2.8" : "BYE sip:alice@192.0.2.1:5066", ip(11),
                     {p1, p2});
      }
    }
  }
}

// "requests that are not target refresh requests do not affect the remote target URI" (12.2.1.1).
BOOST_AUTO_TEST_CASE(the_contact_of_another_request_is_no_new_target_12_2) {
  answered_call bob;
  bob.receive(in_dialog("OPTIONS", bob.ok, 2, "Contact: <sip:mallory@192.0.2.66>\r\n").text());
  check_sent(bob, {"200 OPTIONS"});
  (void)bob.hang_up(bob.h);
  check_sent(bob, {"BYE"});
  check_routed(bob.last[0], "BYE sip:alice@192.0.2.1:5066", ip(1, 5066), {});
}

// "When a UAC receives a 2xx response to a target refresh request, it MUST replace the dialog's
// remote target URI with the URI from the Contact header field in that response, if present."
BOOST_AUTO_TEST_CASE(the_2xx_to_our_target_refresh_replaces_the_target_12_2_1_2) {
  struct {
    char const* more;
    int status;
    char const* target;
    address to;
  } const cases[] = {
      {"Contact: <sip:moved@192.0.2.8>\r\nRecord-Route: <sip:192.0.2.66;lr>\r\n", 200,
       "sip:moved@192.0.2.8", ip(8)},
      {"", 200, "sip:alice@192.0.2.1:5066", ip(1, 5066)},
      {"Contact: <sip:moved@192.0.2.8>\r\n", 488, "sip:alice@192.0.2.1:5066", ip(1, 5066)}};
  for (auto const& c : cases) {
    BOOST_TEST_CONTEXT(c.status << ' ' << c.more) {
      placed_call bob;
      BOOST_TEST((bob.agent->modify(bob.h, sdp, bob.now) == sending::sent));
      check_sent(bob, {"INVITE"});
      bob.receive(with_session(bob.last[0].bytes, c.status, c.more));
      check_sent(bob, {"ACK"});
      if (c.status == 200) check_routed(bob.last[0], std::string{"ACK "} + c.target, c.to, {});
      (void)bob.hang_up(bob.h);
      check_sent(bob, {"BYE"});
      check_routed(bob.last[0], std::string{"BYE "} + c.target, c.to, {});
    }
  }
}

// A user agent server has no use for the Route of a request (16.4 is a proxy's): it is neither
// answered nor taken for the route set.
BOOST_AUTO_TEST_CASE(the_route_of_a_request_is_not_the_route_set_12_1_1) {
  answered_call bob{invite_of_alice("Route: <sip:192.0.2.2;lr>, <sip:192.0.2.66;lr>\r\n")};
  (void)bob.hang_up(bob.h);
  check_sent(bob, {"BYE"});
  check_routed(bob.last[0], "BYE sip:alice@192.0.2.1:5066", ip(1, 5066), {});
}

BOOST_AUTO_TEST_CASE(a_route_or_target_in_numbers_is_where_the_request_goes_8_1_2) {
  struct {
    char const* fields;
    address to;
  } const cases[] = {
      {"Contact: <sip:alice@192.0.2.1:5066>\r\n", ip(1, 5066)},
      {"Contact: <sip:alice@192.0.2.9>\r\n", ip(9)},
      {"Contact: <sip:192.0.2.9>\r\nRecord-Route: <sip:192.0.2.7:5999;lr>\r\n", ip(7, 5999)},
      {"Contact: <sip:[2001:db8::5]:5070>\r\n", parse_address("2001:db8::5", 5070).value},
      // Names are the caller's to resolve: what has none goes where the call went.
      {"Contact: <sip:192.0.2.9>\r\nRecord-Route: <sip:p.example.com;lr>\r\n", ip(1)},
  };
  for (auto const& c : cases) {
    placed_call bob{c.fields};
    BOOST_TEST((bob.last[0].to == c.to), c.fields);
    BOOST_TEST((bob.last[0].over == transport::udp), c.fields);
  }
}

// Table 1 of RFC 3261 19.1.1 has headers as "not allowed" in a Request-URI, and in the Contact of a
// dialog, where a peer may have them all the same. A "?" in the user part is none.
BOOST_AUTO_TEST_CASE(the_headers_of_a_remote_target_are_not_in_the_request_uri_19_1_1) {
  placed_call bob{"Contact: <sip:a?lice@192.0.2.9;x=y?Subject=lunch&Priority=urgent>\r\n"};
  check_routed(bob.last[0], "ACK sip:a?lice@192.0.2.9;x=y", ip(9), {});
}

// "If the URI specifies a transport protocol in the transport parameter, that transport protocol
// SHOULD be used." TCP stands for TLS in a SIPS URI: "the use of "transport=tls" has consequently
// been deprecated" (RFC 3261 26.2.2).
BOOST_AUTO_TEST_CASE(a_route_or_target_in_numbers_says_over_what_the_request_goes_rfc_3263_4_1) {
  struct {
    char const* fields;
    address to;
    transport over;
  } const cases[] = {
      {"Contact: <sip:alice@192.0.2.9;transport=tcp>\r\n", ip(9), transport::tcp},
      {"Contact: <sip:alice@192.0.2.9:5070;transport=TLS>\r\n", ip(9, 5070), transport::tls},
      {"Contact: <sips:alice@192.0.2.9>\r\n", ip(9, 5061), transport::tls},
      {"Contact: <sips:alice@192.0.2.9;transport=tcp>\r\n", ip(9, 5061), transport::tls},
      {"Contact: <sip:192.0.2.9;transport=tcp>\r\nRecord-Route: <sip:192.0.2.7;lr>\r\n", ip(7),
       transport::udp},
      {"Contact: <sip:192.0.2.9>\r\nRecord-Route: <sip:192.0.2.7;lr;transport=tcp>\r\n", ip(7),
       transport::tcp},
      // One that nobody knows, and a name that the caller has resolved.
      {"Contact: <sip:alice@192.0.2.9;transport=pigeon>\r\n", ip(9), transport::udp},
      {"Contact: <sip:alice@a.example.com;transport=tcp>\r\n", ip(1), transport::udp},
  };
  for (auto const& c : cases) {
    placed_call bob{c.fields};
    BOOST_TEST((bob.last[0].to == c.to), c.fields);
    BOOST_TEST((bob.last[0].over == c.over), c.fields);
    std::string const via = std::string{"SIP/2.0/"} + name(c.over) + " ";
    BOOST_TEST(via_of(bob.last[0].bytes).starts_with(via), c.fields);
  }
}

// "When a server compliant to this specification (which can be a proxy or UAS) receives a request,
// it examines the topmost Via header field value. If this Via header field value contains an
// "rport" parameter with no value, it MUST set the value of the parameter to the source port of the
// request. [...] the server MUST insert a "received" parameter containing the source IP address
// that the request came from, even if it is identical to the value of the "sent-by" component."
BOOST_AUTO_TEST_CASE(a_caller_behind_a_nat_gets_every_response_where_it_called_from_rfc_3581_4) {
  address const outside = ip(77, 40'000);
  std::string const via = "SIP/2.0/UDP 10.0.0.1:5060;rport;branch=z9hG4bKnat";
  std::string const marked =
      "SIP/2.0/UDP 10.0.0.1:5060;rport=40000;branch=z9hG4bKnat;received=192.0.2.77";
  desk bob;
  auto first = invite_of_alice();
  first.via = via;
  bob.receive(first.text(), outside);
  bob.advance(200);
  (void)bob.ring(bob.call);
  bob.receive(first.text(), outside);
  (void)bob.answer(bob.call);
  bob.advance(500);
  check_sent(bob, {"100 INVITE", "180 INVITE", "180 INVITE", "200 INVITE", "200 INVITE"});
  for (auto const& w : bob.last) {
    BOOST_TEST((w.to == outside));
    BOOST_TEST(via_of(w.bytes) == marked);
  }
  auto const ok = bob.last.back().bytes;
  // From another port the same request is answered there where it came from: the mapping of the NAT
  // has changed. The transaction keeps to the first.
  auto bye = in_dialog("BYE", ok, 2);
  bye.via = "SIP/2.0/UDP 10.0.0.1:5060;rport;branch=z9hG4bKbye";
  bob.receive(in_dialog("ACK", ok, 1).text(), outside);
  bob.receive(bye.text(), ip(77, 40'001));
  check_sent(bob, {"200 BYE"});
  BOOST_TEST((bob.last[0].to == ip(77, 40'001)));
  // So are refusals, with a transaction and without.
  auto unknown = in_dialog("BYE", ok, 3);
  unknown.via = "SIP/2.0/UDP 10.0.0.1:5060;rport;branch=z9hG4bKgone";
  bob.receive(unknown.text(), outside);
  unknown.method = "SUBSCRIBE";
  unknown.via += "2";
  bob.receive(unknown.text(), outside);
  check_sent(bob, {"481 BYE", "405 SUBSCRIBE"});
  for (auto const& w : bob.last) BOOST_TEST((w.to == outside));
}

// "if the top Via has a "received" parameter, the response MUST be sent to the address in the
// "received" parameter, using the port indicated in the "sent-by" value, or using port 5060 if none
// is specified explicitly."
BOOST_AUTO_TEST_CASE(without_rport_responses_go_to_the_port_of_the_sent_by_18_2_2) {
  desk bob;
  auto first = invite_of_alice();
  first.via = "SIP/2.0/UDP host.example.com:5066;branch=z9hG4bK1";
  bob.receive(first.text(), ip(77, 40'000));
  (void)bob.answer(bob.call);
  check_sent(bob, {"200 INVITE"});
  BOOST_TEST((bob.last[0].to == ip(77, 5066)));
  BOOST_TEST(read(bob.last[0].bytes).value.top_via().received() == "192.0.2.77");
  BOOST_TEST(!read(bob.last[0].bytes).value.top_via().has_rport());
}

// "A client [...] MAY include an "rport" parameter in the top Via header field value of requests it
// generates. This parameter MUST have no value".
BOOST_AUTO_TEST_CASE(each_request_asks_to_be_answered_where_it_came_from_rfc_3581_3) {
  desk bob;
  auto const h = bob.place();
  bob.look();
  auto const invite = bob.last[0].bytes;
  bob.receive(with_session(invite, 183, alices_contact + "Require: 100rel\r\nRSeq: 1\r\n"));
  check_sent(bob, {"PRACK"});
  auto requests = bob.last;
  bob.receive(answer(requests.back().bytes, 200, ""));
  (void)bob.agent->modify(h, sdp, bob.now);
  check_sent(bob, {"UPDATE"});
  requests.push_back(bob.last[0]);
  bob.receive(with_session(requests.back().bytes, 200, ""));
  bob.receive(answer(invite, 200, "alice", alices_contact));
  check_sent(bob, {"ACK"});
  requests.push_back(bob.last[0]);
  (void)bob.agent->modify(h, sdp, bob.now);
  check_sent(bob, {"INVITE"});
  requests.push_back(bob.last[0]);
  bob.receive(with_session(requests.back().bytes, 200, ""));
  (void)bob.hang_up(h);
  check_sent(bob, {"ACK", "BYE"});
  requests.insert(requests.end(), bob.last.begin(), bob.last.end());
  strings branches{std::string{read(invite).value.top_via().branch()}};
  for (auto const& w : requests) {
    via_view const via = read(w.bytes).value.top_via();
    BOOST_TEST(via.has_rport());
    BOOST_TEST(via.rport().state == number::absent, via_of(w.bytes));
    BOOST_TEST(via.sent_by().host == "192.0.2.2");
    // Each is a transaction of its own (8.1.1.7), the ACK to a 2xx too (13.2.2.4).
    for (auto const& other : branches) BOOST_TEST(via.branch() != other);
    branches.emplace_back(via.branch());
  }
}

// "A CANCEL constructed by a client MUST have only a single Via header field value matching the top
// Via value in the request being cancelled", and so has the ACK to a non-2xx; both go where the
// INVITE went, whatever the responses say.
BOOST_AUTO_TEST_CASE(a_cancel_and_the_ack_to_a_non_2xx_go_the_way_of_the_invite_9_1_17_1_1_3) {
  desk bob;
  auto const h = bob.place();
  bob.look();
  auto const invite = bob.last[0].bytes;
  std::string const elsewhere =
      "Contact: <sip:mallory@192.0.2.66>\r\n" + record_route("<sip:192.0.2.66;lr>");
  bob.receive(answer(invite, 180, "alice", elsewhere));
  (void)bob.hang_up(h);
  bob.receive(answer(invite, 487, "alice", elsewhere));
  check_sent(bob, {"CANCEL", "ACK"});
  for (auto const& w : bob.last) {
    check_routed(w, summary(w.bytes) + " sip:alice@192.0.2.1", ip(1), {});
    check_all(all_of(w.bytes, header::via), {via_of(invite)});
  }
}

// A server adds `received` and `rport` to our Via (18.2.1, RFC 3581 4); what comes back is still
// the answer to our request (17.1.3, 18.1.2), from wherever it comes.
BOOST_AUTO_TEST_CASE(a_response_that_says_where_it_saw_us_is_ours_18_1_2) {
  desk bob;
  auto const h = bob.place();
  bob.look();
  auto const invite = bob.last[0].bytes;
  auto const marked = [&](std::string text) {
    auto const at = text.find(";rport");
    BOOST_REQUIRE(at != std::string::npos);
    text.replace(at, 6, ";received=203.0.113.5;rport=61000");
    return text;
  };
  bob.receive(marked(answer(invite, 180, "alice", alices_contact)), ip(99, 1234));
  BOOST_TEST((bob.agent->state(h) == call_state::early));
  bob.receive(marked(answer(invite, 200, "alice", alices_contact)), ip(99, 1234));
  check_heard(bob, {{kind::provisional, 180}, {kind::answered, 200}});
  check_sent(bob, {"ACK"});
  BOOST_TEST(via_of(bob.last[0].bytes).find("received") == std::string::npos);
  (void)bob.hang_up(h);
  check_sent(bob, {"BYE"});
  bob.receive(marked(answer(bob.last[0].bytes, 200, "alice")), ip(99, 1234));
  check_heard(bob, {{kind::ended, 200}});
  BOOST_TEST(bob.agent->counts().stray == 0u);
}

// The same for 2xx that go astray: each repetition goes where the first went.
BOOST_AUTO_TEST_CASE(a_2xx_is_repeated_to_where_the_first_went_13_3_1_4) {
  desk bob;
  auto first = invite_of_alice();
  first.via = "SIP/2.0/UDP 192.0.2.1;maddr=192.0.2.44;branch=z9hG4bK1";
  bob.receive(first.text());
  (void)bob.answer(bob.call);
  bob.advance(3'500);
  check_sent(bob, {"200 INVITE", "200 INVITE", "200 INVITE", "200 INVITE"});
  for (auto const& w : bob.last) BOOST_TEST((w.to == ip(44)));
}

// ---- A route and next hops of the caller's own

namespace {

call_handle place(desk<>& bob, std::span<std::string_view const> route_set,
                  std::span<address const> other_hops, address const& first) {
  outgoing_call out;
  out.target = "sip:alice@example.com";
  out.from = "sip:bob@192.0.2.2";
  out.next_hop = first;
  out.offer = sdp;
  out.route_set = route_set;
  out.other_hops = other_hops;
  auto const h = bob.agent->call(out, bob.now);
  bob.take();
  return h;
}

} // namespace

// "If the request being cancelled contains a Route header field, the CANCEL request MUST include
// that Route header field's values" (9.1); 17.1.1.3 has the same for the ACK to a non-2xx. The
// dialog has the route set of its Record-Route all the same (12.1.2).
BOOST_AUTO_TEST_CASE(
    an_invite_by_a_route_of_the_caller_takes_its_cancel_and_ack_along_9_1_17_1_1_3) {
  std::string_view const route_set[] = {"<sip:192.0.2.30;lr>", "<sip:p2.example.com;lr>"};
  strings const routes{"<sip:192.0.2.30;lr>", "<sip:p2.example.com;lr>"};
  desk bob;
  auto h = place(bob, route_set, {}, ip(30));
  check_sent(bob, {"INVITE"});
  check_routed(bob.last[0], "INVITE sip:alice@example.com", ip(30), routes);
  auto invite = bob.last[0].bytes;
  bob.receive(answer(invite, 180, "alice", alices_contact));
  (void)bob.hang_up(h);
  bob.receive(answer(invite, 487, "alice"));
  check_sent(bob, {"CANCEL", "ACK"});
  for (auto const& w : bob.last)
    check_routed(w, summary(w.bytes) + " sip:alice@example.com", ip(30), routes);
  // An answered one.
  h = place(bob, route_set, {}, ip(30));
  check_sent(bob, {"INVITE"});
  invite = bob.last[0].bytes;
  bob.receive(answer(invite, 200, "alice", alices_contact + record_route(p1)));
  (void)bob.hang_up(h);
  check_sent(bob, {"ACK", "BYE"});
  for (auto const& w : bob.last)
    check_routed(w, summary(w.bytes) + " sip:alice@192.0.2.1:5066", ip(11), {p1});
}

// "failure occurs if the transaction layer reports a 503 error response or a transport failure of
// some sort [...] Failure also occurs if the transaction layer times out without ever having
// received any response [...]. If a failure occurs, the client SHOULD create a new request, which
// is identical to the previous, but has a different value of the Via branch ID than the previous".
BOOST_AUTO_TEST_CASE(a_call_whose_next_hop_fails_goes_to_the_next_one_rfc_3263_4_3) {
  address const others[] = {ip(42), ip(43), ip(44)};
  desk bob;
  auto const h = place(bob, {}, others, ip(41));
  check_sent(bob, {"INVITE"});
  auto const first = bob.last[0];
  BOOST_TEST((first.to == ip(41)));
  // A 503, no response at all, an error of the transport.
  bob.receive(answer(first.bytes, 503, "x"));
  check_sent(bob, {"ACK", "INVITE"});
  BOOST_TEST((bob.last[0].to == ip(41)));
  auto const second = bob.last[1];
  BOOST_TEST((second.to == ip(42)));
  bob.advance(32'000);
  bob.look();
  auto const third = bob.last.back();
  BOOST_TEST((third.to == ip(43)));
  bob.agent->handle_transport_error(third.unsent, bob.now);
  check_sent(bob, {"INVITE"});
  auto const fourth = bob.last[0];
  BOOST_TEST((fourth.to == ip(44)));
  strings branches;
  for (auto const* const w : {&first, &second, &third, &fourth}) {
    message const m = read(w->bytes).value;
    BOOST_TEST(m.call_id() == read(first.bytes).value.call_id());
    BOOST_TEST(m.from_tag() == read(first.bytes).value.from_tag());
    BOOST_TEST(m.cseq().number == 1u);
    BOOST_TEST(m.body() == read(first.bytes).value.body());
    for (auto const& other : branches) BOOST_TEST(m.top_via().branch() != other);
    branches.emplace_back(m.top_via().branch());
  }
  check_heard(bob, {}); // nothing of all this is the user's
  // What the first ones say late is nothing to the call.
  bob.receive(answer(second.bytes, 180, "late", alices_contact));
  BOOST_TEST((bob.agent->state(h) == call_state::outgoing));
  bob.receive(answer(fourth.bytes, 200, "alice", "Contact: <sip:alice@phone.example.com>\r\n"));
  check_heard(bob, {{kind::answered, 200}});
  check_sent(bob, {"ACK"});
  BOOST_TEST((bob.last[0].to == ip(44)));
  (void)bob.hang_up(h);
  check_sent(bob, {"BYE"});
  BOOST_TEST((bob.last[0].to == ip(44)));
}

BOOST_AUTO_TEST_CASE(when_the_last_next_hop_fails_the_call_does_rfc_3263_4_3) {
  address const others[] = {ip(42)};
  desk bob;
  (void)place(bob, {}, others, ip(41));
  bob.look();
  bob.receive(answer(bob.last[0].bytes, 503, "x"));
  bob.look();
  bob.receive(answer(bob.last[1].bytes, 503, "x"));
  check_sent(bob, {"ACK"});
  check_heard(bob, {{kind::rejected, 503}});
  // A refusal by somebody who is there is no failure.
  for (int const status : {302, 404, 480, 486, 500, 504, 600}) {
    (void)place(bob, {}, others, ip(41));
    bob.look();
    bob.receive(answer(bob.last[0].bytes, status, "x"));
    check_sent(bob, {"ACK"});
    check_heard(bob, {{kind::rejected, status}});
  }
  // Nor does anybody who is told to give up look for another one.
  auto const h = place(bob, {}, others, ip(41));
  bob.look();
  (void)bob.hang_up(h);
  bob.receive(answer(bob.last[0].bytes, 503, "x"));
  check_sent(bob, {"ACK"});
  check_heard(bob, {{kind::rejected, 503}});
  bob.settle();
  BOOST_TEST(bob.idle());
}

// "We define TARGET as the value of the maddr parameter of the URI, if present,
// otherwise, the host value of the hostport component of the URI" (RFC 3263 4, by 8.1.2).
BOOST_AUTO_TEST_CASE(the_maddr_of_a_route_or_target_is_where_the_request_goes_rfc_3263_4) {
  placed_call target{"Contact: <sip:alice@phone.example.com:5070;maddr=192.0.2.9>\r\n"};
  BOOST_TEST((target.last[0].to == ip(9, 5070)));
  placed_call route{alices_contact + "Record-Route: <sip:192.0.2.7;maddr=192.0.2.8;lr>\r\n"};
  BOOST_TEST((route.last[0].to == ip(8)));
}

// "If the request that initiated the dialog contained a SIPS URI in the Request-URI or
// in the top Record-Route header field value, if there was any, or the Contact header field if
// there was no Record-Route header field, the Contact header field in the response MUST be a SIPS
// URI."
BOOST_AUTO_TEST_CASE(who_calls_a_sips_uri_gets_a_sips_contact_12_1_1) {
  desk bob{with_sips_contact()};
  bob.over = transport::tls;
  auto first = invite_of_alice();
  first.uri = "sips:bob@192.0.2.2";
  first.via = "SIP/2.0/TLS 192.0.2.1;branch=z9hG4bK1";
  first.more = "Contact: <sips:alice@192.0.2.1>\r\nContent-Type: application/sdp\r\n";
  bob.receive(first.text());
  (void)bob.answer(bob.call);
  check_sent(bob, {"200 INVITE"});
  BOOST_TEST(uri_view{read(bob.last[0].bytes).value.contact().uri()}.scheme_name() == "sips");
}
// Without a SIPS URI of ours the first of these is a scheme that we do not support (21.4.14); who
// calls our SIP URI has a call, and the Contact that we have.
BOOST_AUTO_TEST_CASE(without_a_sips_contact_only_calls_to_a_sips_uri_are_refused_21_4_14) {
  outgoing_call const out{"sips:alice@192.0.2.1", "sips:bob@192.0.2.2", ip(1), transport::tls, sdp};
  // A SIP URI is none.
  for (char const* const ours : {"", "sip:bob@192.0.2.2:5061", "<sip:bob@192.0.2.2>", "sips:"}) {
    BOOST_TEST_CONTEXT(ours) {
      auto s = with_sips_contact();
      s.sips_contact = ours;
      for (bool const to_sips : {true, false}) {
        desk bob{s};
        bob.over = transport::tls;
        auto first = invite_of_alice();
        first.uri = to_sips ? "sips:bob@192.0.2.2" : "sip:bob@192.0.2.2";
        first.via = "SIP/2.0/TLS 192.0.2.1;branch=z9hG4bK1";
        first.more = "Contact: <sips:alice@192.0.2.1>\r\nContent-Type: application/sdp\r\n";
        bob.receive(first.text());
        if (!to_sips) (void)bob.answer(bob.call);
        check_sent(bob, {to_sips ? "416 INVITE" : "200 INVITE"});
        if (!to_sips)
          BOOST_TEST(value_of(bob.last[0].bytes, header::contact) == "<sip:bob@192.0.2.2:5060>");
        BOOST_TEST(!bob.agent->set_sips_contact("sips:bob@192.0.2.9"));
        BOOST_TEST((bob.agent->call(out, bob.now).reason() == sending::unwritable));
      }
    }
  }
}
// "If the Request-URI or top Route header field value contains a SIPS URI, the Contact header field
// MUST contain a SIPS URI as well."
BOOST_AUTO_TEST_CASE(a_call_to_a_sips_uri_has_a_sips_contact_8_1_1_8) {
  desk bob{with_sips_contact()};
  BOOST_TEST(static_cast<bool>(bob.agent->call(
      {"sips:alice@192.0.2.1", "sips:bob@192.0.2.2", ip(1), transport::tls, sdp}, bob.now)));
  check_sent(bob, {"INVITE"});
  BOOST_TEST(uri_view{read(bob.last[0].bytes).value.contact().uri()}.scheme_name() == "sips");
}

// "The Contact header field provides a SIP or SIPS URI that can be used to contact that specific
// instance of the UA for subsequent requests": of several accounts each call may have its own.
BOOST_AUTO_TEST_CASE(a_call_may_have_a_contact_of_its_own_8_1_1_8) {
  desk bob;
  outgoing_call out{"sip:alice@192.0.2.1", "sip:work@192.0.2.2", ip(1), transport::udp, sdp};
  for (char const* const wrong : {"work@192.0.2.2", "<work>", "sip:"}) {
    out.contact = wrong;
    BOOST_TEST((bob.agent->call(out, bob.now).reason() == sending::unwritable), wrong);
  }
  out.contact = "<sip:work@192.0.2.2>;+sip.instance=\"<urn:uuid:1>\"";
  auto const call = bob.agent->call(out, bob.now);
  check_sent(bob, {"INVITE"});
  BOOST_TEST(value_of(bob.last[0].bytes, header::contact) == out.contact);
  bob.receive(answer(bob.last[0].bytes, 200, "alice", "Contact: <sip:alice@192.0.2.1>\r\n"));
  check_sent(bob, {"ACK"});
  BOOST_TEST((bob.agent->modify(call, sdp, bob.now) == sending::sent));
  check_sent(bob, {"INVITE"});
  BOOST_TEST(value_of(bob.last[0].bytes, header::contact) == out.contact);
  // Another one is as it was.
  bob.place();
  check_sent(bob, {"INVITE"});
  BOOST_TEST(value_of(bob.last[0].bytes, header::contact) == "<sip:bob@192.0.2.2:5060>");
}
BOOST_AUTO_TEST_CASE(who_is_called_chooses_a_contact_before_the_first_response_12_1_1) {
  desk bob;
  bob.receive(invite_of_alice().text());
  BOOST_TEST((bob.agent->set_contact(bob.call, "bob@192.0.2.2") == sending::unwritable));
  BOOST_TEST((bob.agent->set_contact(bob.call, "sip:home@192.0.2.2") == sending::sent));
  (void)bob.ring(bob.call);
  (void)bob.answer(bob.call);
  check_sent(bob, {"180 INVITE", "200 INVITE"});
  for (auto const& w : bob.last)
    BOOST_TEST(value_of(w.bytes, header::contact) == "<sip:home@192.0.2.2>");
  bob.receive(in_dialog("ACK", bob.last[1].bytes, 1).text());
  // As before: that of all.
  BOOST_TEST((bob.agent->set_contact(bob.call, {}) == sending::sent));
  BOOST_TEST((bob.agent->modify(bob.call, sdp, bob.now) == sending::sent));
  check_sent(bob, {"INVITE"});
  BOOST_TEST(value_of(bob.last[0].bytes, header::contact) == "<sip:bob@192.0.2.2:5060>");
  (void)bob.hang_up(bob.call);
  BOOST_TEST((bob.agent->set_contact({}, "sip:home@192.0.2.2") == sending::gone));
}
BOOST_AUTO_TEST_CASE(a_contact_of_a_call_to_a_sips_uri_is_one_12_1_1) {
  desk bob{with_sips_contact()};
  outgoing_call out{"sips:alice@192.0.2.1", "sips:bob@192.0.2.2", ip(1), transport::tls, sdp};
  out.contact = "sip:work@192.0.2.2";
  BOOST_TEST((bob.agent->call(out, bob.now).reason() == sending::unwritable));
  out.contact = "sips:work@192.0.2.2";
  auto const call = bob.agent->call(out, bob.now);
  BOOST_TEST(static_cast<bool>(call));
  BOOST_TEST((bob.agent->set_contact(call, "<sip:work@192.0.2.2>") == sending::unwritable));
  BOOST_TEST((bob.agent->set_contact(call, "<sips:work@192.0.2.2;gr>") == sending::sent));
}
// "A UAC SHOULD include a Contact header field in any target refresh requests within a dialog, and
// unless there is a need to change it, the URI SHOULD be the same as used in previous requests
// within the dialog": who has moved has that need.
BOOST_AUTO_TEST_CASE(an_agent_that_has_moved_says_where_it_is_12_2_1_1) {
  desk bob{with_sips_contact()};
  auto const call = bob.place();
  check_sent(bob, {"INVITE"});
  auto const before = bob.last[0].bytes;
  bob.receive(answer(before, 200, "alice", "Contact: <sip:alice@192.0.2.1>\r\n"));
  check_sent(bob, {"ACK"});
  outgoing_call out{"sip:alice@192.0.2.1", "sip:work@192.0.2.2", ip(1), transport::udp, sdp};
  out.contact = "sip:work@192.0.2.2";
  auto const other = bob.agent->call(out, bob.now);
  check_sent(bob, {"INVITE"});
  bob.receive(answer(bob.last[0].bytes, 200, "alice", "Contact: <sip:alice@192.0.2.1>\r\n"));
  check_sent(bob, {"ACK"});

  BOOST_TEST(!bob.agent->set_contact("bob@192.0.2.9"));
  for (char const* const wrong : {"bob@192.0.2.9", "sip:bob@192.0.2.9", "<sip:bob@192.0.2.9>"})
    BOOST_TEST(!bob.agent->set_sips_contact(wrong), wrong);
  BOOST_TEST(!bob.agent->set_sent_by("192.0.2.9:port"));
  BOOST_TEST(bob.agent->set_contact("sip:bob@192.0.2.9"));
  BOOST_TEST(bob.agent->set_sips_contact("sips:bob@192.0.2.9"));
  BOOST_TEST(bob.agent->set_sent_by("192.0.2.9"));
  BOOST_TEST((bob.agent->modify(call, sdp, bob.now) == sending::sent));
  check_sent(bob, {"INVITE"});
  auto const invite = bob.last[0].bytes;
  BOOST_TEST(value_of(invite, header::contact) == "<sip:bob@192.0.2.9>");
  BOOST_TEST(via_of(invite).starts_with("SIP/2.0/UDP 192.0.2.9;"));
  bob.receive(answer(invite, 200, "alice", "Contact: <sip:alice@192.0.2.1>\r\n"));
  check_sent(bob, {"ACK"});
  BOOST_TEST((bob.agent->modify(other, sdp, bob.now) == sending::sent));
  check_sent(bob, {"INVITE"});
  BOOST_TEST(value_of(bob.last[0].bytes, header::contact) == "<sip:work@192.0.2.2>");
  // "If the value of the "sent-by" parameter in the top Via header field does not correspond to a
  // value that the client transport is configured to insert into requests, the response MUST be
  // silently discarded" (18.1.2).
  bob.receive(answer(before, 200, "alice", "Contact: <sip:alice@192.0.2.1>\r\n"));
  check_sent(bob, {});
}
BOOST_AUTO_TEST_CASE(without_a_sips_contact_there_is_none_to_be_replaced) {
  desk bob;
  BOOST_TEST(!bob.agent->set_sips_contact("sips:bob@192.0.2.9"));
}

// "The call identifier component of the dialog ID MUST be set to the value of the Call-ID
// in the request. The local tag component of the dialog ID MUST be set to the tag in the From field
// in the request": a response with another one, or another number, makes no dialog of that name.
BOOST_AUTO_TEST_CASE(a_response_cannot_rename_the_dialog_12_1_2) {
  for (int what = 0; what < 3; ++what) {
    BOOST_TEST_CONTEXT(what) {
      desk bob;
      auto const h = bob.place();
      bob.look();
      auto const invite = bob.last[0].bytes;
      message const m = read(invite).value;
      auto const real = answer(invite, 200, "alice", alices_contact);
      auto forged = real;
      auto const change = [&](std::string const& from, std::string const& to) {
        auto const at = forged.find(from);
        BOOST_REQUIRE(at != std::string::npos);
        forged.replace(at, from.size(), to);
      };
      if (what == 0) change(std::string{m.call_id()}, "other-call");
      if (what == 1) change(std::string{m.from_tag()}, "other-tag");
      if (what == 2) change("CSeq: 1 ", "CSeq: 77 ");
      bob.receive(forged);
      bob.look();
      for (auto const& w : bob.last) {
        message const sent = read(w.bytes).value;
        BOOST_TEST(sent.call_id() == m.call_id());
        BOOST_TEST(sent.from_tag() == m.from_tag());
        BOOST_TEST(sent.cseq().number == 1u);
      }
      // The real one is taken for what it is.
      bob.receive(real);
      BOOST_TEST((bob.agent->state(h) == call_state::established));
      bob.look();
      bob.receive(in_callee_dialog("BYE", real, 1).text());
      check_sent(bob, {"200 BYE"});
      BOOST_TEST((bob.agent->state(h) == call_state::ended));
    }
  }
}
// "The From field of the response MUST equal the From header field of the request. The Call-ID
// header field of the response MUST equal the Call-ID header field of the request.": what was
// damaged on its way is no answer, and the transaction still waits for one.
BOOST_AUTO_TEST_CASE(a_final_response_of_another_call_ends_nothing_8_2_6_2) {
  for (std::string const part : {"Call-ID: ", ";tag="}) {
    BOOST_TEST_CONTEXT(part) {
      desk bob;
      auto const h = bob.place();
      bob.look();
      auto const busy = answer(bob.last[0].bytes, 486, "alice", "");
      auto damaged = busy;
      damaged[damaged.find(part) + part.size()] ^= 1;
      bob.receive(damaged);
      check_sent(bob, {});
      BOOST_TEST((bob.agent->state(h) == call_state::outgoing));
      bob.receive(busy);
      check_sent(bob, {"ACK"});
      BOOST_TEST((bob.agent->state(h) == call_state::ended));
      bob.advance(64 * 500);
      BOOST_TEST(bob.agent->live_transactions() == 0u);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
