// One connection of a stream transport, without its socket: bytes and the time go in, whole
// messages and bytes to send come out.
//
//   n = ::read(fd, room.data(), room.size());              // room = c.room()
//   c.filled(n);
//   while (!(m = c.next(now)).empty()) agent.receive(m, c.peer(), c.over(), now);
//   while (agent.poll_transmit(d)) if (!c.send(d)) agent.handle_transport_error(d, now);
//   n = ::write(fd, c.to_send().data(), c.to_send().size());
//   c.sent(n, now);
//   if (c.is_over(now)) { ::close(fd); while (c.poll_unsent(d)) agent.handle_transport_error(d,
//   now); }
//
// Opening and accepting it is the caller's, TLS too; a WebSocket needs none of this, since its
// messages come whole. RFC 3261 7.5, 18, 18.3, 18.4; RFC 5626 3.5.1, 4.4.1.
// Read message/framer.hpp and transaction_layer.hpp before it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include <ctsip/message/framer.hpp>
#include <ctsip/user_agent/transaction_layer.hpp>

namespace ctsip {

/// How long a connection is kept open after the last message: long enough for the next ping of a
/// peer that keeps it alive, which comes within 120 s (RFC 5626 4.4.1). "This duration SHOULD at
/// least equal the longest amount of time the element would need in order to bring a transaction
/// from instantiation to the terminated state. [...] This usually means at least 64*T1" (18).
inline constexpr milliseconds connection_keep_open{180'000};

/// A connection that takes messages of up to `Size` bytes, and has up to `Pending` bytes waiting
/// until the peer reads them. Both are held in it.
///
/// Choices, where the RFCs leave one:
///  1. After bytes that cannot be framed nothing more is read. If their header fields are whole,
///     they are handed out as the last message: a transaction layer answers a request 400 or, where
///     the message is only too long, 513 by them, and a BYE or CANCEL takes effect. Then the
///     connection is over.
///  2. What does not fit `Pending` is not sent: a peer that does not read its responses is treated
///     as one that cannot be reached. A pong that does not fit is dropped.
///  3. Time counts from the last whole message, not the last byte: who sends a byte now and then
///     does not keep a connection open.
template <std::size_t Size, std::size_t Pending = Size>
class connection {
  static_assert(Size >= 4 && Pending >= 4, "a ping is four bytes");

 public:
  /// A connection to or from `peer`, of which nothing has been read yet.
  constexpr connection(address const& peer, transport over, instant now,
                       milliseconds keep_open = connection_keep_open)
      : peer_(peer), idle_since_(now), keep_open_(keep_open), over_(over) {}

  /// The far end: what it was opened to, or accepted from (18).
  constexpr address const& peer() const { return peer_; }
  constexpr transport over() const { return over_; }

  /// Where the next bytes that arrive are to be put. Empty if none are wanted: take what `next`
  /// has, or `error` says why. What `next` has returned is gone after that.
  constexpr std::span<char> room() {
    if (broken()) return {};
    if (first_ != 0) {
      move(in_, in_ + first_, last_ - first_);
      last_ -= first_, first_ = 0;
    }
    return {in_ + last_, Size - last_};
  }
  /// Says that so many bytes have been put there.
  constexpr void filled(std::size_t n) {
    if (!broken()) last_ += n < Size - last_ ? n : Size - last_;
  }
  /// Both of these for bytes that lie elsewhere: how many of them were taken. The others are to be
  /// given again after `next`.
  constexpr std::size_t append(std::string_view bytes) {
    auto const to = room();
    std::size_t const n = bytes.copy(to.data(), to.size());
    filled(n);
    return n;
  }

  /// The next message, to be given to an agent's `receive`, or the pong to a ping of ours; empty if
  /// there is none yet. It holds until the next call of `next`, `room` or `append`.
  constexpr std::string_view next(instant now) {
    while (!broken()) {
      frame const found = framer_.next({in_ + first_, last_ - first_});
      std::string_view const bytes{in_ + first_, found.size};
      switch (found.kind) {
      case frame_kind::need_more:
        if (last_ - first_ == Size) fail(frame_error::header_block_too_long);
        return {};
      case frame_kind::malformed: fail(found.error); return bytes;
      case frame_kind::ping:
        // "the server "pong" is a single CRLF" (RFC 5626 4.4.1)
        if (Pending - out_last_ + out_first_ >= 2) put("\r\n");
        break;
      case frame_kind::message:
      case frame_kind::pong: break;
      }
      first_ += found.size;
      idle_since_ = now;
      if (found.kind != frame_kind::ping) return bytes;
    }
    return {};
  }
  /// Why nothing more is read; `sentence(error())` says it.
  constexpr frame_error error() const { return error_; }

  /// Takes a message to be sent, whole. False if it does not fit: nothing of it will be sent.
  constexpr bool send(datagram const& d) {
    if (d.bytes.empty()) return true;
    if (d.bytes.size() > Pending - out_last_ + out_first_ || marks_ == std::size(marked_))
      return false;
    if (d.is_ping()) framer_.expect_pong();
    put(d.bytes);
    marked_[marks_++] = {out_last_, d.transaction, d.is_ping(), d.too_long_for_udp};
    return true;
  }
  /// The bytes to be written next, until the next call of `send` or `next`.
  constexpr std::string_view to_send() const { return {out_ + out_first_, out_last_ - out_first_}; }
  /// Says that so many of them have been written.
  constexpr void sent(std::size_t n, instant now) {
    std::size_t const left = out_last_ - out_first_;
    out_first_ += n < left ? n : left;
    std::size_t gone = 0;
    while (gone < marks_ && marked_[gone].end <= out_first_) ++gone;
    if (gone == 0) return;
    for (std::size_t i = gone; i < marks_; ++i) marked_[i - gone] = marked_[i];
    marks_ -= gone;
    idle_since_ = now;
  }

  /// When the last message came or went.
  constexpr instant idle_since() const { return idle_since_; }
  /// When to ask `is_over` again, even if nothing happens.
  constexpr instant next_timeout() const { return idle_since_ + keep_open_; }
  /// Whether to close it: for want of messages, or as it cannot be read any further, once what
  /// waits is sent.
  constexpr bool is_over(instant now) const {
    return next_timeout() <= now || (broken() && out_first_ == out_last_);
  }

  /// Of a connection that is closed, or could not be opened: the next message that was not sent, or
  /// not whole, to be told to an agent by `handle_transport_error`. It has no bytes any more,
  /// unless it is a ping.
  constexpr bool poll_unsent(datagram& unsent) {
    if (marks_ == 0) return false;
    mark const& first = marked_[0];
    unsent = {first.ping ? "\r\n\r\n" : "", peer_, over_, first.transaction, 0,
              first.too_long_for_udp};
    for (std::size_t i = 1; i < marks_; ++i) marked_[i - 1] = marked_[i];
    --marks_;
    return true;
  }

 private:
  // A message that waits: where it ends, and whose it is.
  struct mark {
    std::size_t end{};
    transaction_handle transaction{};
    bool ping{};
    bool too_long_for_udp{};
  };

  static constexpr void move(char* to, char const* from, std::size_t n) {
    if (__builtin_is_constant_evaluated()) {
      for (std::size_t i = 0; i < n; ++i) to[i] = from[i];
    } else {
      __builtin_memmove(to, from, n);
    }
  }

  constexpr bool broken() const { return error_ != frame_error::none; }
  constexpr void fail(frame_error e) { error_ = e; }

  // There is room for it.
  constexpr void put(std::string_view bytes) {
    if (bytes.size() > Pending - out_last_) {
      move(out_, out_ + out_first_, out_last_ - out_first_);
      for (std::size_t i = 0; i < marks_; ++i) marked_[i].end -= out_first_;
      out_last_ -= out_first_, out_first_ = 0;
    }
    out_last_ += bytes.copy(out_ + out_last_, bytes.size());
  }

  char in_[Size]{};
  char out_[Pending]{};
  std::size_t first_{}; // of the bytes that are not consumed
  std::size_t last_{};
  std::size_t out_first_{}; // of those that are not sent
  std::size_t out_last_{};
  mark marked_[Pending / 256 + 4]{}; // few messages are shorter
  std::size_t marks_{};
  framer framer_{frame_limits{Size, Size}};
  address peer_;
  instant idle_since_;
  milliseconds keep_open_;
  transport over_;
  frame_error error_{};
};

} // namespace ctsip
