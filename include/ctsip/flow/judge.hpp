// The judge of flows: each participant with its transactions and the rules of its calls, each
// message an act of the one who sends it and a fact for the one who receives it.
//
// What a participant sends is judged by its own tables, which are partial; what it receives they
// take, since they are total. What the text leaves unsaid - which request a response answers - is
// every possibility: the flow is legal if one reading is. If none is, the reading that got furthest
// is told. Read notation.hpp, dialog/call.hpp and the transactions' headers before it.
#pragma once

#include <cstddef>
#include <cstdint>

#include <ctsip/dialog/call.hpp>
#include <ctsip/dialog/forking.hpp>
#include <ctsip/flow/message_matching.hpp>
#include <ctsip/flow/notation.hpp>
#include <ctsip/transaction/invite_client.hpp>
#include <ctsip/transaction/invite_server.hpp>
#include <ctsip/transaction/non_invite_server.hpp>

namespace ctsip {

namespace detail {

// Which machine refuses, and where in its table: enough to find its words again.
struct refusal {
  std::uint8_t machine{none};
  std::uint8_t state{};
  std::uint8_t symbol{};

  static constexpr std::uint8_t none = 0xff;
  constexpr explicit operator bool() const { return machine != none; }
};

// What an RFC says of the response to a request, as the rules saw it when it was received.
enum class demand : std::uint8_t {
  none,
  stale,            // 500
  stray_prack,      // 481
  matching_prack,   // no 481
  stray_cancel,     // 481
  matching_cancel,  // 200
  stray_bye,        // 481
  after_the_end,    // an error
  crossing_update,  // 491
  crossing_reinvite // 491
};

// A failure that is the user's or the session's, and not the request's: what is wrong with the
// request itself (credentials, extensions, bodies) is looked at first (RFC 3261 8.2).
constexpr bool is_refusal_by_user(std::uint16_t status) {
  return status == 480 || status == 486 || status == 488 || status == 500 || status >= 600;
}

// What is wrong with a response to a request of which this was said; `matched` if nothing is.
constexpr message_matching::symbol breach(demand d, std::uint16_t status) {
  using enum message_matching::symbol;
  bool const success = status >= 200 && status < 300;
  switch (d) {
  case demand::stale: return success ? success_to_stale_request : matched;
  case demand::stray_prack: return success ? success_to_stray_prack : matched;
  case demand::matching_prack: return status == 481 ? no_match_to_prack : matched;
  case demand::stray_cancel: return success ? success_to_stray_cancel : matched;
  // A challenge is cancellation's to refuse.
  case demand::matching_cancel:
    return status >= 300 && status != 401 && status != 407 ? failure_to_matching_cancel : matched;
  case demand::stray_bye: return success ? success_to_stray_bye : matched;
  case demand::after_the_end: return success ? success_after_the_end : matched;
  case demand::crossing_update:
    return success                      ? success_to_crossing_update
           : is_refusal_by_user(status) ? failure_to_crossing_update
                                        : matched;
  case demand::crossing_reinvite:
    return is_refusal_by_user(status) ? failure_to_crossing_reinvite : matched;
  case demand::none: break;
  }
  return matched;
}

// What one rule's step demands. Where an RFC leaves more than one reaction, nothing.
template <class D, class Step, class State>
constexpr demand demand_of(Step const& did, State from, event const& e) {
  [[maybe_unused]] method const what = e.method;
  if constexpr (same_as<D, dialog>) {
    if (did.does.has(dialog::action::answer_500)) return demand::stale;
    if (!did.does.has(dialog::action::answer_481)) return demand::none;
    if (what == method::bye) return demand::stray_bye;
    // A request to a dialog that is not known may be accepted (12.2.2).
    if (from == dialog::state::none || from == dialog::state::released) return demand::none;
    return (what == method::invite && e.has(mark::to_tag)) || what == method::update ||
                   what == method::info || what == method::refer
               ? demand::after_the_end
               : demand::none;
  } else if constexpr (same_as<D, reliable_provisional>) {
    if (what != method::prack) return demand::none;
    if (did.does.has(reliable_provisional::action::answer_481)) return demand::stray_prack;
    return did.does.has(reliable_provisional::action::answer_prack) && did.next != from
               ? demand::matching_prack
               : demand::none;
  } else if constexpr (same_as<D, cancellation>) {
    return what == method::cancel && did.does.has(cancellation::action::answer_487)
               ? demand::matching_cancel
               : demand::none;
  } else if constexpr (same_as<D, offer_answer>) {
    return what == method::update && did.does.has(offer_answer::action::answer_491) &&
                   (from == offer_answer::state::sent_offer ||
                    from == offer_answer::state::sent_our_offer ||
                    from == offer_answer::state::received_our_offer ||
                    from == offer_answer::state::our_offer)
               ? demand::crossing_update
               : demand::none;
  } else if constexpr (same_as<D, session_modification>) {
    // In the other cases a 500 is right as well (RFC 5407 3.1.5).
    return what == method::invite && did.does.has(session_modification::action::answer_491) &&
                   (from == session_modification::state::calling ||
                    from == session_modification::state::modifying)
               ? demand::crossing_reinvite
               : demand::none;
  } else {
    return demand::none;
  }
}

// The rules whose steps demand something.
template <class D>
inline constexpr bool makes_demands =
    same_as<D, dialog> || same_as<D, reliable_provisional> || same_as<D, cancellation> ||
    same_as<D, offer_answer> || same_as<D, session_modification>;

// The first demand of a step of all rules.
template <class Rules>
struct find_demand {
  Rules const& before;
  typename Rules::step const& taken;
  event const& e;
  demand found{};

  template <class D>
  constexpr void operator()() {
    if constexpr (makes_demands<D>)
      if (found == demand::none)
        found = demand_of<D>(taken.template of<D>(), before.template state<D>(), e);
    // After a BYE "UAs [...] return error responses to the requests that operate within a dialog"
    // (RFC 5407 3.2.1): either is right.
    if (found == demand::matching_prack &&
        taken.template of<dialog>().does.has(dialog::action::answer_481))
      found = demand::none;
  }
};

inline constexpr std::uint8_t nowhere = 0xff;

// One transaction as one participant sees it.
struct exchange {
  ctsip::method method{method::extension};
  bool client{};
  bool in_call{};   // its messages concern the rules of the call
  bool in_dialog{}; // an INVITE within a dialog
  std::uint8_t call{};
  std::uint8_t tag{};
  std::uint8_t branch{};
  std::uint8_t state{};       // of its transaction machine, at the server
  demand demands{};           // of its response, at the server
  std::uint8_t peer{nowhere}; // to whom the request was sent, or from whom it came
  std::uint32_t cseq{};
  std::uint32_t rseq{};    // the last that was sent, at the server
  std::uint16_t status{};  // the final response, 0 before it
  bool provisional{};      // a 1xx has been sent, at the server; a reliable one has come
  bool repeated{};         // the 2xx to an INVITE has been sent again
  bool acknowledged{};     // of an INVITE with a final response
  bool was_acknowledged{}; // perhaps before the response came again

