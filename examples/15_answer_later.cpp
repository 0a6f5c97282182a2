// What a person does takes time. The second user agent lets it ring for 3 s, answers, talks for 5 s
// and hangs up, each when it is due and for many calls at once (RFC 3261 13.3.1, 15). Its traits
// name what is kept with each call, and what sees every message.
//
//   ./15_answer_later                                   and in another terminal
//   sipp -sn uac 127.0.0.1:5060 -m 5 -d 20000
//
// (SIPp wants to hang up itself: a call that we end is a failed one to it.) A port, and the two
// times in milliseconds, can be given: ./15_answer_later 5060 3000 5000.
//
// Break it: answer what is answered. In on(my::established&) of what_is_due, put
//
//   (void)call.answer(session, now());
//
// and the compiler says "a second final response to one INVITE (RFC 3261 17.2.1, RFC 6026 8.6)".
#include <cstdint>
#include <cstdio>
#include <exception>
#include <span>
#include <string>
#include <string_view>

#include <ctsip/user_agent/call_handles.hpp>

#include "support/agenda.hpp"
#include "support/options.hpp"
#include "support/printable.hpp"
#include "support/random.hpp"
#include "support/udp_socket.hpp"

using example::now;

namespace {

// What is kept with a call, from its first event to its last, and what it adds to the messages of
// the call: a BYE of ours says why (RFC 3326).
struct conversation {
  std::string caller;
  ctsip::instant answered;

  std::span<ctsip::extra_field const> header_fields(ctsip::method m, ctsip::status_code) const {
    static constexpr ctsip::extra_field reason[] = {
        {"Reason", "Q.850;cause=16;text=\"Normal call clearing\""}};
    if (m == ctsip::method::bye) return reason;
    return {};
  }
};

// Sees each message as it comes and goes, and prints its first line.
struct first_lines {
  void received(std::string_view bytes, ctsip::address const&, ctsip::transport,
                ctsip::instant) const {
    print("<", bytes);
  }
  void sent(ctsip::datagram const& d) const { print(">", d.bytes); }

 private:
  static void print(char const* way, std::string_view message) {
    // A stranger has written it.
    auto const line = example::printable(message.substr(0, message.find('\r')));
    std::printf("%s %s\n", way, line.c_str());
  }
};

struct traits : ctsip::endpoint_traits {
  using call_data = conversation;
  using trace = first_lines;
};
using user_agent = ctsip::endpoint<ctsip::endpoint_size{100, 1000, 1300}, traits>;
using my = ctsip::calls<user_agent>;

constexpr ctsip::message_body session{
    "application/sdp", "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
                       "m=audio 6000 RTP/AVP 0\r\n"};

// By the time that something is due the call may have gone on, or be over: what there is to do
// depends on where it is then.
struct what_is_due {
  void on(my::incoming& call) {
    if (call.answer(session, now()) == ctsip::act_result::unwritable) (void)call.reject(500, now());
  }
  void on(my::established& call) { (void)call.hang_up(now()); }
  void on(my::ended&) {}
  void on(my::outgoing&) {}
  void on(my::early&) {}
};

class person {
 public:
  person(ctsip::milliseconds ring, ctsip::milliseconds talk) : ring_(ring), talk_(talk) {}

  void on(my::incoming& call, ctsip::user_event const& e) {
    if (e.kind == ctsip::user_event_kind::modification) keep_session(call, e);
    if (e.kind != ctsip::user_event_kind::incoming) return;
    call.data()->caller = example::printable(e.message.from().uri());
    (void)call.ring(now());
    agenda_.add(ring_, call.handle());
  }
  void on(my::established& call, ctsip::user_event const& e) {
    if (e.kind == ctsip::user_event_kind::confirmed) {
      call.data()->answered = now();
      agenda_.add(talk_, call.handle());
    } else if (e.kind == ctsip::user_event_kind::modification) {
      keep_session(call, e);
    }
  }
  // Rejected, cancelled, ended or failed: each call that we have not refused comes here once.
  void on(my::ended& call, ctsip::user_event const& e) {
    conversation const& was = *call.data();
    bool const talked = was.answered != ctsip::instant{};
    std::printf("%s: %s after %lld ms\n", was.caller.c_str(), name(e.kind),
                talked ? static_cast<long long>((now() - was.answered).count) : 0);
  }
  void on(my::outgoing&) {}
  void on(my::early&) {}

  ctsip::instant next() const { return agenda_.next(); }
  template <class CarryOut>
  void act(user_agent& agent, CarryOut carry_out) {
    for (ctsip::call_handle due; agenda_.take(due); carry_out())
      dispatch(agent, due, what_is_due{});
  }

 private:
  // The session stays as it is; who asks what we offer is told.
  template <class Call>
  static void keep_session(Call& call, ctsip::user_event const& e) {
    if (e.message.body().empty())
      (void)call.accept_modification(session, now());
    else
      (void)call.reject_modification(488, now());
  }

  ctsip::milliseconds ring_, talk_;
  example::agenda<ctsip::call_handle> agenda_{};
};

} // namespace

int main(int argc, char** argv) try {
  std::int64_t port = 5060, ring = 3000, talk = 5000;
  auto const reads = [&](int i, std::int64_t& number, std::int64_t most) {
    return argc <= i || example::read_number(argv[i], number, 0, most);
  };
  if (argc > 4 || !reads(1, port, 65535) || !reads(2, ring, INT32_MAX) ||
      !reads(3, talk, INT32_MAX)) {
    std::fputs("usage: 15_answer_later [port [milliseconds to ring [and to talk]]]\n", stderr);
    return 2;
  }
  person user{{ring}, {talk}};
  example::stop_signal stop;
  example::udp_socket socket{
      ctsip::parse_address("127.0.0.1", static_cast<std::uint16_t>(port)).value};

  // Views: what they name lives as long as the agent.
  std::string const sent_by = example::text_of(socket.local()), contact = "sip:me@" + sent_by;
  ctsip::endpoint_settings settings;
  settings.element.sent_by = sent_by;
  settings.contact = contact;
  settings.element.seed = example::secret_seed();
  static user_agent agent{settings};

  char room[65536];
  auto const carry_out = [&] {
    example::send_all(agent, socket);
    for (ctsip::user_event e; agent.poll_event(e); example::send_all(agent, socket))
      dispatch(agent, e, user);
  };
  while (stop.count() == 0) {
    stop.wait({&socket}, user.next() < agent.next_timeout() ? user.next() : agent.next_timeout());
    example::take_turn(agent, socket, room, carry_out);
    user.act(agent, carry_out);
  }
  return 0;
} catch (std::exception const& e) {
  std::fprintf(stderr, "%s\n", e.what());
  return 2;
}
