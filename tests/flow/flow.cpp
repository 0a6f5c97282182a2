// Flows as text, judged: what is legal, what is complete, who broke which rule where.
#include <ctsip/flow/flow.hpp>

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

BOOST_AUTO_TEST_SUITE(flow_flow)

using namespace ctsip;
using namespace ctsip::literals;

namespace {

// In constant evaluation, as all of it can be.
static_assert("INVITE -> 180 Ringing -> 200 OK -> ACK -> BYE -> 200 OK"_flow.complete());
static_assert("INVITE -> 100 Trying -> 486 Busy Here -> ACK"_flow.complete());
static_assert("REGISTER -> 401 -> REGISTER with Authorization -> 200 OK"_flow.complete());
static_assert("INVITE -> 180 Ringing"_flow.legal());
static_assert(!"INVITE -> 180 Ringing"_flow.complete());
static_assert(check_flow("INVITE -> 180 Ringing -> ACK").step() == 3);
static_assert(check_flow("INVITE -> 180 Ringing -> ACK").clause() == "RFC 3261 13.2.2.4");
static_assert(!check_flow("INVITE -> 180 Ringing -> AKC").readable());

bool complete(std::string_view text) {
  auto const v = check_flow(text);
  BOOST_TEST(v.complete(),
             text << "\n  " << v.sentence() << v.open().sentence << " at step " << v.step());
  return v.complete();
}

struct breach {
  std::size_t step;
  std::string_view by;
  std::string_view sentence;
  std::string_view clause;
};

void refused(std::string_view text, breach const& expected) {
  auto const v = check_flow(text);
  BOOST_TEST(v.violated(), text);
  BOOST_TEST(v.step() == expected.step, text);
  BOOST_TEST(v.participant() == expected.by, text);
  BOOST_TEST(v.sentence() == expected.sentence, text);
  BOOST_TEST(v.clause() == expected.clause, text);
}

constexpr breach ack_too_early{3, "caller", "ACK before a final response to the INVITE",
                               "RFC 3261 13.2.2.4"};

} // namespace

// --- The verdict

BOOST_AUTO_TEST_CASE(a_verdict_on_a_complete_flow_says_nothing_else) {
  auto const v = check_flow("INVITE -> 200 OK -> ACK");
  BOOST_TEST((v.outcome() == flow_outcome::complete));
  BOOST_TEST(v.readable());
  BOOST_TEST(v.legal());
  BOOST_TEST(static_cast<bool>(v));
  BOOST_TEST(v.step() == 0u);
  BOOST_TEST(v.line() == 0u);
  BOOST_TEST(v.message().empty());
  BOOST_TEST(v.sentence().empty());
  BOOST_TEST(v.clause().empty());
  BOOST_TEST(v.open().sentence == std::string_view{});
  BOOST_TEST(v.text() == "INVITE -> 200 OK -> ACK");
}

BOOST_AUTO_TEST_CASE(a_verdict_on_a_violation_says_who_broke_which_rule_rfc_3261_13_2_2_4) {
  auto const v = check_flow("INVITE -> 180 Ringing -> ACK");
  refused("INVITE -> 180 Ringing -> ACK", ack_too_early);
  BOOST_TEST((v.outcome() == flow_outcome::violated));
  BOOST_TEST(!v.legal());
  BOOST_TEST(!static_cast<bool>(v));
  BOOST_TEST(v.message() == "ACK");
  BOOST_TEST(v.line() == 1u);
  BOOST_TEST(v.why().machine == std::string_view{"INVITE usage"});
  BOOST_TEST(v.why().state == std::string_view{"caller_early"});
  BOOST_TEST(v.why().event == std::string_view{"sent_ack"});
}

BOOST_AUTO_TEST_CASE(a_verdict_on_a_text_that_is_none_says_where_reading_stopped) {
  auto const v = check_flow("> INVITE\n< 180 Ringing\n< 2000 OK\n");
  BOOST_TEST((v.outcome() == flow_outcome::unreadable));
  BOOST_TEST(!v.readable());
  BOOST_TEST(!v.legal());
  BOOST_TEST(!v.violated());
  BOOST_TEST(v.line() == 3u);
  BOOST_TEST(v.step() == 0u);
  BOOST_TEST(v.message() == "2000");
  BOOST_TEST(v.sentence() ==
             "a status code has three digits, the first of them 1 to 6 (RFC 3261 7.2)");
}

BOOST_AUTO_TEST_CASE(nothing_is_no_flow) {
  for (std::string_view const text : {"", " \n\n", "# a comment\n", "--\n"}) {
    BOOST_TEST(!check_flow(text).readable());
    BOOST_TEST(check_flow(text).sentence() == "there is no message in the text");
  }
}

// --- What is open

BOOST_AUTO_TEST_CASE(a_request_without_a_final_response_is_open_rfc_3261_17) {
  auto const v = check_flow("OPTIONS");
  BOOST_TEST((v.outcome() == flow_outcome::legal));
  BOOST_TEST(v.open().sentence == std::string_view{"a request without a final response"});
  BOOST_TEST(v.open().method == std::string_view{"OPTIONS"});
  BOOST_TEST(v.open().participant == "caller");
}

