#include <ctsip/message/sdp.hpp>

#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace {

using ctsip::check_answer;
using ctsip::check_next;
using ctsip::read_sdp;
using ctsip::sdp_direction;
using ctsip::sdp_error;
using ctsip::sdp_fault;
using namespace std::string_literals;
using namespace std::string_view_literals;

// The example of RFC 8866 5.
constexpr auto example = "v=0\r\n"
                         "o=jdoe 3724394400 3724394405 IN IP4 198.51.100.1\r\n"
                         "s=Call to John Smith\r\n"
                         "i=SDP Offer #1\r\n"
                         "u=http://www.jdoe.example.com/home.html\r\n"
                         "e=Jane Doe <jane@jdoe.example.com>\r\n"
                         "p=+1 617 555-6011\r\n"
                         "c=IN IP4 198.51.100.1\r\n"
                         "t=0 0\r\n"
                         "m=audio 49170 RTP/AVP 0\r\n"
                         "m=audio 49180 RTP/AVP 0\r\n"
                         "m=video 51372 RTP/AVP 99\r\n"
                         "c=IN IP6 2001:db8::2\r\n"
                         "a=rtpmap:99 h263-1998/90000\r\n"sv;

constexpr auto head = "v=0\r\n"
                      "o=- 1 2 IN IP4 192.0.2.1\r\n"
                      "s=-\r\n"sv;

static_assert(read_sdp(example));
static_assert(read_sdp(example).value.media_count() == 3);
static_assert(read_sdp(example).value.media(2).rtpmap("99").clock_rate == 90000);

std::string with(std::string_view lines) { return std::string{head} + std::string{lines}; }

std::string session(std::string_view version, std::string_view media) {
  return "v=0\r\no=- 1 " + std::string{version} +
         " IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n" + std::string{media};
}

// Reads a text that must stay alive, and which the caller knows to be good.
ctsip::sdp_view good(std::string const& text) {
  auto const r = read_sdp(text);
  BOOST_TEST_REQUIRE((r.error == sdp_error::none), sentence(r.error) << " in line " << r.line);
  return r.value;
}

struct malformed_row {
  std::string text;
  sdp_error error;
  std::size_t line;
};

} // namespace

BOOST_AUTO_TEST_SUITE(message_sdp)

BOOST_AUTO_TEST_CASE(the_example_of_rfc_8866_5_is_read_line_by_line) {
  auto const r = read_sdp(example);
  BOOST_TEST_REQUIRE(static_cast<bool>(r));
  auto const& sdp = r.value;
  BOOST_TEST(sdp.origin().username == "jdoe");
  BOOST_TEST(sdp.origin().session_id == 3724394400U);
  BOOST_TEST(sdp.origin().session_version == 3724394405U);
  BOOST_TEST(sdp.origin().network_type == "IN");
  BOOST_TEST(sdp.origin().address_type == "IP4");
  BOOST_TEST(sdp.origin().address == "198.51.100.1");
  BOOST_TEST(sdp.name() == "Call to John Smith");
  BOOST_TEST(sdp.connection().address == "198.51.100.1");
  BOOST_TEST_REQUIRE(sdp.media_count() == 3U);
  std::vector<std::string> seen;
  for (auto const& m : sdp.media()) {
    std::string line{m.kind()};
    line += ' ' + std::to_string(m.port()) + ' ' + std::string{m.protocol()};
    for (auto const f : m.formats()) line += ' ' + std::string{f};
    line += " at " + std::string{m.connection().address};
    seen.push_back(line);
  }
  std::vector<std::string> const expected{"audio 49170 RTP/AVP 0 at 198.51.100.1",
                                          "audio 49180 RTP/AVP 0 at 198.51.100.1",
                                          "video 51372 RTP/AVP 99 at 2001:db8::2"};
  BOOST_TEST(seen == expected, boost::test_tools::per_element());
  auto const map = sdp.media(2).rtpmap("99");
  BOOST_TEST(map.encoding == "h263-1998");
  BOOST_TEST(map.clock_rate == 90000U);
  BOOST_TEST(map.channels == 1U);
  BOOST_TEST(!sdp.media(0).rtpmap("0"));
  BOOST_TEST(sdp.media(3).kind().empty());
}

