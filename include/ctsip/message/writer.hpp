// The writer: messages into a buffer of the caller. Its lower half writes a start line, header
// fields and a body, its upper half the messages that a user agent composes: requests out of a
// dialog and within one, responses, both kinds of ACK, CANCEL, BYE and PRACK.
// RFC 3261 7, 8.1.1, 8.2.6, 9.1, 12.1.1, 12.2.1.1, 13.2.2.4, 17.1.1.3, 18.2.1, 20; RFC 3262 7.2;
// RFC 3581 3 and 4. Read reader.hpp and destination.hpp before it.
//
// Nothing is cut off in silence: what does not fit is counted all the same, so that `size()` says
// how large the buffer must be, and nothing is handed out. No text can end a header field early: a
// CR, LF or other control character in it is refused, but for one other than CR and LF behind a
// backslash in a whole value, as a quoted-pair has it (RFC 3261 25.1). Only values copied from a
// message that was received, and routes with "<", which are mostly of one, may hold folds, each
// written as a single space (7.3.1, 25.1), and control characters other than CR and LF.
// The views given must not point into the buffer.
#pragma once

#include <ctsip/message/destination.hpp>
#include <ctsip/message/reader.hpp>
#include <ctsip/message/uri.hpp>
#include <ctsip/vocabulary/status.hpp>
#include <ctsip/vocabulary/timer.hpp>

#include <span>

namespace ctsip {

/// Why no message was written.
enum class write_error : std::uint8_t {
  none,
  overflow,
  unfinished,
  wrong_order,
  forbidden_character,
  missing_value,
  missing_contact,
  missing_content_type,
  missing_from_tag,
  missing_to_tag,
  missing_header_field,
  reserved_header_field,
  branch_without_cookie,
  sequence_number_out_of_range,
  status_out_of_range,
  malformed_uri,
  not_an_invite,
  not_a_request,
  not_a_failure_response
};

/// The error in one sentence; empty for `none`.
constexpr char const* sentence(write_error e) noexcept {
  switch (e) {
  case write_error::none: return "";
  case write_error::overflow: return "the message is larger than the buffer";
  case write_error::unfinished: return "the message has not been finished by its body";
  case write_error::wrong_order:
    return "a message is one start line, then header fields, then one body";
  case write_error::forbidden_character:
    return "a value holds a character that must not be where it would be written";
  case write_error::missing_value: return "a value that the message must have is empty";
  case write_error::missing_contact: return "the Contact header field must be present";
  case write_error::missing_content_type:
    return "the Content-Type header field must be present if the body is not empty";
  case write_error::missing_from_tag: return "the From field must contain a tag";
  case write_error::missing_to_tag:
    return "the UAS must add a tag to the To header field in the response";
  case write_error::missing_header_field:
    return "the message to write from lacks a header field or has a malformed one";
  case write_error::reserved_header_field:
    return "this header field is written from its own argument, not as an extra one";
  case write_error::branch_without_cookie:
    return "the branch must begin with the characters z9hG4bK";
  case write_error::sequence_number_out_of_range:
    return "the sequence number must be less than 2**31; that of an RSeq must not be 0";
  case write_error::status_out_of_range: return "the Status-Code is not from 100 to 699";
  case write_error::malformed_uri: return "the first URI of the route set is malformed";
  case write_error::not_an_invite: return "this can only be written from an INVITE request";
  case write_error::not_a_request: return "a response can only be written from a request";
  case write_error::not_a_failure_response:
    return "the ACK constructed by the client transaction answers a 300-699 response";
  }
  return "";
}

/// The clause of the rule; empty for `none` and where there is none but ours.
constexpr char const* clause(write_error e) noexcept {
  switch (e) {
  case write_error::none:
  case write_error::overflow:
  case write_error::unfinished: return "";
  case write_error::wrong_order: return "RFC 3261 7";
  case write_error::forbidden_character: return "RFC 3261 25.1";
  case write_error::missing_value: return "RFC 3261 8.1.1";
  case write_error::missing_contact: return "RFC 3261 8.1.1.8, 12.1.1";
  case write_error::missing_content_type: return "RFC 3261 20.15";
  case write_error::missing_from_tag: return "RFC 3261 8.1.1.3";
  case write_error::missing_to_tag: return "RFC 3261 8.2.6.2";
  case write_error::missing_header_field: return "RFC 3261 8.2.6.2, 9.1, 17.1.1.3";
  case write_error::reserved_header_field: return "RFC 3261 7.3.1";
  case write_error::branch_without_cookie: return "RFC 3261 8.1.1.7";
  case write_error::sequence_number_out_of_range: return "RFC 3261 8.1.1.5, RFC 3262 3";
  case write_error::status_out_of_range: return "RFC 3261 7.2";
  case write_error::malformed_uri: return "RFC 3261 12.2.1.1";
  case write_error::not_an_invite: return "RFC 3261 9.1, 13.2.2.4, 17.1.1.3";
  case write_error::not_a_request: return "RFC 3261 8.2.6";
  case write_error::not_a_failure_response: return "RFC 3261 17.1.1.3";
  }
  return "";
}

/// Text to be written as a quoted-string (RFC 3261 25.1), its quotes and backslashes escaped.
struct quoted_text {
  std::string_view text;
};

/// One side in a From or To header field. An empty tag or display name is left out.
struct party {
  std::string_view uri;
  std::string_view tag;
  std::string_view display_name; ///< plain text: it is quoted as it is written
};

/// The Via that a client adds (RFC 3261 8.1.1.7, 18.1.1).
struct via_parts {
  ctsip::transport transport{ctsip::transport::udp};
  std::string_view sent_by; ///< host, or host and port, as it stands in the header field
  std::string_view branch;  ///< with the magic cookie z9hG4bK
  bool rport{true};         ///< ask for symmetric response routing (RFC 3581 3)
};

/// A body and its type. Both empty: no body.
struct message_body {
  std::string_view type;
  std::string_view body;
};

/// A header field beyond those that a message is composed of. Its value may be a list.
struct extra_field {
  std::string_view name;
  std::string_view value;
};

namespace detail {

// How a piece of text is checked and written. Five of them, from `plain` on, say which characters
// it has.
enum class text_kind : std::uint8_t {
  received, // of a message that was received: folds become a single SP
  plain,
  token,     // must not be empty, as those that follow
  uri,       // in a Request-URI or between "<" and ">"
  host,      // host [ ":" port ], or a numeric address
  word,      // word [ "@" word ]
  contact,   // a name-addr as it stands, or a URI that is put between "<" and ">"
  route,     // the same, which may be of a message that was received
  bracketed, // a URI that is put between "<" and ">"
  ours,      // one of the library's own names, which needs no further check
  tag        // ";tag=" and a token; nothing if it is empty
};

inline constexpr std::uint16_t classes_of_texts[] = {text_char, token_char, sent_uri_char,
                                                     sent_host_char, word_char};

// A piece of text with its kind, as a piece of a header field.
template <text_kind Kind>
struct text_of_kind {
  std::string_view text;
};
using token_text = text_of_kind<text_kind::token>;
using uri_text = text_of_kind<text_kind::uri>;
using host_text = text_of_kind<text_kind::host>;
using word_text = text_of_kind<text_kind::word>;
using received_text = text_of_kind<text_kind::received>;
using tag_text = text_of_kind<text_kind::tag>;

struct composer;

} // namespace detail

/// Writes one message: a start line, header fields in order, and a body, each through one call. An
/// error is kept; the first refusal counts more than an overflow. Copies share the buffer.
class writer {
 public:
  constexpr writer() = default;
  constexpr explicit writer(std::span<char> buffer)
      : buffer_{buffer.data()}, capacity_{buffer.size()} {}
  constexpr writer(char* buffer, std::size_t capacity) : buffer_{buffer}, capacity_{capacity} {}

