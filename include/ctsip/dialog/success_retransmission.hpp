// The 2xx to an INVITE at the UAS core: sent again until its ACK comes.
// RFC 3261 13.3.1.4 as corrected by RFC 6026 8.1. Read transaction/invite_server.hpp before it.
//
// The transaction does not retransmit a 2xx, because the ACK travels end to end. "This is
// independent of whatever transport protocols are used to send the response."
#pragma once

#include <ctsip/machine/table.hpp>

namespace ctsip {

/// Definition of the retransmission of a 2xx by the UAS core.
struct success_retransmission {
  static constexpr char const* title = "2xx retransmission";

  enum class state : std::uint8_t {
    initial,      ///< no 2xx sent yet
    unconfirmed,  ///< 2xx sent, its ACK not yet received
    acknowledged, ///< the ACK has come
    ended,        ///< a BYE came before the ACK
    abandoned     ///< 64*T1 without an ACK
  };
  enum class symbol : std::uint8_t {
    success_from_tu, ///< the 2xx is sent
    ack,             ///< an ACK received whose CSeq number is the INVITE's
    bye,             ///< a BYE received in the dialog
    timer_success_retransmission,
    timer_success_timeout
  };
  enum class action : std::uint8_t {
    send_success, ///< pass the 2xx to the INVITE server transaction, first or again
    pass_ack_up,  ///< the session is confirmed
    send_bye      ///< end the session: no ACK came
  };
  using enum state;
  using enum symbol;
  using enum action;
  using in = ctsip::in<state, symbol, action>;

  static constexpr symbol commands[] = {success_from_tu};

  static constexpr symbol project(event const& e) {
    if (e.is_received(method::ack)) return ack;
    if (e.is_received(method::bye)) return bye;
    if (e.is_response() && e.way == direction::sent && e.method == method::invite &&
        e.response_class() == 2)
      return success_from_tu;
    if (e.what == occurrence::timer && e.timer == timer::success_retransmission)
      return timer_success_retransmission;
    if (e.what == occurrence::timer && e.timer == timer::success_timeout)
      return timer_success_timeout;
    return outside<symbol>;
  }

  // clang-format off
  static constexpr in::row rows[] = {
      // "The 2xx response is passed to the transport with an interval that starts at T1 seconds
      // and doubles for each retransmission until it reaches T2 seconds".
      in{initial}.on(success_from_tu).does(send_success)
                 .starts(timer::success_retransmission, timer::success_timeout)
                                           .rfc("RFC 3261 13.3.1.4").then(unconfirmed),
      in{unconfirmed}.on(timer_success_retransmission).does(send_success)
                     .doubles(timer::success_retransmission)
                                           .rfc("RFC 6026 8.1").stay(),
      // "Response retransmissions cease when an ACK request for the response is received."
      in{unconfirmed}.on(ack).does(pass_ack_up)
                     .stops(timer::success_retransmission, timer::success_timeout)
                                           .rfc("RFC 3261 13.3.1.4").then(acknowledged),
      // "If the server retransmits the 2xx response for 64*T1 seconds without receiving an ACK,
      // the dialog is confirmed, but the session SHOULD be terminated. This is accomplished with a
      // BYE".
      in{unconfirmed}.on(timer_success_timeout).does(send_bye).stops(timer::success_retransmission)
                                           .rfc("RFC 3261 13.3.1.4").then(abandoned),
      // The BYE may overtake the ACK, or the ACK be lost: "the UAS should not start a session
      // again [...] if the UAS receives a retransmitted ACK after receiving a BYE."
      in{unconfirmed}.on(bye).stops(timer::success_retransmission, timer::success_timeout)
                                           .race("RFC 5407 3.1.6").then(ended),

      in{unconfirmed, acknowledged, ended, abandoned}.on(success_from_tu)
          .refused("a second 2xx to one INVITE", "RFC 3261 13.3.1.4"),

      in{initial}.on(ack, bye, timer_success_retransmission, timer_success_timeout)
                                           .ignored("no 2xx sent yet"),
      in{acknowledged}.on(ack, bye, timer_success_retransmission, timer_success_timeout)
                                           .ignored("acknowledged already"),
      in{ended}.on(ack, bye, timer_success_retransmission, timer_success_timeout)
                                           .ignored("the session has ended"),
      in{abandoned}.on(ack, bye, timer_success_retransmission, timer_success_timeout)
                                           .ignored("given up already"),
  };
  // clang-format on
};

} // namespace ctsip
