// An endpoint with established calls under a flood of everything that anybody can send it: noise,
// torture, replays, forgeries, challenges. It stays within its bounds, what it sends is SIP, its
// calls go on as if nothing had been, and afterwards it is as good as new. Its policy is the
// default, which traps. And a registrar under a flood of replayed credentials.
//
// The attacker has seen all that was ever sent. What it may not do is to send a request with the
// tags of a call and a number that is next in it: nothing in SIP but authentication tells such a
// request from a real one.
//
// Built with CTSIP_ENDURANCE it is a million messages; otherwise as many as fit a quick test.
#include <ctsip/testing/virtual_network.hpp>
#include <ctsip/user_agent/call_credentials.hpp>
#include <ctsip/user_agent/registrar.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "user_agent/messages.hpp"
#include "user_agent/toy_digest.hpp"

using namespace ctsip;
using namespace ctsip_tests;

namespace {

#ifdef CTSIP_ENDURANCE
constexpr std::uint64_t messages_in_all = 1'000'000;
#else
constexpr std::uint64_t messages_in_all = 20'000;
#endif

constexpr message_body session{"application/sdp", "v=0\r\n"};
using strings = std::vector<std::string>;
constexpr endpoint_size size{8, 24, 1300};
constexpr address alice_at = ip(1);
constexpr address bob_at = ip(2);
constexpr address mallory_at = ip(66);

// One who has a password for everybody who asks.
struct wallet {
  digest_login operator()(digest_question const&) {
    return digest_login::with_password("bob", "secret");
  }
} trusting;
struct with_credentials : endpoint_traits {
  using credentials = digest_credentials<toy_hashes, wallet>;
};
using agent_type = endpoint<size, with_credentials>;

// An attacker on the network: hears what is sent to it.
struct listener {
  std::vector<std::string> heard{};
  std::uint64_t count{};

  void receive(std::string_view bytes, address const&, transport, instant) {
    ++count;
    if (heard.size() < 100) heard.emplace_back(bytes);
  }
  instant next_timeout() const { return instant::never(); }
  void handle_timeout(instant) {}
  bool poll_transmit(datagram&) { return false; }
};

// Alice and bob with four calls between them, two placed by each, and mallory.
struct siege {
  using network = virtual_network<network_size{3, 256, 4000}>;

  // A user who answers while there is peace, and keeps the handles.
  struct user {
    siege& s;
    agent_type& agent;
    std::vector<call_handle> established{};
    std::vector<call_handle> strangers{}; // calls that came in the flood
    std::uint64_t ended{};                // of the established ones
    bool peace{true};

    void operator()(user_event const& e, instant now) {
      switch (e.kind) {
      case user_event_kind::incoming:
        if (peace) {
          (void)agent.answer(e.call, session, now);
          established.push_back(e.call);
          return;
        }
        ++s.calls_that_came;
        switch (s.dice.draw(8)) {
        case 0: (void)agent.answer(e.call, session, now); break;
        case 1: (void)agent.ring(e.call, now); break;
        case 2: break;
        default: (void)agent.reject(e.call, 486, now); return;
        }
        strangers.push_back(e.call);
        return;
      case user_event_kind::answered: established.push_back(e.call); return;
      case user_event_kind::rejected:
      case user_event_kind::cancelled:
      case user_event_kind::ended:
      case user_event_kind::failed:
        for (auto const& h : established) ended += h == e.call;
        return;
      default: return;
      }
    }
    bool all_established() const {
      for (auto const& h : established)
        if (agent.state(h) != call_state::established) return false;
      return true;
    }
  };
  // Sees all that is sent, and holds bob to it that it is SIP.
  struct witness {
    siege& s;
    bool operator()(transit const& t) {
      if (t.from == bob_at) {
        ++s.sent_by_bob;
        s.broken += read(t.bytes).error != read_error::none || t.bytes.size() > size.message;
      }
      s.remember(t.bytes);
      return true;
    }
  };

  seeded_random dice;
  std::unique_ptr<network> net;
  std::unique_ptr<agent_type> alice{std::make_unique<agent_type>(
      endpoint_settings{{{1, 2}, "192.0.2.1", {}, {}}, "sip:alice@192.0.2.1"}, trusting)};
  std::unique_ptr<agent_type> bob{std::make_unique<agent_type>(
      endpoint_settings{{{3, 4}, "192.0.2.2", {}, {}}, "sip:bob@192.0.2.2"}, trusting)};
  user alice_user{*this, *alice};
  user bob_user{*this, *bob};
  listener mallory{};
  witness witness_{*this};
  std::vector<std::string> seen{}; // some of the first and some of the last datagrams
  std::vector<std::string> samples{};
  std::uint64_t seen_in_all{};
  std::uint64_t sent_by_bob{};
  std::uint64_t broken{};
  std::uint64_t calls_that_came{};
  std::uint64_t attacks{};

