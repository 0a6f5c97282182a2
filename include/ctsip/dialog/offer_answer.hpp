// Offer/answer: which session description is the offer, which one its answer, and where either may
// and must be. The placements are those of RFC 6337 Tables 1 and 2; what crosses is answered as in
// its section 4.3.
// RFC 3264 4, RFC 3261 13.2.1 and 14, RFC 3262 5, RFC 3311 5, RFC 6141, RFC 6337.
// Read dialog/call_event.hpp before it, and have RFC 6337 beside it.
#pragma once

#include <cstddef>
#include <cstdint>

#include <ctsip/dialog/call_event.hpp>
#include <ctsip/dialog/short_number.hpp>
#include <ctsip/machine/table.hpp>

namespace ctsip {

/// Definition of offer/answer in one dialog, seen by one agent. "sent" and "received" in the name
/// of a state say who sent the INVITE.
///
/// Choices, where the RFCs leave one or say two things:
///  1. RFC 6337 4.3 says SHOULD NOT where RFC 3311 is silent: an UPDATE with an offer before the
///     PRACK for the answer, a re-INVITE while an UPDATE's offer is open. Both are refused.
///  2. RFC 3311 5.2 answers 500 to an UPDATE while an offer of the peer's is open, RFC 6337 4.3 and
///     Figure 18 answer 491 where that offer came in a response to our INVITE: the latter is taken.
///  3. A second INVITE while one is pending is the business of session_modification; here it moves
///     nothing.
///  4. An UPDATE without a description is no offer (RFC 6337 2.2) and no event of this machine.
///  5. A description in an unreliable 1xx is a preview (RFC 6337 3.1.1): it completes nothing, and
///     the answer has to follow, so that one received is no event of this machine.
///  6. A PRACK that is rejected has brought no answer and acknowledged none (RFC 3261 12.2.2:
///     "none of the state changes are performed"): it has to be sent again, and so has its answer.
///     An offer in it is gone. After a 481 there is nothing to acknowledge.
///  7. A description in a later response to the same INVITE is refused when we send it (SHOULD NOT,
///     RFC 6337 3.1.1) and ignored when we receive it (MUST, RFC 3261 13.2.1).
struct offer_answer {
  static constexpr char const* title = "offer/answer";

  enum class state : std::uint8_t {
    no_session, ///< no INVITE yet, or the first one has failed
    agreed,     ///< no offer open and no INVITE pending
    // Our INVITE is pending.
    sent_offer,       ///< it carried our offer
    sent_offerless,   ///< it carried none
    sent_offered,     ///< a reliable 1xx brought their offer: our PRACK carries the answer
    sent_answered,    ///< a reliable 1xx brought their answer: our PRACK is due
    sent_complete,    ///< its exchange is complete
    sent_ack_due,     ///< its 2xx brought their offer: our ACK carries the answer
    sent_our_offer,   ///< complete, and our PRACK or UPDATE carried another offer
    sent_their_offer, ///< complete, and their UPDATE carried another offer
    sent_offerless_their_offer, ///< it carried none, and their UPDATE carried an offer
    // Their INVITE is pending.
    received_offer,       ///< it carried their offer
    received_offerless,   ///< it carried none
    received_offered,     ///< our offer went in a reliable 1xx: their PRACK carries the answer
    received_answered,    ///< our answer went in a reliable 1xx that has no PRACK yet
    received_complete,    ///< its exchange is complete
    received_ack_due,     ///< our offer went in the 2xx: their ACK carries the answer
    received_our_offer,   ///< complete, and our UPDATE carried another offer
    received_their_offer, ///< complete, and their PRACK or UPDATE carried another offer
    // No INVITE is pending.
    our_offer,   ///< our UPDATE, or a PRACK overtaken by the 2xx, carried an offer
    their_offer, ///< theirs did
    ended        ///< the session is over
  };
  enum class symbol : std::uint8_t {
    sent_invite_sdp,
    sent_invite_empty,
    sent_reliable_sdp,
    sent_reliable_empty,
    sent_preview, ///< an unreliable 1xx with a session description
    sent_success_sdp,
    sent_success_empty,
    sent_ack_sdp,
    sent_ack_empty,
    sent_prack_sdp,
    sent_prack_empty,
    sent_update_sdp,
    sent_answer,    ///< a 2xx with a description to their PRACK or UPDATE
    sent_no_answer, ///< one without, to the PRACK or UPDATE that carried their offer
    received_invite_sdp,
    received_invite_empty,
    received_reliable_sdp,
    received_reliable_empty,
    received_success_sdp,
    received_success_empty,
    received_ack_sdp,
    received_ack_empty,
    received_prack_sdp,
    received_prack_empty,
    received_update_sdp,
    received_answer,
    received_no_answer,
    /// 300-699, either way, to the UPDATE that carried the open offer, or to the PRACK that carried
    /// the answer
    rejection,
    prack_failure,    ///< 300-699, either way, to the PRACK for the answer in a reliable 1xx
    invite_failure,   ///< 300-699, either way, to the first INVITE, or that it is given up
    reinvite_failure, ///< 300-699, either way, to the re-INVITE that is pending
    session_ended     ///< BYE, or a response that ends the INVITE usage (RFC 5057 5.1)
  };
  enum class action : std::uint8_t {
    apply_session,   ///< offer and answer are there: the session follows them
    restore_session, ///< the offer failed: the session is what it was before
    answer_491,
    answer_500_retry_after, ///< with a Retry-After of 0 to 10 seconds
    answer_488,
    acknowledge_and_bye, ///< the ACK to the 2xx, then BYE
    send_bye
  };
  using enum state;
  using enum symbol;
  using enum action;
  using in = ctsip::in<state, symbol, action>;

  static constexpr symbol commands[] = {
      sent_invite_sdp,  sent_invite_empty,  sent_reliable_sdp, sent_reliable_empty, sent_preview,
      sent_success_sdp, sent_success_empty, sent_ack_sdp,      sent_ack_empty,      sent_prack_sdp,
      sent_prack_empty, sent_update_sdp,    sent_answer,       sent_no_answer};

