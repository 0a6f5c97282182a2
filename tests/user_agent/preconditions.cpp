// Preconditions of a call (RFC 3312, RFC 4032) between two endpoints that have their rule, and what
// one that has it not answers.
#include <ctsip/user_agent/endpoint.hpp>

#include <boost/test/unit_test.hpp>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "user_agent/messages.hpp"

using namespace ctsip;
using namespace ctsip_tests;
using strings = std::vector<std::string>;
using kind = user_event_kind;

namespace {

struct conditional : endpoint_traits {
  using call_rules = uac_call;
};

std::string session(std::string const& media) {
  return "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n"
         "m=audio 5000 RTP/AVP 0\r\n" +
         media;
}
std::string const unmet_text =
    session("a=curr:qos e2e none\r\na=des:qos mandatory e2e sendrecv\r\n");
std::string const met_text =
    session("a=curr:qos e2e sendrecv\r\na=des:qos mandatory e2e sendrecv\r\n");
std::string const plain_text = session("");
message_body const unmet{"application/sdp", unmet_text};
message_body const met{"application/sdp", met_text};
message_body const plain{"application/sdp", plain_text};

// Alice at 192.0.2.1 calls bob at 192.0.2.2.
template <class Callee = conditional>
struct two {
  using caller_type = endpoint<endpoint_size{}, conditional>;
  using callee_type = endpoint<endpoint_size{}, Callee>;

  std::unique_ptr<caller_type> alice{
      std::make_unique<caller_type>(settings("192.0.2.1", "sip:alice@192.0.2.1", 1))};
  std::unique_ptr<callee_type> bob{
      std::make_unique<callee_type>(settings("192.0.2.2", "sip:bob@192.0.2.2", 2))};
  instant now{1'000'000};
  call_handle at_alice{}, at_bob{};
  strings said{};                   // what has gone over the wire, in short
  std::vector<std::string> texts{}; // and whole
  std::vector<std::pair<char, kind>> heard{};

  static endpoint_settings settings(std::string_view host, std::string_view contact,
                                    std::uint64_t seed) {
    endpoint_settings s;
    s.element.seed = {seed, ~seed};
    s.element.sent_by = host;
    s.contact = contact;
    return s;
  }

  void call(message_body const& offer) {
    at_alice = alice->call(
        {"sip:bob@192.0.2.2", "sip:alice@192.0.2.1", ip(2), transport::udp, offer}, now);
    BOOST_REQUIRE(static_cast<bool>(at_alice));
    carry();
  }
  // Until nobody has anything more to say.
  void carry() {
    while (carry_from(*alice, ip(1), *bob) || carry_from(*bob, ip(2), *alice)) {
    }
    hear(*alice, 'a', at_alice);
    hear(*bob, 'b', at_bob);
  }
  // The last message on the wire that is called so.
  message last(std::string const& name) const {
    for (std::size_t i = said.size(); i-- > 0;)
      if (said[i] == name) return read(texts[i]).value;
    BOOST_FAIL("nobody has said " + name);
    return {};
  }
  bool has_heard(char who, kind what) const {
    for (auto const& h : heard)
      if (h == std::pair{who, what}) return true;
    return false;
  }

 private:
  template <class From, class To>
  bool carry_from(From& from, address const& source, To& to) {
    bool moved = false;
    for (datagram d; from.poll_transmit(d); moved = true) {
      texts.emplace_back(d.bytes);
      said.push_back(summary(texts.back()));
      to.receive(texts.back(), source, transport::udp, now);
    }
    return moved;
  }
  template <class Agent>
  void hear(Agent& agent, char who, call_handle& call) {
    for (user_event e; agent.poll_event(e);) {
      heard.emplace_back(who, e.kind);
      if (e.kind == kind::incoming) call = e.call;
    }
  }
};

bool lists(message const& m, header list, std::string_view tag) {
  for (std::string_view const each : m.elements(list))
    if (each == tag) return true;
  return false;
}

} // namespace

