// Expectations from RFC 3261 13.2.2.4.
#include <ctsip/dialog/ack_retransmission.hpp>

#include <ctsip/machine/proof.hpp>

#include <boost/test/unit_test.hpp>

#include "machine/expectation.hpp"

BOOST_AUTO_TEST_SUITE(dialog_ack_retransmission)

using ctsip::instant;
using ctsip::method;
using ctsip::received;
using ctsip::response;
using ctsip::row_kind;
using ctsip::sent;
using ctsip::timer;
using ctsip::transport;
using definition = ctsip::ack_retransmission;
using enum definition::state;
using enum definition::symbol;
using enum definition::action;
using machine = ctsip::machine<definition>;
using timed = ctsip::timed_machine<definition>;
using entries = std::vector<ctsip_tests::entry<definition>>;
using ctsip_tests::check_log;
using ctsip_tests::run;

constexpr ctsip_tests::expectation<definition> matrix[] = {
    {initial, ack_from_tu, initial, row_kind::refused},
    {initial, success, unacknowledged, row_kind::expected, {pass_response_up}},
    {initial, timer_ack_retransmission, initial, row_kind::ignored},

    // "The UAC core MUST generate an ACK request for each 2xx": be it late.
    {unacknowledged, ack_from_tu, acknowledged, row_kind::expected, {send_ack}},
    {unacknowledged, success, unacknowledged, row_kind::ignored},
    {unacknowledged, timer_ack_retransmission, unacknowledged, row_kind::race},

    {acknowledged, ack_from_tu, acknowledged, row_kind::refused},
    {acknowledged, success, acknowledged, row_kind::expected, {send_ack}},
    {acknowledged, timer_ack_retransmission, complete, row_kind::expected},

    {complete, ack_from_tu, complete, row_kind::refused},
    {complete, success, complete, row_kind::ignored},
    {complete, timer_ack_retransmission, complete, row_kind::ignored},
};
static_assert(ctsip_tests::is_complete<definition, complete, timer_ack_retransmission>(matrix));
static_assert(ctsip::proven<definition>);
static_assert(sizeof(machine) == 1);
static_assert(sizeof(timed) <= 24);

BOOST_AUTO_TEST_CASE(every_state_answers_every_symbol_as_rfc_3261_13_2_2_4_says) {
  ctsip_tests::check(matrix);
  constexpr bool at_compile_time = ctsip_tests::agrees(matrix);
  BOOST_TEST(at_compile_time);
}

BOOST_AUTO_TEST_CASE(only_complete_is_terminal) {
  for (auto s : {initial, unacknowledged, acknowledged})
    BOOST_TEST(!ctsip::is_terminal<definition>(s));
  BOOST_TEST(ctsip::is_terminal<definition>(complete));
}

BOOST_AUTO_TEST_CASE(events_are_projected_onto_the_symbols) {
  constexpr auto outside = ctsip::outside<definition::symbol>;
  auto const in = ctsip::direction::received;
  auto const out = ctsip::direction::sent;
  for (unsigned i = 0; i <= ctsip::method_count; ++i) {
    auto const m = static_cast<method>(i);
    BOOST_TEST((definition::project(ctsip::request_event(out, m)) ==
                (m == method::ack ? ack_from_tu : outside)));
    BOOST_TEST((definition::project(ctsip::request_event(in, m)) == outside));
  }
  for (std::uint16_t status = 100; status <= 699; ++status) {
    BOOST_TEST((definition::project(ctsip::response_event(in, status, method::invite)) ==
                (status / 100 == 2 ? success : outside)));
    BOOST_TEST(
        (definition::project(ctsip::response_event(out, status, method::invite)) == outside));
    BOOST_TEST((definition::project(ctsip::response_event(in, status, method::bye)) == outside));
  }
  for (unsigned i = 0; i < ctsip::timer_count; ++i) {
    auto const t = static_cast<timer>(i);
    BOOST_TEST((definition::project(ctsip::timer_event(t)) ==
                (t == timer::ack_retransmission ? timer_ack_retransmission : outside)));
  }
}

BOOST_AUTO_TEST_CASE(each_2xx_is_acknowledged_until_64_t1_after_the_first_13_2_2_4) {
  for (auto over : {transport::udp, transport::tcp}) {
    timed m;
    auto const first = m.process(received<response<200>>{}, instant{100}, over);
    BOOST_TEST(first.does.has(pass_response_up));
    BOOST_TEST(!first.does.has(send_ack));
    BOOST_TEST(m.process(sent<ctsip::messages::ack>{}, instant{150}, over).does.has(send_ack));
    auto const again = m.process(success, instant{600}, over);
    BOOST_TEST(again.does.has(send_ack));
    BOOST_TEST(!again.does.has(pass_response_up));
    BOOST_TEST(m.process(success, instant{1600}, over).does.has(send_ack));
    check_log(run(m, 1'000'000, over), entries{{32'100, {}}});
    BOOST_TEST(m.is(complete));
    BOOST_TEST(m.next_timeout().is_never());
    BOOST_TEST(m.process(success, instant{33'000}, over).does.empty());
  }
}

BOOST_AUTO_TEST_CASE(the_2xx_goes_up_once_however_often_it_comes_before_the_ack_13_2_2_4) {
  timed m;
  BOOST_TEST(m.process(success, instant{0}).does.has(pass_response_up));
  BOOST_TEST(m.process(success, instant{500}).does.empty());
  BOOST_TEST(m.process(ack_from_tu, instant{600}).does.has(send_ack));
}

BOOST_AUTO_TEST_CASE(an_ack_given_after_64_t1_is_sent_and_the_machine_still_completes_13_2_2_4) {
  timed m;
  (void)m.process(success, instant{0});
  (void)run(m, 32'000);
  BOOST_TEST(m.process(ack_from_tu, instant{33'000}).does.has(send_ack));
  (void)run(m, 1'000'000);
  BOOST_TEST(m.is(complete));
}

BOOST_AUTO_TEST_CASE(timer_follows_t1_13_2_2_4) {
  ctsip::timer_values const values{.t1 = {10}};
  timed m;
  (void)m.process(success, instant{0}, transport::udp, values);
  (void)m.process(ack_from_tu, instant{1}, transport::udp, values);
  check_log(run(m, 1'000'000, transport::udp, values), entries{{640, {}}});
}

BOOST_AUTO_TEST_SUITE_END()
