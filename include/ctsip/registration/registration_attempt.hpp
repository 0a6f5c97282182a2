// The attempt under way: which REGISTER may be sent while another one is pending or has failed,
// what is done about its response, and what a registrar may answer. RFC 3261 10.2, 10.3, 21; RFC
// 5626 4.2.1, 4.2.3, 4.5; RFC 3680 4.7. Read machine/table.hpp and registration_event.hpp before
// it, and have RFC 3261 10.2 beside it.
//
// One attempt is of one flow: RFC 5626 has a REGISTER pending for each reg-id, with a Call-ID each.
#pragma once

#include <cstddef>
#include <cstdint>

#include <ctsip/machine/table.hpp>
#include <ctsip/registration/registration_event.hpp>
#include <ctsip/registration/registration_policy.hpp>

namespace ctsip {

/// Definition of the attempt to add, refresh, remove or fetch bindings.
///
/// Choices, where the RFCs leave one:
///  1. A change of bindings counts as "a new registration (that is, containing new Contact header
///     field values, as opposed to a retransmission)" (10.2), a removal too. A fetch does not.
///  2. A number that a message does not have is not judged; neither is a REGISTER without an
///     expiration interval after a 423: it leaves the choice to the registrar (10.2.1.1).
///  3. The CSeq number has to rise. That it rises by one is not demanded, since a Call-ID may serve
///     several registrations of one user agent (10.2). It is compared within the last two Call-IDs.
///  4. A 408 that is received, and 5xx without Retry-After, are tried again after the wait of
///     RFC 5626 4.5, but may be "at any later time" (21.4.9). After no response, an error of the
///     transport or a Retry-After a REGISTER has to wait, unless it goes to another server.
///     A Retry-After decides alone how long; that of 0 "is valid" (RFC 5626 4.2.1).
///  5. After a 403 the same REGISTER, to the same server and with the same credentials, is refused:
///     it "SHOULD NOT be repeated" (21.4.4). Another registration begins with another object.
///  6. A 423 that a registrar may not send is answered with its Min-Expires all the same, if that
///     is more than was asked; but not more than `most_423` in a row.
///  7. A 2xx that grants longer than was asked is allowed: 10.3 says that the registrar "MAY choose
///     an expiration less than the requested", and forbids nothing.
///  8. A wait goes on while the network is lost, and after it: RFC 5626 4.5 has the UA wait "before
///     trying another registration to form a new flow". That of a 5xx may be cut short, by who asks
///     for it.
///  9. A fetch that is pending beside a change, or after a failure, is carried out on the side. One
///     that is refused leaves what is wanted as it was.
struct registration_attempt {
  static constexpr char const* title = "registration attempt";

