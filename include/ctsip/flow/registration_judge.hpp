// The judge of what a flow says of registrations and of authentication: each participant with the
// rules of what it registers, and of the credentials of its other requests.
//
// It follows the reading of the flow that judge.hpp has found. A REGISTER concerns one registration
// for each reg-id (RFC 5626 4.2.1); the credentials of other requests are told apart by method and
// Call-ID. One `contact` in a REGISTER says that a REGISTER without one is a fetch. A response
// whose method is unsaid answers what it does in that reading; of several requests of that method,
// the one that was sent last.
// RFC 3261 10, 22. Read notation.hpp and registration/registration_event.hpp before it.
#pragma once

#include <cstddef>
#include <cstdint>

#include <ctsip/flow/notation.hpp>
#include <ctsip/machine/composition.hpp>
#include <ctsip/registration/authentication.hpp>
#include <ctsip/registration/registration_attempt.hpp>

namespace ctsip {

namespace detail {

// What else there is in `registration_rules` refuses nothing that a flow can say.
using flow_registration_rules = basic_composition<registration_event, registration_message,
                                                  authentication, registration_attempt>;

// Who breaks which rule where, if anybody does.
struct registration_finding {
  std::uint8_t rule{none}; // position in `flow_registration_rules`
  std::uint8_t state{};
  std::uint8_t symbol{};
  std::uint8_t step{}; // from 0; of the overflow too
  std::uint8_t participant{};
  bool overflow{}; // more registrations than there is room for

  static constexpr std::uint8_t none = 0xff;
  constexpr explicit operator bool() const { return rule != none; }
};

// Whether there is anything in a flow for these rules.
constexpr bool concerns_registration(flow_step const& step) {
  event const& e = step.message.event;
  switch (e.status) {
  case 401:
  case 407: return true;
  case 0: return e.method == method::register_ || e.has(mark::credentials);
  default: return false;
  }
}

class registration_judge {
 public:
  // `senders` says of each step who sends it, `methods` of each response what it answers, where
  // that is known.
  constexpr registration_judge(flow_text const& flow, std::uint8_t const* senders,
                               method const* methods)
      : flow_(flow), senders_(senders), methods_(methods) {
    for (auto const& step : flow)
      contacts_said_ |= step.message.event.is_request(method::register_) && step.contact;
  }

  // Follows the first steps of the flow, up to the first that breaks a rule.
  constexpr registration_finding run(std::size_t steps) {
    for (std::size_t i = 0; i < steps; ++i) note_method(i);
    for (std::size_t i = 0; i < steps && !found_ && !found_.overflow; ++i) follow(i);
    return found_;
  }

 private:
  static constexpr std::size_t max_records = 16;
  static constexpr std::uint8_t nobody = 0xff;

  // What one participant does with another.
  struct record {
    std::uint8_t mine{};
    std::uint8_t other{};
    ctsip::method method{};
    std::uint8_t call{};
    std::uint32_t reg_id{};
    std::uint32_t cseq{};
    std::uint32_t heard{}; // the CSeq number of the request received last
    bool request_lost{};   // the request sent last
    bool response_lost{};  // the final response to it
    flow_registration_rules rules{};
  };

  // Of a method that is not REGISTER, never challenged and without credentials nothing is refused.
  constexpr void note_method(std::size_t i) {
    flow_step const& step = flow_[i];
    if (!step.sends || !concerns_registration(step)) return;
    method const what = step.is_request() ? step.message.event.method : methods_[i];
    concerned_ |= what == method::extension ? ~0u : 1u << static_cast<unsigned>(what);
  }

  // In a log the peer is judged too: what was received is what it has sent.
  constexpr bool is_judged(std::uint8_t who) const {
    return who < flow_.participant_count && !flow_.is_proxy[who];
  }
  constexpr std::uint8_t receiver_of(std::size_t i) const {
    if (flow_[i].to != unsaid) return flow_[i].to;
    return flow_.participant_count == 2 ? static_cast<std::uint8_t>(1 - senders_[i]) : nobody;
  }

  // A step, or the half of one that crosses another.
  constexpr void follow(std::size_t i) {
    flow_step const& step = flow_[i];
    std::size_t const sent = step.sends ? i : step.counterpart;
    if (sent >= flow_.size) return;
    std::uint8_t const from = senders_[sent];
    std::uint8_t const to = receiver_of(i) != nobody ? receiver_of(i) : receiver_of(sent);
    if (step.sends) request_of_[i] = step.is_request() ? static_cast<std::uint8_t>(i) : answered(i);
    if (request_of_[sent] == nobody) return;
    if (step.sends && is_judged(from)) take(i, sent, direction::sent, from, to);
    if (!found_ && step.delivers && !step.lost && is_judged(to))
      take(i, sent, direction::received, to, from);
    // A final response is the last of its transaction.
    if (step.is_request() || step.message.event.response_class() < 2) return;
    has_final_[request_of_[sent]] = true;
    if (step.lost && is_judged(to))
      if (record* const r = record_of(flow_[request_of_[sent]], to, from)) r->response_lost = true;
  }

