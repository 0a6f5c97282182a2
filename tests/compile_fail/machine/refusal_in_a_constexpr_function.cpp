// A machine driven by hand in constant evaluation refuses as a walk does.
// expect: a provisional response other than 100 to a non-INVITE request
// expect: RFC 4320 4.1
// expect: state::trying
// expect: symbol::provisional_from_tu
#include <ctsip/machine/machine.hpp>
#include <ctsip/transaction/non_invite_server.hpp>

using server = ctsip::non_invite_server;

constexpr bool answers() {
  ctsip::machine<server> m;
  (void)m.process(server::request);
#ifndef CURED
  (void)m.process(server::provisional_from_tu);
#endif
  return m.process(server::final_from_tu).next == server::completed;
}

static_assert(answers());