  constexpr bool is(ctsip::method m, bool as_client) const {
    return method == m && client == as_client;
  }
  constexpr bool failed() const { return status >= 300; }
  // Whether it makes no difference which of the two a response answers. Those to INVITE, PRACK and
  // UPDATE have their numbers in the rules.
  constexpr bool interchangeable(exchange const& e) const {
    return method == e.method && method != ctsip::method::invite &&
           method != ctsip::method::prack && method != ctsip::method::update &&
           client == e.client && in_call == e.in_call && call == e.call && tag == e.tag &&
           branch == e.branch && state == e.state && demands == e.demands && status == e.status &&
           provisional == e.provisional;
  }
  constexpr bool has_sent(std::uint16_t response) const {
    return response < 200 ? provisional : status == response;
  }
  // Nothing is due to it, and no later message but one that comes again belongs to it.
  constexpr bool closed() const {
    return status && (method != ctsip::method::invite || (in_dialog && acknowledged));
  }
};

// What a flow that is legal leaves open.
enum class open_kind : std::uint8_t {
  none,
  request,
  success, // without its ACK
  failure, // without its ACK
  rule,
  delivery
};

struct open_end {
  open_kind kind{};
  std::uint8_t participant{}; // whose
  std::uint8_t machine{};     // of a rule
  std::uint8_t state{};
  ctsip::method method{method::extension}; // of a request

  constexpr explicit operator bool() const { return kind != open_kind::none; }
};

// The transactions in the order of their requests. Where there is no room for another, the oldest
// closed one is forgotten; what does not fit then is told.
struct exchange_list {
  static constexpr std::size_t capacity = 24;

  exchange of[capacity]{};
  std::uint8_t size{};

  constexpr exchange* add(exchange const& e) {
    if (size == capacity && !forget()) return nullptr;
    of[size] = e;
    return &of[size++];
  }
  template <class Predicate>
  constexpr std::uint8_t last(Predicate p) const {
    for (std::uint8_t i = size; i-- > 0;)
      if (p(of[i])) return i;
    return nowhere;
  }

 private:
  constexpr bool forget() {
    std::uint8_t i = 0;
    while (i < size && !of[i].closed()) ++i;
    if (i == size) return false;
    for (--size; i < size; ++i) of[i] = of[i + 1];
    return true;
  }
};

// One call as one participant sees it.
template <class Rules>
struct flow_call {
  static constexpr std::size_t max_forks = 6;

  std::uint8_t name{};
  bool used{};
  bool failed{};            // the INVITE that the peer began it with
  bool subscribed{};        // a REFER or SUBSCRIBE was accepted in one of its dialogs
  std::uint32_t answered{}; // the tags whose INVITE has a 2xx, as bits
  std::uint32_t local_cseq{};
  std::uint32_t remote_cseq{};
  forking<Rules, max_forks> dialogs{};

  // The tag that a message means which does not say one.
  constexpr std::uint8_t tag_of(std::uint8_t said) const {
    if (said) return static_cast<std::uint8_t>(said + 1);
    if (!dialogs.size() || dialogs.find(1) != nowhere) return 1;
    return static_cast<std::uint8_t>(dialogs.tag(dialogs.size() - 1));
  }
  constexpr bool has_dialog() const {
    for (std::size_t i = 0; i < dialogs.size(); ++i)
      if (!dialogs[i].template is<dialog>(dialog::state::none) &&
          !dialogs[i].template is<dialog>(dialog::state::released))
        return true;
    return false;
  }
  // Whether a 2xx of that dialog has come whose ACK has not been sent.
  constexpr bool owes_ack(std::uint8_t tag) const {
    using enum invite_usage::state;
    auto const at = dialogs.at(dialogs.find(tag)).template state<invite_usage>();
    return at == unacknowledged || at == unacknowledged_again || at == bye_sent_unacknowledged ||
           at == bye_received_unacknowledged || at == ended_unacknowledged;
  }
  // Whether the INVITE usage of that dialog has ended.
  constexpr bool is_over(std::uint8_t tag) const {
    return dialogs.at(dialogs.find(tag)).template state<dialog>() > dialog::state::confirmed;
  }
  // The first rule that leaves something open. A dialog that another one's 2xx has left behind ends
  // by itself (13.2.2.4), and so do all early ones when the INVITE fails (12.3).
  constexpr open_end open() const {
    if (!dialogs.size()) return open_in(dialogs.trunk());
    for (std::size_t i = 0; i < dialogs.size(); ++i)
      if ((!answered && !failed) || answered >> (dialogs.tag(i) & 31u) & 1u)
        if (auto const end = open_in(dialogs[i])) return end;
    return {};
  }

 private:
  static constexpr open_end open_in(Rules const& rules) {
    auto const at = rules.find_restless();
    if (at.position == Rules::size) return {};
    return {open_kind::rule, 0, static_cast<std::uint8_t>(at.position), at.state};
  }
};

template <class Rules>
struct flow_agent {
  static constexpr std::size_t max_calls = 4;

  exchange_list exchanges{};
  flow_call<Rules> calls[max_calls]{};

  constexpr flow_call<Rules>* call(std::uint8_t name) {
    for (auto& c : calls)
      if (c.used && c.name == name) return &c;
    for (auto& c : calls)
      if (!c.used) {
        c.used = true;
        c.name = name;
        return &c;
      }
    return nullptr;
  }
  // The messages that this participant leaves open: a request without a final response, one to an
  // INVITE without its ACK.
  constexpr open_end open_exchange() const {
    for (std::size_t i = 0; i < exchanges.size; ++i) {
      auto const& x = exchanges.of[i];
      if (!x.status && (x.client || !answered_elsewhere(x)))
        return {open_kind::request, 0, 0, 0, x.method};
      if (x.is(method::invite, true) && !x.acknowledged)
        return {x.failed() ? open_kind::failure : open_kind::success, 0, 0, 0, x.method};
    }
    return {};
  }
  // The rule of his that is not at rest.
  constexpr open_end open_rule() const {
    for (auto const& c : calls)
      if (c.used)
        if (auto const end = c.open()) return end;
    return {};
  }

