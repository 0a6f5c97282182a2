// What the judge of flows says of messages that match nothing, or that answer otherwise than the
// request demands: no transaction and no rule of a call has a word for them. RFC 3261 8, 9, 12, 17.
// Read machine/table.hpp before it.
#pragma once

#include <ctsip/machine/table.hpp>

namespace ctsip {

/// What belongs to no rule of a call: messages that match nothing, the ACK to a failure, and
/// responses to requests for which an RFC leaves only another one. Its one state is never left.
struct message_matching {
  static constexpr char const* title = "matching of messages";

  enum class state : std::uint8_t { matching };
  enum class symbol : std::uint8_t {
    matched,              ///< a request, or a message that belongs to one
    ack_to_non_invite,    ///< an ACK where the last final response was to another method
    ack_of_failure_again, ///< a second ACK to a failed INVITE
    ack_of_failure_on_another_branch, ///< one whose Via branch is not its INVITE's
    sent_to_another_hop,         ///< an ACK to a failure, or a CANCEL, to another than the INVITE
    sent_outside_the_dialog,     ///< a request of a dialog to one who has no part in it
    response_to_nothing,         ///< a response without its request
    again_of_nothing,            ///< a retransmission of what was never sent
    success_to_stale_request,    ///< 2xx to a request with a lower CSeq number
    success_to_stray_prack,      ///< 2xx to a PRACK that matches nothing
    no_match_to_prack,           ///< 481 to a PRACK that matches
    success_to_stray_cancel,     ///< 2xx to a CANCEL that matches nothing
    failure_to_matching_cancel,  ///< 300-699 to a CANCEL whose INVITE is pending
    success_to_stray_bye,        ///< 2xx to a BYE that matches nothing
    success_after_the_end,       ///< 2xx to a request of a session that has ended
    success_to_crossing_update,  ///< 2xx to an UPDATE with an offer that crossed ours
    failure_to_crossing_update,  ///< another failure than 491 to one
    failure_to_crossing_reinvite ///< another failure than 491 to a re-INVITE that crossed ours
  };
  enum class action : std::uint8_t { take };
  using enum state;
  using enum symbol;
  using enum action;
  using in = ctsip::in<state, symbol, action>;

  static constexpr symbol commands[] = {
      ack_to_non_invite,          ack_of_failure_again,        ack_of_failure_on_another_branch,
      sent_to_another_hop,        sent_outside_the_dialog,     response_to_nothing,
      again_of_nothing,           success_to_stale_request,    success_to_stray_prack,
      no_match_to_prack,          success_to_stray_cancel,     failure_to_matching_cancel,
      success_to_stray_bye,       success_after_the_end,       success_to_crossing_update,
      failure_to_crossing_update, failure_to_crossing_reinvite};
  static constexpr symbol project(event const&) { return matched; }

