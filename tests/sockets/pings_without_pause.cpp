// A peer that sends pings (RFC 5626 4.4.1) without pause over one connection, and one that goes on
// after what cannot be read: `stream_sockets` serves the others and comes back to its caller, whose
// timers are due meanwhile. It does so by what it reads in one turn, whatever a turn takes.
#include "support/stream_sockets.hpp"

#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

constexpr std::size_t flood = 8 << 20;
constexpr std::size_t one_read = 65536;

int failures = 0;

void check(bool holds, char const* what, char const* peer) {
  if (holds) return;
  std::fprintf(stderr, "%s: failed: %s\n", peer, what);
  ++failures;
}

// A peer that writes what the system takes without waiting, and closes its side after the last of
// it.
class flooder {
 public:
  flooder(ctsip::address const& to, std::string text)
      : socket_(::socket(AF_INET, SOCK_STREAM, 0)), text_(std::move(text)) {
    auto address = example::detail::to_system(to);
    if (::connect(socket_, address.get(), address.size) != 0) example::detail::fail("connect");
  }
  ~flooder() { ::close(socket_); }
  flooder(flooder const&) = delete;
  flooder& operator=(flooder const&) = delete;

  void write() {
    while (sent_ < text_.size()) {
      auto const size =
          ::send(socket_, text_.data() + sent_, text_.size() - sent_, MSG_NOSIGNAL | MSG_DONTWAIT);
      if (size <= 0) return;
      sent_ += static_cast<std::size_t>(size);
      if (sent_ == text_.size()) ::shutdown(socket_, SHUT_WR);
    }
  }

 private:
  int socket_;
  std::string text_;
  std::size_t sent_{};
};

void hold_out(char const* peer, std::string text) {
  ctsip::address loopback{};
  loopback.bytes[0] = 127;
  loopback.bytes[3] = 1;
  example::stream_sockets sockets{loopback};
  example::udp_socket other{loopback};
  flooder flooding{sockets.local(), std::move(text)};

  auto const patience = example::now() + ctsip::milliseconds{30'000};
  std::size_t turns = 0;
  std::size_t heard = 0;
  for (bool accepted = false; !accepted || sockets.connections() != 0; ++turns) {
    flooding.write();
    (void)other.send("a message", sockets.local());
    sockets.wait(patience);
    accepted = accepted || sockets.connections() != 0;
    while (auto const got = sockets.receive()) heard += got->over == ctsip::transport::udp;
    if (patience < example::now()) break;
  }
  check(sockets.connections() == 0, "all that it has sent is read", peer);
  check(turns >= flood / one_read / 2, "there is one turn for each read", peer);
  check(heard + 1 >= turns, "each of them brings the datagram of another peer", peer);
}

} // namespace

int main() {
  std::string pings;
  while (pings.size() < flood) pings += "\r\n\r\n";
  hold_out("pings", pings);
  hold_out("what is no SIP", "garbage\r\n\r\n" + std::string(flood, 'x'));
  return failures ? EXIT_FAILURE : EXIT_SUCCESS;
}
