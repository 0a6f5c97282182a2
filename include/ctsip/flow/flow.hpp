// Call flows that compile, and call flows that explain themselves:
//
//   using namespace ctsip::literals;
//   static_assert("INVITE -> 180 Ringing -> 200 OK -> ACK -> BYE -> 200 OK"_flow.complete());
//   constexpr auto wrong = "INVITE -> 180 Ringing -> ACK"_flow;   // does not compile, and says why
//   constexpr auto open = "INVITE -> 200 OK"_complete_flow;       // neither does this
//
//   ctsip::flow_verdict v = ctsip::check_flow(text);              // the same at run time
//
// The notation is that of notation.hpp; judge.hpp does the work. RFC 3261 and what adds to it.
#pragma once

#include <cstddef>
#include <cstdint>

#include <ctsip/flow/judge.hpp>
#include <ctsip/flow/ladder.hpp>
#include <ctsip/flow/notation.hpp>
#include <ctsip/flow/registration_judge.hpp>

namespace ctsip {

namespace detail {

// The number of the first rule of a registration among the machines that can refuse.
template <class Rules>
inline constexpr std::uint8_t by_registration = flow_judge<Rules>::by_matching + 1;

// Calls a visitor with one machine, its state and its symbol.
template <class F>
struct in_cell {
  refusal r;
  F& f;
  template <class D>
  constexpr void operator()() const {
    f.template operator()<D>(static_cast<typename D::state>(r.state),
                             static_cast<typename D::symbol>(r.symbol));
  }
};

// The machine that refuses, by its number: a rule of the call, or one of those that follow them.
template <class Rules, class F>
constexpr void visit_machine(refusal r, F& f) {
  in_cell<F> const cell{r, f};
  using judge = flow_judge<Rules>;
  if (r.machine >= by_registration<Rules> && r.machine != refusal::none) {
    flow_registration_rules::visit(r.machine - by_registration<Rules>, cell);
    return;
  }
  switch (r.machine) {
  case judge::by_invite_server: cell.template operator()<invite_server>(); break;
  case judge::by_non_invite_server: cell.template operator()<non_invite_server>(); break;
  case judge::by_matching: cell.template operator()<message_matching>(); break;
  default: Rules::visit(r.machine, cell); break;
  }
}

struct explain_refusal {
  violation why{};
  template <class D>
  constexpr void operator()(typename D::state s, typename D::symbol e) {
    why = explain<D>(s, e);
  }
};

// What is open, as a sentence, and the clause that asks for more.
struct open_words {
  char const* sentence{""};
  char const* clause{""};
};

inline constexpr open_words unacknowledged_success{"a 2xx response to the INVITE without its ACK",
                                                   "RFC 3261 13.2.2.4"};

constexpr open_words words_of(open_kind kind) {
  switch (kind) {
  // "a transaction consists of a single request and any responses to that request, which include
  // zero or more provisional responses and one or more final responses."
  case open_kind::request: return {"a request without a final response", "RFC 3261 17"};
  // "The UAC core MUST generate an ACK request for each 2xx received from the transaction layer."
  case open_kind::success: return unacknowledged_success;
  // "the client transaction MUST generate an ACK request".
  case open_kind::failure:
    return {"a failure response to the INVITE without its ACK", "RFC 3261 17.1.1.2"};
  case open_kind::rule: return {"a rule that is not at rest", ""};
  case open_kind::delivery: return {"a message that was sent and is never delivered", ""};
  case open_kind::none: break;
  }
  return {};
}

// What a rule's states that are not at rest have in common.
template <class D>
constexpr open_words words_of_rule() {
  if constexpr (same_as<D, reliable_provisional>)
    return {"a reliable provisional response without its PRACK", "RFC 3262 3"};
  else if constexpr (same_as<D, offer_answer>)
    return {"an offer without an answer", "RFC 3264 4"};
  else if constexpr (same_as<D, precondition>)
    return {"mandatory preconditions that are not met", "RFC 3312 5.1"};
  else
    return words_of(open_kind::rule);
}

struct name_state {
  open_words words{};
  char const* machine{};
  char const* state{};
  template <class D>
  constexpr void operator()(typename D::state s, typename D::symbol) {
    words = words_of_rule<D>();
    machine = D::title;
    state = name_of<D>(s);
  }
};

// What the error path asks of a verdict.
struct verdict_details;

// The verdict on a literal.
template <class Rules, fixed_string Text>
struct literal_verdict;

} // namespace detail

/// What a flow came to.
enum class flow_outcome : std::uint8_t {
  unreadable, ///< the text is no flow, or longer than what can be judged
  violated,   ///< a step breaks a rule
  legal,      ///< legal so far: something is still open
  complete    ///< legal, and nothing is open
};

/// What a flow that is legal, but not complete, leaves open.
struct open_matter {
  char const* sentence{""}; ///< in a few words
  char const* clause{""};   ///< the RFC's clause that asks for more; none for a rule at work
  text_view participant{};  ///< whose it is, by the name in the text
  char const* method{""};   ///< of the request that is open
  char const* machine{""};  ///< the rule that is not at rest
  char const* state{""};    ///< and its state
};

/// The verdict on a flow: its outcome, and for one that is not legal who broke which rule where.
/// Its texts point into the flow's text and into the tables.
class flow_verdict {
 public:
  constexpr flow_outcome outcome() const { return outcome_; }
  constexpr bool readable() const { return outcome_ != flow_outcome::unreadable; }
  constexpr bool violated() const { return outcome_ == flow_outcome::violated; }
  /// No step breaks a rule.
  constexpr bool legal() const { return outcome_ >= flow_outcome::legal; }
  /// Legal, and every request is finally answered, every final response to an INVITE acknowledged,
  /// every reliable 1xx has its PRACK, no offer is unanswered. Timers may still run.
  constexpr bool complete() const { return outcome_ == flow_outcome::complete; }
  constexpr explicit operator bool() const { return legal(); }

