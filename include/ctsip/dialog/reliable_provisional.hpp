// Reliable provisional responses and PRACK, on both sides, for the first INVITE and for re-INVITEs:
// when a 1xx may be sent reliably, which PRACK acknowledges it, and what waits for that.
// RFC 3262 3-5. Read call_event.hpp before it.
#pragma once

#include <cstddef>
#include <cstdint>

#include <ctsip/dialog/call_event.hpp>
#include <ctsip/dialog/short_number.hpp>
#include <ctsip/machine/table.hpp>

namespace ctsip {

/// Definition of the reliability of provisional responses within one early or confirmed dialog.
///
/// Choices, where RFC 3262 leaves one:
///  1. After the first reliable provisional response has been acknowledged, section 3 only
///     recommends that the next one wait for the PRACK of the previous. Two may be
///     unacknowledged; a third waits.
///  2. A UAC that has two to acknowledge takes a third for one that came too early (section 4: "MAY
///     discard the response"): it will be retransmitted.
///  3. A reliable provisional response that arrives after the final response is discarded (section
///     4: "MAY acknowledge [...] or MAY discard them").
///  4. After a 2xx, the PRACKs that were due still are; after any other final response they may
///     come, and nothing waits for them. So it is once the other side of that INVITE has sent the
///     next one. The next INVITE from the same side has numbers in the place of theirs: a PRACK for
///     the one before it is not known any more.
///  5. A PRACK that is rejected has acknowledged nothing (RFC 3261 8.2: "If it is
///     rejected, all state changes MUST NOT be performed."): the response is unacknowledged again
///     and its PRACK is due. Section 3 knows only 2xx and 481; RFC 6337 2.3 calls that an open
///     issue. A 481 says that nothing is unacknowledged. Of three at a time only two are counted.
///  6. A reliable 1xx that we send with the RSeq and the status code of the last one is that one
///     once more; with another status code it is a number that is not greater by one.
struct reliable_provisional {
  static constexpr char const* title = "reliable provisional responses";

  /// Where 100rel is not supported there are no reliable responses and no PRACKs whose numbers this
  /// rule would have to tell the others.
  static constexpr bool indispensable = false;

  enum class state : std::uint8_t {
    idle, ///< no INVITE pending, nothing to acknowledge
    // The UAS of the INVITE.
    invited_without_100rel,   ///< INVITE received that does not support 100rel
    invited,                  ///< INVITE received that supports 100rel; nothing sent reliably
    first_unacknowledged,     ///< the first reliable 1xx sent, without a session description
    first_unacknowledged_sdp, ///< the first reliable 1xx sent, with a session description
    acknowledged,             ///< all that was sent reliably is acknowledged
    unacknowledged,           ///< a later one is not; it has no session description
    unacknowledged_sdp,       ///< a later one is not; it has a session description
    two_unacknowledged,       ///< two are not; neither has a session description
    two_unacknowledged_sdp,   ///< two are not; one of them or both have a session description
    success_sent,             ///< 2xx sent while one is unacknowledged
    success_sent_two,         ///< 2xx sent while two are unacknowledged
    over,                     ///< another final response sent, or the session ended, before PRACK
    // The UAC of the INVITE.
    calling_without_100rel, ///< INVITE sent that does not support 100rel
    calling,                ///< INVITE sent that supports 100rel; nothing received reliably
    prack_due,              ///< a reliable 1xx received, its PRACK not yet sent
    two_pracks_due,         ///< two reliable 1xx received, no PRACK sent to either
    pracked,                ///< a PRACK sent to all that was received reliably
    success_prack_due,      ///< 2xx received, a PRACK is still due
    success_two_pracks_due, ///< 2xx received, two PRACKs are still due
    prack_late              ///< another final response came, or the session ended, before PRACK
  };
  enum class symbol : std::uint8_t {
    sent_invite, ///< without 100rel
    sent_invite_100rel,
    sent_reliable,                ///< the next reliable 1xx, without a session description
    sent_reliable_sdp,            ///< the next reliable 1xx, with a session description
    sent_reliable_again,          ///< a retransmission
    sent_reliable_gap,            ///< with an RSeq that is not the next one, or a 100
    sent_success,                 ///< 2xx to the peer's INVITE
    sent_failure,                 ///< 300-699 to the peer's INVITE
    sent_prack,                   ///< for the reliable 1xx that is next
    sent_stray_prack,             ///< for anything else
    sent_unreliable,              ///< a 101-199, not reliable, to an INVITE that requires 100rel
    sent_prack_failure,           ///< 300-699 to the PRACK for a later reliable 1xx
    sent_prack_failure_sdp,       ///< the same, of a 1xx with a session description
    sent_first_prack_failure,     ///< 300-699 to the PRACK for the first reliable 1xx
    sent_first_prack_failure_sdp, ///< the same, of a 1xx with a session description
    sent_end,                     ///< BYE, or a response that ends the session
    received_invite,              ///< without 100rel
    received_invite_100rel,
    received_reliable,       ///< the next reliable 1xx
    received_reliable_again, ///< a retransmission
    received_reliable_gap,   ///< one is missing before it
    received_success,        ///< 2xx to our INVITE
    received_failure,        ///< 300-699 to our INVITE, or that it is given up
    received_prack,          ///< for an unacknowledged reliable 1xx
    received_prack_sdp_left, ///< the same; one with a session description stays unacknowledged
    received_stray_prack,    ///< for anything else
    received_prack_failure,  ///< 300-699 to a PRACK of ours
    received_end,            ///< BYE, or a response that ends the session
    timer_reliable_provisional,
    timer_reliable_provisional_timeout
  };
  enum class action : std::uint8_t {
    send_prack,         ///< acknowledge the response
    ignore_response,    ///< as if it had not come
    answer_prack,       ///< respond 2xx to the PRACK
    answer_481,         ///< respond 481 to the PRACK
    resend_provisional, ///< all reliable provisional responses that are unacknowledged
    reject_with_5xx     ///< respond 5xx to the INVITE
  };
  using enum state;
  using enum symbol;
  using enum action;
  using in = ctsip::in<state, symbol, action>;

