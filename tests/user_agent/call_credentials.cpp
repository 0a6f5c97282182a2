// An endpoint that answers challenges in its calls, message by message and in virtual time: RFC
// 3261 8.1.3.5, 13 to 15, 22, RFC 3262, RFC 3311, RFC 5407 D. The hash is a toy: what is tested
// here is what is sent when, not the arithmetic.
#include <ctsip/user_agent/call_credentials.hpp>
#include <ctsip/user_agent/call_handles.hpp>
#include <ctsip/user_agent/endpoint.hpp>

#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "user_agent/desk.hpp"
#include "user_agent/toy_digest.hpp"

using namespace ctsip;
using namespace ctsip_tests;
using strings = std::vector<std::string>;
using heards = std::vector<heard>;
using kind = user_event_kind;

namespace {

// The passwords that the user has, for the realms whose names are there.
struct wallet {
  std::string password{"secret"};
  strings realms{"biloxi.com", "proxy.com"};
  bool is_useless{}; // nothing can be computed of what is known

  digest_login operator()(digest_question const& q) {
    for (auto const& realm : realms)
      if (realm == q.realm)
        return is_useless ? digest_login::with_ha1("bob", "")
                          : digest_login::with_password("bob", password);
    return {};
  }
};

struct with_credentials : endpoint_traits {
  using credentials = digest_credentials<toy_hashes, wallet>;
};

template <std::size_t Transactions>
using agent_of = endpoint<endpoint_size{2, Transactions, 1300}, with_credentials>;

std::string const held = "v=0\r\ns=held\r\n";
std::string const contact = "Contact: <sip:alice@192.0.2.1>\r\n";
std::string const with_sdp = "Content-Type: application/sdp\r\n";
message_body held_body() { return {"application/sdp", held}; }

std::string www(std::string const& nonce, std::string const& more = "",
                std::string const& realm = "biloxi.com") {
  return "WWW-Authenticate: Digest realm=\"" + realm + "\", qop=\"auth\", nonce=\"" + nonce + "\"" +
         more + "\r\n";
}
std::string proxy(std::string const& nonce, std::string const& more = "",
                  std::string const& realm = "proxy.com") {
  return "Proxy-Authenticate: Digest realm=\"" + realm + "\", qop=\"auth\", nonce=\"" + nonce +
         "\"" + more + "\r\n";
}

std::uint32_t cseq(std::string_view text) { return read(text).value.cseq().number; }
std::string branch(std::string_view text) {
  return std::string{read(text).value.top_via().branch()};
}

// Bob at 192.0.2.2, who is challenged; the test plays alice, the proxies and the clock.
template <std::size_t Transactions = 16>
struct caller {
  using agent_type = agent_of<Transactions>;

  wallet known{};
  std::unique_ptr<agent_type> agent;
  instant now{1'000'000};
  strings sent{};
  heards events{};
  call_handle call{};
  std::uint32_t session_expires;

  explicit caller(std::uint32_t session_interval = 0) : session_expires{session_interval} {
    endpoint_settings s{element_of("192.0.2.2"), "sip:bob@192.0.2.2:5060"};
    s.session_expires = session_expires;
    agent = std::make_unique<agent_type>(s, known);
  }
  caller(caller const&) = delete;

  void take() {
    for (datagram d; agent->poll_transmit(d);) sent.emplace_back(d.bytes);
    for (user_event e; agent->poll_event(e);) {
      events.push_back({e.kind, e.status});
      call = e.call;
      // None of them tells a secret.
      BOOST_TEST(e.message.bytes().find("secret") == std::string_view::npos);
    }
  }
  // What is sent because of it.
  strings receive(std::string const& text) {
    sent.clear();
    agent->receive(text, ip(1), transport::udp, now);
    take();
    advance(0);
    return std::exchange(sent, {});
  }
  // The same in short; the last message is kept.
  strings hear(std::string const& text) {
    strings all;
    for (auto const& each : receive(text)) {
      all.push_back(summary(each));
      last = each;
    }
    return all;
  }
  void advance(std::int64_t by) {
    instant const end = now + milliseconds{by};
    while (agent->next_timeout() <= end) {
      if (now < agent->next_timeout()) now = agent->next_timeout();
      agent->handle_timeout(now);
      take();
    }
    now = end;
  }
  strings look() {
    take();
    strings all;
    for (auto const& each : std::exchange(sent, {})) {
      all.push_back(summary(each));
      last = each;
    }
    return all;
  }
  heards listen() {
    take();
    return std::exchange(events, {});
  }
  // The INVITE.
  std::string place() {
    call =
        agent->call({"sip:alice@192.0.2.1", "sip:bob@192.0.2.2", ip(1), transport::udp, sdp}, now);
    BOOST_TEST_REQUIRE(static_cast<bool>(call));
    BOOST_TEST(look() == strings{"INVITE"}, boost::test_tools::per_element());
    return last;
  }
  // The INVITE that is sent again.
  std::string challenge(std::string const& invite, int status, std::string const& fields) {
    BOOST_TEST(hear(answer(invite, status, "x", fields)) == (strings{"ACK", "INVITE"}),
               boost::test_tools::per_element());
    return last;
  }
  // In a session that was challenged with the nonce "n1"; the INVITE.
  std::string talk() {
    auto const invite = challenge(place(), 401, www("n1"));
    accept(invite);
    return invite;
  }
  std::string ok{}; // the 200 to the INVITE
  void accept(std::string const& invite) {
    ok = answer(invite, 200, "alice", contact + "Allow: INVITE, ACK, BYE, UPDATE\r\n" + with_sdp,
                "v=0\r\n");
    BOOST_TEST(hear(ok) == strings{"ACK"}, boost::test_tools::per_element());
    BOOST_TEST((listen() == heards{{kind::answered, 200}}));
  }
  // Nothing is left of anything.
  void end() {
    for (int i = 0; i < 1000 && !agent->next_timeout().is_never(); ++i) {
      now = agent->next_timeout();
      agent->handle_timeout(now);
      take();
    }
    BOOST_TEST(agent->live_calls() == 0u);
    BOOST_TEST(agent->live_transactions() == 0u);
    BOOST_TEST(agent->counts().malformed == 0u);
    BOOST_TEST(agent->call_counts().untold == 0u);
  }
  void hang_up_and_end() {
    (void)agent->hang_up(call, now);
    (void)look();
    (void)hear(answer(last, 200, ""));
    BOOST_TEST((listen() == heards{{kind::ended, 200}}));
    end();
  }
  std::string last{};
};

#define CHECK_SENT(what, ...)                                                                      \
  BOOST_TEST((what) == (strings{__VA_ARGS__}), boost::test_tools::per_element())

} // namespace

