// The first sample of the README.
// clang-format off
#include <ctsip/ctsip.hpp>
using namespace ctsip;
using namespace ctsip::messages;

// A caller whose first INVITE is lost, and whose second is answered.
static_assert(walk<invite_client, sent<invite>, fired<timer::a>, received<response<100>>,
                   received<response<200>>>().is(invite_client::accepted));
