// The virtual network itself: each of its faults, its clock, and that one seed gives one history.
#include <ctsip/testing/virtual_network.hpp>

#include <algorithm>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "user_agent/messages.hpp"

using namespace ctsip;
using ctsip_tests::ip;
using ctsip_tests::summary;

namespace {

constexpr message_body session{"application/sdp", "v=0\r\n"};

// An agent of the simplest kind: sends what it is given and keeps what comes.
struct mailbox {
  struct letter {
    std::string bytes;
    std::int64_t at;
    address from;
  };
  std::deque<datagram> out{};
  std::vector<letter> in{};
  std::vector<std::int64_t> fired{};
  instant alarm{instant::never()};
  std::size_t refused{};
  std::vector<std::pair<address, std::int64_t>> closed{};

  void send(std::string_view bytes, address const& to, transport over = transport::udp) {
    out.push_back({bytes, to, over, {}});
  }
  void receive(std::string_view bytes, address const& from, transport, instant now) {
    in.push_back({std::string{bytes}, now.count, from});
  }
  instant next_timeout() const { return alarm; }
  void handle_timeout(instant now) {
    fired.push_back(now.count);
    alarm = instant::never();
  }
  bool poll_transmit(datagram& d) {
    if (out.empty()) return false;
    d = out.front();
    out.pop_front();
    return true;
  }
  void handle_transport_error(datagram const&, instant) { ++refused; }
  void handle_closed(address const& peer, instant now) { closed.emplace_back(peer, now.count); }
};

using network = virtual_network<network_size{3, 2000, 1500}>;

// From a to b, over that link, numbered.
struct line {
  std::unique_ptr<network> net;
  mailbox a{};
  mailbox b{};
  network_node at_a{};
  network_node at_b{};
  std::vector<std::string> letters{};

  explicit line(network_link const& link, std::uint64_t seed = 1)
      : net{std::make_unique<network>(seed)} {
    at_a = net->attach(a, ip(1));
    at_b = net->attach(b, ip(2));
    net->set_link(at_a, at_b, link);
    for (int i = 0; i < 1000; ++i) letters.push_back("letter " + std::to_string(1000 + i));
  }
  void send_all(transport over = transport::udp) {
    for (auto const& l : letters) a.send(l, ip(2), over);
    BOOST_TEST(net->run_out());
  }
  bool in_order() const {
    return std::is_sorted(b.in.begin(), b.in.end(),
                          [](auto const& x, auto const& y) { return x.bytes < y.bytes; });
  }
};

// Two endpoints whose users do as little as makes a call.
struct phones {
  using agent_type = endpoint<endpoint_size{2, 8, 1300}>;
  virtual_network<> net;
  agent_type alice{{{{1, 2}, "192.0.2.1", {}, {}}, "sip:alice@192.0.2.1"}};
  agent_type bob{{{{3, 4}, "192.0.2.2", {}, {}}, "sip:bob@192.0.2.2"}};
  std::vector<user_event_kind> alice_heard{};
  std::vector<user_event_kind> bob_heard{};
  struct caller {
    phones& p;
    void operator()(user_event const& e, instant now) {
      p.alice_heard.push_back(e.kind);
      if (e.kind == user_event_kind::answered) (void)p.alice.hang_up(e.call, now);
    }
  } caller_{*this};
  struct callee {
    phones& p;
    void operator()(user_event const& e, instant now) {
      p.bob_heard.push_back(e.kind);
      if (e.kind != user_event_kind::incoming) return;
      (void)p.bob.ring(e.call, now);
      (void)p.bob.answer(e.call, session, now);
    }
  } callee_{*this};

  explicit phones(std::uint64_t seed) : net{seed} {
    net.attach(alice, ip(1), caller_);
    net.attach(bob, ip(2), callee_);
  }
  void call() {
    (void)alice.call({"sip:bob@192.0.2.2", "sip:alice@192.0.2.1", ip(2), transport::udp, session},
                     net.now());
  }
};

} // namespace

BOOST_AUTO_TEST_SUITE(testing_virtual_network)

