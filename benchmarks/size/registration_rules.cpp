// The rules of a registration, without timers and transactions.
#include <ctsip/registration/registration.hpp>

ctsip::registration_rules::step take_step(ctsip::registration_rules& r,
                                          ctsip::registration_message const& m) {
  return r.process(m);
}
