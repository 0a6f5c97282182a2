// Properties of the rules of a call together, over random events and over two
// agents that talk to each other through a network which loses, repeats and
// reorders. Everything is seeded.
#include <ctsip/dialog/call.hpp>

#include <cstring>
#include <iterator>
#include <map>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "machine/reporting.hpp"

namespace ctsip_tests {
namespace call_properties {

using ctsip::call_event;
using ctsip::call_message;
using ctsip::cancellation;
using ctsip::content;
using ctsip::dialog;
using ctsip::direction;
using ctsip::invite_usage;
using ctsip::mark;
using ctsip::method;
using ctsip::occurrence;
using ctsip::offer_answer;
using ctsip::precondition;
using ctsip::reliable_provisional;
using ctsip::session_modification;
using ctsip::session_timer;
using ctsip::timer;
using rules = ctsip_tests::reporting<ctsip::uac_call>;

struct random_numbers {
  std::uint64_t state;

  constexpr explicit random_numbers(std::uint64_t seed)
      : state(seed * 0x9e3779b97f4a7c15u + 0x632be59bd9b4e019u) {}
  constexpr std::uint32_t operator()() {
    state ^= state << 13, state ^= state >> 7, state ^= state << 17;
    return static_cast<std::uint32_t>(state >> 16);
  }
  constexpr std::uint32_t below(std::uint32_t n) { return (*this)() % n; }
  constexpr bool one_in(std::uint32_t n) { return below(n) == 0; }
  template <class T, std::size_t Size>
  constexpr T pick(T const (&from)[Size]) {
    return from[below(Size)];
  }
};

constexpr std::size_t rule_count = rules::size;

inline char const* title_of(std::size_t position) {
  static constexpr char const* titles[rule_count] = {dialog::title,
                                                     invite_usage::title,
                                                     cancellation::title,
                                                     reliable_provisional::title,
                                                     precondition::title,
                                                     offer_answer::title,
                                                     session_modification::title,
                                                     session_timer::title};
  return position < rule_count ? titles[position] : "nobody";
}

template <class Rule>
ctsip::violation explain_cell(rules::cell c) {
  return ctsip::explain<Rule>(static_cast<typename Rule::state>(c.state),
                              static_cast<typename Rule::symbol>(c.symbol));
}
inline ctsip::violation explain_at(rules const& r, call_message const& m, std::size_t position) {
  auto const cell = r.locate(m, position);
  switch (position) {
  case 0: return explain_cell<dialog>(cell);
  case 1: return explain_cell<invite_usage>(cell);
  case 2: return explain_cell<cancellation>(cell);
  case 3: return explain_cell<reliable_provisional>(cell);
  case 4: return explain_cell<precondition>(cell);
  case 5: return explain_cell<offer_answer>(cell);
  case 6: return explain_cell<session_modification>(cell);
  default: return explain_cell<session_timer>(cell);
  }
}

inline std::string text_of(call_message const& m) {
  if (m.event.what == occurrence::timer)
    return "timer " + std::to_string(static_cast<int>(m.event.timer));
  static constexpr char const* methods[] = {"INVITE",  "ACK",   "BYE",       "CANCEL", "REGISTER",
                                            "OPTIONS", "PRACK", "SUBSCRIBE", "NOTIFY", "PUBLISH",
                                            "INFO",    "REFER", "MESSAGE",   "UPDATE", "EXTENSION"};
  std::string result = m.event.way == direction::sent ? "sends " : "gets ";
  if (m.event.what == occurrence::response) result += std::to_string(m.event.status) + " to ";
  result += methods[static_cast<std::size_t>(m.event.method)];
  result += " CSeq " + std::to_string(m.cseq);
  if (m.rseq) result += " RSeq " + std::to_string(m.rseq);
  if (m.rack) result += " RAck " + std::to_string(m.rack) + ' ' + std::to_string(m.rack_cseq);
  if (ctsip::has_sdp(m.content)) result += " sdp";
  if (m.supports_100rel) result += " 100rel";
  if (m.session_expires) result += " SE " + std::to_string(m.session_expires);
  if (m.retry_after) result += " Retry-After";
  if (m.again) result += " again";
  return result;
}

// --- Random events

constexpr std::uint16_t statuses[] = {100, 180, 183, 199, 200, 202, 301, 401, 407, 404,  408,
                                      422, 480, 481, 486, 487, 488, 491, 500, 503, 603,  0,
                                      99,  700, 1,   2,   3,   4,   5,   6,   7,   65535};
constexpr method methods[] = {method::invite, method::invite, method::invite,
                              method::ack,    method::bye,    method::cancel,
                              method::prack,  method::update, method::info};

// Any message at all, sensible or not; or a timer.
constexpr call_message random_message(random_numbers& r) {
  call_message m;
  if (r.one_in(12)) {
    m.event = ctsip::timer_event(static_cast<timer>(r.below(ctsip::timer_count)));
    return m;
  }
  auto const way = r.one_in(2) ? direction::sent : direction::received;
  auto const what =
      r.one_in(8)
          ? static_cast<method>(r.below(static_cast<std::uint32_t>(ctsip::method_count) + 1))
          : r.pick(methods);
  auto const marks = static_cast<mark>(r.below(8));
  auto const status = r.one_in(20) ? static_cast<std::uint16_t>(r()) : r.pick(statuses);
  m.event = r.one_in(2) ? ctsip::request_event(way, what, marks)
                        : ctsip::response_event(way, status, what, marks);
  auto const number = [&](std::uint32_t n) {
    return !r.one_in(30) ? r.below(n) : r.one_in(2) ? 0xffffffffu - r.below(2) : r();
  };
  m.cseq = number(8);
  m.rseq = r.one_in(2) ? number(5) : 0;
  m.rack = r.one_in(2) ? number(5) : 0;
  m.rack_cseq = r.one_in(3) ? number(8) : 0;
  m.session_expires = !r.one_in(4) ? 0 : r.one_in(4) ? number(200) : r.one_in(2) ? 90 : 1800;
  m.min_se = !r.one_in(6) ? 0 : r.one_in(4) ? number(200) : r.one_in(2) ? 90 : 1800;
  m.refresher = static_cast<ctsip::refresher>(r.one_in(4) ? r.below(3) : 0);
  m.content = static_cast<content>(r.below(5));
  m.supports_100rel = r.one_in(2);
  m.supports_timer = r.one_in(2);
  m.supports_precondition = r.one_in(2);
  m.requires_precondition = r.one_in(4);
  m.retry_after = r.one_in(3);
  m.other_branch = r.one_in(10);
  m.again = r.one_in(10);
  return m;
}

constexpr bool is_command(call_message const& m) {
  return m.event.way == direction::sent &&
         (m.event.what == occurrence::request || m.event.what == occurrence::response);
}

// The bytes of a product, to see that nothing has moved.
struct bytes {
  unsigned char of[sizeof(rules)];
  explicit bytes(rules const& r) { std::memcpy(of, &r, sizeof r); }
  bool are_those_of(rules const& r) const { return std::memcmp(of, &r, sizeof r) == 0; }
};

// Runs random sequences and hands each message to `check` before and `after` it
// is taken. Every second sequence leaves out what would be refused.
template <class Check>
void run_random(std::uint64_t sequences, Check check) {
  for (std::uint64_t seed = 1; seed <= sequences; ++seed) {
    random_numbers r{seed};
    rules call;
    auto const length = 1 + r.below(60);
    for (std::uint32_t i = 0; i < length; ++i) {
      auto const m = random_message(r);
      if (seed % 2 == 0 && call.judge(m).refused()) continue;
      check(call, m);
    }
  }
}

constexpr std::uint64_t sequence_count = 7'000; // more than 200,000 messages

// A number for each state that a product is in, with its facts, in constant
// evaluation and at run time.
constexpr std::uint64_t fingerprint(std::uint64_t seed, std::uint32_t length) {
  random_numbers r{seed};
  rules call;
  std::uint64_t sum = 0;
  for (std::uint32_t i = 0; i < length; ++i) {
    auto const taken = call.process(random_message(r));
    auto const t = taken.timers();
    sum = sum * 31 + taken.refused_by;
    sum = sum * 31 + static_cast<unsigned>(call.state<dialog>());
    sum = sum * 31 + static_cast<unsigned>(call.state<invite_usage>());
    sum = sum * 31 + static_cast<unsigned>(call.state<cancellation>());
    sum = sum * 31 + static_cast<unsigned>(call.state<reliable_provisional>());
    sum = sum * 31 + static_cast<unsigned>(call.state<precondition>());
    sum = sum * 31 + static_cast<unsigned>(call.state<offer_answer>());
    sum = sum * 31 + static_cast<unsigned>(call.state<session_modification>());
    sum = sum * 31 + static_cast<unsigned>(call.state<session_timer>());
    sum = sum * 31 + call.facts<dialog>().local_cseq;
    sum = sum * 31 + call.facts<dialog>().remote_cseq;
    sum = sum * 31 + (t.starts ^ t.stops << 1 ^ t.doubles << 2);
    sum = sum * 31 + taken.does<dialog>().bits;
    sum = sum * 31 + taken.does<offer_answer>().bits;
  }
  return sum;
}

// A received message or timer is never looked up in a column that may refuse.
template <class Rule>
bool takes_what_is_received(rules const& call, call_message const& m) {
  static std::size_t const position = [] {
    std::size_t at = 0;
    while (std::strcmp(title_of(at), Rule::title) != 0) ++at;
    return at;
  }();
  auto const cell = call.locate(m, position);
  if (cell.symbol == 0xff) return true;
  for (auto c : Rule::commands)
    if (static_cast<std::uint8_t>(c) == cell.symbol) return false;
  return true;
}

// The step that a rule took is that of the cell in which it says it looked.
template <class Rule>
bool is_located(rules const& call, call_message const& m, rules::step const& taken,
                std::size_t position) {
  auto const cell = call.locate(m, position);
  auto const of_rule = taken.of<Rule>();
  if (cell.symbol == 0xff) return !of_rule.known();
  auto const expected =
      ctsip::next<Rule>(call.state<Rule>(), static_cast<typename Rule::symbol>(cell.symbol));
  return expected.row == of_rule.row && expected.next == of_rule.next &&
         expected.does == of_rule.does;
}

constexpr std::uint32_t bit(timer t) { return std::uint32_t{1} << static_cast<unsigned>(t); }
inline void apply(std::uint32_t& armed, rules::step const& taken, call_message const& m) {
  if (m.event.what == occurrence::timer) armed &= ~bit(m.event.timer);
  auto const t = taken.timers();
  armed = (armed & ~t.stops) | t.starts | t.doubles | t.at_t2;
}

// --- Two agents

// What the two use in their calls.
struct habits {
  bool reliable{};      ///< reliable provisional responses
  bool updates{};       ///< UPDATE
  bool reinvites{};     ///< re-INVITE
  bool cancels{};       ///< CANCEL
  bool requests{};      ///< INFO, before and after the 2xx
  bool preconditions{}; ///< some descriptions have unmet ones
  bool session_timers{};
  bool offers{}; ///< descriptions in what is not the first offer and its answer
  bool loses{}, repeats{}, reorders{};
};

struct agent {
  struct client {
    call_message request;
    bool described{}; ///< a reliable response had a description
    std::uint16_t status{};
  };
  struct server {
    call_message request;
    call_message final{};
    unsigned attempt{};
    std::uint16_t demanded{}; ///< what the tables ask for
    std::uint16_t status{};
    content preview{content::none};
    bool cancelled{}, within{}, acknowledged{}, offered{};
  };

