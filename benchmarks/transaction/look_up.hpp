// Finds the transaction of a response among many that are live.
#pragma once

#include <string>

#include "variant.hpp"

namespace bench {

/// The branch of the i-th live transaction.
inline std::string look_up_branch(int i) { return "z9hG4bK74bf9a" + std::to_string(100000 + i); }

/// An INVITE, or the 200 to it, of the i-th live transaction.
inline std::string look_up_text(std::string_view text, int i) {
  std::string made(text);
  auto const at = made.find("branch=") + 7;
  auto const end = made.find(';', at);
  return made.replace(at, end - at, look_up_branch(i));
}

/// `Stack<Live>::prepare()` makes `Live` transactions and the responses to look up, once;
/// `find(i)` looks up the i-th of these.
template <template <int> class Stack, int Live>
struct look_up_variant {
  explicit look_up_variant(char const* peer)
      : entered("look-up, " + std::to_string(Live) + " live", peer, lookups_per_run, &check, &run,
                &Stack<Live>::prepare) {}
  subject entered;

  /// Which transaction the i-th look-up is for.
  static int wanted(int i) { return i * Live / lookups_per_run; }

 private:
  static void run() {
    for (int i = 0; i < lookups_per_run; ++i) keep(Stack<Live>::find(i));
  }
  static bool check() {
    Stack<Live>::prepare();
    bool right = true;
    for (int i = 0; i < lookups_per_run; ++i) right = Stack<Live>::find(i) == wanted(i) && right;
    return right;
  }
};

} // namespace bench