  /// Whether the message is whole and in the buffer.
  constexpr bool ok() const { return error() == write_error::none; }
  constexpr explicit operator bool() const { return ok(); }
  constexpr write_error error() const {
    if (error_ != write_error::none) return error_;
    if (size_ > capacity_) return write_error::overflow;
    return stage_ == stage::done ? write_error::none : write_error::unfinished;
  }
  /// How many bytes the message has; with `overflow`, how many the buffer would need.
  constexpr std::size_t size() const { return size_; }
  /// The message; empty unless `ok()`.
  constexpr std::string_view text() const {
    return ok() ? std::string_view{buffer_, size_} : std::string_view{};
  }

  /// Request-Line = Method SP Request-URI SP SIP-Version CRLF (RFC 3261 7.1).
  constexpr writer& request_line(std::string_view method, std::string_view uri) {
    open_request_line(method);
    put(detail::text_kind::uri, uri);
    return close_request_line();
  }
  /// Status-Line = SIP-Version SP Status-Code SP Reason-Phrase CRLF (RFC 3261 7.2).
  constexpr writer& status_line(status_code status, std::string_view reason);
  /// A header field whose value is the pieces given, one after the other without anything in
  /// between: text, unsigned numbers, `quoted_text`, `party` and `via_parts`. Content-Length is
  /// refused, since `body` writes it.
  template <class... Pieces>
  constexpr writer& field(std::string_view name, Pieces const&... pieces) {
    if (parse_header(name) == header::content_length) {
      return refuse(write_error::reserved_header_field);
    }
    open_row(name);
    (put(pieces), ...);
    return close_row();
  }
  template <class... Pieces>
  constexpr writer& field(header id, Pieces const&... pieces) {
    open_row(id);
    (put(pieces), ...);
    return close_row();
  }
  /// Ends the header fields with Content-Type, where there is one, and Content-Length (RFC 3261
  /// 20.14, 20.15), and adds the body, whose octets may be any. Without a body: 0.
  constexpr writer& body(message_body const& c = {});
  /// Refuses the message for a reason of the caller's; the first reason stays.
  constexpr writer& refuse(write_error e) {
    if (error_ == write_error::none) error_ = e;
    return *this;
  }

