// The side that is challenged: it remembers the challenges of 401 and 407 responses and writes the
// credentials of the requests that follow, until a server refuses them. RFC 3261 22, RFC 7616,
// RFC 8760 2.4; RFC 3310 and RFC 4169 (AKA). Read message/digest.hpp before it.
//
// One object serves the requests of one registration or one dialog: "These credentials MUST NOT be
// cached across dialogs" (22.3). Passwords are the caller's: a look-up is asked for them each time,
// and nothing of them is kept. In short:
//
//   request; 401 or 407: take(response) - if it is answerable or stale: CSeq + 1, answer(…) into
//   the extra header fields of the request again; any other final response: succeeded(response).
//
// Where a request is sent before the one before it has its final response, both want the request
// too, take(response, request): what it carried is what is judged.
#pragma once

#include <ctsip/message/digest.hpp>
#include <ctsip/user_agent/identifiers.hpp>

#include <span>
#include <string_view>
#include <type_traits>

namespace ctsip {

namespace detail {

// A token of an `identifier_source` as it is kept: the number that it is written from, in words,
// so that it fits anywhere.
class short_token {
 public:
  constexpr short_token() = default;
  constexpr explicit short_token(identifier_source& ids) {
    std::uint64_t const drawn = ids.draw();
    high_ = static_cast<std::uint32_t>(drawn >> 32);
    low_ = static_cast<std::uint32_t>(drawn);
  }
  constexpr explicit operator bool() const { return (high_ | low_) != 0; }
  constexpr identifier text() const {
    identifier out;
    if (!*this) return out;
    for (std::uint32_t const half : {high_, low_})
      for (char const c : eight_digits{half}.text) out.text[out.length++] = c;
    return out;
  }

 private:
  std::uint32_t high_{};
  std::uint32_t low_{};
};

// Whoever is asked for a login: so that the code that asks is there once for all of them.
class asked_for_login {
 public:
  virtual constexpr digest_login answer(digest_question const& q) const = 0;

 protected:
  ~asked_for_login() = default;
};
template <class LookUp>
class look_up_asked final : public asked_for_login {
 public:
  constexpr explicit look_up_asked(LookUp& look_up) : look_up_(look_up) {}
  constexpr digest_login answer(digest_question const& q) const override { return look_up_(q); }

 private:
  LookUp& look_up_;
};

} // namespace detail

/// How much a `digest_client` remembers.
struct digest_size {
  std::size_t realms = 2; ///< so many at a time, those of proxies counted
  std::size_t text = 320; ///< characters of realm, nonce and opaque together, in each
};

/// What a 401 or 407 means for the request that it answers.
enum class challenge_result : std::uint8_t {
  none,        ///< it holds no challenge
  answerable,  ///< send the request again, with what `answer` writes
  stale,       ///< the same; not the password was at fault, but the age of the nonce
  outdated,    ///< the same; a request sent since has other credentials, which are not judged yet
  rejected,    ///< do not send it again: the credentials were refused, or there is no end to it
  unsupported, ///< no challenge that can be answered: another scheme, algorithm or qop
  too_long,    ///< a challenge does not fit, or there are too many realms
  malformed    ///< no challenge is well-formed
};

/// One sentence; `""` for none.
constexpr char const* sentence(challenge_result r) noexcept {
  switch (r) {
  case challenge_result::none: return "";
  case challenge_result::answerable: return "the request can be sent again with credentials";
  case challenge_result::stale: return "the nonce was too old, the credentials are not at fault";
  case challenge_result::outdated: return "the request can be sent again as those sent since";
  case challenge_result::rejected: return "the credentials were rejected";
  case challenge_result::unsupported: return "no challenge is of a kind that can be answered";
  case challenge_result::too_long: return "the challenges are longer than what can be kept";
  case challenge_result::malformed: return "no challenge is well-formed";
  }
  return "";
}

/// What a client makes of challenges.
struct digest_policy {
  /// The algorithms that are answered. Leave out MD5 where no server needs it, as "its use is NOT
  /// RECOMMENDED" (RFC 8760 3); add AKA where there is a SIM.
  digest_algorithms algorithms = digest_algorithms::of_passwords();
  /// The strongest of a realm's algorithms rather than the topmost.
  bool strongest{};
  /// Prefer auth-int where both are offered. Elements on the way that change a body break it.
  bool auth_int{};
  /// So many challenges in a row are answered; a chain of proxies may have one each. The rules of
  /// `authentication`, by which endpoints and registrants go, have a bound of their own, which is
  /// lower than this: more than 4 are for those who use a `digest_client` by itself.
  std::uint8_t most_challenges{5};
};

/// The request that the credentials are for.
struct digest_request {
  std::string_view method; ///< as in the Request-Line
  std::string_view uri;    ///< the Request-URI
  std::string_view body{};
};

/// What an Authentication-Info proves (RFC 7616 3.5).
enum class server_proof : std::uint8_t {
  absent, ///< nothing
  right,  ///< the server knows the secret too
  wrong   ///< it does not, or somebody changed the response
};

/// Answers challenges. All of it is bounded by `Size`.
template <hash_suite Hashes, digest_size Size = digest_size{}>
class digest_client {
 public:
  static_assert(Size.realms > 0 && Size.text > 0 && Size.text <= UINT16_MAX);

