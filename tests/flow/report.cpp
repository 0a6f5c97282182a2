// What is printed of a verdict, and what Boost.Test prints of it when a check fails.
#include <ctsip/flow/outline.hpp>
#include <ctsip/flow/report.hpp>

#include <boost/test/unit_test.hpp>

#include <sstream>
#include <string>
#include <string_view>

BOOST_AUTO_TEST_SUITE(flow_report)

using namespace ctsip;
using namespace ctsip::messages;
using namespace ctsip::marks;

namespace {

template <class T>
std::string printed(T const& what) {
  std::ostringstream out;
  out << what;
  return "\n" + out.str();
}

constexpr std::string_view ack_too_early = "INVITE -> 180 Ringing -> ACK";

constexpr std::string_view report_of_ack_too_early = R"(
violated at step 3, line 1, by caller: ACK before a final response to the INVITE (RFC 3261 13.2.2.4)
rule: INVITE usage, state caller_early, event sent_ack
     caller                  callee
  1     |------- INVITE ------->|
  2     |<---- 180 Ringing -----|
  3     |--------- ACK -------->|  !! ACK before a final response to the INVITE (RFC 3261 13.2.2.4)
)";

constexpr std::size_t length_of_report(std::string_view text) {
  std::size_t n = 0;
  print_report(check_flow(text), [&n](std::string_view piece) { n += piece.size(); });
  return n;
}

} // namespace

BOOST_AUTO_TEST_CASE(a_broken_rule_is_told_with_the_ladder_and_the_step_in_it) {
  BOOST_TEST(printed(check_flow(ack_too_early)) == report_of_ack_too_early);
}

BOOST_AUTO_TEST_CASE(a_report_can_be_made_in_constant_evaluation) {
  static_assert(length_of_report(ack_too_early) > 200);
  BOOST_TEST(length_of_report(ack_too_early) == report_of_ack_too_early.size() - 1);
}

BOOST_AUTO_TEST_CASE(what_is_open_is_told) {
  BOOST_TEST(printed(check_flow("INVITE -> 180 Ringing")) == R"(
legal, but open: a request without a final response (RFC 3261 17): INVITE, of caller
     caller                  callee
  1     |------- INVITE ------->|
  2     |<---- 180 Ringing -----|
)");
}

BOOST_AUTO_TEST_CASE(a_complete_flow_is_told_to_be) {
  BOOST_TEST(printed(check_flow("> INVITE\n< 486 Busy Here\n> ACK\n")) == R"(
complete
      self                      peer
  1     |-------- INVITE -------->|
  2     |<---- 486 Busy Here -----|
  3     |---------- ACK --------->|
)");
}

BOOST_AUTO_TEST_CASE(of_a_text_that_cannot_be_read_line_and_word_are_told) {
  BOOST_TEST(printed(check_flow("alice -> bob: INVITE\nbob -> alice: BLAH\n")) == R"(
unreadable, line 2: neither a status code nor a method, which is written in capitals (RFC 3261 25.1): "BLAH")");
  BOOST_TEST(printed(check_flow("")) == R"(
unreadable, line 1: there is no message in the text)");
}

BOOST_AUTO_TEST_CASE(what_a_terminal_takes_for_a_command_is_not_printed) {
  auto const text = printed(check_flow("INVITE -> 180 (tag=\x1b[31m)"));
  BOOST_TEST(text.find('\x1b') == std::string::npos, text);
}

BOOST_AUTO_TEST_CASE(of_several_flows_the_one_that_is_wrong_is_drawn) {
  auto const v = check_flow("INVITE -> 200 OK -> ACK\n\nINVITE -> 486 -> ACK -> BYE -> 481\n\n"
                            "OPTIONS -> 200 OK");
  BOOST_TEST(printed(v) == R"(
violated at step 4, line 3, by caller: BYE outside a dialog (RFC 3261 15)
rule: dialog, state none, event sent_bye
     caller             callee
  1     |----- INVITE ---->|
  2     |<----- 486 -------|
  3     |------ ACK ------>|
  4     |------ BYE ------>|  !! BYE outside a dialog (RFC 3261 15)
  5     |...... 481 .......|
)");
}

