// The side that challenges: nonces, challenges in order of preference, and the verification of
// credentials with replay refused. RFC 3261 22, RFC 7616, RFC 8760 2.3. Read message/digest.hpp
// before it.
//
// A challenge costs no memory: its nonce says when it was made, and a keyed hash over it that it
// was made here. Only a nonce with which somebody has proved a password takes a place in the table
// of the nonce-counts, so a flood of requests without credentials displaces nothing.
#pragma once

#include <ctsip/message/digest.hpp>
#include <ctsip/transaction/matching.hpp>
#include <ctsip/vocabulary/timer.hpp>

#include <span>
#include <string_view>

namespace ctsip {

/// The algorithms of a server, the most preferred first.
struct digest_offer {
  digest_algorithm algorithms[6]{};
  std::uint8_t count{};

  constexpr digest_offer() = default;
  template <class... More>
  requires(sizeof...(More) < 6) constexpr digest_offer(digest_algorithm first, More... more)
      : algorithms{first, more...}, count{static_cast<std::uint8_t>(1 + sizeof...(More))} {}

  constexpr bool has(digest_algorithm a) const {
    for (std::size_t i = 0; i != count; ++i)
      if (algorithms[i] == a) return true;
    return false;
  }
};

/// How a server authenticates. The realm is not copied.
struct digest_settings {
  /// "Realm strings MUST be globally unique. It is RECOMMENDED that a realm string contain a
  /// hostname or domain name" (RFC 3261 22.1).
  std::string_view realm;
  bool proxy{}; ///< Proxy-Authenticate and Proxy-Authorization, with 407
  /// "The UAS MUST add these header fields to the response in the order in which it would prefer to
  /// see them used" (RFC 8760 2.3). What the suite lacks is left out, and so is AKA, whose nonces
  /// come from elsewhere.
  digest_offer offer{digest_algorithm::sha_256, digest_algorithm::md5};
  bool auth{true};
  bool auth_int{};
  /// Credentials without a qop are taken for such with `auth`, as "SIP servers supporting RFC 2617
  /// MUST ensure they are backwards compatible with RFC 2069" (RFC 3261 22.4). They have no
  /// nonce-count, so such a nonce serves once.
  bool without_qop{true};
  bool userhash{}; ///< the look-up can find a user by the hash of the name (RFC 7616 3.4.4)
  milliseconds lifetime{300'000};
};

/// What became of the credentials of a request.
enum class digest_outcome : std::uint8_t {
  missing,   ///< none for this realm, or by an algorithm that is not offered: challenge
  malformed, ///< "the proper response is a 4xx error code" (RFC 7616 3.4): 400
  stale,     ///< the nonce is not, or no longer, valid: challenge with stale
  replayed,  ///< right, but its nonce-count was used before: challenge with stale
  wrong,     ///< the user is unknown or the response is not the right one: challenge, or 403
  too_many,  ///< more credentials for the realm than are looked at, none of the first is right
  accepted,  ///< the user is who he says
  exempt     ///< an ACK or CANCEL, which must not be challenged (RFC 3261 22.1)
};

/// One sentence; it holds nothing of the credentials.
constexpr char const* sentence(digest_outcome o) noexcept {
  switch (o) {
  case digest_outcome::missing:
    return "the request has no credentials for the realm by an algorithm that is offered";
  case digest_outcome::malformed: return "the credentials are malformed";
  case digest_outcome::stale: return "the nonce of the credentials is not valid any more";
  case digest_outcome::replayed: return "the nonce-count of the credentials was used before";
  case digest_outcome::wrong: return "the credentials are wrong";
  case digest_outcome::too_many: return "the request has too many credentials for the realm";
  case digest_outcome::accepted: return "the user is authenticated";
  case digest_outcome::exempt: return "the method must not be challenged";
  }
  return "";
}

/// The outcome, and whose credentials were judged. The views are into the request; the user name
/// may be kept in the server until its next `verify`, and where it was sent hashed, it is the text
/// that the look-up gave.
struct digest_verdict {
  digest_outcome outcome{};
  std::string_view username{}; ///< plain; only if accepted
  digest_algorithm algorithm{};
  quality_of_protection qop{};
  std::uint32_t nonce_count{};
  digest_text nonce{};
  digest_text cnonce{};
  /// The uri parameter. "A UAS MUST check if the Request-URI in the Authorization/
  /// Proxy-Authorization header field value corresponds to a user for whom the UAS is willing to
  /// accept forwarded or direct requests" (RFC 8760 2.6): that is the caller's to do.
  digest_text uri{};

