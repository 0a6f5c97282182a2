// What happens to a registration, as its rules see it: what a REGISTER asks for, how its response
// is to be taken, and what else ends or shortens a binding.
//
// A `registration_message` is what a message says (method, status code and the numbers in its
// header fields); the rules compare the numbers with their facts and make a `registration_event` of
// it, which has no number any more. Header fields that are texts are told by numbers that name
// them: equal numbers for equal texts, 0 for "not said". Any other method may be told too, as far
// as its authentication and its security agreement are concerned. RFC 3261 10.2, 10.3, 21, 22; RFC
// 3680 4.7. Read event/event.hpp before it.
#pragma once

#include <cstddef>
#include <cstdint>

#include <ctsip/event/event.hpp>

namespace ctsip {

/// Which request a message is, or which one it answers.
enum class registration_subject : std::uint8_t {
  register_,
  request, ///< any other one that may be challenged
  cancel,
  ack,
  none ///< no message
};

/// What a REGISTER asks for (RFC 3261 10.2).
enum class registration_purpose : std::uint8_t {
  add,        ///< a binding (10.2.1)
  refresh,    ///< the binding that we know of (10.2.4)
  remove,     ///< a binding: an expiration interval of 0 (10.2.2)
  remove_all, ///< `Contact: *` (10.2.2)
  fetch       ///< the bindings, of which none changes (10.2.3)
};

/// Whether a REGISTER for this purpose changes bindings.
constexpr bool changes_bindings(registration_purpose p) { return p != registration_purpose::fetch; }
/// Whether it asks for a binding.
constexpr bool binds(registration_purpose p) {
  return p == registration_purpose::add || p == registration_purpose::refresh;
}

/// How a message stands to what came before it, or what else has happened.
enum class registration_phase : std::uint8_t {
  request,
  provisional,        ///< 1xx
  success,            ///< 2xx
  redirection,        ///< 3xx
  challenge,          ///< 401 or 407
  rejection,          ///< a 401, 407 or 494 that is not to be answered with another try
  forbidden,          ///< 403
  interval_too_brief, ///< 423
  security_agreement, ///< 494, or 421 with a Security-Server (RFC 3329 2.3)
  unavailable,        ///< 503
  retry_later,        ///< any other 4xx-6xx with a Retry-After (20.33)
  server_failure,     ///< 408 and 5xx: the same request may succeed at another time
  failure,            ///< any other 4xx and 6xx
  no_response,        ///< the transaction has timed out (10.2.7, 17.1.2.2)
  transport_error,    ///< the request could not be sent (17.1.4)
  stray,              ///< a response to no REGISTER that is pending
  // No message to us.
  network_lost, ///< the access network is gone: nothing can be sent
  network_back, ///< it is there again
  // What the reg event package tells of our Contact (RFC 3680 4.7.1).
  shortened,    ///< "to trigger the contact to re-register"
  deactivated,  ///< removed; the client is wished to register again
  probation,    ///< removed; the client is to register again at a later time
  unregistered, ///< removed by a REGISTER with an expiration interval of 0
  rejected,     ///< removed; to register again does not help
  expired,      ///< removed, since it was not refreshed
  timer         ///< a timer fires
};

/// What has happened other than by a message.
enum class registration_incident : std::uint8_t {
  none,
  no_response, ///< to the request whose CSeq is said, or to the one that is pending
  network_lost,
  network_back,
  shortened, ///< the rest of these: a NOTIFY of the reg event package about our Contact
  deactivated,
  probation,
  unregistered,
  rejected,
  expired
};

/// Whether a 2xx to REGISTER lists our Contact among the bindings.
enum class contact_listing : std::uint8_t {
  unspecified, ///< not known: a flow that leaves header fields out
  listed,      ///< for `granted` seconds
  missing
};

/// Whether a 401 or 407 can be answered.
enum class challenge_support : std::uint8_t {
  acceptable,  ///< or not known
  unsupported, ///< none of its challenges has a scheme and algorithm that we know
  missing      ///< it has no challenge
};

/// How the Security-Verify of a request stands to the Security-Server received (RFC 3329 2.3.1).
enum class security_list : std::uint8_t { none, mirrors, differs };

/// What a message says, and what else is known with it. 0 and `false` stand for what is not there
/// or not known.
struct registration_message {
  ctsip::event event{};
  registration_incident incident{}; ///< where the event is `nothing`
  std::uint32_t cseq{};             ///< a response has that of its request
  std::uint32_t call_id{};          ///< names the Call-ID
  // REGISTER (10.2).
  std::uint32_t contact{}; ///< names our Contact: the URI, or instance and reg-id
  std::uint32_t expires{}; ///< seconds, of our Contact, or of the header field where it has none
  std::uint32_t granted{}; ///< seconds that a 2xx, or `shortened`, leaves our Contact
  std::uint32_t min_expires{}; ///< seconds, of a 423
  std::uint32_t retry_after{}; ///< seconds, of a failure or of `probation`
  bool expires_said{};         ///< `expires` is said
  bool retry_after_said{};     ///< `retry_after` is said
  bool fetch{};                ///< no Contact at all
  bool wildcard{};             ///< `Contact: *`
  bool other_contacts{};       ///< further Contacts beside the `*`
  bool outbound{};             ///< the Contact has a reg-id or an instance (RFC 5626 4.2)
  bool other_target{};         ///< the REGISTER goes to another server than the one before
  bool again{};                ///< a retransmission: no event for the rules
  contact_listing listing{};   ///< in a 2xx
  // Authentication (22): of WWW-Authenticate or Authorization, Proxy-Authenticate or
  // Proxy-Authorization.
  std::uint32_t nonce{};       ///< names the nonce
  std::uint32_t proxy_nonce{}; ///< names the nonce for the proxy
  challenge_support challenge{};
  bool stale{};                   ///< the challenge says that only the nonce was wrong
  bool empty_nonce{};             ///< credentials that answer no challenge: IMS's first REGISTER
  bool synchronisation_failure{}; ///< credentials with `auts` (RFC 3310 3.4)
  bool new_credentials{};         ///< the user has given another user name or password
  // Security agreement (RFC 3329).
  security_list security_verify{};
  bool security_client{};   ///< there is a Security-Client
  bool security_server{};   ///< there is a Security-Server
  bool security_required{}; ///< Require and Proxy-Require both name sec-agree
  // For the wait before another try (RFC 5626 4.5).
  std::uint32_t random{}; ///< any number, drawn uniformly, with whatever may be a failure
  bool other_flow{};      ///< another flow to the outbound proxies has not failed

