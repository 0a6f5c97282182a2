// A product of three small machines of its own: what is promised of every
// composition.
#include <ctsip/machine/composition.hpp>

#include <cstring>
#include <initializer_list>
#include <string>

#include <boost/test/unit_test.hpp>

#include "machine/reporting.hpp"

BOOST_AUTO_TEST_SUITE(machine_composition)

// A shop: a door that opens and shuts, a till that counts, a lamp that looks at
// the amount.

enum class occasion : std::uint8_t { enter, leave, pay, overpay, ring, night };

struct parcel {
  occasion what{};
  std::uint32_t amount{};
};

struct happening {
  occasion what{};

  constexpr happening() = default;
  constexpr explicit happening(occasion o) : what(o) {}
  constexpr explicit happening(parcel const& p) : what(p.what) {}

  static constexpr std::size_t alphabet_size = 6;
  constexpr std::size_t index() const { return static_cast<std::size_t>(what); }
  static constexpr happening at(std::size_t i) { return happening{static_cast<occasion>(i)}; }
};

struct door {
  static constexpr char const* title = "door";
  enum class state : std::uint8_t { shut, open };
  enum class symbol : std::uint8_t { enter, leave, night };
  enum class action : std::uint8_t { greet, lock };
  using enum state;
  using enum symbol;
  using enum action;
  using in = ctsip::in<state, symbol, action>;
  static constexpr symbol commands[] = {enter, leave};
  static constexpr state at_rest[] = {shut};
  static constexpr symbol project(happening const& e) {
    switch (e.what) {
    case occasion::enter: return enter;
    case occasion::leave: return leave;
    case occasion::night: return night;
    default: return ctsip::outside<symbol>;
    }
  }
  static constexpr in::row rows[] = {
      in{shut}.on(enter).does(greet).starts(ctsip::timer::a).rfc("RFC 9999 1").then(open),
      in{open}.on(leave).stops(ctsip::timer::a).rfc("RFC 9999 1").then(shut),
      in{open}.on(enter).waits("one guest at a time", "RFC 9999 1.1"),
      in{shut}.on(leave).refused("nobody is inside", "RFC 9999 1.2"),
      in{open}
          .on(night)
          .does(lock)
          .stops(ctsip::timer::a)
          .peer_violation("night falls upon a guest", "RFC 9999 1.3")
          .then(shut),
      in{shut}.on(night).ignored("it is shut"),
  };
};

struct till {
  static constexpr char const* title = "till";
  enum class state : std::uint8_t { idle, paid };
  enum class symbol : std::uint8_t { pay, overpay, leave, night };
  enum class action : std::uint8_t { print };
  using enum state;
  using enum symbol;
  using enum action;
  using in = ctsip::in<state, symbol, action>;
  static constexpr symbol commands[] = {pay, overpay, leave};
  static constexpr state at_rest[] = {idle};
  struct facts {
    std::uint32_t sum{};
    std::uint32_t last{};
  };
  static constexpr symbol project(happening const& e) {
    switch (e.what) {
    case occasion::pay: return pay;
    case occasion::overpay: return overpay;
    case occasion::leave: return leave;
    case occasion::night: return night;
    default: return ctsip::outside<symbol>;
    }
  }
  // Only this rule knows what was paid before.
  static constexpr void refine(happening& e, parcel const& m, facts const& mine) {
    if (e.what == occasion::pay && mine.sum + m.amount > 100) e.what = occasion::overpay;
  }
  static constexpr void commit(facts& mine, parcel const& m, happening const& e) {
    if (e.what != occasion::pay && e.what != occasion::overpay) return;
    mine.sum += m.amount;
    mine.last = m.amount;
  }
  static constexpr in::row rows[] = {
      in{idle, paid}.on(pay).does(print).doubles(ctsip::timer::b).rfc("RFC 9999 2").then(paid),
      in{idle, paid}.on(overpay).refused("more than the till holds", "RFC 9999 2.1"),
      in{paid}.on(leave).starts(ctsip::timer::b).rfc("RFC 9999 2").then(idle),
      in{idle}.on(leave).waits("pay first", "RFC 9999 2.2"),
      in{idle, paid}.on(night).peer_violation("night falls upon the till", "RFC 9999 2.3").stay(),
  };
};