  constexpr explicit operator bool() const { return outcome == digest_outcome::accepted; }
  /// The nonce was at fault, not the password: "the client may wish to simply retry the request
  /// with a new encrypted response" (RFC 7616 3.3).
  constexpr bool wants_stale() const {
    return outcome == digest_outcome::stale || outcome == digest_outcome::replayed;
  }
};

/// The challenges of one response: extra header fields for the writer.
struct digest_challenges {
  extra_field fields[6]{};
  std::size_t count{};
  write_error error{write_error::none};
  std::size_t size{}; ///< how many characters the buffer must have

  constexpr explicit operator bool() const { return error == write_error::none; }
  constexpr std::span<extra_field const> all() const& { return {fields, count}; }
  constexpr std::span<extra_field const> all() const&& = delete; // the fields would be gone
};

/// Authenticates the users of one realm. `Nonces` is for how many nonces the counts are remembered
/// at a time; where one is displaced, requests with it are stale, never replayed. It should be no
/// less than how many clients answer a challenge at the same time.
///
/// The seed must come from a cryptographic random source and be new at each start: who knows it can
/// make nonces, though no response.
template <hash_suite Hashes, std::size_t Nonces = 256>
class digest_server {
 public:
  static_assert(Nonces > 0);

  constexpr digest_server(hash_seed seed, digest_settings const& settings)
      : seed_{seed}, settings_{settings} {}

  constexpr digest_settings const& settings() const { return settings_; }

  /// Writes the challenges into the buffer, one for each algorithm of the offer, with a fresh nonce
  /// that they share. They go into `response_parts::extra` of a 401, or a 407 for a proxy.
  constexpr digest_challenges challenge(std::span<char> buffer, instant now, bool stale = false) {
    digest_challenges out;
    nonce_text const nonce = make_nonce(now);
    challenge_parts c;
    c.realm = settings_.realm;
    c.nonce = nonce.view();
    c.auth = offers_auth();
    c.auth_int = settings_.auth_int;
    c.stale = stale;
    c.userhash = settings_.userhash;
    for (std::size_t i = 0; i != settings_.offer.count; ++i) {
      c.algorithm = settings_.offer.algorithms[i];
      if (!offers(c.algorithm)) continue;
      std::size_t const used = out.size < buffer.size() ? out.size : buffer.size();
      written_value const w = write_challenge(buffer.subspan(used), c);
      out.size += w.size;
      if (!w && out.error == write_error::none) out.error = w.error;
      out.fields[out.count++] = {
          name(settings_.proxy ? header::proxy_authenticate : header::www_authenticate), w.text};
    }
    if (out.count == 0) out.error = write_error::missing_value;
    if (!out) out.count = 0;
    return out;
  }

