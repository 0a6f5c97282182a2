#include <ctsip/message/writer.hpp>

#include <boost/test/unit_test.hpp>

#include <array>
#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace {

using ctsip::header;
using ctsip::method;
using ctsip::write_error;
using ctsip::writer;
using namespace std::string_literals;
using namespace std::string_view_literals;

constexpr ctsip::via_parts our_via{ctsip::transport::udp, "pc33.atlanta.com", "z9hG4bKnashds8",
                                   true};

// The example of RFC 3261 17.1.1.3, and a response to it.
constexpr auto invite = "INVITE sip:bob@biloxi.com SIP/2.0\r\n"
                        "Via: SIP/2.0/UDP pc33.atlanta.com;branch=z9hG4bKkjshdyff\r\n"
                        "To: Bob <sip:bob@biloxi.com>\r\n"
                        "From: Alice <sip:alice@atlanta.com>;tag=88sja8x\r\n"
                        "Max-Forwards: 70\r\n"
                        "Call-ID: 987asjd97y7atg\r\n"
                        "CSeq: 986759 INVITE\r\n"
                        "\r\n"sv;
constexpr auto busy = "SIP/2.0 486 Busy Here\r\n"
                      "Via: SIP/2.0/UDP pc33.atlanta.com;branch=z9hG4bKkjshdyff\r\n"
                      "To: Bob <sip:bob@biloxi.com>;tag=99sa0xk\r\n"
                      "From: Alice <sip:alice@atlanta.com>;tag=88sja8x\r\n"
                      "Call-ID: 987asjd97y7atg\r\n"
                      "CSeq: 986759 INVITE\r\n"
                      "Content-Length: 0\r\n"
                      "\r\n"sv;

ctsip::message good(std::string_view text) {
  auto const r = ctsip::read(text);
  BOOST_TEST_REQUIRE(static_cast<bool>(r), sentence(r.error) << "\n" << text);
  return r.value;
}

using write_function = std::function<writer(std::span<char>)>;

// Writes into every size of buffer from none to enough, looks for bytes beyond the end, and
// returns the message that came out of the last one.
std::string written(write_function const& write) {
  std::array<char, 4096> large{};
  auto const whole = write(large);
  BOOST_TEST_REQUIRE((whole.error() == write_error::none), sentence(whole.error()));
  auto const needed = whole.size();
  for (std::size_t size = 0; size <= needed; ++size) {
    std::vector<char> buffer(size + 8, '#');
    auto const w = write(std::span<char>{buffer.data(), size});
    BOOST_TEST_REQUIRE(w.size() == needed);
    BOOST_TEST_REQUIRE(w.ok() == (size == needed));
    BOOST_TEST_REQUIRE((w.error() == (size == needed ? write_error::none : write_error::overflow)));
    BOOST_TEST_REQUIRE(w.text().size() == (size == needed ? needed : 0));
    for (std::size_t i = size; i < buffer.size(); ++i) BOOST_TEST_REQUIRE(buffer[i] == '#');
  }
  std::string const text{whole.text()};
  good(text);
  return text;
}

write_error refusal(write_function const& write) {
  std::array<char, 4096> buffer{};
  auto const w = write(buffer);
  BOOST_TEST(!w.ok());
  BOOST_TEST(w.text().empty());
  BOOST_TEST(!std::string_view{sentence(w.error())}.empty());
  // A buffer of any size gives the same refusal: it is not hidden behind an overflow.
  BOOST_TEST((write(std::span<char>{}).error() == w.error()));
  return w.error();
}

ctsip::request_parts an_options() {
  ctsip::request_parts r;
  r.method = method::options;
  r.target = "sip:carol@chicago.com";
  r.via = our_via;
  r.from = {"sip:alice@atlanta.com", "1928301774", "Alice"};
  r.to = {"sip:carol@chicago.com", "", ""};
  r.call_id = "a84b4c76e66710";
  r.cseq = 63104;
  return r;
}

ctsip::dialog_parts a_dialog(std::span<std::string_view const> route_set = {}) {
  ctsip::dialog_parts d;
  d.local = {"sip:alice@atlanta.com", "88sja8x", ""};
  d.remote = {"sip:bob@biloxi.com", "99sa0xk", ""};
  d.call_id = "987asjd97y7atg";
  d.remote_target = "sip:user@remoteua";
  d.route_set = route_set;
  return d;
}

writer options_with(std::span<char> buffer, void (*change)(ctsip::request_parts&)) {
  auto r = an_options();
  change(r);
  return write_request(buffer, r);
}

write_error options_refusal(void (*change)(ctsip::request_parts&)) {
  return refusal([=](std::span<char> b) { return options_with(b, change); });
}

std::string respond(std::string_view request, ctsip::response_parts const& r) {
  auto const m = good(request);
  return written([&](std::span<char> b) { return write_response(b, m, r); });
}

write_error respond_refusal(std::string_view request, ctsip::response_parts const& r) {
  auto const m = good(request);
  return refusal([&](std::span<char> b) { return write_response(b, m, r); });
}

constexpr bool writes_in_constant_evaluation() {
  char buffer[400]{};
  ctsip::request_parts r;
  r.target = "sip:a@b.example";
  r.via = our_via;
  r.from = {"sip:c@d.example", "1", ""};
  r.to = {"sip:a@b.example", "", ""};
  r.call_id = "x@y";
  r.cseq = 1;
  auto const w = write_request(buffer, r);
  auto const answer = ctsip::read(w.text());
  char small[10]{};
  return answer && answer.value.method() == method::options && !write_request(small, r) &&
         write_request(small, r).size() == w.size();
}
static_assert(writes_in_constant_evaluation());

} // namespace

BOOST_AUTO_TEST_SUITE(message_writer)

BOOST_AUTO_TEST_CASE(a_message_is_a_start_line_header_fields_and_a_body_7) {
  auto const text = written([](std::span<char> b) {
    writer w{b};
    w.request_line("MESSAGE", "sip:bob@biloxi.com")
        .field("X-Note", "a", 5U, ctsip::quoted_text{"say \"hi\" \\"})
        .field(header::subject, "")
        .body({"text/plain", "hello\r\n\r\n"});
    return w;
  });
  BOOST_TEST(text == "MESSAGE sip:bob@biloxi.com SIP/2.0\r\n"
                     "X-Note: a5\"say \\\"hi\\\" \\\\\"\r\n"
                     "Subject: \r\n"
                     "Content-Type: text/plain\r\n"
                     "Content-Length: 9\r\n"
                     "\r\n"
                     "hello\r\n\r\n");
}