BOOST_AUTO_TEST_CASE(a_call_over_a_good_network) {
  phones p{1};
  std::vector<std::string> seen;
  auto watch = [&](transit const& t) {
    seen.push_back(summary(t.bytes));
    return true;
  };
  p.net.intercept(watch);
  p.call();
  BOOST_TEST(p.net.run_for({200}) == false); // the transactions still wait
  std::vector<std::string> const expected{"INVITE", "180 INVITE", "200 INVITE",
                                          "ACK",    "BYE",        "200 BYE"};
  BOOST_TEST(seen == expected, boost::test_tools::per_element());
  BOOST_TEST(p.net.now().count == 200);
  BOOST_TEST(p.net.run_out());
  BOOST_TEST(p.net.counts().sent == 6u);
  BOOST_TEST(p.net.counts().delivered == 6u);
  BOOST_TEST((p.alice_heard.back() == user_event_kind::ended));
  BOOST_TEST((p.bob_heard.back() == user_event_kind::ended));
  BOOST_TEST(p.alice.live_transactions() + p.bob.live_transactions() == 0u);
  BOOST_TEST(p.alice.live_calls() + p.bob.live_calls() == 0u);
  BOOST_TEST(p.net.next().is_never());
}

BOOST_AUTO_TEST_CASE(what_is_sent_arrives_whole_after_the_delay_and_from_its_sender) {
  line l{{.delay = {25}}};
  l.send_all();
  BOOST_REQUIRE(l.b.in.size() == 1000u);
  for (std::size_t i = 0; i < 1000; ++i) {
    BOOST_REQUIRE(l.b.in[i].bytes == l.letters[i]);
    BOOST_REQUIRE(l.b.in[i].at == 25);
    BOOST_REQUIRE((l.b.in[i].from == ip(1)));
  }
  BOOST_TEST(l.net->now().count == 25);
  BOOST_TEST(l.a.in.empty());
}

BOOST_AUTO_TEST_CASE(a_link_loses_its_share) {
  line l{{.loss = 200}};
  l.send_all();
  BOOST_TEST(l.b.in.size() == 1000 - l.net->counts().lost);
  BOOST_TEST(l.net->counts().lost > 150u);
  BOOST_TEST(l.net->counts().lost < 250u);
  line all{{.loss = 1000}};
  all.send_all();
  BOOST_TEST(all.b.in.empty());
  BOOST_TEST(all.net->counts().lost == 1000u);
}

