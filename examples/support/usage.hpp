// What the program costs: processor time, and memory.
#pragma once

#include <sys/resource.h>

#include <cstddef>

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

/// Has the system hand over the memory of an object that it has promised, so that no message waits
/// for a page later.
template <class Object>
void make_resident(Object& object) {
  constexpr std::size_t least_page = 4096;
  auto* const bytes = reinterpret_cast<char volatile*>(&object);
  for (std::size_t i = 0; i < sizeof object; i += least_page) bytes[i] = bytes[i];
}

} // namespace example
