// Wants: acts that were asked for and that a rule tells to wait.
//
// An RFC tells a CANCEL to wait for a provisional response, the callee's BYE for the ACK, a 2xx for
// a PRACK. Who asks for one too early has not erred: a bit keeps the wish, and after each step of
// the call the wishes that are allowed by then are carried out:
//
//   wants<call_acts> wishes;
//   wishes.ask(bye, rules, message, perform)      // done, deferred or gone
//   …each message received or sent steps `rules`…
//   wishes.drain(rules, message_of, perform)
//
// A definition has the enumeration `act`, in the order in which wishes are looked at, their number
// `act_count`, and `instead[]`: what is wanted of a call that was faster than the wish. Draining
// ends, which is proved where `wants` is used. Read machine/composition.hpp before it.
#pragma once

#include <cstddef>
#include <cstdint>

#include <ctsip/machine/composition.hpp>

namespace ctsip {

enum class [[nodiscard]] act_result : std::uint8_t;
/// What became of an act that was asked for.
enum class act_result : std::uint8_t {
  done,       ///< carried out
  deferred,   ///< kept, and carried out as soon as it may be
  gone,       ///< what it was meant for has ended or has gone on in the meantime
  unwritable, ///< no message can say it: it does not fit, a text of it cannot stand there, or it
              ///< has nowhere to go
  refused,    ///< the rules do not let it: a part is missing, or is not for this message
  full        ///< nothing is free for it, and it was not kept: ask again
};

/// The result's name.
constexpr char const* name(act_result r) {
  switch (r) {
  case act_result::done: return "done";
  case act_result::deferred: return "deferred";
  case act_result::gone: return "gone";
  case act_result::unwritable: return "unwritable";
  case act_result::refused: return "refused";
  case act_result::full: return "full";
  }
  return "";
}

/// One entry of `instead[]`: when `act` is refused for good, `then` is wanted.
template <class Act>
struct replacement {
  Act act;
  Act then;
};

/// Acts of a call that may have to wait.
struct call_acts {
  enum class act : std::uint8_t {
    cancel,   ///< of our INVITE: waits for a provisional response (RFC 3261 9.1)
    answer,   ///< 2xx: waits for a PRACK (RFC 3262 3, 5), for preconditions (RFC 3312 5.1)
    reinvite, ///< waits while another INVITE is in progress (RFC 3261 14.1)
    update,   ///< waits while an offer is unanswered (RFC 3311 5.1)
    bye       ///< waits for the ACK to the 2xx, theirs or ours (RFC 3261 13.2.2.4, 15)
  };
  static constexpr std::size_t act_count = 5;