  /// The header fields of one request, for the `extra` of its parts. Empty if no realm is known, or
  /// the look-up knows none of them.
  struct credentials {
    extra_field fields[Size.realms]{};
    std::size_t count{};
    write_error error{write_error::none};
    std::size_t size{}; ///< how many characters the buffer must have

    constexpr explicit operator bool() const { return error == write_error::none && count != 0; }
    constexpr std::span<extra_field const> all() const& { return {fields, count}; }
    constexpr std::span<extra_field const> all() const&& = delete; // the fields would be gone
  };

  constexpr digest_client() = default;
  constexpr explicit digest_client(digest_policy const& policy) : policy_{policy} {}

  /// Takes the challenges of a 401 or 407 to the last request that was written by `answer`, or that
  /// went without credentials. Of the challenges of one realm one is chosen: "it SHOULD use the
  /// topmost header field that it supports unless a local policy dictates otherwise. The client
  /// MUST ignore any challenge it does not understand" (RFC 8760 2.4). At most 8 that could be
  /// answered are looked at.
  constexpr challenge_result take(message const& response) { return take(response, nullptr); }
  /// The same of any request. A realm whose credentials it did not carry, while the one that was
  /// written last did, says nothing of these: its challenge is not kept, and they answer it.
  constexpr challenge_result take(message const& response, message const& request) {
    return take(response, &request);
  }

  /// Writes the credentials of one request for every realm that is known, into the buffer of the
  /// caller: after a challenge, or before one, since they "MAY" be sent unasked (22.2, 22.3). It
  /// counts as sent. `look_up(digest_question const&)` answers with a `digest_login`.
  ///
  /// Nothing is written for ACK, which repeats the credentials of its INVITE (`write_ack`), and for
  /// CANCEL, which is not challenged (22.1).
  template <class LookUp>
  constexpr credentials answer(std::span<char> buffer, digest_request const& request,
                               identifier_source& ids, LookUp&& look_up) {
    credentials const out = prepare(buffer, request, ids, look_up);
    if (is_challenged(request)) sent();
    return out;
  }
  /// The same of a request that may not be sent after all: it counts when `sent` says so, and until
  /// then what was written last is of no account.
  template <class LookUp>
  constexpr credentials prepare(std::span<char> buffer, digest_request const& request,
                                identifier_source& ids, LookUp&& look_up) {
    return answer_asking(buffer, request, ids,
                         detail::look_up_asked<std::remove_reference_t<LookUp>>{look_up});
  }
  /// Tells that what `prepare` has written last is sent: "The nc value is the hexadecimal count of
  /// the number of requests (including the current request) that the client has sent with the nonce
  /// value in this request" (RFC 7616 3.4).
  constexpr void sent() {
    for (entry& e : entries_) {
      e.used = e.written;
      e.nonce_count += e.written;
    }
  }

  /// Calls `ask(digest_question const&)` with each question that `answer` would ask.
  template <class Ask>
  constexpr void each_question(Ask&& ask) const {
    for (entry const& e : entries_) {
      if (!e.is_answerable()) continue;
      aka_challenge aka;
      ask(question(e, aka));
    }
  }

