// Acts that wait: RFC 3261 9.1, 14.1, 15; RFC 3262 3, 5.
#include <ctsip/dialog/wants.hpp>

#include <vector>

#include <boost/test/unit_test.hpp>

#include <ctsip/dialog/call.hpp>

using namespace ctsip;

namespace {

using act = call_acts::act;

constexpr call_message of(event e, std::uint32_t cseq, content body = content::none) {
  call_message m;
  m.event = e;
  m.cseq = cseq;
  m.content = body;
  return m;
}
constexpr call_message request_of(direction way, method m, std::uint32_t cseq,
                                  content body = content::none, mark marks = mark::to_tag) {
  return of(request_event(way, m, marks), cseq, body);
}
constexpr call_message response_of(direction way, std::uint16_t status, method m,
                                   std::uint32_t cseq, content body = content::none) {
  return of(response_event(way, status, m, mark::to_tag), cseq, body);
}

constexpr auto sent_way = direction::sent;
constexpr auto received_way = direction::received;

// The message that an act is, for a caller whose INVITE has the number 1.
constexpr call_message callers(act a) {
  switch (a) {
  case act::cancel: return request_of(sent_way, method::cancel, 1, content::none, mark::none);
  case act::answer: return response_of(sent_way, 200, method::invite, 1, content::sdp);
  case act::reinvite: return request_of(sent_way, method::invite, 2, content::sdp);
  case act::update: return request_of(sent_way, method::update, 2, content::sdp);
  case act::bye: return request_of(sent_way, method::bye, 2);
  }
  return {};
}

struct agent {
  uac_call rules{};
  wants<> wishes{};
  act carried_out[8]{};
  std::size_t count{};
  bool can_send{true};

  constexpr auto perform() {
    return [this](act a, call_message const&) {
      if (can_send) carried_out[count++] = a;
      return can_send;
    };
  }
  constexpr act_result ask(act a) { return wishes.ask(a, rules, callers(a), perform()); }
  // One message, and what becomes possible by it.
  constexpr std::size_t step(call_message const& m) {
    if (rules.process(m).refused()) return 99;
    return wishes.drain(rules, callers, perform());
  }
  constexpr void calls() {
    (void)step(request_of(sent_way, method::invite, 1, content::sdp, mark::sdp));
  }
  constexpr void is_called() {
    (void)step(request_of(received_way, method::invite, 1, content::sdp, mark::sdp));
  }
};

struct in_a_circle {
  enum class act : std::uint8_t { a, b, c };
  static constexpr std::size_t act_count = 3;
  static constexpr replacement<act> instead[] = {{act::a, act::b}, {act::b, act::a}};
};
struct by_itself {
  enum class act : std::uint8_t { a };
  static constexpr std::size_t act_count = 1;
  static constexpr replacement<act> instead[] = {{act::a, act::a}};
};
struct in_a_row {
  enum class act : std::uint8_t { a, b, c };
  static constexpr std::size_t act_count = 3;
  static constexpr replacement<act> instead[] = {{act::a, act::b}, {act::b, act::c}};
};
struct without_replacement {
  enum class act : std::uint8_t { a };
  static constexpr std::size_t act_count = 1;
};

// A table with a wait that nothing ends.
struct stuck {
  enum class state : std::uint8_t { shut, open };
  enum class symbol : std::uint8_t { go, tick };
  enum class action : std::uint8_t { none };
  using enum state;
  using enum symbol;
  using in = ctsip::in<state, symbol, action>;
  static constexpr symbol commands[] = {go};
  static constexpr in::row rows[] = {in{shut}.on(go).waits("it waits", "1"),
                                     in{shut}.on(tick).rfc("1").stay(),
                                     in{open}.on(go, tick).rfc("1").stay()};
};
struct patient : stuck {
  static constexpr in::row rows[] = {in{shut}.on(go).waits("it waits", "1"),
                                     in{shut}.on(tick).rfc("1").then(open),
                                     in{open}.on(go, tick).rfc("1").stay()};
};

constexpr bool cancel_waits_for_a_provisional_response() {
  agent a;
  a.calls();
  if (a.ask(act::cancel) != act_result::deferred || !a.wishes.has(act::cancel)) return false;
  return a.step(response_of(received_way, 100, method::invite, 1)) == 1 &&
         a.carried_out[0] == act::cancel && a.wishes.empty();
}

} // namespace

