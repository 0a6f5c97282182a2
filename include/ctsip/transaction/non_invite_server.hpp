// The non-INVITE server transaction: RFC 3261 17.2.2, with the provisional rules and the ban on
// 408 of RFC 4320.
// Read machine/table.hpp before it, and have RFC 3261 17.2.2 (Figure 8) and RFC 4320 4 beside it.
#pragma once

#include <ctsip/machine/table.hpp>
#include <ctsip/transaction/action.hpp>

namespace ctsip {

/// Definition of the server transaction of any request but INVITE and ACK.
///
/// Choices, where the RFCs leave one or say two things:
///  1. Figure 8 ends the transaction on a transport error; RFC 6026 8.8 rewrites 17.2.4 to "MUST
///     remain in the current state", for every server transaction. The later text holds.
///  2. 17.2.2 has a second final response from the TU discarded in completed. It is a mistake of
///     the TU, and it is refused as one.
struct non_invite_server {
  static constexpr char const* title = "non-INVITE server transaction";

  enum class state : std::uint8_t {
    initial,    ///< no request received yet
    trying,     ///< request passed to the TU, nothing sent yet
    proceeding, ///< a 100 sent
    completed,  ///< a final response sent
    terminated  ///< to be destroyed at once
  };
  enum class symbol : std::uint8_t {
    trying_from_tu_unreliable, ///< the TU sends a 100 over an unreliable transport
    trying_from_tu_reliable,   ///< the TU sends a 100 over a reliable transport
    provisional_from_tu,       ///< the TU sends a 101-199
    timeout_from_tu,           ///< the TU sends a 408
    final_from_tu,             ///< the TU sends any other final response
    request,                   ///< the request, or a retransmission of it, received
    timer_j,
    timer_trying, ///< the time has passed in which a client's Timer E reaches T2
    transport_error
  };
  using action = transaction_action;
  using enum state;
  using enum symbol;
  using enum transaction_action;
  using in = ctsip::in<state, symbol, action>;

  static constexpr symbol commands[] = {trying_from_tu_unreliable, trying_from_tu_reliable,
                                        provisional_from_tu, timeout_from_tu, final_from_tu};

  static constexpr symbol project(event const& e) {
    bool const ours = e.method != method::invite && e.method != method::ack;
    if (e.what == occurrence::request && e.way == direction::received && ours) return request;
    if (e.is_response() && e.way == direction::sent && ours) {
      if (e.status == 408) return timeout_from_tu;
      if (e.response_class() != 1) return final_from_tu;
      if (e.status != 100) return provisional_from_tu;
      return e.has(mark::reliable_transport) ? trying_from_tu_reliable : trying_from_tu_unreliable;
    }
    if (e.what == occurrence::transport_error) return transport_error;
    if (e.what == occurrence::timer) switch (e.timer) {
      case timer::j: return timer_j;
      case timer::non_invite_trying: return timer_trying;
      default: break;
      }
    return outside<symbol>;
  }

  // clang-format off
  static constexpr in::row rows[] = {
      // "The state machine is initialized in the "Trying" state and is passed a request other than
      // INVITE or ACK when initialized. This request is passed up to the TU."
      in{initial}.on(request).does(pass_request_up).starts(timer::non_invite_trying)
                                           .rfc("RFC 3261 17.2.2").then(trying),
      // "Once in the "Trying" state, any further request retransmissions are discarded."
      in{trying}.on(request)               .rfc("RFC 3261 17.2.2").stay(),

      // "Without regard to transport, an SIP element MUST respond to a non-INVITE request with a
      // Status-Code of 100 if it has not otherwise responded after the amount of time it takes a
      // client transaction's Timer E to be reset to T2."
      in{trying}.on(timer_trying).does(send_trying)
                                           .rfc("RFC 4320 4.1").then(proceeding),
      // "An SIP element MAY respond to a non-INVITE request with a Status-Code of 100 over a
      // reliable transport at any time."
      in{trying}.on(trying_from_tu_reliable).does(send_response).stops(timer::non_invite_trying)
                                           .rfc("RFC 4320 4.1").then(proceeding),
      // "Any further provisional responses that are received from the TU while in the "Proceeding"
      // state MUST be passed to the transport layer for transmission."
      in{proceeding}.on(trying_from_tu_unreliable, trying_from_tu_reliable).does(send_response)
                                           .rfc("RFC 3261 17.2.2").stay(),
      // "If a retransmission of the request is received while in the "Proceeding" state, the most
      // recently sent provisional response MUST be passed to the transport layer for
      // retransmission."
      in{proceeding}.on(request).does(resend_response)
                                           .rfc("RFC 3261 17.2.2").stay(),

      // "When the server transaction enters the "Completed" state, it MUST set Timer J to fire in
      // 64*T1 seconds for unreliable transports, and zero seconds for reliable transports."
      in{trying}.on(final_from_tu).does(send_response).stops(timer::non_invite_trying).starts(timer::j)
                                           .rfc("RFC 3261 17.2.2").then(completed),
      in{proceeding}.on(final_from_tu).does(send_response).starts(timer::j)
                                           .rfc("RFC 3261 17.2.2").then(completed),
      // "While in the "Completed" state, the server transaction MUST pass the final response to
      // the transport layer for retransmission whenever a retransmission of the request is
      // received."
      in{completed}.on(request).does(resend_response)
                                           .rfc("RFC 3261 17.2.2").stay(),
      in{completed}.on(timer_j)            .rfc("RFC 3261 17.2.2").then(terminated),

      // "the server transaction SHOULD inform the TU that a failure has occurred, and MUST remain
      // in the current state."
      in{trying, proceeding, completed}.on(transport_error).does(inform_transport_error)
                                           .rfc("RFC 6026 8.8").stay(),

      in{initial}.on(trying_from_tu_unreliable, trying_from_tu_reliable, provisional_from_tu,
                     timeout_from_tu, final_from_tu)
          .refused("a response without a request to answer", "RFC 3261 17.2.2"),
      in{trying}.on(trying_from_tu_unreliable)
          .refused("a 100 to a non-INVITE request over an unreliable transport before Timer E would reach T2",
                   "RFC 4320 4.1"),
      in{trying, proceeding}.on(provisional_from_tu)
          .refused("a provisional response other than 100 to a non-INVITE request", "RFC 4320 4.1"),
      in{trying, proceeding}.on(timeout_from_tu)
          .refused("a 408 to a non-INVITE request", "RFC 4320 4.2"),
      in{completed}.on(trying_from_tu_unreliable, trying_from_tu_reliable, provisional_from_tu)
          .refused("a provisional response after the final response", "RFC 3261 17.2.2"),
      in{completed}.on(final_from_tu, timeout_from_tu)
          .refused("a second final response to one request", "RFC 3261 17.2.2"),
      in{terminated}.on(trying_from_tu_unreliable, trying_from_tu_reliable, provisional_from_tu,
                        timeout_from_tu, final_from_tu)
          .refused("a response in a transaction that has ended", "RFC 3261 17.2.2"),

      in{proceeding, completed}.on(timer_trying)    .ignored("stopped by the first response"),
      in{trying, proceeding}.on(timer_j)            .ignored("not started before the final response"),
      in{initial}.on(timer_j, timer_trying, transport_error)
                                                    .ignored("no transaction in progress"),
      in{terminated}.on(request, timer_j, timer_trying, transport_error)
                                                    .ignored("no transaction in progress"),
  };
  // clang-format on
};

} // namespace ctsip
