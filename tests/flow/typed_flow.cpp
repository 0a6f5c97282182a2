// Flows built from types, and recorded from parsed messages; at compile time and at run time.
#include <ctsip/flow/typed_flow.hpp>
#include <ctsip/message/message_event.hpp>

#include <boost/test/unit_test.hpp>

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

BOOST_AUTO_TEST_SUITE(flow_typed_flow)

using namespace ctsip;
using namespace ctsip::messages;
using namespace ctsip::marks;

namespace {

// clang-format off
static_assert(flow().sends(invite{}).receives(180).receives(200).sends(ack{}).complete());
static_assert(flow().sends(invite{}).receives(180).sends(ack{}).violated());
static_assert(strictly<flow().sends(invite{}).receives(180).receives(200).sends(ack{})>()
                  .complete());
static_assert(strictly<flow().sends(invite{}).receives(180)>().outcome() == flow_outcome::legal);
// clang-format on

constexpr auto without_ack = flow().sends(invite{}).receives(180).sends(ack{}).verdict();
static_assert(without_ack.step() == 3);

std::string printed(flow_text const& f) {
  std::string out;
  print_flow(f, [&out](std::string_view piece) { out += piece; });
  return out;
}

// The same flow as types and as text.
void same_as_text(flow_text const& built, std::string_view text, flow_verdict const& v) {
  flow_text const written = read_flow(text);
  BOOST_REQUIRE(written.readable());
  BOOST_TEST(printed(built) == printed(written));
  BOOST_TEST(built.bodies_specified == written.bodies_specified);
  flow_verdict const w = check_flow(text);
  BOOST_TEST((v.outcome() == w.outcome()));
  BOOST_TEST(v.step() == w.step());
  BOOST_TEST(v.line() == w.line());
  BOOST_TEST(v.sentence() == w.sentence());
  BOOST_TEST(v.participant() == w.participant());
}
template <class Rules>
void same_as_text(typed_flow<Rules> const& f, std::string_view text) {
  same_as_text(f.text(), text, f.verdict());
}

} // namespace

BOOST_AUTO_TEST_CASE(a_call_built_from_types_is_that_of_the_log_rfc_3261_13) {
  same_as_text(flow()
                   .sends(invite{}, sdp)
                   .receives(100)
                   .receives(180)
                   .receives(200, sdp)
                   .sends(ack{})
                   .receives(bye{})
                   .sends(200),
               "> INVITE (sdp)\n< 100 Trying\n< 180 Ringing\n< 200 OK (sdp)\n> ACK\n< BYE\n"
               "> 200 OK\n");
}

BOOST_AUTO_TEST_CASE(a_called_agent_answers_what_it_received_rfc_3261_13_3) {
  auto const f = flow().receives(invite{}).sends(180).sends(200).receives(ack{}).sends(bye{});
  same_as_text(f, "< INVITE\n> 180\n> 200\n< ACK\n> BYE");
  BOOST_TEST(f.legal());
  BOOST_TEST(!f.complete());
}

BOOST_AUTO_TEST_CASE(reliable_provisional_responses_have_their_numbers_rfc_3262_3) {
  same_as_text(flow()
                   .sends(invite{}, sdp, supports_100rel)
                   .receives(response<183>{}, sdp, rseq(1))
                   .sends(prack{}, rack(1))
                   .receives(200, prack{})
                   .receives(200, method::invite)
                   .sends(ack{}),
               "> INVITE (sdp, 100rel)\n< 183 (INVITE, sdp, rseq=1)\n> PRACK (rack=1)\n"
               "< 200 (PRACK)\n< 200 (INVITE)\n> ACK");
}

BOOST_AUTO_TEST_CASE(a_flow_that_breaks_a_rule_says_which_and_where_rfc_3261_13_2_2_4) {
  auto const v = flow().sends(invite{}).receives(180).sends(ack{}).verdict();
  BOOST_TEST(v.violated());
  BOOST_TEST(v.step() == 3u);
  BOOST_TEST(v.line() == 3u);
  BOOST_TEST(v.participant() == "self");
  BOOST_TEST(v.sentence() == "ACK before a final response to the INVITE");
  BOOST_TEST(v.clause() == "RFC 3261 13.2.2.4");
}

BOOST_AUTO_TEST_CASE(the_peers_breach_is_the_peers_rfc_3262_4) {
  auto const v = flow().sends(invite{}, sdp).receives(183, sdp, rseq(1)).verdict();
  BOOST_TEST(v.violated());
  BOOST_TEST(v.participant() == "peer");
  BOOST_TEST(v.step() == 2u);
}

