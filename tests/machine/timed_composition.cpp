// A composition with its timers, shown on the rules of a call: RFC 3261 13, RFC 3262 3, RFC
// 4028 10.
#include <ctsip/machine/timed_composition.hpp>

#include <ctsip/dialog/call.hpp>

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(machine_timed_composition)

using ctsip::call_message;
using ctsip::event;
using ctsip::instant;
using ctsip::received;
using ctsip::response;
using ctsip::sent;
using ctsip::timer;
using ctsip::messages::ack;
using ctsip::messages::bye;
using ctsip::messages::invite;
using ctsip::messages::prack;
using call = ctsip::timed_composition<ctsip::uas_call>;

constexpr call_message says(event const& e, std::uint32_t cseq = 1) {
  call_message m;
  m.event = e;
  m.cseq = cseq;
  m.content = ctsip::content::unspecified;
  m.supports_100rel = true;
  return m;
}

// Called, and answered after a second.
constexpr call answered() {
  call c;
  (void)c.process(says(received<invite>{}), {0});
  (void)c.process(says(sent<response<180>>{}), {0});
  (void)c.process(says(sent<response<200>>{}), {1000});
  return c;
}

BOOST_AUTO_TEST_CASE(no_timer_is_armed_before_the_first_message) {
  call const c;
  BOOST_TEST(c.next_timeout().is_never());
  BOOST_TEST(!c.is_armed(timer::success_timeout));
}

