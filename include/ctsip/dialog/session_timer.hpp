// The session timer: for how long a session lives without a refresh, who refreshes it, and what an
// INVITE, an UPDATE and their responses may say of that. RFC 4028.
// Read machine/table.hpp and call_event.hpp before it, and have RFC 4028 7, 9 and 10 beside it.
#pragma once

#include <cstddef>
#include <cstdint>

#include <ctsip/dialog/call_event.hpp>
#include <ctsip/machine/table.hpp>

namespace ctsip {

/// Definition of the session timer as one side of a call sees it.
///
/// Choices, where the RFC leaves one:
///  1. A number that a message does not have is not judged, and neither is a 422 without Min-SE.
///     After a 422, however, a request that has Session-Expires and no Min-SE is one without the
///     Min-SE that 7.4 demands; if the 422 said its Min-SE, then so is every request without one.
///     A Min-SE that only the peer's requests have told is demanded of requests that take part in
///     the session timer: those that support it or carry one of its header fields.
///  2. A 2xx whose Session-Expires names no refresher, although it must, means the refresher that
///     the request names, or else the UAC if it supports the timer.
///  3. A 2xx without Session-Expires turns the timer off (7.2). A UAC that asked for one may
///     refresh for its own benefit alone; `may_refresh_alone` says so, and the rest is its own
///     affair.
///  4. A 2xx received that breaks Table 2 is followed all the same: "The UAC MUST set the identity
///     of the refresher to the value of this parameter" (7.2).
///  5. A Session-Expires below 90 seconds in a request is only answered with 422 if its UAC
///     supports the timer: otherwise that "would result in a call failure" (8.1).
///  6. The refresher does not end the session itself when its refresh is not answered with a 2xx,
///     save for a 408 or 481: it is to "follow the rules specific to that response code" (10), and
///     the other side's timer runs.
///  7. Of requests that are pending at a time only the latest is remembered. A 2xx to one before it
///     (by its CSeq number, of which the last digits are kept) is followed, not judged.
struct session_timer {
  static constexpr char const* title = "session timer";

  enum class state : std::uint8_t {
    off,        ///< no session expiration
    refreshing, ///< we perform the refreshes
    expecting,  ///< the peer performs the refreshes
    ended       ///< the session is over
  };
  enum class symbol : std::uint8_t {
    sent_success_uas,  ///< 2xx to the peer's request: we refresh
    sent_success_uac,  ///< 2xx to the peer's request: the peer refreshes
    sent_success_off,  ///< 2xx to the peer's request, without Session-Expires
    sent_call_failure, ///< 300-699 to the first INVITE
    sent_end,          ///< a BYE, or a response that ends the session
    // Commands that no state allows.
    sent_below_90,                ///< Session-Expires or Min-SE of less than 90 seconds
    sent_misplaced_header,        ///< Session-Expires or Min-SE where it does not belong
    sent_without_min_se,          ///< a request without the Min-SE that was told
    sent_min_se_too_low,          ///< a request with a Min-SE below the one that was told
    sent_interval_below_min_se,   ///< a request with a Session-Expires below Min-SE
    sent_refresher_without_timer, ///< a request with a refresher but without support
    sent_success_overriding,      ///< 2xx with the refresher that the UAC did not choose
    sent_success_naming_uac,      ///< 2xx that makes a UAC refresh that does not support it
    sent_success_longer,          ///< 2xx with a longer Session-Expires than the request's
    sent_success_below_min_se,    ///< 2xx with a Session-Expires below the request's Min-SE
    sent_422_without_timer,       ///< 422 to a UAC that does not support the timer
    sent_422_not_too_small,       ///< 422 to a Session-Expires that is not below its Min-SE
    // What the peer does.
    received_interval_too_small, ///< a request with a Session-Expires below our own minimum
    received_interval_below_90,  ///< a request with a Session-Expires below 90 seconds
    received_success_uac,        ///< 2xx to our request: we refresh
    received_success_uas,        ///< 2xx to our request: the peer refreshes
    received_success_off,        ///< 2xx to our request, without Session-Expires
    received_success_unanswered, ///< the same, though our request had one
    received_wrong_success_uac,  ///< 2xx that we may not be given: we refresh
    received_wrong_success_uas,  ///< 2xx that we may not be given: the peer refreshes
    received_call_failure,       ///< 300-699 to the first INVITE
    received_call_422,           ///< 422 to the first INVITE
    received_422,                ///< 422 to a re-INVITE or UPDATE
    received_refresh_lost,       ///< 408 or 481 to a re-INVITE or UPDATE
    received_end,                ///< a BYE, or a response that ends the session
    timer_session_refresh,
    timer_session_expiration
  };
  enum class action : std::uint8_t {
    send_refresh,      ///< a re-INVITE or, better, an UPDATE without an offer (7.4)
    send_bye,          ///< the session was not refreshed
    answer_422,        ///< the request may be answered 422 with our Min-SE
    retry_with_min_se, ///< the request may be made again with the Min-SE that was told
    may_refresh_alone  ///< no timer was agreed on; we may refresh for our own benefit
  };
  using enum state;
  using enum symbol;
  using enum action;
  using in = ctsip::in<state, symbol, action>;

