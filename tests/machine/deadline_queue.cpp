#include <ctsip/machine/deadline_queue.hpp>

#include <cstdint>
#include <map>
#include <random>
#include <type_traits>

#include <boost/test/unit_test.hpp>

using ctsip::deadline_queue;
using ctsip::instant;

BOOST_AUTO_TEST_SUITE(machine_deadline_queue)

BOOST_AUTO_TEST_CASE(an_index_is_as_small_as_the_capacity_allows) {
  static_assert(std::is_same_v<ctsip::small_index<1>, std::uint16_t>);
  static_assert(std::is_same_v<ctsip::small_index<65534>, std::uint16_t>);
  static_assert(std::is_same_v<ctsip::small_index<65535>, std::uint32_t>);
  static_assert(std::is_same_v<ctsip::small_index<100'000>, std::uint32_t>);
  BOOST_TEST(sizeof(deadline_queue<1000>) <= 1000u * 12 + 16);
}

BOOST_AUTO_TEST_CASE(nothing_is_due_at_first_and_never_is_no_deadline) {
  deadline_queue<3> q;
  BOOST_TEST(q.next().is_never());
  BOOST_TEST(q.first() == q.none);
  q.set(1, instant::never());
  BOOST_TEST(q.next().is_never());
  q.set(1, instant{5});
  q.set(1, instant::never());
  BOOST_TEST(q.next().is_never());
  BOOST_TEST(q.first() == q.none);
}

BOOST_AUTO_TEST_CASE(the_earliest_is_first_whatever_the_order) {
  deadline_queue<4> q;
  q.set(0, instant{30});
  q.set(1, instant{10});
  q.set(2, instant{20});
  q.set(3, instant{-5});
  BOOST_TEST(q.first() == 3);
  BOOST_TEST(q.next().count == -5);
  q.set(3, instant{40}); // moved back
  BOOST_TEST(q.first() == 1);
  q.set(0, instant{1}); // moved forward
  BOOST_TEST(q.first() == 0);
  q.set(0, instant::never());
  BOOST_TEST(q.first() == 1);
  q.set(2, instant::never()); // not the first
  q.set(1, instant::never());
  BOOST_TEST(q.first() == 3);
  BOOST_TEST(q.next().count == 40);
}

BOOST_AUTO_TEST_CASE(one_place_is_enough) {
  deadline_queue<1> q;
  for (int i = 0; i < 3; ++i) {
    q.set(0, instant{i});
    BOOST_TEST(q.first() == 0);
    BOOST_TEST(q.next().count == i);
    q.set(0, instant::never());
    BOOST_TEST(q.next().is_never());
  }
}

BOOST_AUTO_TEST_CASE(it_works_in_constant_evaluation) {
  constexpr auto first = [] {
    deadline_queue<5> q;
    for (int i = 0; i < 5; ++i) q.set(static_cast<std::size_t>(i), instant{100 - 10 * i});
    q.set(4, instant::never());
    return q.first();
  }();
  BOOST_TEST(first == 3);
}

namespace {

// The same thing without a heap.
template <std::size_t Capacity>
void compare_with_a_model(unsigned seed, int steps, std::int64_t spread) {
  std::mt19937 random{seed};
  deadline_queue<Capacity> q;
  std::map<std::size_t, std::int64_t> model;
  for (int step = 0; step < steps; ++step) {
    std::size_t const i = random() % Capacity;
    if (random() % 4 == 0) {
      q.set(i, instant::never());
      model.erase(i);
    } else {
      auto const due = static_cast<std::int64_t>(random()) % spread;
      q.set(i, instant{due});
      model[i] = due;
    }
    if (model.empty()) {
      BOOST_REQUIRE(q.next().is_never());
      BOOST_REQUIRE(q.first() == q.none);
      continue;
    }
    std::int64_t least = INT64_MAX;
    for (auto const& [index, due] : model) least = std::min(least, due);
    BOOST_REQUIRE(q.next().count == least);
    BOOST_REQUIRE(model.count(q.first()) == 1);
    BOOST_REQUIRE(model.at(q.first()) == least);
  }
  // Emptied from the front, all come out in order.
  std::int64_t last = INT64_MIN;
  for (; !q.next().is_never(); q.set(q.first(), instant::never())) {
    BOOST_REQUIRE(last <= q.next().count);
    last = q.next().count;
    BOOST_REQUIRE(model.erase(q.first()) == 1);
  }
  BOOST_TEST(model.empty());
}

} // namespace

BOOST_AUTO_TEST_CASE(random_operations_agree_with_a_model) {
  compare_with_a_model<1>(1, 200, 10);
  compare_with_a_model<2>(2, 2000, 5);
  compare_with_a_model<7>(3, 20'000, 20);
  compare_with_a_model<64>(4, 20'000, 1000);
  compare_with_a_model<300>(5, 20'000, INT64_MAX);
  compare_with_a_model<70'000>(6, 100, 50);
}

BOOST_AUTO_TEST_SUITE_END()
