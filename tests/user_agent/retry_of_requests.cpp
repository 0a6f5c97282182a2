// Requests that are sent again because of their response: with credentials, or with what a 422
// wants; what the user has given them stays. RFC 3261 8.1.3.5, 22; RFC 4028 7.3; RFC 7616 3.3.
#include <ctsip/user_agent/call_credentials.hpp>
#include <ctsip/user_agent/user_requests.hpp>

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "user_agent/user_desk.hpp"

using namespace ctsip;
using namespace ctsip_tests;

namespace {

using caller = user_desk<with_requests, with_purse>;
// The passwords that the user has: one, for all realms.
struct any_purse {
  digest_login operator()(digest_question const&) const {
    return digest_login::with_password("bob", "secret");
  }
};
struct with_any_purse : endpoint_traits {
  using credentials = digest_credentials<toy_hashes, any_purse>;
};
constexpr endpoint_size with_many_requests{
    .calls = 1, .transactions = 32, .message = 1300, .requests = 8};

// A call whose requests carry the nonce "n1".
template <class Caller>
void talk(Caller& bob) {
  bob.receive(answer(bob.place(), 401, "x", www_challenge("n1")));
  check_all(bob.look(), {"ACK", "INVITE"});
  (void)bob.accept(bob.last[1].bytes);
}

std::string send_message(caller& bob) {
  outgoing_request q;
  q.method = method::message;
  q.content = {"text/plain", "hello"};
  BOOST_TEST(static_cast<bool>(bob.send(q)));
  return bob.sent_one("MESSAGE");
}
template <class Caller>
std::string info(Caller& bob) {
  BOOST_TEST(static_cast<bool>(bob.send_in(bob.call, method::info)));
  return bob.sent_one("INFO");
}
// The request as it is sent again after this challenge.
template <class Caller>
std::string challenged(Caller& bob, std::string const& request, int status,
                       std::string const& fields) {
  bob.receive(answer(request, status, "x", fields));
  auto const again = bob.sent_one(std::string{read(request).value.method_name()});
  check_all(bob.listen(), {});
  return again;
}
std::string without_cseq(std::string text) {
  auto const at = text.find("\r\nCSeq:");
  return text.erase(at, text.find("\r\n", at + 2) - at);
}
// What is the same of both but for the branch, the number and the credentials.
std::string essence(std::string const& text) {
  return without_field(without_field(without_cseq(with_branch(text, "z9hG4bK")), "Authorization"),
                       "Proxy-Authorization");
}

} // namespace

BOOST_AUTO_TEST_SUITE(user_agent_retry_of_requests)

// ---- Outside of calls

