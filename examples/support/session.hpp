// The session descriptions of programs that signal and carry no media: what a phone says when it
// calls, answers, holds and resumes (RFC 3264). A phone that has media says the same, with the
// ports of its streams.
#pragma once

#include <string>
#include <string_view>

#include <ctsip/message/sdp.hpp>
#include <ctsip/message/writer.hpp>
#include <ctsip/user_agent/address.hpp>

#include "clock.hpp"

namespace example {

namespace detail {

// The lines before the first stream. "When issuing an offer that modifies the session, the 'o='
// line of the new SDP MUST be identical to that in the previous SDP, except that the version in the
// origin field MUST increment by one from the previous SDP" (RFC 3264 8).
inline std::string session_lines(ctsip::address const& at, ctsip::message_body const& last,
                                 std::string_view time = "t=0 0\r\n") {
  auto const before = ctsip::read_sdp(last.body);
  auto const id =
      before ? before.value.origin().session_id : static_cast<std::uint64_t>(now().count);
  auto const version = before ? before.value.origin().session_version + 1 : 1;
  std::string const where =
      std::string{at.ipv6 ? "IN IP6 " : "IN IP4 "} + std::string{ctsip::to_text(at).view()};
  return "v=0\r\no=- " + std::to_string(id) + " " + std::to_string(version) + " " + where +
         "\r\ns=-\r\nc=" + where + "\r\n" + std::string{time};
}

// "If a stream is offered as sendonly, the corresponding stream MUST be marked as recvonly or
// inactive in the answer. If a media stream is listed as recvonly in the offer, the answer MUST be
// marked as sendonly or inactive in the answer. [...] If an offered media stream is listed as
// inactive, it MUST be marked as inactive in the answer" (RFC 3264 6.1).
inline ctsip::sdp_direction answer_to(ctsip::sdp_direction offered, ctsip::sdp_direction wanted) {
  using way = ctsip::sdp_direction;
  auto const sends = [](way w) { return w == way::sendrecv || w == way::sendonly; };
  auto const receives = [](way w) { return w == way::sendrecv || w == way::recvonly; };
  bool const we_send = sends(wanted) && receives(offered);
  bool const we_receive = receives(wanted) && sends(offered);
  return we_send      ? we_receive ? way::sendrecv : way::sendonly
         : we_receive ? way::recvonly
                      : way::inactive;
}

// "The 't=' line in the answer MUST equal that of the offer" (RFC 3264 6).
inline std::string_view time_line(std::string_view description) {
  auto const begin = description.find("\nt=");
  if (begin == std::string_view::npos) return "t=0 0\r\n";
  auto const end = description.find('\n', begin + 1);
  return description.substr(begin + 1, end == std::string_view::npos ? end : end - begin);
}

} // namespace detail

/// What is offered: one audio stream, PCMU. `last` is what the other side had before in this call.
inline std::string session_offer(ctsip::address const& at, ctsip::sdp_direction way,
                                 ctsip::message_body const& last = {}) {
  return detail::session_lines(at, last) + "m=audio 9 RTP/AVP 0\r\na=" + name(way) + "\r\n";
}

/// The answer to an offer, stream by stream: audio with PCMU is taken, everything else refused by
/// port 0 (RFC 3264 6). `way` is what we would like. Empty if nothing can be taken: 488.
inline std::string session_answer(ctsip::address const& at, std::string_view offer,
                                  ctsip::sdp_direction way, ctsip::message_body const& last = {}) {
  auto const offered = ctsip::read_sdp(offer);
  if (!offered) return {};
  std::string out = detail::session_lines(at, last, detail::time_line(offer));
  bool taken = false;
  for (auto const& m : offered.value.media()) {
    bool const takes = m.kind() == "audio" && m.protocol() == "RTP/AVP" && m.has_format("0") &&
                       !m.is_rejected() && !taken;
    std::string const stream =
        "m=" + std::string{m.kind()} + (takes ? " 9 " : " 0 ") + std::string{m.protocol()} + " ";
    if (takes)
      out += stream + "0\r\na=" + name(detail::answer_to(m.direction(), way)) + "\r\n";
    else
      out += stream + std::string{*m.formats().begin()} + "\r\n";
    taken = taken || takes;
  }
  return taken ? out : std::string{};
}

/// One audio stream, PCMU, inactive: nothing is sent and nothing expected (RFC 3264 5.1).
inline std::string silent_session(ctsip::address const& at) {
  return session_offer(at, ctsip::sdp_direction::inactive);
}

inline ctsip::message_body as_content(std::string const& session) {
  return {"application/sdp", session};
}

} // namespace example
