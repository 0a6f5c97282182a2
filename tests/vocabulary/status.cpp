#include <boost/test/unit_test.hpp>

#include <ctsip/vocabulary/status.hpp>

#include <cstddef>
#include <iterator>
#include <set>
#include <string>
#include <string_view>

using namespace ctsip;

namespace {

struct registered {
  status_code code;
  std::string_view reason_phrase;
  std::string_view rfc;
};

// IANA "SIP Response Codes".
constexpr registered registry[] = {{100, "Trying", "RFC 3261"},
                                   {180, "Ringing", "RFC 3261"},
                                   {181, "Call Is Being Forwarded", "RFC 3261"},
                                   {182, "Queued", "RFC 3261"},
                                   {183, "Session Progress", "RFC 3261"},
                                   {199, "Early Dialog Terminated", "RFC 6228"},
                                   {200, "OK", "RFC 3261"},
                                   {202, "Accepted", "RFC 6665"},
                                   {204, "No Notification", "RFC 5839"},
                                   {300, "Multiple Choices", "RFC 3261"},
                                   {301, "Moved Permanently", "RFC 3261"},
                                   {302, "Moved Temporarily", "RFC 3261"},
                                   {305, "Use Proxy", "RFC 3261"},
                                   {380, "Alternative Service", "RFC 3261"},
                                   {400, "Bad Request", "RFC 3261"},
                                   {401, "Unauthorized", "RFC 3261"},
                                   {402, "Payment Required", "RFC 3261"},
                                   {403, "Forbidden", "RFC 3261"},
                                   {404, "Not Found", "RFC 3261"},
                                   {405, "Method Not Allowed", "RFC 3261"},
                                   {406, "Not Acceptable", "RFC 3261"},
                                   {407, "Proxy Authentication Required", "RFC 3261"},
                                   {408, "Request Timeout", "RFC 3261"},
                                   {410, "Gone", "RFC 3261"},
                                   {412, "Conditional Request Failed", "RFC 3903"},
                                   {413, "Request Entity Too Large", "RFC 3261"},
                                   {414, "Request-URI Too Long", "RFC 3261"},
                                   {415, "Unsupported Media Type", "RFC 3261"},
                                   {416, "Unsupported URI Scheme", "RFC 3261"},
                                   {417, "Unknown Resource-Priority", "RFC 4412"},
                                   {420, "Bad Extension", "RFC 3261"},
                                   {421, "Extension Required", "RFC 3261"},
                                   {422, "Session Interval Too Small", "RFC 4028"},
                                   {423, "Interval Too Brief", "RFC 3261"},
                                   {424, "Bad Location Information", "RFC 6442"},
                                   {425, "Bad Alert Message", "RFC 8876"},
                                   {428, "Use Identity Header", "RFC 8224"},
                                   {429, "Provide Referrer Identity", "RFC 3892"},
                                   {430, "Flow Failed", "RFC 5626"},
                                   {433, "Anonymity Disallowed", "RFC 5079"},
                                   {436, "Bad Identity Info", "RFC 8224"},
                                   {437, "Unsupported Credential", "RFC 8224"},
                                   {438, "Invalid Identity Header", "RFC 8224"},
                                   {439, "First Hop Lacks Outbound Support", "RFC 5626"},
                                   {440, "Max-Breadth Exceeded", "RFC 5393"},
                                   {469, "Bad Info Package", "RFC 6086"},
                                   {470, "Consent Needed", "RFC 5360"},
                                   {480, "Temporarily Unavailable", "RFC 3261"},
                                   {481, "Call/Transaction Does Not Exist", "RFC 3261"},
                                   {482, "Loop Detected", "RFC 3261"},
                                   {483, "Too Many Hops", "RFC 3261"},
                                   {484, "Address Incomplete", "RFC 3261"},
                                   {485, "Ambiguous", "RFC 3261"},
                                   {486, "Busy Here", "RFC 3261"},
                                   {487, "Request Terminated", "RFC 3261"},
                                   {488, "Not Acceptable Here", "RFC 3261"},
                                   {489, "Bad Event", "RFC 6665"},
                                   {491, "Request Pending", "RFC 3261"},
                                   {493, "Undecipherable", "RFC 3261"},
                                   {494, "Security Agreement Required", "RFC 3329"},
                                   {500, "Server Internal Error", "RFC 3261"},
                                   {501, "Not Implemented", "RFC 3261"},
                                   {502, "Bad Gateway", "RFC 3261"},
                                   {503, "Service Unavailable", "RFC 3261"},
                                   {504, "Server Time-out", "RFC 3261"},
                                   {505, "Version Not Supported", "RFC 3261"},
                                   {513, "Message Too Large", "RFC 3261"},
                                   {555, "Push Notification Service Not Supported", "RFC 8599"},
                                   {580, "Precondition Failure", "RFC 3312"},
                                   {600, "Busy Everywhere", "RFC 3261"},
                                   {603, "Decline", "RFC 3261"},
                                   {604, "Does Not Exist Anywhere", "RFC 3261"},
                                   {606, "Not Acceptable", "RFC 3261"},
                                   {607, "Unwanted", "RFC 8197"},
                                   {608, "Rejected", "RFC 8688"}};

using codes = std::set<status_code>;

// RFC 5057 5.1, Table 1.
codes const destroys_usage{405, 480, 481, 489, 501};
codes const destroys_dialog{404, 410, 416, 482, 483, 484, 485, 502, 604};

} // namespace

