// Prints a flow: as a ladder in ASCII, as a Mermaid sequence diagram, and as text that
// notation.hpp reads again. A step can be marked as wrong, with a sentence.
//
// Everything is handed to a function `put(text_view)` in pieces, so that there is neither a
// stream nor a buffer here. Read flow/notation.hpp before it.
#pragma once

#include <cstddef>
#include <cstdint>

#include <ctsip/flow/notation.hpp>

namespace ctsip {

inline constexpr std::size_t no_step = static_cast<std::size_t>(-1);

/// What is shown beside what the flow says.
struct ladder_remark {
  std::size_t step{no_step}; ///< index of the step that is wrong
  text_view sentence{};      ///< why
  text_view clause{};        ///< according to what: `"RFC 3261 13.2.2.4"`
  /// Who sends each step, for those whose text leaves it unsaid; `unsaid` where that is not known.
  std::uint8_t const* senders{};
};

namespace detail {

// What a terminal or a diagram might take for a command does not get there.
template <class Put>
constexpr void put_plain(Put& put, text_view text) {
  std::size_t from = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    auto const c = static_cast<unsigned char>(text[i]);
    if (c >= 0x20 && c != 0x7f) continue;
    if (i != from) put(text.substr(from, i - from));
    put(text_view{c == '\t' || c == '\r' ? " " : "?"});
    from = i + 1;
  }
  if (from != text.size()) put(text.substr(from));
}

template <class Put>
constexpr void put_times(Put& put, std::size_t count, char c) {
  constexpr text_view blanks = "                                ";
  constexpr text_view dashes = "--------------------------------";
  constexpr text_view dots = "................................";
  text_view const run = c == '-' ? dashes : c == '.' ? dots : blanks;
  for (; count > run.size(); count -= run.size()) put(run);
  if (count) put(run.substr(0, count));
}

// How many columns the text takes: a character of UTF-8 is one.
constexpr std::size_t columns_of(text_view text) {
  std::size_t n = 0;
  for (char const c : text) n += (static_cast<unsigned char>(c) & 0xc0) != 0x80;
  return n;
}

// Writes the marks of a message, `(sdp, 100rel)`.
template <class Put>
struct mark_writer {
  Put& put;
  bool any{};

  constexpr void separate() {
    put(text_view{any ? ", " : " ("});
    any = true;
  }
  constexpr void operator()(bool there, text_view mark) {
    if (!there) return;
    separate();
    put(mark);
  }
  constexpr void number(bool there, text_view mark, std::uint32_t n) {
    if (!there) return;
    separate();
    put(mark);
    put(decimal{n}.text());
  }
  constexpr void name(flow_names const& names, flow_name_kind kind, std::uint8_t n,
                      text_view mark) {
    if (!n) return;
    separate();
    put(mark);
    text_view const text = names.text(kind, n);
    if (text.empty())
      put(decimal{n}.text());
    else
      put_plain(put, text);
  }
  constexpr void end() {
    if (any) put(text_view{")"});
  }
};

template <class Put>
constexpr void put_marks(Put& put, flow_text const& flow, flow_step const& s) {
  call_message const& t = s.message;
  event const& e = t.event;
  mark_writer<Put> mark_of{put};
  bool const reinvite = e.has(mark::to_tag) && e.method == method::invite;
  if (s.is_response() && e.method != method::extension)
    mark_of(true, reinvite ? text_view{"re-INVITE"} : text_view{name(e.method)});
  mark_of(t.content == content::sdp_unmet, "qos=needed");
  mark_of(t.content == content::sdp_met, "qos=met");
  if (t.content == content::sdp || s.offer_said || s.answer_said)
    mark_of(true, s.offer_said ? "sdp offer" : s.answer_said ? "sdp answer" : "sdp");
  mark_of(s.content_said && t.content == content::none, "no sdp");
  mark_of(e.has(mark::reliable) && !t.rseq, "100rel");
  mark_of(t.requires_100rel, "require=100rel");
  mark_of(t.supports_100rel && !t.requires_100rel,
          s.is_request() ? text_view{"100rel"} : text_view{"supported=100rel"});
  mark_of.number(t.rseq, "rseq=", t.rseq);
  mark_of.number(t.rack, "rack=", t.rack);
  if (t.rack_cseq) {
    put(text_view{" "});
    put(decimal{t.rack_cseq}.text());
  }
  mark_of.number(t.cseq, "cseq=", t.cseq);
  mark_of.number(t.session_expires, "session-expires=", t.session_expires);
  mark_of(t.refresher == refresher::uac, "refresher=uac");
  mark_of(t.refresher == refresher::uas, "refresher=uas");
  mark_of.number(t.min_se, "min-se=", t.min_se);
  mark_of(s.requires_timer, "require=timer");
  mark_of(t.supports_timer && !s.requires_timer, "timer");
  mark_of(s.no_timer, "no timer");
  mark_of(t.requires_precondition, "require=precondition");
  mark_of(t.supports_precondition && !t.requires_precondition && t.content < content::sdp_unmet,
          "precondition");
  mark_of(t.retry_after && !s.retry_after, "retry-after");
  mark_of.number(s.retry_after, "retry-after=", s.retry_after);
  mark_of(e.has(mark::credentials), "auth");
  mark_of.name(flow.names, flow_name_kind::nonce, s.nonce, "nonce=");
  mark_of(s.stale, "stale");
  mark_of.name(flow.names, flow_name_kind::tag, s.tag, "tag=");
  mark_of.name(flow.names, flow_name_kind::call, s.call, "call=");
  mark_of.name(flow.names, flow_name_kind::branch, s.branch, "branch=");
  mark_of.name(flow.names, flow_name_kind::contact, s.contact, "contact=");
  mark_of.name(flow.names, flow_name_kind::package, s.package, "event=");
  mark_of.number(s.expires_said, "expires=", s.expires);
  mark_of.number(s.min_expires, "min-expires=", s.min_expires);
  mark_of.number(s.reg_id, "reg-id=", s.reg_id);
  if (s.transport_said) mark_of(true, e.has(mark::reliable_transport) ? "tcp" : "udp");
  mark_of(s.again, "again");
  mark_of(s.lost, "lost");
  mark_of.end();
}

} // namespace detail

