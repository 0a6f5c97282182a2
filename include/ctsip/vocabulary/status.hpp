// Every registered response code (IANA "SIP Response Codes", 75 of them): reason phrase, class,
// defining clause, what it does to the transaction, usage and dialog, and whether to try again.
// RFC 3261 7.2, 8.1.3.2, 8.1.3.5, 21; RFC 5057 5; RFC 6665 4. Read method.hpp and procedure.hpp
// before it; explain.hpp says the same in sentences.
#pragma once

#include <cstddef>
#include <cstdint>

#include <ctsip/vocabulary/method.hpp>
#include <ctsip/vocabulary/procedure.hpp>
#include <ctsip/vocabulary/text.hpp>

namespace ctsip {

/// A Status-Code: "a 3-digit integer result code" (RFC 3261 7.2).
using status_code = std::uint16_t;

/// The first digit of a Status-Code (RFC 3261 7.2).
enum class response_class : std::uint8_t {
  unknown = 0, ///< not a SIP status code: below 100 or above 699
  provisional = 1,
  success,
  redirection,
  request_failure,
  server_failure,
  global_failure
};

/// The class of any code, registered or not.
constexpr response_class class_of(status_code code) noexcept {
  return code < 100 || code > 699 ? response_class::unknown
                                  : static_cast<response_class>(code / 100);
}

/// The class in the words of RFC 3261 21: `"Request Failure"`.
constexpr char const* name(response_class c) noexcept {
  switch (c) {
  case response_class::unknown: return "Unknown";
  case response_class::provisional: return "Provisional";
  case response_class::success: return "Successful";
  case response_class::redirection: return "Redirection";
  case response_class::request_failure: return "Request Failure";
  case response_class::server_failure: return "Server Failure";
  case response_class::global_failure: return "Global Failures";
  }
  return "";
}

/// 100 to 699 (RFC 3261 7.2).
constexpr bool is_status_code(status_code code) noexcept { return code >= 100 && code <= 699; }
/// "1xx responses are provisional, other responses are considered final" (RFC 3261 6).
constexpr bool is_provisional(status_code code) noexcept { return code >= 100 && code <= 199; }
/// "All 2xx, 3xx, 4xx, 5xx and 6xx responses are final" (RFC 3261 6).
constexpr bool is_final(status_code code) noexcept { return code >= 200 && code <= 699; }
constexpr bool is_success(status_code code) noexcept { return code >= 200 && code <= 299; }
/// A final response that is not a success: 300 to 699.
constexpr bool is_failure(status_code code) noexcept { return code >= 300 && code <= 699; }

/// What a response does beyond answering its request, inside a dialog (RFC 5057 5.1).
enum class response_effect : std::uint8_t {
  none,        ///< no failure: 1xx and 2xx
  transaction, ///< "affects only the transaction"
  /// 3xx: "whatever effect it has impacts the entire dialog and all of its usages equally"; the
  /// request is tried at the new location with the dialog's route set (RFC 3261 12.2.1.2).
  redirects_dialog,
  usage, ///< "destroys the usage, but not the dialog"
  dialog ///< "destroys the dialog and all usages sharing it"
};

/// Whether another attempt makes sense, and what it takes.
enum class retry : std::uint8_t {
  not_applicable,   ///< not a failure
  no,               ///< the same wish will be refused again: ask the user, or give up
  with_credentials, ///< with credentials that answer the challenge (RFC 3261 22)
  changed,          ///< at once, with the request changed as the response says
  elsewhere,        ///< at another address or server, that of the response where it names one
  later,            ///< later: after Retry-After if it is there
  later_if_told,    ///< only if the response has a Retry-After (RFC 3261 20.33), and after it
  after_random_wait ///< 491: after the wait of RFC 3261 14.1
};

/// What is true of a response code.
struct status_info {
  status_code code{};
  retry next{};                ///< whether another attempt makes sense
  response_effect effect{};    ///< on a usual request inside a dialog; see `effect_of`
  response_groups groups{};    ///< what the response is about
  char const* reason_phrase{}; ///< the default Reason-Phrase
  char const* reference{};     ///< the clause that defines it: `"RFC 3261 21.4.18"`
  char const* retry_header{};  ///< the response's header field that says how to retry, or `""`
};

namespace detail {

inline constexpr response_groups in_registration{response_group::registration_and_authentication};
inline constexpr response_groups in_call{response_group::call_establishment};
inline constexpr response_groups in_media{response_group::media_and_sdp_negotiation};
inline constexpr response_groups in_none{};

inline constexpr std::size_t status_count = 75;

// Effects: RFC 5057 Table 2; a code that is absent there acts as its x00 (RFC 3261 8.1.3.2), as
// the RFCs that came later confirm: 424 (RFC 6442 4.3), 425 (RFC 8876 5.1), 433 (RFC 5079 4),
// 469 (RFC 6086 4.2.1), 607 (RFC 8197 4). 408 acts as a timeout (RFC 5057 5.2).
inline constexpr status_info status_table[status_count] = {
    {100, retry::not_applicable, response_effect::none, in_call, "Trying", "RFC 3261 21.1.1", ""},
    {180, retry::not_applicable, response_effect::none, in_call, "Ringing", "RFC 3261 21.1.2", ""},
    {181, retry::not_applicable, response_effect::none, in_call, "Call Is Being Forwarded",
     "RFC 3261 21.1.3", ""},
    {182, retry::not_applicable, response_effect::none, in_call, "Queued", "RFC 3261 21.1.4", ""},
    {183, retry::not_applicable, response_effect::none, in_call | in_media, "Session Progress",
     "RFC 3261 21.1.5", ""},
    {199, retry::not_applicable, response_effect::none, in_call, "Early Dialog Terminated",
     "RFC 6228 11.1", ""},

    {200, retry::not_applicable, response_effect::none, in_registration | in_call | in_media, "OK",
     "RFC 3261 21.2.1", ""},
    {202, retry::not_applicable, response_effect::none, in_none, "Accepted", "RFC 6665 8.3.1", ""},
    {204, retry::not_applicable, response_effect::none, in_none, "No Notification", "RFC 5839 7.1",
     ""},

    {300, retry::elsewhere, response_effect::redirects_dialog, in_call, "Multiple Choices",
     "RFC 3261 21.3.1", "Contact"},
    {301, retry::elsewhere, response_effect::redirects_dialog, in_call, "Moved Permanently",
     "RFC 3261 21.3.2", "Contact"},
    {302, retry::elsewhere, response_effect::redirects_dialog, in_call, "Moved Temporarily",
     "RFC 3261 21.3.3", "Contact"},
    {305, retry::elsewhere, response_effect::redirects_dialog, in_registration | in_call,
     "Use Proxy", "RFC 3261 21.3.4", "Contact"},
    {380, retry::changed, response_effect::redirects_dialog, in_call, "Alternative Service",
     "RFC 3261 21.3.5", ""},

    {400, retry::changed, response_effect::transaction, in_call, "Bad Request", "RFC 3261 21.4.1",
     ""},
    {401, retry::with_credentials, response_effect::transaction, in_registration, "Unauthorized",
     "RFC 3261 21.4.2", "WWW-Authenticate"},
    {402, retry::changed, response_effect::transaction, in_call, "Payment Required",
     "RFC 3261 21.4.3", ""},
    {403, retry::no, response_effect::transaction, in_registration | in_call, "Forbidden",
     "RFC 3261 21.4.4", ""},
    {404, retry::later_if_told, response_effect::dialog, in_registration | in_call, "Not Found",
     "RFC 3261 21.4.5", "Retry-After"},
    {405, retry::no, response_effect::usage, in_call, "Method Not Allowed", "RFC 3261 21.4.6",
     "Allow"},
    {406, retry::changed, response_effect::transaction, in_media, "Not Acceptable",
     "RFC 3261 21.4.7", ""},
    {407, retry::with_credentials, response_effect::transaction, in_registration | in_call,
     "Proxy Authentication Required", "RFC 3261 21.4.8", "Proxy-Authenticate"},
    {408, retry::later, response_effect::usage, in_registration | in_call, "Request Timeout",
     "RFC 3261 21.4.9", ""},
    {410, retry::no, response_effect::dialog, in_call, "Gone", "RFC 3261 21.4.10", ""},
    {412, retry::changed, response_effect::transaction, in_none, "Conditional Request Failed",
     "RFC 3903 11.2.1", ""},
    {413, retry::changed, response_effect::transaction, in_media, "Request Entity Too Large",
     "RFC 3261 21.4.11", "Retry-After"},
    {414, retry::changed, response_effect::transaction, in_call, "Request-URI Too Long",
     "RFC 3261 21.4.12", ""},
    {415, retry::changed, response_effect::transaction, in_media, "Unsupported Media Type",
     "RFC 3261 21.4.13", "Accept, Accept-Encoding, Accept-Language"},
    {416, retry::changed, response_effect::dialog, in_call, "Unsupported URI Scheme",
     "RFC 3261 21.4.14", ""},
    {417, retry::changed, response_effect::transaction, in_call, "Unknown Resource-Priority",
     "RFC 4412 12.4", "Accept-Resource-Priority"},
    {420, retry::changed, response_effect::transaction, in_registration | in_call, "Bad Extension",
     "RFC 3261 21.4.15", "Unsupported"},
    {421, retry::changed, response_effect::transaction, in_registration | in_call,
     "Extension Required", "RFC 3261 21.4.16", "Require"},
    {422, retry::changed, response_effect::transaction, in_call, "Session Interval Too Small",
     "RFC 4028 6", "Min-SE"},
    {423, retry::changed, response_effect::transaction, in_registration, "Interval Too Brief",
     "RFC 3261 21.4.17", "Min-Expires"},
    {424, retry::changed, response_effect::transaction, in_call, "Bad Location Information",
     "RFC 6442 4.3", "Geolocation-Error"},
    {425, retry::changed, response_effect::transaction, in_none, "Bad Alert Message",
     "RFC 8876 5.1", "AlertMsg-Error"},
    {428, retry::changed, response_effect::transaction, in_registration | in_call,
     "Use Identity Header", "RFC 8224 6.2.2", ""},
    {429, retry::changed, response_effect::transaction, in_none, "Provide Referrer Identity",
     "RFC 3892 5", ""},
    {430, retry::no, response_effect::transaction, in_registration, "Flow Failed", "RFC 5626 11.5",
     ""},
    {433, retry::changed, response_effect::transaction, in_call, "Anonymity Disallowed",
     "RFC 5079 5", ""},
    {436, retry::changed, response_effect::transaction, in_registration | in_call,
     "Bad Identity Info", "RFC 8224 6.2.2", ""},
    {437, retry::changed, response_effect::transaction, in_registration | in_call,
     "Unsupported Credential", "RFC 8224 6.2.2", ""},
    {438, retry::changed, response_effect::transaction, in_registration | in_call,
     "Invalid Identity Header", "RFC 8224 6.2.2", ""},
    {439, retry::changed, response_effect::transaction, in_registration,
     "First Hop Lacks Outbound Support", "RFC 5626 11.6", ""},
    {440, retry::changed, response_effect::transaction, in_call, "Max-Breadth Exceeded",
     "RFC 5393 5.1", ""},
    {469, retry::changed, response_effect::transaction, in_none, "Bad Info Package",
     "RFC 6086 4.2.2", "Recv-Info"},
    {470, retry::changed, response_effect::transaction, in_call, "Consent Needed", "RFC 5360 5.9.2",
     "Permission-Missing"},
    {480, retry::later, response_effect::usage, in_call, "Temporarily Unavailable",
     "RFC 3261 21.4.18", "Retry-After"},
    {481, retry::no, response_effect::usage, in_call, "Call/Transaction Does Not Exist",
     "RFC 3261 21.4.19", ""},
    {482, retry::no, response_effect::dialog, in_call, "Loop Detected", "RFC 3261 21.4.20", ""},
    {483, retry::changed, response_effect::dialog, in_call, "Too Many Hops", "RFC 3261 21.4.21",
     ""},
    {484, retry::changed, response_effect::dialog, in_call, "Address Incomplete",
     "RFC 3261 21.4.22", ""},
    {485, retry::changed, response_effect::dialog, in_call, "Ambiguous", "RFC 3261 21.4.23",
     "Contact"},
    {486, retry::later, response_effect::transaction, in_call, "Busy Here", "RFC 3261 21.4.24",
     "Retry-After"},
    {487, retry::no, response_effect::transaction, in_call, "Request Terminated",
     "RFC 3261 21.4.25", ""},
    {488, retry::changed, response_effect::transaction, in_media, "Not Acceptable Here",
     "RFC 3261 21.4.26", "Warning"},
    {489, retry::changed, response_effect::usage, in_none, "Bad Event", "RFC 6665 8.3.2",
     "Allow-Events"},
    {491, retry::after_random_wait, response_effect::transaction, in_media, "Request Pending",
     "RFC 3261 21.4.27", ""},
    {493, retry::changed, response_effect::transaction, in_media, "Undecipherable",
     "RFC 3261 21.4.28", ""},
    {494, retry::changed, response_effect::transaction, in_registration,
     "Security Agreement Required", "RFC 3329 2.3.1", "Security-Server"},

    {500, retry::later, response_effect::transaction, in_registration | in_call,
     "Server Internal Error", "RFC 3261 21.5.1", "Retry-After"},
    {501, retry::no, response_effect::usage, in_call, "Not Implemented", "RFC 3261 21.5.2", ""},
    {502, retry::no, response_effect::dialog, in_call, "Bad Gateway", "RFC 3261 21.5.3", ""},
    {503, retry::elsewhere, response_effect::transaction, in_registration | in_call,
     "Service Unavailable", "RFC 3261 21.5.4", "Retry-After"},
    {504, retry::later, response_effect::transaction, in_registration | in_call, "Server Time-out",
     "RFC 3261 21.5.5", ""},
    {505, retry::no, response_effect::transaction, in_call, "Version Not Supported",
     "RFC 3261 21.5.6", ""},
    {513, retry::changed, response_effect::transaction, in_call, "Message Too Large",
     "RFC 3261 21.5.7", ""},
    {555, retry::changed, response_effect::transaction, in_registration,
     "Push Notification Service Not Supported", "RFC 8599 8.1", ""},
    {580, retry::changed, response_effect::transaction, in_media, "Precondition Failure",
     "RFC 3312 8", ""},

    {600, retry::later, response_effect::transaction, in_call, "Busy Everywhere", "RFC 3261 21.6.1",
     "Retry-After"},
    {603, retry::later_if_told, response_effect::transaction, in_call, "Decline", "RFC 3261 21.6.2",
     "Retry-After"},
    {604, retry::no, response_effect::dialog, in_call, "Does Not Exist Anywhere", "RFC 3261 21.6.3",
     ""},
    {606, retry::changed, response_effect::transaction, in_media, "Not Acceptable",
     "RFC 3261 21.6.4", "Warning"},
    {607, retry::no, response_effect::transaction, in_call, "Unwanted", "RFC 8197 4", ""},
    {608, retry::no, response_effect::transaction, in_call, "Rejected", "RFC 8688 3.1",
     "Call-Info"}};

/// The row of a registered code, or `status_count`.
constexpr std::size_t status_row(status_code code) noexcept {
  std::size_t low = 0;
  std::size_t high = status_count;
  while (low < high) {
    std::size_t const middle = low + (high - low) / 2;
    if (status_table[middle].code < code)
      low = middle + 1;
    else
      high = middle;
  }
  return low < status_count && status_table[low].code == code ? low : status_count;
}

} // namespace detail

/// How many response codes are registered.
inline constexpr std::size_t status_count = detail::status_count;

/// The registered codes in ascending order, for `i < status_count`.
constexpr status_info const& status_at(std::size_t i) noexcept {
  return detail::status_table[i < status_count ? i : status_count - 1];
}

/// Whether the code is one of the 75.
constexpr bool is_registered(status_code code) noexcept {
  return detail::status_row(code) < status_count;
}

/// What is true of the code; null if it is not registered. (`is_registered` asks only that; g++
/// with -fsanitize=undefined does not compare the pointer in a constant expression.)
constexpr status_info const* find_status(status_code code) noexcept {
  std::size_t const row = detail::status_row(code);
  return row < status_count ? &detail::status_table[row] : nullptr;
}

/// The default Reason-Phrase: `"Ringing"`. `""` if the code is not registered.
CTSIP_ONE_COPY constexpr char const* reason_phrase(status_code code) noexcept {
  std::size_t const row = detail::status_row(code);
  return row < status_count ? detail::status_table[row].reason_phrase : "";
}

/// "When a timeout error is received from the transaction layer, it MUST be treated as if a 408
/// (Request Timeout) status code has been received" (RFC 3261 8.1.3.1).
inline constexpr status_code status_of_timeout = 408;
/// "If a fatal transport error is reported by the transport layer …, the condition MUST be treated
/// as a 503 (Service Unavailable) status code" (RFC 3261 8.1.3.1).
inline constexpr status_code status_of_transport_error = 503;

/// The code as which one that is not recognised is treated: "equivalent to the x00 response code
/// of that class", and "any provisional response different than 100 that it does not recognize as
/// 183 (Session Progress)" (RFC 3261 8.1.3.2). A registered code is itself. Zero for what is no
/// status code.
constexpr status_code treated_as(status_code code) noexcept {
  if (!is_status_code(code)) return 0;
  if (is_registered(code)) return code;
  return is_provisional(code) ? status_code{183} : static_cast<status_code>(code / 100 * 100);
}

/// What is true of the code, or of the one as which it is treated. What is no status code, and so
/// comes out of no well-formed message, is taken for a 400.
constexpr status_info const& status_of(status_code code) noexcept {
  status_code const treated = treated_as(code);
  return detail::status_table[detail::status_row(treated != 0 ? treated : status_code{400})];
}

namespace detail {

// The effect of each code by itself: a look-up that searches nothing and needs no phrases.
struct effects_of_codes {
  response_effect of[600]{};