  static constexpr symbol commands[] = {sent_success_uas,
                                        sent_success_uac,
                                        sent_success_off,
                                        sent_call_failure,
                                        sent_end,
                                        sent_below_90,
                                        sent_misplaced_header,
                                        sent_without_min_se,
                                        sent_min_se_too_low,
                                        sent_interval_below_min_se,
                                        sent_refresher_without_timer,
                                        sent_success_overriding,
                                        sent_success_naming_uac,
                                        sent_success_longer,
                                        sent_success_below_min_se,
                                        sent_422_without_timer,
                                        sent_422_not_too_small};

  /// "The absolute minimum for the Session-Expires header field is 90 seconds." (4)
  static constexpr std::uint32_t least_interval = 90;

  /// The most seconds that a request is remembered with, more than 24 days; what says more is taken
  /// for this.
  static constexpr std::uint32_t most_seconds = (std::uint32_t{1} << 21) - 1;

  /// What a request said that is not finally answered.
  struct [[gnu::packed]] request {
    std::uint32_t session_expires : 21 {};
    std::uint32_t refresher : 2 {}; ///< a ctsip::refresher
    std::uint32_t supports_timer : 1 {};
    std::uint32_t min_se : 21 {};
    std::uint32_t cseq : 3 {}; ///< the last three bits of its CSeq number
  };
  /// Min-SE values that were told: the largest of them, and whether a 422 was among them.
  struct [[gnu::packed]] minimum {
    std::uint32_t min_se : 21 {};
    std::uint32_t by_422 : 1 {};
  };
  struct facts {
    request ours[2]{};    ///< our INVITE or re-INVITE, and our UPDATE
    request theirs[2]{};  ///< the peer's
    minimum for_call{};   ///< by 422s to the first INVITE (7.4: "with the same Call-ID")
    minimum for_dialog{}; ///< by 422s and the peer's requests within the dialog
    std::uint32_t own_min_se : 31 {90}; ///< our own minimum, as the 422s that we sent said it
    std::uint32_t is_confirmed : 1 {};  ///< the first INVITE has had a 2xx
    std::uint32_t interval{};           ///< seconds of the session interval in force, 0 for none
  };

  /// How long the two timers run: "It is RECOMMENDED that this refresh be sent once half the
  /// session interval has elapsed" (7.2), and the BYE of the other side "slightly before the
  /// session expiration. The minimum of 32 seconds and one third of the session interval is
  /// RECOMMENDED." (10)
  static constexpr milliseconds wait(timer t, facts const& mine) {
    std::int64_t const interval = std::int64_t{mine.interval} * 1000;
    if (interval == 0) return milliseconds::never();
    if (t == timer::session_refresh) return {interval / 2};
    if (t == timer::session_expiration)
      return {interval - (interval / 3 < 32'000 ? interval / 3 : 32'000)};
    return milliseconds::never();
  }

