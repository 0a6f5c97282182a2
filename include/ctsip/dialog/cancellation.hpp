// CANCEL: when one may be sent, what becomes of the INVITE that it cancels, and what a callee does
// that receives one. For the first INVITE and for re-INVITEs, on both sides.
// RFC 3261 9, 15, RFC 5407 3.1.2 and appendix C, RFC 6141 3.8. Read call_event.hpp before it.
#pragma once

#include <cstdint>

#include <ctsip/dialog/call_event.hpp>
#include <ctsip/machine/table.hpp>

namespace ctsip {

/// Definition of the cancellation of an INVITE, as one agent sees it.
///
/// Choices, where the RFCs leave one:
///  1. A callee that has received CANCEL SHOULD answer 487 (9.2). Any final response is taken: a
///     2xx may already be on its way up from the user, and RFC 6141 3.8 asks for it where a
///     re-INVITE has partly been carried out.
///  2. An INVITE that crosses ours is answered 491 at once (14.2). A CANCEL of it is answered, and
///     whether it has been is left to its transaction.
///  3. A CANCEL whose INVITE has been answered is forgotten when the next INVITE begins; that its
///     own answer comes is left to its transaction.
struct cancellation {
  static constexpr char const* title = "cancellation";

  enum class state : std::uint8_t {
    idle,               ///< no INVITE pending in either direction
    invited,            ///< INVITE received, no final response sent
    answered_invited,   ///< the same, after an INVITE of our own that has been answered
    invite_cancelled,   ///< CANCEL received; neither it nor the INVITE has a final response
    terminating,        ///< CANCEL received and answered; the INVITE has no final response
    cancel_pending,     ///< CANCEL received and not answered; the INVITE had its final response
    calling,            ///< INVITE sent, no response received
    proceeding,         ///< a provisional response received
    cancelling,         ///< CANCEL sent; neither it nor the INVITE has a final response
    cancelled,          ///< the CANCEL has its final response, the INVITE has none
    cancel_unanswered,  ///< the INVITE has its final response, the CANCEL has none
    given_up,           ///< no final response to the INVITE 64*T1 after the CANCEL
    answered,           ///< our INVITE has its final response
    crossed_calling,    ///< calling, and an INVITE has crossed ours
    crossed_proceeding, ///< proceeding, and an INVITE has crossed ours
    crossed_cancelling, ///< cancelling, and an INVITE has crossed ours
    crossed_cancelled   ///< cancelled, and an INVITE has crossed ours
  };
  enum class symbol : std::uint8_t {
    sent_invite, ///< the first INVITE or a re-INVITE
    sent_cancel,
    sent_stray_cancel,     ///< with another branch or CSeq number than the INVITE's
    sent_final,            ///< 200-699 to the peer's INVITE
    sent_cancel_success,   ///< 2xx to the peer's CANCEL
    sent_cancel_failure,   ///< 300-699 to the peer's CANCEL, other than a challenge
    sent_cancel_challenge, ///< 401 or 407 to the peer's CANCEL
    received_invite,
    received_provisional,      ///< 1xx to our INVITE, 100 among them
    received_success,          ///< 2xx to our first INVITE
    received_reinvite_success, ///< 2xx to our re-INVITE
    received_failure,          ///< 300-699 to our INVITE
    received_cancel,
    received_stray_cancel, ///< matches no INVITE
    received_cancel_final, ///< 200-699 to our CANCEL
    timer_cancel
  };
  enum class action : std::uint8_t {
    answer_487,          ///< respond 487 (Request Terminated) to the INVITE
    answer_cancel,       ///< respond 200 to the CANCEL
    answer_481,          ///< respond 481 to the CANCEL
    acknowledge_and_bye, ///< the call came about all the same: ACK, then BYE
    give_up              ///< destroy the client transaction of the INVITE
  };
  using enum state;
  using enum symbol;
  using enum action;
  using in = ctsip::in<state, symbol, action>;

  static constexpr symbol commands[] = {
      sent_invite,         sent_cancel,         sent_stray_cancel,    sent_final,
      sent_cancel_success, sent_cancel_failure, sent_cancel_challenge};

