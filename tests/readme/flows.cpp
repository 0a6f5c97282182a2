// The samples of the README that model flows, and the rule of one's own that it names.
// clang-format off
#include <boost/test/unit_test.hpp>

#include <ctsip/ctsip.hpp>
using namespace ctsip::literals;

static_assert("INVITE -> 100 Trying -> 180 Ringing -> 200 OK -> ACK -> BYE -> 200 OK"_flow.complete());

namespace outline_and_typed {
using namespace ctsip::messages;  // invite, ack, bye …
using namespace ctsip::marks;     // sdp, reliable, tag …

constexpr auto arrows = "INVITE -> 200 OK -> ACK"_complete_flow;
constexpr auto ladder = "alice -> bob: INVITE \n bob -> alice: 200 OK \n alice -> bob: ACK"_complete_flow;
constexpr auto log_of_bob = "< INVITE \n > 200 OK \n < ACK"_complete_flow;
constexpr auto figure = R"(
   Alice                     Bob
     |       INVITE F1        |
     |----------------------->|
     |    486 Busy Here F2    |
     |<-----------------------|
     |         ACK F3         |
     |----------------------->|
)"_complete_flow;
static_assert("CANCEL -> 200 OK for CANCEL -> 487 Request Terminated -> ACK"_outline.accepted());
static_assert(ctsip::flow().sends(invite{}, sdp).receives(180).receives(200, sdp).sends(ack{}).complete());
static_assert(arrows.complete() && ladder.complete() && log_of_bob.complete() &&
              figure.complete());
} // namespace outline_and_typed

namespace own_rule {
using namespace ctsip;

struct update_before_answer {
  static constexpr char const* title = "UPDATE before the answer";
  enum class state : std::uint8_t { unconfirmed, confirmed };
  enum class symbol : std::uint8_t { update_accepted, sent_answer };
  enum class action : std::uint8_t { none };
  using enum state;
  using enum symbol;
  using in = ctsip::in<state, symbol, action>;
  static constexpr symbol commands[] = {sent_answer};
  static constexpr symbol project(call_event const& e) {
    if (e.phase != phase::success) return outside<symbol>;
    if (e.subject == subject::update) return update_accepted;
    return e.subject == subject::invite && e.is_sent() ? sent_answer : outside<symbol>;
  }
  static constexpr in::row rows[] = {
      in{unconfirmed, confirmed}.on(update_accepted).rfc("handbook 7.2").then(confirmed),
      in{confirmed}.on(sent_answer).rfc("handbook 7.2").stay(),
      in{unconfirmed}.on(sent_answer).refused("an answer before the UPDATE", "handbook 7.2"),
  };
};

struct operator_call : ctsip::uac_call::with<update_before_answer> {};

} // namespace own_rule

BOOST_AUTO_TEST_CASE(readme_a_rule_of_ones_own_judges_beside_the_others) {
  auto const v = ctsip::flow_check<own_rule::operator_call>::check("INVITE -> 180 -> 200 OK -> ACK");
  BOOST_TEST(v.violated());
  BOOST_TEST(v.step() == 3u);
  BOOST_TEST(v.sentence() == "an answer before the UPDATE");
  // As those of a call do, for who has a policy and for who writes an outline.
  using own_rule::operator_call;
  BOOST_CHECK_THROW((void)ctsip::check_flow<operator_call>("INVITE -> 180 -> 200 OK -> ACK",
                                                           ctsip::on_violation::raise{}),
                    ctsip::violation);
  BOOST_TEST(!ctsip::check_outline<operator_call>("INVITE -> 180 -> 200 OK -> ACK").accepted());
  BOOST_TEST(ctsip::check_outline("INVITE -> 180 -> 200 OK -> ACK").accepted());
}

BOOST_AUTO_TEST_CASE(readme_the_product_says_what_to_do_and_what_waits) {
  // No more than what the README has shown before.
  using namespace ctsip::messages;
  int acks = 0;
  std::string_view later;
  auto const send_ack = [&] { ++acks; };
  auto const keep_for_later = [&](char const* why) { later = why; };

ctsip::uac_call call;
(void)call.process({.event = ctsip::sent<invite>{}, .cseq = 1, .content = ctsip::content::sdp});
auto step = call.process({.event = ctsip::received<ctsip::response<200>>{}, .cseq = 1,
                          .content = ctsip::content::sdp});
if (step.does<ctsip::invite_usage>().has(ctsip::invite_usage::action::send_ack)) send_ack();
ctsip::call_message const hang_up{.event = ctsip::sent<bye>{}, .cseq = 2};
if (call.judge(hang_up).waits()) keep_for_later(call.explain(hang_up).sentence);

  BOOST_TEST(acks == 1);
  BOOST_TEST(later == "the 2xx is acknowledged first: ACK, then BYE");
}

BOOST_AUTO_TEST_CASE(readme_the_crossing_is_legal) {
  BOOST_TEST(ctsip::check_flow(R"(alice -> bob: INVITE
bob -> alice: 180 Ringing
alice -> : CANCEL #1
bob -> alice: 200 OK (INVITE)
-> bob: CANCEL #1
alice -> bob: ACK
bob -> alice: 200 OK (CANCEL)
alice -> bob: BYE
bob -> alice: 200 OK (BYE))").complete());
}
