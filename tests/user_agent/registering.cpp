// An endpoint that registers: calls, requests and registrations over one layer of transactions, one
// socket, one look-up of passwords. RFC 3261 10.2, 22; RFC 5626 3.5.1, 4.4.1.
#include <ctsip/user_agent/connection.hpp>
#include <ctsip/user_agent/registering.hpp>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "user_agent/user_desk.hpp"

using namespace ctsip;
using namespace ctsip_tests;

namespace {

constexpr registrant_size two_registrations{.registrations = 2};
using traits_of_phone = registering_traits<toy_hashes, purse, two_registrations>;
constexpr std::string_view contacts[]{"sip:bob@192.0.2.2:5060"};
constexpr address registrars[]{ip(5)};
constexpr address edge_proxy[]{ip(6)};

// Bob's phone: its registrar is at 192.0.2.5.
template <endpoint_size Size = with_requests>
struct phone : user_desk<Size, traits_of_phone> {
  using base = user_desk<Size, traits_of_phone>;
  using base::base;

  strings registrar_events{};
  registration_handle registration{};

  static outgoing_registration wanted() {
    outgoing_registration w;
    w.registrar = "sip:biloxi.com";
    w.address_of_record = "sip:bob@biloxi.com";
    w.contacts = contacts;
    w.next_hops = registrars;
    return w;
  }
  void hear_registrar() {
    for (registrant_event e; this->agent->poll_event(e);) {
      registrar_events.push_back(std::string{name(e.kind)} + ' ' + std::to_string(e.status));
      registration = e.registration;
    }
  }
  strings registrar_told() {
    hear_registrar();
    return std::exchange(registrar_events, {});
  }
  registration_status state() const { return this->agent->registrations().state(registration); }
  // The first REGISTER.
  std::string start(outgoing_registration const& w = wanted()) {
    registration = this->agent->add(w, this->now);
    BOOST_TEST_REQUIRE(static_cast<bool>(registration));
    return this->sent_one("REGISTER");
  }
  static std::string granted(std::string const& request, std::string const& more = "",
                             std::string const& seconds = "3600") {
    return answer(request, 200, "r",
                  "Contact: <sip:bob@192.0.2.2:5060>;expires=" + seconds + "\r\n" + more);
  }
  void bind() {
    this->receive(granted(start()), ip(5));
    check_all(registrar_told(), {"registered 200"});
  }
  // Nothing is left but the registrations' own timers.
  void end_calls() {
    if (this->agent->live_calls()) (void)this->agent->hang_up(this->call, this->now);
    for (int i = 0; i < 100; ++i) {
      this->take();
      for (auto const& w : std::exchange(this->sent, {}))
        if (this->read_is_request(w.bytes) && summary(w.bytes) != "ACK")
          this->receive(answer(w.bytes, 200, "x"));
      this->advance(1'000);
    }
    BOOST_TEST(this->agent->live_calls() == 0u);
    BOOST_TEST(this->agent->live_transactions() == 0u);
    BOOST_TEST(this->agent->call_counts().untold == 0u);
    BOOST_TEST(this->agent->counts().malformed == 0u);
  }
};

} // namespace

BOOST_AUTO_TEST_SUITE(user_agent_registering)

// 10.2, beside a call and a request, each with its own kind of event.
BOOST_AUTO_TEST_CASE(one_agent_registers_calls_and_asks_over_one_layer_10_2) {
  phone<> bob;
  auto const registering = bob.start();
  BOOST_TEST((bob.last[0].to == ip(5)));
  BOOST_TEST((bob.state() == registration_status::registering));
  BOOST_TEST(first_line(registering) == "REGISTER sip:biloxi.com SIP/2.0");
  auto const invite = bob.place();
  auto const h = bob.call;
  BOOST_TEST(static_cast<bool>(bob.send()));
  auto const options = bob.sent_one("OPTIONS");
  BOOST_TEST(bob.agent->live_transactions() == 3u);
  // The answers in another order.
  bob.receive(answer(options, 200, "a"));
  check_all(bob.registrar_told(), {});
  bob.receive(phone<>::granted(registering), ip(5));
  check_all(bob.registrar_told(), {"registered 200"});
  check_all(bob.listen(), {"response 200"});
  (void)bob.accept(invite);
  check_all(bob.registrar_told(), {});
  BOOST_TEST((bob.state() == registration_status::registered));
  BOOST_TEST((bob.agent->state(h) == call_state::established));
  bob.end_calls();
  // It is refreshed as long as it lives (10.2.4).
  bob.sent.clear();
  bob.advance(3'600'000);
  auto const all = bob.look();
  BOOST_TEST(std::count(all.begin(), all.end(), "REGISTER") >= 1);
}

// Calls come to whoever is registered.
BOOST_AUTO_TEST_CASE(a_registered_agent_is_called_10_1) {
  phone<> bob;
  bob.bind();
  (void)bob.taken();
  check_all(bob.registrar_told(), {});
  bob.end_calls();
  // And removes its binding in the end (10.2.2).
  BOOST_TEST((bob.agent->remove(bob.registration, bob.now) == sending::sent));
  auto const removing = bob.sent_one("REGISTER");
  BOOST_TEST(value_of(removing, header::expires) == "0");
  bob.receive(answer(removing, 200, "r"), ip(5));
  check_all(bob.registrar_told(), {"unregistered 200"});
  BOOST_TEST((bob.state() == registration_status::unregistered));
  bob.advance(40'000);
  BOOST_TEST(bob.agent->next_timeout().is_never());
}

// One look-up answers for both; what is remembered of one is not used for the other: "These
// credentials MUST NOT be cached across dialogs" (22.3).
BOOST_AUTO_TEST_CASE(challenges_to_register_and_to_invite_are_answered_by_one_look_up_22) {
  phone<> bob;
  bob.receive(answer(bob.start(), 401, "r", www_challenge("r1")), ip(5));
  auto const again = bob.sent_one("REGISTER");
  BOOST_TEST(credentials_in(again) == "r1 00000001");
  BOOST_TEST(cseq_of(again) == 2u);
  bob.receive(phone<>::granted(again), ip(5));
  auto const invite = bob.place();
  BOOST_TEST(credentials_in(invite) == "");
  bob.receive(answer(invite, 407, "p", proxy_challenge("p1")));
  check_all(bob.look(), {"ACK", "INVITE"});
  auto const second = bob.last[1].bytes;
  BOOST_TEST(credentials_in(second, header::proxy_authorization) == "p1 00000001");
  (void)bob.accept(second);
  BOOST_TEST((bob.agent->refresh(bob.registration, bob.now) == sending::sent));
  BOOST_TEST(credentials_in(bob.sent_one("REGISTER")) == "r1 00000002");
  check_all(bob.registrar_told(), {"registered 200"});
  BOOST_TEST(bob.known.asked > 2u);
  bob.end_calls();
}
BOOST_AUTO_TEST_CASE(a_wrong_password_is_told_of_each_by_its_own_event_22_1) {
  phone<> bob;
  bob.known.password = "wrong";
  bob.receive(answer(bob.start(), 401, "r", www_challenge("r1")), ip(5));
  auto const again = bob.sent_one("REGISTER");
  bob.receive(answer(again, 401, "r", www_challenge("r1")), ip(5));
  check_all(bob.look(), {});
  check_all(bob.registrar_told(), {"rejected 401"});
  check_all(bob.listen(), {});
  bob.receive(answer(bob.place(), 401, "x", www_challenge("n1")));
  check_all(bob.look(), {"ACK", "INVITE"});
  bob.receive(answer(bob.last[1].bytes, 401, "x", www_challenge("n1")));
  check_all(bob.listen(), {"rejected 401"});
  check_all(bob.registrar_told(), {});
}

// The timers of all kinds are those of one `next_timeout`, each in its turn.
BOOST_AUTO_TEST_CASE(the_next_timeout_is_the_earliest_of_all_kinds) {
  phone<> bob;
  bob.receive(phone<>::granted(bob.start(), "", "60"), ip(5));
  check_all(bob.registrar_told(), {"registered 200"});
  bob.advance(5'000); // Timer K of the REGISTER
  auto const refresh = bob.agent->next_timeout();
  BOOST_TEST((refresh > bob.now));
  BOOST_TEST((refresh <= bob.now + milliseconds{60'000}));
  outgoing_call out;
  out.expires = 10;
  auto const invite = bob.place(out);
  BOOST_TEST((bob.agent->next_timeout() == bob.now + milliseconds{500})); // Timer A
  bob.receive(answer(invite, 180, "alice", alices_contact));
  BOOST_TEST((bob.agent->next_timeout() == bob.now + milliseconds{10'000})); // Expires
  auto const m = of("MESSAGE");
  bob.receive(m.text());
  bob.listen();
  // Before the refresh all else has happened: the INVITE is cancelled, the MESSAGE trying.
  bob.advance(11'000);
  auto const sent = bob.look();
  BOOST_TEST(std::count(sent.begin(), sent.end(), "CANCEL") >= 1);
  BOOST_TEST(std::count(sent.begin(), sent.end(), "REGISTER") == 0);
  while (bob.now < refresh && bob.agent->next_timeout() <= refresh)
    bob.advance((bob.agent->next_timeout() - bob.now).count);
  auto const later = bob.look();
  BOOST_TEST(std::count(later.begin(), later.end(), "REGISTER") == 1);
  BOOST_TEST(bob.agent->call_counts().unanswered <= 1u);
  // Without a response the binding expires, and the user is told.
  bob.advance(60'000);
  auto const told = bob.registrar_told();
  BOOST_TEST(std::count(told.begin(), told.end(), "expired 0") == 1);
}

// "The client periodically sends a double-CRLF (the "ping") then waits to receive a single CRLF
// (the "pong")." (RFC 5626 3.5.1)
BOOST_AUTO_TEST_CASE(pings_and_pongs_of_the_flow_go_through_the_agent_rfc_5626_3_5_1) {
  phone<> bob;
  bob.over = transport::tcp;
  auto w = phone<>::wanted();
  w.over = transport::tcp;
  w.instance = "<urn:uuid:00000000-0000-1000-8000-000A95A0E128>";
  w.reg_id = 1;
  w.next_hops = edge_proxy;
  auto const ok = [&] {
    auto const request = bob.start(w);
    return answer(request, 200, "r",
                  "Contact: <sip:bob@192.0.2.2:5060>;expires=3600;reg-id=1;"
                  "+sip.instance=\"<urn:uuid:00000000-0000-1000-8000-000A95A0E128>\"\r\n"
                  "Require: outbound\r\nFlow-Timer: 100\r\n");
  }();
  bob.receive(ok, ip(6));
  check_all(bob.registrar_told(), {"registered 200"});
  auto const until_ping = [&] {
    bob.sent.clear();
    for (int i = 0; i < 200 && bob.sent.empty(); ++i) bob.advance(1'000);
    BOOST_TEST_REQUIRE(bob.sent.size() == 1u);
    BOOST_TEST(bob.sent[0].bytes == "\r\n\r\n");
    BOOST_TEST((bob.sent[0].to == ip(6)));
  };
  until_ping();
  // A pong of another connection is none.
  bob.receive("\r\n", ip(1));
  bob.receive("\r\n", ip(6));
  bob.sent.clear();
  bob.advance(15'000);
  check_all(bob.registrar_told(), {});
  // A call goes on beside it.
  auto const invite = bob.place();
  (void)bob.accept(invite);
  until_ping();
  bob.advance(11'000);
  check_all(bob.registrar_told(), {"flow_failed 0"});
  BOOST_TEST((bob.agent->state(bob.call) == call_state::established));
  auto const all = bob.look();
  BOOST_TEST(std::count(all.begin(), all.end(), "REGISTER") >= 1);
}

// No connection is opened for a ping: "For TCP, a flow is equivalent to a TCP connection" (RFC 5626
// 2.1). The agent is told by a `connection` that has ended, too, and calls go on.
BOOST_AUTO_TEST_CASE(a_ping_that_cannot_be_sent_is_the_loss_of_the_flow_rfc_5626_2_1) {
  phone<> bob;
  bob.over = transport::tcp;
  auto w = phone<>::wanted();
  w.over = transport::tcp;
  w.instance = "<urn:uuid:00000000-0000-1000-8000-000A95A0E128>";
  w.reg_id = 1;
  w.next_hops = edge_proxy;
  bob.receive(phone<>::granted(bob.start(w), "Require: outbound\r\nFlow-Timer: 100\r\n",
                               "3600;reg-id=1;+sip.instance="
                               "\"<urn:uuid:00000000-0000-1000-8000-000A95A0E128>\""),
              ip(6));
  check_all(bob.registrar_told(), {"registered 200"});
  auto const invite = bob.place();
  (void)bob.accept(invite);
  bob.listen();
  connection<1024> c{ip(6), transport::tcp, bob.now};
  BOOST_TEST(c.send({"\r\n\r\n", ip(6), transport::tcp}));
  bob.look();
  for (datagram d; c.poll_unsent(d);) bob.agent->handle_transport_error(d, bob.now);
  check_all(bob.look(), {});
  check_all(bob.registrar_told(), {"flow_failed 0"});
  check_all(bob.listen(), {});
  BOOST_TEST((bob.agent->state(bob.call) == call_state::established));
  // It had had no pong: the wait of 4.5.
  bob.advance(20'000);
  auto all = bob.look();
  BOOST_TEST(std::count(all.begin(), all.end(), "REGISTER") == 0);
  bob.advance(42'000);
  all = bob.look();
  BOOST_TEST(std::count(all.begin(), all.end(), "REGISTER") >= 1);
}
// An agent without registrations sends none, and is told of none.
BOOST_AUTO_TEST_CASE(a_ping_of_somebody_else_is_nobodys_failure) {
  user_desk<> bob;
  auto const invite = bob.place();
  bob.agent->handle_transport_error({"\r\n\r\n", ip(1), transport::tcp}, bob.now);
  check_all(bob.listen(), {});
  (void)bob.accept(invite);
  BOOST_TEST((bob.agent->state(bob.call) == call_state::established));
}

// The owners of transactions do not collide: forks take places of calls, requests and
// registrations have numbers of their own.
BOOST_AUTO_TEST_CASE(forks_requests_and_registrations_are_told_apart) {
  phone<> bob;
  auto const registering = bob.start();
  auto w = phone<>::wanted();
  w.address_of_record = "sip:bob@other.com";
  auto const other = bob.agent->add(w, bob.now);
  BOOST_TEST_REQUIRE(static_cast<bool>(other));
  auto const registering_other = bob.sent_one("REGISTER");
  BOOST_TEST(!bob.agent->add(w, bob.now)); // there are two places
  auto const invite = bob.place();
  auto const h = bob.call;
  strings pracks;
  // Three dialogs of one INVITE, each with a PRACK under way.
  for (char const* const tag : {"one", "two", "three"}) {
    bob.receive(answer(invite, 183, tag, alices_contact + "Require: 100rel\r\nRSeq: 1\r\n"));
    pracks.push_back(bob.sent_one("PRACK"));
  }
  auto const second = bob.place(); // in the last place of a call
  BOOST_TEST(static_cast<bool>(bob.send()));
  auto const options = bob.sent_one("OPTIONS");
  BOOST_TEST(static_cast<bool>(bob.send_in(h, method::info)));
  auto const info = bob.sent_one("INFO");
  bob.listen();
  bob.call = h;
  for (auto const& prack : pracks) bob.receive(answer(prack, 200, ""));
  check_all(bob.listen(), {});
  check_all(bob.registrar_told(), {});
  bob.receive(answer(registering_other, 403, "r"), ip(5));
  check_all(bob.registrar_told(), {"rejected 403"});
  BOOST_TEST((bob.registration == other));
  bob.receive(answer(options, 404, "x"));
  check_all(bob.listen(), {"response 404"});
  bob.receive(answer(info, 200, ""));
  check_all(bob.listen(), {"response 200"});
  BOOST_TEST((bob.heard_last[0].call == h));
  bob.receive(answer(second, 486, "x"));
  (void)bob.sent_one("ACK");
  check_all(bob.listen(), {"rejected 486"});
  bob.receive(phone<>::granted(registering), ip(5));
  check_all(bob.registrar_told(), {"registered 200"});
  BOOST_TEST((bob.agent->state(h) == call_state::early));
  check_all(bob.listen(), {});
}

// What is full says so, and is tried again by itself where it has begun.
BOOST_AUTO_TEST_CASE(in_a_full_layer_a_registration_waits_and_a_first_one_gets_no_handle) {
  phone<endpoint_size{.calls = 2, .transactions = 2, .requests = 1}> bob;
  bob.bind();
  bob.advance(5'000);
  auto const invite = bob.place();
  BOOST_TEST(static_cast<bool>(bob.send()));
  auto const options = bob.sent_one("OPTIONS");
  BOOST_TEST(!bob.agent->add(phone<>::wanted(), bob.now));
  BOOST_TEST((bob.agent->refresh(bob.registration, bob.now) == sending::deferred));
  check_all(bob.look(), {});
  // The registrations take no place from calls and requests, either.
  bob.receive(answer(options, 200, "x"));
  bob.advance(5'100); // Timer K
  auto const sent = bob.look();
  BOOST_TEST(std::count(sent.begin(), sent.end(), "REGISTER") >= 1);
  for (auto const& w : bob.last)
    if (summary(w.bytes) == "REGISTER") {
      bob.receive(phone<>::granted(w.bytes), ip(5));
      break;
    }
  check_all(bob.registrar_told(), {"refreshed 200"});
  bob.receive(answer(invite, 486, "x"));
  check_all(bob.listen(), {"response 200", "rejected 486"});
}

// "the number of requests (including the current request) that the client has sent with the nonce
// value" (RFC 7616 3.4).
BOOST_AUTO_TEST_CASE(a_refresh_that_no_transaction_is_free_for_does_not_count_rfc_7616_3_4) {
  phone<endpoint_size{.calls = 2, .transactions = 2, .requests = 1}> bob;
  bob.receive(answer(bob.start(), 401, "r", www_challenge("n1")), ip(5));
  auto const again = bob.sent_one("REGISTER");
  BOOST_TEST(credentials_in(again) == "n1 00000001");
  bob.receive(phone<>::granted(again), ip(5));
  bob.advance(5'000);
  BOOST_TEST(static_cast<bool>(bob.send()));
  auto const options = bob.sent_one("OPTIONS");
  (void)bob.place();
  BOOST_TEST((bob.agent->refresh(bob.registration, bob.now) == sending::deferred));
  bob.receive(answer(options, 200, "x"));
  bob.advance(4'900); // until Timer K there are further tries
  bob.look();
  bob.advance(600);
  auto const sent = bob.look();
  auto const at = std::find(sent.begin(), sent.end(), "REGISTER");
  BOOST_TEST_REQUIRE(static_cast<bool>(at != sent.end()));
  auto const index = static_cast<std::size_t>(at - sent.begin());
  BOOST_TEST(credentials_in(bob.last[index].bytes) == "n1 00000002");
}

// An error of the transport is told to whom the message belongs (18.4).
BOOST_AUTO_TEST_CASE(errors_of_the_transport_reach_their_own_18_4) {
  phone<> bob;
  (void)bob.start();
  auto const registering = bob.last[0];
  (void)bob.place();
  auto const invite = bob.last[0];
  bob.fail(registering);
  check_all(bob.registrar_told(), {"waiting 503"});
  check_all(bob.listen(), {});
  bob.fail(invite);
  check_all(bob.listen(), {"failed 503"});
  check_all(bob.registrar_told(), {});
  // No response is a 408, of each by itself (8.1.3.1); it is tried again by itself.
  bob.look();
  for (int i = 0; i < 200 && bob.sent.empty(); ++i) bob.advance(1'000);
  BOOST_TEST_REQUIRE(!bob.sent.empty());
  bob.advance(32'000);
  check_all(bob.registrar_told(), {"waiting 408"});
}

// A REGISTER of somebody else is not for a user agent.
BOOST_AUTO_TEST_CASE(a_request_to_register_here_is_405_10_3) {
  phone<> bob;
  bob.bind();
  bob.receive(of("REGISTER").text());
  (void)bob.sent_one("405 REGISTER");
  check_all(bob.registrar_told(), {});
  check_all(bob.listen(), {});
}

// What no registrations cost: nothing.
static_assert(sizeof(endpoint<with_requests, with_purse>) <
              sizeof(endpoint<with_requests, traits_of_phone>));
static_assert(sizeof(endpoint<with_requests, traits_of_phone>) -
                  sizeof(endpoint<with_requests, with_purse>) <=
              sizeof(traits_of_phone::registrations<
                     transaction_layer<with_requests.transactions, with_requests.message>>) +
                  16);

BOOST_AUTO_TEST_SUITE_END()
