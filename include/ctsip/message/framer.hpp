// Where one SIP message ends and the next begins on a stream: RFC 3261 7.5, 18.3 and 20.14, with
// the CRLF keep-alive of RFC 5626 3.5.1 and 4.4.1. A datagram needs none of this (18.3).
//
// The framer owns no bytes. The caller keeps what has arrived and not been consumed in a buffer of
// its own; the framer says how many of those bytes make the next frame, and remembers how far it
// has looked, so that bytes that come one by one are still looked at once each.
// user_agent/connection.hpp has the buffer, the pongs and what waits to be sent as well.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace ctsip {

/// What stands at the front of the stream.
enum class frame_kind : std::uint8_t {
  need_more, ///< nothing whole yet: append bytes and ask again
  message,   ///< one SIP message of `size` bytes
  ping,      ///< a double CRLF: a server answers it with a single CRLF (RFC 5626 4.4.1)
  pong,      ///< a single CRLF: the answer to our ping, and else to be ignored (7.5)
  malformed  ///< the stream cannot be framed any further: see `error`, then close it
};

/// Why a stream cannot be framed any further.
enum class frame_error : std::uint8_t {
  none,
  no_start_line,
  no_content_length,
  content_length_not_a_number,
  content_lengths_differ,
  header_block_too_long,
  message_too_long,
  bytes_withdrawn
};

/// The reason in one sentence; empty for `none`.
constexpr char const* sentence(frame_error e) noexcept {
  switch (e) {
  case frame_error::none: return "";
  case frame_error::no_start_line: return "a message begins with a start line";
  case frame_error::no_content_length:
    return "the Content-Length header field MUST be used with stream oriented transports";
  case frame_error::content_length_not_a_number:
    return "the Content-Length is not a decimal number of octets";
  case frame_error::content_lengths_differ: return "two Content-Length header fields differ";
  case frame_error::header_block_too_long: return "the header fields are longer than allowed here";
  case frame_error::message_too_long: return "the message is longer than allowed here";
  case frame_error::bytes_withdrawn:
    return "the framer was given fewer bytes than it had already looked at";
  }
  return "";
}

/// The clause of RFC 3261 that the reason rests on; empty for our own limits.
constexpr char const* clause(frame_error e) noexcept {
  switch (e) {
  case frame_error::no_start_line: return "RFC 3261 7";
  case frame_error::no_content_length: return "RFC 3261 18.3";
  case frame_error::content_length_not_a_number: return "RFC 3261 20.14";
  case frame_error::content_lengths_differ: return "RFC 3261 7.3.1";
  default: return "";
  }
}

/// The answer of `framer::next`.
struct frame {
  frame_kind kind{frame_kind::need_more};
  frame_error error{frame_error::none};
  /// message, ping, pong: how many bytes it takes from the front, for the caller to consume.
  /// need_more: the fewest bytes in all with which asking again can tell anything new.
  /// malformed: the length of the header block where that is known (so that a 400 can be made from
  /// it), else 0.
  std::size_t size{};

  friend constexpr bool operator==(frame const&, frame const&) = default;
};

