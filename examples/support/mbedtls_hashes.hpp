// The hashes of digest authentication, from mbedTLS (Debian libmbedtls-dev, 2.28 or 3): no heap.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include <mbedtls/md5.h>
#include <mbedtls/sha256.h>
#include <mbedtls/sha512.h>
#include <mbedtls/version.h>

#include <ctsip/message/digest.hpp>

namespace example {

namespace detail {

inline unsigned char const* bytes(std::string_view text) {
  return reinterpret_cast<unsigned char const*>(text.data());
}

} // namespace detail

// Version 3 gave the functions that return an error the names of those that did not. With the
// software implementation none of them can fail.
#if MBEDTLS_VERSION_MAJOR >= 3
#define CTSIP_MBEDTLS(name) mbedtls_##name
#else
#define CTSIP_MBEDTLS(name) mbedtls_##name##_ret
#define MBEDTLS_PRIVATE(member) member
#endif

/// MD5 (RFC 1321), for servers that know nothing better.
class md5 {
 public:
  static constexpr std::size_t size = 16;

  md5() {
    mbedtls_md5_init(&context_);
    (void)CTSIP_MBEDTLS(md5_starts)(&context_);
  }
  md5(md5 const&) = delete;
  md5& operator=(md5 const&) = delete;
  ~md5() { mbedtls_md5_free(&context_); } // overwrites what it held

  void update(std::string_view text) {
    (void)CTSIP_MBEDTLS(md5_update)(&context_, detail::bytes(text), text.size());
  }
  void finish(unsigned char* out) { (void)CTSIP_MBEDTLS(md5_finish)(&context_, out); }

 private:
  mbedtls_md5_context context_;
};

/// SHA-256 (FIPS 180-4).
class sha_256 {
 public:
  static constexpr std::size_t size = 32;

  sha_256() {
    mbedtls_sha256_init(&context_);
    (void)CTSIP_MBEDTLS(sha256_starts)(&context_, 0);
  }
  sha_256(sha_256 const&) = delete;
  sha_256& operator=(sha_256 const&) = delete;
  ~sha_256() { mbedtls_sha256_free(&context_); }

  void update(std::string_view text) {
    (void)CTSIP_MBEDTLS(sha256_update)(&context_, detail::bytes(text), text.size());
  }
  void finish(unsigned char* out) { (void)CTSIP_MBEDTLS(sha256_finish)(&context_, out); }

 private:
  mbedtls_sha256_context context_;
};

/// SHA-512/256 (FIPS 180-4 5.3.6.2, 6.7): SHA-512 from another initial value, cut to 256 bits.
/// mbedTLS has no function for it, but its context is open.
class sha_512_256 {
 public:
  static constexpr std::size_t size = 32;

  sha_512_256() {
    mbedtls_sha512_init(&context_);
    (void)CTSIP_MBEDTLS(sha512_starts)(&context_, 0);
    constexpr std::uint64_t initial[8] = {
        0x22312194fc2bf72c, 0x9f555fa3c84c64c2, 0x2393b86b6f53b151, 0x963877195940eabd,
        0x96283ee2a88effe3, 0xbe5e1e2553863992, 0x2b0199fc2c85b8aa, 0x0eb72ddc81c52ca2};
    for (std::size_t i = 0; i != 8; ++i) context_.MBEDTLS_PRIVATE(state)[i] = initial[i];
  }
  sha_512_256(sha_512_256 const&) = delete;
  sha_512_256& operator=(sha_512_256 const&) = delete;
  ~sha_512_256() { mbedtls_sha512_free(&context_); }

  void update(std::string_view text) {
    (void)CTSIP_MBEDTLS(sha512_update)(&context_, detail::bytes(text), text.size());
  }
  void finish(unsigned char* out) {
    unsigned char whole[64];
    (void)CTSIP_MBEDTLS(sha512_finish)(&context_, whole);
    for (std::size_t i = 0; i != size; ++i) out[i] = whole[i];
  }

 private:
  mbedtls_sha512_context context_;
};

#undef CTSIP_MBEDTLS
#if MBEDTLS_VERSION_MAJOR < 3
#undef MBEDTLS_PRIVATE
#endif

/// All of them, as the `Hashes` of `ctsip::digest_client` and `ctsip::digest_server`.
struct mbedtls_hashes {
  using md5 = example::md5;
  using sha_256 = example::sha_256;
  using sha_512_256 = example::sha_512_256;
};

static_assert(ctsip::hash_suite<mbedtls_hashes>);

} // namespace example