BOOST_AUTO_TEST_CASE(rtpmap_reads_the_channels_rfc_8866_6_6) {
  auto const text = session("1", "m=audio 49230 RTP/AVP 96 97 98\r\n"
                                 "a=rtpmap:96 L8/8000\r\n"
                                 "a=rtpmap:97 L16/8000\r\n"
                                 "a=rtpmap:98 L16/11025/2\r\n");
  auto const sdp = good(text);
  auto const m = sdp.media(0);
  BOOST_TEST((m.rtpmap("98") == ctsip::sdp_rtpmap{"L16", 11025, 2}));
  BOOST_TEST((m.rtpmap("96") == ctsip::sdp_rtpmap{"L8", 8000, 1}));
  BOOST_TEST(!m.rtpmap("9"));
  BOOST_TEST(!m.rtpmap("99"));
  BOOST_TEST(m.has_format("97"));
  BOOST_TEST(!m.has_format("9"));
}

BOOST_AUTO_TEST_CASE(a_bad_rtpmap_is_no_rtpmap) {
  for (auto const value : {"96 L8", "96 /8000", "96 L8/", "96 L8/x", "96 L8/8000/", "96",
                           "96 L8/4294967296", "96 L8/8000/2/3"}) {
    auto const text =
        session("1", std::string{"m=audio 1 RTP/AVP 96\r\na=rtpmap:"} + value + "\r\n");
    auto const sdp = good(text);
    BOOST_TEST(!sdp.media(0).rtpmap("96"), value);
  }
}

BOOST_AUTO_TEST_CASE(direction_comes_from_the_media_else_the_session_else_sendrecv_rfc_8866_6_7) {
  // The example of RFC 8866 6.7, with its session level attribute, and without one.
  auto const text = with("c=IN IP6 2001:db8::1\r\nt=3034423619 3042462419\r\na=inactive\r\n"
                         "m=audio 49170 RTP/AVP 0\r\n"
                         "m=video 51372 RTP/AVP 99\r\na=recvonly\r\na=rtpmap:99 h263-1998/90000\r\n"
                         "m=audio 4 RTP/AVP 0\r\na=sendonly\r\n"
                         "m=audio 6 RTP/AVP 0\r\na=sendrecv\r\n");
  auto const sdp = good(text);
  BOOST_TEST((sdp.direction() == sdp_direction::inactive));
  BOOST_TEST((sdp.media(0).direction() == sdp_direction::inactive));
  BOOST_TEST((sdp.media(1).direction() == sdp_direction::recvonly));
  BOOST_TEST((sdp.media(2).direction() == sdp_direction::sendonly));
  BOOST_TEST((sdp.media(3).direction() == sdp_direction::sendrecv));
  BOOST_TEST((read_sdp(example).value.media(0).direction() == sdp_direction::sendrecv));
  BOOST_TEST(name(sdp_direction::recvonly) == "recvonly"sv);
}

BOOST_AUTO_TEST_CASE(preconditions_are_read_as_attributes_rfc_3312_4) {
  auto const text = session("1", "m=audio 20000 RTP/AVP 0\r\n"
                                 "c=IN IP4 192.0.2.1\r\n"
                                 "a=curr:qos local none\r\n"
                                 "a=curr:qos remote none\r\n"
                                 "a=des:qos mandatory local sendrecv\r\n"
                                 "a=des:qos mandatory remote sendrecv\r\n"
                                 "a=conf:qos remote sendrecv\r\n");
  auto const sdp = good(text);
  auto const m = sdp.media(0);
  std::vector<std::string> current;
  for (auto const a : m.attributes("curr")) current.emplace_back(a.value);
  BOOST_TEST(current == (std::vector<std::string>{"qos local none", "qos remote none"}),
             boost::test_tools::per_element());
  BOOST_TEST(m.attribute("des") == "qos mandatory local sendrecv");
  BOOST_TEST(m.attribute("conf") == "qos remote sendrecv");
  BOOST_TEST(m.has_attribute("conf"));
  BOOST_TEST(!m.has_attribute("con"));
  std::size_t all = 0;
  for (auto const a : m.attributes()) all += a.name.empty() ? 0 : 1;
  BOOST_TEST(all == 5U);
}

BOOST_AUTO_TEST_CASE(attributes_of_the_session_are_not_those_of_the_media) {
  auto const text = with("c=IN IP4 192.0.2.1\r\nt=0 0\r\na=group:BUNDLE a\r\n"
                         "m=audio 2 RTP/AVP 0\r\na=mid:a\r\n");
  auto const sdp = good(text);
  BOOST_TEST(sdp.attribute("group") == "BUNDLE a");
  BOOST_TEST(sdp.attribute("mid").empty());
  BOOST_TEST(sdp.media(0).attribute("mid") == "a");
  BOOST_TEST(!sdp.media(0).has_attribute("group"));
}

