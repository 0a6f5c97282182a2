// A machine small enough to be judged by eye, that has a row of every kind and touches its timers
// in every way. The tests of the engine run on it.
#pragma once

#include <ctsip/machine/table.hpp>

namespace ctsip_tests {

struct lift {
  static constexpr char const* title = "lift";

  enum class state : std::uint8_t { waiting, moving, slow, stopped };
  enum class symbol : std::uint8_t { call, cancel, arrival, knock, timer_e, timer_f, timer_k };
  enum class action : std::uint8_t { ring, open_door, alarm };
  using enum state;
  using enum symbol;
  using enum action;
  using in = ctsip::in<state, symbol, action>;

  static constexpr symbol commands[] = {call, cancel};

  static constexpr symbol project(ctsip::event const& e) {
    if (e.is_sent(ctsip::method::invite)) return call;
    if (e.is_sent(ctsip::method::cancel)) return cancel;
    if (e.is_received(ctsip::method::bye)) return arrival;
    if (e.is_received(ctsip::method::info)) return knock;
    if (e.what == ctsip::occurrence::timer) switch (e.timer) {
      case ctsip::timer::e: return timer_e;
      case ctsip::timer::f: return timer_f;
      case ctsip::timer::k: return timer_k;
      default: break;
      }
    return ctsip::outside<symbol>;
  }

  // clang-format off
  static constexpr in::row rows[] = {
      in{waiting}.on(call).does(ring).starts(ctsip::timer::e, ctsip::timer::f).rfc("RFC 9999 1").then(moving),
      in{moving}.on(timer_e).does(ring).doubles(ctsip::timer::e).rfc("RFC 9999 2").stay(),
      in{moving}.on(cancel).rfc("RFC 9999 3").then(slow),
      in{slow}.on(timer_e).does(ring).restarts_at_t2(ctsip::timer::e).rfc("RFC 9999 4").stay(),
      in{moving, slow}.on(arrival).does(alarm, open_door)
          .stops(ctsip::timer::e, ctsip::timer::f).starts(ctsip::timer::k).race("RFC 9999 5").then(stopped),
      in{moving, slow}.on(timer_f).does(alarm).stops(ctsip::timer::e).rfc("RFC 9999 6").then(waiting),
      in{moving, slow}.on(knock).does(alarm)
          .peer_violation("a knock while the lift moves", "RFC 9999 7").stay(),
      in{stopped}.on(timer_k).does(open_door).rfc("RFC 9999 8").then(waiting),
      in{moving, slow, stopped}.on(call).refused("the lift is under way", "RFC 9999 9"),
      in{waiting, slow, stopped}.on(cancel).refused("nothing to cancel", "RFC 9999 9"),
      in{waiting, stopped}.on(arrival, knock).ignored("the lift stands"),
      in{waiting, stopped}.on(timer_e, timer_f).ignored("stopped"),
      in{waiting, moving, slow}.on(timer_k).ignored("not started"),
  };
  // clang-format on
};

} // namespace ctsip_tests
