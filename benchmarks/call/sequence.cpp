#include "sequence.hpp"

#include <cstdlib>

#include <ctsip/machine/machine.hpp>

namespace bench::call {

namespace {

using ctsip::call_event;
using ctsip::call_message;
using ctsip::content;
using ctsip::direction;
using ctsip::method;

constexpr bool is_refusal(outcome o) { return o > outcome{} - 1 - rules; }

template <class Rule>
concept keeps_numbers = requires {
  typename Rule::facts;
};

template <class Rule>
struct part {
  typename Rule::state state{};
};
template <keeps_numbers Rule>
struct part<Rule> {
  typename Rule::state state{};
  typename Rule::facts facts{};
};

// The reference: each rule's own machine, asked after the other.
template <class Rules>
class rules_one_by_one;

template <class... Rules>
class rules_one_by_one<ctsip::composition<Rules...>> {
 public:
  struct judged {
    fed_message fed{};
    outcome does{};
    bool illegal{}; // a command that is refused, or a breach by the peer
    std::uint8_t next[rules]{};
  };

  judged judge(call_message const& m) const {
    judged all{{m, call_event{m}, {}}, 0, false, {}};
    (refine(static_cast<part<Rules> const&>(parts_), all), ...);
    unsigned at = 0;
    (ask(static_cast<part<Rules> const&>(parts_), all, at++), ...);
    return all;
  }
  void commit(judged const& all) {
    unsigned at = 0;
    (commit(static_cast<part<Rules>&>(parts_), all, at++), ...);
  }

 private:
  struct parts : part<Rules>... {};

  template <class Rule>
  static void refine(part<Rule> const& p, judged& all) {
    if constexpr (requires { Rule::refine(all.fed.event, all.fed.message, p.facts); })
      Rule::refine(all.fed.event, all.fed.message, p.facts);
  }
  template <class Rule>
  static auto symbol_of(part<Rule> const& p, fed_message const& fed) {
    auto const plain = Rule::project(fed.event);
    if constexpr (requires { Rule::correct(plain, fed.message, fed.event, p.facts); })
      return Rule::correct(plain, fed.message, fed.event, p.facts);
    else
      return plain;
  }
  template <class Rule>
  static void ask(part<Rule> const& p, judged& all, unsigned at) {
    auto const s = symbol_of(p, all.fed);
    all.fed.symbols[at] = static_cast<std::uint8_t>(s);
    all.next[at] = static_cast<std::uint8_t>(p.state);
    if (s == ctsip::outside<typename Rule::symbol>) return;
    auto const step = ctsip::next<Rule>(p.state, s);
    all.illegal = all.illegal || step.refused() || step.kind() == ctsip::row_kind::peer_violation;
    if (is_refusal(all.does)) return;
    if (step.refused())
      all.does = refused_by(at);
    else
      all.does |= outcome{step.does.bits} << (8 * at);
    all.next[at] = static_cast<std::uint8_t>(step.next);
  }
  template <class Rule>
  static void commit(part<Rule>& p, judged const& all, unsigned at) {
    p.state = static_cast<typename Rule::state>(all.next[at]);
    if constexpr (requires { Rule::commit(p.facts, all.fed.message, all.fed.event); })
      Rule::commit(p.facts, all.fed.message, all.fed.event);
  }

  parts parts_{};
};

template <class... Rules>
rules_one_by_one<ctsip::composition<Rules...>> one_by_one(ctsip::composition<Rules...> const&);
using reference = decltype(one_by_one(ctsip::uac_call{}));

// A 32-bit xorshift: the same messages on every machine and with every compiler.
class generator {
 public:
  unsigned below(unsigned n) {
    x_ ^= x_ << 13;
    x_ ^= x_ >> 17;
    x_ ^= x_ << 5;
    return x_ % n;
  }
  bool one_in(unsigned n) { return below(n) == 0; }

