// Judges the flows on the standard input: prints the verdict on each, and its ladder.
//
//   ./check_flow < call.txt
//   echo 'INVITE -> 180 Ringing -> ACK' | ./check_flow
//   ./check_flow --mermaid < call.txt
//
// Arrows, ladders and the log of one agent are read (ctsip/flow/notation.hpp); a blank line or `--`
// ends a flow. Exits with 0 if all flows are legal, 1 if one breaks a rule, 2 if one is not
// readable, 3 if this cannot be written.
//
// Break it: what comes at run time no compiler can refuse. Write the same text as "..."_flow in a
// program, and the sentence that is printed here is the compiler's error.
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>

#include <ctsip/flow/flow.hpp>
#include <ctsip/flow/ladder.hpp>
#include <ctsip/flow/report.hpp>

#include "support/flow.hpp"
#include "support/output.hpp"

namespace {

std::string read_all(std::FILE* file) {
  std::string text;
  char buffer[4096];
  for (std::size_t n; (n = std::fread(buffer, 1, sizeof buffer, file)) > 0;) text.append(buffer, n);
  return text;
}

} // namespace

int main(int argc, char** argv) {
  bool const as_mermaid = argc == 2 && std::string_view{argv[1]} == "--mermaid";
  if (argc > 1 && !as_mermaid) {
    std::fputs("usage: check_flow [--mermaid] < flows\n", stderr);
    return 2;
  }
  std::string const text = read_all(stdin);
  int result = 0;
  std::uint32_t line = 1;
  bool first = true;
  for (std::string_view rest = text; first || !rest.empty(); first = false) {
    if (!first) example::put("\n");
    auto const flow = ctsip::read_flow(rest, line);
    auto const verdict = ctsip::flow_check<ctsip::uac_call>::check(flow);
    if (as_mermaid && flow.readable())
      ctsip::print_mermaid(flow, example::put, ctsip::judged_remark{flow, verdict});
    else
      ctsip::print_report(flow, verdict, example::put);
    if (!flow.readable()) {
      example::put("\n");
      return example::exit_code(2);
    }
    if (!verdict.legal()) result = 1;
    rest = flow.rest;
    line = flow.rest_line;
  }
  return example::exit_code(result);
}
