// The values of the header fields that a user agent reads besides the addresses: each a small view
// made from the text that `message::operator[]` or `message::elements` gives.
// RAck (RFC 3262 10), Event and Subscription-State (RFC 6665 8.4), Session-Expires and Min-SE
// (RFC 4028 4, 5), Replaces (RFC 3891 6.1), Reason (RFC 3326 2), Retry-After (RFC 3261 20.33),
// Content-Type and Content-Disposition (20.15, 20.11), Warning (20.43). Read reader.hpp before it.
#pragma once

#include <ctsip/message/reader.hpp>
#include <ctsip/vocabulary/refresher.hpp>

namespace ctsip {

/// RAck = response-num LWS CSeq-num LWS Method (RFC 3262 7.2, 10).
struct rack_view {
  std::uint32_t rseq{};
  cseq_view cseq;
  bool well_formed{};

  constexpr rack_view() = default;
  constexpr explicit rack_view(std::string_view text) {
    char const* const end = text.data() + text.size();
    number n;
    char const* const p = detail::read_digits(detail::skip_lws(text.data(), end), end, n);
    if (!p || p == end || !detail::is_char(*p, detail::lws_char)) return;
    rseq = *n;
    cseq = cseq_view{detail::view(p, end)};
    well_formed = n && cseq.well_formed;
  }
};

/// token *( SEMI generic-param ): Event, Subscription-State, Reason, Content-Disposition.
class token_view {
 public:
  constexpr token_view() = default;
  constexpr explicit token_view(std::string_view text) {
    text = detail::trim(text);
    char const* const end = text.data() + text.size();
    char const* const p = detail::skip(text.data(), end, detail::token_char);
    value_ = detail::view(text.data(), p);
    params_ = parameters{detail::view(p, end)};
    well_formed_ = !value_.empty() && params_.well_formed();
  }

  constexpr bool well_formed() const { return well_formed_; }
  constexpr std::string_view value() const { return value_; }
  /// Whether the token is that one, without regard to case (RFC 3261 7.3.1).
  constexpr bool is(std::string_view token) const { return detail::same_token(value_, token); }
  constexpr parameters all_params() const { return params_; }
  constexpr std::string_view param(std::string_view name) const { return params_[name]; }
  constexpr bool has_param(std::string_view name) const { return params_.has(name); }

 private:
  std::string_view value_;
  parameters params_;
  bool well_formed_{};
};

/// Event: the event-type, a package with its templates ("presence.winfo"), and the id
/// (RFC 6665 8.2.1, 8.4).
struct event_view : token_view {
  using token_view::token_view;
  constexpr std::string_view package() const { return value().substr(0, value().find('.')); }
  constexpr std::string_view id() const { return param("id"); }
};

/// Whether a NOTIFY's Event matches a SUBSCRIBE's: the event-type and the "id" parameter are
/// compared byte by byte, and no other parameter is considered (RFC 6665 8.2.1).
constexpr bool same_event(event_view const& a, event_view const& b) {
  return a.value() == b.value() && a.has_param("id") == b.has_param("id") && a.id() == b.id();
}

/// Subscription-State (RFC 6665 4.1.3, 8.4): "active", "pending", "terminated" or another token.
struct subscription_state_view : token_view {
  using token_view::token_view;
  constexpr bool is_active() const { return is("active"); }
  constexpr bool is_pending() const { return is("pending"); }
  constexpr bool is_terminated() const { return is("terminated"); }
  constexpr std::string_view reason() const { return param("reason"); }
  /// In seconds.
  constexpr number expires() const { return read_number(param("expires")); }
  /// In seconds.
  constexpr number retry_after() const { return read_number(param("retry-after")); }
};

/// delta-seconds [ comment ] *( SEMI generic-param ): Session-Expires, Min-SE, Retry-After.
class seconds_view {
 public:
  constexpr seconds_view() = default;
  constexpr explicit seconds_view(std::string_view text) {
    text = detail::trim(text);
    if (text.empty()) return;
    char const* const end = text.data() + text.size();
    char const* p = detail::read_digits(text.data(), end, seconds_);
    if (!p) return;
    p = detail::skip_lws(p, end);
    if (p != end && *p == '(') {
      char const* const comment = p;
      if (!(p = skip_comment(p, end))) return;
      comment_ = detail::view(comment, p);
      p = detail::skip_lws(p, end);
    }
    params_ = parameters{detail::view(p, end)};
    well_formed_ = params_.well_formed();
  }

  constexpr bool well_formed() const { return well_formed_; }
  /// In seconds; overlarge beyond 2**32-1.
  constexpr number seconds() const { return seconds_; }
  /// With its parentheses.
  constexpr std::string_view comment() const { return comment_; }
  constexpr parameters all_params() const { return params_; }
  constexpr std::string_view param(std::string_view name) const { return params_[name]; }

 private:
  // comment = LPAREN *(ctext / quoted-pair / comment) RPAREN, with a counter and no recursion.
  static constexpr char const* skip_comment(char const* p, char const* end) {
    std::size_t depth = 0;
    for (; p != end; ++p) {
      if (*p == '\\') {
        if (++p == end) return nullptr;
      } else if (*p == '(') {
        ++depth;
      } else if (*p == ')' && --depth == 0) {
        return p + 1;
      }
    }
    return nullptr;
  }