// Looks at what the till has refined, and classifies by the number of the
// message.
struct lamp {
  static constexpr char const* title = "lamp";
  enum class state : std::uint8_t { dark, bright };
  enum class symbol : std::uint8_t { much, little };
  enum class action : std::uint8_t { flash };
  using enum state;
  using enum symbol;
  using enum action;
  using in = ctsip::in<state, symbol, action>;
  static constexpr symbol commands[] = {much, little};
  struct facts {
    std::uint32_t flashes{};
  };
  static constexpr symbol project(happening const&) { return ctsip::outside<symbol>; }
  static constexpr symbol classify(parcel const& m, happening const& e, facts const& mine) {
    if (e.what != occasion::pay && e.what != occasion::overpay) return ctsip::outside<symbol>;
    return m.amount + mine.flashes > 10 ? much : little;
  }
  static constexpr void commit(facts& mine, parcel const&, happening const& e) {
    if (e.what == occasion::pay) ++mine.flashes;
  }
  static constexpr in::row rows[] = {
      in{dark, bright}.on(much).does(flash).rfc("RFC 9999 3").then(bright),
      in{bright}.on(little).rfc("RFC 9999 3").then(dark),
      in{dark}.on(little).refused("too little light", "RFC 9999 3.1"),
  };
};

// Its symbol is found in the common map and then corrected by the number of the
// message.
struct bell {
  static constexpr char const* title = "bell";
  enum class state : std::uint8_t { silent, ringing };
  enum class symbol : std::uint8_t { ring, alarm };
  enum class action : std::uint8_t { wake };
  using enum state;
  using enum symbol;
  using enum action;
  using in = ctsip::in<state, symbol, action>;
  static constexpr symbol commands[] = {ring};
  struct facts {
    std::uint32_t loudness{};
  };
  static constexpr symbol project(happening const& e) {
    return e.what == occasion::ring ? ring : ctsip::outside<symbol>;
  }
  static constexpr symbol correct(symbol s, parcel const& m, happening const&, facts const& mine) {
    return s == ring && m.amount > 9 + mine.loudness ? alarm : s;
  }
  static constexpr void commit(facts& mine, parcel const& m, happening const& e) {
    if (e.what == occasion::ring) mine.loudness = m.amount;
  }
  static constexpr ctsip::milliseconds wait(ctsip::timer t, facts const& mine) {
    return t == ctsip::timer::c ? ctsip::milliseconds{mine.loudness} : ctsip::milliseconds::never();
  }
  static constexpr in::row rows[] = {
      in{silent}.on(ring).starts(ctsip::timer::c).rfc("RFC 9999 4").then(ringing),
      in{ringing}.on(ring).waits("it rings already", "RFC 9999 4.1"),
      in{silent, ringing}.on(alarm).does(wake).race("RFC 9999 4.2").stay(),
  };
};

using shop = ctsip_tests::reporting<ctsip::basic_composition<happening, parcel, door, till, lamp>>;
using house = ctsip_tests::reporting<ctsip::basic_composition<happening, parcel, door, bell, till>>;
using mirrored =
    ctsip_tests::reporting<ctsip::basic_composition<happening, parcel, lamp, till, door>>;
static_assert(shop::size == 3);

constexpr parcel enter{occasion::enter}, leave{occasion::leave}, ring{occasion::ring},
    night{occasion::night};
constexpr parcel pay(std::uint32_t amount) { return {occasion::pay, amount}; }

template <class C>
constexpr C after(std::initializer_list<parcel> messages) {
  C c;
  for (auto const& m : messages) (void)c.process(m);
  return c;
}

