// Which of many things is due first: a binary heap over small indices, of fixed capacity.
#pragma once

#include <cstddef>
#include <cstdint>

#include <ctsip/vocabulary/timer.hpp>

namespace ctsip {

namespace detail {

template <bool Small>
struct index_type {
  using type = std::uint16_t;
};
template <>
struct index_type<false> {
  using type = std::uint32_t;
};

} // namespace detail

/// The smallest unsigned type that counts to `Capacity` and has a value to spare.
template <std::size_t Capacity>
using small_index = typename detail::index_type<(Capacity < UINT16_MAX)>::type;

/// Deadlines of up to `Capacity` things, each named by an index below it. Setting one costs
/// O(log n), the first of them nothing.
template <std::size_t Capacity>
class deadline_queue {
 public:
  using index = small_index<Capacity>;
  static constexpr index none = static_cast<index>(-1);

  constexpr deadline_queue() {
    for (auto& p : position_) p = none;
  }

  /// The earliest deadline; `instant::never()` if there is none.
  constexpr instant next() const { return size_ ? due_[heap_[0]] : instant::never(); }
  /// Whose it is; `none` if there is none.
  constexpr index first() const { return size_ ? heap_[0] : none; }

  /// Sets, moves or with `instant::never()` removes the deadline of `i`.
  constexpr void set(std::size_t i, instant due) {
    std::size_t at = position_[i];
    if (due.is_never()) {
      if (at != none) remove(at);
      return;
    }
    if (at != none && due_[i] == due) return;
    due_[i] = due;
    if (at == none) place(at = size_++, static_cast<index>(i));
    settle(at);
  }

 private:
  constexpr void place(std::size_t at, index i) {
    heap_[at] = i;
    position_[i] = static_cast<index>(at);
  }
  constexpr void settle(std::size_t at) {
    // One thing needs no sorting, and g++ 12 at -O2 warns of the loops below for an array of one.
    if constexpr (Capacity == 1) return;
    index const i = heap_[at];
    for (; at > 0 && due_[i] < due_[heap_[(at - 1) / 2]]; at = (at - 1) / 2)
      place(at, heap_[(at - 1) / 2]);
    for (;;) {
      std::size_t child = 2 * at + 1;
      if (child >= size_) break;
      if (child + 1 < size_ && due_[heap_[child + 1]] < due_[heap_[child]]) ++child;
      if (!(due_[heap_[child]] < due_[i])) break;
      place(at, heap_[child]);
      at = child;
    }
    place(at, i);
  }
  constexpr void remove(std::size_t at) {
    position_[heap_[at]] = none;
    index const last = heap_[--size_];
    if (at == size_) return;
    place(at, last);
    settle(at);
  }

  instant due_[Capacity]{};
  index heap_[Capacity]{};
  index position_[Capacity]{};
  std::size_t size_{};
};

} // namespace ctsip
