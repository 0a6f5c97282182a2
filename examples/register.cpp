// A user agent that registers with a registrar on UDP: answers its challenge, refreshes the binding
// before it expires, and comes back when the registrar was away. SIGINT and SIGTERM remove the
// binding. Each change is a line on the terminal.
//
//   ./registrar --port 5060 --user alice --password secret     and in another terminal
//   ./register --to 127.0.0.1:5060 --user alice --password secret
//
// Other users of the machine may read a command line: without --password the password is taken from
// the environment variable CTSIP_PASSWORD.
//
// Stop the registrar and start it again: the next refresh binds the Contact once more. The exit
// code is 0 after the binding was removed, 3 for credentials that are missing or refused, 1 for
// another failure.
//
// A second phone of the same user has a binding of its own, for its Contact is another. With
// --instance urn:uuid:… the binding is that of the device, wherever it is (RFC 5626): the URN "MUST
// be persistent across power cycles of the device" and belongs to this phone alone (4.1), so it is
// yours to make, once, and to keep. Only then outbound is asked for, with reg-id 1. STUN
// keep-alives (4.4.2) are not sent: a NAT between the two may forget the flow long before the
// refresh.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <optional>
#include <string>
#include <string_view>

#include <ctsip/user_agent/registrant.hpp>

#include "support/clock.hpp"
#include "support/mbedtls_hashes.hpp"
#include "support/options.hpp"
#include "support/random.hpp"
#include "support/udp_socket.hpp"
#include "support/uri_address.hpp"