BOOST_AUTO_TEST_SUITE(user_agent_call_credentials)

// ---- INVITE

// "This new request constitutes a new transaction and SHOULD have the same value of the Call-ID,
// To, and From of the previous request, but the CSeq should contain a new sequence number that is
// one higher than the previous." (8.1.3.5)
BOOST_AUTO_TEST_CASE(an_invite_that_is_challenged_is_sent_again_with_credentials_8_1_3_5_22_2) {
  for (int const status : {401, 407}) {
    caller bob;
    auto const first = bob.place();
    BOOST_TEST(credentials_in(first) == "");
    auto const where = status == 401 ? header::authorization : header::proxy_authorization;
    auto const again = bob.challenge(first, status, status == 401 ? www("n1") : proxy("n1"));
    BOOST_TEST(credentials_in(again, where) == "n1 00000001");
    BOOST_TEST(cseq(again) == 2u);
    BOOST_TEST(branch(again) != branch(first));
    for (header const h : {header::call_id, header::from, header::to, header::contact,
                           header::allow, header::supported, header::content_type})
      BOOST_TEST(value_of(again, h) == value_of(first, h));
    BOOST_TEST(read(again).value.to_tag().empty());
    BOOST_TEST(read(again).value.body() == sdp.body);
    BOOST_TEST(bob.listen().empty()); // the user need not know
    bob.accept(again);
    // "UACs creating an ACK message will duplicate all of the Authorization and Proxy-Authorization
    // header field values that appeared in the INVITE to which the ACK corresponds" (22.1).
    BOOST_TEST(value_of(bob.last, where) == value_of(again, where));
    BOOST_TEST(value_of(bob.last, header::cseq) == "2 ACK");
    auto const ack = bob.last;
    CHECK_SENT(bob.hear(bob.ok), "ACK");
    BOOST_TEST(bob.last == ack);
    bob.hang_up_and_end();
  }
}

BOOST_AUTO_TEST_CASE(a_proxy_and_then_the_callee_may_challenge_22_3) {
  caller bob;
  auto const second = bob.challenge(bob.place(), 407, proxy("p1"));
  BOOST_TEST(credentials_in(second) == "");
  auto const third = bob.challenge(second, 401, www("n1"));
  BOOST_TEST(cseq(third) == 3u);
  BOOST_TEST(credentials_in(third) == "n1 00000001");
  BOOST_TEST(credentials_in(third, header::proxy_authorization) == "p1 00000002");
  bob.accept(third);
  bob.hang_up_and_end();
}

// "When multiple proxies are used in a chain, a Proxy-Authorization header field value MUST NOT be
// consumed by any proxy whose realm does not match the "realm" parameter specified in that value."
BOOST_AUTO_TEST_CASE(each_proxy_of_a_chain_may_challenge_in_its_realm_22_3) {
  caller bob;
  bob.known.realms = {"a.com", "b.com"};
  auto const second = bob.challenge(bob.place(), 407, proxy("a1", "", "a.com"));
  CHECK_SENT(all_credentials_in(second), "a.com a1 00000001");
  auto const third = bob.challenge(second, 407, proxy("b1", "", "b.com"));
  CHECK_SENT(all_credentials_in(third), "a.com a1 00000002", "b.com b1 00000001");
  BOOST_TEST(cseq(third) == 3u);
  bob.accept(third);
  bob.hang_up_and_end();
}
// One of them may want another nonce later; what the others have is still good.
BOOST_AUTO_TEST_CASE(a_bye_that_one_proxy_of_a_chain_challenges_has_the_nonces_of_all_22_3) {
  caller bob;
  bob.known.realms = {"a.com", "b.com"};
  bob.accept(bob.challenge(bob.place(), 407, proxy("a1", "", "a.com") + proxy("b1", "", "b.com")));
  (void)bob.agent->hang_up(bob.call, bob.now);
  CHECK_SENT(bob.look(), "BYE");
  CHECK_SENT(bob.hear(answer(bob.last, 407, "", proxy("b2", "", "b.com"))), "BYE");
  CHECK_SENT(all_credentials_in(bob.last), "a.com a1 00000003", "b.com b2 00000001");
  BOOST_TEST(bob.hear(answer(bob.last, 200, "")).empty());
  BOOST_TEST((bob.listen() == heards{{kind::ended, 200}}));
  bob.end();
}
// "A UAC MUST NOT re-attempt requests with the credentials that have just been rejected" (22.1):
// those of one realm are not those of another.
BOOST_AUTO_TEST_CASE(what_one_realm_rejects_keeps_no_other_from_its_credentials_22_1) {
  caller bob;
  bob.known.realms = {"a.com", "b.com"};
  bob.accept(bob.challenge(bob.place(), 407, proxy("a1", "", "a.com") + proxy("b1", "", "b.com")));
  (void)bob.agent->modify(bob.call, held_body(), bob.now);
  CHECK_SENT(bob.look(), "INVITE");
  CHECK_SENT(bob.hear(answer(bob.last, 407, "", proxy("b1", "", "b.com"))), "ACK");
  BOOST_TEST((bob.listen() == heards{{kind::unmodified, 407}}));
  (void)bob.agent->hang_up(bob.call, bob.now);
  CHECK_SENT(bob.look(), "BYE");
  CHECK_SENT(all_credentials_in(bob.last), "a.com a1 00000003");
  (void)bob.hear(answer(bob.last, 200, ""));
  BOOST_TEST((bob.listen() == heards{{kind::ended, 200}}));
  bob.end();
}
// A proxy whose challenge cannot be answered has not refused what another has.
BOOST_AUTO_TEST_CASE(after_a_challenge_that_nobody_can_answer_the_call_can_be_ended_22_3) {
  for (std::string const& fields :
       {std::string{}, std::string{"Proxy-Authenticate: Basic realm=\"b.com\"\r\n"},
        proxy("b1", "", "b.com")}) {
    caller bob;
    bob.accept(bob.challenge(bob.place(), 407, proxy("p1")));
    (void)bob.agent->modify(bob.call, held_body(), bob.now);
    CHECK_SENT(bob.look(), "INVITE");
    CHECK_SENT(bob.hear(answer(bob.last, 407, "", fields)), "ACK");
    BOOST_TEST((bob.listen() == heards{{kind::unmodified, 407}}));
    (void)bob.agent->hang_up(bob.call, bob.now);
    CHECK_SENT(bob.look(), "BYE");
    CHECK_SENT(all_credentials_in(bob.last), "proxy.com p1 00000003");
    (void)bob.hear(answer(bob.last, 200, ""));
    bob.end();
  }
}

