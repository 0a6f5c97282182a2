// One transaction of any of the four kinds: their machines as data, and the one step that reads it.
//
// A program that runs all four has one step instead of four. The data is made from the definitions
// in constant evaluation: cells with what becomes of the timers, the symbol of each event, and how
// long each timer runs; so the definitions and vocabulary/timer.hpp stay the only places that say
// so. RFC 3261 17. Read machine/timed_machine.hpp and the four definitions before it.
#pragma once

#include <cstddef>
#include <cstdint>

#include <ctsip/machine/timed_machine.hpp>
#include <ctsip/transaction/invite_client.hpp>
#include <ctsip/transaction/invite_server.hpp>
#include <ctsip/transaction/non_invite_client.hpp>
#include <ctsip/transaction/non_invite_server.hpp>

namespace ctsip {

/// Which of the four machines a transaction runs.
enum class transaction_kind : std::uint8_t {
  invite_client,
  invite_server,
  non_invite_client,
  non_invite_server
};

/// What one event did to a transaction.
struct [[nodiscard]] transaction_step {
  action_set<transaction_action> does{}; ///< to be carried out by the owner, in order
  row_kind kind{row_kind::ignored};
  std::uint8_t before{}; ///< the state in which the event came
  bool ended{};          ///< terminated and removed from the store: the handle is stale now
};

/// Calls `with.operator()<D>()` for the definition `D` of that kind.
template <class With>
constexpr auto visit(transaction_kind kind, With with) {
  switch (kind) {
  case transaction_kind::invite_client: return with.template operator()<invite_client>();
  case transaction_kind::invite_server: return with.template operator()<invite_server>();
  case transaction_kind::non_invite_client: return with.template operator()<non_invite_client>();
  case transaction_kind::non_invite_server: break;
  }
  return with.template operator()<non_invite_server>();
}

/// The words of the row that a step took: why a command was refused, or what the peer did wrong.
/// Asking brings the tables' texts into the binary. (A template, so that a file that does not ask
/// does not compile them.)
template <class Step>
constexpr violation explain(transaction_kind kind, Step const& step, event const& e) {
  return visit(kind, [&]<class D>() {
    return explain<D>(static_cast<typename D::state>(step.before), D::project(e));
  });
}

namespace detail {

// The timers of transactions come first in `timer`.
inline constexpr unsigned transaction_timers = static_cast<unsigned>(timer::non_invite_trying) + 1;

// How long a transaction waits, in milliseconds of 32 bits: 49 days are beyond any transaction, and
// a small processor adds and compares them at a third of the cost.
using transaction_delay = std::uint32_t;
inline constexpr transaction_delay no_delay = UINT32_MAX; // the timer does not run
inline constexpr transaction_delay longest_delay = UINT32_MAX - 1;

constexpr transaction_delay as_delay(milliseconds m) {
  if (m.is_never()) return no_delay;
  return m.count > longest_delay ? longest_delay
         : m.count < 0           ? 0
                                 : static_cast<transaction_delay>(m.count);
}

// What the timer values of a store come to.
struct transaction_waits {
  enum wait : std::uint8_t { never, none, trying, t1, t2, t4, c, d, t1_times_64, until_t2, count };

  transaction_delay of[count];

  constexpr explicit transaction_waits(timer_values const& v)
      : of{no_delay,
           0,
           as_delay(duration(timer::trying, transport::udp)),
           as_delay(v.t1),
           as_delay(v.t2),
           as_delay(v.t4),
           as_delay(v.c),
           as_delay(v.d),
           as_delay(duration(timer::b, transport::udp, v)),
           as_delay(duration(timer::non_invite_trying, transport::udp, v))} {}
};

// Which of them is the duration of a timer, as found by trying two sets of values.
inline constexpr timer_values tried_values[] = {{},
                                                {.t1 = 3, .t2 = 1009, .t4 = 31, .c = 37, .d = 41}};

constexpr transaction_waits::wait find_wait(timer t, transport over, transaction_waits const& first,
                                            transaction_waits const& second) {
  transaction_delay const a = as_delay(duration(t, over, tried_values[0]));
  transaction_delay const b = as_delay(duration(t, over, tried_values[1]));
  std::uint8_t found = 0;
  while (first.of[found] != a || second.of[found] != b) ++found;
  return static_cast<transaction_waits::wait>(found);
}

struct transaction_wait_table {
  // Over unreliable and over reliable transports. The last one is for a timer that is stopped.
  transaction_waits::wait of[transaction_timers + 1][2]{};