template <class T>
bool same_bytes(T const& a, unsigned char const (&b)[sizeof(T)]) {
  return std::memcmp(&a, b, sizeof(T)) == 0;
}

// A byte a rule, and the facts of those that have some.
static_assert(sizeof(ctsip::basic_composition<happening, parcel, door>) <= 2);
static_assert(sizeof(shop) <= sizeof(till::facts) + sizeof(lamp::facts) + 4);

BOOST_AUTO_TEST_CASE(a_step_is_taken_by_all_rules_whose_alphabet_has_it) {
  shop c;
  auto const s = c.process(enter);
  BOOST_TEST(!s.refused());
  BOOST_TEST(c.is<door>(door::open));
  BOOST_TEST(c.is<till>(till::idle));
  BOOST_TEST(s.does<door>().has(door::greet));
  BOOST_TEST(s.does<till>().empty());
  BOOST_TEST(s.of<door>().known());
  BOOST_TEST(!s.of<till>().known());
  BOOST_TEST((s.kind<door>() == ctsip::row_kind::expected));
  BOOST_TEST((s.kind<till>() == ctsip::row_kind::ignored));
  BOOST_TEST((s.of<door>().next == door::open));
}

BOOST_AUTO_TEST_CASE(what_no_rule_knows_changes_nothing) {
  auto c = after<shop>({enter, pay(20)});
  unsigned char before[sizeof c];
  std::memcpy(before, &c, sizeof c);
  auto const s = c.process(ring);
  BOOST_TEST(!s.refused());
  BOOST_TEST(same_bytes(c, before));
  BOOST_TEST((s.timers() == ctsip::timer_changes{}));
  BOOST_TEST(int(s.broken_by_peer()) == int(shop::step::nobody));
}

BOOST_AUTO_TEST_CASE(judge_changes_nothing_and_says_what_process_does) {
  auto c = after<shop>({enter});
  unsigned char before[sizeof c];
  std::memcpy(before, &c, sizeof c);
  for (auto const& m : {enter, leave, ring, night, pay(1), pay(20), pay(1000)}) {
    auto const judged = c.judge(m);
    BOOST_TEST(same_bytes(c, before));
    auto copy = c;
    auto const taken = copy.process(m);
    BOOST_TEST(judged.refused() == taken.refused());
    BOOST_TEST(int(judged.refused_by) == int(taken.refused_by));
    BOOST_TEST((judged.does<door>() == taken.does<door>()));
    BOOST_TEST((judged.timers() == taken.timers()));
    if (!judged.refused()) BOOST_TEST((judged.of<lamp>().next == copy.state<lamp>()));
  }
}

BOOST_AUTO_TEST_CASE(if_one_rule_refuses_none_moves) {
  // The till would take it and count it, the lamp does not.
  shop c;
  unsigned char before[sizeof c];
  std::memcpy(before, &c, sizeof c);
  auto const s = c.process(pay(5));
  BOOST_TEST(s.refused());
  BOOST_TEST(int(s.refused_by) == 2);
  BOOST_TEST(same_bytes(c, before));
  BOOST_TEST(c.facts<till>().sum == 0u);
  BOOST_TEST(s.does<till>().empty());
  BOOST_TEST(s.does<lamp>().empty());
  BOOST_TEST((s.timers() == ctsip::timer_changes{}));
}

BOOST_AUTO_TEST_CASE(the_first_refusal_in_the_order_of_the_list_is_told) {
  // Both the door and the till refuse.
  BOOST_TEST(int(shop{}.judge(leave).refused_by) == 0);
  BOOST_TEST(int(mirrored{}.judge(leave).refused_by) == 1);
  auto why = shop{}.explain(leave);
  BOOST_TEST(std::string(why.machine) == "door");
  BOOST_TEST(std::string(why.state) == "shut");
  BOOST_TEST(std::string(why.event) == "leave");
  BOOST_TEST(std::string(why.sentence) == "nobody is inside");
  BOOST_TEST(std::string(why.clause) == "RFC 9999 1.2");
  why = mirrored{}.explain(leave);
  BOOST_TEST(std::string(why.machine) == "till");
  BOOST_TEST(std::string(why.sentence) == "pay first");
}