  static constexpr symbol commands[] = {sent_invite,
                                        sent_invite_100rel,
                                        sent_reliable,
                                        sent_reliable_sdp,
                                        sent_reliable_again,
                                        sent_reliable_gap,
                                        sent_success,
                                        sent_failure,
                                        sent_prack,
                                        sent_stray_prack,
                                        sent_unreliable,
                                        sent_prack_failure,
                                        sent_prack_failure_sdp,
                                        sent_first_prack_failure,
                                        sent_first_prack_failure_sdp,
                                        sent_end};

  static constexpr symbol project(call_event const& e) {
    if (e.phase == phase::timer) switch (e.timer) {
      case timer::reliable_provisional: return timer_reliable_provisional;
      case timer::reliable_provisional_timeout: return timer_reliable_provisional_timeout;
      // "then consider the original transaction cancelled" (RFC 3261 9.1); 13.2.2.4 says the same
      // of the early dialogs that are left 64*T1 after the first 2xx.
      case timer::cancel_timeout:
      case timer::ack_retransmission: return received_failure;
      default: return outside<symbol>;
      }
    if (e.way == direction::none) return outside<symbol>;
    bool const sent = e.way == direction::sent;
    if (e.subject == subject::prack) {
      if (e.phase == phase::stray_request) return sent ? sent_stray_prack : received_stray_prack;
      if (e.subject == subject::prack && e.phase == phase::request)
        return sent ? sent_prack : received_prack;
      if (rejects_prack(e)) return sent ? sent_prack_failure : received_prack_failure;
    }
    if (!e.is_invite()) return !e.ends_session() ? outside<symbol> : sent ? sent_end : received_end;
    if (e.is_failure()) return sent ? sent_failure : received_failure;
    switch (e.phase) {
    case phase::request: return sent ? sent_invite : received_invite;
    case phase::request_with_100rel: return sent ? sent_invite_100rel : received_invite_100rel;
    case phase::reliable:
      return !sent ? received_reliable : has_sdp(e.content) ? sent_reliable_sdp : sent_reliable;
    case phase::reliable_again: return sent ? sent_reliable_again : received_reliable_again;
    case phase::reliable_gap: return sent ? sent_reliable_gap : received_reliable_gap;
    case phase::success: return sent ? sent_success : received_success;
    default: return outside<symbol>;
    }
  }

  /// How many PRACKs without a final response are remembered.
  static constexpr std::size_t pending_at_most = 2;

  /// The numbers of one direction: those of the latest INVITE and of its reliable responses.
  struct numbering {
    /// A PRACK without a final response.
    struct prack {
      detail::short_number<std::uint8_t> cseq;
      std::uint8_t back : 7 {}; ///< which one it is for, counted back from the latest
      bool open : 1 {};
    };
    std::uint32_t last_rseq{};                       ///< RSeq of the latest reliable 1xx, 0 if none
    detail::short_number<std::uint16_t> invite_cseq; ///< CSeq number of the INVITE
    std::uint16_t unacknowledged{};                  ///< bit n: the one with last_rseq - n
    prack pracks[pending_at_most];
    std::uint16_t described{};   ///< bit n: the one with last_rseq - n carried a description
    std::uint8_t last_status{};  ///< status code of the latest, which is below 200
    std::uint8_t count : 5 {};   ///< how many there have been, as far as it counts
    bool requires_100rel : 1 {}; ///< the INVITE requires 100rel
    bool begins_the_call : 1 {}; ///< it is the first one and has no final response yet
  };
  struct facts {
    numbering sent;     ///< the peer's INVITE, our reliable responses
    numbering received; ///< our INVITE, the peer's reliable responses
  };

  /// The symbol, knowing which response the PRACK was for, what it leaves unacknowledged and what
  /// the INVITE requires.
  static constexpr symbol correct(symbol plain, call_message const& m, call_event const& e,
                                  facts const& mine) {
    if (e.subject == subject::prack) {
      if (plain == received_prack && leaves_sdp(m, mine.sent)) return received_prack_sdp_left;
      if (!rejects_prack(e)) return plain;
      numbering const& n = e.is_sent() ? mine.sent : mine.received;
      auto const* const p = n.pracks + pending(m, n);
      if (m.event.status == 481 || p == n.pracks + pending_at_most) return outside<symbol>;
      if (e.is_received()) return received_prack_failure;
      bool const sdp = n.described >> p->back & 1u;
      bool const first = p->back + 1u == n.count;
      return first ? (sdp ? sent_first_prack_failure_sdp : sent_first_prack_failure)
                   : (sdp ? sent_prack_failure_sdp : sent_prack_failure);
    }
    if (e.phase == phase::timer)
      return plain != received_failure || mine.received.begins_the_call ? plain : outside<symbol>;
    bool const unreliable = e.phase == phase::provisional || e.phase == phase::early_dialog_ended;
    return unreliable && e.is_sent() && mine.sent.requires_100rel &&
                   detail::fits(m.cseq, mine.sent.invite_cseq)
               ? sent_unreliable
               : plain;
  }