  /// "If the INVITE results in 2xx final response(s) [...], this means that a UAS accepted the
  /// invitation while the CANCEL was in progress. The UAC MAY continue with the sessions
  /// established by any 2xx responses, or MAY terminate them with BYE." (RFC 3261 15)
  static constexpr replacement<act> instead[] = {{act::cancel, act::bye}};
};

namespace detail {

// Length of the longest chain of replacements from an act; beyond their number if it never ends.
template <class D>
constexpr std::size_t replacements_from(typename D::act a, std::size_t left = D::act_count) {
  std::size_t longest = 0;
  if constexpr (requires { D::instead; }) {
    if (left == 0) return 1;
    for (auto const& r : D::instead)
      if (r.act == a) {
        std::size_t const then = 1 + replacements_from<D>(r.then, left - 1);
        if (then > longest) longest = then;
      }
  }
  return longest;
}

// The states from which a rule's command waits, for each state as a set of bits.
template <class Rule>
constexpr bool waits_in(std::size_t state, std::size_t symbol) {
  auto const row = dense<Rule>.cells[state * dense_table<Rule>::symbols + symbol].row;
  using cell = typename dense_table<Rule>::cell_type;
  return row & cell::refusal && (row & cell::no_row) != cell::no_row &&
         Rule::rows[row & cell::no_row].kind == row_kind::waits;
}

// The states that can be reached from those of a set without the command that waits.
template <class Rule>
constexpr std::uint32_t reach_without(std::uint32_t from, std::size_t symbol) {
  using table = dense_table<Rule>;
  for (std::uint32_t before = 0; before != from;) {
    before = from;
    for (std::size_t s = 0; s < table::states; ++s)
      if (before >> s & 1u)
        for (std::size_t e = 0; e < table::symbols; ++e) {
          auto const& c = dense<Rule>.cells[s * table::symbols + e];
          if (e != symbol && !(c.row & table::cell_type::refusal))
            from |= std::uint32_t{1} << c.next;
        }
  }
  return from;
}

} // namespace detail

/// Whether no act is replaced by itself, not even in several steps. Each turn of `drain` either
/// carries an act out or replaces it by one with fewer replacements to come, so it ends after
/// finitely many.
template <class D>
consteval bool draining_ends() {
  for (std::size_t i = 0; i < D::act_count; ++i)
    if (detail::replacements_from<D>(static_cast<typename D::act>(i)) >= D::act_count) return false;
  return true;
}

/// Whether no wish has to wait for ever: from each state in which a command of the rule waits,
/// something else leads to a state in which it is allowed or refused for good.
template <class Rule>
consteval bool each_wait_ends() {
  using table = detail::dense_table<Rule>;
  for (std::size_t e = 0; e < table::symbols; ++e) {
    std::uint32_t waiting = 0;
    for (std::size_t s = 0; s < table::states; ++s)
      if (detail::waits_in<Rule>(s, e)) waiting |= std::uint32_t{1} << s;
    for (std::size_t s = 0; s < table::states; ++s)
      if (waiting >> s & 1u &&
          (detail::reach_without<Rule>(std::uint32_t{1} << s, e) & ~waiting) == 0)
        return false;
  }
  return true;
}

/// The wishes that are kept: one bit each.
template <class D = call_acts>
class wants {
  static_assert(D::act_count <= 8, "wants has 8 bits");
  static_assert(draining_ends<D>(), "an act of these is replaced by itself: draining never ends");

 public:
  using act = typename D::act;

  constexpr bool empty() const { return bits_ == 0; }
  constexpr bool has(act a) const { return bits_ >> static_cast<unsigned>(a) & 1u; }
  constexpr void keep(act a) { bits_ = static_cast<std::uint8_t>(bits_ | bit(a)); }
  constexpr void drop(act a) { bits_ = static_cast<std::uint8_t>(bits_ & ~bit(a)); }
  constexpr void clear() { bits_ = 0; }

  /// Asks for an act, which `message` is: done at once if the rules allow it, kept if they tell it
  /// to wait, and gone if they refuse it. `perform(act, message)` sends it; when it returns false,
  /// it could not be sent for the time being, and the act is kept too.
  template <class Product, class Message, class Perform>
  constexpr act_result ask(act a, Product& rules, Message const& message, Perform&& perform) {
    auto const judged = rules.judge(message);
    if (judged.refused() && !judged.waits()) {
      drop(a);
      return act_result::gone;
    }
    if (judged.refused() || !perform(a, message)) {
      keep(a);
      return act_result::deferred;
    }
    drop(a);
    (void)rules.process(message, on_violation::report{});
    return act_result::done;
  }

  /// Carries out the acts that are allowed, and goes on until none is; `message_of(act)` is asked
  /// for the message that each of them is then. Those that are refused for good are replaced or
  /// forgotten. Returns how many were carried out.
  template <class Product, class MessageOf, class Perform>
  constexpr std::size_t drain(Product& rules, MessageOf&& message_of, Perform&& perform) {
    std::size_t carried_out = 0;
    for (bool moved = true; moved && bits_;) {
      moved = false;
      for (std::size_t i = 0; i < D::act_count; ++i) {
        auto const a = static_cast<act>(i);
        if (!has(a)) continue;
        auto const became = ask(a, rules, message_of(a), perform);
        if (became == act_result::deferred) continue;
        moved = true;
        if (became == act_result::done)
          ++carried_out;
        else
          replace(a);
      }
    }
    return carried_out;
  }

 private:
  static constexpr std::uint8_t bit(act a) {
    return static_cast<std::uint8_t>(1u << static_cast<unsigned>(a));
  }
  constexpr void replace(act a) {
    if constexpr (requires { D::instead; })
      for (auto const& r : D::instead)
        if (r.act == a) keep(r.then);
  }

  std::uint8_t bits_{};
};

} // namespace ctsip
