// Finds the arrows of a ladder as RFCs draw it, and as ladder.hpp prints it: the names, a line
// below each, and arrows between the lines, with a message over them or in them.
//
//     Alice                     Bob
//       |       INVITE F1        |
//       |----------------------->|
//       |<----- 486 Busy --------|
//
// What stands beside the lines is no part of it, nor are media (`<=====>`), the number of a message
// (`INVITE F1`) and parentheses around all of it. An arrow that ends in a cross (`---x`) is lost;
// one that ends or begins in a wave is half of a crossing: it is only sent (`---~`), or it only
// arrives (`~-->`). Read vocabulary/text.hpp before it.
#pragma once

#include <cstddef>
#include <cstdint>

#include <ctsip/vocabulary/text.hpp>

namespace ctsip::detail {

// What there is next in a drawing.
enum class drawn : std::uint8_t {
  arrow,    // a message
  note,     // a text without an arrow below it
  unnamed,  // an arrow without a message
  headless, // a line that leads nowhere
  end
};

// One of them: between which lines, counted from 0, what it says, and where.
struct drawn_part {
  std::uint8_t from{}, to{};
  text_view text{};
  std::uint32_t line{};
  bool lost{}, sends{true}, delivers{true}; // as in a flow_step
};

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

// The number of a message in the figures of RFCs, "F12".
constexpr bool is_figure_number(text_view word) {
  if (word.size() < 2 || word[0] != 'F') return false;
  for (char const c : word.substr(1))
    if (!is_digit(c)) return false;
  return true;
}

class drawing {
 public:
  static constexpr std::size_t most_names = 8;

  // Whether a text begins with one: the names, and below them nothing but a number before the first
  // line.
  static constexpr bool is_there(text_view text) {
    char const* p = text.begin();
    char const* const end = text.end();
    for (; p != end && *p != '\n'; ++p)
      if (*p == '|') return false;
    if (p != end) ++p;
    while (p != end && (is_space(*p) || is_digit(*p))) ++p;
    return p != end && *p == '|';
  }
  // Of a text that does.
  constexpr drawing(text_view text, std::uint32_t line)
      : at_(text.data()), end_(text.data() + text.size()), line_(line) {
    char const* const names = at_;
    next_row();
    bool is_sure = false;
    for (char const* p = at_; p != end_ && !is_sure && has_bar(p); p = below(p))
      is_sure = find_columns(p);
    if (size_ <= most_names) read_names(names, row_end(names));
  }

  // Whether each line has a name.
  constexpr bool is_complete() const {
    if (size_ < 2 || size_ > most_names) return false;
    for (std::size_t i = 0; i < size_; ++i)
      if (name_[i].empty()) return false;
    return true;
  }
  constexpr std::size_t size() const { return size_; }
  constexpr text_view name(std::size_t i) const { return name_[i]; }

  constexpr drawn next(drawn_part& out) {
    for (;;) {
      if (at_ == end_ || !has_bar(at_)) {
        for (std::size_t i = 0; i < size_; ++i)
          if (drop_note(i, out)) return drawn::note;
        return drawn::end;
      }
      if (!is_in_row_) bar_ = find(at_, '|');
      is_in_row_ = true;
      char const* const left = bar_;
      char const* const right = find(left + 1, '|');
      drawn const what = between(left, right, out);
      // A note that gives way to another: what is here is looked at once more.
      if (what == drawn::note) return what;
      bar_ = right;
      if (right == row_end(at_)) next_row();
      if (what != drawn::end) return what;
    }
  }
  // Where it has ended.
  constexpr char const* rest() const { return at_; }
  constexpr std::uint32_t line() const { return line_; }

 private:
  // How an arrow ends, if it is one.
  enum class tip : std::uint8_t { none, line, head, cross, wave };

  static constexpr bool is_dash(char c) { return c == '-' || c == '='; }
  static constexpr tip tip_of(char outermost, char inner, char head) {
    if (is_dash(outermost)) return tip::line;
    if (!is_dash(inner)) return tip::none;
    return outermost == head                      ? tip::head
           : outermost == 'x' || outermost == 'X' ? tip::cross
           : outermost == '~'                     ? tip::wave
                                                  : tip::none;
  }
  static constexpr bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r'; }