  // The step of the request that a response answers.
  constexpr std::uint8_t answered(std::size_t i) const {
    flow_step const& response = flow_[i];
    bool const of_ack = response.method_said && response.message.event.method == method::ack;
    for (std::size_t k = i; k-- > 0;) {
      flow_step const& r = flow_[k];
      event const& e = r.message.event;
      if (!r.is_request() || !r.sends || r.again || (has_final_[k] && !response.again)) continue;
      if ((e.method == method::ack) != of_ack) continue;
      if (methods_[i] != method::extension && e.method != methods_[i]) continue;
      if (senders_[k] == senders_[i]) continue;
      if (response.call && r.call != response.call) continue;
      if (receiver_of(k) != nobody && receiver_of(k) != senders_[i]) continue;
      if (receiver_of(i) != nobody && receiver_of(i) != senders_[k]) continue;
      if (response.reg_id && r.reg_id != response.reg_id) continue;
      if (response.message.cseq && r.message.cseq && response.message.cseq != r.message.cseq)
        continue;
      return static_cast<std::uint8_t>(k);
    }
    return nobody;
  }

  constexpr void take(std::size_t i, std::size_t sent, direction way, std::uint8_t mine,
                      std::uint8_t other) {
    flow_step const& step = flow_[sent];
    flow_step const& request = flow_[request_of_[sent]];
    if (!(concerned_ >> static_cast<unsigned>(request.message.event.method) & 1u)) return;
    record* const r = record_of(request, mine, other);
    if (!r) {
      found_.overflow = true;
      found_.step = static_cast<std::uint8_t>(i);
      return;
    }
    registration_message m{step.message.event};
    m.event.way = way;
    m.event.method = request.message.event.method;
    m.cseq = number_of(*r, request_of_[sent], step);
    m.call_id = request.call + 1u;
    m.contact = step.contact;
    m.wildcard =
        step.is_request() && flow_.names.text(flow_name_kind::contact, step.contact) == "*";
    m.fetch = contacts_said_ && !step.contact;
    m.expires = m.granted = step.expires;
    m.expires_said = step.expires_said;
    m.min_expires = step.min_expires;
    m.retry_after = step.retry_after;
    m.retry_after_said = step.message.retry_after;
    m.nonce = step.nonce;
    m.stale = step.stale;
    m.outbound = step.reg_id != 0;
    // What comes again is the first to come if that was lost.
    bool const unanswered = r->request_lost || r->response_lost;
    if (way == direction::sent) {
      m.again = step.again;
      if (step.is_request()) r->request_lost = step.lost;
      if (step.is_request() && !step.again) r->response_lost = false;
    } else if (step.is_request()) {
      m.again = step.again && m.cseq == r->heard;
      r->heard = m.cseq;
    } else {
      m.again = step.again && !r->response_lost;
      if (m.event.response_class() > 1) r->response_lost = false;
    }
    if (way == direction::received) {
      (void)r->rules.process(m, on_violation::report{});
      return;
    }
    std::uint8_t const by = send(r->rules, m, unanswered);
    if (by == nobody) return;
    auto const at = r->rules.locate(m, by);
    found_.rule = by;
    found_.state = at.state;
    found_.symbol = at.symbol;
    found_.step = static_cast<std::uint8_t>(i);
    found_.participant = mine;
  }

  // The rule that refuses what is sent, or `nobody`. A refusal moves nothing.
  static constexpr std::uint8_t send(flow_registration_rules& rules, registration_message const& m,
                                     bool unanswered) {
    auto const taken = rules.process(m, on_violation::report{});
    // A flow has no clock: what gets no answer may have timed out, and a wait may be over.
    if (!taken.refused() || !(unanswered || taken.waits())) return taken.refused_by;
    auto later = rules;
    if (unanswered)
      (void)later.process({registration_incident::no_response}, on_violation::report{});
    (void)later.process({timer_event(timer::registration_retry)}, on_violation::report{});
    if (later.process(m, on_violation::report{}).refused()) return taken.refused_by;
    rules = later;
    return nobody;
  }

  // The CSeq number of a request, for its responses too.
  constexpr std::uint32_t number_of(record& r, std::size_t request, flow_step const& step) {
    if (!cseq_of_[request]) {
      std::uint32_t const said = flow_[request].message.cseq;
      cseq_of_[request] = said ? said : step.again ? r.cseq : r.cseq + 1;
    }
    if (cseq_of_[request] > r.cseq) r.cseq = cseq_of_[request];
    return cseq_of_[request];
  }

  constexpr record* record_of(flow_step const& request, std::uint8_t mine, std::uint8_t other) {
    method const what = request.message.event.method;
    bool const registers = what == method::register_;
    for (std::size_t n = 0; n < size_; ++n) {
      record& r = records_[n];
      if (r.mine == mine && r.other == other && r.method == what &&
          (registers ? r.reg_id == request.reg_id : r.call == request.call))
        return &r;
    }
    if (size_ == max_records) return nullptr;
    record& r = records_[size_++];
    r.mine = mine;
    r.other = other;
    r.method = what;
    r.call = request.call;
    r.reg_id = request.reg_id;
    return &r;
  }

  flow_text const& flow_;
  std::uint8_t const* senders_;
  method const* methods_;
  bool contacts_said_{};
  unsigned concerned_{}; // the methods of which there is something to judge, as bits
  registration_finding found_{};
  record records_[max_records]{};
  std::size_t size_{};
  std::uint8_t request_of_[max_flow_steps]{};
  bool has_final_[max_flow_steps]{};
  std::uint32_t cseq_of_[max_flow_steps]{};
};

} // namespace detail
} // namespace ctsip
