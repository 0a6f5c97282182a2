// Multipart bodies, and the session description of a message. RFC 2046 5.1, RFC 5621.
#include <ctsip/message/multipart.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <boost/test/unit_test.hpp>

using namespace ctsip;

namespace {

constexpr std::string_view mixed{"multipart/mixed;boundary=x"};
constexpr std::string_view alternative{"multipart/alternative;boundary=y"};

// The contents of the parts, one line each.
std::string contents(std::string_view type, std::string_view body) {
  std::string all;
  for (body_part const part : body_parts{media_type_view{type}, body})
    all += std::string{part[header::content_type]} + "|" + std::string{part.body()} + "\n";
  return all;
}
std::string part(std::string const& type, std::string const& body, std::string const& more = "",
                 std::string const& boundary = "x") {
  return "--" + boundary + "\r\nContent-Type: " + type + "\r\n" + more + "\r\n" + body + "\r\n";
}
std::string sdp_part(std::string const& body, std::string const& more = "",
                     std::string const& boundary = "x") {
  return part("application/sdp", body, more, boundary);
}
std::string message_with(std::string const& fields, std::string const& body) {
  return "INVITE sip:bob@192.0.2.2 SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1\r\n"
         "From: <sip:alice@192.0.2.1>;tag=a\r\nTo: <sip:bob@192.0.2.2>\r\nCall-ID: 1\r\n"
         "CSeq: 1 INVITE\r\n" +
         fields + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}
std::string sdp_in(std::string const& fields, std::string const& body) {
  auto const text = message_with(fields, body);
  return std::string{sdp_of(read(text).value)};
}

static_assert(sdp_of(mixed, "--x\r\nContent-Type: application/sdp\r\n\r\nv=0\r\n\r\n--x--") ==
              "v=0\r\n");
static_assert(sdp_of("application/sdp", "v=0\r\n") == "v=0\r\n");
static_assert(sdp_of("", "v=0\r\n").empty());

} // namespace

BOOST_AUTO_TEST_SUITE(message_multipart)

// The example of RFC 2046 5.1.1 in short. "The CRLF preceding the boundary delimiter line is
// conceptually attached to the boundary so that it is possible to have a part that does not end
// with a CRLF".
BOOST_AUTO_TEST_CASE(the_parts_come_in_order_without_preamble_and_epilogue_rfc_2046_5_1_1) {
  std::string const body =
      "This is the preamble.  It is to be ignored.\r\n\r\n--simple boundary\r\n"
      "\r\nIt does NOT end with a linebreak.\r\n--simple boundary\r\n"
      "Content-type: text/plain; charset=us-ascii\r\n\r\n"
      "It DOES end with a linebreak.\r\n\r\n--simple boundary--\r\n\r\n"
      "This is the epilogue.\r\n--simple boundary\r\n\r\nIt is ignored.";
  BOOST_TEST(contents("multipart/mixed; boundary=\"simple boundary\"", body) ==
             "|It does NOT end with a linebreak.\n"
             "text/plain; charset=us-ascii|It DOES end with a linebreak.\r\n\n");
}

BOOST_AUTO_TEST_CASE(a_delimiter_is_a_whole_line_with_padding_perhaps_rfc_2046_5_1_1) {
  BOOST_TEST(contents(mixed, "--x \t\r\nContent-Type: a/b\r\n\r\n1\r\n--x-- \r\n") == "a/b|1\n");
  // Of another multipart body, and none at all.
  BOOST_TEST(contents(mixed, "--x\r\n\r\n--x1\r\n --x\r\n-x\r\n--\r\n--x--") ==
             "|--x1\r\n --x\r\n-x\r\n--\n");
  BOOST_TEST(contents(mixed, "--X\r\n\r\n1\r\n--X--").empty());
  BOOST_TEST(contents(mixed, "--x\n\n1\n--x\n\n2\n--x--\n") == "|1\n|2\n");
  BOOST_TEST(contents(mixed, "--x\r\n\r\n1\r\n2") == "|1\r\n2\n"); // cut short
  BOOST_TEST(contents(mixed, "--x") == "|\n");
  BOOST_TEST(contents(mixed, "--x\r\n--x\r\n--x--") == "|\n|\n");
}