BOOST_AUTO_TEST_CASE(a_message_is_a_type_a_method_a_number_or_a_status_code) {
  auto const types = flow().sends(invite{}).receives(response<486>{}).sends(ack{});
  auto const values =
      flow().sends(method::invite).receives(status_code{486}, method::invite).sends(method::ack);
  BOOST_TEST(printed(types.text()) == printed(values.text()));
  BOOST_TEST(types.complete());
  BOOST_TEST(values.complete());
  BOOST_TEST(flow().sends(invite{}).receives(486).sends(ack{}).complete());
}

BOOST_AUTO_TEST_CASE(a_response_type_answers_the_method_in_it) {
  auto const f = flow().sends(options{}).receives(response<200, method::options>{});
  BOOST_TEST(f.complete());
  // response<200> is one to INVITE.
  BOOST_TEST(flow().sends(options{}).receives(response<200>{}).violated());
}

BOOST_AUTO_TEST_CASE(marks_in_the_message_type_are_read_too) {
  auto const f = flow().sends(with<invite, mark::sdp>{}).receives(with<response<200>, mark::sdp>{});
  same_as_text(f.text(), "> INVITE (sdp)\n< 200 (INVITE, sdp)", f.verdict());
}

BOOST_AUTO_TEST_CASE(bodies_are_unspecified_until_one_is_there_rfc_3264) {
  BOOST_TEST(flow().sends(invite{}).receives(200).sends(ack{}).complete());
  // The 200 to an INVITE without an offer has one (RFC 3261 13.2.1).
  auto const late = flow().sends(invite{}).receives(200, sdp).sends(ack{}, sdp);
  BOOST_TEST(late.complete());
  BOOST_TEST((late.text()[0].message.content == content::none));
  auto const none = flow().sends(invite{}, sdp).receives(200).sends(ack{});
  BOOST_TEST((none.text()[1].message.content == content::none));
  BOOST_TEST(none.violated());
}

BOOST_AUTO_TEST_CASE(every_mark_says_what_it_says_in_the_log) {
  same_as_text(flow()
                   .sends(invite{}, sdp_offer, requires_100rel, cseq(7), session_expires(1800),
                          refresher::uac, min_se(90), requires_timer, requires_precondition,
                          authorization, tcp)
                   .receives(422, min_se(1900), retry_after(3), udp)
                   .sends(ack{}, again)
                   .sends(register_{}, expires(0), reg_id(2), nonce("n1"), contact("a"), lost)
                   .receives(401, stale, nonce("n2"), min_expires(60))
                   .sends(subscribe{}, package("dialog"), call("c2"), branch("b2"), tag("t2"))
                   .sends(invite{}, in_dialog, no_sdp, supports_timer, supports_precondition),
               "> INVITE (sdp offer, require=100rel, cseq=7, session-expires=1800, refresher=uac, "
               "min-se=90, require=timer, require=precondition, auth, tcp)\n"
               "< 422 (min-se=1900, retry-after=3, udp)\n"
               "> ACK (again)\n"
               "> REGISTER (expires=0, reg-id=2, nonce=n1, contact=a, lost)\n"
               "< 401 (stale, nonce=n2, min-expires=60)\n"
               "> SUBSCRIBE (event=dialog, call=c2, branch=b2, tag=t2)\n"
               "> re-INVITE (no sdp, timer, precondition)");
}

BOOST_AUTO_TEST_CASE(preconditions_are_needed_and_then_met_rfc_3312_5) {
  auto const f =
      flow().sends(invite{}, qos_needed, supports_100rel).receives(183, qos_needed, reliable);
  same_as_text(f, "> INVITE (qos=needed, 100rel)\n< 183 (qos=needed, 100rel)");
  BOOST_TEST((flow().sends(update{}, qos_met).text()[0].message.content == content::sdp_met));
}

BOOST_AUTO_TEST_CASE(forks_are_told_apart_by_number_or_name_rfc_3261_13_2_2_4) {
  auto const f = flow()
                     .sends(invite{})
                     .receives(180, tag(1))
                     .receives(180, tag(2))
                     .receives(200, tag(1), invite{})
                     .sends(ack{}, tag(1))
                     .receives(200, tag(2), invite{})
                     .sends(ack{}, tag(2));
  BOOST_TEST(f.legal());
  auto const named = flow().sends(invite{}).receives(180, tag("b1")).receives(180, tag("b2"));
  BOOST_TEST(named.text()[1].tag == 1);
  BOOST_TEST(named.text()[2].tag == 2);
  BOOST_TEST(named.legal());
}

