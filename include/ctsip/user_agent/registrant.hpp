// Registrations without a socket: bytes and the time go in, datagrams and events come out, in the
// shape of `endpoint`.
//
//   registration_handle const r = agent.add(wanted, now);
//   agent.receive(bytes, source, transport, now);          // or handle_timeout(now)
//   while (agent.poll_event(e)) …e.kind, e.registration, e.until…
//   while (agent.poll_transmit(d)) …send d.bytes to d.to…
//   …wait for the next datagram, until agent.next_timeout()…
//
// A registration is that of some Contacts over one flow, with its own Call-ID and rising CSeq. It
// is refreshed before it expires, tried again after a failure, and answers challenges with what the
// look-up of the caller knows. Read registration_set.hpp before it; registration_handles.hpp has
// the same registrations as objects that have only the operations that are legal in their state.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include <ctsip/user_agent/answers.hpp>
#include <ctsip/user_agent/registration_set.hpp>
#include <ctsip/user_agent/transaction_layer.hpp>

namespace ctsip {

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
  constexpr sending remove(registration_handle h, instant now) {
    return set().remove(layer(), h, now);
  }
  constexpr sending remove_all(registration_handle h, instant now) {
    return set().remove_all(layer(), h, now);
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
template <hash_suite Hashes, class LookUp, registrant_size Size = registrant_size{},
          class Policy = on_violation::trap>
class registrant : public registration_commands<registrant<Hashes, LookUp, Size, Policy>> {
  friend registration_commands<registrant>;
  using layer_type = transaction_layer<Size.transactions, Size.message, Policy>;
  using set_type = registration_set<layer_type, Hashes, LookUp, Size>;

 public:
  constexpr registrant(registrant_settings const& settings, LookUp& look_up)
      : layer_(complete(settings.element)), registrations_(look_up, settings.preferences) {}

  /// Takes one message as it came from a datagram, or from a stream by way of a `connection`;
  /// the CRLF of its `pong` too. Then take all that `poll_event` has, and all that `poll_transmit`
  /// has after the last command.
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
