// One machine that keeps its own timers.
#include <ctsip/machine/timed_machine.hpp>
#include <ctsip/transaction/invite_client.hpp>

using invite_client = ctsip::timed_machine<ctsip::invite_client>;

ctsip::step<ctsip::invite_client> take_step(invite_client& m, ctsip::invite_client::symbol e,
                                            ctsip::instant now) {
  return m.process(e, now);
}

ctsip::step<ctsip::invite_client> fire(invite_client& m, ctsip::instant now) {
  return m.handle_timeout(now);
}