BOOST_AUTO_TEST_CASE(a_refusal_by_a_classifying_rule_is_told_as_any_other) {
  auto const why = shop{}.explain(pay(5));
  BOOST_TEST(std::string(why.machine) == "lamp");
  BOOST_TEST(std::string(why.event) == "little");
  BOOST_TEST(std::string(why.clause) == "RFC 9999 3.1");
}

BOOST_AUTO_TEST_CASE(what_is_refined_is_what_all_rules_see) {
  auto const c = after<shop>({pay(60)});
  BOOST_TEST((c.classify(pay(30)).what == occasion::pay));
  BOOST_TEST((c.classify(pay(60)).what == occasion::overpay));
  BOOST_TEST(std::string(c.explain(pay(60)).sentence) == "more than the till holds");
}

BOOST_AUTO_TEST_CASE(facts_are_written_after_a_step_that_was_allowed_and_by_their_rule_only) {
  shop c;
  (void)c.process(pay(60));
  BOOST_TEST(c.facts<till>().sum == 60u);
  BOOST_TEST(c.facts<lamp>().flashes == 1u);
  (void)c.process(pay(60)); // more than it holds
  BOOST_TEST(c.facts<till>().sum == 60u);
  BOOST_TEST(c.facts<lamp>().flashes == 1u);
  (void)c.process(enter);
  (void)c.process(leave);
  BOOST_TEST(c.facts<till>().sum == 60u);
  (void)c.process(pay(20));
  BOOST_TEST(c.facts<till>().sum == 80u);
  BOOST_TEST(c.facts<till>().last == 20u);
  BOOST_TEST(c.facts<lamp>().flashes == 2u);
}

BOOST_AUTO_TEST_CASE(a_command_waits_if_every_rule_that_refuses_says_so) {
  auto const inside = after<shop>({enter});
  BOOST_TEST(inside.judge(enter).waits()); // the door
  BOOST_TEST(inside.judge(leave).waits()); // the till
  BOOST_TEST(shop{}.judge(leave).refused());
  BOOST_TEST(!shop{}.judge(leave).waits()); // the till waits, the door refuses
  BOOST_TEST(!shop{}.judge(enter).waits()); // allowed
  BOOST_TEST(after<shop>({enter, pay(20)}).judge(leave).waits() == false);
}

BOOST_AUTO_TEST_CASE(the_timers_of_all_rules_are_joined) {
  auto const a = 1u << static_cast<unsigned>(ctsip::timer::a);
  auto const b = 1u << static_cast<unsigned>(ctsip::timer::b);
  shop c;
  BOOST_TEST((c.process(enter).timers() == ctsip::timer_changes{.starts = a}));
  BOOST_TEST((c.process(pay(20)).timers() == ctsip::timer_changes{.doubles = b}));
  BOOST_TEST((c.process(leave).timers() == ctsip::timer_changes{.starts = b, .stops = a}));
}

BOOST_AUTO_TEST_CASE(the_first_rule_that_the_peer_breaks_is_told) {
  BOOST_TEST(int(shop{}.judge(night).broken_by_peer()) == 1); // shut: the till's
  BOOST_TEST(int(after<shop>({enter}).judge(night).broken_by_peer()) == 0);
  BOOST_TEST(int(after<mirrored>({enter}).judge(night).broken_by_peer()) == 1);
  BOOST_TEST(!shop{}.judge(night).refused());
  BOOST_TEST(int(shop{}.judge(ring).broken_by_peer()) == int(shop::step::nobody));
}

