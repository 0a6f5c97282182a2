// Two user agents call each other, thousands of times, over a network that loses, doubles, delays
// and reorders, or cuts streams into pieces and closes them, while their users ring, answer,
// refuse, change the session, give up and hang up as they like. Whatever happens: every call ends,
// each side hears of it once, nothing is left over, every 2xx is acknowledged, and the seed gives
// the same history again.
//
// Built with CTSIP_ENDURANCE it holds 100,000 calls; otherwise as many as fit a quick test.
#include <ctsip/machine/deadline_queue.hpp>
#include <ctsip/testing/virtual_network.hpp>
#include <ctsip/user_agent/connection.hpp>

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <unordered_set>

#include <boost/test/unit_test.hpp>

#include "user_agent/messages.hpp"

using namespace ctsip;
using ctsip_tests::ip;

namespace {

#ifdef CTSIP_ENDURANCE
constexpr std::uint64_t calls_in_all = 100'000;
#else
constexpr std::uint64_t calls_in_all = 2'000;
#endif

constexpr endpoint_size size{64, 256, 1300};
constexpr message_body session{"application/sdp", "v=0\r\n"};
constexpr message_body other_session{"application/sdp", "v=0\r\ns=other\r\n"};

// What users do beyond ringing and answering.
struct habits {
  unsigned reliable{};        // of 1000 calls that ring: a reliable 183 with a session (RFC 3262)
  unsigned no_offer{};        // of 1000 calls placed, and of 1000 modifications
  unsigned modifies{};        // of 1000 calls: another session, by each side
  std::uint64_t talk{20'000}; // at most, in milliseconds
  milliseconds pause{700}; // between two calls, on the average: leaves room for their transactions
  std::uint32_t session_expires{}; // RFC 4028
  transport over{transport::udp};
};

// What the users have seen, as numbers to report.
struct tally {
  std::uint64_t placed{};
  std::uint64_t came{};
  std::uint64_t answered{};  // as the caller sees it
  std::uint64_t confirmed{}; // as the callee does
  std::uint64_t rejected{};
  std::uint64_t cancelled{};
  std::uint64_t ended{};
  std::uint64_t failed{};
  std::uint64_t refused{};      // by this user
  std::uint64_t no_room{};      // for a call of ours
  std::uint64_t acknowledged{}; // reliable 1xx of ours
  std::uint64_t modified{};
  std::uint64_t unmodified{};

  friend bool operator==(tally const&, tally const&) = default;
};

// A user agent with its user, who has plans: one for each call, and the next call to place.
class person {
 public:
  using agent_type = endpoint<size>;

  person(std::uint8_t last, std::uint64_t seed, habits const& h)
      : last_(last), habits_(h), dice_(seed), host_("192.0.2." + std::to_string(last)),
        uri_("sip:" + host_ + ":5060"), agent_(settings()) {}
  person(person const&) = delete;
  person& operator=(person const&) = delete;

  // Places that many calls, from then on.
  void dial(std::uint8_t whom, std::uint64_t calls, milliseconds pause, instant from) {
    whom_ = whom;
    to_place_ = calls;
    pause_ = pause;
    plans_.set(size.calls, from);
  }

  void receive(std::string_view bytes, address const& from, transport over, instant now) {
    message const m = read(bytes).value;
    auto const before = agent_.counts();
    settle_debt();
    agent_.receive(bytes, from, over, now);
    auto const& after = agent_.counts();
    if (!m.is_response() || m.method() != method::invite || !is_final(m.status()) ||
        after.stray != before.stray || after.malformed != before.malformed)
      return;
    // No 2xx is passed up after another final response (RFC 6026 8.4): a copy of the INVITE that
    // was under way for longer than the callee's transaction lived has begun another call there.
    auto const which = std::string{m.call_id()} + ' ' + std::to_string(m.cseq().number);
    if (!is_success(m.status()))
      refused_.insert(which);
    else if (!refused_.count(which))
      owes_ack_ = true, ++successes;
  }
  instant next_timeout() const {
    return plans_.next() < agent_.next_timeout() ? plans_.next() : agent_.next_timeout();
  }
  void handle_timeout(instant now) {
    settle_debt();
    if (agent_.next_timeout() <= now) return agent_.handle_timeout(now);
    std::size_t const i = plans_.first();
    if (i == plans_.none) return;
    plans_.set(i, instant::never());
    if (i == size.calls)
      place(now);
    else
      act(calls_[i], now);
  }
  bool poll_transmit(datagram& d) {
    if (!agent_.poll_transmit(d)) return false;
    if (d.bytes.starts_with("ACK ")) owes_ack_ = false;
    return true;
  }
  bool poll_event(user_event& e) { return agent_.poll_event(e); }

