// Expectations from RFC 5626 4.5, and from what IMS does.
#include <ctsip/registration/registration_policy.hpp>

#include <boost/test/unit_test.hpp>

#include <cstdint>

BOOST_AUTO_TEST_SUITE(registration_registration_policy)

using ctsip::registration_policy;

BOOST_AUTO_TEST_CASE(the_policy_refreshes_at_half_or_600_seconds_before) {
  constexpr registration_policy p;
  static_assert(p.refresh_after(1200) == ctsip::milliseconds{600'000});
  static_assert(p.refresh_after(60) == ctsip::milliseconds{30'000});
  static_assert(p.refresh_after(1) == ctsip::milliseconds{500});
  static_assert(p.refresh_after(0) == ctsip::milliseconds{0});
  static_assert(p.refresh_after(1201) == ctsip::milliseconds{601'000});
  static_assert(p.refresh_after(600'000) == ctsip::milliseconds{599'400'000});
  static_assert(p.refresh_after(UINT32_MAX).count == std::int64_t{UINT32_MAX - 600} * 1000);
  for (std::uint32_t granted = 1; granted < 5000; ++granted)
    BOOST_TEST(p.refresh_after(granted).count < std::int64_t{granted} * 1000);
  // A margin that does not fit.
  constexpr registration_policy odd{.long_registration = {0}, .refresh_margin = {5000}};
  static_assert(odd.refresh_after(4) == ctsip::milliseconds{2000});
  static_assert(odd.refresh_after(6) == ctsip::milliseconds{1000});
}

BOOST_AUTO_TEST_CASE(the_wait_after_failures_is_that_of_rfc5626_4_5) {
  constexpr registration_policy p;
  // "if the base-time is 30 seconds, and there were three failures, then the upper-bound wait time
  // is min(1800, 30*(2^3)) or 240 seconds."
  static_assert(p.longest_wait(3, false) == ctsip::milliseconds{240'000});
  static_assert(p.longest_wait(3, true) == ctsip::milliseconds{720'000});
  static_assert(p.longest_wait(6, false) == ctsip::milliseconds{1'800'000});
  static_assert(p.longest_wait(255, false) == ctsip::milliseconds{1'800'000});
  // "the first retry happens somewhere between 30 and 60 seconds after the failure"
  BOOST_TEST(p.wait_after(1, false, 0).count == 30'000);
  BOOST_TEST(p.wait_after(1, false, 30'000).count == 60'000);
  for (std::uint32_t random : {1u, 12'345u, 0x7fff'ffffu, 0xffff'ffffu})
    for (unsigned failures : {1u, 2u, 3u, 9u, 255u})
      for (bool other : {false, true}) {
        auto const w = p.wait_after(failures, other, random);
        BOOST_TEST(w.count >= p.longest_wait(failures, other).count / 2);
        BOOST_TEST(w.count <= p.longest_wait(failures, other).count);
      }
}

BOOST_AUTO_TEST_SUITE_END()