  constexpr transaction_wait_table() {
    transaction_waits const first{tried_values[0]};
    transaction_waits const second{tried_values[1]};
    for (unsigned i = 0; i < transaction_timers; ++i) {
      auto const t = static_cast<timer>(i);
      of[i][0] = find_wait(t, transport::udp, first, second);
      of[i][1] = find_wait(t, transport::tcp, first, second);
    }
  }
};

// A template, like the machines below, so that a file that runs no transaction does not make it.
template <class>
inline constexpr transaction_wait_table wait_table{};

// Whether the timer's next intervals end at T2.
constexpr bool ends_at_t2(timer t) {
  constexpr timer_values v;
  return next_interval(t, v.t2, v) == v.t2;
}

// Every event that some transaction tells from others has a number: a timer its own, then come
// the transport's error, the requests and the responses.
inline constexpr unsigned transport_error_number = transaction_timers;
inline constexpr unsigned request_numbers = transport_error_number + 1;
inline constexpr unsigned told_parties = 4;  // sent and received, of INVITE and of any other method
inline constexpr unsigned told_statuses = 6; // 100, the same reliably, 1xx, 2xx, 408, 300-699
inline constexpr unsigned ack_numbers = request_numbers + told_parties;
inline constexpr unsigned response_numbers = ack_numbers + 2;
inline constexpr unsigned transaction_event_numbers =
    response_numbers + told_parties * told_statuses;

constexpr unsigned transaction_event_number(event const& e, bool reliable) {
  unsigned const way = static_cast<unsigned>(e.way) - 1;
  unsigned const party = way * 2 + (e.method == method::invite);
  switch (e.what) {
  case occurrence::response: {
    // Nothing answers an ACK.
    if (way > 1 || !e.is_response() || e.method == method::ack) break;
    unsigned const c = e.response_class();
    unsigned const status = e.status == 100 ? reliable : e.status == 408 ? 4 : c < 3 ? c + 1 : 5;
    return response_numbers + party * told_statuses + status;
  }
  case occurrence::request:
    if (way > 1) break;
    return e.method == method::ack ? ack_numbers + way : request_numbers + party;
  case occurrence::timer:
    if (static_cast<unsigned>(e.timer) >= transaction_timers) break;
    return static_cast<unsigned>(e.timer);
  case occurrence::transport_error: return transport_error_number;
  case occurrence::nothing: break;
  }
  return transaction_event_numbers;
}

// What a step finds for a state and a symbol.
struct transaction_cell {
  std::uint16_t does{};
  std::uint8_t next{};      // with the top bit set where the transaction ends in it
  std::uint8_t kind{};      // `row_kind`
  std::uint8_t timers[2]{}; // for each slot the timer that is set there, below what sets it

  static constexpr std::uint8_t ends = 0x80;
  enum : std::uint8_t {
    starts = 0x20,
    at_t2 = 0x40,
    doubles = 0x60,
    doubles_to_t2 = 0x80,
    how = 0xe0
  };

  constexpr void set(std::size_t slot, unsigned by, unsigned which) {
    timers[slot] = static_cast<std::uint8_t>(by | which);
  }
};

// The machine of one kind as data.
template <class D>
struct transaction_table {
  static constexpr std::size_t states = dense_table<D>::states;
  static constexpr std::size_t symbols = dense_table<D>::symbols;
  static_assert(slots<D>.count <= 2 && count_actions<D>() <= 16);

