// Registrations without a socket: bytes and the time go in, datagrams and events come out, in the
// shape of `endpoint`.
//
//   registration_handle const r = agent.add(wanted, now);
//   agent.receive(bytes, source, transport, now);          // or handle_timeout(now)
//   while (agent.poll_transmit(d)) …send d.bytes to d.to…
//   while (agent.poll_event(e)) …e.kind, e.registration, e.until…
//   …wait for the next datagram, until agent.next_timeout()…
//
// A registration is that of some Contacts over one flow, with its own Call-ID and rising CSeq. It
// is refreshed before it expires, tried again after a failure, and answers challenges with what the
// look-up of the caller knows. What is sent and received, and each timer, steps the rules of
// registration/registration.hpp. RFC 3261 10.2, 22; RFC 3327, 3329, 3608, 5626 4, 5627, 7315.
// Read transaction_layer.hpp, digest_client.hpp and registration/registration.hpp before it;
// registration_handles.hpp has the same registrations as objects that have only the operations that
// are legal in their state.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include <ctsip/machine/timed_composition.hpp>
#include <ctsip/message/registration_message.hpp>
#include <ctsip/registration/registration.hpp>
#include <ctsip/user_agent/answers.hpp>
#include <ctsip/user_agent/digest_client.hpp>
#include <ctsip/user_agent/event_queue.hpp>
#include <ctsip/user_agent/transaction_layer.hpp>

namespace ctsip {

/// How much a registrant can hold. Nothing is allocated beyond it.
struct registrant_size {
  std::size_t registrations{1}; ///< at a time: addresses-of-record times flows
  std::size_t transactions{4};  ///< at a time; each lives up to T4 after its end
  std::size_t message{1300};    ///< bytes of the longest message (RFC 3261 18.1.1)
  /// Characters of all texts together that a registrar gives back for a registration:
  /// Service-Route, Path, P-Associated-URI, Security-Server, GRUUs. What does not fit is left out.
  std::size_t text{1024};
  digest_size digest{}; ///< what is remembered of challenges, for each registration
};

/// Names a registration; stale once it was forgotten, and harmless then.
struct registration_handle {
  std::uint32_t index{UINT32_MAX};
  std::uint32_t generation{};

  constexpr explicit operator bool() const { return index != UINT32_MAX; }
  friend constexpr bool operator==(registration_handle, registration_handle) = default;
};

/// How far a registration is, as its user sees it. A binding that the registrar holds makes it
/// `registered`, whatever becomes of its refresh, unless that needs credentials.
enum class registration_status : std::uint8_t {
  unregistered, ///< no binding, and none is asked for
  registering,  ///< a REGISTER is under way
  challenged,   ///< it needs credentials that nobody has given: `authorize`
  registered,   ///< bound, until it expires
  waiting,      ///< the attempt has failed, and is made again by itself
  rejected      ///< it has failed, and to make it again would not help
};

/// The state's name.
constexpr char const* name(registration_status s) {
  switch (s) {
  case registration_status::unregistered: return "unregistered";
  case registration_status::registering: return "registering";
  case registration_status::challenged: return "challenged";
  case registration_status::registered: return "registered";
  case registration_status::waiting: return "waiting";
  case registration_status::rejected: return "rejected";
  }
  return "";
}

/// What the user learns of a registration. None of it holds anything secret.
enum class registrant_event_kind : std::uint8_t {
  registered,   ///< bound, until `until`
  refreshed,    ///< the same once more
  challenged,   ///< credentials are asked for, or those given were refused (`refused`)
  redirected,   ///< a 3xx: its Contacts are in the message
  rejected,     ///< a final response, in `status`, after which nothing is tried
  waiting,      ///< an attempt has failed, with `status` (408: no response); the next at `until`
  removed,      ///< the network has removed the binding
  expired,      ///< the binding was not refreshed in time
  unregistered, ///< the binding was removed by us, or nothing is left to be removed
  fetched,      ///< the 2xx to a `fetch`: its Contacts are in the message
  failed,       ///< a REGISTER cannot be written (513), or a fetch has failed, with `status`
  /// No pong in time, or no connection for a ping (RFC 5626 4.4.1). It is to be closed: the
  /// REGISTER that is sent at `until`, and not before the next `handle_timeout`, forms another one.
  flow_failed
};

/// The event's name.
constexpr char const* name(registrant_event_kind e) {
  switch (e) {
  case registrant_event_kind::registered: return "registered";
  case registrant_event_kind::refreshed: return "refreshed";
  case registrant_event_kind::challenged: return "challenged";
  case registrant_event_kind::redirected: return "redirected";
  case registrant_event_kind::rejected: return "rejected";
  case registrant_event_kind::waiting: return "waiting";
  case registrant_event_kind::removed: return "removed";
  case registrant_event_kind::expired: return "expired";
  case registrant_event_kind::unregistered: return "unregistered";
  case registrant_event_kind::fetched: return "fetched";
  case registrant_event_kind::failed: return "failed";
  case registrant_event_kind::flow_failed: return "flow_failed";
  }
  return "";
}

/// What an event says beside its message.
struct registrant_event_facts {
  instant until{instant::never()};
  registration_handle registration{};
  status_code status{};
  registrant_event_kind kind{};
  registration_status state{}; ///< of the registration, when it happened
  /// `challenged`, `rejected`: the credentials that were sent are not good.
  bool refused{};
};

/// An event, by value. The message is a view of the datagram that caused it: empty for a timer,
/// and not to be read after that datagram is gone.
struct registrant_event : registrant_event_facts {
  using facts = registrant_event_facts;