  /// Judges the credentials of a request for this realm; its method, header fields and body are
  /// read from it. `look_up(digest_question const&)` answers with a `digest_login`: a password or
  /// an HA1, or nothing.
  ///
  /// An unknown user costs as much time as a wrong password. At most 4 credentials for the realm
  /// are looked at, since each costs a few digests.
  template <class LookUp>
  constexpr digest_verdict verify(message const& request, LookUp&& look_up, instant now) {
    // "Servers MUST NOT attempt to challenge an ACK", "servers MUST NOT attempt to challenge CANCEL
    // requests" (RFC 3261 22.1).
    if (request.method() == method::ack || request.method() == method::cancel)
      return {.outcome = digest_outcome::exempt};
    digest_verdict best{.outcome = digest_outcome::missing};
    std::size_t looked_at = 0;
    header const h = settings_.proxy ? header::proxy_authorization : header::authorization;
    for (field const& f : request.fields(h)) {
      credentials_view const c{f.value};
      // "Servers MUST NOT accept credentials using the "Basic" authorization scheme" (22).
      if (!c.is_digest()) continue;
      detail::digest_params const p{c.all_params()};
      if (!c.well_formed() || !p.well_formed()) {
        prefer(best, {.outcome = digest_outcome::malformed});
        continue;
      }
      if (!text_of(p, detail::digest_param::realm).is(settings_.realm)) continue;
      // In IMS the first REGISTER has an empty nonce: it only names the user.
      if (text_of(p, detail::digest_param::nonce).empty()) continue;
      if (++looked_at > most_credentials) {
        prefer(best, {.outcome = digest_outcome::too_many});
        break;
      }
      prefer(best, judge(request, p, look_up, now));
      if (best) break;
    }
    return best;
  }

  /// Writes the Authentication-Info of the 2xx to a request that was accepted, with the rspauth
  /// that proves to the user that the server knows the secret (RFC 7616 3.5), and with `nextnonce`
  /// a nonce for the next request. The look-up is asked once more.
  template <class LookUp>
  constexpr written_value authentication_info(std::span<char> buffer,
                                              digest_verdict const& accepted,
                                              std::string_view response_body, LookUp&& look_up,
                                              instant now, bool nextnonce = false) {
    if (!accepted) return {{}, write_error::missing_value, 0};
    digest_parts d = parts_of(accepted);
    d.body = response_body;
    digest_login const login = look_up(digest_question{.realm = settings_.realm,
                                                       .algorithm = accepted.algorithm,
                                                       .proxy = settings_.proxy,
                                                       .username = accepted.username});
    digest_value const proof = digest_response<Hashes>(d, login);
    nonce_text const next = nextnonce ? make_nonce(now) : nonce_text{};
    authentication_info_parts a;
    a.nextnonce = next.view();
    a.rspauth = proof.view();
    a.qop = accepted.qop;
    a.cnonce = accepted.cnonce;
    a.nonce_count = accepted.nonce_count;
    return write_authentication_info(buffer, a);
  }

 private:
  using param = detail::digest_param;

  static constexpr std::size_t most_credentials = 4;
  static constexpr std::uint64_t low_48 = 0xffff'ffff'ffffu;

  // When it was made, in milliseconds, and which one it is, 48 bits each, and 64 bits that only who
  // has the seed can make.
  struct nonce_text {
    char text[40]{};
    std::uint8_t length{};
    constexpr std::string_view view() const { return {text, length}; }
  };

  // The counts of one nonce that were used: the highest, and which of the 31 below it, so that
  // requests that overtake each other are no replays.
  struct nonce_use {
    std::uint64_t serial{}; // 0: none
    std::uint32_t highest{};
    std::uint32_t seen{}; // bit i: highest - i
  };

  struct read_nonce {
    std::uint64_t time{};
    std::uint64_t serial{};
    bool ours{};
  };

  constexpr bool offers(digest_algorithm a) const {
    return settings_.offer.has(a) && traits(a).aka == 0 && has_hash<Hashes>(traits(a).hash);
  }
  constexpr bool offers_auth() const { return settings_.auth || !settings_.auth_int; }

  constexpr std::uint64_t code_of(std::uint64_t time, std::uint64_t serial) const {
    detail::sip_hash h{seed_, 0x6e6f'6e63'6500u}; // "nonce", apart from the keys of matching.hpp
    h.word(time);
    h.word(serial);
    h.sized(settings_.realm);
    return h.finish().value;
  }

