// The table of a machine: rows that read as sentences, and the dense form that runs.
//
// A definition is a struct with three enumerations and one array of rows:
//
//   struct door {
//     static constexpr char const* title = "door";
//     enum class state  : std::uint8_t { open, closed, removed };
//     enum class symbol : std::uint8_t { push, pull, fire };
//     enum class action : std::uint8_t { ring_bell };
//     using enum state; using enum symbol; using enum action;
//     using in = ctsip::in<state, symbol, action>;
//     static constexpr symbol commands[] = {push, pull};        // what we ask for, may be refused
//     static constexpr symbol project(ctsip::event const&);     // or ctsip::outside<symbol>
//     static constexpr typename in::row rows[] = {
//         in{open}.on(push).does(ring_bell).rfc("RFC 9999 1").then(closed), …
//     };
//   };
//
// A row says what happens by any of: does(action…), starts(timer…), stops(timer…), doubles(timer)
// and restarts_at_t2(timer) for timers that run again; by rfc(clause), or race(clause) where
// messages have crossed, or peer_violation(sentence, clause) where the other side is wrong; and it
// ends with one of then(state), stay(), ignored(why), or for a command that must not be
// refused(sentence, clause), waits(sentence, clause).
//
// The first state is the initial one; a state that nothing leaves is terminal. Rows are plain
// values: sentence and clause are read by proofs, diagrams and errors and are not in the binary.
// Read event/event.hpp and event/violation.hpp before it.
#pragma once

#include <cstddef>
#include <cstdint>

#include <ctsip/event/event.hpp>
#include <ctsip/event/violation.hpp>

namespace ctsip {

/// What a row says of its event.
enum class row_kind : std::uint8_t {
  expected,       ///< the protocol's normal course
  race,           ///< legal although surprising: messages crossed or were lost
  peer_violation, ///< the other side broke a rule; the row's actions are the reaction
  ignored,        ///< nothing happens, and that is right
  waits,          ///< a command that has to wait: on the wire it would break a rule
  refused         ///< a command that breaks a rule
};

/// Whether a row refuses its command for now or for good.
constexpr bool refuses(row_kind k) { return k == row_kind::waits || k == row_kind::refused; }

/// What `project` returns for an event that is not in the machine's alphabet.
template <class Symbol>
inline constexpr Symbol outside = static_cast<Symbol>(0xff);

/// Timers that a row touches, as sets of bits indexed by `timer`.
struct timer_changes {
  std::uint32_t starts{}; ///< armed with their first interval
  std::uint32_t
      doubles{};         ///< armed again with the next interval (doubled, capped where the RFC is)
  std::uint32_t at_t2{}; ///< armed again with T2 (RFC 3261 17.1.2.2)
  std::uint32_t stops{}; ///< disarmed

  friend constexpr bool operator==(timer_changes const&, timer_changes const&) = default;
};

/// One row: what a machine does when, being in one of some states, one of some symbols occurs.
template <class State, class Symbol, class Action>
struct row {
  std::uint32_t from{};
  std::uint32_t on{};
  std::uint32_t does{};
  timer_changes timers{};
  std::uint8_t to{stays};
  ctsip::row_kind kind{ctsip::row_kind::expected};
  char const* sentence{};
  char const* clause{};

  static constexpr std::uint8_t stays = 0xff;
};

namespace detail {

// std::same_as without <concepts>.
template <class A, class B>
inline constexpr bool is_same = false;
template <class A>
inline constexpr bool is_same<A, A> = true;
template <class A, class B>
concept same_as = is_same<A, B>;

template <class Enum>
constexpr std::uint32_t bits(Enum one) {
  return std::uint32_t{1} << static_cast<unsigned>(one);
}
template <class Enum, same_as<Enum>... More>
constexpr std::uint32_t bits(Enum first, Enum second, More... more) {
  std::uint32_t const two = std::uint32_t{1} << static_cast<unsigned>(first) |
                            std::uint32_t{1} << static_cast<unsigned>(second);
  return (two | ... | (std::uint32_t{1} << static_cast<unsigned>(more)));
}

// A row under construction; each verb returns it with one part more. Most rows name one of a kind:
// for it no template is deduced.
template <class State, class Symbol, class Action>
struct row_builder {
  row<State, Symbol, Action> made{};