  rules call;
  std::vector<client> clients;
  std::vector<server> servers;
  std::vector<call_message> unacknowledged; ///< reliable responses sent
  std::vector<call_message> pracks_due;     ///< reliable responses received
  std::map<std::uint32_t, unsigned> acks_due;
  std::map<std::uint32_t, content> ack_content;
  std::map<std::uint32_t, bool> ack_answers;
  std::uint32_t cseq{}, rseq{};
  unsigned attempt{};
  bool must_hang_up{}, has_hung_up{}, has_called{};
};

class conversation {
 public:
  conversation(std::uint64_t seed, habits h) : random_(seed), habits_(h) {
    agents_[0].cseq = 100;
    agents_[1].cseq = 500;
  }

  /// What went wrong first, and what had happened until then; empty if nothing
  /// did.
  std::string const& fault() const { return fault_; }
  std::string log() const {
    std::string all;
    for (auto const& line : log_) all += line + '\n';
    return all;
  }

  void run(unsigned steps) {
    (void)request(0, method::invite);
    for (unsigned i = 0; i < steps && fault_.empty(); ++i) act(random_.below(2));
    draining_ = true;
    for (unsigned i = 0, idle = 0; i < 600 && idle < 100 && fault_.empty(); ++i)
      idle = finish() ? 0 : idle + 1;
    if (fault_.empty()) look_at_the_end();
  }

 private:
  struct letter {
    call_message message;
    std::size_t to;
    unsigned attempt;
  };

