#include <boost/test/unit_test.hpp>

#include <ctsip/vocabulary/procedure.hpp>

#include <cstddef>
#include <set>
#include <string>

using namespace ctsip;

BOOST_AUTO_TEST_SUITE(vocabulary_procedure)

BOOST_AUTO_TEST_CASE(every_method_serves_a_procedure_and_every_procedure_has_a_method) {
  procedures used;
  for (std::size_t i = 0; i != method_count + 1; ++i) {
    procedures const p = procedures_of(static_cast<method>(i));
    BOOST_TEST(!p.empty(), name(static_cast<method>(i)));
    used = used | p;
  }
  for (std::size_t i = 0; i != procedure_count; ++i)
    BOOST_TEST(used.contains(static_cast<procedure>(i)), name(static_cast<procedure>(i)));
}

BOOST_AUTO_TEST_CASE(methods_are_found_under_their_procedure) {
  static_assert(procedures_of(method::register_) == procedure::registration);
  static_assert(procedures_of(method::bye) == procedure::release);
  static_assert(procedures_of(method::cancel) == procedure::cancellation);
  static_assert(procedures_of(method::message) == procedure::pager_messaging);
  static_assert(procedures_of(method::options) == procedure::capability_query);
  BOOST_TEST(procedures_of(method::invite).contains(procedure::session_establishment));
  BOOST_TEST(procedures_of(method::invite).contains(procedure::session_modification)); // 14
  BOOST_TEST(procedures_of(method::prack).contains(procedure::reliable_provisional));
  BOOST_TEST(procedures_of(method::update).contains(procedure::session_modification));
  BOOST_TEST(procedures_of(method::refer).contains(procedure::service_signalling));
  BOOST_TEST(procedures_of(method::info).contains(procedure::service_signalling));
  for (method m : {method::subscribe, method::notify, method::publish})
    BOOST_TEST(procedures_of(m).contains(procedure::event_packages), name(m));
  BOOST_TEST((procedures_of(method::extension) == procedure::extensions));
  BOOST_TEST(!procedures_of(method::bye).contains(procedure::registration));
}

BOOST_AUTO_TEST_CASE(every_group_has_a_name_of_its_own) {
  std::set<std::string> names;
  for (std::size_t i = 0; i != procedure_count; ++i)
    BOOST_TEST(names.insert(name(static_cast<procedure>(i))).second);
  for (std::size_t i = 0; i != response_group_count; ++i)
    BOOST_TEST(names.insert(name(static_cast<response_group>(i))).second);
  BOOST_TEST(!names.contains(""));
}

BOOST_AUTO_TEST_CASE(a_set_contains_what_was_put_in) {
  constexpr procedures both = procedures(procedure::release) | procedure::cancellation;
  static_assert(both.contains(procedure::release) && both.contains(procedure::cancellation));
  static_assert(!both.contains(procedure::extensions));
  static_assert(procedures{}.empty() && !both.empty());
}

BOOST_AUTO_TEST_SUITE_END()
