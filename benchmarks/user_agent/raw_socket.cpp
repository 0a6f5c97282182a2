// The least that answering SIPp's `uac` scenario can cost: a socket, and header lines copied as
// they stand. It knows nothing of SIP: no transaction, no retransmission, no check.
//
//   raw_socket              prints "listening on 127.0.0.1:<port>", and on SIGTERM what a call cost
#include <arpa/inet.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <cstdint>
#include <cstdio>
#include <cstring>
#include <string_view>

namespace {

volatile sig_atomic_t stopped = 0;

double processor_microseconds() {
  rusage used{};
  ::getrusage(RUSAGE_SELF, &used);
  auto const of = [](timeval const& t) {
    return static_cast<double>(t.tv_sec) * 1e6 + static_cast<double>(t.tv_usec);
  };
  return of(used.ru_utime) + of(used.ru_stime);
}

// A response under construction.
struct text {
  char bytes[2048];
  std::size_t size = 0;

  void put(std::string_view part) {
    if (size + part.size() > sizeof bytes) return;
    std::memcpy(bytes + size, part.data(), part.size());
    size += part.size();
  }
};

constexpr std::string_view session =
    "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\n"
    "t=0 0\r\nm=audio 9 RTP/AVP 0\r\na=inactive\r\n";

void put_response(text& out, std::string_view request, std::string_view status_line,
                  std::string_view tail) {
  out.size = 0;
  out.put(status_line);
  for (auto rest = request.substr(request.find('\n') + 1);;) {
    auto const end = rest.find('\n');
    if (end == std::string_view::npos || end <= 1) break;
    auto const line = rest.substr(0, end + 1);
    rest.remove_prefix(end + 1);
    if (line.starts_with("To:") && line.find(";tag=") == std::string_view::npos) {
      out.put(line.substr(0, line.size() - 2));
      out.put(";tag=1\r\n");
    } else if (line.starts_with("Via:") || line.starts_with("From:") || line.starts_with("To:") ||
               line.starts_with("Call-ID:") || line.starts_with("CSeq:")) {
      out.put(line);
    }
  }
  out.put(tail);
}

} // namespace

int main() {
  struct sigaction stop {};
  stop.sa_handler = [](int) { stopped = 1; };
  ::sigaction(SIGTERM, &stop, nullptr);

  int const fd = ::socket(AF_INET, SOCK_DGRAM, 0);
  sockaddr_in own{};
  own.sin_family = AF_INET;
  own.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof own;
  if (fd < 0 || ::bind(fd, reinterpret_cast<sockaddr*>(&own), size) != 0 ||
      ::getsockname(fd, reinterpret_cast<sockaddr*>(&own), &size) != 0)
    return 1;
  unsigned const port = ntohs(own.sin_port);
  std::printf("listening on 127.0.0.1:%u\n", port);
  std::fflush(stdout);

  char contact[64], ringing[128], answer[512];
  std::snprintf(contact, sizeof contact, "Contact: <sip:raw@127.0.0.1:%u>\r\n", port);
  std::snprintf(ringing, sizeof ringing, "%sContent-Length: 0\r\n\r\n", contact);
  std::snprintf(answer, sizeof answer,
                "%sContent-Type: application/sdp\r\nContent-Length: %zu\r\n\r\n%s", contact,
                session.size(), session.data());

  double const before = processor_microseconds();
  long calls = 0;
  text out;
  char buffer[65536];
  while (!stopped) {
    sockaddr_in from{};
    socklen_t from_size = sizeof from;
    auto const got =
        ::recvfrom(fd, buffer, sizeof buffer, 0, reinterpret_cast<sockaddr*>(&from), &from_size);
    if (got <= 0) continue;
    std::string_view const request{buffer, static_cast<std::size_t>(got)};
    auto const send = [&](std::string_view status_line, std::string_view tail) {
      put_response(out, request, status_line, tail);
      (void)::sendto(fd, out.bytes, out.size, 0, reinterpret_cast<sockaddr*>(&from), from_size);
    };
    if (request.starts_with("INVITE ")) {
      ++calls;
      send("SIP/2.0 180 Ringing\r\n", ringing);
      send("SIP/2.0 200 OK\r\n", answer);
    } else if (request.starts_with("BYE ")) {
      send("SIP/2.0 200 OK\r\n", "Content-Length: 0\r\n\r\n");
    }
  }
  if (calls)
    std::printf("%.1f microseconds of processor time a call\n",
                (processor_microseconds() - before) / static_cast<double>(calls));
}
