// What the variants of a call are fed: many calls, each with a fresh product of rules, made once by
// a fixed generator. `normal` are calls that come about, are modified and end, with PRACK, UPDATE
// and session timer; in `random` half of the messages break a rule.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include <ctsip/dialog/call.hpp>

namespace bench::call {

inline constexpr std::size_t rules = 8;

/// A message, and what it comes to by the rules one by one: those who are given the symbols need
/// not look at the message to find them.
struct fed_message {
  ctsip::call_message message;
  ctsip::call_event event;     ///< with the numbers compared
  std::uint8_t symbols[rules]; ///< 0xff where a rule does not know the event
};

/// What a step came to: the actions of each rule in a byte of its own, or the first rule that
/// refuses.
using outcome = std::uint64_t;

constexpr outcome refused_by(unsigned rule) { return ~outcome{rule}; }

struct sequence {
  std::vector<fed_message> messages;
  std::vector<std::size_t> ends; ///< of each call, behind its last message
  std::vector<outcome> expected; ///< what the reference does with each message
};

sequence const& normal();
sequence const& random();

} // namespace bench::call
