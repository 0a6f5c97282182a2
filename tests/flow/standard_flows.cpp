// The flows that RFCs draw are legal, in constant evaluation and at run time.
#include <boost/test/unit_test.hpp>

#include <ctsip/flow/flow.hpp>
#include <ctsip/flow/notation.hpp>
#include <ctsip/flow/standard_flows.hpp>

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <set>
#include <string_view>

#include "flow/each.hpp"

using ctsip::check_flow;
using ctsip::standard_flow;
using ctsip_tests::holds_for_each;

namespace flows = ctsip::standard_flows;

namespace {

template <std::size_t I>
struct accepted {
  static constexpr auto verdict = check_flow(flows::all[I]->text);
  static_assert(verdict.legal());
  static_assert(verdict.complete() == flows::all[I]->complete);
  static constexpr bool value = true;
};
static_assert(holds_for_each<accepted, std::size(flows::all)>);

// A figure that the rules refuse: where, and in which words.
struct refusal {
  standard_flow const* flow;
  std::size_t step;
  std::string_view sentence;
  std::string_view clause;
};

constexpr std::string_view open_offer = "UPDATE with an offer while an offer is unanswered";
constexpr std::string_view open_update =
    "a re-INVITE while the offer in an UPDATE is unanswered: SHOULD NOT be sent";
constexpr std::string_view open_invite =
    "UPDATE with an offer before the INVITE's offer/answer exchange is complete reliably";
constexpr std::string_view unacknowledged_answer =
    "UPDATE with an offer by the callee before the PRACK for its answer";
constexpr std::string_view overtaken =
    "a 2xx to a request whose CSeq number is lower than the last one's: it is answered 500";

// clang-format off
// RFC 6337 calls them avoidable: "a UA should not send" (UAC-UI, UAC-IU). In Figure 6 the PRACK
// comes after an UPDATE with a higher CSeq number, and may not be answered with a 2xx.
constexpr refusal disputed[] = {
    {&flows::rfc6337_4_1_figure_4, 5, open_update, "RFC 6337 4.3"},
    {&flows::rfc6337_4_1_figure_5, 5, open_invite, "RFC 3311 5.1"},
    {&flows::rfc6337_4_1_figure_6, 10, overtaken, "RFC 3261 12.2.2"},
    {&flows::rfc6337_4_1_figure_7, 6, unacknowledged_answer, "RFC 3311 5.1"},
    {&flows::rfc6337_4_1_figure_9, 6, unacknowledged_answer, "RFC 3311 5.1"},
    {&flows::rfc6337_4_2_figure_11, 6, unacknowledged_answer, "RFC 3311 5.1"},
    {&flows::rfc6337_4_2_figure_12, 5, open_invite, "RFC 3311 5.1"},
    {&flows::rfc6337_4_2_figure_13, 5, open_update, "RFC 6337 4.3"},
    {&flows::rfc6337_4_3_figure_17, 5, open_update, "RFC 6337 4.3"},
};

constexpr refusal forbidden[] = {
    {&flows::rfc6337_4_3_figure_14_as_drawn, 5, open_offer, "RFC 3311 5.1"},
    {&flows::rfc6337_4_3_figure_15, 5, open_offer, "RFC 3311 5.1"},
    {&flows::rfc6337_4_3_figure_18, 6, open_offer, "RFC 3311 5.1"},
    {&flows::rfc6337_4_3_figure_19, 6, open_offer, "RFC 3311 5.1"},
};
// clang-format on

// Each figure of a list has its line, in the same order.
template <class List, std::size_t Size>
constexpr bool covers(refusal const (&refusals)[Size], List const& list) {
  if (std::size(list) != Size) return false;
  for (std::size_t i = 0; i < Size; ++i)
    if (refusals[i].flow != list[i]) return false;
  return true;
}
static_assert(covers(disputed, flows::rfc6337_disputed));
static_assert(covers(forbidden, flows::rfc6337_refused));

constexpr bool is_refused_as_told(refusal const& r) {
  auto const verdict = check_flow(r.flow->text);
  return verdict.violated() && verdict.step() == r.step && verdict.sentence() == r.sentence &&
         verdict.clause() == r.clause;
}

template <std::size_t I>
struct dispute {
  static constexpr bool value = is_refused_as_told(disputed[I]);
  static_assert(value);
};
template <std::size_t I>
struct prohibition {
  static constexpr bool value = is_refused_as_told(forbidden[I]);
  static_assert(value);
};
static_assert(holds_for_each<dispute, std::size(disputed)>);
static_assert(holds_for_each<prohibition, std::size(forbidden)>);

template <class List>
void reads_every_line(List const& list) {
  for (standard_flow const* f : list)
    BOOST_TEST_CONTEXT(f->clause << ' ' << f->name << '\n' << f->text) {
      auto const lines = 1 + std::count(f->text.begin(), f->text.end(), '\n');
      ctsip::flow_text const text = ctsip::read_flow(f->text);
      BOOST_TEST(text.readable());
      BOOST_TEST(text.size == static_cast<std::size_t>(lines));
      BOOST_TEST(text.rest.empty());
      BOOST_TEST((text.notation == ctsip::notation::ladder));
    }
}

template <class List>
void is_legal(List const& list) {
  for (standard_flow const* f : list)
    BOOST_TEST_CONTEXT(f->clause << ' ' << f->name << '\n' << f->text) {
      auto const verdict = check_flow(f->text);
      BOOST_TEST(verdict.legal(), verdict.sentence());
      BOOST_TEST(verdict.complete() == f->complete);
    }
}

template <class List>
void is_refused(List const& list) {
  for (refusal const& r : list)
    BOOST_TEST_CONTEXT(r.flow->clause << ' ' << r.flow->name << '\n' << r.flow->text) {
      auto const verdict = check_flow(r.flow->text);
      BOOST_TEST(verdict.violated());
      BOOST_TEST(verdict.step() == r.step);
      BOOST_TEST(verdict.sentence() == r.sentence);
      BOOST_TEST(verdict.clause() == r.clause);
    }
}

} // namespace

