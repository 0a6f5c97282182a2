// The dialog: whether there is one, and which numbers its requests carry.
// RFC 3261 12 and 15, RFC 5057 4 and 5.1, RFC 5407 2, RFC 6141 4. Read call_event.hpp before it.
//
// The table knows one usage of the dialog, the session that INVITE creates; with it the dialog
// ends. Subscriptions that share the dialog (RFC 5057) are counted elsewhere. Route set and remote
// target are the user agent's data; the actions say when they change. CANCEL and ACK belong to the
// INVITE, not to the dialog. Whether the caller or the callee may send a BYE is told by
// `invite_usage`.
#pragma once

#include <cstdint>

#include <ctsip/dialog/call_event.hpp>
#include <ctsip/dialog/short_number.hpp>
#include <ctsip/machine/table.hpp>
#include <ctsip/vocabulary/method.hpp>

namespace ctsip {

/// Definition of the dialog of a call, for the caller and the callee alike.
///
/// Choices, where the RFCs leave one or say two things:
///  1. A BYE ends the dialog when it is sent or received (RFC 3261 15.1.1, RFC 5407 2 "Mortal"),
///     not when it is answered. One that we challenge was rejected, and "if the request is
///     rejected, none of the state changes are performed" (12.2.2): the dialog is there again.
///  2. After a failure that ends the usage a BYE is still allowed, since "terminating the dialog
///     consists of sending a BYE" (12.2.1.2), although RFC 5057 5.1 could do without.
///  3. After a 199 the dialog is gone but the INVITE is not; a later response with the same tag
///     establishes it anew (RFC 6228 4 forbids nothing but media). Until then its UAC sends nothing
///     but the PRACKs that are due (7).
///  4. A request whose CSeq number is not higher is stale in either direction. RFC 3261 12.2.2
///     rejects only a lower one; an equal one is no retransmission either, because those do not
///     leave the transaction.
///  5. A 481 to a PRACK may say no more than that the response is not unacknowledged any more
///     (RFC 3262 3); so it does not end the usage.
struct dialog {
  static constexpr char const* title = "dialog";

  enum class state : std::uint8_t {
    none,               ///< no dialog: no INVITE, or none that has been answered with a tag
    early,              ///< a 101-199 response to the INVITE
    released,           ///< a 199 response after that, or a reliable one: only PRACK may be sent
    confirmed,          ///< a 2xx response to the INVITE
    early_bye_received, ///< a BYE received in the early dialog; the INVITE is pending
    bye_received,       ///< a BYE received in the confirmed dialog
    early_ending,       ///< over, the INVITE is pending, and a BYE may be sent (again)
    ending,             ///< over, and a BYE may be sent (again)
    early_ended,        ///< over; the INVITE is pending
    ended               ///< over
  };
  enum class symbol : std::uint8_t {
    sent_invite,                 ///< the INVITE that begins the call
    sent_request,                ///< a request within the dialog: re-INVITE, UPDATE, INFO …
    sent_prack,                  ///< PRACK
    sent_bye,                    ///< BYE
    sent_stale_request,          ///< a request whose CSeq number is not higher
    sent_provisional,            ///< 101-198 to the INVITE
    sent_early_dialog_ended,     ///< 199 to the INVITE
    sent_success,                ///< 2xx to the INVITE
    sent_failure,                ///< 300-699 to the INVITE
    sent_target_refresh,         ///< 2xx to re-INVITE or UPDATE, or a reliable 1xx to re-INVITE
    sent_bye_challenge,          ///< 401 or 407 to BYE
    sent_usage_ended,            ///< a failure that ends usage or dialog (RFC 5057 5.1)
    received_invite,             ///< as above, by the peer
    received_request,            ///< as above
    received_prack,              ///< as above
    received_bye,                ///< as above
    received_stale_request,      ///< as above
    received_provisional,        ///< as above
    received_reliable,           ///< 101-198 to the INVITE, reliable
    received_early_dialog_ended, ///< as above
    received_reliable_199,       ///< 199 to the INVITE, reliable
    received_success,            ///< as above
    received_failure,            ///< as above
    received_target_refresh,     ///< as above
    received_bye_challenge,      ///< as above
    received_usage_ended,        ///< as above
    timer_ack_retransmission,    ///< 64*T1 after the first 2xx, in this dialog or another fork
    timer_cancel_timeout         ///< 64*T1 after the CANCEL without a final response
  };
  enum class action : std::uint8_t {
    establish_dialog,      ///< make its state from request and response (RFC 3261 12.1)
    recompute_route_set,   ///< from the 2xx (RFC 3261 13.2.2.4)
    replace_remote_target, ///< from the Contact of the peer's message, if present
    answer_200,            ///< to the BYE
    answer_481,            ///< Call/Transaction Does Not Exist
    answer_500,            ///< Server Internal Error
    send_bye,              ///< the peer has lost the session, or wants credentials
    end_dialog             ///< nothing but BYE and the ACK to a 2xx may be sent
  };
  using enum state;
  using enum symbol;
  using enum action;
  using in = ctsip::in<state, symbol, action>;

