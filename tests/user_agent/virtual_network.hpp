// A network without wires: datagrams wait for their virtual time and may be lost, doubled and
// overtaken, the same each time for one seed.
#pragma once

#include <ctsip/user_agent/endpoint.hpp>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "user_agent/messages.hpp"

namespace ctsip_tests {

/// What is attached to the network: an endpoint, or a test's own player.
class node {
 public:
  virtual ~node() = default;
  virtual ctsip::address at() const = 0;
  virtual void receive(std::string_view bytes, ctsip::address const& from, ctsip::instant now) = 0;
  virtual ctsip::instant next_timeout() const = 0;
  virtual void handle_timeout(ctsip::instant now) = 0;
  virtual bool poll_transmit(ctsip::datagram& d) = 0;
};

class virtual_network {
 public:
  unsigned loss{};    ///< of 100 datagrams
  unsigned doubled{}; ///< of 100 datagrams
  std::int64_t least_delay{10};
  std::int64_t most_delay{10}; ///< where they differ, datagrams overtake each other
  ctsip::instant now{1'000'000};
  std::uint64_t carried{};
  std::uint64_t lost{};
  /// If set: whether this message is to be lost, told from whom it comes.
  std::function<bool(std::string_view bytes, node const& from)> drop{};

  explicit virtual_network(unsigned seed) : random_{seed} {}
  virtual_network(virtual_network const&) = delete;

  void attach(node& n) { nodes_.push_back(&n); }
  unsigned draw(unsigned below) { return static_cast<unsigned>(random_() % below); }

  /// Takes what a node has to send: after each call into it.
  void collect(node& n) {
    for (ctsip::datagram d; n.poll_transmit(d);) {
      if ((drop && drop(d.bytes, n)) || draw(100) < loss) {
        ++lost;
        continue;
      }
      for (int copies = draw(100) < doubled ? 2 : 1; copies; --copies) {
        auto const delay = least_delay + draw(static_cast<unsigned>(most_delay - least_delay) + 1);
        under_way_.emplace((now + ctsip::milliseconds{delay}).count,
                           packet{std::string{d.bytes}, n.at(), d.to});
      }
    }
  }

  /// Runs until that time, or until nothing can happen any more.
  void run(ctsip::instant until) {
    for (;;) {
      node* first = nullptr;
      ctsip::instant next = ctsip::instant::never();
      for (node* const n : nodes_)
        if (n->next_timeout() < next) next = n->next_timeout(), first = n;
      bool const delivers = !under_way_.empty() && under_way_.begin()->first <= next.count;
      if (delivers) next = {under_way_.begin()->first};
      if (next.is_never() || until < next) break;
      if (now < next) now = next;
      if (!delivers) {
        first->handle_timeout(now);
        collect(*first);
        continue;
      }
      packet const p = std::move(under_way_.begin()->second);
      under_way_.erase(under_way_.begin());
      for (node* const n : nodes_) {
        if (!(n->at() == p.to)) continue;
        ++carried;
        n->receive(p.bytes, p.from, now);
        collect(*n);
      }
    }
    if (!until.is_never() && now < until) now = until;
  }
  void run_for(std::int64_t ms) { run(now + ctsip::milliseconds{ms}); }
  void run_out() { run(ctsip::instant::never()); }

 private:
  struct packet {
    std::string bytes;
    ctsip::address from;
    ctsip::address to;
  };

  std::mt19937 random_;
  std::vector<node*> nodes_{};
  std::multimap<std::int64_t, packet> under_way_{};
};

/// An endpoint on the network. What its user does on an event is the test's.
template <ctsip::endpoint_size Size = ctsip::endpoint_size{}>
class phone final : public node {
 public:
  using agent_type = ctsip::endpoint<Size>;
  std::function<void(agent_type&, ctsip::user_event const&, ctsip::instant)> on_event{};
  std::vector<std::pair<ctsip::user_event_kind, int>> events{};

  explicit phone(std::uint8_t last, std::uint32_t session_expires = 0, std::uint32_t min_se = 90)
      : phone{last, text_of(last), session_expires, min_se} {}

  agent_type& agent() { return *agent_; }
  ctsip::address at() const override { return ip(last_); }
  void receive(std::string_view bytes, ctsip::address const& from, ctsip::instant now) override {
    agent_->receive(bytes, from, ctsip::transport::udp, now);
    hear(now);
  }
  ctsip::instant next_timeout() const override { return agent_->next_timeout(); }
  void handle_timeout(ctsip::instant now) override {
    agent_->handle_timeout(now);
    hear(now);
  }
  bool poll_transmit(ctsip::datagram& d) override { return agent_->poll_transmit(d); }

  ctsip::call_handle call(std::uint8_t whom, ctsip::instant now,
                          ctsip::message_body const& offer = {"application/sdp", "v=0\r\n"},
                          std::uint32_t expires = 0) {
    std::string const to = "sip:" + text_of(whom);
    return agent_->call({to, from_, ip(whom), ctsip::transport::udp, offer, expires}, now);
  }
  void hear(ctsip::instant now) {
    for (ctsip::user_event e; agent_->poll_event(e);) {
      events.emplace_back(e.kind, e.status);
      if (on_event) on_event(*agent_, e, now);
    }
  }
  std::size_t count(ctsip::user_event_kind kind) const {
    std::size_t n = 0;
    for (auto const& e : events) n += e.first == kind;
    return n;
  }
  bool idle() const {
    return agent_->live_calls() == 0 && agent_->live_transactions() == 0 &&
           agent_->next_timeout().is_never();
  }

 private:
  static std::string text_of(std::uint8_t last) { return "192.0.2." + std::to_string(last); }
  phone(std::uint8_t last, std::string const& host, std::uint32_t session_expires,
        std::uint32_t min_se)
      : last_{last}, host_{host}, contact_{"sip:" + host + ":5060"}, from_{"sip:phone" +
                                                                           std::to_string(last) +
                                                                           "@example.com"} {
    ctsip::endpoint_settings s;
    s.element.seed = {last, 77};
    s.element.sent_by = host_;
    s.contact = contact_;
    s.session_expires = session_expires;
    s.min_se = min_se;
    agent_ = std::make_unique<agent_type>(s);
  }

  std::uint8_t last_;
  std::string host_, contact_, from_;
  std::unique_ptr<agent_type> agent_;
};

} // namespace ctsip_tests
