// The events that wait for the user: their facts, and the one message that they are about. Events
// are taken after each datagram, so those that wait are of one datagram, which is kept once. Read
// message/reader.hpp before it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>

#include <ctsip/message/reader.hpp>

namespace ctsip::detail {

// `Event` is `Event::facts` and a `message`.
template <class Event, std::size_t Size>
class event_queue {
 public:
  // False if it is full. While others wait that are about another message, an event is without its.
  constexpr bool put(typename Event::facts const& e, message const& about) {
    if (first_ == size_) first_ = size_ = 0, has_message_ = 0;
    if (size_ == Size) return false;
    if (!about.bytes().empty()) {
      if (!has_message_) message_ = about;
      if (message_.bytes().data() == about.bytes().data()) has_message_ |= 1u << size_;
    }
    waiting_[size_++] = e;
    return true;
  }
  constexpr bool take(Event& out) {
    if (first_ == size_) return false;
    out = {waiting_[first_], has_message_ >> first_ & 1u ? message_ : message{}};
    ++first_;
    return true;
  }
  constexpr bool is_full() const { return size_ == Size && first_ != size_; }

 private:
  static_assert(Size <= 32);
  typename Event::facts waiting_[Size]{};
  std::uint8_t first_{};
  std::uint8_t size_{};
  std::uint32_t has_message_{}; // a bit for each
  message message_{};
};

} // namespace ctsip::detail
