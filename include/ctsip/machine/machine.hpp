// The machine: one state, one look-up a step.
//
//   ctsip::machine<ctsip::invite_client> m;
//   auto step = m.process(ctsip::received<ctsip::response<180>>{});
//   if (step.does.has(pass_response_up)) …
//
// `next` is the pure function beneath: state and symbol in, state and actions out. `walk` runs
// typed events in constant evaluation, where a refused step does not compile.
// Read table.hpp before it.
#pragma once

#include <cstddef>
#include <cstdint>

#include <ctsip/machine/table.hpp>

namespace ctsip {

namespace detail {

// The spellings of many enumerators by one function, whose own name lists them all, as
// "… V = {ns::type::first, ns::type::second}]": a template for each would cost far more to compile.
// Each is closed by a zero; `at` is where it begins.
template <std::size_t Size, std::size_t Count>
struct name_text {
  char text[Size]{};
  std::uint16_t at[Count]{};
};

template <auto... V>
constexpr auto spell() {
#if defined(_MSC_VER) && !defined(__clang__)
  constexpr auto const& name = __FUNCSIG__;
#else
  constexpr auto const& name = __PRETTY_FUNCTION__;
#endif
  constexpr std::size_t size = sizeof(name);
  name_text<size, sizeof...(V)> all;
  // From the back, where nothing but closing brackets stands behind the last name.
  std::size_t from = size - 1;
  while (name[from - 1] == ']' || name[from - 1] == '}' || name[from - 1] == '>') --from;
  std::size_t to = size - 1;
  std::size_t prefix = 0; // how long what stands before each name is, with the comma: all are alike
  for (std::size_t n = sizeof...(V); n-- > 0;) {
    for (char c = name[from - 1]; c != ':' && c != ')' && c != ' ' && c != '{' && c != '<';
         c = name[--from - 1])
      all.text[--to] = c;
    all.at[n] = static_cast<std::uint16_t>(to--);
    if (n == 0) break;
    if (prefix && name[from - prefix] == ',') {
      from -= prefix;
      continue;
    }
    prefix = 1;
    while (name[from - prefix] != ',') ++prefix;
    from -= prefix;
  }
  return all;
}

template <class Enum, std::size_t... I>
struct name_list {
  static constexpr auto text = spell<static_cast<Enum>(I)...>();
  static constexpr char const* of[sizeof...(I)] = {&text.text[text.at[I]]...};
};

template <class Enum, std::size_t... I>
constexpr name_list<Enum, I...> make_name_list(index_list<I...>);

template <class Enum, std::size_t Count>
using names = decltype(make_name_list<Enum>(make_index_list<Count>{}));

template <class D, std::size_t Row>
constexpr auto refusal_text() {
  constexpr auto const& r = D::rows[Row];
  return joined_text<length(r.sentence), length(" ("), length(r.clause), length(")")>(
      r.sentence, " (", r.clause, ")");
}

// What is said of a command that an unproven table forgets.
inline constexpr fixed_string no_refusal{"the table has no row for this command"};

template <class D, std::size_t Cell>
constexpr auto violation_function() -> void (*)() {
  using table = dense_table<D>;
  constexpr auto row = dense<D>.cells[Cell].row;
  constexpr auto state = static_cast<typename D::state>(Cell / table::symbols);
  constexpr auto symbol = static_cast<typename D::symbol>(Cell % table::symbols);
  if constexpr (row == (table::cell_type::refusal | table::cell_type::no_row))
    return &sip_violation<no_refusal, state, symbol>;
  else if constexpr (row & table::cell_type::refusal)
    return &sip_violation<refusal_text<D, (row & table::cell_type::no_row)>(), state, symbol>;
  else
    return nullptr;
}

template <class D, class Cells>
struct violation_functions;
template <class D, std::size_t... Cell>
struct violation_functions<D, index_list<Cell...>> {
  static constexpr void (*of[sizeof...(Cell)])() = {violation_function<D, Cell>()...};
};

template <class D>
constexpr auto broken_rule(typename D::state s, typename D::symbol e) -> void (*)() {
  using table = dense_table<D>;
  return violation_functions<D, make_index_list<table::states * table::symbols>>::of
      [static_cast<std::size_t>(s) * table::symbols + static_cast<std::size_t>(e)];
}

} // namespace detail

/// The state's name, as its table spells it.
template <class D>
constexpr char const* name_of(typename D::state s) {
  return detail::names<typename D::state, detail::dense_table<D>::states>::of[static_cast<unsigned>(
      s)];
}
/// The symbol's name, as its table spells it.
template <class D>
constexpr char const* name_of(typename D::symbol s) {
  return detail::names<typename D::symbol,
                       detail::dense_table<D>::symbols>::of[static_cast<unsigned>(s)];
}

/// What one step did, by value. The caller carries out `does`; `next` is the state reached.
template <class D>
struct [[nodiscard]] step {
  typename D::state next;
  std::uint8_t row; ///< index into `D::rows`, with the top bit set where the row refuses
  action_set<typename D::action> does;

  using cell = typename detail::dense_table<D>::cell_type;

