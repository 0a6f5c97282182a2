// What the user of a registrar says of it, and hears of it. Read transaction_layer.hpp and
// registrar_store.hpp before it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include <ctsip/user_agent/registrar_store.hpp>
#include <ctsip/user_agent/transaction_layer.hpp>

namespace ctsip {

/// How much a registrar can hold beside its store. Nothing is allocated beyond it.
struct registrar_size {
  std::size_t transactions{64}; ///< at a time; each lives up to 64*T1 after its end
  std::size_t message{1300};    ///< bytes of the longest message (18.1.1)
};

/// What the application learns.
enum class registrar_event_kind : std::uint8_t {
  bound,     ///< a binding was added
  refreshed, ///< a binding was updated
  removed,   ///< a binding was removed by a REGISTER
  expired,   ///< a binding was not refreshed in time
  refused    ///< a REGISTER failed, with `status`; a first challenge is none
};

/// The event's name.
constexpr char const* name(registrar_event_kind e) {
  switch (e) {
  case registrar_event_kind::bound: return "bound";
  case registrar_event_kind::refreshed: return "refreshed";
  case registrar_event_kind::removed: return "removed";
  case registrar_event_kind::expired: return "expired";
  case registrar_event_kind::refused: return "refused";
  }
  return "";
}

/// An event, by value. Its texts hold until the next `receive` or `handle_timeout`, whatever
/// becomes of the datagram; only `message` is a view of that one. Of a binding that a REGISTER
/// removed only the Contact is told.
struct registrar_event {
  registrar_event_kind kind{};
  std::string_view address_of_record{}; ///< canonical; empty if it is too long
  binding_record binding{};
  status_code status{};
  ctsip::message message{}; ///< the REGISTER, where the caller has it; empty for `expired`
};

/// What a registrar says of itself. The texts must outlive it; intervals are in seconds.
struct registrar_settings {
  element_settings element{};          ///< what requests are judged by is the registrar's own
  lasting_text domains{};              ///< those it has, a comma list of hosts; empty: any
  std::uint32_t default_expires{3600}; ///< where the request says nothing (10.3 step 7)
  std::uint32_t least_expires{60};     ///< what is shorter is answered 423 (10.3 step 7)
  std::uint32_t most_expires{86'400};  ///< what is longer is shortened to it (10.3 step 7)
  lasting_text service_route{};        ///< of each 200, a list of name-addr with lr (RFC 3608 6.3)
  /// Flow-Timer of a 200 over a direct flow (RFC 5626 6); 0: none. Its keep-alives, CRLF or STUN,
  /// are answered by whoever has the socket (5.4).
  std::uint32_t flow_timer{};
  /// Whether a Path is taken of which the user agent does not know: "The recommended policy is for
  /// the registrar to reject the request with a 420" (RFC 3327 5.3).
  bool path_without_support{};
  /// Unix time at `instant{}`, for the Date of a 200 (20.17); never: none is written.
  milliseconds unix_time{milliseconds::never()};
};

/// Counts of what a registrar did.
struct registrar_counts {
  std::uint64_t registered{};   ///< REGISTER requests answered 200, fetches among them
  std::uint64_t challenged{};   ///< answered 401
  std::uint64_t disproven{};    ///< of these, with wrong credentials
  std::uint64_t forbidden{};    ///< answered 403: somebody else's address-of-record
  std::uint64_t out_of_order{}; ///< answered 500: Call-ID and CSeq of an older request
  std::uint64_t full{};         ///< answered 500 with Retry-After: no place is left
  std::uint64_t refused{};      ///< all that were answered 300-699, without a first challenge
  std::uint64_t expired{};      ///< bindings
  std::uint64_t untold{};       ///< events that `poll_event` was not asked for in time
};

} // namespace ctsip