BOOST_AUTO_TEST_CASE(a_final_response_without_its_ack_is_open_rfc_3261_13_2_2_4) {
  auto const success = check_flow("INVITE -> 200 OK");
  BOOST_TEST((success.outcome() == flow_outcome::legal));
  BOOST_TEST(success.open().method == std::string_view{"INVITE"});
  BOOST_TEST(success.open().sentence ==
             std::string_view{"a 2xx response to the INVITE without its ACK"});
  BOOST_TEST(success.open().clause == std::string_view{"RFC 3261 13.2.2.4"});
  auto const failure = check_flow("INVITE -> 486 Busy Here");
  BOOST_TEST((failure.outcome() == flow_outcome::legal));
  BOOST_TEST(failure.open().sentence ==
             std::string_view{"a failure response to the INVITE without its ACK"});
  BOOST_TEST(failure.open().clause == std::string_view{"RFC 3261 17.1.1.2"});
}

// The ACK that is left out is the one to the failure: "the client transaction MUST generate an ACK
// request" for each.
BOOST_AUTO_TEST_CASE(an_ack_that_is_there_belongs_to_the_latest_response_rfc_3261_17_1_1_2) {
  for (std::string_view const flow :
       {"INVITE -> 407 -> INVITE (auth) -> 200 OK -> ACK",
        "INVITE -> 401 -> INVITE (auth) -> 200 OK -> ACK -> BYE -> 200 OK",
        "INVITE -> 486 Busy Here -> INVITE -> 200 OK -> ACK",
        "INVITE -> 401 -> INVITE (auth) -> 407 -> INVITE (auth) -> 200 OK -> ACK",
        "INVITE -> 200 OK -> ACK -> re-INVITE -> 491 -> re-INVITE -> 200 OK -> ACK",
        "> INVITE\n< 407\n> INVITE (auth)\n< 200 OK\n> ACK"}) {
    BOOST_TEST_CONTEXT(flow) {
      auto const v = check_flow(flow);
      BOOST_TEST((v.outcome() == flow_outcome::legal));
      BOOST_TEST(v.open().sentence ==
                 std::string_view{"a failure response to the INVITE without its ACK"});
      BOOST_TEST(v.open().clause == std::string_view{"RFC 3261 17.1.1.2"});
    }
  }
  // Both are there, in either order; and a number says whose the one that is there is.
  complete("INVITE -> 407 -> ACK -> INVITE (auth) -> 200 OK -> ACK");
  complete("INVITE -> 407 -> INVITE (auth) -> 200 OK -> ACK -> ACK");
  complete("INVITE (cseq=1) -> 407 -> INVITE (auth, cseq=2) -> 200 OK -> ACK (cseq=1)"
           " -> ACK (cseq=2)");
  auto const said = check_flow("INVITE (cseq=1) -> 407 -> INVITE (auth, cseq=2) -> 200 OK"
                               " -> ACK (cseq=1)");
  BOOST_TEST(said.open().clause == std::string_view{"RFC 3261 13.2.2.4"});
}

BOOST_AUTO_TEST_CASE(a_message_that_is_missing_is_told_before_a_rule_rfc_3261_13_2_2_4) {
  // Bob stands before Alice, and waits for her ACK and for her 200.
  std::string const other = "bob -> carol: INVITE (call=9)\ncarol -> bob: 200 OK (call=9)\n"
                            "bob -> carol: ACK (call=9)\nbob -> carol: BYE (call=9)\n"
                            "carol -> bob: 200 OK for BYE (call=9)\n";
  std::string const begun = "alice -> bob: INVITE (call=1)\nbob -> alice: 200 OK (call=1)\n";
  for (std::string const& text : {begun, other + begun, begun + other}) {
    BOOST_TEST_CONTEXT(text) {
      auto const v = check_flow(text);
      BOOST_TEST((v.outcome() == flow_outcome::legal));
      BOOST_TEST(v.open().sentence ==
                 std::string_view{"a 2xx response to the INVITE without its ACK"});
      BOOST_TEST(v.open().clause == std::string_view{"RFC 3261 13.2.2.4"});
      BOOST_TEST(v.open().participant == "alice");
    }
  }
  // The BYE in another call is not the one that is answered.
  std::string const ending = begun + "alice -> bob: ACK (call=1)\nalice -> bob: BYE (call=1)\n";
  std::string const carols = "carol -> bob: INVITE (call=9)\nbob -> carol: 200 OK (call=9)\n"
                             "carol -> bob: ACK (call=9)\ncarol -> bob: BYE (call=9)\n"
                             "bob -> carol: 200 OK for BYE (call=9)\n";
  for (std::string const& text : {ending, carols + ending, other + ending}) {
    BOOST_TEST_CONTEXT(text) {
      auto const v = check_flow(text);
      BOOST_TEST(v.open().sentence == std::string_view{"a request without a final response"});
      BOOST_TEST(v.open().method == std::string_view{"BYE"});
    }
  }
}

