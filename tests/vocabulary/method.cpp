#include <boost/test/unit_test.hpp>

#include <ctsip/vocabulary/method.hpp>

#include <cstddef>
#include <set>
#include <string>
#include <string_view>

using namespace ctsip;

namespace {

constexpr method all_methods[] = {
    method::invite,  method::ack,   method::bye,       method::cancel, method::register_,
    method::options, method::prack, method::subscribe, method::notify, method::publish,
    method::info,    method::refer, method::message,   method::update, method::extension};

// That a trait holds for these methods and for no other.
template <class Trait>
void holds_for(std::set<method> const& expected, Trait trait) {
  for (method m : all_methods) BOOST_TEST(trait(traits(m)) == expected.contains(m), name(m));
}

std::set<method> all_but(std::set<method> const& excluded) {
  std::set<method> rest;
  for (method m : all_methods)
    if (!excluded.contains(m)) rest.insert(m);
  return rest;
}

} // namespace

BOOST_AUTO_TEST_SUITE(vocabulary_method)

BOOST_AUTO_TEST_CASE(all_14_registered_methods_have_their_names_and_rfcs) {
  struct row {
    method m;
    std::string_view name;
    std::string_view reference;
  };
  // IANA "SIP Methods".
  constexpr row rows[] = {{method::ack, "ACK", "RFC 3261"},
                          {method::bye, "BYE", "RFC 3261"},
                          {method::cancel, "CANCEL", "RFC 3261"},
                          {method::info, "INFO", "RFC 6086"},
                          {method::invite, "INVITE", "RFC 3261"},
                          {method::message, "MESSAGE", "RFC 3428"},
                          {method::notify, "NOTIFY", "RFC 6665"},
                          {method::options, "OPTIONS", "RFC 3261"},
                          {method::prack, "PRACK", "RFC 3262"},
                          {method::publish, "PUBLISH", "RFC 3903"},
                          {method::refer, "REFER", "RFC 3515"},
                          {method::register_, "REGISTER", "RFC 3261"},
                          {method::subscribe, "SUBSCRIBE", "RFC 6665"},
                          {method::update, "UPDATE", "RFC 3311"}};
  static_assert(std::size(rows) == method_count);
  for (row const& r : rows) {
    BOOST_TEST(name(r.m) == r.name);
    BOOST_TEST(traits(r.m).reference == r.reference);
    BOOST_TEST(*traits(r.m).purpose != '\0');
    BOOST_TEST(parse_method(r.name).valid);
    BOOST_TEST((parse_method(r.name).value == r.m), r.name);
  }
}

BOOST_AUTO_TEST_CASE(a_method_is_read_at_compile_time) {
  static_assert(parse_method(std::string_view("INVITE")).value == method::invite);
  static_assert(parse_method("UPDATE", 6).value == method::update);
  static_assert(name(method::register_) == std::string_view("REGISTER"));
}

BOOST_AUTO_TEST_CASE(method_names_are_case_sensitive_rfc3261_25_1) {
  for (std::string_view text : {"invite", "Invite", "INVITe", "bYE"}) {
    BOOST_TEST(parse_method(text).valid, text);
    BOOST_TEST((parse_method(text).value == method::extension), text);
  }
}

BOOST_AUTO_TEST_CASE(any_other_token_is_an_extension_method_rfc3261_7_1) {
  for (std::string_view text : {"INVIT", "INVITEX", "JOIN", "A", "x-y.z!%*_+`'~9"}) {
    BOOST_TEST(parse_method(text).valid, text);
    BOOST_TEST((parse_method(text).value == method::extension), text);
  }
}

BOOST_AUTO_TEST_CASE(what_is_not_a_token_is_not_a_method_rfc3261_25_1) {
  for (std::string_view text :
       {"",    " ",   "IN VITE", "INVITE ", " INVITE", "INVITE\t", "INV@ITE", "INV\xC3\xA9",
        "\"",  "(",   "a,b",     "a;b",     "a/b",     "a:b",      "a<b",     "a=b",
        "a?b", "a[b", "a{b",     "a\\b"})
    BOOST_TEST(!parse_method(text), text);
  BOOST_TEST(!parse_method(nullptr, 0));
  BOOST_TEST(!parse_method(std::string_view("INVITE\0", 7)));
}

