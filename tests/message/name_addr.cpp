// ( name-addr / addr-spec ) with header parameters: RFC 3261 20.10, 25.1; RFC 4475.
#include <ctsip/message/name_addr.hpp>

#include <boost/test/unit_test.hpp>

using namespace ctsip;

BOOST_AUTO_TEST_SUITE(message_name_addr)

BOOST_AUTO_TEST_CASE(the_examples_of_20_10_20_20_and_20_39) {
  constexpr name_addr_view watson{
      "\"Mr. Watson\" <sip:watson@worcester.bell-telephone.com>\r\n   ;q=0.7; expires=3600"};
  static_assert(watson.well_formed());
  BOOST_TEST(watson.display_name() == "\"Mr. Watson\"");
  BOOST_TEST(watson.uri() == "sip:watson@worcester.bell-telephone.com");
  BOOST_TEST(watson.q() == 700);
  BOOST_TEST(*watson.expires() == 3600u);
  name_addr_view const tokens{"The Operator <sip:operator@cs.columbia.edu>;tag=287447"};
  BOOST_TEST(tokens.well_formed());
  BOOST_TEST(tokens.display_name() == "The Operator");
  BOOST_TEST(tokens.tag() == "287447");
  name_addr_view const plain{"sip:+12125551212@server.phone2net.com;tag=887s"};
  BOOST_TEST(plain.well_formed());
  BOOST_TEST(!plain.is_name_addr());
  BOOST_TEST(plain.uri() == "sip:+12125551212@server.phone2net.com");
  BOOST_TEST(plain.tag() == "887s");
}

BOOST_AUTO_TEST_CASE(without_brackets_all_parameters_are_header_parameters_20_10) {
  name_addr_view const outside{"sip:+19725552222@gw1.example.net;unknownparam"};
  BOOST_TEST(outside.uri() == "sip:+19725552222@gw1.example.net");
  BOOST_TEST(outside.has_param("unknownparam"));
  name_addr_view const inside{"<sip:+19725552222@gw1.example.net;unknownparam>"};
  BOOST_TEST(inside.uri() == "sip:+19725552222@gw1.example.net;unknownparam");
  BOOST_TEST(!inside.has_param("unknownparam"));
}

BOOST_AUTO_TEST_CASE(valid_forms_of_rfc_4475_are_well_formed) {
  for (char const* const text :
       {"sip:vivekg@chair-dnrc.example.com ;   tag    = 1918181833n",
        "\"J Rosenberg \\\\\\\"\"       <sip:jdrosen@example.com>\r\n  ;\r\n  tag = 98asjd8",
        "caller<sip:caller@example.com>;tag=323", "\"\" <sip:a@b>", "<sip:a@b>", "a.b <sip:x>",
        "token1~` token2'+_ token3*%!.- <sip:mundane@example.com>;tag=_token~1'+`*%!-.",
        "\"%Z%45\" <sip:resource@example.com>", "isbn:2983792873",
        "\"Quoted string \\\"\\\"\" <sip:jdrosen@example.com> ; newparam =\r\n newvalue ;\r\n"
        "  secondparam ; q = 0.33"}) {
    BOOST_TEST(name_addr_view{text}.well_formed(), text);
  }
}

BOOST_AUTO_TEST_CASE(malformed_addresses_are_told) {
  for (char const* const text :
       {"", "\"Mr. J. User <sip:j.user@example.com>", "\"Watson, Thomas\" < sip:t@example.org >",
        "Bell, Alexander <sip:a.g.bell@example.com>;tag=43", "<sip:a@b", "sip:a@b>", "<>", "a b",
        "\"a\" sip:a@b", "\"a\"", "\"a\" b <sip:a@b>", "sip:user@example.com?Route=%3Csip:x%3E",
        "sip:a,b@c", "<sip:a@b>;;;;", "<sip:a@b> x", "<sip:a@b>,", "a sip:b@c", "<<sip:a@b>>",
        "sip:a@b tag=1"}) {
    BOOST_TEST(!name_addr_view{text}.well_formed(), text);
  }
}

BOOST_AUTO_TEST_CASE(a_star_is_told_apart_10_2_2) {
  BOOST_TEST(name_addr_view{" * "}.is_star());
  BOOST_TEST(!name_addr_view{"*;x"}.is_star());
  BOOST_TEST(!name_addr_view{"<*>"}.is_star());
}

BOOST_AUTO_TEST_CASE(q_is_in_thousandths_and_1_when_absent_or_malformed_25_1) {
  struct {
    char const* text;
    int q;
  } const cases[] = {{"0", 0},         {"0.0", 0},      {"0.5", 500},  {"0.33", 330}, {"0.001", 1},
                     {"1", 1000},      {"1.000", 1000}, {"0.", 0},     {"", 1000},    {"2", 1000},
                     {"0.1234", 1000}, {"1.5", 1000},   {"0x5", 1000}, {".5", 1000}};
  for (auto const& [text, q] : cases) BOOST_TEST(name_addr_view::read_q(text) == q, text);
}

BOOST_AUTO_TEST_CASE(an_overlarge_expires_is_not_valid_and_clipped_10_2) {
  name_addr_view const c{"<sip:user@host129.example.com>;expires=280297596632815"};
  BOOST_TEST(!c.expires());
  BOOST_TEST(c.expires().clipped_or(3600) == 4294967295u);
  BOOST_TEST((name_addr_view{"<sip:a@b>;expires"}.expires().state == number::malformed));
  BOOST_TEST((name_addr_view{"<sip:a@b>"}.expires().state == number::absent));
}

BOOST_AUTO_TEST_SUITE_END()