 private:
  // An INVITE that forked is answered when one of its branches is.
  constexpr bool answered_elsewhere(exchange const& x) const {
    for (std::size_t i = 0; i < exchanges.size; ++i) {
      auto const& other = exchanges.of[i];
      if (!other.client && other.method == x.method && other.call == x.call &&
          other.cseq == x.cseq && other.status)
        return true;
    }
    return false;
  }
};

// A message on its way: sent, not yet delivered.
struct message_in_flight {
  call_message message{};
  std::uint8_t number{};
  std::uint8_t from{};
  std::uint8_t tag{};
  std::uint8_t call{};
};

// One way to read a step: who sends it, and which transaction it belongs to at either end.
struct reading {
  std::uint8_t from{unsaid};
  std::uint8_t to{unsaid};
  std::uint8_t sender{nowhere};
  std::uint8_t receiver{nowhere};
};

struct reading_list {
  static constexpr std::size_t capacity = 8;

  reading of[capacity]{};
  std::uint8_t size{};
  bool more{}; // than there is room for

  constexpr void add(reading const& r) {
    if (size < capacity)
      of[size++] = r;
    else
      more = true;
  }
};

// What a reading says of each step.
struct resolved_steps {
  std::uint8_t senders[max_flow_steps]{};
  method methods[max_flow_steps]{}; // which one a response answers, `extension` if that is unknown
};

// Everything that a reading has come to, to be copied where readings part.
template <class Rules>
struct flow_state {
  static constexpr std::size_t max_agents = 4;
  static constexpr std::size_t max_in_flight = 6;

  flow_agent<Rules> agents[max_agents]{};
  message_in_flight in_flight[max_in_flight]{};
  std::uint8_t in_flight_count{};
  resolved_steps resolved{};
};

// What came of one step.
struct taken {
  refusal broken{};
  std::uint8_t by{};
  bool overflow{};
};

// What a reading came to.
struct flow_finding {
  bool complete{};
  open_end open{}; // of a flow that is legal and not complete
  refusal refused{};
  std::uint8_t step{};        // of the refusal or the overflow, from 0
  std::uint8_t participant{}; // who broke the rule
  bool overflow{};  // more transactions, calls, forks or participants than there is room for
  bool exhausted{}; // more readings than can be tried, and none that was is legal
  resolved_steps resolved{};

  constexpr bool legal() const { return !refused && !overflow && !exhausted; }
};

template <class Rules>
class flow_judge {
 public:
  using rules = Rules;
  using state = flow_state<rules>;
  using agent = flow_agent<rules>;
  static constexpr std::size_t rule_count = Rules::size;
  // The machines that can refuse, by number: the rules of the call, then these.
  static constexpr std::uint8_t by_invite_server = rule_count;
  static constexpr std::uint8_t by_non_invite_server = rule_count + 1;
  static constexpr std::uint8_t by_matching = rule_count + 2;

  constexpr explicit flow_judge(flow_text const& text) : text_(text) {
    std::uint8_t count = 0;
    for (std::uint8_t p = 0; p < max_flow_participants; ++p) {
      bool const judged = p < text.participant_count && !text.is_proxy[p] &&
                          !(text.notation == notation::log && p == 1);
      slots_[p] = judged ? count++ : nowhere;
    }
    found_.overflow = count > state::max_agents;
    has_third_ = text.participant_count > 2;
    for (bool const proxy : text.is_proxy) has_third_ = has_third_ && !proxy;
    for (auto const& step : text) numbered_ |= step.is_response() && step.message.cseq;
    if (found_.overflow)
      while (found_.step + 1u < text.size && has_room(text[found_.step].from) &&
             has_room(text[found_.step].to))
        ++found_.step;
  }

  constexpr flow_finding const& run() {
    if (!found_.overflow) {
      state begin{};
      explore(begin, 0);
    }
    if (exhausted_ && !legal_) {
      found_.refused = {};
      found_.exhausted = true;
    }
    return found_;
  }

  // The ways in which a step can be read: none, if it answers nothing.
  constexpr reading_list read(state& s, flow_step const& step) const {
    reading_list all;
    if (!step.sends) {
      all.add({in_flight_from(s, step.crossing), step.to});
      return all;
    }
    if (step.is_request()) {
      if (step.message.event.method == method::ack) return read_ack(s, step);
      all.add({step.from, step.to});
      return all;
    }
    // A response is sent by one who has received the request and not yet answered it.
    for (int pass = 0; pass < 2 && !all.size; ++pass)
      for (std::uint8_t p = 0; p < text_.participant_count; ++p) {
        if (step.from_said ? p != step.from : text_.is_proxy[p]) continue;
        std::uint8_t const to = step.to != unsaid ? step.to
                                : step.from_said  ? step.to
                                : text_.notation == notation::arrows
                                    ? static_cast<std::uint8_t>(1 - p)
                                    : step.to;
        if (agent* a = judged(s, p))
          add_servers(*a, step, {p, to}, pass == 0, all);
        else if (agent* b = judged(s, to))
          add_clients(*b, step, {p, to}, pass == 0, all);
        else if (step.from_said && !pass)
          all.add({p, to}); // from proxy to proxy
      }
    return all;
  }

  // One step in one reading: what it breaks, if anything, and by whom.
  constexpr taken take(state& s, flow_step const& step, reading const& how) {
    // A response that names no call is of the call of what it answers.
    if (step.is_response() && !step.call)
      if (std::uint8_t const call = answered_call(s, step, how)) {
        flow_step named = step;
        named.call = call;
        return take(s, named, how);
      }
    call_message m = step.message;
    std::uint8_t tag = 0;
    if (step.sends) {
      m.event.way = direction::sent;
      if (agent* a = judged(s, how.from)) {
        auto const r = step.is_request() ? send_request(s, *a, step, m, tag, how)
                                         : send_response(s, *a, step, m, tag, how.sender);
        if (r || overflow_) return {r, how.from, overflow_};
      }
      if (!step.delivers && !step.lost) {
        if (s.in_flight_count == state::max_in_flight) return {{}, how.from, true};
        s.in_flight[s.in_flight_count++] = {m, step.crossing, how.from, tag, step.call};
        return {};
      }
    } else {
      for (std::size_t n = 0; n < s.in_flight_count; ++n)
        if (s.in_flight[n].number == step.crossing) {
          m = s.in_flight[n].message;
          tag = s.in_flight[n].tag;
          s.in_flight[n] = s.in_flight[--s.in_flight_count];
          break;
        }
    }
    agent* const to = step.lost ? nullptr : judged(s, how.to);
    if (!to) return {};
    m.event.way = direction::received;
    bool const from_judged = judged(s, how.from) != nullptr;
    auto const r = step.is_request() ? receive_request(*to, step, m, tag, how, from_judged)
                                     : receive_response(*to, step, m, tag, how, from_judged);
    // The breach of one who is judged has been found where it was sent.
    bool const told = !from_judged && text_.notation == notation::log;
    return {told ? r : refusal{}, how.from, overflow_};
  }

