// A message as an event: what machines run on, made from bytes.
// Read event/event.hpp, reader.hpp and multipart.hpp before it.
#pragma once

#include <ctsip/event/event.hpp>
#include <ctsip/message/multipart.hpp>
#include <ctsip/message/reader.hpp>

namespace ctsip {

/// The event that a message is to the one who sends or receives it, with all marks but that of the
/// transport, which the message does not know.
constexpr event event_of(message const& m, direction way) {
  mark marks = mark::none;
  if (!m.to_tag().empty()) marks = marks | mark::to_tag;
  if (m.has(header::authorization) || m.has(header::proxy_authorization))
    marks = marks | mark::credentials;
  if (!sdp_of(m).empty()) marks = marks | mark::sdp;
  // A provisional response is reliable when it has an RSeq and requires 100rel (RFC 3262 3).
  if (m.is_response() && m.has(header::rseq))
    for (std::string_view const tag : m.elements(header::require))
      if (detail::same_token(tag, "100rel")) marks = marks | mark::reliable;
  return m.is_request() ? request_event(way, m.method(), marks)
                        : response_event(way, m.status(), m.method(), marks);
}

} // namespace ctsip
