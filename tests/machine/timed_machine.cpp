#include <ctsip/machine/timed_machine.hpp>

#include <cstdint>

#include <boost/test/unit_test.hpp>

#include <ctsip/dialog/ack_retransmission.hpp>
#include <ctsip/dialog/success_retransmission.hpp>
#include <ctsip/transaction/invite_client.hpp>
#include <ctsip/transaction/invite_server.hpp>
#include <ctsip/transaction/non_invite_client.hpp>
#include <ctsip/transaction/non_invite_server.hpp>

#include "machine/expectation.hpp"
#include "machine/lift.hpp"
#include "machine/signalled.hpp"

BOOST_AUTO_TEST_SUITE(machine_timed_machine)

using ctsip::instant;
using ctsip::timer;
using ctsip::timer_values;
using ctsip::transport;
using ctsip_tests::lift;
using enum lift::state;
using enum lift::symbol;
using enum lift::action;
using timed = ctsip::timed_machine<lift>;
using patient = ctsip::timed_machine<lift, ctsip::on_violation::report>;
using entries = std::vector<ctsip_tests::entry<lift>>;
using ctsip_tests::check_log;
using ctsip_tests::run;

BOOST_AUTO_TEST_CASE(timers_that_never_run_together_share_a_slot) {
  // E and F run together; K runs when both are stopped.
  static_assert(ctsip::detail::slots<lift>.count == 2);
  static_assert(ctsip::detail::slots<ctsip::invite_client>.count == 2);
  static_assert(ctsip::detail::slots<ctsip::invite_server>.count == 2);
  static_assert(ctsip::detail::slots<ctsip::non_invite_client>.count == 2);
  static_assert(ctsip::detail::slots<ctsip::non_invite_server>.count == 1);
  auto const& of = ctsip::detail::slots<lift>.of;
  BOOST_TEST(of[static_cast<int>(timer::e)] != of[static_cast<int>(timer::f)]);
}

BOOST_AUTO_TEST_CASE(nothing_is_armed_at_first) {
  timed m;
  BOOST_TEST(m.is(waiting));
  BOOST_TEST(m.next_timeout().is_never());
  auto const step = m.handle_timeout(instant{1'000'000});
  BOOST_TEST(!step.known());
  BOOST_TEST(step.does.empty());
  BOOST_TEST(!m.handle_timeout(instant::never()).known());
}

