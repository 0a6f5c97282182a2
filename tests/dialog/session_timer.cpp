// Expectations from RFC 4028 4, 5, 7, 9 (Table 2) and 10.
#include <ctsip/dialog/session_timer.hpp>

#include <ctsip/machine/proof.hpp>

#include <boost/test/unit_test.hpp>

#include <initializer_list>
#include <string>

#include "machine/expectation.hpp"

BOOST_AUTO_TEST_SUITE(dialog_session_timer)

using ctsip::call_event;
using ctsip::call_message;
using ctsip::direction;
using ctsip::fired;
using ctsip::method;
using ctsip::milliseconds;
using ctsip::phase;
using ctsip::received;
using ctsip::refresher;
using ctsip::response;
using ctsip::row_kind;
using ctsip::sent;
using ctsip::subject;
using ctsip::timer;
using ctsip::walk;
using definition = ctsip::session_timer;
using state = definition::state;
using symbol = definition::symbol;
using enum definition::state;
using enum definition::symbol;
using enum definition::action;
using facts = definition::facts;

constexpr unsigned states = static_cast<unsigned>(ended) + 1;
constexpr unsigned symbols = static_cast<unsigned>(timer_session_expiration) + 1;
constexpr auto outside = ctsip::outside<symbol>;

// A cell for each state and symbol.
struct grid {
  ctsip_tests::expectation<definition> of[states * symbols]{};

  constexpr void go(state from, symbol on, state then, row_kind kind,
                    ctsip_tests::acts<definition> does = {}) {
    of[static_cast<unsigned>(from) * symbols + static_cast<unsigned>(on)] = {from, on, then, kind,
                                                                             does};
  }
  constexpr void live(std::initializer_list<symbol> on, row_kind kind,
                      ctsip_tests::acts<definition> does = {}) {
    for (auto s : {off, refreshing, expecting})
      for (auto e : on) go(s, e, s, kind, does);
  }
  constexpr void to(state then, std::initializer_list<symbol> on, row_kind kind,
                    ctsip_tests::acts<definition> does = {}) {
    for (auto s : {off, refreshing, expecting})
      for (auto e : on) go(s, e, then, kind, does);
  }
};

constexpr grid make_grid() {
  using enum row_kind;
  grid g;
  // "based on the value of the refresher parameter from the most recent 2xx response"
  g.to(refreshing, {received_success_uac, sent_success_uas}, expected);
  g.to(expecting, {received_success_uas, sent_success_uac}, expected);
  g.to(off, {received_success_off, sent_success_off}, expected);
  g.to(off, {received_success_unanswered}, expected, {may_refresh_alone});
  g.to(refreshing, {received_wrong_success_uac}, peer_violation);
  g.to(expecting, {received_wrong_success_uas}, peer_violation);
  // Only a 2xx extends the session expiration (10).
  g.live({received_422}, expected, {retry_with_min_se});
  g.to(off, {received_call_422}, expected, {retry_with_min_se});
  g.to(off, {received_call_failure, sent_call_failure}, expected);
  g.live({received_interval_too_small}, expected, {answer_422});
  g.live({received_interval_below_90}, peer_violation, {answer_422});
  g.to(ended, {sent_end, received_end}, expected);
  g.go(off, received_refresh_lost, ended, expected);
  g.go(refreshing, received_refresh_lost, ended, expected, {send_bye});
  g.go(expecting, received_refresh_lost, ended, expected, {send_bye});
  g.live({timer_session_refresh, timer_session_expiration}, ignored);
  g.go(refreshing, timer_session_refresh, refreshing, expected, {send_refresh});
  g.go(expecting, timer_session_expiration, expecting, expected, {send_bye});
  g.live({sent_below_90, sent_misplaced_header, sent_without_min_se, sent_min_se_too_low,
          sent_interval_below_min_se, sent_refresher_without_timer, sent_success_overriding,
          sent_success_naming_uac, sent_success_longer, sent_success_below_min_se,
          sent_422_without_timer, sent_422_not_too_small},
         refused);
  for (unsigned i = 0; i < symbols; ++i) {
    auto const e = static_cast<symbol>(i);
    g.go(ended, e, ended, i <= static_cast<unsigned>(sent_422_not_too_small) ? expected : ignored);
  }
  // The end of the INVITE in whose early dialog there was a BYE (RFC 3261 15.1.2).
  for (auto e : {received_call_failure, received_call_422, sent_call_failure})
    g.go(ended, e, off, expected);
  return g;
}