  static constexpr symbol project(call_event const& e) {
    if (e.phase == phase::timer)
      return e.timer == timer::cancel_timeout ? timer_cancel : outside<symbol>;
    if (e.way == direction::none) return outside<symbol>;
    bool const sent = e.way == direction::sent;
    if (e.subject == subject::cancel) {
      if (e.phase == phase::stray_request) return sent ? sent_stray_cancel : received_stray_cancel;
      if (e.subject == subject::cancel && e.phase == phase::request)
        return sent ? sent_cancel : received_cancel;
      if (e.phase != phase::success && !e.is_failure()) return outside<symbol>;
      return !sent                         ? received_cancel_final
             : e.phase == phase::success   ? sent_cancel_success
             : e.phase == phase::challenge ? sent_cancel_challenge
                                           : sent_cancel_failure;
    }
    if (!e.is_invite()) return outside<symbol>;
    if (e.is_request(e.subject)) return sent ? sent_invite : received_invite;
    if (e.phase == phase::success)
      return sent                           ? sent_final
             : e.subject == subject::invite ? received_success
                                            : received_reinvite_success;
    if (e.is_failure()) return sent ? sent_final : received_failure;
    switch (e.phase) {
    case phase::trying:
    case phase::provisional:
    case phase::reliable:
    case phase::reliable_again:
    case phase::reliable_gap:
    case phase::early_dialog_ended: return sent ? outside<symbol> : received_provisional;
    default: return outside<symbol>;
    }
  }

  /// An INVITE that is only pending is not this rule's to wait for.
  static constexpr state at_rest[] = {idle,     invited,         answered_invited,
                                      calling,  proceeding,      given_up,
                                      answered, crossed_calling, crossed_proceeding};

  /// The CSeq numbers by which a CANCEL is matched with its INVITE, each as its remainder, for
  /// those of the requests in a dialog are contiguous (12.2.1.1); 0 is not known.
  struct facts {
    std::uint16_t sent_invite : 15 {};
    std::uint16_t received_invite : 15 {};
    std::uint16_t invite_received : 1 {};
  };

 private:
  // Before its use: clang has to know it in constant evaluation.
  static constexpr unsigned number(std::uint32_t cseq) { return cseq == 0 ? 0 : cseq % 0x7fff + 1; }

 public:
  /// "The Request-URI, Call-ID, To, the numeric part of CSeq, and From header fields in the CANCEL
  /// request MUST be identical to those in the request being cancelled, including tags. A CANCEL
  /// constructed by a client MUST have only a single Via header field value matching the top Via
  /// value in the request being cancelled." (RFC 3261 9.1)
  static constexpr void refine(call_event& e, call_message const& m, facts const& mine) {
    if (e.subject != subject::cancel || e.phase != phase::request) return;
    unsigned const invite = e.is_sent() ? mine.sent_invite : mine.received_invite;
    bool const other_number = m.cseq != 0 && invite != 0 && number(m.cseq) != invite;
    bool const no_invite = e.is_received() && !mine.invite_received;
    if (m.other_branch || other_number || no_invite) e.phase = phase::stray_request;
  }

  static constexpr void commit(facts& mine, call_message const& m, call_event const& e) {
    if (!e.is_request(e.subject) || !e.is_invite()) return;
    if (e.is_sent()) mine.sent_invite = number(m.cseq) & 0x7fff;
    if (e.is_received()) {
      mine.received_invite = number(m.cseq) & 0x7fff;
      mine.invite_received = true;
    }
  }