// "it should incorporate credentials for that realm in all subsequent requests that contain the
// same Call-ID" (22.3), and each counts (RFC 7616 3.4).
BOOST_AUTO_TEST_CASE(later_requests_have_credentials_with_rising_counts_22_3) {
  caller bob;
  bob.talk();
  BOOST_TEST((bob.agent->modify(bob.call, held_body(), bob.now) == sending::sent));
  CHECK_SENT(bob.look(), "INVITE");
  BOOST_TEST(credentials_in(bob.last) == "n1 00000002");
  CHECK_SENT(bob.hear(answer(bob.last, 200, "", contact + with_sdp, "v=0\r\n")), "ACK");
  BOOST_TEST(credentials_in(bob.last).empty() == false);
  BOOST_TEST((bob.listen() == heards{{kind::modified, 200}}));
  BOOST_TEST((bob.agent->hang_up(bob.call, bob.now) == sending::sent));
  CHECK_SENT(bob.look(), "BYE");
  BOOST_TEST(credentials_in(bob.last) == "n1 00000003");
  (void)bob.hear(answer(bob.last, 200, ""));
  BOOST_TEST((bob.listen() == heards{{kind::ended, 200}}));
  bob.end();
  // "These credentials MUST NOT be cached across dialogs" (22.3).
  BOOST_TEST(credentials_in(bob.place()) == "");
}

