// The procedures of a SIP user agent, as an IMS engineer groups them: for browsing, and for
// explain(). Which requests a procedure uses, and what its responses are about. Read method.hpp
// before it.
#pragma once

#include <cstddef>
#include <cstdint>

#include <ctsip/vocabulary/method.hpp>

namespace ctsip {

/// What a request is sent for.
enum class procedure : std::uint8_t {
  registration,          ///< RFC 3261 10
  session_establishment, ///< RFC 3261 13
  reliable_provisional,  ///< reliable provisional responses and early media: RFC 3262, RFC 3960
  session_modification,  ///< RFC 3261 14, RFC 3311
  release,               ///< RFC 3261 15
  cancellation,          ///< RFC 3261 9
  pager_messaging,       ///< RFC 3428
  capability_query,      ///< RFC 3261 11
  service_signalling,    ///< transfer and service signalling: RFC 3515, RFC 6086
  event_packages,        ///< RFC 6665, RFC 3903
  extensions             ///< methods that are not registered
};

/// How many procedures there are.
inline constexpr std::size_t procedure_count = 11;

/// What a response is about, next to its class.
enum class response_group : std::uint8_t {
  registration_and_authentication,
  call_establishment,
  media_and_sdp_negotiation
};

/// How many response groups there are.
inline constexpr std::size_t response_group_count = 3;

/// A set of the values of `procedure` or of `response_group`.
template <class Enum>
struct set_of {
  std::uint16_t bits{};

  constexpr set_of() noexcept = default;
  constexpr set_of(Enum one) noexcept
      : bits{static_cast<std::uint16_t>(1u << static_cast<unsigned>(one))} {}

  constexpr bool contains(Enum one) const noexcept { return (bits & set_of(one).bits) != 0; }
  constexpr bool empty() const noexcept { return bits == 0; }

  friend constexpr set_of operator|(set_of a, set_of b) noexcept {
    set_of both;
    both.bits = static_cast<std::uint16_t>(a.bits | b.bits);
    return both;
  }
  friend constexpr bool operator==(set_of, set_of) = default;
};

using procedures = set_of<procedure>;
using response_groups = set_of<response_group>;

/// `"session establishment"`.
constexpr char const* name(procedure p) noexcept {
  switch (p) {
  case procedure::registration: return "registration";
  case procedure::session_establishment: return "session establishment";
  case procedure::reliable_provisional: return "reliable provisional and early media";
  case procedure::session_modification: return "session modification";
  case procedure::release: return "release";
  case procedure::cancellation: return "cancellation";
  case procedure::pager_messaging: return "pager messaging";
  case procedure::capability_query: return "capability query";
  case procedure::service_signalling: return "transfer and service signalling";
  case procedure::event_packages: return "event packages";
  case procedure::extensions: return "extensions";
  }
  return "";
}

/// `"call establishment"`.
constexpr char const* name(response_group g) noexcept {
  switch (g) {
  case response_group::registration_and_authentication: return "registration and authentication";
  case response_group::call_establishment: return "call establishment";
  case response_group::media_and_sdp_negotiation: return "media and SDP negotiation";
  }
  return "";
}

/// The procedures that use the method.
constexpr procedures procedures_of(method m) noexcept {
  using enum procedure;
  switch (m) {
  case method::register_: return registration;
  case method::invite:
  case method::ack: return procedures(session_establishment) | session_modification;
  case method::prack: return procedures(reliable_provisional) | session_establishment;
  case method::update: return procedures(session_modification) | reliable_provisional;
  case method::bye: return release;
  case method::cancel: return cancellation;
  case method::message: return pager_messaging;
  case method::options: return capability_query;
  case method::refer:
  case method::info: return service_signalling;
  case method::notify: return procedures(event_packages) | service_signalling; // RFC 3515 2.4.4
  case method::subscribe:
  case method::publish: return event_packages;
  case method::extension: break;
  }
  return extensions;
}

} // namespace ctsip
