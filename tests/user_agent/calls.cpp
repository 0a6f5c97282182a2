// Whole calls between endpoints over a network that loses, doubles and delays datagrams.
// Whatever it does to them, every call ends, each side hears of it once, and nothing is left over.
#include "user_agent/virtual_network.hpp"

#include <map>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

using namespace ctsip;
using namespace ctsip_tests;

namespace {

constexpr message_body session{"application/sdp", "v=0\r\n"};

std::size_t last_events(std::vector<std::pair<user_event_kind, int>> const& events) {
  std::size_t n = 0;
  for (auto const& e : events)
    n += e.first == user_event_kind::rejected || e.first == user_event_kind::cancelled ||
         e.first == user_event_kind::ended || e.first == user_event_kind::failed;
  return n;
}

// A phone that rings and answers at once.
template <class Phone>
void answers(Phone& p) {
  p.on_event = [](auto& agent, user_event const& e, instant now) {
    if (e.kind != user_event_kind::incoming) return;
    (void)agent.ring(e.call, now);
    (void)agent.answer(e.call, session, now);
  };
}

struct pair_of_phones {
  virtual_network net;
  phone<> alice{1};
  phone<> bob{2};

  explicit pair_of_phones(unsigned seed = 1) : net{seed} {
    net.attach(alice);
    net.attach(bob);
  }
  call_handle call() {
    auto const h = alice.call(2, net.now);
    net.collect(alice);
    return h;
  }
};

} // namespace

BOOST_AUTO_TEST_SUITE(user_agent_calls)

BOOST_AUTO_TEST_CASE(a_call_that_either_side_ends) {
  for (bool const caller_ends : {true, false}) {
    pair_of_phones p;
    answers(p.bob);
    call_handle bobs;
    auto const answering = p.bob.on_event;
    p.bob.on_event = [&](auto& agent, user_event const& e, instant now) {
      bobs = e.call;
      answering(agent, e, now);
    };
    auto const h = p.call();
    p.net.run_for(100);
    BOOST_TEST(p.alice.count(user_event_kind::answered) == 1u);
    BOOST_TEST(p.bob.count(user_event_kind::confirmed) == 1u);
    // INVITE, 180, 200, ACK: nothing was sent twice.
    BOOST_TEST(p.net.carried == 4u);
    if (caller_ends)
      BOOST_TEST((p.alice.agent().hang_up(h, p.net.now) == sending::sent));
    else
      BOOST_TEST((p.bob.agent().hang_up(bobs, p.net.now) == sending::sent));
    p.net.collect(p.alice);
    p.net.collect(p.bob);
    p.net.run_for(100);
    BOOST_TEST(p.net.carried == 6u); // BYE, 200
    BOOST_TEST(p.alice.count(user_event_kind::ended) == 1u);
    BOOST_TEST(p.bob.count(user_event_kind::ended) == 1u);
    BOOST_TEST(p.alice.agent().live_calls() == 0u);
    BOOST_TEST(p.bob.agent().live_calls() == 0u);
    p.net.run_out();
    BOOST_TEST(p.alice.idle());
    BOOST_TEST(p.bob.idle());
    BOOST_TEST(p.net.carried == 6u);
  }
}

BOOST_AUTO_TEST_CASE(both_hang_up_at_the_same_moment) {
  pair_of_phones p;
  call_handle bobs;
  p.bob.on_event = [&](auto& agent, user_event const& e, instant now) {
    bobs = e.call;
    if (e.kind == user_event_kind::incoming) (void)agent.answer(e.call, session, now);
  };
  auto const h = p.call();
  p.net.run_for(100);
  (void)p.alice.agent().hang_up(h, p.net.now);
  (void)p.bob.agent().hang_up(bobs, p.net.now);
  p.net.collect(p.alice);
  p.net.collect(p.bob);
  p.net.run_out();
  BOOST_TEST(p.alice.count(user_event_kind::ended) == 1u);
  BOOST_TEST(p.bob.count(user_event_kind::ended) == 1u);
  BOOST_TEST(p.alice.idle());
  BOOST_TEST(p.bob.idle());
}

