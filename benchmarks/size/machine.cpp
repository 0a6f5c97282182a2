// One machine, and its run-time step.
#include <ctsip/machine/machine.hpp>
#include <ctsip/transaction/invite_client.hpp>

ctsip::step<ctsip::invite_client> take_step(ctsip::machine<ctsip::invite_client>& m,
                                            ctsip::invite_client::symbol e) {
  return m.process(e);
}
