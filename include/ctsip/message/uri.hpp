// URIs: sip and sips with all their components, tel, and any other scheme as a whole; and when two
// of them are equivalent. RFC 3261 19.1, 25.1; RFC 3966 3 and 4 (tel). Read via.hpp before it (for
// `host_port`).
#pragma once

#include <ctsip/message/via.hpp>

namespace ctsip {

/// The schemes that this library reads inside; `other` is any absoluteURI.
enum class uri_scheme : std::uint8_t { sip, sips, tel, other };

/// What is wrong with a URI.
enum class uri_error : std::uint8_t {
  none,
  scheme,     ///< no scheme and colon at the start (25.1 absoluteURI)
  user,       ///< an empty user before "@", or a character that must be escaped (19.1.1, 19.1.2)
  host,       ///< no host name or address (19.1.1)
  port,       ///< not a number up to 65535
  parameters, ///< not *( ";" pname [ "=" pvalue ] )
  headers,    ///< not "?" hname "=" hvalue *( "&" hname "=" hvalue )
  number,     ///< of a tel URI: not a telephone number (RFC 3966 3)
  character   ///< of another scheme: a character that is in no URI
};

/// One sentence; `""` for none.
constexpr char const* sentence(uri_error e) {
  switch (e) {
  case uri_error::none: return "";
  case uri_error::scheme: return "the URI does not start with a scheme and a colon";
  case uri_error::user: return "the userinfo of the URI is empty or has a character to be escaped";
  case uri_error::host: return "the host of the URI is neither a host name nor an IP address";
  case uri_error::port: return "the port of the URI is not a number up to 65535";
  case uri_error::parameters: return "the parameters of the URI are malformed";
  case uri_error::headers: return "the header components of the URI are malformed";
  case uri_error::number: return "the telephone number of the tel URI is malformed";
  case uri_error::character: return "the URI has a character that must be escaped";
  }
  return "";
}

/// The clause that it breaks; `""` for none.
constexpr char const* clause(uri_error e) {
  switch (e) {
  case uri_error::none: return "";
  case uri_error::number: return "RFC 3966 3";
  case uri_error::scheme:
  case uri_error::character: return "RFC 3261 25.1";
  default: return "RFC 3261 19.1.1";
  }
}

namespace detail {

// Characters of a URI component, and `escaped` ones among them; returns the position after them.
template <class Classes>
constexpr char const* skip_uri_chars(char const* p, char const* end, Classes classes) {
  for (;;) {
    p = skip(p, end, classes);
    if (p == end || *p != '%' || end - p < 3 || !is_hex(p[1]) || !is_hex(p[2])) return p;
    p += 3;
  }
}

} // namespace detail

/// The parameters or the header components of a URI, which know no white space and no quoted
/// string: `;a=b;c` or `?a=b&c=d`. A range of `parameter`; the text is well-formed.
class uri_components {
 public:
  constexpr uri_components() = default;
  constexpr explicit uri_components(std::string_view text, char separator)
      : text_{text}, separator_{separator} {}

  class iterator {
   public:
    constexpr iterator(std::string_view text, char separator)
        : p_{text.data()}, end_{text.data() + text.size()}, separator_{separator} {
      cut();
    }
    constexpr parameter const& operator*() const { return current_; }
    constexpr iterator& operator++() {
      cut();
      return *this;
    }
    constexpr bool at_end() const { return !current_; }
    friend constexpr bool operator!=(iterator const& a, detail::range_end) { return !a.at_end(); }

   private:
    constexpr void cut() {
      current_ = {};
      if (p_ == end_) return;
      char const* const first = p_ + 1;
      p_ = detail::find_char(first, end_, separator_);
      char const* const equal = detail::find_char(first, p_, '=');
      current_.name = detail::view(first, equal);
      current_.has_value = equal != p_;
      if (current_.has_value) current_.value = detail::view(equal + 1, p_);
    }
    char const* p_;
    char const* end_;
    parameter current_;
    char separator_;
  };