  ctsip::message message{};
};

/// A registration to be made. Every view must outlive it: they are read for each REGISTER.
struct outgoing_registration {
  std::string_view registrar;         ///< Request-URI, "sip:example.com" (RFC 3261 10.2)
  std::string_view address_of_record; ///< To, "sip:alice@example.com"
  std::string_view from{};            ///< empty: the address-of-record
  /// Ours, each a URI, or a name-addr with its parameters other than `expires`.
  std::span<std::string_view const> contacts{};
  std::uint32_t expires{3600};                   ///< seconds to ask for, not 0
  std::string_view instance{};                   ///< "<urn:uuid:…>" (RFC 5626 4.1)
  std::uint32_t reg_id{};                        ///< of the flow (RFC 5626 4.2.1); 0: none
  std::span<std::string_view const> route_set{}; ///< loose routes to the outbound proxy
  /// Where to send it, the best first: the others when it fails. Resolving names is the caller's
  /// (RFC 3263).
  std::span<address const> next_hops{};
  transport over{transport::udp};
  /// The private user identity and the realm of IMS: the first REGISTER has an Authorization with
  /// an empty nonce (3GPP TS 24.229 5.1.1.2).
  std::string_view private_identity{};
  std::string_view realm{};
  /// The value of Security-Client (RFC 3329); empty: no security agreement.
  std::string_view security_client{};
  std::span<extra_field const> extra{}; ///< further header fields of each REGISTER
};

/// What all registrations of a registrant go by.
struct registration_preferences {
  registration_policy policy{};
  digest_policy digest{};
  bool follow_redirections{}; ///< a 3xx is followed to its first Contact with a numeric address
  /// The longest time between two pings over a connection, where no Flow-Timer says another:
  /// "SHOULD be 120 seconds (95 seconds for the lower bound)" (RFC 5626 4.4.1).
  milliseconds ping_interval{120'000};
};

/// The pong must come within this time (RFC 5626 4.4.1).
inline constexpr milliseconds pong_timeout{10'000};

namespace detail {

// What is kept of the answers of a registrar. What stays longest comes first.
enum class answer_text : std::uint8_t {
  redirection, // the Request-URI that a 3xx has led to
  security_server,
  service_route, // from here on: of the last 2xx
  path,
  associated_uris,
  public_gruu,
  temporary_gruu,
  count
};

// These texts, one behind the other in that order.
template <std::size_t Size>
class answer_texts {
 public:
  constexpr std::string_view operator[](answer_text which) const {
    return {text_ + first_of(which), sizes_[index(which)]};
  }
  constexpr void clear(answer_text which) {
    std::size_t const size = sizes_[index(which)];
    for (std::size_t i = first_of(which) + size; i < size_; ++i) text_[i - size] = text_[i];
    size_ -= static_cast<short_size>(size);
    sizes_[index(which)] = 0;
  }
  // A list put together of the rows of a header field; empty where it does not fit.
  constexpr void keep(answer_text which, message const& m, header h) {
    clear(which);
    for (std::string_view const each : m.elements(h)) {
      if (each.empty()) continue;
      bool const is_first = sizes_[index(which)] == 0;
      if ((!is_first && !append(which, ", ")) || !append(which, each)) return;
    }
  }
  // False where it does not fit.
  constexpr bool keep(answer_text which, std::string_view text) {
    clear(which);
    return append(which, text);
  }

 private:
  static_assert(Size > 0 && Size <= UINT16_MAX);
  using short_size = std::uint16_t;

  static constexpr std::size_t index(answer_text which) { return static_cast<std::size_t>(which); }
  constexpr std::size_t first_of(answer_text which) const {
    std::size_t first = 0;
    for (std::size_t i = 0; i != index(which); ++i) first += sizes_[i];
    return first;
  }
  // Behind what there is of that text, of which nothing is left where it does not fit.
  constexpr bool append(answer_text which, std::string_view more) {
    for (std::size_t at = 0; at < more.size();) {
      std::string_view const piece = next_unfolded(more, at);
      if (piece.size() > Size - size_) {
        clear(which);
        return false;
      }
      std::size_t const end = first_of(which) + sizes_[index(which)];
      for (std::size_t i = size_; i-- > end;) text_[i + piece.size()] = text_[i];
      piece.copy(text_ + end, piece.size());
      size_ += static_cast<short_size>(piece.size());
      sizes_[index(which)] += static_cast<short_size>(piece.size());
    }
    return true;
  }

  short_size sizes_[index(answer_text::count)]{};
  short_size size_{}; // of all
  char text_[Size]{};
};

// A login for one request, and what it answers: "each such protection domain has its own set of
// usernames and passwords" (22.1).
struct given_login {
  digest_login login{};
  digest_question question{};

  constexpr bool answers(digest_question const& q) const {
    return login && q.proxy == question.proxy && q.realm == question.realm;
  }
};

// Text put together for a header field that is about to be written.
class growing_text {
 public:
  constexpr explicit growing_text(std::span<char> buffer) : buffer_{buffer} {}
  growing_text(growing_text const&) = delete;
  growing_text& operator=(growing_text const&) = delete;

  constexpr growing_text& put(char const* text) { return put(std::string_view{text}); }
  constexpr growing_text& put(std::string_view text) {
    if (text.size() > buffer_.size() - size_)
      overflowed_ = true;
    else
      size_ += text.copy(buffer_.data() + size_, text.size());
    return *this;
  }
  constexpr growing_text& put(std::uint32_t n) {
    char digits[10]{};
    std::size_t first = sizeof digits;
    do digits[--first] = static_cast<char>('0' + n % 10);
    while (n /= 10);
    return put(std::string_view{digits + first, sizeof digits - first});
  }
  constexpr bool overflowed() const { return overflowed_; }
  constexpr std::size_t size() const { return size_; }
  constexpr std::string_view since(std::size_t first) const {
    return {buffer_.data() + first, size_ - first};
  }

 private:
  std::span<char> buffer_;
  std::size_t size_{};
  bool overflowed_{};
};

} // namespace detail

/// Registrations over a transaction layer of somebody else: the layer is handed in with each call.
/// `registrant` is this with a layer of its own.
///
/// `Credentials` is the application's look-up: `digest_login operator()(digest_question const&)`.
/// It is asked for each request, and must outlive this. Where it has `none`, the user is told
/// `challenged`.
///
/// Choices, where the RFCs leave one:
///  1. One REGISTER at a time is pending for a registration, a fetch too: the others are deferred.
///  2. A refresh that is due while another REGISTER is pending or waits is made by that one.
///  3. A 401 that refuses the credentials with another nonce asks for new ones: `challenged` with
///     `refused`. One with the same nonce ends the attempt: `rejected` (RFC 3261 22.1). A nonce
///     that had been good before is given up for the next one without asking anybody. Whoever then
///     asks for another attempt has put the credentials right: the look-up is asked once more.
///  4. After a 503, an error of the transport or no response the next hops are tried one after the
///     other, and once all have failed, again after the wait. Their failures are counted together.
///  5. A removal that fails is tried again until the binding has expired. That of all bindings, of
///     which it is not known when they do, is tried until it succeeds, or `remove` calls it off.
///  6. A 2xx without any Contact is of a registrar that does not tell what it has bound (10.3 has
///     it tell), and is taken for the binding that was asked for.
///  7. STUN keep-alives (RFC 5626 4.4.2) are not made here: over a datagram transport the caller
///     sends them, by `outbound` and `flow_timer`, and tells of a failure by `flow_failed`.
///  8. Registrations with the same next hop and transport are sent over one flow, which fails for
///     all of them. They wait before they form another one (4.5) if it has never brought a pong
///     though pings were due; `network_back` does not end that wait.
template <class Layer, hash_suite Hashes, class Credentials,
          registrant_size Size = registrant_size{}>
class registration_set {
 public:
  using preferences_type = registration_preferences;

  /// Owners of transactions are numbered from `first_owner`, as many as there are registrations.
  constexpr explicit registration_set(Credentials& credentials,
                                      registration_preferences const& preferences = {},
                                      std::uint32_t first_owner = 0)
      : credentials_(&credentials), preferences_(preferences), first_owner_(first_owner) {}

  /// Asks for a binding (RFC 3261 10.2.1). No handle if no place or transaction is free, if a text
  /// of it cannot stand in a message, if registrar, address-of-record or `from` is no URI that
  /// `forms_request`, if the first next hop is missing or has no port, or if the interval is 0.
  [[nodiscard]] constexpr registration_handle add(Layer& layer, outgoing_registration const& wanted,
                                                  instant now) {
    if (!forms_request(wanted.registrar) || !forms_request(wanted.address_of_record) ||
        (!wanted.from.empty() && !forms_request(wanted.from)))
      return {};
    for (record& r : records_) {
      if (r.alive || wanted.expires == 0) continue;
      begin(layer, r, wanted);
      r.goal = registration_purpose::add;
      if (send(layer, r, registration_purpose::add, now) == sending::sent) return handle_of(r);
      discard(r);
      return {};
    }
    return {};
  }
  /// The same for a registration that has no binding any more.
  constexpr sending add(Layer& layer, registration_handle h, instant now) {
    record* const r = find(h);
    if (!r || r->is_bound()) return sending::gone;
    r->goal = registration_purpose::add;
    r->wants_removal = r->needs_login = false;
    return ask(layer, *r, now);
  }

  /// Refreshes the binding before its time (10.2.4). `deferred` while another REGISTER is pending,
  /// or after a failure until it may be tried again; `gone` if there is no binding, or if it is
  /// being removed.
  constexpr sending refresh(Layer& layer, registration_handle h, instant now) {
    record* const r = find(h);
    if (!r || !r->is_bound() || r->wants_removal) return sending::gone;
    r->goal = registration_purpose::add;
    return ask(layer, *r, now);
  }

  /// Removes our Contacts (10.2.2), or with `everything` all bindings of the address-of-record
  /// (`Contact: *`). `deferred` while another REGISTER is pending or has to wait; `gone` if there
  /// is nothing to remove, which `unregistered` tells too.
  constexpr sending remove(Layer& layer, registration_handle h, instant now,
                           bool everything = false) {
    record* const r = find(h);
    if (!r) return sending::gone;
    r->goal = everything ? registration_purpose::remove_all : registration_purpose::remove;
    r->needs_login = false;
    if (!r->is_bound() && !r->pending && !everything) {
      settle(*r);
      tell(registrant_event_kind::unregistered, *r);
      (void)resume(layer, *r, now); // a fetch may have waited for what is not wanted any more
      return sending::gone;
    }
    r->wants_removal = true;
    return ask(layer, *r, now);
  }

  /// Asks which bindings there are (10.2.3): `fetched`, or `failed`. `deferred` while another
  /// REGISTER is pending, needs credentials or has to wait.
  constexpr sending fetch(Layer& layer, registration_handle h, instant now) {
    record* const r = find(h);
    if (!r) return sending::gone;
    r->wants_fetch = true;
    if (r->pending || r->needs_login || r->answers_challenge || r->again) return sending::deferred;
    renew_credentials(*r);
    auto const result = send(layer, *r, registration_purpose::fetch, now);
    if (result == sending::refused || result == sending::unwritable) r->wants_fetch = false;
    return result;
  }

  /// Answers a challenge: by the look-up, which knows the credentials by then, or with a login for
  /// this one request, such as the SIM's answer. `gone` if none is open. `full`: give it again,
  /// since no login is kept; `deferred`: it was not the login that is asked for.
  constexpr sending authorize(Layer& layer, registration_handle h, instant now,
                              digest_login const& login = {}) {
    record* const r = find(h);
    if (!r || !r->needs_login || r->pending) return sending::gone;
    given_login const given{login, r->digest.open_question(r->sim)};
    renew_credentials(*r);
    r->needs_login = false;
    auto const result = send(layer, *r, r->purpose_again(), now, given);
    if (result == sending::unwritable) {
      r->needs_login = true;
    } else if (result != sending::sent && login && !r->retry.is_never()) {
      // Whoever retries for want of a transaction would not have it any more.
      r->retry = instant::never();
      r->needs_login = true;
      return sending::full;
    }
    return result;
  }
  /// The same for a SIM that finds the sequence number out of range (RFC 3310 3.4).
  constexpr sending resynchronise(Layer& layer, registration_handle h, std::string_view username,
                                  std::string_view auts, instant now) {
    return authorize(layer, h, now, digest_login::with_auts(username, auts));
  }

  /// Forgets a registration in silence. A binding stays with the registrar until it expires.
  constexpr void forget(Layer& layer, registration_handle h) {
    record* const r = find(h);
    if (!r) return;
    if (r->pending) layer.abandon(r->transaction);
    discard(*r);
  }

  /// Tells that nothing can be sent until `network_back` (RFC 5626 4.5). Bindings are kept.
  constexpr void network_lost(Layer& layer, instant now) {
    for (record& r : records_) {
      if (!r.alive || r.offline) continue;
      r.offline = true;
      cut_off(layer, r, now);
    }
  }
  /// Tells that the network is back: whoever wants to be registered registers, over a flow formed
  /// anew.
  constexpr void network_back(Layer& layer, instant now) {
    for (record& r : records_) {
      if (!r.alive || !r.offline) continue;
      r.offline = false;
      come_back(layer, r, now);
    }
  }

  /// Tells what a NOTIFY of the reg event package says of our Contact (RFC 3680 4.7.1):
  /// `shortened`, `deactivated`, `probation`, `unregistered`, `rejected`, `expired`. Seconds: what
  /// `shortened` leaves, or after how long `probation` asks for another try (0: not said).
  constexpr void notified(Layer& layer, registration_handle h, registration_incident what,
                          std::uint32_t seconds, instant now) {
    record* const r = find(h);
    if (!r || what < registration_incident::shortened) return;
    registration_message m{what};
    m.granted = what == registration_incident::shortened ? seconds : 0;
    m.retry_after = what == registration_incident::probation ? seconds : 0;
    m.retry_after_said = m.retry_after != 0;
    step(layer, *r, m, nullptr, now);
  }

  /// Takes what the layer passes up. Returns whether it was about a registration.
  constexpr bool take(Layer& layer, arrival const& a, instant now) {
    if (a.kind == arrival_kind::transport_error && !a.transaction) { // a ping
      lose_flow(layer, a.source, a.over, now);
      return true;
    }
    if (a.owner < first_owner_ || a.owner - first_owner_ >= Size.registrations) return false;
    record& r = records_[a.owner - first_owner_];
    if (!r.alive || !r.pending || r.transaction != a.transaction) return false;
    switch (a.kind) {
    case arrival_kind::response:
      if (a.message.status() >= 200) take_response(layer, r, a.message, now);
      return true;
    case arrival_kind::timeout:
      r.pending = false;
      step(layer, r, incident(r, registration_incident::no_response), nullptr, now, 408);
      return true;
    case arrival_kind::transport_error: {
      r.pending = false;
      registration_message m{transport_error::value};
      m.cseq = r.cseq();
      step(layer, r, m, nullptr, now, 503);
      return true;
    }
    case arrival_kind::nothing:
    case arrival_kind::request:
    case arrival_kind::ack:
    case arrival_kind::ended: return true;
    }
    return true;
  }

  /// Tells that a single CRLF has come over a connection: the pong to a ping (RFC 5626 4.4.1).
  constexpr void take_pong(Layer&, address const& source, transport over, instant) {
    for (record& r : records_) {
      if (r.pong.is_never() || !r.uses_flow(source, over)) continue;
      r.pong = instant::never();
      r.had_pong = true;
    }
  }

  /// Tells that the flow has failed: its connection has ended, or over a datagram transport no STUN
  /// response has come or one with another address (RFC 5626 4.4.2). Each registration over it is
  /// told `flow_failed`, which says when it is formed anew.
  constexpr void flow_failed(Layer& layer, registration_handle h, instant now) {
    if (record const* const r = find(h)) lose_flow(layer, r->peer(), r->wanted.over, now);
  }

  /// When to call `handle_timeout`.
  constexpr instant next_timeout() const {
    instant first = instant::never();
    for (record const& r : records_)
      if (r.alive && r.next_timeout() < first) first = r.next_timeout();
    return first;
  }
  /// Fires one timer that is due. Call it while `next_timeout() <= now`.
  constexpr void handle_timeout(Layer& layer, instant now) {
    record* due = nullptr;
    for (record& r : records_)
      if (r.alive && (!due || r.next_timeout() < due->next_timeout())) due = &r;
    if (!due || now < due->next_timeout()) return;
    record& r = *due;
    if (r.rules.next_timeout() <= now)
      fire(layer, r, now);
    else if (r.retry <= now) {
      r.retry = instant::never();
      (void)resume(layer, r, now);
    } else if (r.flow_lost) {
      r.flow_lost = false;
      r.stop_pings();
      if (!r.offline) come_back(layer, r, now);
    } else if (r.pong <= now) {
      lose_flow(layer, r.peer(), r.wanted.over, now);
    } else {
      // "The client periodically sends a double-CRLF (the "ping") then waits to receive a single
      // CRLF (the "pong")." (RFC 5626 3.5.1)
      layer.send_directly("\r\n\r\n", r.peer(), r.wanted.over);
      if (r.pong.is_never()) r.pong = now + pong_timeout;
      r.ping = instant::never();
      schedule_ping(layer, r, now);
    }
  }

  /// What the user is to know next; false if there is nothing.
  constexpr bool poll_event(registrant_event& out) { return events_.take(out); }
  /// Events that `poll_event` was not asked for in time.
  constexpr std::uint64_t untold() const { return untold_; }

  /// How far the registration is by now: further perhaps than the last event that was taken says.
  constexpr registration_status state(registration_handle h) const {
    record const* const r = find(h);
    return r ? status_of(*r) : registration_status::unregistered;
  }
  constexpr bool alive(registration_handle h) const { return find(h) != nullptr; }
  /// When the binding expires; never if there is none.
  constexpr instant until(registration_handle h) const {
    record const* const r = find(h);
    return r && r->is_bound() ? r->until : instant::never();
  }
  /// What is asked for where the state is `challenged`: realm, algorithm and for AKA RAND and AUTN.
  /// Its texts hold until the next REGISTER.
  constexpr digest_question challenge(registration_handle h) const {
    record const* const r = find(h);
    return r && r->needs_login ? r->digest.open_question(r->sim) : digest_question{};
  }
  /// The Service-Route of the last 2xx, a list of name-addr, or nothing if it is too long. Who
  /// makes use of it "uses the content of the Service-Route header field as a preloaded Route
  /// header field in outgoing initial requests" (RFC 3608 6.1). Without a binding there is none.
  constexpr std::string_view service_route(registration_handle h) const {
    return text_of(h, answer_text::service_route);
  }
  /// The Path of the last 2xx (RFC 3327 5.3).
  constexpr std::string_view path(registration_handle h) const {
    return text_of(h, answer_text::path);
  }
  /// The P-Associated-URI of the last 2xx (RFC 7315 4.1).
  constexpr std::string_view associated_uris(registration_handle h) const {
    return text_of(h, answer_text::associated_uris);
  }
  /// The GRUUs of our first Contact (RFC 5627 4.2).
  constexpr std::string_view public_gruu(registration_handle h) const {
    return text_of(h, answer_text::public_gruu);
  }
  constexpr std::string_view temporary_gruu(registration_handle h) const {
    return text_of(h, answer_text::temporary_gruu);
  }
  /// The Security-Server received last, which each REGISTER mirrors (RFC 3329 2.3.1).
  constexpr std::string_view security_server(registration_handle h) const {
    return text_of(h, answer_text::security_server);
  }
  /// "Presence of this option-tag indicates that the registrar is compliant with this
  /// specification" (RFC 5626 4.2.1): whether outbound is in the Require of the last 2xx.
  constexpr bool outbound(registration_handle h) const {
    record const* const r = find(h);
    return r && r->outbound;
  }
  /// The Flow-Timer of the last 2xx in seconds, 0 if there was none (RFC 5626 4.4). Over a datagram
  /// transport the keep-alives are STUN requests (4.4.2), which the caller sends.
  constexpr std::uint32_t flow_timer(registration_handle h) const {
    record const* const r = find(h);
    return r ? r->flow_timer : 0;
  }
  /// The rules, to be asked why: `rules(h)->explain(…)`; null for a handle that names none.
  constexpr registration_rules const* rules(registration_handle h) const {
    record const* const r = find(h);
    return r ? &r->rules.rules() : nullptr;
  }

 private:
  using rules_type = timed_composition<registration_rules>;
  using step_type = registration_rules::step;
  using attempt_action = registration_attempt::action;
  using binding_action = known_binding::action;
  using answer_text = detail::answer_text;
  using given_login = detail::given_login;

  struct record {
    outgoing_registration wanted{}; // its interval is more than was wanted after a 423
    digest_client<Hashes, Size.digest> digest{};
    transaction_handle transaction{};
    std::uint32_t generation{};
    rules_type rules{};
    instant until{instant::never()};
    instant retry{instant::never()};  // of what no transaction was free for
    instant ping{instant::never()};   // the next one, or when a flow that was lost is formed anew
    instant pong{instant::never()};   // the end of the wait for one
    instant formed{instant::never()}; // when the flow brought its first 2xx
    detail::short_token call_id{};
    detail::short_token tag{};
    std::uint32_t flow_timer{};
    std::uint32_t hop{};
    std::uint32_t hops_failed{};
    std::uint8_t redirections{};    // since the last 2xx
    std::uint8_t flows_failed{};    // in a row, without any pong
    registration_purpose goal{};    // what the user wants: add, remove, remove_all
    registration_purpose purpose{}; // of the REGISTER sent last
    bool alive : 1 {};
    bool pending : 1 {}; // a REGISTER without a final response
    bool offline : 1 {};
    bool outbound : 1 {};
    bool had_pong : 1 {};  // over this flow
    bool flow_lost : 1 {}; // and none is formed yet
    bool wants_removal : 1 {};
    bool wants_change : 1 {}; // an `add` or a refresh that is deferred
    bool wants_fetch : 1 {};
    bool needs_login : 1 {};         // a challenge waits for `authorize`
    bool credentials_refused : 1 {}; // those that it had were not good
    bool answers_challenge : 1 {};   // the next REGISTER must have credentials
    bool again : 1 {};               // the REGISTER sent last is to be sent once more
    detail::answer_texts<Size.text> texts{};
    mutable aka_challenge sim{}; // what `challenge` tells is read into it

    constexpr bool is_bound() const {
      return rules.rules().template is<known_binding>(known_binding::state::registered);
    }
    constexpr registration_attempt::state attempt() const {
      return rules.rules().template state<registration_attempt>();
    }
    // Whether nothing is wanted any more.
    constexpr bool is_settled() const {
      return goal != registration_purpose::add && !wants_removal;
    }
    // Whether nothing is left to be removed; a REGISTER may be pending that would make it.
    constexpr bool is_given_up() const {
      return wants_removal && goal == registration_purpose::remove && !is_bound();
    }
    // What the REGISTER sent last is for when it is sent once more: by now something else may be
    // wanted of the binding.
    constexpr registration_purpose purpose_again() const {
      return purpose == registration_purpose::fetch && !wants_removal ? purpose : goal;
    }
    // The CSeq number of the REGISTER sent last.
    constexpr std::uint32_t cseq() const {
      return rules.rules().template facts<registration_attempt>().cseq;
    }
    // Where a REGISTER goes: whereto a redirection has led, or the next hop.
    constexpr address peer() const {
      std::string_view const target = texts[answer_text::redirection];
      if (!target.empty()) return numeric_address(uri_view{target}).value;
      return wanted.next_hops.empty() ? address{} : wanted.next_hops[hop];
    }
    constexpr auto numeric_address(uri_view const& uri) const {
      return parse_address(uri.host(), uri.has_port() ? uri.port() : default_port(wanted.over));
    }
    // Whether there are pings for its flow.
    constexpr bool is_kept_alive() const { return outbound && is_reliable(wanted.over); }
    // Whether it is registered, or registers, over that flow.
    constexpr bool uses_flow(address const& far_end, transport over) const {
      return alive && !offline && !flow_lost && (is_bound() || pending) && wanted.over == over &&
             peer() == far_end;
    }
    // The wait before a flow is formed anew goes on.
    constexpr void stop_pings() {
      if (!flow_lost) ping = instant::never();
      pong = instant::never();
      had_pong = false;
    }
    constexpr instant next_timeout() const {
      instant first = rules.next_timeout();
      for (instant const other : {retry, ping, pong})
        if (other < first) first = other;
      return first;
    }
    constexpr own_registration own() const {
      own_registration o;
      o.contacts = wanted.contacts;
      o.instance = wanted.instance;
      o.reg_id = wanted.reg_id;
      o.security_server = texts[answer_text::security_server];
      return o;
    }
  };

  constexpr record const* find(registration_handle h) const {
    if (h.index >= Size.registrations) return nullptr;
    record const& r = records_[h.index];
    return r.alive && r.generation == h.generation ? &r : nullptr;
  }
  constexpr record* find(registration_handle h) {
    return const_cast<record*>(static_cast<registration_set const*>(this)->find(h));
  }
  constexpr std::string_view text_of(registration_handle h, answer_text which) const {
    record const* const r = find(h);
    return r ? r->texts[which] : std::string_view{};
  }
  constexpr std::uint32_t index_of(record const& r) const {
    return static_cast<std::uint32_t>(&r - records_);
  }
  constexpr registration_handle handle_of(record const& r) const {
    return {index_of(r), r.generation};
  }

  constexpr void begin(Layer& layer, record& r, outgoing_registration const& wanted) {
    auto const generation = r.generation;
    r = record{};
    r.generation = generation;
    r.alive = true;
    r.wanted = wanted;
    r.digest = digest_client<Hashes, Size.digest>{preferences_.digest};
    r.call_id = detail::short_token{layer.identifiers()};
    r.tag = detail::short_token{layer.identifiers()};
  }
  constexpr void discard(record& r) {
    r.alive = false;
    ++r.generation;
  }
  // Nothing is wanted any more.
  constexpr void settle(record& r) {
    r.wants_removal = r.wants_change = r.needs_login = r.credentials_refused = false;
    r.again = r.answers_challenge = r.flow_lost = false;
    r.retry = instant::never();
    r.stop_pings();
  }

  constexpr registration_status status_of(record const& r) const {
    using enum registration_attempt::state;
    if (r.needs_login) return registration_status::challenged;
    if (r.is_bound()) return registration_status::registered;
    if (r.is_settled()) return registration_status::unregistered;
    if (r.flow_lost) return registration_status::waiting;
    switch (r.attempt()) {
    case fetching:
    case trying:
    case challenged:
    case too_brief: return registration_status::registering;
    case failed:
    case waiting: return registration_status::waiting;
    case rejected: return registration_status::rejected;
    case idle: break;
    }
    return r.pending || r.wants_change ? registration_status::registering
                                       : registration_status::unregistered;
  }

  // About a message, unless it is null.
  constexpr void tell(registrant_event_kind kind, record const& r, status_code status = 0,
                      message const* about = nullptr, instant until = instant::never()) {
    bool const refused = r.credentials_refused && (kind == registrant_event_kind::challenged ||
                                                   kind == registrant_event_kind::rejected);
    registrant_event_facts const e{until, handle_of(r), status, kind, status_of(r), refused};
    if (!(about ? events_.put(e, *about) : events_.put(e))) ++untold_;
  }

  constexpr registration_message incident(record const& r, registration_incident what) const {
    registration_message m{what};
    m.cseq = r.cseq();
    return m;
  }

  // Whoever asks for something has put right what was refused.
  constexpr void renew_credentials(record& r) {
    if (r.digest.renewed()) r.credentials_refused = true;
  }

  // What is wanted is sent, or kept for later.
  constexpr sending ask(Layer& layer, record& r, instant now) {
    bool const is_under_way = r.pending && binds(r.purpose);
    r.wants_change = !r.wants_removal && !is_under_way;
    if (!r.pending && !r.answers_challenge) renew_credentials(r);
    auto const result = pursue(layer, r, now);
    if (result == sending::refused) r.again = r.wants_change = r.wants_removal = false;
    return result;
  }
  constexpr sending pursue(Layer& layer, record& r, instant now) {
    if (r.pending || r.offline || r.flow_lost || r.needs_login) return sending::deferred;
    if (r.is_given_up()) {
      settle(r);
      tell(registrant_event_kind::unregistered, r);
    }
    if (r.answers_challenge || r.again) return send(layer, r, r.purpose_again(), now);
    sending result = sending::gone;
    if (r.wants_removal)
      result = send(layer, r, r.goal, now);
    else if (r.wants_change)
      result = send(layer, r, registration_purpose::add, now);
    if (r.pending || !r.wants_fetch) return result;
    auto const fetched = send(layer, r, registration_purpose::fetch, now);
    return result == sending::gone ? fetched : result;
  }

  constexpr sending send(Layer& layer, record& r, registration_purpose purpose, instant now,
                         given_login const& given = {}, bool elsewhere = false) {
    if (r.offline || r.flow_lost) return sending::deferred;
    registration_message said;
    sending objection = sending::sent;
    bool nobody_knows = false;
    auto const write = [&](std::span<char> buffer, via_parts const& via) {
      writer w = write_register(layer, r, purpose, buffer, via, given, nobody_knows);
      if (!w.ok()) return w;
      said = registration_message_of(w.text(), direction::sent, r.own());
      said.other_target = elsewhere;
      said.new_credentials = r.credentials_refused;
      auto const judged = r.rules.rules().judge(said);
      if (judged.refused()) {
        objection = judged.waits() ? sending::deferred : sending::refused;
        w.refuse(write_error::unfinished);
      }
      return w;
    };
    auto result = layer.send_request(method::register_, r.peer(), r.wanted.over, now,
                                     first_owner_ + index_of(r), write, &r.transaction);
    if (objection != sending::sent) result = objection;
    // "A UAC MUST NOT re-attempt requests with the credentials that have just been rejected"
    // (22.1): to the rules these are such.
    bool const are_refused = r.answers_challenge && objection == sending::refused;
    if (nobody_knows || are_refused) {
      r.needs_login = true;
      if (are_refused) r.credentials_refused = true;
      tell(registrant_event_kind::challenged, r, 401);
      return sending::deferred;
    }
    if (result == sending::full) {
      r.retry = now + milliseconds{500};
      return sending::deferred;
    }
    if (result != sending::sent) return result;
    r.pending = true;
    r.purpose = purpose;
    r.answers_challenge = r.again = r.credentials_refused = false;
    if (purpose != registration_purpose::fetch) r.wants_change = false;
    auto const taken = r.rules.process(said, now, layer.settings().timers, on_violation::report{});
    (void)arm(layer, r, taken, said, now);
    return sending::sent;
  }

  constexpr writer write_register(Layer& layer, record& r, registration_purpose purpose,
                                  std::span<char> buffer, via_parts const& via,
                                  given_login const& given, bool& nobody_knows) {
    auto const& wanted = r.wanted;
    detail::growing_text text{layer.parts_buffer()};
    extra_field extra[16]{};
    std::size_t count = 0;
    bool too_many = false;
    auto const add_field = [&](extra_field const& f) {
      if (count == std::size(extra))
        too_many = true;
      else if (!f.value.empty())
        extra[count++] = f;
    };
    auto const add = [&](header h, std::string_view value) { add_field({name(h), value}); };

    request_parts p;
    p.method = method::register_;
    std::string_view const redirection = r.texts[answer_text::redirection];
    p.target = redirection.empty() ? wanted.registrar : redirection;
    p.route_set = wanted.route_set;
    p.via = via;
    identifier const tag = r.tag.text();
    identifier const call_id = r.call_id.text();
    p.from = {wanted.from.empty() ? wanted.address_of_record : wanted.from, tag.view(), {}};
    p.to = {wanted.address_of_record, {}, {}};
    p.call_id = call_id.view();
    p.cseq = r.cseq() + 1;
    if (purpose == registration_purpose::remove_all) {
      p.contact = "*";
    } else if (purpose != registration_purpose::fetch) {
      for (std::string_view const contact : wanted.contacts) {
        if (text.size() != 0) text.put(", ");
        bool const is_uri = contact.find('<') == std::string_view::npos;
        text.put(is_uri ? "<" : "").put(contact).put(is_uri ? ">" : "");
        if (!wanted.instance.empty()) text.put(";+sip.instance=\"").put(wanted.instance).put("\"");
        if (wanted.reg_id != 0) text.put(";reg-id=").put(wanted.reg_id);
      }
      p.contact = text.since(0);
    }
    std::size_t at = text.size();
    if (purpose != registration_purpose::fetch) {
      text.put(binds(purpose) ? wanted.expires : 0u);
      add(header::expires, text.since(at));
    }
    at = text.size();
    // "indicate its support by including the 'path' option-tag in a Supported header field value in
    // its REGISTER requests", "MUST include the outbound option tag" (RFC 5626 4.2.1); RFC
    // 5627 4.1.
    text.put("path");
    if (wanted.reg_id != 0) text.put(", outbound");
    if (!wanted.instance.empty()) text.put(", gruu");
    add(header::supported, text.since(at));
    // "The client MUST add both a Require and Proxy-Require header field with the value "sec-agree"
    // to its request." (RFC 3329 2.3.1)
    if (!wanted.security_client.empty()) {
      add(header::require, "sec-agree");
      add(header::proxy_require, "sec-agree");
      add(header::security_client, wanted.security_client);
      add(header::security_verify, r.texts[answer_text::security_server]);
    }

    std::span<char> const secrets = layer.parts_buffer().subspan(text.size());
    auto const look_up = [&](digest_question const& q) -> digest_login {
      return given.answers(q) ? given.login : (*credentials_)(q);
    };
    auto const credentials = r.digest.answer(secrets, {name(method::register_), p.target, {}},
                                             layer.identifiers(), look_up);
    bool const is_too_long = credentials.error != write_error::none;
    // "If the UAC cannot respond to any of the challenges in the response, then it SHOULD abandon
    // attempts to send the request" (RFC 8760 2.4).
    nobody_knows = r.answers_challenge && !is_too_long && !r.digest.answers_last_challenge();
    if (credentials) {
      for (extra_field const& f : credentials.all()) add_field(f);
    } else if (!wanted.private_identity.empty() && !r.digest.challenged()) {
      add(header::authorization,
          write_initial_authorization(secrets, wanted.private_identity, wanted.realm, p.target)
              .text);
    }
    for (extra_field const& f : wanted.extra) add_field(f);
    p.extra = {extra, count};
    writer w = write_request(buffer, p);
    if (text.overflowed() || too_many || is_too_long) w.refuse(write_error::overflow);
    if (nobody_knows) w.refuse(write_error::missing_value);
    return w;
  }

  constexpr void take_response(Layer& layer, record& r, message const& m, instant now) {
    r.pending = false;
    registration_message said = registration_message_of(m, direction::received, r.own());
    // Who has not asked for an agreement makes none.
    if (r.wanted.security_client.empty()) said.security_server = false;
    if (said.security_server)
      r.texts.keep(answer_text::security_server, m, header::security_server);
    auto const status = m.status();
    challenge_result result = challenge_result::none;
    if (status == 401 || status == 407) {
      result = r.digest.take(m);
      switch (result) {
      case challenge_result::answerable:
      case challenge_result::stale:
        // Judged realm by realm (22.3): the rules know one nonce of all of them.
        said.stale = true;
        [[fallthrough]];
      case challenge_result::rejected: said.challenge = challenge_support::acceptable; break;
      case challenge_result::none: break;
      default: said.challenge = challenge_support::unsupported; break;
      }
    } else if (status != 403) {
      r.digest.succeeded(m);
    }
    r.credentials_refused = result == challenge_result::rejected;
    if (is_success(status)) {
      r.hops_failed = 0;
      r.redirections = 0;
      if (r.formed.is_never()) r.formed = now;
      if (binds(r.purpose)) {
        keep_answer(r, m);
        // "The response MUST contain Contact header field values enumerating all current bindings"
        // (10.3): one that has none at all is of a registrar that does not tell.
        if (!m.has(header::contact)) {
          said.listing = contact_listing::unspecified;
          said.granted = m.expires().value_or(0);
        }
      }
    }
    bool const was_fetch = r.purpose == registration_purpose::fetch;
    if (was_fetch && is_success(status)) {
      r.wants_fetch = false;
      tell(registrant_event_kind::fetched, r, status, &m);
    }
    step(layer, r, said, &m, now, status);
  }

  // What a 2xx gives back. What it does not have is not valid any more.
  constexpr void keep_answer(record& r, message const& m) {
    drop_answer(r);
    r.texts.keep(answer_text::service_route, m, header::service_route);
    r.texts.keep(answer_text::path, m, header::path);
    r.texts.keep(answer_text::associated_uris, m, header::p_associated_uri);
    if (!r.wanted.contacts.empty())
      for (std::string_view const each : m.elements(header::contact)) {
        name_addr_view const c{each};
        std::string_view const public_gruu = without_quotes(c.param("pub-gruu"));
        std::string_view const temporary_gruu = without_quotes(c.param("temp-gruu"));
        if ((public_gruu.empty() && temporary_gruu.empty()) || !c.well_formed() ||
            !detail::is_own_contact(c, r.wanted.contacts.front(), r.own()))
          continue;
        (void)r.texts.keep(answer_text::public_gruu, public_gruu);
        (void)r.texts.keep(answer_text::temporary_gruu, temporary_gruu);
      }
    r.outbound = detail::names_option(m, header::require, "outbound");
    r.flow_timer = read_number(m[header::flow_timer]).clipped_or(0);
  }

  constexpr void drop_answer(record& r) {
    for (auto const kept :
         {answer_text::service_route, answer_text::path, answer_text::associated_uris,
          answer_text::public_gruu, answer_text::temporary_gruu})
      r.texts.clear(kept);
    r.outbound = false;
    r.flow_timer = 0;
  }

  // One step of the rules, and what they ask for.
  constexpr void step(Layer& layer, record& r, registration_message m, message const* text,
                      instant now, status_code status = 0) {
    m.random = static_cast<std::uint32_t>(layer.identifiers().draw());
    m.other_flow = has_other_flow(r);
    bool const was_bound = r.is_bound();
    auto const taken = r.rules.process(m, now, layer.settings().timers, on_violation::report{});
    instant const retry_at = arm(layer, r, taken, m, now);
    obey(layer, r, taken, m, text, now, status, was_bound, retry_at);
    if (r.alive && !r.pending) (void)resume(layer, r, now);
  }

  constexpr void fire(Layer& layer, record& r, instant now) {
    bool const was_bound = r.is_bound();
    auto const taken = r.rules.handle_timeout(now, layer.settings().timers);
    instant const retry_at = arm(layer, r, taken, {}, now);
    obey(layer, r, taken, {}, nullptr, now, 0, was_bound, retry_at);
    if (!r.pending) (void)resume(layer, r, now);
  }

  // "base-time (if all have not failed)" (RFC 5626 4.5): another flow of the same
  // address-of-record.
  constexpr bool has_other_flow(record const& mine) const {
    for (record const& r : records_)
      if (&r != &mine && r.alive && r.is_bound() && !r.flow_lost &&
          r.wanted.address_of_record == mine.wanted.address_of_record)
        return true;
    return false;
  }

  // The timers whose length our preferences say. Returns when it is tried again, if it is.
  constexpr instant arm(Layer& layer, record& r, step_type const& taken,
                        registration_message const& m, instant now) {
    auto const starts = taken.timers().starts;
    auto const is_started = [&](timer t) { return starts >> static_cast<unsigned>(t) & 1u; };
    auto const& binding = r.rules.rules().template facts<known_binding>();
    if (is_started(timer::registration_refresh))
      r.rules.arm(timer::registration_refresh, preferences_.policy.refresh_after(binding.granted),
                  now);
    if (is_started(timer::registration_expiry))
      r.until = now + milliseconds{std::int64_t{binding.granted} * 1000};
    if (!is_started(timer::registration_retry)) return instant::never();
    auto const& attempt = r.rules.rules().template facts<registration_attempt>();
    milliseconds const wait = m.retry_after_said
                                  ? registration_attempt::wait_of(attempt)
                                  : preferences_.policy.wait_after(
                                        attempt.failures, m.other_flow,
                                        static_cast<std::uint32_t>(layer.identifiers().draw()));
    r.rules.arm(timer::registration_retry, wait, now);
    return now + wait;
  }

  constexpr void obey(Layer& layer, record& r, step_type const& taken,
                      registration_message const& m, message const* text, instant now,
                      status_code status, bool was_bound, instant retry_at) {
    auto const binding = taken.template does<known_binding>();
    auto const attempt = taken.template does<registration_attempt>();
    bool const is_answer = m.event.is_response();
    bool const succeeded = is_answer && is_success(status);
    bool const was_fetch = is_answer && r.purpose == registration_purpose::fetch;

    if (binding.has(binding_action::refresh) || binding.has(binding_action::register_again))
      r.wants_change = r.goal == registration_purpose::add;
    if (binding.has(binding_action::inform_registered)) {
      if (r.purpose != registration_purpose::fetch && !binds(r.purpose)) r.wants_removal = false;
      // Somebody has wanted it gone while it was refreshed, and it is there.
      if (binds(r.purpose) && !r.wants_removal) r.goal = registration_purpose::add;
      if (!was_fetch || !was_bound)
        tell(was_bound ? registrant_event_kind::refreshed : registrant_event_kind::registered, r,
             status, text, r.until);
      schedule_ping(layer, r, now);
    }
    bool const was_removed = succeeded && !was_fetch && !binds(r.purpose) && !r.is_bound();
    if (was_removed) {
      if (r.goal == registration_purpose::add) // it was asked for meanwhile
        r.stop_pings();
      else
        settle(r);
      drop_answer(r);
      tell(registrant_event_kind::unregistered, r, status, text);
    } else if (binding.has(binding_action::inform_unregistered)) {
      r.stop_pings();
      drop_answer(r);
      bool const has_expired = !is_answer && m.incident == registration_incident::none;
      // "The unregistered event occurs when a REGISTER request sets the expiration time of that
      // contact to zero" (RFC 3680 4.7.1): somebody wants it gone.
      if (m.incident == registration_incident::unregistered ||
          r.goal != registration_purpose::add) {
        r.goal = registration_purpose::remove;
        settle(r);
      }
      tell(has_expired ? registrant_event_kind::expired : registrant_event_kind::removed, r, status,
           text);
    }
    if (attempt.has(attempt_action::authorize)) {
      r.answers_challenge = true;
      r.needs_login = r.credentials_refused;
      if (r.needs_login) tell(registrant_event_kind::challenged, r, status, text);
    }
    if (attempt.has(attempt_action::agree_on_security)) r.again = true;
    if (attempt.has(attempt_action::retry_with_min_expires)) {
      auto const least = r.rules.rules().template facts<registration_attempt>().min_expires;
      if (r.wanted.expires < least) r.wanted.expires = least;
      r.again = true;
    }
    // Of a binding that is there, what has failed may have been a fetch alone.
    auto const& tried = r.rules.rules().template facts<registration_attempt>();
    if (attempt.has(attempt_action::try_again) &&
        (!r.is_bound() || tried.purpose != registration_purpose::fetch ||
         m.incident == registration_incident::network_back))
      r.wants_change = r.goal == registration_purpose::add;
    bool const has_moved =
        attempt.has(attempt_action::try_next_target) && move_on(layer, r, text, status, now);
    if (was_fetch || r.purpose == registration_purpose::fetch) {
      bool const has_failed =
          r.wants_fetch && !r.pending && !r.again && !r.answers_challenge &&
          ((is_answer && !succeeded) || m.incident == registration_incident::no_response ||
           m.event.what == occurrence::transport_error);
      if (has_failed) {
        r.wants_fetch = false;
        tell(registrant_event_kind::failed, r, status, text);
        return;
      }
    }
    if (attempt.has(attempt_action::give_up)) {
      r.answers_challenge = r.again = false;
      // What was asked for meanwhile, in place of what was refused, is still to be done.
      if (!is_answer || r.goal == r.purpose) r.wants_change = r.wants_removal = false;
      // "If the list is exhausted, then the request has failed." (8.1.3.4) Another one begins with
      // the registrar again.
      end_redirection(r);
      // "If the re-registration request is refused […] the UA SHOULD discard any stored service
      // route" (RFC 3608 6.1).
      if (binds(r.purpose)) r.texts.clear(answer_text::service_route);
      tell(registrant_event_kind::rejected, r, status, text);
    }
    bool const waits =
        taken.timers().starts >> static_cast<unsigned>(timer::registration_retry) & 1u;
    if (waits && !has_moved && !r.is_settled() && !r.is_given_up())
      tell(registrant_event_kind::waiting, r, status, text, retry_at);
  }

  // To the target of a redirection, or to the next hop; false if there is none.
  constexpr bool move_on(Layer& layer, record& r, message const* text, status_code status,
                         instant now) {
    bool const is_redirection = status >= 300 && status <= 399;
    if (is_redirection) {
      tell(registrant_event_kind::redirected, r, status, text);
      if (follow(r, *text)) return r.again = true;
      // "If the list is exhausted, then the request has failed." (8.1.3.4) Whoever redirects every
      // removal would be asked at once, and for ever.
      if (r.purpose != registration_purpose::fetch) {
        r.wants_removal = false;
        if (!r.is_bound()) r.goal = registration_purpose::remove;
      }
    }
    if (is_redirection || !r.texts[answer_text::redirection].empty()) {
      // Where a redirection has led to has failed: back to the one who redirects.
      end_redirection(r);
      return false;
    }
    auto const hops = r.wanted.next_hops.size();
    if (hops < 2) return false;
    r.stop_pings();
    if (++r.hop == hops) r.hop = 0;
    if (++r.hops_failed >= hops) {
      r.hops_failed = 0;
      return false;
    }
    return send(layer, r, r.purpose_again(), now, {}, true) == sending::sent;
  }

  // Where a 3xx leads to, as far as it can be told without a look-up of names.
  constexpr bool follow(record& r, message const& redirection) const {
    if (!preferences_.follow_redirections || r.redirections >= most_redirections) return false;
    for (std::string_view const each : redirection.elements(header::contact)) {
      name_addr_view const c{each};
      uri_view const uri{c.uri()};
      std::string_view const over = uri.param("transport");
      bool const is_reachable = over.empty() || detail::same_token(over, name(r.wanted.over));
      if (!c.well_formed() || !r.numeric_address(uri) || uri.scheme() != uri_scheme::sip ||
          !is_reachable || !uri.headers().empty() ||
          !r.texts.keep(answer_text::redirection, c.uri()))
        continue;
      ++r.redirections;
      r.stop_pings();
      return true;
    }
    return false;
  }
  constexpr void end_redirection(record& r) const {
    if (r.texts[answer_text::redirection].empty()) return;
    r.texts.clear(answer_text::redirection);
    r.stop_pings(); // which went there
  }

  // What there is to be sent after a step.
  constexpr sending resume(Layer& layer, record& r, instant now) {
    auto const result = pursue(layer, r, now);
    if (result != sending::unwritable && result != sending::refused) return result;
    r.again = r.answers_challenge = r.wants_change = r.wants_removal = false;
    // What the rules refuse is a REGISTER that has had its 403 (21.4.4), and no fetch.
    if (result == sending::refused) {
      tell(registrant_event_kind::rejected, r, 403);
      if (!r.wants_fetch || pursue(layer, r, now) != sending::refused) return result;
    }
    r.wants_fetch = false;
    tell(registrant_event_kind::failed, r, 513);
    return result;
  }

  // "If outbound registration succeeded, as indicated by the presence of the outbound option-tag in
  // the Require header field of a successful registration response, the UA begins sending
  // keep-alives" (RFC 5626 4.2.1); "randomly distributed between 80% and 100% of the
  // server-provided time" (4.4). "The UA MUST send keep-alives at least as often as this number of
  // seconds": none is put off. CRLF "MUST NOT be used with connection-less transports" (4.4.1).
  constexpr void schedule_ping(Layer& layer, record& r, instant now) {
    if (!r.is_kept_alive() || !r.is_bound()) return r.stop_pings();
    milliseconds const most = r.flow_timer != 0 ? milliseconds{std::int64_t{r.flow_timer} * 1000}
                                                : preferences_.ping_interval;
    window const w{{most.count / 5 * 4}, most, {1}};
    instant const next = now + w.pick(static_cast<std::uint32_t>(layer.identifiers().draw()));
    if (next < r.ping) r.ping = next;
  }

  // "If a pong is not received within 10 seconds after sending a ping […], then the client MUST
  // treat the flow as failed." (RFC 5626 4.4.1) "the UA needs to form a new flow to replace the old
  // flow and replace any registrations that were previously sent over this flow" (4.5). Nothing is
  // sent before the user is told, who has the old connection.
  constexpr void lose_flow(Layer& layer, address const& peer, transport over, instant now) {
    // "The amount of time to wait depends if the previous attempt at establishing a flow was
    // successful. […] a flow is considered successful if outbound registration succeeded, and if
    // keep-alives are in use on this flow, at least one subsequent keep-alive response was
    // received."
    bool has_failed = true;
    bool has_formed = false;
    for (record const& r : records_) {
      if (!r.uses_flow(peer, over)) continue;
      bool const has_lived = r.formed + preferences_.policy.base_time_all_failed <= now;
      if (r.had_pong || (!r.is_kept_alive() && has_lived)) has_failed = false;
      has_formed = has_formed || (!r.is_kept_alive() && !r.formed.is_never());
    }
    for (record& r : records_) {
      if (!r.uses_flow(peer, over)) continue;
      if (!has_failed)
        r.flows_failed = 0;
      else if (r.flows_failed != UINT8_MAX)
        ++r.flows_failed;
      // One that was formed, and has ended soon, may be formed once more; a peer that ends each of
      // them may not.
      r.ping = now;
      if (has_failed && !(has_formed && r.flows_failed == 1))
        r.ping = now + preferences_.policy.wait_after(
                           r.flows_failed, has_other_flow(r),
                           static_cast<std::uint32_t>(layer.identifiers().draw()));
      r.flow_lost = true;
      cut_off(layer, r, now);
      tell(registrant_event_kind::flow_failed, r, 0, nullptr, r.ping);
    }
  }
  // Nothing can be sent any more over what there was.
  constexpr void cut_off(Layer& layer, record& r, instant now) {
    if (r.pending) layer.abandon(r.transaction);
    r.pending = false;
    r.formed = instant::never();
    r.stop_pings();
    step(layer, r, registration_incident::network_lost, nullptr, now);
  }
  constexpr void come_back(Layer& layer, record& r, instant now) {
    if (!r.flow_lost) step(layer, r, registration_incident::network_back, nullptr, now);
  }

  static constexpr std::uint8_t most_redirections = 5;

  Credentials* credentials_;
  registration_preferences preferences_;
  std::uint32_t first_owner_;
  std::uint64_t untold_{};
  detail::event_queue<registrant_event, 8> events_{};
  record records_[Size.registrations]{};
};

/// The commands of whoever has registrations and the layer that they share: each as in
/// `registration_set`.
template <class Agent>
class registration_commands {
 public:
  [[nodiscard]] constexpr registration_handle add(outgoing_registration const& wanted,
                                                  instant now) {
    return set().add(layer(), wanted, now);
  }
  constexpr sending add(registration_handle h, instant now) { return set().add(layer(), h, now); }
  constexpr sending refresh(registration_handle h, instant now) {
    return set().refresh(layer(), h, now);
  }
  constexpr sending remove(registration_handle h, instant now, bool everything = false) {
    return set().remove(layer(), h, now, everything);
  }
  constexpr sending fetch(registration_handle h, instant now) {
    return set().fetch(layer(), h, now);
  }
  constexpr sending authorize(registration_handle h, instant now, digest_login const& login = {}) {
    return set().authorize(layer(), h, now, login);
  }
  constexpr sending resynchronise(registration_handle h, std::string_view username,
                                  std::string_view auts, instant now) {
    return set().resynchronise(layer(), h, username, auts, now);
  }
  constexpr void forget(registration_handle h) { set().forget(layer(), h); }
  constexpr void network_lost(instant now) { set().network_lost(layer(), now); }
  constexpr void network_back(instant now) { set().network_back(layer(), now); }
  constexpr void flow_failed(registration_handle h, instant now) {
    set().flow_failed(layer(), h, now);
  }
  constexpr void notified(registration_handle h, registration_incident what, std::uint32_t seconds,
                          instant now) {
    set().notified(layer(), h, what, seconds, now);
  }

 private:
  constexpr auto& set() { return static_cast<Agent&>(*this).registrations_; }
  constexpr auto& layer() { return static_cast<Agent&>(*this).layer_; }
};

/// What a registrant says of itself. The texts must outlive it.
struct registrant_settings {
  element_settings element{};
  registration_preferences preferences{};
};

/// Registrations with a transaction layer of their own, for whoever needs no calls beside them.
template <hash_suite Hashes, class Credentials, registrant_size Size = registrant_size{},
          class Policy = on_violation::trap>
class registrant : public registration_commands<registrant<Hashes, Credentials, Size, Policy>> {
  friend registration_commands<registrant>;
  using layer_type = transaction_layer<Size.transactions, Size.message, Policy>;
  using set_type = registration_set<layer_type, Hashes, Credentials, Size>;

 public:
  constexpr registrant(registrant_settings const& settings, Credentials& credentials)
      : layer_(complete(settings.element)), registrations_(credentials, settings.preferences) {}

  /// Takes one message as it came from a datagram, or from a stream by way of a `connection`;
  /// the CRLF of its `pong` too. Then take all that `poll_transmit` and `poll_event` have.
  constexpr void receive(std::string_view bytes, address const& source, transport over,
                         instant now) {
    if (bytes == "\r\n") return registrations_.take_pong(layer_, source, over, now);
    take(layer_.receive(bytes, source, over, now), now);
  }
  /// When to call `handle_timeout`; `instant::never()` if there is nothing to wait for.
  constexpr instant next_timeout() const {
    return registrations_.next_timeout() < layer_.next_timeout() ? registrations_.next_timeout()
                                                                 : layer_.next_timeout();
  }
  /// Fires one timer that is due. Call it, and take what it causes, while `next_timeout() <= now`.
  constexpr void handle_timeout(instant now) {
    if (now < next_timeout() || next_timeout().is_never()) return;
    if (layer_.next_timeout() <= registrations_.next_timeout())
      take(layer_.handle_timeout(now), now);
    else
      registrations_.handle_timeout(layer_, now);
  }
  /// Tells that a datagram could not be sent (RFC 3261 18.4).
  constexpr void handle_transport_error(datagram const& unsent, instant now) {
    take(layer_.handle_transport_error(unsent, now), now);
  }
  /// The next message to put on the wire; false if there is none.
  constexpr bool poll_transmit(datagram& out) { return layer_.poll_transmit(out); }
  /// What the user is to know next; false if there is nothing.
  constexpr bool poll_event(registrant_event& out) { return registrations_.poll_event(out); }

  /// How far a registration is, until when it is bound, and what its registrar has given back.
  constexpr set_type const& registrations() const { return registrations_; }
  constexpr registration_status state(registration_handle h) const {
    return registrations_.state(h);
  }
  constexpr instant until(registration_handle h) const { return registrations_.until(h); }
  constexpr digest_question challenge(registration_handle h) const {
    return registrations_.challenge(h);
  }

  constexpr layer_counts const& counts() const { return layer_.counts(); }
  constexpr Policy const& policy() const { return layer_.policy(); }
  constexpr std::size_t live_transactions() const { return layer_.live_transactions(); }

 private:
  static constexpr element_settings complete(element_settings s) {
    if (s.own.allow == capabilities{}.allow) s.own.allow = "OPTIONS";
    if (s.own.accept == capabilities{}.accept) s.own.accept = "";
    return s;
  }
  constexpr void take(arrival const& a, instant now) {
    if (a.kind == arrival_kind::request) {
      // The layer lets no other pass than those in Allow.
      detail::answer_options(layer_, a, now);
    } else if (a.kind != arrival_kind::nothing && a.kind != arrival_kind::ack) {
      (void)registrations_.take(layer_, a, now);
    }
  }

  layer_type layer_;
  set_type registrations_;
};

} // namespace ctsip
