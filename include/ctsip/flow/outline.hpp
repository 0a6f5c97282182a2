// The shorthand in which people write call flows, read and completed to strict flows:
//
//   using namespace ctsip::literals;
//   static_assert("BYE -> 200 OK"_outline.accepted());
//   // stands for: INVITE -> 200 OK -> ACK -> BYE -> 200 OK
//
//   ctsip::outline_verdict v = ctsip::check_outline(text);   // the same at run time
//   v.print(0, put);                                         // the first flow that it stands for
//
// `/` and `or` are alternatives, all of which must be legal; `response` is some final response;
// `if ... is used`, `when ... is used` is a message that is there in some flows only; `after ...`
// names what comes before; `;` or a blank line begins another flow.
//
// What may be added: the call or the pending INVITE that the first message needs; the INVITE's
// bodies and `100rel`; a 1xx before CANCEL or PRACK; the 2xx to PRACK; the 401 or 407 before `with
// Authorization`; the ACK to a failed INVITE, which is its transaction's; the response that an
// `after` names. No other request and no other final response is ever added, so that what is wrong
// stays wrong. A failure response behind a CANCEL or PRACK with which the line begins is that
// request's, and not the INVITE's, which is not written; 487 is. The flow with the fewest additions
// is taken.
// Read flow/notation.hpp, flow/judge.hpp and flow/flow.hpp before it.
#pragma once

#include <cstddef>
#include <cstdint>

#include <ctsip/flow/flow.hpp>
#include <ctsip/flow/judge.hpp>
#include <ctsip/flow/ladder.hpp>
#include <ctsip/flow/notation.hpp>

namespace ctsip {

/// How many strict flows one outline may stand for, and of how many messages one outline, and one
/// of its flows, may consist.
inline constexpr std::size_t max_outline_flows = 16;
inline constexpr std::size_t max_outline_steps = 24;
inline constexpr std::size_t max_completed_steps = 36;
inline constexpr std::size_t max_outline_messages = 160; ///< in all its flows together
/// How many additions one flow may need; a preceding call is one.
inline constexpr unsigned max_outline_additions = 6;

namespace detail {

// Whether a message is there only in some of the flows, and which.
enum class outline_condition : std::uint8_t {
  none,
  undecided,  // nothing in the line says: with it, and without it
  of_method,  // where that request is there
  of_status,  // where that response is there
  of_reliable // where a reliable provisional response is there
};

// One place in the line: one message, or alternatives.
struct outline_part {
  std::uint8_t first{}; // of its messages
  std::uint8_t count{};
  outline_condition condition{};
  bool reinvite{};
  ctsip::method method{ctsip::method::extension};
  std::uint16_t status{};
  // `after`: which message comes before it.
  bool after{};
  flow_step before{};
};

// A line up to `;`, as it is written. The messages of all alternatives follow each other.
struct outline_chain {
  flow_text flow{};
  outline_part parts[max_outline_steps]{};
  std::uint8_t size{};
  bool strict{}; // a ladder or a log: nothing is completed
  text_view rest{};
  std::uint32_t rest_line{};
};

constexpr bool is_method(flow_step const& s, method m) {
  return s.is_request() && s.message.event.method == m;
}
constexpr bool is_first_invite(flow_step const& s) {
  return is_method(s, method::invite) && !s.message.event.has(mark::to_tag);
}
constexpr bool is_reliable(flow_step const& s) {
  return s.is_response() && s.message.event.has(mark::reliable);
}

struct outline_reader {
  outline_chain& out;
  flow_reader r;

  constexpr outline_reader(outline_chain& o, text_view text, std::uint32_t line)
      : out(o), r(o.flow, text, line) {
    r.c.outline = true;
  }

  constexpr bool fail(char const* what, text_view text) {
    return r.c.fail(flow_error_kind::outline, what, text);
  }

  constexpr bool read() {
    flow_cursor& c = r.c;
    if (next_message(c, false) == flow_place::end_of_text)
      return c.fail(flow_error_kind::empty, "there is no message in the text");
    if (drawing::is_there(r.row()) || notation_of(c) != notation::arrows) {
      out.strict = true;
      return true;
    }
    out.flow.participants[0] = "caller";
    out.flow.participants[1] = "callee";
    out.flow.participant_count = 2;
    bool leftward = false;
    for (bool more = true; more;)
      if (!part(leftward) || !link(leftward, more)) return false;
    out.rest = {c.at, static_cast<std::size_t>(c.end - c.at)};
    out.rest_line = c.line;
    for (std::size_t i = 0; i < out.flow.size; ++i) {
      flow_step& s = out.flow.steps[i];
      if (s.is_request() && !s.call) s.call = out.flow.steps[0].call;
    }
    return decide();
  }

 private:
  // Words before `response` that say nothing: `a response`, `some final response`.
  constexpr void skip_articles() {
    flow_cursor ahead = r.c;
    for (;;) {
      ahead.blanks();
      char const* const at = ahead.at;
      text_view const w = ahead.word();
      if (same(w, "response")) {
        r.c.at = at;
        return;
      }
      if (!same(w, "a") && !same(w, "any") && !same(w, "some") && !same(w, "the") &&
          !same(w, "final"))
        return;
    }
  }

  constexpr bool message(bool leftward) {
    skip_articles();
    return out.flow.size < max_outline_steps
               ? r.arrow_message(leftward)
               : r.c.fail(flow_error_kind::too_long, "an outline has at most 24 messages");
  }