// At every moment of a call, from the INVITE under way to the session: the caller gives up. The
// CANCEL comes before the 180, crosses the 200, or has become a BYE.
BOOST_AUTO_TEST_CASE(the_caller_may_give_up_at_any_moment_9_1) {
  std::map<std::string, int> ends;
  for (std::int64_t at = 0; at <= 120; ++at) {
    pair_of_phones p;
    call_handle bobs;
    instant answer_at = instant::never();
    p.bob.on_event = [&](auto& agent, user_event const& e, instant now) {
      if (e.kind != user_event_kind::incoming) return;
      bobs = e.call;
      (void)agent.ring(e.call, now);
      answer_at = now + milliseconds{40};
    };
    auto const h = p.call();
    auto const start = p.net.now;
    bool hung_up = false;
    for (std::int64_t ms = 0; ms <= 200; ++ms) {
      p.net.run(start + milliseconds{ms});
      if (ms == at) {
        hung_up = p.alice.agent().hang_up(h, p.net.now) != sending::gone;
        p.net.collect(p.alice);
      }
      if (p.net.now == answer_at) {
        (void)p.bob.agent().answer(bobs, session, p.net.now);
        p.net.collect(p.bob);
      }
    }
    BOOST_TEST(hung_up);
    p.net.run_out();
    BOOST_TEST_CONTEXT(at) {
      BOOST_TEST(last_events(p.alice.events) == 1u);
      BOOST_TEST(last_events(p.bob.events) == 1u);
      BOOST_TEST(p.alice.idle());
      BOOST_TEST(p.bob.idle());
    }
    ++ends[name(p.alice.events.back().first) + std::string{", "} + name(p.bob.events.back().first)];
  }
  // Cancelled while it rang, and ended by a BYE later: both have happened.
  BOOST_TEST(ends["rejected, cancelled"] > 0);
  BOOST_TEST(ends["ended, ended"] > 0);
  BOOST_TEST(ends.size() == 2u);
}