BOOST_AUTO_TEST_CASE(a_lost_request_may_be_sent_again_rfc_3261_17_1) {
  BOOST_TEST(flow().sends(bye{}, lost).violated());
  auto const f = flow()
                     .sends(invite{}, lost)
                     .sends(invite{}, again)
                     .receives(200)
                     .sends(ack{}, lost)
                     .receives(200, invite{}, again)
                     .sends(ack{}, again);
  BOOST_TEST(f.complete());
}

namespace {

// Which mark a wrong value makes of a flow at run time.
template <class F>
std::string_view sentence(F const& f) {
  return f.verdict().readable() ? "" : f.verdict().sentence();
}

} // namespace

BOOST_AUTO_TEST_CASE(what_only_the_value_tells_makes_an_unreadable_flow_at_run_time) {
  int volatile seven_hundred = 700;
  status_code const wrong = static_cast<status_code>(seven_hundred);
  BOOST_TEST(sentence(flow().sends(invite{}).receives(wrong)) ==
             "a status code has three digits, the first of them 1 to 6 (RFC 3261 7.2)");
  method volatile m = method::invite;
  method const asked = m;
  BOOST_TEST(sentence(flow().sends(asked, reliable)) ==
             "only a provisional response has an RSeq (RFC 3262 7.1)");
  BOOST_TEST(sentence(flow().sends(asked, rack(1))) == "only a PRACK has a RAck (RFC 3262 7.2)");
  BOOST_TEST(sentence(flow().sends(asked, stale)) == "only a response has this mark");
  BOOST_TEST(sentence(flow().sends(asked, method::prack)) ==
             "only a response names the method that it answers");
  BOOST_TEST(sentence(flow().sends(asked).receives(200, authorization)) ==
             "only a request has this mark");
  BOOST_TEST(sentence(flow().sends(asked).receives(200, method::ack)) ==
             "no response answers an ACK (RFC 3261 17)");
  BOOST_TEST(sentence(flow().sends(asked).receives(response<200>{}, method::bye)) ==
             "a response answers one method");
  BOOST_TEST(sentence(flow().sends(asked, cseq(0))) == "this mark needs a number from 1 on");
  BOOST_TEST(sentence(flow().sends(asked, tag(33))) ==
             "this mark needs a name, or a number from 1 to 32");
  BOOST_TEST(sentence(flow().sends(method::extension)) == "a method that is not registered");
}

BOOST_AUTO_TEST_CASE(what_follows_an_error_is_not_read) {
  int volatile seven_hundred = 700;
  auto const f = flow()
                     .sends(invite{})
                     .receives(static_cast<status_code>(int{seven_hundred}))
                     .sends(ack{})
                     .sends(bye{});
  BOOST_TEST(f.size() == 1u);
  BOOST_TEST(f.verdict().line() == 2u);
  BOOST_TEST(!f.legal());
  BOOST_TEST(!f);
}

BOOST_AUTO_TEST_CASE(an_empty_flow_is_none) {
  BOOST_TEST(!flow().verdict().readable());
  BOOST_TEST(flow().verdict().sentence() == "there is no message in the flow");
}

BOOST_AUTO_TEST_CASE(a_flow_has_room_for_so_many_messages) {
  auto f = flow();
  for (std::size_t i = 0; i < max_flow_steps; ++i) f.sends(method::message);
  BOOST_TEST(f.size() == max_flow_steps);
  f.sends(method::message);
  BOOST_TEST(f.size() == max_flow_steps);
  BOOST_TEST(sentence(f) == "a flow has at most 96 messages");
}

BOOST_AUTO_TEST_CASE(building_a_flow_does_not_copy_it) {
  auto f = flow();
  auto const* const first = &f.sends(invite{});
  auto const* const second = &f.receives(180).receives(200);
  BOOST_TEST(first == &f);
  BOOST_TEST(second == &f);
}

namespace {

// A rule of one's own: no INFO in a call.
struct no_info {
  static constexpr char const* title = "calls without INFO";
  enum class state : std::uint8_t { any };
  enum class symbol : std::uint8_t { info, other };
  enum class action : std::uint8_t { take };
  using enum state;
  using enum symbol;
  using in = ctsip::in<state, symbol, action>;

