// Written by hand: a switch over the state, and in each state a switch over the event.
#include "variant.hpp"

namespace bench::step {

namespace {

class switch_state_first {
 public:
  actions step(event e) {
    switch (state_) {
    case state::calling:
      switch (e) {
      case event::timer_a: return resend_request | double_timer_a;
      case event::timer_b: state_ = state::terminated; return inform_timeout | stop_timer_a;
      case event::transport_error:
        state_ = state::terminated;
        return inform_transport_error | stop_timer_a | stop_timer_b;
      case event::provisional:
        state_ = state::proceeding;
        return pass_up | stop_timer_a | stop_timer_b;
      case event::success:
        state_ = state::accepted;
        return pass_up | stop_timer_a | stop_timer_b | start_timer_m;
      case event::failure:
        state_ = state::completed;
        return send_ack | pass_up | stop_timer_a | stop_timer_b | start_timer_d;
      default: return none;
      }
    case state::proceeding:
      switch (e) {
      case event::provisional: return pass_up;
      case event::success: state_ = state::accepted; return pass_up | start_timer_m;
      case event::failure: state_ = state::completed; return send_ack | pass_up | start_timer_d;
      default: return none;
      }
    case state::completed:
      switch (e) {
      case event::failure: return send_ack;
      case event::transport_error:
        state_ = state::terminated;
        return inform_transport_error | stop_timer_d;
      case event::timer_d: state_ = state::terminated; return none;
      default: return none;
      }
    case state::accepted:
      switch (e) {
      case event::success: return pass_up;
      case event::timer_m: state_ = state::terminated; return none;
      default: return none;
      }
    case state::terminated: return none;
    }
    return none;
  }

 private:
  state state_ = state::calling;
};

variant<switch_state_first> const entered("switch, state first");

} // namespace

} // namespace bench::step