  // clang-format off
  static constexpr in::row rows[] = {
      // "When a request is received from the network by the server, it has to be matched to an
      // existing transaction." 17.1.3: "When the transport layer in the client receives a response,
      // it has to determine which client transaction will handle the response".
      in{matching}.on(matched).does(take)     .rfc("RFC 3261 17.2.3").stay(),
      // "Non-INVITE transactions do not make use of ACK. They are simple request-response
      // interactions."
      in{matching}.on(ack_to_non_invite)
          .refused("ACK for a request other than INVITE", "RFC 3261 17.1.2.1"),
      in{matching}.on(response_to_nothing)
          .refused("a response to a request that has not been received", "RFC 3261 8.2.6"),
      in{matching}.on(again_of_nothing)
          .refused("a retransmission of a message that has not been sent",
                   "RFC 3261 17.1.1.2, 17.2.1"),
      // "The INVITE client transaction handles the generation of ACKs for the response".
      in{matching}.on(ack_of_failure_again)
          .refused("the ACK to a non-2xx final response is the transaction's own: it has been sent",
                   "RFC 3261 13.2.2.3, 17.1.1.2"),
      // "The ACK MUST contain a single Via header field, and this MUST be equal to the top Via
      // header field of the original request."
      in{matching}.on(ack_of_failure_on_another_branch)
          .refused("an ACK to a non-2xx final response with another branch than its INVITE's",
                   "RFC 3261 17.1.1.3"),
      // "The ACK MUST be sent to the same address, port, and transport to which the original request
      // was sent." 9.1: "The destination address, port, and transport for the CANCEL MUST be
      // identical to those used to send the original request."
      in{matching}.on(sent_to_another_hop)
          .refused("an ACK to a non-2xx final response, or a CANCEL, to another than its INVITE was "
                   "sent to", "RFC 3261 9.1, 17.1.1.2"),
      // "Once a dialog has been established between two UAs, either of them MAY initiate new
      // transactions as needed within the dialog."
      in{matching}.on(sent_outside_the_dialog)
          .refused("a request within a dialog to one who has no part in its INVITE",
                   "RFC 3261 12.2"),

      // "If the remote sequence number was not empty, but the sequence number of the request is
      // lower than the remote sequence number, the request is out of order and MUST be rejected
      // with a 500 (Server Internal Error) response."
      in{matching}.on(success_to_stale_request)
          .refused("a 2xx to a request whose CSeq number is lower than the last one's: it is "
                   "answered 500", "RFC 3261 12.2.2"),
      // "If a PRACK request is received by the UA core that does not match any unacknowledged
      // reliable provisional response, the UAS MUST respond to the PRACK with a 481 response. If
      // the PRACK does match an unacknowledged reliable provisional response, it MUST be responded
      // to with a 2xx response."
      in{matching}.on(success_to_stray_prack)
          .refused("a 2xx to a PRACK that matches no unacknowledged reliable provisional response",
                   "RFC 3262 3"),
      in{matching}.on(no_match_to_prack)
          .refused("a 481 to a PRACK that matches an unacknowledged reliable provisional response",
                   "RFC 3262 3"),
      // "If the UAS did not find a matching transaction for the CANCEL according to the procedure
      // above, it SHOULD respond to the CANCEL with a 481".
      in{matching}.on(success_to_stray_cancel)
          .refused("a 2xx to a CANCEL that matches no INVITE: SHOULD be answered 481",
                   "RFC 3261 9.2"),
      // "Regardless of the method of the original request, as long as the CANCEL matched an existing
      // transaction, the UAS answers the CANCEL request itself with a 200 (OK) response."
      in{matching}.on(failure_to_matching_cancel)
          .refused("a failure response to a CANCEL that matches an INVITE: it is answered 200",
                   "RFC 3261 9.2"),
      // "If the BYE does not match an existing dialog, the UAS core SHOULD generate a 481".
      in{matching}.on(success_to_stray_bye)
          .refused("a 2xx to a BYE that matches no dialog: SHOULD be answered 481",
                   "RFC 3261 15.1.2"),
      // "UAs in the Mortal state return error responses to the requests that operate within a
      // dialog or session, such as re-INVITE, UPDATE, or REFER."
      in{matching}.on(success_after_the_end)
          .refused("a 2xx to a request of a session that has ended: error responses are returned",
                   "RFC 5407 3.2.1"),
      // "If an UPDATE is received that contains an offer, and the UAS has generated an offer (in an
      // UPDATE, PRACK or INVITE) to which it has not yet received an answer, the UAS MUST reject
      // the UPDATE with a 491 response." session_modification sees UPDATEs that cross UPDATEs only.
      in{matching}.on(success_to_crossing_update)
          .refused("a 2xx to an UPDATE with an offer that crossed ours: it is answered 491",
                   "RFC 3311 5.2"),
      in{matching}.on(failure_to_crossing_update)
          .refused("an UPDATE with an offer that crossed ours is rejected with 491",
                   "RFC 3311 5.2"),
      // "A UAS that receives an INVITE on a dialog while an INVITE it had sent on that dialog is in
      // progress MUST return a 491 (Request Pending) response to the received INVITE." That it is
      // answered 2xx, 488 or 500 is session_modification's to refuse; a 486 or 603 is no better.
      in{matching}.on(failure_to_crossing_reinvite)
          .refused("a re-INVITE that crossed ours is rejected with 491", "RFC 3261 14.2"),
  };
  // clang-format on
};

} // namespace ctsip