  static constexpr symbol commands[] = {symbol::info};
  static constexpr symbol project(call_event const& e) {
    return e.is_sent() && e.is_request(subject::other) ? symbol::info : symbol::other;
  }
  static constexpr in::row rows[] = {
      in{any}.on(symbol::info).refused("no INFO here", "house rules 1"),
      in{any}.on(symbol::other).does(action::take).rfc("house rules 2").stay(),
  };
};

using house_call =
    composition<dialog, invite_usage, cancellation, reliable_provisional, precondition,
                offer_answer, session_modification, session_timer, no_info>;

// clang-format off
static_assert(flow<house_call>().sends(invite{}).receives(200).sends(ack{}).complete());
static_assert(strictly<flow<house_call>().sends(invite{}).receives(200).sends(ack{})>().legal());
// clang-format on

} // namespace

BOOST_AUTO_TEST_CASE(rules_of_ones_own_judge_a_typed_flow) {
  auto const v =
      flow<house_call>().sends(invite{}).receives(200).sends(ack{}).sends(info{}).verdict();
  BOOST_TEST(v.violated());
  BOOST_TEST(v.step() == 4u);
  BOOST_TEST(v.sentence() == "no INFO here");
  BOOST_TEST(v.clause() == "house rules 1");
  BOOST_TEST(flow().sends(invite{}).receives(200).sends(ack{}).sends(info{}).legal());
}

// --- Messages as they are

namespace {

std::string sdp_body(std::string_view address) {
  return "v=0\r\no=- 1 1 IN IP4 " + std::string{address} + "\r\ns=-\r\nc=IN IP4 " +
         std::string{address} +
         "\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0 101\r\na=rtpmap:0 PCMU/8000\r\n"
         "a=rtpmap:101 telephone-event/8000\r\n";
}

struct captured {
  direction way;
  std::string bytes;
};

// A message of one call, in which a capture may leave things out and in another order.
captured note(direction way, std::string_view start, std::string_view cseq,
              std::string_view to_tag = {}, std::string_view more = {}, bool with_sdp = false) {
  std::string m{start};
  m += "\r\nVia: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK74bf9-";
  m += cseq.substr(0, cseq.find(' '));
  m += "\r\nMax-Forwards: 70\r\nFrom: <sip:+15551230001@example.com>;tag=9fxced76sl\r\n"
       "To: <sip:+15557654321@example.com>";
  if (!to_tag.empty()) m += ";tag=", m += to_tag;
  m += "\r\nCall-ID: 3848276298220188511@192.0.2.1\r\nCSeq: ";
  m += cseq;
  m += "\r\nContact: <sip:+15551230001@192.0.2.1:5060>\r\n";
  m += more;
  std::string const body = with_sdp ? sdp_body("192.0.2.1") : std::string{};
  if (with_sdp) m += "Content-Type: application/sdp\r\n";
  m += "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
  return {way, m};
}

constexpr auto sent_ = direction::sent;
constexpr auto received_ = direction::received;

std::vector<captured> a_captured_call() {
  std::string_view const invite_line = "INVITE sip:+15557654321@example.com SIP/2.0";
  return {
      note(sent_, invite_line, "314159 INVITE", {}, "Supported: 100rel\r\n", true),
      note(received_, "SIP/2.0 100 Trying", "314159 INVITE"),
      note(received_, "SIP/2.0 183 Session Progress", "314159 INVITE", "a6c85cf",
           "Require: 100rel\r\nRSeq: 988789\r\n", true),
      note(sent_, "PRACK sip:bob@192.0.2.4 SIP/2.0", "314160 PRACK", "a6c85cf",
           "RAck: 988789 314159 INVITE\r\n"),
      note(received_, "SIP/2.0 200 OK", "314160 PRACK", "a6c85cf"),
      note(received_, "SIP/2.0 180 Ringing", "314159 INVITE", "a6c85cf",
           "Require: 100rel\r\nRSeq: 988790\r\n"),
      note(sent_, "PRACK sip:bob@192.0.2.4 SIP/2.0", "314161 PRACK", "a6c85cf",
           "RAck: 988790 314159 INVITE\r\n"),
      note(received_, "SIP/2.0 200 OK", "314161 PRACK", "a6c85cf"),
      note(received_, "SIP/2.0 200 OK", "314159 INVITE", "a6c85cf"),
      note(sent_, "ACK sip:bob@192.0.2.4 SIP/2.0", "314159 ACK", "a6c85cf"),
      note(received_, "BYE sip:+15551230001@192.0.2.1:5060 SIP/2.0", "231 BYE", "9fxced76sl"),
      note(sent_, "SIP/2.0 200 OK", "231 BYE", "9fxced76sl"),
  };
}

// What the rules read of a message.
call_message noted(ctsip::message const& m, direction way) {
  call_message c;
  c.event = event_of(m, way);
  c.cseq = m.cseq().number;
  if (m.has(header::rseq)) c.rseq = *m.rseq();
  if (m.has(header::rack)) {
    rack_view const rack{m[header::rack]};
    c.rack = rack.rseq;
    c.rack_cseq = rack.cseq.number;
  }
  for (header const h : {header::supported, header::require})
    for (std::string_view const tag : m.elements(h))
      if (tag == "100rel") c.supports_100rel = true;
  if (c.event.has(mark::sdp)) c.content = content::sdp;
  return c;
}

typed_flow<> recorded(std::vector<captured> const& all) {
  typed_flow<> log;
  for (captured const& c : all) {
    auto const m = read(c.bytes);
    BOOST_REQUIRE(m);
    log.add(noted(m.value, c.way));
  }
  return log;
}

} // namespace

