// The text of a Contact is made on the spot, and would be gone by the first message.
// expect: lasting_text
#include <string>

#include <ctsip/user_agent/endpoint.hpp>

void f(ctsip::endpoint_settings& settings, std::string const& host) {
#ifdef CURED
  static std::string const contact = "sip:alice@" + host;
  settings.contact = contact;
#else
  settings.contact = "sip:alice@" + host;
#endif
}
