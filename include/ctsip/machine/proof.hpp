// What is proved of every table, in constant evaluation:
//
//   total          every state answers everything that happens to us, and answers or refuses
//                  every command
//   deterministic  no state has two rows for one symbol
//   reachable      every state can be reached from the first
//   terminating    from every state a terminal one can be reached, if the machine has any
//   disarmed       no timer can be armed in a terminal state, none is stopped where it cannot run,
//                  and every timer that is started has a symbol
//   told           every row cites its clause, every refusal and violation has its sentence
//
//   static_assert(ctsip::proven<ctsip::invite_client>);
//
// A table that fails gives one error, which names the fault, the state and the symbol:
// `table_fault<fault::no_row, invite_client, calling, timer_b>`.
// Proofs are asked for where a machine is tested, not by its header: they cost compile time.
// Read table.hpp before it.
#pragma once

#include <cstddef>
#include <cstdint>

#include <ctsip/machine/machine.hpp>
#include <ctsip/machine/timed_machine.hpp>

namespace ctsip {

/// What can be wrong with a table.
enum class fault : std::uint8_t {
  none,
  no_row,        ///< something that can happen in this state has no row
  no_refusal,    ///< a command in this state has neither a row nor a refusal with a sentence
  two_rows,      ///< two rows for the same state and symbol
  event_refused, ///< a row refuses something that is not a command: the network may not be refused
  unreachable,   ///< nothing leads to this state
  no_way_out,    ///< no terminal state can be reached from here
  timer_armed_at_end,  ///< a timer can still be armed in this terminal state
  timer_not_running,   ///< a row stops or restarts a timer that cannot be armed there
  timer_has_no_symbol, ///< a timer is started whose firing is not in the alphabet
  no_clause,           ///< a row without the clause that it encodes
  no_sentence,         ///< a refusal, violation or ignored row that does not say why
  enumerator_unused    ///< a state or symbol that no row mentions
};

/// A fault and where it is; `row` is the index into `D::rows` where one is to blame.
struct finding {
  ctsip::fault fault{fault::none};
  unsigned state{};
  unsigned symbol{};
  unsigned row{};
};

namespace detail {

template <class D>
constexpr std::uint32_t
    all_states = static_cast<std::uint32_t>((std::uint64_t{1} << dense_table<D>::states) - 1);

constexpr unsigned lowest_bit(std::uint32_t set) {
  unsigned n = 0;
  while (!(set >> n & 1u)) ++n;
  return n;
}

template <class D>
constexpr finding find_cell_fault() {
  for (unsigned s = 0; s < dense_table<D>::states; ++s)
    for (unsigned e = 0; e < dense_table<D>::symbols; ++e) {
      unsigned rows = 0;
      for (auto const& r : D::rows) rows += (r.from >> s & 1u) && (r.on >> e & 1u);
      if (rows > 1) return {fault::two_rows, s, e};
      if (rows == 0) return {is_command<D>(e) ? fault::no_refusal : fault::no_row, s, e};
    }
  return {};
}

template <class D>
constexpr finding find_row_fault() {
  for (unsigned i = 0; i < row_count<D>; ++i) {
    auto const& r = D::rows[i];
    unsigned const s = lowest_bit(r.from);
    unsigned const e = lowest_bit(r.on);
    if (refuses(r.kind))
      for (unsigned n = 0; n < dense_table<D>::symbols; ++n)
        if (r.on >> n & 1u && !is_command<D>(n)) return {fault::event_refused, s, n, i};
    if (r.kind != row_kind::ignored && !length(r.clause)) return {fault::no_clause, s, e, i};
    if (r.kind != row_kind::expected && r.kind != row_kind::race && !length(r.sentence))
      return {fault::no_sentence, s, e, i};
  }
  return {};
}

template <class D>
constexpr finding find_path_fault() {
  std::uint32_t reached = 1;
  std::uint32_t ends = terminal_states<D>;
  for (unsigned round = 0; round < dense_table<D>::states; ++round)
    for (auto const& r : D::rows) {
      if (r.to == r.stays || refuses(r.kind)) continue;
      std::uint32_t const to = std::uint32_t{1} << r.to;
      if (r.from & reached) reached |= to;
      if (to & ends) ends |= r.from;
    }
  if (reached != all_states<D>) return {fault::unreachable, lowest_bit(all_states<D> & ~reached)};
  if (terminal_states<D> && ends != all_states<D>)
    return {fault::no_way_out, lowest_bit(all_states<D> & ~ends)};
  return {};
}

template <class D>
constexpr finding find_timer_fault() {
  auto const armed = find_armed_timers<D>();
  for (unsigned s = 0; s < dense_table<D>::states; ++s)
    if (is_terminal<D>(static_cast<typename D::state>(s)) && armed.in_state[s])
      return {fault::timer_armed_at_end, s,
              static_cast<unsigned>(
                  D::project(timer_event(static_cast<timer>(lowest_bit(armed.in_state[s])))))};
  for (unsigned t = 0; t < timer_count; ++t)
    if (armed.ever >> t & 1u &&
        D::project(timer_event(static_cast<timer>(t))) == outside<typename D::symbol>)
      return {fault::timer_has_no_symbol};
  for (unsigned i = 0; i < row_count<D>; ++i) {
    auto const& r = D::rows[i];
    std::uint32_t const touched = r.timers.stops | r.timers.doubles | r.timers.at_t2;
    std::uint32_t may_run = 0;
    for (unsigned s = 0; s < dense_table<D>::states; ++s)
      if (r.from >> s & 1u) may_run |= armed.in_state[s];
    if (touched & ~may_run)
      return {fault::timer_not_running, lowest_bit(r.from), lowest_bit(r.on), i};
  }
  return {};
}

} // namespace detail

/// The first fault of a table, as a value; `fault::none` if it has none.
template <class D>
constexpr finding find_fault() {
  if (auto const f = detail::find_row_fault<D>(); f.fault != fault::none) return f;
  if (auto const f = detail::find_cell_fault<D>(); f.fault != fault::none) return f;
  if (auto const f = detail::find_path_fault<D>(); f.fault != fault::none) return f;
  if (auto const f = detail::find_timer_fault<D>(); f.fault != fault::none) return f;
  constexpr auto past_states = static_cast<typename D::state>(detail::dense_table<D>::states);
  constexpr auto past_symbols = static_cast<typename D::symbol>(detail::dense_table<D>::symbols);
  if (is_enumerator<past_states> || is_enumerator<past_symbols>)
    return {fault::enumerator_unused, static_cast<unsigned>(past_states),
            static_cast<unsigned>(past_symbols)};
  return {};
}

/// Instantiated only for a table with a fault: its arguments are the error message.
template <fault Fault, class D, auto State, auto Symbol, unsigned Row>
struct table_fault {
  static_assert(Fault == fault::none,
                "the table of this machine is faulty: see the arguments of table_fault");
};

namespace detail {

template <class D>
consteval bool prove() {
  constexpr finding f = find_fault<D>();
  if constexpr (f.fault != fault::none)
    return sizeof(table_fault<f.fault, D, static_cast<typename D::state>(f.state),
                              static_cast<typename D::symbol>(f.symbol), f.row>) == 0;
  else
    return true;
}

} // namespace detail

/// True for a table without fault; any other does not compile.
template <class D>
inline constexpr bool proven = detail::prove<D>();

} // namespace ctsip
