// Counts the instructions of every subject under `valgrind --tool=callgrind --collect-atstart=no`:
// one dump for each, whose trigger is "group|peer|units". Each subject runs before it is counted,
// so that what is made once is made by then, and short ones run several times, so that what a heap
// does now and then is spread.
#include <cstdio>

#include <valgrind/callgrind.h>

#include "subject.hpp"

int main() {
  for (auto const* s = bench::subject::first(); s; s = s->following) {
    if (!s->check()) {
      std::fprintf(stderr, "%s: %s does not do what is expected of it\n", s->group.c_str(),
                   s->peer.c_str());
      return 1;
    }
    std::size_t const runs = s->units < 1000 ? 10 : 1;
    for (std::size_t i = 0; i < runs; ++i) {
      if (s->prepare) s->prepare();
      CALLGRIND_TOGGLE_COLLECT;
      s->run();
      CALLGRIND_TOGGLE_COLLECT;
    }
    auto const name = s->group + '|' + s->peer + '|' + std::to_string(s->units * runs);
    CALLGRIND_DUMP_STATS_AT(name.c_str());
  }
}