 private:
  std::uint32_t x_ = 2463534242u;
};

constexpr std::size_t message_count = 1 << 13;

// A call in the making: messages enter it by the reference.
class call_in_the_making {
 public:
  explicit call_in_the_making(sequence& to) : to_(to) {}

  reference::judged judge(call_message const& m) const { return rules_.judge(m); }
  void append(reference::judged const& j) {
    to_.messages.push_back(j.fed);
    to_.expected.push_back(j.does);
    if (!is_refusal(j.does)) rules_.commit(j);
  }
  void end() { to_.ends.push_back(to_.messages.size()); }

 private:
  sequence& to_;
  reference rules_{};
};

// One normal call, as the caller or the callee sees it.
class normal_call {
 public:
  normal_call(sequence& to, generator& any) : made_(to), any_(any), we_call_(!any.one_in(2)) {}

  void make() {
    bool const timer = any_.one_in(2);
    auto invite = request(true, method::invite, content::sdp);
    invite.supports_100rel = true;
    add_timer(invite, timer);
    append(invite);
    if (!any_.one_in(4)) respond(invite, 100);
    bool const answered = any_.one_in(2) ? make_early_session(invite) : false;
    for (unsigned again = any_.below(3); again > 0; --again) respond(invite, 180);
    auto success = response(invite, 200, answered ? content::none : content::sdp);
    add_timer(success, timer);
    append(success);
    acknowledge(invite);
    for (unsigned again = any_.below(3); again > 0; --again) modify(timer);
    auto const bye = request(any_.one_in(2), method::bye);
    append(bye);
    respond(bye, 200);
    made_.end();
  }

 private:
  call_message request(bool by_caller, method m, content c = content::none) {
    call_message r;
    r.event =
        ctsip::request_event(way(by_caller), m, began_ ? ctsip::mark::to_tag : ctsip::mark::none);
    r.cseq = ++cseq_[by_caller];
    r.content = c;
    began_ = true;
    return r;
  }
  call_message response(call_message const& to, std::uint16_t status, content c = content::none) {
    call_message r;
    r.event = ctsip::response_event(to.event.way == direction::sent ? direction::received
                                                                    : direction::sent,
                                    status, to.event.method, ctsip::mark::to_tag);
    r.cseq = to.cseq;
    r.content = c;
    return r;
  }
  void respond(call_message const& to, std::uint16_t status, content c = content::none) {
    append(response(to, status, c));
  }
  void acknowledge(call_message const& invite) {
    auto ack = invite;
    ack.event.method = method::ack;
    ack.event.marks = ctsip::mark::to_tag;
    ack.content = content::none;
    ack.session_expires = 0;
    append(ack);
  }
  // A reliable 183 with the answer, its PRACK, and perhaps an UPDATE.
  bool make_early_session(call_message const& invite) {
    auto progress = response(invite, 183, content::sdp);
    progress.event.marks = progress.event.marks | ctsip::mark::reliable;
    progress.rseq = 1 + any_.below(1000);
    append(progress);
    auto prack = request(true, method::prack);
    prack.rack = progress.rseq;
    prack.rack_cseq = invite.cseq;
    append(prack);
    respond(prack, 200);
    if (!any_.one_in(2)) {
      auto const update = request(true, method::update, content::sdp);
      append(update);
      respond(update, 200, content::sdp);
    }
    return true;
  }
  // A re-INVITE or an UPDATE by either side; with a session timer, a refresh.
  void modify(bool timer) {
    bool const updates = any_.one_in(2);
    auto change = request(any_.one_in(2), updates ? method::update : method::invite, content::sdp);
    add_timer(change, timer);
    append(change);
    auto success = response(change, 200, content::sdp);
    add_timer(success, timer);
    append(success);
    if (!updates) acknowledge(change);
  }
  void add_timer(call_message& m, bool wanted) {
    if (!wanted) return;
    m.supports_timer = true;
    m.session_expires = 1800;
    m.refresher = ctsip::refresher::uac;
  }
  void append(call_message const& m) {
    auto const j = made_.judge(m);
    if (j.illegal) std::abort();
    made_.append(j);
  }
  direction way(bool by_caller) const {
    return by_caller == we_call_ ? direction::sent : direction::received;
  }

