// Every flow of RFC 5407 is legal, in constant evaluation and at run time.
#include <ctsip/flow/race_conditions.hpp>

#include <ctsip/flow/flow.hpp>

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(flow_race_conditions)

namespace flows = ctsip::standard_flows;

constexpr bool legal(ctsip::standard_flow const& f) {
  auto const verdict = ctsip::check_flow(f.text);
  return verdict.legal() && verdict.complete() == f.complete;
}

// One assertion a flow, so that a failing one is named, and no evaluation grows with their number.
static_assert(legal(flows::rfc5407_3_1_1));
static_assert(legal(flows::rfc5407_3_1_1_answered_again));
static_assert(legal(flows::rfc5407_3_1_2));
static_assert(legal(flows::rfc5407_3_1_2_unmatched));
static_assert(legal(flows::rfc5407_3_1_3));
static_assert(legal(flows::rfc5407_3_1_4_200));
static_assert(legal(flows::rfc5407_3_1_4_491));
static_assert(legal(flows::rfc5407_3_1_5_491));
static_assert(legal(flows::rfc5407_3_1_5_500));
static_assert(legal(flows::rfc5407_3_1_5_update));
static_assert(legal(flows::rfc5407_3_1_6));
static_assert(legal(flows::rfc5407_3_1_6_offer_in_200));
static_assert(legal(flows::rfc5407_3_2_1));
static_assert(legal(flows::rfc5407_3_2_1_refused));
static_assert(legal(flows::rfc5407_3_2_2));
static_assert(legal(flows::rfc5407_3_2_1_update));
static_assert(legal(flows::rfc5407_3_2_3));
static_assert(legal(flows::rfc5407_3_3_1));
static_assert(legal(flows::rfc5407_3_3_1_modifications));
static_assert(legal(flows::rfc5407_3_3_1_refreshed));
static_assert(legal(flows::rfc5407_3_3_2));
static_assert(legal(flows::rfc5407_3_3_2_refresh));
static_assert(legal(flows::rfc5407_3_3_2_updates));
static_assert(legal(flows::rfc5407_3_3_2_refreshes));
static_assert(legal(flows::rfc5407_3_3_3));
static_assert(legal(flows::rfc5407_a));
static_assert(legal(flows::rfc5407_a_kept));
static_assert(legal(flows::rfc5407_a_not_forked));
static_assert(legal(flows::rfc5407_b));
static_assert(legal(flows::rfc5407_b_uac));
static_assert(legal(flows::rfc5407_b_uas_481));
static_assert(legal(flows::rfc5407_b_uas_500));
static_assert(legal(flows::rfc5407_b_delayed_481));
static_assert(legal(flows::rfc5407_b_delayed_500));
static_assert(legal(flows::rfc5407_c));
static_assert(legal(flows::rfc5407_c_preparative));
static_assert(legal(flows::rfc5407_d_401));
static_assert(legal(flows::rfc5407_d_407));
static_assert(legal(flows::rfc5407_e_figure_4));
static_assert(legal(flows::rfc5407_e_figure_5));
static_assert(legal(flows::rfc5407_e_figure_5_kept));
static_assert(legal(flows::rfc5407_e_figure_6));
static_assert(legal(flows::rfc5407_e_figure_7));

// The callee waited for the ACK until the server transaction timed out.
static_assert(legal(flows::rfc5407_3_2_4));
static_assert(legal(flows::rfc5407_3_2_4_offer_in_200));
static_assert(legal(flows::rfc5407_3_1_4_no_ack));

BOOST_AUTO_TEST_CASE(the_races_of_rfc_5407_are_legal_at_run_time) {
  for (auto const* f : ctsip::race_conditions) {
    BOOST_TEST_CONTEXT(f->clause << ' ' << f->name << '\n' << f->text) {
      auto const verdict = ctsip::check_flow(f->text);
      BOOST_TEST(verdict.legal());
      BOOST_TEST(verdict.complete() == f->complete);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_bye_by_the_callee_crosses_a_late_ack_rfc_5407_3_2_4_rfc_3261_15) {
  for (auto const* f : ctsip::race_conditions_after_timer_l) {
    BOOST_TEST_CONTEXT(f->clause << ' ' << f->name << '\n' << f->text) {
      auto const verdict = ctsip::check_flow(f->text);
      BOOST_TEST(verdict.legal());
      BOOST_TEST(verdict.complete() == f->complete);
    }
  }
}

// The lists name every flow, and a name that is in both, or twice in one, would hide a missing one.
BOOST_AUTO_TEST_CASE(every_race_is_listed_once) {
  auto count = [](ctsip::standard_flow const* wanted) {
    int n = 0;
    for (auto const* f : ctsip::race_conditions) n += f == wanted ? 1 : 0;
    for (auto const* f : ctsip::race_conditions_after_timer_l) n += f == wanted ? 1 : 0;
    return n;
  };
  for (auto const* f : ctsip::race_conditions) BOOST_TEST(count(f) == 1);
  for (auto const* f : ctsip::race_conditions_after_timer_l) BOOST_TEST(count(f) == 1);
}

BOOST_AUTO_TEST_SUITE_END()