  constexpr iterator begin() const { return {text_, separator_}; }
  constexpr detail::range_end end() const { return {}; }
  constexpr bool empty() const { return text_.empty(); }
  constexpr std::string_view text() const { return text_; }

  /// The first with that name, without regard to case and to escapes; or a false one.
  constexpr parameter find(std::string_view name) const;
  constexpr bool has(std::string_view name) const { return static_cast<bool>(find(name)); }
  constexpr std::string_view operator[](std::string_view name) const { return find(name).value; }

 private:
  std::string_view text_;
  char separator_{';'};
};

/// A URI taken apart (RFC 3261 19.1.1). Nothing is unescaped: see `unescape`.
class uri_view {
 public:
  constexpr uri_view() = default;
  constexpr explicit uri_view(std::string_view text) : text_{text} { error_ = read(); }

  constexpr bool well_formed() const { return error_ == uri_error::none; }
  constexpr uri_error error() const { return error_; }
  constexpr std::string_view text() const { return text_; }

  constexpr uri_scheme scheme() const { return scheme_; }
  constexpr std::string_view scheme_name() const { return scheme_name_; }
  constexpr bool is_sip_or_sips() const {
    return scheme_ == uri_scheme::sip || scheme_ == uri_scheme::sips;
  }

  /// The user, escapes in it; empty when absent (it is never empty when present).
  constexpr std::string_view user() const { return user_; }
  constexpr bool has_user() const { return !user_.empty(); }
  constexpr std::string_view password() const { return password_; }
  constexpr bool has_password() const { return has_password_; }
  constexpr std::string_view host() const { return host_.host; }
  /// 0 when absent.
  constexpr std::uint16_t port() const { return host_.port; }
  constexpr bool has_port() const { return host_.has_port; }
  constexpr host_port const& hostport() const { return host_; }

  /// The number of a tel URI, its visual separators still in it.
  constexpr std::string_view telephone_number() const {
    return scheme_ == uri_scheme::tel ? opaque_ : std::string_view{};
  }
  /// All that follows the scheme and colon of another scheme.
  constexpr std::string_view opaque() const {
    return scheme_ == uri_scheme::other ? opaque_ : std::string_view{};
  }

  constexpr uri_components all_params() const { return uri_components{params_, ';'}; }
  constexpr std::string_view param(std::string_view name) const { return all_params()[name]; }
  constexpr bool has_param(std::string_view name) const { return all_params().has(name); }
  /// Whom to contact: "the value of the maddr parameter of the URI, if present, otherwise, the host
  /// value of the hostport component" (RFC 3263 4).
  constexpr std::string_view target() const {
    std::string_view const maddr = param("maddr");
    return maddr.empty() ? host() : maddr;
  }
  /// Loose routing (RFC 3261 19.1.1).
  constexpr bool lr() const { return has_param("lr"); }
  constexpr uri_components headers() const { return uri_components{headers_, '&'}; }

 private:
  constexpr uri_error read() {
    using namespace detail;
    char const* const end = text_.data() + text_.size();
    char const* p = text_.data();
    if (!for_size && end - p > 4 && same_name(p, "sip:", 4)) {
      // What nearly every URI starts with.
      scheme_name_ = view(p, p + 3);
      scheme_ = uri_scheme::sip;
      return read_sip(p + 4, end);
    }
    if (p == end || !is_alpha(*p)) return uri_error::scheme;
    while (p != end && (is_char(*p, host_char) ? *p != '_' : *p == '+')) ++p;
    if (p == end || *p != ':') return uri_error::scheme;
    scheme_name_ = view(text_.data(), p);
    ++p;
    if (is_name(scheme_name_, "sip"))
      scheme_ = uri_scheme::sip;
    else if (is_name(scheme_name_, "sips"))
      scheme_ = uri_scheme::sips;
    else if (is_name(scheme_name_, "tel"))
      scheme_ = uri_scheme::tel;
    if (is_sip_or_sips()) return read_sip(p, end);
    if (scheme_ == uri_scheme::tel) return read_tel(p, end);
    opaque_ = view(p, end);
    if (opaque_.empty()) return uri_error::character;
    for (;;) {
      p = skip_uri_chars(p, end, user_char);
      if (p == end) return uri_error::none;
      if (*p != ':' && *p != '@') return uri_error::character;
      ++p;
    }
  }