/// How much the framer lets a peer make us keep, in bytes.
struct frame_limits {
  std::size_t header_block{16'384}; ///< start line and header fields with the empty line
  std::size_t message{65'535};      ///< the whole message
};

/// Cuts a byte stream into messages by Content-Length (RFC 3261 18.3), one object a connection.
///
/// ```
/// for (;;) {
///   auto const f = framer.next({buffer, filled});
///   if (f.kind == frame_kind::need_more || f.kind == frame_kind::malformed) break;
///   ... use the first f.size bytes, then remove them from the buffer ...
/// }
/// ```
///
/// Bytes may only be appended between two calls that answer `need_more`; they may be moved. After
/// any other answer the next call begins with the byte behind the frame. `malformed` is final.
class framer {
 public:
  constexpr framer() = default;
  constexpr explicit framer(frame_limits limits) : limits_{limits} {}

  /// Says that we have sent a ping, so that the single CRLF which answers it is reported as soon
  /// as it is there, that of each ping. Otherwise a CRLF waits for the next byte, as it may be half
  /// a ping.
  constexpr void expect_pong() {
    if (pongs_expected_ != UINT8_MAX) ++pongs_expected_;
  }

  /// The next frame of the stream, `bytes` being all that has arrived and is not consumed.
  constexpr frame next(std::string_view bytes) {
    if (failed_ != frame_error::none) return {frame_kind::malformed, failed_, header_block_};
    if (bytes.size() < scanned_) return fail(frame_error::bytes_withdrawn, 0);
    if (scanned_ == 0) {
      if (bytes.empty()) return {frame_kind::need_more, frame_error::none, 1};
      if (bytes[0] == '\r' || bytes[0] == '\n') return before_start_line(bytes);
    }
    if (header_block_ == 0) {
      auto const e = scan(bytes);
      if (e != frame_error::none) return fail(e, header_block_);
      if (header_block_ == 0) {
        return {frame_kind::need_more, frame_error::none, bytes.size() + 1};
      }
    }
    auto const whole = header_block_ + content_length_;
    if (bytes.size() < whole) return {frame_kind::need_more, frame_error::none, whole};
    *this = fresh();
    return {frame_kind::message, frame_error::none, whole};
  }

 private:
  constexpr framer fresh() const {
    framer f{limits_};
    f.pongs_expected_ = pongs_expected_;
    return f;
  }

  constexpr frame fail(frame_error e, std::size_t header_block) {
    failed_ = e;
    header_block_ = header_block;
    return {frame_kind::malformed, e, header_block};
  }

  // "Implementations processing SIP messages over stream-oriented transports MUST ignore any CRLF
  // appearing before the start-line" (7.5), save that RFC 5626 gives a double one a meaning.
  constexpr frame before_start_line(std::string_view bytes) {
    constexpr std::string_view double_crlf{"\r\n\r\n"};
    std::size_t same = 0;
    while (same < bytes.size() && same < 4 && bytes[same] == double_crlf[same]) ++same;
    if (same >= 2 && pongs_expected_ != 0) {
      --pongs_expected_;
      return {frame_kind::pong, frame_error::none, 2};
    }
    if (same == 4) return {frame_kind::ping, frame_error::none, 4};
    if (same == bytes.size()) return {frame_kind::need_more, frame_error::none, same + 1};
    if (same >= 2) return {frame_kind::pong, frame_error::none, 2};
    return fail(frame_error::no_start_line, 0);
  }

  // Looks at the bytes from scanned_ on, line by line, until the empty line. A line may end in a
  // lone LF, as the reader takes it too: both must agree on where the header fields end.
  constexpr frame_error scan(std::string_view bytes) {
    while (header_block_ == 0) {
      auto const lf = bytes.find('\n', scanned_);
      auto const seen = lf == std::string_view::npos ? bytes.size() : lf + 1;
      if (seen > limits_.header_block) return frame_error::header_block_too_long;
      scanned_ = seen;
      if (lf == std::string_view::npos) return frame_error::none;
      auto const line = bytes.substr(line_, lf - line_);
      auto const empty = line.empty() || line == "\r";
      // A line that begins with white space continues the field before it (7.3.1), so a field is
      // whole only when the line after it has been seen.
      if (empty || (line[0] != ' ' && line[0] != '\t')) {
        if (field_ != 0) take(bytes.substr(field_, line_ - field_));
        field_ = line_;
      }
      line_ = seen;
      if (empty) header_block_ = seen;
    }
    if (fault_ != frame_error::none) return fault_;
    if (!has_content_length_) return frame_error::no_content_length;
    if (header_block_ > limits_.message || content_length_ > limits_.message - header_block_) {
      return frame_error::message_too_long;
    }
    return frame_error::none;
  }

  static constexpr bool is_white(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

  static constexpr bool names_content_length(std::string_view name) {
    constexpr std::string_view full{"content-length"};
    if (name.size() == 1) return name[0] == 'l' || name[0] == 'L';
    if (name.size() != full.size()) return false;
    for (std::size_t i = 0; i < full.size(); ++i) {
      auto const c = name[i];
      if ((c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c) != full[i]) return false;
    }
    return true;
  }

  // Content-Length = ( "Content-Length" / "l" ) HCOLON 1*DIGIT (25.1)
  // A fault waits for the end of the header fields, so that the caller can answer with a 400.
  constexpr void take(std::string_view field) {
    auto const colon = field.find(':');
    if (colon == std::string_view::npos) return;
    auto name = field.substr(0, colon);
    while (!name.empty() && (name.back() == ' ' || name.back() == '\t')) name.remove_suffix(1);
    if (!names_content_length(name)) return;
    auto value = field.substr(colon + 1);
    while (!value.empty() && is_white(value.front())) value.remove_prefix(1);
    while (!value.empty() && is_white(value.back())) value.remove_suffix(1);
    if (value.empty()) return refuse(frame_error::content_length_not_a_number);
    std::size_t length = 0;
    for (auto const c : value) {
      if (c < '0' || c > '9') return refuse(frame_error::content_length_not_a_number);
      // Beyond the limit the exact number no longer matters; it only must not wrap around.
      if (length <= limits_.message) {
        auto const digit = static_cast<std::size_t>(c - '0');
        length = length > (SIZE_MAX - digit) / 10 ? SIZE_MAX : length * 10 + digit;
      }
    }
    if (has_content_length_ && length != content_length_) {
      return refuse(frame_error::content_lengths_differ);
    }
    has_content_length_ = true;
    content_length_ = length;
  }

  constexpr void refuse(frame_error e) {
    if (fault_ == frame_error::none) fault_ = e;
  }

  frame_limits limits_{};
  std::size_t scanned_{};        // bytes already searched for the end of a line
  std::size_t line_{};           // where the line under way begins
  std::size_t field_{};          // where the header field under way begins; 0: the start line
  std::size_t header_block_{};   // length up to and with the empty line; 0: not yet known
  std::size_t content_length_{}; // valid with has_content_length_
  bool has_content_length_{};
  std::uint8_t pongs_expected_{};
  frame_error fault_{};  // of a header field, until the header fields end
  frame_error failed_{}; // of the stream, for good
};

} // namespace ctsip
