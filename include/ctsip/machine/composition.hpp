// A call is the product of its rules: every machine whose alphabet contains an event steps on it,
// and the event is allowed only if all of them allow it.
//
//   judge    looks every rule up and changes nothing
//   process  judges, and commits only if no rule refuses: a refusal moves nothing
//
// A rule is a machine definition (table.hpp) that projects the common event and may have numbers:
//
//   struct facts {…};
//     numbers, which only it writes
//   static void refine(Event&, Message const&, facts const&);
//     before the step: what the numbers say of the event
//   static void commit(facts&, Message const&, Event const&);
//     after a step that was allowed
//   static symbol classify(Message const&, Event const&, facts const&);
//     instead of `project`
//   static symbol correct(symbol, Message const&, Event const&, facts const&);
//     after `project`: the same as `classify` without its cost
//   static milliseconds wait(timer, facts const&);
//     how long a timer of its runs
//   static constexpr state at_rest[];
//     where it leaves nothing open
//
// The projections of more than two rules are merged at compile time into one map from the event to
// the symbols; at run time a step is one look-up in it and one in each rule's table. A rule with
// `correct` is handed its symbol from the map; one that has only `classify` finds it itself.
// Read machine.hpp before it; dialog/call.hpp has the compositions of a call.
#pragma once

#include <cstddef>
#include <cstdint>

#include <ctsip/machine/machine.hpp>

namespace ctsip {

namespace detail {

template <class Rule>
concept has_facts = requires {
  typename Rule::facts;
};

// The part of the record that one rule writes. Nobody else is handed it to write.
template <class Rule, bool = has_facts<Rule>>
struct record_part {
  typename Rule::facts facts{};
};
template <class Rule>
struct record_part<Rule, false> {};

template <class Rule>
concept classifies = requires {
  &Rule::classify;
};
template <class Rule>
concept corrects = requires {
  &Rule::correct;
};
template <class Rule>
concept refines = requires {
  &Rule::refine;
};

// Those of the rules for which something holds. In constant evaluation a call costs more than what
// most of them do: a step calls only the rules that have something to say.
template <class... Rules>
struct rule_list {};

template <class... Lists>
struct joined_lists {
  using type = rule_list<>;
};
template <class... Rules>
struct joined_lists<rule_list<Rules...>> {
  using type = rule_list<Rules...>;
};
template <class... First, class... Second, class... More>
struct joined_lists<rule_list<First...>, rule_list<Second...>, More...>
    : joined_lists<rule_list<First..., Second...>, More...> {};

template <bool, class Rule>
struct listed_if {
  using type = rule_list<>;
};
template <class Rule>
struct listed_if<true, Rule> {
  using type = rule_list<Rule>;
};

template <class... Rules>
using refining = typename joined_lists<typename listed_if<refines<Rules>, Rules>::type...>::type;
template <class... Rules>
using correcting = typename joined_lists<typename listed_if<corrects<Rules>, Rules>::type...>::type;
template <class... Rules>
using classifying = typename joined_lists<
    typename listed_if<classifies<Rules> && !corrects<Rules>, Rules>::type...>::type;
template <class... Rules>
using counting = typename joined_lists<typename listed_if<has_facts<Rules>, Rules>::type...>::type;

// A cell of a composition's tables is one number, which constant evaluation copies for far less
// than a struct: the row, with the top bit set where it refuses; the state reached; the actions.
inline constexpr unsigned refusal_at = 7;
inline constexpr unsigned next_at = 8;
inline constexpr unsigned does_at = 16;

template <class Word>
constexpr std::uint8_t row_of(Word cell) {
  return static_cast<std::uint8_t>(cell);
}
template <class Word>
constexpr std::uint8_t next_of(Word cell) {
  return static_cast<std::uint8_t>(cell >> next_at);
}
template <class Word>
constexpr std::uint32_t actions_of(Word cell) {
  return static_cast<std::uint32_t>(cell >> does_at);
}

template <bool Few>
struct packed_cell {
  using type = std::uint32_t;
};
template <>
struct packed_cell<false> {
  using type = std::uint64_t;
};

// A rule's table, with one column more for the events outside of its alphabet, so that a step need
// not ask which those are.
template <class Rule>
struct closed_table {
  static constexpr std::size_t states = dense_table<Rule>::states;
  static constexpr std::size_t columns = dense_table<Rule>::symbols + 1;
  static constexpr std::uint8_t outside = dense_table<Rule>::symbols;
  using cell_type = typename packed_cell<count_actions<Rule>() <= 16>::type;

