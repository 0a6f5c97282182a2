// Challenges and credentials: WWW-Authenticate, Proxy-Authenticate, Authorization,
// Proxy-Authorization, Authentication-Info. RFC 3261 20.6, 20.7, 20.27, 20.28, 20.44, 22, 25.1;
// RFC 7616, RFC 8760 (algorithms), RFC 3310 (AKA). Read reader.hpp before it; digest.hpp computes
// what stands in them.
//
// Several of them in one message stand in rows of their own (RFC 3261 7.3.1), so take the texts
// from `message::fields(header::www_authenticate)` and the like.
#pragma once

#include <ctsip/message/reader.hpp>
#include <ctsip/vocabulary/digest.hpp>

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
    has_params_ = true;
  }

  constexpr bool well_formed() const { return has_params_ && params_.well_formed(); }
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
  /// The algorithm that it means: "If this is not present, it is assumed to be "MD5"" (RFC 7616
  /// 3.3). Not found if it is none that the library knows.
  constexpr parsed_digest_algorithm digest() const {
    return has_param("algorithm") ? parse_digest_algorithm(algorithm())
                                  : parsed_digest_algorithm{true, digest_algorithm::md5};
  }
  /// Whether the user name is, or may be, sent as its hash (RFC 7616 3.4.4).
  constexpr bool userhash() const { return same_token(param("userhash"), "true"); }

 private:
  std::string_view scheme_;
  auth_params params_;
  bool has_params_{};
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

namespace detail {

// nc-value = 8LHEX
constexpr number read_nonce_count(std::string_view nc) {
  if (nc.empty()) return {};
  std::uint32_t value = 0;
  for (char const c : nc) {
    if (!is_hex(c) || (c >= 'A' && c <= 'F')) return {0, number::malformed};
    value = value * 16 + hex_value(c);
  }
  return nc.size() == 8 ? number{value, number::valid} : number{0, number::malformed};
}

} // namespace detail

/// One Authorization or Proxy-Authorization (RFC 3261 22.2, 22.3).
struct credentials_view : detail::auth_view {
  using auth_view::auth_view;
  constexpr std::string_view username() const { return param("username"); }
  constexpr std::string_view uri() const { return param("uri"); }
  constexpr std::string_view response() const { return param("response"); }
  constexpr std::string_view cnonce() const { return param("cnonce"); }
  constexpr std::string_view qop() const { return param("qop"); }
  /// What a SIM says of a sequence number that is out of range, in base64 (RFC 3310 3.4).
  constexpr std::string_view auts() const { return param("auts"); }
  /// nc-value = 8LHEX, as a number; malformed otherwise.
  constexpr number nonce_count() const { return detail::read_nonce_count(param("nc")); }
};

/// One Authentication-Info (RFC 3261 20.6, RFC 7616 3.5), which has no scheme.
class authentication_info_view {
 public:
  constexpr authentication_info_view() = default;
  constexpr explicit authentication_info_view(std::string_view text)
      : params_{text}, well_formed_{!detail::trim(text).empty() && params_.well_formed()} {}

  constexpr bool well_formed() const { return well_formed_; }
  constexpr auth_params all_params() const { return params_; }
  constexpr std::string_view param(std::string_view name) const {
    return without_quotes(params_.find(name).value);
  }
  constexpr std::string_view nextnonce() const { return param("nextnonce"); }
  constexpr std::string_view rspauth() const { return param("rspauth"); }
  constexpr std::string_view qop() const { return param("qop"); }
  constexpr std::string_view cnonce() const { return param("cnonce"); }
  constexpr number nonce_count() const { return detail::read_nonce_count(param("nc")); }

 private:
  auth_params params_;
  bool well_formed_{};
};

namespace detail {

// The parameters of Digest, read in one pass.
enum class digest_param : std::uint8_t {
  realm,
  nonce,
  opaque,
  stale,
  algorithm,
  qop,
  userhash,
  username,
  extended_username, // username*
  uri,
  response,
  cnonce,
  nc,
  auts,
  nextnonce,
  rspauth,
  count
};

inline constexpr std::size_t digest_param_count = static_cast<std::size_t>(digest_param::count);

inline constexpr std::string_view digest_param_names[digest_param_count] = {
    "realm",     "nonce", "opaque",   "stale",  "algorithm", "qop",  "userhash",  "username",
    "username*", "uri",   "response", "cnonce", "nc",        "auts", "nextnonce", "rspauth"};

class digest_params {
 public:
  constexpr digest_params() = default;
  constexpr explicit digest_params(auth_params const& params) {
    auto i = params.begin();
    for (; !i.at_end(); ++i) {
      for (std::size_t k = 0; k != digest_param_count; ++k) {
        if (!same_token((*i).name, digest_param_names[k])) continue;
        if (present_ >> k & 1u) repeated_ = true;
        present_ |= 1u << k;
        values_[k] = (*i).value;
      }
    }
    // A parameter that stands twice would be read differently by different elements.
    well_formed_ = i.well_formed() && !repeated_ && present_ != 0;
  }

  constexpr bool well_formed() const { return well_formed_; }
  constexpr bool has(digest_param p) const {
    return (present_ >> static_cast<unsigned>(p) & 1u) != 0;
  }
  // As it stands, quotes and all.
  constexpr std::string_view operator[](digest_param p) const {
    return values_[static_cast<std::size_t>(p)];
  }
  constexpr std::string_view token(digest_param p) const { return without_quotes((*this)[p]); }
  constexpr bool is_true(digest_param p) const { return same_token(token(p), "true"); }
  constexpr parsed_digest_algorithm algorithm() const {
    return has(digest_param::algorithm) ? parse_digest_algorithm(token(digest_param::algorithm))
                                        : parsed_digest_algorithm{true, digest_algorithm::md5};
  }

 private:
  std::string_view values_[digest_param_count]{};
  std::uint32_t present_{};
  bool repeated_{};
  bool well_formed_{};
};

} // namespace detail

} // namespace ctsip