constexpr grid matrix = make_grid();
static_assert(ctsip_tests::is_complete<definition, ended, timer_session_expiration>(matrix.of));
static_assert(ctsip::proven<definition>);

BOOST_AUTO_TEST_CASE(every_state_answers_every_symbol_as_rfc_4028_says) {
  ctsip_tests::check(matrix.of);
  constexpr bool at_compile_time = ctsip_tests::agrees(matrix.of);
  BOOST_TEST(at_compile_time);
}

BOOST_AUTO_TEST_CASE(each_refusal_has_its_own_sentence_and_clause) {
  struct {
    symbol on;
    char const* sentence;
    char const* clause;
  } const refusals[] = {
      {sent_below_90, "a Session-Expires or Min-SE below 90 seconds", "RFC 4028 4, 5"},
      {sent_misplaced_header, "Session-Expires or Min-SE in a message that cannot have it",
       "RFC 4028 4, 5"},
      {sent_without_min_se,
       "a session refresh request without Min-SE after a 422, or after a request of the peer with "
       "Min-SE",
       "RFC 4028 7.4"},
      {sent_min_se_too_low,
       "a session refresh request with a Min-SE below the largest that was received",
       "RFC 4028 7.4"},
      {sent_interval_below_min_se, "a session refresh request with a Session-Expires below Min-SE",
       "RFC 4028 7.1, 7.4"},
      {sent_refresher_without_timer,
       "a refresher parameter in a request that does not support the session timer",
       "RFC 4028 9, Table 2"},
      {sent_success_overriding, "a 2xx that overrides the UAC's choice of refresher",
       "RFC 4028 9, Table 2"},
      {sent_success_naming_uac,
       "a 2xx with refresher=uac to a UAC that does not support the session timer",
       "RFC 4028 9, Table 2"},
      {sent_success_longer, "a 2xx with a longer Session-Expires than the request's", "RFC 4028 9"},
      {sent_success_below_min_se, "a 2xx with a Session-Expires below the Min-SE of the request",
       "RFC 4028 9"},
      {sent_422_without_timer, "a 422 to a request that does not support the session timer",
       "RFC 4028 9"},
      {sent_422_not_too_small, "a 422 to a Session-Expires that is not below its Min-SE",
       "RFC 4028 6"},
  };
  for (auto const& r : refusals)
    for (auto s : {off, refreshing, expecting}) {
      auto const why = ctsip::explain<definition>(s, r.on);
      BOOST_TEST(std::string(why.sentence) == r.sentence);
      BOOST_TEST(std::string(why.clause) == r.clause);
    }
}

// Typed flows have no numbers: nobody asks for a session timer in them.
using invite = ctsip::messages::invite;
static_assert(walk<definition, received<response<200>>, sent<ctsip::messages::bye>>().is(ended));
static_assert(walk<definition, sent<response<200>>, sent<response<200, method::bye>>,
                   fired<timer::session_refresh>, fired<timer::session_expiration>>()
                  .is(ended));
static_assert(walk<definition, received<response<422>>, received<response<200>>>().is(off));

// What a message says; the rest of it does not matter here.
struct numbers {
  std::uint32_t session_expires{};
  std::uint32_t min_se{};
  refresher who{};
  bool timer{};
};

constexpr auto out = direction::sent;
constexpr auto in = direction::received;
constexpr auto nobody = refresher::none;
constexpr auto uac = refresher::uac;
constexpr auto uas = refresher::uas;

constexpr ctsip::phase phase_of(unsigned status) {
  return status == 422                                     ? phase::interval_too_small
         : status == 408 || status == 480 || status == 481 ? phase::ends_usage
         : status == 404                                   ? phase::ends_dialog
         : status >= 300                                   ? phase::failure
         : status >= 200                                   ? phase::success
                                                           : phase::provisional;
}

// One side of a call as a composition runs it: classify, step, commit.
struct side {
  ctsip::machine<definition, ctsip::on_violation::report> machine{};
  facts mine{};
  symbol last{};