  enum class state : std::uint8_t {
    idle,       ///< nothing is under way
    fetching,   ///< a REGISTER is pending that changes nothing
    trying,     ///< a REGISTER is pending that changes bindings
    challenged, ///< a challenge, or a security agreement, is to be answered with another REGISTER
    too_brief,  ///< after 423: another try with a longer interval may follow
    failed,     ///< tried again when the timer fires, or at any time
    waiting,    ///< tried again when the timer fires, and not before
    rejected    ///< another try would not help
  };
  enum class symbol : std::uint8_t {
    sent_change,    ///< adds, refreshes or removes
    sent_elsewhere, ///< the same, to another server than the one before
    sent_fetch,
    // Commands that no state allows.
    sent_cseq_not_higher,
    sent_too_brief,              ///< below the Min-Expires of a 423
    sent_wildcard_with_expires,  ///< `Contact: *`, and Expires other than 0, or none
    sent_wildcard_with_contacts, ///< `Contact: *` and further Contacts
    sent_wildcard_with_reg_id,   ///< `Contact: *` with a reg-id or an instance
    sent_forbidden,              ///< what was answered with 403
    sent_423_not_brief,          ///< as registrar: to an interval of 0, or of an hour or more
    sent_423_without_min_expires,
    sent_global_failure, ///< as registrar: 6xx
    // What is answered to us.
    received_success,
    received_challenge,
    received_security_agreement, ///< 494, or 421 with a Security-Server
    received_423,
    received_useless_423, ///< to a REGISTER that it does not fit, or without a longer Min-Expires
    received_redirection,
    received_failure,
    received_server_failure,
    received_503,
    received_503_retry_after,
    received_retry_later, ///< any other failure with Retry-After
    received_no_response,
    received_transport_error,
    received_aside,           ///< the end of a fetch while a change is pending, or its refusal
    received_challenge_aside, ///< a challenge of it
    network_lost,
    network_back,
    event_probation, ///< told by the reg event package
    event_rejected,
    timer_registration_retry
  };
  enum class action : std::uint8_t {
    authorize,              ///< send it again with credentials, as `authentication` says
    agree_on_security,      ///< send it again as `security_agreement` says
    retry_with_min_expires, ///< send it again with an expiration interval of Min-Expires or more
    try_next_target,        ///< send it to another server, if there is one (3xx, 503; RFC 3263 4.3)
    try_again,              ///< send it once more, for the purpose that it had
    wait_for_timer,         ///< nothing is sent before `registration_retry` fires
    give_up                 ///< tell the user
  };
  using enum state;
  using enum symbol;
  using enum action;
  using in = ctsip::in<state, symbol, action>;

  static constexpr symbol commands[] = {sent_change,
                                        sent_elsewhere,
                                        sent_fetch,
                                        sent_cseq_not_higher,
                                        sent_too_brief,
                                        sent_wildcard_with_expires,
                                        sent_wildcard_with_contacts,
                                        sent_wildcard_with_reg_id,
                                        sent_forbidden,
                                        sent_423_not_brief,
                                        sent_423_without_min_expires,
                                        sent_global_failure};

  /// "smaller than one hour" (10.3)
  static constexpr std::uint32_t one_hour = 3600;
  /// How many 423 in a row are answered.
  static constexpr std::uint8_t most_423 = 4;

  struct facts {
    std::uint32_t call_id{};       ///< of the REGISTER sent last, 0 for not told
    std::uint32_t cseq{};          ///< of the REGISTER sent last
    std::uint32_t other_call_id{}; ///< the one before it that differs
    std::uint32_t other_cseq{};    ///< the last number of that
    std::uint32_t change_cseq{};   ///< of the change that is pending, or was last
    std::uint32_t fetch_cseq{};    ///< of the fetch
    std::uint32_t contact{};       ///< of the change
    std::uint32_t nonce[2]{};      ///< of the change
    std::uint32_t expires{};       ///< of the change: seconds that it asked for
    std::uint32_t min_expires{};   ///< the largest that a 423 to this change told
    std::uint32_t wait{};          ///< milliseconds before the next try
    std::uint32_t their_expires{}; ///< as registrar: of the REGISTER received last
    registration_purpose purpose{registration_purpose::fetch}; ///< of the attempt, or of the last
    registration_purpose change{};                             ///< of the change
    registration_purpose their_purpose{registration_purpose::fetch};
    std::uint8_t failures{};     ///< "consecutive registration failures" (RFC 5626 4.5)
    std::uint8_t count_of_423{}; ///< in a row
    bool change_pending : 1 {};
    bool fetch_pending : 1 {};
    bool change_is_open : 1 {}; ///< the change has neither succeeded nor been refused
    bool expires_said : 1 {};
    bool with_credentials : 1 {}; ///< the change had some
    bool is_forbidden : 1 {};     ///< the change had a 403
    bool is_wanted : 1 {};        ///< a binding was asked for last, and not refused
    bool their_expires_said : 1 {};
    bool has_received : 1 {}; ///< as registrar: a REGISTER
  };

  /// How long the wait before another try is.
  static constexpr milliseconds wait_of(facts const& mine) { return {std::int64_t{mine.wait}}; }
  static constexpr milliseconds wait(timer t, facts const& mine) {
    return t == timer::registration_retry ? wait_of(mine) : milliseconds::never();
  }

