#include <ctsip/transaction/store.hpp>

#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

using namespace ctsip;
using enum transaction_action;

namespace {

constexpr hash_seed seed{1, 2};

constexpr transaction_key key_of(std::uint64_t n) { return {n * 0x9e3779b97f4a7c15u}; }

constexpr event sent_invite = sent<messages::invite>::value;
constexpr event sent_bye = sent<messages::bye>::value;
constexpr event ringing = received<response<180>>::value;
constexpr event busy = received<response<486>>::value;

} // namespace

BOOST_AUTO_TEST_SUITE(transaction_store_)

BOOST_AUTO_TEST_CASE(a_transaction_takes_little_room) {
  constexpr std::size_t each =
      (sizeof(transaction_store<1000>) - sizeof(transaction_store<1>)) / 999;
  BOOST_TEST_MESSAGE(each << " bytes a transaction");
  static_assert(each <= 128);
}

BOOST_AUTO_TEST_CASE(it_is_empty_at_first) {
  transaction_store<4> s{seed};
  BOOST_TEST(s.size() == 0u);
  BOOST_TEST(s.capacity() == 4u);
  BOOST_TEST(!s.full());
  BOOST_TEST(s.next_timeout().is_never());
  BOOST_TEST(!s.find(key_of(1)));
  BOOST_TEST(!s.find_merged(key_of(1)));
  BOOST_TEST(!s.alive({}));
  BOOST_TEST(!s.handle_timeout(instant{1'000'000'000}).handle);
  BOOST_TEST(!s.handle_timeout(instant::never()).handle);
}

BOOST_AUTO_TEST_CASE(all_four_kinds_live_side_by_side) {
  transaction_store<4> s{seed};
  auto const a = s.add(transaction_kind::invite_client, key_of(1), transport::udp);
  auto const b = s.add(transaction_kind::invite_server, key_of(2), transport::tcp);
  auto const c = s.add(transaction_kind::non_invite_client, key_of(3), transport::tls);
  auto const d = s.add(transaction_kind::non_invite_server, key_of(4), transport::udp);
  BOOST_REQUIRE((a && b && c && d));
  BOOST_TEST(s.full());
  BOOST_TEST((s.kind(a) == transaction_kind::invite_client));
  BOOST_TEST((s.kind(b) == transaction_kind::invite_server));
  BOOST_TEST((s.kind(c) == transaction_kind::non_invite_client));
  BOOST_TEST((s.kind(d) == transaction_kind::non_invite_server));
  BOOST_TEST((s.over(a) == transport::udp));
  BOOST_TEST((s.over(b) == transport::tcp));
  BOOST_TEST((s.over(c) == transport::tls));
  BOOST_TEST(s.process(a, sent_invite, instant{0}).does.has(send_request));
  BOOST_TEST(s.process(b, received<messages::invite>::value, instant{0}).does.has(pass_request_up));
  BOOST_TEST(s.process(c, sent_bye, instant{0}).does.has(send_request));
  BOOST_TEST(
      s.process(d, received<messages::options>::value, instant{0}).does.has(pass_request_up));
  BOOST_TEST((s.state<invite_client>(a) == invite_client::state::calling));
  BOOST_TEST((s.state<invite_server>(b) == invite_server::state::proceeding));
  BOOST_TEST((s.state<non_invite_client>(c) == non_invite_client::state::trying));
  BOOST_TEST((s.state<non_invite_server>(d) == non_invite_server::state::trying));
}

BOOST_AUTO_TEST_CASE(a_full_store_gives_no_handle_and_changes_nothing) {
  transaction_store<2> s{seed};
  auto const a = s.add(transaction_kind::invite_client, key_of(1), transport::udp);
  auto const b = s.add(transaction_kind::invite_client, key_of(2), transport::udp);
  BOOST_TEST(s.full());
  BOOST_TEST(!s.add(transaction_kind::invite_client, key_of(3), transport::udp));
  BOOST_TEST(!s.add(transaction_kind::invite_client, key_of(3), transport::udp, key_of(4)));
  BOOST_TEST(s.size() == 2u);
  BOOST_TEST(!s.find(key_of(3)));
  BOOST_TEST(!s.find_merged(key_of(4)));
  BOOST_TEST((s.find(key_of(1)) == a));
  BOOST_TEST((s.find(key_of(2)) == b));
}

BOOST_AUTO_TEST_CASE(a_stale_handle_finds_nothing_and_harms_nothing) {
  transaction_store<1> s{seed};
  auto const old = s.add(transaction_kind::invite_client, key_of(1), transport::udp, key_of(7));
  s.remove(old);
  BOOST_TEST(!s.alive(old));
  BOOST_TEST(s.has_place(old)); // until another takes it
  BOOST_TEST(!s.find(key_of(1)));
  BOOST_TEST(!s.find_merged(key_of(7)));
  auto const now = s.add(transaction_kind::invite_client, key_of(2), transport::udp);
  BOOST_TEST(now.index == old.index);
  BOOST_TEST(now.generation != old.generation);
  BOOST_TEST(!s.alive(old));
  BOOST_TEST(!s.has_place(old));
  BOOST_TEST(s.alive(now));
  BOOST_TEST(s.has_place(now));
  auto const step = s.process(old, sent_invite, instant{0});
  BOOST_TEST(step.does.empty());
  BOOST_TEST(!step.ended);
  BOOST_TEST((s.state<invite_client>(now) == invite_client::state::initial));
  s.remove(old);
  BOOST_TEST(s.alive(now));
  BOOST_TEST(s.size() == 1u);
  // Made-up handles.
  BOOST_TEST(!s.alive({1, 0}));
  BOOST_TEST(!s.alive({UINT32_MAX - 1, 0}));
  BOOST_TEST(!s.has_place({1, 0}));
  BOOST_TEST(!s.has_place({}));
  BOOST_TEST(s.process({5, 5}, sent_invite, instant{0}).does.empty());
  s.remove({5, 5});
  s.remove({});
  BOOST_TEST(s.size() == 1u);
}

BOOST_AUTO_TEST_CASE(the_place_of_an_ended_transaction_is_used_again) {
  transaction_store<2> s{seed};
  for (std::uint64_t i = 0; i < 1000; ++i) {
    auto const h = s.add(transaction_kind::non_invite_client, key_of(i), transport::udp);
    BOOST_REQUIRE(h);
    BOOST_REQUIRE((s.find(key_of(i)) == h));
    if (i) BOOST_REQUIRE(!s.find(key_of(i - 1)));
    (void)s.process(h, sent_bye, instant{0});
    // Over UDP it waits T4 for retransmissions after the final response (17.1.2.2).
    (void)s.process(h, received<response<200, method::bye>>::value, instant{0});
    BOOST_REQUIRE(s.next_timeout().count == 5000);
    auto const fired = s.handle_timeout(instant{5000});
    BOOST_REQUIRE((fired.handle == h));
    BOOST_REQUIRE(fired.step.ended);
    BOOST_REQUIRE(s.size() == 0u);
  }
}

BOOST_AUTO_TEST_CASE(it_ends_within_the_step_over_a_reliable_transport_17_1_2_2) {
  transaction_store<1> s{seed};
  auto const h = s.add(transaction_kind::non_invite_client, key_of(1), transport::tcp);
  (void)s.process(h, sent_bye, instant{0});
  auto const step = s.process(h, received<response<200, method::bye>>::value, instant{9});
  BOOST_TEST(step.does.has(pass_response_up));
  BOOST_TEST(step.ended);
  BOOST_TEST(!s.alive(h));
  BOOST_TEST(s.next_timeout().is_never());
}

BOOST_AUTO_TEST_CASE(the_next_timeout_is_that_of_the_first_due_transaction) {
  transaction_store<3> s{seed};
  auto const a = s.add(transaction_kind::invite_client, key_of(1), transport::udp);
  auto const b = s.add(transaction_kind::invite_client, key_of(2), transport::udp);
  auto const c = s.add(transaction_kind::invite_client, key_of(3), transport::tcp);
  BOOST_TEST(s.next_timeout().is_never()); // nothing has happened to them
  (void)s.process(a, sent_invite, instant{300});
  (void)s.process(b, sent_invite, instant{100});
  (void)s.process(c, sent_invite, instant{0});
  BOOST_TEST(s.next_timeout().count == 600); // Timer A of b
  BOOST_TEST(!s.handle_timeout(instant{599}).handle);
  auto fired = s.handle_timeout(instant{600});
  BOOST_TEST((fired.handle == b));
  BOOST_TEST(fired.step.does.has(send_request));
  BOOST_TEST(s.next_timeout().count == 800); // of a
  (void)s.process(a, ringing, instant{700}); // stops A and B
  BOOST_TEST(s.next_timeout().count == 1600);
  (void)s.process(b, busy, instant{1000});      // Timer D
  BOOST_TEST(s.next_timeout().count == 32'000); // Timer B of c: over TCP there is no A
  fired = s.handle_timeout(instant{40'000});
  BOOST_TEST((fired.handle == c));
  BOOST_TEST(fired.step.does.has(inform_timeout));
  fired = s.handle_timeout(instant{40'000});
  BOOST_TEST((fired.handle == b));
  BOOST_TEST(fired.step.ended);
  BOOST_TEST(!s.handle_timeout(instant{40'000}).handle);
  BOOST_TEST(s.size() == 1u);
  BOOST_TEST(s.next_timeout().is_never());
}

BOOST_AUTO_TEST_CASE(other_timer_values_hold_for_all) {
  timer_values values;
  values.t1 = 100;
  transaction_store<1> s{seed, values};
  auto const h = s.add(transaction_kind::invite_client, key_of(1), transport::udp);
  (void)s.process(h, sent_invite, instant{0});
  BOOST_TEST(s.next_timeout().count == 100);
}

BOOST_AUTO_TEST_CASE(merged_requests_are_found_while_one_of_them_lives_8_2_2_2) {
  transaction_store<3> s{seed};
  auto const a = s.add(transaction_kind::invite_server, key_of(1), transport::udp, key_of(10));
  auto const b = s.add(transaction_kind::invite_server, key_of(2), transport::udp);
  BOOST_TEST((s.find_merged(key_of(10)) == a));
  BOOST_TEST(!s.find_merged(key_of(11)));
  s.remove(b);
  BOOST_TEST((s.find_merged(key_of(10)) == a));
  s.remove(a);
  BOOST_TEST(!s.find_merged(key_of(10)));
  // The place of one that had a merged key serves one that has none.
  auto const c = s.add(transaction_kind::invite_server, key_of(3), transport::udp);
  BOOST_TEST(!s.find_merged(key_of(10)));
  s.remove(c);
  BOOST_TEST(s.size() == 0u);
}

BOOST_AUTO_TEST_CASE(a_refused_command_goes_to_the_policy_and_moves_nothing) {
  transaction_store<2, on_violation::count> s{seed};
  auto const h = s.add(transaction_kind::invite_server, key_of(1), transport::udp);
  (void)s.process(h, received<messages::invite>::value, instant{0});
  (void)s.process(h, sent<response<486>>::value, instant{0});
  BOOST_TEST(s.policy().violations == 0u);
  auto const step = s.process(h, sent<response<200>>::value, instant{1});
  BOOST_TEST((step.kind == row_kind::refused));
  BOOST_TEST(step.does.empty());
  BOOST_TEST(s.policy().violations == 1u);
  BOOST_TEST((s.state<invite_server>(h) == invite_server::state::completed));
  auto const why = explain(transaction_kind::invite_server, step, sent<response<200>>::value);
  BOOST_TEST(std::string{why.sentence} == "a second final response to one INVITE");
  // What a peer does is never asked of the policy.
  (void)s.process(h, received<messages::ack>::value, instant{2});
  (void)s.process(h, received<messages::ack>::value, instant{3});
  BOOST_TEST(s.policy().violations == 1u);
}

BOOST_AUTO_TEST_CASE(an_event_of_another_kind_of_transaction_changes_nothing) {
  transaction_store<1> s{seed};
  auto const h = s.add(transaction_kind::invite_client, key_of(1), transport::udp);
  (void)s.process(h, sent_invite, instant{0});
  auto const step = s.process(h, received<messages::invite>::value, instant{1});
  BOOST_TEST(step.does.empty());
  BOOST_TEST((s.state<invite_client>(h) == invite_client::state::calling));
}

BOOST_AUTO_TEST_CASE(it_works_in_constant_evaluation) {
  constexpr auto sent_again = [] {
    transaction_store<3> s{seed};
    auto const h = s.add(transaction_kind::invite_client,
                         client_key(seed, "z9hG4bK1", method::invite), transport::udp);
    (void)s.process(h, sent_invite, instant{0});
    int times = 0;
    while (s.handle_timeout(s.next_timeout()).step.does.has(send_request)) ++times;
    return s.size() == 0 ? times : -1;
  }();
  // Timer A fires at 0.5, 1.5, 3.5, 7.5, 15.5 and 31.5 s, Timer B at 32 s (17.1.1.2).
  static_assert(sent_again == 6);
  BOOST_TEST(sent_again == 6);
}

namespace {

struct model_entry {
  std::uint64_t key;
  std::uint64_t merged; // 0: none
  transaction_handle handle;
  std::int64_t due; // of Timer A
};

} // namespace

BOOST_AUTO_TEST_CASE(look_up_and_timeouts_agree_with_a_model_over_many_adds_and_removes) {
  constexpr std::size_t capacity = 50;
  auto const s = std::make_unique<transaction_store<capacity>>(seed);
  std::vector<model_entry> model;
  std::mt19937 random{7};
  std::int64_t now = 0;
  for (int step = 0; step < 30'000; ++step) {
    // Few keys, many of which share a bucket.
    std::uint64_t const n = random() % 80;
    transaction_key const key{n / 8 << 32 | n % 8};
    auto const at =
        std::find_if(model.begin(), model.end(), [&](model_entry const& e) { return e.key == n; });
    auto const found = s->find(key);
    BOOST_REQUIRE(static_cast<bool>(found) == (at != model.end()));
    if (found) BOOST_REQUIRE((found == at->handle));
    now += random() % 3;
    if (at == model.end()) {
      std::uint64_t const merged = random() % 2 ? n + 1 : 0;
      auto const h = merged ? s->add(transaction_kind::invite_client, key, transport::udp,
                                     transaction_key{merged})
                            : s->add(transaction_kind::invite_client, key, transport::udp);
      BOOST_REQUIRE(static_cast<bool>(h) == (model.size() < capacity));
      if (!h) continue;
      BOOST_REQUIRE(h.index < capacity);
      (void)s->process(h, sent_invite, instant{now});
      model.push_back({n, merged, h, now + 500});
    } else if (random() % 2) {
      s->remove(at->handle);
      BOOST_REQUIRE(!s->alive(at->handle));
      model.erase(at);
    } else {
      (void)s->process(at->handle, ringing, instant{now});
      at->due = INT64_MAX;
    }
    BOOST_REQUIRE(s->size() == model.size());
    std::int64_t due = INT64_MAX;
    for (auto const& e : model) {
      due = std::min(due, e.due);
      BOOST_REQUIRE(s->alive(e.handle));
      if (e.merged) BOOST_REQUIRE((s->find_merged({e.merged}) == e.handle));
    }
    BOOST_REQUIRE(s->next_timeout().count == due);
    // Those that time out are ended here, so that each has its first Timer A only.
    while (s->next_timeout() <= instant{now}) {
      auto const fired = s->handle_timeout(instant{now});
      auto const e = std::find_if(model.begin(), model.end(),
                                  [&](model_entry const& x) { return x.handle == fired.handle; });
      BOOST_REQUIRE((e != model.end()));
      s->remove(fired.handle);
      model.erase(e);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