  /// The step that breaks the rule, 1 for the first; 0 if none does.
  constexpr std::size_t step() const { return step_; }
  /// The line on which it is written, or on which reading stopped; 1 for the first.
  constexpr std::size_t line() const { return line_; }
  /// The message as it is written.
  constexpr text_view message() const { return message_; }
  /// Who breaks the rule, by the name in the text.
  constexpr text_view participant() const { return participant_; }
  /// The rule: its machine, state and event, one sentence, the RFC's clause. Of an unreadable flow
  /// the sentence says why.
  constexpr violation const& why() const { return why_; }
  constexpr text_view sentence() const { return why_.sentence ? why_.sentence : ""; }
  constexpr text_view clause() const { return why_.clause ? why_.clause : ""; }
  /// What is open in a flow that is legal and not complete.
  constexpr open_matter const& open() const { return open_; }
  /// The text that was judged.
  constexpr text_view text() const { return text_; }

 private:
  template <class>
  friend class flow_check;
  friend struct detail::verdict_details;

  flow_outcome outcome_{};
  std::size_t step_{};
  std::size_t line_{};
  text_view message_{};
  text_view participant_{};
  violation why_{};
  open_matter open_{};
  text_view text_{};
  detail::refusal refused_{};
  detail::open_end end_{};
  flow_error_kind error_{};
};

/// The check of flows by a composition of rules: your own, or `uac_call`.
template <class Rules>
class flow_check {
 public:
  /// Judges every flow of a text; the verdict is that of the first that is not legal.
  static constexpr flow_verdict check(text_view text) { return explained(judged(text)); }
  /// Judges one flow that has been read, or built.
  static constexpr flow_verdict check(flow_text const& flow) { return explained(judged(flow)); }

  /// What `_flow` is, for rules of your own: `demand<"INVITE -> 200 OK -> ACK">()`; and with
  /// `true` what `_complete_flow` is.
  template <fixed_string Text, bool Complete = false>
  static consteval flow_verdict demand();

