// The definition of the library, run in three ways: `machine` and `next` give the actions, and the
// row by which a caller finds the timers; the third looks these up too, as the peers do.
#include <ctsip/machine/machine.hpp>
#include <ctsip/transaction/invite_client.hpp>

#include "variant.hpp"

namespace bench::step {

namespace {

using ctsip::invite_client;

static_assert(static_cast<int>(invite_client::transport_error) -
                      static_cast<int>(invite_client::provisional) ==
                  static_cast<int>(event::transport_error),
              "the events are in the order of the symbols");
static_assert(1 << static_cast<int>(ctsip::transaction_action::send_ack) == send_ack &&
              1 << static_cast<int>(ctsip::transaction_action::inform_transport_error) ==
                  inform_transport_error);

constexpr invite_client::symbol symbol_of(event e) {
  return static_cast<invite_client::symbol>(static_cast<unsigned>(e) +
                                            static_cast<unsigned>(invite_client::provisional));
}

// What each row does to the timers, in the bits of this benchmark.
struct timer_bits {
  actions of_row[ctsip::detail::row_count<invite_client>]{};

  constexpr timer_bits() {
    auto const bit = [](std::uint32_t set, ctsip::timer t, actions does) {
      return set >> static_cast<unsigned>(t) & 1u ? does : none;
    };
    actions* to = of_row;
    for (auto const& row : invite_client::rows)
      *to++ = static_cast<actions>(bit(row.timers.doubles, ctsip::timer::a, double_timer_a) |
                                   bit(row.timers.stops, ctsip::timer::a, stop_timer_a) |
                                   bit(row.timers.stops, ctsip::timer::b, stop_timer_b) |
                                   bit(row.timers.starts, ctsip::timer::d, start_timer_d) |
                                   bit(row.timers.stops, ctsip::timer::d, stop_timer_d) |
                                   bit(row.timers.starts, ctsip::timer::m, start_timer_m));
  }
};
constexpr timer_bits timers;

class machine_and_timers {
 public:
  actions step(event e) {
    auto const did = machine_.process(symbol_of(e));
    return static_cast<actions>(did.does.bits | timers.of_row[did.row]);
  }

 private:
  ctsip::machine<invite_client> machine_{invite_client::calling};
};

variant<machine_and_timers> const entered("ctsip machine");

} // namespace

} // namespace bench::step
