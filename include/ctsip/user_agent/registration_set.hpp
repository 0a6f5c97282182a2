// Registrations over a transaction layer that others use, too: what is sent and received, and each
// timer, steps the rules of registration/registration.hpp, and what they ask for is done. RFC 3261
// 10.2, 22; RFC 3327, 3329, 3608, 5626 4, 5627, 7315. Read registration_record.hpp and
// registration_wording.hpp before it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>

#include <ctsip/message/registration_message.hpp>
#include <ctsip/registration/registration.hpp>
#include <ctsip/user_agent/event_queue.hpp>
#include <ctsip/user_agent/registration_record.hpp>
#include <ctsip/user_agent/registration_wording.hpp>
#include <ctsip/user_agent/transaction_layer.hpp>

namespace ctsip {

/// Registrations over a transaction layer of somebody else: the layer is handed in with each call.
/// `registrant` (registrant.hpp) is this with a layer of its own.
///
/// `LookUp` is the application's look-up: `digest_login operator()(digest_question const&)`.
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
template <class Layer, hash_suite Hashes, class LookUp, registrant_size Size = registrant_size{}>
class registration_set {
 public:
  using preferences_type = registration_preferences;

  /// Owners of transactions are numbered from `first_owner`, as many as there are registrations.
  constexpr explicit registration_set(LookUp& look_up,
                                      registration_preferences const& preferences = {},
                                      std::uint32_t first_owner = 0)
      : look_up_(&look_up), preferences_(preferences), first_owner_(first_owner) {}

