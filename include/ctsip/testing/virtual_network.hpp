// A network and a clock that are only numbers: user agents talk over links that delay, lose,
// double, reorder and damage their datagrams, or cut their streams into pieces and close them, and
// an hour passes in no time. All of it is drawn from one seed, so that what went wrong once goes
// wrong each time.
//
//   virtual_network<> net{7};                        // the seed
//   auto alice_hears = [&](user_event const& e, instant now) { … };
//   auto bob_hears = [&](user_event const& e, instant now) { … };
//   auto const a = net.attach(alice, alice_at, alice_hears);
//   auto const b = net.attach(bob, bob_at, bob_hears);
//   net.set_links({.delay = 20, .jitter = 100, .loss = 200, .duplication = 50});
//
//   (void)alice.call(out, net.now());
//   bool const at_rest = net.run_out();              // until nothing is left to happen
//   … alice.live_calls() == 0, net.counts().lost, net.digest() …
//
// An agent is anything with the four functions of an endpoint: `receive`, `next_timeout`,
// `handle_timeout` and `poll_transmit`. Nothing is allocated: the size is a template argument.
// Read user_agent/endpoint.hpp before it.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>

#include <ctsip/user_agent/endpoint.hpp>

namespace ctsip {

/// Dice that fall the same way each time for the same seed (SplitMix64). Not for identifiers.
class seeded_random {
 public:
  constexpr explicit seeded_random(std::uint64_t seed) : state_(seed) {}

  /// 64 bits, each value as likely as any other.
  constexpr std::uint64_t next() {
    std::uint64_t z = state_ += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
  }
  /// A number from 0 to `below - 1`; 0 if `below` is 0.
  constexpr std::uint64_t draw(std::uint64_t below) { return below ? next() % below : 0; }
  /// True `per_mille` times of 1000. Draws nothing where there is nothing to decide.
  constexpr bool chance(unsigned per_mille) { return per_mille && next() % 1000 < per_mille; }

 private:
  std::uint64_t state_;
};

/// What has happened, as one number: two runs with the same number were the same. Not for secrets.
class trace_digest {
 public:
  constexpr void word(std::uint64_t w) {
    value_ = (value_ ^ w) * 0x9fb21c651e98df25u;
    value_ ^= value_ >> 32;
  }
  constexpr void text(std::string_view s) {
    word(s.size());
    std::size_t i = 0;
    for (; i + 8 <= s.size(); i += 8) {
      std::uint64_t w = 0;
      for (std::size_t k = 0; k < 8; ++k) w |= std::uint64_t{byte(s[i + k])} << (8 * k);
      word(w);
    }
    std::uint64_t rest = 0;
    for (; i < s.size(); ++i) rest = rest << 8 | byte(s[i]);
    word(rest);
  }
  constexpr std::uint64_t value() const { return value_; }

 private:
  static constexpr std::uint8_t byte(char c) { return static_cast<std::uint8_t>(c); }