BOOST_AUTO_TEST_SUITE(flow_standard_flows)

BOOST_AUTO_TEST_CASE(every_line_of_every_flow_is_one_message) {
  reads_every_line(flows::all);
  reads_every_line(flows::rfc6337_disputed);
  reads_every_line(flows::rfc6337_refused);
}

BOOST_AUTO_TEST_CASE(reliable_provisional_responses_rfc_3262_3_and_4) { is_legal(flows::rfc3262); }

BOOST_AUTO_TEST_CASE(an_update_in_an_early_dialog_rfc_3311_8) { is_legal(flows::rfc3311); }

BOOST_AUTO_TEST_CASE(preconditions_rfc_3312_13) { is_legal(flows::rfc3312); }

BOOST_AUTO_TEST_CASE(sessions_rfc_3665_3) { is_legal(flows::rfc3665); }

BOOST_AUTO_TEST_CASE(a_session_timer_rfc_4028_13) { is_legal(flows::rfc4028); }

BOOST_AUTO_TEST_CASE(re_invites_rfc_6141_3) { is_legal(flows::rfc6141); }

BOOST_AUTO_TEST_CASE(early_dialogs_terminated_rfc_6228_9) { is_legal(flows::rfc6228); }

BOOST_AUTO_TEST_CASE(offers_and_answers_rfc_6337_2_to_5) { is_legal(flows::rfc6337); }

BOOST_AUTO_TEST_CASE(figures_that_break_rfc_3264_4_are_refused_rfc_6337_4_3) {
  is_refused(forbidden);
}

BOOST_AUTO_TEST_CASE(an_avoidable_figure_is_refused_at_its_step_rfc_6337_4) {
  is_refused(disputed);
}

BOOST_AUTO_TEST_CASE(no_flow_is_listed_twice) {
  std::set<standard_flow const*> seen;
  std::set<std::string_view> names;
  auto const once = [&](auto const& list) {
    for (standard_flow const* f : list) {
      BOOST_TEST(seen.insert(f).second, f->name);
      BOOST_TEST(names.insert(f->name).second, f->name);
    }
  };
  once(flows::all);
  once(flows::rfc6337_disputed);
  once(flows::rfc6337_refused);
}

BOOST_AUTO_TEST_SUITE_END()