  constexpr row_kind take(call_message const& m, call_event const& e) {
    last = definition::classify(m, e, mine);
    row_kind kind = row_kind::ignored;
    if (last != outside) {
      auto const step = machine.process(last);
      kind = step.kind();
      if (step.refused()) return kind;
    }
    definition::commit(mine, m, e);
    return kind;
  }
  constexpr row_kind request(direction way, subject s, numbers n = {}, std::uint32_t cseq = 0) {
    call_message m{};
    m.cseq = cseq;
    m.event.what = ctsip::occurrence::request;
    m.event.way = way;
    m.session_expires = n.session_expires, m.min_se = n.min_se, m.refresher = n.who;
    m.supports_timer = n.timer;
    return take(m, {way, s, phase::request});
  }
  constexpr row_kind answer(direction way, subject s, std::uint16_t status, numbers n = {},
                            std::uint32_t cseq = 0) {
    call_message m{};
    m.cseq = cseq;
    m.event.what = ctsip::occurrence::response;
    m.event.way = way, m.event.status = status;
    m.session_expires = n.session_expires, m.min_se = n.min_se, m.refresher = n.who;
    return take(m, {way, s, phase_of(status)});
  }
};

constexpr subject refresh_requests[] = {subject::invite, subject::reinvite, subject::update};

BOOST_AUTO_TEST_CASE(the_uas_sets_the_refresher_as_table_2_says) {
  struct {
    bool uac_supports;
    refresher in_request, in_response;
    symbol expected;
  } const table_2[] = {
      {false, nobody, uas, sent_success_uas},
      {false, nobody, uac, sent_success_naming_uac},
      {false, uac, uac, sent_success_naming_uac},
      {false, uas, uac, sent_success_naming_uac},
      {true, nobody, uas, sent_success_uas},
      {true, nobody, uac, sent_success_uac},
      {true, uac, uac, sent_success_uac},
      {true, uac, uas, sent_success_overriding},
      {true, uas, uas, sent_success_uas},
      {true, uas, uac, sent_success_overriding},
      // Not said in the response: what the request asks for.
      {true, uac, nobody, sent_success_uac},
      {true, uas, nobody, sent_success_uas},
      {true, nobody, nobody, sent_success_uac},
      {false, nobody, nobody, sent_success_uas},
  };
  for (auto s : refresh_requests)
    for (auto const& row : table_2) {
      side callee;
      (void)callee.request(in, s, {1800, 0, row.in_request, row.uac_supports});
      (void)callee.answer(out, s, 200, {1800, 0, row.in_response});
      BOOST_TEST((callee.last == row.expected));
      BOOST_TEST(callee.machine.is(row.expected == sent_success_uas   ? refreshing
                                   : row.expected == sent_success_uac ? expecting
                                                                      : off));
    }
}

BOOST_AUTO_TEST_CASE(the_rows_of_table_2_that_are_not_allowed_are_not_sent) {
  for (auto s : refresh_requests)
    for (auto who : {uac, uas}) {
      side caller;
      BOOST_TEST((caller.request(out, s, {1800, 0, who, false}) == row_kind::refused));
      BOOST_TEST((caller.last == sent_refresher_without_timer));
      BOOST_TEST((caller.request(out, s, {1800, 0, who, true}) == row_kind::ignored));
    }
}

BOOST_AUTO_TEST_CASE(the_uac_follows_the_2xx_7_2) {
  struct {
    numbers request, response;
    symbol expected;
  } const cases[] = {
      {{1800, 0, nobody, true}, {1800, 0, uac}, received_success_uac},
      {{1800, 0, nobody, true}, {1200, 0, uas}, received_success_uas},
      {{1800, 0, uac, true}, {1800, 0, uac}, received_success_uac},
      {{1800, 0, uas, true}, {1800, 0, uas}, received_success_uas},
      // "UACs MUST be prepared to receive a Session-Expires header field in a response, even if
      // none were present in the request."
      {{0, 0, nobody, true}, {1800, 0, uas}, received_success_uas},
      {{0, 0, nobody, true}, {}, received_success_off},
      {{1800, 0, nobody, true}, {}, received_success_unanswered},
      {{0, 0, nobody, false}, {1800, 0, uas}, received_success_off},
      {{}, {}, received_success_off},
      {{1800, 0, uac, true}, {1800, 0, uas}, received_wrong_success_uas},
      {{1800, 0, uas, true}, {1800, 0, uac}, received_wrong_success_uac},
      {{1800, 0, nobody, true}, {1801, 0, uac}, received_wrong_success_uac},
      {{1800, 600, nobody, true}, {599, 0, uas}, received_wrong_success_uas},
      {{1800, 0, nobody, true}, {89, 0, uas}, received_wrong_success_uas},
      {{1800, 0, nobody, true}, {90, 0, uas}, received_success_uas},
      {{0, 0, nobody, false}, {1800, 0, uac}, received_wrong_success_uac},
  };
  for (auto s : refresh_requests)
    for (auto const& c : cases) {
      side caller;
      (void)caller.request(out, s, c.request);
      (void)caller.answer(in, s, 200, c.response);
      BOOST_TEST((caller.last == c.expected));
    }
}

