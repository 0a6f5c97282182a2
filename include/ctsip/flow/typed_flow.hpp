// Call flows as types, as one agent sees them, judged by the code that judges flows as text:
//
//   using namespace ctsip::messages;
//   using namespace ctsip::marks;
//   static_assert(ctsip::flow().sends(invite{}, sdp).receives(180).receives(200, sdp)
//                     .sends(ack{}).sends(bye{}).receives(200).complete());
//   constexpr auto wrong = ctsip::strictly<ctsip::flow().sends(invite{}).receives(180)
//                                              .sends(ack{})>();   // does not compile: says why
//
// The same builder records the messages that a parser made: `log.add(direction::sent, m)`.
// What it says is what the notation of one agent's log says. Read flow/flow.hpp before it.
#pragma once

#include <cstddef>
#include <cstdint>

#include <ctsip/flow/flow.hpp>

namespace ctsip {

namespace detail {

// What a mark says; the names are those of `ctsip::marks`.
enum class said : std::uint8_t {
  sdp,
  sdp_offer,
  sdp_answer,
  no_sdp,
  qos_needed,
  qos_met,
  reliable,
  supports_100rel,
  requires_100rel,
  supports_timer,
  requires_timer,
  supports_precondition,
  requires_precondition,
  authorization,
  in_dialog,
  stale,
  again,
  lost,
  udp,
  tcp,
  cseq,
  rseq,
  rack,
  session_expires,
  min_se,
  expires,
  min_expires,
  retry_after,
  reg_id,
  tag,
  call,
  branch,
  nonce,
  contact,
  package
};

// Which messages can have a mark.
enum class bearer : std::uint8_t { any, request, response, provisional, prack, sent };

constexpr bearer bearer_of(said what) {
  switch (what) {
  case said::reliable:
  case said::rseq: return bearer::provisional;
  case said::rack: return bearer::prack;
  case said::authorization:
  case said::in_dialog: return bearer::request;
  case said::stale:
  case said::retry_after:
  case said::min_expires: return bearer::response;
  case said::lost: return bearer::sent;
  default: return bearer::any;
  }
}

constexpr bool can_bear(bearer b, event const& e, direction way) {
  switch (b) {
  case bearer::any: break;
  case bearer::request: return e.what == occurrence::request;
  case bearer::response: return e.what == occurrence::response;
  case bearer::provisional: return e.what == occurrence::response && e.response_class() == 1;
  case bearer::prack: return e.is_request(method::prack);
  case bearer::sent: return way == direction::sent;
  }
  return true;
}

// A mark with its number or name, if it has one.
template <said What>
struct flow_said {
  static constexpr said what = What;
  std::uint32_t number{};
  std::uint32_t second{};
  text_view name{};
};

// One of several that are told apart by a name or by a number from 1 on.
template <said What>
struct flow_said_name {
  constexpr flow_said<What> operator()(std::uint32_t number) const { return {number, 0, {}}; }
  constexpr flow_said<What> operator()(text_view name) const { return {0, 0, name}; }
};

template <said What>
struct flow_said_number {
  constexpr flow_said<What> operator()(std::uint32_t number) const { return {number, 0, {}}; }
};

// Never called at run time: its name is the error message.
template <fixed_string Sentence>
void typed_flow_is_wrong() {
  __builtin_trap();
}
constexpr void wrong_because(char const* sentence, void (*wrong)()) {
  (void)sentence;
  wrong();
}

constexpr flow_name_kind name_kind_of(said what) {
  switch (what) {
  case said::call: return flow_name_kind::call;
  case said::branch: return flow_name_kind::branch;
  case said::nonce: return flow_name_kind::nonce;
  case said::contact: return flow_name_kind::contact;
  case said::package: return flow_name_kind::package;
  default: return flow_name_kind::tag;
  }
}

constexpr std::uint8_t& name_of_kind(flow_step& s, flow_name_kind kind) {
  switch (kind) {
  case flow_name_kind::call: return s.call;
  case flow_name_kind::branch: return s.branch;
  case flow_name_kind::nonce: return s.nonce;
  case flow_name_kind::contact: return s.contact;
  case flow_name_kind::package: return s.package;
  case flow_name_kind::tag: break;
  }
  return s.tag;
}

// Writes into the step what the mark says; the numbers have been looked at.
constexpr void write_said(flow_step& s, said what, std::uint32_t number, std::uint32_t second) {
  call_message& m = s.message;
  event& e = m.event;
  switch (what) {
  case said::sdp: set_content(s, content::sdp); break;
  case said::sdp_offer:
    set_content(s, content::sdp);
    s.offer_said = true;
    break;
  case said::sdp_answer:
    set_content(s, content::sdp);
    s.answer_said = true;
    break;
  case said::no_sdp: set_content(s, content::none); break;
  // RFC 3312 11: who writes a precondition into a description understands the extension.
  case said::qos_needed:
    set_content(s, content::sdp_unmet);
    m.supports_precondition = true;
    break;
  case said::qos_met:
    set_content(s, content::sdp_met);
    m.supports_precondition = true;
    break;
  case said::rseq: m.rseq = number; [[fallthrough]];
  case said::reliable: e.marks = e.marks | mark::reliable; break;
  case said::requires_100rel: s.message.requires_100rel = true; [[fallthrough]];
  case said::supports_100rel: m.supports_100rel = true; break;
  case said::requires_timer: s.requires_timer = true; [[fallthrough]];
  case said::supports_timer: m.supports_timer = true; break;
  case said::requires_precondition: m.requires_precondition = true; [[fallthrough]];
  case said::supports_precondition: m.supports_precondition = true; break;
  case said::authorization: e.marks = e.marks | mark::credentials; break;
  case said::in_dialog:
    e.marks = e.marks | mark::to_tag;
    s.reinvite_said = e.method == method::invite;
    break;
  case said::stale: s.stale = true; break;
  case said::again: s.again = true; break;
  case said::lost:
    s.lost = true;
    s.delivers = false;
    break;
  case said::tcp: e.marks = e.marks | mark::reliable_transport; [[fallthrough]];
  case said::udp: s.transport_said = true; break;
  case said::cseq: m.cseq = number; break;
  case said::rack:
    m.rack = number;
    m.rack_cseq = second;
    break;
  case said::session_expires:
    m.session_expires = number;
    m.supports_timer |= s.is_request() && !s.no_timer;
    break;
  case said::min_se: m.min_se = number; break;
  case said::expires:
    s.expires = number;
    s.expires_said = true;
    break;
  case said::min_expires: s.min_expires = number; break;
  case said::retry_after:
    s.retry_after = number;
    m.retry_after = true;
    break;
  case said::reg_id: s.reg_id = number; break;
  case said::nonce:
    if (s.is_request()) e.marks = e.marks | mark::credentials;
    break;
  case said::tag:
  case said::call:
  case said::branch:
  case said::contact:
  case said::package: break;
  }
}

constexpr bool has_name(said what) { return what >= said::tag; }
constexpr bool has_number_from_1(said what) {
  return what >= said::cseq && what < said::tag && what != said::expires &&
         what != said::retry_after;
}

// A message as an argument: a method, or a status code.
struct message_said {
  ctsip::event event{};

