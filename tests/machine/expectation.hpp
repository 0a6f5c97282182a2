// What the tests of all machines share: a matrix of expectations, one for each state and symbol,
// and a log of what a timed machine did when.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <ostream>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include <ctsip/machine/machine.hpp>
#include <ctsip/machine/timed_machine.hpp>

namespace ctsip_tests {

/// The actions of one step, written as `{send_request, inform_timeout}`.
template <class D>
struct acts {
  ctsip::action_set<typename D::action> set{};

  constexpr acts() = default;
  constexpr acts(std::initializer_list<typename D::action> actions) {
    for (auto a : actions) set.bits |= std::uint32_t{1} << static_cast<unsigned>(a);
  }
};

/// Being in state `in`, on symbol `on`, the machine goes to `then`.
template <class D>
struct expectation {
  typename D::state in;
  typename D::symbol on;
  typename D::state then;
  ctsip::row_kind kind;
  acts<D> does{};
};

/// Every state x every symbol, each once, and nothing but them. `LastState` and `LastSymbol` are
/// the last enumerators; that none comes after them is checked too.
template <class D, auto LastState, auto LastSymbol, std::size_t Size>
constexpr bool is_complete(expectation<D> const (&matrix)[Size]) {
  constexpr auto states = static_cast<std::size_t>(LastState) + 1;
  constexpr auto symbols = static_cast<std::size_t>(LastSymbol) + 1;
  static_assert(!ctsip::is_enumerator<static_cast<typename D::state>(states)>);
  static_assert(!ctsip::is_enumerator<static_cast<typename D::symbol>(symbols)>);
  bool seen[states][symbols]{};
  for (auto const& e : matrix) {
    auto const s = static_cast<std::size_t>(e.in);
    auto const n = static_cast<std::size_t>(e.on);
    if (s >= states || n >= symbols || seen[s][n]) return false;
    seen[s][n] = true;
  }
  return Size == states * symbols;
}

/// Whether the machine does what the matrix says, for use in constant evaluation.
template <class D, std::size_t Size>
constexpr bool agrees(expectation<D> const (&matrix)[Size]) {
  for (auto const& e : matrix) {
    ctsip::machine<D, ctsip::on_violation::report> m{e.in};
    auto const step = m.process(e.on);
    if (!m.is(e.then) || step.next != e.then || step.does != e.does.set || step.kind() != e.kind ||
        step.refused() != ctsip::refuses(e.kind) || !step.known())
      return false;
  }
  return true;
}

inline char const* text(ctsip::row_kind kind) {
  switch (kind) {
  case ctsip::row_kind::expected: return "expected";
  case ctsip::row_kind::race: return "race";
  case ctsip::row_kind::peer_violation: return "peer_violation";
  case ctsip::row_kind::ignored: return "ignored";
  case ctsip::row_kind::waits: return "waits";
  case ctsip::row_kind::refused: return "refused";
  }
  return "";
}

/// The names of the actions in a set: "send_ack pass_response_up ".
template <class D>
std::string text(ctsip::action_set<typename D::action> set) {
  using names = ctsip::detail::names<typename D::action, 12>;
  std::string result;
  for (unsigned i = 0; i < 12; ++i)
    if (set.bits >> i & 1u) result += std::string(names::of[i]) + ' ';
  if (set.bits >> 12) result += "and actions unknown to this test";
  return result;
}

/// The same at run time, telling each difference.
template <class D, std::size_t Size>
void check(expectation<D> const (&matrix)[Size]) {
  for (auto const& e : matrix)
    BOOST_TEST_CONTEXT("in " << ctsip::name_of<D>(e.in) << " on " << ctsip::name_of<D>(e.on)) {
      ctsip::machine<D, ctsip::on_violation::report> m{e.in};
      auto const step = m.process(e.on);
      BOOST_TEST(std::string(ctsip::name_of<D>(m.current())) ==
                 std::string(ctsip::name_of<D>(e.then)));
      BOOST_TEST(std::string(ctsip::name_of<D>(step.next)) ==
                 std::string(ctsip::name_of<D>(e.then)));
      BOOST_TEST(text<D>(step.does) == text<D>(e.does.set));
      BOOST_TEST(std::string(text(step.kind())) == std::string(text(e.kind)));
      BOOST_TEST(step.refused() == ctsip::refuses(e.kind));
      BOOST_TEST(step.known());
      auto const why = ctsip::explain<D>(e.in, e.on);
      if (ctsip::refuses(e.kind) || e.kind == ctsip::row_kind::peer_violation) {
        BOOST_TEST(std::string(why.sentence) != "");
        BOOST_TEST(std::string(why.clause).rfind("RFC ", 0) == 0u);
      }
    }
}

/// At `at` milliseconds, what was done.
template <class D>
struct entry {
  std::int64_t at;
  acts<D> does{};

  friend bool operator==(entry const& a, entry const& b) {
    return a.at == b.at && a.does.set == b.does.set;
  }
  friend bool operator!=(entry const& a, entry const& b) { return !(a == b); }
  friend std::ostream& operator<<(std::ostream& out, entry const& e) {
    return out << e.at << " ms: " << text<D>(e.does.set);
  }
};

/// Fires whatever is due until `until` milliseconds, and says when it was.
template <class D, class Policy>
std::vector<entry<D>> run(ctsip::timed_machine<D, Policy>& m, std::int64_t until,
                          ctsip::transport over = ctsip::transport::udp,
                          ctsip::timer_values const& values = ctsip::default_timer_values) {
  std::vector<entry<D>> log;
  while (m.next_timeout() <= ctsip::instant{until} && log.size() < 1000) {
    auto const now = m.next_timeout();
    entry<D> e{now.count};
    e.does.set = m.handle_timeout(now, over, values).does;
    log.push_back(e);
  }
  return log;
}

template <class D>
void check_log(std::vector<entry<D>> const& log, std::vector<entry<D>> const& expected) {
  BOOST_TEST(log == expected, boost::test_tools::per_element());
}

} // namespace ctsip_tests