  constexpr nonce_text make_nonce(instant now) {
    nonce_text out;
    auto const put = [&out](std::uint64_t value, int digits) {
      for (int i = digits - 1; i >= 0; --i)
        out.text[out.length++] = detail::hex_digit(static_cast<unsigned>(value >> (4 * i) & 15u));
    };
    serial_ = serial_ == low_48 ? 1 : serial_ + 1;
    auto const time = static_cast<std::uint64_t>(now.count) & low_48;
    put(time, 12);
    put(serial_, 12);
    put(code_of(time, serial_), 16);
    return out;
  }

  constexpr read_nonce parse_nonce(digest_text nonce) const {
    char text[41]{};
    if (nonce.copy(text, sizeof text) != 40) return {};
    auto const read = [&text](std::size_t first, std::size_t digits) {
      std::uint64_t value = 0;
      for (std::size_t i = first; i != first + digits; ++i)
        value = value << 4 | detail::hex_value(text[i]);
      return value;
    };
    for (std::size_t i = 0; i != 40; ++i)
      if (!detail::is_hex(text[i]) || (text[i] >= 'A' && text[i] <= 'F')) return {};
    read_nonce n{read(0, 12), read(12, 12), false};
    n.ours = n.serial != 0 && code_of(n.time, n.serial) == read(24, 16);
    return n;
  }

  constexpr bool expired(read_nonce const& n, instant now) const {
    // Modulo 2**48, so that a nonce from the future is very old.
    auto const age = (static_cast<std::uint64_t>(now.count) - n.time) & low_48;
    return settings_.lifetime.count < 0 ||
           age > static_cast<std::uint64_t>(settings_.lifetime.count);
  }

  static constexpr digest_text text_of(detail::digest_params const& p, param which) {
    return digest_text::received(p[which]);
  }

  static constexpr void prefer(digest_verdict& best, digest_verdict const& other) {
    if (static_cast<int>(other.outcome) > static_cast<int>(best.outcome)) best = other;
  }

  // What the response of credentials is computed of, but for method and body.
  constexpr digest_parts parts_of(digest_verdict const& v) const {
    digest_parts d;
    d.algorithm = v.algorithm;
    d.qop = v.qop;
    d.username = v.username;
    d.realm = settings_.realm;
    d.nonce = v.nonce;
    d.cnonce = v.cnonce;
    d.nonce_count = v.nonce_count;
    d.uri = v.uri;
    return d;
  }

  // The user name, plain: the text itself where no backslash stands in it.
  constexpr bool read_username(std::string_view value, std::string_view& out) {
    out = without_quotes(value);
    if (out.size() != value.size() && out.find_first_of("\\\r\n") != std::string_view::npos) {
      std::size_t const size = digest_text::received(value).copy(username_, sizeof username_);
      if (size > sizeof username_) return false;
      out = {username_, size};
    }
    for (char const c : out)
      if (detail::is_control(c)) return false;
    return !out.empty();
  }

