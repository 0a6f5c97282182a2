// The reader of call flows written as text, in constant evaluation and at run time: arrows
// (`INVITE -> 180 Ringing -> 200 OK -> ACK`), ladders (`alice -> bob: INVITE (sdp)`, Mermaid's
// `alice->>bob: INVITE` among them) or drawn (drawing.hpp), and the log of one agent (`> INVITE`,
// `< 180 Ringing`).
//
// It tells what the text says, and of what the text leaves unsaid it says that it is unsaid; it
// judges nothing. RFC 3261 7 (methods, status codes), 25.1. Read dialog/call_event.hpp before it.
//
// An arrow is `->`, `-->`, `->>`, `<-`, `<--`, or one of Unicode that points to the right or to the
// left: → ⟶ ⇒ ⟹ ➔ ➜ and ← ⟵ ⇐ ⟸. Lines that begin with `#`, `%%`, three backticks, `@startuml` or
// `@enduml` are skipped, and a byte-order mark before the first. So is, at the beginning of a line,
// the time at which it was logged: `10:15:01.250`, with a date before it or in brackets.
//
// Marks stand in parentheses, separated by commas, or after `with`:
//
//   sdp, sdp offer, sdp answer, no sdp      a session description
//   qos=needed, qos=met                     one with mandatory preconditions: not met, all met
//   100rel, rseq=1; rack=1, rack=1 2 INVITE reliable provisional responses and their PRACK
//   supported=, require=                    100rel, timer or precondition; alone: supported
//   session-expires=, min-se=, refresher=uac|uas, no timer     the session timer, in seconds
//   auth, nonce=, stale, retry-after=, expires=, contact=, event=, reg-id=
//   tag=, call=, branch=, cseq=             which fork, Call-ID, Via branch, CSeq number
//   again, lost, #1                         a retransmission; never arrives; crosses another
//   PRACK, for PRACK                        which request a response answers
//   by callee, by caller                    who sends it (arrows)
//   udp, tcp, tls, sctp
//
// A participant whose name begins with `proxy`, or `participant P-CSCF as proxy`, only relays and
// is not judged: a ladder that leaves out what goes on between it and another may be complete. A
// second call, of a B2BUA or of who transfers, is marked `call=2` in its first request.
//
// What is unsaid:
//
//   an arrow arrives before the next is sent, and a request in arrows is the caller's, unless `<-`
//   or a name says otherwise; a response answers whatever makes the flow legal;
//   an INVITE within a dialog is a re-INVITE; no `tag`, no `call`: the same, in a request that of
//   the first one between the same two, or else of the first message, if that names one;
//   one `contact` in a REGISTER says that a REGISTER without one is a fetch;
//   an INVITE without `100rel` does not support it, and a 1xx without it is not reliable;
//   `session-expires` in a request says that its sender supports the timer, `qos` the
//   preconditions; one `sdp` anywhere says that a message without it has none; without any, bodies
//   are not judged; a 422 without `min-se` or a 2xx without `refresher` is not judged for it.
#pragma once

#include <cstddef>
#include <cstdint>

#include <ctsip/dialog/call_event.hpp>
#include <ctsip/flow/drawing.hpp>
#include <ctsip/vocabulary/text.hpp>

namespace ctsip {

/// In which of the three notations a flow is written.
enum class notation : std::uint8_t {
  arrows, ///< `INVITE -> 200 OK -> ACK`: the participants are the caller and the callee
  ladder, ///< `alice -> bob: INVITE`, one message a line
  log     ///< `> INVITE` sent, `< 200 OK` received: the participants are self and the peer
};

/// Why a text is no flow.
enum class flow_error_kind : std::uint8_t {
  none,
  empty,       ///< there is no message in it
  too_long,    ///< more messages, participants or names than there is room for
  outline,     ///< an alternative or a phrase, which a strict flow does not have
  message,     ///< neither a method nor a status code
  word,        ///< a word behind a message that says nothing known
  mark,        ///< a mark that is not known, or that this message cannot have
  value,       ///< a mark's value
  arrow,       ///< an arrow that is missing, or that leads nowhere
  participant, ///< a participant that is missing, or one too many
  crossing     ///< a message that is delivered but was never sent, or the like
};

/// Where and why reading stopped.
struct flow_error {
  flow_error_kind kind{};
  std::size_t offset{}; ///< from the beginning of the text, in bytes
  std::uint32_t line{}; ///< 1 is the first
  char const* what{""}; ///< one sentence
  text_view text{};     ///< the word that it is about
};

/// In `flow_step::from` and `to`: the text does not say.
inline constexpr std::uint8_t unsaid = 0xff;
/// In `flow_step::counterpart`: there is none.
inline constexpr std::uint8_t no_counterpart = 0xff;

/// One message of a flow as it is written. `message.event.way` is `none`: a step is seen from
/// neither side.
struct flow_step {
  call_message message{};

  std::uint8_t from{unsaid}; ///< who sends it: an index into `flow_text::participants`
  std::uint8_t to{unsaid};   ///< who receives it
  /// The sender is written: a ladder, a log, `<-` or a name. Otherwise it is the caller, by rule.
  bool from_said{};
  /// Which method a response answers is written: `200 OK for PRACK`. Otherwise the event's method
  /// is `extension`.
  bool method_said{};
  bool reinvite_said{};    ///< written `re-INVITE`; the event then has `mark::to_tag`
  bool content_said{};     ///< `sdp`, `no sdp` or `qos` is written
  bool offer_said{};       ///< `sdp offer`
  bool answer_said{};      ///< `sdp answer`
  bool expires_said{};     ///< `expires=0` differs from no Expires
  bool lost{};             ///< never arrives
  bool again{};            ///< a retransmission
  bool stale{};            ///< a challenge with stale=true
  bool no_timer{};         ///< `no timer`: the sender does not support the session timer
  bool requires_timer{};   ///< Require, not only Supported, names timer
  bool transport_said{};   ///< `udp` or `tcp` is written
  bool sends{true};        ///< false for `-> bob: BYE #1`, which only arrives
  bool delivers{true};     ///< false for `alice -> : BYE #1`, which is only sent
  std::uint8_t crossing{}; ///< the number after `#`, 0 if there is none
  std::uint8_t counterpart{no_counterpart}; ///< the step that is the other half of a crossing
  std::uint8_t tag{};          ///< which fork: 1 is the first To tag named in the text, 0 unsaid
  std::uint8_t call{};         ///< which Call-ID, numbered likewise; so are the following
  std::uint8_t branch{};       ///< Via branch
  std::uint8_t nonce{};        ///< of the challenge, or of the credentials
  std::uint8_t contact{};      ///< Contact
  std::uint8_t package{};      ///< Event
  std::uint32_t expires{};     ///< seconds
  std::uint32_t min_expires{}; ///< seconds (RFC 3261 20.23)
  std::uint32_t retry_after{}; ///< seconds
  std::uint32_t reg_id{};      ///< RFC 5626 4.2
  std::uint32_t line{};        ///< on which line it is written, 1 is the first
  text_view text{};            ///< the message as written, with its marks

  constexpr bool is_request() const { return message.event.what == occurrence::request; }
  constexpr bool is_response() const { return message.event.what == occurrence::response; }
};

/// What the text gives a name to. Each kind is numbered from 1 on.
enum class flow_name_kind : std::uint8_t { tag, call, branch, nonce, contact, package };

/// A name in a mark, as in `tag=b2`.
struct flow_name {
  flow_name_kind kind{};
  std::uint8_t number{};
  text_view text{};
};

inline constexpr std::size_t max_flow_names = 32;
inline constexpr std::size_t max_flow_steps = 96;
inline constexpr std::size_t max_flow_participants = 8;

/// The names of one text.
struct flow_names {
  flow_name names[max_flow_names]{};
  std::size_t size{};

