// What cannot be read says so.
// expect: a comma is followed by then
// expect: at_line<1 || at_line(1
#include <ctsip/flow/outline.hpp>

using namespace ctsip::literals;

#ifdef CURED
static_assert("CANCEL -> response, then INVITE gets 487 Request Terminated"_outline.accepted());
#else
static_assert("CANCEL -> response, INVITE gets 487 Request Terminated"_outline.accepted());
#endif
