// A request once more: RFC 3261 8.1.3.5, 22.2, RFC 3263 4.3, RFC 4028 7.3.
#include <ctsip/message/retry.hpp>

#include <string>
#include <string_view>
#include <vector>

#include <boost/test/unit_test.hpp>

using namespace ctsip;

namespace {

std::string const invite = "INVITE sip:alice@atlanta.com;transport=tcp SIP/2.0\r\n"
                           "Via: SIP/2.0/UDP 192.0.2.2;branch=z9hG4bKold;rport\r\n"
                           "Max-Forwards: 69\r\n"
                           "Route: <sip:p1.biloxi.com;lr>\r\n"
                           "Route: <sip:p2.biloxi.com;lr>\r\n"
                           "From: \"Bob\" <sip:bob@biloxi.com>;tag=b1\r\n"
                           "To: <sip:alice@atlanta.com>\r\n"
                           "Call-ID: call-1@biloxi.com\r\n"
                           "CSeq: 7 INVITE\r\n"
                           "Contact: <sip:bob@192.0.2.2>\r\n"
                           "Authorization: Digest realm=\"biloxi.com\", nonce=\"n1\"\r\n"
                           "Proxy-Authorization: Digest realm=\"proxy.com\", nonce=\"p1\"\r\n"
                           "Session-Expires: 100\r\n"
                           "Supported: 100rel\r\n"
                           "X-Mine: one, two\r\n"
                           "x-mine: three\r\n"
                           "Content-Type: application/sdp\r\n"
                           "Content-Disposition: session\r\n"
                           "Content-Length: 5\r\n"
                           "\r\n"
                           "v=0\r\n";

struct copied {
  std::string text{};
  write_error error{};
  bool ok{};
};
copied again(std::string const& request, retry_parts const& r, std::size_t size = 2000) {
  std::vector<char> buffer(size);
  writer const w = write_retry(buffer, read(request).value, r);
  return {std::string{w.text()}, w.error(), w.ok()};
}
via_parts const other_via{transport::udp, "192.0.2.2", "z9hG4bKnew"};

std::vector<std::string> values(std::string const& text, std::string_view name) {
  std::vector<std::string> all;
  for (field const& f : read(text).value.fields())
    if (detail::same_token(f.name, name)) all.emplace_back(f.value);
  return all;
}

} // namespace

BOOST_AUTO_TEST_SUITE(message_retry)

// "This new request constitutes a new transaction and SHOULD have the same value of the Call-ID,
// To, and From of the previous request, but the CSeq should contain a new sequence number that is
// one higher than the previous." (8.1.3.5)
BOOST_AUTO_TEST_CASE(all_but_via_cseq_and_the_given_fields_is_as_it_was_8_1_3_5) {
  extra_field const fields[]{{"Session-Expires", "1800"}, {"Min-SE", "1800"}};
  auto const copy = again(invite, {other_via, 8, fields});
  BOOST_TEST_REQUIRE(copy.ok);
  message const before = read(invite).value;
  read_result const got = read(copy.text);
  BOOST_TEST(static_cast<bool>(got));
  message const after = got.value;
  BOOST_TEST(after.method_name() == "INVITE");
  BOOST_TEST(after.request_uri() == before.request_uri());
  for (header const h :
       {header::max_forwards, header::from, header::to, header::call_id, header::contact,
        header::supported, header::content_type, header::content_disposition})
    BOOST_TEST(after[h] == before[h]);
  BOOST_TEST(after.body() == before.body());
  BOOST_TEST((values(copy.text, "Route") ==
              std::vector<std::string>{"<sip:p1.biloxi.com;lr>", "<sip:p2.biloxi.com;lr>"}));
  BOOST_TEST(values(copy.text, "X-Mine").size() == 2u);
  BOOST_TEST(after[header::cseq] == "8 INVITE");
  BOOST_TEST(values(copy.text, "CSeq").size() == 1u);
  BOOST_TEST(values(copy.text, "Via").size() == 1u);
  BOOST_TEST(after.top_via().branch() == "z9hG4bKnew");
  BOOST_TEST((values(copy.text, "Session-Expires") == std::vector<std::string>{"1800"}));
  BOOST_TEST((values(copy.text, "Min-SE") == std::vector<std::string>{"1800"}));
  BOOST_TEST(values(copy.text, "Content-Length").size() == 1u);
}