BOOST_AUTO_TEST_SUITE(vocabulary_status)

BOOST_AUTO_TEST_CASE(every_registered_code_has_its_reason_phrase_and_rfc) {
  static_assert(status_count == 75);
  static_assert(std::size(registry) == status_count);
  for (registered const& r : registry) {
    status_info const* const info = find_status(r.code);
    BOOST_REQUIRE_MESSAGE(info, r.code);
    BOOST_TEST(info->code == r.code);
    BOOST_TEST(info->reason_phrase == r.reason_phrase);
    BOOST_TEST(reason_phrase(r.code) == r.reason_phrase);
    BOOST_TEST(is_registered(r.code), r.code);
    BOOST_TEST(std::string_view(info->reference).starts_with(std::string(r.rfc) + " "), r.code);
  }
}

BOOST_AUTO_TEST_CASE(no_other_code_is_registered) {
  codes all;
  for (registered const& r : registry) all.insert(r.code);
  for (unsigned code = 0; code != 65536; ++code)
    if ((find_status(static_cast<status_code>(code)) != nullptr) !=
            all.contains(static_cast<status_code>(code)) ||
        is_registered(static_cast<status_code>(code)) !=
            all.contains(static_cast<status_code>(code)))
      BOOST_ERROR(code);
  BOOST_TEST(*reason_phrase(418) == '\0');
}

BOOST_AUTO_TEST_CASE(the_codes_can_be_listed_in_order) {
  for (std::size_t i = 0; i != status_count; ++i) BOOST_TEST(status_at(i).code == registry[i].code);
  BOOST_TEST(status_at(status_count).code == 608);
}

BOOST_AUTO_TEST_CASE(a_code_is_read_at_compile_time) {
  static_assert(std::string_view(reason_phrase(486)) == "Busy Here");
  static_assert(class_of(486) == response_class::request_failure);
  static_assert(is_final(200) && !is_final(199) && is_provisional(199));
  static_assert(effect_of(481, method::invite) == response_effect::usage);
}

BOOST_AUTO_TEST_CASE(the_first_digit_is_the_class_rfc3261_7_2) {
  BOOST_TEST((class_of(100) == response_class::provisional));
  BOOST_TEST((class_of(299) == response_class::success));
  BOOST_TEST((class_of(300) == response_class::redirection));
  BOOST_TEST((class_of(499) == response_class::request_failure));
  BOOST_TEST((class_of(500) == response_class::server_failure));
  BOOST_TEST((class_of(699) == response_class::global_failure));
  for (status_code code : {0, 1, 99, 700, 999, 65535}) {
    BOOST_TEST((class_of(code) == response_class::unknown), code);
    BOOST_TEST(!is_status_code(code), code);
    BOOST_TEST(!is_final(code), code);
    BOOST_TEST(!is_provisional(code), code);
    BOOST_TEST(!is_failure(code), code);
  }
}

