// The reader: RFC 3261 7, 18.3, 20; the valid messages of RFC 4475 3.1.1 in detail.
#include <ctsip/message/reader.hpp>

#include <fstream>
#include <initializer_list>
#include <iterator>
#include <string>
#include <type_traits>
#include <vector>

#include <boost/test/unit_test.hpp>

using namespace ctsip;

namespace {

constexpr std::string_view invite =
    "INVITE sip:bob@biloxi.com SIP/2.0\r\n"
    "Via: SIP/2.0/UDP bigbox3.site3.atlanta.com;branch=z9hG4bK77ef4c2312983.1\r\n"
    "Via: SIP/2.0/UDP pc33.atlanta.com;branch=z9hG4bKnashds8\r\n"
    " ;received=192.0.2.1\r\n"
    "Max-Forwards: 69\r\n"
    "To: Bob <sip:bob@biloxi.com>\r\n"
    "From: Alice <sip:alice@atlanta.com>;tag=1928301774\r\n"
    "Call-ID: a84b4c76e66710\r\n"
    "CSeq: 314159 INVITE\r\n"
    "Contact: <sip:alice@pc33.atlanta.com>\r\n"
    "Route: <sip:a;lr>, <sip:b,c@d;lr>\r\n"
    "Route: \"x, y\" <sip:e;lr>\r\n"
    "Supported:\r\n"
    "X-Odd: one\r\n"
    "x-odd: two\r\n"
    "Content-Type: application/sdp\r\n"
    "Content-Length: 4\r\n"
    "\r\n"
    "v=0\nnoise";

std::string torture_message(std::string const& name) {
  std::ifstream file{std::string{CTSIP_TESTS_DIR} + "/message/rfc4475/" + name + ".dat",
                     std::ios::binary};
  BOOST_REQUIRE_MESSAGE(file.good(), name);
  return {std::istreambuf_iterator<char>{file}, {}};
}

template <class Range>
std::vector<std::string> list(Range const& range) {
  std::vector<std::string> result;
  for (std::string_view const s : range) result.emplace_back(s);
  return result;
}

using strings = std::vector<std::string>;

read_error error_of(std::string_view text) { return read(text).error; }

} // namespace

BOOST_AUTO_TEST_SUITE(message_reader)

BOOST_AUTO_TEST_CASE(a_message_is_read_in_constant_evaluation) {
  constexpr read_result r = read(invite);
  static_assert(r);
  static_assert(r.value.is_request() && !r.value.is_response());
  static_assert(r.value.method() == method::invite);
  static_assert(r.value.request_uri() == "sip:bob@biloxi.com");
  static_assert(r.value.top_via().branch() == "z9hG4bK77ef4c2312983.1");
  static_assert(r.value.top_via().sent_by().host == "bigbox3.site3.atlanta.com");
  static_assert(r.value.from_tag() == "1928301774" && r.value.to_tag().empty());
  static_assert(r.value.cseq().number == 314159 && r.value.cseq().method == method::invite);
  static_assert(r.value.contact().uri() == "sip:alice@pc33.atlanta.com");
  static_assert(r.value.body() == "v=0\n");
  static_assert(std::is_trivially_copyable_v<message>);
  BOOST_TEST(static_cast<bool>(r));
}

BOOST_AUTO_TEST_CASE(run_time_and_constant_evaluation_find_the_same) {
  constexpr read_result at_compile_time = read(invite);
  read_result const r = read(invite);
  BOOST_TEST((r.error == at_compile_time.error));
  auto a = at_compile_time.value.fields().begin();
  std::size_t count = 0;
  for (field const& f : r.value.fields()) {
    BOOST_REQUIRE((a != detail::range_end{}));
    BOOST_TEST((f.id == (*a).id));
    BOOST_TEST(f.name == (*a).name);
    BOOST_TEST(f.value == (*a).value);
    ++a;
    ++count;
  }
  BOOST_TEST(count == 15u);
  for (std::size_t i = 0; i < detail::header_count; ++i) {
    auto const h = static_cast<header>(i);
    BOOST_TEST(r.value[h] == at_compile_time.value[h]);
    BOOST_TEST(r.value.has(h) == at_compile_time.value.has(h));
    BOOST_TEST(r.value.has_several(h) == at_compile_time.value.has_several(h));
  }
}

