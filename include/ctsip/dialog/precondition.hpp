// Preconditions: while the resources that a session description makes mandatory are not there, the
// callee neither alerts its user nor accepts the first INVITE.
// RFC 3312 5-8, RFC 4032. Read dialog/call_event.hpp before it.
#pragma once

#include <cstddef>
#include <cstdint>

#include <ctsip/dialog/call_event.hpp>
#include <ctsip/machine/table.hpp>

namespace ctsip {

/// Definition of the preconditions of a call's first INVITE, seen by one agent.
///
/// Choices, where the RFCs leave one or say two things:
///  1. Whether the preconditions are met is read from the last description that both sides hold:
///     that of an INVITE, a PRACK, a reliable 1xx or a 2xx. The one in an UPDATE is as good as its
///     answer, and counts when the 2xx to it does: an UPDATE that is turned down changes nothing.
///  2. Reservation is not seen by this machine, descriptions are. A callee whose own reservation
///     completes last says so in an UPDATE, or in the response itself if that may carry a
///     description, before it alerts or accepts (RFC 3312 7 asks for it under confirm-status).
///  3. In the middle of a session nothing is suspended: "Both user agents SHOULD continue using the
///     old session parameters until all the mandatory preconditions are met" (RFC 3312 6). A 2xx to
///     a re-INVITE or an UPDATE is therefore never refused.
///  4. Only 180 alerts. A 183 or any other provisional response is legal throughout.
///  5. Descriptions count while the first INVITE is pending, and no others: a PRACK after its
///     failure suspends nothing, nor does a re-INVITE that overtakes our 2xx.
struct precondition {
  static constexpr char const* title = "preconditions";

  enum class state : std::uint8_t {
    unconditional, ///< no mandatory precondition, or no INVITE yet
    suspended,     ///< the last description says that a mandatory precondition is not met
    met,           ///< it says that all are met
    established,   ///< the first INVITE has its 2xx
    ended          ///< the session is over
  };
  enum class symbol : std::uint8_t {
    description_plain, ///< a description without mandatory preconditions, either way
    description_unmet,
    description_met,
    sent_ringing,       ///< 180 without a description, or with one that has no preconditions
    sent_ringing_unmet, ///< 180 whose own description says that they are not met
    sent_ringing_met,   ///< 180 whose own description says that they are
    received_ringing,
    received_ringing_unmet,
    received_ringing_met,
    sent_success, ///< 2xx to the first INVITE, likewise
    sent_success_unmet,
    sent_success_met,
    received_success,
    received_success_unmet,
    received_success_met,
    received_crossing_success, ///< without preconditions, when it may have crossed or overtaken
                               ///< what tells them: a PRACK or UPDATE of ours, or the 2xx to one
    invite_failure,            ///< 300-699, either way, to the first INVITE: 580 and any other
    session_ended              ///< BYE, or a response that ends the INVITE usage (RFC 5057 5.1)
  };
  enum class action : std::uint8_t {
    suspend, ///< reserve resources; no alerting, no media until they are there
    resume   ///< all mandatory preconditions are met: the callee may be alerted
  };
  using enum state;
  using enum symbol;
  using enum action;
  using in = ctsip::in<state, symbol, action>;

  static constexpr symbol commands[] = {sent_ringing, sent_ringing_unmet, sent_ringing_met,
                                        sent_success, sent_success_unmet, sent_success_met};

  static constexpr state at_rest[] = {unconditional, met, established, ended};

  struct facts {
    bool pending : 1 {}; ///< the first INVITE has no final response
    bool crosses : 1 {}; ///< a 2xx to a PRACK or UPDATE had a description
    /// PRACKs and UPDATEs of ours that have one and no final response, as far as it counts.
    std::uint8_t unanswered : 6 {};
  };
  static constexpr unsigned most_unanswered = 63;

  static constexpr void commit(facts& mine, call_message const&, call_event const& e) {
    bool const final = e.phase == phase::success || e.is_failure();
    if (e.subject == subject::invite) {
      if (e.is_request(subject::invite))
        mine = {true, false, 0};
      else if (final)
        mine.pending = false;
    } else if (e.subject == subject::prack || e.subject == subject::update) {
      bool const described = has_sdp(e.content);
      if (e.phase == phase::success && described) mine.crosses = true;
      if (e.is_sent() && e.is_request(e.subject) && described)
        mine.unanswered = (mine.unanswered + (mine.unanswered < most_unanswered)) & most_unanswered;
      else if (e.is_received() && final)
        mine.unanswered = (mine.unanswered - (mine.unanswered > 0)) & most_unanswered;
    }
  }