BOOST_AUTO_TEST_CASE(the_uas_may_shorten_the_session_interval_but_not_too_much_9) {
  auto const sends = [](numbers request, std::uint32_t session_expires) {
    side callee;
    (void)callee.request(in, subject::invite, request);
    (void)callee.answer(out, subject::invite, 200, {session_expires, 0, uas});
    return callee.last;
  };
  BOOST_TEST((sends({1800, 0, nobody, true}, 1801) == sent_success_longer));
  BOOST_TEST((sends({1800, 0, nobody, true}, 90) == sent_success_uas));
  BOOST_TEST((sends({1800, 0, nobody, true}, 89) == sent_below_90));
  BOOST_TEST((sends({1800, 600, nobody, true}, 599) == sent_success_below_min_se));
  BOOST_TEST((sends({1800, 600, nobody, true}, 600) == sent_success_uas));
  // "The UAS may request a session timer in the 2XX response".
  BOOST_TEST((sends({0, 0, nobody, true}, 3600) == sent_success_uas));
  BOOST_TEST((sends({0, 600, nobody, true}, 599) == sent_success_below_min_se));
}

BOOST_AUTO_TEST_CASE(a_request_after_a_422_has_its_min_se_7_4) {
  side caller;
  (void)caller.request(out, subject::invite, {100, 0, nobody, true});
  (void)caller.answer(in, subject::invite, 422, {0, 1800});
  BOOST_TEST((caller.last == received_call_422));
  BOOST_TEST(+caller.mine.for_call.min_se == 1800u);
  auto const sends = [&](numbers n) {
    auto retry = caller;
    (void)retry.request(out, subject::invite, n);
    return retry.last;
  };
  BOOST_TEST((sends({1800, 0, nobody, true}) == sent_without_min_se));
  BOOST_TEST((sends({}) == sent_without_min_se));
  BOOST_TEST((sends({1800, 1799, nobody, true}) == sent_min_se_too_low));
  BOOST_TEST((sends({1799, 1800, nobody, true}) == sent_interval_below_min_se));
  BOOST_TEST((sends({1800, 1800, nobody, true}) == outside));
  // "if the value above is too small, the UAC MAY increase it."
  BOOST_TEST((sends({3600, 2400, nobody, true}) == outside));
  // The largest of them all, and no longer once there is a dialog.
  (void)caller.request(out, subject::invite, {1800, 1800, nobody, true});
  (void)caller.answer(in, subject::invite, 422, {0, 3600});
  BOOST_TEST((sends({3600, 1800, nobody, true}) == sent_min_se_too_low));
  (void)caller.request(out, subject::invite, {3600, 3600, nobody, true});
  (void)caller.answer(in, subject::invite, 200, {3600, 0, uac});
  BOOST_TEST((caller.request(out, subject::reinvite, {1800, 0, uac, true}) == row_kind::ignored));
}

BOOST_AUTO_TEST_CASE(a_422_that_does_not_say_its_min_se_demands_one_all_the_same_7_4) {
  side caller;
  (void)caller.request(out, subject::invite, {100, 0, nobody, true});
  (void)caller.answer(in, subject::invite, 422);
  auto const sends = [&](numbers n) {
    auto retry = caller;
    (void)retry.request(out, subject::invite, n);
    return retry.last;
  };
  BOOST_TEST((sends({1800, 0, nobody, true}) == sent_without_min_se));
  BOOST_TEST((sends({1800, 90, nobody, true}) == outside));
  BOOST_TEST((sends({}) == outside));
}

BOOST_AUTO_TEST_CASE(the_min_se_of_the_peers_requests_is_kept_within_the_dialog_7_4) {
  side callee;
  (void)callee.request(in, subject::invite, {1800, 600, nobody, true});
  (void)callee.answer(out, subject::invite, 200, {1800, 0, uas});
  BOOST_TEST((callee.request(out, subject::update, {1800, 0, uac, true}) == row_kind::refused));
  BOOST_TEST((callee.last == sent_without_min_se));
  BOOST_TEST((callee.request(out, subject::update, {1800, 600, uac, true}) == row_kind::ignored));
  // A request that takes no part in the session timer.
  BOOST_TEST((callee.request(out, subject::reinvite) == row_kind::ignored));
}