  transaction_cell cells[states * symbols]{};
  std::uint8_t symbol_of[transaction_event_numbers]{};

  constexpr transaction_table() {
    for (std::size_t i = 0; i < states * symbols; ++i) cells[i] = cell_of(dense<D>.cells[i]);
    for (unsigned t = 0; t < transaction_timers; ++t) enter(timer_event(static_cast<timer>(t)));
    enter(transport_error::value);
    constexpr std::uint16_t told_apart[] = {100, 101, 200, 408, 300};
    for (unsigned i = 0; i < 4; ++i) {
      auto const way = i & 1 ? direction::sent : direction::received;
      auto const m = i & 2 ? method::invite : method::options;
      enter(request_event(way, m));
      enter(request_event(way, method::ack));
      for (auto const status : told_apart) enter(response_event(way, status, m));
      enter(response_event(way, 100, m, mark::reliable_transport));
    }
  }

 private:
  static constexpr transaction_cell cell_of(typename dense_table<D>::cell_type const& from) {
    using cell = typename dense_table<D>::cell_type;
    transaction_cell to;
    bool const ended = terminal_states<D> >> from.next & 1u;
    to.does = static_cast<std::uint16_t>(from.does);
    to.next = static_cast<std::uint8_t>(from.next | (ended ? to.ends : 0));
    std::size_t const row = from.row & cell::no_row;
    if (row == cell::no_row) {
      to.kind = static_cast<std::uint8_t>(from.row & cell::refusal ? row_kind::refused
                                                                   : row_kind::ignored);
      return to;
    }
    to.kind = static_cast<std::uint8_t>(D::rows[row].kind);
    for (std::size_t slot = 0; slot < slots<D>.count; ++slot) {
      auto const change = timer_plans<D>.of[row][slot];
      auto const which = static_cast<unsigned>(change.which);
      switch (change.act) {
      case slot_act::none: break;
      case slot_act::stop: to.set(slot, to.starts, transaction_timers); break;
      case slot_act::start: to.set(slot, to.starts, which); break;
      case slot_act::lengthen:
        to.set(slot, ends_at_t2(change.which) ? to.doubles_to_t2 : to.doubles, which);
        break;
      case slot_act::at_t2: to.set(slot, to.at_t2, which); break;
      }
    }
    return to;
  }
  constexpr void enter(event const& e) {
    symbol_of[transaction_event_number(e, e.has(mark::reliable_transport))] =
        static_cast<std::uint8_t>(D::project(e));
  }
};

template <class D>
inline constexpr transaction_table<D> transaction_table_of{};

struct transaction_machine {
  transaction_cell const* cells;
  std::uint8_t const* symbol_of;
  std::size_t symbols;
};

// The second argument says nothing, but keeps clang from making the tables before they are used.
template <class D, class>
inline constexpr transaction_machine transaction_machine_of{transaction_table_of<D>.cells,
                                                            transaction_table_of<D>.symbol_of,
                                                            transaction_table<D>::symbols};

// In the order of `transaction_kind`.
template <class Any>
inline constexpr transaction_machine transaction_machines[4] = {
    transaction_machine_of<invite_client, Any>, transaction_machine_of<invite_server, Any>,
    transaction_machine_of<non_invite_client, Any>, transaction_machine_of<non_invite_server, Any>};

// The same type for each policy, which the compiler knows only when it has the policy.
template <class Policy>
struct any_policy {
  using type = void;
};

// One transaction, whatever its kind.
class stored_transaction {
 public:
  constexpr void begin(transaction_kind kind, transport over) {
    stop();
    for (auto& i : interval_) i = 0;
    kind_ = kind, over_ = over, state_ = 0;
  }
  constexpr void stop() { due_[0] = due_[1] = instant::never(); }
  constexpr instant next_timeout() const { return due_[earliest()]; }
  constexpr transaction_kind kind() const { return kind_; }
  constexpr transport over() const { return over_; }
  constexpr std::uint8_t state() const { return state_; }

  // The timer that fires first.
  constexpr timer due_timer() const { return armed_[earliest()]; }

