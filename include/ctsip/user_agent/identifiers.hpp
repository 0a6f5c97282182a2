// Branches, tags and Call-IDs: unique across time and unpredictable (RFC 3261 8.1.1.4, 8.1.1.7,
// 19.3), made from the caller's seed by counting through a keyed hash.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include <ctsip/transaction/matching.hpp>

namespace ctsip {

/// One identifier as text: 16 hexadecimal digits, with "z9hG4bK" before them in a branch and the
/// index after them in a tag that has one.
struct identifier {
  char text[24]{};
  std::uint8_t length{};

  constexpr std::string_view view() const { return {text, length}; }
};

/// The source of identifiers. The seed must come from a cryptographic random source and be new at
/// each start: 19.3 wants 32 random bits in a tag, these have 64.
class identifier_source {
 public:
  constexpr explicit identifier_source(hash_seed seed) : seed_(seed) {}

  /// A branch, with the magic cookie (8.1.1.7).
  constexpr identifier branch() { return make("z9hG4bK", next()); }
  /// A From or To tag, or the random part of a Call-ID.
  constexpr identifier token() { return make("", next()); }
  /// A tag that also carries an index of the caller's, which `index_of` reads back.
  constexpr identifier tag(std::uint32_t index) {
    identifier out = make("", next());
    put_hex(out, index, 28);
    return out;
  }
  /// The index in a tag, or UINT32_MAX if the tag is not of that form. Anybody can send one:
  /// compare the whole tag before believing it.
  static constexpr std::uint32_t index_of(std::string_view tag) {
    if (tag.size() != 24) return UINT32_MAX;
    std::uint32_t value = 0;
    for (char const c : tag.substr(16)) {
      std::uint32_t const digit = c >= '0' && c <= '9'   ? static_cast<std::uint32_t>(c - '0')
                                  : c >= 'a' && c <= 'f' ? static_cast<std::uint32_t>(c - 'a' + 10)
                                                         : 16;
      if (digit == 16) return UINT32_MAX;
      value = value << 4 | digit;
    }
    return value;
  }
  /// 64 unpredictable bits, for a random wait.
  constexpr std::uint64_t draw() { return next(); }
  /// The To tag of a response that keeps no state: the same for the same request (8.2.7).
  constexpr identifier stateless_tag(transaction_key of) const {
    // Hashed once more: a key that peers could see would let them choose messages of one bucket.
    auto h = detail::hash_for(seed_, detail::key_space::stateless_tag);
    h.word(of.value);
    return make("", h.finish().value);
  }

 private:
  constexpr std::uint64_t next() {
    auto h = detail::hash_for(seed_, detail::key_space::identifier);
    h.word(++count_);
    return h.finish().value;
  }
  static constexpr identifier make(std::string_view prefix, std::uint64_t value) {
    identifier out;
    for (char const c : prefix) out.text[out.length++] = c;
    put_hex(out, value, 60);
    return out;
  }
  static constexpr void put_hex(identifier& out, std::uint64_t value, int first_shift) {
    for (int shift = first_shift; shift >= 0; shift -= 4)
      out.text[out.length++] = "0123456789abcdef"[(value >> shift) & 15u];
  }

  hash_seed seed_;
  std::uint64_t count_{};
};

} // namespace ctsip