  // A number is looked at when the program is compiled.
  consteval message_said(int status)
      : event(response_event(direction::none, static_cast<std::uint16_t>(status),
                             method::extension)) {
    if (status < 100 || status > 699)
      wrong_because("a status code has three digits, the first of them 1 to 6 (RFC 3261 7.2)",
                    &typed_flow_is_wrong<
                        "a status code has three digits, the first of them 1 to 6 (RFC 3261 7.2)">);
  }
  constexpr message_said(status_code status)
      : event(response_event(direction::none, static_cast<std::uint16_t>(status),
                             method::extension)) {}
  constexpr message_said(ctsip::method m) : event(request_event(direction::none, m)) {}
};

template <class Message>
concept typed_message = requires {
  event{Message::value};
};

// What can be wrong about the mark of a message whose type says what it is.
template <class Message, direction Way, said What>
constexpr void look_at(flow_said<What> const&) {
  constexpr bearer by = bearer_of(What);
  constexpr bool fits = can_bear(by, Message::value, Way);
  static_assert(by != bearer::request || fits, "only a request has this mark");
  static_assert(by != bearer::response || fits, "only a response has this mark");
  static_assert(by != bearer::provisional || fits,
                "only a provisional response has an RSeq (RFC 3262 7.1)");
  static_assert(by != bearer::prack || fits, "only a PRACK has a RAck (RFC 3262 7.2)");
}
template <class Message, direction Way, class Other>
constexpr void look_at(Other const&) {}
template <class Message, direction Way>
constexpr void look_at(method const&) {
  static_assert(Message::value.what == occurrence::response,
                "only a response names the method that it answers");
}
template <class Message, direction Way, method Answered>
constexpr void look_at(request<Answered> const&) {
  static_assert(Message::value.what == occurrence::response,
                "only a response names the method that it answers");
}

// What can be wrong about a mark whatever the message is.
template <direction Way, said What>
constexpr void look_at_way(flow_said<What> const&) {
  static_assert(bearer_of(What) != bearer::sent || Way == direction::sent,
                "what is lost is sent, and not received");
}
template <direction Way, class Other>
constexpr void look_at_way(Other const&) {}
template <direction Way, method Answered>
constexpr void look_at_way(request<Answered> const&) {
  static_assert(has_response(Answered), "no response answers an ACK (RFC 3261 17)");
}

} // namespace detail

/// What the messages of a typed flow carry. `using namespace ctsip::marks;` goes together with
/// `using namespace ctsip::messages;`. Besides these a message takes, as what it says, the method
/// that it answers (`receives(200, prack{})` or `receives(200, method::prack)`), and the refresher
/// (`refresher::uas`).
namespace marks {

/// Session descriptions. Where no message carries one, bodies are unspecified and offer/answer is
/// not judged; otherwise a message without a mark has none.
inline constexpr detail::flow_said<detail::said::sdp> sdp{};
inline constexpr detail::flow_said<detail::said::sdp_offer> sdp_offer{};
inline constexpr detail::flow_said<detail::said::sdp_answer> sdp_answer{};
inline constexpr detail::flow_said<detail::said::no_sdp> no_sdp{};
/// A description whose mandatory preconditions are not met yet, or are all met (RFC 3312 5).
inline constexpr detail::flow_said<detail::said::qos_needed> qos_needed{};
inline constexpr detail::flow_said<detail::said::qos_met> qos_met{};

/// A provisional response with 100rel and RSeq (RFC 3262 3).
inline constexpr detail::flow_said<detail::said::reliable> reliable{};
/// Supported, or Require, names the extension.
inline constexpr detail::flow_said<detail::said::supports_100rel> supports_100rel{};
inline constexpr detail::flow_said<detail::said::requires_100rel> requires_100rel{};
inline constexpr detail::flow_said<detail::said::supports_timer> supports_timer{};
inline constexpr detail::flow_said<detail::said::requires_timer> requires_timer{};
inline constexpr detail::flow_said<detail::said::supports_precondition> supports_precondition{};
inline constexpr detail::flow_said<detail::said::requires_precondition> requires_precondition{};

/// Authorization or Proxy-Authorization (RFC 3261 22).
inline constexpr detail::flow_said<detail::said::authorization> authorization{};
/// The To header field has a tag: an INVITE is a re-INVITE (RFC 3261 14).
inline constexpr detail::flow_said<detail::said::in_dialog> in_dialog{};
/// A challenge with stale=true.
inline constexpr detail::flow_said<detail::said::stale> stale{};
/// A retransmission.
inline constexpr detail::flow_said<detail::said::again> again{};
/// It never arrives.
inline constexpr detail::flow_said<detail::said::lost> lost{};
/// The transport (RFC 3261 18).
inline constexpr detail::flow_said<detail::said::udp> udp{};
inline constexpr detail::flow_said<detail::said::tcp> tcp{};

/// The number in CSeq, and in RSeq; both are filled in where they are not said.
inline constexpr detail::flow_said_number<detail::said::cseq> cseq{};
inline constexpr detail::flow_said_number<detail::said::rseq> rseq{};
/// RAck: the RSeq, and the CSeq number (RFC 3262 7.2).
constexpr detail::flow_said<detail::said::rack> rack(std::uint32_t rseq, std::uint32_t cseq = 0) {
  return {rseq, cseq, {}};
}
/// Session-Expires and Min-SE, in seconds (RFC 4028 4, 5).
inline constexpr detail::flow_said_number<detail::said::session_expires> session_expires{};
inline constexpr detail::flow_said_number<detail::said::min_se> min_se{};
/// Expires, Min-Expires and Retry-After, in seconds (RFC 3261 20.19, 20.23, 20.33).
inline constexpr detail::flow_said_number<detail::said::expires> expires{};
inline constexpr detail::flow_said_number<detail::said::min_expires> min_expires{};
inline constexpr detail::flow_said_number<detail::said::retry_after> retry_after{};
/// reg-id of a Contact (RFC 5626 4.2).
inline constexpr detail::flow_said_number<detail::said::reg_id> reg_id{};

/// Which To tag (fork), Call-ID, Via branch, nonce, Contact, or event package: a number from 1 to
/// 32, or a name, which must live as long as the flow. Use one of the two within a flow.
inline constexpr detail::flow_said_name<detail::said::tag> tag{};
inline constexpr detail::flow_said_name<detail::said::call> call{};
inline constexpr detail::flow_said_name<detail::said::branch> branch{};
inline constexpr detail::flow_said_name<detail::said::nonce> nonce{};
inline constexpr detail::flow_said_name<detail::said::contact> contact{};
inline constexpr detail::flow_said_name<detail::said::package> package{};

} // namespace marks

/// A flow that is built message by message, as one agent sees it: its own acts are judged as such,
/// what it receives as the peer's. `Rules` is `uac_call` or a composition of your own. It holds up
/// to `max_flow_steps` messages; each further member returns the flow itself, which is not copied.
///
/// A mark on a message that cannot have it does not compile. Where only the value tells, it does
/// not compile in constant evaluation, and makes an unreadable flow at run time.
template <class Rules = uac_call>
class typed_flow {
 public:
  using rules = Rules;

