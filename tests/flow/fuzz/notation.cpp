// libFuzzer target: a flow as text read, whatever the bytes are, printed in every form, and read
// again from what was printed.
#include <ctsip/flow/ladder.hpp>

#include <cstdint>
#include <cstdlib>
#include <string>

using namespace ctsip;

namespace {

std::size_t sum;

void must(bool condition) {
  if (!condition) std::abort();
}

bool inside(std::string_view part, std::string_view whole) {
  return part.empty() ||
         (part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size());
}

void check(flow_text const& f, std::string_view text) {
  must(f.size <= max_flow_steps && f.participant_count <= max_flow_participants);
  must(f.readable() ? f.size != 0 : f.error.what[0] != '\0');
  must(f.error.offset <= text.size() && inside(f.error.text, text) && inside(f.rest, text));
  for (std::size_t i = 0; i < f.size; ++i) {
    flow_step const& s = f[i];
    must(s.is_request() || s.message.event.is_response());
    must(inside(s.text, text) && !s.text.empty());
    must(s.from == unsaid || s.from < f.participant_count);
    must(s.to == unsaid || s.to < f.participant_count);
    must(s.from != s.to || s.from == unsaid);
    must(s.counterpart == no_counterpart ||
         (s.counterpart < f.size && f[s.counterpart].counterpart == i));
    must(s.message.event.way == direction::none);
  }
}

// Whether a line of text can name it: a figure may have names of several words, and any characters.
bool is_plain_name(text_view name) {
  // In arrows, where a message may stand as well, one is no name; in a ladder the other is none.
  if (detail::is_digit(name[0]) || detail::begins_a_message(name)) return false;
  for (char const c : name)
    if (!detail::is_letter(c) && !detail::is_digit(c)) return false;
  return true;
}

bool has_plain_names(flow_text const& f) {
  for (std::size_t i = 0; i < f.participant_count; ++i)
    if (!is_plain_name(f.participants[i])) return false;
  return true;
}

// What is printed is read as the same messages.
void print_and_read(flow_text const& f) {
  std::string text;
  print_flow(f, [&text](std::string_view piece) { text += piece; });
  flow_text const again = read_flow(text);
  check(again, text);
  must(again.readable() && again.size == f.size);
  for (std::size_t i = 0; i < f.size; ++i) {
    must(again[i].message.event == f[i].message.event);
    must(again[i].sends == f[i].sends && again[i].delivers == f[i].delivers);
    must(again[i].tag == f[i].tag && again[i].message.content == f[i].message.content);
  }
}

// Nor does a ladder lose any, where it is said who sends them and there are two to draw.
void draw_and_read(flow_text const& f) {
  if (f.participant_count < 2) return;
  for (std::size_t i = 0; i < f.size; ++i) {
    if (!f[i].from_said) return;
    // Two names that differ in a line alone are printed as one.
    for (char const c : f[i].text)
      if (c == '|') return;
  }
  std::string text;
  print_ladder(f, [&text](std::string_view piece) { text += piece; });
  flow_text const again = read_flow(text);
  check(again, text);
  must(again.readable() && again.size == f.size && again.notation == notation::ladder);
  must(again.participant_count == f.participant_count);
  for (std::size_t i = 0; i < f.participant_count; ++i)
    // Only a ladder has proxies.
    must(again.participants[i] == f.participants[i] &&
         (again.is_proxy[i] == f.is_proxy[i] || f.notation != notation::ladder));
  for (std::size_t i = 0; i < f.size; ++i) {
    must(again[i].message.event == f[i].message.event);
    must(again[i].from == f[i].from && (f[i].to == unsaid || again[i].to == f[i].to));
    must(again[i].sends == f[i].sends && again[i].delivers == f[i].delivers);
    must(again[i].lost == f[i].lost && again[i].again == f[i].again);
    must(again[i].crossing == f[i].crossing && again[i].counterpart == f[i].counterpart);
    must(again[i].tag == f[i].tag && again[i].message.content == f[i].message.content);
    must(again[i].message.cseq == f[i].message.cseq && again[i].message.rack == f[i].message.rack);
  }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  std::string_view rest{reinterpret_cast<char const*>(data), size};
  std::uint32_t line = 1;
  while (!rest.empty()) {
    flow_text const f = read_flow(rest, line);
    check(f, rest);
    std::uint8_t senders[max_flow_steps]{};
    ladder_remark remark{f.size / 2, "a sentence", "a clause"};
    auto const count = [](std::string_view piece) { sum += piece.size(); };
    print_ladder(f, count, remark);
    remark.senders = senders;
    print_ladder(f, count, remark);
    print_mermaid(f, count, remark);
    if (!f.readable()) break;
    if (has_plain_names(f)) {
      print_and_read(f);
      draw_and_read(f);
    }
    must(f.rest.size() < rest.size() && f.rest_line >= line);
    rest = f.rest;
    line = f.rest_line;
  }
  return 0;
}
