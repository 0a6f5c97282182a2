// A typed event that the machine never meets.
// expect: this event is not in the alphabet of this machine
#include <ctsip/machine/machine.hpp>
#include <ctsip/transaction/invite_server.hpp>

void received_by(ctsip::machine<ctsip::invite_server>& server) {
#ifdef CURED
  (void)server.process(ctsip::received<ctsip::messages::ack>{});
#else
  (void)server.process(ctsip::received<ctsip::messages::cancel>{});
#endif
}
