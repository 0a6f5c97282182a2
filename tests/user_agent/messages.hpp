// Messages for the tests, put together by hand rather than by the library's writer.
#pragma once

#include <ctsip/message/reader.hpp>
#include <ctsip/user_agent/address.hpp>

#include <string>
#include <string_view>

namespace ctsip_tests {

constexpr ctsip::address ip(std::uint8_t last, std::uint16_t port = 5060) {
  ctsip::address a;
  a.bytes[0] = 192, a.bytes[2] = 2, a.bytes[3] = last;
  a.port = port;
  return a;
}

/// A request that is fine, from 192.0.2.1 to 192.0.2.2; each case changes what it is about.
struct request_text {
  std::string method = "OPTIONS";
  std::string uri = "sip:bob@192.0.2.2";
  std::string via = "SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1";
  std::string from = "<sip:alice@192.0.2.1>;tag=a1";
  std::string to = "<sip:bob@192.0.2.2>";
  std::string call_id = "call-1";
  unsigned cseq = 1;
  std::string more = "Contact: <sip:alice@192.0.2.1>\r\n";
  std::string body{};
  std::string version = "SIP/2.0";

  std::string text() const {
    return method + " " + uri + " " + version + "\r\nVia: " + via +
           "\r\nMax-Forwards: 70\r\nFrom: " + from + "\r\nTo: " + to + "\r\nCall-ID: " + call_id +
           "\r\nCSeq: " + std::to_string(cseq) + " " + method + "\r\n" + more +
           "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
  }
};

inline request_text of(std::string method) {
  request_text r;
  r.method = std::move(method);
  return r;
}

/// A response as another user agent would give it (RFC 3261 8.2.6).
inline std::string answer(std::string_view request, int status, std::string_view to_tag,
                          std::string const& more = "", std::string const& body = "") {
  using namespace ctsip;
  message const m = read(request).value;
  std::string text = "SIP/2.0 " + std::to_string(status) + " Whatever\r\n";
  for (std::string_view const via : m.elements(header::via))
    text += "Via: " + std::string{via} + "\r\n";
  text += "From: " + std::string{m[header::from]} + "\r\nTo: " + std::string{m[header::to]};
  if (m.to_tag().empty() && !to_tag.empty()) text += ";tag=" + std::string{to_tag};
  text += "\r\nCall-ID: " + std::string{m.call_id()} + "\r\nCSeq: " + std::string{m[header::cseq]} +
          "\r\n" + more + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
  return text;
}

inline std::string first_line(std::string_view text) {
  return std::string{text.substr(0, text.find('\r'))};
}

/// "INVITE" of a request, "180 INVITE" of a response.
inline std::string summary(std::string_view text) {
  ctsip::message const m = ctsip::read(text).value;
  std::string const name{m.method_name()};
  return m.is_request() ? name : std::to_string(m.status()) + " " + name;
}

/// The value of a header field, one space for each fold; empty if there is none.
inline std::string value_of(std::string_view text, ctsip::header h) {
  return std::string{ctsip::read(text).value[h]};
}

} // namespace ctsip_tests