  // `original INVITE gets 487`: the method in front of the response.
  constexpr bool method_in_front(text_view& method) {
    flow_cursor ahead = r.c;
    for (;;) {
      ahead.blanks();
      method = ahead.word();
      if (!same(method, "the") && !same(method, "original") && !same(method, "pending")) break;
      r.c.at = ahead.at;
    }
    if (flow_method(method) == method::extension && !is_reinvite(method)) return false;
    ahead.blanks();
    text_view const verb = ahead.word();
    if (!same(verb, "gets") && !same(verb, "receives")) return false;
    r.c.at = ahead.at;
    return true;
  }

  constexpr bool part(bool leftward) {
    flow_cursor& c = r.c;
    outline_part& p = out.parts[out.size++];
    p.first = static_cast<std::uint8_t>(out.flow.size);
    for (;;) {
      text_view answered;
      bool const in_front = method_in_front(answered);
      if (!message(leftward)) return false;
      flow_step& s = out.flow.steps[out.flow.size - 1];
      if (in_front && (!s.is_response() || !name_method(c, s, answered)))
        return s.is_response() ? false : fail("a request gets a response", s.text);
      ++p.count;
      c.blanks();
      flow_cursor ahead = c;
      if (c.is('/'))
        ++c.at;
      else if (same(ahead.word(), "or"))
        c.at = ahead.at;
      else
        break;
    }
    return phrases(p);
  }

  constexpr bool phrases(outline_part& p) {
    flow_cursor& c = r.c;
    for (;;) {
      c.blanks();
      flow_cursor ahead = c;
      text_view const w = ahead.word();
      if (same(w, "if") || same(w, "when")) {
        c.at = ahead.at;
        if (!condition(p, w)) return false;
      } else if (same(w, "after")) {
        c.at = ahead.at;
        if (!after(p, w)) return false;
      } else {
        return true;
      }
    }
  }

  // `if reliable provisional response is used`, `when re-INVITE is used`.
  constexpr bool condition(outline_part& p, text_view word) {
    flow_cursor& c = r.c;
    if (p.condition != outline_condition::none) return fail("one condition a message", word);
    p.condition = outline_condition::undecided;
    text_view last, before_last;
    for (c.blanks(); c.at_word(); c.blanks()) {
      before_last = last;
      last = c.word();
      bool const reinvite = is_reinvite(last);
      method const m = reinvite ? method::invite : flow_method(last);
      if (m != method::extension) {
        p.condition = outline_condition::of_method;
        p.method = m;
        p.reinvite = reinvite;
      } else if (last.size() == 3 && begins_a_message(last)) {
        p.condition = outline_condition::of_status;
        p.status = static_cast<std::uint16_t>((last[0] - '0') * 100 + (last[1] - '0') * 10 +
                                              (last[2] - '0'));
      } else if (is_word(last, "reliable") || is_word(last, "100rel")) {
        p.condition = outline_condition::of_reliable;
      }
    }
    if (same(last, "used") && (same(before_last, "is") || same(before_last, "are"))) return true;
    return fail("a condition is: if ... is used, when ... is used", word);
  }

  // `after 200 OK`
  constexpr bool after(outline_part& p, text_view word) {
    if (p.after) return fail("one message to come after", word);
    flow_cursor ahead = r.c;
    ahead.blanks();
    if (same(ahead.word(), "the")) r.c.at = ahead.at;
    skip_articles();
    p.after = true;
    return scan_message(r.c, out.flow.names, p.before);
  }

  // Behind a part: on to the next one, or the end of the flow.
  constexpr bool link(bool& leftward, bool& more) {
    flow_cursor& c = r.c;
    for (bool broken = false;; broken = true) {
      if (std::size_t const size = c.arrow(leftward)) {
        c.at += size;
        c.blanks();
        if (c.at == c.end || (*c.at == '\n' && r.next_line() != flow_place::message))
          return c.fail(flow_error_kind::arrow, "nothing follows the arrow");
        return room();
      }
      bool const comma = c.is(',');
      if (comma) ++c.at;
      c.blanks();
      flow_cursor ahead = c;
      if (same(ahead.word(), "and")) {
        c.at = ahead.at;
        c.blanks();
      }
      ahead.at = c.at;
      if (same(ahead.word(), "then")) {
        c.at = ahead.at;
        leftward = false;
        return room();
      }
      if (comma) return fail("a comma is followed by then", {c.at, 0});
      if (c.is(';')) {
        ++c.at;
        more = false;
        return true;
      }
      if (broken) return c.fail(flow_error_kind::arrow, "an arrow is missing before this message");
      if (!c.at_line_end()) return r.refuse_the_rest();
      if (r.next_line() != flow_place::message) {
        more = false;
        return true;
      }
    }
  }

  constexpr bool room() {
    return out.size < max_outline_steps ||
           r.c.fail(flow_error_kind::too_long, "an outline has at most 24 messages");
  }

  // A condition about what the line does not mention leaves both open.
  constexpr bool decide() {
    for (std::size_t i = 0; i < out.size; ++i) {
      outline_part& p = out.parts[i];
      if (p.condition <= outline_condition::undecided) continue;
      bool mentioned = false;
      for (std::size_t k = 0; k < out.flow.size; ++k)
        mentioned |= (k < p.first || k >= p.first + p.count) && fulfils(p, out.flow.steps[k]);
      if (!mentioned) p.condition = outline_condition::undecided;
    }
    return true;
  }

 public:
  static constexpr bool fulfils(outline_part const& p, flow_step const& s) {
    switch (p.condition) {
    case outline_condition::of_method:
      return is_method(s, p.method) && s.reinvite_said == p.reinvite;
    case outline_condition::of_status: return s.is_response() && s.message.event.status == p.status;
    case outline_condition::of_reliable: return is_reliable(s);
    case outline_condition::none:
    case outline_condition::undecided: break;
    }
    return false;
  }
};

// One message of a completed flow: which one of the line it is, and what was added to it; or one
// that was added.
struct outline_entry {
  static constexpr std::uint8_t added = 0xff;
  enum : std::uint8_t { sdp = 1, reliable = 2, supports_100rel = 4, named = 8, by_callee = 16 };