BOOST_AUTO_TEST_CASE(a_reliable_response_without_its_prack_is_open_rfc_3262_3) {
  auto const v = check_flow("> INVITE (100rel)\n< 183 (100rel)\n< 486\n> ACK");
  BOOST_TEST(v.complete()); // a final response other than 2xx ends the matter
  auto const w = check_flow("alice -> bob: INVITE (100rel)\nbob -> alice: 183 (100rel)\n"
                            "alice -> bob: PRACK\nbob -> alice: 200 for PRACK\n"
                            "bob -> alice: 180 (100rel)");
  BOOST_TEST((w.outcome() == flow_outcome::legal));
  auto const u = check_flow("> INVITE (100rel)\n< 183 (100rel)\n< 200 OK\n> ACK");
  BOOST_TEST(u.open().sentence ==
             std::string_view{"a reliable provisional response without its PRACK"});
  BOOST_TEST(u.open().clause == std::string_view{"RFC 3262 3"});
}

BOOST_AUTO_TEST_CASE(an_offer_without_its_answer_is_open_rfc_3264_4) {
  auto const v = check_flow("> INVITE\n< 200 OK (sdp)\n> ACK (sdp)\n> UPDATE (sdp)");
  BOOST_TEST((v.outcome() == flow_outcome::legal));
  BOOST_TEST(v.open().participant == "self");
}

BOOST_AUTO_TEST_CASE(what_is_sent_and_never_delivered_is_open) {
  auto const v = check_flow("alice -> bob: INVITE\nbob -> alice: 200 OK\nalice -> bob: ACK\n"
                            "alice -> : BYE #1");
  BOOST_TEST((v.outcome() == flow_outcome::legal));
  BOOST_TEST(v.open().sentence ==
             std::string_view{"a message that was sent and is never delivered"});
  BOOST_TEST(v.open().participant == "alice");
}

// --- Several flows

BOOST_AUTO_TEST_CASE(several_flows_are_judged_and_all_must_be_complete) {
  BOOST_TEST(
      complete("INVITE -> 200 OK -> ACK\n\nOPTIONS -> 200 OK\n--\n> INVITE\n< 486\n> ACK\n"));
  auto const v = check_flow("INVITE -> 200 OK -> ACK\n\nOPTIONS\n\nOPTIONS -> 200");
  BOOST_TEST((v.outcome() == flow_outcome::legal));
  BOOST_TEST(v.open().method == std::string_view{"OPTIONS"});
}

BOOST_AUTO_TEST_CASE(the_first_flow_that_is_not_legal_is_told_with_its_line) {
  auto const v = check_flow("# two calls\nINVITE -> 200 OK -> ACK\n\n\n"
                            "> INVITE\n< 180 Ringing\n> ACK\n\nINVITE -> ACK");
  BOOST_TEST(v.violated());
  BOOST_TEST(v.step() == 3u);
  BOOST_TEST(v.line() == 7u);
  BOOST_TEST(v.participant() == "self");
  auto const w = check_flow("OPTIONS -> 200 OK\n--\nOPTIONS -> 20 OK");
  BOOST_TEST(!w.readable());
  BOOST_TEST(w.line() == 3u);
}

BOOST_AUTO_TEST_CASE(flows_do_not_know_of_each_other) {
  refused("INVITE -> 200 OK -> ACK\n\nBYE -> 200 OK",
          {1, "caller", "BYE outside a dialog", "RFC 3261 15"});
}

// --- Arrows

BOOST_AUTO_TEST_CASE(arrows_say_who_sends_where_that_is_not_the_caller) {
  BOOST_TEST(complete("INVITE -> 200 OK -> ACK <- BYE -> 200 OK"));
  BOOST_TEST(complete("INVITE -> 200 OK -> ACK -> bob: BYE -> 200 OK"));
  BOOST_TEST(complete("INVITE -> 200 OK -> ACK -> BYE by the callee -> 200 OK"));
  refused("INVITE -> 180 Ringing <- BYE",
          {3, "callee", "BYE by the callee in an early dialog", "RFC 3261 15"});
}

BOOST_AUTO_TEST_CASE(a_response_answers_whatever_it_can) {
  BOOST_TEST(complete("INVITE (100rel) -> 183 (100rel) -> PRACK -> 200 OK -> 200 OK -> ACK"));
  BOOST_TEST(complete("INVITE -> 180 -> CANCEL -> 200 OK -> 487 Request Terminated -> ACK"));
  BOOST_TEST(complete("INVITE -> 180 -> CANCEL -> 487 Request Terminated -> ACK -> 200 OK"));
}

BOOST_AUTO_TEST_CASE(a_response_to_nothing_is_refused_rfc_3261_8_2_6) {
  auto const v = check_flow("INVITE -> 200 OK for BYE");
  BOOST_TEST(v.violated());
  BOOST_TEST(v.step() == 2u);
  BOOST_TEST(v.sentence() == "a response to a request that has not been received");
  BOOST_TEST(check_flow("200 OK").violated());
}

BOOST_AUTO_TEST_CASE(the_reading_that_got_furthest_is_told) {
  // The 200 is the INVITE's: as the PRACK's it would leave the ACK without a reason.
  auto const v = check_flow("INVITE (100rel) -> 183 (100rel) -> PRACK -> 200 OK -> ACK");
  BOOST_TEST(v.legal());
  BOOST_TEST(v.open().method == std::string_view{"PRACK"});
  auto const w = check_flow("INVITE -> 180 -> PRACK -> 200 OK");
  BOOST_TEST(w.violated());
  BOOST_TEST(w.step() == 3u);
  BOOST_TEST(
      check_flow("INVITE -> 180 -> CANCEL -> 200 OK for CANCEL -> 487 -> ACK -> BYE").step() == 7u);
}

