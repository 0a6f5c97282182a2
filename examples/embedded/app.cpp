// The first board: a user agent on a bare Cortex-M4, without an operating system and without a
// heap. It registers with a digest, takes calls and places them (RFC 3261 10.2, 13, 15), against a
// peer that is a script (peer.hpp), in virtual time. Each answer is checked; the exit code is 0 if
// all was as the RFC says. QEMU runs it:
//
//   ctest --test-dir build/demo -R embedded -V
//
// agent.cpp is the user agent, layers.cpp the layers below it for their size, startup.cpp and
// mps2.ld the board. In a real program the peer is the driver of a network interface, `now` a
// counter of milliseconds, and the seed comes from the random number generator of the chip.
#include <initializer_list>
#include <new>

#include "agent.hpp"
#include "board.hpp"
#include "peer.hpp"

using namespace ctsip;
using board::print;

namespace {

constexpr address peer_at = parse_address("192.0.2.2", 5060).value;
constexpr address registrar_at = parse_address("192.0.2.3", 5060).value;
constexpr std::string_view session = "v=0\r\n"
                                     "o=board 1 1 IN IP4 192.0.2.1\r\n"
                                     "s=-\r\n"
                                     "c=IN IP4 192.0.2.1\r\n"
                                     "t=0 0\r\n"
                                     "m=audio 5000 RTP/AVP 0\r\n";

// An agent without its buffers for messages: its size minus what grows with their length.
template <class Traits>
constexpr std::size_t size_of_state() {
  constexpr endpoint_size larger{size_of_agent.calls, size_of_agent.transactions,
                                 2 * size_of_agent.message};
  constexpr std::size_t whole = sizeof(endpoint<size_of_agent, Traits>);
  return whole - (sizeof(endpoint<larger, Traits>) - whole);
}

endpoint_settings settings() {
  endpoint_settings own;
  own.element.seed = {1, 2}; // 128 random bits, new at each start, in a real program
  own.element.sent_by = "192.0.2.1:5060";
  own.contact = "sip:board@192.0.2.1:5060";
  return own;
}

instant now{0};
std::uint32_t spent; // instructions of the library since it was last set to 0
int failures;

void expect(bool right, std::string_view what) {
  if (right) return;
  ++failures;
  print("FAILED: ");
  print(what);
  print("\n");
}

// An agent, and what it has sent and told since somebody last spoke to it.
template <class Agent, class Event>
class wired {
  using kind = decltype(Event::kind);

 public:
  wired(Agent& agent, address const& other) : agent_(agent), other_(other) {}

  std::size_t messages() const { return messages_; }
  std::size_t events() const { return events_; }
  Event const& last_event() const { return event_; }
  std::string_view operator[](std::size_t i) const {
    return i < messages_ ? std::string_view{text_[i], size_[i]} : std::string_view{};
  }
  bool told(kind k) const {
    for (std::size_t i = 0; i < events_; ++i)
      if (kinds_[i] == k) return true;
    return false;
  }

  // The peer sends what is left of the script when its gaps are filled.
  void hears(std::string_view script, std::string_view answered, char number) {
    peer::writing const message{script, answered, number};
    do_and_listen([&] { agent_.receive(message.text(), other_, transport::udp, now); });
  }
  // The user asks for something.
  template <class Command>
  auto asks(Command command) {
    decltype(command()) result{};
    do_and_listen([&] { result = command(); });
    return result;
  }
  // The clock goes to the next moment at which the agent has something to do.
  void waits() {
    if (now < agent_.next_timeout()) now = agent_.next_timeout();
    do_and_listen([&] { agent_.handle_timeout(now); });
  }

 private:
  template <class Work>
  static void count(Work work) {
    board::instruction_count const counting{spent};
    work();
  }
  template <class Work>
  void do_and_listen(Work work) {
    messages_ = events_ = 0;
    count(work);
    for (bool more = true; more;) {
      datagram d;
      count([&] { more = agent_.poll_transmit(d); });
      if (!more || messages_ == 4) continue;
      size_[messages_] = d.bytes.copy(text_[messages_], sizeof text_[0]);
      ++messages_;
    }
    for (bool more = true; more;) {
      Event e;
      count([&] { more = agent_.poll_event(e); });
      if (!more || events_ == 4) continue;
      kinds_[events_++] = e.kind;
      e.message = {}; // it is a view of what is gone soon
      event_ = e;
    }
  }