  static bool is_invite(call_message const& m) { return m.event.method == method::invite; }
  template <class Rule>
  bool asks(typename Rule::action a) const {
    return last_.does<Rule>().has(a);
  }
  bool within(std::size_t who) const { return agents_[who].call.facts<dialog>().exists; }
  bool over(std::size_t who) const {
    auto const s = agents_[who].call.state<dialog>();
    return s != dialog::early && s != dialog::confirmed;
  }
  void blame(std::string what) {
    if (fault_.empty()) fault_ = std::move(what);
  }
  void note(std::size_t who, call_message const& m) {
    log_.push_back((who ? "                        bob " : "alice ") + text_of(m));
  }
  content description() {
    if (!habits_.preconditions) return content::sdp;
    return static_cast<content>(static_cast<unsigned>(content::sdp) + random_.below(3));
  }
  content perhaps(unsigned one_in) {
    return habits_.offers && random_.one_in(one_in) ? description() : content::none;
  }

  // --- Sending: only what the rules allow.

  bool send(std::size_t who, call_message m, unsigned attempt) {
    auto& self = agents_[who];
    last_ = self.call.process(m);
    if (last_.refused()) return false;
    note(who, m);
    remember(who);
    wire_.push_back({m, 1 - who, attempt});
    return true;
  }
  void remember(std::size_t who) {
    if (asks<invite_usage>(invite_usage::send_bye) || asks<dialog>(dialog::send_bye) ||
        asks<offer_answer>(offer_answer::send_bye) ||
        asks<cancellation>(cancellation::acknowledge_and_bye))
      agents_[who].must_hang_up = true;
    if (asks<invite_usage>(invite_usage::answer_487))
      for (auto& s : agents_[who].servers)
        if (is_invite(s.request) && !s.status) s.demanded = 487;
  }

  bool request(std::size_t who, method what) {
    switch (what) {
    case method::cancel: return cancel(who);
    case method::ack: return acknowledge(who);
    case method::prack: return prack(who);
    default: break;
    }
    auto& self = agents_[who];
    call_message m;
    m.event = ctsip::request_event(direction::sent, what, within(who) ? mark::to_tag : mark::none);
    m.cseq = self.cseq + 1;
    if (what == method::invite) {
      bool const first = !within(who);
      if (!first && !habits_.reinvites) return false;
      if (first && (who == 1 || self.has_hung_up ||
                    (self.has_called && !self.call.is<invite_usage>(invite_usage::idle))))
        return false;
      m.supports_100rel = habits_.reliable && !random_.one_in(4);
      m.content = habits_.offers ? perhaps(1 + random_.below(2)) : content::sdp;
      session_interval(m);
      if (!send(who, m, self.attempt + first)) return false;
      self.attempt += first;
      self.has_called = true;
    } else {
      if (what == method::update) {
        if (!habits_.updates) return false;
        // One at a time: another is answered 500 (RFC 3311 5.2).
        for (auto const& c : self.clients)
          if (c.request.event.method == method::update && !c.status) return false;
        m.content = perhaps(2);
        session_interval(m);
      }
      if (!send(who, m, self.attempt)) return false;
      if (what == method::bye) self.must_hang_up = false, self.has_hung_up = true;
    }
    self.cseq = m.cseq;
    self.clients.push_back({m});
    return true;
  }
  void session_interval(call_message& m) {
    if (!habits_.session_timers) return;
    m.supports_timer = !random_.one_in(3);
    constexpr std::uint32_t intervals[] = {0, 0, 90, 120, 1800};
    m.session_expires = random_.pick(intervals);
  }
  bool cancel(std::size_t who) {
    auto& self = agents_[who];
    for (auto i = self.clients.size(); i-- > 0;)
      if (is_invite(self.clients[i].request)) {
        call_message m;
        m.event = ctsip::request_event(direction::sent, method::cancel);
        m.cseq = self.clients[i].request.cseq;
        if (!send(who, m, self.attempt)) return false;
        self.clients.push_back({m});
        return true;
      }
    return false;
  }
  bool acknowledge(std::size_t who) {
    auto& self = agents_[who];
    for (auto& [number, due] : self.acks_due) {
      call_message m;
      m.event = ctsip::request_event(direction::sent, method::ack, mark::to_tag);
      m.cseq = number;
      auto const before = self.ack_content.find(number);
      m.again = before != self.ack_content.end();
      m.content = m.again                    ? before->second
                  : self.ack_answers[number] ? description()
                                             : content::none;
      if (!send(who, m, self.attempt)) continue;
      self.ack_content[number] = m.content;
      if (--due == 0) self.acks_due.erase(number);
      return true;
    }
    return false;
  }
  bool prack(std::size_t who) {
    auto& self = agents_[who];
    if (self.pracks_due.empty()) return false;
    auto const which = random_.below(static_cast<std::uint32_t>(self.pracks_due.size()));
    call_message m;
    m.event = ctsip::request_event(direction::sent, method::prack, mark::to_tag);
    m.cseq = self.cseq + 1;
    m.rack = self.pracks_due[which].rseq;
    m.rack_cseq = self.pracks_due[which].cseq;
    m.content = perhaps(2);
    if (!send(who, m, self.attempt)) {
      m.content = ctsip::has_sdp(m.content) ? content::none : description();
      if (!send(who, m, self.attempt)) return false;
    }
    self.cseq = m.cseq;
    self.pracks_due.erase(self.pracks_due.begin() + which);
    self.clients.push_back({m});
    return true;
  }

