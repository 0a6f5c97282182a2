// Expectations from RFC 3261 13.3.1.4 as replaced by RFC 6026 8.1, and RFC 5407 3.1.6.
#include <ctsip/dialog/success_retransmission.hpp>

#include <ctsip/machine/proof.hpp>

#include <boost/test/unit_test.hpp>

#include "machine/expectation.hpp"

BOOST_AUTO_TEST_SUITE(dialog_success_retransmission)

using ctsip::instant;
using ctsip::method;
using ctsip::received;
using ctsip::response;
using ctsip::row_kind;
using ctsip::sent;
using ctsip::timer;
using ctsip::transport;
using definition = ctsip::success_retransmission;
using enum definition::state;
using enum definition::symbol;
using enum definition::action;
using machine = ctsip::machine<definition>;
using timed = ctsip::timed_machine<definition>;
using entries = std::vector<ctsip_tests::entry<definition>>;
using ctsip_tests::check_log;
using ctsip_tests::run;

constexpr ctsip_tests::expectation<definition> matrix[] = {
    {initial, success_from_tu, unconfirmed, row_kind::expected, {send_success}},
    {initial, ack, initial, row_kind::ignored},
    {initial, bye, initial, row_kind::ignored},
    {initial, timer_success_retransmission, initial, row_kind::ignored},
    {initial, timer_success_timeout, initial, row_kind::ignored},

    {unconfirmed, success_from_tu, unconfirmed, row_kind::refused},
    {unconfirmed, ack, acknowledged, row_kind::expected, {pass_ack_up}},
    {unconfirmed, bye, ended, row_kind::race},
    {unconfirmed, timer_success_retransmission, unconfirmed, row_kind::expected, {send_success}},
    {unconfirmed, timer_success_timeout, abandoned, row_kind::expected, {send_bye}},

    {acknowledged, success_from_tu, acknowledged, row_kind::refused},
    {acknowledged, ack, acknowledged, row_kind::ignored},
    {acknowledged, bye, acknowledged, row_kind::ignored},
    {acknowledged, timer_success_retransmission, acknowledged, row_kind::ignored},
    {acknowledged, timer_success_timeout, acknowledged, row_kind::ignored},

    // "the UAS should not start a session again, [...] if the UAS receives a retransmitted ACK
    // after receiving a BYE" (RFC 5407 3.1.6).
    {ended, success_from_tu, ended, row_kind::refused},
    {ended, ack, ended, row_kind::ignored},
    {ended, bye, ended, row_kind::ignored},
    {ended, timer_success_retransmission, ended, row_kind::ignored},
    {ended, timer_success_timeout, ended, row_kind::ignored},

    {abandoned, success_from_tu, abandoned, row_kind::refused},
    {abandoned, ack, abandoned, row_kind::ignored},
    {abandoned, bye, abandoned, row_kind::ignored},
    {abandoned, timer_success_retransmission, abandoned, row_kind::ignored},
    {abandoned, timer_success_timeout, abandoned, row_kind::ignored},
};
static_assert(ctsip_tests::is_complete<definition, abandoned, timer_success_timeout>(matrix));
static_assert(ctsip::proven<definition>);
static_assert(sizeof(machine) == 1);
static_assert(sizeof(timed) <= 40);

BOOST_AUTO_TEST_CASE(every_state_answers_every_symbol_as_rfc_3261_13_3_1_4_says) {
  ctsip_tests::check(matrix);
  constexpr bool at_compile_time = ctsip_tests::agrees(matrix);
  BOOST_TEST(at_compile_time);
}

BOOST_AUTO_TEST_CASE(there_are_three_ends) {
  for (auto s : {initial, unconfirmed}) BOOST_TEST(!ctsip::is_terminal<definition>(s));
  for (auto s : {acknowledged, ended, abandoned}) BOOST_TEST(ctsip::is_terminal<definition>(s));
}

