// The sample of the README in which a server transaction takes its INVITE.
// clang-format off
#include <boost/test/unit_test.hpp>

#include <ctsip/ctsip.hpp>

BOOST_AUTO_TEST_CASE(readme_a_machine_says_what_to_do) {
  bool rings = false;
  auto const ring_the_phone = [&] { rings = true; };
ctsip::machine<ctsip::invite_server> transaction;
auto step = transaction.process(ctsip::received<ctsip::messages::invite>{});
if (step.does.has(ctsip::transaction_action::pass_request_up)) ring_the_phone();
  BOOST_TEST(rings);
}