  Agent& agent_;
  address other_;
  char text_[4][1300];
  std::size_t size_[4];
  std::size_t messages_{};
  kind kinds_[4];
  std::size_t events_{};
  Event event_{};
};

// Constructed at run time: as a constant it would be in flash as long as it is in RAM.
alignas(user_agent) unsigned char memory[sizeof(user_agent)];
credentials own_credentials;
user_agent& agent = *new (memory) user_agent{settings(), own_credentials};

// What it says to Alice and Bob, and what to its registrar.
wired<user_agent, user_event> calls{agent, peer_at};
wired<user_agent, registrant_event> registration{agent, registrar_at};

// The registrar's side of the digest (RFC 7616 3.4.1), with the hash alone.
struct hexadecimal {
  char text[2 * md5::size];
  std::string_view view() const { return {text, sizeof text}; }
};
hexadecimal hash_of(std::initializer_list<std::string_view> parts) {
  md5 hash;
  bool first = true;
  for (std::string_view const part : parts) {
    if (!first) hash.update(":");
    first = false;
    hash.update(part);
  }
  unsigned char octets[md5::size];
  hash.finish(octets);
  hexadecimal out;
  for (std::size_t i = 0; i < sizeof out.text; ++i)
    out.text[i] = "0123456789abcdef"[octets[i / 2] >> (i % 2 ? 0 : 4) & 15];
  return out;
}
bool proves_password(std::string_view message, std::string_view nonce) {
  std::string_view const v = peer::value_of(message, "Authorization");
  auto const ha1 = hash_of({"board", "192.0.2.3", "secret"});
  auto const ha2 = hash_of({"REGISTER", peer::parameter_of(v, "uri")});
  auto const response = hash_of({ha1.view(), nonce, peer::parameter_of(v, "nc"),
                                 peer::parameter_of(v, "cnonce"), "auth", ha2.view()});
  return peer::parameter_of(v, "response") == response.view() &&
         peer::parameter_of(v, "uri") == "sip:192.0.2.3";
}

// The scenarios stay out of line: a frame of all of them would count in the stack of each.
constexpr std::string_view contacts[] = {"sip:board@192.0.2.1:5060"};
constexpr address next_hops[] = {registrar_at};

[[gnu::noinline]] registration_handle sign_on() {
  outgoing_registration wanted;
  wanted.registrar = "sip:192.0.2.3";
  wanted.address_of_record = "sip:board@192.0.2.3";
  wanted.contacts = contacts;
  wanted.next_hops = next_hops;
  auto const h = registration.asks([&] { return agent.add(wanted, now); });
  expect(registration[0].starts_with("REGISTER sip:192.0.2.3 SIP/2.0\r\n"), "REGISTER");

  peer::writing const first{registration[0], {}};
  registration.hears(peer::challenge, first.text(), '1');
  expect(proves_password(registration[0], "nonce-1"), "REGISTER: the response of the digest");
  expect(peer::value_of(registration[0], "Call-ID") == peer::value_of(first.text(), "Call-ID"),
         "REGISTER: the Call-ID stays (10.2)");
  peer::writing const second{registration[0], {}};
  registration.hears(peer::bound, second.text(), '1');
  expect(registration.told(registrant_event_kind::registered), "200: nobody was told");
  return h;
}

[[gnu::noinline]] void stay_on_and_sign_off(registration_handle h) {
  instant const until = agent.registrations().until(h);
  while (registration[0].empty() && !agent.next_timeout().is_never()) registration.waits();
  expect(now < until, "the binding is refreshed before it expires (10.2.4)");
  expect(proves_password(registration[0], "nonce-1"), "refresh: the response of the digest");
  peer::writing const refresh{registration[0], {}};
  registration.hears(peer::bound, refresh.text(), '1');
  expect(registration.told(registrant_event_kind::refreshed), "refresh: nobody was told");

  (void)registration.asks([&] { return agent.remove(h, now); });
  expect(registration[0].find("expires=0") != std::string_view::npos ||
             peer::value_of(registration[0], "Expires") == "0",
         "removal: Expires (10.2.2)");
  peer::writing const removal{registration[0], {}};
  registration.hears(peer::unbound, removal.text(), '1');
  expect(registration.told(registrant_event_kind::unregistered), "removal: nobody was told");
  while (!agent.next_timeout().is_never()) registration.waits();
  expect(agent.live_transactions() == 0, "a transaction is left");
}

// What a response copies from its request (RFC 3261 8.2.6.2), as far as the script knows it.
bool answers(std::string_view response, std::string_view status_line, char number) {
  char const tag[] = {'a', 'l', 'i', 'c', 'e', '-', number};
  char const id[] = {'c', 'a', 'l', 'l', '-', number};
  return response.starts_with(status_line) &&
         peer::word_after(peer::value_of(response, "From"), ";tag=") ==
             std::string_view{tag, sizeof tag} &&
         peer::value_of(response, "Call-ID").starts_with(std::string_view{id, sizeof id}) &&
         peer::value_of(response, "CSeq").starts_with("3141");
}

auto answer(call_handle call) {
  return calls.asks([&] { return agent.answer(call, {"application/sdp", session}, now); });
}

// Alice calls the board, which rings and answers; she hangs up.
[[gnu::noinline]] void take_call(char number) {
  calls.hears(peer::invite, {}, number);
  expect(calls.told(user_event_kind::incoming), "INVITE: nobody was told");
  call_handle const call = calls.last_event().call;

  expect(calls.asks([&] { return agent.ring(call, now); }) == sending::sent, "ring");
  expect(answers(calls[0], "SIP/2.0 180 Ringing\r\n", number), "180");
  calls.hears(peer::invite, {}, number); // as if the 180 had been lost
  expect(answers(calls[0], "SIP/2.0 180 Ringing\r\n", number), "180 again");
  expect(calls.events() == 0, "a retransmitted INVITE is no other call");

  expect(answer(call) == sending::sent, "answer");
  expect(answers(calls[0], "SIP/2.0 200 OK\r\n", number), "200");
  expect(calls[0].ends_with(session), "200: the session description");
  expect(peer::value_of(calls[0], "Contact") == "<sip:board@192.0.2.1:5060>", "200: Contact");
  expect(peer::word_after(peer::value_of(calls[0], "Via"), ";rport=") == "5060",
         "200: rport (RFC 3581 4)");

  peer::writing const ok{calls[0], {}};
  calls.hears(peer::ack, ok.text(), number);
  expect(calls.told(user_event_kind::confirmed), "ACK: nobody was told");
  calls.hears(peer::bye, ok.text(), number);
  expect(answers(calls[0], "SIP/2.0 200 OK\r\n", number), "200 for BYE");
  expect(calls.told(user_event_kind::ended), "BYE: nobody was told");
}

// Alice calls, and gives up while it rings.
[[gnu::noinline]] void take_call_that_is_cancelled(char number) {
  calls.hears(peer::invite, {}, number);
  call_handle const call = calls.last_event().call;
  (void)calls.asks([&] { return agent.ring(call, now); });
  calls.hears(peer::cancel, {}, number);
  expect(answers(calls[0], "SIP/2.0 200 OK\r\n", number), "200 for CANCEL");
  expect(answers(calls[1], "SIP/2.0 487 Request Terminated\r\n", number), "487");
  expect(calls.told(user_event_kind::cancelled), "CANCEL: nobody was told");
  peer::writing const terminated{calls[1], {}};
  calls.hears(peer::ack_of_failure, terminated.text(), number);
  expect(calls.messages() == 0, "the ACK to the 487 is absorbed");
  expect(answer(call) == sending::gone, "a cancelled call cannot be answered");
}

call_handle place() {
  outgoing_call out;
  out.target = "sip:bob@192.0.2.2";
  out.from = "sip:board@192.0.2.1";
  out.next_hop = peer_at;
  out.offer = {"application/sdp", session};
  auto const call = calls.asks([&] { return agent.call(out, now); });
  expect(static_cast<bool>(call), "call");
  expect(calls[0].starts_with("INVITE sip:bob@192.0.2.2 SIP/2.0\r\n"), "INVITE");
  expect(peer::word_after(peer::value_of(calls[0], "Via"), "branch=").starts_with("z9hG4bK"),
         "INVITE: branch (8.1.1.7)");
  return call;
}

// The board calls Bob, who rings and answers; the board hangs up.
[[gnu::noinline]] void place_call(char number) {
  call_handle const call = place();
  peer::writing const invite{calls[0], {}};
  calls.hears(peer::trying, invite.text(), number);
  calls.hears(peer::ringing, invite.text(), number);
  expect(calls.told(user_event_kind::provisional), "180: nobody was told");
  calls.hears(peer::answer, invite.text(), number);
  expect(calls.told(user_event_kind::answered), "200: nobody was told");
  expect(calls[0].starts_with("ACK sip:bob@192.0.2.2:5060 SIP/2.0\r\n"), "ACK to the Contact");
  expect(peer::value_of(calls[0], "CSeq") == "1 ACK", "ACK: CSeq (13.2.2.4)");

  (void)calls.asks([&] { return agent.hang_up(call, now); });
  expect(calls[0].starts_with("BYE sip:bob@192.0.2.2:5060 SIP/2.0\r\n"), "BYE");
  expect(peer::value_of(calls[0], "CSeq") == "2 BYE", "BYE: CSeq (12.2.1.1)");
  peer::writing const bye{calls[0], {}};
  calls.hears(peer::done, bye.text(), number);
  expect(calls.told(user_event_kind::ended), "200 for BYE: nobody was told");
}

// The board calls Bob. The INVITE is lost once, then he is busy.
[[gnu::noinline]] void place_call_to_busy(char number) {
  (void)place();
  peer::writing const invite{calls[0], {}};
  instant const sent_at = now;
  calls.waits();
  expect(now.count - sent_at.count == 500, "timer A is T1 (17.1.1.2)");
  expect(calls[0] == invite.text(), "the INVITE again");
  calls.hears(peer::busy, invite.text(), number);
  expect(calls.told(user_event_kind::rejected), "486: nobody was told");
  expect(peer::value_of(calls[0], "CSeq") == "1 ACK", "ACK to the 486");
  expect(peer::value_of(calls[0], "Via") == peer::value_of(invite.text(), "Via"),
         "ACK to the 486: the Via of the INVITE (17.1.1.3)");
}

void run_out() {
  while (agent.live_transactions() != 0) calls.waits();
  expect(agent.live_calls() == 0, "a call is left");
}

void report(std::string_view what, std::size_t value, std::string_view unit) {
  print(what);
  for (std::size_t i = what.size(); i < 42; ++i) print(" ");
  print(static_cast<std::uint32_t>(value));
  print(unit);
  print("\n");
}

} // namespace

int run_program() {
  std::uint32_t const starting = spent;
  auto const binding = sign_on();
  std::uint32_t const registered = spent - starting;

  take_call('1');
  spent = 0;
  take_call('2');
  std::uint32_t const taken = spent;
  run_out();

  place_call('3');
  spent = 0;
  place_call('4');
  std::uint32_t const placed = spent;
  run_out();

  take_call_that_is_cancelled('5');
  run_out();
  place_call_to_busy('6');
  run_out();
  stay_on_and_sign_off(binding);

  report("instructions of a call taken", taken, "");
  report("instructions of a call placed", placed, "");
  report("instructions of a registration", registered, "");
  report("RAM of the agent for 4 calls", sizeof(user_agent), " bytes");
  report("RAM of it, without buffers for messages", size_of_state<board_traits>(), " bytes");
  report("RAM of the least agent, without them", size_of_state<least_traits>(), " bytes");
  report("stack at its deepest", board::stack_high_water(), " bytes");
  report("flash of the image", board::flash_size(), " bytes");
  report("RAM of the image", board::ram_size(), " bytes");
  print(failures ? "FAILED\n" : "registration and calls as they should be\n");
  return failures ? 1 : 0;
}