/// The message of a step in the notation, made from what is known of it and not from `text`:
/// `200 OK (PRACK, sdp)`. So it serves for steps that were never written.
template <class Put>
constexpr void print_message(flow_text const& flow, flow_step const& s, Put&& put) {
  event const& e = s.message.event;
  if (s.is_response()) {
    put(detail::decimal{e.status}.text());
    text_view const phrase{reason_phrase(status_code{e.status})};
    if (!phrase.empty()) {
      put(text_view{" "});
      put(phrase);
    }
  } else if (e.method == method::invite && e.has(mark::to_tag)) {
    put(text_view{"re-INVITE"});
  } else {
    put(text_view{name(e.method)});
  }
  detail::put_marks(put, flow, s);
  if (s.crossing) {
    put(text_view{" #"});
    put(detail::decimal{s.crossing}.text());
  }
}

namespace detail {

// The message as written, or made up where it was not written.
template <class Put>
constexpr void put_label(flow_text const& flow, flow_step const& s, Put& put) {
  if (s.text.empty())
    print_message(flow, s, put);
  else
    put_plain(put, s.text);
}

struct column_counter {
  std::size_t columns{};
  constexpr void operator()(text_view text) { columns += columns_of(text); }
};

// Between the lines of a ladder a `|` would be one of them.
template <class Put>
struct ladder_text {
  Put& put;
  constexpr void operator()(text_view text) {
    std::size_t from = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] != '|') continue;
      if (i != from) put(text.substr(from, i - from));
      put(text_view{"?"});
      from = i + 1;
    }
    if (from != text.size()) put(text.substr(from));
  }
};

inline constexpr std::size_t longest_label = 56;

// A long message gives up its phrase, and none of its marks, by which it is read again.
template <class Put>
constexpr void put_ladder_label(flow_text const& flow, flow_step const& s, Put& put) {
  ladder_text<Put> text{put};
  if (columns_of(s.text) > longest_label)
    print_message(flow, s, text);
  else
    put_label(flow, s, text);
}

constexpr std::size_t label_columns(flow_text const& flow, flow_step const& s) {
  column_counter counter;
  put_ladder_label(flow, s, counter);
  return counter.columns;
}

// What stands above a line: `p1 as proxy` where the name does not say it.
template <class Put>
constexpr void put_head(flow_text const& flow, std::size_t p, Put& put) {
  put_plain(put, flow.participants[p]);
  if (flow.is_proxy[p] && !names_a_proxy(flow.participants[p])) put(text_view{" as proxy"});
}
constexpr std::size_t head_columns(flow_text const& flow, std::size_t p) {
  column_counter counter;
  put_head(flow, p, counter);
  return counter.columns;
}

// Whence and whither a step is drawn.
struct heading {
  std::uint8_t from{}, to{};
  bool known{};
};