BOOST_AUTO_TEST_CASE(provisional_final_success_and_failure_divide_the_codes_rfc3261_6) {
  for (status_code code = 100; code != 700; ++code) {
    BOOST_TEST(is_provisional(code) == (code < 200), code);
    BOOST_TEST(is_final(code) == (code >= 200), code);
    BOOST_TEST(is_success(code) == (code >= 200 && code < 300), code);
    BOOST_TEST(is_failure(code) == (code >= 300), code);
  }
}

BOOST_AUTO_TEST_CASE(the_classes_are_named_as_in_rfc3261_21) {
  BOOST_TEST(name(response_class::provisional) == std::string("Provisional"));
  BOOST_TEST(name(response_class::success) == std::string("Successful"));
  BOOST_TEST(name(response_class::redirection) == std::string("Redirection"));
  BOOST_TEST(name(response_class::request_failure) == std::string("Request Failure"));
  BOOST_TEST(name(response_class::server_failure) == std::string("Server Failure"));
  BOOST_TEST(name(response_class::global_failure) == std::string("Global Failures"));
}

BOOST_AUTO_TEST_CASE(an_unrecognised_final_response_is_its_x00_rfc3261_8_1_3_2) {
  // "if a UAC receives an unrecognized response code of 431, … treat the response as if it had
  // received a 400 (Bad Request)".
  static_assert(treated_as(431) == 400);
  BOOST_TEST(treated_as(299) == 200);
  BOOST_TEST(treated_as(399) == 300);
  BOOST_TEST(treated_as(599) == 500);
  BOOST_TEST(treated_as(699) == 600);
  BOOST_TEST(status_of(431).code == 400);
}

BOOST_AUTO_TEST_CASE(an_unrecognised_provisional_response_is_183_rfc3261_8_1_3_2) {
  static_assert(treated_as(101) == 183);
  BOOST_TEST(treated_as(198) == 183);
  BOOST_TEST(treated_as(100) == 100);
}

BOOST_AUTO_TEST_CASE(a_registered_code_is_itself) {
  for (registered const& r : registry) BOOST_TEST(treated_as(r.code) == r.code);
}

BOOST_AUTO_TEST_CASE(what_is_no_status_code_is_treated_as_none) {
  for (status_code code : {0, 99, 700, 65535}) {
    BOOST_TEST(treated_as(code) == 0, code);
    BOOST_TEST(status_of(code).code == 400, code);
  }
}

BOOST_AUTO_TEST_CASE(a_timeout_is_a_408_and_a_transport_error_a_503_rfc3261_8_1_3_1) {
  static_assert(status_of_timeout == 408);
  static_assert(status_of_transport_error == 503);
}

BOOST_AUTO_TEST_CASE(a_failure_of_a_notify_acts_as_in_rfc5057_table_1) {
  for (unsigned c = 0; c != 1000; ++c) {
    auto const code = static_cast<status_code>(c);
    response_effect expected = response_effect::transaction;
    if (code >= 100 && code <= 299)
      expected = response_effect::none;
    else if (code >= 300 && code <= 399)
      expected = response_effect::redirects_dialog;        // 5.1
    else if (destroys_usage.contains(code) || code == 408) // note 4: 408 acts as a timeout, 5.2
      expected = response_effect::usage;
    else if (destroys_dialog.contains(code))
      expected = response_effect::dialog;
    if (effect_of(code, method::notify) != expected) BOOST_ERROR(code);
  }
}

BOOST_AUTO_TEST_CASE(a_refresh_ends_the_subscription_as_in_rfc6665_4_1_2_2) {
  // "404, 405, 410, 416, 480-485, 489, 501, or 604"; with "any error code other than those" the
  // subscription is still considered valid.
  codes const listed{404, 405, 410, 416, 480, 481, 482, 483, 484, 485, 489, 501, 604};
  for (unsigned c = 400; c != 700; ++c) {
    auto const code = static_cast<status_code>(c);
    response_effect const effect = effect_of(code, method::subscribe);
    bool const ends = effect == response_effect::usage || effect == response_effect::dialog;
    if (ends != listed.contains(code)) BOOST_ERROR(code);
  }
}