  bool answer(std::size_t who) {
    auto& servers = agents_[who].servers;
    std::vector<std::size_t> open;
    for (std::size_t i = 0; i < servers.size(); ++i)
      if (!servers[i].status) open.push_back(i);
    if (open.empty()) return false;
    auto& s = servers[open[random_.below(static_cast<std::uint32_t>(open.size()))]];
    if (s.demanded) return respond(who, s, s.demanded);
    constexpr std::uint16_t provisional[] = {100, 180, 183, 183};
    bool const ended = over(who) && within(who);
    if (is_invite(s.request) && !draining_ && !ended && random_.one_in(3))
      return respond(who, s, random_.pick(provisional));
    return respond(who, s, final_status(who, s));
  }
  std::uint16_t final_status(std::size_t who, agent::server const& s) {
    auto const what = s.request.event.method;
    if (over(who) && within(who)) {
      if (what == method::invite) return 487;
      if (what == method::update || what == method::info) return 481;
    }
    constexpr std::uint16_t failures[] = {486, 401, 488, 603, 302, 422, 480, 404};
    constexpr std::uint16_t later_failures[] = {486, 401, 488, 603, 422, 480, 404, 408, 481};
    switch (what) {
    case method::invite:
      if (s.cancelled) return random_.one_in(4) ? 200 : 487;
      if (!random_.one_in(4)) return 200;
      return s.within ? random_.pick(later_failures) : random_.pick(failures);
    case method::prack: return random_.one_in(12) ? 488 : 200;
    case method::update: return !random_.one_in(5) ? 200 : random_.one_in(2) ? 488 : 401;
    case method::bye: return random_.one_in(10) ? 401 : 200;
    case method::cancel: return 200;
    default: return random_.one_in(5) ? 403 : 200;
    }
  }
  bool respond(std::size_t who, agent::server& s, std::uint16_t status) {
    auto& self = agents_[who];
    auto const what = s.request.event.method;
    bool const invites = what == method::invite;
    call_message m;
    m.retry_after = status == retry_later;
    if (m.retry_after) status = 500;
    m.cseq = s.request.cseq;
    auto marks = status > 100 ? mark::to_tag : mark::none;
    bool const early = invites && status > 100 && status < 200;
    bool const reliable = early && s.request.supports_100rel && random_.one_in(2);
    if (reliable) marks = marks | mark::reliable, m.rseq = self.rseq + 1;
    m.event = ctsip::response_event(direction::sent, status, what, marks);
    bool const success = status / 100 == 2;
    bool const may_describe =
        early || (success && (invites || what == method::prack || what == method::update));
    auto const words = [&] { return s.preview != content::none ? s.preview : description(); };
    if (may_describe && (s.offered ? success : random_.one_in(2))) m.content = words();
    if (!habits_.offers && early) m.content = content::none;
    if (habits_.session_timers && success && (invites || what == method::update) &&
        random_.one_in(2)) {
      m.session_expires = s.request.session_expires ? s.request.session_expires : 1800;
      m.refresher = random_.one_in(2) ? ctsip::refresher::uas : ctsip::refresher::uac;
      m.supports_timer = s.request.supports_timer;
    }
    if (!send(who, m, s.attempt)) {
      if (s.offered && success) return respond(who, s, 488);
      if (!may_describe) return false;
      m.content = ctsip::has_sdp(m.content) ? content::none : words();
      if (!send(who, m, s.attempt)) return false;
    }
    if (invites && ctsip::has_sdp(m.content)) s.preview = m.content;
    if (reliable) {
      self.rseq = m.rseq;
      self.unacknowledged.push_back(m);
    }
    if (status >= 200) {
      s.status = status;
      s.final = m;
      if (invites) self.unacknowledged.clear();
    }
    return true;
  }

  // --- Receiving

  void take(std::size_t who, call_message const& m) {
    auto& call = agents_[who].call;
    auto const judged = call.judge(m);
    if (judged.refused())
      blame(std::string("what was received is refused by ") + title_of(judged.refused_by));
    if (auto const by = judged.broken_by_peer(); by != rules::step::nobody) {
      auto const why = explain_at(call, m, by);
      blame(std::string("the peer is blamed: ") + why.machine + ", " + why.state + ", " +
            why.event + ": " + why.sentence);
    }
    last_ = call.process(m);
    note(who, m);
    remember(who);
  }

  static constexpr std::uint16_t retry_later = 1500;
  std::uint16_t demanded() const {
    if (asks<dialog>(dialog::answer_481)) return 481;
    if (asks<dialog>(dialog::answer_500)) return 500;
    if (asks<cancellation>(cancellation::answer_481)) return 481;
    if (asks<reliable_provisional>(reliable_provisional::answer_481)) return 481;
    if (asks<session_modification>(session_modification::answer_500_retry_after))
      return retry_later;
    if (asks<session_modification>(session_modification::answer_491)) return 491;
    if (asks<offer_answer>(offer_answer::answer_491)) return 491;
    if (asks<offer_answer>(offer_answer::answer_500_retry_after)) return retry_later;
    if (asks<offer_answer>(offer_answer::answer_488)) return 488;
    if (asks<dialog>(dialog::answer_200)) return 200;
    return 0;
  }

  void deliver() {
    auto const which =
        habits_.reorders ? random_.below(static_cast<std::uint32_t>(wire_.size())) : 0;
    letter l = wire_[which];
    bool const is_request = l.message.event.what == occurrence::request;
    bool const lost = habits_.loses && !draining_ && random_.one_in(5);
    bool const sent_again =
        is_request ? l.message.event.method != method::ack
                   : l.message.event.status >= 200 || l.message.event.has(mark::reliable);
    if (lost && sent_again) return; // its retransmission comes later
    bool const repeated = habits_.repeats && random_.one_in(6);
    if (!repeated) wire_.erase(wire_.begin() + which);
    l.message.event.way = direction::received;
    if (lost)
      log_.push_back("      lost: " + text_of(l.message));
    else if (is_request)
      deliver_request(l);
    else
      deliver_response(l);
  }

  void deliver_request(letter const& l) {
    auto& self = agents_[l.to];
    auto m = l.message;
    auto const what = m.event.method;
    if (what == method::ack) {
      for (auto& s : self.servers)
        if (is_invite(s.request) && s.request.cseq == m.cseq && s.status / 100 == 2) {
          m.again = s.acknowledged;
          s.acknowledged = true;
          take(l.to, m);
        }
      return;
    }
    for (auto const& s : self.servers)
      if (s.request.event.method == what && s.request.cseq == m.cseq) return; // absorbed
    bool const first = is_invite(m) && !m.event.has(mark::to_tag);
    if (first) self.attempt = l.attempt;
    if (!first && what != method::cancel && l.attempt != self.attempt) {
      // Of a dialog that has gone with its INVITE: its tag is unknown.
      call_message gone;
      gone.event = ctsip::response_event(direction::sent, 481, what, mark::to_tag);
      gone.cseq = m.cseq;
      agent::server s{m};
      s.status = 481;
      self.servers.push_back(s);
      wire_.push_back({gone, 1 - l.to, l.attempt});
      return;
    }
    agent::server s{m};
    s.attempt = l.attempt;
    s.within = is_invite(m) && within(l.to);
    take(l.to, m);
    // A request that overtakes the response which makes the dialog is turned
    // down, and with it perhaps the call.
    if (asks<dialog>(dialog::answer_481) && self.call.is<dialog>(dialog::none)) torn_ = true;
    s.demanded = demanded();
    s.offered = ctsip::has_sdp(m.content) &&
                (what == method::update ||
                 (what == method::prack &&
                  (self.call.is<offer_answer>(offer_answer::received_their_offer) ||
                   self.call.is<offer_answer>(offer_answer::their_offer))));
    if (asks<cancellation>(cancellation::answer_487))
      for (auto& pending : self.servers)
        if (is_invite(pending.request) && pending.request.cseq == m.cseq) pending.cancelled = true;
    if (what == method::prack)
      for (std::size_t i = 0; i < self.unacknowledged.size(); ++i)
        if (self.unacknowledged[i].rseq == m.rack && self.unacknowledged[i].cseq == m.rack_cseq) {
          self.unacknowledged.erase(self.unacknowledged.begin() + static_cast<std::ptrdiff_t>(i));
          break;
        }
    self.servers.push_back(s);
    if (s.demanded && s.demanded != 491 && !respond(l.to, self.servers.back(), s.demanded))
      blame("the response that a rule demands is refused by " +
            std::string(title_of(last_.refused_by)));
  }

