// Two endpoints call each other, and the reader, the writer, the framer, the SDP view and the store
// have their turns, while each allocation is counted. There must be none. Without exceptions and
// RTTI.
#include <ctsip/message/challenge.hpp>
#include <ctsip/message/framer.hpp>
#include <ctsip/message/sdp.hpp>
#include <ctsip/transaction/store.hpp>
#include <ctsip/user_agent/endpoint.hpp>

#include <cstdio>
#include <cstdlib>
#include <new>

namespace {

// Volatile: compilers hold that allocating changes no variable.
std::size_t volatile allocations = 0;

} // namespace

// Under a sanitizer malloc is its own; there only `new` is counted.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define CTSIP_SANITIZED
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(memory_sanitizer) ||                         \
    __has_feature(thread_sanitizer)
#define CTSIP_SANITIZED
#endif
#endif

#if defined(__GLIBC__) && !defined(CTSIP_SANITIZED)
extern "C" {
void* __libc_malloc(std::size_t);
void* __libc_calloc(std::size_t, std::size_t);
void* __libc_realloc(void*, std::size_t);

void* malloc(std::size_t size) {
  allocations = allocations + 1;
  return __libc_malloc(size);
}
void* calloc(std::size_t count, std::size_t size) {
  allocations = allocations + 1;
  return __libc_calloc(count, size);
}
void* realloc(void* old, std::size_t size) {
  allocations = allocations + 1;
  return __libc_realloc(old, size);
}
}
constexpr bool counts_malloc = true;
#else
constexpr bool counts_malloc = false;
#endif

void* operator new(std::size_t size) {
  allocations = allocations + 1;
  if (void* const p = std::malloc(size ? size : 1)) return p;
  std::abort();
}
void* operator new[](std::size_t size) { return ::operator new(size); }
void operator delete(void* p) noexcept { std::free(p); }
void operator delete[](void* p) noexcept { std::free(p); }
void operator delete(void* p, std::size_t) noexcept { std::free(p); }
void operator delete[](void* p, std::size_t) noexcept { std::free(p); }

namespace {

using namespace ctsip;

constexpr address ip(std::uint8_t last) {
  address a;
  a.bytes[0] = 192, a.bytes[2] = 2, a.bytes[3] = last;
  a.port = 5060;
  return a;
}

constexpr endpoint_settings settings_of(std::string_view host, std::string_view contact,
                                        std::uint64_t seed) {
  endpoint_settings s;
  s.element.seed = {seed, seed + 1};
  s.element.sent_by = host;
  s.contact = contact;
  return s;
}

constexpr message_body session{"application/sdp", "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\n"
                                                  "c=IN IP4 192.0.2.1\r\nt=0 0\r\n"
                                                  "m=audio 49170 RTP/AVP 0\r\n"};

using agent = endpoint<endpoint_size{}>;
agent alice{settings_of("192.0.2.1", "sip:alice@192.0.2.1", 1)};
agent bob{settings_of("192.0.2.2", "sip:bob@192.0.2.2", 2)};
instant now{1000};

struct tally {
  int of[8]{};
  call_handle last{};
};
tally of_alice;
tally of_bob;
int exchanged = 0;

void hear(agent& who, tally& t) {
  for (user_event e; who.poll_event(e);) {
    ++t.of[static_cast<int>(e.kind)];
    t.last = e.call;
  }
}

// Hands datagrams over until there are none; the receiver gets them one by one.
void exchange() {
  for (bool any = true; any;) {
    any = false;
    for (datagram d; alice.poll_transmit(d); any = true, ++exchanged) {
      bob.receive(d.bytes, ip(1), d.over, now);
      hear(bob, of_bob);
    }
    for (datagram d; bob.poll_transmit(d); any = true, ++exchanged) {
      alice.receive(d.bytes, ip(2), d.over, now);
      hear(alice, of_alice);
    }
  }
}

void wait(std::int64_t ms) {
  instant const end = now + milliseconds{ms};
  for (;;) {
    agent& next = alice.next_timeout() < bob.next_timeout() ? alice : bob;
    if (end < next.next_timeout()) break;
    now = next.next_timeout();
    next.handle_timeout(now);
    exchange();
    hear(alice, of_alice);
    hear(bob, of_bob);
  }
  now = end;
}

call_handle place() {
  auto const h =
      alice.call({"sip:bob@192.0.2.2", "sip:alice@192.0.2.1", ip(2), transport::udp, session}, now);
  exchange();
  return h;
}

int failures = 0;

void check(bool condition, char const* what) {
  if (condition) return;
  std::fprintf(stderr, "failed: %s\n", what);
  ++failures;
}

void calls() {
  int const was = exchanged;
  // Answered, ended by the caller.
  auto h = place();
  wait(300);
  check(bob.ring(of_bob.last, now) == sending::sent, "ring");
  exchange();
  check(bob.answer(of_bob.last, session, now) == sending::sent, "answer");
  exchange();
  wait(5000);
  check(alice.hang_up(h, now) == sending::sent, "hang_up");
  exchange();
  // Cancelled.
  h = place();
  (void)bob.ring(of_bob.last, now);
  exchange();
  (void)alice.hang_up(h, now);
  exchange();
  // Refused, and garbage in between.
  (void)place();
  (void)bob.reject(of_bob.last, 486, now);
  exchange();
  bob.receive("INVITE sip:x SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bKx\r\n\r\n", ip(1),
              transport::udp, now);
  for (datagram d; bob.poll_transmit(d);) ++exchanged;
  wait(200'000);
  check(exchanged > was + 15, "messages were exchanged");
  check(alice.live_calls() == 0 && bob.live_calls() == 0, "all calls have ended");
  check(alice.live_transactions() == 0 && bob.live_transactions() == 0, "and all transactions");
}

void readers() {
  framer stream{frame_limits{}};
  char const text[] = "OPTIONS sip:b@h SIP/2.0\r\nVia: SIP/2.0/TCP h;branch=z9hG4bK1\r\n"
                      "From: <sip:a@h>;tag=1\r\nTo: <sip:b@h>\r\nCall-ID: c\r\nCSeq: 1 OPTIONS\r\n"
                      "WWW-Authenticate: Digest realm=\"a\", nonce=\"b\"\r\n"
                      "Content-Length: 0\r\n\r\n";
  check(stream.next({text, sizeof text - 1}).kind == frame_kind::message, "a frame");
  auto const got = read({text, sizeof text - 1});
  check(static_cast<bool>(got) && static_cast<bool>(ctsip::check(got.value)), "a message");
  auto const sdp = read_sdp(session.body);
  check(static_cast<bool>(sdp) && sdp.value.media_count() == 1, "a session description");
}

} // namespace

int main() {
  calls();
  allocations = 0;
  calls(); // what the C library does once is done
  readers();
  check(allocations == 0, "nothing is allocated");
  if (allocations) std::fprintf(stderr, "%zu allocations\n", std::size_t{allocations});
  check(of_alice.of[static_cast<int>(user_event_kind::answered)] == 2, "two calls were answered");
  check(of_bob.of[static_cast<int>(user_event_kind::cancelled)] == 2, "two were cancelled");
  check(of_alice.of[static_cast<int>(user_event_kind::rejected)] == 4, "and two refused");

  // The count counts.
  allocations = 0;
  int* const volatile made = new int{1};
  check(allocations > 0, "new is counted");
  delete made;
  allocations = 0;
  void* const volatile raw = std::malloc(8);
  check(!counts_malloc || allocations == 1, "malloc is counted");
  std::free(raw);
  return failures ? EXIT_FAILURE : EXIT_SUCCESS;
}
