// The registration of one Contact over one flow: the binding as we know it, the attempt under way,
// its authentication and security agreement, with the transactions and the timers of all of them.
//
//   ctsip::registration r;
//   auto step = r.process({.event = sent<register_>{}, …}, now);      // what we send
//   step = r.process({.event = received<response<401, …>>{}, …}, now); // what comes back
//   while (r.next_timeout() <= now) step = r.handle_timeout(now);
//
// `step` says what to do, for each rule and for the transaction. Nothing is sent by itself: actions
// such as `authorize`, `refresh` and `try_again` ask for a REGISTER, which `judge` says may be
// sent. RFC 3261 10.2, RFC 5626 4. Read the rules' own headers and
// transaction/non_invite_client.hpp before it.
#pragma once

#include <cstddef>
#include <cstdint>

#include <ctsip/machine/timed_composition.hpp>
#include <ctsip/registration/authentication.hpp>
#include <ctsip/registration/known_binding.hpp>
#include <ctsip/registration/registration_attempt.hpp>
#include <ctsip/registration/registration_event.hpp>
#include <ctsip/registration/registration_policy.hpp>
#include <ctsip/registration/security_agreement.hpp>
#include <ctsip/transaction/non_invite_client.hpp>

namespace ctsip {

/// Rules of a registration put together, in the order in which they are asked.
template <class... Rules>
using registration_composition =
    basic_composition<registration_event, registration_message, Rules...>;

/// The rules of a registration: of the user agent that makes it, and of what its registrar may
/// answer. Add your own with `registration_rules::with<my_rule>`.
struct registration_rules : registration_composition<authentication, registration_attempt,
                                                     known_binding, security_agreement> {};

/// What a registration goes by; keep one for many.
struct registration_settings {
  registration_policy policy{};
  transport over{transport::udp};
  timer_values values{};
};

/// The settings of the RFCs, over UDP.
inline constexpr registration_settings default_registration_settings{};

/// What one step of a registration did, by value.
template <class Rules>
struct [[nodiscard]] registration_step {
  typename Rules::step rules{};
  action_set<transaction_action> transaction{}; ///< of the transaction of this REGISTER

  constexpr bool refused() const { return rules.refused(); }
  /// Whether the REGISTER is legal, only not yet.
  constexpr bool waits() const { return rules.waits(); }
  /// The actions of one rule.
  template <class Rule>
  constexpr action_set<typename Rule::action> does() const {
    return rules.template does<Rule>();
  }
};

/// A registration with its transactions: of the change of bindings, and of a fetch beside it. By
/// value; it never reads a clock and sends nothing.
template <class Rules = registration_rules, class Transaction = non_invite_client>
class basic_registration {
 public:
  using step = registration_step<Rules>;

  constexpr Rules const& rules() const { return rules_.rules(); }
  /// The binding as we know it.
  constexpr known_binding::state binding() const { return rules().template state<known_binding>(); }
  /// The attempt under way, and what it is for.
  constexpr registration_attempt::state attempt() const {
    return rules().template state<registration_attempt>();
  }
  constexpr registration_purpose purpose() const {
    return rules().template facts<registration_attempt>().purpose;
  }
  /// Seconds for which the registrar has granted the binding; 0 if there is none.
  constexpr std::uint32_t granted() const {
    return rules().template facts<known_binding>().granted;
  }
  /// When the binding expires; `instant::never()` if there is none.
  constexpr instant until() const { return until_; }
  /// Seconds that a retry after 423 has to ask for; 0 if none were told.
  constexpr std::uint32_t min_expires() const {
    return rules().template facts<registration_attempt>().min_expires;
  }
  /// Failures since the last 2xx.
  constexpr unsigned failures() const {
    return rules().template facts<registration_attempt>().failures;
  }

  /// What would happen, without anything happening.
  constexpr typename Rules::step judge(registration_message const& m) const {
    return rules().judge(m);
  }
  /// Why a message is refused, or has to wait.
  constexpr violation explain(registration_message const& m) const { return rules().explain(m); }

