// A UDP socket that speaks ctsip::address, and the one place where a program sleeps. POSIX.
#pragma once

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <system_error>

#include <ctsip/user_agent/transaction_layer.hpp>

#include "clock.hpp"

namespace example {

/// "127.0.0.1:5060", or "[0:0:0:0:0:0:0:1]:5060".
inline std::string text_of(ctsip::address const& a) {
  std::string const ip{ctsip::to_text(a).view()};
  return (a.ipv6 ? "[" + ip + "]" : ip) + ":" + std::to_string(a.port);
}

namespace detail {

[[noreturn]] inline void fail(std::string const& what) {
  throw std::system_error(errno, std::generic_category(), what);
}

struct socket_address {
  sockaddr_storage storage{};
  socklen_t size{sizeof storage};

  sockaddr* get() { return reinterpret_cast<sockaddr*>(&storage); }
};

inline socket_address to_system(ctsip::address const& a) {
  socket_address out;
  if (a.ipv6) {
    sockaddr_in6 in{};
    in.sin6_family = AF_INET6;
    in.sin6_port = htons(a.port);
    std::memcpy(&in.sin6_addr, a.bytes, 16);
    std::memcpy(&out.storage, &in, out.size = sizeof in);
  } else {
    sockaddr_in in{};
    in.sin_family = AF_INET;
    in.sin_port = htons(a.port);
    std::memcpy(&in.sin_addr, a.bytes, 4);
    std::memcpy(&out.storage, &in, out.size = sizeof in);
  }
  return out;
}

inline ctsip::address from_system(socket_address const& s) {
  ctsip::address out;
  if (s.storage.ss_family == AF_INET6) {
    sockaddr_in6 in{};
    std::memcpy(&in, &s.storage, sizeof in);
    out.ipv6 = true;
    out.port = ntohs(in.sin6_port);
    std::memcpy(out.bytes, &in.sin6_addr, 16);
  } else {
    sockaddr_in in{};
    std::memcpy(&in, &s.storage, sizeof in);
    out.port = ntohs(in.sin_port);
    std::memcpy(out.bytes, &in.sin_addr, 4);
  }
  return out;
}

} // namespace detail

/// A datagram as it came in; the bytes are those of the buffer it was received into.
struct received_datagram {
  std::string_view bytes;
  ctsip::address from;
};

/// A bound, non-blocking UDP socket. It is deaf to ICMP: that nobody listens at a port "SHOULD
/// cause the transport layer to inform the transport user of a failure in sending" (RFC 3261 18.4),
/// and here it does not. Who calls there hears of it when the transaction times out, after 64*T1,
/// and reaches whoever starts to listen before that. To be told at once, on Linux: set IP_RECVERR,
/// read the MSG_ERRQUEUE, find the `transaction` of the request that it quotes by its branch, which
/// no stranger knows, and tell the agent by `handle_transport_error`.
class udp_socket {
 public:
  /// Binds; port 0 lets the system choose a free one. Throws std::system_error.
  explicit udp_socket(ctsip::address const& at)
      : socket_(::socket(at.ipv6 ? AF_INET6 : AF_INET, SOCK_DGRAM, 0)) {
    if (socket_ < 0) detail::fail("socket");
    // Bursts wait here while the program is busy. Less than that is no error.
    int const bytes = 4 << 20;
    (void)::setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
    auto address = detail::to_system(at);
    bool const bound = ::bind(socket_, address.get(), address.size) == 0 &&
                       ::fcntl(socket_, F_SETFL, O_NONBLOCK) == 0;
    if (!bound) {
      int const reason = errno;
      ::close(socket_);
      errno = reason;
      detail::fail("cannot listen on " + text_of(at));
    }
  }
  ~udp_socket() { ::close(socket_); }
  udp_socket(udp_socket const&) = delete;
  udp_socket& operator=(udp_socket const&) = delete;

  /// Where it is bound.
  ctsip::address local() const {
    detail::socket_address at;
    if (::getsockname(socket_, at.get(), &at.size) != 0) detail::fail("getsockname");
    return detail::from_system(at);
  }