  static constexpr state at_rest[] = {no_session, agreed, sent_complete, received_complete, ended};

  /// Which requests are pending, so that a response or a PRACK can be told to belong to the offer.
  struct facts {
    /// How far the first description in a reliable 1xx to the pending INVITE is.
    enum class description : std::uint8_t { none, unacknowledged, acknowledging, acknowledged };
    using number = detail::short_number<std::uint16_t>;
    number described;  ///< RSeq of the reliable 1xx that carried the first description
    number prack_cseq; ///< of the PRACK for it
    number invite_cseq;
    number our_cseq;
    number their_cseq;
    direction invite_way : 2 {direction::none}; ///< whose INVITE is pending
    subject our_request : 4 {subject::none};    ///< our PRACK or UPDATE that carries an offer
    description in_1xx : 2 {description::none};
    subject their_request : 4 {subject::none}; ///< theirs
    /// The INVITE that is pending is the first one; where none is, the first one has failed, and
    /// their offer in a PRACK or UPDATE outlasts it.
    bool begins_the_call : 1 {};
    bool offer_in_invite : 1 {}; ///< the last INVITE carried the offer
    bool ack_answers : 1 {};     ///< its 2xx carried the offer, and there was no ACK yet
    bool answer_again : 1 {};    ///< the PRACK with the answer failed beside an offer in an UPDATE
  };

  /// The symbol as far as it can be told without numbers.
  static constexpr symbol project(call_event const& e) {
    // "then consider the original transaction cancelled" (RFC 3261 9.1); 13.2.2.4 says the same of
    // the early dialogs that are left 64*T1 after the first 2xx.
    if (e.phase == phase::timer) return gives_up(e) ? invite_failure : outside<symbol>;
    bool const sent = e.way == direction::sent;
    if (e.ends_session()) return session_ended;
    if (e.is_failure()) {
      if (e.subject == subject::invite) return invite_failure;
      if (e.subject == subject::reinvite) return reinvite_failure;
      return is_carrier(e.subject) ? rejection : outside<symbol>;
    }
    if (e.content == content::unspecified) return outside<symbol>;
    bool const sdp = has_sdp(e.content);
    if (e.is_invite()) switch (e.phase) {
      case phase::request:
      case phase::request_with_100rel:
        return sent ? (sdp ? sent_invite_sdp : sent_invite_empty)
                    : (sdp ? received_invite_sdp : received_invite_empty);
      case phase::reliable:
        return sent ? (sdp ? sent_reliable_sdp : sent_reliable_empty)
                    : (sdp ? received_reliable_sdp : received_reliable_empty);
      case phase::provisional: return sent && sdp ? sent_preview : outside<symbol>;
      case phase::success:
        return sent ? (sdp ? sent_success_sdp : sent_success_empty)
                    : (sdp ? received_success_sdp : received_success_empty);
      default: return outside<symbol>;
      }
    if (e.subject == subject::ack && e.phase == phase::request)
      return sent ? (sdp ? sent_ack_sdp : sent_ack_empty)
                  : (sdp ? received_ack_sdp : received_ack_empty);
    if (e.subject == subject::prack && e.phase == phase::request)
      return sent ? (sdp ? sent_prack_sdp : sent_prack_empty)
                  : (sdp ? received_prack_sdp : received_prack_empty);
    if (e.subject == subject::update && e.phase == phase::request)
      return !sdp ? outside<symbol> : sent ? sent_update_sdp : received_update_sdp;
    if (is_carrier(e.subject) && e.phase == phase::success)
      return sent ? (sdp ? sent_answer : sent_no_answer)
                  : (sdp ? received_answer : received_no_answer);
    return outside<symbol>;
  }

  /// The symbol: a response counts if it answers the request that is pending, and so does an ACK.
  static constexpr symbol correct(symbol s, call_message const& m, call_event const& e,
                                  facts const& mine) {
    switch (s) {
    case invite_failure: return fails_first_invite(m, e, mine) ? s : outside<symbol>;
    case reinvite_failure:
      // A crossing INVITE that is turned down with 491 or 500 leaves the one that is pending.
      return ends_invite(m, e, mine) ? s : outside<symbol>;
    case sent_ack_sdp:
    case sent_ack_empty:
    case received_ack_sdp:
    case received_ack_empty:
      // The ACK to an earlier 2xx, once more or late.
      return detail::fits(m.cseq, mine.invite_cseq) ? s : outside<symbol>;
    case sent_prack_sdp: return repeats_answer(m, e, mine) ? sent_prack_empty : s;
    case received_prack_sdp: return repeats_answer(m, e, mine) ? received_prack_empty : s;
    case sent_prack_empty:
    case received_prack_empty:
      // The PRACK for another response than the one that carried the description.
      return detail::fits(m.rack, mine.described) ? s : outside<symbol>;
    case rejection:
      if (answers_prack(m, e, mine) && m.event.status != 481) {
        // With an UPDATE's offer open, the PRACK is to be sent again and nothing else changes.
        if (is_update_open(mine)) return outside<symbol>;
        return mine.offer_in_invite ? prack_failure : rejection;
      }
      return ends_offer(m, e, mine) ? s : outside<symbol>;
    case sent_no_answer:
    case received_no_answer: return ends_offer(m, e, mine) ? s : outside<symbol>;
    case sent_answer:
    case received_answer:
      if (outlasts_invite(mine) && ends_offer(m, e, mine)) return outside<symbol>;
      // One that answers no offer at all is the machine's to judge.
      return ends_offer(m, e, mine) || pending(e, mine) == subject::none ? s : outside<symbol>;
    default: return s;
    }
  }