  /// Every reliable provisional response is acknowledged, or nothing waits for it any more.
  static constexpr state at_rest[] = {idle,      invited_without_100rel, invited, acknowledged,
                                      over,      calling_without_100rel, calling, pracked,
                                      prack_late};

 private:
  // Before its use: clang has to know it in constant evaluation.
  // Which PRACK a response answers; `pending_at_most` if none.
  static constexpr std::size_t pending(call_message const& m, numbering const& n) {
    std::size_t i = 0;
    while (i < pending_at_most && !(n.pracks[i].open && detail::fits(m.cseq, n.pracks[i].cseq)))
      ++i;
    return i;
  }

 public:
  /// Compares RSeq and RAck with what went before. "The RSeq numbering space is within a single
  /// transaction." (RFC 3262 3)
  static constexpr void refine(call_event& e, call_message const& m, facts const& mine) {
    if (e.subject != subject::prack && e.phase != phase::trying && e.phase != phase::reliable)
      return;
    if (e.way == direction::none) return;
    if (e.subject == subject::prack && e.phase == phase::request)
      e.phase = matches(m, e.is_sent(), e.is_sent() ? mine.received : mine.sent)
                    ? e.phase
                    : phase::stray_request;
    if (!e.is_invite()) return;
    // "A UAS MUST NOT attempt to send a 100 (Trying) response reliably." Of one that is received
    // "this option tag MUST be ignored".
    if (e.is_sent() && e.phase == phase::trying && m.event.has(mark::reliable))
      e.phase = phase::reliable_gap;
    else if (e.phase == phase::reliable)
      e.phase = order(m, e.is_sent(), e.is_sent() ? mine.sent : mine.received);
  }

  static constexpr void commit(facts& mine, call_message const& m, call_event const& e) {
    if (e.phase == phase::timer && mine.received.begins_the_call &&
        (e.timer == timer::cancel_timeout || e.timer == timer::ack_retransmission)) {
      mine.received.begins_the_call = false;
      forget_pracks(mine.received);
    }
    if (e.way == direction::none) return;
    if (e.ends_session()) {
      forget_pracks(mine.sent);
      forget_pracks(mine.received);
      return;
    }
    if (e.subject == subject::prack) {
      if (e.subject == subject::prack && e.phase == phase::request) {
        numbering& n = e.is_sent() ? mine.received : mine.sent;
        std::uint32_t const which = acknowledges(m, n);
        n.unacknowledged = static_cast<std::uint16_t>(n.unacknowledged & ~which);
        if (which) remember_prack(n, m.cseq, which);
      } else if (e.phase == phase::success || rejects_prack(e)) {
        numbering& n = e.is_sent() ? mine.sent : mine.received;
        if (auto* const p = n.pracks + pending(m, n); p != n.pracks + pending_at_most) {
          if (e.phase != phase::success && m.event.status != 481)
            n.unacknowledged = static_cast<std::uint16_t>(n.unacknowledged | 1u << p->back);
          *p = {};
        }
      }
      return;
    }
    if (!e.is_invite()) return;
    if (e.is_request(e.subject)) {
      numbering& n = e.is_sent() ? mine.received : mine.sent;
      n = numbering{};
      n.invite_cseq = m.cseq;
      n.requires_100rel = m.requires_100rel;
      n.begins_the_call = e.subject == subject::invite;
    } else if (e.phase == phase::reliable) {
      numbering& n = e.is_sent() ? mine.sent : mine.received;
      n.last_rseq = m.rseq != 0 ? m.rseq : n.last_rseq != 0 ? n.last_rseq + 1 : 0;
      n.last_status = static_cast<std::uint8_t>(m.event.status);
      n.unacknowledged = static_cast<std::uint16_t>(n.unacknowledged << 1 | 1u);
      n.described = static_cast<std::uint16_t>(n.described << 1 | (has_sdp(e.content) ? 1 : 0));
      if (n.count <= window) ++n.count;
      for (auto& p : n.pracks)
        if (p.open && ++p.back >= window) p = {};
    } else if (e.phase == phase::success || e.is_failure()) {
      numbering& n = e.is_sent() ? mine.sent : mine.received;
      if (e.subject == subject::invite) n.begins_the_call = false;
      // After a failure nothing waits for a PRACK any more.
      if (e.is_failure()) forget_pracks(n);
    }
  }

