// The rules as hand-written switches, in two variants: one finds each rule's symbol in the event
// itself, the other is given it and the event. What the numbers in a message say, and keeping them,
// is in both the rules' own code, the product's as well.
#include <concepts>
#include <tuple>

#include <ctsip/dialog/call.hpp>

#include "switches.hpp"
#include "variant.hpp"

namespace bench::call {

namespace {

struct no_facts {};

// A rule by hand, with the numbers that it keeps.
template <class Switch>
struct kept_rule : Switch {
  using rule = typename Switch::rule;

  template <class Rule>
  static constexpr auto facts_of() {
    if constexpr (requires { typename Rule::facts; })
      return typename Rule::facts{};
    else
      return no_facts{};
  }
  decltype(facts_of<rule>()) facts{};

  void refine(ctsip::call_event& e, ctsip::call_message const& m) const {
    if constexpr (requires { rule::refine(e, m, facts); }) rule::refine(e, m, facts);
  }
  typename rule::symbol decode(ctsip::call_message const& m, ctsip::call_event const& e) const {
    auto const plain = rule::project(e);
    if constexpr (requires { rule::correct(plain, m, e, facts); })
      return rule::correct(plain, m, e, facts);
    else
      return plain;
  }
  void commit(verdict v, ctsip::call_message const& m, ctsip::call_event const& e) {
    this->state = static_cast<typename rule::state>(v.to);
    if constexpr (requires { rule::commit(facts, m, e); }) rule::commit(facts, m, e);
  }
};

// All of them, in the order of the product. `Decodes` is a template parameter so that the two
// variants share no code that the linker could merge.
template <bool Decodes>
class switches {
 public:
  outcome step(fed_message const& fed) {
    auto const& m = fed.message;
    if constexpr (Decodes) {
      ctsip::call_event e{m};
      dialog_.refine(e, m);
      cancellation_.refine(e, m);
      reliable_provisional_.refine(e, m);
      return finish(m, e, dialog_.judge(dialog_.decode(m, e)),
                    invite_usage_.judge(invite_usage_.decode(m, e)),
                    cancellation_.judge(cancellation_.decode(m, e)),
                    reliable_provisional_.judge(reliable_provisional_.decode(m, e)),
                    precondition_.judge(precondition_.decode(m, e)),
                    offer_answer_.judge(offer_answer_.decode(m, e)),
                    session_modification_.judge(session_modification_.decode(m, e)),
                    session_timer_.judge(session_timer_.decode(m, e)));
    } else {
      return finish(m, fed.event, given(dialog_, fed, 0), given(invite_usage_, fed, 1),
                    given(cancellation_, fed, 2), given(reliable_provisional_, fed, 3),
                    given(precondition_, fed, 4), given(offer_answer_, fed, 5),
                    given(session_modification_, fed, 6), given(session_timer_, fed, 7));
    }
  }

 private:
  template <class Rule>
  static verdict given(Rule const& r, fed_message const& fed, std::size_t at) {
    return r.judge(static_cast<typename Rule::rule::symbol>(fed.symbols[at]));
  }

  template <std::same_as<verdict>... Verdicts>
  outcome finish(ctsip::call_message const& m, ctsip::call_event const& e, Verdicts... v) {
    if ((v.refuses || ...)) [[unlikely]] {
      unsigned at = 0;
      (void)((v.refuses || (++at, false)) || ...);
      return refused_by(at);
    }
    commit(std::tuple{v...}, m, e);
    outcome all = 0;
    unsigned at = 0;
    ((all |= outcome{v.does} << (8 * at++)), ...);
    return all;
  }

  template <class Verdicts>
  void commit(Verdicts const& v, ctsip::call_message const& m, ctsip::call_event const& e) {
    dialog_.commit(std::get<0>(v), m, e);
    invite_usage_.commit(std::get<1>(v), m, e);
    cancellation_.commit(std::get<2>(v), m, e);
    reliable_provisional_.commit(std::get<3>(v), m, e);
    precondition_.commit(std::get<4>(v), m, e);
    offer_answer_.commit(std::get<5>(v), m, e);
    session_modification_.commit(std::get<6>(v), m, e);
    session_timer_.commit(std::get<7>(v), m, e);
  }

  kept_rule<dialog_by_hand> dialog_;
  kept_rule<invite_usage_by_hand> invite_usage_;
  kept_rule<cancellation_by_hand> cancellation_;
  kept_rule<reliable_provisional_by_hand> reliable_provisional_;
  kept_rule<precondition_by_hand> precondition_;
  kept_rule<offer_answer_by_hand> offer_answer_;
  kept_rule<session_modification_by_hand> session_modification_;
  kept_rule<session_timer_by_hand> session_timer_;
};

variant<switches<true>> const that_decode("switches that decode");
variant<switches<false>> const that_are_given("switches, given the symbols");

} // namespace

} // namespace bench::call
