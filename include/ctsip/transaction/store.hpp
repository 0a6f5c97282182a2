// A store of transactions of all four kinds: fixed capacity, flat look-up, one next timeout.
//
// It holds machines, timers and keys, no messages: a handle's `index` is below the capacity and
// stays the transaction's own, so that the owner keeps messages in an array beside it.
// RFC 3261 17.1.3, 17.2.3. Read matching.hpp and shared_step.hpp before it.
#pragma once

#include <cstddef>
#include <cstdint>

#include <ctsip/machine/deadline_queue.hpp>
#include <ctsip/transaction/matching.hpp>
#include <ctsip/transaction/shared_step.hpp>

namespace ctsip {

/// Names a transaction in a store. It goes stale when the transaction ends; a stale handle finds
/// nothing and harms nothing.
struct transaction_handle {
  std::uint32_t index{UINT32_MAX};
  std::uint32_t generation{};

  constexpr explicit operator bool() const { return index != UINT32_MAX; }
  friend constexpr bool operator==(transaction_handle, transaction_handle) = default;
};

namespace detail {

constexpr std::size_t power_of_two_from(std::size_t n) {
  std::size_t p = 1;
  while (p < n) p *= 2;
  return p;
}

// In a store of so many transactions the first deadline is looked for when it is asked for; a
// queue of them would cost as much time, more code and more memory.
inline constexpr std::size_t searched_deadlines = 16;

struct no_deadline_queue {};

template <bool Queued, std::size_t Capacity>
struct deadline_keeper {
  using type = deadline_queue<Capacity>;
};
template <std::size_t Capacity>
struct deadline_keeper<false, Capacity> {
  using type = no_deadline_queue;
};

} // namespace detail

/// Up to `Capacity` transactions at a time. Nothing is allocated; a full store says so.
/// `Policy` is asked when a command breaks a rule, never for what a peer does.
template <std::size_t Capacity, class Policy = on_violation::trap>
class transaction_store : private Policy {
  using index = small_index<Capacity>;
  static constexpr index none = static_cast<index>(-1);
  static constexpr std::size_t bucket_count = detail::power_of_two_from(Capacity);
  static constexpr bool queues = Capacity > detail::searched_deadlines;

 public:
  /// The seed must be unpredictable to peers; the timer values hold for every transaction.
  constexpr explicit transaction_store(hash_seed seed, timer_values const& values = {})
      : seed_(seed), waits_(values) {
    static_assert(Capacity > 0 && Capacity < UINT32_MAX,
                  "a store holds from 1 to 2**32 - 2 transactions");
    for (auto& b : by_key_) b = none;
    for (auto& b : by_merge_) b = none;
    for (std::size_t i = 0; i < Capacity; ++i)
      entries_[i].next_by_key = i + 1 < Capacity ? static_cast<index>(i + 1) : none;
  }

  static constexpr std::size_t capacity() { return Capacity; }
  constexpr std::size_t size() const { return size_; }
  constexpr bool full() const { return size_ == Capacity; }
  constexpr hash_seed seed() const { return seed_; }
  constexpr Policy const& policy() const { return *this; }

  /// Makes room for a transaction in its initial state; its first event follows by `process`.
  /// No handle if the store is full: then a request received is answered 503 (RFC 3261 21.5.4) or,
  /// if it is an ACK, dropped, and a request of our own is not sent.
  [[nodiscard]] constexpr transaction_handle add(transaction_kind kind, transaction_key key,
                                                 transport over) {
    return add(kind, key, over, nullptr);
  }
  /// The same for a request received without a To tag, with its `merged_key`.
  [[nodiscard]] constexpr transaction_handle add(transaction_kind kind, transaction_key key,
                                                 transport over, transaction_key merged) {
    return add(kind, key, over, &merged);
  }

  /// The transaction with this key, or no handle.
  constexpr transaction_handle find(transaction_key key) const {
    for (index i = by_key_[bucket(key)]; i != none; i = entries_[i].next_by_key)
      if (entries_[i].key == key) return {i, entries_[i].generation};
    return {};
  }
  /// An ongoing transaction whose request had the same From tag, Call-ID and CSeq (8.2.2.2).
  constexpr transaction_handle find_merged(transaction_key merged) const {
    for (index i = by_merge_[bucket(merged)]; i != none; i = entries_[i].next_by_merge)
      if (entries_[i].merged == merged) return {i, entries_[i].generation};
    return {};
  }
  /// Whether the handle still names a transaction.
  constexpr bool alive(transaction_handle h) const {
    return h.index < Capacity && entries_[h.index].generation == h.generation &&
           entries_[h.index].live;
  }
  /// Whether the handle names a transaction, or the last one of a place that is free: what its
  /// owner keeps there is still its own.
  constexpr bool has_place(transaction_handle h) const {
    return h.index < Capacity &&
           entries_[h.index].generation == h.generation + !entries_[h.index].live;
  }
  /// The kind, the transport, and for the definition `D` the state of a transaction; the first of
  /// each for a handle that names none.
  constexpr transaction_kind kind(transaction_handle h) const {
    return h.index < Capacity ? entries_[h.index].machine.kind() : transaction_kind{};
  }
  constexpr transport over(transaction_handle h) const {
    return h.index < Capacity ? entries_[h.index].machine.over() : transport{};
  }
  template <class D>
  constexpr typename D::state state(transaction_handle h) const {
    return alive(h) ? static_cast<typename D::state>(entries_[h.index].machine.state())
                    : typename D::state{};
  }

