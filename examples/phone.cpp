// A telephone on one UDP socket: registers, answers what rings, places a call, holds and resumes
// it, hangs up. Each change is a line on the terminal. It has no microphone, and says what it
// hears.
//
//   ./phone --to 127.0.0.1:5060 --user bob --password secret                 in one terminal, and
//   ./phone --to 127.0.0.1:5060 --user alice --password secret --call bob    in another
//
// --to is the registrar and proxy of both. They do without: ./phone --alone --port 5070 waits for
// ./phone --alone --to 127.0.0.1:5070 --call bob
//
// What a person would do, options do by time: --ring 2000 lets it ring for two seconds before it is
// answered, --hold 3000 holds the call three seconds after the answer, --held 1000 resumes it after
// one second more, --talk 9000 hangs up nine seconds after the answer. SIGINT and SIGTERM hang up
// and remove the binding.
//
// A phone that places a call leaves after it, with 0 if it was answered and 1 if not. Another one
// stays, or leaves after --calls calls, with 0. 1 too if the registrar refuses, redirects or keeps
// the binding. 3: the credentials are missing or refused.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <optional>
#include <string>
#include <string_view>

#include <ctsip/message/multipart.hpp>
#include <ctsip/user_agent/registering.hpp>

#include "support/agenda.hpp"
#include "support/audio.hpp"
#include "support/clock.hpp"
#include "support/mbedtls_hashes.hpp"
#include "support/options.hpp"
#include "support/printable.hpp"
#include "support/random.hpp"
#include "support/udp_socket.hpp"
#include "support/uri_address.hpp"

namespace {

struct settings {
  std::string to{"127.0.0.1:5060"};
  std::string user{"alice"};
  std::string password{};
  std::string domain{};
  std::string call{};
  std::int64_t port{0};
  std::int64_t expires{3600};
  std::int64_t ring{500};
  std::int64_t patience{0};
  std::int64_t hold{0};
  std::int64_t held{1000};
  std::int64_t talk{0};
  std::int64_t calls{0};
  bool busy{};
  bool alone{};
  bool trace{};
};

// The look-up of the password, which is the same for every realm.
struct wallet {
  settings const& wanted;

  ctsip::digest_login operator()(ctsip::digest_question const&) const {
    return wanted.password.empty()
               ? ctsip::digest_login{}
               : ctsip::digest_login::with_password(wanted.user, wanted.password);
  }
};

template <class... Values>
void say(char const* format, Values... values) {
  if constexpr (sizeof...(values) == 0)
    std::fputs(format, stdout);
  else
    std::printf(format, values...);
  std::fputc('\n', stdout);
  std::fflush(stdout);
}

// Prints every message, if it is wanted.
struct printed_trace {
  bool wanted{};

  void received(std::string_view bytes, ctsip::address const& from, ctsip::transport,
                ctsip::instant) const {
    print("received from", from, bytes);
  }
  void sent(ctsip::datagram const& d) const { print("sent to", d.to, d.bytes); }
  void print(char const* what, ctsip::address const& peer, std::string_view bytes) const {
    if (wanted)
      say("--- %s %s\n%s", what, example::text_of(peer).c_str(),
          example::printable(bytes, "\r\n\t").c_str());
  }
};

// Calls and one registration share the transactions, the socket and the password.
struct traits : ctsip::registering_traits<example::mbedtls_hashes, wallet> {
  using trace = printed_trace;
};
using endpoint =
    ctsip::endpoint<ctsip::endpoint_size{.calls = 4, .transactions = 24, .message = 2048}, traits>;
using call_event = ctsip::user_event_kind;
using registration_event = ctsip::registrant_event_kind;

// A phone with one line: who calls while it is in use, hears that it is busy.
class phone {
 public:
  phone(settings const& wanted, endpoint& agent, example::udp_socket& socket)
      : wanted_(wanted), agent_(agent), socket_(socket), audio_(socket.local()) {}

  // The exit code; negative as long as there is none.
  int result() const { return result_; }
  ctsip::instant next_timeout() const { return std::min(agent_.next_timeout(), agenda_.next()); }
  example::udp_socket const& media() const { return audio_.socket(); }

