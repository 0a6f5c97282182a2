// What a message says to the rules of a registration: RFC 3261 10.2, 10.3, 22, RFC 3329 2.3.
#include <ctsip/message/registration_message.hpp>

#include <string>

#include <boost/test/unit_test.hpp>

#include "user_agent/messages.hpp"

using namespace ctsip;
using namespace ctsip_tests;

namespace {

registration_message sent_register(std::string const& more) {
  auto r = of("REGISTER");
  r.more = more;
  std::string const text = r.text();
  own_registration ours;
  ours.security_server = "tls;q=0.2, ipsec-3gpp";
  return registration_message_of(read(text).value, direction::sent, ours);
}

registration_message received_response(int status, std::string const& more,
                                       own_registration const& ours = {}) {
  std::string const text = answer(of("REGISTER").text(), status, "r", more);
  return registration_message_of(read(text).value, direction::received, ours);
}

constexpr std::string_view own_uri[] = {"sip:alice@192.0.2.1"};
constexpr std::string_view two_uris[] = {"sip:alice@192.0.2.1", "<sip:alice@192.0.2.3>;q=0.2"};

own_registration ours(std::span<std::string_view const> contacts = own_uri) {
  own_registration o;
  o.contacts = contacts;
  return o;
}

} // namespace

BOOST_AUTO_TEST_SUITE(message_registration_message)

BOOST_AUTO_TEST_CASE(a_register_says_for_how_long_by_contact_or_by_expires_rfc_3261_10_2_1_1) {
  auto const by_contact = sent_register("Contact: <sip:a@b>;expires=60\r\nExpires: 7\r\n");
  BOOST_TEST(by_contact.expires_said);
  BOOST_TEST(by_contact.expires == 60u);
  BOOST_TEST(by_contact.contact != 0u);
  auto const by_header = sent_register("Contact: <sip:a@b>\r\nExpires: 7\r\n");
  BOOST_TEST(by_header.expires == 7u);
  BOOST_TEST(by_header.contact == by_contact.contact);
  auto const unsaid = sent_register("Contact: <sip:a@c>\r\n");
  BOOST_TEST(!unsaid.expires_said);
  BOOST_TEST(unsaid.contact != by_contact.contact);
  // "Malformed values SHOULD be treated as equivalent to 3600."
  BOOST_TEST(sent_register("Contact: <sip:a@b>;expires=soon\r\n").expires == 3600u);
  BOOST_TEST(sent_register("Contact: <sip:a@b>\r\nExpires: 99999999999\r\n").expires == UINT32_MAX);
  BOOST_TEST(by_header.cseq == 1u);
  BOOST_TEST(by_header.call_id != 0u);
}

BOOST_AUTO_TEST_CASE(contacts_that_are_removed_do_not_count_beside_one_that_is_bound_rfc_5626_6) {
  auto const bound = sent_register("Contact: <sip:new@h>;expires=30\r\n");
  for (auto const* more : {"Contact: <sip:old@h>;expires=0, <sip:new@h>;expires=30\r\n",
                           "Contact: <sip:new@h>;expires=30, <sip:old@h>;expires=0\r\n",
                           "Contact: <sip:old@h>;expires=0, <sip:new@h>\r\nExpires: 30\r\n",
                           "Contact: <sip:old@h>, <sip:new@h>;expires=30\r\nExpires: 0\r\n"})
    BOOST_TEST_CONTEXT(more) {
      auto const swap = sent_register(more);
      BOOST_TEST(swap.expires_said);
      BOOST_TEST(swap.expires == 30u);
      BOOST_TEST(swap.contact == bound.contact);
      BOOST_TEST((registration_event{swap}.purpose == registration_purpose::add));
    }
  // The choice is left to the registrar (10.2.1.1).
  auto const unsaid = sent_register("Contact: <sip:old@h>;expires=0, <sip:new@h>\r\n");
  BOOST_TEST(!unsaid.expires_said);
  BOOST_TEST(unsaid.contact == bound.contact);
  BOOST_TEST((registration_event{unsaid}.purpose == registration_purpose::add));
  auto const removal = sent_register("Contact: <sip:a@h>;expires=0, <sip:b@h>\r\nExpires: 0\r\n");
  BOOST_TEST((registration_event{removal}.purpose == registration_purpose::remove));
}

BOOST_AUTO_TEST_CASE(a_contact_without_expires_has_that_of_the_request_rfc_3261_10_2_1_1) {
  auto const two = sent_register("Contact: <sip:a@h>;expires=7200, <sip:b@h>\r\nExpires: 30\r\n");
  BOOST_TEST(two.expires_said);
  BOOST_TEST(two.expires == 30u);
  BOOST_TEST(sent_register("Contact: <sip:a@h>;expires=40, <sip:b@h>\r\n").expires == 40u);
}