  /// The number of the name, a new one if it was not there; 0 if there is no room.
  constexpr std::uint8_t number(flow_name_kind kind, text_view text);
  /// The name with that number, or nothing.
  constexpr text_view text(flow_name_kind kind, std::uint8_t number) const {
    for (std::size_t i = 0; i < size; ++i)
      if (names[i].kind == kind && names[i].number == number) return names[i].text;
    return {};
  }
};

/// One flow as text. All views point into the text that was read.
struct flow_text {
  ctsip::notation notation{};
  std::uint8_t participant_count{};
  bool is_proxy[max_flow_participants]{}; ///< named `proxy…`: only relays
  text_view participants[max_flow_participants]{};
  flow_step steps[max_flow_steps]{};
  std::size_t size{};      ///< how many steps
  bool bodies_specified{}; ///< some message carries a session description: the others have none
  flow_names names{};
  flow_error error{};
  text_view rest{};          ///< the text behind the blank line or `--` that ended this flow
  std::uint32_t rest_line{}; ///< on which line it begins

  constexpr bool readable() const { return error.kind == flow_error_kind::none; }
  constexpr flow_step const* begin() const { return steps; }
  constexpr flow_step const* end() const { return steps + size; }
  constexpr flow_step const& operator[](std::size_t i) const { return steps[i]; }
};

namespace detail {

// Whether the text is the word, which is in lower case, without regard to the text's own case.
constexpr bool is_word(text_view text, char const* word) {
  for (char const c : text)
    if (lower(c) != *word++ || !c) return false;
  return !*word;
}

// Whether the text is the word to the letter.
constexpr bool same(text_view text, char const* word) {
  for (char const c : text)
    if (c != *word++ || !c) return false;
  return !*word;
}

constexpr bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
constexpr bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
constexpr bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

} // namespace detail

constexpr std::uint8_t flow_names::number(flow_name_kind kind, text_view text) {
  std::uint8_t last = 0;
  for (std::size_t i = 0; i < size; ++i) {
    if (names[i].kind != kind) continue;
    if (names[i].text == text) return names[i].number;
    last = names[i].number;
  }
  if (size == max_flow_names) return 0;
  names[size++] = {kind, ++last, text};
  return last;
}

namespace detail {

// The registered method of that name, by its length and first letter.
constexpr method flow_method(text_view word) {
  if (word.size() < 3 || word.size() > 9 || !is_upper(word[0])) return method::extension;
  method m = method::extension;
  bool const is_long = word.size() > 5;
  switch (word[0]) {
  case 'A': m = method::ack; break;
  case 'B': m = method::bye; break;
  case 'C': m = method::cancel; break;
  case 'I': m = is_long ? method::invite : method::info; break;
  case 'M': m = method::message; break;
  case 'N': m = method::notify; break;
  case 'O': m = method::options; break;
  case 'P': m = is_long ? method::publish : method::prack; break;
  case 'R': m = is_long ? method::register_ : method::refer; break;
  case 'S': m = method::subscribe; break;
  case 'U': m = method::update; break;
  default: return m;
  }
  return equals(word.data(), word.size(), name(m)) ? m : method::extension;
}

constexpr bool is_reinvite(text_view word) {
  if (word.size() < 8 || lower(word[0]) != 'r') return false;
  return equals(word.data() + 1, word.size() - 1, "e-INVITE") ||
         equals(word.data() + 1, word.size() - 1, "eINVITE");
}

// Whether the character is an arrow of any kind: of Unicode's blocks Arrows, Supplemental Arrows-A
// and -B, and of its Dingbats.
constexpr bool is_arrow(unsigned character) {
  return (character >= 0x2190 && character <= 0x21ff) || character == 0x2794 ||
         (character >= 0x2798 && character <= 0x27be) ||
         (character >= 0x27f0 && character <= 0x27ff) ||
         (character >= 0x2900 && character <= 0x297f);
}

/// Where the reader is in the text.
struct flow_cursor {
  char const* first{}; // of the whole text
  char const* at{};
  char const* end{};
  std::uint32_t line{1};
  flow_error error{};
  text_view by{}; // the name in `BYE by bob` of the message that was read last
  bool outline{}; // `response` is one without a status code: some final response

  constexpr flow_cursor(text_view text, std::uint32_t first_line)
      : first(text.data()), at(text.data()), end(text.data() + text.size()), line(first_line) {
    constexpr text_view byte_order_mark = "\xef\xbb\xbf";
    if (text.substr(0, byte_order_mark.size()) == byte_order_mark) at += byte_order_mark.size();
  }

  constexpr bool fail(flow_error_kind kind, char const* what, text_view text) {
    error = {kind, static_cast<std::size_t>((text.data() ? text.data() : at) - first), line, what,
             text};
    return false;
  }
  constexpr bool fail(flow_error_kind kind, char const* what) {
    return fail(kind, what, {at, static_cast<std::size_t>(at != end)});
  }

  constexpr void blanks() {
    for (; at != end; ++at)
      if (*at != ' ' && *at != '\t' && *at != '\r') return;
  }
  constexpr bool at_line_end() const { return at == end || *at == '\n'; }
  constexpr void skip_line() {
    while (!at_line_end()) ++at;
  }
  constexpr bool is(char c) const { return at != end && *at == c; }
  constexpr bool is(char const* p, char c) const { return p < end && *p == c; }

  // The character of UTF-8 that stands here if it is from U+2000 to U+2FFF, which takes three
  // bytes; 0 otherwise.
  constexpr unsigned symbol() const {
    if (end - at < 3 || *at != '\xe2') return 0;
    return 0x2000u | (at[1] & 0x3fu) << 6 | (at[2] & 0x3fu);
  }

  // How long the arrow is that stands here, 0 if there is none.
  constexpr std::size_t arrow(bool& leftward) const {
    if (at == end) return 0;
    leftward = false;
    switch (*at) {
    case '-': {
      char const* p = at + 1;
      if (is(p, '-')) ++p;
      if (!is(p, '>')) return 0;
      ++p;
      if (is(p, '>')) ++p;
      return static_cast<std::size_t>(p - at);
    }
    case '<': {
      if (!is(at + 1, '-')) return 0;
      leftward = true;
      return is(at + 2, '-') ? 3 : 2;
    }
    case '\xe2':
      switch (symbol()) {
      case 0x2190: // ←
      case 0x21d0: // ⇐
      case 0x27f5: // ⟵
      case 0x27f8: // ⟸
        leftward = true;
        return 3;
      case 0x2192: // →
      case 0x21d2: // ⇒
      case 0x2794: // ➔
      case 0x279c: // ➜
      case 0x27f6: // ⟶
      case 0x27f9: // ⟹
        return 3;
      default: return 0;
      }
    default: return 0;
    }
  }
  constexpr bool at_arrow() const {
    bool leftward = false;
    return arrow(leftward) != 0;
  }

