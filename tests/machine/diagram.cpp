#include <ctsip/machine/diagram.hpp>

#include <string>

#include <boost/test/unit_test.hpp>

#include <ctsip/transaction/invite_client.hpp>

#include "machine/faulty.hpp"
#include "machine/lift.hpp"

BOOST_AUTO_TEST_SUITE(machine_diagram)

using ctsip_tests::errand;
using ctsip_tests::lift;

template <class D, ctsip::drawing Drawing>
std::string drawn() {
  static constexpr auto text = ctsip::diagram<D, Drawing>;
  BOOST_TEST(std::string(text.c_str()).size() == text.size());
  return text.c_str();
}

BOOST_AUTO_TEST_CASE(mermaid_shows_what_moves_and_what_is_done) {
  BOOST_TEST((drawn<errand, ctsip::mermaid>()) == "stateDiagram-v2\n"
                                                  "  [*] --> idle\n"
                                                  "  idle --> busy : start / start timer b\n"
                                                  "  busy --> done : reply / tell, stop timer b\n"
                                                  "  busy --> done : timer_b\n"
                                                  "  done --> [*]\n");
}

BOOST_AUTO_TEST_CASE(mermaid_shows_every_state_of_a_row_and_every_change_of_a_timer) {
  BOOST_TEST((drawn<lift, ctsip::mermaid>()) ==
             "stateDiagram-v2\n"
             "  [*] --> waiting\n"
             "  waiting --> moving : call / ring, start timers e, f\n"
             "  moving --> moving : timer_e / ring, double timer e\n"
             "  moving --> slow : cancel\n"
             "  slow --> slow : timer_e / ring, reset to T2 timer e\n"
             "  moving --> stopped : arrival / open_door, alarm, start timer k, stop timers e, f\n"
             "  slow --> stopped : arrival / open_door, alarm, start timer k, stop timers e, f\n"
             "  moving --> waiting : timer_f / alarm, stop timer e\n"
             "  slow --> waiting : timer_f / alarm, stop timer e\n"
             "  moving --> moving : knock / alarm\n"
             "  slow --> slow : knock / alarm\n"
             "  stopped --> waiting : timer_k / open_door\n");
}

BOOST_AUTO_TEST_CASE(dot_is_a_whole_graph_with_a_double_border_around_the_end) {
  BOOST_TEST((drawn<errand, ctsip::dot>()) ==
             "digraph \"errand\" {\n"
             "  start [shape=point]\n"
             "  start -> idle\n"
             "  idle -> busy [label=\"start\\nstart timer b\"]\n"
             "  busy -> done [label=\"reply\\ntell, stop timer b\"]\n"
             "  busy -> done [label=\"timer_b\"]\n"
             "  done [peripheries=2]\n"
             "}\n");
}

BOOST_AUTO_TEST_CASE(markdown_has_every_row_with_sentence_and_clause) {
  BOOST_TEST((drawn<errand, ctsip::markdown>()) ==
             "| in | on | does | then | clause |\n"
             "|---|---|---|---|---|\n"
             "| idle | start | start timer b | busy | RFC 9999 1 |\n"
             "| busy | reply | tell, stop timer b | done | RFC 9999 1 |\n"
             "| busy | timer_b |  | done | RFC 9999 1 |\n"
             "| busy, done | start | refused: started already |  | RFC 9999 2 |\n"
             "| idle, done | reply, timer_b | ignored: nothing is under way |  |  |\n");
}

BOOST_AUTO_TEST_CASE(markdown_tells_a_violation_of_the_peer_beside_the_reaction) {
  BOOST_TEST((drawn<lift, ctsip::markdown>())
                 .find("| moving, slow | knock | alarm; peer violation: a knock while the lift "
                       "moves |  | RFC 9999 7 |\n") != std::string::npos);
}

struct quoting : errand {
  static constexpr char const* title = "errand \"by night\"";
  static constexpr in::row rows[] = {
      errand::rows[0], errand::rows[1],
      errand::rows[2], in{busy, done}.on(start).refused("started | already", "RFC 9999 2"),
      errand::rows[4],
  };
};

