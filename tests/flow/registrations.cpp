// Registrations and authentication as flows: those that RFCs draw are legal, and so are those that
// look like misuses; each misuse is refused at its step, in the words and with the clause of the
// rule that it breaks, and its cure is complete. Each is checked in constant evaluation and at run
// time. tests/compile_fail/registration has the compiler's errors for them.
#include <ctsip/flow/flow.hpp>
#include <ctsip/flow/outline.hpp>
#include <ctsip/flow/registration_flows.hpp>

#include <iterator>
#include <string_view>

#include <boost/test/unit_test.hpp>

#include "flow/each.hpp"

using ctsip::check_flow;
using ctsip_tests::holds_for_each;

namespace flows = ctsip::standard_flows;

namespace {

struct misuse {
  std::string_view flow;
  std::size_t step;
  std::string_view sentence;
  std::string_view clause;
  std::string_view cure;
};

// clang-format off
constexpr misuse misuses[] = {
    {"REGISTER (contact=a) -> REGISTER (contact=b) -> 200 OK -> 200 OK",
     2, "a REGISTER that changes bindings while another one is pending",
     "RFC 3261 10.2, RFC 5626 4.2.1",
     "REGISTER (contact=a) -> 200 OK -> REGISTER (contact=b) -> 200 OK"},
    {"REGISTER (contact=a) -> REGISTER (contact=a) -> 200 OK -> 200 OK",
     2, "a REGISTER that changes bindings while another one is pending",
     "RFC 3261 10.2, RFC 5626 4.2.1",
     "REGISTER (contact=a) -> REGISTER (contact=a, again) -> 200 OK"},
    {"REGISTER (contact=a) -> 200 OK -> REGISTER (contact=a) -> REGISTER (contact=a, expires=0) -> 200 OK -> 200 OK",
     4, "a REGISTER that changes bindings while another one is pending",
     "RFC 3261 10.2, RFC 5626 4.2.1",
     "REGISTER (contact=a) -> 200 OK -> REGISTER (contact=a) -> 200 OK -> REGISTER (contact=a, expires=0) -> 200 OK"},
    {"REGISTER (contact=a, reg-id=1) -> REGISTER (contact=a, reg-id=1) -> 200 OK -> 200 OK",
     2, "a REGISTER that changes bindings while another one is pending",
     "RFC 3261 10.2, RFC 5626 4.2.1",
     "REGISTER (contact=a, reg-id=1) -> REGISTER (contact=a, reg-id=2) -> 200 OK -> 200 OK"},
    {"REGISTER (expires=60) -> 423 Interval Too Brief (min-expires=600) -> REGISTER (expires=60) -> 200 OK",
     3, "a retry after 423 with an expiration interval below its Min-Expires",
     "RFC 3261 10.2.8",
     "REGISTER (expires=60) -> 423 Interval Too Brief (min-expires=600) -> REGISTER (expires=600) -> 200 OK"},
    {"REGISTER (expires=60) -> 423 Interval Too Brief (min-expires=600) -> REGISTER (expires=300) -> 200 OK",
     3, "a retry after 423 with an expiration interval below its Min-Expires",
     "RFC 3261 10.2.8",
     "REGISTER (expires=60) -> 423 Interval Too Brief (min-expires=600) -> REGISTER (expires=900) -> 200 OK"},
    {"REGISTER -> 401 Unauthorized (nonce=n1) -> REGISTER (auth, nonce=n1) -> 401 Unauthorized (nonce=n1) -> REGISTER (auth, nonce=n1) -> 200 OK",
     5, "a retry with the credentials that have just been rejected",
     "RFC 3261 22.1, RFC 7616 3.3",
     "REGISTER -> 401 Unauthorized (nonce=n1) -> REGISTER (auth, nonce=n1) -> 401 Unauthorized (nonce=n1, stale) -> REGISTER (auth, nonce=n1) -> 200 OK"},
    {"REGISTER -> 401 Unauthorized (nonce=n1) -> REGISTER (auth, nonce=n1) -> 401 Unauthorized (nonce=n2) -> REGISTER (auth, nonce=n1) -> 200 OK",
     5, "a retry with the credentials that have just been rejected",
     "RFC 3261 22.1, RFC 7616 3.3",
     "REGISTER -> 401 Unauthorized (nonce=n1) -> REGISTER (auth, nonce=n1) -> 401 Unauthorized (nonce=n2) -> REGISTER (auth, nonce=n2) -> 200 OK"},
    {"INVITE -> 407 (nonce=n1) -> ACK -> INVITE (auth, nonce=n1) -> 407 (nonce=n1) -> ACK -> INVITE (auth, nonce=n1) -> 200 OK -> ACK",
     7, "a retry with the credentials that have just been rejected",
     "RFC 3261 22.1, RFC 7616 3.3",
     "INVITE -> 407 (nonce=n1) -> ACK -> INVITE (auth, nonce=n1) -> 407 (nonce=n2) -> ACK -> INVITE (auth, nonce=n2) -> 200 OK -> ACK"},
    {"INVITE -> 486 Busy Here -> ACK -> 401 Unauthorized for ACK",
     4, "a challenge (401 or 407) of an ACK",
     "RFC 3261 22.1",
     "INVITE -> 401 Unauthorized -> ACK -> INVITE (auth) -> 486 Busy Here -> ACK"},
    {"REGISTER (contact=*, expires=600) -> 200 OK",
     1, "Contact: * in a REGISTER with Expires other than 0",
     "RFC 3261 10.2.2",
     "REGISTER (contact=*, expires=0) -> 200 OK"},
    {"REGISTER (contact=*) -> 200 OK",
     1, "Contact: * in a REGISTER with Expires other than 0",
     "RFC 3261 10.2.2",
     "REGISTER (contact=*, expires=0) -> 200 OK"},
    {"REGISTER (contact=*, expires=0, reg-id=1) -> 200 OK",
     1, "Contact: * with a reg-id or an instance",
     "RFC 5626 4.2.3",
     "REGISTER (contact=a, expires=0, reg-id=1) -> 200 OK"},
    {"REGISTER (cseq=1) -> 401 Unauthorized -> REGISTER (cseq=1, auth) -> 200 OK",
     3, "a REGISTER whose CSeq number does not rise within its Call-ID",
     "RFC 3261 10.2, 10.2.4",
     "REGISTER (cseq=1) -> 401 Unauthorized -> REGISTER (cseq=2, auth) -> 200 OK"},
    {"REGISTER -> 403 Forbidden -> REGISTER -> 200 OK",
     3, "a REGISTER repeated as it was after a 403",
     "RFC 3261 21.4.4",
     "REGISTER -> 403 Forbidden -> REGISTER (auth) -> 200 OK"},
    {"REGISTER (expires=3600) -> 423 Interval Too Brief (min-expires=7200)",
     2, "a 423 to a REGISTER whose expiration interval is 0, an hour or more, or not below its Min-Expires",
     "RFC 3261 10.3",
     "REGISTER (expires=1800) -> 423 Interval Too Brief (min-expires=3600)"},
    {"REGISTER (contact=a, expires=0) -> 423 Interval Too Brief (min-expires=600)",
     2, "a 423 to a REGISTER whose expiration interval is 0, an hour or more, or not below its Min-Expires",
     "RFC 3261 10.3",
     "REGISTER (contact=a, expires=0) -> 200 OK"},
    {"REGISTER (expires=60) -> 423 Interval Too Brief",
     2, "a 423 without Min-Expires",
     "RFC 3261 10.3",
     "REGISTER (expires=60) -> 423 Interval Too Brief (min-expires=600)"},
    {"REGISTER -> 603 Decline",
     2, "a 6xx response to a REGISTER",
     "RFC 3261 10.3",
     "REGISTER -> 403 Forbidden"},};

// The same where the rule is met on another way: seen in the log of the other side, or after what
// was lost.
struct refusal {
  std::string_view flow;
  std::size_t step;
  std::string_view clause;
};

constexpr refusal relatives[] = {
    {"REGISTER (expires=60) -> 423 (min-expires=600, lost) -> REGISTER (expires=60, again)"
     " -> 423 (min-expires=600, again) -> REGISTER (expires=60)", 5, "RFC 3261 10.2.8"},
    {"MESSAGE (auth, nonce=n1) -> 401 (nonce=n1, lost) -> MESSAGE (auth, nonce=n1, again)"
     " -> 401 (nonce=n1, again) -> MESSAGE (auth, nonce=n1)", 5, "RFC 3261 22.1, RFC 7616 3.3"},
    {"REGISTER (contact=a, lost) -> REGISTER (contact=a, again) -> 100 Trying"
     " -> REGISTER (contact=b)", 4, "RFC 3261 10.2, RFC 5626 4.2.1"},
    {"< REGISTER (contact=a)\n< REGISTER (contact=b)", 2, "RFC 3261 10.2, RFC 5626 4.2.1"},
    {"< REGISTER (expires=60)\n> 423 (min-expires=600)\n< REGISTER (expires=60)", 3,
     "RFC 3261 10.2.8"},
    {"< MESSAGE (auth, nonce=n1)\n> 401 (nonce=n1)\n< MESSAGE (auth, nonce=n1)", 3,
     "RFC 3261 22.1, RFC 7616 3.3"},
    {"< REGISTER (contact=*, expires=60)", 1, "RFC 3261 10.2.2"},
    {"> REGISTER\n< 603 Decline", 2, "RFC 3261 10.3"},
    {"> REGISTER (expires=7200)\n< 423 (min-expires=9000)", 2, "RFC 3261 10.3"},
    {"< REGISTER (cseq=5)\n> 200\n< REGISTER (cseq=4)", 3, "RFC 3261 10.2, 10.2.4"},
    {"> INVITE\n< 180 Ringing\n> CANCEL\n< 401 Unauthorized (CANCEL)", 4,
     "RFC 3261 9.2, 22.1"},
    {"> INVITE\n< 180 Ringing\n> CANCEL\n< 407 Proxy Authentication Required (CANCEL)", 4,
     "RFC 3261 9.2, 22.1"},
};

constexpr std::string_view legal[] = {
    // The Call-ID of the first message is that of requests which name none; a response answers any.
    "REGISTER (call=a) -> 200 OK",
    "INVITE (call=1) -> 200 OK -> ACK",
    "REGISTER (cseq=5, call=a) -> 200 OK -> REGISTER (cseq=1, call=b) -> 200 OK",
    R"(alice -> bob: OPTIONS (call=2)
bob -> : 200 OK #1
-> alice: 200 OK #1)",
    // In IMS the first REGISTER has credentials with an empty nonce (3GPP TS 24.229 5.1.1.2).
    "REGISTER (auth) -> 401 Unauthorized (nonce=n1) -> REGISTER (auth, nonce=n1) -> 200 OK",
    // The nonce is unsaid: it may be another one.
    "REGISTER -> 401 -> REGISTER (auth) -> 401 -> REGISTER (auth) -> 200 OK",
    // A fetch while a change is pending, and the other way round (RFC 3261 10.2)
    "REGISTER (contact=a) -> REGISTER -> 200 OK -> 200 OK",
    "REGISTER -> REGISTER (contact=a) -> 200 OK -> 200 OK",
    // Retry-After may be over (RFC 3261 21.5.4)
    "REGISTER -> 503 Service Unavailable (retry-after=10) -> REGISTER -> 200 OK",
    "REGISTER -> 500 Server Internal Error -> REGISTER -> 200 OK",
    // The interval of a removal is 0 (RFC 3261 10.3)
    "REGISTER (contact=a, expires=60) -> 423 (min-expires=600)"
    " -> REGISTER (contact=a, expires=0) -> 200 OK",
    "REGISTER (expires=60) -> 423 Interval Too Brief (min-expires=600) -> REGISTER -> 200 OK",
    // Redirected, asked for a security agreement, refused for good
    "REGISTER -> 301 Moved Permanently -> REGISTER -> 200 OK",
    "REGISTER -> 494 Security Agreement Required -> REGISTER -> 200 OK",
    "REGISTER -> 404 Not Found",
    // A registration in the middle of a call, which it does not concern
    "INVITE -> 200 OK -> ACK -> REGISTER -> 200 OK -> BYE -> 200 OK",
    // The wrong password for one method says nothing of another
    R"(alice -> bob: INVITE
bob -> alice: 401 Unauthorized (nonce=n1)
alice -> bob: ACK
alice -> bob: INVITE (auth, nonce=n1)
bob -> alice: 200 OK
alice -> bob: ACK
alice -> bob: BYE (auth, nonce=n1)
bob -> alice: 401 Unauthorized (BYE, nonce=n2)
alice -> bob: BYE (auth, nonce=n2)
bob -> alice: 200 OK)",
    // A REGISTER that crosses its own retransmission's answer
    R"(alice -> bob: REGISTER (contact=a)
bob -> : 200 OK #1
alice -> bob: REGISTER (contact=a, again)
-> alice: 200 OK #1
bob -> alice: 200 OK (again))",
    // Of the methods that nobody challenges there is nothing to judge, however many they are
    "REGISTER -> 401 Unauthorized -> REGISTER (auth) -> 200 OK -> SUBSCRIBE -> 200 OK"
    " -> NOTIFY by callee -> 200 OK -> INVITE (100rel) -> 183 Session Progress (100rel) -> PRACK"
    " -> 200 OK for PRACK -> UPDATE -> 200 OK for UPDATE -> 200 OK -> ACK -> INFO -> 200 OK"
    " -> BYE -> 200 OK",
    R"(alice -> registrar: REGISTER
