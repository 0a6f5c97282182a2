// The library's user agent: a call of ours, a call of theirs, and two agents back to back.
#include "ctsip.hpp"

#include <cstdlib>
#include <memory>
#include <string>

namespace bench {

namespace {

using agent = ctsip::endpoint<ctsip::endpoint_size{
    .calls = 2 * calls_per_run, .transactions = 4 * calls_per_run, .message = 1300}>;

constexpr ctsip::instant start{1'000'000};

struct client_call {
  static inline std::unique_ptr<agent> alice;
  static inline std::string responses[calls_per_run][3];

  // Agents of one seed send the same, to which the responses are made once.
  static void prepare() {
    alice = std::make_unique<agent>(alice_settings());
    if (!responses[0][0].empty()) return;
    auto const rehearsal = std::make_unique<agent>(alice_settings());
    for (auto& call : responses) {
      ctsip::datagram d;
      if (!rehearsal->call(alice_to_bob(), start) || !rehearsal->poll_transmit(d)) std::abort();
      auto names = names_in(d.bytes);
      names.to_tag = "8321234356";
      int r = 0;
      for (auto const text : {messages::trying, messages::ringing, messages::ok})
        call[r++] = message_of_call(text, names);
      // The ACK has a branch of its own, as it has in the run.
      for (auto const& response : call)
        rehearsal->receive(response, bob_at, ctsip::transport::udp, start);
      while (rehearsal->poll_transmit(d)) {
      }
      for (ctsip::user_event e; rehearsal->poll_event(e);) {
      }
    }
  }

  static void take(talk& so_far) {
    ctsip::datagram d;
    take_sent(*alice, so_far, d);
    for (ctsip::user_event e; alice->poll_event(e);)
      so_far.told += (e.kind == ctsip::user_event_kind::provisional && e.status == 180) ||
                     e.kind == ctsip::user_event_kind::answered;
  }
  static talk run_one(int i) {
    talk so_far;
    keep(alice->call(alice_to_bob(), start));
    take(so_far);
    for (auto const& response : responses[i]) {
      alice->receive(response, bob_at, ctsip::transport::udp, start);
      take(so_far);
    }
    return so_far;
  }
};

struct server_call {
  static inline std::unique_ptr<agent> bob;
  static inline std::string requests[calls_per_run][3];

  static void prepare() {
    bob = std::make_unique<agent>(bob_settings());
    if (!requests[0][0].empty()) return;
    auto const rehearsal = std::make_unique<agent>(bob_settings());
    for (int i = 0; i < calls_per_run; ++i) {
      auto names = caller_names(i);
      requests[i][0] = message_of_call(messages::invite, names);
      talk ignored;
      std::string const success{until_answered(*rehearsal, i, ignored)};
      names.to_tag = names_in(success).to_tag;
      int r = 1;
      for (auto const text : {messages::ack_to_callee, messages::bye_to_callee}) {
        names.branch += "abc"[r];
        requests[i][r] = message_of_call(text, names);
        rehearsal->receive(requests[i][r++], alice_at, ctsip::transport::udp, at(i));
        take(*rehearsal, ignored);
      }
    }
  }

  // A user who takes 200 ms to ring, so that the transaction says 100 by itself (RFC 3261
  // 17.2.1). Calls are so close that no other timer is due.
  static ctsip::instant at(int i) { return start + ctsip::milliseconds{i * 250}; }

  static ctsip::call_handle take(agent& a, talk& so_far) {
    ctsip::datagram d;
    take_sent(a, so_far, d);
    ctsip::call_handle call;
    for (ctsip::user_event e; a.poll_event(e);) {
      call = e.call;
      ++so_far.told;
    }
    return call;
  }
  // The datagram that was sent last.
  static std::string_view until_answered(agent& a, int i, talk& so_far) {
    a.receive(requests[i][0], alice_at, ctsip::transport::udp, at(i));
    auto const call = take(a, so_far);
    auto const later = at(i) + ctsip::milliseconds{200};
    ctsip::datagram d;
    while (a.next_timeout() <= later) a.handle_timeout(later);
    take_sent(a, so_far, d);
    (void)a.ring(call, later);
    take_sent(a, so_far, d);
    (void)a.answer(call, {"application/sdp", messages::answer}, later);
    take_sent(a, so_far, d);
    return d.bytes;
  }
  static talk run_one(int i) {
    talk so_far;
    keep(until_answered(*bob, i, so_far));
    for (int r : {1, 2}) {
      bob->receive(requests[i][r], alice_at, ctsip::transport::udp,
                   at(i) + ctsip::milliseconds{200});
      take(*bob, so_far);
    }
    return so_far;
  }
};

// Calls come so slowly that about half of what an agent can hold waits for its last timer; time
// goes on from run to run.
struct whole_call {
  static inline std::unique_ptr<agent> alice, bob;
  static inline ctsip::instant now;

  static void prepare() {
    if (alice) return;
    alice = std::make_unique<agent>(alice_settings());
    bob = std::make_unique<agent>(bob_settings());
    now = start;
  }

  static bool carry(agent& from, ctsip::address const& source, agent& to, talk& so_far) {
    bool moved = false;
    for (ctsip::datagram d; from.poll_transmit(d); moved = true) {
      ++so_far.sent;
      so_far.written += d.bytes.size();
      to.receive(d.bytes, source, ctsip::transport::udp, now);
      for (ctsip::user_event e; to.poll_event(e);) {
        ++so_far.told;
        hear(to, e);
      }
    }
    return moved;
  }
  static void hear(agent& who, ctsip::user_event const& e) {
    if (e.kind == ctsip::user_event_kind::incoming) {
      (void)who.ring(e.call, now);
      (void)who.answer(e.call, {"application/sdp", messages::answer}, now);
    }
    if (e.kind == ctsip::user_event_kind::answered) (void)who.hang_up(e.call, now);
  }
  static talk run_one(int) {
    talk so_far;
    now = now + ctsip::milliseconds{1000};
    for (agent* const a : {alice.get(), bob.get()})
      while (a->next_timeout() <= now) a->handle_timeout(now);
    keep(alice->call(alice_to_bob(), now));
    while (carry(*alice, alice_at, *bob, so_far) || carry(*bob, bob_at, *alice, so_far)) {
    }
    return so_far;
  }
};
// INVITE, 180, 200, ACK, BYE, 200; provisional, answered and ended, incoming, confirmed and ended.
constexpr bool is_whole_call(talk const& t) { return t.sent == 6 && t.told == 6; }

call_variant<client_call, is_client_call> const client(client_call_group, "ctsip");
call_variant<server_call, is_server_call> const server(server_call_group, "ctsip");
call_variant<whole_call, is_whole_call> const whole(whole_call_group, "ctsip");

} // namespace

} // namespace bench