  static constexpr void commit(facts& mine, call_message const& m, call_event const& e) {
    if (fails_first_invite(m, e, mine)) {
      // "the UAS MUST adjust the session parameters accordingly and generate an answer in the 2xx
      // response" to their UPDATE (RFC 3311 5.2), and "MUST place the answer in the 2xx to the
      // PRACK" (RFC 3262 5): neither transaction ends with the INVITE's.
      facts left;
      left.their_request = mine.their_request;
      left.their_cseq = mine.their_cseq;
      left.begins_the_call = true;
      mine = left;
      return;
    }
    if (e.subject == subject::ack && e.phase == phase::request &&
        detail::fits(m.cseq, mine.invite_cseq))
      mine.ack_answers = false;
    if (e.is_invite()) {
      if (e.is_request(e.subject)) {
        // Another one while the ACK is to bring the answer is turned down.
        if (mine.invite_way != direction::none || mine.ack_answers) return;
        if (outlasts_invite(mine)) mine = facts{};
        mine.invite_way = e.way;
        mine.invite_cseq = m.cseq;
        mine.begins_the_call = e.subject == subject::invite;
        mine.offer_in_invite = has_sdp(e.content);
        mine.described = {};
        mine.in_1xx = facts::description::none;
        mine.answer_again = false;
      } else if (e.phase == phase::reliable && has_sdp(e.content) &&
                 mine.in_1xx == facts::description::none) {
        mine.described = m.rseq;
        mine.in_1xx = facts::description::unacknowledged;
      } else if (ends_invite(m, e, mine)) {
        mine.invite_way = direction::none;
        mine.begins_the_call = false;
        mine.ack_answers = e.phase == phase::success && has_sdp(e.content) &&
                           !mine.offer_in_invite && mine.in_1xx == facts::description::none;
      }
      return;
    }
    if (!is_carrier(e.subject)) return;
    if (answers_prack(m, e, mine)) {
      bool const taken = e.phase == phase::success || m.event.status == 481;
      mine.in_1xx = taken ? facts::description::acknowledged : facts::description::unacknowledged;
      mine.answer_again = !taken && !mine.offer_in_invite && is_update_open(mine);
    }
    if (e.is_request(e.subject)) {
      if (e.subject == subject::prack && mine.invite_way == e.way &&
          mine.in_1xx == facts::description::unacknowledged &&
          detail::fits(m.rack, mine.described)) {
        mine.in_1xx = facts::description::acknowledging;
        mine.answer_again = false;
        mine.prack_cseq = m.cseq;
      }
      // The description in the PRACK for an offer is the answer to it.
      if (!has_sdp(e.content) || (e.subject == subject::prack && !mine.offer_in_invite)) return;
      if (e.is_sent()) {
        mine.our_request = e.subject;
        mine.our_cseq = m.cseq;
      } else if (mine.our_request == subject::none && mine.their_request == subject::none &&
                 (e.subject == subject::prack || takes_update(mine))) {
        mine.their_request = e.subject;
        mine.their_cseq = m.cseq;
      }
    } else if (ends_offer(m, e, mine)) {
      if (e.is_sent())
        mine.their_request = subject::none;
      else
        mine.our_request = subject::none;
    }
  }

