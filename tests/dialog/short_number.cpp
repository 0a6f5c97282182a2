// RFC 3261 12.2.1.1: "Requests within a dialog MUST contain strictly monotonically increasing and
// contiguous CSeq sequence numbers (increasing-by-one) in each direction". RFC 3262 3: "The value
// of the RSeq in each subsequent reliable provisional response for the same request MUST be greater
// by exactly one."
#include <ctsip/dialog/short_number.hpp>

#include <boost/test/unit_test.hpp>

#include <cstdint>

BOOST_AUTO_TEST_SUITE(dialog_short_number)

using in_16 = ctsip::detail::short_number<std::uint16_t>;
using in_8 = ctsip::detail::short_number<std::uint8_t>;

static_assert(sizeof(in_16) == 2 && sizeof(in_8) == 1);

constexpr std::uint32_t edges[] = {1,          254,        255,        256,
                                   65534,      65535,      65536,      0x7ffffffe,
                                   0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff};

BOOST_AUTO_TEST_CASE(zero_and_nothing_else_is_not_there) {
  BOOST_TEST(!in_16{}.is_there());
  BOOST_TEST(!in_8{0u}.is_there());
  for (auto n : edges) {
    BOOST_TEST(in_16{n}.is_there());
    BOOST_TEST(in_8{n}.is_there());
    BOOST_TEST((in_16{n} != 0u));
  }
}

BOOST_AUTO_TEST_CASE(neighbours_differ_by_rfc_3261_12_2_1_1) {
  for (auto n : edges)
    for (std::uint32_t i = 1; i < 255 && n + i > n; ++i) {
      BOOST_TEST((in_8{n} != n + i));
      BOOST_TEST((in_16{n} != n + i));
    }
  BOOST_TEST((in_16{1} == 1u));
}

BOOST_AUTO_TEST_CASE(the_longer_form_makes_the_same_shorter_one) {
  for (auto n : edges) BOOST_TEST((in_8{in_16{n}} == n));
  BOOST_TEST(!in_8{in_16{}}.is_there());
}

BOOST_AUTO_TEST_CASE(a_number_that_is_not_there_fits_any) {
  using ctsip::detail::fits;
  BOOST_TEST(fits(0, in_16{7}));
  BOOST_TEST(fits(7, in_16{}));
  BOOST_TEST(fits(7, in_16{7}));
  BOOST_TEST(!fits(8, in_16{7}));
}

BOOST_AUTO_TEST_SUITE_END()
