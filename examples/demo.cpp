// One call between two user agents over real UDP, in one process, with two datagrams lost on
// purpose. Beside the ladder stand the states of both transactions, as machines see them that
// listen to the wire.
//
// The two agents know nothing of each other: `answer` and `call` are these two as programs.
#include <algorithm>
#include <cstdio>
#include <exception>
#include <string>
#include <string_view>

#include <ctsip/event/event.hpp>
#include <ctsip/machine/machine.hpp>
#include <ctsip/transaction/invite_client.hpp>
#include <ctsip/transaction/invite_server.hpp>
#include <ctsip/transaction/non_invite_client.hpp>
#include <ctsip/transaction/non_invite_server.hpp>
#include <ctsip/user_agent/endpoint.hpp>

#include "support/agenda.hpp"
#include "support/output.hpp"
#include "support/session.hpp"
#include "support/station.hpp"

using namespace ctsip;
using example::heading;

namespace {

using small_endpoint = endpoint<endpoint_size{2, 16, 1400}>;

/// The transactions of one side: that of the INVITE and that of the BYE.
template <class Invite, class NonInvite>
struct transactions {
  // They only watch, so that a surprise must not stop the program.
  machine<Invite, on_violation::report> invite;
  machine<NonInvite, on_violation::report> bye;

  void process(event const& e) {
    if (e.method == method::bye)
      (void)bye.process(e);
    else
      (void)invite.process(e);
  }
  char const* state(method m) const {
    return m == method::bye ? name_of<NonInvite>(bye.current()) : name_of<Invite>(invite.current());
  }
};

/// What both ends have in common: the picture, and which datagrams are lost.
class stage {
 public:
  struct message_log {
    int sent{};
    instant first{};
    milliseconds wait{}; ///< from the first to the second
  };

  stage() {
    std::printf("\n  %s\n\n",
                colours_.bold("One call over UDP, and two datagrams that get lost").c_str());
    std::printf("  %s\n", colours_
                              .faint("         Alice's                                       "
                                     "        Bob's")
                              .c_str());
    std::printf("  %s\n", colours_
                              .faint("seconds  transaction  Alice                            "
                                     "    Bob  transaction")
                              .c_str());
  }

  /// Alice or Bob puts a datagram on the wire; false if it gets lost.
  bool leaves(bool from_alice, std::string_view bytes) {
    message const m = read(bytes).value;
    message_log& log = log_of(m);
    if (++log.sent == 1) log.first = example::now();
    if (log.sent == 2) log.wait = example::now() - log.first;
    bool const again = log.sent > 1;

    if (!from_alice)
      bob_.process(event_of(m, direction::sent));
    else if (again && m.method() == method::invite && m.is_request())
      alice_.process(fired<timer::a>::value);
    else
      alice_.process(event_of(m, direction::sent));

    bool const lost = !again && (&log == &invite_ || &log == &success_);
    if (lost) draw(from_alice, m, true), explain_loss();
    return !lost;
  }

  /// A datagram has arrived at Alice or Bob.
  void arrives(bool at_alice, std::string_view bytes) {
    message const m = read(bytes).value;
    event const e = event_of(m, direction::received);
    at_alice ? alice_.process(e) : bob_.process(e);
    draw(!at_alice, m, false);
    message_log const& log = log_of(m);
    if (&log == &invite_ && log.sent > 1) explain_repetition(log, timer::a);
    if (&log == &success_ && log.sent > 1) explain_repetition(log, timer::success_retransmission);
    if (m.status() == 100)
      explain("Bob's phone is slow: after 200 ms his", "transaction answers by itself",
              clause(timer::trying));
    if (m.method() == method::ack)
      explain("acknowledged by Alice herself: her", "transaction has done its part",
              "RFC 3261 13.2.2.4");
  }

  message_log const& invite() const { return invite_; }
  message_log const& success() const { return success_; }
  example::palette const& colours() const { return colours_; }

 private:
  static constexpr std::size_t columns = 40;

  message_log& log_of(message const& m) {
    if (m.is_request() && m.method() == method::invite) return invite_;
    if (m.status() == 200 && m.method() == method::invite) return success_;
    return others_;
  }

  void draw(bool from_alice, message const& m, bool lost) {
    std::string label = m.is_request() ? std::string{m.method_name()} : example::label_of(m);
    std::string const line =
        example::arrow(from_alice ? heading::right : heading::left, label, lost, columns);
    message_log const& log = log_of(m);
    bool const again = (&log == &invite_ || &log == &success_) && log.sent > 1;
    std::printf("  %7.3f  %-11s  │%s│  %s\n",
                static_cast<double>((example::now() - started_).count) / 1000.0,
                alice_.state(m.method()),
                (lost    ? colours_.red(line)
                 : again ? colours_.yellow(line)
                         : colours_.green(line))
                    .c_str(),
                bob_.state(m.method()));
    std::fflush(stdout);
  }
  void note(std::string const& text) {
    std::printf("%24s│ %s │\n", "",
                colours_.faint(text + example::times(columns - 2 - text.size(), " ")).c_str());
    std::fflush(stdout);
  }
  void explain(char const* first, char const* second, char const* where) {
    note(first);
    note(second);
    note(where);
  }
  void explain_loss() { note("lost"); }
  void explain_repetition(message_log const& log, timer t) {
    note("again, +" + std::to_string(log.wait.count) + " ms: " + name(t));
    note(clause(t));
  }

