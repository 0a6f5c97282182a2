// The ACK to a 2xx at the UAC core: one for each 2xx that arrives.
// RFC 3261 13.2.2.4. Read transaction/invite_client.hpp before it.
#pragma once

#include <ctsip/machine/table.hpp>

namespace ctsip {

/// Definition of the acknowledgement of a 2xx, and of its repetitions, by the UAC core.
struct ack_retransmission {
  static constexpr char const* title = "ACK to a 2xx";

  enum class state : std::uint8_t {
    initial,        ///< no 2xx received yet
    unacknowledged, ///< 2xx received, the ACK not yet given by the TU
    acknowledged,   ///< ACK sent; each further 2xx has it sent again
    complete        ///< 64*T1 after the first 2xx
  };
  enum class symbol : std::uint8_t {
    ack_from_tu, ///< the TU gives the ACK
    success,     ///< a 2xx with this dialog's To tag received
    timer_ack_retransmission
  };
  enum class action : std::uint8_t {
    send_ack,        ///< the ACK, first or again
    pass_response_up ///< the first 2xx
  };
  using enum state;
  using enum symbol;
  using enum action;
  using in = ctsip::in<state, symbol, action>;

  static constexpr symbol commands[] = {ack_from_tu};

  static constexpr symbol project(event const& e) {
    if (e.is_sent(method::ack)) return ack_from_tu;
    if (e.is_response() && e.way == direction::received && e.method == method::invite &&
        e.response_class() == 2)
      return success;
    if (e.what == occurrence::timer && e.timer == timer::ack_retransmission)
      return timer_ack_retransmission;
    return outside<symbol>;
  }

  // clang-format off
  static constexpr in::row rows[] = {
      in{initial}.on(success).does(pass_response_up).starts(timer::ack_retransmission)
                                           .rfc("RFC 3261 13.2.2.4").then(unacknowledged),
      // "The UAC core MUST generate an ACK request for each 2xx received from the transaction
      // layer."
      in{unacknowledged}.on(ack_from_tu).does(send_ack)
                                           .rfc("RFC 3261 13.2.2.4").then(acknowledged),
      // "The ACK MUST be passed to the client transport every time a retransmission of the 2xx
      // final response that triggered the ACK arrives."
      in{acknowledged}.on(success).does(send_ack)
                                           .rfc("RFC 3261 13.2.2.4").stay(),
      // "The UAC core considers the INVITE transaction completed 64*T1 seconds after the reception
      // of the first 2xx response."
      in{acknowledged}.on(timer_ack_retransmission)
                                           .rfc("RFC 3261 13.2.2.4").then(complete),
      // Late is better than never: the peer retransmits its 2xx for as long. The timer runs on, so
      // that a late ACK does not leave the machine without an end.
      in{unacknowledged}.on(timer_ack_retransmission).starts(timer::ack_retransmission)
                                           .race("RFC 3261 13.2.2.4").stay(),

      in{initial}.on(ack_from_tu)
          .refused("ACK before a final response to the INVITE", "RFC 3261 13.2.2.4"),
      in{acknowledged, complete}.on(ack_from_tu)
          .refused("a second ACK to one 2xx: repeated 2xx are acknowledged without being asked",
                   "RFC 3261 13.2.2.4"),

      in{unacknowledged}.on(success)       .ignored("its ACK is still to come from the TU"),
      in{initial}.on(timer_ack_retransmission)
                                           .ignored("no 2xx received yet"),
      in{complete}.on(success, timer_ack_retransmission)
                                           .ignored("the INVITE transaction is over"),
  };
  // clang-format on
};

} // namespace ctsip