  std::uint8_t written{added};
  std::uint8_t flags{};
  ctsip::method method{ctsip::method::extension};
  std::uint8_t call{}; // of one that was added
  std::uint16_t status{};
};

constexpr outline_entry added_request(std::uint8_t call, method m, std::uint8_t flags = 0) {
  return {outline_entry::added, flags, m, call, 0};
}
constexpr outline_entry added_response(std::uint8_t call, std::uint16_t status, method m,
                                       std::uint8_t flags = 0) {
  return {outline_entry::added, flags, m, call, status};
}

// The step that an entry stands for.
constexpr flow_step step_of(flow_text const& flow, outline_entry const& e, bool specified) {
  flow_step s;
  s.call = e.call;
  if (e.written != outline_entry::added) {
    s = flow.steps[e.written];
    if (s.is_response()) {
      if (!s.message.event.status) s.message.event.status = e.status;
      if (e.flags & outline_entry::named) {
        s.method_said = true;
        s.message.event.method = e.method;
      }
    }
  } else if (e.status) {
    s.message.event.what = occurrence::response;
    s.message.event.status = e.status;
    s.method_said = e.flags & outline_entry::named;
    if (s.method_said) s.message.event.method = e.method;
  } else {
    s.message.event.what = occurrence::request;
    s.message.event.method = e.method;
    s.from_said = e.flags & outline_entry::by_callee;
    s.from = s.from_said ? 1 : 0;
    s.to = s.from ^ 1;
  }
  if (e.flags & outline_entry::reliable)
    s.message.event.marks = s.message.event.marks | mark::reliable;
  if (e.flags & outline_entry::supports_100rel) s.message.supports_100rel = true;
  if (e.flags & outline_entry::sdp)
    set_content(s, content::sdp);
  else if (!s.content_said)
    s.message.content = specified ? content::none : content::unspecified;
  return s;
}

// `with Proxy-Authorization` answers a 407, `with Authorization` a 401 (RFC 3261 22.2, 22.3).
constexpr bool names_proxy_authorization(text_view text) {
  constexpr text_view word = "proxy-authorization";
  for (std::size_t i = 0; i + word.size() <= text.size(); ++i)
    if (is_word(text.substr(i, word.size()), word.data())) return true;
  return false;
}

// The search for the strict flow that one choice of alternatives stands for.
template <class Rules>
struct outline_search {
  using judge_type = flow_judge<Rules>;
  using state = typename judge_type::state;

  outline_chain const& chain;
  judge_type judge;
  std::uint8_t order[max_outline_steps]{};   // the messages of the line that are there
  std::uint8_t part_of[max_outline_steps]{}; // and the part that each belongs to
  std::uint8_t size{};
  bool specified{};

  outline_entry path[max_completed_steps]{};
  std::uint8_t length{};
  outline_entry best[max_completed_steps]{};
  std::uint8_t best_length{};
  unsigned best_cost{max_outline_additions + 1};
  bool found{};
  open_end open{};

  // The refusal that was met furthest on.
  refusal refused{};
  std::uint8_t refused_at{};
  std::uint8_t refused_by{};
  bool overflow{};
  std::uint8_t arrived_at{}; // the message that was reached last; after an overflow none is
  bool adds_request{};       // an `after` names a request that is not there, that of this message
  std::uint8_t adds_request_at{};
  unsigned nodes{};

  static constexpr unsigned max_nodes = 400;

  constexpr explicit outline_search(outline_chain const& c) : chain(c), judge(c.flow) {}

  constexpr void run() {
    for (std::size_t i = 0; i < size; ++i) specified |= has_sdp(written(i).message.content);
    {
      state s{};
      explore(s, 0, 0);
    }
    if (best_cost > 1) begin_before();
  }

 private:
  constexpr flow_step const& written(std::size_t at) const { return chain.flow.steps[order[at]]; }
  constexpr std::uint8_t body() const {
    if (specified) return outline_entry::sdp;
    return 0;
  }

  // What the line leaves out before its first message: the call in which it is sent, or the pending
  // INVITE that it is about.
  constexpr void begin_before() {
    flow_step const& first = written(0);
    if (first.is_response() || is_method(first, method::cancel) ||
        is_method(first, method::prack)) {
      std::uint8_t flags = 0;
      if (reliable_follows(0)) flags = outline_entry::supports_100rel;
      begin_pending(flags | body());
      if (specified) begin_pending(flags);
      return;
    }
    switch (first.message.event.method) {
    case method::invite:
      if (is_first_invite(first)) return;
      break;
    case method::bye:
    case method::update:
    case method::info:
    case method::refer:
    case method::subscribe:
    case method::notify:
    case method::message:
    case method::options: break;
    default: return;
    }
    state s{};
    std::uint8_t const call = first.call;
    if (add(s, added_request(call, method::invite, body())) &&
        add(s, added_response(call, 200, method::invite, body())) &&
        add(s, added_request(call, method::ack)))
      explore(s, 0, 1);
    length = 0;
  }

  constexpr void begin_pending(unsigned flags) {
    state s{};
    if (add(s, added_request(written(0).call, method::invite, static_cast<std::uint8_t>(flags))))
      explore(s, 0, 1);
    length = 0;
  }