  constexpr uri_error read_sip(char const* p, char const* end) {
    using namespace detail;
    // "@" is a character of no component: the first one ends the userinfo.
    char const* const user_end = skip_uri_chars(p, end, user_char);
    char const* const at = find_char(user_end, end, '@');
    if (at != end) {
      user_ = view(p, user_end);
      if (user_.empty()) return uri_error::user;
      if (user_end != at) {
        if (*user_end != ':') return uri_error::user;
        password_ = view(user_end + 1, at);
        has_password_ = true;
        for (char const c : password_)
          if (c == ';' || c == '?' || c == '/') return uri_error::user;
        if (skip_uri_chars(user_end + 1, at, user_char) != at) return uri_error::user;
      }
      p = at + 1;
    }
    char const* const host_end = skip_host(p, end);
    if (!host_end) return uri_error::host;
    host_.host = view(p, host_end);
    p = host_end;
    if (p != end && *p == ':' && !(p = read_port(p + 1, end, host_))) return uri_error::port;
    if (p != end && *p != ';' && *p != '?') return uri_error::host;
    if (!(p = read_params(p, end))) return uri_error::parameters;
    return p == end ? uri_error::none : read_headers(p, end);
  }

  // uri-parameters = *( ";" pname [ "=" pvalue ] ); returns the position after them, or null.
  constexpr char const* read_params(char const* p, char const* end) {
    using namespace detail;
    char const* const first = p;
    while (p != end && *p == ';') {
      char const* const pname = ++p;
      if ((p = skip_uri_chars(p, end, param_char)) == pname) return nullptr;
      if (p != end && *p == '=') {
        char const* const pvalue = ++p;
        if ((p = skip_uri_chars(p, end, param_char)) == pvalue) return nullptr;
      }
    }
    if (p != end && *p != '?') return nullptr;
    params_ = view(first, p);
    return p;
  }

  // headers = "?" hname "=" hvalue *( "&" hname "=" hvalue )
  constexpr uri_error read_headers(char const* p, char const* end) {
    using namespace detail;
    char const* const first = p;
    do {
      char const* const hname = ++p;
      p = skip_uri_chars(p, end, hnv_char);
      if (p == hname || p == end || *p != '=') return uri_error::headers;
      p = skip_uri_chars(p + 1, end, hnv_char);
    } while (p != end && *p == '&');
    if (p != end) return uri_error::headers;
    headers_ = view(first, p);
    return uri_error::none;
  }

  // "tel:" ( global-number / local-number ): digits and visual separators; hexadecimal digits, "*"
  // and "#" in a local one (RFC 3966 3). "#" is escaped in a URI, so it is accepted as %23.
  constexpr uri_error read_tel(char const* p, char const* end) {
    using namespace detail;
    char const* const first = p;
    bool const global = p != end && *p == '+';
    if (global) ++p;
    bool digit = false;
    for (; p != end && *p != ';'; ++p) {
      if (*p == '-' || *p == '.' || *p == '(' || *p == ')') continue;
      digit = true;
      if (is_decimal(*p)) continue;
      if (global) return uri_error::number;
      if (end - p > 2 && *p == '%' && p[1] == '2' && p[2] == '3')
        p += 2;
      else if (!is_hex(*p) && *p != '*' && *p != '#')
        return uri_error::number;
    }
    if (!digit) return uri_error::number;
    opaque_ = view(first, p);
    p = read_params(p, end);
    return p == end ? uri_error::none : uri_error::parameters;
  }

