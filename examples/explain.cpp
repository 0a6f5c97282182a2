// What a response code, a method or a timer means, in sentences, and where the RFCs say so.
//
//   ./explain 486
//   ./explain PRACK
//   ./explain timer a
//
// The sentences are written from the same facts that the machines run on, and are there at compile
// time too: explain(method::prack) is a constexpr value.
#include <cstdio>
#include <string>
#include <string_view>

#include <ctsip/vocabulary/explain.hpp>

#include "support/output.hpp"

namespace {

bool print(ctsip::explanation const& text) {
  if (text.size() > 0) std::printf("%s\n", text.c_str());
  return text.size() > 0;
}

// As "Timer A" for any of "A", "a", "timer a"; empty if it is no letter.
std::string timer_name(std::string_view word) {
  if (word.starts_with("timer ") || word.starts_with("Timer ")) word.remove_prefix(6);
  if (word.size() != 1) return {};
  char const letter = word[0] >= 'a' && word[0] <= 'z' ? static_cast<char>(word[0] - 32) : word[0];
  return std::string{"Timer "} + letter;
}

bool explain_word(std::string_view word) {
  if (auto const code = ctsip::parse_status_code(word)) return print(ctsip::explain(code.value));
  for (std::size_t i = 0; i < ctsip::timer_count; ++i) {
    auto const t = static_cast<ctsip::timer>(i);
    if (timer_name(word) == ctsip::name(t) || word == ctsip::name(t))
      return print(ctsip::explain(t));
  }
  auto const m = ctsip::parse_method(word);
  if (m && m.value != ctsip::method::extension) return print(ctsip::explain(m.value));
  std::fprintf(stderr, "%.*s: no response code, no registered method and no timer\n",
               static_cast<int>(word.size()), word.data());
  return false;
}

} // namespace

int main(int argc, char** argv) {
  if (argc > 1) {
    std::string word = argv[1];
    for (int i = 2; i < argc; ++i) word += std::string{" "} + argv[i];
    return example::exit_code(explain_word(word) ? 0 : 1);
  }
  bool done = true;
  for (char const* word : {"486", "PRACK", "Timer A"}) {
    std::printf("> %s\n", word);
    done = explain_word(word) && done;
  }
  return example::exit_code(done ? 0 : 1);
}
