#include <boost/test/unit_test.hpp>

#include <ctsip/vocabulary/cause.hpp>

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <string_view>

using namespace ctsip;

namespace {

// RFC 3398 7.2.4.1, the tables.
std::map<int, status_code> const to_response{
    {1, 404},  {2, 404},  {3, 404},  {17, 486}, {18, 408},  {19, 480},  {20, 480}, {21, 403},
    {22, 410}, {23, 410}, {26, 404}, {27, 502}, {28, 484},  {29, 501},  {31, 480}, {34, 503},
    {38, 503}, {41, 503}, {42, 503}, {47, 503}, {55, 403},  {57, 403},  {58, 503}, {65, 488},
    {70, 488}, {79, 501}, {87, 403}, {88, 503}, {102, 504}, {111, 500}, {127, 500}};

// RFC 3398 8.2.6.1, the table; 505 is printed there as "504 Version Not Supported".
std::map<status_code, int> const to_cause{
    {400, 41},  {401, 21},  {402, 21},  {403, 21},  {404, 1},   {405, 63}, {406, 79},
    {407, 21},  {408, 102}, {410, 22},  {413, 127}, {414, 127}, {415, 79}, {416, 127},
    {420, 127}, {421, 127}, {423, 127}, {480, 18},  {481, 41},  {482, 25}, {483, 25},
    {484, 28},  {485, 1},   {486, 17},  {500, 41},  {501, 79},  {502, 38}, {503, 41},
    {504, 102}, {505, 127}, {513, 127}, {600, 17},  {603, 21},  {604, 1}};

std::string written(reason_protocol protocol, std::uint32_t cause, std::string_view text = {}) {
  char buffer[128];
  written_reason const w = write_reason(buffer, sizeof buffer, protocol, cause, text);
  BOOST_REQUIRE(w.valid);
  BOOST_REQUIRE(w.size <= sizeof buffer);
  return {buffer, w.size};
}

std::string text_of(reason const& r) {
  char buffer[128];
  std::size_t const size = r.copy_text(buffer, sizeof buffer);
  BOOST_REQUIRE(size <= sizeof buffer);
  return {buffer, size};
}

} // namespace

BOOST_AUTO_TEST_SUITE(vocabulary_cause)

BOOST_AUTO_TEST_CASE(every_cause_has_the_response_of_rfc3398_7_2_4_1) {
  for (int value = 0; value != 256; ++value) {
    if (value == 16 || value == 44) continue;
    release_response const r = response_for(static_cast<q850_cause>(value));
    auto const row = to_response.find(value);
    // "If a cause value other than those listed below is received, the default response '500
    // Server internal error' SHOULD be used."
    status_code const expected = row == to_response.end() ? status_code{500} : row->second;
    BOOST_TEST((r.treatment == release_treatment::respond), value);
    BOOST_TEST(r.status == expected, value);
  }
}

BOOST_AUTO_TEST_CASE(normal_call_clearing_becomes_a_bye_or_cancel_rfc3398_7_2_4_1) {
  static_assert(response_for(16).treatment == release_treatment::bye_or_cancel);
  BOOST_TEST(response_for(16).status == 0);
}

BOOST_AUTO_TEST_CASE(cause_44_is_untranslatable_rfc3398_7_2_4_1) {
  static_assert(response_for(44).treatment == release_treatment::internal);
  BOOST_TEST(response_for(44).status == 0);
}

BOOST_AUTO_TEST_CASE(a_call_rejected_by_the_user_becomes_603_rfc3398_7_2_4_1) {
  BOOST_TEST(response_for(21).status == 403);
  BOOST_TEST(response_for(21, {.location = cause_location::user}).status == 603);
  BOOST_TEST(response_for(17, {.location = cause_location::user}).status == 486);
}

BOOST_AUTO_TEST_CASE(a_changed_number_with_diagnostic_becomes_301_with_contact_rfc3398_7_2_4_1) {
  release_response const moved = response_for(22, {.has_diagnostic = true});
  BOOST_TEST(moved.status == 301);
  BOOST_TEST(moved.contact_expected);
  BOOST_TEST(response_for(22).status == 410);
  BOOST_TEST(!response_for(22).contact_expected);
  BOOST_TEST(response_for(23, {.has_diagnostic = true}).status == 410);
}

