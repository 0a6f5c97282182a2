// Expectations from RFC 3261 17.2.2 (Figure 8), RFC 4320 4 and RFC 6026 8.8.
#include <ctsip/transaction/non_invite_server.hpp>

#include <ctsip/machine/proof.hpp>

#include <boost/test/unit_test.hpp>

#include "machine/expectation.hpp"

BOOST_AUTO_TEST_SUITE(transaction_non_invite_server)

using ctsip::instant;
using ctsip::mark;
using ctsip::method;
using ctsip::received;
using ctsip::response;
using ctsip::row_kind;
using ctsip::sent;
using ctsip::timer;
using ctsip::transport;
using enum ctsip::non_invite_server::state;
using enum ctsip::non_invite_server::symbol;
using enum ctsip::transaction_action;
using machine = ctsip::machine<ctsip::non_invite_server>;
using timed = ctsip::timed_machine<ctsip::non_invite_server>;
using entries = std::vector<ctsip_tests::entry<ctsip::non_invite_server>>;
using ctsip_tests::check_log;
using ctsip_tests::run;

constexpr ctsip_tests::expectation<ctsip::non_invite_server> matrix[] = {
    {initial, trying_from_tu_unreliable, initial, row_kind::refused},
    {initial, trying_from_tu_reliable, initial, row_kind::refused},
    {initial, provisional_from_tu, initial, row_kind::refused},
    {initial, timeout_from_tu, initial, row_kind::refused},
    {initial, final_from_tu, initial, row_kind::refused},
    {initial, request, trying, row_kind::expected, {pass_request_up}},
    {initial, timer_j, initial, row_kind::ignored},
    {initial, timer_trying, initial, row_kind::ignored},
    {initial, transport_error, initial, row_kind::ignored},

    // RFC 4320 4.1: no 100 over an unreliable transport yet, never another 1xx; 4.2: never a 408.
    {trying, trying_from_tu_unreliable, trying, row_kind::refused},
    {trying, trying_from_tu_reliable, proceeding, row_kind::expected, {send_response}},
    {trying, provisional_from_tu, trying, row_kind::refused},
    {trying, timeout_from_tu, trying, row_kind::refused},
    {trying, final_from_tu, completed, row_kind::expected, {send_response}},
    {trying, request, trying, row_kind::expected},
    {trying, timer_j, trying, row_kind::ignored},
    {trying, timer_trying, proceeding, row_kind::expected, {send_trying}},
    {trying, transport_error, trying, row_kind::expected, {inform_transport_error}},

    {proceeding, trying_from_tu_unreliable, proceeding, row_kind::expected, {send_response}},
    {proceeding, trying_from_tu_reliable, proceeding, row_kind::expected, {send_response}},
    {proceeding, provisional_from_tu, proceeding, row_kind::refused},
    {proceeding, timeout_from_tu, proceeding, row_kind::refused},
    {proceeding, final_from_tu, completed, row_kind::expected, {send_response}},
    {proceeding, request, proceeding, row_kind::expected, {resend_response}},
    {proceeding, timer_j, proceeding, row_kind::ignored},
    {proceeding, timer_trying, proceeding, row_kind::ignored},
    {proceeding, transport_error, proceeding, row_kind::expected, {inform_transport_error}},

    {completed, trying_from_tu_unreliable, completed, row_kind::refused},
    {completed, trying_from_tu_reliable, completed, row_kind::refused},
    {completed, provisional_from_tu, completed, row_kind::refused},
    {completed, timeout_from_tu, completed, row_kind::refused},
    {completed, final_from_tu, completed, row_kind::refused},
    {completed, request, completed, row_kind::expected, {resend_response}},
    {completed, timer_j, terminated, row_kind::expected},
    {completed, timer_trying, completed, row_kind::ignored},
    {completed, transport_error, completed, row_kind::expected, {inform_transport_error}},

    {terminated, trying_from_tu_unreliable, terminated, row_kind::refused},
    {terminated, trying_from_tu_reliable, terminated, row_kind::refused},
    {terminated, provisional_from_tu, terminated, row_kind::refused},
    {terminated, timeout_from_tu, terminated, row_kind::refused},
    {terminated, final_from_tu, terminated, row_kind::refused},
    {terminated, request, terminated, row_kind::ignored},
    {terminated, timer_j, terminated, row_kind::ignored},
    {terminated, timer_trying, terminated, row_kind::ignored},
    {terminated, transport_error, terminated, row_kind::ignored},
};
static_assert(ctsip_tests::is_complete<ctsip::non_invite_server, terminated,
                                       ctsip::non_invite_server::transport_error>(matrix));
