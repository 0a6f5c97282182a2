// A sound table, and one with each fault that proof.hpp knows.
#pragma once

#include <ctsip/machine/table.hpp>

namespace ctsip_tests {

// clang-format off
struct errand {
  static constexpr char const* title = "errand";

  enum class state : std::uint8_t { idle, busy, done };
  enum class symbol : std::uint8_t { start, reply, timer_b };
  enum class action : std::uint8_t { tell };
  using enum state;
  using enum symbol;
  using enum action;
  using in = ctsip::in<state, symbol, action>;

  static constexpr symbol commands[] = {start};

  static constexpr symbol project(ctsip::event const& e) {
    if (e.is_sent(ctsip::method::options)) return start;
    if (e.is_response() && e.way == ctsip::direction::received) return reply;
    if (e == ctsip::timer_event(ctsip::timer::b)) return timer_b;
    return ctsip::outside<symbol>;
  }

  static constexpr in::row rows[] = {
      in{idle}.on(start).starts(ctsip::timer::b).rfc("RFC 9999 1").then(busy),
      in{busy}.on(reply).does(tell).stops(ctsip::timer::b).rfc("RFC 9999 1").then(done),
      in{busy}.on(timer_b).rfc("RFC 9999 1").then(done),
      in{busy, done}.on(start).refused("started already", "RFC 9999 2"),
      in{idle, done}.on(reply, timer_b).ignored("nothing is under way"),
  };
};

// No state answers: done, timer_b.
struct errand_without_a_row : errand {
  static constexpr in::row rows[] = {
      errand::rows[0], errand::rows[1], errand::rows[2], errand::rows[3],
      in{idle}.on(reply, timer_b).ignored("nothing is under way"),
      in{done}.on(reply).ignored("nothing is under way"),
  };
};

// Neither allowed nor refused: done, start.
struct errand_without_a_refusal : errand {
  static constexpr in::row rows[] = {
      errand::rows[0], errand::rows[1], errand::rows[2],
      in{busy}.on(start).refused("started already", "RFC 9999 2"),
      errand::rows[4],
  };
};

// Two answers: busy, reply.
struct errand_with_two_rows : errand {
  static constexpr in::row rows[] = {
      errand::rows[0], errand::rows[1], errand::rows[2], errand::rows[3], errand::rows[4],
      in{busy}.on(reply).ignored("too early"),
  };
};

// The network is refused: done, reply.
struct errand_that_refuses_an_event : errand {
  static constexpr in::row rows[] = {
      errand::rows[0], errand::rows[1], errand::rows[2], errand::rows[3],
      in{idle}.on(reply, timer_b).ignored("nothing is under way"),
      in{done}.on(reply).refused("too late", "RFC 9999 2"),
      in{done}.on(timer_b).ignored("nothing is under way"),
  };
};

// Nothing leads to done.
struct errand_with_an_unreachable_state : errand {
  static constexpr in::row rows[] = {
      errand::rows[0],
      in{busy}.on(reply).does(tell).stops(ctsip::timer::b).rfc("RFC 9999 1").then(idle),
      in{busy}.on(timer_b).rfc("RFC 9999 1").then(idle),
      errand::rows[3], errand::rows[4],
  };
};

// From stuck there is no way to done.
struct errand_with_a_dead_end : errand {
  enum class state : std::uint8_t { idle, busy, stuck, done };
  using enum state;
  using in = ctsip::in<state, symbol, action>;
  static constexpr in::row rows[] = {
      in{idle}.on(start).starts(ctsip::timer::b).rfc("RFC 9999 1").then(busy),
      in{busy}.on(reply).stops(ctsip::timer::b).rfc("RFC 9999 1").then(stuck),
      in{busy}.on(timer_b).rfc("RFC 9999 1").then(done),
      in{stuck}.on(reply).does(tell).rfc("RFC 9999 1").stay(),
      in{stuck}.on(timer_b).ignored("stopped"),
      in{busy, stuck, done}.on(start).refused("started already", "RFC 9999 2"),
      in{idle, done}.on(reply, timer_b).ignored("nothing is under way"),
  };
};

// The reply does not stop Timer B.
struct errand_with_an_armed_end : errand {
  static constexpr in::row rows[] = {
      errand::rows[0],
      in{busy}.on(reply).does(tell).rfc("RFC 9999 1").then(done),
      errand::rows[2], errand::rows[3], errand::rows[4],
  };
};

// The reply comes in one row with Timer B: it does not stop it either.
struct errand_with_an_end_armed_by_a_shared_row : errand {
  static constexpr in::row rows[] = {
      errand::rows[0],
      in{busy}.on(reply, timer_b).does(tell).rfc("RFC 9999 1").then(done),
      errand::rows[3], errand::rows[4],
  };
};

// Of two timers in one row only one has fired.
struct errand_with_two_timers_in_one_row : errand {
  enum class symbol : std::uint8_t { start, reply, timer_b, timer_f };
  using enum symbol;
  using in = ctsip::in<state, symbol, action>;
  static constexpr symbol commands[] = {start};
  static constexpr symbol project(ctsip::event const& e) {
    if (e == ctsip::timer_event(ctsip::timer::f)) return timer_f;
    auto const projected = errand::project(e);
    return projected == ctsip::outside<errand::symbol> ? ctsip::outside<symbol>
                                                       : static_cast<symbol>(projected);
  }
  static constexpr in::row rows[] = {
      in{idle}.on(start).starts(ctsip::timer::b, ctsip::timer::f).rfc("RFC 9999 1").then(busy),
      in{busy}.on(reply).does(tell).stops(ctsip::timer::b, ctsip::timer::f).rfc("RFC 9999 1").then(done),
      in{busy}.on(timer_b, timer_f).rfc("RFC 9999 1").then(done),
      in{busy, done}.on(start).refused("started already", "RFC 9999 2"),
      in{idle, done}.on(reply, timer_b, timer_f).ignored("nothing is under way"),
  };
};

// The first row stops Timer F, which nothing starts.
struct errand_that_stops_what_does_not_run : errand {
  static constexpr in::row rows[] = {
      in{idle}.on(start).stops(ctsip::timer::f).starts(ctsip::timer::b).rfc("RFC 9999 1").then(busy),
      errand::rows[1], errand::rows[2], errand::rows[3], errand::rows[4],
  };
};

// Timer F is started, and its firing is not in the alphabet.
struct errand_with_a_silent_timer : errand {
  static constexpr in::row rows[] = {
      in{idle}.on(start).starts(ctsip::timer::b, ctsip::timer::f).rfc("RFC 9999 1").then(busy),
      in{busy}.on(reply).does(tell).stops(ctsip::timer::b, ctsip::timer::f).rfc("RFC 9999 1").then(done),
      in{busy}.on(timer_b).stops(ctsip::timer::f).rfc("RFC 9999 1").then(done),
      errand::rows[3], errand::rows[4],
  };
};

// Row 2 cites nothing.
struct errand_without_a_clause : errand {
  static constexpr in::row rows[] = {
      errand::rows[0], errand::rows[1],
      in{busy}.on(timer_b).then(done),
      errand::rows[3], errand::rows[4],
  };
};

// Row 3 refuses without a word.
struct errand_without_a_sentence : errand {
  static constexpr in::row rows[] = {
      errand::rows[0], errand::rows[1], errand::rows[2],
      in{busy, done}.on(start).refused("", "RFC 9999 2"),
      errand::rows[4],
  };
};

// No row mentions spare.
struct errand_with_a_spare_state : errand {
  enum class state : std::uint8_t { idle, busy, done, spare };
  using enum state;
  using in = ctsip::in<state, symbol, action>;
  static constexpr in::row rows[] = {
      in{idle}.on(start).starts(ctsip::timer::b).rfc("RFC 9999 1").then(busy),
      in{busy}.on(reply).does(tell).stops(ctsip::timer::b).rfc("RFC 9999 1").then(done),
      in{busy}.on(timer_b).rfc("RFC 9999 1").then(done),
      in{busy, done}.on(start).refused("started already", "RFC 9999 2"),
      in{idle, done}.on(reply, timer_b).ignored("nothing is under way"),
  };
};

// No row mentions spare.
struct errand_with_a_spare_symbol : errand {
  enum class symbol : std::uint8_t { start, reply, timer_b, spare };
  using enum symbol;
  using in = ctsip::in<state, symbol, action>;
  static constexpr symbol commands[] = {start};
  static constexpr symbol project(ctsip::event const& e) {
    auto const projected = errand::project(e);
    return projected == ctsip::outside<errand::symbol> ? ctsip::outside<symbol>
                                                       : static_cast<symbol>(projected);
  }
  static constexpr in::row rows[] = {
      in{idle}.on(start).starts(ctsip::timer::b).rfc("RFC 9999 1").then(busy),
      in{busy}.on(reply).does(tell).stops(ctsip::timer::b).rfc("RFC 9999 1").then(done),
      in{busy}.on(timer_b).rfc("RFC 9999 1").then(done),
      in{busy, done}.on(start).refused("started already", "RFC 9999 2"),
      in{idle, done}.on(reply, timer_b).ignored("nothing is under way"),
  };
};
// clang-format on

} // namespace ctsip_tests