  constexpr typed_flow() {
    text_.notation = notation::log;
    text_.participants[0] = "self";
    text_.participants[1] = "peer";
    text_.participant_count = 2;
    text_.error = {flow_error_kind::empty, 0, 1, "there is no message in the flow", {}};
  }

  /// A message that this agent sends: `invite{}`, `response<183>{}`, `method::invite`, `183` or
  /// `status_code{n}`, with its marks. `response<200>{}` answers an INVITE, as its type says; a
  /// status code alone answers whatever request it can.
  template <detail::typed_message Message, class... Marks>
  constexpr typed_flow& sends(Message, Marks const&... marks) {
    return typed<Message, direction::sent>(marks...);
  }
  template <class... Marks>
  constexpr typed_flow& sends(detail::message_said m, Marks const&... marks) {
    return message<direction::sent>(m.event, marks...);
  }

  /// A message that this agent receives; the same arguments.
  template <detail::typed_message Message, class... Marks>
  constexpr typed_flow& receives(Message, Marks const&... marks) {
    return typed<Message, direction::received>(marks...);
  }
  template <class... Marks>
  constexpr typed_flow& receives(detail::message_said m, Marks const&... marks) {
    return message<direction::received>(m.event, marks...);
  }

  /// A message that was sent or received in fact, with the numbers that it carries. One that was
  /// there before with the same CSeq, and RSeq if it has one, is a retransmission. Marks may add
  /// what `call_message` does not hold: `tag(2)`, `call("…")`, `branch("…")`.
  template <class... Marks>
  constexpr typed_flow& add(direction way, call_message const& m, Marks const&... marks) {
    if (!begin(way)) return *this;
    flow_step* const s = text_.steps + text_.size;
    s->message = m;
    event& e = s->message.event;
    e.way = direction::none;
    s->again = m.again;
    s->message.again = false;
    if (e.what != occurrence::request && !e.is_response()) {
      wrong<"neither a request nor a response">(flow_error_kind::message);
      return *this;
    }
    if (e.is_response()) {
      // Every response of a dialog has a To tag: that says nothing of its request.
      e.marks = without_to_tag(e.marks);
      s->method_said = true;
    } else {
      s->reinvite_said = e.method == method::invite && e.has(mark::to_tag);
    }
    s->content_said = m.content != content::unspecified;
    (apply(*s, way, marks), ...);
    s->again = s->again || was_there(*s);
    return end(*s);
  }
  /// The same for one that says itself which way it went.
  constexpr typed_flow& add(call_message const& m) { return add(m.event.way, m); }