// --- A ladder

BOOST_AUTO_TEST_CASE(each_participant_of_a_ladder_is_judged_but_a_proxy) {
  BOOST_TEST(complete("alice -> proxy1: INVITE\nproxy1 -> bob: INVITE\nproxy1 -> alice: 100\n"
                      "bob -> proxy1: 200 OK\nproxy1 -> alice: 200 OK\nalice -> bob: ACK"));
  refused("alice -> bob: INVITE\nbob -> alice: 180\nalice -> bob: ACK",
          {3, "alice", "ACK before a final response to the INVITE", "RFC 3261 13.2.2.4"});
}

BOOST_AUTO_TEST_CASE(the_callee_is_judged_as_the_sender_of_its_responses_rfc_3261_17_2_1) {
  auto const v = check_flow("alice -> bob: INVITE\nbob -> alice: 486\nalice -> bob: ACK\n"
                            "bob -> alice: 200 OK for INVITE");
  BOOST_TEST(v.violated());
  BOOST_TEST(v.step() == 4u);
  BOOST_TEST(v.participant() == "bob");
}

BOOST_AUTO_TEST_CASE(a_mermaid_diagram_is_a_ladder) {
  BOOST_TEST(complete("```mermaid\nsequenceDiagram\n    participant alice\n    participant bob\n"
                      "    alice->>bob: INVITE\n    bob-->>alice: 200 OK\n    alice->>bob: ACK\n"
                      "```\n"));
}

BOOST_AUTO_TEST_CASE(a_bye_crosses_a_bye_rfc_5407_3_1_5) {
  BOOST_TEST(complete("alice -> bob: INVITE\nbob -> alice: 200 OK\nalice -> bob: ACK\n"
                      "alice -> : BYE #1\nbob -> : BYE #2\n-> bob: BYE #1\n-> alice: BYE #2\n"
                      "bob -> alice: 481\nalice -> bob: 481"));
}

BOOST_AUTO_TEST_CASE(a_cancel_crosses_a_200_rfc_3261_9_1) {
  BOOST_TEST(complete("alice -> bob: INVITE\nbob -> alice: 180 Ringing\nalice -> : CANCEL #1\n"
                      "bob -> : 200 OK for INVITE #2\n-> bob: CANCEL #1\n"
                      "bob -> alice: 200 OK for CANCEL\n-> alice: 200 OK #2\nalice -> bob: ACK\n"
                      "alice -> bob: BYE\nbob -> alice: 200 OK"));
}

// --- A log

BOOST_AUTO_TEST_CASE(a_log_is_judged_from_one_side_only) {
  BOOST_TEST(complete("> INVITE\n< 180 Ringing\n< 200 OK\n> ACK\n< BYE\n> 200 OK"));
  BOOST_TEST(complete("< INVITE\n> 180 Ringing\n> 200 OK\n< ACK\n< BYE\n> 200 OK"));
  // Of two BYE that crossed, this agent sees both.
  BOOST_TEST(complete("> INVITE\n< 200\n> ACK\n> BYE\n< BYE\n> 481\n< 481"));
}

BOOST_AUTO_TEST_CASE(a_log_tells_the_peers_breach_as_the_peers_rfc_3262_4) {
  refused("> INVITE (sdp)\n< 183 (100rel, sdp)",
          {2, "peer", "a reliable provisional response to an INVITE that does not support 100rel",
           "RFC 3262 3"});
}

BOOST_AUTO_TEST_CASE(what_a_log_leaves_out_is_the_agents_breach) {
  auto const v = check_flow("> INVITE\n< 200 OK\n> BYE");
  BOOST_TEST(v.violated());
  BOOST_TEST(v.participant() == "self");
  BOOST_TEST(v.step() == 3u);
  BOOST_TEST(v.clause() == "RFC 3261 13.2.2.4");
}

// --- Forks, calls, retransmissions, numbers

BOOST_AUTO_TEST_CASE(each_fork_that_answers_is_acknowledged_rfc_3261_13_2_2_4) {
  std::string_view const text = "> INVITE\n< 180 (tag=a)\n< 180 (tag=b)\n< 200 (tag=a, INVITE)\n"
                                "> ACK (tag=a)\n< 200 (tag=b, INVITE)\n> ACK (tag=b)\n"
                                "> BYE (tag=b)\n< 200 (tag=b, BYE)";
  BOOST_TEST(complete(text));
  auto const v = check_flow("> INVITE\n< 200 (tag=a)\n> ACK (tag=a)\n< 200 (tag=b, INVITE)");
  BOOST_TEST((v.outcome() == flow_outcome::legal));
}