  std::uint64_t value_{0x6374736970u};
};

/// What a link does to the datagrams that it carries in one direction. The shares are of 1000.
///
/// Over a reliable transport (RFC 3261 17) all arrives once and in order: only `delay`, `jitter`,
/// `piece`, `closing` and `refuses` are heeded. Messages arrive whole unless `piece` makes a stream
/// of them, whose pieces end anywhere; then the agent is to find the messages in it (18.3), with a
/// `connection` for each peer (user_agent/connection.hpp).
struct network_link {
  milliseconds delay{10};      ///< of every datagram
  milliseconds jitter{0};      ///< up to so much more, drawn for each: these overtake each other
  unsigned loss{};             ///< how many of 1000 never arrive
  unsigned duplication{};      ///< how many of 1000 arrive twice
  unsigned reordering{};       ///< how many of 1000 are held back, so that later ones overtake them
  milliseconds held_back{500}; ///< and for how long
  unsigned corruption{};       ///< how many of 1000 arrive with one to four of their bits flipped
  unsigned truncation{};       ///< how many of 1000 arrive with their end cut off
  std::size_t piece{};         ///< most bytes of a stream that arrive at a time; 0: whole messages
  unsigned closing{};          ///< before how many of 1000 pieces, or messages, the stream closes
  bool refuses{};              ///< none gets through, and the sender is told (RFC 3261 18.4)
};

/// How much a network can hold. A datagram beyond it is lost, and counted; a stream closes there,
/// for the sender alone if the other side has not heard of it yet.
struct network_size {
  std::size_t nodes{2};
  std::size_t datagrams{64};        ///< under way at a time
  std::size_t datagram_bytes{1500}; ///< of the longest
};

/// What a network has done so far, in datagrams.
struct network_counts {
  std::uint64_t sent{};       ///< by the agents
  std::uint64_t delivered{};  ///< to the agents, with those injected and doubled
  std::uint64_t lost{};       ///< on a link
  std::uint64_t stopped{};    ///< by the interceptor
  std::uint64_t refused{};    ///< told to the sender
  std::uint64_t duplicated{}; ///< arrived twice
  std::uint64_t reordered{};  ///< held back
  std::uint64_t corrupted{};  ///< bits flipped
  std::uint64_t truncated{};  ///< cut off
  std::uint64_t pieces{};     ///< of streams, sent
  std::uint64_t closed{};     ///< streams
  std::uint64_t cut_off{};    ///< pieces and messages that were under way when theirs closed
  std::uint64_t nowhere{};    ///< to an address where nobody is
  std::uint64_t overflown{};  ///< no room for them: too many, or too long
};

/// A datagram as it is sent, before its link does anything to it.
struct transit {
  instant at{};
  address from{};
  address to{};
  transport over{};
  std::string_view bytes{};
};

/// What is attached to a network.
struct network_node {
  std::size_t index{SIZE_MAX};

  constexpr explicit operator bool() const { return index != SIZE_MAX; }
  friend constexpr bool operator==(network_node, network_node) = default;
};

/// Bytes and the time go in, datagrams come out: an endpoint, a transaction layer, a user's own.
/// What has `handle_transport_error(datagram const&, instant)` is told of what a link refuses, and
/// what has `handle_closed(address const& peer, instant)` that its stream to that peer has closed.
template <class Agent>
concept sans_io_agent = requires(Agent& a, std::string_view bytes, address const& from,
                                 transport over, instant now, datagram& d) {
  a.receive(bytes, from, over, now);
  { a.next_timeout() } -> std::convertible_to<instant>;
  a.handle_timeout(now);
  { a.poll_transmit(d) } -> std::convertible_to<bool>;
};

/// The user of an agent that has user events: is told each of them.
template <class User, class Agent>
concept hears_user_events = requires(User& user, Agent& a, user_event& e, instant now) {
  { a.poll_event(e) } -> std::convertible_to<bool>;
  user(e, now);
};

/// The user of any agent: is asked after each datagram and each timer, and looks for itself.
template <class User, class Agent>
concept looks_after = requires(User& user, Agent& a, instant now) {
  user(a, now);
};

/// Agents, the links between them, and the clock. What is attached is referred to, and must outlive
/// the last run. Each step costs a look at every node: this is for tens of them.
///
/// Of things that are due at the same time, datagrams come before timers, those sent first come
/// first, and the timers of nodes attached first.
template <network_size Size = network_size{}>
class virtual_network {
  static_assert(Size.nodes > 0 && Size.datagrams > 0 && Size.datagram_bytes > 0);

 public:
  /// The clock stands at `start`.
  explicit virtual_network(std::uint64_t seed, instant start = {}) : now_(start), dice_(seed) {
    for (std::size_t i = 0; i < Size.datagrams; ++i) free_[i] = Size.datagrams - 1 - i;
  }
  virtual_network(virtual_network const&) = delete;
  virtual_network& operator=(virtual_network const&) = delete;

