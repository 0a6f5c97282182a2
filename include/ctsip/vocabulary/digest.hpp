// The words of Digest authentication: algorithms, qualities of protection, and the hashes under
// them. RFC 7616 3.3, 3.7, 6.1; RFC 8760 2.1, 2.2, 2.7; RFC 3310 3.1 and RFC 4169 2 (AKA). Nothing
// to read before it.
#pragma once

#include <cstddef>
#include <cstdint>

namespace ctsip {

/// The unkeyed digests H() that an algorithm is built on.
enum class digest_hash : std::uint8_t { md5, sha_256, sha_512_256 };

/// The octets of a digest: 16 or 32; written in hexadecimal it has twice as many characters, "if
/// the SHA-256 or SHA-512/256 algorithm is used … 64 hexadecimal characters" (RFC 8760 2.2).
constexpr std::size_t octets(digest_hash h) noexcept { return h == digest_hash::md5 ? 16 : 32; }

/// The longest digest in octets.
inline constexpr std::size_t longest_digest = 32;

/// The value of the algorithm parameter (IANA "Hash Algorithms for HTTP Digest Authentication";
/// RFC 3310 3.1 and RFC 4169 2 for AKA).
enum class digest_algorithm : std::uint8_t {
  md5,
  md5_sess,
  sha_256,
  sha_256_sess,
  sha_512_256,
  sha_512_256_sess,
  akav1_md5,
  akav2_md5
};

/// How many algorithms there are.
inline constexpr std::size_t digest_algorithm_count = 8;

/// What is true of an algorithm.
struct digest_algorithm_traits {
  char const* name{};      ///< as on the wire: `"SHA-512-256-sess"`
  char const* reference{}; ///< the RFC that defines it
  digest_hash hash{};
  bool session{};     ///< A1 is made of the first nonce and cnonce (RFC 7616 3.4.2)
  std::uint8_t aka{}; ///< the AKA version whose answer is the password, or 0 (RFC 3310, RFC 4169)
};

namespace detail {

// In the order of `digest_algorithm`.
// clang-format off
inline constexpr digest_algorithm_traits digest_algorithm_table[digest_algorithm_count] = {
    {"MD5",              "RFC 7616", digest_hash::md5,         false, 0},
    {"MD5-sess",         "RFC 7616", digest_hash::md5,         true,  0},
    {"SHA-256",          "RFC 7616", digest_hash::sha_256,     false, 0},
    {"SHA-256-sess",     "RFC 7616", digest_hash::sha_256,     true,  0},
    {"SHA-512-256",      "RFC 7616", digest_hash::sha_512_256, false, 0},
    {"SHA-512-256-sess", "RFC 7616", digest_hash::sha_512_256, true,  0},
    {"AKAv1-MD5",        "RFC 3310", digest_hash::md5,         false, 1},
    {"AKAv2-MD5",        "RFC 4169", digest_hash::md5,         false, 2},
};
// clang-format on

// Whether `size` characters are `word` but for the case of letters.
constexpr bool is_digest_word(char const* first, std::size_t size, char const* word) noexcept {
  auto const fold = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; };
  for (std::size_t i = 0; i != size; ++i)
    if (word[i] == '\0' || fold(word[i]) != fold(first[i])) return false;
  return word[size] == '\0';
}

} // namespace detail

/// What is true of an algorithm.
constexpr digest_algorithm_traits const& traits(digest_algorithm a) noexcept {
  return detail::digest_algorithm_table[static_cast<std::size_t>(a)];
}

/// The name as the RFC writes it.
constexpr char const* name(digest_algorithm a) noexcept { return traits(a).name; }

/// What `parse_digest_algorithm` found; `value` means something only if `found`.
struct parsed_digest_algorithm {
  bool found{};
  digest_algorithm value{};

  constexpr explicit operator bool() const noexcept { return found; }
  friend constexpr bool operator==(parsed_digest_algorithm, parsed_digest_algorithm) = default;
};

/// The algorithm with that name, in any case (RFC 3261 7.3.1). "If the algorithm is not understood,
/// the challenge SHOULD be ignored" (RFC 7616 3.3).
constexpr parsed_digest_algorithm parse_digest_algorithm(char const* first,
                                                         std::size_t size) noexcept {
  for (std::size_t i = 0; i != digest_algorithm_count; ++i)
    if (detail::is_digest_word(first, size, detail::digest_algorithm_table[i].name))
      return {true, static_cast<digest_algorithm>(i)};
  return {};
}

/// The same for any text with `data()` and `size()`.
template <class Text>
requires requires(Text const& text) { parse_digest_algorithm(text.data(), text.size()); }
constexpr parsed_digest_algorithm parse_digest_algorithm(Text const& text) noexcept {
  return parse_digest_algorithm(text.data(), text.size());
}

/// A set of algorithms.
struct digest_algorithms {
  std::uint8_t bits{};

  static constexpr digest_algorithms all() noexcept { return {0xff}; }
  /// Those whose secret is a password.
  static constexpr digest_algorithms of_passwords() noexcept { return {0x3f}; }
  /// Those whose secret is the answer of a SIM.
  static constexpr digest_algorithms of_aka() noexcept { return {0xc0}; }

  constexpr bool has(digest_algorithm a) const noexcept {
    return (bits >> static_cast<unsigned>(a) & 1) != 0;
  }
  constexpr digest_algorithms with(digest_algorithm a) const noexcept {
    return {static_cast<std::uint8_t>(bits | 1u << static_cast<unsigned>(a))};
  }
  constexpr digest_algorithms without(digest_algorithm a) const noexcept {
    return {static_cast<std::uint8_t>(bits & ~(1u << static_cast<unsigned>(a)))};
  }
  friend constexpr bool operator==(digest_algorithms, digest_algorithms) = default;
};

/// The value of the qop parameter (RFC 7616 3.3); `none` where it is absent, as before RFC 2617.
enum class quality_of_protection : std::uint8_t {
  none,
  auth,    ///< authentication
  auth_int ///< authentication with integrity protection: the body is digested too
};

/// The token: `"auth"`, `"auth-int"`; empty for `none`.
constexpr char const* name(quality_of_protection q) noexcept {
  switch (q) {
  case quality_of_protection::none: return "";
  case quality_of_protection::auth: return "auth";
  case quality_of_protection::auth_int: return "auth-int";
  }
  return "";
}

/// What `parse_quality_of_protection` found; `value` means something only if `found`.
struct parsed_quality_of_protection {
  bool found{};
  quality_of_protection value{};

  constexpr explicit operator bool() const noexcept { return found; }
  friend constexpr bool operator==(parsed_quality_of_protection,
                                   parsed_quality_of_protection) = default;
};

/// The quality with that token, in any case (RFC 3261 7.3.1). "Unrecognized options MUST be
/// ignored" (RFC 7616 3.3).
constexpr parsed_quality_of_protection parse_quality_of_protection(char const* first,
                                                                   std::size_t size) noexcept {
  using enum quality_of_protection;
  if (detail::is_digest_word(first, size, name(auth))) return {true, auth};
  if (detail::is_digest_word(first, size, name(auth_int))) return {true, auth_int};
  return {};
}

/// The same for any text with `data()` and `size()`.
template <class Text>
requires requires(Text const& text) { parse_quality_of_protection(text.data(), text.size()); }
constexpr parsed_quality_of_protection parse_quality_of_protection(Text const& text) noexcept {
  return parse_quality_of_protection(text.data(), text.size());
}

} // namespace ctsip
