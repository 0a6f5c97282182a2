// SIP's timers as values: RFC 3261 Table 4 (A-K) as corrected by RFC 6026 (L, M), RFC 6665 (N),
// and the waits that have no letter. Read transport.hpp before it.
//
// A duration depends on the transport: over a reliable one A, E and G never fire and D, I, J and K
// are zero. So no machine needs a row for the kind of transport.
#pragma once

#include <cstddef>
#include <cstdint>

#include <ctsip/vocabulary/transport.hpp>

namespace ctsip {

struct milliseconds;

namespace detail {

// Counts saturate at INT64_MAX, which means "never", so that no arithmetic on a value from
// outside overflows.
constexpr std::int64_t saturating_add(std::int64_t a, std::int64_t b) noexcept {
  if (b > 0 && a > INT64_MAX - b) return INT64_MAX;
  if (b < 0 && a < INT64_MIN - b) return INT64_MIN;
  return a + b;
}

constexpr std::int64_t saturating_subtract(std::int64_t a, std::int64_t b) noexcept {
  if (b < 0 && a > INT64_MAX + b) return INT64_MAX;
  if (b > 0 && a < INT64_MIN + b) return INT64_MIN;
  return a - b;
}

constexpr std::int64_t saturating_multiply(std::int64_t k, std::int64_t a) noexcept {
  if (k == 0 || a == 0) return 0;
  bool const negative = (k < 0) != (a < 0);
  // As magnitudes: INT64_MIN has none in int64_t.
  std::uint64_t const x = k < 0 ? 0 - static_cast<std::uint64_t>(k) : static_cast<std::uint64_t>(k);
  std::uint64_t const y = a < 0 ? 0 - static_cast<std::uint64_t>(a) : static_cast<std::uint64_t>(a);
  if (x > static_cast<std::uint64_t>(INT64_MAX) / y) return negative ? INT64_MIN : INT64_MAX;
  std::int64_t const product = static_cast<std::int64_t>(x * y);
  return negative ? -product : product;
}

/// A type shaped like `std::chrono::duration` with an integral representation.
template <class D>
concept duration_like = requires(D const& d) {
  typename D::rep;
  D::period::num;
  D::period::den;
  d.count();
  D::max();
  D::min();
}
&&typename D::rep(1) / typename D::rep(2) == typename D::rep(0);

/// Every value of D is a whole number of milliseconds.
template <class D>
concept coarser_than_milliseconds = duration_like<D> &&
    (D::period::num * 1000 % D::period::den == 0);

/// Every millisecond is a whole number of D's ticks.
template <class D>
concept finer_than_milliseconds = duration_like<D> &&
    (D::period::den % (D::period::num * 1000) == 0);

} // namespace detail

/// A span of time in milliseconds. Any type shaped like `std::chrono::duration` with an integral
/// representation converts to it and from it, without this header including `<chrono>`:
/// implicitly where nothing is lost, otherwise explicitly and towards zero, as `duration_cast`
/// does. What does not fit saturates, and `never()` stays never.
struct milliseconds {
  std::int64_t count{};

  constexpr milliseconds() noexcept = default;
  constexpr milliseconds(std::int64_t milliseconds_count) noexcept : count{milliseconds_count} {}

  template <detail::duration_like D>
  constexpr explicit(!detail::coarser_than_milliseconds<D>) milliseconds(D d) noexcept {
    auto const ticks = static_cast<std::int64_t>(d.count());
    if (d == D::max())
      count = INT64_MAX;
    else if constexpr (detail::coarser_than_milliseconds<D>)
      count = detail::saturating_multiply(D::period::num * 1000 / D::period::den, ticks);
    else if constexpr (detail::finer_than_milliseconds<D>)
      count = ticks / (D::period::den / (D::period::num * 1000));
    else
      count = detail::saturating_multiply(D::period::num * 1000, ticks) / D::period::den;
  }

  template <detail::duration_like D>
  constexpr explicit(!detail::finer_than_milliseconds<D>) operator D() const noexcept {
    using rep = typename D::rep;
    if (is_never()) return D::max();
    std::int64_t ticks{};
    if constexpr (detail::finer_than_milliseconds<D>)
      ticks = detail::saturating_multiply(D::period::den / (D::period::num * 1000), count);
    else if constexpr (detail::coarser_than_milliseconds<D>)
      ticks = count / (D::period::num * 1000 / D::period::den);
    else
      ticks = detail::saturating_multiply(D::period::den, count) / (D::period::num * 1000);
    if (static_cast<std::int64_t>(static_cast<rep>(ticks)) != ticks)
      return ticks > 0 ? D::max() : D::min();
    return D(static_cast<rep>(ticks));
  }

