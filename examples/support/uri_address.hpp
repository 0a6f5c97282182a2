// Where a URI leads to.
#pragma once

#include <cstdint>

#include <ctsip/message/uri.hpp>
#include <ctsip/user_agent/address.hpp>

namespace example {

/// Where a SIP URI says that it can be reached, if it says so in numbers: looking up names is not
/// the business of these programs (RFC 3263).
inline ctsip::parsed_address address_of(ctsip::uri_view const& uri) {
  auto const port = uri.has_port() ? uri.port() : std::uint16_t{5060};
  return uri.well_formed() && port != 0 ? ctsip::parse_address(uri.target(), port)
                                        : ctsip::parsed_address{};
}

} // namespace example