BOOST_AUTO_TEST_CASE(two_calls_have_nothing_to_do_with_each_other_rfc_3261_12) {
  BOOST_TEST(complete("> INVITE (call=1)\n< 200 (call=1)\n> ACK (call=1)\n"
                      "< INVITE (call=2)\n> 486 (call=2)\n< ACK (call=2)\n"
                      "> BYE (call=1)\n< 200 (call=1)"));
  // A back-to-back user agent.
  BOOST_TEST(complete("alice -> bob: INVITE\nbob -> carol: INVITE (call=2)\ncarol -> bob: 200 OK\n"
                      "bob -> carol: ACK\nbob -> alice: 200 OK for INVITE\nalice -> bob: ACK\n"
                      "alice -> bob: BYE\nbob -> alice: 200 OK for BYE\n"
                      "bob -> carol: BYE\ncarol -> bob: 200 OK for BYE"));
  refused("> INVITE (call=1)\n< 200 (call=1)\n> ACK (call=1)\n> BYE (call=2)",
          {4, "self", "BYE outside a dialog", "RFC 3261 15"});
}

BOOST_AUTO_TEST_CASE(a_retransmission_is_one_where_it_is_marked_rfc_3261_17_1_1) {
  BOOST_TEST(
      complete("> INVITE\n> INVITE (again)\n< 200 OK\n< 200 OK (again)\n> ACK\n> ACK (again)"));
  BOOST_TEST(check_flow("> INVITE\n> INVITE").violated());
  refused("> INVITE\n> BYE (again)",
          {2, "self", "a retransmission of a message that has not been sent",
           "RFC 3261 17.1.1.2, 17.2.1"});
}

BOOST_AUTO_TEST_CASE(a_lost_request_comes_again_rfc_3261_17_1_1) {
  BOOST_TEST(complete("alice -> bob: INVITE (lost)\nalice -> bob: INVITE (again)\n"
                      "bob -> alice: 200 OK\nalice -> bob: ACK"));
}

BOOST_AUTO_TEST_CASE(a_cseq_number_goes_up_rfc_3261_12_2_1_1) {
  BOOST_TEST(complete("> INVITE (cseq=7)\n< 200\n> ACK\n> BYE (cseq=8)\n< 200"));
  auto const v = check_flow("> INVITE (cseq=7)\n< 200\n> ACK\n> BYE (cseq=6)");
  BOOST_TEST(v.violated());
  BOOST_TEST(v.step() == 4u);
}

BOOST_AUTO_TEST_CASE(a_rack_is_that_of_the_response_rfc_3262_7_2) {
  BOOST_TEST(check_flow("> INVITE (100rel)\n< 183 (rseq=5)\n> PRACK (rack=5)").legal());
  BOOST_TEST(check_flow("> INVITE (100rel)\n< 183 (rseq=5)\n> PRACK (rack=6)").step() == 3u);
}

// --- Bodies

BOOST_AUTO_TEST_CASE(without_any_sdp_bodies_are_not_judged_rfc_3264) {
  BOOST_TEST(complete("INVITE -> 200 OK -> ACK"));
  auto const v = check_flow("INVITE (sdp) -> 200 OK -> ACK");
  BOOST_TEST(v.violated());
  BOOST_TEST(v.step() == 2u);
  BOOST_TEST(v.participant() == "callee");
}

BOOST_AUTO_TEST_CASE(in_a_log_an_ack_of_the_peers_is_overtaken_by_the_next_invite_rfc_5407_3_1_4) {
  complete("< INVITE (sdp)\n> 200 OK (sdp)\n< INVITE (sdp)\n> 491 Request Pending\n< ACK\n< ACK\n"
           "> BYE\n< 200 OK");
  complete("< INVITE\n> 407 Proxy Authentication Required\n< INVITE (auth)\n> 100 Trying\n< ACK\n"
           "> 200 OK\n< ACK");
  refused("< INVITE\n> 407 Proxy Authentication Required\n< ACK\n< INVITE (auth)\n> 100 Trying\n"
          "< ACK",
          {6, "peer", "ACK before a final response to the INVITE", "RFC 3261 13.2.2.4"});
}

BOOST_AUTO_TEST_CASE(a_callee_whose_2xx_is_never_acknowledged_sends_bye_rfc_3261_13_3_1_4) {
  complete("< INVITE\n> 200 OK\n> 200 OK (again)\n> 200 OK (again)\n> BYE\n"
           "< 481 Call/Transaction Does Not Exist");
  // To the caller that got none, its INVITE is still open.
  auto const v = check_flow("INVITE -> 200 OK (lost) -> 200 OK (again, lost) <- BYE"
                            " -> 481 Call/Transaction Does Not Exist");
  BOOST_TEST(v.legal());
  BOOST_TEST(v.open().participant == "caller");
  refused("< INVITE\n> 200 OK\n> BYE",
          {3, "self", "BYE by the callee before the ACK to its 2xx or 64*T1",
           "RFC 3261 15, RFC 6026 8.7"});
  // What came again was another response.
  refused("< INVITE (100rel)\n> 180 Ringing (100rel)\n> 180 Ringing (100rel, again)\n< PRACK\n"
          "> 200 OK (PRACK)\n> 200 OK (INVITE)\n> BYE",
          {7, "self", "BYE by the callee before the ACK to its 2xx or 64*T1",
           "RFC 3261 15, RFC 6026 8.7"});
}

