// The causes of the telephone network (ITU-T Q.850) and SIP's responses, in both directions, and
// the Reason header field that carries either. RFC 3398 7.2.4.1 and 8.2.6.1, RFC 3326, RFC 6432.
// Read status.hpp before it.
#pragma once

#include <cstddef>
#include <cstdint>

#include <ctsip/vocabulary/method.hpp>
#include <ctsip/vocabulary/status.hpp>
#include <ctsip/vocabulary/text.hpp>
#include <ctsip/vocabulary/transport.hpp>

namespace ctsip {

/// A Q.850 cause value, 1 to 127.
using q850_cause = std::uint8_t;

/// The part of a cause's location that RFC 3398 reads.
enum class cause_location : std::uint8_t { network, user };

/// What becomes of a REL in SIP (RFC 3398 7.2.4.1).
enum class release_treatment : std::uint8_t {
  respond,       ///< a final response to the INVITE
  bye_or_cancel, ///< cause 16: no response, the call is ended by BYE or CANCEL
  internal       ///< cause 44: "should not result in any SIP status code being sent"
};

/// The SIP side of a cause.
struct release_response {
  release_treatment treatment{release_treatment::respond};
  status_code status{};    ///< zero unless `respond`
  bool may_retry_after{};  ///< "A 'Retry-After' header MAY be added": causes 34 to 47
  bool contact_expected{}; ///< 301: the diagnostic's new number SHOULD become the Contact

  friend constexpr bool operator==(release_response const&, release_response const&) = default;
};

/// What a REL says beside its cause value.
struct release_details {
  cause_location location{cause_location::network};
  bool has_diagnostic{}; ///< cause 22 with the new number in the diagnostic

  friend constexpr bool operator==(release_details const&, release_details const&) = default;
};

namespace detail {

struct cause_row {
  q850_cause value;
  status_code status; // zero: no response
  char const* name;
};

/// RFC 3398 7.2.4.1, "The following mapping values are RECOMMENDED"; 44 from the text above it;
/// the names 25 and 63, which have no response of their own and so take the default, from 8.2.6.1.
inline constexpr cause_row cause_table[] = {{1, 404, "unallocated number"},
                                            {2, 404, "no route to network"},
                                            {3, 404, "no route to destination"},
                                            {16, 0, "normal call clearing"},
                                            {17, 486, "user busy"},
                                            {18, 408, "no user responding"},
                                            {19, 480, "no answer from the user"},
                                            {20, 480, "subscriber absent"},
                                            {21, 403, "call rejected"},
                                            {22, 410, "number changed"},
                                            {23, 410, "redirection to new destination"},
                                            {25, 500, "exchange - routing error"},
                                            {26, 404, "non-selected user clearing"},
                                            {27, 502, "destination out of order"},
                                            {28, 484, "address incomplete"},
                                            {29, 501, "facility rejected"},
                                            {31, 480, "normal unspecified"},
                                            {34, 503, "no circuit available"},
                                            {38, 503, "network out of order"},
                                            {41, 503, "temporary failure"},
                                            {42, 503, "switching equipment congestion"},
                                            {44, 0, "request circuit or channel not available"},
                                            {47, 503, "resource unavailable"},
                                            {55, 403, "incoming calls barred within CUG"},
                                            {57, 403, "bearer capability not authorized"},
                                            {58, 503, "bearer capability not presently available"},
                                            {63, 500, "service or option unavailable"},
                                            {65, 488, "bearer capability not implemented"},
                                            {70, 488, "only restricted digital avail"},
                                            {79, 501, "service or option not implemented"},
                                            {87, 403, "user not member of CUG"},
                                            {88, 503, "incompatible destination"},
                                            {102, 504, "recovery of timer expiry"},
                                            {111, 500, "protocol error"},
                                            {127, 500, "interworking unspecified"}};

/// The row of a cause, or that of none: no name, and the default response.
constexpr cause_row cause_of(unsigned value) noexcept {
  for (cause_row const& row : cause_table)
    if (row.value == value) return row;
  return {0, 500, ""};
}

} // namespace detail

/// The cause in the words of RFC 3398: `"user busy"`. `""` for one that it does not name.
constexpr char const* cause_name(q850_cause value) noexcept { return detail::cause_of(value).name; }

/// From the telephone network to SIP: what a REL with this cause becomes (RFC 3398 7.2.4.1).
/// "If a cause value other than those listed below is received, the default response '500 Server
/// internal error' SHOULD be used."
constexpr release_response response_for(q850_cause value, release_details details = {}) noexcept {
  if (value == 16) return {release_treatment::bye_or_cancel, 0, false, false};
  if (value == 44) return {release_treatment::internal, 0, false, false};
  // "(+) If the cause location is 'user' than the 6xx code could be given rather than the 4xx code
  // (i.e., 403 becomes 603)".
  if (value == 21 && details.location == cause_location::user)
    return {release_treatment::respond, 603, false, false};
  if (value == 22 && details.has_diagnostic) return {release_treatment::respond, 301, false, true};
  bool const resource_unavailable =
      value == 34 || value == 38 || value == 41 || value == 42 || value == 47;
  return {release_treatment::respond, detail::cause_of(value).status, resource_unavailable, false};
}

/// What to try before a failed response becomes a REL (RFC 3398 8.2.6.1, notes * and +).
enum class before_release : std::uint8_t {
  nothing,
  give_credentials, ///< "If the gateway can authenticate itself, then obviously it SHOULD do so"
  remedy ///< "SHOULD respond to these protocol errors by remedying unacceptable behavior"
};

/// The telephone network's side of a response.
struct cause_mapping {
  bool mapped{};      ///< false for 487 and for what is no failure: no REL comes of it
  q850_cause value{}; ///< zero unless mapped
  cause_location location{cause_location::network};
  before_release first{before_release::nothing};