  // A character of a word; a dash is one only inside a word.
  constexpr bool at_word() const {
    if (at == end) return false;
    char const c = *at;
    if (is_letter(c) || is_digit(c)) return true;
    switch (c) {
    case '-': return at + 1 != end && (is_letter(at[1]) || is_digit(at[1]));
    case '_':
    case '.':
    case '+':
    case '@':
    case '*':
    case '\'': return true;
    case '\xe2': return !is_arrow(symbol());
    default: return static_cast<unsigned char>(c) >= 0x80;
    }
  }
  constexpr text_view word() {
    char const* const begin = at;
    // Most characters are letters or digits, and in constant evaluation a call costs.
    for (; at != end; ++at) {
      char const c = *at;
      if (c >= 'a' && c <= 'z') continue;
      if (c >= 'A' && c <= 'Z') continue;
      if (c >= '0' && c <= '9') continue;
      if (!at_word()) break;
    }
    return {begin, static_cast<std::size_t>(at - begin)};
  }
};

// Words that make an outline of a flow.
constexpr bool is_outline_word(text_view word) {
  switch (word.size()) {
  case 2: return same(word, "or") || same(word, "if");
  case 4: return same(word, "when") || same(word, "then");
  case 5: return same(word, "after");
  case 8: return same(word, "response");
  default: return false;
  }
}

inline constexpr char const* belongs_to_an_outline =
    "belongs to an outline, not to a strict flow: use _outline";

/// The method that a response answers is written.
constexpr bool name_method(flow_cursor& c, flow_step& s, text_view word) {
  bool const reinvite = is_reinvite(word);
  method const m = reinvite ? method::invite : flow_method(word);
  event& e = s.message.event;
  if (s.is_request())
    return c.fail(flow_error_kind::mark, "only a response names the method that it answers", word);
  if (s.method_said && e.method != m)
    return c.fail(flow_error_kind::mark, "a response answers one method", word);
  // A challenge of one has a rule of its own (RFC 3261 22.1).
  if (!has_response(m) && e.status != 401 && e.status != 407)
    return c.fail(flow_error_kind::mark, "no response answers an ACK (RFC 3261 17)", word);
  e.method = m;
  s.method_said = true;
  if (reinvite) {
    e.marks = e.marks | mark::to_tag;
    s.reinvite_said = true;
  }
  return true;
}

constexpr void set_content(flow_step& s, content what) {
  s.content_said = true;
  s.message.content = what;
  if (has_sdp(what)) s.message.event.marks = s.message.event.marks | mark::sdp;
}

/// A mark: its name, and the value behind `=`.
struct flow_mark {
  text_view name{};
  text_view value{};
  bool has_value{};
};

constexpr bool bad_value(flow_cursor& c, flow_mark m, char const* what) {
  return c.fail(flow_error_kind::value, what, m.has_value ? m.value : m.name);
}

constexpr bool read_mark_number(flow_cursor& c, flow_mark m, std::uint32_t least,
                                std::uint32_t& out) {
  std::uint64_t n = 0;
  for (char const d : m.value) {
    if (!is_digit(d)) return bad_value(c, m, "a number is needed here");
    n = n * 10 + static_cast<unsigned>(d - '0');
    if (n > 0xffffffff) return bad_value(c, m, "a number below 2**32 is needed here");
  }
  if (m.value.empty()) return bad_value(c, m, "this mark needs a number: name=1");
  if (n < least) return bad_value(c, m, "this mark needs a number from 1 on");
  out = static_cast<std::uint32_t>(n);
  return true;
}

constexpr bool read_name(flow_cursor& c, flow_names& names, flow_mark m, flow_name_kind kind,
                         std::uint8_t& out) {
  if (m.value.empty()) return bad_value(c, m, "this mark needs a name: mark=name");
  for (char const d : m.value)
    if (static_cast<unsigned char>(d) <= ' ' || d == '\x7f')
      return bad_value(c, m, "a name is one word");
  if (out) return bad_value(c, m, "this mark is there twice");
  out = names.number(kind, m.value);
  if (!out) return c.fail(flow_error_kind::too_long, "more than 32 different names", m.value);
  return true;
}

constexpr bool unknown_mark(flow_cursor& c, flow_mark m) {
  return c.fail(flow_error_kind::mark, "unknown mark (flow/notation.hpp has all)", m.name);
}
constexpr bool misplaced_mark(flow_cursor& c, flow_mark m, char const* what) {
  return c.fail(flow_error_kind::mark, what, m.name);
}

constexpr bool reliable(flow_cursor& c, flow_step& s, flow_mark m) {
  event& e = s.message.event;
  if (e.response_class() != 1)
    return misplaced_mark(c, m, "only a provisional response has an RSeq (RFC 3262 7.1)");
  e.marks = e.marks | mark::reliable;
  return true;
}

/// Supported or Require: `100rel`, `timer`, `precondition`.
constexpr bool read_extension(flow_cursor& c, flow_step& s, flow_mark m, bool required) {
  call_message& t = s.message;
  if (is_word(m.value, "100rel")) {
    t.supports_100rel = true;
    // In a provisional response, Require: 100rel is what makes it reliable (RFC 3262 3).
    if (s.is_response() && required) return reliable(c, s, m);
    t.requires_100rel |= required;
  } else if (is_word(m.value, "timer")) {
    t.supports_timer = true;
    s.requires_timer |= required;
  } else if (is_word(m.value, "precondition")) {
    t.supports_precondition = true;
    t.requires_precondition |= required;
  } else {
    return bad_value(c, m, "the extensions that a flow reads are 100rel, timer and precondition");
  }
  return true;
}

// rack=1, or the whole RAck: rack=1 2 INVITE (RFC 3262 7.2).
constexpr bool read_rack(flow_cursor& c, flow_step& s, flow_mark m) {
  if (!s.message.event.is_request(method::prack))
    return misplaced_mark(c, m, "only a PRACK has a RAck (RFC 3262 7.2)");
  std::size_t space = 0;
  while (space < m.value.size() && !is_blank(m.value[space])) ++space;
  flow_mark part = m;
  part.value = {m.value.data(), space};
  if (!read_mark_number(c, part, 1, s.message.rack)) return false;
  while (space < m.value.size() && is_blank(m.value[space])) ++space;
  if (space == m.value.size()) return true;
  std::size_t last = space;
  while (last < m.value.size() && !is_blank(m.value[last])) ++last;
  part.value = {m.value.data() + space, last - space};
  if (!read_mark_number(c, part, 1, s.message.rack_cseq)) return false;
  while (last < m.value.size() && is_blank(m.value[last])) ++last;
  part.value = {m.value.data() + last, m.value.size() - last};
  return part.value.empty() || same(part.value, "INVITE") ||
         bad_value(c, part, "only INVITE has reliable provisional responses (RFC 3262 3)");
}

constexpr bool credentials(flow_cursor& c, flow_step& s, flow_mark m) {
  if (!s.is_request())
    return misplaced_mark(c, m, "only a request carries Authorization (RFC 3261 20.7)");
  s.message.event.marks = s.message.event.marks | mark::credentials;
  return true;
}

constexpr bool flag(flow_cursor& c, flow_mark m, bool& out) {
  if (m.has_value) return bad_value(c, m, "this mark takes no value");
  return out = true;
}

/// Which extension, transport, header field or other fact the mark says of the message.
constexpr bool apply_mark(flow_cursor& c, flow_names& names, flow_step& s, flow_mark m) {
  text_view const n = m.name;
  call_message& t = s.message;
  event& e = t.event;
  if (flow_method(n) != method::extension || is_reinvite(n))
    return !m.has_value ? name_method(c, s, n) : bad_value(c, m, "a method takes no value");
  switch (n.empty() ? '\0' : lower(n[0])) {
  case '1':
    if (!is_word(n, "100rel")) break;
    if (e.response_class() == 1) return reliable(c, s, m);
    return flag(c, m, t.supports_100rel);
  case 'a':
    if (is_word(n, "again")) return flag(c, m, s.again);
    if (is_word(n, "auth") || is_word(n, "authorization")) return credentials(c, s, m);
    break;
  case 'b':
    if (is_word(n, "branch")) return read_name(c, names, m, flow_name_kind::branch, s.branch);
    if (is_word(n, "by callee") || is_word(n, "by caller")) {
      c.by = n.substr(3);
      return true;
    }
    break;
  case 'c':
    if (is_word(n, "call")) return read_name(c, names, m, flow_name_kind::call, s.call);
    if (is_word(n, "cseq")) return read_mark_number(c, m, 1, t.cseq);
    if (is_word(n, "contact")) return read_name(c, names, m, flow_name_kind::contact, s.contact);
    if (is_word(n, "credentials")) return credentials(c, s, m);
    if (is_word(n, "caller") || is_word(n, "callee")) {
      c.by = n;
      return true;
    }
    break;
  case 'e':
    if (is_word(n, "expires")) {
      s.expires_said = true;
      return read_mark_number(c, m, 0, s.expires);
    }
    if (is_word(n, "event")) return read_name(c, names, m, flow_name_kind::package, s.package);
    break;
  case 'f':
    if (n.size() > 4 && is_word(n.substr(0, 4), "for ")) {
      text_view word = n.substr(4);
      while (!word.empty() && is_blank(word[0])) word = word.substr(1);
      if (flow_method(word) != method::extension || is_reinvite(word))
        return name_method(c, s, word);
    }
    break;
  case 'l':
    if (is_word(n, "lost")) return flag(c, m, s.lost);
    break;
  case 'm':
    if (is_word(n, "min-se")) return read_mark_number(c, m, 1, t.min_se);
    if (is_word(n, "min-expires")) return read_mark_number(c, m, 1, s.min_expires);
    break;
  case 'n':
    if (is_word(n, "no sdp") || is_word(n, "no body")) {
      set_content(s, content::none);
      return true;
    }
    if (is_word(n, "no timer")) {
      t.supports_timer = false;
      return flag(c, m, s.no_timer);
    }
    if (is_word(n, "nonce")) {
      if (s.is_request()) e.marks = e.marks | mark::credentials;
      return read_name(c, names, m, flow_name_kind::nonce, s.nonce);
    }
    break;
  case 'p':
    if (is_word(n, "precondition")) return flag(c, m, t.supports_precondition);
    if (is_word(n, "proxy-authorization")) return credentials(c, s, m);
    break;
  case 'q':
    if (!is_word(n, "qos")) break;
    // RFC 3312 11: who writes a precondition into a description understands the extension.
    t.supports_precondition = true;
    if (is_word(m.value, "needed")) {
      set_content(s, content::sdp_unmet);
      return true;
    }
    if (is_word(m.value, "met")) {
      set_content(s, content::sdp_met);
      return true;
    }
    return bad_value(c, m, "qos is needed or met: qos=needed, qos=met");
  case 'r':
    if (is_word(n, "rseq")) return reliable(c, s, m) && read_mark_number(c, m, 1, t.rseq);
    if (is_word(n, "rack")) return read_rack(c, s, m);
    if (is_word(n, "refresher")) {
      t.refresher = is_word(m.value, "uac")   ? refresher::uac
                    : is_word(m.value, "uas") ? refresher::uas
                                              : refresher::none;
      return t.refresher != refresher::none ||
             bad_value(c, m, "the refresher is uac or uas (RFC 4028 4)");
    }
    if (is_word(n, "retry-after")) {
      t.retry_after = true;
      return !m.has_value || read_mark_number(c, m, 0, s.retry_after);
    }
    if (is_word(n, "require")) return read_extension(c, s, m, true);
    if (is_word(n, "reg-id")) return read_mark_number(c, m, 1, s.reg_id);
    break;
  case 's':
    if (is_word(n, "sdp") || is_word(n, "sdp offer") || is_word(n, "sdp answer")) {
      if (m.has_value) return bad_value(c, m, "this mark takes no value");
      // `sdp` beside `qos=met` says no more than that.
      if (!has_sdp(t.content) || !s.content_said) set_content(s, content::sdp);
      s.offer_said |= n.size() == 9;
      s.answer_said |= n.size() == 10;
      return true;
    }
    if (is_word(n, "session-expires")) {
      // Who asks for a session timer supports it; `no timer` says that a proxy asked (RFC
      // 4028 8.1).
      t.supports_timer |= s.is_request() && !s.no_timer;
      return read_mark_number(c, m, 1, t.session_expires);
    }
    if (is_word(n, "stale")) return flag(c, m, s.stale);
    if (is_word(n, "supported")) return read_extension(c, s, m, false);
    if (is_word(n, "sctp")) {
      e.marks = e.marks | mark::reliable_transport;
      return flag(c, m, s.transport_said);
    }
    break;
  case 't':
    if (is_word(n, "tag")) return read_name(c, names, m, flow_name_kind::tag, s.tag);
    if (is_word(n, "timer")) return flag(c, m, t.supports_timer);
    if (is_word(n, "tcp") || is_word(n, "tls")) {
      e.marks = e.marks | mark::reliable_transport;
      return flag(c, m, s.transport_said);
    }
    break;
  case 'u':
    if (is_word(n, "udp")) return flag(c, m, s.transport_said);
    break;
  default: break;
  }
  return unknown_mark(c, m);
}

constexpr bool ends_mark(char c) {
  return c == ',' || c == ';' || c == ')' || c == '(' || c == '\n';
}

constexpr text_view trimmed(char const* p, char const* end) {
  while (p != end && is_blank(*p)) ++p;
  while (end != p && is_blank(end[-1])) --end;
  return {p, static_cast<std::size_t>(end - p)};
}

/// `(sdp, 100rel, rseq=1)`; the cursor stands on the parenthesis.
constexpr bool scan_marks(flow_cursor& c, flow_names& names, flow_step& s) {
  text_view const opening{c.at, 1};
  do {
    ++c.at;
    char const* const p = c.at;
    char const* equals_sign = p;
    bool has_value = false;
    while (c.at != c.end && !ends_mark(*c.at)) {
      if (*c.at == '=' && !has_value) {
        equals_sign = c.at;
        has_value = true;
      }
      ++c.at;
    }
    if (c.at_line_end() || *c.at == '(')
      return c.fail(flow_error_kind::mark, "the marks have no closing parenthesis", opening);
    flow_mark m;
    m.name = trimmed(p, has_value ? equals_sign : c.at);
    m.has_value = has_value;
    if (has_value) m.value = trimmed(equals_sign + 1, c.at);
    if (m.name.empty()) return c.fail(flow_error_kind::mark, "a mark is missing here", {c.at, 1});
    if (!apply_mark(c, names, s, m)) return false;
  } while (*c.at != ')');
  ++c.at;
  return true;
}

/// What follows `with` or `without`: `with SDP`, `with an SDP answer`, `with Authorization`.
constexpr bool scan_with(flow_cursor& c, flow_names& names, flow_step& s, bool without) {
  c.blanks();
  text_view word = c.word();
  if (is_word(word, "a") || is_word(word, "an") || is_word(word, "the") || is_word(word, "its")) {
    c.blanks();
    word = c.word();
  }
  flow_mark m{word, {}, false};
  if (without) {
    if (!is_word(word, "sdp") && !is_word(word, "body")) return unknown_mark(c, m);
    set_content(s, content::none);
    return true;
  }
  if (c.is('=')) {
    ++c.at;
    m.has_value = true;
    m.value = c.word();
  } else if (is_word(word, "sdp")) {
    // `with SDP offer`
    flow_cursor after = c;
    after.blanks();
    text_view const role = after.word();
    if (is_word(role, "offer") || is_word(role, "answer")) {
      c.at = after.at;
      s.offer_said |= role.size() == 5;
      s.answer_said |= role.size() == 6;
    }
  }
  if (word.empty()) return c.fail(flow_error_kind::word, "with what?");
  return apply_mark(c, names, s, m);
}

constexpr bool scan_crossing(flow_cursor& c, flow_step& s) {
  char const* const p = c.at++;
  unsigned n = 0;
  while (c.at != c.end && is_digit(*c.at) && n < 1000)
    n = n * 10 + static_cast<unsigned>(*c.at++ - '0');
  text_view const text{p, static_cast<std::size_t>(c.at - p)};
  if (n == 0 || n > 255)
    return c.fail(flow_error_kind::crossing, "# is followed by a number from 1 to 255", text);
  if (s.crossing)
    return c.fail(flow_error_kind::crossing, "a message has one crossing number", text);
  s.crossing = static_cast<std::uint8_t>(n);
  return true;
}

/// A word behind the method or status code, which in a response may be of the reason phrase as long
/// as that lasts. Sets `stop` where the message ends before the word.
constexpr bool scan_word(flow_cursor& c, flow_names& names, flow_step& s, bool& phrase,
                         bool& stop) {
  char const* const p = c.at;
  text_view const w = c.word();
  switch (w[0]) {
  case 'w':
    if (!same(w, "with") && !same(w, "without")) break;
    phrase = false;
    return scan_with(c, names, s, w.size() == 7);
  case 'a':
    // `with SDP and 100rel`
    if (!phrase && same(w, "and")) return scan_with(c, names, s, false);
    break;
  case 'f':
  case 't':
    if (same(w, "for") || same(w, "to")) {
      flow_cursor after = c;
      after.blanks();
      text_view const m = after.word();
      if (flow_method(m) == method::extension && !is_reinvite(m)) {
        if (m.size() < 3 || !is_upper(m[0]) || !is_upper(m[1]) || !is_upper(m[2])) break;
        return c.fail(flow_error_kind::word, "no method has this name", m);
      }
      c.at = after.at;
      phrase = false;
      return name_method(c, s, m);
    }
    break;
  case 'b':
    if (same(w, "by")) {
      flow_cursor after = c;
      after.blanks();
      if (is_word(after.word(), "the"))
        after.blanks();
      else
        after.at = c.at, after.blanks();
      text_view const by = after.word();
      if (by.empty() || (s.is_response() && !is_word(by, "caller") && !is_word(by, "callee")))
        break;
      c.at = after.at;
      c.by = by;
      return true;
    }
    break;
  default: break;
  }
  if (is_outline_word(w)) {
    c.at = p;
    stop = true;
    return true;
  }
  if (s.is_response()) {
    bool const three_digits = w.size() == 3 && is_digit(w[0]) && is_digit(w[1]) && is_digit(w[2]);
    method const m = flow_method(w);
    if (m == method::ack || three_digits)
      return c.fail(flow_error_kind::arrow, "an arrow is missing before this", w);
    // `200 OK PRACK`
    if (m != method::extension || is_reinvite(w)) return name_method(c, s, w);
    if (phrase) return true;
  } else if (flow_method(w) != method::extension || is_digit(w[0])) {
    return c.fail(flow_error_kind::arrow, "an arrow is missing before this", w);
  }
  if (is_figure_number(w)) return true; // `INVITE F1 (sdp)`
  return c.fail(flow_error_kind::word,
                "a word that says nothing known of the message; marks stand in parentheses", w);
}

/// Whether a text is at a message, at its end, or at the end of a flow.
enum class flow_place : std::uint8_t { message, end_of_flow, end_of_text };

constexpr flow_place next_message(flow_cursor& c, bool begun);

// What is said of a text where a message should be. Only a ladder that is drawn has lines.
constexpr char const* not_a_message(flow_cursor c, char const* otherwise) {
  for (;;) {
    for (; c.at != c.end && *c.at != '\n'; ++c.at)
      if (*c.at == '|') return "a ladder that is drawn begins with the names above its lines";
    if (c.at == c.end) return otherwise;
    ++c.at;
    if (next_message(c, true) != flow_place::message) return otherwise;
  }
}

/// The method or the status code.
constexpr bool scan_start(flow_cursor& c, flow_step& s) {
  text_view const w = c.word();
  event& e = s.message.event;
  if (w.empty())
    return c.fail(flow_error_kind::message,
                  c.at == c.end || *c.at == '\n'
                      ? "a message is missing here"
                      : not_a_message(c, "neither a method nor a status code"));
  if (is_digit(w[0])) {
    bool const three = w.size() == 3 && is_digit(w[1]) && is_digit(w[2]);
    if (!three || w[0] < '1' || w[0] > '6')
      return c.fail(
          flow_error_kind::message,
          not_a_message(c,
                        "a status code has three digits, the first of them 1 to 6 (RFC 3261 7.2)"),
          w);
    e.what = occurrence::response;
    e.status = static_cast<std::uint16_t>((w[0] - '0') * 100 + (w[1] - '0') * 10 + (w[2] - '0'));
    return true;
  }
  e.what = occurrence::request;
  e.method = flow_method(w);
  if (e.method != method::extension) return true;
  if (is_reinvite(w)) {
    e.method = method::invite;
    e.marks = mark::to_tag;
    s.reinvite_said = true;
    return true;
  }
  if (c.outline && same(w, "response")) {
    e.what = occurrence::response;
    return true;
  }
  if (is_outline_word(w)) return c.fail(flow_error_kind::outline, belongs_to_an_outline, w);
  return c.fail(flow_error_kind::message,
                not_a_message(c, "neither a status code nor a method, which is written in capitals "
                                 "(RFC 3261 25.1)"),
                w);
}

/// Reads one message, with its marks. It ends before an arrow, the end of the line, `/`, `;`, `,`
/// or a word of an outline, and what that means is the caller's business.
constexpr bool scan_message(flow_cursor& c, flow_names& names, flow_step& s) {
  c.blanks();
  c.by = {};
  s.line = c.line;
  char const* const begin = c.at;
  if (!scan_start(c, s)) return false;
  bool phrase = s.is_response() && s.message.event.status;
  for (char const* last = c.at;;) {
    s.text = {begin, static_cast<std::size_t>(last - begin)};
    c.blanks();
    if (c.at == c.end) return true;
    if (c.at_word()) {
      bool stop = false;
      if (!scan_word(c, names, s, phrase, stop)) return false;
      if (stop) return true;
      last = c.at;
      continue;
    }
    switch (*c.at) {
    case '\n':
    case ';':
    case ',': return true;
    case '(':
      if (!scan_marks(c, names, s)) return false;
      phrase = false;
      break;
    case '#':
      if (!scan_crossing(c, s)) return false;
      phrase = false;
      break;
    case '/': {
      // "481 Call/Transaction Does Not Exist" is one phrase, "180 Ringing/183" is an alternative.
      flow_cursor after = c;
      ++after.at;
      text_view const next =
          after.at != after.end && is_letter(*after.at) ? after.word() : text_view{};
      if (!phrase || c.at != last || next.empty() || flow_method(next) != method::extension ||
          is_reinvite(next) || is_outline_word(next))
        return true;
      ++c.at;
      break;
    }
    default:
      if (c.at_arrow()) return true;
      if (is_arrow(c.symbol()))
        return c.fail(flow_error_kind::arrow, "an arrow that is not known: -> and <- are",
                      {c.at, 3});
      if (!phrase || *c.at == ')' || *c.at == '<' || *c.at == '>' ||
          static_cast<unsigned char>(*c.at) < ' ')
        return c.fail(flow_error_kind::word, "a character that says nothing here");
      ++c.at;
    }
    last = c.at;
  }
}

// Only dashes and blanks up to the end of the line.
constexpr bool at_rule(flow_cursor const& c) {
  char const* p = c.at;
  if (!c.is(p, '-') || !c.is(p + 1, '-')) return false;
  while (p != c.end && (*p == '-' || is_blank(*p))) ++p;
  return p == c.end || *p == '\n';
}

// PlantUML's line before a diagram, or that behind it.
constexpr bool is_around_a_diagram(flow_cursor c) {
  text_view const w = c.word();
  return is_word(w, "@startuml") || is_word(w, "@enduml");
}

// Where the time ends that the line begins with, "[2026-05-04 10:15:01.250Z] "; where the line
// begins if there is none, or nothing behind it.
constexpr char const* behind_time(flow_cursor const& c) {
  char const* p = c.at;
  // Past what the pattern says, in which "0" is a digit.
  auto const takes = [&](text_view pattern) {
    if (static_cast<std::size_t>(c.end - p) < pattern.size()) return false;
    for (std::size_t i = 0; i < pattern.size(); ++i)
      if (pattern[i] == '0' ? !is_digit(p[i]) : p[i] != pattern[i]) return false;
    p += pattern.size();
    return true;
  };
  bool const bracket = takes("[");
  if (takes("0000-00-00") || takes("0000/00/00"))
    if (!takes("T") && !takes(" ")) return c.at;
  if (!takes("00:00:00")) return c.at;
  if (takes(".") || takes(","))
    while (p != c.end && is_digit(*p)) ++p;
  if (!takes("Z") && (takes("+00") || takes("-00"))) (void)(takes(":00") || takes("00"));
  if (bracket && !takes("]")) return c.at;
  char const* const last = p;
  while (p != c.end && is_blank(*p)) ++p;
  return p == last || p == c.end || *p == '\n' ? c.at : p;
}

/// From the beginning of a line on to the next message: past comments, the lines around a Mermaid
/// or PlantUML diagram, and, where no flow has begun, what would end one.
constexpr flow_place next_message(flow_cursor& c, bool begun) {
  for (;;) {
    c.blanks();
    if (c.at == c.end) return flow_place::end_of_text;
    if (is_digit(*c.at) || *c.at == '[') c.at = behind_time(c);
    bool const ends = *c.at == '\n' || at_rule(c);
    if (!ends && *c.at != '#' && !(*c.at == '%' && c.is(c.at + 1, '%')) &&
        !(*c.at == '@' && is_around_a_diagram(c)) &&
        !(*c.at == '`' && c.is(c.at + 1, '`') && c.is(c.at + 2, '`')))
      return flow_place::message;
    c.skip_line();
    if (c.at != c.end) {
      ++c.at;
      ++c.line;
    }
    if (ends && begun) return flow_place::end_of_flow;
  }
}

/// How a line of a Mermaid diagram that is no message begins.
enum class diagram_word : std::uint8_t { none, skip, declares, outline };

constexpr diagram_word diagram_word_of(text_view w) {
  switch (w.empty() ? '\0' : lower(w[0])) {
  case 'a':
    return is_word(w, "actor")                                  ? diagram_word::declares
           : is_word(w, "activate") || is_word(w, "autonumber") ? diagram_word::skip
           : is_word(w, "alt") || is_word(w, "and")             ? diagram_word::outline
                                                                : diagram_word::none;
  case 'b':
    return is_word(w, "box")     ? diagram_word::skip
           : is_word(w, "break") ? diagram_word::outline
                                 : diagram_word::none;
  case 'c': return is_word(w, "critical") ? diagram_word::outline : diagram_word::none;
  case 'd': return is_word(w, "deactivate") ? diagram_word::skip : diagram_word::none;
  case 'e':
    return is_word(w, "end")    ? diagram_word::skip
           : is_word(w, "else") ? diagram_word::outline
                                : diagram_word::none;
  case 'l': return is_word(w, "loop") ? diagram_word::outline : diagram_word::none;
  case 'n': return is_word(w, "note") ? diagram_word::skip : diagram_word::none;
  case 'o': return is_word(w, "opt") ? diagram_word::outline : diagram_word::none;
  case 'p':
    return is_word(w, "participant") ? diagram_word::declares
           : is_word(w, "par")       ? diagram_word::outline
                                     : diagram_word::none;
  case 'r': return is_word(w, "rect") ? diagram_word::skip : diagram_word::none;
  case 's': return is_word(w, "sequencediagram") ? diagram_word::skip : diagram_word::none;
  case 't': return is_word(w, "title") ? diagram_word::skip : diagram_word::none;
  default: return diagram_word::none;
  }
}

/// The arrow between two participants.
struct ladder_link {
  bool there{}, leftward{}, lost{};
};

constexpr ladder_link scan_link(flow_cursor& c) {
  ladder_link link;
  if (std::size_t const size = c.arrow(link.leftward)) {
    c.at += size;
    link.there = true;
  } else if (c.is('-')) {
    // Mermaid's `-)`, `--)`, `-x` and `--x`; the last two end in a cross.
    char const* p = c.at + 1;
    if (c.is(p, '-')) ++p;
    link.lost = c.is(p, 'x');
    link.there = link.lost || c.is(p, ')');
    if (link.there) c.at = p + 1;
  }
  // `->>+bob` activates, `->>-bob` deactivates.
  if (link.there && (c.is('+') || c.is('-'))) ++c.at;
  return link;
}

// `x` in `alice -x bob` is a cross; in `alice-xavier` it is a letter.
constexpr text_view scan_participant(flow_cursor& c) {
  c.blanks();
  if (c.is('-')) return {};
  return c.word();
}

// A method or a status code, and so no participant.
constexpr bool begins_a_message(text_view word) {
  if (word.size() == 3 && is_digit(word[0]) && is_digit(word[1]) && is_digit(word[2])) return true;
  return flow_method(word) != method::extension || is_reinvite(word);
}

constexpr notation notation_of(flow_cursor c) {
  if (c.is('>') || (c.is('<') && !c.is(c.at + 1, '-'))) return notation::log;
  text_view const first = scan_participant(c);
  c.blanks();
  if (first.empty()) {
    if (!scan_link(c).there) return notation::arrows;
    scan_participant(c);
    c.blanks();
    return c.is(':') ? notation::ladder : notation::arrows;
  }
  if (begins_a_message(first)) return notation::arrows;
  if (scan_link(c).there) {
    scan_participant(c);
    c.blanks();
    return c.is(':') ? notation::ladder : notation::arrows;
  }
  return diagram_word_of(first) != diagram_word::none && !c.is(':') ? notation::ladder
                                                                    : notation::arrows;
}

constexpr bool names_a_proxy(text_view name) {
  return name.size() >= 5 && is_word({name.data(), 5}, "proxy");
}

/// Whether two halves of a crossing can be the same message: nothing that is said of both differs.
constexpr bool may_be_the_same(flow_step const& a, flow_step const& b) {
  event const& x = a.message.event;
  event const& y = b.message.event;
  constexpr auto fits = [](std::uint32_t p, std::uint32_t q) { return !q || p == q; };
  return x.what == y.what && x.status == y.status &&
         (x.method == y.method || (x.what == occurrence::response && !b.method_said)) &&
         x.has(y.marks) && fits(a.message.cseq, b.message.cseq) &&
         fits(a.message.rseq, b.message.rseq) && fits(a.message.rack, b.message.rack) &&
         fits(a.tag, b.tag) && fits(a.call, b.call) && fits(a.branch, b.branch) &&
         fits(a.nonce, b.nonce) && fits(a.contact, b.contact) && fits(a.package, b.package) &&
         (!b.content_said || a.message.content == b.message.content) &&
         (!b.expires_said || (a.expires_said && a.expires == b.expires)) && !b.lost;
}

// Whether two messages go between the same two participants, either way.
constexpr bool are_between_the_same(flow_step const& a, flow_step const& b) {
  return (a.from == b.from && a.to == b.to) || (a.from == b.to && a.to == b.from);
}

/// Reads one flow.
struct flow_reader {
  flow_text& out;
  flow_cursor c;