  void register_with(ctsip::outgoing_registration const& out) {
    registration_ = agent_.add(out, example::now());
    if (!registration_) {
      say("no REGISTER can be written with these options");
      result_ = 2;
    }
    carry_out();
  }
  void call(ctsip::outgoing_call out) {
    audio_.begin();
    std::string const session = audio_.offer();
    out.offer = {"application/sdp", session};
    say("calling %s", std::string{out.target}.c_str());
    call_ = agent_.call(out, example::now());
    if (!call_) {
      say("no call can be placed: %s", name(call_.reason()));
      result_ = 2;
    }
    if (wanted_.patience > 0) agenda_.add(wanted_.patience, {task::give_up, call_});
    carry_out();
  }
  // Hangs up and removes the binding; a second time it leaves at once.
  void leave() {
    if (leaving_) result_ = 1;
    leaving_ = true;
    bool const rings = agent_.state(call_) == ctsip::call_state::incoming;
    (void)agent_.hang_up(call_, example::now());
    if (rings) call_ = {}; // refused: nothing more is told of it
    carry_out();
    leave_if_idle();
  }

  void turn() {
    example::take_turn(agent_, socket_, buffer_, [this] { carry_out(); });
    for (task due; agenda_.take(due); carry_out())
      if (due.call == call_) act(due.what);
    audio_.echo();
  }

 private:
  // What the person does, some time after something else.
  struct task {
    enum { answer, give_up, hold, resume, hang_up } what;
    ctsip::call_handle call;
  };

  void carry_out() {
    for (;;) {
      example::send_all(agent_, socket_);
      ctsip::user_event of_call;
      ctsip::registrant_event of_registration;
      if (agent_.poll_event(of_call))
        on(of_call);
      else if (agent_.poll_event(of_registration))
        on(of_registration);
      else
        return;
    }
  }

  void on(ctsip::user_event const& e) {
    if (e.kind == call_event::incoming) return on_incoming(e);
    if (e.call != call_) return;
    switch (e.kind) {
    case call_event::provisional:
      take_answer(e.message);
      say("%u %s", unsigned{e.status}, example::printable(e.message.reason()).c_str());
      break;
    case call_event::answered:
      was_answered_ = true;
      take_answer(e.message);
      say("answered, %s", audio_.direction());
      talk();
      break;
    case call_event::confirmed:
      take_answer(e.message);
      say("acknowledged");
      talk();
      break;
    case call_event::modification: on_modification(e); break;
    case call_event::modified:
      take_answer(e.message);
      if (e.message.is_request()) { // the ACK that answers what we were asked to offer
        say("they have changed the session: %s", audio_.direction());
        break;
      }
      say("%s, %s", holds_ ? "held" : "resumed", audio_.direction());
      if (holds_) agenda_.add(wanted_.held, {task::resume, call_});
      break;
    case call_event::unmodified:
      say("not %s: %u", holds_ ? "held" : "resumed", unsigned{e.status});
      // "the session parameters MUST remain unchanged, as if no re-INVITE had been issued" (RFC
      // 3261 14.1).
      hold(!holds_);
      break;
    case call_event::rejected:
      say("rejected: %u %s", unsigned{e.status}, example::printable(e.message.reason()).c_str());
      end();
      break;
    case call_event::cancelled:
      say("the caller has given up");
      end();
      break;
    case call_event::ended:
      say("%s; %llu packets heard, %llu said",
          e.message.is_request() ? "they have hung up" : "hung up", audio_.heard(), audio_.said());
      end();
      break;
    case call_event::failed:
      say("failed: %u %s", unsigned{e.status}, ctsip::reason_phrase(e.status));
      end();
      break;
    default: break;
    }
  }

  // The answer to what we have offered: in a response, or in the ACK.
  void take_answer(ctsip::message const& m) { audio_.answered(ctsip::sdp_of(m), m.to().tag()); }
  void hold(bool held) {
    holds_ = held;
    audio_.hold(held);
  }

