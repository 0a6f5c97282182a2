#include "sequence.hpp"

#include <cstdlib>

namespace bench::step {

namespace {

using s = state;
using e = event;

// RFC 6026 8.4, Figure 5, from left to right and top to bottom. A failure and a success stop the
// timers that still run, because nothing else does.
constexpr rule rules[] = {
    {s::calling, e::timer_a, resend_request | double_timer_a, s::calling},
    {s::calling, e::timer_b, inform_timeout | stop_timer_a, s::terminated},
    {s::calling, e::transport_error, inform_transport_error | stop_timer_a | stop_timer_b,
     s::terminated},
    {s::calling, e::provisional, pass_up | stop_timer_a | stop_timer_b, s::proceeding},
    {s::calling, e::success, pass_up | stop_timer_a | stop_timer_b | start_timer_m, s::accepted},
    {s::calling, e::failure, send_ack | pass_up | stop_timer_a | stop_timer_b | start_timer_d,
     s::completed},
    {s::proceeding, e::provisional, pass_up, s::proceeding},
    {s::proceeding, e::success, pass_up | start_timer_m, s::accepted},
    {s::proceeding, e::failure, send_ack | pass_up | start_timer_d, s::completed},
    {s::completed, e::failure, send_ack, s::completed},
    {s::completed, e::transport_error, inform_transport_error | stop_timer_d, s::terminated},
    {s::completed, e::timer_d, none, s::terminated},
    {s::accepted, e::success, pass_up, s::accepted},
    {s::accepted, e::timer_m, none, s::terminated},
};

// A 32-bit xorshift: the same events on every machine and with every compiler.
class generator {
 public:
  unsigned below(unsigned n) {
    x_ ^= x_ << 13;
    x_ ^= x_ >> 17;
    x_ ^= x_ << 5;
    return x_ % n;
  }

 private:
  std::uint32_t x_ = 2463534242u;
};

constexpr std::size_t event_count = 1 << 17;

void append(sequence& to, state& at, event next) {
  auto const* r = find_rule(at, next);
  to.events.push_back(next);
  to.expected.push_back(r ? r->does : none);
  if (r) at = r->to;
}

// Of the events for which `wanted` holds, any.
template <class Predicate>
event choose(generator& any, Predicate wanted) {
  for (;;)
    if (auto const e = static_cast<event>(any.below(events)); wanted(e)) return e;
}

// INVITE, perhaps sent again, some 1xx, a final response, perhaps received again, and the timer
// that ends it. One call in four is refused.
sequence make_happy() {
  sequence made{8, {}, {}};
  generator any;
  while (made.events.size() < event_count) {
    state at = state::calling;
    unsigned const again = any.below(4) == 0 ? 1 + any.below(2) : 0;
    unsigned const late = any.below(4) == 0 ? 1 + any.below(2) : 0;
    bool const refused = any.below(4) == 0;
    auto const final = refused ? event::failure : event::success;
    for (unsigned i = 0; i < again; ++i) append(made, at, event::timer_a);
    for (unsigned i = 0; i < made.run_length - 2 - again - late; ++i)
      append(made, at, event::provisional);
    for (unsigned i = 0; i < late + 1; ++i) append(made, at, final);
    append(made, at, refused ? event::timer_d : event::timer_m);
    if (at != state::terminated) std::abort();
  }
  return made;
}

sequence make_random() {
  sequence made{16, {}, {}};
  generator any;
  while (made.events.size() < event_count) {
    state at = state::calling;
    std::size_t unlawful = made.run_length / 2;
    for (std::size_t left = made.run_length; left > 1; --left) {
      bool const lawful = any.below(static_cast<unsigned>(left - 1)) >= unlawful;
      if (!lawful) --unlawful;
      append(made, at, choose(any, [&](event e) {
               auto const* r = find_rule(at, e);
               return lawful ? r && r->to != state::terminated : !r;
             }));
    }
    append(made, at, choose(any, [&](event e) {
             auto const* r = find_rule(at, e);
             return r && (r->to == state::terminated || at == state::proceeding);
           }));
  }
  return made;
}

} // namespace

rule const* find_rule(state from, event on) {
  for (auto const& r : rules)
    if (r.from == from && r.on == on) return &r;
  return nullptr;
}

sequence const& happy() {
  static sequence const made = make_happy();
  return made;
}

sequence const& random() {
  static sequence const made = make_random();
  return made;
}

} // namespace bench::step