  void deliver_response(letter const& l) {
    auto& self = agents_[l.to];
    auto const& m = l.message;
    for (auto& c : self.clients) {
      if (c.request.event.method != m.event.method || c.request.cseq != m.cseq) continue;
      auto const kind = m.event.response_class();
      bool const invites = is_invite(m);
      if (c.status && (!invites || c.status >= 300 || kind != 2)) return; // the transaction's
      bool const first = !c.status;
      if (kind > 1) c.status = m.event.status;
      if (l.attempt != self.attempt) return;
      take(l.to, m);
      if (asks<reliable_provisional>(reliable_provisional::send_prack)) {
        self.pracks_due.push_back(m);
        c.described = c.described || ctsip::has_sdp(m.content);
      }
      if (invites && kind == 2) {
        if (first)
          self.ack_answers[m.cseq] =
              ctsip::has_sdp(m.content) && !ctsip::has_sdp(c.request.content) && !c.described;
        ++self.acks_due[m.cseq];
      }
      if (invites && kind > 2)
        for (auto i = self.pracks_due.size(); i-- > 0;)
          if (self.pracks_due[i].cseq == m.cseq)
            self.pracks_due.erase(self.pracks_due.begin() + static_cast<std::ptrdiff_t>(i));
      return;
    }
  }

  // The 2xx until its ACK is there, the reliable 1xx until its PRACK is.
  void send_again(std::size_t who) {
    auto& self = agents_[who];
    for (auto const& s : self.servers) {
      if (!is_invite(s.request) || s.status / 100 != 2 || s.acknowledged) continue;
      bool under_way = false;
      for (auto const& l : wire_)
        under_way = under_way || (l.to != who && l.message.event == s.final.event &&
                                  l.message.cseq == s.final.cseq);
      if (!under_way) wire_.push_back({s.final, 1 - who, s.attempt});
    }
    for (auto const& m : self.unacknowledged)
      if (random_.one_in(3)) wire_.push_back({m, 1 - who, self.attempt});
  }

  void act(std::size_t who) {
    auto const chance = random_.below(10);
    if (chance < 5 && !wire_.empty()) return deliver();
    if (chance == 5) return send_again(who);
    constexpr method wishes[] = {method::prack,  method::prack,  method::prack,  method::ack,
                                 method::ack,    method::ack,    method::update, method::update,
                                 method::invite, method::invite, method::info};
    auto const wish = random_.below(24);
    if (wish == 0)
      (void)request(who, method::bye);
    else if (wish == 1)
      (void)(habits_.cancels && request(who, method::cancel));
    else if (wish - 2 < std::size(wishes)) {
      auto const what = wishes[wish - 2];
      if (what != method::info || habits_.requests) (void)request(who, what);
    } else
      (void)answer(who);
  }

  // Does what is due; whether there was anything.
  bool finish() {
    bool moved = false;
    for (std::size_t who = 0; who < 2; ++who) {
      if (agents_[who].must_hang_up) moved = request(who, method::bye) || moved;
      moved = request(who, method::prack) || moved;
      moved = request(who, method::ack) || moved;
      moved = answer(who) || moved;
    }
    if (wire_.empty())
      for (std::size_t who = 0; who < 2; ++who) send_again(who);
    if (wire_.empty() || !fault_.empty()) return moved;
    deliver();
    return true;
  }

  void look_at_the_end() {
    for (std::size_t who = 0; who < 2; ++who)
      if (auto const place = agents_[who].call.find_restless(); place.position != rules::size)
        blame(std::string(who ? "bob" : "alice") + " is not at rest: " + title_of(place.position) +
              " in state " + std::to_string(place.state));
    if (!torn_ && over(0) != over(1)) blame("one has a session, the other has none");
  }

  random_numbers random_;
  habits habits_;
  agent agents_[2];
  std::vector<letter> wire_;
  std::vector<std::string> log_;
  std::string fault_;
  rules::step last_{};
  bool draining_{}, torn_{};
};

// Reports each kind of fault once, with its shortest sequence.
inline void talk(habits h, std::uint64_t conversations) {
  std::map<std::string, std::string> shortest;
  for (std::uint64_t seed = 1; seed <= conversations; ++seed) {
    conversation c{seed, h};
    c.run(static_cast<unsigned>(5 + seed % 80));
    if (c.fault().empty()) continue;
    auto& known = shortest[c.fault()];
    auto const log = c.log();
    if (known.empty() || log.size() < known.size()) known = log;
  }
  BOOST_TEST(shortest.empty());
  for (auto const& [what, log] : shortest) BOOST_TEST_MESSAGE(what << '\n' << log);
}

} // namespace call_properties
} // namespace ctsip_tests

BOOST_AUTO_TEST_SUITE(dialog_call)

using namespace ctsip_tests::call_properties;

