// A verdict on a flow in words, with the ladder and the wrong step marked in it: what a test prints
// that fails.
//
//   BOOST_TEST(ctsip::check_flow(text));                       // prints the report by itself
//   BOOST_TEST(ctsip::check_flow(text).complete(), ctsip::check_flow(text));
//
// It includes no stream: `<<` takes any that has `write(char const*, n)`. The text that was judged
// must still be there. Read flow/flow.hpp and flow/ladder.hpp before it.
#pragma once

#include <cstddef>
#include <cstdint>

#include <ctsip/flow/flow.hpp>
#include <ctsip/flow/ladder.hpp>
#include <ctsip/flow/typed_flow.hpp>

namespace ctsip {

class outline_verdict;

/// The outcome as one word.
constexpr char const* name(flow_outcome outcome) {
  switch (outcome) {
  case flow_outcome::unreadable: return "unreadable";
  case flow_outcome::violated: return "violated";
  case flow_outcome::legal: return "legal";
  case flow_outcome::complete: return "complete";
  }
  return "";
}

namespace detail {

// The words of a violation that was found are there, if empty. (Under UBSan g++ 12 compares no such
// pointer with null in constant evaluation.)
constexpr text_view text_of(char const* text) { return text_view{text}; }

template <class Put>
constexpr void put_number(Put& put, std::size_t n) {
  put(decimal{static_cast<std::uint32_t>(n)}.text());
}

// `what` and a text, where there is one.
template <class Put>
constexpr void put_part(Put& put, text_view what, text_view text) {
  if (text.empty()) return;
  put(what);
  put_plain(put, text);
}

// One line, or for a broken rule two, without the line's end.
template <class Verdict, class Put>
constexpr void put_headline(Verdict const& v, Put& put) {
  violation const& why = v.why();
  switch (v.outcome()) {
  case flow_outcome::unreadable:
    put(text_view{"unreadable"});
    if (v.line()) {
      put(text_view{", line "});
      put_number(put, v.line());
    }
    put_part(put, ": ", v.sentence());
    if (!v.message().empty()) {
      put(text_view{": \""});
      put_plain(put, v.message());
      put(text_view{"\""});
    }
    return;
  case flow_outcome::violated:
    put(text_view{"violated at step "});
    put_number(put, v.step());
    if (v.line() && v.line() != v.step()) {
      put(text_view{", line "});
      put_number(put, v.line());
    }
    put_part(put, ", by ", v.participant());
    put_part(put, ": ", v.sentence());
    if (!v.clause().empty()) {
      put(text_view{" ("});
      put(v.clause());
      put(text_view{")"});
    }
    put_part(put, "\nrule: ", text_of(why.machine));
    put_part(put, ", state ", text_of(why.state));
    put_part(put, ", event ", text_of(why.event));
    return;
  case flow_outcome::legal:
    if constexpr (requires { v.open(); }) {
      put(text_view{"legal, but open: "});
      put(text_of(v.open().sentence));
      if (*v.open().clause) {
        put(text_view{" ("});
        put(text_of(v.open().clause));
        put(text_view{")"});
      }
      put_part(put, ": ", text_of(v.open().method));
      put_part(put, ": ", text_of(v.open().machine));
      put_part(put, ", state ", text_of(v.open().state));
      put_part(put, ", of ", v.open().participant);
    } else {
      put(text_view{"legal, but something is open"});
    }
    return;
  case flow_outcome::complete: put(text_view{"complete"}); return;
  }
}

} // namespace detail

/// What is shown beside a flow that was judged: the step that breaks a rule, and who sends the
/// responses whose text leaves it unsaid, as far as the judge has followed the flow. `Rules` are
/// those that judged it.
///
///   print_mermaid(flow, put, judged_remark{flow, flow_check<uac_call>::check(flow)});
template <class Rules = uac_call>
class judged_remark {
 public:
  constexpr judged_remark(flow_text const& flow, flow_verdict const& v) {
    for (auto& sender : senders_) sender = unsaid;
    detail::flow_judge<Rules> judge{flow};
    auto const& found = judge.run();
    std::size_t const followed = found.exhausted  ? 0
                                 : found.overflow ? found.step
                                 : found.refused  ? found.step + 1u
                                                  : flow.size;
    for (std::size_t i = 0; i < followed; ++i) senders_[i] = found.resolved.senders[i];
    if (!v.violated()) return;
    step_ = v.step() - 1;
    sentence_ = v.sentence();
    clause_ = v.clause();
  }
  /// Valid as long as this is there.
  constexpr operator ladder_remark() const { return {step_, sentence_, clause_, senders_}; }