constexpr heading heading_of(flow_text const& flow, std::size_t i, ladder_remark const& remark) {
  flow_step const& s = flow.steps[i];
  std::size_t const count = flow.participant_count;
  heading h{s.from, s.to, true};
  if (h.from >= count && remark.senders) {
    h.from = remark.senders[i];
    h.to = unsaid;
  }
  if (h.from >= count) return {0, static_cast<std::uint8_t>(count > 1), false};
  // What is sent to nobody known goes to the next one.
  if (h.to >= count)
    h.to = static_cast<std::uint8_t>(h.from + 1u < count ? h.from + 1 : h.from ? h.from - 1 : 0);
  return h;
}

// One arrow with its label in the middle, over `width` columns.
template <class Put>
constexpr void put_arrow(flow_text const& flow, flow_step const& s, heading h, std::size_t width,
                         Put& put) {
  bool const rightward = h.from < h.to;
  std::size_t const label = label_columns(flow, s);
  std::size_t const rest = width > label + 2 ? width - label - 2 : 0;
  std::size_t const left = rest / 2;
  std::size_t const right = rest - left;
  char const line = h.known ? '-' : '.';
  // Each end takes three columns; the label leaves at least four.
  auto const end = [&](bool is_head, std::size_t columns, bool is_left) {
    bool const cut_short = is_head ? s.lost || !s.delivers : !s.sends;
    text_view shape;
    if (!h.known)
      shape = "...";
    else if (is_head && s.lost)
      shape = is_left ? "  x" : "x  ";
    else if (cut_short)
      shape = is_left ? "  ~" : "~  ";
    else if (is_head)
      shape = is_left ? "<--" : "-->";
    else
      shape = "---";
    if (columns < 3) return;
    if (is_left) put(shape);
    put_times(put, columns - 3, line);
    if (!is_left) put(shape);
  };
  end(!rightward, left, true);
  put(text_view{" "});
  put_ladder_label(flow, s, put);
  put(text_view{" "});
  end(rightward, right, false);
}

} // namespace detail

/// Prints the flow as a ladder: a column for each participant, a numbered line for each message.
/// A lost one ends in `x`, the two halves of a crossing in `~`; dots stand for a response of which
/// it is not known who sends it. `read_flow` reads it again, except for the dots.
template <class Put>
constexpr void print_ladder(flow_text const& flow, Put&& put, ladder_remark const& remark = {}) {
  std::size_t const count = flow.participant_count;
  if (count < 2) return;

  // The distance between two lifelines, so that each label fits.
  std::size_t gap = 18;
  bool shows_all = count == 2;
  for (std::size_t i = 0; i < flow.size; ++i) {
    auto const h = detail::heading_of(flow, i, remark);
    std::size_t const span = h.from < h.to   ? h.to - h.from
                             : h.from > h.to ? h.from - h.to
                                             : std::size_t{1};
    std::size_t const needs = (detail::label_columns(flow, flow.steps[i]) + 12) / span;
    if (needs > gap) gap = needs;
    shows_all = shows_all || span == 1;
  }
  for (std::size_t p = 0; p < count; ++p) {
    std::size_t const head = detail::head_columns(flow, p);
    if (head >= gap && head < detail::longest_label) gap = head + 1;
  }

  constexpr std::size_t margin = 8;
  text_view const newline = "\n";
  std::size_t column = 0;
  for (std::size_t p = 0; p < count; ++p) {
    std::size_t const lifeline = margin + p * (gap + 1);
    std::size_t const head = detail::head_columns(flow, p);
    std::size_t const half = head / 2;
    std::size_t begin = half < lifeline ? lifeline - half : 0;
    // Two blanks are between two names.
    if (p && begin < column + 2) begin = column + 2;
    detail::put_times(put, begin - column, ' ');
    detail::put_head(flow, p, put);
    column = begin + head;
  }
  put(newline);
  // Where no message leaves all lines to be seen, a row of them alone does.
  if (!shows_all) {
    detail::put_times(put, margin, ' ');
    for (std::size_t p = 0; p < count; ++p) {
      if (p) detail::put_times(put, gap, ' ');
      put(text_view{"|"});
    }
    put(newline);
  }

  for (std::size_t i = 0; i < flow.size; ++i) {
    flow_step const& s = flow.steps[i];
    auto const h = detail::heading_of(flow, i, remark);
    std::size_t const low = h.from < h.to ? h.from : h.to;
    std::size_t const high = h.from < h.to ? h.to : h.from;

    detail::decimal const number{static_cast<std::uint32_t>(i + 1)};
    detail::put_times(put, number.size < 3 ? 3 - number.size : 0, ' ');
    put(number.text());
    detail::put_times(put, margin - 3, ' ');
    for (std::size_t p = 0; p < count; ++p) {
      put(text_view{"|"});
      if (p + 1 == count) break;
      if (p == low && high > low) {
        detail::put_arrow(flow, s, h, (high - low) * (gap + 1) - 1, put);
        p = high - 1;
      } else {
        detail::put_times(put, gap, ' ');
      }
    }
    if (i == remark.step) {
      put(text_view{"  !! "});
      put(remark.sentence);
      if (!remark.clause.empty()) {
        put(text_view{" ("});
        put(remark.clause);
        put(text_view{")"});
      }
    }
    put(newline);
  }
}