  /// Asks for a binding (RFC 3261 10.2.1); without Contacts, which bindings there are, as `fetch`
  /// does: for who removes those of others. No handle, with a `reason()`: `full` if no place or
  /// transaction is free; `unwritable` if a text of it cannot stand in a message, if registrar,
  /// address-of-record or `from` is no URI that `forms_request`, if the first next hop is missing
  /// or has no port, or if the interval is 0. While the network is lost it waits for
  /// `network_back`, and what cannot be written is `failed` then.
  [[nodiscard]] constexpr registration_handle add(Layer& layer, outgoing_registration const& wanted,
                                                  instant now) {
    if (!forms_request(wanted.registrar) || !forms_request(wanted.address_of_record) ||
        (!wanted.from.empty() && !forms_request(wanted.from)) || wanted.expires == 0)
      return no_handle(sending::unwritable);
    for (record& r : records_) {
      if (r.alive) continue;
      begin(layer, r, wanted);
      r.wants_fetch = wanted.contacts.empty();
      r.wants_change = !r.wants_fetch;
      r.goal = r.wants_fetch ? registration_purpose::remove : registration_purpose::add;
      auto const first = r.wants_fetch ? registration_purpose::fetch : registration_purpose::add;
      auto const result = send(layer, r, first, now);
      if (offline_ || result == sending::sent) return handle_of(r);
      discard(r);
      // Whoever waits for a transaction has a name.
      return no_handle(result == sending::deferred ? sending::full : result);
    }
    return no_handle(sending::full);
  }
  /// The same for a registration that has no binding any more.
  constexpr sending add(Layer& layer, registration_handle h, instant now) {
    record* const r = find(h);
    if (!r || r->is_bound() || r->wanted.contacts.empty()) return sending::gone;
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

  /// Removes our Contacts (10.2.2). `deferred` while another REGISTER is pending or has to wait;
  /// `gone` if there is nothing to remove, which `unregistered` tells too.
  constexpr sending remove(Layer& layer, registration_handle h, instant now) {
    record* const r = find(h);
    if (!r) return sending::gone;
    if (r->is_bound() || r->pending) return remove(layer, *r, registration_purpose::remove, now);
    r->goal = registration_purpose::remove;
    settle(*r);
    tell(registrant_event_kind::unregistered, *r);
    (void)resume(layer, *r, now); // a fetch may have waited for what is not wanted any more
    return sending::gone;
  }
  /// Removes all bindings of the address-of-record, those of other user agents too: `Contact: *`
  /// (10.2.2). `deferred` as `remove`.
  constexpr sending remove_all(Layer& layer, registration_handle h, instant now) {
    record* const r = find(h);
    return r ? remove(layer, *r, registration_purpose::remove_all, now) : sending::gone;
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
    if (offline_) return;
    offline_ = true;
    for (record& r : records_)
      if (r.alive) cut_off(layer, r, now);
  }
  /// Tells that the network is back: whoever wants to be registered registers, over a flow formed
  /// anew.
  constexpr void network_back(Layer& layer, instant now) {
    if (!offline_) return;
    offline_ = false;
    for (record& r : records_)
      if (r.alive) come_back(layer, r, now);
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
    step(layer, *r, std::move(m), nullptr, now);
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
      step(layer, r, std::move(m), nullptr, now, 503);
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
      if (!offline_) come_back(layer, r, now);
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
  using step_type = registration_rules::step;
  using attempt_action = registration_attempt::action;
  using binding_action = known_binding::action;
  using answer_text = detail::answer_text;
  using given_login = detail::given_login;

  using record = detail::basic_registration_record<Hashes, Size>;

  static constexpr registration_handle no_handle(sending why) {
    return detail::no_handle<registration_handle>(why);
  }
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

  constexpr sending remove(Layer& layer, record& r, registration_purpose what, instant now) {
    r.goal = what;
    r.needs_login = false;
    r.wants_removal = true;
    return ask(layer, r, now);
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
    if (r.pending || offline_ || r.flow_lost || r.needs_login) return sending::deferred;
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
    if (offline_ || r.flow_lost) return sending::deferred;
    registration_message said;
    sending objection = sending::sent;
    bool nobody_knows = false;
    auto const write = [&](std::span<char> buffer, via_parts const& via) {
      writer w =
          detail::write_register(layer, r, *look_up_, purpose, buffer, via, given, nobody_knows);
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
    r.digest.sent();
    r.pending = true;
    r.purpose = purpose;
    if (!r.answers_challenge) r.digest.end_series();
    r.answers_challenge = r.again = r.credentials_refused = false;
    if (purpose != registration_purpose::fetch) r.wants_change = false;
    auto const taken = r.rules.process(said, now, layer.settings().timers, on_violation::report{});
    (void)arm(layer, r, taken, said, now);
    return sending::sent;
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
    step(layer, r, std::move(said), &m, now, status);
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
  constexpr void step(Layer& layer, record& r, registration_message&& m, message const* text,
                      instant now, status_code status = 0) {
    m.random = static_cast<std::uint32_t>(layer.identifiers().draw());
    m.other_flow = has_other_flow(r);
    bool const was_bound = r.is_bound();
    auto const taken = r.rules.process(m, now, layer.settings().timers, on_violation::report{});
    obey(layer, r, taken, m, text, now, status, was_bound);
  }

  constexpr void fire(Layer& layer, record& r, instant now) {
    bool const was_bound = r.is_bound();
    auto const taken = r.rules.handle_timeout(now, layer.settings().timers);
    obey(layer, r, taken, {}, nullptr, now, 0, was_bound);
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
                      status_code status, bool was_bound) {
    instant const retry_at = arm(layer, r, taken, m, now);
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
        (!r.is_bound() || tried.purpose != registration_purpose::fetch))
      r.wants_change = r.goal == registration_purpose::add;
    bool const has_moved =
        attempt.has(attempt_action::try_next_target) && move_on(layer, r, text, status, now);
    bool const has_fetch_failed =
        r.purpose == registration_purpose::fetch && r.wants_fetch && !r.pending && !r.again &&
        !r.answers_challenge &&
        ((is_answer && !succeeded) || m.incident == registration_incident::no_response ||
         m.event.what == occurrence::transport_error);
    if (has_fetch_failed) {
      r.wants_fetch = false;
      tell(registrant_event_kind::failed, r, status, text);
    } else if (attempt.has(attempt_action::give_up)) {
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
    if (!retry_at.is_never() && !has_fetch_failed && !has_moved && !r.is_settled() &&
        !r.is_given_up())
      tell(registrant_event_kind::waiting, r, status, text, retry_at);
    if (!r.pending) (void)resume(layer, r, now);
  }

  // To the target of a redirection, or to the next hop; false if there is none.
  constexpr bool move_on(Layer& layer, record& r, message const* text, status_code status,
                         instant now) {
    bool const is_redirection = status >= 300 && status <= 399;
    if (is_redirection) {
      tell(registrant_event_kind::redirected, r, status, text);
      if (follow(layer, r, *text)) return r.again = true;
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
  constexpr bool follow(Layer& layer, record& r, message const& redirection) const {
    if (!preferences_.follow_redirections || r.redirections >= most_redirections) return false;
    for (std::string_view const each : redirection.elements(header::contact)) {
      name_addr_view const c{each};
      uri_view const uri{c.uri()};
      std::string_view const over = uri.param("transport");
      bool const is_reachable = over.empty() || detail::same_token(over, name(r.wanted.over));
      if (!c.well_formed() || !r.numeric_address(uri) || uri.scheme() != uri_scheme::sip ||
          !is_reachable)
        continue;
      std::string_view const target = copy_request_uri(layer.parts_buffer(), uri);
      if (target.empty() || !r.texts.keep(answer_text::redirection, target)) continue;
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
    if (offline_) return; // there is none
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
    if (r.flow_lost) return;
    // What has failed may have been a fetch alone: it is not what the binding has to wait for.
    auto const& tried = r.rules.rules().template facts<registration_attempt>();
    if (tried.purpose == registration_purpose::fetch && tried.is_wanted)
      r.wants_change = r.goal == registration_purpose::add;
    step(layer, r, registration_incident::network_back, nullptr, now);
  }

  static constexpr std::uint8_t most_redirections = 5;

  LookUp* look_up_;
  registration_preferences preferences_;
  std::uint32_t first_owner_;
  bool offline_{}; // since `network_lost`
  std::uint64_t untold_{};
  detail::event_queue<registrant_event, 8> events_{};
  record records_[Size.registrations]{};
};

} // namespace ctsip
