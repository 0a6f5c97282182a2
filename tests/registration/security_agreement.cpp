// Expectations from RFC 3329 2.3.
#include <ctsip/registration/security_agreement.hpp>

#include <ctsip/machine/composition.hpp>
#include <ctsip/machine/proof.hpp>

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <initializer_list>
#include <string>

#include "machine/expectation.hpp"

BOOST_AUTO_TEST_SUITE(registration_security_agreement)

using ctsip::direction;
using ctsip::method;
using ctsip::registration_event;
using ctsip::registration_incident;
using ctsip::registration_message;
using ctsip::registration_phase;
using ctsip::request_event;
using ctsip::response_event;
using ctsip::row_kind;
using ctsip::security_list;
using definition = ctsip::security_agreement;
using state = definition::state;
using symbol = definition::symbol;
using enum definition::state;
using enum definition::symbol;
using enum definition::action;

constexpr unsigned states = static_cast<unsigned>(aborted) + 1;
constexpr unsigned symbols = static_cast<unsigned>(connection_lost) + 1;
constexpr state all[] = {unprotected, offered, listed, agreed, aborted};

struct grid {
  ctsip_tests::expectation<definition> of[states * symbols]{};

  constexpr void go(state from, symbol on, state then, row_kind kind = row_kind::expected,
                    ctsip_tests::acts<definition> does = {}) {
    of[static_cast<unsigned>(from) * symbols + static_cast<unsigned>(on)] = {from, on, then, kind,
                                                                             does};
  }
};

constexpr grid make_grid() {
  using enum row_kind;
  grid g;
  for (auto s : all) {
    // Before a list has come, any request but one that verifies; after it, only those.
    bool const has_list = s == listed || s == agreed;
    g.go(s, sent_request, s, has_list ? refused : expected);
    g.go(s, sent_offer, has_list ? s : offered, has_list ? refused : expected);
    g.go(s, sent_verify, has_list ? agreed : s, has_list ? expected : refused);
    for (auto e : {sent_changed_verify, sent_without_require, sent_494_without_list})
      g.go(s, e, s, refused);
    g.go(s, received_list, listed, expected, {choose_mechanism});
    g.go(s, received_494, listed, expected, {choose_mechanism, send_verify});
    g.go(s, received_one_too_many, aborted, expected, {abort});
    g.go(s, received_494_without_list, aborted, peer_violation, {abort});
    g.go(s, connection_lost, unprotected, s == unprotected ? ignored : expected);
  }
  return g;
}

constexpr grid matrix = make_grid();
static_assert(ctsip_tests::is_complete<definition, aborted, connection_lost>(matrix.of));
static_assert(ctsip::proven<definition>);

BOOST_AUTO_TEST_CASE(every_state_answers_every_symbol_as_rfc_3329_says) {
  ctsip_tests::check(matrix.of);
  constexpr bool at_compile_time = ctsip_tests::agrees(matrix.of);
  BOOST_TEST(at_compile_time);
}

BOOST_AUTO_TEST_CASE(each_refusal_has_its_own_sentence_and_clause) {
  struct {
    state in;
    symbol on;
    char const* sentence;
  } const refusals[] = {
      {listed, sent_request,
       "a request without Security-Verify after a Security-Server was received"},
      {agreed, sent_offer,
       "a request without Security-Verify after a Security-Server was received"},
      {offered, sent_verify, "a Security-Verify although no Security-Server was received"},
      {listed, sent_changed_verify,
       "a Security-Verify that does not mirror the Security-Server received"},
      {unprotected, sent_without_require,
       "a Security-Client or Security-Verify without sec-agree in Require and Proxy-Require"},
      {unprotected, sent_494_without_list, "a 494 without Security-Server"},
  };
  for (auto const& r : refusals) {
    auto const why = ctsip::explain<definition>(r.in, r.on);
    BOOST_TEST(std::string(why.sentence) == r.sentence);
    BOOST_TEST(std::string(why.clause) == "RFC 3329 2.3.1");
  }
}

using rules = ctsip::basic_composition<registration_event, registration_message, definition>;
struct side {
  rules r{};
  ctsip::step<definition> last{unprotected, 0, {}};

  row_kind take(registration_message const& m) {
    auto const taken = r.process(m, ctsip::on_violation::report{});
    last = taken.of<definition>();
    return taken.kind<definition>();
  }
  row_kind sends(bool client, security_list verify, bool required = true,
                 method which = method::register_) {
    registration_message m{request_event(direction::sent, which)};
    m.security_client = client;
    m.security_verify = verify;
    m.security_required = required;
    return take(m);
  }
  row_kind gets(std::uint16_t status, bool list, method which = method::register_) {
    registration_message m{response_event(direction::received, status, which)};
    m.security_server = list;
    return take(m);
  }
  bool is(state s) const { return r.is<definition>(s); }
};

