// A user agent client on UDP: places calls, hangs up after the answer, cancels what rings too long,
// follows one redirection, and says what became of each call.
//
//   sipp -sn uas -i 127.0.0.1 -p 5060      and in another terminal
//   ./call --to 127.0.0.1:5060
//
// Ends with 0 only if every call ended as --expect says.
#include <array>
#include <cstdio>
#include <exception>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <ctsip/message/uri.hpp>
#include <ctsip/message/values.hpp>
#include <ctsip/user_agent/endpoint.hpp>

#include "support/agenda.hpp"
#include "support/options.hpp"
#include "support/session.hpp"
#include "support/station.hpp"
#include "support/usage.hpp"

namespace {

// A call is kept for 64*T1 = 32 s after its end, to acknowledge a 2xx that comes late: enough for
// 500 calls a second.
constexpr ctsip::endpoint_size size{17'000, 20'000, 1400};
using endpoint = ctsip::endpoint<size>;
using network = example::lossy_network;

struct settings {
  std::string to;
  std::string expect{"answered"};
  std::int64_t calls{1};
  std::int64_t rate{10};
  std::int64_t drop{0};
  std::int64_t seed{1};
  std::int64_t ring_timeout{0};
  std::int64_t talk{0};
  bool quiet{};
};

/// How a call can end.
enum outcome { answered, moved, busy, unavailable, cancelled, redirected, rejected, failed };
constexpr std::array<char const*, 8> outcome_names = {
    "answered",    // and hung up by us
    "moved",       // 3xx, then answered at the Contact
    "busy",        // 486 or 600
    "unavailable", // 503
    "cancelled",   // by us, after --ring-timeout
    "redirected",  // a 3xx that we do not follow
    "rejected",    // any other final response
    "failed"       // no response to INVITE or BYE, or one of them could not be sent
};

/// Where a SIP URI says that it can be reached, if it says so in numbers: looking up names is not
/// this program's business (RFC 3263).
ctsip::parsed_address address_of(ctsip::uri_view const& uri) {
  auto const& at = uri.hostport();
  return ctsip::parse_address(at.host, at.has_port ? at.port : std::uint16_t{5060});
}

class caller {
 public:
  caller(settings const& wanted, endpoint& agent, std::string const& contact,
         std::string const& session)
      : wanted_(wanted), agent_(agent), contact_(contact), session_(session), calls_(size.calls) {}

  /// Places the next call.
  void place() {
    ++placed_;
    place(call{"sip:service@" + wanted_.to, false, false, false});
  }
  /// Does what is due.
  template <class AfterEach>
  void keep_appointments(AfterEach after_each) {
    for (ctsip::call_handle h; hang_ups_.take(h); after_each()) hang_up(h);
  }
  ctsip::instant next_appointment() const { return hang_ups_.next(); }

  template <class AfterEach>
  void hang_up_all(AfterEach after_each) {
    for (std::size_t i = 0; i < calls_.size(); ++i, after_each()) hang_up(calls_[i].handle);
  }

  void on_event(ctsip::user_event const& e) {
    call& c = calls_[e.call.index];
    switch (e.kind) {
    case ctsip::user_event_kind::answered:
      c.answered = true;
      if (wanted_.talk == 0)
        hang_up(e.call);
      else
        hang_ups_.add(wanted_.talk, e.call);
      break;
    case ctsip::user_event_kind::ended:
      // One that we gave up may have been answered at that very moment; the endpoint has sent ACK
      // and BYE then.
      end(e.status >= 300 ? failed : !c.answered ? cancelled : c.redirected ? moved : answered);
      break;
    case ctsip::user_event_kind::rejected: on_rejected(c, e.message); break;
    case ctsip::user_event_kind::failed: end(failed); break;
    default: break;
    }
  }

  std::int64_t placed() const { return placed_; }
  std::int64_t ended() const { return ended_; }
  std::int64_t ended(std::size_t how) const { return outcomes_[how]; }

 private:
  struct call {
    std::string target;
    bool redirected{};
    bool answered{};
    bool gave_up{};
    ctsip::call_handle handle{};
  };

  void place(call c) {
    auto const hop = address_of(ctsip::uri_view{c.target});
    ctsip::outgoing_call out;
    out.target = c.target;
    out.from = contact_;
    out.next_hop = hop.value;
    out.offer = example::as_content(session_);
    c.handle = hop ? agent_.call(out, example::now()) : ctsip::call_handle{};
    if (!c.handle) return end(failed);
    if (wanted_.ring_timeout > 0) hang_ups_.add(wanted_.ring_timeout, c.handle);
    calls_[c.handle.index] = std::move(c);
  }

  void hang_up(ctsip::call_handle h) {
    if (!h || calls_[h.index].handle != h) return;
    call& c = calls_[h.index];
    c.gave_up = !c.answered;
    // Before the first response to an INVITE a CANCEL has to wait; the endpoint sees to it.
    (void)agent_.hang_up(h, example::now());
  }

  void on_rejected(call const& c, ctsip::message const& m) {
    if (m.status() == 487 && c.gave_up) return end(cancelled);
    if (m.status() == 486 || m.status() == 600) return end(busy);
    if (m.status() / 100 == 3) return on_redirected(c, m);
    if (m.status() == 503) {
      auto const after = ctsip::retry_after_view{m[ctsip::header::retry_after]};
      if (!wanted_.quiet && after.well_formed())
        std::printf("503 %.*s: not before %lld s have passed\n",
                    static_cast<int>(m.reason().size()), m.reason().data(),
                    static_cast<long long>(after.seconds().value));
      return end(unavailable);
    }
    end(rejected);
  }