  friend constexpr bool operator==(cause_mapping const&, cause_mapping const&) = default;
};

/// From SIP to the telephone network: the cause of the REL for a failed INVITE (RFC 3398
/// 8.2.6.1). "Any SIP status codes not listed below … should be mapping to cause code 31".
///
/// 488 and 606 go by their Warning header field: 65 if its code "speaks to an unavailable bearer
/// capability", which is the caller's to judge (RFC 3398 names no codes), else 31.
constexpr cause_mapping cause_for(status_code code,
                                  bool bearer_capability_unavailable = false) noexcept {
  if (!is_failure(code) || code == 487) return {};
  // "6xx codes are given the location 'user', whereas 4xx and 5xx codes are given a 'network'
  // location".
  cause_location const location = class_of(code) == response_class::global_failure
                                      ? cause_location::user
                                      : cause_location::network;
  before_release first = before_release::nothing;
  unsigned value = 31;
  switch (code) {
  case 400:
  case 481:
  case 500:
  case 503: value = 41; break;
  case 401:
  case 407:
    value = 21;
    first = before_release::give_credentials;
    break;
  case 402:
  case 403:
  case 603: value = 21; break;
  case 404:
  case 485:
  case 604: value = 1; break;
  case 405: value = 63; break;
  case 406:
  case 415:
    value = 79;
    first = before_release::remedy;
    break;
  case 408:
  case 504: value = 102; break;
  case 410: value = 22; break;
  case 413:
  case 414:
  case 416:
  case 420:
  case 421:
  case 423:
  case 505: // printed there as "504 Version Not Supported"
  case 513:
    value = 127;
    first = before_release::remedy;
    break;
  case 480: value = 18; break;
  case 482:
  case 483: value = 25; break;
  case 484:
    value = 28;
    first = before_release::remedy;
    break;
  case 486:
  case 600: value = 17; break;
  case 488:
  case 606: value = bearer_capability_unavailable ? 65 : 31; break;
  case 501: value = 79; break;
  case 502: value = 38; break;
  default: break;
  }
  return {true, static_cast<q850_cause>(value), location, first};
}

/// The cause of the REL for a request that ends the call: "the BYE and CANCEL requests … SHOULD be
/// mapped to 16 'Normal clearing' under most circumstances" (RFC 3398 8.2.6.1). Not mapped for
/// any other method.
constexpr cause_mapping cause_for(method m) noexcept {
  if (m != method::bye && m != method::cancel) return {};
  return {true, 16, cause_location::network, before_release::nothing};
}

/// Whether a response may carry a Reason with a Q.850 cause: "Any SIP Response message, with the
/// exception of a 100 (Trying)" (RFC 6432 3).
constexpr bool may_carry_q850_reason(status_code code) noexcept {
  return is_status_code(code) && code != 100;
}

/// The protocol of a reason-value (RFC 3326 2).
enum class reason_protocol : std::uint8_t {
  sip,  ///< the cause is a SIP status code
  q850, ///< the cause is a Q.850 cause value
  other ///< another token; its causes are its own
};

/// `"SIP"`, `"Q.850"`; `""` for `other`.
constexpr char const* name(reason_protocol p) noexcept {
  return p == reason_protocol::sip ? "SIP" : p == reason_protocol::q850 ? "Q.850" : "";
}

/// One reason-value, read in place: the pointers are into the text that was parsed.
struct reason {
  reason_protocol protocol{reason_protocol::other};
  char const* protocol_first{};
  std::size_t protocol_size{};
  bool has_cause{};
  std::uint32_t cause{};
  bool has_text{};
  char const* text_first{}; ///< between the quotes, quoted-pairs still escaped; see `copy_text`
  std::size_t text_size{};