BOOST_AUTO_TEST_CASE(of_several_legal_flows_each_is_drawn) {
  BOOST_TEST(printed(check_flow("OPTIONS -> 200 OK\n--\nINVITE -> 100\n")) == R"(
legal, but open: a request without a final response (RFC 3261 17): INVITE, of caller
     caller              callee
  1     |----- OPTIONS ---->|
  2     |<---- 200 OK ------|

     caller             callee
  1     |----- INVITE ---->|
  2     |<----- 100 -------|
)");
}

BOOST_AUTO_TEST_CASE(a_ladder_of_three_is_drawn_with_the_one_who_is_wrong) {
  BOOST_TEST(printed(check_flow("alice -> proxy: INVITE\nproxy -> bob: INVITE\n"
                                "bob -> proxy: 180 Ringing\nproxy -> alice: 180 Ringing\n"
                                "alice -> proxy: ACK\n")) == R"(
violated at step 5, by alice: ACK before a final response to the INVITE (RFC 3261 13.2.2.4)
rule: INVITE usage, state caller_early, event sent_ack
      alice                   proxy                    bob
  1     |------- INVITE ------->|                       |
  2     |                       |------- INVITE ------->|
  3     |                       |<---- 180 Ringing -----|
  4     |<---- 180 Ringing -----|                       |
  5     |--------- ACK -------->|                       |  !! ACK before a final response to the INVITE (RFC 3261 13.2.2.4)
)");
}

BOOST_AUTO_TEST_CASE(a_typed_flow_is_drawn_from_what_it_says) {
  BOOST_TEST(printed(flow().sends(invite{}, sdp).receives(183, sdp, rseq(1))) == R"(
violated at step 2, by peer: a reliable provisional response to an INVITE that does not support 100rel (RFC 3262 3)
rule: reliable provisional responses, state calling_without_100rel, event received_reliable
      self                                           peer
  1     |---------------- INVITE (sdp) --------------->|
  2     |<---- 183 Session Progress (sdp, rseq=1) -----|  !! a reliable provisional response to an INVITE that does not support 100rel (RFC 3262 3)
)");
}

BOOST_AUTO_TEST_CASE(a_diagram_of_a_flow_that_was_judged_reads_as_the_same_flow) {
  auto const picture = [](std::string_view text) {
    std::string out;
    auto const put = [&out](std::string_view piece) { out += piece; };
    flow_text const flow = read_flow(text);
    print_mermaid(flow, put, judged_remark{flow, check_flow(text)});
    return out;
  };
  auto const drawn = picture("INVITE -> 200 OK -> ACK <- re-INVITE -> 488 <- ACK");
  BOOST_TEST("\n" + drawn == R"(
sequenceDiagram
    participant caller
    participant callee
    caller->>callee: INVITE
    callee-->>caller: 200 OK
    caller->>callee: ACK
    callee->>caller: re-INVITE
    caller-->>callee: 488
    callee->>caller: ACK
)");
  BOOST_TEST(check_flow(drawn).complete());

  // Behind the step that breaks a rule nothing is followed.
  BOOST_TEST("\n" + picture("INVITE -> 180 Ringing -> ACK -> 200 OK") == R"(
sequenceDiagram
    participant caller
    participant callee
    caller->>callee: INVITE
    callee-->>caller: 180 Ringing
    caller->>callee: ACK
    Note over caller,callee: ACK before a final response to the INVITE (RFC 3261 13.2.2.4)
    Note over caller,callee: 200 OK
)");
}

