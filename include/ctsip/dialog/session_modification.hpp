// Session modification: which INVITE is outstanding, ours or the peer's, and what happens when two
// cross (glare). RFC 3261 14, RFC 3311 5.3, RFC 6141, RFC 6337 4.3, RFC 5407 3.
// Read machine/table.hpp and call_event.hpp before it.
#pragma once

#include <cstdint>

#include <ctsip/dialog/call_event.hpp>
#include <ctsip/dialog/short_number.hpp>
#include <ctsip/machine/table.hpp>

namespace ctsip {

/// Definition of the order in which INVITEs may follow each other in a call, for both sides.
///
/// Choices, where the RFCs leave one or say two things:
///  1. RFC 3261 14.1 lets a new INVITE wait until the transaction of the other one is completed or
///     terminated, and a 2xx terminated it; in RFC 6026 it is then accepted, which counts as done.
///     The ACK need not have been sent or have arrived, unless it carries the answer to an offer in
///     the 2xx (RFC 6337 4.3).
///  2. A re-INVITE that arrives before the ACK may be answered 2xx or 491 (RFC 5407 3.1.4), but not
///     2xx while the ACK is to bring an answer (RFC 5407 3.1.5, RFC 6337 4.3). Once that ACK is
///     there, it is a re-INVITE like any other.
///  3. A re-INVITE that came while ours was outstanding stays one to be answered 491, even if ours
///     is answered first: 14.2 looks at the moment at which it is received.
///  4. No state remembers that a wait after a 491 or 500 runs. 14.1 says SHOULD of it, and the user
///     may modify the session before; whether the attempt is still desired is the user's to say.
///  5. What a failed re-INVITE has changed already (RFC 6141 3.3) is not known here: `roll_back`
///     asks for the session parameters to remain those that were agreed on. A re-INVITE that was
///     cancelled and ends with a 2xx all the same (RFC 6141 3.8) is one that has succeeded.
///  6. An UPDATE is looked at only where it is to be tried again (RFC 3311 5.3) and where it stands
///     against another UPDATE or a re-INVITE: who may offer when is the business of `offer_answer`.
///  7. A request that was to be rejected when it came stays one, even if what it collided with is
///     answered first (as in 3). Its CSeq number tells it, and the last such request of each kind
///     is remembered. It may get any failure for a reason of its own (401, 481 …), but neither a
///     2xx nor 488 nor the code of the other kind of collision.
struct session_modification {
  static constexpr char const* title = "session modification";

  enum class state : std::uint8_t {
    initial,        ///< no INVITE yet, or the first one has failed
    calling,        ///< our first INVITE has no final response
    called,         ///< the peer's first INVITE has no final response
    idle,           ///< a session, and no INVITE outstanding
    modifying,      ///< our re-INVITE has no final response
    asked,          ///< the peer's re-INVITE has no final response
    asked_twice,    ///< the peer has sent another one before that
    answer_owed,    ///< our INVITE got a 2xx with an offer; its answer goes into the ACK
    ack_awaited,    ///< we sent a 2xx; its ACK has not arrived
    answer_awaited, ///< we sent a 2xx with an offer; its ACK is to bring the answer
    crossed,        ///< ours has no final response, and the peer's is to be answered 491
    crossed_owing,  ///< answer_owed, and the peer's is to be answered 491
    rejecting,      ///< only the peer's is left, to be answered 491 or 500
    overtaken,      ///< answer_awaited, and a re-INVITE has arrived before the ACK
    ended           ///< the session is over
  };
  enum class symbol : std::uint8_t {
    sent_invite,
    sent_reinvite,
    sent_success,            ///< 2xx to the first INVITE
    sent_success_with_offer, ///< the same, to an INVITE that was to get its offer there
    sent_reinvite_success,   ///< 2xx to a re-INVITE
    sent_reinvite_success_with_offer,
    sent_success_to_rejected, ///< 2xx to one that came while an offer in an UPDATE was open
    sent_success_to_second,   ///< 2xx to one that came before the final response to another
    sent_other_than_491,      ///< 2xx, 488 or 500 to a request that crossed ours of its kind
    sent_other_than_500,      ///< 2xx, 488, 491 or a bare 500 to an UPDATE that came too early
    sent_failure,             ///< 300-699 to the first INVITE
    sent_reinvite_failure,    ///< 300-699 to a re-INVITE
    sent_ack,                 ///< the ACK to a 2xx
    sent_end,                 ///< a BYE, or a response that ends the session
    received_invite,
    received_reinvite,
    received_success,            ///< 2xx to an INVITE or re-INVITE of ours
    received_success_with_offer, ///< the same, with the offer that ours did not make
    received_failure,            ///< 300-699 to the first INVITE, or that it is given up
    received_reinvite_failure,   ///< 300-699 to a re-INVITE, with none of the effects below
    received_glare,              ///< 491 to a re-INVITE
    received_overlap,            ///< 500 with Retry-After to a re-INVITE
    received_second_update,      ///< an UPDATE before the final response to the one before
    received_update_glare,       ///< 491 to an UPDATE
    received_update_overlap,     ///< 500 with Retry-After to an UPDATE
    received_ack,
    received_end,     ///< a BYE, or a response that ends the session
    timer_glare,      ///< the wait after a 491 is over
    timer_retry_after ///< the wait that a Retry-After asked for is over
  };
  enum class action : std::uint8_t {
    answer_491,             ///< answer the re-INVITE with 491 (Request Pending)
    answer_500_retry_after, ///< answer the INVITE with 500 and Retry-After (retry_after_window)
    roll_back,              ///< the session parameters remain as if there had been no re-INVITE
    wait_after_glare,       ///< arm glare_owner or glare_other with a wait from glare_window
    wait_retry_after,       ///< arm retry_after with what the Retry-After says
    retry_modification      ///< try once more, if the modification is still desired
  };
  using enum state;
  using enum symbol;
  using enum action;
  using in = ctsip::in<state, symbol, action>;

