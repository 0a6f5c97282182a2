// Runs a variant of a call's rules over a sequence and compares what it did with the reference. A
// variant is a class with `outcome step(fed_message const&)`, whose objects begin with no call.
#pragma once

#include <vector>

#include "../subject.hpp"
#include "sequence.hpp"

namespace bench::call {

/// Steps through every call, a fresh object each, and stores what each step did.
template <class Variant>
[[gnu::noinline]] void drive(sequence const& fed, outcome* did) {
  fed_message const* next = fed.messages.data();
  for (auto const end : fed.ends) {
    Variant rules;
    for (auto const* const last = fed.messages.data() + end; next != last; ++next)
      *did++ = rules.step(*next);
  }
}

template <class Variant, sequence const& (*Fed)()>
struct measured {
  static std::vector<outcome>& did() {
    static std::vector<outcome> made(Fed().messages.size());
    return made;
  }
  static void run() {
    drive<Variant>(Fed(), did().data());
    keep(did().data());
  }
  static bool check() {
    run();
    return did() == Fed().expected;
  }
};

/// Enters a variant with both sequences.
template <class Variant>
struct variant {
  explicit variant(char const* name)
      : on_normal("rules of a call, normal calls", name, normal().messages.size(),
                  &measured<Variant, normal>::check, &measured<Variant, normal>::run),
        on_random("rules of a call, half of the messages illegal", name, random().messages.size(),
                  &measured<Variant, random>::check, &measured<Variant, random>::run) {}
  subject on_normal;
  subject on_random;
};

} // namespace bench::call
