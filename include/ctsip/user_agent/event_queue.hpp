// The events that wait for the user: their facts, and the one message that they are about. Events
// are taken after each datagram, so those that wait are of one datagram, which is kept once; what a
// command or a timer causes has none. Read message/reader.hpp before it.
#pragma once

#include <cstddef>
#include <cstdint>

#include <ctsip/message/reader.hpp>

namespace ctsip::detail {

// `Event` is `Event::facts` and a `message`.
template <class Event, std::size_t Size>
class event_queue {
 public:
  // False if it is full.
  constexpr bool put(typename Event::facts const& e) {
    if (is_full()) return false;
    waiting_[place(size_++)] = e;
    return true;
  }
  // While others wait that are about a message in another place, an event is without its. One in
  // the same place is taken for theirs: they are taken before that place is used again.
  constexpr bool put(typename Event::facts const& e, message const& about) {
    if (!put(e)) return false;
    if (about.bytes().empty()) return true;
    if (!has_message_) message_ = about;
    if (message_.bytes().data() == about.bytes().data()) has_message_ |= 1u << place(size_ - 1u);
    return true;
  }
  constexpr bool take(Event& out) {
    if (size_ == 0) return false;
    static_cast<typename Event::facts&>(out) = waiting_[first_];
    if (has_message_ >> first_ & 1u)
      out.message = message_;
    else
      out.message = {};
    has_message_ &= ~(1u << first_);
    first_ = static_cast<std::uint8_t>(place(1));
    --size_;
    return true;
  }
  constexpr bool is_full() const { return size_ == Size; }

 private:
  static_assert(Size <= 32);
  constexpr std::size_t place(std::size_t nth) const { return (first_ + nth) % Size; }

  typename Event::facts waiting_[Size]{}; // a ring
  std::uint8_t first_{};
  std::uint8_t size_{};
  std::uint32_t has_message_{}; // a bit for each
  message message_{};
};

} // namespace ctsip::detail