BOOST_AUTO_TEST_CASE(unavailable_resources_may_be_retried_later_rfc3398_7_2_4_1) {
  std::set<int> const resource_unavailable{34, 38, 41, 42, 47};
  for (int value = 0; value != 256; ++value)
    BOOST_TEST(response_for(static_cast<q850_cause>(value)).may_retry_after ==
                   resource_unavailable.contains(value),
               value);
}

BOOST_AUTO_TEST_CASE(every_failure_has_the_cause_of_rfc3398_8_2_6_1) {
  for (unsigned c = 0; c != 1000; ++c) {
    auto const code = static_cast<status_code>(c);
    cause_mapping const m = cause_for(code);
    if (code < 300 || code > 699 || code == 487) {
      BOOST_TEST(!m.mapped, code);
      BOOST_TEST(int{m.value} == 0, code);
      continue;
    }
    // "Any SIP status codes not listed below … should be mapping to cause code 31".
    auto const row = to_cause.find(code);
    BOOST_TEST(m.mapped, code);
    BOOST_TEST(int{m.value} == (row == to_cause.end() ? 31 : row->second), code);
  }
}

BOOST_AUTO_TEST_CASE(the_location_is_user_for_6xx_and_network_otherwise_rfc3398_8_2_6_1) {
  for (status_code code : {404, 486, 500, 699 - 100})
    BOOST_TEST((cause_for(code).location == cause_location::network), code);
  for (status_code code : {600, 603, 604, 606, 699})
    BOOST_TEST((cause_for(code).location == cause_location::user), code);
}

BOOST_AUTO_TEST_CASE(some_responses_are_first_to_be_remedied_rfc3398_8_2_6_1) {
  std::set<status_code> const remedy{406, 413, 414, 415, 416, 420, 421, 423, 484, 505, 513};
  for (status_code code = 300; code != 700; ++code) {
    before_release expected = before_release::nothing;
    if (code == 401 || code == 407) expected = before_release::give_credentials;
    if (remedy.contains(code)) expected = before_release::remedy;
    BOOST_TEST((cause_for(code).first == expected), code);
  }
}

BOOST_AUTO_TEST_CASE(the_warning_decides_for_488_and_606_rfc3398_8_2_6_1) {
  for (status_code code : {488, 606}) {
    BOOST_TEST(int{cause_for(code).value} == 31, code);
    BOOST_TEST(int{cause_for(code, true).value} == 65, code);
  }
  BOOST_TEST(int{cause_for(status_code{486}, true).value} == 17);
}

BOOST_AUTO_TEST_CASE(bye_and_cancel_are_normal_clearing_rfc3398_8_2_6_1) {
  static_assert(cause_for(method::bye).value == 16);
  static_assert(cause_for(method::cancel).value == 16);
  BOOST_TEST(!cause_for(method::invite).mapped);
}

BOOST_AUTO_TEST_CASE(the_causes_of_rfc3398_have_names) {
  for (auto const& [value, code] : to_response)
    BOOST_TEST(*cause_name(static_cast<q850_cause>(value)) != '\0', value);
  for (auto const& [code, value] : to_cause)
    BOOST_TEST(*cause_name(static_cast<q850_cause>(value)) != '\0', value);
  BOOST_TEST(cause_name(17) == std::string("user busy"));
  BOOST_TEST(*cause_name(0) == '\0');
  BOOST_TEST(*cause_name(200) == '\0');
}

BOOST_AUTO_TEST_CASE(any_response_but_100_may_carry_a_q850_reason_rfc6432_3) {
  static_assert(!may_carry_q850_reason(100));
  for (status_code code : {180, 183, 200, 404, 503, 603}) BOOST_TEST(may_carry_q850_reason(code));
  BOOST_TEST(!may_carry_q850_reason(99));
  BOOST_TEST(!may_carry_q850_reason(700));
}

BOOST_AUTO_TEST_CASE(the_examples_of_rfc3326_2_are_read) {
  struct example {
    std::string_view value;
    reason_protocol protocol;
    unsigned cause;
    std::string_view text;
  };
  for (example const& e :
       {example{R"(SIP ;cause=200 ;text="Call completed elsewhere")", reason_protocol::sip, 200,
                "Call completed elsewhere"},
        example{R"(Q.850 ;cause=16 ;text="Terminated")", reason_protocol::q850, 16, "Terminated"},
        example{R"(SIP ;cause=600 ;text="Busy Everywhere")", reason_protocol::sip, 600,
                "Busy Everywhere"},
        example{R"(SIP ;cause=580 ;text="Precondition Failure")", reason_protocol::sip, 580,
                "Precondition Failure"}}) {
    parsed_reason const p = parse_reason(e.value);
    BOOST_REQUIRE_MESSAGE(p.valid, e.value);
    BOOST_TEST((p.value.protocol == e.protocol), e.value);
    BOOST_TEST(p.value.has_cause, e.value);
    BOOST_TEST(p.value.cause == e.cause, e.value);
    BOOST_TEST(text_of(p.value) == e.text);
    BOOST_TEST(p.next == e.value.size(), e.value);
    BOOST_TEST(!p.more, e.value);
  }
}