  /// The symbol as far as it can be told without numbers: no message has any.
  static constexpr symbol project(call_event const& e) {
    if (e.phase == phase::timer)
      return e.timer == timer::session_refresh      ? timer_session_refresh
             : e.timer == timer::session_expiration ? timer_session_expiration
                                                    : outside<symbol>;
    if (e.way == direction::none) return outside<symbol>;
    bool const out = e.way == direction::sent;
    if (e.phase == phase::ends_usage && refreshes(e.subject) && !out) return received_refresh_lost;
    if (e.ends_session()) return out ? sent_end : received_end;
    if (!refreshes(e.subject)) return outside<symbol>;
    if (e.phase == phase::success) return out ? sent_success_off : received_success_off;
    if (!out && e.phase == phase::interval_too_small)
      return e.subject == subject::invite ? received_call_422 : received_422;
    if (e.subject == subject::invite && e.is_failure())
      return out ? sent_call_failure : received_call_failure;
    return outside<symbol>;
  }

  /// The symbol, by the numbers of the message and of what came before it.
  static constexpr symbol correct(symbol plain, call_message const& m, call_event const& e,
                                  facts const& mine) {
    if (e.way == direction::none) return plain;
    bool const may_refresh = refreshes(e.subject);
    bool const is_request = e.is_request(e.subject);
    if ((m.session_expires | m.min_se) != 0 && e.is_sent()) {
      if (m.session_expires != 0 && !(may_refresh && (is_request || is_success(e))))
        return sent_misplaced_header;
      if (m.min_se != 0 && !(may_refresh && (is_request || e.phase == phase::interval_too_small)))
        return sent_misplaced_header;
      if (below_90(m.session_expires) || below_90(m.min_se)) return sent_below_90;
    }
    if (!may_refresh) return plain;
    if (is_request) return e.is_sent() ? of_sent_request(m, e, mine) : of_received_request(m, mine);
    // Of other responses the numbers say nothing.
    if (plain == outside<symbol> && e.phase != phase::interval_too_small) return plain;
    // A dialog that is confirmed does not go with another INVITE that fails.
    if (mine.is_confirmed && e.subject == subject::invite && e.is_failure()) return outside<symbol>;
    request const& r = (e.is_sent() ? mine.theirs : mine.ours)[index(e)];
    if (e.phase == phase::success && m.session_expires != 0)
      return e.is_sent() ? of_sent_success(m, r) : of_received_success(m, r);
    if (e.phase == phase::success && !e.is_sent() && r.session_expires != 0 && answers(m, r))
      return received_success_unanswered;
    if (e.phase == phase::interval_too_small && e.is_sent() && answers(m, r)) {
      if (r.session_expires != 0 && !r.supports_timer) return sent_422_without_timer;
      if (r.session_expires != 0 && m.min_se != 0 && r.session_expires >= seconds(m.min_se))
        return sent_422_not_too_small;
    }
    // Only these two have the UAC end the session with a BYE (RFC 3261 12.2.1.2).
    if (plain == received_refresh_lost && m.event.status != 408 && m.event.status != 481)
      return received_end;
    return plain;
  }
  /// The same without the symbol at hand.
  static constexpr symbol classify(call_message const& m, call_event const& e, facts const& mine) {
    return correct(project(e), m, e, mine);
  }

  static constexpr void commit(facts& mine, call_message const& m, call_event const& e) {
    if (!refreshes(e.subject) || e.way == direction::none) return;
    if (e.is_request(e.subject)) {
      request& r = (e.is_sent() ? mine.ours : mine.theirs)[index(e)];
      r.session_expires = seconds(m.session_expires);
      r.min_se = seconds(m.min_se);
      r.refresher = static_cast<std::uint32_t>(m.refresher) & 3;
      r.supports_timer = m.supports_timer;
      r.cseq = m.cseq & last_digits;
      if (e.is_received()) tell(mine.for_dialog, m.min_se);
    } else if (e.phase == phase::success) {
      // Whoever does not support the timer has no session expiration.
      request const& r = mine.ours[index(e)];
      bool const takes_part = e.is_sent() || r.supports_timer || !answers(m, r);
      mine.interval = takes_part ? m.session_expires : 0;
    } else if (e.phase == phase::interval_too_small) {
      if (e.is_sent()) {
        if (seconds(m.min_se) > mine.own_min_se) mine.own_min_se = seconds(m.min_se);
      } else {
        minimum& told = e.subject == subject::invite ? mine.for_call : mine.for_dialog;
        tell(told, m.min_se);
        told.by_422 = true;
      }
    }
    if (e.subject != subject::invite) return;
    if (is_success(e)) mine.is_confirmed = true;
    // With its first INVITE an early dialog ends; what was told within it does not bind the next.
    if (e.is_failure() && !mine.is_confirmed) {
      mine.for_dialog = {};
      mine.interval = 0;
    }
  }

