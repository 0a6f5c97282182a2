// What the user of an endpoint passes in and gets back: settings, calls, requests, events. Read
// transaction_layer.hpp before it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include <ctsip/message/reader.hpp>
#include <ctsip/message/writer.hpp>
#include <ctsip/user_agent/address.hpp>
#include <ctsip/user_agent/transaction_layer.hpp>
#include <ctsip/vocabulary/status.hpp>
#include <ctsip/vocabulary/transport.hpp>

namespace ctsip {

namespace detail {

// Of a timer. In one place, since a message is large.
inline constexpr message no_message{};

} // namespace detail

/// How much an endpoint can hold. Nothing is allocated beyond it.
struct endpoint_size {
  /// At a time, those that wait for late 2xx (13.2.2.4) included. A call of ours that rings at
  /// several places takes one for each of them, as long as nobody else needs it.
  std::size_t calls{4};
  std::size_t transactions{16}; ///< at a time; each lives up to 64*T1 after its end
  std::size_t message{1300};    ///< bytes of the longest message (18.1.1)
  /// Requests at a time, ours and theirs, that are neither for the endpoint itself nor for a call
  /// to judge: INFO, MESSAGE, REFER, NOTIFY, our own OPTIONS …. With 0 there are none: what is
  /// allowed beyond the methods of calls is answered 405.
  std::size_t requests{0};
};

/// Names a call of an endpoint; stale once the call has ended, and harmless then.
struct call_handle {
  std::uint32_t index{UINT32_MAX};
  std::uint32_t generation{};

  constexpr explicit operator bool() const { return index != UINT32_MAX; }
  /// What a command that gave no handle has met: `full`, `unwritable`, `refused`, or `gone`.
  constexpr sending reason() const { return detail::reason_of(*this); }
  friend constexpr bool operator==(call_handle, call_handle) = default;
};

/// What names a dialog at each of its user agents (RFC 3261 12), whose local tag is the other one's
/// remote tag.
struct dialog_id {
  std::string_view call_id{};
  std::string_view local_tag{};
  std::string_view remote_tag{}; ///< empty where an RFC 2543 peer has none
};

/// Names a request of an endpoint that is not a call's own; stale once it is answered.
struct request_handle {
  std::uint32_t index{UINT32_MAX};
  std::uint32_t generation{};

  constexpr explicit operator bool() const { return index != UINT32_MAX; }
  /// What a command that gave no handle has met: `full`, `unwritable`, `refused`, or `gone`.
  constexpr sending reason() const { return detail::reason_of(*this); }
  friend constexpr bool operator==(request_handle, request_handle) = default;
};

/// What the user learns of a call. Exactly one of `rejected`, `cancelled`, `ended` and `failed` is
/// the last of each call that the user has not refused; what is left of the call after a `failed`
/// is ended by a CANCEL or BYE in silence.
enum class user_event_kind : std::uint8_t {
  incoming,     ///< somebody calls: `ring`, `answer`, `reject`
  provisional,  ///< our call: a 1xx, in `status`; a reliable one is acknowledged already. To our
                ///< `modify` only one that has the answer
  answered,     ///< our call: a 2xx, acknowledged already. It has no body where a reliable 1xx
                ///< had the answer
  rejected,     ///< our call: a final response from 300 to 699, in `status`
  confirmed,    ///< the ACK to our 2xx has come
  cancelled,    ///< the caller gave up before our answer, or the INVITE has expired
  ended,        ///< by a BYE, theirs or ours
  failed,       ///< no answer, ACK, PRACK or refresh in time (408), a 2xx too large (513),
                ///< nothing sendable (503), or the other side has lost the call (481 …)
  offered,      ///< our call, or `modify`, without an offer: a reliable 1xx or a 2xx has one:
                ///< `acknowledge` it
  acknowledged, ///< a reliable 1xx of ours, by a PRACK, which may have a session description. An
                ///< offer in it is a `modification` first, and has to be accepted
  modification, ///< the other side offers another session, or asks by a re-INVITE without one what
                ///< we offer (RFC 3261 14.2): `accept_modification`, `reject_modification`. After
                ///< 64*T1 without either, or T2 if it is no INVITE (RFC 3311 5.1: "needs to be
                ///< answered immediately"), it is answered 488. Not told of is a description that
                ///< repeats the one before, by which a session is refreshed (RFC 4028 7.4)
  modified,     ///< the session is another one: the 2xx to our `modify` has come, without a body
                ///< where a reliable 1xx had the answer, or the ACK has the answer to the offer in
                ///< a 2xx (0): theirs has come, or ours is sent
  unmodified,   ///< our `modify` was refused, in `status`, or is overtaken (0): another dialog of
                ///< the call has been answered, or a response of ours needs its place to wait. Or
                ///< its 2xx should have had an offer, and has none, or not waited for the answer
                ///< to one in a 1xx. The session is what it was
  request,      ///< a request for the user, in a call or outside: `respond` to it. After 64*T1
                ///< without an answer nobody waits for one any more, and it is forgotten
  response      ///< to our `request`: a response, in `status`, or none (408, 503 without a message)
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
  case user_event_kind::request: return "request";
  case user_event_kind::response: return "response";
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

/// The state's name.
constexpr char const* name(call_state s) {
  switch (s) {
  case call_state::outgoing: return "outgoing";
  case call_state::incoming: return "incoming";
  case call_state::early: return "early";
  case call_state::established: return "established";
  case call_state::ended: return "ended";
  }
  return "";
}

/// What an event says beside its message.
struct user_event_facts {
  user_event_kind kind{};
  call_handle call{};
  status_code status{};
  call_state state{};       ///< of the call, when it happened
  request_handle request{}; ///< of `request` and `response`, whose `call` is none outside of calls
};

/// An event, by value. The message is a view of the datagram that caused it: empty for a timer or a
/// command, and not to be read after that datagram is gone. That of `answered` after `acknowledge`
/// is the call's own copy of the 2xx, and good until the call goes on. `sdp_of` gives its session
/// description, which may be a part of its body (message/multipart.hpp).
struct user_event : user_event_facts {
  using facts = user_event_facts;