  /// Which REGISTER a response answers, by its CSeq number: a fetch, the change, or none.
  static constexpr void refine(registration_event& e, registration_message const& m,
                               facts const& mine) {
    if (!e.is_register() || e.phase == registration_phase::request) return;
    if (e.is_sent()) {
      e.purpose = mine.their_purpose;
      return;
    }
    if (mine.change_pending && fits(m.cseq, mine.change_cseq))
      e.purpose = mine.change;
    else if (mine.fetch_pending && fits(m.cseq, mine.fetch_cseq))
      e.purpose = registration_purpose::fetch;
    else
      e.phase = registration_phase::stray;
  }

  /// The symbol as far as it can be told without numbers.
  static constexpr symbol project(registration_event const& e) {
    using enum registration_phase;
    switch (e.phase) {
    case registration_phase::network_lost: return symbol::network_lost;
    case registration_phase::network_back: return symbol::network_back;
    case probation: return event_probation;
    case registration_phase::rejected: return event_rejected;
    case registration_phase::timer:
      return e.timer == ctsip::timer::registration_retry ? timer_registration_retry
                                                         : outside<symbol>;
    default: break;
    }
    if (!e.is_register() || e.way == direction::none) return outside<symbol>;
    if (e.is_sent()) {
      if (e.phase != request) return outside<symbol>;
      return changes_bindings(e.purpose) ? sent_change : sent_fetch;
    }
    switch (e.phase) {
    case success: return received_success;
    case redirection: return received_redirection;
    case challenge: return received_challenge;
    case registration_phase::security_agreement: return received_security_agreement;
    case interval_too_brief: return binds(e.purpose) ? received_423 : received_useless_423;
    case unavailable: return received_503;
    case retry_later: return received_retry_later;
    case server_failure: return received_server_failure;
    case no_response: return received_no_response;
    case registration_phase::transport_error: return received_transport_error;
    case rejection:
    case forbidden:
    case failure: return received_failure;
    default: return outside<symbol>;
    }
  }

  /// The symbol, by the numbers of the message and of what came before it.
  static constexpr symbol correct(symbol plain, registration_message const& m,
                                  registration_event const& e, facts const& mine) {
    if (plain == symbol::network_back && !mine.is_wanted) return outside<symbol>;
    if (!e.is_register()) return plain;
    if (e.is_sent())
      return e.phase == registration_phase::request ? of_sent_request(plain, m, e, mine)
                                                    : of_sent_response(m, e, mine);
    if (e.purpose == registration_purpose::fetch && mine.change_pending && e.is_final())
      return e.phase == registration_phase::challenge ||
                     e.phase == registration_phase::security_agreement
                 ? received_challenge_aside
                 : received_aside;
    // Nothing that binds is to be given up for it.
    if (e.purpose == registration_purpose::fetch && plain == received_failure)
      return received_aside;
    if (plain == received_503 && m.retry_after_said) return received_503_retry_after;
    if (plain == received_423) {
      // A REGISTER that tells its interval makes its 423 tell the Min-Expires.
      if (mine.expires_said && m.min_expires <= mine.expires) return received_useless_423;
      if (mine.count_of_423 >= most_423) return received_useless_423;
    }
    return plain;
  }
  /// The same without the symbol at hand.
  static constexpr symbol classify(registration_message const& m, registration_event const& e,
                                   facts const& mine) {
    return correct(project(e), m, e, mine);
  }

