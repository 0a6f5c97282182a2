// An endpoint on a socket: carries datagrams, timeouts and events between the two. This is all the
// input and output that a user agent needs; copy it.
#pragma once

#include <algorithm>
#include <string_view>

#include <ctsip/user_agent/endpoint.hpp>

#include "clock.hpp"
#include "ladder.hpp"
#include "random.hpp"
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

/// `Network` is anything with `carries`.
template <class Endpoint, class Network>
class station {
 public:
  station(Endpoint& agent, udp_socket& socket, Network& network)
      : agent_(agent), socket_(socket), network_(network) {}

  /// When `turn` has to be called even if nothing arrives.
  ctsip::instant next_timeout() const { return agent_.next_timeout(); }
  /// When the last datagram came.
  ctsip::instant last_arrival() const { return last_arrival_; }

  /// Takes what has arrived and fires what is due. `on_event(user_event const&)` may command the
  /// endpoint.
  template <class Handler>
  void turn(Handler&& on_event) {
    // Timers get their turn even when datagrams never stop coming.
    for (int i = 0; i < 64; ++i) {
      auto const got = socket_.receive(buffer_);
      if (!got) break;
      last_arrival_ = now();
      if (!network_.carries(heading::left, got->bytes)) continue;
      agent_.receive(got->bytes, got->from, ctsip::transport::udp, last_arrival_);
      carry_out(on_event);
    }
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

 private:
  void send() {
    for (ctsip::datagram d; agent_.poll_transmit(d);)
      if (network_.carries(heading::right, d.bytes) && !socket_.send(d.bytes, d.to))
        agent_.handle_transport_error(d, now());
  }

  Endpoint& agent_;
  udp_socket& socket_;
  Network& network_;
  ctsip::instant last_arrival_{now()};
  char buffer_[65536];
};

} // namespace example
