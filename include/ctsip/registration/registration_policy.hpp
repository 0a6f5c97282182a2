// The times that a registration chooses by itself: when it refreshes its binding, and how long it
// waits after a failure. RFC 3261 10.2.4, 10.2.7; RFC 5626 4.5; 3GPP TS 24.229 5.1.1.4.1.
#pragma once

#include <cstdint>

#include <ctsip/vocabulary/timer.hpp>

namespace ctsip {

/// When to refresh, and how long to wait, as a value.
struct registration_policy {
  /// A binding for longer than this is refreshed `refresh_margin` before its expiry, any other
  /// when half of its time has elapsed, as 3GPP TS 24.229 has it. RFC 3261 10.2.4 only asks for
  /// "before the expiration interval has elapsed".
  milliseconds long_registration{1'200'000};
  milliseconds refresh_margin{600'000};
  /// "base-time (if all failed) with a default of 30 seconds" (RFC 5626 4.5)
  milliseconds base_time_all_failed{30'000};
  /// "base-time (if all have not failed) with a default of 90 seconds" (RFC 5626 4.5)
  milliseconds base_time{90'000};
  /// "max-time with a default of 1800 seconds" (RFC 5626 4.5)
  milliseconds max_time{1'800'000};

  /// How long after the 2xx that grants a binding for so many seconds it is refreshed.
  constexpr milliseconds refresh_after(std::uint32_t granted_seconds) const {
    milliseconds const granted{std::int64_t{granted_seconds} * 1000};
    if (granted > long_registration && granted > refresh_margin) return granted - refresh_margin;
    return {granted.count / 2};
  }

  /// "W = min (max-time, (base-time * (2 ^ consecutive-failures)))" (RFC 5626 4.5)
  constexpr milliseconds longest_wait(unsigned consecutive_failures, bool other_flow) const {
    milliseconds w = other_flow ? base_time : base_time_all_failed;
    for (unsigned i = 0; i < consecutive_failures && w < max_time; ++i) w = 2 * w;
    return w < max_time ? w : max_time;
  }

  /// "The actual amount of time the UA waits before retrying registration (the retry delay time) is
  /// computed by selecting a uniform random time between 50 and 100% of the upper-bound wait time."
  constexpr milliseconds wait_after(unsigned consecutive_failures, bool other_flow,
                                    std::uint32_t random) const {
    milliseconds const w = longest_wait(consecutive_failures, other_flow);
    return window{{w.count / 2}, w, {1}}.pick(random);
  }

  friend constexpr bool operator==(registration_policy const&,
                                   registration_policy const&) = default;
};

/// The policy of the RFCs and of IMS.
inline constexpr registration_policy default_registration_policy{};

} // namespace ctsip
