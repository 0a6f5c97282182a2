// Expectations from RFC 3261 17.1.1.2, 17.1.1.3, 17.1.4 and RFC 6026 8.4 (Figure 5).
#include <ctsip/transaction/invite_client.hpp>

#include <ctsip/machine/proof.hpp>

#include <boost/test/unit_test.hpp>

#include "machine/expectation.hpp"

BOOST_AUTO_TEST_SUITE(transaction_invite_client)

using ctsip::instant;
using ctsip::method;
using ctsip::received;
using ctsip::response;
using ctsip::row_kind;
using ctsip::sent;
using ctsip::timer;
using ctsip::transport;
using enum ctsip::invite_client::state;
using enum ctsip::invite_client::symbol;
using enum ctsip::transaction_action;
using machine = ctsip::machine<ctsip::invite_client>;
using timed = ctsip::timed_machine<ctsip::invite_client>;
using entries = std::vector<ctsip_tests::entry<ctsip::invite_client>>;
using ctsip_tests::check_log;
using ctsip_tests::run;

constexpr ctsip_tests::expectation<ctsip::invite_client> matrix[] = {
    // Before the transaction exists nothing can match it.
    {initial, invite_from_tu, calling, row_kind::expected, {send_request}},
    {initial, ack_from_tu, initial, row_kind::refused},
    {initial, provisional, initial, row_kind::ignored},
    {initial, success, initial, row_kind::ignored},
    {initial, non_2xx_final, initial, row_kind::ignored},
    {initial, timer_a, initial, row_kind::ignored},
    {initial, timer_b, initial, row_kind::ignored},
    {initial, timer_d, initial, row_kind::ignored},
    {initial, timer_m, initial, row_kind::ignored},
    {initial, transport_error, initial, row_kind::ignored},

    {calling, invite_from_tu, calling, row_kind::refused},
    {calling, ack_from_tu, calling, row_kind::refused},
    {calling, provisional, proceeding, row_kind::expected, {pass_response_up}},
    {calling, success, accepted, row_kind::expected, {pass_response_up}},
    {calling, non_2xx_final, completed, row_kind::expected, {send_ack, pass_response_up}},
    {calling, timer_a, calling, row_kind::expected, {send_request}},
    {calling, timer_b, terminated, row_kind::expected, {inform_timeout}},
    {calling, timer_d, calling, row_kind::ignored},
    {calling, timer_m, calling, row_kind::ignored},
    {calling, transport_error, terminated, row_kind::expected, {inform_transport_error}},

    // No retransmission and no timeout: A and B have no part in proceeding.
    {proceeding, invite_from_tu, proceeding, row_kind::refused},
    {proceeding, ack_from_tu, proceeding, row_kind::refused},
    {proceeding, provisional, proceeding, row_kind::expected, {pass_response_up}},
    {proceeding, success, accepted, row_kind::expected, {pass_response_up}},
    {proceeding, non_2xx_final, completed, row_kind::expected, {send_ack, pass_response_up}},
    {proceeding, timer_a, proceeding, row_kind::ignored},
    {proceeding, timer_b, proceeding, row_kind::ignored},
    {proceeding, timer_d, proceeding, row_kind::ignored},
    {proceeding, timer_m, proceeding, row_kind::ignored},
    {proceeding, transport_error, proceeding, row_kind::ignored},

    // "the newly received response MUST NOT be passed up to the TU."
    {completed, invite_from_tu, completed, row_kind::refused},
    {completed, ack_from_tu, completed, row_kind::refused},
    {completed, provisional, completed, row_kind::ignored},
    {completed, success, completed, row_kind::ignored},
    {completed, non_2xx_final, completed, row_kind::expected, {send_ack}},
    {completed, timer_a, completed, row_kind::ignored},
    {completed, timer_b, completed, row_kind::ignored},
    {completed, timer_d, terminated, row_kind::expected},
    {completed, timer_m, completed, row_kind::ignored},
    {completed, transport_error, terminated, row_kind::expected, {inform_transport_error}},

    // "The client transaction MUST NOT generate an ACK to the 2xx response."
    {accepted, invite_from_tu, accepted, row_kind::refused},
    {accepted, ack_from_tu, accepted, row_kind::expected},
    {accepted, provisional, accepted, row_kind::ignored},
    {accepted, success, accepted, row_kind::expected, {pass_response_up}},
    {accepted, non_2xx_final, accepted, row_kind::ignored},
    {accepted, timer_a, accepted, row_kind::ignored},
    {accepted, timer_b, accepted, row_kind::ignored},
    {accepted, timer_d, accepted, row_kind::ignored},
    {accepted, timer_m, terminated, row_kind::expected},
    {accepted, transport_error, accepted, row_kind::ignored},

    {terminated, invite_from_tu, terminated, row_kind::refused},
    {terminated, ack_from_tu, terminated, row_kind::refused},
    {terminated, provisional, terminated, row_kind::ignored},
    {terminated, success, terminated, row_kind::ignored},
    {terminated, non_2xx_final, terminated, row_kind::ignored},
    {terminated, timer_a, terminated, row_kind::ignored},
    {terminated, timer_b, terminated, row_kind::ignored},
    {terminated, timer_d, terminated, row_kind::ignored},
    {terminated, timer_m, terminated, row_kind::ignored},
    {terminated, transport_error, terminated, row_kind::ignored},
};
static_assert(ctsip_tests::is_complete<ctsip::invite_client, terminated,
                                       ctsip::invite_client::transport_error>(matrix));