  static constexpr symbol commands[] = {sent_invite,
                                        sent_reinvite,
                                        sent_success,
                                        sent_success_with_offer,
                                        sent_reinvite_success,
                                        sent_reinvite_success_with_offer,
                                        sent_success_to_rejected,
                                        sent_success_to_second,
                                        sent_other_than_491,
                                        sent_other_than_500,
                                        sent_failure,
                                        sent_reinvite_failure,
                                        sent_ack,
                                        sent_end};

  /// Whose INVITE left the offer to the other side and has not been given it in a reliable 1xx: a
  /// description in its 2xx is that offer. And which requests are outstanding or to be rejected, by
  /// their CSeq numbers; one without a number is not looked at.
  struct facts {
    /// Why a request of the peer is to be rejected.
    enum class collision : std::uint8_t {
      crossed,      ///< with ours of the same kind: 491 (RFC 3261 14.2, RFC 3311 5.2)
      second,       ///< it came before our final response to one of the same kind: 500 (ibidem)
      beside_update ///< a re-INVITE while an UPDATE's offer was open (RFC 6337 4.3)
    };
    using number = detail::short_number<std::uint16_t>;
    using shorter = detail::short_number<std::uint8_t>;
    /// The CSeq number of what has no final response yet, if there is one; of our UPDATEs, only of
    /// one that carries an offer.
    number our_invite, their_invite, our_offer, their_update;
    /// The CSeq number of the last one that is to be rejected, and why.
    shorter rejected_invite, rejected_update;
    shorter acknowledged;            ///< the CSeq number of the last INVITE with a 2xx
    collision why_invite : 2 {};     ///< why the INVITE is to be rejected
    bool update_crossed : 1 {};      ///< whether the UPDATE is to be for having crossed
    bool their_update_offers : 1 {}; ///< with a session description
    bool ours_awaits_offer : 1 {};
    bool theirs_awaits_offer : 1 {};
    direction begun_by : 2 {}; ///< who sent the first INVITE, while it is pending
  };