  constexpr registration_message() = default;
  constexpr registration_message(ctsip::event const& e) : event(e) {}
  constexpr registration_message(registration_incident i) : incident(i) {}
};

/// One event of a registration as a value without numbers.
struct registration_event {
  direction way{direction::none};
  registration_subject subject{registration_subject::none};
  registration_phase phase{registration_phase::request};
  registration_purpose purpose{}; ///< of a REGISTER, and of what answers it
  bool credentials{};             ///< of a request: it carries some
  ctsip::timer timer{};

  constexpr registration_event() = default;
  /// The event as far as it can be told without numbers: a REGISTER asks for a binding.
  constexpr registration_event(event const& e);
  /// The same for a message, with what it carries.
  constexpr registration_event(registration_message const& m);

  constexpr bool is_sent() const { return way == direction::sent; }
  constexpr bool is_received() const { return way == direction::received; }
  constexpr bool is_register() const { return subject == registration_subject::register_; }
  /// A request of this kind.
  constexpr bool is_request(registration_subject s) const {
    return subject == s && phase == registration_phase::request;
  }
  /// Whether it ends the transaction: a final response, or none.
  constexpr bool is_final() const {
    return phase >= registration_phase::success && phase <= registration_phase::transport_error;
  }
  /// Whether it ends the transaction other than with a 2xx, a challenge or a security agreement.
  constexpr bool is_failure() const {
    return is_final() && phase != registration_phase::success &&
           phase != registration_phase::challenge &&
           phase != registration_phase::security_agreement;
  }
  constexpr bool is_timer(ctsip::timer t) const {
    return phase == registration_phase::timer && timer == t;
  }

  /// How many events there are: `index()` is below it.
  static constexpr std::size_t alphabet_size = 313;
  /// The number of the event; 0 for what is no event of a registration.
  constexpr std::size_t index() const;
  /// The event with that number.
  static constexpr registration_event at(std::size_t index);

