#include <ctsip/user_agent/identifiers.hpp>

#include <algorithm>
#include <set>
#include <string>
#include <string_view>

#include <boost/test/unit_test.hpp>

using namespace ctsip;

namespace {

constexpr hash_seed seed{11, 22};

bool is_hex(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

} // namespace

BOOST_AUTO_TEST_SUITE(user_agent_identifiers)

BOOST_AUTO_TEST_CASE(a_branch_is_the_magic_cookie_and_64_bits_8_1_1_7) {
  identifier_source ids{seed};
  auto const b = ids.branch();
  BOOST_TEST(b.view().substr(0, 7) == "z9hG4bK");
  BOOST_TEST(b.view().size() == 23u);
  BOOST_TEST(is_hex(b.view().substr(7)));
  BOOST_TEST(has_magic_cookie(b.view()));
}

// "it MUST be globally unique and cryptographically random with at least 32 bits of randomness."
BOOST_AUTO_TEST_CASE(a_tag_is_64_bits_and_may_carry_an_index_19_3) {
  identifier_source ids{seed};
  BOOST_TEST(ids.token().view().size() == 16u);
  BOOST_TEST(is_hex(ids.token().view()));
  for (std::uint32_t const index : {0u, 1u, 255u, 65'536u, 0xdeadbeefu, UINT32_MAX - 1}) {
    auto const tag = ids.tag(index);
    BOOST_TEST(tag.view().size() == 24u);
    BOOST_TEST(is_hex(tag.view()));
    BOOST_TEST(identifier_source::index_of(tag.view()) == index);
  }
}

BOOST_AUTO_TEST_CASE(no_two_are_alike_whatever_they_are_for) {
  identifier_source ids{seed};
  std::set<std::string> seen;
  for (int i = 0; i < 10'000; ++i) {
    seen.insert(std::string{ids.branch().view().substr(7)});
    seen.insert(std::string{ids.token().view()});
    seen.insert(std::string{ids.tag(1).view().substr(0, 16)});
  }
  BOOST_TEST(seen.size() == 30'000u);
  // Another seed, other identifiers; the same seed, the same ones.
  identifier_source low{{seed.low + 1, seed.high}};
  identifier_source high{{seed.low, seed.high + 1}};
  identifier_source same{seed};
  for (int i = 0; i < 100; ++i) {
    BOOST_TEST(!seen.count(std::string{low.token().view()}));
    BOOST_TEST(!seen.count(std::string{high.token().view()}));
    BOOST_TEST(seen.count(std::string{same.token().view()}) == 1u);
  }
}

BOOST_AUTO_TEST_CASE(a_hostile_tag_gives_no_index_or_a_wrong_one_and_no_harm) {
  constexpr auto none = UINT32_MAX;
  BOOST_TEST(identifier_source::index_of("") == none);
  BOOST_TEST(identifier_source::index_of("1928301774") == none);
  BOOST_TEST(identifier_source::index_of("00000000000000000000000") == none);   // 23
  BOOST_TEST(identifier_source::index_of("0000000000000000000000000") == none); // 25
  BOOST_TEST(identifier_source::index_of("0000000000000000000000g1") == none);
  BOOST_TEST(identifier_source::index_of("0000000000000000 0000001") == none);
  BOOST_TEST(identifier_source::index_of("0000000000000000-0000001") == none);
  BOOST_TEST(identifier_source::index_of("0000000000000000ABCDEF01") == none); // never written so
  BOOST_TEST(identifier_source::index_of("0000000000000000ffffffff") == none);
  BOOST_TEST(identifier_source::index_of("zzzzzzzzzzzzzzzz00000007") == 7u);
  BOOST_TEST(identifier_source::index_of(std::string(100'000, '0')) == none);
  BOOST_TEST(identifier_source::index_of(std::string_view{}) == none);
}

// "A UAS … MUST generate the same tag for the same request" where it keeps no state.
BOOST_AUTO_TEST_CASE(a_stateless_tag_is_the_same_for_the_same_request_8_2_7) {
  identifier_source ids{seed};
  auto const a = client_key(seed, "z9hG4bKa", method::invite);
  auto const b = client_key(seed, "z9hG4bKb", method::invite);
  std::string const first{ids.stateless_tag(a).view()};
  (void)ids.branch();
  BOOST_TEST(ids.stateless_tag(a).view() == first);
  BOOST_TEST(ids.stateless_tag(b).view() != first);
  BOOST_TEST(first.size() == 16u);
  BOOST_TEST(is_hex(first));
}

BOOST_AUTO_TEST_CASE(it_works_in_constant_evaluation) {
  constexpr auto tag = identifier_source{seed}.tag(42);
  static_assert(identifier_source::index_of(tag.view()) == 42);
  identifier_source ids{seed};
  BOOST_TEST(ids.tag(42).view() == tag.view());
}

BOOST_AUTO_TEST_SUITE_END()
