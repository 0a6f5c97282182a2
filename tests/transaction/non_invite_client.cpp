// Expectations from RFC 3261 17.1.2.2 (Figure 6), 17.1.4 and RFC 4320 4.1.
#include <ctsip/transaction/non_invite_client.hpp>

#include <ctsip/machine/proof.hpp>

#include <boost/test/unit_test.hpp>

#include "machine/expectation.hpp"

BOOST_AUTO_TEST_SUITE(transaction_non_invite_client)

using ctsip::instant;
using ctsip::method;
using ctsip::received;
using ctsip::response;
using ctsip::row_kind;
using ctsip::sent;
using ctsip::timer;
using ctsip::transport;
using enum ctsip::non_invite_client::state;
using enum ctsip::non_invite_client::symbol;
using enum ctsip::transaction_action;
using machine = ctsip::machine<ctsip::non_invite_client>;
using timed = ctsip::timed_machine<ctsip::non_invite_client>;
using entries = std::vector<ctsip_tests::entry<ctsip::non_invite_client>>;
using ctsip_tests::check_log;
using ctsip_tests::run;

constexpr ctsip_tests::expectation<ctsip::non_invite_client> matrix[] = {
    {initial, request_from_tu, trying, row_kind::expected, {send_request}},
    {initial, trying_100, initial, row_kind::ignored},
    {initial, other_provisional, initial, row_kind::ignored},
    {initial, final_response, initial, row_kind::ignored},
    {initial, timer_e, initial, row_kind::ignored},
    {initial, timer_f, initial, row_kind::ignored},
    {initial, timer_k, initial, row_kind::ignored},
    {initial, transport_error, initial, row_kind::ignored},

    // RFC 3261 passes every 1xx up; RFC 4320 4.1 forbids the peer to send 101-199.
    {trying, request_from_tu, trying, row_kind::refused},
    {trying, trying_100, proceeding, row_kind::expected, {pass_response_up}},
    {trying, other_provisional, proceeding, row_kind::peer_violation, {pass_response_up}},
    {trying, final_response, completed, row_kind::expected, {pass_response_up}},
    {trying, timer_e, trying, row_kind::expected, {send_request}},
    {trying, timer_f, terminated, row_kind::expected, {inform_timeout}},
    {trying, timer_k, trying, row_kind::ignored},
    {trying, transport_error, terminated, row_kind::expected, {inform_transport_error}},

    {proceeding, request_from_tu, proceeding, row_kind::refused},
    {proceeding, trying_100, proceeding, row_kind::expected, {pass_response_up}},
    {proceeding, other_provisional, proceeding, row_kind::peer_violation, {pass_response_up}},
    {proceeding, final_response, completed, row_kind::expected, {pass_response_up}},
    {proceeding, timer_e, proceeding, row_kind::expected, {send_request}},
    {proceeding, timer_f, terminated, row_kind::expected, {inform_timeout}},
    {proceeding, timer_k, proceeding, row_kind::ignored},
    {proceeding, transport_error, terminated, row_kind::expected, {inform_transport_error}},

    // "exists to buffer any additional response retransmissions".
    {completed, request_from_tu, completed, row_kind::refused},
    {completed, trying_100, completed, row_kind::ignored},
    {completed, other_provisional, completed, row_kind::ignored},
    {completed, final_response, completed, row_kind::expected},
    {completed, timer_e, completed, row_kind::ignored},
    {completed, timer_f, completed, row_kind::ignored},
    {completed, timer_k, terminated, row_kind::expected},
    {completed, transport_error, completed, row_kind::ignored},

    {terminated, request_from_tu, terminated, row_kind::refused},
    {terminated, trying_100, terminated, row_kind::ignored},
    {terminated, other_provisional, terminated, row_kind::ignored},
    {terminated, final_response, terminated, row_kind::ignored},
    {terminated, timer_e, terminated, row_kind::ignored},
    {terminated, timer_f, terminated, row_kind::ignored},
    {terminated, timer_k, terminated, row_kind::ignored},
    {terminated, transport_error, terminated, row_kind::ignored},
};
static_assert(ctsip_tests::is_complete<ctsip::non_invite_client, terminated,
                                       ctsip::non_invite_client::transport_error>(matrix));
static_assert(ctsip::proven<ctsip::non_invite_client>);
static_assert(sizeof(machine) == 1);
static_assert(sizeof(timed) <= 40);