static_assert(ctsip::proven<ctsip::non_invite_server>);
static_assert(sizeof(machine) == 1);
static_assert(sizeof(timed) <= 24);

BOOST_AUTO_TEST_CASE(every_state_answers_every_symbol_as_rfc_3261_17_2_2_and_rfc_4320_4_say) {
  ctsip_tests::check(matrix);
  constexpr bool at_compile_time = ctsip_tests::agrees(matrix);
  BOOST_TEST(at_compile_time);
}

BOOST_AUTO_TEST_CASE(only_terminated_is_terminal) {
  for (auto s : {initial, trying, proceeding, completed})
    BOOST_TEST(!ctsip::is_terminal<ctsip::non_invite_server>(s));
  BOOST_TEST(ctsip::is_terminal<ctsip::non_invite_server>(terminated));
}

BOOST_AUTO_TEST_CASE(events_are_projected_onto_the_symbols) {
  using D = ctsip::non_invite_server;
  constexpr auto outside = ctsip::outside<D::symbol>;
  auto const in = ctsip::direction::received;
  auto const out = ctsip::direction::sent;
  for (unsigned i = 0; i <= ctsip::method_count; ++i) {
    auto const m = static_cast<method>(i);
    bool const ours = m != method::invite && m != method::ack;
    BOOST_TEST((D::project(ctsip::request_event(in, m)) == (ours ? request : outside)));
    BOOST_TEST((D::project(ctsip::request_event(out, m)) == outside));
    BOOST_TEST(
        (D::project(ctsip::response_event(out, 200, m)) == (ours ? final_from_tu : outside)));
    BOOST_TEST((D::project(ctsip::response_event(in, 200, m)) == outside));
  }
  for (std::uint16_t status = 100; status <= 699; ++status)
    BOOST_TEST((D::project(ctsip::response_event(out, status, method::message)) ==
                (status == 100   ? trying_from_tu_unreliable
                 : status < 200  ? provisional_from_tu
                 : status == 408 ? timeout_from_tu
                                 : final_from_tu)));
  BOOST_TEST(
      (D::project(ctsip::response_event(out, 100, method::message, mark::reliable_transport)) ==
       trying_from_tu_reliable));
  for (unsigned i = 0; i < ctsip::timer_count; ++i) {
    auto const t = static_cast<timer>(i);
    auto const expected = t == timer::j                   ? timer_j
                          : t == timer::non_invite_trying ? timer_trying
                                                          : outside;
    BOOST_TEST((D::project(ctsip::timer_event(t)) == expected));
  }
  BOOST_TEST((D::project(ctsip::transport_error{}) == D::transport_error));
  BOOST_TEST((D::project(ctsip::event{}) == outside));
}

BOOST_AUTO_TEST_CASE(a_number_that_is_no_status_code_is_no_response_rfc_3261_7_2) {
  using D = ctsip::non_invite_server;
  for (std::uint16_t status : {0, 7, 42, 99, 700, 999, 65535})
    BOOST_TEST((D::project(ctsip::response_event(ctsip::direction::sent, status, method::info)) ==
                ctsip::outside<D::symbol>),
               "status " << status);
}

BOOST_AUTO_TEST_CASE(
    the_100_goes_out_when_timer_e_would_reach_t2_over_all_transports_rfc_4320_4_1) {
  // 0.5 s + 1 s + 2 s.
  for (auto over : {transport::udp, transport::tcp}) {
    timed m;
    auto const step = m.process(request, instant{0}, over);
    BOOST_TEST(step.does.has(pass_request_up));
    check_log(run(m, 1'000'000, over), entries{{3500, {send_trying}}});
    BOOST_TEST(m.is(proceeding));
    BOOST_TEST(m.next_timeout().is_never());
  }
}

BOOST_AUTO_TEST_CASE(the_moment_of_the_100_follows_t1_and_t2_rfc_4320_4_1) {
  // Timer E runs 100, 200, 400, 800, then 1000: it is set to T2 after 1500 ms.
  ctsip::timer_values const values{.t1 = {100}, .t2 = {1000}};
  timed m;
  (void)m.process(request, instant{0}, transport::udp, values);
  check_log(run(m, 1'000'000, transport::udp, values), entries{{1500, {send_trying}}});
}

