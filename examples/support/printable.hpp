// What a stranger has written, on a terminal.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

namespace example {

/// The text with a '?' for each character that a terminal might obey, and for all that is not
/// ASCII; but for those of `kept`.
inline std::string printable(std::string_view text, std::string_view kept = {}) {
  std::string out{text};
  std::replace_if(
      out.begin(), out.end(),
      [&](char c) {
        auto const code = static_cast<unsigned char>(c);
        return (code < 32 || code > 126) && kept.find(c) == std::string_view::npos;
      },
      '?');
  return out;
}

} // namespace example