BOOST_AUTO_TEST_CASE(a_fetch_has_no_contact_and_a_star_is_for_all_rfc_3261_10_2_2_and_10_2_3) {
  BOOST_TEST(sent_register("").fetch);
  auto const star = sent_register("Contact: *\r\nExpires: 0\r\n");
  BOOST_TEST(star.wildcard);
  BOOST_TEST(!star.fetch);
  BOOST_TEST(!star.other_contacts);
  BOOST_TEST(star.expires_said);
  BOOST_TEST(star.expires == 0u);
  BOOST_TEST(sent_register("Contact: *, <sip:a@b>\r\nExpires: 0\r\n").other_contacts);
  BOOST_TEST(sent_register("Contact: *;reg-id=1\r\nExpires: 0\r\n").outbound);
  BOOST_TEST(sent_register("Contact: <sip:a@b>;reg-id=1\r\n").outbound);
}

BOOST_AUTO_TEST_CASE(credentials_tell_their_nonce_and_what_the_sim_says_rfc_3310_3) {
  auto const with = sent_register("Contact: <sip:a@b>\r\n"
                                  "Authorization: Digest username=\"a\", realm=\"r\", nonce=\"n\", "
                                  "uri=\"sip:b\", response=\"0\"\r\n");
  BOOST_TEST(with.nonce != 0u);
  BOOST_TEST(with.proxy_nonce == 0u);
  BOOST_TEST(!with.empty_nonce);
  BOOST_TEST(registration_event{with}.credentials);
  auto const ims = sent_register("Contact: <sip:a@b>\r\n"
                                 "Authorization: Digest username=\"a\", realm=\"r\", nonce=\"\", "
                                 "uri=\"sip:b\", response=\"\"\r\n");
  BOOST_TEST(ims.empty_nonce);
  BOOST_TEST(ims.nonce == 0u);
  auto const auts = sent_register("Proxy-Authorization: Digest username=\"a\", realm=\"r\", "
                                  "nonce=\"n\", uri=\"sip:b\", response=\"0\", auts=\"YQ==\"\r\n");
  BOOST_TEST(auts.synchronisation_failure);
  BOOST_TEST(auts.proxy_nonce == with.nonce);
}

BOOST_AUTO_TEST_CASE(the_nonce_of_a_challenge_is_that_of_its_answer_rfc_7616_3_3) {
  auto const challenge =
      received_response(401, "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\", stale=TRUE\r\n");
  BOOST_TEST((challenge.challenge == challenge_support::acceptable));
  BOOST_TEST(challenge.stale);
  auto const answer = sent_register("Authorization: Digest username=\"a\", realm=\"r\", "
                                    "nonce=\"n\", uri=\"sip:b\", response=\"0\"\r\n");
  BOOST_TEST(challenge.nonce == answer.nonce);
  BOOST_TEST((received_response(401, "").challenge == challenge_support::missing));
  BOOST_TEST((received_response(401, "WWW-Authenticate: Basic realm=\"r\"\r\n").challenge ==
              challenge_support::unsupported));
  BOOST_TEST((received_response(407, "Proxy-Authenticate: Digest realm=\"r\", nonce=\"n\", "
                                     "algorithm=none\r\n")
                  .challenge == challenge_support::unsupported));
}

BOOST_AUTO_TEST_CASE(a_2xx_grants_the_least_that_one_of_our_contacts_has_rfc_3261_10_2_4) {
  auto const one = received_response(200,
                                     "Contact: <sip:other@192.0.2.9>;expires=5\r\n"
                                     "Contact: \"A\" <SIP:alice@192.0.2.1>;expires=60\r\n",
                                     ours());
  BOOST_TEST((one.listing == contact_listing::listed));
  BOOST_TEST(one.granted == 60u);
  auto const by_header =
      received_response(200, "Contact: <sip:alice@192.0.2.1>\r\nExpires: 70\r\n", ours());
  BOOST_TEST(by_header.granted == 70u);
  BOOST_TEST(received_response(200, "Contact: <sip:alice@192.0.2.1>\r\n", ours()).granted == 3600u);
  auto const missing =
      received_response(200, "Contact: <sip:other@192.0.2.9>;expires=5\r\n", ours());
  BOOST_TEST((missing.listing == contact_listing::missing));
  auto const both = received_response(200,
                                      "Contact: <sip:alice@192.0.2.1>;expires=60, "
                                      "<sip:alice@192.0.2.3>;expires=30\r\n",
                                      ours(two_uris));
  BOOST_TEST(both.granted == 30u);
  auto const half =
      received_response(200, "Contact: <sip:alice@192.0.2.1>;expires=60\r\n", ours(two_uris));
  BOOST_TEST((half.listing == contact_listing::missing));
}

