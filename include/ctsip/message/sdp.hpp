// A view of a session description, as much of it as offer/answer and hold need.
// RFC 8866 (SDP), RFC 3264 (offer/answer), RFC 3312 4 (preconditions, as plain attributes).
//
// `read_sdp` checks every line once: the order of RFC 8866 5, the required lines, and the syntax of
// the lines that this view reads (v= o= c= m= a=). Nothing is copied: the views point into the text
// and live no longer than it. What is read again on demand (media descriptions, attributes) is read
// front to back.
//
// Deliberate deviations from RFC 8866, both as a receiver:
// 1. The last line may lack its line end: many user agents drop it, and nothing is lost by it.
// 2. A media description with port zero needs no c= line: it is rejected or removed, and RFC 3264
//    8.2 lets everything but its m= line be omitted.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace ctsip {

/// What is wrong with a session description.
enum class sdp_error : std::uint8_t {
  none,
  not_a_line,
  forbidden_octet,
  unknown_type,
  out_of_order,
  required_line_missing,
  version_not_zero,
  origin_malformed,
  origin_number_out_of_range,
  session_name_empty,
  connection_malformed,
  connection_missing,
  media_malformed,
  attribute_malformed,
  two_directions
};

/// The error in one sentence; empty for `none`.
constexpr char const* sentence(sdp_error e) noexcept {
  switch (e) {
  case sdp_error::none: return "";
  case sdp_error::not_a_line: return "a line is <type>=<value>";
  case sdp_error::forbidden_octet: return "a value holds a NUL or a carriage return";
  case sdp_error::unknown_type: return "a session description has no line of this type";
  case sdp_error::out_of_order: return "the lines must appear in exactly the order given";
  case sdp_error::required_line_missing:
    return "one of the required lines v=, o=, s=, t= is missing before this line";
  case sdp_error::version_not_zero: return "this is version 0 of SDP";
  case sdp_error::origin_malformed:
    return "o=<username> <sess-id> <sess-version> <nettype> <addrtype> <unicast-address>";
  case sdp_error::origin_number_out_of_range:
    return "the session id and version must be representable with a 64 bit signed integer";
  case sdp_error::session_name_empty: return "the s= line must not be empty";
  case sdp_error::connection_malformed: return "c=<nettype> <addrtype> <connection-address>";
  case sdp_error::connection_missing:
    return "a c= line must be in each media description or at the session level";
  case sdp_error::media_malformed: return "m=<media> <port> <proto> <fmt> ...";
  case sdp_error::attribute_malformed:
    return "a=<attribute-name> or a=<attribute-name>:<attribute-value>";
  case sdp_error::two_directions:
    return "at most one of sendrecv, sendonly, recvonly, inactive may appear at one level";
  }
  return "";
}

/// The clause that was broken; empty for `none`.
constexpr char const* clause(sdp_error e) noexcept {
  switch (e) {
  case sdp_error::none: return "";
  case sdp_error::not_a_line:
  case sdp_error::forbidden_octet:
  case sdp_error::unknown_type:
  case sdp_error::out_of_order:
  case sdp_error::required_line_missing: return "RFC 8866 5";
  case sdp_error::version_not_zero: return "RFC 8866 5.1";
  case sdp_error::origin_malformed: return "RFC 8866 5.2";
  case sdp_error::origin_number_out_of_range: return "RFC 3264 5";
  case sdp_error::session_name_empty: return "RFC 8866 5.3";
  case sdp_error::connection_malformed:
  case sdp_error::connection_missing: return "RFC 8866 5.7";
  case sdp_error::media_malformed: return "RFC 8866 5.14";
  case sdp_error::attribute_malformed: return "RFC 8866 5.13";
  case sdp_error::two_directions: return "RFC 8866 6.7";
  }
  return "";
}

/// The direction of a media stream, as seen by the side that wrote it (RFC 8866 6.7).
enum class sdp_direction : std::uint8_t { sendrecv, sendonly, recvonly, inactive };

