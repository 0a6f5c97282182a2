// The kinds of things that an endpoint is made of: what its user keeps with each call, and what
// sees each message; what is not wanted costs nothing.
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