BOOST_AUTO_TEST_CASE(a_422_within_the_dialog_binds_the_dialog_7_4) {
  side caller;
  (void)caller.request(out, subject::invite, {1800, 0, nobody, true});
  (void)caller.answer(in, subject::invite, 200, {1800, 0, uac});
  (void)caller.request(out, subject::update, {1800, 0, uac, true});
  (void)caller.answer(in, subject::update, 422, {0, 3600});
  BOOST_TEST((caller.last == received_422));
  BOOST_TEST(caller.machine.is(refreshing));
  BOOST_TEST(caller.mine.interval == 1800u);
  for (auto s : {subject::reinvite, subject::update}) {
    BOOST_TEST((caller.request(out, s) == row_kind::refused));
    BOOST_TEST((caller.request(out, s, {3600, 3600, uac, true}) == row_kind::ignored));
  }
}

BOOST_AUTO_TEST_CASE(session_expires_and_min_se_are_not_below_90_seconds_4_5) {
  side a;
  for (auto s : refresh_requests) {
    BOOST_TEST((a.request(out, s, {89, 0, nobody, true}) == row_kind::refused));
    BOOST_TEST((a.last == sent_below_90));
    BOOST_TEST((a.request(out, s, {1800, 89, nobody, true}) == row_kind::refused));
    BOOST_TEST((a.last == sent_below_90));
    BOOST_TEST((a.request(out, s, {90, 90, nobody, true}) == row_kind::ignored));
    BOOST_TEST((a.request(out, s, {599, 600, nobody, true}) == row_kind::refused));
    BOOST_TEST((a.last == sent_interval_below_min_se));
  }
  (void)a.request(in, subject::invite, {90, 0, nobody, true});
  BOOST_TEST((a.answer(out, subject::invite, 422, {0, 89}) == row_kind::refused));
  BOOST_TEST((a.last == sent_below_90));
}

BOOST_AUTO_TEST_CASE(session_expires_and_min_se_are_in_no_other_message_4_5) {
  side a;
  (void)a.request(in, subject::invite, {1800, 0, nobody, true});
  for (auto s : {subject::ack, subject::bye, subject::cancel, subject::prack, subject::other}) {
    BOOST_TEST((a.request(out, s, {1800}) == row_kind::refused));
    BOOST_TEST((a.last == sent_misplaced_header));
    BOOST_TEST((a.request(out, s, {0, 90}) == row_kind::refused));
  }
  BOOST_TEST((a.answer(out, subject::prack, 200, {1800}) == row_kind::refused));
  for (std::uint16_t status : {180, 486, 422})
    BOOST_TEST((a.answer(out, subject::invite, status, {1800}) == row_kind::refused));
  for (std::uint16_t status : {180, 200, 486})
    BOOST_TEST((a.answer(out, subject::invite, status, {0, 90}) == row_kind::refused));
  BOOST_TEST(a.machine.is(off));
}

BOOST_AUTO_TEST_CASE(a_422_is_for_an_interval_that_is_too_small_of_a_uac_that_supports_it_6_9) {
  auto const sends = [](numbers request, std::uint32_t min_se) {
    side callee;
    (void)callee.request(in, subject::invite, request);
    (void)callee.answer(out, subject::invite, 422, {0, min_se});
    return callee.last;
  };
  BOOST_TEST((sends({100, 0, nobody, true}, 1800) == sent_call_failure));
  BOOST_TEST((sends({100, 0, nobody, false}, 1800) == sent_422_without_timer));
  BOOST_TEST((sends({1800, 0, nobody, true}, 1800) == sent_422_not_too_small));
  BOOST_TEST((sends({1799, 0, nobody, true}, 1800) == sent_call_failure));
  // What is not said is not judged.
  BOOST_TEST((sends({}, 1800) == sent_call_failure));
  BOOST_TEST((sends({1800, 0, nobody, true}, 0) == sent_call_failure));
}