  // clang-format off
  static constexpr in::row rows[] = {
      // The UAS. A new INVITE begins a new numbering.
      in{idle, success_sent, success_sent_two, over, success_prack_due, success_two_pracks_due,
         prack_late}.on(received_invite)   .rfc("RFC 3262 3").then(invited_without_100rel),
      in{idle, success_sent, success_sent_two, over, success_prack_due, success_two_pracks_due,
         prack_late}.on(received_invite_100rel)
                                           .rfc("RFC 3262 3").then(invited),
      // "If the request did not include either a Supported or Require header field indicating this
      // feature, the UAS MUST NOT send the provisional response reliably."
      in{invited_without_100rel}
          .on(sent_reliable, sent_reliable_sdp, sent_reliable_again, sent_reliable_gap)
          .refused("a reliable provisional response to an INVITE that does not support 100rel",
                   "RFC 3262 3"),
      // "The reliable provisional response is passed to the transaction layer periodically with an
      // interval that starts at T1 seconds and doubles for each retransmission".
      in{invited}.on(sent_reliable)
          .starts(timer::reliable_provisional, timer::reliable_provisional_timeout)
                                           .rfc("RFC 3262 3").then(first_unacknowledged),
      in{invited}.on(sent_reliable_sdp)
          .starts(timer::reliable_provisional, timer::reliable_provisional_timeout)
                                           .rfc("RFC 3262 3").then(first_unacknowledged_sdp),
      // "The UAS MUST NOT send a second reliable provisional response until the first is
      // acknowledged."
      in{first_unacknowledged, first_unacknowledged_sdp}.on(sent_reliable, sent_reliable_sdp)
          .waits("a second reliable provisional response before the first is acknowledged",
                 "RFC 3262 3"),
      // "After the first reliable provisional response for a request has been acknowledged, the UAS
      // MAY send additional reliable provisional responses."
      in{acknowledged}.on(sent_reliable)
          .starts(timer::reliable_provisional, timer::reliable_provisional_timeout)
                                           .rfc("RFC 3262 3").then(unacknowledged),
      in{acknowledged}.on(sent_reliable_sdp)
          .starts(timer::reliable_provisional, timer::reliable_provisional_timeout)
                                           .rfc("RFC 3262 3").then(unacknowledged_sdp),
      // "After the first, it is RECOMMENDED that the UAS not send an additional reliable
      // provisional response until the previous is acknowledged."
      in{unacknowledged}.on(sent_reliable)
          .starts(timer::reliable_provisional, timer::reliable_provisional_timeout)
                                           .rfc("RFC 3262 3").then(two_unacknowledged),
      in{unacknowledged_sdp}.on(sent_reliable)
          .starts(timer::reliable_provisional, timer::reliable_provisional_timeout)
                                           .rfc("RFC 3262 3").then(two_unacknowledged_sdp),
      in{unacknowledged, unacknowledged_sdp}.on(sent_reliable_sdp)
          .starts(timer::reliable_provisional, timer::reliable_provisional_timeout)
                                           .rfc("RFC 3262 3").then(two_unacknowledged_sdp),
      in{two_unacknowledged, two_unacknowledged_sdp}.on(sent_reliable, sent_reliable_sdp)
          .waits("a third reliable provisional response while two are unacknowledged: it is "
                 "RECOMMENDED not to be sent", "RFC 3262 3"),
      in{first_unacknowledged, first_unacknowledged_sdp, unacknowledged, unacknowledged_sdp,
         two_unacknowledged, two_unacknowledged_sdp}.on(sent_reliable_again)
                                           .rfc("RFC 3262 3").stay(),
      // "Retransmissions of the reliable provisional response cease when a matching PRACK is
      // received by the UA core."
      in{acknowledged}.on(sent_reliable_again)
          .refused("a reliable provisional response once more after its PRACK: its retransmission "
                   "SHOULD cease", "RFC 3262 3"),
      // "The value of the header field for the first reliable provisional response in a transaction
      // MUST be between 1 and 2**31 - 1." "The value of the RSeq in each subsequent reliable
      // provisional response for the same request MUST be greater by exactly one." "Only
      // provisional responses numbered 101 to 199 may be sent reliably."
      in{invited}.on(sent_reliable_again, sent_reliable_gap)
          .refused("a reliable provisional response must be a 101-199, and its first RSeq between "
                   "1 and 2**31 - 1", "RFC 3262 3"),
      in{first_unacknowledged, first_unacknowledged_sdp, acknowledged, unacknowledged,
         unacknowledged_sdp, two_unacknowledged, two_unacknowledged_sdp}
          .on(sent_reliable_gap)
          .refused("a reliable provisional response must be a 101-199, and its RSeq greater by "
                   "exactly one", "RFC 3262 3"),
      // "A UAS MUST NOT send new reliable provisional responses (as opposed to retransmissions of
      // unacknowledged ones) after sending a final response to a request." Of those it "SHOULD NOT
      // continue to retransmit the unacknowledged reliable provisional responses".
      in{idle, success_sent, success_sent_two, over, calling_without_100rel, calling, prack_due,
         two_pracks_due, pracked, success_prack_due, success_two_pracks_due, prack_late}
          .on(sent_reliable, sent_reliable_sdp, sent_reliable_gap)
          .refused("a reliable provisional response while no INVITE awaits a final response",
                   "RFC 3262 3"),
      in{idle, success_sent, success_sent_two, over, calling_without_100rel, calling, prack_due,
         two_pracks_due, pracked, success_prack_due, success_two_pracks_due, prack_late}
          .on(sent_reliable_again)
          .refused("a reliable provisional response once more after the final response: SHOULD NOT "
                   "be sent", "RFC 3262 3"),

      // "The UAS MUST send any non-100 provisional response reliably if the initial request contained
      // a Require header field with the option tag 100rel."
      in{invited, first_unacknowledged, first_unacknowledged_sdp, acknowledged, unacknowledged,
         unacknowledged_sdp, two_unacknowledged, two_unacknowledged_sdp}.on(sent_unreliable)
          .refused("a provisional response that is not reliable to an INVITE that requires 100rel",
                   "RFC 3262 3"),
      in{idle, invited_without_100rel, success_sent, success_sent_two, over, calling_without_100rel,
         calling, prack_due, two_pracks_due, pracked, success_prack_due, success_two_pracks_due,
         prack_late}.on(sent_unreliable)   .rfc("RFC 3261 13.3.1.1").stay(),

      // "If the PRACK does match an unacknowledged reliable provisional response, it MUST be
      // responded to with a 2xx response. [...] It SHOULD cease retransmissions of the reliable
      // provisional response, and MUST remove it from the list".
      in{first_unacknowledged, first_unacknowledged_sdp, unacknowledged, unacknowledged_sdp}
          .on(received_prack).does(answer_prack)
          .stops(timer::reliable_provisional, timer::reliable_provisional_timeout)
                                           .rfc("RFC 3262 3").then(acknowledged),
      in{two_unacknowledged, two_unacknowledged_sdp}.on(received_prack).does(answer_prack)
                                           .rfc("RFC 3262 3").then(unacknowledged),
      // They are sent in order; on the way one may overtake the other.
      in{first_unacknowledged, first_unacknowledged_sdp, unacknowledged, unacknowledged_sdp,
         two_unacknowledged, two_unacknowledged_sdp}.on(received_prack_sdp_left).does(answer_prack)
                                           .rfc("RFC 3262 3").then(unacknowledged_sdp),
      // "If the request is rejected, none of the state changes are performed": what was unacknowledged
      // is so again (choice 5).
      in{acknowledged}.on(sent_first_prack_failure)
          .starts(timer::reliable_provisional, timer::reliable_provisional_timeout)
                                           .rfc("RFC 3261 12.2.2").then(first_unacknowledged),
      in{acknowledged}.on(sent_first_prack_failure_sdp)
          .starts(timer::reliable_provisional, timer::reliable_provisional_timeout)
                                           .rfc("RFC 3261 12.2.2").then(first_unacknowledged_sdp),
      in{acknowledged}.on(sent_prack_failure)
          .starts(timer::reliable_provisional, timer::reliable_provisional_timeout)
                                           .rfc("RFC 3261 12.2.2").then(unacknowledged),
      in{acknowledged}.on(sent_prack_failure_sdp)
          .starts(timer::reliable_provisional, timer::reliable_provisional_timeout)
                                           .rfc("RFC 3261 12.2.2").then(unacknowledged_sdp),
      in{unacknowledged}.on(sent_first_prack_failure, sent_prack_failure)
                                           .rfc("RFC 3261 12.2.2").then(two_unacknowledged),
      in{unacknowledged, two_unacknowledged}
          .on(sent_first_prack_failure_sdp, sent_prack_failure_sdp)
                                           .rfc("RFC 3261 12.2.2").then(two_unacknowledged_sdp),
      in{unacknowledged_sdp}.on(sent_first_prack_failure, sent_prack_failure,
                                sent_first_prack_failure_sdp, sent_prack_failure_sdp)
                                           .rfc("RFC 3261 12.2.2").then(two_unacknowledged_sdp),
      in{idle}.on(sent_first_prack_failure, sent_prack_failure, sent_first_prack_failure_sdp,
                  sent_prack_failure_sdp)  .rfc("RFC 3261 12.2.2").then(success_sent),
      in{success_sent}.on(sent_first_prack_failure, sent_prack_failure,
                          sent_first_prack_failure_sdp, sent_prack_failure_sdp)
                                           .rfc("RFC 3261 12.2.2").then(success_sent_two),
      in{two_unacknowledged}.on(sent_first_prack_failure, sent_prack_failure)
                                           .rfc("RFC 3261 12.2.2").stay(),
      in{invited_without_100rel, invited, first_unacknowledged, first_unacknowledged_sdp,
         two_unacknowledged_sdp, success_sent_two, over, calling_without_100rel, calling,
         prack_due, two_pracks_due, pracked, success_prack_due, success_two_pracks_due, prack_late}
          .on(sent_first_prack_failure, sent_prack_failure, sent_first_prack_failure_sdp,
              sent_prack_failure_sdp)      .rfc("RFC 3261 12.2.2").stay(),

      // "[...] it MUST be prepared to process PRACK requests for those outstanding responses."
      in{success_sent}.on(received_prack, received_prack_sdp_left).does(answer_prack)
                                           .rfc("RFC 3262 3").then(idle),
      in{success_sent_two}.on(received_prack, received_prack_sdp_left).does(answer_prack)
                                           .rfc("RFC 3262 3").then(success_sent),
      in{over}.on(received_prack, received_prack_sdp_left).does(answer_prack)
                                           .rfc("RFC 3262 3").stay(),
      // The next INVITE was already sent when the PRACK came.
      in{idle, calling_without_100rel, calling, prack_due, two_pracks_due, pracked,
         success_prack_due, success_two_pracks_due, prack_late}
          .on(received_prack, received_prack_sdp_left).does(answer_prack)
                                           .race("RFC 3262 3").stay(),
      // "If a PRACK request is received by the UA core that does not match any unacknowledged
      // reliable provisional response, the UAS MUST respond to the PRACK with a 481 response." A
      // UAC that repeats its PRACK does not "create a protocol error" (section 4).
      in{invited_without_100rel, invited, acknowledged}
          .on(received_prack, received_prack_sdp_left).does(answer_481)
                                           .race("RFC 3262 3").stay(),
      in{idle, invited_without_100rel, invited, first_unacknowledged, first_unacknowledged_sdp,
         acknowledged, unacknowledged, unacknowledged_sdp, two_unacknowledged,
         two_unacknowledged_sdp, success_sent, success_sent_two, over, calling_without_100rel,
         calling, prack_due, two_pracks_due, pracked, success_prack_due, success_two_pracks_due,
         prack_late}
          .on(received_stray_prack).does(answer_481)
                                           .race("RFC 3262 3").stay(),

      in{first_unacknowledged, first_unacknowledged_sdp, unacknowledged, unacknowledged_sdp,
         two_unacknowledged, two_unacknowledged_sdp}.on(timer_reliable_provisional)
          .does(resend_provisional).doubles(timer::reliable_provisional)
                                           .rfc("RFC 3262 3").stay(),
      // "If a reliable provisional response is retransmitted for 64*T1 seconds without reception of
      // a corresponding PRACK, the UAS SHOULD reject the original request with a 5xx response."
      in{first_unacknowledged, first_unacknowledged_sdp, unacknowledged, unacknowledged_sdp,
         two_unacknowledged, two_unacknowledged_sdp}.on(timer_reliable_provisional_timeout)
          .does(reject_with_5xx).stops(timer::reliable_provisional)
                                           .rfc("RFC 3262 3").stay(),

      // "The UAS MAY send a final response to the initial request before having received PRACKs for
      // all unacknowledged reliable provisional responses, unless the final response is 2xx and any
      // of the unacknowledged reliable provisional responses contained a session description. In
      // that case, it MUST NOT send a final response until those provisional responses are
      // acknowledged." Section 5: "the UAS MUST delay sending the 2xx".
      in{first_unacknowledged_sdp, unacknowledged_sdp, two_unacknowledged_sdp}
          .on(sent_success)
          .waits("2xx while a reliable provisional response with a session description is "
                 "unacknowledged", "RFC 3262 3, 5"),
      in{first_unacknowledged, unacknowledged}.on(sent_success)
          .stops(timer::reliable_provisional, timer::reliable_provisional_timeout)
                                           .rfc("RFC 3262 3").then(success_sent),
      in{two_unacknowledged}.on(sent_success)
          .stops(timer::reliable_provisional, timer::reliable_provisional_timeout)
                                           .rfc("RFC 3262 3").then(success_sent_two),
      in{first_unacknowledged, first_unacknowledged_sdp, unacknowledged, unacknowledged_sdp,
         two_unacknowledged, two_unacknowledged_sdp}.on(sent_failure)
          .stops(timer::reliable_provisional, timer::reliable_provisional_timeout)
                                           .rfc("RFC 3262 3").then(over),
      in{invited_without_100rel, invited, acknowledged}.on(sent_success, sent_failure)
                                           .rfc("RFC 3262 3").then(idle),
      // Whether there is an INVITE that it answers is its transaction's to say.
      in{idle, success_sent, success_sent_two, over, calling_without_100rel, calling, prack_due,
         two_pracks_due, pracked, success_prack_due, success_two_pracks_due, prack_late}
          .on(sent_success, sent_failure)  .rfc("RFC 3261 17.2.1").stay(),

      // The UAC.
      in{idle, success_sent, success_sent_two, over, success_prack_due, success_two_pracks_due,
         prack_late}.on(sent_invite)       .rfc("RFC 3262 4").then(calling_without_100rel),
      in{idle, success_sent, success_sent_two, over, success_prack_due, success_two_pracks_due,
         prack_late}.on(sent_invite_100rel).rfc("RFC 3262 4").then(calling),
      // Whether one may be sent beside another is session_modification's to say.
      in{invited_without_100rel, invited, first_unacknowledged, first_unacknowledged_sdp,
         acknowledged, unacknowledged, unacknowledged_sdp, two_unacknowledged,
         two_unacknowledged_sdp, calling_without_100rel, calling, prack_due, two_pracks_due,
         pracked}
          .on(sent_invite, sent_invite_100rel)
                                           .rfc("RFC 3261 14.1").stay(),
      // "Assuming the response is to be transmitted reliably, the UAC MUST create a new request
      // with method PRACK."
      in{calling, pracked}.on(received_reliable).does(send_prack)
                                           .rfc("RFC 3262 4").then(prack_due),
      in{prack_due}.on(received_reliable).does(send_prack)
                                           .rfc("RFC 3262 4").then(two_pracks_due),
      in{prack_due}.on(sent_prack)         .rfc("RFC 3262 4").then(pracked),
      in{two_pracks_due}.on(sent_prack)    .rfc("RFC 3262 4").then(prack_due),
      in{success_prack_due}.on(sent_prack) .rfc("RFC 3262 4").then(idle),
      in{success_two_pracks_due}.on(sent_prack)
                                           .rfc("RFC 3262 4").then(success_prack_due),
      in{prack_late}.on(sent_prack)        .rfc("RFC 3262 4").stay(),
      // RFC 3261 8.1.3.5: "If a 401 (Unauthorized) or 407 (Proxy Authentication Required) response is
      // received, the UAC SHOULD follow the authorization procedures [...] to retry the request with
      // credentials." RFC 6337 2.3: "there is a possibility for UAC to receive a 488 response for an
      // PRACK request. In that case, UAC may send again a PRACK request without an offer".
      in{pracked}.on(received_prack_failure)
                                           .rfc("RFC 3261 8.1.3.5").then(prack_due),
      in{prack_due}.on(received_prack_failure)
                                           .rfc("RFC 3261 8.1.3.5").then(two_pracks_due),
      in{idle}.on(received_prack_failure)  .rfc("RFC 3261 8.1.3.5").then(success_prack_due),
      in{success_prack_due}.on(received_prack_failure)
                                           .rfc("RFC 3261 8.1.3.5").then(success_two_pracks_due),
      in{two_pracks_due, success_two_pracks_due, prack_late}.on(received_prack_failure)
                                           .rfc("RFC 3261 8.1.3.5").stay(),
      // "[...] if the UAC receives another reliable provisional response to the same request, and
      // its RSeq value is not one higher than the value of the sequence number, that response MUST
      // NOT be acknowledged with a PRACK, and MUST NOT be processed further by the UAC."
      in{prack_due, two_pracks_due, pracked, success_prack_due, success_two_pracks_due, prack_late}
          .on(sent_stray_prack)
          .refused("PRACK for a provisional response that is not the next in order, or was "
                   "acknowledged: MUST NOT be acknowledged", "RFC 3262 4"),
      in{pracked}.on(sent_prack)
          .refused("a second PRACK for one reliable provisional response", "RFC 3262 4"),
      // Due since the INVITE before the last, which was ours (choice 4), or to a response that came
      // after the final one: "The UAC MAY acknowledge" it.
      in{idle, invited_without_100rel, invited, first_unacknowledged, first_unacknowledged_sdp,
         acknowledged, unacknowledged, unacknowledged_sdp, two_unacknowledged,
         two_unacknowledged_sdp, success_sent, success_sent_two, over}
          .on(sent_prack)                  .rfc("RFC 3262 4").stay(),
      in{idle, invited_without_100rel, invited, first_unacknowledged, first_unacknowledged_sdp,
         acknowledged, unacknowledged, unacknowledged_sdp, two_unacknowledged,
         two_unacknowledged_sdp, success_sent, success_sent_two, over}
          .on(sent_stray_prack)
          .refused("PRACK for a provisional response that was not reliable, or was acknowledged",
                   "RFC 3262 4"),
      in{calling_without_100rel, calling}
          .on(sent_prack, sent_stray_prack)
          .refused("PRACK without a reliable 1xx to our last INVITE", "RFC 3262 4"),
      in{calling_without_100rel}
          .on(received_reliable, received_reliable_again, received_reliable_gap)
          .does(ignore_response)
          .peer_violation("a reliable provisional response to an INVITE that does not support "
                          "100rel", "RFC 3262 3").stay(),
      in{calling, prack_due, two_pracks_due, pracked}.on(received_reliable_gap)
          .does(ignore_response)           .race("RFC 3262 4").stay(),
      // "Once a reliable provisional response is received, retransmissions of that response MUST be
      // discarded."
      in{calling, prack_due, two_pracks_due, pracked}.on(received_reliable_again)
          .does(ignore_response)           .rfc("RFC 3262 4").stay(),
      in{two_pracks_due}.on(received_reliable).does(ignore_response)
                                           .race("RFC 3262 4").stay(),
      // "The UAC MAY acknowledge reliable provisional responses received after the final response
      // or MAY discard them."
      in{idle, success_prack_due, success_two_pracks_due, prack_late}
          .on(received_reliable, received_reliable_again, received_reliable_gap)
          .does(ignore_response)           .race("RFC 3262 4").stay(),
      in{calling_without_100rel, calling, pracked}.on(received_success, received_failure)
                                           .rfc("RFC 3262 4").then(idle),
      in{prack_due}.on(received_success)   .rfc("RFC 3262 4").then(success_prack_due),
      in{two_pracks_due}.on(received_success)
                                           .rfc("RFC 3262 4").then(success_two_pracks_due),
      in{prack_due, two_pracks_due}.on(received_failure)
                                           .rfc("RFC 3262 4").then(prack_late),

      // The end of the session leaves a pending INVITE to its final response (RFC 3261 15.1.2).
      in{success_sent, success_sent_two}.on(sent_end, received_end)
                                           .rfc("RFC 3261 15").then(over),
      // No PRACK may be sent in a dialog that has ended.
      in{calling_without_100rel, calling, prack_due, two_pracks_due, pracked, success_prack_due,
         success_two_pracks_due}.on(sent_end, received_end)
                                           .rfc("RFC 3261 15").then(prack_late),
      in{idle, invited_without_100rel, invited, first_unacknowledged, first_unacknowledged_sdp,
         acknowledged, unacknowledged, unacknowledged_sdp, two_unacknowledged,
         two_unacknowledged_sdp, over, prack_late}.on(sent_end, received_end)
                                           .rfc("RFC 3261 15").stay(),

      in{invited_without_100rel, invited, first_unacknowledged, first_unacknowledged_sdp,
         acknowledged, unacknowledged, unacknowledged_sdp, two_unacknowledged,
         two_unacknowledged_sdp, calling_without_100rel, calling, prack_due, two_pracks_due,
         pracked}
          .on(received_invite, received_invite_100rel)
                                 .ignored("while an INVITE is pending, another gets no 1xx of ours"),
      in{invited_without_100rel, invited, first_unacknowledged, first_unacknowledged_sdp,
         acknowledged, unacknowledged, unacknowledged_sdp, two_unacknowledged,
         two_unacknowledged_sdp, success_sent, success_sent_two, over, calling_without_100rel,
         calling}
          .on(received_prack_failure)
                                 .ignored("no PRACK of ours is pending"),
      in{invited_without_100rel, invited, first_unacknowledged, first_unacknowledged_sdp,
         acknowledged, unacknowledged, unacknowledged_sdp, two_unacknowledged,
         two_unacknowledged_sdp, success_sent, success_sent_two, over}
          .on(received_reliable, received_reliable_again, received_reliable_gap)
                                 .ignored("no INVITE of ours is pending"),
      in{idle, invited_without_100rel, invited, first_unacknowledged, first_unacknowledged_sdp,
         acknowledged, unacknowledged, unacknowledged_sdp, two_unacknowledged,
         two_unacknowledged_sdp, success_sent, success_sent_two, over, success_prack_due,
         success_two_pracks_due, prack_late}.on(received_success, received_failure)
                                 .ignored("no INVITE of ours is pending"),
      in{idle, invited_without_100rel, invited, acknowledged, success_sent, success_sent_two, over,
         calling_without_100rel, calling, prack_due, two_pracks_due, pracked, success_prack_due,
         success_two_pracks_due, prack_late}
          .on(timer_reliable_provisional, timer_reliable_provisional_timeout)
                                 .ignored("runs only while an INVITE awaits its final response and a "
                                          "PRACK is missing"),
  };
  // clang-format on