BOOST_AUTO_TEST_CASE(what_the_formats_reserve_is_escaped) {
  BOOST_TEST((drawn<quoting, ctsip::dot>()).rfind("digraph \"errand \\\"by night\\\"\" {\n", 0) ==
             0u);
  BOOST_TEST((drawn<quoting, ctsip::markdown>()).find("refused: started \\| already |") !=
             std::string::npos);
}

// A machine whose states are called like words of the formats.
struct words {
  static constexpr char const* title = "words";

  enum class state : std::uint8_t { start, end, end_, Graph, over };
  enum class symbol : std::uint8_t { go, hold };
  enum class action : std::uint8_t { tell };
  using enum state;
  using enum symbol;
  using enum action;
  using in = ctsip::in<state, symbol, action>;

  static constexpr symbol commands[] = {go, hold};
  static constexpr symbol project(ctsip::event const&) { return go; }

  // clang-format off
  static constexpr in::row rows[] = {
      in{start}.on(go)             .rfc("RFC 9999 1").then(end),
      in{end}.on(go)               .rfc("RFC 9999 1").then(end_),
      in{end_}.on(go)              .rfc("RFC 9999 1").then(Graph),
      in{Graph}.on(go).does(tell)  .rfc("RFC 9999 1").then(over),
      in{over}.on(go)              .ignored("it is over"),
      in{start, end}.on(hold)      .waits("hold before the | graph", "RFC 9999 2"),
      in{end_, Graph, over}.on(hold).refused("hold after the end", "RFC 9999 2"),
  };
  // clang-format on
};

BOOST_AUTO_TEST_CASE(a_state_called_like_a_word_of_mermaid_keeps_its_name_as_a_label) {
  BOOST_TEST((drawn<words, ctsip::mermaid>()) == "stateDiagram-v2\n"
                                                 "  [*] --> start\n"
                                                 "  state \"end\" as end_\n"
                                                 "  state \"end_\" as end__\n"
                                                 "  start --> end_ : go\n"
                                                 "  end_ --> end__ : go\n"
                                                 "  end__ --> Graph : go\n"
                                                 "  Graph --> over : go / tell\n"
                                                 "  over --> [*]\n");
}

BOOST_AUTO_TEST_CASE(a_state_called_like_a_word_of_dot_keeps_its_name_as_a_label) {
  BOOST_TEST((drawn<words, ctsip::dot>()) == "digraph \"words\" {\n"
                                             "  start [shape=point]\n"
                                             "  start -> start_\n"
                                             "  start_ [label=\"start\"]\n"
                                             "  Graph_ [label=\"Graph\"]\n"
                                             "  start_ -> end [label=\"go\"]\n"
                                             "  end -> end_ [label=\"go\"]\n"
                                             "  end_ -> Graph_ [label=\"go\"]\n"
                                             "  Graph_ -> over [label=\"go\\ntell\"]\n"
                                             "  over [peripheries=2]\n"
                                             "}\n");
}

BOOST_AUTO_TEST_CASE(a_command_that_waits_is_in_the_table_and_not_in_the_figure) {
  BOOST_TEST(
      (drawn<words, ctsip::markdown>())
          .find("| start, end | hold | waits: hold before the \\| graph |  | RFC 9999 2 |\n") !=
      std::string::npos);
  BOOST_TEST((drawn<words, ctsip::mermaid>()).find("hold") == std::string::npos);
  BOOST_TEST((drawn<words, ctsip::dot>()).find("hold") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_invite_client_is_drawn_as_figure_5_of_rfc_6026_has_it) {
  auto const text = drawn<ctsip::invite_client, ctsip::mermaid>();
  for (auto line : {"calling --> proceeding : provisional / pass_response_up, stop timers a, b\n",
                    "calling --> terminated : timer_b / inform_timeout, stop timer a\n",
                    "accepted --> accepted : success / pass_response_up\n",
                    "completed --> completed : non_2xx_final / send_ack\n", "terminated --> [*]\n"})
    BOOST_TEST(text.find(line) != std::string::npos, "not drawn: " << line);
}

BOOST_AUTO_TEST_SUITE_END()