/// The name of the attribute: `"sendrecv"` …
constexpr char const* name(sdp_direction d) noexcept {
  switch (d) {
  case sdp_direction::sendrecv: return "sendrecv";
  case sdp_direction::sendonly: return "sendonly";
  case sdp_direction::recvonly: return "recvonly";
  case sdp_direction::inactive: return "inactive";
  }
  return "";
}

/// The o= line (RFC 8866 5.2).
struct sdp_origin {
  std::string_view username;
  std::uint64_t session_id{};
  std::uint64_t session_version{};
  std::string_view network_type;
  std::string_view address_type;
  std::string_view address;

  /// Whether both lines name the same session: all but the version must be equal (RFC 8866 5.2).
  constexpr bool same_session(sdp_origin const& o) const {
    return username == o.username && session_id == o.session_id && network_type == o.network_type &&
           address_type == o.address_type && address == o.address;
  }
  friend constexpr bool operator==(sdp_origin const&, sdp_origin const&) = default;
};

/// A c= line (RFC 8866 5.7). The address may hold the TTL and count of a multicast address.
struct sdp_connection {
  std::string_view network_type;
  std::string_view address_type;
  std::string_view address;

  constexpr bool empty() const { return address.empty(); }
  /// The address 0.0.0.0, by which RFC 2543 put a call on hold (RFC 3264 8.4, RFC 6337 5.4).
  constexpr bool is_unspecified() const { return address == "0.0.0.0"; }
  friend constexpr bool operator==(sdp_connection const&, sdp_connection const&) = default;
};

/// An a= line (RFC 8866 5.13); `value` is empty for a property attribute.
struct sdp_attribute {
  std::string_view name;
  std::string_view value;

  friend constexpr bool operator==(sdp_attribute const&, sdp_attribute const&) = default;
};

/// What an a=rtpmap line maps a payload type to (RFC 8866 6.6); false when there is none.
struct sdp_rtpmap {
  std::string_view encoding;
  std::uint32_t clock_rate{};
  std::uint32_t channels{1};

  constexpr explicit operator bool() const { return !encoding.empty(); }
  friend constexpr bool operator==(sdp_rtpmap const&, sdp_rtpmap const&) = default;
};

namespace detail {

// One line without its line end. `ok` is false behind the last line.
struct sdp_line {
  std::string_view text;
  bool ok{};

