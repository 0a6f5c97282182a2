// The shorthand that people write stands for strict flows, which are written beside it, and what is
// wrong stays wrong.
#include <ctsip/flow/outline.hpp>

#include <flow/lines.hpp>

#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>

using ctsip::check_flow;
using ctsip::check_outline;
using namespace ctsip::literals;

namespace {

// A line, and the strict flows that it stands for, one on each line.
struct completion {
  std::string_view text;
  std::string_view strict;
};

// Whether the flows that an outline stands for are the ones on these lines, in constant evaluation.
constexpr bool stands_for(std::string_view text, std::string_view strict) {
  auto const v = check_outline(text);
  if (!v.accepted()) return false;
  for (std::size_t i = 0; i < v.size(); ++i) {
    if (i) {
      if (strict.empty() || strict[0] != '\n') return false;
      strict.remove_prefix(1);
    }
    bool same = true;
    v.print(i, [&](std::string_view piece) {
      same = same && strict.size() >= piece.size() && strict.substr(0, piece.size()) == piece;
      if (same) strict.remove_prefix(piece.size());
    });
    if (!same) return false;
  }
  return strict.empty();
}

std::string completed(std::string_view text) {
  auto const v = check_outline(text);
  std::string all;
  for (std::size_t i = 0; i < v.size(); ++i) {
    if (i) all += '\n';
    v.print(i, [&](std::string_view piece) { all += piece; });
  }
  return all;
}

// clang-format off
constexpr completion written[] = {
    {lines::registration.text,
     "REGISTER -> 401 Unauthorized -> REGISTER (auth)"},
    {lines::registration_challenged.text,
     "REGISTER -> 401 Unauthorized -> REGISTER (auth) -> 200 OK"},
    {lines::session_reliable.text,
     "INVITE (100rel) -> 100 Trying -> 180 Ringing (100rel) -> PRACK -> 200 OK (PRACK)"
     " -> 200 OK -> ACK\n"
     "INVITE (100rel) -> 100 Trying -> 183 Session Progress (100rel) -> PRACK -> 200 OK (PRACK)"
     " -> 200 OK -> ACK"},
    {lines::session_alternatives.text,
     "INVITE -> 100 Trying -> 180 Ringing -> 200 OK -> ACK\n"
     "INVITE -> 100 Trying -> 183 Session Progress -> 200 OK -> ACK"},
    {lines::session.text,
     "INVITE -> 100 Trying -> 180 Ringing -> 200 OK -> ACK"},
    {lines::session_if_reliable.text,
     "INVITE (100rel) -> 180 Ringing (100rel) -> PRACK -> 200 OK (PRACK) -> 200 OK -> ACK\n"
     "INVITE -> 200 OK -> ACK"},
    {lines::early_media.text,
     "INVITE (sdp, 100rel) -> 183 Session Progress (sdp, 100rel) -> PRACK -> 200 OK (PRACK)"},
    {lines::modification.text,
     "INVITE -> 200 OK -> ACK -> UPDATE -> 200 OK\n"
     "INVITE -> 200 OK -> ACK -> re-INVITE -> 200 OK -> ACK"},
    {lines::modification_separate.text,
     "INVITE -> 200 OK -> ACK -> UPDATE -> 200 OK\n"
     "INVITE -> 200 OK -> ACK -> re-INVITE -> 200 OK -> ACK"},
    {lines::release.text,
     "INVITE -> 200 OK -> ACK -> BYE -> 200 OK"},
    {lines::release_response.text,
     "INVITE -> 200 OK -> ACK -> BYE -> 200 OK"},
    {lines::cancellation.text,
     "INVITE -> 180 Ringing -> CANCEL -> 200 OK (CANCEL) -> 487 Request Terminated -> ACK"},
    {lines::cancellation_original.text,
     "INVITE -> 180 Ringing -> CANCEL -> 200 OK (CANCEL) -> 487 Request Terminated (INVITE)"
     " -> ACK"},
    {lines::cancellation_of_invite.text,
     "INVITE -> 180 Ringing -> CANCEL -> 200 OK (CANCEL) -> 487 Request Terminated -> ACK"},
    {lines::busy.text,
     "INVITE -> 100 Trying -> 486 Busy Here -> ACK"},
    {lines::not_acceptable.text,
     "INVITE -> 488 Not Acceptable Here -> ACK\n"
     "INVITE -> 415 Unsupported Media Type -> ACK\n"
     "INVITE -> 200 OK -> ACK -> UPDATE -> 488 Not Acceptable Here\n"
     "INVITE -> 200 OK -> ACK -> UPDATE -> 415 Unsupported Media Type"},
    {lines::server_error.text,
     "INVITE -> 500 Server Internal Error -> ACK\n"
     "INVITE -> 503 Service Unavailable -> ACK\n"
     "REGISTER -> 500 Server Internal Error\n"
     "REGISTER -> 503 Service Unavailable"},
};
static_assert(std::size(written) == std::size(lines::all));

constexpr completion relatives[] = {
    // Nothing is needed before a request that needs no dialog.
    {"OPTIONS -> response",
     "OPTIONS -> 200 OK"},
    {"INFO -> 200 OK / 415 Unsupported Media Type",
     "INVITE -> 200 OK -> ACK -> INFO -> 200 OK\n"
     "INVITE -> 200 OK -> ACK -> INFO -> 415 Unsupported Media Type"},
    {"BYE by callee -> 200 OK",
     "INVITE -> 200 OK -> ACK -> callee: BYE -> 200 OK"},
    // The ACK is sent by the one who sent the INVITE.
    {"INVITE -> 200 OK -> ACK <- re-INVITE -> 488",
     "INVITE -> 200 OK -> ACK -> callee: re-INVITE -> 488 Not Acceptable Here -> callee: ACK"},
    {"re-INVITE -> CANCEL -> 200 OK for CANCEL -> 487",
     "INVITE -> 200 OK -> ACK -> re-INVITE -> 180 Ringing -> CANCEL -> 200 OK (CANCEL)"
     " -> 487 Request Terminated -> ACK"},
    // "This response is never returned for a CANCEL request itself." (RFC 3261 21.4.25)
    {"CANCEL -> 487",
     "INVITE -> 180 Ringing -> CANCEL -> 487 Request Terminated -> ACK"},
    // A 2xx may have been under way (RFC 3261 9.1).
    {"INVITE -> CANCEL -> 200 OK for CANCEL -> 200 OK for INVITE -> ACK -> BYE -> response",
     "INVITE -> 180 Ringing -> CANCEL -> 200 OK (CANCEL) -> 200 OK (INVITE) -> ACK -> BYE"
     " -> 200 OK"},
    {"INVITE -> 401 -> INVITE with Authorization -> 200 OK -> ACK",
     "INVITE -> 401 Unauthorized -> ACK -> INVITE (auth) -> 200 OK -> ACK"},
    {"INVITE -> INVITE with Proxy-Authorization -> 486 Busy Here",
     "INVITE -> 407 Proxy Authentication Required -> ACK -> INVITE (auth) -> 486 Busy Here"
     " -> ACK"},
    {"REGISTER with Authorization -> 200 OK",
     "REGISTER (auth) -> 200 OK"},
    // The PRACK is that of the nearest provisional response.
    {"INVITE -> 180 -> 183 -> PRACK -> 200 OK -> 200 OK -> ACK",
     "INVITE (100rel) -> 180 Ringing -> 183 Session Progress (100rel) -> PRACK -> 200 OK (PRACK)"
     " -> 200 OK -> ACK"},
    {"INVITE -> 183 -> PRACK when reliable provisional response is used -> 200 OK -> ACK",
     "INVITE (100rel) -> 183 Session Progress (100rel) -> PRACK -> 200 OK (PRACK) -> 200 OK"
     " -> ACK\n"
     "INVITE -> 183 Session Progress -> 200 OK -> ACK"},
    {"INVITE -> 183 (100rel) -> PRACK if reliable provisional response is used -> 200 OK -> ACK",
     "INVITE (100rel) -> 183 Session Progress (100rel) -> PRACK -> 200 OK (PRACK) -> 200 OK"
     " -> ACK"},
    // A description in an unreliable 1xx is a preview of the answer.
    {"INVITE -> 183 with SDP -> 200 OK -> ACK",
     "INVITE (sdp) -> 183 Session Progress (sdp) -> 200 OK (sdp) -> ACK"},
    {"INVITE without SDP -> 200 OK with SDP -> ACK",
     "INVITE (no sdp) -> 200 OK (sdp) -> ACK (sdp)"},
    {"UPDATE with SDP -> response",
     "INVITE (sdp) -> 200 OK (sdp) -> ACK -> UPDATE (sdp) -> 200 OK (sdp)"},
    {"INVITE -> 180 -> PRACK -> BYE -> 200 OK",
     "INVITE (100rel) -> 180 Ringing (100rel) -> PRACK -> 200 OK (PRACK) -> BYE -> 200 OK (BYE)"},
    {"INVITE -> ACK after response, then BYE -> a final response",
     "INVITE -> 200 OK -> ACK -> BYE -> 200 OK"},
    {"BYE after ACK -> 481 Call/Transaction Does Not Exist",
     "INVITE -> 200 OK -> ACK -> BYE -> 481 Call/Transaction Does Not Exist"},
    {"180 Ringing -> 200 OK -> ACK",
     "INVITE -> 180 Ringing -> 200 OK -> ACK"},
    // A request that names no call is of the first message's, and so is what is added to it.
    {"INVITE (call=1) -> 180 Ringing -> 200 OK -> ACK -> BYE -> 200 OK",
     "INVITE (call=1) -> 180 Ringing -> 200 OK -> ACK (call=1) -> BYE (call=1) -> 200 OK"},
    {"BYE (call=1) -> 200 OK",
     "INVITE (call=1) -> 200 OK (call=1) -> ACK (call=1) -> BYE (call=1) -> 200 OK"},
    {"INVITE (call=1) -> INVITE (call=2) -> 486 (call=1) -> 486 (call=2)",
     "INVITE (call=1) -> INVITE (call=2) -> 486 Busy Here (call=1) -> ACK (call=1)"
     " -> 486 Busy Here (call=2) -> ACK (call=2)"},
    // What is sent again has been challenged or acknowledged no more than before.
    {"REGISTER (auth) -> REGISTER (auth, again) -> 200 OK",
     "REGISTER (auth) -> REGISTER (auth, again) -> 200 OK"},
    {"INVITE (auth, lost) -> INVITE (auth, again) -> 200 OK -> ACK",
     "INVITE (auth, lost) -> INVITE (auth, again) -> 200 OK -> ACK"},
    {"INVITE -> 180 -> PRACK -> PRACK (again) -> 200 OK for PRACK -> 200 OK -> ACK",
     "INVITE (100rel) -> 180 Ringing (100rel) -> PRACK -> PRACK (again) -> 200 OK (PRACK)"
     " -> 200 OK -> ACK"},
    {"INVITE -> 180 -> PRACK -> PRACK (again)",
     "INVITE (100rel) -> 180 Ringing (100rel) -> PRACK -> 200 OK (PRACK) -> PRACK (again)"},
    // The ACK to a failure may be written behind the next INVITE.
    {"INVITE -> 407 -> INVITE (auth) -> 200 OK -> ACK -> ACK",
     "INVITE -> 407 Proxy Authentication Required -> INVITE (auth) -> 200 OK -> ACK -> ACK"},
    {"INVITE -> 200 OK -> ACK -> re-INVITE -> 486 -> re-INVITE by callee -> ACK"
     " -> 488 for re-INVITE -> ACK by callee",
     "INVITE -> 200 OK -> ACK -> re-INVITE -> 486 Busy Here -> callee: re-INVITE -> ACK"
     " -> 488 Not Acceptable Here (re-INVITE) -> callee: ACK"},
    {"INVITE -> 486 -> INVITE (call=2) -> ACK -> 200 OK -> ACK (call=2)",
     "INVITE -> 486 Busy Here -> INVITE (call=2) -> ACK -> 200 OK -> ACK (call=2)"},
    {"INVITE -> 486 -> INVITE -> 200 OK -> ACK",
     "INVITE -> 486 Busy Here -> ACK -> INVITE -> 200 OK -> ACK"},
    {"INVITE -> 486 -> INVITE -> 486 -> INVITE -> 200 OK -> ACK -> ACK -> ACK",
     "INVITE -> 486 Busy Here -> INVITE -> 486 Busy Here -> INVITE -> 200 OK -> ACK -> ACK -> ACK"},
    {"INVITE -> 200 OK -> ACK\n -> BYE -> 200 OK\n\nREGISTER -> response\n",
     "INVITE -> 200 OK -> ACK -> BYE -> 200 OK\n"
     "REGISTER -> 200 OK"},
};

// What no addition mends, and the step that is wrong.
struct wrong_line {
  std::string_view text;
  std::size_t step;
  std::string_view clause;
};
constexpr wrong_line wrong[] = {
    {lines::ack_to_provisional, 3, "RFC 3261 13.2.2.4"},
    {lines::cancel_after_success, 3, "RFC 3261 9.1, RFC 5407 3.1.2"},
    {lines::bye_after_failure, 4, "RFC 3261 15"},
    {"ACK", 1, "RFC 3261 13.2.2.4"},
    {"INVITE -> ACK", 2, "RFC 3261 13.2.2.4"},
    {"INVITE -> PRACK -> ACK", 3, "RFC 3261 13.2.2.4"},
    {"INVITE -> 200 OK -> ACK -> ACK", 4, "RFC 3261 13.2.2.4"},
    {"OPTIONS -> 200 OK -> ACK", 3, "RFC 3261 17.1.2.1"},
    {"UPDATE -> 200 OK -> ACK", 3, "RFC 3261 17.1.2.1"},
    {"BYE -> response -> ACK", 3, "RFC 3261 17.1.2.1"},
    {"REGISTER -> CANCEL -> 200 OK", 2, "RFC 3261 9.1"},
    {"INVITE -> 486 -> CANCEL", 3, "RFC 3261 9.1, RFC 5407 3.1.2"},
    {"INVITE -> response -> CANCEL", 3, "RFC 3261 9.1, RFC 5407 3.1.2"},
    {"INVITE -> 200 OK / 486 -> ACK -> BYE", 4, "RFC 3261 15"},
    {"CANCEL -> 200 OK for CANCEL -> 487 -> BYE", 4, "RFC 3261 15"},
    {"INVITE -> 200 OK -> BYE", 3, "RFC 3261 13.2.2.4"},
    {"INVITE -> UPDATE -> 200 OK", 2, "RFC 3261 12.2"},
    {"INVITE -> 486 -> PRACK", 3, "RFC 3261 12.2"},
    {"INVITE -> 200 OK -> PRACK", 3, "RFC 3262 4"},
    {"INVITE -> 200 OK -> ACK -> PRACK", 4, "RFC 3262 4"},
    {"REGISTER -> 180 Ringing -> 200 OK", 2, "RFC 4320 4.1"},
    {"BYE -> 200 OK -> 200 OK", 3, ""},
    {"INVITE -> 486 -> 200 OK", 3, ""},
    {"INVITE -> 486 -> INVITE -> 200 OK -> ACK -> ACK -> ACK", 7, "RFC 3261 13.2.2.4"},
    {"BYE -> 200 OK -> BYE", 3, ""},
    {"INVITE -> 180 -> UPDATE with SDP -> 200 OK with SDP -> 200 OK -> ACK", 3, "RFC 3311 5.1"},
    // The bodies of an UPDATE are not completed.
    {"UPDATE with SDP -> 200 OK", 2, ""},
    {"INVITE without SDP -> 183 with SDP -> PRACK -> 200 OK for PRACK", 3, "RFC 3262 5"},
    {"BYE -> 200 OK; INVITE -> 200 OK -> CANCEL", 3, "RFC 3261 9.1, RFC 5407 3.1.2"},
    // The failure is not that of an INVITE that is not written.
    {"CANCEL -> 481", 2, "RFC 3261 9.2"},
    {"PRACK -> 481", 2, "RFC 3262 3"},
};
// clang-format on

// One instantiation a line, so that the compiler names the one that fails and no evaluation grows
// with their number.
template <std::size_t I>
struct written_completes {
  static_assert(stands_for(written[I].text, written[I].strict));
  static constexpr bool value = true;
};
template <std::size_t I>
struct relative_completes {
  static_assert(stands_for(relatives[I].text, relatives[I].strict));
  static constexpr bool value = true;
};
template <std::size_t I>
struct wrong_is_refused {
  static_assert(check_outline(wrong[I].text).violated());
  static constexpr bool value = true;
};

template <std::size_t... I>
constexpr bool completes_the_written(std::index_sequence<I...>) {
  return (written_completes<I>::value && ...);
}
template <std::size_t... I>
constexpr bool completes_the_relatives(std::index_sequence<I...>) {
  return (relative_completes<I>::value && ...);
}
template <std::size_t... I>
constexpr bool refuses_the_wrong(std::index_sequence<I...>) {
  return (wrong_is_refused<I>::value && ...);
}
static_assert(completes_the_written(std::make_index_sequence<std::size(written)>{}));
static_assert(completes_the_relatives(std::make_index_sequence<std::size(relatives)>{}));
static_assert(refuses_the_wrong(std::make_index_sequence<std::size(wrong)>{}));

static_assert("BYE -> 200 OK"_outline.complete());
static_assert("INVITE→100 Trying→180 Ringing→200 OK→ACK"_outline.size() == 1);
static_assert("UPDATE / re-INVITE -> 200 OK -> ACK when re-INVITE is used"_outline.size() == 2);

constexpr auto bye = "BYE -> 200 OK"_outline;
static_assert(bye.steps(0) == 5 && bye.added(0, 0) && bye.added(0, 2) && !bye.added(0, 3));

// The printed flows are strict, and stand for themselves.
template <class Lines>
void prints_strict_flows(Lines const& all) {
  for (auto const& line : all) BOOST_TEST_CONTEXT(line.text) {
      auto const v = check_outline(line.text);
      BOOST_TEST(v.accepted());
      BOOST_TEST(completed(line.text) == line.strict);
      bool complete = true;
      for (std::size_t i = 0; i < v.size(); ++i) {
        char buffer[1024];
        std::size_t const n = v.write(i, buffer, sizeof buffer);
        BOOST_REQUIRE(n <= sizeof buffer);
        std::string_view const strict{buffer, n};
        auto const flow = check_flow(strict);
        BOOST_TEST(flow.legal());
        complete = complete && flow.complete();
        BOOST_TEST(completed(strict) == strict);
        BOOST_TEST(ctsip::flow_check<ctsip::uac_call>::check(v.flow(i)).legal());
      }
      BOOST_TEST(v.complete() == complete);
    }
}

} // namespace

