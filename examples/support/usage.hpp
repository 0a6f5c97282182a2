// What the program has cost so far.
#pragma once

#include <sys/resource.h>

namespace example {

/// Processor time of this process, user and system, in microseconds.
inline double processor_microseconds() {
  rusage used{};
  ::getrusage(RUSAGE_SELF, &used);
  auto const of = [](timeval const& t) {
    return static_cast<double>(t.tv_sec) * 1e6 + static_cast<double>(t.tv_usec);
  };
  return of(used.ru_utime) + of(used.ru_stime);
}

} // namespace example
