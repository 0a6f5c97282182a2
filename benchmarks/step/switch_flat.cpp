// Written by hand: one switch over state and event together.
#include "variant.hpp"

namespace bench::step {

namespace {

constexpr unsigned in(state s, event e) {
  return static_cast<unsigned>(s) * events + static_cast<unsigned>(e);
}

class switch_flat {
 public:
  actions step(event e) {
    switch (in(state_, e)) {
    case in(state::calling, event::timer_a): return resend_request | double_timer_a;
    case in(state::calling, event::timer_b):
      state_ = state::terminated;
      return inform_timeout | stop_timer_a;
    case in(state::calling, event::transport_error):
      state_ = state::terminated;
      return inform_transport_error | stop_timer_a | stop_timer_b;
    case in(state::calling, event::provisional):
      state_ = state::proceeding;
      return pass_up | stop_timer_a | stop_timer_b;
    case in(state::calling, event::success):
      state_ = state::accepted;
      return pass_up | stop_timer_a | stop_timer_b | start_timer_m;
    case in(state::calling, event::failure):
      state_ = state::completed;
      return send_ack | pass_up | stop_timer_a | stop_timer_b | start_timer_d;

    case in(state::proceeding, event::provisional): return pass_up;
    case in(state::proceeding, event::success):
      state_ = state::accepted;
      return pass_up | start_timer_m;
    case in(state::proceeding, event::failure):
      state_ = state::completed;
      return send_ack | pass_up | start_timer_d;

    case in(state::completed, event::failure): return send_ack;
    case in(state::completed, event::transport_error):
      state_ = state::terminated;
      return inform_transport_error | stop_timer_d;
    case in(state::completed, event::timer_d): state_ = state::terminated; return none;

    case in(state::accepted, event::success): return pass_up;
    case in(state::accepted, event::timer_m): state_ = state::terminated; return none;
    }
    return none;
  }

 private:
  state state_ = state::calling;
};

variant<switch_flat> const entered("switch, flat");

} // namespace

} // namespace bench::step