BOOST_AUTO_TEST_SUITE(flow_outline)

BOOST_AUTO_TEST_CASE(every_line_that_people_write_stands_for_the_flows_beside_it) {
  for (std::size_t i = 0; i < std::size(written); ++i)
    BOOST_TEST(written[i].text == lines::all[i]->text);
  prints_strict_flows(written);
}

BOOST_AUTO_TEST_CASE(their_relatives_stand_for_the_flows_beside_them) {
  prints_strict_flows(relatives);
}

BOOST_AUTO_TEST_CASE(a_strict_line_stands_for_itself) {
  for (auto const* line : lines::all) BOOST_TEST_CONTEXT(line->text) {
      BOOST_TEST((!line->strict || check_flow(line->text).legal()));
      if (!line->strict) continue;
      auto const v = check_outline(line->text);
      BOOST_TEST(v.size() == 1u);
      for (std::size_t k = 0; k < v.steps(0); ++k) BOOST_TEST(!v.added(0, k));
    }
}

BOOST_AUTO_TEST_CASE(what_is_wrong_stays_wrong_and_is_told_like_a_strict_flow) {
  for (auto const& line : wrong) BOOST_TEST_CONTEXT(line.text) {
      auto const v = check_outline(line.text);
      BOOST_TEST(v.violated());
      BOOST_TEST(v.step() == line.step);
      BOOST_TEST(!v.sentence().empty());
      BOOST_TEST(!v.clause().empty());
      if (!line.clause.empty()) BOOST_TEST(v.clause() == line.clause);
      BOOST_TEST(line.text.find(v.message()) != std::string_view::npos);
    }
  for (auto const text : lines::refused) BOOST_TEST_CONTEXT(text) {
      auto const strict = check_flow(text);
      auto const v = check_outline(text);
      BOOST_TEST(strict.violated());
      BOOST_TEST(v.step() == strict.step());
      BOOST_TEST(v.sentence() == strict.sentence());
      BOOST_TEST(v.clause() == strict.clause());
      BOOST_TEST(v.participant() == strict.participant());
      BOOST_TEST(v.message() == strict.message());
    }
}

