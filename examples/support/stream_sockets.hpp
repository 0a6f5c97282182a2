// UDP and TCP on one port, for programs that speak both: what udp_socket.hpp has, and a listener
// with the connections that were accepted or opened on demand. POSIX.
//
//   example::stream_sockets sockets{at};
//   for (;;) {
//     sockets.wait(agent.next_timeout());
//     while (auto const got = sockets.receive()) {
//       agent.receive(got->bytes, got->from, got->over, example::now());
//       …take what it causes, sending each datagram by sockets.send(d)…
//     }
//     for (ctsip::datagram d; sockets.poll_unsent(d);)
//       agent.handle_transport_error(d, example::now()), …take what it causes…
//     …timers…
//   }
#pragma once

#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>

#include <memory>
#include <vector>

#include <ctsip/user_agent/connection.hpp>

#include "clock.hpp"
#include "udp_socket.hpp"

namespace example {

/// A whole message as it came in; the bytes hold until the next `receive` or `wait`.
struct received_message {
  std::string_view bytes;
  ctsip::address from;
  ctsip::transport over;
};

/// A UDP socket, and a TCP listener on the same port with up to so many connections that are
/// accepted, and as many that are opened. For one more the longest idle one of its kind is closed,
/// and so is an accepted one where the program may have no more descriptors.
class stream_sockets {
 public:
  /// Binds and listens; port 0 lets the system choose a free one. Throws std::system_error.
  explicit stream_sockets(ctsip::address at, std::size_t most_connections = 64)
      : most_(most_connections) {
    // The port that UDP is given may be taken for TCP.
    for (int tries = at.port == 0 ? 16 : 1; listener_ < 0; --tries) {
      udp_ = std::make_unique<udp_socket>(at);
      listener_ = listen_at(udp_->local());
      if (listener_ < 0 && tries == 1) detail::fail("cannot listen for TCP on " + text_of(at));
    }
  }
  ~stream_sockets() {
    for (auto const& c : connections_) ::close(c->socket);
    ::close(listener_);
  }
  stream_sockets(stream_sockets const&) = delete;
  stream_sockets& operator=(stream_sockets const&) = delete;

  /// Where both are bound.
  ctsip::address local() const { return udp_->local(); }
  /// How many connections there are.
  std::size_t connections() const { return connections_.size(); }

  /// Sleeps until there is something to receive, a message could not be sent, the moment has come,
  /// or a signal arrives. SIGINT and SIGTERM are let in meanwhile, even if a `stop_signal` holds
  /// them off at other times; the others as when these sockets were opened.
  void wait(ctsip::instant until) {
    close_what_is_over();
    bool busy = !unsent_.empty() || udp_readable_;
    for (auto const& c : connections_) {
      busy = busy || c->readable || c->has_more;
      until = std::min(until, c->stream.next_timeout());
    }
    auto const moment = now();
    bool const accepts = rests_until_ <= moment;
    if (!accepts) until = std::min(until, rests_until_);
    auto const left = busy ? 0 : std::max(ctsip::milliseconds{0}, until - moment).count;
    timespec timeout{};
    timeout.tv_sec = static_cast<time_t>(left / 1000);
    timeout.tv_nsec = static_cast<long>(left % 1000) * 1'000'000;

    watched_.clear();
    watched_.push_back({udp_->descriptor(), POLLIN, 0});
    watched_.push_back({accepts ? listener_ : -1, POLLIN, 0}); // -1: none
    for (auto const& c : connections_) {
      bool const writing = !c->connected || (!c->half_closed && !c->stream.to_send().empty());
      watched_.push_back({c->socket, static_cast<short>(writing ? POLLIN | POLLOUT : POLLIN), 0});
    }
    bool const forever = !busy && until.is_never();
    if (::ppoll(watched_.data(), watched_.size(), forever ? nullptr : &timeout, &let_in_) < 0) {
      if (errno != EINTR) detail::fail("ppoll");
      return;
    }

    if (watched_[0].revents != 0) udp_readable_ = true;
    for (std::size_t i = 0; i < connections_.size(); ++i) {
      auto& c = *connections_[i];
      short const found = watched_[i + 2].revents;
      if (!c.connected && found != 0) finish_connecting(c);
      if ((found & (POLLIN | POLLHUP | POLLERR)) != 0) c.readable = true;
      if ((found & POLLOUT) != 0) flush(c);
    }
    if (watched_[1].revents != 0) accept_all();
    close_what_is_over();
  }