BOOST_AUTO_TEST_CASE(steps_in_the_wrong_order_are_refused) {
  BOOST_TEST(
      (refusal([](std::span<char> b) { return writer{b}.body(); }) == write_error::wrong_order));
  BOOST_TEST((refusal([](std::span<char> b) { return writer{b}.field("A", "b"); }) ==
              write_error::wrong_order));
  BOOST_TEST((refusal([](std::span<char> b) {
                return writer{b}.status_line(200, "OK").status_line(200, "OK").body();
              }) == write_error::wrong_order));
  BOOST_TEST((refusal([](std::span<char> b) {
                return writer{b}.status_line(200, "OK").body().field("A", "b");
              }) == write_error::wrong_order));
  std::array<char, 100> buffer{};
  auto const w = writer{buffer}.status_line(200, "OK");
  BOOST_TEST((w.error() == write_error::unfinished));
  BOOST_TEST(w.text().empty());
}

BOOST_AUTO_TEST_CASE(content_length_is_only_written_with_the_body) {
  for (auto const name : {"Content-Length", "l", "content-length"}) {
    BOOST_TEST((refusal([=](std::span<char> b) {
                  return writer{b}.status_line(200, "OK").field(name, "7").body();
                }) == write_error::reserved_header_field));
  }
}

BOOST_AUTO_TEST_CASE(a_request_outside_a_dialog_8_1_1) {
  std::array<ctsip::extra_field, 2> const extra{
      {{"Accept", "application/sdp"}, {"Supported", "100rel, timer"}}};
  auto r = an_options();
  r.contact = "sip:alice@pc33.atlanta.com;transport=udp";
  r.extra = extra;
  auto const text = written([&](std::span<char> b) { return write_request(b, r); });
  BOOST_TEST(text == "OPTIONS sip:carol@chicago.com SIP/2.0\r\n"
                     "Via: SIP/2.0/UDP pc33.atlanta.com;branch=z9hG4bKnashds8;rport\r\n"
                     "Max-Forwards: 70\r\n"
                     "From: \"Alice\" <sip:alice@atlanta.com>;tag=1928301774\r\n"
                     "To: <sip:carol@chicago.com>\r\n"
                     "Call-ID: a84b4c76e66710\r\n"
                     "CSeq: 63104 OPTIONS\r\n"
                     "Contact: <sip:alice@pc33.atlanta.com;transport=udp>\r\n"
                     "Accept: application/sdp\r\n"
                     "Supported: 100rel, timer\r\n"
                     "Content-Length: 0\r\n"
                     "\r\n");
}

BOOST_AUTO_TEST_CASE(what_was_written_reads_back_the_same) {
  constexpr auto sdp = "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nt=0 0\r\n"sv;
  auto r = an_options();
  r.method = method::invite;
  r.contact = "<sip:alice@pc33.atlanta.com>;+sip.instance=\"<urn:x>\"";
  r.from.display_name = "Al \"the\" \\ Ice";
  r.content = {"application/sdp", sdp};
  r.via.transport = ctsip::transport::tls;
  r.via.sent_by = "[2001:db8::1]:5070";
  r.via.rport = false;
  auto const text = written([&](std::span<char> b) { return write_request(b, r); });
  auto const m = good(text);
  BOOST_TEST((m.method() == method::invite));
  BOOST_TEST(m.request_uri() == r.target);
  BOOST_TEST((m.top_via().transport() == ctsip::transport::tls));
  BOOST_TEST(m.top_via().sent_by().host == "[2001:db8::1]");
  BOOST_TEST(m.top_via().sent_by().port == 5070);
  BOOST_TEST(m.top_via().branch() == r.via.branch);
  BOOST_TEST(!m.top_via().has_rport());
  BOOST_TEST(m.from_tag() == r.from.tag);
  BOOST_TEST(m.from().uri() == r.from.uri);
  std::array<char, 40> name{};
  auto const size = ctsip::unquote(m.from().display_name(), name.data(), name.size());
  BOOST_TEST((std::string_view{name.data(), size}) == r.from.display_name);
  BOOST_TEST(m.to_tag().empty());
  BOOST_TEST(m.call_id() == r.call_id);
  BOOST_TEST(m.cseq().number == 63104U);
  BOOST_TEST(m.contact().uri() == "sip:alice@pc33.atlanta.com");
  BOOST_TEST(m[header::content_type] == "application/sdp");
  BOOST_TEST(m.body() == sdp);
}

BOOST_AUTO_TEST_CASE(an_extension_method_is_written_by_its_name) {
  auto r = an_options();
  r.method = method::extension;
  r.method_name = "NEWMETHOD";
  auto const text = written([&](std::span<char> b) { return write_request(b, r); });
  BOOST_TEST(text.find("NEWMETHOD sip:carol@chicago.com SIP/2.0\r\n") == 0U);
  BOOST_TEST(text.find("\r\nCSeq: 63104 NEWMETHOD\r\n") != std::string::npos);
  r.method_name = "";
  BOOST_TEST((refusal([&](std::span<char> b) { return write_request(b, r); }) ==
              write_error::missing_value));
}

BOOST_AUTO_TEST_CASE(loose_routing_keeps_the_target_in_the_request_uri_12_2_1_1) {
  std::array const route_set{"<sip:proxy1;lr>;x=1"sv, "<sip:proxy2>"sv, "sip:proxy3;lr"sv};
  auto const text =
      written([&](std::span<char> b) { return write_bye(b, a_dialog(route_set), our_via, 231); });
  BOOST_TEST(text == "BYE sip:user@remoteua SIP/2.0\r\n"
                     "Via: SIP/2.0/UDP pc33.atlanta.com;branch=z9hG4bKnashds8;rport\r\n"
                     "Max-Forwards: 70\r\n"
                     "Route: <sip:proxy1;lr>;x=1\r\n"
                     "Route: <sip:proxy2>\r\n"
                     "Route: <sip:proxy3;lr>\r\n"
                     "From: <sip:alice@atlanta.com>;tag=88sja8x\r\n"
                     "To: <sip:bob@biloxi.com>;tag=99sa0xk\r\n"
                     "Call-ID: 987asjd97y7atg\r\n"
                     "CSeq: 231 BYE\r\n"
                     "Content-Length: 0\r\n"
                     "\r\n");
}