  /// Whether the look-up has credentials for a realm that the last response has asked for them.
  template <class LookUp>
  constexpr bool is_known(LookUp&& look_up) const {
    for (entry const& e : entries_) {
      aka_challenge aka;
      if (e.taken && e.is_answerable() && look_up(question(e, aka))) return true;
    }
    return false;
  }

  /// What the last response has asked for credentials with: by the realm that has refused those it
  /// was given, or else by the last that `answer` would ask for. For AKA `sim` is where RAND and
  /// AUTN are kept.
  constexpr digest_question open_question(aka_challenge& sim) const {
    entry const* open = nullptr;
    for (entry const& e : entries_)
      if (e.taken && (e.refused || !(open && open->refused))) open = &e;
    return open ? question(*open, sim) : digest_question{};
  }

  /// What the Authentication-Info of a 2xx proves, to be asked before `succeeded`. The request is
  /// the one that was answered; the body is that of the response.
  template <class LookUp>
  constexpr server_proof proof(message const& response, digest_request const& request,
                               LookUp&& look_up) const {
    authentication_info_view const info{response[header::authentication_info]};
    detail::digest_params const p{info.all_params()};
    if (!p.has(param::rspauth)) return server_proof::absent;
    std::size_t const which = answered(p, nullptr);
    if (!p.well_formed() || which == Size.realms) return server_proof::wrong;
    entry const& e = entries_[which];
    // "The rspauth, cnonce, and nc parameters MUST be present" (RFC 7616 3.5); "The server SHOULD
    // use the same value for the qop parameter in the response as was sent by the client".
    quality_of_protection qop = e.qop;
    if (p.has(param::qop)) {
      auto const parsed = parse_quality_of_protection(p.token(param::qop));
      if (!parsed || qop == quality_of_protection::none) return server_proof::wrong;
      qop = parsed.value;
    }
    number const nc = detail::read_nonce_count(p.token(param::nc));
    if (e.qop != quality_of_protection::none && (!nc || *nc == 0 || *nc > e.nonce_count))
      return server_proof::wrong;
    aka_challenge aka;
    digest_question q = question(e, aka);
    q.nonce_count = e.nonce_count;
    digest_login const login = look_up(q);
    identifier const cnonce = e.cnonce.text();
    digest_parts d = parts_of(e, cnonce, login.username);
    d.qop = qop;
    d.nonce_count = *nc;
    d.uri = request.uri;
    d.body = response.body();
    digest_value const expected = digest_response<Hashes>(d, login);
    return expected && same_secret(expected.view(), p.token(param::rspauth)) ? server_proof::right
                                                                             : server_proof::wrong;
  }

  /// Tells that the last request got a final response other than 401, 407 and 403: its credentials
  /// are good. If it is a 2xx with a nextnonce, "the client SHOULD use it when constructing the
  /// Authorization header field for its next request" (RFC 7616 3.5).
  ///
  /// Not for a -sess algorithm, whose session is bound to the first nonce (3.4.2): a server that
  /// insists answers with stale (3.5).
  constexpr void succeeded(message const& response) { succeeded(response, nullptr); }
  /// The same of any request. A nextnonce that follows another nonce than the last is not used: a
  /// 2xx that is received again would bring back one that has been counted (3.4).
  constexpr void succeeded(message const& response, message const& request) {
    succeeded(response, &request);
  }

  /// Tells that the look-up has other credentials than those that were refused: "new values MUST be
  /// obtained" (RFC 7616 3.3). The last challenge can be answered with them. Returns whether there
  /// were such.
  constexpr bool renewed() {
    bool was_refused = false;
    for (entry& e : entries_) {
      was_refused = was_refused || e.refused;
      e.refused = false;
    }
    if (was_refused) end_series();
    return was_refused;
  }

  /// Tells that a request is not sent again, whatever it was answered: the challenges of the next
  /// one are counted by themselves.
  constexpr void end_series() { in_a_row_ = 0; }

  /// Forgets every challenge; `forget_proxies` those of proxies, which must not be used across
  /// dialogs (22.3).
  constexpr void forget() {
    for (entry& e : entries_) e = {};
    end_series();
  }
  constexpr void forget_proxies() {
    for (entry& e : entries_)
      if (e.proxy) e = {};
  }