BOOST_AUTO_TEST_SUITE(dialog_wants)

BOOST_AUTO_TEST_CASE(draining_ends_where_no_act_comes_back_to_itself) {
  static_assert(draining_ends<call_acts>());
  static_assert(draining_ends<in_a_row>());
  static_assert(draining_ends<without_replacement>());
  static_assert(!draining_ends<in_a_circle>());
  static_assert(!draining_ends<by_itself>());
  static_assert(sizeof(wants<>) == 1);
}

BOOST_AUTO_TEST_CASE(no_wish_waits_for_ever) {
  static_assert(each_wait_ends<dialog>());
  static_assert(each_wait_ends<invite_usage>());
  static_assert(each_wait_ends<cancellation>());
  static_assert(each_wait_ends<reliable_provisional>());
  static_assert(each_wait_ends<precondition>());
  static_assert(each_wait_ends<offer_answer>());
  static_assert(each_wait_ends<session_modification>());
  static_assert(each_wait_ends<session_timer>());
  static_assert(!each_wait_ends<stuck>());
  static_assert(each_wait_ends<patient>());
}

BOOST_AUTO_TEST_CASE(a_result_has_a_name) {
  for (auto const& [result, name] : {std::pair{ctsip::act_result::done, "done"},
                                     {ctsip::act_result::deferred, "deferred"},
                                     {ctsip::act_result::gone, "gone"},
                                     {ctsip::act_result::unwritable, "unwritable"},
                                     {ctsip::act_result::refused, "refused"},
                                     {ctsip::act_result::full, "full"}})
    BOOST_TEST(std::string{ctsip::name(result)} == name);
}

BOOST_AUTO_TEST_CASE(a_cancel_waits_for_a_provisional_response_rfc_3261_9_1) {
  static_assert(cancel_waits_for_a_provisional_response());
  BOOST_TEST(cancel_waits_for_a_provisional_response());
}

BOOST_AUTO_TEST_CASE(a_cancel_that_a_2xx_has_overtaken_becomes_ack_then_bye_rfc_3261_15) {
  agent a;
  a.calls();
  BOOST_TEST((a.ask(act::cancel) == act_result::deferred));
  BOOST_TEST(a.step(response_of(received_way, 200, method::invite, 1, content::sdp)) == 0u);
  // "the 2xx is acknowledged first: ACK, then BYE"
  BOOST_TEST(a.wishes.has(act::bye));
  BOOST_TEST(!a.wishes.has(act::cancel));
  BOOST_TEST(a.step(request_of(sent_way, method::ack, 1)) == 1u);
  BOOST_TEST((a.carried_out[0] == act::bye));
  BOOST_TEST(a.wishes.empty());
  BOOST_TEST(a.rules.is<invite_usage>(invite_usage::state::bye_sent));
}

BOOST_AUTO_TEST_CASE(a_cancel_that_a_refusal_has_overtaken_is_forgotten) {
  agent a;
  a.calls();
  BOOST_TEST((a.ask(act::cancel) == act_result::deferred));
  BOOST_TEST(a.step(response_of(received_way, 486, method::invite, 1)) == 0u);
  BOOST_TEST(a.wishes.empty());
  BOOST_TEST((a.ask(act::cancel) == act_result::gone));
}

BOOST_AUTO_TEST_CASE(the_bye_of_the_callee_waits_for_the_ack_rfc_3261_15) {
  agent a;
  a.is_called();
  BOOST_TEST((a.ask(act::answer) == act_result::done));
  BOOST_TEST((a.ask(act::bye) == act_result::deferred));
  BOOST_TEST((a.ask(act::bye) == act_result::deferred));
  BOOST_TEST(a.step(request_of(received_way, method::ack, 1)) == 1u);
  BOOST_TEST((a.carried_out[1] == act::bye));
  BOOST_TEST((a.ask(act::bye) == act_result::gone));
}

