// A registrar on UDP: binds Contacts to addresses-of-record, asks for a password, forgets what is
// not refreshed. Each change is a line on the terminal.
//
//   ./registrar --port 5060 --md5 --user alice --password secret      and in another terminal
//   sipsak -U -i -s sip:alice@127.0.0.1:5060 -C sip:alice@127.0.0.1:5070 -u alice -a secret -x 120
//
// Give sipsak another password: it is refused. So is "-x 5", and sipsak's own 15 seconds without
// -x: the shortest expiration is 60 seconds, or that of --expires. --md5 is for user agents, sipsak
// among them, that give up at a challenge with SHA-256 in front of MD5.
//
// Without --user everybody who knows the password may register under his own name. Without
// --password it is that of the environment variable CTSIP_PASSWORD, which other users of the
// machine cannot read; without both nobody is asked for one.
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <optional>
#include <string>

#include <ctsip/user_agent/registrar.hpp>

#include "support/clock.hpp"
#include "support/mbedtls_hashes.hpp"
#include "support/options.hpp"
#include "support/printable.hpp"
#include "support/random.hpp"
#include "support/udp_socket.hpp"
#include "support/usage.hpp"

namespace {

struct settings {
  std::int64_t port{5060};
  std::string host{"127.0.0.1"};
  std::string user{};
  std::string password{};
  std::string realm{"registrar.example.com"};
  std::string domain{};
  std::int64_t least{60};
  bool md5_only{};
  bool quiet{};
};

// Who may register: those who know the password, each under his own name.
struct members {
  settings const& wanted;

  bool may_register(std::string_view who, std::string_view aor) const {
    return ctsip::own_address_only{}.may_register(who, aor);
  }
  bool knows(std::string_view aor) const {
    return wanted.user.empty() || ctsip::own_address_only::user_of(aor) == wanted.user;
  }
  // The look-up of the passwords.
  ctsip::digest_login operator()(ctsip::digest_question const& q) const {
    if (!wanted.user.empty() && q.username != wanted.user) return {};
    ctsip::digest_login login;
    login.is = ctsip::digest_login::password;
    login.username = q.username;
    login.secret = wanted.password;
    return login;
  }
};

// Asks for the password, if there is one.
class door {
 public:
  door(settings const& wanted, members& who) {
    if (wanted.password.empty()) return;
    ctsip::digest_settings s;
    s.realm = wanted.realm;
    if (wanted.md5_only) s.offer = {ctsip::digest_algorithm::md5};
    digest_.emplace(example::secret_seed(), s, who);
  }
  ctsip::identification identify(ctsip::message const& request, ctsip::instant now) {
    return digest_ ? digest_->identify(request, now) : ctsip::identification{};
  }
  std::size_t challenge(ctsip::identification const& said, ctsip::instant now,
                        std::span<ctsip::extra_field> out) {
    return digest_ ? digest_->challenge(said, now, out) : 0;
  }
  std::size_t confirm(ctsip::identification const& said, ctsip::instant now,
                      std::span<ctsip::extra_field> out) {
    return digest_ ? digest_->confirm(said, now, out) : 0;
  }

 private:
  std::optional<ctsip::registrar_digest<example::mbedtls_hashes, members, 4096>> digest_{};
};

using store_type = ctsip::registrar_store<ctsip::registrar_store_size{4096, 4, 512, 96}>;
using registrar_type =
    ctsip::registrar<ctsip::registrar_size{8192, 1400}, store_type, members, door>;

// The loop between the registrar and a socket.
class counter {
 public:
  counter(registrar_type& registrar, example::udp_socket& socket, bool quiet)
      : registrar_(registrar), socket_(socket), quiet_(quiet) {}

  void turn() {
    example::take_turn(registrar_, socket_, buffer_, [this] { carry_out(); });
  }

 private:
  void carry_out() {
    example::send_all(registrar_, socket_);
    for (ctsip::registrar_event e; registrar_.poll_event(e);)
      if (!quiet_) print(e);
  }
  static void print(ctsip::registrar_event const& e) {
    std::string line = std::string{name(e.kind)} + ' ' + example::printable(e.address_of_record);
    if (e.kind == ctsip::registrar_event_kind::refused)
      line += ": " + std::to_string(e.status) + ' ' + ctsip::reason_phrase(e.status);
    else
      line += " at " + example::printable(e.binding.contact);
    if (e.kind == ctsip::registrar_event_kind::bound ||
        e.kind == ctsip::registrar_event_kind::refreshed)
      line +=
          " for " + std::to_string(((e.binding.until - example::now()).count + 999) / 1000) + " s";
    std::printf("%s\n", line.c_str());
    std::fflush(stdout);
  }

  registrar_type& registrar_;
  example::udp_socket& socket_;
  bool quiet_;
  char buffer_[65536];
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

  ctsip::registrar_settings own;
  own.element.seed = example::secret_seed();
  own.element.sent_by = sent_by;
  own.domains = wanted.domain;
  own.least_expires = static_cast<std::uint32_t>(wanted.least);
  // What the clock on the wall says where ours is at zero.
  own.unix_time = ctsip::milliseconds{std::chrono::system_clock::now().time_since_epoch()} -
                  (example::now() - ctsip::instant{});

  // Too large for the stack.
  static store_type store{example::secret_seed()};
  static members who{wanted};
  static door guard{wanted, who};
  static registrar_type registrar{own, store, who, guard};
  static counter desk{registrar, socket, wanted.quiet};

  double const spent_before = example::processor_microseconds();
  std::printf("listening on %s\n", sent_by.c_str());
  std::fflush(stdout);
  while (stop.count() == 0) {
    stop.wait({&socket}, registrar.next_timeout());
    desk.turn();
  }

  auto const& count = registrar.binding_counts();
  auto const number = [](auto n) { return static_cast<unsigned long long>(n); };
  std::printf("%llu registered, %llu challenged, %llu with a wrong password, %llu refused, "
              "%llu bindings expired, %llu are left\n",
              number(count.registered), number(count.challenged), number(count.disproven),
              number(count.refused), number(count.expired), number(store.size()));
  if (count.registered > 0)
    std::printf("%.1f microseconds of processor time a registration\n",
                (example::processor_microseconds() - spent_before) /
                    static_cast<double>(count.registered));
  return 0;
}

} // namespace

int main(int argc, char** argv) try {
  settings s;
  if (char const* const kept = std::getenv("CTSIP_PASSWORD")) s.password = kept;
  bool const understood = example::read_options(
      argc, argv,
      {example::number("--port", s.port, "where to listen; 0 for any free port", 0, 65535),
       example::text("--host", s.host, "the IP address to listen on, 127.0.0.1"),
       example::text("--user", s.user, "the one who may register; anybody"),
       example::text("--password", s.password, "to be asked for; that of CTSIP_PASSWORD, or none"),
       example::text("--realm", s.realm, "of the password, registrar.example.com"),
       example::text("--domain", s.domain, "the domains served, a comma list of hosts; any"),
       example::number("--expires", s.least, "the shortest expiration in seconds, 60"),
       example::flag("--md5", s.md5_only, "no challenge with SHA-256"),
       example::flag("--quiet", s.quiet, "no line for each change")});
  return understood ? run(s) : 2;
} catch (std::exception const& e) {
  std::fprintf(stderr, "%s\n", e.what());
  return 2;
}
