// The messages that every reader and every transaction of the benchmarks gets, and what reading
// them must find. Six are read (4 KB): an INVITE of 1023 bytes with SDP, 180, 183 and 200 with SDP,
// ACK and a REGISTER with digest credentials; the others complete the transactions.
#pragma once

#include <cstdint>
#include <string_view>

namespace bench::messages {

inline constexpr std::string_view invite =
    "INVITE sip:bob@biloxi.example.com SIP/2.0\r\n"
    "Via: SIP/2.0/UDP client.atlanta.example.com:5060;branch=z9hG4bK74bf9a2c51;rport\r\n"
    "Max-Forwards: 70\r\n"
    "From: Alice <sip:alice@atlanta.example.com>;tag=9fxced76sl\r\n"
    "To: Bob <sip:bob@biloxi.example.com>\r\n"
    "Call-ID: 3848276298220188511@atlanta.example.com\r\n"
    "CSeq: 1 INVITE\r\n"
    "Contact: <sip:alice@client.atlanta.example.com:5060;transport=udp>\r\n"
    "Allow: INVITE, ACK, CANCEL, OPTIONS, BYE, PRACK, UPDATE, INFO, REFER, NOTIFY\r\n"
    "Supported: 100rel, replaces, timer\r\n"
    "Session-Expires: 1800;refresher=uac\r\n"
    "Min-SE: 90\r\n"
    "Accept: application/sdp\r\n"
    "Date: Thu, 21 Feb 2002 13:02:03 GMT\r\n"
    "User-Agent: benchmark/1.0 (xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx)\r\n"
    "Content-Type: application/sdp\r\n"
    "Content-Length: 279\r\n"
    "\r\n"
    "v=0\r\n"
    "o=alice 2890844526 2890844526 IN IP4 client.atlanta.example.com\r\n"
    "s=-\r\n"
    "c=IN IP4 192.0.2.101\r\n"
    "t=0 0\r\n"
    "m=audio 49172 RTP/AVP 0 8 9 101\r\n"
    "a=rtpmap:0 PCMU/8000\r\n"
    "a=rtpmap:8 PCMA/8000\r\n"
    "a=rtpmap:9 G722/8000\r\n"
    "a=rtpmap:101 telephone-event/8000\r\n"
    "a=fmtp:101 0-15\r\n"
    "a=ptime:20\r\n"
    "a=sendrecv\r\n";

inline constexpr std::string_view ringing =
    "SIP/2.0 180 Ringing\r\n"
    "Via: SIP/2.0/UDP "
    "client.atlanta.example.com:5060;branch=z9hG4bK74bf9a2c51;rport=5060;received=192.0.2.101\r\n"
    "Record-Route: <sip:ss1.biloxi.example.com;lr>\r\n"
    "From: Alice <sip:alice@atlanta.example.com>;tag=9fxced76sl\r\n"
    "To: Bob <sip:bob@biloxi.example.com>;tag=8321234356\r\n"
    "Call-ID: 3848276298220188511@atlanta.example.com\r\n"
    "CSeq: 1 INVITE\r\n"
    "Contact: <sip:bob@client.biloxi.example.com:5060;transport=udp>\r\n"
    "Content-Length: 0\r\n"
    "\r\n";

inline constexpr std::string_view session_progress =
    "SIP/2.0 183 Session Progress\r\n"
    "Via: SIP/2.0/UDP "
    "client.atlanta.example.com:5060;branch=z9hG4bK74bf9a2c51;rport=5060;received=192.0.2.101\r\n"
    "Record-Route: <sip:ss1.biloxi.example.com;lr>\r\n"
    "From: Alice <sip:alice@atlanta.example.com>;tag=9fxced76sl\r\n"
    "To: Bob <sip:bob@biloxi.example.com>;tag=8321234356\r\n"
    "Call-ID: 3848276298220188511@atlanta.example.com\r\n"
    "CSeq: 1 INVITE\r\n"
    "Contact: <sip:bob@client.biloxi.example.com:5060;transport=udp>\r\n"
    "Require: 100rel\r\n"
    "RSeq: 988789\r\n"
    "Content-Type: application/sdp\r\n"
    "Content-Length: 203\r\n"
    "\r\n"
    "v=0\r\n"
    "o=bob 2808844564 2808844564 IN IP4 client.biloxi.example.com\r\n"
    "s=-\r\n"
    "c=IN IP4 192.0.2.201\r\n"
    "t=0 0\r\n"
    "m=audio 3456 RTP/AVP 0 101\r\n"
    "a=rtpmap:0 PCMU/8000\r\n"
    "a=rtpmap:101 telephone-event/8000\r\n"
    "a=fmtp:101 0-15\r\n";

inline constexpr std::string_view ok =
    "SIP/2.0 200 OK\r\n"
    "Via: SIP/2.0/UDP "
    "client.atlanta.example.com:5060;branch=z9hG4bK74bf9a2c51;rport=5060;received=192.0.2.101\r\n"
    "Record-Route: <sip:ss1.biloxi.example.com;lr>\r\n"
    "From: Alice <sip:alice@atlanta.example.com>;tag=9fxced76sl\r\n"
    "To: Bob <sip:bob@biloxi.example.com>;tag=8321234356\r\n"
    "Call-ID: 3848276298220188511@atlanta.example.com\r\n"
    "CSeq: 1 INVITE\r\n"
    "Contact: <sip:bob@client.biloxi.example.com:5060;transport=udp>\r\n"
    "Allow: INVITE, ACK, CANCEL, OPTIONS, BYE, PRACK, UPDATE, INFO, REFER, NOTIFY\r\n"
    "Supported: 100rel, replaces\r\n"
    "Content-Type: application/sdp\r\n"
    "Content-Length: 203\r\n"
    "\r\n"
    "v=0\r\n"
    "o=bob 2808844564 2808844564 IN IP4 client.biloxi.example.com\r\n"
    "s=-\r\n"
    "c=IN IP4 192.0.2.201\r\n"
    "t=0 0\r\n"
    "m=audio 3456 RTP/AVP 0 101\r\n"
    "a=rtpmap:0 PCMU/8000\r\n"
    "a=rtpmap:101 telephone-event/8000\r\n"
    "a=fmtp:101 0-15\r\n";

inline constexpr std::string_view ack =
    "ACK sip:bob@client.biloxi.example.com:5060;transport=udp SIP/2.0\r\n"
    "Via: SIP/2.0/UDP client.atlanta.example.com:5060;branch=z9hG4bK74b76b1d90;rport\r\n"
    "Route: <sip:ss1.biloxi.example.com;lr>\r\n"
    "Max-Forwards: 70\r\n"
    "From: Alice <sip:alice@atlanta.example.com>;tag=9fxced76sl\r\n"
    "To: Bob <sip:bob@biloxi.example.com>;tag=8321234356\r\n"
    "Call-ID: 3848276298220188511@atlanta.example.com\r\n"
    "CSeq: 1 ACK\r\n"
    "Content-Length: 0\r\n"
    "\r\n";

inline constexpr std::string_view register_with_digest =
    "REGISTER sip:registrar.atlanta.example.com SIP/2.0\r\n"
    "Via: SIP/2.0/UDP client.atlanta.example.com:5060;branch=z9hG4bK92c7d81a3e;rport\r\n"
    "Max-Forwards: 70\r\n"
    "From: Alice <sip:alice@atlanta.example.com>;tag=a73kszlfl\r\n"
    "To: Alice <sip:alice@atlanta.example.com>\r\n"
    "Call-ID: 1j9FpLxk3uxtm8tn@atlanta.example.com\r\n"
    "CSeq: 2 REGISTER\r\n"
    "Contact: <sip:alice@client.atlanta.example.com:5060;transport=udp>;expires=3600\r\n"
    "Authorization: Digest username=\"alice\", realm=\"atlanta.example.com\", "
    "nonce=\"ea9c8e88df84f1cec4341ae6cbe5a359\", opaque=\"\", "
    "uri=\"sip:registrar.atlanta.example.com\", response=\"dfe56131d1958046689d83306477ecc5\", "
    "algorithm=MD5, qop=auth, nc=00000001, cnonce=\"0a4f113b\"\r\n"
    "Expires: 3600\r\n"
    "Content-Length: 0\r\n"
    "\r\n";

inline constexpr std::string_view trying =
    "SIP/2.0 100 Trying\r\n"
    "Via: SIP/2.0/UDP "
    "client.atlanta.example.com:5060;branch=z9hG4bK74bf9a2c51;rport=5060;received=192.0.2.101\r\n"
    "From: Alice <sip:alice@atlanta.example.com>;tag=9fxced76sl\r\n"
    "To: Bob <sip:bob@biloxi.example.com>\r\n"
    "Call-ID: 3848276298220188511@atlanta.example.com\r\n"
    "CSeq: 1 INVITE\r\n"
    "Content-Length: 0\r\n"
    "\r\n";

inline constexpr std::string_view busy_here =
    "SIP/2.0 486 Busy Here\r\n"
    "Via: SIP/2.0/UDP "
    "client.atlanta.example.com:5060;branch=z9hG4bK74bf9a2c51;rport=5060;received=192.0.2.101\r\n"
    "From: Alice <sip:alice@atlanta.example.com>;tag=9fxced76sl\r\n"
    "To: Bob <sip:bob@biloxi.example.com>;tag=8321234356\r\n"
    "Call-ID: 3848276298220188511@atlanta.example.com\r\n"
    "CSeq: 1 INVITE\r\n"
    "Content-Length: 0\r\n"
    "\r\n";

inline constexpr std::string_view options =
    "OPTIONS sip:carol@chicago.example.com SIP/2.0\r\n"
    "Via: SIP/2.0/UDP client.atlanta.example.com:5060;branch=z9hG4bKhjhs8ass83;rport\r\n"
    "Max-Forwards: 70\r\n"
    "From: Alice <sip:alice@atlanta.example.com>;tag=1928301774\r\n"
    "To: <sip:carol@chicago.example.com>\r\n"
    "Call-ID: a84b4c76e66710@atlanta.example.com\r\n"
    "CSeq: 63104 OPTIONS\r\n"
    "Contact: <sip:alice@client.atlanta.example.com:5060;transport=udp>\r\n"
    "Accept: application/sdp\r\n"
    "Content-Length: 0\r\n"
    "\r\n";

inline constexpr std::string_view options_ok =
    "SIP/2.0 200 OK\r\n"
    "Via: SIP/2.0/UDP "
    "client.atlanta.example.com:5060;branch=z9hG4bKhjhs8ass83;rport=5060;received=192.0.2.101\r\n"
    "From: Alice <sip:alice@atlanta.example.com>;tag=1928301774\r\n"
    "To: <sip:carol@chicago.example.com>;tag=93810874\r\n"
    "Call-ID: a84b4c76e66710@atlanta.example.com\r\n"
    "CSeq: 63104 OPTIONS\r\n"
    "Allow: INVITE, ACK, CANCEL, OPTIONS, BYE, PRACK, UPDATE, INFO, REFER, NOTIFY\r\n"
    "Accept: application/sdp\r\n"
    "Content-Length: 0\r\n"
    "\r\n";

/// What a transaction layer needs to know of a message.
struct classification {
  std::string_view method; ///< of the start line; empty for a response
  int status;              ///< 0 for a request
  std::string_view branch;
  std::string_view from_tag;
  std::string_view to_tag;
  std::string_view call_id;
  std::uint32_t cseq;
  std::string_view cseq_method;
  std::string_view contact; ///< its URI, or at least the host in it
  std::uint32_t content_length;