  static constexpr void commit(facts& mine, registration_message const& m,
                               registration_event const& e) {
    using enum registration_phase;
    switch (e.phase) {
    case registration_phase::network_lost: mine.change_pending = mine.fetch_pending = false; return;
    case probation:
      mine.wait = in_milliseconds(m.retry_after);
      mine.purpose = registration_purpose::add;
      mine.is_forbidden = false; // "the administrator wants the client to re-register"
      return;
    case registration_phase::rejected: mine.is_wanted = mine.change_is_open = false; return;
    default: break;
    }
    if (!e.is_register()) return;
    if (e.phase == request) {
      if (e.is_sent())
        commit_sent(mine, m, e);
      else
        commit_received(mine, m, e);
      return;
    }
    if (!e.is_received() || !e.is_final()) return;
    bool const was_aside = e.purpose == registration_purpose::fetch && mine.change_pending;
    if (e.purpose == registration_purpose::fetch)
      mine.fetch_pending = false;
    else
      mine.change_pending = false;
    if (was_aside) return;
    switch (e.phase) {
    case success:
      mine.failures = 0;
      if (e.purpose == registration_purpose::fetch) break;
      mine.change_is_open = false;
      mine.min_expires = 0;
      mine.count_of_423 = 0;
      break;
    case interval_too_brief:
      if (!binds(e.purpose)) break;
      if (m.min_expires > mine.min_expires) mine.min_expires = m.min_expires;
      if (mine.count_of_423 != UINT8_MAX) ++mine.count_of_423;
      break;
    case forbidden:
      if (e.purpose != registration_purpose::fetch) mine.is_forbidden = true;
      [[fallthrough]];
    case rejection:
    case failure:
      if (e.purpose != registration_purpose::fetch) mine.change_is_open = false;
      if (binds(e.purpose)) mine.is_wanted = false;
      break;
    case unavailable:
    case retry_later:
    case server_failure:
    case no_response:
    case registration_phase::transport_error:
      if (mine.failures != UINT8_MAX) ++mine.failures;
      mine.wait =
          m.retry_after_said
              ? in_milliseconds(m.retry_after)
              : static_cast<std::uint32_t>(
                    default_registration_policy.wait_after(mine.failures, m.other_flow, m.random)
                        .count);
      break;
    default: break;
    }
  }

  static constexpr state at_rest[] = {idle, failed, waiting, rejected};

