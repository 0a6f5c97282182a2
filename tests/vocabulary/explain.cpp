#include <boost/test/unit_test.hpp>

#include <ctsip/vocabulary/explain.hpp>

#include <chrono>
#include <cstddef>
#include <cstring>
#include <set>
#include <string>
#include <string_view>

using namespace ctsip;

namespace {

std::string_view view(explanation const& e) { return {e.data(), e.size()}; }

bool says(explanation const& e, std::string_view what) {
  return view(e).find(what) != std::string_view::npos;
}

// Sentences: from a capital or a digit (or "non-INVITE …") to a full stop, none of them empty.
void reads_well(explanation const& e) {
  std::string_view const text = view(e);
  BOOST_TEST_CONTEXT(text) {
    BOOST_REQUIRE(!text.empty());
    BOOST_TEST(!e.truncated());
    BOOST_TEST(text.ends_with('.'));
    BOOST_TEST(text.find("  ") == std::string_view::npos);
    BOOST_TEST(text.find("..") == std::string_view::npos);
    BOOST_TEST(text.find(" .") == std::string_view::npos);
    BOOST_TEST(text.find("()") == std::string_view::npos);
    BOOST_TEST(std::strlen(e.c_str()) == e.size());
  }
}

} // namespace

BOOST_AUTO_TEST_SUITE(vocabulary_explain)

BOOST_AUTO_TEST_CASE(every_registered_code_is_explained_with_phrase_clause_and_class) {
  std::set<std::string> texts;
  for (std::size_t i = 0; i != status_count; ++i) {
    status_info const& s = status_at(i);
    explanation const e = explain(s.code);
    reads_well(e);
    BOOST_TEST(view(e).starts_with(std::to_string(s.code) + " " + s.reason_phrase + " (" +
                                   s.reference + ") is a"),
               view(e));
    BOOST_TEST(texts.insert(std::string(view(e))).second, s.code);
    BOOST_TEST(says(e, " Retry: ") == is_failure(s.code), view(e));
    BOOST_TEST(says(e, " Another attempt ") == is_failure(s.code), view(e));
    // Where a header field says how to retry, the sentence names it.
    std::string_view const header = s.retry_header;
    std::string_view const first = header.substr(0, header.find(','));
    BOOST_TEST(says(e, first), view(e));
  }
}

BOOST_AUTO_TEST_CASE(every_number_has_an_explanation) {
  for (unsigned code = 0; code != 1001; ++code) {
    explanation const e = explain(static_cast<status_code>(code));
    if (e.truncated() || e.size() == 0 || !view(e).starts_with(std::to_string(code)))
      BOOST_ERROR(code);
  }
}

BOOST_AUTO_TEST_CASE(an_explanation_is_made_at_compile_time) {
  constexpr explanation e = explain(status_code{180});
  static_assert(e.size() > 0 && !e.truncated());
  BOOST_TEST(says(e, "180 Ringing (RFC 3261 21.1.2) is a provisional response."));
}

BOOST_AUTO_TEST_CASE(an_unregistered_code_is_explained_as_its_x00_rfc3261_8_1_3_2) {
  BOOST_TEST(view(explain(status_code{431})) ==
             "431 is not registered and is treated as 400 (RFC 3261 8.1.3.2). " +
                 std::string(view(explain(status_code{400}))));
  BOOST_TEST(says(explain(status_code{199 - 1}), "treated as 183"));
}

BOOST_AUTO_TEST_CASE(what_is_no_status_code_is_said_to_be_none) {
  for (status_code code : {0, 99, 700, 65535}) {
    reads_well(explain(code));
    BOOST_TEST(says(explain(code), "is not a SIP status code"), code);
  }
}

BOOST_AUTO_TEST_CASE(the_effect_on_a_dialog_is_said_rfc5057_5_1) {
  BOOST_TEST(says(explain(status_code{486}), "affects only the transaction"));
  BOOST_TEST(says(explain(status_code{481}), "destroys the usage"));
  BOOST_TEST(says(explain(status_code{404}), "destroys the dialog"));
  BOOST_TEST(says(explain(status_code{302}), "redirects the entire dialog"));
  BOOST_TEST(!says(explain(status_code{200}), "destroys"));
}

BOOST_AUTO_TEST_CASE(the_groups_of_a_code_are_named) {
  BOOST_TEST(
      says(explain(status_code{183}), "Group: call establishment, media and SDP negotiation."));
  BOOST_TEST(says(explain(status_code{423}), "Group: registration and authentication."));
}