BOOST_AUTO_TEST_CASE(a_stream_is_put_on_hold_by_sendonly_or_inactive_rfc_3264_8_4) {
  struct row {
    char const* media;
    bool hold;
  };
  for (auto const r :
       {row{"m=audio 2 RTP/AVP 0\r\n", false}, row{"m=audio 2 RTP/AVP 0\r\na=sendonly\r\n", true},
        row{"m=audio 2 RTP/AVP 0\r\na=inactive\r\n", true},
        row{"m=audio 2 RTP/AVP 0\r\na=recvonly\r\n", false},
        row{"m=audio 2 RTP/AVP 0\r\nc=IN IP4 0.0.0.0\r\n", true},
        row{"m=audio 2 RTP/AVP 0\r\na=sendonly\r\nm=video 4 RTP/AVP 31\r\n", false},
        row{"m=audio 2 RTP/AVP 0\r\na=sendonly\r\nm=video 0 RTP/AVP 31\r\n", true},
        row{"m=audio 0 RTP/AVP 0\r\na=sendonly\r\n", false}, row{"", false}}) {
    auto const text = session("1", r.media);
    BOOST_TEST(good(text).is_hold() == r.hold, r.media);
  }
}

BOOST_AUTO_TEST_CASE(the_next_description_of_a_side_increments_its_version_rfc_3264_8) {
  constexpr auto one = "m=audio 2 RTP/AVP 0\r\n"sv;
  constexpr auto two = "m=audio 2 RTP/AVP 0\r\nm=video 4 RTP/AVP 31\r\n"sv;
  auto const a = session("7", two);
  auto const same = session("7", two);
  auto const b = session("8", two);
  auto const c = session("9", two);
  auto const lower = session("6", two);
  auto const changed = session("7", "m=audio 2 RTP/AVP 8\r\nm=video 4 RTP/AVP 31\r\n");
  auto const fewer = session("8", one);
  auto const other = "v=0\r\no=- 2 8 IN IP4 192.0.2.1\r\ns=-\r\nt=0 0\r\n"s;
  BOOST_TEST((check_next(good(a), good(same)) == sdp_fault::none));
  BOOST_TEST(same_version(good(a), good(same)));
  BOOST_TEST(!same_version(good(a), good(b)));
  BOOST_TEST((check_next(good(a), good(b)) == sdp_fault::none));
  BOOST_TEST((check_next(good(a), good(c)) == sdp_fault::version_not_incremented));
  BOOST_TEST((check_next(good(a), good(lower)) == sdp_fault::version_not_incremented));
  BOOST_TEST((check_next(good(a), good(changed)) == sdp_fault::changed_without_version));
  BOOST_TEST((check_next(good(a), good(fewer)) == sdp_fault::media_removed));
  BOOST_TEST((check_next(good(fewer), good(c)) == sdp_fault::none));
  BOOST_TEST((check_next(good(a), good(other)) == sdp_fault::origin_changed));
  BOOST_TEST(clause(sdp_fault::media_removed) == "RFC 3264 8"sv);
}

BOOST_AUTO_TEST_CASE(an_answer_mirrors_the_streams_of_the_offer_rfc_3264_6) {
  struct row {
    char const* offer;
    char const* answer;
    sdp_fault fault;
  };
  for (auto const r :
       {row{"m=audio 2 RTP/AVP 0\r\n", "m=audio 4 RTP/AVP 0\r\n", sdp_fault::none},
        row{"", "", sdp_fault::none},
        row{"m=audio 2 RTP/AVP 0\r\n", "", sdp_fault::media_count_differs},
        row{"", "m=audio 2 RTP/AVP 0\r\n", sdp_fault::media_count_differs},
        row{"m=audio 2 RTP/AVP 0\r\n", "m=video 2 RTP/AVP 0\r\n", sdp_fault::media_kind_differs},
        row{"m=audio 0 RTP/AVP 0\r\n", "m=audio 2 RTP/AVP 0\r\n",
            sdp_fault::rejected_stream_accepted},
        row{"m=audio 2 RTP/AVP 0\r\na=inactive\r\n", "m=audio 0 RTP/AVP 0\r\n", sdp_fault::none},
        row{"m=audio 2 RTP/AVP 0\r\na=sendonly\r\n", "m=audio 2 RTP/AVP 0\r\n",
            sdp_fault::direction_not_allowed}}) {
    auto const offer = session("1", r.offer);
    auto const answer = session("5", r.answer);
    BOOST_TEST((check_answer(good(offer), good(answer)) == r.fault), r.offer << "/" << r.answer);
  }
}