  // clang-format off
  static constexpr in::row rows[] = {
      // 10.2: "REGISTER requests add, remove, and query bindings."
      in{idle, fetching, challenged, too_brief, rejected}.on(sent_change, sent_elsewhere)
                                           .rfc("RFC 3261 10.2").then(trying),
      // 21.4.9: "The client MAY repeat the request without modifications at any later time."
      in{failed}.on(sent_change, sent_elsewhere).stops(timer::registration_retry)
                                           .rfc("RFC 3261 21.4.9").then(trying),
      // 10.2: "UAs MUST NOT send a new registration (that is, containing new Contact header field
      // values, as opposed to a retransmission) until they have received a final response from the
      // registrar for the previous one or the previous REGISTER request has timed out." RFC 5626
      // 4.2.1: "Each one of these registrations will form a new flow from the UA to the proxy", and
      // "will use a unique Call-ID": a machine each.
      in{trying}.on(sent_change, sent_elsewhere)
          .refused("a REGISTER that changes bindings while another one is pending",
                   "RFC 3261 10.2, RFC 5626 4.2.1"),
      // 10.2.7: "If the transaction layer returns a timeout error because the REGISTER yielded no
      // response, the UAC SHOULD NOT immediately re-attempt a registration to the same registrar."
      // RFC 5626 4.5: "The UA MUST wait for at least the value of the retry delay time before
      // trying another registration to form a new flow for that URI". 21.5.4: "It SHOULD NOT
      // forward any other requests to that server for the duration specified in the Retry-After
      // header field, if present."
      in{waiting}.on(sent_change, sent_fetch)
          .waits("a REGISTER to a registrar that has not answered, or asks to retry later: it "
                 "waits", "RFC 3261 10.2.7, 21.5.4, RFC 5626 4.5"),
      // 21.5.4: "A client (proxy or UAC) receiving a 503 (Service Unavailable) SHOULD attempt to
      // forward the request to an alternate server."
      in{waiting}.on(sent_elsewhere).stops(timer::registration_retry)
                                           .rfc("RFC 3261 10.2.7, 21.5.4").then(trying),
      // 10.2.3: "If no Contact header field is present in a REGISTER request, the list of bindings
      // is left unchanged."
      in{idle, fetching, challenged}.on(sent_fetch)
                                           .rfc("RFC 3261 10.2.3").then(fetching),
      in{trying, too_brief, failed, rejected}.on(sent_fetch)
                                           .rfc("RFC 3261 10.2.3").stay(),

      // 10.2: "A UA MUST increment the CSeq value by one for each REGISTER request with the same
      // Call-ID."
      in{idle, fetching, trying, challenged, too_brief, failed, waiting, rejected}
          .on(sent_cseq_not_higher)
          .refused("a REGISTER whose CSeq number does not rise within its Call-ID",
                   "RFC 3261 10.2, 10.2.4"),
      // 10.2.8: "it MAY retry the registration after making the expiration interval of all contact
      // addresses in the REGISTER request equal to or greater than the expiration interval within
      // the Min-Expires header field of the 423 (Interval Too Brief) response."
      in{idle, fetching, trying, challenged, too_brief, failed, waiting, rejected}
          .on(sent_too_brief)
          .refused("a retry after 423 with an expiration interval below its Min-Expires",
                   "RFC 3261 10.2.8"),
      // 10.2.2: "The REGISTER-specific Contact header field value of "*" applies to all
      // registrations, but it MUST NOT be used unless the Expires header field is present with a
      // value of "0"."
      in{idle, fetching, trying, challenged, too_brief, failed, waiting, rejected}
          .on(sent_wildcard_with_expires)
          .refused("Contact: * in a REGISTER with Expires other than 0", "RFC 3261 10.2.2"),
      // 10.3: "If the request has additional Contact fields or an expiration time other than zero,
      // the request is invalid, and the server MUST return a 400 (Invalid Request)".
      in{idle, fetching, trying, challenged, too_brief, failed, waiting, rejected}
          .on(sent_wildcard_with_contacts)
          .refused("Contact: * in a REGISTER with other Contacts", "RFC 3261 10.2.2, 10.3"),
      // RFC 5626 4.2.3: "A UAC also MUST NOT include an instance-id feature tag or "reg-id" Contact
      // header field parameter in a request to un-register all Contacts".
      in{idle, fetching, trying, challenged, too_brief, failed, waiting, rejected}
          .on(sent_wildcard_with_reg_id)
          .refused("Contact: * with a reg-id or an instance", "RFC 5626 4.2.3"),
      // 21.4.4: "Authorization will not help, and the request SHOULD NOT be repeated."
      in{idle, fetching, trying, challenged, too_brief, failed, waiting, rejected}
          .on(sent_forbidden)
          .refused("a REGISTER repeated as it was after a 403", "RFC 3261 21.4.4"),
      // 10.3: "If and only if the requested expiration interval is greater than zero AND smaller
      // than one hour AND less than a registrar-configured minimum, the registrar MAY reject the
      // registration with a response of 423 (Interval Too Brief)."
      in{idle, fetching, trying, challenged, too_brief, failed, waiting, rejected}
          .on(sent_423_not_brief)
          .refused("a 423 to a REGISTER whose expiration interval is 0, an hour or more, or not below "
                   "its Min-Expires", "RFC 3261 10.3"),
      // 10.3: "This response MUST contain a Min-Expires header field that states the minimum
      // expiration interval the registrar is willing to honor."
      in{idle, fetching, trying, challenged, too_brief, failed, waiting, rejected}
          .on(sent_423_without_min_expires)
          .refused("a 423 without Min-Expires", "RFC 3261 10.3"),
      // 10.3: "A registrar MUST not generate 6xx responses."
      in{idle, fetching, trying, challenged, too_brief, failed, waiting, rejected}
          .on(sent_global_failure)
          .refused("a 6xx response to a REGISTER", "RFC 3261 10.3"),

      in{fetching, trying}.on(received_success)
                                           .rfc("RFC 3261 10.2.3, 10.2.4").then(idle),
      // 8.1.3.5: "If a 401 (Unauthorized) or 407 (Proxy Authentication Required) response is
      // received, the UAC SHOULD follow the authorization procedures of Section 22.2 and Section
      // 22.3 to retry the request with credentials."
      in{fetching, trying}.on(received_challenge).does(authorize)
                                           .rfc("RFC 3261 8.1.3.5").then(challenged),
      // RFC 3329 2.3.1: "it MUST choose the security mechanism in the server's list […]. Then, it
      // MUST initiate that particular security mechanism".
      in{fetching, trying}.on(received_security_agreement).does(agree_on_security)
                                           .rfc("RFC 3329 2.3.1").then(challenged),
      in{fetching, trying}.on(received_423).does(retry_with_min_expires)
                                           .rfc("RFC 3261 10.2.8").then(too_brief),
      in{trying}.on(received_useless_423).does(give_up)
          .peer_violation("a 423 to a REGISTER for no interval below its Min-Expires",
                          "RFC 3261 10.3")           .then(rejected),
      in{fetching}.on(received_useless_423).does(give_up)
          .peer_violation("a 423 to a REGISTER without an expiration interval", "RFC 3261 10.3")
                                                     .then(idle),
      // 8.1.3.4: "When a failure for a particular contact address is received, the client SHOULD
      // try the next contact address."
      in{fetching, trying}.on(received_redirection).does(try_next_target)
                                           .rfc("RFC 3261 8.1.3.4").then(idle),
      // 8.1.3.5: "With other 4xx responses, including those yet to be defined, a retry may or may
      // not be possible".
      in{trying}.on(received_failure).does(give_up)
                                           .rfc("RFC 3261 8.1.3.5, 21.4.4").then(rejected),
      in{fetching, trying}.on(received_server_failure).starts(timer::registration_retry)
                                           .rfc("RFC 3261 21.4.9, 21.5").then(failed),
      // 21.5.4: "If no Retry-After is given, the client MUST act as if it had received a 500 (Server
      // Internal Error) response."
      in{fetching, trying}.on(received_503).does(try_next_target)
                          .starts(timer::registration_retry)
                                           .rfc("RFC 3261 21.5.4").then(failed),
      // RFC 5626 4.2.1: "when receiving a 503 (Service Unavailable) response with a Retry-After
      // header field, the UA is expected to wait the indicated amount of time and retry the
      // registration."
      in{fetching, trying}.on(received_503_retry_after).does(try_next_target, wait_for_timer)
                          .starts(timer::registration_retry)
                                           .rfc("RFC 3261 21.5.4, RFC 5626 4.2.1").then(waiting),
      in{fetching, trying}.on(received_retry_later).does(wait_for_timer)
                          .starts(timer::registration_retry)
                                           .rfc("RFC 3261 20.33").then(waiting),
      // RFC 5626 4.5: "when the UA boots, it immediately tries to register. If this fails and no
      // registration on other flows succeed, the first retry happens somewhere between 30 and 60
      // seconds after the failure of the first registration request."
      in{fetching, trying}.on(received_no_response).does(try_next_target, wait_for_timer)
                          .starts(timer::registration_retry)
                                           .rfc("RFC 3261 10.2.7, RFC 5626 4.5").then(waiting),
      in{fetching, trying}.on(received_transport_error).does(try_next_target, wait_for_timer)
                          .starts(timer::registration_retry)
                                           .rfc("RFC 3261 8.1.3.1, RFC 5626 4.5").then(waiting),
      // A fetch beside it decides nothing.
      in{idle, trying, challenged, too_brief, failed, waiting, rejected}
          .on(received_aside)              .rfc("RFC 3261 10.2.3").stay(),
      in{fetching}.on(received_aside)      .rfc("RFC 3261 10.2.3").then(idle),
      in{fetching}.on(received_failure)    .ignored("the refusal of a fetch is `received_aside`"),
      in{idle, fetching, trying, challenged, too_brief, failed, waiting, rejected}
          .on(received_challenge_aside).does(authorize)
                                           .rfc("RFC 3261 8.1.3.5").stay(),
      // The fetch that was sent in one of these states.
      in{idle, challenged, too_brief, failed, waiting, rejected}.on(received_challenge)
          .does(authorize)                 .rfc("RFC 3261 8.1.3.5").stay(),
      in{idle, challenged, too_brief, failed, waiting, rejected}.on(received_security_agreement)
          .does(agree_on_security)         .rfc("RFC 3329 2.3.1").stay(),
      in{idle, challenged, too_brief, failed, waiting, rejected}
          .on(received_success, received_423, received_useless_423, received_redirection,
              received_failure, received_server_failure, received_503, received_503_retry_after,
              received_retry_later, received_no_response, received_transport_error)
                                           .ignored("no change is pending"),

      in{failed, waiting}.on(timer_registration_retry).does(try_again)
                                           .rfc("RFC 5626 4.5").then(idle),
      in{idle, fetching, trying, challenged, too_brief, rejected}.on(timer_registration_retry)
                                           .ignored("nothing is to be tried again"),

      // RFC 5626 4.5: "When a flow used for registration […] fails, the UA needs to form a new flow
      // to replace the old flow and replace any registrations that were previously sent over this
      // flow."
      in{idle, fetching, trying, challenged, too_brief}.on(network_lost)
                                           .rfc("RFC 5626 4.5").then(idle),
      in{rejected}.on(network_lost)        .ignored("nothing is under way"),
      in{idle}.on(network_back).does(try_again)
                                           .rfc("RFC 5626 4.5").stay(),
      // "if there is a failure in forming this flow, the UA needs to wait a certain amount of time
      // before retrying to form a flow to this particular next hop." "The UA MUST wait for at least
      // the value of the retry delay time before trying another registration to form a new flow for
      // that URI". 21.5.4: "It SHOULD NOT forward any other requests to that server for the duration
      // specified in the Retry-After header field, if present." So the timer runs on.
      in{failed, waiting}.on(network_lost, network_back)
                                           .rfc("RFC 3261 21.5.4, RFC 5626 4.5").stay(),
      in{fetching, trying, challenged, too_brief}.on(network_back)
                                           .ignored("an attempt is under way"),
      in{rejected}.on(network_back)        .ignored("another try would not help"),

      // RFC 3680 4.7.1: "The probation event occurs when an active contact is removed by the
      // administrator, and the administrator wants the client to re-register, but to do so at a
      // later time."
      in{idle, fetching, too_brief, failed, waiting, rejected}.on(event_probation).does(wait_for_timer)
          .starts(timer::registration_retry)
                                           .rfc("RFC 3680 4.7.1").then(waiting),
      // "In contrast, the rejected event occurs when an active contact is removed by the
      // administrator, but re-registrations will not help to re-establish it."
      in{idle, fetching, too_brief, rejected}.on(event_rejected).does(give_up)
                                           .rfc("RFC 3680 4.7.1").then(rejected),
      in{failed, waiting}.on(event_rejected).does(give_up).stops(timer::registration_retry)
                                           .rfc("RFC 3680 4.7.1").then(rejected),
      // Which of the two the registrar has seen first is not known: the response to come says.
      in{trying, challenged}.on(event_probation, event_rejected)
                                           .race("RFC 3680 4.7.1").stay(),
  };
  // clang-format on