BOOST_AUTO_TEST_CASE(a_captured_call_is_legal_with_the_numbers_in_it) {
  auto const log = recorded(a_captured_call());
  BOOST_TEST(log.size() == 12u);
  auto const v = log.verdict();
  BOOST_TEST(v.complete(), v.sentence() << " at " << v.step());
  BOOST_TEST(log.text()[2].message.rseq == 988789u);
  BOOST_TEST(log.text()[3].message.rack == 988789u);
  BOOST_TEST(log.text()[8].message.cseq == 314159u);
}

BOOST_AUTO_TEST_CASE(a_captured_call_whose_ack_comes_before_the_200_is_not_rfc_3261_13_2_2_4) {
  auto all = a_captured_call();
  std::swap(all[8], all[9]);
  auto const v = recorded(all).verdict();
  BOOST_TEST(v.violated());
  BOOST_TEST(v.step() == 9u);
  BOOST_TEST(v.participant() == "self");
  BOOST_TEST(v.sentence() == "ACK before a final response to the INVITE");
  BOOST_TEST(v.clause() == "RFC 3261 13.2.2.4");
}

BOOST_AUTO_TEST_CASE(a_captured_prack_for_another_rseq_is_refused_rfc_3262_4) {
  auto all = a_captured_call();
  all[3] = note(sent_, "PRACK sip:bob@192.0.2.4 SIP/2.0", "314160 PRACK", "a6c85cf",
                "RAck: 1 314159 INVITE\r\n");
  auto const v = recorded(all).verdict();
  BOOST_TEST(v.violated());
  BOOST_TEST(v.step() == 4u);
}

BOOST_AUTO_TEST_CASE(what_was_captured_twice_is_a_retransmission_rfc_3261_17_1_1_2) {
  auto all = a_captured_call();
  all.insert(all.begin() + 10, all[9]);
  all.insert(all.begin() + 10, all[8]);
  all.insert(all.begin() + 3, all[2]);
  all.insert(all.begin() + 1, all[0]);
  auto const log = recorded(all);
  BOOST_TEST(log.text()[1].again);
  BOOST_TEST(log.text()[4].again);
  BOOST_TEST(log.text()[12].again);
  BOOST_TEST(log.text()[13].again);
  auto const v = log.verdict();
  BOOST_TEST(v.complete(), v.sentence() << " at " << v.step());
}

BOOST_AUTO_TEST_CASE(a_recorded_message_takes_marks_for_what_it_does_not_hold) {
  call_message m;
  m.event = request_event(direction::sent, method::invite);
  m.cseq = 1;
  auto f = flow();
  f.add(direction::sent, m);
  m.event = response_event(direction::received, 180, method::invite, mark::to_tag);
  f.add(direction::received, m, tag("x1")).add(direction::received, m, tag("x2"));
  BOOST_TEST(f.text()[2].tag == 2);
  BOOST_TEST(f.legal());
}

BOOST_AUTO_TEST_CASE(what_is_no_message_is_not_recorded) {
  auto f = flow();
  f.add(direction::sent, {timer_event(timer::a)});
  BOOST_TEST(sentence(f) == "neither a request nor a response");
  auto g = flow();
  g.add(call_message{request_event(direction::none, method::invite)});
  BOOST_TEST(sentence(g) == "a message is either sent or received");
}

BOOST_AUTO_TEST_SUITE_END()