BOOST_AUTO_TEST_CASE(what_was_added_is_told_from_what_is_written) {
  auto const v = check_outline("CANCEL -> response, then original INVITE gets 487");
  BOOST_REQUIRE(v.steps(0) == 6u);
  auto const flow = v.flow(0);
  bool const added[] = {true, true, false, false, false, true};
  for (std::size_t k = 0; k < 6; ++k) {
    BOOST_TEST(v.added(0, k) == added[k]);
    BOOST_TEST(flow[k].text.empty() == added[k]);
  }
  BOOST_TEST(flow[3].text == "response");
}

BOOST_AUTO_TEST_CASE(a_ladder_and_a_log_are_strict_already) {
  BOOST_TEST(
      check_outline("alice -> bob: INVITE\nbob -> alice: 486\nalice -> bob: ACK").complete());
  BOOST_TEST(completed("alice -> bob: INVITE") == "alice -> bob: INVITE\n");
  static_assert("A         B\n|         |\n| OPTIONS |\n|-------->|\n"_outline.size() == 1);
  std::string_view const drawn = "  Alice     Bob\n"
                                 "    |        |\n"
                                 "    | INVITE |\n"
                                 "    |------->|\n"
                                 "    |<--486--|\n"
                                 "    |--ACK-->|\n";
  BOOST_TEST(check_outline(drawn).complete());
  BOOST_TEST(completed(drawn) ==
             "Alice -> Bob: INVITE\nBob -> Alice: 486 Busy Here\nAlice -> Bob: ACK\n");
  // Behind another flow, and before one.
  std::string const text = "BYE -> 200 OK\n\n" + std::string{drawn} + "\nBYE -> 200 OK";
  auto const many = check_outline(text);
  BOOST_TEST(many.size() == 3u);
  BOOST_TEST((many.added(0, 0) && !many.added(1, 0) && many.added(2, 0)));
  auto const v = check_outline("> INVITE\n< 180\n> ACK");
  BOOST_TEST(v.violated());
  BOOST_TEST(v.step() == 3u);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_read_says_why_and_where) {
  struct {
    std::string_view text, sentence;
    std::size_t line;
  } const unreadable[] = {
      {"", "there is no message in the text", 1},
      {"INVITE or", "a message is missing here", 1},
      {"BYE ->", "nothing follows the arrow", 1},
      {"INVITE -> 200 OK if", "a condition is: if ... is used, when ... is used", 1},
      {"CANCEL -> 200 OK, 487", "a comma is followed by then", 1},
      {"BYE -> 200 OK\nACK", "an arrow is missing before this message", 2},
      {"INVITE -> BYE after ACK",
       "no request is added to an outline: write the one that this comes after", 1},
      {"INVITE -> 1/2/3", "a status code has three digits, the first of them 1 to 6 (RFC 3261 7.2)",
       1},
      {"100/180/181 -> 180/181/183 -> 200/202 -> ACK",
       "an outline stands for at most 16 flows of 160 messages together", 1},
  };
  for (auto const& line : unreadable) BOOST_TEST_CONTEXT(line.text) {
      auto const v = check_outline(line.text);
      BOOST_TEST(!v.readable());
      BOOST_TEST(v.sentence() == line.sentence);
      BOOST_TEST(v.line() == line.line);
    }
}

BOOST_AUTO_TEST_SUITE_END()