  /// Attaches an agent that needs no user, or holds its own. No node if there is no place.
  template <sans_io_agent Agent>
  network_node attach(Agent& agent, address const& at) {
    return add({&agent, nullptr, &face_of<Agent, void>, at});
  }
  /// Attaches an agent and its user. `user(event, now)` is called for each user event and may
  /// command the agent; what takes the agent instead, `user(agent, now)`, is called after each
  /// datagram and timer, and polls whatever that agent has to tell.
  template <sans_io_agent Agent, class User>
  requires hears_user_events<User, Agent> || looks_after<User, Agent>
      network_node attach(Agent& agent, address const& at, User& user) {
    return add({&agent, const_cast<std::remove_const_t<User>*>(&user), &face_of<Agent, User>, at});
  }

  /// Every link, in both directions, of nodes attached already and later.
  void set_links(network_link const& link) {
    for (auto& from : links_)
      for (auto& to : from) to = link;
  }
  /// The link from one node to another; it does not touch the way back.
  void set_link(network_node from, network_node to, network_link const& link) {
    if (from.index < Size.nodes && to.index < Size.nodes) links_[from.index][to.index] = link;
  }
  /// Asks `f(transit const&)` about each datagram as it is sent: where it says false, the datagram
  /// is stopped there. For the very fault that a test is about, and to watch.
  template <class Interceptor>
  requires requires(Interceptor& f, transit const& t) {
    { f(t) } -> std::convertible_to<bool>;
  }
  void intercept(Interceptor& f) {
    interceptor_ = const_cast<std::remove_const_t<Interceptor>*>(&f);
    ask_interceptor_ = &do_ask_interceptor<Interceptor>;
  }
  /// A datagram out of nowhere, forged or replayed: it arrives unharmed after `delay`, whatever the
  /// links are. False if there was no room.
  bool inject(std::string_view bytes, address const& from, address const& to,
              transport over = transport::udp, milliseconds delay = {0}) {
    trace_.word(tag(trace::injected));
    trace_.text(bytes);
    return put(bytes, from, to, over, now_ + delay);
  }

  /// Closes the stream between two nodes, as the first of them: what it has sent still arrives,
  /// what is sent to it is lost. Both are told, the other one when all else has arrived. What is
  /// sent after that belongs to another stream.
  void close(network_node from, network_node to) {
    if (from.index < nodes_size_ && to.index < nodes_size_) close(from.index, to.index);
  }

  /// The time.
  instant now() const { return now_; }
  network_counts const& counts() const { return counts_; }
  /// Datagrams that have been sent and have not arrived.
  std::size_t under_way() const { return size_; }
  /// A number for all that has happened: the datagrams, what became of them, timers, user events,
  /// and what the test has noted. Two runs from one seed have the same one.
  std::uint64_t digest() const { return trace_.value(); }
  /// Adds something of the test's own to the digest.
  void note(std::uint64_t what) { trace_.word(what); }
  /// Whether an agent had something to do a million times without the clock moving: a timer that
  /// stays due after it was handled, or two agents that answer each other for ever without delay.
  /// The run has been given up then.
  bool stalled() const { return stalled_; }
  /// When something happens next; `instant::never()` if nothing is left.
  instant next() const {
    instant next = size_ ? due(0) : instant::never();
    for (std::size_t i = 0; i < nodes_size_; ++i)
      if (instant const t = next_timeout(i); t < next) next = t;
    return next;
  }

  /// Lets all happen that is due until `end`, which is the time then. True if nothing is left: no
  /// datagram under way, no timer armed.
  bool run_until(instant end) {
    run_to(end);
    if (!stalled_ && now_ < end && !end.is_never()) now_ = end;
    return next().is_never();
  }
  bool run_for(milliseconds span) { return run_until(now_ + span); }
  /// Lets all happen until nothing is left; the clock stands where the last thing happened. False
  /// if something is left at `limit`.
  bool run_out(instant limit = instant::never()) {
    run_to(limit);
    return next().is_never();
  }