BOOST_AUTO_TEST_CASE(it_does_not_wait_longer_than_64_t1_rfc_3261_13_3_1_4) {
  agent a;
  a.is_called();
  (void)a.ask(act::answer);
  BOOST_TEST((a.ask(act::bye) == act_result::deferred));
  BOOST_TEST(a.step(of(timer_event(timer::success_timeout), 0)) == 1u);
}

BOOST_AUTO_TEST_CASE(a_wish_of_a_call_that_the_peer_has_ended_is_forgotten) {
  agent a;
  a.is_called();
  (void)a.ask(act::answer);
  BOOST_TEST((a.ask(act::bye) == act_result::deferred));
  (void)a.step(request_of(received_way, method::bye, 2));
  BOOST_TEST(a.wishes.empty());
}

BOOST_AUTO_TEST_CASE(an_answer_waits_for_the_prack_rfc_3262_3) {
  agent a;
  auto invite = request_of(received_way, method::invite, 1, content::sdp, mark::sdp);
  invite.supports_100rel = true;
  (void)a.step(invite);
  auto progress = response_of(sent_way, 183, method::invite, 1, content::sdp);
  progress.event.marks = progress.event.marks | mark::reliable;
  progress.rseq = 1;
  BOOST_TEST(a.step(progress) == 0u);
  auto ok = response_of(sent_way, 200, method::invite, 1);
  auto const perform = a.perform();
  BOOST_TEST((a.wishes.ask(act::answer, a.rules, ok, perform) == act_result::deferred));
  auto prack = request_of(received_way, method::prack, 2);
  prack.rack = 1;
  prack.rack_cseq = 1;
  BOOST_TEST(!a.rules.process(prack).refused());
  BOOST_TEST(a.wishes.drain(
                 a.rules, [&](act) { return ok; }, perform) == 1u);
  BOOST_TEST((a.carried_out[0] == act::answer));
}

BOOST_AUTO_TEST_CASE(a_re_invite_waits_for_the_end_of_the_one_before_rfc_3261_14_1) {
  agent a;
  a.calls();
  (void)a.step(response_of(received_way, 180, method::invite, 1));
  BOOST_TEST((a.ask(act::reinvite) == act_result::deferred));
  BOOST_TEST(a.step(response_of(received_way, 200, method::invite, 1, content::sdp)) == 1u);
  BOOST_TEST((a.carried_out[0] == act::reinvite));
}

BOOST_AUTO_TEST_CASE(what_cannot_be_sent_for_the_time_being_is_kept_and_steps_nothing) {
  agent a;
  a.calls();
  (void)a.step(response_of(received_way, 180, method::invite, 1));
  a.can_send = false;
  BOOST_TEST((a.ask(act::cancel) == act_result::deferred));
  BOOST_TEST(a.rules.is<cancellation>(cancellation::state::proceeding));
  BOOST_TEST(a.wishes.drain(a.rules, callers, a.perform()) == 0u);
  a.can_send = true;
  BOOST_TEST(a.wishes.drain(a.rules, callers, a.perform()) == 1u);
  BOOST_TEST(a.rules.is<cancellation>(cancellation::state::cancelling));
}

BOOST_AUTO_TEST_CASE(all_wishes_at_once_drain_in_any_order_of_messages) {
  // Every wish in every subset, against each of the final responses: draining
  // ends, and what is left is only what still waits.
  for (unsigned set = 0; set < 32; ++set)
    for (int status : {100, 180, 200, 486, 487}) {
      agent a;
      a.calls();
      for (unsigned i = 0; i < call_acts::act_count; ++i)
        if (set >> i & 1u) a.wishes.keep(static_cast<act>(i));
      BOOST_TEST(a.step(response_of(received_way, static_cast<std::uint16_t>(status),
                                    method::invite, 1, content::sdp)) <= 5u);
      for (unsigned i = 0; i < call_acts::act_count; ++i)
        if (a.wishes.has(static_cast<act>(i)))
          BOOST_TEST(a.rules.judge(callers(static_cast<act>(i))).waits());
    }
}

BOOST_AUTO_TEST_SUITE_END()