  // What is open at the end. A message that is missing says more than the rule that waits for it,
  // whoever of the two sides is the first in the text.
  constexpr open_end find_open(state const& s) const {
    if (s.in_flight_count) return {open_kind::delivery, s.in_flight[0].from};
    for (int pass = 0; pass < 2; ++pass)
      for (std::uint8_t p = 0; p < text_.participant_count; ++p) {
        if (slots_[p] == nowhere) continue;
        agent const& a = s.agents[slots_[p]];
        if (auto end = pass ? a.open_rule() : a.open_exchange()) {
          end.participant = p;
          return end;
        }
      }
    return {};
  }

 private:
  static constexpr unsigned max_readings = 400;

  constexpr bool is_judged(std::uint8_t participant) const {
    return participant < max_flow_participants && slots_[participant] != nowhere;
  }
  constexpr bool has_room(std::uint8_t participant) const {
    return !is_judged(participant) || slots_[participant] < state::max_agents;
  }
  constexpr agent* judged(state& s, std::uint8_t participant) const {
    return is_judged(participant) ? &s.agents[slots_[participant]] : nullptr;
  }

  // Follows the flow from a step on; where a step can be read in several ways, each of them.
  constexpr void explore(state& s, std::size_t i) {
    ++readings_;
    for (; i < text_.size; ++i) {
      auto const all = read(s, text_[i]);
      exhausted_ |= all.more;
      if (!all.size) {
        s.resolved.methods[i] = text_[i].message.event.method;
        refuse(s, i, sender_of(text_[i]),
               matching(text_[i].again ? message_matching::symbol::again_of_nothing
                                       : message_matching::symbol::response_to_nothing));
        return;
      }
      if (all.size == 1) {
        if (!follow(s, i, all.of[0])) return;
        continue;
      }
      for (std::size_t r = 0; r < all.size && !found_.complete; ++r) {
        exhausted_ |= readings_ > max_readings;
        if (readings_ > max_readings) return;
        state other = s;
        if (follow(other, i, all.of[r])) explore(other, i + 1);
      }
      return;
    }
    open_end const end = find_open(s);
    if (!end || !legal_) {
      legal_ = true;
      found_.refused = {};
      found_.overflow = false;
      found_.complete = !end;
      found_.open = end;
      keep(s);
    }
  }

  constexpr bool follow(state& s, std::size_t i, reading const& how) {
    s.resolved.senders[i] = how.from;
    s.resolved.methods[i] = text_[i].message.event.method;
    if (text_[i].is_response() && !text_[i].method_said)
      if (exchange const* const x = answered(s, how)) s.resolved.methods[i] = x->method;
    auto const t = take(s, text_[i], how);
    if (t.overflow) return give_up(s, i);
    return !t.broken || refuse(s, i, t.by, t.broken);
  }

  // --- What a step can mean

  constexpr std::uint8_t sender_of(flow_step const& step) const {
    return step.from != unsaid ? step.from : 1;
  }

  // The transaction that a reading names.
  constexpr exchange const* answered(state& s, reading const& how) const {
    if (agent const* a = judged(s, how.from))
      return how.sender < a->exchanges.size ? &a->exchanges.of[how.sender] : nullptr;
    agent const* const b = judged(s, how.to);
    return b && how.receiver < b->exchanges.size ? &b->exchanges.of[how.receiver] : nullptr;
  }

  constexpr std::uint8_t answered_call(state& s, flow_step const& step, reading const& how) const {
    if (!step.sends) {
      for (std::size_t n = 0; n < s.in_flight_count; ++n)
        if (s.in_flight[n].number == step.crossing) return s.in_flight[n].call;
      return 0;
    }
    exchange const* const x = answered(s, how);
    return x ? x->call : std::uint8_t{0};
  }

  constexpr std::uint8_t in_flight_from(state const& s, std::uint8_t number) const {
    for (std::size_t n = 0; n < s.in_flight_count; ++n)
      if (s.in_flight[n].number == number) return s.in_flight[n].from;
    return unsaid;
  }

  // An ACK belongs to a transaction that has failed, or to a dialog's 2xx. That of one who is not
  // judged is to a response of the receiver's, which need not be the last: the next INVITE may come
  // before it (RFC 5407 3.1.4). The latest is tried first: of readings that leave something open
  // the first is told, and then the ACK that is missing is an earlier one's.
  constexpr reading_list read_ack(state& s, flow_step const& step) const {
    reading_list all;
    agent const* const from = judged(s, step.from);
    agent const* const a = from ? from : judged(s, step.to);
    if (a && !step.again) {
      auto const& x = a->exchanges;
      bool const said = step.message.cseq != 0;
      for (std::uint8_t i = x.size; i-- > 0;)
        if (x.of[i].is(method::invite, from) && x.of[i].status && !x.of[i].acknowledged &&
            x.of[i].call == step.call && (!said || step.message.cseq == x.of[i].cseq) &&
            (!step.tag || x.of[i].failed() || x.of[i].tag == step.tag + 1))
          all.add({step.from, step.to, from ? i : nowhere, from ? nowhere : i});
    }
    if (!all.size) all.add({step.from, step.to});
    return all;
  }

  // Whether the request is the one that the response names, as far as it does. "The CSeq header
  // field of the response MUST equal the CSeq field of the request." (8.2.6.2) It goes to the one
  // from whom the request came (18.2.2).
  constexpr bool is_of(exchange const& x, flow_step const& step) const {
    call_message const& m = step.message;
    return (!step.method_said || m.event.method == x.method) && (!m.cseq || m.cseq == x.cseq) &&
           (!step.call || step.call == x.call) && (x.client || !goes_elsewhere(x, step));
  }

