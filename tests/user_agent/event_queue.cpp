// The events that wait for the user, with the one message that they are about.
#include <boost/test/unit_test.hpp>

#include <string>

#include <ctsip/user_agent/event_queue.hpp>

#include "messages.hpp"

using namespace ctsip;
using namespace ctsip_tests;

namespace {

struct plain_event_facts {
  int number{};
};
struct plain_event : plain_event_facts {
  using facts = plain_event_facts;

  ctsip::message message{};
};

} // namespace

BOOST_AUTO_TEST_SUITE(user_agent_event_queue)

BOOST_AUTO_TEST_CASE(events_come_in_order_with_the_message_that_is_kept) {
  detail::event_queue<plain_event, 3> queue;
  plain_event out;
  BOOST_TEST(!queue.take(out));
  std::string const first = of("INVITE").text();
  std::string const second = of("BYE").text();
  BOOST_TEST(queue.put({1}, read(first).value));
  BOOST_TEST(queue.put({2}));
  // One message is kept: an event about another is without its.
  BOOST_TEST(queue.put({3}, read(second).value));
  BOOST_TEST(queue.is_full());
  BOOST_TEST(!queue.put({4}));
  BOOST_TEST(queue.take(out));
  BOOST_TEST(out.number == 1);
  BOOST_TEST(out.message.bytes() == first);
  BOOST_TEST(out.message[header::call_id] == read(first).value.call_id());
  for (int const number : {2, 3}) {
    BOOST_TEST(queue.take(out));
    BOOST_TEST(out.number == number);
    BOOST_TEST(out.message.bytes().empty());
  }
  BOOST_TEST(!queue.take(out));
  BOOST_TEST(queue.put({5}, read(second).value));
  BOOST_TEST(queue.take(out));
  BOOST_TEST(out.message.bytes() == second);
}

// A place is free once its event is taken, whoever else waits, and its message is its own.
BOOST_AUTO_TEST_CASE(no_event_is_lost_while_there_are_places) {
  std::string const text[]{of("INVITE").text(), of("BYE").text()};
  for (int const most : {1, 2, 3}) {
    detail::event_queue<plain_event, 3> queue;
    plain_event out;
    for (int number = 0, taken = 0; taken < 20; ++taken) {
      // One of three is about a message, which is another one each time.
      for (; number < taken + most; ++number) {
        auto const about = number % 3 == 0 ? read(text[number % 2]).value : ctsip::message{};
        BOOST_TEST(queue.put({number}, about));
      }
      BOOST_TEST(queue.is_full() == (most == 3));
      BOOST_TEST(queue.take(out));
      BOOST_TEST(out.number == taken);
      BOOST_TEST(out.message.bytes() == (taken % 3 == 0 ? text[taken % 2] : std::string{}));
    }
  }
}

// An event may be taken when its datagram is gone, by who does not look at its message.
BOOST_AUTO_TEST_CASE(an_event_without_its_datagram_is_still_one) {
  detail::event_queue<plain_event, 3> queue;
  {
    std::string const text = of("INVITE").text();
    BOOST_TEST(queue.put({1}, read(text).value));
  }
  plain_event out;
  BOOST_TEST(queue.take(out));
  BOOST_TEST(out.number == 1);
}

BOOST_AUTO_TEST_SUITE_END()