  // Whether a message comes before the next INVITE.
  template <class Predicate>
  constexpr bool follows(std::size_t at, Predicate p) const {
    for (std::size_t i = at; i < size && !is_method(written(i), method::invite); ++i)
      if (p(written(i))) return true;
    return false;
  }
  constexpr bool ack_is_written(std::size_t at) const {
    while (at < size && !is_method(written(at), method::ack)) ++at;
    return at < size;
  }
  constexpr bool reliable_follows(std::size_t at) const {
    return follows(
        at, [](flow_step const& s) { return is_method(s, method::prack) || is_reliable(s); });
  }
  static constexpr bool may_be_reliable(flow_step const& s) {
    event const& e = s.message.event;
    return s.is_response() && e.status > 100 && e.status < 199 && !e.has(mark::reliable) &&
           (!s.method_said || e.method == method::invite);
  }
  // Whether the next PRACK would rather be that of this response: no later one is nearer to it.
  constexpr bool is_nearest_to_prack(std::size_t at) const {
    for (std::size_t i = at + 1; i < size; ++i) {
      if (is_method(written(i), method::prack)) return true;
      if (may_be_reliable(written(i))) return false;
    }
    return false;
  }

  // --- What is added

  // Takes the step in its first reading, and keeps it; the caller has a state to lose.
  constexpr bool add(state& s, outline_entry e) {
    if (length == max_completed_steps) return !(overflow = true);
    flow_step step = step_of(chain.flow, e, specified);
    auto readings = judge.read(s, step);
    if (step.is_response() && readings.size > 1) {
      e.flags |= outline_entry::named;
      step = step_of(chain.flow, e, specified);
      readings = judge.read(s, step);
    }
    if (!readings.size) return false;
    if (step.is_response() && method_of(s, readings.of[0]) != e.method) return false;
    auto const t = judge.take(s, step, readings.of[0]);
    overflow |= t.overflow;
    if (t.broken || t.overflow) return false;
    path[length++] = e;
    return true;
  }

  // Which method a response answers in this reading.
  static constexpr method method_of(state const& s, reading const& how) {
    return s.agents[how.from & 1].exchanges.of[how.sender].method;
  }

  // The INVITE of his that has failed and has no ACK.
  static constexpr exchange const* failed_invite(state const& s, std::uint8_t by) {
    auto const& x = s.agents[by].exchanges;
    std::uint8_t const i = x.last([](exchange const& e) {
      return e.is(method::invite, true) && e.failed() && !e.acknowledged;
    });
    return i != nowhere ? &x.of[i] : nullptr;
  }

  constexpr bool add_ack(state& s, std::uint8_t by) {
    std::uint8_t flags = 0;
    if (by) flags = outline_entry::by_callee;
    exchange const* const invite = failed_invite(s, by);
    return add(s, added_request(invite ? invite->call : std::uint8_t{0}, method::ack, flags));
  }

  // Whether the same request is still to be answered: `with Authorization` it is sent once more.
  constexpr bool is_pending(state const& s, flow_step const& step) const {
    auto const& x = s.agents[step.from & 1].exchanges;
    method const m = step.message.event.method;
    std::uint8_t const i =
        x.last([&](exchange const& e) { return e.is(m, true) && e.call == step.call; });
    return i != nowhere && !x.of[i].status;
  }

  constexpr bool challenge(state& s, flow_step const& step, unsigned& cost) {
    method const m = step.message.event.method;
    std::uint16_t const status = names_proxy_authorization(step.text) ? 407 : 401;
    ++cost;
    if (!add(s, added_response(step.call, status, m))) return false;
    if (m != method::invite) return true;
    ++cost;
    return add_ack(s, step.from);
  }

  // The response that `after` names.
  constexpr outline_entry named_before(outline_part const& p, flow_step const& step) const {
    event const& e = p.before.message.event;
    std::uint8_t flags = 0;
    if (is_reliable(p.before) || is_method(step, method::prack)) flags = outline_entry::reliable;
    if (has_sdp(p.before.message.content)) flags |= outline_entry::sdp;
    return added_response(step.call, e.status ? e.status : std::uint16_t{200},
                          p.before.method_said ? e.method : method::invite, flags);
  }

  constexpr bool is_there(outline_part const& p) const {
    event const& e = p.before.message.event;
    for (std::uint8_t i = length; i-- > 0;) {
      flow_step const s = step_of(chain.flow, path[i], specified);
      if (p.before.is_request() ? is_method(s, e.method)
                                : s.is_response() && (e.status ? s.message.event.status == e.status
                                                               : s.message.event.status >= 200))
        return true;
    }
    return false;
  }

  // --- The search

  // Everything from a message of the line on; the state is the callee's to change.
  constexpr void explore(state& s, std::size_t at, unsigned cost) {
    if (overflow || cost >= best_cost || ++nodes > max_nodes) return;
    std::uint8_t const before = length;
    if (at == size)
      finish(s, cost);
    else
      arrive(s, at, cost);
    length = before;
  }

  constexpr void arrive(state& s, std::size_t at, unsigned cost) {
    arrived_at = static_cast<std::uint8_t>(at);
    flow_step const& step = written(at);
    if (step.is_request() && step.message.event.has(mark::credentials) && !step.again &&
        is_pending(s, step) && !challenge(s, step, cost))
      return;
    outline_part const& part = chain.parts[part_of[at]];
    if (part.after) {
      bool const there = is_there(part);
      if (there) {
        state other = s;
        place(other, at, cost);
      } else if (part.before.is_request()) {
        adds_request = true;
        adds_request_at = static_cast<std::uint8_t>(at);
      }
      if (part.before.is_request() || !add(s, named_before(part, step))) return;
      ++cost;
    }
    place(s, at, cost);
  }