  constexpr bool can_answer(exchange_list const& all, exchange const& x, flow_step const& step,
                            bool open) const {
    auto const& e = step.message.event;
    // "The request was terminated by a BYE or CANCEL request" (21.4.25).
    if (!step.method_said && e.status == 487 && !can_be_terminated(all, x)) return false;
    if (!is_of(x, step)) return false;
    // A 101-199 that says no method is to the INVITE that can still get one: no other request may
    // (RFC 4320 4.1).
    if (!step.method_said && e.status > 100 && e.status < 200 && x.method != method::invite &&
        all.last([&](exchange const& i) {
          return i.is(method::invite, x.client) && (x.client ? !i.failed() : !i.status) &&
                 is_of(i, step);
        }) != nowhere)
      return false;
    if (step.reinvite_said && !x.in_dialog) return false;
    // A fork that has answered is told by its tag.
    if (x.tag && step.tag && x.tag != step.tag + 1) return false;
    if (step.again && !x.client) return x.has_sent(e.status);
    return step.again || !open || !x.status;
  }

  // A CANCEL terminates an INVITE (9.1), a BYE what is pending in its dialog: "It is RECOMMENDED
  // that a 487 (Request Terminated) response be generated to those pending requests." (15.1.2)
  static constexpr bool can_be_terminated(exchange_list const& all, exchange const& x) {
    if (x.method == method::invite) return true;
    if (x.method == method::bye || x.method == method::cancel) return false;
    return x.in_call && all.last([&](exchange const& e) {
      return e.method == method::bye && e.call == x.call && e.tag == x.tag;
    }) != nowhere;
  }

  // Whether another reading comes to the same. No two are the same if responses have numbers.
  constexpr bool is_tried(exchange_list const& x, std::uint8_t i, reading_list const& all) const {
    if (numbered_) return false;
    for (std::size_t r = 0; r < all.size; ++r) {
      auto const at = x.of[i].client ? all.of[r].receiver : all.of[r].sender;
      if (at < x.size && x.of[at].interchangeable(x.of[i])) return true;
    }
    return false;
  }

  constexpr void add_servers(agent const& a, flow_step const& step, reading how, bool open,
                             reading_list& all) const {
    auto const& x = a.exchanges;
    for (std::uint8_t i = x.size; i-- > 0;) {
      if (x.of[i].client || !can_answer(x, x.of[i], step, open) || is_tried(x, i, all)) continue;
      how.sender = i;
      all.add(how);
      // Of those that are answered the last one stands for all.
      if (!open || step.again) return;
    }
    if (all.size || !step.tag) return;
    // Another branch of an INVITE answers for the first time, or one that has answered once more.
    std::uint8_t const i =
        x.last([&](exchange const& e) { return e.is(method::invite, false) && fork(e, step); });
    if (i == nowhere) return;
    std::uint8_t const same = x.last([&](exchange const& e) {
      return e.is(method::invite, false) && e.call == x.of[i].call && e.cseq == x.of[i].cseq &&
             e.peer == x.of[i].peer && e.tag == step.tag + 1;
    });
    how.sender = same != nowhere ? same : i;
    all.add(how);
  }

  constexpr void add_clients(agent const& a, flow_step const& step, reading how, bool open,
                             reading_list& all) const {
    auto const& x = a.exchanges;
    for (std::uint8_t i = x.size; i-- > 0;) {
      if (!x.of[i].client ||
          !(can_answer(x, x.of[i], step, open) ||
            (can_fork(a, x.of[i], step, open) && fork(x.of[i], step))) ||
          is_tried(x, i, all))
        continue;
      how.receiver = i;
      all.add(how);
      if (!open || step.again) return;
    }
  }

  // Several dialogs answer one INVITE: its transaction has one record at the client.
  constexpr bool fork(exchange const& invite, flow_step const& step) const {
    return !invite.in_dialog && !step.reinvite_said && is_of(invite, step);
  }

  // Whether another dialog of the INVITE's may say it. In an open reading, after a 2xx, it is one
  // that has not answered, and its tag is said.
  static constexpr bool can_fork(agent const& a, exchange const& x, flow_step const& step,
                                 bool open) {
    if (!x.is(method::invite, true) || x.failed()) return false;
    if (!open || !x.status) return true;
    std::uint32_t answered = 0;
    for (auto const& c : a.calls)
      if (c.used && c.name == x.call) answered = c.answered;
    return step.tag && !(answered >> ((step.tag + 1u) & 31u) & 1u);
  }

  // --- What a participant sends

  constexpr refusal send_request(state& s, agent& a, flow_step const& step, call_message& m,
                                 std::uint8_t& tag, reading const& how) {
    method const what = m.event.method;
    auto& c = call_of(a, step);
    if (overflow_) return {};
    tag = c.tag_of(step.tag);
    if (step.again) {
      std::uint8_t const before = a.exchanges.last([&](exchange const& x) {
        return x.call == step.call && (!m.cseq || m.cseq == x.cseq) &&
               (what == method::ack ? x.is(method::invite, true) && x.was_acknowledged
                                    : x.is(what, true));
      });
      if (before == nowhere) return matching(message_matching::symbol::again_of_nothing);
      auto const& request = a.exchanges.of[before];
      m.cseq = request.cseq;
      m.again = true;
      if (what == method::ack && request.failed() && on_another_branch(step, request))
        return matching(message_matching::symbol::ack_of_failure_on_another_branch);
      if (what != method::ack || request.acknowledged) return {};
      // The 2xx has come again: its ACK is due once more.
      return send_ack(a, c, step, m, tag, before);
    }
    if (what == method::ack) {
      auto const r = send_ack(a, c, step, m, tag, how.sender);
      if (r || !has_third_) return r;
      bool const of_failure = how.sender != nowhere && a.exchanges.of[how.sender].failed();
      return of_failure ? r : misdirected(s, a, step);
    }
    if (what == method::cancel) {
      tag = 0;
      std::uint8_t x = a.exchanges.last([&](exchange const& e) {
        return e.is(method::invite, true) && e.call == step.call && !e.status;
      });
      if (x == nowhere)
        x = a.exchanges.last(
            [&](exchange const& e) { return e.is(method::invite, true) && e.call == step.call; });
      if (x != nowhere) {
        auto const& invite = a.exchanges.of[x];
        m.other_branch =
            (m.cseq && m.cseq != invite.cseq) || (step.branch && step.branch != invite.branch);
        m.cseq = invite.cseq;
        if (invite.in_dialog) tag = invite.tag;
      }
    } else {
      if (!m.cseq) m.cseq = c.local_cseq + 1;
    }
    bool const in_call = concerns_call(what, c, tag);
    bool const within = what == method::invite && c.has_dialog();
    // "if a request outside of a dialog generates a non-2xx final response, any early dialogs
    // created through provisional responses to that request are terminated." (12.3) The next INVITE
    // is not in them.
    if (what == method::invite && !within && !m.event.has(mark::to_tag)) tag = 0;
    if (in_call) {
      if (auto const r = process(s, a, c, m, tag)) return r;
    }
    if (has_third_)
      if (auto const r = misdirected(s, a, step)) return r;
    if (what != method::cancel && m.cseq > c.local_cseq) c.local_cseq = m.cseq;
    add(a, {.method = what,
            .client = true,
            .in_call = in_call,
            .in_dialog = within,
            .call = step.call,
            .tag = what == method::invite && !within ? std::uint8_t{0} : tag,
            .branch = step.branch,
            .peer = how.to,
            .cseq = m.cseq});
    return {};
  }