registrar -> alice: 200 OK
bob -> registrar: REGISTER
registrar -> bob: 200 OK
alice -> bob: INVITE (100rel)
bob -> alice: 183 Session Progress (100rel)
alice -> bob: PRACK
bob -> alice: 200 OK for PRACK
alice -> bob: UPDATE
bob -> alice: 200 OK for UPDATE
bob -> alice: 200 OK
alice -> bob: ACK
alice -> bob: REFER
bob -> alice: 202 Accepted
bob -> alice: NOTIFY
alice -> bob: 200 OK
bob -> alice: BYE
alice -> bob: 200 OK)",
    // Seen from one side
    "> REGISTER (contact=a)\n< 401 (nonce=n1)\n> REGISTER (contact=a, auth, nonce=n1)\n< 200 OK",
    "< REGISTER (contact=a, expires=60)\n> 423 (min-expires=600)",
};

// What was never answered may have timed out (RFC 3261 10.2), and is open for good.
constexpr std::string_view unanswered[] = {
    "REGISTER (lost) -> REGISTER -> 200 OK",
    "REGISTER -> 200 OK (lost) -> REGISTER -> 200 OK",
};
// clang-format on

template <std::size_t I>
struct refused {
  static constexpr auto verdict = check_flow(misuses[I].flow);
  static_assert(verdict.violated());
  static_assert(verdict.step() == misuses[I].step);
  static_assert(verdict.sentence() == misuses[I].sentence);
  static_assert(verdict.clause() == misuses[I].clause);
  static constexpr bool value = true;
};

