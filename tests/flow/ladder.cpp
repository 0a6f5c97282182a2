// A flow printed in each of its forms, in constant evaluation too.
#include <ctsip/flow/ladder.hpp>

#include <boost/test/unit_test.hpp>

#include <string>

BOOST_AUTO_TEST_SUITE(flow_ladder)

using namespace ctsip;

namespace {

// Takes what is printed.
struct paper {
  std::string text;
  void operator()(std::string_view piece) { text += piece; }
};

std::string ladder(flow_text const& f, ladder_remark const& r = {}) {
  paper out;
  print_ladder(f, out, r);
  return "\n" + out.text;
}
std::string mermaid(flow_text const& f, ladder_remark const& r = {}) {
  paper out;
  print_mermaid(f, out, r);
  return "\n" + out.text;
}
std::string again(flow_text const& f) {
  paper out;
  print_flow(f, out);
  return out.text;
}

constexpr std::size_t printed(std::string_view text) {
  std::size_t n = 0;
  print_ladder(read_flow(text), [&n](std::string_view piece) { n += piece.size(); });
  return n;
}

constexpr ladder_remark wrong{2, "ACK before a final response to the INVITE", "RFC 3261 13.2.2.4"};

} // namespace

BOOST_AUTO_TEST_CASE(a_step_that_is_wrong_has_its_sentence_and_clause_beside_it) {
  flow_text const f =
      read_flow("alice -> bob: INVITE\nbob -> alice: 180 Ringing\nalice -> bob: ACK");
  BOOST_CHECK_EQUAL(ladder(f, wrong), R"(
      alice                    bob
  1     |------- INVITE ------->|
  2     |<---- 180 Ringing -----|
  3     |--------- ACK -------->|  !! ACK before a final response to the INVITE (RFC 3261 13.2.2.4)
)");
}

BOOST_AUTO_TEST_CASE(a_proxy_a_loss_and_a_crossing_are_drawn) {
  flow_text const f = read_flow(R"(alice -> proxy: INVITE
proxy -> bob: INVITE
bob -> alice: 200 OK
alice -> bob: ACK (lost)
alice -> : BYE #1
bob -> : BYE #2
-> bob: #1
-> alice: #2)");
  BOOST_CHECK_EQUAL(ladder(f), R"(
      alice              proxy               bob
  1     |----- INVITE ---->|                  |
  2     |                  |----- INVITE ---->|
  3     |<------------- 200 OK ---------------|
  4     |------------ ACK (lost) ----------x  |
  5     |-------------- BYE #1 ------------~  |
  6     |  ~----------- BYE #2 ---------------|
  7     |  ~----------- BYE #1 -------------->|
  8     |<------------- BYE #2 ------------~  |
)");
}

BOOST_AUTO_TEST_CASE(a_response_whose_sender_is_unsaid_is_dotted_until_it_is_resolved) {
  flow_text const f = read_flow("INVITE -> 486 Busy Here -> ACK");
  BOOST_CHECK_EQUAL(ladder(f), R"(
     caller                    callee
  1     |-------- INVITE -------->|
  2     |..... 486 Busy Here .....|
  3     |---------- ACK --------->|
)");
  std::uint8_t const senders[] = {0, 1, 0};
  ladder_remark resolved;
  resolved.senders = senders;
  BOOST_CHECK_EQUAL(ladder(f, resolved), R"(
     caller                    callee
  1     |-------- INVITE -------->|
  2     |<---- 486 Busy Here -----|
  3     |---------- ACK --------->|
)");
}

BOOST_AUTO_TEST_CASE(a_long_phrase_is_left_out_and_control_characters_are_not_printed) {
  std::string const text =
      "alice -> bob: 200 " + std::string(100, 'x') + " (PRACK)\nbob -> alice: 200 a\x7f";
  flow_text const f = read_flow(text);
  BOOST_REQUIRE(f.readable());
  std::string const out = ladder(f);
  BOOST_CHECK(out.find("- 200 OK (PRACK) -") != std::string::npos);
  BOOST_CHECK(out.find("200 a?") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_ladder_is_printed_in_constant_evaluation) {
  static_assert(printed("INVITE -> 200 OK -> ACK") > 80);
}

BOOST_AUTO_TEST_CASE(a_mermaid_diagram_escapes_what_mermaid_would_take_for_its_own) {
  flow_text const f = read_flow("alice -> bob: INVITE (session-expires=90;refresher=uac)\n"
                                "bob -> alice: 200 OK (lost)\nalice -> : BYE #1\n-> bob: #1");
  BOOST_CHECK_EQUAL(mermaid(f, {1, "wrong", "RFC 1"}), R"(
sequenceDiagram
    participant alice
    participant bob
    alice->>bob: INVITE (session-expires=90#59;refresher=uac)
    bob --x alice: 200 OK (lost)
    Note over bob,alice: wrong (RFC 1)
    alice-)bob: BYE #35;1
    Note over bob: arrives: BYE #35;1
)");
}

BOOST_AUTO_TEST_CASE(a_response_whose_sender_is_unsaid_is_a_note_in_mermaid_until_it_is_resolved) {
  flow_text const f = read_flow("INVITE -> 486 Busy Here -> ACK");
  BOOST_CHECK_EQUAL(mermaid(f), R"(
sequenceDiagram
    participant caller
    participant callee
    caller->>callee: INVITE
    Note over caller,callee: 486 Busy Here
    caller->>callee: ACK
)");
  std::uint8_t const senders[] = {0, 1, 0};
  ladder_remark resolved;
  resolved.senders = senders;
  BOOST_CHECK_EQUAL(mermaid(f, resolved), R"(
sequenceDiagram
    participant caller
    participant callee
    caller->>callee: INVITE
    callee-->>caller: 486 Busy Here
    caller->>callee: ACK
)");
}

BOOST_AUTO_TEST_CASE(what_is_printed_as_a_flow_reads_as_the_same_flow) {
  for (std::string_view const text :
       {"INVITE (sdp, 100rel) -> 183 Session Progress (sdp, rseq=1, tag=b2) -> PRACK "
        "(rack=1 2) -> 200 OK (PRACK) -> callee: BYE (again, lost)\n",
        "> REGISTER (auth, nonce=n1, contact=*, expires=0, reg-id=1)\n< 401 Unauthorized "
        "(nonce=n2, "
        "stale)\n< 500 Server Internal Error (INVITE, retry-after=5)\n",
        "alice -> bob: INVITE (qos=needed, session-expires=1800, refresher=uac, min-se=90, timer)\n"
        "bob -> alice: 200 OK (re-INVITE, qos=met)\nalice -> : BYE #1\n -> bob: BYE #1\n",
        "participant alice\nparticipant p1 as proxy\nparticipant bob\nalice -> p1: INVITE\n"
        "p1 -> bob: INVITE\n"})
    BOOST_CHECK_EQUAL(again(read_flow(text)), text);
}

BOOST_AUTO_TEST_CASE(a_step_that_was_never_written_is_printed_from_what_is_known_of_it) {
  flow_text f = read_flow("INVITE -> 200 OK -> ACK");
  f.steps[1].text = {};
  f.steps[1].message.event.method = method::invite;
  paper out;
  print_message(f, f[1], out);
  BOOST_CHECK_EQUAL(out.text, "200 OK (INVITE)");
  BOOST_CHECK(ladder(f).find(" 200 OK (INVITE) ") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
