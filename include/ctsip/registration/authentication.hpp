// Authentication: which challenges are answered, with which credentials a request may be tried
// again, and what may be challenged. For REGISTER and for every other method.
// RFC 3261 9.2, 22; RFC 7616 3.3, 3.4; RFC 3310 3. Read machine/table.hpp and
// registration_event.hpp before it, and have RFC 3261 22.1 beside it.
#pragma once

#include <cstddef>
#include <cstdint>

#include <ctsip/machine/table.hpp>
#include <ctsip/registration/registration_event.hpp>

namespace ctsip {

/// Definition of the authentication of a client's requests, and of what a server may challenge.
///
/// Choices, where the RFCs leave one:
///  1. A challenge with another nonce, though not stale, after ours was refused says that "the
///     username and/or password are invalid" (RFC 7616 3.3). It may be answered, with new ones if
///     the user has them; but no more than `most_challenges` are answered in a row, stale ones
///     among them.
///  2. A 401 and a 407 are of two servers, so that each of them may challenge first. Of several
///     challenges in a response, one that cannot be answered decides.
///  3. Nonces that are not told are taken to be new ones. A challenge to a request before the last
///     one, by its CSeq number, is taken to be a first one, unless that request and all after it
///     carried the credentials of the last one: then it judges these.
///  4. Credentials may be sent without a challenge: they "MAY do so" (22.2), with a nonce that is
///     known from before, from Authentication-Info, or in IMS with an empty one.
///  5. After a synchronisation failure (AUTS) "the client is then re-challenged" (RFC 3310 3.4).
///     That challenge is like a first one; a second synchronisation failure does not make another.
///  6. A final response other than a challenge that is answered ends the series: what comes after
///     is another request, with challenges of its own. Whether the credentials had been accepted
///     then is known of a 2xx alone.
///  7. As many rejected nonces are remembered as challenges are answered in a row. A 2xx to the
///     request sent last lets them be forgotten, and so do other credentials with the same nonce.
struct authentication {
  static constexpr char const* title = "authentication";

  enum class state : std::uint8_t {
    unchallenged,  ///< no challenge is open, and no credentials are known to be good
    challenged,    ///< a challenge may be answered
    answered,      ///< credentials sent, and not yet a final response
    authenticated, ///< credentials have been accepted
    rejected       ///< the last challenge is not to be answered
  };
  enum class symbol : std::uint8_t {
    sent_request,     ///< without credentials
    sent_credentials, ///< with others than those that have just been rejected
    sent_synchronisation_failure,
    sent_rejected_credentials, ///< with those that have just been rejected
    sent_challenge_of_cancel,
    sent_challenge_of_ack,
    received_challenge,             ///< a first one
    received_stale_challenge,       ///< only the nonce of our credentials was wrong
    received_new_challenge,         ///< our credentials were refused, and there is another nonce
    received_repeated_challenge,    ///< the same nonce once more, and not stale
    received_unsupported_challenge, ///< with schemes and algorithms that we do not know
    received_one_too_many,          ///< the challenge after the most that are answered in a row
    received_missing_challenge,     ///< a 401 or 407 without one
    received_challenge_of_cancel,
    received_challenge_of_ack,
    received_success,
    received_failure ///< 3xx-6xx other than a challenge, no response, or the network is lost
  };
  enum class action : std::uint8_t {
    obtain_credentials, ///< those that were used are not good: ask for others
    answer_challenge,   ///< send the request again, with credentials and the next CSeq number
    give_up             ///< tell the user: these credentials are refused
  };
  using enum state;
  using enum symbol;
  using enum action;
  using in = ctsip::in<state, symbol, action>;

  static constexpr symbol commands[] = {sent_request,
                                        sent_credentials,
                                        sent_synchronisation_failure,
                                        sent_rejected_credentials,
                                        sent_challenge_of_cancel,
                                        sent_challenge_of_ack};

  /// Challenges that are answered in a row: of a proxy, of the registrar, a stale one, and one
  /// more.
  static constexpr std::uint8_t most_challenges = 4;

  /// Nonces are of WWW-Authenticate and Authorization, and of those for the proxy.
  struct facts {
    std::uint32_t answered[2]{}; ///< nonces of the request sent last, 0 where not told
    std::uint32_t rejected[2][most_challenges]{}; ///< those that have just been rejected
    std::uint32_t cseq{};                         ///< of the request sent last
    std::uint32_t first_cseq{}; ///< of the first of those in a row with its credentials
    std::uint8_t challenges{};  ///< in a row
    bool with_credentials{};    ///< the request sent last had some that can be refused
    bool resynchronising{};     ///< it told a synchronisation failure
    bool resynchronised{};      ///< one has been told since the last final response
  };