  /// The symbol as far as it can be told without knowing who makes the offer.
  static constexpr symbol project(call_event const& e) {
    if (e.phase == phase::timer) switch (e.timer) {
      case timer::glare_owner:
      case timer::glare_other: return timer_glare;
      case timer::retry_after: return timer_retry_after;
      default: return gives_up(e) ? received_failure : outside<symbol>;
      }
    if (e.way == direction::none) return outside<symbol>;
    bool const out = e.way == direction::sent;
    if (e.ends_session()) return out ? sent_end : received_end;
    if (e.is_request(subject::invite)) return out ? sent_invite : received_invite;
    if (e.is_request(subject::reinvite)) return out ? sent_reinvite : received_reinvite;
    if (e.subject == subject::ack && e.phase == phase::request)
      return out ? sent_ack : received_ack;
    if (e.subject == subject::update && !out) {
      if (e.phase == phase::glare) return received_update_glare;
      if (e.phase == phase::overlap) return received_update_overlap;
    }
    if (!e.is_invite()) return outside<symbol>;
    bool const first = e.subject == subject::invite;
    if (e.phase == phase::success)
      return !out ? received_success : first ? sent_success : sent_reinvite_success;
    if (!e.is_failure()) return outside<symbol>;
    if (out) return first ? sent_failure : sent_reinvite_failure;
    if (first) return received_failure;
    return e.phase == phase::glare     ? received_glare
           : e.phase == phase::overlap ? received_overlap
                                       : received_reinvite_failure;
  }

  /// The symbol, knowing whether a description in a 2xx is an offer, and what is pending.
  static constexpr symbol correct(symbol plain, call_message const& m, call_event const& e,
                                  facts const& mine) {
    if (e.subject == subject::update) {
      if (e.is_sent()) {
        if (m.cseq != 0 && m.cseq == mine.rejected_update)
          return of_rejected(
              m, e, mine.update_crossed ? facts::collision::crossed : facts::collision::second,
              plain);
      } else if (e.is_request(subject::update) && is_second(m, mine.their_update) &&
                 !crosses(e, mine)) {
        return received_second_update;
      }
      return plain;
    }
    // What the numbers say of the others, they say of what this rule knows.
    if (plain == outside<symbol>) return plain;
    switch (plain) {
    case sent_failure:
    case received_failure: return fails_first_invite(m, e, mine) ? plain : outside<symbol>;
    // The ACK to an earlier 2xx, once more or late.
    case sent_ack:
    case received_ack: return detail::fits(m.cseq, mine.acknowledged) ? plain : outside<symbol>;
    default: break;
    }
    if (e.is_sent() && e.subject == subject::reinvite && m.cseq != 0 &&
        m.cseq == mine.rejected_invite)
      return of_rejected(m, e, mine.why_invite, plain);
    if (!has_sdp(e.content)) return plain;
    if (plain == received_success && mine.ours_awaits_offer) return received_success_with_offer;
    if (plain == sent_success && mine.theirs_awaits_offer) return sent_success_with_offer;
    if (plain == sent_reinvite_success && mine.theirs_awaits_offer)
      return sent_reinvite_success_with_offer;
    return plain;
  }

 private:
  // Before its use: clang has to know it in constant evaluation.
  template <class Word>
  static constexpr void forget(detail::short_number<Word>& open, std::uint32_t answered) {
    if (open == answered) open = {};
  }

 public:
  static constexpr void commit(facts& mine, call_message const& m, call_event const& e) {
    if (fails_first_invite(m, e, mine)) {
      // The early dialog is gone, with all that was outstanding in it.
      mine = facts{};
      return;
    }
    bool const invites = e.is_invite();
    if (invites || e.subject == subject::update) keep(mine, m, e);
    if (!invites) return;
    bool const request = e.is_request(e.subject);
    // A response has the other direction than its request.
    bool const ours = e.is_sent() == request;
    bool awaits = ours ? mine.ours_awaits_offer : mine.theirs_awaits_offer;
    if (request)
      awaits = e.content == content::none;
    else if (e.phase == phase::reliable && has_sdp(e.content))
      awaits = false;
    if (ours)
      mine.ours_awaits_offer = awaits;
    else
      mine.theirs_awaits_offer = awaits;
    if (e.phase == phase::success) mine.acknowledged = m.cseq;
    if (e.subject != subject::invite) return;
    if (request && mine.begun_by == direction::none) mine.begun_by = e.way;
    if (e.phase == phase::success) mine.begun_by = direction::none;
  }

  static constexpr state at_rest[] = {initial,     idle,           answer_owed,
                                      ack_awaited, answer_awaited, ended};

