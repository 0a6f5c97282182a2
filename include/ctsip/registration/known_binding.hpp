// The binding as we know it: that a registrar holds our Contact, for how long, and by what it is
// lost. A refresh that fails, is challenged or has to wait does not touch it.
// RFC 3261 10.2, 10.3; RFC 3680 4.7. Read machine/table.hpp and registration_event.hpp before it;
// registration_attempt.hpp has the REGISTER under way.
#pragma once

#include <cstddef>
#include <cstdint>

#include <ctsip/machine/table.hpp>
#include <ctsip/registration/registration_event.hpp>
#include <ctsip/registration/registration_policy.hpp>

namespace ctsip {

/// Definition of the binding of one Contact as its user agent knows it.
///
/// Choices, where the RFCs leave one:
///  1. A 2xx that does not tell whether it lists our Contact is taken to do what was asked for, and
///     one that does not tell for how long, to grant what was asked; an hour if nothing was.
///  2. A 2xx to a removal that lists the Contact all the same is believed: the binding is there.
///  3. The reg event package tells of bindings that we know of; about others it is ignored.
struct known_binding {
  static constexpr char const* title = "known binding";

  enum class state : std::uint8_t {
    unregistered, ///< no binding, since none was made, it was removed by us or has expired
    registered,   ///< bound until `registration_expiry` fires
    removed       ///< the network has removed the binding
  };
  enum class symbol : std::uint8_t {
    sent_change, ///< a REGISTER that adds, refreshes or removes
    // Commands that no state allows.
    sent_success_keeping_contact, ///< as registrar: to a removal, and still listing the Contact
    sent_success_without_contact, ///< as registrar: to an addition, and not listing the Contact
    received_bound,               ///< a 2xx that lists our Contact
    received_removed,             ///< a 2xx to the removal of our Contact
    received_kept,                ///< the same, but it lists our Contact
    received_unlisted,            ///< a 2xx to an addition that does not list our Contact
    received_missing,             ///< a 2xx to anything else that does not
    received_failure,
    event_shortened,
    event_deactivated,
    event_probation,
    event_unregistered,
    event_rejected,
    event_expired,
    timer_registration_refresh,
    timer_registration_expiry
  };
  enum class action : std::uint8_t {
    refresh,            ///< send a REGISTER for the same Contact before the binding expires
    register_again,     ///< send a REGISTER that adds the binding once more
    inform_registered,  ///< tell the user that the binding is there, and until when
    inform_unregistered ///< tell the user that it is not
  };
  using enum state;
  using enum symbol;
  using enum action;
  using in = ctsip::in<state, symbol, action>;

  static constexpr symbol commands[] = {sent_change, sent_success_keeping_contact,
                                        sent_success_without_contact};

  /// What a REGISTER asked for.
  struct request {
    std::uint32_t contact{};
    std::uint32_t expires{};
    bool expires_said{};
    registration_purpose purpose{};
  };
  struct facts {
    request ours{};          ///< the change sent last
    request theirs{};        ///< as registrar: the REGISTER received last
    std::uint32_t contact{}; ///< the one that is bound, 0 for not told
    std::uint32_t granted{}; ///< seconds, by the last 2xx or as shortened; 0 for no binding
    bool is_bound{};
  };

  /// "Malformed values SHOULD be treated as equivalent to 3600." (10.2) So is one that is not told.
  static constexpr std::uint32_t usual_expires = 3600;

  /// How long the two timers run; `registration` has a policy of the user's.
  static constexpr milliseconds wait(timer t, facts const& mine) {
    if (t == timer::registration_refresh)
      return default_registration_policy.refresh_after(mine.granted);
    if (t == timer::registration_expiry) return {std::int64_t{mine.granted} * 1000};
    return milliseconds::never();
  }

  /// Whether a REGISTER that adds our Contact refreshes it.
  static constexpr void refine(registration_event& e, registration_message const& m,
                               facts const& mine) {
    if (e.is_sent() && e.is_request(registration_subject::register_) &&
        e.purpose == registration_purpose::add && mine.is_bound && is_ours(m.contact, mine))
      e.purpose = registration_purpose::refresh;
  }