template <std::size_t I>
struct related {
  static constexpr auto verdict = check_flow(relatives[I].flow);
  static_assert(verdict.violated());
  static_assert(verdict.step() == relatives[I].step);
  static_assert(verdict.clause() == relatives[I].clause);
  static constexpr bool value = true;
};

template <std::size_t I>
struct cured {
  static_assert(check_flow(misuses[I].cure).complete());
  static constexpr bool value = true;
};

template <std::size_t I>
struct accepted {
  static_assert(check_flow(legal[I]).complete());
  static constexpr bool value = true;
};

template <std::size_t I>
struct left_open {
  static_assert(check_flow(unanswered[I]).legal());
  static constexpr bool value = true;
};

template <std::size_t I>
struct drawn {
  static_assert(check_flow(flows::registrations[I]->text).complete());
  static constexpr bool value = true;
};

static_assert(holds_for_each<refused, std::size(misuses)>);
static_assert(holds_for_each<related, std::size(relatives)>);
static_assert(holds_for_each<cured, std::size(misuses)>);
static_assert(holds_for_each<accepted, std::size(legal)>);
static_assert(holds_for_each<left_open, std::size(unanswered)>);
static_assert(holds_for_each<drawn, std::size(flows::registrations)>);

} // namespace

BOOST_AUTO_TEST_SUITE(flow_registrations)