  // clang-format off
  static constexpr in::row rows[] = {
      // The first INVITE.
      in{initial}.on(sent_invite)          .rfc("RFC 3261 13.2.1").then(calling),
      in{initial}.on(received_invite)      .rfc("RFC 3261 13.3.1").then(called),
      in{calling}.on(received_success)     .rfc("RFC 3261 13.2.2.4").then(idle),
      in{called}.on(sent_success)          .rfc("RFC 3261 13.3.1.4").then(ack_awaited),
      // Another attempt, with credentials or changed, is a first INVITE again.
      in{calling, modifying, crossed}.on(received_failure)
                                           .rfc("RFC 3261 13.2.2.3").then(initial),
      in{called}.on(sent_failure)          .rfc("RFC 3261 13.3.1.3").then(initial),
      // After a BYE in the early dialog.
      in{ended}.on(sent_failure, received_failure)
                                           .rfc("RFC 3261 15.1.2").then(initial),

      // "Either the caller or callee can modify an existing session."
      in{idle}.on(sent_reinvite)           .rfc("RFC 3261 14.1").then(modifying),
      in{idle}.on(received_reinvite)       .rfc("RFC 3261 14.2").then(asked),
      in{modifying}.on(received_success)   .rfc("RFC 3261 14.1").then(idle),
      in{asked}.on(sent_reinvite_success)  .rfc("RFC 3261 14.2").then(ack_awaited),
      // "If the new session description is not acceptable, the UAS can reject it by returning a 488
      // (Not Acceptable Here) response for the re-INVITE."
      in{asked}.on(sent_reinvite_failure)  .rfc("RFC 3261 14.2").then(idle),
      // "If a UA receives a non-2xx final response to a re-INVITE, the session parameters MUST
      // remain unchanged, as if no re-INVITE had been issued."
      in{modifying}.on(received_reinvite_failure).does(roll_back)
                                           .rfc("RFC 3261 14.1").then(idle),

      // RFC 6337 4.3: "When a 2xx response to an INVITE includes an offer, the ACK transaction is
      // considered to be associated with an offer/answer."
      in{calling, modifying}.on(received_success_with_offer)
                                           .rfc("RFC 3261 13.2.2.4").then(answer_owed),
      in{answer_owed}.on(sent_ack)         .rfc("RFC 3261 13.2.2.4").then(idle),
      in{called}.on(sent_success_with_offer)
                                           .rfc("RFC 3261 13.3.1.4").then(answer_awaited),
      in{asked}.on(sent_reinvite_success_with_offer)
                                           .rfc("RFC 3261 14.2").then(answer_awaited),
      in{ack_awaited, answer_awaited}.on(received_ack)
                                           .rfc("RFC 3261 13.3.1.4").then(idle),
      // Accepted counts as done (RFC 6026 8.7): what is awaited is only the ACK.
      in{ack_awaited}.on(sent_reinvite)    .rfc("RFC 3261 14.1").then(modifying),

      // "a UAC MUST NOT initiate a new INVITE transaction within a dialog while another INVITE
      // transaction is in progress in either direction. 1. If there is an ongoing INVITE client
      // transaction, the TU MUST wait until the transaction reaches the completed or terminated
      // state before initiating the new INVITE. 2. If there is an ongoing INVITE server
      // transaction, the TU MUST wait until the transaction reaches the confirmed or terminated
      // state before initiating the new INVITE."
      in{calling, called}.on(sent_reinvite)
          .waits("a re-INVITE in an early dialog: the first INVITE has no final response",
                 "RFC 3261 14.1"),
      in{modifying, crossed}.on(sent_reinvite)
          .waits("INVITE while our own INVITE is outstanding", "RFC 3261 14.1"),
      in{asked, asked_twice, rejecting}.on(sent_reinvite)
          .waits("INVITE while an INVITE of the peer is outstanding", "RFC 3261 14.1"),
      in{calling}.on(sent_invite)
          .refused("INVITE while our own INVITE is outstanding", "RFC 3261 14.1"),
      in{called}.on(sent_invite)
          .refused("INVITE while an INVITE of the peer is outstanding", "RFC 3261 14.1"),
      // RFC 6337 4.3: "While an INVITE transaction is incomplete or ACK transaction associated with
      // an offer/answer is incomplete, a UA must not send another INVITE request."
      in{answer_owed, crossed_owing}.on(sent_reinvite)
          .waits("INVITE while the ACK that carries the answer to the offer in the 2xx is not sent",
                 "RFC 6337 4.3"),
      in{answer_awaited, overtaken}.on(sent_reinvite)
          .waits("INVITE while the answer to the offer in the 2xx is awaited in the ACK",
                 "RFC 6337 4.3"),

      // "A UAS that receives an INVITE on a dialog while an INVITE it had sent on that dialog is in
      // progress MUST return a 491 (Request Pending) response to the received INVITE."
      in{calling, modifying}.on(received_reinvite).does(answer_491)
                                           .race("RFC 3261 14.2").then(crossed),
      in{answer_owed}.on(received_reinvite).does(answer_491)
                                           .race("RFC 6337 4.3").then(crossed_owing),
      in{crossed}.on(sent_reinvite_failure).rfc("RFC 3261 14.2").then(modifying),
      in{crossed_owing}.on(sent_reinvite_failure)
                                           .rfc("RFC 3261 14.2").then(answer_owed),
      in{rejecting}.on(sent_reinvite_failure)
                                           .rfc("RFC 3261 14.2").then(idle),
      in{crossed}.on(received_success)     .race("RFC 3261 14.2").then(rejecting),
      in{crossed}.on(received_success_with_offer)
                                           .race("RFC 3261 14.2").then(crossed_owing),
      in{crossed_owing}.on(sent_ack)       .rfc("RFC 3261 13.2.2.4").then(rejecting),
      in{crossed}.on(received_reinvite_failure).does(roll_back)
                                           .rfc("RFC 3261 14.1").then(rejecting),
      in{crossed, crossed_owing}.on(sent_reinvite_success, sent_reinvite_success_with_offer)
          .refused("a 2xx to a re-INVITE that crossed ours: it is answered 491", "RFC 3261 14.2"),
      in{rejecting}.on(sent_reinvite_success, sent_reinvite_success_with_offer)
          .refused("a 2xx to a re-INVITE that came while another INVITE was in progress",
                   "RFC 3261 14.2"),

      // "If a UAC receives a 491 response to a re-INVITE, it SHOULD start a timer with a value T".
      in{modifying}.on(received_glare).does(roll_back, wait_after_glare)
                                           .race("RFC 3261 14.1").then(idle),
      in{crossed}.on(received_glare).does(roll_back, wait_after_glare)
                                           .race("RFC 3261 14.1").then(rejecting),
      in{modifying}.on(received_overlap).does(roll_back, wait_retry_after)
                                           .race("RFC 3261 14.2").then(idle),
      in{crossed}.on(received_overlap).does(roll_back, wait_retry_after)
                                           .race("RFC 3261 14.2").then(rejecting),
      // RFC 3311 5.3 says the same of the UPDATE.
      in{calling, called, idle, modifying, asked, asked_twice, answer_owed, ack_awaited,
         answer_awaited, crossed, crossed_owing, rejecting, overtaken}
          .on(received_update_glare).does(wait_after_glare)
                                           .race("RFC 3311 5.3").stay(),
      in{calling, called, idle, modifying, asked, asked_twice, answer_owed, ack_awaited,
         answer_awaited, crossed, crossed_owing, rejecting, overtaken}
          .on(received_update_overlap).does(wait_retry_after)
                                           .race("RFC 3311 5.2").stay(),
      // "When the timer fires, the UAC SHOULD attempt the re-INVITE once more, if it still desires
      // for that session modification to take place." If an INVITE is outstanding then, the attempt
      // waits like any other.
      in{calling, called, idle, modifying, asked, asked_twice, answer_owed, ack_awaited,
         answer_awaited, crossed, crossed_owing, rejecting, overtaken}
          .on(timer_glare, timer_retry_after).does(retry_modification)
                                           .rfc("RFC 3261 14.1").stay(),

      // RFC 5407 3.1.4: "a 491 response can also lead to the same outcome, so either response can be
      // used."
      in{ack_awaited}.on(received_reinvite).race("RFC 5407 3.1.4").then(asked),
      // RFC 5407 3.1.5: "Bob sends a 491 to the re-INVITE (F6) since he is not able to properly
      // handle a new request until he receives an answer. (Note: 500 with a Retry-After header may
      // be returned if the 491 response is understood to indicate request collision.)"
      in{answer_awaited}.on(received_reinvite).does(answer_491)
                                           .race("RFC 5407 3.1.5").then(overtaken),
      in{overtaken}.on(sent_reinvite_failure)
                                           .rfc("RFC 5407 3.1.5").then(answer_awaited),
      in{overtaken}.on(received_ack)       .race("RFC 5407 3.1.5").then(asked),
      in{overtaken}.on(sent_reinvite_success, sent_reinvite_success_with_offer)
          .refused("a 2xx to a re-INVITE that arrived before the answer to our offer: it is "
                   "answered 491", "RFC 5407 3.1.5"),

      // "A UAS that receives a second INVITE before it sends the final response to a first INVITE
      // with a lower CSeq sequence number on the same dialog MUST return a 500 (Server Internal
      // Error) response to the second INVITE and MUST include a Retry-After header field".
      // Without a To tag it is an attempt of a peer that "then consider[s] the original transaction
      // cancelled", its CANCEL having been lost.
      in{called}.on(received_invite).does(answer_500_retry_after)
                                           .race("RFC 3261 9.1").stay(),
      in{called}.on(received_reinvite).does(answer_500_retry_after)
          .peer_violation("a second INVITE before the final response to the first", "RFC 3261 14.2")
                                           .stay(),
      in{asked}.on(received_reinvite).does(answer_500_retry_after)
          .peer_violation("a second INVITE before the final response to the first", "RFC 3261 14.2")
                                           .then(asked_twice),
      in{asked_twice, crossed, crossed_owing, rejecting, overtaken}.on(received_reinvite)
          .does(answer_500_retry_after)
          .peer_violation("a second INVITE before the final response to the first", "RFC 3261 14.2")
                                           .stay(),
      in{asked_twice}.on(sent_reinvite_failure)
                                           .rfc("RFC 3261 14.2").then(asked),
      in{asked_twice}.on(sent_reinvite_success, sent_reinvite_success_with_offer)
                                           .rfc("RFC 3261 14.2").then(rejecting),
      // RFC 6337 4.3: "While an UPDATE client transaction is incomplete, a UA should reject a
      // re-INVITE request with a 491 response." "While an UPDATE server transaction is incomplete, a
      // UA should reject a re-INVITE request with a 500 response." "it is assumed that the UPDATE
      // request in this section includes an offer."
      in{calling, called, idle, modifying, asked, asked_twice, answer_owed, ack_awaited,
         answer_awaited, crossed, crossed_owing, rejecting, overtaken}.on(sent_success_to_rejected)
          .refused("a 2xx to a re-INVITE that came while the offer in an UPDATE was unanswered: it "
                   "SHOULD be rejected with 491 or 500", "RFC 6337 4.3, RFC 3264 4"),
      in{calling, called, idle, modifying, asked, asked_twice, answer_owed, ack_awaited,
         answer_awaited, crossed, crossed_owing, rejecting, overtaken}.on(sent_success_to_second)
          .refused("a 2xx to a re-INVITE that came while another INVITE was in progress",
                   "RFC 3261 14.2"),
      // 14.2 as above. RFC 3311 5.2: "If an UPDATE is received that contains an offer, and the UAS
      // has generated an offer (in an UPDATE, PRACK or INVITE) to which it has not yet received an
      // answer, the UAS MUST reject the UPDATE with a 491 response."
      in{calling, called, idle, modifying, asked, asked_twice, answer_owed, ack_awaited,
         answer_awaited, crossed, crossed_owing, rejecting, overtaken}.on(sent_other_than_491)
          .refused("a 2xx, 488 or 500 to a re-INVITE, or an UPDATE with an offer, that crossed ours: "
                   "it MUST be answered 491", "RFC 3261 14.2, RFC 3311 5.2"),
      // "A UAS that receives an UPDATE before it has generated a final response to a previous UPDATE
      // on the same dialog MUST return a 500 response to the new UPDATE, and MUST include a
      // Retry-After header field with a randomly chosen value between 0 and 10 seconds."
      in{calling, called, idle, modifying, asked, asked_twice, answer_owed, ack_awaited,
         answer_awaited, crossed, crossed_owing, rejecting, overtaken}.on(received_second_update)
          .does(answer_500_retry_after)    .race("RFC 3311 5.2").stay(),
      in{calling, called, idle, modifying, asked, asked_twice, answer_owed, ack_awaited,
         answer_awaited, crossed, crossed_owing, rejecting, overtaken}.on(sent_other_than_500)
          .refused("anything but 500 with Retry-After to an UPDATE that came before the final "
                   "response to the previous one", "RFC 3311 5.2"),

      in{called}.on(sent_reinvite_success, sent_reinvite_success_with_offer)
          .refused("a 2xx to a re-INVITE that came while another INVITE was in progress",
                   "RFC 3261 14.2"),

      // 14.1: "if the non-2xx final response is a 481 […], or a 408 (Request Timeout), or no
      // response at all is received for the re-INVITE […], the UAC will terminate the dialog."
      in{calling, called, idle, modifying, asked, asked_twice, answer_owed, ack_awaited,
         answer_awaited, crossed, crossed_owing, rejecting, overtaken}.on(sent_end, received_end)
                                           .rfc("RFC 3261 15").then(ended),

      // A 2xx that comes again is acknowledged again, and the ACK of a lost one arrives late.
      in{initial, calling, called, idle, modifying, asked, asked_twice, ack_awaited,
         answer_awaited, crossed, rejecting, overtaken}.on(sent_ack)
                                           .rfc("RFC 3261 13.2.2.4").stay(),
      in{initial, calling, called, idle, modifying, asked, asked_twice, answer_owed, crossed,
         crossed_owing, rejecting}.on(received_ack)
                                           .race("RFC 5407 3.1.4").stay(),

      // What other rules judge: a request without a dialog, a response without its request.
      in{initial}.on(sent_reinvite, sent_end, sent_success_to_rejected, sent_success_to_second,
                     sent_other_than_491, sent_other_than_500)
                                           .rfc("RFC 3261 12.2").stay(),
      in{idle, modifying, asked, asked_twice, answer_owed, ack_awaited, answer_awaited, crossed,
         crossed_owing, rejecting, overtaken}.on(sent_invite)
                                           .rfc("RFC 3261 13.2.1").stay(),
      in{initial, calling, idle, modifying, asked, asked_twice, answer_owed, ack_awaited,
         answer_awaited, crossed, crossed_owing, rejecting, overtaken}
          .on(sent_success, sent_success_with_offer, sent_failure)
                                           .rfc("RFC 3261 13.3.1").stay(),
      in{initial, calling, idle, modifying, answer_owed, ack_awaited, answer_awaited}
          .on(sent_reinvite_success, sent_reinvite_success_with_offer)
                                           .rfc("RFC 3261 14.2").stay(),
      in{initial, calling, called, idle, modifying, answer_owed, ack_awaited, answer_awaited}
          .on(sent_reinvite_failure)       .rfc("RFC 3261 14.2").stay(),
      in{ended}.on(sent_invite, sent_reinvite, sent_success, sent_success_with_offer,
                   sent_reinvite_success, sent_reinvite_success_with_offer,
                   sent_success_to_rejected, sent_success_to_second, sent_other_than_491,
                   sent_other_than_500, sent_reinvite_failure, sent_ack, sent_end)
                                           .rfc("RFC 3261 15").stay(),

      in{initial}.on(received_reinvite, received_end)
                                           .ignored("there is no session to modify"),
      in{calling, idle, modifying, asked, asked_twice, answer_owed, ack_awaited, answer_awaited,
         crossed, crossed_owing, rejecting, overtaken}.on(received_invite)
                                           .ignored("an INVITE without a To tag is not of this call"),
      in{initial, called, idle, asked, asked_twice, answer_owed, ack_awaited, answer_awaited,
         crossed_owing, rejecting, overtaken}
          .on(received_success, received_success_with_offer, received_failure)
                                           .ignored("no INVITE of ours is outstanding"),
      in{initial, calling, called, idle, asked, asked_twice, answer_owed, ack_awaited,
         answer_awaited, crossed_owing, rejecting, overtaken}
          .on(received_reinvite_failure, received_glare, received_overlap)
                                           .ignored("no re-INVITE of ours is outstanding"),
      in{initial}.on(received_second_update, received_update_glare, received_update_overlap, timer_glare,
                     timer_retry_after)    .ignored("there is no session to modify"),
      in{ended}.on(received_invite, received_reinvite, received_success,
                   received_success_with_offer, received_reinvite_failure,
                   received_glare, received_overlap, received_second_update,
                   received_update_glare, received_update_overlap, received_ack, received_end, timer_glare,
                   timer_retry_after)      .ignored("the session is over"),
  };
  // clang-format on

