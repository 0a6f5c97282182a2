// A flow on the terminal: its ladder, and under it the verdict.
#pragma once

#include <cstdio>
#include <string_view>

#include <ctsip/flow/flow.hpp>
#include <ctsip/flow/ladder.hpp>

namespace example {

/// Where the library's printers put the pieces of their text.
inline void put(std::string_view text) { std::fwrite(text.data(), 1, text.size(), stdout); }

/// What is to be written beside the step that breaks a rule.
inline ctsip::ladder_remark remark_of(ctsip::flow_verdict const& v) {
  if (!v.violated()) return {};
  return {v.step() - 1, v.sentence(), v.clause()};
}

/// The verdict in words.
inline void print_verdict(ctsip::flow_verdict const& v) {
  switch (v.outcome()) {
  case ctsip::flow_outcome::complete: put("complete: nothing is open\n"); break;
  case ctsip::flow_outcome::legal: {
    auto const& open = v.open();
    put("legal so far; ");
    put(open.participant);
    put(" leaves open: ");
    put(open.sentence);
    if (open.method[0]) std::printf(": %s", open.method);
    if (open.clause[0]) std::printf(" (%s)", open.clause);
    if (open.machine[0]) std::printf(" (%s: %s)", open.machine, open.state);
    put("\n");
    break;
  }
  case ctsip::flow_outcome::violated:
    std::printf("violated: step %zu, by ", v.step());
    put(v.participant());
    put(": ");
    put(v.sentence());
    put(" (");
    put(v.clause());
    std::printf(")\nthe rule: %s, in state %s, on %s\n", v.why().machine, v.why().state,
                v.why().event);
    break;
  case ctsip::flow_outcome::unreadable:
    std::printf("not readable: line %zu: ", v.line());
    put(v.sentence());
    if (!v.message().empty()) {
      put(": ");
      put(v.message());
    }
    put("\n");
    break;
  }
}

/// Ladder and verdict of a flow that has been judged.
inline void print_flow(ctsip::flow_verdict const& v) {
  ctsip::print_ladder(ctsip::read_flow(v.text()), put, remark_of(v));
  print_verdict(v);
}

} // namespace example
