// The first user agent: it answers calls from the network (RFC 3261 8.2, 13.3). Handlers for what
// happens, and a loop around a UDP socket: the program of the README's "Answer a call".
//
//   ./14_user_agent                               and in another terminal
//   sipp -sn uac 127.0.0.1:5060 -m 1
//
// Break it: forget a state. Without on(my::early&) the compiler says "the handler set has no public
// on(early&), alone or with its event". Or hang up before the call is answered: write
// call.hang_up(now()); as the first line of on(my::incoming&), and it says "BYE by the callee in an
// early dialog (RFC 3261 15)".
#include <arpa/inet.h>
#include <poll.h>
#include <sys/random.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstring>

#include <ctsip/user_agent/call_handles.hpp>

// 100 calls at a time. A transaction lives for 32 s: 1000 of them are 15 calls a second, then 503.
using user_agent = ctsip::endpoint<ctsip::endpoint_size{100, 1000, 1300}>;
using my = ctsip::calls<user_agent>;

// What we receive, and where: one stream of audio, at a port that your own code opens. A phone that
// can do more answers what was offered, as in support/session.hpp.
constexpr ctsip::message_body my_sdp{
    "application/sdp", "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
                       "m=audio 6000 RTP/AVP 0\r\n"};

ctsip::instant now() { // a count of milliseconds that only grows
  return {std::chrono::steady_clock::now().time_since_epoch() / std::chrono::milliseconds{1}};
}

struct handlers { // one for each state of a call, and each has what may be done in it
  void on(my::incoming& call) {
    (void)call.ring(now());
    if (call.answer(my_sdp, now()) == ctsip::act_result::unwritable) // the settings, or too long
      (void)call.reject(500, now());
  }
  void on(my::established& call, ctsip::user_event const& e) {
    if (e.kind != ctsip::user_event_kind::modification) return;
    if (e.message.body().empty()) // what would we offer?
      (void)call.accept_modification(my_sdp, now());
    else // hold, say: the session stays as it is
      (void)call.reject_modification(488, now());
  }
  void on(my::ended&) {}
  void on(my::outgoing&) {} // we place no calls
  void on(my::early&) {}
};

int main() {
  setvbuf(stdout, nullptr, _IOLBF, 0);
  ctsip::endpoint_settings settings;           // texts are views: they must outlive the agent
  settings.element.sent_by = "127.0.0.1:5060"; // where answers to us are sent
  settings.contact = "sip:me@127.0.0.1:5060";  // where requests in a call are sent
  if (getrandom(&settings.element.seed, sizeof settings.element.seed, 0) < 0) return 1;
  static user_agent agent{settings}; // 3 MB, and it never asks for more
  handlers user;

  int const fd = socket(AF_INET, SOCK_DGRAM, 0);
  sockaddr_in peer{AF_INET, htons(5060), {htonl(INADDR_LOOPBACK)}, {}};
  auto* const at = reinterpret_cast<sockaddr*>(&peer);
  if (bind(fd, at, sizeof peer) != 0) return std::perror("bind"), 1;

  for (char room[65536];;) {
    auto const wait = std::clamp<std::int64_t>((agent.next_timeout() - now()).count, 0, 60'000);
    pollfd input{fd, POLLIN, 0};
    poll(&input, 1, static_cast<int>(wait));

    socklen_t size = sizeof peer;
    if (agent.next_timeout() <= now()) {
      agent.handle_timeout(now());
    } else if (auto n = recvfrom(fd, room, sizeof room, MSG_DONTWAIT, at, &size); n >= 0) {
      ctsip::address from{.port = ntohs(peer.sin_port)};
      std::memcpy(from.bytes, &peer.sin_addr, 4);
      agent.receive({room, static_cast<std::size_t>(n)}, from, ctsip::transport::udp, now());
    }
    for (ctsip::user_event e; agent.poll_event(e);)
      std::puts(name(e.kind)), dispatch(agent, e, user);
    for (ctsip::datagram d; agent.poll_transmit(d);) {
      std::memcpy(&peer.sin_addr, d.to.bytes, 4), peer.sin_port = htons(d.to.port);
      sendto(fd, d.bytes.data(), d.bytes.size(), 0, at, sizeof peer);
    }
  }
}