  /// The symbol as far as it can be told without numbers.
  static constexpr symbol project(registration_event const& e) {
    using enum registration_phase;
    if (e.phase == network_lost) return received_failure;
    if (e.subject == registration_subject::none || e.way == direction::none) return outside<symbol>;
    bool const is_cancel = e.subject == registration_subject::cancel;
    bool const is_ack = e.subject == registration_subject::ack;
    if (e.is_sent()) {
      if (e.phase == challenge || e.phase == rejection)
        return is_cancel ? sent_challenge_of_cancel
               : is_ack  ? sent_challenge_of_ack
                         : outside<symbol>;
      // "UACs creating an ACK message will duplicate all of the Authorization and
      // Proxy-Authorization header field values that appeared in the INVITE" (22.1).
      if (e.phase != request || is_cancel || is_ack) return outside<symbol>;
      return e.credentials ? sent_credentials : sent_request;
    }
    if (e.phase == challenge || e.phase == rejection) {
      if (is_cancel) return received_challenge_of_cancel;
      if (is_ack) return received_challenge_of_ack;
      return e.phase == challenge ? received_challenge : received_repeated_challenge;
    }
    if (is_cancel || is_ack) return outside<symbol>;
    if (e.phase == success) return received_success;
    return e.is_failure() ? received_failure : outside<symbol>;
  }

  /// The symbol, by the numbers of the message and of what came before it.
  static constexpr symbol correct(symbol plain, registration_message const& m,
                                  registration_event const& e, facts const& mine) {
    switch (plain) {
    case sent_credentials:
      if (repeats_rejected(m, mine)) return sent_rejected_credentials;
      return m.synchronisation_failure ? sent_synchronisation_failure : plain;
    case received_challenge:
    case received_repeated_challenge:
      return is_challenge(m, e) ? of_challenge(m, mine) : received_failure;
    default: return plain;
    }
  }
  /// The same without the symbol at hand.
  static constexpr symbol classify(registration_message const& m, registration_event const& e,
                                   facts const& mine) {
    return correct(project(e), m, e, mine);
  }

  /// A challenge that is not answered is a rejection to the other rules.
  static constexpr void refine(registration_event& e, registration_message const& m,
                               facts const& mine) {
    if (!is_challenge(m, e)) return;
    switch (of_challenge(m, mine)) {
    case received_repeated_challenge:
    case received_unsupported_challenge:
    case received_one_too_many:
    case received_missing_challenge: e.phase = registration_phase::rejection; break;
    default: break;
    }
  }

  static constexpr void commit(facts& mine, registration_message const& m,
                               registration_event const& e) {
    if (is_challenge(m, e)) {
      ++mine.challenges;
      if (e.phase == registration_phase::rejection) mine.challenges = 0;
      if (!answers(m, mine)) return;
      std::uint32_t const nonces[] = {m.nonce, m.proxy_nonce};
      for (std::size_t i = 0; i < 2; ++i) {
        bool const is_refused = mine.with_credentials && !mine.resynchronising && !m.stale &&
                                is_challenged(nonces, i, m);
        if (is_refused)
          remember(mine.rejected[i], mine.answered[i]);
        else if (m.stale)
          forget(mine.rejected[i], nonces[i]);
      }
      return;
    }
    switch (correct(project(e), m, e, mine)) {
    case sent_request: mine.challenges = 0; [[fallthrough]];
    case sent_credentials:
    case sent_synchronisation_failure:
      if (m.new_credentials) {
        forget(mine.rejected[0], m.nonce);
        forget(mine.rejected[1], m.proxy_nonce);
      }
      if (!carries_the_same(m, e, mine)) mine.first_cseq = m.cseq;
      mine.answered[0] = m.nonce;
      mine.answered[1] = m.proxy_nonce;
      mine.cseq = m.cseq;
      mine.with_credentials = e.credentials && !m.empty_nonce;
      mine.resynchronising = m.synchronisation_failure && !mine.resynchronised;
      if (m.synchronisation_failure) mine.resynchronised = true;
      break;
    case received_success:
      if (m.cseq == 0 || mine.cseq == 0 || m.cseq == mine.cseq)
        for (auto& each : mine.rejected)
          for (std::uint32_t& nonce : each) nonce = 0;
      [[fallthrough]];
    case received_failure:
      mine.challenges = 0;
      mine.resynchronised = false;
      break;
    default: break;
    }
  }

  static constexpr state at_rest[] = {unchallenged, challenged, authenticated, rejected};