  static constexpr symbol commands[] = {sent_invite,
                                        sent_request,
                                        sent_prack,
                                        sent_bye,
                                        sent_stale_request,
                                        sent_provisional,
                                        sent_early_dialog_ended,
                                        sent_success,
                                        sent_failure,
                                        sent_target_refresh,
                                        sent_bye_challenge,
                                        sent_usage_ended};

  /// States in which nothing is left open.
  static constexpr state at_rest[] = {none, released, confirmed, bye_received, ending, ended};

  static constexpr symbol project(call_event const& e) {
    if (e.phase == phase::timer)
      return e.timer == timer::ack_retransmission ? timer_ack_retransmission
             : e.timer == timer::cancel_timeout   ? timer_cancel_timeout
                                                  : outside<symbol>;
    if (e.way == direction::none) return outside<symbol>;
    bool const sent = e.way == direction::sent;
    if (e.subject == subject::ack || e.subject == subject::cancel || e.subject == subject::none)
      return outside<symbol>;

    switch (e.phase) {
    case phase::request:
    case phase::request_with_100rel:
    case phase::stray_request:
      if (e.subject == subject::invite) return sent ? sent_invite : received_invite;
      if (e.subject == subject::bye) return sent ? sent_bye : received_bye;
      if (e.subject == subject::prack) return sent ? sent_prack : received_prack;
      return sent ? sent_request : received_request;
    case phase::stale_request: return sent ? sent_stale_request : received_stale_request;
    case phase::ends_usage:
    case phase::ends_dialog: return sent ? sent_usage_ended : received_usage_ended;
    default: break;
    }
    switch (e.subject) {
    case subject::invite: return of_invite(e);
    case subject::reinvite:
      return e.phase == phase::success || e.phase == phase::reliable
                 ? sent ? sent_target_refresh : received_target_refresh
                 : outside<symbol>;
    case subject::update:
      return e.phase == phase::success ? sent ? sent_target_refresh : received_target_refresh
                                       : outside<symbol>;
    case subject::bye:
      return e.phase == phase::challenge ? sent ? sent_bye_challenge : received_bye_challenge
                                         : outside<symbol>;
    default: return outside<symbol>;
    }
  }

  /// The numbers of the dialog. Only this rule writes them; 0 stands for "empty", unless it is said
  /// to be a number: "The sequence number value MUST be expressible as a 32-bit unsigned integer
  /// and MUST be less than 2**31." (RFC 3261 8.1.1.5)
  struct facts {
    std::uint32_t local_cseq{};                          ///< of the last request sent (RFC 3261 12)
    std::uint32_t remote_cseq{};                         ///< of the last request received
    detail::short_number<std::uint16_t> initial_cseq;    ///< of the INVITE that began the call
    detail::short_number<std::uint16_t> local_invite;    ///< of the last INVITE sent
    detail::short_number<std::uint16_t> accepted_invite; ///< of the last one that a 2xx answered
    detail::short_number<std::uint8_t> earlier_accepted; ///< of the one accepted before it
    direction initial_way : 2 {};       ///< who sent the INVITE that began the call
    bool exists : 1 {};                 ///< a response has established the dialog
    bool is_confirmed : 1 {};           ///< that response or a later one was a 2xx
    bool sent_reinvite_open : 1 {};     ///< we sent a re-INVITE without a final response yet
    bool received_reinvite_open : 1 {}; ///< we received one and sent no final response yet
    bool local_is_zero : 1 {};          ///< `local_cseq` is a number, and is 0
    bool remote_is_zero : 1 {};         ///< `remote_cseq` is a number, and is 0
  };

