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
#include <utility>

using ctsip::check_flow;
using ctsip::standard_flow;

namespace flows = ctsip::standard_flows;

namespace {

// One instantiation a flow, so that the compiler names the one that fails and no evaluation grows
// with their number.
template <standard_flow const& Flow>
struct accepted {
  static_assert(check_flow(Flow.text).legal());
  static_assert(check_flow(Flow.text).complete() == Flow.complete);
  static constexpr bool value = true;
};

template <standard_flow const& Flow>
struct refused {
  static_assert(!check_flow(Flow.text).legal());
  static constexpr bool value = true;
};

template <std::size_t... I>
constexpr bool accepts_all(std::index_sequence<I...>) {
  return (accepted<*flows::all[I]>::value && ...);
}
static_assert(accepts_all(std::make_index_sequence<flows::all.size()>{}));

template <std::size_t... I>
constexpr bool refuses_all(std::index_sequence<I...>) {
  return (refused<*flows::rfc6337_refused[I]>::value && ...);
}
static_assert(refuses_all(std::make_index_sequence<std::size(flows::rfc6337_refused)>{}));

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

BOOST_AUTO_TEST_CASE(figures_that_break_rfc_3264_4_are_refused_with_a_sentence_rfc_6337_4_3) {
  for (standard_flow const* f : flows::rfc6337_refused)
    BOOST_TEST_CONTEXT(f->clause << ' ' << f->name << '\n' << f->text) {
      auto const verdict = check_flow(f->text);
      BOOST_TEST(!verdict.legal());
      BOOST_TEST(!std::string_view{verdict.sentence()}.empty());
    }
}

// What an RFC calls avoidable may be refused; then the verdict says why.
BOOST_AUTO_TEST_CASE(an_avoidable_figure_is_legal_or_has_a_sentence_rfc_6337_4) {
  for (standard_flow const* f : flows::rfc6337_disputed)
    BOOST_TEST_CONTEXT(f->clause << ' ' << f->name << '\n' << f->text) {
      auto const verdict = check_flow(f->text);
      BOOST_TEST((verdict.legal() || !std::string_view{verdict.sentence()}.empty()));
    }
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
