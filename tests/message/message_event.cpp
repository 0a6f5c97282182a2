#include <ctsip/message/message_event.hpp>

#include <boost/test/unit_test.hpp>

#include <ctsip/machine/machine.hpp>
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

BOOST_AUTO_TEST_CASE(a_machine_runs_on_it) {
  machine<invite_client> m;
  (void)m.process(sent<messages::invite>{});
  (void)m.process(event_of(read(session_progress).value, direction::received));
  BOOST_TEST(m.is(invite_client::proceeding));
}

BOOST_AUTO_TEST_SUITE_END()