 private:
  enum class stage : std::uint8_t { empty, fields, done };

  CTSIP_ONE_COPY constexpr void enter(stage from, stage to) {
    if (stage_ != from) refuse(write_error::wrong_order);
    stage_ = to;
  }

  constexpr void open_request_line(std::string_view method) {
    enter(stage::empty, stage::fields);
    put(detail::text_kind::token, method);
    put_raw(' ');
  }
  constexpr writer& close_request_line() {
    put_raw(" SIP/2.0\r\n");
    return *this;
  }
  constexpr void open_row(std::string_view name,
                          detail::text_kind kind = detail::text_kind::token) {
    enter(stage::fields, stage::fields);
    put(kind, name);
    put_raw(": ");
  }
  constexpr void open_row(header id) {
    if (id == header::content_length) refuse(write_error::reserved_header_field);
    open_row(name(id), detail::text_kind::ours);
  }
  constexpr writer& close_row() {
    put_raw("\r\n");
    return *this;
  }
  // A whole header field of one piece.
  constexpr void row(header id, detail::text_kind kind, std::string_view const& text) {
    open_row(id);
    put(kind, text);
    close_row();
  }

  constexpr void put_raw(char c) {
    if (error_ != write_error::none) return;
    if (size_ < capacity_) buffer_[size_] = c;
    ++size_;
  }
  constexpr void put_raw(std::string_view text) {
    if (error_ != write_error::none || text.empty()) return;
    auto const room = size_ < capacity_ ? capacity_ - size_ : 0;
    auto const copied = text.size() < room ? text.size() : room;
    if (__builtin_is_constant_evaluated()) {
      for (std::size_t i = 0; i < copied; ++i) buffer_[size_ + i] = text[i];
    } else if (copied != 0) {
      __builtin_memcpy(buffer_ + size_, text.data(), copied);
    }
    size_ += text.size();
  }
  CTSIP_IN_PLACE constexpr void put_raw(char const* text) { put_raw(std::string_view{text}); }

  constexpr void put(char c) {
    if (!detail::is_char(c, detail::text_char)) refuse(write_error::forbidden_character);
    put_raw(c);
  }
  constexpr void put(std::string_view text) { put(detail::text_kind::plain, text); }
  constexpr void put(char const* text) { put(std::string_view{text}); }
  template <detail::text_kind Kind>
  constexpr void put(detail::text_of_kind<Kind> t) {
    put(Kind, t.text);
  }
  constexpr void put(detail::text_kind kind, std::string_view const& text) {
    using detail::text_kind;
    if (kind == text_kind::tag) {
      if (text.empty()) return;
      put_raw(";tag=");
      kind = text_kind::token;
    }
    if (text.empty() && kind > text_kind::plain) {
      refuse(write_error::missing_value);
      return;
    }
    if (kind == text_kind::ours) return put_raw(text);
    if (kind == text_kind::contact || kind == text_kind::route) {
      bool const whole = (text.size() == 1 && text[0] == '*') || detail::contains(text, '<');
      auto const as_it_stands = kind == text_kind::route ? text_kind::received : text_kind::plain;
      kind = whole ? as_it_stands : text_kind::bracketed;
    }
    if (kind == text_kind::received) return put_received(text);
    if (kind == text_kind::bracketed) {
      put_raw('<');
      put(text_kind::uri, text);
      return put_raw('>');
    }
    auto const classes = detail::classes_of_texts[static_cast<std::size_t>(kind) - 1];
    char const* const first = text.data();
    char const* const end = first + text.size();
    for (char const* p = first; (p = detail::skip_long(p, end, classes)) != end; ++p) {
      // callid = word [ "@" word ] (25.1), and no second one.
      bool const is_at = kind == text_kind::word && *p == '@' && p != first && p + 1 != end;
      // quoted-pair = "\" (%x00-09 / %x0B-0C / %x0E-7F) (25.1): in a quoted-string, of which only a
      // whole value may have some.
      bool const is_escaped = kind == text_kind::plain && p != first && p[-1] == '\\' &&
                              !detail::is_char(*p, detail::lws_char);
      if (is_at) {
        kind = text_kind::token;
      } else if (!is_escaped) {
        refuse(write_error::forbidden_character);
        return;
      }
    }
    put_raw(text);
  }

