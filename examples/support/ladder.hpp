// A ladder diagram on the terminal: one row a message, drawn as it is sent or received.
#pragma once

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

#include <ctsip/message/reader.hpp>

#include "clock.hpp"
#include "printable.hpp"

namespace example {

/// Colours, where the output is a terminal that wants them.
class palette {
 public:
  std::string red(std::string_view text) const { return paint("31", text); }
  std::string green(std::string_view text) const { return paint("32", text); }
  std::string yellow(std::string_view text) const { return paint("33", text); }
  std::string bold(std::string_view text) const { return paint("1", text); }
  std::string faint(std::string_view text) const { return paint("2", text); }

 private:
  std::string paint(char const* code, std::string_view text) const {
    if (!colours_) return std::string{text};
    return "\033[" + std::string{code} + "m" + std::string{text} + "\033[0m";
  }

  bool colours_{::isatty(STDOUT_FILENO) && !std::getenv("NO_COLOR")};
};

/// Which way a message goes in the picture.
enum class heading { left, right };

/// The same text many times.
inline std::string times(std::size_t count, std::string_view text) {
  std::string out;
  while (count--) out += text;
  return out;
}

/// An arrow of that many columns with a label near its sender; a lost one ends on its way.
inline std::string arrow(heading to, std::string label, bool lost, std::size_t columns) {
  if (label.size() + 10 > columns) label = label.substr(0, columns - 13) + "...";
  label = " " + label + " ";
  std::size_t const rest = columns - label.size();
  if (lost) {
    std::string const gap = times(rest - 7, " ");
    return to == heading::right ? "───" + label + "───╳" + gap : gap + "╳───" + label + "───";
  }
  return to == heading::right ? "───" + label + times(rest - 4, "─") + "▶"
                              : "◀" + times(rest - 4, "─") + label + "───";
}

/// What an arrow says: method and Request-URI, or status, reason and the method if it is not
/// INVITE.
inline std::string label_of(ctsip::message const& m) {
  if (m.is_request()) return printable(m.method_name()) + " " + printable(m.request_uri());
  if (!m.is_response()) return "(not SIP)";
  std::string out = std::to_string(m.status()) + " " + printable(m.reason());
  if (m.method() != ctsip::method::invite) out += " (" + printable(m.method_name()) + ")";
  return out;
}

/// The ladder of one user agent, on the left, and its peers, on the right. A message whose very
/// bytes went the same way before is a retransmission.
class ladder {
 public:
  explicit ladder(std::string_view self) {
    std::printf("  %8s  %-*s%s\n", "seconds", columns + 2, std::string{self}.c_str(), "peer");
  }

  void draw(heading to, std::string_view bytes, bool lost) {
    auto const m = ctsip::read(bytes).value;
    if (seen_.size() > most) seen_.clear(), calls_.clear();
    bool const again =
        !seen_.insert(std::hash<std::string_view>{}(bytes) + (to == heading::left)).second;
    auto const call = calls_.try_emplace(std::string{m.call_id()}, ++next_call_);
    if (!call.second) --next_call_;
    std::string const line = arrow(to, label_of(m), lost, columns);
    std::printf("  %8.3f  │%s│  call %zu%s%s\n",
                static_cast<double>((now() - started_).count) / 1000.0,
                (lost    ? colours_.red(line)
                 : again ? colours_.yellow(line)
                         : line)
                    .c_str(),
                call.first->second, again ? ", again" : "", lost ? ", lost" : "");
    std::fflush(stdout);
  }

 private:
  static constexpr int columns = 50;
  static constexpr std::size_t most = 100'000; // messages remembered at a time

  palette colours_;
  ctsip::instant started_{now()};
  std::unordered_set<std::size_t> seen_;
  std::unordered_map<std::string, std::size_t> calls_;
  std::size_t next_call_{};
};

} // namespace example