  void on_incoming(ctsip::user_event const& e) {
    std::string const caller = example::printable(e.message.from().uri());
    if (wanted_.busy || leaving_ || call_ || !wanted_.call.empty())
      return refuse(e.call, 486, caller);
    // Who calls without an offer gets ours with the answer (RFC 3261 13.3.1.4).
    audio_.begin();
    session_ = session_for(e.message);
    if (session_.empty()) return refuse(e.call, 488, caller);
    say("%s calls", caller.c_str());
    call_ = e.call;
    (void)agent_.ring(call_, example::now());
    agenda_.add(wanted_.ring, {task::answer, call_});
  }
  // The answer to what a message offers, or our offer if it has none.
  std::string session_for(ctsip::message const& m) {
    return m.body().empty() ? audio_.offer() : audio_.answer(ctsip::sdp_of(m));
  }
  void refuse(ctsip::call_handle call, ctsip::status_code status, std::string const& caller) {
    say("%s calls: %s", caller.c_str(), ctsip::reason_phrase(status));
    (void)agent_.reject(call, status, example::now());
    count();
  }

  // The other side holds, resumes, moves its media, or asks for an offer (RFC 3261 14.2).
  void on_modification(ctsip::user_event const& e) {
    std::string const session = session_for(e.message);
    if (session.empty()) {
      (void)agent_.reject_modification(call_, 488, example::now());
      return;
    }
    (void)agent_.accept_modification(call_, {"application/sdp", session}, example::now());
    if (!e.message.body().empty()) say("they have changed the session: %s", audio_.direction());
  }

  void talk() {
    if (wanted_.hold > 0) agenda_.add(wanted_.hold, {task::hold, call_});
    if (wanted_.talk > 0) agenda_.add(wanted_.talk, {task::hang_up, call_});
  }
  // If the other side was faster the call is gone, and each command says so; there is nothing to be
  // done then.
  void act(decltype(task::what) what) {
    switch (what) {
    case task::answer:
      (void)agent_.answer(call_, {"application/sdp", session_}, example::now());
      break;
    case task::give_up: (void)agent_.cancel(call_, example::now()); break;
    case task::hold:
    case task::resume:
      hold(what == task::hold);
      session_ = audio_.offer();
      (void)agent_.modify(call_, {"application/sdp", session_}, example::now());
      break;
    case task::hang_up: (void)agent_.hang_up(call_, example::now()); break;
    }
  }
  void end() {
    call_ = {};
    holds_ = false;
    count();
  }
  void count() {
    ++ended_;
    leave_if_idle();
  }
  // After the last call the binding is removed.
  void leave_if_idle() {
    bool const had_all = wanted_.calls > 0 && ended_ >= wanted_.calls;
    if (call_ || removal_ || !(leaving_ || !wanted_.call.empty() || had_all)) return;
    leaving_ = true;
    code_ = wanted_.call.empty() || was_answered_ ? 0 : 1;
    auto const moment = example::now();
    removal_ = registration_ ? agent_.remove(registration_, moment) : ctsip::sending::gone;
    // After a failure it may have to wait, for longer than anybody who leaves does.
    bool const is_on_its_way = removal_ == ctsip::sending::sent ||
                               (removal_ == ctsip::sending::deferred && retry_at_ <= moment);
    if (!is_on_its_way) result_ = code_;
  }

  void on(ctsip::registrant_event const& e) {
    switch (e.kind) {
    case registration_event::registered:
    case registration_event::refreshed:
      if (removal_ == ctsip::sending::sent) { // and this is what has come of it
        say("still registered");
        result_ = 1;
      } else if (e.kind == registration_event::registered) {
        say("registered");
      }
      // It has waited for this answer.
      if (removal_) removal_ = ctsip::sending::sent;
      break;
    case registration_event::removed:
    case registration_event::expired:
      say("not registered: %s", name(e.kind));
      if (removal_) result_ = code_;
      break;
    case registration_event::redirected:
      say("not registered: redirected");
      result_ = 1;
      break;
    case registration_event::challenged:
      say(e.refused ? "not registered: the credentials are refused"
                    : "not registered: --password is needed");
      result_ = 3;
      break;
    case registration_event::rejected:
    case registration_event::failed:
      say("not registered: %u %s", unsigned{e.status}, ctsip::reason_phrase(e.status));
      result_ = e.status == 403 ? 3 : 1;
      break;
    case registration_event::waiting:
      say("not registered: %u %s, to be tried again", unsigned{e.status},
          ctsip::reason_phrase(e.status));
      retry_at_ = e.until;
      if (removal_) result_ = code_;
      break;
    case registration_event::unregistered:
      say("unregistered");
      result_ = code_;
      break;
    default: break;
    }
  }