  // clang-format off
  static constexpr in::row rows[] = {
      // 22.1: "Any time that a proxy server or UA receives a request […], it MAY challenge the
      // initiator of the request". A request is sent without credentials until one does; and again,
      // as another attempt, when a challenge is not to be answered.
      in{unchallenged, challenged, rejected}.on(sent_request)
                                           .rfc("RFC 3261 22").then(unchallenged),
      in{answered, authenticated}.on(sent_request)
                                           .rfc("RFC 3261 22").stay(),
      // 22.2: "When the originating UAC receives the 401 (Unauthorized), it SHOULD, if it is able,
      // re-originate the request with the proper credentials." "any UA that wishes to authenticate
      // itself with a UAS or registrar -- usually, but not necessarily, after receiving a 401
      // (Unauthorized) response -- MAY do so by including an Authorization header field with the
      // request."
      in{unchallenged, challenged, answered, authenticated, rejected}.on(sent_credentials)
                                           .rfc("RFC 3261 22.2, 22.3").then(answered),
      // RFC 3310 3.4: "For indicating an AKA sequence number synchronization failure, and to
      // re-synchronize the SQN in the AuC using the AUTS token, a new directive is defined".
      in{challenged}.on(sent_synchronisation_failure)
                                           .rfc("RFC 3310 3.4").then(answered),
      // RFC 3310 2: "When verifying the AUTN, the client may detect that the sequence numbers
      // between the client and the server have fallen out of sync." The AUTN is in a challenge.
      in{unchallenged, answered, authenticated, rejected}.on(sent_synchronisation_failure)
          .refused("a synchronisation failure (auts) that answers no challenge", "RFC 3310 2, 3.4"),
      // 22.1: "A UAC MUST NOT re-attempt requests with the credentials that have just been rejected
      // (though the request may be retried if the nonce was stale)."
      in{unchallenged, challenged, answered, authenticated, rejected}.on(sent_rejected_credentials)
          .refused("a retry with the credentials that have just been rejected",
                   "RFC 3261 22.1, RFC 7616 3.3"),
      // 9.2: "since CANCEL requests are hop-by-hop and cannot be resubmitted, they cannot be
      // challenged by the server". 22.1: "servers MUST NOT attempt to challenge CANCEL requests
      // since these requests cannot be resubmitted."
      in{unchallenged, challenged, answered, authenticated, rejected}.on(sent_challenge_of_cancel)
          .refused("a challenge (401 or 407) of a CANCEL", "RFC 3261 9.2, 22.1"),
      // 22.1: "Servers MUST NOT attempt to challenge an ACK."
      in{unchallenged, challenged, answered, authenticated, rejected}.on(sent_challenge_of_ack)
          .refused("a challenge (401 or 407) of an ACK", "RFC 3261 22.1"),

      in{unchallenged, challenged, answered, authenticated, rejected}.on(received_challenge)
          .does(answer_challenge)          .rfc("RFC 3261 22.2, 22.3").then(challenged),
      // RFC 7616 3.3: "If stale is true, the client may wish to simply retry the request with a new
      // encrypted response, without re-prompting the user for a new username and password."
      in{unchallenged, challenged, answered, authenticated, rejected}.on(received_stale_challenge)
          .does(answer_challenge)          .rfc("RFC 7616 3.3").then(challenged),
      // RFC 7616 3.3: "If stale is false, or anything other than true, or the stale parameter is not
      // present, the username and/or password are invalid, and new values MUST be obtained."
      in{unchallenged, challenged, answered, authenticated, rejected}.on(received_new_challenge)
          .does(obtain_credentials, answer_challenge)
                                           .rfc("RFC 7616 3.3").then(challenged),
      // 22.1: "the potential exists that these credentials may no longer be valid or that the
      // challenging server will not accept these credentials for whatever reason […]. In this
      // instance a server may repeat its challenge".
      in{unchallenged, challenged, answered, authenticated, rejected}
          .on(received_repeated_challenge, received_one_too_many).does(give_up)
                                           .rfc("RFC 3261 22.1").then(rejected),
      // RFC 7616 3.3: "If the algorithm is not understood, the challenge SHOULD be ignored (and a
      // different one used, if there is more than one)."
      in{unchallenged, challenged, answered, authenticated, rejected}
          .on(received_unsupported_challenge).does(give_up)
                                           .rfc("RFC 7616 3.3").then(rejected),
      // 22.2: "The WWW-Authenticate response-header field MUST be included in 401 (Unauthorized)
      // response messages." 22.3: "The proxy MUST populate the 407 (Proxy Authentication Required)
      // message with a Proxy-Authenticate header field value".
      in{unchallenged, challenged, answered, authenticated, rejected}
          .on(received_missing_challenge).does(give_up)
          .peer_violation("a 401 or 407 without a challenge", "RFC 3261 22.2, 22.3").then(rejected),
      in{unchallenged, challenged, answered, authenticated, rejected}
          .on(received_challenge_of_cancel)
          .peer_violation("a challenge (401 or 407) of a CANCEL", "RFC 3261 9.2, 22.1").stay(),
      in{unchallenged, challenged, answered, authenticated, rejected}.on(received_challenge_of_ack)
          .peer_violation("a challenge (401 or 407) of an ACK", "RFC 3261 22.1").stay(),

      // 22: "Once the originator has been identified, the recipient of the request SHOULD ascertain
      // whether or not this user is authorized to make the request".
      in{answered}.on(received_success)    .rfc("RFC 3261 22").then(authenticated),
      in{answered}.on(received_failure)    .rfc("RFC 3261 22.1").then(unchallenged),
      in{unchallenged, challenged, authenticated, rejected}.on(received_success, received_failure)
                                           .ignored("no credentials are being judged"),
  };
  // clang-format on

