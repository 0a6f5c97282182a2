// The security agreement with the first hop: which security mechanisms both sides have, and the
// proof that nobody has changed the list on its way.
// RFC 3329 2.3. Read machine/table.hpp and registration_event.hpp before it, and have RFC
// 3329 2.3.1 beside it.
#pragma once

#include <cstddef>
#include <cstdint>

#include <ctsip/machine/table.hpp>
#include <ctsip/registration/registration_event.hpp>

namespace ctsip {

/// Definition of the security agreement as the client sees it, and of what its server answers.
///
/// Choices, where the RFC leaves one:
///  1. A list that comes in another response than 494 or 421 is taken as well: a 401 has it in IMS.
///  2. A 494 to a request that mirrored the list says that it was changed on its way. Its list is
///     mirrored in turn, but no more than `most_refusals` of them in a row are answered.
///  3. An agreement ends with what it was made over: when the network is lost, or with no response.
///     "All the mechanisms described in this document have a different way of signaling the end of
///     a security association" (2.5); `network_lost` tells of that too.
///  4. A list may be mirrored, or a request be made that has neither, while none is demanded.
struct security_agreement {
  static constexpr char const* title = "security agreement";

  enum class state : std::uint8_t {
    unprotected, ///< no agreement, and none is being made
    offered,     ///< Security-Client sent, no list of the server received
    listed,      ///< a Security-Server was received: the mechanism is to be initiated
    agreed,      ///< a request has mirrored the list
    aborted      ///< the agreement has failed; another may begin
  };
  enum class symbol : std::uint8_t {
    sent_request, ///< without Security-Client and Security-Verify
    sent_offer,   ///< with Security-Client alone
    sent_verify,  ///< with a Security-Verify that mirrors the list received
    sent_changed_verify,
    sent_without_require,  ///< one of the two, without sec-agree in Require and Proxy-Require
    sent_494_without_list, ///< as server
    received_list,         ///< a Security-Server in another response
    received_494,          ///< 494 or 421 with a Security-Server
    received_one_too_many,
    received_494_without_list,
    connection_lost ///< no response, an error of the transport, the network is lost
  };
  enum class action : std::uint8_t {
    choose_mechanism, ///< the one with the highest q that we know too; then initiate it
    send_verify,      ///< send the request again with a Security-Verify that mirrors the list
    abort             ///< tell the user: there is no agreement
  };
  using enum state;
  using enum symbol;
  using enum action;
  using in = ctsip::in<state, symbol, action>;

  static constexpr symbol commands[] = {sent_request,         sent_offer,
                                        sent_verify,          sent_changed_verify,
                                        sent_without_require, sent_494_without_list};

  /// How many 494 in a row are answered.
  static constexpr std::uint8_t most_refusals = 2;

  struct facts {
    std::uint8_t refusals{}; ///< 494 or 421 in a row
  };

  /// The symbol as far as it can be told without header fields.
  static constexpr symbol project(registration_event const& e) {
    using enum registration_phase;
    if (e.phase == network_lost) return connection_lost;
    if (e.subject != registration_subject::register_ && e.subject != registration_subject::request)
      return outside<symbol>;
    if (e.is_sent()) return e.phase == request ? sent_request : outside<symbol>;
    if (e.phase == registration_phase::security_agreement) return received_494;
    return e.phase == no_response || e.phase == transport_error ? connection_lost : outside<symbol>;
  }

  /// The symbol, by the header fields of the message.
  static constexpr symbol correct(symbol plain, registration_message const& m,
                                  registration_event const& e, facts const& mine) {
    if (e.subject != registration_subject::register_ && e.subject != registration_subject::request)
      return plain;
    if (e.is_sent()) {
      if (m.event.status == 494) return m.security_server ? outside<symbol> : sent_494_without_list;
      if (plain == sent_request) return of_sent_request(m);
      return plain;
    }
    if (m.event.status == 494 && !m.security_server && e.phase != registration_phase::stray)
      return received_494_without_list;
    if (is_refusal(m, e)) return of_refusal(mine);
    return m.security_server && e.is_received() && e.is_final() ? received_list : plain;
  }
  /// The same without the symbol at hand.
  static constexpr symbol classify(registration_message const& m, registration_event const& e,
                                   facts const& mine) {
    return correct(project(e), m, e, mine);
  }

  /// A 494 that is not answered is a rejection to the other rules.
  static constexpr void refine(registration_event& e, registration_message const& m,
                               facts const& mine) {
    if (!e.is_received() || e.phase != registration_phase::security_agreement) return;
    if ((m.event.status == 494 && !m.security_server) || mine.refusals >= most_refusals)
      e.phase = registration_phase::rejection;
  }

  static constexpr void commit(facts& mine, registration_message const& m,
                               registration_event const& e) {
    if (!e.is_received()) return;
    if (is_refusal(m, e)) {
      if (mine.refusals != UINT8_MAX) ++mine.refusals;
    } else if (e.is_final()) {
      mine.refusals = 0;
    }
  }

