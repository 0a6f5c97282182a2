#include <ctsip/machine/proof.hpp>

#include <string>

#include <boost/test/unit_test.hpp>

#include "machine/faulty.hpp"
#include "machine/lift.hpp"

BOOST_AUTO_TEST_SUITE(machine_proof)

using ctsip::fault;
using namespace ctsip_tests;
using enum errand::state;
using enum errand::symbol;

static_assert(ctsip::proven<errand>);
static_assert(ctsip::proven<lift>);

template <class D>
std::string state_of(ctsip::finding f) {
  return ctsip::name_of<D>(static_cast<typename D::state>(f.state));
}
template <class D>
std::string symbol_of(ctsip::finding f) {
  return ctsip::name_of<D>(static_cast<typename D::symbol>(f.symbol));
}

template <class D>
void finds(fault expected, char const* state, char const* symbol = nullptr) {
  constexpr auto found = ctsip::find_fault<D>();
  BOOST_TEST((found.fault == expected), "found " << static_cast<int>(found.fault) << " and not "
                                                 << static_cast<int>(expected));
  if (found.fault != expected) return;
  BOOST_TEST(state_of<D>(found) == state);
  if (symbol) BOOST_TEST(symbol_of<D>(found) == symbol);
}

BOOST_AUTO_TEST_CASE(a_sound_table_has_no_fault) {
  BOOST_TEST((ctsip::find_fault<errand>().fault == fault::none));
  BOOST_TEST((ctsip::find_fault<lift>().fault == fault::none));
  BOOST_TEST(ctsip::proven<errand>);
}

BOOST_AUTO_TEST_CASE(an_event_without_a_row_is_found) {
  finds<errand_without_a_row>(fault::no_row, "done", "timer_b");
}

BOOST_AUTO_TEST_CASE(a_command_neither_allowed_nor_refused_is_found) {
  finds<errand_without_a_refusal>(fault::no_refusal, "done", "start");
}

BOOST_AUTO_TEST_CASE(two_rows_for_one_state_and_symbol_are_found) {
  finds<errand_with_two_rows>(fault::two_rows, "busy", "reply");
}

BOOST_AUTO_TEST_CASE(a_refused_event_is_found) {
  finds<errand_that_refuses_an_event>(fault::event_refused, "done", "reply");
  BOOST_TEST(ctsip::find_fault<errand_that_refuses_an_event>().row == 5u);
}

BOOST_AUTO_TEST_CASE(an_unreachable_state_is_found) {
  finds<errand_with_an_unreachable_state>(fault::unreachable, "done");
}

BOOST_AUTO_TEST_CASE(a_state_without_a_way_to_the_end_is_found) {
  finds<errand_with_a_dead_end>(fault::no_way_out, "stuck");
}

BOOST_AUTO_TEST_CASE(a_timer_armed_at_the_end_is_found) {
  finds<errand_with_an_armed_end>(fault::timer_armed_at_end, "done", "timer_b");
}

BOOST_AUTO_TEST_CASE(a_timer_armed_at_the_end_by_a_row_that_its_own_symbol_shares_is_found) {
  finds<errand_with_an_end_armed_by_a_shared_row>(fault::timer_armed_at_end, "done", "timer_b");
}

BOOST_AUTO_TEST_CASE(a_timer_armed_at_the_end_by_a_row_with_two_timers_is_found) {
  finds<errand_with_two_timers_in_one_row>(fault::timer_armed_at_end, "done");
}

BOOST_AUTO_TEST_CASE(two_timers_of_one_row_do_not_share_a_slot) {
  auto const& of = ctsip::detail::slots<errand_with_two_timers_in_one_row>.of;
  BOOST_TEST(of[static_cast<int>(ctsip::timer::b)] != of[static_cast<int>(ctsip::timer::f)]);
}

BOOST_AUTO_TEST_CASE(a_timer_stopped_where_it_cannot_run_is_found) {
  finds<errand_that_stops_what_does_not_run>(fault::timer_not_running, "idle", "start");
  BOOST_TEST(ctsip::find_fault<errand_that_stops_what_does_not_run>().row == 0u);
}

BOOST_AUTO_TEST_CASE(a_timer_whose_firing_has_no_symbol_is_found) {
  BOOST_TEST((ctsip::find_fault<errand_with_a_silent_timer>().fault == fault::timer_has_no_symbol));
}

BOOST_AUTO_TEST_CASE(a_row_without_a_clause_is_found) {
  finds<errand_without_a_clause>(fault::no_clause, "busy", "timer_b");
  BOOST_TEST(ctsip::find_fault<errand_without_a_clause>().row == 2u);
}

BOOST_AUTO_TEST_CASE(a_refusal_without_a_sentence_is_found) {
  finds<errand_without_a_sentence>(fault::no_sentence, "busy", "start");
  BOOST_TEST(ctsip::find_fault<errand_without_a_sentence>().row == 3u);
}

BOOST_AUTO_TEST_CASE(an_enumerator_that_no_row_mentions_is_found) {
  BOOST_TEST((ctsip::find_fault<errand_with_a_spare_state>().fault == fault::enumerator_unused));
  BOOST_TEST((ctsip::find_fault<errand_with_a_spare_symbol>().fault == fault::enumerator_unused));
  BOOST_TEST((static_cast<errand_with_a_spare_state::state>(
                  ctsip::find_fault<errand_with_a_spare_state>().state) ==
              errand_with_a_spare_state::spare));
  BOOST_TEST((static_cast<errand_with_a_spare_symbol::symbol>(
                  ctsip::find_fault<errand_with_a_spare_symbol>().symbol) ==
              errand_with_a_spare_symbol::spare));
}

BOOST_AUTO_TEST_CASE(every_fault_has_a_test_here) {
  // A fault added after the last one asks for a table in faulty.hpp.
  static_assert(static_cast<int>(fault::enumerator_unused) == 12);
  BOOST_TEST(!ctsip::is_enumerator<static_cast<fault>(13)>);
}

BOOST_AUTO_TEST_SUITE_END()