BOOST_AUTO_TEST_CASE(any_response_of_the_tu_makes_the_100_needless_rfc_4320_4_1) {
  timed answered;
  (void)answered.process(request, instant{0});
  (void)answered.process(final_from_tu, instant{3499});
  check_log(run(answered, 1'000'000), entries{{35'499, {}}});

  timed over_tcp;
  (void)over_tcp.process(request, instant{0}, transport::tcp);
  (void)over_tcp.process(
      ctsip::response_event(ctsip::direction::sent, 100, method::info, mark::reliable_transport),
      instant{10}, transport::tcp);
  BOOST_TEST(over_tcp.is(proceeding));
  BOOST_TEST(over_tcp.next_timeout().is_never());
}

BOOST_AUTO_TEST_CASE(over_udp_completed_lasts_64_t1_and_repeats_on_each_request_17_2_2) {
  timed m;
  (void)m.process(request, instant{0});
  (void)m.process(sent<response<200, method::register_>>{}, instant{20});
  BOOST_TEST(m.process(request, instant{520}).does.has(resend_response));
  BOOST_TEST(m.process(request, instant{1520}).does.has(resend_response));
  check_log(run(m, 1'000'000), entries{{32'020, {}}});
  BOOST_TEST(m.terminated());
  BOOST_TEST(m.next_timeout().is_never());
}

BOOST_AUTO_TEST_CASE(over_tcp_the_final_response_ends_the_transaction_in_the_same_call_17_2_2) {
  for (auto over : {transport::tcp, transport::tls, transport::sctp, transport::wss}) {
    timed m;
    (void)m.process(request, instant{0}, over);
    auto const step = m.process(final_from_tu, instant{20}, over);
    BOOST_TEST(step.does.has(send_response));
    BOOST_TEST((step.next == terminated));
    BOOST_TEST(m.terminated());
    BOOST_TEST(m.next_timeout().is_never());
  }
}

BOOST_AUTO_TEST_CASE(timer_j_follows_t1_17_2_2) {
  ctsip::timer_values const values{.t1 = {20}};
  timed m;
  (void)m.process(request, instant{0}, transport::udp, values);
  (void)m.process(final_from_tu, instant{5}, transport::udp, values);
  check_log(run(m, 1'000'000, transport::udp, values), entries{{1285, {}}});
}

BOOST_AUTO_TEST_CASE(a_request_repeated_in_trying_is_discarded_17_2_2) {
  timed m;
  (void)m.process(request, instant{0});
  BOOST_TEST(m.process(request, instant{500}).does.empty());
  BOOST_TEST(m.next_timeout().count == 3500);
  check_log(run(m, 3500), entries{{3500, {send_trying}}});
  BOOST_TEST(m.process(request, instant{3600}).does.has(resend_response));
}

BOOST_AUTO_TEST_CASE(a_transport_error_keeps_state_and_timers_rfc_6026_8_8) {
  timed m;
  (void)m.process(request, instant{0});
  (void)m.process(final_from_tu, instant{10});
  BOOST_TEST(m.process(ctsip::transport_error{}, instant{20}).does.has(inform_transport_error));
  BOOST_TEST(m.is(completed));
  BOOST_TEST(m.next_timeout().count == 32'010);
}

BOOST_AUTO_TEST_CASE(requests_walk_at_compile_time_and_at_run_time) {
  using namespace ctsip::messages;
  static_assert(
      ctsip::walk<ctsip::non_invite_server, received<options>,
                  sent<ctsip::with<response<100, method::options>, mark::reliable_transport>>,
                  sent<response<200, method::options>>>()
          .is(completed));
  auto const m =
      ctsip::walk<ctsip::non_invite_server, received<message>,
                  ctsip::fired<timer::non_invite_trying>, sent<response<100, method::message>>,
                  sent<response<202, method::message>>, ctsip::fired<timer::j>>();
  BOOST_TEST(m.terminated());
}

BOOST_AUTO_TEST_CASE(refusals_cite_rfc_4320) {
  using D = ctsip::non_invite_server;
  BOOST_TEST(std::string(ctsip::explain<D>(trying, timeout_from_tu).clause) == "RFC 4320 4.2");
  BOOST_TEST(std::string(ctsip::explain<D>(trying, timeout_from_tu).sentence) ==
             "a 408 to a non-INVITE request");
  BOOST_TEST(std::string(ctsip::explain<D>(trying, provisional_from_tu).clause) == "RFC 4320 4.1");
  BOOST_TEST(std::string(ctsip::explain<D>(trying, trying_from_tu_unreliable).clause) ==
             "RFC 4320 4.1");
}

BOOST_AUTO_TEST_SUITE_END()