BOOST_AUTO_TEST_CASE(the_sixteen_pairs_of_directions_rfc_3264_6_1) {
  using enum sdp_direction;
  for (auto const answered : {sendrecv, sendonly, recvonly, inactive}) {
    BOOST_TEST(may_answer(sendrecv, answered));
    BOOST_TEST(may_answer(sendonly, answered) == (answered == recvonly || answered == inactive));
    BOOST_TEST(may_answer(recvonly, answered) == (answered == sendonly || answered == inactive));
    BOOST_TEST(may_answer(inactive, answered) == (answered == inactive));
  }
}

BOOST_AUTO_TEST_CASE(each_error_names_its_line) {
  using enum sdp_error;
  std::vector<malformed_row> const rows{
      {"", required_line_missing, 1},
      {"hello", not_a_line, 1},
      {"v=0\r\n\r\n", not_a_line, 2},
      {"v=0\r\no\r\n", not_a_line, 2},
      {"v=1\r\n", version_not_zero, 1},
      {"o=- 1 2 IN IP4 192.0.2.1\r\n", required_line_missing, 1},
      {"v=0\r\ns=-\r\n", required_line_missing, 2},
      {"v=0\r\no=- 1 2 IN IP4 192.0.2.1\r\nt=0 0\r\n", required_line_missing, 3},
      {std::string{head}, required_line_missing, 4},
      {with("m=audio 2 RTP/AVP 0\r\n"), required_line_missing, 4},
      {with("a=sendrecv\r\n"), required_line_missing, 4},
      {"v=0\r\no=- 1 2 IN IP4\r\n", origin_malformed, 2},
      {"v=0\r\no=- 1 2 IN IP4 192.0.2.1 x\r\n", origin_malformed, 2},
      {"v=0\r\no=- x 2 IN IP4 192.0.2.1\r\n", origin_malformed, 2},
      {"v=0\r\no=- 1 -2 IN IP4 192.0.2.1\r\n", origin_malformed, 2},
      {"v=0\r\no=  1 2 IN IP4 192.0.2.1\r\n", origin_malformed, 2},
      {"v=0\r\no=- 9223372036854775808 2 IN IP4 192.0.2.1\r\n", origin_number_out_of_range, 2},
      {"v=0\r\no=- 1 18446744073709551617 IN IP4 192.0.2.1\r\n", origin_number_out_of_range, 2},
      {"v=0\r\no=- 1 2 IN IP4 192.0.2.1\r\ns=\r\n", session_name_empty, 3},
      {with("c=IN IP4\r\nt=0 0\r\n"), connection_malformed, 4},
      {with("c=IN IP4 192.0.2.1 x\r\nt=0 0\r\n"), connection_malformed, 4},
      {with("c=IN IP4 192.0.2.1\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n"), out_of_order, 5},
      {with("t=0 0\r\nc=IN IP4 192.0.2.1\r\n"), out_of_order, 5},
      {with("v=0\r\n"), out_of_order, 4},
      {with("t=0 0\r\nv=0\r\n"), out_of_order, 5},
      {with("t=0 0\r\nx=1\r\n"), unknown_type, 5},
      {with("t=0 0\r\nT=1\r\n"), unknown_type, 5},
      {with("r=7d 1h 0\r\nt=0 0\r\n"), required_line_missing, 4},
      {with("t=0 0\r\na=x\r\nt=0 0\r\n"), out_of_order, 6},
      {with("t=0 0\r\nm=audio 2 RTP/AVP 0\r\n"), connection_missing, 5},
      {with("t=0 0\r\nm=audio 2 RTP/AVP 0\r\nm=audio 2 RTP/AVP 0\r\nc=IN IP4 192.0.2.1\r\n"),
       connection_missing, 5},
      {session("1", "m=audio 2 RTP/AVP\r\n"), media_malformed, 6},
      {session("1", "m=audio 65536 RTP/AVP 0\r\n"), media_malformed, 6},
      {session("1", "m=audio x RTP/AVP 0\r\n"), media_malformed, 6},
      {session("1", "m=audio 2/0 RTP/AVP 0\r\n"), media_malformed, 6},
      {session("1", "m=audio 2 RTP/ 0\r\n"), media_malformed, 6},
      {session("1", "m=audio 2 RTP/AVP 0 \r\n"), media_malformed, 6},
      {session("1", "m=audio 2  RTP/AVP 0\r\n"), media_malformed, 6},
      {session("1", "m=audio 2 RTP/AVP 0\r\nt=0 0\r\n"), out_of_order, 7},
      {session("1", "m=audio 2 RTP/AVP 0\r\na=x\r\nc=IN IP4 192.0.2.1\r\n"), out_of_order, 8},
      {session("1", "m=audio 2 RTP/AVP 0\r\na=\r\n"), attribute_malformed, 7},
      {session("1", "m=audio 2 RTP/AVP 0\r\na=:x\r\n"), attribute_malformed, 7},
      {session("1", "m=audio 2 RTP/AVP 0\r\na=x:\r\n"), attribute_malformed, 7},
      {session("1", "m=audio 2 RTP/AVP 0\r\na=x y\r\n"), attribute_malformed, 7},
      {session("1", "m=audio 2 RTP/AVP 0\r\na=sendonly\r\na=x\r\na=recvonly\r\n"), two_directions,
       9},
      {"v=0\r\no=- 1 2 IN IP4 192.0.2.1\r\ns=a\rb\r\n", forbidden_octet, 3},
      {with("i=a"s + '\0' + "b\r\n"), forbidden_octet, 4}};
  for (auto const& row : rows) {
    auto const r = read_sdp(row.text);
    BOOST_TEST((r.error == row.error), row.text << " gave: " << sentence(r.error));
    BOOST_TEST(r.line == row.line, row.text);
    BOOST_TEST(r.value.text().empty());
    BOOST_TEST(!std::string_view{sentence(row.error)}.empty());
    BOOST_TEST(!std::string_view{clause(row.error)}.empty());
  }
}