  /// Whether a message says its CSeq number.
  static constexpr bool is_numbered(call_message const& m) { return m.cseq != 0 || m.zero_cseq; }

  /// Tells by the numbers whether a request is stale, whether an INVITE or a response to one
  /// belongs to the beginning of the call, whether a 2xx came again, and whether an ACK
  /// acknowledges an INVITE of this dialog. Without a dialog, no BYE and no failure ends one.
  static constexpr void refine(call_event& e, call_message const& m, facts const& mine) {
    if (e.way == direction::none) return;
    bool const sent = e.way == direction::sent;
    if (m.event.what == occurrence::request) {
      if (e.subject == subject::invite && mine.exists) e.subject = subject::reinvite;
      if (e.subject == subject::ack) {
        if (sent && e.phase == phase::request && is_stray_ack(m.cseq, mine))
          e.phase = phase::stray_request;
        return;
      }
      if (e.subject == subject::cancel) return;
      // "If the BYE does not match an existing dialog, the UAS core SHOULD generate a 481"
      // (15.1.2).
      if (!sent && !mine.exists && e.is_request(subject::bye)) {
        e.phase = phase::stray_request;
        return;
      }
      // An INVITE that we receive outside of a dialog has no number before it (12.2.2).
      bool const ordered = sent || mine.exists;
      std::uint32_t const last = sent ? mine.local_cseq : mine.remote_cseq;
      bool const has_last = last != 0 || (sent ? mine.local_is_zero : mine.remote_is_zero);
      if (ordered && is_numbered(m) && has_last && m.cseq <= last) e.phase = phase::stale_request;
      return;
    }
    if (!m.event.is_response()) return;
    if (e.is_invite()) {
      refine_invite_response(e, m, mine);
      return;
    }
    // Choice 1. A 500 to an earlier number than the last is that to a stale request.
    if (sent && e.subject == subject::bye && e.phase == phase::failure &&
        (m.event.status != 500 || m.cseq >= mine.remote_cseq || !is_numbered(m)))
      e.phase = phase::ends_usage;
    if (!e.ends_session()) return;
    // What there is not cannot end: the request was answered outside of a dialog, or is an old one.
    if (!mine.exists) e.phase = phase::failure;
    if (e.phase != phase::ends_usage) return;
    // A subscription's own failure ends the subscription (RFC 5057 5.1); choice 5.
    if (traits(m.event.method).usage == usage::subscription ||
        (m.event.method == method::prack && m.event.status == 481))
      e.phase = phase::failure;
  }

  /// The symbol, knowing that a reliable response is a 199: it is acknowledged like any other (RFC
  /// 6228 4), and the dialog has ended all the same.
  static constexpr symbol correct(symbol plain, call_message const& m, call_event const& e,
                                  facts const&) {
    if (e.subject != subject::invite || !is_199(m)) return plain;
    if (e.phase != phase::reliable && e.phase != phase::reliable_again) return plain;
    return e.is_sent() ? sent_early_dialog_ended : received_reliable_199;
  }