  /// How many messages there are.
  constexpr std::size_t size() const { return text_.size; }
  /// The flow as the judge and `print_ladder` take it.
  constexpr flow_text const& text() const { return text_; }

  /// Judges the flow; so does each of the following.
  constexpr flow_verdict verdict() const { return flow_check<Rules>::check(text_); }
  constexpr bool violated() const { return verdict().violated(); }
  constexpr bool legal() const { return verdict().legal(); }
  constexpr bool complete() const { return verdict().complete(); }
  constexpr explicit operator bool() const { return legal(); }

 private:
  template <class Message, direction Way, class... Marks>
  constexpr typed_flow& typed(Marks const&... marks) {
    constexpr event e = Message::value;
    static_assert(e.way == direction::none, "sends or receives says which way the message goes");
    static_assert(e.what == occurrence::request || e.what == occurrence::response,
                  "a flow consists of requests and responses");
    static_assert(e.what != occurrence::response || e.status >= 100,
                  "a message has a status code, and not only the class of one");
    (detail::look_at<Message, Way>(marks), ...);
    return message<Way>(e, marks...);
  }

  template <direction Way, class... Marks>
  constexpr typed_flow& message(event const& e, Marks const&... marks) {
    (detail::look_at_way<Way>(marks), ...);
    if (!begin(Way)) return *this;
    flow_step* const s = text_.steps + text_.size;
    s->message.event = e;
    s->message.content = content::unspecified;
    if (e.what == occurrence::request) {
      if (e.method == method::extension)
        wrong<"a method that is not registered">(flow_error_kind::message);
      s->reinvite_said = e.method == method::invite && e.has(mark::to_tag);
    } else {
      if (e.status < 100 || e.status > 699)
        wrong<"a status code has three digits, the first of them 1 to 6 (RFC 3261 7.2)">(
            flow_error_kind::message);
      s->method_said = e.method != method::extension;
      if (s->method_said && !has_response(e.method))
        wrong<"no response answers an ACK (RFC 3261 17)">(flow_error_kind::mark);
    }
    if (e.has(mark::sdp)) detail::set_content(*s, content::sdp);
    (apply(*s, Way, marks), ...);
    return end(*s);
  }

