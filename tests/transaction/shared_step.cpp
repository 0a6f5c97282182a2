// The shared step of the store does what each kind's own machine with timers does.
#include <ctsip/transaction/shared_step.hpp>

#include <cstdint>
#include <random>

#include <boost/test/unit_test.hpp>

#include <ctsip/transaction/store.hpp>

using namespace ctsip;

namespace {

event any_event(std::mt19937& random) {
  auto const below = [&](unsigned n) { return static_cast<unsigned>(random() % n); };
  auto const way = static_cast<direction>(below(3));
  auto const m = below(2) ? method::invite : static_cast<method>(below(method_count + 1));
  auto const marks = below(2) ? mark::none : mark::reliable_transport;
  switch (below(4)) {
  case 0: return request_event(way, m);
  case 1:
    return response_event(way, static_cast<std::uint16_t>(100 * below(8) + below(3)), m, marks);
  case 2: return response_event(way, below(2) ? 408 : 1, m, marks);
  default:
    return below(4) ? timer_event(static_cast<timer>(below(timer_count))) : transport_error::value;
  }
}

template <class D>
void compare(transaction_kind kind, std::mt19937& random) {
  timer_values values;
  values.t1 = static_cast<std::int64_t>(random() % 900);
  values.t2 = static_cast<std::int64_t>(random() % 5000);
  auto const over = random() % 2 ? transport::udp : transport::tcp;
  transaction_store<1, on_violation::count> store{hash_seed{1, 2}, values};
  timed_machine<D, on_violation::count> machine;
  auto const h = store.add(kind, {7}, over);
  instant now{0};
  for (int i = 0; i < 40 && store.alive(h); ++i) {
    transaction_step got;
    step<D> expected{};
    if (random() % 3 == 0 && !store.next_timeout().is_never()) {
      now = store.next_timeout();
      got = store.handle_timeout(now).step;
      expected = machine.handle_timeout(now, over, values);
    } else {
      auto const e = any_event(random);
      got = store.process(h, e, now);
      expected = machine.process(e, now, over, values);
    }
    BOOST_REQUIRE((got.does == expected.does));
    BOOST_REQUIRE((got.kind == expected.kind()));
    BOOST_REQUIRE(got.ended == machine.terminated());
    BOOST_REQUIRE(store.policy().violations == machine.policy().violations);
    if (!store.alive(h)) break;
    BOOST_REQUIRE((store.template state<D>(h) == machine.current()));
    BOOST_REQUIRE((store.next_timeout() == machine.next_timeout()));
    now = now + milliseconds{static_cast<std::int64_t>(random() % 700)};
  }
}

} // namespace

BOOST_AUTO_TEST_SUITE(transaction_shared_step)

BOOST_AUTO_TEST_CASE(it_does_what_the_machine_of_each_kind_does_17_1_17_2) {
  std::mt19937 random{5};
  for (int i = 0; i < 3000; ++i) {
    compare<invite_client>(transaction_kind::invite_client, random);
    compare<invite_server>(transaction_kind::invite_server, random);
    compare<non_invite_client>(transaction_kind::non_invite_client, random);
    compare<non_invite_server>(transaction_kind::non_invite_server, random);
  }
}

BOOST_AUTO_TEST_SUITE_END()