BOOST_AUTO_TEST_CASE(the_2xx_waits_64_times_t1_for_its_ack_and_the_ack_disarms_it) {
  call c = answered();
  BOOST_TEST(c.is_armed(timer::success_timeout));
  BOOST_TEST(c.next_timeout().count == 1000 + 32'000);
  (void)c.process(says(received<ack>{}), {1100});
  BOOST_TEST(c.next_timeout().is_never());

  constexpr bool at_compile_time = [] {
    call other = answered();
    (void)other.process(says(received<ack>{}), {1100});
    return other.next_timeout().is_never();
  }();
  BOOST_TEST(at_compile_time);
}

BOOST_AUTO_TEST_CASE(without_the_ack_the_timer_fires_once_and_asks_for_a_bye) {
  call c = answered();
  BOOST_TEST(!c.handle_timeout({32'999}).does<ctsip::invite_usage>().has(
      ctsip::invite_usage::action::send_bye));
  auto const fired = c.handle_timeout({33'000});
  BOOST_TEST(fired.does<ctsip::invite_usage>().has(ctsip::invite_usage::action::send_bye));
  BOOST_TEST(c.next_timeout().is_never());
}

BOOST_AUTO_TEST_CASE(a_provisional_response_is_due_each_minute) {
  call c;
  (void)c.process(says(received<invite>{}), {0});
  for (int minute = 1; minute <= 3; ++minute) {
    BOOST_TEST(c.next_timeout().count == minute * 60'000);
    BOOST_TEST(c.handle_timeout(c.next_timeout())
                   .does<ctsip::invite_usage>()
                   .has(ctsip::invite_usage::action::send_provisional));
  }
}

BOOST_AUTO_TEST_CASE(a_reliable_provisional_is_sent_again_at_doubling_intervals_until_its_prack) {
  call c;
  (void)c.process(says(received<invite>{}), {0});
  auto reliable = says(sent<ctsip::with<response<183>, ctsip::mark::reliable>>{});
  reliable.rseq = 1;
  BOOST_TEST(!c.process(reliable, {0}).refused());
  for (std::int64_t at : {500, 1500, 3500, 7500}) {
    BOOST_TEST(c.next_timeout().count == at);
    BOOST_TEST(c.handle_timeout(c.next_timeout())
                   .does<ctsip::reliable_provisional>()
                   .has(ctsip::reliable_provisional::action::resend_provisional));
  }
  auto acknowledged = says(received<prack>{}, 2);
  acknowledged.rack = 1;
  (void)c.process(acknowledged, {8000});
  BOOST_TEST(!c.is_armed(timer::reliable_provisional));
  BOOST_TEST(!c.is_armed(timer::reliable_provisional_timeout));
}

BOOST_AUTO_TEST_CASE(the_session_timer_takes_its_length_from_the_call) {
  call c;
  auto asks = says(received<invite>{});
  asks.session_expires = 1800;
  asks.supports_timer = true;
  (void)c.process(asks, {0});
  auto agrees = says(sent<response<200>>{});
  agrees.session_expires = 1800;
  agrees.refresher = ctsip::refresher::uas;
  BOOST_TEST(!c.process(agrees, {1000}).refused());
  (void)c.process(says(received<ack>{}), {1100});
  BOOST_TEST(c.next_timeout().count == 1000 + 900'000);
}

BOOST_AUTO_TEST_CASE(a_timer_whose_length_only_the_caller_knows_runs_once_it_is_armed) {
  call c;
  (void)c.process(says(sent<invite>{}), {0});
  BOOST_TEST(!c.is_armed(timer::invite_expires));
  c.arm(timer::invite_expires, {120'000}, {0});
  BOOST_TEST(c.is_armed(timer::invite_expires));
  BOOST_TEST(c.next_timeout().count == 120'000);
  c.arm(timer::provisional_reminder, {60'000}, {1000});
  BOOST_TEST(c.deadline(timer::invite_expires).count == 120'000);
  BOOST_TEST(c.deadline(timer::provisional_reminder).count == 61'000);
  BOOST_TEST(c.deadline(timer::success_timeout).is_never());
  BOOST_TEST(c.deadline(timer::a).is_never());
  c.disarm(timer::provisional_reminder);
  c.disarm(timer::invite_expires);
  BOOST_TEST(c.next_timeout().is_never());
  c.arm(timer::a, {500}, {0}); // a transaction's, not one of these rules'
  BOOST_TEST(!c.is_armed(timer::a));
}

BOOST_AUTO_TEST_CASE(a_refused_step_changes_no_timer) {
  call c = answered();
  auto const before = c.next_timeout();
  auto const refused = c.process(says(sent<bye>{}, 2), {2000}, ctsip::default_timer_values,
                                 ctsip::on_violation::report{});
  BOOST_TEST(refused.waits());
  BOOST_TEST(c.next_timeout().count == before.count);
}

BOOST_AUTO_TEST_CASE(
    a_deadline_is_kept_to_the_millisecond_for_24_days_and_to_the_second_for_years) {
  constexpr std::int64_t day = 24 * 3'600'000;
  call c;
  c.arm(timer::invite_expires, {24 * day + 1}, {7});
  BOOST_TEST(c.next_timeout().count == 24 * day + 8);
  c.arm(timer::invite_expires, {400 * day + 1}, {7});
  BOOST_TEST(c.next_timeout().count == 400 * day + 1000 + 7);
  // The longest that an Expires header field can say is cut short to 68 years.
  c.arm(timer::invite_expires, {std::int64_t{UINT32_MAX} * 1000}, {7});
  BOOST_TEST(c.next_timeout().count > std::int64_t{67} * 365 * day);
  BOOST_TEST(c.is_armed(timer::invite_expires));
  c.arm(timer::invite_expires, ctsip::milliseconds::never(), {7});
  BOOST_TEST(!c.is_armed(timer::invite_expires));
}

BOOST_AUTO_TEST_CASE(deadlines_keep_their_moments_and_their_order_however_long_a_call_lasts) {
  constexpr std::int64_t day = 24 * 3'600'000;
  call c;
  c.arm(timer::session_expiration, {100 * day}, {-5});
  for (std::int64_t now = -5; now < 99 * day; now += day / 3 + 17) {
    c.arm(timer::session_refresh, {500}, {now});
    BOOST_TEST(c.next_timeout().count == now + 500);
    // One that is overdue stays so.
    c.arm(timer::provisional_reminder, {60'000}, {now + 2'000});
    BOOST_TEST(c.next_timeout().count == now + 500);
    c.disarm(timer::session_refresh);
    BOOST_TEST(c.next_timeout().count == now + 62'000);
    c.disarm(timer::provisional_reminder);
    BOOST_TEST(c.next_timeout().count >= 100 * day - 5);
    BOOST_TEST(c.next_timeout().count < 100 * day + 10'000);
  }
  // A clock that goes back moves nothing but what is armed by it.
  c.arm(timer::session_refresh, {500}, {0});
  BOOST_TEST(c.next_timeout().count == 500);
}

BOOST_AUTO_TEST_CASE(a_call_with_its_timers_takes_176_bytes) { static_assert(sizeof(call) <= 176); }

BOOST_AUTO_TEST_SUITE_END()