BOOST_AUTO_TEST_CASE(a_notify_that_fails_so_removes_the_subscription_rfc6665_4_2_2) {
  for (status_code code : {404, 405, 410, 416, 480, 481, 482, 483, 484, 485, 489, 501, 604, 408}) {
    response_effect const effect = effect_of(code, method::notify);
    BOOST_TEST((effect == response_effect::usage || effect == response_effect::dialog), code);
  }
}

BOOST_AUTO_TEST_CASE(a_481_to_a_cancel_affects_only_the_cancel_rfc5057_5_1_note_8) {
  static_assert(effect_of(481, method::cancel) == response_effect::transaction);
  BOOST_TEST((effect_of(481, method::bye) == response_effect::usage));
  BOOST_TEST((effect_of(481, method::info) == response_effect::usage));
}

BOOST_AUTO_TEST_CASE(a_method_not_integral_to_the_usage_fails_alone_rfc5057_5_1_note_3) {
  for (status_code code : {405, 501}) {
    for (method m : {method::info, method::update, method::prack, method::extension,
                     method::options, method::message, method::refer, method::publish})
      BOOST_TEST((effect_of(code, m) == response_effect::transaction), name(m));
    for (method m : {method::invite, method::bye, method::subscribe, method::notify})
      BOOST_TEST((effect_of(code, m) == response_effect::usage), name(m));
  }
}

BOOST_AUTO_TEST_CASE(a_bad_event_matters_only_to_subscribe_and_notify_rfc5057_5_1_note_12) {
  BOOST_TEST((effect_of(489, method::subscribe) == response_effect::usage));
  BOOST_TEST((effect_of(489, method::notify) == response_effect::usage));
  for (method m : {method::invite, method::info, method::update, method::refer, method::options})
    BOOST_TEST((effect_of(489, m) == response_effect::transaction), name(m));
}

BOOST_AUTO_TEST_CASE(a_request_of_no_usage_can_only_fail_alone_or_end_the_dialog_rfc5057_5_3) {
  for (method m : {method::options, method::message, method::extension}) {
    BOOST_TEST((effect_of(480, m) == response_effect::transaction), name(m));
    BOOST_TEST((effect_of(481, m) == response_effect::transaction), name(m));
    BOOST_TEST((effect_of(408, m) == response_effect::transaction), name(m));
    BOOST_TEST((effect_of(404, m) == response_effect::dialog), name(m));
    BOOST_TEST((effect_of(482, m) == response_effect::dialog), name(m));
  }
}

BOOST_AUTO_TEST_CASE(a_timeout_ends_the_invite_usage_rfc5057_5_2) {
  for (method m : {method::invite, method::update, method::bye})
    BOOST_TEST((effect_of(status_of_timeout, m) == response_effect::usage), name(m));
}

BOOST_AUTO_TEST_CASE(later_codes_leave_the_dialog_alone) {
  // RFC 6442 4.3, RFC 8876 5.1, RFC 5079 4, RFC 6086 4.2.1, RFC 8197 4.
  for (status_code code : {424, 425, 433, 469, 607})
    BOOST_TEST((effect_of(code, method::invite) == response_effect::transaction), code);
}

BOOST_AUTO_TEST_CASE(a_challenge_is_answered_with_credentials_rfc3261_8_1_3_5) {
  for (registered const& r : registry)
    BOOST_TEST((find_status(r.code)->next == retry::with_credentials) ==
                   (r.code == 401 || r.code == 407),
               r.code);
  BOOST_TEST(find_status(401)->retry_header == std::string("WWW-Authenticate"));
  BOOST_TEST(find_status(407)->retry_header == std::string("Proxy-Authenticate"));
}

