// Expectations from the notation's own description: what each way of writing says of a message, and
// what it leaves unsaid.
#include <ctsip/flow/notation.hpp>

#include <boost/test/unit_test.hpp>

#include <string>

BOOST_AUTO_TEST_SUITE(flow_notation)

using namespace ctsip;

namespace {

using kind = flow_error_kind;

constexpr bool fails(std::string_view text, kind k, std::string_view about = {}) {
  flow_text const f = read_flow(text);
  return f.error.kind == k && (about.empty() || f.error.text == about) && f.error.what[0] != '\0' &&
         f.error.offset <= text.size();
}

// The only message of a text.
constexpr flow_step one(std::string_view text) {
  flow_text const f = read_flow(text);
  return f.readable() && f.size == 1 ? f[0] : flow_step{};
}

constexpr bool is_request(flow_step const& s, method m) { return s.message.event.is_request(m); }
constexpr bool is_response(flow_step const& s, std::uint16_t status, method m) {
  event const& e = s.message.event;
  return s.is_response() && e.status == status && e.method == m &&
         s.method_said == (m != method::extension);
}
constexpr method nothing = method::extension;

} // namespace

BOOST_AUTO_TEST_CASE(arrows_are_read_with_and_without_spaces_phrases_and_unicode) {
  for (std::string_view const text :
       {"INVITE -> 100 Trying -> 180 Ringing -> 200 OK -> ACK", "INVITE->100->180->200->ACK",
        "INVITE→100 Trying→180 Ringing→200 OK→ACK",
        "  INVITE -> 100 Trying ->\r\n  180 Ringing\r\n# it rings\n -> 200 OK\n-> ACK\n"}) {
    flow_text const f = read_flow(text);
    BOOST_REQUIRE(f.readable());
    BOOST_CHECK(f.notation == notation::arrows);
    BOOST_REQUIRE_EQUAL(f.size, 5);
    BOOST_CHECK(is_request(f[0], method::invite));
    BOOST_CHECK(is_response(f[1], 100, nothing));
    BOOST_CHECK(is_response(f[2], 180, nothing));
    BOOST_CHECK(is_response(f[3], 200, nothing));
    BOOST_CHECK(is_request(f[4], method::ack));
    BOOST_CHECK(f.rest.empty());
  }
  static_assert(read_flow("INVITE -> 100 Trying -> 180 Ringing -> 200 OK -> ACK").size == 5);
}

BOOST_AUTO_TEST_CASE(the_arrows_of_unicode_point_to_the_right_or_to_the_left) {
  for (std::string const arrow : {"→", "⟶", "⇒", "⟹", "➔", "➜"}) BOOST_TEST_CONTEXT(arrow) {
      flow_text const f = read_flow("INVITE " + arrow + " 180 Ringing" + arrow + "BYE");
      BOOST_REQUIRE(f.readable());
      BOOST_REQUIRE_EQUAL(f.size, 3);
      BOOST_CHECK(f[2].from == 0);
    }
  for (std::string const arrow : {"←", "⟵", "⇐", "⟸"}) BOOST_TEST_CONTEXT(arrow) {
      flow_text const f = read_flow("INVITE -> 200 OK -> ACK " + arrow + " BYE");
      BOOST_REQUIRE(f.readable());
      BOOST_CHECK(f[3].from == 1);
    }
  BOOST_CHECK(read_flow("alice ⟶ bob: INVITE").notation == notation::ladder);
  for (std::string const arrow : {"↔", "⇄", "⟷", "➡", "⤳"}) BOOST_TEST_CONTEXT(arrow) {
      BOOST_CHECK(fails("INVITE " + arrow + " 200 OK", kind::arrow, arrow));
      BOOST_CHECK(fails("INVITE -> 200 OK " + arrow + " ACK", kind::arrow, arrow));
    }
}

