// Reading a message, and all that a user agent must check before it acts on it.
#include <ctsip/message/validity.hpp>

ctsip::validity read_and_check(std::string_view datagram, ctsip::message& m) {
  auto const read = ctsip::read(datagram);
  m = read.value;
  return ctsip::check(read);
}
