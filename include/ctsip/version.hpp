// The library's version (SemVer 2.0.0). The build system reads it from here: it stands nowhere
// else.
#pragma once

namespace ctsip {

/// Raised when a public name changes its meaning or goes. As long as it is 0 the minor one is.
inline constexpr int version_major = 0;
inline constexpr int version_minor = 1; ///< raised when something is added
inline constexpr int version_patch = 0; ///< raised when something is mended

} // namespace ctsip
