// The non-INVITE client transaction: RFC 3261 17.1.2.
// Read machine/table.hpp before it, and have RFC 3261 17.1.2.2 (Figure 6) beside it.
#pragma once

#include <ctsip/machine/table.hpp>
#include <ctsip/transaction/action.hpp>

namespace ctsip {

/// Definition of the client transaction of any request but INVITE and ACK.
///
/// Choices, where the RFC leaves one:
///  1. RFC 4320 4.1 forbids a provisional response other than 100 here. One that comes all the same
///     is handled as the 1xx it is and reported; it does not harm.
///  2. A transport error after the final response changes nothing: nothing is sent in completed.
struct non_invite_client {
  static constexpr char const* title = "non-INVITE client transaction";

  enum class state : std::uint8_t {
    initial,    ///< no request sent yet
    trying,     ///< request sent, nothing received
    proceeding, ///< a provisional response received
    completed,  ///< a final response received; its retransmissions are absorbed
    terminated  ///< to be destroyed at once
  };
  enum class symbol : std::uint8_t {
    request_from_tu,   ///< the TU hands over the request
    trying_100,        ///< 100 received
    other_provisional, ///< 101-199 received
    final_response,    ///< 200-699 received
    timer_e,
    timer_f,
    timer_k,
    transport_error
  };
  using action = transaction_action;
  using enum state;
  using enum symbol;
  using enum transaction_action;
  using in = ctsip::in<state, symbol, action>;

  static constexpr symbol commands[] = {request_from_tu};

  static constexpr symbol project(event const& e) {
    bool const ours = e.method != method::invite && e.method != method::ack;
    if (e.what == occurrence::request && e.way == direction::sent && ours) return request_from_tu;
    if (e.is_response() && e.way == direction::received && ours)
      return e.status == 100           ? trying_100
             : e.response_class() == 1 ? other_provisional
                                       : final_response;
    if (e.what == occurrence::transport_error) return transport_error;
    if (e.what == occurrence::timer) switch (e.timer) {
      case timer::e: return timer_e;
      case timer::f: return timer_f;
      case timer::k: return timer_k;
      default: break;
      }
    return outside<symbol>;
  }

  // clang-format off
  static constexpr in::row rows[] = {
      // "The "Trying" state is entered when the TU initiates a new client transaction with a
      // request. When entering this state, the client transaction SHOULD set timer F to fire in
      // 64*T1 seconds. The request MUST be passed to the transport layer for transmission. If an
      // unreliable transport is in use, the client transaction MUST set timer E to fire in T1
      // seconds."
      in{initial}.on(request_from_tu).does(send_request).starts(timer::e, timer::f)
                                           .rfc("RFC 3261 17.1.2.2").then(trying),

      // "If timer E fires while still in this state, the timer is reset, but this time with a
      // value of MIN(2*T1, T2)."
      in{trying}.on(timer_e).does(send_request).doubles(timer::e)
                                           .rfc("RFC 3261 17.1.2.2").stay(),
      // "If Timer E fires while in the "Proceeding" state, the request MUST be passed to the
      // transport layer for retransmission, and Timer E MUST be reset with a value of T2 seconds."
      in{proceeding}.on(timer_e).does(send_request).restarts_at_t2(timer::e)
                                           .rfc("RFC 3261 17.1.2.2").stay(),

      // "If Timer F fires while the client transaction is still in the "Trying" state, the client
      // transaction SHOULD inform the TU about the timeout, and then it SHOULD enter the
      // "Terminated" state."
      in{trying, proceeding}.on(timer_f).does(inform_timeout).stops(timer::e)
                                           .rfc("RFC 3261 17.1.2.2").then(terminated),
      // 17.1.4: "The client transaction SHOULD inform the TU that a transport failure has
      // occurred, and the client transaction SHOULD transition directly to the "Terminated" state."
      in{trying, proceeding}.on(transport_error).does(inform_transport_error)
                            .stops(timer::e, timer::f)
                                           .rfc("RFC 3261 17.1.4").then(terminated),

      // "If a provisional response is received while in the "Trying" state, the response MUST be
      // passed to the TU, and then the client transaction SHOULD move to the "Proceeding" state."
      in{trying, proceeding}.on(trying_100).does(pass_response_up)
                                           .rfc("RFC 3261 17.1.2.2").then(proceeding),
      in{trying, proceeding}.on(other_provisional).does(pass_response_up)
          .peer_violation("a provisional response other than 100 to a non-INVITE request",
                          "RFC 4320 4.1").then(proceeding),

      // "If a final response (status codes 200-699) is received while in the "Trying" state, the
      // response MUST be passed to the TU, and the client transaction MUST transition to the
      // "Completed" state." "Once the client transaction enters the "Completed" state, it MUST set
      // Timer K to fire in T4 seconds for unreliable transports, and zero seconds for reliable
      // transports."
      in{trying, proceeding}.on(final_response).does(pass_response_up)
                            .stops(timer::e, timer::f).starts(timer::k)
                                           .rfc("RFC 3261 17.1.2.2").then(completed),
      // "The "Completed" state exists to buffer any additional response retransmissions that may
      // be received".
      in{completed}.on(final_response)     .rfc("RFC 3261 17.1.2.2").stay(),
      in{completed}.on(timer_k)            .rfc("RFC 3261 17.1.2.2").then(terminated),

      in{trying, proceeding, completed, terminated}.on(request_from_tu)
          .refused("a transaction carries one request: a new request needs a new transaction",
                   "RFC 3261 17.1.2.2"),

      in{completed}.on(trying_100, other_provisional).ignored("a 1xx that arrives after the final response is late"),
      in{completed}.on(timer_e, timer_f)             .ignored("stopped by the final response"),
      in{trying, proceeding}.on(timer_k)             .ignored("not started before the final response"),
      in{completed}.on(transport_error)              .ignored("nothing is being sent in this state"),
      in{initial, terminated}.on(trying_100, other_provisional, final_response, timer_e, timer_f,
                                 timer_k, transport_error)
                                                     .ignored("no transaction in progress"),
  };
  // clang-format on
};

} // namespace ctsip
