// Expectations from RFC 3261 10.2.2 and 10.3, computed from what a binding and a request are rather
// than listed row by row.
#include <ctsip/registration/binding.hpp>

#include <ctsip/machine/proof.hpp>

#include <boost/test/unit_test.hpp>

#include <random>
#include <string>

#include "machine/expectation.hpp"

BOOST_AUTO_TEST_SUITE(registration_binding)

using ctsip::binding_update;
using ctsip::instant;
using ctsip::row_kind;
using definition = ctsip::binding;
using enum definition::state;
using enum definition::symbol;
using enum definition::action;
using machine = ctsip::machine<definition>;
using reporting = ctsip::machine<definition, ctsip::on_violation::report>;
using expected = ctsip_tests::expectation<definition>;
using acts = ctsip_tests::acts<definition>;

static_assert(ctsip::proven<definition>);
static_assert(sizeof(machine) == 1);

constexpr auto state_count = static_cast<std::size_t>(aborted) + 1;
constexpr auto symbol_count = static_cast<std::size_t>(roll_back) + 1;

// What a state means: what the proxy sees, and what the request would make of it.
enum class plan : std::uint8_t { nothing, keep, drop, fail };
struct meaning {
  bool visible;
  plan wants;
};
constexpr meaning meaning_of(definition::state s) {
  switch (s) {
  case absent: return {false, plan::nothing};
  case bound: return {true, plan::nothing};
  case tentatively_added: return {false, plan::keep};
  case tentatively_updated: return {true, plan::keep};
  case tentatively_removed: return {true, plan::drop};
  case aborted: break;
  }
  return {true, plan::fail};
}
constexpr definition::state state_of(meaning m) {
  switch (m.wants) {
  case plan::nothing: return m.visible ? bound : absent;
  case plan::keep: return m.visible ? tentatively_updated : tentatively_added;
  case plan::drop: return m.visible ? tentatively_removed : absent;
  case plan::fail: break;
  }
  return aborted;
}

constexpr expected expect(definition::state s, definition::symbol e) {
  meaning const was = meaning_of(s);
  auto const result = [&](meaning m, row_kind kind, acts does = {}) {
    return expected{s, e, state_of(m), kind, does};
  };
  auto const nothing = [&] { return result(was, row_kind::ignored); };
  bool const noted = was.wants == plan::keep;
  switch (e) {
  case expired:
    // Between requests only.
    if (s != bound) return nothing();
    return result({false, plan::nothing}, row_kind::expected, {tell_expired});
  case commit:
    if (was.wants == plan::fail) return result(was, row_kind::refused);
    if (was.wants == plan::nothing) return nothing();
    if (was.wants == plan::drop)
      return result({false, plan::nothing}, row_kind::expected, {tell_removed});
    return result({true, plan::nothing}, row_kind::expected,
                  was.visible ? acts{tell_updated} : acts{tell_added});
  case roll_back:
    if (was.wants == plan::nothing) return nothing();
    return result({was.visible, plan::nothing}, row_kind::expected, noted ? acts{forget} : acts{});
  default: break;
  }
  if (was.wants == plan::fail) return nothing();
  bool const removes =
      e == removal_by_other_call_id || e == removal_in_order || e == removal_out_of_order;
  bool const out_of_order = e == update_out_of_order || e == removal_out_of_order;
  // "If the binding does exist, the registrar checks the Call-ID value." Only then.
  if (was.visible && out_of_order)
    return result({true, plan::fail}, row_kind::race,
                  noted ? acts{answer_500, forget} : acts{answer_500});
  if (!removes) return result({was.visible, plan::keep}, row_kind::expected, {record});
  return result({was.visible, was.visible ? plan::drop : plan::nothing}, row_kind::expected,
                noted ? acts{forget} : acts{});
}

struct whole_matrix {
  expected of[state_count * symbol_count]{};
};
constexpr whole_matrix make_matrix() {
  whole_matrix m;
  for (std::size_t s = 0; s < state_count; ++s)
    for (std::size_t e = 0; e < symbol_count; ++e)
      m.of[s * symbol_count + e] =
          expect(static_cast<definition::state>(s), static_cast<definition::symbol>(e));
  return m;
}
constexpr whole_matrix matrix = make_matrix();
static_assert(ctsip_tests::is_complete<definition, aborted, roll_back>(matrix.of));
static_assert(ctsip_tests::agrees(matrix.of));

