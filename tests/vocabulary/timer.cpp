#include <boost/test/unit_test.hpp>

#include <ctsip/vocabulary/timer.hpp>

#include <chrono>
#include <cstdint>
#include <set>
#include <string>
#include <type_traits>
#include <vector>

using namespace ctsip;
using namespace std::chrono_literals;

namespace {

constexpr transport reliable_ones[] = {transport::tcp,      transport::tls, transport::sctp,
                                       transport::tls_sctp, transport::ws,  transport::wss};

// The expected duration with the RFC's defaults, over UDP and over every reliable transport;
// -1 stands for "does not run".
void lasts(timer t, std::int64_t udp, std::int64_t reliable) {
  auto const expected = [](std::int64_t ms) {
    return ms < 0 ? milliseconds::never() : milliseconds{ms};
  };
  BOOST_TEST_CONTEXT(name(t)) {
    BOOST_TEST(duration(t, transport::udp).count == expected(udp).count);
    for (transport over : reliable_ones)
      BOOST_TEST(duration(t, over).count == expected(reliable).count, name(over));
  }
}

// The first intervals of a timer that repeats.
std::vector<std::int64_t> intervals(timer t, std::size_t count, timer_values const& v = {}) {
  std::vector<std::int64_t> result;
  milliseconds interval = duration(t, transport::udp, v);
  for (std::size_t i = 0; i != count; ++i) {
    result.push_back(interval.count);
    interval = next_interval(t, interval, v);
  }
  return result;
}

using list = std::vector<std::int64_t>;

} // namespace

BOOST_AUTO_TEST_SUITE(vocabulary_timer)

BOOST_AUTO_TEST_CASE(the_defaults_are_those_of_rfc3261_table_4) {
  constexpr timer_values v;
  static_assert(v.t1 == 500ms);
  static_assert(v.t2 == 4s);
  static_assert(v.t4 == 5s);
  static_assert(v.c > 3min);
  static_assert(v.d == 32s);
  BOOST_TEST(is_valid(v));
}

