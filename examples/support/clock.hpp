// The clock. The library has none: every moment is an argument, so that a test can make its own.
#pragma once

#include <chrono>

#include <ctsip/vocabulary/timer.hpp>

namespace example {

/// The moment, in whole milliseconds, on a clock that is never set back.
inline ctsip::instant now() {
  return ctsip::instant{} +
         ctsip::milliseconds{std::chrono::steady_clock::now().time_since_epoch()};
}

} // namespace example