  // The ways in which a message of the line can be completed, the most usual first.
  struct variants {
    outline_entry of[4]{};
    std::uint8_t size{};
    constexpr void add(outline_entry const& e) { of[size++] = e; }
    constexpr void add(outline_entry e, std::uint8_t flags) {
      e.flags |= flags;
      of[size++] = e;
    }
  };

  constexpr variants variants_of(std::size_t at) const {
    flow_step const& step = written(at);
    event const& e = step.message.event;
    outline_entry const plain{order[at]};
    bool const has_body = specified && !step.content_said;
    variants all;
    if (step.is_request()) {
      outline_entry request = plain;
      if (e.method == method::invite && reliable_follows(at + 1))
        request.flags |= outline_entry::supports_100rel;
      if (has_body && e.method == method::invite) all.add(request, outline_entry::sdp);
      all.add(request);
      if (has_body && e.method == method::ack) all.add(request, outline_entry::sdp);
      return all;
    }
    if (!e.status) {
      outline_entry response = plain;
      response.status = 200;
      all.add(response);
      if (has_body) all.add(response, outline_entry::sdp);
      response.status = 500;
      all.add(response);
      return all;
    }
    if (may_be_reliable(step) &&
        follows(at + 1, [](flow_step const& s) { return is_method(s, method::prack); })) {
      bool const nearest = is_nearest_to_prack(at);
      if (nearest) all.add(plain, outline_entry::reliable);
      all.add(plain);
      if (!nearest) all.add(plain, outline_entry::reliable);
      return all;
    }
    all.add(plain);
    if (has_body && e.response_class() == 2 && (!step.method_said || e.method == method::invite))
      all.add(plain, outline_entry::sdp);
    return all;
  }

  // The message itself, in each variant and reading.
  constexpr void place(state& s, std::size_t at, unsigned cost) {
    flow_step const& step = written(at);
    bool const prack = is_method(step, method::prack);
    if (!prack && !is_method(step, method::cancel)) {
      (void)take_written(s, at, cost);
      return;
    }
    // RFC 3261 9.1: "If no provisional response has been received, the CANCEL request MUST NOT be
    // sent; rather, the client MUST wait for the arrival of a provisional response before sending
    // the request." A PRACK acknowledges one (RFC 3262 4).
    state before = s;
    if (take_written(s, at, cost) || cost + 1 >= best_cost) return;
    std::uint8_t const from = length;
    std::uint8_t flags = 0;
    if (prack) flags = outline_entry::reliable;
    if (add(before, added_response(step.call, 180, method::invite, flags)))
      (void)take_written(before, at, cost + 1);
    length = from;
  }

  constexpr bool take_written(state& s, std::size_t at, unsigned cost) {
    variants const all = variants_of(at);
    bool legal = false;
    for (std::uint8_t v = 0; v < all.size && !overflow; ++v) {
      flow_step const step = step_of(chain.flow, all.of[v], specified);
      auto const readings = judge.read(s, step);
      if (!readings.size)
        note(at, step.from != unsaid ? step.from : std::uint8_t{1},
             {judge_type::by_matching, 0,
              static_cast<std::uint8_t>(message_matching::symbol::response_to_nothing)});
      for (std::uint8_t i = 0; i < readings.size; ++i) {
        outline_entry e = all.of[v];
        reading const& how = readings.of[i];
        if (step.is_response()) {
          e.method = method_of(s, how);
          if (!may_carry(e, all.of[v].flags)) continue;
          if (answers_first(at) && !is_method(written(0), e.method)) continue;
          if (readings.size > 1) e.flags |= outline_entry::named;
        }
        if (v + 1 == all.size && i + 1 == readings.size)
          return take_one(s, at, cost, e, step, how) || legal;
        state other = s;
        legal |= take_one(other, at, cost, e, step, how);
      }
    }
    return legal;
  }

  constexpr bool may_carry(outline_entry const& e, std::uint8_t flags) const {
    // Of the bodies only the INVITE's are completed, and what `response` stands for is free.
    bool const any = !chain.flow.steps[e.written].message.event.status;
    return any || !(flags & outline_entry::sdp) || e.method == method::invite;
  }

  constexpr bool take_one(state& s, std::size_t at, unsigned cost, outline_entry const& e,
                          flow_step const& step, reading const& how) {
    if (length == max_completed_steps) return !(overflow = true);
    auto const t = judge.take(s, step, how);
    overflow |= t.overflow;
    if (t.overflow) return false;
    if (t.broken) {
      note(at, t.by, t.broken);
      return false;
    }
    std::uint8_t const before = length;
    path[length++] = e;
    go_on(s, at, cost, e, step, how);
    length = before;
    return true;
  }

  // What a message brings with it, and on to the next one.
  constexpr void go_on(state& s, std::size_t at, unsigned cost, outline_entry const& e,
                       flow_step const& step, reading const& how) {
    if (is_method(step, method::prack) && !step.again) {
      // RFC 3262 3: a PRACK that matches is responded to with a 2xx.
      if (answer_follows(at + 1)) {
        state other = s;
        explore(other, at + 1, cost);
      }
      if (answers_first(at + 1) || cost + 1 >= best_cost) return;
      bool const with_answer = has_sdp(step.message.content);
      state other{};
      if (with_answer) other = s;
      if (add(s, added_response(step.call, 200, method::prack)))
        explore(s, at + 1, cost + 1);
      else if (with_answer &&
               add(other, added_response(step.call, 200, method::prack, outline_entry::sdp)))
        explore(other, at + 1, cost + 1);
      return;
    }
    // RFC 3261 17.1.1.3: the ACK to a final response of 300 to 699 is the client transaction's.
    if (step.is_response() && e.method == method::invite &&
        step.message.event.response_class() > 2 &&
        !follows(at + 1, [](flow_step const& s) { return is_method(s, method::ack); })) {
      if (!ack_is_written(at + 1)) {
        if (add_ack(s, how.from ^ 1)) explore(s, at + 1, cost + 1);
        return;
      }
      // The one behind the next INVITE may be this one's, if all is legal only then.
      if (cost + 1 >= best_cost) return;
      state other = s;
      unsigned const before = best_cost;
      std::uint8_t const from = length;
      if (add_ack(other, how.from ^ 1)) explore(other, at + 1, cost + 1);
      length = from;
      if (best_cost != before || overflow) return;
    }
    explore(s, at + 1, cost);
  }