BOOST_AUTO_TEST_CASE(exactly_the_characters_of_token_make_one_rfc3261_25_1) {
  std::string_view const token_characters =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.!%*_+`'~";
  for (int c = 0; c != 256; ++c) {
    char const one = static_cast<char>(c);
    bool const expected = token_characters.find(one) != std::string_view::npos;
    BOOST_TEST(parse_method(&one, 1).valid == expected, c);
  }
}

BOOST_AUTO_TEST_CASE(who_creates_a_dialog_rfc3261_12_1_and_rfc6665_4_4_1) {
  for (method m : all_methods) {
    dialog_creation expected = dialog_creation::none;
    if (m == method::invite) expected = dialog_creation::by_response;
    if (m == method::subscribe || m == method::refer) expected = dialog_creation::by_notify;
    if (m == method::notify) expected = dialog_creation::by_itself;
    BOOST_TEST((traits(m).creates_dialog == expected), name(m));
  }
}

BOOST_AUTO_TEST_CASE(target_refresh_requests_are_those_of_rfc5057_5_4) {
  holds_for({method::invite, method::update, method::subscribe, method::notify, method::refer},
            [](method_traits const& t) { return t.target_refresh; });
  BOOST_TEST(!is_target_refresh(method::ack)); // "Note that an ACK is NOT a target refresh request"
}

BOOST_AUTO_TEST_CASE(only_an_invite_should_be_cancelled_rfc3261_9_1) {
  holds_for({method::invite}, [](method_traits const& t) { return t.may_be_cancelled; });
  BOOST_TEST(may_be_cancelled(method::invite));
}

BOOST_AUTO_TEST_CASE(every_request_but_ack_has_a_response_rfc3261_17) {
  holds_for(all_but({method::ack}), [](method_traits const& t) { return t.has_response; });
  BOOST_TEST(!has_response(method::ack));
}

BOOST_AUTO_TEST_CASE(who_may_be_sent_outside_a_dialog) {
  // BYE: 15; PRACK: RFC 3262 4; NOTIFY: RFC 6665 4.2.2; INFO: RFC 6086 4.2.1; UPDATE: RFC 3311 1.
  holds_for(all_but({method::bye, method::prack, method::notify, method::info, method::update}),
            [](method_traits const& t) { return t.outside_dialog; });
}

BOOST_AUTO_TEST_CASE(who_may_be_sent_inside_a_dialog) {
  holds_for(all_but({method::register_}), [](method_traits const& t) { return t.inside_dialog; });
}

BOOST_AUTO_TEST_CASE(offers_and_answers_travel_as_in_rfc6337_table_1) {
  holds_for({method::invite, method::prack, method::update},
            [](method_traits const& t) { return t.may_offer; });
  holds_for({method::ack, method::prack}, [](method_traits const& t) { return t.may_answer; });
  holds_for({method::invite}, [](method_traits const& t) { return t.response_may_offer; });
  holds_for({method::invite, method::prack, method::update},
            [](method_traits const& t) { return t.response_may_answer; });
}

BOOST_AUTO_TEST_CASE(ack_and_cancel_take_no_cseq_number_of_their_own_rfc3261_12_2_1_1) {
  holds_for(all_but({method::ack, method::cancel}),
            [](method_traits const& t) { return t.takes_cseq; });
}

BOOST_AUTO_TEST_CASE(ack_and_cancel_are_never_challenged_rfc3261_22_1) {
  holds_for(all_but({method::ack, method::cancel}),
            [](method_traits const& t) { return t.may_be_challenged; });
}

BOOST_AUTO_TEST_CASE(a_contact_is_mandatory_where_a_dialog_can_arise_rfc3261_8_1_1_8) {
  holds_for({method::invite, method::subscribe, method::notify, method::refer, method::update},
            [](method_traits const& t) { return t.requires_contact; });
}

BOOST_AUTO_TEST_CASE(requests_belong_to_usages_as_in_rfc5057_5_3) {
  holds_for({method::invite, method::update, method::prack, method::ack, method::cancel,
             method::bye, method::info},
            [](method_traits const& t) { return t.usage == usage::invite; });
  holds_for({method::subscribe, method::notify, method::refer},
            [](method_traits const& t) { return t.usage == usage::subscription; });
  holds_for({method::register_},
            [](method_traits const& t) { return t.usage == usage::registration; });
}

BOOST_AUTO_TEST_CASE(a_value_outside_the_enumeration_is_an_extension) {
  auto const none = static_cast<method>(200);
  BOOST_TEST(&traits(none) == &traits(method::extension));
  BOOST_TEST(*name(none) == '\0');
}

BOOST_AUTO_TEST_SUITE_END()