  constexpr effects_of_codes() {
    for (status_code c = 1; c < 7; ++c) {
      auto const x00 = static_cast<status_code>(c == 1 ? 183 : c * 100);
      auto const effect = status_table[status_row(x00)].effect;
      for (std::size_t i = 0; i < 100; ++i) of[(c - 1) * 100 + i] = effect;
    }
    for (auto const& row : status_table) of[row.code - 100] = row.effect;
  }
};

inline constexpr effects_of_codes effects;

} // namespace detail

/// What a response to this request does beyond its transaction, if the request was sent inside a
/// dialog. RFC 5057 5.1 to 5.3, and for subscriptions RFC 6665 4.1.2.2 and 4.2.2.
///
/// Where a Retry-After, a Max-Forwards or the application's choice can save the usage (RFC 5057
/// notes 7, 10, 13, 17), this is the effect if nothing more is done.
constexpr response_effect effect_of(status_code code, method m) noexcept {
  response_effect const effect = detail::effects.of[is_status_code(code) ? code - 100 : 300];
  if (effect == response_effect::none || effect == response_effect::redirects_dialog ||
      effect == response_effect::transaction)
    return effect;

  switch (m) {
  // "A 481 response to a CANCEL affects only the CANCEL transaction" (note 8). A CANCEL is hop by
  // hop (RFC 3261 9.2), so no other failure of one says anything about the dialog either.
  case method::cancel: return response_effect::transaction;
  // "If a SUBSCRIBE request to refresh a subscription fails with any error code other than those
  // listed above [404, 405, 410, 416, 480-485, 489, 501, 604], the original subscription is still
  // considered valid" (RFC 6665 4.1.2.2): a timeout and a 502 are not listed.
  case method::subscribe:
    if (code == 408 || code == 502) return response_effect::transaction;
    return effect;
  case method::notify: return effect;
  default: break;
  }
  // Note 12: "only valid in the context of SUBSCRIBE and NOTIFY".
  if (code == 489) return response_effect::transaction;
  if (effect == response_effect::dialog) return effect;
  // 5.3: OPTIONS, MESSAGE and unknown methods belong to no usage.
  if (traits(m).usage == usage::none) return response_effect::transaction;
  // Note 3: "If the request was not integral to the usage …, only the transaction will be
  // affected". INVITE and BYE are integral to a session; the methods of its extensions are not.
  if (code == 405 || code == 501)
    return m == method::invite || m == method::bye || m == method::register_
               ? effect
               : response_effect::transaction;
  return effect;
}

/// What `parse_status_code` found; `value` is zero unless `valid`.
struct parsed_status_code {
  bool valid{};
  status_code value{};

  constexpr explicit operator bool() const noexcept { return valid; }
  friend constexpr bool operator==(parsed_status_code, parsed_status_code) = default;
};

/// A Status-Code from its text: exactly three digits, the first of them 1 to 6 (RFC 3261 7.2).
constexpr parsed_status_code parse_status_code(char const* first, std::size_t size) noexcept {
  if (size != 3) return {};
  unsigned value = 0;
  for (std::size_t i = 0; i != 3; ++i) {
    if (first[i] < '0' || first[i] > '9') return {};
    value = value * 10 + static_cast<unsigned>(first[i] - '0');
  }
  auto const code = static_cast<status_code>(value);
  return {is_status_code(code), is_status_code(code) ? code : status_code{0}};
}

/// The same for any text with `data()` and `size()`.
template <class Text>
requires requires(Text const& text) { parse_status_code(text.data(), text.size()); }
constexpr parsed_status_code parse_status_code(Text const& text) noexcept {
  return parse_status_code(text.data(), text.size());
}

} // namespace ctsip
