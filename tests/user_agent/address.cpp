#include <ctsip/user_agent/address.hpp>

#include <array>
#include <random>
#include <string>
#include <string_view>

#include <boost/test/unit_test.hpp>

using namespace ctsip;

namespace {

using bytes = std::array<int, 16>;

address v4(int a, int b, int c, int d, std::uint16_t port = 5060) {
  address r;
  r.bytes[0] = static_cast<std::uint8_t>(a);
  r.bytes[1] = static_cast<std::uint8_t>(b);
  r.bytes[2] = static_cast<std::uint8_t>(c);
  r.bytes[3] = static_cast<std::uint8_t>(d);
  r.port = port;
  return r;
}

address v6(std::array<unsigned, 8> const& groups, std::uint16_t port = 5060) {
  address r;
  for (std::size_t i = 0; i < 8; ++i) {
    r.bytes[2 * i] = static_cast<std::uint8_t>(groups[i] >> 8);
    r.bytes[2 * i + 1] = static_cast<std::uint8_t>(groups[i]);
  }
  r.port = port;
  r.ipv6 = true;
  return r;
}

} // namespace

BOOST_AUTO_TEST_SUITE(user_agent_address)

BOOST_AUTO_TEST_CASE(an_ipv4_address_is_four_numbers) {
  struct {
    char const* text;
    address value;
  } const cases[] = {
      {"192.0.2.1", v4(192, 0, 2, 1)},
      {"0.0.0.0", v4(0, 0, 0, 0)},
      {"255.255.255.255", v4(255, 255, 255, 255)},
      {"1.2.3.4", v4(1, 2, 3, 4)},
      {"010.001.000.009", v4(10, 1, 0, 9)}, // 1*3DIGIT (25.1), decimal all the same
  };
  for (auto const& c : cases) {
    auto const parsed = parse_address(c.text, 5060);
    BOOST_TEST(static_cast<bool>(parsed), c.text);
    BOOST_TEST((parsed.value == c.value), c.text);
  }
}

BOOST_AUTO_TEST_CASE(an_ipv6_address_is_eight_groups_of_which_zeros_may_be_left_out) {
  struct {
    char const* text;
    address value;
  } const cases[] = {
      {"2001:db8:1:2:3:4:5:6", v6({0x2001, 0xdb8, 1, 2, 3, 4, 5, 6})},
      {"2001:0DB8:0001:2:3:4:5:6", v6({0x2001, 0xdb8, 1, 2, 3, 4, 5, 6})},
      {"::", v6({0, 0, 0, 0, 0, 0, 0, 0})},
      {"::1", v6({0, 0, 0, 0, 0, 0, 0, 1})},
      {"1::", v6({1, 0, 0, 0, 0, 0, 0, 0})},
      {"fe80::a:b", v6({0xfe80, 0, 0, 0, 0, 0, 0xa, 0xb})},
      {"1:2:3:4:5:6:7::", v6({1, 2, 3, 4, 5, 6, 7, 0})},
      {"::2:3:4:5:6:7:8", v6({0, 2, 3, 4, 5, 6, 7, 8})},
      {"1:2:3::5:6:7:8", v6({1, 2, 3, 0, 5, 6, 7, 8})},
      {"::ffff:192.0.2.1", v6({0, 0, 0, 0, 0, 0xffff, 0xc000, 0x0201})},
      {"::192.0.2.1", v6({0, 0, 0, 0, 0, 0, 0xc000, 0x0201})},
      {"1:2:3:4:5:6:192.0.2.1", v6({1, 2, 3, 4, 5, 6, 0xc000, 0x0201})},
      {"64:ff9b::1.2.3.4", v6({0x64, 0xff9b, 0, 0, 0, 0, 0x0102, 0x0304})},
  };
  for (auto const& c : cases) {
    auto const parsed = parse_address(c.text, 5060);
    BOOST_TEST(static_cast<bool>(parsed), c.text);
    BOOST_TEST((parsed.value == c.value), c.text);
    auto const bracketed = parse_address("[" + std::string{c.text} + "]", 5060);
    BOOST_TEST((bracketed.ok && bracketed.value == c.value), c.text);
  }
}