  /// Writes the numbers after an allowed step.
  static constexpr void commit(facts& mine, call_message const& m, call_event const& e) {
    if (e.phase == phase::timer) {
      bool const over = e.timer == timer::ack_retransmission || e.timer == timer::cancel_timeout;
      if (over && !mine.is_confirmed) mine.exists = false;
      return;
    }
    if (e.way == direction::none) return;
    bool const sent = e.way == direction::sent;
    if (m.event.what == occurrence::request) {
      if (e.subject == subject::ack || e.subject == subject::cancel ||
          e.phase == phase::stale_request ||
          (e.subject == subject::bye && e.phase == phase::stray_request))
        return;
      if (is_numbered(m)) {
        (sent ? mine.local_cseq : mine.remote_cseq) = m.cseq;
        if (sent)
          mine.local_is_zero = m.cseq == 0;
        else
          mine.remote_is_zero = m.cseq == 0;
      }
      if (!e.is_invite()) return;
      if (e.subject == subject::invite) {
        // With a dialog it is none that begins a call; `refine` has said so already.
        if (mine.exists) return;
        mine.initial_cseq = m.cseq;
        mine.initial_way = e.way;
        mine.accepted_invite = {};
        mine.earlier_accepted = {};
        mine.sent_reinvite_open = mine.received_reinvite_open = false;
      } else if (sent) {
        mine.sent_reinvite_open = true;
      } else {
        mine.received_reinvite_open = true;
      }
      if (sent) mine.local_invite = m.cseq;
      return;
    }
    if (!m.event.is_response() || !e.is_invite()) return;
    if (!sent && e.phase == phase::success) {
      mine.earlier_accepted = detail::short_number<std::uint8_t>{mine.accepted_invite};
      mine.accepted_invite = m.cseq != 0 ? m.cseq : mine.local_invite;
    }
    if (e.subject == subject::reinvite) {
      if (e.phase != phase::success && !e.is_failure()) return;
      if (sent)
        mine.received_reinvite_open = false;
      else
        mine.sent_reinvite_open = false;
      return;
    }
    switch (e.phase) {
    case phase::provisional:
    case phase::reliable:
    case phase::reliable_again: mine.exists = mine.is_confirmed || !is_199(m); break;
    case phase::success: mine.exists = mine.is_confirmed = true; break;
    case phase::early_dialog_ended:
      if (!mine.is_confirmed) mine.exists = false;
      break;
    default:
      if (e.is_failure() && !mine.is_confirmed) mine.exists = false;
      break;
    }
  }