  constexpr flow_reader(flow_text& o, text_view text, std::uint32_t line) : out(o), c(text, line) {}

  constexpr bool room() {
    return out.size < max_flow_steps ||
           c.fail(flow_error_kind::too_long, "a flow has at most 96 messages");
  }

  // The text from the beginning of this row on.
  constexpr text_view row() const {
    char const* first = c.at;
    while (first != c.first && first[-1] != '\n') --first;
    return {first, static_cast<std::size_t>(c.end - first)};
  }

  constexpr bool read() {
    if (next_message(c, false) == flow_place::end_of_text)
      return c.fail(flow_error_kind::empty, "there is no message in the text");
    if (drawing::is_there(row())) return drawn_ladder();
    out.notation = notation_of(c);
    switch (out.notation) {
    case notation::arrows: return arrows();
    case notation::ladder: return ladder();
    case notation::log: return log();
    }
    return false;
  }

  constexpr void end_flow(flow_place where) {
    if (where == flow_place::end_of_flow) next_message(c, false);
    out.rest = {c.at, static_cast<std::size_t>(c.end - c.at)};
    out.rest_line = c.line;
  }

  // Behind a message: the end of the line in a ladder or a log.
  constexpr bool refuse_the_rest() {
    if (c.at_line_end()) return true;
    flow_cursor word = c;
    text_view const w = word.word();
    if (is_outline_word(w)) return c.fail(flow_error_kind::outline, belongs_to_an_outline, w);
    if (*c.at == '/' || *c.at == ';' || *c.at == ',')
      return c.fail(flow_error_kind::outline, belongs_to_an_outline, {c.at, 1});
    return c.fail(flow_error_kind::arrow, "one message a line in this notation");
  }

