// An agent that has room for no call.
// expect: endpoint_size: from 1 to 2**24 - 1 calls
#include <ctsip/user_agent/endpoint.hpp>

#ifdef CURED
inline constexpr ctsip::endpoint_size size{.calls = 1};
#else
inline constexpr ctsip::endpoint_size size{.calls = 0};
#endif

void f(ctsip::endpoint_settings const& settings) { ctsip::endpoint<size>{settings}; }