  /// The next message that has arrived; each source gets its turn.
  std::optional<received_message> receive() {
    for (std::size_t i = 0; i <= connections_.size(); ++i) {
      turn_ = turn_ < connections_.size() ? turn_ + 1 : 0;
      if (turn_ > 0) {
        if (auto got = receive_from(*connections_[turn_ - 1])) return got;
      } else if (udp_readable_) {
        // Whether there is one more is said by the next poll: the socket itself mostly has none.
        udp_readable_ = false;
        if (auto const got = udp_->receive(buffer_))
          return received_message{got->bytes, got->from, ctsip::transport::udp};
      }
    }
    return std::nullopt;
  }

  /// Sends a message, or has it wait until its connection takes it. False if it cannot be sent;
  /// what turns out later is told by `poll_unsent`.
  bool send(ctsip::datagram const& d) {
    if (d.over == ctsip::transport::udp) return udp_->send(d.bytes, d.to);
    if (d.over != ctsip::transport::tcp) return false;
    // "the response MUST be sent using the existing connection to the source of the original
    // request [...] If that connection is no longer open, the server SHOULD open a connection"
    // (RFC 3261 18.2.2). No ping does: it asks for the connection that was there.
    auto* c = find(d.to);
    if (!c) c = find(d.connect_to());
    if (!c && !d.is_ping()) c = connect(d.connect_to());
    if (!c || !c->stream.send(d)) return false;
    flush(*c);
    return true;
  }

  /// The next message that was to be sent over a connection that has ended, or could not be opened:
  /// an agent is told by `handle_transport_error`.
  bool poll_unsent(ctsip::datagram& out) {
    if (unsent_.empty()) return false;
    out = unsent_.front();
    unsent_.erase(unsent_.begin());
    return true;
  }

 private:
  struct tcp_connection {
    int socket;
    ctsip::connection<65536> stream;
    bool connected;
    bool accepted{};
    bool readable{};    // there may be bytes to receive
    bool has_more{};    // there may be messages among those received
    bool half_closed{}; // we send nothing more
    bool failed{};      // as a write has failed: it ends when all that has arrived is read
    bool ended{};       // to be closed as soon as what was received is taken

    tcp_connection(int descriptor, ctsip::address const& peer, bool is_connected)
        : socket(descriptor), stream(peer, ctsip::transport::tcp, now()), connected(is_connected) {}
  };

  // The signals that are held off while `wait` sleeps: those of now, but for the two that stop.
  static sigset_t mask_of_sleep() {
    sigset_t held_off;
    ::sigprocmask(SIG_BLOCK, nullptr, &held_off);
    sigdelset(&held_off, SIGINT);
    sigdelset(&held_off, SIGTERM);
    return held_off;
  }
  // A listening socket, or -1.
  static int listen_at(ctsip::address const& at) {
    int const socket = ::socket(at.ipv6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    int const on = 1;
    auto address = detail::to_system(at);
    // A program that starts again must not wait for the connections of the one before it.
    bool const listens =
        socket >= 0 && ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0 &&
        ::bind(socket, address.get(), address.size) == 0 && ::listen(socket, SOMAXCONN) == 0;
    if (listens) return socket;
    int const reason = errno;
    if (socket >= 0) ::close(socket);
    errno = reason;
    return -1;
  }

  tcp_connection& add(int socket, ctsip::address const& peer, bool connected) {
    // A message waits for no other one to fill a packet.
    int const on = 1;
    (void)::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    connections_.push_back(std::make_unique<tcp_connection>(socket, peer, connected));
    return *connections_.back();
  }

  void accept_all() {
    for (int i = 0; i < 64; ++i) {
      detail::socket_address from;
      int const socket = ::accept4(listener_, from.get(), &from.size, SOCK_NONBLOCK);
      if (socket < 0) {
        // Without a descriptor for him the next in line would wake us again and again: nobody is
        // accepted before one may be free.
        if (errno == EMFILE) make_room(true, 1);
        if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM)
          rests_until_ = now() + ctsip::milliseconds{1000};
        return;
      }
      make_room(true, most_);
      auto& c = add(socket, detail::from_system(from), true);
      c.accepted = c.readable = true;
    }
  }

