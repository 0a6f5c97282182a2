// A registration: its rules, timers and transactions.
#include <ctsip/registration/registration.hpp>

ctsip::registration::step take_step(ctsip::registration& r, ctsip::registration_message const& m,
                                    ctsip::instant now) {
  return r.process(m, now);
}

ctsip::registration::step fire(ctsip::registration& r, ctsip::instant now, std::uint32_t random) {
  return r.handle_timeout(now, random);
}