 private:
  template <class R, fixed_string Text>
  friend struct detail::literal_verdict;

  // The verdict without the words that only a machine has, and the verdict with them: a file of
  // flows that are legal needs none, and the names of states and events are costly to compile.
  static constexpr flow_verdict judged(text_view text) {
    flow_verdict all;
    std::uint32_t line = 0;
    for (text_view rest = text;;) {
      auto const flow = read_flow(rest);
      flow_verdict const one = judged(flow);
      if (all.text_.empty() || one.outcome_ < all.outcome_) {
        all = one;
        all.line_ += one.line_ ? line : 0;
      }
      all.text_ = text;
      if (!one.legal() || flow.rest.empty()) break;
      line += flow.rest_line ? flow.rest_line - 1 : 0;
      rest = flow.rest;
    }
    return all;
  }

  static constexpr flow_verdict judged(flow_text const& flow) {
    flow_verdict v;
    if (!flow.readable()) {
      v.line_ = flow.error.line;
      v.message_ = flow.error.text;
      v.error_ = flow.error.kind;
      v.why_ = {"notation of flows", "", "", flow.error.what, ""};
      return v;
    }
    detail::flow_judge<Rules> judge{flow};
    auto found = judge.run();
    if (found.legal() || found.refused) judge_registrations(flow, found);
    if (found.exhausted) {
      v.error_ = flow_error_kind::too_long;
      v.why_ = {"judge of flows", "", "",
                "too many readings: say of responses which request they answer, as in "
                "200 OK for UPDATE",
                ""};
      return v;
    }
    if (found.overflow) {
      v.error_ = flow_error_kind::too_long;
      v.line_ = flow[found.step].line;
      v.message_ = flow[found.step].text;
      v.why_ = {"judge of flows", "", "",
                "more participants, calls, forks or open transactions than can be judged", ""};
      return v;
    }
    if (!found.refused) {
      v.outcome_ = found.complete ? flow_outcome::complete : flow_outcome::legal;
      v.end_ = found.open;
      if (!found.complete) v.open_ = matter(flow, found.open);
      return v;
    }
    auto const& step = flow.steps[found.step];
    v.outcome_ = flow_outcome::violated;
    v.refused_ = found.refused;
    v.step_ = found.step + 1u;
    v.line_ = step.line;
    v.message_ = step.text;
    if (found.participant < flow.participant_count)
      v.participant_ = flow.participants[found.participant];
    return v;
  }

  static constexpr bool lacks_words(flow_verdict const& v) {
    return v.refused_ || v.end_.kind == detail::open_kind::rule;
  }
  static constexpr flow_verdict explained(flow_verdict v) {
    if (v.refused_) {
      detail::explain_refusal why;
      detail::visit_machine<Rules>(v.refused_, why);
      v.why_ = why.why;
    } else if (v.end_.kind == detail::open_kind::rule) {
      detail::name_state names;
      detail::visit_machine<Rules>({v.end_.machine, v.end_.state, 0}, names);
      v.open_.machine = names.machine;
      v.open_.state = names.state;
      v.open_.sentence = names.words.sentence;
      v.open_.clause = names.words.clause;
    }
    return v;
  }

  // What is open, in words.
  static constexpr open_matter matter(flow_text const& flow, detail::open_end const& end) {
    open_matter m;
    detail::open_words const words = detail::words_of(end.kind);
    if (end.participant < flow.participant_count)
      m.participant = flow.participants[end.participant];
    if (end.method != method::extension) m.method = name(end.method);
    m.sentence = words.sentence;
    m.clause = words.clause;
    return m;
  }

