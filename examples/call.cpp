// A user agent client on UDP or TCP: places calls, hangs up after the answer, cancels what rings
// too long, follows one redirection, answers challenges, holds if it is told to, and says what
// became of each call.
//
//   sipp -sn uas -i 127.0.0.1 -p 5060      and in another terminal
//   ./call --to 127.0.0.1:5060
//
// Other users of the machine may read a command line: without --password the password is taken from
// the environment variable CTSIP_PASSWORD. Ends with 0 only if every call ended as --expect says.
#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <ctsip/message/uri.hpp>
#include <ctsip/message/values.hpp>
#include <ctsip/message/writer.hpp>
#include <ctsip/user_agent/call_credentials.hpp>
#include <ctsip/user_agent/endpoint.hpp>

#include "support/agenda.hpp"
#include "support/mbedtls_hashes.hpp"
#include "support/options.hpp"
#include "support/phone.hpp"
#include "support/printable.hpp"
#include "support/station.hpp"
#include "support/uri_address.hpp"
#include "support/usage.hpp"

namespace {

// A call is kept for 64*T1 = 32 s after its end, to acknowledge a 2xx that comes late: enough for
// 500 calls a second.
constexpr ctsip::endpoint_size size{17'000, 20'000, 1400};

struct settings {
  std::string to;
  std::string expect{"answered"};
  std::int64_t calls{1};
  std::int64_t rate{10};
  std::int64_t ring_timeout{0};
  std::string user{"alice"};
  std::string password{};
  bool tcp{};
  example::phone_settings phone{.talk = 0};
};

// The look-up of the password, which is the same for every realm.
struct login {
  settings const& wanted;

  ctsip::digest_login operator()(ctsip::digest_question const&) const {
    return wanted.password.empty()
               ? ctsip::digest_login{}
               : ctsip::digest_login::with_password(wanted.user, wanted.password);
  }
};

struct traits : ctsip::endpoint_traits {
  using credentials = ctsip::digest_credentials<example::mbedtls_hashes, login>;
};
using endpoint = ctsip::endpoint<size, traits>;

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

class caller {
 public:
  caller(settings const& wanted, endpoint& agent, ctsip::address const& at,
         std::string const& contact)
      : wanted_(wanted), agent_(agent), contact_(contact),
        phone_(agent, at, wanted.phone, size.calls), calls_(size.calls) {}

  void on_event(ctsip::user_event const& e) {
    using kind = ctsip::user_event_kind;
    call& c = calls_[e.call.index];
    switch (e.kind) {
    case kind::incoming: (void)agent_.reject(e.call, 480, example::now()); break;
    // A reliable 1xx with a session description has the answer: there is an early session.
    case kind::provisional:
      if (!e.message.body().empty()) phone_.has_session(e.call);
      break;
    case kind::answered:
      c.answered = true;
      phone_.is_answered(e.call);
      break;
    case kind::modification: phone_.answer_modification(e); break;
    case kind::ended:
      // One that we gave up may have been answered at that very moment; the endpoint has sent ACK
      // and BYE then.
      end(e.status >= 300 ? failed : !c.answered ? cancelled : c.redirected ? moved : answered);
      break;
    case kind::rejected: on_rejected(c, e.message); break;
    case kind::failed: end(failed); break;
    default: break;
    }
  }
  bool finished() const { return ended_ >= wanted_.calls; }
  ctsip::instant next() const {
    auto const next = std::min(phone_.next_appointment(), patience_.next());
    return places() ? std::min(next, moment_of(placed_)) : next;
  }
  template <class AfterEach>
  void act(AfterEach after_each) {
    phone_.keep_appointments(after_each);
    for (ctsip::call_handle h; patience_.take(h); after_each()) give_up(h);
    for (; places() && moment_of(placed_) <= example::now(); after_each()) {
      ++placed_;
      place(call{"sip:service@" + wanted_.to});
    }
  }
  template <class AfterEach>
  void leave(AfterEach after_each) {
    leaving_ = true;
    for (std::size_t i = 0; i < calls_.size(); ++i, after_each()) give_up(calls_[i].handle);
    phone_.hang_up_all(after_each);
  }

  std::int64_t placed() const { return placed_; }
  std::int64_t ended(std::size_t how) const { return outcomes_[how]; }

 private:
  struct call {
    std::string target;
    bool redirected{};
    bool answered{};
    bool gave_up{};
    ctsip::call_handle handle{};
  };

  bool places() const { return !leaving_ && placed_ < wanted_.calls; }
  // The moment of call number n, counted from 0.
  ctsip::instant moment_of(std::int64_t n) const {
    return started_ + ctsip::milliseconds{n * 1000 / wanted_.rate};
  }

  void place(call c) {
    auto const hop = example::address_of(ctsip::uri_view{c.target});
    std::string const session = phone_.offer();
    ctsip::outgoing_call out;
    out.target = c.target;
    out.from = contact_;
    out.next_hop = hop.value;
    // "If the URI specifies a transport protocol in the transport parameter, that transport
    // protocol SHOULD be used" (RFC 3263 4.1).
    auto const said = ctsip::parse_transport(ctsip::uri_view{c.target}.param("transport"));
    out.over = said ? said.value : wanted_.tcp ? ctsip::transport::tcp : ctsip::transport::udp;
    out.offer = example::as_content(session);
    c.handle = hop ? agent_.call(out, example::now()) : ctsip::call_handle{};
    if (!c.handle) {
      std::fprintf(stderr, "%s: %s\n", c.target.c_str(),
                   hop ? name(c.handle.reason()) : "not an address in numbers");
      return end(failed);
    }
    phone_.begin(c.handle);
    if (wanted_.ring_timeout > 0) patience_.add({wanted_.ring_timeout}, c.handle);
    calls_[c.handle.index] = std::move(c);
  }