  constexpr char const* row_end(char const* p) const {
    while (p != end_ && *p != '\n') ++p;
    return p;
  }
  constexpr char const* below(char const* p) const {
    p = row_end(p);
    return p == end_ ? p : p + 1;
  }
  constexpr void next_row() {
    at_ = below(at_);
    is_in_row_ = false;
    ++line_;
  }
  // In this row; its end if there is none.
  constexpr char const* find(char const* p, char what) const {
    while (p != end_ && *p != '\n' && *p != what) ++p;
    return p;
  }
  constexpr bool has_bar(char const* row) const {
    char const* const p = find(row, '|');
    return p != end_ && *p == '|';
  }
  static constexpr text_view trimmed(char const* first, char const* last) {
    while (first != last && is_space(*first)) ++first;
    while (first != last && is_space(last[-1])) --last;
    return {first, static_cast<std::size_t>(last - first)};
  }

  // A row of lines alone says where they are; or else the row with the most of them, as an arrow
  // and a text hide those behind them. Whether it is sure.
  constexpr bool find_columns(char const* row) {
    std::size_t n = 0;
    bool is_bare = true;
    for (char const* p = row; p != end_ && *p != '\n'; ++p) {
      n += *p == '|';
      is_bare = is_bare && (*p == '|' || is_space(*p));
    }
    is_bare = is_bare && n > 1;
    if (n <= size_ && !is_bare) return false;
    size_ = n;
    if (n > most_names) return is_bare;
    n = 0;
    for (char const* p = row; p != end_ && *p != '\n'; ++p)
      if (*p == '|') column_[n++] = columns(row, p);
    return is_bare;
  }
  // If there are more names than lines, as "State" beside "Alice", a line has the nearest.
  constexpr void read_names(char const* row, char const* last) {
    std::size_t count = 0;
    for (char const* p = row; !next_name(p, last).empty();) ++count;
    std::ptrdiff_t away[most_names]{};
    std::size_t n = 0;
    for (char const* p = row;; ++n) {
      text_view const name = next_name(p, last);
      if (name.empty()) return;
      std::ptrdiff_t const first = columns(row, name.data());
      std::ptrdiff_t const behind = first + columns(name.begin(), name.end());
      std::size_t const i = count == size_ ? n : nearest_column(first, behind - 1);
      std::ptrdiff_t const d = distance(first, behind - 1, column_[i]);
      if (!name_[i].empty() && away[i] <= d) continue;
      name_[i] = name;
      away[i] = d;
    }
  }
  // Two blanks, or a tab, are between two names; "Proxy 1" is one.
  static constexpr text_view next_name(char const*& p, char const* last) {
    while (p != last && is_space(*p)) ++p;
    char const* const first = p;
    while (p != last && *p != '\t' && !(is_space(*p) && (p + 1 == last || is_space(p[1])))) ++p;
    return trimmed(first, p);
  }
  // Lines are not always drawn straight.
  constexpr std::uint8_t column_of(char const* bar) const {
    std::ptrdiff_t const at = columns(at_, bar);
    return static_cast<std::uint8_t>(nearest_column(at, at));
  }
  // A character of UTF-8 takes one.
  static constexpr std::ptrdiff_t columns(char const* first, char const* last) {
    std::ptrdiff_t n = 0;
    for (; first != last; ++first) n += (static_cast<unsigned char>(*first) & 0xc0) != 0x80;
    return n;
  }
  constexpr std::size_t nearest_column(std::ptrdiff_t first, std::ptrdiff_t last) const {
    std::size_t best = 0;
    for (std::size_t i = 1; i < size_; ++i)
      if (distance(first, last, column_[i]) < distance(first, last, column_[best])) best = i;
    return best;
  }
  static constexpr std::ptrdiff_t distance(std::ptrdiff_t first, std::ptrdiff_t last,
                                           std::ptrdiff_t at) {
    return at < first ? first - at : at > last ? at - last : 0;
  }