  /// One step: a message that is sent or received, or another incident. A refused one does nothing
  /// and traps, or goes to the policy that is given; nothing that is received is refused.
  template <class Policy = on_violation::trap>
  constexpr step process(registration_message const& m, instant now,
                         registration_settings const& with = default_registration_settings,
                         Policy&& policy = Policy{}) {
    registration_event const e = rules().classify(m);
    if (!e.is_register() || (e.is_sent() && e.phase != registration_phase::request))
      return step_of_rules(m, now, with, policy);
    if (e.is_sent()) {
      // Here, and not in a function of its own: each frame of an error costs a screen.
      step result{rules_.process(m, now, with.values, policy), {}};
      if (!result.refused()) {
        arm(result.rules, m, now, with);
        auto& t = transaction_for(e);
        t = transaction{};
        result.transaction =
            t.process(transaction::symbol::request_from_tu, now, with.over, with.values).does;
      }
      return result;
    }
    if (e.phase == registration_phase::request) return step_of_rules(m, now, with, policy);
    // What no REGISTER is pending for is absorbed.
    if (e.phase == registration_phase::stray) return {rules().judge(m), {}};
    if (e.phase == registration_phase::no_response) {
      transaction_for(e) = transaction{};
      return step_of_rules(m, now, with, policy);
    }
    auto const does = transaction_for(e).process(m.event, now, with.over, with.values).does;
    bool const is_told = does.has(transaction_action::pass_response_up) ||
                         does.has(transaction_action::inform_transport_error);
    step result = is_told ? step_of_rules(m, now, with, policy) : step{rules().judge({}), {}};
    result.transaction = does;
    return result;
  }

  /// When to call `handle_timeout`; `instant::never()` if no timer is armed.
  constexpr instant next_timeout() const {
    instant first = rules_.next_timeout();
    for (auto const& t : transactions_)
      if (t.next_timeout() < first) first = t.next_timeout();
    return first;
  }

  /// Fires the earliest timer that is due at `now`: call it while `next_timeout() <= now`. The
  /// random number is for the wait after a REGISTER that yields no response.
  constexpr step handle_timeout(instant now, std::uint32_t random = 0, bool other_flow = false,
                                registration_settings const& with = default_registration_settings) {
    for (auto& t : transactions_) {
      if (now < t.next_timeout() || t.next_timeout() != next_timeout()) continue;
      auto const does = t.handle_timeout(now, with.over, with.values).does;
      step result{rules().judge({}), {}};
      if (does.has(transaction_action::inform_timeout)) {
        registration_message m{registration_incident::no_response};
        auto const& attempt = rules().template facts<registration_attempt>();
        m.cseq = &t == &transactions_[0] ? attempt.change_cseq : attempt.fetch_cseq;
        m.random = random;
        m.other_flow = other_flow;
        result = step_of_rules(m, now, with, on_violation::report{});
      }
      result.transaction = does;
      return result;
    }
    step const result{rules_.handle_timeout(now, with.values), {}};
    arm(result.rules, {}, now, with);
    return result;
  }

 private:
  using transaction = timed_machine<Transaction, on_violation::report>;

  constexpr transaction& transaction_for(registration_event const& e) {
    return transactions_[e.purpose == registration_purpose::fetch];
  }

  template <class Policy>
  constexpr step step_of_rules(registration_message const& m, instant now,
                               registration_settings const& with, Policy&& policy) {
    if (m.incident == registration_incident::network_lost)
      for (auto& t : transactions_) t = transaction{};
    step const result{rules_.process(m, now, with.values, policy), {}};
    arm(result.rules, m, now, with);
    return result;
  }

  // The timers whose length the settings say.
  constexpr void arm(typename Rules::step const& taken, registration_message const& m, instant now,
                     registration_settings const& with) {
    auto const starts = taken.timers().starts;
    auto const is_started = [&](timer t) { return starts >> static_cast<unsigned>(t) & 1u; };
    if (is_started(timer::registration_refresh))
      rules_.arm(timer::registration_refresh, with.policy.refresh_after(granted()), now);
    bool const is_told = m.retry_after_said || m.incident == registration_incident::probation;
    if (is_started(timer::registration_retry) && !is_told)
      rules_.arm(timer::registration_retry,
                 with.policy.wait_after(failures(), m.other_flow, m.random), now);
    if (is_started(timer::registration_expiry))
      until_ = now + milliseconds{std::int64_t{granted()} * 1000};
    else if (binding() != known_binding::state::registered)
      until_ = instant::never();
  }

  timed_composition<Rules> rules_{};
  transaction transactions_[2]{}; // of a change, and of a fetch
  instant until_{instant::never()};
};

/// A registration by the rules of this library.
using registration = basic_registration<>;

} // namespace ctsip
