// The INVITE server transaction: RFC 3261 17.2.1, with the accepted state and Timer L of RFC 6026.
// Read machine/table.hpp before it, and have RFC 6026 8.6 (Figure 7) beside it.
#pragma once

#include <ctsip/machine/table.hpp>
#include <ctsip/transaction/action.hpp>

namespace ctsip {

/// Definition of the INVITE server transaction.
///
/// Choices, where the RFCs leave one or say two things:
///  1. RFC 6026 Figure 7 draws Timer H without an action, while the text of 17.2.1 that it leaves
///     in force says that the TU MUST be told: the TU is told.
///  2. An INVITE that arrives again after the ACK, reordered by the network, is absorbed.
///  3. An ACK before any final response is absorbed and reported: nothing was there to acknowledge.
struct invite_server {
  static constexpr char const* title = "INVITE server transaction";

  enum class state : std::uint8_t {
    initial,    ///< no INVITE received yet
    proceeding, ///< INVITE passed to the TU, no final response yet
    completed,  ///< a 300-699 response sent, its ACK not yet received
    confirmed,  ///< the ACK has come; further ones are absorbed
    accepted,   ///< a 2xx response sent; INVITE retransmissions are absorbed (RFC 6026 7.1)
    terminated  ///< to be destroyed at once
  };
  enum class symbol : std::uint8_t {
    provisional_from_tu,   ///< the TU sends a 1xx
    success_from_tu,       ///< the TU sends a 2xx, or sends it again
    non_2xx_final_from_tu, ///< the TU sends a 300-699
    invite,                ///< the INVITE, or a retransmission of it, received
    ack,                   ///< an ACK received
    timer_g,
    timer_h,
    timer_i,
    timer_l,
    timer_trying, ///< the TU has been silent for 200 ms
    transport_error
  };
  using action = transaction_action;
  using enum state;
  using enum symbol;
  using enum transaction_action;
  using in = ctsip::in<state, symbol, action>;

  static constexpr symbol commands[] = {provisional_from_tu, success_from_tu,
                                        non_2xx_final_from_tu};

  static constexpr symbol project(event const& e) {
    if (e.is_received(method::invite)) return invite;
    if (e.is_received(method::ack)) return ack;
    if (e.is_response() && e.way == direction::sent && e.method == method::invite)
      return e.response_class() == 1   ? provisional_from_tu
             : e.response_class() == 2 ? success_from_tu
                                       : non_2xx_final_from_tu;
    if (e.what == occurrence::transport_error) return transport_error;
    if (e.what == occurrence::timer) switch (e.timer) {
      case timer::g: return timer_g;
      case timer::h: return timer_h;
      case timer::i: return timer_i;
      case timer::l: return timer_l;
      case timer::trying: return timer_trying;
      default: break;
      }
    return outside<symbol>;
  }