  friend constexpr bool operator==(registration_event const&, registration_event const&) = default;
};

namespace detail {

// The events of a subject, a direction and a purpose: a request without and with credentials, then
// what answers it. REGISTER has them for each purpose, the other subjects have one.
inline constexpr std::size_t registration_cells =
    static_cast<std::size_t>(registration_phase::stray) + 2;
inline constexpr std::size_t registration_purposes = 5;
inline constexpr std::size_t first_incident_event =
    1 + 2 * registration_cells * (registration_purposes + 3);
inline constexpr std::size_t first_timer_event =
    first_incident_event + static_cast<std::size_t>(registration_phase::timer) -
    static_cast<std::size_t>(registration_phase::network_lost);
static_assert(registration_event::alphabet_size == first_timer_event + timer_count);

constexpr registration_phase registration_phase_of(event const& e) {
  switch (e.response_class()) {
  case 1: return registration_phase::provisional;
  case 2: return registration_phase::success;
  case 3: return registration_phase::redirection;
  default: break;
  }
  switch (e.status) {
  case 401:
  case 407: return registration_phase::challenge;
  case 403: return registration_phase::forbidden;
  case 423: return registration_phase::interval_too_brief;
  case 494: return registration_phase::security_agreement;
  case 503: return registration_phase::unavailable;
  case 408: return registration_phase::server_failure;
  default:
    return e.response_class() == 5 ? registration_phase::server_failure
                                   : registration_phase::failure;
  }
}

constexpr registration_subject registration_subject_of(method m) {
  switch (m) {
  case method::register_: return registration_subject::register_;
  case method::cancel: return registration_subject::cancel;
  case method::ack: return registration_subject::ack;
  default: return registration_subject::request;
  }
}

constexpr registration_purpose purpose_of(registration_message const& m) {
  if (m.wildcard) return registration_purpose::remove_all;
  if (m.fetch) return registration_purpose::fetch;
  return m.expires_said && m.expires == 0 ? registration_purpose::remove
                                          : registration_purpose::add;
}

} // namespace detail

constexpr std::size_t registration_event::index() const {
  if (phase == registration_phase::timer)
    return detail::first_timer_event + static_cast<std::size_t>(timer);
  if (phase >= registration_phase::network_lost)
    return detail::first_incident_event + static_cast<std::size_t>(phase) -
           static_cast<std::size_t>(registration_phase::network_lost);
  if (subject == registration_subject::none || way == direction::none) return 0;
  std::size_t const block =
      is_register() ? static_cast<std::size_t>(purpose)
                    : detail::registration_purposes - 1 + static_cast<std::size_t>(subject);
  std::size_t const cell =
      phase == registration_phase::request ? credentials : static_cast<std::size_t>(phase) + 1;
  return 1 + (2 * block + is_received()) * detail::registration_cells + cell;
}

constexpr registration_event registration_event::at(std::size_t i) {
  registration_event e;
  if (i >= detail::first_timer_event) {
    e.phase = registration_phase::timer;
    e.timer = static_cast<ctsip::timer>(i - detail::first_timer_event);
  } else if (i >= detail::first_incident_event) {
    e.phase =
        static_cast<registration_phase>(i - detail::first_incident_event +
                                        static_cast<std::size_t>(registration_phase::network_lost));
  } else if (i > 0) {
    std::size_t const cell = (i - 1) % detail::registration_cells;
    std::size_t const row = (i - 1) / detail::registration_cells;
    std::size_t const block = row / 2;
    e.way = row % 2 ? direction::received : direction::sent;
    if (block < detail::registration_purposes) {
      e.subject = registration_subject::register_;
      e.purpose = static_cast<registration_purpose>(block);
    } else {
      e.subject = static_cast<registration_subject>(block - (detail::registration_purposes - 1));
    }
    e.credentials = cell == 1;
    if (cell > 1) e.phase = static_cast<registration_phase>(cell - 1);
  }
  return e;
}

constexpr registration_event::registration_event(event const& e) {
  if (e.what == occurrence::timer) {
    phase = registration_phase::timer;
    timer = e.timer;
    return;
  }
  if (e.what == occurrence::transport_error) {
    // It tells no method: what is pending here is a REGISTER.
    way = direction::received;
    subject = registration_subject::register_;
    phase = registration_phase::transport_error;
    return;
  }
  // What neither side has sent is no event.
  if ((e.what != occurrence::request && !e.is_response()) || e.way == direction::none) return;
  way = e.way;
  subject = detail::registration_subject_of(e.method);
  if (e.what == occurrence::request)
    credentials = e.has(mark::credentials);
  else
    phase = detail::registration_phase_of(e);
}

constexpr registration_event::registration_event(registration_message const& m)
    : registration_event(m.again ? event{} : m.event) {
  if (m.event.what == occurrence::nothing && m.incident != registration_incident::none) {
    if (m.incident == registration_incident::no_response) {
      way = direction::received;
      subject = registration_subject::register_;
      phase = registration_phase::no_response;
    } else {
      phase = static_cast<registration_phase>(
          static_cast<unsigned>(registration_phase::network_lost) +
          static_cast<unsigned>(m.incident) -
          static_cast<unsigned>(registration_incident::network_lost));
    }
    return;
  }
  if (subject == registration_subject::none) return;
  if (phase == registration_phase::request) {
    if (is_register()) purpose = detail::purpose_of(m);
    if (m.nonce != 0 || m.proxy_nonce != 0 || m.empty_nonce || m.synchronisation_failure)
      credentials = true;
    return;
  }
  if (m.event.status == 421 && m.security_server) phase = registration_phase::security_agreement;
  // A 503 says more than that.
  bool const may_wait =
      phase == registration_phase::failure || phase == registration_phase::server_failure;
  if (may_wait && m.retry_after_said) phase = registration_phase::retry_later;
}

} // namespace ctsip
