// The figures of RFC 3261 17, drawn from the very tables that run: no picture can be out of date.
//
//   ./03_print_the_figure invite_server dot | dot -Tsvg > figure.svg
//   ./03_print_the_figure non_invite_client markdown
//
// Break it: copy a machine's header, take a row away and put static_assert(proven<your_copy>) under
// it. The compiler names the state and the symbol that nothing answers any more, in the arguments
// of table_fault<fault::no_row, ...>.
#include <cstdio>
#include <string_view>

#include <ctsip/machine/diagram.hpp>
#include <ctsip/machine/proof.hpp>
#include <ctsip/transaction/invite_client.hpp>
#include <ctsip/transaction/invite_server.hpp>
#include <ctsip/transaction/non_invite_client.hpp>
#include <ctsip/transaction/non_invite_server.hpp>

using namespace ctsip;

static_assert(proven<invite_client> && proven<invite_server>);
static_assert(proven<non_invite_client> && proven<non_invite_server>);

namespace {

struct figure {
  char const* machine;
  char const* drawing;
  char const* text;
};

// The texts are made at compile time; the program only chooses.
constexpr figure figures[] = {
    {"invite_client", "mermaid", diagram<invite_client, mermaid>.c_str()},
    {"invite_client", "dot", diagram<invite_client, dot>.c_str()},
    {"invite_client", "markdown", diagram<invite_client, markdown>.c_str()},
    {"invite_server", "mermaid", diagram<invite_server, mermaid>.c_str()},
    {"invite_server", "dot", diagram<invite_server, dot>.c_str()},
    {"invite_server", "markdown", diagram<invite_server, markdown>.c_str()},
    {"non_invite_client", "mermaid", diagram<non_invite_client, mermaid>.c_str()},
    {"non_invite_client", "dot", diagram<non_invite_client, dot>.c_str()},
    {"non_invite_client", "markdown", diagram<non_invite_client, markdown>.c_str()},
    {"non_invite_server", "mermaid", diagram<non_invite_server, mermaid>.c_str()},
    {"non_invite_server", "dot", diagram<non_invite_server, dot>.c_str()},
    {"non_invite_server", "markdown", diagram<non_invite_server, markdown>.c_str()},
};

} // namespace

int main(int argc, char** argv) {
  std::string_view const machine = argc > 1 ? argv[1] : "invite_client";
  std::string_view const drawing = argc > 2 ? argv[2] : "mermaid";
  for (figure const& f : figures)
    if (f.machine == machine && f.drawing == drawing) {
      std::fputs(f.text, stdout);
      return 0;
    }
  std::fputs("usage: 03_print_the_figure [machine] [drawing]; there are\n", stderr);
  for (figure const& f : figures) std::fprintf(stderr, "  %s %s\n", f.machine, f.drawing);
  return 2;
}
