// Expectations from RFC 3261 17.2.1, 17.2.4 and RFC 6026 8.5 to 8.8 (Figure 7).
#include <ctsip/transaction/invite_server.hpp>

#include <ctsip/machine/proof.hpp>

#include <boost/test/unit_test.hpp>

#include "machine/expectation.hpp"

BOOST_AUTO_TEST_SUITE(transaction_invite_server)

using ctsip::instant;
using ctsip::method;
using ctsip::received;
using ctsip::response;
using ctsip::row_kind;
using ctsip::sent;
using ctsip::timer;
using ctsip::transport;
using enum ctsip::invite_server::state;
using enum ctsip::invite_server::symbol;
using enum ctsip::transaction_action;
using machine = ctsip::machine<ctsip::invite_server>;
using timed = ctsip::timed_machine<ctsip::invite_server>;
using entries = std::vector<ctsip_tests::entry<ctsip::invite_server>>;
using ctsip_tests::check_log;
using ctsip_tests::run;

constexpr ctsip_tests::expectation<ctsip::invite_server> matrix[] = {
    {initial, provisional_from_tu, initial, row_kind::refused},
    {initial, success_from_tu, initial, row_kind::refused},
    {initial, non_2xx_final_from_tu, initial, row_kind::refused},
    {initial, invite, proceeding, row_kind::expected, {pass_request_up}},
    {initial, ack, initial, row_kind::ignored},
    {initial, timer_g, initial, row_kind::ignored},
    {initial, timer_h, initial, row_kind::ignored},
    {initial, timer_i, initial, row_kind::ignored},
    {initial, timer_l, initial, row_kind::ignored},
    {initial, timer_trying, initial, row_kind::ignored},
    {initial, transport_error, initial, row_kind::ignored},

    // "each of these MUST be passed to the transport layer [...] and do not cause a change in the
    // state". A transport error: "MUST remain in the current state" (RFC 6026 8.8).
    {proceeding, provisional_from_tu, proceeding, row_kind::expected, {send_response}},
    {proceeding, success_from_tu, accepted, row_kind::expected, {send_response}},
    {proceeding, non_2xx_final_from_tu, completed, row_kind::expected, {send_response}},
    {proceeding, invite, proceeding, row_kind::expected, {resend_response}},
    {proceeding, ack, proceeding, row_kind::peer_violation},
    {proceeding, timer_g, proceeding, row_kind::ignored},
    {proceeding, timer_h, proceeding, row_kind::ignored},
    {proceeding, timer_i, proceeding, row_kind::ignored},
    {proceeding, timer_l, proceeding, row_kind::ignored},
    {proceeding, timer_trying, proceeding, row_kind::expected, {send_trying}},
    {proceeding, transport_error, proceeding, row_kind::expected, {inform_transport_error}},

    {completed, provisional_from_tu, completed, row_kind::refused},
    {completed, success_from_tu, completed, row_kind::refused},
    {completed, non_2xx_final_from_tu, completed, row_kind::refused},
    {completed, invite, completed, row_kind::expected, {resend_response}},
    {completed, ack, confirmed, row_kind::expected},
    {completed, timer_g, completed, row_kind::expected, {resend_response}},
    {completed, timer_h, terminated, row_kind::expected, {inform_timeout}},
    {completed, timer_i, completed, row_kind::ignored},
    {completed, timer_l, completed, row_kind::ignored},
    {completed, timer_trying, completed, row_kind::ignored},
    {completed, transport_error, completed, row_kind::expected, {inform_transport_error}},

    // "As Timer G is ignored in this state, any retransmissions of the response will cease."
    {confirmed, provisional_from_tu, confirmed, row_kind::refused},
    {confirmed, success_from_tu, confirmed, row_kind::refused},
    {confirmed, non_2xx_final_from_tu, confirmed, row_kind::refused},
    {confirmed, invite, confirmed, row_kind::race},
    {confirmed, ack, confirmed, row_kind::expected},
    {confirmed, timer_g, confirmed, row_kind::ignored},
    {confirmed, timer_h, confirmed, row_kind::ignored},
    {confirmed, timer_i, terminated, row_kind::expected},
    {confirmed, timer_l, confirmed, row_kind::ignored},
    {confirmed, timer_trying, confirmed, row_kind::ignored},
    {confirmed, transport_error, confirmed, row_kind::ignored},

    // The 2xx is the TU's to repeat, the ACK the TU's to receive (RFC 6026 7.1).
    {accepted, provisional_from_tu, accepted, row_kind::refused},
    {accepted, success_from_tu, accepted, row_kind::expected, {send_response}},
    {accepted, non_2xx_final_from_tu, accepted, row_kind::refused},
    {accepted, invite, accepted, row_kind::expected},
    {accepted, ack, accepted, row_kind::expected, {pass_ack_up}},
    {accepted, timer_g, accepted, row_kind::ignored},
    {accepted, timer_h, accepted, row_kind::ignored},
    {accepted, timer_i, accepted, row_kind::ignored},
    {accepted, timer_l, terminated, row_kind::expected},
    {accepted, timer_trying, accepted, row_kind::ignored},
    {accepted, transport_error, accepted, row_kind::expected, {inform_transport_error}},

    {terminated, provisional_from_tu, terminated, row_kind::refused},
    {terminated, success_from_tu, terminated, row_kind::refused},
    {terminated, non_2xx_final_from_tu, terminated, row_kind::refused},
    {terminated, invite, terminated, row_kind::ignored},
    {terminated, ack, terminated, row_kind::ignored},
    {terminated, timer_g, terminated, row_kind::ignored},
    {terminated, timer_h, terminated, row_kind::ignored},
    {terminated, timer_i, terminated, row_kind::ignored},
    {terminated, timer_l, terminated, row_kind::ignored},
    {terminated, timer_trying, terminated, row_kind::ignored},
    {terminated, transport_error, terminated, row_kind::ignored},
};
static_assert(ctsip_tests::is_complete<ctsip::invite_server, terminated,
                                       ctsip::invite_server::transport_error>(matrix));