BOOST_AUTO_TEST_CASE(a_lost_ack_is_sent_again_by_the_repeated_2xx_13_2_2_4) {
  pair_of_phones p;
  answers(p.bob);
  int acks = 0;
  p.net.drop = [&](std::string_view bytes, node const&) {
    return summary(bytes) == "ACK" && ++acks <= 3;
  };
  (void)p.call();
  p.net.run_for(10'000);
  BOOST_TEST(acks == 4);
  BOOST_TEST(p.bob.count(user_event_kind::confirmed) == 1u);
  BOOST_TEST(p.alice.count(user_event_kind::answered) == 1u);
}

BOOST_AUTO_TEST_CASE(a_lost_2xx_is_sent_again_13_3_1_4) {
  pair_of_phones p;
  answers(p.bob);
  int lost = 0;
  p.net.drop = [&](std::string_view bytes, node const&) {
    return summary(bytes) == "200 INVITE" && ++lost <= 4;
  };
  (void)p.call();
  p.net.run_for(10'000);
  BOOST_TEST(p.bob.count(user_event_kind::confirmed) == 1u);
  BOOST_TEST(p.alice.count(user_event_kind::answered) == 1u);
}

BOOST_AUTO_TEST_CASE(when_no_ack_ever_comes_through_the_callee_ends_the_call_13_3_1_4) {
  pair_of_phones p;
  answers(p.bob);
  p.net.drop = [&](std::string_view bytes, node const&) { return summary(bytes) == "ACK"; };
  (void)p.call();
  p.net.run_out();
  BOOST_TEST(p.bob.count(user_event_kind::failed) == 1u);
  BOOST_TEST(p.alice.count(user_event_kind::ended) == 1u);
  BOOST_TEST(last_events(p.bob.events) == 1u);
  BOOST_TEST(p.alice.idle());
  BOOST_TEST(p.bob.idle());
}

BOOST_AUTO_TEST_CASE(a_network_that_swallows_all_ends_in_a_timeout) {
  pair_of_phones p;
  p.net.loss = 100;
  auto const start = p.net.now.count;
  (void)p.call();
  p.net.run_out();
  BOOST_TEST((p.alice.events.back() == std::pair{user_event_kind::failed, 408}));
  BOOST_TEST(p.net.now.count - start == 32'000);
  BOOST_TEST(p.bob.events.empty());
  BOOST_TEST(p.alice.idle());
}

BOOST_AUTO_TEST_CASE(a_line_that_breaks_during_a_call_is_noticed_when_one_hangs_up) {
  pair_of_phones p;
  answers(p.bob);
  auto const h = p.call();
  p.net.run_for(1000);
  p.net.loss = 100;
  (void)p.alice.agent().hang_up(h, p.net.now);
  p.net.collect(p.alice);
  p.net.run_out();
  BOOST_TEST((p.alice.events.back() == std::pair{user_event_kind::ended, 408}));
  BOOST_TEST(p.alice.idle());
  BOOST_TEST(p.bob.agent().live_calls() == 1u); // it has no way to know
}

namespace {

constexpr endpoint_size busy{32, 128, 1300};

// Hundreds of calls between two phones whose users do anything at any time.
void storm(unsigned seed, unsigned loss, unsigned doubled, std::int64_t most_delay, int calls) {
  virtual_network net{seed};
  net.loss = loss;
  net.doubled = doubled;
  net.most_delay = most_delay;
  auto const alice = std::make_unique<phone<busy>>(std::uint8_t{1});
  auto const bob = std::make_unique<phone<busy>>(std::uint8_t{2});
  net.attach(*alice);
  net.attach(*bob);
  struct user {
    phone<busy>& p;
    std::vector<call_handle> calls{};
    std::map<std::pair<std::uint32_t, std::uint32_t>, int> ends{};
    std::vector<std::pair<std::uint32_t, std::uint32_t>> placed{};
  };
  user users[2]{{*alice}, {*bob}};
  std::size_t placed = 0;
  bool closing = false; // what comes in is refused
  std::size_t came = 0;
  std::size_t established = 0;
  std::size_t modified = 0;
  for (auto& u : users) {
    u.p.on_event = [&](auto& agent, user_event const& e, instant now) {
      auto const id = std::pair{e.call.index, e.call.generation};
      BOOST_REQUIRE_MESSAGE(u.ends[id] == 0, "an event after the end");
      switch (e.kind) {
      case user_event_kind::incoming:
        ++came;
        if (closing) {
          (void)agent.reject(e.call, 480, now);
          break;
        }
        u.calls.push_back(e.call);
        if (net.draw(2)) (void)agent.ring(e.call, now);
        if (net.draw(4) == 0) (void)agent.ring(e.call, now, 183, session, reliability::reliable);
        if (net.draw(3) == 0) {
          auto const result = agent.answer(e.call, session, now);
          BOOST_REQUIRE((result == sending::sent || result == sending::deferred));
        }
        break;
      case user_event_kind::modification:
        if (net.draw(4))
          (void)agent.accept_modification(e.call, session, now);
        else if (net.draw(2))
          (void)agent.reject_modification(e.call, 488, now);
        break;
      case user_event_kind::modified: ++modified; break;
      case user_event_kind::answered: ++established; break;
      case user_event_kind::rejected:
      case user_event_kind::cancelled:
      case user_event_kind::ended:
      case user_event_kind::failed: ++u.ends[id]; break;
      default: break;
      }
    };
  }
  for (int round = 0; round < calls; ++round) {
    auto& caller = users[net.draw(2)];
    auto const h = caller.p.call(&caller == &users[0] ? 2 : 1, net.now);
    net.collect(caller.p);
    if (h) {
      caller.calls.push_back(h);
      caller.placed.emplace_back(h.index, h.generation);
      ++placed;
    }
    net.run_for(net.draw(4000));
    for (auto& u : users) {
      for (auto const& c : u.calls) {
        switch (net.draw(16)) {
        case 0:
        case 1: (void)u.p.agent().hang_up(c, net.now); break;
        case 2:
        case 3: (void)u.p.agent().answer(c, session, net.now); break;
        case 4: (void)u.p.agent().reject(c, 486, net.now); break;
        case 5: (void)u.p.agent().ring(c, net.now); break;
        case 6:
        case 7: (void)u.p.agent().modify(c, session, net.now); break;
        default: break;
        }
        net.collect(u.p);
      }
      BOOST_REQUIRE(u.p.agent().live_calls() <= busy.calls);
    }
  }
  // Everybody goes home.
  for (auto& u : users)
    for (auto const& c : u.calls) {
      (void)u.p.agent().hang_up(c, net.now);
      net.collect(u.p);
    }
  closing = true;
  net.run_for(200'000);
  // Peers that never learned of the end (their BYE was lost ten times) hang up themselves.
  for (auto& u : users)
    for (auto const& c : u.calls) {
      (void)u.p.agent().hang_up(c, net.now);
      net.collect(u.p);
    }
  net.run_out();
  BOOST_TEST_CONTEXT("seed " << seed << ", " << placed << " placed, " << came << " came, "
                             << established << " established, " << net.carried << " carried") {
    for (auto& u : users) {
      BOOST_TEST(u.p.agent().live_calls() == 0u);
      BOOST_TEST(u.p.idle());
      BOOST_TEST(u.p.agent().counts().malformed == 0u);
      for (auto const& id : u.placed) BOOST_TEST(u.ends[id] == 1);
    }
    BOOST_TEST(placed > static_cast<std::size_t>(calls) / 3);
    BOOST_TEST(established > 0u);
    BOOST_TEST(modified > 0u);
  }
}

} // namespace

BOOST_AUTO_TEST_CASE(hundreds_of_calls_over_a_good_network_leave_nothing_behind) {
  storm(1, 0, 0, 10, 200);
}

BOOST_AUTO_TEST_CASE(hundreds_of_calls_with_loss_leave_nothing_behind) {
  for (unsigned seed = 10; seed < 15; ++seed) storm(seed, 20, 0, 10, 100);
}

BOOST_AUTO_TEST_CASE(hundreds_of_calls_with_loss_doubling_and_overtaking_leave_nothing_behind) {
  for (unsigned seed = 20; seed < 25; ++seed) storm(seed, 20, 20, 900, 100);
  storm(30, 50, 30, 3000, 100);
  storm(31, 5, 50, 7000, 100);
}

BOOST_AUTO_TEST_SUITE_END()