BOOST_AUTO_TEST_CASE(a_reason_is_read_at_compile_time) {
  constexpr std::string_view value = R"(Q.850;cause=16;text="bye")";
  static_assert(parse_reason(value).value.cause == 16);
  static_assert(parse_reason(value).value.text_size == 3);
}

BOOST_AUTO_TEST_CASE(several_values_are_read_one_after_the_other_rfc3326_2) {
  std::string_view const field = R"(SIP;cause=486, Q.850;cause=17;text="a, b" , x-y;z)";
  parsed_reason const first = parse_reason(field);
  BOOST_REQUIRE(first.valid && first.more);
  BOOST_TEST(first.value.cause == 486u);
  parsed_reason const second = parse_reason(field.substr(first.next));
  BOOST_REQUIRE(second.valid && second.more);
  BOOST_TEST((second.value.protocol == reason_protocol::q850));
  BOOST_TEST(text_of(second.value) == "a, b");
  parsed_reason const third = parse_reason(field.substr(first.next + second.next));
  BOOST_REQUIRE(third.valid);
  BOOST_TEST(!third.more);
  BOOST_TEST((third.value.protocol == reason_protocol::other));
  BOOST_TEST(std::string_view(third.value.protocol_first, third.value.protocol_size) == "x-y");
  BOOST_TEST(!third.value.has_cause);
  BOOST_TEST(!third.value.has_text);
}

BOOST_AUTO_TEST_CASE(names_are_read_in_any_case_and_with_white_space_rfc3261_7_3_1) {
  parsed_reason const p = parse_reason(std::string_view("q.850\r\n ; CAUSE\t=\t16 ;Text = \"x\" "));
  BOOST_REQUIRE(p.valid);
  BOOST_TEST((p.value.protocol == reason_protocol::q850));
  BOOST_TEST(p.value.cause == 16u);
  BOOST_TEST(text_of(p.value) == "x");
}

BOOST_AUTO_TEST_CASE(other_parameters_are_passed_over_rfc3326_2) {
  for (std::string_view value : {"SIP;a;cause=1", "SIP;a=b;cause=1", "SIP;a=\"x;\\\",y\";cause=1",
                                 "SIP;a=[2001:db8::1];cause=1", "SIP;cause=1;a", "SIP;cause=0001",
                                 "SIP ; a = 1.2.3.4 ; cause = 1"}) {
    parsed_reason const p = parse_reason(value);
    BOOST_TEST(p.valid, value);
    BOOST_TEST(p.value.cause == 1u, value);
  }
}

BOOST_AUTO_TEST_CASE(a_value_without_parameters_is_legal_rfc3326_2) {
  parsed_reason const p = parse_reason(std::string_view("SIP"));
  BOOST_TEST(p.valid);
  BOOST_TEST(!p.value.has_cause);
}

BOOST_AUTO_TEST_CASE(what_the_grammar_does_not_allow_is_not_valid) {
  for (std::string_view value : {"",
                                 " ",
                                 ";cause=1",
                                 ",",
                                 "SIP;",
                                 "SIP;;cause=1",
                                 "SIP;=1",
                                 "SIP;cause",
                                 "SIP;cause=",
                                 "SIP;cause=x",
                                 "SIP;cause=-1",
                                 "SIP;cause=4294967296",
                                 "SIP;cause=99999999999999999999",
                                 "SIP;cause=1;cause=2",
                                 "SIP;cause=1x",
                                 "SIP;cause=\"1\"",
                                 "SIP;text",
                                 "SIP;text=x",
                                 "SIP;text=\"x",
                                 "SIP;text=\"x\\",
                                 "SIP;text=\"x\\\"",
                                 "SIP;text=\"\n\"",
                                 "SIP;text=\"\x01\"",
                                 "SIP;text=\"\\\r\"",
                                 "SIP;text=\"a\";text=\"b\"",
                                 "SIP;text=\"a\"b",
                                 "SIP cause=1",
                                 "SIP;a=",
                                 "SIP;a=[",
                                 "SIP;a=[]",
                                 "SIP;a=[::1",
                                 "SIP\r\n;cause=1",
                                 "S\xC3P"})
    BOOST_TEST(!parse_reason(value), value);
  BOOST_TEST(!parse_reason(nullptr, 0));
}