  // clang-format off
  static constexpr in::row rows[] = {
      in{none, released}.on(sent_invite)   .rfc("RFC 3261 13.2.1").stay(),
      in{none, released}.on(received_invite)
                                           .rfc("RFC 3261 13.3.1").stay(),

      // 12.1: "only 2xx and 101-199 responses with a To tag, where the request was INVITE, will
      // establish a dialog. A dialog established by a non-final response to a request is in the
      // "early" state".
      in{none, released}.on(sent_provisional).does(establish_dialog)
                                           .rfc("RFC 3261 12.1.1").then(early),
      in{none, released}.on(received_provisional, received_reliable).does(establish_dialog)
                                           .rfc("RFC 3261 12.1.2").then(early),
      in{none, released}.on(sent_success).does(establish_dialog)
                                           .rfc("RFC 3261 12.1.1").then(confirmed),
      in{none, released}.on(received_success).does(establish_dialog)
                                           .rfc("RFC 3261 12.1.2").then(confirmed),
      in{early, confirmed}.on(sent_provisional)
                                           .rfc("RFC 3261 13.3.1.1").stay(),
      in{early}.on(received_provisional)   .rfc("RFC 3261 13.2.2.1").stay(),
      // "If a UA receives a reliable provisional response or a 2xx response to a target-refresh
      // request, the UA MUST replace the dialog's remote target URI with the URI from the Contact
      // header field in that response, if present. If a UA receives an unreliable provisional
      // response to a target-refresh request, the UA MUST NOT refresh the dialog's remote target."
      // "The rules given in this section [...] also apply to early dialogs" (4.9).
      in{early}.on(received_reliable).does(replace_remote_target)
                                           .rfc("RFC 6141 4.7").stay(),
      // "If the dialog identifier in the 2xx response matches the dialog identifier of an existing
      // dialog, the dialog MUST be transitioned to the "confirmed" state, and the route set for
      // the dialog MUST be recomputed based on the 2xx response".
      in{early}.on(received_success).does(recompute_route_set, replace_remote_target)
                                           .rfc("RFC 3261 13.2.2.4").then(confirmed),
      in{early}.on(sent_success)           .rfc("RFC 3261 13.3.1.4").then(confirmed),
      in{confirmed}.on(sent_success)       .rfc("RFC 3261 13.3.1.4").stay(),
      in{confirmed}.on(received_success)   .race("RFC 3261 13.2.2.4").stay(),

      // "Independent of the method, if a request outside of a dialog generates a non-2xx final
      // response, any early dialogs created through provisional responses to that request are
      // terminated."
      in{none}.on(sent_failure, received_failure)
                                           .rfc("RFC 3261 12.3").stay(),
      in{early}.on(sent_failure, received_failure).does(end_dialog)
                                           .rfc("RFC 3261 12.3").then(none),
      in{released, early_bye_received, early_ending, early_ended}
          .on(sent_failure, received_failure)
                                           .rfc("RFC 3261 12.3").then(none),
      // RFC 6228 4: "The 199 response indicates that the early dialog has been terminated".
      in{early}.on(sent_early_dialog_ended).does(end_dialog)
                                           .rfc("RFC 6228 4").then(none),
      in{early}.on(received_early_dialog_ended).does(end_dialog)
                                           .rfc("RFC 6228 4").then(released),
      in{early}.on(received_reliable_199).does(replace_remote_target, end_dialog)
                                           .rfc("RFC 6228 4").then(released),
      // "If a UAC receives an unreliably sent 199 response on a dialog that has not previously been
      // established [...] it SHALL discard the 199 response. If a UAC receives a reliably sent 199
      // response on a dialog that has not previously been created, it MUST acknowledge the 199
      // response".
      in{none, released}.on(sent_early_dialog_ended, received_early_dialog_ended)
                                           .rfc("RFC 6228 4").stay(),
      in{none}.on(received_reliable_199).does(establish_dialog)
                                           .rfc("RFC 6228 4").then(released),
      in{released}.on(received_reliable_199).does(replace_remote_target)
                                           .rfc("RFC 6228 4").stay(),
      // "A UAC that receives a 199 response for an early dialog MUST NOT send any further requests
      // on that dialog, except for requests that acknowledge reliable responses."
      in{released}.on(sent_prack)          .rfc("RFC 6228 7").stay(),
      in{released}.on(sent_request, sent_bye)
          .refused("a request in an early dialog that a 199 has ended: only PRACK may follow",
                   "RFC 6228 7"),
      // "The UAC core considers the INVITE transaction completed 64*T1 seconds after the reception
      // of the first 2xx response. At this point all the early dialogs that have not transitioned
      // to established dialogs are terminated."
      in{early}.on(timer_ack_retransmission).does(end_dialog)
                                           .rfc("RFC 3261 13.2.2.4").then(none),
      in{released, early_bye_received, early_ending, early_ended}.on(timer_ack_retransmission)
                                           .rfc("RFC 3261 13.2.2.4").then(none),
      // "If there is no final response for the original request in 64*T1 seconds [...], the client
      // SHOULD then consider the original transaction cancelled".
      in{early}.on(timer_cancel_timeout).does(end_dialog)
                                           .rfc("RFC 3261 9.1").then(none),
      in{released, early_bye_received, early_ending, early_ended}.on(timer_cancel_timeout)
                                           .rfc("RFC 3261 9.1").then(none),

      // "Once a dialog has been established between two UAs, either of them MAY initiate new
      // transactions as needed within the dialog."
      in{early, confirmed}.on(sent_invite, sent_request, sent_prack)
                                           .rfc("RFC 3261 12.2").stay(),
      in{early, confirmed}.on(received_request, received_prack)
                                           .rfc("RFC 3261 12.2.2").stay(),
      // 12.2.1.2: "When a UAC receives a 2xx response to a target refresh request, it MUST replace
      // the dialog's remote target URI with the URI from the Contact header field in that
      // response, if present." RFC 6141 4.6: "On sending a reliable provisional response or a 2xx
      // response to the target-refresh request [...], the UA MUST replace the dialog's remote
      // target URI with the URI from the Contact header field in the target-refresh request."
      in{early, confirmed}.on(received_target_refresh).does(replace_remote_target)
                                           .rfc("RFC 3261 12.2.1.2").stay(),
      in{early, confirmed}.on(sent_target_refresh).does(replace_remote_target)
                                           .rfc("RFC 6141 4.6").stay(),

      // "The BYE request is used to terminate a specific session or attempted session. [...] the
      // BYE also terminates the dialog."
      in{early, early_ending}.on(sent_bye).does(end_dialog)
                                           .rfc("RFC 3261 15").then(early_ended),
      in{confirmed, ending}.on(sent_bye).does(end_dialog)
                                           .rfc("RFC 3261 15").then(ended),
      // "the UAS core MUST generate a 2xx response to the BYE, and MUST pass that to the server
      // transaction for transmission."
      in{early}.on(received_bye).does(answer_200, end_dialog)
                                           .rfc("RFC 3261 15.1.2").then(early_bye_received),
      in{confirmed}.on(received_bye).does(answer_200, end_dialog)
                                           .rfc("RFC 3261 15.1.2").then(bye_received),
      // Choice 1.
      in{early_bye_received}.on(sent_bye_challenge)
                                           .rfc("RFC 3261 12.2.2").then(early),
      in{bye_received}.on(sent_bye_challenge)
                                           .rfc("RFC 3261 12.2.2").then(confirmed),
      // "The BYE authentication procedure shall be processed in the Mortal state. When
      // authentication is requested by a 401 or 407 response, the UAC resends BYE with appropriate
      // credentials."
      in{early_ended}.on(received_bye_challenge).does(send_bye)
                                           .rfc("RFC 5407 D").then(early_ending),
      in{ended}.on(received_bye_challenge).does(send_bye)
                                           .rfc("RFC 5407 D").then(ending),
      // "the UA shall return a 200 OK to the BYE taking the use case into consideration where a
      // caller and a callee exchange reports about the session when it is being terminated."
      in{early_bye_received, early_ended, bye_received, ended}.on(received_bye).does(answer_200)
                                           .race("RFC 5407 3.2.1").stay(),
      in{early_ending}.on(received_bye).does(answer_200)
                                           .race("RFC 5407 3.2.1").then(early_ended),
      in{ending}.on(received_bye).does(answer_200)
                                           .race("RFC 5407 3.2.1").then(ended),

      // "The error destroys the usage"; "The effect on dialogs and usages at the server issuing
      // the response is the same." 12.2.1.2: "If the response for a request within a dialog is a
      // 481 (Call/Transaction Does Not Exist) or a 408 (Request Timeout), the UAC SHOULD terminate
      // the dialog. [...] For INVITE initiated dialogs, terminating the dialog consists of sending
      // a BYE."
      in{early, early_bye_received}.on(sent_usage_ended).does(end_dialog)
                                           .rfc("RFC 5057 5.1").then(early_ended),
      in{confirmed, bye_received}.on(sent_usage_ended).does(end_dialog)
                                           .rfc("RFC 5057 5.1").then(ended),
      in{early}.on(received_usage_ended).does(end_dialog)
                                           .rfc("RFC 3261 12.2.1.2").then(early_ending),
      in{confirmed}.on(received_usage_ended).does(send_bye, end_dialog)
                                           .rfc("RFC 3261 12.2.1.2").then(ending),

      // "If the UAS wishes to reject the request because it does not wish to recreate the dialog,
      // it MUST respond to the request with a 481 (Call/Transaction Does Not Exist) status code".
      // The response that established the dialog may have been lost or overtaken.
      in{none, released}.on(received_request).does(answer_481)
                                           .race("RFC 3261 12.2.2").stay(),
      // "If the UAS does send a final response when reliable responses are still unacknowledged,
      // [...] it MUST be prepared to process PRACK requests for those outstanding responses." What
      // a PRACK is for, and whether it gets a 481, is reliable_provisional's to tell.
      in{none, released}.on(received_prack).race("RFC 3262 3").stay(),
      // "If the BYE does not match an existing dialog, the UAS core SHOULD generate a 481".
      in{none, released}.on(received_bye).does(answer_481)
                                           .race("RFC 3261 15.1.2").stay(),
      in{none, released}.on(sent_usage_ended)
                                           .rfc("RFC 3261 12.2.2").stay(),
      // "UAs in the Mortal state return error responses to the requests that operate within a
      // dialog or session, such as re-INVITE, UPDATE, or REFER."
      in{early_bye_received, bye_received, early_ending, ending, early_ended, ended}
          .on(received_request, received_prack).does(answer_481)
                                           .race("RFC 5407 3.2.1").stay(),
      // "If the remote sequence number was not empty, but the sequence number of the request is
      // lower than the remote sequence number, the request is out of order and MUST be rejected
      // with a 500 (Server Internal Error) response." Over UDP no sender can prevent it.
      in{none, early, released, confirmed, early_bye_received, bye_received, early_ending, ending,
         early_ended, ended}.on(received_stale_request).does(answer_500)
                                           .race("RFC 3261 12.2.2").stay(),
      // "F4 MUST be handled properly as a retransmission."
      in{early, confirmed, early_bye_received, bye_received, early_ending, ending, early_ended,
         ended}.on(received_invite)        .race("RFC 5407 3.1.1").stay(),

      // "The UAS MUST still respond to any pending requests received for that dialog." "In the
      // Mortal state, the UAC does not establish a session even though it receives a 200 response
      // to the INVITE."
      in{early_bye_received}.on(sent_success)
                                           .rfc("RFC 3261 15.1.2").then(bye_received),
      in{early_bye_received}.on(received_success)
                                           .race("RFC 5407 3.1.3").then(bye_received),
      in{early_ending}.on(sent_success)    .rfc("RFC 3261 15.1.2").then(ending),
      // Here its BYE is still due, which could not be sent while the INVITE had no final response.
      in{early_ending}.on(received_success).does(send_bye)
                                           .race("RFC 5407 3.1.3").then(ending),
      in{early_ended}.on(sent_success)     .rfc("RFC 3261 15.1.2").then(ended),
      in{early_ended}.on(received_success) .race("RFC 5407 3.1.3").then(ended),
      in{early_bye_received, bye_received, early_ending, ending, early_ended, ended}
          .on(sent_provisional, sent_early_dialog_ended, sent_target_refresh)
                                           .rfc("RFC 3261 15.1.2").stay(),
      in{bye_received, ending, ended}.on(sent_success, sent_failure)
                                           .rfc("RFC 3261 15.1.2").stay(),
      in{early_ending, ending, early_ended, ended}.on(sent_usage_ended)
                                           .rfc("RFC 5407 3.2.2").stay(),
      in{none, early, released, confirmed, early_ending, ending, early_ended, ended}
          .on(sent_bye_challenge)
                                           .rfc("RFC 3261 22.1").stay(),
      // Whether a final response was there already is the transaction's to tell.
      in{confirmed}.on(sent_failure, sent_early_dialog_ended)
                                           .rfc("RFC 3261 13.3.1").stay(),
      in{none, released}.on(sent_target_refresh)
                                           .rfc("RFC 3261 12.2.2").stay(),

      in{none}.on(sent_bye)
          .refused("BYE outside a dialog", "RFC 3261 15"),
      in{none}.on(sent_request, sent_prack)
          .refused("a request within a dialog that does not exist", "RFC 3261 12.2"),
      in{early_bye_received, bye_received, early_ended, ended}
          .on(sent_invite, sent_request, sent_prack, sent_bye)
          .refused("a request in an INVITE usage that has ended",
                   "RFC 3261 12.3, RFC 3261 15, RFC 5407 D"),
      in{early_ending, ending}.on(sent_invite, sent_request, sent_prack)
          .refused("a request in an INVITE usage that has ended: only a BYE may follow",
                   "RFC 3261 12.3, RFC 3261 15, RFC 5407 D"),
      in{early, released, confirmed, early_bye_received, bye_received, early_ending, ending,
         early_ended, ended}.on(sent_stale_request)
          .refused("a request whose CSeq number is not higher than that of the last request",
                   "RFC 3261 12.2.1.1"),
      in{none}.on(sent_stale_request)
          .refused("a request tried again, whose CSeq number should be one higher than before",
                   "RFC 3261 8.1.3.5"),

      in{none}.on(timer_ack_retransmission, timer_cancel_timeout)
                                           .ignored("there is no dialog that it could change"),
      in{none, released}.on(received_target_refresh, received_bye_challenge, received_usage_ended)
                                           .ignored("there is no dialog that it could change"),
      in{early, early_bye_received, confirmed, bye_received, early_ending, ending}
          .on(received_bye_challenge)      .ignored("no BYE of ours is pending"),
      in{confirmed, bye_received, ending, ended}
          .on(received_failure, received_early_dialog_ended, received_reliable_199,
              received_provisional, received_reliable)
                                           .ignored("a 2xx has answered the INVITE"),
      in{confirmed, bye_received, ending, ended}
          .on(timer_ack_retransmission, timer_cancel_timeout)
                                           .ignored("ends early dialogs only"),
      in{bye_received, ending, ended}.on(received_success)
                                           .ignored("acknowledged as before; the dialog is over"),
      in{early_bye_received, early_ending, early_ended}
          .on(received_provisional, received_reliable, received_early_dialog_ended,
              received_reliable_199)       .ignored("the dialog is over"),
      in{early_bye_received, bye_received, early_ending, ending, early_ended, ended}
          .on(received_target_refresh, received_usage_ended)
                                           .ignored("the dialog is over"),
  };
  // clang-format on