// m-value = token / quoted-string, of which a quoted-pair stands for its second character.
BOOST_AUTO_TEST_CASE(a_boundary_may_have_quoted_pairs_25_1) {
  for (std::string_view const quoted : {R"("b1")", R"("b\1")", R"("\b1")", R"("\b\1")"}) {
    auto const type = "multipart/mixed;boundary=" + std::string{quoted};
    BOOST_TEST(contents(type, "--b1\r\n\r\n1\r\n--b1--") == "|1\n", quoted);
    for (std::string_view const other : {"b", "b\\1", "1", "b11", ""})
      BOOST_TEST(contents(type, "--" + std::string{other} + "\r\n\r\n1\r\n--b1--").empty(), quoted);
  }
  BOOST_TEST(contents(R"(multipart/mixed;boundary="b\\1")", "--b\\1\r\n\r\n1\r\n--b\\1--") ==
             "|1\n");
}

BOOST_AUTO_TEST_CASE(without_a_boundary_there_are_no_parts_rfc_2046_5_1_1) {
  for (std::string_view const type :
       {"multipart/mixed", "multipart/mixed;boundary", "multipart/mixed;boundary=\"\"",
        "multipart/mixed;boundary=\"x", "multipart/mixed;limit=x", ""}) {
    BOOST_TEST(contents(type, "--x\r\n\r\n1\r\n--x--").empty());
    BOOST_TEST(contents(type, "--\r\n\r\n1\r\n----").empty());
  }
  for (std::string_view const body : {"", "\r\n", "x", "--x--", "--x--\r\n--x\r\n\r\n1"})
    BOOST_TEST(contents(mixed, body).empty());
}

// body-part = MIME-part-headers [ CRLF *OCTET ]
BOOST_AUTO_TEST_CASE(a_part_has_header_fields_and_a_content_or_not_rfc_2046_5_1_1) {
  body_part const p{"content-type:\r\n application/sdp\r\nContent-ID: <a@b>\r\nX-Y: z\r\n\r\nv=0"};
  BOOST_TEST(p[header::content_type] == "application/sdp");
  BOOST_TEST(p[header::content_id] == "<a@b>");
  BOOST_TEST(p[header::content_disposition].empty());
  BOOST_TEST(p.body() == "v=0");
  body_part const no_fields{"\r\nContent-Type: a/b\r\n\r\n1"};
  BOOST_TEST(no_fields[header::content_type].empty());
  BOOST_TEST(no_fields.body() == "Content-Type: a/b\r\n\r\n1");
  body_part const no_content{"Content-Type: a/b"};
  BOOST_TEST(no_content[header::content_type] == "a/b");
  BOOST_TEST(no_content.body().empty());
  body_part const odd{"what is this\r\nContent-Type: a/b\r\n\r\n1"};
  BOOST_TEST(odd[header::content_type] == "a/b");
  BOOST_TEST(odd.body() == "1");
  BOOST_TEST(body_part{}.body().empty());
  BOOST_TEST(body_part{}[header::content_type].empty());
}

// "For backward-compatibility, if the Content-Disposition header field is missing, the server
// SHOULD assume bodies of Content-Type application/sdp are the disposition "session"" (RFC 3261
// 20.11).
BOOST_AUTO_TEST_CASE(the_session_description_is_the_body_or_a_part_of_it_rfc_5621_4_1) {
  std::string const type = "Content-Type: application/sdp\r\n";
  BOOST_TEST(sdp_in(type, "v=0\r\n") == "v=0\r\n");
  BOOST_TEST(sdp_in(type, "").empty());
  BOOST_TEST(sdp_in(type + "Content-Disposition: Session;handling=required\r\n", "v=0") == "v=0");
  BOOST_TEST(sdp_in(type + "Content-Disposition: early-session\r\n", "v=0").empty());
  BOOST_TEST(sdp_in("Content-Type: text/plain\r\n", "v=0").empty());
  BOOST_TEST(sdp_in("", "v=0").empty());
  std::string const in_parts = "Content-Type: Multipart/Mixed;boundary=\"x\"\r\n";
  std::string const isup = part("application/isup;version=itu-t92+", std::string(3, '\0'),
                                "Content-Disposition: signal;handling=optional\r\n");
  for (std::string const& first : {std::string{}, isup})
    BOOST_TEST(sdp_in(in_parts, first + sdp_part("v=0\r\n") + isup + "--x--\r\n") == "v=0\r\n");
  BOOST_TEST(sdp_in(in_parts, isup + "--x--\r\n").empty());
  // "the default disposition type for 'application/sdp' is 'session'"; that of the whole says
  // nothing (RFC 5621 8.2).
  std::string const early = sdp_part("1", "Content-Disposition: early-session\r\n");
  BOOST_TEST(sdp_in(in_parts, early + "--x--").empty());
  BOOST_TEST(
      sdp_in(in_parts, early + sdp_part("2", "Content-Disposition: session\r\n") + "--x--") == "2");
  BOOST_TEST(sdp_in(in_parts + "Content-Disposition: render\r\n", sdp_part("1") + "--x--") == "1");
  BOOST_TEST(sdp_in(in_parts, sdp_part("1") + sdp_part("2") + "--x--") == "1");
}