  /// The symbol as far as it can be told without the status code: no provisional response alerts.
  static constexpr symbol project(call_event const& e) { return symbol_of(e, false); }

  /// The symbol of a message: 180 and 183 differ.
  static constexpr symbol correct(symbol plain, call_message const& m, call_event const& e,
                                  facts const& mine) {
    if (m.event.status == 180 && e.subject == subject::invite) plain = symbol_of(e, true);
    if (plain == received_success && (mine.crosses || mine.unanswered != 0))
      return received_crossing_success;
    bool const of_invite = plain <= description_met || plain == invite_failure;
    return !of_invite || mine.pending || e.is_request(subject::invite) ? plain : outside<symbol>;
  }
  /// The same without the symbol at hand.
  static constexpr symbol classify(call_message const& m, call_event const& e, facts const& mine) {
    return correct(project(e), m, e, mine);
  }

  // clang-format off
  static constexpr in::row rows[] = {
      // "Mandatory: the user agents MUST provide resource reservation. Otherwise, session
      // establishment MUST NOT continue."
      in{unconditional, met}.on(description_unmet).does(suspend)
                                             .rfc("RFC 3312 6").then(suspended),
      in{suspended}.on(description_unmet)    .rfc("RFC 3312 6").stay(),
      // "When the preconditions of all the media lines of the session are met, session establishment
      // SHOULD resume."
      in{suspended}.on(description_met).does(resume)
                                             .rfc("RFC 3312 6").then(met),
      in{unconditional}.on(description_met)  .rfc("RFC 3312 6").then(met),
      in{met}.on(description_met)            .rfc("RFC 3312 6").stay(),
      // RFC 4032 4.2: "If the new desired status is lower that the previous one (i.e., mandatory to
      // optional), the UA [...] may downgrade its desired status only in an offer".
      // RFC 3312 11: "The lack of preconditions in the answer would indicate that the answerer did
      // not support this extension."
      in{suspended}.on(description_plain).does(resume)
                                             .rfc("RFC 4032 4.2").then(unconditional),
      in{met}.on(description_plain)          .rfc("RFC 4032 4.2").then(unconditional),
      in{unconditional}.on(description_plain).rfc("RFC 3312 5").stay(),

      // "A user agent server that receives an offer with preconditions SHOULD NOT alert the user
      // until all the mandatory preconditions are met; session establishment is suspended until that
      // moment".
      in{suspended}.on(sent_ringing)
          .waits("180 before the mandatory preconditions are met: the callee SHOULD NOT be alerted",
                 "RFC 3312 6"),
      // "a 180 (Ringing) response with preconditions will never be sent, since the user agent server
      // cannot alert the user until all the preconditions are met."
      in{unconditional, suspended, met}.on(sent_ringing_unmet)
          .refused("180 whose own description says that mandatory preconditions are not met: the "
                   "callee SHOULD NOT be alerted", "RFC 3312 6"),
      in{unconditional, met}.on(sent_ringing).rfc("RFC 3312 6").stay(),
      in{unconditional, suspended, met}.on(sent_ringing_met)
                                             .rfc("RFC 3312 6").then(met),

      // 5.1: "Otherwise, session establishment MUST NOT continue."
      in{suspended}.on(sent_success)
          .waits("2xx to the INVITE before the mandatory preconditions are met", "RFC 3312 5.1"),
      in{unconditional, suspended, met}.on(sent_success_unmet)
          .refused("2xx to the INVITE whose own description says that mandatory preconditions are "
                   "not met", "RFC 3312 5.1"),
      in{unconditional, met}.on(sent_success)
                                             .rfc("RFC 3312 6").then(established),
      // A callee that can meet them all by itself says so in its answer.
      in{unconditional, suspended, met}.on(sent_success_met)
                                             .rfc("RFC 3312 6").then(established),

      // What says that they are met may have been lost, an unreliable 180, or overtaken, the 2xx to
      // a PRACK or UPDATE.
      in{suspended}.on(received_ringing)     .race("RFC 3312 6").stay(),
      in{unconditional, suspended, met}.on(received_ringing_unmet).does(suspend)
          .peer_violation("180 whose own description says that mandatory preconditions are not met: "
                          "the callee SHOULD NOT be alerted", "RFC 3312 6").then(suspended),
      in{unconditional, met}.on(received_ringing)
                                             .rfc("RFC 3312 6").stay(),
      in{unconditional, met}.on(received_ringing_met)
                                             .rfc("RFC 3312 6").then(met),
      in{suspended}.on(received_ringing_met).does(resume)
                                             .rfc("RFC 3312 6").then(met),
      in{suspended}.on(received_success)
          .peer_violation("2xx to the INVITE before the mandatory preconditions are met",
                          "RFC 3312 5.1").then(established),
      in{suspended}.on(received_crossing_success)
                                             .race("RFC 3312 6").then(established),
      in{unconditional, suspended, met}.on(received_success_unmet)
          .peer_violation("2xx to the INVITE whose own description says that mandatory preconditions "
                          "are not met", "RFC 3312 5.1").then(established),
      in{unconditional, met}.on(received_success, received_crossing_success)
                                             .rfc("RFC 3312 6").then(established),
      in{unconditional, met}.on(received_success_met)
                                             .rfc("RFC 3312 6").then(established),
      in{suspended}.on(received_success_met).does(resume)
                                             .rfc("RFC 3312 6").then(established),

      // 8: "it SHOULD reject the offer by returning a 580 (Precondition-Failure) response." That,
      // as any other failure, leaves the next INVITE to begin afresh.
      in{unconditional, suspended, met}.on(invite_failure)
                                             .rfc("RFC 3312 8").then(unconditional),
      // So does that of an INVITE whose early dialog a BYE has ended (RFC 3261 15.1.2: 487).
      in{ended}.on(invite_failure)           .rfc("RFC 3261 15.1.2").then(unconditional),
      in{unconditional, suspended, met, established}.on(session_ended)
                                             .rfc("RFC 3261 15").then(ended),

      in{established}.on(description_plain, description_unmet, description_met)
          .ignored("the old session parameters are used until the preconditions are met"),
      in{established, ended}.on(sent_ringing, sent_ringing_unmet, sent_ringing_met, sent_success,
                                sent_success_unmet, sent_success_met)
                                             .rfc("RFC 3261 13.3.1").stay(),
      in{established}.on(received_ringing, received_ringing_unmet, received_ringing_met,
                         received_success, received_success_unmet, received_success_met,
                         received_crossing_success, invite_failure)
          .ignored("the INVITE has its 2xx"),
      in{ended}.on(description_plain, description_unmet, description_met, received_ringing,
                   received_ringing_unmet, received_ringing_met, received_success,
                   received_success_unmet, received_success_met, received_crossing_success,
                   session_ended)
          .ignored("the session is over"),
  };
  // clang-format on