  // The end of a line, and on to the next message.
  constexpr flow_place next_line() {
    if (c.at == c.end) return flow_place::end_of_text;
    ++c.at;
    ++c.line;
    return next_message(c, true);
  }

  // In arrows, which side the name is.
  constexpr bool side(text_view name, std::uint8_t& number) {
    if (is_word(name, "caller") || is_word(name, "uac") || name == out.participants[0]) {
      number = 0;
      return true;
    }
    if (is_word(name, "callee") || is_word(name, "uas") || name == out.participants[1]) {
      number = 1;
      return true;
    }
    // Who is named first, and not with the first request, is the other side.
    number = out.size == 0 ? 0 : same(out.participants[1], "callee") ? 1 : 0;
    if (number == 0 && !same(out.participants[0], "caller"))
      return c.fail(flow_error_kind::participant,
                    "arrows have two participants: write more as a ladder", name);
    out.participants[number] = name;
    return true;
  }

  constexpr bool arrow_message(bool leftward) {
    flow_step& s = out.steps[out.size];
    text_view by;
    c.blanks();
    if (c.at_word() && !is_digit(*c.at)) {
      flow_cursor after = c;
      text_view const name = after.word();
      after.blanks();
      if (after.is(':')) {
        by = name;
        c.at = after.at + 1;
      }
    }
    if (!scan_message(c, out.names, s)) return false;
    if (by.empty()) by = c.by;
    if (s.crossing)
      return c.fail(flow_error_kind::crossing, "a crossing is written as a ladder", s.text);
    if (!by.empty()) {
      if (!side(by, s.from)) return false;
      s.from_said = true;
    } else if (s.is_request()) {
      s.from = leftward ? 1 : 0;
      s.from_said = leftward;
    }
    if (s.from != unsaid) s.to = s.from ^ 1;
    ++out.size;
    return true;
  }