  static constexpr state at_rest[] = {off, refreshing, expecting, ended};

  // clang-format off
  static constexpr in::row rows[] = {
      // 7.2: "If the parameter contains the value 'uac', the UAC will perform them." "It is
      // RECOMMENDED that this refresh be sent once half the session interval has elapsed."
      // 9: "The session interval is set to the value of the delta-time from the Session-Expires
      // header field in the most recent 2xx response to a session refresh request on that dialog."
      in{off}.on(received_success_uac, sent_success_uas).starts(timer::session_refresh)
                                           .rfc("RFC 4028 7.2, 9").then(refreshing),
      in{refreshing}.on(received_success_uac, sent_success_uas).starts(timer::session_refresh)
                                           .rfc("RFC 4028 7.2, 9").stay(),
      in{expecting}.on(received_success_uac, sent_success_uas)
                   .stops(timer::session_expiration).starts(timer::session_refresh)
                                           .rfc("RFC 4028 7.2, 9").then(refreshing),
      in{off}.on(received_success_uas, sent_success_uac).starts(timer::session_expiration)
                                           .rfc("RFC 4028 7.2, 9").then(expecting),
      in{expecting}.on(received_success_uas, sent_success_uac).starts(timer::session_expiration)
                                           .rfc("RFC 4028 7.2, 9").stay(),
      in{refreshing}.on(received_success_uas, sent_success_uac)
                    .stops(timer::session_refresh).starts(timer::session_expiration)
                                           .rfc("RFC 4028 7.2, 9").then(expecting),
      // 9: "The UAS MUST NOT increase the value of the Session-Expires header field"; "the UAS
      // cannot override the UAC's choice of refresher, if it made one."
      in{off}.on(received_wrong_success_uac).starts(timer::session_refresh)
          .peer_violation("a 2xx with another refresher or session interval than the request allows",
                          "RFC 4028 9")              .then(refreshing),
      in{refreshing}.on(received_wrong_success_uac).starts(timer::session_refresh)
          .peer_violation("a 2xx with another refresher or session interval than the request allows",
                          "RFC 4028 9")              .stay(),
      in{expecting}.on(received_wrong_success_uac)
                   .stops(timer::session_expiration).starts(timer::session_refresh)
          .peer_violation("a 2xx with another refresher or session interval than the request allows",
                          "RFC 4028 9")              .then(refreshing),
      in{off}.on(received_wrong_success_uas).starts(timer::session_expiration)
          .peer_violation("a 2xx with another refresher or session interval than the request allows",
                          "RFC 4028 9")              .then(expecting),
      in{expecting}.on(received_wrong_success_uas).starts(timer::session_expiration)
          .peer_violation("a 2xx with another refresher or session interval than the request allows",
                          "RFC 4028 9")              .stay(),
      in{refreshing}.on(received_wrong_success_uas)
                    .stops(timer::session_refresh).starts(timer::session_expiration)
          .peer_violation("a 2xx with another refresher or session interval than the request allows",
                          "RFC 4028 9")              .then(expecting),

      // 7.2: "If the 2xx response did not contain a Session-Expires header field, there is no
      // session expiration. In this case, no refreshes need to be sent. […] This means that the
      // session timer can be 'turned-off' in mid dialog".
      in{off}.on(received_success_off, sent_success_off)
                                           .rfc("RFC 4028 7.2, 9").stay(),
      in{refreshing}.on(received_success_off, sent_success_off).stops(timer::session_refresh)
                                           .rfc("RFC 4028 7.2, 9").then(off),
      in{expecting}.on(received_success_off, sent_success_off).stops(timer::session_expiration)
                                           .rfc("RFC 4028 7.2, 9").then(off),
      // 7.2: "if the UAC still wishes to use the session timer (which is purely for its benefit
      // alone), it has to perform them."
      in{off}.on(received_success_unanswered).does(may_refresh_alone)
                                           .rfc("RFC 4028 7.2").stay(),
      in{refreshing}.on(received_success_unanswered).does(may_refresh_alone)
                    .stops(timer::session_refresh)
                                           .rfc("RFC 4028 7.2").then(off),
      in{expecting}.on(received_success_unanswered).does(may_refresh_alone)
                   .stops(timer::session_expiration)
                                           .rfc("RFC 4028 7.2").then(off),

      // 10: "The side generating a refresh does so according to the UAC procedures defined in
      // Section 7."
      in{refreshing}.on(timer_session_refresh).does(send_refresh)
                                           .rfc("RFC 4028 10").stay(),
      // 10: "if the side not performing refreshes does not receive a session refresh request before
      // the session expiration, it SHOULD send a BYE to terminate the session".
      in{expecting}.on(timer_session_expiration).does(send_bye)
                                           .rfc("RFC 4028 10").stay(),
      // 10: "If the session refresh request transaction times out or generates a 408 or 481
      // response, then the UAC sends a BYE request as per Section 12.2.1.2 of RFC 3261".
      in{refreshing}.on(received_refresh_lost).does(send_bye).stops(timer::session_refresh)
                                           .rfc("RFC 4028 10").then(ended),
      in{expecting}.on(received_refresh_lost).does(send_bye).stops(timer::session_expiration)
                                           .rfc("RFC 4028 10").then(ended),
      // Without a session interval that is a request like any other.
      in{off}.on(received_refresh_lost)    .rfc("RFC 3261 12.2.1.2").then(ended),

      // 7.3: "If the response to a session refresh request is a 422 (Session Interval Too Small)
      // response message, then the UAC MAY retry the request." 10: "only a 2xx response to a session
      // refresh request extends the session expiration."
      in{off, refreshing, expecting}.on(received_422).does(retry_with_min_se)
                                           .rfc("RFC 4028 7.3").stay(),
      // An early dialog, in which an UPDATE may have agreed on an interval, ends with its INVITE.
      in{off}.on(received_call_422).does(retry_with_min_se)
                                           .rfc("RFC 4028 7.3").stay(),
      in{refreshing}.on(received_call_422).does(retry_with_min_se).stops(timer::session_refresh)
                                           .rfc("RFC 4028 7.3").then(off),
      in{expecting}.on(received_call_422).does(retry_with_min_se).stops(timer::session_expiration)
                                           .rfc("RFC 4028 7.3").then(off),
      in{off}.on(received_call_failure, sent_call_failure)
                                           .rfc("RFC 3261 12.3").stay(),
      in{refreshing}.on(received_call_failure, sent_call_failure).stops(timer::session_refresh)
                                           .rfc("RFC 3261 12.3").then(off),
      in{expecting}.on(received_call_failure, sent_call_failure).stops(timer::session_expiration)
                                           .rfc("RFC 3261 12.3").then(off),
      // The end of the INVITE whose early dialog a BYE has ended: another may follow.
      in{ended}.on(received_call_failure, received_call_422, sent_call_failure)
                                           .rfc("RFC 3261 15.1.2").then(off),

      // 9: "the UAS MAY reject the INVITE request with a 422 (Session Interval Too Small) response
      // if the session interval in the Session-Expires header field is smaller than the minimum
      // interval defined by the UAS' local policy."
      in{off, refreshing, expecting}.on(received_interval_too_small).does(answer_422)
                                           .rfc("RFC 4028 9").stay(),
      in{off, refreshing, expecting}.on(received_interval_below_90).does(answer_422)
          .peer_violation("a Session-Expires below 90 seconds", "RFC 4028 4").stay(),

      in{off}.on(sent_end, received_end)   .rfc("RFC 3261 15").then(ended),
      in{refreshing}.on(sent_end, received_end).stops(timer::session_refresh)
                                           .rfc("RFC 3261 15").then(ended),
      in{expecting}.on(sent_end, received_end).stops(timer::session_expiration)
                                           .rfc("RFC 3261 15").then(ended),

      // 4: "The absolute minimum for the Session-Expires header field is 90 seconds." 5: "When
      // present in a request or response, its value MUST NOT be less than 90 seconds."
      in{off, refreshing, expecting}.on(sent_below_90)
          .refused("a Session-Expires or Min-SE below 90 seconds", "RFC 4028 4, 5"),
      // 4: "It is placed only in INVITE or UPDATE requests, as well as in any 2xx response to an
      // INVITE or UPDATE." 5: "The Min-SE header field MUST NOT be used in responses except for
      // those with a 422 response code."
      in{off, refreshing, expecting}.on(sent_misplaced_header)
          .refused("Session-Expires or Min-SE in a message that cannot have it", "RFC 4028 4, 5"),
      // 7.4: "The UAC MUST insert the Min-SE header field into a session refresh request for a
      // particular dialog if it has ever received a 422 response to a previous session refresh
      // request on the same dialog, or if it has received a session refresh request on that dialog
      // that contained a Min-SE header field. Similarly, if no dialog has been established yet, a
      // UAC MUST insert the Min-SE header field into an INVITE request if it has ever received a 422
      // response to a previous INVITE request with the same Call-ID."
      in{off, refreshing, expecting}.on(sent_without_min_se)
          .refused("a session refresh request without Min-SE after a 422, or after a request of the "
                   "peer with Min-SE", "RFC 4028 7.4"),
      // 7.4: "The value of the Min-SE header field present in a session refresh request MUST be the
      // largest value among all Min-SE header field values returned in all 422 responses or received
      // in session refresh requests".
      in{off, refreshing, expecting}.on(sent_min_se_too_low)
          .refused("a session refresh request with a Min-SE below the largest that was received",
                   "RFC 4028 7.4"),
      // 7.1: "If a Min-SE header is included in the initial session refresh request, the value of
      // the Session-Expires MUST be greater than or equal to the value in Min-SE."
      in{off, refreshing, expecting}.on(sent_interval_below_min_se)
          .refused("a session refresh request with a Session-Expires below Min-SE",
                   "RFC 4028 7.1, 7.4"),
      // Table 2: "A value of 'NA' in the third column means that this particular combination
      // shouldn't happen, as it is disallowed by the protocol."
      in{off, refreshing, expecting}.on(sent_refresher_without_timer)
          .refused("a refresher parameter in a request that does not support the session timer",
                   "RFC 4028 9, Table 2"),
      in{off, refreshing, expecting}.on(sent_success_overriding)
          .refused("a 2xx that overrides the UAC's choice of refresher", "RFC 4028 9, Table 2"),
      in{off, refreshing, expecting}.on(sent_success_naming_uac)
          .refused("a 2xx with refresher=uac to a UAC that does not support the session timer",
                   "RFC 4028 9, Table 2"),
      in{off, refreshing, expecting}.on(sent_success_longer)
          .refused("a 2xx with a longer Session-Expires than the request's", "RFC 4028 9"),
      // 9: "MUST NOT set it to a duration lower than the value in the Min-SE header field in the
      // request, if it is present".
      in{off, refreshing, expecting}.on(sent_success_below_min_se)
          .refused("a 2xx with a Session-Expires below the Min-SE of the request", "RFC 4028 9"),
      // 8.1: "If the request doesn't indicate support for the session timer but contains a session
      // interval that is too small, the proxy cannot usefully reject the request, as this would
      // result in a call failure." 9 has the UAS reject only with "a value 'timer'" in Supported.
      in{off, refreshing, expecting}.on(sent_422_without_timer)
          .refused("a 422 to a request that does not support the session timer", "RFC 4028 9"),
      in{off, refreshing, expecting}.on(sent_422_not_too_small)
          .refused("a 422 to a Session-Expires that is not below its Min-SE", "RFC 4028 6"),

      in{ended}.on(sent_success_uas, sent_success_uac, sent_success_off, sent_end, sent_below_90,
                   sent_misplaced_header, sent_without_min_se, sent_min_se_too_low,
                   sent_interval_below_min_se, sent_refresher_without_timer,
                   sent_success_overriding, sent_success_naming_uac, sent_success_longer,
                   sent_success_below_min_se, sent_422_without_timer, sent_422_not_too_small)
                                           .rfc("RFC 3261 15").stay(),
      in{ended}.on(received_interval_too_small, received_interval_below_90, received_success_uac,
                   received_success_uas, received_success_off, received_success_unanswered,
                   received_wrong_success_uac, received_wrong_success_uas, received_422,
                   received_refresh_lost, received_end, timer_session_refresh, timer_session_expiration)
                                           .ignored("the session is over"),
      in{off, expecting}.on(timer_session_refresh)
                                           .ignored("we do not perform the refreshes"),
      in{off, refreshing}.on(timer_session_expiration)
                                           .ignored("no refresh of the peer is expected"),
  };
  // clang-format on