  std::string_view text_, scheme_name_, user_, password_, opaque_, params_, headers_;
  host_port host_;
  uri_scheme scheme_{uri_scheme::other};
  uri_error error_{uri_error::scheme};
  bool has_password_{};
};

/// The characters that the escapes of a URI component stand for, once and never twice
/// (RFC 3261 19.1.2). Writes at most `capacity` characters to `out` and returns how many there
/// are; a NUL among them is one of them.
constexpr std::size_t unescape(std::string_view component, char* out, std::size_t capacity) {
  std::size_t size = 0;
  for (std::size_t i = 0; i < component.size(); ++i, ++size) {
    char c = component[i];
    if (c == '%' && component.size() - i > 2 && detail::is_hex(component[i + 1]) &&
        detail::is_hex(component[i + 2])) {
      c = static_cast<char>(detail::hex_value(component[i + 1]) * 16 +
                            detail::hex_value(component[i + 2]));
      i += 2;
    }
    if (size < capacity) out[size] = c;
  }
  return size;
}

namespace detail {

// One character of a component, unescaped unless it is in the `reserved` set: only "Characters
// other than those in the reserved set are equivalent to their % HEX HEX encoding" (19.1.4).
// A reserved one that is escaped is told apart by the 256 added to it; the end is -1.
constexpr int next_uri_char(char const*& p, char const* end) {
  if (p == end) return -1;
  int c = static_cast<unsigned char>(*p++);
  if (c != '%' || end - p < 2 || !is_hex(p[0]) || !is_hex(p[1])) return c;
  c = static_cast<int>(hex_value(p[0]) * 16 + hex_value(p[1]));
  p += 2;
  return contains(";/?:@&=+$,", static_cast<char>(c)) ? c + 256 : c;
}

constexpr bool same_component(std::string_view a, std::string_view b, bool any_case) {
  char const* p = a.data();
  char const* q = b.data();
  for (;;) {
    int x = next_uri_char(p, a.data() + a.size());
    int y = next_uri_char(q, b.data() + b.size());
    if (x < 0 || y < 0) return x == y;
    if (any_case && x < 128 && y < 128) {
      x = lower(static_cast<char>(x));
      y = lower(static_cast<char>(y));
    }
    if (x != y) return false;
  }
}

} // namespace detail

constexpr parameter uri_components::find(std::string_view name) const {
  for (parameter const& p : *this)
    if (detail::same_component(p.name, name, true)) return p;
  return {};
}

/// How many parameters, and how many header components, `equivalent` compares. Comparing is
/// quadratic in their number; URIs with more of them are equivalent only if they are identical.
inline constexpr std::size_t compared_uri_components = 32;

namespace detail {

constexpr bool few(uri_components const& components) {
  std::size_t n = 0;
  for (parameter const& p : components) {
    (void)p;
    if (++n > compared_uri_components) return false;
  }
  return true;
}

// "All other uri-parameters appearing in only one URI are ignored": but for these (19.1.4).
// transport is among them by "A URI omitting any component with a default value will not match a
// URI explicitly containing that component with its default value … The same is true for the
// transport-parameter".
constexpr bool must_be_in_both(std::string_view name) {
  for (std::string_view const n : {"user", "ttl", "method", "maddr", "transport"})
    if (same_component(name, n, true)) return true;
  return false;
}

constexpr bool params_match(uri_components const& a, uri_components const& b) {
  for (parameter const& p : a) {
    parameter const other = b.find(p.name);
    if (!other) {
      if (must_be_in_both(p.name)) return false;
      continue;
    }
    if (p.has_value != other.has_value || !same_component(p.value, other.value, true)) return false;
  }
  return true;
}

// Both ways, so that neither side has a component more, repeated names included. The rules of each
// header field for its value are not applied: values must be the same but for case and escapes.
constexpr bool headers_match(uri_components const& a, uri_components const& b) {
  for (parameter const& p : a) {
    bool found = false;
    for (parameter const& q : b)
      found =
          found || (same_component(p.name, q.name, true) && same_component(p.value, q.value, true));
    if (!found) return false;
  }
  return true;
}

// Digit by digit without visual separators (RFC 3966 4).
constexpr bool same_number(std::string_view a, std::string_view b) {
  auto const skip_separators = [](std::string_view s, std::size_t i) {
    while (i < s.size() && (s[i] == '-' || s[i] == '.' || s[i] == '(' || s[i] == ')')) ++i;
    return i;
  };
  std::size_t i = skip_separators(a, 0);
  std::size_t j = skip_separators(b, 0);
  while (i < a.size() && j < b.size()) {
    if (lower(a[i]) != lower(b[j])) return false;
    i = skip_separators(a, i + 1);
    j = skip_separators(b, j + 1);
  }
  return i == a.size() && j == b.size();
}

constexpr bool tel_params_match(uri_components const& a, uri_components const& b) {
  for (parameter const& p : a) {
    parameter const other = b.find(p.name);
    if (!other) return false;
    bool const is_number =
        (same_token(p.name, "phone-context") && !p.value.empty() && p.value[0] == '+') ||
        same_token(p.name, "ext");
    if (is_number ? !same_number(p.value, other.value)
                  : !same_component(p.value, other.value, true))
      return false;
  }
  return true;
}

} // namespace detail

/// Whether a URI may stand in the Request-URI, the To and the From as it is: well-formed, and
/// without what Table 1 of RFC 3261 19.1.1 has there as "not allowed", `method` and headers. "An
/// implementation MUST NOT proceed with transmitting the request" to one that forms no valid
/// request, and headers are to be honored or not "on a per-component basis" (19.1.5): by whoever
/// has the URI.
constexpr bool forms_request(std::string_view text) {
  uri_view const uri{text};
  return uri.well_formed() && uri.headers().text().empty() && !uri.all_params().has("method");
}

/// Whether two URIs are equivalent: RFC 3261 19.1.4 for sip and sips, RFC 3966 4 for tel, character
/// by character for other schemes. Not transitive, as 19.1.4 says; so this is no operator==.
constexpr bool equivalent(uri_view const& a, uri_view const& b) {
  using namespace detail;
  if (!a.well_formed() || !b.well_formed() || a.scheme() != b.scheme()) return false;
  if (a.text() == b.text()) return true;
  if (a.scheme() == uri_scheme::other)
    return same_token(a.scheme_name(), b.scheme_name()) && a.opaque() == b.opaque();
  auto const p = a.all_params();
  auto const q = b.all_params();
  if (!few(p) || !few(q) || !few(a.headers()) || !few(b.headers())) return false;
  if (a.scheme() == uri_scheme::tel)
    return same_number(a.telephone_number(), b.telephone_number()) && tel_params_match(p, q) &&
           tel_params_match(q, p);
  return same_component(a.user(), b.user(), false) && a.has_password() == b.has_password() &&
         same_component(a.password(), b.password(), false) && same_token(a.host(), b.host()) &&
         a.has_port() == b.has_port() && a.port() == b.port() && params_match(p, q) &&
         params_match(q, p) && headers_match(a.headers(), b.headers()) &&
         headers_match(b.headers(), a.headers());
}

namespace detail {

// Whether two instance-ids are the same, each without its quotes, "<urn:uuid:…>". "Equality
// comparisons are performed using the rules for URN equality that are specific to the scheme in the
// URN", and else "using the lexical equality rules defined in [RFC2141]" (RFC 5626 4.1): the
// namespace in any case, and the digits of escapes (RFC 2141 5); all of a UUID (RFC 4122 3).
constexpr bool same_instance(std::string_view a, std::string_view b) {
  if (!same_token(a, b)) return false;
  bool const is_urn = a.size() > 10 && same_name(a.data(), "<urn:", 5);
  if (is_urn && same_name(a.data() + 5, "uuid:", 5)) return true;
  for (std::size_t i = is_urn ? a.find(':', 5) : 0; i < a.size(); ++i)
    if (a[i] != b[i] && !(is_urn && (a[i - 1] == '%' || a[i - 2] == '%'))) return false;
  return true;
}

} // namespace detail

} // namespace ctsip
