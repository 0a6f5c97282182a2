// The scanner: searches and comparisons that look at several characters in one go give what looking
// at one after the other gives, at run time and in constant evaluation.
#include <ctsip/message/scan.hpp>

#include <string>

#include <boost/test/unit_test.hpp>

using namespace ctsip;

BOOST_AUTO_TEST_SUITE(message_scan)

BOOST_AUTO_TEST_CASE(a_fold_is_one_space_rfc_3261_7_3_1) {
  auto const unfolded = [](std::string const& text) {
    std::string all;
    for (std::size_t at = 0; at < text.size();) all += detail::next_unfolded(text, at);
    return all;
  };
  BOOST_TEST(unfolded("") == "");
  BOOST_TEST(unfolded("a  b\t") == "a  b\t");
  BOOST_TEST(unfolded("a\r\n b") == "a b");
  BOOST_TEST(unfolded("a \t\r\n \t b\r\n c") == "a b c");
  BOOST_TEST(unfolded("\r\n a") == " a");
  BOOST_TEST(unfolded("  \r\n a \r\n ") == " a ");
  // What is no fold ends all the same.
  BOOST_TEST(unfolded("a\n\r\n\nb\r") == "a b ");
}

BOOST_AUTO_TEST_CASE(the_first_match_is_found_at_every_place_and_length) {
  for (std::size_t size = 0; size < 50; ++size) {
    // The characters next to LF are those that a wrong borrow would take for it.
    for (char const other : {'\x0b', '\x09', '\x8a', '\xff', '\0', 'a'}) {
      std::string text(size, other);
      BOOST_TEST(detail::find_char(text.data(), text.data() + size, '\n') == text.data() + size);
      for (std::size_t i = 0; i < size; ++i) {
        text.assign(size, other);
        text[i] = '\n';
        text.back() = '\n';
        auto const* const found = detail::find_char(text.data(), text.data() + size, '\n');
        BOOST_TEST(static_cast<std::size_t>(found - text.data()) == i);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(a_known_name_is_found_in_any_case_and_nothing_else_is) {
  std::string const known = "P-Charging-Function-Addresses";
  for (std::size_t size = 1; size <= known.size(); ++size) {
    std::string const name = known.substr(0, size);
    std::string text = name;
    for (char& c : text) c = detail::lower(c);
    BOOST_TEST(detail::same_name(text.data(), name.data(), size));
    for (char& c : text)
      if (detail::is_alpha(c)) c = static_cast<char>(c & ~0x20);
    BOOST_TEST(detail::same_name(text.data(), name.data(), size));
    for (std::size_t i = 0; i < size; ++i) {
      for (int octet = 0; octet < 256; ++octet) {
        text = name;
        text[i] = static_cast<char>(octet);
        bool const same = detail::lower(text[i]) == detail::lower(name[i]);
        if (detail::same_name(text.data(), name.data(), size) != same)
          BOOST_ERROR("octet " << octet << " at " << i << " of " << size);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(
    a_class_of_characters_ends_at_the_same_place_however_many_are_looked_at_in_one_go) {
  auto const check = [](auto classes) {
    for (std::size_t size = 0; size < 40; ++size) {
      for (std::size_t at = 0; at < size; ++at) {
        for (int octet = 0; octet < 256; ++octet) {
          std::string text(size, at % 2 ? 'z' : '0');
          text[at] = static_cast<char>(octet);
          char const* const first = text.data();
          char const* const end = first + size;
          bool const stops = !detail::is_char(text[at], classes);
          char const* const expected = stops ? first + at : end;
          if (detail::skip(first, end, classes) != expected ||
              detail::skip_long(first, end, classes) != expected)
            BOOST_ERROR("octet " << octet << " at " << at << " of " << size);
        }
      }
    }
  };
  check(detail::token_char);
  check(detail::uri_char);
  check(detail::host_char);
  check(detail::word_char);
  check(detail::user_char);
  check(detail::text_char | 0);
}

BOOST_AUTO_TEST_CASE(constant_evaluation_gives_the_same) {
  constexpr std::string_view text = "abcdefghijklmnopqrstuvwxyz\n";
  static_assert(detail::find_char(text.data(), text.data() + text.size(), '\n') - text.data() ==
                26);
  static_assert(detail::same_name("CALL-id", "Call-ID", 7));
  static_assert(!detail::same_name("Call\rID", "Call-ID", 7));
  static_assert(detail::same_name("to", "To", 2));
  BOOST_TEST(detail::same_name("tO", "To", 2));
}

BOOST_AUTO_TEST_CASE(numbers_beyond_32_bits_are_overlarge_and_never_wrap) {
  static_assert(read_number("4294967295") == number{4294967295u, number::valid});
  static_assert(read_number("4294967296").state == number::overlarge);
  static_assert(read_number("36893488147419103232").state == number::overlarge);
  static_assert(read_number("0000000000000000000068") == number{68, number::valid});
  static_assert(read_number("").state == number::absent);
  for (char const* const text : {"-1", "+1", "five", "1.5", "1 2", "0x10", "1a", "١"})
    BOOST_TEST((read_number(text).state == number::malformed), text);
  BOOST_TEST((read_number("4294967300").state == number::overlarge));
  BOOST_TEST((read_number("1" + std::string(100, '0')).state == number::overlarge));
}

// 10.2: "MAY treat values larger than 2**32-1 as equivalent to 2**32-1. Malformed values SHOULD be
// treated as equivalent to 3600."
BOOST_AUTO_TEST_CASE(an_expiry_is_clipped_or_its_default_by_10_2) {
  BOOST_TEST(read_number("60").clipped_or(3600) == 60u);
  BOOST_TEST(read_number("280297596632815").clipped_or(3600) == 4294967295u);
  BOOST_TEST(read_number("Thu, 01 Dec 1994 16:00:00 GMT").clipped_or(3600) == 3600u);
  BOOST_TEST(read_number("").clipped_or(3600) == 3600u);
  BOOST_TEST(read_number("280297596632815").value_or(3600) == 3600u);
}

BOOST_AUTO_TEST_CASE(a_quoted_string_ends_at_the_first_quote_that_is_not_escaped_25_1) {
  auto const length = [](std::string_view s) -> int {
    char const* const end = detail::skip_quoted(s.data(), s.data() + s.size());
    return end ? static_cast<int>(end - s.data()) : -1;
  };
  BOOST_TEST(length("\"\"") == 2);
  BOOST_TEST(length(R"("J Rosenberg \\\"" <sip:a@b>)") == 18);
  BOOST_TEST(length(R"("open)") == -1);
  BOOST_TEST(length(R"("open\")") == -1);
  BOOST_TEST(length(R"("open\)") == -1);
  BOOST_TEST(length("\"a\\\r\"") == -1);
  BOOST_TEST(length({"\"\\\0\"", 4}) == 4);
}

// qdtext = LWS / %x21 / %x23-5B / %x5D-7E / UTF8-NONASCII
BOOST_AUTO_TEST_CASE(a_control_character_stands_in_a_quoted_string_as_a_quoted_pair_only_25_1) {
  for (int c = 0; c < 256; ++c) {
    std::string const text{'"', 'a', static_cast<char>(c), 'b', '"'};
    char const* const end = text.data() + text.size();
    char const* const expected = c == '"'                                         ? text.data() + 3
                                 : c < ' ' && c != '\t' && c != '\r' && c != '\n' ? nullptr
                                 : c == 0x7f                                      ? nullptr
                                                                                  : end;
    BOOST_TEST((detail::skip_quoted(text.data(), end) == expected), c);
    std::string const pair{'"', '\\', static_cast<char>(c), '"'};
    bool const allowed = c < 0x80 && c != '\r' && c != '\n';
    BOOST_TEST((detail::skip_quoted(pair.data(), pair.data() + 4) != nullptr) == allowed, c);
  }
}

BOOST_AUTO_TEST_CASE(a_cr_is_half_of_a_line_end_25_1) {
  for (auto const text :
       {"\r", "a\r", "\ra", "a\rb", "a\r\r\n b", "a\r\n \rb", "0123456789abcdef\rg"})
    BOOST_TEST(detail::has_bare_cr(text), text);
  for (auto const text : {"", "a", "a\r\n b", "a\n b", "0123456789abcdef\r\n g"})
    BOOST_TEST(!detail::has_bare_cr(text), text);
}

BOOST_AUTO_TEST_CASE(unquoting_never_writes_beyond_the_capacity) {
  std::string_view const text = R"("a\"b\\c")";
  for (std::size_t capacity = 0; capacity < 8; ++capacity) {
    char out[9] = "........";
    BOOST_TEST(unquote(text, out, capacity) == 5u);
    BOOST_TEST(std::string(out, 8) == std::string(R"(a"b\c)").substr(0, capacity) +
                                          std::string(8 - (capacity < 5 ? capacity : 5), '.'));
  }
  BOOST_TEST(without_quotes("\"x\"") == "x");
  BOOST_TEST(without_quotes("\"") == "\"");
}

BOOST_AUTO_TEST_SUITE_END()
