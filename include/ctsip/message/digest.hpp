// Digest authentication: what is computed, and the header field values that carry it. The hashes
// are the caller's. RFC 7616 3.3 to 3.5, RFC 8760, RFC 3261 22.4; RFC 3310 and RFC 4169 (AKA).
// Read vocabulary/digest.hpp and message/challenge.hpp before it.
//
// No secret is kept here: passwords come in as views, what is derived from them is overwritten
// before the function returns, and no error holds any of it.
#pragma once

#include <ctsip/message/challenge.hpp>
#include <ctsip/message/writer.hpp>
#include <ctsip/vocabulary/digest.hpp>

#include <initializer_list>
#include <span>

namespace ctsip {

/// A hash that is fed piece by piece. One object computes one digest of `size` octets.
template <class H>
concept hash_function = requires(H& h, std::string_view text, unsigned char* out) {
  H{};
  static_cast<std::size_t>(H::size);
  h.update(text);
  h.finish(out);
};

/// Stands in a `hash_suite` for a hash that there is not.
struct no_hash {};

namespace detail {

template <class H>
inline constexpr bool is_no_hash = false;
template <>
inline constexpr bool is_no_hash<no_hash> = true;

template <class H, std::size_t Size>
constexpr bool is_hash_of_size() {
  if constexpr (is_no_hash<H>)
    return true;
  else if constexpr (hash_function<H>)
    return H::size == Size;
  else
    return false;
}

} // namespace detail

/// The hashes of a user: a type that names `md5`, `sha_256` and `sha_512_256`, each a
/// `hash_function` or `no_hash`. A challenge that needs what is not there is unsupported.
template <class S>
concept hash_suite = detail::is_hash_of_size<typename S::md5, 16>() && detail::is_hash_of_size<
    typename S::sha_256, 32>() && detail::is_hash_of_size<typename S::sha_512_256, 32>();

/// Whether the suite has a hash.
template <hash_suite Hashes>
constexpr bool has_hash(digest_hash h) {
  switch (h) {
  case digest_hash::md5: return !detail::is_no_hash<typename Hashes::md5>;
  case digest_hash::sha_256: return !detail::is_no_hash<typename Hashes::sha_256>;
  case digest_hash::sha_512_256: return !detail::is_no_hash<typename Hashes::sha_512_256>;
  }
  return false;
}

/// The algorithms that a suite can compute.
template <hash_suite Hashes>
constexpr digest_algorithms algorithms_of() {
  digest_algorithms found;
  for (std::size_t i = 0; i != digest_algorithm_count; ++i) {
    auto const a = static_cast<digest_algorithm>(i);
    if (has_hash<Hashes>(traits(a).hash)) found = found.with(a);
  }
  return found;
}

/// A text that a digest is computed of or that is written as a quoted-string: plain, or the value
/// of a parameter as it was received, of which "unq(X) means the value of the quoted-string X
/// without the surrounding quotes and with quoting slashes removed" (RFC 7616 3.3).
struct digest_text {
  std::string_view text;
  bool as_received{}; ///< without its quotes, but with backslashes or folds

  constexpr digest_text() = default;
  template <class Text>
  requires requires(Text const& plain) { std::string_view{plain}; }
  constexpr digest_text(Text const& plain) : text{plain} {}
  /// The value of a parameter, with its quotes, backslashes and folds.
  static constexpr digest_text received(std::string_view value) {
    digest_text t{without_quotes(value)};
    // Where there is nothing to take out, it is plain from here on.
    if (t.text.size() != value.size())
      for (char const c : t.text) t.as_received |= c == '\\' || is_line_end(c);
    return t;
  }

  /// The piece of the plain text that begins at `at`, which is moved behind it. All of them are the
  /// plain text: `for (std::size_t at = 0; at < t.text.size();) … t.next_piece(at) …`. A fold is
  /// one SP (RFC 3261 7.3.1).
  constexpr std::string_view next_piece(std::size_t& at) const {
    if (!as_received) {
      std::size_t const from = at;
      at = text.size();
      return text.substr(from);
    }
    bool const is_quoted = is_escape(at); // its first character, which may be a backslash
    if (is_quoted) ++at;
    std::size_t end = at + is_quoted;
    while (end < text.size() && !is_escape(end) && !is_line_end(text[end])) ++end;
    // It ends before a fold by itself.
    if (end < text.size() && is_line_end(text[end])) end = text.size();
    return detail::next_unfolded(text.substr(0, end), at);
  }

