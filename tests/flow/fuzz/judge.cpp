// libFuzzer target: a flow judged and reported, whatever the bytes are, and the same messages
// judged once more as they are printed.
#include <ctsip/flow/report.hpp>

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

void look_at(flow_verdict const& v, std::string_view text) {
  must(v.legal() || !v.sentence().empty());
  must(!v.violated() || (v.step() >= 1 && v.step() <= max_flow_steps && v.line() >= 1));
  must(!v.violated() || !v.clause().empty());
  must(v.violated() || v.step() == 0);
  must(inside(v.message(), text));
  must((v.outcome() == flow_outcome::legal) == (v.open().sentence[0] != '\0'));
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  std::string_view const text{reinterpret_cast<char const*>(data), size};
  flow_verdict const v = check_flow(text);
  look_at(v, text);
  print_report(v, [](std::string_view piece) { sum += piece.size(); });

  flow_text const f = read_flow(text);
  if (!f.readable()) return 0;
  flow_verdict const one = flow_check<uac_call>::check(f);
  look_at(one, text);
  std::string printed;
  print_flow(f, [&printed](std::string_view piece) { printed += piece; });
  flow_verdict const other = check_flow(printed);
  // A ladder's proxies and declarations are not printed with its messages.
  bool plain = f.notation != notation::ladder;
  // Names in arrows are told apart by where they stand first.
  if (f.notation == notation::arrows)
    plain = f.participants[0] == "caller" && f.participants[1] == "callee";
  if (plain) {
    must(other.outcome() == one.outcome());
    must(other.step() == one.step());
    must(other.sentence() == one.sentence());
  }
  return 0;
}