  // What breaks a rule of a registration, or of authentication, and comes before what breaks one of
  // a call; of two at one step, the transaction's matching knows less.
  static constexpr void judge_registrations(flow_text const& flow, detail::flow_finding& found) {
    bool concerned = false;
    for (auto const& step : flow) concerned |= detail::concerns_registration(step);
    if (!concerned) return;
    std::size_t steps = flow.size;
    if (found.refused) {
      steps = found.step;
      steps += found.refused.machine == detail::flow_judge<Rules>::by_matching;
    }
    auto const broken =
        detail::registration_judge{flow, found.resolved.senders, found.resolved.methods}.run(steps);
    if (!broken && !broken.overflow) return;
    found.step = broken.step;
    found.overflow = broken.overflow;
    if (broken.overflow) return;
    found.refused = {static_cast<std::uint8_t>(detail::by_registration<Rules> + broken.rule),
                     broken.state, broken.symbol};
    found.step = broken.step;
    found.participant = broken.participant;
  }
};

/// Judges a flow, or several with a blank line or `--` between them, by the rules of a call or by
/// those of your own: `check_flow<operator_call>(text)`.
template <class Rules = uac_call>
constexpr flow_verdict check_flow(text_view text) {
  return flow_check<Rules>::check(text);
}

/// The same, and the first violation goes to a policy of `on_violation` or of your own.
template <class Rules = uac_call, class Policy>
constexpr flow_verdict check_flow(text_view text, Policy&& policy) {
  auto const v = check_flow<Rules>(text);
  if (!v.violated()) return v;
  detail::tell(policy, [&] { return v.why(); });
  return v;
}

namespace detail {

struct verdict_details {
  static constexpr refusal refused(flow_verdict const& v) { return v.refused_; }
  static constexpr flow_error_kind error(flow_verdict const& v) { return v.error_; }
};

// Finds the function whose name tells sentence and clause, state and event, of the one machine that
// refuses: its type is known when a visitor has been called with it.
template <refusal R>
struct find_violation {
  void (*function)(){};