  /// Whether all is found as expected; of the Contact, that the host is in it.
  friend bool is_expected(classification const& found, classification const& expected) {
    classification same = found;
    if (found.contact.find(expected.contact) != std::string_view::npos)
      same.contact = expected.contact;
    return same == expected;
  }
  friend bool operator==(classification const&, classification const&) = default;
};

struct sample {
  std::string_view text;
  classification expected;
};

/// What is read. The expected values are written from the texts above.
inline constexpr sample six[] = {
    {invite,
     {"INVITE", 0, "z9hG4bK74bf9a2c51", "9fxced76sl", "", "3848276298220188511@atlanta.example.com",
      1, "INVITE", "client.atlanta.example.com", 279}},
    {ringing,
     {"", 180, "z9hG4bK74bf9a2c51", "9fxced76sl", "8321234356",
      "3848276298220188511@atlanta.example.com", 1, "INVITE", "client.biloxi.example.com", 0}},
    {session_progress,
     {"", 183, "z9hG4bK74bf9a2c51", "9fxced76sl", "8321234356",
      "3848276298220188511@atlanta.example.com", 1, "INVITE", "client.biloxi.example.com", 203}},
    {ok,
     {"", 200, "z9hG4bK74bf9a2c51", "9fxced76sl", "8321234356",
      "3848276298220188511@atlanta.example.com", 1, "INVITE", "client.biloxi.example.com", 203}},
    {ack,
     {"ACK", 0, "z9hG4bK74b76b1d90", "9fxced76sl", "8321234356",
      "3848276298220188511@atlanta.example.com", 1, "ACK", "", 0}},
    {register_with_digest,
     {"REGISTER", 0, "z9hG4bK92c7d81a3e", "a73kszlfl", "", "1j9FpLxk3uxtm8tn@atlanta.example.com",
      2, "REGISTER", "client.atlanta.example.com", 0}},
};

static_assert(invite.size() == 1023);

} // namespace bench::messages