namespace detail {

// In a Mermaid message `;` and `#` have a meaning of their own.
template <class Put>
struct mermaid_text {
  Put& put;
  constexpr void operator()(text_view text) {
    std::size_t from = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] != ';' && text[i] != '#') continue;
      if (i != from) put(text.substr(from, i - from));
      put(text_view{text[i] == ';' ? "#59;" : "#35;"});
      from = i + 1;
    }
    if (from != text.size()) put(text.substr(from));
  }
};

} // namespace detail

/// Prints the flow as a Mermaid sequence diagram. The second half of a crossing is a note, since
/// Mermaid draws no slanting arrows; so is a response of which it is not known who sends it.
template <class Put>
constexpr void print_mermaid(flow_text const& flow, Put&& put, ladder_remark const& remark = {}) {
  auto const& names = flow.participants;
  put(text_view{"sequenceDiagram\n"});
  for (std::size_t p = 0; p < flow.participant_count; ++p) {
    put(text_view{"    participant "});
    detail::put_plain(put, names[p]);
    put(text_view{"\n"});
  }
  auto const put_note_over_both = [&](detail::heading h) {
    put(text_view{"    Note over "});
    detail::put_plain(put, names[h.from]);
    put(text_view{","});
    detail::put_plain(put, names[h.to]);
    put(text_view{": "});
  };
  for (std::size_t i = 0; i < flow.size; ++i) {
    flow_step const& s = flow.steps[i];
    auto const h = detail::heading_of(flow, i, remark);
    if (s.sends && h.known) {
      put(text_view{"    "});
      detail::put_plain(put, names[h.from]);
      put(text_view{s.lost ? " --x " : !s.delivers ? "-)" : s.is_request() ? "->>" : "-->>"});
      detail::put_plain(put, names[h.to]);
      put(text_view{": "});
    } else if (s.sends) {
      put_note_over_both(h);
    } else {
      put(text_view{"    Note over "});
      detail::put_plain(put, names[h.to]);
      put(text_view{": arrives: "});
    }
    detail::mermaid_text<Put> text{put};
    detail::put_label(flow, s, text);
    put(text_view{"\n"});
    if (i != remark.step) continue;
    put_note_over_both(h);
    text(remark.sentence);
    put(text_view{" ("});
    text(remark.clause);
    put(text_view{")\n"});
  }
}

namespace detail {

// The participants of a ladder in their order, where one is a proxy without being named like one.
template <class Put>
constexpr void put_participants(flow_text const& flow, Put& put) {
  bool declared = false;
  for (std::size_t p = 0; p < flow.participant_count; ++p)
    declared |= flow.is_proxy[p] && !names_a_proxy(flow.participants[p]);
  if (!declared) return;
  for (std::size_t p = 0; p < flow.participant_count; ++p) {
    put(text_view{"participant "});
    put_plain(put, flow.participants[p]);
    put(text_view{flow.is_proxy[p] ? " as proxy\n" : "\n"});
  }
}

} // namespace detail

/// Prints the flow in the notation that it is in, made from what is known of its steps, so that
/// reading it again gives the same steps. A figure is printed as a ladder in words, which reads
/// only names of one word.
template <class Put>
constexpr void print_flow(flow_text const& flow, Put&& put) {
  auto const& names = flow.participants;
  if (flow.notation == notation::ladder) detail::put_participants(flow, put);
  for (std::size_t i = 0; i < flow.size; ++i) {
    flow_step const& s = flow.steps[i];
    switch (flow.notation) {
    case notation::arrows:
      if (i) put(text_view{" -> "});
      if (s.from_said && s.from < flow.participant_count) {
        detail::put_plain(put, names[s.from]);
        put(text_view{": "});
      }
      break;
    case notation::log: put(text_view{s.from == 0 ? "> " : "< "}); break;
    case notation::ladder:
      if (s.sends && s.from < flow.participant_count) detail::put_plain(put, names[s.from]);
      put(text_view{" -> "});
      if ((s.delivers || s.lost) && s.to < flow.participant_count)
        detail::put_plain(put, names[s.to]);
      put(text_view{": "});
      break;
    }
    print_message(flow, s, put);
    if (flow.notation != notation::arrows) put(text_view{"\n"});
  }
  if (flow.notation == notation::arrows && flow.size) put(text_view{"\n"});
}

} // namespace ctsip