constexpr auto none = security_list::none;
constexpr auto mirrors = security_list::mirrors;
constexpr auto differs = security_list::differs;

BOOST_AUTO_TEST_CASE(client_initiated_2_3_1) {
  side a;
  BOOST_TEST((a.sends(true, none) == row_kind::expected));
  BOOST_TEST(a.is(offered));
  BOOST_TEST((a.gets(494, true) == row_kind::expected));
  BOOST_TEST(a.last.does.has(choose_mechanism));
  BOOST_TEST(a.last.does.has(send_verify));
  BOOST_TEST((a.sends(true, none) == row_kind::refused));
  BOOST_TEST((a.sends(false, none, false) == row_kind::refused));
  BOOST_TEST((a.sends(true, differs) == row_kind::refused));
  BOOST_TEST((a.sends(true, mirrors, false) == row_kind::refused));
  BOOST_TEST((a.sends(true, mirrors) == row_kind::expected));
  BOOST_TEST(a.is(agreed));
  (void)a.gets(200, false);
  // "All the subsequent SIP requests"
  for (auto which : {method::register_, method::invite, method::message, method::subscribe}) {
    BOOST_TEST((a.sends(false, none, false, which) == row_kind::refused));
    BOOST_TEST((a.sends(false, mirrors, true, which) == row_kind::expected));
  }
  // Neither ACK nor CANCEL make an agreement.
  BOOST_TEST((a.sends(false, none, false, method::ack) == row_kind::ignored));
  BOOST_TEST((a.sends(false, none, false, method::cancel) == row_kind::ignored));
}

BOOST_AUTO_TEST_CASE(server_initiated_2_3_2) {
  for (std::uint16_t status : {421, 494}) {
    side a;
    BOOST_TEST((a.sends(false, none, false) == row_kind::expected));
    BOOST_TEST((a.gets(status, true) == row_kind::expected));
    BOOST_TEST(a.is(listed));
    BOOST_TEST((a.sends(true, mirrors) == row_kind::expected));
  }
  // A 421 for another extension is none of its business.
  side b;
  (void)b.sends(false, none, false);
  BOOST_TEST((b.gets(421, false) == row_kind::ignored));
}

BOOST_AUTO_TEST_CASE(in_ims_the_list_comes_with_the_401) {
  side a;
  (void)a.sends(true, none);
  BOOST_TEST((a.gets(401, true) == row_kind::expected));
  BOOST_TEST(a.is(listed));
  BOOST_TEST(!a.last.does.has(send_verify));
  BOOST_TEST((a.sends(true, mirrors) == row_kind::expected));
  // A new one with each re-authentication.
  (void)a.gets(401, true);
  BOOST_TEST(a.is(listed));
  (void)a.sends(true, mirrors);
  BOOST_TEST(a.is(agreed));
}

BOOST_AUTO_TEST_CASE(refusals_without_end_are_not_answered_without_end) {
  side a;
  (void)a.sends(true, none);
  unsigned answers = 0;
  for (; answers != 100; ++answers) {
    (void)a.gets(494, true);
    if (!a.is(listed)) break;
    BOOST_TEST((a.sends(true, mirrors) == row_kind::expected));
  }
  BOOST_TEST(answers == unsigned{definition::most_refusals});
  BOOST_TEST(a.is(aborted));
  BOOST_TEST(a.last.does.has(abort));
  // To the other rules it was a failure like any other.
  registration_message m{response_event(direction::received, 494, method::register_)};
  m.security_server = true;
  BOOST_TEST((a.r.classify(m).phase == registration_phase::rejection));
  // "MAY try to start it again by sending a new request with a Security-Client header field"
  BOOST_TEST((a.sends(true, none) == row_kind::expected));
  BOOST_TEST(a.is(offered));
}

BOOST_AUTO_TEST_CASE(a_494_without_a_list_is_a_breach_2_3_1) {
  side a;
  (void)a.sends(true, none);
  BOOST_TEST((a.gets(494, false) == row_kind::peer_violation));
  BOOST_TEST(a.is(aborted));
  side server;
  registration_message m{response_event(direction::sent, 494, method::register_)};
  BOOST_TEST((server.take(m) == row_kind::refused));
  m.security_server = true;
  BOOST_TEST((server.take(m) == row_kind::ignored));
}

BOOST_AUTO_TEST_CASE(an_agreement_ends_with_what_it_was_made_over_2_5) {
  for (auto what : {registration_incident::no_response, registration_incident::network_lost}) {
    side a;
    (void)a.sends(true, none);
    (void)a.gets(401, true);
    (void)a.sends(true, mirrors);
    BOOST_TEST((a.take(what) == row_kind::expected));
    BOOST_TEST(a.is(unprotected));
    BOOST_TEST((a.sends(true, none) == row_kind::expected));
  }
}

BOOST_AUTO_TEST_SUITE_END()