  ctsip::message message{};
};

/// A call to be placed.
struct outgoing_call {
  std::string_view target; ///< Request-URI and To, "sip:bob@example.com"
  std::string_view from;   ///< From, "sip:alice@example.com"
  address next_hop{};      ///< where to send it: resolving names is the caller's (RFC 3263)
  transport over{transport::udp};
  message_body offer{};
  std::uint32_t expires{}; ///< seconds after which it is cancelled (13.2.1); 0: never
  /// Loose routes that the INVITE goes by: an outbound proxy, a Service-Route (RFC 3608 6.1).
  std::span<std::string_view const> route_set{};
  /// Further header fields of the INVITE, at most 8.
  std::span<extra_field const> extra{};
  /// Where to send it when that fails: no response, a 503, an error of the transport (RFC
  /// 3263 4.3). They must outlive the call.
  std::span<address const> other_hops{};
  std::string_view from_name{}; ///< the display name of From, plain text: it is quoted
  /// Contact of its messages; empty: that of the settings. It must outlive the call.
  lasting_text contact{};
};

/// A request outside of calls: OPTIONS, MESSAGE, PUBLISH …. Those that start a dialog, that belong
/// to one, or that an operation of their own sends are refused.
struct outgoing_request {
  ctsip::method method{ctsip::method::options};
  std::string_view method_name{}; ///< of `method::extension` only
  std::string_view target;        ///< Request-URI, and To if `to` is empty
  std::string_view from;
  std::string_view to{};
  address next_hop{};
  std::span<address const> other_hops{}; ///< as of a call; they must outlive the request
  transport over{transport::udp};
  std::span<std::string_view const> route_set{};
  std::span<extra_field const> extra{}; ///< at most 8
  message_body content{};
  std::string_view from_name{}; ///< as of a call
};

/// A request in a call: INFO, REFER, NOTIFY, MESSAGE, OPTIONS ….
struct call_request {
  ctsip::method method{ctsip::method::info};
  std::string_view method_name{};       ///< of `method::extension` only
  std::span<extra_field const> extra{}; ///< at most 8
  message_body content{};
};

/// What is answered to a `request`.
struct request_answer {
  status_code status{200};
  std::span<extra_field const> extra{}; ///< at most 8
  message_body content{};
};

/// Counts of what an endpoint did by itself, beside those of its layer.
struct endpoint_counts {
  std::uint64_t busy{};       ///< INVITEs answered 486 because no call was free
  std::uint64_t no_dialog{};  ///< requests answered 481
  std::uint64_t refused{};    ///< requests for the user answered 503 because no place was free
  std::uint64_t unanswered{}; ///< requests that the user did not answer in time
  std::uint64_t unexpected{}; ///< ACKs and responses that no call waits for
  std::uint64_t untold{};     ///< events that `poll_event` was not asked for in time
};

/// What a refusal says beside its status code.
struct call_rejection {
  std::string_view contact{};           ///< of a 3xx: where else to call
  std::span<extra_field const> extra{}; ///< Retry-After, Warning …
  message_body content{};
};

/// Whether a provisional response is to be sent reliably. To an INVITE that requires it each one
/// is.
enum class reliability : std::uint8_t {
  unreliable, ///< 13.3.1.1; reliable all the same while one before awaits its PRACK
  reliable    ///< RFC 3262: sent again until its PRACK comes
};

/// What an endpoint says of itself. The texts must outlive it. Without `element.sent_by` and
/// `contact` nothing can be sent: `call` gives no handle, `ring` and `answer` say `unwritable`.
///
/// Where `element.own` has the defaults of `capabilities`, the endpoint allows INVITE, ACK, CANCEL,
/// BYE, OPTIONS, PRACK and UPDATE, and supports 100rel, timer and precondition, as far as its rules
/// have them: who wants less leaves rules out (endpoint_traits.hpp). `element.own.allow` has to
/// name the methods of requests for the user (INFO, MESSAGE …) beside those, or they are answered
/// 405 or 501, and `element.own.accept` the types of their bodies, or 415.
struct endpoint_settings {
  element_settings element{};
  /// Required: the URI at which it is reached, "sip:alice@192.0.2.1:5060"; a text that is no URI
  /// counts as missing.
  lasting_text contact{};
  /// The same as a SIPS URI, which a call to one needs (RFC 3261 8.1.1.8, 12.1.1); another text
  /// counts as missing. Without it such a call is answered 416, and none is placed. One to our SIP
  /// URI, from a SIPS URI or by way of one, is answered with the Contact that there is, though
  /// 12.1.1 wants a SIPS URI: 416 is of the Request-URI (21.4.14), and its dialog is not "secure".
  lasting_text sips_contact{};
  /// Seconds after which a session that is not refreshed ends (RFC 4028 4). 0: only where the other
  /// side asks for one.
  std::uint32_t session_expires{0};
  std::uint32_t min_se{90}; ///< the least that is taken, not below 90 (RFC 4028 5)
};

/// What an endpoint allows, unless its settings or its rules say otherwise.
inline constexpr std::string_view endpoint_allow =
    "INVITE, ACK, CANCEL, BYE, OPTIONS, PRACK, UPDATE";

} // namespace ctsip