BOOST_AUTO_TEST_SUITE(user_agent_preconditions)

// "session establishment is suspended until that moment": 13.1, with the status of both directions
// told by the caller.
BOOST_AUTO_TEST_CASE(nobody_rings_before_the_resources_are_there_rfc_3312_6) {
  two<> t;
  t.call(unmet);
  BOOST_TEST(lists(t.last("INVITE"), header::require, "precondition"));
  BOOST_TEST(lists(t.last("INVITE"), header::supported, "100rel"));
  BOOST_TEST(lists(t.last("INVITE"), header::supported, "precondition"));
  BOOST_TEST((t.bob->ring(t.at_bob, t.now, 183, unmet, reliability::reliable) == sending::sent));
  // An answer is no offer.
  t.carry();
  BOOST_TEST(!lists(t.last("183 INVITE"), header::require, "precondition"));
  BOOST_TEST((t.bob->ring(t.at_bob, t.now) == sending::deferred));
  t.carry();
  BOOST_TEST((t.said == strings{"INVITE", "183 INVITE", "PRACK", "200 PRACK"}));

  t.said.clear(), t.texts.clear();
  BOOST_TEST((t.alice->modify(t.at_alice, met, t.now) == sending::sent));
  t.carry();
  BOOST_TEST(lists(t.last("UPDATE"), header::require, "precondition"));
  BOOST_TEST(t.has_heard('b', kind::modification));
  BOOST_TEST((t.bob->accept_modification(t.at_bob, met, t.now) == sending::sent));
  t.carry();
  BOOST_TEST(t.has_heard('a', kind::modified));
  BOOST_TEST((t.said == strings{"UPDATE", "200 UPDATE", "180 INVITE", "PRACK", "200 PRACK"}));
  BOOST_TEST(lists(t.last("180 INVITE"), header::require, "100rel"));

  t.said.clear(), t.texts.clear();
  BOOST_TEST((t.bob->answer(t.at_bob, met, t.now) == sending::sent));
  t.carry();
  BOOST_TEST((t.said == strings{"200 INVITE", "ACK"}));
  BOOST_TEST((t.alice->state(t.at_alice) == call_state::established));
  BOOST_TEST((t.bob->state(t.at_bob) == call_state::established));
}

// 5.1: "Otherwise, session establishment MUST NOT continue."
BOOST_AUTO_TEST_CASE(an_answer_waits_for_them_too_rfc_3312_5_1) {
  two<> t;
  t.call(unmet);
  BOOST_TEST((t.bob->ring(t.at_bob, t.now, 183, unmet, reliability::reliable) == sending::sent));
  t.carry();
  BOOST_TEST((t.bob->answer(t.at_bob, unmet, t.now) == sending::deferred));
  t.carry();
  BOOST_TEST((t.said == strings{"INVITE", "183 INVITE", "PRACK", "200 PRACK"}));
  t.said.clear(), t.texts.clear();
  (void)t.alice->modify(t.at_alice, met, t.now);
  t.carry();
  BOOST_TEST((t.bob->accept_modification(t.at_bob, met, t.now) == sending::sent));
  t.carry();
  BOOST_TEST((t.said == strings{"UPDATE", "200 UPDATE", "200 INVITE", "ACK"}));
}

// A description that says so itself may stand in the answer, unless they are not met.
BOOST_AUTO_TEST_CASE(a_callee_who_can_meet_them_all_answers_at_once_rfc_3312_6) {
  two<> t;
  t.call(unmet);
  BOOST_TEST((t.bob->answer(t.at_bob, unmet, t.now) == sending::refused));
  BOOST_TEST((t.bob->answer(t.at_bob, met, t.now) == sending::sent));
  t.carry();
  BOOST_TEST((t.said == strings{"INVITE", "200 INVITE", "ACK"}));
}

