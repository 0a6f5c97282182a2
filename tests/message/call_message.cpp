// Messages as the rules of a call see them.
#include <ctsip/message/call_message.hpp>

#include <string>

#include <boost/test/unit_test.hpp>

#include <ctsip/dialog/call.hpp>

using namespace ctsip;

namespace {

std::string message_text(std::string const& start, std::string const& to, std::string const& cseq,
                         std::string const& more = "", std::string const& body = "") {
  return start +
         "\r\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1\r\nMax-Forwards: "
         "70\r\n" +
         "From: <sip:alice@192.0.2.1>;tag=a\r\nTo: " + to + "\r\nCall-ID: 1\r\nCSeq: " + cseq +
         "\r\n" + more + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

call_message request_with(std::string const& method, std::string const& more = "",
                          std::string const& body = "",
                          std::string const& to = "<sip:bob@192.0.2.2>;tag=b") {
  auto const text =
      message_text(method + " sip:bob@192.0.2.2 SIP/2.0", to, "7 " + method, more, body);
  return call_message_of(read(text).value, direction::received);
}

call_message response_with(int status, std::string const& more = "", std::string const& body = "",
                           std::string const& method = "INVITE") {
  auto const text = message_text("SIP/2.0 " + std::to_string(status) + " Whatever",
                                 "<sip:bob@192.0.2.2>;tag=b", "7 " + method, more, body);
  return call_message_of(read(text).value, direction::received);
}

std::string const sdp_type = "Content-Type: application/sdp\r\n";

std::string session(std::string const& attributes, std::string const& port = "20000") {
  return "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 "
         "0\r\nm=audio " +
         port + " RTP/AVP 0\r\n" + attributes;
}

content of_body(std::string const& attributes, std::string const& port = "20000") {
  return request_with("INVITE", sdp_type, session(attributes, port)).content;
}

constexpr std::string_view update = "UPDATE sip:bob@192.0.2.2 SIP/2.0\r\n"
                                    "Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1\r\n"
                                    "From: <sip:alice@192.0.2.1>;tag=a\r\n"
                                    "To: <sip:bob@192.0.2.2>;tag=b\r\n"
                                    "Call-ID: 1\r\n"
                                    "CSeq: 9 UPDATE\r\n"
                                    "Supported: timer\r\n"
                                    "Session-Expires: 1800;refresher=uas\r\n"
                                    "Min-SE: 120\r\n"
                                    "Content-Length: 0\r\n\r\n";

} // namespace

BOOST_AUTO_TEST_SUITE(message_call_message)

BOOST_AUTO_TEST_CASE(numbers_are_read_at_compile_time_as_well) {
  constexpr call_message m = call_message_of(read(update).value, direction::sent);
  static_assert(m.event == sent<with<messages::update, mark::to_tag>>::value);
  static_assert(m.cseq == 9 && m.session_expires == 1800 && m.min_se == 120);
  static_assert(m.refresher == refresher::uas && m.supports_timer && !m.supports_100rel);
  static_assert(m.content == content::none && m.rseq == 0 && m.rack == 0 && !m.retry_after);
  BOOST_TEST(m.cseq == 9u);
}

BOOST_AUTO_TEST_CASE(the_rseq_counts_where_the_response_is_reliable_rfc_3262_7_1) {
  auto const reliable = response_with(183, "Require: 100rel\r\nRSeq: 42\r\n");
  BOOST_TEST(reliable.rseq == 42u);
  BOOST_TEST(reliable.event.has(mark::reliable));
  BOOST_TEST(reliable.supports_100rel);
  BOOST_TEST(response_with(183, "RSeq: 42\r\n").rseq == 0u);
  BOOST_TEST(response_with(183, "Require: 100rel\r\n").rseq == 0u);
  BOOST_TEST(response_with(183, "Require: 100rel\r\nRSeq: 99999999999\r\n").rseq == UINT32_MAX);
  BOOST_TEST(response_with(183, "Require: 100rel\r\nRSeq: x\r\n").rseq == 0u);
}

BOOST_AUTO_TEST_CASE(the_rack_names_the_response_and_its_invite_rfc_3262_7_2) {
  auto const prack = request_with("PRACK", "RAck: 776656 1 INVITE\r\n");
  BOOST_TEST(prack.rack == 776656u);
  BOOST_TEST(prack.rack_cseq == 1u);
  BOOST_TEST(prack.cseq == 7u);
  BOOST_TEST(request_with("PRACK", "RAck: 776656\r\n").rack == 0u);
  BOOST_TEST(request_with("PRACK").rack == 0u);
  BOOST_TEST(request_with("INFO", "RAck: 776656 1 INVITE\r\n").rack == 0u);
}

BOOST_AUTO_TEST_CASE(option_tags_count_in_supported_and_in_require_without_regard_to_case) {
  for (std::string const name : {"Supported: ", "k: ", "Require: "}) {
    BOOST_TEST(request_with("INVITE", name + "foo, 100REL\r\n").supports_100rel);
    BOOST_TEST(request_with("INVITE", name + "Timer\r\n").supports_timer);
    BOOST_TEST(request_with("INVITE", name + "precondition,timer\r\n").supports_precondition);
  }
  BOOST_TEST(request_with("INVITE", "Require: precondition\r\n").requires_precondition);
  BOOST_TEST(!request_with("INVITE", "Supported: precondition\r\n").requires_precondition);
  BOOST_TEST(!request_with("INVITE", "Supported: 100relx\r\n").supports_100rel);
}

BOOST_AUTO_TEST_CASE(session_expires_and_min_se_are_in_seconds_rfc_4028_4) {
  auto const m = request_with("INVITE", "x: 90;refresher=UAC\r\nMin-SE: 90;ext=1\r\n");
  BOOST_TEST(m.session_expires == 90u);
  BOOST_TEST((m.refresher == refresher::uac));
  BOOST_TEST(m.min_se == 90u);
  auto const none = request_with("INVITE");
  BOOST_TEST(none.session_expires == 0u);
  BOOST_TEST((none.refresher == refresher::none));
}

BOOST_AUTO_TEST_CASE(a_500_with_retry_after_overlaps_rfc_3261_14_2) {
  call_event const e{response_with(500, "Retry-After: 5\r\n")};
  BOOST_TEST((e.phase == phase::overlap));
  BOOST_TEST((call_event{response_with(500)}.phase == phase::failure));
}

BOOST_AUTO_TEST_CASE(only_a_session_description_of_disposition_session_counts_rfc_3261_20_11) {
  BOOST_TEST((of_body("") == content::sdp));
  BOOST_TEST((request_with("INVITE").content == content::none));
  BOOST_TEST(
      (request_with("INVITE", "Content-Type: text/plain\r\n", "v=0\r\n").content == content::none));
  BOOST_TEST((request_with("INVITE", "c: Application/SDP;charset=utf-8\r\n", "v=0\r\n").content ==
              content::sdp));
  BOOST_TEST(
      (request_with("INVITE", sdp_type + "Content-Disposition: session\r\n", session("")).content ==
       content::sdp));
  BOOST_TEST(
      (request_with("INVITE", sdp_type + "Content-Disposition: early-session\r\n", session(""))
           .content == content::none));
}

// "SIP UAs MUST support parsing 'multipart' MIME bodies" (RFC 5621 4.2), of whose parts one may be
// the description.
BOOST_AUTO_TEST_CASE(a_session_description_may_be_a_part_of_the_body_rfc_5621_4_1) {
  std::string const type = "Content-Type: multipart/mixed;boundary=x\r\n";
  auto const with_part = [](std::string const& description) {
    return "--x\r\nContent-Type: application/isup\r\n\r\nabc\r\n--x\r\n" + sdp_type + "\r\n" +
           description + "\r\n--x--\r\n";
  };
  BOOST_TEST((request_with("INVITE", type, "--x--").content == content::none));
  BOOST_TEST((request_with("INVITE", type, with_part(session(""))).content == content::sdp));
  // The preconditions are those of the part (RFC 3312 4).
  std::string const desired = "a=des:qos mandatory e2e sendrecv\r\n";
  BOOST_TEST(
      (request_with("INVITE", type, with_part(session(desired))).content == content::sdp_unmet));
  BOOST_TEST(
      (request_with("INVITE", type, with_part(session("a=curr:qos e2e sendrecv\r\n" + desired)))
           .content == content::sdp_met));
}

BOOST_AUTO_TEST_CASE(mandatory_preconditions_are_met_when_the_status_covers_them_rfc_3312_4) {
  BOOST_TEST((of_body("a=curr:qos e2e none\r\na=des:qos mandatory e2e sendrecv\r\n") ==
              content::sdp_unmet));
  BOOST_TEST((of_body("a=curr:qos e2e send\r\na=des:qos mandatory e2e sendrecv\r\n") ==
              content::sdp_unmet));
  BOOST_TEST((of_body("a=curr:qos e2e sendrecv\r\na=des:qos mandatory e2e sendrecv\r\n") ==
              content::sdp_met));
  BOOST_TEST(
      (of_body("a=curr:qos e2e sendrecv\r\na=des:qos mandatory e2e recv\r\n") == content::sdp_met));
  BOOST_TEST(
      (of_body("a=curr:qos e2e none\r\na=des:qos optional e2e sendrecv\r\n") == content::sdp));
  BOOST_TEST((of_body("a=des:qos mandatory e2e sendrecv\r\n") == content::sdp_unmet));
  BOOST_TEST((of_body("a=des:qos mandatory e2e none\r\n") == content::sdp));
  BOOST_TEST((of_body("a=curr:qos local sendrecv\r\na=curr:qos remote none\r\n"
                      "a=des:qos mandatory local sendrecv\r\n"
                      "a=des:qos mandatory remote sendrecv\r\n") == content::sdp_unmet));
  BOOST_TEST((of_body("a=curr:qos local sendrecv\r\na=curr:qos remote sendrecv\r\n"
                      "a=des:qos mandatory local sendrecv\r\n"
                      "a=des:qos mandatory remote sendrecv\r\n") == content::sdp_met));
  // Another type of precondition has its own status (RFC 5027 3).
  BOOST_TEST((of_body("a=curr:qos e2e sendrecv\r\na=des:sec mandatory e2e sendrecv\r\n") ==
              content::sdp_unmet));
  // A rejected stream asks for nothing.
  BOOST_TEST((of_body("a=curr:qos e2e none\r\na=des:qos mandatory e2e sendrecv\r\n", "0") ==
              content::sdp));
  BOOST_TEST((of_body("a=des:\r\na=curr:\r\n") == content::sdp));
}

BOOST_AUTO_TEST_CASE(a_call_of_parsed_messages_steps_the_rules) {
  auto const as = [](call_message m, direction way) {
    m.event.way = way;
    return m;
  };
  uas_call bob;
  auto const invite = request_with("INVITE", "Supported: 100rel\r\n" + sdp_type, session(""),
                                   "<sip:bob@192.0.2.2>");
  BOOST_TEST(!bob.process(invite).refused());
  BOOST_TEST(!bob.process(as(response_with(180), direction::sent)).refused());
  // "2xx without the answer to the offer in the INVITE"
  BOOST_TEST(bob.judge(as(response_with(200), direction::sent)).refused());
  BOOST_TEST(
      !bob.process(as(response_with(200, sdp_type, session("")), direction::sent)).refused());
  BOOST_TEST(bob.judge(as(request_with("BYE"), direction::sent)).waits());
  BOOST_TEST(!bob.process(request_with("ACK")).refused());
  BOOST_TEST(bob.at_rest());
}

// Who has no preconditions need not read the description (RFC 3312).
BOOST_AUTO_TEST_CASE(without_preconditions_each_description_is_one_like_any_other) {
  auto const unconditional = [](std::string const& more, std::string const& body) {
    auto const text = message_text("INVITE sip:bob@192.0.2.2 SIP/2.0", "<sip:bob@192.0.2.2>",
                                   "7 INVITE", more, body);
    message const m = read(text).value;
    auto plain = unconditional_call_message_of(m, direction::received);
    auto const whole = call_message_of(m, direction::received);
    BOOST_TEST((plain.event == whole.event));
    BOOST_TEST(plain.cseq == whole.cseq);
    BOOST_TEST(plain.requires_precondition == whole.requires_precondition);
    BOOST_TEST(plain.supports_timer == whole.supports_timer);
    BOOST_TEST(has_sdp(plain.content) == has_sdp(whole.content));
    return plain.content;
  };
  auto const unmet = session("a=curr:qos e2e none\r\na=des:qos mandatory e2e sendrecv\r\n");
  BOOST_TEST((unconditional(sdp_type, unmet) == content::sdp));
  BOOST_TEST((unconditional(sdp_type + "Require: precondition\r\nSupported: timer\r\n", unmet) ==
              content::sdp));
  BOOST_TEST((unconditional(sdp_type, "no description") == content::sdp));
  BOOST_TEST((unconditional("Content-Type: text/plain\r\n", "hello") == content::none));
  BOOST_TEST(
      (unconditional("Content-Type: multipart/mixed;boundary=x\r\n", "--x--") == content::none));
  BOOST_TEST((unconditional("", "") == content::none));
}

BOOST_AUTO_TEST_CASE(whether_an_invite_requires_100rel_rfc_3262_3) {
  BOOST_TEST(request_with("INVITE", "Require: 100rel\r\n").requires_100rel);
  BOOST_TEST(request_with("INVITE", "Require: timer, 100REL\r\n").requires_100rel);
  BOOST_TEST(!request_with("INVITE", "Supported: 100rel\r\n").requires_100rel);
  // Of a response that is its mark.
  BOOST_TEST(!response_with(183, "Require: 100rel\r\nRSeq: 42\r\n").requires_100rel);
}

BOOST_AUTO_TEST_SUITE_END()