  // What is between two lines that are next to each other in this row, or behind its last, where a
  // text may have hidden the others: `end` if nothing.
  constexpr drawn between(char const* left, char const* right, drawn_part& out) {
    text_view const all = trimmed(left + 1, right);
    std::uint8_t const a = column_of(left);
    std::uint8_t const b = column_of(right);
    bool const is_open = right == row_end(right);
    if (all.empty() || a + 1u == size_ || (a == b && !is_open)) return drawn::end;
    char const* first = all.data();
    char const* last = first + all.size();
    tip const at_left = all.size() > 1 ? tip_of(first[0], first[1], '<') : tip::none;
    tip const at_right = all.size() > 1 ? tip_of(last[-1], last[-2], '>') : tip::none;
    bool leftward = at_left == tip::head;
    bool rightward = at_right == tip::head;
    bool const is_media = leftward && rightward;
    out = {a, b, all, line_};
    if (!leftward && !rightward) {
      // It ends in another way than with its head, and begins with its line.
      leftward = at_left > tip::head && at_right == tip::line;
      rightward = at_right > tip::head && at_left == tip::line;
      out.lost = (leftward ? at_left : at_right) == tip::cross;
      out.delivers = !leftward && !rightward;
    } else {
      out.sends = (leftward ? at_right : at_left) != tip::wave;
    }
    first += leftward || !out.sends;
    last -= rightward || !out.sends;
    while (first != last && is_dash(*first)) ++first;
    while (first != last && is_dash(last[-1])) --last;
    if ((!leftward && !rightward) || is_open) {
      if (first == last) return drawn::headless;
      if (drop_note(a, out)) return drawn::note;
      notes_[a] = {a, b, without_dots(trimmed(first, last)), line_};
      return drawn::end;
    }
    text_view within = bare(trimmed(first, last));
    bool const needs_text = within.empty() && !is_media;
    // The text above may have hidden a line, or be beside another. It is a note where the arrow has
    // a message of its own.
    drawn_part above{};
    for (std::size_t i = a; i < b && above.text.empty(); ++i) {
      if (!drop_note(i, above) || needs_text) continue;
      out = above;
      return drawn::note;
    }
    if (is_media) return drawn::end;
    if (needs_text) {
      if (above.text.empty()) return drawn::unnamed;
      within = above.text;
      out.line = above.line;
    }
    if (leftward) out.from = b, out.to = a;
    out.text = within;
    return drawn::arrow;
  }
  // The message of "..... 200 OK .....": of a line of dots it is not known where it leads.
  static constexpr text_view without_dots(text_view text) {
    char const* first = text.data();
    char const* last = first + text.size();
    while (first != last && *first == '.') ++first;
    while (first != last && last[-1] == '.') --last;
    return first != last ? trimmed(first, last) : text;
  }
  constexpr bool drop_note(std::size_t column, drawn_part& out) {
    if (notes_[column].text.empty()) return false;
    out = notes_[column];
    out.text = bare(out.text);
    notes_[column] = {};
    return true;
  }
  // The message of "INVITE F1", "F1 INVITE" and "(100 Trying) F2".
  static constexpr text_view bare(text_view text) {
    char const* first = text.data();
    char const* last = first + text.size();
    char const* p = last;
    while (p != first && p[-1] != ' ') --p;
    if (p != first && is_figure_number({p, static_cast<std::size_t>(last - p)})) last = p - 1;
    p = first;
    while (p != last && *p != ' ') ++p;
    if (p != last && is_figure_number({first, static_cast<std::size_t>(p - first)})) first = p + 1;
    text_view const all = trimmed(first, last);
    if (all.size() > 1 && all[0] == '(' && all[all.size() - 1] == ')')
      return trimmed(all.data() + 1, all.data() + all.size() - 1);
    return all;
  }

  char const* at_; // the row
  char const* end_;
  char const* bar_{}; // the line behind which to go on, if that is in the row
  bool is_in_row_{};
  std::uint32_t line_;
  std::size_t size_{}; // how many lines
  text_view name_[most_names]{};
  std::ptrdiff_t column_[most_names]{};
  drawn_part notes_[most_names]{}; // by the line on their left
};

} // namespace ctsip::detail