 private:
  // Whether two numbers are the same; one that is not there is taken to be.
  static constexpr bool fits(std::uint32_t a, std::uint32_t b) {
    return a == 0 || b == 0 || a == b;
  }
  static constexpr std::uint32_t in_milliseconds(std::uint32_t seconds) {
    return seconds > UINT32_MAX / 1000 ? UINT32_MAX : seconds * 1000;
  }
  // Whether the two want the same done.
  static constexpr bool alike(registration_purpose a, registration_purpose b) {
    return a == b || (binds(a) && binds(b));
  }

  // The highest CSeq number so far within the Call-ID of the REGISTER; 0 if none is known.
  static constexpr std::uint32_t cseq_before(registration_message const& m, facts const& mine) {
    if (m.call_id == mine.call_id) return mine.cseq;
    return m.call_id != 0 && m.call_id == mine.other_call_id ? mine.other_cseq : 0;
  }

  static constexpr symbol of_sent_request(symbol plain, registration_message const& m,
                                          registration_event const& e, facts const& mine) {
    if (m.wildcard) {
      if (!m.expires_said || m.expires != 0) return sent_wildcard_with_expires;
      if (m.other_contacts) return sent_wildcard_with_contacts;
      if (m.outbound) return sent_wildcard_with_reg_id;
    }
    if (m.cseq != 0 && m.cseq <= cseq_before(m, mine)) return sent_cseq_not_higher;
    if (e.purpose == registration_purpose::fetch) return plain;
    bool const retries = !m.other_target && fits(m.contact, mine.contact);
    if (retries && m.expires_said && m.expires != 0 && m.expires < mine.min_expires)
      return sent_too_brief;
    if (m.other_target) return sent_elsewhere;
    return mine.is_forbidden && repeats_change(m, e, mine) ? sent_forbidden : plain;
  }

