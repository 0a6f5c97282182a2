// What the handles of calls and of registrations have in common: what an operation came to, and
// how a handler set is asked for the handler of a state.
// Read dialog/wants.hpp and transaction_layer.hpp before it.
#pragma once

#include <ctsip/dialog/wants.hpp>
#include <ctsip/user_agent/transaction_layer.hpp>

namespace ctsip::detail {

// For operations that exist only to say why they do not compile.
template <class...>
inline constexpr bool never = false;

constexpr act_result result_of(sending s) {
  switch (s) {
  case sending::sent: return act_result::done;
  case sending::deferred:
  case sending::full: return act_result::deferred;
  case sending::gone: return act_result::gone;
  case sending::unwritable: return act_result::unwritable;
  case sending::refused: break;
  }
  return act_result::refused;
}

// `on(state&)`, or `on(state&, event const&)` for one that wants to know more.
template <class Handlers, class State, class Event>
concept has_handler = requires(Handlers& h, State& s) {
  h.on(s);
}
|| requires(Handlers& h, State& s, Event const& e) { h.on(s, e); };

template <class Handlers, class State, class Event>
constexpr void hand_over(Handlers& h, State s, Event const& e) {
  if constexpr (requires { h.on(s, e); })
    h.on(s, e);
  else if constexpr (requires { h.on(s); })
    h.on(s);
}

} // namespace ctsip::detail