BOOST_AUTO_TEST_CASE(a_product_is_at_rest_when_every_rule_is) {
  BOOST_TEST(shop{}.at_rest());
  auto c = after<shop>({enter});
  BOOST_TEST(!c.at_rest());
  BOOST_TEST(c.find_restless().position == 0u);
  BOOST_TEST(int(c.find_restless().state) == int(door::open));
  (void)c.process(pay(20));
  BOOST_TEST(c.find_restless().position == 0u);
  (void)c.process(leave);
  BOOST_TEST(c.at_rest());
  BOOST_TEST(c.find_restless().position == shop::size);
  // A rule that does not say is always at rest; the lamp is still bright.
  BOOST_TEST(c.is<lamp>(lamp::bright));
  BOOST_TEST(after<shop>({pay(20)}).find_restless().position == 1u);
}

BOOST_AUTO_TEST_CASE(locate_tells_the_cell_in_which_a_rule_looks_it_up) {
  auto const c = after<shop>({enter, pay(60)});
  BOOST_TEST(int(c.locate(leave, 0).state) == int(door::open));
  BOOST_TEST(int(c.locate(leave, 0).symbol) == int(door::leave));
  BOOST_TEST(int(c.locate(pay(60), 1).state) == int(till::paid));
  BOOST_TEST(int(c.locate(pay(60), 1).symbol) == int(till::overpay));
  BOOST_TEST(int(c.locate(pay(60), 2).symbol) == int(lamp::much));
  BOOST_TEST(int(c.locate(enter, 1).symbol) == 0xff);
}

BOOST_AUTO_TEST_CASE(a_rule_may_correct_the_symbol_that_the_event_has_for_it) {
  house c;
  parcel const soft{occasion::ring, 3}, loud{occasion::ring, 30};
  BOOST_TEST((c.judge(loud).does<bell>().has(bell::wake)));
  BOOST_TEST((c.judge(loud).kind<bell>() == ctsip::row_kind::race));
  BOOST_TEST(c.wait(ctsip::timer::c).count == 0);
  BOOST_TEST(!c.process(soft).refused());
  BOOST_TEST(c.is<bell>(bell::ringing));
  BOOST_TEST(c.judge(soft).waits());
  BOOST_TEST(std::string(c.explain(soft).sentence) == "it rings already");
  BOOST_TEST(!c.judge(loud).refused());
  BOOST_TEST(int(c.locate(soft, 1).symbol) == int(bell::ring));
  BOOST_TEST(int(c.locate(loud, 1).symbol) == int(bell::alarm));
  BOOST_TEST(int(c.locate(enter, 1).symbol) == 0xff);
}

BOOST_AUTO_TEST_CASE(how_long_a_timer_runs_is_told_by_the_rule_that_has_its_number) {
  house c;
  (void)c.process({occasion::ring, 7});
  BOOST_TEST(c.wait(ctsip::timer::c).count == 7);
  BOOST_TEST(c.wait(ctsip::timer::a).is_never());
  static_assert(house::timers == (1u << static_cast<unsigned>(ctsip::timer::a) |
                                  1u << static_cast<unsigned>(ctsip::timer::b) |
                                  1u << static_cast<unsigned>(ctsip::timer::c)));
}

BOOST_AUTO_TEST_CASE(products_are_values) {
  auto const before = after<shop>({enter, pay(20)});
  auto copy = before;
  (void)copy.process(leave);
  BOOST_TEST(before.is<door>(door::open));
  BOOST_TEST(copy.is<door>(door::shut));
}

constexpr bool same(shop const& a, shop const& b) {
  return a.state<door>() == b.state<door>() && a.state<till>() == b.state<till>() &&
         a.state<lamp>() == b.state<lamp>() && a.facts<till>().sum == b.facts<till>().sum &&
         a.facts<till>().last == b.facts<till>().last &&
         a.facts<lamp>().flashes == b.facts<lamp>().flashes;
}

