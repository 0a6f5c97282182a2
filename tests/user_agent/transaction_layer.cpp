// The transaction layer over bytes: RFC 3261 8.1.3, 8.2, 17, 18; RFC 3581; RFC 4320; RFC 4475.
#include <ctsip/user_agent/transaction_layer.hpp>

#include <fstream>
#include <iterator>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "user_agent/messages.hpp"

using namespace ctsip;
using namespace ctsip_tests;

namespace {

constexpr address client = ip(1); // we are 192.0.2.2

struct taken {
  std::string bytes;
  address to;
  transport over;
  transaction_handle transaction;
  address connect_to{};

  std::string what() const { return summary(bytes); }
};

constexpr element_settings our_settings(capabilities const& own = {}) {
  element_settings s;
  s.seed = {3, 4};
  s.sent_by = "192.0.2.2";
  s.own = own;
  return s;
}

template <std::size_t Transactions = 8, std::size_t MessageSize = 1300>
struct bench {
  using layer_type = transaction_layer<Transactions, MessageSize, on_violation::count>;
  std::unique_ptr<layer_type> layer;
  instant now{1'000'000};
  std::string last; // the message views of an arrival point into it

  explicit bench(element_settings const& settings = our_settings())
      : layer{std::make_unique<layer_type>(settings)} {}
  explicit bench(capabilities const& own) : bench{our_settings(own)} {}

  arrival receive(std::string text, address const& from = client, transport over = transport::udp) {
    last = std::move(text);
    return layer->receive(last, from, over, now);
  }
  std::vector<taken> take() {
    std::vector<taken> all;
    for (datagram d; layer->poll_transmit(d);)
      all.push_back({std::string{d.bytes}, d.to, d.over, d.transaction, d.connect_to()});
    return all;
  }
  // The one datagram there must be.
  taken one() {
    auto all = take();
    BOOST_REQUIRE_EQUAL(all.size(), 1u);
    return all.front();
  }
  // The status with which a request is answered by the layer itself; 0 if it is passed up.
  int status(std::string text) {
    auto const a = receive(std::move(text));
    auto const all = take();
    if (a.kind == arrival_kind::request) {
      BOOST_TEST(all.empty());
      return 0;
    }
    BOOST_TEST((a.kind == arrival_kind::nothing));
    BOOST_REQUIRE_EQUAL(all.size(), 1u);
    return read(all.front().bytes).value.status();
  }
  sending respond(transaction_handle h, int status) {
    response_parts r;
    r.status = static_cast<status_code>(status);
    r.to_tag = "b1";
    if (status < 300) r.contact = "sip:bob@192.0.2.2";
    return layer->respond(h, r, now);
  }
  std::vector<taken> advance(std::int64_t by, std::vector<arrival>* arrivals = nullptr) {
    std::vector<taken> all;
    instant const end = now + milliseconds{by};
    while (layer->next_timeout() <= end) {
      now = layer->next_timeout();
      auto const a = layer->handle_timeout(now);
      if (arrivals) arrivals->push_back(a);
      for (auto& d : take()) all.push_back(std::move(d));
    }
    now = end;
    return all;
  }
  sending send(method m, transaction_handle& h, std::uint32_t owner = 0,
               transport over = transport::udp) {
    return layer->send_request(
        m, client, over, now, owner,
        [&](std::span<char> buffer, via_parts const& via) {
          static constexpr std::string_view routes[] = {"<sip:p1.example.com;lr>",
                                                        "<sip:p2.example.com;lr>"};
          request_parts r;
          r.method = m;
          r.target = "sip:alice@192.0.2.1";
          r.route_set = routes;
          r.via = via;
          r.from = {"sip:bob@192.0.2.2", "bb", {}};
          r.to = {"sip:alice@192.0.2.1", {}, {}};
          r.call_id = "call-of-bob";
          r.cseq = 7;
          r.contact = "sip:bob@192.0.2.2";
          return write_request(buffer, r);
        },
        &h);
  }
};

} // namespace

BOOST_AUTO_TEST_SUITE(user_agent_transaction_layer)