  /// Whether a realm has challenged that has not refused the answer.
  constexpr bool challenged() const {
    for (entry const& e : entries_)
      if (e.alive && !e.refused) return true;
    return false;
  }
  /// Whether what was written last answers one of the challenges that were taken last.
  constexpr bool answers_last_challenge() const {
    for (entry const& e : entries_)
      if (e.taken && e.written) return true;
    return false;
  }

 private:
  using param = detail::digest_param;
  using short_size = std::conditional_t<Size.text <= UINT8_MAX, std::uint8_t, std::uint16_t>;

  // A challenge as it is kept: its texts plain, realm, opaque and nonce one behind the other, the
  // nonce last because a nextnonce replaces it.
  struct entry {
    std::uint32_t nonce_count{};  // how often the nonce was used
    detail::short_token cnonce{}; // made with the first use of the nonce
    digest_algorithm algorithm{};
    quality_of_protection qop{};
    bool alive : 1 {};
    bool proxy : 1 {};
    bool has_opaque : 1 {};
    bool has_algorithm : 1 {};
    bool userhash : 1 {};
    bool used : 1 {};           // in the last request that was sent
    bool proven : 1 {};         // the server was content with this nonce, or one it was given after
    bool refused : 1 {};        // the answer to the last challenge would be what was rejected
    bool resynchronised : 1 {}; // the last answer was an AUTS
    bool taken : 1 {};          // by the response that is being taken
    bool written : 1 {};        // into what was written last
    short_size realm_size{};
    short_size opaque_size{};
    short_size nonce_size{};
    char text[Size.text]{};

    constexpr bool is_answerable() const { return alive && !refused && nonce_count != UINT32_MAX; }
    constexpr std::size_t nonce_first() const {
      return static_cast<std::size_t>(realm_size) + opaque_size;
    }
    constexpr std::string_view realm() const { return {text, realm_size}; }
    constexpr std::string_view opaque() const { return {text + realm_size, opaque_size}; }
    constexpr std::string_view nonce() const { return {text + nonce_first(), nonce_size}; }
  };

  struct candidate {
    digest_text realm;
    digest_text opaque;
    digest_text nonce;
    digest_algorithm algorithm{};
    quality_of_protection qop{};
    bool proxy{};
    bool has_opaque{};
    bool has_algorithm{};
    bool userhash{};
    bool stale{};
  };

  // What the challenges of one response mean, each by itself.
  struct results {
    std::uint8_t bits{};

    constexpr void add(challenge_result r) { bits |= bit(r); }
    constexpr bool has(challenge_result r) const { return (bits & bit(r)) != 0; }

   private:
    static constexpr std::uint8_t bit(challenge_result r) {
      return static_cast<std::uint8_t>(1u << static_cast<unsigned>(r));
    }
  };

  struct candidates {
    candidate list[8]{};
    std::size_t count{};
    results others{}; // of those that are none
  };

  // Without a request it is the last one that is meant.
  constexpr challenge_result take(message const& response, message const* request) {
    candidates found;
    collect(found, response, header::www_authenticate);
    collect(found, response, header::proxy_authenticate);
    for (entry& e : entries_) e.taken = false;
    results all = found.others;
    for (std::size_t i = 0; i != found.count; ++i)
      if (is_chosen(found, i)) all.add(store(found.list[i], request));
    if (all.has(challenge_result::rejected)) return challenge_result::rejected;
    for (auto const which : {challenge_result::answerable, challenge_result::stale}) {
      if (!all.has(which)) continue;
      // A server that is never content must not keep us busy for ever.
      if (in_a_row_++ < policy_.most_challenges) return which;
      end_series();
      return challenge_result::rejected;
    }
    for (auto const which : {challenge_result::outdated, challenge_result::too_long,
                             challenge_result::unsupported, challenge_result::malformed})
      if (all.has(which)) return which;
    return challenge_result::none;
  }

  static constexpr bool is_printable(digest_text const& t) {
    for (std::size_t at = 0; at < t.text.size();)
      for (char const c : t.next_piece(at))
        if (detail::is_control(c)) return false;
    return true;
  }