  settings const& wanted_;
  endpoint& agent_;
  example::udp_socket& socket_;
  example::audio audio_;
  example::agenda<task> agenda_;
  ctsip::registration_handle registration_{};
  ctsip::call_handle call_{}; // the one line
  std::string session_{};
  bool was_answered_{};
  bool holds_{};
  bool leaving_{};
  std::optional<ctsip::sending> removal_{}; // of the binding
  ctsip::instant retry_at_{};               // nothing is sent to the registrar before
  std::int64_t ended_{};
  int code_{};
  int result_{-1};
  char buffer_[65536];
};

int run(settings const& wanted) {
  std::string const next_hop = "sip:" + wanted.to;
  ctsip::uri_view const uri{next_hop};
  auto const to = example::address_of(uri);
  if (!to) {
    std::fprintf(stderr, "--to %s: not an IP address and a port\n", wanted.to.c_str());
    return 2;
  }
  example::stop_signal stop;
  auto at = example::address_towards(to.value);
  at.port = static_cast<std::uint16_t>(wanted.port);
  example::udp_socket socket{at};
  std::string const sent_by = example::text_of(socket.local());
  std::string const domain = wanted.domain.empty() ? std::string{uri.host()} : wanted.domain;
  std::string const address_of_record = "sip:" + wanted.user + "@" + domain;
  std::string const contact = "sip:" + wanted.user + "@" + sent_by;
  std::string const target = wanted.call.find(':') == std::string::npos
                                 ? "sip:" + wanted.call + "@" + domain
                                 : wanted.call;

  ctsip::endpoint_settings own;
  own.element.seed = example::secret_seed();
  own.element.sent_by = sent_by;
  own.contact = contact;
  static wallet known{wanted};
  static endpoint agent{own, known};
  agent.trace().wanted = wanted.trace;
  static phone user{wanted, agent, socket};
  say("listening on %s", sent_by.c_str());

  std::string const registrar_uri = "sip:" + domain;
  std::string_view const contacts[] = {contact};
  ctsip::address const hops[] = {to.value};
  if (!wanted.alone) {
    ctsip::outgoing_registration out;
    out.registrar = registrar_uri;
    out.address_of_record = address_of_record;
    out.contacts = contacts;
    out.expires = static_cast<std::uint32_t>(wanted.expires);
    out.next_hops = hops;
    user.register_with(out);
  }
  if (!wanted.call.empty()) {
    ctsip::outgoing_call out;
    out.target = target;
    out.from = address_of_record;
    out.next_hop = to.value;
    user.call(out);
  }
  int asked = 0;
  while (user.result() < 0) {
    stop.wait({&socket, &user.media()}, user.next_timeout());
    for (; asked < stop.count(); ++asked) user.leave();
    user.turn();
  }
  return user.result();
}

} // namespace

int main(int argc, char** argv) try {
  settings s;
  if (char const* const kept = std::getenv("CTSIP_PASSWORD")) s.password = kept;
  bool const understood = example::read_options(
      argc, argv,
      {example::text("--to", s.to, "registrar and proxy, an IP address and a port: 127.0.0.1:5060"),
       example::text("--user", s.user, "who registers and calls, alice"),
       example::text("--password", s.password, "of the user; that of CTSIP_PASSWORD, or none"),
       example::text("--domain", s.domain, "of the address-of-record; the address of --to"),
       example::number("--port", s.port, "where to listen; any free port", 0, 65535),
       example::number("--expires", s.expires, "seconds to register for, 3600", 1),
       example::flag("--alone", s.alone, "does not register"),
       example::text("--call", s.call, "whom to call, a user or a URI; nobody"),
       example::number("--patience", s.patience, "milliseconds until it gives up a call; 0: never"),
       example::number("--ring", s.ring, "milliseconds that it rings until it is answered, 500"),
       example::flag("--busy", s.busy, "refuses what rings"),
       example::number("--hold", s.hold, "milliseconds from the answer until it holds; 0: never"),
       example::number("--held", s.held, "milliseconds that it holds, 1000"),
       example::number("--talk", s.talk,
                       "milliseconds from the answer until it hangs up; 0: never"),
       example::number("--calls", s.calls, "leave after so many; 0: stay"),
       example::flag("--trace", s.trace, "print each message")});
  return understood ? run(s) : 2;
} catch (std::exception const& e) {
  std::fprintf(stderr, "%s\n", e.what());
  return 2;
}