  // What the user does on an event.
  void operator()(user_event const& e, instant now) {
    if (e.kind == user_event_kind::incoming) {
      ++seen.came;
      begin(e.call);
    }
    record& r = calls_[e.call.index];
    // An event of a call that has ended, or of none.
    if (!r.open || !(r.call == e.call)) {
      ++strange;
      return;
    }
    switch (e.kind) {
    case user_event_kind::incoming:
      if (dice_.chance(habits_.reliable))
        (void)agent_.ring(e.call, now, 183, session, reliability::reliable);
      else if (dice_.chance(700))
        (void)agent_.ring(e.call, now);
      r.plan = dice_.chance(800) ? intention::answer : intention::reject;
      // Some answer at once, before the 180 is away.
      plan(r, now + (dice_.chance(200) ? milliseconds{0} : upto(8'000)));
      break;
    case user_event_kind::provisional: break;
    case user_event_kind::offered: (void)agent_.acknowledge(e.call, session, now); break;
    case user_event_kind::acknowledged: ++seen.acknowledged; break;
    case user_event_kind::answered:
      ++seen.answered;
      talk(r, now);
      break;
    case user_event_kind::confirmed:
      ++seen.confirmed;
      talk(r, now);
      break;
    case user_event_kind::modification:
      // Some do not answer at all: the endpoint does, at last.
      if (dice_.chance(700))
        (void)agent_.accept_modification(e.call, session, now);
      else if (dice_.chance(700))
        (void)agent_.reject_modification(e.call, 488, now);
      break;
    case user_event_kind::modified: ++seen.modified; break;
    case user_event_kind::unmodified: ++seen.unmodified; break;
    case user_event_kind::rejected: ++seen.rejected, end(r); break;
    case user_event_kind::cancelled: ++seen.cancelled, end(r); break;
    case user_event_kind::ended: ++seen.ended, end(r); break;
    case user_event_kind::failed: ++seen.failed, end(r); break;
    case user_event_kind::request:
    case user_event_kind::response: ++strange; break;
    }
  }

  agent_type const& agent() const { return agent_; }
  // Nothing left: no call, no transaction, no timer, no user who waits for an end.
  bool at_rest() const {
    bool open = false;
    for (auto const& r : calls_) open = open || r.open;
    return !open && agent_.live_calls() == 0 && agent_.live_transactions() == 0 &&
           agent_.next_timeout().is_never() && to_place_ == 0;
  }

  tally seen{};
  std::uint64_t successes{};      // 2xx to an INVITE of ours that has a transaction
  std::uint64_t unacknowledged{}; // those of them that no ACK followed at once
  std::uint64_t strange{};

 private:
  enum class intention { hang_up, answer, reject, modify };
  struct record {
    call_handle call{};
    bool open{}; // its last event has not come
    intention plan{};
  };

  endpoint_settings settings() const {
    endpoint_settings s;
    s.element.seed = {last_, 77};
    s.element.sent_by = host_;
    s.contact = uri_;
    s.session_expires = habits_.session_expires;
    return s;
  }
  milliseconds upto(std::uint64_t most) {
    return {static_cast<std::int64_t>(dice_.draw(most + 1))};
  }
  // Whether the other side is to make the offer.
  bool asks() { return habits_.no_offer != 0 && dice_.chance(habits_.no_offer); }
  void settle_debt() {
    unacknowledged += owes_ack_;
    owes_ack_ = false;
  }
  void plan(record const& r, instant at) { plans_.set(r.call.index, at); }
  void talk(record& r, instant now) {
    r.plan = dice_.chance(habits_.modifies) ? intention::modify : intention::hang_up;
    plan(r, now + upto(habits_.talk));
  }
  void begin(call_handle h) {
    record& r = calls_[h.index];
    strange += r.open;
    r = {h, true, intention::hang_up};
  }
  void end(record& r) {
    r.open = false;
    plans_.set(r.call.index, instant::never());
  }
  void place(instant now) {
    std::string const to = "sip:192.0.2." + std::to_string(whom_);
    outgoing_call out;
    out.target = to;
    out.from = uri_;
    out.next_hop = ip(whom_);
    out.over = habits_.over;
    if (!dice_.chance(habits_.no_offer)) out.offer = session;
    auto const h = agent_.call(out, now);
    if (h) {
      ++seen.placed;
      --to_place_;
      begin(h);
      // Some give up early, and all in the end.
      plan(calls_[h.index], now + (dice_.chance(300) ? upto(6'000) : milliseconds{90'000}));
    } else {
      ++seen.no_room;
    }
    if (to_place_) plans_.set(size.calls, now + upto(2 * static_cast<std::uint64_t>(pause_.count)));
  }
  void act(record& r, instant now) {
    if (!r.open) return;
    // A plan that has come to nothing is made again: the call still has to end.
    plan(r, now + milliseconds{60'000});
    switch (r.plan) {
    case intention::answer:
      (void)agent_.answer(r.call, session, now);
      r.plan = intention::hang_up;
      break;
    case intention::reject:
      if (agent_.reject(r.call, 486, now) != sending::gone) ++seen.refused, end(r);
      break;
    case intention::modify:
      (void)agent_.modify(r.call, asks() ? message_body{} : other_session, now);
      talk(r, now);
      break;
    case intention::hang_up: (void)agent_.hang_up(r.call, now); break;
    }
  }

  std::uint8_t last_;
  habits habits_;
  seeded_random dice_;
  std::string host_, uri_;
  agent_type agent_;
  record calls_[size.calls]{};
  deadline_queue<size.calls + 1> plans_{}; // the last one places calls
  std::uint8_t whom_{};
  std::uint64_t to_place_{};
  milliseconds pause_{};
  bool owes_ack_{};
  std::unordered_set<std::string> refused_{}; // INVITEs of ours, by Call-ID and number
};

// The same person on streams: the messages are found in what arrives, and each is dealt with before
// the next one.
class person_on_streams {
 public:
  explicit person_on_streams(person& p) : person_(p) {}

  void receive(std::string_view bytes, address const& from, transport over, instant now) {
    if (!connection_) connection_.emplace(from, over, now);
    while (!bytes.empty()) {
      bytes.remove_prefix(connection_->append(bytes));
      for (std::string_view m; !(m = connection_->next(now)).empty();) {
        person_.receive(m, from, over, now);
        settle(now);
      }
      if (connection_->error() != frame_error::none) {
        ++unframed;
        return;
      }
    }
  }
  // Of a message that was cut off nothing is left.
  void handle_closed(address const&, instant) { connection_.reset(); }
  instant next_timeout() const { return person_.next_timeout(); }
  void handle_timeout(instant now) {
    person_.handle_timeout(now);
    settle(now);
  }
  bool poll_transmit(datagram& d) {
    if (taken_) out_.pop_front();
    taken_ = !out_.empty();
    if (!taken_) return false;
    d = out_.front().sent;
    d.bytes = out_.front().bytes;
    return true;
  }

  std::uint64_t unframed{};

 private:
  struct letter {
    std::string bytes;
    datagram sent;
  };
  void settle(instant now) {
    do
      for (datagram d; person_.poll_transmit(d);) {
        std::string bytes{d.bytes};
        d.bytes = {};
        out_.push_back({std::move(bytes), d});
      }
    while (hears(now));
  }
  bool hears(instant now) {
    user_event e;
    if (!person_.poll_event(e)) return false;
    person_(e, now);
    return true;
  }

  person& person_;
  std::optional<connection<size.message>> connection_{};
  std::deque<letter> out_{};
  bool taken_{};
};

struct outcome_of_run {
  std::uint64_t digest{};
  instant end{};
  network_counts counts{};
  tally alice{};
  tally bob{};
};

outcome_of_run run(std::uint64_t seed, std::uint64_t calls, network_link const& link,
                   habits const& h = {}, network_link const* outage = nullptr) {
  bool const damaged = link.corruption || link.truncation;
  using network = virtual_network<network_size{2, 1024, size.message}>;
  auto const net = std::make_unique<network>(seed);
  net->set_links(link);
  auto const alice = std::make_unique<person>(std::uint8_t{1}, seed + 1, h);
  auto const bob = std::make_unique<person>(std::uint8_t{2}, seed + 2, h);
  person_on_streams alice_on_streams{*alice}, bob_on_streams{*bob};
  if (link.piece) {
    net->attach(alice_on_streams, ip(1));
    net->attach(bob_on_streams, ip(2));
  } else {
    net->attach(*alice, ip(1), *alice);
    net->attach(*bob, ip(2), *bob);
  }
  alice->dial(2, calls - calls / 2, h.pause, {});
  bob->dial(1, calls / 2, h.pause, {});
  for (int minute = 1; outage && minute < 10; ++minute) {
    net->set_links(minute % 2 ? link : *outage);
    (void)net->run_for({60'000});
  }
  net->set_links(link);
  BOOST_TEST_CONTEXT("seed " << seed) {
    BOOST_TEST(net->run_out());
    BOOST_TEST(!net->stalled());
    BOOST_TEST(alice_on_streams.unframed + bob_on_streams.unframed == 0u);
    for (person const* const p : {alice.get(), bob.get()}) {
      BOOST_TEST(p->at_rest());
      BOOST_TEST(p->agent().live_calls() == 0u);
      BOOST_TEST(p->agent().live_transactions() == 0u);
      BOOST_TEST(p->agent().next_timeout().is_never());
      // Each call has had its last event, and none has had another one after it.
      BOOST_TEST(p->strange == 0u);
      tally const& t = p->seen;
      BOOST_TEST(t.rejected + t.cancelled + t.ended + t.failed + t.refused == t.placed + t.came);
      BOOST_TEST(p->agent().call_counts().untold == 0u);
      BOOST_TEST(p->agent().counts().unsent == 0u);
      // "The UAC core MUST generate an ACK request for each 2xx received from the transaction
      // layer" (13.2.2.4).
      if (!damaged) {
        BOOST_TEST(p->unacknowledged == 0u);
        BOOST_TEST(p->agent().counts().malformed == 0u);
      }
      BOOST_TEST(p->successes >= p->seen.answered);
    }
    BOOST_TEST(alice->seen.placed + bob->seen.placed == calls);
    BOOST_TEST(net->counts().overflown == 0u);
    if (!damaged) BOOST_TEST(net->counts().nowhere == 0u);
  }
  return {net->digest(), net->now(), net->counts(), alice->seen, bob->seen};
}

void describe(outcome_of_run const& r) {
  auto const sum = [&](std::uint64_t tally::*part) { return r.alice.*part + r.bob.*part; };
  BOOST_TEST_MESSAGE(sum(&tally::placed)
                     << " calls placed, " << sum(&tally::came) << " came, " << sum(&tally::answered)
                     << " answered, " << sum(&tally::confirmed) << " confirmed, "
                     << sum(&tally::rejected) << " rejected, " << sum(&tally::cancelled)
                     << " cancelled, " << sum(&tally::ended) << " ended, " << sum(&tally::failed)
                     << " failed; " << sum(&tally::acknowledged) << " reliable 1xx acknowledged, "
                     << sum(&tally::modified) << " sessions modified, " << sum(&tally::unmodified)
                     << " not; " << sum(&tally::no_room) << " calls without room");
  BOOST_TEST_MESSAGE("  " << r.counts.sent << " datagrams sent, " << r.counts.lost << " lost, "
                          << r.counts.duplicated << " doubled, " << r.counts.reordered
                          << " held back, " << r.counts.closed << " streams closed; "
                          << r.end.count / 1000 << " s of virtual time");
}

constexpr network_link poor{.delay = {10},
                            .jitter = {90},
                            .loss = 200,
                            .duplication = 50,
                            .reordering = 50,
                            .held_back = {700}};

} // namespace

BOOST_AUTO_TEST_SUITE(testing_calls_under_loss)

BOOST_AUTO_TEST_CASE(every_call_ends_and_nothing_leaks_with_a_fifth_of_the_datagrams_lost) {
  auto const first = run(1, calls_in_all, poor);
  describe(first);
  // It was about what it is meant to be about.
  auto const share = [&](std::uint64_t part) { return part > calls_in_all / 50; };
  BOOST_TEST(share(first.alice.answered));
  BOOST_TEST(share(first.alice.rejected));
  BOOST_TEST(share(first.alice.cancelled));
  BOOST_TEST(share(first.bob.refused));
  BOOST_TEST(first.counts.lost > first.counts.sent / 6);
  BOOST_TEST(first.counts.duplicated > first.counts.sent / 40);
  BOOST_TEST(first.counts.reordered > first.counts.sent / 40);

  auto const again = run(1, calls_in_all, poor);
  BOOST_TEST(again.digest == first.digest);
  BOOST_TEST((again.end == first.end));
  BOOST_TEST((again.alice == first.alice));
  BOOST_TEST((again.bob == first.bob));
}

BOOST_AUTO_TEST_CASE(another_seed_has_another_history_with_the_same_end) {
  BOOST_TEST(run(2, calls_in_all / 20, poor).digest != run(3, calls_in_all / 20, poor).digest);
}

BOOST_AUTO_TEST_CASE(a_good_network_loses_no_call) {
  auto const r = run(4, calls_in_all / 10, {.delay = {10}});
  describe(r);
  BOOST_TEST(r.alice.failed + r.bob.failed == 0u);
  BOOST_TEST(r.alice.placed + r.bob.placed == r.alice.came + r.bob.came);
}

BOOST_AUTO_TEST_CASE(half_of_the_datagrams_lost_and_seconds_of_delay) {
  describe(run(5, calls_in_all / 10,
               {.delay = {100},
                .jitter = {3'000},
                .loss = 500,
                .duplication = 200,
                .reordering = 200,
                .held_back = {20'000}}));
}

BOOST_AUTO_TEST_CASE(reliable_1xx_offers_in_responses_and_other_sessions_rfc3262_rfc3311_14) {
  for (network_link const& link : {network_link{.delay = {10}}, poor}) {
    auto const r = run(7, calls_in_all / 10, link,
                       {.reliable = 500, .no_offer = 300, .modifies = 500, .pause = {1'500}});
    describe(r);
    if (!link.loss) BOOST_TEST(r.alice.failed + r.bob.failed == 0u);
    BOOST_TEST(r.alice.acknowledged > calls_in_all / 200);
    BOOST_TEST(r.alice.modified > calls_in_all / 200);
    BOOST_TEST(r.bob.unmodified > 0u);
  }
}

// Calls of minutes, whose sessions end where they are not refreshed.
BOOST_AUTO_TEST_CASE(sessions_with_a_timer_are_refreshed_and_end_rfc4028) {
  for (network_link const& link : {network_link{.delay = {10}}, poor}) {
    auto const r =
        run(8, calls_in_all / 50, link,
            {.modifies = 300, .talk = 600'000, .pause = {20'000}, .session_expires = 90});
    describe(r);
    if (!link.loss) BOOST_TEST(r.alice.failed + r.bob.failed == 0u);
  }
}

BOOST_AUTO_TEST_CASE(over_a_reliable_transport_no_call_fails_17) {
  auto const r = run(9, calls_in_all / 10, poor, {.pause = {1'500}, .over = transport::tcp});
  describe(r);
  BOOST_TEST(r.alice.failed + r.bob.failed == 0u);
  BOOST_TEST(r.counts.lost == 0u);
}

BOOST_AUTO_TEST_CASE(over_streams_cut_anywhere_no_call_fails_18_3) {
  auto const r = run(11, calls_in_all / 10, {.delay = {10}, .jitter = {90}, .piece = 300},
                     {.reliable = 300, .modifies = 300, .pause = {1'500}, .over = transport::tcp});
  describe(r);
  BOOST_TEST(r.alice.failed + r.bob.failed == 0u);
  BOOST_TEST(r.counts.pieces > 3 * r.counts.sent);
}

// What was under way is lost, and no transaction sends it again (17.1.1.2); the calls end all the
// same.
BOOST_AUTO_TEST_CASE(streams_that_close_at_any_time_leave_nothing_behind_18) {
  network_link const closing{.delay = {10}, .jitter = {90}, .piece = 300, .closing = 20};
  habits const all{.reliable = 300, .modifies = 300, .pause = {1'500}, .over = transport::tcp};
  auto const r = run(12, calls_in_all / 10, closing, all);
  describe(r);
  BOOST_TEST(r.counts.closed > calls_in_all / 20);
  BOOST_TEST(r.alice.failed + r.bob.failed > 0u);
  BOOST_TEST(r.alice.ended + r.bob.ended > calls_in_all / 20);
  BOOST_TEST(run(12, calls_in_all / 10, closing, all).digest == r.digest);
}

// For a minute nothing gets through, in silence or with an error (18.4), and then it does again.
BOOST_AUTO_TEST_CASE(calls_end_through_outages_of_a_minute) {
  network_link const silent{.loss = 1000};
  network_link const refusing{.refuses = true};
  for (network_link const* const outage : {&silent, &refusing}) {
    auto const r = run(10, 1'000, poor, {.modifies = 300}, outage);
    describe(r);
    BOOST_TEST(r.alice.failed + r.bob.failed > 0u);
  }
}

BOOST_AUTO_TEST_CASE(datagrams_that_are_damaged_leave_nothing_behind_either) {
  describe(run(6, calls_in_all / 10,
               {.delay = {10}, .jitter = {90}, .loss = 100, .corruption = 100, .truncation = 50}));
}

BOOST_AUTO_TEST_SUITE_END()
