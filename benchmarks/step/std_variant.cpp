// The states are types in a std::variant, the events are types, and std::visit joins them.
#include <type_traits>
#include <variant>

#include "variant.hpp"

namespace bench::step {

namespace {

template <state S>
using at = std::integral_constant<state, S>;
template <event E>
using on = std::integral_constant<event, E>;

using calling = at<state::calling>;
using proceeding = at<state::proceeding>;
using completed = at<state::completed>;
using accepted = at<state::accepted>;
using terminated = at<state::terminated>;
using any_state = std::variant<calling, proceeding, completed, accepted, terminated>;

struct rules {
  any_state& now;

  actions go(any_state to, actions does) const {
    now = to;
    return does;
  }

  actions operator()(calling, on<event::timer_a>) const { return resend_request | double_timer_a; }
  actions operator()(calling, on<event::timer_b>) const {
    return go(terminated{}, inform_timeout | stop_timer_a);
  }
  actions operator()(calling, on<event::transport_error>) const {
    return go(terminated{}, inform_transport_error | stop_timer_a | stop_timer_b);
  }
  actions operator()(calling, on<event::provisional>) const {
    return go(proceeding{}, pass_up | stop_timer_a | stop_timer_b);
  }
  actions operator()(calling, on<event::success>) const {
    return go(accepted{}, pass_up | stop_timer_a | stop_timer_b | start_timer_m);
  }
  actions operator()(calling, on<event::failure>) const {
    return go(completed{}, send_ack | pass_up | stop_timer_a | stop_timer_b | start_timer_d);
  }

  actions operator()(proceeding, on<event::provisional>) const { return pass_up; }
  actions operator()(proceeding, on<event::success>) const {
    return go(accepted{}, pass_up | start_timer_m);
  }
  actions operator()(proceeding, on<event::failure>) const {
    return go(completed{}, send_ack | pass_up | start_timer_d);
  }

  actions operator()(completed, on<event::failure>) const { return send_ack; }
  actions operator()(completed, on<event::transport_error>) const {
    return go(terminated{}, inform_transport_error | stop_timer_d);
  }
  actions operator()(completed, on<event::timer_d>) const { return go(terminated{}, none); }

  actions operator()(accepted, on<event::success>) const { return pass_up; }
  actions operator()(accepted, on<event::timer_m>) const { return go(terminated{}, none); }

  template <class State, class Event>
  actions operator()(State, Event) const {
    return none;
  }
};

class std_variant {
 public:
  actions step(event e) {
    switch (e) {
    case event::provisional: return visit(on<event::provisional>{});
    case event::success: return visit(on<event::success>{});
    case event::failure: return visit(on<event::failure>{});
    case event::timer_a: return visit(on<event::timer_a>{});
    case event::timer_b: return visit(on<event::timer_b>{});
    case event::timer_d: return visit(on<event::timer_d>{});
    case event::timer_m: return visit(on<event::timer_m>{});
    case event::transport_error: return visit(on<event::transport_error>{});
    }
    return none;
  }

 private:
  template <class Event>
  actions visit(Event e) {
    return std::visit([&](auto s) { return rules{now_}(s, e); }, now_);
  }

  any_state now_;
};

variant<std_variant> const entered("std::variant and visit");

} // namespace

} // namespace bench::step