 private:
  // How many responses back one is remembered: as many as `unacknowledged` has bits.
  static constexpr unsigned window = 16;

  static constexpr bool rejects_prack(call_event const& e) {
    return e.subject == subject::prack &&
           (e.phase == phase::failure || e.phase == phase::challenge);
  }

  static constexpr void forget_pracks(numbering& n) {
    for (auto& p : n.pracks) p = {};
  }

  static constexpr void remember_prack(numbering& n, std::uint32_t cseq, std::uint32_t which) {
    if (n.pracks[0].open) n.pracks[1] = n.pracks[0];
    std::uint8_t back = 0;
    while (which >>= 1) ++back;
    n.pracks[0].cseq = cseq;
    n.pracks[0].back = back;
    n.pracks[0].open = true;
  }

  // Whether a reliable 1xx that we send is one that was sent before: the latest, or an earlier one
  // without its PRACK.
  static constexpr bool repeats(call_message const& m, numbering const& n) {
    std::uint32_t const back = n.last_rseq - m.rseq;
    if (back == 0) return m.event.status == n.last_status;
    return back < window && (n.unacknowledged >> back & 1u) != 0;
  }

  // Which bit of `unacknowledged` the PRACK clears; 0 if none. One that does not say which is for
  // the oldest.
  static constexpr std::uint32_t acknowledges(call_message const& m, numbering const& n) {
    std::uint32_t oldest = n.unacknowledged;
    while (oldest & (oldest - 1)) oldest &= oldest - 1;
    if (m.rack == 0 || n.last_rseq == 0) return oldest;
    std::uint32_t const back = n.last_rseq - m.rack;
    if (m.rack > n.last_rseq || back >= window) return 0;
    return n.unacknowledged & std::uint32_t{1} << back;
  }

