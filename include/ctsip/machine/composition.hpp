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
//   static constexpr bool indispensable;
//     whether it cannot be left out: without this, whoever has `refine` cannot
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

// A byte for each rule, as a whole, so that constant evaluation fills or copies it at once.
template <std::size_t Rules>
struct byte_each {
  std::uint8_t of[Rules];
};

// A cell of a composition's tables is one byte: 0 where no row speaks, else the row's number and
// one more; the top bit is set where it refuses. What the row does stands once beside the cells.
inline constexpr std::uint8_t cell_refuses = 0x80;

// In the place of the state that a row reaches: it reaches none, or its command waits.
inline constexpr std::uint8_t cell_stays = 0x80;
inline constexpr std::uint8_t cell_waits = 0x81;

// As `cell::row` has it: the row alone, with its own sign for none.
constexpr std::uint8_t row_of(std::uint8_t cell) {
  return static_cast<std::uint8_t>(((cell - 1u) & 0x7fu) | (cell & cell_refuses));
}

template <std::size_t Actions>
struct narrow_word {
  using type = typename action_word<(Actions <= 16)>::type;
};
template <std::size_t Actions>
requires(Actions <= 8) struct narrow_word<Actions> {
  using type = std::uint8_t;
};

// A rule's table, with one column more for the events outside of its alphabet, so that a step need
// not ask which those are.
template <class Rule>
struct closed_table {
  static constexpr std::size_t states = count_states<Rule>();
  static constexpr std::uint8_t outside = count_symbols<Rule>();
  static constexpr std::size_t columns = outside + 1;
  static_assert(row_count<Rule> < 0x7f && states <= 32 && outside <= 32,
                "a machine has at most 126 rows, 32 states and 32 symbols");

  typename narrow_word<count_actions<Rule>()>::type does[row_count<Rule> + 1];
  std::uint8_t to[row_count<Rule> + 1];
  std::uint8_t cells[states * columns];

  constexpr std::uint8_t next(std::uint8_t before, std::uint8_t cell) const {
    std::uint8_t const reached = to[cell & 0x7f];
    return reached >= cell_stays ? before : reached;
  }
};