  /// Longer than every span: "this timer does not fire".
  static constexpr milliseconds never() noexcept { return {INT64_MAX}; }
  constexpr bool is_never() const noexcept { return count == INT64_MAX; }

  friend constexpr bool operator==(milliseconds, milliseconds) = default;
  friend constexpr bool operator<(milliseconds a, milliseconds b) { return a.count < b.count; }
  friend constexpr bool operator>(milliseconds a, milliseconds b) { return a.count > b.count; }
  friend constexpr bool operator<=(milliseconds a, milliseconds b) { return a.count <= b.count; }
  friend constexpr bool operator>=(milliseconds a, milliseconds b) { return a.count >= b.count; }
  friend constexpr milliseconds operator*(std::int64_t k, milliseconds a) {
    return {detail::saturating_multiply(k, a.count)};
  }
  friend constexpr milliseconds operator+(milliseconds a, milliseconds b) {
    if (a.is_never() || b.is_never()) return never();
    return {detail::saturating_add(a.count, b.count)};
  }
  friend constexpr milliseconds operator-(milliseconds a, milliseconds b) {
    if (a.is_never()) return never();
    return {detail::saturating_subtract(a.count, b.count)};
  }
};

/// A moment on the caller's own clock, in milliseconds since an epoch of the caller's choice.
/// The library has no clock: every moment is an argument. With `<chrono>`:
/// `instant{} + milliseconds(clock::now().time_since_epoch())`.
struct instant {
  std::int64_t count{};

  /// Later than every moment: "no timer is armed".
  static constexpr instant never() noexcept { return {INT64_MAX}; }
  constexpr bool is_never() const noexcept { return count == INT64_MAX; }

