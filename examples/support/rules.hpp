// The rules of a call at work: its messages one by one, and behind each the states of some rules.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <string>

#include <ctsip/machine/machine.hpp>

namespace example {

/// One message of a call as one agent sees it, and how it is called on the terminal.
template <class Message>
struct line {
  char const* text;
  Message message;
};

/// Words in columns, without blanks behind the last.
class columns {
 public:
  columns& add(std::string const& text, std::size_t width) {
    line_ += text;
    line_.resize(std::max(line_.size() + 1, (end_ += width)), ' ');
    return *this;
  }
  void print() const {
    std::printf("%s\n", line_.substr(0, line_.find_last_not_of(' ') + 1).c_str());
  }

 private:
  std::string line_ = "  ";
  std::size_t end_ = 2;
};

/// Takes the messages of a call and writes, for each, the states of some rules behind it. One that
/// is refused moves nothing: then its sentence is written.
template <class... Rules, class Call, class Lines>
void play(Call& call, Lines const& lines) {
  constexpr std::size_t first = 25;
  auto const width = [](char const* title) {
    return std::max<std::size_t>(std::string{title}.size() + 2, 20);
  };
  columns head;
  head.add("", first);
  (head.add(Rules::title, width(Rules::title)), ...);
  head.print();
  for (auto const& l : lines) {
    columns row;
    row.add(l.text, first);
    if (call.process(l.message, ctsip::on_violation::report{}).refused()) {
      auto const why = call.explain(l.message);
      row.add(std::string{"refused: "} + why.sentence + " (" + why.clause + ")", 0);
    } else
      (row.add(ctsip::name_of<Rules>(call.template state<Rules>()), width(Rules::title)), ...);
    row.print();
  }
}

} // namespace example