  constexpr void collect(candidates& out, message const& response, header h) const {
    for (field const& f : response.fields(h)) {
      challenge_view const view{f.value};
      if (!view.is_digest()) {
        out.others.add(view.well_formed() ? challenge_result::unsupported
                                          : challenge_result::malformed);
        continue;
      }
      detail::digest_params const p{view.all_params()};
      auto const realm = digest_text::received(p[param::realm]);
      auto const nonce = digest_text::received(p[param::nonce]);
      auto const opaque = digest_text::received(p[param::opaque]);
      if (!p.well_formed() || realm.empty() || nonce.empty() || !is_printable(realm) ||
          !is_printable(nonce) || !is_printable(opaque)) {
        out.others.add(challenge_result::malformed);
        continue;
      }
      candidate c;
      c.realm = realm;
      c.nonce = nonce;
      c.opaque = opaque;
      c.proxy = h == header::proxy_authenticate;
      c.has_opaque = p.has(param::opaque);
      c.has_algorithm = p.has(param::algorithm);
      c.userhash = p.is_true(param::userhash);
      c.stale = p.is_true(param::stale);
      auto const algorithm = p.algorithm();
      c.algorithm = algorithm.value;
      if (!algorithm || !policy_.algorithms.has(c.algorithm) ||
          !has_hash<Hashes>(traits(c.algorithm).hash) || !choose_qop(p, c)) {
        out.others.add(challenge_result::unsupported);
        continue;
      }
      if (realm.copy(nullptr, 0) + nonce.copy(nullptr, 0) + opaque.copy(nullptr, 0) > Size.text) {
        out.others.add(challenge_result::too_long);
        continue;
      }
      if (traits(c.algorithm).aka != 0) {
        char text[Size.text]{};
        std::size_t const size = nonce.copy(text, Size.text);
        if (!read_aka_nonce({text, size})) {
          out.others.add(challenge_result::malformed);
          continue;
        }
      }
      if (out.count != sizeof out.list / sizeof *out.list) out.list[out.count++] = c;
    }
  }

  // "Unrecognized options MUST be ignored" (RFC 7616 3.3). Without a qop, "the default value is
  // "auth"", which a UAC must send (RFC 8760 2.6): but a server that challenges with MD5 and no qop
  // is older than that rule, and may be older than qop (RFC 3261 22.4).
  constexpr bool choose_qop(detail::digest_params const& p, candidate& c) const {
    if (!p.has(param::qop)) {
      auto const& t = traits(c.algorithm);
      bool const old = t.hash == digest_hash::md5 && !t.session;
      c.qop = old ? quality_of_protection::none : quality_of_protection::auth;
      return true;
    }
    comma_list const options{p.token(param::qop)};
    bool const auth = options.has("auth");
    bool const auth_int = options.has("auth-int");
    c.qop = auth_int && (policy_.auth_int || !auth) ? quality_of_protection::auth_int
                                                    : quality_of_protection::auth;
    return auth || auth_int;
  }

  // Whether the second is to be preferred to the first, which stands above it.
  constexpr bool better(digest_algorithm above, digest_algorithm below) const {
    // "A client receiving an HTTP Digest challenge with several available algorithms MUST choose
    // the strongest algorithm it understands. For example, Digest with "AKAv1-MD5" would be
    // stronger than Digest with "MD5"" (RFC 3310 5.3); "the user agent MUST choose "AKAv2" if both
    // "AKAv1" and "AKAv2" are present" (RFC 4169 4.1).
    if (traits(above).aka != traits(below).aka) return traits(below).aka > traits(above).aka;
    // The strongest comes last in the enumeration.
    return policy_.strongest && below > above;
  }

  constexpr bool is_chosen(candidates const& all, std::size_t which) const {
    candidate const& c = all.list[which];
    for (std::size_t i = 0; i != all.count; ++i) {
      candidate const& other = all.list[i];
      if (i == which || other.proxy != c.proxy || other.realm.text != c.realm.text) continue;
      if (i < which ? !better(other.algorithm, c.algorithm) : better(c.algorithm, other.algorithm))
        return false;
    }
    return true;
  }

