#include <ctsip/event/event.hpp>

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(event_event)

using ctsip::direction;
using ctsip::event;
using ctsip::mark;
using ctsip::method;
using ctsip::occurrence;
using ctsip::timer;

template <event E>
constexpr event from_argument = E;

template <event E>
struct tagged {
  static constexpr int which = 0;
};
template <>
struct tagged<event(ctsip::received<ctsip::response<180>>{})> {
  static constexpr int which = 180;
};

BOOST_AUTO_TEST_CASE(requests_become_values_with_their_direction) {
  constexpr event invite = ctsip::sent<ctsip::messages::invite>{};
  static_assert(invite.what == occurrence::request && invite.way == direction::sent &&
                invite.method == method::invite && invite.status == 0 &&
                invite.marks == mark::none);
  BOOST_TEST((invite == ctsip::request_event(direction::sent, method::invite)));
  BOOST_TEST((event(ctsip::received<ctsip::messages::bye>{}) ==
              ctsip::request_event(direction::received, method::bye)));
  BOOST_TEST(!(invite == event(ctsip::received<ctsip::messages::invite>{})));
}

template <class Message>
bool stands_for(method m) {
  return event(ctsip::sent<Message>{}) == ctsip::request_event(direction::sent, m);
}

BOOST_AUTO_TEST_CASE(each_of_the_fourteen_methods_has_its_name) {
  namespace messages = ctsip::messages;
  BOOST_TEST(stands_for<messages::invite>(method::invite));
  BOOST_TEST(stands_for<messages::ack>(method::ack));
  BOOST_TEST(stands_for<messages::bye>(method::bye));
  BOOST_TEST(stands_for<messages::cancel>(method::cancel));
  BOOST_TEST(stands_for<messages::register_>(method::register_));
  BOOST_TEST(stands_for<messages::options>(method::options));
  BOOST_TEST(stands_for<messages::prack>(method::prack));
  BOOST_TEST(stands_for<messages::subscribe>(method::subscribe));
  BOOST_TEST(stands_for<messages::notify>(method::notify));
  BOOST_TEST(stands_for<messages::publish>(method::publish));
  BOOST_TEST(stands_for<messages::info>(method::info));
  BOOST_TEST(stands_for<messages::refer>(method::refer));
  BOOST_TEST(stands_for<messages::message>(method::message));
  BOOST_TEST(stands_for<messages::update>(method::update));
}

BOOST_AUTO_TEST_CASE(responses_carry_their_code_and_the_method_that_they_answer) {
  constexpr event ringing = ctsip::received<ctsip::response<180>>{};
  static_assert(ringing.is_response() && ringing.status == 180 &&
                ringing.method == method::invite && ringing.response_class() == 1);
  constexpr event ok = ctsip::sent<ctsip::response<200, method::prack>>{};
  BOOST_TEST((ok == ctsip::response_event(direction::sent, 200, method::prack)));
  BOOST_TEST(!(ok == ctsip::response_event(direction::sent, 202, method::prack)));
  BOOST_TEST(!(ok == ctsip::response_event(direction::sent, 200, method::bye)));
}

BOOST_AUTO_TEST_CASE(the_first_digit_defines_the_class_rfc_3261_7_2) {
  for (std::uint16_t status = 100; status <= 699; ++status)
    BOOST_TEST(ctsip::response_event(direction::sent, status, method::bye).response_class() ==
               status / 100u);
  for (std::uint16_t of_class = 1; of_class <= 6; ++of_class)
    BOOST_TEST(ctsip::response_event(direction::sent, of_class, method::bye).response_class() ==
               of_class);
  BOOST_TEST(ctsip::request_event(direction::sent, method::bye).response_class() == 0u);
}