  constexpr row_builder& does(Action one) {
    made.does |= std::uint32_t{1} << static_cast<unsigned>(one);
    return *this;
  }
  template <same_as<Action>... More>
  constexpr row_builder& does(Action first, Action second, More... more) {
    made.does |= bits(first, second, more...);
    return *this;
  }
  constexpr row_builder& starts(timer one) {
    made.timers.starts |= std::uint32_t{1} << static_cast<unsigned>(one);
    return *this;
  }
  template <same_as<timer>... More>
  constexpr row_builder& starts(timer first, timer second, More... more) {
    made.timers.starts |= bits(first, second, more...);
    return *this;
  }
  constexpr row_builder& stops(timer one) {
    made.timers.stops |= std::uint32_t{1} << static_cast<unsigned>(one);
    return *this;
  }
  template <same_as<timer>... More>
  constexpr row_builder& stops(timer first, timer second, More... more) {
    made.timers.stops |= bits(first, second, more...);
    return *this;
  }
  constexpr row_builder& doubles(timer t) {
    made.timers.doubles |= bits(t);
    return *this;
  }
  constexpr row_builder& restarts_at_t2(timer t) {
    made.timers.at_t2 |= bits(t);
    return *this;
  }
  constexpr row_builder& rfc(char const* clause) {
    made.clause = clause;
    return *this;
  }
  constexpr row_builder& race(char const* clause) {
    made.kind = row_kind::race;
    made.clause = clause;
    return *this;
  }
  constexpr row_builder& peer_violation(char const* sentence, char const* clause) {
    made.kind = row_kind::peer_violation;
    made.sentence = sentence;
    made.clause = clause;
    return *this;
  }

  /// What a row is without its end: the error says so.
  template <class Row>
  constexpr operator Row() const {
    static_assert(sizeof(Row) == 0, "a row ends with then(state), stay(), ignored(why), "
                                    "refused(sentence, clause) or waits(sentence, clause)");
    return {};
  }

  constexpr row<State, Symbol, Action> then(State to) const {
    auto result = made;
    result.to = static_cast<std::uint8_t>(to);
    return result;
  }
  constexpr row<State, Symbol, Action> stay() const { return made; }
  constexpr row<State, Symbol, Action> ignored(char const* why) const {
    auto result = made;
    result.kind = row_kind::ignored;
    result.sentence = why;
    return result;
  }
  constexpr row<State, Symbol, Action> refused(char const* sentence, char const* clause) const {
    return turned_down(row_kind::refused, sentence, clause);
  }
  /// The command exists and waits until the machine has left this state; sent now it would break
  /// the rule that the sentence tells.
  constexpr row<State, Symbol, Action> waits(char const* sentence, char const* clause) const {
    return turned_down(row_kind::waits, sentence, clause);
  }

 private:
  constexpr row<State, Symbol, Action> turned_down(row_kind kind, char const* sentence,
                                                   char const* clause) const {
    auto result = made;
    result.kind = kind;
    result.sentence = sentence;
    result.clause = clause;
    return result;
  }
};

} // namespace detail

/// Begins a row: `in{calling, proceeding}.on(success)…`.
template <class State, class Symbol, class Action>
struct in {
  using row = ctsip::row<State, Symbol, Action>;
  std::uint32_t from;

  constexpr in(State one) : from(std::uint32_t{1} << static_cast<unsigned>(one)) {}
  template <detail::same_as<State>... More>
  constexpr in(State first, State second, More... more)
      : from(detail::bits(first, second, more...)) {}

  constexpr detail::row_builder<State, Symbol, Action> on(Symbol one) const {
    return {{from, std::uint32_t{1} << static_cast<unsigned>(one)}};
  }
  template <detail::same_as<Symbol>... More>
  constexpr detail::row_builder<State, Symbol, Action> on(Symbol first, Symbol second,
                                                          More... more) const {
    return {{from, detail::bits(first, second, more...)}};
  }
};

namespace detail {

// Groups of states that a table names once: the states of several groups, and those of one group
// that are in no other. What comes out begins a row like any `in{…}`.
template <class In, same_as<In>... More>
constexpr In joined(In group, More... more) {
  group.from = (group.from | ... | more.from);
  return group;
}
template <class In, same_as<In>... More>
constexpr In except(In group, More... more) {
  group.from &= ~(more.from | ...);
  return group;
}

} // namespace detail

/// A set of a machine's actions, at most one of each, to be carried out in the order in which the
/// enumeration lists them.
template <class Action>
struct [[nodiscard]] action_set {
  std::uint32_t bits{};

  constexpr bool has(Action a) const { return bits >> static_cast<unsigned>(a) & 1u; }
  constexpr bool empty() const { return bits == 0; }
  constexpr action_set operator|(action_set other) const { return {bits | other.bits}; }
  constexpr action_set& operator|=(action_set other) {
    bits |= other.bits;
    return *this;
  }
  friend constexpr bool operator==(action_set, action_set) = default;
};

namespace detail {

template <class D>
inline constexpr std::size_t row_count = sizeof(D::rows) / sizeof(D::rows[0]);

// What the rows mention, as sets of bits, so that no definition repeats its own size; proof.hpp
// finds an enumerator that no row mentions. All in one pass: every file that runs a machine pays.
struct row_sets {
  std::uint32_t states{};
  std::uint32_t symbols{};
  std::uint32_t actions{1};
  std::uint32_t timers{}; // that some row starts
};

template <class D>
constexpr row_sets find_row_sets() {
  row_sets seen;
  for (auto const& r : D::rows) {
    seen.states |= r.from;
    if (r.to != r.stays) seen.states |= std::uint32_t{1} << r.to;
    seen.symbols |= r.on;
    seen.actions |= r.does;
    if (r.timers.starts && !refuses(r.kind)) seen.timers |= r.timers.starts;
  }
  return seen;
}

template <class D>
inline constexpr row_sets sets_of_rows = find_row_sets<D>();

constexpr unsigned highest_bit(std::uint32_t set) {
  return 31u - static_cast<unsigned>(__builtin_clz(set));
}

template <class D>
constexpr std::size_t count_states() {
  return highest_bit(sets_of_rows<D>.states) + 1;
}

template <class D>
constexpr std::size_t count_symbols() {
  return highest_bit(sets_of_rows<D>.symbols) + 1;
}

template <class D>
constexpr std::size_t count_actions() {
  return highest_bit(sets_of_rows<D>.actions) + 1;
}

template <bool Few>
struct action_word {
  using type = std::uint16_t;
};
template <>
struct action_word<false> {
  using type = std::uint32_t;
};

// One cell: 4 bytes for a machine of up to 16 actions.
template <class Word>
struct cell {
  Word does;
  std::uint8_t next;
  std::uint8_t row; // with the top bit set where the row refuses