  template <class Number>
  requires(requires(Number n) { n / 10U; } &&
           static_cast<Number>(-1) > Number{0}) constexpr void put(Number n) {
    // The wide ones apart: a processor of 32 bits divides them by a function.
    if constexpr (sizeof n > sizeof(std::uint32_t))
      put_number<std::uint64_t>(n);
    else
      put_number<std::uint32_t>(n);
  }
  template <class Number>
  constexpr void put_number(Number n) {
    char digits[20];
    std::size_t first = sizeof digits;
    do {
      digits[--first] = static_cast<char>('0' + n % 10U);
      n /= 10U;
    } while (n != 0);
    put_raw(std::string_view{digits + first, sizeof digits - first});
  }

  constexpr void put(quoted_text q) {
    put_raw('"');
    for (auto const c : q.text) {
      if (c == '"' || c == '\\') put_raw('\\');
      put(c);
    }
    put_raw('"');
  }
  // A parameter as it was read, without the white space that it may have had.
  constexpr void put_parameter(parameter const& p) {
    put_raw(';');
    put_raw(p.name);
    if (!p.has_value) return;
    put_raw('=');
    put_received(p.value);
  }
  // A URI of a route set, to become a Request-URI: "stripping any parameters that are not allowed
  // in a Request-URI" (12.2.1.1): by Table 1 of 19.1.1 these are `method` and the headers.
  constexpr void put_strict_router(uri_view const& uri) {
    std::size_t const stripped = uri.all_params().text().size() + uri.headers().text().size();
    put(detail::text_kind::uri, {uri.text().data(), uri.text().size() - stripped});
    for (parameter const& p : uri.all_params())
      if (!detail::is_name(p.name, "method")) put_parameter(p);
  }
  // "The line break and the whitespace at the beginning of the next line are treated as a single
  // SP character" (7.3.1), LWS = [*WSP CRLF] 1*WSP (25.1). Other control characters pass: a
  // quoted-pair may hold any but CR and LF (25.1, RFC 4475 3.1.1.2).
  constexpr void put_received(std::string_view const& text) {
    using detail::is_char;
    using detail::lws_char;
    char const* from = text.data();
    char const* const end = from + text.size();
    for (;;) {
      char const* at = detail::find_char(from, detail::find_char(from, end, '\r'), '\n');
      char const* const first = at == end ? end : detail::trim_right(from, at);
      put_raw(detail::view(from, first));
      if (at == end) return;
      put_raw(' ');
      for (; at != end && is_char(*at, lws_char); ++at) {
        char const next = end - at > 1 ? at[1] : '\0';
        if ((*at == '\r' && next != '\n') || (*at == '\n' && next != ' ' && next != '\t'))
          refuse(write_error::forbidden_character);
      }
      from = at;
    }
  }
  constexpr void put(party const& p) {
    if (!p.display_name.empty()) {
      put(quoted_text{p.display_name});
      put_raw(' ');
    }
    put(detail::text_kind::bracketed, p.uri);
    put(detail::text_kind::tag, p.tag);
  }
  // Milliseconds, of a Timestamp.
  constexpr void put_delay(std::uint32_t n) {
    put_raw(' ');
    put(n / 1000);
    put_raw('.');
    for (auto unit = 100U; unit != 0; unit /= 10) put_raw(static_cast<char>('0' + n / unit % 10));
  }
  constexpr void put(via_parts const& v) {
    put_raw("SIP/2.0/");
    put_raw(name(v.transport));
    put_raw(' ');
    put(detail::text_kind::host, v.sent_by);
    if (v.branch.size() < 7 || !detail::same_name(v.branch.data(), "z9hG4bK", 7))
      refuse(write_error::branch_without_cookie);
    put_raw(";branch=");
    put(detail::text_kind::token, v.branch);
    if (v.rport) put_raw(";rport");
  }
  // The top Via of a request, with what the server notes in it (18.2.1 and RFC 3581 4). A
  // `received` that the client wrote itself is not kept beside ours.
  constexpr void put_marked(std::string_view const& text, packet_source const& source) {
    via_view const via{text};
    if (!via.well_formed() || source.address.empty()) return put_received(text);
    // Where there are no parameters, their text is empty at the end of the Via.
    auto const params = via.all_params();
    put_received(detail::trim(detail::view(via.text().data(), params.text().data())));
    bool has_rport = false;
    for (parameter const& p : params) {
      if (detail::is_name(p.name, "received")) continue;
      put_parameter(p);
      if (!has_rport && !p.has_value && detail::is_name(p.name, "rport")) {
        put_raw('=');
        put(source.port);
        has_rport = true;
      }
    }
    if (has_rport || !detail::is_host(via, source)) {
      put_raw(";received=");
      put(detail::text_kind::host, detail::without_brackets(source.address));
    }
  }