BOOST_AUTO_TEST_CASE(what_is_no_address_is_refused) {
  for (char const* const text : {"",
                                 " ",
                                 "example.com",
                                 "1",
                                 "1.2.3",
                                 "1.2.3.4.5",
                                 "1.2.3.256",
                                 "1.2.3.",
                                 ".1.2.3",
                                 "1..2.3",
                                 "1.2.3.4 ",
                                 " 1.2.3.4",
                                 "1.2.3.0004",
                                 "-1.2.3.4",
                                 "1.2.3.4a",
                                 "0x1.2.3.4",
                                 "[",
                                 "]",
                                 "[]",
                                 "[1.2.3.4",
                                 "[::1",
                                 "::1]",
                                 "[[::1]]",
                                 ":",
                                 ":::",
                                 "1:",
                                 ":1",
                                 "1::2::3",
                                 "1:2:3:4:5:6:7",
                                 "1:2:3:4:5:6:7:8:9",
                                 "1:2:3:4:5:6:7:8::",
                                 "::1:2:3:4:5:6:7:8",
                                 "1:2:3:4::5:6:7:8",
                                 "12345::",
                                 "g::",
                                 "::1.2.3",
                                 "::1.2.3.4.5",
                                 "::1.2.3.4:5",
                                 "1.2.3.4::",
                                 "1:2:3:4:5:6:7:1.2.3.4",
                                 "::256.1.1.1",
                                 "fe80::1%eth0",
                                 "1:2:3:4:5:6:7:",
                                 "::1:",
                                 "1:2:3:4:5:6:7:8 "}) {
    auto const parsed = parse_address(text, 5060);
    BOOST_TEST(!parsed, text);
    BOOST_TEST((parsed.value == address{}), text);
  }
  BOOST_TEST(!parse_address(std::string_view{}, 1));
  BOOST_TEST(!parse_address(std::string_view{"1.2.3.4\0", 8}, 1));
  BOOST_TEST(!parse_address(std::string(100'000, ':'), 1));
  BOOST_TEST(!parse_address(std::string(100'000, '1'), 1));
}

BOOST_AUTO_TEST_CASE(the_port_is_taken_over) {
  BOOST_TEST(parse_address("192.0.2.1", 0).value.port == 0);
  BOOST_TEST(parse_address("::1", 65535).value.port == 65535);
  BOOST_TEST(!(v4(1, 2, 3, 4, 5060) == v4(1, 2, 3, 4, 5061)));
}

BOOST_AUTO_TEST_CASE(an_address_is_written_without_port_and_brackets) {
  BOOST_TEST(to_text(v4(192, 0, 2, 1)).view() == "192.0.2.1");
  BOOST_TEST(to_text(v4(255, 255, 255, 255)).view() == "255.255.255.255");
  BOOST_TEST(to_text(v4(0, 0, 0, 0)).view() == "0.0.0.0");
  BOOST_TEST(to_text(v6({0x2001, 0xdb8, 0, 0, 0, 0, 0, 1})).view() == "2001:db8:0:0:0:0:0:1");
  BOOST_TEST(to_text(v6({0xffff, 0xffff, 0xffff, 0xffff, 0xffff, 0xffff, 0xffff, 0xffff})).view() ==
             "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff");
}

BOOST_AUTO_TEST_CASE(what_is_written_reads_back_the_same) {
  std::mt19937 random{1};
  for (int i = 0; i < 5000; ++i) {
    address a;
    a.ipv6 = random() % 2;
    a.port = static_cast<std::uint16_t>(random());
    for (int b = 0; b < (a.ipv6 ? 16 : 4); ++b)
      a.bytes[b] = static_cast<std::uint8_t>(random() % 3 ? random() : 0);
    auto const text = to_text(a);
    auto const parsed = parse_address(text.view(), a.port);
    BOOST_REQUIRE(static_cast<bool>(parsed));
    BOOST_REQUIRE((parsed.value == a));
  }
}

BOOST_AUTO_TEST_CASE(no_text_does_harm) {
  std::mt19937 random{2};
  for (int i = 0; i < 100'000; ++i) {
    std::string text;
    for (auto n = random() % 45; n; --n) text += "0123456789abcdefF::::....[]g"[random() % 28];
    if (auto const parsed = parse_address(text, 1))
      BOOST_REQUIRE((parse_address(to_text(parsed.value).view(), 1).value == parsed.value));
  }
}

BOOST_AUTO_TEST_CASE(it_works_in_constant_evaluation) {
  static_assert(parse_address("[2001:db8::1]", 5061).value.port == 5061);
  static_assert(to_text(parse_address("192.0.2.1", 1).value).view() == "192.0.2.1");
  static_assert(!parse_address("host", 1));
}

BOOST_AUTO_TEST_SUITE_END()
