// Diagrams drawn from the table: Mermaid, DOT and a Markdown table, as text in constant evaluation.
//
//   static constexpr auto text = ctsip::diagram<ctsip::invite_client, ctsip::mermaid>;
//   std::puts(text.c_str());
//
// What a figure in a book would leave out is left out of Mermaid and DOT (ignored rows, refusals);
// the Markdown table has every row, with its sentence and clause.
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
    for (; *text; ++text) *this << *text;
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
  return r.kind != row_kind::refused && r.kind != row_kind::ignored;
}

template <class Row>
constexpr bool has_effects(Row const& r) {
  return r.does | r.timers.starts | r.timers.doubles | r.timers.at_t2 | r.timers.stops;
}

template <class D>
constexpr void draw_figure(pen& p, bool as_dot) {
  auto const names = all_names<D>();
  if (as_dot) {
    p << "digraph \"";
    p.quote(D::title, '"');
    p << "\" {\n  start [shape=point]\n  start -> " << names.states[0] << "\n";
  } else
    p << "stateDiagram-v2\n  [*] --> " << names.states[0] << "\n";
  for (auto const& r : D::rows) {
    if (!is_drawn(r)) continue;
    for (std::size_t s = 0; s < dense_table<D>::states; ++s) {
      if (!(r.from >> s & 1u)) continue;
      p << "  " << names.states[s] << (as_dot ? " -> " : " --> ")
        << names.states[r.to == r.stays ? s : r.to] << (as_dot ? " [label=\"" : " : ");
      write_set(p, r.on, names.symbols, ", ");
      if (has_effects(r)) {
        p << (as_dot ? "\\n" : " / ");
        write_effects(p, r, names.actions, names.timers);
      }
      p << (as_dot ? "\"]\n" : "\n");
    }
  }
  for (std::size_t s = 0; s < dense_table<D>::states; ++s)
    if (is_terminal<D>(static_cast<typename D::state>(s))) {
      if (as_dot)
        p << "  " << names.states[s] << " [peripheries=2]\n";
      else
        p << "  " << names.states[s] << " --> [*]\n";
    }
  if (as_dot) p << "}\n";
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
    if (r.kind == row_kind::refused || r.kind == row_kind::peer_violation ||
        r.kind == row_kind::ignored) {
      p << (has_effects(r) ? "; " : "")
        << (r.kind == row_kind::refused   ? "refused: "
            : r.kind == row_kind::ignored ? "ignored: "
                                          : "peer violation: ");
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
