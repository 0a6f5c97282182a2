// A machine together with its timers: rows say which timers start, double and stop, the vocabulary
// says how long they run, and the caller says what time it is.
//
// Timers that are never armed together share a slot, found from the table at compile time; so the
// four transactions of RFC 3261 keep two deadlines each. A timer of zero length (over a reliable
// transport, RFC 3261 17.1.1.2) fires within the step that starts it.
// Read machine.hpp and vocabulary/timer.hpp before it.
#pragma once

#include <cstddef>
#include <cstdint>

#include <ctsip/machine/machine.hpp>
#include <ctsip/vocabulary/timer.hpp>

namespace ctsip {

/// The default T1, T2 and T4 (RFC 3261 Table 4).
inline constexpr timer_values default_timer_values{};

/// Deadlines of timers that may run at the same time, a slot each. Plain data.
template <std::size_t Slots>
struct timer_slots {
  instant due[Slots];
  std::int32_t interval[Slots]; ///< milliseconds, of the timer armed last
  timer armed[Slots];

  constexpr timer_slots() : due{}, interval{}, armed{} {
    for (auto& d : due) d = instant::never();
  }

  /// When the first of them fires; `instant::never()` if none is armed.
  constexpr instant next_timeout() const { return due[earliest()]; }
  /// The slot that fires first.
  constexpr std::size_t earliest() const {
    std::size_t first = 0;
    for (std::size_t i = 1; i < Slots; ++i)
      if (due[i] < due[first]) first = i;
    return first;
  }
};

namespace detail {

// Which timers may be armed on entering each state, and which pairs are armed together.
struct armed_timers {
  std::uint32_t in_state[32]{};
  std::uint32_t together_with[timer_count]{};
  std::uint32_t ever{};
};

// Which timer each symbol tells of; `timer_count` for none, and for a symbol that several share:
// of those nobody knows which has fired.
template <class D>
struct timer_symbols {
  std::uint8_t of[dense_table<D>::symbols]{};
};

template <class D>
constexpr timer_symbols<D> make_timer_symbols() {
  timer_symbols<D> result;
  bool shared[dense_table<D>::symbols]{};
  for (auto& t : result.of) t = timer_count;
  for (unsigned t = 0; t < timer_count; ++t) {
    auto const s = static_cast<std::size_t>(D::project(timer_event(static_cast<timer>(t))));
    if (s >= dense_table<D>::symbols) continue;
    if (result.of[s] != timer_count) shared[s] = true;
    result.of[s] = shared[s] ? timer_count : static_cast<std::uint8_t>(t);
  }
  return result;
}

template <class D>
inline constexpr timer_symbols<D> timer_of = make_timer_symbols<D>();

template <class D>
constexpr armed_timers find_armed_timers() {
  armed_timers found;
  for (bool changed = true; changed;) {
    changed = false;
    for (auto const& r : D::rows) {
      if (refuses(r.kind)) continue;
      std::uint32_t const begun = r.timers.starts | r.timers.doubles | r.timers.at_t2;
      found.ever |= begun;
      for (std::size_t e = 0; e < dense_table<D>::symbols; ++e) {
        if (!(r.on >> e & 1u)) continue;
        // Of the timers in a row only the one whose symbol came has fired.
        std::uint32_t const fired =
            timer_of<D>.of[e] == timer_count ? 0u : std::uint32_t{1} << timer_of<D>.of[e];
        for (std::size_t s = 0; s < dense_table<D>::states; ++s) {
          if (!(r.from >> s & 1u)) continue;
          std::uint32_t const after = (found.in_state[s] & ~(r.timers.stops | fired)) | begun;
          std::size_t const to = r.to == r.stays ? s : r.to;
          if ((found.in_state[to] | after) != found.in_state[to]) {
            found.in_state[to] |= after;
            changed = true;
          }
        }
      }
    }
  }
  for (std::size_t s = 0; s < dense_table<D>::states; ++s)
    for (unsigned t = 0; t < timer_count; ++t)
      if (found.in_state[s] >> t & 1u) found.together_with[t] |= found.in_state[s];
  return found;
}

struct slot_plan {
  std::uint8_t of[timer_count]{};
  std::size_t count{};
};

template <class D>
constexpr slot_plan make_slot_plan() {
  auto const armed = find_armed_timers<D>();
  slot_plan plan;
  std::uint32_t users[timer_count]{};
  for (unsigned t = 0; t < timer_count; ++t) {
    if (!(armed.ever >> t & 1u)) continue;
    std::size_t slot = 0;
    while (users[slot] & armed.together_with[t]) ++slot;
    users[slot] |= std::uint32_t{1} << t;
    plan.of[t] = static_cast<std::uint8_t>(slot);
    if (slot + 1 > plan.count) plan.count = slot + 1;
  }
  return plan;
}

template <class D>
inline constexpr slot_plan slots = make_slot_plan<D>();

enum class slot_act : std::uint8_t { none, start, lengthen, at_t2, stop };

struct slot_change {
  slot_act act{};
  timer which{};
};

template <class D>
struct timer_plan {
  slot_change of[row_count<D>][slots<D>.count ? slots<D>.count : 1]{};
};

template <class D>
constexpr timer_plan<D> make_timer_plan() {
  timer_plan<D> plan;
  for (std::size_t i = 0; i < row_count<D>; ++i) {
    auto const& changes = D::rows[i].timers;
    for (unsigned t = 0; t < timer_count; ++t) {
      auto& slot = plan.of[i][slots<D>.of[t]];
      if (changes.stops >> t & 1u && slot.act == slot_act::none)
        slot = {slot_act::stop, static_cast<timer>(t)};
      if (changes.starts >> t & 1u) slot = {slot_act::start, static_cast<timer>(t)};
      if (changes.doubles >> t & 1u) slot = {slot_act::lengthen, static_cast<timer>(t)};
      if (changes.at_t2 >> t & 1u) slot = {slot_act::at_t2, static_cast<timer>(t)};
    }
  }
  return plan;
}

template <class D>
inline constexpr timer_plan<D> timer_plans = make_timer_plan<D>();

template <class D, std::size_t Slots>
constexpr typename D::symbol expire(timer_slots<Slots>& slots, std::size_t i) {
  slots.due[i] = instant::never();
  return D::project(timer_event(slots.armed[i]));
}

// How long the timer runs from now on; never for one that does not run. A repetition without a
// pause is none.
template <std::size_t Slots>
constexpr milliseconds wait_again(timer_slots<Slots> const& slots, std::size_t i,
                                  slot_change change, unsigned fired, transport over,
                                  timer_values const& values) {
  milliseconds const first = duration(change.which, over, values);
  if (first.is_never()) return first;
  milliseconds wait = first;
  if (change.act == slot_act::at_t2) wait = values.t2;
  if (change.act == slot_act::lengthen)
    wait = slots.armed[i] == change.which
               ? next_interval(change.which, milliseconds{slots.interval[i]}, values)
               : milliseconds::never();
  bool const repeats =
      change.act != slot_act::start || static_cast<unsigned>(change.which) == fired;
  return repeats && wait.count <= 0 ? milliseconds::never() : wait;
}

// The event, marked with what its transport is: a rule may read it (RFC 4320 4.1).
constexpr event travelling(event e, transport over) {
  if (is_reliable(over)) e.marks = e.marks | mark::reliable_transport;
  return e;
}

// The timers of a row, after a step that it took. Returns the slot whose timer fires at once, or
// `Slots`.
template <class D, std::size_t Slots>
constexpr std::size_t set_timers(timer_slots<Slots>& slots, unsigned row, unsigned fired,
                                 instant now, transport over, timer_values const& values) {
  auto const& changes = timer_plans<D>.of[row];
  std::size_t at_once = Slots;
  for (std::size_t i = 0; i < detail::slots<D>.count; ++i) {
    // Whoever fired it, it is armed no longer.
    if (static_cast<unsigned>(slots.armed[i]) == fired) slots.due[i] = instant::never();
    auto const change = changes[i];
    if (change.act == slot_act::none) continue;
    if (change.act == slot_act::stop) {
      slots.due[i] = instant::never();
      continue;
    }
    milliseconds const wait =
        change.act == slot_act::start && static_cast<unsigned>(change.which) != fired
            ? duration(change.which, over, values)
            : wait_again(slots, i, change, fired, over, values);
    slots.armed[i] = change.which;
    slots.interval[i] = wait.is_never()          ? 0
                        : wait.count > INT32_MAX ? INT32_MAX
                                                 : static_cast<std::int32_t>(wait.count);
    slots.due[i] = now + wait;
    if (wait.count == 0) at_once = i;
  }
  return at_once;
}

// One step with its timers. A timer of zero length fires at once, so one call may take two steps;
// the result has the actions of all and the row of the first. Called from one place a machine,
// where a call would cost as much as the step.
template <class D, std::size_t Slots>
[[gnu::always_inline]] constexpr step<D>
advance(typename D::state& state, timer_slots<Slots>& slots, typename D::symbol e, instant now,
        transport over, timer_values const& values) {
  static_assert(Slots >= detail::slots<D>.count);
  step<D> result{};
  for (bool first = true;; first = false) {
    auto const taken = next<D>(state, e);
    if (first)
      result = taken;
    else
      result.next = taken.next, result.does |= taken.does;
    if (taken.refused() || !taken.known()) return result;
    state = taken.next;
    std::size_t const at_once = set_timers<D>(
        slots, taken.row, timer_of<D>.of[static_cast<std::size_t>(e)], now, over, values);
    if (at_once == Slots) return result;
    e = expire<D>(slots, at_once);
  }
}

} // namespace detail

/// A machine that keeps the deadlines of its own timers. It never reads a clock: every call that
/// can arm a timer is told the moment at which it happens.
template <class D, class Policy = on_violation::trap>
class timed_machine : private Policy {
 public:
  using state = typename D::state;
  using symbol = typename D::symbol;

