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

// "If this is not present, it is assumed to be "MD5". If the algorithm is not understood, the
// challenge SHOULD be ignored".
BOOST_AUTO_TEST_CASE(without_an_algorithm_it_is_md5_rfc7616_3_3) {
  using enum digest_algorithm;
  auto const found = [](std::string_view text) { return challenge_view{text}.digest(); };
  BOOST_TEST((found("Digest realm=\"a\"") == parsed_digest_algorithm{true, md5}));
  BOOST_TEST((found("Digest algorithm=sha-256") == parsed_digest_algorithm{true, sha_256}));
  // "a sender MUST NOT generate the quoted string syntax", but a recipient can read it.
  BOOST_TEST((found("Digest algorithm=\"MD5-sess\"") == parsed_digest_algorithm{true, md5_sess}));
  BOOST_TEST((found("Digest algorithm=AKAv1-MD5") == parsed_digest_algorithm{true, akav1_md5}));
  BOOST_TEST(!found("Digest algorithm=SHA-3").found);
  BOOST_TEST(!found("Digest algorithm=\"\"").found);
  BOOST_TEST(challenge_view{"Digest userhash=True"}.userhash());
  BOOST_TEST(!challenge_view{"Digest userhash=false"}.userhash());
}

BOOST_AUTO_TEST_CASE(the_auts_of_credentials_is_read_rfc3310_3_4) {
  BOOST_TEST(credentials_view{"Digest auts=\"5PYxMuX2NOT2NeQ=\""}.auts() == "5PYxMuX2NOT2NeQ=");
}

BOOST_AUTO_TEST_CASE(an_authentication_info_has_no_scheme_20_6) {
  authentication_info_view const a{"nextnonce=\"47364c23432d2e131a5fb210812c\""};
  BOOST_TEST(a.well_formed());
  BOOST_TEST(a.nextnonce() == "47364c23432d2e131a5fb210812c");
  BOOST_TEST(a.rspauth().empty());
  // RFC 3310 4.
  authentication_info_view const b{"qop=auth-int,\r\n"
                                   " rspauth=\"6629fae49393a05397450978507c4ef1\",\r\n"
                                   " cnonce=\"0a4f113b\",\r\n nc=00000001"};
  BOOST_TEST(b.well_formed());
  BOOST_TEST(b.qop() == "auth-int");
  BOOST_TEST(b.rspauth() == "6629fae49393a05397450978507c4ef1");
  BOOST_TEST(b.cnonce() == "0a4f113b");
  BOOST_TEST(*b.nonce_count() == 1u);
  for (char const* const text : {"", "Digest nc=00000001", "nc", "nc=1,", ",nc=1", "nc=\"1"})
    BOOST_TEST(!authentication_info_view{text}.well_formed(), text);
}

// RFC 7235 2.1: a parameter's name "MUST only occur once per challenge".
BOOST_AUTO_TEST_CASE(the_parameters_of_digest_are_read_in_one_pass) {
  using detail::digest_param;
  auto const read = [](std::string_view text) { return detail::digest_params{auth_params{text}}; };
  auto const p = read("Realm=\"a\\\"b\", nonce=\"\", NC=00000001, username*=UTF-8''x, other=1");
  BOOST_TEST(p.well_formed());
  BOOST_TEST(p[digest_param::realm] == "\"a\\\"b\"");
  BOOST_TEST(p.has(digest_param::nonce));
  BOOST_TEST(p.token(digest_param::nonce).empty());
  BOOST_TEST(p.token(digest_param::nc) == "00000001");
  BOOST_TEST(p.has(digest_param::extended_username));
  BOOST_TEST(!p.has(digest_param::username));
  BOOST_TEST(!p.has(digest_param::opaque));
  BOOST_TEST(p[digest_param::opaque].empty());
  BOOST_TEST(!read("realm=\"a\", REALM=\"b\"").well_formed());
  BOOST_TEST(!read("realm=\"a\",").well_formed());
  BOOST_TEST(!read("other=1").well_formed());
  BOOST_TEST(!read("").well_formed());
  BOOST_TEST(read("other=1, other=2, realm=\"a\"").well_formed());
}

BOOST_AUTO_TEST_SUITE_END()
