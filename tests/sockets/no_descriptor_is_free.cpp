// More peers connect than the program may have descriptors: `stream_sockets` sleeps meanwhile,
// and lets the longest idle one go for the next in line once it has accepted any.
#include "support/stream_sockets.hpp"

#include <sys/resource.h>

#include <cstdio>
#include <cstdlib>
#include <vector>

namespace {

int failures = 0;

void check(bool holds, char const* what) {
  if (holds) return;
  std::fprintf(stderr, "failed: %s\n", what);
  ++failures;
}

void allow_descriptors(rlim_t count) {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = count;
  if (::setrlimit(RLIMIT_NOFILE, &limit) != 0) example::detail::fail("setrlimit");
}

// Connected by the system, which has them wait for whoever listens.
std::vector<int> connect_to(ctsip::address const& to, int count) {
  auto address = example::detail::to_system(to);
  std::vector<int> peers;
  for (; count > 0; --count) {
    peers.push_back(::socket(AF_INET, SOCK_STREAM, 0));
    if (::connect(peers.back(), address.get(), address.size) != 0) example::detail::fail("connect");
  }
  return peers;
}

bool is_let_go(int peer) {
  char c;
  return ::recv(peer, &c, 1, MSG_DONTWAIT) == 0;
}

// The turns until there is nothing to be waited for any more.
template <class Done>
std::size_t turns(example::stream_sockets& sockets, ctsip::milliseconds patience, Done done) {
  auto const end = example::now() + patience;
  std::size_t count = 0;
  for (; !done() && example::now() < end; ++count) {
    sockets.wait(end);
    while (sockets.receive()) {
    }
  }
  return count;
}

} // namespace

int main() {
  ctsip::address loopback{};
  loopback.bytes[0] = 127;
  loopback.bytes[3] = 1;
  constexpr ctsip::milliseconds moment{300}, long_time{30'000};
  constexpr std::size_t few = 20; // a loop without sleep has thousands in that moment
  example::stream_sockets sockets{loopback};
  auto const never = [] { return false; };

  auto const peers = connect_to(sockets.local(), 3);
  auto const there_are = static_cast<rlim_t>(peers.back()) + 1;
  allow_descriptors(there_are);
  check(turns(sockets, moment, never) < few, "it sleeps though somebody waits to be accepted");
  check(sockets.connections() == 0, "nobody can be accepted");

  allow_descriptors(there_are + 1);
  auto const others_are_let_go = [&] { return is_let_go(peers[0]) && is_let_go(peers[1]); };
  check(turns(sockets, long_time, others_are_let_go) < few, "each makes room for the next");
  check(others_are_let_go() && !is_let_go(peers[2]), "who came last is served");

  return failures ? EXIT_FAILURE : EXIT_SUCCESS;
}