// "the callee's UA MUST NOT send a BYE on a confirmed dialog until it has received an ACK for its
// 2xx response or until the server transaction times out": an ACK of another call is none.
BOOST_AUTO_TEST_CASE(a_callee_waits_for_the_ack_of_the_same_call_rfc_3261_15) {
  std::string const early = "carol -> bob: INVITE (call=2)\nbob -> carol: 200 OK (call=2)\n"
                            "bob -> carol: BYE (call=2)\n";
  auto const call = [](std::string const& from, std::string const& to) {
    return from + " -> " + to + ": INVITE (call=1)\n" + to + " -> " + from + ": 200 OK (call=1)\n" +
           from + " -> " + to + ": ACK (call=1)\n";
  };
  std::string const over = "alice -> dave: BYE (call=1)\ndave -> alice: 200 OK for BYE (call=1)\n";
  char const* const sentence = "BYE by the callee before the ACK to its 2xx or 64*T1";
  char const* const clause = "RFC 3261 15, RFC 6026 8.7";
  refused(early, {3, "bob", sentence, clause});
  refused(call("alice", "dave") + over + early, {8, "bob", sentence, clause});
  refused(call("alice", "bob") + early, {6, "bob", sentence, clause});
  refused(call("carol", "bob") + early, {6, "bob", sentence, clause});
  refused(call("bob", "alice") + early, {6, "bob", sentence, clause});
  // Its own ACK under way is one (RFC 5407 3.2.4), through a proxy too.
  std::string const crossing = "carol -> bob: INVITE (call=2)\nbob -> carol: 200 OK (call=2)\n"
                               "carol -> : ACK (call=2) #1\nbob -> carol: BYE (call=2)\n"
                               "-> bob: ACK (call=2) #1\n"
                               "carol -> bob: 200 OK for BYE (call=2)\n";
  complete(crossing);
  complete(call("alice", "dave") + over + crossing);
  BOOST_TEST(check_flow("carol -> proxy: INVITE\nproxy -> bob: INVITE\nbob -> proxy: 200 OK\n"
                        "proxy -> carol: 200 OK\ncarol -> proxy: ACK\nbob -> proxy: BYE\n")
                 .legal());
}

// "The UAC core MUST generate an ACK request": whose INVITE it is, is a matter of this call alone.
BOOST_AUTO_TEST_CASE(an_ack_by_the_wrong_side_is_that_whatever_it_sent_before_rfc_3261_13_2_2_4) {
  std::string const wrong = "alice -> bob: INVITE (call=2)\nbob -> alice: 200 OK (call=2)\n"
                            "bob -> alice: ACK (call=2)\n";
  char const* const sentence = "ACK to an INVITE that the other side has sent";
  refused(wrong, {3, "bob", sentence, "RFC 3261 13.2.2.4"});
  std::string const call = "bob -> alice: INVITE (call=1)\nalice -> bob: 200 OK (call=1)\n"
                           "bob -> alice: ACK (call=1)\nbob -> alice: BYE (call=1)\n"
                           "alice -> bob: 200 OK for BYE (call=1)\n";
  refused(call + wrong, {8, "bob", sentence, "RFC 3261 13.2.2.4"});
  std::string const question = "bob -> alice: OPTIONS (call=1)\nalice -> bob: 200 OK (call=1)\n";
  refused(question + wrong, {5, "bob", sentence, "RFC 3261 13.2.2.4"});
  refused("alice -> bob: INVITE\nbob -> alice: 180 Ringing\nbob -> alice: UPDATE\n"
          "alice -> bob: 200 OK\nbob -> alice: 200 OK for INVITE\nbob -> alice: ACK",
          {6, "bob", sentence, "RFC 3261 13.2.2.4"});
  refused(question + "bob -> alice: ACK (call=1)",
          {3, "bob", "ACK for a request other than INVITE", "RFC 3261 17.1.2.1"});
}

BOOST_AUTO_TEST_CASE(an_update_is_answered_though_the_invite_has_failed_rfc_3311_5_2) {
  std::string const early = "INVITE (sdp, 100rel) -> 183 Session Progress (sdp, 100rel) -> PRACK"
                            " -> 200 OK for PRACK";
  complete(early + " <- UPDATE (sdp) -> CANCEL -> 200 OK for CANCEL -> 487 for INVITE -> ACK"
                   " -> 200 OK for UPDATE (sdp)");
  refused(
      early + " -> UPDATE (sdp) -> 486 for INVITE -> ACK -> 200 OK for UPDATE",
      {8, "callee", "2xx without the answer to the offer in the PRACK or UPDATE", "RFC 3262 5"});
}

BOOST_AUTO_TEST_CASE(a_bye_terminates_what_is_pending_in_its_dialog_rfc_3261_15_1_2) {
  complete("INVITE -> 200 OK -> ACK -> UPDATE -> BYE -> 200 OK for BYE -> 487 Request Terminated");
  complete("INVITE -> 200 OK -> ACK -> INFO <- BYE -> 200 OK for BYE -> 487 Request Terminated");
  // Without a BYE, 487 answers an INVITE (21.4.25).
  auto const v = check_flow("OPTIONS -> 487 Request Terminated");
  BOOST_TEST(v.violated());
  BOOST_TEST(v.clause() == "RFC 3261 8.2.6");
}

