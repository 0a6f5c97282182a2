// Header field parameters: RFC 3261 7.3.1, 25.1 (generic-param).
#include <ctsip/message/parameters.hpp>

#include <boost/test/unit_test.hpp>

using namespace ctsip;

BOOST_AUTO_TEST_SUITE(message_parameters)

BOOST_AUTO_TEST_CASE(names_and_values_come_in_order_with_white_space_around_them_removed) {
  constexpr parameters p{" ;a=1 ; b\r\n  = \"x;y\" ;c;d=[::1] "};
  static_assert(p.well_formed());
  char const* const expected[][2] = {{"a", "1"}, {"b", "\"x;y\""}, {"c", ""}, {"d", "[::1]"}};
  std::size_t i = 0;
  for (parameter const& one : p) {
    BOOST_REQUIRE(i < 4);
    BOOST_TEST(one.name == expected[i][0]);
    BOOST_TEST(one.value == expected[i][1]);
    BOOST_TEST(one.has_value == (i != 2));
    ++i;
  }
  BOOST_TEST(i == 4u);
}

BOOST_AUTO_TEST_CASE(names_are_found_without_regard_to_case_7_3_1) {
  parameters const p{";ExPiReS=3600;q=0.1;expires=5"};
  BOOST_TEST(p["expires"] == "3600");
  BOOST_TEST(p["Q"] == "0.1");
  BOOST_TEST(!p.has("tag"));
  BOOST_TEST(p["tag"].empty());
}

BOOST_AUTO_TEST_CASE(what_is_no_parameter_ends_the_range_and_is_reported) {
  for (char const* const text : {";", ";;", ";a;", ";a=", ";a==b", ";a b", "a", ";a=\"x", ";=b",
                                 ";a=\"x\"y", ";a,b", ";a;;b", ";\xc3\xa4=1"}) {
    BOOST_TEST(!parameters{text}.well_formed(), text);
  }
  BOOST_TEST(parameters{";a=1;;b=2"}["a"] == "1");
  BOOST_TEST(!parameters{";a=1;;b=2"}.has("b"));
  BOOST_TEST(parameters{""}.well_formed());
  BOOST_TEST(parameters{}.well_formed());
}

// RFC 4475 3.1.1.2.
BOOST_AUTO_TEST_CASE(every_token_character_may_stand_in_a_name_and_utf_8_in_a_quoted_value) {
  parameters const p{";fromParam''~+*_!.-%=\"\xD1\x80\xD0\xB0\";tag=_token~1'+`*%!-."};
  BOOST_TEST(p.well_formed());
  BOOST_TEST(p["fromParam''~+*_!.-%"] == "\"\xD1\x80\xD0\xB0\"");
  BOOST_TEST(p["tag"] == "_token~1'+`*%!-.");
}

BOOST_AUTO_TEST_SUITE_END()
