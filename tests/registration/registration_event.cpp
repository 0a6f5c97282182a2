// Expectations from RFC 3261 7.2, 10.2, 20.33 and 21, RFC 3329 2.3 and RFC 3680 4.7.1.
#include <ctsip/registration/registration_event.hpp>

#include <boost/test/unit_test.hpp>

#include <cstdint>

BOOST_AUTO_TEST_SUITE(registration_registration_event)

using ctsip::direction;
using ctsip::event;
using ctsip::mark;
using ctsip::method;
using ctsip::registration_event;
using ctsip::registration_incident;
using ctsip::registration_message;
using ctsip::registration_purpose;
using ctsip::registration_subject;
using ctsip::request_event;
using ctsip::response_event;
using ctsip::timer;
using phase = ctsip::registration_phase;

phase phase_of(std::uint16_t status, registration_message m = {}) {
  m.event = response_event(direction::received, status, method::register_);
  return registration_event{m}.phase;
}

BOOST_AUTO_TEST_CASE(every_event_has_its_own_number) {
  for (std::size_t i = 0; i != registration_event::alphabet_size; ++i)
    BOOST_TEST(registration_event::at(i).index() == i);
  BOOST_TEST(registration_event{}.index() == 0u);
}

BOOST_AUTO_TEST_CASE(a_response_is_taken_by_its_status_code) {
  BOOST_TEST((phase_of(100) == phase::provisional));
  for (std::uint16_t status : {200, 202, 299}) BOOST_TEST((phase_of(status) == phase::success));
  for (std::uint16_t status : {300, 301, 302, 380})
    BOOST_TEST((phase_of(status) == phase::redirection));
  for (std::uint16_t status : {401, 407}) BOOST_TEST((phase_of(status) == phase::challenge));
  BOOST_TEST((phase_of(403) == phase::forbidden));
  BOOST_TEST((phase_of(423) == phase::interval_too_brief));
  BOOST_TEST((phase_of(494) == phase::security_agreement));
  BOOST_TEST((phase_of(503) == phase::unavailable));
  for (std::uint16_t status : {408, 500, 501, 502, 504, 580})
    BOOST_TEST((phase_of(status) == phase::server_failure));
  for (std::uint16_t status : {400, 404, 405, 420, 421, 439, 480, 600, 603})
    BOOST_TEST((phase_of(status) == phase::failure));
}

BOOST_AUTO_TEST_CASE(a_retry_after_counts_where_it_may_stand_20_33) {
  registration_message m;
  m.retry_after_said = true;
  for (std::uint16_t status : {404, 413, 480, 486, 500, 600, 603})
    BOOST_TEST((phase_of(status, m) == phase::retry_later));
  BOOST_TEST((phase_of(503, m) == phase::unavailable));
  for (std::uint16_t status : {401, 403, 423, 494})
    BOOST_TEST((phase_of(status, m) == phase_of(status)));
}

BOOST_AUTO_TEST_CASE(a_421_with_a_security_server_asks_for_an_agreement_rfc3329_2_3_2) {
  registration_message m;
  m.security_server = true;
  BOOST_TEST((phase_of(421, m) == phase::security_agreement));
  BOOST_TEST((phase_of(401, m) == phase::challenge));
}

BOOST_AUTO_TEST_CASE(a_register_says_what_it_is_for_10_2) {
  registration_message m{request_event(direction::sent, method::register_)};
  BOOST_TEST((registration_event{m}.purpose == registration_purpose::add));
  m.expires_said = true;
  BOOST_TEST((registration_event{m}.purpose == registration_purpose::remove));
  m.expires = 1;
  BOOST_TEST((registration_event{m}.purpose == registration_purpose::add));
  m.fetch = true;
  BOOST_TEST((registration_event{m}.purpose == registration_purpose::fetch));
  m.wildcard = true;
  BOOST_TEST((registration_event{m}.purpose == registration_purpose::remove_all));
}

BOOST_AUTO_TEST_CASE(credentials_show_by_a_mark_or_by_a_number) {
  registration_message m{request_event(direction::sent, method::invite, mark::credentials)};
  BOOST_TEST(registration_event{m}.credentials);
  m.event.marks = mark::none;
  BOOST_TEST(!registration_event{m}.credentials);
  for (auto member : {&registration_message::nonce, &registration_message::proxy_nonce}) {
    auto other = m;
    other.*member = 1;
    BOOST_TEST(registration_event{other}.credentials);
  }
  m.empty_nonce = true;
  BOOST_TEST(registration_event{m}.credentials);
}

BOOST_AUTO_TEST_CASE(what_is_no_message_is_an_event_too) {
  BOOST_TEST((registration_event{registration_incident::no_response}.phase == phase::no_response));
  BOOST_TEST(
      (registration_event{registration_incident::network_lost}.phase == phase::network_lost));
  BOOST_TEST(
      (registration_event{registration_incident::network_back}.phase == phase::network_back));
  BOOST_TEST((registration_event{registration_incident::shortened}.phase == phase::shortened));
  BOOST_TEST((registration_event{registration_incident::deactivated}.phase == phase::deactivated));
  BOOST_TEST((registration_event{registration_incident::probation}.phase == phase::probation));
  BOOST_TEST(
      (registration_event{registration_incident::unregistered}.phase == phase::unregistered));
  BOOST_TEST((registration_event{registration_incident::rejected}.phase == phase::rejected));
  BOOST_TEST((registration_event{registration_incident::expired}.phase == phase::expired));
  BOOST_TEST(
      (registration_event{event{ctsip::transport_error::value}}.phase == phase::transport_error));
  registration_event const t{ctsip::timer_event(timer::registration_retry)};
  BOOST_TEST(t.is_timer(timer::registration_retry));
  BOOST_TEST(!t.is_timer(timer::registration_refresh));
}

BOOST_AUTO_TEST_CASE(methods_are_told_apart_as_far_as_they_may_be_challenged) {
  auto const subject_of = [](method m) {
    return registration_event{request_event(direction::sent, m)}.subject;
  };
  BOOST_TEST((subject_of(method::register_) == registration_subject::register_));
  BOOST_TEST((subject_of(method::cancel) == registration_subject::cancel));
  BOOST_TEST((subject_of(method::ack) == registration_subject::ack));
  for (auto m : {method::invite, method::bye, method::options, method::publish})
    BOOST_TEST((subject_of(m) == registration_subject::request));
  // What neither side has sent is no event.
  BOOST_TEST(registration_event{request_event(direction::none, method::register_)}.index() == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
