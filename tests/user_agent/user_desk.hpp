// One endpoint with what its user may add to calls: requests of his own, credentials, data, a
// trace, registrations. The test plays the network, the clock and the user; the hash is a toy: what
// is tested is what is sent when, not the arithmetic.
#pragma once

#include <ctsip/user_agent/call_credentials.hpp>
#include <ctsip/user_agent/endpoint.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "user_agent/dialogs.hpp"
#include "user_agent/toy_digest.hpp"

namespace ctsip_tests {

/// The passwords that the user has: one, for one realm.
struct purse {
  std::string password{"secret"};
  std::string realm{"biloxi.com"};
  unsigned asked{};

  ctsip::digest_login operator()(ctsip::digest_question const& q) {
    ++asked;
    if (q.realm != realm) return {};
    return ctsip::digest_login::with_password("bob", password);
  }
};

struct with_purse : ctsip::endpoint_traits {
  using credentials = ctsip::digest_credentials<toy_hashes, purse>;
};

inline std::string www_challenge(std::string const& nonce, std::string const& more = "") {
  return "WWW-Authenticate: Digest realm=\"biloxi.com\", qop=\"auth\", nonce=\"" + nonce + "\"" +
         more + "\r\n";
}
inline std::string proxy_challenge(std::string const& nonce, std::string const& more = "") {
  return "Proxy-Authenticate: Digest realm=\"biloxi.com\", qop=\"auth\", nonce=\"" + nonce + "\"" +
         more + "\r\n";
}
inline std::uint32_t cseq_of(std::string_view text) {
  return ctsip::read(text).value.cseq().number;
}
inline std::string branch_of(std::string_view text) {
  return std::string{ctsip::read(text).value.top_via().branch()};
}
/// The message with another branch in its top Via.
inline std::string with_branch(std::string text, std::string const& branch) {
  auto const old = branch_of(text);
  return text.replace(text.find(old), old.size(), branch);
}
/// The message without the header fields of this name.
inline std::string without_field(std::string text, std::string const& name) {
  for (auto at = text.find("\r\n" + name + ": "); at != std::string::npos;
       at = text.find("\r\n" + name + ": "))
    text.erase(at, text.find("\r\n", at + 2) - at);
  return text;
}

/// What an endpoint is that has requests of its user.
inline constexpr ctsip::endpoint_size with_requests{
    .calls = 4, .transactions = 16, .message = 1300, .requests = 2};

/// An event as kept.
struct told {
  ctsip::user_event_kind kind{};
  int status{};
  ctsip::call_handle call{};
  ctsip::request_handle request{};
  ctsip::call_state state{};
  std::string bytes{};
};

/// Bob at 192.0.2.2; whoever he talks to is at 192.0.2.1 unless a case says otherwise.
template <ctsip::endpoint_size Size = with_requests, class Traits = ctsip::endpoint_traits>
struct user_desk {
  using agent_type = ctsip::endpoint<Size, Traits>;
  static constexpr bool has_purse = std::is_constructible_v<typename Traits::credentials, purse&>;

  purse known{};
  std::unique_ptr<agent_type> agent;
  ctsip::instant now{1'000'000};
  std::vector<wired> sent{};
  std::vector<wired> last{}; // as of `look`
  std::vector<told> events{};
  std::vector<told> heard_last{}; // as of `listen`
  ctsip::call_handle call{};      // of the call's event heard last
  ctsip::request_handle request{};
  ctsip::transport over{ctsip::transport::udp};

  static ctsip::endpoint_settings settings() {
    ctsip::endpoint_settings s{element_of("192.0.2.2"), "sip:bob@192.0.2.2:5060"};
    s.element.own.allow = "INVITE, ACK, CANCEL, BYE, OPTIONS, PRACK, UPDATE, INFO, MESSAGE, "
                          "SUBSCRIBE, NOTIFY, REFER, PING";
    s.element.own.accept = "application/sdp, text/plain";
    return s;
  }
  explicit user_desk(ctsip::endpoint_settings const& s = settings()) {
    if constexpr (has_purse)
      agent = std::make_unique<agent_type>(s, known);
    else
      agent = std::make_unique<agent_type>(s);
  }
  user_desk(user_desk const&) = delete;
  user_desk& operator=(user_desk const&) = delete;

