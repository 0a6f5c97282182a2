#include <ctsip/vocabulary/text.hpp>

#include <cstdint>
#include <string>

#include <boost/test/unit_test.hpp>

#include <ctsip/vocabulary/method.hpp>
#include <ctsip/vocabulary/timer.hpp>

namespace {
enum class colour : std::uint8_t { red, dark_green2, register_ };
enum unscoped { north, south };
} // namespace

BOOST_AUTO_TEST_SUITE(vocabulary_text)

template <ctsip::fixed_string Text>
constexpr std::size_t size_of = Text.size();

template <ctsip::fixed_string Text>
struct named {};

template <class T>
struct box {
  enum class lid { open, shut };
};

template <class A, class B>
constexpr bool is_same = false;
template <class A>
constexpr bool is_same<A, A> = true;

BOOST_AUTO_TEST_CASE(a_fixed_string_is_a_template_argument_that_compares_by_its_text) {
  static_assert(size_of<""> == 0);
  static_assert(size_of<"ACK"> == 3);
  static_assert(is_same<named<"ACK">, named<"ACK">>);
  static_assert(!is_same<named<"ACK">, named<"BYE">>);
  static_assert(ctsip::fixed_string("ACK") == ctsip::fixed_string("ACK"));
  static_assert(!(ctsip::fixed_string("ACK") == ctsip::fixed_string("ACk")));
  constexpr ctsip::fixed_string text("RFC 3261");
  BOOST_TEST(std::string(text.c_str()) == "RFC 3261");
  BOOST_TEST(std::string(text.data(), text.size()) == "RFC 3261");
}

BOOST_AUTO_TEST_CASE(a_default_fixed_string_is_all_zero) {
  constexpr ctsip::fixed_string<4> text;
  for (char c : text.text) BOOST_TEST(c == '\0');
}

BOOST_AUTO_TEST_CASE(an_enumerator_is_named_as_in_the_source) {
  BOOST_TEST(std::string(ctsip::enumerator_name<colour::red>.c_str()) == "red");
  BOOST_TEST(std::string(ctsip::enumerator_name<colour::dark_green2>.c_str()) == "dark_green2");
  BOOST_TEST(std::string(ctsip::enumerator_name<colour::register_>.c_str()) == "register_");
  BOOST_TEST(std::string(ctsip::enumerator_name<south>.c_str()) == "south");
  BOOST_TEST(std::string(ctsip::enumerator_name<ctsip::timer::a>.c_str()) == "a");
  BOOST_TEST(std::string(ctsip::enumerator_name<ctsip::method::invite>.c_str()) == "invite");
  BOOST_TEST(std::string(ctsip::enumerator_name<box<box<int>>::lid::shut>.c_str()) == "shut");
}

BOOST_AUTO_TEST_CASE(an_enumerator_of_a_local_type_is_named_too) {
  enum class local { here };
  BOOST_TEST(std::string(ctsip::enumerator_name<local::here>.c_str()) == "here");
}

BOOST_AUTO_TEST_CASE(a_value_without_a_name_is_no_enumerator) {
  static_assert(ctsip::is_enumerator<colour::red>);
  static_assert(ctsip::is_enumerator<static_cast<colour>(2)>);
  static_assert(!ctsip::is_enumerator<static_cast<colour>(3)>);
  static_assert(!ctsip::is_enumerator<static_cast<colour>(255)>);
  enum class with_negative { below = -2, zero = 0 };
  static_assert(ctsip::is_enumerator<with_negative::below>);
  static_assert(!ctsip::is_enumerator<static_cast<with_negative>(-1)>);
  static_assert(ctsip::is_enumerator<static_cast<ctsip::timer>(ctsip::timer_count - 1)>);
  static_assert(!ctsip::is_enumerator<static_cast<ctsip::timer>(ctsip::timer_count)>);
  BOOST_TEST(std::string(ctsip::enumerator_name<static_cast<colour>(3)>.c_str()) == "3");
}

BOOST_AUTO_TEST_CASE(texts_are_measured_and_compared) {
  static_assert(ctsip::detail::length(nullptr) == 0);
  static_assert(ctsip::detail::length("") == 0);
  static_assert(ctsip::detail::length("180") == 3);
  static_assert(ctsip::detail::same_text("", ""));
  static_assert(ctsip::detail::same_text("invite", "invite"));
  static_assert(!ctsip::detail::same_text("invite", "invit"));
  static_assert(!ctsip::detail::same_text("invit", "invite"));
  BOOST_TEST(!ctsip::detail::same_text("a", "b"));
}

BOOST_AUTO_TEST_CASE(an_index_list_counts_from_zero) {
  static_assert(
      is_same<decltype(ctsip::detail::make_index_list<0>{}), ctsip::detail::index_list<>>);
  static_assert(
      is_same<decltype(ctsip::detail::make_index_list<3>{}), ctsip::detail::index_list<0, 1, 2>>);
}

BOOST_AUTO_TEST_SUITE_END()
