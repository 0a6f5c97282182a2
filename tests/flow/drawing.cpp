// Ladders as RFCs draw them, read as flows.
#include <ctsip/flow/flow.hpp>
#include <ctsip/flow/ladder.hpp>
#include <ctsip/flow/race_conditions.hpp>
#include <ctsip/flow/standard_flows.hpp>

#include <string>
#include <string_view>

#include <boost/test/unit_test.hpp>

using namespace ctsip;
using namespace ctsip::literals;
namespace flows = ctsip::standard_flows;
using kind = flow_error_kind;

namespace {

constexpr std::string_view alice_and_bob = R"(
   Alice                     Bob
     |                        |
     |       INVITE F1        |
     |----------------------->|
     |    180 Ringing F2      |
     |<-----------------------|
     |                        |
     |       200 OK F3        |
     |<-----------------------|
     |         ACK F4         |
     |----------------------->|
     |   Both Way RTP Media   |
     |<======================>|
     |                        |
     |         BYE F5         |
     |<-----------------------|
     |       200 OK F6        |
     |----------------------->|
     |                        |
)";
constexpr std::string_view through_proxies = R"(
   Alice           Proxy 1          Proxy 2            Bob
     |                |                |                |
     |   INVITE F1    |                |                |
     |--------------->|   INVITE F2    |                |
     |     100 F3     |--------------->|   INVITE F4    |
     |<---------------|     100 F5     |--------------->|
     |                |<---------------|      180 F6    |
     |                |     180 F7     |<---------------|
     |     180 F8     |<---------------|                |
     |<---------------|                |      200 F9    |
     |                |    200 F10     |<---------------|
     |     200 F11    |<---------------|                |
     |<---------------|                                 |
     |     ACK F12    |                                 |
     |--------------->|             ACK F13             |
     |                |-------------------------------->|
     |        Both Way RTP Media       |                |
     |<================================================>|
     |     BYE F14    |                                 |
     |--------------->|             BYE F15             |
     |                |-------------------------------->|
     |                |             200 F16             |
     |     200 F17    |<--------------------------------|
     |<---------------|                                 |
     |                |                                 |
)";

// "Alice -> Proxy 1: INVITE", a line for each message.
std::string messages_of(std::string_view text) {
  flow_text const f = read_flow(text);
  std::string all;
  for (flow_step const& s : f) {
    for (text_view const part : {f.participants[s.from], text_view{" -> "}, f.participants[s.to],
                                 text_view{": "}, s.text, text_view{"\n"}})
      all.append(part.data(), part.size());
  }
  return all + f.error.what;
}
bool fails(std::string_view text, kind what, std::string_view word) {
  flow_error const e = read_flow(text).error;
  BOOST_TEST(std::string_view(e.text.data(), e.text.size()) == word);
  return e.kind == what;
}

std::string printed(flow_text const& f) {
  std::string text;
  print_ladder(f, [&](text_view piece) { text.append(piece.data(), piece.size()); });
  return text;
}
// Whether it says who sends each message: the others are not drawn as arrows.
bool survives_print(std::string_view flow) {
  flow_text const f = read_flow(flow);
  BOOST_REQUIRE(f.readable());
  for (flow_step const& s : f)
    if (!s.from_said) return false;
  std::string const text = printed(f);
  flow_text const again = read_flow(text);
  BOOST_TEST_CONTEXT(text) {
    BOOST_TEST(std::string{again.error.what} == "");
    BOOST_TEST_REQUIRE(again.size == f.size);
    BOOST_TEST_REQUIRE(again.participant_count == f.participant_count);
    for (std::size_t p = 0; p < f.participant_count; ++p) {
      BOOST_TEST((f.participants[p] == again.participants[p]));
      BOOST_TEST(f.is_proxy[p] == again.is_proxy[p]);
    }
    for (std::size_t i = 0; i < f.size; ++i) {
      BOOST_TEST(f[i].from == again[i].from);
      if (f[i].to != unsaid) BOOST_TEST(f[i].to == again[i].to);
      BOOST_TEST((f[i].message.event == again[i].message.event));
      BOOST_TEST((f[i].message.content == again[i].message.content));
      BOOST_TEST(f[i].message.cseq == again[i].message.cseq);
      BOOST_TEST(f[i].tag == again[i].tag);
      BOOST_TEST(f[i].sends == again[i].sends);
      BOOST_TEST(f[i].delivers == again[i].delivers);
      BOOST_TEST(f[i].crossing == again[i].crossing);
      BOOST_TEST(f[i].lost == again[i].lost);
      BOOST_TEST(f[i].again == again[i].again);
    }
    if (f.notation == notation::ladder)
      BOOST_TEST((check_flow(flow).outcome() == check_flow(text).outcome()));
  }
  return true;
}

} // namespace