  constexpr char type() const { return text[0]; }
  constexpr std::string_view value() const { return text.substr(2); }
};

// Takes the first line off `rest`. A line ends in CRLF, or in a lone LF (RFC 8866 5).
constexpr sdp_line take_sdp_line(std::string_view& rest) {
  if (rest.empty()) return {};
  auto const lf = rest.find('\n');
  auto line = rest.substr(0, lf);
  rest.remove_prefix(lf == std::string_view::npos ? rest.size() : lf + 1);
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  return {line, true};
}

// Takes the text before the next single space off `rest`, and the space.
constexpr std::string_view take_sdp_word(std::string_view& rest) {
  auto const space = rest.find(' ');
  auto const word = rest.substr(0, space);
  rest.remove_prefix(space == std::string_view::npos ? rest.size() : space + 1);
  return word;
}

constexpr bool is_sdp_token_char(char c) {
  // token-char of RFC 8866 9: the visible characters of ASCII but these.
  return c > ' ' && c < '\x7f' &&
         std::string_view{"\"(),/:;<=>?@[\\]"}.find(c) == std::string_view::npos;
}

constexpr bool is_sdp_token(std::string_view text) {
  for (auto const c : text) {
    if (!is_sdp_token_char(c)) return false;
  }
  return !text.empty();
}

// non-ws-string of RFC 8866 9: visible characters and all octets from 0x80 on.
constexpr bool is_sdp_non_ws(std::string_view text) {
  for (auto const c : text) {
    auto const octet = static_cast<unsigned char>(c);
    if (octet <= ' ' || octet == 0x7f) return false;
  }
  return !text.empty();
}

enum class sdp_digits : std::uint8_t { good, not_digits, too_great };

constexpr sdp_digits read_sdp_number(std::string_view text, std::uint64_t most,
                                     std::uint64_t& value) {
  value = 0;
  auto result = sdp_digits::good;
  for (auto const c : text) {
    if (c < '0' || c > '9') return sdp_digits::not_digits;
    auto const digit = static_cast<std::uint64_t>(c - '0');
    if (digit > most || value > (most - digit) / 10) result = sdp_digits::too_great;
    if (result == sdp_digits::good) value = value * 10 + digit;
  }
  return text.empty() ? sdp_digits::not_digits : result;
}

// Where a direction attribute stands among its four names; 4 for any other attribute.
constexpr unsigned direction_of(std::string_view attribute) {
  for (unsigned d = 0; d < 4; ++d) {
    if (attribute == name(static_cast<sdp_direction>(d))) return d;
  }
  return 4;
}

constexpr sdp_error read_origin(std::string_view rest, sdp_origin& o) {
  o.username = take_sdp_word(rest);
  auto const id = take_sdp_word(rest);
  auto const version = take_sdp_word(rest);
  o.network_type = take_sdp_word(rest);
  o.address_type = take_sdp_word(rest);
  o.address = rest;
  if (!is_sdp_non_ws(o.username) || !is_sdp_token(o.network_type) ||
      !is_sdp_token(o.address_type) || !is_sdp_non_ws(o.address)) {
    return sdp_error::origin_malformed;
  }
  constexpr std::uint64_t most = INT64_MAX;
  auto const a = read_sdp_number(id, most, o.session_id);
  auto const b = read_sdp_number(version, most, o.session_version);
  if (a == sdp_digits::not_digits || b == sdp_digits::not_digits) {
    return sdp_error::origin_malformed;
  }
  return a == sdp_digits::good && b == sdp_digits::good ? sdp_error::none
                                                        : sdp_error::origin_number_out_of_range;
}

constexpr sdp_error read_connection(std::string_view rest, sdp_connection& c) {
  c.network_type = take_sdp_word(rest);
  c.address_type = take_sdp_word(rest);
  // "Additional subfields MAY be added after the connection address depending on the value of the
  // <addrtype> subfield" (5.7): IP4 and IP6 have none.
  c.address = take_sdp_word(rest);
  auto const ip = c.address_type == "IP4" || c.address_type == "IP6";
  if (!is_sdp_token(c.network_type) || !is_sdp_token(c.address_type) || !is_sdp_non_ws(c.address) ||
      (ip && c.address.data() + c.address.size() != rest.data() + rest.size())) {
    return sdp_error::connection_malformed;
  }
  return sdp_error::none;
}

} // namespace detail

/// The words of an m= line behind its protocol, the media formats: a forward range.
class sdp_formats {
 public:
  constexpr explicit sdp_formats(std::string_view text) : text_{text} {}

  class iterator {
   public:
    constexpr explicit iterator(std::string_view rest) : rest_{rest} { ++*this; }
    constexpr std::string_view operator*() const { return word_; }
    constexpr iterator& operator++() {
      word_ = detail::take_sdp_word(rest_);
      return *this;
    }
    friend constexpr bool operator==(iterator const& a, iterator const& b) {
      return a.word_.data() == b.word_.data() || (a.word_.empty() && b.word_.empty());
    }

   private:
    std::string_view rest_;
    std::string_view word_;
  };

  constexpr iterator begin() const { return iterator{text_}; }
  constexpr iterator end() const { return iterator{{}}; }

 private:
  std::string_view text_;
};

/// The a= lines of one level, in order: a forward range, of all or of one name.
class sdp_attributes {
 public:
  constexpr explicit sdp_attributes(std::string_view lines, std::string_view name = {})
      : lines_{lines}, name_{name} {}

