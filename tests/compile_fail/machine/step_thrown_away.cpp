// The actions of a step are for the caller to carry out.
// expect: nodiscard
#include <ctsip/machine/machine.hpp>
#include <ctsip/transaction/invite_server.hpp>

#pragma GCC diagnostic error "-Wunused-result"

bool received_by(ctsip::machine<ctsip::invite_server>& server) {
#ifdef CURED
  return server.process(ctsip::received<ctsip::messages::ack>{}).does.empty();
#else
  server.process(ctsip::received<ctsip::messages::ack>{});
  return true;
#endif
}