 private:
  // What stands before each entry of the trace, so that two of them cannot be taken for one.
  enum class trace : std::uint64_t {
    sent = 1,
    lost,
    refused,
    delivered,
    injected,
    timer,
    event,
    piece,
    closed
  };
  static constexpr std::uint64_t tag(trace t) { return static_cast<std::uint64_t>(t); }

  struct packet {
    instant due{};
    std::uint64_t serial{}; // of those due at the same time, the one sent first comes first
    address from{};
    address to{};
    transport over{};
    bool closes{};          // no bytes: the end of the stream
    std::uint64_t stream{}; // which of those between the two nodes; 0: of none
    std::size_t size{};
    char bytes[Size.datagram_bytes];

    packet() : bytes{} {}
  };

  // The functions of an agent and of its user, without their types.
  struct face {
    void (*receive)(void* agent, packet const& p, instant now);
    instant (*next_timeout)(void* agent);
    void (*handle_timeout)(void* agent, instant now);
    bool (*poll_transmit)(void* agent, datagram& d);
    void (*refuse)(void* agent, datagram const& d, instant now);
    void (*close)(void* agent, address const& peer, instant now);
    bool (*tell)(void* agent, void* user, instant now, trace_digest& trace);
    void (*ask)(void* agent, void* user, instant now);
  };

  struct node {
    void* agent{};
    void* user{};
    face const* f{};
    address at{};
  };

  template <class Agent>
  static void do_receive(void* agent, packet const& p, instant now) {
    (void)static_cast<Agent*>(agent)->receive(std::string_view{p.bytes, p.size}, p.from, p.over,
                                              now);
  }
  template <class Agent>
  static instant do_next_timeout(void* agent) {
    return static_cast<Agent*>(agent)->next_timeout();
  }
  template <class Agent>
  static void do_handle_timeout(void* agent, instant now) {
    (void)static_cast<Agent*>(agent)->handle_timeout(now);
  }
  template <class Agent>
  static bool do_poll_transmit(void* agent, datagram& d) {
    return static_cast<Agent*>(agent)->poll_transmit(d);
  }
  template <class Agent>
  static void do_refuse(void* agent, datagram const& d, instant now) {
    auto& a = *static_cast<Agent*>(agent);
    if constexpr (requires { a.handle_transport_error(d, now); })
      (void)a.handle_transport_error(d, now);
    else if constexpr (requires { a.handle_transport_error(d.transaction, now); })
      (void)a.handle_transport_error(d.transaction, now);
  }
  template <class Agent>
  static void do_close(void* agent, address const& peer, instant now) {
    auto& a = *static_cast<Agent*>(agent);
    if constexpr (requires { a.handle_closed(peer, now); }) (void)a.handle_closed(peer, now);
  }
  // One event; false if there is none.
  template <class Agent, class User>
  static bool do_tell(void* agent, void* user, instant now, trace_digest& trace_of) {
    if constexpr (!std::is_void_v<User>) {
      if constexpr (hears_user_events<User, Agent>) {
        user_event e;
        if (!static_cast<Agent*>(agent)->poll_event(e)) return false;
        trace_of.word(tag(trace::event));
        trace_of.word(static_cast<std::uint64_t>(e.kind) << 32 | e.status);
        trace_of.word(std::uint64_t{e.call.generation} << 32 | e.call.index);
        (*static_cast<User*>(user))(static_cast<user_event const&>(e), now);
        return true;
      }
    }
    return false;
  }
  template <class Agent, class User>
  static void do_ask(void* agent, void* user, instant now) {
    if constexpr (!std::is_void_v<User>) {
      if constexpr (!hears_user_events<User, Agent>)
        (*static_cast<User*>(user))(*static_cast<Agent*>(agent), now);
    }
  }
  template <class Interceptor>
  static bool do_ask_interceptor(void* f, transit const& t) {
    return static_cast<bool>((*static_cast<Interceptor*>(f))(t));
  }
  template <class Agent, class User>
  static constexpr face face_of{&do_receive<Agent>,        &do_next_timeout<Agent>,
                                &do_handle_timeout<Agent>, &do_poll_transmit<Agent>,
                                &do_refuse<Agent>,         &do_close<Agent>,
                                &do_tell<Agent, User>,     &do_ask<Agent, User>};

