// Transports, and the one property of them that SIP's timers read: reliability.
// RFC 3261 7, 17, 18, 19.1.2; RFC 4168 (SCTP); RFC 7118 (WebSocket). Nothing to read before it.
#pragma once

#include <cstddef>
#include <cstdint>

namespace ctsip {

/// The transports of a Via header field (RFC 3261 20.42, RFC 4168, RFC 7118).
enum class transport : std::uint8_t { udp, tcp, tls, sctp, tls_sctp, ws, wss };

/// How many transports there are.
inline constexpr std::size_t transport_count = 7;

/// Whether the transport itself delivers or reports a failure, so that SIP does not retransmit
/// over it (RFC 3261 17: "reliable transports"). Only UDP is not.
constexpr bool is_reliable(transport t) noexcept { return t != transport::udp; }

/// Whether the transport runs over TLS, as a SIPS URI requires hop by hop (RFC 3261 26.2.2).
constexpr bool is_secure(transport t) noexcept {
  return t == transport::tls || t == transport::tls_sctp || t == transport::wss;
}

/// The same over TLS, as a SIPS URI asks for: "transport is independent of TLS […] (although note
/// that UDP is not a valid transport for SIPS)" (RFC 3261 26.2.2), so that UDP becomes TCP.
constexpr transport secured(transport t) noexcept {
  switch (t) {
  case transport::udp:
  case transport::tcp:
  case transport::tls: return transport::tls;
  case transport::sctp:
  case transport::tls_sctp: return transport::tls_sctp;
  case transport::ws:
  case transport::wss: return transport::wss;
  }
  return t;
}

/// The port that is meant where none is given: 5060, over TLS 5061 (RFC 3261 19.1.2, 18.1.1),
/// for WebSocket 80 and 443 (RFC 7118, RFC 6455 3).
constexpr std::uint16_t default_port(transport t) noexcept {
  switch (t) {
  case transport::udp:
  case transport::tcp:
  case transport::sctp: return 5060;
  case transport::tls:
  case transport::tls_sctp: return 5061;
  case transport::ws: return 80;
  case transport::wss: return 443;
  }
  return 5060;
}

/// The token of the Via header field's sent-protocol: `"UDP"`, `"TCP"`, `"TLS"` …
constexpr char const* name(transport t) noexcept {
  switch (t) {
  case transport::udp: return "UDP";
  case transport::tcp: return "TCP";
  case transport::tls: return "TLS";
  case transport::sctp: return "SCTP";
  case transport::tls_sctp: return "TLS-SCTP";
  case transport::ws: return "WS";
  case transport::wss: return "WSS";
  }
  return "";
}

/// What `parse_transport` found; `value` means something only if `found`.
struct parsed_transport {
  bool found{};
  transport value{};

  constexpr explicit operator bool() const noexcept { return found; }
  friend constexpr bool operator==(parsed_transport, parsed_transport) = default;
};

namespace detail {

/// Whether `size` characters at `first` are `word`, in any case (RFC 3261 7.3.1: "Tokens are
/// always case-insensitive"). `word` is in upper case.
constexpr bool equals_ignoring_case(char const* first, std::size_t size,
                                    char const* word) noexcept {
  for (std::size_t i = 0; i != size; ++i) {
    char const c = first[i];
    char const upper = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    if (word[i] == '\0' || word[i] != upper) return false;
  }
  return word[size] == '\0';
}

} // namespace detail

/// The transport of a Via token or of a URI's `transport` parameter, in any case
/// (RFC 3261 7.3.1, 19.1.4). Not found if it is another token.
constexpr parsed_transport parse_transport(char const* first, std::size_t size) noexcept {
  for (std::size_t i = 0; i != transport_count; ++i)
    if (detail::equals_ignoring_case(first, size, name(static_cast<transport>(i))))
      return {true, static_cast<transport>(i)};
  return {};
}

/// The same for any text with `data()` and `size()`.
template <class Text>
requires requires(Text const& text) { parse_transport(text.data(), text.size()); }
constexpr parsed_transport parse_transport(Text const& text) noexcept {
  return parse_transport(text.data(), text.size());
}

} // namespace ctsip