  class iterator {
   public:
    constexpr iterator(std::string_view rest, std::string_view name) : rest_{rest}, name_{name} {
      ++*this;
    }
    constexpr sdp_attribute operator*() const { return attribute_; }
    constexpr sdp_attribute const* operator->() const { return &attribute_; }
    constexpr iterator& operator++() {
      attribute_ = {};
      while (attribute_.name.empty()) {
        auto const line = detail::take_sdp_line(rest_);
        if (!line.ok) break;
        if (line.text.size() < 2 || line.type() != 'a') continue;
        auto const colon = line.value().find(':');
        auto const found = line.value().substr(0, colon);
        if (!name_.empty() && found != name_) continue;
        attribute_ = {found, colon == std::string_view::npos ? std::string_view{}
                                                             : line.value().substr(colon + 1)};
      }
      return *this;
    }
    friend constexpr bool operator==(iterator const& a, iterator const& b) {
      return a.attribute_.name.data() == b.attribute_.name.data();
    }

   private:
    std::string_view rest_;
    std::string_view name_;
    sdp_attribute attribute_;
  };

  constexpr iterator begin() const { return {lines_, name_}; }
  constexpr iterator end() const { return {{}, {}}; }

 private:
  std::string_view lines_;
  std::string_view name_;
};

/// One media description (RFC 8866 5.14): its m= line and the lines that follow it, with what the
/// session level supplies by default. Made by `sdp_view`.
class sdp_media {
 public:
  constexpr sdp_media() = default;

  /// `"audio"`, `"video"`, …
  constexpr std::string_view kind() const { return kind_; }
  /// The port; 0 for a stream that is rejected or removed (RFC 3264 6, 8.2).
  constexpr std::uint16_t port() const { return port_; }
  /// The number of ports of a hierarchically encoded stream, else 1.
  constexpr std::uint32_t port_count() const { return port_count_; }
  /// `"RTP/AVP"`, …
  constexpr std::string_view protocol() const { return protocol_; }
  constexpr sdp_formats formats() const { return sdp_formats{formats_}; }
  constexpr bool has_format(std::string_view format) const {
    for (auto const f : formats()) {
      if (f == format) return true;
    }
    return false;
  }
  /// The direction: of this level, else of the session, else `sendrecv` (RFC 8866 6.7).
  constexpr sdp_direction direction() const { return direction_; }
  /// The first c= line of this level, else that of the session (RFC 8866 5.7).
  constexpr sdp_connection const& connection() const { return connection_; }
  constexpr sdp_attributes attributes() const { return sdp_attributes{text_}; }
  /// The attributes of one name, such as `"curr"`, `"des"` and `"conf"` (RFC 3312 4).
  constexpr sdp_attributes attributes(std::string_view name) const {
    return sdp_attributes{text_, name};
  }
  /// The value of the first attribute of that name; empty if there is none or it has no value.
  constexpr std::string_view attribute(std::string_view name) const {
    auto const all = attributes(name);
    auto const first = all.begin();
    return first == all.end() ? std::string_view{} : (*first).value;
  }
  constexpr bool has_attribute(std::string_view name) const {
    auto const all = attributes(name);
    return !(all.begin() == all.end());
  }
  /// The a=rtpmap of a payload type, given as in `formats()`; false if there is no good one.
  constexpr sdp_rtpmap rtpmap(std::string_view payload_type) const {
    for (auto const a : attributes("rtpmap")) {
      auto rest = a.value;
      if (detail::take_sdp_word(rest) != payload_type) continue;
      auto const slash = rest.find('/');
      if (slash == std::string_view::npos || !detail::is_sdp_token(rest.substr(0, slash)))
        return {};
      sdp_rtpmap map{rest.substr(0, slash)};
      rest.remove_prefix(slash + 1);
      auto const second = rest.find('/');
      std::uint64_t rate = 0;
      std::uint64_t channels = 1;
      if (detail::read_sdp_number(rest.substr(0, second), UINT32_MAX, rate) !=
          detail::sdp_digits::good) {
        return {};
      }
      if (second != std::string_view::npos &&
          detail::read_sdp_number(rest.substr(second + 1), UINT32_MAX, channels) !=
              detail::sdp_digits::good) {
        return {};
      }
      map.clock_rate = static_cast<std::uint32_t>(rate);
      map.channels = static_cast<std::uint32_t>(channels);
      return map;
    }
    return {};
  }
  /// Port zero: the stream is rejected, or removed (RFC 3264 6, 8.2).
  constexpr bool is_rejected() const { return port_ == 0; }
  /// Whether the writer of this description puts its peer on hold in this stream: it is marked
  /// sendonly or inactive, or, as in RFC 2543, its address is 0.0.0.0 (RFC 3264 8.4).
  constexpr bool is_hold() const {
    return direction_ == sdp_direction::sendonly || direction_ == sdp_direction::inactive ||
           connection_.is_unspecified();
  }
  /// The lines of this media description.
  constexpr std::string_view text() const { return text_; }