BOOST_AUTO_TEST_CASE(events_are_projected_onto_the_symbols) {
  constexpr auto outside = ctsip::outside<definition::symbol>;
  auto const in = ctsip::direction::received;
  auto const out = ctsip::direction::sent;
  for (unsigned i = 0; i <= ctsip::method_count; ++i) {
    auto const m = static_cast<method>(i);
    BOOST_TEST(
        (definition::project(ctsip::request_event(in, m)) == (m == method::ack   ? ack
                                                              : m == method::bye ? bye
                                                                                 : outside)));
    BOOST_TEST((definition::project(ctsip::request_event(out, m)) == outside));
  }
  for (std::uint16_t status = 100; status <= 699; ++status) {
    auto const expected = status / 100 == 2 ? success_from_tu : outside;
    BOOST_TEST(
        (definition::project(ctsip::response_event(out, status, method::invite)) == expected));
    BOOST_TEST((definition::project(ctsip::response_event(in, status, method::invite)) == outside));
    BOOST_TEST((definition::project(ctsip::response_event(out, status, method::prack)) == outside));
  }
  for (unsigned i = 0; i < ctsip::timer_count; ++i) {
    auto const t = static_cast<timer>(i);
    auto const expected = t == timer::success_retransmission ? timer_success_retransmission
                          : t == timer::success_timeout      ? timer_success_timeout
                                                             : outside;
    BOOST_TEST((definition::project(ctsip::timer_event(t)) == expected));
  }
  BOOST_TEST((definition::project(ctsip::transport_error{}) == outside));
}

BOOST_AUTO_TEST_CASE(the_2xx_is_repeated_over_every_transport_until_64_t1_and_then_a_bye_is_sent) {
  // "This is independent of whatever transport protocols are used to send the response."
  for (auto over : {transport::udp, transport::tcp, transport::tls, transport::ws}) {
    timed m;
    auto const step = m.process(sent<response<200>>{}, instant{0}, over);
    BOOST_TEST(step.does.has(send_success));
    check_log(run(m, 1'000'000, over), entries{{500, {send_success}},
                                               {1500, {send_success}},
                                               {3500, {send_success}},
                                               {7500, {send_success}},
                                               {11'500, {send_success}},
                                               {15'500, {send_success}},
                                               {19'500, {send_success}},
                                               {23'500, {send_success}},
                                               {27'500, {send_success}},
                                               {31'500, {send_success}},
                                               {32'000, {send_bye}}});
    BOOST_TEST(m.is(abandoned));
    BOOST_TEST(m.next_timeout().is_never());
  }
}

BOOST_AUTO_TEST_CASE(the_ack_ends_the_repetition_13_3_1_4) {
  timed m;
  (void)m.process(success_from_tu, instant{0});
  check_log(run(m, 600), entries{{500, {send_success}}});
  auto const step = m.process(received<ctsip::messages::ack>{}, instant{600});
  BOOST_TEST(step.does.has(pass_ack_up));
  BOOST_TEST(m.next_timeout().is_never());
  // The ACK to the repeated 2xx does not go up a second time.
  BOOST_TEST(m.process(ack, instant{1100}).does.empty());
}

BOOST_AUTO_TEST_CASE(a_bye_that_overtakes_the_ack_ends_the_repetition_rfc_5407_3_1_6) {
  timed m;
  (void)m.process(success_from_tu, instant{0});
  auto const step = m.process(received<ctsip::messages::bye>{}, instant{400});
  BOOST_TEST(step.does.empty());
  BOOST_TEST(m.is(ended));
  BOOST_TEST(m.next_timeout().is_never());
  BOOST_TEST(m.process(ack, instant{450}).does.empty());
  BOOST_TEST(m.is(ended));
}

BOOST_AUTO_TEST_CASE(other_t1_and_t2_move_every_moment) {
  ctsip::timer_values const values{.t1 = {1000}, .t2 = {16'000}};
  timed m;
  (void)m.process(success_from_tu, instant{0}, transport::udp, values);
  check_log(run(m, 1'000'000, transport::udp, values), entries{{1000, {send_success}},
                                                               {3000, {send_success}},
                                                               {7000, {send_success}},
                                                               {15'000, {send_success}},
                                                               {31'000, {send_success}},
                                                               {47'000, {send_success}},
                                                               {63'000, {send_success}},
                                                               {64'000, {send_bye}}});
}

BOOST_AUTO_TEST_CASE(a_second_2xx_is_refused_in_every_state_but_the_first_13_3_1_4) {
  for (auto s : {unconfirmed, acknowledged, ended, abandoned})
    BOOST_TEST(std::string(ctsip::explain<definition>(s, success_from_tu).sentence) ==
               "a second 2xx to one INVITE");
}

BOOST_AUTO_TEST_SUITE_END()