  constexpr bool arrows() {
    out.participants[0] = "caller";
    out.participants[1] = "callee";
    out.participant_count = 2;
    bool leftward = false;
    for (;;) {
      if (!room() || !arrow_message(leftward)) return false;
      std::size_t size = c.arrow(leftward);
      if (!size) {
        if (!c.at_line_end()) return refuse_the_rest();
        flow_place const where = next_line();
        if (where != flow_place::message) {
          end_flow(where);
          return true;
        }
        size = c.arrow(leftward);
        if (!size) return c.fail(flow_error_kind::arrow, "an arrow is missing before this message");
      }
      c.at += size;
      c.blanks();
      if (c.at == c.end || (*c.at == '\n' && next_line() != flow_place::message))
        return c.fail(flow_error_kind::arrow, "nothing follows the arrow");
    }
  }

  constexpr bool log() {
    out.participants[0] = "self";
    out.participants[1] = "peer";
    out.participant_count = 2;
    for (;;) {
      if (!c.is('>') && !c.is('<'))
        return c.fail(flow_error_kind::arrow,
                      "a line of a log begins with > (sent) or < (received)");
      if (!room()) return false;
      flow_step& s = out.steps[out.size];
      s.from = *c.at == '>' ? 0 : 1;
      s.to = s.from ^ 1;
      s.from_said = true;
      ++c.at;
      if (!scan_message(c, out.names, s)) return false;
      if (s.crossing)
        return c.fail(flow_error_kind::crossing, "in a log nothing crosses: it is one agent's view",
                      s.text);
      if (!c.by.empty()) return c.fail(flow_error_kind::word, "> or < says who sends it", c.by);
      ++out.size;
      if (!refuse_the_rest()) return false;
      flow_place const where = next_line();
      if (where != flow_place::message) {
        end_flow(where);
        return true;
      }
    }
  }

