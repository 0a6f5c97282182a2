// The kinds of things that an endpoint is made of beside its size, and those that it is made of
// unless its user names another. Read transaction_layer.hpp and dialog/call.hpp before it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include <ctsip/dialog/call.hpp>
#include <ctsip/message/writer.hpp>
#include <ctsip/user_agent/transaction_layer.hpp>

namespace ctsip {

/// The credentials of an endpoint that has none and answers no challenge: nothing is kept of it.
struct no_credentials {
  /// How many header fields they add to a request.
  static constexpr std::size_t most_fields = 0;
  /// What is remembered for one call, or for one request outside of calls.
  struct of_call {};
  constexpr no_credentials const& look_up() const { return *this; }
};

/// An endpoint's calls have no data of the user.
struct no_call_data {};

/// Whether the data of a call adds header fields to its messages (`endpoint_traits::call_data`).
template <class Data>
concept adds_header_fields = requires(Data& data, method m, status_code status) {
  std::span<extra_field const>{data.header_fields(m, status)};
};

/// What sees every message of an endpoint, as it comes and as it goes; this one looks away, and
/// costs nothing. `agent.trace()` is the object.
struct no_trace {
  /// A datagram, or a message of a stream, before it is read.
  constexpr void received(std::string_view, address const&, transport, instant) const {}
  /// A message that `poll_transmit` hands out.
  constexpr void sent(datagram const&) const {}
};

/// An endpoint that does not register.
struct no_registrations {
  struct preferences_type {};

  template <class LookUp>
  constexpr no_registrations(LookUp const&, preferences_type, std::uint32_t) {}
  template <class Layer>
  constexpr bool take(Layer&, arrival const&, instant) {
    return false;
  }
  template <class Layer>
  constexpr void take_pong(Layer&, address const&, transport, instant) {}
  constexpr instant next_timeout() const { return instant::never(); }
  template <class Layer>
  constexpr void handle_timeout(Layer&, instant) {}
};
struct no_registration_commands {};

/// The rules of an endpoint's calls: all but those of preconditions (RFC 3312), for which each
/// session description is read. `uac_call` has them.
using endpoint_rules = uac_call::without<precondition>;

/// The kinds of things that an endpoint is made of. Derive from it, and name another where you want
/// one: `struct traits : endpoint_traits { using call_data = my_player*; };`
struct endpoint_traits {
  /// What becomes of a command that breaks a rule (event/violation.hpp).
  using policy = on_violation::trap;
  /// The rules of its calls (dialog/call.hpp): more than `endpoint_rules`, or on a small board
  /// fewer, whose code is left out then. What they are for is not offered, and the other side is
  /// answered as by a user agent that does not know of it:
  ///  - without `reliable_provisional` no 100rel is supported and no PRACK allowed: an INVITE that
  ///    requires 100rel is answered 420, and no 1xx is sent reliably;
  ///  - without `session_timer` no timer is supported, and Session-Expires is not looked at;
  ///  - without it and `session_modification` a session stays as it is: no UPDATE is allowed, there
  ///    is no `modify`, and a re-INVITE is answered 488 unless it repeats its description (RFC 3261
  ///    14.2, RFC 3264 8).
  ///
  /// With `uac_call` preconditions are supported: a description with mandatory ones is offered with
  /// Require, and a 180 or an answer is `deferred` until an UPDATE or a PRACK says that they are
  /// met (RFC 3312 6, 11).
  ///
  /// `element.own` of the settings is not to name what the rules do not have.
  using call_rules = endpoint_rules;
  /// `digest_credentials` (call_credentials.hpp) answers challenges.
  using credentials = no_credentials;
  /// The user's own, kept with each call: `*agent.data(call)`. Value-initialised when a call
  /// begins, in the place of what the call before has left there; so it is to be default
  /// constructible and move assignable, and need not be copyable.
  ///
  /// If it has a `header_fields(method, status_code)`, that is asked as each message of the call is
  /// written which further header fields it is to have: a Reason, a P-Access-Network-Info. The
  /// status code of a request is 0. It gives at most 8, and 16 with those of the message itself, as
  /// a span or an array of `extra_field`, whose texts are kept elsewhere. Where they cannot stand
  /// in a message, or do not fit, the operation is `unwritable`; an ACK, PRACK, CANCEL or BYE and a
  /// failure go without them. Of the INVITE of a call of ours it is asked before the user has the
  /// handle: `outgoing_call::extra` has those of one call. Not asked of what the transactions send
  /// by themselves: a 100, the ACK to a failure, a request that is sent again.
  using call_data = no_call_data;
  /// Sees every message, as in `no_trace`.
  using trace = no_trace;
  /// Registrations that share the transactions of the endpoint: see `registering_traits`
  /// (registering.hpp).
  template <class Layer>
  using registrations = no_registrations;
  template <class Agent>
  using registration_commands = no_registration_commands;
};

} // namespace ctsip
