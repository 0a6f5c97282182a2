#include <boost/test/unit_test.hpp>

#include <ctsip/vocabulary/digest.hpp>

#include <string>
#include <string_view>

using namespace ctsip;

BOOST_AUTO_TEST_SUITE(vocabulary_digest)

// "SHA2-256 (mandatory to implement)", "SHA2-512/256 (as a backup algorithm)", "MD5 (for backward
// compatibility)", each "has two variants: Session variant and non-Session variant".
BOOST_AUTO_TEST_CASE(the_algorithms_are_spelt_as_in_rfc7616_and_rfc8760_2_7) {
  BOOST_TEST(name(digest_algorithm::md5) == std::string_view("MD5"));
  BOOST_TEST(name(digest_algorithm::md5_sess) == std::string_view("MD5-sess"));
  BOOST_TEST(name(digest_algorithm::sha_256) == std::string_view("SHA-256"));
  BOOST_TEST(name(digest_algorithm::sha_256_sess) == std::string_view("SHA-256-sess"));
  BOOST_TEST(name(digest_algorithm::sha_512_256) == std::string_view("SHA-512-256"));
  BOOST_TEST(name(digest_algorithm::sha_512_256_sess) == std::string_view("SHA-512-256-sess"));
  BOOST_TEST(name(digest_algorithm::akav1_md5) == std::string_view("AKAv1-MD5"));
  BOOST_TEST(name(digest_algorithm::akav2_md5) == std::string_view("AKAv2-MD5"));
}

BOOST_AUTO_TEST_CASE(each_algorithm_is_found_by_its_name_in_any_case) {
  static_assert(parse_digest_algorithm(std::string_view("sha-256-SESS")).value ==
                digest_algorithm::sha_256_sess);
  for (std::size_t i = 0; i != digest_algorithm_count; ++i) {
    auto const a = static_cast<digest_algorithm>(i);
    std::string text(name(a));
    BOOST_TEST((parse_digest_algorithm(text) == parsed_digest_algorithm{true, a}), text);
    for (char& c : text)
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c | 0x20);
    BOOST_TEST((parse_digest_algorithm(text) == parsed_digest_algorithm{true, a}), text);
    BOOST_TEST(!parse_digest_algorithm(text + "x").found);
    BOOST_TEST(!parse_digest_algorithm(text.substr(1)).found);
  }
  for (std::string_view const text : {"", "M", "MD4", "SHA-512", "SHA-1", "AKAv3-MD5", "\xff"})
    BOOST_TEST(!parse_digest_algorithm(text).found, text);
}

BOOST_AUTO_TEST_CASE(the_digest_has_32_or_64_digits_rfc8760_2_2) {
  static_assert(octets(digest_hash::md5) == 16);
  static_assert(octets(digest_hash::sha_256) == 32);
  static_assert(octets(digest_hash::sha_512_256) == longest_digest);
  BOOST_TEST((traits(digest_algorithm::akav2_md5).hash == digest_hash::md5));
  BOOST_TEST(traits(digest_algorithm::akav2_md5).aka == 2);
  BOOST_TEST(traits(digest_algorithm::sha_512_256_sess).session);
  BOOST_TEST(!traits(digest_algorithm::sha_512_256).session);
}

BOOST_AUTO_TEST_CASE(a_set_of_algorithms_holds_what_was_put_in) {
  constexpr digest_algorithms some =
      digest_algorithms{}.with(digest_algorithm::sha_256).with(digest_algorithm::akav1_md5);
  static_assert(some.has(digest_algorithm::sha_256) && some.has(digest_algorithm::akav1_md5));
  static_assert(!some.has(digest_algorithm::md5));
  static_assert(some.without(digest_algorithm::sha_256) ==
                digest_algorithms{}.with(digest_algorithm::akav1_md5));
  for (std::size_t i = 0; i != digest_algorithm_count; ++i) {
    auto const a = static_cast<digest_algorithm>(i);
    BOOST_TEST(digest_algorithms::all().has(a));
    BOOST_TEST(digest_algorithms::of_aka().has(a) == (traits(a).aka != 0));
    BOOST_TEST(digest_algorithms::of_passwords().has(a) == (traits(a).aka == 0));
  }
}

BOOST_AUTO_TEST_CASE(the_qualities_of_protection_are_auth_and_auth_int_rfc7616_3_3) {
  using enum quality_of_protection;
  static_assert(parse_quality_of_protection(std::string_view("Auth-Int")).value == auth_int);
  BOOST_TEST((parse_quality_of_protection(std::string_view("auth")).value == auth));
  BOOST_TEST(name(auth_int) == std::string_view("auth-int"));
  BOOST_TEST(name(none) == std::string_view(""));
  for (std::string_view const text : {"", "auth-", "auth-conf", "int"})
    BOOST_TEST(!parse_quality_of_protection(text).found, text);
}

BOOST_AUTO_TEST_SUITE_END()
