// Which transaction a message belongs to: RFC 3261 17.1.3, 17.2.3, 9.2 and 8.2.2.2.
//
// What the clauses compare is condensed into a key of 128 bits by a keyed hash (SipHash-1-3), so
// that a transaction keeps 16 bytes of it whatever the length of a branch. The secret seed comes
// from the caller; without it nobody can choose messages that share a key.
#pragma once

#include <cstddef>
#include <cstdint>

#include <ctsip/vocabulary/method.hpp>
#include <ctsip/vocabulary/text.hpp>

namespace ctsip {

/// The secret of a hash table: 128 bits of the caller's randomness, chosen once per start.
struct hash_seed {
  std::uint64_t low{};
  std::uint64_t high{};
};

/// A transaction's identity, condensed.
struct transaction_key {
  std::uint64_t low{};
  std::uint64_t high{};

  friend constexpr bool operator==(transaction_key, transaction_key) = default;
};

/// The parts of a message that matching reads. The first five serve a peer that follows RFC 3261;
/// the others are read only where the branch lacks the magic cookie.
struct transaction_parts {
  text_view branch;             ///< of the top Via
  text_view sent_by_host;       ///< of the top Via
  std::uint16_t sent_by_port{}; ///< of the top Via; 0 if it has none
  ctsip::method method{};
  text_view method_name; ///< read for `method::extension` only
  text_view request_uri;
  text_view to_tag;
  text_view from_tag;
  text_view call_id;
  std::uint32_t cseq{};
  text_view top_via; ///< the whole value
};

namespace detail {

constexpr std::uint64_t load_bytes(char const* p, std::size_t n) {
  std::uint64_t word = 0;
  if (!__builtin_is_constant_evaluated() && n == 8) {
    __builtin_memcpy(&word, p, 8);
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    word = __builtin_bswap64(word);
#endif
    return word;
  }
  for (std::size_t i = 0; i < n; ++i)
    word |= static_cast<std::uint64_t>(static_cast<unsigned char>(p[i])) << (8 * i);
  return word;
}

// Eight ASCII letters to lower case at once; other bytes stay.
constexpr std::uint64_t lower_case(std::uint64_t word) {
  constexpr std::uint64_t ones = 0x0101010101010101u;
  std::uint64_t const low = word & (0x7f * ones);
  std::uint64_t const from_a = low + (0x80 - 'A') * ones;
  std::uint64_t const past_z = low + (0x7f - 'Z') * ones;
  return word | ((from_a ^ past_z) & ~word & (0x80 * ones)) >> 2;
}

class sip_hash {
 public:
  constexpr explicit sip_hash(hash_seed seed)
      : v0_(0x736f6d6570736575u ^ seed.low), v1_(0x646f72616e646f6du ^ seed.high ^ 0xee),
        v2_(0x6c7967656e657261u ^ seed.low), v3_(0x7465646279746573u ^ seed.high) {}

  constexpr void word(std::uint64_t m) {
    v3_ ^= m;
    round();
    v0_ ^= m;
  }
  // The length closes each text, so that "ab" + "c" and "a" + "bc" differ.
  constexpr void exact(text_view t) {
    std::size_t i = 0;
    for (; i + 8 <= t.size; i += 8) word(load_bytes(t.first + i, 8));
    word(load_bytes(t.first + i, t.size - i) | static_cast<std::uint64_t>(t.size) << 56);
  }
  constexpr void any_case(text_view t) {
    std::size_t i = 0;
    for (; i + 8 <= t.size; i += 8) word(lower_case(load_bytes(t.first + i, 8)));
    word(lower_case(load_bytes(t.first + i, t.size - i)) | static_cast<std::uint64_t>(t.size)
                                                               << 56);
  }
  constexpr transaction_key finish() {
    v2_ ^= 0xee;
    round(), round(), round();
    std::uint64_t const low = v0_ ^ v1_ ^ v2_ ^ v3_;
    v1_ ^= 0xdd;
    round(), round(), round();
    return {low, v0_ ^ v1_ ^ v2_ ^ v3_};
  }

