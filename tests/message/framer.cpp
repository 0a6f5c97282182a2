#include <ctsip/message/framer.hpp>

#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace {

using ctsip::frame;
using ctsip::frame_error;
using ctsip::frame_kind;
using ctsip::framer;
using namespace std::string_view_literals;

constexpr auto options = "OPTIONS sip:bob@biloxi.example SIP/2.0\r\n"
                         "Via: SIP/2.0/TCP pc33.atlanta.example;branch=z9hG4bK776\r\n"
                         "Content-Length: 0\r\n"
                         "\r\n"sv;
constexpr auto with_body = "MESSAGE sip:bob@biloxi.example SIP/2.0\r\n"
                           "l: 5\r\n"
                           "Content-Type: text/plain\r\n"
                           "\r\n"
                           "hello"sv;

constexpr frame found(frame_kind kind, std::size_t size) { return {kind, frame_error::none, size}; }

// What one framer makes of a whole stream handed over `step` bytes at a time.
std::vector<std::string> cut(std::string_view stream, std::size_t step) {
  std::vector<std::string> frames;
  framer f;
  std::string buffer;
  for (std::size_t at = 0; at < stream.size(); at += step) {
    buffer += stream.substr(at, step);
    for (;;) {
      auto const next = f.next(buffer);
      if (next.kind == frame_kind::need_more) break;
      if (next.kind == frame_kind::malformed) {
        frames.push_back(std::string{"malformed: "} + sentence(next.error));
        return frames;
      }
      frames.push_back((next.kind == frame_kind::ping   ? "ping: "
                        : next.kind == frame_kind::pong ? "pong: "
                                                        : "message: ") +
                       buffer.substr(0, next.size));
      buffer.erase(0, next.size);
    }
  }
  return frames;
}

frame one(std::string_view bytes, ctsip::frame_limits limits = {}) {
  framer f{limits};
  return f.next(bytes);
}

static_assert(framer{}.next(with_body) == found(frame_kind::message, with_body.size()));
static_assert(framer{}.next("\r\n\r\n") == found(frame_kind::ping, 4));

} // namespace

BOOST_AUTO_TEST_SUITE(message_framer)

BOOST_AUTO_TEST_CASE(content_length_ends_a_message_on_a_stream_18_3) {
  BOOST_TEST((one(options) == found(frame_kind::message, options.size())));
  BOOST_TEST((one(with_body) == found(frame_kind::message, with_body.size())));
  auto const both = std::string{with_body} + std::string{options};
  BOOST_TEST((one(both) == found(frame_kind::message, with_body.size())));
}

BOOST_AUTO_TEST_CASE(every_cut_of_the_stream_gives_the_same_messages) {
  auto const stream = std::string{options} + "\r\n\r\n" + std::string{with_body} +
                      std::string{with_body} + "\r\n" + std::string{options};
  std::vector<std::string> const expected{
      "message: " + std::string{options},   "ping: \r\n\r\n", "message: " + std::string{with_body},
      "message: " + std::string{with_body}, "pong: \r\n",     "message: " + std::string{options}};
  for (std::size_t step = 1; step <= stream.size(); ++step) {
    auto const frames = cut(stream, step);
    BOOST_TEST_REQUIRE(frames == expected, boost::test_tools::per_element());
  }
}

BOOST_AUTO_TEST_CASE(every_prefix_of_a_message_needs_more_and_says_how_much) {
  framer f;
  for (std::size_t n = 0; n < with_body.size(); ++n) {
    auto const next = f.next(with_body.substr(0, n));
    BOOST_TEST_REQUIRE((next.kind == frame_kind::need_more));
    BOOST_TEST_REQUIRE(next.size > n);
    BOOST_TEST_REQUIRE(next.size <= with_body.size());
    if (n >= with_body.size() - 5) BOOST_TEST_REQUIRE(next.size == with_body.size());
  }
  BOOST_TEST((f.next(with_body) == found(frame_kind::message, with_body.size())));
}