  call_in_the_making made_;
  generator& any_;
  bool we_call_;
  bool began_{};
  std::uint32_t cseq_[2]{};
};

sequence make_normal() {
  sequence made;
  generator any;
  while (made.messages.size() < message_count) normal_call{made, any}.make();
  return made;
}

// Messages of a call in any order, with numbers that mostly fit.
class any_message {
 public:
  explicit any_message(generator& any) : any_(any) {}

  call_message make() {
    static constexpr method methods[] = {method::invite, method::invite, method::invite,
                                         method::ack,    method::bye,    method::cancel,
                                         method::prack,  method::update, method::info};
    static constexpr std::uint16_t statuses[] = {100, 180, 183, 183, 199, 200, 200, 200, 401,
                                                 404, 408, 422, 481, 486, 487, 491, 500, 503};
    static constexpr content contents[] = {content::none, content::none,      content::sdp,
                                           content::sdp,  content::sdp_unmet, content::sdp_met};
    call_message m;
    auto const what = methods[any_.below(sizeof methods / sizeof *methods)];
    auto const way = any_.one_in(2) ? direction::sent : direction::received;
    bool const sent = way == direction::sent;
    m.content = contents[any_.below(sizeof contents / sizeof *contents)];
    if (what == method::ack || any_.one_in(2)) {
      m.event = ctsip::request_event(way, what, ctsip::mark::to_tag);
      bool const repeats = what == method::ack || what == method::cancel;
      m.cseq = repeats ? invite_[sent] : last_[sent] + (any_.one_in(8) ? 0 : 1);
      m.rack = rseq_[!sent];
      m.supports_100rel = !any_.one_in(4);
    } else {
      auto const status = statuses[any_.below(sizeof statuses / sizeof *statuses)];
      m.event = ctsip::response_event(way, status, what, ctsip::mark::to_tag);
      m.cseq = what == method::invite ? invite_[!sent] : last_[!sent];
      if (status == 183 && what == method::invite) {
        m.event.marks = m.event.marks | ctsip::mark::reliable;
        m.rseq = rseq_[sent] + (any_.one_in(8) ? 2 : 1);
      }
    }
    m.supports_timer = any_.one_in(2);
    if ((what == method::invite || what == method::update) && any_.one_in(4))
      m.session_expires = any_.one_in(4) ? 60 : 1800;
    return m;
  }
  void note(call_message const& m) {
    bool const sent = m.event.way == direction::sent;
    if (m.event.what == ctsip::occurrence::request) {
      if (m.cseq > last_[sent]) last_[sent] = m.cseq;
      if (m.event.method == method::invite) invite_[sent] = m.cseq;
    } else if (m.rseq > rseq_[sent]) {
      rseq_[sent] = m.rseq;
    }
  }

 private:
  generator& any_;
  std::uint32_t last_[2]{};
  std::uint32_t invite_[2]{};
  std::uint32_t rseq_[2]{};
};

sequence make_random() {
  constexpr std::size_t call_length = 32;
  sequence made;
  generator any;
  while (made.messages.size() < message_count) {
    call_in_the_making call{made};
    any_message messages{any};
    for (std::size_t i = 0; i < call_length; ++i) {
      bool const illegal = any.one_in(2);
      for (;;) {
        auto const j = call.judge(messages.make());
        if (j.illegal != illegal) continue;
        call.append(j);
        if (!is_refusal(j.does)) messages.note(j.fed.message);
        break;
      }
    }
    call.end();
  }
  return made;
}

} // namespace

sequence const& normal() {
  static sequence const made = make_normal();
  return made;
}

sequence const& random() {
  static sequence const made = make_random();
  return made;
}

} // namespace bench::call
