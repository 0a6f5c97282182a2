// The kinds of things that an endpoint is made of: the rules of its calls, what its user keeps with
// each call, and what sees each message; what is not wanted costs nothing.
#include <ctsip/user_agent/call_handles.hpp>
#include <ctsip/user_agent/endpoint_traits.hpp>
#include <ctsip/user_agent/registrant.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "user_agent/user_desk.hpp"

using namespace ctsip;
using namespace ctsip_tests;

namespace {

struct player {
  int volume{7};
  void* stream{};
};
struct with_player : endpoint_traits {
  using call_data = player;
};
struct with_pointer : endpoint_traits {
  using call_data = player*;
};
// Owns something: it can be moved, and not copied.
struct with_owner : endpoint_traits {
  using call_data = std::unique_ptr<int>;
};

struct line {
  bool is_sent{};
  std::string text{};
  address at{};
  transport over{};
};
struct recorder {
  std::vector<line>* lines{};
  void received(std::string_view bytes, address const& from, transport over, instant) const {
    if (lines) lines->push_back({false, std::string{bytes}, from, over});
  }
  void sent(datagram const& d) const {
    if (lines) lines->push_back({true, std::string{d.bytes}, d.to, d.over});
  }
};
struct with_recorder : endpoint_traits {
  using trace = recorder;
};
// Another that looks away.
struct silent {
  constexpr void received(std::string_view, address const&, transport, instant) const {}
  constexpr void sent(datagram const&) const {}
};
struct with_silence : endpoint_traits {
  using trace = silent;
};
struct with_nothing : endpoint_traits {
  struct nothing {};
  using call_data = nothing;
};

constexpr endpoint_size small{.calls = 3, .transactions = 4};

// Rules of calls: all, and fewer than an endpoint has by itself.
struct with_all_rules : endpoint_traits {
  using call_rules = uac_call;
};
struct with_few_rules : endpoint_traits {
  using call_rules =
      uac_call::without<precondition, session_modification, session_timer, reliable_provisional>;
};
struct without_100rel : endpoint_traits {
  using call_rules = endpoint_rules::without<reliable_provisional>;
};
struct without_timer : endpoint_traits {
  using call_rules = endpoint_rules::without<session_timer>;
};
struct without_modification : endpoint_traits {
  using call_rules = endpoint_rules::without<session_modification, session_timer>;
};
constexpr endpoint_size few{.calls = 4, .transactions = 16, .message = 1300};

// What a program says that leaves the methods and extensions to the endpoint.
endpoint_settings plain_settings() {
  endpoint_settings s{element_of("192.0.2.2"), "sip:bob@192.0.2.2:5060"};
  s.session_expires = 1800;
  s.min_se = 120;
  return s;
}

template <class Traits>
struct desk_with : user_desk<few, Traits> {
  desk_with() : user_desk<few, Traits>(plain_settings()) {}

  // The response to a request in the call: "488 INVITE".
  std::string respond(request_text const& r, std::string const& expected) {
    this->receive(r.text());
    return this->sent_one(expected);
  }
};
using plain_desk = desk_with<with_few_rules>;

// An offer of alice's that is another one than that of her INVITE.
request_text with_another_offer(request_text r) {
  r = with_offer(std::move(r));
  r.body += "s=hold\r\n";
  return r;
}

// Alice's requests have a number each.
template <class Desk>
void check_alive(Desk& bob, std::string const& ok, unsigned cseq) {
  BOOST_TEST(bob.listen() == strings{}, boost::test_tools::per_element());
  bob.receive(in_dialog("BYE", ok, cseq).text());
  BOOST_TEST(bob.listen() == strings{"ended 0"}, boost::test_tools::per_element());
  bob.look();
  bob.end();
}

template <class Agent>
concept modifies = requires(Agent& a, call_handle h, instant now) {
  a.modify(h, sdp, now);
};
template <class Call>
concept modified = requires(Call& c, instant now) {
  c.modify(sdp, now);
};
template <class Agent>
inline constexpr bool modifies_calls =
    modifies<Agent>&& modified<typename calls<Agent>::established>;
template <class Agent>
inline constexpr bool never_modifies =
    !modifies<Agent> && !modified<typename calls<Agent>::established>;

} // namespace