 private:
  static constexpr bool is_199(call_message const& m) {
    return m.event.is_response() && m.event.status == 199;
  }

  static constexpr symbol of_invite(call_event const& e) {
    bool const sent = e.way == direction::sent;
    if (e.is_failure()) return sent ? sent_failure : received_failure;
    switch (e.phase) {
    case phase::provisional:
    case phase::reliable_again: return sent ? sent_provisional : received_provisional;
    case phase::reliable: return sent ? sent_provisional : received_reliable;
    case phase::early_dialog_ended:
      return sent ? sent_early_dialog_ended : received_early_dialog_ended;
    case phase::success:
    case phase::success_again: return sent ? sent_success : received_success;
    // 100 has no tag; a reliable response out of order "MUST NOT be processed further by the UAC"
    // (RFC 3262 4).
    default: return outside<symbol>;
    }
  }

  // "The sequence number of the CSeq header field MUST be the same as the INVITE being
  // acknowledged" (13.2.2.4). An earlier INVITE's 2xx may come again after a later INVITE was sent.
  // That of a re-INVITE without a final response has the right number, and comes too early.
  static constexpr bool is_stray_ack(std::uint32_t cseq, facts const& mine) {
    if (cseq == 0 || !mine.accepted_invite.is_there()) return false;
    if (mine.sent_reinvite_open && cseq == mine.local_invite) return false;
    return cseq != mine.accepted_invite && cseq != mine.earlier_accepted &&
           (cseq != mine.initial_cseq || mine.initial_way != direction::sent);
  }

