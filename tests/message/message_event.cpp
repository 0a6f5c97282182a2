#include <ctsip/message/message_event.hpp>

#include <string>

#include <boost/test/unit_test.hpp>

#include <ctsip/machine/machine.hpp>
#include <ctsip/message/call_message.hpp>
#include <ctsip/transaction/invite_client.hpp>

using namespace ctsip;

namespace {

constexpr std::string_view session_progress = "SIP/2.0 183 Session Progress\r\n"
                                              "Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1\r\n"
                                              "From: <sip:alice@192.0.2.1>;tag=a\r\n"
                                              "To: <sip:bob@192.0.2.2>;tag=b\r\n"
                                              "Call-ID: 1\r\n"
                                              "CSeq: 1 INVITE\r\n"
                                              "Require: timer, 100REL\r\n"
                                              "RSeq: 1\r\n"
                                              "Content-Type: application/sdp\r\n"
                                              "Content-Length: 5\r\n\r\nv=0\r\n";

constexpr std::string_view register_again = "REGISTER sip:192.0.2.2 SIP/2.0\r\n"
                                            "Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK2\r\n"
                                            "From: <sip:alice@192.0.2.1>;tag=a\r\n"
                                            "To: <sip:alice@192.0.2.1>\r\n"
                                            "Call-ID: 2\r\n"
                                            "CSeq: 2 REGISTER\r\n"
                                            "Authorization: Digest username=\"alice\"\r\n"
                                            "Content-Length: 0\r\n\r\n";

} // namespace

BOOST_AUTO_TEST_SUITE(message_message_event)

BOOST_AUTO_TEST_CASE(bytes_become_the_value_of_the_typed_event) {
  using typed = received<with<response<183>, mark::to_tag, mark::sdp, mark::reliable>>;
  static_assert(event_of(read(session_progress).value, direction::received) == typed::value);
  static_assert(event_of(read(register_again).value, direction::sent) ==
                sent<with<messages::register_, mark::credentials>>::value);
}

BOOST_AUTO_TEST_CASE(an_rseq_without_100rel_is_not_reliable_rfc_3262_3) {
  std::string text{session_progress};
  text.replace(text.find("100REL"), 6, "foobar");
  BOOST_TEST(!event_of(read(text).value, direction::received).has(mark::reliable));
}

// A part of a multipart body may be the session description, and not each body of its type is one.
BOOST_AUTO_TEST_CASE(the_mark_is_that_of_a_session_description_rfc_5621_8_2) {
  struct {
    char const* fields;
    char const* body;
    bool marked;
  } const cases[] = {
      {"Content-Type: application/sdp\r\n", "v=0\r\n", true},
      {"c: Application/SDP;charset=utf-8\r\n", "v=0\r\n", true},
      {"Content-Type: application/sdp\r\nContent-Disposition: session\r\n", "v=0\r\n", true},
      {"Content-Type: application/sdp\r\nContent-Disposition: early-session\r\n", "v=0\r\n", false},
      {"Content-Type: application/sdp\r\n", "", false},
      {"Content-Type: text/plain\r\n", "v=0\r\n", false},
      {"", "v=0\r\n", false},
      {"Content-Type: multipart/mixed;boundary=b\r\n",
       "--b\r\nContent-Type: application/isup\r\n\r\n1\r\n"
       "--b\r\nContent-Type: application/sdp\r\n\r\nv=0\r\n--b--",
       true},
      {"Content-Type: multipart/mixed;boundary=b\r\n",
       "--b\r\nContent-Type: application/isup\r\n\r\n1\r\n--b--", false}};
  for (auto const& c : cases) {
    BOOST_TEST_CONTEXT(c.fields << c.body) {
      std::string const body = c.body;
      std::string text = "INVITE sip:bob@192.0.2.2 SIP/2.0\r\n"
                         "Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1\r\n"
                         "From: <sip:alice@192.0.2.1>;tag=a\r\nTo: <sip:bob@192.0.2.2>\r\n"
                         "Call-ID: 1\r\nCSeq: 1 INVITE\r\n";
      text += c.fields + ("Content-Length: " + std::to_string(body.size())) + "\r\n\r\n" + body;
      message const m = read(text).value;
      auto const e = event_of(m, direction::received);
      BOOST_TEST(e.has(mark::sdp) == c.marked);
      BOOST_TEST(sdp_of(m).empty() != c.marked);
      BOOST_TEST((call_event(e) == call_event(call_message_of(m, direction::received))));
    }
  }
}

BOOST_AUTO_TEST_CASE(a_machine_runs_on_it) {
  machine<invite_client> m;
  (void)m.process(sent<messages::invite>{});
  (void)m.process(event_of(read(session_progress).value, direction::received));
  BOOST_TEST(m.is(invite_client::proceeding));
}

BOOST_AUTO_TEST_SUITE_END()