BOOST_AUTO_TEST_CASE(a_refused_request_to_somebody_new_may_be_another_call_or_a_relayed_one) {
  std::string_view const hint =
      "another call is marked call=2; who only relays is declared: participant bob as proxy";
  auto const says = [&](std::string_view text) {
    return printed(check_flow(text)).find(hint) != std::string::npos;
  };
  BOOST_TEST(says("alice -> bob: INVITE\nbob -> carol: INVITE"));
  BOOST_TEST(!says("alice -> bob: INVITE\nbob -> alice: BYE"));
  BOOST_TEST(!says("alice -> bob: INVITE\nbob -> carol: BYE (call=2)"));
  BOOST_TEST(!says("alice -> bob: INVITE\nbob -> carol: INVITE (call=2)\ncarol -> bob: 200 OK\n"
                   "bob -> carol: BYE"));
}

BOOST_AUTO_TEST_CASE(an_outcome_is_one_word) {
  BOOST_TEST(printed(flow_outcome::unreadable) == "\nunreadable");
  BOOST_TEST(printed(flow_outcome::violated) == "\nviolated");
  BOOST_TEST(printed(flow_outcome::legal) == "\nlegal");
  BOOST_TEST(printed(flow_outcome::complete) == "\ncomplete");
  BOOST_TEST(check_flow("OPTIONS").outcome() == flow_outcome::legal);
}

// --- What Boost.Test makes of it

namespace {

// The message of a failing BOOST_TEST, without failing.
template <class T>
std::string failure_of(T&& expression) {
  auto const result =
      (::boost::test_tools::assertion::seed()->*std::forward<T>(expression)).evaluate();
  std::ostringstream out;
  out << result.message();
  return out.str();
}

} // namespace

BOOST_AUTO_TEST_CASE(a_failing_boost_test_of_a_verdict_prints_the_report) {
  std::string const report{report_of_ack_too_early.substr(1)};
  BOOST_TEST(failure_of(check_flow(ack_too_early)) == " ['" + report + "' evaluates to false]");
}

BOOST_AUTO_TEST_CASE(the_verdict_on_an_outline_is_its_first_line_and_the_outline) {
  BOOST_TEST(printed(check_outline("INVITE -> 180 / 183 -> 200 OK")) == R"(
legal, but something is open
INVITE -> 180 / 183 -> 200 OK)");
  BOOST_TEST(printed(check_outline("CANCEL -> 200 OK for CANCEL -> 487 -> ACK")) == R"(
complete
CANCEL -> 200 OK for CANCEL -> 487 -> ACK)");
  BOOST_TEST(printed(check_outline(ack_too_early)) == R"(
violated at step 3, line 1, by caller: ACK before a final response to the INVITE (RFC 3261 13.2.2.4)
rule: INVITE usage, state caller_early, event sent_ack
INVITE -> 180 Ringing -> ACK)");
}
BOOST_AUTO_TEST_CASE(a_failing_boost_test_of_a_typed_flow_prints_the_report) {
  auto const message = failure_of(flow().sends(invite{}).receives(180).sends(ack{}));
  BOOST_TEST(message.find("violated at step 3, by self: ACK before") != std::string::npos, message);
  BOOST_TEST(message.find("!! ACK before a final response") != std::string::npos, message);
}

BOOST_AUTO_TEST_CASE(a_verdict_is_the_message_of_another_check) {
  // BOOST_TEST(v.complete(), v) hands the verdict to a lazy_ostream.
  auto const v = check_flow(ack_too_early);
  std::ostringstream out;
  out << (::boost::unit_test::lazy_ostream::instance() << v);
  BOOST_TEST("\n" + out.str() == report_of_ack_too_early);
  BOOST_TEST(v.violated(), v);
}

BOOST_AUTO_TEST_CASE(a_legal_flow_passes_a_boost_test) {
  BOOST_TEST(check_flow("INVITE -> 180 Ringing -> 200 OK -> ACK"));
  BOOST_TEST(flow().sends(invite{}).receives(200).sends(ack{}));
}

BOOST_AUTO_TEST_SUITE_END()