  static constexpr cell_type make(std::uint32_t does, std::uint8_t next, std::uint8_t row) {
    return static_cast<cell_type>(does) << does_at | static_cast<cell_type>(next) << next_at | row;
  }

  cell_type cells[states * columns];
};

template <class Rule>
constexpr closed_table<Rule> make_closed_table() {
  using table = closed_table<Rule>;
  table result{};
  fill_cells<Rule>(result);
  for (std::size_t s = 0; s < table::states; ++s)
    result.cells[s * table::columns + table::outside] =
        table::make(0, static_cast<std::uint8_t>(s), dense_table<Rule>::cell_type::no_row);
  return result;
}

template <class Rule>
inline constexpr closed_table<Rule> closed = make_closed_table<Rule>();

template <class Rule>
constexpr std::uint8_t column_of(typename Rule::symbol s) {
  auto const outside = closed_table<Rule>::outside;
  return static_cast<std::uint8_t>(s) < outside ? static_cast<std::uint8_t>(s) : outside;
}

// What every event is to every rule, as one table: the column, or the symbol for a rule that
// corrects it.
template <std::size_t Rules>
struct projected_columns {
  std::uint8_t of[Rules];
};
template <class Event, class Message, class... Rules>
struct projection {
  projected_columns<sizeof...(Rules)> of[Event::alphabet_size];
};

template <class Rule, class Event>
constexpr std::uint8_t projected(Event const& e) {
  if constexpr (corrects<Rule>)
    return static_cast<std::uint8_t>(Rule::project(e));
  else if constexpr (classifies<Rule>)
    return closed_table<Rule>::outside;
  else
    return column_of<Rule>(Rule::project(e));
}

template <class Event, class Message, class... Rules>
constexpr projection<Event, Message, Rules...> make_projection() {
  projection<Event, Message, Rules...> result{};
  for (std::size_t i = 0; i < Event::alphabet_size; ++i) {
    Event const e = Event::at(i);
    result.of[i] = {{projected<Rules>(e)...}};
  }
  return result;
}

template <class Event, class Message, class... Rules>
inline constexpr projection<Event, Message, Rules...>
    projections = make_projection<Event, Message, Rules...>();

// Which states of a rule are at rest, as a set of bits.
template <class Rule>
constexpr std::uint32_t find_resting_states() {
  if constexpr (requires { Rule::at_rest; }) {
    std::uint32_t set = 0;
    for (auto s : Rule::at_rest) set |= std::uint32_t{1} << static_cast<unsigned>(s);
    return set;
  } else {
    return UINT32_MAX;
  }
}

template <class Rule>
inline constexpr std::uint32_t resting_states = find_resting_states<Rule>();

// The timers of each row, for those who arm them.
template <class D>
struct row_timers {
  timer_changes of[row_count<D>];
};

template <class D>
constexpr row_timers<D> make_row_timers() {
  row_timers<D> result{};
  for (std::size_t i = 0; i < row_count<D>; ++i) result.of[i] = D::rows[i].timers;
  return result;
}

template <class D>
inline constexpr row_timers<D> timers_of_rows = make_row_timers<D>();

// The function whose name is the error for a row that refuses: one a row, since a table has a
// multiple of cells. Machine, state and event are told by the frame above it.
template <class D, std::size_t Row>
constexpr auto row_violation() -> void (*)() {
  if constexpr (refuses(D::rows[Row].kind))
    return &sip_violation<refusal_text<D, Row>(), D>;
  else
    return nullptr;
}

template <class D, class Rows>
struct row_violations;
template <class D, std::size_t... Row>
struct row_violations<D, index_list<Row...>> {
  static constexpr void (*of[sizeof...(Row)])() = {row_violation<D, Row>()...};
};

// The policy's own type, however it is handed over.
template <class Policy>
struct policy_behind {
  using type = Policy;
};
template <class Policy>
struct policy_behind<Policy&> {
  using type = Policy;
};
template <class Policy>
struct policy_behind<Policy const&> {
  using type = Policy;
};
template <class Policy>
using policy_of = typename policy_behind<Policy>::type;

template <class D>
constexpr void refused_by(typename D::state s, typename D::symbol e) {
  auto const why = explain<D>(s, e);
  auto const broken_rule =
      row_violations<D, make_index_list<row_count<D>>>::of[next<D>(s, e).row & 0x7f];
  show(why.machine, why.sentence, why.clause, broken_rule);
}

// Position of a rule in the list.
template <class Rule, class... Rules>
constexpr std::size_t position_of() {
  std::size_t at = 0;
  bool found = false;
  ((found = found || same_as<Rule, Rules>, at += !found), ...);
  return at;
}

template <class Rule, class... Rules>
inline constexpr std::size_t position = position_of<Rule, Rules...>();

} // namespace detail

/// What one step of a composition did, or would do, by value.
template <class... Rules>
class [[nodiscard]] composed_step {
 public:
  static constexpr std::uint8_t nobody = 0xff;