  network_node add(node const& n) {
    if (nodes_size_ == Size.nodes) return {};
    nodes_[nodes_size_] = n;
    return {nodes_size_++};
  }
  instant next_timeout(std::size_t i) const { return nodes_[i].f->next_timeout(nodes_[i].agent); }
  // The node at an address; `Size.nodes` if nobody is there.
  std::size_t find(address const& at) const {
    for (std::size_t i = 0; i < nodes_size_; ++i)
      if (nodes_[i].at == at) return i;
    return Size.nodes;
  }

  void run_to(instant end) {
    stalled_ = false;
    std::uint32_t steps = 0;
    collect_all();
    for (;;) {
      instant timer = instant::never();
      std::size_t whose = 0;
      for (std::size_t i = 0; i < nodes_size_; ++i)
        if (instant const t = next_timeout(i); t < timer) timer = t, whose = i;
      bool const delivers = size_ && due(0) <= timer;
      instant const then = delivers ? due(0) : timer;
      if (then.is_never() || end < then) return;
      if (now_ < then) now_ = then, steps = 0;
      if (++steps > 1'000'000) {
        stalled_ = true;
        return;
      }
      if (delivers)
        deliver();
      else
        fire(whose);
      // A user may have commanded another agent than its own.
      collect_all();
    }
  }
  void fire(std::size_t i) {
    trace_.word(tag(trace::timer));
    trace_.word(static_cast<std::uint64_t>(now_.count));
    trace_.word(i);
    nodes_[i].f->handle_timeout(nodes_[i].agent, now_);
    nodes_[i].f->ask(nodes_[i].agent, nodes_[i].user, now_);
    settle(i);
  }
  void deliver() {
    std::size_t const at = take();
    packet& p = packets_[at];
    trace_.word(tag(trace::delivered));
    trace_.word(static_cast<std::uint64_t>(now_.count));
    trace_.word(p.serial);
    std::size_t const i = find(p.to);
    if (i == Size.nodes) {
      ++counts_.nowhere;
    } else if (p.stream && !is_of_this_stream(p, i)) {
      counts_.cut_off += !p.closes;
    } else if (!p.closes) {
      if (p.stream) join_what_is_next(p, links_[find(p.from)][i]);
      ++counts_.delivered;
      nodes_[i].f->receive(nodes_[i].agent, p, now_);
      nodes_[i].f->ask(nodes_[i].agent, nodes_[i].user, now_);
      // Events are views of the datagram, which stays until they are taken.
      settle(i);
    }
    free_[Size.datagrams - 1 - --held_] = at;
    send_ends_that_wait();
  }
  // Takes what a node has to send and to tell, and what its user does then.
  void settle(std::size_t i) {
    do collect(i);
    while (nodes_[i].f->tell(nodes_[i].agent, nodes_[i].user, now_, trace_));
  }
  void collect_all() {
    for (std::size_t i = 0; i < nodes_size_; ++i) settle(i);
  }
  void collect(std::size_t i) {
    for (datagram d; nodes_[i].f->poll_transmit(nodes_[i].agent, d);) carry(i, d);
  }

