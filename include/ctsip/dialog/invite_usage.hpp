// The session that INVITE begins and BYE ends: what is answered, acknowledged and released.
// RFC 3261 13 to 15, RFC 5407 2 and 3. Read dialog.hpp before it, and have RFC 5407 Figures 1 and 2
// beside it: preparative is `inviting` and `invited`, moratorium is `moratorium` and
// `unacknowledged`, mortal and morgue are the states after a BYE.
//
// The ACK to a non-2xx final response is the transaction's and is no event here.
#pragma once

#include <cstdint>

#include <ctsip/dialog/call_event.hpp>
#include <ctsip/machine/table.hpp>

namespace ctsip {

/// Definition of the INVITE usage of a dialog, for the caller and the callee alike.
///
/// Choices, where the RFCs leave one or say two things:
///  1. RFC 3261 15 forbids the callee's BYE "until it has received an ACK for its 2xx response or
///     until the server transaction times out"; RFC 5407 3.2.4 shows one. It waits here. After
///     the 2xx to a re-INVITE nothing forbids it.
///  2. A caller that has a 2xx to acknowledge sends the ACK first (13.2.2.4: "after acknowledging
///     any 2xx response"). When a 2xx comes again, its ACK was sent before, and a BYE may cross it
///     (RFC 5407 3.1.6).
///  3. A BYE that we challenge was rejected and changes nothing (12.2.2).
///  4. A 2xx that has been acknowledged once leaves nothing open when it comes again, although
///     "the ACK MUST be passed to the client transport every time": `ack_retransmission` does it.
///  5. An ACK that arrives after 64*T1 is taken, but the BYE that was due then is still due.
struct invite_usage {
  static constexpr char const* title = "INVITE usage";

  enum class state : std::uint8_t {
    idle,                 ///< no INVITE, or it has failed
    inviting,             ///< INVITE sent, no early dialog
    caller_early,         ///< INVITE sent, 101-199 received
    early_bye_sent,       ///< BYE sent in the early dialog; both are pending
    caller_early_ended,   ///< that BYE is answered, or the peer ended it; INVITE pending
    invited,              ///< INVITE received, no early dialog
    callee_early,         ///< INVITE received, 101-199 sent
    early_bye_received,   ///< BYE received in the early dialog; INVITE and BYE to be answered
    callee_early_ended,   ///< the BYE is answered; the INVITE is to be
    moratorium,           ///< 2xx to the first INVITE sent, no ACK received
    moratorium_reinvited, ///< the same, and a 2xx to a re-INVITE sent
    abandoned,            ///< 64*T1 without an ACK: a BYE is due
    unacknowledged,       ///< 2xx received, the ACK is due
    unacknowledged_again, ///< the same, and before it a 2xx came again or one to a re-INVITE
    established,          ///< acknowledged
    acknowledging_again,  ///< acknowledged once; the ACK to that other 2xx may follow
    reinviting,           ///< established, a re-INVITE of ours is pending
    reinviting_acknowledging_again, ///< the same, and an earlier 2xx came again
    unconfirmed,                    ///< 2xx to a re-INVITE sent, no ACK received
    bye_sent,                       ///< over, our BYE is to be answered
    bye_received,                   ///< over, the peer's BYE is to be answered
    ended,                          ///< over
    bye_sent_unacknowledged,        ///< as bye_sent, and the ACK to a 2xx is due
    bye_received_unacknowledged,    ///< as bye_received, and the ACK to a 2xx is due
    ended_unacknowledged            ///< as ended, and the ACK to a 2xx is due
  };
  enum class symbol : std::uint8_t {
    sent_invite,               ///< the first INVITE
    sent_reinvite,             ///< an INVITE within the dialog
    sent_provisional,          ///< 101-199 to the first INVITE
    sent_success,              ///< 2xx to the first INVITE
    sent_failure,              ///< 300-699 to the first INVITE
    sent_reinvite_success,     ///< 2xx to a re-INVITE
    sent_usage_ended,          ///< a failure that ends usage or dialog (RFC 5057 5.1)
    sent_ack,                  ///< ACK to a 2xx
    sent_stray_ack,            ///< ACK with the CSeq number of no INVITE of ours
    sent_bye,                  ///< BYE
    sent_bye_final,            ///< a final response to BYE, no challenge
    sent_bye_challenge,        ///< 401 or 407 to BYE
    received_invite,           ///< as above, by the peer
    received_provisional,      ///< as above
    received_success,          ///< as above
    received_success_again,    ///< a 2xx to any INVITE of ours that has had one
    received_failure,          ///< as above
    received_reinvite_success, ///< as above
    received_reinvite_failure, ///< 300-699 to a re-INVITE that ends no usage
    received_usage_ended,      ///< as above
    received_ack,              ///< as above
    received_stray_ack,        ///< as above
    received_bye,              ///< as above
    received_bye_final,        ///< a final response to BYE
    timer_success_timeout,     ///< 64*T1 after our 2xx
    timer_ack_retransmission,  ///< 64*T1 after the first 2xx received, in any fork
    timer_invite_expires,      ///< the INVITE's Expires, or the caller's patience
    timer_cancel_timeout,      ///< 64*T1 after the CANCEL
    timer_provisional_reminder ///< a minute after the last 1xx
  };
  enum class action : std::uint8_t {
    send_ack,         ///< to the 2xx, first or again
    send_cancel,      ///< as soon as there is a provisional response
    send_bye,         ///< end the session
    send_provisional, ///< any but 100
    answer_487,       ///< to the INVITE
    begin_session,    ///< the INVITE is accepted, or the BYE that ended the session is not
    end_session,      ///< "stop sending and listening for media"
    end_early_dialogs ///< those of the other forks: no more 2xx are expected
  };
  using enum state;
  using enum symbol;
  using enum action;
  using in = ctsip::in<state, symbol, action>;

