// Has whole user agents talk: text comes in, text goes out, and the user is told. Nothing is sent
// anywhere; messages of the other side are made beforehand from those of messages.hpp.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "../messages.hpp"
#include "../subject.hpp"

namespace bench {

/// How many calls one run holds, one after the other.
inline constexpr int calls_per_run = 32;

/// INVITE out, 100, 180 and 200 in, ACK out.
inline constexpr char const* client_call_group = "user agent, client call: 100, 180, 200";
/// INVITE in, 100, 180 and 200 out, ACK in, BYE in, 200 out.
inline constexpr char const* server_call_group = "user agent, server call: 100, 180, 200, BYE";
/// Both in one, until both have forgotten the call.
inline constexpr char const* whole_call_group = "user agents back to back: a whole call";

/// What was seen of a call.
struct talk {
  int sent = 0;            ///< messages put on the wire
  int told = 0;            ///< of what happened to the call, to its user
  std::size_t written = 0; ///< characters put on the wire

  friend bool operator==(talk const&, talk const&) = default;
};

/// What has to be seen of each: INVITE and ACK, and that it rings and is answered.
constexpr bool is_client_call(talk const& t) { return t.sent == 2 && t.told == 2; }
/// 100, 180, 200 and 200, and that somebody calls, is connected and hangs up.
constexpr bool is_server_call(talk const& t) { return t.sent == 4 && t.told == 3; }

/// What distinguishes the messages of one call.
struct call_names {
  std::string branch, from_tag, to_tag, call_id;
};

inline void replace(std::string& text, std::string_view from, std::string const& to) {
  if (auto const at = text.find(from); at != std::string::npos) text.replace(at, from.size(), to);
}

/// One of the texts of messages.hpp, or of those below, for the call of these names.
inline std::string message_of_call(std::string_view text, call_names const& names) {
  std::string made(text);
  replace(made, "z9hG4bK74bf9a2c51", names.branch);
  replace(made, "9fxced76sl", names.from_tag);
  replace(made, "8321234356", names.to_tag);
  replace(made, "3848276298220188511@atlanta.example.com", names.call_id);
  return made;
}

/// What stands after `name` up to one of `ends`.
inline std::string after(std::string_view text, std::string_view name, std::string_view ends) {
  auto const at = text.find(name);
  if (at == std::string_view::npos) return {};
  auto const first = at + name.size();
  return std::string{text.substr(first, text.find_first_of(ends, first) - first)};
}

/// The names in a message that a stack has sent; the To tag only where there is one.
inline call_names names_in(std::string_view text) {
  call_names n;
  n.branch = after(text, "branch=", ";\r");
  n.call_id = after(text, "Call-ID: ", "\r");
  n.from_tag = after(after(text, "\r\nFrom: ", "\r"), ";tag=", ";");
  n.to_tag = after(after(text, "\r\nTo: ", "\r"), ";tag=", ";");
  return n;
}

/// The names of the i-th call that comes in; the To tag is the callee's to give.
inline call_names caller_names(int i) {
  std::string const n = std::to_string(100000 + i);
  return {"z9hG4bK74bf" + n, "9fxce" + n, {}, "3848276298220" + n + "@atlanta.example.com"};
}

/// `Stack::prepare()` makes ready what is not measured; `talk run_one(int)` is one of
/// `calls_per_run`.
template <class Stack, bool (*is_right)(talk const&)>
struct call_variant {
  explicit call_variant(char const* group, char const* peer)
      : entered(group, peer, calls_per_run, &check, &run, &Stack::prepare) {}
  subject entered;

 private:
  static void run() {
    for (int i = 0; i < calls_per_run; ++i) keep(Stack::run_one(i));
  }
  static bool check() {
    Stack::prepare();
    bool right = true;
    for (int i = 0; i < calls_per_run; ++i) right = is_right(Stack::run_one(i)) && right;
    return right;
  }
};

} // namespace bench

namespace bench::messages {

/// The session description of the INVITE.
inline constexpr std::string_view offer = invite.substr(invite.find("v=0"));
/// Of the 200.
inline constexpr std::string_view answer = ok.substr(ok.find("v=0"));

// The ACK and the BYE of the caller of `invite`, which no proxy has stayed in the path of.
inline constexpr std::string_view ack_to_callee =
    "ACK sip:bob@client.biloxi.example.com:5060;transport=udp SIP/2.0\r\n"
    "Via: SIP/2.0/UDP client.atlanta.example.com:5060;branch=z9hG4bK74bf9a2c51;rport\r\n"
    "Max-Forwards: 70\r\n"
    "From: Alice <sip:alice@atlanta.example.com>;tag=9fxced76sl\r\n"
    "To: Bob <sip:bob@biloxi.example.com>;tag=8321234356\r\n"
    "Call-ID: 3848276298220188511@atlanta.example.com\r\n"
    "CSeq: 1 ACK\r\n"
    "Content-Length: 0\r\n"
    "\r\n";
inline constexpr std::string_view bye_to_callee =
    "BYE sip:bob@client.biloxi.example.com:5060;transport=udp SIP/2.0\r\n"
    "Via: SIP/2.0/UDP client.atlanta.example.com:5060;branch=z9hG4bK74bf9a2c51;rport\r\n"
    "Max-Forwards: 70\r\n"
    "From: Alice <sip:alice@atlanta.example.com>;tag=9fxced76sl\r\n"
    "To: Bob <sip:bob@biloxi.example.com>;tag=8321234356\r\n"
    "Call-ID: 3848276298220188511@atlanta.example.com\r\n"
    "CSeq: 2 BYE\r\n"
    "Content-Length: 0\r\n"
    "\r\n";

} // namespace bench::messages
