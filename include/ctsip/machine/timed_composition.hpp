// A composition together with the timers of its rules: rows say which timers start, double and
// stop, the vocabulary and the rules' own numbers say how long they run, and the caller says what
// time it is. Read composition.hpp and timed_machine.hpp before it.
#pragma once

#include <cstddef>
#include <cstdint>

#include <ctsip/machine/composition.hpp>
#include <ctsip/machine/timed_machine.hpp>
#include <ctsip/vocabulary/timer.hpp>

namespace ctsip {

namespace detail {

// A place for each timer that a composition's rules can arm, counted without gaps.
struct timer_places {
  std::uint8_t of[timer_count]{};
  timer at[timer_count]{};
  std::size_t count{};

  constexpr explicit timer_places(std::uint32_t used) {
    for (unsigned t = 0; t < timer_count; ++t)
      if (used >> t & 1u) {
        at[count] = static_cast<timer>(t);
        of[t] = static_cast<std::uint8_t>(count++);
      }
  }
};

} // namespace detail

/// A composition that keeps the deadlines of its rules' timers, one for each timer that a row can
/// start. It never reads a clock.
///
/// Timers whose length the call's own messages say (RFC 4028) have it from their rule. Those whose
/// length only the caller knows, like the INVITE's expiry, run once `arm` has said how long. What
/// no row starts - the glare waits, which are random, and Retry-After - the caller keeps, and steps
/// the rules with its event when it is over.
template <class Rules>
class timed_composition {
 public:
  using step = typename Rules::step;
  using message = typename Rules::message;

  constexpr timed_composition() {
    for (auto& d : due_) d = instant::never();
  }

  constexpr Rules const& rules() const { return rules_; }

  /// One step, and what it does to the timers. A refused one does nothing and traps, or goes to the
  /// policy that is given.
  template <class Policy = on_violation::trap>
  constexpr step process(message const& m, instant now,
                         timer_values const& values = default_timer_values,
                         Policy&& policy = Policy{}) {
    step const taken = rules_.process(m, policy);
    timer_changes const changes = taken.timers();
    for (std::size_t i = 0; i < places.count; ++i) change(i, changes, now, values);
    return taken;
  }

  /// Runs a timer for so long, from now on. One that no row of the rules can start is ignored.
  constexpr void arm(timer t, milliseconds wait, instant now) {
    if (auto* const d = due(t)) *d = now + wait;
  }
  constexpr void disarm(timer t) {
    if (auto* const d = due(t)) *d = instant::never();
  }
  constexpr bool is_armed(timer t) const {
    auto const* const d = due(t);
    return d && !d->is_never();
  }
  /// When to call `handle_timeout`; `instant::never()` if no timer is armed.
  constexpr instant next_timeout() const { return due_[earliest()]; }

  /// Fires the earliest timer that is due at `now`: call it while `next_timeout() <= now`. If none
  /// is due, the step is that of an event that no rule knows.
  constexpr step handle_timeout(instant now, timer_values const& values = default_timer_values) {
    std::size_t const first = earliest();
    if (due_[first].is_never() || now < due_[first]) return rules_.judge(message{});
    due_[first] = instant::never();
    return process(message{timer_event(places.at[first])}, now, values, on_violation::report{});
  }

 private:
  static constexpr detail::timer_places places{Rules::timers};
  static_assert(places.count > 0, "none of these rules has a timer: use the composition itself");

  constexpr instant* due(timer t) {
    return Rules::timers >> static_cast<unsigned>(t) & 1u
               ? &due_[places.of[static_cast<unsigned>(t)]]
               : nullptr;
  }
  constexpr instant const* due(timer t) const {
    return const_cast<timed_composition*>(this)->due(t);
  }
  constexpr std::size_t earliest() const {
    std::size_t first = 0;
    for (std::size_t i = 1; i < places.count; ++i)
      if (due_[i] < due_[first]) first = i;
    return first;
  }

  constexpr void change(std::size_t i, timer_changes const& changes, instant now,
                        timer_values const& values) {
    timer const t = places.at[i];
    auto const in = [bit = static_cast<unsigned>(t)](std::uint32_t set) { return set >> bit & 1u; };
    if (in(changes.stops)) due_[i] = instant::never();
    milliseconds wait = milliseconds::never();
    if (in(changes.starts)) wait = first_interval(t, values);
    if (in(changes.doubles)) wait = next_interval(t, milliseconds{interval_[i]}, values);
    if (in(changes.at_t2)) wait = values.t2;
    if (wait.is_never()) return;
    interval_[i] = wait.count > INT32_MAX ? INT32_MAX : static_cast<std::int32_t>(wait.count);
    due_[i] = now + wait;
  }

  // Independent of the transport: these are the user agent core's timers, whose messages may cross
  // other hops (RFC 3261 13.3.1.4, RFC 3262 3).
  constexpr milliseconds first_interval(timer t, timer_values const& values) const {
    milliseconds const told = rules_.wait(t);
    return told.is_never() ? duration(t, transport::udp, values) : told;
  }

  Rules rules_{};
  instant due_[places.count]{};
  std::int32_t interval_[places.count]{};
};

} // namespace ctsip