BOOST_AUTO_TEST_CASE(each_misuse_is_refused_in_the_words_of_its_rule) {
  for (auto const& m : misuses) BOOST_TEST_CONTEXT(m.flow) {
      auto const v = check_flow(m.flow);
      BOOST_TEST(v.violated());
      BOOST_TEST(v.step() == m.step);
      BOOST_TEST(v.sentence() == m.sentence);
      BOOST_TEST(v.clause() == m.clause);
    }
}

BOOST_AUTO_TEST_CASE(each_misuse_reaches_the_policy_with_the_same_words) {
  for (auto const& m : misuses) BOOST_TEST_CONTEXT(m.flow) {
      ctsip::on_violation::count seen;
      (void)check_flow(m.flow, seen);
      BOOST_TEST(seen.violations == 1u);
      BOOST_CHECK_EXCEPTION((void)check_flow(m.flow, ctsip::on_violation::raise{}),
                            ctsip::violation, [&](ctsip::violation const& v) {
                              return v.sentence == m.sentence && v.clause == m.clause;
                            });
    }
}

BOOST_AUTO_TEST_CASE(an_outline_is_refused_alike) {
  BOOST_TEST(!ctsip::check_outline("REGISTER (contact=*, expires=600) -> 200 OK").accepted());
  auto const v = ctsip::check_outline(
      "REGISTER -> 423 Interval Too Brief (min-expires=600) -> REGISTER (expires=60)");
  BOOST_TEST(!v.accepted());
  BOOST_TEST(v.step() == 3u);
  BOOST_TEST(v.clause() == "RFC 3261 10.2.8");
}

