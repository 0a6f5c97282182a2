// The INVITE client transaction as all variants of it speak: RFC 3261 17.1.1.2 as replaced by
// RFC 6026 8.4. Kept to C++17 for the sake of Boost.MSM.
#pragma once

#include <cstdint>

namespace bench::step {

enum class state : std::uint8_t { calling, proceeding, completed, accepted, terminated };

enum class event : std::uint8_t {
  provisional,
  success,
  failure,
  timer_a,
  timer_b,
  timer_d,
  timer_m,
  transport_error
};

inline constexpr int states = 5;
inline constexpr int events = 8;

/// What a step asks its caller to do and what becomes of the timers, as a set of bits. The actions
/// have the numbers of `ctsip::transaction_action`, so that no variant has to translate.
using actions = std::uint16_t;

inline constexpr actions none = 0;
inline constexpr actions resend_request = 1 << 0;
inline constexpr actions send_ack = 1 << 1;
inline constexpr actions pass_up = 1 << 6;
inline constexpr actions inform_timeout = 1 << 8;
inline constexpr actions inform_transport_error = 1 << 9;
inline constexpr actions double_timer_a = 1 << 10;
inline constexpr actions stop_timer_a = 1 << 11;
inline constexpr actions stop_timer_b = 1 << 12;
inline constexpr actions start_timer_d = 1 << 13;
inline constexpr actions stop_timer_d = 1 << 14;
inline constexpr actions start_timer_m = 1 << 15;

} // namespace bench::step