  constexpr state current() const { return state_; }
  constexpr bool is(state s) const { return state_ == s; }
  constexpr bool terminated() const { return is_terminal<D>(state_); }
  constexpr Policy const& policy() const { return *this; }

  /// One step, and those of the zero-length timers that it starts. The actions of all of them are
  /// in `does`; `row` is the first step's.
  constexpr step<D> process(symbol e, instant now, transport over = transport::udp,
                            timer_values const& values = default_timer_values) {
    state const before = state_;
    auto const result = detail::advance<D>(state_, slots_, e, now, over, values);
    if (result.refused()) [[unlikely]]
      detail::refuse<D>(mutable_policy(), before, e);
    return result;
  }
  /// The same for an event value; one outside the alphabet changes nothing.
  constexpr step<D> process(event const& e, instant now, transport over = transport::udp,
                            timer_values const& values = default_timer_values) {
    symbol const projected = D::project(detail::travelling(e, over));
    if (projected == outside<symbol>) return {state_, step<D>::cell::no_row, {}};
    return process(projected, now, over, values);
  }
  /// The same for a typed event. One that this machine never meets does not compile.
  template <class Typed>
  requires requires { Typed::value; }
  constexpr step<D> process(Typed, instant now, transport over = transport::udp,
                            timer_values const& values = default_timer_values) {
    (void)detail::symbol_of<D, Typed>();
    return process(Typed::value, now, over, values);
  }

  /// When to call `handle_timeout`; `instant::never()` if no timer is armed.
  constexpr instant next_timeout() const { return slots_.next_timeout(); }

  /// Fires the earliest timer that is due at `now`, if any: call it while `next_timeout() <= now`.
  constexpr step<D> handle_timeout(instant now, transport over = transport::udp,
                                   timer_values const& values = default_timer_values) {
    std::size_t const first = slots_.earliest();
    if (now < slots_.due[first] || slots_.due[first].is_never())
      return {state_, step<D>::cell::no_row, {}};
    return process(detail::expire<D>(slots_, first), now, over, values);
  }

 private:
  constexpr Policy& mutable_policy() { return *this; }

  // The state fits into what the slots leave free at their end.
  [[no_unique_address]] timer_slots<detail::slots<D>.count ? detail::slots<D>.count : 1> slots_{};
  state state_{};
};

} // namespace ctsip
