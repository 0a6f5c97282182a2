// What the benchmarks of the library's user agent share: two of them, and how they are asked.
#pragma once

#include <ctsip/user_agent/endpoint.hpp>

#include "variant.hpp"

namespace bench {

constexpr ctsip::address address_at(std::uint8_t last) {
  ctsip::address a{{192, 0, 2, last}};
  a.port = 5060;
  return a;
}
inline constexpr ctsip::address alice_at = address_at(101);
inline constexpr ctsip::address bob_at = address_at(201);

inline ctsip::endpoint_settings alice_settings() {
  ctsip::endpoint_settings s;
  s.element.seed = {0x0706050403020100u, 0x0f0e0d0c0b0a0908u};
  s.element.sent_by = "client.atlanta.example.com:5060";
  s.contact = "sip:alice@client.atlanta.example.com:5060;transport=udp";
  return s;
}
inline ctsip::endpoint_settings bob_settings() {
  ctsip::endpoint_settings s;
  s.element.seed = {0x1716151413121110u, 0x1f1e1d1c1b1a1918u};
  s.element.sent_by = "client.biloxi.example.com:5060";
  s.contact = "sip:bob@client.biloxi.example.com:5060;transport=udp";
  return s;
}

inline ctsip::outgoing_call alice_to_bob() {
  ctsip::outgoing_call out;
  out.target = "sip:bob@biloxi.example.com";
  out.from = "sip:alice@atlanta.example.com";
  out.next_hop = bob_at;
  out.offer = {"application/sdp", messages::offer};
  return out;
}

/// Takes all that waits to be sent; the last of it is left in `last`.
template <class Agent>
void take_sent(Agent& agent, talk& so_far, ctsip::datagram& last) {
  while (agent.poll_transmit(last)) {
    ++so_far.sent;
    so_far.written += last.bytes.size();
  }
}

} // namespace bench
