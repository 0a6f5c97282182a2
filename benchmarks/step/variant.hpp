// Runs a variant of the INVITE client transaction over a sequence and compares what it did with
// the reference. A variant is a class with `actions step(event)`, whose objects begin in calling.
#pragma once

#include <vector>

#include "../subject.hpp"
#include "sequence.hpp"

namespace bench::step {

/// Steps through every run, a fresh machine each, and stores what each step did.
template <class Variant>
[[gnu::noinline]] void drive(sequence const& fed, actions* did) {
  event const* next = fed.events.data();
  event const* const end = next + fed.events.size();
  while (next != end) {
    Variant machine;
    for (event const* const last = next + fed.run_length; next != last; ++next)
      *did++ = machine.step(*next);
  }
}

template <class Variant, sequence const& (*Fed)()>
struct measured {
  static std::vector<actions>& did() {
    static std::vector<actions> made(Fed().events.size());
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
      : on_happy("step, normal call", name, happy().events.size(), &measured<Variant, happy>::check,
                 &measured<Variant, happy>::run),
        on_random("step, random events", name, random().events.size(),
                  &measured<Variant, random>::check, &measured<Variant, random>::run) {}
  subject on_happy;
  subject on_random;
};

} // namespace bench::step
