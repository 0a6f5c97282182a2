// MD5 (RFC 1321), the hash of the digest that this example registers with. It is the user's to
// bring: many boards have one in hardware. The vectors of its appendix are checked below.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

/// A hash as `ctsip::hash_function` asks for it: fed piece by piece, for one digest.
class md5 {
 public:
  static constexpr std::size_t size = 16;

  constexpr void update(std::string_view text) {
    for (char const c : text) put(static_cast<unsigned char>(c));
  }
  constexpr void finish(unsigned char* out) {
    // A one bit and zeros up to 8 octets before the end of a block, then the length in bits, the
    // lowest octet first (RFC 1321 3.1, 3.2).
    std::uint64_t const bits = length_ * 8;
    put(0x80);
    while (length_ % 64 != 56) put(0);
    for (int i = 0; i < 8; ++i) put(static_cast<unsigned char>(bits >> 8 * i));
    for (std::size_t i = 0; i < size; ++i)
      out[i] = static_cast<unsigned char>(state_[i / 4] >> 8 * (i % 4));
  }

 private:
  // The integer parts of 2**32 * abs(sin(i)), i from 1 (3.4).
  // clang-format off
  static constexpr std::uint32_t t[64] = {
    0xd76aa478, 0xe8c7b756, 0x242070db, 0xc1bdceee,
    0xf57c0faf, 0x4787c62a, 0xa8304613, 0xfd469501,
    0x698098d8, 0x8b44f7af, 0xffff5bb1, 0x895cd7be,
    0x6b901122, 0xfd987193, 0xa679438e, 0x49b40821,
    0xf61e2562, 0xc040b340, 0x265e5a51, 0xe9b6c7aa,
    0xd62f105d, 0x02441453, 0xd8a1e681, 0xe7d3fbc8,
    0x21e1cde6, 0xc33707d6, 0xf4d50d87, 0x455a14ed,
    0xa9e3e905, 0xfcefa3f8, 0x676f02d9, 0x8d2a4c8a,
    0xfffa3942, 0x8771f681, 0x6d9d6122, 0xfde5380c,
    0xa4beea44, 0x4bdecfa9, 0xf6bb4b60, 0xbebfbc70,
    0x289b7ec6, 0xeaa127fa, 0xd4ef3085, 0x04881d05,
    0xd9d4d039, 0xe6db99e5, 0x1fa27cf8, 0xc4ac5665,
    0xf4292244, 0x432aff97, 0xab9423a7, 0xfc93a039,
    0x655b59c3, 0x8f0ccc92, 0xffeff47d, 0x85845dd1,
    0x6fa87e4f, 0xfe2ce6e0, 0xa3014314, 0x4e0811a1,
    0xf7537e82, 0xbd3af235, 0x2ad7d2bb, 0xeb86d391,
  };
  // clang-format on
  static constexpr std::uint8_t shifts[4][4] = {
      {7, 12, 17, 22}, {5, 9, 14, 20}, {4, 11, 16, 23}, {6, 10, 15, 21}};

  constexpr void put(unsigned char octet) {
    auto& word = block_[length_ % 64 / 4];
    word = word >> 8 | static_cast<std::uint32_t>(octet) << 24;
    if (++length_ % 64 == 0) mix();
  }
  // The four rounds of 3.4. What is F, G, H and I there takes another word of the block each time.
  constexpr void mix() {
    std::uint32_t a = state_[0], b = state_[1], c = state_[2], d = state_[3];
    for (unsigned i = 0; i < 64; ++i) {
      std::uint32_t f = 0;
      unsigned word = 0;
      switch (i / 16) {
      case 0: f = (b & c) | (~b & d), word = i; break;
      case 1: f = (b & d) | (c & ~d), word = 5 * i + 1; break;
      case 2: f = b ^ c ^ d, word = 3 * i + 5; break;
      default: f = c ^ (b | ~d), word = 7 * i; break;
      }
      f += a + block_[word % 16] + t[i];
      unsigned const n = shifts[i / 16][i % 4];
      a = d, d = c, c = b;
      b += f << n | f >> (32 - n);
    }
    state_[0] += a, state_[1] += b, state_[2] += c, state_[3] += d;
  }

  std::uint32_t state_[4]{0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476};
  std::uint32_t block_[16]{};
  std::uint64_t length_{};
};

namespace detail {

constexpr bool is_md5(std::string_view text, std::string_view hexadecimal) {
  md5 hash;
  unsigned char octets[md5::size]{};
  hash.update(text);
  hash.finish(octets);
  for (std::size_t i = 0; i < 2 * md5::size; ++i)
    if ("0123456789abcdef"[octets[i / 2] >> (i % 2 ? 0 : 4) & 15] != hexadecimal[i]) return false;
  return true;
}

static_assert(is_md5("", "d41d8cd98f00b204e9800998ecf8427e"));
static_assert(is_md5("a", "0cc175b9c0f1b6a831c399e269772661"));
static_assert(is_md5("abc", "900150983cd24fb0d6963f7d28e17f72"));
static_assert(is_md5("message digest", "f96b697d7cb7938d525a2f31aaf161d0"));
static_assert(is_md5("abcdefghijklmnopqrstuvwxyz", "c3fcd3d76192e4007dfb496cca67e13b"));
static_assert(is_md5("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
                     "d174ab98d277d9f5a5611c2c9f419d9f"));
static_assert(
    is_md5("12345678901234567890123456789012345678901234567890123456789012345678901234567890",
           "57edf4a22be3c955ac49da2e2107b67a"));

} // namespace detail
