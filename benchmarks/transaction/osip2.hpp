// What the benchmarks of oSIP2's transactions share: the stack, and messages as it likes them.
#pragma once

#include <sys/time.h> // before osip.h, which uses timeval without it

#include <cstdlib>
#include <string_view>

#include <osip2/osip.h>
#include <osipparser2/osip_parser.h>

#include "variant.hpp"

namespace bench {

/// Counts what goes out and what goes up since the last reading.
inline seen osip2_seen;

/// The one stack, made on first use.
inline osip_t* osip2_stack() {
  static osip_t* const made = [] {
    osip_t* osip = nullptr;
    if (osip_init(&osip) != 0) std::abort();
    osip_set_cb_send_message(osip, [](osip_transaction_t*, osip_message_t*, char*, int, int) {
      return ++osip2_seen.sent, 0;
    });
    auto const up = [](int, osip_transaction_t*, osip_message_t*) { ++osip2_seen.passed_up; };
    for (int const type : {OSIP_ICT_STATUS_1XX_RECEIVED, OSIP_ICT_STATUS_2XX_RECEIVED,
                           OSIP_ICT_STATUS_4XX_RECEIVED, OSIP_NICT_STATUS_2XX_RECEIVED})
      osip_set_message_callback(osip, type, up);
    return osip;
  }();
  return made;
}

/// A message received.
inline osip_event_t* osip2_received(std::string_view text) {
  osip_event_t* const e = osip_parse(text.data(), text.size());
  if (!e) std::abort();
  return e;
}

/// A request to be sent.
inline osip_message_t* osip2_request(std::string_view text) {
  osip2_stack();
  osip_message_t* m = nullptr;
  if (osip_message_init(&m) != 0 || osip_message_parse(m, text.data(), text.size()) != 0)
    std::abort();
  return m;
}

} // namespace bench