// "The nc value is the hexadecimal count of the number of requests (including the current request)
// that the client has sent with the nonce value in this request" (RFC 7616 3.4).
BOOST_AUTO_TEST_CASE(a_request_that_no_transaction_is_free_for_does_not_count_rfc_7616_3_4) {
  caller<4> bob;
  bob.talk();
  for (char const* const which : {"a", "b"}) {
    auto r = of("OPTIONS");
    r.via += which;
    r.call_id += which;
    CHECK_SENT(bob.hear(r.text()), "200 OPTIONS");
  }
  BOOST_TEST((bob.agent->hang_up(bob.call, bob.now) == sending::deferred));
  bob.advance(31'000);
  BOOST_TEST(bob.look().empty());
  bob.advance(2'000);
  (void)bob.look();
  BOOST_TEST(summary(bob.last) == "BYE");
  BOOST_TEST(credentials_in(bob.last) == "n1 00000002");
  (void)bob.hear(answer(bob.last, 200, ""));
  bob.end();
}

// "A UAC MUST NOT re-attempt requests with the credentials that have just been rejected (though the
// request may be retried if the nonce was stale)" (22.1).
BOOST_AUTO_TEST_CASE(a_second_rejection_ends_the_attempt_22_1) {
  for (auto const& nonce : {"n1", "n2"}) {
    caller bob;
    auto const again = bob.challenge(bob.place(), 401, www("n1"));
    CHECK_SENT(bob.hear(answer(again, 401, "x", www(nonce))), "ACK");
    BOOST_TEST((bob.listen() == heards{{kind::rejected, 401}}));
    BOOST_TEST((bob.agent->state(bob.call) == call_state::ended));
    bob.end();
  }
}
BOOST_AUTO_TEST_CASE(a_stale_nonce_is_replaced_rfc_7616_3_3) {
  caller bob;
  auto const second = bob.challenge(bob.place(), 401, www("n1"));
  auto const third = bob.challenge(second, 401, www("n2", ", stale=true"));
  BOOST_TEST(credentials_in(third) == "n2 00000001");
  BOOST_TEST(cseq(third) == 3u);
  bob.accept(third);
  bob.hang_up_and_end();
}
BOOST_AUTO_TEST_CASE(a_server_whose_nonces_are_always_stale_is_not_asked_for_ever_22_1) {
  caller bob;
  std::string invite = bob.place();
  unsigned times = 1;
  for (; times < 20; ++times) {
    auto const all =
        bob.hear(answer(invite, 407, "x", proxy("n" + std::to_string(times), ", stale=true")));
    if (all.size() != 2) break;
    invite = bob.last;
  }
  BOOST_TEST(times == authentication::most_challenges + 1u);
  BOOST_TEST((bob.listen() == heards{{kind::rejected, 407}}));
  bob.end();
}

// "When authentication is requested by a 401 or 407 response, the UAC resends BYE with appropriate
// credentials" (RFC 5407 D): its challenges are counted by themselves, whatever a request before it
// was given up for.
BOOST_AUTO_TEST_CASE(what_one_request_was_given_up_for_is_not_counted_for_the_next_22_3) {
  auto const stale = [](int n) { return proxy("n" + std::to_string(n), ", stale=true"); };
  std::string const basic = "Proxy-Authenticate: Basic realm=\"proxy.com\"\r\n";
  std::string const unknown = proxy("u", "", "elsewhere.com");
  int const most = authentication::most_challenges;
  for (int const answered : {1, most - 1, most})
    for (std::string const& end : {stale(0), basic, unknown, std::string{}, std::string{"403"}}) {
      if (end == stale(0) && answered != most) continue;
      caller bob;
      bob.talk();
      (void)bob.agent->modify(bob.call, held_body(), bob.now);
      CHECK_SENT(bob.look(), "INVITE");
      for (int n = 1; n <= answered; ++n) (void)bob.challenge(bob.last, 407, stale(n));
      int const status = end == "403" ? 403 : 407;
      CHECK_SENT(bob.hear(answer(bob.last, status, "x", end == "403" ? "" : end)), "ACK");
      BOOST_TEST((bob.listen() == heards{{kind::unmodified, status}}));
      bob.advance(600'000);
      (void)bob.agent->hang_up(bob.call, bob.now);
      CHECK_SENT(bob.look(), "BYE");
      // It has no more of its own than any other request.
      for (int n = 1; n <= most; ++n) {
        CHECK_SENT(bob.hear(answer(bob.last, 407, "", stale(n + 10))), "BYE");
        BOOST_TEST(credentials_in(bob.last, header::proxy_authorization) ==
                   "n" + std::to_string(n + 10) + " 00000001");
      }
      BOOST_TEST(bob.hear(answer(bob.last, 407, "", stale(20))).empty());
      BOOST_TEST((bob.listen() == heards{{kind::ended, 407}}));
      bob.end();
    }
}

BOOST_AUTO_TEST_CASE(a_challenge_that_nobody_can_answer_rejects_the_call) {
  std::string const unknown_realm = www("n1", "", "elsewhere.com");
  std::string const basic = "WWW-Authenticate: Basic realm=\"biloxi.com\"\r\n";
  std::string const strange = www("n1", ", algorithm=SHA-256"); // has no hash here
  for (auto const& fields : {unknown_realm, basic, strange, std::string{}}) {
    caller bob;
    CHECK_SENT(bob.hear(answer(bob.place(), 401, "x", fields)), "ACK");
    BOOST_TEST((bob.listen() == heards{{kind::rejected, 401}}));
    bob.end();
  }
  // Of two realms one is enough to try.
  caller bob;
  auto const again = bob.challenge(bob.place(), 401, unknown_realm + www("n1"));
  BOOST_TEST(credentials_in(again) == "n1 00000001");
}

// "unq(X) means the value of the quoted-string X without the surrounding quotes and with quoting
// slashes removed".
BOOST_AUTO_TEST_CASE(a_realm_is_known_whatever_is_quoted_in_it_rfc_7616_3_3) {
  for (std::string const realm : {"CORP\\\\sip", "the \\\"bar\\\""}) {
    caller bob;
    bob.known.realms = {"CORP\\sip", "the \"bar\""};
    auto const again = bob.challenge(bob.place(), 401, www("n1", "", realm));
    BOOST_TEST(credentials_in(again) == "n1 00000001");
  }
}

// The user agent without credentials is as it was.
BOOST_AUTO_TEST_CASE(an_endpoint_without_credentials_takes_a_challenge_for_a_rejection) {
  desk bob;
  (void)bob.place();
  bob.look();
  bob.receive(answer(bob.last[0].bytes, 401, "x", www("n1")));
  BOOST_TEST(bob.look() == strings{"ACK"}, boost::test_tools::per_element());
  BOOST_TEST((bob.listen() == heards{{kind::rejected, 401}}));
}
BOOST_AUTO_TEST_CASE(without_a_free_transaction_the_challenge_rejects_the_call) {
  caller<1> bob;
  CHECK_SENT(bob.hear(answer(bob.place(), 401, "x", www("n1"))), "ACK");
  BOOST_TEST((bob.listen() == heards{{kind::rejected, 401}}));
  bob.end();
}

// ---- CANCEL

BOOST_AUTO_TEST_CASE(the_invite_that_was_sent_again_is_cancelled_9_1) {
  caller bob;
  auto const again = bob.challenge(bob.place(), 401, www("n1"));
  // "If no provisional response has been received, the CANCEL request MUST NOT be sent".
  BOOST_TEST((bob.agent->cancel(bob.call, bob.now) == sending::deferred));
  BOOST_TEST(bob.look().empty());
  CHECK_SENT(bob.hear(answer(again, 180, "alice", contact)), "CANCEL");
  BOOST_TEST(branch(bob.last) == branch(again));
  BOOST_TEST(value_of(bob.last, header::cseq) == "2 CANCEL");
  auto const cancel = bob.last;
  // "servers MUST NOT attempt to challenge CANCEL requests" (22.1): nothing comes of it.
  BOOST_TEST(bob.hear(answer(cancel, 401, "x", www("n2"))).empty());
  bob.listen();
  CHECK_SENT(bob.hear(answer(again, 487, "alice")), "ACK");
  BOOST_TEST((bob.listen() == heards{{kind::rejected, 487}}));
  bob.end();
}
BOOST_AUTO_TEST_CASE(who_gives_up_before_the_challenge_sends_no_other_invite_9_1) {
  for (bool const rings : {false, true}) {
    caller bob;
    auto const invite = bob.place();
    if (rings) (void)bob.hear(answer(invite, 100, ""));
    BOOST_TEST(
        (bob.agent->hang_up(bob.call, bob.now) == (rings ? sending::sent : sending::deferred)));
    bob.look();
    bob.listen();
    CHECK_SENT(bob.hear(answer(invite, 407, "x", proxy("n1"))), "ACK");
    BOOST_TEST((bob.listen() == heards{{kind::rejected, 407}}));
    BOOST_TEST((bob.agent->hang_up(bob.call, bob.now) == sending::gone));
    bob.end();
  }
}
BOOST_AUTO_TEST_CASE(the_first_invites_early_dialogs_are_gone_and_its_late_responses_do_nothing) {
  caller bob;
  auto const first = bob.place();
  CHECK_SENT(bob.hear(answer(first, 183, "a", contact)));
  auto const again = bob.challenge(first, 407, proxy("n1"));
  BOOST_TEST((bob.agent->state(bob.call) == call_state::outgoing));
  BOOST_TEST((bob.listen() == heards{{kind::provisional, 183}}));
  CHECK_SENT(bob.hear(answer(first, 407, "x", proxy("n1"))), "ACK"); // 17.1.1.2
  CHECK_SENT(bob.hear(answer(first, 200, "a", contact)));
  BOOST_TEST(bob.listen().empty());
  bob.accept(again);
  bob.hang_up_and_end();
}

// ---- Within the dialog

BOOST_AUTO_TEST_CASE(a_re_invite_that_is_challenged_is_sent_again_with_the_same_offer_14_1) {
  caller bob;
  bob.accept(bob.place());
  BOOST_TEST((bob.agent->modify(bob.call, held_body(), bob.now) == sending::sent));
  CHECK_SENT(bob.look(), "INVITE");
  auto const first = bob.last;
  CHECK_SENT(bob.hear(answer(first, 401, "", www("n1"))), "ACK", "INVITE");
  BOOST_TEST(cseq(bob.last) == cseq(first) + 1);
  BOOST_TEST(credentials_in(bob.last) == "n1 00000001");
  BOOST_TEST(read(bob.last).value.body() == held);
  BOOST_TEST(value_of(bob.last, header::to) == value_of(first, header::to));
  BOOST_TEST(bob.listen().empty());
  auto const again = bob.last;
  CHECK_SENT(bob.hear(answer(again, 200, "", contact + with_sdp, "v=0\r\n")), "ACK");
  BOOST_TEST(value_of(bob.last, header::authorization) == value_of(again, header::authorization));
  BOOST_TEST((bob.listen() == heards{{kind::modified, 200}}));
  BOOST_TEST(bob.agent->local_session(bob.call).body == held);
  bob.hang_up_and_end();
}
BOOST_AUTO_TEST_CASE(a_re_invite_refused_twice_leaves_the_session_14_1) {
  caller bob;
  bob.talk();
  (void)bob.agent->modify(bob.call, held_body(), bob.now);
  CHECK_SENT(bob.look(), "INVITE");
  CHECK_SENT(bob.hear(answer(bob.last, 401, "", www("n1"))), "ACK");
  BOOST_TEST((bob.listen() == heards{{kind::unmodified, 401}}));
  BOOST_TEST(bob.agent->local_session(bob.call).body == sdp.body);
  BOOST_TEST((bob.agent->state(bob.call) == call_state::established));
  bob.hang_up_and_end();
}
BOOST_AUTO_TEST_CASE(an_update_in_an_early_dialog_is_sent_again_rfc_3311_5_1) {
  caller bob;
  auto const invite = bob.place();
  CHECK_SENT(bob.hear(answer(invite, 183, "alice",
                             contact + "Require: 100rel\r\nRSeq: 1\r\nAllow: UPDATE\r\n" + with_sdp,
                             "v=0\r\n")),
             "PRACK");
  (void)bob.hear(answer(bob.last, 200, ""));
  bob.listen();
  BOOST_TEST((bob.agent->modify(bob.call, held_body(), bob.now) == sending::sent));
  CHECK_SENT(bob.look(), "UPDATE");
  auto const update = bob.last;
  CHECK_SENT(bob.hear(answer(update, 407, "", proxy("n1"))), "UPDATE");
  BOOST_TEST(cseq(bob.last) == cseq(update) + 1);
  BOOST_TEST(credentials_in(bob.last, header::proxy_authorization) == "n1 00000001");
  BOOST_TEST(read(bob.last).value.body() == held);
  (void)bob.hear(answer(bob.last, 200, "", contact + with_sdp, "v=0\r\n"));
  BOOST_TEST((bob.listen() == heards{{kind::modified, 200}}));
}
BOOST_AUTO_TEST_CASE(a_refresh_that_is_challenged_is_sent_again_rfc_4028_10) {
  caller bob{100};
  auto const invite = bob.place();
  bob.ok = answer(invite, 200, "alice",
                  contact +
                      "Allow: INVITE, UPDATE\r\nSupported: timer\r\n"
                      "Session-Expires: 100;refresher=uac\r\n" +
                      with_sdp,
                  "v=0\r\n");
  CHECK_SENT(bob.hear(bob.ok), "ACK");
  bob.listen();
  bob.advance(50'000);
  CHECK_SENT(bob.look(), "UPDATE");
  auto const update = bob.last;
  CHECK_SENT(bob.hear(answer(update, 401, "", www("n1"))), "UPDATE");
  BOOST_TEST(credentials_in(bob.last) == "n1 00000001");
  for (header const h : {header::session_expires, header::supported})
    BOOST_TEST(value_of(bob.last, h) == value_of(update, h));
  BOOST_TEST(bob.hear(answer(bob.last, 200, "",
                             contact + "Require: timer\r\nSession-Expires: 100;refresher=uac\r\n"))
                 .empty());
  BOOST_TEST(bob.listen().empty());
  bob.advance(50'000);
  CHECK_SENT(bob.look(), "UPDATE");
  BOOST_TEST(credentials_in(bob.last) == "n1 00000002");
}

// A PRACK that is rejected has acknowledged nothing.
BOOST_AUTO_TEST_CASE(a_prack_that_is_challenged_is_sent_again_with_its_rack_rfc_3262_4) {
  caller bob;
  auto const invite = bob.place();
  CHECK_SENT(bob.hear(answer(invite, 183, "alice",
                             contact + "Require: 100rel\r\nRSeq: 7\r\n" + with_sdp, "v=0\r\n")),
             "PRACK");
  auto const prack = bob.last;
  CHECK_SENT(bob.hear(answer(prack, 407, "", proxy("n1"))), "PRACK");
  BOOST_TEST(value_of(bob.last, header::rack) == "7 1 INVITE");
  BOOST_TEST(cseq(bob.last) == cseq(prack) + 1);
  BOOST_TEST(credentials_in(bob.last, header::proxy_authorization) == "n1 00000001");
  BOOST_TEST(bob.hear(answer(bob.last, 200, "")).empty());
  bob.listen();
  bob.accept(invite);
  bob.hang_up_and_end();
}
BOOST_AUTO_TEST_CASE(a_prack_with_the_answer_is_sent_again_with_it_rfc_3262_5) {
  caller bob;
  bob.call = bob.agent->call(
      {"sip:alice@192.0.2.1", "sip:bob@192.0.2.2", ip(1), transport::udp, {}}, bob.now);
  CHECK_SENT(bob.look(), "INVITE");
  auto const invite = bob.last;
  BOOST_TEST(bob.hear(answer(invite, 183, "alice",
                             contact + "Require: 100rel\r\nRSeq: 7\r\n" + with_sdp, "v=0\r\n"))
                 .empty());
  BOOST_TEST((bob.listen() == heards{{kind::offered, 183}}));
  BOOST_TEST((bob.agent->acknowledge(bob.call, held_body(), bob.now) == sending::sent));
  CHECK_SENT(bob.look(), "PRACK");
  CHECK_SENT(bob.hear(answer(bob.last, 401, "", www("n1"))), "PRACK");
  BOOST_TEST(credentials_in(bob.last) == "n1 00000001");
  BOOST_TEST(read(bob.last).value.body() == held);
  BOOST_TEST(bob.hear(answer(bob.last, 200, "")).empty());
  BOOST_TEST(bob.agent->local_session(bob.call).body == held);
  CHECK_SENT(bob.hear(answer(invite, 200, "alice", contact)), "ACK");
  BOOST_TEST((bob.listen() == heards{{kind::answered, 200}}));
  bob.hang_up_and_end();
}
// Each is judged by itself: that the second has no credentials is no fault of theirs.
BOOST_AUTO_TEST_CASE(two_requests_challenged_at_once_are_both_sent_again_22_1) {
  for (bool const same_nonce : {true, false}) {
    caller bob;
    auto const invite = bob.place();
    strings pracks;
    for (unsigned rseq : {1u, 2u}) {
      CHECK_SENT(bob.hear(answer(invite, 183, "alice",
                                 contact + "Require: 100rel\r\nRSeq: " + std::to_string(rseq) +
                                     "\r\n" + (rseq == 1 ? with_sdp : ""),
                                 rseq == 1 ? "v=0\r\n" : "")),
                 "PRACK");
      pracks.push_back(bob.last);
    }
    CHECK_SENT(bob.hear(answer(pracks[0], 401, "", www("n1"))), "PRACK");
    BOOST_TEST(value_of(bob.last, header::rack) == "1 1 INVITE");
    BOOST_TEST(credentials_in(bob.last) == "n1 00000001");
    CHECK_SENT(bob.hear(answer(pracks[1], 401, "", www(same_nonce ? "n1" : "n2"))), "PRACK");
    BOOST_TEST(value_of(bob.last, header::rack) == "2 1 INVITE");
    BOOST_TEST(credentials_in(bob.last) == "n1 00000002");
  }
}

// ---- BYE

// "the UAC resends BYE with appropriate credentials" (RFC 5407 D).
BOOST_AUTO_TEST_CASE(a_bye_that_is_challenged_is_sent_again_rfc_5407_d) {
  caller bob;
  bob.accept(bob.place());
  BOOST_TEST((bob.agent->hang_up(bob.call, bob.now) == sending::sent));
  CHECK_SENT(bob.look(), "BYE");
  auto const bye = bob.last;
  CHECK_SENT(bob.hear(answer(bye, 401, "", www("n1"))), "BYE");
  BOOST_TEST(cseq(bob.last) == cseq(bye) + 1);
  BOOST_TEST(credentials_in(bob.last) == "n1 00000001");
  BOOST_TEST(bob.listen().empty());
  BOOST_TEST(bob.hear(answer(bob.last, 200, "")).empty());
  BOOST_TEST((bob.listen() == heards{{kind::ended, 200}}));
  bob.end();
}
BOOST_AUTO_TEST_CASE(a_bye_refused_twice_ends_the_call_all_the_same_15_1_1) {
  caller bob;
  bob.talk();
  (void)bob.agent->hang_up(bob.call, bob.now);
  CHECK_SENT(bob.look(), "BYE");
  BOOST_TEST(credentials_in(bob.last) == "n1 00000002");
  BOOST_TEST(bob.hear(answer(bob.last, 401, "", www("n1"))).empty());
  BOOST_TEST((bob.listen() == heards{{kind::ended, 401}}));
  bob.end();
}
// Where what the look-up knows gives no digest, each is sent without credentials: not without end.
BOOST_AUTO_TEST_CASE(a_bye_and_a_prack_without_a_digest_are_not_sent_for_ever_22_1) {
  for (bool const same_nonce : {true, false}) {
    for (bool const hangs_up : {true, false}) {
      caller bob;
      bob.known.is_useless = true;
      auto const invite = bob.place();
      if (hangs_up) {
        bob.accept(invite);
        (void)bob.agent->hang_up(bob.call, bob.now);
        (void)bob.look();
      } else {
        (void)bob.hear(answer(invite, 183, "alice",
                              contact + "Require: 100rel\r\nRSeq: 7\r\n" + with_sdp, "v=0\r\n"));
      }
      int times = 0;
      do {
        BOOST_TEST(credentials_in(bob.last) == "");
        ++times;
      } while (times < 20 && !bob.hear(answer(bob.last, 401, "",
                                              www("n" + std::to_string(same_nonce ? 1 : times))))
                                  .empty());
      BOOST_TEST(times < 7);
      if (hangs_up) {
        BOOST_TEST((bob.listen() == heards{{kind::ended, 401}}));
        bob.end();
      }
    }
  }
}
BOOST_AUTO_TEST_CASE(a_bye_waits_for_a_transaction_and_theirs_ends_the_call_meanwhile_15) {
  for (bool const theirs : {false, true}) {
    caller<3> bob;
    bob.accept(bob.place());
    (void)bob.agent->hang_up(bob.call, bob.now);
    CHECK_SENT(bob.look(), "BYE");
    auto const bye = bob.last;
    auto const options = of("OPTIONS");
    CHECK_SENT(bob.hear(options.text()), "200 OPTIONS");
    // INVITE, BYE and OPTIONS are there.
    BOOST_TEST(bob.hear(answer(bye, 401, "", www("n1"))).empty());
    BOOST_TEST(bob.listen().empty());
    if (theirs) {
      auto r = of("BYE");
      r.via += "bye";
      r.from = value_of(bye, header::to);
      r.to = value_of(bye, header::from);
      r.call_id = value_of(bye, header::call_id);
      auto const text = r.text();
      bob.agent->receive(text, ip(1), transport::udp, bob.now);
      bob.take();
      BOOST_TEST((bob.listen() == heards{{kind::ended, 0}}));
    } else {
      bob.advance(5'200);
      CHECK_SENT(bob.look(), "BYE");
      BOOST_TEST(credentials_in(bob.last).empty() == false);
      BOOST_TEST(bob.hear(answer(bob.last, 200, "")).empty());
      BOOST_TEST((bob.listen() == heards{{kind::ended, 200}}));
    }
    bob.end();
  }
}

// ---- Forks

// The other dialogs of the INVITE have the same Call-ID, and so the same credentials.
BOOST_AUTO_TEST_CASE(the_bye_to_another_branch_of_the_fork_has_the_credentials_too_13_2_2_4) {
  caller bob;
  auto const invite = bob.talk();
  auto const other =
      answer(invite, 200, "other", "Contact: <sip:other@192.0.2.1>\r\n" + with_sdp, "v=0\r\n");
  auto const all = bob.receive(other);
  BOOST_REQUIRE(all.size() == 2u);
  BOOST_TEST(summary(all[0]) == "ACK");
  BOOST_TEST(value_of(all[0], header::authorization) == value_of(invite, header::authorization));
  BOOST_TEST(summary(all[1]) == "BYE");
  BOOST_TEST(credentials_in(all[1]) == "n1 00000002");
  bob.receive(answer(all[1], 200, ""));
  bob.hang_up_and_end();
}

BOOST_AUTO_TEST_CASE(early_dialogs_of_a_fork_are_challenged_each_22_3) {
  for (bool const same_nonce : {true, false}) {
    caller bob;
    auto const invite = bob.place();
    strings pracks;
    for (char const* const tag : {"a", "b"}) {
      CHECK_SENT(bob.hear(answer(invite, 183, tag,
                                 contact + "Require: 100rel\r\nRSeq: 7\r\n" + with_sdp, "v=0\r\n")),
                 "PRACK");
      pracks.push_back(bob.last);
    }
    CHECK_SENT(bob.hear(answer(pracks[0], 407, "", proxy("n1"))), "PRACK");
    BOOST_TEST(credentials_in(bob.last, header::proxy_authorization) == "n1 00000001");
    BOOST_TEST(value_of(bob.last, header::to) == value_of(pracks[0], header::to));
    BOOST_TEST(bob.hear(answer(bob.last, 200, "")).empty());
    CHECK_SENT(bob.hear(answer(pracks[1], 407, "", proxy(same_nonce ? "n1" : "n2"))), "PRACK");
    BOOST_TEST(credentials_in(bob.last, header::proxy_authorization) == "n1 00000002");
    BOOST_TEST(value_of(bob.last, header::to) == value_of(pracks[1], header::to));
    BOOST_TEST(bob.hear(answer(bob.last, 200, "")).empty());
  }
}

// Each of these dialogs counts its requests for itself (RFC 3261 12.1.2): which of two was sent
// later, their numbers do not tell.
BOOST_AUTO_TEST_CASE(the_numbers_of_early_dialogs_do_not_tell_which_challenge_is_old_12_1_2) {
  caller bob;
  auto const invite = bob.place();
  auto const prack = [&](std::string const& tag, int rseq) {
    CHECK_SENT(bob.hear(answer(invite, 183, tag,
                               contact + "Require: 100rel\r\nRSeq: " + std::to_string(rseq) +
                                   "\r\n" + (rseq == 7 ? with_sdp : ""),
                               rseq == 7 ? "v=0\r\n" : "")),
               "PRACK");
    return bob.last;
  };
  auto const a1 = prack("a", 7);
  auto const b1 = prack("b", 7);
  BOOST_TEST(bob.hear(answer(b1, 200, "")).empty());
  auto const b2 = prack("b", 8);
  CHECK_SENT(bob.hear(answer(a1, 407, "", proxy("n1"))), "PRACK");
  auto const a2 = bob.last;
  BOOST_TEST(cseq(a2) == cseq(b2));
  CHECK_SENT(bob.hear(answer(b2, 407, "", proxy("n2"))), "PRACK");
  CHECK_SENT(all_credentials_in(bob.last), "proxy.com n1 00000002");
  BOOST_TEST(bob.hear(answer(a2, 200, "")).empty());
  CHECK_SENT(bob.hear(answer(invite, 200, "a", contact)), "ACK");
  (void)bob.agent->hang_up(bob.call, bob.now);
  (void)bob.look();
  CHECK_SENT(all_credentials_in(bob.last), "proxy.com n1 00000003");
}

// ---- Nonces that come with a success

// "if the same nc value is seen twice, then the request is a replay" (RFC 7616 3.4): a nonce that
// has been counted does not begin again.
BOOST_AUTO_TEST_CASE(a_repeated_200_brings_no_nonce_back_rfc_7616_3_4) {
  caller bob;
  auto const invite = bob.challenge(bob.place(), 401, www("n1"));
  auto const ok =
      answer(invite, 200, "alice", contact + "Authentication-Info: nextnonce=\"n2\"\r\n" + with_sdp,
             "v=0\r\n");
  CHECK_SENT(bob.hear(ok), "ACK");
  bob.listen();
  (void)bob.agent->modify(bob.call, held_body(), bob.now);
  CHECK_SENT(bob.look(), "INVITE");
  BOOST_TEST(credentials_in(bob.last) == "n2 00000001");
  auto const modified =
      answer(bob.last, 200, "", contact + "Authentication-Info: nextnonce=\"n3\"\r\n" + with_sdp,
             "v=0\r\n");
  CHECK_SENT(bob.hear(modified), "ACK");
  CHECK_SENT(bob.hear(ok), "ACK");
  (void)bob.agent->hang_up(bob.call, bob.now);
  CHECK_SENT(bob.look(), "BYE");
  BOOST_TEST(credentials_in(bob.last) == "n3 00000001");
}

// ---- Whatever comes

// "uri" is what stands in the Request-Line, a strict router's URI too (12.2.1.1).
BOOST_AUTO_TEST_CASE(the_credentials_are_for_the_request_uri_as_it_is_written_22_4) {
  caller bob;
  auto const invite = bob.challenge(bob.place(), 401, www("n1"));
  bob.ok = answer(invite, 200, "alice", contact + "Record-Route: <sip:192.0.2.9>\r\n" + with_sdp,
                  "v=0\r\n");
  CHECK_SENT(bob.hear(bob.ok), "ACK");
  bob.listen();
  BOOST_TEST((bob.agent->hang_up(bob.call, bob.now) == sending::sent));
  CHECK_SENT(bob.look(), "BYE");
  BOOST_TEST(read(bob.last).value.request_uri() == "sip:192.0.2.9");
  BOOST_TEST(credentials_in(bob.last) == "n1 00000002");
}

// A re-INVITE that is challenged while theirs is in progress waits for its end (14.1).
BOOST_AUTO_TEST_CASE(a_retry_waits_for_their_invite_14_1) {
  caller bob;
  auto const invite = bob.talk();
  (void)bob.agent->modify(bob.call, held_body(), bob.now);
  CHECK_SENT(bob.look(), "INVITE");
  auto const mine = bob.last;
  auto r = of("INVITE");
  r.via += "theirs";
  r.from = value_of(invite, header::to) + ";tag=alice";
  r.to = value_of(invite, header::from);
  r.call_id = value_of(invite, header::call_id);
  r.cseq = 1;
  r.more = contact + with_sdp;
  r.body = "v=0\r\n";
  CHECK_SENT(bob.hear(r.text()), "491 INVITE");
  CHECK_SENT(bob.hear(answer(mine, 401, "", www("n2", ", stale=true"))), "ACK", "INVITE");
  BOOST_TEST(credentials_in(bob.last) == "n2 00000001");
  BOOST_TEST(read(bob.last).value.body() == held);
}

// Responses of all kinds to all that is sent, in any order: no rule is broken, the requests come to
// an end, and nothing is left.
BOOST_AUTO_TEST_CASE(no_sequence_of_challenges_leaves_anything_behind) {
  for (unsigned seed = 1; seed <= 400; ++seed) {
    BOOST_TEST_CONTEXT("seed " << seed) {
      std::minstd_rand random{seed};
      auto const draw = [&](unsigned below) { return static_cast<unsigned>(random() % below); };
      caller<8> bob{draw(2) ? 100u : 0u};
      strings open; // requests of ours that may be answered
      std::size_t requests = 0;
      unsigned rseq = 0;
      auto const collect = [&](strings const& all) {
        for (auto const& each : all)
          if (message const m = read(each).value; m.is_request() && m.method() != method::ack) {
            open.push_back(each);
            ++requests;
          }
      };
      auto const collect_sent = [&] {
        bob.take();
        collect(std::exchange(bob.sent, {}));
      };
      auto const respond = [&](std::string const& request, unsigned what) {
        std::string const nonce = "n" + std::to_string(draw(4));
        std::string const stale = draw(2) ? ", stale=true" : "";
        std::string const tag = draw(3) ? "a" : "b";
        std::string more = contact + "Allow: INVITE, UPDATE\r\n";
        std::string body;
        int status = 200;
        switch (what) {
        case 0:
        case 1: status = 401, more += www(nonce, stale); break;
        case 2:
        case 3: status = 407, more += proxy(nonce, stale); break;
        case 4: status = 407, more += proxy(nonce) + www(nonce, stale); break;
        case 5: status = 401, more += www(nonce, "", "elsewhere.com"); break;
        case 6: status = 180; break;
        case 7:
          status = 183;
          more += "Require: 100rel\r\nRSeq: " + std::to_string(++rseq) + "\r\n";
          break;
        case 8: status = 491; break;
        case 9: status = 486; break;
        case 10: status = 481; break;
        case 11: status = 100; break;
        default: more += "Supported: timer\r\nSession-Expires: 100;refresher=uac\r\n"; break;
        }
        if (read(request).value.method() == method::invite && status >= 180 && status < 300) {
          more += with_sdp;
          body = "v=0\r\n";
        }
        collect(bob.receive(answer(request, status, tag, more, body)));
      };
      bob.call = bob.agent->call(
          {"sip:alice@192.0.2.1", "sip:bob@192.0.2.2", ip(1), transport::udp, sdp}, bob.now);
      collect_sent();
      for (unsigned i = 0; i < 40; ++i) {
        switch (draw(8)) {
        case 0: (void)bob.agent->modify(bob.call, held_body(), bob.now); break;
        case 1:
          if (draw(6) == 0) (void)bob.agent->hang_up(bob.call, bob.now);
          break;
        case 2: bob.advance(draw(2) ? 100 : 7000); break;
        default:
          if (!open.empty()) respond(std::string{open[draw(unsigned(open.size()))]}, draw(14));
          break;
        }
        collect_sent();
      }
      (void)bob.agent->hang_up(bob.call, bob.now);
      collect_sent();
      BOOST_TEST(requests < 250u);
      bob.end();
    }
  }
}

// ---- As objects

BOOST_AUTO_TEST_CASE(the_handles_of_calls_take_such_an_endpoint_too) {
  using my = calls<agent_of<16>>;
  caller bob;
  bob.talk();
  my::established const c{*bob.agent, bob.call};
  BOOST_TEST((c.hang_up(bob.now) == act_result::done));
  CHECK_SENT(bob.look(), "BYE");
  BOOST_TEST(credentials_in(bob.last) == "n1 00000002");
}

BOOST_AUTO_TEST_SUITE_END()
