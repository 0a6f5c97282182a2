// Which transaction a message belongs to: RFC 3261 17.1.3, 17.2.3, 9.2 and 8.2.2.2.
//
// What the clauses compare is condensed into a key of 64 bits by a keyed hash (SipHash-1-3), so
// that a transaction keeps 8 bytes of it whatever the length of a branch. The secret seed comes
// from the caller; without it nobody can choose messages that share a key, and chance needs long
// for it: with 10,000 transactions alive and 10,000 messages a second, some thousand years.
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
  std::uint64_t value{};

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

constexpr std::uint64_t load_word(char const* p) {
  std::uint64_t word = 0;
  if (__builtin_is_constant_evaluated()) {
    for (int i = 7; i >= 0; --i) word = word << 8 | static_cast<unsigned char>(p[i]);
    return word;
  }
  __builtin_memcpy(&word, p, 8);
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
  word = __builtin_bswap64(word);
#endif
  return word;
}

// Characters without their case. One bit does it: of the characters of a token or a host no two
// but a letter's two cases differ in it alone (RFC 3261 25.1).
enum class letters : std::uint32_t { exactly = 0, without_case = 0x20202020u };

constexpr std::uint64_t folded(std::uint64_t word, letters l) {
  auto const half = static_cast<std::uint64_t>(l);
  return word | half << 32 | half;
}

// The last 0 to 7 bytes of a text, and above them its length. The length closes a text; as a byte,
// which a long text could imitate. So where another text follows, its whole length goes before it:
// "ab" + "c" and "a" + "bc" must differ.
constexpr std::uint64_t tail_word(text_view t, letters l) {
  std::uint64_t word = 0;
  std::size_t const rest = t.size() % 8;
  if (!for_size && rest && t.size() > 8) {
    word = load_word(t.data() + t.size() - 8) >> (64 - 8 * rest);
  } else {
    char const* const end = t.data() + t.size();
    for (std::size_t i = 1; i <= rest; ++i)
      word = word << 8 | static_cast<unsigned char>(end[-static_cast<std::ptrdiff_t>(i)]);
  }
  return (folded(word, l) & UINT64_MAX >> 8) | static_cast<std::uint64_t>(t.size()) << 56;
}

class sip_hash {
 public:
  // `purpose` keeps keys of different kinds apart.
  constexpr sip_hash(hash_seed seed, std::uint64_t purpose)
      : v0_(0x736f6d6570736575u ^ seed.low ^ purpose), v1_(0x646f72616e646f6du ^ seed.high),
        v2_(0x6c7967656e657261u ^ seed.low), v3_(0x7465646279746573u ^ seed.high) {}

  constexpr void word(std::uint64_t m) {
    v3_ ^= m;
    round();
    v0_ ^= m;
  }
  constexpr void text(text_view t, letters l) {
    for (std::size_t i = 0; i + 8 <= t.size(); i += 8) word(folded(load_word(t.data() + i), l));
    word(tail_word(t, l));
  }
  constexpr void sized(text_view t, letters l = letters::exactly) { word(t.size()), text(t, l); }
  constexpr transaction_key finish() {
    v2_ ^= 0xff;
    round(), round(), round();
    return {v0_ ^ v1_ ^ v2_ ^ v3_};
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

enum class key_space : std::uint64_t {
  server = 1,
  server_rfc2543,
  merged,
  identifier,
  stateless_tag,
  session
};

CTSIP_ONE_COPY constexpr sip_hash hash_for(hash_seed seed, key_space space, method m = {},
                                           text_view name = {}) {
  sip_hash h{seed, static_cast<std::uint64_t>(space) << 8 | static_cast<std::uint64_t>(m)};
  if (m == method::extension) h.sized(name);
  return h;
}

} // namespace detail

/// Whether a branch was made by an element that follows RFC 3261: it begins with the magic cookie
/// "z9hG4bK" (8.1.1.7), and something unique follows.
constexpr bool has_magic_cookie(text_view branch) {
  if constexpr (detail::for_size) {
    for (std::size_t i = 0; i < 7; ++i)
      if (branch.size() < 8 || (branch[i] | 0x20) != ("z9hg4bk"[i])) return false;
    return true;
  }
  constexpr std::uint64_t mask = UINT64_MAX >> 8;
  constexpr std::uint64_t cookie =
      detail::folded(detail::load_word("z9hG4bK"), detail::letters::without_case) & mask;
  return branch.size() > 7 &&
         (detail::folded(detail::load_word(branch.data()), detail::letters::without_case) & mask) ==
             cookie;
}

/// The key of a client transaction, of its request and of the responses to it (RFC 3261 17.1.3):
/// branch of the top Via, and method, which in a response is that of the CSeq. Tokens compare
/// without regard to case (7.3.1).
///
/// Every branch that is looked for was made here, 64 random bits in it, so a peer has nothing to
/// choose and a multiplication a word is mixing enough.
constexpr transaction_key client_key(hash_seed seed, text_view branch, method m,
                                     text_view method_name = {}) {
  std::uint64_t key = seed.low ^ static_cast<std::uint64_t>(m);
  auto const mix_text = [&](text_view t) {
    bool more = true;
    for (std::size_t i = 0; more; i += 8) {
      more = i + 8 <= t.size();
      key ^= more ? detail::folded(detail::load_word(t.data() + i), detail::letters::without_case)
                  : detail::tail_word(t, detail::letters::without_case);
      key *= 0x9e3779b97f4a7c15u;
      key ^= key >> 32;
    }
  };
  mix_text(branch);
  if (m == method::extension) mix_text(method_name);
  return {key};
}

/// The key of a server transaction (RFC 3261 17.2.3). An ACK has the key of its INVITE.
///
/// Without the magic cookie the rules of RFC 2543 apply: Request-URI, To tag, From tag, Call-ID,
/// CSeq and top Via. The To tag of an ACK is that of the response, so for INVITE and ACK it is left
/// out of the key: whoever holds the response compares it.
constexpr transaction_key server_key(hash_seed seed, transaction_parts const& m) {
  method const creator = m.method == method::ack ? method::invite : m.method;
  bool const follows_3261 = has_magic_cookie(m.branch);
  auto h = detail::hash_for(
      seed, follows_3261 ? detail::key_space::server : detail::key_space::server_rfc2543, creator,
      m.method_name);
  if (follows_3261) {
    h.word(static_cast<std::uint64_t>(m.branch.size()) << 16 | m.sent_by_port);
    h.text(m.branch, detail::letters::without_case);
    h.text(m.sent_by_host, detail::letters::without_case);
    return h.finish();
  }
  h.word(m.cseq);
  if (creator != method::invite) h.sized(m.to_tag, detail::letters::without_case);
  h.sized(m.from_tag, detail::letters::without_case);
  h.sized(m.request_uri);
  h.sized(m.call_id);
  h.sized(m.top_via);
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
  auto h = detail::hash_for(seed, detail::key_space::merged, m.method, m.method_name);
  h.word(static_cast<std::uint64_t>(m.from_tag.size()) << 32 | m.cseq);
  h.text(m.from_tag, detail::letters::without_case);
  h.text(m.call_id, detail::letters::exactly);
  return h.finish();
}

} // namespace ctsip