  constexpr refusal send_ack(agent& a, flow_call<rules>& c, flow_step const& step, call_message& m,
                             std::uint8_t& tag, std::uint8_t of) {
    if (of != nowhere) {
      auto& x = a.exchanges.of[of];
      m.cseq = x.cseq;
      x.acknowledged = x.was_acknowledged = true;
      if (x.failed()) {
        // The transaction's own: no rule of the call is concerned (17.1.1.3).
        if (on_another_branch(step, x))
          return matching(message_matching::symbol::ack_of_failure_on_another_branch);
        return goes_elsewhere(x, step) ? matching(message_matching::symbol::sent_to_another_hop)
                                       : refusal{};
      }
      if (x.tag && !step.tag) tag = x.tag;
    } else {
      // "an ACK request for each 2xx" (13.2.2.4): what another fork did meanwhile is no matter.
      bool const owed = c.owes_ack(tag);
      std::uint8_t const x = a.exchanges.last([&](exchange const& e) {
        return e.is(method::invite, true) && e.call == step.call &&
               (!owed || !e.in_dialog || e.tag == tag);
      });
      std::uint8_t const last = a.exchanges.last([&](exchange const& e) {
        return e.client && e.method != method::cancel && e.call == step.call;
      });
      // One who has answered an INVITE and waits for its ACK has taken the other side's for his
      // own.
      std::uint8_t const waits = a.exchanges.last([&](exchange const& e) {
        return e.is(method::invite, false) && e.status && !e.acknowledged && e.call == step.call;
      });
      if (last != nowhere && waits == nowhere && !owed &&
          (x == nowhere ||
           (x < last && a.exchanges.of[x].acknowledged && a.exchanges.of[last].status)))
        return matching(message_matching::symbol::ack_to_non_invite);
      if (x != nowhere) {
        auto const& invite = a.exchanges.of[x];
        bool const other = m.cseq && m.cseq != invite.cseq;
        m.other_branch = m.other_branch || other;
        m.cseq = invite.cseq;
        if (invite.failed() && invite.acknowledged && !other)
          return matching(message_matching::symbol::ack_of_failure_again);
      }
    }
    return process(a, c, m, tag);
  }

  // Whether both receivers are judged, and they differ.
  constexpr bool goes_elsewhere(exchange const& x, flow_step const& step) const {
    return has_third_ && x.peer != step.to && is_judged(x.peer) && is_judged(step.to);
  }

  // What goes from hop to hop goes where its INVITE went, and what lives in the INVITE's dialog to
  // one who knows of it.
  constexpr refusal misdirected(state& s, agent const& a, flow_step const& step) const {
    using enum message_matching::symbol;
    method const what = step.message.event.method;
    if (what == method::cancel) {
      bool elsewhere = false;
      for (std::size_t i = 0; i < a.exchanges.size; ++i) {
        auto const& x = a.exchanges.of[i];
        if (!x.is(method::invite, true) || x.call != step.call) continue;
        if (!goes_elsewhere(x, step)) return {};
        elsewhere = true;
      }
      return elsewhere ? matching(sent_to_another_hop) : refusal{};
    }
    if (what != method::ack && what != method::bye && what != method::prack &&
        what != method::update && what != method::info)
      return {};
    agent const* const to = judged(s, step.to);
    if (!to) return {};
    std::uint8_t const invite = to->exchanges.last(
        [&](exchange const& e) { return e.method == method::invite && e.call == step.call; });
    return invite != nowhere ? refusal{} : matching(sent_outside_the_dialog);
  }

  // Both branches are said, and they differ.
  static constexpr bool on_another_branch(flow_step const& step, exchange const& x) {
    return step.branch && x.branch && step.branch != x.branch;
  }

  constexpr refusal send_response(state& s, agent& a, flow_step const& step, call_message& m,
                                  std::uint8_t& tag, std::uint8_t of) {
    exchange* x = &a.exchanges.of[of];
    auto& c = call_of(a, step);
    if (overflow_) return {};
    m.event.method = x->method;
    m.cseq = x->cseq;
    bool const invites = x->method == method::invite;
    tag = x->tag || x->method == method::cancel ? x->tag : c.tag_of(step.tag);
    if (step.again) {
      if (!x->has_sent(m.event.status)) return matching(message_matching::symbol::again_of_nothing);
      m.again = true;
      x->repeated = x->repeated || m.event.response_class() == 2;
      if (m.event.has(mark::reliable) && !m.rseq) m.rseq = x->rseq;
      return {};
    }
    if (invites && !x->in_dialog && m.event.status != 100 && step.tag && x->tag &&
        x->tag != step.tag + 1) {
      // Another user agent answers, behind a proxy that forked.
      tag = static_cast<std::uint8_t>(step.tag + 1);
      exchange other = *x;
      other.tag = 0, other.status = 0, other.rseq = 0;
      other.repeated = other.acknowledged = false;
      other.state = static_cast<std::uint8_t>(invite_server::state::proceeding);
      x = add(a, other);
      if (!x) return {};
    }
    // The 2xx that the transaction would take once more is one that is sent `again`.
    std::uint16_t const status =
        invites && x->status && m.event.response_class() == 2 ? std::uint16_t{600} : m.event.status;
    auto const event = response_event(direction::sent, status, x->method, m.event.marks);
    refusal const r = invites
                          ? respond<invite_server>(*x, event, by_invite_server)
                          : respond<non_invite_server>(*x, in_time(event), by_non_invite_server);
    if (r) return r;
    if (auto const wrong = breach(x->demands, m.event.status);
        wrong != message_matching::symbol::matched)
      return matching(wrong);
    if (m.event.has(mark::reliable) && !m.rseq) m.rseq = x->rseq + 1;
    if (x->in_call) {
      if (auto const broken = process(s, a, c, m, tag)) return broken;
    }
    if (m.event.has(mark::reliable)) x->rseq = m.rseq;
    if (invites && !x->in_dialog && m.event.status != 100) x->tag = tag;
    if (m.event.response_class() == 1) x->provisional = true;
    if (m.event.response_class() > 1) {
      x->status = m.event.status;
      if (invites && m.event.response_class() == 2) c.answered |= 1u << (tag & 31u);
      if (invites && !x->in_dialog) c.failed = x->failed();
      if (m.event.response_class() == 2) note_subscription(c, *x);
    }
    return {};
  }

