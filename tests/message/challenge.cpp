// Challenges and credentials: RFC 3261 20.7, 20.27, 20.44, 25.1; RFC 8760.
#include <ctsip/message/challenge.hpp>

#include <boost/test/unit_test.hpp>

using namespace ctsip;

BOOST_AUTO_TEST_SUITE(message_challenge)

BOOST_AUTO_TEST_CASE(the_challenge_of_20_44) {
  constexpr challenge_view c{"Digest realm=\"atlanta.com\",\r\n"
                             "  domain=\"sip:boxesbybob.com\", qop=\"auth,auth-int\",\r\n"
                             "  nonce=\"f84f1cec41e6cbe5aea9c8e88d359\",\r\n"
                             "  opaque=\"\", stale=FALSE, algorithm=MD5"};
  static_assert(c.well_formed() && c.is_digest());
  BOOST_TEST(c.realm() == "atlanta.com");
  BOOST_TEST(c.domain() == "sip:boxesbybob.com");
  BOOST_TEST(c.nonce() == "f84f1cec41e6cbe5aea9c8e88d359");
  BOOST_TEST(c.has_param("opaque"));
  BOOST_TEST(c.opaque().empty());
  BOOST_TEST(!c.stale());
  BOOST_TEST(c.algorithm() == "MD5");
  BOOST_TEST(c.offers_qop("auth"));
  BOOST_TEST(c.offers_qop("AUTH-int"));
  BOOST_TEST(!c.offers_qop("int"));
  BOOST_TEST(challenge_view{"digest nonce=\"a\",STALE=True"}.stale());
}

BOOST_AUTO_TEST_CASE(the_credentials_of_20_7) {
  credentials_view const c{
      "Digest username=\"Alice\", realm=\"atlanta.com\", "
      "nonce=\"84a4cc6f3082121f32b42a2187831a9e\","
      " uri=\"sip:bob@biloxi.com\", qop=auth, nc=000000ff, cnonce=\"0a4f113b\","
      " response=\"7587245234b3434cc3412213e5f113a5432\""};
  BOOST_TEST(c.well_formed());
  BOOST_TEST(c.username() == "Alice");
  BOOST_TEST(c.uri() == "sip:bob@biloxi.com");
  BOOST_TEST(c.response() == "7587245234b3434cc3412213e5f113a5432");
  BOOST_TEST(c.cnonce() == "0a4f113b");
  BOOST_TEST(c.qop() == "auth");
  BOOST_TEST(*c.nonce_count() == 255u);
}

// nc-value = 8LHEX
BOOST_AUTO_TEST_CASE(a_nonce_count_is_eight_lower_case_hexadecimal_digits_25_1) {
  auto const state = [](std::string_view text) {
    return credentials_view{text}.nonce_count().state;
  };
  BOOST_TEST((state("Digest nc=ffffffff") == number::valid));
  BOOST_TEST((state("Digest nc=1") == number::malformed));
  BOOST_TEST((state("Digest nc=000000FF") == number::malformed));
  BOOST_TEST((state("Digest nc=0000000g") == number::malformed));
  BOOST_TEST((state("Digest nc=000000001") == number::malformed));
  BOOST_TEST((state("Digest qop=auth") == number::absent));
}

// RFC 4475 3.3.7.
BOOST_AUTO_TEST_CASE(an_unknown_scheme_is_well_formed) {
  credentials_view const c{"NoOneKnowsThisScheme opaque-data=here"};
  BOOST_TEST(c.well_formed());
  BOOST_TEST(!c.is_digest());
  BOOST_TEST(c.param("opaque-data") == "here");
}

BOOST_AUTO_TEST_CASE(malformed_ones_are_told) {
  for (char const* const text :
       {"", "Digest", "Digest ", "Digest realm", "Digest realm=", "Digest realm=\"a",
        "Digest realm=\"a\" nonce=\"b\"", "Digest realm=\"a\",,nonce=\"b\"", "Digest realm=\"a\",",
        "Digest ,realm=\"a\"", "=\"a\""})
    BOOST_TEST(!challenge_view{text}.well_formed(), text);
  BOOST_TEST(challenge_view{"Digest realm=\"a\",,nonce=\"b\""}.realm() == "a");
}

BOOST_AUTO_TEST_SUITE_END()
