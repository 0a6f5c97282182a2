// Calls by the names of their dialogs: what a Replaces needs on both sides (RFC 3891), so that a
// call can be transferred with attendance (RFC 5359 2.5).
#include <ctsip/message/values.hpp>
#include <ctsip/user_agent/endpoint.hpp>

#include <string>

#include <boost/test/unit_test.hpp>

#include "user_agent/user_desk.hpp"

using namespace ctsip;
using namespace ctsip_tests;

namespace {

std::string text_of(dialog_id const& d) {
  return std::string{d.call_id} + ' ' + std::string{d.local_tag} + ' ' + std::string{d.remote_tag};
}
// As the other side of the dialog names it.
dialog_id replaced_by(replaces_view const& r) { return {r.call_id(), r.to_tag(), r.from_tag()}; }

} // namespace

BOOST_AUTO_TEST_SUITE(user_agent_replaced_calls)

// 3: "the to-tag parameter is compared to the local tag, and the from-tag parameter is compared to
// the remote tag".
BOOST_AUTO_TEST_CASE(the_call_that_a_replaces_names_is_found_and_replaced) {
  user_desk<> bob;
  auto const ok = bob.taken();
  auto const old = bob.call;
  message const m = read(ok).value;
  BOOST_TEST(text_of(bob.agent->dialog_of(old)) == "call-1 " + std::string{m.to_tag()} + " a1");

  auto carol =
      invite_of_alice("Replaces: call-1;from-tag=a1;to-tag=" + std::string{m.to_tag()} + "\r\n");
  carol.call_id = "call-2";
  carol.from = "<sip:carol@192.0.2.3>;tag=c1";
  carol.via = "SIP/2.0/UDP 192.0.2.3;branch=z9hG4bKc";
  bob.receive(carol.text(), ip(3));
  auto const next = bob.call;
  BOOST_TEST((next != old));
  message const invite = read(bob.events.back().bytes).value;
  replaces_view const replaces{invite[header::replaces]};
  BOOST_TEST(replaces.is_complete());
  BOOST_TEST((bob.agent->find(replaced_by(replaces)) == old));
  // "accepts the new INVITE by sending a 200-class response, and shuts down the replaced dialog by
  // sending a BYE".
  BOOST_TEST((bob.agent->answer(next, sdp, bob.now) == sending::sent));
  BOOST_TEST((bob.agent->hang_up(old, bob.now) == sending::sent));
  BOOST_TEST(bob.look() == (strings{"200 INVITE", "BYE"}), boost::test_tools::per_element());
  auto const ok_of_carol = bob.last[0].bytes;
  // "terminated [...] as soon as the BYE request is passed to the client transaction" (15.1.1).
  BOOST_TEST(!bob.agent->find(replaced_by(replaces)));
  BOOST_TEST(text_of(bob.agent->dialog_of(old)) == "  ");
  bob.receive(answer(bob.last[1].bytes, 200, "a1"));
  auto ack = in_dialog("ACK", ok_of_carol, 1);
  bob.receive(ack.text(), ip(3));
  BOOST_TEST((bob.agent->state(next) == call_state::established));
  bob.receive(in_dialog("BYE", ok_of_carol, 2).text(), ip(3));
  bob.end();
}
// Each part counts; a Call-ID byte by byte, tags as tokens (RFC 3261 12.2.2, 19.3).
BOOST_AUTO_TEST_CASE(only_the_whole_name_is_found) {
  user_desk<> bob;
  auto const ok = bob.taken();
  std::string const tag{read(ok).value.to_tag()};
  BOOST_TEST((bob.agent->find({"call-1", tag, "a1"}) == bob.call));
  BOOST_TEST((bob.agent->find({"call-1", tag, "A1"}) == bob.call));
  for (dialog_id const wrong :
       {dialog_id{"Call-1", tag, "a1"}, dialog_id{"call-1", tag, "a2"},
        dialog_id{"call-1", tag, ""}, dialog_id{"call-1", tag, "0"}, dialog_id{"call-1", "a1", tag},
        dialog_id{"call-1", "", "a1"}, dialog_id{}})
    BOOST_TEST(!bob.agent->find(wrong), text_of(wrong));
  bob.end();
}
// 6.1: "a tag of zero matches both tags of zero and null".
BOOST_AUTO_TEST_CASE(a_from_tag_of_zero_matches_a_peer_without_a_tag) {
  for (std::string const from : {"<sip:alice@192.0.2.1>", "<sip:alice@192.0.2.1>;tag=0"}) {
    user_desk<> bob;
    auto invite = invite_of_alice();
    invite.from = from;
    bob.receive(invite.text());
    BOOST_TEST((bob.agent->answer(bob.call, sdp, bob.now) == sending::sent));
    bob.take();
    bob.look();
    std::string const tag{read(bob.last.back().bytes).value.to_tag()};
    BOOST_TEST((bob.agent->find({"call-1", tag, "0"}) == bob.call));
    bob.receive(in_dialog("ACK", bob.last.back().bytes, 1).text());
    bob.end();
  }
}
// An early dialog of ours has a name as well, and each that has forked is of the one call.
BOOST_AUTO_TEST_CASE(each_early_dialog_of_a_fork_names_the_call) {
  user_desk<> bob;
  auto const invite = bob.place();
  auto const call = bob.call;
  message const m = read(invite).value;
  dialog_id const one{m.call_id(), m.from_tag(), "one"}, two{m.call_id(), m.from_tag(), "two"};
  BOOST_TEST(text_of(bob.agent->dialog_of(call)) == "  ");
  BOOST_TEST(!bob.agent->find(one));
  bob.receive(answer(invite, 180, "one", alices_contact));
  bob.receive(answer(invite, 180, "two", alices_contact));
  BOOST_TEST(text_of(bob.agent->dialog_of(call)) == text_of(one));
  BOOST_TEST((bob.agent->find(one) == call));
  BOOST_TEST((bob.agent->find(two) == call));
  bob.receive(answer(invite, 200, "two", alices_contact));
  BOOST_TEST(text_of(bob.agent->dialog_of(call)) == text_of(two));
  BOOST_TEST((bob.agent->find(two) == call));
  bob.look();
  bob.end();
}

BOOST_AUTO_TEST_SUITE_END()