// "When a UAC resubmits a request with its credentials after receiving a 401 (Unauthorized) or 407
// (Proxy Authentication Required) response, it MUST increment the CSeq header field value as it
// would normally when sending an updated request." (22.1)
BOOST_AUTO_TEST_CASE(a_request_that_is_challenged_is_sent_again_with_credentials_22_2) {
  for (int const status : {401, 407}) {
    caller bob;
    auto const first = send_message(bob);
    BOOST_TEST(credentials_in(first) == "");
    auto const again =
        challenged(bob, first, status, status == 401 ? www_challenge("n1") : proxy_challenge("n1"));
    BOOST_TEST(credentials_in(again, status == 401 ? header::authorization
                                                   : header::proxy_authorization) == "n1 00000001");
    BOOST_TEST(cseq_of(again) == 2u);
    BOOST_TEST(branch_of(again) != branch_of(first));
    BOOST_TEST(essence(again) == essence(first));
    // The challenge once more is for the transaction that has it.
    bob.receive(answer(first, status, "x", www_challenge("n9")));
    check_all(bob.look(), {});
    bob.receive(answer(again, 200, "alice"));
    check_all(bob.listen(), {"response 200"});
    bob.end();
  }
}
// Each request outside of calls has its own Call-ID, and begins without credentials (22.3).
BOOST_AUTO_TEST_CASE(credentials_are_for_one_request_only_22_3) {
  caller bob;
  bob.receive(answer(challenged(bob, send_message(bob), 401, www_challenge("n1")), 200, "a"));
  check_all(bob.listen(), {"response 200"});
  auto const other = send_message(bob);
  BOOST_TEST(credentials_in(other) == "");
  auto const again = challenged(bob, other, 401, www_challenge("n1"));
  BOOST_TEST(credentials_in(again) == "n1 00000001");
  bob.receive(answer(again, 200, "a"));
  bob.end();
}
// "A UAC MUST NOT re-attempt requests with the credentials that have just been rejected (though the
// request may be retried if the nonce was stale)." (22.1)
BOOST_AUTO_TEST_CASE(a_wrong_password_gives_up_22_1) {
  for (char const* const nonce : {"n1", "n2"}) {
    caller bob;
    bob.known.password = "wrong";
    auto const again = challenged(bob, send_message(bob), 401, www_challenge("n1"));
    BOOST_TEST(credentials_in(again) == "wrong n1 00000001");
    bob.receive(answer(again, 401, "x", www_challenge(nonce)));
    check_all(bob.look(), {});
    check_all(bob.listen(), {"response 401"});
    bob.end();
  }
}
BOOST_AUTO_TEST_CASE(a_stale_nonce_is_replaced_rfc_7616_3_3) {
  caller bob;
  auto const second = challenged(bob, send_message(bob), 401, www_challenge("n1"));
  auto const third = challenged(bob, second, 401, www_challenge("n2", ", stale=true"));
  BOOST_TEST(credentials_in(third) == "n2 00000001");
  BOOST_TEST(cseq_of(third) == 3u);
  bob.receive(answer(third, 202, "alice"));
  check_all(bob.listen(), {"response 202"});
  bob.end();
}
BOOST_AUTO_TEST_CASE(nonces_that_are_always_stale_do_not_make_us_send_for_ever_22_1) {
  caller bob;
  auto request = send_message(bob);
  unsigned times = 1;
  for (; times < 20; ++times) {
    bob.receive(
        answer(request, 401, "x", www_challenge("n" + std::to_string(times), ", stale=true")));
    if (bob.look().empty()) break;
    request = bob.last[0].bytes;
  }
  BOOST_TEST(times <= 6u);
  check_all(bob.listen(), {"response 401"});
  bob.end();
}
BOOST_AUTO_TEST_CASE(a_challenge_that_nobody_can_answer_is_the_users_22_1) {
  for (std::string const& fields :
       {std::string{}, std::string{"WWW-Authenticate: Basic realm=\"biloxi.com\"\r\n"},
        std::string{"WWW-Authenticate: Digest realm=\"elsewhere\", nonce=\"n1\"\r\n"}}) {
    caller bob;
    bob.receive(answer(send_message(bob), 401, "x", fields));
    check_all(bob.look(), {});
    check_all(bob.listen(), {"response 401"});
    bob.end();
  }
  // Without credentials each is.
  user_desk<> bob;
  BOOST_TEST(static_cast<bool>(bob.send()));
  bob.receive(answer(bob.sent_one("OPTIONS"), 401, "x", www_challenge("n1")));
  check_all(bob.listen(), {"response 401"});
  bob.end();
}
// A proxy, and behind it the server (22.3).
BOOST_AUTO_TEST_CASE(a_proxy_and_then_a_server_may_challenge_22_3) {
  caller bob;
  auto const second = challenged(bob, send_message(bob), 407, proxy_challenge("p1"));
  auto const third = challenged(bob, second, 401, www_challenge("n1"));
  BOOST_TEST(credentials_in(third, header::proxy_authorization).substr(0, 2) == "p1");
  BOOST_TEST(credentials_in(third) == "n1 00000001");
  BOOST_TEST(cseq_of(third) == 3u);
  bob.receive(answer(third, 200, "a"));
  check_all(bob.listen(), {"response 200"});
  bob.end();
}
// Proxies of a chain, each with its realm.
BOOST_AUTO_TEST_CASE(each_proxy_of_a_chain_may_challenge_in_its_realm_22_3) {
  any_purse known;
  endpoint<with_requests, with_any_purse> bob{caller::settings(), known};
  instant const now{1'000'000};
  auto const look = [&bob] {
    strings all;
    for (datagram d; bob.poll_transmit(d);) all.emplace_back(d.bytes);
    return all.size() == 1 ? all.front() : std::string{};
  };
  auto const challenge_of = [&](std::string const& request, std::string const& realm,
                                std::string const& nonce) {
    bob.receive(answer(request, 407, "x",
                       "Proxy-Authenticate: Digest realm=\"" + realm +
                           "\", qop=\"auth\", nonce=\"" + nonce + "\"\r\n"),
                ip(1), transport::udp, now);
    return look();
  };
  outgoing_request q;
  q.method = method::message;
  q.target = "sip:alice@192.0.2.1";
  q.from = "sip:bob@192.0.2.2";
  q.next_hop = ip(1);
  BOOST_TEST(static_cast<bool>(bob.request(q, now)));
  auto const second = challenge_of(look(), "a.com", "a1");
  check_all(all_credentials_in(second), {"a.com a1 00000001"});
  auto const third = challenge_of(second, "b.com", "b1");
  check_all(all_credentials_in(third), {"a.com a1 00000002", "b.com b1 00000001"});
  BOOST_TEST(challenge_of(third, "b.com", "b1") == ""); // 22.1
  user_event e;
  BOOST_TEST(bob.poll_event(e));
  BOOST_TEST(e.status == 407);
}
BOOST_AUTO_TEST_CASE(without_a_free_transaction_the_challenge_is_told) {
  user_desk<endpoint_size{.calls = 1, .transactions = 1, .requests = 1}, with_purse> bob;
  BOOST_TEST(static_cast<bool>(bob.send()));
  bob.receive(answer(bob.sent_one("OPTIONS"), 401, "x", www_challenge("n1")));
  check_all(bob.look(), {});
  check_all(bob.listen(), {"response 401"});
  bob.advance(5'000); // Timer K
  BOOST_TEST(static_cast<bool>(bob.send()));
}
// The retry is a request as any other: it may fail, and go to the next hop with its credentials.
BOOST_AUTO_TEST_CASE(the_retry_may_time_out_and_go_to_the_next_hop_rfc_3263_4_3) {
  caller bob;
  address const hops[]{ip(3)};
  outgoing_request q;
  q.other_hops = hops;
  BOOST_TEST(static_cast<bool>(bob.send(q)));
  auto const again = challenged(bob, bob.sent_one("OPTIONS"), 401, www_challenge("n1"));
  bob.advance(32'000);
  bob.look();
  auto const other = bob.last.back();
  BOOST_TEST((other.to == ip(3)));
  BOOST_TEST(with_branch(other.bytes, branch_of(again)) == again);
  bob.receive(answer(other.bytes, 401, "x", www_challenge("n2", ", stale=true")), ip(3));
  auto const third = bob.sent_one("OPTIONS");
  BOOST_TEST((bob.last[0].to == ip(3)));
  BOOST_TEST(credentials_in(third) == "n2 00000001");
  bob.advance(32'000);
  check_all(bob.listen(), {"response 408"});
  bob.end();
}
// The number of the response is the peer's to write; the request's own is what counts.
BOOST_AUTO_TEST_CASE(what_a_forged_response_says_of_the_number_is_not_believed_8_1_3_5) {
  caller bob;
  auto const first = send_message(bob);
  auto forged = answer(first, 401, "x", www_challenge("n1"));
  forged.replace(forged.find("CSeq: 1 "), 8, "CSeq: 2147483646 ");
  bob.receive(forged);
  bob.look();
  for (auto const& w : bob.last) BOOST_TEST(cseq_of(w.bytes) == 2u);
  if (bob.last.empty()) bob.receive(answer(first, 200, "x"));
}

// ---- In calls

// The credentials are those of the call: "it should incorporate credentials for that realm in all
// subsequent requests that contain the same Call-ID" (22.3).
BOOST_AUTO_TEST_CASE(a_challenge_in_a_call_is_answered_with_the_calls_credentials_22_3) {
  caller bob;
  auto const invite = bob.place();
  bob.receive(answer(invite, 401, "x", www_challenge("n1")));
  check_all(bob.look(), {"ACK", "INVITE"});
  (void)bob.accept(bob.last[1].bytes);
  auto const first = info(bob);
  BOOST_TEST(credentials_in(first) == "n1 00000002");
  BOOST_TEST(cseq_of(first) == 3u);
  auto const again = challenged(bob, first, 401, www_challenge("n2", ", stale=true"));
  BOOST_TEST(credentials_in(again) == "n2 00000001");
  BOOST_TEST(cseq_of(again) == 4u);
  BOOST_TEST(essence(again) == essence(first));
  bob.receive(answer(again, 200, ""));
  check_all(bob.listen(), {"response 200"});
  BOOST_TEST((bob.agent->hang_up(bob.call, bob.now) == sending::sent));
  auto const bye = bob.sent_one("BYE");
  BOOST_TEST(cseq_of(bye) == 5u);
  BOOST_TEST(credentials_in(bye) == "n2 00000002");
  bob.end();
}
BOOST_AUTO_TEST_CASE(a_challenge_is_answered_by_caller_and_callee_early_and_later_22_2) {
  for (int const where : {0, 1, 2}) {
    caller bob;
    if (where == 0) {
      bob.receive(answer(bob.place(), 180, "alice", alices_contact));
      bob.listen();
    } else if (where == 1) {
      (void)bob.accept(bob.place());
    } else {
      (void)bob.taken("Record-Route: <sip:192.0.2.7;lr>\r\n");
    }
    auto const first = info(bob);
    auto const again = challenged(bob, first, 407, proxy_challenge("p1"));
    BOOST_TEST(credentials_in(again, header::proxy_authorization) == "p1 00000001");
    BOOST_TEST(cseq_of(again) == cseq_of(first) + 1);
    BOOST_TEST(essence(again) == essence(first));
    BOOST_TEST((bob.last[0].to == ip(where == 2 ? 7 : 1, where == 2 ? 5060 : 5066)));
    bob.receive(answer(again, 407, "x", proxy_challenge("p1")));
    check_all(bob.look(), {});
    check_all(bob.listen(), {"response 407"});
    BOOST_TEST(
        (bob.agent->state(bob.call) == (where == 0 ? call_state::early : call_state::established)));
    bob.end();
  }
}
// A number that another request has taken meanwhile is not taken again (12.2.1.1).
BOOST_AUTO_TEST_CASE(two_requests_challenged_at_once_are_both_sent_again_12_2_1_1) {
  caller bob;
  (void)bob.accept(bob.place());
  auto const one = info(bob);
  auto const two = info(bob);
  BOOST_TEST(cseq_of(two) == cseq_of(one) + 1);
  auto const one_again = challenged(bob, one, 401, www_challenge("n1"));
  BOOST_TEST(cseq_of(one_again) == cseq_of(two) + 1);
  BOOST_TEST(credentials_in(one_again) == "n1 00000001");
  auto const two_again = challenged(bob, two, 401, www_challenge("n1"));
  BOOST_TEST(cseq_of(two_again) == cseq_of(two) + 2);
  BOOST_TEST(credentials_in(two_again) == "n1 00000002");
  bob.receive(answer(two_again, 200, ""));
  bob.receive(answer(one_again, 200, ""));
  check_all(bob.listen(), {"response 200", "response 200"});
  bob.end();
}
// What was sent before the challenge was answered says nothing of the answer (22.2).
BOOST_AUTO_TEST_CASE(as_many_requests_as_there_are_may_be_challenged_at_once_22_2) {
  user_desk<with_many_requests, with_purse> bob;
  (void)bob.accept(bob.place());
  std::vector<std::string> all;
  for (int i = 0; i < 6; ++i) all.push_back(info(bob));
  for (std::size_t i = 0; i < all.size(); ++i) {
    all[i] = challenged(bob, all[i], 401, www_challenge("n" + std::to_string(i)));
    BOOST_TEST(credentials_in(all[i]) == "n0 0000000" + std::to_string(i + 1));
  }
  for (auto const& each : all) bob.receive(answer(each, 200, ""));
  check_all(bob.listen(), std::vector<std::string>(6, "response 200"));
  bob.end();
}
// "If stale is true, the client may wish to simply retry the request with a new encrypted
// response".
BOOST_AUTO_TEST_CASE(a_nonce_that_expires_under_two_requests_is_replaced_for_both_rfc_7616_3_3) {
  for (bool const in_order : {true, false}) {
    caller bob;
    talk(bob);
    auto one = info(bob);
    auto two = info(bob);
    if (!in_order) std::swap(one, two);
    auto const one_again = challenged(bob, one, 401, www_challenge("n2", ", stale=true"));
    BOOST_TEST(credentials_in(one_again) == "n2 00000001");
    auto const two_again = challenged(bob, two, 401, www_challenge("n3", ", stale=true"));
    BOOST_TEST(credentials_in(two_again) == "n2 00000002");
    // A server that takes each nonce once only is answered too.
    auto const last = challenged(bob, two_again, 401, www_challenge("n4", ", stale=true"));
    BOOST_TEST(credentials_in(last) == "n4 00000001");
    bob.receive(answer(one_again, 200, ""));
    bob.receive(answer(last, 200, ""));
    check_all(bob.listen(), {"response 200", "response 200"});
    bob.end();
  }
}
// "A UAC MUST NOT re-attempt requests with the credentials that have just been rejected" (22.1): a
// nonce that served is none, and its end is not that of the call (15).
BOOST_AUTO_TEST_CASE(a_late_challenge_leaves_a_call_that_can_be_ended_22_1) {
  caller bob;
  talk(bob);
  auto const one = info(bob);
  auto const two = info(bob);
  bob.receive(answer(two, 200, ""));
  check_all(bob.listen(), {"response 200"});
  auto const again = challenged(bob, one, 401, www_challenge("n2"));
  BOOST_TEST(credentials_in(again) == "n2 00000001");
  BOOST_TEST((bob.agent->hang_up(bob.call, bob.now) == sending::sent));
  BOOST_TEST(credentials_in(bob.sent_one("BYE")) == "n2 00000002");
  bob.end();
}
// With a wrong password each of two ends too.
BOOST_AUTO_TEST_CASE(a_wrong_password_gives_up_two_requests_at_once_22_1) {
  caller bob;
  (void)bob.accept(bob.place());
  bob.known.password = "wrong";
  std::vector<std::string> open{info(bob), info(bob)};
  int sent = 2;
  for (int nonce = 1; !open.empty() && sent < 20; ++nonce) {
    bob.receive(answer(open.front(), 401, "", www_challenge("n" + std::to_string(nonce))));
    open.erase(open.begin());
    for (auto const& each : bob.look()) BOOST_TEST(each == "INFO");
    for (auto const& w : bob.last) open.push_back(w.bytes), ++sent;
  }
  BOOST_TEST(sent <= 6);
  check_all(bob.listen(), {"response 401", "response 401"});
  BOOST_TEST((bob.agent->hang_up(bob.call, bob.now) == sending::sent));
  BOOST_TEST(credentials_in(bob.sent_one("BYE")) == "");
  bob.end();
}
// No request of a call is sent once it is over (15), and none as if it had never been in it.
BOOST_AUTO_TEST_CASE(a_challenge_after_the_end_of_the_call_is_only_told_15) {
  for (bool const known : {false, true}) {
    caller bob;
    auto invite = bob.place();
    if (known) {
      bob.receive(answer(invite, 401, "x", www_challenge("n0")));
      bob.look();
      invite = bob.last[1].bytes;
    }
    auto const ok = bob.accept(invite);
    auto const request = info(bob);
    bob.receive(in_callee_dialog("BYE", ok, 1).text());
    (void)bob.sent_one("200 BYE");
    check_all(bob.listen(), {"ended 0"});
    bob.receive(answer(request, 401, "", www_challenge("n1")));
    check_all(bob.look(), {});
    check_all(bob.listen(), {"response 401"});
    bob.end();
  }
}
BOOST_AUTO_TEST_CASE(a_challenge_while_our_bye_is_open_is_only_told_15) {
  caller bob;
  (void)bob.accept(bob.place());
  auto const request = info(bob);
  (void)bob.agent->hang_up(bob.call, bob.now);
  auto const bye = bob.sent_one("BYE");
  bob.receive(answer(request, 401, "", www_challenge("n1")));
  check_all(bob.look(), {});
  check_all(bob.listen(), {"response 401"});
  bob.receive(answer(bye, 200, ""));
  check_all(bob.listen(), {"ended 200"});
  bob.end();
}

// ---- The first INVITE

namespace {

extra_field const mine[]{{"Subject", "lunch"},
                         {"P-Asserted-Identity", "<sip:bob@biloxi.com>"},
                         {"X-Mine", "1, 2"},
                         {"X-Mine", "3"}};
std::string_view const routes[]{"<sip:192.0.2.7;lr>", "<sip:192.0.2.8;lr>"};

void check_mine(std::string const& invite) {
  check_all(all_of(invite, header::route), {"<sip:192.0.2.7;lr>", "<sip:192.0.2.8;lr>"});
  BOOST_TEST(first_line(invite) == "INVITE sip:alice@192.0.2.1 SIP/2.0");
  BOOST_TEST(value_of(invite, header::subject) == "lunch");
  for (char const* const line :
       {"P-Asserted-Identity: <sip:bob@biloxi.com>\r\n", "X-Mine: 1, 2\r\n", "X-Mine: 3\r\n"})
    BOOST_TEST(invite.find(line) != std::string::npos, line);
}

} // namespace

// "the request is retried by creating a new request with the appropriate modifications" (8.1.3.5),
// and no other; RFC 4028 7.3.
BOOST_AUTO_TEST_CASE(routes_and_fields_of_the_user_stand_in_each_invite_8_1_3_5) {
  auto s = caller::settings();
  s.session_expires = 100;
  caller bob{s};
  outgoing_call out;
  out.route_set = routes;
  out.extra = mine;
  auto const first = bob.place(out);
  check_mine(first);
  bob.receive(answer(first, 422, "x", "Min-SE: 500\r\n"));
  check_all(bob.look(), {"ACK", "INVITE"});
  auto const second = bob.last[1].bytes;
  check_mine(second);
  // "The ACK MUST contain […] Route header field values" of the request (17.1.1.3).
  check_all(all_of(bob.last[0].bytes, header::route), {"<sip:192.0.2.7;lr>", "<sip:192.0.2.8;lr>"});
  BOOST_TEST(cseq_of(second) == 2u);
  BOOST_TEST(value_of(second, header::min_se) == "500");
  bob.receive(answer(second, 401, "x", www_challenge("n1")));
  check_all(bob.look(), {"ACK", "INVITE"});
  auto const third = bob.last[1].bytes;
  check_mine(third);
  BOOST_TEST(cseq_of(third) == 3u);
  BOOST_TEST(credentials_in(third) == "n1 00000001");
  BOOST_TEST(value_of(third, header::min_se) == "500");
  check_all(all_of(third, header::session_expires), {value_of(second, header::session_expires)});
  BOOST_TEST(value_of(third, header::call_id) == value_of(first, header::call_id));
  BOOST_TEST(value_of(third, header::from) == value_of(first, header::from));
  (void)bob.accept(third);
  // The preloaded routes are not those of the dialog (12.1.2).
  check_all(all_of(bob.last[0].bytes, header::route), {});
  bob.end();
}
// "not more than `most_tries` times in a row" (endpoint.hpp): of the INVITE, and then of a refresh.
BOOST_AUTO_TEST_CASE(the_tries_of_the_invite_are_not_those_of_a_refresh_rfc_4028_7_4) {
  auto s = caller::settings();
  s.session_expires = 100;
  caller bob{s};
  auto const last_invite = [&] {
    check_all(bob.look(), {"ACK", "INVITE"});
    return bob.last[1].bytes;
  };
  bob.receive(answer(bob.place(), 401, "x", www_challenge("n1")));
  bob.receive(answer(last_invite(), 422, "x", "Min-SE: 110\r\n"));
  bob.receive(answer(last_invite(), 422, "x", "Min-SE: 120\r\n"));
  bob.receive(answer(last_invite(), 422, "x", "Min-SE: 130\r\n"));
  (void)bob.accept(last_invite(),
                   "Allow: UPDATE\r\nRequire: timer\r\nSession-Expires: 130;refresher=uac\r\n");
  bob.advance(65'000);
  auto update = bob.sent_one("UPDATE");
  for (unsigned n = 2; n < 5; ++n)
    update = challenged(bob, update, 401, www_challenge("n" + std::to_string(n), ", stale=true"));
  bob.receive(answer(update, 200, "alice",
                     alices_contact + "Require: timer\r\nSession-Expires: 130;refresher=uac\r\n"));
  bob.end();
}
// "The Contact header field provides a SIP or SIPS URI that can be used to contact that specific
// instance of the UA for subsequent requests" (8.1.1.8): who has another one by then has the callee
// told of that.
BOOST_AUTO_TEST_CASE(what_is_sent_again_has_the_contact_of_the_call_as_it_is_8_1_1_8) {
  address const others[] = {ip(42)};
  for (int const status : {401, 422, 503}) {
    caller bob;
    outgoing_call out;
    out.other_hops = others;
    auto const invite = bob.place(out);
    BOOST_TEST(
        (bob.agent->set_contact(bob.call, "sip:bob@192.0.2.9;transport=tcp") == sending::sent));
    bob.receive(answer(invite, status, "x", www_challenge("n1") + "Min-SE: 300\r\n"));
    check_all(bob.look(), {"ACK", "INVITE"});
    auto const again = bob.last[1].bytes;
    check_all(all_of(again, header::contact), {"<sip:bob@192.0.2.9;transport=tcp>"});
    (void)bob.accept(again);
    static extra_field const fields[]{{"Refer-To", "<sip:carol@192.0.2.3>"}};
    call_request q;
    q.method = method::refer;
    q.extra = fields;
    BOOST_TEST(static_cast<bool>(bob.agent->request(bob.call, q, bob.now)));
    auto const refer = bob.sent_one("REFER");
    BOOST_TEST((bob.agent->set_contact(bob.call, "sip:bob@192.0.2.10") == sending::sent));
    bob.receive(answer(refer, 401, "", www_challenge("n2", ", stale=true")));
    check_all(all_of(bob.sent_one("REFER"), header::contact), {"<sip:bob@192.0.2.10>"});
    // One that has none gets none.
    auto const asked = info(bob);
    bob.receive(answer(asked, 401, "", www_challenge("n3", ", stale=true")));
    check_all(all_of(bob.sent_one("INFO"), header::contact), {});
    bob.end();
  }
}
// A CANCEL goes by them (9.1): "If the request being cancelled contains a Route header field, the
// CANCEL request MUST include that Route header field's values."
BOOST_AUTO_TEST_CASE(the_cancel_has_the_routes_of_the_invite_9_1) {
  caller bob;
  outgoing_call out;
  out.route_set = routes;
  bob.receive(answer(bob.place(out), 100, ""));
  (void)bob.agent->cancel(bob.call, bob.now);
  check_all(all_of(bob.sent_one("CANCEL"), header::route),
            {"<sip:192.0.2.7;lr>", "<sip:192.0.2.8;lr>"});
  bob.end();
}
BOOST_AUTO_TEST_CASE(eight_fields_of_the_user_are_the_most_and_more_give_no_call) {
  caller bob;
  std::vector<extra_field> fields(9, extra_field{"X-Mine", "1"});
  outgoing_call out{"sip:alice@192.0.2.1", "sip:bob@192.0.2.2", ip(1), transport::udp, sdp};
  out.extra = fields;
  for (int i = 0; i < 6; ++i) BOOST_TEST(!bob.agent->call(out, bob.now));
  BOOST_TEST(bob.agent->live_calls() == 0u);
  BOOST_TEST(bob.agent->live_transactions() == 0u);
  check_all(bob.look(), {});
  // Nor may they be what the endpoint writes itself.
  for (char const* const name : {"Via", "From", "CSeq", "Contact", "Route", "Content-Length"}) {
    extra_field const reserved[]{{name, "1"}};
    out.extra = reserved;
    BOOST_TEST(!bob.agent->call(out, bob.now), name);
  }
  fields.pop_back();
  out.extra = fields;
  out.expires = 30;
  bob.call = bob.agent->call(out, bob.now);
  BOOST_TEST_REQUIRE(static_cast<bool>(bob.call));
  auto const invite = bob.sent_one("INVITE");
  // With credentials beside them.
  bob.receive(answer(invite, 401, "x", www_challenge("n1")));
  check_all(bob.look(), {"ACK", "INVITE"});
  BOOST_TEST(essence(bob.last[1].bytes) == essence(invite));
  (void)bob.accept(bob.last[1].bytes);
  // And in the call.
  call_request q;
  q.extra = fields;
  auto const h = bob.agent->request(bob.call, q, bob.now);
  BOOST_TEST(static_cast<bool>(h));
  BOOST_TEST(credentials_in(bob.sent_one("INFO")) == "n1 00000002");
  bob.end();
}

BOOST_AUTO_TEST_SUITE_END()