 private:
  friend class sdp_view;

  std::string_view text_;
  std::string_view kind_;
  std::string_view protocol_;
  std::string_view formats_;
  sdp_connection connection_;
  std::uint32_t port_count_{1};
  std::uint16_t port_{};
  sdp_direction direction_{sdp_direction::sendrecv};
};

namespace detail {

// m=<media> <port>[/<integer>] <proto> <fmt> ..., into the fields given.
struct sdp_media_line {
  std::string_view kind;
  std::string_view protocol;
  std::string_view formats;
  std::uint32_t port_count{1};
  std::uint16_t port{};
};

constexpr bool read_media_line(std::string_view rest, sdp_media_line& m) {
  m.kind = take_sdp_word(rest);
  auto const ports = take_sdp_word(rest);
  m.protocol = take_sdp_word(rest);
  m.formats = rest;
  auto const slash = ports.find('/');
  std::uint64_t port = 0;
  std::uint64_t count = 1;
  if (!is_sdp_token(m.kind) ||
      read_sdp_number(ports.substr(0, slash), 65'535, port) != sdp_digits::good) {
    return false;
  }
  if (slash != std::string_view::npos &&
      (read_sdp_number(ports.substr(slash + 1), UINT32_MAX, count) != sdp_digits::good ||
       count == 0)) {
    return false;
  }
  for (auto proto = m.protocol;;) { // token *("/" token)
    auto const end = proto.find('/');
    if (!is_sdp_token(proto.substr(0, end))) return false;
    if (end == std::string_view::npos) break;
    proto.remove_prefix(end + 1);
  }
  if (rest.empty() || rest.back() == ' ') return false;
  while (!rest.empty()) {
    if (!is_sdp_token(take_sdp_word(rest))) return false;
  }
  m.port = static_cast<std::uint16_t>(port);
  m.port_count = static_cast<std::uint32_t>(count);
  return true;
}

} // namespace detail

struct sdp_result;

/// One session description. Made by `read_sdp`; trivially copyable.
class sdp_view {
 public:
  constexpr sdp_view() = default;

  constexpr sdp_origin const& origin() const { return origin_; }
  /// The session name, the text of the s= line.
  constexpr std::string_view name() const { return name_; }
  /// The c= line of the session level; empty if there is none.
  constexpr sdp_connection const& connection() const { return connection_; }
  /// The direction at session level; `sendrecv` if there is none (RFC 8866 6.7).
  constexpr sdp_direction direction() const { return direction_; }
  constexpr sdp_attributes attributes() const { return sdp_attributes{session_}; }
  constexpr sdp_attributes attributes(std::string_view name) const {
    return sdp_attributes{session_, name};
  }
  /// The value of the first attribute of that name at session level.
  constexpr std::string_view attribute(std::string_view name) const {
    auto const all = attributes(name);
    auto const first = all.begin();
    return first == all.end() ? std::string_view{} : (*first).value;
  }
  /// How many m= lines there are.
  constexpr std::size_t media_count() const { return media_count_; }

  /// The media descriptions in order: a forward range.
  class media_range {
   public:
    constexpr explicit media_range(sdp_view const& sdp) : sdp_{sdp} {}

    class iterator {
     public:
      constexpr iterator() = default;
      constexpr iterator(sdp_view const& sdp, std::string_view rest) : sdp_{&sdp}, rest_{rest} {
        ++*this;
      }
      constexpr sdp_media const& operator*() const { return media_; }
      constexpr sdp_media const* operator->() const { return &media_; }
      constexpr iterator& operator++() {
        media_ = sdp_->take_media(rest_);
        return *this;
      }
      friend constexpr bool operator==(iterator const& a, iterator const& b) {
        return a.media_.text().data() == b.media_.text().data();
      }

