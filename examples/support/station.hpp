// An endpoint on a socket: carries datagrams, timeouts and events between the two. This is all the
// input and output that a user agent needs; copy it.
#pragma once

#include <algorithm>
#include <string_view>

#include <ctsip/user_agent/endpoint.hpp>

#include "clock.hpp"
#include "ladder.hpp"
#include "random.hpp"
#include "stream_sockets.hpp"
#include "udp_socket.hpp"

namespace example {

/// A network that loses datagrams on purpose, and draws those that pass by.
struct lossy_network {
  packet_loss loss{};
  ladder* picture{}; ///< null: draws nothing

  /// Whether the datagram arrives.
  bool carries(heading to, std::string_view bytes) {
    bool const lost = loss.strikes();
    if (picture) picture->draw(to, bytes, lost);
    return !lost;
  }
};

/// `Network` is anything with `carries`, `Sockets` a `udp_socket` or `stream_sockets`.
template <class Endpoint, class Network, class Sockets = udp_socket>
class station {
 public:
  station(Endpoint& agent, Sockets& sockets, Network& network)
      : agent_(agent), sockets_(sockets), network_(network) {}

  /// When `turn` has to be called even if nothing arrives.
  ctsip::instant next_timeout() const { return agent_.next_timeout(); }
  /// When the last message came.
  ctsip::instant last_arrival() const { return last_arrival_; }

  /// Takes what has arrived and fires what is due. `on_event(user_event const&)` may command the
  /// endpoint.
  template <class Handler>
  void turn(Handler&& on_event) {
    // Timers get their turn even when messages never stop coming.
    for (int i = 0; i < 64; ++i) {
      auto const got = receive(sockets_);
      if (!got) break;
      last_arrival_ = now();
      if (!network_.carries(heading::left, got->bytes)) continue;
      agent_.receive(got->bytes, got->from, got->over, last_arrival_);
      carry_out(on_event);
    }
    for (ctsip::datagram d; poll_unsent(sockets_, d); carry_out(on_event))
      agent_.handle_transport_error(d, now());
    for (auto const moment = now(); agent_.next_timeout() <= moment;) {
      agent_.handle_timeout(moment);
      carry_out(on_event);
    }
  }

  /// Sends what the endpoint wants to send and tells what it has to tell: to be called after every
  /// command that is not given from within `on_event`.
  template <class Handler>
  void carry_out(Handler&& on_event) {
    send();
    for (ctsip::user_event e; agent_.poll_event(e); send()) on_event(e);
  }

  /// Turns until the program has finished, or the user has asked twice to stop:
  ///
  ///   bool finished();            whether there is nothing more to do
  ///   ctsip::instant next();      when `act` has to be called
  ///   void act(after_each);       does what is due, and calls `after_each()` after each command
  ///   void leave(after_each);     the user has asked to stop: ends the calls
  ///   void on_event(user_event const&)
  template <class Program>
  void run(stop_signal const& stop, Program& program) {
    auto const on_event = [&](ctsip::user_event const& e) { program.on_event(e); };
    auto const after_each = [&] { carry_out(on_event); };
    for (bool leaving = false; !program.finished();) {
      if (stop.count() > 0 && !leaving) program.leave(after_each);
      leaving = stop.count() > 0;
      if (leaving && (agent_.live_calls() == 0 || stop.count() > 1)) return;
      wait(sockets_, stop, std::min(next_timeout(), program.next()));
      turn(on_event);
      program.act(after_each);
    }
  }

  /// Turns until nothing has come for T4, "the maximum duration a message will remain in the
  /// network": somebody may not have got our last response, and asks again within T2, which is
  /// shorter.
  template <class Program>
  void linger(stop_signal const& stop, Program& program) {
    auto const end = [&] { return last_arrival_ + ctsip::default_timer_values.t4; };
    while (now() < end() && stop.count() == 0) {
      wait(sockets_, stop, std::min(next_timeout(), end()));
      turn([&](ctsip::user_event const& e) { program.on_event(e); });
    }
  }

 private:
  void send() {
    for (ctsip::datagram d; agent_.poll_transmit(d);)
      if (network_.carries(heading::right, d.bytes) && !send(sockets_, d))
        agent_.handle_transport_error(d, now());
  }

  // UDP alone.
  static void wait(udp_socket& s, stop_signal const& stop, ctsip::instant until) {
    stop.wait({&s}, until);
  }
  std::optional<received_message> receive(udp_socket& s) {
    auto const got = s.receive(buffer_);
    if (!got) return std::nullopt;
    return received_message{got->bytes, got->from, ctsip::transport::udp};
  }
  static bool send(udp_socket& s, ctsip::datagram const& d) { return s.send(d.bytes, d.to); }
  static bool poll_unsent(udp_socket&, ctsip::datagram&) { return false; }

  // UDP and TCP.
  static void wait(stream_sockets& s, stop_signal const&, ctsip::instant until) { s.wait(until); }
  static std::optional<received_message> receive(stream_sockets& s) { return s.receive(); }
  static bool send(stream_sockets& s, ctsip::datagram const& d) { return s.send(d); }
  static bool poll_unsent(stream_sockets& s, ctsip::datagram& out) { return s.poll_unsent(out); }

  Endpoint& agent_;
  Sockets& sockets_;
  Network& network_;
  ctsip::instant last_arrival_{now()};
  char buffer_[65536];
};

} // namespace example
