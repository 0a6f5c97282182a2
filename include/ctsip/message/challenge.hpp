// Challenges and credentials: WWW-Authenticate, Proxy-Authenticate, Authorization,
// Proxy-Authorization, Authentication-Info. RFC 3261 20.6, 20.7, 20.27, 20.28, 20.44, 22, 25.1;
// RFC 7616, RFC 8760 (algorithms). Read reader.hpp before it.
//
// Several of them in one message stand in rows of their own (RFC 3261 7.3.1), so take the texts
// from `message::fields(header::www_authenticate)` and the like.
#pragma once

#include <ctsip/message/reader.hpp>

namespace ctsip {

/// The auth-params of one challenge or one set of credentials: a range of `parameter`, whose values
/// keep their quotes.
class auth_params {
 public:
  constexpr auth_params() = default;
  constexpr explicit auth_params(std::string_view text) : text_{detail::trim(text)} {}

  class iterator {
   public:
    constexpr iterator() = default;
    constexpr iterator(char const* p, char const* end) : p_{p}, end_{end} { advance(); }
    constexpr parameter const& operator*() const { return current_; }
    constexpr iterator& operator++() {
      advance();
      return *this;
    }
    constexpr bool at_end() const { return !current_; }
    constexpr bool well_formed() const { return p_ == end_; }
    friend constexpr bool operator!=(iterator const& a, iterator const&) { return !a.at_end(); }

   private:
    // auth-param *(COMMA auth-param), auth-param = auth-param-name EQUAL ( token / quoted-string )
    constexpr void advance() {
      current_ = {};
      if (p_ == end_ || failed_) return;
      char const* next = p_;
      if (started_) next = *p_ == ',' ? p_ + 1 : nullptr;
      started_ = true;
      if (next) next = detail::read_parameter(next, end_, current_);
      if (!next || !current_.has_value) {
        current_ = {};
        failed_ = true;
        return;
      }
      p_ = next;
    }
    char const* p_{};
    char const* end_{};
    parameter current_;
    bool started_{};
    bool failed_{};
  };

  constexpr iterator begin() const { return {text_.data(), text_.data() + text_.size()}; }
  constexpr iterator end() const { return {}; }

  constexpr parameter find(std::string_view name) const {
    for (parameter const& p : *this)
      if (detail::same_token(p.name, name)) return p;
    return {};
  }
  constexpr bool well_formed() const {
    auto i = begin();
    while (!i.at_end()) ++i;
    return i.well_formed();
  }

 private:
  std::string_view text_;
};

namespace detail {

// auth-scheme LWS auth-param *(COMMA auth-param)
class auth_view {
 public:
  constexpr auth_view() = default;
  constexpr explicit auth_view(std::string_view text) {
    text = trim(text);
    char const* const end = text.data() + text.size();
    char const* const p = skip(text.data(), end, token_char);
    scheme_ = view(text.data(), p);
    char const* const first = skip_lws(p, end);
    if (scheme_.empty() || first == p || first == end) return;
    params_ = auth_params{view(first, end)};
    well_formed_ = params_.well_formed();
  }

  constexpr bool well_formed() const { return well_formed_; }
  constexpr std::string_view scheme() const { return scheme_; }
  constexpr bool is_digest() const { return same_token(scheme_, "Digest"); }
  constexpr auth_params all_params() const { return params_; }
  /// The value of a parameter without its quotes; see `unquote` for the backslashes in it.
  constexpr std::string_view param(std::string_view name) const {
    return without_quotes(params_.find(name).value);
  }
  constexpr bool has_param(std::string_view name) const {
    return static_cast<bool>(params_.find(name));
  }
  constexpr std::string_view realm() const { return param("realm"); }
  constexpr std::string_view nonce() const { return param("nonce"); }
  constexpr std::string_view opaque() const { return param("opaque"); }
  /// Empty when absent, which means MD5 (RFC 2617 3.2.1).
  constexpr std::string_view algorithm() const { return param("algorithm"); }

 private:
  std::string_view scheme_;
  auth_params params_;
  bool well_formed_{};
};

} // namespace detail

/// One WWW-Authenticate or Proxy-Authenticate (RFC 3261 22.2, 22.3).
struct challenge_view : detail::auth_view {
  using auth_view::auth_view;
  constexpr std::string_view domain() const { return param("domain"); }
  constexpr bool stale() const { return detail::same_token(param("stale"), "true"); }
  /// The qop-options: "auth", "auth-int" and others, a comma list.
  constexpr std::string_view qop_options() const { return param("qop"); }
  constexpr bool offers_qop(std::string_view qop) const {
    return comma_list{qop_options()}.has(qop);
  }
};

/// One Authorization or Proxy-Authorization (RFC 3261 22.2, 22.3).
struct credentials_view : detail::auth_view {
  using auth_view::auth_view;
  constexpr std::string_view username() const { return param("username"); }
  constexpr std::string_view uri() const { return param("uri"); }
  constexpr std::string_view response() const { return param("response"); }
  constexpr std::string_view cnonce() const { return param("cnonce"); }
  constexpr std::string_view qop() const { return param("qop"); }
  /// nc-value = 8LHEX, as a number; malformed otherwise.
  constexpr number nonce_count() const {
    std::string_view const nc = param("nc");
    if (nc.empty()) return {};
    std::uint32_t value = 0;
    for (char const c : nc) {
      if (!detail::is_hex(c) || (c >= 'A' && c <= 'F')) return {0, number::malformed};
      value = value * 16 + detail::hex_value(c);
    }
    return nc.size() == 8 ? number{value, number::valid} : number{0, number::malformed};
  }
};

} // namespace ctsip