  // In a ladder, the number of the name, a new one if need be.
  constexpr bool participant(text_view name, std::uint8_t& number) {
    for (number = 0; number < out.participant_count; ++number)
      if (out.participants[number] == name) return true;
    if (begins_a_message(name))
      return c.fail(flow_error_kind::participant, "a participant is not named like a message",
                    name);
    if (number == max_flow_participants)
      return c.fail(flow_error_kind::too_long, "a flow has at most 8 participants", name);
    out.participants[number] = name;
    out.is_proxy[number] = names_a_proxy(name);
    ++out.participant_count;
    return true;
  }

  // `participant b as proxy for bob`: messages go by `b`, and it is a proxy.
  constexpr bool declaration() {
    std::uint8_t number = 0;
    text_view const name = scan_participant(c);
    if (name.empty())
      return c.fail(flow_error_kind::participant, "the name of a participant is missing here");
    if (!participant(name, number)) return false;
    c.blanks();
    if (is_word(c.word(), "as")) {
      c.blanks();
      if (names_a_proxy(c.word())) out.is_proxy[number] = true;
    }
    c.skip_line();
    return true;
  }

  // The other half of a crossing that is still under way, or `out.size`.
  constexpr std::size_t under_way(std::uint8_t crossing) const {
    std::size_t i = out.size;
    while (i-- > 0) {
      flow_step const& s = out.steps[i];
      if (s.crossing == crossing && s.sends) return s.counterpart == no_counterpart ? i : out.size;
    }
    return out.size;
  }

  constexpr bool deliver(flow_step& s, bool bare) {
    std::size_t const from = under_way(s.crossing);
    if (from == out.size)
      return c.fail(flow_error_kind::crossing, "what is delivered here was not sent before",
                    s.text);
    flow_step& sent = out.steps[from];
    if (!bare && !may_be_the_same(sent, s))
      return c.fail(flow_error_kind::crossing, "what is delivered here differs from what was sent",
                    s.text);
    if ((s.from != unsaid && s.from != sent.from) || s.to == sent.from ||
        (sent.to != unsaid && s.to != sent.to))
      return c.fail(flow_error_kind::crossing, "it is delivered to another than it was sent to",
                    s.text);
    if (sent.lost)
      return c.fail(flow_error_kind::crossing, "what is lost is not delivered", s.text);
    if (s.method_said && !sent.method_said) {
      sent.method_said = true;
      sent.message.event.method = s.message.event.method;
    }
    sent.to = s.to;
    sent.counterpart = static_cast<std::uint8_t>(out.size);
    text_view const text = bare ? sent.text : s.text;
    std::uint32_t const line = s.line;
    s = sent;
    s.text = text;
    s.line = line;
    s.sends = false;
    s.delivers = true;
    s.counterpart = static_cast<std::uint8_t>(from);
    return true;
  }

