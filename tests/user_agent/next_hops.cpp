// A list of next hops: what fails at one goes to the next, calls and other requests alike. RFC 3261
// 8.1.3.1, 9.1; RFC 3263 4.3.
#include <ctsip/user_agent/call_sender.hpp>
#include <ctsip/user_agent/user_requests.hpp>

#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "user_agent/user_desk.hpp"

using namespace ctsip;
using namespace ctsip_tests;

namespace {

// "transport failure", "503 error response", "times out" (RFC 3263 4.3).
enum class failure { of_transport, unavailable, silence };
constexpr failure failures[]{failure::of_transport, failure::unavailable, failure::silence};

constexpr char const* word(failure f) {
  switch (f) {
  case failure::of_transport: return "transport";
  case failure::unavailable: return "503";
  case failure::silence: return "silence";
  }
  return "";
}

constexpr address hops[]{ip(1), ip(3), ip(4)};
std::span<address const> const others{hops + 1, 2};

struct caller : user_desk<> {
  using user_desk<>::user_desk;

  std::string start() {
    outgoing_call out;
    out.other_hops = others;
    return place(out);
  }
  std::string start_message() {
    outgoing_request q;
    q.method = method::message;
    q.content = {"text/plain", "hello"};
    q.other_hops = others;
    BOOST_TEST(static_cast<bool>(send(q)));
    return sent_one("MESSAGE");
  }
  // What is sent because the one sent last has failed, without retransmissions of it and the ACK
  // to a 503.
  std::vector<wired> fail_by(failure how) {
    auto const what = last.back();
    switch (how) {
    case failure::of_transport: fail(what); break;
    case failure::unavailable: receive(answer(what.bytes, 503, "p")); break;
    case failure::silence: advance(32'000); break;
    }
    look();
    std::vector<wired> others_sent;
    for (auto const& w : last)
      if (w.bytes != what.bytes && summary(w.bytes) != "ACK") others_sent.push_back(w);
    last = others_sent;
    return others_sent;
  }
};

} // namespace

BOOST_AUTO_TEST_SUITE(user_agent_next_hops)

// "the client SHOULD create a new request, which is identical to the previous, but has a different
// value of the Via branch ID than the previous (and therefore constitutes a new SIP transaction).
// That request is sent to the next element in the list" (RFC 3263 4.3).
BOOST_AUTO_TEST_CASE(an_invite_that_fails_goes_to_the_next_hop_as_it_was_but_for_the_branch) {
  for (failure const how : failures) BOOST_TEST_CONTEXT(word(how)) {
      caller bob;
      auto const first = bob.start();
      BOOST_TEST((bob.last[0].to == hops[0]));
      auto const h = bob.call;
      auto const second = bob.fail_by(how);
      BOOST_TEST_REQUIRE(second.size() == 1u);
      BOOST_TEST((second[0].to == hops[1]));
      BOOST_TEST(branch_of(second[0].bytes) != branch_of(first));
      BOOST_TEST(with_branch(second[0].bytes, branch_of(first)) == first);
      check_all(bob.listen(), {});
      BOOST_TEST((bob.agent->state(h) == call_state::outgoing));
      auto const third = bob.fail_by(how);
      BOOST_TEST_REQUIRE(third.size() == 1u);
      BOOST_TEST((third[0].to == hops[2]));
      BOOST_TEST(with_branch(third[0].bytes, branch_of(first)) == first);
      BOOST_TEST(branch_of(third[0].bytes) != branch_of(second[0].bytes));
      // It answers, and the call is as any other.
      (void)bob.accept(third[0].bytes);
      BOOST_TEST((bob.agent->state(h) == call_state::established));
      bob.end();
    }
}

// Once all have failed the user is told, and once.
BOOST_AUTO_TEST_CASE(when_all_hops_have_failed_the_call_has_rfc_3263_4_3) {
  for (failure const how : failures) BOOST_TEST_CONTEXT(word(how)) {
      caller bob;
      (void)bob.start();
      BOOST_TEST(bob.fail_by(how).size() == 1u);
      BOOST_TEST(bob.fail_by(how).size() == 1u);
      BOOST_TEST(bob.fail_by(how).empty());
      check_all(bob.listen(), {how == failure::silence       ? "failed 408"
                               : how == failure::unavailable ? "rejected 503"
                                                             : "failed 503"});
      BOOST_TEST((bob.agent->state(bob.call) == call_state::ended));
      bob.end();
      check_all(bob.listen(), {});
    }
}
BOOST_AUTO_TEST_CASE(each_hop_may_fail_in_its_own_way_rfc_3263_4_3) {
  for (failure const one : failures)
    for (failure const two : failures) BOOST_TEST_CONTEXT(word(one) << ' ' << word(two)) {
        caller bob;
        (void)bob.start();
        BOOST_TEST(bob.fail_by(one).size() == 1u);
        auto const third = bob.fail_by(two);
        BOOST_TEST_REQUIRE(third.size() == 1u);
        // "except 503" is no failure of the server: the answer is the answer.
        bob.receive(answer(third[0].bytes, 486, "alice"));
        (void)bob.sent_one("ACK");
        check_all(bob.listen(), {"rejected 486"});
        bob.end();
      }
}
// Any other final response is the user's to know.
BOOST_AUTO_TEST_CASE(other_final_responses_are_no_failure_of_the_hop_rfc_3263_4_3) {
  for (int const status : {300, 404, 408, 480, 486, 500, 504, 600}) {
    caller bob;
    bob.receive(answer(bob.start(), status, "alice"));
    (void)bob.sent_one("ACK");
    check_all(bob.listen(), {"rejected " + std::to_string(status)});
    bob.end();
  }
}

// A 503 is a failure whatever came before it; the dialogs of that server are gone with it.
BOOST_AUTO_TEST_CASE(a_503_after_a_100_or_180_goes_on_to_the_next_hop_rfc_3263_4_3) {
  for (bool const rings : {false, true}) {
    caller bob;
    auto const first = bob.start();
    auto const h = bob.call;
    bob.receive(answer(first, 100, ""));
    if (rings) bob.receive(answer(first, 180, "one", alices_contact));
    bob.listen();
    auto const second = bob.fail_by(failure::unavailable);
    BOOST_TEST_REQUIRE(second.size() == 1u);
    check_all(bob.listen(), {});
    BOOST_TEST((bob.agent->state(h) == call_state::outgoing));
    BOOST_TEST(!bob.send_in(h, method::info));
    // Whoever answers there may have any tag.
    bob.receive(answer(second[0].bytes, 180, "two", alices_contact));
    check_all(bob.listen(), {"provisional 180"});
    BOOST_TEST(static_cast<bool>(bob.send_in(h, method::info)));
    auto const info = bob.sent_one("INFO");
    BOOST_TEST(read(info).value.to_tag() == "two");
    BOOST_TEST(cseq_of(info) == 2u);
    bob.receive(answer(info, 200, ""));
    bob.listen();
    bob.receive(answer(second[0].bytes, 200, "two", alices_contact));
    BOOST_TEST(read(bob.sent_one("ACK")).value.to_tag() == "two");
    check_all(bob.listen(), {"answered 200"});
    bob.end();
  }
}
// What was sent in an early dialog of the server that has failed is nothing to the next one.
BOOST_AUTO_TEST_CASE(requests_in_the_dialogs_of_a_hop_that_failed_end_no_call_12_2_1_2) {
  for (bool const reliable : {false, true})
    for (int const status : {481, 0}) {
      BOOST_TEST_CONTEXT((reliable ? "PRACK " : "INFO ") << status) {
        caller bob;
        auto const first = bob.start();
        auto const h = bob.call;
        bob.receive(answer(first, 183, "one",
                           alices_contact + (reliable ? "Require: 100rel\r\nRSeq: 1\r\n" : "")));
        std::string early;
        if (reliable) {
          early = bob.sent_one("PRACK");
        } else {
          BOOST_TEST(static_cast<bool>(bob.send_in(h, method::info)));
          early = bob.sent_one("INFO");
        }
        bob.last.assign(1, {first, ip(1), transport::udp, {}});
        auto const second = bob.fail_by(failure::unavailable);
        BOOST_TEST_REQUIRE(second.size() == 1u);
        bob.receive(answer(second[0].bytes, 180, "two", alices_contact));
        bob.listen();
        if (status)
          bob.receive(answer(early, status, ""));
        else
          bob.advance(32'000);
        if (reliable)
          check_all(bob.listen(), {});
        else
          check_all(bob.listen(), {"response " + std::to_string(status ? status : 408)});
        BOOST_TEST((bob.agent->state(h) == call_state::early));
        bob.look();
        for (auto const& w : bob.last) BOOST_TEST(w.bytes == early);
        (void)bob.accept(second[0].bytes);
        bob.end();
      }
    }
}

// Who has given the call up wants it at no other server either.
BOOST_AUTO_TEST_CASE(a_call_that_is_given_up_goes_to_no_other_hop_9_1) {
  for (failure const how : failures)
    for (bool const trying : {false, true}) {
      if (trying && how == failure::silence) continue; // no Timer B after a 100 (17.1.1.2)
      BOOST_TEST_CONTEXT(word(how) << (trying ? " after a 100" : "")) {
        caller bob;
        auto const invite = bob.start();
        if (trying) bob.receive(answer(invite, 100, ""));
        bob.listen();
        auto const result = bob.agent->cancel(bob.call, bob.now);
        BOOST_TEST((result == (trying ? sending::sent : sending::deferred)));
        if (trying && how == failure::of_transport) {
          (void)bob.sent_one("CANCEL");
          continue;
        }
        bob.take();
        bob.sent.clear();
        BOOST_TEST(bob.fail_by(how).empty());
        check_all(bob.listen(), {how == failure::silence       ? "failed 408"
                                 : how == failure::unavailable ? "rejected 503"
                                                               : "failed 503"});
        bob.end();
      }
    }
}

// It is the INVITE that was sent last that is cancelled.
BOOST_AUTO_TEST_CASE(a_cancel_goes_to_the_hop_that_has_the_call_9_1) {
  caller bob;
  auto const first = bob.start();
  auto const second = bob.fail_by(failure::unavailable);
  BOOST_TEST_REQUIRE(second.size() == 1u);
  // A late response of the first is the transaction's.
  bob.receive(answer(first, 503, "p"));
  (void)bob.sent_one("ACK");
  BOOST_TEST((bob.agent->cancel(bob.call, bob.now) == sending::deferred));
  bob.receive(answer(second[0].bytes, 100, ""));
  auto const cancel = bob.sent_one("CANCEL");
  BOOST_TEST((bob.last[0].to == hops[1]));
  BOOST_TEST(branch_of(cancel) == branch_of(second[0].bytes));
  bob.receive(answer(cancel, 200, ""));
  bob.receive(answer(second[0].bytes, 487, "p"));
  (void)bob.sent_one("ACK");
  check_all(bob.listen(), {"provisional 100", "rejected 487"});
  bob.end();
}

// "Expires" counts from each (13.2.1).
BOOST_AUTO_TEST_CASE(an_invite_that_expires_does_so_at_the_next_hop_13_2_1) {
  caller bob;
  outgoing_call out;
  out.other_hops = others;
  out.expires = 60;
  (void)bob.place(out);
  bob.advance(10'000);
  bob.look();
  bob.last.resize(1);
  auto const second = bob.fail_by(failure::unavailable);
  BOOST_TEST_REQUIRE(second.size() == 1u);
  BOOST_TEST(value_of(second[0].bytes, header::expires) == "60");
  bob.receive(answer(second[0].bytes, 180, "alice", alices_contact));
  bob.advance(59'000);
  check_all(bob.look(), {});
  bob.advance(2'000);
  bob.look();
  BOOST_TEST_REQUIRE(!bob.last.empty());
  BOOST_TEST(summary(bob.last[0].bytes) == "CANCEL");
  bob.receive(answer(second[0].bytes, 487, "alice"));
  check_all(bob.listen(), {"provisional 180", "rejected 487"});
  bob.end();
}

BOOST_AUTO_TEST_CASE(a_422_of_the_next_hop_is_answered_at_that_hop_rfc_4028_7_3) {
  auto s = caller::settings();
  s.session_expires = 100;
  caller bob{s};
  auto const first = bob.start();
  auto const second = bob.fail_by(failure::unavailable);
  BOOST_TEST_REQUIRE(second.size() == 1u);
  bob.receive(answer(second[0].bytes, 422, "p", "Min-SE: 1800\r\n"));
  check_all(bob.look(), {"ACK", "INVITE"});
  BOOST_TEST((bob.last[1].to == hops[1]));
  auto const again = bob.last[1].bytes;
  BOOST_TEST(value_of(again, header::session_expires).substr(0, 4) == "1800");
  BOOST_TEST(cseq_of(again) == cseq_of(first) + 1);
  // And that fails, too.
  bob.last.erase(bob.last.begin());
  auto const third = bob.fail_by(failure::unavailable);
  BOOST_TEST_REQUIRE(third.size() == 1u);
  BOOST_TEST((third[0].to == hops[2]));
  BOOST_TEST(with_branch(third[0].bytes, branch_of(again)) == again);
  (void)bob.accept(third[0].bytes, "Supported: timer\r\n");
  bob.end();
}

// ---- Requests outside of calls

BOOST_AUTO_TEST_CASE(a_request_that_fails_goes_to_the_next_hop_as_it_was_but_for_the_branch) {
  for (failure const how : failures) BOOST_TEST_CONTEXT(word(how)) {
      caller bob;
      auto const first = bob.start_message();
      auto const second = bob.fail_by(how);
      BOOST_TEST_REQUIRE(second.size() == 1u);
      BOOST_TEST((second[0].to == hops[1]));
      BOOST_TEST(branch_of(second[0].bytes) != branch_of(first));
      BOOST_TEST(with_branch(second[0].bytes, branch_of(first)) == first);
      auto const third = bob.fail_by(how);
      BOOST_TEST_REQUIRE(third.size() == 1u);
      BOOST_TEST((third[0].to == hops[2]));
      BOOST_TEST(with_branch(third[0].bytes, branch_of(first)) == first);
      check_all(bob.listen(), {});
      bob.receive(answer(third[0].bytes, 200, "alice"));
      check_all(bob.listen(), {"response 200"});
      bob.end();
    }
}
BOOST_AUTO_TEST_CASE(when_all_hops_have_failed_the_request_has_rfc_3263_4_3) {
  for (failure const how : failures) BOOST_TEST_CONTEXT(word(how)) {
      caller bob;
      (void)bob.start_message();
      BOOST_TEST(bob.fail_by(how).size() == 1u);
      BOOST_TEST(bob.fail_by(how).size() == 1u);
      BOOST_TEST(bob.fail_by(how).empty());
      check_all(bob.listen(), {how == failure::silence ? "response 408" : "response 503"});
      bob.end();
    }
}
// "times out without ever having received any response, provisional or final" (RFC 3263 4.3): who
// has begun to serve it has not failed in that way.
BOOST_AUTO_TEST_CASE(after_a_provisional_response_silence_is_no_failure_of_the_hop_rfc_3263_4_3) {
  caller bob;
  auto const first = bob.start_message();
  bob.receive(answer(first, 100, ""));
  bob.advance(32'000);
  check_all(bob.listen(), {"response 100", "response 408"});
  bob.look();
  for (auto const& w : bob.last) BOOST_TEST(w.bytes == first);
  // What the first hop has said counts for it alone.
  auto const again = bob.start_message();
  bob.receive(answer(again, 100, ""));
  auto const second = bob.fail_by(failure::unavailable);
  BOOST_TEST_REQUIRE(second.size() == 1u);
  auto const third = bob.fail_by(failure::silence);
  BOOST_TEST_REQUIRE(third.size() == 1u);
  BOOST_TEST((third[0].to == hops[2]));
  bob.receive(answer(third[0].bytes, 200, "a"));
  check_all(bob.listen(), {"response 100", "response 200"});
  bob.end();
}
BOOST_AUTO_TEST_CASE(other_final_responses_to_a_request_are_the_users_rfc_3263_4_3) {
  for (int const status : {202, 302, 404, 408, 486, 500, 603}) {
    caller bob;
    bob.receive(answer(bob.start_message(), status, "alice"));
    check_all(bob.look(), {});
    check_all(bob.listen(), {"response " + std::to_string(status)});
    bob.end();
  }
}

// A place in the layer is needed for the next one; without it there is no next one.
BOOST_AUTO_TEST_CASE(without_a_free_transaction_the_failure_is_told) {
  user_desk<endpoint_size{.calls = 2, .transactions = 1, .requests = 1}> bob;
  outgoing_call out;
  out.other_hops = others;
  auto const invite = bob.place(out);
  bob.receive(answer(invite, 503, "p"));
  (void)bob.sent_one("ACK");
  check_all(bob.listen(), {"rejected 503"});
  bob.advance(33'000);
  // One that has timed out leaves its own.
  auto const other = bob.place(out);
  bob.advance(32'000);
  bob.look();
  BOOST_TEST((bob.last.back().to == hops[1]));
  BOOST_TEST(branch_of(bob.last.back().bytes) != branch_of(other));
  bob.receive(answer(bob.last.back().bytes, 486, "p"));
  check_all(bob.listen(), {"rejected 486"});
}

// The list is read until the end of the call and not kept: a call in the same place begins with its
// own.
BOOST_AUTO_TEST_CASE(the_next_call_has_no_hops_of_the_one_before) {
  caller bob;
  bob.receive(answer(bob.start(), 486, "alice"));
  (void)bob.sent_one("ACK");
  (void)bob.place();
  BOOST_TEST(bob.fail_by(failure::unavailable).empty());
  check_all(bob.listen(), {"rejected 486", "rejected 503"});
  bob.end();
}

BOOST_AUTO_TEST_SUITE_END()