  std::uint8_t refused_by{nobody}; ///< position of the first rule that refuses

  constexpr bool refused() const { return refused_by != nobody; }

  /// The actions of one rule; none if the step is refused.
  template <class Rule>
  constexpr action_set<typename Rule::action> does() const {
    return {refused() ? 0u : detail::actions_of(cell<Rule>())};
  }
  /// What the rule's row says of the event; `ignored` where the rule does not know it.
  template <class Rule>
  constexpr ctsip::row_kind kind() const {
    return of<Rule>().kind();
  }
  /// The step of one rule.
  template <class Rule>
  constexpr step<Rule> of() const {
    auto const c = cell<Rule>();
    return {static_cast<typename Rule::state>(detail::next_of(c)),
            detail::row_of(c),
            {detail::actions_of(c)}};
  }
  /// Whether each rule that refuses says that the command waits: then it is a wish to keep.
  constexpr bool waits() const { return refused() && (waits_or_allows<Rules>() && ...); }
  /// The timers that the rules' rows touch.
  constexpr timer_changes timers() const {
    timer_changes all;
    if (!refused()) (add_timers<Rules>(all), ...);
    return all;
  }
  /// The first rule whose row calls the event a breach by the peer, or `nobody`.
  constexpr std::uint8_t broken_by_peer() const {
    std::uint8_t at = 0;
    std::uint8_t found = nobody;
    ((found = found == nobody && kind<Rules>() == row_kind::peer_violation ? at : found, ++at),
     ...);
    return found;
  }

 private:
  template <class, class, class...>
  friend class basic_composition;

  using cell_type =
      typename detail::packed_cell<((detail::count_actions<Rules>() <= 16) && ...)>::type;

  template <class Rule>
  constexpr cell_type cell() const {
    return cells_.of[detail::position<Rule, Rules...>];
  }
  template <class Rule>
  constexpr bool waits_or_allows() const {
    return !of<Rule>().refused() || kind<Rule>() == row_kind::waits;
  }
  template <class Rule>
  constexpr void add_timers(timer_changes& all) const {
    auto const row = detail::row_of(cell<Rule>());
    if (row >= detail::row_count<Rule>) return;
    auto const& t = detail::timers_of_rows<Rule>.of[row];
    all.starts |= t.starts, all.doubles |= t.doubles, all.at_t2 |= t.at_t2, all.stops |= t.stops;
  }