  static constexpr void note_subscription(flow_call<rules>& c, exchange const& x) {
    c.subscribed |= x.in_call && (x.method == method::refer || x.method == method::subscribe);
  }

  // A flow has no clock: a 100 may have waited until Timer E is T2 (RFC 4320 4.1).
  static constexpr event in_time(event e) {
    if (e.status == 100) e.marks = e.marks | mark::reliable_transport;
    return e;
  }

  template <class D>
  static constexpr refusal respond(exchange& x, event const& e, std::uint8_t machine) {
    auto const from = static_cast<typename D::state>(x.state);
    auto const on = D::project(e);
    auto const taken = next<D>(from, on);
    if (taken.refused()) return {machine, x.state, static_cast<std::uint8_t>(on)};
    x.state = static_cast<std::uint8_t>(taken.next);
    return {};
  }

  // --- What a participant receives

  constexpr refusal receive_request(agent& a, flow_step const& step, call_message& m,
                                    std::uint8_t tag, reading const& how, bool from_judged) {
    method const what = m.event.method;
    // The INVITE that an ACK of one who is not judged belongs to.
    std::uint8_t const of = how.receiver;
    auto& c = call_of(a, step);
    if (overflow_) return {};
    if (of != nowhere) {
      m.cseq = a.exchanges.of[of].cseq;
      if (!step.tag) tag = a.exchanges.of[of].tag;
    }
    if (!tag) tag = c.tag_of(step.tag);
    if (!from_judged && !m.cseq) m.cseq = number_of(a, c, step, what);
    std::uint8_t const known = of != nowhere ? of : a.exchanges.last([&](exchange const& x) {
      return x.is(what == method::ack ? method::invite : what, false) && x.call == step.call &&
             x.cseq == m.cseq;
    });
    if (what == method::ack) {
      if (known != nowhere) {
        auto& invite = a.exchanges.of[known];
        m.again = m.again && invite.acknowledged;
        invite.acknowledged = true;
        // That of a failed INVITE is its transaction's.
        if (invite.failed()) return {};
      }
      return receive(a, c, m, tag);
    }
    if (known != nowhere && m.again) return {};
    m.again = false;
    bool const lower = m.cseq < c.remote_cseq;
    std::uint8_t const cancelled =
        what == method::cancel ? a.exchanges.last([&](exchange const& x) {
          return x.is(method::invite, false) && x.call == step.call && x.cseq == m.cseq;
        })
                               : nowhere;
    if (what == method::cancel)
      tag = cancelled != nowhere && a.exchanges.of[cancelled].in_dialog
                ? a.exchanges.of[cancelled].tag
                : std::uint8_t{0};
    else if (!lower)
      c.remote_cseq = m.cseq;
    bool const in_call = concerns_call(what, c, tag);
    bool const within = what == method::invite && c.has_dialog();
    if (what == method::invite && !within) {
      c.failed = false;
      // What comes while the one before is pending is refused where that is (14.2).
      if (!m.event.has(mark::to_tag) && c.dialogs.trunk().at_rest()) tag = 0;
    }
    auto const begun = what == method::invite
                           ? static_cast<std::uint8_t>(invite_server::state::proceeding)
                           : static_cast<std::uint8_t>(non_invite_server::state::trying);
    exchange* const x = add(a, {.method = what,
                                .in_call = in_call,
                                .in_dialog = within,
                                .call = step.call,
                                .tag = what == method::invite && !within ? std::uint8_t{0} : tag,
                                .branch = step.branch,
                                .state = begun,
                                .peer = how.from,
                                .cseq = m.cseq});
    if (!in_call || !x) return {};
    refusal const r = receive(a, c, m, tag, &x->demands);
    if (x->demands == demand::stale && !lower) x->demands = demand::none;
    if (what == method::cancel && cancelled == nowhere) x->demands = demand::stray_cancel;
    return r;
  }

  // The number of a request that comes from one who is not judged.
  static constexpr std::uint32_t number_of(agent const& a, flow_call<rules> const& c,
                                           flow_step const& step, method what) {
    if (what == method::ack || what == method::cancel || step.again) {
      std::uint8_t const x = a.exchanges.last([&](exchange const& e) {
        return e.call == step.call &&
               e.is(what == method::ack || what == method::cancel ? method::invite : what, false);
      });
      if (x != nowhere) return a.exchanges.of[x].cseq;
    }
    return c.remote_cseq + 1;
  }

  constexpr refusal receive_response(agent& a, flow_step const& step, call_message& m,
                                     std::uint8_t tag, reading const& how, bool from_judged) {
    auto& c = call_of(a, step);
    if (overflow_) return {};
    std::uint8_t const of = from_judged ? a.exchanges.last([&](exchange const& x) {
      return x.is(m.event.method, true) && x.cseq == m.cseq && x.call == step.call;
    })
                                        : how.receiver;
    if (of == nowhere) return {};
    auto& x = a.exchanges.of[of];
    m.event.method = x.method;
    m.cseq = x.cseq;
    if (x.method == method::cancel)
      tag = x.tag;
    else if (!tag)
      tag = step.tag || !x.tag ? c.tag_of(step.tag) : x.tag;
    unsigned const kind = m.event.response_class();
    bool const invites = x.method == method::invite;
    if (m.event.has(mark::reliable)) {
      // "Once a reliable provisional response is received, retransmissions of that response MUST be
      // discarded." (RFC 3262 4) One without its number is told by the mark alone.
      if (step.again && !m.rseq && x.provisional && c.dialogs.find(tag) != nowhere) return {};
      x.provisional = true;
    }
    // Late, or come again: the transaction takes it.
    if (x.status && (!invites || x.failed() || kind != 2)) {
      if (invites && x.failed() && kind > 2) x.acknowledged = false;
      if (!(invites && kind == 1 && x.status < 300)) return {};
    }
    bool const first = !(c.answered >> (tag & 31u) & 1u) || x.in_dialog;
    m.again = m.again && x.status && !first;
    if (x.in_dialog) m.again = m.again || x.status;
    if (kind > 1) {
      x.status = m.event.status;
      if (invites) {
        x.acknowledged = false;
        x.tag = tag;
        if (kind == 2) c.answered |= 1u << (tag & 31u);
      }
      if (kind == 2) note_subscription(c, x);
    }
    return x.in_call ? receive(a, c, m, tag) : refusal{};
  }

  // --- The rules of a call