BOOST_AUTO_TEST_CASE(a_request_with_an_interval_that_is_too_small_may_be_answered_422_9) {
  side callee;
  BOOST_TEST(
      (callee.request(in, subject::invite, {89, 0, nobody, true}) == row_kind::peer_violation));
  BOOST_TEST((callee.last == received_interval_below_90));
  BOOST_TEST((callee.request(in, subject::invite, {89, 0, nobody, false}) == row_kind::ignored));
  BOOST_TEST((callee.request(in, subject::invite, {90, 0, nobody, true}) == row_kind::ignored));
  callee.mine.own_min_se = 600;
  BOOST_TEST((callee.request(in, subject::invite, {599, 0, nobody, true}) == row_kind::expected));
  BOOST_TEST((callee.last == received_interval_too_small));
  // Our own 422 told it.
  side other;
  (void)other.request(in, subject::invite, {100, 0, nobody, true});
  (void)other.answer(out, subject::invite, 422, {0, 1800});
  BOOST_TEST(+other.mine.own_min_se == 1800u);
  (void)other.request(in, subject::invite, {100, 0, nobody, true});
  BOOST_TEST((other.last == received_interval_too_small));
}

BOOST_AUTO_TEST_CASE(the_timers_are_set_from_the_session_interval_7_2_10) {
  constexpr auto wait = [](timer t, std::uint32_t seconds) {
    facts mine{};
    mine.interval = seconds;
    return definition::wait(t, mine);
  };
  static_assert(wait(timer::session_refresh, 1800) == milliseconds{900'000});
  static_assert(wait(timer::session_refresh, 91) == milliseconds{45'500});
  static_assert(wait(timer::session_expiration, 1800) == milliseconds{1'768'000});
  static_assert(wait(timer::session_expiration, 96) == milliseconds{64'000});
  static_assert(wait(timer::session_expiration, 90) == milliseconds{60'000});
  static_assert(wait(timer::session_expiration, UINT32_MAX) ==
                milliseconds{std::int64_t{UINT32_MAX} * 1000 - 32'000});
  static_assert(wait(timer::session_refresh, 0).is_never());
  static_assert(wait(timer::session_expiration, 0).is_never());
  static_assert(wait(timer::b, 1800).is_never());
}

BOOST_AUTO_TEST_CASE(the_refresher_refreshes_and_the_other_side_gives_up_10) {
  side alice, bob;
  (void)alice.request(out, subject::invite, {1800, 0, nobody, true});
  (void)bob.request(in, subject::invite, {1800, 0, nobody, true});
  (void)bob.answer(out, subject::invite, 200, {1200, 0, uac});
  (void)alice.answer(in, subject::invite, 200, {1200, 0, uac});
  BOOST_TEST(alice.machine.is(refreshing));
  BOOST_TEST(bob.machine.is(expecting));
  BOOST_TEST(alice.mine.interval == 1200u);
  BOOST_TEST(bob.mine.interval == 1200u);
  BOOST_TEST(alice.machine.process(timer_session_refresh).does.has(send_refresh));
  BOOST_TEST(bob.machine.process(timer_session_expiration).does.has(send_bye));
  // A refresh by either side is legal, and the roles follow the 2xx.
  BOOST_TEST((bob.request(out, subject::update, {1200, 0, uac, true}) == row_kind::ignored));
  (void)alice.request(in, subject::update, {1200, 0, uac, true});
  (void)alice.answer(out, subject::update, 200, {1200, 0, uac});
  (void)bob.answer(in, subject::update, 200, {1200, 0, uac});
  BOOST_TEST(alice.machine.is(expecting));
  BOOST_TEST(bob.machine.is(refreshing));
  // "the session timer can be 'turned-off' in mid dialog".
  (void)bob.request(out, subject::reinvite, {0, 0, nobody, true});
  (void)alice.request(in, subject::reinvite, {0, 0, nobody, true});
  (void)alice.answer(out, subject::reinvite, 200);
  (void)bob.answer(in, subject::reinvite, 200);
  BOOST_TEST(alice.machine.is(off));
  BOOST_TEST(bob.machine.is(off));
  BOOST_TEST(bob.mine.interval == 0u);
}

BOOST_AUTO_TEST_CASE(rows_arm_and_disarm_the_timers_10) {
  auto const bit = [](timer t) { return std::uint32_t{1} << static_cast<unsigned>(t); };
  auto const timers = [](state s, symbol e) {
    auto const row = ctsip::next<definition>(s, e).row;
    return definition::rows[row].timers;
  };
  for (auto s : {off, refreshing, expecting}) {
    for (auto e : {received_success_uac, sent_success_uas, received_wrong_success_uac})
      BOOST_TEST(timers(s, e).starts == bit(timer::session_refresh));
    for (auto e : {received_success_uas, sent_success_uac, received_wrong_success_uas})
      BOOST_TEST(timers(s, e).starts == bit(timer::session_expiration));
    for (auto e : {sent_end, received_end, received_refresh_lost, received_success_off,
                   sent_success_off, received_call_failure})
      BOOST_TEST(timers(s, e).stops == (s == refreshing  ? bit(timer::session_refresh)
                                        : s == expecting ? bit(timer::session_expiration)
                                                         : 0u));
  }
  BOOST_TEST(timers(expecting, received_success_uac).stops == bit(timer::session_expiration));
  BOOST_TEST(timers(refreshing, sent_success_uac).stops == bit(timer::session_refresh));
}

BOOST_AUTO_TEST_CASE(a_408_or_481_to_a_refresh_ends_the_session_with_a_bye_10) {
  for (auto s : {subject::reinvite, subject::update})
    for (std::uint16_t status : {408, 481, 480, 404, 500}) {
      side caller;
      (void)caller.request(out, subject::invite, {1800, 0, nobody, true});
      (void)caller.answer(in, subject::invite, 200, {1800, 0, uac});
      (void)caller.request(out, s, {1800, 0, uac, true});
      (void)caller.answer(in, s, status);
      BOOST_TEST((caller.last == (status == 408 || status == 481 ? received_refresh_lost
                                  : status == 500                ? outside
                                                                 : received_end)));
      BOOST_TEST(caller.machine.is(status == 500 ? refreshing : ended));
    }
}

BOOST_AUTO_TEST_CASE(a_failed_invite_takes_the_early_dialogs_interval_along) {
  side caller;
  (void)caller.request(out, subject::invite, {0, 0, nobody, true});
  (void)caller.request(out, subject::update, {1800, 0, nobody, true});
  (void)caller.answer(in, subject::update, 200, {1800, 0, uac});
  BOOST_TEST(caller.machine.is(refreshing));
  (void)caller.request(in, subject::update, {1800, 600, nobody, true});
  (void)caller.answer(in, subject::invite, 486);
  BOOST_TEST(caller.machine.is(off));
  BOOST_TEST(caller.mine.interval == 0u);
  BOOST_TEST(+caller.mine.for_dialog.min_se == 0u);
}

BOOST_AUTO_TEST_CASE(an_invite_and_an_update_are_answered_apart) {
  side caller;
  (void)caller.request(out, subject::invite, {1800, 0, uac, true});
  (void)caller.request(out, subject::update, {1800, 0, uas, true});
  (void)caller.answer(in, subject::update, 200, {1800, 0, uas});
  BOOST_TEST((caller.last == received_success_uas));
  (void)caller.answer(in, subject::invite, 200, {1800, 0, uac});
  BOOST_TEST((caller.last == received_success_uac));
}

BOOST_AUTO_TEST_CASE(a_2xx_to_the_earlier_of_two_updates_is_followed_and_nobody_is_blamed_9) {
  for (auto overtaken : {false, true}) {
    side caller;
    (void)caller.request(out, subject::update, {1800, 0, uac, true}, 7);
    (void)caller.request(out, subject::update, {90, 0, uas, true}, 8);
    if (overtaken) (void)caller.answer(in, subject::update, 500, {}, 8);
    (void)caller.answer(in, subject::update, 200, {1800, 0, uac}, 7);
    BOOST_TEST((caller.last == received_success_uac));
    BOOST_TEST(caller.machine.is(refreshing));
    BOOST_TEST(caller.mine.interval == 1800u);
    // That of the latest is judged.
    (void)caller.answer(in, subject::update, 200, {1800, 0, uas}, 8);
    BOOST_TEST((caller.last == received_wrong_success_uas));
  }
  side callee;
  (void)callee.request(in, subject::update, {1800, 0, uac, true}, 7);
  (void)callee.request(in, subject::update, {90, 0, uas, true}, 8);
  BOOST_TEST((callee.answer(out, subject::update, 200, {1800, 0, uac}, 7) == row_kind::expected));
  BOOST_TEST(callee.machine.is(expecting));
  BOOST_TEST((callee.answer(out, subject::update, 200, {1800, 0, uac}, 8) == row_kind::refused));
}

BOOST_AUTO_TEST_CASE(after_an_early_bye_and_its_487_another_invite_may_agree_on_a_timer_15_1_2) {
  side b;
  (void)b.request(in, subject::invite, {1800, 0, nobody, true});
  (void)b.answer(out, subject::bye, 200);
  BOOST_TEST(b.machine.is(ended));
  (void)b.answer(out, subject::invite, 487);
  BOOST_TEST(b.machine.is(off));
  (void)b.request(in, subject::invite, {1800, 0, nobody, true});
  (void)b.answer(out, subject::invite, 200, {1800, 0, uac});
  BOOST_TEST(b.machine.is(expecting));
  // A session that there was does not come back, nor does it go, with the failure of an INVITE.
  (void)b.answer(out, subject::invite, 487);
  BOOST_TEST(b.machine.is(expecting));
  BOOST_TEST(b.mine.interval == 1800u);
  (void)b.answer(out, subject::bye, 200);
  (void)b.answer(out, subject::invite, 487);
  BOOST_TEST(b.machine.is(ended));
}

BOOST_AUTO_TEST_CASE(numbers_that_are_not_kept_in_full_are_compared_as_they_are_kept) {
  static_assert(sizeof(facts) == 40);
  side caller;
  (void)caller.request(out, subject::invite, {UINT32_MAX, UINT32_MAX, uac, true});
  (void)caller.answer(in, subject::invite, 200, {UINT32_MAX, 0, uac});
  BOOST_TEST((caller.last == received_success_uac));
  BOOST_TEST(caller.mine.interval == UINT32_MAX);
  (void)caller.request(in, subject::update, {UINT32_MAX, UINT32_MAX, uac, true});
  (void)caller.answer(out, subject::update, 422, {0, UINT32_MAX});
  BOOST_TEST((caller.last == sent_422_not_too_small));
  BOOST_TEST((caller.request(out, subject::update, {UINT32_MAX, UINT32_MAX, uac, true}) ==
              row_kind::ignored));
  BOOST_TEST((caller.request(out, subject::update, {1800, 1800, uac, true}) == row_kind::refused));
}

BOOST_AUTO_TEST_CASE(without_numbers_nothing_is_refused) {
  for (auto s : refresh_requests)
    for (auto way : {in, out}) {
      side a;
      BOOST_TEST((a.request(way, s) == row_kind::ignored));
      for (std::uint16_t status : {180, 200, 422, 486}) {
        auto b = a;
        BOOST_TEST((b.answer(way == in ? out : in, s, status) != row_kind::refused));
      }
    }
}

BOOST_AUTO_TEST_CASE(events_are_projected_onto_the_symbols) {
  auto const of = [](direction way, subject s, phase p) {
    return definition::project(call_event{way, s, p});
  };
  for (auto s : refresh_requests) {
    BOOST_TEST((of(in, s, phase::success) == received_success_off));
    BOOST_TEST((of(out, s, phase::success) == sent_success_off));
    BOOST_TEST((of(in, s, phase::success_again) == outside));
    BOOST_TEST((of(in, s, phase::request) == outside));
  }
  for (auto way : {in, out}) {
    // Theirs may be rejected (RFC 3261 12.2.2).
    BOOST_TEST((of(way, subject::bye, phase::request) == (way == in ? outside : sent_end)));
    BOOST_TEST((of(way, subject::bye, phase::success) == (way == in ? outside : sent_end)));
    BOOST_TEST((of(way, subject::bye, phase::challenge) == outside));
    BOOST_TEST(
        (of(way, subject::other, phase::ends_usage) == (way == in ? received_end : sent_end)));
    BOOST_TEST((of(way, subject::prack, phase::success) == outside));
    BOOST_TEST((of(way, subject::reinvite, phase::failure) == outside));
  }
  BOOST_TEST((of(in, subject::update, phase::ends_usage) == received_refresh_lost));
  BOOST_TEST((of(out, subject::update, phase::ends_usage) == sent_end));
  BOOST_TEST((of(in, subject::invite, phase::failure) == received_call_failure));
  BOOST_TEST((of(out, subject::invite, phase::challenge) == sent_call_failure));
  for (unsigned i = 0; i < ctsip::timer_count; ++i) {
    auto const t = static_cast<timer>(i);
    BOOST_TEST((definition::project(ctsip::timer_event(t)) ==
                (t == timer::session_refresh      ? timer_session_refresh
                 : t == timer::session_expiration ? timer_session_expiration
                                                  : outside)));
    call_message m{};
    m.event = ctsip::timer_event(t);
    BOOST_TEST((definition::classify(m, call_event{m.event}, facts{}) ==
                definition::project(ctsip::timer_event(t))));
  }
}

BOOST_AUTO_TEST_CASE(every_state_is_at_rest) {
  BOOST_TEST(sizeof(definition::at_rest) / sizeof(definition::at_rest[0]) == states);
}

BOOST_AUTO_TEST_SUITE_END()
