// The rules of a call, for the caller and the callee.
#include <ctsip/dialog/call.hpp>

ctsip::uac_call::step take_step_of_caller(ctsip::uac_call& call, ctsip::call_message const& m) {
  return call.process(m);
}

ctsip::uas_call::step take_step_of_callee(ctsip::uas_call& call, ctsip::call_message const& m) {
  return call.process(m);
}
