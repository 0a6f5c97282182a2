// The first registration, which lives as long as it is refreshed: REGISTER, 401, REGISTER, 200; a
// refresh that is challenged while the binding lives on; and its removal (RFC 3665 2.1, 2.2, 2.4;
// RFC 3261 10.2).
//
// Break it: refresh what is not there yet. In on(my::registering&) below, put
//
//   (void)r.refresh(now);
//
// and the compiler says "a REGISTER that changes bindings while another one is pending (RFC 3261
// 10.2, RFC 5626 4.2.1)". Or leave out the handler for waiting: "the handler set has no
// public on(waiting&), alone or with its event".
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>

#include <ctsip/user_agent/registrant.hpp>
#include <ctsip/user_agent/registrar.hpp>
#include <ctsip/user_agent/registration_handles.hpp>

#include "support/ladder.hpp"

using namespace ctsip;

namespace {

// Hashes are the user's. This one is good enough for a ladder, and worth nothing against a thief:
// support/mbedtls_hashes.hpp has the real ones.
struct weak_hash {
  static constexpr std::size_t size = 16;
  std::uint64_t state{0xcbf29ce484222325u};

  void update(std::string_view text) {
    for (char const c : text) state = (state ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
  }
  void finish(unsigned char* out) const {
    for (std::size_t i = 0; i < size; ++i)
      out[i] = static_cast<unsigned char>(state >> (i % 8 * 8));
  }
};
struct weak_hashes {
  using md5 = weak_hash;
  using sha_256 = no_hash;
  using sha_512_256 = no_hash;
};

// Who knows the password: Alice, and her registrar.
struct passwords : own_address_only {
  digest_login operator()(digest_question const&) const {
    return digest_login::with_password("alice", "wonderland");
  }
};

using user_agent = registrant<weak_hashes, passwords>;
using my = registrations<user_agent>;
using store_type = registrar_store<registrar_store_size{4, 2, 256, 64}>;
using door = registrar_digest<weak_hashes, passwords>;
using server = registrar<registrar_size{4, 1300}, store_type, passwords, door>;

constexpr address alice_at = parse_address("192.0.2.1", 5060).value;
constexpr address registrar_at = parse_address("192.0.2.2", 5060).value;
instant now{0};

// What Alice makes of it, state by state. The refresh comes by itself.
struct alice {
  unsigned times_refreshed{};

  void on(my::registering&) {}
  void on(my::registered& r, registrant_event const& e) {
    std::printf("           alice: %s until %lld s\n", name(e.kind),
                static_cast<long long>(r.until().count / 1000));
    if (e.kind == registrant_event_kind::refreshed && ++times_refreshed == 2) (void)r.remove(now);
  }
  void on(my::unregistered&) { std::printf("           alice: unregistered\n"); }
  void on(my::challenged& r) { (void)r.remove(now); } // the password is wrong
  void on(my::waiting&) {}
  void on(my::rejected&) {}
};

void draw(example::heading to, std::string_view bytes) {
  message const m = read(bytes).value;
  std::string label = m.is_request() ? "REGISTER" : std::to_string(m.status());
  if (m.is_response()) label += ' ' + std::string{m.reason()};
  if (m.is_request() && !m.has(header::authorization)) label += ", no credentials";
  if (m[header::authorization].find("nc=") != std::string_view::npos)
    label +=
        ", nc=" +
        std::string{m[header::authorization].substr(m[header::authorization].find("nc=") + 9, 2)};
  if (m.is_request() && *m.expires() == 0) label += ", Expires: 0";
  if (m[header::www_authenticate].find("stale") != std::string_view::npos) label += ", stale";
  std::printf("%7lld s  │%s│\n", static_cast<long long>(now.count / 1000),
              example::arrow(to, label, false, 44).c_str());
}

} // namespace

int main() {
  static passwords known;
  registrant_settings own;
  own.element.seed = {1, 2}; // 128 random bits in a real program: see support/random.hpp
  own.element.sent_by = "192.0.2.1:5060";
  static user_agent agent{own, known};

  digest_settings rules;
  rules.realm = "example.com";
  rules.offer = {digest_algorithm::md5};
  rules.lifetime = {400'000}; // of a nonce: the second refresh comes too late for it
  registrar_settings office;
  office.element.seed = {3, 4};
  office.element.sent_by = "192.0.2.2:5060";
  static store_type bindings{hash_seed{5, 6}};
  static door guard{{7, 8}, rules, known};
  static server registrar{office, bindings, known, guard};

  std::string_view const contacts[] = {"sip:alice@192.0.2.1:5060"};
  address const hops[] = {registrar_at};
  outgoing_registration wanted;
  wanted.registrar = "sip:example.com";
  wanted.address_of_record = "sip:alice@example.com";
  wanted.contacts = contacts;
  wanted.expires = 600;
  wanted.next_hops = hops;

  std::printf("           alice                                   registrar\n");
  alice user;
  (void)register_with(agent, wanted, now);
  for (;;) {
    for (bool moved = true; moved;) {
      moved = false;
      for (datagram d; agent.poll_transmit(d); moved = true) {
        draw(example::heading::right, d.bytes);
        registrar.receive(d.bytes, alice_at, transport::udp, now);
      }
      for (datagram d; registrar.poll_transmit(d); moved = true) {
        draw(example::heading::left, d.bytes);
        agent.receive(d.bytes, registrar_at, transport::udp, now);
        for (registrant_event e; agent.poll_event(e);) dispatch(agent, e, user);
      }
    }
    // Nothing sleeps: the clock is set to the next moment at which there is something to do.
    instant const next = agent.next_timeout() < registrar.next_timeout() ? agent.next_timeout()
                                                                         : registrar.next_timeout();
    if (next.is_never()) break;
    if (now < next) now = next;
    agent.next_timeout() <= now ? agent.handle_timeout(now) : registrar.handle_timeout(now);
  }
  std::printf("%7lld s  %zu bindings are left\n", static_cast<long long>(now.count / 1000),
              static_cast<std::size_t>(bindings.size()));
  return bindings.size() == 0 ? 0 : 1;
}