BOOST_AUTO_TEST_CASE(a_contact_that_is_a_uri_keeps_its_parameters_rfc_3261_10_2_4) {
  std::string const listed = "Contact: <sip:alice@192.0.2.1;transport=tcp>;expires=60\r\n";
  for (std::string_view const own :
       {"sip:alice@192.0.2.1;transport=tcp", "<sip:alice@192.0.2.1;transport=tcp>;q=0.5",
        "\"A\" <sip:alice@192.0.2.1;transport=tcp>"})
    BOOST_TEST_CONTEXT(own) {
      auto const ok = received_response(200, listed, ours({&own, 1}));
      BOOST_TEST((ok.listing == contact_listing::listed));
      BOOST_TEST(ok.granted == 60u);
    }
  for (std::string_view const other :
       {"sip:alice@192.0.2.1", "<sip:alice@192.0.2.1>;transport=tcp"})
    BOOST_TEST(
        (received_response(200, listed, ours({&other, 1})).listing == contact_listing::missing));
}

BOOST_AUTO_TEST_CASE(a_flow_is_found_by_its_instance_and_reg_id_rfc_5626_6) {
  own_registration o = ours();
  o.instance = "<urn:uuid:1>";
  o.reg_id = 2;
  auto const found = received_response(200,
                                       "Contact: <sip:alice@192.0.2.1>;expires=9;reg-id=1"
                                       ";+sip.instance=\"<urn:uuid:1>\"\r\n"
                                       "Contact: <sip:alice@192.0.2.1>;expires=60;reg-id=2"
                                       ";+sip.instance=\"<urn:uuid:1>\"\r\n",
                                       o);
  BOOST_TEST(found.granted == 60u);
  auto const other = received_response(
      200, "Contact: <sip:alice@192.0.2.1>;expires=9;reg-id=2;+sip.instance=\"<urn:uuid:7>\"\r\n",
      o);
  BOOST_TEST((other.listing == contact_listing::missing));
}

BOOST_AUTO_TEST_CASE(instance_ids_are_compared_as_urns_rfc_5626_4_1) {
  auto const is_listed = [](std::string_view own, std::string const& listed) {
    own_registration o = ours();
    o.instance = own;
    o.reg_id = 2;
    return received_response(
               200, "Contact: <sip:b@h>;expires=9;reg-id=2;+sip.instance=\"" + listed + "\"\r\n", o)
               .listing == contact_listing::listed;
  };
  // "urn" and the namespace in any case, and the digits of a UUID (RFC 4122 3).
  BOOST_TEST(is_listed("<urn:uuid:0a-0b>", "<URN:UUID:0A-0b>"));
  BOOST_TEST(!is_listed("<urn:uuid:0a-0b>", "<urn:uuid:0a-0c>"));
  BOOST_TEST(!is_listed("<urn:uuid:0a-0b>", "<urn:uuid:0a-0b0>"));
  // What another namespace has in it is its own, but for the digits of an escape (RFC 2141 5).
  BOOST_TEST(is_listed("<urn:foo:a%2cB>", "<URN:Foo:a%2CB>"));
  BOOST_TEST(!is_listed("<urn:foo:a>", "<urn:foo:A>"));
  BOOST_TEST(!is_listed("<urn:foo:%2ca>", "<urn:foo:%2cA>"));
  BOOST_TEST(!is_listed("<urn:uuids:a>", "<urn:uuids:A>"));
  // What is no URN is the same only as it stands.
  for (std::string const odd : {"x", "<urn:", "<urn:a>", "<mac:a:b>", "<urn:uuid"}) {
    std::string other = odd;
    other[odd.size() > 1 ? 2 : 0] ^= 0x20;
    BOOST_TEST(is_listed(odd, odd));
    BOOST_TEST(!is_listed(odd, other), odd);
  }
}

BOOST_AUTO_TEST_CASE(failures_tell_how_long_to_wait_and_how_long_to_ask_for) {
  auto const later = received_response(503, "Retry-After: 18000;duration=3600\r\n");
  BOOST_TEST(later.retry_after_said);
  BOOST_TEST(later.retry_after == 18000u);
  BOOST_TEST(!received_response(503, "").retry_after_said);
  BOOST_TEST(received_response(423, "Min-Expires: 90\r\n").min_expires == 90u);
}

BOOST_AUTO_TEST_CASE(a_list_of_mechanisms_is_mirrored_or_not_rfc_3329_2_3_1) {
  std::string const required = "Require: sec-agree\r\nProxy-Require: sec-agree\r\n";
  auto const same =
      sent_register(required + "Security-Verify: tls;q=0.2\r\nSecurity-Verify: ipsec-3gpp\r\n");
  BOOST_TEST((same.security_verify == security_list::mirrors));
  BOOST_TEST(same.security_required);
  BOOST_TEST(
      (sent_register("Security-Verify: tls;q=0.2\r\n").security_verify == security_list::differs));
  BOOST_TEST((sent_register("Security-Verify: tls;q=0.2, ipsec-3gpp, tls\r\n").security_verify ==
              security_list::differs));
  BOOST_TEST(!sent_register("Require: sec-agree\r\nSecurity-Client: tls\r\n").security_required);
  BOOST_TEST(received_response(494, "Security-Server: tls\r\n").security_server);
}

BOOST_AUTO_TEST_SUITE_END()