 private:
  // "then consider the original transaction cancelled" (RFC 3261 9.1); 13.2.2.4 says the same of
  // the early dialogs that are left 64*T1 after the first 2xx.
  static constexpr bool gives_up(call_event const& e) {
    return e.phase == phase::timer &&
           (e.timer == timer::cancel_timeout || e.timer == timer::ack_retransmission);
  }

  // Whether the first INVITE fails, which has had no final response until then.
  static constexpr bool fails_first_invite(call_message const& m, call_event const& e,
                                           facts const& mine) {
    if (mine.begun_by == direction::none) return false;
    if (e.phase == phase::timer) return gives_up(e) && mine.begun_by == direction::sent;
    if (e.subject != subject::invite || !e.is_failure()) return false;
    return e.is_sent()
               ? mine.begun_by == direction::received && detail::fits(m.cseq, mine.their_invite)
               : mine.begun_by == direction::sent && detail::fits(m.cseq, mine.our_invite);
  }

  static constexpr bool is_second(call_message const& m, facts::number open) {
    return !detail::fits(m.cseq, open);
  }

  // An UPDATE with an offer while ours with an offer has no answer.
  static constexpr bool crosses(call_event const& e, facts const& mine) {
    return mine.our_offer.is_there() && has_sdp(e.content);
  }

