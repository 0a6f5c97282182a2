// A registration that was too brief is tried again as it was.
// expect: a retry after 423 with an expiration interval below its Min-Expires
// expect: RFC 3261 10.2.8
// expect: at_step<3 || at_step(3,
// expect: state::too_brief
// expect: symbol::sent_too_brief
#include <ctsip/flow/flow.hpp>

using namespace ctsip::literals;

#ifdef CURED
static_assert(
    "REGISTER (expires=60) -> 423 Interval Too Brief (min-expires=600) -> REGISTER (expires=600) -> 200 OK"_flow
        .complete());
#else
static_assert(
    "REGISTER (expires=60) -> 423 Interval Too Brief (min-expires=600) -> REGISTER (expires=60) -> 200 OK"_flow
        .complete());
#endif
