// A message as the rules of a call see it: the event, and the numbers that its header fields carry.
// RFC 3261 8.1.1.5, RFC 3262 7, RFC 3312 5, RFC 4028 4 and 5.
// Read message_event.hpp, multipart.hpp, sdp.hpp and dialog/call_event.hpp before it.
#pragma once

#include <cstdint>
#include <string_view>

#include <ctsip/dialog/call_event.hpp>
#include <ctsip/message/message_event.hpp>
#include <ctsip/message/multipart.hpp>
#include <ctsip/message/reader.hpp>
#include <ctsip/message/sdp.hpp>
#include <ctsip/message/values.hpp>

namespace ctsip {

namespace detail {

// The directions of RFC 3312 4 as a set: 1 send, 2 recv.
constexpr unsigned precondition_directions(std::string_view tag) {
  if (same_token(tag, "send")) return 1;
  if (same_token(tag, "recv")) return 2;
  return same_token(tag, "sendrecv") ? 3 : 0;
}

// current-status = "a=curr:" precondition-type SP status-type SP direction-tag
// desired-status = "a=des:" precondition-type SP strength-tag SP status-type SP direction-tag
struct precondition_line {
  std::string_view type;
  std::string_view strength; // of a desired status
  std::string_view status;
  unsigned directions{};

  constexpr precondition_line(std::string_view value, bool desired)
      : type(take_sdp_word(value)), strength(desired ? take_sdp_word(value) : std::string_view{}),
        status(take_sdp_word(value)), directions(precondition_directions(take_sdp_word(value))) {}
};

// What the stream has reached of a status, in which directions.
constexpr unsigned reached(sdp_media const& stream, precondition_line const& desired) {
  unsigned directions = 0;
  for (auto const& a : stream.attributes("curr")) {
    precondition_line const current{a.value, false};
    if (same_token(current.type, desired.type) && same_token(current.status, desired.status))
      directions |= current.directions;
  }
  return directions;
}

// "When the direction-tag of the current status attribute [...] is equal to (or better than) the
// direction-tag of the desired status attribute with the same precondition-type/status-type, for
// that stream, then the preconditions are considered to be met for that stream." (RFC 3312 4) A
// rejected stream asks for nothing.
constexpr content judge_preconditions(std::string_view body) {
  auto const got = read_sdp(body);
  if (!got) return content::sdp;
  auto result = content::sdp;
  for (sdp_media const& stream : got.value.media()) {
    if (stream.is_rejected()) continue;
    for (auto const& a : stream.attributes("des")) {
      precondition_line const desired{a.value, true};
      if (!same_token(desired.strength, "mandatory") || desired.directions == 0) continue;
      if (desired.directions & ~reached(stream, desired)) return content::sdp_unmet;
      result = content::sdp_met;
    }
  }
  return result;
}

// Which of the option tags that the rules know a header field lists.
struct option_tags {
  bool reliable{};
  bool timer{};
  bool precondition{};

  constexpr option_tags(message const& m, header list) {
    if (!m.has(list)) return;
    for (std::string_view const each : m.elements(list))
      if (same_token(each, "100rel"))
        reliable = true;
      else if (same_token(each, "timer"))
        timer = true;
      else if (same_token(each, "precondition"))
        precondition = true;
  }
};

} // namespace detail

/// What a message says to the rules of a call without preconditions (RFC 3312): no session
/// description is read, and each is `content::sdp`. The rest is as in `call_message_of`.
constexpr call_message unconditional_call_message_of(message const& m, direction way) {
  call_message c;
  c.event = event_of(m, way);
  c.cseq = m.cseq().number;
  c.zero_cseq = m.cseq().well_formed && c.cseq == 0;
  if (c.event.has(mark::reliable)) c.rseq = m.rseq().clipped_or(0);
  if (m.is_request() && m.method() == method::prack) {
    rack_view const rack{m[header::rack]};
    if (rack.well_formed) c.rack = rack.rseq, c.rack_cseq = rack.cseq.number;
  }
  session_expires_view const interval{m[header::session_expires]};
  c.session_expires = interval.seconds().clipped_or(0);
  c.refresher = interval.refresher();
  c.min_se = min_se_view{m[header::min_se]}.seconds().clipped_or(0);
  c.content = c.event.has(mark::sdp) ? content::sdp : content::none;
  detail::option_tags const required{m, header::require};
  detail::option_tags const supported{m, header::supported};
  // Of a response its mark says so, if it has the RSeq as well.
  c.requires_100rel = m.is_request() && required.reliable;
  c.supports_100rel = required.reliable || supported.reliable;
  c.supports_timer = required.timer || supported.timer;
  c.requires_precondition = required.precondition;
  c.supports_precondition = required.precondition || supported.precondition;
  c.retry_after = m.has(header::retry_after);
  return c;
}

/// What a message says to the rules of its call, to the one who sends or receives it. A number that
/// is absent or no number is 0, one beyond 32 bits is 2**32-1. Whether a message came before, and
/// whether its branch is that of its INVITE, the transactions know: `again` and `other_branch` are
/// theirs to set.
constexpr call_message call_message_of(message const& m, direction way) {
  call_message c = unconditional_call_message_of(m, way);
  if (c.content == content::sdp) c.content = detail::judge_preconditions(sdp_of(m));
  return c;
}

} // namespace ctsip
