#include <ctsip/machine/machine.hpp>

#include <string>
#include <type_traits>

#include <boost/test/unit_test.hpp>

#include "machine/lift.hpp"
#include "machine/signalled.hpp"

BOOST_AUTO_TEST_SUITE(machine_machine)

using ctsip::row_kind;
using ctsip::timer;
using ctsip_tests::lift;
using enum lift::state;
using enum lift::symbol;
using enum lift::action;
namespace messages = ctsip::messages;
namespace on_violation = ctsip::on_violation;

BOOST_AUTO_TEST_CASE(a_machine_is_one_byte_and_begins_in_the_first_state) {
  static_assert(sizeof(ctsip::machine<lift>) == 1);
  static_assert(sizeof(ctsip::machine<lift, on_violation::report>) == 1);
  static_assert(std::is_trivially_copyable_v<ctsip::machine<lift>>);
  constexpr ctsip::machine<lift> m;
  static_assert(m.is(waiting) && m.current() == waiting && !m.terminated());
  BOOST_TEST(ctsip::machine<lift>(slow).is(slow));
}

BOOST_AUTO_TEST_CASE(a_step_tells_state_actions_and_kind) {
  ctsip::machine<lift> m;
  auto const called = m.process(call);
  BOOST_TEST((called.next == moving));
  BOOST_TEST(called.does.has(ring));
  BOOST_TEST((called.kind() == row_kind::expected));
  BOOST_TEST(called.known());
  BOOST_TEST(!called.refused());
  BOOST_TEST((m.process(knock).kind() == row_kind::peer_violation));
  BOOST_TEST((m.process(timer_k).kind() == row_kind::ignored));
  auto const arrived = m.process(arrival);
  BOOST_TEST((arrived.kind() == row_kind::race));
  BOOST_TEST(arrived.does.has(open_door));
  BOOST_TEST(arrived.does.has(alarm));
  BOOST_TEST(m.is(stopped));
}

BOOST_AUTO_TEST_CASE(typed_events_event_values_and_symbols_take_the_same_step) {
  ctsip::machine<lift> by_type;
  ctsip::machine<lift> by_value;
  ctsip::machine<lift> by_symbol;
  auto const a = by_type.process(ctsip::sent<messages::invite>{});
  auto const b =
      by_value.process(ctsip::request_event(ctsip::direction::sent, ctsip::method::invite));
  auto const c = by_symbol.process(call);
  BOOST_TEST((a.next == b.next && b.next == c.next));
  BOOST_TEST((a.does == b.does && b.does == c.does));
  BOOST_TEST((a.row == b.row && b.row == c.row));
  BOOST_TEST((by_type.process(ctsip::fired<timer::f>{}).next == waiting));
  BOOST_TEST((by_value.process(ctsip::timer_event(timer::f)).next == waiting));
}

BOOST_AUTO_TEST_CASE(an_event_value_outside_the_alphabet_changes_nothing_in_any_state) {
  for (auto s : {waiting, moving, slow, stopped}) {
    ctsip::machine<lift> m{s};
    auto const step = m.process(ctsip::timer_event(timer::a));
    BOOST_TEST(!step.known());
    BOOST_TEST(!step.refused());
    BOOST_TEST((step.kind() == row_kind::ignored));
    BOOST_TEST(step.does.empty());
    BOOST_TEST((step.next == s));
    BOOST_TEST(m.is(s));
  }
}

BOOST_AUTO_TEST_CASE(next_is_the_step_without_a_machine) {
  static_assert(ctsip::next<lift>(waiting, call).next == moving);
  static_assert(ctsip::next<lift>(moving, cancel).next == slow);
  static_assert(ctsip::next<lift>(slow, cancel).refused());
  BOOST_TEST((ctsip::next<lift>(slow, timer_e).next == slow));
}

BOOST_AUTO_TEST_CASE(states_and_symbols_are_named_as_in_the_table) {
  BOOST_TEST(std::string(ctsip::name_of<lift>(waiting)) == "waiting");
  BOOST_TEST(std::string(ctsip::name_of<lift>(stopped)) == "stopped");
  BOOST_TEST(std::string(ctsip::name_of<lift>(call)) == "call");
  BOOST_TEST(std::string(ctsip::name_of<lift>(timer_k)) == "timer_k");
}

