// A number of a request or response as the facts of a rule keep it: in 8 or 16 bits, for a call
// has many of them and a host many calls.
#pragma once

#include <cstdint>

namespace ctsip::detail {

// A CSeq or RSeq number that is only ever compared for equality with another one that is pending
// in the same dialog. "Requests within a dialog MUST contain strictly monotonically increasing and
// contiguous CSeq sequence numbers (increasing-by-one) in each direction" (RFC 3261 12.2.1.1), so
// that the remainder tells the pending ones apart; 0 stands for "not there" and for nothing else.
template <class Word>
class short_number {
 public:
  constexpr short_number() = default;
  constexpr short_number(std::uint32_t n) : kept_(n == 0 ? Word{} : remainder(n)) {}

  // The shorter of the two is the same, made from the number or from its longer form: 255 divides
  // 65535.
  template <class Longer>
  constexpr explicit short_number(short_number<Longer> longer)
      : kept_(longer.is_there() ? remainder(longer.kept_ - 1u) : Word{}) {
    static_assert(sizeof(Longer) > sizeof(Word));
  }

  constexpr bool is_there() const { return kept_ != 0; }
  friend constexpr bool operator==(short_number, short_number) = default;

 private:
  static constexpr std::uint32_t modulus = static_cast<Word>(~Word{});
  static constexpr Word remainder(std::uint32_t n) { return static_cast<Word>(n % modulus + 1); }

  template <class>
  friend class short_number;

  Word kept_{};
};

// Whether two numbers are the same; one that is not there is taken to be.
template <class Word>
constexpr bool fits(std::uint32_t a, short_number<Word> b) {
  return a == 0 || !b.is_there() || a == b;
}

} // namespace ctsip::detail