  /// False if the datagram cannot go there at all. One that finds the queue full is merely lost, as
  /// it might be anywhere on its way.
  bool send(std::string_view bytes, ctsip::address const& to) {
    auto address = detail::to_system(to);
    return ::sendto(socket_, bytes.data(), bytes.size(), 0, address.get(), address.size) >= 0 ||
           errno == EAGAIN || errno == EWOULDBLOCK || errno == ENOBUFS || errno == EINTR;
  }

  /// The next datagram that waits, if any.
  std::optional<received_datagram> receive(std::span<char> buffer) {
    detail::socket_address from;
    auto const size = ::recvfrom(socket_, buffer.data(), buffer.size(), 0, from.get(), &from.size);
    if (size < 0) return std::nullopt;
    return received_datagram{{buffer.data(), static_cast<std::size_t>(size)},
                             detail::from_system(from)};
  }

  int descriptor() const { return socket_; }

 private:
  int socket_;
};

/// Gives an agent what has arrived and what is due; `carry_out()` after each. Timers get their turn
/// even when datagrams never stop coming.
template <class Agent, class CarryOut>
void take_turn(Agent& agent, udp_socket& socket, std::span<char> buffer, CarryOut carry_out) {
  for (int i = 0; i < 64; ++i) {
    auto const got = socket.receive(buffer);
    if (!got) break;
    agent.receive(got->bytes, got->from, ctsip::transport::udp, now());
    carry_out();
  }
  for (auto const moment = now(); agent.next_timeout() <= moment; carry_out())
    agent.handle_timeout(moment);
}

/// Sends what an agent has to send.
template <class Agent>
void send_all(Agent& agent, udp_socket& socket) {
  for (ctsip::datagram d; agent.poll_transmit(d);)
    if (!socket.send(d.bytes, d.to)) agent.handle_transport_error(d, now());
}

/// Our own address on the way to a peer: what it can reach us at. The port is 0. Throws
/// std::system_error if there is no way.
inline ctsip::address address_towards(ctsip::address const& peer) {
  int const probe = ::socket(peer.ipv6 ? AF_INET6 : AF_INET, SOCK_DGRAM, 0);
  auto to = detail::to_system(peer);
  detail::socket_address own;
  // Connecting a UDP socket sends nothing; it only looks up the route.
  bool const found = probe >= 0 && ::connect(probe, to.get(), to.size) == 0 &&
                     ::getsockname(probe, own.get(), &own.size) == 0;
  int const reason = errno;
  if (probe >= 0) ::close(probe);
  errno = reason;
  if (!found) detail::fail("no route to " + text_of(peer));
  ctsip::address out = detail::from_system(own);
  out.port = 0;
  return out;
}

/// Turns SIGINT and SIGTERM into a question that the program asks when it has time for it. The
/// signals are let in only while `wait` sleeps, so that none can slip in between question and
/// sleep. One of these a program.
class stop_signal {
 public:
  stop_signal() {
    sigset_t stopping;
    sigemptyset(&stopping);
    sigaddset(&stopping, SIGINT);
    sigaddset(&stopping, SIGTERM);
    ::sigprocmask(SIG_BLOCK, &stopping, &before_);
    struct sigaction action {};
    action.sa_handler = [](int) { count_ = count_ + 1; };
    ::sigaction(SIGINT, &action, nullptr);
    ::sigaction(SIGTERM, &action, nullptr);
  }

  /// How often the user has asked.
  int count() const { return count_; }

  /// Sleeps until a socket has a datagram, the moment has come, or a signal arrives.
  void wait(std::initializer_list<udp_socket const*> sockets, ctsip::instant until) const {
    fd_set readable;
    FD_ZERO(&readable);
    int last = -1;
    for (udp_socket const* s : sockets) {
      FD_SET(s->descriptor(), &readable);
      last = std::max(last, s->descriptor());
    }
    timespec timeout{};
    auto const left = std::max(ctsip::milliseconds{0}, until - now()).count;
    timeout.tv_sec = static_cast<time_t>(left / 1000);
    timeout.tv_nsec = static_cast<long>(left % 1000) * 1'000'000;
    bool const forever = until.is_never();
    if (::pselect(last + 1, &readable, nullptr, nullptr, forever ? nullptr : &timeout, &before_) <
            0 &&
        errno != EINTR)
      detail::fail("pselect");
  }

 private:
  static inline volatile sig_atomic_t count_ = 0;
  sigset_t before_{};
};

} // namespace example