// Written for few steps of constant evaluation, like `fill_cells`.
template <class Rule>
constexpr closed_table<Rule> make_closed_table() {
  using table = closed_table<Rule>;
  constexpr auto all_symbols = static_cast<std::uint32_t>((std::uint64_t{1} << table::outside) - 1);
  table result{};
  result.to[0] = cell_stays;
  std::uint32_t spoken_of[table::states]{};
  std::uint8_t number = 0;
  for (auto const& r : Rule::rows) {
    ++number;
    result.does[number] = static_cast<typename narrow_word<count_actions<Rule>()>::type>(r.does);
    result.to[number] = r.kind == row_kind::waits ? cell_waits
                        : r.to == r.stays         ? cell_stays
                                                  : r.to;
    auto const made = static_cast<std::uint8_t>(refuses(r.kind) ? number | cell_refuses : number);
    for (std::uint32_t from = r.from; from; from &= from - 1) {
      auto const s = static_cast<std::size_t>(__builtin_ctz(from));
      spoken_of[s] |= r.on;
      auto* const cells = result.cells + s * table::columns;
      for (std::uint32_t on = r.on; on; on &= on - 1) cells[__builtin_ctz(on)] = made;
    }
  }
  // A command that no row speaks of is refused: a proven table has nothing of the kind.
  std::uint32_t commands = 0;
  for (auto c : Rule::commands) commands |= bits(c);
  for (std::size_t s = 0; s < table::states; ++s)
    for (std::uint32_t on = all_symbols & commands & ~spoken_of[s]; on; on &= on - 1)
      result.cells[s * table::columns + static_cast<std::size_t>(__builtin_ctz(on))] = cell_refuses;
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
template <class Event, class Message, class... Rules>
struct projection {
  byte_each<sizeof...(Rules)> of[Event::alphabet_size];
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

// The timers of a rule whose interval some row doubles, as bits.
template <class D>
constexpr std::uint32_t find_doubled_timers() {
  std::uint32_t set = 0;
  for (auto const& r : D::rows) set |= r.timers.doubles;
  return set;
}

// The timers of the rows, for those who arm them: each set of changes once, and which of them a row
// has; the first is that of rows without any.
constexpr bool has_timers(timer_changes const& t) {
  return (t.starts | t.doubles | t.at_t2 | t.stops) != 0;
}

template <class D>
struct row_timer_numbers {
  std::uint8_t of[row_count<D> + 1]{};    // by the cell
  std::uint8_t first[row_count<D> + 1]{}; // the row that has the changes of this number first
  std::size_t count{1};
};

template <class D>
constexpr row_timer_numbers<D> number_row_timers() {
  row_timer_numbers<D> result;
  for (std::size_t i = 0; i < row_count<D>; ++i) {
    auto const& mine = D::rows[i].timers;
    if (refuses(D::rows[i].kind) || !has_timers(mine)) continue;
    std::size_t n = 1;
    while (n < result.count && !(D::rows[result.first[n]].timers == mine)) ++n;
    if (n == result.count) result.first[result.count++] = static_cast<std::uint8_t>(i);
    result.of[i + 1] = static_cast<std::uint8_t>(n);
  }
  return result;
}

template <class D>
struct row_timers {
  static constexpr row_timer_numbers<D> numbers = number_row_timers<D>();
  static constexpr std::size_t count = numbers.count;

  timer_changes changes[count]{};
  std::uint8_t of[row_count<D> + 1]{};

  constexpr row_timers() {
    for (std::size_t n = 1; n < count; ++n) changes[n] = D::rows[numbers.first[n]].timers;
    for (std::size_t i = 0; i <= row_count<D>; ++i) of[i] = numbers.of[i];
  }
};

template <class D>
inline constexpr row_timers<D> timers_of_rows{};

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
    if (refused()) return {};
    return {detail::closed<Rule>.does[cell<Rule>()]};
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
    return {static_cast<typename Rule::state>(next<Rule>()),
            detail::row_of(c),
            {detail::closed<Rule>.does[c & 0x7f]}};
  }
  /// Whether each rule that refuses says that the command waits: then it is a wish to keep.
  constexpr bool waits() const {
    if (!refused()) return false;
    for (std::size_t i = refused_by; i < sizeof...(Rules); ++i)
      if (cells_.of[i] & detail::cell_refuses &&
          reached.of[i][cells_.of[i] & 0x7f] != detail::cell_waits)
        return false;
    return true;
  }
  /// The timers that the rules' rows touch.
  constexpr timer_changes timers() const {
    timer_changes all;
    if (!refused() && (timer_number<Rules>() | ...)) (add_timers<Rules>(all), ...);
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

  template <class Rule>
  constexpr std::uint8_t cell() const {
    return cells_.of[detail::position<Rule, Rules...>];
  }
  template <class Rule>
  constexpr std::uint8_t next() const {
    return detail::closed<Rule>.next(before_.of[detail::position<Rule, Rules...>], cell<Rule>());
  }
  // What each rule's rows reach.
  static constexpr struct {
    std::uint8_t const* of[sizeof...(Rules)];
  } reached{{detail::closed<Rules>.to...}};

  // Which changes the rule's row makes to timers; 0 for none.
  template <class Rule>
  constexpr unsigned timer_number() const {
    if constexpr (detail::timers_of_rows<Rule>.count > 1)
      return detail::timers_of_rows<Rule>.of[cell<Rule>()];
    else
      return 0;
  }
  template <class Rule>
  constexpr void add_timers(timer_changes& all) const {
    if constexpr (detail::timers_of_rows<Rule>.count > 1) {
      auto const n = timer_number<Rule>();
      if (n == 0) return;
      auto const& t = detail::timers_of_rows<Rule>.changes[n];
      all.starts |= t.starts, all.doubles |= t.doubles, all.at_t2 |= t.at_t2, all.stops |= t.stops;
    }
  }

  detail::byte_each<sizeof...(Rules)> cells_;
  detail::byte_each<sizeof...(Rules)> before_; // the states
};

template <class Event, class Message, class Left, class... Rules>
class reduced_composition;

namespace detail {

template <class Rule, class... Rules>
inline constexpr bool is_one_of = (same_as<Rule, Rules> || ...);

// What says something of an event that other rules read cannot be left out, unless the rule itself
// says otherwise.
template <class Rule>
constexpr bool is_indispensable() {
  if constexpr (requires { Rule::indispensable; })
    return Rule::indispensable;
  else
    return refines<Rule>;
}

template <class Event, class Message, class Left, class Rules>
struct make_reduced;
template <class Event, class Message, class Left, class... Rules>
struct make_reduced<Event, Message, Left, rule_list<Rules...>> {
  using type = reduced_composition<Event, Message, Left, Rules...>;
};

// The first of the lists without what is in the second.
template <class Rules, class Left>
struct remaining;
template <class... Rules, class... Left>
struct remaining<rule_list<Rules...>, rule_list<Left...>> {
  static_assert((is_one_of<Left, Rules...> && ...), "what is left out is none of these rules");
  static_assert(!(is_indispensable<Left>() || ...),
                "this rule cannot be left out: what it tells of a message, the others read");
  using type =
      typename joined_lists<typename listed_if<!is_one_of<Rules, Left...>, Rules>::type...>::type;
};

} // namespace detail

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
  /// The same rules but for some, for a board where those cost too much: they are as if nothing had
  /// ever happened to them, and their checks are not made.
  template <class... Left>
  using without = typename detail::make_reduced<
      Event, Message, detail::rule_list<Left...>,
      typename detail::remaining<detail::rule_list<Rules...>,
                                 detail::rule_list<Left...>>::type>::type;
  /// Whether it is one of them.
  template <class Rule>
  static constexpr bool has = detail::is_one_of<Rule, Rules...>;
  static constexpr std::size_t size = sizeof...(Rules);
  static_assert(size <= 32, "a composition has at most 32 rules");
  /// The timers that some row starts, as bits.
  static constexpr std::uint32_t timers = (detail::sets_of_rows<Rules>.timers | ...);
  /// Those whose interval some row doubles.
  static constexpr std::uint32_t doubled_timers = (detail::find_doubled_timers<Rules>() | ...);

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
    step const taken = take(m);
    if (taken.refused()) [[unlikely]] {
      // Here, and not in a function of its own: each frame of an error names all rules.
      if constexpr (detail::policy_of<Policy>::refuses_to_compile)
        if (__builtin_is_constant_evaluated()) {
          Event const e = classify(m);
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

  // A step as far as it is the same with every policy.
  constexpr step take(Message const& m) {
    Event const e = classify(m);
    step const taken = judge(m, e);
    if (!taken.refused()) commit(m, e, taken);
    return taken;
  }

  constexpr step judge(Message const& m, Event const& e) const {
    auto columns = columns_of(e);
    correct(detail::correcting<Rules...>{}, columns.of, m, e);
    classify(detail::classifying<Rules...>{}, columns.of, m, e);
    step taken;
    taken.cells_ = {
        {detail::closed<Rules>.cells[states_.of[at<Rules>] * detail::closed_table<Rules>::columns +
                                     columns.of[at<Rules>]]...}};
    taken.before_ = states_;
    if ((taken.cells_.of[at<Rules>] | ...) & detail::cell_refuses) [[unlikely]] {
      taken.refused_by = 0;
      while (!(taken.cells_.of[taken.refused_by] & detail::cell_refuses)) ++taken.refused_by;
    }
    return taken;
  }

  // Two rules project an event faster than a file compiles the map.
  static constexpr detail::byte_each<size> columns_of(Event const& e) {
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
    // Spelled out: in constant evaluation a call costs more than what it does.
    states_ = {{detail::closed<Rules>.to[taken.cells_.of[at<Rules>]] < detail::cell_stays
                    ? detail::closed<Rules>.to[taken.cells_.of[at<Rules>]]
                    : states_.of[at<Rules>]...}};
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

  detail::byte_each<size> states_{};
};

/// What one step of a composition did from which rules have been left out: those do nothing.
template <class Left, class... Rules>
class reduced_step;

template <class... Left, class... Rules>
class [[nodiscard]] reduced_step<detail::rule_list<Left...>, Rules...>
    : public composed_step<Rules...> {
  using whole = composed_step<Rules...>;

 public:
  constexpr reduced_step() = default;
  constexpr reduced_step(whole const& s) : whole(s) {}

  /// The actions of one rule; none of one that has been left out.
  template <class Rule>
  constexpr action_set<typename Rule::action> does() const {
    if constexpr (detail::is_one_of<Rule, Left...>)
      return {};
    else
      return whole::template does<Rule>();
  }
  /// What the rule's row says of the event; `ignored` for one that has been left out.
  template <class Rule>
  constexpr ctsip::row_kind kind() const {
    return of<Rule>().kind();
  }
  /// The step of one rule; of one that has been left out, that of an event that it does not know.
  template <class Rule>
  constexpr step<Rule> of() const {
    if constexpr (detail::is_one_of<Rule, Left...>)
      return {{}, step<Rule>::cell::no_row, {}};
    else
      return whole::template of<Rule>();
  }
};

/// A composition from which rules have been left out. Whoever asks for their states and numbers
/// learns those of a rule to which nothing has ever happened.
template <class Event, class Message, class... Left, class... Rules>
class reduced_composition<Event, Message, detail::rule_list<Left...>, Rules...>
    : public basic_composition<Event, Message, Rules...> {
  using whole = basic_composition<Event, Message, Rules...>;

 public:
  using step = reduced_step<detail::rule_list<Left...>, Rules...>;
  /// The same rules and some more.
  template <class... More>
  using with = reduced_composition<Event, Message, detail::rule_list<Left...>, Rules..., More...>;
  /// The same rules but for some more.
  template <class... More>
  using without = typename detail::make_reduced<
      Event, Message, detail::rule_list<Left..., More...>,
      typename detail::remaining<detail::rule_list<Rules...>,
                                 detail::rule_list<More...>>::type>::type;

  /// The state of one rule.
  template <class Rule>
  constexpr typename Rule::state state() const {
    if constexpr (detail::is_one_of<Rule, Left...>)
      return {};
    else
      return whole::template state<Rule>();
  }
  template <class Rule>
  constexpr bool is(typename Rule::state s) const {
    return state<Rule>() == s;
  }
  /// The numbers that one rule keeps.
  template <class Rule>
  constexpr typename Rule::facts const& facts() const {
    if constexpr (detail::is_one_of<Rule, Left...>)
      return no_facts<Rule>;
    else
      return whole::template facts<Rule>();
  }

  /// What would happen, without anything happening.
  constexpr step judge(Message const& m) const { return whole::judge(m); }
  /// One step, as that of the whole composition.
  template <class Policy = on_violation::trap>
  constexpr step process(Message const& m, Policy&& policy = Policy{}) {
    return whole::process(m, policy);
  }

 private:
  template <class Rule>
  static constexpr typename Rule::facts no_facts{};
};

} // namespace ctsip