BOOST_AUTO_TEST_CASE(constant_evaluation_and_run_time_agree) {
  constexpr auto there = after<shop>({enter, pay(60), pay(60), enter, leave, leave, pay(1), night});
  static_assert(there.is<door>(door::shut) && there.facts<till>().sum == 61);
  auto const here = after<shop>({enter, pay(60), pay(60), enter, leave, leave, pay(1), night});
  BOOST_TEST(same(there, here));

  constexpr auto judged = after<shop>({enter}).judge(leave);
  static_assert(judged.refused() && judged.refused_by == 1 && judged.waits());
  BOOST_TEST(std::string(after<shop>({enter}).explain(leave).clause) == "RFC 9999 2.2");
}

BOOST_AUTO_TEST_CASE(
    a_refused_step_goes_to_the_policy_with_the_words_of_the_rule_and_moves_nothing) {
  ctsip::basic_composition<happening, parcel, door, till, lamp> c;
  (void)c.process(enter);
  ctsip::on_violation::count counted;
  BOOST_TEST(!c.process(pay(60), counted).refused());
  BOOST_TEST(c.process(pay(60), counted).refused());
  BOOST_TEST(counted.violations == 1u);
  BOOST_TEST(c.facts<till>().sum == 60u);

  BOOST_TEST(c.process(pay(60), ctsip::on_violation::report{}).refused());
  BOOST_CHECK_EXCEPTION((void)c.process(pay(60), ctsip::on_violation::raise{}), ctsip::violation,
                        [](ctsip::violation const& v) {
                          return v.sentence == std::string_view{"more than the till holds"} &&
                                 v.clause == std::string_view{"RFC 9999 2.1"} &&
                                 v.machine == std::string_view{till::title};
                        });
  BOOST_TEST(c.facts<till>().sum == 60u);
}

// The shop without its lamp, whose alphabet, state and numbers are then those of a lamp that
// nothing has happened to.
using dark_shop = ctsip::basic_composition<happening, parcel, door, till, lamp>::without<lamp>;

BOOST_AUTO_TEST_CASE(a_rule_that_is_left_out_says_nothing_and_keeps_nothing) {
  static_assert(sizeof(dark_shop) < sizeof(shop));
  static_assert(dark_shop::size == 2);
  static_assert(dark_shop::has<door> && !dark_shop::has<lamp>);
  dark_shop c;
  auto const s = c.process(enter);
  BOOST_TEST(!s.refused());
  BOOST_TEST(c.is<door>(door::open));
  BOOST_TEST(s.does<door>().has(door::greet));
  BOOST_TEST(s.does<lamp>().empty());
  BOOST_TEST(!s.of<lamp>().known());
  BOOST_TEST((s.kind<lamp>() == ctsip::row_kind::ignored));
  BOOST_TEST((c.state<lamp>() == lamp::state{}));
  BOOST_TEST(c.is<lamp>(lamp::state{}));
  BOOST_TEST(!c.judge(leave).does<lamp>().has(lamp::action{}));

  // What the others refuse, they refuse.
  BOOST_TEST(!c.process(pay(60)).refused());
  BOOST_TEST(c.process(pay(60), ctsip::on_violation::report{}).refused());
  BOOST_TEST(c.facts<till>().sum == 60u);
}

BOOST_AUTO_TEST_CASE(a_rule_that_was_left_out_can_be_put_back_and_others_left_out_as_well) {
  dark_shop::with<lamp> lit;
  BOOST_TEST(!lit.process(enter).refused());
  static_assert(dark_shop::with<lamp>::size == 3);
  static_assert(dark_shop::without<door>::size == 1);
  dark_shop::without<door> c;
  auto const s = c.process(enter);
  BOOST_TEST(s.does<door>().empty());
  BOOST_TEST(s.does<lamp>().empty());
  BOOST_TEST(!c.process(pay(60)).refused());
  BOOST_TEST(c.facts<till>().sum == 60u);
}

BOOST_AUTO_TEST_SUITE_END()