static_assert(ctsip::proven<ctsip::invite_server>);
static_assert(sizeof(machine) == 1);
static_assert(sizeof(timed) <= 40);

BOOST_AUTO_TEST_CASE(every_state_answers_every_symbol_as_rfc_3261_17_2_1_and_rfc_6026_8_say) {
  ctsip_tests::check(matrix);
  constexpr bool at_compile_time = ctsip_tests::agrees(matrix);
  BOOST_TEST(at_compile_time);
}

BOOST_AUTO_TEST_CASE(only_terminated_is_terminal) {
  for (auto s : {initial, proceeding, completed, confirmed, accepted})
    BOOST_TEST(!ctsip::is_terminal<ctsip::invite_server>(s));
  BOOST_TEST(ctsip::is_terminal<ctsip::invite_server>(terminated));
}

BOOST_AUTO_TEST_CASE(events_are_projected_onto_the_symbols) {
  using D = ctsip::invite_server;
  constexpr auto outside = ctsip::outside<D::symbol>;
  auto const in = ctsip::direction::received;
  auto const out = ctsip::direction::sent;
  for (unsigned i = 0; i <= ctsip::method_count; ++i) {
    auto const m = static_cast<method>(i);
    BOOST_TEST((D::project(ctsip::request_event(in, m)) == (m == method::invite ? invite
                                                            : m == method::ack  ? ack
                                                                                : outside)));
    BOOST_TEST((D::project(ctsip::request_event(out, m)) == outside));
  }
  for (std::uint16_t status = 100; status <= 699; ++status) {
    auto const expected = status < 200   ? provisional_from_tu
                          : status < 300 ? success_from_tu
                                         : non_2xx_final_from_tu;
    BOOST_TEST((D::project(ctsip::response_event(out, status, method::invite)) == expected));
    BOOST_TEST((D::project(ctsip::response_event(in, status, method::invite)) == outside));
    BOOST_TEST((D::project(ctsip::response_event(out, status, method::cancel)) == outside));
  }
  for (unsigned i = 0; i < ctsip::timer_count; ++i) {
    auto const t = static_cast<timer>(i);
    auto const expected = t == timer::g        ? timer_g
                          : t == timer::h      ? timer_h
                          : t == timer::i      ? timer_i
                          : t == timer::l      ? timer_l
                          : t == timer::trying ? timer_trying
                                               : outside;
    BOOST_TEST((D::project(ctsip::timer_event(t)) == expected));
  }
  BOOST_TEST((D::project(ctsip::transport_error{}) == D::transport_error));
  BOOST_TEST((D::project(ctsip::event{}) == outside));
}