     private:
      sdp_view const* sdp_{};
      std::string_view rest_;
      sdp_media media_;
    };

    constexpr iterator begin() const { return {sdp_, sdp_.text_.substr(sdp_.session_.size())}; }
    constexpr iterator end() const { return {}; }

   private:
    sdp_view const& sdp_;
  };

  /// The range looks into this object, which must outlive it.
  constexpr media_range media() const& { return media_range{*this}; }
  media_range media() const&& = delete;
  /// The i-th media description, counting from 0; an empty one behind the last.
  constexpr sdp_media media(std::size_t i) const {
    if (i >= media_count_) return {};
    auto rest = text_.substr(session_.size());
    while (i-- != 0) take_media(rest);
    return take_media(rest);
  }

  /// A held SDP (RFC 3264 8.4): it has streams, and each that is not rejected is on hold.
  constexpr bool is_hold() const {
    auto any = false;
    for (auto const& m : media()) {
      if (m.is_rejected()) continue;
      if (!m.is_hold()) return false;
      any = true;
    }
    return any;
  }
  constexpr std::string_view text() const { return text_; }

 private:
  friend constexpr sdp_result read_sdp(std::string_view);

  // Reads one media description off `rest`, which read_sdp has found well formed.
  constexpr sdp_media take_media(std::string_view& rest) const {
    sdp_media m;
    auto const begin = rest;
    auto line = detail::take_sdp_line(rest);
    if (!line.ok) return m;
    detail::sdp_media_line fields;
    detail::read_media_line(line.value(), fields);
    m.kind_ = fields.kind;
    m.protocol_ = fields.protocol;
    m.formats_ = fields.formats;
    m.port_ = fields.port;
    m.port_count_ = fields.port_count;
    m.direction_ = direction_;
    for (;;) {
      auto after = rest;
      line = detail::take_sdp_line(after);
      if (!line.ok || line.type() == 'm') break;
      rest = after;
      if (line.type() == 'c' && m.connection_.empty()) {
        detail::read_connection(line.value(), m.connection_);
      } else if (line.type() == 'a') {
        auto const d = detail::direction_of(line.value());
        if (d < 4) m.direction_ = static_cast<sdp_direction>(d);
      }
    }
    if (m.connection_.empty()) m.connection_ = connection_;
    m.text_ = begin.substr(0, begin.size() - rest.size());
    return m;
  }

  std::string_view text_;
  std::string_view session_; // the lines before the first m= line
  std::string_view name_;
  sdp_origin origin_;
  sdp_connection connection_;
  std::size_t media_count_{};
  sdp_direction direction_{sdp_direction::sendrecv};
};

/// What `read_sdp` makes of a text. With an error, `line` counts from 1 and `value` is empty.
struct sdp_result {
  sdp_view value;
  sdp_error error{sdp_error::none};
  std::size_t line{};