static_assert(ctsip::proven<ctsip::invite_client>);
static_assert(sizeof(machine) == 1);
static_assert(sizeof(timed) <= 40);

BOOST_AUTO_TEST_CASE(every_state_answers_every_symbol_as_rfc_3261_17_1_1_and_rfc_6026_8_4_say) {
  ctsip_tests::check(matrix);
  constexpr bool at_compile_time = ctsip_tests::agrees(matrix);
  BOOST_TEST(at_compile_time);
}

BOOST_AUTO_TEST_CASE(only_terminated_is_terminal) {
  for (auto s : {initial, calling, proceeding, completed, accepted})
    BOOST_TEST(!ctsip::is_terminal<ctsip::invite_client>(s));
  BOOST_TEST(ctsip::is_terminal<ctsip::invite_client>(terminated));
}

BOOST_AUTO_TEST_CASE(events_are_projected_onto_the_symbols) {
  using D = ctsip::invite_client;
  constexpr auto outside = ctsip::outside<D::symbol>;
  auto const in = ctsip::direction::received;
  auto const out = ctsip::direction::sent;
  BOOST_TEST((D::project(ctsip::request_event(out, method::invite)) == invite_from_tu));
  BOOST_TEST((D::project(ctsip::request_event(out, method::ack)) == ack_from_tu));
  for (std::uint16_t status = 100; status <= 699; ++status) {
    auto const expected = status < 200 ? provisional : status < 300 ? success : non_2xx_final;
    BOOST_TEST((D::project(ctsip::response_event(in, status, method::invite)) == expected));
    BOOST_TEST((D::project(ctsip::response_event(out, status, method::invite)) == outside));
    BOOST_TEST((D::project(ctsip::response_event(in, status, method::bye)) == outside));
  }
  for (std::uint16_t of_class = 1; of_class <= 6; ++of_class)
    BOOST_TEST((D::project(ctsip::response_event(in, of_class, method::invite)) ==
                (of_class == 1   ? provisional
                 : of_class == 2 ? success
                                 : non_2xx_final)));
  for (unsigned i = 0; i < ctsip::timer_count; ++i) {
    auto const t = static_cast<timer>(i);
    auto const expected = t == timer::a   ? timer_a
                          : t == timer::b ? timer_b
                          : t == timer::d ? timer_d
                          : t == timer::m ? timer_m
                                          : outside;
    BOOST_TEST((D::project(ctsip::timer_event(t)) == expected));
  }
  BOOST_TEST((D::project(ctsip::transport_error{}) == D::transport_error));
  // RFC 3261 17.1.1.1: BYE, CANCEL and all else run in transactions of their own.
  for (unsigned i = 0; i <= ctsip::method_count; ++i) {
    auto const m = static_cast<method>(i);
    BOOST_TEST((D::project(ctsip::request_event(in, m)) == outside));
    if (m != method::invite && m != method::ack)
      BOOST_TEST((D::project(ctsip::request_event(out, m)) == outside));
  }
  BOOST_TEST((D::project(ctsip::event{}) == outside));
}