  // The next step, if there is room, and nothing was wrong before it.
  constexpr bool begin(direction way) {
    if (text_.error.kind == flow_error_kind::empty) text_.error = {};
    if (!text_.readable()) return false;
    if (text_.size == max_flow_steps) {
      wrong<"a flow has at most 96 messages">(flow_error_kind::too_long);
      return false;
    }
    if (way == direction::none) {
      wrong<"a message is either sent or received">(flow_error_kind::message);
      return false;
    }
    flow_step& s = text_.steps[text_.size];
    s.from = way == direction::sent ? 0 : 1;
    s.to = s.from ^ 1;
    s.from_said = true;
    s.line = static_cast<std::uint32_t>(text_.size + 1);
    return true;
  }

  constexpr typed_flow& end(flow_step& s) {
    if (!text_.readable()) {
      s = {};
      return *this;
    }
    ++text_.size;
    // The first session description says that those before it had none.
    if (has_sdp(s.message.content) && !text_.bodies_specified) {
      text_.bodies_specified = true;
      for (std::size_t i = 0; i + 1 < text_.size; ++i)
        if (!text_.steps[i].content_said) text_.steps[i].message.content = content::none;
    }
    if (!s.content_said)
      s.message.content = text_.bodies_specified ? content::none : content::unspecified;
    return *this;
  }

  template <detail::said What>
  constexpr void apply(flow_step& s, direction way, detail::flow_said<What> const& m) {
    constexpr detail::bearer by = detail::bearer_of(What);
    if (!detail::can_bear(by, s.message.event, way)) {
      if constexpr (by == detail::bearer::request)
        wrong<"only a request has this mark">(flow_error_kind::mark);
      else if constexpr (by == detail::bearer::response)
        wrong<"only a response has this mark">(flow_error_kind::mark);
      else if constexpr (by == detail::bearer::provisional)
        wrong<"only a provisional response has an RSeq (RFC 3262 7.1)">(flow_error_kind::mark);
      else if constexpr (by == detail::bearer::prack)
        wrong<"only a PRACK has a RAck (RFC 3262 7.2)">(flow_error_kind::mark);
      else
        wrong<"what is lost is sent, and not received">(flow_error_kind::mark);
      return;
    }
    if constexpr (detail::has_number_from_1(What))
      if (m.number == 0) return wrong<"this mark needs a number from 1 on">(flow_error_kind::value);
    detail::write_said(s, What, m.number, m.second);
    if constexpr (detail::has_name(What)) {
      constexpr flow_name_kind kind = detail::name_kind_of(What);
      if (m.name.empty() && (m.number == 0 || m.number > max_flow_names))
        return wrong<"this mark needs a name, or a number from 1 to 32">(flow_error_kind::value);
      std::uint8_t const number =
          m.name.empty() ? static_cast<std::uint8_t>(m.number) : text_.names.number(kind, m.name);
      if (!number) return wrong<"more than 32 different names">(flow_error_kind::too_long);
      detail::name_of_kind(s, kind) = number;
    }
  }
  constexpr void apply(flow_step& s, direction, method const& answered) {
    event& e = s.message.event;
    if (!s.is_response())
      return wrong<"only a response names the method that it answers">(flow_error_kind::mark);
    if (!has_response(answered))
      return wrong<"no response answers an ACK (RFC 3261 17)">(flow_error_kind::mark);
    if (s.method_said && e.method != answered)
      return wrong<"a response answers one method">(flow_error_kind::mark);
    e.method = answered;
    s.method_said = true;
  }
  template <method Answered>
  constexpr void apply(flow_step& s, direction way, request<Answered> const&) {
    apply(s, way, Answered);
  }
  constexpr void apply(flow_step& s, direction, refresher const& r) { s.message.refresher = r; }