  friend struct detail::composer;

  char* buffer_{};
  std::size_t capacity_{};
  std::size_t size_{};
  stage stage_{stage::empty};
  write_error error_{write_error::none};
};

constexpr writer& writer::status_line(status_code status, std::string_view reason) {
  enter(stage::empty, stage::fields);
  if (!is_status_code(status)) return refuse(write_error::status_out_of_range);
  put_raw("SIP/2.0 ");
  put(status);
  put_raw(' ');
  put(reason);
  put_raw("\r\n");
  return *this;
}

constexpr writer& writer::body(message_body const& c) {
  if (!c.type.empty()) {
    row(header::content_type, detail::text_kind::plain, c.type);
  } else if (!c.body.empty()) {
    return refuse(write_error::missing_content_type);
  }
  open_row(name(header::content_length));
  put(c.body.size());
  put_raw("\r\n\r\n");
  enter(stage::fields, stage::done);
  put_raw(c.body);
  return *this;
}

/// A request. Outside a dialog `to` has no tag; `write_in_dialog` fills one in from a dialog.
struct request_parts {
  ctsip::method method{ctsip::method::options};
  std::string_view method_name{}; ///< of `method::extension` only
  /// Where the request is meant for: the Request-URI, unless the route set begins with a strict
  /// router (RFC 3261 8.1.1.1, 12.2.1.1).
  std::string_view target{};
  std::span<std::string_view const> route_set{}; ///< in order, each a name-addr or a URI
  via_parts via{};
  std::uint8_t max_forwards{70}; ///< RFC 3261 8.1.1.6
  party from{};
  party to{};
  std::string_view call_id{};
  std::uint32_t cseq{};       ///< less than 2**31
  std::string_view contact{}; ///< a URI, or a whole header field value with "<", or "*"
  std::span<extra_field const> extra{};
  message_body content{};
};

/// What a request within a dialog takes from the dialog (RFC 3261 12.2.1.1).
struct dialog_parts {
  party local{};
  party remote{};
  std::string_view call_id{};
  std::string_view remote_target{};
  std::span<std::string_view const> route_set{}; ///< in order, each a name-addr or a URI
};

/// What a request within a dialog has of its own.
struct in_dialog_parts {
  ctsip::method method{ctsip::method::bye};
  std::string_view method_name{}; ///< of `method::extension` only
  via_parts via{};
  std::uint32_t cseq{};       ///< less than 2**31; of an ACK: that of its INVITE
  std::string_view contact{}; ///< as in `request_parts`
  std::span<extra_field const> extra{};
  message_body content{};
  std::uint8_t max_forwards{70};
};

/// What a PRACK acknowledges (RFC 3262 7.2).
struct rack_parts {
  std::uint32_t rseq{};                   ///< of the provisional response
  std::uint32_t cseq{};                   ///< of the provisional response
  std::string_view method_name{"INVITE"}; ///< of the CSeq of the provisional response
};

/// A response, beyond what it copies from its request.
struct response_parts {
  status_code status{200};
  std::string_view reason{}; ///< empty: the registered Reason-Phrase
  /// Added to a To that has no tag, and must be there for all but 100 (RFC 3261 8.2.6.2).
  std::string_view to_tag{};
  /// Where the request came from; empty if `received` and `rport` are already in its Via.
  packet_source source{};
  /// 100 only: how long the request has waited, added to a Timestamp (RFC 3261 8.2.6.1).
  milliseconds delay{};
  std::string_view contact{}; ///< as in `request_parts`
  std::span<extra_field const> extra{};
  message_body content{};
};

namespace detail {

// Header fields that a composed message writes from arguments of their own.
struct composed_set : header_set {
  constexpr composed_set() {
    for (header const h : {header::via, header::max_forwards, header::route, header::from,
                           header::to, header::call_id, header::cseq, header::contact,
                           header::content_type, header::content_length})
      add(h);
  }
};
inline constexpr composed_set composed_header_fields;

// The URI of a route set value.
constexpr std::string_view route_uri(std::string_view value) {
  return contains(value, '<') ? name_addr_view{value}.uri() : trim(value);
}

// What only some requests have beside the parts of all.
struct request_additions {
  rack_parts const* rack{};
  message const* invite{}; // whose credentials an ACK repeats
};

// Whether the response establishes a dialog, so that 12.1.1 asks for Record-Route and Contact: a
// 2xx, or a 101-199 with a To tag, to a request that is in no dialog yet; and the 2xx to a NOTIFY,
// which starts a dialog although it bears the To tag of its subscription (RFC 6665 4.4.1).
constexpr bool establishes_dialog(method m, status_code status, bool outside, bool tagged) {
  if (status <= 100 || status > 299) return false;
  switch (traits(m).creates_dialog) {
  case dialog_creation::none: return false;
  case dialog_creation::by_itself: return is_success(status);
  case dialog_creation::by_response:
  case dialog_creation::by_notify: break;
  }
  return outside && tagged;
}

// The messages that a user agent composes, part by part.
struct composer {
  static constexpr void rest(writer& w, std::string_view const& contact,
                             std::span<extra_field const> extra, message_body const& body) {
    if (!contact.empty()) composer::contact(w, contact);
    for (auto const& e : extra) {
      if (composed_header_fields.has(parse_header(e.name)))
        w.refuse(write_error::reserved_header_field);
      w.open_row(e.name);
      w.put(text_kind::plain, e.value);
      w.close_row();
    }
    w.body(body);
  }