BOOST_AUTO_TEST_SUITE(user_agent_endpoint_traits)

// ---- The user's own, kept with each call

BOOST_AUTO_TEST_CASE(each_call_has_its_own_data_value_initialised_anew) {
  user_desk<endpoint_size{.calls = 2}, with_player> bob;
  auto const invite = bob.place();
  auto const one = bob.call;
  BOOST_TEST_REQUIRE(bob.agent->data(one) != nullptr);
  BOOST_TEST(bob.agent->data(one)->volume == 7);
  bob.agent->data(one)->volume = 1;
  bob.agent->data(one)->stream = &bob;
  bob.receive(invite_of_alice().text());
  auto const two = bob.call;
  BOOST_TEST_REQUIRE(bob.agent->data(two) != nullptr);
  BOOST_TEST(bob.agent->data(two)->volume == 7);
  bob.agent->data(two)->volume = 2;
  // It stays through all that becomes of the call.
  bob.listen();
  bob.call = one;
  (void)bob.accept(invite);
  BOOST_TEST(bob.agent->data(one)->volume == 1);
  BOOST_TEST(bob.agent->data(one)->stream == &bob);
  BOOST_TEST(bob.agent->data(two)->volume == 2);
  using handles_of_calls = calls<endpoint<endpoint_size{.calls = 2}, with_player>>;
  BOOST_TEST(handles_of_calls::established(*bob.agent, one).data() == bob.agent->data(one));
  // Whoever hears that it is over finds it; the next call in its place does not see it.
  (void)bob.agent->reject(two, 486, bob.now);
  BOOST_TEST_REQUIRE(bob.agent->data(two) != nullptr);
  BOOST_TEST(bob.agent->data(two)->volume == 2);
  bob.look();
  (void)bob.place();
  BOOST_TEST((bob.call.index == two.index));
  BOOST_TEST(bob.agent->data(bob.call)->volume == 7);
  BOOST_TEST(bob.agent->data(bob.call)->stream == nullptr);
  BOOST_TEST(bob.agent->data(two) == nullptr);
  BOOST_TEST(handles_of_calls::ended(*bob.agent, two).data() == nullptr);
}
BOOST_AUTO_TEST_CASE(handles_that_name_no_call_have_no_data) {
  user_desk<small, with_pointer> bob;
  BOOST_TEST(bob.agent->data({}) == nullptr);
  BOOST_TEST(bob.agent->data({0, 0}) == nullptr);
  BOOST_TEST(bob.agent->data({3, 0}) == nullptr);
  (void)bob.place();
  BOOST_TEST(*bob.agent->data(bob.call) == nullptr);
  BOOST_TEST(bob.agent->data({bob.call.index, bob.call.generation + 1}) == nullptr);
}
// The call that the user has placed keeps its data when another dialog of its INVITE wins.
BOOST_AUTO_TEST_CASE(data_is_the_calls_and_not_one_of_its_dialogs) {
  user_desk<small, with_player> bob;
  auto const invite = bob.place();
  auto const h = bob.call;
  bob.agent->data(h)->volume = 3;
  bob.receive(answer(invite, 180, "one", alices_contact));
  bob.receive(answer(invite, 180, "two", alices_contact));
  bob.receive(answer(invite, 200, "two", alices_contact));
  BOOST_TEST((bob.agent->state(h) == call_state::established));
  BOOST_TEST_REQUIRE(bob.agent->data(h) != nullptr);
  BOOST_TEST(bob.agent->data(h)->volume == 3);
}
BOOST_AUTO_TEST_CASE(data_need_not_be_copyable) {
  static_assert(!std::is_copy_constructible_v<with_owner::call_data>);
  user_desk<endpoint_size{.calls = 1}, with_owner> bob;
  for (int i = 0; i < 3; ++i) {
    auto const invite = bob.place();
    BOOST_TEST_REQUIRE(bob.agent->data(bob.call) != nullptr);
    BOOST_TEST(!*bob.agent->data(bob.call));
    *bob.agent->data(bob.call) = std::make_unique<int>(i);
    bob.receive(answer(invite, 486, "x"));
    bob.look();
    bob.listen();
  }
}