  constexpr flow_call<rules>& call_of(agent& a, flow_step const& step) {
    auto* const c = a.call(step.call);
    if (!c) overflow_ = true;
    return c ? *c : a.calls[0];
  }

  // Whether a request is the business of the call's rules: some live in it only, some outside too.
  // A subscription that shares the dialog survives the BYE: "ending an invite usage with a BYE does
  // not terminate any active Event: refer subscriptions established on that dialog" (RFC 5057 5.5).
  static constexpr bool concerns_call(method m, flow_call<rules> const& c, std::uint8_t tag) {
    switch (m) {
    case method::invite:
    case method::bye:
    case method::cancel:
    case method::prack:
    case method::update:
    case method::info: return true;
    case method::subscribe:
    case method::notify: return c.has_dialog() && !(c.subscribed && c.is_over(tag));
    case method::refer:
    case method::message:
    case method::options: return c.has_dialog();
    default: return false;
    }
  }

  constexpr refusal process(agent&, flow_call<rules>& c, call_message const& m, std::uint8_t tag) {
    auto const taken = c.dialogs.process(m, tag);
    overflow_ = overflow_ || taken.no_room;
    return taken.refused() ? refusal_of(c.dialogs.at(taken.dialog), m, taken.of_dialog.refused_by)
                           : refusal{};
  }

  // The callee's BYE waits for the ACK or for 64*T1. A flow has no clock: when the ACK was sent and
  // has not arrived, the time may be over (RFC 5407 3.2.4), and so when the 2xx was sent again: "If
  // the server retransmits the 2xx response for 64*T1 seconds without receiving an ACK, the dialog
  // is confirmed, but the session SHOULD be terminated. This is accomplished with a BYE".
  // (13.3.1.4)
  constexpr refusal process(state& s, agent& a, flow_call<rules>& c, call_message const& m,
                            std::uint8_t tag) {
    auto const r = process(a, c, m, tag);
    if (!r || !m.event.is_sent(method::bye)) return r;
    if (!ack_under_way(s, a, c.name, tag) && !success_repeated(a, c.name, tag)) return r;
    auto later = c.dialogs;
    (void)later.process({timer_event(timer::success_timeout)}, tag);
    auto const taken = later.process(m, tag);
    if (taken.refused()) return r;
    c.dialogs = later;
    return {};
  }

  static constexpr bool success_repeated(agent const& a, std::uint8_t call, std::uint8_t tag) {
    return a.exchanges.last([&](exchange const& e) {
      return e.is(method::invite, false) && e.repeated && e.call == call && e.tag == tag;
    }) != nowhere;
  }

  // Whether the ACK to this participant's 2xx has been sent and has not arrived. Behind a proxy,
  // who is not judged, an INVITE has the same Call-ID and nothing else to know it by.
  constexpr bool ack_under_way(state const& s, agent const& to, std::uint8_t call,
                               std::uint8_t tag) const {
    std::uint8_t const accepted = to.exchanges.last([&](exchange const& e) {
      return e.is(method::invite, false) && e.status && !e.failed() && !e.acknowledged &&
             e.call == call && e.tag == tag;
    });
    if (accepted == nowhere) return false;
    for (auto const& a : s.agents) {
      if (&a == &to) continue;
      std::uint8_t const sent = a.exchanges.last([&](exchange const& e) {
        return e.is(method::invite, true) && e.status && !e.failed() && e.call == call &&
               (!is_judged(e.peer) ||
                (&s.agents[slots_[e.peer]] == &to && e.cseq == to.exchanges.of[accepted].cseq));
      });
      if (sent == nowhere || !a.exchanges.of[sent].acknowledged) continue;
      // That ACK may be another fork's. What a proxy passes on may leave the tag unsaid.
      bool const direct = is_judged(a.exchanges.of[sent].peer);
      for (auto const& c : a.calls)
        if (c.used && c.name == call && !c.owes_ack(tag) &&
            (!direct || c.answered >> (tag & 31u) & 1u))
          return true;
    }
    return false;
  }

  constexpr refusal receive(agent&, flow_call<rules>& c, call_message const& m, std::uint8_t tag,
                            demand* demands = nullptr) {
    // Who is judged has been refused where he sent it: only a log asks what the peer did wrong.
    refusal r;
    if (text_.notation == notation::log) {
      auto const next = c.dialogs.judge(m, tag);
      if (std::uint8_t const by = next.of_dialog.broken_by_peer(); by != rules::step::nobody)
        r = refusal_of(c.dialogs.at(next.dialog), m, by);
    }
    if (!demands) {
      overflow_ = overflow_ || c.dialogs.process(m, tag).no_room;
      return r;
    }
    rules const before = c.dialogs.at(c.dialogs.find(tag));
    auto const taken = c.dialogs.process(m, tag);
    find_demand<rules> find{before, taken.of_dialog, m.event};
    rules::visit_all(find);
    *demands = find.found;
    return r;
  }

  static constexpr refusal refusal_of(rules const& r, call_message const& m, std::uint8_t by) {
    auto const at = r.locate(m, by);
    return {by, at.state, at.symbol};
  }
  static constexpr refusal matching(message_matching::symbol why) {
    return {by_matching, 0, static_cast<std::uint8_t>(why)};
  }

  // --- What comes of it

  constexpr exchange* add(agent& a, exchange const& e) {
    exchange* const added = a.exchanges.add(e);
    overflow_ = overflow_ || !added;
    return added;
  }

  constexpr bool refuse(state const& s, std::size_t i, std::uint8_t who, refusal r) {
    if (legal_ || found_.overflow || (found_.refused && found_.step >= i)) return false;
    found_.refused = r;
    found_.step = static_cast<std::uint8_t>(i);
    found_.participant = who;
    keep(s);
    found_.resolved.senders[i] = who;
    return false;
  }
  // What cannot be followed may be legal, whatever another reading breaks.
  constexpr bool give_up(state const& s, std::size_t i) {
    overflow_ = false;
    if (legal_ || found_.overflow) return false;
    found_.overflow = true;
    found_.refused = {};
    found_.step = static_cast<std::uint8_t>(i);
    keep(s);
    return false;
  }
  constexpr void keep(state const& s) { found_.resolved = s.resolved; }

  flow_text const& text_;
  std::uint8_t slots_[max_flow_participants]{};
  flow_finding found_{};
  unsigned readings_{};
  // There are more than two participants, and no proxy: of several proxies one may be left out.
  bool has_third_{};
  bool numbered_{}; // some response says its CSeq number
  bool exhausted_{};
  bool legal_{};
  bool overflow_{};
};

} // namespace detail
} // namespace ctsip