  // Whether the second message is the failure of the CANCEL or PRACK with which the line begins.
  // 487 "is never returned for a CANCEL request itself" (RFC 3261 21.4.25).
  constexpr bool answers_first(std::size_t at) const {
    if (at != 1 || at >= size) return false;
    flow_step const& s = written(at);
    return s.is_response() && !s.method_said && s.message.event.status >= 300 &&
           s.message.event.status != 487 &&
           (is_method(written(0), method::cancel) || is_method(written(0), method::prack));
  }

  // Whether a response that is written could be that to a PRACK: one that says so, or one before
  // the next request.
  constexpr bool answer_follows(std::size_t at) const {
    bool next_request = false;
    for (std::size_t i = at; i < size; ++i) {
      flow_step const& s = written(i);
      event const& e = s.message.event;
      if (s.is_request())
        next_request |=
            e.method != method::ack && e.method != method::prack && e.method != method::cancel;
      else if ((!e.status || e.response_class() > 1) &&
               (s.method_said ? e.method == method::prack : !next_request))
        return true;
    }
    return false;
  }

  constexpr void finish(state& s, unsigned cost) {
    for (std::uint8_t p = 0; p < 2; ++p) {
      auto const& x = s.agents[p].exchanges;
      for (std::uint8_t i = 0; i < x.size; ++i)
        if (x.of[i].is(method::prack, true) && !x.of[i].status) return;
      if (failed_invite(s, p)) {
        if (!add_ack(s, p)) return;
        ++cost;
      }
    }
    if (cost >= best_cost) return;
    for (std::uint8_t i = 0; i < length; ++i) best[i] = path[i];
    best_length = length;
    best_cost = cost;
    found = true;
    open = judge.find_open(s);
  }

  constexpr void note(std::size_t at, std::uint8_t by, refusal r) {
    if (refused && refused_at >= at) return;
    refused = r;
    refused_at = static_cast<std::uint8_t>(at);
    refused_by = by;
  }
};

struct outline_details;

} // namespace detail

/// The verdict on an outline: whether every flow that it stands for is legal, and these flows; for
/// one that is not legal who breaks which rule where, as a `flow_verdict` tells it. Its texts point
/// into the outline's text and into the tables.
class outline_verdict {
 public:
  constexpr flow_outcome outcome() const { return outcome_; }
  constexpr bool readable() const { return outcome_ != flow_outcome::unreadable; }
  constexpr bool violated() const { return outcome_ == flow_outcome::violated; }
  /// Every flow that it stands for is legal.
  constexpr bool legal() const { return outcome_ >= flow_outcome::legal; }
  constexpr bool accepted() const { return legal(); }
  /// Each of them is complete: nothing is open at its end.
  constexpr bool complete() const { return outcome_ == flow_outcome::complete; }
  constexpr explicit operator bool() const { return legal(); }

  /// The message of the line that breaks the rule, 1 for the first of its flow, alternatives
  /// counted as one; 0 if none does.
  constexpr std::size_t step() const { return step_; }
  constexpr std::size_t line() const { return line_; }
  /// The message as it is written.
  constexpr text_view message() const { return message_; }
  constexpr text_view participant() const { return participant_; }
  constexpr violation const& why() const { return why_; }
  constexpr text_view sentence() const { return why_.sentence ? why_.sentence : ""; }
  constexpr text_view clause() const { return why_.clause ? why_.clause : ""; }
  constexpr text_view text() const { return text_; }

  /// How many strict flows it stands for. They follow each other as the text has them, the last
  /// alternative changing first. Where one is refused, those before it.
  constexpr std::size_t size() const { return flow_count_; }
  /// How many messages the strict flow has.
  constexpr std::size_t steps(std::size_t flow) const { return flows_[flow].size; }
  /// Whether a message of a strict flow was added to what is written.
  constexpr bool added(std::size_t flow, std::size_t step) const {
    auto const& f = flows_[flow];
    return !f.strict && entries_[f.first + step].written == detail::outline_entry::added;
  }
  /// The strict flow, to be judged or drawn. Added messages have no `text`.
  constexpr flow_text flow(std::size_t i) const {
    auto const& f = flows_[i];
    text_view const text = text_.substr(f.offset);
    if (f.strict) return read_flow(text, f.line);
    detail::outline_chain chain;
    detail::outline_reader reader{chain, text, f.line};
    (void)reader.read();
    flow_text out = chain.flow;
    out.size = f.size;
    out.bodies_specified = f.specified;
    for (std::size_t k = 0; k < f.size; ++k)
      out.steps[k] = detail::step_of(chain.flow, entries_[f.first + k], f.specified);
    return out;
  }
  /// Prints a strict flow in a notation that `_flow` reads: arrows on one line.
  template <class Put>
  constexpr void print(std::size_t i, Put&& put) const {
    flow_text const text = flow(i);
    if (text.notation != notation::arrows) {
      print_flow(text, put);
      return;
    }
    print_flow(text, [&](text_view piece) {
      if (piece.size() != 1 || piece[0] != '\n') put(piece);
    });
  }
  /// The same into a buffer; returns how many characters there are, of which no more than
  /// `capacity` are written.
  constexpr std::size_t write(std::size_t i, char* buffer, std::size_t capacity) const {
    std::size_t n = 0;
    print(i, [&](text_view piece) {
      for (char const c : piece) {
        if (n < capacity) buffer[n] = c;
        ++n;
      }
    });
    return n;
  }

