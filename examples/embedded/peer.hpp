// The other side of calls and registration: SIP as text, with gaps that are filled from what the
// user agent has sent. It knows nothing of the library, so that the two cannot share a mistake.
#pragma once

#include <cstddef>
#include <string_view>

namespace peer {

/// The value of a header field of a message that our user agent wrote: one row, one name.
constexpr std::string_view value_of(std::string_view message, std::string_view name) {
  while (!message.empty()) {
    std::size_t const end = message.find("\r\n");
    if (end == std::string_view::npos) break;
    std::string_view const line = message.substr(0, end);
    if (line.starts_with(name) && line.substr(name.size()).starts_with(": "))
      return line.substr(name.size() + 2);
    message.remove_prefix(end + 2);
  }
  return {};
}

/// What follows `after` up to a delimiter: the tag of a To, the branch of a Via.
constexpr std::string_view word_after(std::string_view text, std::string_view after) {
  std::size_t const at = text.find(after);
  if (at == std::string_view::npos) return {};
  text.remove_prefix(at + after.size());
  return text.substr(0, text.find_first_of(";>, \r\n"));
}

/// The value of a parameter, without its quotes.
constexpr std::string_view parameter_of(std::string_view value, std::string_view name) {
  for (std::size_t at = value.find(name); at != std::string_view::npos;
       at = value.find(name, at + 1)) {
    std::string_view rest = value.substr(at + name.size());
    bool const begins = at == 0 || value[at - 1] == ' ' || value[at - 1] == ',';
    if (!begins || !rest.starts_with('=')) continue;
    rest.remove_prefix(1);
    if (!rest.starts_with('"')) return rest.substr(0, rest.find_first_of(", "));
    rest.remove_prefix(1);
    return rest.substr(0, rest.find('"'));
  }
  return {};
}

/// A message of the peer, in a buffer of its own.
class writing {
 public:
  /// Copies the script. `$Via`, `$From`, `$To`, `$Call-ID` and `$CSeq` are those of the message
  /// that it answers, `$tag` is the tag of that message's To, `$length` that of the body, `$n` a
  /// number that makes the call unique.
  constexpr writing(std::string_view script, std::string_view answered, char number = '0') {
    std::size_t const body = script.size() - script.find("\r\n\r\n") - 4;
    while (!script.empty()) {
      std::size_t const gap = script.find('$');
      put(script.substr(0, gap));
      if (gap == std::string_view::npos) break;
      script.remove_prefix(gap + 1);
      if (takes(script, "tag"))
        put(word_after(value_of(answered, "To"), ";tag="));
      else if (takes(script, "length"))
        put_number(body);
      else if (takes(script, "n"))
        put({&number, 1});
      else
        for (std::string_view const name : {"Via", "From", "To", "Call-ID", "CSeq"})
          if (takes(script, name)) {
            put(value_of(answered, name));
            break;
          }
    }
  }

  constexpr std::string_view text() const { return {text_, size_}; }

 private:
  static constexpr bool takes(std::string_view& script, std::string_view word) {
    if (!script.starts_with(word)) return false;
    script.remove_prefix(word.size());
    return true;
  }
  constexpr void put(std::string_view text) {
    for (char const c : text)
      if (size_ < sizeof text_) text_[size_++] = c;
  }

  constexpr void put_number(std::size_t n) {
    if (n >= 10) put_number(n / 10);
    char const digit = static_cast<char>('0' + n % 10);
    put({&digit, 1});
  }