BOOST_AUTO_TEST_CASE(every_state_answers_every_symbol_as_rfc_3261_17_1_2_and_rfc_4320_4_say) {
  ctsip_tests::check(matrix);
  constexpr bool at_compile_time = ctsip_tests::agrees(matrix);
  BOOST_TEST(at_compile_time);
}

BOOST_AUTO_TEST_CASE(only_terminated_is_terminal) {
  for (auto s : {initial, trying, proceeding, completed})
    BOOST_TEST(!ctsip::is_terminal<ctsip::non_invite_client>(s));
  BOOST_TEST(ctsip::is_terminal<ctsip::non_invite_client>(terminated));
}

BOOST_AUTO_TEST_CASE(events_are_projected_onto_the_symbols) {
  using D = ctsip::non_invite_client;
  constexpr auto outside = ctsip::outside<D::symbol>;
  auto const in = ctsip::direction::received;
  auto const out = ctsip::direction::sent;
  // An extension method is a request with a non-INVITE transaction too (17.1).
  for (unsigned i = 0; i <= ctsip::method_count; ++i) {
    auto const m = static_cast<method>(i);
    bool const ours = m != method::invite && m != method::ack;
    BOOST_TEST((D::project(ctsip::request_event(out, m)) == (ours ? request_from_tu : outside)));
    BOOST_TEST((D::project(ctsip::request_event(in, m)) == outside));
    BOOST_TEST((D::project(ctsip::response_event(in, 100, m)) == (ours ? trying_100 : outside)));
    BOOST_TEST(
        (D::project(ctsip::response_event(in, 200, m)) == (ours ? final_response : outside)));
    BOOST_TEST((D::project(ctsip::response_event(out, 200, m)) == outside));
  }
  for (std::uint16_t status = 100; status <= 699; ++status)
    BOOST_TEST((D::project(ctsip::response_event(in, status, method::bye)) ==
                (status == 100  ? trying_100
                 : status < 200 ? other_provisional
                                : final_response)));
  for (unsigned i = 0; i < ctsip::timer_count; ++i) {
    auto const t = static_cast<timer>(i);
    auto const expected = t == timer::e   ? timer_e
                          : t == timer::f ? timer_f
                          : t == timer::k ? timer_k
                                          : outside;
    BOOST_TEST((D::project(ctsip::timer_event(t)) == expected));
  }
  BOOST_TEST((D::project(ctsip::transport_error{}) == D::transport_error));
  BOOST_TEST((D::project(ctsip::event{}) == outside));
}

BOOST_AUTO_TEST_CASE(a_number_that_is_no_status_code_is_no_response_rfc_3261_7_2) {
  using D = ctsip::non_invite_client;
  for (std::uint16_t status : {0, 7, 42, 99, 700, 999, 65535})
    BOOST_TEST((D::project(ctsip::response_event(ctsip::direction::received, status,
                                                 method::options)) == ctsip::outside<D::symbol>),
               "status " << status);
}