BOOST_AUTO_TEST_CASE(every_state_answers_every_symbol_as_rfc_3261_10_3_says) {
  ctsip_tests::check(matrix.of);
}

BOOST_AUTO_TEST_CASE(call_id_and_cseq_are_compared_as_10_3_step_7_says) {
  struct {
    binding_update said;
    definition::symbol is;
  } const cases[] = {
      {{.removes = false, .same_call_id = false, .higher_cseq = false}, update_by_other_call_id},
      {{.removes = false, .same_call_id = false, .higher_cseq = true}, update_by_other_call_id},
      {{.removes = false, .same_call_id = true, .higher_cseq = true}, update_in_order},
      {{.removes = false, .same_call_id = true, .higher_cseq = false}, update_out_of_order},
      {{.removes = true, .same_call_id = false, .higher_cseq = false}, removal_by_other_call_id},
      {{.removes = true, .same_call_id = false, .higher_cseq = true}, removal_by_other_call_id},
      {{.removes = true, .same_call_id = true, .higher_cseq = true}, removal_in_order},
      {{.removes = true, .same_call_id = true, .higher_cseq = false}, removal_out_of_order},
  };
  for (auto const& c : cases)
    BOOST_TEST(std::string(ctsip::name_of<definition>(definition::project(c.said))) ==
               std::string(ctsip::name_of<definition>(c.is)));
}

BOOST_AUTO_TEST_CASE(a_register_is_no_event_of_one_binding) {
  machine m;
  auto const step = m.process(ctsip::received<ctsip::messages::register_>::value);
  BOOST_TEST(!step.known());
  BOOST_TEST(m.is(absent));
}

BOOST_AUTO_TEST_CASE(a_binding_lives_from_its_first_register_to_its_expiry) {
  machine m;
  (void)m.process(update_by_other_call_id);
  BOOST_TEST(m.process(commit).does.has(tell_added));
  (void)m.process(update_in_order);
  BOOST_TEST(m.process(commit).does.has(tell_updated));
  BOOST_TEST(m.process(expired).does.has(tell_expired));
  BOOST_TEST(m.is(absent));
}

BOOST_AUTO_TEST_CASE(a_request_that_failed_is_not_committed_10_3_step_7) {
  reporting m{bound};
  BOOST_TEST(m.process(update_out_of_order).does.has(answer_500));
  BOOST_TEST(m.process(commit).refused());
  BOOST_TEST(m.is(aborted));
  auto const why = ctsip::explain<definition>(aborted, commit);
  BOOST_TEST(std::string(why.sentence) ==
             "a REGISTER committed of which one binding update has failed");
  BOOST_TEST(std::string(why.clause) == "RFC 3261 10.3");
  (void)m.process(roll_back);
  BOOST_TEST(m.is(bound));
}

BOOST_AUTO_TEST_CASE(of_a_contact_that_is_named_twice_the_last_counts) {
  reporting m{bound};
  (void)m.process(update_in_order);
  (void)m.process(removal_in_order);
  BOOST_TEST(m.process(commit).does.has(tell_removed));
  (void)m.process(removal_by_other_call_id); // of nothing
  BOOST_TEST(m.is(absent));
  (void)m.process(update_by_other_call_id);
  (void)m.process(removal_by_other_call_id);
  BOOST_TEST(m.is(absent));
}

BOOST_AUTO_TEST_CASE(no_sequence_of_requests_shows_what_was_not_committed) {
  std::mt19937 random{7};
  for (int run = 0; run < 200; ++run) {
    reporting m;
    bool visible = false;
    for (int request = 0; request < 20; ++request) {
      if (random() % 5 == 0) {
        (void)m.process(expired);
        visible = false;
      }
      for (unsigned n = random() % 4; n > 0; --n)
        (void)m.process(static_cast<definition::symbol>(random() % 6));
      bool const failed = m.is(aborted);
      bool const kept = m.is(bound) || m.is(tentatively_added) || m.is(tentatively_updated);
      if (failed || random() % 3 == 0) {
        (void)m.process(roll_back);
      } else {
        BOOST_TEST_REQUIRE(!m.process(commit).refused());
        visible = kept;
      }
      BOOST_TEST_REQUIRE(m.is(visible ? bound : absent));
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
