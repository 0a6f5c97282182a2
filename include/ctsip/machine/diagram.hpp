// Diagrams drawn from the table: Mermaid, DOT and a Markdown table, as text in constant evaluation.
//
//   static constexpr auto text = ctsip::diagram<ctsip::invite_client, ctsip::mermaid>;
//   std::puts(text.c_str());
//
// What a figure in a book would leave out is left out of Mermaid and DOT (ignored rows, refusals,
// commands that wait); the Markdown table has every row, with its sentence and clause. A state that
// is called like a word of the format has an underscore more there, and its own name as its label.
// Read table.hpp before it.
#pragma once

#include <cstddef>
#include <cstdint>

#include <ctsip/machine/machine.hpp>

namespace ctsip {

/// How to draw.
enum class drawing : std::uint8_t { mermaid, dot, markdown };
inline constexpr drawing mermaid = drawing::mermaid;
inline constexpr drawing dot = drawing::dot;
inline constexpr drawing markdown = drawing::markdown;

namespace detail {

// Writes, or only counts where it has nowhere to write.
struct pen {
  char* out{};
  std::size_t written{};

  constexpr pen& operator<<(char c) {
    if (out) out[written] = c;
    ++written;
    return *this;
  }
  constexpr pen& operator<<(char const* text) {
    std::size_t at = written;
    if (out)
      for (; *text; ++text) out[at++] = *text;
    else
      for (; *text; ++text) ++at;
    written = at;
    return *this;
  }
  // A text of the user's, in which the format reserves one character.
  constexpr void quote(char const* text, char reserved) {
    for (; *text; ++text) {
      if (*text == reserved) *this << '\\';
      *this << *text;
    }
  }
};

template <class D>
constexpr auto all_names() {
  struct {
    char const* const* states = names<typename D::state, dense_table<D>::states>::of;
    char const* const* symbols = names<typename D::symbol, dense_table<D>::symbols>::of;
    char const* const* actions = names<typename D::action, count_actions<D>()>::of;
    char const* const* timers = names<timer, timer_count>::of;
  } result;
  return result;
}

constexpr void write_set(pen& p, std::uint32_t set, char const* const* names,
                         char const* separator) {
  bool first = true;
  for (unsigned i = 0; set >> i; ++i) {
    if (!(set >> i & 1u)) continue;
    if (!first) p << separator;
    p << names[i];
    first = false;
    if (i == 31) break;
  }
}

constexpr void write_timers(pen& p, char const* verb, std::uint32_t set, char const* const* names,
                            bool& first) {
  if (!set) return;
  p << (first ? "" : ", ") << verb << (set & (set - 1) ? " timers " : " timer ");
  write_set(p, set, names, ", ");
  first = false;
}

template <class Row>
constexpr void write_effects(pen& p, Row const& r, char const* const* actions,
                             char const* const* timers) {
  bool first = r.does == 0;
  write_set(p, r.does, actions, ", ");
  write_timers(p, "start", r.timers.starts, timers, first);
  write_timers(p, "double", r.timers.doubles, timers, first);
  write_timers(p, "reset to T2", r.timers.at_t2, timers, first);
  write_timers(p, "stop", r.timers.stops, timers, first);
}

template <class Row>
constexpr bool is_drawn(Row const& r) {
  return !refuses(r.kind) && r.kind != row_kind::ignored;
}

// The words that cannot be the name of a state, in lower case: those of the formats, and the names
// that the drawings use themselves.
inline constexpr char const* mermaid_words[] = {
    "acctitle", "accdescr", "as",   "class", "classdef", "click", "default",      "direction",
    "end",      "hide",     "note", "root",  "scale",    "state", "statediagram", "style",
};
inline constexpr char const* dot_words[] = {
    "digraph", "edge", "graph", "node", "start", "strict", "subgraph",
};

// Whether a name is the word, whatever underscores follow: `end_` must not become what `end` has
// become.
constexpr bool is_reserved(char const* name, char const* word) {
  for (; *word; ++word, ++name) {
    char const c = *name >= 'A' && *name <= 'Z' ? static_cast<char>(*name - 'A' + 'a') : *name;
    if (c != *word) return false;
  }
  while (*name == '_') ++name;
  return !*name;
}
constexpr bool is_reserved(char const* name, bool as_dot) {
  if (as_dot) {
    for (auto word : dot_words)
      if (is_reserved(name, word)) return true;
  } else {
    for (auto word : mermaid_words)
      if (is_reserved(name, word)) return true;
  }
  return false;
}

template <class Row>
constexpr bool has_effects(Row const& r) {
  return r.does | r.timers.starts | r.timers.doubles | r.timers.at_t2 | r.timers.stops;
}

template <class D>
constexpr void draw_figure(pen& p, bool as_dot) {
  auto const names = all_names<D>();
  constexpr std::size_t count = dense_table<D>::states;
  bool reserved[count]{};
  for (std::size_t s = 0; s < count; ++s) reserved[s] = is_reserved(names.states[s], as_dot);
  auto const write_state = [&](std::size_t s) {
    p << names.states[s];
    if (reserved[s]) p << '_';
  };

  if (as_dot) {
    p << "digraph \"";
    p.quote(D::title, '"');
    p << "\" {\n  start [shape=point]\n  start -> ";
  } else
    p << "stateDiagram-v2\n  [*] --> ";
  write_state(0);
  p << '\n';
  for (std::size_t s = 0; s < count; ++s) {
    if (!reserved[s]) continue;
    if (as_dot)
      p << "  " << names.states[s] << "_ [label=\"" << names.states[s] << "\"]\n";
    else
      p << "  state \"" << names.states[s] << "\" as " << names.states[s] << "_\n";
  }
  for (auto const& r : D::rows) {
    if (!is_drawn(r)) continue;
    for (std::size_t s = 0; s < count; ++s) {
      if (!(r.from >> s & 1u)) continue;
      p << "  ";
      write_state(s);
      p << (as_dot ? " -> " : " --> ");
      write_state(r.to == r.stays ? s : r.to);
      p << (as_dot ? " [label=\"" : " : ");
      write_set(p, r.on, names.symbols, ", ");
      if (has_effects(r)) {
        p << (as_dot ? "\\n" : " / ");
        write_effects(p, r, names.actions, names.timers);
      }
      p << (as_dot ? "\"]\n" : "\n");
    }
  }
  for (std::size_t s = 0; s < count; ++s)
    if (is_terminal<D>(static_cast<typename D::state>(s))) {
      p << "  ";
      write_state(s);
      p << (as_dot ? " [peripheries=2]\n" : " --> [*]\n");
    }
  if (as_dot) p << "}\n";
}

constexpr char const* verdict_of(row_kind kind) {
  switch (kind) {
  case row_kind::refused: return "refused: ";
  case row_kind::waits: return "waits: ";
  case row_kind::peer_violation: return "peer violation: ";
  case row_kind::ignored: return "ignored: ";
  case row_kind::expected:
  case row_kind::race: break;
  }
  return nullptr;
}

template <class D>
constexpr void draw_markdown(pen& p) {
  auto const names = all_names<D>();
  p << "| in | on | does | then | clause |\n|---|---|---|---|---|\n";
  for (auto const& r : D::rows) {
    p << "| ";
    write_set(p, r.from, names.states, ", ");
    p << " | ";
    write_set(p, r.on, names.symbols, ", ");
    p << " | ";
    write_effects(p, r, names.actions, names.timers);
    if (char const* const verdict = verdict_of(r.kind)) {
      p << (has_effects(r) ? "; " : "") << verdict;
      p.quote(r.sentence ? r.sentence : "", '|');
    }
    p << " | " << (r.to == r.stays ? "" : names.states[r.to]) << " | " << (r.clause ? r.clause : "")
      << " |\n";
  }
}

template <class D, drawing Drawing>
constexpr void draw(pen& p) {
  if constexpr (Drawing == drawing::markdown)
    draw_markdown<D>(p);
  else
    draw_figure<D>(p, Drawing == drawing::dot);
}

template <class D, drawing Drawing>
consteval std::size_t drawing_size() {
  pen counting;
  draw<D, Drawing>(counting);
  return counting.written;
}

template <class D, drawing Drawing>
consteval auto draw_text() {
  fixed_string<drawing_size<D, Drawing>() + 1> text;
  pen p{text.text};
  draw<D, Drawing>(p);
  return text;
}

} // namespace detail

/// The diagram of a machine, in static storage.
template <class D, drawing Drawing>
inline constexpr auto diagram = detail::draw_text<D, Drawing>();

} // namespace ctsip
