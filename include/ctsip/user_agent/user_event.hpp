// What the user of an endpoint says and hears: its settings, the calls that he places, and what he
// learns of them. Read transaction_layer.hpp before it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include <ctsip/message/reader.hpp>
#include <ctsip/message/writer.hpp>
#include <ctsip/user_agent/address.hpp>
#include <ctsip/user_agent/transaction_layer.hpp>
#include <ctsip/vocabulary/status.hpp>
#include <ctsip/vocabulary/transport.hpp>

namespace ctsip {

/// How much an endpoint can hold. Nothing is allocated beyond it.
struct endpoint_size {
  /// At a time, those that wait for late 2xx (13.2.2.4) included. A call of ours that rings at
  /// several places takes one for each of them, as long as nobody else needs it.
  std::size_t calls{4};
  std::size_t transactions{16}; ///< at a time; each lives up to 64*T1 after its end
  std::size_t message{1300};    ///< bytes of the longest message (18.1.1)
};

/// The credentials of an endpoint that has none and answers no challenge: nothing is kept of it.
struct no_credentials {
  /// How many header fields they add to a request.
  static constexpr std::size_t most_fields = 0;
  /// What is remembered for one call.
  struct of_call {};
};

/// The kinds of things that an endpoint is made of. Derive from it, and name another where you want
/// one: `struct traits : endpoint_traits { using call_data = my_player*; };`
struct endpoint_traits {
  /// What becomes of a command that breaks a rule (event/violation.hpp).
  using policy = on_violation::trap;
  /// `digest_credentials` (call_credentials.hpp) answers challenges.
  using credentials = no_credentials;
};

/// Names a call of an endpoint; stale once the call has ended, and harmless then.
struct call_handle {
  std::uint32_t index{UINT32_MAX};
  std::uint32_t generation{};

  constexpr explicit operator bool() const { return index != UINT32_MAX; }
  friend constexpr bool operator==(call_handle, call_handle) = default;
};

/// What the user learns of a call. Exactly one of `rejected`, `cancelled`, `ended` and `failed` is
/// the last of each call that the user has not refused; what is left of the call after a `failed`
/// is ended by a CANCEL or BYE in silence.
enum class user_event_kind : std::uint8_t {
  incoming,     ///< somebody calls: `ring`, `answer`, `reject`
  provisional,  ///< our call: a 1xx, in `status`; a reliable one is acknowledged already
  answered,     ///< our call: a 2xx, acknowledged already
  rejected,     ///< our call: a final response from 300 to 699, in `status`
  confirmed,    ///< the ACK to our 2xx has come
  cancelled,    ///< the caller gave up before our answer, or the INVITE has expired
  ended,        ///< by a BYE, theirs or ours
  failed,       ///< no answer, ACK, PRACK or refresh in time (408), a 2xx too large (513),
                ///< nothing sendable (503), or the other side has lost the call (481 …)
  offered,      ///< our call without an offer: a reliable 1xx has one: `acknowledge` it
  acknowledged, ///< a reliable 1xx of ours, by a PRACK, which may have a session description
  modification, ///< the other side offers another session: `accept_modification`,
                ///< `reject_modification`. After 64*T1 without either, or T2 if it is no INVITE
                ///< (RFC 3311 5.1: "needs to be answered immediately"), it is answered 488
  modified,     ///< the session is another one: the 2xx to our `modify` has come
  unmodified    ///< our `modify` was refused, in `status`: the session is what it was
};

/// The event's name.
constexpr char const* name(user_event_kind e) {
  switch (e) {
  case user_event_kind::incoming: return "incoming";
  case user_event_kind::provisional: return "provisional";
  case user_event_kind::answered: return "answered";
  case user_event_kind::rejected: return "rejected";
  case user_event_kind::confirmed: return "confirmed";
  case user_event_kind::cancelled: return "cancelled";
  case user_event_kind::ended: return "ended";
  case user_event_kind::failed: return "failed";
  case user_event_kind::offered: return "offered";
  case user_event_kind::acknowledged: return "acknowledged";
  case user_event_kind::modification: return "modification";
  case user_event_kind::modified: return "modified";
  case user_event_kind::unmodified: return "unmodified";
  }
  return "";
}

/// How far a call is, as its user sees it.
enum class call_state : std::uint8_t {
  outgoing,    ///< ours, and nobody has rung yet
  incoming,    ///< theirs, and not answered yet
  early,       ///< ours, and a 101-199 has come
  established, ///< answered
  ended        ///< over, or never there
};

/// An event, by value. The message is a view of the datagram that caused it: empty for a timer,
/// and not to be read after that datagram is gone.
struct user_event {
  user_event_kind kind{};
  call_handle call{};
  status_code status{};
  ctsip::message message{};
  call_state state{}; ///< of the call, when it happened
};

/// A call to be placed.
struct outgoing_call {
  std::string_view target; ///< Request-URI and To, "sip:bob@example.com"
  std::string_view from;   ///< From, "sip:alice@example.com"
  address next_hop{};      ///< where to send it: resolving names is the caller's (RFC 3263)
  transport over{transport::udp};
  message_body offer{};
  std::uint32_t expires{}; ///< seconds after which it is cancelled (13.2.1); 0: never
};

/// Whether a provisional response is to be sent reliably. To an INVITE that requires it each one
/// is.
enum class reliability : std::uint8_t {
  unreliable, ///< 13.3.1.1
  reliable    ///< RFC 3262: sent again until its PRACK comes
};

/// What an endpoint says of itself. The texts must outlive it. Without `element.sent_by` and
/// `contact` nothing can be sent: `call` gives no handle, `ring` and `answer` say `unwritable`.
///
/// Where `element.own` says nothing of its own, the endpoint allows INVITE, ACK, CANCEL, BYE,
/// OPTIONS, PRACK and UPDATE, and supports 100rel and timer.
struct endpoint_settings {
  element_settings element{};
  std::string_view
      contact{}; ///< required: the URI at which it is reached, "sip:alice@192.0.2.1:5060"
  /// Seconds after which a session that is not refreshed ends (RFC 4028 4). 0: only where the other
  /// side asks for one.
  std::uint32_t session_expires{0};
  std::uint32_t min_se{90}; ///< the least that is taken, not below 90 (RFC 4028 5)
};

/// What an endpoint allows and supports, unless its settings say otherwise.
inline constexpr std::string_view endpoint_allow =
    "INVITE, ACK, CANCEL, BYE, OPTIONS, PRACK, UPDATE";
inline constexpr std::string_view endpoint_supported = "100rel, timer";

} // namespace ctsip
