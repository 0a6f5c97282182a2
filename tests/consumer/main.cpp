// What each consumer builds: it includes the library, uses it, and asks only C++20 of its compiler.
#include <ctsip/version.hpp>
#include <ctsip/vocabulary/timer.hpp>

static_assert(__cplusplus >= 202002L);
static_assert(ctsip::version_major == CTSIP_EXPECTED_MAJOR);
static_assert(ctsip::version_minor == CTSIP_EXPECTED_MINOR);
static_assert(ctsip::version_patch == CTSIP_EXPECTED_PATCH);

int main() {
  // RFC 3261 Table 4: Timer B is 64*T1, 32 s by default.
  return 64 * ctsip::timer_values{}.t1 == ctsip::milliseconds{32'000} ? 0 : 1;
}