  static constexpr std::uint8_t refusal = 0x80;
  static constexpr std::uint8_t no_row = 0x7f;
};

template <class D>
struct dense_table {
  static constexpr std::size_t states = count_states<D>();
  static constexpr std::size_t symbols = count_symbols<D>();
  static constexpr std::size_t columns = symbols;
  using word = typename action_word<count_actions<D>() <= 16>::type;
  using cell_type = cell<word>;
  static_assert(row_count<D> < cell_type::no_row && states <= 32 && symbols <= 32,
                "a machine has at most 126 rows, 32 states and 32 symbols");

  static constexpr cell_type make(std::uint32_t does, std::uint8_t next, std::uint8_t row) {
    return {static_cast<word>(does), next, row};
  }

  cell_type cells[states * columns];
};

template <class D>
constexpr bool is_command(unsigned symbol) {
  for (auto const& c : D::commands)
    if (static_cast<unsigned>(c) == symbol) return true;
  return false;
}

// Fills a table of a machine's cells from its rows. Written for few steps of constant evaluation:
// every file that runs a machine pays for them.
template <class D, class Table>
constexpr void fill_cells(Table& table) {
  constexpr auto all_symbols =
      static_cast<std::uint32_t>((std::uint64_t{1} << dense_table<D>::symbols) - 1);
  using mark = cell<std::uint16_t>;
  std::uint32_t spoken_of[Table::states]{};
  std::uint8_t number = 0;
  for (auto const& r : D::rows) {
    auto const row = static_cast<std::uint8_t>(refuses(r.kind) ? number | mark::refusal : number);
    bool const stays = r.to == r.stays;
    auto made = Table::make(r.does, r.to, row);
    for (std::uint32_t from = r.from; from; from &= from - 1) {
      auto const s = static_cast<std::uint8_t>(__builtin_ctz(from));
      if (stays) made = Table::make(r.does, s, row);
      spoken_of[s] |= r.on;
      std::size_t const first = s * Table::columns;
      for (std::uint32_t on = r.on; on; on &= on - 1)
        table.cells[first + static_cast<std::size_t>(__builtin_ctz(on))] = made;
    }
    ++number;
  }
  // What no row speaks of: a proven table has nothing of the kind.
  std::uint32_t commands = 0;
  for (auto c : D::commands) commands |= bits(c);
  for (std::size_t s = 0; s < Table::states; ++s)
    for (std::uint32_t on = all_symbols & ~spoken_of[s]; on; on &= on - 1) {
      unsigned const refused = commands & on & -on ? mark::refusal : 0u;
      table.cells[s * Table::columns + static_cast<std::size_t>(__builtin_ctz(on))] = Table::make(
          0, static_cast<std::uint8_t>(s), static_cast<std::uint8_t>(mark::no_row | refused));
    }
}

template <class D>
constexpr dense_table<D> make_dense_table() {
  dense_table<D> result{};
  fill_cells<D>(result);
  return result;
}

// All that a binary holds of a table unless it asks for more.
template <class D>
inline constexpr dense_table<D> dense = make_dense_table<D>();

// The rows' kinds, for those who ask for them at run time.
template <class D>
struct kind_table {
  ctsip::row_kind of[row_count<D>];
};

template <class D>
constexpr kind_table<D> make_kinds() {
  kind_table<D> result{};
  for (std::size_t i = 0; i < row_count<D>; ++i) result.of[i] = D::rows[i].kind;
  return result;
}

template <class D>
inline constexpr kind_table<D> kinds = make_kinds<D>();

template <class D>
constexpr std::uint32_t find_terminal_states() {
  std::uint32_t active = 0;
  for (auto const& r : D::rows)
    if (!refuses(r.kind) && r.kind != row_kind::ignored) active |= r.from;
  return ((std::uint64_t{1} << dense_table<D>::states) - 1) & ~active;
}

template <class D>
inline constexpr std::uint32_t terminal_states = find_terminal_states<D>();

} // namespace detail

/// Whether nothing leaves this state and nothing more is done in it.
template <class D>
constexpr bool is_terminal(typename D::state s) {
  return (detail::terminal_states<D> >> static_cast<unsigned>(s)) & 1u;
}

} // namespace ctsip