BOOST_AUTO_TEST_CASE(header_fields_are_found_by_name_and_in_order_7_3_1) {
  message const m = read(invite).value;
  BOOST_TEST(m[header::call_id] == "a84b4c76e66710");
  BOOST_TEST(m[header::subject].empty());
  BOOST_TEST(!m.has(header::subject));
  BOOST_TEST(m.has(header::supported));
  BOOST_TEST(m[header::supported].empty());
  BOOST_TEST(m.has_several(header::via));
  BOOST_TEST(!m.has_several(header::to));
  BOOST_TEST(!m.has(header::unknown));
  BOOST_TEST(m[header::unknown].empty());
  BOOST_TEST(*m.max_forwards() == 69u);
  BOOST_TEST((m.expires().state == number::absent));
  strings vias;
  for (field const& f : m.fields(header::via)) vias.emplace_back(f.value);
  BOOST_REQUIRE(vias.size() == 2u);
  BOOST_TEST(vias[1] ==
             "SIP/2.0/UDP pc33.atlanta.com;branch=z9hG4bKnashds8\r\n ;received=192.0.2.1");
  strings unknown;
  for (field const& f : m.fields(header::unknown)) unknown.emplace_back(f.value);
  BOOST_TEST(unknown == (strings{"one", "two"}), boost::test_tools::per_element());
  BOOST_TEST(m.find("X-ODD") == "one");
  BOOST_TEST(m.find("i") == "a84b4c76e66710");
  BOOST_TEST(m.find("none").empty());
}

BOOST_AUTO_TEST_CASE(comma_lists_are_taken_apart_outside_quotes_and_brackets_7_3_1) {
  message const m = read(invite).value;
  BOOST_TEST(list(m.elements(header::route)) ==
                 (strings{"<sip:a;lr>", "<sip:b,c@d;lr>", "\"x, y\" <sip:e;lr>"}),
             boost::test_tools::per_element());
  BOOST_TEST(list(m.elements(header::to)).size() == 1u);
  BOOST_TEST(list(m.elements(header::supported)).empty());
  BOOST_TEST(list(m.elements(header::subject)).empty());
  BOOST_TEST(list(comma_list{"a , b,c"}) == (strings{"a", "b", "c"}),
             boost::test_tools::per_element());
  BOOST_TEST(list(comma_list{"a,,b,"}) == (strings{"a", "", "b", ""}),
             boost::test_tools::per_element());
  BOOST_TEST(list(comma_list{"\"open, a"}).size() == 1u);
  BOOST_TEST(list(comma_list{"<open, a"}).size() == 1u);
  BOOST_TEST(comma_list{"100rel, TIMER"}.has("timer"));
}