  static constexpr void refine_invite_response(call_event& e, call_message const& m,
                                               facts const& mine) {
    bool const sent = e.way == direction::sent;
    bool const same_way =
        mine.initial_way == direction::none || (mine.initial_way == direction::sent) != sent;
    auto belongs_to = e.subject;
    if (!same_way)
      belongs_to = subject::reinvite;
    else if (!mine.is_confirmed && !mine.sent_reinvite_open && !mine.received_reinvite_open)
      belongs_to = subject::invite;
    else if (m.cseq != 0 && mine.initial_cseq.is_there())
      belongs_to = m.cseq == mine.initial_cseq ? subject::invite : subject::reinvite;
    else if (e.phase != phase::success_again)
      belongs_to = (sent ? mine.received_reinvite_open : mine.sent_reinvite_open)
                       ? subject::reinvite
                       : subject::invite;
    if (belongs_to != e.subject) {
      e.subject = belongs_to;
      if (e.is_failure() && e.phase != phase::overlap)
        e.phase = detail::failure_phase(e.subject, m.event.status, method::invite);
    }
    if (e.subject == subject::reinvite && e.phase == phase::early_dialog_ended)
      e.phase = phase::provisional;
    if (sent || (e.phase != phase::success && e.phase != phase::success_again)) return;
    // A 2xx whose INVITE has had one is a retransmission: its ACK was lost, or they crossed. One
    // that is sent again because it was lost is the first for us.
    if (e.subject == subject::invite) {
      e.phase = mine.is_confirmed ? phase::success_again : phase::success;
      return;
    }
    bool const numbered = m.cseq != 0 && mine.local_invite.is_there();
    if (!mine.sent_reinvite_open || (numbered && m.cseq != mine.local_invite))
      e.phase = phase::success_again;
    else if (numbered)
      e.phase = phase::success;
  }
};

} // namespace ctsip