  tcp_connection* connect(ctsip::address const& to) {
    make_room(false, most_);
    int const socket = ::socket(to.ipv6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (socket < 0) return nullptr;
    auto address = detail::to_system(to);
    bool const connected = ::connect(socket, address.get(), address.size) == 0;
    if (connected || errno == EINPROGRESS) return &add(socket, to, connected);
    ::close(socket);
    return nullptr;
  }

  static void finish_connecting(tcp_connection& c) {
    int error = 0;
    socklen_t size = sizeof error;
    (void)::getsockopt(c.socket, SOL_SOCKET, SO_ERROR, &error, &size);
    if (error == 0)
      c.connected = true;
    else
      c.ended = true;
  }

  tcp_connection* find(ctsip::address const& peer) {
    for (auto const& c : connections_)
      if (!c->ended && !c->half_closed && c->stream.peer() == peer) return c.get();
    return nullptr;
  }

  static void flush(tcp_connection& c) {
    while (c.connected && !c.ended && !c.half_closed && !c.stream.to_send().empty()) {
      auto const bytes = c.stream.to_send();
      // Without the signal that would end the program when the peer has gone.
      auto const size = ::send(c.socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (size >= 0)
        c.stream.sent(static_cast<std::size_t>(size), now());
      else if (errno == EAGAIN || errno == EWOULDBLOCK)
        return;
      else if (errno != EINTR)
        c.half_closed = c.failed = c.readable = true;
    }
  }

  // Reads once at the most: of pings, and of what is thrown away, there may be no end.
  std::optional<received_message> receive_from(tcp_connection& c) {
    for (bool has_read = false;; has_read = true) {
      auto const bytes = c.stream.next(now());
      flush(c); // a pong
      c.has_more = !bytes.empty();
      if (c.has_more) return received_message{bytes, c.stream.peer(), c.stream.over()};
      if (c.failed && !c.readable) c.ended = true;
      if (c.ended || !c.readable || has_read) return std::nullopt;
      auto room = c.stream.room();
      // What a broken stream still brings is thrown away, so that its end is seen.
      if (room.empty()) room = buffer_;
      auto const size = ::recv(c.socket, room.data(), room.size(), 0);
      if (size > 0) {
        if (room.data() != buffer_) c.stream.filled(static_cast<std::size_t>(size));
        // Less than there was room for is all that there was: what comes next wakes `wait`.
        c.readable = static_cast<std::size_t>(size) == room.size();
      } else if (size < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
        c.readable = false;
      } else if (size == 0 || errno != EINTR) {
        c.ended = true;
      }
    }
  }

  void make_room(bool accepted, std::size_t most) {
    tcp_connection* idlest = nullptr;
    std::size_t count = 0;
    for (auto const& c : connections_) {
      if (c->accepted != accepted || c->ended) continue;
      ++count;
      if (!idlest || c->stream.idle_since() < idlest->stream.idle_since()) idlest = c.get();
    }
    if (count >= most) idlest->ended = true;
  }

  void close_what_is_over() {
    auto const moment = now();
    auto const closed = std::erase_if(connections_, [&](auto const& each) {
      auto& c = *each;
      bool const broken = c.stream.error() != ctsip::frame_error::none;
      // A stream that cannot be read any further is closed on our side only: to close it whole
      // while bytes still arrive would have the system throw away the response that says why.
      if (broken && c.stream.to_send().empty() && !c.half_closed) {
        (void)::shutdown(c.socket, SHUT_WR);
        c.half_closed = true;
      }
      // What a broken stream still brings is no news, and may have no end.
      bool const has_news = c.has_more || (c.readable && !c.ended && !broken);
      if (has_news || (!c.ended && c.stream.next_timeout() > moment)) return false;
      for (ctsip::datagram d; c.stream.poll_unsent(d);) unsent_.push_back(d);
      ::close(c.socket);
      return true;
    });
    if (closed != 0) rests_until_ = moment;
  }

  std::size_t most_;
  std::unique_ptr<udp_socket> udp_;
  int listener_{-1};
  sigset_t const let_in_{mask_of_sleep()};
  std::vector<std::unique_ptr<tcp_connection>> connections_;
  std::vector<pollfd> watched_;
  std::vector<ctsip::datagram> unsent_;
  std::size_t turn_{};
  bool udp_readable_{};
  ctsip::instant rests_until_{}; // accepts nobody before
  char buffer_[65536];
};

} // namespace example
