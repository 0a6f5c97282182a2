// A user agent server on UDP: rings, answers, and hangs up when the caller does. OPTIONS, CANCEL
// and retransmissions are the endpoint's own business.
//
//   ./answer --port 5060            and in another terminal
//   sipp -sn uac 127.0.0.1:5060 -i 127.0.0.1 -m 1
//
// Try --drop 10: every tenth datagram is lost, in either direction, and no call is. Try --alert
// 300: after 200 ms of silence the transaction sends 100 Trying by itself.
#include <cstdio>
#include <exception>
#include <optional>
#include <string>
#include <vector>

#include <ctsip/user_agent/endpoint.hpp>

#include "support/agenda.hpp"
#include "support/options.hpp"
#include "support/session.hpp"
#include "support/station.hpp"
#include "support/usage.hpp"

namespace {

// Every transaction lives for 64*T1 = 32 s after its end, and a call has two: enough for 600 calls
// a second.
constexpr ctsip::endpoint_size size{4096, 40'000, 1400};
using endpoint = ctsip::endpoint<size>;

struct settings {
  std::int64_t port{5060};
  std::string host{"127.0.0.1"};
  std::int64_t drop{0};
  std::int64_t seed{1};
  std::int64_t calls{-1};
  std::int64_t alert{0};
  std::int64_t ring{0};
  bool quiet{};
};

struct counts {
  std::int64_t begun{};
  std::int64_t confirmed{};
  std::int64_t cancelled{};
  std::int64_t failed{};
};

int run(settings const& wanted) {
  auto at = ctsip::parse_address(wanted.host, static_cast<std::uint16_t>(wanted.port));
  if (!at) {
    std::fprintf(stderr, "--host %s: not an IP address\n", wanted.host.c_str());
    return 2;
  }
  example::stop_signal stop;
  example::udp_socket socket{at.value};
  at.value = socket.local();

  std::string const sent_by = example::text_of(at.value);
  std::string const contact = "sip:answer@" + sent_by;
  std::string const session = example::silent_session(at.value);
  ctsip::endpoint_settings own;
  own.element.seed = example::secret_seed();
  own.element.sent_by = sent_by;
  own.contact = contact;
  static endpoint agent{own}; // too large for the stack

  double const spent_before = example::processor_microseconds();
  std::printf("listening on %s\n", sent_by.c_str());
  std::fflush(stdout);

  std::optional<example::ladder> picture;
  if (!wanted.quiet) picture.emplace("answer");
  example::lossy_network network{
      {static_cast<unsigned>(wanted.drop), static_cast<std::uint64_t>(wanted.seed)},
      picture ? &*picture : nullptr};
  static example::station<endpoint, example::lossy_network> station{agent, socket, network};

  struct task {
    enum { ring, answer } what;
    ctsip::call_handle call;
  };
  example::agenda<task> agenda;
  std::vector<ctsip::call_handle> calls(size.calls); // those that may be live, by their index
  counts count;

  // The phone of the called user. If a CANCEL was faster the call is gone, and each of these
  // commands says so; there is nothing to be done then.
  auto const answer = [&](ctsip::call_handle call) {
    (void)agent.answer(call, example::as_content(session), example::now());
  };
  auto const ring = [&](ctsip::call_handle call) {
    (void)agent.ring(call, example::now());
    if (wanted.ring == 0)
      answer(call);
    else
      agenda.add(wanted.ring, {task::answer, call});
  };
  auto const on_event = [&](ctsip::user_event const& e) {
    switch (e.kind) {
    case ctsip::user_event_kind::incoming:
      ++count.begun;
      calls[e.call.index] = e.call;
      if (wanted.alert == 0)
        ring(e.call);
      else
        agenda.add(wanted.alert, {task::ring, e.call});
      break;
    case ctsip::user_event_kind::modification:
      (void)agent.accept_modification(e.call, {"application/sdp", session}, example::now());
      break;
    case ctsip::user_event_kind::confirmed: ++count.confirmed; break;
    case ctsip::user_event_kind::cancelled: ++count.cancelled; break;
    case ctsip::user_event_kind::failed: ++count.failed; break;
    default: break;
    }
  };

  // After its last call it stays until no datagram has come for T4, "the maximum duration a message
  // will remain in the network": the caller may not have got our last response, and would ask
  // again within T2, which is shorter.
  auto const finished = [&] {
    if (wanted.calls < 0 || count.begun < wanted.calls || agent.live_calls() > 0) return false;
    return count.begun == 0 ||
           station.last_arrival() + ctsip::default_timer_values.t4 <= example::now();
  };
  bool leaving = false;
  while (!finished()) {
    if (stop.count() > 0 && !leaving) {
      leaving = true;
      for (auto const call : calls) {
        (void)agent.hang_up(call, example::now());
        station.carry_out(on_event);
      }
    }
    // A second signal leaves at once.
    if (leaving && (agent.live_calls() == 0 || stop.count() > 1)) break;

    auto wake = station.next_timeout();
    wake = std::min(wake, agenda.next());
    if (wanted.calls >= 0 && count.begun >= wanted.calls)
      wake = std::min(wake, station.last_arrival() + ctsip::default_timer_values.t4);
    stop.wait({&socket}, wake);
    station.turn(on_event);
    for (task due; agenda.take(due); station.carry_out(on_event))
      due.what == task::ring ? ring(due.call) : answer(due.call);
  }

  auto const& layer = agent.counts();
  std::printf("%lld call%s: %lld acknowledged, %lld cancelled, %lld never acknowledged\n"
              "%llu requests came again, %llu answered without a call, %llu datagrams lost\n",
              static_cast<long long>(count.begun), count.begun == 1 ? "" : "s",
              static_cast<long long>(count.confirmed), static_cast<long long>(count.cancelled),
              static_cast<long long>(count.failed),
              static_cast<unsigned long long>(layer.retransmissions),
              static_cast<unsigned long long>(layer.rejected),
              static_cast<unsigned long long>(network.loss.count()));
  if (count.begun > 0)
    std::printf("%.1f microseconds of processor time a call\n",
                (example::processor_microseconds() - spent_before) /
                    static_cast<double>(count.begun));
  return count.failed == 0 ? 0 : 1;
}

} // namespace

int main(int argc, char** argv) try {
  settings s;
  bool const understood = example::read_options(
      argc, argv,
      {example::number("--port", s.port, "where to listen; 0 for any free port", 0, 65535),
       example::text("--host", s.host, "the IP address to listen on, 127.0.0.1"),
       example::number("--drop", s.drop, "percent of the datagrams to lose, both ways", 0, 100),
       example::number("--seed", s.seed, "of the loss: the same one loses the same datagrams"),
       example::number("--calls", s.calls, "leave after so many"),
       example::number("--alert", s.alert, "milliseconds until the phone rings, 0"),
       example::number("--ring", s.ring, "milliseconds that it rings until it is answered, 0"),
       example::flag("--quiet", s.quiet, "no ladder")});
  return understood ? run(s) : 2;
} catch (std::exception const& e) {
  std::fprintf(stderr, "%s\n", e.what());
  return 2;
}