BOOST_AUTO_TEST_CASE(the_greatest_cause_fits) {
  BOOST_TEST(parse_reason(std::string_view("X;cause=4294967295")).value.cause == 4294967295u);
}

BOOST_AUTO_TEST_CASE(every_prefix_and_every_changed_byte_is_read_without_harm) {
  std::string const value = R"(Q.850 ;cause=16 ;text="Ter\"m" ;x=[::1], SIP;cause=200)";
  for (std::size_t size = 0; size <= value.size(); ++size) {
    std::string const prefix(value, 0, size);
    BOOST_TEST(parse_reason(prefix).next <= size);
  }
  for (std::size_t i = 0; i != value.size(); ++i)
    for (int c = 0; c != 256; ++c) {
      std::string changed = value;
      changed[i] = static_cast<char>(c);
      parsed_reason const p = parse_reason(changed);
      char buffer[8];
      if (p.next > changed.size() || p.value.copy_text(buffer, sizeof buffer) > changed.size())
        BOOST_ERROR(changed);
    }
}

BOOST_AUTO_TEST_CASE(a_reason_is_written_as_rfc3326_2_has_it) {
  BOOST_TEST(written(reason_protocol::q850, 16, "Terminated") ==
             R"(Q.850;cause=16;text="Terminated")");
  BOOST_TEST(written(reason_protocol::sip, 200) == "SIP;cause=200");
  BOOST_TEST(written(reason_protocol::sip, 0) == "SIP;cause=0");
  BOOST_TEST(written(reason_protocol::sip, 4294967295u) == "SIP;cause=4294967295");
}

BOOST_AUTO_TEST_CASE(quotes_and_backslashes_are_escaped_and_read_back_rfc3261_25_1) {
  std::string const text = "a \"b\" \\c\\ \x01\x7F \t\xC3\xA9";
  std::string const value = written(reason_protocol::sip, 486, text);
  parsed_reason const p = parse_reason(value);
  BOOST_REQUIRE(p.valid);
  BOOST_TEST(text_of(p.value) == text);
}

BOOST_AUTO_TEST_CASE(a_text_with_a_line_end_is_not_written) {
  char buffer[64] = "untouched";
  for (std::string_view text : {"a\rb", "a\nb"})
    BOOST_TEST(!write_reason(buffer, sizeof buffer, reason_protocol::sip, 1, text));
  BOOST_TEST(!write_reason(buffer, sizeof buffer, reason_protocol::other, 1));
  BOOST_TEST(buffer == std::string("untouched"));
}

BOOST_AUTO_TEST_CASE(a_buffer_that_is_too_small_stays_untouched_and_the_length_is_told) {
  std::string_view const expected = R"(Q.850;cause=16;text="x")";
  char buffer[64];
  for (std::size_t capacity = 0; capacity != expected.size(); ++capacity) {
    for (char& c : buffer) c = '#';
    written_reason const w =
        write_reason(buffer, capacity, reason_protocol::q850, 16, std::string_view("x"));
    BOOST_TEST(w.valid);
    BOOST_TEST(w.size == expected.size());
    BOOST_TEST(buffer[0] == '#');
  }
  BOOST_TEST(write_reason(nullptr, 0, reason_protocol::q850, 16).size == 14u);
  written_reason const w =
      write_reason(buffer, expected.size(), reason_protocol::q850, 16, std::string_view("x"));
  BOOST_TEST(std::string_view(buffer, w.size) == expected);
  BOOST_TEST(buffer[w.size] == '#');
}

BOOST_AUTO_TEST_CASE(a_text_is_copied_as_far_as_it_fits) {
  parsed_reason const p = parse_reason(std::string_view(R"(SIP;text="a\"bc")"));
  char buffer[3] = {'#', '#', '#'};
  BOOST_TEST(p.value.copy_text(buffer, 2) == 4u);
  BOOST_TEST(std::string_view(buffer, 3) == "a\"#");
  BOOST_TEST(p.value.copy_text(nullptr, 0) == 4u);
}

BOOST_AUTO_TEST_SUITE_END()