BOOST_AUTO_TEST_CASE(a_link_is_one_way) {
  line l{{.loss = 1000}};
  l.b.send("back", ip(1));
  BOOST_TEST(l.net->run_out());
  BOOST_TEST(l.a.in.size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_link_doubles_its_share) {
  line l{{.duplication = 300}};
  l.send_all();
  BOOST_TEST(l.b.in.size() == 1000 + l.net->counts().duplicated);
  BOOST_TEST(l.net->counts().duplicated > 250u);
  BOOST_TEST(l.net->counts().duplicated < 350u);
}

BOOST_AUTO_TEST_CASE(without_jitter_and_reordering_nothing_overtakes) {
  line l{{.delay = {5}, .loss = 100, .duplication = 100}};
  l.send_all();
  BOOST_TEST(l.in_order());
}

BOOST_AUTO_TEST_CASE(what_is_held_back_is_overtaken) {
  line l{{.delay = {5}, .reordering = 100, .held_back = {40}}};
  l.send_all();
  BOOST_TEST(!l.in_order());
  BOOST_TEST(l.b.in.size() == 1000u);
  auto const late = static_cast<std::uint64_t>(
      std::count_if(l.b.in.begin(), l.b.in.end(), [](auto const& m) { return m.at == 45; }));
  BOOST_TEST(late == l.net->counts().reordered);
  BOOST_TEST(late > 60u);
  BOOST_TEST(late < 140u);
}

BOOST_AUTO_TEST_CASE(with_jitter_each_takes_its_own_time) {
  line l{{.delay = {10}, .jitter = {90}}};
  l.send_all();
  BOOST_TEST(!l.in_order());
  auto const [first, last] = std::minmax_element(
      l.b.in.begin(), l.b.in.end(), [](auto const& x, auto const& y) { return x.at < y.at; });
  BOOST_TEST(first->at >= 10);
  BOOST_TEST(first->at < 20);
  BOOST_TEST(last->at <= 100);
  BOOST_TEST(last->at > 90);
  // They come in the order of the time.
  BOOST_TEST(std::is_sorted(l.b.in.begin(), l.b.in.end(),
                            [](auto const& x, auto const& y) { return x.at < y.at; }));
}

BOOST_AUTO_TEST_CASE(corruption_flips_up_to_four_bits_and_no_more) {
  line l{{.corruption = 500}};
  l.send_all();
  BOOST_REQUIRE(l.b.in.size() == 1000u);
  std::size_t damaged = 0;
  for (std::size_t i = 0; i < 1000; ++i) {
    BOOST_REQUIRE(l.b.in[i].bytes.size() == l.letters[i].size());
    int bits = 0;
    for (std::size_t k = 0; k < l.letters[i].size(); ++k)
      for (int bit = 0; bit < 8; ++bit) bits += (l.b.in[i].bytes[k] ^ l.letters[i][k]) >> bit & 1;
    BOOST_REQUIRE(bits <= 4);
    damaged += bits != 0;
  }
  // Two flips of the same bit are none.
  BOOST_TEST(damaged <= l.net->counts().corrupted);
  BOOST_TEST(damaged + 20 > l.net->counts().corrupted);
  BOOST_TEST(l.net->counts().corrupted > 440u);
  BOOST_TEST(l.net->counts().corrupted < 560u);
}

BOOST_AUTO_TEST_CASE(truncation_cuts_off_the_end) {
  line l{{.truncation = 500}};
  l.send_all();
  BOOST_REQUIRE(l.b.in.size() == 1000u);
  std::size_t shorter = 0;
  for (std::size_t i = 0; i < 1000; ++i) {
    shorter += l.b.in[i].bytes.size() < l.letters[i].size();
    BOOST_REQUIRE(l.letters[i].compare(0, l.b.in[i].bytes.size(), l.b.in[i].bytes) == 0);
  }
  BOOST_TEST(shorter == l.net->counts().truncated);
  BOOST_TEST(shorter > 440u);
  BOOST_TEST(shorter < 560u);
}

BOOST_AUTO_TEST_CASE(a_link_that_refuses_tells_the_sender_18_4) {
  line l{{.refuses = true}};
  l.send_all();
  BOOST_TEST(l.a.refused == 1000u);
  BOOST_TEST(l.net->counts().refused == 1000u);
  BOOST_TEST(l.b.in.empty());
  phones p{1};
  p.net.set_links({.refuses = true});
  p.call();
  BOOST_TEST(p.net.run_out());
  BOOST_TEST(p.alice_heard.size() == 1u);
  BOOST_TEST((p.alice_heard.back() == user_event_kind::failed));
}

BOOST_AUTO_TEST_CASE(a_reliable_transport_delivers_whole_once_and_in_order_17) {
  line l{{.delay = {5},
          .jitter = {200},
          .loss = 500,
          .duplication = 500,
          .reordering = 500,
          .corruption = 500,
          .truncation = 500}};
  l.send_all(transport::tcp);
  BOOST_REQUIRE(l.b.in.size() == 1000u);
  BOOST_TEST(l.in_order());
  for (std::size_t i = 0; i < 1000; ++i) BOOST_REQUIRE(l.b.in[i].bytes == l.letters[i]);
}

namespace {

std::string joined(std::vector<mailbox::letter> const& letters) {
  std::string all;
  for (auto const& l : letters) all += l.bytes;
  return all;
}
std::string joined(std::vector<std::string> const& letters) {
  std::string all;
  for (auto const& l : letters) all += l;
  return all;
}

} // namespace

// "TCP [...] byte stream": what was sent arrives, in order, and its pieces end anywhere (18.3).
BOOST_AUTO_TEST_CASE(a_stream_arrives_in_order_in_pieces_that_end_anywhere_18_3) {
  line l{{.delay = {5}, .loss = 500, .duplication = 500, .corruption = 500, .piece = 20}};
  l.letters.resize(500);
  l.send_all(transport::tcp);
  BOOST_TEST((joined(l.b.in) == joined(l.letters)));
  std::size_t shorter = 0, across = 0, longest = 0;
  for (auto const& piece : l.b.in) {
    shorter += piece.bytes.size() < l.letters[0].size();
    across += piece.bytes.find('l') != 0 && piece.bytes.find("letter") != std::string::npos;
    longest = std::max(longest, piece.bytes.size());
  }
  BOOST_TEST(shorter > 150u); // a part of a letter
  BOOST_TEST(across > 50u);   // the end of one and the beginning of the next
  BOOST_TEST(longest > 20u);
  BOOST_TEST(l.net->counts().pieces > 500u);
  BOOST_TEST(l.b.closed.empty());
  // A datagram is whole all the same.
  l.b.in.clear();
  l.a.send(l.letters[0], ip(2));
  BOOST_TEST(l.net->run_out());
  BOOST_TEST_REQUIRE(l.net->counts().lost <= 1u);
  for (auto const& got : l.b.in) BOOST_TEST(got.bytes.size() == l.letters[0].size());
}

BOOST_AUTO_TEST_CASE(a_stream_of_single_bytes_arrives_byte_by_byte_or_joined) {
  line l{{.delay = {5}, .piece = 1}};
  l.letters.resize(100);
  l.send_all(transport::tcp);
  BOOST_TEST((joined(l.b.in) == joined(l.letters)));
  BOOST_TEST(l.net->counts().pieces == joined(l.letters).size());
  BOOST_TEST(l.b.in.size() < l.net->counts().pieces);
}

// Who closes is told at once and hears nothing more; what it has sent arrives before its end.
BOOST_AUTO_TEST_CASE(a_stream_that_is_closed_ends_for_both) {
  for (std::size_t const piece : {std::size_t{0}, std::size_t{7}}) {
    line l{{.delay = {20}, .piece = piece}};
    l.net->set_link(l.at_b, l.at_a, {.delay = {20}, .piece = piece});
    l.a.send("from a", ip(2), transport::tcp);
    l.b.send("from b", ip(1), transport::tcp);
    l.b.send("a datagram", ip(1));
    (void)l.net->run_for({5});
    l.net->close(l.at_a, l.at_b);
    BOOST_TEST_REQUIRE(l.a.closed.size() == 1u);
    BOOST_TEST((l.a.closed[0].first == ip(2)));
    BOOST_TEST(l.b.closed.empty());
    l.a.send("another stream", ip(2), transport::tcp);
    BOOST_TEST(l.net->run_out());
    BOOST_TEST(joined(l.b.in) == "from aanother stream");
    BOOST_TEST_REQUIRE(l.b.closed.size() == 1u);
    BOOST_TEST((l.b.closed[0] == std::pair{ip(1), std::int64_t{25}}));
    BOOST_TEST(joined(l.a.in) == "a datagram");
    BOOST_TEST(l.net->counts().cut_off >= 1u);
    BOOST_TEST(l.net->counts().closed == 1u);
    // It goes on in both directions.
    l.b.send("again", ip(1), transport::tcp);
    BOOST_TEST(l.net->run_out());
    BOOST_TEST(joined(l.a.in) == "a datagramagain");
    BOOST_TEST(l.a.closed.size() + l.b.closed.size() == 2u);
  }
}

BOOST_AUTO_TEST_CASE(both_may_close_at_the_same_moment) {
  line l{{.delay = {20}}};
  l.a.send("a", ip(2), transport::tcp);
  l.b.send("b", ip(1), transport::tcp);
  (void)l.net->run_for({5});
  l.net->close(l.at_a, l.at_b);
  l.net->close(l.at_b, l.at_a);
  l.net->close({}, l.at_a); // of nobody
  BOOST_TEST(l.net->run_out());
  BOOST_TEST(l.a.in.empty());
  BOOST_TEST(l.b.in.empty());
  BOOST_TEST(l.net->counts().cut_off == 2u);
  // Who has closed first hears that the other's stream is not his.
  BOOST_TEST(l.a.closed.size() == 2u);
  BOOST_TEST(l.b.closed.size() == 1u);
  l.a.send("a", ip(2), transport::tcp);
  l.b.send("b", ip(1), transport::tcp);
  BOOST_TEST(l.net->run_out());
  BOOST_TEST(l.a.in.size() == 1u);
  BOOST_TEST(l.b.in.size() == 1u);
}

// What arrives of a message that was cut off is its beginning, and the end of the stream after it.
BOOST_AUTO_TEST_CASE(a_link_closes_streams_in_the_middle_of_messages) {
  line l{{.delay = {5}, .piece = 4, .closing = 50}};
  l.letters.resize(400);
  l.send_all(transport::tcp);
  auto const& counts = l.net->counts();
  BOOST_TEST(counts.closed > 30u);
  BOOST_TEST(l.a.closed.size() == counts.closed);
  BOOST_TEST(l.b.closed.size() == counts.closed);
  auto const all = joined(l.b.in);
  BOOST_TEST(all.size() < joined(l.letters).size());
  // Those that are there are in order.
  std::string const number = "letter ";
  std::string last;
  std::size_t whole = 0;
  for (auto at = all.find(number); at != std::string::npos; at = all.find(number, at + 1)) {
    auto const text = all.substr(at, 11);
    if (text.find('l', 1) != std::string::npos || text.size() < 11) continue;
    BOOST_TEST_REQUIRE(last < text);
    last = text;
    ++whole;
  }
  BOOST_TEST(whole > 150u);
  BOOST_TEST(whole < 350u);
}

BOOST_AUTO_TEST_CASE(what_finds_no_room_or_nobody_is_lost_and_counted) {
  virtual_network<network_size{1, 4, 10}> net{1};
  mailbox a;
  BOOST_TEST(static_cast<bool>(net.attach(a, ip(1))));
  mailbox b;
  BOOST_TEST(!net.attach(b, ip(2)));
  a.send("a", ip(2));
  BOOST_TEST(net.run_out());
  BOOST_TEST(net.counts().nowhere == 1u);
  a.send("longer than ten", ip(1));
  for (int i = 0; i < 6; ++i) a.send("a", ip(1));
  BOOST_TEST(!net.run_for({0}));
  BOOST_TEST(net.under_way() == 4u);
  BOOST_TEST(net.counts().overflown == 3u);
  BOOST_TEST(net.run_out());
  BOOST_TEST(a.in.size() == 4u);
  // The places are free again.
  for (int i = 0; i < 4; ++i) a.send("a", ip(1));
  BOOST_TEST(net.run_out());
  BOOST_TEST(a.in.size() == 8u);
  BOOST_TEST(net.counts().overflown == 3u);
}

// The end of a stream for which there is no room either comes later.
BOOST_AUTO_TEST_CASE(a_stream_that_closes_for_want_of_room_ends_for_both) {
  for (std::size_t const sent : {2, 3, 4}) {
    for (bool const closes : {false, true}) {
      virtual_network<network_size{2, 2, 1500}> net{1};
      mailbox a, b;
      auto const at_a = net.attach(a, ip(1));
      auto const at_b = net.attach(b, ip(2));
      for (std::size_t i = 0; i != sent; ++i) a.send("a", ip(2), transport::tcp);
      (void)net.run_for({1});
      if (closes) net.close(at_a, at_b);
      BOOST_TEST(a.closed.size() == sent - 2 + closes);
      BOOST_TEST(b.closed.empty());
      BOOST_TEST(net.run_out());
      BOOST_TEST(joined(b.in) == "aa");
      // Of a stream that began where there was no room the other side has not heard.
      BOOST_TEST(b.closed.size() == (a.closed.empty() ? 0u : 1u));
      BOOST_TEST(net.counts().overflown == sent - 2);
      b.send("b", ip(1), transport::tcp);
      a.send("again", ip(2), transport::tcp);
      BOOST_TEST(net.run_out());
      BOOST_TEST(joined(a.in) == "b");
      BOOST_TEST(joined(b.in) == "aaagain");
      BOOST_TEST(b.closed.size() == (a.closed.empty() ? 0u : 1u));
    }
  }
}

BOOST_AUTO_TEST_CASE(the_interceptor_stops_what_the_test_is_about) {
  phones p{1};
  int byes = 0;
  auto const stop = [&](transit const& t) { return summary(t.bytes) != "BYE" || ++byes > 3; };
  p.net.intercept(stop);
  p.call();
  BOOST_TEST(p.net.run_out());
  BOOST_TEST(p.net.counts().stopped == 3u);
  BOOST_TEST(byes == 4);
  BOOST_TEST((p.bob_heard.back() == user_event_kind::ended));
}

BOOST_AUTO_TEST_CASE(what_is_injected_arrives_whatever_the_links_are) {
  line l{{.loss = 1000}};
  BOOST_TEST(l.net->inject("forged", ip(9), ip(2), transport::udp, {7}));
  BOOST_TEST(l.net->run_out());
  BOOST_REQUIRE(l.b.in.size() == 1u);
  BOOST_TEST(l.b.in[0].bytes == "forged");
  BOOST_TEST(l.b.in[0].at == 7);
  BOOST_TEST((l.b.in[0].from == ip(9)));
  BOOST_TEST(!l.net->inject(std::string(1501, 'x'), ip(9), ip(2)));
}

BOOST_AUTO_TEST_CASE(the_clock_goes_from_one_thing_to_the_next) {
  line l{{.delay = {10}}};
  l.a.alarm = {5};
  l.b.alarm = {3'600'000};
  l.a.send("a", ip(2));
  BOOST_TEST((l.net->next() == instant{5})); // what is not sent yet, it cannot know
  BOOST_TEST(!l.net->run_until({4}));
  BOOST_TEST(l.net->now().count == 4);
  BOOST_TEST(l.a.fired.empty());
  BOOST_TEST(!l.net->run_out({20}));
  BOOST_TEST(l.net->now().count == 10);
  BOOST_TEST(l.a.fired == std::vector<std::int64_t>{5}, boost::test_tools::per_element());
  BOOST_TEST(l.net->run_out());
  BOOST_TEST(l.net->now().count == 3'600'000);
  BOOST_TEST(l.net->run_for({1000}));
  BOOST_TEST(l.net->now().count == 3'601'000);
  BOOST_TEST(l.b.fired.size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_timer_that_is_due_already_fires_at_once) {
  network net{1, {1000}};
  mailbox a;
  net.attach(a, ip(1));
  a.alarm = {400};
  BOOST_TEST(net.run_out());
  BOOST_TEST(a.fired == std::vector<std::int64_t>{1000}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_datagram_comes_before_a_timer_of_the_same_time) {
  line l{{.delay = {10}}};
  l.a.send("a", ip(2));
  l.b.alarm = {10};
  struct order {
    std::string log{};
    void operator()(mailbox& m, instant) { log += m.fired.empty() ? 'd' : 't'; }
  } seen;
  network net{1};
  net.attach(l.a, ip(1));
  net.attach(l.b, ip(2), seen);
  BOOST_TEST(net.run_out());
  BOOST_TEST(seen.log == "dt");
}

BOOST_AUTO_TEST_CASE(an_agent_that_never_rests_is_noticed) {
  struct restless : mailbox {
    void handle_timeout(instant) {}
  } agent;
  agent.alarm = {50};
  network net{1};
  net.attach(agent, ip(1));
  BOOST_TEST(!net.run_out());
  BOOST_TEST(net.stalled());
  BOOST_TEST(net.now().count == 50);
  agent.alarm = instant::never();
  BOOST_TEST(net.run_out());
  BOOST_TEST(!net.stalled());
}

BOOST_AUTO_TEST_CASE(a_user_may_command_any_agent_at_any_time) {
  line l{{}};
  network net{1};
  auto relay = [&](mailbox& m, instant) {
    if (m.in.size() == 1) l.a.send("on behalf of a", ip(2));
  };
  net.attach(l.a, ip(1));
  net.attach(l.b, ip(2), relay);
  l.a.send("first", ip(2));
  BOOST_TEST(net.run_out());
  BOOST_REQUIRE(l.b.in.size() == 2u);
  BOOST_TEST(l.b.in[1].bytes == "on behalf of a");
}

namespace {

constexpr network_link bad{.delay = {20},
                           .jitter = {300},
                           .loss = 200,
                           .duplication = 100,
                           .reordering = 100,
                           .corruption = 50,
                           .truncation = 50};

std::uint64_t history(std::uint64_t seed, network_link const& link, std::uint64_t note = 0) {
  phones p{seed};
  p.net.set_links(link);
  if (note) p.net.note(note);
  for (int i = 0; i < 5; ++i) {
    p.call();
    BOOST_TEST(p.net.run_out());
  }
  return p.net.digest();
}

} // namespace

BOOST_AUTO_TEST_CASE(one_seed_has_one_history_and_another_seed_another) {
  std::vector<std::uint64_t> digests;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    auto const digest = history(seed, bad);
    BOOST_TEST(digest == history(seed, bad));
    digests.push_back(digest);
  }
  // Whatever differs is seen: the link, something noted.
  digests.push_back(history(1, {}));
  digests.push_back(history(1, {.delay = {11}}));
  digests.push_back(history(1, {}, 1));
  digests.push_back(history(1, {}, 2));
  auto const streams = [](std::uint64_t seed) {
    line l{{.delay = {5}, .jitter = {5}, .piece = 9, .closing = 9}, seed};
    l.send_all(transport::tcp);
    return l.net->digest();
  };
  BOOST_TEST(streams(1) == streams(1));
  digests.push_back(streams(1));
  digests.push_back(streams(2));
  std::sort(digests.begin(), digests.end());
  BOOST_TEST((std::adjacent_find(digests.begin(), digests.end()) == digests.end()));
  // Over a good network the seed decides nothing.
  BOOST_TEST(history(1, {}) == history(2, {}));
}

BOOST_AUTO_TEST_CASE(dice_fall_the_same_for_the_same_seed) {
  // The first numbers of SplitMix64 for the seed 1234567, as its authors give them.
  seeded_random dice{1234567};
  BOOST_TEST(dice.next() == 6457827717110365317u);
  BOOST_TEST(dice.next() == 3203168211198807973u);
  BOOST_TEST(dice.next() == 9817491932198370423u);
  BOOST_TEST(dice.draw(0) == 0u);
  BOOST_TEST(!dice.chance(0));
  for (int i = 0; i < 100; ++i) {
    BOOST_TEST(dice.draw(7) < 7u);
    BOOST_TEST(dice.chance(1000));
  }
  static_assert(seeded_random{1}.draw(10) < 10);
}

BOOST_AUTO_TEST_CASE(a_digest_tells_texts_apart) {
  auto const of = [](auto... texts) {
    trace_digest d;
    (d.text(texts), ...);
    return d.value();
  };
  std::vector<std::uint64_t> const all{of(""),          of("a"),
                                       of("b"),         of("ab"),
                                       of("a", "b"),    of("", "ab"),
                                       of("ab", ""),    of("abcdefgh"),
                                       of("abcdefgi"),  of("abcdefgh", ""),
                                       of("abcdefghi"), of(std::string_view{"a\0", 2})};
  for (std::size_t i = 0; i < all.size(); ++i)
    for (std::size_t k = 0; k < i; ++k) BOOST_TEST(all[i] != all[k], i << " and " << k);
}

BOOST_AUTO_TEST_CASE(what_can_be_attached_is_said_by_concepts) {
  static_assert(sans_io_agent<mailbox>);
  static_assert(sans_io_agent<phones::agent_type>);
  static_assert(sans_io_agent<transaction_layer<4, 1300>>);
  static_assert(!sans_io_agent<int>);
  static_assert(!std::is_copy_constructible_v<network>);
  struct both {
    void operator()(user_event const&, instant) {}
  };
  static_assert(hears_user_events<both, phones::agent_type>);
  static_assert(!hears_user_events<both, mailbox>);
  static_assert(!looks_after<both, mailbox>);
}

BOOST_AUTO_TEST_SUITE_END()