  // Whether a response with a session description is unacknowledged yet after the PRACK.
  static constexpr bool leaves_sdp(call_message const& m, numbering const& n) {
    return (n.unacknowledged & n.described & ~acknowledges(m, n)) != 0;
  }

  // "A matching PRACK is defined as one within the same dialog as the response, and whose method,
  // CSeq-num, and response-num in the RAck header field match, respectively, the method from the
  // CSeq, the sequence number from the CSeq, and the sequence number from the RSeq of the reliable
  // provisional response." (RFC 3262 3) We send them in order; on the way they may be reordered.
  static constexpr bool matches(call_message const& m, bool sent, numbering const& n) {
    if (!detail::fits(m.rack_cseq, n.invite_cseq)) return false;
    std::uint32_t const which = acknowledges(m, n);
    return which != 0 && (!sent || n.unacknowledged < which << 1);
  }

  static constexpr phase order(call_message const& m, bool sent, numbering const& n) {
    if (m.again) return phase::reliable_again;
    // A response to an INVITE before the latest: nothing acknowledges it any more.
    if (!detail::fits(m.cseq, n.invite_cseq)) return phase::reliable_again;
    if (m.rseq != 0 && n.last_rseq != 0) {
      if (m.rseq <= n.last_rseq)
        return sent && !repeats(m, n) ? phase::reliable_gap : phase::reliable_again;
      if (m.rseq != n.last_rseq + 1) return phase::reliable_gap;
    }
    // The first has its range; one that the peer gets wrong is still in order.
    if (sent && n.last_rseq == 0 && n.unacknowledged == 0 && m.rseq > 0x7fffffff)
      return phase::reliable_gap;
    if (!sent && (n.unacknowledged & (n.unacknowledged - 1)) != 0) return phase::reliable_gap;
    return phase::reliable;
  }
};

} // namespace ctsip