BOOST_AUTO_TEST_CASE(bytes_are_looked_at_once_however_they_arrive) {
  // What lies before the place already searched may be overwritten: were it read again, the
  // line ends planted there would end the header fields at once.
  std::string buffer = "OPTIONS sip:bob@biloxi.example SIP/2.0\r\nSubject: ";
  framer f;
  auto const subject = buffer.size();
  buffer += std::string(1000, 'x');
  BOOST_TEST((f.next(buffer) == found(frame_kind::need_more, buffer.size() + 1)));
  for (auto i = subject; i < buffer.size(); ++i) buffer[i] = '\n';
  buffer += "\r\nContent-Length: 0\r\n\r\n";
  BOOST_TEST((f.next(buffer) == found(frame_kind::message, buffer.size())));
}

BOOST_AUTO_TEST_CASE(a_double_crlf_is_a_ping_rfc_5626_4_4_1) {
  framer f;
  BOOST_TEST((f.next("\r") == found(frame_kind::need_more, 2)));
  BOOST_TEST((f.next("\r\n") == found(frame_kind::need_more, 3)));
  BOOST_TEST((f.next("\r\n\r") == found(frame_kind::need_more, 4)));
  BOOST_TEST((f.next("\r\n\r\n") == found(frame_kind::ping, 4)));
  BOOST_TEST((f.next("") == found(frame_kind::need_more, 1)));
}

BOOST_AUTO_TEST_CASE(the_pong_is_reported_at_once_where_one_is_expected_rfc_5626_4_4_1) {
  framer f;
  f.expect_pong();
  BOOST_TEST((f.next("\r") == found(frame_kind::need_more, 2)));
  BOOST_TEST((f.next("\r\n") == found(frame_kind::pong, 2)));
  BOOST_TEST((f.next("\r\n") == found(frame_kind::need_more, 3)));
  f = framer{};
  f.expect_pong();
  auto const stream = std::string{options} + "\r\n";
  BOOST_TEST((f.next(stream) == found(frame_kind::message, options.size())));
  BOOST_TEST((f.next("\r\n") == found(frame_kind::pong, 2)));
}

