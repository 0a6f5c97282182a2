// The session description of programs that signal and carry no media.
#pragma once

#include <string>

#include <ctsip/message/writer.hpp>
#include <ctsip/user_agent/address.hpp>

namespace example {

/// One audio stream, PCMU, inactive: nothing is sent and nothing expected (RFC 3264 5.1).
inline std::string silent_session(ctsip::address const& at) {
  std::string const where =
      std::string{at.ipv6 ? "IN IP6 " : "IN IP4 "} + std::string{ctsip::to_text(at).view()};
  return "v=0\r\no=- 1 1 " + where + "\r\ns=-\r\nc=" + where +
         "\r\nt=0 0\r\nm=audio 9 RTP/AVP 0\r\na=inactive\r\n";
}

inline ctsip::message_body as_content(std::string const& session) {
  return {"application/sdp", session};
}

} // namespace example