BOOST_AUTO_TEST_SUITE(flow_drawing)

BOOST_AUTO_TEST_CASE(the_first_figure_is_a_flow_rfc_3665_3_1) {
  static_assert(check_flow(text_view{alice_and_bob}).complete());
  BOOST_TEST(messages_of(alice_and_bob) == "Alice -> Bob: INVITE\nBob -> Alice: 180 Ringing\n"
                                           "Bob -> Alice: 200 OK\nAlice -> Bob: ACK\n"
                                           "Bob -> Alice: BYE\nAlice -> Bob: 200 OK\n");
}
// Arrows beside texts, over two lines, and lines that a text hides.
BOOST_AUTO_TEST_CASE(proxies_and_their_arrows_are_found_rfc_3665_3_5) {
  constexpr auto f = read_flow(text_view{through_proxies});
  static_assert(f.readable() && f.size == 17 && f.notation == notation::ladder);
  static_assert(f.participant_count == 4 && f.is_proxy[1] && f.is_proxy[2] && !f.is_proxy[3]);
  static_assert(f[0].line == 4 && f[16].line == 24 && f.rest.empty());
  BOOST_TEST(check_flow(through_proxies).complete());
  BOOST_TEST(messages_of(through_proxies).substr(0, 46) ==
             "Alice -> Proxy 1: INVITE\nProxy 1 -> Proxy 2: I");
  BOOST_TEST(messages_of(through_proxies).find("\nProxy 1 -> Bob: ACK\n") != std::string::npos);
}
BOOST_AUTO_TEST_CASE(what_stands_beside_the_lines_is_no_part_of_it) {
  BOOST_TEST(messages_of("State  Alice                Bob  State\n"
                         "        |                    |\n"
                         "  Pre   | F1 INVITE (sdp)    |  --+\n"
                         "        |------------------->|    |\n"
                         "        | (100 Trying) F2    | <- at once\n"
                         "        |<-------------------|  Ear\n"
                         "        | (181 Call Is Being Forwarded) F3\n"
                         "        |<-------------------|\n") ==
             "Alice -> Bob: INVITE (sdp)\nBob -> Alice: 100 Trying\n"
             "Bob -> Alice: 181 Call Is Being Forwarded\n");
}
// What ladder.hpp prints: numbers before it, the messages in the arrows, what is wrong behind them.
BOOST_AUTO_TEST_CASE(a_ladder_that_was_printed_is_read_again) {
  std::string_view const printed =
      "      alice                     bob\n"
      "  1     |---- INVITE (sdp) ----->|\n"
      "  2     |<-- 200 OK (INVITE) ----|\n"
      "  3     |--------- BYE --------->|  !! the 2xx is acknowledged first (RFC 3261 13.2.2.4)\n";
  BOOST_TEST(messages_of(printed) == "alice -> bob: INVITE (sdp)\nbob -> alice: 200 OK (INVITE)\n"
                                     "alice -> bob: BYE\n");
  std::size_t count = 0;
  for (standard_flow const* const f : flows::rfc3665) count += survives_print(f->text);
  for (standard_flow const* const f : flows::rfc6337) count += survives_print(f->text);
  BOOST_TEST(count > 20u);
  for (standard_flow const* const f : race_conditions) BOOST_TEST(survives_print(f->text), f->name);
}
BOOST_AUTO_TEST_CASE(what_is_lost_or_crosses_is_read_again) {
  BOOST_TEST(survives_print("alice -> bob: INVITE\nbob -> alice: 200 OK (lost)\n"
                            "bob -> alice: 200 OK (again)\nalice -> bob: ACK"));
  BOOST_TEST(survives_print("alice -> bob: INVITE\nbob --x alice: 200 OK\n"
                            "bob -> alice: 200 OK (again)\nalice -> bob: ACK\n"
                            "alice -> bob: BYE (lost)"));
  BOOST_TEST(survives_print("alice -> bob: INVITE\nbob -> alice: 200 OK\nalice -> bob: ACK\n"
                            "alice -> : BYE #1\nbob -> : BYE #2\n-> bob: #1\n-> alice: #2\n"
                            "bob -> alice: 200 OK\nalice -> bob: 200 OK"));
  BOOST_TEST(survives_print("alice -> p: INVITE\np -> bob: INVITE\nbob -> : 200 OK #1\n"
                            "-> alice: #1\nalice -> bob: ACK\nbob -> : BYE #2"));
  constexpr auto f = read_flow("A     B\n|     |\n| BYE |\n|--X  |\n|--~  |\n| #1 |");
  static_assert(!f.readable() && f.size == 1 && f[0].lost && !f[0].delivers && f[0].to == 1);
  BOOST_TEST(fails("A     B\n|     |\n|-BYE~|", kind::arrow, "BYE~"));
  BOOST_TEST(fails("A     B\n|     |\n|-BYE-~|", kind::crossing, "BYE"));
  BOOST_TEST(fails("A     B\n|     |\n|~BYE->|", kind::message, "~"));
  BOOST_TEST(fails("A     B\n|     |\n|~-BYE->|", kind::crossing, "BYE"));
  BOOST_TEST(fails("A     B\n|     |\n|~-BYE #1->|", kind::crossing, "BYE #1"));
}
BOOST_AUTO_TEST_CASE(a_long_message_is_printed_with_all_its_marks) {
  BOOST_TEST(
      survives_print("alice -> bob: REGISTER (contact=a, expires=0, reg-id=2, auth, nonce=n1,"
                     " cseq=12)\nbob -> alice: 200 OK"));
  BOOST_TEST(survives_print("alice -> bob: INVITE                                    with SDP and"
                            "                100rel\r (tag=a|b)"));
  BOOST_TEST(survives_print("alice -> bob: OPTIONS\nbob -> alice: 200 " + std::string(99, 'x') +
                            " for OPTIONS with SDP"));
  BOOST_TEST(
      survives_print("a -> b: OPTIONS\nb -> c: OPTIONS\nc -> b: 200 a|b -\nb -> a: 200"
                     " \xc3\xb6\xc3\xb6\xc3\xb6\xc3\xb6\xc3\xb6\xc3\xb6\xc3\xb6\xc3\xb6\xc3\xb6"
                     "\xc3\xb6\xc3\xb6\xc3\xb6\xc3\xb6\xc3\xb6\xc3\xb6\xc3\xb6\xc3\xb6\xc3\xb6"));
}
BOOST_AUTO_TEST_CASE(participants_are_printed_with_what_they_are_and_all_their_lines) {
  std::string const text =
      printed(read_flow("participant a\nparticipant p1 as proxy\nparticipant proxy2\n"
                        "a -> p1: OPTIONS\np1 -> proxy2: OPTIONS"));
  BOOST_TEST(text.substr(0, text.find('\n')) ==
             "        a              p1 as proxy           proxy2");
  BOOST_TEST(
      survives_print("participant alice\nparticipant p1 as proxy\nparticipant bob\n"
                     "alice -> p1: INVITE\np1 -> bob: INVITE\nbob -> p1: 486\np1 -> bob: ACK\n"
                     "p1 -> alice: 486\nalice -> p1: ACK"));
  BOOST_TEST(survives_print("a -> c: OPTIONS\nparticipant b as proxy\nb -> d: OPTIONS"));
  BOOST_TEST(survives_print("participant a\nparticipant b\nparticipant c\nparticipant d\n"
                            "a -> c: OPTIONS\nb -> d: OPTIONS"));
  BOOST_TEST(survives_print("first.of.two.servers.with.a.long.name.example.com.1 -> "
                            "first.of.two.servers.with.a.long.name.example.com.2: OPTIONS"));
  BOOST_TEST(survives_print("a -> " + std::string(200, 'b') + ": OPTIONS\na -> " +
                            std::string(200, 'c') + ": OPTIONS"));
}
// Who sends it is not drawn, and so it is no flow.
BOOST_AUTO_TEST_CASE(a_line_of_dots_is_told) {
  std::string const text = printed(read_flow("INVITE -> 486 Busy Here -> ACK"));
  BOOST_TEST(fails(text, kind::arrow, "486 Busy Here"));
  BOOST_TEST(messages_of("A     B\n|     |\n| BYE |\n|---->|\n| ... |\n| .   |") ==
             "A -> B: BYE\n");
}
BOOST_AUTO_TEST_CASE(another_flow_begins_behind_it) {
  constexpr auto f = read_flow("A     B\n|     |\n| BYE |\n|---->|\n\nINVITE -> 486 -> ACK");
  static_assert(f.readable() && f.size == 1 && f.rest == "INVITE -> 486 -> ACK" &&
                f.rest_line == 6);
}
BOOST_AUTO_TEST_CASE(what_is_missing_in_a_drawing_is_told) {
  BOOST_TEST(fails("A     B\n|     |\n|---->|", kind::message, "---->"));
  BOOST_TEST(fails("A     B\n|     |\n| BYE |\n|-----|", kind::arrow, "-----"));
  BOOST_TEST(fails("A     B\n|     |\n| BYE |\n|     |", kind::arrow, "BYE"));
  BOOST_TEST(fails("A     B\n|     |\n| BYE |\n| ACK |\n|---->|", kind::arrow, "BYE"));
  BOOST_TEST(fails("A     B\n|     |\n| ACK |\n|-BYE->|", kind::arrow, "ACK"));
  BOOST_TEST(fails("A     B\n|     |\n| F1 ACK |\n|<-BYE-|", kind::arrow, "ACK"));
  BOOST_TEST(fails("A     B\n|     |\n| (ACK) F1 |\n|<====>|\n", kind::arrow, "ACK"));
  BOOST_TEST(fails("A   B   C\n|   |   |\n|   |ACK|\n|--BYE->|", kind::arrow, "ACK"));
  BOOST_TEST(messages_of("A     B\n|     |\n|  ok |\n|-BYE->|\n|media|\n|<===>|") ==
             "A -> B: BYE\n");
  BOOST_TEST(fails("A     B\n|     |\n| BYE hello |\n|---->|", kind::word, "hello"));
  BOOST_TEST(fails("A     B\n|     |\n|     |", kind::empty, ""));
  BOOST_TEST(fails("A     A\n|     |\n| BYE |\n|---->|", kind::participant, "A"));
  BOOST_TEST(fails("A\n|     |\n| BYE |\n|---->|", kind::participant, "A"));
  BOOST_TEST(fails("a b c d e f g h i\n| | | | | | | | |\n", kind::participant, "a"));
}
// Whatever is cut off or changed, the reader comes to an end within the text.
BOOST_AUTO_TEST_CASE(each_beginning_of_a_drawing_is_read_or_refused) {
  for (std::size_t n = 0; n < through_proxies.size(); ++n) {
    std::string const part{through_proxies.substr(0, n)}; // a copy of exact size
    (void)read_flow(part);
    std::string changed{through_proxies};
    for (char const c : {'|', '-', '>', '<', ' ', '\n', 'F'}) {
      changed[n] = c;
      (void)read_flow(changed);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
