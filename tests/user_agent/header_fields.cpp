// Header fields that the user adds to the messages of his calls, by the data that he keeps with
// each: Reason (RFC 3326), P-Access-Network-Info (RFC 7315 4.4) and the like.
#include <ctsip/user_agent/endpoint_traits.hpp>

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "user_agent/user_desk.hpp"

using namespace ctsip;
using namespace ctsip_tests;

namespace {

constexpr extra_field access{"P-Access-Network-Info", "3GPP-E-UTRAN-FDD;utran-cell-id-3gpp=1"};
auto const has_access = "\r\nP-Access-Network-Info: 3GPP-E-UTRAN-FDD;utran-cell-id-3gpp=1\r\n";

// On each message where the user is, and why on the last ones.
struct whereabouts {
  std::string reason{};
  std::vector<extra_field> more{};
  std::vector<std::pair<method, status_code>> asked{};

  std::span<extra_field const> header_fields(method m, status_code status) {
    asked.emplace_back(m, status);
    fields_ = {access};
    bool const ends = m == method::bye || m == method::cancel || status >= 300;
    if (ends && !reason.empty()) fields_.push_back({"Reason", reason});
    fields_.insert(fields_.end(), more.begin(), more.end());
    return fields_;
  }

 private:
  std::vector<extra_field> fields_{};
};
struct with_whereabouts : endpoint_traits {
  using call_data = whereabouts;
};
struct with_purse_and_whereabouts : with_purse {
  using call_data = whereabouts;
};
using desk_of_bob = user_desk<with_requests, with_whereabouts>;

// Constant, and by value.
struct constant_fields {
  constexpr std::array<extra_field, 1> header_fields(method, status_code) const { return {access}; }
};
struct with_constant_fields : endpoint_traits {
  using call_data = constant_fields;
};

static_assert(adds_header_fields<whereabouts> && adds_header_fields<constant_fields>);
static_assert(!adds_header_fields<no_call_data> && !adds_header_fields<whereabouts*>);

bool has(std::string const& text, std::string const& field) {
  return text.find(field) != std::string::npos;
}
template <class Desk>
void check_last(Desk& bob, strings const& expected) {
  BOOST_TEST(bob.look() == expected, boost::test_tools::per_element());
  for (auto const& w : bob.last) BOOST_TEST(has(w.bytes, has_access), w.bytes);
}

} // namespace

BOOST_AUTO_TEST_SUITE(user_agent_header_fields)

