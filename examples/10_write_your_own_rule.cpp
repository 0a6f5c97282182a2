// A rule of your own: an operator demands that an UPDATE has confirmed the session before the call
// is answered. No RFC says so. It is a table like any other, listed beside the others.
//
// Break it: in `accepted` below, move "bob -> alice: 200 OK (INVITE)" up to before the UPDATE. The
// compiler refuses at_step<5>: "a call is answered before an UPDATE has confirmed the session
// (Operator handbook 7.2)". Or take the last row out of the table: `proven` names the state and
// the symbol that nothing answers any more: table_fault<fault::no_row, ..., unconfirmed,
// received_answer>.
#include <cstdint>
#include <cstdio>
#include <string_view>

#include <ctsip/dialog/call.hpp>
#include <ctsip/flow/flow.hpp>
#include <ctsip/machine/proof.hpp>

#include "support/flow.hpp"

namespace {

using namespace ctsip;

// Three enumerations, a projection and rows: that is a rule.
struct update_before_answer {
  static constexpr char const* title = "UPDATE before the answer";

  enum class state : std::uint8_t {
    unconfirmed, // the first is where it begins
    confirmed
  };
  enum class symbol : std::uint8_t { update_accepted, sent_answer, received_answer };
  enum class action : std::uint8_t { none }; // this rule only allows and refuses
  using enum state;
  using enum symbol;
  using in = ctsip::in<state, symbol, action>;

  // What we ask for and may be refused. All other symbols are facts: the table must take them.
  static constexpr symbol commands[] = {sent_answer};

  // Of all that happens in a call, what this rule looks at. Sent or received is all the same for
  // the 2xx to an UPDATE; for that to the INVITE it is an act of ours or a fact.
  static constexpr symbol project(call_event const& e) {
    if (e.phase != phase::success) return outside<symbol>;
    if (e.subject == subject::update) return update_accepted;
    if (e.subject != subject::invite) return outside<symbol>;
    return e.is_sent() ? sent_answer : received_answer;
  }

  static constexpr char const* sentence =
      "a call is answered before an UPDATE has confirmed the session";
  static constexpr char const* clause = "Operator handbook 7.2";

  // clang-format off
  static constexpr in::row rows[] = {
      in{unconfirmed, confirmed}.on(update_accepted)      .rfc(clause).then(confirmed),
      in{confirmed}.on(sent_answer, received_answer)      .rfc(clause).stay(),
      in{unconfirmed}.on(sent_answer)                     .refused(sentence, clause),
      in{unconfirmed}.on(received_answer)                 .peer_violation(sentence, clause).stay(),
  };
  // clang-format on
};
static_assert(proven<update_before_answer>);

// The call that this operator allows: all rules of the RFCs, and one more.
struct operator_call : uac_call::with<update_before_answer> {};

// What `_flow` is to the rules of the RFCs, `demand` is to yours: a flow that breaks one does not
// compile.
constexpr flow_verdict accepted = flow_check<operator_call>::demand<R"(
alice -> bob: INVITE (sdp, 100rel)
bob -> alice: 183 Session Progress (sdp, 100rel)
alice -> bob: PRACK
bob -> alice: 200 OK (PRACK)
alice -> bob: UPDATE (sdp)
bob -> alice: 200 OK (UPDATE, sdp)
bob -> alice: 180 Ringing
bob -> alice: 200 OK (INVITE)
alice -> bob: ACK
)">();
static_assert(accepted.complete());

// Legal by the RFCs, and refused here.
constexpr std::string_view plain = "alice -> bob: INVITE (sdp)\n"
                                   "bob -> alice: 180 Ringing\n"
                                   "bob -> alice: 200 OK (sdp)\n"
                                   "alice -> bob: ACK\n";
static_assert(check_flow(plain).complete());

constexpr flow_verdict refused = flow_check<operator_call>::check(plain);
static_assert(refused.violated() && refused.step() == 3 && refused.participant() == "bob");
static_assert(refused.sentence() == update_before_answer::sentence);
static_assert(refused.clause() == update_before_answer::clause);

} // namespace

int main() {
  example::print_flow<operator_call>(accepted);
  std::printf("\n");
  example::print_flow<operator_call>(refused);
  return 0;
}