  /// The symbol as far as it can be told without numbers.
  static constexpr symbol project(registration_event const& e) {
    using enum registration_phase;
    switch (e.phase) {
    case shortened: return event_shortened;
    case deactivated: return event_deactivated;
    case probation: return event_probation;
    case registration_phase::unregistered: return event_unregistered;
    case rejected: return event_rejected;
    case expired: return event_expired;
    case registration_phase::timer:
      return e.timer == ctsip::timer::registration_refresh  ? timer_registration_refresh
             : e.timer == ctsip::timer::registration_expiry ? timer_registration_expiry
                                                            : outside<symbol>;
    default: break;
    }
    if (!e.is_register() || e.way == direction::none) return outside<symbol>;
    if (e.is_sent())
      return e.phase == request && changes_bindings(e.purpose) ? sent_change : outside<symbol>;
    if (e.phase == success)
      return binds(e.purpose)              ? received_bound
             : changes_bindings(e.purpose) ? received_removed
                                           : outside<symbol>;
    return e.is_failure() ? received_failure : outside<symbol>;
  }

  /// The symbol, by the numbers of the message and of what came before it.
  static constexpr symbol correct(symbol plain, registration_message const& m,
                                  registration_event const& e, facts const& mine) {
    // "If the event attribute has a value of shortened, the "expires" attribute MUST be present."
    // (RFC 3680 5.1) One without changes nothing.
    if (plain == event_shortened && m.granted == 0) return outside<symbol>;
    if (e.phase != registration_phase::success || !e.is_register()) return plain;
    return e.is_sent() ? of_sent_success(plain, m, mine.theirs) : of_received_success(m, e, mine);
  }
  /// The same without the symbol at hand.
  static constexpr symbol classify(registration_message const& m, registration_event const& e,
                                   facts const& mine) {
    return correct(project(e), m, e, mine);
  }

  static constexpr void commit(facts& mine, registration_message const& m,
                               registration_event const& e) {
    if (e.is_request(registration_subject::register_)) {
      if (e.is_sent() && !changes_bindings(e.purpose)) return;
      (e.is_sent() ? mine.ours : mine.theirs) = {m.contact, m.expires, m.expires_said, e.purpose};
      return;
    }
    switch (classify(m, e, mine)) {
    case received_kept:
    case received_bound:
      if (binds(e.purpose)) mine.contact = mine.ours.contact;
      mine.granted = m.granted != 0 ? m.granted
                     : m.listing == contact_listing::listed || !binds(e.purpose)
                         ? (mine.granted != 0 ? mine.granted : usual_expires)
                     : mine.ours.expires_said ? mine.ours.expires
                                              : usual_expires;
      mine.is_bound = true;
      break;
    case event_shortened:
      if (mine.is_bound) mine.granted = m.granted;
      break;
    case received_removed:
    case received_unlisted:
    case received_missing:
    case event_deactivated:
    case event_probation:
    case event_unregistered:
    case event_rejected:
    case event_expired:
    case timer_registration_expiry:
      mine.granted = 0;
      mine.is_bound = false;
      break;
    default: break;
    }
  }