BOOST_AUTO_TEST_CASE(over_udp_the_request_is_repeated_up_to_t2_until_timer_f_17_1_2_2) {
  // "this results in intervals of 500 ms, 1 s, 2 s, 4 s, 4 s, 4 s, etc."
  timed m;
  (void)m.process(request_from_tu, instant{0});
  check_log(run(m, 1'000'000), entries{{500, {send_request}},
                                       {1500, {send_request}},
                                       {3500, {send_request}},
                                       {7500, {send_request}},
                                       {11'500, {send_request}},
                                       {15'500, {send_request}},
                                       {19'500, {send_request}},
                                       {23'500, {send_request}},
                                       {27'500, {send_request}},
                                       {31'500, {send_request}},
                                       {32'000, {inform_timeout}}});
  BOOST_TEST(m.terminated());
  BOOST_TEST(m.next_timeout().is_never());
}

BOOST_AUTO_TEST_CASE(in_proceeding_timer_e_runs_out_once_and_then_is_t2_17_1_2_2) {
  timed m;
  (void)m.process(request_from_tu, instant{0});
  check_log(run(m, 600), entries{{500, {send_request}}});
  // Entering proceeding does not touch Timer E, set to fire at 1500, nor Timer F.
  (void)m.process(received<response<100, method::options>>{}, instant{600});
  BOOST_TEST(m.is(proceeding));
  check_log(run(m, 1'000'000), entries{{1500, {send_request}},
                                       {5500, {send_request}},
                                       {9500, {send_request}},
                                       {13'500, {send_request}},
                                       {17'500, {send_request}},
                                       {21'500, {send_request}},
                                       {25'500, {send_request}},
                                       {29'500, {send_request}},
                                       {32'000, {inform_timeout}}});
}

BOOST_AUTO_TEST_CASE(a_second_provisional_response_does_not_touch_timer_e_17_1_2_2) {
  timed m;
  (void)m.process(request_from_tu, instant{0});
  (void)m.process(trying_100, instant{100});
  (void)m.process(trying_100, instant{400});
  BOOST_TEST(m.next_timeout().count == 500);
  check_log(run(m, 5000), entries{{500, {send_request}}, {4500, {send_request}}});
}

BOOST_AUTO_TEST_CASE(over_reliable_transports_nothing_is_repeated_in_any_state_17_1_2_2) {
  for (auto over : {transport::tcp, transport::tls, transport::sctp, transport::ws}) {
    timed m;
    (void)m.process(request_from_tu, instant{0}, over);
    BOOST_TEST(m.next_timeout().count == 32'000);
    (void)m.process(trying_100, instant{100}, over);
    BOOST_TEST(m.next_timeout().count == 32'000);
    check_log(run(m, 1'000'000, over), entries{{32'000, {inform_timeout}}});
    BOOST_TEST(m.terminated());
  }
}

BOOST_AUTO_TEST_CASE(over_udp_completed_lasts_t4_17_1_2_2) {
  timed m;
  (void)m.process(request_from_tu, instant{0});
  auto const step = m.process(final_response, instant{80});
  BOOST_TEST(step.does.has(pass_response_up));
  // A repeated response is absorbed and does not lengthen the wait.
  BOOST_TEST(m.process(final_response, instant{580}).does.empty());
  check_log(run(m, 1'000'000), entries{{5080, {}}});
  BOOST_TEST(m.terminated());
}

BOOST_AUTO_TEST_CASE(over_tcp_a_final_response_ends_the_transaction_in_the_same_call_17_1_2_2) {
  for (bool after_100 : {false, true}) {
    timed m;
    (void)m.process(request_from_tu, instant{0}, transport::tcp);
    if (after_100) (void)m.process(trying_100, instant{50}, transport::tcp);
    auto const step = m.process(final_response, instant{80}, transport::tcp);
    BOOST_TEST(step.does.has(pass_response_up));
    BOOST_TEST((step.next == terminated));
    BOOST_TEST(m.terminated());
    BOOST_TEST(m.next_timeout().is_never());
  }
}

BOOST_AUTO_TEST_CASE(other_t1_t2_and_t4_move_every_moment_17_1_2_2) {
  ctsip::timer_values const values{.t1 = {100}, .t2 = {250}, .t4 = {333}};
  timed m;
  (void)m.process(request_from_tu, instant{0}, transport::udp, values);
  check_log(run(m, 900, transport::udp, values), entries{{100, {send_request}},
                                                         {300, {send_request}},
                                                         {550, {send_request}},
                                                         {800, {send_request}}});
  (void)m.process(final_response, instant{900}, transport::udp, values);
  check_log(run(m, 10'000, transport::udp, values), entries{{1233, {}}});

  timed unanswered;
  (void)unanswered.process(request_from_tu, instant{0}, transport::tcp, values);
  check_log(run(unanswered, 10'000, transport::tcp, values), entries{{6400, {inform_timeout}}});
}

BOOST_AUTO_TEST_CASE(a_transport_error_leaves_no_timer_armed_17_1_4) {
  for (bool after_100 : {false, true}) {
    timed m;
    (void)m.process(request_from_tu, instant{0});
    if (after_100) (void)m.process(trying_100, instant{5});
    auto const step = m.process(ctsip::transport_error{}, instant{10});
    BOOST_TEST(step.does.has(inform_transport_error));
    BOOST_TEST(m.terminated());
    BOOST_TEST(m.next_timeout().is_never());
  }
}

BOOST_AUTO_TEST_CASE(requests_walk_at_compile_time_and_at_run_time) {
  using namespace ctsip::messages;
  static_assert(
      ctsip::walk<ctsip::non_invite_client, sent<bye>, received<response<200, method::bye>>>().is(
          completed));
  auto const m =
      ctsip::walk<ctsip::non_invite_client, sent<options>, received<response<100, method::options>>,
                  received<response<200, method::options>>, ctsip::fired<timer::k>>();
  BOOST_TEST(m.terminated());
}

BOOST_AUTO_TEST_SUITE_END()