 private:
  // Session refresh requests are INVITEs and UPDATEs (3).
  static constexpr bool refreshes(subject s) {
    return s == subject::invite || s == subject::reinvite || s == subject::update;
  }
  // INVITE and UPDATE may be outstanding at the same time.
  static constexpr std::size_t index(call_event const& e) { return e.subject == subject::update; }
  static constexpr bool is_success(call_event const& e) {
    return e.phase == phase::success || e.phase == phase::success_again;
  }
  // Whether the response is to that request, as far as the two tell.
  static constexpr bool answers(call_message const& m, request const& r) {
    return m.cseq == 0 || (m.cseq & last_digits) == r.cseq;
  }
  static constexpr std::uint32_t last_digits = 7;
  static constexpr std::uint32_t seconds(std::uint32_t count) {
    return count < most_seconds ? count : most_seconds;
  }
  static constexpr bool below_90(std::uint32_t seconds) {
    return seconds != 0 && seconds < least_interval;
  }
  static constexpr void tell(minimum& told, std::uint32_t min_se) {
    if (seconds(min_se) > told.min_se) told.min_se = seconds(min_se);
  }

  static constexpr symbol of_sent_request(call_message const& m, call_event const& e,
                                          facts const& mine) {
    if (m.refresher != refresher::none && !m.supports_timer) return sent_refresher_without_timer;
    minimum const& told = e.subject == subject::invite ? mine.for_call : mine.for_dialog;
    bool const takes_part = m.supports_timer || m.session_expires != 0 || m.min_se != 0;
    if (m.min_se == 0) {
      if (told.min_se != 0 && (told.by_422 || takes_part)) return sent_without_min_se;
      if (told.by_422 && m.session_expires != 0) return sent_without_min_se;
    }
    if (m.min_se != 0 && seconds(m.min_se) < told.min_se) return sent_min_se_too_low;
    if (m.session_expires != 0 && m.session_expires < m.min_se) return sent_interval_below_min_se;
    return outside<symbol>;
  }

