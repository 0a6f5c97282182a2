// The command line: `--name value` and `--name`, nothing more.
#pragma once

#include <charconv>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

namespace example {

/// One option: a number, a text or a switch, whichever pointer is set.
struct option {
  std::string_view name; ///< with its dashes
  char const* meaning;
  std::int64_t* number{};
  std::string* text{};
  bool* flag{};
  std::int64_t least{0};
  std::int64_t most{INT32_MAX};
};

inline option number(std::string_view name, std::int64_t& value, char const* meaning,
                     std::int64_t least = 0, std::int64_t most = INT32_MAX) {
  return {name, meaning, &value, nullptr, nullptr, least, most};
}
inline option text(std::string_view name, std::string& value, char const* meaning) {
  return {name, meaning, nullptr, &value, nullptr};
}
inline option flag(std::string_view name, bool& value, char const* meaning) {
  return {name, meaning, nullptr, nullptr, &value};
}

/// Whether all of the text is a number within these bounds; only then it is taken.
inline bool read_number(std::string_view digits, std::int64_t& value, std::int64_t least,
                        std::int64_t most) {
  std::int64_t read{};
  auto const end = digits.data() + digits.size();
  auto const got = std::from_chars(digits.data(), end, read);
  if (got.ec != std::errc{} || got.ptr != end || read < least || read > most) return false;
  value = read;
  return true;
}

/// Reads the command line. With an error prints what there is and returns false; with `--help`
/// prints it and ends the program with 0.
/// `shared` are options that several programs have.
inline bool read_options(int argc, char** argv, std::vector<option> options,
                         std::vector<option> const& shared = {}) {
  options.insert(options.end(), shared.begin(), shared.end());
  auto const read = [](option const& o, char const* value) {
    if (o.text) return *o.text = value, true;
    return read_number(value, *o.number, o.least, o.most);
  };
  for (int i = 1; i < argc; ++i) {
    option const* known = nullptr;
    for (auto const& o : options)
      if (o.name == argv[i]) known = &o;
    if (known && known->flag) {
      *known->flag = true;
      continue;
    }
    if (known && i + 1 < argc && read(*known, argv[i + 1])) {
      ++i;
      continue;
    }
    bool const help = std::string_view{argv[i]} == "--help";
    if (!help)
      std::fprintf(stderr, "%s: %s\n", argv[i],
                   !known        ? "there is no such option"
                   : known->text ? "its value is missing"
                                 : "its value is missing, no number or out of range");
    std::fprintf(help ? stdout : stderr, "usage: %s [options]\n", argv[0]);
    for (auto const& o : options)
      std::fprintf(help ? stdout : stderr, "  %-20s %s\n",
                   (std::string{o.name} + (o.number ? " N"
                                           : o.text ? " TEXT"
                                                    : ""))
                       .c_str(),
                   o.meaning);
    if (help) std::exit(0);
    return false;
  }
  return true;
}

} // namespace example