 private:
  template <class>
  friend class outline_check;
  friend struct detail::outline_details;

  struct strict_flow {
    std::uint32_t offset{}; // in the text
    std::uint32_t line{};
    std::uint8_t first{}; // of its messages
    std::uint8_t size{};
    bool specified{};
    bool strict{};
  };

  flow_outcome outcome_{};
  std::size_t step_{};
  std::size_t line_{};
  text_view message_{};
  text_view participant_{};
  violation why_{};
  text_view text_{};
  detail::refusal refused_{};
  flow_error_kind error_{};
  strict_flow flows_[max_outline_flows]{};
  std::uint8_t flow_count_{};
  detail::outline_entry entries_[max_outline_messages]{};
  std::uint8_t entry_count_{};
};

/// The check of outlines by a composition of rules: your own, or `uac_call`.
template <class Rules>
class outline_check {
 public:
  /// Completes and judges every flow of a text; the verdict is that of the first that is not legal.
  static constexpr outline_verdict check(text_view text) {
    outline_verdict v;
    v.text_ = text;
    v.outcome_ = flow_outcome::complete;
    std::uint32_t line = 1;
    for (text_view rest = text;;) {
      detail::outline_chain chain;
      detail::outline_reader reader{chain, rest, line};
      if (!reader.read()) return unreadable(v, reader.r.c.error);
      auto const offset = static_cast<std::uint32_t>(rest.data() - text.data());
      if (chain.strict) {
        if (!take_strict(v, rest, offset, line)) return v;
      } else {
        if (!take_all(v, chain, offset, line)) return v;
        rest = chain.rest;
        line = chain.rest_line;
      }
      if (is_blank_text(rest)) return v;
    }
  }

  /// What `_outline` is, for rules of your own: `demand<"BYE -> 200 OK">()`.
  template <fixed_string Text>
  static consteval outline_verdict demand();

 private:
  static constexpr outline_verdict& unreadable(outline_verdict& v, flow_error const& e) {
    v.outcome_ = flow_outcome::unreadable;
    v.line_ = e.line;
    v.message_ = e.text;
    v.error_ = e.kind;
    v.why_ = {"notation of outlines", "", "", e.what, ""};
    return v;
  }
  static constexpr bool is_blank_text(text_view text) {
    for (char const c : text)
      if (!detail::is_blank(c) && c != '\n') return false;
    return true;
  }
  static constexpr void lower_outcome(outline_verdict& v, bool complete) {
    if (!complete) v.outcome_ = flow_outcome::legal;
  }

  // A ladder or a log is strict already.
  static constexpr bool take_strict(outline_verdict& v, text_view& rest, std::uint32_t offset,
                                    std::uint32_t& line) {
    flow_text const text = read_flow(rest, line);
    if (!text.readable()) return unreadable(v, text.error), false;
    flow_verdict const one = flow_check<Rules>::check(text);
    if (!one.legal()) {
      v.outcome_ = one.outcome();
      v.step_ = one.step();
      v.line_ = one.line();
      v.message_ = one.message();
      v.participant_ = one.participant();
      v.why_ = one.why();
      v.refused_ = detail::verdict_details::refused(one);
      v.error_ = detail::verdict_details::error(one);
      return false;
    }
    if (v.flow_count_ == max_outline_flows) return too_many(v), false;
    lower_outcome(v, one.complete());
    v.flows_[v.flow_count_++] = {offset, line, 0, static_cast<std::uint8_t>(text.size),
                                 false,  true};
    rest = text.rest;
    line = text.rest_line;
    return true;
  }

  static constexpr void too_many(outline_verdict& v) {
    unreadable(v, {flow_error_kind::too_long,
                   0,
                   1,
                   "an outline stands for at most 16 flows of 160 messages together",
                   {}});
  }

  // Each choice of alternatives.
  static constexpr bool take_all(outline_verdict& v, detail::outline_chain const& chain,
                                 std::uint32_t offset, std::uint32_t line) {
    using detail::outline_condition;
    std::uint8_t chosen[max_outline_steps]{};
    for (;;) {
      if (v.flow_count_ == max_outline_flows) return too_many(v), false;
      if (!take_one(v, chain, chosen, offset, line)) return false;
      std::size_t i = chain.size;
      while (i-- > 0) {
        auto const& p = chain.parts[i];
        unsigned const choices = p.count + (p.condition == outline_condition::undecided ? 1u : 0u);
        if (++chosen[i] < choices) break;
        chosen[i] = 0;
        if (i == 0) return true;
      }
    }
  }

