// Who refreshes a session: the refresher parameter of Session-Expires. RFC 4028 4. Nothing to read
// before it.
#pragma once

#include <cstdint>

namespace ctsip {

/// The value of the refresher parameter (RFC 4028 4); `none` where it is absent.
enum class refresher : std::uint8_t { none, uac, uas };

} // namespace ctsip
