#include <ctsip/event/violation.hpp>

#include <cstdint>
#include <string>

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(event_violation)

BOOST_AUTO_TEST_CASE(the_policies_differ_in_what_they_refuse_and_in_what_they_keep) {
  static_assert(ctsip::on_violation::trap::refuses_to_compile);
  static_assert(!ctsip::on_violation::report::refuses_to_compile);
  static_assert(!ctsip::on_violation::count::refuses_to_compile);
  static_assert(!ctsip::on_violation::trap::wants_text);
  ctsip::on_violation::count counter;
  counter.violated();
  counter.violated();
  BOOST_TEST(counter.violations == 2u);
}

BOOST_AUTO_TEST_CASE(the_count_saturates) {
  ctsip::on_violation::count counter{UINT32_MAX - 1};
  counter.violated();
  BOOST_TEST(counter.violations == UINT32_MAX);
  counter.violated();
  BOOST_TEST(counter.violations == UINT32_MAX);
}

#if defined(__cpp_exceptions)
BOOST_AUTO_TEST_CASE(raise_throws_the_violation_itself) {
  ctsip::violation const v{"machine", "state", "event", "sentence", "RFC 9999 1"};
  ctsip::on_violation::raise policy;
  BOOST_CHECK_EXCEPTION(policy.violated(v), ctsip::violation, [](ctsip::violation const& caught) {
    return std::string(caught.machine) == "machine" && std::string(caught.state) == "state" &&
           std::string(caught.event) == "event" && std::string(caught.sentence) == "sentence" &&
           std::string(caught.clause) == "RFC 9999 1";
  });
}
#endif

BOOST_AUTO_TEST_SUITE_END()