BOOST_AUTO_TEST_CASE(in_a_log_a_reliable_response_that_comes_again_is_discarded_rfc_3262_4) {
  complete("> INVITE (100rel)\n< 180 Ringing (100rel)\n< 180 Ringing (100rel, again)\n> PRACK\n"
           "< 200 OK (PRACK)\n< 200 OK (INVITE)\n> ACK");
  // The first to come is none that came again, whatever was lost before.
  complete("> INVITE (100rel)\n< 180 Ringing (100rel, again)\n> PRACK\n< 200 OK (PRACK)\n"
           "< 200 OK (INVITE)\n> ACK");
}

BOOST_AUTO_TEST_CASE(what_goes_from_hop_to_hop_goes_where_the_invite_went_rfc_3261_17_1_1_2) {
  std::string_view const sentence = "an ACK to a non-2xx final response, or a CANCEL, to another "
                                    "than its INVITE was sent to";
  refused("alice -> bob: INVITE\nbob -> alice: 486 Busy Here\nalice -> carol: ACK",
          {3, "alice", sentence, "RFC 3261 9.1, 17.1.1.2"});
  refused("alice -> bob: INVITE\nbob -> alice: 180 Ringing\nalice -> carol: CANCEL",
          {3, "alice", sentence, "RFC 3261 9.1, 17.1.1.2"});
  // A proxy answers for others, and may have been left out.
  BOOST_TEST(
      check_flow("alice -> bob: INVITE\nbob -> alice: 486 Busy Here\nalice -> proxy: ACK").legal());
}

BOOST_AUTO_TEST_CASE(a_request_within_a_dialog_goes_to_one_who_has_part_in_it_rfc_3261_12_2) {
  std::string_view const sentence =
      "a request within a dialog to one who has no part in its INVITE";
  std::string const call = "alice -> bob: INVITE\nbob -> alice: 200 OK\n";
  refused(call + "alice -> carol: ACK", {3, "alice", sentence, "RFC 3261 12.2"});
  refused(call + "alice -> bob: ACK\nalice -> carol: INFO\ncarol -> alice: 200 OK",
          {4, "alice", sentence, "RFC 3261 12.2"});
  refused(call + "alice -> bob: ACK\nbob -> carol: BYE", {4, "bob", sentence, "RFC 3261 12.2"});
  // Outside a dialog there is no such bond.
  complete(call + "alice -> bob: ACK\nalice -> carol: MESSAGE\ncarol -> alice: 200 OK");
}

// --- Limits

BOOST_AUTO_TEST_CASE(more_than_can_be_judged_is_said_so_and_no_verdict) {
  auto const people = check_flow("a -> b: INVITE\nb -> c: INVITE\nc -> d: INVITE\nd -> e: INVITE");
  BOOST_TEST((people.outcome() == flow_outcome::unreadable));
  BOOST_TEST(people.sentence() ==
             "more participants, calls, forks or open transactions than can be judged");
  BOOST_TEST(people.line() == 4u);
  BOOST_TEST(people.message() == "INVITE");
  // Whoever is one too many may be declared and do nothing.
  BOOST_TEST(
      !check_flow("participant c\nparticipant d\nparticipant e\na -> b: OPTIONS").readable());
  auto const calls = check_flow("> OPTIONS (call=1)\n> OPTIONS (call=2)\n> OPTIONS (call=3)\n"
                                "> OPTIONS (call=4)\n> OPTIONS (call=5)");
  BOOST_TEST((calls.outcome() == flow_outcome::unreadable));
  BOOST_TEST(calls.line() == 5u);
  BOOST_TEST(calls.message() == "OPTIONS (call=5)");
}

BOOST_AUTO_TEST_CASE(a_call_forks_to_more_than_three_dialogs_rfc_3261_12_1) {
  complete("INVITE -> 180 Ringing (tag=a) -> 180 Ringing (tag=b) -> 180 Ringing (tag=c)"
           " -> 180 Ringing (tag=d) -> 200 OK (tag=d) -> ACK (tag=d) -> BYE (tag=d) -> 200 OK");
  std::string const six = "> INVITE\n< 180 Ringing (tag=a)\n< 180 Ringing (tag=b)\n"
                          "< 180 Ringing (tag=c)\n< 180 Ringing (tag=d)\n"
                          "< 180 Ringing (tag=e)\n< 180 Ringing (tag=f)\n";
  complete(six + "< 200 OK (tag=f)\n> ACK (tag=f)");
  std::string const seven = six + "< 180 Ringing (tag=g)\n< 200 OK (tag=g)\n> ACK (tag=g)";
  auto const v = check_flow(seven);
  BOOST_TEST((v.outcome() == flow_outcome::unreadable));
  BOOST_TEST(v.sentence() ==
             "more participants, calls, forks or open transactions than can be judged");
  BOOST_TEST(v.line() == 8u);
  BOOST_TEST(v.message() == "180 Ringing (tag=g)");
}