  // One step, and that of the timer of zero length that it may start; `kind` is the first one's.
  template <class Policy>
  constexpr transaction_step process(event const& e, instant now, transaction_waits const& waits,
                                     Policy& policy) {
    auto const& machine =
        transaction_machines<typename any_policy<Policy>::type>[static_cast<std::size_t>(kind_)];
    bool const reliable = is_reliable(over_);
    unsigned number = transaction_event_number(e, reliable || e.has(mark::reliable_transport));
    if (number >= transaction_event_numbers) return {};
    unsigned symbol = machine.symbol_of[number];
    if (symbol == 0xff) return {};
    transaction_step result;
    result.before = state_;
    for (bool first = true;; first = false) {
      auto const& cell = machine.cells[state_ * machine.symbols + symbol];
      if (first) result.kind = static_cast<row_kind>(cell.kind);
      result.does.bits |= cell.does;
      if (refuses(static_cast<row_kind>(cell.kind))) [[unlikely]] {
        if (first) refuse(policy, symbol);
        return result;
      }
      state_ = cell.next & ~transaction_cell::ends;
      result.ended = (cell.next & transaction_cell::ends) != 0;
      number = set_timers<typename any_policy<Policy>::type>(cell, number, now, reliable, waits);
      if (number == no_timer) return result;
      symbol = machine.symbol_of[number];
    }
  }

 private:
  static constexpr unsigned no_timer = timer_count;

  CTSIP_ONE_COPY constexpr std::size_t earliest() const { return due_[1] < due_[0]; }

  template <class Policy>
  constexpr void refuse(Policy& policy, unsigned symbol) const {
    if (Policy::wants_text || __builtin_is_constant_evaluated())
      visit(kind_, [&]<class D>() {
        detail::refuse<D>(policy, static_cast<typename D::state>(state_),
                          static_cast<typename D::symbol>(symbol));
      });
    else
      policy.violated();
  }

  // Returns the timer that fires at once, or none.
  template <class Any>
  constexpr unsigned set_timers(transaction_cell const& cell, unsigned fired, instant now,
                                bool reliable, transaction_waits const& waits) {
    unsigned at_once = no_timer;
    if (!for_size && fired >= transaction_timers && (cell.timers[0] | cell.timers[1]) == 0)
      return at_once;
    for (std::size_t i = 0; i < 2; ++i) {
      // Whoever fired it, it is armed no longer.
      if (static_cast<unsigned>(armed_[i]) == fired) due_[i] = instant::never();
      unsigned const set = cell.timers[i];
      if (set == 0) continue;
      unsigned const which = set % transaction_cell::starts;
      unsigned const how = set & transaction_cell::how;
      transaction_delay wait = waits.of[wait_table<Any>.of[which][reliable]];
      if ((how != transaction_cell::starts || which == fired) && wait != no_delay) {
        transaction_delay const t2 = waits.of[waits.t2];
        if (how >= transaction_cell::doubles) {
          wait = static_cast<unsigned>(armed_[i]) == which ? interval_[i] : 0;
          wait = wait > longest_delay / 2 ? longest_delay : wait * 2;
        }
        if (how == transaction_cell::at_t2 || (how == transaction_cell::doubles_to_t2 && wait > t2))
          wait = t2;
        // A repetition without a pause is none.
        if (wait == 0) wait = no_delay;
      }
      if (wait == 0) at_once = which;
      armed_[i] = static_cast<timer>(which);
      interval_[i] = wait == no_delay ? 0 : wait;
      if (wait == no_delay || __builtin_add_overflow(now.count, wait, &due_[i].count))
        due_[i] = instant::never();
    }
    return at_once;
  }

  instant due_[2]{instant::never(), instant::never()};
  transaction_delay interval_[2]{}; // of the timer armed last
  timer armed_[2]{};
  transaction_kind kind_{};
  transport over_{};
  std::uint8_t state_{};
};

} // namespace detail

} // namespace ctsip