BOOST_AUTO_TEST_CASE(what_stands_around_a_flow_is_no_part_of_it) {
  constexpr auto f = read_flow("\xef\xbb\xbfINVITE -> 200 OK -> ACK");
  static_assert(f.readable() && f.size == 3 && f[0].text == "INVITE");
  constexpr auto g = read_flow("\xef\xbb\xbf> INVITE\n< 200 OK");
  static_assert(g.readable() && g.notation == notation::log);
  constexpr auto h = read_flow("@startuml a call\nalice -> bob: INVITE\nbob --> alice: 486 Busy "
                               "Here\nalice -> bob: ACK\n@enduml\n");
  static_assert(h.readable() && h.size == 3 && h[0].line == 2 && h.rest.empty());
}

BOOST_AUTO_TEST_CASE(the_time_of_a_line_is_no_part_of_it) {
  constexpr auto f = read_flow("10:15:01.250 alice -> bob: INVITE\n"
                               "  10:15:01,251\tbob -> alice: 486 Busy Here\n"
                               "[10:15:01] alice -> bob: ACK");
  static_assert(f.readable() && f.size == 3 && f.notation == notation::ladder);
  static_assert(f.participant_count == 2 && f.participants[0] == "alice" && f[2].text == "ACK");
  for (std::string const time :
       {"10:15:01", "[10:15:01]", "10:15:01.250123", "2026-05-04 10:15:01", "2026/05/04 10:15:01,3",
        "2026-05-04T10:15:01Z", "[2026-05-04T10:15:01.25+02:00]", "10:15:01-0500", "10:15:01+02"})
    BOOST_TEST_CONTEXT(time) {
      BOOST_CHECK(read_flow(time + " > INVITE\n" + time + " < 200 OK").notation == notation::log);
      BOOST_CHECK_EQUAL(read_flow(time + " > INVITE\n" + time + " < 200 OK").size, 2);
      BOOST_CHECK_EQUAL(read_flow(time + " INVITE -> 200 OK -> ACK").size, 3);
      BOOST_CHECK(!read_flow(time + "\n> INVITE").readable()); // the message is missing
    }
  // Neither an address nor a status code is a time.
  constexpr auto g = read_flow("192.0.2.1 -> 192.0.2.2: INVITE");
  static_assert(g.readable() && g.participants[0] == "192.0.2.1");
  BOOST_CHECK_EQUAL(read_flow("200 OK for BYE").size, 1);
  for (std::string const no_time : {"10:15", "10:15:01]", "[10:15:01", "1:15:01", "10:15:0x",
                                    "2026-05-0410:15:01", "10:15:01x"})
    BOOST_TEST_CONTEXT(no_time) BOOST_CHECK(!read_flow(no_time + " > INVITE").readable());
}

BOOST_AUTO_TEST_CASE(the_caller_sends_the_requests_of_arrows_and_responses_are_unsaid) {
  constexpr auto f = read_flow("INVITE -> 200 OK -> ACK <- BYE -> 200 OK -> bob: UPDATE");
  static_assert(f.readable() && f.size == 6);
  static_assert(f[0].from == 0 && f[0].to == 1 && !f[0].from_said);
  static_assert(f[1].from == unsaid && f[1].to == unsaid);
  static_assert(f[2].from == 0);
  static_assert(f[3].from == 1 && f[3].to == 0 && f[3].from_said);
  static_assert(f[4].from == unsaid);
  static_assert(f[5].from == 1 && f.participants[1] == "bob");
  static_assert(f.participants[0] == "caller" && f.participant_count == 2);
}

BOOST_AUTO_TEST_CASE(a_name_marks_a_request_by_the_other_side) {
  BOOST_CHECK_EQUAL(read_flow("INVITE -> 200 OK -> BYE by callee")[2].from, 1);
  BOOST_CHECK_EQUAL(read_flow("INVITE -> 200 OK -> BYE (callee)")[2].from, 1);
  BOOST_CHECK_EQUAL(read_flow("INVITE -> 200 OK -> BYE by the callee")[2].from, 1);
  BOOST_CHECK_EQUAL(read_flow("alice: INVITE -> bob: 200 OK -> alice: BYE")[2].from, 0);
  BOOST_CHECK_EQUAL(read_flow("INVITE -> callee: 200 OK -> UAS: BYE")[1].from, 1);
  BOOST_CHECK(fails("alice: INVITE -> bob: 200 OK -> carol: BYE", kind::participant, "carol"));
}