  friend constexpr bool operator==(instant, instant) = default;
  friend constexpr bool operator<(instant a, instant b) { return a.count < b.count; }
  friend constexpr bool operator>(instant a, instant b) { return a.count > b.count; }
  friend constexpr bool operator<=(instant a, instant b) { return a.count <= b.count; }
  friend constexpr bool operator>=(instant a, instant b) { return a.count >= b.count; }
  friend constexpr instant operator+(instant a, milliseconds d) {
    if (a.is_never() || d.is_never()) return never();
    return {detail::saturating_add(a.count, d.count)};
  }
  friend constexpr milliseconds operator-(instant a, instant b) {
    if (a.is_never()) return milliseconds::never();
    return {detail::saturating_subtract(a.count, b.count)};
  }
};

/// The timers, by their RFC's letter where there is one.
enum class timer : std::uint8_t {
  a,                            ///< INVITE request retransmission, UDP only (17.1.1.2)
  b,                            ///< INVITE transaction timeout (17.1.1.2)
  c,                            ///< proxy INVITE transaction timeout (16.6)
  d,                            ///< wait for response retransmissions (17.1.1.2)
  e,                            ///< non-INVITE request retransmission, UDP only (17.1.2.2)
  f,                            ///< non-INVITE transaction timeout (17.1.2.2)
  g,                            ///< INVITE response retransmission (17.2.1)
  h,                            ///< wait for ACK receipt (17.2.1)
  i,                            ///< wait for ACK retransmissions (17.2.1)
  j,                            ///< wait for non-INVITE request retransmissions (17.2.2)
  k,                            ///< wait for response retransmissions (17.1.2.2)
  l,                            ///< wait for accepted INVITE request retransmissions (RFC 6026 8.7)
  m,                            ///< wait for retransmission of 2xx to INVITE (RFC 6026 8.4)
  n,                            ///< wait for a NOTIFY after SUBSCRIBE (RFC 6665 4.1.2.4)
  trying,                       ///< 100 to an INVITE if the TU is silent for 200 ms (17.2.1)
  non_invite_trying,            ///< 100 to a non-INVITE when Timer E would reach T2 (RFC 4320 4.1)
  success_retransmission,       ///< 2xx to INVITE, T1 doubling to T2 (13.3.1.4)
  success_timeout,              ///< no ACK to the 2xx after 64*T1 (13.3.1.4)
  ack_retransmission,           ///< further 2xx to the INVITE until 64*T1 (13.2.2.4)
  reliable_provisional,         ///< reliable 1xx, T1 doubling without cap (RFC 3262 3)
  reliable_provisional_timeout, ///< no PRACK after 64*T1 (RFC 3262 3)
  provisional_reminder,         ///< a 1xx each minute while an INVITE waits (13.3.1.1)
  cancel_timeout,               ///< no final response 64*T1 after the CANCEL (9.1)
  glare_owner,                  ///< 491 received by the owner of the Call-ID (14.1)
  glare_other,                  ///< 491 received by the other side (14.1)
  retry_after,                  ///< a 500 with Retry-After was received (14.2, RFC 3311 5.2)
  invite_expires,               ///< the INVITE's Expires, or the caller's patience (13.2.1, 13.3.1)
  session_refresh,              ///< the refresher's time to refresh (RFC 4028 10)
  session_expiration,           ///< the other side's time to give up the session (RFC 4028 10)
  registration_refresh,         ///< time to refresh our binding (10.2.4)
  registration_expiry,          ///< the end of the binding that a registrar granted (10.2.1.1)
  registration_retry            ///< wait before a failed registration is tried again (RFC 5626 4.5)
};

/// How many timers there are.
inline constexpr std::size_t timer_count = 32;

/// T1, T2 and T4 (RFC 3261 Table 4), and the other settings that a timer's duration reads.
struct timer_values {
  milliseconds t1{500};    ///< round-trip time estimate (17.1.1.1)
  milliseconds t2{4000};   ///< longest retransmit interval of non-INVITE and INVITE responses
  milliseconds t4{5000};   ///< longest time a message stays in the network
  milliseconds c{181'000}; ///< Timer C: more than three minutes (16.6)
  milliseconds d{32'000};  ///< Timer D over UDP: at least 32 s (17.1.1.2)

  friend constexpr bool operator==(timer_values const&, timer_values const&) = default;
};

/// Whether the values keep what RFC 3261 asks of them: T1, T2 and T4 longer than nothing and
/// short enough to have a 64-fold, Timer C "larger than 3 minutes" (16.6), Timer D "at least 32
/// seconds" (17.1.1.2). Durations of other values are defined, but not SIP's.
constexpr bool is_valid(timer_values const& v) noexcept {
  return milliseconds{0} < v.t1 && !(64 * v.t1).is_never() && milliseconds{0} < v.t2 &&
         !v.t2.is_never() && milliseconds{0} < v.t4 && !v.t4.is_never() &&
         milliseconds{180'000} < v.c && milliseconds{32'000} <= v.d;
}

namespace detail {

struct timer_text {
  char const* name;
  char const* clause;
  char const* meaning;
};

/// In the order of `timer`; the meanings of A-N are those of RFC 3261 Table 4.
inline constexpr timer_text timer_texts[timer_count] = {
    {"Timer A", "RFC 3261 17.1.1.2", "INVITE request retransmit interval, for UDP only"},
    {"Timer B", "RFC 3261 17.1.1.2", "INVITE transaction timeout timer"},
    {"Timer C", "RFC 3261 16.6", "proxy INVITE transaction timeout"},
    {"Timer D", "RFC 3261 17.1.1.2", "wait time for response retransmits"},
    {"Timer E", "RFC 3261 17.1.2.2", "non-INVITE request retransmit interval, UDP only"},
    {"Timer F", "RFC 3261 17.1.2.2", "non-INVITE transaction timeout timer"},
    {"Timer G", "RFC 3261 17.2.1", "INVITE response retransmit interval"},
    {"Timer H", "RFC 3261 17.2.1", "wait time for ACK receipt"},
    {"Timer I", "RFC 3261 17.2.1", "wait time for ACK retransmits"},
    {"Timer J", "RFC 3261 17.2.2", "wait time for non-INVITE request retransmits"},
    {"Timer K", "RFC 3261 17.1.2.2", "wait time for response retransmits"},
    {"Timer L", "RFC 6026 8.7", "wait time for accepted INVITE request retransmits"},
    {"Timer M", "RFC 6026 8.4",
     "wait time for retransmission of 2xx to INVITE or additional 2xx from other branches of a "
     "forked INVITE"},
    {"Timer N", "RFC 6665 4.1.2.4", "wait time for a NOTIFY after a SUBSCRIBE"},
    {"INVITE trying", "RFC 3261 17.2.1",
     "time the TU has to respond to an INVITE before the transaction sends 100 (Trying)"},
    {"non-INVITE trying", "RFC 4320 4.1",
     "time after which a non-INVITE request without response is answered with 100 (Trying)"},
    {"2xx retransmission", "RFC 3261 13.3.1.4",
     "interval at which the UAS core repeats its 2xx to an INVITE until the ACK, over any "
     "transport"},
    {"2xx timeout", "RFC 3261 13.3.1.4",
     "time the UAS core waits for the ACK to its 2xx before it ends the session with a BYE"},
    {"ACK retransmission", "RFC 3261 13.2.2.4",
     "time in which the UAC core answers every 2xx to its INVITE with an ACK"},
    {"reliable 1xx retransmission", "RFC 3262 3",
     "interval at which the UAS core repeats a reliable provisional response until the PRACK"},
    {"reliable 1xx timeout", "RFC 3262 3",
     "time the UAS core waits for the PRACK before it rejects the INVITE with a 5xx"},
    {"provisional reminder", "RFC 3261 13.3.1.1",
     "interval at which a UAS that has not yet answered sends a non-100 provisional response"},
    {"CANCEL timeout", "RFC 3261 9.1",
     "time the UAC waits for a final response to the request that it cancelled"},
    {"glare wait of the Call-ID's owner", "RFC 3261 14.1",
     "wait before the re-INVITE is tried again after a 491"},
    {"glare wait of the other side", "RFC 3261 14.1",
     "wait before the re-INVITE is tried again after a 491"},
    {"Retry-After wait", "RFC 3261 14.2",
     "wait that the Retry-After of a 500 asks for before the request is tried again"},
    {"INVITE expiry", "RFC 3261 13.2.1",
     "time the caller lets an INVITE ring before it is cancelled"},
    {"session refresh", "RFC 4028 10",
     "time after which the refresher refreshes the session: half of the session interval"},
    {"session expiration", "RFC 4028 10",
     "time after which the side that does not refresh ends the session with a BYE"},
    {"registration refresh", "RFC 3261 10.2.4",
     "time after which a user agent refreshes its binding, before the expiration interval has "
     "elapsed"},
    {"registration expiry", "RFC 3261 10.2.1.1",
     "time after which a binding that was not refreshed is gone"},
    {"registration retry", "RFC 5626 4.5",
     "wait before a registration that failed, or that a Retry-After delays, is tried again"}};

} // namespace detail

/// `"Timer A"` … `"Timer N"`; the unlettered ones by words, such as `"2xx retransmission"`.
constexpr char const* name(timer t) noexcept {
  auto const i = static_cast<std::size_t>(t);
  return i < timer_count ? detail::timer_texts[i].name : "";
}

/// The clause that defines the timer: `"RFC 3261 17.1.1.2"`.
constexpr char const* clause(timer t) noexcept {
  auto const i = static_cast<std::size_t>(t);
  return i < timer_count ? detail::timer_texts[i].clause : "";
}

/// What the timer measures, in a few words (RFC 3261 Table 4, RFC 6026 8.11).
constexpr char const* meaning(timer t) noexcept {
  auto const i = static_cast<std::size_t>(t);
  return i < timer_count ? detail::timer_texts[i].meaning : "";
}

/// A wait that is drawn at random: from `least` to `most`, both included, in steps of `unit`.
struct window {
  milliseconds least{};
  milliseconds most{};
  milliseconds unit{1};

  /// How many different waits there are.
  constexpr std::uint64_t size() const noexcept {
    if (most < least || unit.count <= 0) return 1;
    return static_cast<std::uint64_t>((most - least).count / unit.count) + 1;
  }

  /// The wait that a random number selects; all are equally likely if `random` is uniform.
  constexpr milliseconds pick(std::uint64_t random) const noexcept {
    return least + static_cast<std::int64_t>(random % size()) * unit;
  }

  constexpr bool contains(milliseconds wait) const noexcept {
    return least <= wait && wait <= most && unit.count > 0 &&
           (wait - least).count % unit.count == 0;
  }

  friend constexpr bool operator==(window const&, window const&) = default;
};

/// RFC 3261 14.1: "If the UAC is the owner of the Call-ID of the dialog ID (meaning it generated
/// the value), T has a randomly chosen value between 2.1 and 4 seconds in units of 10 ms.
/// If the UAC is not the owner …, T has a randomly chosen value of between 0 and 2 seconds in
/// units of 10 ms."
constexpr window glare_window(bool owner_of_call_id) noexcept {
  if (owner_of_call_id) return {{2100}, {4000}, {10}};
  return {{0}, {2000}, {10}};
}

/// RFC 3261 14.2, 12.2.2 … the Retry-After of a 500 to a request that came too soon: "a randomly
/// chosen value of between 0 and 10 seconds". Retry-After counts whole seconds (20.33).
constexpr window retry_after_window() noexcept { return {{0}, {10'000}, {1000}}; }

/// RFC 4320 4.1: "the amount of time it takes a client transaction's Timer E to be reset to T2".
/// Timer E runs T1, MIN(2*T1, T2), MIN(4*T1, T2) …; the sum of the intervals that pass before it
/// is set to T2: 3.5 s with the defaults (0.5 + 1 + 2).
constexpr milliseconds time_until_timer_e_is_t2(timer_values const& v = {}) noexcept {
  milliseconds elapsed{0};
  milliseconds interval = v.t1;
  if (interval <= milliseconds{0}) return elapsed;
  do {
    elapsed = elapsed + interval;
    interval = 2 * interval;
  } while (interval < v.t2);
  return elapsed;
}

/// How long after it is set the timer first fires. `milliseconds::never()`: over this transport it
/// does not run (A, E and G over a reliable one); zero: it fires at once (D, I, J and K over a
/// reliable one). For the glare waits, which are random, the shortest: draw one from
/// `glare_window`. `milliseconds::never()` too for those whose length the call's own messages say:
/// Retry-After, Expires, Session-Expires and the times of a registration.
constexpr milliseconds duration(timer t, transport over, timer_values const& v = {}) noexcept {
  bool const reliable = is_reliable(over);
  switch (t) {
  case timer::a:
  case timer::e:
  case timer::g: return reliable ? milliseconds::never() : v.t1;
  case timer::c: return v.c;
  case timer::d: return reliable ? milliseconds{0} : v.d;
  case timer::i:
  case timer::k: return reliable ? milliseconds{0} : v.t4;
  case timer::j: return reliable ? milliseconds{0} : 64 * v.t1;
  // "Timer L MUST be set to fire in 64*T1 for all transports" (RFC 6026 8.7), and M "MUST be
  // started with a value of 64*T1" (8.4), with no exception for reliable ones either.
  case timer::l:
  case timer::m:
  case timer::b:
  case timer::f:
  case timer::h:
  case timer::n:
  case timer::success_timeout:
  case timer::ack_retransmission:
  case timer::reliable_provisional_timeout:
  case timer::cancel_timeout: return 64 * v.t1;
  case timer::trying: return {200};
  case timer::non_invite_trying: return time_until_timer_e_is_t2(v);
  // Independent of the transport: another hop may be UDP (13.3.1.4, RFC 3262 3).
  case timer::success_retransmission:
  case timer::reliable_provisional: return v.t1;
  case timer::provisional_reminder: return {60'000};
  case timer::glare_owner: return glare_window(true).least;
  case timer::glare_other: return glare_window(false).least;
  case timer::retry_after:
  case timer::invite_expires:
  case timer::session_refresh:
  case timer::session_expiration:
  case timer::registration_refresh:
  case timer::registration_expiry:
  case timer::registration_retry: break;
  }
  return milliseconds::never();
}

/// The interval after one of `previous`: A and the reliable 1xx double without cap, E, G and the
/// 2xx double up to T2, the reminder stays at a minute. `milliseconds::never()` for the timers that
/// fire once, and after a `previous` of never.
///
/// In the "Proceeding" state Timer E is "reset with a value of T2" (17.1.2.2) whatever it was:
/// take `values.t2` there.
constexpr milliseconds next_interval(timer t, milliseconds previous,
                                     timer_values const& v = {}) noexcept {
  if (previous.is_never()) return previous;
  milliseconds const doubled = 2 * previous;
  switch (t) {
  case timer::a:
  case timer::reliable_provisional: return doubled;
  case timer::e:
  case timer::g:
  case timer::success_retransmission: return doubled < v.t2 ? doubled : v.t2;
  case timer::provisional_reminder: return previous;
  default: return milliseconds::never();
  }
}

} // namespace ctsip