  /// The plain text, at most `capacity` characters of it, and how many it has (as `unquote`).
  constexpr std::size_t copy(char* out, std::size_t capacity) const {
    std::size_t size = 0;
    for (std::size_t at = 0; at < text.size();) {
      std::string_view const piece = next_piece(at);
      if (size < capacity) piece.copy(out + size, capacity - size);
      size += piece.size();
    }
    return size;
  }
  constexpr bool empty() const { return copy(nullptr, 0) == 0; }
  /// Whether the plain text is `other`.
  constexpr bool is(std::string_view other) const {
    for (std::size_t at = 0; at < text.size();) {
      std::string_view const piece = next_piece(at);
      if (other.substr(0, piece.size()) != piece) return false;
      other.remove_prefix(piece.size());
    }
    return other.empty();
  }

 private:
  static constexpr bool is_line_end(char c) { return c == '\r' || c == '\n'; }
  // A backslash at the end quotes nothing.
  constexpr bool is_escape(std::size_t at) const {
    return text[at] == '\\' && at + 1 != text.size();
  }
};

namespace detail {

// Overwrites what was secret; the compiler must not leave it out because nobody reads it again.
inline void wipe_memory(char volatile* p, std::size_t size) {
  for (; size != 0; --size) *p++ = 0;
}
constexpr void wipe(char* p, std::size_t size) {
  if (__builtin_is_constant_evaluated()) {
    for (; size != 0; --size) *p++ = 0;
  } else {
    wipe_memory(p, size);
  }
}

// Characters that are overwritten when they go out of scope.
template <std::size_t Size>
struct secret_text {
  char text[Size]{};
  std::size_t size{};

  constexpr secret_text() = default;
  constexpr secret_text(secret_text const&) = default;
  constexpr secret_text& operator=(secret_text const&) = default;
  constexpr ~secret_text() { wipe(text, Size); }
  constexpr std::string_view view() const { return {text, size}; }
};

} // namespace detail

/// Whether two texts are equal, in a time that tells nothing of where they differ. That their
/// lengths differ is told.
constexpr bool same_secret(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  unsigned difference = 0;
  for (std::size_t i = 0; i != a.size(); ++i)
    difference |= static_cast<unsigned>(static_cast<unsigned char>(a[i] ^ b[i]));
  return difference == 0;
}

/// A digest in hexadecimal, in lower case; empty if it could not be computed.
struct digest_value {
  char text[2 * longest_digest]{};
  std::uint8_t length{};

  constexpr std::string_view view() const { return {text, length}; }
  constexpr explicit operator bool() const { return length != 0; }
};

/// What a realm asks for credentials with: given to the look-up of the caller.
struct digest_question {
  std::string_view realm{}; ///< plain
  digest_algorithm algorithm{};
  bool proxy{};                ///< of a Proxy-Authenticate or Proxy-Authorization
  std::string_view username{}; ///< on the server's side: of whom, plain
  bool username_is_hashed{};   ///< on the server's side: `username` is `digest_userhash` of it
  /// On the client's side, for AKA: the first 16 octets are RAND, the other 16 AUTN (RFC 3310 3.2).
  std::string_view rand_autn{};
  std::uint32_t
      nonce_count{}; ///< on the client's side: 1 where the nonce is used for the first time
};

/// What the look-up of the caller answers. Its texts are read before the call that asked returns.
struct digest_login {
  enum kind : std::uint8_t {
    none,     ///< there are no credentials for this
    password, ///< the password
    ha1,      ///< H( username ":" realm ":" password ) in lower-case hexadecimal
    aka,      ///< the SIM's answer RES, with IK and CK for AKAv2
    auts      ///< the SIM's answer to a sequence number that is out of range (RFC 3310 3.4)
  };

  std::string_view username; ///< plain, in UTF-8
  std::string_view secret;   ///< as `is` says; RES and AUTS are octets
  std::string_view ik;       ///< 16 octets; AKAv2 only
  std::string_view ck;       ///< 16 octets; AKAv2 only
  kind is{none};

