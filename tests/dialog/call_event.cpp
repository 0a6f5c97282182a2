// The alphabet of a call: which messages are which events, and that the events
// are numbered without gaps. Expectations from RFC 3261 7.2, 12.2, 14, 21, RFC
// 3262, RFC 3311, RFC 5057, RFC 6228.
#include <ctsip/dialog/call_event.hpp>

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(dialog_call_event)

using ctsip::call_event;
using ctsip::call_message;
using ctsip::content;
using ctsip::direction;
using ctsip::mark;
using ctsip::method;
using ctsip::phase;
using ctsip::subject;

constexpr auto sent = direction::sent;
constexpr auto received = direction::received;

constexpr method all_methods[] = {
    method::invite,  method::ack,   method::bye,       method::cancel, method::register_,
    method::options, method::prack, method::subscribe, method::notify, method::publish,
    method::info,    method::refer, method::message,   method::update, method::extension};
static_assert(sizeof(all_methods) / sizeof(*all_methods) == ctsip::method_count + 1);

constexpr call_message request(method m, mark marks = mark::none, direction way = sent) {
  return {.event = ctsip::request_event(way, m, marks)};
}
constexpr call_message response(std::uint16_t status, method m = method::invite,
                                mark marks = mark::none, direction way = received) {
  return {.event = ctsip::response_event(way, status, m, marks)};
}
constexpr phase phase_of(call_message const& m) { return call_event{m}.phase; }
constexpr subject subject_of(call_message const& m) { return call_event{m}.subject; }

// What the number of an event does not tell: a content that no rule looks at.
constexpr bool same_number(call_event a, call_event const& b) {
  a.content = b.content;
  return a == b;
}

BOOST_AUTO_TEST_CASE(events_are_numbered_without_gaps_and_each_number_is_an_event_of_its_own) {
  BOOST_TEST((call_event::at(0) == call_event{}));
  BOOST_TEST(call_event{}.index() == 0u);
  for (std::size_t i = 0; i < call_event::alphabet_size; ++i)
    BOOST_TEST(call_event::at(i).index() == i);
  for (std::size_t i = 0; i < call_event::alphabet_size; ++i)
    for (std::size_t k = 0; k < i; ++k)
      if (call_event::at(i) == call_event::at(k))
        BOOST_ERROR("numbers " << i << " and " << k << " are the same event");
}

BOOST_AUTO_TEST_CASE(events_are_numbered_so_at_compile_time_too) {
  constexpr bool numbered = [] {
    for (std::size_t i = 0; i < call_event::alphabet_size; ++i)
      if (call_event::at(i).index() != i) return false;
    return true;
  }();
  BOOST_TEST(numbered);
}

BOOST_AUTO_TEST_CASE(each_timer_is_an_event) {
  for (std::size_t t = 0; t < ctsip::timer_count; ++t) {
    auto const which = static_cast<ctsip::timer>(t);
    call_event const e{ctsip::timer_event(which)};
    BOOST_TEST(e.is_timer(which));
    BOOST_TEST(!e.is_sent());
    BOOST_TEST(!e.is_received());
    BOOST_TEST((call_event::at(e.index()) == e));
    BOOST_TEST((call_event{call_message{.event = ctsip::timer_event(which)}} == e));
  }
}

BOOST_AUTO_TEST_CASE(each_request_is_an_event_with_its_direction_and_content) {
  for (auto m : all_methods)
    for (auto way : {sent, received})
      for (auto marks : {mark::none, mark::to_tag, mark::sdp, mark::reliable})
        for (unsigned bits = 0; bits < 8; ++bits)
          for (auto c : {content::unspecified, content::none, content::sdp, content::sdp_unmet,
                         content::sdp_met}) {
            auto message = request(m, marks, way);
            message.supports_100rel = bits & 1u;
            message.other_branch = bits & 2u;
            message.again = bits & 4u;
            message.content = c;
            call_event const e{message};
            BOOST_TEST(e.index() != 0u);
            BOOST_TEST((e.way == way));
            BOOST_TEST(same_number(call_event::at(e.index()), e));
            // The index is blind to a content only where it says that there is
            // none.
            if (!same_number(call_event::at(e.index()), e) || call_event::at(e.index()) != e)
              BOOST_TEST((call_event::at(e.index()).content == content::none));
          }
}