// An UPDATE that says that they are still not met changes nothing for who waits.
BOOST_AUTO_TEST_CASE(an_update_that_does_not_meet_them_alerts_nobody_rfc_3312_6) {
  two<> t;
  t.call(unmet);
  (void)t.bob->ring(t.at_bob, t.now, 183, unmet, reliability::reliable);
  t.carry();
  BOOST_TEST((t.bob->ring(t.at_bob, t.now) == sending::deferred));
  std::string const still_unmet = unmet_text + "a=sendonly\r\n";
  (void)t.alice->modify(t.at_alice, {"application/sdp", still_unmet}, t.now);
  t.carry();
  BOOST_TEST((t.bob->accept_modification(t.at_bob, unmet, t.now) == sending::sent));
  t.carry();
  BOOST_TEST(t.said.back() == "200 UPDATE");
  // RFC 4032 4.2 lets the offerer do without.
  (void)t.alice->modify(t.at_alice, plain, t.now);
  t.carry();
  BOOST_TEST(!lists(t.last("UPDATE"), header::require, "precondition"));
  BOOST_TEST((t.bob->accept_modification(t.at_bob, plain, t.now) == sending::sent));
  t.carry();
  BOOST_TEST(t.last("180 INVITE").status() == 180);
}

// "An offerer MUST include this tag in the Require header field", be it the callee.
BOOST_AUTO_TEST_CASE(an_offer_in_a_response_requires_them_rfc_3312_11) {
  two<> t;
  t.call({});
  BOOST_TEST(!lists(t.last("INVITE"), header::require, "precondition"));
  BOOST_TEST((t.bob->ring(t.at_bob, t.now, 183, unmet, reliability::reliable) == sending::sent));
  t.carry();
  BOOST_TEST(lists(t.last("183 INVITE"), header::require, "100rel"));
  BOOST_TEST(lists(t.last("183 INVITE"), header::require, "precondition"));
  BOOST_TEST(t.has_heard('a', kind::offered));
  BOOST_TEST((t.alice->acknowledge(t.at_alice, unmet, t.now) == sending::sent));
  t.carry();
  BOOST_TEST((t.bob->ring(t.at_bob, t.now) == sending::deferred));
}

// 8: "it SHOULD reject the offer by returning a 580 (Precondition-Failure) response."
BOOST_AUTO_TEST_CASE(what_cannot_be_met_is_rejected_rfc_3312_8) {
  two<> t;
  t.call(unmet);
  BOOST_TEST((t.bob->reject(t.at_bob, 580, t.now) == sending::sent));
  t.carry();
  BOOST_TEST((t.said == strings{"INVITE", "580 INVITE", "ACK"}));
  BOOST_TEST(t.has_heard('a', kind::rejected));
}

// A description without them is one like any other.
BOOST_AUTO_TEST_CASE(without_mandatory_preconditions_nothing_waits_rfc_3312_5) {
  two<> t;
  std::string const optional =
      session("a=curr:qos e2e none\r\na=des:qos optional e2e sendrecv\r\n");
  t.call({"application/sdp", optional});
  BOOST_TEST(!lists(t.last("INVITE"), header::require, "precondition"));
  BOOST_TEST(lists(t.last("INVITE"), header::supported, "precondition"));
  BOOST_TEST((t.bob->ring(t.at_bob, t.now) == sending::sent));
  BOOST_TEST((t.bob->answer(t.at_bob, plain, t.now) == sending::sent));
  t.carry();
  BOOST_TEST((t.said == strings{"INVITE", "180 INVITE", "200 INVITE", "ACK"}));
}

// RFC 3261 8.2.2.3.
BOOST_AUTO_TEST_CASE(who_does_not_have_them_answers_420_rfc_3312_11) {
  two<endpoint_traits> t;
  t.call(unmet);
  BOOST_TEST((t.said == strings{"INVITE", "420 INVITE", "ACK"}));
  BOOST_TEST(t.last("420 INVITE")[header::unsupported] == "precondition");
}

BOOST_AUTO_TEST_SUITE_END()