  constexpr explicit operator bool() const { return is != none; }

  static constexpr digest_login with_password(std::string_view user, std::string_view text) {
    return {user, text, {}, {}, password};
  }
  static constexpr digest_login with_ha1(std::string_view user, std::string_view hexadecimal) {
    return {user, hexadecimal, {}, {}, ha1};
  }
  static constexpr digest_login with_aka(std::string_view user, std::string_view res,
                                         std::string_view ik = {}, std::string_view ck = {}) {
    return {user, res, ik, ck, aka};
  }
  static constexpr digest_login with_auts(std::string_view user, std::string_view octets) {
    return {user, octets, {}, {}, auts};
  }
};

/// Everything that a response is computed of, but for the secret (RFC 7616 3.4.1 to 3.4.3).
struct digest_parts {
  digest_algorithm algorithm{};
  quality_of_protection qop{};
  digest_text username; ///< as it is known, not its hash
  digest_text realm;
  digest_text nonce;
  digest_text cnonce;          ///< not with `none`
  std::uint32_t nonce_count{}; ///< not with `none`
  std::string_view method;     ///< empty for the rspauth of a response (RFC 7616 3.5)
  digest_text uri;
  std::string_view body; ///< read with `auth_int`
};

namespace detail {

constexpr char hex_digit(unsigned n) { return "0123456789abcdef"[n & 15u]; }

struct eight_digits {
  char text[8]{};
  constexpr explicit eight_digits(std::uint32_t n) {
    for (unsigned i = 0; i != 8; ++i) text[i] = hex_digit(n >> (28 - 4 * i));
  }
  constexpr std::string_view view() const { return {text, 8}; }
};

// One digest, in hexadecimal, as RFC 7616 combines them: of parts joined by colons.
template <hash_function H>
constexpr digest_value joined_digest(std::initializer_list<digest_text> parts) {
  H hash{};
  for (digest_text const& part : parts) {
    if (&part != parts.begin()) hash.update(std::string_view{":"});
    for (std::size_t at = 0; at < part.text.size();) hash.update(part.next_piece(at));
  }
  unsigned char raw[H::size]{};
  hash.finish(raw);
  digest_value out;
  for (unsigned const octet : raw) {
    out.text[out.length++] = hex_digit(octet >> 4);
    out.text[out.length++] = hex_digit(octet);
  }
  for (auto& octet : raw) octet = 0;
  return out;
}

struct secret_digest {
  digest_value value;
  constexpr ~secret_digest() { wipe(value.text, sizeof value.text); }
};

// HMAC (RFC 2104) over a hash with blocks of 64 octets, which MD5 and SHA-256 have.
template <hash_function H>
constexpr void hmac(std::span<std::string_view const> key, std::string_view data,
                    unsigned char* out) {
  constexpr std::size_t block = 64;
  secret_text<block> pad;
  std::size_t length = 0;
  for (auto const part : key) length += part.size();
  if (length > block) {
    H shortened{};
    for (auto const part : key) shortened.update(part);
    unsigned char raw[H::size]{};
    shortened.finish(raw);
    for (std::size_t i = 0; i != H::size; ++i) {
      pad.text[i] = static_cast<char>(raw[i]);
      raw[i] = 0;
    }
  } else {
    std::size_t i = 0;
    for (auto const part : key)
      for (char const c : part) pad.text[i++] = c;
  }
  unsigned char inner[H::size]{};
  for (char& c : pad.text) c = static_cast<char>(c ^ 0x36);
  {
    H h{};
    h.update(std::string_view{pad.text, block});
    h.update(data);
    h.finish(inner);
  }
  for (char& c : pad.text) c = static_cast<char>(c ^ (0x36 ^ 0x5c));
  secret_text<H::size> text;
  for (std::size_t i = 0; i != H::size; ++i) {
    text.text[i] = static_cast<char>(inner[i]);
    inner[i] = 0;
  }
  H h{};
  h.update(std::string_view{pad.text, block});
  h.update(std::string_view{text.text, H::size});
  h.finish(out);
}

// The base64 of the first three of some octets, of which there is one at least (RFC 4648 4). They
// may be secret.
struct four_base64_digits : secret_text<4> {
  constexpr explicit four_base64_digits(std::string_view octets) {
    constexpr char const* digits =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::uint32_t three = 0;
    for (std::size_t i = 0; i != 3; ++i)
      three = three << 8 | (i < octets.size() ? static_cast<unsigned char>(octets[i]) : 0u);
    for (; size != 4; ++size)
      text[size] = size <= octets.size() ? digits[three >> (18 - 6 * size) & 63u] : '=';
  }
};

// The octets of a base64 text. What follows a "=" is not read: even the example nonces of RFC 3310
// are not padded as they should be. Returns how many there are, or SIZE_MAX for another character.
constexpr std::size_t read_base64(std::string_view text, char* out, std::size_t capacity) {
  std::uint32_t bits = 0;
  unsigned count = 0;
  std::size_t size = 0;
  for (char const c : text) {
    unsigned value = 0;
    if (c >= 'A' && c <= 'Z')
      value = static_cast<unsigned>(c - 'A');
    else if (c >= 'a' && c <= 'z')
      value = static_cast<unsigned>(c - 'a') + 26;
    else if (c >= '0' && c <= '9')
      value = static_cast<unsigned>(c - '0') + 52;
    else if (c == '+')
      value = 62;
    else if (c == '/')
      value = 63;
    else if (c == '=')
      break;
    else
      return SIZE_MAX;
    bits = (bits << 6 | value) & 0xffffu;
    count += 6;
    if (count >= 8) {
      count -= 8;
      if (size < capacity) out[size] = static_cast<char>(static_cast<unsigned char>(bits >> count));
      ++size;
    }
  }
  return size;
}

// "The client shall use base64 encoded parameters PRF(RES||IK||CK, "http-digest-akav2-password")
// as a "password"" (RFC 4169 2.1).
template <hash_function H>
constexpr secret_text<24> akav2_password(digest_login const& l) {
  unsigned char raw[H::size]{};
  std::string_view const key[] = {l.secret, l.ik, l.ck};
  hmac<H>(key, "http-digest-akav2-password", raw);
  secret_text<H::size> octets;
  for (auto& octet : raw) {
    octets.text[octets.size++] = static_cast<char>(octet);
    octet = 0;
  }
  secret_text<24> out;
  for (std::size_t i = 0; i < octets.size; i += 3)
    out.size += four_base64_digits{octets.view().substr(i)}.view().copy(out.text + out.size, 4);
  return out;
}

// H( unq(username) ":" unq(realm) ":" passwd ), or the empty digest where the secret does not fit
// the algorithm.
template <hash_function H>
constexpr digest_value login_digest(digest_parts const& d, digest_login const& l) {
  auto const of = [&](std::string_view passwd) {
    return joined_digest<H>({d.username, d.realm, passwd});
  };
  auto const aka = traits(d.algorithm).aka;
  switch (l.is) {
  case digest_login::none: return {};
  case digest_login::password: return aka == 0 ? of(l.secret) : digest_value{};
  case digest_login::ha1: {
    digest_value out;
    if (l.secret.size() != 2 * H::size) return out;
    for (char const c : l.secret) out.text[out.length++] = lower(c);
    return out;
  }
  // "The resulting AKA RES parameter is treated as a "password"" (RFC 3310 3.3).
  case digest_login::aka:
    if (aka == 1) return of(l.secret);
    if (aka == 2 && H::size == 16) return of(akav2_password<H>(l).view());
    return {};
  // "the client MUST calculate its credentials using an empty password" (RFC 3310 3.4).
  case digest_login::auts: return aka != 0 ? of({}) : digest_value{};
  }
  return {};
}

template <hash_function H>
constexpr digest_value digest_response(digest_parts const& d, digest_login const& l) {
  secret_digest a1{login_digest<H>(d, l)};
  if (!a1.value) return {};
  // "A1 = H( unq(username) ":" unq(realm) ":" passwd ) ":" unq(nonce-prime) ":"
  // unq(cnonce-prime)" (RFC 7616 3.4.2).
  if (traits(d.algorithm).session)
    a1.value = joined_digest<H>({a1.value.view(), d.nonce, d.cnonce});
  // "A2 = Method ":" request-uri", "If the qop value is "auth-int", then A2 is: A2 = Method ":"
  // request-uri ":" H(entity-body)" (RFC 7616 3.4.3).
  digest_value const h2 =
      d.qop == quality_of_protection::auth_int
          ? joined_digest<H>({d.method, d.uri, joined_digest<H>({d.body}).view()})
          : joined_digest<H>({d.method, d.uri});
  if (d.qop == quality_of_protection::none)
    return joined_digest<H>({a1.value.view(), d.nonce, h2.view()});
  return joined_digest<H>({a1.value.view(), d.nonce, eight_digits{d.nonce_count}.view(), d.cnonce,
                           name(d.qop), h2.view()});
}

// Calls f.template operator()<H>() with the hash of the suite; without it the digest is empty.
template <hash_suite Hashes, class F>
constexpr digest_value with_hash(digest_hash which, F const& f) {
  switch (which) {
  case digest_hash::md5:
    if constexpr (!is_no_hash<typename Hashes::md5>)
      return f.template operator()<typename Hashes::md5>();
    break;
  case digest_hash::sha_256:
    if constexpr (!is_no_hash<typename Hashes::sha_256>)
      return f.template operator()<typename Hashes::sha_256>();
    break;
  case digest_hash::sha_512_256:
    if constexpr (!is_no_hash<typename Hashes::sha_512_256>)
      return f.template operator()<typename Hashes::sha_512_256>();
    break;
  }
  return {};
}

} // namespace detail

/// The response of a request, or with an empty method the rspauth of the response to it (RFC 7616
/// 3.4.1, 3.5; for AKA RFC 3310 3.3, 3.4 and RFC 4169 2.1). Empty if the suite lacks the hash, or
/// if the secret is none for that algorithm.
template <hash_suite Hashes>
constexpr digest_value digest_response(digest_parts const& d, digest_login const& login) {
  return detail::with_hash<Hashes>(traits(d.algorithm).hash, [&]<hash_function H>() {
    return detail::digest_response<H>(d, login);
  });
}

/// H( username ":" realm ":" password ), to be kept instead of a password (RFC 7616 5.2). It is as
/// secret as the password.
template <hash_suite Hashes>
constexpr digest_value digest_ha1(digest_algorithm a, std::string_view username,
                                  std::string_view realm, std::string_view password) {
  return detail::with_hash<Hashes>(traits(a).hash, [&]<hash_function H>() {
    return detail::joined_digest<H>({username, realm, password});
  });
}

/// "username = H( unq(username) ":" unq(realm) )" (RFC 7616 3.4.4), where userhash is true.
template <hash_suite Hashes>
constexpr digest_value digest_userhash(digest_algorithm a, digest_text username,
                                       digest_text realm) {
  return detail::with_hash<Hashes>(traits(a).hash, [&]<hash_function H>() {
    return detail::joined_digest<H>({username, realm});
  });
}

/// The session keys that AKAv2 leaves to others, 16 octets each: "IK' = PRF(IK,
/// "http-digest-akav2-integritykey")", "CK' = PRF(CK, "http-digest-akav2-cipherkey")" (RFC 4169
/// 2.2). False without MD5. They are secret: the caller overwrites them.
template <hash_suite Hashes>
constexpr bool akav2_session_keys(std::string_view ik, std::string_view ck,
                                  unsigned char (&masked_ik)[16], unsigned char (&masked_ck)[16]) {
  if constexpr (detail::is_no_hash<typename Hashes::md5>) {
    return false;
  } else {
    detail::hmac<typename Hashes::md5>({&ik, 1}, "http-digest-akav2-integritykey", masked_ik);
    detail::hmac<typename Hashes::md5>({&ck, 1}, "http-digest-akav2-cipherkey", masked_ck);
    return true;
  }
}

/// What an AKA nonce carries (RFC 3310 3.2).
struct aka_challenge {
  char octets[32]{}; ///< RAND, then AUTN
  bool valid{};      ///< false if the nonce is not the base64 of at least 32 octets

