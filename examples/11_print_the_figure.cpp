// The figures of the RFCs, drawn from the very tables that run: no picture can be out of date.
//
//   ./11_print_the_figure invite_server dot | dot -Tsvg > figure.svg
//   ./11_print_the_figure offer_answer markdown
//   ./11_print_the_figure all diagrams          writes the figure and the table of each machine
//
// Break it: in invite_client.hpp, take the row in{accepted}.on(timer_m) away. The static_assert
// below fails, and the compiler names the state and the symbol that nothing answers any more:
// table_fault<fault::no_row, invite_client, accepted, timer_m>.
#include <cstdio>
#include <string>
#include <string_view>

#include <ctsip/machine/proof.hpp>

#include "support/machines.hpp"
#include "support/output.hpp"

static_assert(ctsip::proven<ctsip::invite_client>);

namespace {

using example::drawn_machine;
using example::machines;

char const* drawing(drawn_machine const& m, std::string_view format) {
  return format == "mermaid"    ? m.mermaid
         : format == "dot"      ? m.dot
         : format == "markdown" ? m.markdown
                                : nullptr;
}

bool write(std::string const& path, std::string const& text) {
  std::FILE* const file = std::fopen(path.c_str(), "wb");
  bool written = file && std::fwrite(text.data(), 1, text.size(), file) == text.size();
  if (file && std::fclose(file) != 0) written = false;
  if (!written) std::perror(path.c_str());
  return written;
}

// A page for each machine, and one that lists them.
bool write_all(std::string const& folder) {
  std::string list = "# The machines\n\nDrawn from their tables by the target `diagrams`.\n\n";
  for (auto const& m : machines) {
    std::string const name = m.name;
    std::string const header = std::string{"include/ctsip/"} + m.header;
    list += "- [" + std::string{m.title} + "](" + name + ".md): `" + name + "`\n";
    std::string const page = "# " + std::string{m.title} + "\n\n`" + name + "` in [`" + header +
                             "`](../../" + header +
                             "), drawn from its table by the target `diagrams`.\n\n```mermaid\n" +
                             m.mermaid + "```\n\n" + m.markdown;
    if (!write(folder + "/" + name + ".md", page)) return false;
  }
  return write(folder + "/README.md", list);
}

} // namespace

int main(int argc, char** argv) {
  std::string_view const name = argc > 1 ? argv[1] : "invite_client";
  std::string_view const format = argc > 2 ? argv[2] : "mermaid";
  if (name == "all" && argc > 2) return write_all(argv[2]) ? 0 : 1;
  for (auto const& m : machines)
    if (name == m.name)
      if (char const* const text = drawing(m, format)) {
        std::fputs(text, stdout);
        return example::exit_code(0);
      }
  std::fputs("usage: 11_print_the_figure [machine] [mermaid | dot | markdown]\n"
             "       11_print_the_figure all <folder>\n"
             "The machines are\n",
             stderr);
  for (auto const& m : machines) std::fprintf(stderr, "  %s\n", m.name);
  return 2;
}
