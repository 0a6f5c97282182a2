// The first call (RFC 3261 13): two user agents, a wire of three lines and a clock that is a
// number. Bytes and the time go in, datagrams and events come out. A test of your own program looks
// like this.
//
// Break it: throw the call away, that is, write `alice.call(out, now);` alone. The compiler warns:
// "ignoring return value ... declared with attribute 'nodiscard'", for without the handle nobody
// can hang up. What only the network can decide compiles and says so in its result: let Bob refuse
// by (void)bob.reject(e.call, 486, now) before he answers, and `answer` returns sending::gone.
#include <cstdio>
#include <string>
#include <string_view>

#include <ctsip/user_agent/endpoint.hpp>

using namespace ctsip;

namespace {

using user_agent = endpoint<endpoint_size{.calls = 1, .transactions = 4, .message = 1300}>;

constexpr address alice_at = parse_address("192.0.2.1", 5060).value;
constexpr address bob_at = parse_address("192.0.2.2", 5060).value;
constexpr std::string_view session = "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nt=0 0\r\n";

endpoint_settings settings(hash_seed seed, std::string_view sent_by, std::string_view contact) {
  endpoint_settings own;
  own.element.seed = seed; // 128 random bits in a real program: see support/random.hpp
  own.element.sent_by = sent_by;
  own.contact = contact;
  return own;
}

user_agent alice{settings({1, 2}, "192.0.2.1:5060", "sip:alice@192.0.2.1")};
user_agent bob{settings({3, 4}, "192.0.2.2:5060", "sip:bob@192.0.2.2")};
instant now{0};

void show(char const* who, std::string_view bytes) {
  std::printf("%6lld ms  %-5s sends  %.*s\n", static_cast<long long>(now.count), who,
              static_cast<int>(bytes.find('\r')), bytes.data());
}

// The user behind each agent.
void alice_hears(user_event const& e) {
  std::printf("                             Alice: %s\n", name(e.kind));
  if (e.kind == user_event_kind::answered) (void)alice.hang_up(e.call, now);
}
void bob_hears(user_event const& e) {
  std::printf("                             Bob: %s\n", name(e.kind));
  if (e.kind != user_event_kind::incoming) return;
  (void)bob.ring(e.call, now);
  (void)bob.answer(e.call, {"application/sdp", session}, now);
}

// The wire: true if something has moved.
bool carry(user_agent& from, char const* who, address const& source, user_agent& to) {
  bool moved = false;
  for (datagram d; from.poll_transmit(d); moved = true) {
    show(who, d.bytes);
    to.receive(d.bytes, source, transport::udp, now);
    for (user_event e; to.poll_event(e);) &to == &bob ? bob_hears(e) : alice_hears(e);
  }
  return moved;
}

} // namespace

int main() {
  outgoing_call out;
  out.target = "sip:bob@192.0.2.2";
  out.from = "sip:alice@192.0.2.1";
  out.next_hop = bob_at;
  out.offer = {"application/sdp", session};
  call_handle const call = alice.call(out, now);

  while (carry(alice, "Alice", alice_at, bob) || carry(bob, "Bob", bob_at, alice)) {
  }

  // The transactions stay to absorb what comes late, until the last of them has ended. Nothing
  // sleeps: the clock is set to the next moment at which there is something to do.
  for (user_agent* const agent : {&alice, &bob})
    while (!agent->next_timeout().is_never()) {
      if (now < agent->next_timeout()) now = agent->next_timeout();
      agent->handle_timeout(now);
    }
  std::printf(
      "%6lld ms  %zu transactions and %zu calls are left\n", static_cast<long long>(now.count),
      alice.live_transactions() + bob.live_transactions(), alice.live_calls() + bob.live_calls());
  return call && alice.live_transactions() + bob.live_transactions() == 0 ? 0 : 1;
}