BOOST_AUTO_TEST_CASE(durations_are_those_of_rfc3261_table_4) {
  lasts(timer::a, 500, -1);
  lasts(timer::b, 32'000, 32'000);
  lasts(timer::c, 181'000, 181'000);
  lasts(timer::d, 32'000, 0);
  lasts(timer::e, 500, -1);
  lasts(timer::f, 32'000, 32'000);
  lasts(timer::g, 500, -1);
  lasts(timer::h, 32'000, 32'000);
  lasts(timer::i, 5'000, 0);
  lasts(timer::j, 32'000, 0);
  lasts(timer::k, 5'000, 0);
}

BOOST_AUTO_TEST_CASE(l_and_m_are_64_t1_for_all_transports_rfc6026_8_7_and_8_4) {
  lasts(timer::l, 32'000, 32'000);
  lasts(timer::m, 32'000, 32'000);
}

BOOST_AUTO_TEST_CASE(n_is_64_t1_rfc6665_4_1_2_4) { lasts(timer::n, 32'000, 32'000); }

BOOST_AUTO_TEST_CASE(the_timers_without_a_letter_last_as_their_clauses_say) {
  lasts(timer::trying, 200, 200);                   // 17.2.1
  lasts(timer::non_invite_trying, 3'500, 3'500);    // RFC 4320 4.1
  lasts(timer::success_retransmission, 500, 500);   // 13.3.1.4
  lasts(timer::success_timeout, 32'000, 32'000);    // 13.3.1.4
  lasts(timer::ack_retransmission, 32'000, 32'000); // 13.2.2.4
  lasts(timer::reliable_provisional, 500, 500);     // RFC 3262 3
  lasts(timer::reliable_provisional_timeout, 32'000, 32'000);
  lasts(timer::provisional_reminder, 60'000, 60'000); // 13.3.1.1
  lasts(timer::cancel_timeout, 32'000, 32'000);       // 9.1
}

BOOST_AUTO_TEST_CASE(what_the_calls_messages_say_has_no_duration_of_its_own) {
  lasts(timer::retry_after, -1, -1);          // 14.2: the Retry-After
  lasts(timer::invite_expires, -1, -1);       // 13.2.1: the Expires
  lasts(timer::session_refresh, -1, -1);      // RFC 4028 7.2: the Session-Expires
  lasts(timer::session_expiration, -1, -1);   // RFC 4028 10
  lasts(timer::registration_refresh, -1, -1); // 10.2.4: the expiration interval granted
  lasts(timer::registration_expiry, -1, -1);  // 10.2.1.1
  lasts(timer::registration_retry, -1, -1);   // RFC 5626 4.5: random, grows with the failures
  constexpr timer_values v{.t1 = 1s, .t2 = 8s, .t4 = 10s, .c = 200s, .d = 64s};
  static_assert(duration(timer::session_refresh, transport::udp, v).is_never());
}

BOOST_AUTO_TEST_CASE(durations_follow_t1_t2_and_t4) {
  constexpr timer_values v{.t1 = 1s, .t2 = 8s, .t4 = 10s, .c = 200s, .d = 64s};
  static_assert(duration(timer::a, transport::udp, v) == 1s);
  static_assert(duration(timer::b, transport::udp, v) == 64s);
  static_assert(duration(timer::c, transport::tcp, v) == 200s);
  static_assert(duration(timer::d, transport::udp, v) == 64s);
  static_assert(duration(timer::i, transport::udp, v) == 10s);
  static_assert(duration(timer::j, transport::udp, v) == 64s);
  static_assert(duration(timer::k, transport::udp, v) == 10s);
  BOOST_TEST(duration(timer::n, transport::ws, v).count == 64'000);
  BOOST_TEST(duration(timer::reliable_provisional, transport::tcp, v).count == 1'000);
}

BOOST_AUTO_TEST_CASE(timer_a_doubles_without_cap_rfc3261_17_1_1_2) {
  BOOST_TEST(intervals(timer::a, 7) == (list{500, 1000, 2000, 4000, 8000, 16000, 32000}));
}

BOOST_AUTO_TEST_CASE(timer_e_doubles_up_to_t2_rfc3261_17_1_2_2) {
  // "intervals of 500 ms, 1 s, 2 s, 4 s, 4 s, 4 s, etc."
  BOOST_TEST(intervals(timer::e, 6) == (list{500, 1000, 2000, 4000, 4000, 4000}));
}

BOOST_AUTO_TEST_CASE(timer_e_is_reset_to_t2_in_the_proceeding_state_rfc3261_17_1_2_2) {
  constexpr timer_values v;
  BOOST_TEST(next_interval(timer::e, v.t2, v).count == 4000);
}

BOOST_AUTO_TEST_CASE(timer_g_doubles_up_to_t2_rfc3261_17_2_1) {
  BOOST_TEST(intervals(timer::g, 6) == (list{500, 1000, 2000, 4000, 4000, 4000}));
  constexpr timer_values v{.t1 = 500ms, .t2 = 3s};
  BOOST_TEST(intervals(timer::g, 5, v) == (list{500, 1000, 2000, 3000, 3000}));
}

BOOST_AUTO_TEST_CASE(the_2xx_doubles_up_to_t2_rfc3261_13_3_1_4) {
  BOOST_TEST(intervals(timer::success_retransmission, 6) ==
             (list{500, 1000, 2000, 4000, 4000, 4000}));
}

BOOST_AUTO_TEST_CASE(a_reliable_provisional_response_doubles_without_cap_rfc3262_3) {
  BOOST_TEST(intervals(timer::reliable_provisional, 6) ==
             (list{500, 1000, 2000, 4000, 8000, 16000}));
}

BOOST_AUTO_TEST_CASE(a_provisional_response_goes_out_at_every_minute_rfc3261_13_3_1_1) {
  BOOST_TEST(intervals(timer::provisional_reminder, 3) == (list{60'000, 60'000, 60'000}));
}

BOOST_AUTO_TEST_CASE(every_other_timer_fires_once) {
  std::set<timer> const repeating{timer::a,
                                  timer::e,
                                  timer::g,
                                  timer::success_retransmission,
                                  timer::reliable_provisional,
                                  timer::provisional_reminder};
  for (std::size_t i = 0; i != timer_count; ++i) {
    auto const t = static_cast<timer>(i);
    BOOST_TEST(next_interval(t, milliseconds{500}).is_never() == !repeating.contains(t), name(t));
    BOOST_TEST(next_interval(t, milliseconds::never()).is_never(), name(t));
  }
}

BOOST_AUTO_TEST_CASE(timer_e_reaches_t2_after_three_and_a_half_seconds_rfc4320_4_1) {
  static_assert(time_until_timer_e_is_t2() == 3500ms);
  // T1 = 1 s, T2 = 4 s: fires at 1 s and 3 s, then it is set to 4 s.
  BOOST_TEST(time_until_timer_e_is_t2({.t1 = 1s, .t2 = 4s}).count == 3000);
  // T1 = 500 ms, T2 = 3 s: at 0.5, 1.5 and 3.5 s, then MIN(8*T1, T2) = T2.
  BOOST_TEST(time_until_timer_e_is_t2({.t1 = 500ms, .t2 = 3s}).count == 3500);
  // T1 = T2: at the first firing it is reset to MIN(2*T1, T2) = T2.
  BOOST_TEST(time_until_timer_e_is_t2({.t1 = 2s, .t2 = 2s}).count == 2000);
  BOOST_TEST(time_until_timer_e_is_t2({.t1 = 5s, .t2 = 4s}).count == 5000);
}

BOOST_AUTO_TEST_CASE(values_out_of_range_neither_hang_nor_overflow) {
  for (std::int64_t bad :
       {INT64_MIN, std::int64_t{-1}, std::int64_t{0}, INT64_MAX - 1, INT64_MAX}) {
    timer_values const v{.t1 = {bad}, .t2 = {bad}, .t4 = {bad}, .c = {bad}, .d = {bad}};
    BOOST_TEST(!is_valid(v), bad);
    for (std::size_t i = 0; i != timer_count; ++i) {
      auto const t = static_cast<timer>(i);
      milliseconds const first = duration(t, transport::udp, v);
      milliseconds const second = next_interval(t, first, v);
      BOOST_TEST((first.is_never() ? second.is_never() : true), name(t));
    }
  }
  BOOST_TEST(time_until_timer_e_is_t2({.t1 = {0}, .t2 = {4000}}).count == 0);
}

BOOST_AUTO_TEST_CASE(the_values_keep_the_minima_of_rfc3261) {
  BOOST_TEST(!is_valid({.c = 3min}));    // 16.6: "larger than 3 minutes"
  BOOST_TEST(!is_valid({.d = 31999ms})); // 17.1.1.2: "at least 32 seconds"
  BOOST_TEST(is_valid({.t1 = 1ms, .t2 = 1ms, .t4 = 1ms}));
}

BOOST_AUTO_TEST_CASE(the_owner_of_the_call_id_waits_2_1_to_4_seconds_rfc3261_14_1) {
  constexpr window w = glare_window(true);
  static_assert(w.least == 2100ms && w.most == 4s && w.unit == 10ms);
  BOOST_TEST(w.size() == 191u);
  BOOST_TEST(w.pick(0).count == 2100);
  BOOST_TEST(w.pick(190).count == 4000);
  BOOST_TEST(w.pick(191).count == 2100);
  BOOST_TEST(w.pick(UINT64_MAX).count >= 2100);
  BOOST_TEST(w.contains(milliseconds{2110}));
  BOOST_TEST(!w.contains(milliseconds{2105}));
  BOOST_TEST(!w.contains(milliseconds{2090}));
  BOOST_TEST(!w.contains(milliseconds{4010}));
  BOOST_TEST(duration(timer::glare_owner, transport::udp).count == 2100);
}

BOOST_AUTO_TEST_CASE(the_other_side_waits_up_to_2_seconds_rfc3261_14_1) {
  constexpr window w = glare_window(false);
  static_assert(w.least == 0ms && w.most == 2s && w.unit == 10ms);
  BOOST_TEST(w.size() == 201u);
  for (std::uint64_t random : {0ull, 7ull, 200ull, 123'456'789ull})
    BOOST_TEST(w.contains(w.pick(random)), random);
  BOOST_TEST(duration(timer::glare_other, transport::tcp).count == 0);
}

BOOST_AUTO_TEST_CASE(the_windows_do_not_overlap_so_that_glare_ends) {
  BOOST_TEST((glare_window(false).most < glare_window(true).least));
}

BOOST_AUTO_TEST_CASE(retry_after_is_0_to_10_seconds_rfc3261_14_2) {
  constexpr window w = retry_after_window();
  static_assert(w.least == 0s && w.most == 10s && w.unit == 1s);
  BOOST_TEST(w.size() == 11u);
}

BOOST_AUTO_TEST_CASE(a_window_that_is_none_has_one_wait) {
  constexpr window backwards{{10}, {5}, {1}};
  constexpr window no_unit{{10}, {20}, {0}};
  BOOST_TEST(backwards.pick(99).count == 10);
  BOOST_TEST(no_unit.pick(99).count == 10);
  BOOST_TEST(!no_unit.contains(milliseconds{10}));
}

BOOST_AUTO_TEST_CASE(every_timer_has_a_name_a_clause_and_a_meaning) {
  std::set<std::string> names;
  for (std::size_t i = 0; i != timer_count; ++i) {
    auto const t = static_cast<timer>(i);
    BOOST_TEST(names.insert(name(t)).second, name(t));
    BOOST_TEST(std::string(clause(t)).starts_with("RFC "), name(t));
    BOOST_TEST(*meaning(t) != '\0', name(t));
  }
  BOOST_TEST(name(timer::a) == std::string("Timer A"));
  BOOST_TEST(name(timer::n) == std::string("Timer N"));
  BOOST_TEST(clause(timer::g) == std::string("RFC 3261 17.2.1"));
  BOOST_TEST(clause(timer::m) == std::string("RFC 6026 8.4"));
  BOOST_TEST(clause(timer::non_invite_trying) == std::string("RFC 4320 4.1"));
  BOOST_TEST(clause(timer::glare_other) == std::string("RFC 3261 14.1"));
  BOOST_TEST(clause(timer::retry_after) == std::string("RFC 3261 14.2"));
  BOOST_TEST(clause(timer::invite_expires) == std::string("RFC 3261 13.2.1"));
  BOOST_TEST(clause(timer::session_refresh) == std::string("RFC 4028 10"));
  BOOST_TEST(name(timer::session_expiration) == std::string("session expiration"));
  BOOST_TEST(clause(timer::registration_refresh) == std::string("RFC 3261 10.2.4"));
  BOOST_TEST(clause(timer::registration_expiry) == std::string("RFC 3261 10.2.1.1"));
  BOOST_TEST(clause(timer::registration_retry) == std::string("RFC 5626 4.5"));
}

BOOST_AUTO_TEST_CASE(registration_retry_is_the_last_timer_and_all_fit_into_a_set_of_32) {
  static_assert(static_cast<std::size_t>(timer::registration_retry) + 1 == timer_count);
  static_assert(timer_count <= 32);
  BOOST_TEST(*name(static_cast<timer>(timer_count)) == '\0');
}

BOOST_AUTO_TEST_CASE(a_value_outside_the_enumeration_has_no_name_and_never_fires) {
  auto const none = static_cast<timer>(200);
  BOOST_TEST(*name(none) == '\0');
  BOOST_TEST(*clause(none) == '\0');
  BOOST_TEST(*meaning(none) == '\0');
  BOOST_TEST(duration(none, transport::udp).is_never());
}

BOOST_AUTO_TEST_CASE(chrono_durations_convert_implicitly_where_nothing_is_lost) {
  static_assert(milliseconds(2s) == milliseconds{2000});
  static_assert(std::is_convertible_v<std::chrono::hours, milliseconds>);
  static_assert(std::is_convertible_v<std::chrono::milliseconds, milliseconds>);
  static_assert(!std::is_convertible_v<std::chrono::microseconds, milliseconds>);
  static_assert(std::is_constructible_v<milliseconds, std::chrono::microseconds>);
  static_assert(std::is_convertible_v<milliseconds, std::chrono::nanoseconds>);
  static_assert(!std::is_convertible_v<milliseconds, std::chrono::seconds>);
  static_assert(!std::is_constructible_v<milliseconds, std::chrono::duration<double>>);
  constexpr std::chrono::nanoseconds out = milliseconds{3};
  BOOST_TEST(out.count() == 3'000'000);
  BOOST_TEST(milliseconds(1999us).count == 1);
  BOOST_TEST(milliseconds(-1999us).count == -1);
  BOOST_TEST(std::chrono::seconds(milliseconds{2999}).count() == 2);
}

BOOST_AUTO_TEST_CASE(durations_in_odd_units_convert_towards_zero) {
  using thirds = std::chrono::duration<std::int64_t, std::ratio<1, 3>>;
  BOOST_TEST(milliseconds(thirds{1}).count == 333);
  BOOST_TEST(thirds(milliseconds{1000}).count() == 3);
}

BOOST_AUTO_TEST_CASE(conversions_saturate_and_never_stays_never) {
  BOOST_TEST(milliseconds(std::chrono::hours::max()).is_never());
  BOOST_TEST(milliseconds(std::chrono::nanoseconds::max()).is_never());
  BOOST_TEST(std::chrono::nanoseconds(milliseconds::never()).count() == INT64_MAX);
  BOOST_TEST((std::chrono::seconds(milliseconds::never()) == std::chrono::seconds::max()));
  BOOST_TEST(std::chrono::nanoseconds(milliseconds{INT64_MIN}).count() == INT64_MIN);
  using narrow = std::chrono::duration<std::int16_t, std::milli>;
  BOOST_TEST(narrow(milliseconds{40'000}).count() == INT16_MAX);
  BOOST_TEST(narrow(milliseconds{-40'000}).count() == INT16_MIN);
}

BOOST_AUTO_TEST_CASE(arithmetic_saturates_and_never_stays_never) {
  constexpr milliseconds never = milliseconds::never();
  static_assert((64 * milliseconds{INT64_MAX / 2}).is_never());
  static_assert((2 * never).is_never());
  static_assert((never + milliseconds{-1}).is_never());
  static_assert((never - milliseconds{1}).is_never());
  static_assert(-1 * milliseconds{INT64_MIN} == never);
  static_assert(0 * never == milliseconds{0});
  static_assert(-3 * milliseconds{5} == milliseconds{-15});
  static_assert((milliseconds{INT64_MAX - 1} + milliseconds{5}).is_never());
  static_assert((milliseconds{INT64_MIN} - milliseconds{1}).count == INT64_MIN);
  static_assert(milliseconds{2} > milliseconds{1} && milliseconds{2} >= milliseconds{2});
  static_assert(milliseconds{1} <= milliseconds{1} && milliseconds{1} < never);
}

BOOST_AUTO_TEST_CASE(an_instant_and_a_duration_make_an_instant) {
  static_assert(instant{1000} + milliseconds{500} == instant{1500});
  static_assert(instant{1500} - instant{1000} == milliseconds{500});
  static_assert((instant{1000} + milliseconds::never()).is_never());
  static_assert((instant::never() + milliseconds{-5}).is_never());
  static_assert((instant::never() - instant{5}).is_never());
  static_assert((instant{INT64_MAX - 1} + milliseconds{5}).is_never());
  static_assert(instant{1} < instant{2} && instant{2} <= instant{2} && instant{3} > instant{2} &&
                instant{2} >= instant{2});
  instant const now = instant{} + milliseconds(1234s);
  BOOST_TEST(now.count == 1'234'000);
}

BOOST_AUTO_TEST_SUITE_END()