  constexpr challenge_result store(candidate const& c, message const* request) {
    entry* e = nullptr;
    for (entry& other : entries_)
      if (other.alive && other.proxy == c.proxy && c.realm.is(other.realm())) e = &other;
    if (e && e->taken) return challenge_result::none; // the same realm, spelt differently
    std::uint32_t const nc = e ? carried(*e, request) : 0;
    // What the last request carried stays until it is judged: challenges of requests that were
    // under way together would replace each other. An AUTS only asks for another nonce.
    if (request && e && nc == 0 && e->used && !e->resynchronised && e->is_answerable()) {
      e->taken = true;
      return challenge_result::outdated;
    }
    if (!e) e = place();
    if (!e) return challenge_result::too_long;

    bool const same_nonce = e->alive && c.nonce.is(e->nonce());
    // "A UAC MUST NOT re-attempt requests with the credentials that have just been rejected (though
    // the request may be retried if the nonce was stale)" (22.1); "If stale is false … the username
    // and/or password are invalid" (RFC 7616 3.3). A nonce that had served before may have become
    // invalid without the server being able to say so, when it starts anew; and an AUTS is refused
    // with the challenge that it asks for. Of requests that are under way together the count says
    // nothing of that.
    bool const has_served = e->proven || (nc > 1 && !request);
    bool const at_fault = nc != 0 && !c.stale && (same_nonce || !(has_served || e->resynchronised));
    bool const was_refused = e->refused;
    if (!same_nonce) *e = {};
    e->alive = e->taken = true;
    e->refused = at_fault || was_refused;
    e->proxy = c.proxy;
    e->algorithm = c.algorithm;
    e->qop = c.qop;
    e->has_algorithm = c.has_algorithm;
    e->has_opaque = c.has_opaque;
    e->userhash = c.userhash;
    e->used = e->written = false;
    auto const append = [e](std::size_t first, digest_text t) {
      return static_cast<short_size>(t.copy(e->text + first, Size.text - first));
    };
    e->realm_size = append(0, c.realm);
    e->opaque_size = append(e->realm_size, c.opaque);
    e->nonce_size = append(e->nonce_first(), c.nonce);
    if (e->refused) return challenge_result::rejected;
    return c.stale && nc != 0 ? challenge_result::stale : challenge_result::answerable;
  }

  // Where a challenge of another realm goes: not in the place of one that the last request was
  // answered with, or this response asks for.
  constexpr entry* place() {
    for (entry& e : entries_)
      if (!e.alive) return &e;
    for (entry& e : entries_) {
      if (e.used || e.taken) continue;
      e = {};
      return &e;
    }
    return nullptr;
  }

  static constexpr digest_question question(entry const& e, aka_challenge& aka) {
    digest_question q;
    q.realm = e.realm();
    q.algorithm = e.algorithm;
    q.proxy = e.proxy;
    q.nonce_count = e.nonce_count + 1;
    if (traits(e.algorithm).aka != 0) {
      aka = read_aka_nonce(e.nonce());
      q.rand_autn = aka.rand_autn();
    }
    return q;
  }

  static constexpr digest_parts parts_of(entry const& e, identifier const& cnonce,
                                         std::string_view username) {
    digest_parts d;
    d.algorithm = e.algorithm;
    d.qop = e.qop;
    d.username = username;
    d.realm = e.realm();
    d.nonce = e.nonce();
    d.cnonce = cnonce.view();
    return d;
  }

  constexpr credentials answer_asking(std::span<char> buffer, digest_request const& request,
                                      identifier_source& ids,
                                      detail::asked_for_login const& asked) {
    credentials out;
    if (!is_challenged(request)) return out;
    for (entry& e : entries_) {
      e.written = false;
      if (!e.is_answerable()) continue;
      std::size_t const begin = out.size < buffer.size() ? out.size : buffer.size();
      written_value w;
      if (!write(w, buffer.subspan(begin), e, request, ids, asked)) continue;
      out.size += w.size;
      if (!w && out.error == write_error::none) out.error = w.error;
      out.fields[out.count++] = {
          name(e.proxy ? header::proxy_authorization : header::authorization), w.text};
      e.written = true;
    }
    if (out.error != write_error::none) {
      out.count = 0;
      for (entry& e : entries_) e.written = false;
    }
    return out;
  }
  static constexpr bool is_challenged(digest_request const& request) {
    return request.method != "ACK" && request.method != "CANCEL";
  }