BOOST_AUTO_TEST_CASE(the_method_that_a_response_answers_is_written_in_five_ways) {
  for (std::string_view const text :
       {"200 OK for PRACK", "200 OK (PRACK)", "200 (PRACK)", "200 OK PRACK", "200 OK (for PRACK)"})
    BOOST_TEST_CONTEXT(text) BOOST_CHECK(is_response(one(text), 200, method::prack));
  BOOST_CHECK(is_response(one("200 OK for re-INVITE"), 200, method::invite));
  BOOST_CHECK(one("200 OK for re-INVITE").message.event.has(mark::to_tag));
  BOOST_CHECK(fails("200 (PRACK, BYE)", kind::mark, "BYE"));
  BOOST_CHECK(fails("INVITE (BYE)", kind::mark, "BYE"));
  BOOST_CHECK(fails("200 (ACK)", kind::mark, "ACK"));
  BOOST_CHECK(fails("200 OK for PARCK", kind::word, "PARCK"));
}

BOOST_AUTO_TEST_CASE(every_registered_method_is_read_in_capitals_rfc3261_25_1) {
  for (std::size_t m = 0; m < method_count; ++m)
    BOOST_CHECK(is_request(one(name(static_cast<method>(m))), static_cast<method>(m)));
  for (std::string_view const text : {"re-INVITE", "Re-INVITE", "reINVITE"}) {
    BOOST_CHECK(is_request(one(text), method::invite));
    BOOST_CHECK(one(text).message.event.has(mark::to_tag) && one(text).reinvite_said);
  }
  for (std::string_view const text : {"invite", "INIVTE", "INVITES", "FOO", "B", "hello"})
    BOOST_CHECK(fails(text, kind::message, text));
}

BOOST_AUTO_TEST_CASE(a_status_code_has_three_digits_rfc3261_7_2) {
  for (std::string_view const text : {"99", "1000", "700", "099", "2xx", "20O"})
    BOOST_CHECK(fails(text, kind::message, text));
  BOOST_CHECK(is_response(one("699"), 699, nothing));
}

BOOST_AUTO_TEST_CASE(a_reason_phrase_is_free_text) {
  for (std::string_view const text :
       {"481 Call/Transaction Does Not Exist", "504 Server Time-out", "200 all's well, that"})
    BOOST_TEST_CONTEXT(text) {
      flow_text const f = read_flow(text);
      BOOST_CHECK_EQUAL(f.readable(), text[0] != '2'); // a comma ends it
    }
  BOOST_CHECK(is_response(one("200 waiting for you (BYE)"), 200, method::bye));
  BOOST_CHECK_EQUAL(one("481 Call/Transaction Does Not Exist (BYE) ").text,
                    "481 Call/Transaction Does Not Exist (BYE)");
}

BOOST_AUTO_TEST_CASE(with_and_without_say_what_marks_say) {
  BOOST_CHECK(one("REGISTER with Authorization").message.event.has(mark::credentials));
  BOOST_CHECK(one("REGISTER (auth)").message.event.has(mark::credentials));
  auto const progress = one("183 Session Progress with an SDP answer and 100rel");
  BOOST_CHECK(progress.message.content == content::sdp);
  BOOST_CHECK(progress.answer_said && progress.message.event.has(mark::reliable | mark::sdp));
  auto const invite = one("INVITE without SDP");
  BOOST_CHECK(invite.content_said && invite.message.content == content::none);
  BOOST_CHECK(fails("INVITE with sugar", kind::mark, "sugar"));
  BOOST_CHECK(fails("INVITE with", kind::word));
}