  template <class LookUp>
  constexpr digest_verdict judge(message const& request, detail::digest_params const& p,
                                 LookUp&& look_up, instant now) {
    constexpr digest_verdict malformed{.outcome = digest_outcome::malformed};
    digest_verdict v;
    std::string_view username;
    // "Sending both username and username* in the same header option MUST be treated as an error"
    // (RFC 7616 3.4). That alone is not needed: a quoted-string of SIP may hold UTF-8.
    if (!p.has(param::username) || p.has(param::extended_username) || !p.has(param::uri) ||
        !p.has(param::response) || !read_username(p[param::username], username))
      return malformed;
    v.nonce = text_of(p, param::nonce);
    v.cnonce = text_of(p, param::cnonce);
    v.uri = text_of(p, param::uri);
    // The nonce comes first: what a server of another offer was content with is stale.
    read_nonce const nonce = parse_nonce(v.nonce);
    v.outcome = digest_outcome::stale;
    if (!nonce.ours || expired(nonce, now)) return v;
    nonce_use& use = uses_[nonce.serial % Nonces];
    if (use.serial > nonce.serial) return v; // displaced
    // "When a UAS receives a request from a UAC, and an acceptable Authorization header field is
    // not received, the UAS can challenge the originator to provide credentials" (RFC 8760 2.3).
    parsed_digest_algorithm const algorithm = p.algorithm();
    if (!algorithm || !offers(algorithm.value)) return {.outcome = digest_outcome::missing};
    v.algorithm = algorithm.value;
    if (!read_qop(p, v)) return malformed;

    digest_question q{.realm = settings_.realm,
                      .algorithm = v.algorithm,
                      .proxy = settings_.proxy,
                      .username = username,
                      .username_is_hashed = p.is_true(param::userhash)};
    if (q.username_is_hashed && !settings_.userhash) return malformed;
    digest_login login = look_up(static_cast<digest_question const&>(q));
    bool const known = login.is == digest_login::password || login.is == digest_login::ha1;
    if (!known) login = digest_login::with_password(username, {});
    v.username = q.username_is_hashed ? login.username : username;
    digest_parts d = parts_of(v);
    d.method = request.method_name();
    d.body = request.body();
    digest_value const expected = digest_response<Hashes>(d, login);
    bool const same = same_secret(expected.view(), p.token(param::response));
    if (!known || !expected || !same) {
      v.outcome = digest_outcome::wrong;
      v.username = {};
      return v;
    }
    v.outcome = count(use, nonce.serial, v);
    if (!v) v.username = {};
    return v;
  }

  // "A UAS MUST be able to properly handle a "qop" parameter received in an Authorization/
  // Proxy-Authorization header field" (RFC 8760 2.6).
  constexpr bool read_qop(detail::digest_params const& p, digest_verdict& v) const {
    if (!p.has(param::qop)) {
      // "any algorithms that have a dependency on the cnonce (including "MD5-Sess") require that
      // the qop directive be sent" (RFC 3261 22.4). "If the "qop" parameter is not specified, then
      // the default value is "auth"" (RFC 8760 2.6): where that is not offered, whoever strikes the
      // qop from a challenge would have the body unprotected.
      return settings_.without_qop && offers_auth() && !traits(v.algorithm).session;
    }
    auto const qop = parse_quality_of_protection(p.token(param::qop));
    number const nc = detail::read_nonce_count(p.token(param::nc));
    v.qop = qop.value;
    v.nonce_count = *nc;
    // "Its value MUST be one of the alternatives the server indicated" (RFC 7616 3.4).
    bool const offered =
        qop.value == quality_of_protection::auth_int ? settings_.auth_int : offers_auth();
    return qop && offered && nc && *nc != 0 && p.has(param::cnonce);
  }

  // "if the same nc value is seen twice, then the request is a replay" (RFC 7616 3.4).
  static constexpr digest_outcome count(nonce_use& use, std::uint64_t serial,
                                        digest_verdict const& v) {
    bool const counted = v.qop != quality_of_protection::none;
    if (use.serial != serial) {
      use = {serial, counted ? v.nonce_count : UINT32_MAX, counted ? 1u : UINT32_MAX};
      return digest_outcome::accepted;
    }
    if (!counted) return digest_outcome::stale;
    if (v.nonce_count > use.highest) {
      std::uint32_t const step = v.nonce_count - use.highest;
      use.seen = step < 32 ? use.seen << step | 1u : 1u;
      use.highest = v.nonce_count;
      return digest_outcome::accepted;
    }
    std::uint32_t const behind = use.highest - v.nonce_count;
    if (behind >= 32 || (use.seen >> behind & 1u) != 0) return digest_outcome::replayed;
    use.seen |= 1u << behind;
    return digest_outcome::accepted;
  }

  hash_seed seed_;
  digest_settings settings_;
  std::uint64_t serial_{};
  nonce_use uses_[Nonces]{};
  char username_[128]{};
};

} // namespace ctsip