BOOST_AUTO_TEST_CASE(the_six_classes_have_the_names_of_rfc_3261_7_2) {
  static_assert(ctsip::provisional<>::value == ctsip::response<1>::value);
  static_assert(ctsip::success<>::value == ctsip::response<2>::value);
  static_assert(ctsip::redirection<>::value == ctsip::response<3>::value);
  static_assert(ctsip::request_failure<>::value == ctsip::response<4>::value);
  static_assert(ctsip::server_failure<>::value == ctsip::response<5>::value);
  static_assert(ctsip::global_failure<>::value == ctsip::response<6>::value);
  static_assert(ctsip::success<method::bye>::value.method == method::bye);
  BOOST_TEST((event(ctsip::received<ctsip::server_failure<>>{}).response_class() == 5u));
}

BOOST_AUTO_TEST_CASE(timers_and_transport_errors_are_events) {
  constexpr event b = ctsip::fired<timer::b>{};
  static_assert(b == ctsip::timer_event(timer::b));
  static_assert(!(b == ctsip::timer_event(timer::a)));
  static_assert(b.what == occurrence::timer && b.way == direction::none && !b.is_response());
  constexpr event error = ctsip::transport_error{};
  BOOST_TEST((error.what == occurrence::transport_error));
  // Timer A is the first enumerator: no other occurrence may pass for it.
  BOOST_TEST(!(error == ctsip::timer_event(timer::a)));
  BOOST_TEST(!(event{} == ctsip::timer_event(timer::a)));
}

BOOST_AUTO_TEST_CASE(an_event_is_a_template_argument) {
  static_assert(from_argument<ctsip::timer_event(timer::k)> == ctsip::timer_event(timer::k));
  static_assert(tagged<ctsip::response_event(direction::received, 180, method::invite)>::which ==
                180);
  static_assert(tagged<ctsip::response_event(direction::received, 181, method::invite)>::which ==
                0);
  BOOST_TEST(sizeof(event) <= 8u);
}

BOOST_AUTO_TEST_CASE(marks_add_up_and_are_found_again) {
  using sdp_reliably = ctsip::with<ctsip::response<183>, mark::sdp, mark::reliable>;
  constexpr event e = ctsip::sent<sdp_reliably>{};
  static_assert(e.has(mark::sdp) && e.has(mark::reliable) && e.has(mark::sdp | mark::reliable));
  static_assert(!e.has(mark::to_tag) && !e.has(mark::sdp | mark::to_tag));
  static_assert(e.has(mark::none));
  static_assert(ctsip::with<sdp_reliably, mark::to_tag>::value.has(mark::sdp | mark::to_tag));
  static_assert(ctsip::with<ctsip::response<183>>::value == ctsip::response<183>::value);
  BOOST_TEST((e == ctsip::response_event(direction::sent, 183, method::invite,
                                         mark::reliable | mark::sdp)));
  BOOST_TEST(!(e == ctsip::response_event(direction::sent, 183, method::invite)));
}

BOOST_AUTO_TEST_CASE(marks_are_distinct_bits) {
  mark const all[] = {mark::sdp, mark::reliable, mark::to_tag, mark::credentials,
                      mark::reliable_transport};
  unsigned seen = 0;
  for (auto m : all) {
    BOOST_TEST((seen & static_cast<unsigned>(m)) == 0u);
    seen |= static_cast<unsigned>(m);
  }
}

BOOST_AUTO_TEST_CASE(questions_about_requests_heed_direction_and_kind) {
  event const in = ctsip::received<ctsip::messages::ack>{};
  event const out = ctsip::sent<ctsip::messages::ack>{};
  event const reply = ctsip::received<ctsip::response<200, method::ack>>{};
  BOOST_TEST(in.is_received(method::ack));
  BOOST_TEST(!in.is_sent(method::ack));
  BOOST_TEST(!in.is_received(method::bye));
  BOOST_TEST(out.is_sent(method::ack));
  BOOST_TEST(!out.is_received(method::ack));
  BOOST_TEST(in.is_request(method::ack));
  BOOST_TEST(!reply.is_request(method::ack));
  BOOST_TEST(!reply.is_received(method::ack));
}

BOOST_AUTO_TEST_SUITE_END()