BOOST_AUTO_TEST_CASE(strict_routing_puts_the_first_route_into_the_request_uri_12_2_1_1) {
  // The example of RFC 3261 12.2.1.1.
  std::array const route_set{"<sip:proxy1>"sv, "<sip:proxy2>"sv, "<sip:proxy3;lr>"sv,
                             "<sip:proxy4>"sv};
  auto const text =
      written([&](std::span<char> b) { return write_bye(b, a_dialog(route_set), our_via, 231); });
  auto const m = good(text);
  BOOST_TEST(m.request_uri() == "sip:proxy1");
  std::vector<std::string_view> routes;
  for (auto const route : m.elements(header::route)) routes.push_back(route);
  BOOST_TEST(routes == (std::vector<std::string_view>{"<sip:proxy2>", "<sip:proxy3;lr>",
                                                      "<sip:proxy4>", "<sip:user@remoteua>"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_strict_router_loses_what_no_request_uri_may_have_19_1_1) {
  struct row {
    std::string_view route;
    std::string_view request_uri;
  };
  for (auto const& r :
       {row{"<sip:p?x@proxy1:5070;method=INVITE;transport=tcp;x?Subject=a&To=b>",
            "sip:p?x@proxy1:5070;transport=tcp;x"},
        row{"\"P\" <sip:proxy1?Subject=a>;y=z", "sip:proxy1"}, row{"<sip:proxy1>", "sip:proxy1"}}) {
    std::array const route_set{r.route};
    auto const text =
        written([&](std::span<char> b) { return write_bye(b, a_dialog(route_set), our_via, 1); });
    BOOST_TEST(good(text).request_uri() == r.request_uri);
    BOOST_TEST(good(text)[header::route] == "<sip:user@remoteua>");
  }
}

BOOST_AUTO_TEST_CASE(a_route_set_that_cannot_be_read_is_refused) {
  for (auto const route : {"<>"sv, "<sip:>"sv, "nonsense"sv, ""sv}) {
    std::array const route_set{route};
    BOOST_TEST((refusal([&](std::span<char> b) {
                  return write_bye(b, a_dialog(route_set), our_via, 1);
                }) == write_error::malformed_uri),
               route);
  }
}

BOOST_AUTO_TEST_CASE(a_null_tag_is_left_out_12_2_1_1) {
  auto d = a_dialog();
  d.remote.tag = "";
  auto const text = written([&](std::span<char> b) { return write_bye(b, d, our_via, 1); });
  BOOST_TEST(text.find("\r\nTo: <sip:bob@biloxi.com>\r\n") != std::string::npos);
  BOOST_TEST(text.find("Route") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(prack_repeats_rseq_and_cseq_of_the_response_rfc_3262_7_2) {
  auto const text = written([](std::span<char> b) {
    return write_prack(b, a_dialog(), our_via, 2, {776656, 1, "INVITE"});
  });
  BOOST_TEST(text == "PRACK sip:user@remoteua SIP/2.0\r\n"
                     "Via: SIP/2.0/UDP pc33.atlanta.com;branch=z9hG4bKnashds8;rport\r\n"
                     "Max-Forwards: 70\r\n"
                     "From: <sip:alice@atlanta.com>;tag=88sja8x\r\n"
                     "To: <sip:bob@biloxi.com>;tag=99sa0xk\r\n"
                     "Call-ID: 987asjd97y7atg\r\n"
                     "CSeq: 2 PRACK\r\n"
                     "RAck: 776656 1 INVITE\r\n"
                     "Content-Length: 0\r\n"
                     "\r\n");
  BOOST_TEST((refusal([](std::span<char> b) {
                return write_prack(b, a_dialog(), our_via, 2, {0, 1, "INVITE"});
              }) == write_error::sequence_number_out_of_range));
  BOOST_TEST((refusal([](std::span<char> b) {
                return write_prack(b, a_dialog(), our_via, 2, {1, 0x8000'0000U, "INVITE"});
              }) == write_error::sequence_number_out_of_range));
}

BOOST_AUTO_TEST_CASE(only_the_first_rseq_is_less_than_2_to_the_31_rfc_3262_3_and_7_1) {
  for (auto const rseq : {0x7fff'ffffU, 0x8000'0000U, 0xffff'ffffU}) {
    auto const text = written([=](std::span<char> b) {
      return write_prack(b, a_dialog(), our_via, 2, {rseq, 1, "INVITE"});
    });
    BOOST_TEST(text.find("\r\nRAck: " + std::to_string(rseq) + " 1 INVITE\r\n") !=
               std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(the_ack_of_the_client_transaction_17_1_1_3) {
  auto const request = good(invite);
  auto const response = good(busy);
  auto const text = written([&](std::span<char> b) { return write_ack(b, request, response); });
  BOOST_TEST(text == "ACK sip:bob@biloxi.com SIP/2.0\r\n"
                     "Via: SIP/2.0/UDP pc33.atlanta.com;branch=z9hG4bKkjshdyff\r\n"
                     "Max-Forwards: 70\r\n"
                     "From: Alice <sip:alice@atlanta.com>;tag=88sja8x\r\n"
                     "To: Bob <sip:bob@biloxi.com>;tag=99sa0xk\r\n"
                     "Call-ID: 987asjd97y7atg\r\n"
                     "CSeq: 986759 ACK\r\n"
                     "Content-Length: 0\r\n"
                     "\r\n");
}

BOOST_AUTO_TEST_CASE(ack_and_cancel_take_one_via_and_every_route_9_1) {
  constexpr auto routed = "INVITE sip:bob@biloxi.com SIP/2.0\r\n"
                          "v: SIP/2.0/UDP a.example;branch=z9hG4bK1,\r\n"
                          " SIP/2.0/UDP b.example;branch=z9hG4bK2\r\n"
                          "Via: SIP/2.0/UDP c.example;branch=z9hG4bK3\r\n"
                          "Route: <sip:p1;lr>, <sip:p2;lr>\r\n"
                          "Route: <sip:p3;lr>\r\n"
                          "Require: 100rel\r\n"
                          "t: <sip:bob@biloxi.com>\r\n"
                          "f: <sip:alice@atlanta.com>;tag=88sja8x\r\n"
                          "i: 987asjd97y7atg\r\n"
                          "CSeq: 0009 INVITE\r\n"
                          "Authorization: Digest username=\"alice\"\r\n"
                          "Proxy-Authorization: Digest username=\"a\"\r\n"
                          "Proxy-Authorization: Digest username=\"b\"\r\n"
                          "\r\n"sv;
  auto const request = good(routed);
  auto const cancel = written([&](std::span<char> b) { return write_cancel(b, request); });
  BOOST_TEST(cancel == "CANCEL sip:bob@biloxi.com SIP/2.0\r\n"
                       "Via: SIP/2.0/UDP a.example;branch=z9hG4bK1\r\n"
                       "Max-Forwards: 70\r\n"
                       "Route: <sip:p1;lr>, <sip:p2;lr>\r\n"
                       "Route: <sip:p3;lr>\r\n"
                       "From: <sip:alice@atlanta.com>;tag=88sja8x\r\n"
                       "To: <sip:bob@biloxi.com>\r\n"
                       "Call-ID: 987asjd97y7atg\r\n"
                       "CSeq: 9 CANCEL\r\n"
                       "Content-Length: 0\r\n"
                       "\r\n");
  auto const response = good(busy);
  auto const ack = written([&](std::span<char> b) { return write_ack(b, request, response); });
  BOOST_TEST(ack == "ACK sip:bob@biloxi.com SIP/2.0\r\n"
                    "Via: SIP/2.0/UDP a.example;branch=z9hG4bK1\r\n"
                    "Max-Forwards: 70\r\n"
                    "Route: <sip:p1;lr>, <sip:p2;lr>\r\n"
                    "Route: <sip:p3;lr>\r\n"
                    "From: <sip:alice@atlanta.com>;tag=88sja8x\r\n"
                    "To: Bob <sip:bob@biloxi.com>;tag=99sa0xk\r\n"
                    "Call-ID: 987asjd97y7atg\r\n"
                    "CSeq: 9 ACK\r\n"
                    "Authorization: Digest username=\"alice\"\r\n"
                    "Proxy-Authorization: Digest username=\"a\"\r\n"
                    "Proxy-Authorization: Digest username=\"b\"\r\n"
                    "Content-Length: 0\r\n"
                    "\r\n");
  auto const ack_2xx = written([&](std::span<char> b) {
    return write_ack(b, a_dialog(), request, our_via, {"application/sdp", "v=0\r\n"});
  });
  BOOST_TEST(ack_2xx == "ACK sip:user@remoteua SIP/2.0\r\n"
                        "Via: SIP/2.0/UDP pc33.atlanta.com;branch=z9hG4bKnashds8;rport\r\n"
                        "Max-Forwards: 70\r\n"
                        "From: <sip:alice@atlanta.com>;tag=88sja8x\r\n"
                        "To: <sip:bob@biloxi.com>;tag=99sa0xk\r\n"
                        "Call-ID: 987asjd97y7atg\r\n"
                        "CSeq: 9 ACK\r\n"
                        "Authorization: Digest username=\"alice\"\r\n"
                        "Proxy-Authorization: Digest username=\"a\"\r\n"
                        "Proxy-Authorization: Digest username=\"b\"\r\n"
                        "Content-Type: application/sdp\r\n"
                        "Content-Length: 5\r\n"
                        "\r\n"
                        "v=0\r\n");
}

BOOST_AUTO_TEST_CASE(ack_and_cancel_are_only_made_of_an_invite) {
  auto const request = good(invite);
  auto const response = good(busy);
  constexpr auto ok = "SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP a.example;branch=z9hG4bK1\r\n"
                      "To: <sip:b@c>;tag=1\r\nFrom: <sip:a@c>;tag=2\r\nCall-ID: x\r\n"
                      "CSeq: 986759 INVITE\r\n\r\n"sv;
  constexpr auto bye = "BYE sip:b@c SIP/2.0\r\nVia: SIP/2.0/UDP a.example;branch=z9hG4bK1\r\n"
                       "To: <sip:b@c>;tag=1\r\nFrom: <sip:a@c>;tag=2\r\nCall-ID: x\r\n"
                       "CSeq: 1 BYE\r\n\r\n"sv;
  constexpr auto bare = "INVITE sip:b@c SIP/2.0\r\n\r\n"sv;
  BOOST_TEST((refusal([&](std::span<char> b) { return write_ack(b, request, good(ok)); }) ==
              write_error::not_a_failure_response));
  BOOST_TEST((refusal([&](std::span<char> b) { return write_ack(b, good(bye), response); }) ==
              write_error::not_an_invite));
  BOOST_TEST((refusal([&](std::span<char> b) { return write_cancel(b, good(bye)); }) ==
              write_error::not_an_invite));
  BOOST_TEST((refusal([&](std::span<char> b) { return write_cancel(b, response); }) ==
              write_error::not_an_invite));
  BOOST_TEST((refusal([&](std::span<char> b) {
                return write_ack(b, a_dialog(), good(bye), our_via);
              }) == write_error::not_an_invite));
  BOOST_TEST((refusal([&](std::span<char> b) { return write_cancel(b, good(bare)); }) ==
              write_error::missing_header_field));
}

BOOST_AUTO_TEST_CASE(a_response_copies_from_its_request_8_2_6_2) {
  constexpr auto request =
      "INVITE sip:bob@biloxi.com SIP/2.0\r\n"
      "Via: SIP/2.0/UDP proxy.example;branch=z9hG4bK2 ,\r\n"
      "\tSIP/2.0/UDP b.example;received=192.0.2.9;branch=z9hG4bK1;x=\"a,b\"\r\n"
      "v: SIP/2.0/TCP c.example;branch=z9hG4bK0\r\n"
      "Record-Route: <sip:p2;lr>,<sip:p1;lr;y>;z\r\n"
      "Record-Route: <sip:p0;lr>\r\n"
      "f: \"A\r\n  B\" <sip:alice@atlanta.com> ; tag=88sja8x\r\n"
      "t: Bob <sip:bob@biloxi.com>\r\n"
      "i: 987asjd97y7atg@x\r\n"
      "CSeq: 007   INVITE\r\n"
      "Timestamp: 54\r\n"
      "\r\n"sv;
  ctsip::response_parts r;
  r.status = 180;
  r.to_tag = "a6c85cf";
  r.source = {"192.0.2.1", 5061};
  r.contact = "sip:bob@192.0.2.4";
  BOOST_TEST(respond(request, r) ==
             "SIP/2.0 180 Ringing\r\n"
             "Via: SIP/2.0/UDP proxy.example;branch=z9hG4bK2;received=192.0.2.1 , SIP/2.0/UDP "
             "b.example;received=192.0.2.9;branch=z9hG4bK1;x=\"a,b\"\r\n"
             "Via: SIP/2.0/TCP c.example;branch=z9hG4bK0\r\n"
             "Record-Route: <sip:p2;lr>,<sip:p1;lr;y>;z\r\n"
             "Record-Route: <sip:p0;lr>\r\n"
             "From: \"A B\" <sip:alice@atlanta.com> ; tag=88sja8x\r\n"
             "To: Bob <sip:bob@biloxi.com>;tag=a6c85cf\r\n"
             "Call-ID: 987asjd97y7atg@x\r\n"
             "CSeq: 007   INVITE\r\n"
             "Contact: <sip:bob@192.0.2.4>\r\n"
             "Content-Length: 0\r\n"
             "\r\n");
  // A failure establishes no dialog: no Record-Route, and no Contact is wanted (12.1.1).
  r.status = 486;
  r.contact = "";
  auto const failure = respond(request, r);
  BOOST_TEST(failure.find("Record-Route") == std::string::npos);
  BOOST_TEST(failure.find("SIP/2.0 486 Busy Here\r\n") == 0U);
  r.status = 200;
  BOOST_TEST((respond_refusal(request, r) == write_error::missing_contact));
  r.contact = "<sip:bob@192.0.2.4>;expires=60";
  r.reason = "Fine";
  auto const success = respond(request, r);
  BOOST_TEST(success.find("SIP/2.0 200 Fine\r\n") == 0U);
  BOOST_TEST(success.find("\r\nRecord-Route: <sip:p0;lr>\r\n") != std::string::npos);
  BOOST_TEST(success.find("\r\nContact: <sip:bob@192.0.2.4>;expires=60\r\n") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_100_copies_the_timestamp_and_needs_no_tag_8_2_6_1) {
  constexpr auto request = "INVITE sip:bob@biloxi.com SIP/2.0\r\n"
                           "Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK2\r\n"
                           "From: <sip:alice@atlanta.com>;tag=88sja8x\r\n"
                           "To: <sip:bob@biloxi.com>\r\n"
                           "Call-ID: 987asjd97y7atg\r\n"
                           "CSeq: 7 INVITE\r\n"
                           "Record-Route: <sip:p;lr>\r\n"
                           "Timestamp: 54\r\n"
                           "\r\n"sv;
  ctsip::response_parts r;
  r.status = 100;
  r.source = {"192.0.2.1", 5060};
  auto const head = "SIP/2.0 100 Trying\r\n"
                    "Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK2\r\n"
                    "From: <sip:alice@atlanta.com>;tag=88sja8x\r\n"
                    "To: <sip:bob@biloxi.com>\r\n"
                    "Call-ID: 987asjd97y7atg\r\n"
                    "CSeq: 7 INVITE\r\n"
                    "Timestamp: 54"s;
  auto const tail = "\r\nContent-Length: 0\r\n\r\n"s;
  BOOST_TEST(respond(request, r) == head + tail);
  r.delay = {1050};
  BOOST_TEST(respond(request, r) == head + " 1.050" + tail);
  r.status = 180;
  BOOST_TEST((respond_refusal(request, r) == write_error::missing_to_tag));
  r.to_tag = "1";
  r.contact = "sip:bob@192.0.2.4";
  BOOST_TEST(respond(request, r).find("Timestamp") == std::string::npos);
}

// Timestamp = "Timestamp" HCOLON 1*(DIGIT) [ "." *(DIGIT) ] [ LWS delay ] (25.1)
BOOST_AUTO_TEST_CASE(a_timestamp_has_one_delay_8_2_6_1) {
  struct row {
    std::string sent;
    int delay;
    std::string copied;
  };
  for (auto const& r : {row{"54.5", 200, "\r\nTimestamp: 54.5 0.200\r\n"},
                        row{"54 0.5", 200, "\r\nTimestamp: 54 0.200\r\n"},
                        row{"54\r\n\t.5", 200, "\r\nTimestamp: 54 0.200\r\n"},
                        row{"54 0.5", 0, "\r\nTimestamp: 54 0.5\r\n"},
                        row{"54\r\n .5", 0, "\r\nTimestamp: 54 .5\r\n"},
                        // No number, so it is ignored (8.2.2).
                        row{"", 200, ""}, row{"\x01", 200, ""}}) {
    auto const request =
        "OPTIONS sip:b@c SIP/2.0\r\nVia: SIP/2.0/UDP a.example\r\nTimestamp: " + r.sent +
        "\r\n\r\n";
    ctsip::response_parts parts;
    parts.status = 100;
    parts.delay = ctsip::milliseconds{r.delay};
    auto const text = respond(request, parts);
    BOOST_TEST((r.copied.empty() ? text.find("Timestamp") == std::string::npos
                                 : text.find(r.copied) != std::string::npos),
               text);
  }
}

BOOST_AUTO_TEST_CASE(a_to_tag_of_the_request_stays_8_2_6_2) {
  constexpr auto request = "BYE sip:bob@biloxi.com SIP/2.0\r\n"
                           "Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK2\r\n"
                           "From: <sip:alice@atlanta.com>;tag=88sja8x\r\n"
                           "To: <sip:bob@biloxi.com>;tag=theirs\r\n"
                           "Call-ID: 987asjd97y7atg\r\n"
                           "CSeq: 8 BYE\r\n"
                           "\r\n"sv;
  ctsip::response_parts r;
  r.to_tag = "ours";
  auto const text = respond(request, r);
  BOOST_TEST(text.find("\r\nTo: <sip:bob@biloxi.com>;tag=theirs\r\n") != std::string::npos);
  BOOST_TEST(text.find("ours") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_top_via_says_where_the_request_came_from_18_2_1_and_rfc_3581_4) {
  struct row {
    std::string_view via;
    ctsip::packet_source source;
    std::string_view expected;
  };
  for (auto const& r :
       {row{"SIP/2.0/UDP bobspc.biloxi.com:5060",
            {"192.0.2.4", 5060},
            "SIP/2.0/UDP bobspc.biloxi.com:5060;received=192.0.2.4"},
        row{"SIP/2.0/UDP 10.1.1.1:4540;rport;branch=z9hG4bKkjshdyff",
            {"192.0.2.1", 9988},
            "SIP/2.0/UDP 10.1.1.1:4540;rport=9988;branch=z9hG4bKkjshdyff;received=192.0.2.1"},
        row{"SIP/2.0/UDP 192.0.2.1:4540;rport",
            {"192.0.2.1", 4540},
            "SIP/2.0/UDP 192.0.2.1:4540;rport=4540;received=192.0.2.1"},
        row{"SIP/2.0/UDP 192.0.2.1:4540;branch=z9hG4bKa",
            {"192.0.2.1", 4540},
            "SIP/2.0/UDP 192.0.2.1:4540;branch=z9hG4bKa"},
        row{"SIP/2.0/UDP a.example;received=203.0.113.9;branch=z9hG4bKa",
            {"192.0.2.1", 4540},
            "SIP/2.0/UDP a.example;branch=z9hG4bKa;received=192.0.2.1"},
        row{"SIP/2.0/UDP a.example;rport",
            {"[2001:db8::1]", 5060},
            "SIP/2.0/UDP a.example;rport=5060;received=2001:db8::1"},
        row{"SIP / 2.0 / UDP first.example: 4000;ttl=16\r\n ;maddr=224.2.0.1 ;branch=z9hG4bKa7c6",
            {"192.0.2.1", 1},
            "SIP / 2.0 / UDP first.example: "
            "4000;ttl=16;maddr=224.2.0.1;branch=z9hG4bKa7c6;received=192.0.2.1"},
        row{"SIP/2.0/UDP a.example;rport;received=203.0.113.9",
            {},
            "SIP/2.0/UDP a.example;rport;received=203.0.113.9"}}) {
    auto const request = "OPTIONS sip:b@c.example SIP/2.0\r\nVia: " + std::string{r.via} +
                         "\r\nTo: <sip:b@c.example>;tag=1\r\n\r\n";
    ctsip::response_parts parts;
    parts.source = r.source;
    auto const text = respond(request, parts);
    auto const expected = "\r\nVia: " + std::string{r.expected} + "\r\n";
    BOOST_TEST(text.find(expected) != std::string::npos, text << "\nlacks" << expected);
  }
}

BOOST_AUTO_TEST_CASE(record_route_is_copied_only_where_a_dialog_begins_12_1_1) {
  struct row {
    std::string_view method;
    std::string_view to_tag;
    ctsip::status_code status;
    bool copied;
  };
  for (auto const& r : {row{"INVITE", "", 200, true}, row{"INVITE", "", 183, true},
                        row{"INVITE", "", 100, false}, row{"INVITE", "", 302, false},
                        row{"INVITE", ";tag=1", 200, false}, row{"SUBSCRIBE", "", 200, true},
                        row{"REFER", "", 202, true}, row{"NOTIFY", ";tag=1", 200, true},
                        row{"NOTIFY", ";tag=1", 481, false}, row{"OPTIONS", "", 200, false},
                        row{"REGISTER", "", 200, false}, row{"BYE", ";tag=1", 200, false}}) {
    auto const request =
        std::string{r.method} +
        " sip:b@c.example SIP/2.0\r\nVia: SIP/2.0/UDP a.example;branch=z9hG4bK1\r\n"
        "Record-Route: <sip:p;lr>\r\nTo: <sip:b@c.example>" +
        std::string{r.to_tag} + "\r\nCSeq: 1 " + std::string{r.method} + "\r\n\r\n";
    ctsip::response_parts parts;
    parts.status = r.status;
    parts.to_tag = "2";
    parts.contact = "sip:b@192.0.2.1";
    BOOST_TEST((respond(request, parts).find("\r\nRecord-Route: <sip:p;lr>\r\n") !=
                std::string::npos) == r.copied,
               r.method << r.to_tag << " " << r.status);
  }
}

BOOST_AUTO_TEST_CASE(a_response_can_be_made_of_a_poor_request_but_not_without_a_via) {
  ctsip::response_parts r;
  r.status = 400;
  r.to_tag = "1";
  BOOST_TEST(respond("INVITE sip:b@c SIP/2.0\r\nVia: SIP/2.0/UDP a.example\r\n\r\n", r) ==
             "SIP/2.0 400 Bad Request\r\n"
             "Via: SIP/2.0/UDP a.example\r\n"
             "Content-Length: 0\r\n"
             "\r\n");
  BOOST_TEST((respond_refusal("INVITE sip:b@c SIP/2.0\r\nTo: <sip:b@c>\r\n\r\n", r) ==
              write_error::missing_header_field));
  BOOST_TEST((respond_refusal(busy, r) == write_error::not_a_request));
  r.status = 99;
  BOOST_TEST((respond_refusal(invite, r) == write_error::status_out_of_range));
  r.status = 700;
  BOOST_TEST((respond_refusal(invite, r) == write_error::status_out_of_range));
}

BOOST_AUTO_TEST_CASE(quoted_control_characters_are_copied_rfc_4475_3_1_1_2) {
  auto const from = "From: \"BEL:\\\x07 NUL:\\\0 DEL:\\\x7f\" <sip:a@b>;tag=1\r\n"s;
  auto const request = "OPTIONS sip:b@c SIP/2.0\r\nVia: SIP/2.0/UDP a.example\r\n" + from +
                       "To: <sip:b@c>;tag=1\r\n\r\n";
  BOOST_TEST(respond(request, {}).find("\r\n" + from) != std::string::npos);
}

BOOST_AUTO_TEST_CASE(every_fold_becomes_a_single_space_7_3_1) {
  auto const request = "OPTIONS sip:b@c SIP/2.0\r\nVia: SIP/2.0/UDP a.example\r\n"
                       "From: A \t\r\n \r\n\t B\n C  D <sip:a@b>\r\n ;tag=1\r\n"
                       "To: <sip:b@c>;tag=1\r\n\r\n"sv;
  BOOST_TEST(respond(request, {}).find("\r\nFrom: A B C  D <sip:a@b> ;tag=1\r\n") !=
             std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_line_end_within_a_value_from_the_network_is_no_new_header_field) {
  // A bare CR is in no fold (25.1): what cannot be copied is not answered.
  constexpr auto request = "OPTIONS sip:b@c SIP/2.0\r\nVia: SIP/2.0/UDP a.example\r\n"
                           "From: <sip:a\rEvil: 1@b>;tag=1\r\nTo: <sip:b@c>;tag=1\r\n\r\n"sv;
  auto const read = ctsip::read(request);
  std::array<char, 500> buffer{};
  auto const w = write_response(buffer, read.value, {});
  BOOST_TEST((w.error() == write_error::forbidden_character));
  BOOST_TEST(w.text().empty());
}

BOOST_AUTO_TEST_CASE(no_value_of_the_caller_can_begin_a_new_header_field) {
  constexpr auto evil = "z9hG4bKa\r\nEvil: 1"sv;
  using parts = ctsip::request_parts;
  struct row {
    char const* what;
    void (*change)(parts&, std::string_view);
  };
  static ctsip::extra_field extra[1];
  static std::string_view route[1];
  auto const method_name = [](parts& p, std::string_view v) {
    p.method = method::extension;
    p.method_name = v;
  };
  auto const extra_name = [](parts& p, std::string_view v) {
    extra[0] = {v, "x"};
    p.extra = extra;
  };
  auto const extra_value = [](parts& p, std::string_view v) {
    extra[0] = {"X", v};
    p.extra = extra;
  };
  row const rows[]{
      row{"method", method_name},
      row{"target", [](parts& p, std::string_view v) { p.target = v; }},
      row{"sent-by", [](parts& p, std::string_view v) { p.via.sent_by = v; }},
      row{"branch", [](parts& p, std::string_view v) { p.via.branch = v; }},
      row{"from", [](parts& p, std::string_view v) { p.from.uri = v; }},
      row{"from tag", [](parts& p, std::string_view v) { p.from.tag = v; }},
      row{"display name", [](parts& p, std::string_view v) { p.from.display_name = v; }},
      row{"to", [](parts& p, std::string_view v) { p.to.uri = v; }},
      row{"to tag", [](parts& p, std::string_view v) { p.to.tag = v; }},
      row{"call-id", [](parts& p, std::string_view v) { p.call_id = v; }},
      row{"contact", [](parts& p, std::string_view v) { p.contact = v; }},
      row{"content type",
          [](parts& p, std::string_view v) {
            p.content = {v, "body"};
          }},
      row{"extra name", extra_name},
      row{"extra value", extra_value},
      row{"second route", [](parts& p, std::string_view v) {
            static std::string_view two[2];
            two[0] = "<sip:p;lr>";
            two[1] = v;
            p.route_set = two;
          }}};
  for (auto const& r : rows) {
    for (auto const break_ : {"\r\n"sv, "\n"sv, "\r"sv, "\0"sv, "\x7f"sv, "\x01"sv}) {
      std::string value{evil.substr(0, 8)};
      value += break_;
      value += "Evil:1";
      auto p = an_options();
      r.change(p, value);
      BOOST_TEST((refusal([&](std::span<char> b) { return write_request(b, p); }) ==
                  write_error::forbidden_character),
                 r.what);
    }
  }
  auto p = an_options();
  std::string const first = "<sip:p;lr>\r\nEvil: 1";
  route[0] = first;
  p.route_set = route;
  std::array<char, 1000> buffer{};
  BOOST_TEST(!write_request(buffer, p).ok());
  ctsip::response_parts r;
  r.to_tag = "1";
  r.contact = "sip:b@c";
  for (auto const set : {+[](ctsip::response_parts& x) { x.reason = "OK\r\nEvil: 1"; },
                         +[](ctsip::response_parts& x) { x.to_tag = "1\r\nEvil: 1"; },
                         +[](ctsip::response_parts& x) { x.contact = "<sip:b>\r\nEvil: 1"; },
                         +[](ctsip::response_parts& x) { x.source.address = "1\r\nEvil: 1"; }}) {
    auto changed = r;
    set(changed);
    BOOST_TEST((respond_refusal(invite, changed) == write_error::forbidden_character));
  }
}

// quoted-pair = "\" (%x00-09 / %x0B-0C / %x0E-7F) (25.1): a Contact with "<" and the value of an
// extra header field are taken as they stand: a control character is behind a backslash.
BOOST_AUTO_TEST_CASE(a_whole_value_has_control_characters_in_quoted_pairs_only_25_1) {
  auto const with = [](std::string_view name, std::string_view value) {
    return [=](std::span<char> b) {
      ctsip::extra_field const extra[] = {{name, value}};
      auto r = an_options();
      if (name == "Contact")
        r.contact = value;
      else
        r.extra = extra;
      return write_request(b, r);
    };
  };
  for (auto const name : {"Contact"sv, "Path"sv}) {
    for (auto const value :
         {"<sip:b@c>;q=0.5, \"\xc3\xa4\t\\\"\" <sip:d@e>"sv, "\"a\\\0\\\x1b\\\x7f\" <sip:b@c>"sv,
          "\"a\\\\\" <sip:b@c>;x=\"\\\x07\""sv})
      BOOST_TEST(written(with(name, value))
                     .find("\r\n" + std::string{name} + ": " + std::string{value} + "\r\n") !=
                 std::string::npos);
    for (auto const value :
         {"\"a\0\" <sip:b@c>"sv, "\"\x1b[2J\" <sip:b@c>"sv,

          "<sip:b@c>\x7f"sv, "<sip:b\x01@c>"sv, "\"a\\\r\" <sip:b@c>"sv, "\"a\\\n\" <sip:b@c>"sv,
          "\"a\r\n b\" <sip:b@c>"sv, "<sip:b@c>\r\n ;q=1"sv, "<sip:b@c>\n ;q=1"sv})
      BOOST_TEST((refusal(with(name, value)) == write_error::forbidden_character), value);
  }
}

BOOST_AUTO_TEST_CASE(separators_do_not_smuggle_parameters_in) {
  BOOST_TEST(
      (options_refusal([](auto& r) { r.from.tag = "1;x=2"; }) == write_error::forbidden_character));
  BOOST_TEST((options_refusal([](auto& r) { r.via.branch = "z9hG4bK1;received=1"; }) ==
              write_error::forbidden_character));
  BOOST_TEST((options_refusal([](auto& r) { r.via.sent_by = "a.example;rport"; }) ==
              write_error::forbidden_character));
  BOOST_TEST((options_refusal([](auto& r) { r.to.uri = "sip:a@b>;tag=1"; }) ==
              write_error::forbidden_character));
  BOOST_TEST((options_refusal([](auto& r) { r.target = "sip:a@b SIP/2.0"; }) ==
              write_error::forbidden_character));
  BOOST_TEST(
      (options_refusal([](auto& r) { r.call_id = "a b"; }) == write_error::forbidden_character));
}

// quoted-pair (25.1) is in a quoted-string and a comment, and in no URI, host, token or word.
BOOST_AUTO_TEST_CASE(a_backslash_lets_no_character_into_a_uri_or_a_call_id_25_1) {
  auto const forbidden = [](auto change) {
    return refusal([=](std::span<char> b) {
             auto r = an_options();
             change(r);
             return write_request(b, r);
           }) == write_error::forbidden_character;
  };
  for (auto const uri : {"sip:a\\>;tag=2;x=\\\"@h"sv, "sip:a\\ b@h"sv, "sip:a\\\"@h"sv,
                         "sip:a\\<@h"sv, "sip:a\\\x01@h"sv, "sip:a\\\t@h"sv}) {
    BOOST_TEST(forbidden([=](auto& r) { r.target = uri; }), uri);
    BOOST_TEST(forbidden([=](auto& r) { r.from.uri = uri; }), uri);
    BOOST_TEST(forbidden([=](auto& r) { r.to.uri = uri; }), uri);
  }
  BOOST_TEST(forbidden([](auto& r) { r.contact = "sip:a\\>;q=1@h"; }));
  BOOST_TEST(forbidden([](auto& r) { r.from.tag = "1\\;x=2"; }));
  BOOST_TEST(forbidden([](auto& r) { r.via.sent_by = "a.example\\;rport"; }));
  for (auto const id : {"a\\,b"sv, "a\\;x"sv, "a\\ b"sv, "a\\\x01"sv, "a\\\x80"sv})
    BOOST_TEST(forbidden([=](auto& r) { r.call_id = id; }), id);
}

BOOST_AUTO_TEST_CASE(a_call_id_is_one_word_or_two_with_an_at_between_them_25_1) {
  auto const with = [](std::string_view id) {
    return [=](std::span<char> b) {
      auto r = an_options();
      r.call_id = id;
      return write_request(b, r);
    };
  };
  for (auto const id : {"a"sv, "a@b"sv, "word%ZK-!.*_+'@word`~)(><:\\/\"][?}{"sv})
    BOOST_TEST((good(written(with(id))).call_id() == id), id);
  for (auto const id : {"@"sv, "a@"sv, "@b"sv, "a@b@c"sv, "a@@b"sv, "a\\@b@c"sv})
    BOOST_TEST((refusal(with(id)) == write_error::forbidden_character), id);
}

BOOST_AUTO_TEST_CASE(what_a_request_must_have_is_asked_for_8_1_1) {
  BOOST_TEST((options_refusal([](auto& r) { r.target = ""; }) == write_error::missing_value));
  BOOST_TEST((options_refusal([](auto& r) { r.to.uri = ""; }) == write_error::missing_value));
  BOOST_TEST((options_refusal([](auto& r) { r.call_id = ""; }) == write_error::missing_value));
  BOOST_TEST((options_refusal([](auto& r) { r.via.sent_by = ""; }) == write_error::missing_value));
  BOOST_TEST((options_refusal([](auto& r) { r.from.tag = ""; }) == write_error::missing_from_tag));
  BOOST_TEST((options_refusal([](auto& r) { r.method = method::invite; }) ==
              write_error::missing_contact));
  BOOST_TEST(
      (options_refusal([](auto& r) { r.via.branch = "1"; }) == write_error::branch_without_cookie));
  BOOST_TEST((options_refusal([](auto& r) { r.cseq = 0x8000'0000U; }) ==
              write_error::sequence_number_out_of_range));
  BOOST_TEST((options_refusal([](auto& r) { r.content.body = "x"; }) ==
              write_error::missing_content_type));
  auto const largest = written(
      [](std::span<char> b) { return options_with(b, [](auto& r) { r.cseq = 0x7fff'ffffU; }); });
  BOOST_TEST(largest.find("\r\nCSeq: 2147483647 OPTIONS\r\n") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(extra_header_fields_cannot_repeat_the_composed_ones_7_3_1) {
  for (auto const name :
       {"Via", "v", "from", "F", "To", "t", "Call-ID", "i", "CSeq", "Route", "Max-Forwards",
        "Contact", "m", "Content-Type", "c", "Content-Length", "l"}) {
    std::array<ctsip::extra_field, 1> const extra{{{name, "1"}}};
    auto r = an_options();
    r.extra = extra;
    BOOST_TEST((refusal([&](std::span<char> b) { return write_request(b, r); }) ==
                write_error::reserved_header_field),
               name);
  }
}

BOOST_AUTO_TEST_CASE(a_star_contact_stays_a_star_10_2_2) {
  auto const text = written([](std::span<char> b) {
    return options_with(b, [](auto& r) {
      r.method = method::register_;
      r.contact = "*";
    });
  });
  BOOST_TEST(text.find("\r\nContact: *\r\n") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(every_error_has_a_sentence_and_none_has_none) {
  for (int e = 1; e <= static_cast<int>(write_error::not_a_failure_response); ++e) {
    BOOST_TEST(!std::string_view{sentence(static_cast<write_error>(e))}.empty());
  }
  BOOST_TEST(std::string_view{sentence(write_error::none)}.empty());
  BOOST_TEST(std::string_view{clause(write_error::none)}.empty());
}

// "A UAC MUST copy the entire URI from the target set into the Request-URI, except for the
// "method-param" and "header" URI parameters."
BOOST_AUTO_TEST_CASE(a_uri_of_somebody_else_as_a_request_uri_8_1_3_4) {
  struct row {
    char const* uri;
    char const* copy;
  };
  for (auto const& [uri, copy] : {row{"sip:bob@192.0.2.4", "sip:bob@192.0.2.4"},
                                  row{"sip:bob@192.0.2.4?Subject=hi", "sip:bob@192.0.2.4"},
                                  row{"sip:192.0.2.4:5070;Method=INVITE;lr;transport=tcp?a=b&c=d",
                                      "sip:192.0.2.4:5070;lr;transport=tcp"},
                                  row{"sips:b;x?y=z@[2001:db8::2];maddr=h;method=REFER",
                                      "sips:b;x?y=z@[2001:db8::2];maddr=h"},
                                  row{"tel:+1-201-555-0123;ext=1", "tel:+1-201-555-0123;ext=1"},
                                  row{"bob@192.0.2.4", ""}, row{"sip:b?", ""}}) {
    std::array<char, 64> buffer{};
    ctsip::uri_view const read{uri};
    auto const got = ctsip::copy_request_uri(buffer, read);
    BOOST_TEST(got == copy, uri);
    BOOST_TEST((got.empty() || ctsip::forms_request(got)), uri);
    // Whole or not at all.
    for (std::size_t room = 0; room < got.size(); ++room)
      BOOST_TEST(ctsip::copy_request_uri({buffer.data(), room}, read).empty());
  }
}

BOOST_AUTO_TEST_SUITE_END()
