// ( name-addr / addr-spec ) *( SEMI generic-param ): the form of From, To, Contact, Route,
// Record-Route, Refer-To and others. RFC 3261 20.10, 25.1. Read parameters.hpp before it.
#pragma once

#include <ctsip/message/parameters.hpp>

namespace ctsip {

/// One address with its header parameters. Without "<" and ">" all parameters after the URI are
/// header parameters, not URI parameters (RFC 3261 20.10).
class name_addr_view {
 public:
  constexpr name_addr_view() = default;

  constexpr explicit name_addr_view(std::string_view text) : text_{detail::trim(text)} {
    well_formed_ = read(text_.data(), text_.data() + text_.size());
  }

  /// Whether it follows the grammar (of the URI only that it has no white space; read the rest
  /// with `uri_view`). When not, what could be read is there and the rest is empty.
  constexpr bool well_formed() const { return well_formed_; }
  constexpr std::string_view text() const { return text_; }
  /// Whether it is the "*" of a Contact (RFC 3261 10.2.2).
  constexpr bool is_star() const { return text_.size() == 1 && text_[0] == '*'; }

  /// As it stands: a quoted-string with its quotes, or tokens; see `unquote`.
  constexpr std::string_view display_name() const { return display_name_; }
  /// The addr-spec, without "<" and ">".
  constexpr std::string_view uri() const { return uri_; }
  /// Whether the URI stands in "<" and ">".
  constexpr bool is_name_addr() const { return bracketed_; }

  constexpr parameters all_params() const { return parameters{params_}; }
  constexpr std::string_view param(std::string_view name) const { return all_params()[name]; }
  constexpr bool has_param(std::string_view name) const { return all_params().has(name); }
  /// The tag of a From or To; empty when there is none (RFC 3261 19.3).
  constexpr std::string_view tag() const { return param("tag"); }
  /// The expires parameter of a Contact, in seconds (RFC 3261 10.2).
  constexpr number expires() const {
    parameter const p = all_params().find("expires");
    if (!p) return {};
    number const n = read_number(p.value);
    return n.state == number::absent ? number{0, number::malformed} : n;
  }
  /// The q parameter of a Contact in thousandths (0 to 1000), 1000 when absent or malformed.
  constexpr std::uint16_t q() const { return read_q(param("q")); }

  /// qvalue = ( "0" [ "." 0*3DIGIT ] ) / ( "1" [ "." 0*3("0") ] ), in thousandths.
  static constexpr std::uint16_t read_q(std::string_view text) {
    if (text.empty() || text.size() > 5 || (text[0] != '0' && text[0] != '1')) return 1000;
    unsigned value = text[0] == '1' ? 1000 : 0;
    if (text.size() > 1 && text[1] != '.') return 1000;
    unsigned weight = 100;
    for (std::size_t i = 2; i < text.size(); ++i, weight /= 10) {
      if (!detail::is_decimal(text[i])) return 1000;
      value += static_cast<unsigned>(text[i] - '0') * weight;
    }
    return static_cast<std::uint16_t>(value > 1000 ? 1000 : value);
  }

 private:
  constexpr bool read(char const* p, char const* const end) {
    using namespace detail;
    char const* const first = p;
    if (p == end) return false;
    if (*p == '"') {
      char const* const closed = skip_quoted(p, end);
      if (!closed) return false;
      display_name_ = view(first, closed);
      p = skip_lws(closed, end);
      if (p == end || *p != '<') return false;
    } else {
      // display-name = *(token LWS); the scheme of an addr-spec is a token too.
      char const* last = p;
      while (p != end && is_char(*p, token_char)) {
        last = skip(p, end, token_char);
        p = skip_lws(last, end);
      }
      if (p == end) return is_star();
      if (*p != '<') return last == p && addr_spec(first, end);
      display_name_ = view(first, last);
    }
    char const* const uri = ++p;
    bracketed_ = true;
    p = skip(p, end, uri_char);
    char const* const closed = find_char(p, end, '>');
    if (closed == end) return false;
    uri_ = view(uri, closed);
    return p == closed && p != uri && header_params(p + 1, end);
  }

  constexpr bool addr_spec(char const* const first, char const* const end) {
    char const* p = first;
    while (p != end && *p != ';' && !detail::is_char(*p, detail::lws_char)) ++p;
    uri_ = detail::view(first, p);
    for (char const c : uri_) {
      // "the name-addr form MUST be used if the addr-spec contains a comma, semicolon, or
      // question mark" (20.10); quotes and brackets are in no URI.
      if (c == ',' || c == '?' || c == '"' || c == '<' || c == '>') return false;
    }
    return header_params(p, end);
  }

  constexpr bool header_params(char const* p, char const* const end) {
    p = detail::skip_lws(p, end);
    params_ = detail::view(p, end);
    while (p != end) {
      parameter one;
      if (*p != ';' || !(p = detail::read_parameter(p + 1, end, one))) return false;
    }
    return true;
  }

  std::string_view text_, display_name_, uri_, params_;
  bool bracketed_{};
  bool well_formed_{};
};

} // namespace ctsip
