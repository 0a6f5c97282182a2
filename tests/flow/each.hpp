// Checks of many flows in constant evaluation: one instantiation a flow, so that the compiler names
// the one that fails and no evaluation grows with their number.
#pragma once

#include <cstddef>
#include <utility>

namespace ctsip_tests {

template <template <std::size_t> class Check, std::size_t... I>
constexpr bool holds_for(std::index_sequence<I...>) {
  // Not a fold: compilers limit how deep an expression may nest.
  bool const held[] = {Check<I>::value...};
  for (bool const h : held)
    if (!h) return false;
  return true;
}

/// Whether `Check<0>::value` … `Check<Size - 1>::value` all hold. Other builds say so: the
/// sanitizer of g++ makes constant evaluation many times slower, and finds its faults at run time.
#if defined(__SANITIZE_ADDRESS__)
template <template <std::size_t> class Check, std::size_t Size>
constexpr bool holds_for_each = true;
#else
template <template <std::size_t> class Check, std::size_t Size>
constexpr bool holds_for_each = holds_for<Check>(std::make_index_sequence<Size>{});
#endif

} // namespace ctsip_tests