  // Follows the Contact of a 3xx (RFC 3261 8.1.3.4), once a call, and never to a URI that has been
  // tried: a client "MUST NOT add any given URI to the target set more than once".
  void on_redirected(call const& c, ctsip::message const& m) {
    std::string const target{m.contact().uri()};
    ctsip::uri_view const uri{target};
    bool const tried = ctsip::equivalent(uri, ctsip::uri_view{c.target});
    bool const reachable = static_cast<bool>(address_of(uri));
    if (!wanted_.quiet)
      std::printf("%u %.*s: %s%s\n", unsigned{m.status()}, static_cast<int>(m.reason().size()),
                  m.reason().data(),
                  tried          ? "a loop, not followed: "
                  : c.redirected ? "the second, not followed: "
                  : !reachable   ? "no address, not followed: "
                                 : "now calling ",
                  target.c_str());
    if (tried || c.redirected || !reachable) return end(redirected);
    place({target, true, false, false});
  }

  void end(outcome how) {
    ++ended_;
    ++outcomes_[how];
  }

  settings const& wanted_;
  endpoint& agent_;
  std::string const& contact_;
  std::string const& session_;
  std::vector<call> calls_; // by the index of their handle
  example::agenda<ctsip::call_handle> hang_ups_;
  std::int64_t placed_{};
  std::int64_t ended_{};
  std::array<std::int64_t, 8> outcomes_{};
};

int run(settings const& wanted) {
  std::string const target = "sip:" + wanted.to;
  auto const peer = address_of(ctsip::uri_view{target});
  std::size_t expected = 0;
  while (expected < outcome_names.size() && wanted.expect != outcome_names[expected]) ++expected;
  if (!peer || expected == outcome_names.size()) {
    std::fprintf(stderr, "%s\n",
                 !peer ? "--to: not an IP address, or with its port"
                       : "--expect: no such end of a call");
    return 2;
  }
  example::stop_signal stop;
  example::udp_socket socket{example::address_towards(peer.value)};
  std::string const sent_by = example::text_of(socket.local());
  std::string const contact = "sip:caller@" + sent_by;
  std::string const session = example::silent_session(socket.local());
  ctsip::endpoint_settings own;
  own.element.seed = example::secret_seed();
  own.element.sent_by = sent_by;
  own.contact = contact;
  static endpoint agent{own}; // too large for the stack
  double const spent_before = example::processor_microseconds();

  std::optional<example::ladder> picture;
  if (!wanted.quiet) picture.emplace("call");
  network net{{static_cast<unsigned>(wanted.drop), static_cast<std::uint64_t>(wanted.seed)},
              picture ? &*picture : nullptr};
  static example::station<endpoint, network> station{agent, socket, net};
  caller user{wanted, agent, contact, session};
  auto const on_event = [&](ctsip::user_event const& e) { user.on_event(e); };
  auto const carry_out = [&] { station.carry_out(on_event); };

  auto const started = example::now();
  // The moment of call number n, counted from 0.
  auto const moment_of = [&](std::int64_t n) {
    return started + ctsip::milliseconds{n * 1000 / wanted.rate};
  };
  bool leaving = false;
  while (user.ended() < wanted.calls) {
    if (stop.count() > 0 && !leaving) {
      leaving = true;
      user.hang_up_all(carry_out);
    }
    // A second signal leaves at once.
    if (leaving && (agent.live_calls() == 0 || stop.count() > 1)) break;

    auto wake = std::min(station.next_timeout(), user.next_appointment());
    if (!leaving && user.placed() < wanted.calls) wake = std::min(wake, moment_of(user.placed()));
    stop.wait({&socket}, wake);
    station.turn(on_event);
    user.keep_appointments(carry_out);
    while (!leaving && user.placed() < wanted.calls && moment_of(user.placed()) <= example::now()) {
      user.place();
      carry_out();
    }
  }

  std::printf("%lld call%s", static_cast<long long>(user.placed()), user.placed() == 1 ? "" : "s");
  char const* separator = ": ";
  for (std::size_t i = 0; i < outcome_names.size(); ++i)
    if (user.ended(i) > 0) {
      std::printf("%s%lld %s", separator, static_cast<long long>(user.ended(i)), outcome_names[i]);
      separator = ", ";
    }
  std::printf("; %llu datagrams lost\n%.1f microseconds of processor time a call\n",
              static_cast<unsigned long long>(net.loss.count()),
              (example::processor_microseconds() - spent_before) /
                  static_cast<double>(std::max<std::int64_t>(user.placed(), 1)));
  return user.ended(expected) == wanted.calls ? 0 : 1;
}

} // namespace

int main(int argc, char** argv) try {
  settings s;
  bool const understood = example::read_options(
      argc, argv,
      {example::text("--to", s.to, "IP address and port to call"),
       example::number("--calls", s.calls, "how many calls, 1", 1),
       example::number("--rate", s.rate, "calls a second, 10", 1, 1000),
       example::number("--drop", s.drop, "percent of the datagrams to lose, both ways", 0, 100),
       example::number("--seed", s.seed, "of the loss: the same one loses the same datagrams"),
       example::number("--ring-timeout", s.ring_timeout, "milliseconds until we give up; 0: never"),
       example::number("--talk", s.talk, "milliseconds from the answer until we hang up, 0"),
       example::text("--expect", s.expect,
                     "how every call has to end: answered, moved, busy, unavailable, cancelled, "
                     "redirected, rejected, failed"),
       example::flag("--quiet", s.quiet, "no ladder")});
  return understood ? run(s) : 2;
} catch (std::exception const& e) {
  std::fprintf(stderr, "%s\n", e.what());
  return 2;
}