  example::palette colours_;
  instant const started_{example::now()};
  transactions<invite_client, non_invite_client> alice_;
  transactions<invite_server, non_invite_server> bob_;
  message_log invite_, success_, others_;
};

/// One end of the wire.
struct end_of_wire {
  stage& scene;
  bool alice;

  bool carries(heading to, std::string_view bytes) {
    if (to == heading::right) return scene.leaves(alice, bytes);
    scene.arrives(alice, bytes);
    return true;
  }
};

/// A user agent with all that it needs.
struct agent {
  agent(char const* name, stage& scene, bool alice)
      : sent_by(example::text_of(socket.local())), contact("sip:" + (name + ("@" + sent_by))),
        session(example::silent_session(socket.local())), wire{scene, alice} {}

  endpoint_settings settings() const {
    endpoint_settings own;
    own.element.seed = example::secret_seed();
    own.element.sent_by = sent_by;
    own.contact = contact;
    return own;
  }

  example::udp_socket socket{parse_address("127.0.0.1", 0).value};
  std::string sent_by;
  std::string contact;
  std::string session;
  small_endpoint sip{settings()};
  end_of_wire wire;
  example::station<small_endpoint, end_of_wire> station{sip, socket, wire};
};

bool play(stage& scene) {
  static agent alice{"alice", scene, true}; // each has a large buffer: not for the stack
  static agent bob{"bob", scene, false};
  struct task {
    enum { ring, answer, hang_up } what;
    call_handle call;
  };
  example::agenda<task> agenda;
  bool answered = false, confirmed = false;
  int ended = 0;

  auto const alice_hears = [&](user_event const& e) {
    if (e.kind == user_event_kind::answered) {
      answered = true;
      agenda.add(600, {task::hang_up, e.call});
    }
    ended += e.kind == user_event_kind::ended && e.status == 200;
  };
  auto const bob_hears = [&](user_event const& e) {
    if (e.kind == user_event_kind::incoming) agenda.add(300, {task::ring, e.call});
    confirmed = confirmed || e.kind == user_event_kind::confirmed;
    ended += e.kind == user_event_kind::ended;
  };
  auto const keep = [&](task const& t) {
    auto const now = example::now();
    switch (t.what) {
    case task::ring:
      (void)bob.sip.ring(t.call, now);
      agenda.add(400, {task::answer, t.call});
      return bob.station.carry_out(bob_hears);
    case task::answer:
      (void)bob.sip.answer(t.call, example::as_content(bob.session), now);
      return bob.station.carry_out(bob_hears);
    case task::hang_up:
      (void)alice.sip.hang_up(t.call, now);
      return alice.station.carry_out(alice_hears);
    }
  };

  outgoing_call out;
  out.target = bob.contact;
  out.from = alice.contact;
  out.next_hop = bob.socket.local();
  out.offer = example::as_content(alice.session);
  auto const call = alice.sip.call(out, example::now());
  alice.station.carry_out(alice_hears);

  example::stop_signal stop;
  auto const curtain = example::now() + milliseconds{20'000};
  while (call && ended < 2 && example::now() < curtain && stop.count() == 0) {
    auto const wake = std::min(
        {alice.station.next_timeout(), bob.station.next_timeout(), agenda.next(), curtain});
    stop.wait({&alice.socket, &bob.socket}, wake);
    alice.station.turn(alice_hears);
    bob.station.turn(bob_hears);
    for (task due; agenda.take(due);) keep(due);
  }
  return answered && confirmed && ended == 2;
}

} // namespace

int main() try {
  stage scene;
  bool const talked = play(scene);
  milliseconds const t1 = default_timer_values.t1;
  bool const repaired = scene.invite().sent >= 2 && scene.success().sent >= 2;
  if (!talked || !repaired) {
    std::printf("\n  %s\n\n", scene.colours().red("The call did not go as it should.").c_str());
    return 1;
  }

  auto const refusal =
      explain<invite_client>(invite_client::proceeding, invite_client::ack_from_tu);
  std::printf("\n  The call went through; T1 = %lld ms after each loss its message came again.\n\n"
              "  What the agents ran by are tables, and the compiler reads them too. This does "
              "not compile,\n\n"
              "    %s\n\n"
              "  because it is an\n\n"
              "    %s (%s)\n\n"
              "  Open examples/01_hello_transaction.cpp and try it.\n\n",
              static_cast<long long>(t1.count),
              scene.colours()
                  .bold("static_assert(walk<invite_client, sent<invite>, received<response<180>>, "
                        "sent<ack>>()...")
                  .c_str(),
              scene.colours().bold(refusal.sentence).c_str(), refusal.clause);
  return example::exit_code(0);
} catch (std::exception const& e) {
  std::fprintf(stderr, "%s\n", e.what());
  return 1;
}