// Responses to ACK do not exist; all other methods have all of them.
BOOST_AUTO_TEST_CASE(each_final_response_is_an_event_of_its_request_by_rfc_3261_7_2) {
  for (auto m : all_methods) {
    if (m == method::ack) continue;
    for (std::uint16_t status = 200; status < 700; ++status) {
      for (bool retry_after : {false, true}) {
        auto message = response(status, m);
        message.retry_after = retry_after;
        call_event const e{message};
        if (e.index() == 0 || !same_number(call_event::at(e.index()), e))
          BOOST_ERROR("status " << status << " to method " << static_cast<int>(m));
        if ((status < 300) != (e.phase == phase::success) || (status >= 300) != e.is_failure())
          BOOST_ERROR("status " << status << " to method " << static_cast<int>(m));
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(glare_and_too_small_an_interval_are_events_of_invite_and_update) {
  for (auto m : {method::invite, method::update})
    for (std::uint16_t status : {422, 491}) {
      call_event const e{response(status, m)};
      BOOST_TEST(e.index() != 0u);
      BOOST_TEST((call_event::at(e.index()).phase ==
                  (status == 422 ? phase::interval_too_small : phase::glare)));
    }
}

BOOST_AUTO_TEST_CASE(a_491_or_422_to_any_other_request_is_a_failure_like_any_other) {
  for (auto m : all_methods) {
    if (m == method::ack || m == method::invite || m == method::update) continue;
    for (std::uint16_t status : {422, 491}) {
      call_event const e{response(status, m)};
      BOOST_TEST(e.index() != 0u);
      BOOST_TEST((e.phase == phase::failure));
    }
  }
}

BOOST_AUTO_TEST_CASE(a_provisional_response_to_invite_is_an_event_by_its_code_and_reliability) {
  for (std::uint16_t status = 101; status < 199; ++status) {
    BOOST_TEST((phase_of(response(status)) == phase::provisional));
    BOOST_TEST((phase_of(response(status, method::invite, mark::reliable)) == phase::reliable));
  }
  BOOST_TEST((phase_of(response(100)) == phase::trying));
  BOOST_TEST((phase_of(response(100, method::invite, mark::reliable)) == phase::trying));
  // RFC 6228
  BOOST_TEST((phase_of(response(199)) == phase::early_dialog_ended));
  for (std::uint16_t status = 100; status < 200; ++status)
    BOOST_TEST(call_event{response(status)}.index() != 0u);
}

// A class alone stands for a response of that class (RFC 3261 8.1.3.2).
BOOST_AUTO_TEST_CASE(a_response_class_is_the_event_of_its_x00) {
  BOOST_TEST((phase_of(response(1)) == phase::provisional));
  BOOST_TEST((phase_of(response(2)) == phase::success));
  for (std::uint16_t status = 3; status < 7; ++status)
    BOOST_TEST((call_event{response(status, method::bye)} ==
                call_event{response(static_cast<std::uint16_t>(status * 100), method::bye)}));
}

BOOST_AUTO_TEST_CASE(a_status_code_without_a_class_is_no_event_by_rfc_3261_7_2) {
  for (auto m : all_methods)
    for (std::uint16_t status : {0, 7, 42, 99, 700, 999, 1000, 32768, 65535})
      for (auto marks : {mark::none, mark::reliable, mark::sdp}) {
        auto message = response(status, m, marks);
        message.content = content::sdp;
        message.again = message.retry_after = true;
        BOOST_TEST((call_event{message} == call_event{}));
        BOOST_TEST(call_event{message}.index() == 0u);
      }
}

BOOST_AUTO_TEST_CASE(what_is_no_message_and_no_timer_is_no_event) {
  BOOST_TEST((call_event{ctsip::event{}} == call_event{}));
  BOOST_TEST((call_event{ctsip::transport_error::value} == call_event{}));
  call_message m{.event = ctsip::transport_error::value, .cseq = 5, .content = content::sdp};
  BOOST_TEST((call_event{m} == call_event{}));
}

BOOST_AUTO_TEST_CASE(no_response_to_an_ack_is_an_event_by_rfc_3261_17) {
  for (std::uint16_t status = 100; status < 700; ++status)
    for (auto way : {sent, received}) {
      auto message = response(status, method::ack, mark::to_tag, way);
      message.content = content::sdp;
      BOOST_TEST((call_event{message} == call_event{}));
    }
}

BOOST_AUTO_TEST_CASE(a_message_that_neither_side_has_sent_is_no_event) {
  for (auto m : all_methods) {
    BOOST_TEST((call_event{request(m, mark::to_tag, direction::none)} == call_event{}));
    BOOST_TEST((call_event{response(200, m, mark::to_tag, direction::none)} == call_event{}));
  }
}

BOOST_AUTO_TEST_CASE(an_invite_with_a_to_tag_is_a_reinvite_by_rfc_3261_14) {
  BOOST_TEST((subject_of(request(method::invite)) == subject::invite));
  BOOST_TEST((subject_of(request(method::invite, mark::to_tag)) == subject::reinvite));
  // A response has a tag in any case: whose it is, the numbers tell.
  BOOST_TEST((subject_of(response(200, method::invite, mark::to_tag)) == subject::invite));
}

BOOST_AUTO_TEST_CASE(each_method_has_its_subject) {
  BOOST_TEST((subject_of(request(method::ack)) == subject::ack));
  BOOST_TEST((subject_of(request(method::bye)) == subject::bye));
  BOOST_TEST((subject_of(request(method::cancel)) == subject::cancel));
  BOOST_TEST((subject_of(request(method::prack)) == subject::prack));
  BOOST_TEST((subject_of(request(method::update)) == subject::update));
  for (auto m : {method::register_, method::options, method::subscribe, method::notify,
                 method::publish, method::info, method::refer, method::message, method::extension})
    BOOST_TEST((subject_of(request(m)) == subject::other));
}

BOOST_AUTO_TEST_CASE(only_an_invite_tells_of_100rel_by_rfc_3262_4) {
  for (auto m : all_methods) {
    auto message = request(m);
    message.supports_100rel = true;
    BOOST_TEST(
        (phase_of(message) == (m == method::invite ? phase::request_with_100rel : phase::request)));
    BOOST_TEST(call_event{message}.is_request(subject_of(message)));
  }
}

BOOST_AUTO_TEST_CASE(another_branch_strays_an_ack_or_a_cancel_by_rfc_3261_9_1_and_17_1_1_3) {
  for (auto m : all_methods) {
    auto message = request(m);
    message.other_branch = true;
    BOOST_TEST((phase_of(message) ==
                (m == method::ack || m == method::cancel ? phase::stray_request : phase::request)));
  }
}

BOOST_AUTO_TEST_CASE(
    a_500_with_retry_after_is_overlap_where_rfc_3261_14_2_and_rfc_3311_5_2_say_so) {
  for (auto m : all_methods) {
    if (m == method::ack) continue;
    auto message = response(500, m);
    BOOST_TEST((phase_of(message) == phase::failure));
    message.retry_after = true;
    BOOST_TEST((phase_of(message) ==
                (m == method::invite || m == method::update ? phase::overlap : phase::failure)));
  }
  auto busy = response(486);
  busy.retry_after = true;
  BOOST_TEST((phase_of(busy) == phase::failure));
}

BOOST_AUTO_TEST_CASE(a_failure_within_the_dialog_has_its_effect_by_rfc_5057_5_1) {
  BOOST_TEST((phase_of(response(481, method::bye)) == phase::ends_usage));
  BOOST_TEST((phase_of(response(480, method::update)) == phase::ends_usage));
  BOOST_TEST((phase_of(response(404, method::update)) == phase::ends_dialog));
  BOOST_TEST((phase_of(response(488, method::update)) == phase::failure));
  BOOST_TEST((phase_of(response(401, method::update)) == phase::challenge));
  BOOST_TEST((phase_of(response(407, method::bye)) == phase::challenge));
  // The first INVITE has no dialog yet, and a CANCEL's failure is the CANCEL's
  // only.
  for (std::uint16_t status : {404, 408, 410, 480, 481, 501})
    BOOST_TEST((phase_of(response(status)) == phase::failure));
  for (std::uint16_t status : {404, 408, 410, 480, 481, 501})
    BOOST_TEST((phase_of(response(status, method::cancel)) == phase::failure));
}

BOOST_AUTO_TEST_CASE(numbers_are_not_in_the_event) {
  for (auto m : all_methods)
    for (bool is_request : {true, false}) {
      auto const plain = is_request ? request(m) : response(183, m, mark::reliable);
      auto numbered = plain;
      numbered.cseq = 0xffffffff;
      numbered.rseq = 7;
      numbered.rack = 9;
      numbered.rack_cseq = 0x80000000;
      numbered.session_expires = 90;
      numbered.min_se = 1;
      BOOST_TEST((call_event{plain} == call_event{numbered}));
    }
}

BOOST_AUTO_TEST_CASE(the_content_is_that_of_the_message) {
  auto m = response(183);
  for (auto c :
       {content::unspecified, content::none, content::sdp, content::sdp_unmet, content::sdp_met}) {
    m.content = c;
    BOOST_TEST((call_event{m}.content == c));
  }
  BOOST_TEST(!ctsip::has_sdp(content::unspecified));
  BOOST_TEST(!ctsip::has_sdp(content::none));
  BOOST_TEST(ctsip::has_sdp(content::sdp));
  BOOST_TEST(ctsip::has_sdp(content::sdp_unmet));
  BOOST_TEST(ctsip::has_sdp(content::sdp_met));
  // An event without a message has it from its mark.
  BOOST_TEST((call_event{request(method::invite, mark::sdp).event}.content == content::sdp));
  BOOST_TEST((call_event{request(method::invite).event}.content == content::none));
}

BOOST_AUTO_TEST_CASE(what_comes_again_is_a_retransmission_of_a_2xx_or_an_ack_without_news) {
  auto success = response(200);
  success.again = true;
  BOOST_TEST((phase_of(success) == phase::success_again));
  auto ack = request(method::ack, mark::to_tag, received);
  ack.content = content::sdp;
  BOOST_TEST((call_event{ack}.content == content::sdp));
  ack.again = true;
  BOOST_TEST((call_event{ack}.content == content::unspecified));
  BOOST_TEST((phase_of(ack) == phase::request));
  for (auto m : {method::bye, method::update, method::prack, method::info}) {
    auto other = response(200, m);
    other.again = true;
    BOOST_TEST((phase_of(other) == phase::success));
  }
}

BOOST_AUTO_TEST_CASE(an_event_says_whether_it_is_a_request_or_answers_one) {
  call_event const invite{request(method::invite)};
  BOOST_TEST(invite.is_request(subject::invite));
  BOOST_TEST(!invite.is_request(subject::bye));
  BOOST_TEST(!invite.answers(subject::invite));
  BOOST_TEST(invite.is_invite());
  call_event const ok{response(200, method::bye)};
  BOOST_TEST(ok.answers(subject::bye));
  BOOST_TEST(!ok.answers(subject::invite));
  BOOST_TEST(!ok.is_request(subject::bye));
  BOOST_TEST(!ok.is_failure());
  BOOST_TEST(call_event{response(486)}.is_failure());
  call_event const stray{sent, subject::prack, phase::stray_request};
  BOOST_TEST(!stray.is_request(subject::prack));
  BOOST_TEST(!stray.answers(subject::prack));
  call_event const timer{ctsip::timer_event(ctsip::timer::cancel_timeout)};
  BOOST_TEST(!timer.answers(subject::none));
  BOOST_TEST(!timer.is_timer(ctsip::timer::a));
}

BOOST_AUTO_TEST_SUITE_END()