BOOST_AUTO_TEST_CASE(each_cure_is_complete) {
  for (auto const& m : misuses) BOOST_TEST_CONTEXT(m.cure) {
      BOOST_TEST(check_flow(m.cure).complete());
    }
}

BOOST_AUTO_TEST_CASE(what_looks_like_a_misuse_and_is_legal_is_accepted) {
  for (auto const text : legal) BOOST_TEST_CONTEXT(text) {
      BOOST_TEST(check_flow(text).complete());
    }
}

BOOST_AUTO_TEST_CASE(after_what_was_never_answered_another_is_sent) {
  for (auto const text : unanswered) BOOST_TEST_CONTEXT(text) {
      BOOST_TEST(check_flow(text).legal());
    }
}

BOOST_AUTO_TEST_CASE(the_registrations_that_rfcs_draw_are_complete) {
  for (auto const* flow : flows::registrations) BOOST_TEST_CONTEXT(flow->clause) {
      BOOST_TEST(check_flow(flow->text).complete());
    }
}

BOOST_AUTO_TEST_CASE(in_a_log_the_peer_is_told_who_breaks_a_rule) {
  for (auto const& r : relatives) BOOST_TEST_CONTEXT(r.flow) {
      auto const v = check_flow(r.flow);
      BOOST_TEST(v.violated());
      BOOST_TEST(v.step() == r.step);
      BOOST_TEST(v.clause() == r.clause);
      if (r.flow.front() == '<' || r.flow.front() == '>') BOOST_TEST(v.participant() == "peer");
    }
}

BOOST_AUTO_TEST_CASE(a_challenge_answers_what_makes_the_flow_legal_rfc_3261_22_1) {
  // A CANCEL is not challenged: the 407 is the INVITE's.
  auto const v = check_flow("INVITE -> 100 Trying -> CANCEL -> 407 Proxy Authentication Required"
                            " -> ACK -> 200 OK");
  BOOST_TEST(v.complete());
  auto const said = check_flow("INVITE -> 100 Trying -> CANCEL -> 407 (CANCEL)");
  BOOST_TEST(said.violated());
  BOOST_TEST(said.clause() == "RFC 3261 9.2");
}

BOOST_AUTO_TEST_SUITE_END()
