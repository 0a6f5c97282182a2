// The INVITE client transaction: RFC 3261 17.1.1, with the accepted state and Timer M of RFC 6026.
// Read machine/table.hpp before it, and have RFC 6026 8.4 (Figure 5) beside it.
#pragma once

#include <ctsip/machine/table.hpp>
#include <ctsip/transaction/action.hpp>

namespace ctsip {

/// Definition of the INVITE client transaction; run it in a `machine`, `timed_machine` or
/// `transaction`.
///
/// Choices, where the RFCs leave one or say two things:
///  1. RFC 6026 Figure 5 has no transport error in proceeding; there nothing is sent, so an error
///     reported late changes nothing.
///  2. A late 1xx, and a 2xx after a non-2xx final response, are dropped: 17.1.1.2 lets only
///     300-699 do anything in completed. A non-2xx after a 2xx is dropped likewise.
struct invite_client {
  static constexpr char const* title = "INVITE client transaction";

  enum class state : std::uint8_t {
    initial,    ///< no INVITE sent yet
    calling,    ///< INVITE sent, nothing received
    proceeding, ///< a provisional response received
    completed,  ///< a 300-699 response received and acknowledged
    accepted,   ///< a 2xx response received; more may come (RFC 6026 7.2)
    terminated  ///< to be destroyed at once
  };
  enum class symbol : std::uint8_t {
    invite_from_tu, ///< the TU hands over the INVITE
    ack_from_tu,    ///< the TU wants to send the ACK itself
    provisional,    ///< 1xx received
    success,        ///< 2xx received
    non_2xx_final,  ///< 300-699 received
    timer_a,
    timer_b,
    timer_d,
    timer_m,
    transport_error
  };
  using action = transaction_action;
  using enum state;
  using enum symbol;
  using enum transaction_action;
  using in = ctsip::in<state, symbol, action>;

  static constexpr symbol commands[] = {invite_from_tu, ack_from_tu};

  static constexpr symbol project(event const& e) {
    if (e.is_sent(method::invite)) return invite_from_tu;
    if (e.is_sent(method::ack)) return ack_from_tu;
    if (e.is_response() && e.way == direction::received && e.method == method::invite)
      return e.response_class() == 1   ? provisional
             : e.response_class() == 2 ? success
                                       : non_2xx_final;
    if (e.what == occurrence::transport_error) return transport_error;
    if (e.what == occurrence::timer) switch (e.timer) {
      case timer::a: return timer_a;
      case timer::b: return timer_b;
      case timer::d: return timer_d;
      case timer::m: return timer_m;
      default: break;
      }
    return outside<symbol>;
  }