BOOST_AUTO_TEST_CASE(a_number_that_is_no_status_code_is_no_response_rfc_3261_7_2) {
  using D = ctsip::invite_client;
  for (std::uint16_t status : {0, 7, 42, 99, 700, 999, 65535})
    BOOST_TEST((D::project(ctsip::response_event(ctsip::direction::received, status,
                                                 method::invite)) == ctsip::outside<D::symbol>),
               "status " << status);
}

BOOST_AUTO_TEST_CASE(over_udp_the_request_is_sent_seven_times_in_64_t1_17_1_1_2) {
  timed m;
  BOOST_TEST(m.next_timeout().is_never());
  auto const first = m.process(invite_from_tu, instant{0});
  BOOST_TEST(first.does.has(send_request));
  check_log(run(m, 1'000'000), entries{{500, {send_request}},
                                       {1500, {send_request}},
                                       {3500, {send_request}},
                                       {7500, {send_request}},
                                       {15'500, {send_request}},
                                       {31'500, {send_request}},
                                       {32'000, {inform_timeout}}});
  BOOST_TEST(m.terminated());
  BOOST_TEST(m.next_timeout().is_never());
}

BOOST_AUTO_TEST_CASE(timer_a_doubles_without_the_cap_of_t2_17_1_1_2) {
  timed m;
  ctsip::timer_values const values{.t1 = {100}, .t2 = {150}};
  (void)m.process(invite_from_tu, instant{10}, transport::udp, values);
  check_log(run(m, 1'000'000, transport::udp, values), entries{{110, {send_request}},
                                                               {310, {send_request}},
                                                               {710, {send_request}},
                                                               {1510, {send_request}},
                                                               {3110, {send_request}},
                                                               {6310, {send_request}},
                                                               {6410, {inform_timeout}}});
}

BOOST_AUTO_TEST_CASE(over_every_reliable_transport_only_timer_b_runs_17_1_1_2) {
  for (auto over : {transport::tcp, transport::tls, transport::sctp, transport::tls_sctp,
                    transport::ws, transport::wss}) {
    timed m;
    (void)m.process(invite_from_tu, instant{0}, over);
    BOOST_TEST(m.next_timeout().count == 32'000);
    check_log(run(m, 1'000'000, over), entries{{32'000, {inform_timeout}}});
    BOOST_TEST(m.terminated());
  }
}

BOOST_AUTO_TEST_CASE(a_provisional_response_stops_retransmission_and_timeout_17_1_1_2) {
  timed m;
  (void)m.process(invite_from_tu, instant{0});
  check_log(run(m, 499), entries{});
  auto const step = m.process(received<response<100>>{}, instant{499});
  BOOST_TEST(step.does.has(pass_response_up));
  BOOST_TEST(m.is(proceeding));
  BOOST_TEST(m.next_timeout().is_never());
}

BOOST_AUTO_TEST_CASE(over_udp_completed_lasts_32_seconds_and_answers_each_response_with_ack) {
  timed m;
  (void)m.process(invite_from_tu, instant{0});
  auto const final = m.process(received<response<486>>{}, instant{600});
  BOOST_TEST(final.does.has(send_ack));
  BOOST_TEST(final.does.has(pass_response_up));
  BOOST_TEST(m.next_timeout().count == 32'600);
  // A repeated response does not lengthen the wait (RFC 6026 8.4: D starts "when it enters").
  auto const repeated = m.process(received<response<486>>{}, instant{1100});
  BOOST_TEST(repeated.does.has(send_ack));
  BOOST_TEST(!repeated.does.has(pass_response_up));
  check_log(run(m, 32'599), entries{});
  check_log(run(m, 32'600), entries{{32'600, {}}});
  BOOST_TEST(m.terminated());
  BOOST_TEST(m.next_timeout().is_never());
}

BOOST_AUTO_TEST_CASE(timer_d_does_not_depend_on_t1_17_1_1_2) {
  timed m;
  ctsip::timer_values const values{.t1 = {50}};
  (void)m.process(invite_from_tu, instant{0}, transport::udp, values);
  (void)m.process(received<response<404>>{}, instant{20}, transport::udp, values);
  BOOST_TEST(m.next_timeout().count == 32'020);
}

BOOST_AUTO_TEST_CASE(over_tcp_a_non_2xx_ends_the_transaction_in_the_same_call_17_1_1_2) {
  timed m;
  (void)m.process(invite_from_tu, instant{0}, transport::tcp);
  (void)m.process(received<response<180>>{}, instant{100}, transport::tcp);
  auto const step = m.process(received<response<603>>{}, instant{200}, transport::tcp);
  BOOST_TEST(step.does.has(send_ack));
  BOOST_TEST(step.does.has(pass_response_up));
  BOOST_TEST((step.next == terminated));
  BOOST_TEST(m.terminated());
  BOOST_TEST(m.next_timeout().is_never());
}

BOOST_AUTO_TEST_CASE(accepted_lasts_64_t1_over_every_transport_rfc_6026_8_4) {
  for (auto over : {transport::udp, transport::tcp, transport::tls}) {
    timed m;
    (void)m.process(invite_from_tu, instant{0}, over);
    auto const step = m.process(received<response<200>>{}, instant{250}, over);
    BOOST_TEST(step.does.has(pass_response_up));
    BOOST_TEST(!step.does.has(send_ack));
    // Further 2xx, of this branch or another, go up and do not lengthen the wait.
    auto const another = m.process(received<response<200>>{}, instant{750}, over);
    BOOST_TEST(another.does.has(pass_response_up));
    check_log(run(m, 1'000'000, over), entries{{32'250, {}}});
    BOOST_TEST(m.terminated());
  }
}

BOOST_AUTO_TEST_CASE(a_transport_error_leaves_no_timer_armed_17_1_4) {
  timed m;
  (void)m.process(invite_from_tu, instant{0});
  auto const step = m.process(ctsip::transport_error{}, instant{10});
  BOOST_TEST(step.does.has(inform_transport_error));
  BOOST_TEST(m.terminated());
  BOOST_TEST(m.next_timeout().is_never());
}

BOOST_AUTO_TEST_CASE(a_call_that_is_redirected_walks_to_completed_also_at_compile_time) {
  using namespace ctsip::messages;
  static_assert(ctsip::walk<ctsip::invite_client, sent<invite>, received<response<100>>,
                            received<response<302>>>()
                    .is(completed));
  static_assert(
      ctsip::walk<ctsip::invite_client, sent<invite>, received<response<2>>, sent<ack>>().is(
          accepted));
  auto const m = ctsip::walk<ctsip::invite_client, sent<invite>, received<response<183>>,
                             received<response<200>>, sent<ack>, ctsip::fired<timer::m>>();
  BOOST_TEST(m.terminated());
}

BOOST_AUTO_TEST_CASE(refusals_name_machine_state_event_sentence_and_clause) {
  auto const why = ctsip::explain<ctsip::invite_client>(calling, ack_from_tu);
  BOOST_TEST(std::string(why.machine) == "INVITE client transaction");
  BOOST_TEST(std::string(why.state) == "calling");
  BOOST_TEST(std::string(why.event) == "ack_from_tu");
  BOOST_TEST(std::string(why.sentence) == "ACK before a final response to the INVITE");
  BOOST_TEST(std::string(why.clause) == "RFC 3261 13.2.2.4");
  BOOST_TEST(std::string(ctsip::explain<ctsip::invite_client>(completed, ack_from_tu).clause) ==
             "RFC 3261 17.1.1.3");
}

BOOST_AUTO_TEST_SUITE_END()