BOOST_AUTO_TEST_CASE(marks_are_read) {
  constexpr auto a =
      one("INVITE (SDP, 100rel, call=2, branch=x, cseq=7, session-expires=1800;refresher=uac, "
          "min-se=90, timer, again, TCP)");
  static_assert(a.message.content == content::sdp && a.message.supports_100rel);
  static_assert(a.call == 1 && a.branch == 1 && a.message.cseq == 7);
  static_assert(a.message.session_expires == 1800 && a.message.refresher == refresher::uac);
  static_assert(a.message.min_se == 90 && a.message.supports_timer && a.again && a.transport_said);
  static_assert(a.message.event.has(mark::sdp | mark::reliable_transport));
  constexpr auto b = one("183 (100rel, rseq=3, tag=b2, lost)");
  static_assert(b.message.event.has(mark::reliable) && b.message.rseq == 3 && b.tag == 1);
  static_assert(b.lost && !b.delivers && b.sends);
  constexpr auto c = one("PRACK (rack=3 7 INVITE)");
  static_assert(c.message.rack == 3 && c.message.rack_cseq == 7);
  constexpr auto d = one("REGISTER (nonce=n1, contact=sip:a@b, expires=0, reg-id=2)");
  static_assert(d.nonce == 1 && d.contact == 1 && d.expires_said && d.expires == 0);
  static_assert(d.reg_id == 2 && d.message.event.has(mark::credentials));
  constexpr auto e = one("UPDATE (qos=met)");
  static_assert(e.message.content == content::sdp_met && e.message.supports_precondition);
  constexpr auto g = one("INVITE (qos=needed, sdp, require=precondition, supported=timer)");
  static_assert(g.message.content == content::sdp_unmet && g.message.requires_precondition);
  static_assert(g.message.supports_timer && !g.requires_timer);
  constexpr auto h = one("500 (retry-after=5)");
  static_assert(h.message.retry_after && h.retry_after == 5);
  static_assert(one("500 (retry-after)").message.retry_after);
  constexpr auto i = one("423 (min-expires=600)");
  static_assert(i.min_expires == 600);
  constexpr auto j = one("401 (nonce=n2, stale)");
  static_assert(j.nonce == 1 && j.stale && !j.message.event.has(mark::credentials));
  static_assert(one("SUBSCRIBE (event=presence)").package == 1);
}

BOOST_AUTO_TEST_CASE(a_mark_that_is_wrong_is_named) {
  BOOST_CHECK(fails("INVITE (colour=blue)", kind::mark, "colour"));
  BOOST_CHECK(fails("INVITE (sdp, , again)", kind::mark));
  BOOST_CHECK(fails("INVITE ()", kind::mark));
  BOOST_CHECK(fails("INVITE (sdp", kind::mark, "("));
  BOOST_CHECK(fails("INVITE (sdp\n)", kind::mark, "("));
  BOOST_CHECK(fails("INVITE (cseq=x)", kind::value, "x"));
  BOOST_CHECK(fails("INVITE (cseq=0)", kind::value, "0"));
  BOOST_CHECK(fails("INVITE (cseq=4294967296)", kind::value));
  BOOST_CHECK(fails("INVITE (tag=)", kind::value));
  BOOST_CHECK(fails("INVITE (tag=a b)", kind::value, "a b"));
  BOOST_CHECK(fails("INVITE (tag=a, tag=b)", kind::value, "b"));
  BOOST_CHECK(fails("INVITE (qos=good)", kind::value, "good"));
  BOOST_CHECK(fails("INVITE (again=2)", kind::value, "2"));
  BOOST_CHECK(fails("INVITE (rack=1)", kind::mark, "rack"));      // RFC 3262 7.2
  BOOST_CHECK(fails("200 OK (rseq=1)", kind::mark, "rseq"));      // RFC 3262 7.1
  BOOST_CHECK(fails("200 OK (auth)", kind::mark, "auth"));        // RFC 3261 20.7
  BOOST_CHECK(fails("INVITE (refresher=me)", kind::value, "me")); // RFC 4028 4
}

BOOST_AUTO_TEST_CASE(names_are_numbered_by_kind_in_the_order_of_the_text) {
  constexpr auto f = read_flow("INVITE -> 180 (tag=x) -> 180 (tag=y, call=x) -> 200 (tag=x)");
  static_assert(f[0].tag == 0 && f[1].tag == 1 && f[2].tag == 2 && f[3].tag == 1);
  static_assert(f[2].call == 1);
  static_assert(f.names.text(flow_name_kind::tag, 2) == "y");
  static_assert(f.names.text(flow_name_kind::tag, 3).empty());
}