  /// The reason's text without its escapes, as many characters as fit; returns how many there are.
  constexpr std::size_t copy_text(char* out, std::size_t capacity) const noexcept {
    std::size_t size = 0;
    for (std::size_t i = 0; i != text_size; ++i) {
      if (text_first[i] == '\\' && i + 1 != text_size) ++i;
      if (size < capacity) out[size] = text_first[i];
      ++size;
    }
    return size;
  }
};

/// What `parse_reason` found.
struct parsed_reason {
  bool valid{};
  reason value{};
  /// Where parsing stopped: behind the value and the comma after it, if there is one, so that the
  /// next value of the header field starts here; in an invalid text, where it goes wrong.
  std::size_t next{};
  bool more{}; ///< a comma followed: there is another value

  constexpr explicit operator bool() const noexcept { return valid; }
};

namespace detail {

// A cursor over a header field's value.
struct reason_reader {
  char const* first;
  std::size_t size;
  std::size_t at{0};

  constexpr bool done() const noexcept { return at == size; }
  constexpr char peek() const noexcept { return at < size ? first[at] : '\0'; }

  // SWS = [LWS], LWS = [*WSP CRLF] 1*WSP (RFC 3261 25.1).
  constexpr void skip_space() noexcept {
    while (at != size) {
      if (first[at] == ' ' || first[at] == '\t')
        ++at;
      else if (size - at > 2 && first[at] == '\r' && first[at + 1] == '\n' &&
               (first[at + 2] == ' ' || first[at + 2] == '\t'))
        at += 3;
      else
        break;
    }
  }

  constexpr bool take(char c) noexcept {
    if (done() || first[at] != c) return false;
    ++at;
    return true;
  }

  constexpr std::size_t skip_token() noexcept {
    std::size_t const from = at;
    while (!done() && is_token_character(first[at])) ++at;
    return at - from;
  }