  static constexpr state at_rest[] = {unprotected, offered, listed, agreed, aborted};

  // clang-format off
  static constexpr in::row rows[] = {
      in{unprotected, offered, aborted}.on(sent_request)
                                           .rfc("RFC 3329 2.3.1").stay(),
      // 2.3.1: "A client wishing to use the security agreement of this specification MUST add a
      // Security-Client header field to a request addressed to its first-hop proxy". After one that
      // was aborted it "MAY try to start it again by sending a new request with a Security-Client
      // header field as described above."
      in{unprotected, offered, aborted}.on(sent_offer)
                                           .rfc("RFC 3329 2.3.1").then(offered),
      in{listed, agreed}.on(sent_verify)   .rfc("RFC 3329 2.3.1").then(agreed),
      // "All the subsequent SIP requests sent by the client to that server SHOULD make use of the
      // security mechanism initiated in the previous step. These requests MUST contain a
      // Security-Verify header field that mirrors the server's list received previously in the
      // Security-Server header field."
      in{listed, agreed}.on(sent_request, sent_offer)
          .refused("a request without Security-Verify after a Security-Server was received",
                   "RFC 3329 2.3.1"),
      in{unprotected, offered, aborted}.on(sent_verify)
          .refused("a Security-Verify although no Security-Server was received", "RFC 3329 2.3.1"),
      in{unprotected, offered, listed, agreed, aborted}.on(sent_changed_verify)
          .refused("a Security-Verify that does not mirror the Security-Server received",
                   "RFC 3329 2.3.1"),
      // "The client MUST add both a Require and Proxy-Require header field with the value
      // "sec-agree" to its request." "These requests MUST also have both a Require and Proxy-Require
      // header fields with the value "sec-agree"."
      in{unprotected, offered, listed, agreed, aborted}.on(sent_without_require)
          .refused("a Security-Client or Security-Verify without sec-agree in Require and "
                   "Proxy-Require", "RFC 3329 2.3.1"),
      // "The server MUST add a Security-Server header field to this response listing the security
      // mechanisms that the server supports."
      in{unprotected, offered, listed, agreed, aborted}.on(sent_494_without_list)
          .refused("a 494 without Security-Server", "RFC 3329 2.3.1"),

      // "When the client receives a response with a Security-Server header field, it MUST choose the
      // security mechanism in the server's list with the highest "q" value among all the mechanisms
      // that are known to the client. Then, it MUST initiate that particular security mechanism".
      in{unprotected, offered, listed, agreed, aborted}.on(received_list).does(choose_mechanism)
                                           .rfc("RFC 3329 2.3.1").then(listed),
      // 2.3.2: "A server that by policy requires the use of this specification and receives a
      // request that does not have the sec-agree option tag in a Require, Proxy-Require or Supported
      // header field MUST return a 421 (Extension Required) response. If the request had the
      // sec-agree option tag in a Supported header field, it MUST return a 494".
      // 2.3.1: "If modification of the list is detected, the server MUST respond to the client with
      // a 494 (Security Agreement Required) response. This response MUST include the server's
      // unmodified list of supported security mechanisms."
      in{unprotected, offered, listed, agreed, aborted}.on(received_494)
          .does(choose_mechanism, send_verify)
                                           .rfc("RFC 3329 2.3.1, 2.3.2").then(listed),
      // "A client detecting such a lack of information in the response MUST consider the current
      // security agreement process aborted".
      in{unprotected, offered, listed, agreed, aborted}.on(received_one_too_many)
          .does(action::abort)             .rfc("RFC 3329 2.3.1").then(aborted),
      in{unprotected, offered, listed, agreed, aborted}.on(received_494_without_list)
          .does(action::abort)
          .peer_violation("a 494 without Security-Server", "RFC 3329 2.3.1").then(aborted),
      // 2.5: "When TLS is used, the termination of the connection indicates that a new negotiation
      // is needed."
      in{offered, listed, agreed, aborted}.on(connection_lost)
                                           .rfc("RFC 3329 2.5").then(unprotected),
      in{unprotected}.on(connection_lost)  .ignored("there is no agreement"),
  };
  // clang-format on

 private:
  static constexpr bool is_refusal(registration_message const& m, registration_event const& e) {
    return e.is_received() && (m.event.status == 494 || m.event.status == 421) &&
           (e.phase == registration_phase::security_agreement ||
            e.phase == registration_phase::rejection);
  }
  static constexpr symbol of_refusal(facts const& mine) {
    return mine.refusals >= most_refusals ? received_one_too_many : received_494;
  }
  static constexpr symbol of_sent_request(registration_message const& m) {
    bool const takes_part = m.security_client || m.security_verify != security_list::none;
    if (takes_part && !m.security_required) return sent_without_require;
    switch (m.security_verify) {
    case security_list::mirrors: return sent_verify;
    case security_list::differs: return sent_changed_verify;
    case security_list::none: break;
    }
    return m.security_client ? sent_offer : sent_request;
  }
};

} // namespace ctsip