BOOST_AUTO_TEST_CASE(a_request_without_a_call_is_of_the_first_one_between_the_same_two) {
  constexpr auto f = read_flow("alice -> bob: INVITE\nbob -> carol: INVITE (call=2)\n"
                               "carol -> bob: 200 OK\nbob -> carol: ACK\n"
                               "carol -> bob: BYE\nalice -> bob: CANCEL");
  static_assert(f[0].call == 0 && f[1].call != 0 && f[2].call == 0);
  static_assert(f[3].call == f[1].call && f[4].call == f[1].call && f[5].call == 0);
  // Who relays has the call of the first message.
  constexpr auto g = read_flow("alice -> proxy: INVITE (call=2)\nproxy -> bob: INVITE");
  static_assert(g[1].call == g[0].call);
}

BOOST_AUTO_TEST_CASE(the_number_of_a_message_in_a_figure_says_nothing) {
  constexpr auto f = read_flow("alice -> bob: INVITE F1 (sdp)\nbob -> alice: 200 OK F12");
  static_assert(f.readable() && has_sdp(f[0].message.content) && f.size == 2);
  BOOST_CHECK(fails("INVITE F (sdp)", kind::word, "F"));
  BOOST_CHECK(fails("INVITE F1x (sdp)", kind::word, "F1x"));
}

BOOST_AUTO_TEST_CASE(bodies_are_unspecified_until_one_message_carries_one) {
  constexpr auto f = read_flow("INVITE -> 200 OK -> ACK");
  static_assert(!f.bodies_specified && f[1].message.content == content::unspecified);
  constexpr auto g = read_flow("INVITE -> 200 OK (sdp) -> ACK");
  static_assert(g.bodies_specified && g[0].message.content == content::none);
  constexpr auto h = read_flow("INVITE (no sdp) -> 200 OK");
  static_assert(!h.bodies_specified && h[0].message.content == content::none);
  static_assert(h[1].message.content == content::unspecified);
}

BOOST_AUTO_TEST_CASE(a_ladder_has_one_message_a_line_and_as_many_participants_as_it_names) {
  constexpr auto f = read_flow(R"(
# RFC 3665 3.2, in part
alice -> proxy1: INVITE (sdp)
proxy1 → bob: INVITE (sdp)
alice <- proxy1 : 100 Trying
bob -> proxy1: 180 Ringing
)");
  static_assert(f.readable() && f.notation == notation::ladder && f.size == 4);
  static_assert(f.participant_count == 3 && f.is_proxy[1] && !f.is_proxy[0] && !f.is_proxy[2]);
  static_assert(f[0].from == 0 && f[0].to == 1 && f[0].line == 3 && f[0].from_said);
  static_assert(f[2].from == 1 && f[2].to == 0);
  static_assert(f[3].from == 2 && f[3].text == "180 Ringing");
}