  // As a whole, so that constant evaluation fills it at once.
  struct {
    cell_type of[sizeof...(Rules)];
  } cells_;
};

/// The product of some rules: a byte a rule, and their facts. Rules are asked in the order in which
/// they are listed; the first refusal is the one that is told.
template <class Event, class Message, class... Rules>
class basic_composition : private detail::record_part<Rules>... {
 public:
  using step = composed_step<Rules...>;
  using message = Message;
  /// The same rules and some more: `uac_call::with<my_rule>`.
  template <class... More>
  using with = basic_composition<Event, Message, Rules..., More...>;
  static constexpr std::size_t size = sizeof...(Rules);
  static_assert(size <= 32, "a composition has at most 32 rules");
  /// The timers that some row starts, as bits.
  static constexpr std::uint32_t timers = (detail::sets_of_rows<Rules>.timers | ...);

  /// The state of one rule.
  template <class Rule>
  constexpr typename Rule::state state() const {
    return static_cast<typename Rule::state>(states_.of[at<Rule>]);
  }
  template <class Rule>
  constexpr bool is(typename Rule::state s) const {
    return state<Rule>() == s;
  }
  /// The numbers that one rule keeps.
  template <class Rule>
  constexpr typename Rule::facts const& facts() const {
    return static_cast<detail::record_part<Rule> const&>(*this).facts;
  }
  /// A rule, by its position in the list, and its state as a number.
  struct place {
    std::size_t position{size};
    std::uint8_t state{};
  };
  /// The first rule that is in a state in which it leaves something open; position `size` if none.
  constexpr place find_restless() const {
    place found;
    std::size_t at = 0;
    ((found = found.position == size &&
                      !(detail::resting_states<Rules> >> static_cast<unsigned>(state<Rules>()) & 1u)
                  ? place{at, static_cast<std::uint8_t>(state<Rules>())}
                  : found,
      ++at),
     ...);
    return found;
  }
  /// Whether every rule is in a state in which it leaves nothing open.
  constexpr bool at_rest() const { return find_restless().position == size; }

  /// The event that a message is to these rules: what its numbers mean has been compared.
  constexpr Event classify(Message const& m) const {
    Event e{m};
    refine(detail::refining<Rules...>{}, e, m);
    return e;
  }

  /// How long a timer runs that one of the rules has the numbers for; `milliseconds::never()` for
  /// all others.
  constexpr milliseconds wait(timer t) const {
    milliseconds told = milliseconds::never();
    ((told = told.is_never() ? wait_of<Rules>(t) : told), ...);
    return told;
  }

  /// What would happen, without anything happening.
  constexpr step judge(Message const& m) const { return judge(m, classify(m)); }

  /// One step. A refused one changes nothing and traps; in constant evaluation it does not compile,
  /// and the error tells the rule, the sentence and the clause. With a policy of `on_violation`, or
  /// of your own, the refusal goes there: `on_violation::report{}` leaves it to the result.
  template <class Policy = on_violation::trap>
  constexpr step process(Message const& m, Policy&& policy = Policy{}) {
    Event const e = classify(m);
    step const taken = judge(m, e);
    if (!taken.refused()) {
      commit(m, e, taken);
    } else [[unlikely]] {
      // Here, and not in a function of its own: each frame of an error names all rules.
      if constexpr (detail::policy_of<Policy>::refuses_to_compile)
        if (__builtin_is_constant_evaluated()) {
          std::uint8_t at = 0;
          ((at++ == taken.refused_by
                ? detail::refused_by<Rules>(state<Rules>(), symbol<Rules>(m, e))
                : void()),
           ...);
        }
      // The words are made only for one that wants them: they cost every file compile time.
      if constexpr (detail::policy_of<Policy>::wants_text)
        policy.violated(explain(m));
      else
        policy.violated();
    }
    return taken;
  }

  /// Why a message is refused: the words of the first rule that refuses it.
  constexpr violation explain(Message const& m) const {
    Event const e = classify(m);
    violation why{};
    std::uint8_t at = 0;
    std::uint8_t const by = judge(m, e).refused_by;
    ((at++ == by ? void(why = ctsip::explain<Rules>(state<Rules>(), symbol<Rules>(m, e))) : void()),
     ...);
    return why;
  }

  /// Calls `f.template operator()<Rule>()` for the rule at a position in the list.
  template <class F>
  static constexpr void visit(std::size_t position, F&& f) {
    std::size_t at = 0;
    ((at++ == position ? f.template operator()<Rules>() : void()), ...);
  }