BOOST_AUTO_TEST_CASE(an_explanation_has_machine_state_event_sentence_and_clause) {
  auto const why = ctsip::explain<lift>(slow, call);
  BOOST_TEST(std::string(why.machine) == "lift");
  BOOST_TEST(std::string(why.state) == "slow");
  BOOST_TEST(std::string(why.event) == "call");
  BOOST_TEST(std::string(why.sentence) == "the lift is under way");
  BOOST_TEST(std::string(why.clause) == "RFC 9999 9");

  auto const peer = ctsip::explain<lift>(moving, knock);
  BOOST_TEST(std::string(peer.sentence) == "a knock while the lift moves");
  BOOST_TEST(std::string(peer.clause) == "RFC 9999 7");

  auto const plain = ctsip::explain<lift>(waiting, call);
  BOOST_TEST(std::string(plain.sentence) == "");
  BOOST_TEST(std::string(plain.clause) == "RFC 9999 1");
  BOOST_TEST(std::string(ctsip::explain<lift>(waiting, arrival).clause) == "");
}

BOOST_AUTO_TEST_CASE(report_returns_the_refusal_and_moves_nothing_also_at_compile_time) {
  ctsip::machine<lift, on_violation::report> m{moving};
  auto const step = m.process(call);
  BOOST_TEST(step.refused());
  BOOST_TEST((step.kind() == row_kind::refused));
  BOOST_TEST(step.does.empty());
  BOOST_TEST((step.next == moving));
  BOOST_TEST(m.is(moving));
  constexpr bool refused = [] {
    ctsip::machine<lift, on_violation::report> m;
    return m.process(cancel).refused() && m.is(waiting);
  }();
  BOOST_TEST(refused);
}

BOOST_AUTO_TEST_CASE(count_counts_and_goes_on) {
  ctsip::machine<lift, on_violation::count> m;
  (void)m.process(cancel);
  BOOST_TEST(m.policy().violations == 1u);
  (void)m.process(call);
  BOOST_TEST(m.is(moving));
  (void)m.process(call);
  (void)m.process(ctsip::sent<messages::invite>{});
  BOOST_TEST(m.policy().violations == 3u);
  BOOST_TEST(m.is(moving));
  // What the peer does wrong is not ours to count.
  (void)m.process(knock);
  BOOST_TEST(m.policy().violations == 3u);
}

#if defined(__cpp_exceptions)
BOOST_AUTO_TEST_CASE(raise_throws_the_explanation_and_moves_nothing) {
  ctsip::machine<lift, on_violation::raise> m{slow};
  BOOST_CHECK_EXCEPTION((void)m.process(cancel), ctsip::violation, [](ctsip::violation const& v) {
    return std::string(v.machine) == "lift" && std::string(v.state) == "slow" &&
           std::string(v.event) == "cancel" && std::string(v.sentence) == "nothing to cancel" &&
           std::string(v.clause) == "RFC 9999 9";
  });
  BOOST_TEST(m.is(slow));
  BOOST_TEST((m.process(timer_f).next == waiting));
}
#endif

#if defined(CTSIP_TESTS_HAVE_FORK)
BOOST_AUTO_TEST_CASE(trap_stops_the_program) {
  int const signal = ctsip_tests::signal_of([] {
    ctsip::machine<lift> m{slow};
    (void)m.process(cancel);
  });
  BOOST_TEST((signal == SIGILL || signal == SIGTRAP || signal == SIGABRT), "signal " << signal);
  int const none = ctsip_tests::signal_of([] {
    ctsip::machine<lift> m{moving};
    (void)m.process(cancel);
  });
  BOOST_TEST(none == 0);
}
#endif

// A policy of the user's own, with text.
struct remember {
  static constexpr bool refuses_to_compile = false;
  static constexpr bool wants_text = true;
  ctsip::violation last{};
  constexpr void violated(ctsip::violation const& v) { last = v; }
};

BOOST_AUTO_TEST_CASE(a_policy_of_ones_own_receives_the_explanation) {
  ctsip::machine<lift, remember> m{stopped};
  (void)m.process(call);
  BOOST_TEST(std::string(m.policy().last.state) == "stopped");
  BOOST_TEST(std::string(m.policy().last.sentence) == "the lift is under way");
}

BOOST_AUTO_TEST_CASE(a_walk_runs_at_compile_time_and_at_run_time) {
  using namespace ctsip;
  static_assert(walk<lift>().is(waiting));
  static_assert(
      walk<lift, sent<messages::invite>, sent<messages::cancel>, received<messages::bye>>().is(
          stopped));
  auto const m = walk<lift, sent<messages::invite>, received<messages::info>,
                      received<messages::bye>, fired<timer::k>>();
  BOOST_TEST(m.is(waiting));
}

BOOST_AUTO_TEST_SUITE_END()