  template <class D>
  constexpr void operator()(typename D::state, typename D::symbol) {
    using table = dense_table<D>;
    if constexpr (R.state < table::states && R.symbol < table::symbols) {
      constexpr auto state = static_cast<typename D::state>(R.state);
      constexpr auto symbol = static_cast<typename D::symbol>(R.symbol);
      constexpr auto row = next<D>(state, symbol).row & table::cell_type::no_row;
      // A row of a peer's violation refuses nothing, but has its words.
      if constexpr (row < static_cast<int>(row_count<D>))
        function = &sip_violation<refusal_text<D, row>(), state, symbol>;
      else
        function = &sip_violation<no_refusal, state, symbol>;
    }
  }
};

template <class Rules, refusal R>
constexpr auto violation_of() -> void (*)() {
  find_violation<R> found;
  visit_machine<Rules>(R, found);
  return found.function;
}

// Never called at run time: its name is the error message for a text that is no flow.
template <fixed_string Why, flow_error_kind>
void flow_is_not_readable() {
  __builtin_trap();
}

// The same for a flow that leaves something open.
template <fixed_string What, fixed_string Method, fixed_string Who>
void flow_is_not_complete() {
  __builtin_trap();
}

// The frames that tell where a flow is wrong: g++ prints the template argument, clang the others.
template <std::size_t Step>
constexpr void at_step(std::size_t, violation why, void (*broken_rule)()) {
  (void)why;
  broken_rule();
}
template <std::size_t Line>
constexpr void at_line(std::size_t, char const* why, text_view word, void (*not_readable)()) {
  (void)why, (void)word;
  not_readable();
}

constexpr void at_the_end(char const* sentence, char const* clause, char const* method,
                          text_view participant, void (*left_open)()) {
  (void)sentence, (void)clause, (void)method, (void)participant;
  left_open();
}

// "unknown mark: sdpp"
template <std::size_t What, std::size_t Word>
constexpr auto unreadable_text(char const* what, char const* word) {
  return joined_text < What, Word ? 2 : 0, Word > (what, ": ", word);
}

// An error for a text that is no flow: its line, why, and the word that it is about.
template <auto const& V, flow_error_kind Kind>
consteval void refuse_unreadable() {
  constexpr char const* sentence = V.why().sentence;
  constexpr auto why =
      unreadable_text<length(sentence), V.message().size()>(sentence, V.message().data());
  at_line<V.line()>(V.line(), sentence, V.message(), &flow_is_not_readable<why, Kind>);
}

// "a 2xx response to the INVITE without its ACK (RFC 3261 13.2.2.4)"
template <std::size_t Sentence, std::size_t Clause>
constexpr auto open_text(open_matter const& open) {
  return joined_text < Sentence, Clause ? 2 : 0, Clause,
         Clause ? 1 : 0 > (open.sentence, " (", open.clause, ")");
}

} // namespace detail

namespace detail {

// The text is a template argument, so that the verdict is a constant and its parts can be template
// arguments too: g++ shows nothing else in an error.
template <class Rules, fixed_string Text>
struct literal_verdict {
  static constexpr flow_verdict bare =
      flow_check<Rules>::judged(text_view{Text.data(), Text.size()});
  static constexpr bool lacks_words = flow_check<Rules>::lacks_words(bare);
};

} // namespace detail

template <class Rules, fixed_string Text, bool = detail::literal_verdict<Rules, Text>::lacks_words>
inline constexpr flow_verdict const& verdict_of = detail::literal_verdict<Rules, Text>::bare;
template <class Rules, fixed_string Text>
inline constexpr flow_verdict
    verdict_of<Rules, Text, true> = flow_check<Rules>::check(text_view{Text.data(), Text.size()});

template <class Rules>
template <fixed_string Text, bool Complete>
consteval flow_verdict flow_check<Rules>::demand() {
  constexpr flow_verdict const& v = verdict_of<Rules, Text>;
  using details = detail::verdict_details;
  if constexpr (v.violated()) {
    constexpr auto broken_rule = detail::violation_of<Rules, details::refused(v)>();
    detail::at_step<v.step()>(v.step(), v.why(), broken_rule);
  } else if constexpr (!v.readable()) {
    detail::refuse_unreadable<verdict_of<Rules, Text>, details::error(v)>();
  } else if constexpr (Complete && !v.complete()) {
    constexpr open_matter open = v.open();
    constexpr auto what =
        detail::open_text<detail::length(open.sentence), detail::length(open.clause)>(open);
    constexpr auto method = detail::joined_text<detail::length(open.method)>(open.method);
    constexpr auto who = detail::joined_text<open.participant.size()>(open.participant.data());
    detail::at_the_end(open.sentence, open.clause, open.method, open.participant,
                       &detail::flow_is_not_complete<what, method, who>);
  }
  return v;
}

/// `using namespace ctsip::literals;` brings `"…"_flow` and `"…"_complete_flow`.
inline namespace literals {

#if CTSIP_LITERAL_BY_CHARACTERS
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wgnu-string-literal-operator-template"
template <class Char, Char... Text>
consteval flow_verdict operator""_flow() {
  return flow_check<uac_call>::demand<detail::literal_text<Char, Text...>>();
}
template <class Char, Char... Text>
consteval flow_verdict operator""_complete_flow() {
  return flow_check<uac_call>::demand<detail::literal_text<Char, Text...>, true>();
}
#pragma clang diagnostic pop
#else
/// A flow in which every message is there. One that breaks a rule does not compile: the error names
/// the step, the sentence and the clause, the rule's state and the event.
template <fixed_string Text>
consteval flow_verdict operator""_flow() {
  return flow_check<uac_call>::demand<Text>();
}

/// A flow that also leaves nothing open. One that does, does not compile: the error names what is
/// open, the clause that asks for more, and whose it is.
template <fixed_string Text>
consteval flow_verdict operator""_complete_flow() {
  return flow_check<uac_call>::demand<Text, true>();
}
#endif

} // namespace literals

} // namespace ctsip