  // clang-format off
  static constexpr in::row rows[] = {
      // --- INVITE ---------------------------------------------------------------------------------
      // "The initial offer MUST be in either an INVITE or, if not there, in the first reliable
      // non-failure message from the UAS back to the UAC."
      in{no_session, agreed}.on(sent_invite_sdp)       .rfc("RFC 3261 13.2.1").then(sent_offer),
      in{no_session, agreed}.on(sent_invite_empty)     .rfc("RFC 3261 13.2.1").then(sent_offerless),
      in{no_session, agreed}.on(received_invite_sdp)   .rfc("RFC 3261 13.2.1").then(received_offer),
      in{no_session, agreed}.on(received_invite_empty) .rfc("RFC 3261 13.2.1").then(received_offerless),

      // RFC 3264 4: "it MUST NOT generate a new offer if it has received an offer which it has not
      // yet answered or rejected. Furthermore, it MUST NOT generate a new offer if it has generated
      // a prior offer for which it has not yet received an answer or a rejection."
      in{our_offer, their_offer}.on(sent_invite_sdp)
          .refused("an INVITE with an offer while an offer is unanswered", "RFC 3264 4"),
      // UAC-UI: "While an UPDATE transaction is incomplete, a UA should not send a re-INVITE
      // request."
      in{our_offer, their_offer}.on(sent_invite_empty)
          .refused("a re-INVITE while the offer in an UPDATE is unanswered: SHOULD NOT be sent",
                   "RFC 6337 4.3"),
      in{sent_offer, sent_offerless, sent_offered, sent_answered, sent_complete, sent_ack_due,
         sent_our_offer, sent_their_offer, sent_offerless_their_offer, received_offer, received_offerless, received_offered,
         received_answered, received_complete, received_ack_due, received_our_offer,
         received_their_offer}.on(sent_invite_sdp, sent_invite_empty)
                                                       .rfc("RFC 3261 14.1").stay(),

      // UAS-IcI: "While an INVITE client transaction is incomplete or ACK transaction associated
      // with an offer/answer is incomplete, a UA must reject another INVITE request with a 491
      // response." UAS-UcI: "While an UPDATE client transaction is incomplete, a UA should reject a
      // re-INVITE request with a 491 response."
      in{sent_offer, sent_offerless, sent_offered, sent_answered, sent_complete, sent_ack_due,
         sent_our_offer, sent_their_offer, sent_offerless_their_offer, our_offer}.on(received_invite_sdp, received_invite_empty)
          .does(answer_491)                            .race("RFC 6337 4.3").stay(),
      // UAS-IsI: "While an INVITE server transaction is incomplete or ACK transaction associated
      // with an offer/answer is incomplete, a UA must reject another INVITE request with a 500
      // response." UAS-UsI: "While an UPDATE server transaction is incomplete, a UA should reject a
      // re-INVITE request with a 500 response."
      in{received_offer, received_offerless, received_offered, received_answered, received_complete,
         received_ack_due, received_our_offer, received_their_offer}
          .on(received_invite_sdp, received_invite_empty).does(answer_500_retry_after)
                                                       .race("RFC 6337 4.3").stay(),
      in{their_offer}.on(received_invite_empty).does(answer_500_retry_after)
                                                       .race("RFC 6337 4.3").stay(),
      in{their_offer}.on(received_invite_sdp).does(answer_500_retry_after)
          .peer_violation("an INVITE with an offer while the sender's own offer is unanswered",
                          "RFC 3264 4").stay(),

      // --- reliable provisional responses ---------------------------------------------------------
      // "If the INVITE contained an offer, the UAS MAY generate an answer in a reliable provisional
      // response [...]. Similarly, if a reliable provisional response is the first reliable message
      // sent back to the UAC, and the INVITE did not contain an offer, one MUST appear in that
      // reliable provisional response."
      in{received_offer}.on(sent_reliable_sdp).does(apply_session)
                                                       .rfc("RFC 3262 5").then(received_answered),
      in{received_offer}.on(sent_reliable_empty)       .rfc("RFC 6337 2.2").stay(),
      in{received_offerless}.on(sent_reliable_sdp)     .rfc("RFC 3262 5").then(received_offered),
      in{received_offerless}.on(sent_reliable_empty)
          .refused("the first reliable response to an INVITE without an offer carries no offer",
                   "RFC 3262 5"),
      in{sent_offer}.on(received_reliable_sdp).does(apply_session)
                                                       .rfc("RFC 3262 5").then(sent_answered),
      in{sent_offer}.on(received_reliable_empty)       .rfc("RFC 6337 2.2").stay(),
      in{sent_offerless}.on(received_reliable_sdp)     .rfc("RFC 3262 5").then(sent_offered),
      in{sent_offerless_their_offer}.on(received_reliable_sdp, received_reliable_empty)
          .peer_violation("a reliable response to an INVITE while the sender's own offer in an UPDATE "
                          "is unanswered", "RFC 6337 4.3").stay(),
      in{sent_offerless_their_offer}.on(received_success_sdp, received_success_empty)
          .does(acknowledge_and_bye)
          .peer_violation("2xx to an INVITE while the sender's own offer in an UPDATE is unanswered",
                          "RFC 6337 4.3").then(their_offer),
      in{sent_offerless}.on(received_reliable_empty)
          .peer_violation("the first reliable response to an INVITE without an offer carries none",
                          "RFC 3262 5").stay(),

      // "That same exact answer MAY also be placed in any provisional responses sent prior to the
      // answer."
      in{received_offer}.on(sent_preview)              .rfc("RFC 3261 13.2.1").stay(),
      in{received_offerless}.on(sent_preview)
          .refused("an offer in a provisional response that is not reliable", "RFC 3261 13.2.1"),

      // "After the UAS has sent the answer in a reliable provisional response to the INVITE, the UAS
      // should not include any SDPs in subsequent responses to the INVITE." RFC 3261 13.2.1: "it
      // MUST NOT generate subsequent offers in any responses to the initial INVITE."
      in{received_offered, received_answered, received_complete, received_our_offer,
         received_their_offer}.on(sent_reliable_sdp, sent_preview)
          .refused("a second session description in the responses to one INVITE: SHOULD NOT be sent",
                   "RFC 6337 3.1.1"),
      in{received_answered, received_complete, received_our_offer, received_their_offer}
          .on(sent_success_sdp)
          .refused("a second session description in the responses to one INVITE: SHOULD NOT be sent",
                   "RFC 6337 3.1.1"),
      in{received_offered, received_answered, received_complete, received_our_offer,
         received_their_offer}.on(sent_reliable_empty) .rfc("RFC 6337 3.1.1").stay(),
      // "the UAC should prepare to receive SDP bodies in F9 and/or F12, and just ignore them".
      in{sent_offered, sent_answered, sent_complete, sent_our_offer, sent_their_offer}
          .on(received_reliable_sdp, received_reliable_empty)
                                                       .rfc("RFC 6337 3.1.1").stay(),

      // --- 2xx to INVITE --------------------------------------------------------------------------
      // "If the INVITE request contained an offer, and the UAS had not yet sent an answer, the 2xx
      // MUST contain an answer. If the INVITE did not contain an offer, the 2xx MUST contain an
      // offer if the UAS had not yet sent an offer."
      in{received_offer}.on(sent_success_sdp).does(apply_session)
                                                       .rfc("RFC 3261 13.3.1.4").then(agreed),
      in{received_offer}.on(sent_success_empty)
          .refused("2xx without the answer to the offer in the INVITE", "RFC 3261 13.3.1.4"),
      in{received_offerless}.on(sent_success_sdp)      .rfc("RFC 3261 13.3.1.4").then(received_ack_due),
      in{received_offerless}.on(sent_success_empty)
          .refused("2xx without an offer to an INVITE that had none", "RFC 3261 13.3.1.4"),
      // "If the UAS had placed a session description in any reliable provisional response that is
      // unacknowledged when the INVITE is accepted, the UAS MUST delay sending the 2xx until the
      // provisional response is acknowledged."
      in{received_offered}.on(sent_success_sdp, sent_success_empty)
          .waits("2xx before the PRACK that carries the answer", "RFC 3262 5"),
      in{received_answered}.on(sent_success_empty)
          .waits("2xx before the PRACK for the reliable response that carried the answer",
                 "RFC 3262 5"),
      in{received_complete}.on(sent_success_empty)     .rfc("RFC 6337 3.1.1").then(agreed),
      in{received_our_offer}.on(sent_success_empty)    .rfc("RFC 6337 3.1.1").then(our_offer),
      in{received_their_offer}.on(sent_success_empty)  .rfc("RFC 6337 3.1.1").then(their_offer),

      in{sent_offer}.on(received_success_sdp).does(apply_session)
                                                       .rfc("RFC 3261 13.2.1").then(agreed),
      in{sent_offer}.on(received_success_empty).does(acknowledge_and_bye)
          .peer_violation("2xx without the answer to the offer in the INVITE",
                          "RFC 3261 13.3.1.4").then(agreed),
      in{sent_offerless}.on(received_success_sdp)      .rfc("RFC 3261 13.2.1").then(sent_ack_due),
      in{sent_offerless}.on(received_success_empty).does(acknowledge_and_bye)
          .peer_violation("2xx without an offer to an INVITE that had none",
                          "RFC 3261 13.3.1.4").then(agreed),
      in{sent_offered}.on(received_success_sdp, received_success_empty).does(acknowledge_and_bye)
          .peer_violation("2xx before the PRACK that carries the answer", "RFC 3262 5").then(agreed),
      in{sent_answered}.on(received_success_sdp, received_success_empty)
          .peer_violation("2xx before the PRACK for the reliable response that carried the answer",
                          "RFC 3262 5").then(agreed),
      // "After the UAC has received the answer in a reliable provisional response to the INVITE,
      // [RFC3261] requires that any SDP in subsequent responses be ignored."
      in{sent_complete}.on(received_success_sdp, received_success_empty)
                                                       .rfc("RFC 6337 3.1.1").then(agreed),
      in{sent_our_offer}.on(received_success_sdp, received_success_empty)
                                                       .rfc("RFC 6337 3.1.1").then(our_offer),
      in{sent_their_offer}.on(received_success_sdp, received_success_empty)
                                                       .rfc("RFC 6337 3.1.1").then(their_offer),

      // --- ACK ------------------------------------------------------------------------------------
      // "If the 2xx contains an offer (based on the rules above), the ACK MUST carry an answer in
      // its body."
      in{sent_ack_due}.on(sent_ack_sdp).does(apply_session)
                                                       .rfc("RFC 3261 13.2.2.4").then(agreed),
      in{sent_ack_due}.on(sent_ack_empty)
          .refused("ACK without the answer to the offer in the 2xx", "RFC 3261 13.2.2.4"),
      in{received_ack_due}.on(received_ack_sdp).does(apply_session)
                                                       .rfc("RFC 3261 13.2.2.4").then(agreed),
      in{received_ack_due}.on(received_ack_empty).does(send_bye)
          .peer_violation("ACK without the answer to the offer in the 2xx",
                          "RFC 3261 13.2.2.4").then(agreed),
      // "No other offer/answer exchanges can occur within the messages (other responses and ACK) of
      // the INVITE transaction."
      in{agreed, our_offer, their_offer}.on(sent_ack_sdp)
          .refused("a session description in the ACK, the INVITE and its responses having "
                   "completed the exchange", "RFC 6337 3.1.1"),
      in{agreed, our_offer, their_offer}.on(sent_ack_empty, received_ack_empty)
                                                       .rfc("RFC 3261 13.2.2.4").stay(),

      // --- PRACK ----------------------------------------------------------------------------------
      // "If the UAC receives a reliable provisional response with an offer [...], it MUST generate
      // an answer in the PRACK. If the UAC receives a reliable provisional response with an answer,
      // it MAY generate an additional offer in the PRACK."
      in{sent_offered}.on(sent_prack_sdp).does(apply_session)
                                                       .rfc("RFC 3262 5").then(sent_complete),
      in{sent_offered}.on(sent_prack_empty)
          .refused("PRACK without the answer to the offer in the reliable response", "RFC 3262 5"),
      in{sent_answered}.on(sent_prack_sdp)             .rfc("RFC 3262 5").then(sent_our_offer),
      in{sent_answered}.on(sent_prack_empty)           .rfc("RFC 3262 5").then(sent_complete),
      in{received_offered}.on(received_prack_sdp).does(apply_session)
                                                       .rfc("RFC 3262 5").then(received_complete),
      in{received_offered}.on(received_prack_empty).does(answer_488)
          .peer_violation("PRACK without the answer to the offer in the reliable response",
                          "RFC 3262 5").stay(),
      in{received_answered}.on(received_prack_sdp)     .rfc("RFC 3262 5").then(received_their_offer),
      in{received_answered}.on(received_prack_empty)   .rfc("RFC 3262 5").then(received_complete),

      // "the UAC must not send a new offer until it receives the same SDP in a reliable non-failure
      // response, which is the real answer."
      in{sent_offer}.on(sent_prack_sdp)
          .refused("PRACK with a new offer while the offer in the INVITE is unanswered",
                   "RFC 6337 3.1.1"),
      // "A UA can send a PRACK request with a new offer only when acknowledging the reliable
      // provisional response carrying the answer to an offer in the INVITE request."
      in{no_session, agreed, sent_offerless, sent_complete, sent_ack_due, sent_our_offer,
         sent_their_offer, sent_offerless_their_offer, received_offer, received_offerless, received_offered, received_answered,
         received_complete, received_ack_due, received_our_offer, received_their_offer, our_offer,
         their_offer}.on(sent_prack_sdp)
          .refused("a session description in a PRACK for a response that carried none",
                   "RFC 6337 3.2"),
      in{no_session, agreed, sent_offer, sent_offerless, sent_complete, sent_ack_due, sent_our_offer,
         sent_their_offer, sent_offerless_their_offer, received_offer, received_offerless, received_offered, received_answered,
         received_complete, received_ack_due, received_our_offer, received_their_offer, our_offer,
         their_offer}.on(sent_prack_empty)             .rfc("RFC 3262 4").stay(),
      // It may have crossed the final response to the INVITE.
      in{agreed, our_offer, their_offer}.on(received_prack_sdp).does(answer_488)
                                                       .race("RFC 3262 3").stay(),
      in{received_offer, received_offerless, received_complete, received_ack_due,
         received_our_offer, received_their_offer}.on(received_prack_sdp).does(answer_488)
          .peer_violation("a session description in a PRACK for a response that carried none",
                          "RFC 6337 3.2").stay(),
      in{agreed, received_offer, received_offerless, received_complete, received_ack_due,
         received_our_offer, received_their_offer, our_offer, their_offer}.on(received_prack_empty)
                                                       .rfc("RFC 3262 3").stay(),

      // --- UPDATE ---------------------------------------------------------------------------------
      // The caller: "the UPDATE can contain an offer if the callee generated an answer in a reliable
      // provisional response, and the caller has received answers to any other offers it sent in
      // either PRACK or UPDATE, and has generated answers for any offers it received".
      in{agreed}.on(sent_update_sdp)                   .rfc("RFC 3311 5.1").then(our_offer),
      in{sent_complete}.on(sent_update_sdp)            .rfc("RFC 3311 5.1").then(sent_our_offer),
      in{received_complete}.on(sent_update_sdp)        .rfc("RFC 3311 5.1").then(received_our_offer),
      in{no_session, sent_offer, sent_offerless, received_offer, received_offerless}
          .on(sent_update_sdp)
          .refused("UPDATE with an offer before the INVITE's offer/answer exchange is complete "
                   "reliably", "RFC 3311 5.1"),
      // The callee: "unless the callee has generated an answer in a reliable provisional response,
      // has received a PRACK for that reliable provisional response".
      in{received_answered}.on(sent_update_sdp)
          .refused("UPDATE with an offer by the callee before the PRACK for its answer",
                   "RFC 3311 5.1"),
      // UAC-IU: "While an INVITE transaction is incomplete, and an ACK or a PRACK transaction
      // associated with an offer/answer is incomplete, a UA should not send an UPDATE request."
      in{sent_answered}.on(sent_update_sdp)
          .refused("UPDATE with an offer before the PRACK for the answer: SHOULD NOT be sent",
                   "RFC 6337 4.3"),
      in{sent_offered, sent_ack_due, sent_our_offer, sent_their_offer, sent_offerless_their_offer, received_offered,
         received_ack_due, received_our_offer, received_their_offer, our_offer, their_offer}
          .on(sent_update_sdp)
          .refused("UPDATE with an offer while an offer is unanswered", "RFC 3311 5.1"),

      in{agreed}.on(received_update_sdp)               .rfc("RFC 3311 5.2").then(their_offer),
      in{sent_complete}.on(received_update_sdp)        .rfc("RFC 3311 5.2").then(sent_their_offer),
      in{received_complete}.on(received_update_sdp)    .rfc("RFC 3311 5.2").then(received_their_offer),
      // "If an UPDATE is received that contains an offer, and the UAS has generated an offer (in an
      // UPDATE, PRACK or INVITE) to which it has not yet received an answer, the UAS MUST reject the
      // UPDATE with a 491 response."
      in{sent_offer, sent_our_offer, received_our_offer, our_offer}.on(received_update_sdp)
          .does(answer_491)                            .race("RFC 3311 5.2").stay(),
      // An INVITE without an offer has generated none: the UPDATE that crosses it may be answered, or
      // rejected (RFC 6337 4.3, Figure 16).
      in{sent_offerless}.on(received_update_sdp)       .race("RFC 3311 5.2").then(sent_offerless_their_offer),
      // UAS-IcU: "While an INVITE client transaction is incomplete, and an ACK or a PRACK
      // transaction associated with an offer/answer is incomplete, a UA should reject an UPDATE
      // request with a 491 response." (Figure 7, Table 4)
      // Where the offer is theirs, the UPDATE may have overtaken their failure response to the INVITE.
      in{sent_answered, sent_offered}.on(received_update_sdp).does(answer_491)
                                                       .race("RFC 6337 4.3").stay(),
      in{sent_ack_due}.on(received_update_sdp).does(answer_491)
          .peer_violation("UPDATE with an offer while the offer in the sender's own response is "
                          "unanswered", "RFC 6337 4.3").stay(),
      // UAS-IsU: "While an INVITE server transaction is incomplete, and an ACK or a PRACK
      // transaction associated with an offer/answer is incomplete, a UA should reject an UPDATE
      // request with a 500 response." (Figures 4, 6, 13; Table 3 for the ACK)
      in{received_offerless, received_offered, received_answered, received_ack_due}
          .on(received_update_sdp).does(answer_500_retry_after)
                                                       .race("RFC 6337 4.3").stay(),
      // "if an UPDATE is received that contains an offer, and the UAS has received an offer (in an
      // UPDATE, PRACK, or INVITE) to which it has not yet generated an answer, the UAS MUST reject
      // the UPDATE with a 500 response".
      in{received_offer, received_their_offer, sent_their_offer, sent_offerless_their_offer, their_offer}
          .on(received_update_sdp).does(answer_500_retry_after)
          .peer_violation("UPDATE with an offer while the sender's own offer is unanswered",
                          "RFC 3311 5.1").stay(),

      // --- 2xx and failure of PRACK and UPDATE ----------------------------------------------------
      // "If the UAS receives a PRACK with an offer, it MUST place the answer in the 2xx to the
      // PRACK." RFC 3311 5.2: "the UAS MUST adjust the session parameters accordingly and generate
      // an answer in the 2xx response."
      in{their_offer}.on(sent_answer).does(apply_session)
                                                       .rfc("RFC 3311 5.2").then(agreed),
      in{sent_their_offer}.on(sent_answer).does(apply_session)
                                                       .rfc("RFC 3311 5.2").then(sent_complete),
      in{sent_offerless_their_offer}.on(sent_answer).does(apply_session)
                                                       .rfc("RFC 3311 5.2").then(sent_offerless),
      in{received_their_offer}.on(sent_answer).does(apply_session)
                                                       .rfc("RFC 3262 5").then(received_complete),
      // In `no_session` the INVITE has failed since.
      in{no_session, their_offer, sent_their_offer, sent_offerless_their_offer,
         received_their_offer}.on(sent_no_answer)
          .refused("2xx without the answer to the offer in the PRACK or UPDATE", "RFC 3262 5"),
      in{no_session, agreed, sent_offer, sent_offerless, sent_offered, sent_answered, sent_complete,
         sent_ack_due, sent_our_offer, received_offer, received_offerless, received_offered,
         received_answered, received_complete, received_ack_due, received_our_offer, our_offer}
          .on(sent_answer)
          .refused("a session description in a 2xx to a PRACK or UPDATE that carried no offer",
                   "RFC 6337 2.2"),
      in{agreed, sent_offer, sent_offerless, sent_offered, sent_answered, sent_complete,
         sent_ack_due, sent_our_offer, received_offer, received_offerless, received_offered,
         received_answered, received_complete, received_ack_due, received_our_offer, our_offer}
          .on(sent_no_answer)                          .rfc("RFC 6337 2.2").stay(),

      in{our_offer}.on(received_answer).does(apply_session)
                                                       .rfc("RFC 3311 5.2").then(agreed),
      in{sent_our_offer}.on(received_answer).does(apply_session)
                                                       .rfc("RFC 3262 5").then(sent_complete),
      in{received_our_offer}.on(received_answer).does(apply_session)
                                                       .rfc("RFC 3311 5.2").then(received_complete),
      in{our_offer}.on(received_no_answer).does(restore_session)
          .peer_violation("2xx without the answer to the offer in the PRACK or UPDATE",
                          "RFC 3262 5").then(agreed),
      in{sent_our_offer}.on(received_no_answer).does(restore_session)
          .peer_violation("2xx without the answer to the offer in the PRACK or UPDATE",
                          "RFC 3262 5").then(sent_complete),
      in{received_our_offer}.on(received_no_answer).does(restore_session)
          .peer_violation("2xx without the answer to the offer in the PRACK or UPDATE",
                          "RFC 3262 5").then(received_complete),

      // "If a UA receives a non-2xx final response to a UPDATE, the session parameters MUST remain
      // unchanged, as if no UPDATE had been issued." RFC 6337 2.3 has 488 to a PRACK.
      in{our_offer, their_offer}.on(rejection).does(restore_session)
                                                       .rfc("RFC 3311 5.3").then(agreed),
      // Choice 6. "If the UAC receives a reliable provisional response with an offer [...], it MUST
      // generate an answer in the PRACK": the next PRACK carries it again.
      in{sent_complete}.on(rejection).does(restore_session)
                                                       .rfc("RFC 3262 5").then(sent_offered),
      in{received_complete}.on(rejection).does(restore_session)
                                                       .rfc("RFC 3262 5").then(received_offered),
      in{sent_complete}.on(prack_failure)              .rfc("RFC 3262 4").then(sent_answered),
      in{received_complete}.on(prack_failure)          .rfc("RFC 3262 3").then(received_answered),
      in{sent_our_offer}.on(prack_failure).does(restore_session)
                                                       .rfc("RFC 6337 2.3").then(sent_answered),
      in{received_their_offer}.on(prack_failure).does(restore_session)
                                                       .rfc("RFC 6337 2.3").then(received_answered),
      in{sent_our_offer, sent_their_offer}.on(rejection).does(restore_session)
                                                       .rfc("RFC 3311 5.3").then(sent_complete),
      in{sent_offerless_their_offer}.on(rejection).does(restore_session)
                                                       .rfc("RFC 3311 5.3").then(sent_offerless),
      in{received_our_offer, received_their_offer}.on(rejection).does(restore_session)
                                                       .rfc("RFC 3311 5.3").then(received_complete),

      // --- failure of INVITE ----------------------------------------------------------------------
      in{sent_offer, sent_offerless, sent_offered, sent_answered, sent_complete, sent_our_offer,
         sent_their_offer, sent_offerless_their_offer, received_offer, received_offerless, received_offered, received_answered,
         received_complete, received_our_offer, received_their_offer}.on(invite_failure)
                                                       .rfc("RFC 3261 13.2.2.3").then(no_session),
      // After a BYE in the early dialog: the next INVITE begins afresh.
      in{ended}.on(invite_failure)                     .rfc("RFC 3261 15.1.2").then(no_session),
      // "If a UA receives a non-2xx final response to a re-INVITE, the session parameters MUST
      // remain unchanged, as if no re-INVITE had been issued." RFC 6337 3.4: "This remains the case
      // even if multiple offer/answer exchanges have occurred between the sending of the re-INVITE
      // and its failure".
      in{sent_offer, sent_offerless, sent_offered, sent_answered, sent_complete, received_offer,
         received_offerless, received_offered, received_answered, received_complete}
          .on(reinvite_failure).does(restore_session)  .rfc("RFC 3261 14.1").then(agreed),
      in{sent_our_offer, received_our_offer}.on(reinvite_failure).does(restore_session)
                                                       .rfc("RFC 6337 3.4").then(our_offer),
      in{sent_their_offer, sent_offerless_their_offer, received_their_offer}.on(reinvite_failure).does(restore_session)
                                                       .rfc("RFC 6337 3.4").then(their_offer),

      // --- end ------------------------------------------------------------------------------------
      in{agreed, sent_offer, sent_offerless, sent_offered, sent_answered, sent_complete, sent_ack_due,
         sent_our_offer, sent_their_offer, sent_offerless_their_offer, received_offer, received_offerless, received_offered,
         received_answered, received_complete, received_ack_due, received_our_offer,
         received_their_offer, our_offer, their_offer}.on(session_ended)
                                                       .rfc("RFC 3261 15").then(ended),

      // Commands that belong to no INVITE that is pending here: other rules judge them.
      in{no_session, agreed, sent_offer, sent_offerless, sent_offered, sent_answered, sent_complete,
         sent_ack_due, sent_our_offer, sent_their_offer, sent_offerless_their_offer, received_ack_due, our_offer, their_offer}
          .on(sent_reliable_sdp, sent_reliable_empty, sent_preview, sent_success_sdp,
              sent_success_empty)                      .rfc("RFC 3261 13.3.1").stay(),
      in{no_session, sent_offer, sent_offerless, sent_offered, sent_answered, sent_complete,
         sent_our_offer, sent_their_offer, sent_offerless_their_offer, received_offer, received_offerless, received_offered,
         received_answered, received_complete, received_ack_due, received_our_offer,
         received_their_offer}.on(sent_ack_sdp, sent_ack_empty)
                                                       .rfc("RFC 3261 13.2.2.4").stay(),
      in{ended}.on(sent_invite_sdp, sent_invite_empty, sent_reliable_sdp, sent_reliable_empty,
                   sent_preview, sent_success_sdp, sent_success_empty, sent_ack_sdp, sent_ack_empty,
                   sent_prack_sdp, sent_prack_empty, sent_update_sdp, sent_answer, sent_no_answer)
                                                       .rfc("RFC 3261 15").stay(),

      in{no_session, agreed, sent_ack_due, received_offer, received_offerless, received_offered,
         received_answered, received_complete, received_ack_due, received_our_offer,
         received_their_offer, our_offer, their_offer}
          .on(received_reliable_sdp, received_reliable_empty, received_success_sdp,
              received_success_empty)                  .ignored("no INVITE of ours is pending"),
      in{agreed, our_offer, their_offer}.on(received_ack_sdp)
          .ignored("the answer is there already: the ACK came again"),
      in{no_session, sent_offer, sent_offerless, sent_offered, sent_answered, sent_complete,
         sent_ack_due, sent_our_offer, sent_their_offer, sent_offerless_their_offer, received_offer, received_offerless,
         received_offered, received_answered, received_complete, received_our_offer,
         received_their_offer}.on(received_ack_sdp, received_ack_empty)
          .ignored("a late ACK, to the 2xx of the INVITE before"),
      in{no_session, sent_offer, sent_offerless, sent_offered, sent_answered, sent_complete,
         sent_ack_due, sent_our_offer, sent_their_offer, sent_offerless_their_offer}.on(received_prack_sdp, received_prack_empty)
          .ignored("a PRACK that acknowledges no response of ours"),
      in{no_session}.on(received_update_sdp)           .ignored("no dialog yet"),
      in{no_session, agreed, sent_offer, sent_offerless, sent_offered, sent_answered, sent_complete,
         sent_ack_due, sent_their_offer, sent_offerless_their_offer, received_offer, received_offerless, received_offered,
         received_answered, received_complete, received_ack_due, received_their_offer, their_offer}
          .on(received_answer, received_no_answer)     .ignored("no offer of ours is open"),
      in{no_session, agreed, sent_offer, sent_offerless, sent_offered, sent_answered, sent_ack_due,
         received_offer, received_offerless, received_offered, received_answered,
         received_ack_due}.on(rejection)
          .ignored("no offer in a PRACK or UPDATE is open"),
      in{no_session, agreed, sent_offer, sent_offerless, sent_offered, sent_answered, sent_ack_due,
         sent_their_offer, sent_offerless_their_offer, received_offer, received_offerless,
         received_offered, received_answered, received_ack_due, received_our_offer, our_offer,
         their_offer}.on(prack_failure)
          .ignored("no PRACK for an answer is pending"),
      in{no_session, agreed, sent_ack_due, received_ack_due, our_offer, their_offer}
          .on(invite_failure, reinvite_failure)        .ignored("no INVITE is pending"),
      in{no_session}.on(session_ended)                 .ignored("there is no session to end"),
      in{ended}.on(received_invite_sdp, received_invite_empty, received_reliable_sdp,
                   received_reliable_empty, received_success_sdp, received_success_empty,
                   received_ack_sdp, received_ack_empty, received_prack_sdp, received_prack_empty,
                   received_update_sdp, received_answer, received_no_answer, rejection,
                   prack_failure, reinvite_failure, session_ended)
                                                       .ignored("the session is over"),
  };
  // clang-format on