  /// The command broke a rule; nothing happened.
  constexpr bool refused() const { return row & cell::refusal; }
  /// Whether the event was in the machine's alphabet.
  constexpr bool known() const { return (row & cell::no_row) != cell::no_row; }
  /// What the row says of the event.
  constexpr ctsip::row_kind kind() const {
    if (!known()) return refused() ? ctsip::row_kind::refused : ctsip::row_kind::ignored;
    return detail::kinds<D>.of[row & cell::no_row];
  }
};

/// The step from `s` on `e`, without a machine to hold the state.
template <class D>
constexpr step<D> next(typename D::state s, typename D::symbol e) {
  auto const& c =
      detail::dense<D>.cells[static_cast<std::size_t>(s) * detail::dense_table<D>::symbols +
                             static_cast<std::size_t>(e)];
  return {static_cast<typename D::state>(c.next), c.row, {c.does}};
}

namespace detail {

// The row that speaks of a symbol in a state, or their number if none does. It looks at the rows:
// who only explains needs no dense table.
template <class D>
constexpr std::size_t find_row(typename D::state s, typename D::symbol e) {
  for (std::size_t i = row_count<D>; i-- > 0;)
    if (D::rows[i].from >> static_cast<unsigned>(s) & D::rows[i].on >> static_cast<unsigned>(e) &
        1u)
      return i;
  return row_count<D>;
}

} // namespace detail

/// Why a command was refused, or what the peer did wrong: the row's own words.
template <class D>
constexpr violation explain(typename D::state s, typename D::symbol e) {
  std::size_t const row = detail::find_row<D>(s, e);
  if (row == detail::row_count<D>)
    return {D::title, name_of<D>(s), name_of<D>(e),
            detail::is_command<D>(static_cast<unsigned>(e)) ? detail::no_refusal.c_str() : "", ""};
  return {D::title, name_of<D>(s), name_of<D>(e),
          D::rows[row].sentence ? D::rows[row].sentence : "",
          D::rows[row].clause ? D::rows[row].clause : ""};
}

namespace detail {

// A refused command in constant evaluation: an error that shows sentence and clause, machine, state
// and event.
template <class D>
constexpr void not_allowed(typename D::state s, typename D::symbol e) {
  auto const why = explain<D>(s, e);
  show(why.machine, why.sentence, why.clause, broken_rule<D>(s, e));
}

// The one way in which a refused command ends.
template <class D, class Policy>
constexpr void refuse(Policy& policy, typename D::state s, typename D::symbol e) {
  if constexpr (Policy::refuses_to_compile)
    if (__builtin_is_constant_evaluated()) not_allowed<D>(s, e);
  tell(policy, [&] { return explain<D>(s, e); });
}

// The symbol of a typed event, which must be one that the machine can meet.
template <class D, class Typed>
constexpr typename D::symbol symbol_of() {
  constexpr auto projected = D::project(Typed::value);
  static_assert(projected != outside<typename D::symbol>,
                "this event is not in the alphabet of this machine: wrong direction (sent or "
                "received), wrong method, or the timer of another machine");
  return projected;
}

} // namespace detail

/// A machine at run time and in constant evaluation: the definition's table and one state.
/// `sizeof` is 1 with a policy that keeps nothing.
template <class D, class Policy = on_violation::trap>
class machine : private Policy {
 public:
  using definition = D;
  using state = typename D::state;
  using symbol = typename D::symbol;

  constexpr machine() = default;
  constexpr explicit machine(state s, Policy policy = {}) : Policy(policy), state_(s) {}

  constexpr state current() const { return state_; }
  constexpr bool is(state s) const { return state_ == s; }
  constexpr bool terminated() const { return is_terminal<D>(state_); }
  constexpr Policy const& policy() const { return *this; }

  /// One step on a symbol, which must be an enumerator of the machine's own alphabet. A refused
  /// command goes to the policy and moves nothing.
  constexpr step<D> process(symbol e) {
    auto const result = next<D>(state_, e);
    if (result.refused()) [[unlikely]]
      detail::refuse<D>(mutable_policy(), state_, e);
    state_ = result.next;
    return result;
  }

  /// One step on an event value: what the parser or the caller's timer made. An event outside the
  /// alphabet changes nothing.
  constexpr step<D> process(event const& e) {
    symbol const projected = D::project(e);
    if (projected == outside<symbol>) return {state_, step<D>::cell::no_row, {}};
    return process(projected);
  }

  /// One step on a typed event. One that this machine never meets does not compile.
  template <class Typed>
  requires requires { Typed::value; }
  constexpr step<D> process(Typed) { return process(detail::symbol_of<D, Typed>()); }

 private:
  constexpr Policy& mutable_policy() { return *this; }

  state state_{};
};

namespace detail {

// The frame that tells which step of a walk was refused. The position is a template argument for
// the compilers that print those, and a plain one for clang 14, which does not.
template <std::size_t Position, class Event, class D>
constexpr void at_step(machine<D>& m, std::size_t) {
  constexpr auto symbol = symbol_of<D, Event>();
  if constexpr (symbol != outside<typename D::symbol>) (void)m.process(symbol);
}

template <class... Events, class D, std::size_t... Position>
constexpr void walk(machine<D>& m, index_list<Position...>) {
  (at_step<Position + 1, Events>(m, Position + 1), ...);
}

} // namespace detail

/// Runs typed events through a machine and returns it. In constant evaluation a refused step is a
/// compile error that shows `at_step<N>`, the sentence and the clause:
///
///   static_assert(walk<invite_client, sent<invite>, received<response<486>>>().is(completed));
template <class D, class... Events>
constexpr machine<D> walk() {
  machine<D> m;
  detail::walk<Events...>(m, detail::make_index_list<sizeof...(Events)>{});
  return m;
}

} // namespace ctsip