BOOST_AUTO_TEST_CASE(what_is_received_is_never_refused) {
  std::size_t messages = 0;
  run_random(sequence_count, [&](rules& call, call_message const& m) {
    ++messages;
    auto const taken = call.process(m);
    if (taken.refused() && !is_command(m)) BOOST_ERROR(title_of(taken.refused_by) << text_of(m));
  });
  BOOST_TEST(messages > 150'000u);
}

template <class Rule>
bool refuses_no_row_of_what_is_received() {
  for (std::size_t s = 0; s < ctsip::detail::dense_table<Rule>::states; ++s)
    for (std::size_t e = 0; e < ctsip::detail::dense_table<Rule>::symbols; ++e) {
      bool command = false;
      for (auto c : Rule::commands) command = command || static_cast<std::size_t>(c) == e;
      auto const step = ctsip::next<Rule>(static_cast<typename Rule::state>(s),
                                          static_cast<typename Rule::symbol>(e));
      if (!command && step.refused()) return false;
      if (!step.known()) return false;
    }
  return true;
}

// Of the events that are received or fire, none is a command to a rule.
template <class Rule>
bool projects_nothing_received_to_a_command() {
  for (std::size_t i = 1; i < call_event::alphabet_size; ++i) {
    auto const e = call_event::at(i);
    if (e.is_sent()) continue;
    auto const symbol = Rule::project(e);
    for (auto c : Rule::commands)
      if (c == symbol) return false;
  }
  return true;
}

BOOST_AUTO_TEST_CASE(no_state_of_any_rule_refuses_what_is_received) {
  BOOST_TEST(refuses_no_row_of_what_is_received<dialog>());
  BOOST_TEST(refuses_no_row_of_what_is_received<invite_usage>());
  BOOST_TEST(refuses_no_row_of_what_is_received<cancellation>());
  BOOST_TEST(refuses_no_row_of_what_is_received<reliable_provisional>());
  BOOST_TEST(refuses_no_row_of_what_is_received<precondition>());
  BOOST_TEST(refuses_no_row_of_what_is_received<offer_answer>());
  BOOST_TEST(refuses_no_row_of_what_is_received<session_modification>());
  BOOST_TEST(refuses_no_row_of_what_is_received<session_timer>());
  BOOST_TEST(projects_nothing_received_to_a_command<dialog>());
  BOOST_TEST(projects_nothing_received_to_a_command<invite_usage>());
  BOOST_TEST(projects_nothing_received_to_a_command<cancellation>());
  BOOST_TEST(projects_nothing_received_to_a_command<reliable_provisional>());
  BOOST_TEST(projects_nothing_received_to_a_command<precondition>());
  BOOST_TEST(projects_nothing_received_to_a_command<offer_answer>());
  BOOST_TEST(projects_nothing_received_to_a_command<session_modification>());
  BOOST_TEST(projects_nothing_received_to_a_command<session_timer>());
}

BOOST_AUTO_TEST_CASE(judge_says_what_process_does_and_a_refusal_moves_nothing) {
  std::size_t refusals = 0;
  run_random(sequence_count, [&](rules& call, call_message const& m) {
    bytes const before{call};
    auto const judged = call.judge(m);
    if (!before.are_those_of(call)) BOOST_ERROR("judge has moved something: " << text_of(m));
    auto const taken = call.process(m);
    if (judged.refused_by != taken.refused_by || judged.timers() != taken.timers())
      BOOST_ERROR("judge and process differ: " << text_of(m));
    if (!taken.refused()) return;
    ++refusals;
    if (!before.are_those_of(call)) BOOST_ERROR("a refusal has moved something: " << text_of(m));
    if (taken.timers() != ctsip::timer_changes{} || !taken.does<dialog>().empty() ||
        !taken.does<invite_usage>().empty() || !taken.does<offer_answer>().empty())
      BOOST_ERROR("a refusal does something: " << text_of(m));
  });
  BOOST_TEST(refusals > 10'000u);
}

BOOST_AUTO_TEST_CASE(each_refusal_is_told_in_a_sentence_with_its_clause) {
  run_random(2'000, [&](rules& call, call_message const& m) {
    auto const judged = call.judge(m);
    auto const why = call.explain(m);
    if (!judged.refused()) {
      if (why.sentence) BOOST_ERROR("a reason without a refusal: " << text_of(m));
    } else if (std::strcmp(why.machine, title_of(judged.refused_by)) != 0 || !*why.sentence ||
               std::strncmp(why.clause, "RFC ", 4) != 0) {
      BOOST_ERROR("a refusal without a reason: " << text_of(m));
    }
    (void)call.process(m);
  });
}

BOOST_AUTO_TEST_CASE(locate_names_the_cell_in_which_each_rule_has_looked) {
  run_random(2'000, [&](rules& call, call_message const& m) {
    auto const judged = call.judge(m);
    if (!is_located<dialog>(call, m, judged, 0) || !is_located<invite_usage>(call, m, judged, 1) ||
        !is_located<cancellation>(call, m, judged, 2) ||
        !is_located<reliable_provisional>(call, m, judged, 3) ||
        !is_located<precondition>(call, m, judged, 4) ||
        !is_located<offer_answer>(call, m, judged, 5) ||
        !is_located<session_modification>(call, m, judged, 6) ||
        !is_located<session_timer>(call, m, judged, 7))
      BOOST_ERROR(text_of(m));
    if (!is_command(m) && !(takes_what_is_received<dialog>(call, m) &&
                            takes_what_is_received<invite_usage>(call, m) &&
                            takes_what_is_received<cancellation>(call, m) &&
                            takes_what_is_received<reliable_provisional>(call, m) &&
                            takes_what_is_received<offer_answer>(call, m) &&
                            takes_what_is_received<session_modification>(call, m) &&
                            takes_what_is_received<session_timer>(call, m)))
      BOOST_ERROR(text_of(m));
    (void)call.process(m);
  });
}

BOOST_AUTO_TEST_CASE(the_cseq_of_what_we_send_only_rises_by_rfc_3261_12_2_1_1) {
  run_random(sequence_count, [&](rules& call, call_message const& m) {
    auto const last = call.facts<dialog>().local_cseq;
    bool const counts = is_command(m) && m.event.what == occurrence::request && m.cseq != 0 &&
                        m.event.method != method::ack && m.event.method != method::cancel;
    auto const taken = call.process(m);
    auto const now = call.facts<dialog>().local_cseq;
    if (taken.refused() || !counts) {
      if (now != last) BOOST_ERROR("the number has changed: " << text_of(m));
    } else if (m.cseq <= last || now != m.cseq) {
      BOOST_ERROR("a number that is not higher is sent: " << text_of(m));
    }
  });
}

BOOST_AUTO_TEST_CASE(the_cseq_of_the_peer_never_falls_within_a_dialog_by_rfc_3261_12_2_2) {
  run_random(sequence_count, [&](rules& call, call_message const& m) {
    auto const before = call.facts<dialog>();
    (void)call.process(m);
    if (before.exists && call.facts<dialog>().remote_cseq < before.remote_cseq)
      BOOST_ERROR(text_of(m));
  });
}

// The timer that ends the early dialogs of other forks may run on, and be
// ignored.
BOOST_AUTO_TEST_CASE(after_the_end_no_timer_of_the_rules_is_armed) {
  std::size_t ended = 0;
  for (std::uint64_t seed = 1; seed <= 3 * sequence_count; ++seed) {
    random_numbers r{seed};
    rules call;
    std::uint32_t armed = 0;
    for (std::uint32_t i = 0; i < 60; ++i) {
      auto const m = random_message(r);
      auto const taken = call.process(m);
      if (taken.refused()) continue;
      apply(armed, taken, m);
      if (!call.is<invite_usage>(invite_usage::ended) || !call.at_rest()) continue;
      ++ended;
      if (armed & ~bit(timer::ack_retransmission)) BOOST_ERROR(armed << " after " << text_of(m));
    }
  }
  BOOST_TEST(ended > 100u);
}