  // Before the first response to an INVITE a CANCEL has to wait; the endpoint sees to it. After the
  // last one it is too late.
  void give_up(ctsip::call_handle h) {
    if (agent_.cancel(h, example::now()) != ctsip::sending::gone) calls_[h.index].gave_up = true;
  }

  void on_rejected(call const& c, ctsip::message const& m) {
    if (m.status() == 487 && c.gave_up) return end(cancelled);
    if (m.status() == 486 || m.status() == 600) return end(busy);
    if (m.status() / 100 == 3) return on_redirected(c, m);
    if (m.status() == 503) {
      auto const after = ctsip::retry_after_view{m[ctsip::header::retry_after]};
      if (!wanted_.phone.quiet && after.well_formed())
        std::printf("503 %s: not before %lld s have passed\n",
                    example::printable(m.reason()).c_str(),
                    static_cast<long long>(after.seconds().value));
      return end(unavailable);
    }
    end(rejected);
  }

  // Follows the Contact of a 3xx (RFC 3261 8.1.3.4), once a call, and never to a URI that has been
  // tried: a client "MUST NOT add any given URI to the target set more than once". Who has given up
  // wants it nowhere else either.
  void on_redirected(call const& c, ctsip::message const& m) {
    if (c.gave_up) return end(cancelled);
    char buffer[size.message];
    ctsip::uri_view const uri{ctsip::copy_request_uri(buffer, ctsip::uri_view{m.contact().uri()})};
    std::string const target{uri.text()};
    bool const tried = ctsip::equivalent(uri, ctsip::uri_view{c.target});
    bool const reachable = static_cast<bool>(example::address_of(uri));
    if (!wanted_.phone.quiet)
      std::printf("%u %s: %s%s\n", unsigned{m.status()}, example::printable(m.reason()).c_str(),
                  tried          ? "a loop, not followed: "
                  : c.redirected ? "the second, not followed: "
                  : !reachable   ? "no address, not followed: "
                                 : "now calling ",
                  example::printable(target).c_str());
    if (tried || c.redirected || !reachable) return end(redirected);
    place({target, true});
  }

  void end(outcome how) {
    ++ended_;
    ++outcomes_[how];
  }

  settings const& wanted_;
  endpoint& agent_;
  std::string const& contact_;
  example::phone<endpoint> phone_;
  std::vector<call> calls_; // by the index of their handle
  example::agenda<ctsip::call_handle> patience_;
  ctsip::instant started_{example::now()};
  bool leaving_{};
  std::int64_t placed_{};
  std::int64_t ended_{};
  std::array<std::int64_t, 8> outcomes_{};
};

int run(settings const& wanted) {
  std::string const target = "sip:" + wanted.to;
  auto const peer = example::address_of(ctsip::uri_view{target});
  std::size_t expected = 0;
  while (expected < outcome_names.size() && wanted.expect != outcome_names[expected]) ++expected;
  if (!peer || expected == outcome_names.size()) {
    std::fprintf(stderr, "%s\n",
                 !peer ? "--to: not an IP address, or with its port"
                       : "--expect: no such end of a call");
    return 2;
  }
  example::stop_signal stop;
  example::stream_sockets sockets{example::address_towards(peer.value)};
  std::string const sent_by = example::text_of(sockets.local());
  std::string const contact = "sip:caller@" + sent_by;
  static login credentials{wanted};
  // Too large for the stack, as is the station.
  static endpoint agent{example::endpoint_settings_of(wanted.phone, sent_by, contact), credentials};
  double const spent_before = example::processor_microseconds();

  std::optional<example::ladder> picture;
  if (!wanted.phone.quiet) picture.emplace("call");
  example::lossy_network net = example::network_of(wanted.phone, picture);
  static example::station<endpoint, example::lossy_network, example::stream_sockets> station{
      agent, sockets, net};
  caller user{wanted, agent, sockets.local(), contact};
  station.run(stop, user);

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
  if (char const* const kept = std::getenv("CTSIP_PASSWORD")) s.password = kept;
  bool const understood = example::read_options(
      argc, argv,
      {example::text("--to", s.to, "IP address and port to call"),
       example::number("--calls", s.calls, "how many calls, 1", 1),
       example::number("--rate", s.rate, "calls a second, 10", 1, 1000),
       example::number("--ring-timeout", s.ring_timeout, "milliseconds until we give up; 0: never"),
       example::text("--user", s.user, "who calls, when somebody asks, alice"),
       example::text("--password", s.password, "of the user; that of CTSIP_PASSWORD, or none"),
       example::text("--expect", s.expect,
                     "how every call has to end: answered, moved, busy, unavailable, cancelled, "
                     "redirected, rejected, failed"),
       example::flag("--tcp", s.tcp, "over TCP rather than UDP")},
      example::phone_options(s.phone));
  return understood ? run(s) : 2;
} catch (std::exception const& e) {
  std::fprintf(stderr, "%s\n", e.what());
  return 2;
}