// The values of the four of authentication hold commas of their own.
BOOST_AUTO_TEST_CASE(challenges_are_not_taken_apart_at_commas_7_3_1) {
  message const m = read("SIP/2.0 401 Unauthorized\r\n"
                         "WWW-Authenticate: Digest realm=\"a\", nonce=\"1\"\r\n"
                         "WWW-Authenticate: Digest realm=\"b\", nonce=\"2\"\r\n\r\n")
                        .value;
  BOOST_TEST(list(m.elements(header::www_authenticate)) ==
                 (strings{"Digest realm=\"a\", nonce=\"1\"", "Digest realm=\"b\", nonce=\"2\""}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_response_has_a_status_and_the_method_of_its_cseq_7_2) {
  message const m = read("SIP/2.0 180 Ringing Now\r\nCSeq: 5 UPDATE\r\n\r\n").value;
  BOOST_TEST(m.is_response());
  BOOST_TEST(m.status() == 180);
  BOOST_TEST(m.reason() == "Ringing Now");
  BOOST_TEST((m.method() == method::update));
  BOOST_TEST(m.method_name() == "UPDATE");
  BOOST_TEST(m.request_uri().empty());
  BOOST_TEST((error_of("SIP/2.0 180\r\n\r\n") == read_error::none)); // RFC 4475 3.1.1.13
  BOOST_TEST((error_of("SIP/2.0 180 \r\n\r\n") == read_error::none));
  BOOST_TEST((error_of("SIP/2.0 18 Ringing\r\n\r\n") == read_error::status_line));
  BOOST_TEST((error_of("SIP/2.0 1800 Ringing\r\n\r\n") == read_error::status_line));
  BOOST_TEST((error_of("SIP/2.0 180Ringing\r\n\r\n") == read_error::status_line));
  BOOST_TEST((error_of("SIP/2.0  180 Ringing\r\n\r\n") == read_error::status_line));
  BOOST_TEST((error_of("SIP/2.0 4294967476 Ringing\r\n\r\n") == read_error::status_line));
}

BOOST_AUTO_TEST_CASE(a_request_line_is_three_words_and_two_single_spaces_7_1) {
  BOOST_TEST((error_of("OPTIONS sip:a SIP/2.0\r\n\r\n") == read_error::none));
  BOOST_TEST((error_of("OPTIONS sip:a sip/2.0\r\n\r\n") == read_error::none));
  BOOST_TEST((error_of("OPTIONS sip:a SIP/2.0 \r\n\r\n") == read_error::request_line));
  BOOST_TEST((error_of("OPTIONS  sip:a SIP/2.0\r\n\r\n") == read_error::request_line));
  BOOST_TEST((error_of("OPTIONS sip:a b SIP/2.0\r\n\r\n") == read_error::request_line));
  BOOST_TEST((error_of("OPTIONS SIP/2.0\r\n\r\n") == read_error::request_line));
  BOOST_TEST((error_of("OPTIONS sip:a\r\n\r\n") == read_error::start_line));
  BOOST_TEST((error_of("OPT(ONS sip:a SIP/2.0\r\n\r\n") == read_error::start_line));
  BOOST_TEST((error_of("OPTIONS sip:a SIP/2\r\n\r\n") == read_error::start_line));
  BOOST_TEST((error_of("OPTIONS sip:a HTTP/1.1\r\n\r\n") == read_error::start_line));
  BOOST_TEST((error_of(" OPTIONS sip:a SIP/2.0\r\n\r\n") == read_error::start_line));
  // With an error, what could be read is there, for the 400.
  message const m = read("OPTIONS  sip:a SIP/2.0\r\nCall-ID: x\r\n\r\n").value;
  BOOST_TEST((m.method() == method::options));
  BOOST_TEST(m.call_id() == "x");
}

BOOST_AUTO_TEST_CASE(methods_are_known_in_capitals_only_7_1) {
  BOOST_TEST((read("REGISTER sip:a SIP/2.0\r\n\r\n").value.method() == method::register_));
  message const m = read("register sip:a SIP/2.0\r\n\r\n").value;
  BOOST_TEST((m.method() == method::extension));
  BOOST_TEST(m.method_name() == "register");
}

BOOST_AUTO_TEST_CASE(line_ends_before_the_start_line_are_skipped_7_5) {
  read_result const r = read("\r\n\r\nOPTIONS sip:a SIP/2.0\r\nl: 0\r\n\r\n");
  BOOST_TEST(static_cast<bool>(r));
  BOOST_TEST(r.value.bytes() == "OPTIONS sip:a SIP/2.0\r\nl: 0\r\n\r\n");
  BOOST_TEST((error_of("\r\n\r\n") == read_error::empty));
  BOOST_TEST((error_of("") == read_error::empty));
}

BOOST_AUTO_TEST_CASE(a_bare_lf_ends_a_line_too) {
  read_result const r = read("OPTIONS sip:a SIP/2.0\nTo: <sip:b>\n ;tag=1\nl: 1\n\nxy");
  BOOST_TEST(static_cast<bool>(r));
  BOOST_TEST(r.value.to_tag() == "1");
  BOOST_TEST(r.value.body() == "x");
}

BOOST_AUTO_TEST_CASE(folds_and_white_space_around_the_colon_are_understood_7_3_1) {
  for (char const* const line :
       {"Subject:            lunch", "Subject      :      lunch", "Subject            :lunch",
        "Subject: lunch", "s\t:\r\n lunch\t \r\n  ", "SUBJECT:lunch"}) {
    std::string const text = "OPTIONS sip:a SIP/2.0\r\n" + std::string{line} + "\r\nX: y\r\n\r\n";
    read_result const r = read(text);
    BOOST_TEST(static_cast<bool>(r), line);
    BOOST_TEST(r.value[header::subject] == "lunch", line);
    BOOST_TEST(r.value.find("x") == "y", line);
  }
}

BOOST_AUTO_TEST_CASE(a_header_field_without_a_value_is_there_7_3_1) {
  read_result const r = read("OPTIONS sip:a SIP/2.0\r\nSubject:\r\nSupported: \r\n \r\n"
                             "Organization:\r\n\r\n");
  for (header const h : {header::subject, header::supported, header::organization}) {
    BOOST_TEST(r.value.has(h));
    BOOST_TEST(r.value[h] == "");
    BOOST_TEST(!r.value.has_several(h));
  }
}

// What comes before the value is found again from the value.
BOOST_AUTO_TEST_CASE(the_rows_of_a_name_are_found_from_the_first_one_on_7_3_1) {
  for (char const* const row :
       {"Route: <sip:a>", "Route\t :\r\n <sip:a>", "ROUTE:\r\n\t\r\n <sip:a>"}) {
    std::string const text = "OPTIONS sip:a SIP/2.0\r\nX: y\r\n" + std::string{row} +
                             "\r\nSubject: s\r\nRoute: <sip:b>\r\n\r\n";
    read_result const r = read(text);
    std::string seen;
    for (field const& f : r.value.fields(header::route)) seen += f.value;
    BOOST_TEST(seen == "<sip:a><sip:b>", row);
  }
}

BOOST_AUTO_TEST_CASE(a_line_that_is_no_header_field_is_told_and_the_rest_is_read) {
  for (char const* const line :
       {"nonsense", ": x", " folded", "na me: x", "To", "\x01: x", "Call\rID: x"}) {
    std::string const text =
        "OPTIONS sip:a SIP/2.0\r\n" + std::string{line} + "\r\nCall-ID: y\r\nl: 1\r\n\r\nz";
    read_result const r = read(text);
    BOOST_TEST((r.error == read_error::header_line), line);
    BOOST_TEST(r.value.call_id() == "y", line);
    BOOST_TEST(r.value.body() == "z", line);
  }
}

BOOST_AUTO_TEST_CASE(the_header_ends_with_an_empty_line_7) {
  BOOST_TEST((error_of("OPTIONS sip:a SIP/2.0") == read_error::no_empty_line));
  BOOST_TEST((error_of("OPTIONS sip:a SIP/2.0\r\n") == read_error::no_empty_line));
  BOOST_TEST((error_of("OPTIONS sip:a SIP/2.0\r\nTo: x") == read_error::no_empty_line));
  BOOST_TEST((error_of("OPTIONS sip:a SIP/2.0\r\nTo: x\r\n") == read_error::no_empty_line));
  BOOST_TEST((error_of("OPTIONS sip:a SIP/2.0\r\nTo: x\r\n\r") != read_error::none));
  BOOST_TEST((error_of("OPTIONS sip:a SIP/2.0\r\nTo: x\r\n\r\n") == read_error::none));
}

BOOST_AUTO_TEST_CASE(content_length_bounds_the_body_18_3) {
  auto const with = [](std::string const& length) {
    return "MESSAGE sip:a SIP/2.0\r\n" + length + "\r\n12345";
  };
  auto const body = [&with](std::string const& length) {
    std::string const text = with(length);
    return std::string{read(text).value.body()};
  };
  BOOST_TEST(body("") == "12345");
  BOOST_TEST(body("l: 0\r\n") == "");
  BOOST_TEST(body("Content-Length: 3\r\n") == "123");
  BOOST_TEST(body("Content-Length: 3\r\nl: 03\r\n") == "123");
  BOOST_TEST((error_of(with("l: 6\r\n")) == read_error::content_length_too_long));
  BOOST_TEST(
      (error_of(with("l: 99999999999999999999\r\n")) == read_error::content_length_too_long));
  for (char const* const line : {"l: -999\r\n", "l: five\r\n", "l:\r\n", "l: 3, 3\r\n",
                                 "l: 3\r\nl: 4\r\n", "l: 3\r\nl: x\r\n"})
    BOOST_TEST((error_of(with(line)) == read_error::content_length), line);
  for (char const* const line : {"l: -999\r\n", "l: 6\r\n"}) BOOST_TEST(body(line) == "12345");
}

BOOST_AUTO_TEST_CASE(a_datagram_beyond_65535_bytes_is_too_long) {
  std::string text = "MESSAGE sip:a SIP/2.0\r\n\r\n";
  text.append(65'535 - text.size(), 'x');
  BOOST_TEST((error_of(text) == read_error::none));
  BOOST_TEST((error_of("\r\n" + text) == read_error::none));
  BOOST_TEST((error_of(text + "x") == read_error::too_long));
  std::string headers = "MESSAGE sip:a SIP/2.0\r\n";
  while (headers.size() < 70'000) headers += "To: x\r\n";
  BOOST_TEST((error_of(headers) == read_error::too_long));
}

BOOST_AUTO_TEST_CASE(a_tag_is_found_after_the_address_only_19_3) {
  auto const tag = [](std::string const& from) {
    std::string const text = "MESSAGE sip:a SIP/2.0\r\nFrom: " + from + "\r\n\r\n";
    message const m = read(text).value;
    if (m.from().well_formed()) BOOST_TEST(m.from().tag() == m.from_tag(), from);
    return std::string{m.from_tag()};
  };
  BOOST_TEST(tag("<sip:a@b;tag=1>;tag=2") == "2");
  BOOST_TEST(tag("<sip:a@b;tag=1>") == "");
  BOOST_TEST(tag("sip:a@b;x=1;TAG=3") == "3");
  BOOST_TEST(tag("\";tag=1\" <sip:a@b>;tag=4") == "4");
  BOOST_TEST(tag("\"<\\\">;tag=1\" <sip:a@b> ; tag = 5") == "5");
  BOOST_TEST(tag("a b <sip:a@b>;tag=6;y") == "6");
  BOOST_TEST(tag("<sip:a@b>;x=\";tag=1\";tag=7") == "7");
  BOOST_TEST(tag("<sip:a@b>;;tag=8") == "");
  BOOST_TEST(tag("\"open;tag=9") == "");
  BOOST_TEST(tag("<open;tag=9") == "");
  BOOST_TEST(tag("") == "");
}

BOOST_AUTO_TEST_CASE(a_cseq_is_a_number_and_a_method_20_16) {
  static_assert(cseq_view{"4711 INVITE"}.well_formed);
  BOOST_TEST(cseq_view{"0009\r\n  INVITE"}.number == 9u);
  BOOST_TEST(cseq_view{"4294967295 ACK"}.number == 4294967295u);
  BOOST_TEST((cseq_view{"1 invite"}.method == method::extension));
  for (char const* const text :
       {"", "1", "INVITE", "1INVITE", "4294967296 INVITE", "1 INVITE x", "-1 INVITE", "1 (INVITE)"})
    BOOST_TEST(!cseq_view{text}.well_formed, text);
}

BOOST_AUTO_TEST_CASE(wsinv_is_read_as_rfc_4475_3_1_1_1_says) {
  std::string const text = torture_message("wsinv");
  read_result const r = read(text);
  BOOST_TEST(static_cast<bool>(r));
  message const& m = r.value;
  BOOST_TEST(m.request_uri() == "sip:vivekg@chair-dnrc.example.com;unknownparam");
  BOOST_TEST(m.to_tag() == "1918181833n");
  BOOST_TEST(m.from_tag() == "98asjd8");
  BOOST_TEST(*m.max_forwards() == 68u);
  BOOST_TEST(m.cseq().number == 9u);
  BOOST_TEST(m.has(header::subject));
  BOOST_TEST(m[header::subject].empty());
  BOOST_TEST(list(m.elements(header::via)).size() == 3u);
  BOOST_TEST(m.top_via().branch() == "390skdjuw");
  BOOST_TEST(m.find("UnknownHeaderWithUnusualValue") == ";;,,;;,;");
  BOOST_TEST(m.find("newfangledheader") == "newfangled value\r\n continued newfangled value");
  BOOST_TEST(m.contact().q() == 330);
  BOOST_TEST(m.body().size() == 150u);
}

BOOST_AUTO_TEST_CASE(longreq_dblreq_and_esc02_are_read_as_rfc_4475_3_1_1_says) {
  std::string const longreq = torture_message("longreq");
  message const l = read(longreq).value;
  BOOST_TEST(list(l.elements(header::via)).size() == 34u);
  BOOST_TEST(l.top_via().sent_by().host == "sip33.example.com");
  std::string tag = "12";
  for (int i = 0; i < 50; ++i) tag += "982";
  BOOST_TEST(l.from_tag() == tag + "424");
  std::string const dblreq = torture_message("dblreq");
  message const d = read(dblreq).value;
  BOOST_TEST((d.method() == method::register_));
  BOOST_TEST(d.body().empty());
  BOOST_TEST(d.bytes().find("INVITE") == std::string_view::npos);
  std::string const esc02 = torture_message("esc02");
  message const e = read(esc02).value;
  BOOST_TEST(list(e.elements(header::contact)).size() == 2u);
  BOOST_TEST((e.method() == method::extension));
}

BOOST_AUTO_TEST_CASE(mpart01_has_its_binary_body_rfc_4475_3_1_1_11) {
  std::string const text = torture_message("mpart01");
  message const m = read(text).value;
  BOOST_TEST(m.body().size() == 553u);
  BOOST_TEST(m.body().find('\0') != std::string_view::npos);
  BOOST_TEST(m.top_via().has_rport());
}

// Every prefix of every message, and every message with one octet changed, is read without harm;
// what a truncated message gives lies inside it.
BOOST_AUTO_TEST_CASE(truncated_and_damaged_messages_never_reach_outside) {
  for (char const* const name : {"wsinv", "intmeth", "multi01", "badinv01", "scalarlg"}) {
    std::string const text = torture_message(name);
    for (std::size_t size = 0; size <= text.size(); ++size) {
      // A copy of its own, so that a sanitizer sees a step beyond the end.
      std::vector<char> const copy{text.begin(), text.begin() + static_cast<std::ptrdiff_t>(size)};
      std::string_view const view{copy.data(), copy.size()};
      message const m = read(view).value;
      for (field const& f : m.fields()) {
        BOOST_REQUIRE(f.name.data() >= view.data());
        BOOST_REQUIRE(f.value.data() + f.value.size() <= view.data() + view.size());
      }
      (void)m.top_via().branch();
      (void)m.to_tag();
      (void)m.from().tag();
    }
  }
}

// Reading a header field by name must not start over for each of its rows.
BOOST_AUTO_TEST_CASE(many_rows_are_read_in_linear_time) {
  std::string text = "MESSAGE sip:a SIP/2.0\r\n";
  std::size_t rows = 0;
  for (; text.size() < 65'000; ++rows) text += "v:a\r\n";
  text += "\r\n";
  message const m = read(text).value;
  std::size_t count = 0;
  for (std::string_view const v : m.elements(header::via)) count += v == "a";
  BOOST_TEST(count == rows);
}

BOOST_AUTO_TEST_CASE(every_error_has_a_sentence_and_a_clause) {
  for (int i = 1; i <= static_cast<int>(read_error::content_length_too_long); ++i) {
    BOOST_TEST(sentence(static_cast<read_error>(i))[0] != '\0');
    BOOST_TEST(std::string_view{clause(static_cast<read_error>(i))}.substr(0, 9) == "RFC 3261 ");
  }
  BOOST_TEST(sentence(read_error::none)[0] == '\0');
}

BOOST_AUTO_TEST_SUITE_END()