 private:
  // The requests that may carry an offer besides INVITE.
  static constexpr bool is_carrier(subject s) {
    return s == subject::prack || s == subject::update;
  }

  static constexpr bool is_final(call_event const& e) {
    return e.phase == phase::success || e.is_failure();
  }

  // Whether this is the final response to the INVITE that is pending.
  static constexpr bool ends_invite(call_message const& m, call_event const& e, facts const& mine) {
    return e.is_invite() && is_final(e) &&
           mine.invite_way == (e.is_sent() ? direction::received : direction::sent) &&
           detail::fits(m.cseq, mine.invite_cseq);
  }

  // Whether this is the time after which an INVITE without a final response counts as failed.
  static constexpr bool gives_up(call_event const& e) {
    return e.phase == phase::timer &&
           (e.timer == timer::cancel_timeout || e.timer == timer::ack_retransmission);
  }

  // Whether the first INVITE fails, which has had no final response until then.
  static constexpr bool fails_first_invite(call_message const& m, call_event const& e,
                                           facts const& mine) {
    if (!mine.begins_the_call) return false;
    if (e.phase == phase::timer) return gives_up(e) && mine.invite_way == direction::sent;
    return e.subject == subject::invite && e.is_failure() && ends_invite(m, e, mine);
  }

  // Whether the first INVITE has failed and none has come since: what it left is only answered.
  static constexpr bool outlasts_invite(facts const& mine) {
    return mine.begins_the_call && mine.invite_way == direction::none;
  }