  /// One event for one transaction. A stale handle does nothing.
  constexpr transaction_step process(transaction_handle h, event const& e, instant now) {
    if (!alive(h)) return {};
    return settle(h, entries_[h.index].machine.process(e, now, waits_, mutable_policy()));
  }

  /// Puts a transaction back into its initial state, over another transport: its request could not
  /// be sent over the first one (RFC 3261 18.1.1). The handle stays; its first event follows by
  /// `process`.
  constexpr void restart(transaction_handle h, transport over) {
    if (!alive(h)) return;
    entries_[h.index].machine.begin(kind(h), over);
    if constexpr (queues) deadlines_.set(static_cast<index>(h.index), instant::never());
  }

  /// When to call `handle_timeout`; `instant::never()` if no timer is armed.
  constexpr instant next_timeout() const {
    if constexpr (queues) return deadlines_.next();
    return entries_[first_due()].machine.next_timeout();
  }

  /// A timer that fired.
  struct timeout {
    transaction_handle handle{}; ///< none if nothing was due
    transaction_step step{};
  };
  /// Fires the timer that is due first, if one is due at `now`. Call it until it returns no handle.
  constexpr timeout handle_timeout(instant now) {
    instant const due = next_timeout();
    if (now < due || due.is_never()) return {};
    index const i = first_due();
    transaction_handle const h{i, entries_[i].generation};
    return {h, process(h, timer_event(entries_[i].machine.due_timer()), now)};
  }

  /// Ends a transaction without its machine: for an owner that shuts down.
  constexpr void remove(transaction_handle h) {
    if (alive(h)) release(static_cast<index>(h.index));
  }

 private:
  struct entry {
    transaction_key key{};
    transaction_key merged{};
    detail::stored_transaction machine{};
    std::uint32_t generation{};
    index next_by_key{none};
    index next_by_merge{none};
    bool live{};
    bool has_merged{};
  };

  constexpr Policy& mutable_policy() { return *this; }

  static constexpr std::size_t bucket(transaction_key key) {
    return static_cast<std::size_t>(key.value) & (bucket_count - 1);
  }

  constexpr transaction_handle add(transaction_kind kind, transaction_key key, transport over,
                                   transaction_key const* merged) {
    if (free_ == none) return {};
    index const i = free_;
    entry& e = entries_[i];
    free_ = e.next_by_key;
    e.key = key;
    e.machine.begin(kind, over);
    e.live = true;
    e.has_merged = merged != nullptr;
    e.next_by_key = by_key_[bucket(key)];
    by_key_[bucket(key)] = i;
    if (merged) {
      e.merged = *merged;
      e.next_by_merge = by_merge_[bucket(e.merged)];
      by_merge_[bucket(e.merged)] = i;
    }
    ++size_;
    return {i, e.generation};
  }

  // Whose timer fires first; any one where none is armed.
  constexpr index first_due() const {
    if constexpr (queues) return deadlines_.first();
    entry const* first = entries_;
    for (entry const& e : entries_)
      if (e.machine.next_timeout() < first->machine.next_timeout()) first = &e;
    return static_cast<index>(first - entries_);
  }

  constexpr transaction_step settle(transaction_handle h, transaction_step step) {
    auto const i = static_cast<index>(h.index);
    if (step.ended)
      release(i);
    else if constexpr (queues)
      deadlines_.set(i, entries_[i].machine.next_timeout());
    return step;
  }

  constexpr void release(index i) {
    entry& e = entries_[i];
    e.machine.stop();
    if constexpr (queues) deadlines_.set(i, instant::never());
    unlink(by_key_[bucket(e.key)], i, &entry::next_by_key);
    if (e.has_merged) unlink(by_merge_[bucket(e.merged)], i, &entry::next_by_merge);
    e.live = false;
    ++e.generation;
    e.next_by_key = free_;
    free_ = i;
    --size_;
  }

  constexpr void unlink(index& head, index i, index entry::*next) {
    index* at = &head;
    while (*at != i) at = &(entries_[*at].*next);
    *at = entries_[i].*next;
  }

  entry entries_[Capacity]{};
  index by_key_[bucket_count]{};
  index by_merge_[bucket_count]{};
  [[no_unique_address]] typename detail::deadline_keeper<queues, Capacity>::type deadlines_{};
  std::size_t size_{};
  index free_{0};
  hash_seed seed_;
  detail::transaction_waits waits_;
};

} // namespace ctsip