BOOST_AUTO_TEST_CASE(a_timer_that_fires_after_the_end_changes_nothing) {
  rules call;
  auto const take = [&](ctsip::event e, std::uint32_t cseq, content c = content::none) {
    call_message m;
    m.event = e;
    m.cseq = cseq;
    m.content = c;
    BOOST_TEST(!call.process(m).refused());
  };
  take(ctsip::request_event(direction::sent, method::invite), 1, content::sdp);
  take(ctsip::response_event(direction::received, 200, method::invite), 1, content::sdp);
  take(ctsip::request_event(direction::sent, method::ack), 1);
  take(ctsip::request_event(direction::sent, method::bye), 2);
  take(ctsip::response_event(direction::received, 200, method::bye), 2);
  BOOST_TEST(call.at_rest());
  bytes const before{call};
  for (unsigned t = 0; t < ctsip::timer_count; ++t) {
    call_message m;
    m.event = ctsip::timer_event(static_cast<timer>(t));
    auto const taken = call.process(m);
    BOOST_TEST(!taken.refused());
    BOOST_TEST((taken.timers().starts | taken.timers().doubles) == 0u);
    BOOST_TEST(before.are_those_of(call));
  }
}

// From every state in which a command waits, what else may happen leads to one in which it does
// not: it is allowed there, or refused for good.
template <class Rule>
std::size_t count_commands_that_wait_for_ever() {
  constexpr auto states = ctsip::detail::dense_table<Rule>::states;
  constexpr auto symbols = ctsip::detail::dense_table<Rule>::symbols;
  auto const step = [](std::size_t s, std::size_t e) {
    return ctsip::next<Rule>(static_cast<typename Rule::state>(s),
                             static_cast<typename Rule::symbol>(e));
  };
  std::size_t stuck = 0;
  for (std::size_t from = 0; from < states; ++from)
    for (std::size_t command = 0; command < symbols; ++command) {
      if (step(from, command).kind() != ctsip::row_kind::waits) continue;
      bool seen[states]{};
      seen[from] = true;
      bool freed = false;
      for (std::size_t round = 0; round < states; ++round)
        for (std::size_t s = 0; s < states; ++s) {
          if (!seen[s]) continue;
          freed = freed || step(s, command).kind() != ctsip::row_kind::waits;
          for (std::size_t e = 0; e < symbols; ++e)
            if (!step(s, e).refused()) seen[static_cast<std::size_t>(step(s, e).next)] = true;
        }
      stuck += !freed;
    }
  return stuck;
}

BOOST_AUTO_TEST_CASE(no_command_waits_for_ever) {
  BOOST_TEST(count_commands_that_wait_for_ever<dialog>() == 0u);
  BOOST_TEST(count_commands_that_wait_for_ever<invite_usage>() == 0u);
  BOOST_TEST(count_commands_that_wait_for_ever<cancellation>() == 0u);
  BOOST_TEST(count_commands_that_wait_for_ever<reliable_provisional>() == 0u);
  BOOST_TEST(count_commands_that_wait_for_ever<precondition>() == 0u);
  BOOST_TEST(count_commands_that_wait_for_ever<offer_answer>() == 0u);
  BOOST_TEST(count_commands_that_wait_for_ever<session_modification>() == 0u);
  BOOST_TEST(count_commands_that_wait_for_ever<session_timer>() == 0u);
}

BOOST_AUTO_TEST_CASE(constant_evaluation_and_run_time_agree) {
  constexpr std::uint64_t there[] = {fingerprint(1, 40), fingerprint(2, 40), fingerprint(3, 40),
                                     fingerprint(4, 40), fingerprint(5, 40)};
  for (std::uint64_t seed = 1; seed <= 5; ++seed)
    BOOST_TEST(fingerprint(seed, 40) == there[seed - 1]);
}

// One side of a call, message by message.
struct side {
  rules call;

  rules::step request(direction way, method m, std::uint32_t cseq, content c = content::none,
                      bool within = true, std::uint32_t rack = 0) {
    call_message x;
    x.event = ctsip::request_event(way, m, within ? mark::to_tag : mark::none);
    x.cseq = cseq, x.content = c, x.rack = rack;
    x.supports_100rel = true;
    return call.process(x);
  }
  rules::step response(direction way, std::uint16_t status, method m, std::uint32_t cseq,
                       content c = content::none, std::uint32_t rseq = 0) {
    call_message x;
    x.event =
        ctsip::response_event(way, status, m, rseq ? mark::to_tag | mark::reliable : mark::to_tag);
    x.cseq = cseq, x.content = c, x.rseq = rseq;
    return call.process(x);
  }
};
constexpr auto out = direction::sent;
constexpr auto in = direction::received;

BOOST_AUTO_TEST_CASE(a_bye_or_cancel_that_is_answered_491_or_422_is_answered) {
  for (std::uint16_t status : {422, 491}) {
    side a;
    (void)a.request(out, method::invite, 1, content::sdp, false);
    (void)a.response(in, 180, method::invite, 1);
    (void)a.request(out, method::cancel, 1);
    (void)a.response(in, status, method::cancel, 1);
    (void)a.response(in, 200, method::invite, 1, content::sdp);
    (void)a.request(out, method::ack, 1);
    (void)a.request(out, method::bye, 2);
    BOOST_TEST(!a.call.at_rest());
    (void)a.response(in, status, method::bye, 2);
    BOOST_TEST(a.call.at_rest());
  }
}

BOOST_AUTO_TEST_CASE(a_response_to_an_ack_or_what_nobody_has_sent_moves_nothing) {
  side a;
  (void)a.request(out, method::invite, 1, content::sdp, false);
  (void)a.response(in, 200, method::invite, 1, content::sdp);
  bytes const before{a.call};
  for (auto way : {out, in}) BOOST_TEST(!a.response(way, 481, method::ack, 1).refused());
  for (auto m : {method::bye, method::ack, method::invite})
    BOOST_TEST(!a.request(direction::none, m, 2).refused());
  BOOST_TEST(before.are_those_of(a.call));
}