  // Whether an offer in an UPDATE has no answer.
  static constexpr bool is_update_open(facts const& mine) {
    return mine.our_request == subject::update || mine.their_request == subject::update;
  }

  // Whether this PRACK carries the answer that the machine has seen and the peer has not taken.
  static constexpr bool repeats_answer(call_message const& m, call_event const& e,
                                       facts const& mine) {
    return mine.answer_again && mine.invite_way == e.way && detail::fits(m.rack, mine.described);
  }

  // Whether this is the final response to the PRACK for the first description in a reliable 1xx.
  static constexpr bool answers_prack(call_message const& m, call_event const& e,
                                      facts const& mine) {
    return e.subject == subject::prack && is_final(e) &&
           mine.in_1xx == facts::description::acknowledging &&
           mine.invite_way == (e.is_sent() ? direction::received : direction::sent) &&
           detail::fits(m.cseq, mine.prack_cseq);
  }

  // Whether an offer in their UPDATE is open for us: while the INVITE's exchange is, it is
  // rejected, unless ours made no offer.
  static constexpr bool takes_update(facts const& mine) {
    using enum facts::description;
    return mine.invite_way == direction::none || mine.in_1xx >= acknowledging ||
           (mine.invite_way == direction::sent && !mine.offer_in_invite && mine.in_1xx == none);
  }

  // Whose offer this response would answer, and in which request that was.
  static constexpr subject pending(call_event const& e, facts const& mine) {
    return e.is_sent() ? mine.their_request : mine.our_request;
  }

  // Whether this is the final response to the PRACK or UPDATE that carries the open offer.
  static constexpr bool ends_offer(call_message const& m, call_event const& e, facts const& mine) {
    return is_final(e) && is_carrier(e.subject) && e.subject == pending(e, mine) &&
           detail::fits(m.cseq, e.is_sent() ? mine.their_cseq : mine.our_cseq);
  }
};

} // namespace ctsip