  static constexpr symbol commands[] = {sent_invite,      sent_reinvite,  sent_provisional,
                                        sent_success,     sent_failure,   sent_ack,
                                        sent_stray_ack,   sent_bye,       sent_reinvite_success,
                                        sent_usage_ended, sent_bye_final, sent_bye_challenge};

  /// What begins and ends the call cannot be left out of its rules.
  static constexpr bool indispensable = true;

  /// States in which nothing is left open: every 2xx is acknowledged and every BYE answered.
  static constexpr state at_rest[] = {idle, established, acknowledging_again, ended};

  static constexpr symbol project(call_event const& e) {
    if (e.phase == phase::timer) return of_timer(e);
    bool const sent = e.way == direction::sent;
    if (!sent && !e.is_received()) return outside<symbol>;
    if (e.subject == subject::bye) {
      if (e.subject == subject::bye && e.phase == phase::request)
        return sent ? sent_bye : received_bye;
      if (e.phase == phase::challenge && sent) return sent_bye_challenge;
      if (e.phase == phase::success || e.is_failure())
        return sent ? sent_bye_final : received_bye_final;
      return outside<symbol>;
    }
    if (e.phase == phase::ends_usage || e.phase == phase::ends_dialog)
      return sent ? sent_usage_ended : received_usage_ended;
    switch (e.subject) {
    case subject::invite: return of_invite(e);
    case subject::reinvite:
      if (e.is_request(subject::reinvite)) return sent ? sent_reinvite : outside<symbol>;
      if (e.phase == phase::success)
        return sent ? sent_reinvite_success : received_reinvite_success;
      if (sent) return outside<symbol>;
      return e.phase == phase::success_again ? received_success_again
             : e.is_failure()                ? received_reinvite_failure
                                             : outside<symbol>;
    case subject::ack:
      if (e.phase == phase::stray_request) return sent ? sent_stray_ack : received_stray_ack;
      return sent ? sent_ack : received_ack;
    default: return outside<symbol>;
    }
  }

  /// Before the final response to the first INVITE, sent or received.
  static constexpr in caller_pending{inviting, caller_early, early_bye_sent, caller_early_ended};
  static constexpr in callee_pending{invited, callee_early, early_bye_received, callee_early_ended};
  /// After the session.
  static constexpr in over{bye_sent,
                           bye_received,
                           ended,
                           bye_sent_unacknowledged,
                           bye_received_unacknowledged,
                           ended_unacknowledged};
  static constexpr in everywhere =
      detail::joined(caller_pending, callee_pending, over,
                     in{idle, moratorium, moratorium_reinvited, abandoned, unacknowledged,
                        unacknowledged_again, established, acknowledging_again, reinviting,
                        reinviting_acknowledging_again, unconfirmed});