  // clang-format off
  static constexpr in::row rows[] = {
      // Our INVITE.
      in{idle, cancel_pending, cancel_unanswered, given_up, answered}.on(sent_invite)
                                           .rfc("RFC 3261 13.2.1").then(calling),
      in{invited, answered_invited}.on(sent_invite)
                                           .rfc("RFC 3261 14.1").then(crossed_calling),
      // Whether one may be sent beside another is session_modification's to say.
      in{invite_cancelled, terminating, calling, proceeding, cancelling, cancelled,
         crossed_calling, crossed_proceeding, crossed_cancelling, crossed_cancelled}
          .on(sent_invite)                 .rfc("RFC 3261 14.1").stay(),
      in{calling}.on(received_provisional) .rfc("RFC 3261 9.1").then(proceeding),
      in{crossed_calling}.on(received_provisional)
                                           .rfc("RFC 3261 9.1").then(crossed_proceeding),
      in{proceeding, cancelling, cancelled,
         crossed_proceeding, crossed_cancelling, crossed_cancelled}
          .on(received_provisional)        .rfc("RFC 3261 13.2.2.1").stay(),
      in{calling, proceeding}.on(received_success, received_reinvite_success, received_failure)
                                           .rfc("RFC 3261 13.2.2").then(answered),
      in{crossed_calling, crossed_proceeding}
          .on(received_success, received_reinvite_success, received_failure)
                                           .rfc("RFC 3261 13.2.2").then(answered_invited),

      // "If no provisional response has been received, the CANCEL request MUST NOT be sent; rather,
      // the client MUST wait for the arrival of a provisional response before sending the request."
      in{calling, crossed_calling}.on(sent_cancel)
          .waits("CANCEL before a provisional response to the INVITE", "RFC 3261 9.1"),
      in{proceeding}.on(sent_cancel).starts(timer::cancel_timeout)
                                           .rfc("RFC 3261 9.1").then(cancelling),
      in{crossed_proceeding}.on(sent_cancel).starts(timer::cancel_timeout)
                                           .rfc("RFC 3261 9.1").then(crossed_cancelling),
      // "If the original request has generated a final response, the CANCEL SHOULD NOT be sent, as
      // it is an effective no-op".
      in{answered, answered_invited, cancel_unanswered}.on(sent_cancel)
          .refused("CANCEL after a final response to the INVITE: SHOULD NOT be sent",
                   "RFC 3261 9.1, RFC 5407 3.1.2"),
      // "A CANCEL request SHOULD NOT be sent to cancel a request other than INVITE."
      in{idle, invited, invite_cancelled, terminating, cancel_pending}.on(sent_cancel)
          .refused("CANCEL of a request other than INVITE: SHOULD NOT be sent", "RFC 3261 9.1"),
      in{cancelling, cancelled, given_up, crossed_cancelling, crossed_cancelled}.on(sent_cancel)
          .refused("a second CANCEL of one INVITE", "RFC 3261 9.1"),
      in{idle, invited, answered_invited, invite_cancelled, terminating, cancel_pending, calling,
         proceeding, cancelling, cancelled, cancel_unanswered, given_up, answered, crossed_calling,
         crossed_proceeding, crossed_cancelling, crossed_cancelled}.on(sent_stray_cancel)
          .refused("a CANCEL whose branch or CSeq number is not that of its INVITE",
                   "RFC 3261 9.1"),

      // "Note that both the transaction corresponding to the original request and the CANCEL
      // transaction will complete independently."
      in{cancelling}.on(received_cancel_final)
                                           .rfc("RFC 3261 9.1").then(cancelled),
      in{crossed_cancelling}.on(received_cancel_final)
                                           .rfc("RFC 3261 9.1").then(crossed_cancelled),
      in{cancel_unanswered}.on(received_cancel_final)
                                           .rfc("RFC 3261 9.1").then(answered),
      in{cancelling}.on(received_failure).stops(timer::cancel_timeout)
                                           .rfc("RFC 3261 9.1").then(cancel_unanswered),
      in{cancelled}.on(received_failure).stops(timer::cancel_timeout)
                                           .rfc("RFC 3261 9.1").then(answered),
      in{crossed_cancelling, crossed_cancelled}.on(received_failure).stops(timer::cancel_timeout)
                                           .rfc("RFC 3261 9.1").then(answered_invited),

      // "If the INVITE results in 2xx final response(s) to the INVITE, this means that a UAS
      // accepted the invitation while the CANCEL was in progress. The UAC MAY continue with the
      // sessions established by any 2xx responses, or MAY terminate them with BYE."
      in{cancelling}.on(received_success).does(acknowledge_and_bye).stops(timer::cancel_timeout)
                                           .race("RFC 3261 15").then(cancel_unanswered),
      in{cancelled}.on(received_success).does(acknowledge_and_bye).stops(timer::cancel_timeout)
                                           .race("RFC 3261 15").then(answered),
      in{crossed_cancelling, crossed_cancelled}.on(received_success).does(acknowledge_and_bye)
          .stops(timer::cancel_timeout)    .race("RFC 3261 15").then(answered_invited),
      // RFC 6141 3.8: "if the INVITE request was a re-INVITE and some of its requested changes had
      // already been executed, the UAS would return a 2xx response instead." The session goes on.
      in{cancelling}.on(received_reinvite_success).stops(timer::cancel_timeout)
                                           .race("RFC 6141 3.8").then(cancel_unanswered),
      in{cancelled}.on(received_reinvite_success).stops(timer::cancel_timeout)
                                           .race("RFC 6141 3.8").then(answered),
      in{crossed_cancelling, crossed_cancelled}.on(received_reinvite_success)
          .stops(timer::cancel_timeout)    .race("RFC 6141 3.8").then(answered_invited),

      // "If there is no final response for the original request in 64*T1 seconds [...], the client
      // SHOULD then consider the original transaction cancelled and SHOULD destroy the client
      // transaction handling the original request."
      in{cancelling, cancelled}.on(timer_cancel).does(give_up)
                                           .rfc("RFC 3261 9.1").then(given_up),
      in{crossed_cancelling, crossed_cancelled}.on(timer_cancel).does(give_up)
                                           .rfc("RFC 3261 9.1").then(answered_invited),
      in{given_up}.on(received_success).does(acknowledge_and_bye)
                                           .race("RFC 3261 15").then(answered),
      in{given_up}.on(received_reinvite_success, received_failure)
                                           .race("RFC 3261 9.1").then(answered),

      // The peer's INVITE.
      in{idle}.on(received_invite)         .rfc("RFC 3261 13.3.1").then(invited),
      in{cancel_pending, cancel_unanswered, given_up, answered}.on(received_invite)
                                           .rfc("RFC 3261 14.2").then(answered_invited),
      in{calling}.on(received_invite)      .race("RFC 3261 14.2").then(crossed_calling),
      in{proceeding}.on(received_invite)   .race("RFC 3261 14.2").then(crossed_proceeding),
      in{cancelling}.on(received_invite)   .race("RFC 3261 14.2").then(crossed_cancelling),
      in{cancelled}.on(received_invite)    .race("RFC 3261 14.2").then(crossed_cancelled),
      in{invited}.on(sent_final)           .rfc("RFC 3261 13.3.1").then(idle),
      in{answered_invited}.on(sent_final)  .rfc("RFC 3261 13.3.1").then(answered),
      in{crossed_calling}.on(sent_final)   .rfc("RFC 3261 14.2").then(calling),
      in{crossed_proceeding}.on(sent_final).rfc("RFC 3261 14.2").then(proceeding),
      in{crossed_cancelling}.on(sent_final).rfc("RFC 3261 14.2").then(cancelling),
      in{crossed_cancelled}.on(sent_final) .rfc("RFC 3261 14.2").then(cancelled),
      // Whether there is an INVITE that it answers is its transaction's to say.
      in{idle, cancel_pending, calling, proceeding, cancelling, cancelled, cancel_unanswered,
         given_up, answered}.on(sent_final)
                                           .rfc("RFC 3261 17.2.1").stay(),

      // "If the UAS has not issued a final response for the original request, [...] the UAS SHOULD
      // immediately respond to the INVITE with a 487 (Request Terminated)." "[...] as long as the
      // CANCEL matched an existing transaction, the UAS answers the CANCEL request itself with a
      // 200 (OK) response."
      in{invited, answered_invited}.on(received_cancel).does(answer_487, answer_cancel)
                                           .rfc("RFC 3261 9.2").then(invite_cancelled),
      in{invite_cancelled}.on(sent_final)  .rfc("RFC 3261 9.2").then(cancel_pending),
      in{terminating}.on(sent_final)       .rfc("RFC 3261 9.2").then(idle),
      in{invite_cancelled}.on(sent_cancel_success, sent_cancel_failure)
                                           .rfc("RFC 3261 9.2").then(terminating),
      in{cancel_pending}.on(sent_cancel_success, sent_cancel_failure)
                                           .rfc("RFC 3261 9.2").then(idle),
      // "If it has, the CANCEL request has no effect on the processing of the original request, no
      // effect on any session state, and no effect on the responses generated for the original
      // request." RFC 5407 3.1.2: the CANCEL has crossed the 200.
      in{idle, answered}.on(received_cancel).does(answer_cancel)
                                           .race("RFC 3261 9.2").then(cancel_pending),
      in{calling, proceeding, cancelling, cancelled, cancel_unanswered, given_up,
         invite_cancelled, terminating, cancel_pending}
          .on(received_cancel).does(answer_cancel)
                                           .race("RFC 3261 9.2").stay(),
      in{crossed_calling, crossed_proceeding, crossed_cancelling, crossed_cancelled}
          .on(received_cancel).does(answer_487, answer_cancel)
                                           .race("RFC 3261 9.2").stay(),
      // "If the UAS did not find a matching transaction for the CANCEL according to the procedure
      // above, it SHOULD respond to the CANCEL with a 481".
      in{idle, invited, answered_invited, invite_cancelled, terminating, cancel_pending, calling,
         proceeding, cancelling, cancelled, cancel_unanswered, given_up, answered, crossed_calling,
         crossed_proceeding, crossed_cancelling, crossed_cancelled}
          .on(received_stray_cancel).does(answer_481)
                                           .race("RFC 3261 9.2").stay(),
      in{invited}.on(sent_cancel_success)
          .refused("a 2xx to a CANCEL that was not received", "RFC 3261 9.2"),
      // After the CANCEL of this INVITE one of an INVITE before it may be still to be answered.
      in{idle}.on(sent_cancel_success)     .rfc("RFC 3261 9.2").stay(),
      in{idle, invited}.on(sent_cancel_failure)
                                           .rfc("RFC 3261 9.2").stay(),
      in{answered_invited, terminating, calling, proceeding, cancelling, cancelled,
         cancel_unanswered, given_up, answered, crossed_calling, crossed_proceeding,
         crossed_cancelling, crossed_cancelled}.on(sent_cancel_success, sent_cancel_failure)
                                           .rfc("RFC 3261 9.2").stay(),
      // "[...] since CANCEL requests are hop-by-hop and cannot be resubmitted, they cannot be
      // challenged by the server in order to get proper credentials".
      in{idle, invited, answered_invited, invite_cancelled, terminating, cancel_pending, calling,
         proceeding, cancelling, cancelled, cancel_unanswered, given_up, answered, crossed_calling,
         crossed_proceeding, crossed_cancelling, crossed_cancelled}.on(sent_cancel_challenge)
          .refused("a challenge of a CANCEL: a CANCEL cannot be resubmitted", "RFC 3261 9.2"),

      in{invited, answered_invited, invite_cancelled, terminating, crossed_calling,
         crossed_proceeding, crossed_cancelling, crossed_cancelled}.on(received_invite)
                                 .ignored("the INVITE before it is still to be answered"),
      in{idle, invited, answered_invited, invite_cancelled, terminating, cancel_pending, answered,
         cancel_unanswered}
          .on(received_provisional, received_success, received_reinvite_success, received_failure)
                                 .ignored("no INVITE of ours is pending"),
      in{given_up}.on(received_provisional)
                                 .ignored("the INVITE is considered cancelled"),
      in{idle, invited, answered_invited, invite_cancelled, terminating, cancel_pending, calling,
         proceeding, cancelled, given_up, answered, crossed_calling, crossed_proceeding,
         crossed_cancelled}.on(received_cancel_final)
                                 .ignored("no CANCEL of ours is unanswered"),
      in{idle, invited, answered_invited, invite_cancelled, terminating, cancel_pending, calling,
         proceeding, cancel_unanswered, given_up, answered, crossed_calling, crossed_proceeding}
          .on(timer_cancel)      .ignored("runs only while a cancelled INVITE has no final response"),
  };
  // clang-format on
};

} // namespace ctsip