  // quoted-string, from the opening quote on; false if it does not end, or holds a control
  // character that is not escaped.
  constexpr bool skip_quoted() noexcept {
    if (!take('"')) return false;
    while (!done()) {
      char const c = first[at];
      if (c == '"') {
        ++at;
        return true;
      }
      if (c == '\\') {
        if (size - at < 2 || first[at + 1] == '\r' || first[at + 1] == '\n' ||
            static_cast<unsigned char>(first[at + 1]) > 0x7F)
          return false;
        at += 2;
      } else if (c == '\r') {
        std::size_t const before = at;
        skip_space();
        if (at == before) return false;
      } else if ((static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7F) {
        return false;
      } else {
        ++at;
      }
    }
    return false;
  }

  // gen-value = token / host / quoted-string; of host what no token is: IPv6reference.
  constexpr bool skip_value() noexcept {
    if (peek() == '"') return skip_quoted();
    if (take('[')) {
      std::size_t const from = at;
      while (!done() && (peek() == ':' || peek() == '.' || is_token_character(peek()))) ++at;
      return at != from && take(']');
    }
    return skip_token() != 0;
  }
};

} // namespace detail

/// One reason-value of a Reason header field (RFC 3326 2): `Q.850 ;cause=16 ;text="Terminated"`.
/// Several, separated by commas, are read by parsing again from `next` while `more` holds.
/// Protocol and parameter names are read in any case (RFC 3261 7.3.1). Not valid: what does not
/// follow the grammar, a cause that is not a number up to 2^32 - 1, a parameter `cause` or `text`
/// given twice (RFC 3261 7.3.1: a parameter name must not appear more than once).
constexpr parsed_reason parse_reason(char const* first, std::size_t size) noexcept {
  detail::reason_reader in{first, size};
  parsed_reason result;
  auto const stop = [&] {
    result.next = in.at;
    return result;
  };

  in.skip_space();
  result.value.protocol_first = first + in.at;
  result.value.protocol_size = in.skip_token();
  if (result.value.protocol_size == 0) return stop();
  if (detail::equals_ignoring_case(result.value.protocol_first, result.value.protocol_size, "SIP"))
    result.value.protocol = reason_protocol::sip;
  else if (detail::equals_ignoring_case(result.value.protocol_first, result.value.protocol_size,
                                        "Q.850"))
    result.value.protocol = reason_protocol::q850;

  for (;;) {
    in.skip_space();
    if (in.done()) break;
    if (in.take(',')) {
      result.more = true;
      break;
    }
    if (!in.take(';')) return stop();
    in.skip_space();
    std::size_t const name_at = in.at;
    std::size_t const name_size = in.skip_token();
    if (name_size == 0) return stop();
    bool const is_cause = detail::equals_ignoring_case(first + name_at, name_size, "CAUSE");
    bool const is_text = detail::equals_ignoring_case(first + name_at, name_size, "TEXT");
    std::size_t const after_name = in.at;
    in.skip_space();
    if (!in.take('=')) {
      in.at = after_name;
      if (is_cause || is_text) return stop();
      continue;
    }
    in.skip_space();
    std::size_t const value_at = in.at;
    if (is_cause) {
      if (result.value.has_cause) return stop();
      std::uint64_t cause = 0;
      while (in.peek() >= '0' && in.peek() <= '9') {
        cause = cause * 10 + static_cast<unsigned>(in.peek() - '0');
        if (cause > 0xFFFF'FFFFu) return stop();
        ++in.at;
      }
      if (in.at == value_at) return stop();
      result.value.has_cause = true;
      result.value.cause = static_cast<std::uint32_t>(cause);
    } else if (is_text) {
      if (result.value.has_text || !in.skip_quoted()) return stop();
      result.value.has_text = true;
      result.value.text_first = first + value_at + 1;
      result.value.text_size = in.at - value_at - 2;
    } else if (!in.skip_value()) {
      return stop();
    }
  }
  result.valid = true;
  return stop();
}

/// The same for any text with `data()` and `size()`.
template <class Text>
requires requires(Text const& text) { parse_reason(text.data(), text.size()); }
constexpr parsed_reason parse_reason(Text const& text) noexcept {
  return parse_reason(text.data(), text.size());
}

/// What `write_reason` did.
struct written_reason {
  /// False if the text has a character that no quoted-string can hold (CR, LF), or the protocol is
  /// `other`; nothing is written then.
  bool valid{};
  /// The length of the value. If it is more than the buffer holds, nothing is written.
  std::size_t size{};

  constexpr explicit operator bool() const noexcept { return valid; }
};

/// A reason-value into the caller's buffer, without a closing zero: `Q.850;cause=16;text="…"`.
/// Quotes, backslashes and control characters of the text are escaped (RFC 3261 25.1). No text:
/// no `text` parameter.
constexpr written_reason write_reason(char* out, std::size_t capacity, reason_protocol protocol,
                                      std::uint32_t cause, char const* text = nullptr,
                                      std::size_t text_size = 0) noexcept {
  char const* const name_of_protocol = name(protocol);
  if (*name_of_protocol == '\0') return {};

  auto const needs_escape = [](char c) {
    return c == '"' || c == '\\' || (static_cast<unsigned char>(c) < 0x20 && c != '\t') ||
           c == 0x7F;
  };
  detail::decimal const number{cause};
  std::size_t size = number.size;
  for (char const* p = name_of_protocol; *p != '\0'; ++p) ++size;
  for (char const* p = ";cause="; *p != '\0'; ++p) ++size;
  if (text_size != 0) {
    for (char const* p = ";text=\"\""; *p != '\0'; ++p) ++size;
    for (std::size_t i = 0; i != text_size; ++i) {
      if (text[i] == '\r' || text[i] == '\n') return {};
      size += needs_escape(text[i]) ? 2 : 1;
    }
  }
  if (size > capacity) return {true, size};

  char* p = out;
  auto const put = [&p](char const* s) {
    while (*s != '\0') *p++ = *s++;
  };
  put(name_of_protocol);
  put(";cause=");
  for (std::size_t i = 0; i != number.size; ++i) *p++ = number.digits[i];
  if (text_size != 0) {
    put(";text=\"");
    for (std::size_t i = 0; i != text_size; ++i) {
      if (needs_escape(text[i])) *p++ = '\\';
      *p++ = text[i];
    }
    put("\"");
  }
  return {true, size};
}

/// The same for any text with `data()` and `size()`.
template <class Text>
requires requires(Text const& text) {
  text.data();
  text.size();
}
constexpr written_reason write_reason(char* out, std::size_t capacity, reason_protocol protocol,
                                      std::uint32_t cause, Text const& text) noexcept {
  return write_reason(out, capacity, protocol, cause, text.data(), text.size());
}

} // namespace ctsip
