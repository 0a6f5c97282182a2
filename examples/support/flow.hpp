// A flow on the terminal: the verdict on it, and its ladder.
#pragma once

#include <cstdio>
#include <string_view>

#include <ctsip/flow/report.hpp>

namespace example {

/// Where the library's printers put the pieces of their text.
inline void put(std::string_view text) { std::fwrite(text.data(), 1, text.size(), stdout); }

/// The verdict of these rules on a flow, and its ladder.
template <class Rules = ctsip::uac_call>
void print_flow(ctsip::flow_verdict const& v) {
  ctsip::print_report<Rules>(v, put);
}

} // namespace example