  constexpr explicit operator bool() const { return error == sdp_error::none; }
};

/// Reads one session description, such as a body of type application/sdp. Time is linear.
constexpr sdp_result read_sdp(std::string_view text) {
  // The type letters in the order of RFC 8866 5. The time description ("t", "r", "z") may repeat.
  constexpr std::string_view session_order{"vosiuepcbtrzka"};
  constexpr std::string_view media_order{"micbka"};
  constexpr std::string_view session_repeats{"epbtra"};
  constexpr std::string_view media_repeats{"cba"};
  constexpr std::string_view required{"vos"};

  sdp_view sdp;
  std::size_t number = 0;
  std::size_t media_line = 0;
  auto const fail = [&](sdp_error e, std::size_t line) { return sdp_result{{}, e, line}; };
  std::size_t rank = 0; // of the last line in the order of its level
  auto in_media = false;
  auto has_time = false;
  auto has_direction = false; // at this level
  auto needs_connection = false;
  auto rest = text;
  for (;;) {
    auto const before = rest;
    auto const line = detail::take_sdp_line(rest);
    if (!line.ok) break;
    ++number;
    if (line.text.size() < 2 || line.text[1] != '=') return fail(sdp_error::not_a_line, number);
    for (auto const c : line.text) {
      if (c == '\0' || c == '\r') return fail(sdp_error::forbidden_octet, number);
    }
    auto const type = line.type();
    auto const value = line.value();
    if (type != 'm' && session_order.find(type) == std::string_view::npos) {
      return fail(sdp_error::unknown_type, number);
    }
    if (number <= required.size() && type != required[number - 1]) {
      return fail(sdp_error::required_line_missing, number);
    }
    if (type == 'm') {
      if (!has_time) return fail(sdp_error::required_line_missing, number);
      if (needs_connection) return fail(sdp_error::connection_missing, media_line);
      if (!in_media) sdp.session_ = text.substr(0, text.size() - before.size());
      in_media = true;
      has_direction = false;
      rank = 0;
      media_line = number;
      ++sdp.media_count_;
      detail::sdp_media_line fields;
      if (!detail::read_media_line(value, fields)) return fail(sdp_error::media_malformed, number);
      needs_connection = sdp.connection_.empty() && fields.port != 0;
      continue;
    }
    auto const order = in_media ? media_order : session_order;
    auto const repeats = in_media ? media_repeats : session_repeats;
    auto const here = order.find(type);
    if (here == std::string_view::npos) return fail(sdp_error::out_of_order, number);
    if (!in_media) {
      auto const another_time =
          type == 't' && (session_order[rank] == 'r' || session_order[rank] == 'z');
      auto const again = here == rank && repeats.find(type) != std::string_view::npos;
      if (number > 1 && here <= rank && !again && !another_time) {
        return fail(sdp_error::out_of_order, number);
      }
      if (here > session_order.find('t') && !has_time) {
        return fail(sdp_error::required_line_missing, number);
      }
    } else if (here < rank || (here == rank && repeats.find(type) == std::string_view::npos)) {
      return fail(sdp_error::out_of_order, number);
    }
    // r= and z= belong to the time description before them.
    if ((type == 'r' || type == 'z') && session_order[rank] != 't' && session_order[rank] != 'r') {
      return fail(sdp_error::out_of_order, number);
    }
    rank = here;
    auto e = sdp_error::none;
    switch (type) {
    case 'v':
      if (value != "0") e = sdp_error::version_not_zero;
      break;
    case 'o': e = detail::read_origin(value, sdp.origin_); break;
    case 's':
      sdp.name_ = value;
      if (value.empty()) e = sdp_error::session_name_empty;
      break;
    case 't': has_time = true; break;
    case 'c': {
      sdp_connection c;
      e = detail::read_connection(value, c);
      if (!in_media) sdp.connection_ = c;
      needs_connection = false;
      break;
    }
    case 'a': {
      auto const colon = value.find(':');
      if (!detail::is_sdp_token(value.substr(0, colon)) || colon + 1 == value.size()) {
        e = sdp_error::attribute_malformed;
      }
      auto const d = detail::direction_of(value);
      if (d < 4) {
        if (has_direction) e = sdp_error::two_directions;
        has_direction = true;
        if (!in_media) sdp.direction_ = static_cast<sdp_direction>(d);
      }
      break;
    }
    default: break;
    }
    if (e != sdp_error::none) return fail(e, number);
  }
  if (!has_time) return fail(sdp_error::required_line_missing, number + 1);
  if (needs_connection) return fail(sdp_error::connection_missing, media_line);
  if (!in_media) sdp.session_ = text;
  sdp.text_ = text;
  return {sdp, sdp_error::none, 0};
}

/// What is wrong with a description as the successor of, or the answer to, another one.
enum class sdp_fault : std::uint8_t {
  none,
  origin_changed,
  version_not_incremented,
  changed_without_version,
  media_removed,
  media_count_differs,
  media_kind_differs,
  rejected_stream_accepted,
  direction_not_allowed
};

/// The fault in one sentence, in the words of RFC 3264; empty for `none`.
constexpr char const* sentence(sdp_fault f) noexcept {
  switch (f) {
  case sdp_fault::none: return "";
  case sdp_fault::origin_changed:
    return "the o= line of the new SDP MUST be identical to the previous one except its version";
  case sdp_fault::version_not_incremented:
    return "the version in the origin field MUST increment by one from the previous SDP";
  case sdp_fault::changed_without_version:
    return "if the version does not increment, the SDP MUST be identical to the previous one";
  case sdp_fault::media_removed:
    return "the new SDP MUST have at least as many m= lines as the previous SDP";
  case sdp_fault::media_count_differs:
    return "the answer MUST contain exactly the same number of m= lines as the offer";
  case sdp_fault::media_kind_differs:
    return "the media type of the stream in the answer MUST match that of the offer";
  case sdp_fault::rejected_stream_accepted:
    return "a stream offered with a port of zero MUST be marked with port zero in the answer";
  case sdp_fault::direction_not_allowed:
    return "the direction of the stream in the answer does not fit that of the offer";
  }
  return "";
}

/// The clause that was broken; empty for `none`.
constexpr char const* clause(sdp_fault f) noexcept {
  switch (f) {
  case sdp_fault::none: return "";
  case sdp_fault::origin_changed:
  case sdp_fault::version_not_incremented:
  case sdp_fault::changed_without_version:
  case sdp_fault::media_removed: return "RFC 3264 8";
  case sdp_fault::media_count_differs: return "RFC 3264 6";
  case sdp_fault::media_kind_differs:
  case sdp_fault::direction_not_allowed: return "RFC 3264 6.1";
  case sdp_fault::rejected_stream_accepted: return "RFC 3264 8.2";
  }
  return "";
}

/// Whether both descriptions are the same version of the same session, the second being no change
/// to the first (RFC 3264 8, RFC 4028 7.4).
constexpr bool same_version(sdp_view const& a, sdp_view const& b) {
  return a.origin() == b.origin();
}

/// Whether `next` may follow `previous`, both written by the same side of one dialog (RFC 3264 8).
constexpr sdp_fault check_next(sdp_view const& previous, sdp_view const& next) {
  if (!previous.origin().same_session(next.origin())) return sdp_fault::origin_changed;
  auto const before = previous.origin().session_version;
  auto const now = next.origin().session_version;
  if (now == before) {
    return next.text() == previous.text() ? sdp_fault::none : sdp_fault::changed_without_version;
  }
  if (now != before + 1) return sdp_fault::version_not_incremented;
  return next.media_count() < previous.media_count() ? sdp_fault::media_removed : sdp_fault::none;
}

/// Whether a stream offered with one direction may be answered with the other (RFC 3264 6.1).
constexpr bool may_answer(sdp_direction offered, sdp_direction answered) {
  switch (offered) {
  case sdp_direction::sendrecv: return true;
  case sdp_direction::sendonly:
    return answered == sdp_direction::recvonly || answered == sdp_direction::inactive;
  case sdp_direction::recvonly:
    return answered == sdp_direction::sendonly || answered == sdp_direction::inactive;
  case sdp_direction::inactive: return answered == sdp_direction::inactive;
  }
  return false;
}

/// Whether `answer` can answer `offer`, stream by stream (RFC 3264 6, for unicast streams 6.1).
constexpr sdp_fault check_answer(sdp_view const& offer, sdp_view const& answer) {
  if (offer.media_count() != answer.media_count()) return sdp_fault::media_count_differs;
  auto const offered = offer.media();
  auto const answered = answer.media();
  auto a = answered.begin();
  for (auto const& o : offered) {
    if (o.kind() != a->kind()) return sdp_fault::media_kind_differs;
    if (o.is_rejected() && !a->is_rejected()) return sdp_fault::rejected_stream_accepted;
    // The attributes of a rejected stream mean nothing and may be left out (6, 8.2).
    if (!a->is_rejected() && !may_answer(o.direction(), a->direction())) {
      return sdp_fault::direction_not_allowed;
    }
    ++a;
  }
  return sdp_fault::none;
}

} // namespace ctsip