  static constexpr void contact(writer& w, std::string_view const& value) {
    w.row(header::contact, text_kind::contact, value);
  }

  static constexpr void limit(writer& w, std::uint32_t max_forwards) {
    w.open_row(header::max_forwards);
    w.put(max_forwards);
    w.close_row();
  }

  static constexpr void cseq(writer& w, std::uint32_t number, std::string_view const& method_name) {
    if (number >= 0x8000'0000U) w.refuse(write_error::sequence_number_out_of_range);
    w.open_row(header::cseq);
    w.put(number);
    w.put_raw(' ');
    w.put(text_kind::token, method_name);
    w.close_row();
  }

  // Copies the header fields with that name as they are.
  static constexpr void copy(writer& w, message const& from, header h) {
    for (field const& f : from.fields(h)) w.row(h, text_kind::received, f.value);
  }
  static constexpr void copy_credentials(writer& w, message const& from) {
    copy(w, from, header::authorization);
    copy(w, from, header::proxy_authorization);
  }
  // Copies the first header field of that name.
  static constexpr void copy_first(writer& w, message const& from, header h) {
    std::string_view const value = from[h];
    w.row(h, text_kind::received, value);
  }
  static constexpr void copy_needed(writer& w, message const& from, header h) {
    if (from[h].empty()) w.refuse(write_error::missing_header_field);
    copy_first(w, from, h);
  }
  static constexpr void copy_if_present(writer& w, message const& from, header h) {
    if (from.has(h)) copy_first(w, from, h);
  }

  // What the ACK of the client transaction (17.1.1.3) and the CANCEL (9.1) have in common.
  static constexpr void from_invite(writer& w, message const& invite, std::string_view method_name,
                                    message const& with_to) {
    if (!invite.is_request() || invite.method() != method::invite)
      w.refuse(write_error::not_an_invite);
    w.request_line(method_name, invite.request_uri());
    auto const via = first_element(invite[header::via]);
    cseq_view const number = invite.cseq();
    if (via.empty()) w.refuse(write_error::missing_header_field);
    w.row(header::via, text_kind::received, via);
    limit(w, 70);
    copy(w, invite, header::route);
    copy_needed(w, invite, header::from);
    copy_needed(w, with_to, header::to);
    copy_needed(w, invite, header::call_id);
    if (!number.well_formed) w.refuse(write_error::missing_header_field);
    cseq(w, number.number, method_name);
  }

  static constexpr void request(writer& w, request_parts const& r,
                                request_additions const& additions) {
    method_traits const& known = traits(r.method);
    std::string_view method_name = known.name;
    if (method_name.empty()) method_name = r.method_name;
    if (r.from.tag.empty() && r.to.tag.empty()) w.refuse(write_error::missing_from_tag);
    if (known.requires_contact && r.contact.empty()) w.refuse(write_error::missing_contact);
    // "If the route set is not empty, and its first URI does not contain the lr parameter, the UAC
    // MUST place the first URI from the route set into the Request-URI, stripping any parameters
    // that are not allowed in a Request-URI. The UAC MUST add a Route header field containing the
    // remainder of the route set values in order, including all parameters. The UAC MUST then place
    // the remote target URI into the Route header field as the last value." (12.2.1.1)
    auto routes = r.route_set;
    uri_view const first{routes.empty() ? std::string_view{} : route_uri(routes.front())};
    bool const strict = !routes.empty() && !first.lr();
    if (!routes.empty() && !first.well_formed()) w.refuse(write_error::malformed_uri);
    w.open_request_line(method_name);
    if (strict) {
      w.put_strict_router(first);
      routes = routes.subspan(1);
    } else {
      w.put(text_kind::uri, r.target);
    }
    w.close_request_line();
    w.field(header::via, r.via);
    limit(w, r.max_forwards);
    for (auto const& route : routes) w.row(header::route, text_kind::route, route);
    if (strict) w.row(header::route, text_kind::bracketed, r.target);
    w.field(header::from, r.from);
    w.field(header::to, r.to);
    w.row(header::call_id, text_kind::word, r.call_id);
    cseq(w, r.cseq, method_name);
    if (additions.rack) rack(w, *additions.rack);
    if (additions.invite) copy_credentials(w, *additions.invite);
    rest(w, r.contact, r.extra, r.content);
  }

  static constexpr void rack(writer& w, rack_parts const& r) {
    // "Because the initial one is chosen to be less than 2**31 - 1, but the maximum is 2**32 - 1,
    // there can be up to 2**31 reliable provisional responses per request" (RFC 3262 3).
    if (r.rseq == 0 || r.cseq >= 0x8000'0000U) w.refuse(write_error::sequence_number_out_of_range);
    w.field(header::rack, r.rseq, ' ', r.cseq, ' ', token_text{r.method_name});
  }

  static constexpr void response(writer& w, message const& request, response_parts const& r) {
    std::string_view const phrase = reason_phrase(r.status);
    w.status_line(r.status, r.reason.empty() ? phrase : r.reason);

    auto top = true;
    for (field const& f : request.fields(header::via)) {
      w.open_row(header::via);
      std::string_view others = f.value;
      if (top) {
        auto const first = first_element(others);
        w.put_marked(first, r.source);
        others = view(first.data() + first.size(), others.data() + others.size());
      }
      top = false;
      w.put(text_kind::received, others);
      w.close_row();
    }
    if (top) w.refuse(write_error::missing_header_field);

    bool const outside = request.to_tag().empty();
    if (establishes_dialog(request.method(), r.status, outside, !r.to_tag.empty())) {
      copy(w, request, header::record_route);
      if (r.contact.empty()) w.refuse(write_error::missing_contact);
    }
    copy_if_present(w, request, header::from);
    if (request.has(header::to)) {
      if (outside && r.to_tag.empty() && r.status != 100) w.refuse(write_error::missing_to_tag);
      w.open_row(header::to);
      w.put(text_kind::received, request[header::to]);
      if (outside) w.put(text_kind::tag, r.to_tag);
      w.close_row();
    }
    copy_if_present(w, request, header::call_id);
    copy_if_present(w, request, header::cseq);
    // "If there is a delay in generating the response, the UAS SHOULD add a delay value into the
    // Timestamp value in the response … measured in seconds." (8.2.6.1)
    // Timestamp = 1*(DIGIT) [ "." *(DIGIT) ] [ LWS delay ] (25.1): ours takes the place of one that
    // the request has.
    std::string_view stamp = r.status == 100 ? request[header::timestamp] : std::string_view{};
    auto const delay = static_cast<std::uint32_t>(r.delay.count); // 49 days are beyond any
    if (delay != 0)
      stamp = view(stamp.data(), skip(stamp.data(), stamp.data() + stamp.size(), token_char));
    if (!stamp.empty()) {
      w.open_row(header::timestamp);
      w.put(text_kind::received, stamp);
      if (delay != 0) w.put_delay(delay);
      w.close_row();
    }
    rest(w, r.contact, r.extra, r.content);
  }
};

constexpr void write_cseq(writer& w, std::uint32_t number, std::string_view method_name) {
  composer::cseq(w, number, method_name);
}
constexpr void write_contact(writer& w, std::string_view contact) { composer::contact(w, contact); }
constexpr void write_rest(writer& w, std::string_view contact, std::span<extra_field const> extra,
                          message_body const& body) {
  composer::rest(w, contact, extra, body);
}

constexpr writer write_request(std::span<char> buffer, request_parts const& r,
                               request_additions const& additions) {
  writer w{buffer};
  composer::request(w, r, additions);
  return w;
}

constexpr request_parts in_dialog(dialog_parts const& d, in_dialog_parts const& r) {
  request_parts all;
  all.method = r.method;
  all.method_name = r.method_name;
  all.target = d.remote_target;
  all.route_set = d.route_set;
  all.via = r.via;
  all.max_forwards = r.max_forwards;
  all.from = d.local;
  all.to = d.remote;
  all.call_id = d.call_id;
  all.cseq = r.cseq;
  all.contact = r.contact;
  all.extra = r.extra;
  all.content = r.content;
  return all;
}

} // namespace detail

/// A request, with the Request-URI and Route that its target and route set give
/// (RFC 3261 8.1.1, 12.2.1.1).
constexpr writer write_request(std::span<char> buffer, request_parts const& r) {
  return detail::write_request(buffer, r, {});
}

/// A request within a dialog (RFC 3261 12.2.1.1); also the ACK to a 2xx for which the credentials
/// of the INVITE are given as extra header fields (13.2.2.4).
constexpr writer write_in_dialog(std::span<char> buffer, dialog_parts const& d,
                                 in_dialog_parts const& r) {
  return detail::write_request(buffer, detail::in_dialog(d, r), {});
}

/// A BYE (RFC 3261 15.1.1).
constexpr writer write_bye(std::span<char> buffer, dialog_parts const& d, via_parts const& via,
                           std::uint32_t cseq, std::span<extra_field const> extra = {}) {
  in_dialog_parts r;
  r.method = method::bye;
  r.via = via;
  r.cseq = cseq;
  r.extra = extra;
  return write_in_dialog(buffer, d, r);
}

/// A PRACK with its RAck (RFC 3262 7.2).
constexpr writer write_prack(std::span<char> buffer, dialog_parts const& d, via_parts const& via,
                             std::uint32_t cseq, rack_parts const& rack,
                             message_body const& body = {},
                             std::span<extra_field const> extra = {}) {
  in_dialog_parts r;
  r.method = method::prack;
  r.via = via;
  r.cseq = cseq;
  r.content = body;
  r.extra = extra;
  return detail::write_request(buffer, detail::in_dialog(d, r), {&rack, nullptr});
}

/// The ACK to a 2xx (RFC 3261 13.2.2.4): a request of the dialog, with a branch of its own, the
/// sequence number and the credentials of the INVITE (22.1), and the answer if the 2xx has an
/// offer.
constexpr writer write_ack(std::span<char> buffer, dialog_parts const& d, message const& invite,
                           via_parts const& via, message_body const& body = {}) {
  auto const cseq = invite.cseq();
  if (!invite.is_request() || invite.method() != method::invite || !cseq.well_formed) {
    return writer{buffer}.refuse(write_error::not_an_invite);
  }
  in_dialog_parts r;
  r.method = method::ack;
  r.via = via;
  r.cseq = cseq.number;
  r.content = body;
  return detail::write_request(buffer, detail::in_dialog(d, r), {nullptr, &invite});
}

/// The ACK of the INVITE client transaction to a 300-699 (RFC 3261 17.1.1.3), from the INVITE as it
/// was sent and the response.
constexpr writer write_ack(std::span<char> buffer, message const& invite, message const& response) {
  writer w{buffer};
  if (!is_failure(response.status())) w.refuse(write_error::not_a_failure_response);
  detail::composer::from_invite(w, invite, name(method::ack), response);
  // "UACs creating an ACK message will duplicate all of the Authorization and Proxy-Authorization
  // header field values that appeared in the INVITE to which the ACK corresponds" (22.1).
  detail::composer::copy_credentials(w, invite);
  return w.body();
}

/// The CANCEL of an INVITE (RFC 3261 9.1), from the INVITE as it was sent.
constexpr writer write_cancel(std::span<char> buffer, message const& invite,
                              std::span<extra_field const> extra = {}) {
  writer w{buffer};
  detail::composer::from_invite(w, invite, name(method::cancel), invite);
  detail::composer::rest(w, {}, extra, {});
  return w;
}

/// A response (RFC 3261 8.2.6): Via, From, Call-ID and CSeq as in the request, To with a tag,
/// Record-Route where the response establishes a dialog (12.1.1), Timestamp in a 100 (8.2.6.1); the
/// top Via says where the request came from (18.2.1, RFC 3581 4).
///
/// A request that lacks From, To, Call-ID or CSeq, or repeats one, can be answered too (with a
/// 400): what it has is copied. Only without a Via there is nowhere to answer to.
constexpr writer write_response(std::span<char> buffer, message const& request,
                                response_parts const& r) {
  writer w{buffer};
  if (!request.is_request()) return w.refuse(write_error::not_a_request);
  detail::composer::response(w, request, r);
  return w;
}

/// The Request-URI of a request to a URI that somebody else has given, the Contact of a 3xx: "A UAC
/// MUST copy the entire URI from the target set into the Request-URI, except for the "method-param"
/// and "header" URI parameters" (RFC 3261 8.1.3.4). A copy in `buffer`; empty if it does not fit
/// there, or if the URI is not well-formed.
constexpr std::string_view copy_request_uri(std::span<char> buffer, uri_view const& uri) {
  if (!uri.well_formed()) return {};
  std::size_t size = 0;
  bool fits = true;
  auto const put = [&](std::string_view part) {
    fits = fits && part.size() <= buffer.size() - size;
    if (fits) size += part.copy(buffer.data() + size, part.size());
  };
  auto const params = uri.all_params();
  put(uri.text().substr(0, uri.text().size() - params.text().size() - uri.headers().text().size()));
  for (parameter const& p : params) {
    if (detail::same_token(p.name, "method")) continue;
    put(";");
    put(p.name);
    if (p.has_value) put("="), put(p.value);
  }
  return fits ? std::string_view{buffer.data(), size} : std::string_view{};
}

} // namespace ctsip
