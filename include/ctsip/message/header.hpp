// The header fields: their identifiers, names, compact forms, and whether several rows or a comma
// list of them may stand in one message.
// RFC 3261 7.3.1, 7.3.3, 20, and the RFCs that register the others. Read scan.hpp before it.
#pragma once

#include <ctsip/message/scan.hpp>

namespace ctsip {

/// A header field name. `unknown` stands for any other token (RFC 3261 25.1 extension-header).
enum class header : std::uint8_t {
  accept,
  accept_contact,
  accept_encoding,
  accept_language,
  accept_resource_priority,
  alert_info,
  alertmsg_error,
  allow,
  allow_events,
  authentication_info,
  authorization,
  call_id,
  call_info,
  contact,
  content_disposition,
  content_encoding,
  content_id,
  content_language,
  content_length,
  content_type,
  cseq,
  date,
  error_info,
  event,
  expires,
  feature_caps,
  flow_timer,
  from,
  geolocation,
  geolocation_error,
  geolocation_routing,
  identity,
  identity_info,
  in_reply_to,
  info_package,
  max_breadth,
  max_forwards,
  mime_version,
  min_expires,
  min_se,
  organization,
  p_access_network_info,
  p_asserted_identity,
  p_associated_uri,
  p_called_party_id,
  p_charging_function_addresses,
  p_charging_vector,
  p_preferred_identity,
  p_visited_network_id,
  path,
  permission_missing,
  priority,
  privacy,
  proxy_authenticate,
  proxy_authorization,
  proxy_require,
  rack,
  reason,
  record_route,
  recv_info,
  refer_events_at,
  refer_sub,
  refer_to,
  referred_by,
  reject_contact,
  replaces,
  reply_to,
  request_disposition,
  require,
  resource_priority,
  retry_after,
  route,
  rseq,
  security_client,
  security_server,
  security_verify,
  server,
  service_route,
  session_expires,
  sip_etag,
  sip_if_match,
  subject,
  subscription_state,
  supported,
  suppress_if_match,
  target_dialog,
  timestamp,
  to,
  trigger_consent,
  unsupported,
  user_agent,
  via,
  warning,
  www_authenticate,
  unknown
};

/// How often a header field may appear in one message (RFC 3261 7.3.1).
enum class header_rows : std::uint8_t {
  one,     ///< one row with one value
  list,    ///< several rows, each a comma-separated list: "header-value *(COMMA header-value)"
  several, ///< several rows that must not be combined (the four of authentication; Identity)
};

namespace detail {

inline constexpr std::size_t header_count = static_cast<std::size_t>(header::unknown);

struct header_entry {
  std::string_view name;
  char compact;
  header_rows rows;
};

inline constexpr header_entry header_entries[header_count] = {
    {"Accept", 0, header_rows::list},
    {"Accept-Contact", 'a', header_rows::list},
    {"Accept-Encoding", 0, header_rows::list},
    {"Accept-Language", 0, header_rows::list},
    {"Accept-Resource-Priority", 0, header_rows::list},
    {"Alert-Info", 0, header_rows::list},
    {"AlertMsg-Error", 0, header_rows::one},
    {"Allow", 0, header_rows::list},
    {"Allow-Events", 'u', header_rows::list},
    {"Authentication-Info", 0, header_rows::list},
    {"Authorization", 0, header_rows::several},
    {"Call-ID", 'i', header_rows::one},
    {"Call-Info", 0, header_rows::list},
    {"Contact", 'm', header_rows::list},
    {"Content-Disposition", 0, header_rows::one},
    {"Content-Encoding", 'e', header_rows::list},
    {"Content-ID", 0, header_rows::one},
    {"Content-Language", 0, header_rows::list},
    {"Content-Length", 'l', header_rows::one},
    {"Content-Type", 'c', header_rows::one},
    {"CSeq", 0, header_rows::one},
    {"Date", 0, header_rows::one},
    {"Error-Info", 0, header_rows::list},
    {"Event", 'o', header_rows::one},
    {"Expires", 0, header_rows::one},
    {"Feature-Caps", 0, header_rows::list},
    {"Flow-Timer", 0, header_rows::one},
    {"From", 'f', header_rows::one},
    {"Geolocation", 0, header_rows::list},
    {"Geolocation-Error", 0, header_rows::list},
    {"Geolocation-Routing", 0, header_rows::one},
    {"Identity", 'y', header_rows::several},
    {"Identity-Info", 'n', header_rows::one},
    {"In-Reply-To", 0, header_rows::list},
    {"Info-Package", 0, header_rows::one},
    {"Max-Breadth", 0, header_rows::one},
    {"Max-Forwards", 0, header_rows::one},
    {"MIME-Version", 0, header_rows::one},
    {"Min-Expires", 0, header_rows::one},
    {"Min-SE", 0, header_rows::one},
    {"Organization", 0, header_rows::one},
    {"P-Access-Network-Info", 0, header_rows::list},
    {"P-Asserted-Identity", 0, header_rows::list},
    {"P-Associated-URI", 0, header_rows::list},
    {"P-Called-Party-ID", 0, header_rows::one},
    {"P-Charging-Function-Addresses", 0, header_rows::one},
    {"P-Charging-Vector", 0, header_rows::one},
    {"P-Preferred-Identity", 0, header_rows::list},
    {"P-Visited-Network-ID", 0, header_rows::list},
    {"Path", 0, header_rows::list},
    {"Permission-Missing", 0, header_rows::list},
    {"Priority", 0, header_rows::one},
    {"Privacy", 0, header_rows::one},
    {"Proxy-Authenticate", 0, header_rows::several},
    {"Proxy-Authorization", 0, header_rows::several},
    {"Proxy-Require", 0, header_rows::list},
    {"RAck", 0, header_rows::one},
    {"Reason", 0, header_rows::list},
    {"Record-Route", 0, header_rows::list},
    {"Recv-Info", 0, header_rows::list},
    {"Refer-Events-At", 0, header_rows::one},
    {"Refer-Sub", 0, header_rows::one},
    {"Refer-To", 'r', header_rows::one},
    {"Referred-By", 'b', header_rows::one},
    {"Reject-Contact", 'j', header_rows::list},
    {"Replaces", 0, header_rows::one},
    {"Reply-To", 0, header_rows::one},
    {"Request-Disposition", 'd', header_rows::list},
    {"Require", 0, header_rows::list},
    {"Resource-Priority", 0, header_rows::list},
    {"Retry-After", 0, header_rows::one},
    {"Route", 0, header_rows::list},
    {"RSeq", 0, header_rows::one},
    {"Security-Client", 0, header_rows::list},
    {"Security-Server", 0, header_rows::list},
    {"Security-Verify", 0, header_rows::list},
    {"Server", 0, header_rows::one},
    {"Service-Route", 0, header_rows::list},
    {"Session-Expires", 'x', header_rows::one},
    {"SIP-ETag", 0, header_rows::one},
    {"SIP-If-Match", 0, header_rows::one},
    {"Subject", 's', header_rows::one},
    {"Subscription-State", 0, header_rows::one},
    {"Supported", 'k', header_rows::list},
    {"Suppress-If-Match", 0, header_rows::one},
    {"Target-Dialog", 0, header_rows::one},
    {"Timestamp", 0, header_rows::one},
    {"To", 't', header_rows::one},
    {"Trigger-Consent", 0, header_rows::list},
    {"Unsupported", 0, header_rows::list},
    {"User-Agent", 0, header_rows::one},
    {"Via", 'v', header_rows::list},
    {"Warning", 0, header_rows::list},
    {"WWW-Authenticate", 0, header_rows::several},
};

// A perfect hash over length, first, middle and last character. The multiplier was searched for
// once; the assertion below says whether it still fits when a name is added.
inline constexpr std::size_t header_slot_count = 256;

constexpr std::size_t header_hash(char const* name, std::size_t size) {
  auto const at = [name](std::size_t i) {
    return static_cast<std::uint32_t>(static_cast<unsigned char>(name[i]));
  };
  std::uint32_t const letters = at(0) | at(size / 2) << 8 | at(size - 1) << 16 | 0x202020u;
  return (letters | static_cast<std::uint32_t>(size) << 24) * 0x27ef020du >> 24;
}

struct header_index {
  std::uint8_t slots[header_slot_count]{};
  std::uint8_t compact[32]{};
  bool perfect = true;

