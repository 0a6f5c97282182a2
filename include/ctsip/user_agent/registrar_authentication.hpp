// Who may register whom: the authentication of a registrar, and the users that it knows (RFC 3261
// 10.3 steps 3 to 5). Read digest_server.hpp before it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include <ctsip/user_agent/digest_server.hpp>

namespace ctsip {

/// What is known of who sent a REGISTER.
enum class identity : std::uint8_t {
  asserted,  ///< nobody was asked: "the registrar MAY take the From address as the asserted
             ///< identity of the originator of the request" (10.3 step 3)
  proven,    ///< the credentials are good
  unknown,   ///< no credentials, or their nonce is old or was used: to be challenged
  disproven, ///< the credentials are wrong: to be challenged
  malformed  ///< the credentials cannot be read: 400
};

/// What became of authenticating a request. The user belongs to the authentication, or to the
/// request.
struct identification {
  ctsip::identity identity{ctsip::identity::asserted};
  std::string_view user{}; ///< when proven
  bool stale{};            ///< the credentials are good but for their nonce (RFC 7616 3.3)
  /// The uri of the credentials, when proven; empty if there is none.
  std::string_view uri{};
};

/// What a registrar asks of its authentication (10.3 step 3).
///
///  * `identify(request, now)` judges the credentials of a request.
///  * `challenge(said, now, out)` writes the header fields of the 401 and says how many they are;
///    their texts hold until the next call.
///  * `confirm(said, now, out)` the same for the 200: an Authentication-Info, or nothing.
template <class A>
concept registrar_authentication = requires(A& a, message const& request, instant now,
                                            identification const& said,
                                            std::span<extra_field> out) {
  static_cast<identification>(a.identify(request, now));
  static_cast<std::size_t>(a.challenge(said, now, out));
  static_cast<std::size_t>(a.confirm(said, now, out));
};

/// Takes the From for the sender: for a network that has authenticated everybody already.
struct no_authentication {
  constexpr identification identify(message const&, instant) const { return {}; }
  constexpr std::size_t challenge(identification const&, instant, std::span<extra_field>) const {
    return 0;
  }
  constexpr std::size_t confirm(identification const&, instant, std::span<extra_field>) const {
    return 0;
  }
};

/// Authenticates by Digest (22, RFC 7616, RFC 8760). `LookUp` is the application's: it answers a
/// `digest_question` with a `digest_login`, a password or an HA1, and must outlive this.
template <hash_suite Hashes, class LookUp, std::size_t Nonces = 256>
class registrar_digest {
 public:
  /// The seed is that of a `digest_server`. With `mutual` the 200 proves that the registrar knows
  /// the secret too (Authentication-Info, RFC 7616 3.5).
  constexpr registrar_digest(hash_seed seed, digest_settings const& settings, LookUp& look_up,
                             bool mutual = false)
      : server_(seed, settings), look_up_(look_up), mutual_(mutual) {}

  constexpr identification identify(message const& request, instant now) {
    verdict_ = server_.verify(request, look_up_, now);
    identification said;
    said.stale = verdict_.wants_stale();
    switch (verdict_.outcome) {
    case digest_outcome::accepted: {
      said.identity = identity::proven;
      said.user = verdict_.username;
      std::size_t const size = verdict_.uri.copy(uri_, std::size(uri_));
      if (size > std::size(uri_))
        said.identity = identity::malformed;
      else
        said.uri = {uri_, size};
      break;
    }
    case digest_outcome::malformed: said.identity = identity::malformed; break;
    case digest_outcome::missing:
    case digest_outcome::stale:
    case digest_outcome::replayed: said.identity = identity::unknown; break;
    case digest_outcome::wrong:
    case digest_outcome::too_many:
    case digest_outcome::exempt: said.identity = identity::disproven; break;
    }
    return said;
  }

  constexpr std::size_t challenge(identification const& said, instant now,
                                  std::span<extra_field> out) {
    digest_challenges const all = server_.challenge(text_, now, said.stale);
    if (!all || all.count > out.size()) return 0;
    for (std::size_t i = 0; i < all.count; ++i) out[i] = all.fields[i];
    return all.count;
  }

  constexpr std::size_t confirm(identification const&, instant now, std::span<extra_field> out) {
    if (!mutual_ || !verdict_ || out.empty()) return 0;
    written_value const info = server_.authentication_info(text_, verdict_, {}, look_up_, now);
    if (info.text.empty()) return 0;
    out[0] = {"Authentication-Info", info.text};
    return 1;
  }

 private:
  digest_server<Hashes, Nonces> server_;
  LookUp& look_up_;
  bool mutual_;
  digest_verdict verdict_{};
  char uri_[256]{};
  char text_[1024]{};
};

/// What a registrar asks of the application (10.3 steps 4 and 5). Addresses-of-record are in the
/// canonical form, which `write_canonical` has.
///
///  * `may_register(who, aor)`: whether this user may change the bindings. Who is the user of the
///    credentials, or without authentication the canonical From.
///  * `knows(aor)`: whether it is an address-of-record of ours.
template <class U>
concept registrar_users = requires(U& users, std::string_view who, std::string_view aor) {
  static_cast<bool>(users.may_register(who, aor));
  static_cast<bool>(users.knows(aor));
};

/// Everybody is known and may change the bindings of the address-of-record that bears his name.
struct own_address_only {
  constexpr bool may_register(std::string_view who, std::string_view aor) const {
    return who == aor || (!who.empty() && who == user_of(aor));
  }
  constexpr bool knows(std::string_view) const { return true; }

  /// The user of a canonical address-of-record; empty if there is none.
  static constexpr std::string_view user_of(std::string_view aor) {
    auto const colon = aor.find(':');
    auto const at = aor.rfind('@'); // a user may have had one, escaped
    if (colon == std::string_view::npos || at == std::string_view::npos) return {};
    return aor.substr(colon + 1, at - colon - 1);
  }
};

} // namespace ctsip