BOOST_AUTO_TEST_CASE(timers_start_double_and_stop_as_the_rows_say) {
  timed m;
  (void)m.process(call, instant{100});
  BOOST_TEST(m.next_timeout().count == 600);
  check_log(run(m, 4000), entries{{600, {ring}}, {1600, {ring}}, {3600, {ring}}});
  BOOST_TEST(m.next_timeout().count == 7600);
  (void)m.process(cancel, instant{4000});
  BOOST_TEST(m.next_timeout().count == 7600); // no row touched it
  check_log(run(m, 12'000), entries{{7600, {ring}}, {11'600, {ring}}});
  (void)m.process(arrival, instant{12'000});
  BOOST_TEST(m.next_timeout().count == 17'000);
  check_log(run(m, 1'000'000), entries{{17'000, {open_door}}});
  BOOST_TEST(m.is(waiting));
  BOOST_TEST(m.next_timeout().is_never());
}

BOOST_AUTO_TEST_CASE(a_timer_started_again_begins_with_its_first_interval) {
  timed m;
  (void)m.process(call, instant{0});
  (void)run(m, 10'000);
  (void)m.process(arrival, instant{10'000});
  (void)run(m, 20'000);
  BOOST_TEST(m.is(waiting));
  (void)m.process(call, instant{30'000});
  check_log(run(m, 32'000), entries{{30'500, {ring}}, {31'500, {ring}}});
}

BOOST_AUTO_TEST_CASE(a_call_that_comes_too_early_does_nothing) {
  timed m;
  (void)m.process(call, instant{0});
  auto const early = m.handle_timeout(instant{499});
  BOOST_TEST(!early.known());
  BOOST_TEST(early.does.empty());
  BOOST_TEST(m.next_timeout().count == 500);
}

BOOST_AUTO_TEST_CASE(a_call_that_comes_late_fires_one_timer_and_counts_from_the_late_moment) {
  timed m;
  (void)m.process(call, instant{0});
  BOOST_TEST(m.handle_timeout(instant{2000}).does.has(ring));
  BOOST_TEST(m.next_timeout().count == 3000);
}

BOOST_AUTO_TEST_CASE(of_two_timers_that_are_due_the_earlier_fires_first) {
  timed m;
  (void)m.process(call, instant{0});
  auto const first = m.handle_timeout(instant{40'000});
  BOOST_TEST(first.does.has(ring)); // E, due at 500
  auto const second = m.handle_timeout(instant{40'000});
  BOOST_TEST(second.does.has(alarm)); // F, due at 32000
  BOOST_TEST(m.is(waiting));
  BOOST_TEST(m.next_timeout().is_never());
}

BOOST_AUTO_TEST_CASE(a_timer_of_zero_length_fires_in_the_same_call_and_its_actions_are_added) {
  timed m;
  (void)m.process(call, instant{0}, transport::tcp);
  BOOST_TEST(m.next_timeout().count == 32'000);
  auto const step = m.process(arrival, instant{10}, transport::tcp);
  BOOST_TEST(step.does.has(alarm));
  BOOST_TEST(step.does.has(open_door));
  BOOST_TEST((step.kind() == ctsip::row_kind::race)); // the first step's row
  BOOST_TEST((step.next == waiting));
  BOOST_TEST(m.is(waiting));
  BOOST_TEST(m.next_timeout().is_never());
}

BOOST_AUTO_TEST_CASE(a_refused_command_moves_neither_state_nor_timers) {
  patient m;
  (void)m.process(call, instant{0});
  auto const step = m.process(call, instant{10});
  BOOST_TEST(step.refused());
  BOOST_TEST(m.is(moving));
  BOOST_TEST(m.next_timeout().count == 500);
}

BOOST_AUTO_TEST_CASE(an_ignored_or_foreign_event_moves_neither_state_nor_timers) {
  timed m;
  (void)m.process(call, instant{0});
  BOOST_TEST((m.process(timer_k, instant{10}).kind() == ctsip::row_kind::ignored));
  BOOST_TEST(!m.process(ctsip::timer_event(timer::a), instant{20}).known());
  BOOST_TEST(m.is(moving));
  BOOST_TEST(m.next_timeout().count == 500);
}

BOOST_AUTO_TEST_CASE(a_timed_machine_runs_in_constant_evaluation) {
  constexpr bool moved = [] {
    timed m;
    (void)m.process(ctsip::sent<ctsip::messages::invite>{}, instant{0});
    (void)m.handle_timeout(instant{500});
    return m.is(moving) && m.next_timeout() == instant{1500};
  }();
  BOOST_TEST(moved);
}

BOOST_AUTO_TEST_CASE(a_moment_near_the_end_of_time_does_not_overflow) {
  timed m;
  (void)m.process(call, instant{INT64_MAX - 10});
  BOOST_TEST((m.next_timeout() >= instant{INT64_MAX - 10}));
  timed before_the_epoch;
  (void)before_the_epoch.process(call, instant{INT64_MIN});
  BOOST_TEST((before_the_epoch.next_timeout() == instant{INT64_MIN + 500}));
}

BOOST_AUTO_TEST_CASE(a_t1_of_weeks_does_not_turn_time_back) {
  // 30 days: more milliseconds than 31 bits hold.
  timer_values const values{.t1 = {2'592'000'000}, .t2 = {10'368'000'000}};
  BOOST_TEST(is_valid(values));
  timed m;
  (void)m.process(call, instant{0}, transport::udp, values);
  auto const first = m.next_timeout();
  BOOST_TEST(first.count == 2'592'000'000);
  (void)m.handle_timeout(first, transport::udp, values);
  BOOST_TEST((m.next_timeout() > first));
}

BOOST_AUTO_TEST_CASE(a_timer_fired_by_the_caller_is_armed_no_longer) {
  ctsip::timed_machine<ctsip::invite_client> m;
  (void)m.process(ctsip::invite_client::invite_from_tu, instant{0});
  (void)m.process(ctsip::timer_event(timer::b), instant{32'000});
  BOOST_TEST(m.terminated());
  BOOST_TEST(m.next_timeout().is_never());
}

BOOST_AUTO_TEST_CASE(timer_e_stays_unarmed_over_a_reliable_transport_whoever_fires_it_17_1_2_2) {
  ctsip::timed_machine<ctsip::non_invite_client> m;
  using enum ctsip::non_invite_client::symbol;
  (void)m.process(request_from_tu, instant{0}, transport::tcp);
  (void)m.process(trying_100, instant{1}, transport::tcp);
  (void)m.process(ctsip::non_invite_client::timer_e, instant{2}, transport::tcp);
  BOOST_TEST(m.next_timeout().count == 32'000);
}

#if defined(CTSIP_TESTS_HAVE_FORK)
// No argument may make a call that does not come back.
BOOST_AUTO_TEST_CASE(a_timer_that_was_never_armed_may_be_fired_by_the_caller) {
  int const signal = ctsip_tests::signal_of([] {
    ctsip::timed_machine<ctsip::invite_client> m;
    (void)m.process(ctsip::invite_client::invite_from_tu, instant{0}, transport::tcp);
    (void)m.process(ctsip::invite_client::timer_a, instant{5}, transport::tcp);
  });
  BOOST_TEST(signal == 0);
}

BOOST_AUTO_TEST_CASE(timer_values_of_zero_come_to_an_end_too) {
  int const t1 = ctsip_tests::signal_of([] {
    timed m;
    (void)m.process(call, instant{0}, transport::udp, timer_values{.t1 = {0}});
  });
  BOOST_TEST(t1 == 0);
  int const t2 = ctsip_tests::signal_of([] {
    timer_values const values{.t2 = {0}};
    timed m;
    (void)m.process(call, instant{0}, transport::udp, values);
    (void)m.handle_timeout(instant{500}, transport::udp, values);
  });
  BOOST_TEST(t2 == 0);
}
#endif

// A small generator with a fixed seed: the same sequences everywhere.
struct dice {
  std::uint64_t state;
  std::uint64_t next() {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
  }
  std::uint64_t below(std::uint64_t n) { return (next() >> 11) % n; }
};

// What must hold of a machine whatever happens to it, in whatever order. `waits` are the states
// that may last for ever with no timer armed: only the peer, or our own TU, leads out of them.
template <class D>
void hold_under_random_events(std::initializer_list<typename D::state> waits) {
  constexpr std::size_t symbols = ctsip::detail::dense_table<D>::symbols;
  constexpr transport transports[] = {transport::udp, transport::tcp};
  constexpr timer_values sets_of_values[] = {
      {}, {.t1 = {100}, .t2 = {100}, .t4 = {100}}, {.t1 = {2000}, .t2 = {1000}, .t4 = {60'000}}};
  dice random{0x9e3779b97f4a7c15u};
  auto const is_timer = [](typename D::symbol e) {
    for (unsigned t = 0; t < ctsip::timer_count; ++t)
      if (D::project(ctsip::timer_event(static_cast<timer>(t))) == e) return true;
    return false;
  };
  std::size_t faults = 0;
  std::string first;
  auto const require = [&](bool holds, char const* what, typename D::state s) {
    if (holds) return;
    if (faults++ == 0) first = std::string(what) + " in " + ctsip::name_of<D>(s);
  };
  for (int sequence = 0; sequence < 4000; ++sequence) {
    auto const over = transports[random.below(2)];
    auto const& values = sets_of_values[random.below(3)];
    ctsip::timed_machine<D, ctsip::on_violation::report> m;
    instant now{static_cast<std::int64_t>(random.below(1000))};
    for (int n = 0; n < 40; ++n) {
      auto const before = m.current();
      auto const due = m.next_timeout();
      bool const was_terminated = m.terminated();
      if (random.below(3) != 0) {
        auto const e = static_cast<typename D::symbol>(random.below(symbols));
        if (is_timer(e)) continue; // timers fire below, when they are due
        auto const step = m.process(e, now, over, values);
        require(step.known(), "a symbol without a row", before);
        require(step.next == m.current(), "a step that does not tell its state", before);
        if (step.refused()) {
          require(ctsip::detail::is_command<D>(static_cast<unsigned>(e)), "an event refused",
                  before);
          require(m.is(before) && m.next_timeout() == due && step.does.empty(),
                  "a refusal with an effect", before);
        }
      } else {
        now = now + ctsip::milliseconds{static_cast<std::int64_t>(
                        random.below(random.below(4) == 0 ? 40'000u : 700u))};
        for (int fires = 0; m.next_timeout() <= now; ++fires) {
          require(fires < 1000, "timers without end", m.current());
          if (fires == 1000) break;
          auto const then = m.handle_timeout(now, over, values);
          require(then.known() && !then.refused(), "a timer without a row", before);
        }
      }
      if (was_terminated) require(m.is(before), "a terminal state that was left", before);
      if (m.terminated())
        require(m.next_timeout().is_never(), "a timer armed in a terminal state", m.current());
      else if (m.next_timeout().is_never()) {
        bool may_wait = m.is(typename D::state{});
        for (auto s : waits) may_wait = may_wait || m.is(s);
        require(may_wait, "a wait that no timer ends", m.current());
      }
    }
  }
  BOOST_TEST(faults == 0u, D::title << ": " << faults << " times, first " << first);
}

BOOST_AUTO_TEST_CASE(the_invite_client_holds_under_random_events) {
  hold_under_random_events<ctsip::invite_client>({ctsip::invite_client::proceeding});
}

BOOST_AUTO_TEST_CASE(the_invite_server_holds_under_random_events) {
  hold_under_random_events<ctsip::invite_server>({ctsip::invite_server::proceeding});
}

BOOST_AUTO_TEST_CASE(the_non_invite_client_holds_under_random_events) {
  hold_under_random_events<ctsip::non_invite_client>({});
}

BOOST_AUTO_TEST_CASE(the_non_invite_server_holds_under_random_events) {
  hold_under_random_events<ctsip::non_invite_server>({ctsip::non_invite_server::proceeding});
}

BOOST_AUTO_TEST_CASE(the_2xx_retransmission_holds_under_random_events) {
  hold_under_random_events<ctsip::success_retransmission>({});
}

BOOST_AUTO_TEST_CASE(the_ack_to_a_2xx_holds_under_random_events) {
  hold_under_random_events<ctsip::ack_retransmission>({ctsip::ack_retransmission::unacknowledged});
}

BOOST_AUTO_TEST_CASE(the_lift_holds_under_random_events) { hold_under_random_events<lift>({}); }

BOOST_AUTO_TEST_SUITE_END()