BOOST_AUTO_TEST_CASE(a_number_that_is_no_status_code_is_no_response_rfc_3261_7_2) {
  using D = ctsip::invite_server;
  for (std::uint16_t status : {0, 7, 42, 99, 700, 999, 65535})
    BOOST_TEST((D::project(ctsip::response_event(ctsip::direction::sent, status, method::invite)) ==
                ctsip::outside<D::symbol>),
               "status " << status);
}

BOOST_AUTO_TEST_CASE(a_silent_tu_has_a_100_sent_after_200_ms_over_every_transport_17_2_1) {
  for (auto over : {transport::udp, transport::tcp}) {
    timed m;
    auto const step = m.process(invite, instant{1000}, over);
    BOOST_TEST(step.does.has(pass_request_up));
    check_log(run(m, 1'000'000, over), entries{{1200, {send_trying}}});
    BOOST_TEST(m.is(proceeding));
    BOOST_TEST(m.next_timeout().is_never());
  }
}

BOOST_AUTO_TEST_CASE(any_response_of_the_tu_within_200_ms_makes_the_100_needless_17_2_1) {
  timed ringing;
  (void)ringing.process(invite, instant{0});
  (void)ringing.process(provisional_from_tu, instant{199});
  BOOST_TEST(ringing.next_timeout().is_never());

  timed answered;
  (void)answered.process(invite, instant{0});
  (void)answered.process(success_from_tu, instant{199});
  BOOST_TEST(answered.next_timeout().count == 32'199);

  timed rejected;
  (void)rejected.process(invite, instant{0});
  (void)rejected.process(non_2xx_final_from_tu, instant{199});
  BOOST_TEST(rejected.next_timeout().count == 699);
}

BOOST_AUTO_TEST_CASE(over_udp_a_non_2xx_is_repeated_up_to_t2_until_timer_h_17_2_1) {
  timed m;
  (void)m.process(invite, instant{0});
  (void)m.process(sent<response<180>>{}, instant{100});
  auto const step = m.process(sent<response<486>>{}, instant{1000});
  BOOST_TEST(step.does.has(send_response));
  check_log(run(m, 1'000'000), entries{{1500, {resend_response}},
                                       {2500, {resend_response}},
                                       {4500, {resend_response}},
                                       {8500, {resend_response}},
                                       {12'500, {resend_response}},
                                       {16'500, {resend_response}},
                                       {20'500, {resend_response}},
                                       {24'500, {resend_response}},
                                       {28'500, {resend_response}},
                                       {32'500, {resend_response}},
                                       {33'000, {inform_timeout}}});
  BOOST_TEST(m.terminated());
  BOOST_TEST(m.next_timeout().is_never());
}

BOOST_AUTO_TEST_CASE(the_ack_ends_repetition_and_further_acks_are_absorbed_for_t4_17_2_1) {
  timed m;
  (void)m.process(invite, instant{0});
  (void)m.process(non_2xx_final_from_tu, instant{100});
  check_log(run(m, 700), entries{{600, {resend_response}}});
  auto const step = m.process(ack, instant{700});
  BOOST_TEST(step.does.empty());
  BOOST_TEST(m.is(confirmed));
  // "Timer I [...] T4": counted from entering the state, not from the last ACK.
  (void)m.process(ack, instant{3000});
  BOOST_TEST(m.next_timeout().count == 5700);
  check_log(run(m, 1'000'000), entries{{5700, {}}});
  BOOST_TEST(m.terminated());
}

BOOST_AUTO_TEST_CASE(over_tcp_nothing_is_repeated_and_the_ack_ends_the_transaction_17_2_1) {
  timed m;
  (void)m.process(invite, instant{0}, transport::tcp);
  (void)m.process(non_2xx_final_from_tu, instant{100}, transport::tcp);
  BOOST_TEST(m.next_timeout().count == 32'100); // Timer H: "for all transports"
  auto const step = m.process(ack, instant{150}, transport::tcp);
  BOOST_TEST(step.does.empty());
  BOOST_TEST((step.next == terminated));
  BOOST_TEST(m.terminated());
  BOOST_TEST(m.next_timeout().is_never());

  timed unacknowledged;
  (void)unacknowledged.process(invite, instant{0}, transport::tls);
  (void)unacknowledged.process(non_2xx_final_from_tu, instant{0}, transport::tls);
  check_log(run(unacknowledged, 1'000'000, transport::tls), entries{{32'000, {inform_timeout}}});
}

BOOST_AUTO_TEST_CASE(accepted_lasts_64_t1_for_all_transports_rfc_6026_8_7) {
  for (auto over : {transport::udp, transport::tcp, transport::wss}) {
    timed m;
    (void)m.process(invite, instant{0}, over);
    (void)m.process(success_from_tu, instant{50}, over);
    // The TU repeats the 2xx; Timer L still counts from entering the state.
    auto const again = m.process(success_from_tu, instant{550}, over);
    BOOST_TEST(again.does.has(send_response));
    auto const acknowledged = m.process(ack, instant{600}, over);
    BOOST_TEST(acknowledged.does.has(pass_ack_up));
    BOOST_TEST(m.is(accepted));
    check_log(run(m, 1'000'000, over), entries{{32'050, {}}});
    BOOST_TEST(m.terminated());
  }
}

BOOST_AUTO_TEST_CASE(other_t1_t2_and_t4_move_every_moment_17_2_1) {
  timed m;
  ctsip::timer_values const values{.t1 = {100}, .t2 = {300}, .t4 = {700}};
  (void)m.process(invite, instant{0}, transport::udp, values);
  (void)m.process(non_2xx_final_from_tu, instant{0}, transport::udp, values);
  check_log(run(m, 1300, transport::udp, values), entries{{100, {resend_response}},
                                                          {300, {resend_response}},
                                                          {600, {resend_response}},
                                                          {900, {resend_response}},
                                                          {1200, {resend_response}}});
  (void)m.process(ack, instant{1300}, transport::udp, values);
  check_log(run(m, 10'000, transport::udp, values), entries{{2000, {}}});

  timed unacknowledged;
  (void)unacknowledged.process(invite, instant{0}, transport::tcp, values);
  (void)unacknowledged.process(non_2xx_final_from_tu, instant{0}, transport::tcp, values);
  check_log(run(unacknowledged, 10'000, transport::tcp, values), entries{{6400, {inform_timeout}}});
}

BOOST_AUTO_TEST_CASE(a_transport_error_keeps_state_and_timers_rfc_6026_8_8) {
  timed m;
  (void)m.process(invite, instant{0});
  (void)m.process(non_2xx_final_from_tu, instant{0});
  auto const step = m.process(ctsip::transport_error{}, instant{10});
  BOOST_TEST(step.does.has(inform_transport_error));
  BOOST_TEST(m.is(completed));
  BOOST_TEST(m.next_timeout().count == 500);
}

BOOST_AUTO_TEST_CASE(calls_walk_at_compile_time_and_at_run_time) {
  namespace messages = ctsip::messages;
  static_assert(ctsip::walk<ctsip::invite_server, received<messages::invite>, sent<response<100>>,
                            sent<response<180>>, sent<response<200>>, received<messages::ack>>()
                    .is(accepted));
  auto const m = ctsip::walk<ctsip::invite_server, received<messages::invite>, sent<response<404>>,
                             received<messages::ack>, ctsip::fired<timer::i>>();
  BOOST_TEST(m.terminated());
}

BOOST_AUTO_TEST_CASE(refusals_say_what_the_tu_did_wrong) {
  using D = ctsip::invite_server;
  BOOST_TEST(std::string(ctsip::explain<D>(completed, provisional_from_tu).sentence) ==
             "a provisional response after the final response");
  BOOST_TEST(std::string(ctsip::explain<D>(completed, success_from_tu).sentence) ==
             "a second final response to one INVITE");
  BOOST_TEST(std::string(ctsip::explain<D>(initial, success_from_tu).sentence) ==
             "a response without an INVITE to answer");
}

BOOST_AUTO_TEST_SUITE_END()