BOOST_AUTO_TEST_CASE(every_method_is_explained) {
  std::set<std::string> texts;
  for (std::size_t i = 0; i != method_count; ++i) {
    auto const m = static_cast<method>(i);
    explanation const e = explain(m);
    reads_well(e);
    BOOST_TEST(view(e).starts_with(std::string(name(m)) + " (" + traits(m).reference + ") is sent"),
               view(e));
    BOOST_TEST(texts.insert(std::string(view(e))).second);
  }
  reads_well(explain(method::extension));
  BOOST_TEST(says(explain(method::extension), "An extension method is sent"));
}

BOOST_AUTO_TEST_CASE(the_traits_of_a_method_are_said) {
  explanation const invite = explain(method::invite);
  BOOST_TEST(says(invite, "outside and inside a dialog"));
  BOOST_TEST(says(invite, "creates a dialog (RFC 3261 12.1)"));
  BOOST_TEST(says(invite, "target refresh"));
  BOOST_TEST(says(invite, "may be cancelled"));
  BOOST_TEST(says(invite, "Procedures: session establishment, session modification."));
  BOOST_TEST(says(explain(method::ack), "has no response"));
  BOOST_TEST(says(explain(method::ack), "may carry an answer"));
  BOOST_TEST(says(explain(method::bye), "only inside a dialog"));
  BOOST_TEST(says(explain(method::register_), "only outside a dialog"));
  BOOST_TEST(says(explain(method::prack), "may carry an offer or an answer"));
  BOOST_TEST(says(explain(method::cancel), "never challenged"));
  BOOST_TEST(says(explain(method::subscribe), "NOTIFY that follows creates a dialog"));
}

BOOST_AUTO_TEST_CASE(every_timer_is_explained_with_its_durations) {
  for (std::size_t i = 0; i != timer_count; ++i) {
    auto const t = static_cast<timer>(i);
    reads_well(explain(t));
    BOOST_TEST(view(explain(t)).starts_with(name(t)), name(t));
  }
  BOOST_TEST(says(explain(timer::a), "Over UDP: 500 ms; over a reliable transport: it does not "
                                     "run. Its interval doubles without a limit."));
  BOOST_TEST(says(explain(timer::e), "Its interval doubles up to T2, 4000 ms."));
  BOOST_TEST(says(explain(timer::k), "Over UDP: 5000 ms; over a reliable transport: 0 ms. It fires "
                                     "once."));
  BOOST_TEST(says(explain(timer::b), "Over any transport: 32000 ms."));
  BOOST_TEST(says(explain(timer::glare_owner), "between 2100 and 4000 ms, in units of 10 ms"));
  BOOST_TEST(says(explain(timer::provisional_reminder), "repeats"));
  BOOST_TEST(says(explain(timer::b, {.t1 = std::chrono::seconds(1)}), "64000 ms"));
  BOOST_TEST(explain(static_cast<timer>(200)).size() == 0u);
}

BOOST_AUTO_TEST_CASE(a_timer_whose_length_a_message_says_names_that_header_field) {
  BOOST_TEST(says(explain(timer::retry_after), "is said by the Retry-After of the response."));
  BOOST_TEST(says(explain(timer::invite_expires), "is said by the Expires of the INVITE, or by"));
  for (timer t : {timer::session_refresh, timer::session_expiration})
    BOOST_TEST(says(explain(t), "is said by the Session-Expires of the 2xx response. It fires "
                                "once."),
               name(t));
  for (timer t : {timer::retry_after, timer::invite_expires, timer::session_refresh,
                  timer::session_expiration})
    BOOST_TEST(!says(explain(t), "does not run"), name(t));
}

BOOST_AUTO_TEST_CASE(an_explanation_that_is_full_says_so) {
  explanation e;
  for (std::size_t i = 0; i != explanation::capacity; ++i) e << "x";
  BOOST_TEST(!e.truncated());
  BOOST_TEST(e.size() == explanation::capacity);
  e << "y";
  BOOST_TEST(e.truncated());
  BOOST_TEST(e.size() == explanation::capacity);
  BOOST_TEST(std::strlen(e.c_str()) == explanation::capacity);
}

BOOST_AUTO_TEST_CASE(numbers_are_written_whole) {
  explanation e;
  e << std::int64_t{0} << " " << std::int64_t{-7} << " " << INT64_MAX << " " << INT64_MIN;
  BOOST_TEST(view(e) == "0 -7 9223372036854775807 -9223372036854775808");
}

BOOST_AUTO_TEST_SUITE_END()