BOOST_AUTO_TEST_CASE(
    after_an_early_bye_and_its_487_preconditions_and_timer_are_as_in_the_beginning) {
  side b;
  (void)b.request(in, method::invite, 1, content::sdp, false);
  (void)b.response(out, 180, method::invite, 1);
  (void)b.request(in, method::bye, 2);
  (void)b.response(out, 200, method::bye, 2);
  BOOST_TEST(b.call.is<precondition>(precondition::ended));
  BOOST_TEST(b.call.is<session_timer>(session_timer::ended));
  (void)b.response(out, 487, method::invite, 1);
  BOOST_TEST(b.call.is<precondition>(precondition::unconditional));
  BOOST_TEST(b.call.is<session_timer>(session_timer::off));
}

BOOST_AUTO_TEST_CASE(a_late_description_suspends_no_session_after_the_failure) {
  side b;
  (void)b.request(in, method::invite, 1, content::none, false);
  (void)b.response(out, 183, method::invite, 1, content::sdp, 1);
  (void)b.response(out, 302, method::invite, 1);
  (void)b.request(in, method::prack, 2, content::sdp_unmet, true, 1);
  BOOST_TEST(b.call.is<precondition>(precondition::unconditional));
  BOOST_TEST(b.call.at_rest());
}

BOOST_AUTO_TEST_CASE(a_2xx_that_overtakes_the_answer_with_met_preconditions_is_no_breach) {
  side a;
  (void)a.request(out, method::invite, 1, content::none, false);
  (void)a.response(in, 183, method::invite, 1, content::sdp, 1);
  (void)a.request(out, method::prack, 2, content::sdp, true, 1);
  (void)a.response(in, 200, method::prack, 2);
  (void)a.request(out, method::update, 3, content::sdp_unmet);
  (void)a.response(in, 200, method::update, 3, content::sdp_unmet);
  BOOST_TEST(a.call.is<precondition>(precondition::suspended));
  (void)a.request(out, method::update, 4, content::sdp_met);
  auto const success = a.response(in, 200, method::invite, 1); // before the 2xx to that UPDATE
  BOOST_TEST(int(success.broken_by_peer()) == int(rules::step::nobody));
}

BOOST_AUTO_TEST_CASE(a_2xx_after_the_cancelled_invite_was_given_up_is_acknowledged_by_rfc_3261_15) {
  side a;
  (void)a.request(out, method::invite, 1, content::sdp, false);
  (void)a.response(in, 180, method::invite, 1);
  (void)a.request(out, method::cancel, 1);
  (void)a.call.process({.event = ctsip::timer_event(timer::cancel_timeout)});
  auto const late = a.response(in, 200, method::invite, 1, content::sdp);
  BOOST_TEST(late.does<cancellation>().has(cancellation::acknowledge_and_bye));
  BOOST_TEST(late.does<invite_usage>().has(invite_usage::send_ack));
  BOOST_TEST(!a.request(out, method::ack, 1).refused());
  BOOST_TEST(!a.request(out, method::bye, 2).refused());
}

BOOST_AUTO_TEST_CASE(the_cancels_of_two_invites_may_both_be_answered_at_the_end_by_rfc_3261_9_2) {
  side b;
  (void)b.request(in, method::invite, 1, content::sdp, false);
  (void)b.response(out, 401, method::invite, 1);
  (void)b.request(in, method::cancel, 1);
  (void)b.request(in, method::invite, 2, content::sdp, false);
  (void)b.request(in, method::cancel, 2);
  BOOST_TEST(!b.response(out, 200, method::cancel, 1).refused());
  BOOST_TEST(!b.response(out, 487, method::invite, 2).refused());
  BOOST_TEST(!b.response(out, 200, method::cancel, 2).refused());
  BOOST_TEST(b.call.at_rest());
}

// Two that follow their tables over a network that is only slow, and over one that is all that UDP
// may be: what is received is never refused, a correct peer is never blamed, and in the end both
// have a session or none.
constexpr habits over_udp(habits h) {
  h.loses = h.repeats = h.reorders = true;
  return h;
}

constexpr habits with_cancel{.cancels = true};
constexpr habits with_requests{.updates = true, .cancels = true, .requests = true};
constexpr habits with_offers{.updates = true, .cancels = true, .offers = true};
constexpr habits with_session_timers{.updates = true, .cancels = true, .session_timers = true};

BOOST_AUTO_TEST_CASE(two_agents_agree_over_a_network_that_keeps_the_order) {
  talk(with_cancel, 3'000);
  talk(with_requests, 3'000);
  talk(with_offers, 3'000);
  talk(with_session_timers, 3'000);
}

BOOST_AUTO_TEST_CASE(two_agents_agree_over_udp) {
  talk(over_udp(with_cancel), 3'000);
  talk(over_udp(with_requests), 3'000);
  talk(over_udp(with_offers), 3'000);
  talk(over_udp(with_session_timers), 3'000);
}

// For a board that neither modifies its sessions nor lets them expire.
struct small_call : ctsip::uac_call::without<precondition, session_modification, session_timer> {};
static_assert(sizeof(ctsip::uac_call) <= 128);
static_assert(sizeof(small_call) <= 76);

BOOST_AUTO_TEST_CASE(a_call_without_some_of_its_rules_comes_about_and_ends_as_with_them) {
  small_call call;
  auto step = call.process(
      {.event = ctsip::sent<ctsip::messages::invite>{}, .cseq = 1, .content = content::sdp});
  BOOST_TEST(!step.refused());
  ctsip::call_message const early{.event = ctsip::sent<ctsip::messages::bye>{}, .cseq = 2};
  BOOST_TEST(!call.judge(early).refused() == !ctsip::uac_call{}.judge(early).refused());
  step = call.process({.event = ctsip::received<ctsip::response<200>>{},
                       .cseq = 1,
                       .session_expires = 1800,
                       .content = content::sdp});
  BOOST_TEST(step.does<invite_usage>().has(invite_usage::action::send_ack));
  BOOST_TEST(step.does<session_timer>().empty());
  BOOST_TEST(call.facts<session_timer>().interval == 0u);
  BOOST_TEST(call.wait(timer::session_refresh).is_never());
  BOOST_TEST(call.judge(early).waits());
  BOOST_TEST(std::string(call.explain(early).clause) == "RFC 3261 13.2.2.4");
  BOOST_TEST(!call.process({.event = ctsip::sent<ctsip::messages::ack>{}, .cseq = 1}).refused());
  BOOST_TEST(!call.process(early).refused());
  BOOST_TEST(call.is<session_modification>(session_modification::state::initial));
  BOOST_TEST(call.is<invite_usage>(invite_usage::state::bye_sent));
}

BOOST_AUTO_TEST_SUITE_END()