  constexpr bool half(flow_step& s, bool bare) {
    if (s.from == unsaid) {
      if (s.crossing) return deliver(s, bare);
      return c.fail(flow_error_kind::crossing,
                    "what is delivered has the number of what was sent: alice -> : BYE #1, then "
                    "-> bob: BYE #1",
                    s.text);
    }
    if (s.to != unsaid && s.crossing && under_way(s.crossing) != out.size) return deliver(s, bare);
    if (bare) return c.fail(flow_error_kind::crossing, "what is sent here?", s.text);
    if (s.to == unsaid && !s.crossing && !s.lost)
      return c.fail(flow_error_kind::crossing,
                    "what is sent and not delivered is lost, or has a number: alice -> : BYE #1, "
                    "then -> bob: BYE #1",
                    s.text);
    if (s.crossing && under_way(s.crossing) != out.size)
      return c.fail(flow_error_kind::crossing, "another message with this number is under way",
                    s.text);
    s.delivers = !s.lost && !s.crossing;
    return true;
  }

  constexpr bool ladder_message() {
    flow_step& s = out.steps[out.size];
    char const* const begin = c.at;
    text_view left = scan_participant(c);
    c.blanks();
    ladder_link const link = scan_link(c);
    if (!link.there)
      return c.fail(flow_error_kind::arrow, left.empty()
                                                ? "a line of a ladder is: alice -> bob: INVITE"
                                                : "an arrow is missing behind the participant");
    text_view right = scan_participant(c);
    c.blanks();
    if (!c.is(':'))
      return c.fail(flow_error_kind::participant, "a colon is missing before the message");
    if (link.leftward) {
      text_view const swap = left;
      left = right;
      right = swap;
    }
    if (left.empty() && right.empty())
      return c.fail(flow_error_kind::participant, "neither a sender nor a receiver",
                    {begin, static_cast<std::size_t>(c.at - begin)});
    if (!left.empty() && !participant(left, s.from)) return false;
    if (!right.empty() && !participant(right, s.to)) return false;
    if (s.from == s.to)
      return c.fail(flow_error_kind::participant, "a message goes from one to another", left);
    s.from_said = !left.empty();
    ++c.at;
    c.blanks();
    bool const bare = c.is('#');
    if (bare) {
      char const* const number = c.at;
      s.line = c.line;
      if (!scan_crossing(c, s)) return false;
      s.text = {number, static_cast<std::size_t>(c.at - number)};
      c.blanks();
    } else {
      if (!scan_message(c, out.names, s)) return false;
      if (!c.by.empty()) return c.fail(flow_error_kind::word, "the arrow says who sends it", c.by);
    }
    s.lost |= link.lost;
    if (!half(s, bare)) return false;
    ++out.size;
    return refuse_the_rest();
  }

  constexpr bool ladder_line() {
    flow_cursor after = c;
    text_view const word = scan_participant(after);
    diagram_word const says = diagram_word_of(word);
    if (says != diagram_word::none) {
      flow_cursor link = after;
      link.blanks();
      if (!scan_link(link).there) {
        if (says == diagram_word::outline)
          return c.fail(flow_error_kind::outline, belongs_to_an_outline, word);
        c.at = after.at;
        if (says == diagram_word::declares) return declaration();
        c.skip_line();
        return true;
      }
    }
    return room() && ladder_message();
  }

  constexpr bool ladder() {
    for (;;) {
      if (!ladder_line()) return false;
      flow_place where = next_line();
      // What declares the participants may be set apart by a blank line.
      if (where == flow_place::end_of_flow && out.size == 0) where = next_message(c, false);
      if (where == flow_place::message) continue;
      end_flow(where);
      break;
    }
    if (out.size == 0) return c.fail(flow_error_kind::empty, "there is no message in the text");
    // With two participants there is no doubt where a message goes.
    if (out.participant_count == 2)
      for (std::size_t i = 0; i < out.size; ++i)
        if (out.steps[i].to == unsaid) out.steps[i].to = out.steps[i].from ^ 1;
    return true;
  }

  constexpr bool drawn_message(drawn_part const& part) {
    flow_step& s = out.steps[out.size];
    flow_cursor text = c;
    text.at = part.text.data();
    text.end = text.at + part.text.size();
    if (part.sends) s.from = part.from;
    if (part.delivers) s.to = part.to;
    s.from_said = true;
    bool const is_read = scan_message(text, out.names, s);
    c.error = text.error;
    if (!is_read) return false;
    if (text.at != text.end)
      return c.fail(flow_error_kind::word, "one message an arrow in a ladder that is drawn",
                    part.text);
    s.lost |= part.lost;
    if (!half(s, false)) return false;
    s.to = part.to;
    ++out.size;
    return true;
  }
  // `p1 as proxy` above its line is what `participant p1 as proxy` is in words.
  constexpr bool drawn_participant(text_view name, std::uint8_t& number) {
    std::size_t i = 0;
    while (i < name.size() && !(name.substr(i, 4) == " as " && names_a_proxy(name.substr(i + 4))))
      ++i;
    if (!participant(name.substr(0, i), number)) return false;
    out.is_proxy[number] |= i != name.size();
    return true;
  }
  constexpr bool drawn_ladder() {
    static_assert(max_flow_participants == drawing::most_names);
    drawing d{row(), c.line};
    out.notation = notation::ladder;
    if (!d.is_complete())
      return c.fail(flow_error_kind::participant,
                    "a ladder that is drawn has 2 to 8 lines, with a name above each");
    for (std::size_t i = 0; i < d.size(); ++i) {
      std::uint8_t number = 0;
      if (!drawn_participant(d.name(i), number)) return false;
      if (number != i)
        return c.fail(flow_error_kind::participant, "two lines have the same name", d.name(i));
    }
    for (drawn_part part;;) {
      drawn const what = d.next(part);
      c.line = what == drawn::end ? d.line() : part.line;
      switch (what) {
      case drawn::arrow:
        if (!room() || !drawn_message(part)) return false;
        break;
      case drawn::note: {
        flow_cursor word = c;
        word.at = part.text.data();
        if (begins_a_message(word.word()))
          return c.fail(flow_error_kind::arrow, "a message without an arrow below it", part.text);
        break;
      }
      case drawn::unnamed:
        return c.fail(flow_error_kind::message, "an arrow without a message", part.text);
      case drawn::headless:
        return c.fail(flow_error_kind::arrow, "an arrow that has no head", part.text);
      case drawn::end:
        c.at = d.rest();
        if (out.size == 0) return c.fail(flow_error_kind::empty, "there is no message in the text");
        end_flow(flow_place::end_of_flow);
        return true;
      }
    }
  }

  // The call of a request that names none.
  constexpr std::uint8_t call_unsaid(flow_step const& one) const {
    for (flow_step const* s = out.steps; s != &one; ++s)
      if (s->is_request() && are_between_the_same(*s, one)) return s->call;
    return out.steps[0].call;
  }
  constexpr void finish() {
    for (std::size_t i = 0; i < out.size; ++i) {
      out.steps[i].delivers &= !out.steps[i].lost;
      if (out.steps[i].is_request() && !out.steps[i].call)
        out.steps[i].call = call_unsaid(out.steps[i]);
      out.bodies_specified |= has_sdp(out.steps[i].message.content);
    }
    content const rest = out.bodies_specified ? content::none : content::unspecified;
    for (std::size_t i = 0; i < out.size; ++i)
      if (!out.steps[i].content_said) out.steps[i].message.content = rest;
  }
};

} // namespace detail

/// Reads the flow at the beginning of the text, in whichever notation it is written. On an error
/// `steps` holds the messages before it.
constexpr flow_text read_flow(text_view text, std::uint32_t first_line = 1) {
  flow_text out;
  detail::flow_reader reader{out, text, first_line};
  if (!reader.read()) out.error = reader.c.error;
  reader.finish();
  return out;
}

} // namespace ctsip
