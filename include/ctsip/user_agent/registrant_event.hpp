// What the user of a registration asks for and hears of it. Read transaction_layer.hpp and
// registration/registration_policy.hpp before it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include <ctsip/message/reader.hpp>
#include <ctsip/message/writer.hpp>
#include <ctsip/registration/registration_policy.hpp>
#include <ctsip/user_agent/address.hpp>
#include <ctsip/user_agent/digest_client.hpp>
#include <ctsip/user_agent/transaction_layer.hpp>
#include <ctsip/vocabulary/status.hpp>
#include <ctsip/vocabulary/timer.hpp>
#include <ctsip/vocabulary/transport.hpp>

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
  /// What a command that gave no handle has met: `full`, `unwritable`, `refused`, or `gone`.
  constexpr sending reason() const { return detail::reason_of(*this); }
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
  lasting_text registrar;         ///< Request-URI, "sip:example.com" (RFC 3261 10.2)
  lasting_text address_of_record; ///< To, "sip:alice@example.com"
  lasting_text from{};            ///< empty: the address-of-record
  /// Ours, each a URI, or a name-addr with its parameters other than `expires`.
  std::span<std::string_view const> contacts{};
  std::uint32_t expires{3600};                   ///< seconds to ask for, not 0
  lasting_text instance{};                       ///< "<urn:uuid:…>" (RFC 5626 4.1)
  std::uint32_t reg_id{};                        ///< of the flow (RFC 5626 4.2.1); 0: none
  std::span<std::string_view const> route_set{}; ///< loose routes to the outbound proxy
  /// Where to send it, the best first: the others when it fails. Resolving names is the caller's
  /// (RFC 3263).
  std::span<address const> next_hops{};
  transport over{transport::udp};
  /// The private user identity and the realm of IMS: the first REGISTER has an Authorization with
  /// an empty nonce (3GPP TS 24.229 5.1.1.2).
  lasting_text private_identity{};
  lasting_text realm{};
  /// The value of Security-Client (RFC 3329); empty: no security agreement.
  lasting_text security_client{};
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

} // namespace ctsip