BOOST_AUTO_TEST_CASE(a_request_is_passed_up_and_its_response_goes_back) {
  bench b;
  auto const a = b.receive(request_text{}.text());
  BOOST_REQUIRE((a.kind == arrival_kind::request));
  BOOST_TEST((a.message.method() == method::options));
  BOOST_TEST((a.source == client));
  BOOST_TEST(b.take().empty());
  BOOST_TEST(b.layer->live_transactions() == 1u);
  BOOST_TEST(b.layer->request(a.transaction).bytes() == b.last);
  BOOST_TEST((b.respond(a.transaction, 200) == sending::sent));
  auto const sent = b.one();
  BOOST_TEST(first_line(sent.bytes) == "SIP/2.0 200 OK");
  BOOST_TEST((sent.to == client));
  BOOST_TEST((sent.transaction == a.transaction));
  // 8.2.6.2
  BOOST_TEST(value_of(sent.bytes, header::from) == "<sip:alice@192.0.2.1>;tag=a1");
  BOOST_TEST(value_of(sent.bytes, header::to) == "<sip:bob@192.0.2.2>;tag=b1");
  BOOST_TEST(value_of(sent.bytes, header::call_id) == "call-1");
  BOOST_TEST(value_of(sent.bytes, header::cseq) == "1 OPTIONS");
  BOOST_TEST(value_of(sent.bytes, header::via) == "SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1");
  // Timer J (17.2.2).
  BOOST_TEST(b.advance(31'999).empty());
  BOOST_TEST(b.layer->live_transactions() == 1u);
  BOOST_TEST(b.advance(1).empty());
  BOOST_TEST(b.layer->live_transactions() == 0u);
  BOOST_TEST((b.respond(a.transaction, 200) == sending::gone));
}

BOOST_AUTO_TEST_CASE(a_retransmission_is_answered_with_the_same_bytes_17_2_2) {
  bench b;
  auto const text = request_text{}.text();
  auto const a = b.receive(text);
  // "Once in the "Trying" state, any further request retransmissions are discarded."
  BOOST_TEST((b.receive(text).kind == arrival_kind::nothing));
  BOOST_TEST(b.take().empty());
  (void)b.respond(a.transaction, 404);
  auto const first = b.one();
  BOOST_TEST((b.receive(text).kind == arrival_kind::nothing));
  BOOST_TEST(b.one().bytes == first.bytes);
  BOOST_TEST(b.layer->counts().retransmissions == 2u);
  BOOST_TEST(b.layer->live_transactions() == 1u);
  // The same branch with another method is another transaction.
  BOOST_TEST((b.receive(of("BYE").text()).kind == arrival_kind::request));
}

BOOST_AUTO_TEST_CASE(a_second_final_response_is_refused_by_the_policy) {
  bench b;
  auto const a = b.receive(request_text{}.text());
  (void)b.respond(a.transaction, 404);
  (void)b.take();
  BOOST_TEST((b.respond(a.transaction, 200) == sending::refused));
  BOOST_TEST(b.layer->policy().violations == 1u);
  BOOST_TEST(b.take().empty());
}

// 18.2.1, 18.2.2 and RFC 3581 4, case by case: what the Via says, and where the response goes.
BOOST_AUTO_TEST_CASE(the_response_is_marked_and_routed_18_2_1_18_2_2_rfc3581_4) {
  address v6;
  v6.ipv6 = true, v6.port = 9999;
  v6.bytes[0] = 0x20, v6.bytes[1] = 0x01, v6.bytes[2] = 0x0d, v6.bytes[3] = 0xb8, v6.bytes[15] = 1;
  address v6_at_5060 = v6;
  v6_at_5060.port = 5060;
  struct {
    char const* via;
    address from;
    transport over;
    char const* marked;
    address to;
  } const cases[] = {
      // "using the port in the "sent-by" value, or using the default port 5060".
      {"SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1", ip(1, 9999), transport::udp,
       "SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1", ip(1, 5060)},
      {"SIP/2.0/UDP 192.0.2.1:5070;branch=z9hG4bK1", ip(1, 9999), transport::udp,
       "SIP/2.0/UDP 192.0.2.1:5070;branch=z9hG4bK1", ip(1, 5070)},
      // "If the host portion of the "sent-by" parameter contains a domain name, or if it contains
      // an IP address that differs from the packet source address".
      {"SIP/2.0/UDP pc33.atlanta.com;branch=z9hG4bK1", ip(1, 9999), transport::udp,
       "SIP/2.0/UDP pc33.atlanta.com;branch=z9hG4bK1;received=192.0.2.1", ip(1, 5060)},
      {"SIP/2.0/UDP 10.0.0.1:5070;branch=z9hG4bK1", ip(1, 9999), transport::udp,
       "SIP/2.0/UDP 10.0.0.1:5070;branch=z9hG4bK1;received=192.0.2.1", ip(1, 5070)},
      // A "received" of the client's own making does not count.
      {"SIP/2.0/UDP 10.0.0.1;received=10.9.9.9;branch=z9hG4bK1", ip(1, 9999), transport::udp,
       "SIP/2.0/UDP 10.0.0.1;branch=z9hG4bK1;received=192.0.2.1", ip(1, 5060)},
      // rport: back to where it came from, "even if it is identical".
      {"SIP/2.0/UDP 192.0.2.1;rport;branch=z9hG4bK1", ip(1, 9999), transport::udp,
       "SIP/2.0/UDP 192.0.2.1;rport=9999;branch=z9hG4bK1;received=192.0.2.1", ip(1, 9999)},
      {"SIP/2.0/UDP 10.0.0.1:5070;branch=z9hG4bK1;rport", ip(1, 9999), transport::udp,
       "SIP/2.0/UDP 10.0.0.1:5070;branch=z9hG4bK1;rport=9999;received=192.0.2.1", ip(1, 9999)},
      // "Otherwise, if the Via header field value contains a "maddr" parameter …"
      {"SIP/2.0/UDP 192.0.2.1:5070;maddr=192.0.2.77;branch=z9hG4bK1", ip(1, 9999), transport::udp,
       "SIP/2.0/UDP 192.0.2.1:5070;maddr=192.0.2.77;branch=z9hG4bK1", ip(77, 5070)},
      // A host that only a resolver knows is answered where it came from.
      {"SIP/2.0/UDP 192.0.2.1;maddr=host.example.com;branch=z9hG4bK1", ip(1, 9999), transport::udp,
       "SIP/2.0/UDP 192.0.2.1;maddr=host.example.com;branch=z9hG4bK1", ip(1, 9999)},
      // "the response MUST be sent using the existing connection", whatever is in the Via.
      {"SIP/2.0/TCP 10.0.0.1:5070;branch=z9hG4bK1", ip(1, 9999), transport::tcp,
       "SIP/2.0/TCP 10.0.0.1:5070;branch=z9hG4bK1;received=192.0.2.1", ip(1, 9999)},
      {"SIP/2.0/TLS 192.0.2.1;branch=z9hG4bK1", ip(1, 9999), transport::tls,
       "SIP/2.0/TLS 192.0.2.1;branch=z9hG4bK1", ip(1, 9999)},
      {"SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1", ip(1, 9999), transport::tcp,
       "SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1", ip(1, 9999)},
      {"SIP/2.0/UDP [2001:db8::9]:5070;branch=z9hG4bK1", v6, transport::udp,
       "SIP/2.0/UDP [2001:db8::9]:5070;branch=z9hG4bK1;received=2001:db8:0:0:0:0:0:1",
       [&] {
         address a = v6;
         a.port = 5070;
         return a;
       }()},
      {"SIP/2.0/UDP host.example.com;branch=z9hG4bK1", v6, transport::udp,
       "SIP/2.0/UDP host.example.com;branch=z9hG4bK1;received=2001:db8:0:0:0:0:0:1", v6_at_5060},
  };
  for (auto const& c : cases) {
    BOOST_TEST_CONTEXT(c.via) {
      request_text r;
      r.via = c.via;
      {
        bench b;
        auto const a = b.receive(r.text(), c.from, c.over);
        BOOST_REQUIRE((a.kind == arrival_kind::request));
        BOOST_TEST((a.source == c.from));
        (void)b.respond(a.transaction, 200);
        auto const sent = b.one();
        BOOST_TEST(value_of(sent.bytes, header::via) == c.marked);
        BOOST_TEST((sent.to == c.to), to_text(sent.to).view() << ':' << sent.to.port);
        BOOST_TEST((sent.over == c.over));
        BOOST_TEST((b.layer->peer(a.transaction) == c.to));
      }
      { // The same for a response without a transaction.
        bench b;
        r.more = "Require: nothing-we-know\r\n";
        (void)b.receive(r.text(), c.from, c.over);
        auto const sent = b.one();
        BOOST_TEST(summary(sent.bytes) == "420 OPTIONS");
        BOOST_TEST(value_of(sent.bytes, header::via) == c.marked);
        BOOST_TEST((sent.to == c.to), to_text(sent.to).view() << ':' << sent.to.port);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(other_vias_go_back_as_they_came_8_2_6_2) {
  bench b;
  request_text r;
  r.via = "SIP/2.0/UDP p1.example.com;branch=z9hG4bK1, SIP/2.0/TCP p2.example.com;branch=x"
          "\r\nv: SIP/2.0/UDP p3;received=1.2.3.4";
  auto const a = b.receive(r.text());
  BOOST_REQUIRE((a.kind == arrival_kind::request));
  (void)b.respond(a.transaction, 200);
  auto const sent = b.one();
  std::vector<std::string> vias;
  message const m = read(sent.bytes).value;
  for (std::string_view const via : m.elements(header::via)) vias.emplace_back(via);
  BOOST_TEST(vias == (std::vector<std::string>{
                         "SIP/2.0/UDP p1.example.com;branch=z9hG4bK1;received=192.0.2.1",
                         "SIP/2.0/TCP p2.example.com;branch=x", "SIP/2.0/UDP p3;received=1.2.3.4"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_request_of_ours_gets_its_response_17_1_3) {
  bench b;
  transaction_handle h;
  BOOST_TEST((b.send(method::options, h, 5) == sending::sent));
  auto const sent = b.one();
  BOOST_TEST(summary(sent.bytes) == "OPTIONS");
  BOOST_TEST((sent.to == client));
  BOOST_TEST((sent.transaction == h));
  via_view const via = read(sent.bytes).value.top_via();
  BOOST_TEST(via.sent_by().host == "192.0.2.2");
  BOOST_TEST(has_magic_cookie(via.branch()));
  BOOST_TEST(via.has_rport()); // RFC 3581 3
  auto const a = b.receive(answer(sent.bytes, 200, "x"));
  BOOST_TEST((a.kind == arrival_kind::response));
  BOOST_TEST((a.transaction == h));
  BOOST_TEST(a.owner == 5u);
  BOOST_TEST(a.message.status() == 200);
  // Retransmissions of it are absorbed until Timer K (17.1.2.2).
  BOOST_TEST((b.receive(answer(sent.bytes, 200, "x")).kind == arrival_kind::nothing));
  BOOST_TEST(b.advance(5000).empty());
  BOOST_TEST(b.layer->live_transactions() == 0u);
  BOOST_TEST((b.receive(answer(sent.bytes, 200, "x")).kind == arrival_kind::nothing));
  BOOST_TEST(b.layer->counts().stray == 1u);
}

BOOST_AUTO_TEST_CASE(a_response_that_is_not_ours_is_discarded_in_silence_17_1_3_18_1_2) {
  bench b;
  transaction_handle h;
  (void)b.send(method::options, h);
  auto const good = answer(b.one().bytes, 200, "x");
  auto const with = [&](std::string const& from, std::string const& to) {
    auto text = good;
    auto const at = text.find(from);
    BOOST_REQUIRE(at != std::string::npos);
    return text.replace(at, from.size(), to);
  };
  struct {
    std::string text;
    bool stray; // else malformed
  } const cases[] = {
      {with("branch=z9hG4bK", "branch=z9hG4bL"), true},
      {with("7 OPTIONS", "7 BYE"), true},
      {with("7 OPTIONS", "7 INVITE"), true},
      {with("7 OPTIONS", "7 FOO"), true},
      // 8.2.6.2: the From and the Call-ID of a response are those of its request.
      {with("Call-ID: call-of-bob", "Call-ID: call-of-bo"), true},
      {with("Call-ID: call-of-bob", "Call-ID: call-of-bobby"), true},
      // "If the value in the "sent-by" parameter … does not correspond to a value that the client
      // transport is configured to insert into requests, the response MUST be silently discarded."
      {with("UDP 192.0.2.2", "UDP 192.0.2.3"), true},
      {with("UDP 192.0.2.2", "UDP 192.0.2.2:5070"), true},
      {with("UDP 192.0.2.2", "UDP host.example.com"), true},
      // 8.1.3.3: "If more than one Via header field value is present in a response, the UAC SHOULD
      // discard the message."
      {with("\r\nFrom", "\r\nVia: SIP/2.0/UDP 192.0.2.9;branch=z9hG4bKother\r\nFrom"), false},
      {with("Call-ID: call-of-bob\r\n", ""), false},
      {with("SIP/2.0 200", "SIP/3.0 200"), false},
      {with("SIP/2.0 200", "SIP/2.0 700"), false},
      {with("SIP/2.0 200", "SIP/2.0 099"), false},
      {with("Content-Length: 0", "Content-Length: 9"), false},
  };
  std::uint64_t stray = 0;
  std::uint64_t malformed = 0;
  for (auto const& c : cases) {
    BOOST_TEST_CONTEXT(c.text) {
      BOOST_TEST((b.receive(c.text).kind == arrival_kind::nothing));
      BOOST_TEST(b.take().empty());
      BOOST_TEST(b.layer->counts().stray == (stray += c.stray));
      BOOST_TEST(b.layer->counts().malformed == (malformed += !c.stray));
    }
  }
  BOOST_TEST((b.receive(good).kind == arrival_kind::response));
}

BOOST_AUTO_TEST_CASE(the_sent_by_may_have_a_port_18_1_1) {
  for (char const* const sent_by : {"192.0.2.2:5062", "[2001:db8::2]:5062", "bob.example.com"}) {
    auto settings = our_settings();
    settings.sent_by = sent_by;
    bench b{settings};
    transaction_handle h;
    BOOST_TEST((b.send(method::options, h) == sending::sent));
    BOOST_TEST((b.receive(answer(b.one().bytes, 200, "x")).kind == arrival_kind::response));
  }
  auto settings = our_settings();
  settings.sent_by = "";
  bench b{settings};
  transaction_handle h;
  BOOST_TEST((b.send(method::options, h) == sending::unwritable));
  BOOST_TEST(b.layer->live_transactions() == 0u);
}

BOOST_AUTO_TEST_CASE(a_request_is_sent_again_until_timer_f_17_1_2_2) {
  bench b;
  transaction_handle h;
  (void)b.send(method::options, h);
  auto const first = b.one();
  std::vector<std::int64_t> times;
  std::vector<arrival> arrivals;
  auto const start = b.now.count;
  while (b.layer->live_transactions()) {
    b.now = b.layer->next_timeout();
    arrivals.push_back(b.layer->handle_timeout(b.now));
    for (auto const& d : b.take()) {
      BOOST_TEST(d.bytes == first.bytes);
      times.push_back(b.now.count - start);
    }
  }
  BOOST_TEST(times == (std::vector<std::int64_t>{500, 1500, 3500, 7500, 11500, 15500, 19500, 23500,
                                                 27500, 31500}),
             boost::test_tools::per_element());
  BOOST_TEST(b.now.count - start == 32'000);
  BOOST_TEST((arrivals.back().kind == arrival_kind::timeout));
  BOOST_TEST((arrivals.back().transaction == h));
  BOOST_TEST(arrivals.back().message.bytes().empty());
}

BOOST_AUTO_TEST_CASE(an_invite_is_sent_again_by_doubling_until_timer_b_17_1_1_2) {
  bench b;
  transaction_handle h;
  (void)b.send(method::invite, h);
  (void)b.one();
  std::vector<arrival> arrivals;
  BOOST_TEST(b.advance(31'999, &arrivals).size() == 6u);
  BOOST_TEST(b.advance(1, &arrivals).empty());
  BOOST_TEST((arrivals.back().kind == arrival_kind::timeout));
  BOOST_TEST(b.layer->live_transactions() == 0u);
  // Nothing of that over a reliable transport but Timer B.
  (void)b.send(method::invite, h, 0, transport::tcp);
  BOOST_TEST((b.one().over == transport::tcp));
  BOOST_TEST(b.advance(31'999).empty());
  BOOST_TEST(b.layer->live_transactions() == 1u);
  (void)b.advance(1, &arrivals);
  BOOST_TEST((arrivals.back().kind == arrival_kind::timeout));
}

// "The ACK request constructed by the client transaction MUST contain values for the Call-ID, From,
// and Request-URI that are equal to the values of those header fields in the request passed to the
// transport by the client transaction … The To header field in the ACK MUST equal the To header
// field in the response being acknowledged … MUST contain a single Via header field, and this MUST
// be equal to the top Via header field of the original request. The CSeq header field in the ACK
// MUST contain the same value for the sequence number as was present in the original request, but
// the method parameter MUST be equal to "ACK"." "If the INVITE request … contains any Route header
// fields, they MUST appear in the ACK."
BOOST_AUTO_TEST_CASE(the_ack_to_a_non_2xx_is_built_and_repeated_17_1_1_3) {
  bench b;
  transaction_handle h;
  (void)b.send(method::invite, h);
  auto const invite = b.one().bytes;
  BOOST_TEST((b.receive(answer(invite, 180, "xyz")).kind == arrival_kind::response));
  BOOST_TEST(b.take().empty());
  auto const busy = answer(invite, 486, "xyz");
  auto const a = b.receive(busy);
  BOOST_TEST((a.kind == arrival_kind::response));
  auto const ack = b.one();
  BOOST_TEST((ack.to == client));
  BOOST_TEST((ack.transaction == h));
  BOOST_TEST(first_line(ack.bytes) == "ACK sip:alice@192.0.2.1 SIP/2.0");
  for (header const same : {header::from, header::call_id, header::via})
    BOOST_TEST(value_of(ack.bytes, same) == value_of(invite, same));
  BOOST_TEST(value_of(ack.bytes, header::to) == value_of(busy, header::to));
  BOOST_TEST(value_of(ack.bytes, header::cseq) == "7 ACK");
  message const m = read(ack.bytes).value;
  BOOST_TEST(!m.has_several(header::via));
  std::vector<std::string> routes;
  for (std::string_view const r : m.elements(header::route)) routes.emplace_back(r);
  BOOST_TEST(routes ==
                 (std::vector<std::string>{"<sip:p1.example.com;lr>", "<sip:p2.example.com;lr>"}),
             boost::test_tools::per_element());
  // "MUST cause the ACK to be re-passed to the transport layer for retransmission, but the newly
  // received response MUST NOT be passed up to the TU" (17.1.1.2), also one of another code.
  for (auto const& again : {busy, answer(invite, 487, "other")}) {
    BOOST_TEST((b.receive(again).kind == arrival_kind::nothing));
    BOOST_TEST(b.one().bytes == ack.bytes);
  }
  BOOST_TEST((b.receive(answer(invite, 200, "late")).kind == arrival_kind::nothing));
  BOOST_TEST(b.take().empty());
  // Timer D.
  BOOST_TEST(b.advance(32'000).empty());
  BOOST_TEST(b.layer->live_transactions() == 0u);
}

BOOST_AUTO_TEST_CASE(a_cancel_copies_the_invite_and_goes_the_same_way_9_1) {
  bench b;
  transaction_handle h;
  (void)b.send(method::invite, h);
  auto const invite = b.one();
  (void)b.receive(answer(invite.bytes, 180, "x"));
  BOOST_TEST((b.layer->send_cancel(h, b.now, 9) == sending::sent));
  auto const cancel = b.one();
  BOOST_TEST(first_line(cancel.bytes) == "CANCEL sip:alice@192.0.2.1 SIP/2.0");
  BOOST_TEST((cancel.to == invite.to));
  for (header const same : {header::from, header::to, header::call_id, header::via, header::route})
    BOOST_TEST(value_of(cancel.bytes, same) == value_of(invite.bytes, same));
  BOOST_TEST(value_of(cancel.bytes, header::cseq) == "7 CANCEL");
  // The 200 to the CANCEL and the 487 to the INVITE find their transactions, though both have the
  // same branch.
  auto a = b.receive(answer(cancel.bytes, 200, "x"));
  BOOST_TEST((a.kind == arrival_kind::response));
  BOOST_TEST(a.owner == 9u);
  a = b.receive(answer(invite.bytes, 487, "x"));
  BOOST_TEST((a.transaction == h));
  BOOST_TEST(summary(b.one().bytes) == "ACK");
  (void)b.advance(32'000);
  BOOST_TEST((b.layer->send_cancel(h, b.now, 9) == sending::gone));
}

BOOST_AUTO_TEST_CASE(an_invite_is_answered_100_after_200_ms_17_2_1) {
  bench b;
  auto const text = of("INVITE").text();
  auto const a = b.receive(text);
  BOOST_TEST((a.kind == arrival_kind::request));
  BOOST_TEST((b.receive(text).kind == arrival_kind::nothing));
  BOOST_TEST(b.take().empty()); // nothing to repeat yet
  BOOST_TEST(b.advance(199).empty());
  auto const sent = b.advance(1);
  BOOST_REQUIRE(sent.size() == 1u);
  BOOST_TEST(first_line(sent[0].bytes) == "SIP/2.0 100 Trying");
  // 8.2.6.2: "with the exception of the 100 (Trying) response, in which a tag MAY be present".
  BOOST_TEST(value_of(sent[0].bytes, header::to) == "<sip:bob@192.0.2.2>");
  // "the most recent provisional response … MUST be passed to the transport layer".
  (void)b.receive(text);
  BOOST_TEST(b.one().bytes == sent[0].bytes);
  (void)b.respond(a.transaction, 180);
  auto const ringing = b.one();
  (void)b.receive(text);
  BOOST_TEST(b.one().bytes == ringing.bytes);
  BOOST_TEST(b.layer->next_timeout().is_never());
}

BOOST_AUTO_TEST_CASE(no_100_once_the_tu_has_spoken_17_2_1) {
  bench b;
  auto const a = b.receive(of("INVITE").text());
  (void)b.respond(a.transaction, 180);
  BOOST_TEST(summary(b.one().bytes) == "180 INVITE");
  BOOST_TEST(b.advance(100'000).empty());
}

BOOST_AUTO_TEST_CASE(a_slow_tu_has_a_non_invite_answered_100_after_3500_ms_rfc4320_4_1) {
  bench b;
  auto const a = b.receive(request_text{}.text());
  BOOST_TEST(b.advance(3499).empty());
  auto const sent = b.advance(1);
  BOOST_REQUIRE(sent.size() == 1u);
  BOOST_TEST(summary(sent[0].bytes) == "100 OPTIONS");
  (void)b.respond(a.transaction, 200);
  BOOST_TEST(summary(b.one().bytes) == "200 OPTIONS");
}

BOOST_AUTO_TEST_CASE(a_non_2xx_is_repeated_until_its_ack_17_2_1) {
  bench b;
  auto const a = b.receive(of("INVITE").text());
  (void)b.respond(a.transaction, 486);
  auto const busy = b.one();
  auto const again = b.advance(4000); // 500, 1500, 3500
  BOOST_REQUIRE(again.size() == 3u);
  for (auto const& d : again) BOOST_TEST(d.bytes == busy.bytes);
  auto ack = of("ACK");
  ack.to = "<sip:bob@192.0.2.2>;tag=b1";
  BOOST_TEST((b.receive(ack.text()).kind == arrival_kind::nothing));
  BOOST_TEST((b.receive(ack.text()).kind == arrival_kind::nothing));
  BOOST_TEST((b.receive(of("INVITE").text()).kind == arrival_kind::nothing));
  BOOST_TEST(b.advance(4999).empty());
  BOOST_TEST(b.layer->live_transactions() == 1u);
  (void)b.advance(1); // Timer I
  BOOST_TEST(b.layer->live_transactions() == 0u);
}

BOOST_AUTO_TEST_CASE(without_an_ack_the_tu_is_told_after_64_t1_17_2_1) {
  bench b;
  auto const a = b.receive(of("INVITE").text());
  (void)b.respond(a.transaction, 486);
  (void)b.one();
  std::vector<arrival> arrivals;
  auto const again = b.advance(32'000, &arrivals);
  BOOST_TEST(again.size() == 10u); // 0.5, 1.5, 3.5, 7.5, then each 4 s until 31.5
  BOOST_TEST((arrivals.back().kind == arrival_kind::timeout));
  BOOST_TEST((arrivals.back().transaction == a.transaction));
  BOOST_TEST(b.layer->live_transactions() == 0u);
}

BOOST_AUTO_TEST_CASE(a_2xx_is_the_tus_to_repeat_and_its_ack_is_passed_up_rfc6026_8_7) {
  bench b;
  auto const text = of("INVITE").text();
  auto const a = b.receive(text);
  (void)b.respond(a.transaction, 200);
  auto const ok = b.one();
  BOOST_TEST((b.receive(text).kind == arrival_kind::nothing)); // absorbed
  BOOST_TEST(b.take().empty());
  BOOST_TEST((b.layer->resend(a.transaction, 200, b.now) == sending::sent));
  BOOST_TEST(b.one().bytes == ok.bytes);
  // The ACK to a 2xx has a branch of its own (13.2.2.4) …
  auto ack = of("ACK");
  ack.via = "SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKack";
  ack.to = "<sip:bob@192.0.2.2>;tag=b1";
  auto up = b.receive(ack.text());
  BOOST_TEST((up.kind == arrival_kind::ack));
  BOOST_TEST(!up.transaction);
  BOOST_TEST((up.source == client));
  // … but an older element uses that of the INVITE.
  ack.via = request_text{}.via;
  up = b.receive(ack.text());
  BOOST_TEST((up.kind == arrival_kind::ack));
  BOOST_TEST((up.transaction == a.transaction));
  BOOST_TEST(b.advance(32'000).empty()); // Timer L
  BOOST_TEST(b.layer->live_transactions() == 0u);
  BOOST_TEST((b.layer->resend(a.transaction, 200, b.now) == sending::gone));
}

// "The transaction layer will forward each retransmission passed from the UAS core." (RFC 3262 3)
BOOST_AUTO_TEST_CASE(a_reliable_1xx_is_the_tus_to_repeat_too_rfc_3262_3) {
  bench b;
  auto const a = b.receive(of("INVITE").text());
  (void)b.respond(a.transaction, 183);
  auto const first = b.one();
  BOOST_TEST((b.layer->resend(a.transaction, 183, b.now) == sending::sent));
  BOOST_TEST(b.one().bytes == first.bytes);
}

// 17.2.3: "the To tag of the ACK is not included … the tag … MUST match the To tag in the
// response".
BOOST_AUTO_TEST_CASE(without_the_cookie_an_ack_needs_the_to_tag_of_the_response_17_2_3) {
  bench b;
  auto invite = of("INVITE");
  invite.via = "SIP/2.0/UDP 192.0.2.1";
  auto const a = b.receive(invite.text());
  BOOST_REQUIRE((a.kind == arrival_kind::request));
  BOOST_TEST((b.receive(invite.text()).kind == arrival_kind::nothing));
  BOOST_TEST(b.layer->counts().retransmissions == 1u);
  (void)b.respond(a.transaction, 486);
  (void)b.one();
  auto ack = invite;
  ack.method = "ACK";
  ack.to = "<sip:bob@192.0.2.2>;tag=other";
  BOOST_TEST((b.receive(ack.text()).kind == arrival_kind::ack)); // not this transaction's
  BOOST_TEST(b.advance(500).size() == 1u);                       // so it goes on
  ack.to = "<sip:bob@192.0.2.2>;tag=b1";
  BOOST_TEST((b.receive(ack.text()).kind == arrival_kind::nothing));
  BOOST_TEST(b.advance(4999).empty());
  (void)b.advance(1); // Timer I
  BOOST_TEST(b.layer->live_transactions() == 0u);
}

BOOST_AUTO_TEST_CASE(a_cancel_finds_the_invite_or_nothing_9_2) {
  for (char const* const via : {"SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1", "SIP/2.0/UDP 192.0.2.1",
                                "SIP/2.0/UDP 192.0.2.1;branch=1"}) {
    bench b;
    auto invite = of("INVITE");
    invite.via = via;
    auto const a = b.receive(invite.text());
    auto cancel = invite;
    cancel.method = "CANCEL";
    auto const c = b.receive(cancel.text());
    BOOST_REQUIRE((c.kind == arrival_kind::request));
    BOOST_TEST(!(c.transaction == a.transaction));
    BOOST_TEST((b.layer->find_cancelled(c.message) == a.transaction));
    cancel.via = "SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKother";
    cancel.cseq = 2;
    auto const other = b.receive(cancel.text());
    BOOST_REQUIRE((other.kind == arrival_kind::request));
    BOOST_TEST(!b.layer->find_cancelled(other.message));
    (void)b.respond(a.transaction, 487);
    BOOST_TEST((b.layer->find_cancelled(read(b.last).value) == transaction_handle{}));
  }
}

// "If the From tag, Call-ID, and CSeq exactly match those associated with an ongoing transaction,
// but the request does not match that transaction (based on the matching rules in Section 17.2.3),
// the UAS core SHOULD generate a 482 (Loop Detected) response".
BOOST_AUTO_TEST_CASE(a_request_that_came_over_two_paths_is_answered_482_8_2_2_2) {
  bench b;
  auto const a = b.receive(of("INVITE").text());
  auto other = of("INVITE");
  other.via = "SIP/2.0/UDP 192.0.2.9;branch=z9hG4bKother";
  other.uri = "sip:bob@other.example.com";
  BOOST_TEST(b.status(other.text()) == 482);
  BOOST_TEST(b.layer->live_transactions() == 1u);
  BOOST_TEST((b.receive(of("INVITE").text()).kind == arrival_kind::nothing)); // a retransmission
  BOOST_TEST(b.take().empty());
  // Another CSeq number, From tag or Call-ID, and another method, are another request.
  int branch = 10;
  auto const differs = [&](auto change) {
    auto r = of("INVITE");
    r.via = "SIP/2.0/UDP 192.0.2.9;branch=z9hG4bK" + std::to_string(++branch);
    change(r);
    return b.status(r.text());
  };
  BOOST_TEST(differs([](auto& r) { r.cseq = 2; }) == 0);
  BOOST_TEST(differs([](auto& r) { r.from = "<sip:alice@192.0.2.1>;tag=a2"; }) == 0);
  BOOST_TEST(differs([](auto& r) { r.call_id = "call-2"; }) == 0);
  BOOST_TEST(differs([](auto& r) { r.method = "CANCEL"; }) == 0);
  // "If the request has no tag in the To header field": within a dialog nothing is merged.
  BOOST_TEST(differs([](auto& r) { r.to = "<sip:bob@192.0.2.2>;tag=b1"; }) == 0);
  BOOST_TEST(differs([](auto&) {}) == 482);
  (void)a;
}

BOOST_AUTO_TEST_CASE(a_full_layer_answers_503_but_never_an_ack_21_5_4) {
  bench<2> b;
  auto first = request_text{};
  auto second = request_text{};
  second.via = "SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK2";
  second.cseq = 2;
  auto third = request_text{};
  third.via = "SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK3";
  third.cseq = 3;
  auto const a = b.receive(first.text());
  BOOST_TEST((b.receive(second.text()).kind == arrival_kind::request));
  BOOST_TEST((b.receive(third.text()).kind == arrival_kind::nothing));
  auto const refused = b.one();
  BOOST_TEST(summary(refused.bytes) == "503 OPTIONS");
  BOOST_TEST(!refused.transaction);
  BOOST_TEST(b.layer->counts().overload == 1u);
  // 8.2.7: the same answer, with the same tag, to the same request.
  (void)b.receive(third.text());
  BOOST_TEST(b.one().bytes == refused.bytes);
  BOOST_TEST(b.layer->live_transactions() == 2u);
  auto ack = third;
  ack.method = "ACK";
  BOOST_TEST((b.receive(ack.text()).kind == arrival_kind::ack));
  BOOST_TEST(b.take().empty());
  transaction_handle h;
  BOOST_TEST((b.send(method::options, h) == sending::full));
  BOOST_TEST(b.take().empty());
  // Those that are there go on.
  (void)b.respond(a.transaction, 200);
  auto const ok = b.one();
  (void)b.receive(first.text());
  BOOST_TEST(b.one().bytes == ok.bytes);
  (void)b.advance(32'000);
  BOOST_TEST((b.receive(third.text()).kind == arrival_kind::request));
}

BOOST_AUTO_TEST_CASE(a_request_that_fails_inspection_is_answered_by_the_layer_8_2) {
  bench b;
  request_text r;
  r.more = "Require: first-one, 100rel\r\nRequire: third\r\n";
  (void)b.receive(r.text());
  auto sent = b.one();
  BOOST_TEST(summary(sent.bytes) == "420 OPTIONS"); // 8.2.2.3
  BOOST_TEST(value_of(sent.bytes, header::unsupported) == "first-one, 100rel, third");
  BOOST_TEST(!read(sent.bytes).value.to_tag().empty());

  (void)b.receive(of("REGISTER").text());
  sent = b.one();
  BOOST_TEST(summary(sent.bytes) == "405 REGISTER"); // 8.2.1: "MUST also add an Allow header field"
  BOOST_TEST(value_of(sent.bytes, header::allow) == "INVITE, ACK, CANCEL, BYE, OPTIONS");

  (void)b.receive(of("NEWMETHOD").text());
  sent = b.one();
  BOOST_TEST(summary(sent.bytes) == "501 NEWMETHOD"); // 21.5.2

  r = of("INVITE");
  r.body = "hello";
  r.more += "Content-Type: text/plain\r\n";
  (void)b.receive(r.text());
  sent = b.one();
  BOOST_TEST(summary(sent.bytes) == "415 INVITE"); // 8.2.3: "MUST contain an Accept header field"
  BOOST_TEST(value_of(sent.bytes, header::accept) == "application/sdp");

  r = of("OPTIONS");
  r.version = "SIP/7.0";
  BOOST_TEST(b.status(r.text()) == 505); // 21.5.6
  r = of("OPTIONS");
  r.uri = "http://example.com";
  BOOST_TEST(b.status(r.text()) == 416); // 8.2.2.1
  r = of("OPTIONS");
  r.more = "Content-Length: 5\r\n";
  BOOST_TEST(b.status(r.text()) == 400);
  BOOST_TEST(b.layer->counts().rejected == 7u);
  BOOST_TEST(b.layer->live_transactions() == 0u);
}

// "A UAS MUST NOT … Require … in a CANCEL request or in an ACK": ignored there (8.2.2.3).
BOOST_AUTO_TEST_CASE(require_is_ignored_in_a_cancel_and_an_ack_8_2_2_3) {
  bench b;
  auto r = of("CANCEL");
  r.more = "Require: foo\r\n";
  BOOST_TEST(b.status(r.text()) == 0);
  r.method = "ACK";
  BOOST_TEST((b.receive(r.text()).kind == arrival_kind::ack));
}

// "The UAS MUST add an Unsupported header field, and list in it those options it does not
// understand amongst those in the Require header field of the request." (8.2.2.3) The list has one
// at least (25.1).
BOOST_AUTO_TEST_CASE(a_420_lists_what_fits_of_what_is_not_understood_8_2_2_3) {
  std::string const long_one(257, 'x'), too_long(1300, 'y');
  std::string const many = [] {
    std::string all;
    for (int i = 100; i < 330; ++i) all += (i == 100 ? "t" : ", t") + std::to_string(i);
    return all;
  }();
  struct {
    std::string require, unsupported;
  } const rows[] = {{long_one, long_one},
                    {long_one + ", foo", long_one + ", foo"},
                    {"foo, " + too_long + ", bar", "foo, bar"},
                    {too_long, ""},
                    {"a b, foo, \"c\", ,bar", "foo, bar"},
                    {"a\r\n b", ""}};
  for (auto const& row : rows) {
    bench b;
    request_text r;
    r.more = "Require: " + row.require + "\r\n";
    (void)b.receive(r.text());
    auto const sent = b.one();
    BOOST_TEST(summary(sent.bytes) == "420 OPTIONS");
    BOOST_TEST(value_of(sent.bytes, header::unsupported) == row.unsupported);
    BOOST_TEST(read(sent.bytes).value.has(header::unsupported) == !row.unsupported.empty());
  }
  // As many as there is place for.
  bench b;
  request_text r;
  r.more = "Require: " + many + "\r\n";
  (void)b.receive(r.text());
  auto const sent = b.one();
  BOOST_TEST(summary(sent.bytes) == "420 OPTIONS");
  BOOST_TEST(many.starts_with(value_of(sent.bytes, header::unsupported)));
  BOOST_TEST(sent.bytes.size() > 1300 - sizeof ", t100");
  BOOST_TEST(sent.bytes.size() <= 1300u);
}

BOOST_AUTO_TEST_CASE(a_request_larger_than_a_transaction_is_answered_513_21_5_7) {
  bench<4, 600> b;
  request_text r = of("INVITE");
  r.body = std::string(600, 'v');
  r.more += "Content-Type: application/sdp\r\n";
  BOOST_TEST(b.status(r.text()) == 513);
  r.body = "v=0\r\n";
  BOOST_TEST(b.status(r.text()) == 0);
  // The noise behind a message does not count (18.3).
  r.via += "2", r.cseq = 2;
  BOOST_TEST(b.status(r.text() + std::string(2000, 'x')) == 0);
  BOOST_TEST(b.status(of("OPTIONS").text() + std::string(70'000, 'x')) == 513);
}

BOOST_AUTO_TEST_CASE(the_largest_request_is_kept_whole) {
  request_text r = of("INVITE");
  r.more += "Content-Type: application/sdp\r\n";
  auto const size = [&] { return r.text().size(); };
  bench<2, 700> b;
  while (size() < 700) r.body += 'v';
  BOOST_REQUIRE(size() == 700u);
  auto const a = b.receive(r.text());
  BOOST_REQUIRE((a.kind == arrival_kind::request));
  BOOST_TEST(b.layer->request(a.transaction).bytes() == r.text());
  r.body += 'v';
  r.via += "2", r.cseq = 2;
  BOOST_TEST(b.status(r.text()) == 513);
}

BOOST_AUTO_TEST_CASE(a_response_that_does_not_fit_is_not_cut_off) {
  bench<2, 600> b;
  auto const a = b.receive(of("OPTIONS").text());
  std::string const large(600, 'x');
  response_parts r;
  r.to_tag = "b1";
  r.content = {"text/plain", large};
  BOOST_TEST((b.layer->respond(a.transaction, r, b.now) == sending::unwritable));
  BOOST_TEST(b.take().empty());
  r.content = {};
  r.contact = "a\r\nb";
  BOOST_TEST((b.layer->respond(a.transaction, r, b.now) == sending::unwritable));
  r.contact = {};
  BOOST_TEST((b.layer->respond(a.transaction, r, b.now) == sending::sent));
  BOOST_TEST(b.layer->policy().violations == 0u);
}

BOOST_AUTO_TEST_CASE(keep_alives_and_noise_are_dropped) {
  bench b;
  for (std::string const& text :
       {std::string{}, std::string{"\r\n"}, std::string{"\r\n\r\n"}, std::string{"\n\n\n"},
        std::string{"\0\0\0\0", 4}, std::string{"hello"}, std::string{"GET / HTTP/1.1\r\n\r\n"},
        std::string{"SIP/2.0"}, std::string{"SIP/2.0 200 OK\r\n\r\n"}, std::string(70'000, 'x')}) {
    BOOST_TEST((b.receive(text).kind == arrival_kind::nothing));
    BOOST_TEST(b.take().empty());
  }
  BOOST_TEST(b.layer->counts().malformed == 6u); // all that hold more than line ends
  BOOST_TEST(b.layer->live_transactions() == 0u);
}

BOOST_AUTO_TEST_CASE(a_request_without_a_via_or_an_ack_is_never_answered) {
  bench b;
  auto text = request_text{}.text();
  auto const at = text.find("Via");
  text.erase(at, text.find("Max") - at);
  BOOST_TEST((b.receive(text).kind == arrival_kind::nothing));
  auto ack = of("ACK");
  ack.call_id = "a b c";
  BOOST_TEST((b.receive(ack.text()).kind == arrival_kind::nothing));
  ack = of("ACK");
  ack.version = "SIP/9.0";
  BOOST_TEST((b.receive(ack.text()).kind == arrival_kind::nothing));
  BOOST_TEST(b.take().empty());
  BOOST_TEST(b.layer->counts().malformed == 3u);
}

// LWS = [*WSP CRLF] 1*WSP (25.1). What a response cannot copy is not taken, and counted.
BOOST_AUTO_TEST_CASE(a_request_that_no_response_can_copy_is_dropped_and_counted_8_2_6_2) {
  bench b;
  std::size_t dropped = 0;
  for (auto const method : {"INVITE", "OPTIONS", "BYE", "REGISTER", "NEWMETHOD"}) {
    for (auto const part : {&request_text::via, &request_text::from, &request_text::to}) {
      auto r = of(method);
      r.*part += "\r;x=y";
      BOOST_TEST((b.receive(r.text()).kind == arrival_kind::nothing));
      BOOST_TEST(b.layer->counts().malformed == ++dropped);
    }
  }
  BOOST_TEST(b.take().empty());
  BOOST_TEST(b.layer->counts().rejected == 0u);
  BOOST_TEST(b.layer->live_transactions() == 0u);
  BOOST_TEST(b.layer->next_timeout().is_never());
  auto r = of("INVITE");
  r.more += "Record-Route: <sip:192.0.2.7;lr>\r;x=y\r\n";
  BOOST_TEST(b.status(r.text()) == 400);
  BOOST_TEST(b.layer->counts().rejected == 1u);
}

BOOST_AUTO_TEST_CASE(over_a_reliable_transport_answered_transactions_end_at_once_17_2_2) {
  bench b;
  request_text r;
  r.via = "SIP/2.0/TCP 192.0.2.1;branch=z9hG4bK1";
  auto const a = b.receive(r.text(), client, transport::tcp);
  BOOST_TEST((b.respond(a.transaction, 200) == sending::sent));
  BOOST_TEST(summary(b.one().bytes) == "200 OPTIONS");
  BOOST_TEST(b.layer->live_transactions() == 0u);
  r = of("INVITE");
  auto const i = b.receive(r.text(), client, transport::tcp);
  (void)b.respond(i.transaction, 486);
  (void)b.one();
  BOOST_TEST(b.advance(20'000).empty()); // no Timer G
  r.method = "ACK";
  (void)b.receive(r.text(), client, transport::tcp);
  BOOST_TEST(b.layer->live_transactions() == 0u); // Timer I is zero
}

BOOST_AUTO_TEST_CASE(a_transport_error_ends_a_request_and_is_told_17_1_4) {
  bench b;
  transaction_handle h;
  (void)b.send(method::options, h, 3);
  auto const sent = b.one();
  auto const a = b.layer->handle_transport_error(sent.transaction, b.now);
  BOOST_TEST((a.kind == arrival_kind::transport_error));
  BOOST_TEST((a.transaction == h));
  BOOST_TEST(a.owner == 3u);
  BOOST_TEST(b.layer->live_transactions() == 0u);
  BOOST_TEST(
      (b.layer->handle_transport_error(sent.transaction, b.now).kind == arrival_kind::nothing));
  BOOST_TEST(
      (b.layer->handle_transport_error(transaction_handle{}, b.now).kind == arrival_kind::nothing));
  // A server transaction tells it and stays (RFC 6026 8.8).
  auto const r = b.receive(of("INVITE").text());
  (void)b.respond(r.transaction, 180);
  BOOST_TEST((b.layer->handle_transport_error(b.one().transaction, b.now).kind ==
              arrival_kind::transport_error));
  BOOST_TEST(b.layer->alive(r.transaction));
}

BOOST_AUTO_TEST_CASE(
    a_handle_of_the_past_changes_nothing_and_a_cancel_is_for_an_invite_of_ours_9_1) {
  bench<1> b;
  auto const first = b.receive(of("OPTIONS").text(), client, transport::tcp);
  BOOST_TEST((b.respond(first.transaction, 200) == sending::sent));
  BOOST_TEST(!b.layer->alive(first.transaction));
  auto other = of("INVITE");
  other.via = "SIP/2.0/TCP 192.0.2.1;branch=z9hG4bKother";
  other.call_id = "other";
  auto const second = b.receive(other.text(), client, transport::tcp);
  b.layer->set_owner(second.transaction, 7);
  b.layer->set_owner(first.transaction, 99);
  BOOST_TEST(b.layer->owner(second.transaction) == 7u);
  b.take();
  BOOST_TEST((b.layer->send_cancel(second.transaction, b.now, 0) == sending::gone));
  BOOST_TEST(b.take().empty());
}

// "If there is a delay in generating the response, the UAS SHOULD add a delay value into the
// Timestamp value in the response." (8.2.6.1)
BOOST_AUTO_TEST_CASE(a_100_says_how_late_it_is_8_2_6_1) {
  struct {
    char const* method;
    char const* sent;
    char const* timestamp;
  } const cases[] = {{"INVITE", "54", "54 0.200"},
                     {"OPTIONS", "54", "54 3.500"},
                     {"INVITE", "54 0.5", "54 0.200"}};
  for (auto const& c : cases) {
    bench b;
    auto r = of(c.method);
    r.more = std::string{"Timestamp: "} + c.sent + "\r\n";
    (void)b.receive(r.text());
    auto const due = b.layer->next_timeout();
    (void)b.layer->handle_timeout(due);
    auto const trying = b.one();
    BOOST_TEST(trying.what() == std::string{"100 "} + c.method);
    BOOST_TEST(value_of(trying.bytes, header::timestamp) == c.timestamp);
    BOOST_TEST((due - b.now).count == (c.method == std::string{"INVITE"} ? 200 : 3500));
  }
}

// "host [ COLON port ]" (25.1): an answer to any other sent-by would never be one to us.
BOOST_AUTO_TEST_CASE(without_a_sent_by_that_can_be_answered_nothing_is_sent_18_1_1) {
  for (char const* const sent_by : {"", "2001:db8::2", "192.0.2.2:", "192.0.2.2:99999", "a b",
                                    "192.0.2.2;rport", "sip:192.0.2.2"}) {
    auto settings = our_settings();
    settings.sent_by = sent_by;
    bench b{settings};
    transaction_handle h;
    BOOST_TEST((b.send(method::options, h) == sending::unwritable), sent_by);
    BOOST_TEST(b.take().empty());
  }
  for (char const* const sent_by : {"192.0.2.2:5070", "[2001:db8::2]", "[2001:db8::2]:5070"}) {
    auto settings = our_settings();
    settings.sent_by = sent_by;
    bench b{settings};
    transaction_handle h;
    BOOST_TEST((b.send(method::options, h) == sending::sent), sent_by);
  }
}

BOOST_AUTO_TEST_CASE(an_abandoned_transaction_is_gone_in_silence) {
  bench b;
  transaction_handle h;
  (void)b.send(method::invite, h);
  auto const invite = b.one().bytes;
  b.layer->abandon(h);
  b.layer->abandon(h);
  BOOST_TEST(b.layer->live_transactions() == 0u);
  BOOST_TEST(b.layer->next_timeout().is_never());
  BOOST_TEST((b.receive(answer(invite, 200, "x")).kind == arrival_kind::nothing));
}

BOOST_AUTO_TEST_CASE(a_datagram_of_each_transaction_waits_to_be_taken) {
  bench<32> b;
  transaction_handle h;
  for (int i = 0; i < 20; ++i) BOOST_TEST((b.send(method::options, h) == sending::sent));
  BOOST_TEST(b.take().size() == 20u);
  // Timer E has none of them sent twice, even if nobody takes them in between.
  for (int i = 0; i < 20; ++i) (void)b.layer->handle_timeout(b.layer->next_timeout());
  BOOST_TEST(b.take().size() == 20u);
  BOOST_TEST(b.layer->counts().unsent == 0u);
}
// Over a stream a transaction is over with its response, and another may take its place.
BOOST_AUTO_TEST_CASE(a_datagram_whose_place_is_taken_is_counted) {
  bench<32> b;
  transaction_handle h;
  for (int i = 0; i < 20; ++i) BOOST_TEST((b.send(method::options, h) == sending::sent));
  for (int i = 0; i < 12; ++i) b.layer->abandon(h), (void)b.send(method::options, h);
  auto const taken = b.take().size();
  BOOST_TEST(b.layer->counts().unsent == 12u);
  BOOST_TEST(taken == 20u);
}

// The places of what is taken are free, whatever else waits, and what waits stays as it is.
BOOST_AUTO_TEST_CASE(no_datagram_is_lost_while_eight_wait_or_four_of_the_longest) {
  constexpr auto run = [](std::size_t most, std::size_t size) {
    transaction_layer<1, 400> layer{our_settings()};
    char text[400]{};
    std::size_t posted = 0;
    for (std::size_t taken = 0; taken != 30; ++taken) {
      for (; posted != taken + most; ++posted) {
        for (char& c : text) c = static_cast<char>('A' + posted % 26);
        layer.send_directly({text, size}, client, transport::udp);
      }
      datagram d;
      if (!layer.poll_transmit(d) || d.bytes.size() != size || d.to != client) return false;
      for (char const c : d.bytes)
        if (c != static_cast<char>('A' + taken % 26)) return false;
    }
    datagram d;
    std::size_t left = 0;
    while (layer.poll_transmit(d)) ++left;
    return left == most - 1 && layer.counts().unsent == 0;
  };
  for (std::size_t most = 1; most <= 8; ++most) {
    BOOST_TEST(run(most, 7));
    BOOST_TEST(run(most, 200));
    BOOST_TEST(run(most, 201) == (most < 8));
    BOOST_TEST(run(most, 400) == (most <= 4));
  }
  static_assert(run(3, 5));
}

BOOST_AUTO_TEST_CASE(several_datagrams_wait_side_by_side) {
  bench b;
  auto const a = b.receive(of("INVITE").text());
  (void)b.respond(a.transaction, 180);
  (void)b.respond(a.transaction, 183);
  (void)b.respond(a.transaction, 200);
  auto const all = b.take();
  BOOST_REQUIRE(all.size() == 3u);
  BOOST_TEST(all[0].what() == "180 INVITE");
  BOOST_TEST(all[1].what() == "183 INVITE");
  BOOST_TEST(all[2].what() == "200 INVITE");
}

BOOST_AUTO_TEST_CASE(it_works_in_constant_evaluation) {
  constexpr auto status = [] {
    transaction_layer<1, 400> layer{our_settings()};
    (void)layer.receive("OPTIONS sip:b SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK1\r\n"
                        "From: <sip:a>;tag=1\r\nTo: <sip:b>\r\nCall-ID: c\r\nCSeq: 1 OPTIONS\r\n"
                        "Require: x\r\n\r\n",
                        client, transport::udp, instant{0});
    datagram d;
    return layer.poll_transmit(d) ? read(d.bytes).value.status() : std::uint16_t{0};
  }();
  BOOST_TEST(status == 420);
}

namespace {

constexpr capabilities phone{.allow = "INVITE, ACK, CANCEL, BYE, OPTIONS",
                             .supported = "100rel, timer",
                             .schemes = "sip, sips, tel"};
constexpr capabilities registrar{.allow = "REGISTER, OPTIONS"};
constexpr capabilities messenger{.allow = "MESSAGE", .accept = "text/plain, multipart/mixed"};

// What becomes of it: a response code, or one of these.
constexpr int up = 0;       // passed up
constexpr int silence = -1; // dropped

struct torture {
  char const* name;
  char const* section;
  capabilities own;
  int result;
};

// "must accept", "should respond with a …", "simply drop"; 400 where RFC 4475 leaves the choice.
torture const torture_table[] = {
    {"wsinv", "3.1.1.1", phone, up},
    {"intmeth", "3.1.1.2", phone, 501},
    {"esc01", "3.1.1.3", phone, up},
    {"escnull", "3.1.1.4", registrar, up},
    {"esc02", "3.1.1.5", phone, 501},
    {"lwsdisp", "3.1.1.6", phone, up},
    {"longreq", "3.1.1.7", phone, up},
    {"dblreq", "3.1.1.8", registrar, up},
    {"semiuri", "3.1.1.9", phone, up},
    {"transports", "3.1.1.10", phone, up},
    {"mpart01", "3.1.1.11", messenger, up},
    {"unreason", "3.1.1.12", phone, silence}, // responses to no request of ours
    {"noreason", "3.1.1.13", phone, silence},
    {"badinv01", "3.1.2.1", phone, 400},
    {"clerr", "3.1.2.2", phone, 400},
    {"ncl", "3.1.2.3", phone, 400},
    {"scalar02", "3.1.2.4", registrar, 400},
    {"scalarlg", "3.1.2.5", phone, silence},
    {"quotbal", "3.1.2.6", phone, 400},
    {"ltgtruri", "3.1.2.7", phone, 400},
    {"lwsruri", "3.1.2.8", phone, 400},
    {"lwsstart", "3.1.2.9", phone, 400},
    {"trws", "3.1.2.10", phone, 400},
    {"escruri", "3.1.2.11", phone, 400},
    {"baddate", "3.1.2.12", phone, up},
    {"regbadct", "3.1.2.13", registrar, 400},
    {"badaspec", "3.1.2.14", phone, 400},
    {"baddn", "3.1.2.15", phone, 400},
    {"badvers", "3.1.2.16", phone, 505},
    {"mismatch01", "3.1.2.17", phone, 400},
    {"mismatch02", "3.1.2.18", phone, 501},
    {"bigcode", "3.1.2.19", phone, silence},
    {"badbranch", "3.2.1", phone, 400},
    {"insuf", "3.3.1", phone, 400},
    {"unkscm", "3.3.2", phone, 416},
    {"novelsc", "3.3.3", phone, 416},
    {"unksm2", "3.3.4", registrar, 400},
    {"bext01", "3.3.5", phone, 420},
    {"invut", "3.3.6", phone, 415},
    {"regaut01", "3.3.7", registrar, up},
    {"multi01", "3.3.8", phone, 400},
    {"mcl01", "3.3.9", phone, 400},
    {"bcast", "3.3.10", phone, silence},
    {"zeromf", "3.3.11", phone, up},
    {"cparam01", "3.3.12", registrar, up},
    {"cparam02", "3.3.13", registrar, up},
    {"regescrt", "3.3.14", registrar, up},
    {"sdp01", "3.3.15", phone, 406},
    {"inv2543", "3.4.1", phone, up},
};

std::string torture_message(std::string const& name) {
  std::ifstream file{std::string{CTSIP_TESTS_DIR} + "/message/rfc4475/" + name + ".dat",
                     std::ios::binary};
  BOOST_REQUIRE_MESSAGE(file.good(), name);
  return {std::istreambuf_iterator<char>{file}, {}};
}

} // namespace

BOOST_AUTO_TEST_CASE(every_message_of_rfc_4475_gets_the_response_that_the_rfc_asks_for) {
  for (torture const& t : torture_table) {
    BOOST_TEST_CONTEXT(t.name << ", RFC 4475 " << t.section) {
      bench<4, 4000> b{t.own};
      auto const text = torture_message(t.name);
      auto const a = b.receive(text);
      if (t.result == silence) {
        BOOST_TEST((a.kind == arrival_kind::nothing));
        BOOST_TEST(b.take().empty());
        BOOST_TEST(b.layer->counts().malformed + b.layer->counts().stray == 1u);
        continue;
      }
      if (t.result == up) {
        BOOST_REQUIRE((a.kind == arrival_kind::request));
        // Answered, its retransmission gets the same answer and creates nothing.
        BOOST_TEST((b.respond(a.transaction, 404) == sending::sent));
        auto const first = b.one();
        BOOST_TEST((b.receive(text).kind == arrival_kind::nothing));
        BOOST_TEST(b.one().bytes == first.bytes);
        BOOST_TEST(b.layer->live_transactions() == 1u);
        continue;
      }
      BOOST_TEST((a.kind == arrival_kind::nothing));
      auto const sent = b.one();
      message const m = read(sent.bytes).value;
      BOOST_TEST((read(sent.bytes).error == read_error::none));
      BOOST_TEST(m.status() == t.result);
      BOOST_TEST(b.layer->live_transactions() == 0u);
      message const request = read(text).value;
      BOOST_TEST(m.call_id() == request.call_id());
      if (request.top_via().well_formed())
        BOOST_TEST(m.top_via().branch() == request.top_via().branch());
      if (t.result == 420) BOOST_TEST(value_of(sent.bytes, header::unsupported).size() > 0u);
      if (t.result == 415) BOOST_TEST(value_of(sent.bytes, header::accept) == "application/sdp");
      if (t.result == 501) BOOST_TEST(value_of(sent.bytes, header::allow) == phone.allow);
      // The same again: the same answer (8.2.7).
      (void)b.receive(text);
      BOOST_TEST(b.one().bytes == sent.bytes);
    }
  }
}

// ---- RFC 3261 18.1.1: what is too long for a datagram; 18.2.2, 18.3: streams

namespace {

constexpr element_settings with_tcp() {
  element_settings s = our_settings();
  s.own.allow = "INVITE, ACK, CANCEL, BYE, OPTIONS";
  s.large_over_tcp = true;
  return s;
}

using large_bench = bench<8, 3000>;

// A request of exactly so many bytes, as it stands in the scratch buffer.
sending send_long(large_bench& b, method m, std::size_t size, transaction_handle& h,
                  address const& to = client, transport over = transport::udp) {
  std::string subject;
  auto const write = [&](std::span<char> buffer, via_parts const& via) {
    request_parts r;
    r.method = m;
    r.target = "sip:alice@192.0.2.1";
    r.via = via;
    r.from = {"sip:bob@192.0.2.2", "bb", {}};
    r.to = {"sip:alice@192.0.2.1", {}, {}};
    r.call_id = "call-of-bob";
    r.cseq = 7;
    r.contact = "sip:bob@192.0.2.2";
    extra_field const extra[] = {{"Subject", subject}};
    r.extra = extra;
    return write_request(buffer, r);
  };
  char buffer[3000];
  subject = "x";
  auto const bare = write(buffer, {transport::udp, "192.0.2.2", "z9hG4bK0123456789abcdef"}).size();
  subject.append(size - bare, 'x');
  return b.layer->send_request(m, to, over, b.now, 3, write, &h);
}

// What differs between two texts of one size.
std::string difference(std::string const& a, std::string const& b) {
  BOOST_TEST_REQUIRE(a.size() == b.size());
  std::string out;
  for (std::size_t i = 0; i < a.size(); ++i)
    if (a[i] != b[i]) out += b[i];
  return out;
}

} // namespace

// "If a request is within 200 bytes of the path MTU, or if it is larger than 1300 bytes and the
// path MTU is unknown, the request MUST be sent using an RFC 2914 congestion controlled transport
// protocol, such as TCP. If this causes a change in the transport protocol from the one indicated
// in the top Via, the value in the top Via MUST be changed."
BOOST_AUTO_TEST_CASE(a_request_of_more_than_1300_bytes_goes_over_tcp_18_1_1) {
  large_bench b{with_tcp()};
  transaction_handle h;
  for (method const m : {method::invite, method::options}) {
    BOOST_TEST((send_long(b, m, 1300, h) == sending::sent));
    auto sent = b.one();
    BOOST_TEST(sent.bytes.size() == 1300u);
    BOOST_TEST((sent.over == transport::udp));
    BOOST_TEST(value_of(sent.bytes, header::via).substr(0, 12) == "SIP/2.0/UDP ");
    b.layer->abandon(h);

    BOOST_TEST((send_long(b, m, 1301, h) == sending::sent));
    sent = b.one();
    BOOST_TEST(sent.bytes.size() == 1301u);
    BOOST_TEST((sent.over == transport::tcp));
    BOOST_TEST((sent.to == client));
    BOOST_TEST((sent.connect_to == client));
    BOOST_TEST((sent.transaction == h));
    BOOST_TEST(value_of(sent.bytes, header::via).substr(0, 22) == "SIP/2.0/TCP 192.0.2.2;");
    BOOST_TEST(read(sent.bytes).value.top_via().has_rport());
    // It is a transaction over a reliable transport: nothing is sent again (17.1.1.2, 17.1.2.2).
    BOOST_TEST(b.advance(20'000).empty());
    auto const a = b.receive(answer(sent.bytes, 200, "aa"), client, transport::tcp);
    BOOST_TEST((a.kind == arrival_kind::response));
    BOOST_TEST((a.over == transport::tcp));
    b.layer->abandon(h);
    b.take();
  }
}

BOOST_AUTO_TEST_CASE(how_long_is_too_long_and_whether_there_is_tcp_are_settings_18_1_1) {
  transaction_handle h;
  auto own = with_tcp();
  own.largest_datagram = 1072; // a path MTU of 1272
  large_bench known{own};
  BOOST_TEST((send_long(known, method::options, 1072, h) == sending::sent));
  BOOST_TEST((known.one().over == transport::udp));
  BOOST_TEST((send_long(known, method::options, 1073, h) == sending::sent));
  BOOST_TEST((known.one().over == transport::tcp));

  own.large_over_tcp = false;
  large_bench without{own};
  BOOST_TEST((send_long(without, method::options, 2900, h) == sending::sent));
  auto const sent = without.one();
  BOOST_TEST((sent.over == transport::udp));
  BOOST_TEST(value_of(sent.bytes, header::via).substr(0, 12) == "SIP/2.0/UDP ");

  // To a group there is no connection, and what has another transport keeps it.
  large_bench b{with_tcp()};
  address group = ip(1);
  group.bytes[0] = 224;
  BOOST_TEST((send_long(b, method::options, 2000, h, group) == sending::sent));
  BOOST_TEST((b.one().over == transport::udp));
  group = {{0xff, 0x02}, 5060, true};
  BOOST_TEST((send_long(b, method::options, 2000, h, group) == sending::sent));
  BOOST_TEST((b.one().over == transport::udp));
  BOOST_TEST((send_long(b, method::options, 2000, h, client, transport::tls) == sending::sent));
  BOOST_TEST((b.one().over == transport::tls));
}

// "if the attempt to establish the connection generates either an ICMP Protocol Not Supported, or
// results in a TCP reset, the element SHOULD retry the request, using UDP."
BOOST_AUTO_TEST_CASE(where_tcp_is_refused_the_request_is_retried_over_udp_once_18_1_1) {
  for (method const m : {method::invite, method::options}) {
    large_bench b{with_tcp()};
    transaction_handle h;
    BOOST_TEST((send_long(b, m, 2000, h) == sending::sent));
    auto const first = b.one();
    BOOST_TEST(b.advance(700).empty());
    BOOST_TEST(
        (b.layer->handle_transport_error(first.transaction, b.now).kind == arrival_kind::nothing));
    auto const second = b.one();
    BOOST_TEST((second.over == transport::udp));
    BOOST_TEST((second.to == client));
    BOOST_TEST((second.transaction == h));
    // The same request, so that a peer that has it after all knows it by its branch (17.2.3).
    BOOST_TEST(difference(first.bytes, second.bytes) == "UD");
    BOOST_TEST(b.layer->alive(h));
    BOOST_TEST(b.layer->live_transactions() == 1u);
    // Over UDP it is repeated (17.1.1.2, 17.1.2.2).
    auto const again = b.advance(500);
    BOOST_REQUIRE_EQUAL(again.size(), 1u);
    BOOST_TEST(again[0].bytes == second.bytes);
    // The next error is the user's.
    auto const a = b.layer->handle_transport_error(h, b.now);
    BOOST_TEST((a.kind == arrival_kind::transport_error));
    BOOST_TEST((a.transaction == h));
    BOOST_TEST(a.owner == 3u);
    BOOST_TEST(b.layer->live_transactions() == 0u);
    BOOST_TEST(b.take().empty());
  }
}

BOOST_AUTO_TEST_CASE(a_response_to_the_retry_over_udp_finds_its_transaction_18_1_1) {
  large_bench b{with_tcp()};
  transaction_handle h;
  BOOST_TEST((send_long(b, method::invite, 2000, h) == sending::sent));
  (void)b.layer->handle_transport_error(b.one().transaction, b.now);
  auto const invite = b.one();
  auto a = b.receive(answer(invite.bytes, 180, "aa"));
  BOOST_TEST((a.kind == arrival_kind::response));
  BOOST_TEST((a.transaction == h));
  BOOST_TEST((a.over == transport::udp));
  // The CANCEL goes where the INVITE went (9.1).
  BOOST_TEST((b.layer->send_cancel(h, b.now, 3) == sending::sent));
  auto const cancel = b.one();
  BOOST_TEST((cancel.over == transport::udp));
  BOOST_TEST(value_of(cancel.bytes, header::via) == value_of(invite.bytes, header::via));
  a = b.receive(answer(invite.bytes, 487, "aa"));
  BOOST_TEST((a.kind == arrival_kind::response));
  BOOST_TEST((b.one().over == transport::udp)); // the ACK
}

BOOST_AUTO_TEST_CASE(a_connection_that_fails_later_is_an_error_like_any_other_17_1_4) {
  large_bench b{with_tcp()};
  transaction_handle h;
  // It had been established: a 100 has come.
  BOOST_TEST((send_long(b, method::options, 2000, h) == sending::sent));
  (void)b.receive(answer(b.one().bytes, 100, ""), client, transport::tcp);
  BOOST_TEST((b.layer->handle_transport_error(h, b.now).kind == arrival_kind::transport_error));
  BOOST_TEST(b.take().empty());
  // It was to be TCP anyway.
  BOOST_TEST((send_long(b, method::options, 2000, h, client, transport::tcp) == sending::sent));
  b.take();
  BOOST_TEST((b.layer->handle_transport_error(h, b.now).kind == arrival_kind::transport_error));
  BOOST_TEST(b.take().empty());
  // A transaction that comes after it in the same place has nothing of it.
  BOOST_TEST((send_long(b, method::options, 2000, h) == sending::sent));
  b.take();
  b.layer->abandon(h);
  (void)b.send(method::options, h);
  b.take();
  BOOST_TEST((b.layer->handle_transport_error(h, b.now).kind == arrival_kind::transport_error));
}

BOOST_AUTO_TEST_CASE(a_peer_that_has_refused_tcp_is_not_asked_again_for_a_while_18_1_1) {
  large_bench b{with_tcp()};
  transaction_handle h;
  BOOST_TEST((send_long(b, method::options, 2000, h) == sending::sent));
  (void)b.layer->handle_transport_error(b.one().transaction, b.now);
  b.take();
  b.layer->abandon(h);
  b.advance(31'000);
  BOOST_TEST((send_long(b, method::options, 2000, h) == sending::sent));
  BOOST_TEST((b.one().over == transport::udp));
  BOOST_TEST((send_long(b, method::options, 2000, h, ip(9)) == sending::sent)); // another one is
  BOOST_TEST((b.one().over == transport::tcp));
  b.layer->abandon(h);
  b.advance(1'000);
  BOOST_TEST((send_long(b, method::options, 2000, h) == sending::sent));
  BOOST_TEST((b.one().over == transport::tcp));
}

// The ACK to a 2xx is a request too. It has no transaction; the 2xx that comes again for want of it
// brings about the retry.
BOOST_AUTO_TEST_CASE(a_long_ack_goes_over_tcp_and_after_a_refusal_over_udp_18_1_1) {
  large_bench b{with_tcp()};
  std::string const text = "ACK sip:a@192.0.2.1 SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.2;branch=" +
                           std::string{"z9hG4bK1\r\nSubject: "} + std::string(1300, 'x') +
                           "\r\n\r\n";
  b.layer->send_directly(text, client, transport::udp);
  datagram first;
  BOOST_REQUIRE(b.layer->poll_transmit(first));
  BOOST_TEST((first.over == transport::tcp));
  BOOST_TEST(difference(text, std::string{first.bytes}) == "TC");
  BOOST_TEST((b.layer->handle_transport_error(first, b.now).kind == arrival_kind::nothing));
  b.layer->send_directly(text, client, transport::udp);
  auto const second = b.one();
  BOOST_TEST((second.over == transport::udp));
  BOOST_TEST(second.bytes == text);
}

// What goes over TCP at any length says nothing of whether the peer has it: its connection was
// open, and has broken.
BOOST_AUTO_TEST_CASE(only_what_its_length_has_put_on_tcp_says_that_there_is_none_18_1_1) {
  large_bench b{with_tcp()};
  auto const lose = [&] {
    datagram d;
    BOOST_REQUIRE(b.layer->poll_transmit(d));
    BOOST_TEST((d.over == transport::tcp));
    BOOST_TEST((b.layer->handle_transport_error(d, b.now).kind == arrival_kind::nothing));
    transaction_handle h;
    BOOST_TEST((send_long(b, method::options, 1400, h) == sending::sent));
    BOOST_TEST((b.one().over == transport::tcp));
  };
  for (std::size_t const size : {1u, 1400u}) {
    b.layer->send_directly("ACK sip:a@192.0.2.1 SIP/2.0\r\nVia: SIP/2.0/TCP 192.0.2.2;branch="
                           "z9hG4bK1\r\nSubject: " +
                               std::string(size, 'x') + "\r\n\r\n",
                           client, transport::tcp);
    lose();
  }
  request_text jump = of("JUMP"); // answered 501 without a transaction
  jump.via = "SIP/2.0/TCP 192.0.2.1;branch=z9hG4bK1";
  (void)b.receive(jump.text(), client, transport::tcp);
  lose();
}

// "the response MUST be sent using the existing connection to the source of the original request
// that created the transaction, if that connection is still open. [...] If that connection is no
// longer open, the server SHOULD open a connection to the IP address in the "received" parameter,
// if present, using the port in the "sent-by" value, or the default port for that transport".
BOOST_AUTO_TEST_CASE(a_response_returns_on_its_connection_or_on_one_to_the_sent_by_18_2_2) {
  struct {
    char const* via;
    transport over;
    address connect_to;
    address source{ip(77, 40'000)};
  } const cases[] = {
      {"SIP/2.0/TCP 192.0.2.77:5070;branch=z9hG4bK1", transport::tcp, ip(77, 5070)},
      {"SIP/2.0/TCP 192.0.2.9:5070;rport;branch=z9hG4bK2", transport::tcp, ip(77, 5070)},
      {"SIP/2.0/TCP client.example.com;branch=z9hG4bK3", transport::tcp, ip(77, 5060)},
      {"SIP/2.0/TLS client.example.com;branch=z9hG4bK4", transport::tls, ip(77, 5061)},
      // Of another transport than it came over: 18.2.2 lets nobody have us connect elsewhere.
      {"SIP/2.0/UDP 192.0.2.9:5070;maddr=192.0.2.8;branch=z9hG4bK5", transport::tcp, ip(77, 5070)},
      // Over a connection that we had opened, as to a proxy: another one to where that went.
      {"SIP/2.0/TCP 192.0.2.77:5070;branch=z9hG4bK6", transport::tcp, ip(77, 5070), ip(77, 5070)},
      {"SIP/2.0/TLS 192.0.2.77;branch=z9hG4bK7", transport::tls, ip(77, 5061), ip(77, 5061)}};
  for (auto const& each : cases) {
    address const source = each.source;
    bench b;
    request_text r = of("INVITE");
    r.via = each.via;
    auto const a = b.receive(r.text(), source, each.over);
    BOOST_REQUIRE((a.kind == arrival_kind::request));
    BOOST_TEST((b.respond(a.transaction, 486) == sending::sent));
    auto const sent = [&] {
      datagram d;
      BOOST_REQUIRE(b.layer->poll_transmit(d));
      return d;
    }();
    BOOST_TEST((sent.to == source), each.via);
    BOOST_TEST((sent.connect_to() == each.connect_to), each.via);
    BOOST_TEST((sent.over == each.over));
    BOOST_TEST((b.layer->peer(a.transaction) == source));
    // It could not be sent: once more, on a connection of its own, where what comes later goes,
    // too.
    for (int i = 0; i < 2; ++i) {
      auto const what = b.layer->handle_transport_error(sent, b.now).kind;
      BOOST_TEST((what == (i == 0 ? arrival_kind::nothing : arrival_kind::transport_error)));
      datagram again;
      BOOST_TEST(b.layer->poll_transmit(again) == (i == 0), each.via);
      if (i != 0) continue;
      BOOST_TEST(again.bytes == sent.bytes);
      BOOST_TEST((again.to == each.connect_to));
      BOOST_TEST((b.layer->peer(a.transaction) == each.connect_to));
    }
    // Without a transaction it is no other way.
    r.method = "JUMP";
    (void)b.receive(r.text(), source, each.over);
    datagram d;
    BOOST_REQUIRE(b.layer->poll_transmit(d));
    BOOST_TEST(summary(d.bytes) == "501 JUMP");
    BOOST_TEST((d.to == source));
    BOOST_TEST((d.connect_to() == each.connect_to));
  }
}

// Over a stream such a transaction ends with its final response (17.2.2, Timer J), whose bytes may
// still wait for the peer to read.
BOOST_AUTO_TEST_CASE(the_last_response_to_a_non_invite_returns_on_a_new_connection_too_18_2_2) {
  for (std::uint16_t const port : {std::uint16_t{5070}, std::uint16_t{40'000}}) {
    address const source = ip(77, port);
    bench<2> b;
    request_text r = of("OPTIONS");
    r.via = "SIP/2.0/TCP 192.0.2.77:5070;branch=z9hG4bK1";
    auto const receive = [&](std::string const& branch, transport over) {
      r.via = std::string{"SIP/2.0/"} + name(over) + " 192.0.2.77:5070;branch=z9hG4bK" + branch;
      r.call_id = branch;
      auto const a = b.receive(r.text(), source, over);
      BOOST_REQUIRE((a.kind == arrival_kind::request));
      return a.transaction;
    };
    auto const h = receive("1", transport::tcp);
    BOOST_TEST((b.respond(h, 200) == sending::sent));
    BOOST_TEST(!b.layer->alive(h));
    auto const sent = b.one();
    datagram const unsent{{}, sent.to, sent.over, sent.transaction};
    BOOST_TEST((b.layer->handle_transport_error(unsent, b.now).kind == arrival_kind::nothing));
    auto const again = b.one();
    BOOST_TEST(again.bytes == sent.bytes);
    BOOST_TEST((again.to == ip(77, 5070)));
    BOOST_TEST((again.over == transport::tcp));
    BOOST_TEST((again.transaction == h));
    BOOST_TEST((b.layer->handle_transport_error(unsent, b.now).kind == arrival_kind::nothing));
    BOOST_TEST(b.take().empty());

    // Not what another transaction has written in its place since.
    auto const second = receive("2", transport::tcp);
    BOOST_TEST((b.respond(second, 200) == sending::sent));
    (void)b.one();
    auto const third = receive("3", transport::tcp);
    BOOST_TEST(third.index == second.index);
    BOOST_TEST((b.layer->handle_transport_error(second, b.now).kind == arrival_kind::nothing));
    BOOST_TEST((b.respond(third, 200) == sending::sent));
    (void)b.one();
    BOOST_TEST((b.layer->handle_transport_error(second, b.now).kind == arrival_kind::nothing));
    BOOST_TEST(b.take().empty());

    // A datagram has no connection, and over UDP the transaction has not ended.
    auto const fourth = receive("4", transport::udp);
    BOOST_TEST((b.respond(fourth, 200) == sending::sent));
    (void)b.one();
    auto const failed = b.layer->handle_transport_error(fourth, b.now);
    BOOST_TEST((failed.kind == arrival_kind::transport_error));
    BOOST_TEST(b.take().empty());

    // Nor is a request sent again that has had its answer.
    transaction_handle request;
    BOOST_TEST((b.send(method::options, request, 0, transport::tcp) == sending::sent));
    (void)b.receive(answer(b.one().bytes, 200, "aa"), client, transport::tcp);
    BOOST_TEST(!b.layer->alive(request));
    BOOST_TEST((b.layer->handle_transport_error(request, b.now).kind == arrival_kind::nothing));
    BOOST_TEST((b.layer->handle_transport_error(transaction_handle{}, b.now).kind ==
                arrival_kind::nothing));
    BOOST_TEST(b.take().empty());
  }
}

// "The Content-Length header field MUST be used with stream oriented transports." A framer finds no
// end of such a message, and a connection hands out its header fields only.
BOOST_AUTO_TEST_CASE(on_a_stream_a_message_without_content_length_is_refused_18_3) {
  for (transport const over : {transport::udp, transport::tcp, transport::tls, transport::wss}) {
    bool const stream = over == transport::tcp || over == transport::tls;
    for (std::string const m : {"OPTIONS", "ACK"}) {
      bench b;
      std::string text = of(m).text();
      text.erase(text.find("Content-Length"));
      auto const a = b.receive(text + "\r\n", client, over);
      auto const passed = m == "ACK" ? arrival_kind::ack : arrival_kind::request;
      BOOST_TEST((a.kind == (stream ? arrival_kind::nothing : passed)));
      auto const sent = b.take();
      BOOST_REQUIRE_EQUAL(sent.size(), stream && m != "ACK" ? 1u : 0u);
      if (!sent.empty()) BOOST_TEST(first_line(sent[0].bytes) == "SIP/2.0 400 Bad Request");
    }
    bench b;
    transaction_handle h;
    (void)b.send(method::options, h, 0, over);
    std::string text = answer(b.one().bytes, 200, "aa");
    text.erase(text.find("Content-Length"));
    auto const a = b.receive(text + "\r\n", client, over);
    BOOST_TEST((a.kind == (stream ? arrival_kind::nothing : arrival_kind::response)));
    BOOST_TEST(b.layer->counts().malformed == (stream ? 1u : 0u));
  }
}

// Of a message that is too long for a connection its header fields arrive, without the body that
// they announce. As a datagram it would be a 400 (18.3).
BOOST_AUTO_TEST_CASE(on_a_stream_a_body_that_did_not_come_had_no_room_21_5_7) {
  bench b;
  request_text r;
  r.body = "v=0\r\n";
  r.more += "Content-Type: application/sdp\r\n";
  std::string text = r.text();
  text.resize(text.size() - r.body.size());
  BOOST_TEST(b.status(text) == 400);
  (void)b.receive(text, client, transport::tcp);
  BOOST_TEST(first_line(b.one().bytes) == "SIP/2.0 513 Message Too Large");
  BOOST_TEST(b.layer->live_transactions() == 0u);
  // Nothing is said about the length of what is refused at any length.
  r.more += "Require: nonsense\r\n";
  text = r.text();
  text.resize(text.size() - r.body.size());
  (void)b.receive(text, client, transport::tcp);
  BOOST_TEST(first_line(b.one().bytes) == "SIP/2.0 420 Bad Extension");
}

// As one that is too long for a transaction, or finds none free: who sends it has ended its
// session, or given up its call.
BOOST_AUTO_TEST_CASE(on_a_stream_a_bye_and_a_cancel_take_effect_without_their_body) {
  for (std::string const m : {"BYE", "CANCEL"}) {
    for (transport const over : {transport::udp, transport::tcp, transport::tls}) {
      bench b;
      request_text r = of(m);
      r.body = "v=0\r\n";
      r.more += "Content-Type: application/sdp\r\n";
      std::string text = r.text();
      text.resize(text.size() - r.body.size());
      auto const a = b.receive(text, client, over);
      if (over == transport::udp) {
        BOOST_TEST((a.kind == arrival_kind::nothing));
        BOOST_TEST(first_line(b.one().bytes) == "SIP/2.0 400 Bad Request");
        continue;
      }
      BOOST_TEST((a.kind == arrival_kind::request));
      BOOST_TEST(!a.transaction);
      BOOST_TEST(a.message.bytes() == text);
      BOOST_TEST(b.take().empty());
      b.layer->answer(a, 200);
      BOOST_TEST(summary(b.one().bytes) == "200 " + m);
      // What else is wrong with it keeps it from that.
      r.uri = "mailto:bob@192.0.2.2";
      text = r.text();
      text.resize(text.size() - r.body.size());
      BOOST_TEST((b.receive(text, client, over).kind == arrival_kind::nothing));
      BOOST_TEST(first_line(b.one().bytes) == "SIP/2.0 416 Unsupported URI Scheme");
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
