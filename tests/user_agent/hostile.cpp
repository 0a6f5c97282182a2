// No byte from the network does harm: garbage, messages with a part changed, and well-formed
// messages in any order. The endpoint has the default policy, which traps on any rule that it would
// break itself; a sanitizer sees the rest. Afterwards it works as before and has nothing left over.
#include <ctsip/user_agent/endpoint.hpp>

#include <cstdint>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "user_agent/desk.hpp"

using namespace ctsip;
using namespace ctsip_tests;

namespace {

constexpr endpoint_size size{8, 24, 1300};

// An endpoint whose user does something, and an enemy who knows all that it has sent.
struct battle : desk<size> {
  std::mt19937 random;
  std::vector<std::string> seen{}; // messages of the endpoint's, latest last
  std::vector<call_handle> calls{};
  std::uint64_t received{};
  std::uint64_t answered_by_it{};

  explicit battle(unsigned seed) : random{seed} {}
  unsigned draw(unsigned below) { return static_cast<unsigned>(random() % below); }

  void attack(std::string const& text) {
    static constexpr transport transports[] = {transport::udp, transport::tcp, transport::tls};
    over = transports[draw(8) < 6 ? 0 : draw(3)];
    receive(text, ip(static_cast<std::uint8_t>(1 + draw(3)), static_cast<std::uint16_t>(random())));
    ++received;
    over = transport::udp;
    look_around();
    BOOST_REQUIRE(agent->live_calls() <= size.calls);
    BOOST_REQUIRE(agent->live_transactions() <= size.transactions);
  }
  void look_around() {
    for (auto& w : sent) {
      ++answered_by_it;
      BOOST_REQUIRE(w.bytes.size() <= size.message);
      // Whatever came in, what goes out is SIP.
      auto const m = read(w.bytes);
      BOOST_REQUIRE_MESSAGE((m.error == read_error::none), w.bytes);
      seen.push_back(std::move(w.bytes));
    }
    sent.clear();
    if (seen.size() > 50) seen.erase(seen.begin(), seen.end() - 50);
    events.clear();
    for (auto const& h : std::exchange(callers, {})) calls.push_back(h);
    // Those that are over have no place among the endpoint's few.
    if (calls.size() > 100) std::erase_if(calls, [&](call_handle h) { return !is_latest(h); });
  }
  bool is_latest(call_handle h) const {
    for (auto const& other : calls)
      if (other.index == h.index && other.generation > h.generation) return false;
    return true;
  }
  void user_acts() {
    auto const h = calls.empty()
                       ? call_handle{}
                       : calls[calls.size() - 1 -
                               draw(calls.size() < 16 ? static_cast<unsigned>(calls.size()) : 16)];
    switch (draw(22)) {
    case 9:
      (void)agent->ring(h, now, 183, draw(2) ? sdp : message_body{}, reliability::reliable);
      break;
    case 10:
    case 11: (void)agent->modify(h, sdp, now); break;
    case 12:
    case 13: (void)agent->accept_modification(h, sdp, now); break;
    case 14: (void)agent->reject_modification(h, draw(2) ? 488 : 603, now); break;
    case 15: (void)agent->acknowledge(h, sdp, now); break;
    case 16: advance(draw(10) ? 5000 : 200'000); break;
    case 0: (void)ring(h); break;
    case 1:
    case 2: (void)answer(h); break;
    case 3: (void)reject(h, 486); break;
    case 4:
    case 5: (void)hang_up(h); break;
    case 6:
      if (auto const own = place()) calls.push_back(own);
      break;
    case 7: advance(draw(1000)); break;
    case 8: advance(draw(40'000)); break;
    default: break;
    }
    look_around();
  }
  // Then the user hangs up everything. What the peer has made to wait (Timer C is no business of a
  // user agent's) is given up after 64*T1.
  void peace() {
    for (int i = 0; i < 3; ++i) {
      for (auto const& h : calls) (void)hang_up(h);
      advance(100'000);
      look_around();
    }
  }
  // A call as if nothing had been.
  void check_alive() {
    events.clear();
    auto r = of("INVITE");
    r.call_id = "after";
    r.via = "SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKafter" + std::to_string(received);
    receive(r.text());
    BOOST_REQUIRE(!events.empty());
    BOOST_TEST((events.back().kind == user_event_kind::incoming));
    BOOST_TEST((answer(call) == sending::sent));
    auto ack = r;
    ack.method = "ACK";
    ack.via += "a";
    ack.to = value_of(sent.back().bytes, header::to);
    receive(ack.text());
    BOOST_TEST((events.back().kind == user_event_kind::confirmed));
    BOOST_TEST((hang_up(call) == sending::sent));
    receive(ctsip_tests::answer(sent.back().bytes, 200, ""));
    BOOST_TEST((events.back().kind == user_event_kind::ended));
  }
};

std::vector<std::string> torture_messages() {
  std::vector<std::string> all;
  for (char const* const name :
       {"wsinv",      "intmeth",   "esc01",    "longreq",  "dblreq",   "semiuri",
        "transports", "mpart01",   "unreason", "noreason", "badinv01", "clerr",
        "ncl",        "scalar02",  "scalarlg", "quotbal",  "ltgtruri", "lwsstart",
        "trws",       "escruri",   "badaspec", "baddn",    "badvers",  "mismatch01",
        "bigcode",    "badbranch", "insuf",    "novelsc",  "bext01",   "invut",
        "multi01",    "mcl01",     "bcast",    "zeromf",   "sdp01",    "inv2543"}) {
    std::ifstream file{std::string{CTSIP_TESTS_DIR} + "/message/rfc4475/" + name + ".dat",
                       std::ios::binary};
    BOOST_REQUIRE_MESSAGE(file.good(), name);
    all.emplace_back(std::istreambuf_iterator<char>{file}, std::istreambuf_iterator<char>{});
  }
  return all;
}

request_text any_request(battle& b) {
  static char const* const methods[] = {"INVITE",  "INVITE",   "INVITE", "ACK",   "BYE", "CANCEL",
                                        "OPTIONS", "REGISTER", "UPDATE", "PRACK", "FOO"};
  static char const* const mores[] = {"Supported: 100rel, timer\r\n",
                                      "Require: 100rel\r\n",
                                      "Session-Expires: 100\r\nSupported: timer\r\n",
                                      "Session-Expires: 90;refresher=uas\r\n",
                                      ("Session-Expires: 4294967295;refresher=uac\r\n"
                                       "Supported: timer\r\nMin-SE: 4294967295\r\n"),
                                      "Session-Expires: 10\r\nMin-SE: 1\r\nSupported: timer\r\n",
                                      "Expires: 5\r\n",
                                      "Allow: UPDATE, PRACK\r\n"};
  static char const* const vias[] = {"SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK",
                                     "SIP/2.0/UDP 192.0.2.1;rport;branch=z9hG4bK",
                                     "SIP/2.0/TCP host.example.com;branch=",
                                     "SIP/2.0/UDP 192.0.2.1;maddr=192.0.2.9;branch=z9hG4bK"};
  auto r = of(methods[b.draw(11)]);
  r.via = vias[b.draw(4)] + std::to_string(b.draw(40));
  r.cseq = b.draw(4);
  r.call_id = "c" + std::to_string(b.draw(6));
  r.from = "<sip:alice@192.0.2.1>;tag=" + std::to_string(b.draw(3));
  if (b.draw(3) == 0 && !b.seen.empty()) {
    // In a dialog, or as good as.
    auto const& s = b.seen[b.draw(static_cast<unsigned>(b.seen.size()))];
    bool const response = read(s).value.is_response();
    r.from = value_of(s, response ? header::from : header::to);
    r.to = value_of(s, response ? header::to : header::from);
    r.call_id = value_of(s, header::call_id);
    if (b.draw(2)) r.cseq = read(s).value.cseq().number + b.draw(3) - 1;
    if (b.draw(3) == 0) r.via = value_of(s, header::via);
  }
  if (b.draw(4) == 0) r.more += "Record-Route: <sip:192.0.2.7;lr>, <sip:p.example.com>\r\n";
  if (b.draw(20) == 0) r.more += "Require: foo\r\n";
  for (auto n = b.draw(3); n; --n) r.more += mores[b.draw(8)];
  if (b.draw(2)) {
    r.more += "Content-Type: application/sdp\r\n";
    r.body = "v=0\r\n";
  }
  if (r.method == "PRACK") {
    // Most often for one of the endpoint's reliable responses.
    std::uint32_t rseq = 1;
    for (auto const& s : b.seen)
      if (auto const n = read(s).value.rseq(); n && b.draw(2)) rseq = *n;
    r.more += "RAck: " + std::to_string(rseq + (b.draw(8) == 0)) + " " + std::to_string(b.draw(4)) +
              " INVITE\r\n";
  }
  return r;
}

std::string any_response(battle& b) {
  if (b.seen.empty()) return "\r\n";
  auto const& s = b.seen[b.draw(static_cast<unsigned>(b.seen.size()))];
  if (!read(s).value.is_request()) return s;
  static int const codes[] = {100, 180, 183, 199, 200, 200, 202, 299, 302,
                              401, 481, 486, 487, 500, 603, 408, 422, 491};
  static char const* const tags[] = {"", "a", "b", "c"};
  static char const* const mores[] = {
      "",
      "Contact: <sip:x@192.0.2.1>\r\n",
      "Contact: *\r\n",
      "Contact: <sip:x@192.0.2.1>\r\nRecord-Route: <sip:192.0.2.8;lr>\r\n",
      "Contact: <sip:x@192.0.2.1>\r\nRecord-Route: <sip:192.0.2.8>\r\n",
      "Record-Route: nonsense, \"<, <<>>\r\n",
      "Contact: nonsense nonsense\r\n"};
  static char const* const extensions[] = {
      "Retry-After: 3\r\n",
      "Retry-After: 4294967295\r\n",
      "Min-SE: 200\r\n",
      "Min-SE: 4294967295\r\n",
      "Allow: INVITE, UPDATE\r\n",
      "Session-Expires: 90;refresher=uac\r\nRequire: timer\r\n",
      "Session-Expires: 4294967295;refresher=uas\r\nRequire: timer\r\n",
      "Session-Expires: 1\r\n"};
  std::string more = mores[b.draw(7)];
  for (auto n = b.draw(3); n; --n) more += extensions[b.draw(8)];
  if (b.draw(2)) more += "Require: 100rel\r\nRSeq: " + std::to_string(1 + b.draw(4)) + "\r\n";
  bool const has_body = b.draw(2);
  if (has_body) more += "Content-Type: application/sdp\r\n";
  return answer(s, codes[b.draw(18)], tags[b.draw(4)], more, has_body ? "v=0\r\n" : "");
}

std::string mutate(battle& b, std::string text) {
  for (unsigned n = 1 + b.draw(4); n && !text.empty(); --n) {
    auto const at = b.draw(static_cast<unsigned>(text.size()));
    auto const length = b.draw(20);
    switch (b.draw(6)) {
    case 0: text[at] = static_cast<char>(b.draw(256)); break;
    case 1: text.erase(at, length); break;
    case 2: text.insert(at, text.substr(b.draw(static_cast<unsigned>(text.size())), length)); break;
    case 3: text[at] = "\r\n \t\"<>;,:=@%\0[]"[b.draw(16)]; break;
    case 4:
      text.insert(at, std::string(b.draw(30) == 0 ? 3000 : length, "x\n,;\"<"[b.draw(6)]));
      break;
    default: text.resize(at); break;
    }
  }
  return text;
}

} // namespace

BOOST_AUTO_TEST_SUITE(user_agent_hostile)

BOOST_AUTO_TEST_CASE(garbage_does_no_harm) {
  battle b{1};
  for (int i = 0; i < 20'000; ++i) {
    std::string text;
    for (auto n = b.draw(200); n; --n)
      text += b.draw(3) ? static_cast<char>(b.draw(256)) : "SIP/2.0 \r\n:;<>"[b.draw(14)];
    b.attack(text);
  }
  BOOST_TEST(b.answered_by_it == 0u);
  BOOST_TEST(b.idle());
  b.check_alive();
}

BOOST_AUTO_TEST_CASE(well_formed_messages_in_any_order_do_no_harm) {
  for (unsigned seed = 1; seed <= 4; ++seed) {
    battle b{seed};
    for (int i = 0; i < 10'000; ++i) {
      b.attack(b.draw(3) ? any_request(b).text() : any_response(b));
      b.user_acts();
    }
    BOOST_TEST(b.answered_by_it > 1000u);
    b.peace();
    BOOST_TEST(b.agent->live_calls() == 0u);
    BOOST_TEST(b.idle());
    b.check_alive();
  }
}

BOOST_AUTO_TEST_CASE(messages_with_parts_changed_do_no_harm) {
  auto const samples = torture_messages();
  for (unsigned seed = 1; seed <= 4; ++seed) {
    battle b{seed};
    for (int i = 0; i < 15'000; ++i) {
      std::string text;
      switch (b.draw(4)) {
      case 0: text = samples[b.draw(static_cast<unsigned>(samples.size()))]; break;
      case 1: text = any_response(b); break;
      default: text = any_request(b).text(); break;
      }
      b.attack(b.draw(10) ? mutate(b, std::move(text)) : text);
      b.user_acts();
    }
    BOOST_TEST(b.answered_by_it > 1000u);
    b.peace();
    BOOST_TEST(b.agent->live_calls() == 0u);
    BOOST_TEST(b.idle());
    b.check_alive();
  }
}

BOOST_AUTO_TEST_SUITE_END()