  // clang-format off
  static constexpr in::row rows[] = {
      // "The initial state, "calling", MUST be entered when the TU initiates a new client
      // transaction with an INVITE request. The client transaction MUST pass the request to the
      // transport layer for transmission. If an unreliable transport is being used, the client
      // transaction MUST start timer A with a value of T1. [...] For any transport, the client
      // transaction MUST start timer B with a value of 64*T1 seconds".
      in{initial}.on(invite_from_tu).does(send_request).starts(timer::a, timer::b)
                                           .rfc("RFC 3261 17.1.1.2").then(calling),

      // "When timer A fires, the client transaction MUST retransmit the request by passing it to
      // the transport layer, and MUST reset the timer with a value of 2*T1."
      in{calling}.on(timer_a).does(send_request).doubles(timer::a)
                                           .rfc("RFC 3261 17.1.1.2").stay(),
      // "If the client transaction is still in the "Calling" state when timer B fires, the client
      // transaction SHOULD inform the TU that a timeout has occurred."
      in{calling}.on(timer_b).does(inform_timeout).stops(timer::a)
                                           .rfc("RFC 3261 17.1.1.2").then(terminated),
      // 17.1.4: "The client transaction SHOULD inform the TU that a transport failure has
      // occurred, and the client transaction SHOULD transition directly to the "Terminated" state."
      in{calling}.on(transport_error).does(inform_transport_error).stops(timer::a, timer::b)
                                           .rfc("RFC 3261 17.1.4").then(terminated),

      // "If the client transaction receives a provisional response while in the "Calling" state,
      // it transitions to the "Proceeding" state. In the "Proceeding" state, the client
      // transaction SHOULD NOT retransmit the request any longer."
      in{calling}.on(provisional).does(pass_response_up).stops(timer::a, timer::b)
                                           .rfc("RFC 3261 17.1.1.2").then(proceeding),
      // "Any further provisional responses MUST be passed up to the TU while in the "Proceeding"
      // state."
      in{proceeding}.on(provisional).does(pass_response_up)
                                           .rfc("RFC 3261 17.1.1.2").stay(),

      // "When a 2xx response is received while in either the "Calling" or "Proceeding" states, the
      // client transaction MUST transition to the "Accepted" state, and Timer M MUST be started
      // with a value of 64*T1. The 2xx response MUST be passed up to the TU."
      in{calling}.on(success).does(pass_response_up).stops(timer::a, timer::b).starts(timer::m)
                                           .rfc("RFC 6026 8.4").then(accepted),
      in{proceeding}.on(success).does(pass_response_up).starts(timer::m)
                                           .rfc("RFC 6026 8.4").then(accepted),
      // "Any 2xx responses that match this client transaction and that are received while in the
      // "Accepted" state MUST be passed up to the TU."
      in{accepted}.on(success).does(pass_response_up)
                                           .rfc("RFC 6026 8.4").stay(),
      in{accepted}.on(timer_m)             .rfc("RFC 6026 8.4").then(terminated),

      // "When in either the "Calling" or "Proceeding" states, reception of a response with status
      // code from 300-699 MUST cause the client transaction to transition to "Completed". The
      // client transaction MUST pass the received response up to the TU, and the client
      // transaction MUST generate an ACK request [...]. The client transaction MUST start Timer D
      // when it enters the "Completed" state for any reason".
      in{calling}.on(non_2xx_final).does(send_ack, pass_response_up)
                 .stops(timer::a, timer::b).starts(timer::d)
                                           .rfc("RFC 6026 8.4").then(completed),
      in{proceeding}.on(non_2xx_final).does(send_ack, pass_response_up).starts(timer::d)
                                           .rfc("RFC 6026 8.4").then(completed),
      // "Any retransmissions of a response with status code 300-699 that are received while in the
      // "Completed" state MUST cause the ACK to be re-passed to the transport layer for
      // retransmission, but the newly received response MUST NOT be passed up to the TU."
      in{completed}.on(non_2xx_final).does(send_ack)
                                           .rfc("RFC 6026 8.4").stay(),
      in{completed}.on(timer_d)            .rfc("RFC 6026 8.4").then(terminated),
      in{completed}.on(transport_error).does(inform_transport_error).stops(timer::d)
                                           .rfc("RFC 3261 17.1.4").then(terminated),

      // The ACK to a 2xx is the UAC core's, sent outside of this transaction (RFC 3261 13.2.2.4).
      in{accepted}.on(ack_from_tu)            .rfc("RFC 3261 13.2.2.4").stay(),

      in{initial}.on(ack_from_tu)
          .refused("ACK without an INVITE", "RFC 3261 17.1.1.3"),
      in{calling, proceeding}.on(ack_from_tu)
          .refused("ACK before a final response to the INVITE", "RFC 3261 13.2.2.4"),
      in{completed}.on(ack_from_tu)
          .refused("the ACK to a non-2xx final response is the transaction's own: it has been sent",
                   "RFC 3261 17.1.1.3"),
      in{terminated}.on(ack_from_tu)
          .refused("ACK in a transaction that has ended", "RFC 3261 17.1.1.2"),
      in{calling, proceeding, completed, accepted, terminated}.on(invite_from_tu)
          .refused("a transaction carries one request: a new INVITE needs a new transaction",
                   "RFC 3261 17.1.1.2"),

      in{completed, accepted}.on(provisional)       .ignored("a 1xx that arrives after a final response is late"),
      in{completed}.on(success)                     .ignored("a final response other than 2xx has ended the INVITE"),
      in{accepted}.on(non_2xx_final)                .ignored("a 2xx has ended the INVITE"),
      in{proceeding}.on(timer_a, timer_b)           .ignored("stopped by the provisional response"),
      in{completed, accepted}.on(timer_a, timer_b)  .ignored("stopped by the final response"),
      in{calling, proceeding}.on(timer_d, timer_m)  .ignored("not started before a final response"),
      in{completed}.on(timer_m)                     .ignored("runs in accepted only"),
      in{accepted}.on(timer_d)                      .ignored("runs in completed only"),
      in{proceeding, accepted}.on(transport_error)  .ignored("nothing is being sent in this state"),
      in{initial, terminated}.on(provisional, success, non_2xx_final, timer_a, timer_b, timer_d,
                                 timer_m, transport_error)
                                                    .ignored("no transaction in progress"),
  };
  // clang-format on
};

} // namespace ctsip