  constexpr explicit operator bool() const { return valid; }
  constexpr std::string_view rand_autn() const { return {octets, 32}; }
  constexpr std::string_view rand() const { return {octets, 16}; }
  constexpr std::string_view autn() const { return {octets + 16, 16}; }
};

/// Reads "the Base64 encoding of the concatenation of the AKA authentication challenge RAND, the
/// AKA AUTN token, and optionally some server specific data" (RFC 3310 3.2).
constexpr aka_challenge read_aka_nonce(std::string_view nonce) {
  aka_challenge out;
  auto const size = detail::read_base64(nonce, out.octets, sizeof out.octets);
  out.valid = size != SIZE_MAX && size >= sizeof out.octets;
  return out;
}

/// A header field value in the buffer of the caller.
struct written_value {
  std::string_view text{}; ///< empty unless the error is `none`
  write_error error{write_error::none};
  std::size_t size{}; ///< how many characters it has; with `overflow`, how many it would need

  constexpr explicit operator bool() const { return error == write_error::none; }
};

namespace detail {

// Writes "Digest a=b, c=d". A text goes in as a token or as a quoted-string, its quotes and
// backslashes escaped and control characters refused, so that none can end the header field.
class auth_writer {
 public:
  constexpr auth_writer(std::span<char> buffer, std::string_view scheme) : buffer_{buffer} {
    put(scheme);
  }

