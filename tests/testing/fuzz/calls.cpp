// libFuzzer target: two user agents call each other over a virtual network, and the input decides
// what their users do, how long everybody waits, and which datagrams are lost, doubled, delayed or
// damaged. Whatever it says, each call has one last event and none after it, and once the input is
// used up and both users have hung up, nothing is left.
#include <ctsip/testing/virtual_network.hpp>

#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>

using namespace ctsip;

namespace {

constexpr endpoint_size size{3, 10, 1300};
constexpr message_body session{"application/sdp", "v=0\r\n"};
constexpr address addresses[] = {{{192, 0, 2, 1}, 5060, false}, {{192, 0, 2, 2}, 5060, false}};
constexpr char const* uris[] = {"sip:192.0.2.1", "sip:192.0.2.2"};

using agent_type = endpoint<size>;
using network = virtual_network<network_size{2, 128, size.message}>;

void must(bool condition) {
  if (!condition) std::abort();
}

// The input, a byte at a time; zeros when it is used up.
struct script {
  std::uint8_t const* data;
  std::size_t left;

  unsigned next() {
    if (!left) return 0;
    --left;
    return *data++;
  }
};

// An agent's user, who holds the agent to the order of events and remembers the handles.
struct person {
  agent_type agent;
  call_handle calls[size.calls]{};
  bool open[size.calls]{};
  std::uint64_t strange{};

  explicit person(int who, bool timer) : agent{settings(who, timer)} {}
  static endpoint_settings settings(int who, bool timer) {
    endpoint_settings s;
    s.element.seed = {static_cast<std::uint64_t>(who), 1};
    s.element.sent_by = who ? "192.0.2.2" : "192.0.2.1";
    s.contact = uris[who];
    s.session_expires = timer ? 90 : 0;
    return s;
  }

  void begin(call_handle h) {
    strange += open[h.index];
    calls[h.index] = h;
    open[h.index] = true;
  }
  void operator()(user_event const& e, instant) {
    if (e.kind == user_event_kind::incoming) begin(e.call);
    strange += !open[e.call.index] || !(calls[e.call.index] == e.call);
    if (e.kind == user_event_kind::rejected || e.kind == user_event_kind::cancelled ||
        e.kind == user_event_kind::ended || e.kind == user_event_kind::failed)
      open[e.call.index] = false;
  }
  void place(int whom, bool offer, instant now) {
    outgoing_call out;
    out.target = uris[whom];
    out.from = uris[1 - whom];
    out.next_hop = addresses[whom];
    if (offer) out.offer = session;
    if (auto const h = agent.call(out, now)) begin(h);
  }
  void reject(call_handle h, instant now) {
    if (agent.reject(h, 486, now) != sending::gone) open[h.index] = false;
  }
  void hang_up(call_handle h, instant now) {
    // One that rings here is refused by that, which has no event.
    bool const refuses = agent.state(h) == call_state::incoming;
    if (agent.hang_up(h, now) != sending::gone && refuses) open[h.index] = false;
  }
};

// What becomes of each datagram.
struct fate {
  script& bytes;
  network& net;

  bool operator()(transit const& t) {
    unsigned const what = bytes.next();
    if (what < 128) return true;
    if (what < 176) return false;
    auto const delay = milliseconds{std::int64_t{64} * bytes.next()};
    std::string text{t.bytes};
    if (what >= 208 && !text.empty()) {
      text[(bytes.next() * 256 + bytes.next()) % text.size()] = static_cast<char>(bytes.next());
      if (what >= 240) text.resize(text.size() * (what - 240) / 16);
    }
    (void)net.inject(text, t.from, t.to, t.over, delay);
    return what < 192; // doubled, else delayed
  }
};

void act(person& p, int who, script& bytes, unsigned what, instant now) {
  auto const h = p.calls[what / 2 % size.calls];
  auto& a = p.agent;
  switch (what / 8 % 16) {
  case 0: return p.place(1 - who, true, now);
  case 1: return p.place(1 - who, false, now);
  case 2: return (void)a.ring(h, now);
  case 3: return (void)a.ring(h, now, 183, session);
  case 4: return (void)a.ring(h, now, 183, session, reliability::reliable);
  case 5: return (void)a.ring(h, now, 180, {}, reliability::reliable);
  case 6: return (void)a.answer(h, session, now);
  case 7: return p.reject(h, now);
  case 8: return (void)a.cancel(h, now);
  case 9: return p.hang_up(h, now);
  case 10: return (void)a.modify(h, session, now);
  case 11: return (void)a.accept_modification(h, session, now);
  case 12: return (void)a.reject_modification(h, 488, now);
  case 13: return (void)a.acknowledge(h, session, now);
  case 14: return (void)a.ring(h, now, static_cast<status_code>(100 + bytes.next()));
  default:
    if (a.state(h) == call_state::established) return (void)a.modify(h, {}, now);
    return (void)a.answer(h, {}, now);
  }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t length) {
  script bytes{data, length};
  unsigned const timers = bytes.next();
  auto const net = std::make_unique<network>(1);
  auto const alice = std::make_unique<person>(0, timers & 1);
  auto const bob = std::make_unique<person>(1, timers & 2);
  person* const people[] = {alice.get(), bob.get()};
  net->attach(alice->agent, addresses[0], *alice);
  net->attach(bob->agent, addresses[1], *bob);
  fate decide{bytes, *net};
  net->intercept(decide);
  while (bytes.left) {
    unsigned const what = bytes.next();
    int const who = what & 1;
    act(*people[who], who, bytes, what, net->now());
    // Some act at the same moment, or after a while.
    unsigned const wait = what & 128 ? bytes.next() : 0;
    (void)net->run_for({wait < 128 ? wait : 100 * (wait - 127)});
    for (person const* const p : people) {
      must(p->strange == 0);
      must(p->agent.live_calls() <= size.calls &&
           p->agent.live_transactions() <= size.transactions);
    }
  }
  // What a BYE could not end, because it went astray, ends when the other side hangs up too; and a
  // datagram that was late may begin one more call.
  for (int i = 0; i < 4; ++i) {
    for (person* const p : people)
      for (auto const& h : p->calls) p->hang_up(h, net->now());
    (void)net->run_for({200'000});
  }
  must(net->run_out(net->now() + milliseconds{1'000'000}));
  for (person const* const p : people) {
    must(p->strange == 0);
    for (bool const open : p->open) must(!open);
    must(p->agent.live_calls() == 0 && p->agent.live_transactions() == 0);
    must(p->agent.next_timeout().is_never());
    must(p->agent.call_counts().untold == 0 && p->agent.counts().unsent == 0);
  }
  return 0;
}