  static constexpr bool update_offers(facts const& mine) {
    return mine.our_offer.is_there() || (mine.their_update.is_there() && mine.their_update_offers);
  }

  // The symbol of a final response to a request that is to be rejected. 2xx to re-INVITEs that
  // crossed ours are told by the state.
  static constexpr symbol of_rejected(call_message const& m, call_event const& e,
                                      facts::collision why, symbol plain) {
    using enum facts::collision;
    bool const invites = e.subject == subject::reinvite;
    bool const accepts = e.phase == phase::success;
    bool const is_500 = m.event.status == 500;
    bool const is_488 = m.event.status == 488;
    switch (why) {
    case crossed: return is_500 || is_488 || (accepts && !invites) ? sent_other_than_491 : plain;
    case second:
      if (invites) return accepts ? sent_success_to_second : plain;
      return accepts || is_488 || e.phase == phase::glare || (is_500 && e.phase != phase::overlap)
                 ? sent_other_than_500
                 : plain;
    case beside_update: return accepts ? sent_success_to_rejected : plain;
    }
    return plain;
  }

  static constexpr void keep(facts& mine, call_message const& m, call_event const& e) {
    if (m.cseq == 0) return;
    if (e.is_request(e.subject)) {
      if (!e.is_sent())
        keep_received(mine, m, e);
      else if (e.is_invite())
        mine.our_invite = m.cseq;
      else
        mine.our_offer = has_sdp(e.content) ? m.cseq : 0;
    } else if (e.phase == phase::success || e.is_failure()) {
      forget(e.is_sent()     ? e.is_invite() ? mine.their_invite : mine.their_update
             : e.is_invite() ? mine.our_invite
                             : mine.our_offer,
             m.cseq);
      if (e.is_sent()) forget(e.is_invite() ? mine.rejected_invite : mine.rejected_update, m.cseq);
    }
  }

  static constexpr void keep_received(facts& mine, call_message const& m, call_event const& e) {
    using enum facts::collision;
    if (e.subject == subject::invite) {
      if (mine.begun_by == direction::none) mine.their_invite = m.cseq;
    } else if (e.subject == subject::update) {
      if (crosses(e, mine) || is_second(m, mine.their_update)) {
        mine.rejected_update = m.cseq;
        mine.update_crossed = crosses(e, mine);
      } else {
        mine.their_update = m.cseq;
        mine.their_update_offers = has_sdp(e.content);
      }
    } else if (mine.our_invite.is_there() || is_second(m, mine.their_invite) ||
               update_offers(mine)) {
      mine.rejected_invite = m.cseq;
      mine.why_invite = mine.our_invite.is_there()        ? facts::collision::crossed
                        : is_second(m, mine.their_invite) ? second
                                                          : beside_update;
    } else {
      mine.their_invite = m.cseq;
    }
  }
};

} // namespace ctsip