  /// The same for each rule.
  template <class F>
  static constexpr void visit_all(F&& f) {
    (f.template operator()<Rules>(), ...);
  }

  /// A cell of one rule's table, as numbers.
  struct cell {
    std::uint8_t state{};
    std::uint8_t symbol{};
  };
  /// Where the rule at a position in the list looks the message up.
  constexpr cell locate(Message const& m, std::size_t position) const {
    Event const e = classify(m);
    cell found{};
    std::size_t at = 0;
    ((at++ == position ? void(found = {static_cast<std::uint8_t>(state<Rules>()),
                                       static_cast<std::uint8_t>(symbol<Rules>(m, e))})
                       : void()),
     ...);
    return found;
  }

 private:
  template <class Rule>
  static constexpr std::size_t at = detail::position<Rule, Rules...>;

  constexpr step judge(Message const& m, Event const& e) const {
    auto columns = columns_of(e);
    correct(detail::correcting<Rules...>{}, columns.of, m, e);
    classify(detail::classifying<Rules...>{}, columns.of, m, e);
    step taken;
    taken.cells_ = {
        {detail::closed<Rules>.cells[states_.of[at<Rules>] * detail::closed_table<Rules>::columns +
                                     columns.of[at<Rules>]]...}};
    unsigned const refusals =
        (((taken.cells_.of[at<Rules>] >> detail::refusal_at & 1u) << at<Rules>) | ...);
    if (refusals) [[unlikely]]
      taken.refused_by = static_cast<std::uint8_t>(__builtin_ctz(refusals));
    return taken;
  }

  // Two rules project an event faster than a file compiles the map.
  static constexpr detail::projected_columns<size> columns_of(Event const& e) {
    if constexpr (size <= 2)
      return {{detail::projected<Rules>(e)...}};
    else
      return detail::projections<Event, Message, Rules...>.of[e.index()];
  }

  template <class Rule>
  constexpr typename Rule::symbol symbol(Message const& m, Event const& e) const {
    if constexpr (detail::corrects<Rule>)
      return Rule::correct(Rule::project(e), m, e, facts<Rule>());
    else if constexpr (detail::classifies<Rule>)
      return Rule::classify(m, e, facts<Rule>());
    else
      return Rule::project(e);
  }

  template <class... Correcting>
  constexpr void correct(detail::rule_list<Correcting...>, std::uint8_t (&columns)[size],
                         Message const& m, Event const& e) const {
    ((columns[at<Correcting>] = detail::column_of<Correcting>(Correcting::correct(
          static_cast<typename Correcting::symbol>(columns[at<Correcting>]), m, e,
          static_cast<detail::record_part<Correcting> const&>(*this).facts))),
     ...);
  }

  template <class... Classifying>
  constexpr void classify(detail::rule_list<Classifying...>, std::uint8_t (&columns)[size],
                          Message const& m, Event const& e) const {
    ((columns[at<Classifying>] =
          detail::column_of<Classifying>(Classifying::classify(m, e, facts<Classifying>()))),
     ...);
  }

  constexpr void commit(Message const& m, Event const& e, step const& taken) {
    states_ = {{static_cast<std::uint8_t>(taken.cells_.of[at<Rules>] >> detail::next_at)...}};
    commit_facts(detail::counting<Rules...>{}, m, e);
  }

  template <class Rule>
  constexpr milliseconds wait_of(timer t) const {
    if constexpr (requires { Rule::wait(t, facts<Rule>()); })
      return Rule::wait(t, facts<Rule>());
    else
      return milliseconds::never();
  }

  template <class... Counting>
  constexpr void commit_facts(detail::rule_list<Counting...>, Message const& m, Event const& e) {
    (Counting::commit(static_cast<detail::record_part<Counting>&>(*this).facts, m, e), ...);
  }

  template <class... Refining>
  constexpr void refine(detail::rule_list<Refining...>, Event& e, Message const& m) const {
    (Refining::refine(e, m, static_cast<detail::record_part<Refining> const&>(*this).facts), ...);
  }

  struct {
    std::uint8_t of[size];
  } states_{};
};

} // namespace ctsip