BOOST_AUTO_TEST_CASE(as_many_pongs_are_expected_as_pings_were_sent_rfc_5626_4_4_1) {
  framer f;
  for (int i = 0; i < 3; ++i) f.expect_pong();
  for (int i = 0; i < 3; ++i) BOOST_TEST((f.next("\r\n\r\n\r\n") == found(frame_kind::pong, 2)));
  BOOST_TEST((f.next("\r\n\r\n") == found(frame_kind::ping, 4)));
  for (int i = 0; i < 1'000; ++i) f.expect_pong(); // they do not overflow
  BOOST_TEST((f.next("\r\n\r\n") == found(frame_kind::pong, 2)));
}

BOOST_AUTO_TEST_CASE(a_crlf_before_the_start_line_is_ignored_7_5) {
  auto const stream = "\r\n" + std::string{options};
  std::vector<std::string> const expected{"pong: \r\n", "message: " + std::string{options}};
  BOOST_TEST(cut(stream, stream.size()) == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_message_without_content_length_is_malformed_18_3) {
  constexpr auto bytes = "OPTIONS sip:a@b.example SIP/2.0\r\nSubject: Content-Length: 0\r\n\r\n"sv;
  auto const next = one(bytes);
  BOOST_TEST((next == frame{frame_kind::malformed, frame_error::no_content_length, bytes.size()}));
  BOOST_TEST(sentence(next.error) ==
             "the Content-Length header field MUST be used with stream oriented transports"sv);
  BOOST_TEST(clause(next.error) == "RFC 3261 18.3"sv);
}

BOOST_AUTO_TEST_CASE(a_start_line_alone_is_not_taken_for_a_content_length) {
  BOOST_TEST((one("l: 5\r\n\r\nhello").error == frame_error::no_content_length));
}

BOOST_AUTO_TEST_CASE(content_length_is_found_in_every_legal_spelling_7_3) {
  for (auto const spelling :
       {"Content-Length: 5", "CONTENT-LENGTH:5", "content-length  \t:   5  ", "l:5", "L : 05",
        "Content-Length:\r\n 5", "Content-Length: \r\n\t\r\n 5\r\n  "}) {
    auto const bytes =
        std::string{"MESSAGE sip:a@b.example SIP/2.0\r\n"} + spelling + "\r\nTo: x\r\n\r\nhello";
    BOOST_TEST((one(bytes) == found(frame_kind::message, bytes.size())), spelling);
  }
}

BOOST_AUTO_TEST_CASE(a_lone_line_feed_ends_a_line_too) {
  constexpr auto bytes = "MESSAGE sip:a@b.example SIP/2.0\nl: 5\n\nhello"sv;
  BOOST_TEST((one(bytes) == found(frame_kind::message, bytes.size())));
}

BOOST_AUTO_TEST_CASE(content_length_is_digits_only_20_14) {
  for (auto const value : {"", "-5", "+5", "5a", "0x5", "5 5", "5,5", "5;q=1", "five", "\"5\""}) {
    auto const bytes =
        std::string{"MESSAGE sip:a@b.example SIP/2.0\r\nl: "} + value + "\r\nTo: x\r\n\r\nhello";
    auto const next = one(bytes);
    BOOST_TEST((next.kind == frame_kind::malformed), value);
    BOOST_TEST((next.error == frame_error::content_length_not_a_number), value);
    BOOST_TEST(clause(next.error) == "RFC 3261 20.14"sv);
    BOOST_TEST(next.size == bytes.size() - 5, value);
  }
}

BOOST_AUTO_TEST_CASE(two_content_lengths_must_agree_7_3_1) {
  constexpr auto same = "MESSAGE sip:a@b.example SIP/2.0\r\nl: 5\r\nl: 05\r\n\r\nhello"sv;
  BOOST_TEST((one(same) == found(frame_kind::message, same.size())));
  constexpr auto differ = "MESSAGE sip:a@b.example SIP/2.0\r\nl: 5\r\nl: 4\r\n\r\nhello"sv;
  BOOST_TEST((one(differ).error == frame_error::content_lengths_differ));
}

BOOST_AUTO_TEST_CASE(a_content_length_too_great_for_any_integer_is_too_long_not_wrapped_around) {
  for (auto const value : {"65536", "4294967296", "4294967301", "18446744073709551616",
                           "18446744073709551621", "99999999999999999999999999999999999999"}) {
    auto const bytes =
        std::string{"MESSAGE sip:a@b.example SIP/2.0\r\nl: "} + value + "\r\n\r\nhello";
    auto const next = one(bytes);
    BOOST_TEST((next.kind == frame_kind::malformed), value);
    BOOST_TEST((next.error == frame_error::message_too_long), value);
    BOOST_TEST(next.size == bytes.size() - 5);
  }
}

BOOST_AUTO_TEST_CASE(the_limits_hold_to_the_byte) {
  auto const header_block = with_body.size() - 5;
  BOOST_TEST((one(with_body, {header_block, with_body.size()}).kind == frame_kind::message));
  BOOST_TEST((one(with_body, {header_block - 1, with_body.size()}).error ==
              frame_error::header_block_too_long));
  BOOST_TEST((one(with_body, {header_block, with_body.size() - 1}).error ==
              frame_error::message_too_long));
  BOOST_TEST((one(with_body, {header_block, 3}).error == frame_error::message_too_long));
}

BOOST_AUTO_TEST_CASE(header_fields_without_end_are_refused_at_the_limit) {
  framer f{{100, 1000}};
  std::string bytes;
  for (std::size_t n = 1; n <= 100; ++n) {
    bytes += 'x';
    BOOST_TEST_REQUIRE((f.next(bytes).kind == frame_kind::need_more));
  }
  bytes += 'x';
  BOOST_TEST((f.next(bytes).error == frame_error::header_block_too_long));
}

BOOST_AUTO_TEST_CASE(malformed_is_final) {
  framer f;
  BOOST_TEST((f.next("\nOPTIONS").error == frame_error::no_start_line));
  BOOST_TEST((f.next(options).kind == frame_kind::malformed));
  BOOST_TEST((one("\rOPTIONS").error == frame_error::no_start_line));
}

BOOST_AUTO_TEST_CASE(bytes_that_disappear_are_reported) {
  framer f;
  BOOST_TEST((f.next("OPTIONS sip").kind == frame_kind::need_more));
  BOOST_TEST((f.next("OPT").error == frame_error::bytes_withdrawn));
}

BOOST_AUTO_TEST_CASE(every_error_has_a_sentence) {
  for (int e = 1; e <= static_cast<int>(frame_error::bytes_withdrawn); ++e) {
    BOOST_TEST(!std::string_view{sentence(static_cast<frame_error>(e))}.empty());
  }
}

BOOST_AUTO_TEST_SUITE_END()
