// Registers once (RFC 3665 2.1): REGISTER, 401, the same with credentials, 200. Nothing is sent
// anywhere. What digests cost is left out: it is that of somebody else's hash.
#pragma once

#include <string_view>

#include "../messages.hpp"
#include "../subject.hpp"

namespace bench {

/// How many registrations one run holds: one after the other, each with a stack of its own or alone
/// in the stack.
inline constexpr int registrations_per_run = 32;

/// The messages are told by their numbers, or parsed beforehand.
inline constexpr char const* registration_group = "registration: 401, then 200";
/// Responses come as text and are read, requests are written.
inline constexpr char const* registrant_group = "registration from the wire: 401, then 200";
/// The request comes as text, with good credentials, and the response is written.
inline constexpr char const* registrar_group = "registrar: REGISTER with credentials, 200";
inline constexpr char const* registration_weight = "bytes per registration, without messages";

/// What was seen of a registration.
struct registering {
  int sent = 0;            ///< REGISTER requests
  int passed_up = 0;       ///< responses handed to the user of the transactions
  bool is_bound = false;   ///< whether it ended registered
  std::size_t written = 0; ///< characters of the requests, where they are written
};

/// `Stack::prepare()` makes ready what is not measured; `registering run_one(int)` is one of
/// `registrations_per_run`, of which `Stack::is_right` says whether it is complete.
template <class Stack>
struct registration_variant {
  explicit registration_variant(char const* group, char const* peer)
      : entered(group, peer, registrations_per_run, &check, &run, &Stack::prepare) {}
  subject entered;

 private:
  static void run() {
    for (int i = 0; i < registrations_per_run; ++i) keep(Stack::run_one(i));
  }
  static bool check() {
    Stack::prepare();
    bool right = true;
    for (int i = 0; i < registrations_per_run; ++i)
      right = Stack::is_right(Stack::run_one(i)) && right;
    return right;
  }
};

} // namespace bench

namespace bench::messages {

inline constexpr std::string_view first_register =
    "REGISTER sip:registrar.atlanta.example.com SIP/2.0\r\n"
    "Via: SIP/2.0/UDP client.atlanta.example.com:5060;branch=z9hG4bK92c7d81a3d;rport\r\n"
    "Max-Forwards: 70\r\n"
    "From: Alice <sip:alice@atlanta.example.com>;tag=a73kszlfl\r\n"
    "To: Alice <sip:alice@atlanta.example.com>\r\n"
    "Call-ID: 1j9FpLxk3uxtm8tn@atlanta.example.com\r\n"
    "CSeq: 1 REGISTER\r\n"
    "Contact: <sip:alice@client.atlanta.example.com:5060;transport=udp>\r\n"
    "Expires: 3600\r\n"
    "Content-Length: 0\r\n"
    "\r\n";

inline constexpr std::string_view unauthorized =
    "SIP/2.0 401 Unauthorized\r\n"
    "Via: SIP/2.0/UDP client.atlanta.example.com:5060;branch=z9hG4bK92c7d81a3d;rport=5060"
    ";received=192.0.2.101\r\n"
    "From: Alice <sip:alice@atlanta.example.com>;tag=a73kszlfl\r\n"
    "To: Alice <sip:alice@atlanta.example.com>;tag=1410948204\r\n"
    "Call-ID: 1j9FpLxk3uxtm8tn@atlanta.example.com\r\n"
    "CSeq: 1 REGISTER\r\n"
    "WWW-Authenticate: Digest realm=\"atlanta.example.com\", "
    "nonce=\"ea9c8e88df84f1cec4341ae6cbe5a359\", algorithm=MD5, qop=\"auth\"\r\n"
    "Content-Length: 0\r\n"
    "\r\n";

// Answers `register_with_digest` of messages.hpp.
inline constexpr std::string_view registered =
    "SIP/2.0 200 OK\r\n"
    "Via: SIP/2.0/UDP client.atlanta.example.com:5060;branch=z9hG4bK92c7d81a3e;rport=5060"
    ";received=192.0.2.101\r\n"
    "From: Alice <sip:alice@atlanta.example.com>;tag=a73kszlfl\r\n"
    "To: Alice <sip:alice@atlanta.example.com>;tag=1410948204\r\n"
    "Call-ID: 1j9FpLxk3uxtm8tn@atlanta.example.com\r\n"
    "CSeq: 2 REGISTER\r\n"
    "Contact: <sip:alice@client.atlanta.example.com:5060;transport=udp>;expires=3600\r\n"
    "Content-Length: 0\r\n"
    "\r\n";

} // namespace bench::messages
