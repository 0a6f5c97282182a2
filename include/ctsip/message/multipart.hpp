// The parts of a multipart body, and the session description of a message, which may be one of
// them. RFC 2046 5.1, RFC 5621. Read values.hpp before it.
#pragma once

#include <cstddef>
#include <string_view>

#include <ctsip/message/values.hpp>

namespace ctsip {

/// One part of a multipart body: its header fields and its content.
class body_part {
 public:
  constexpr body_part() = default;
  /// body-part = MIME-part-headers [ CRLF *OCTET ] (RFC 2046 5.1.1). What is no header field is
  /// passed over.
  constexpr explicit body_part(std::string_view text) : text_{text} {
    char const* const end = text.data() + text.size();
    detail::header_line line;
    for (char const* p = text.data(); p && p != end; p = line.next) {
      detail::read_header_line(p, end, line);
      if (line.is != detail::header_line::empty) continue;
      body_ = detail::view(line.next, end);
      return;
    }
  }

  /// The value of the first header field with that name, as of a message; empty when absent.
  constexpr std::string_view operator[](header h) const {
    auto const first = field_range{text_, h, false, true}.begin();
    return first != detail::range_end{} ? first->value : std::string_view{};
  }
  constexpr std::string_view body() const { return body_; }

 private:
  std::string_view text_;
  std::string_view body_;
};

/// The parts of a multipart body in order: a range of `body_part`. There are none without a
/// boundary. If the last delimiter is missing, the last part goes to the end of the body.
class body_parts {
 public:
  constexpr body_parts(media_type_view const& type, std::string_view body)
      : boundary_{without_quotes(type.param("boundary"))}, body_{body} {}

  class iterator {
   public:
    constexpr iterator(std::string_view boundary, std::string_view body)
        : boundary_{boundary}, rest_{body} {
      // "implementations must ignore anything that appears before the first boundary delimiter line
      // or after the last one" (RFC 2046 5.1.1)
      (void)take();
      text_ = take();
    }
    constexpr body_part operator*() const { return body_part{text_}; }
    constexpr iterator& operator++() {
      text_ = take();
      return *this;
    }
    friend constexpr bool operator!=(iterator const& i, detail::range_end) {
      return i.text_.data() != nullptr;
    }

   private:
    // Takes the text before the next delimiter off the rest, and the line of that. "The CRLF
    // preceding the boundary delimiter line is conceptually attached to the boundary". No text at
    // all behind the last one.
    constexpr std::string_view take() {
      if (!follows_) return {};
      char const* const first = rest_.data();
      char const* const end = first + rest_.size();
      for (char const* p = first; p != end;) {
        char const* const lf = detail::find_char(p, end, '\n');
        char const* const next = lf == end ? end : lf + 1;
        if (is_delimiter(detail::view(p, lf))) {
          rest_ = detail::view(next, end);
          if (p != first) --p;
          if (p != first && p[-1] == '\r') --p;
          return detail::view(first, p);
        }
        p = next;
      }
      follows_ = false;
      return rest_;
    }
    // dash-boundary = "--" boundary; delimiter = CRLF dash-boundary; close-delimiter = delimiter
    // "--". White space may follow, which transports have added.
    constexpr bool is_delimiter(std::string_view line) {
      if (boundary_.empty() || !line.starts_with("--")) return false;
      char const* p = line.data() + 2;
      char const* const end = line.data() + line.size();
      bool escaped = false; // quoted-pair (RFC 3261 25.1)
      for (char const c : boundary_) {
        escaped = c == '\\' && !escaped;
        if (!escaped && (p == end || *p++ != c)) return false;
      }
      line = detail::trim(detail::view(p, end));
      if (!line.empty() && !line.starts_with("--")) return false;
      follows_ = line.empty();
      return true;
    }

    std::string_view boundary_;
    std::string_view rest_;
    std::string_view text_;
    bool follows_{true}; // a text does: the preamble, or after a delimiter that is not the last
  };

  constexpr iterator begin() const { return {boundary_, body_}; }
  constexpr detail::range_end end() const { return {}; }

 private:
  std::string_view boundary_;
  std::string_view body_;
};

namespace detail {

// "UAs SHOULD avoid unnecessarily nesting body parts" (RFC 5621 4.3): what is deeper is not looked
// at.
inline constexpr unsigned deepest_part = 4;

// A body of a message, or of a part of one, with what its header fields say of it.
struct described_body {
  std::string_view type;
  std::string_view disposition;
  std::string_view body;
};

// What has header fields of its own: a message, or a part of one.
template <class Entity>
constexpr described_body described(Entity const& e) {
  return {e[header::content_type], e[header::content_disposition], e.body()};
}

// "if the Content-Disposition header field is missing, the server SHOULD assume bodies of
// Content-Type application/sdp are the disposition "session"" (RFC 3261 20.11).
constexpr bool is_session(described_body const& b) {
  return b.disposition.empty() || is_name(token_view{b.disposition}.value(), "session");
}

// Of a multipart body the disposition says nothing: "The way the body parts within the
// 'multipart/mixed' are handled depends on the disposition types of the individual body parts."
// (RFC 5621 8.2) Unknown subtypes are treated as "mixed" (4.2).
constexpr std::string_view find_sdp(described_body const& b, unsigned depth = 0) {
  media_type_view const type{b.type};
  if (!is_name(type.type(), "multipart")) {
    bool const is_sdp = is_name(type.type(), "application") && is_name(type.subtype(), "sdp");
    return is_sdp && is_session(b) ? b.body : std::string_view{};
  }
  std::string_view found;
  if (depth == deepest_part) return found;
  for (body_part const part : body_parts{type, b.body}) {
    std::string_view const sdp = find_sdp(described(part), depth + 1);
    if (sdp.empty()) continue;
    found = sdp;
    // "The recipient of a 'multipart/alternative' body chooses the last body part it understands."
    // (6.1)
    if (!is_name(type.subtype(), "alternative")) break;
  }
  return found;
}

} // namespace detail

/// The session description in a message: its body, or that part of a multipart body, whose
/// disposition is "session", which is the default (RFC 3261 20.11, RFC 5621 8.2). Empty if there is
/// none.
constexpr std::string_view sdp_of(message const& m) {
  return m.body().empty() ? std::string_view{} : detail::find_sdp(detail::described(m));
}
/// The same of a body with that Content-Type.
constexpr std::string_view sdp_of(std::string_view type, std::string_view body) {
  return detail::find_sdp({type, {}, body});
}

} // namespace ctsip