  constexpr void quoted(char const* name, digest_text const& value) {
    begin(name);
    put('"');
    for (std::size_t at = 0; at < value.text.size();) put_escaped(value.next_piece(at));
    put('"');
  }
  constexpr void token(char const* name, std::string_view value) {
    if (!all_of(value, token_char)) refuse(write_error::forbidden_character);
    begin(name);
    put(value);
  }
  constexpr void base64(char const* name, std::string_view octets) {
    begin(name);
    put('"');
    for (std::size_t i = 0; i < octets.size(); i += 3)
      put(four_base64_digits{octets.substr(i)}.view());
    put('"');
  }
  constexpr void refuse(write_error e) {
    if (error_ == write_error::none) error_ = e;
  }
  constexpr written_value finish() const {
    auto const e = error_ != write_error::none ? error_
                   : size_ > buffer_.size()    ? write_error::overflow
                                               : write_error::none;
    if (e != write_error::none) return {{}, e, size_};
    return {{buffer_.data(), size_}, e, size_};
  }

 private:
  constexpr void begin(char const* name) {
    if (size_ != 0) put(started_ ? ", " : " ");
    started_ = true;
    put(name);
    put('=');
  }
  constexpr void put_escaped(std::string_view piece) {
    std::size_t from = 0;
    for (std::size_t i = 0; i != piece.size(); ++i) {
      if (is_control(piece[i])) refuse(write_error::forbidden_character);
      if (piece[i] != '"' && piece[i] != '\\') continue;
      put(piece.substr(from, i - from));
      put('\\');
      from = i;
    }
    put(piece.substr(from));
  }
  constexpr void put(char c) {
    if (size_ < buffer_.size()) buffer_[size_] = c;
    ++size_;
  }
  constexpr void put(char const* text) { put(std::string_view{text}); }
  constexpr void put(std::string_view text) {
    if (size_ < buffer_.size()) text.copy(buffer_.data() + size_, buffer_.size() - size_);
    size_ += text.size();
  }

