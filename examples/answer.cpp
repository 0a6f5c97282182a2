// A user agent server on UDP and TCP: rings, answers, holds if it is told to, and hangs up when the
// caller does. OPTIONS, CANCEL and retransmissions are the endpoint's own business.
//
//   ./answer --port 5060            and in another terminal
//   sipp -sn uac 127.0.0.1:5060 -i 127.0.0.1 -m 1
//
// Try --drop 10: every tenth datagram is lost, in either direction, and no call is. Try --alert
// 300: after 200 ms of silence the transaction sends 100 Trying by itself. Try --reliable --ring
// 1000: early media, where the caller supports 100rel.
#include <algorithm>
#include <cstdio>
#include <exception>
#include <optional>
#include <string>

#include <ctsip/user_agent/endpoint.hpp>

#include "support/agenda.hpp"
#include "support/options.hpp"
#include "support/phone.hpp"
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
  std::int64_t calls{-1};
  std::int64_t alert{0};
  std::int64_t ring{0};
  bool reliable{};
  example::phone_settings phone{};
};

// The phone of the called user. If a CANCEL was faster the call is gone, and each command says so;
// there is nothing to be done then.
class callee {
 public:
  callee(settings const& wanted, endpoint& agent, ctsip::address const& at)
      : wanted_(wanted), agent_(agent), phone_(agent, at, wanted.phone, size.calls) {}

  void on_event(ctsip::user_event const& e) {
    using kind = ctsip::user_event_kind;
    switch (e.kind) {
    case kind::incoming:
      ++begun;
      phone_.begin(e.call);
      if (wanted_.alert == 0)
        ring(e.call);
      else
        agenda_.add({wanted_.alert}, {task::ring, e.call});
      break;
    case kind::acknowledged: phone_.has_session(e.call); break;
    case kind::confirmed:
      ++confirmed;
      phone_.is_answered(e.call);
      break;
    case kind::modification: phone_.answer_modification(e); break;
    case kind::cancelled: ++cancelled; break;
    case kind::failed: ++failed; break;
    default: break;
    }
  }

  bool finished() const {
    return wanted_.calls >= 0 && begun >= wanted_.calls && agent_.live_calls() == 0;
  }
  ctsip::instant next() const { return std::min(agenda_.next(), phone_.next_appointment()); }
  template <class AfterEach>
  void act(AfterEach after_each) {
    for (task due; agenda_.take(due); after_each())
      due.what == task::ring ? ring(due.call) : answer(due.call);
    phone_.keep_appointments(after_each);
  }
  template <class AfterEach>
  void leave(AfterEach after_each) {
    phone_.hang_up_all(after_each);
  }

  std::int64_t begun{}, confirmed{}, cancelled{}, failed{};

 private:
  struct task {
    enum { ring, answer } what;
    ctsip::call_handle call;
  };

  void ring(ctsip::call_handle call) {
    if (!wanted_.reliable || !rings_reliably(call)) (void)agent_.ring(call, example::now());
    if (wanted_.ring == 0)
      answer(call);
    else
      agenda_.add({wanted_.ring}, {task::answer, call});
  }
  // Early media: the answer is in a reliable 183 (RFC 3262 5), if the caller supports that.
  bool rings_reliably(ctsip::call_handle call) {
    std::string const preview = phone_.answer(call, agent_.session_message(call));
    return agent_.ring(call, example::now(), 183, example::as_content(preview),
                       ctsip::reliability::reliable) != ctsip::sending::refused;
  }
  void answer(ctsip::call_handle call) {
    std::string const session = phone_.answer(call, agent_.session_message(call));
    if (session.empty())
      (void)agent_.reject(call, 488, example::now());
    else
      (void)agent_.answer(call, example::as_content(session), example::now());
  }

  settings const& wanted_;
  endpoint& agent_;
  example::phone<endpoint> phone_;
  example::agenda<task> agenda_;
};

int run(settings const& wanted) {
  auto at = ctsip::parse_address(wanted.host, static_cast<std::uint16_t>(wanted.port));
  // It is what callers are told to reach us at.
  if (!at || at.value == ctsip::address{.port = at.value.port, .ipv6 = at.value.ipv6}) {
    std::fprintf(stderr, "--host %s: not the IP address of an interface\n", wanted.host.c_str());
    return 2;
  }
  example::stop_signal stop;
  example::stream_sockets sockets{at.value};
  at.value = sockets.local();
  std::string const sent_by = example::text_of(at.value);
  std::string const contact = "sip:answer@" + sent_by;
  // Too large for the stack, as is the station.
  static endpoint agent{example::endpoint_settings_of(wanted.phone, sent_by, contact)};

  double const spent_before = example::processor_microseconds();
  std::printf("listening on %s\n", sent_by.c_str());
  std::fflush(stdout);

  std::optional<example::ladder> picture;
  if (!wanted.phone.quiet) picture.emplace("answer");
  example::lossy_network network = example::network_of(wanted.phone, picture);
  static example::station<endpoint, example::lossy_network, example::stream_sockets> station{
      agent, sockets, network};
  callee user{wanted, agent, at.value};
  station.run(stop, user);
  // The last caller may not have got our last response, and would ask again.
  if (user.begun > 0 && user.finished()) station.linger(stop, user);

  auto const& layer = agent.counts();
  std::printf("%lld call%s: %lld acknowledged, %lld cancelled, %lld never "
              "acknowledged\n"
              "%llu requests came again, %llu answered without a call, %llu "
              "datagrams lost\n",
              static_cast<long long>(user.begun), user.begun == 1 ? "" : "s",
              static_cast<long long>(user.confirmed), static_cast<long long>(user.cancelled),
              static_cast<long long>(user.failed),
              static_cast<unsigned long long>(layer.retransmissions),
              static_cast<unsigned long long>(layer.rejected),
              static_cast<unsigned long long>(network.loss.count()));
  if (user.begun > 0)
    std::printf("%.1f microseconds of processor time a call\n",
                (example::processor_microseconds() - spent_before) /
                    static_cast<double>(user.begun));
  return user.failed == 0 ? 0 : 1;
}

} // namespace

int main(int argc, char** argv) try {
  settings s;
  bool const understood = example::read_options(
      argc, argv,
      {example::number("--port", s.port, "where to listen; 0 for any free port", 0, 65535),
       example::text("--host", s.host, "the IP address to listen on, 127.0.0.1"),
       example::number("--calls", s.calls, "leave after so many"),
       example::number("--alert", s.alert, "milliseconds until the phone rings, 0"),
       example::number("--ring", s.ring, "milliseconds that it rings until it is answered, 0"),
       example::flag("--reliable", s.reliable, "ring reliably, with early media (RFC 3262)")},
      example::phone_options(s.phone));
  return understood ? run(s) : 2;
} catch (std::exception const& e) {
  std::fprintf(stderr, "%s\n", e.what());
  return 2;
}