// "The recipient of a 'multipart/alternative' body chooses the last body part it understands."
BOOST_AUTO_TEST_CASE(of_alternatives_the_last_that_is_understood_is_taken_rfc_5621_6_1) {
  auto const richer = part("application/sdpng", "<sdp/>", "", "y") + "--y--\r\n";
  BOOST_TEST(sdp_of(alternative, sdp_part("1", "", "y") + richer) == "1");
  BOOST_TEST(sdp_of(alternative, sdp_part("1", "", "y") + sdp_part("2", "", "y") + richer) == "2");
}

// "SIP UAs MUST support parsing 'multipart' MIME bodies, including nested body parts."
BOOST_AUTO_TEST_CASE(parts_may_have_parts_rfc_5621_4_2) {
  auto const inner = sdp_part("1", "", "y") + "--y--\r\n";
  auto const nested = part(std::string{alternative}, inner);
  auto const location = part("application/pidf+xml", "<presence/>");
  BOOST_TEST(sdp_of(mixed, location + nested + "--x--") == "1");
  BOOST_TEST(sdp_of(mixed, nested + sdp_part("2") + "--x--") == "1");
  // Behind one without a description.
  auto const other = part(std::string{alternative}, part("text/plain", "1", "", "y") + "--y--");
  BOOST_TEST(sdp_of(mixed, other + sdp_part("2") + "--x--") == "2");
  // Not without end.
  std::string deep = "v=0";
  std::string type = "application/sdp";
  for (unsigned depth = 1; depth <= 10; ++depth) {
    std::string const boundary = "b" + std::to_string(depth);
    deep = part(type, deep, "", boundary) + "--" + boundary + "--\r\n";
    type = "multipart/mixed;boundary=" + boundary;
    BOOST_TEST(sdp_of(type, deep) == (depth <= 4 ? "v=0" : ""));
  }
}

// Whatever comes: no byte beyond the body is looked at, each part lies in it, and there are no more
// of them than lines.
BOOST_AUTO_TEST_CASE(whatever_the_body_is_its_parts_lie_in_it_in_order) {
  std::string const whole = "preamble\r\n" + sdp_part("v=0\r\n", "Content-ID: 1\r\n") +
                            part(std::string{alternative}, sdp_part("1", "", "y") + "--y--") +
                            part("a/b", "\r\n\r\n") + "--x--\r\nepilogue";
  auto const check = [](std::string const& text) {
    // A copy of its own, so that the sanitizer sees its ends.
    std::vector<char> const body(text.begin(), text.end());
    std::string_view const view{body.data(), body.size()};
    char const* last = view.data();
    std::size_t lines = 1, parts = 0;
    for (char const c : view) lines += c == '\n';
    bool inside = true;
    for (body_part const p : body_parts{media_type_view{mixed}, view}) {
      ++parts;
      if (p.body().empty()) continue;
      inside = inside && last <= p.body().data() &&
               p.body().data() + p.body().size() <= view.data() + view.size();
      last = p.body().data() + p.body().size();
    }
    BOOST_TEST((inside && parts <= lines), text);
    auto const sdp = sdp_of(mixed, view);
    BOOST_TEST((sdp.empty() || (view.data() <= sdp.data() &&
                                sdp.data() + sdp.size() <= view.data() + view.size())),
               text);
  };
  for (std::size_t size = 0; size <= whole.size(); ++size) {
    check(whole.substr(0, size));
    check(whole.substr(size));
    for (char const c : {'\0', '\n', '\r', '-', 'x', ':', ' ', '"'}) {
      auto changed = whole;
      if (size < changed.size()) changed[size] = c;
      check(changed);
    }
    for (std::size_t count : {1, 2, 5}) check(std::string{whole}.erase(size, count));
  }
}

BOOST_AUTO_TEST_SUITE_END()