  // clang-format off
  static constexpr in::row rows[] = {
      // "When a server transaction is constructed for a request, it enters the "Proceeding" state.
      // The server transaction MUST generate a 100 (Trying) response unless it knows that the TU
      // will generate a provisional or final response within 200 ms [...]. The request MUST be
      // passed to the TU."
      in{initial}.on(invite).does(pass_request_up).starts(timer::trying)
                                           .rfc("RFC 3261 17.2.1").then(proceeding),
      in{proceeding}.on(timer_trying).does(send_trying)
                                           .rfc("RFC 3261 17.2.1").stay(),

      // "The TU passes any number of provisional responses to the server transaction. So long as
      // the server transaction is in the "Proceeding" state, each of these MUST be passed to the
      // transport layer for transmission."
      in{proceeding}.on(provisional_from_tu).does(send_response).stops(timer::trying)
                                           .rfc("RFC 3261 17.2.1").stay(),
      // "If a request retransmission is received while in the "Proceeding" state, the most recent
      // provisional response that was received from the TU MUST be passed to the transport layer
      // for retransmission."
      in{proceeding}.on(invite).does(resend_response)
                                           .rfc("RFC 3261 17.2.1").stay(),

      // "If, while in the "Proceeding" state, the TU passes a 2xx response to the server
      // transaction, the server transaction MUST pass this response to the transport layer for
      // transmission. [...] The server transaction MUST then transition to the "Accepted" state."
      // "When the INVITE server transaction enters the "Accepted" state, Timer L MUST be set to
      // fire in 64*T1 for all transports."
      in{proceeding}.on(success_from_tu).does(send_response).stops(timer::trying).starts(timer::l)
                                           .rfc("RFC 6026 8.5, 8.7").then(accepted),
      // "While in the "Accepted" state, if the TU passes a 2xx response, the server transaction
      // MUST pass the response to the transport layer for transmission."
      in{accepted}.on(success_from_tu).does(send_response)
                                           .rfc("RFC 6026 8.7").stay(),
      // "Any such retransmissions are absorbed entirely within the server transaction."
      in{accepted}.on(invite)              .rfc("RFC 6026 8.7").stay(),
      // "If an ACK is received while the INVITE server transaction is in the "Accepted" state,
      // then the ACK must be passed up to the TU."
      in{accepted}.on(ack).does(pass_ack_up)
                                           .rfc("RFC 6026 8.7").stay(),
      in{accepted}.on(timer_l)             .rfc("RFC 6026 8.7").then(terminated),

      // "While in the "Proceeding" state, if the TU passes a response with status code from 300 to
      // 699 to the server transaction, the response MUST be passed to the transport layer for
      // transmission, and the state machine MUST enter the "Completed" state. For unreliable
      // transports, timer G is set to fire in T1 seconds, and is not set to fire for reliable
      // transports." "When the "Completed" state is entered, timer H MUST be set to fire in 64*T1
      // seconds for all transports."
      in{proceeding}.on(non_2xx_final_from_tu).does(send_response)
                    .stops(timer::trying).starts(timer::g, timer::h)
                                           .rfc("RFC 3261 17.2.1").then(completed),
      // "If timer G fires, the response is passed to the transport layer once more for
      // retransmission, and timer G is set to fire in MIN(2*T1, T2) seconds."
      in{completed}.on(timer_g).does(resend_response).doubles(timer::g)
                                           .rfc("RFC 3261 17.2.1").stay(),
      // "while in the "Completed" state, if a request retransmission is received, the server
      // SHOULD pass the response to the transport for retransmission."
      in{completed}.on(invite).does(resend_response)
                                           .rfc("RFC 3261 17.2.1").stay(),
      // "If timer H fires while in the "Completed" state, it implies that the ACK was never
      // received. In this case, the server transaction MUST transition to the "Terminated" state,
      // and MUST indicate to the TU that a transaction failure has occurred."
      in{completed}.on(timer_h).does(inform_timeout).stops(timer::g)
                                           .rfc("RFC 3261 17.2.1").then(terminated),
      // "If an ACK is received while the server transaction is in the "Completed" state, the
      // server transaction MUST transition to the "Confirmed" state."
      in{completed}.on(ack).stops(timer::g, timer::h).starts(timer::i)
                                           .rfc("RFC 3261 17.2.1").then(confirmed),
      // "The purpose of the "Confirmed" state is to absorb any additional ACK messages that
      // arrive".
      in{confirmed}.on(ack)                .rfc("RFC 3261 17.2.1").stay(),
      in{confirmed}.on(timer_i)            .rfc("RFC 3261 17.2.1").then(terminated),

      // "the server transaction SHOULD inform the TU that a failure has occurred, and MUST remain
      // in the current state."
      in{proceeding, completed, accepted}.on(transport_error).does(inform_transport_error)
                                           .rfc("RFC 6026 8.8").stay(),

      in{confirmed}.on(invite)             .race("RFC 3261 17.2.1").stay(),
      in{proceeding}.on(ack)
          .peer_violation("ACK before a final response to the INVITE", "RFC 3261 17.1.1.3").stay(),

      in{initial}.on(provisional_from_tu, success_from_tu, non_2xx_final_from_tu)
          .refused("a response without an INVITE to answer", "RFC 3261 17.2.1"),
      in{completed, confirmed, accepted}.on(provisional_from_tu)
          .refused("a provisional response after the final response", "RFC 3261 17.2.1, RFC 6026 8.6"),
      in{completed, confirmed}.on(success_from_tu, non_2xx_final_from_tu)
          .refused("a second final response to one INVITE", "RFC 3261 17.2.1, RFC 6026 8.6"),
      in{accepted}.on(non_2xx_final_from_tu)
          .refused("a second, different final response to one INVITE", "RFC 3261 17.2.1, RFC 6026 8.6"),
      in{terminated}.on(provisional_from_tu, success_from_tu, non_2xx_final_from_tu)
          .refused("a response in a transaction that has ended", "RFC 3261 17.2.1"),

      in{completed, confirmed, accepted}.on(timer_trying)  .ignored("stopped by the TU's response"),
      in{proceeding}.on(timer_g, timer_h, timer_i, timer_l).ignored("not started before a final response"),
      in{completed}.on(timer_i, timer_l)                   .ignored("not started before the ACK, or after a non-2xx"),
      in{confirmed}.on(timer_g, timer_h, timer_l)          .ignored("stopped by the ACK"),
      in{accepted}.on(timer_g, timer_h, timer_i)           .ignored("the TU retransmits the 2xx, not the transaction"),
      in{confirmed}.on(transport_error)                    .ignored("nothing is being sent in this state"),
      in{initial}.on(ack, timer_g, timer_h, timer_i, timer_l, timer_trying, transport_error)
                                                           .ignored("no transaction in progress"),
      in{terminated}.on(invite, ack, timer_g, timer_h, timer_i, timer_l, timer_trying, transport_error)
                                                           .ignored("no transaction in progress"),
  };
  // clang-format on
};

} // namespace ctsip