  // clang-format off
  static constexpr in::row rows[] = {
      // ---- The caller, until the first final response

      // 13.2.1: "The UAC MAY add an Expires header field [...] to limit the validity of the
      // invitation. If the time indicated in the Expires header field is reached and no final
      // answer for the INVITE has been received, the UAC core SHOULD generate a CANCEL request for
      // the INVITE, as per Section 9."
      in{idle}.on(sent_invite).starts(timer::invite_expires)
                                           .rfc("RFC 3261 13.2.1").then(inviting),
      in{inviting, caller_early}.on(timer_invite_expires).does(send_cancel)
                                           .rfc("RFC 3261 13.2.1").stay(),
      in{inviting, caller_early}.on(received_provisional)
                                           .rfc("RFC 3261 13.2.2.1").then(caller_early),
      // "After having received the non-2xx final response the UAC core considers the INVITE
      // transaction completed."
      caller_pending.on(received_failure).stops(timer::invite_expires)
                                           .rfc("RFC 3261 13.2.2.3").then(idle),
      // "The UAC core MUST generate an ACK request for each 2xx received from the transaction
      // layer." "The UAC core considers the INVITE transaction completed 64*T1 seconds after the
      // reception of the first 2xx response."
      in{inviting, caller_early}.on(received_success, received_success_again)
          .does(send_ack, begin_session)
          .stops(timer::invite_expires).starts(timer::ack_retransmission)
                                           .rfc("RFC 3261 13.2.2.4").then(unacknowledged),
      in{unacknowledged}.on(sent_ack)      .rfc("RFC 3261 13.2.2.4").then(established),
      in{unacknowledged_again}.on(sent_ack).rfc("RFC 3261 13.2.2.4").then(acknowledging_again),
      // "At this point all the early dialogs that have not transitioned to established dialogs are
      // terminated. Once the INVITE transaction is considered completed by the UAC core, no more
      // new 2xx responses are expected to arrive."
      detail::except(everywhere, caller_pending, callee_pending,
                     in{idle, moratorium, moratorium_reinvited})
          .on(timer_ack_retransmission).does(end_early_dialogs)
                                           .rfc("RFC 3261 13.2.2.4").stay(),
      // 9.1: "the client SHOULD then consider the original transaction cancelled and SHOULD destroy
      // the client transaction handling the original request."
      caller_pending.on(timer_ack_retransmission, timer_cancel_timeout).stops(timer::invite_expires)
                                    .rfc("RFC 3261 13.2.2.4, RFC 3261 9.1").then(idle),

      // A 2xx may come after that all the same. "The UAC MAY continue with the sessions established
      // by any 2xx responses, or MAY terminate them with BYE": it has to be acknowledged for either.
      in{idle}.on(received_success, received_success_again).does(send_ack)
          .starts(timer::ack_retransmission)
                                           .race("RFC 3261 15").then(unacknowledged),

      // "The caller's UA MAY send a BYE for either confirmed or early dialogs".
      in{caller_early}.on(sent_bye).does(end_session).stops(timer::invite_expires)
                                           .rfc("RFC 3261 15").then(early_bye_sent),
      in{early_bye_sent}.on(received_bye_final)
                                           .rfc("RFC 3261 15.1.1").then(caller_early_ended),
      in{early_bye_sent, caller_early_ended}.on(sent_bye)
                                           .rfc("RFC 5407 D").then(early_bye_sent),
      // "In the Mortal state, the UAC does not establish a session even though it receives a 200
      // response to the INVITE. Even so, the UAC sends an ACK to 200 in order to complete the
      // INVITE transaction."
      in{early_bye_sent}.on(received_success, received_success_again).does(send_ack)
          .starts(timer::ack_retransmission)
                                           .race("RFC 5407 3.1.3").then(bye_sent_unacknowledged),
      in{caller_early_ended}.on(received_success, received_success_again).does(send_ack)
          .starts(timer::ack_retransmission)
                                           .race("RFC 5407 3.1.3").then(ended_unacknowledged),
      // The callee may send it on a confirmed dialog only; but its 2xx may all have been lost.
      in{caller_early}.on(received_bye).does(end_session).stops(timer::invite_expires)
                                           .race("RFC 3261 13.3.1.4").then(caller_early_ended),
      in{early_bye_sent, caller_early_ended}.on(received_bye, received_provisional)
                                           .race("RFC 5407 3.2.1").stay(),
      in{caller_early}.on(sent_usage_ended, received_usage_ended).does(end_session)
          .stops(timer::invite_expires)    .rfc("RFC 5057 5.1").then(caller_early_ended),

      // ---- The callee, until its final response is acknowledged

      // "If the request is an INVITE that contains an Expires header field, the UAS core sets a
      // timer for the number of seconds indicated in the header field value. When the timer fires,
      // the invitation is considered to be expired." 13.3.1.1: "To prevent cancellation, the UAS
      // MUST send a non-100 provisional response at every minute".
      in{idle}.on(received_invite).starts(timer::invite_expires, timer::provisional_reminder)
                                           .rfc("RFC 3261 13.3.1").then(invited),
      in{invited, callee_early}.on(sent_provisional).starts(timer::provisional_reminder)
                                           .rfc("RFC 3261 13.3.1.1").then(callee_early),
      in{invited, callee_early}.on(timer_provisional_reminder).does(send_provisional)
          .starts(timer::provisional_reminder)
                                           .rfc("RFC 3261 13.3.1.1").stay(),
      // "If the invitation expires before the UAS has generated a final response, a 487 (Request
      // Terminated) response SHOULD be generated."
      in{invited, callee_early}.on(timer_invite_expires).does(answer_487)
                                           .rfc("RFC 3261 13.3.1").stay(),
      callee_pending.on(sent_failure).stops(timer::invite_expires, timer::provisional_reminder)
                                           .rfc("RFC 3261 13.3.1.3").then(idle),
      in{invited, callee_early}.on(sent_success).does(begin_session)
          .stops(timer::invite_expires, timer::provisional_reminder)
          .starts(timer::success_timeout)  .rfc("RFC 3261 13.3.1.4").then(moratorium),
      in{moratorium, moratorium_reinvited}.on(sent_success)
                                           .rfc("RFC 3261 13.3.1.4").stay(),
      in{moratorium}.on(received_ack).stops(timer::success_timeout)
                                           .rfc("RFC 3261 13.3.1.4").then(established),
      // "If the server retransmits the 2xx response for 64*T1 seconds without receiving an ACK,
      // the dialog is confirmed, but the session SHOULD be terminated. This is accomplished with a
      // BYE".
      in{moratorium, moratorium_reinvited, unconfirmed}.on(timer_success_timeout).does(send_bye)
                                           .rfc("RFC 3261 13.3.1.4").then(abandoned),
      in{abandoned}.on(received_ack)       .race("RFC 5407 3.2.4").stay(),
      in{abandoned}.on(sent_bye).does(end_session)
                                           .rfc("RFC 3261 13.3.1.4").then(bye_sent),
      // "The UAS receives a re-INVITE (with offer2) before receiving an ACK for the ini-INVITE".
      // Two ACKs are to come then, in either order.
      in{moratorium}.on(sent_reinvite_success).starts(timer::success_timeout)
                                           .race("RFC 5407 3.1.4").then(moratorium_reinvited),
      in{moratorium_reinvited}.on(received_ack)
                                           .race("RFC 5407 3.1.4").then(unconfirmed),
      in{moratorium_reinvited, abandoned}.on(sent_reinvite_success)
                                           .race("RFC 5407 3.1.4").stay(),

      // "The UAS MUST still respond to any pending requests received for that dialog. It is
      // RECOMMENDED that a 487 (Request Terminated) response be generated to those pending
      // requests."
      in{callee_early}.on(received_bye).does(answer_487, end_session)
          .stops(timer::invite_expires, timer::provisional_reminder)
                                           .rfc("RFC 3261 15.1.2").then(early_bye_received),
      in{early_bye_received}.on(sent_bye_final)
                                           .rfc("RFC 3261 15.1.2").then(callee_early_ended),
      in{early_bye_received}.on(sent_bye_challenge).starts(timer::provisional_reminder)
                                           .rfc("RFC 3261 12.2.2").then(callee_early),
      in{early_bye_received, callee_early_ended}.on(sent_provisional)
                                           .rfc("RFC 3261 15.1.2").stay(),
      in{early_bye_received}.on(sent_success)
                                           .rfc("RFC 3261 15.1.2").then(bye_received),
      in{callee_early_ended}.on(sent_success)
                                           .rfc("RFC 3261 15.1.2").then(ended),
      in{early_bye_received, callee_early_ended}.on(received_bye)
                                           .race("RFC 5407 3.2.1").stay(),
      // The BYE of an early dialog crosses the 2xx (3.1.3), or the ACK was lost: "the UAS should
      // not start a session again, [...] if the UAS receives a retransmitted ACK after receiving a
      // BYE."
      in{moratorium, moratorium_reinvited, unconfirmed}.on(received_bye).does(end_session)
          .stops(timer::success_timeout)   .race("RFC 5407 3.1.6").then(bye_received),
      in{callee_early}.on(sent_usage_ended, received_usage_ended).does(answer_487, end_session)
          .stops(timer::invite_expires, timer::provisional_reminder)
                                           .rfc("RFC 5057 5.1").then(callee_early_ended),
      in{early_bye_sent, caller_early_ended, early_bye_received, callee_early_ended}
          .on(sent_usage_ended, received_usage_ended)
                                           .race("RFC 5407 3.2.2").stay(),

      // ---- Both, in the session

      // 14.1: "The rules for transmitting a re-INVITE and for generating an ACK for a 2xx response
      // to re-INVITE are the same as for the initial INVITE".
      in{established}.on(sent_reinvite)    .rfc("RFC 3261 14.1").then(reinviting),
      in{acknowledging_again}.on(sent_reinvite)
                                 .rfc("RFC 3261 14.1").then(reinviting_acknowledging_again),
      in{reinviting}.on(received_reinvite_failure)
                                           .rfc("RFC 3261 14.1").then(established),
      in{reinviting_acknowledging_again}.on(received_reinvite_failure)
                                           .rfc("RFC 3261 14.1").then(acknowledging_again),
      in{established, acknowledging_again, reinviting}.on(received_reinvite_success).does(send_ack)
                                           .rfc("RFC 3261 14.1").then(unacknowledged),
      in{reinviting_acknowledging_again}.on(received_reinvite_success).does(send_ack)
                                           .rfc("RFC 3261 14.1").then(unacknowledged_again),
      // The re-INVITE was sent before the ACK: two are due then, in either order.
      in{unacknowledged}.on(received_reinvite_success).does(send_ack)
                                           .rfc("RFC 3261 14.1").then(unacknowledged_again),
      in{established, acknowledging_again, unconfirmed}.on(sent_reinvite_success)
          .starts(timer::success_timeout)  .rfc("RFC 3261 14.2").then(unconfirmed),
      in{unconfirmed}.on(received_ack).stops(timer::success_timeout)
                                           .rfc("RFC 3261 14.2").then(established),
      // Re-INVITEs of both sides at a time are told apart by session_modification (14.1, 14.2).
      in{unacknowledged, unacknowledged_again, reinviting, reinviting_acknowledging_again}
          .on(sent_reinvite_success)
                                           .rfc("RFC 3261 14.2").stay(),
      in{moratorium, moratorium_reinvited, unconfirmed}.on(received_reinvite_success)
          .does(send_ack).stops(timer::success_timeout)
                                           .race("RFC 3261 14.1").then(unacknowledged),
      in{abandoned}.on(received_reinvite_success).does(send_ack)
                                           .race("RFC 3261 14.1").then(unacknowledged),

      // "The ACK MUST be passed to the client transport every time a retransmission of the 2xx
      // final response that triggered the ACK arrives."
      in{established}.on(received_success, received_success_again).does(send_ack)
                                           .race("RFC 3261 13.2.2.4").then(acknowledging_again),
      in{reinviting}.on(received_success, received_success_again).does(send_ack)
                               .race("RFC 5407 3.1.4").then(reinviting_acknowledging_again),
      in{unacknowledged}.on(received_success, received_success_again)
                                           .race("RFC 3261 13.2.2.4").then(unacknowledged_again),
      in{unacknowledged_again, acknowledging_again, reinviting_acknowledging_again}
          .on(received_success, received_success_again)
                                           .race("RFC 3261 13.2.2.4").stay(),
      in{acknowledging_again}.on(sent_ack) .rfc("RFC 3261 13.2.2.4").then(established),
      in{reinviting_acknowledging_again}.on(sent_ack)
                                           .rfc("RFC 3261 13.2.2.4").then(reinviting),
      in{unacknowledged, unacknowledged_again, established, acknowledging_again, reinviting,
         reinviting_acknowledging_again}.on(received_ack)
                                           .race("RFC 5407 3.1.4").stay(),

      // "The UAC MUST consider the session terminated (and therefore stop sending or listening for
      // media) as soon as the BYE request is passed to the client transaction."
      in{established, reinviting}.on(sent_bye).does(end_session)
                                           .rfc("RFC 3261 15.1.1").then(bye_sent),
      in{unconfirmed}.on(sent_bye).does(end_session).stops(timer::success_timeout)
                                           .rfc("RFC 3261 15.1.1").then(bye_sent),
      in{acknowledging_again, reinviting_acknowledging_again}.on(sent_bye).does(end_session)
                                           .race("RFC 5407 3.1.6").then(bye_sent_unacknowledged),
      in{established, reinviting, abandoned}.on(received_bye).does(end_session)
                                           .rfc("RFC 3261 15.1.2").then(bye_received),
      in{unacknowledged, unacknowledged_again, acknowledging_again, reinviting_acknowledging_again}
          .on(received_bye).does(end_session)
                                  .race("RFC 5407 3.2.4").then(bye_received_unacknowledged),
      in{established, reinviting, abandoned}.on(sent_usage_ended, received_usage_ended)
          .does(end_session)               .rfc("RFC 5057 5.1").then(ended),
      in{moratorium, moratorium_reinvited, unconfirmed}.on(sent_usage_ended, received_usage_ended)
          .does(end_session).stops(timer::success_timeout)
                                           .rfc("RFC 5057 5.1").then(ended),
      in{unacknowledged, unacknowledged_again, acknowledging_again, reinviting_acknowledging_again}
          .on(sent_usage_ended, received_usage_ended).does(end_session)
                                           .rfc("RFC 5057 5.1").then(ended_unacknowledged),

      // ---- Both, after the session

      in{bye_sent}.on(received_bye_final)  .rfc("RFC 3261 15.1.1").then(ended),
      in{bye_sent_unacknowledged}.on(received_bye_final)
                                           .rfc("RFC 3261 15.1.1").then(ended_unacknowledged),
      in{bye_received}.on(sent_bye_final)  .rfc("RFC 3261 15.1.2").then(ended),
      in{bye_received_unacknowledged}.on(sent_bye_final)
                                           .rfc("RFC 3261 15.1.2").then(ended_unacknowledged),
      in{bye_received}.on(sent_bye_challenge).does(begin_session)
                                           .rfc("RFC 3261 12.2.2").then(established),
      in{bye_received_unacknowledged}.on(sent_bye_challenge).does(begin_session)
                                           .rfc("RFC 3261 12.2.2").then(unacknowledged),
      // The BYE with credentials; whether another may follow is told by `dialog`.
      in{ended}.on(sent_bye)               .rfc("RFC 5407 D").then(bye_sent),
      in{ended_unacknowledged}.on(sent_bye).rfc("RFC 5407 D").then(bye_sent_unacknowledged),
      in{bye_sent, bye_received, bye_sent_unacknowledged, bye_received_unacknowledged}.on(sent_bye)
                                           .rfc("RFC 5407 D").stay(),
      // "the UA shall return a 200 OK to the BYE".
      over.on(received_bye)                .race("RFC 5407 3.2.1").stay(),
      // "the UA needs to keep the INVITE dialog usage until the Mortal state finishes, so that it
      // is able to send ACK for a 2xx response in the Mortal state."
      in{bye_sent}.on(received_success, received_success_again, received_reinvite_success)
          .does(send_ack)                  .race("RFC 5407 D").then(bye_sent_unacknowledged),
      in{bye_received}.on(received_success, received_success_again, received_reinvite_success)
          .does(send_ack)                  .race("RFC 5407 D").then(bye_received_unacknowledged),
      in{ended}.on(received_success, received_success_again, received_reinvite_success)
          .does(send_ack)                  .race("RFC 5407 D").then(ended_unacknowledged),
      in{bye_sent_unacknowledged, bye_received_unacknowledged, ended_unacknowledged}
          .on(received_success, received_success_again, received_reinvite_success)
                                           .race("RFC 5407 D").stay(),
      in{bye_sent_unacknowledged}.on(sent_ack)
                                           .rfc("RFC 5407 D").then(bye_sent),
      in{bye_received_unacknowledged}.on(sent_ack)
                                           .rfc("RFC 5407 D").then(bye_received),
      in{ended_unacknowledged}.on(sent_ack).rfc("RFC 5407 D").then(ended),
      // "A session is not started when the ACK is received because Bob has already terminated the
      // session by sending a BYE."
      over.on(received_ack)                .race("RFC 5407 3.2.4").stay(),
      over.on(sent_usage_ended, received_usage_ended, received_reinvite_failure)
                                           .race("RFC 5407 3.2.2").stay(),
      over.on(sent_provisional, sent_success, sent_reinvite_success, sent_failure)
                                           .rfc("RFC 3261 15.1.2").stay(),

      // ---- What is refused

      // "The UAC core MUST generate an ACK request for each 2xx": not before it, and once each.
      detail::joined(caller_pending, in{idle, reinviting}).on(sent_ack)
          .refused("ACK before a final response to the INVITE", "RFC 3261 13.2.2.4"),
      detail::joined(callee_pending, in{moratorium, moratorium_reinvited, abandoned}).on(sent_ack)
          .refused("ACK to an INVITE that the other side has sent", "RFC 3261 13.2.2.4"),
      in{established, unconfirmed, bye_sent, bye_received, ended}.on(sent_ack)
          .refused("a second ACK to one 2xx: it is sent again when the 2xx comes again",
                   "RFC 3261 13.2.2.4"),
      everywhere.on(sent_stray_ack)
          .refused("an ACK whose CSeq number is not the INVITE's",
                   "RFC 3261 13.2.2.4, 17.1.1.3"),
      // "the callee's UA MAY send a BYE on confirmed dialogs, but MUST NOT send a BYE on early
      // dialogs."
      in{callee_early, early_bye_received, callee_early_ended}.on(sent_bye)
          .refused("BYE by the callee in an early dialog", "RFC 3261 15"),
      // "the callee's UA MUST NOT send a BYE on a confirmed dialog until it has received an ACK for
      // its 2xx response or until the server transaction times out."
      in{moratorium, moratorium_reinvited}.on(sent_bye)
          .waits("BYE by the callee before the ACK to its 2xx or 64*T1",
                 "RFC 3261 15, RFC 6026 8.7"),
      in{unacknowledged, unacknowledged_again}.on(sent_bye)
          .waits("the 2xx is acknowledged first: ACK, then BYE", "RFC 3261 13.2.2.4"),
      detail::joined(caller_pending, in{idle}).on(sent_provisional, sent_success, sent_failure)
          .refused("a response without an INVITE", "RFC 3261 13.3.1"),

      // ---- What other rules tell

      in{idle, inviting, invited}.on(sent_bye)
                                           .rfc("RFC 3261 15").stay(),
      in{idle, inviting, invited}.on(received_bye)
                                           .race("RFC 3261 15.1.2").stay(),
      detail::except(everywhere, in{idle}).on(sent_invite)
                                           .rfc("RFC 3261 14.1").stay(),
      detail::except(everywhere, in{idle}).on(received_invite)
                                           .race("RFC 5407 3.1.1").stay(),
      detail::except(everywhere, in{established, acknowledging_again}).on(sent_reinvite)
                                           .rfc("RFC 3261 14.1").stay(),
      detail::joined(caller_pending, callee_pending, in{idle}).on(sent_reinvite_success)
                                           .rfc("RFC 3261 14.2").stay(),
      in{unacknowledged, unacknowledged_again, established, acknowledging_again, reinviting,
         reinviting_acknowledging_again, unconfirmed, abandoned}
          .on(sent_provisional, sent_success, sent_failure)
                                           .rfc("RFC 3261 13.3.1").stay(),
      in{moratorium, moratorium_reinvited}.on(sent_provisional, sent_failure)
                                           .rfc("RFC 3261 13.3.1").stay(),
      in{idle, inviting, invited}.on(sent_usage_ended)
                                           .rfc("RFC 3261 12.2.2").stay(),
      detail::except(everywhere, in{early_bye_received, bye_received, bye_received_unacknowledged})
          .on(sent_bye_final, sent_bye_challenge)
                                           .rfc("RFC 3261 15.1.2").stay(),
      callee_pending.on(received_ack)
          .peer_violation("ACK before a final response to the INVITE", "RFC 3261 13.2.2.4").stay(),

      detail::joined(caller_pending, in{idle}).on(received_ack)
                                           .ignored("there is no 2xx of ours"),
      everywhere.on(received_stray_ack)    .ignored("it acknowledges no 2xx that waits for an ACK"),
      detail::except(everywhere, caller_pending).on(received_provisional, received_failure)
                                           .ignored("no first INVITE of ours is pending"),
      detail::joined(callee_pending, in{moratorium, moratorium_reinvited, abandoned, unconfirmed})
          .on(received_success, received_success_again)
                                           .ignored("no INVITE of ours has been accepted"),
      detail::joined(caller_pending, callee_pending, in{idle})
          .on(received_reinvite_success, received_reinvite_failure)
                                           .ignored("no re-INVITE of ours is pending"),
      in{moratorium, moratorium_reinvited, abandoned, unacknowledged, unacknowledged_again,
         established, acknowledging_again, unconfirmed}.on(received_reinvite_failure)
                                           .ignored("no re-INVITE of ours is pending"),
      in{unacknowledged_again}.on(received_reinvite_success)
                                           .ignored("two ACKs are due already"),
      in{idle, inviting, invited}.on(received_usage_ended)
                                           .ignored("there is no session that could end"),
      detail::except(everywhere, in{early_bye_sent, bye_sent, bye_sent_unacknowledged})
          .on(received_bye_final)          .ignored("no BYE of ours is pending"),
      detail::except(everywhere, in{moratorium, moratorium_reinvited, unconfirmed})
          .on(timer_success_timeout)       .ignored("no 2xx of ours waits for its ACK"),
      detail::joined(callee_pending, in{idle, moratorium, moratorium_reinvited})
          .on(timer_ack_retransmission)    .ignored("no 2xx has been received"),
      detail::except(everywhere, caller_pending).on(timer_cancel_timeout)
                                           .ignored("no first INVITE of ours is pending"),
      detail::except(everywhere, in{inviting, caller_early, invited, callee_early})
          .on(timer_invite_expires)        .ignored("the INVITE has been answered or released"),
      detail::except(everywhere, in{invited, callee_early}).on(timer_provisional_reminder)
                                           .ignored("no INVITE waits for our answer"),
  };
  // clang-format on

 private:
  static constexpr symbol of_timer(call_event const& e) {
    switch (e.timer) {
    case timer::success_timeout: return timer_success_timeout;
    case timer::ack_retransmission: return timer_ack_retransmission;
    case timer::invite_expires: return timer_invite_expires;
    case timer::cancel_timeout: return timer_cancel_timeout;
    case timer::provisional_reminder: return timer_provisional_reminder;
    default: return outside<symbol>;
    }
  }

  static constexpr symbol of_invite(call_event const& e) {
    bool const sent = e.way == direction::sent;
    if (e.is_request(subject::invite)) return sent ? sent_invite : received_invite;
    if (e.is_failure()) return sent ? sent_failure : received_failure;
    switch (e.phase) {
    case phase::provisional:
    case phase::reliable:
    case phase::reliable_again:
    case phase::early_dialog_ended: return sent ? sent_provisional : received_provisional;
    case phase::success: return sent ? sent_success : received_success;
    case phase::success_again: return sent ? sent_success : received_success_again;
    default: return outside<symbol>;
    }
  }
};

} // namespace ctsip
