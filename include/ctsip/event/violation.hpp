// A broken rule, told once: at compile time as the compiler's own error, at run time to a policy.
//
// The sentence travels twice. g++ prints a class-type template argument whole, clang prints the
// arguments of constexpr calls whole; so it is both the name of the function called last and an
// argument of the constexpr call above it. With the default policy no sentence reaches the binary.
#pragma once

#include <cstdint>

#include <ctsip/vocabulary/text.hpp>

namespace ctsip {

/// Which rule was broken, by what, and why. The texts are static and end with a zero.
struct violation {
  char const* machine;  ///< name of the machine that refused, "INVITE client transaction"
  char const* state;    ///< its state, as spelled in its table
  char const* event;    ///< what was asked of it, as spelled in its table
  char const* sentence; ///< what is wrong, in one sentence
  char const* clause;   ///< the RFC's clause, "RFC 3261 17.1.1.3"
};

/// What to do at run time when code asks for an illegal step. Never called for anything that the
/// network does. A policy of your own has the same members: `refuses_to_compile` says whether the
/// same step is an error in constant evaluation (where it is false, the step returns a refusal
/// there too), and `wants_text` whether `violated` takes the `violation`.
namespace on_violation {

/// Stop at once: the default. Costs no text and no code beyond the trap.
struct trap {
  static constexpr bool refuses_to_compile = true;
  static constexpr bool wants_text = false;
  constexpr void violated() {
    if (!__builtin_is_constant_evaluated()) __builtin_trap();
  }
};

/// Return the refusal with the step; the machine stays where it was.
struct report {
  static constexpr bool refuses_to_compile = false;
  static constexpr bool wants_text = false;
  constexpr void violated() const {}
};

/// Count it and go on; the machine stays where it was.
struct count {
  static constexpr bool refuses_to_compile = false;
  static constexpr bool wants_text = false;
  std::uint32_t violations{0}; ///< saturates
  constexpr void violated() { violations += violations != UINT32_MAX; }
};

#if defined(__cpp_exceptions)
/// Throw the `violation`. Only where exceptions are enabled.
struct raise {
  static constexpr bool refuses_to_compile = true;
  static constexpr bool wants_text = true;
  constexpr void violated(violation const& v) {
    if (!__builtin_is_constant_evaluated()) throw v;
  }
};
#endif

} // namespace on_violation

/// Never called at run time. It is not `constexpr`, so that reaching it in constant evaluation is
/// an error, and its template arguments are what the error says: sentence and clause, the state of
/// which machine, and what was asked of it.
template <fixed_string Sentence, auto State, auto Event>
void sip_violation() {
  __builtin_trap();
}

/// The same where state and event are told by the frame above it.
template <fixed_string Sentence, class Machine>
void sip_violation() {
  __builtin_trap();
}

namespace detail {

// Hands a violation to its policy. The words are asked for only by one that wants them, so that no
// other brings them into the binary.
template <class Policy, class Words>
constexpr void tell(Policy& policy, Words const& words) {
  if constexpr (Policy::wants_text)
    policy.violated(words());
  else
    policy.violated();
}

// The frame whose arguments clang prints.
constexpr void show(char const* machine, char const* why, char const* clause,
                    void (*broken_rule)()) {
  (void)machine, (void)why, (void)clause;
  broken_rule();
}

} // namespace detail

} // namespace ctsip