 private:
  std::uint8_t senders_[max_flow_steps]{};
  std::size_t step_{no_step};
  text_view sentence_{};
  text_view clause_{};
};

namespace detail {

// Whether a refused step is the first request between its two sides, in the one call that the text
// speaks of so far: it may be meant as another, or as the same relayed.
constexpr bool opens_another_call(flow_text const& flow, std::size_t step) {
  flow_step const& one = flow.steps[step];
  if (!one.is_request() || one.from == unsaid || one.to == unsaid) return false;
  bool same_call = false;
  for (std::size_t i = 0; i < step; ++i) {
    flow_step const& s = flow.steps[i];
    if (!s.is_request()) continue;
    if (are_between_the_same(s, one)) return false;
    same_call |= s.call == one.call;
  }
  return same_call;
}

template <class Rules, class Put>
constexpr void put_judged_ladder(flow_text const& flow, flow_verdict const& v, Put& put) {
  if (!flow.size || !v.readable()) return;
  if (v.violated() && opens_another_call(flow, v.step() - 1)) {
    put_part(put, "\nanother call is marked call=2; who only relays is declared: participant ",
             v.participant());
    put(text_view{" as proxy"});
  }
  put(text_view{"\n"});
  print_ladder(flow, put, judged_remark<Rules>{flow, v});
}

} // namespace detail

/// Prints the verdict on one flow: what it came to, by whom, according to which rule; then the
/// ladder. `put(text_view)` takes the pieces. `Rules` are those that judged it.
template <class Rules = uac_call, class Put>
constexpr void print_report(flow_text const& flow, flow_verdict const& v, Put&& put) {
  detail::put_headline(v, put);
  detail::put_judged_ladder<Rules>(flow, v, put);
}

/// The same for a verdict on a text: of several flows that are legal it prints each, otherwise the
/// one that is not.
template <class Rules = uac_call, class Put>
constexpr void print_report(flow_verdict const& v, Put&& put) {
  detail::put_headline(v, put);
  std::uint32_t line = 1;
  for (text_view rest = v.text(); !rest.empty();) {
    flow_text const flow = read_flow(rest, line);
    bool const here = v.legal() || flow.rest.empty() || v.line() < flow.rest_line;
    if (here) detail::put_judged_ladder<Rules>(flow, v, put);
    if (here && !v.legal()) break;
    rest = flow.rest;
    line = flow.rest_line;
  }
}

/// What `<<` writes a report to.
template <class Stream>
concept text_stream = requires(Stream& out, char const* text) {
  out.write(text, 1);
};

namespace detail {

template <class Stream>
struct into_stream {
  Stream& out;
  void operator()(text_view text) const {
    out.write(text.data(), static_cast<std::ptrdiff_t>(text.size()));
  }
};

} // namespace detail

/// Writes the report.
template <text_stream Stream>
Stream& operator<<(Stream& out, flow_verdict const& v) {
  print_report(v, detail::into_stream<Stream>{out});
  return out;
}
template <text_stream Stream, class Rules>
Stream& operator<<(Stream& out, typed_flow<Rules> const& flow) {
  print_report<Rules>(flow.text(), flow.verdict(), detail::into_stream<Stream>{out});
  return out;
}

/// Writes the verdict on an outline (flow/outline.hpp), and the outline.
template <text_stream Stream, detail::same_as<outline_verdict> Verdict>
Stream& operator<<(Stream& out, Verdict const& v) {
  detail::into_stream<Stream> put{out};
  detail::put_headline(v, put);
  put(text_view{"\n"});
  put(v.text());
  return out;
}

/// Writes the outcome as one word.
template <text_stream Stream>
Stream& operator<<(Stream& out, flow_outcome outcome) {
  detail::into_stream<Stream>{out}(name(outcome));
  return out;
}

} // namespace ctsip