  char text_[1300];
  std::size_t size_{};
};

// Their calls to us.

inline constexpr std::string_view invite =
    "INVITE sip:board@192.0.2.1 SIP/2.0\r\n"
    "Via: SIP/2.0/UDP 192.0.2.2:5060;branch=z9hG4bK-invite-$n;rport\r\n"
    "Max-Forwards: 70\r\n"
    "From: \"Alice\" <sip:alice@192.0.2.2>;tag=alice-$n\r\n"
    "To: <sip:board@192.0.2.1>\r\n"
    "Call-ID: call-$n@192.0.2.2\r\n"
    "CSeq: 314159 INVITE\r\n"
    "Contact: <sip:alice@192.0.2.2:5060>\r\n"
    "Content-Type: application/sdp\r\n"
    "Content-Length: $length\r\n"
    "\r\n"
    "v=0\r\n"
    "o=alice 1 1 IN IP4 192.0.2.2\r\n"
    "s=-\r\n"
    "c=IN IP4 192.0.2.2\r\n"
    "t=0 0\r\n"
    "m=audio 4000 RTP/AVP 0\r\n"
    "a=sendrecv\r\n";

inline constexpr std::string_view ack =
    "ACK sip:board@192.0.2.1:5060 SIP/2.0\r\n"
    "Via: SIP/2.0/UDP 192.0.2.2:5060;branch=z9hG4bK-ack-$n;rport\r\n"
    "Max-Forwards: 70\r\n"
    "From: $From\r\n"
    "To: $To\r\n"
    "Call-ID: $Call-ID\r\n"
    "CSeq: 314159 ACK\r\n"
    "Content-Length: 0\r\n"
    "\r\n";

inline constexpr std::string_view bye =
    "BYE sip:board@192.0.2.1:5060 SIP/2.0\r\n"
    "Via: SIP/2.0/UDP 192.0.2.2:5060;branch=z9hG4bK-bye-$n;rport\r\n"
    "Max-Forwards: 70\r\n"
    "From: $From\r\n"
    "To: $To\r\n"
    "Call-ID: $Call-ID\r\n"
    "CSeq: 314160 BYE\r\n"
    "Content-Length: 0\r\n"
    "\r\n";

// The CANCEL and the ACK to a 487 have the branch of their INVITE (RFC 3261 9.1, 17.1.1.3).
inline constexpr std::string_view cancel =
    "CANCEL sip:board@192.0.2.1 SIP/2.0\r\n"
    "Via: SIP/2.0/UDP 192.0.2.2:5060;branch=z9hG4bK-invite-$n;rport\r\n"
    "Max-Forwards: 70\r\n"
    "From: \"Alice\" <sip:alice@192.0.2.2>;tag=alice-$n\r\n"
    "To: <sip:board@192.0.2.1>\r\n"
    "Call-ID: call-$n@192.0.2.2\r\n"
    "CSeq: 314159 CANCEL\r\n"
    "Content-Length: 0\r\n"
    "\r\n";

inline constexpr std::string_view ack_of_failure =
    "ACK sip:board@192.0.2.1 SIP/2.0\r\n"
    "Via: SIP/2.0/UDP 192.0.2.2:5060;branch=z9hG4bK-invite-$n;rport\r\n"
    "Max-Forwards: 70\r\n"
    "From: $From\r\n"
    "To: $To\r\n"
    "Call-ID: $Call-ID\r\n"
    "CSeq: 314159 ACK\r\n"
    "Content-Length: 0\r\n"
    "\r\n";

// Their answers to our calls.

inline constexpr std::string_view trying = "SIP/2.0 100 Trying\r\n"
                                           "Via: $Via;received=192.0.2.1\r\n"
                                           "From: $From\r\n"
                                           "To: $To\r\n"
                                           "Call-ID: $Call-ID\r\n"
                                           "CSeq: $CSeq\r\n"
                                           "Content-Length: 0\r\n"
                                           "\r\n";

inline constexpr std::string_view ringing = "SIP/2.0 180 Ringing\r\n"
                                            "Via: $Via;received=192.0.2.1\r\n"
                                            "From: $From\r\n"
                                            "To: $To;tag=bob-$n\r\n"
                                            "Call-ID: $Call-ID\r\n"
                                            "CSeq: $CSeq\r\n"
                                            "Contact: <sip:bob@192.0.2.2:5060>\r\n"
                                            "Content-Length: 0\r\n"
                                            "\r\n";

inline constexpr std::string_view answer = "SIP/2.0 200 OK\r\n"
                                           "Via: $Via;received=192.0.2.1\r\n"
                                           "From: $From\r\n"
                                           "To: $To;tag=bob-$n\r\n"
                                           "Call-ID: $Call-ID\r\n"
                                           "CSeq: $CSeq\r\n"
                                           "Contact: <sip:bob@192.0.2.2:5060>\r\n"
                                           "Content-Type: application/sdp\r\n"
                                           "Content-Length: $length\r\n"
                                           "\r\n"
                                           "v=0\r\n"
                                           "o=bob 1 1 IN IP4 192.0.2.2\r\n"
                                           "s=-\r\n"
                                           "c=IN IP4 192.0.2.2\r\n"
                                           "t=0 0\r\n"
                                           "m=audio 4000 RTP/AVP 0\r\n"
                                           "a=sendrecv\r\n";

inline constexpr std::string_view busy = "SIP/2.0 486 Busy Here\r\n"
                                         "Via: $Via;received=192.0.2.1\r\n"
                                         "From: $From\r\n"
                                         "To: $To;tag=bob-$n\r\n"
                                         "Call-ID: $Call-ID\r\n"
                                         "CSeq: $CSeq\r\n"
                                         "Content-Length: 0\r\n"
                                         "\r\n";

inline constexpr std::string_view done = "SIP/2.0 200 OK\r\n"
                                         "Via: $Via;received=192.0.2.1\r\n"
                                         "From: $From\r\n"
                                         "To: $To\r\n"
                                         "Call-ID: $Call-ID\r\n"
                                         "CSeq: $CSeq\r\n"
                                         "Content-Length: 0\r\n"
                                         "\r\n";

// The registrar's answers.

inline constexpr std::string_view challenge =
    "SIP/2.0 401 Unauthorized\r\n"
    "Via: $Via;received=192.0.2.1\r\n"
    "From: $From\r\n"
    "To: $To;tag=registrar-$n\r\n"
    "Call-ID: $Call-ID\r\n"
    "CSeq: $CSeq\r\n"
    "WWW-Authenticate: Digest realm=\"192.0.2.3\", nonce=\"nonce-$n\", algorithm=MD5, "
    "qop=\"auth\"\r\n"
    "Content-Length: 0\r\n"
    "\r\n";

inline constexpr std::string_view bound = "SIP/2.0 200 OK\r\n"
                                          "Via: $Via;received=192.0.2.1\r\n"
                                          "From: $From\r\n"
                                          "To: $To;tag=registrar-$n\r\n"
                                          "Call-ID: $Call-ID\r\n"
                                          "CSeq: $CSeq\r\n"
                                          "Contact: <sip:board@192.0.2.1:5060>;expires=3600\r\n"
                                          "Content-Length: 0\r\n"
                                          "\r\n";

inline constexpr std::string_view unbound = "SIP/2.0 200 OK\r\n"
                                            "Via: $Via;received=192.0.2.1\r\n"
                                            "From: $From\r\n"
                                            "To: $To;tag=registrar-$n\r\n"
                                            "Call-ID: $Call-ID\r\n"
                                            "CSeq: $CSeq\r\n"
                                            "Content-Length: 0\r\n"
                                            "\r\n";

} // namespace peer