// ---- The trace

BOOST_AUTO_TEST_CASE(the_trace_sees_each_message_once_as_it_comes_and_goes) {
  std::vector<line> lines;
  user_desk<with_requests, with_recorder> bob;
  bob.agent->trace().lines = &lines;
  std::vector<std::string> expected;
  auto const in = [&](std::string const& text, address const& from = ip(1)) {
    expected.push_back("< " + text);
    bob.receive(text, from);
    for (auto const& w : bob.sent) expected.push_back("> " + w.bytes);
    bob.look();
  };
  auto const out = [&] {
    bob.take();
    for (auto const& w : bob.sent) expected.push_back("> " + w.bytes);
    bob.look();
  };
  bob.call = bob.agent->call(
      {"sip:alice@192.0.2.1", "sip:bob@192.0.2.2", ip(1), transport::udp, sdp}, bob.now);
  out();
  auto const invite = bob.last[0].bytes;
  bob.advance(1'600); // two retransmissions
  out();
  BOOST_TEST(lines.size() == 3u);
  in(answer(invite, 180, "alice", alices_contact));
  auto const ok = answer(invite, 200, "alice", alices_contact);
  in(ok);
  in(ok);
  // What is malformed, stray, or nothing at all is seen, too.
  in("hello\r\n\r\n");
  in("\r\n");
  in("");
  in(answer(without_field(invite, "Subject"), 200, "other", alices_contact), ip(9));
  in(of("OPTIONS").text(), ip(3));
  (void)bob.agent->hang_up(bob.call, bob.now);
  out();
  BOOST_TEST_REQUIRE(lines.size() == expected.size());
  for (std::size_t i = 0; i < lines.size(); ++i)
    BOOST_TEST((lines[i].is_sent ? "> " : "< ") + lines[i].text == expected[i]);
  BOOST_TEST((lines[0].at == ip(1)));
  for (auto const& l : lines)
    if (l.text.substr(0, 7) == "OPTIONS") BOOST_TEST((l.at == ip(3)));
}

// ---- The rules of its calls

static_assert(modifies_calls<endpoint<few>> && modifies_calls<endpoint<few, with_all_rules>>);
static_assert(modifies_calls<endpoint<few, without_timer>>);
static_assert(never_modifies<endpoint<few, with_few_rules>>);
static_assert(never_modifies<endpoint<few, without_modification>>);

BOOST_AUTO_TEST_CASE(what_the_rules_do_not_have_is_not_offered) {
  plain_desk bob;
  auto const invite = bob.place();
  auto const ok = bob.accept(invite);
  BOOST_TEST((bob.agent->hang_up(bob.call, bob.now) == sending::sent));
  auto const bye = bob.sent_one("BYE");
  bob.receive(answer(bye, 200, "alice"));
  auto const accepted = [] {
    plain_desk callee;
    return callee.taken("Supported: timer\r\nSession-Expires: 1800\r\n");
  }();
  auto const options = bob.respond(of("OPTIONS"), "200 OPTIONS");
  for (auto const& text : {invite, accepted, options})
    check_all(all_of(text, header::allow), {"INVITE", "ACK", "CANCEL", "BYE", "OPTIONS"});
  for (auto const& text : {invite, bob.last[0].bytes, bye, accepted, options}) {
    BOOST_TEST(text.find("Supported") == std::string::npos);
    BOOST_TEST(text.find("Session-Expires") == std::string::npos);
    BOOST_TEST(text.find("Min-SE") == std::string::npos);
    BOOST_TEST(text.find("Require") == std::string::npos);
  }
}
BOOST_AUTO_TEST_CASE(each_rule_offers_its_own) {
  auto const check_offers = [](auto& bob, strings const& methods, strings const& extensions) {
    auto const invite = bob.place();
    check_all(all_of(invite, header::allow), methods);
    check_all(all_of(invite, header::supported), extensions);
    (void)bob.accept(invite);
    bob.end();
  };
  desk_with<endpoint_traits> usual;
  check_offers(usual, {"INVITE", "ACK", "CANCEL", "BYE", "OPTIONS", "PRACK", "UPDATE"},
               {"100rel", "timer"});
  desk_with<with_all_rules> whole;
  check_offers(whole, {"INVITE", "ACK", "CANCEL", "BYE", "OPTIONS", "PRACK", "UPDATE"},
               {"100rel", "timer", "precondition"});
  desk_with<without_100rel> bare;
  check_offers(bare, {"INVITE", "ACK", "CANCEL", "BYE", "OPTIONS", "UPDATE"}, {"timer"});
  desk_with<without_timer> timeless;
  check_offers(timeless, {"INVITE", "ACK", "CANCEL", "BYE", "OPTIONS", "PRACK", "UPDATE"},
               {"100rel"});
  desk_with<without_modification> fixed;
  check_offers(fixed, {"INVITE", "ACK", "CANCEL", "BYE", "OPTIONS", "PRACK"}, {"100rel"});
}
// "The UAS MUST add an Unsupported header field, and list in it those options it does not
// understand" (8.2.2.3).
BOOST_AUTO_TEST_CASE(what_the_rules_do_not_have_cannot_be_required_8_2_2_3) {
  for (char const* const tag : {"100rel", "timer", "precondition"}) {
    plain_desk bob;
    auto const refusal =
        bob.respond(invite_of_alice(std::string{"Require: "} + tag + "\r\n"), "420 INVITE");
    check_all(all_of(refusal, header::unsupported), {tag});
    BOOST_TEST(bob.agent->live_calls() == 0u);
  }
}
BOOST_AUTO_TEST_CASE(without_100rel_no_response_is_reliable_rfc_3262_3) {
  plain_desk bob;
  bob.receive(invite_of_alice("Supported: 100rel\r\n").text());
  BOOST_TEST(
      (bob.agent->ring(bob.call, bob.now, 183, sdp, reliability::reliable) == sending::refused));
  BOOST_TEST((bob.agent->ring(bob.call, bob.now, 183, sdp) == sending::sent));
  BOOST_TEST(value_of(bob.sent_one("183 INVITE"), header::rseq) == "");
  bob.advance(10'000);
  BOOST_TEST(bob.look() == strings{}, boost::test_tools::per_element());
  BOOST_TEST((bob.agent->answer(bob.call, sdp, bob.now) == sending::sent));
  (void)bob.sent_one("200 INVITE");
  bob.end();
}
// Nobody may answer so: the INVITE has no 100rel (RFC 3262 3).
BOOST_AUTO_TEST_CASE(a_reliable_response_to_who_does_not_know_it_is_one_like_any_other) {
  plain_desk bob;
  auto const invite = bob.place();
  for (int i = 0; i < 2; ++i)
    bob.receive(answer(invite, 183, "alice", alices_contact + "Require: 100rel\r\nRSeq: 7\r\n"));
  BOOST_TEST(bob.look() == strings{}, boost::test_tools::per_element());
  BOOST_TEST(bob.listen() == (strings{"provisional 183", "provisional 183"}),
             boost::test_tools::per_element());
  BOOST_TEST((bob.agent->state(bob.call) == call_state::early));
  BOOST_TEST((bob.agent->acknowledge(bob.call, sdp, bob.now) == sending::gone));
  (void)bob.accept(invite);
  bob.end();
}
BOOST_AUTO_TEST_CASE(without_the_session_timer_its_header_fields_say_nothing_rfc_4028) {
  plain_desk bob;
  // With it, this is answered 422.
  auto const ok = bob.taken("Supported: timer\r\nSession-Expires: 90\r\nMin-SE: 90\r\n");
  bob.advance(3'600'000);
  BOOST_TEST(bob.look() == strings{}, boost::test_tools::per_element());
  check_alive(bob, ok, 2);
  // And a 422 is an answer like any other.
  auto const invite = bob.place();
  bob.receive(answer(invite, 422, "alice", "Min-SE: 3600\r\n"));
  (void)bob.sent_one("ACK");
  BOOST_TEST(bob.listen() == strings{"rejected 422"}, boost::test_tools::per_element());
}
// "If the UAS recognizes but does not support the method of a request, it MUST generate a 405
// (Method Not Allowed) response. [...] The UAS MUST also add an Allow header field" (8.2.1).
BOOST_AUTO_TEST_CASE(methods_of_rules_that_are_left_out_are_answered_405_8_2_1) {
  plain_desk bob;
  auto const ok = bob.taken();
  for (auto const& [name, more] :
       {std::pair{"UPDATE", ""}, std::pair{"PRACK", "RAck: 1 1 INVITE\r\n"}}) {
    auto const refusal =
        bob.respond(with_another_offer(in_dialog(name, ok, 2, alices_contact + more)),
                    std::string{"405 "} + name);
    check_all(all_of(refusal, header::allow), {"INVITE", "ACK", "CANCEL", "BYE", "OPTIONS"});
  }
  check_alive(bob, ok, 2);
}
// Even if the settings allow them.
BOOST_AUTO_TEST_CASE(methods_of_rules_that_are_left_out_are_not_served_whatever_is_allowed) {
  user_desk<few, with_few_rules> bob;
  auto const ok = bob.taken();
  bob.receive(with_another_offer(in_dialog("UPDATE", ok, 2, alices_contact)).text());
  (void)bob.sent_one("405 UPDATE");
  bob.receive(in_dialog("PRACK", ok, 3, "RAck: 1 1 INVITE\r\n").text());
  (void)bob.sent_one("405 PRACK");
  check_alive(bob, ok, 4);
}
// "If the new session description is not acceptable, the UAS can reject it by returning a 488 (Not
// Acceptable Here) response for the re-INVITE." (14.2)
BOOST_AUTO_TEST_CASE(a_session_that_cannot_be_modified_is_not_14_2) {
  plain_desk bob;
  auto const ok = bob.taken();
  (void)bob.respond(with_another_offer(in_dialog("INVITE", ok, 2, alices_contact)), "488 INVITE");
  bob.receive(in_dialog("ACK", ok, 2).text());
  // An answer of hers to an offer of ours could be another one, too.
  (void)bob.respond(in_dialog("INVITE", ok, 3, alices_contact), "488 INVITE");
  bob.receive(in_dialog("ACK", ok, 3).text());
  check_alive(bob, ok, 4);
}
// 14.2: "it MUST check any version identifiers in the session description or, if there are no
// version identifiers, the content of the session description to see if it has changed." RFC 3264
// 8: if not, "this is effectively a no-op", which is answered.
BOOST_AUTO_TEST_CASE(a_re_invite_that_repeats_its_description_is_answered_with_ours_rfc_3264_8) {
  plain_desk bob;
  auto const ok = bob.taken();
  auto const again = in_dialog("INVITE", ok, 2, "Contact: <sip:alice@192.0.2.1:5070>\r\n");
  auto const answered = bob.respond(with_same_offer(again), "200 INVITE");
  BOOST_TEST(answered.substr(answered.find("\r\n\r\n") + 4) == sdp.body);
  bob.receive(in_dialog("ACK", ok, 2).text());
  BOOST_TEST(bob.listen() == strings{}, boost::test_tools::per_element());
  // The target is the new one (12.2.2).
  BOOST_TEST((bob.agent->hang_up(bob.call, bob.now) == sending::sent));
  BOOST_TEST(first_line(bob.sent_one("BYE")) == "BYE sip:alice@192.0.2.1:5070 SIP/2.0");
  bob.receive(answer(bob.last[0].bytes, 200, "alice"));
  BOOST_TEST(bob.listen() == strings{"ended 200"}, boost::test_tools::per_element());

  auto const invite = bob.place();
  auto const hers = bob.accept(invite);
  for (unsigned const cseq : {11u, 12u}) {
    (void)bob.respond(with_same_offer(in_callee_dialog("INVITE", hers, cseq, alices_contact)),
                      "200 INVITE");
    bob.receive(in_callee_dialog("ACK", hers, cseq).text());
  }
  (void)bob.respond(with_another_offer(in_callee_dialog("INVITE", hers, 13, alices_contact)),
                    "488 INVITE");
  BOOST_TEST(bob.listen() == strings{}, boost::test_tools::per_element());
  bob.end();
}
// The rest is as with all rules.
BOOST_AUTO_TEST_CASE(calls_with_few_rules_are_placed_taken_cancelled_and_forked) {
  plain_desk bob;
  // Cancelled by either side (9).
  auto const cancelled = bob.place();
  bob.receive(answer(cancelled, 180, "alice", alices_contact));
  BOOST_TEST((bob.agent->cancel(bob.call, bob.now) == sending::sent));
  auto const cancel = bob.sent_one("CANCEL");
  bob.receive(answer(cancel, 200, "alice"));
  bob.receive(answer(cancelled, 487, "alice"));
  (void)bob.sent_one("ACK");
  BOOST_TEST(bob.listen() == (strings{"provisional 180", "rejected 487"}),
             boost::test_tools::per_element());
  auto theirs = invite_of_alice();
  bob.receive(theirs.text());
  theirs.method = "CANCEL", theirs.more = "", theirs.body = "";
  bob.receive(theirs.text());
  check_all(bob.look(), {"200 CANCEL", "487 INVITE"});
  BOOST_TEST(bob.listen() == (strings{"incoming 0", "cancelled 0"}),
             boost::test_tools::per_element());
  // Answered at two places (13.2.2.4).
  auto const invite = bob.place();
  bob.receive(answer(invite, 180, "one", alices_contact));
  bob.receive(answer(invite, 180, "two", alices_contact));
  bob.receive(answer(invite, 200, "two", alices_contact));
  check_all(bob.look(), {"ACK"});
  bob.receive(answer(invite, 200, "one", alices_contact));
  check_all(bob.look(), {"ACK", "BYE"});
  bob.end();
}

// Each rule that is left out makes a call smaller.
static_assert(sizeof(endpoint<few>) <= sizeof(endpoint<few, with_all_rules>));
static_assert(sizeof(endpoint<few, without_100rel>) < sizeof(endpoint<few>));
static_assert(sizeof(endpoint<few, without_timer>) < sizeof(endpoint<few>));
static_assert(sizeof(endpoint<few, without_modification>) < sizeof(endpoint<few, without_timer>));
static_assert(sizeof(endpoint<few, with_few_rules>) < sizeof(endpoint<few, without_modification>));

// ---- Costs

// What is not wanted takes no room.
static_assert(sizeof(endpoint<small>) == sizeof(endpoint<small, with_silence>));
static_assert(sizeof(endpoint<small>) == sizeof(endpoint<small, with_nothing>));
static_assert(sizeof(endpoint<small, with_pointer>) - sizeof(endpoint<small>) ==
              small.calls * sizeof(player*));
static_assert(sizeof(endpoint<small, with_recorder>) - sizeof(endpoint<small>) == sizeof(recorder));
// Requests take their places, and nothing without.
static_assert(sizeof(endpoint<endpoint_size{.calls = 3, .transactions = 4, .requests = 2}>) -
                  sizeof(endpoint<small>) <=
              2 * 96);
static_assert(std::is_empty_v<no_trace> && std::is_empty_v<no_call_data> &&
              std::is_empty_v<no_credentials> && std::is_empty_v<no_registration_commands>);
// Without registrations there are no commands for them.
template <class Agent>
concept registers = requires(Agent& a, outgoing_registration const& w, instant now) {
  a.add(w, now);
};
static_assert(!registers<endpoint<small>>);

BOOST_AUTO_TEST_SUITE_END()
