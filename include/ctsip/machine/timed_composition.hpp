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

// The intervals that doubling goes on from.
template <std::size_t Count>
struct doubled_intervals {
  std::int32_t of[Count]{};
};
template <>
struct doubled_intervals<0> {};

// How far a deadline is from a moment before it, in 32 bits: milliseconds for the first 24 days,
// behind those whole seconds, rounded up, for 68 years. The numbers are in the order of time.
struct short_wait {
  static constexpr std::uint32_t never = UINT32_MAX;
  static constexpr std::uint32_t in_seconds = std::uint32_t{1} << 31;

  static constexpr std::uint32_t of(milliseconds wait) {
    if (wait.count < 0) return 0;
    if (wait.count < in_seconds) return static_cast<std::uint32_t>(wait.count);
    std::int64_t const seconds = wait.count / 1000 + (wait.count % 1000 != 0);
    constexpr std::uint32_t most = in_seconds - 2;
    return in_seconds | (seconds < most ? static_cast<std::uint32_t>(seconds) : most);
  }
  static constexpr milliseconds length(std::uint32_t kept) {
    return {kept & in_seconds ? std::int64_t{kept & ~in_seconds} * 1000 : std::int64_t{kept}};
  }
};

// Deadlines of some timers, counted from one moment. None of it knows which timers they are, so
// that a program has it once.
struct short_deadlines {
  static constexpr std::uint32_t never = short_wait::never;

  static constexpr std::size_t earliest(std::uint32_t const* due, std::size_t count) {
    std::size_t first = 0;
    for (std::size_t i = 1; i < count; ++i)
      if (due[i] < due[first]) first = i;
    return first;
  }
  static constexpr instant moment(std::uint32_t due, instant since) {
    return due == never ? instant::never() : since + short_wait::length(due);
  }
  static constexpr void set(std::uint32_t* due, std::size_t count, instant& since, std::size_t i,
                            milliseconds wait, instant now) {
    due[i] = never;
    instant const when = now + wait;
    if (when.is_never()) return;
    // The moment is taken anew before the numbers get long.
    std::size_t const first = earliest(due, count);
    constexpr milliseconds long_ago{std::int64_t{1} << 30};
    if (due[first] == never) {
      since = now;
    } else if (now < since || long_ago < now - since) {
      instant const overdue = moment(due[first], since);
      instant const anew = overdue < now ? overdue : now;
      for (std::size_t k = 0; k < count; ++k)
        if (due[k] != never) due[k] = short_wait::of(moment(due[k], since) - anew);
      since = anew;
    }
    due[i] = short_wait::of(when - since);
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
    for (auto& d : due_) d = kept::never;
  }

  constexpr Rules const& rules() const { return rules_; }

  /// One step, and what it does to the timers. A refused one does nothing and traps, or goes to the
  /// policy that is given.
  template <class Policy = on_violation::trap>
  constexpr step process(message const& m, instant now,
                         timer_values const& values = default_timer_values,
                         Policy&& policy = Policy{}) {
    step const taken = rules_.process(m, policy);
    change(taken.timers(), now, values);
    return taken;
  }

  /// Runs a timer for so long, from now on. One that no row of the rules can start is ignored. A
  /// deadline that is more than 24 days away is kept to the second.
  constexpr void arm(timer t, milliseconds wait, instant now) {
    if (is_ours(t)) set(place_of(t), wait, now);
  }
  constexpr void disarm(timer t) {
    if (is_ours(t)) due_[place_of(t)] = kept::never;
  }
  constexpr bool is_armed(timer t) const { return is_ours(t) && due_[place_of(t)] != kept::never; }
  /// When a timer fires; `instant::never()` if it is not armed.
  constexpr instant deadline(timer t) const {
    return is_ours(t) ? due(place_of(t)) : instant::never();
  }
  /// When to call `handle_timeout`; `instant::never()` if no timer is armed.
  constexpr instant next_timeout() const { return due(earliest()); }

  /// Fires the earliest timer that is due at `now`: call it while `next_timeout() <= now`. If none
  /// is due, the step is that of an event that no rule knows.
  constexpr step handle_timeout(instant now, timer_values const& values = default_timer_values) {
    std::size_t const first = earliest();
    if (due_[first] == kept::never || now < due(first)) return rules_.judge(message{});
    due_[first] = kept::never;
    return process(message{timer_event(places.at[first])}, now, values, on_violation::report{});
  }

 private:
  using kept = detail::short_deadlines;

  static constexpr detail::timer_places places{Rules::timers};
  static_assert(places.count > 0, "none of these rules has a timer: use the composition itself");

  static constexpr std::uint32_t doubled = Rules::timers & Rules::doubled_timers;
  static constexpr std::size_t doubled_count =
      static_cast<std::size_t>(__builtin_popcount(doubled));

  static constexpr bool is_ours(timer t) { return Rules::timers >> static_cast<unsigned>(t) & 1u; }
  static constexpr std::size_t place_of(timer t) { return places.of[static_cast<unsigned>(t)]; }

  constexpr instant due(std::size_t i) const { return kept::moment(due_[i], since_); }
  constexpr std::size_t earliest() const { return kept::earliest(due_, places.count); }
  constexpr void set(std::size_t i, milliseconds wait, instant now) {
    kept::set(due_, places.count, since_, i, wait, now);
  }

  constexpr void change(timer_changes const& changes, instant now, timer_values const& values) {
    std::uint32_t touched =
        (changes.starts | changes.doubles | changes.at_t2 | changes.stops) & Rules::timers;
    for (; touched; touched &= touched - 1) {
      auto const t = static_cast<timer>(__builtin_ctz(touched));
      change(t, touched & -touched, changes, now, values);
    }
  }
  constexpr void change(timer t, std::uint32_t bit, timer_changes const& changes, instant now,
                        timer_values const& values) {
    std::size_t const i = place_of(t);
    if (changes.stops & bit) due_[i] = kept::never;
    milliseconds wait = milliseconds::never();
    if (changes.starts & bit) wait = first_interval(t, values);
    if constexpr (doubled_count > 0)
      if (changes.doubles & bit)
        wait = next_interval(t, milliseconds{intervals_.of[interval_of(bit)]}, values);
    if (changes.at_t2 & bit) wait = values.t2;
    if (wait.is_never()) return;
    if constexpr (doubled_count > 0)
      if (doubled & bit)
        intervals_.of[interval_of(bit)] =
            wait.count > INT32_MAX ? INT32_MAX : static_cast<std::int32_t>(wait.count);
    set(i, wait, now);
  }
  static constexpr std::size_t interval_of(std::uint32_t bit) {
    return doubled_count == 1 ? 0
                              : static_cast<std::size_t>(__builtin_popcount(doubled & (bit - 1)));
  }

  // Independent of the transport: these are the user agent core's timers, whose messages may cross
  // other hops (RFC 3261 13.3.1.4, RFC 3262 3).
  constexpr milliseconds first_interval(timer t, timer_values const& values) const {
    milliseconds const told = rules_.wait(t);
    return told.is_never() ? duration(t, transport::udp, values) : told;
  }

  Rules rules_{};
  [[no_unique_address]] detail::doubled_intervals<doubled_count> intervals_{};
  std::uint32_t due_[places.count]{};
  instant since_{};
};

} // namespace ctsip