BOOST_AUTO_TEST_CASE(each_message_of_a_call_of_ours_has_them) {
  desk_of_bob bob;
  outgoing_call out{"sip:alice@192.0.2.1", "sip:bob@192.0.2.2", ip(1), transport::udp, sdp};
  extra_field const subject[] = {{"Subject", "lunch"}};
  out.extra = subject;
  auto const call = bob.agent->call(out, bob.now);
  check_last(bob, {"INVITE"});
  auto const invite = bob.last[0].bytes;
  BOOST_TEST(has(invite, "\r\nSubject: lunch\r\n"));
  bob.receive(answer(invite, 183, "alice",
                     alices_contact + "Require: 100rel\r\nRSeq: 7\r\n"
                                      "Allow: UPDATE\r\nContent-Type: application/sdp\r\n",
                     "v=0\r\n"));
  check_last(bob, {"PRACK"});
  BOOST_TEST(has(bob.last[0].bytes, "\r\nRAck: 7 1 INVITE\r\n"));
  bob.receive(answer(bob.last[0].bytes, 200, "alice"));
  // In the early dialog an UPDATE, then a re-INVITE.
  BOOST_TEST((bob.agent->modify(call, sdp, bob.now) == sending::sent));
  check_last(bob, {"UPDATE"});
  bob.receive(answer(bob.last[0].bytes, 200, "alice",
                     alices_contact + "Content-Type: application/sdp\r\n", "v=0\r\n"));
  auto const ok = answer(invite, 200, "alice", alices_contact);
  bob.receive(ok);
  check_last(bob, {"ACK"});
  bob.receive(ok);
  check_last(bob, {"ACK"});
  BOOST_TEST((bob.agent->modify(call, sdp, bob.now) == sending::sent));
  check_last(bob, {"INVITE"});
  bob.receive(answer(bob.last[0].bytes, 488, "alice"));
  // The ACK to a failure is the transaction's (17.1.1.3).
  BOOST_TEST(!has(bob.sent_one("ACK"), has_access));
  BOOST_TEST(static_cast<bool>(bob.send_in(call, method::info)));
  check_last(bob, {"INFO"});
  bob.receive(answer(bob.last[0].bytes, 200, "alice"));
  bob.agent->data(call)->reason = "Q.850;cause=16";
  BOOST_TEST((bob.agent->hang_up(call, bob.now) == sending::sent));
  check_last(bob, {"BYE"});
  BOOST_TEST(has(bob.last[0].bytes, "\r\nReason: Q.850;cause=16\r\n"));
  bob.receive(answer(bob.last[0].bytes, 200, "alice"));
  bob.end();
}
BOOST_AUTO_TEST_CASE(each_message_of_a_call_of_theirs_has_them) {
  desk_of_bob bob;
  bob.receive(invite_of_alice("Supported: 100rel\r\n").text());
  auto const call = bob.call;
  BOOST_TEST((bob.agent->ring(call, bob.now) == sending::sent));
  BOOST_TEST((bob.agent->ring(call, bob.now, 183, sdp, reliability::reliable) == sending::sent));
  check_last(bob, {"180 INVITE", "183 INVITE"});
  auto const early = bob.last.back().bytes;
  bob.receive(
      in_dialog("PRACK", early, 2, "RAck: " + value_of(early, header::rseq) + " 1 INVITE\r\n")
          .text());
  check_last(bob, {"200 PRACK"});
  BOOST_TEST((bob.agent->answer(call, sdp, bob.now) == sending::sent));
  check_last(bob, {"200 INVITE"});
  auto const ok = bob.last.back().bytes;
  bob.receive(in_dialog("ACK", ok, 1).text());
  // What repeats the session is answered without the user, what changes it by him.
  bob.receive(with_same_offer(in_dialog("UPDATE", ok, 3, alices_contact)).text());
  check_last(bob, {"200 UPDATE"});
  bob.receive(with_offer(in_dialog("INVITE", ok, 4, alices_contact)).text());
  BOOST_TEST((bob.agent->reject_modification(call, 488, bob.now) == sending::sent));
  check_last(bob, {"488 INVITE"});
  bob.receive(in_dialog("ACK", bob.last.back().bytes, 4).text());
  bob.receive(in_dialog("OPTIONS", ok, 5).text());
  check_last(bob, {"200 OPTIONS"});
  bob.receive(in_dialog("INFO", ok, 6).text());
  BOOST_TEST((bob.agent->respond(bob.request, {.status = 200}, bob.now) == sending::sent));
  check_last(bob, {"200 INFO"});
  bob.receive(in_dialog("BYE", ok, 7).text());
  check_last(bob, {"200 BYE"});
  bob.end();
}
// The Reason "can appear in any request within a dialog, in any CANCEL request and in any response
// whose status code explicitly allows the presence of this header field" (RFC 3326 1).
BOOST_AUTO_TEST_CASE(cancel_and_refusal_say_why) {
  desk_of_bob bob;
  auto const invite = bob.place();
  bob.agent->data(bob.call)->reason = "SIP;cause=200;text=\"Call completed elsewhere\"";
  BOOST_TEST((bob.agent->cancel(bob.call, bob.now) == sending::deferred));
  bob.receive(answer(invite, 180, "alice", alices_contact));
  check_last(bob, {"CANCEL"});
  BOOST_TEST(
      has(bob.last[0].bytes, "\r\nReason: SIP;cause=200;text=\"Call completed elsewhere\"\r\n"));
  bob.receive(answer(bob.last[0].bytes, 200, "alice"));
  bob.receive(answer(invite, 487, "alice"));
  bob.look();
  bob.receive(invite_of_alice().text());
  bob.agent->data(bob.call)->reason = "Q.850;cause=17";
  extra_field const retry[] = {{"Retry-After", "60"}};
  BOOST_TEST((bob.agent->reject(bob.call, 486, bob.now, {.extra = retry}) == sending::sent));
  check_last(bob, {"486 INVITE"});
  BOOST_TEST(has(bob.last.back().bytes, "\r\nReason: Q.850;cause=17\r\n"));
  BOOST_TEST(has(bob.last.back().bytes, "\r\nRetry-After: 60\r\n"));
  bob.end();
}
BOOST_AUTO_TEST_CASE(what_waited_has_those_of_the_moment_when_it_goes) {
  desk_of_bob bob;
  bob.receive(invite_of_alice().text());
  BOOST_TEST((bob.agent->answer(bob.call, sdp, bob.now) == sending::sent));
  bob.look();
  auto const ok = bob.last.back().bytes;
  BOOST_TEST((bob.agent->hang_up(bob.call, bob.now) == sending::deferred));
  bob.agent->data(bob.call)->reason = "SIP;cause=580";
  bob.receive(in_dialog("ACK", ok, 1).text());
  check_last(bob, {"BYE"});
  BOOST_TEST(has(bob.last[0].bytes, "\r\nReason: SIP;cause=580\r\n"));
  bob.receive(answer(bob.last[0].bytes, 200, "a1"));
  bob.end();
}
// 8.1.3.5: "the request is retried by creating a new request with the appropriate modifications".
BOOST_AUTO_TEST_CASE(a_request_that_is_sent_again_has_them_once) {
  user_desk<with_requests, with_purse_and_whereabouts> bob;
  auto const invite = bob.place();
  bob.receive(answer(invite, 401, "x", www_challenge("n1")));
  BOOST_TEST(bob.look() == (strings{"ACK", "INVITE"}), boost::test_tools::per_element());
  auto const again = bob.last[1].bytes;
  auto const first = again.find(has_access);
  BOOST_TEST(first != std::string::npos);
  BOOST_TEST(again.find(has_access, first + 1) == std::string::npos);
  BOOST_TEST(has(again, "\r\nAuthorization: Digest "));
  (void)bob.accept(again);
  BOOST_TEST((bob.agent->hang_up(bob.call, bob.now) == sending::sent));
  bob.receive(answer(bob.sent_one("BYE"), 200, "alice"));
  bob.end();
}
// The user's operation says so; what ends or acknowledges goes all the same.
BOOST_AUTO_TEST_CASE(what_cannot_stand_in_a_message_is_unwritable_and_stops_no_bye) {
  for (extra_field const bad : {extra_field{"P-Bad", "a\r\nb"}, extra_field{"No Name", "x"}}) {
    desk_of_bob bob;
    bob.receive(invite_of_alice("Supported: 100rel\r\n").text());
    auto const call = bob.call;
    bob.look();
    bob.agent->data(call)->more = {bad};
    BOOST_TEST((bob.agent->ring(call, bob.now) == sending::unwritable));
    BOOST_TEST((bob.agent->answer(call, sdp, bob.now) == sending::unwritable));
    BOOST_TEST(bob.look() == strings{}, boost::test_tools::per_element());
    bob.agent->data(call)->more = {};
    BOOST_TEST((bob.agent->answer(call, sdp, bob.now) == sending::sent));
    auto const ok = bob.sent_one("200 INVITE");
    bob.receive(in_dialog("ACK", ok, 1).text());
    bob.agent->data(call)->more = {bad};
    BOOST_TEST((bob.agent->modify(call, sdp, bob.now) == sending::unwritable));
    BOOST_TEST(!bob.send_in(call, method::info));
    BOOST_TEST((bob.agent->hang_up(call, bob.now) == sending::sent));
    auto const bye = bob.sent_one("BYE");
    BOOST_TEST(!has(bye, has_access));
    bob.receive(answer(bye, 200, "a1"));
    bob.end();
  }
}
// "At most 8", and as many as the message has room for.
BOOST_AUTO_TEST_CASE(more_than_eight_are_unwritable) {
  desk_of_bob bob;
  bob.receive(invite_of_alice().text());
  bob.agent->data(bob.call)->more.assign(7, extra_field{"P-More", "x"});
  BOOST_TEST((bob.agent->ring(bob.call, bob.now) == sending::sent));
  bob.agent->data(bob.call)->more.assign(8, extra_field{"P-More", "x"});
  BOOST_TEST((bob.agent->ring(bob.call, bob.now) == sending::unwritable));
  std::string const long_text(1300, 'x');
  bob.agent->data(bob.call)->more = {{"P-More", long_text}};
  BOOST_TEST((bob.agent->ring(bob.call, bob.now) == sending::unwritable));
  bob.look();
  BOOST_TEST((bob.agent->reject(bob.call, 480, bob.now) == sending::sent));
  BOOST_TEST(!has(bob.sent_one("480 INVITE"), "P-More"));
  bob.end();
}
// What is asked is the call's data, whichever dialog of it the message is in.
BOOST_AUTO_TEST_CASE(the_dialogs_of_a_fork_share_them) {
  desk_of_bob bob;
  auto const invite = bob.place();
  auto const call = bob.call;
  for (auto const tag : {"one", "two"}) {
    bob.receive(answer(invite, 183, tag,
                       alices_contact + "Require: 100rel\r\nRSeq: 7\r\n"
                                        "Content-Type: application/sdp\r\n",
                       "v=0\r\n"));
    check_last(bob, {"PRACK"});
    bob.receive(answer(bob.last[0].bytes, 200, tag));
  }
  auto const& asked = bob.agent->data(call)->asked;
  BOOST_TEST(asked.size() == 3u);
  BOOST_TEST((asked.front() == std::pair{method::invite, status_code{0}}));
  BOOST_TEST((asked.back() == std::pair{method::prack, status_code{0}}));
  (void)bob.agent->cancel(call, bob.now);
  bob.receive(answer(invite, 487, "one"));
  bob.look();
  bob.end();
}
BOOST_AUTO_TEST_CASE(they_may_be_given_by_value) {
  user_desk<with_requests, with_constant_fields> bob;
  auto const invite = bob.place();
  BOOST_TEST(has(invite, has_access));
  (void)bob.accept(invite);
  bob.end();
}

BOOST_AUTO_TEST_SUITE_END()
