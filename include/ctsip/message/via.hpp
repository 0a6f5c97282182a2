// One Via header field value: who sent the request, over what, and the branch that identifies its
// transaction. RFC 3261 20.42, 25.1; RFC 3581 5 (rport). Read parameters.hpp before it.
#pragma once

#include <ctsip/message/parameters.hpp>
#include <ctsip/vocabulary/transport.hpp>

namespace ctsip {

/// host [ COLON port ]. An IPv6 address keeps its brackets.
struct host_port {
  std::string_view host;
  std::uint16_t port{}; ///< 0 when there is none
  bool has_port{};
};

namespace detail {

// host: a name or address, or an IPv6reference. Returns the position after it, or null.
constexpr char const* skip_host(char const* p, char const* end) {
  char const* const first = p;
  if (p != end && *p == '[') {
    for (++p; p != end && (is_hex(*p) || *p == ':' || *p == '.'); ++p) {
    }
    return p != end && *p == ']' && p - first > 2 ? p + 1 : nullptr;
  }
  p = skip_long(p, end, host_char);
  return p == first || *first == '-' || *first == '.' ? nullptr : p;
}

// port at `p`; returns the position after it, or null when it is no number up to 65535.
constexpr char const* read_port(char const* p, char const* end, host_port& out) {
  number port;
  p = read_digits(p, end, port);
  if (!p || !port || *port > 65535) return nullptr;
  out.port = static_cast<std::uint16_t>(*port);
  out.has_port = true;
  return p;
}

} // namespace detail

/// A via-parm. The white space that RFC 3261 20.42 allows around "/" and ":" is understood.
class via_view {
 public:
  constexpr via_view() = default;

  /// Reads the first via-parm of the text: a whole header field value or one element of it.
  constexpr explicit via_view(std::string_view text) {
    char const* const end = text.data() + text.size();
    char const* const first = detail::skip_lws(text.data(), end);
    char const* const last = read(first, end);
    well_formed_ = last != nullptr;
    text_ = detail::view(first, detail::trim_right(first, last ? last : end));
  }

  /// Whether it follows the grammar. When not, what could be read is there and the rest is empty.
  constexpr bool well_formed() const { return well_formed_; }
  constexpr std::string_view text() const { return text_; }

  /// The transport; one that this library does not know counts as UDP (RFC 4475 3.1.1.10).
  constexpr ctsip::transport transport() const { return parse_transport(transport_).value; }
  constexpr bool has_known_transport() const {
    return static_cast<bool>(parse_transport(transport_));
  }
  constexpr std::string_view transport_name() const { return transport_; }
  /// protocol-name and protocol-version: "SIP" and "2.0".
  constexpr std::string_view protocol_name() const { return protocol_; }
  constexpr std::string_view protocol_version() const { return version_; }

  constexpr host_port const& sent_by() const { return sent_by_; }
  /// Empty when absent, as from an RFC 2543 element.
  constexpr std::string_view branch() const { return branch_; }
  /// Whether the branch starts with the magic cookie z9hG4bK (8.1.1.7), so that it identifies
  /// the transaction (17.2.3). Parameter values are case-insensitive (7.3.1).
  constexpr bool has_magic_cookie() const {
    return branch_.size() >= 7 && detail::same_name(branch_.data(), "z9hG4bK", 7);
  }
  constexpr std::string_view received() const { return param("received"); }
  constexpr std::string_view maddr() const { return param("maddr"); }
  /// 0 to 255.
  constexpr number ttl() const {
    number const n = read_number(param("ttl"));
    return n && *n > 255 ? number{0, number::malformed} : n;
  }
  /// Whether there is an rport parameter, with or without a value (RFC 3581 3).
  constexpr bool has_rport() const { return all_params().has("rport"); }
  /// The port that it says; absent when there is no value.
  constexpr number rport() const {
    number const n = read_number(param("rport"));
    return n && *n > 65535 ? number{0, number::malformed} : n;
  }
  constexpr std::string_view param(std::string_view name) const { return all_params()[name]; }
  constexpr parameters all_params() const { return parameters{params_}; }

 private:
  constexpr char const* read(char const* p, char const* end) {
    using namespace detail;
    char const* first = p;
    if (!for_size && end - p > 8 && same_name(p, "SIP/2.0/", 8)) {
      // What nearly every Via starts with.
      protocol_ = view(p, p + 3);
      version_ = view(p + 4, p + 7);
      p = skip_lws(p + 8, end);
    } else {
      p = skip(p, end, token_char);
      protocol_ = view(first, p);
      if (protocol_.empty() || !(p = slash(p, end))) return nullptr;
      p = skip(first = p, end, token_char);
      version_ = view(first, p);
      if (version_.empty() || !(p = slash(p, end))) return nullptr;
    }
    p = skip(first = p, end, token_char);
    transport_ = view(first, p);
    first = skip_lws(p, end);
    if (transport_.empty() || first == p) return nullptr;
    if (!(p = skip_host(first, end))) return nullptr;
    sent_by_.host = view(first, p);
    p = skip_lws(p, end);
    if (p != end && *p == ':') {
      if (!(p = read_port(skip_lws(p + 1, end), end, sent_by_))) return nullptr;
      p = skip_lws(p, end);
    }
    first = p;
    while (p != end && *p == ';') {
      parameter found;
      char const* const next = read_parameter(p + 1, end, found);
      if (!next) break;
      // The first of two parameters with the same name counts.
      if (branch_.empty() && is_name(found.name, "branch")) branch_ = found.value;
      p = next;
    }
    params_ = view(first, p);
    return p == end || *p == ',' ? p : nullptr;
  }

  static constexpr char const* slash(char const* p, char const* end) {
    p = detail::skip_lws(p, end);
    return p != end && *p == '/' ? detail::skip_lws(p + 1, end) : nullptr;
  }

  std::string_view text_, protocol_, version_, transport_;
  host_port sent_by_;
  std::string_view params_, branch_;
  bool well_formed_{};
};

/// Whether the two sent-by are the same: host without regard to case, and port (RFC 3261 17.2.3).
constexpr bool same_sent_by(via_view const& a, via_view const& b) {
  return detail::same_token(a.sent_by().host, b.sent_by().host) &&
         a.sent_by().has_port == b.sent_by().has_port && a.sent_by().port == b.sent_by().port;
}

} // namespace ctsip