  static constexpr bool write(written_value& out, std::span<char> buffer, entry& e,
                              digest_request const& request, identifier_source& ids,
                              detail::asked_for_login const& asked) {
    aka_challenge aka;
    digest_question const q = question(e, aka);
    digest_login const login = asked.answer(q);
    if (!login) return false;
    // The same cnonce as long as the nonce is the same: of a -sess algorithm it is the
    // cnonce-prime (RFC 7616 3.4.2).
    if (!e.cnonce) e.cnonce = detail::short_token{ids};
    identifier const cnonce = e.cnonce.text();
    digest_value response;
    {
      digest_parts d = parts_of(e, cnonce, login.username);
      d.nonce_count = q.nonce_count;
      d.method = request.method;
      d.uri = request.uri;
      d.body = request.body;
      response = digest_response<Hashes>(d, login);
    }
    if (!response) return false;
    e.resynchronised = login.is == digest_login::auts;
    authorization_parts a;
    // "calculate a hash of the username after any other hash calculation" (RFC 7616 3.4.4).
    digest_value hashed;
    if (e.userhash) hashed = digest_userhash<Hashes>(e.algorithm, login.username, e.realm());
    a.username = e.userhash ? hashed.view() : login.username;
    a.userhash = e.userhash;
    a.realm = e.realm();
    a.nonce = e.nonce();
    a.uri = request.uri;
    a.response = response.view();
    a.cnonce = cnonce.view();
    a.opaque = e.opaque();
    a.has_opaque = e.has_opaque;
    a.has_algorithm = e.has_algorithm;
    a.algorithm = e.algorithm;
    a.qop = e.qop;
    a.nonce_count = q.nonce_count;
    if (login.is == digest_login::auts) a.auts = login.secret;
    out = write_authorization(buffer, a);
    return true;
  }

  constexpr void succeeded(message const& response, message const* request) {
    end_series();
    for (entry& e : entries_) {
      if (carried(e, request) == 0) continue;
      e.proven = true;
      e.resynchronised = false;
    }
    detail::digest_params const p{
        authentication_info_view{response[header::authentication_info]}.all_params()};
    if (response.status() < 200 || response.status() > 299 || !p.well_formed() ||
        !p.has(param::nextnonce))
      return;
    std::size_t const which = answered(p, request);
    if (which == Size.realms) return;
    entry& e = entries_[which];
    auto const next = digest_text::received(p[param::nextnonce]);
    if (traits(e.algorithm).session || next.empty() || next.is(e.nonce())) return;
    std::size_t const first = e.nonce_first();
    if (!is_printable(next) || next.copy(nullptr, 0) > Size.text - first) return;
    e.nonce_size = static_cast<short_size>(next.copy(e.text + first, Size.text - first));
    e.nonce_count = 0;
    e.cnonce = {};
  }

  // The nc with which a request, or without one the last, had the nonce that is known of a realm; 0
  // if it did not have it.
  static constexpr std::uint32_t carried(entry const& e, message const* request) {
    if (!request) return e.used ? e.nonce_count : 0;
    for (field const& f :
         request->fields(e.proxy ? header::proxy_authorization : header::authorization)) {
      auto const params = credentials_view{f.value}.all_params();
      if (digest_text::received(params.find("nonce").value).is(e.nonce()) &&
          digest_text::received(params.find("realm").value).is(e.realm()))
        return detail::read_nonce_count(params.find("nc").value).clipped_or(e.nonce_count);
    }
    return 0;
  }

  // Whose credentials an Authentication-Info is about: it names no realm, but the cnonce, which is
  // another for each nonce. It comes from a UAS, not a proxy (20.6).
  constexpr std::size_t answered(detail::digest_params const& p, message const* request) const {
    std::size_t only = Size.realms;
    std::size_t count = 0;
    for (std::size_t i = 0; i != Size.realms; ++i) {
      entry const& e = entries_[i];
      if (!e.alive || e.proxy || carried(e, request) == 0) continue;
      if (p.has(param::cnonce) &&
          digest_text::received(p[param::cnonce]).is(e.cnonce.text().view()))
        return i;
      only = i;
      ++count;
    }
    return count == 1 && !p.has(param::cnonce) ? only : Size.realms;
  }

  digest_policy policy_{};
  std::uint8_t in_a_row_{};
  entry entries_[Size.realms]{};
};

} // namespace ctsip
