// A transport address: an IP address and a port, in numbers and as text.
// The library opens no socket; this is what it and the caller's socket loop say to each other.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace ctsip {

/// A text of the user's that is kept as a view: a temporary string, which would be gone by the
/// first use, does not compile.
struct lasting_text : std::string_view {
  using std::string_view::string_view;
  constexpr lasting_text(std::string_view text) : std::string_view{text} {}
  template <class String>
  requires requires(String const& s) { std::string_view{s}, s.c_str(); }
  constexpr lasting_text(String const& text) : std::string_view{text} {}
  template <class String>
  requires requires(String const& s) { std::string_view{s}, s.c_str(); }
  lasting_text(String const&& text) = delete;
};

/// Where a datagram came from or goes to. IPv4 uses the first four bytes: `bytes` is what
/// `sin_addr` or `sin6_addr` holds.
struct address {
  std::uint8_t bytes[16]{};
  std::uint16_t port{}; ///< in host byte order
  bool ipv6{};

  friend constexpr bool operator==(address const&, address const&) = default;
};

/// The IP address as text, without port and brackets: what `received` of a Via holds (RFC 3261
/// 18.2.1). IPv6 in its long form, eight groups.
struct ip_text {
  char text[40]{};
  std::uint8_t length{};

  constexpr std::string_view view() const { return {text, length}; }
};

namespace detail {

constexpr int digit_of(char c, int base) {
  int const value = c >= '0' && c <= '9'   ? c - '0'
                    : c >= 'a' && c <= 'f' ? c - 'a' + 10
                    : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                           : 99;
  return value < base ? value : -1;
}

// Reads up to `most` digits; the number of digits read, 0 if there are none.
constexpr std::size_t read_group(std::string_view text, std::size_t at, int base, std::size_t most,
                                 unsigned& value) {
  std::size_t n = 0;
  value = 0;
  while (n < most && at + n < text.size() && digit_of(text[at + n], base) >= 0) {
    value =
        value * static_cast<unsigned>(base) + static_cast<unsigned>(digit_of(text[at + n], base));
    ++n;
  }
  return n;
}

constexpr bool read_ipv4(std::string_view text, std::uint8_t* out) {
  std::size_t at = 0;
  for (int i = 0; i < 4; ++i) {
    if (i && (at >= text.size() || text[at++] != '.')) return false;
    unsigned value = 0;
    std::size_t const n = read_group(text, at, 10, 3, value);
    if (n == 0 || value > 255) return false;
    out[i] = static_cast<std::uint8_t>(value);
    at += n;
  }
  return at == text.size();
}

constexpr bool read_ipv6(std::string_view text, std::uint8_t* out) {
  std::uint8_t head[16]{};
  std::size_t size = 0;
  std::size_t gap = 17; // where "::" stands, in bytes from the front
  std::size_t at = 0;
  if (text.size() >= 2 && text[0] == ':' && text[1] == ':') gap = 0, at = 2;
  while (at < text.size()) {
    if (size == 16) return false;
    if (size <= 12 && read_ipv4(text.substr(at), head + size)) {
      size += 4, at = text.size();
      break;
    }
    unsigned value = 0;
    std::size_t const n = read_group(text, at, 16, 4, value);
    if (n == 0) return false;
    head[size++] = static_cast<std::uint8_t>(value >> 8);
    head[size++] = static_cast<std::uint8_t>(value);
    at += n;
    if (at == text.size()) break;
    if (text[at++] != ':') return false;
    if (at < text.size() && text[at] == ':') {
      if (gap != 17) return false;
      gap = size, ++at;
    } else if (at == text.size()) {
      return false;
    }
  }
  if (gap == 17 ? size != 16 : size > 14) return false;
  for (std::size_t i = 0; i < 16; ++i) out[i] = 0;
  std::size_t const front = gap == 17 ? size : gap;
  for (std::size_t i = 0; i < front; ++i) out[i] = head[i];
  for (std::size_t i = front; i < size; ++i) out[16 - size + i] = head[i];
  return true;
}

} // namespace detail

/// What became of reading an address.
struct parsed_address {
  address value{};
  bool ok{};

  constexpr explicit operator bool() const { return ok; }
};

/// Reads an IP address literal; an IPv6 one with or without brackets. A host name is no address.
constexpr parsed_address parse_address(std::string_view host, std::uint16_t port) {
  parsed_address result;
  result.value.port = port;
  if (host.size() > 2 && host.front() == '[' && host.back() == ']')
    host = host.substr(1, host.size() - 2);
  result.ok = detail::read_ipv4(host, result.value.bytes);
  if (result.ok) return result;
  result.value.ipv6 = result.ok = detail::read_ipv6(host, result.value.bytes);
  if (!result.ok) result.value = {};
  return result;
}

/// The IP address as text.
constexpr ip_text to_text(address const& a) {
  ip_text out;
  auto const put = [&](char c) { out.text[out.length++] = c; };
  if (!a.ipv6) {
    for (int i = 0; i < 4; ++i) {
      if (i) put('.');
      unsigned const value = a.bytes[i];
      if (value >= 100) put(static_cast<char>('0' + value / 100));
      if (value >= 10) put(static_cast<char>('0' + value / 10 % 10));
      put(static_cast<char>('0' + value % 10));
    }
    return out;
  }
  for (int i = 0; i < 8; ++i) {
    if (i) put(':');
    unsigned const value = static_cast<unsigned>(a.bytes[2 * i] << 8 | a.bytes[2 * i + 1]);
    for (int shift = 12; shift >= 0; shift -= 4)
      if (shift == 0 || value >> shift) put("0123456789abcdef"[value >> shift & 15u]);
  }
  return out;
}

} // namespace ctsip