  std::span<char> buffer_;
  std::size_t size_{};
  write_error error_{write_error::none};
  bool started_{};
};

} // namespace detail

/// A WWW-Authenticate or Proxy-Authenticate (RFC 7616 3.3).
struct challenge_parts {
  std::string_view realm;
  std::string_view nonce;
  std::string_view opaque; ///< left out when empty
  digest_algorithm algorithm{};
  bool auth{true}; ///< the qop-options. "A UAS MUST always send a "qop" parameter" (RFC 8760 2.6)
  bool auth_int{};
  bool stale{};
  bool userhash{};
};

/// "a sender MUST only generate the quoted string syntax values for … realm, domain, nonce, opaque,
/// and qop", "MUST NOT generate the quoted string syntax values for … stale and algorithm" (RFC
/// 7616 3.3).
constexpr written_value write_challenge(std::span<char> buffer, challenge_parts const& c) {
  detail::auth_writer w{buffer, "Digest"};
  if (c.realm.empty() || c.nonce.empty() || (!c.auth && !c.auth_int))
    w.refuse(write_error::missing_value);
  w.quoted("realm", c.realm);
  w.quoted("nonce", c.nonce);
  if (!c.opaque.empty()) w.quoted("opaque", c.opaque);
  w.token("algorithm", name(c.algorithm));
  w.quoted("qop", c.auth ? (c.auth_int ? "auth,auth-int" : "auth") : "auth-int");
  if (c.stale) w.token("stale", "true");
  if (c.userhash) w.token("userhash", "true");
  return w.finish();
}

/// An Authorization or Proxy-Authorization (RFC 7616 3.4).
struct authorization_parts {
  digest_text username; ///< its hash, where `userhash`
  digest_text realm;
  digest_text nonce;
  digest_text uri;
  std::string_view response; ///< in hexadecimal
  digest_text cnonce;
  digest_text opaque;
  bool has_opaque{};
  bool has_algorithm{}; ///< "must be those supplied in the WWW-Authenticate" (RFC 7616 3.4)
  digest_algorithm algorithm{};
  quality_of_protection qop{};
  std::uint32_t nonce_count{};
  bool userhash{};
  std::string_view auts; ///< octets; left out when empty (RFC 3310 3.4)
};

/// "a sender MUST only generate the quoted string syntax for … username, realm, nonce, uri,
/// response, cnonce, and opaque", "MUST NOT generate the quoted string syntax for … algorithm, qop,
/// and nc" (RFC 7616 3.4).
constexpr written_value write_authorization(std::span<char> buffer, authorization_parts const& a) {
  detail::auth_writer w{buffer, "Digest"};
  if (a.username.empty() || a.realm.empty() || a.uri.empty()) w.refuse(write_error::missing_value);
  w.quoted("username", a.username);
  w.quoted("realm", a.realm);
  w.quoted("nonce", a.nonce);
  w.quoted("uri", a.uri);
  w.quoted("response", a.response);
  if (a.has_algorithm) w.token("algorithm", name(a.algorithm));
  // "The cnonce-value … MUST NOT be specified if the server did not send a qop directive" (RFC 2617
  // 3.2.2).
  if (a.qop != quality_of_protection::none) w.quoted("cnonce", a.cnonce);
  if (a.has_opaque) w.quoted("opaque", a.opaque);
  if (a.qop != quality_of_protection::none) {
    w.token("qop", name(a.qop));
    w.token("nc", detail::eight_digits{a.nonce_count}.view());
  }
  if (a.userhash) w.token("userhash", "true");
  if (!a.auts.empty()) w.base64("auts", a.auts);
  return w.finish();
}

/// The Authorization of a first REGISTER in IMS, which names the user before there is a challenge:
/// nonce and response are empty, as "is allowed when the UAC has not yet received a challenge" (RFC
/// 8760 2.7).
constexpr written_value write_initial_authorization(std::span<char> buffer, digest_text username,
                                                    digest_text realm, digest_text uri) {
  authorization_parts a;
  a.username = username;
  a.realm = realm;
  a.uri = uri;
  return write_authorization(buffer, a);
}

/// An Authentication-Info (RFC 7616 3.5).
struct authentication_info_parts {
  std::string_view nextnonce; ///< left out when empty
  std::string_view rspauth;   ///< in hexadecimal; left out when empty
  quality_of_protection qop{};
  digest_text cnonce;
  std::uint32_t nonce_count{};
};

/// "The rspauth, cnonce, and nc parameters MUST be present if "qop=auth" or "qop=auth-int" is
/// specified" (RFC 7616 3.5).
constexpr written_value write_authentication_info(std::span<char> buffer,
                                                  authentication_info_parts const& a) {
  detail::auth_writer w{buffer, ""};
  if (!a.nextnonce.empty()) w.quoted("nextnonce", a.nextnonce);
  if (!a.rspauth.empty()) {
    if (a.qop != quality_of_protection::none) w.token("qop", name(a.qop));
    w.quoted("rspauth", a.rspauth);
    if (a.qop != quality_of_protection::none) {
      w.quoted("cnonce", a.cnonce);
      w.token("nc", detail::eight_digits{a.nonce_count}.view());
    }
  }
  auto const out = w.finish();
  return out.size == 0 ? written_value{{}, write_error::missing_value, 0} : out;
}

} // namespace ctsip