BOOST_AUTO_TEST_CASE(what_the_grammar_lets_repeat_may_repeat_rfc_8866_9) {
  auto const text =
      with("e=a@b.example\r\ne=c@b.example\r\np=+1 2\r\np=+1 3\r\nb=AS:64\r\nb=CT:64\r\n"
           "t=0 0\r\nr=7d 1h 0\r\nr=7d 1h 0\r\nz=0 1h\r\nt=0 0\r\nk=prompt\r\n"
           "a=x\r\na=y\r\n"
           "m=video 49170/2 RTP/AVP 31\r\ni=t\r\nc=IN IP4 233.252.0.1/127\r\n"
           "c=IN IP4 233.252.0.2/127\r\nb=AS:1\r\nb=CT:1\r\nk=prompt\r\na=x\r\n");
  auto const sdp = good(text);
  BOOST_TEST(sdp.media(0).port_count() == 2U);
  BOOST_TEST(sdp.media(0).connection().address == "233.252.0.1/127");
}

BOOST_AUTO_TEST_CASE(lines_may_end_in_a_lone_line_feed_and_the_last_in_nothing_rfc_8866_5) {
  std::string text;
  for (auto const c : example) {
    if (c != '\r') text += c;
  }
  text.pop_back();
  auto const sdp = good(text);
  BOOST_TEST(sdp.media_count() == 3U);
  BOOST_TEST(sdp.media(2).rtpmap("99").encoding == "h263-1998");
}

BOOST_AUTO_TEST_CASE(a_rejected_stream_needs_no_connection) {
  auto const text =
      with("t=0 0\r\nm=audio 0 RTP/AVP 0\r\nm=audio 2 RTP/AVP 0\r\nc=IN IP4 192.0.2.1\r\n");
  auto const sdp = good(text);
  BOOST_TEST(sdp.media(0).is_rejected());
  BOOST_TEST(sdp.media(0).connection().empty());
}

BOOST_AUTO_TEST_CASE(no_cut_and_no_changed_octet_does_worse_than_an_error) {
  for (std::size_t n = 0; n <= example.size(); ++n) {
    // A copy of exact size, so that the address sanitizer sees any step beyond the end.
    std::vector<char> const cut(example.begin(), example.begin() + static_cast<std::ptrdiff_t>(n));
    auto const r = read_sdp({cut.data(), cut.size()});
    BOOST_TEST_REQUIRE((r.error == sdp_error::none || r.line > 0));
  }
  for (std::size_t i = 0; i < example.size(); ++i) {
    for (auto const c : "\0\r\n =/:m0a\xff"sv) {
      std::vector<char> changed(example.begin(), example.end());
      changed[i] = c;
      auto const r = read_sdp({changed.data(), changed.size()});
      if (!r) continue;
      std::size_t media = 0;
      for (auto const& m : r.value.media()) {
        ++media;
        for (auto const a : m.attributes()) BOOST_TEST_REQUIRE(!a.name.empty());
        for (auto const f : m.formats()) BOOST_TEST_REQUIRE(!f.empty());
      }
      BOOST_TEST_REQUIRE(media == r.value.media_count());
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
