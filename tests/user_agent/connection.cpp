// A connection without its socket: RFC 3261 7.5, 18, 18.3, 18.4; RFC 5626 3.5.1, 4.4.1.
#include <ctsip/user_agent/connection.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "user_agent/messages.hpp"

using namespace ctsip;
using namespace ctsip_tests;
using namespace std::string_view_literals;

namespace {

constexpr instant start{1'000'000};
constexpr address far_end = ip(1, 40'000); // an ephemeral port
using small_connection = connection<1024, 512>;

std::string options(unsigned number, std::string body = {}) {
  request_text r;
  r.via = "SIP/2.0/TCP 192.0.2.1;branch=z9hG4bK" + std::to_string(number);
  r.cseq = number;
  r.body = std::move(body);
  if (!r.body.empty()) r.more += "Content-Type: application/sdp\r\n";
  return r.text();
}

datagram to_far_end(std::string_view bytes, transaction_handle of = {}) {
  return {bytes, far_end, transport::tcp, of};
}

// What came of a stream, however it was cut.
struct outcome_of_stream {
  std::vector<std::string> messages;
  std::string sent;
  frame_error error{};

  friend bool operator==(outcome_of_stream const&, outcome_of_stream const&) = default;
};

// Hands over the stream in pieces whose sizes `size_of(piece)` tells.
template <class Connection, class Sizes>
outcome_of_stream hand_over(Connection& c, std::string_view stream, Sizes size_of) {
  outcome_of_stream out;
  for (std::size_t piece = 0; !stream.empty(); ++piece) {
    std::string_view rest = stream.substr(0, size_of(piece));
    stream.remove_prefix(rest.size());
    while (!rest.empty()) {
      rest.remove_prefix(c.append(rest));
      for (std::string_view m; !(m = c.next(start)).empty();) out.messages.emplace_back(m);
      out.sent += c.to_send();
      c.sent(c.to_send().size(), start);
      if (c.error() != frame_error::none) break;
    }
  }
  out.error = c.error();
  return out;
}
outcome_of_stream hand_over(std::string_view stream, std::size_t step) {
  small_connection c{far_end, transport::tcp, start};
  return hand_over(c, stream, [&](std::size_t) { return step; });
}

} // namespace

BOOST_AUTO_TEST_SUITE(user_agent_connection)

BOOST_AUTO_TEST_CASE(messages_come_out_whole_however_the_stream_is_cut_18_3) {
  std::string const stream = "\r\n" + options(1) + options(2, "v=0\r\n") + "\r\n\r\n" + options(3) +
                             "\r\n\r\n\r\n\r\n" + options(4, std::string(300, 'x')) + options(5);
  outcome_of_stream const expected{{"\r\n", options(1), options(2, "v=0\r\n"), options(3),
                                    options(4, std::string(300, 'x')), options(5)},
                                   "\r\n\r\n\r\n", // a pong for each ping
                                   frame_error::none};
  for (std::size_t step = 1; step <= stream.size(); ++step)
    BOOST_TEST((hand_over(stream, step) == expected), "in steps of " << step);
  for (std::size_t cut = 0; cut <= stream.size(); ++cut) {
    small_connection c{far_end, transport::tcp, start};
    auto const got = hand_over(
        c, stream, [&](std::size_t piece) { return piece == 0 && cut ? cut : stream.size(); });
    BOOST_TEST((got == expected), "cut at " << cut);
  }
}

BOOST_AUTO_TEST_CASE(bytes_may_be_read_right_into_the_connection) {
  small_connection c{far_end, transport::tcp, start};
  std::string const text = options(1) + options(2);
  auto const room = c.room();
  BOOST_TEST(room.size() == 1024u);
  text.copy(room.data(), text.size());
  c.filled(text.size());
  BOOST_TEST(c.next(start) == options(1));
  BOOST_TEST(c.next(start) == options(2));
  BOOST_TEST(c.next(start) == "");
  BOOST_TEST(c.room().size() == 1024u);
  // More than there is room for is no reason to go beyond it.
  c.filled(5'000);
  BOOST_TEST(c.room().size() == 0u);
  BOOST_TEST((c.peer() == far_end));
  BOOST_TEST((c.over() == transport::tcp));
}

// "The client periodically sends a double-CRLF (the "ping") then waits to receive a single CRLF
// (the "pong")." (RFC 5626 3.5.1)
BOOST_AUTO_TEST_CASE(a_ping_is_answered_by_a_pong_rfc_5626_4_4_1) {
  small_connection c{far_end, transport::tcp, start};
  (void)c.append("\r\n\r");
  BOOST_TEST(c.next(start) == "");
  BOOST_TEST(c.to_send() == "");
  (void)c.append("\n");
  BOOST_TEST(c.next(start) == "");
  BOOST_TEST(c.to_send() == "\r\n");
  // It waits behind what is being sent: "cannot be sent in the middle of a SIP message" (4.4.1).
  c.sent(2, start);
  BOOST_TEST(c.send(to_far_end(options(1))));
  c.sent(10, start);
  (void)c.append("\r\n\r\n");
  BOOST_TEST(c.next(start) == "");
  BOOST_TEST(c.to_send() == options(1).substr(10) + "\r\n");
}

BOOST_AUTO_TEST_CASE(the_pong_to_a_ping_of_ours_is_handed_out_at_once_rfc_5626_4_4_1) {
  small_connection c{far_end, transport::tcp, start};
  (void)c.append("\r\n");
  BOOST_TEST(c.next(start) == ""); // half a ping perhaps
  (void)c.append(options(1));
  BOOST_TEST(c.next(start) == "\r\n"); // 7.5: ignored by an agent that has sent no ping
  BOOST_TEST(c.next(start) == options(1));
  BOOST_TEST(c.send(to_far_end("\r\n\r\n")));
  BOOST_TEST(c.to_send() == "\r\n\r\n");
  (void)c.append("\r\n");
  BOOST_TEST(c.next(start) == "\r\n");
  BOOST_TEST(c.next(start) == "");
}

BOOST_AUTO_TEST_CASE(each_of_several_pings_has_its_pong_rfc_5626_4_4_1) {
  small_connection c{far_end, transport::tcp, start};
  for (int i = 0; i < 2; ++i) BOOST_TEST(c.send(to_far_end("\r\n\r\n")));
  (void)c.append("\r\n\r\n");
  BOOST_TEST(c.next(start) == "\r\n");
  BOOST_TEST(c.next(start) == "\r\n");
  BOOST_TEST(c.next(start) == "");
  BOOST_TEST(c.to_send() == "\r\n\r\n\r\n\r\n"); // none of them is taken for a ping
}

// A layer is told that it was a ping: it is of no transaction. Nor does it say anything of whether
// the peer has TCP: only a request does that is there for its length (18.1.1).
BOOST_AUTO_TEST_CASE(a_ping_that_was_not_sent_is_told_as_one_18_4) {
  small_connection c{far_end, transport::tcp, start};
  BOOST_TEST(c.send(to_far_end("\r\n\r\n")));
  BOOST_TEST(c.send(to_far_end(options(1))));
  c.sent(3, start);
  datagram d;
  BOOST_REQUIRE(c.poll_unsent(d));
  BOOST_TEST(d.is_ping());
  BOOST_TEST((d.to == far_end));
  element_settings own;
  own.seed = {1, 2};
  own.sent_by = "192.0.2.2";
  own.large_over_tcp = true;
  auto const layer = std::make_unique<transaction_layer<4, 2000>>(own);
  auto const lost = layer->handle_transport_error(d, start);
  BOOST_TEST((lost.kind == arrival_kind::transport_error));
  BOOST_TEST(!lost.transaction);
  BOOST_TEST((lost.source == far_end));
  BOOST_TEST((lost.over == transport::tcp));
  std::string const large =
      "MESSAGE sip:b@h SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.2;branch=z9hG4bK1\r\n"
      "Subject: " +
      std::string(1'400, 'x') + "\r\n\r\n";
  auto const way = [&] {
    layer->send_directly(large, far_end, transport::udp);
    datagram sent;
    BOOST_REQUIRE(layer->poll_transmit(sent));
    return sent.over;
  };
  BOOST_TEST((way() == transport::tcp));
  BOOST_REQUIRE(c.poll_unsent(d));
  BOOST_TEST(!d.is_ping());
  BOOST_TEST((layer->handle_transport_error(d, start).kind == arrival_kind::nothing));
  BOOST_TEST((way() == transport::tcp));
  connection<4096> second{far_end, transport::tcp, start};
  layer->send_directly(large, far_end, transport::udp);
  BOOST_REQUIRE(layer->poll_transmit(d));
  BOOST_TEST(second.send(d));
  BOOST_REQUIRE(second.poll_unsent(d));
  BOOST_TEST((layer->handle_transport_error(d, start).kind == arrival_kind::nothing));
  BOOST_TEST((way() == transport::udp));
}

BOOST_AUTO_TEST_CASE(a_flood_of_pings_costs_no_more_than_the_room_for_pongs) {
  connection<64, 16> c{far_end, transport::tcp, start};
  for (int i = 0; i < 1000; ++i) {
    (void)c.append("\r\n\r\n\r\n\r\n");
    BOOST_TEST(c.next(start) == "");
  }
  BOOST_TEST(c.to_send() == "\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n");
  c.sent(15, start);
  (void)c.append("\r\n\r\n");
  BOOST_TEST(c.next(start) == "");
  BOOST_TEST(c.to_send() == "\n\r\n");
}

// "The Content-Length header field MUST be used with stream oriented transports." (18.3) The header
// fields are handed out, so that a transaction layer can answer.
BOOST_AUTO_TEST_CASE(what_cannot_be_framed_is_handed_out_as_far_as_it_is_whole_18_3) {
  struct {
    std::string_view field;
    frame_error error;
    int status;
  } const cases[] = {
      {"", frame_error::no_content_length, 400},
      {"Content-Length: five\r\n", frame_error::content_length_not_a_number, 400},
      {"Content-Length: -1\r\n", frame_error::content_length_not_a_number, 400},
      {"Content-Length: 0\r\nContent-Length: 5\r\n", frame_error::content_lengths_differ, 400},
      {"Content-Length: 5\r\nContent-Length: 0\r\n", frame_error::content_lengths_differ, 400},
      {"Content-Length: 1025\r\n", frame_error::message_too_long, 513},
      {"Content-Length: 18446744073709551616\r\n", frame_error::message_too_long, 513}};
  for (auto const& each : cases) {
    auto const plain = options(1);
    auto const head =
        plain.substr(0, plain.find("Content-Length")) + std::string{each.field} + "\r\n";
    auto const stream = options(2) + head + "hello" + options(3);
    for (std::size_t step : {std::size_t{1}, std::size_t{7}, stream.size()}) {
      auto const got = hand_over(stream, step);
      BOOST_TEST((got.messages == std::vector{options(2), head}), each.field);
      BOOST_TEST((got.error == each.error));
    }

    small_connection c{far_end, transport::tcp, start};
    element_settings own;
    own.seed = {1, 2};
    own.sent_by = "192.0.2.2";
    auto const layer = std::make_unique<transaction_layer<4, 1300>>(own);
    auto const last = [&](std::string_view text) {
      (void)c.append(text);
      auto const a = layer->receive(c.next(start), c.peer(), c.over(), start);
      BOOST_TEST((a.kind == arrival_kind::nothing));
    };
    last(head);
    BOOST_TEST(sentence(c.error()) != ""sv);
    datagram d;
    BOOST_REQUIRE(layer->poll_transmit(d));
    BOOST_TEST(summary(d.bytes) == std::to_string(each.status) + " OPTIONS");
    BOOST_TEST(!read(d.bytes).value.to_tag().empty());
    BOOST_TEST((d.to == far_end));
    BOOST_TEST(layer->live_transactions() == 0u);
    // The response is sent before the connection is over; nothing more is read.
    BOOST_TEST(c.send(d));
    BOOST_TEST(!c.is_over(start));
    BOOST_TEST(c.room().size() == 0u);
    BOOST_TEST(c.append(options(4)) == 0u);
    BOOST_TEST(c.next(start) == "");
    c.sent(d.bytes.size(), start);
    BOOST_TEST(c.is_over(start));
  }
}

BOOST_AUTO_TEST_CASE(of_what_has_no_header_fields_nothing_is_handed_out) {
  auto got = hand_over("\rOPTIONS", 1);
  BOOST_TEST(got.messages.empty());
  BOOST_TEST((got.error == frame_error::no_start_line));
  // Header fields without end are kept as long as there is room, and not a byte longer.
  std::string const endless = "OPTIONS sip:b@h SIP/2.0\r\nSubject: " + std::string(2'000, 'x');
  for (std::size_t step : {1, 100, 1023, 1024, 1025, 5000}) {
    got = hand_over(options(1) + endless, step);
    BOOST_TEST((got.messages == std::vector{options(1)}));
    BOOST_TEST((got.error == frame_error::header_block_too_long));
  }
}

BOOST_AUTO_TEST_CASE(a_message_may_be_as_long_as_the_buffer) {
  auto const bare = options(1, "x").size() - 1;
  // Up to 999 octets the length of the body has three digits.
  auto const longest = options(1, std::string(1024 - bare - 2, 'x'));
  BOOST_TEST_REQUIRE(longest.size() == 1024u);
  for (std::size_t step : {1, 1000, 1024, 5000}) {
    auto const got = hand_over(longest + options(2) + longest, step);
    BOOST_TEST((got.messages == std::vector{longest, options(2), longest}));
    BOOST_TEST((hand_over(options(1, std::string(1025 - bare - 2, 'x')), step).error ==
                frame_error::message_too_long));
  }
}

BOOST_AUTO_TEST_CASE(what_the_peer_does_not_take_at_once_waits_in_order) {
  std::string const first(200, '1'), second(200, '2'), third(200, '3');
  for (std::size_t step = 1; step <= 400; ++step) {
    small_connection c{far_end, transport::tcp, start};
    BOOST_TEST(c.send(to_far_end(first)));
    BOOST_TEST(c.send(to_far_end(second)));
    BOOST_TEST(!c.send(to_far_end(third))); // 512 bytes are all that waits
    std::string wire;
    bool third_sent = false;
    while (!c.to_send().empty()) {
      auto const part = c.to_send().substr(0, step);
      wire += part;
      c.sent(part.size(), start);
      if (!third_sent) third_sent = c.send(to_far_end(third));
    }
    BOOST_TEST((wire == first + second + third), "in steps of " << step);
  }
  small_connection c{far_end, transport::tcp, start};
  BOOST_TEST(c.send(to_far_end("")));
  BOOST_TEST(c.send(to_far_end(std::string(512, 'x'))));
  BOOST_TEST(!c.send(to_far_end("x")));
  c.sent(10'000, start); // more than there is
  BOOST_TEST(c.to_send() == "");
  BOOST_TEST(!c.send(to_far_end(std::string(513, 'x'))));
}

// "If the transport user asks for a request to be sent over a reliable transport, and the result is
// a connection failure, the transport layer SHOULD inform the transport user of a failure in
// sending." (18.4)
BOOST_AUTO_TEST_CASE(what_was_not_sent_whole_is_told_18_4) {
  small_connection c{far_end, transport::tcp, start};
  std::string const text(50, 'x');
  for (std::uint32_t i = 0; i < 5; ++i) BOOST_TEST(c.send(to_far_end(text, {i, 7})));
  BOOST_TEST(c.send(to_far_end(text))); // of no transaction
  c.sent(50, start);
  c.sent(99, start); // the third is cut
  datagram d;
  for (std::uint32_t i = 2; i < 5; ++i) {
    BOOST_REQUIRE(c.poll_unsent(d));
    BOOST_TEST((d.transaction == transaction_handle{i, 7}));
    BOOST_TEST((d.to == far_end));
    BOOST_TEST((d.over == transport::tcp));
    BOOST_TEST(d.bytes.empty());
  }
  BOOST_REQUIRE(c.poll_unsent(d));
  BOOST_TEST(!d.transaction);
  BOOST_TEST(!c.poll_unsent(d));
}

BOOST_AUTO_TEST_CASE(very_short_messages_are_bounded_too) {
  small_connection c{far_end, transport::tcp, start};
  std::size_t taken = 0;
  while (taken < 100 && c.send(to_far_end("x"))) ++taken;
  BOOST_TEST(taken == 6u);
  c.sent(3, start);
  BOOST_TEST(c.send(to_far_end("x")));
}

// "It is RECOMMENDED that connections be kept open for some implementation-defined duration after
// the last message was sent or received over that connection." (18)
BOOST_AUTO_TEST_CASE(it_is_over_when_no_message_has_come_or_gone_for_long_18) {
  static_assert(64 * timer_values{}.t1 < connection_keep_open);
  small_connection c{far_end, transport::tcp, start, 60'000};
  BOOST_TEST((c.idle_since() == start));
  BOOST_TEST((c.next_timeout() == start + 60'000));
  BOOST_TEST(!c.is_over(start + 59'999));
  BOOST_TEST(c.is_over(start + 60'000));
  (void)c.append(options(1));
  BOOST_TEST(!c.next(start + 10'000).empty());
  BOOST_TEST((c.next_timeout() == start + 70'000));
  BOOST_TEST(c.send(to_far_end(options(2))));
  BOOST_TEST((c.next_timeout() == start + 70'000));
  c.sent(5, start + 20'000); // a part is no message
  BOOST_TEST((c.next_timeout() == start + 70'000));
  c.sent(1'000, start + 20'000);
  BOOST_TEST((c.next_timeout() == start + 80'000));
  // Bytes that never make a message do not keep it open.
  for (int i = 0; i < 50; ++i) {
    (void)c.append("x");
    BOOST_TEST(c.next(start + 20'000 + 1'000 * i) == "");
  }
  BOOST_TEST(c.is_over(start + 80'000));
  // A ping does (RFC 5626 4.4.1).
  small_connection other{far_end, transport::tcp, start};
  (void)other.append("\r\n\r\n");
  (void)other.next(start + 120'000);
  BOOST_TEST((other.next_timeout() == start + 300'000));
}

// A framed message in constant evaluation, with the response on its way.
constexpr bool works_in_constant_evaluation() {
  connection<128, 64> c{far_end, transport::tcp, start};
  constexpr std::string_view text{"OPTIONS sip:b@h SIP/2.0\r\nl: 2\r\n\r\nhi"};
  bool good = true;
  for (int round = 0; round < 6; ++round) {
    good = good && c.append("\r\n\r\n") == 4;
    for (char const& each : text) {
      good = good && c.next(start).empty() && c.append({&each, 1}) == 1;
    }
    good = good && c.next(start) == text && c.send({text, far_end, transport::tcp});
    c.sent(20, start);
    c.sent(text.size() - 18, start);
  }
  return good && c.to_send().empty() && !c.is_over(start);
}
static_assert(works_in_constant_evaluation());

BOOST_AUTO_TEST_SUITE_END()