BOOST_AUTO_TEST_CASE(transactions_that_are_closed_take_no_room_rfc_3261_17) {
  std::string text = "INVITE -> 200 OK -> ACK";
  for (int i = 0; i < 44; ++i) text += " -> INFO -> 200 OK";
  complete(text + " -> BYE -> 200 OK");
  text = "INVITE -> 200 OK -> ACK";
  for (int i = 0; i < 29; ++i) text += " -> re-INVITE -> 200 OK -> ACK";
  complete(text + " -> BYE -> 200 OK");
  // Those that are open do.
  text = "INVITE -> 200 OK -> ACK";
  for (int i = 0; i < 23; ++i) text += " -> INFO";
  text += " -> MESSAGE";
  auto const v = check_flow(text);
  BOOST_TEST((v.outcome() == flow_outcome::unreadable));
  BOOST_TEST(v.message() == "MESSAGE");
}

BOOST_AUTO_TEST_CASE(more_readings_than_can_be_tried_are_said_so_and_no_verdict) {
  std::string const requests = "INVITE -> 200 OK -> ACK -> INFO -> MESSAGE -> OPTIONS -> UPDATE"
                               " -> SUBSCRIBE -> NOTIFY -> REFER";
  std::string const responses = " -> 200 OK -> 200 OK -> 200 OK -> 200 OK -> 200 OK -> 200 OK"
                                " -> 200 OK";
  BOOST_TEST(complete(requests + responses));
  auto const v = check_flow(requests + responses + " -> ACK");
  BOOST_TEST((v.outcome() == flow_outcome::unreadable));
  BOOST_TEST(v.sentence() == "too many readings: say of responses which request they answer, as in "
                             "200 OK for UPDATE");
}

BOOST_AUTO_TEST_CASE(requests_of_one_kind_are_not_told_apart_by_responses_without_numbers) {
  std::string text = "INVITE -> 200 OK -> ACK";
  for (int i = 0; i < 12; ++i) text += " -> INFO";
  for (int i = 0; i < 12; ++i) text += " -> 200 OK";
  BOOST_TEST(complete(text));
  auto const v = check_flow(text + " -> 200 OK");
  BOOST_TEST(v.violated());
  BOOST_TEST(v.step() == 28u);
}

BOOST_AUTO_TEST_CASE(more_messages_than_there_is_room_for_are_not_readable) {
  std::string text = "OPTIONS -> 200 OK";
  for (std::size_t i = 2; i < max_flow_steps; i += 2) text += " -> OPTIONS -> 200 OK";
  std::string const more = text + " -> OPTIONS";
  BOOST_TEST(!check_flow(more).readable());
  BOOST_TEST(check_flow(more).sentence() == "a flow has at most 96 messages");
}

// --- Literals and rules of one's own

BOOST_AUTO_TEST_CASE(a_literal_is_a_verdict_made_at_compile_time) {
  constexpr auto v = "INVITE -> 180 Ringing -> 200 OK -> ACK"_flow;
  static_assert(v.complete());
  BOOST_TEST(v.text() == "INVITE -> 180 Ringing -> 200 OK -> ACK");
  constexpr auto open = "INVITE -> 180 Ringing"_flow;
  BOOST_TEST(open.open().method == std::string_view{"INVITE"});
}

BOOST_AUTO_TEST_CASE(a_literal_can_ask_for_a_complete_flow) {
  constexpr auto v = "INVITE -> 180 Ringing -> 200 OK -> ACK -> BYE -> 200 OK"_complete_flow;
  static_assert(v.complete());
  BOOST_TEST(v.legal());
  BOOST_TEST(v.open().sentence == std::string_view{});
}

BOOST_AUTO_TEST_CASE(the_same_text_has_the_same_verdict_at_run_time) {
  constexpr std::string_view text = "INVITE -> 486 Busy Here -> ACK -> BYE";
  constexpr auto then = check_flow(text);
  std::string const copy{text};
  auto const at_run_time = check_flow(copy);
  BOOST_TEST((then.outcome() == at_run_time.outcome()));
  BOOST_TEST(then.step() == at_run_time.step());
  BOOST_TEST(then.sentence() == at_run_time.sentence());
  BOOST_TEST(then.message() == at_run_time.message());
}

BOOST_AUTO_TEST_CASE(what_is_not_strict_belongs_to_an_outline) {
  for (std::string_view const text :
       {"INVITE -> 180 / 183 -> 200 OK", "INVITE -> response", "INVITE -> 200; BYE -> 200"}) {
    BOOST_TEST(!check_flow(text).readable(), text);
    BOOST_TEST(check_flow(text).sentence() ==
                   "belongs to an outline, not to a strict flow: use _outline",
               text);
  }
}

BOOST_AUTO_TEST_CASE(some_rules_of_a_call_are_a_check_of_their_own) {
  using bare = composition<dialog, invite_usage>;
  BOOST_TEST(flow_check<bare>::check("INVITE -> 200 OK -> ACK").complete());
  auto const v = flow_check<bare>::check("INVITE -> 180 Ringing -> ACK");
  BOOST_TEST(v.violated());
  BOOST_TEST(v.sentence() == ack_too_early.sentence);
  // Offer/answer is none of these rules.
  BOOST_TEST(flow_check<bare>::check("INVITE (sdp) -> 200 OK -> ACK").complete());
}

BOOST_AUTO_TEST_SUITE_END()