  static constexpr bool repeats_change(registration_message const& m, registration_event const& e,
                                       facts const& mine) {
    return alike(e.purpose, mine.change) && !m.new_credentials &&
           e.credentials == mine.with_credentials && m.nonce == mine.nonce[0] &&
           m.proxy_nonce == mine.nonce[1] && fits(m.contact, mine.contact);
  }

  static constexpr symbol of_sent_response(registration_message const& m,
                                           registration_event const& e, facts const& mine) {
    if (m.event.response_class() == 6) return sent_global_failure;
    if (e.phase != registration_phase::interval_too_brief) return outside<symbol>;
    bool const is_known =
        mine.has_received && (!binds(mine.their_purpose) || mine.their_expires_said);
    bool const is_long = binds(mine.their_purpose) && mine.their_expires < one_hour &&
                         (m.min_expires == 0 || mine.their_expires < m.min_expires);
    if (is_known && !is_long) return sent_423_not_brief;
    // A message without its numbers is not judged.
    return is_known && m.min_expires == 0 ? sent_423_without_min_expires : outside<symbol>;
  }

  static constexpr void commit_sent(facts& mine, registration_message const& m,
                                    registration_event const& e) {
    if (m.call_id != 0 && m.call_id != mine.call_id) {
      std::uint32_t const before = cseq_before(m, mine);
      mine.other_call_id = mine.call_id;
      mine.other_cseq = mine.cseq;
      mine.call_id = m.call_id;
      mine.cseq = before;
    }
    if (m.cseq != 0) mine.cseq = m.cseq;
    if (e.purpose == registration_purpose::fetch) {
      mine.fetch_pending = true;
      mine.fetch_cseq = m.cseq;
      if (!mine.change_is_open) mine.purpose = e.purpose;
      return;
    }
    // What a 423 said is said of what it answered: "it MAY retry the registration" (10.2.8).
    bool const is_another = m.other_target || !fits(m.contact, mine.contact);
    if (is_another || !alike(e.purpose, mine.change)) mine.min_expires = 0;
    if (is_another) mine.count_of_423 = 0;
    mine.purpose = mine.change = e.purpose;
    mine.change_pending = mine.change_is_open = true;
    mine.change_cseq = m.cseq;
    mine.contact = m.contact;
    mine.nonce[0] = m.nonce;
    mine.nonce[1] = m.proxy_nonce;
    mine.expires = m.expires;
    mine.expires_said = m.expires_said;
    mine.with_credentials = e.credentials;
    mine.is_forbidden = false;
    mine.is_wanted = binds(e.purpose);
  }

  static constexpr void commit_received(facts& mine, registration_message const& m,
                                        registration_event const& e) {
    mine.has_received = true;
    mine.their_purpose = e.purpose;
    mine.their_expires = m.expires;
    mine.their_expires_said = m.expires_said;
  }
};

} // namespace ctsip