  // Each end of a stream knows its number. Who closes it counts on, and what comes with a lower one
  // is lost; the other end counts on when it hears of it. No number is used again.
  bool is_of_this_stream(packet const& p, std::size_t to) {
    std::size_t const from = find(p.from);
    std::uint64_t& known = stream_[to][from];
    if (p.stream < known) return false;
    bool const another = p.stream != known && (known || p.closes);
    known = p.stream;
    if (another) {
      nodes_[to].f->close(nodes_[to].agent, p.from, now_);
      settle(to);
    }
    return true;
  }
  void close(std::size_t from, std::size_t to) {
    ++counts_.closed;
    trace_.word(tag(trace::closed));
    trace_.word(from);
    trace_.word(to);
    stream_[from][to] = ++streams_;
    send_end(from, to);
    nodes_[from].f->close(nodes_[from].agent, nodes_[to].at, now_);
  }
  // The end of a stream is not lost for want of a place: it waits until something has arrived.
  void send_end(std::size_t from, std::size_t to) {
    bool& waits = end_waits_[from][to];
    waiting_ends_ -= waits;
    waits = held_ == Size.datagrams;
    waiting_ends_ += waits;
    if (waits) return;
    (void)put({}, nodes_[from].at, nodes_[to].at, transport::tcp, next_arrival(from, to));
    packets_[last_put_].closes = true;
    packets_[last_put_].stream = stream_[from][to];
  }
  void send_ends_that_wait() {
    for (std::size_t from = 0; waiting_ends_ && from < nodes_size_; ++from)
      for (std::size_t to = 0; to < nodes_size_; ++to)
        if (end_waits_[from][to]) send_end(from, to);
  }
  // In order, whatever the delays are.
  instant next_arrival(std::size_t from, std::size_t to) {
    instant& last = last_arrival_[from][to];
    instant const next = now_ + delay_of(links_[from][to]);
    if (last < next) last = next;
    return last;
  }
  void carry_in_order(std::size_t from, std::size_t to, datagram const& d) {
    network_link const& link = links_[from][to];
    for (std::string_view left = d.bytes; !left.empty();) {
      if (dice_.chance(link.closing)) return close(from, to);
      std::size_t size = left.size();
      if (link.piece) {
        size = 1 + static_cast<std::size_t>(dice_.draw(size < link.piece ? size : link.piece));
        ++counts_.pieces;
        trace_.word(tag(trace::piece));
        trace_.word(size);
      }
      std::uint64_t& stream = stream_[from][to];
      if (!stream) stream = 1;
      // A stream has no gaps.
      if (!put(left.substr(0, size), nodes_[from].at, d.to, d.over, next_arrival(from, to)))
        return close(from, to);
      packets_[last_put_].stream = stream;
      left.remove_prefix(size);
    }
  }
  // Half of the pieces of a stream that are due together arrive as one, so that the end of a
  // message and the beginning of the next do, too.
  void join_what_is_next(packet& p, network_link const& link) {
    while (link.piece && size_ && due(0) <= now_) {
      packet const& next = packets_[heap_[0]];
      if (next.stream != p.stream || next.closes || !(next.from == p.from) || !(next.to == p.to) ||
          next.size > Size.datagram_bytes - p.size || dice_.chance(500))
        return;
      for (std::size_t i = 0; i < next.size; ++i) p.bytes[p.size++] = next.bytes[i];
      free_[Size.datagrams - held_] = take();
      --held_;
    }
  }

  void carry(std::size_t from, datagram const& d) {
    ++counts_.sent;
    trace_.word(tag(trace::sent));
    trace_.word(static_cast<std::uint64_t>(now_.count));
    trace_.word(from);
    trace_.text(d.bytes);
    address const source = nodes_[from].at;
    if (ask_interceptor_ &&
        !ask_interceptor_(interceptor_, {now_, source, d.to, d.over, d.bytes})) {
      ++counts_.stopped;
      trace_.word(tag(trace::lost));
      return;
    }
    std::size_t const to = find(d.to);
    if (to == Size.nodes) {
      ++counts_.nowhere;
      return;
    }
    network_link const& link = links_[from][to];
    if (link.refuses) {
      ++counts_.refused;
      trace_.word(tag(trace::refused));
      nodes_[from].f->refuse(nodes_[from].agent, d, now_);
      return;
    }
    if (is_reliable(d.over)) return carry_in_order(from, to, d);
    if (dice_.chance(link.loss)) {
      ++counts_.lost;
      trace_.word(tag(trace::lost));
      return;
    }
    bool const twice = dice_.chance(link.duplication);
    counts_.duplicated += twice;
    for (int copies = twice ? 2 : 1; copies; --copies) {
      milliseconds delay = delay_of(link);
      if (dice_.chance(link.reordering)) {
        ++counts_.reordered;
        delay = delay + link.held_back;
      }
      if (put(d.bytes, source, d.to, d.over, now_ + delay)) damage(packets_[last_put_], link);
    }
  }
  milliseconds delay_of(network_link const& link) {
    if (link.jitter.count <= 0) return link.delay;
    auto const more = dice_.draw(static_cast<std::uint64_t>(link.jitter.count) + 1);
    return link.delay + milliseconds{static_cast<std::int64_t>(more)};
  }
  void damage(packet& p, network_link const& link) {
    if (p.size && dice_.chance(link.corruption)) {
      ++counts_.corrupted;
      for (auto flips = 1 + dice_.draw(4); flips; --flips) {
        auto const bit = dice_.draw(8 * p.size);
        auto const flipped = static_cast<unsigned char>(p.bytes[bit / 8]) ^ (1u << (bit % 8));
        p.bytes[bit / 8] = static_cast<char>(flipped);
        trace_.word(bit);
      }
    }
    if (p.size && dice_.chance(link.truncation)) {
      ++counts_.truncated;
      p.size = static_cast<std::size_t>(dice_.draw(p.size));
      trace_.word(p.size);
    }
  }

