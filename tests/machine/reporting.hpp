// A composition whose refusals are results, for tests that ask for what must be refused.
#pragma once

#include <ctsip/machine/composition.hpp>

namespace ctsip_tests {

template <class Rules>
struct reporting : Rules {
  constexpr typename Rules::step process(typename Rules::message const& m) {
    return Rules::process(m, ctsip::on_violation::report{});
  }
};

} // namespace ctsip_tests
