// Where a response is to be sent, and what the server notes about it in the top Via.
// RFC 3261 18.2.1 and 18.2.2, RFC 3581 4 (rport). Read via.hpp before it.
#pragma once

#include <ctsip/message/via.hpp>

namespace ctsip {

/// Where a packet came from, as the transport tells it: a numeric IPv4 or IPv6 address, the latter
/// with brackets or without, and a port.
struct packet_source {
  std::string_view address;
  std::uint16_t port{};
};

/// Where to send a response.
struct response_destination {
  std::string_view host;   ///< a numeric address or a name, IPv6 without brackets
  std::uint16_t port{};    ///< never 0 unless the Via says so
  std::uint8_t ttl{1};     ///< for a multicast address in `host` only
  bool on_connection{};    ///< use the connection that the request came over while it is open, and
                           ///< open one to `host` and `port` only when it is not
  bool needs_resolution{}; ///< the host is the sent-by, to be resolved as in RFC 3263 5
};

namespace detail {

constexpr std::string_view without_brackets(std::string_view host) {
  return host.size() >= 2 && host.front() == '[' && host.back() == ']'
             ? host.substr(1, host.size() - 2)
             : host;
}

// Whether the sent-by says that address and no other.
constexpr bool is_host(via_view const& via, packet_source const& source) {
  return same_token(without_brackets(via.sent_by().host), without_brackets(source.address));
}

constexpr bool adds_received(via_view const& via, parameter const& rport, packet_source source) {
  if (source.address.empty()) return false;
  return (rport && rport.value.empty()) || !is_host(via, source);
}

// What the top Via says of the way back, found in one pass over its parameters. The first of two
// with the same name counts.
struct way_back {
  parameter received, maddr, rport;

  constexpr explicit way_back(via_view const& via) {
    for (parameter const& p : via.all_params()) {
      if (!received && is_name(p.name, "received")) received = p;
      if (!maddr && is_name(p.name, "maddr")) maddr = p;
      if (!rport && is_name(p.name, "rport")) rport = p;
    }
  }
};

} // namespace detail

/// Whether the server adds a `received` parameter to the top Via of a request that came from this
/// source: the host of the sent-by is a name or another address (RFC 3261 18.2.1), or there is an
/// rport without a value, and then "even if it is identical" (RFC 3581 4).
/// Two spellings of one IPv6 address count as different, which is harmless.
constexpr bool adds_received(via_view const& via, packet_source source) {
  return detail::adds_received(via, via.all_params().find("rport"), source);
}

/// Where the response to a request goes, by the top Via of the request as it came in and its
/// source. With the top Via of a response that already bears `received` and `rport`, leave the
/// source empty. The views returned point into what was given.
constexpr response_destination destination_of_response(via_view const& via,
                                                       packet_source source = {}) {
  detail::way_back const said{via};
  std::string_view received = said.received.value;
  number rport = said.rport.has_value ? via.rport() : number{};
  if (!source.address.empty()) {
    received = detail::adds_received(via, said.rport, source) ? source.address : std::string_view{};
    if (said.rport && said.rport.value.empty()) rport = {source.port, number::valid};
  }
  auto const transport = via.transport();
  auto const& sent_by = via.sent_by();
  std::uint16_t const port = sent_by.has_port ? sent_by.port : default_port(transport);

  response_destination to;
  to.port = port;
  to.on_connection = is_reliable(transport);
  if (!to.on_connection && !said.maddr.value.empty()) {
    // "the response MUST be forwarded to the address listed there, using the port indicated in
    // "sent-by", or port 5060 if none is present. … using the TTL indicated in the "ttl" parameter,
    // or with a TTL of 1 if that parameter is not present."
    to.host = said.maddr.value;
    to.ttl = static_cast<std::uint8_t>(via.ttl().value_or(1));
  } else if (!received.empty()) {
    to.host = received;
    // "If … there is no "maddr" parameter, but there is both a "received" parameter and an "rport"
    // parameter, the response MUST be sent to the IP address listed in the "received" parameter,
    // and the port in the "rport" parameter", for an unreliable transport (RFC 3581 4).
    if (!to.on_connection && rport) to.port = static_cast<std::uint16_t>(*rport);
  } else {
    to.host = sent_by.host;
    to.needs_resolution = true;
  }
  to.host = detail::without_brackets(to.host);
  return to;
}

} // namespace ctsip