// "which is identical to the previous, but has a different value of the Via branch ID" (RFC 3263
// 4.3): credentials and all.
BOOST_AUTO_TEST_CASE(another_server_gets_the_same_but_for_the_branch_rfc_3263_4_3) {
  auto const copy = again(invite, {other_via, 7, {}, true});
  BOOST_TEST_REQUIRE(copy.ok);
  for (field const& f : read(invite).value.fields())
    if (f.id != header::via)
      BOOST_TEST((values(copy.text, f.name) == values(invite, f.name)), f.name);
  BOOST_TEST(read(copy.text).value.body() == "v=0\r\n");
}

// 22.2: a new number, new credentials; those of the request before are not sent again.
BOOST_AUTO_TEST_CASE(the_credentials_are_those_that_are_given_22_2) {
  auto const none = again(invite, {other_via, 8});
  BOOST_TEST(values(none.text, "Authorization").empty());
  BOOST_TEST(values(none.text, "Proxy-Authorization").empty());
  extra_field const fields[]{{"authorization", "Digest nonce=\"n2\""}};
  for (bool const keeps : {false, true}) {
    auto const one = again(invite, {other_via, 8, fields, keeps});
    BOOST_TEST(
        (values(one.text, "Authorization") == std::vector<std::string>{"Digest nonce=\"n2\""}));
    BOOST_TEST(values(one.text, "Proxy-Authorization").size() == (keeps ? 1u : 0u));
  }
}

BOOST_AUTO_TEST_CASE(fields_of_the_same_name_in_any_case_are_replaced_all) {
  extra_field const fields[]{{"x-mine", "four"}};
  auto const copy = again(invite, {other_via, 8, fields});
  BOOST_TEST((values(copy.text, "X-Mine") == std::vector<std::string>{"four"}));
}

// "Implementations MUST accept both the long and short forms of each header name."
BOOST_AUTO_TEST_CASE(a_compact_name_is_the_same_name_7_3_3) {
  std::string compact = invite;
  compact.replace(compact.find("Session-Expires"), 15, "x");
  for (auto const& request : {invite, compact})
    for (std::string_view const name : {"Session-Expires", "x", "X"}) {
      extra_field const fields[]{{name, "1800"}};
      auto const copy = again(request, {other_via, 8, fields});
      BOOST_TEST_REQUIRE(copy.ok);
      message const after = read(copy.text).value;
      BOOST_TEST(after[header::session_expires] == "1800");
      BOOST_TEST(!after.has_several(header::session_expires));
      BOOST_TEST(after.has(header::supported));
      BOOST_TEST(values(copy.text, "X-Mine").size() == 2u);
    }
}

BOOST_AUTO_TEST_CASE(another_contact_stands_in_place_of_the_one_that_was_there) {
  retry_parts r{other_via, 8};
  r.contact = "sip:alice@192.0.2.9;transport=tcp";
  auto const copy = again(invite, r);
  BOOST_TEST(copy.ok);
  BOOST_TEST(values(copy.text, "Contact") ==
                 std::vector<std::string>{"<sip:alice@192.0.2.9;transport=tcp>"},
             boost::test_tools::per_element());
  std::string without_contact = invite;
  auto const at = without_contact.find("Contact:");
  without_contact.erase(at, without_contact.find("\r\n", at) + 2 - at);
  auto const without = again(without_contact, r);
  BOOST_TEST(without.ok);
  BOOST_TEST(values(without.text, "Contact").empty());
}

// "All linear white space, including folding, has the same semantics as SP." (25.1)
BOOST_AUTO_TEST_CASE(a_fold_becomes_space_25_1) {
  std::string folded = invite;
  folded.replace(folded.find("one, two"), 8, "one,\r\n\ttwo");
  auto const copy = again(folded, {other_via, 8});
  BOOST_TEST_REQUIRE(copy.ok);
  auto const got = values(copy.text, "X-Mine");
  BOOST_TEST_REQUIRE(got.size() == 2u);
  BOOST_TEST(got[0].find_first_of("\r\n\t") == std::string::npos, got[0]);
  BOOST_TEST(got[0].substr(0, 5) == "one, ");
}

