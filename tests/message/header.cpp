// The names of the header fields: RFC 3261 7.3.1, 7.3.3, 20.
#include <ctsip/message/header.hpp>

#include <string>

#include <boost/test/unit_test.hpp>

using namespace ctsip;

namespace {
header at(std::size_t i) { return static_cast<header>(i); }
std::string changed(std::string_view s, bool upper) {
  std::string result{s};
  for (char& c : result) {
    if (!detail::is_alpha(c)) continue;
    c = static_cast<char>(upper ? c & ~0x20 : c | 0x20);
  }
  return result;
}
} // namespace

BOOST_AUTO_TEST_SUITE(message_header)

BOOST_AUTO_TEST_CASE(every_name_is_found_in_any_case_7_3_1) {
  for (std::size_t i = 0; i < detail::header_count; ++i) {
    BOOST_TEST_CONTEXT(name(at(i))) {
      BOOST_TEST((parse_header(name(at(i))) == at(i)));
      BOOST_TEST((parse_header(changed(name(at(i)), true)) == at(i)));
      BOOST_TEST((parse_header(changed(name(at(i)), false)) == at(i)));
      BOOST_TEST((parse_header(std::string{name(at(i))} + "x") == header::unknown));
      BOOST_TEST((parse_header(name(at(i)).substr(1)) != at(i)));
    }
  }
}

BOOST_AUTO_TEST_CASE(the_compact_forms_are_the_registered_ones_7_3_3) {
  struct {
    char letter;
    header id;
  } const registered[] = {{'a', header::accept_contact},
                          {'b', header::referred_by},
                          {'c', header::content_type},
                          {'d', header::request_disposition},
                          {'e', header::content_encoding},
                          {'f', header::from},
                          {'i', header::call_id},
                          {'j', header::reject_contact},
                          {'k', header::supported},
                          {'l', header::content_length},
                          {'m', header::contact},
                          {'n', header::identity_info},
                          {'o', header::event},
                          {'r', header::refer_to},
                          {'s', header::subject},
                          {'t', header::to},
                          {'u', header::allow_events},
                          {'v', header::via},
                          {'x', header::session_expires},
                          {'y', header::identity}};
  std::size_t count = 0;
  for (auto const& [letter, id] : registered) {
    BOOST_TEST((parse_header(std::string(1, letter)) == id), letter);
    BOOST_TEST((parse_header(std::string(1, static_cast<char>(letter & ~0x20))) == id), letter);
    BOOST_TEST(compact_form(id) == letter);
  }
  for (std::size_t i = 0; i < detail::header_count; ++i) count += compact_form(at(i)) != 0;
  BOOST_TEST(count == std::size(registered));
  for (char const* const other : {"g", "h", "p", "q", "w", "z", "1", "-", "!"})
    BOOST_TEST((parse_header(other) == header::unknown), other);
}

BOOST_AUTO_TEST_CASE(what_is_no_token_or_no_known_name_is_unknown) {
  for (char const* const other : {"", " ", "To ", "T o", "C%6Fntact", "Call\rID", "To:", "Tö"})
    BOOST_TEST((parse_header(other) == header::unknown), other);
  BOOST_TEST(name(header::unknown).empty());
  BOOST_TEST(compact_form(header::unknown) == '\0');
}

BOOST_AUTO_TEST_CASE(only_header_fields_that_are_comma_lists_are_lists_7_3_1) {
  for (header const h :
       {header::via, header::contact, header::route, header::record_route, header::supported,
        header::require, header::allow, header::accept, header::reason, header::path})
    BOOST_TEST((rows(h) == header_rows::list), name(h));
  for (header const h : {header::www_authenticate, header::proxy_authenticate,
                         header::authorization, header::proxy_authorization})
    BOOST_TEST((rows(h) == header_rows::several), name(h));
  for (header const h :
       {header::to, header::from, header::call_id, header::cseq, header::date, header::max_forwards,
        header::subject, header::content_type, header::event, header::refer_to, header::replaces})
    BOOST_TEST((rows(h) == header_rows::one), name(h));
}

BOOST_AUTO_TEST_SUITE_END()