  number seconds_;
  std::string_view comment_;
  parameters params_;
  bool well_formed_{};
};

/// Session-Expires (RFC 4028 4).
struct session_expires_view : seconds_view {
  using seconds_view::seconds_view;
  /// `none` when the parameter is absent or neither "uac" nor "uas".
  constexpr ctsip::refresher refresher() const {
    std::string_view const who = param("refresher");
    if (detail::same_token(who, "uac")) return ctsip::refresher::uac;
    if (detail::same_token(who, "uas")) return ctsip::refresher::uas;
    return ctsip::refresher::none;
  }
};

/// Min-SE (RFC 4028 5).
using min_se_view = seconds_view;

/// Retry-After (RFC 3261 20.33).
struct retry_after_view : seconds_view {
  using seconds_view::seconds_view;
  /// How long the called party will be reachable, in seconds.
  constexpr number duration() const { return read_number(param("duration")); }
};

namespace detail {

// callid = word [ "@" word ]; returns the position after it, or null.
constexpr char const* skip_call_id(char const* p, char const* end) {
  char const* const first = p;
  p = skip_long(p, end, word_char);
  if (p == first) return nullptr;
  if (p == end || *p != '@') return p;
  char const* const host = p + 1;
  p = skip_long(host, end, word_char);
  return p == host ? nullptr : p;
}

} // namespace detail

/// Whether the text is a callid (RFC 3261 20.8, 25.1), which is compared byte for byte.
constexpr bool is_call_id(std::string_view text) {
  char const* const end = text.data() + text.size();
  return detail::skip_call_id(text.data(), end) == end && !text.empty();
}

/// Replaces (RFC 3891 6.1); Target-Dialog (RFC 4538) has `local-tag` and `remote-tag` instead.
class replaces_view {
 public:
  constexpr replaces_view() = default;
  constexpr explicit replaces_view(std::string_view text) {
    text = detail::trim(text);
    char const* const end = text.data() + text.size();
    char const* const p = detail::skip_call_id(text.data(), end);
    if (!p) return;
    call_id_ = detail::view(text.data(), p);
    params_ = parameters{detail::view(p, end)};
    well_formed_ = params_.well_formed();
  }

  /// Whether it follows the grammar; `is_complete` says whether both tags are there.
  constexpr bool well_formed() const { return well_formed_; }
  /// "MUST contain exactly one to-tag and exactly one from-tag" (RFC 3891 6.1).
  constexpr bool is_complete() const { return well_formed_ && once("to-tag") && once("from-tag"); }
  constexpr std::string_view call_id() const { return call_id_; }
  constexpr std::string_view to_tag() const { return params_["to-tag"]; }
  constexpr std::string_view from_tag() const { return params_["from-tag"]; }
  constexpr bool early_only() const { return params_.has("early-only"); }
  constexpr parameters all_params() const { return params_; }

 private:
  constexpr bool once(std::string_view name) const {
    std::size_t n = 0;
    for (parameter const& p : params_)
      if (detail::same_token(p.name, name) && !p.value.empty()) ++n;
    return n == 1;
  }
  std::string_view call_id_;
  parameters params_;
  bool well_formed_{};
};

/// Content-Type, and one element of Accept: m-type SLASH m-subtype *( SEMI m-parameter )
/// (RFC 3261 20.1, 20.15). In an Accept both may be "*".
class media_type_view {
 public:
  constexpr media_type_view() = default;
  constexpr explicit media_type_view(std::string_view text) {
    using namespace detail;
    text = trim(text);
    char const* const end = text.data() + text.size();
    char const* p = skip(text.data(), end, token_char);
    type_ = view(text.data(), p);
    p = skip_lws(p, end);
    if (p == end || *p != '/') return;
    char const* const sub = skip_lws(p + 1, end);
    p = skip(sub, end, token_char);
    subtype_ = view(sub, p);
    params_ = parameters{view(p, end)};
    well_formed_ = !type_.empty() && !subtype_.empty() && params_.well_formed();
  }

  constexpr bool well_formed() const { return well_formed_; }
  constexpr std::string_view type() const { return type_; }
  constexpr std::string_view subtype() const { return subtype_; }
  constexpr parameters all_params() const { return params_; }
  constexpr std::string_view param(std::string_view name) const { return params_[name]; }
  /// Without regard to case and to parameters.
  constexpr bool is(std::string_view type, std::string_view subtype) const {
    return detail::same_token(type_, type) && detail::same_token(subtype_, subtype);
  }
  /// Whether this media range, of an Accept, covers that type.
  constexpr bool covers(media_type_view const& other) const {
    return well_formed_ && (type_ == "*" || detail::same_token(type_, other.type_)) &&
           (subtype_ == "*" || detail::same_token(subtype_, other.subtype_));
  }

 private:
  std::string_view type_, subtype_;
  parameters params_;
  bool well_formed_{};
};

namespace detail {

inline constexpr media_type_view sdp_type{"application/sdp"};

} // namespace detail

/// One warning-value: warn-code SP warn-agent SP warn-text (RFC 3261 20.43).
struct warning_view {
  std::uint16_t code{};
  std::string_view agent;
  std::string_view text; ///< with its quotes
  bool well_formed{};

  constexpr warning_view() = default;
  constexpr explicit warning_view(std::string_view value) {
    using namespace detail;
    value = trim(value);
    char const* const end = value.data() + value.size();
    number n;
    char const* p = read_digits(value.data(), end, n);
    if (!p || p - value.data() != 3) return;
    code = static_cast<std::uint16_t>(*n);
    char const* const first = skip_lws(p, end);
    char const* const last = skip(first, end, token_char | word_char);
    agent = view(first, last);
    char const* const quoted = skip_lws(last, end);
    if (first == p || first == last || quoted == last || quoted == end || *quoted != '"') return;
    char const* const closed = skip_quoted(quoted, end);
    if (!closed) return;
    text = view(quoted, closed);
    well_formed = skip_lws(closed, end) == end;
  }
};

} // namespace ctsip
