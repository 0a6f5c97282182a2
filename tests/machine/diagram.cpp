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

BOOST_AUTO_TEST_CASE(the_invite_client_is_drawn_as_figure_5_of_rfc_6026_has_it) {
  auto const text = drawn<ctsip::invite_client, ctsip::mermaid>();
  for (auto line : {"calling --> proceeding : provisional / pass_response_up, stop timers a, b\n",
                    "calling --> terminated : timer_b / inform_timeout, stop timer a\n",
                    "accepted --> accepted : success / pass_response_up\n",
                    "completed --> completed : non_2xx_final / send_ack\n", "terminated --> [*]\n"})
    BOOST_TEST(text.find(line) != std::string::npos, "not drawn: " << line);
}

BOOST_AUTO_TEST_SUITE_END()
