// The flows that an RFC draws, as named values: what race_conditions.hpp and its like hold.
// Read flow/notation.hpp before it, which says how the text reads.
#pragma once

#include <string_view>

namespace ctsip {

/// A flow from an RFC, from the user agents' view, in the notation of flow/notation.hpp.
struct standard_flow {
  char const* name;   ///< the figure's heading in the RFC, and the variant where there are several
  char const* clause; ///< where the RFC draws it, "RFC 5407 3.1.1"
  std::string_view text; ///< one message a line
  bool complete;         ///< every request is finally answered and every INVITE final acknowledged
};

} // namespace ctsip