 private:
  // A 494 has a challenge only of `security_agreement`.
  static constexpr bool is_challenge(registration_message const& m, registration_event const& e) {
    return e.is_received() && m.event.status != 494 && m.event.status != 421 &&
           (e.phase == registration_phase::challenge || e.phase == registration_phase::rejection) &&
           (e.subject == registration_subject::register_ ||
            e.subject == registration_subject::request);
  }
  // Whether the response is to the request sent last, or to an earlier one that carried the same
  // credentials, as far as the numbers tell.
  static constexpr bool answers(registration_message const& m, facts const& mine) {
    return m.cseq == 0 || mine.cseq == 0 || (m.cseq >= mine.first_cseq && m.cseq <= mine.cseq);
  }
  // Whether the request to be sent carries what the one before it carried.
  static constexpr bool carries_the_same(registration_message const& m, registration_event const& e,
                                         facts const& mine) {
    bool const may_be_refused = e.credentials && !m.empty_nonce && !m.synchronisation_failure &&
                                !m.new_credentials && (m.nonce != 0 || m.proxy_nonce != 0);
    return may_be_refused && mine.with_credentials && !mine.resynchronising && mine.cseq != 0 &&
           m.cseq > mine.cseq && m.nonce == mine.answered[0] && m.proxy_nonce == mine.answered[1];
  }
  // The latest comes first.
  static constexpr void remember(std::uint32_t (&nonces)[most_challenges], std::uint32_t nonce) {
    if (nonce == 0) return;
    std::size_t at = 0;
    while (at + 1 < most_challenges && nonces[at] != 0 && nonces[at] != nonce) ++at;
    for (; at > 0; --at) nonces[at] = nonces[at - 1];
    nonces[0] = nonce;
  }
  static constexpr void forget(std::uint32_t (&nonces)[most_challenges], std::uint32_t nonce) {
    for (std::uint32_t& each : nonces)
      if (each == nonce) each = 0;
  }
  static constexpr bool contains(std::uint32_t const (&nonces)[most_challenges],
                                 std::uint32_t nonce) {
    if (nonce == 0) return false;
    for (std::uint32_t const each : nonces)
      if (each == nonce) return true;
    return false;
  }
  // Whether the response challenges there: by its nonce, or else by its status code.
  static constexpr bool is_challenged(std::uint32_t const (&nonces)[2], std::size_t i,
                                      registration_message const& m) {
    if (nonces[0] != 0 || nonces[1] != 0) return nonces[i] != 0;
    return (m.event.status == 407) == (i == 1);
  }
  static constexpr bool repeats_rejected(registration_message const& m, facts const& mine) {
    if (m.new_credentials) return false;
    return contains(mine.rejected[0], m.nonce) || contains(mine.rejected[1], m.proxy_nonce);
  }

  static constexpr symbol of_challenge(registration_message const& m, facts const& mine) {
    if (m.challenge == challenge_support::missing) return received_missing_challenge;
    if (m.challenge == challenge_support::unsupported) return received_unsupported_challenge;
    if (mine.challenges >= most_challenges) return received_one_too_many;
    if (!mine.with_credentials || !answers(m, mine)) return received_challenge;
    if (m.stale) return received_stale_challenge;
    if (mine.resynchronising) return received_challenge;
    std::uint32_t const nonces[] = {m.nonce, m.proxy_nonce};
    bool const sent_untold = mine.answered[0] == 0 && mine.answered[1] == 0;
    bool refused = false;
    for (std::size_t i = 0; i < 2; ++i) {
      if (!is_challenged(nonces, i, m)) continue;
      if (nonces[i] != 0 && nonces[i] == mine.answered[i]) return received_repeated_challenge;
      if (mine.answered[i] != 0 || sent_untold) refused = true;
    }
    return refused ? received_new_challenge : received_challenge;
  }
};

template <class Event, class Message, class... Rules>
class basic_composition;

/// The authentication of other requests than REGISTER, by itself: of those of a dialog, or of those
/// to one target. Include machine/composition.hpp to run it.
using authentication_rules =
    basic_composition<registration_event, registration_message, authentication>;

} // namespace ctsip
