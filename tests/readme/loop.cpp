// The loop of the README, over a socket that has one INVITE and then nothing.
// clang-format off
#include <boost/test/unit_test.hpp>

#include <optional>
#include <string>
#include <vector>

#include <ctsip/ctsip.hpp>

namespace {

struct end_of_test {};

struct received_bytes {
  std::string_view text;
  ctsip::address source;
};

std::vector<std::string> sent;
int waits = 0;

std::optional<received_bytes> wait_for_datagram(ctsip::instant) {
  if (++waits == 2) return {};
  if (waits == 3) throw end_of_test{};
  return received_bytes{"INVITE sip:bob@192.0.2.2 SIP/2.0\r\n"
                        "Via: SIP/2.0/UDP 192.0.2.2:5070;branch=z9hG4bKnashds8\r\n"
                        "Max-Forwards: 70\r\n"
                        "To: <sip:bob@192.0.2.2>\r\n"
                        "From: <sip:alice@192.0.2.2>;tag=1928301774\r\n"
                        "Call-ID: a84b4c76e66710\r\n"
                        "CSeq: 314159 INVITE\r\n"
                        "Contact: <sip:alice@192.0.2.2:5070>\r\n"
                        "Content-Length: 0\r\n\r\n",
                        ctsip::parse_address("192.0.2.2", 5070).value};
}
ctsip::instant now() { return {waits == 2 ? 500 : 0}; }
void send_datagram(ctsip::address const&, std::string_view bytes) {
  sent.emplace_back(bytes.substr(0, bytes.find('\r')));
}

constexpr std::string_view my_sdp = "v=0\r\n";
std::uint64_t random64() { return 42; }

void run() {
ctsip::endpoint_settings settings;
settings.element.seed = {random64(), random64()};  // from getrandom() or the like, at each start
settings.element.sent_by = "192.0.2.1:5060";       // host:port of our Via
settings.contact = "sip:me@192.0.2.1:5060";        // where we can be reached

// 4 calls at a time. A transaction lives for 32 s: 16 of them are 8 calls in any 32 s, then 503.
static ctsip::endpoint<ctsip::endpoint_size{4, 16, 1300}> agent{settings};

auto const carry_out = [&] {
  for (ctsip::user_event e; agent.poll_event(e);) {
    if (e.kind == ctsip::user_event_kind::incoming) {
      agent.ring(e.call, now());
      agent.answer(e.call, {"application/sdp", my_sdp}, now());
    }
    if (e.kind == ctsip::user_event_kind::modification)  // a re-INVITE or UPDATE with an offer
      agent.accept_modification(e.call, {"application/sdp", my_sdp}, now());
  }
  for (ctsip::datagram d; agent.poll_transmit(d);) send_datagram(d.to, d.bytes);
};

for (;;) {
  if (auto bytes = wait_for_datagram(agent.next_timeout())) {
    agent.receive(bytes->text, bytes->source, ctsip::transport::udp, now());
    carry_out();
  }
  for (; agent.next_timeout() <= now(); carry_out()) agent.handle_timeout(now());
}
}

} // namespace

BOOST_AUTO_TEST_CASE(readme_the_loop_answers_a_call_and_repeats_its_2xx) {
  BOOST_CHECK_THROW(run(), end_of_test);
  std::vector<std::string> const expected = {"SIP/2.0 180 Ringing", "SIP/2.0 200 OK",
                                             "SIP/2.0 200 OK"};
  BOOST_TEST(sent == expected, boost::test_tools::per_element());
}