BOOST_AUTO_TEST_CASE(a_request_is_changed_as_the_response_says_rfc3261_8_1_3_5) {
  for (status_code code : {413, 415, 416, 420, 421, 422, 423, 488, 494, 606})
    BOOST_TEST((find_status(code)->next == retry::changed), code);
  BOOST_TEST(find_status(415)->retry_header ==
             std::string("Accept, Accept-Encoding, Accept-Language"));
  BOOST_TEST(find_status(420)->retry_header == std::string("Unsupported"));
  BOOST_TEST(find_status(421)->retry_header == std::string("Require"));
  BOOST_TEST(find_status(422)->retry_header == std::string("Min-SE"));
  BOOST_TEST(find_status(423)->retry_header == std::string("Min-Expires"));
  BOOST_TEST(find_status(494)->retry_header == std::string("Security-Server"));
}

BOOST_AUTO_TEST_CASE(a_redirection_names_its_contact_rfc3261_8_1_3_4) {
  for (status_code code : {300, 301, 302, 305}) {
    BOOST_TEST((find_status(code)->next == retry::elsewhere), code);
    BOOST_TEST(find_status(code)->retry_header == std::string("Contact"), code);
  }
}

BOOST_AUTO_TEST_CASE(retry_after_is_read_where_rfc3261_20_33_has_it) {
  // "500 … or 503 …, 404, 413, 480, 486, 600 or 603".
  codes const with_retry_after{404, 413, 480, 486, 500, 503, 600, 603};
  for (registered const& r : registry)
    BOOST_TEST((find_status(r.code)->retry_header == std::string("Retry-After")) ==
                   with_retry_after.contains(r.code),
               r.code);
  BOOST_TEST((find_status(503)->next == retry::elsewhere));
  BOOST_TEST((find_status(486)->next == retry::later));
}

BOOST_AUTO_TEST_CASE(glare_waits_at_random_rfc3261_14_1) {
  for (registered const& r : registry)
    BOOST_TEST((find_status(r.code)->next == retry::after_random_wait) == (r.code == 491), r.code);
}

BOOST_AUTO_TEST_CASE(only_failures_ask_whether_to_retry) {
  for (registered const& r : registry) {
    BOOST_TEST((find_status(r.code)->next == retry::not_applicable) == !is_failure(r.code), r.code);
    BOOST_TEST((find_status(r.code)->effect == response_effect::none) == !is_failure(r.code),
               r.code);
  }
}

BOOST_AUTO_TEST_CASE(a_forbidden_request_should_not_be_repeated_rfc3261_21_4_4) {
  BOOST_TEST((find_status(403)->next == retry::no));
}

BOOST_AUTO_TEST_CASE(the_groups_hold_the_codes_that_people_look_for_there) {
  auto const in = [](status_code code, response_group g) {
    return find_status(code)->groups.contains(g);
  };
  for (status_code code : {200, 401, 403, 407, 423, 439, 494, 500, 503})
    BOOST_TEST(in(code, response_group::registration_and_authentication), code);
  for (status_code code : {100, 180, 183, 200, 302, 404, 408, 480, 486, 487, 600, 603})
    BOOST_TEST(in(code, response_group::call_establishment), code);
  for (status_code code : {183, 200, 415, 488, 491, 580, 606})
    BOOST_TEST(in(code, response_group::media_and_sdp_negotiation), code);
  BOOST_TEST(!in(180, response_group::registration_and_authentication));
  BOOST_TEST(!in(486, response_group::media_and_sdp_negotiation));
  BOOST_TEST(find_status(489)->groups.empty());
}

BOOST_AUTO_TEST_CASE(a_status_code_is_three_digits_rfc3261_7_2) {
  static_assert(parse_status_code(std::string_view("180")).value == 180);
  for (status_code code = 100; code != 700; ++code)
    BOOST_TEST(parse_status_code(std::to_string(code)).value == code);
  for (std::string_view text : {"", "1", "18", "1800", "099", "000", "700", "999", "18a", " 180",
                                "+18", "-18", "1 8", "18\n"}) {
    BOOST_TEST(!parse_status_code(text), text);
    BOOST_TEST(parse_status_code(text).value == 0, text);
  }
  BOOST_TEST(!parse_status_code(nullptr, 0));
}

BOOST_AUTO_TEST_SUITE_END()