  static constexpr bool take_one(outline_verdict& v, detail::outline_chain const& chain,
                                 std::uint8_t const* chosen, std::uint32_t offset,
                                 std::uint32_t line) {
    using detail::outline_condition;
    using detail::outline_reader;
    detail::outline_search<Rules> search{chain};
    for (std::uint8_t i = 0; i < chain.size; ++i) {
      auto const& p = chain.parts[i];
      if (chosen[i] == p.count) continue; // the condition does not hold
      bool there = p.condition <= outline_condition::undecided;
      for (std::uint8_t k = 0; k < chain.size && !there; ++k)
        there = k != i && chosen[k] < chain.parts[k].count &&
                outline_reader::fulfils(p, chain.flow.steps[chain.parts[k].first + chosen[k]]);
      if (!there) continue;
      search.part_of[search.size] = i;
      search.order[search.size++] = static_cast<std::uint8_t>(p.first + chosen[i]);
    }
    if (!search.size) return true; // all of it is conditional
    search.run();
    if (!search.found) return refused(v, chain, search), false;
    if (!take_registrations(v, chain, search)) return false;
    if (v.entry_count_ + search.best_length > max_outline_messages) return too_many(v), false;
    auto& flow = v.flows_[v.flow_count_++];
    flow = {offset, line, v.entry_count_, search.best_length, search.specified, false};
    for (std::uint8_t i = 0; i < search.best_length; ++i)
      v.entries_[v.entry_count_++] = search.best[i];
    lower_outcome(v, !search.open);
    return true;
  }

  // The rules of registrations and of authentication judge the flow that was found: the search
  // knows those of calls.
  static constexpr bool take_registrations(outline_verdict& v, detail::outline_chain const& chain,
                                           detail::outline_search<Rules> const& search) {
    bool concerned = false;
    for (std::uint8_t i = 0; i < search.size; ++i)
      concerned |= detail::concerns_registration(chain.flow.steps[search.order[i]]);
    if (!concerned) return true;
    flow_text whole = chain.flow;
    whole.size = search.best_length;
    for (std::uint8_t i = 0; i < search.best_length; ++i)
      whole.steps[i] = detail::step_of(chain.flow, search.best[i], search.specified);
    flow_verdict const one = flow_check<Rules>::check(whole);
    if (one.legal()) return true;
    // A step that was added is told as the one that it was added for.
    std::size_t at = one.step() ? one.step() - 1 : 0;
    while (at + 1 < search.best_length && search.best[at].written == detail::outline_entry::added)
      ++at;
    std::uint8_t part = 0;
    while (part + 1 < search.size && search.order[part] != search.best[at].written) ++part;
    auto const& step = chain.flow.steps[search.order[part]];
    v.outcome_ = one.outcome();
    v.refused_ = detail::verdict_details::refused(one);
    v.error_ = detail::verdict_details::error(one);
    v.step_ = search.part_of[part] + 1u;
    v.line_ = step.line;
    v.message_ = step.text;
    v.participant_ = one.participant();
    v.why_ = one.why();
    return false;
  }

  static constexpr void refused(outline_verdict& v, detail::outline_chain const& chain,
                                detail::outline_search<Rules> const& search) {
    if (search.overflow || !search.refused) {
      bool const adds_request = search.adds_request && !search.overflow;
      auto const& step =
          chain.flow.steps[search.order[adds_request ? search.adds_request_at : search.arrived_at]];
      unreadable(v,
                 {adds_request ? flow_error_kind::outline : flow_error_kind::too_long, 0, step.line,
                  adds_request
                      ? "no request is added to an outline: write the one that this comes after"
                      : "more additions, calls, forks or open transactions than an outline can "
                        "need",
                  step.text});
      return;
    }
    auto const& step = chain.flow.steps[search.order[search.refused_at]];
    v.outcome_ = flow_outcome::violated;
    v.refused_ = search.refused;
    v.step_ = search.part_of[search.refused_at] + 1u;
    v.line_ = step.line;
    v.message_ = step.text;
    v.participant_ = chain.flow.participants[search.refused_by & 1];
    detail::explain_refusal why;
    detail::visit_machine<Rules>(search.refused, why);
    v.why_ = why.why;
  }
};

/// Reads an outline, or several with `;`, a blank line or `--` between them, completes it and
/// judges the strict flows that it stands for, by the rules of a call or by those of your own.
template <class Rules = uac_call>
constexpr outline_verdict check_outline(text_view text) {
  return outline_check<Rules>::check(text);
}

namespace detail {

struct outline_details {
  static constexpr refusal refused(outline_verdict const& v) { return v.refused_; }
  static constexpr flow_error_kind error(outline_verdict const& v) { return v.error_; }
};

} // namespace detail

template <class Rules, fixed_string Text>
inline constexpr outline_verdict
    outline_verdict_of = outline_check<Rules>::check(text_view{Text.data(), Text.size()});

template <class Rules>
template <fixed_string Text>
consteval outline_verdict outline_check<Rules>::demand() {
  constexpr outline_verdict const& v = outline_verdict_of<Rules, Text>;
  using details = detail::outline_details;
  if constexpr (v.violated()) {
    constexpr auto broken_rule = detail::violation_of<Rules, details::refused(v)>();
    detail::at_step<v.step()>(v.step(), v.why(), broken_rule);
  } else if constexpr (!v.readable()) {
    detail::refuse_unreadable<outline_verdict_of<Rules, Text>, details::error(v)>();
  }
  return v;
}

inline namespace literals {

#if CTSIP_LITERAL_BY_CHARACTERS
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wgnu-string-literal-operator-template"
template <class Char, Char... Text>
consteval outline_verdict operator""_outline() {
  return outline_check<uac_call>::demand<detail::literal_text<Char, Text...>>();
}
#pragma clang diagnostic pop
#else
/// The shorthand of a flow, completed. One that no completion makes legal does not compile: the
/// error names the step of what is written, the sentence and the clause.
template <fixed_string Text>
consteval outline_verdict operator""_outline() {
  return outline_check<uac_call>::demand<Text>();
}
#endif

} // namespace literals

} // namespace ctsip