 private:
  // One symbol of three, by what the description says.
  static constexpr symbol by_content(content c, symbol plain, symbol unmet_one, symbol met_one) {
    return c == content::sdp_unmet ? unmet_one : c == content::sdp_met ? met_one : plain;
  }

  static constexpr symbol symbol_of(call_event const& e, bool is_180) {
    if (e.ends_session()) return session_ended;
    if (e.is_failure()) return e.subject == subject::invite ? invite_failure : outside<symbol>;
    if (e.content == content::unspecified) return outside<symbol>;
    bool const provisional = e.phase == phase::provisional || e.phase == phase::reliable;
    if (e.subject == subject::invite) {
      if (provisional && is_180)
        return e.is_sent()
                   ? by_content(e.content, sent_ringing, sent_ringing_unmet, sent_ringing_met)
                   : by_content(e.content, received_ringing, received_ringing_unmet,
                                received_ringing_met);
      if (e.phase == phase::success)
        return e.is_sent()
                   ? by_content(e.content, sent_success, sent_success_unmet, sent_success_met)
                   : by_content(e.content, received_success, received_success_unmet,
                                received_success_met);
    }
    bool const held =
        e.subject == subject::invite  ? e.is_request(e.subject) || e.phase == phase::reliable
        : e.subject == subject::prack ? e.is_request(e.subject) || e.phase == phase::success
                                      : e.subject == subject::update && e.phase == phase::success;
    return held && has_sdp(e.content)
               ? by_content(e.content, description_plain, description_unmet, description_met)
               : outside<symbol>;
  }
};

} // namespace ctsip