BOOST_AUTO_TEST_CASE(a_request_without_a_body_stays_without_7_4) {
  std::string const options = "OPTIONS sip:alice@atlanta.com SIP/2.0\r\n"
                              "Via: SIP/2.0/UDP 192.0.2.2;branch=z9hG4bKold\r\n"
                              "Max-Forwards: 70\r\n"
                              "From: <sip:bob@biloxi.com>;tag=b1\r\n"
                              "To: <sip:alice@atlanta.com>\r\n"
                              "Call-ID: call-2\r\n"
                              "CSeq: 1 OPTIONS\r\n"
                              "Content-Length: 0\r\n\r\n";
  auto const copy = again(options, {other_via, 1, {}, true});
  BOOST_TEST_REQUIRE(copy.ok);
  BOOST_TEST(!read(copy.text).value.has(header::content_type));
  BOOST_TEST(values(copy.text, "Content-Length") == std::vector<std::string>{"0"},
             boost::test_tools::per_element());
}
BOOST_AUTO_TEST_CASE(the_name_of_an_extension_method_is_kept_7_1) {
  std::string ping = invite;
  for (auto at = ping.find("INVITE"); at != std::string::npos; at = ping.find("INVITE"))
    ping.replace(at, 6, "PING");
  auto const copy = again(ping, {other_via, 8});
  BOOST_TEST(read(copy.text).value.method_name() == "PING");
  BOOST_TEST(read(copy.text).value[header::cseq] == "8 PING");
}

BOOST_AUTO_TEST_CASE(what_cannot_be_written_is_refused) {
  BOOST_TEST((again("SIP/2.0 200 OK\r\nCSeq: 1 INVITE\r\n\r\n", {other_via, 2}).error ==
              write_error::not_a_request));
  BOOST_TEST((again("", {other_via, 2}).error == write_error::not_a_request));
  // "MUST be expressible as a 32-bit unsigned integer and MUST be less than 2**31" (8.1.1.5)
  BOOST_TEST((again(invite, {other_via, 0x8000'0000u}).error ==
              write_error::sequence_number_out_of_range));
  BOOST_TEST((again(invite, {{transport::udp, "192.0.2.2", "old"}, 8}).error ==
              write_error::branch_without_cookie));
  extra_field const via[]{{"Via", "SIP/2.0/UDP 192.0.2.9"}};
  BOOST_TEST((again(invite, {other_via, 8, via}).error == write_error::reserved_header_field));
  extra_field const smuggled[]{{"X", "1\r\nY: 2"}};
  BOOST_TEST((again(invite, {other_via, 8, smuggled}).error == write_error::forbidden_character));
  auto const whole = again(invite, {other_via, 8}).text.size();
  for (std::size_t const size : {std::size_t{0}, std::size_t{40}, whole - 1})
    BOOST_TEST((again(invite, {other_via, 8}, size).error == write_error::overflow));
  BOOST_TEST(again(invite, {other_via, 8}, whole).ok);
}

// What stands in a request that is sent again has been received, or was written here: it cannot add
// a header field of its own.
BOOST_AUTO_TEST_CASE(twice_again_is_once_again) {
  auto const once = again(invite, {other_via, 8});
  auto const twice = again(once.text, {other_via, 8});
  BOOST_TEST(once.text == twice.text);
}

constexpr bool constant() {
  char buffer[400]{};
  message const m = read("OPTIONS sip:a@b SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK1\r\n"
                         "Max-Forwards: 70\r\nFrom: <sip:c@d>;tag=1\r\nTo: <sip:a@b>\r\n"
                         "Call-ID: x\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n")
                        .value;
  writer const w = write_retry(buffer, m, {{transport::udp, "h", "z9hG4bK2"}, 2});
  return w.ok() && read(w.text()).value.cseq().number == 2;
}
static_assert(constant());

BOOST_AUTO_TEST_SUITE_END()