BOOST_AUTO_TEST_CASE(a_mermaid_diagram_is_a_ladder) {
  constexpr auto f = read_flow(R"(```mermaid
sequenceDiagram
    autonumber
    participant alice
    participant p as Proxy of bob
    %% a comment

    alice->>p: INVITE
    Note over alice,p: it rings
    p-->>alice: 180 Ringing
    activate p
    p--)alice: 200 OK
    alice --x p: ACK
    alice->>+p: BYE
```)");
  static_assert(f.readable() && f.notation == notation::ladder && f.size == 5);
  static_assert(f.participant_count == 2 && f.is_proxy[1]);
  static_assert(f[1].from == 1 && f[2].from == 1 && f[3].lost && !f[3].delivers);
  BOOST_CHECK(fails("alice->>bob: INVITE\nalt busy\nbob->>alice: 486", kind::outline, "alt"));
}

BOOST_AUTO_TEST_CASE(a_crossing_is_sent_in_one_line_and_delivered_in_another) {
  constexpr auto f = read_flow(R"(alice -> : BYE (cseq=2) #1
bob -> : BYE #2
-> bob: BYE #1
-> alice: #2
alice -> bob: 200 OK (BYE) #3
alice -> bob: 200 OK #3)");
  static_assert(f.readable() && f.size == 6);
  static_assert(f[0].sends && !f[0].delivers && f[0].crossing == 1 && f[0].counterpart == 2);
  static_assert(f[0].from == 0 && f[0].to == 1);
  static_assert(!f[2].sends && f[2].delivers && f[2].from == 0 && f[2].counterpart == 0);
  static_assert(f[2].message.cseq == 2);
  static_assert(is_request(f[3], method::bye) && f[3].from == 1 && f[3].text == "BYE #2");
  static_assert(is_response(f[5], 200, method::bye) && !f[5].sends);
  BOOST_CHECK(fails("alice -> bob: INVITE\n-> bob: BYE #1", kind::crossing));
  BOOST_CHECK(fails("alice -> : BYE\n", kind::crossing));
  BOOST_CHECK(fails("alice -> : BYE #1\nalice -> : UPDATE #1", kind::crossing));
  BOOST_CHECK(fails("alice -> : BYE #1\n-> bob: UPDATE #1", kind::crossing));
  BOOST_CHECK(fails("alice -> : BYE #1\n-> alice: BYE #1", kind::crossing));
  BOOST_CHECK(fails("alice -> : BYE (lost) #1\n-> bob: BYE #1", kind::crossing));
  BOOST_CHECK(fails("alice -> : BYE #1\n-> bob: BYE #1\n-> bob: BYE #1", kind::crossing));
  BOOST_CHECK(fails("alice -> : BYE #0", kind::crossing, "#0"));
  BOOST_CHECK(fails("alice -> : BYE #256", kind::crossing));
  BOOST_CHECK(fails("INVITE -> BYE #1", kind::crossing));
  BOOST_CHECK(fails("> BYE #1", kind::crossing));
}

BOOST_AUTO_TEST_CASE(a_lost_message_needs_no_receiver) {
  constexpr auto f = read_flow("alice -> bob: INVITE\nalice -> : INVITE (again, lost)");
  static_assert(f.readable() && f[1].to == 1 && f[1].sends && !f[1].delivers);
}

BOOST_AUTO_TEST_CASE(a_log_is_the_view_of_one_agent) {
  constexpr auto f = read_flow("> INVITE (sdp)\r\n< 180 Ringing\r\n<200 OK (sdp)\r\n> ACK\r\n");
  static_assert(f.readable() && f.notation == notation::log && f.size == 4);
  static_assert(f.participants[0] == "self" && f.participants[1] == "peer");
  static_assert(f[0].from == 0 && f[1].from == 1 && f[1].to == 0 && f[3].from == 0);
  BOOST_CHECK(fails("> INVITE\n180 Ringing", kind::arrow));
  BOOST_CHECK(fails("> INVITE -> 180", kind::arrow));
  BOOST_CHECK(fails("< 200 OK > ACK", kind::word));
}

BOOST_AUTO_TEST_CASE(a_blank_line_or_dashes_end_a_flow) {
  constexpr std::string_view text = "\n\nINVITE -> 486 -> ACK\n\n# next\n> BYE\n--\n\n---\n";
  constexpr auto f = read_flow(text);
  static_assert(f.readable() && f.size == 3 && f.rest_line == 6);
  constexpr auto g = read_flow(f.rest, f.rest_line);
  static_assert(g.readable() && g.size == 1 && g[0].line == 6 && g.rest.empty());
}

BOOST_AUTO_TEST_CASE(what_belongs_to_an_outline_is_refused_and_says_so) {
  for (std::string_view const text :
       {"INVITE -> 180 Ringing / 183 Session Progress", "INVITE -> 180/183",
        "INVITE -> PRACK if reliable provisional response is used",
        "INVITE -> 200 OK -> ACK after 200 OK", "UPDATE -> response", "UPDATE / re-INVITE -> 200",
        "UPDATE -> 200 OK; re-INVITE -> 200 OK -> ACK", "INVITE or UPDATE -> 488",
        "re-INVITE -> 200 OK -> ACK when re-INVITE is used", "CANCEL -> 200 OK, then 487",
        "> INVITE / UPDATE", "alice -> bob: INVITE or UPDATE"})
    BOOST_TEST_CONTEXT(text) BOOST_CHECK(fails(text, kind::outline));
}

BOOST_AUTO_TEST_CASE(an_arrow_that_is_missing_or_leads_nowhere_is_an_error) {
  BOOST_CHECK(fails("INVITE -> ", kind::arrow));
  BOOST_CHECK(fails("INVITE ->\n\n200 OK", kind::arrow));
  BOOST_CHECK(fails("INVITE\n200 OK", kind::arrow));
  BOOST_CHECK(fails("INVITE 200 OK", kind::arrow, "200"));
  BOOST_CHECK(fails("200 OK 180", kind::arrow, "180"));
  BOOST_CHECK(fails("200 OK ACK", kind::arrow, "ACK"));
  BOOST_CHECK(fails("-> INVITE", kind::message));
  BOOST_CHECK(fails("INVITE -> -> 200", kind::message));
  BOOST_CHECK(fails("alice -> bob: INVITE -> 200", kind::arrow));
  BOOST_CHECK(fails("alice -> bob: INVITE\nalice bob: BYE", kind::arrow));
  BOOST_CHECK(fails("alice -> bob: INVITE\nalice -> bob BYE", kind::participant));
  BOOST_CHECK(fails("alice -> alice: INVITE", kind::participant));
  BOOST_CHECK(fails("alice -> 200: INVITE", kind::participant, "200"));
  BOOST_CHECK(read_flow("1001 -> 1002: INVITE").readable());
  BOOST_CHECK(fails("alice -> bob:", kind::message));
}

BOOST_AUTO_TEST_CASE(an_error_says_where_it_is) {
  constexpr auto f = read_flow("INVITE -> 180 Ringing\n  -> 200 OK (PRAK)\n");
  static_assert(!f.readable() && f.error.kind == kind::mark && f.error.line == 2);
  static_assert(f.error.text == "PRAK" && f.error.offset == 35 && f.size == 2);
}

BOOST_AUTO_TEST_CASE(a_ladder_that_is_drawn_without_names_is_told_what_it_lacks) {
  for (std::string_view const text :
       {"  1     |------------ INVITE (sdp) ----------->|\n", "|  INVITE F1  |\n|------------>|"}) {
    BOOST_CHECK(fails(text, kind::message));
    BOOST_CHECK_EQUAL(std::string{read_flow(text).error.what},
                      "a ladder that is drawn begins with the names above its lines");
  }
  BOOST_CHECK(fails("alice", kind::message, "alice"));
  // What is drawn in the next flow, or in a comment, says nothing of this one.
  for (std::string_view const behind :
       {"", "\n\n# alice | bob\nINVITE -> 486 -> ACK", "\n--\nalice bob\n |-- INVITE -->|",
        "\n \t\nalice bob\n |-- INVITE -->|", "\n# alice | bob\n", "\r\n\r\n|"}) {
    std::string const text = "INVITE -> 20O OK -> ACK" + std::string{behind};
    BOOST_CHECK_EQUAL(std::string{read_flow(text).error.what},
                      "a status code has three digits, the first of them 1 to 6 (RFC 3261 7.2)");
  }
}

BOOST_AUTO_TEST_CASE(an_empty_text_is_no_flow) {
  for (std::string_view const text : {"", " \r\n\t\n", "# a comment", "--\n--", "sequenceDiagram"})
    BOOST_CHECK(fails(text, kind::empty));
  BOOST_CHECK(!read_flow({}).readable());
}

BOOST_AUTO_TEST_CASE(a_text_that_is_too_long_is_an_error) {
  std::string text = "INVITE";
  for (std::size_t i = 1; i < max_flow_steps; ++i) text += " -> 180";
  BOOST_CHECK(read_flow(text).readable());
  BOOST_CHECK_EQUAL(read_flow(text).size, max_flow_steps);
  BOOST_CHECK(fails(text + " -> 200", kind::too_long));
  std::string names = "INVITE";
  for (std::size_t i = 0; i <= max_flow_names; ++i)
    names += " -> 180 (tag=" + std::to_string(i) + ")";
  BOOST_CHECK(fails(names, kind::too_long));
  std::string ladder = "a -> b0: INVITE\n";
  for (std::size_t i = 1; i < max_flow_participants; ++i)
    ladder += "a -> b" + std::to_string(i) + ": INVITE\n";
  BOOST_CHECK(fails(ladder, kind::too_long, "b7"));
}

BOOST_AUTO_TEST_SUITE_END()
