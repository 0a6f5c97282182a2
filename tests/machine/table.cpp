#include <ctsip/machine/table.hpp>

#include <string>

#include <boost/test/unit_test.hpp>

#include "machine/lift.hpp"

BOOST_AUTO_TEST_SUITE(machine_table)

using ctsip::row_kind;
using ctsip::timer;
using ctsip_tests::lift;
using enum lift::state;
using enum lift::symbol;
using enum lift::action;
using in = lift::in;

constexpr std::uint32_t bit(auto e) { return std::uint32_t{1} << static_cast<unsigned>(e); }

BOOST_AUTO_TEST_CASE(a_row_holds_what_its_sentence_says) {
  constexpr in::row r = in{moving, slow}
                            .on(arrival, knock)
                            .does(ring, alarm)
                            .starts(timer::a, timer::b)
                            .doubles(timer::e)
                            .restarts_at_t2(timer::g)
                            .stops(timer::h, timer::ack_retransmission)
                            .rfc("RFC 9999 1")
                            .then(stopped);
  BOOST_TEST(r.from == (bit(moving) | bit(slow)));
  BOOST_TEST(r.on == (bit(arrival) | bit(knock)));
  BOOST_TEST(r.does == (bit(ring) | bit(alarm)));
  BOOST_TEST(r.timers.starts == (bit(timer::a) | bit(timer::b)));
  BOOST_TEST(r.timers.doubles == bit(timer::e));
  BOOST_TEST(r.timers.at_t2 == bit(timer::g));
  BOOST_TEST(r.timers.stops == (bit(timer::h) | bit(timer::ack_retransmission)));
  BOOST_TEST(r.to == static_cast<unsigned>(stopped));
  BOOST_TEST((r.kind == row_kind::expected));
  BOOST_TEST(std::string(r.clause) == "RFC 9999 1");
}

BOOST_AUTO_TEST_CASE(each_ending_makes_its_kind_of_row) {
  BOOST_TEST((in{moving}.on(knock).rfc("c").stay().kind == row_kind::expected));
  BOOST_TEST((in{moving}.on(knock).rfc("c").stay().to == in::row::stays));
  BOOST_TEST((in{moving}.on(knock).race("c").stay().kind == row_kind::race));
  constexpr in::row wrong = in{moving}.on(knock).peer_violation("s", "c").then(slow);
  BOOST_TEST((wrong.kind == row_kind::peer_violation));
  BOOST_TEST(std::string(wrong.sentence) == "s");
  BOOST_TEST(std::string(wrong.clause) == "c");
  constexpr in::row ignored = in{moving}.on(knock).ignored("why");
  BOOST_TEST((ignored.kind == row_kind::ignored));
  BOOST_TEST(ignored.to == in::row::stays);
  BOOST_TEST(std::string(ignored.sentence) == "why");
  constexpr in::row refused = in{moving}.on(call).refused("s", "c");
  BOOST_TEST((refused.kind == row_kind::refused));
  BOOST_TEST(refused.to == in::row::stays);
  BOOST_TEST(std::string(refused.sentence) == "s");
  BOOST_TEST(std::string(refused.clause) == "c");
}

// Templates, so that what does not compile is an answer and not an error.
template <class In, class... From>
concept begins_a_row = requires(From... from) {
  In{from...};
};
template <class In, class... On>
concept may_come_in = requires(In row, On... on) {
  row.on(on...);
};
template <class Builder, class... Do>
concept may_be_done = requires(Builder row, Do... acts) {
  row.does(acts...);
};
template <class Builder, class... Timers>
concept may_be_started = requires(Builder row, Timers... timers) {
  row.starts(timers...);
};
template <class Builder, class... Timers>
concept may_be_stopped = requires(Builder row, Timers... timers) {
  row.stops(timers...);
};

BOOST_AUTO_TEST_CASE(a_row_takes_no_enumerator_of_another_kind_in_any_place) {
  using state = lift::state;
  using symbol = lift::symbol;
  using action = lift::action;
  using builder = decltype(in{moving}.on(knock));
  BOOST_TEST((begins_a_row<in, state, state>));
  BOOST_TEST((may_come_in<in, symbol, symbol>));
  BOOST_TEST((may_be_done<builder, action, action>));
  BOOST_TEST((may_be_started<builder, timer, timer>));
  BOOST_TEST((may_be_stopped<builder, timer, timer>));

  BOOST_TEST((!begins_a_row<in, symbol>));
  BOOST_TEST((!may_come_in<in, state>));
  BOOST_TEST((!may_be_done<builder, symbol>));
  BOOST_TEST((!may_be_started<builder, symbol>));
  BOOST_TEST((!begins_a_row<in, state, symbol>));
  BOOST_TEST((!may_come_in<in, symbol, state>));
  BOOST_TEST((!may_be_done<builder, action, symbol>));
  BOOST_TEST((!may_be_started<builder, timer, symbol>));
  BOOST_TEST((!may_be_stopped<builder, timer, symbol>));
}

BOOST_AUTO_TEST_CASE(sizes_are_counted_from_the_rows) {
  using table = ctsip::detail::dense_table<lift>;
  static_assert(table::states == 4);
  static_assert(table::symbols == 7);
  static_assert(ctsip::detail::count_actions<lift>() == 3);
  static_assert(sizeof(ctsip::detail::dense<lift>) == 4u * 7u * 4u);
  BOOST_TEST(ctsip::detail::row_count<lift> == 13u);
}

BOOST_AUTO_TEST_CASE(the_dense_table_has_the_cell_of_each_row) {
  auto const& cells = ctsip::detail::dense<lift>.cells;
  auto const at = [&](lift::state s, lift::symbol e) {
    return cells[static_cast<std::size_t>(s) * 7 + static_cast<std::size_t>(e)];
  };
  auto const moved = at(waiting, call);
  BOOST_TEST(moved.next == static_cast<unsigned>(moving));
  BOOST_TEST(moved.does == bit(ring));
  BOOST_TEST(moved.row == 0u);
  auto const refused = at(slow, call);
  BOOST_TEST(refused.next == static_cast<unsigned>(slow));
  BOOST_TEST(refused.does == 0u);
  BOOST_TEST(refused.row == (8u | 0x80u));
  BOOST_TEST(at(slow, knock).next == static_cast<unsigned>(slow));
}

BOOST_AUTO_TEST_CASE(an_action_set_is_a_set) {
  using set = ctsip::action_set<lift::action>;
  constexpr set none;
  static_assert(none.empty() && !none.has(ring));
  constexpr set both = set{bit(ring)} | set{bit(alarm)};
  static_assert(both.has(ring) && both.has(alarm) && !both.has(open_door) && !both.empty());
  set grown{bit(ring)};
  grown |= set{bit(alarm)};
  BOOST_TEST((grown == both));
  BOOST_TEST(!(grown == none));
}

BOOST_AUTO_TEST_CASE(a_machine_that_goes_round_has_no_terminal_state) {
  for (auto s : {waiting, moving, slow, stopped}) BOOST_TEST(!ctsip::is_terminal<lift>(s));
}

BOOST_AUTO_TEST_SUITE_END()
