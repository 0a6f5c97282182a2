// Has a stack run transactions in memory. Messages are parsed beforehand, except in "from the
// wire", and are released afterwards; nothing is sent anywhere.
#pragma once

#include "../messages.hpp"
#include "../subject.hpp"

namespace bench {

/// What the user of a transaction got to see.
struct seen {
  int sent = 0;      ///< messages handed to the transport
  int passed_up = 0; ///< responses handed to the user

  friend bool operator==(seen, seen) = default;
};

/// How many transactions one run holds: one after the other, so that one is live at a time.
inline constexpr int transactions_per_run = 32;

/// A transaction from its request to its final response, and what must be seen of it. Timers that
/// end it are not part of it.
struct scenario {
  char const* group;
  bool invite;
  bool from_wire;
  std::string_view request;
  std::string_view responses[3];
  seen expected;
};

inline constexpr scenario invite_ok{"INVITE client: 100, 180, 200",
                                    true,
                                    false,
                                    messages::invite,
                                    {messages::trying, messages::ringing, messages::ok},
                                    {1, 3}};
inline constexpr scenario invite_ok_from_wire{
    "INVITE client from the wire: 100, 180, 200",        true,  true, messages::invite,
    {messages::trying, messages::ringing, messages::ok}, {1, 3}};
inline constexpr scenario invite_busy{"INVITE client: 486 and ACK",  true,  false, messages::invite,
                                      {messages::busy_here, {}, {}}, {2, 1}};
inline constexpr scenario non_invite{
    "non-INVITE client: 200",       false, false, messages::options,
    {messages::options_ok, {}, {}}, {1, 1}};

/// `Stack<S>` has `prepare()` and `seen run_one(int)` for each of `transactions_per_run`.
template <template <scenario const&> class Stack, scenario const& S>
struct transaction_variant {
  explicit transaction_variant(char const* peer)
      : entered(S.group, peer, transactions_per_run, &check, &run, &Stack<S>::prepare) {}
  subject entered;

 private:
  static void run() {
    for (int i = 0; i < transactions_per_run; ++i) keep(Stack<S>::run_one(i));
  }
  static bool check() {
    Stack<S>::prepare();
    bool right = true;
    for (int i = 0; i < transactions_per_run; ++i)
      right = Stack<S>::run_one(i) == S.expected && right;
    return right;
  }
};

/// How many look-ups one run of the look-up subjects makes, spread over the live transactions.
inline constexpr int lookups_per_run = 16;

} // namespace bench