  // In constant evaluation this does not compile; at run time the flow is not readable.
  template <fixed_string Sentence>
  constexpr void wrong(flow_error_kind kind) {
    if (__builtin_is_constant_evaluated())
      detail::wrong_because(Sentence.c_str(), &detail::typed_flow_is_wrong<Sentence>);
    if (text_.readable())
      text_.error = {kind, 0, static_cast<std::uint32_t>(text_.size + 1), Sentence.c_str(), {}};
  }

  static constexpr mark without_to_tag(mark m) {
    return static_cast<mark>(static_cast<unsigned>(m) & ~static_cast<unsigned>(mark::to_tag));
  }

  // Whether the same message has been recorded before. A provisional response that is not reliable
  // may be sent more than once: that is no retransmission (RFC 3261 13.3.1.1).
  constexpr bool was_there(flow_step const& s) const {
    call_message const& m = s.message;
    if (!m.cseq) return false;
    if (m.event.response_class() == 1 && !m.rseq) return false;
    for (std::size_t i = 0; i < text_.size; ++i) {
      flow_step const& other = text_.steps[i];
      if (other.from == s.from && other.message.event == m.event && other.message.cseq == m.cseq &&
          other.message.rseq == m.rseq && other.call == s.call && other.branch == s.branch &&
          other.tag == s.tag)
        return true;
    }
    return false;
  }

  flow_text text_{};
};

/// Begins a flow: `flow().sends(invite{}).receives(200).sends(ack{})`, judged by the rules of a
/// call, or `flow<my_rules>()` by a composition of your own.
template <class Rules = uac_call>
constexpr typed_flow<Rules> flow() {
  return {};
}

/// What a flow came to, as a template argument: a flow converts to it.
template <class Rules>
struct flow_judgement {
  flow_outcome what{};
  std::size_t step{};
  detail::refusal refused{};
  flow_error_kind error{};

  constexpr flow_judgement(typed_flow<Rules> const& flow) {
    auto const v = flow.verdict();
    what = v.outcome();
    step = v.step();
    refused = detail::verdict_details::refused(v);
    error = detail::verdict_details::error(v);
  }
  constexpr flow_outcome outcome() const { return what; }
  constexpr bool legal() const { return what >= flow_outcome::legal; }
  constexpr bool complete() const { return what == flow_outcome::complete; }
  constexpr explicit operator bool() const { return legal(); }
};

namespace detail {

template <class Rules>
constexpr violation violation_at(refusal r) {
  explain_refusal why;
  visit_machine<Rules>(r, why);
  return why.why;
}

template <class Rules, flow_judgement<Rules> J>
consteval void demand_legal() {
  if constexpr (J.what == flow_outcome::violated) {
    constexpr auto broken_rule = violation_of<Rules, J.refused>();
    at_step<J.step>(J.step, violation_at<Rules>(J.refused), broken_rule);
  } else if constexpr (J.what == flow_outcome::unreadable) {
    at_line<1>(1, "there is no message in the flow, or more than can be judged", {},
               &flow_is_not_readable<"no message in the flow, or too many", J.error>);
  }
}

template <class Rules>
constexpr typed_flow<Rules> rules_of(flow_judgement<Rules> const&);

} // namespace detail

/// A flow that must be legal: `strictly<flow().sends(invite{}).receives(200).sends(ack{})>()`. One
/// that breaks a rule does not compile, and the error names the step, the sentence and the clause,
/// as `"…"_flow` does.
template <flow_judgement Judgement>
consteval auto strictly() {
  using rules = typename decltype(detail::rules_of(Judgement))::rules;
  detail::demand_legal<rules, Judgement>();
  return Judgement;
}

} // namespace ctsip