 private:
  static constexpr std::uint64_t rotate(std::uint64_t x, int n) { return x << n | x >> (64 - n); }
  constexpr void round() {
    v0_ += v1_, v1_ = rotate(v1_, 13), v1_ ^= v0_, v0_ = rotate(v0_, 32);
    v2_ += v3_, v3_ = rotate(v3_, 16), v3_ ^= v2_;
    v0_ += v3_, v3_ = rotate(v3_, 21), v3_ ^= v0_;
    v2_ += v1_, v1_ = rotate(v1_, 17), v1_ ^= v2_, v2_ = rotate(v2_, 32);
  }

  std::uint64_t v0_, v1_, v2_, v3_;
};

enum class key_space : std::uint64_t { client = 1, server, server_rfc2543, merged };

constexpr void absorb_method(sip_hash& h, key_space space, method m, text_view name) {
  h.word(static_cast<std::uint64_t>(space) << 8 | static_cast<std::uint64_t>(m));
  if (m == method::extension) h.exact(name);
}

} // namespace detail

/// Whether a branch was made by an element that follows RFC 3261: it begins with the magic cookie
/// "z9hG4bK" (8.1.1.7), and something unique follows.
constexpr bool has_magic_cookie(text_view branch) {
  constexpr std::uint64_t cookie = detail::lower_case(detail::load_bytes("z9hG4bK", 7));
  return branch.size > 7 && detail::lower_case(detail::load_bytes(branch.first, 7)) == cookie;
}

/// The key of a client transaction, of its request and of the responses to it (RFC 3261 17.1.3):
/// branch of the top Via, and method, which in a response is that of the CSeq. Tokens compare
/// without regard to case (7.3.1).
constexpr transaction_key client_key(hash_seed seed, text_view branch, method m,
                                     text_view method_name = {}) {
  detail::sip_hash h{seed};
  detail::absorb_method(h, detail::key_space::client, m, method_name);
  h.any_case(branch);
  return h.finish();
}

/// The key of a server transaction (RFC 3261 17.2.3). An ACK has the key of its INVITE.
///
/// Without the magic cookie the rules of RFC 2543 apply: Request-URI, To tag, From tag, Call-ID,
/// CSeq and top Via. The To tag of an ACK is that of the response, so for INVITE and ACK it is left
/// out of the key: whoever holds the response compares it.
constexpr transaction_key server_key(hash_seed seed, transaction_parts const& m) {
  detail::sip_hash h{seed};
  method const creator = m.method == method::ack ? method::invite : m.method;
  if (has_magic_cookie(m.branch)) {
    detail::absorb_method(h, detail::key_space::server, creator, m.method_name);
    h.any_case(m.branch);
    h.any_case(m.sent_by_host);
    h.word(m.sent_by_port);
    return h.finish();
  }
  detail::absorb_method(h, detail::key_space::server_rfc2543, creator, m.method_name);
  h.exact(m.request_uri);
  if (creator != method::invite) h.any_case(m.to_tag);
  h.any_case(m.from_tag);
  h.exact(m.call_id);
  h.word(m.cseq);
  h.exact(m.top_via);
  return h.finish();
}

/// The key of the transaction that a CANCEL is to cancel: the one it would have if its method were
/// another, which for a user agent is INVITE (RFC 3261 9.1, 9.2).
constexpr transaction_key cancelled_key(hash_seed seed, transaction_parts cancel) {
  cancel.method = method::invite;
  return server_key(seed, cancel);
}

/// The key by which a request that came twice over different paths is recognised (RFC 3261
/// 8.2.2.2): From tag, Call-ID and CSeq. Only for requests without a To tag.
constexpr transaction_key merged_key(hash_seed seed, transaction_parts const& m) {
  detail::sip_hash h{seed};
  detail::absorb_method(h, detail::key_space::merged, m.method, m.method_name);
  h.any_case(m.from_tag);
  h.exact(m.call_id);
  h.word(m.cseq);
  return h.finish();
}

} // namespace ctsip