namespace {

struct settings {
  std::string to{};
  std::string user{"alice"};
  std::string password{};
  std::string domain{};
  std::string instance{};
  std::int64_t expires{3600};
  std::int64_t retry_base{30'000};
  bool once{};
  bool all{};
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

constexpr ctsip::registrant_size size{.registrations = 1, .transactions = 8, .message = 2048};
using registrant = ctsip::registrant<example::mbedtls_hashes, login, size>;
using event_kind = ctsip::registrant_event_kind;

// The loop between the registrant and a socket, and what is told of it.
class phone {
 public:
  phone(registrant& agent, example::udp_socket& socket, settings const& wanted)
      : agent_(agent), socket_(socket), wanted_(wanted) {}

  // The exit code; negative as long as there is none.
  int result() const { return result_; }

  void begin(ctsip::outgoing_registration const& out) {
    registration_ = agent_.add(out, example::now());
    if (!registration_) {
      std::fprintf(stderr, "no REGISTER can be written with these options\n");
      result_ = 2;
    }
    carry_out();
  }
  void leave() {
    if (!removal_) remove();
    carry_out();
  }
  void turn() {
    example::take_turn(agent_, socket_, buffer_, [this] { carry_out(); });
  }

 private:
  void remove() {
    removal_ = wanted_.all ? agent_.remove_all(registration_, example::now())
                           : agent_.remove(registration_, example::now());
  }
  void carry_out() {
    for (;;) {
      example::send_all(agent_, socket_);
      ctsip::registrant_event e;
      if (!agent_.poll_event(e)) return;
      on(e);
    }
  }
  static long long seconds_to(ctsip::instant moment) {
    return static_cast<long long>(((moment - example::now()).count + 500) / 1000);
  }
  void on(ctsip::registrant_event const& e) {
    switch (e.kind) {
    case event_kind::registered:
    case event_kind::refreshed:
      say("%s until +%lld s", name(e.kind), seconds_to(e.until));
      if (removal_ == ctsip::sending::sent) { // and this is what has come of it
        say("still registered");
        result_ = 1;
      }
      // It has waited for this answer.
      if (removal_) removal_ = ctsip::sending::sent;
      if (wanted_.once && !removal_) remove();
      break;
    case event_kind::challenged:
      if (e.refused)
        say("not registered: the credentials are refused");
      else
        say(wanted_.password.empty() ? "not registered: --password is needed"
                                     : "not registered: the challenge cannot be answered");
      result_ = 3;
      break;
    case event_kind::rejected:
      say("not registered: %u %s", unsigned{e.status}, ctsip::reason_phrase(e.status));
      result_ = e.status == 401 || e.status == 403 || e.status == 407 ? 3 : 1;
      break;
    case event_kind::waiting:
      say("%s: %u %s, again in +%lld s",
          e.state == ctsip::registration_status::registered ? "not refreshed" : "not registered",
          unsigned{e.status}, ctsip::reason_phrase(e.status), seconds_to(e.until));
      if (removal_) result_ = 1;
      break;
    case event_kind::unregistered:
      say("unregistered");
      result_ = 0;
      break;
    case event_kind::removed:
    case event_kind::expired:
      say("not registered: %s", name(e.kind));
      if (removal_) result_ = 1;
      break;
    case event_kind::redirected:
    case event_kind::failed:
      say("not registered: %s", name(e.kind));
      result_ = 1;
      break;
    case event_kind::fetched:
    case event_kind::flow_failed: break;
    }
  }
  template <class... Values>
  static void say(char const* format, Values... values) {
    if constexpr (sizeof...(values) == 0)
      std::fputs(format, stdout);
    else
      std::printf(format, values...);
    std::fputc('\n', stdout);
    std::fflush(stdout);
  }

  registrant& agent_;
  example::udp_socket& socket_;
  settings const& wanted_;
  ctsip::registration_handle registration_{};
  std::optional<ctsip::sending> removal_{}; // of the binding, by who is leaving
  int result_{-1};
  char buffer_[65536];
};

// "urn:" NID ":" NSS (RFC 2141), with nothing in it that would end the parameter it is sent in.
bool is_urn(std::string_view text) {
  if (text.substr(0, 4) != "urn:") return false;
  auto const colon = text.find(':', 4);
  for (unsigned char const c : text)
    if (c <= ' ' || c > '~' || c == '"' || c == '\\' || c == '<' || c == '>') return false;
  return colon != std::string_view::npos && colon > 4 && colon + 1 < text.size();
}

int run(settings const& wanted) {
  std::string const next_hop = "sip:" + wanted.to;
  ctsip::uri_view const uri{next_hop};
  auto const to = example::address_of(uri);
  if (!to) {
    std::fprintf(stderr, "--to %s: not an IP address and a port\n", wanted.to.c_str());
    return 2;
  }
  if (!wanted.instance.empty() && !is_urn(wanted.instance)) {
    std::fprintf(stderr, "--instance %s: not a URN, as in urn:uuid:…\n", wanted.instance.c_str());
    return 2;
  }
  example::stop_signal stop;
  example::udp_socket socket{example::address_towards(to.value)};
  std::string const sent_by = example::text_of(socket.local());
  std::string const domain = wanted.domain.empty() ? std::string{uri.host()} : wanted.domain;
  std::string const registrar = "sip:" + domain;
  std::string const address_of_record = "sip:" + wanted.user + "@" + domain;
  std::string const contact = "sip:" + wanted.user + "@" + sent_by;
  std::string const instance = wanted.instance.empty() ? "" : '<' + wanted.instance + '>';

  ctsip::registrant_settings own;
  own.element.seed = example::secret_seed();
  own.element.sent_by = sent_by;
  own.preferences.policy.base_time_all_failed = {wanted.retry_base};
  static login credentials{wanted};
  static registrant agent{own, credentials};
  static phone user{agent, socket, wanted};

  std::string_view const contacts[] = {contact};
  ctsip::address const hops[] = {to.value};
  ctsip::outgoing_registration out;
  out.registrar = registrar;
  out.address_of_record = address_of_record;
  out.contacts = contacts;
  out.expires = static_cast<std::uint32_t>(wanted.expires);
  out.instance = instance;
  out.reg_id = instance.empty() ? 0 : 1;
  out.next_hops = hops;
  user.begin(out);

  int asked = 0;
  while (user.result() < 0) {
    stop.wait({&socket}, agent.next_timeout());
    if (stop.count() > 1) return 1; // a second signal leaves at once
    if (stop.count() > asked) {
      asked = stop.count();
      user.leave();
    }
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
      {example::text("--to", s.to, "the registrar, an IP address and a port: 127.0.0.1:5060"),
       example::text("--user", s.user, "who registers, alice"),
       example::text("--password", s.password, "of the user; that of CTSIP_PASSWORD, or none"),
       example::text("--domain", s.domain, "of the address-of-record; the registrar's address"),
       example::text("--instance", s.instance, "the URN of this phone, to ask for outbound; none"),
       example::number("--expires", s.expires, "seconds to ask for, 3600", 1),
       example::number("--retry-base", s.retry_base,
                       "milliseconds that the wait after a failure is computed of, 30000", 1),
       example::flag("--once", s.once, "leave again as soon as the binding was made"),
       example::flag("--all", s.all, "remove all bindings of the user at the end")});
  return understood ? run(s) : 2;
} catch (std::exception const& e) {
  std::fprintf(stderr, "%s\n", e.what());
  return 2;
}