  // clang-format off
  static constexpr in::row rows[] = {
      // 10.2.4: "Each UA is responsible for refreshing the bindings that it has previously
      // established." While a REGISTER that does so is pending, none is due.
      in{unregistered, removed}.on(sent_change)
                                           .rfc("RFC 3261 10.2.1").stay(),
      in{registered}.on(sent_change).stops(timer::registration_refresh)
                                           .rfc("RFC 3261 10.2.2, 10.2.4").stay(),
      // 10.3: "If the Call-ID value in the existing binding differs from the Call-ID value in the
      // request, the binding MUST be removed if the expiration time is zero". 10.2.2: "A UA requests
      // the immediate removal of a binding by specifying an expiration interval of "0"".
      in{unregistered, registered, removed}.on(sent_success_keeping_contact)
          .refused("a 2xx to a removal that still lists the Contact", "RFC 3261 10.2.2, 10.3"),
      // 10.3: "The response MUST contain Contact header field values enumerating all current
      // bindings."
      in{unregistered, registered, removed}.on(sent_success_without_contact)
          .refused("a 2xx to a REGISTER that does not list the binding that was made",
                   "RFC 3261 10.3"),

      // 10.2.4: "The UA compares each contact address to see if it created the contact address […].
      // If so, it updates the expiration time interval according to the expires parameter or, if
      // absent, the Expires field value. The UA then issues a REGISTER request for each of its
      // bindings before the expiration interval has elapsed."
      in{unregistered, registered, removed}.on(received_bound).does(inform_registered)
          .starts(timer::registration_refresh, timer::registration_expiry)
                                           .rfc("RFC 3261 10.2.4").then(registered),
      in{registered}.on(received_removed).does(inform_unregistered)
          .stops(timer::registration_refresh, timer::registration_expiry)
                                           .rfc("RFC 3261 10.2.2").then(unregistered),
      in{unregistered, removed}.on(received_removed)
                                           .rfc("RFC 3261 10.2.2").then(unregistered),
      in{unregistered, registered, removed}.on(received_kept).does(inform_registered)
          .starts(timer::registration_refresh, timer::registration_expiry)
          .peer_violation("a 2xx to a removal that still lists the Contact",
                          "RFC 3261 10.2.2, 10.3")   .then(registered),
      in{registered}.on(received_unlisted).does(inform_unregistered)
          .stops(timer::registration_refresh, timer::registration_expiry)
          .peer_violation("a 2xx to a REGISTER that does not list the binding that was made",
                          "RFC 3261 10.3")           .then(removed),
      in{unregistered, removed}.on(received_unlisted).does(inform_unregistered)
          .peer_violation("a 2xx to a REGISTER that does not list the binding that was made",
                          "RFC 3261 10.3")           .stay(),
      // 10.2.3: "A success response to any REGISTER request contains the complete list of existing
      // bindings".
      in{registered}.on(received_missing).does(register_again, inform_unregistered)
          .stops(timer::registration_refresh, timer::registration_expiry)
                                           .rfc("RFC 3261 10.2.3").then(removed),
      in{unregistered, removed}.on(received_missing)
                                           .ignored("no binding is known"),
      // 10.3: "The binding updates MUST be committed […] if and only if all binding updates and
      // additions succeed." So a request that fails has changed nothing.
      in{unregistered, registered, removed}.on(received_failure)
                                           .rfc("RFC 3261 10.3").stay(),

      in{registered}.on(timer_registration_refresh).does(refresh)
                                           .rfc("RFC 3261 10.2.4").stay(),
      // 10.2.2: "Registrations are soft state and expire unless refreshed".
      in{registered}.on(timer_registration_expiry).does(inform_unregistered)
          .stops(timer::registration_refresh)
                                           .rfc("RFC 3261 10.2.2").then(unregistered),
      in{unregistered, removed}.on(timer_registration_refresh, timer_registration_expiry)
                                           .ignored("there is no binding"),

      // RFC 3680 4.7.1: "when an administrator modifies the expiration time of a binding (without
      // deleting the binding) to trigger the contact to re-register and possibly re-authenticate,
      // the FSM stays in the active state, but a shortened event is generated."
      in{registered}.on(event_shortened)
          .starts(timer::registration_refresh, timer::registration_expiry)
                                           .rfc("RFC 3680 4.7.1").stay(),
      // "The first is an expiration, which occurs when the contact was not refreshed by a REGISTER
      // request. The second reason is deactivated. This occurs when the administrator has removed
      // the contact as a valid binding, but still wishes the client to attempt to re-register the
      // contact."
      in{registered}.on(event_deactivated, event_expired).does(register_again, inform_unregistered)
          .stops(timer::registration_refresh, timer::registration_expiry)
                                           .rfc("RFC 3680 4.7.1").then(removed),
      // "The unregistered event occurs when a REGISTER request sets the expiration time of that
      // contact to zero." When to come back after the others is the attempt's to say.
      in{registered}.on(event_probation, event_unregistered, event_rejected)
          .does(inform_unregistered)
          .stops(timer::registration_refresh, timer::registration_expiry)
                                           .rfc("RFC 3680 4.7.1").then(removed),
      in{unregistered, removed}.on(event_shortened, event_deactivated, event_probation,
                                   event_unregistered, event_rejected, event_expired)
                                           .ignored("there is no binding"),
  };
  // clang-format on

 private:
  static constexpr bool is_ours(std::uint32_t contact, facts const& mine) {
    return contact == 0 || mine.contact == 0 || contact == mine.contact;
  }

  static constexpr symbol of_received_success(registration_message const& m,
                                              registration_event const& e, facts const& mine) {
    bool const is_listed = m.listing == contact_listing::listed && m.granted != 0;
    bool const is_missing = m.listing == contact_listing::missing ||
                            (m.listing == contact_listing::listed && m.granted == 0);
    if (binds(e.purpose)) return is_missing ? received_unlisted : received_bound;
    bool const removes =
        e.purpose == registration_purpose::remove_all ||
        (e.purpose == registration_purpose::remove && is_ours(mine.ours.contact, mine));
    if (removes) return is_listed ? received_kept : received_removed;
    return is_listed ? received_bound : is_missing ? received_missing : outside<symbol>;
  }

  static constexpr symbol of_sent_success(symbol plain, registration_message const& m,
                                          request const& theirs) {
    if (theirs.purpose == registration_purpose::fetch) return plain;
    if (binds(theirs.purpose))
      return theirs.contact != 0 && m.listing == contact_listing::missing
                 ? sent_success_without_contact
                 : plain;
    return m.listing == contact_listing::listed && m.granted != 0 ? sent_success_keeping_contact
                                                                  : plain;
  }
};

} // namespace ctsip