  explicit siege(std::uint64_t seed) : dice{seed}, net{std::make_unique<network>(seed)} {
    net->attach(*alice, alice_at, alice_user);
    net->attach(*bob, bob_at, bob_user);
    net->attach(mallory, mallory_at);
    net->intercept(witness_);
    for (int i = 0; i < 2; ++i) {
      BOOST_REQUIRE(static_cast<bool>(place(*alice, "alice", bob_at)));
      BOOST_REQUIRE(static_cast<bool>(place(*bob, "bob", alice_at)));
      (void)net->run_for({1000});
    }
    // The transactions of their INVITEs are over too.
    (void)net->run_for({100'000});
    BOOST_REQUIRE(alice_user.established.size() == 4u);
    BOOST_REQUIRE(bob_user.established.size() == 4u);
    alice_user.peace = bob_user.peace = false;
  }

  call_handle place(agent_type& from, std::string const& name, address const& to) {
    std::string const uri = "sip:192.0.2." + std::to_string(to.bytes[3]);
    std::string const own = "sip:" + name + "@example.com";
    return from.call({uri, own, to, transport::udp, session}, net->now());
  }
  void remember(std::string_view bytes) {
    constexpr std::size_t first = 40, most = 100;
    if (seen.size() < most)
      seen.emplace_back(bytes);
    else
      seen[first + seen_in_all % (most - first)] = bytes;
    ++seen_in_all;
  }
  void read_samples() {
    for (char const* const folder : {"/message/rfc4475", "/testing/rfc5118"})
      for (auto const& file :
           std::filesystem::directory_iterator{std::string{CTSIP_TESTS_DIR} + folder}) {
        std::ifstream in{file.path(), std::ios::binary};
        samples.emplace_back(std::istreambuf_iterator<char>{in}, std::istreambuf_iterator<char>{});
      }
    // The order of a directory is nobody's.
    std::sort(samples.begin(), samples.end());
    BOOST_REQUIRE(samples.size() > 50u);
  }

  std::size_t draw(std::size_t below) { return static_cast<std::size_t>(dice.draw(below)); }
  std::string const& any(std::vector<std::string> const& of_these) {
    return of_these[draw(of_these.size())];
  }

  std::string noise() {
    std::string text;
    for (auto n = draw(300); n; --n)
      text += draw(3) ? static_cast<char>(draw(256)) : "SIP/2.0 \r\n:;<>"[draw(14)];
    return text;
  }
  std::string mutate(std::string text) {
    for (auto n = 1 + draw(4); n && !text.empty(); --n) {
      auto const at = draw(text.size());
      auto const length = draw(20);
      switch (draw(5)) {
      case 0: text[at] = static_cast<char>(draw(256)); break;
      case 1: text.erase(at, length); break;
      case 2: text.insert(at, text.substr(draw(text.size()), length)); break;
      case 3: text[at] = "\r\n \t\"<>;,:=@%\0[]"[draw(16)]; break;
      default: text.resize(at); break;
      }
    }
    if (text.size() > 4000) text.resize(4000);
    return text;
  }
  // Something else in place of a tag, a Call-ID or a branch of a message.
  request_text stranger() {
    static char const* const methods[] = {"INVITE",    "INVITE", "INVITE",  "ACK",    "BYE",
                                          "CANCEL",    "PRACK",  "OPTIONS", "UPDATE", "REGISTER",
                                          "SUBSCRIBE", "REFER",  "nonsense"};
    static char const* const hosts[] = {"192.0.2.66", "192.0.2.1", "host.example.com",
                                        "192.0.2.66;rport", "192.0.2.66;maddr=192.0.2.1"};
    auto r = of(methods[draw(13)]);
    std::string const host = hosts[draw(5)];
    auto const parameters = host.find(';');
    r.via = "SIP/2.0/UDP " + host.substr(0, parameters) + ";branch=z9hG4bK" +
            std::to_string(draw(200'000)) +
            (parameters == std::string::npos ? "" : host.substr(parameters));
    r.from = "<sip:mallory@192.0.2.66>;tag=" + std::to_string(draw(10));
    r.call_id = std::to_string(draw(1'000));
    r.cseq = static_cast<unsigned>(draw(10));
    r.more = draw(2) ? "Contact: <sip:mallory@192.0.2.66>\r\n" : "";
    if (draw(4) == 0) r.more += "Record-Route: <sip:192.0.2.66;lr>, <sip:192.0.2.1>\r\n";
    if (draw(10) == 0) r.more += "Require: 100rel\r\nSupported: timer\r\nSession-Expires: 90\r\n";
    if (draw(3) == 0) r.more += "Content-Type: application/sdp\r\n", r.body = "v=0\r\n";
    return r;
  }
  // A request in one of the calls, but for one part of the dialog identifier, or out of order.
  request_text forged_request() {
    auto r = stranger();
    message const m = read(any(seen)).value;
    bool const of_bob = m.from_tag().size() && draw(2);
    r.from = std::string{m[of_bob ? header::to : header::from]};
    r.to = std::string{m[of_bob ? header::from : header::to]};
    r.call_id = std::string{m.call_id()};
    r.cseq = m.cseq().number + static_cast<unsigned>(draw(3));
    switch (draw(3)) {
    case 0: r.call_id += "x"; break;
    case 1: r.to += "x"; break;
    default: r.from += "x"; break;
    }
    return r;
  }
  std::string challenge() {
    std::string const which = draw(2) ? "WWW" : "Proxy";
    return which + "-Authenticate: Digest realm=\"r" + std::to_string(draw(3)) +
           "\", qop=\"auth\", nonce=\"" + std::to_string(draw(1'000)) + "\"" +
           (draw(2) ? ", stale=true" : "") + (draw(8) ? "" : ", algorithm=x, domain=\"\"") + "\r\n";
  }
  std::string forged_response() {
    static int const codes[] = {100, 180, 183, 200, 200, 302, 401,
                                401, 407, 407, 481, 487, 500, 603};
    std::string const& request = any(seen);
    if (!read(request).value.is_request()) return one_part_changed(request);
    auto text = answer(request, codes[draw(14)], draw(2) ? "forged" : "",
                       (draw(2) ? "Contact: <sip:mallory@192.0.2.66>\r\n" : "") +
                           (draw(3) ? challenge() : std::string{}));
    if (draw(2)) return text;
    // With another branch it belongs to nothing.
    auto const branch = text.find("z9hG4bK");
    if (branch != std::string::npos) text[branch + 7] ^= 1;
    return text;
  }
  // A message of live traffic, with another status, branch, sent-by, method, tag, Call-ID or
  // number.
  std::string one_part_changed(std::string text) {
    static std::array<char const*, 2> const parts[] = {
        {"SIP/2.0 2", "SIP/2.0 4"}, {"SIP/2.0 1", "SIP/2.0 2"},
        {"SIP/2.0 4", "SIP/2.0 2"}, {"branch=z9hG4bK", "branch=z9h"},
        {";branch=", ";branch=x"},  {"UDP 192.0.2.2", "UDP 192.0.2.3"},
        {"INVITE\r\n", "BYE\r\n"},  {"BYE\r\n", "INVITE\r\n"},
        {";tag=", ";tag=x"},        {"Call-ID: ", "Call-ID: x"},
        {"CSeq: ", "CSeq: 1"},      {"CSeq: 1", "CSeq: 0"},
        {"To: ", "From: "},         {"SIP/2.0 ", "SIP/2.0 401 "}};
    auto const& [from, to] = parts[draw(std::size(parts))];
    auto const at = text.find(from);
    if (at != std::string::npos) text.replace(at, std::string_view{from}.size(), to);
    return text;
  }
  // Credentials that nobody has asked for, or that are another request's.
  std::string with_credentials_of_another(request_text r) {
    r.more += "Authorization: Digest username=\"bob\", realm=\"r1\", nonce=\"" +
              std::to_string(draw(1'000)) + "\", uri=\"sip:192.0.2.2\", response=\"" +
              std::string(32, "0f"[draw(2)]) + "\", qop=auth, cnonce=\"c\", nc=0000000" +
              std::to_string(draw(4)) + "\r\n";
    return r.text();
  }
  std::string anything() {
    switch (draw(12)) {
    case 0: return noise();
    case 1: return any(samples);
    case 2: return mutate(any(samples));
    case 3: return any(seen);
    case 4: return mutate(any(seen));
    case 5: return forged_request().text();
    case 6: return forged_response();
    case 7: return one_part_changed(any(seen));
    case 8: return with_credentials_of_another(draw(2) ? stranger() : forged_request());
    default: return stranger().text();
    }
  }
  void attack() {
    static constexpr transport transports[] = {transport::tcp, transport::tls, transport::ws};
    for (auto n = 1 + draw(8); n; --n) {
      auto const from = draw(4) ? mallory_at : ip(static_cast<std::uint8_t>(draw(256)));
      auto const over = draw(20) ? transport::udp : transports[draw(3)];
      (void)net->inject(anything(), from, bob_at, over);
      ++attacks;
    }
    // Now and then the flood pauses until the transactions have ended, so that it finds room.
    (void)net->run_for({static_cast<std::int64_t>(draw(400) ? draw(40) : 40'000)});
    // Those whom the user has let wait are sent away at last.
    if (draw(100) == 0) send_strangers_away();
  }
  void send_strangers_away() {
    for (auto const& h : std::exchange(bob_user.strangers, {})) {
      (void)bob->hang_up(h, net->now());
      (void)net->run_for({0});
    }
  }
};

} // namespace

BOOST_AUTO_TEST_SUITE(testing_flood)

BOOST_AUTO_TEST_CASE(a_flood_leaves_established_calls_unharmed) {
  siege s{1};
  s.read_samples();
  auto const sent_before = s.sent_by_bob;
  std::uint64_t most_calls = 0;
  std::uint64_t most_transactions = 0;
  while (s.attacks < messages_in_all) {
    s.attack();
    most_calls = std::max<std::uint64_t>(most_calls, s.bob->live_calls());
    most_transactions = std::max<std::uint64_t>(most_transactions, s.bob->live_transactions());
    if (!s.bob_user.all_established() || !s.alice_user.all_established() || s.broken) {
      BOOST_ERROR("harm after " << s.attacks << " messages");
      break;
    }
  }
  // It was a flood: every place was taken.
  BOOST_TEST(most_calls == size.calls);
  BOOST_TEST(most_transactions == size.transactions);
  BOOST_TEST(s.calls_that_came > messages_in_all / 1'000);
  auto const& counts = s.bob->counts();
  BOOST_TEST_MESSAGE(s.attacks << " messages, " << s.sent_by_bob - sent_before << " sent, "
                               << counts.malformed << " malformed, " << counts.rejected
                               << " rejected, " << counts.overload << " at full load, "
                               << counts.stray << " stray, " << counts.retransmissions
                               << " retransmitted, " << s.calls_that_came << " calls came; "
                               << s.net->now().count / 1000 << " s of virtual time");
  BOOST_TEST(counts.malformed > messages_in_all / 10);
  BOOST_TEST(counts.stray > messages_in_all / 50);
  // No more comes out than a few datagrams for each that goes in.
  BOOST_TEST(s.sent_by_bob < 3 * s.attacks);
  BOOST_TEST(counts.unsent == 0u);
  BOOST_TEST(s.bob->call_counts().untold == 0u);

  // Then peace returns. The calls are as they were, and can be ended, by either side.
  s.send_strangers_away();
  (void)s.net->run_for({200'000});
  BOOST_TEST(s.bob_user.ended == 0u);
  BOOST_TEST(s.alice_user.ended == 0u);
  BOOST_TEST(s.bob->live_calls() == 4u);
  BOOST_TEST(s.bob->live_transactions() == 0u);
  BOOST_TEST(s.alice->live_calls() == 4u);
  for (int i = 0; i < 2; ++i) {
    BOOST_TEST((s.bob->hang_up(s.bob_user.established[i], s.net->now()) == sending::sent));
    (void)s.net->run_for({1000});
  }
  for (auto const& h : s.alice_user.established) (void)s.alice->hang_up(h, s.net->now());
  BOOST_TEST(s.net->run_out());
  BOOST_TEST(s.bob_user.ended == 4u);
  BOOST_TEST(s.alice_user.ended == 4u);
  BOOST_TEST(s.bob->live_calls() == 0u);
  BOOST_TEST(s.alice->live_calls() == 0u);
  BOOST_TEST(s.bob->live_transactions() == 0u);
  // A new call, as if nothing had been.
  s.bob_user.peace = true;
  s.bob_user.established.clear(), s.alice_user.established.clear();
  BOOST_TEST(static_cast<bool>(s.place(*s.alice, "alice", bob_at)));
  (void)s.net->run_for({1000});
  BOOST_TEST(s.alice_user.established.size() == 1u);
  BOOST_TEST(s.bob_user.established.size() == 1u);
}

BOOST_AUTO_TEST_CASE(the_same_flood_has_the_same_end) {
  auto const digest = [] {
    siege s{2};
    s.read_samples();
    while (s.attacks < 5'000) s.attack();
    return s.net->digest();
  };
  BOOST_TEST(digest() == digest());
}

namespace {

// A call between alice and bob, as mallory sees it.
struct observed {
  std::string from, to, call_id; // of a request of alice's to bob in it
};

// Mallory sends one message and hears what it gets for it.
struct forgery : siege {
  forgery() : siege{3} {}

  // Those that alice has placed: bob knows her CSeq.
  observed call() const {
    for (auto const& text : seen) {
      message const m = read(text).value;
      if (m.is_response() && m.status() == 200 && m.method() == method::invite &&
          m.from().uri() == "sip:alice@example.com")
        return {std::string{m[header::from]}, std::string{m[header::to]}, std::string{m.call_id()}};
    }
    BOOST_FAIL("no call");
    return {};
  }
  static request_text request(observed const& in, std::string method) {
    auto r = of(std::move(method));
    r.via = "SIP/2.0/UDP 192.0.2.66;branch=z9hG4bKforged" + r.method;
    r.from = in.from, r.to = in.to, r.call_id = in.call_id;
    r.cseq = 7;
    return r;
  }
  std::string try_this(std::string const& text) {
    mallory.heard.clear();
    auto const before = sent_by_bob;
    BOOST_TEST(net->inject(text, mallory_at, bob_at));
    (void)net->run_for({100});
    std::string what;
    for (auto const& t : mallory.heard) what += (what.empty() ? "" : ", ") + summary(t);
    if (what.empty() && sent_by_bob != before) what = "something to somebody else";
    BOOST_TEST(bob_user.all_established());
    BOOST_TEST(alice_user.all_established());
    return what;
  }
};

} // namespace

BOOST_AUTO_TEST_CASE(a_request_with_a_wrong_tag_or_call_id_is_of_no_dialog_12_2_2) {
  // "If the request has a tag in the To header field, [...] but the dialog identifier does not
  // match any existing dialogs [...] the UAS [...] it MUST respond to the request with a 481".
  for (char const* const method : {"BYE", "INVITE", "OPTIONS"}) {
    for (int wrong = 0; wrong < 3; ++wrong) {
      forgery f;
      auto in = f.call();
      (wrong == 0 ? in.from : wrong == 1 ? in.to : in.call_id) += "x";
      BOOST_TEST_CONTEXT(method << " with part " << wrong << " wrong") {
        BOOST_TEST(f.try_this(f.request(in, method).text()) == "481 " + std::string{method});
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(a_bye_without_a_to_tag_is_of_no_dialog_15_1_2) {
  // "If the UAS core receives a BYE without a matching dialog, it SHOULD [...] 481".
  forgery f;
  auto in = f.call();
  in.to = "<sip:bob@192.0.2.2>";
  BOOST_TEST(f.try_this(f.request(in, "BYE").text()) == "481 BYE");
}

BOOST_AUTO_TEST_CASE(a_request_with_a_lower_number_is_out_of_order_12_2_2) {
  forgery f;
  // With tags and a number that fit, anybody is believed.
  auto r = f.request(f.call(), "OPTIONS");
  r.cseq = 100;
  BOOST_TEST(f.try_this(r.text()) == "200 OPTIONS");
  r = f.request(f.call(), "BYE");
  r.cseq = 99;
  BOOST_TEST(f.try_this(r.text()) == "500 BYE");
}

BOOST_AUTO_TEST_CASE(zero_is_a_number_and_lower_than_that_of_the_invite_8_1_1_5_12_2_2) {
  // "The sequence number value MUST be expressible as a 32-bit unsigned integer and MUST be less
  // than 2**31."
  forgery f;
  auto r = f.request(f.call(), "BYE");
  r.cseq = 0;
  BOOST_TEST(f.try_this(r.text()) == "500 BYE");
}

BOOST_AUTO_TEST_CASE(an_ack_is_never_answered_17) {
  forgery f;
  auto in = f.call();
  BOOST_TEST(f.try_this(f.request(in, "ACK").text()) == "");
  in.to += "x";
  BOOST_TEST(f.try_this(f.request(in, "ACK").text()) == "");
}

BOOST_AUTO_TEST_CASE(a_cancel_of_nothing_is_answered_481_9_2) {
  forgery f;
  auto r = f.request(f.call(), "CANCEL");
  r.to = "<sip:bob@192.0.2.2>";
  BOOST_TEST(f.try_this(r.text()) == "481 CANCEL");
}

BOOST_AUTO_TEST_CASE(a_response_to_no_request_of_ours_is_dropped_in_silence_18_1_2) {
  forgery f;
  auto const in = f.call();
  for (char const* const method : {"INVITE", "BYE", "OPTIONS"})
    for (int const status : {100, 180, 200, 401, 487, 603}) {
      auto r = f.request(in, method);
      r.via = "SIP/2.0/UDP 192.0.2.2;branch=z9hG4bKguessed";
      BOOST_TEST(f.try_this(answer(r.text(), status, "")) == "");
    }
  BOOST_TEST(f.bob->counts().stray == 18u);
}

// "a [...] server transaction whose branch matches": the response to a live request must name its
// branch, its method and our sent-by (17.1.3, 18.1.2).
BOOST_AUTO_TEST_CASE(a_forged_response_to_a_live_request_needs_branch_method_and_sent_by_17_1_3) {
  forgery f;
  std::string invite;
  auto stop = [&](transit const& t) {
    if (t.from == bob_at && t.bytes.starts_with("INVITE")) invite = t.bytes;
    return false;
  };
  f.net->intercept(stop);
  auto const h = f.place(*f.bob, "bob", alice_at);
  BOOST_REQUIRE(static_cast<bool>(h));
  (void)f.net->run_for({1});
  BOOST_REQUIRE(!invite.empty());
  auto const good = answer(invite, 603, "x");
  auto const change = [&](std::string_view what, std::string_view to) {
    auto text = good;
    auto const at = text.find(what);
    BOOST_REQUIRE(at != std::string::npos);
    text.replace(at, what.size(), to);
    return text;
  };
  auto const strays = f.bob->counts().stray;
  for (auto const& text :
       {change("z9hG4bK", "z9hG4bKa"), change("1 INVITE", "1 BYE"),
        change("UDP 192.0.2.2", "UDP 192.0.2.3"), change("UDP 192.0.2.2", "UDP 192.0.2.2:5061")}) {
    BOOST_TEST(f.try_this(text) == "");
    BOOST_TEST((f.bob->state(h) == call_state::outgoing));
  }
  BOOST_TEST(f.bob->counts().stray == strays + 4);
  // And with all three right, it is believed, whoever sends it.
  (void)f.net->inject(good, mallory_at, bob_at);
  (void)f.net->run_for({0});
  BOOST_TEST((f.bob->state(h) == call_state::ended));
}

BOOST_AUTO_TEST_CASE(what_was_sent_once_does_no_harm_when_it_is_sent_again) {
  forgery f;
  auto const all = f.seen;
  for (int round = 0; round < 3; ++round)
    for (auto const& text : all) {
      (void)f.try_this(text);
      // A replayed INVITE is a call like any other, for the user to refuse.
      if (!f.bob_user.strangers.empty()) {
        f.send_strangers_away();
        (void)f.net->run_for({40'000});
      }
    }
  (void)f.net->run_for({200'000});
  BOOST_TEST(f.bob_user.all_established());
  BOOST_TEST(f.bob->live_calls() == 4u);
  BOOST_TEST(f.bob->live_transactions() == 0u);
}

// ---- Challenges

namespace {

// Whoever is called: answers each request with another challenge, an INVITE as the test says.
struct challenger {
  seeded_random& dice;
  bool accepts_invites{};
  std::vector<std::string> out{};
  std::size_t taken{};
  std::uint64_t asked[16]{}; // requests, by method
  std::uint64_t nonces{};

  void receive(std::string_view bytes, address const&, transport, instant) {
    message const m = read(bytes).value;
    if (!m.is_request() || m.method() == method::ack) return;
    ++asked[static_cast<std::size_t>(m.method())];
    std::string const text{bytes};
    if (m.method() == method::cancel || (m.method() == method::invite && accepts_invites))
      return out.push_back(answer(text, 200, "x", "Contact: <sip:192.0.2.66>\r\n"));
    std::string const fields = " Digest realm=\"r\", qop=\"auth\", nonce=\"" +
                               std::to_string(++nonces) + "\", stale=true\r\n";
    bool const proxy = dice.draw(2);
    out.push_back(answer(text, proxy ? 407 : 401, "x",
                         (proxy ? "Proxy-Authenticate:" : "WWW-Authenticate:") + fields));
  }
  instant next_timeout() const { return instant::never(); }
  void handle_timeout(instant) {}
  bool poll_transmit(datagram& d) {
    if (taken == out.size()) return false;
    d = {out[taken++], bob_at, transport::udp, {}};
    return true;
  }
  std::uint64_t requests(method m) const { return asked[static_cast<std::size_t>(m)]; }
};

} // namespace

// "A UAC MUST NOT re-attempt requests with the credentials that have just been rejected (though the
// request may be retried if the nonce was stale)": who is challenged afresh each time stops all the
// same.
BOOST_AUTO_TEST_CASE(a_flood_of_challenges_does_not_make_us_send_for_ever_22_1) {
  seeded_random dice{4};
  auto const net = std::make_unique<siege::network>(4);
  auto const bob = std::make_unique<agent_type>(
      endpoint_settings{{{3, 4}, "192.0.2.2", {}, {}}, "sip:bob@192.0.2.2"}, trusting);
  std::vector<user_event_kind> heard;
  auto hears = [&](user_event const& e, instant) { heard.push_back(e.kind); };
  challenger mallory{dice};
  net->attach(*bob, bob_at, hears);
  net->attach(mallory, mallory_at);
  auto const place = [&] {
    return bob->call({"sip:192.0.2.66", "sip:bob@example.com", mallory_at, transport::udp, session},
                     net->now());
  };
  BOOST_TEST(static_cast<bool>(place()));
  BOOST_TEST(net->run_out());
  BOOST_TEST(mallory.requests(method::invite) <= 6u);
  BOOST_TEST((heard == std::vector{user_event_kind::rejected}));
  // The same of what is sent in a call.
  mallory.accepts_invites = true;
  heard.clear();
  auto const h = place();
  (void)net->run_for({100});
  BOOST_TEST((bob->state(h) == call_state::established));
  mallory.accepts_invites = false;
  auto const invites = mallory.requests(method::invite);
  BOOST_TEST((bob->modify(h, session, net->now()) == sending::sent));
  (void)net->run_for({100'000});
  BOOST_TEST(mallory.requests(method::invite) - invites <= 6u);
  BOOST_TEST((heard == std::vector{user_event_kind::answered, user_event_kind::unmodified}));
  BOOST_TEST((bob->hang_up(h, net->now()) == sending::sent));
  BOOST_TEST(net->run_out());
  BOOST_TEST(mallory.requests(method::bye) <= 6u);
  BOOST_TEST((heard.back() == user_event_kind::ended));
  BOOST_TEST(bob->live_calls() == 0u);
  BOOST_TEST(bob->live_transactions() == 0u);
}

// A challenge is a response like any other: only to the request whose branch and method it has, and
// once. What was answered already, or belongs to nothing, makes us send nothing.
BOOST_AUTO_TEST_CASE(a_forged_or_replayed_challenge_has_no_answer_17_1_3) {
  forgery f;
  strings invites;
  auto stop = [&](transit const& t) {
    if (t.from == bob_at) invites.emplace_back(t.bytes);
    return false;
  };
  f.net->intercept(stop);
  auto const h = f.place(*f.bob, "bob", alice_at);
  (void)f.net->run_for({1});
  BOOST_REQUIRE(invites.size() == 1u);
  std::string const asked = "WWW-Authenticate: Digest realm=\"r\", qop=\"auth\", nonce=\"n1\"\r\n";
  auto const good = answer(invites[0], 401, "x", asked);
  auto const hear = [&](std::string text, std::string_view from, std::string_view to) {
    if (!from.empty()) {
      auto const at = text.find(from);
      BOOST_REQUIRE(at != std::string::npos);
      text.replace(at, from.size(), to);
    }
    invites.clear();
    (void)f.net->inject(text, mallory_at, bob_at);
    (void)f.net->run_for({0});
    strings sent;
    for (auto const& i : invites) sent.push_back(summary(i));
    return sent;
  };
  strings const nothing{};
  BOOST_TEST((hear(good, "z9hG4bK", "z9hG4bKa") == nothing));
  BOOST_TEST((hear(good, "1 INVITE", "1 BYE") == nothing));
  BOOST_TEST((hear(good, "UDP 192.0.2.2", "UDP 192.0.2.3") == nothing));
  BOOST_TEST((hear(good, "", "") == strings{"ACK", "INVITE"}));
  // Once more, by whomever: the transaction has had its final response and repeats its ACK.
  for (int i = 0; i < 20; ++i) BOOST_TEST((hear(good, "", "") == strings{"ACK"}));
  for (int i = 0; i < 20; ++i)
    BOOST_TEST((hear(good, "nonce=\"n1", "nonce=\"n2") == strings{"ACK"}));
  (void)f.net->run_for({40'000});
  BOOST_TEST((hear(good, "", "") == nothing));
  BOOST_TEST((f.bob->state(h) == call_state::ended)); // nobody has answered the second INVITE
  BOOST_TEST(f.bob_user.all_established());
}

// ---- Credentials, replayed

namespace {

// The password is the name backwards.
struct people {
  std::string password{};

  bool may_register(std::string_view who, std::string_view aor) const {
    return own_address_only{}.may_register(who, aor);
  }
  bool knows(std::string_view) const { return true; }
  digest_login operator()(digest_question const& q) {
    password.assign(q.username.rbegin(), q.username.rend());
    digest_login login;
    login.is = digest_login::password;
    login.username = q.username;
    login.secret = password;
    return login;
  }
};

using bindings = registrar_store<registrar_store_size{4, 3, 256, 64}>;
using guard = registrar_digest<toy_hashes, people>;
using registrar_type = registrar<registrar_size{64, 1300}, bindings, people, guard>;

struct guarded_registrar {
  people users{}, passwords{};
  guard authentication{hash_seed{3, 4}, rules(), passwords, false};
  std::unique_ptr<bindings> store{std::make_unique<bindings>(hash_seed{1, 2})};
  std::unique_ptr<registrar_type> agent{
      std::make_unique<registrar_type>(settings(), *store, users, authentication)};
  instant now{1'000'000};
  unsigned cseq{};

  static digest_settings rules() {
    digest_settings s;
    s.realm = "example.com";
    s.offer = {digest_algorithm::md5};
    return s;
  }
  static registrar_settings settings() {
    registrar_settings s;
    s.element.seed = {5, 6};
    s.element.sent_by = "192.0.2.2";
    s.domains = "example.com";
    return s;
  }
  // Its responses.
  strings receive(std::string const& text, address const& from) {
    agent->receive(text, from, transport::udp, now);
    strings sent;
    for (datagram d; agent->poll_transmit(d);) sent.emplace_back(d.bytes);
    for (registrar_event e; agent->poll_event(e);) {
    }
    return sent;
  }
  void advance(std::int64_t ms) {
    instant const end = now + milliseconds{ms};
    while (agent->next_timeout() <= end) {
      now = std::max(now, agent->next_timeout());
      agent->handle_timeout(now);
    }
    now = end;
  }
  request_text registration(std::string const& more) {
    auto r = of("REGISTER");
    r.uri = "sip:example.com";
    r.from = "<sip:alice@example.com>;tag=f";
    r.to = "<sip:alice@example.com>";
    r.cseq = ++cseq;
    r.via += "live" + std::to_string(cseq);
    r.more = "Contact: <sip:alice@192.0.2.1>\r\n" + more;
    return r;
  }
  // Alice refreshes her binding; the REGISTER with which she has done it.
  std::string refresh() {
    std::string more;
    for (unsigned tries = 0; tries < 3; ++tries) {
      auto const text = registration(more).text();
      auto const sent = receive(text, alice_at);
      BOOST_TEST_REQUIRE(sent.size() == 1u);
      message const m = read(sent[0]).value;
      if (m.status() == 200) return text;
      BOOST_TEST_REQUIRE(m.status() == 401);
      more = authorization(sent[0]);
    }
    BOOST_FAIL("alice is not let in");
    return {};
  }
  static std::string authorization(std::string const& challenge) {
    challenge_view const asked{read(challenge).value[header::www_authenticate]};
    std::string const nonce{asked.nonce()};
    digest_parts d;
    d.algorithm = digest_algorithm::md5;
    d.qop = quality_of_protection::auth;
    d.username = std::string_view{"alice"};
    d.realm = asked.realm();
    d.nonce = std::string_view{nonce};
    d.cnonce = "c";
    d.nonce_count = 1;
    d.method = "REGISTER";
    d.uri = std::string_view{"sip:example.com"};
    digest_login login;
    login.is = digest_login::password;
    login.username = "alice";
    login.secret = "ecila";
    std::string const opaque{asked.opaque()};
    return "Authorization: Digest username=\"alice\", realm=\"example.com\", nonce=\"" + nonce +
           "\", uri=\"sip:example.com\", response=\"" +
           std::string{digest_response<toy_hashes>(d, login).view()} +
           "\", algorithm=MD5, cnonce=\"c\", qop=auth, nc=00000001" +
           (opaque.empty() ? "" : ", opaque=\"" + opaque + "\"") + "\r\n";
  }
};

} // namespace

// "The purpose of this parameter is to allow the server to detect request replays by maintaining
// its own copy of this count -- if the same nc value is seen twice, then the request is a replay."
BOOST_AUTO_TEST_CASE(replayed_credentials_are_refused_and_the_binding_stays_rfc_7616_3_4) {
  guarded_registrar at;
  seeded_random dice{5};
  strings live;
  std::uint64_t let_in = 0, refused = 0;
  static std::array<char const*, 2> const changes[] = {
      {"<sip:alice@192.0.2.1>", "<sip:mallory@192.0.2.66>"},
      {"nc=00000001", "nc=00000002"},
      {"nc=00000001", "nc=00000000"},
      {"cnonce=\"c\"", "cnonce=\"d\""},
      {"nonce=\"", "nonce=\"0"},
      {"uri=\"sip:example.com\"", "uri=\"sip:example.com;x=y\""},
      {"username=\"alice\"", "username=\"ecila\""},
      {"qop=auth, ", ""},
      {"algorithm=MD5, ", "algorithm=SHA-256, "},
      {"response=\"", "response=\"0"},
      {"CSeq: ", "CSeq: 9"},
      {"", ""}};
  for (std::uint64_t i = 0; i < messages_in_all / 4; ++i) {
    if (i % 500 == 0) live.push_back(at.refresh());
    auto text = live[static_cast<std::size_t>(dice.draw(live.size()))];
    auto const& [from, to] = changes[dice.draw(std::size(changes))];
    text.replace(text.find(from), std::string_view{from}.size(), to);
    // In a transaction of mallory's own.
    std::string const branch = "branch=z9hG4bK";
    text.insert(text.find(branch) + branch.size(), "m" + std::to_string(i));
    // A changed Contact is what it is about; else it would only repeat what alice has said.
    if (dice.draw(2))
      if (auto const c = text.find("<sip:alice@192.0.2.1>"); c != std::string::npos)
        text.replace(c, 21, "<sip:mallory@192.0.2.66>");
    for (auto const& sent : at.receive(text, mallory_at))
      (is_success(read(sent).value.status()) ? let_in : refused)++;
    at.advance(static_cast<std::int64_t>(dice.draw(3'000)));
  }
  BOOST_TEST(let_in == 0u);
  BOOST_TEST(refused > messages_in_all / 8);
  // Alice is where she was, and is let in as before.
  auto const sent = at.receive(at.refresh(), alice_at);
  BOOST_TEST_REQUIRE(sent.size() == 1u);
  strings contacts;
  message const ok = read(sent[0]).value;
  BOOST_TEST(ok.status() == 200);
  for (auto const c : ok.elements(header::contact)) contacts.emplace_back(name_addr_view{c}.uri());
  BOOST_TEST(contacts == strings{"sip:alice@192.0.2.1"}, boost::test_tools::per_element());
  BOOST_TEST(at.store->size() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