  static constexpr symbol of_received_request(call_message const& m, facts const& mine) {
    if (m.session_expires == 0 || !m.supports_timer) return outside<symbol>;
    if (m.session_expires < least_interval) return received_interval_below_90;
    if (seconds(m.session_expires) < mine.own_min_se) return received_interval_too_small;
    return outside<symbol>;
  }

  static constexpr refresher refresher_of(call_message const& m, request const& r) {
    if (m.refresher != refresher::none) return m.refresher;
    if (r.refresher != 0) return static_cast<refresher>(r.refresher);
    return r.supports_timer ? refresher::uac : refresher::uas;
  }

  // Whether the request named another refresher, or a shorter session interval, than its 2xx.
  static constexpr bool overrides(refresher who, request const& r) {
    return r.refresher != 0 && static_cast<std::uint32_t>(who) != r.refresher;
  }
  static constexpr bool exceeds(call_message const& m, request const& r) {
    return r.session_expires != 0 && seconds(m.session_expires) > r.session_expires;
  }

  // Table 2.
  static constexpr symbol of_sent_success(call_message const& m, request const& r) {
    refresher const who = refresher_of(m, r);
    auto const agreed = who == refresher::uac ? sent_success_uac : sent_success_uas;
    if (!answers(m, r)) return agreed;
    if (!r.supports_timer && who == refresher::uac) return sent_success_naming_uac;
    if (r.supports_timer && overrides(who, r)) return sent_success_overriding;
    if (exceeds(m, r)) return sent_success_longer;
    if (seconds(m.session_expires) < r.min_se) return sent_success_below_min_se;
    return agreed;
  }

  static constexpr symbol of_received_success(call_message const& m, request const& r) {
    refresher const who = refresher_of(m, r);
    bool const ours = who == refresher::uac;
    bool const known = answers(m, r);
    bool const wrong = m.session_expires < least_interval ||
                       (known && ((!r.supports_timer && ours) || overrides(who, r) ||
                                  exceeds(m, r) || seconds(m.session_expires) < r.min_se));
    if (wrong) return ours ? received_wrong_success_uac : received_wrong_success_uas;
    if (known && !r.supports_timer) return received_success_off;
    return ours ? received_success_uac : received_success_uas;
  }
};

} // namespace ctsip
