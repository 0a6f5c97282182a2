// What the step variants are fed: many transactions, each a run of events of the same length, made
// once by a fixed generator. `happy` runs are normal calls; in `random` runs half of the events
// are ones that mean nothing in the state at hand. No machine terminates before the last event of
// its run.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "alphabet.hpp"

namespace bench::step {

struct sequence {
  std::size_t run_length;
  std::vector<event> events;
  std::vector<actions> expected; ///< what the reference does for each event
};

sequence const& happy();
sequence const& random();

/// What RFC 3261 17.1.1.2 and RFC 6026 8.4 say, as the rows of Figure 5: the reference by which
/// every variant is checked, found by linear search.
struct rule {
  state from;
  event on;
  actions does;
  state to;
};
rule const* find_rule(state from, event on);

} // namespace bench::step