  void take() {
    for (ctsip::datagram d; agent->poll_transmit(d);) {
      std::string bytes{d.bytes};
      d.bytes = {};
      sent.push_back({std::move(bytes), d.to, d.over, d});
    }
    for (ctsip::user_event e; agent->poll_event(e);) {
      events.push_back(
          {e.kind, e.status, e.call, e.request, e.state, std::string{e.message.bytes()}});
      if (e.call) call = e.call;
      if (e.request) request = e.request;
    }
  }
  void receive(std::string const& text, ctsip::address const& from = ip(1)) {
    agent->receive(text, from, over, now);
    take();
    advance(0);
  }
  void advance(std::int64_t by) {
    ctsip::instant const end = now + ctsip::milliseconds{by};
    while (agent->next_timeout() <= end) {
      if (now < agent->next_timeout()) now = agent->next_timeout();
      agent->handle_timeout(now);
      take();
    }
    now = end;
  }
  void fail(wired const& w) {
    agent->handle_transport_error(w.unsent, now);
    take();
    advance(0);
  }
  std::vector<std::string> look() {
    take();
    std::vector<std::string> all;
    for (auto const& w : sent) all.push_back(summary(w.bytes));
    last = std::exchange(sent, {});
    return all;
  }
  std::vector<std::string> listen() {
    take();
    std::vector<std::string> all;
    for (auto const& e : events)
      all.push_back(std::string{ctsip::name(e.kind)} + ' ' + std::to_string(e.status));
    heard_last = std::exchange(events, {});
    return all;
  }
  /// The one message sent since the last look; it is as expected in short.
  std::string sent_one(std::string const& expected) {
    auto const all = look();
    BOOST_TEST(all == strings{expected}, boost::test_tools::per_element());
    return last.empty() ? std::string{} : last.back().bytes;
  }

  /// Bob's call to alice; his INVITE.
  std::string place(ctsip::outgoing_call more = {}) {
    if (more.target.empty()) more.target = "sip:alice@192.0.2.1";
    if (more.from.empty()) more.from = "sip:bob@192.0.2.2";
    if (more.next_hop == ctsip::address{}) more.next_hop = ip(1);
    more.over = over;
    if (more.offer.body.empty()) more.offer = sdp;
    call = agent->call(more, now);
    BOOST_TEST_REQUIRE(static_cast<bool>(call));
    return sent_one("INVITE");
  }
  /// Alice takes it; her 200, and the ACK is `last`.
  std::string accept(std::string const& invite, std::string const& more = "") {
    auto const ok = answer(invite, 200, "alice",
                           alices_contact + more + "Content-Type: application/sdp\r\n", "v=0\r\n");
    receive(ok);
    (void)sent_one("ACK");
    BOOST_TEST(listen() == strings{"answered 200"}, boost::test_tools::per_element());
    return ok;
  }
  /// Alice calls and bob takes it; his 200.
  std::string taken(std::string const& more = "") {
    receive(invite_of_alice(more).text());
    BOOST_TEST(listen() == strings{"incoming 0"}, boost::test_tools::per_element());
    BOOST_TEST((agent->answer(call, sdp, now) == ctsip::sending::sent));
    take();
    look();
    auto const ok = last.back().bytes;
    receive(in_dialog("ACK", ok, 1).text());
    BOOST_TEST(listen() == strings{"confirmed 0"}, boost::test_tools::per_element());
    return ok;
  }
  /// MESSAGE to alice, outside of calls.
  ctsip::request_handle send(ctsip::outgoing_request out = {}) {
    if (out.target.empty()) out.target = "sip:alice@192.0.2.1";
    if (out.from.empty()) out.from = "sip:bob@192.0.2.2";
    if (out.next_hop == ctsip::address{}) out.next_hop = ip(1);
    out.over = over;
    return agent->request(out, now);
  }
  ctsip::request_handle send_in(ctsip::call_handle h, ctsip::method m, std::string_view name = {}) {
    ctsip::call_request q;
    q.method = m;
    q.method_name = name;
    return agent->request(h, q, now);
  }
  /// Ends what is left; nothing stays.
  void end() {
    if (agent->live_calls()) (void)agent->hang_up(call, now);
    for (int i = 0; i < 1000 && !agent->next_timeout().is_never(); ++i) {
      if (now < agent->next_timeout()) now = agent->next_timeout();
      agent->handle_timeout(now);
      take();
    }
    BOOST_TEST(agent->live_calls() == 0u);
    BOOST_TEST(agent->live_transactions() == 0u);
    BOOST_TEST(agent->counts().malformed == 0u);
    BOOST_TEST(agent->call_counts().untold == 0u);
    check_places();
  }
  /// No place of a request is held: as many as there are can be had.
  void check_places() {
    if constexpr (Size.requests != 0) {
      std::vector<ctsip::request_handle> all;
      for (std::size_t i = 0; i < Size.requests; ++i) all.push_back(send());
      for (auto const h : all) BOOST_TEST(static_cast<bool>(h), "a place is held");
      take();
      for (auto const& w : std::exchange(sent, {}))
        if (read_is_request(w.bytes)) receive(answer(w.bytes, 200, "x"));
      events.clear();
    }
  }
  static bool read_is_request(std::string_view text) {
    return ctsip::read(text).value.is_request();
  }
};

} // namespace ctsip_tests