  constexpr header_index() {
    for (auto& slot : slots) slot = header_count;
    for (auto& slot : compact) slot = header_count;
    for (std::size_t i = 0; i < header_count; ++i) {
      auto const& entry = header_entries[i];
      auto& slot = slots[header_hash(entry.name.data(), entry.name.size())];
      if (slot != header_count) perfect = false;
      slot = static_cast<std::uint8_t>(i);
      if (entry.compact) compact[entry.compact & 31] = static_cast<std::uint8_t>(i);
    }
  }
};

inline constexpr header_index header_slots{};
static_assert(header_slots.perfect, "two header field names share a slot: change a multiplier");

// `size` > 0; the characters may be anything.
constexpr header find_header(char const* name, std::size_t size) {
  if (size == 1)
    return is_alpha(*name) ? static_cast<header>(header_slots.compact[*name & 31])
                           : header::unknown;
  auto const found = header_slots.slots[header_hash(name, size)];
  if (found == header_count) return header::unknown;
  auto const& entry = header_entries[found];
  return entry.name.size() == size && same_name(name, entry.name.data(), size)
             ? static_cast<header>(found)
             : header::unknown;
}

} // namespace detail

/// The name as its RFC writes it: `"Call-ID"`; empty for `unknown`.
constexpr std::string_view name(header h) {
  return h < header::unknown ? detail::header_entries[static_cast<std::size_t>(h)].name
                             : std::string_view{};
}

/// The compact form (RFC 3261 7.3.3), a lower-case letter, or 0 when there is none.
constexpr char compact_form(header h) {
  return h < header::unknown ? detail::header_entries[static_cast<std::size_t>(h)].compact : '\0';
}

/// How often the header field may appear; an unknown one may be a list.
constexpr header_rows rows(header h) {
  return h < header::unknown ? detail::header_entries[static_cast<std::size_t>(h)].rows
                             : header_rows::list;
}

/// The header field with that name, long or compact, in any case (RFC 3261 7.3.1, 7.3.3).
constexpr header parse_header(std::string_view name) {
  return detail::all_of(name, detail::token_char) ? detail::find_header(name.data(), name.size())
                                                  : header::unknown;
}

} // namespace ctsip