  // The packets under way are a binary heap of indices, the one due first in front. Those in use,
  // the one being delivered included, are `held_`; the others stand at the front of `free_`.
  instant due(std::size_t at) const { return packets_[heap_[at]].due; }
  bool before(std::size_t a, std::size_t b) const {
    packet const& x = packets_[a];
    packet const& y = packets_[b];
    return x.due == y.due ? x.serial < y.serial : x.due < y.due;
  }
  bool put(std::string_view bytes, address const& from, address const& to, transport over,
           instant due) {
    if (held_ == Size.datagrams || bytes.size() > Size.datagram_bytes) {
      ++counts_.overflown;
      return false;
    }
    std::size_t const i = last_put_ = free_[Size.datagrams - 1 - held_++];
    packet& p = packets_[i];
    p.due = due;
    p.serial = ++serial_;
    p.from = from;
    p.to = to;
    p.over = over;
    p.closes = false;
    p.stream = 0;
    p.size = bytes.copy(p.bytes, bytes.size());
    std::size_t at = size_++;
    for (; at && before(i, heap_[(at - 1) / 2]); at = (at - 1) / 2) heap_[at] = heap_[(at - 1) / 2];
    heap_[at] = i;
    return true;
  }
  // The packet due first, no longer under way.
  std::size_t take() {
    std::size_t const first = heap_[0];
    std::size_t const moved = heap_[--size_];
    std::size_t at = 0;
    for (std::size_t child = 1; child < size_; child = 2 * at + 1) {
      if (child + 1 < size_ && before(heap_[child + 1], heap_[child])) ++child;
      if (!before(heap_[child], moved)) break;
      heap_[at] = heap_[child];
      at = child;
    }
    heap_[at] = moved;
    return first;
  }

  instant now_;
  seeded_random dice_;
  trace_digest trace_{};
  network_counts counts_{};
  node nodes_[Size.nodes]{};
  std::size_t nodes_size_{};
  network_link links_[Size.nodes][Size.nodes]{};
  instant last_arrival_[Size.nodes][Size.nodes]{};
  std::uint64_t stream_[Size.nodes][Size.nodes]{}; // as the first of the two knows it
  std::uint64_t streams_{1};
  bool end_waits_[Size.nodes][Size.nodes]{};
  std::size_t waiting_ends_{};
  void* interceptor_{};
  bool (*ask_interceptor_)(void*, transit const&){};
  std::uint64_t serial_{};
  std::size_t size_{}; // of the heap
  std::size_t held_{};
  std::size_t last_put_{};
  bool stalled_{};
  std::size_t heap_[Size.datagrams]{};
  std::size_t free_[Size.datagrams]{};
  packet packets_[Size.datagrams]{};
};

} // namespace ctsip
