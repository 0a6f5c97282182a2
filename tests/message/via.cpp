// The Via header field: RFC 3261 20.42, RFC 3581; RFC 4475.
#include <ctsip/message/via.hpp>

#include <boost/test/unit_test.hpp>

using namespace ctsip;

BOOST_AUTO_TEST_SUITE(message_via)

BOOST_AUTO_TEST_CASE(the_examples_of_20_42) {
  constexpr via_view one{"SIP/2.0/UDP 192.0.2.1:5060 ;received=192.0.2.207\r\n"
                         "     ;branch=z9hG4bK77asjd"};
  static_assert(one.well_formed());
  static_assert(one.transport() == transport::udp);
  BOOST_TEST(one.sent_by().host == "192.0.2.1");
  BOOST_TEST(one.sent_by().port == 5060);
  BOOST_TEST(one.received() == "192.0.2.207");
  BOOST_TEST(one.branch() == "z9hG4bK77asjd");
  via_view const spaced{"SIP / 2.0 / UDP first.example.com: 4000;ttl=16\r\n"
                        "  ;maddr=224.2.0.1 ;branch=z9hG4bKa7c6a8dlze.1"};
  BOOST_TEST(spaced.well_formed());
  BOOST_TEST(spaced.sent_by().host == "first.example.com");
  BOOST_TEST(spaced.sent_by().port == 4000);
  BOOST_TEST(*spaced.ttl() == 16u);
  BOOST_TEST(spaced.maddr() == "224.2.0.1");
  BOOST_TEST(spaced.has_magic_cookie());
}

BOOST_AUTO_TEST_CASE(the_first_of_several_in_one_row_is_read) {
  via_view const v{"SIP  / 2.0  / TCP     spindle.example.com   ;\r\n  branch  =   z9hG4bK9ikj8  ,"
                   "\r\n SIP  /    2.0   / UDP  192.168.255.111   ; branch=\r\n z9hG4bK30239"};
  BOOST_TEST(v.well_formed());
  BOOST_TEST((v.transport() == transport::tcp));
  BOOST_TEST(v.sent_by().host == "spindle.example.com");
  BOOST_TEST(!v.sent_by().has_port);
  BOOST_TEST(v.branch() == "z9hG4bK9ikj8");
  BOOST_TEST(v.text().substr(v.text().size() - 12) == "z9hG4bK9ikj8");
}

BOOST_AUTO_TEST_CASE(rport_may_have_a_value_rfc_3581) {
  via_view const asked{"SIP/2.0/UDP 10.1.1.1:4540;rport;branch=z9hG4bKkjshdyff"};
  BOOST_TEST(asked.has_rport());
  BOOST_TEST((asked.rport().state == number::absent));
  via_view const told{"SIP/2.0/UDP 10.1.1.1:4540;received=192.0.2.1;rport=9988"};
  BOOST_TEST(*told.rport() == 9988u);
  BOOST_TEST(!via_view{"SIP/2.0/UDP 10.1.1.1"}.has_rport());
  BOOST_TEST(!via_view{"SIP/2.0/UDP a;rport=65536"}.rport());
}

BOOST_AUTO_TEST_CASE(all_transports_are_known_and_others_count_as_udp_rfc_4475_3_1_1_10) {
  struct {
    char const* text;
    transport expected;
    bool known;
  } const cases[] = {{"SIP/2.0/UDP a", transport::udp, true},
                     {"SIP/2.0/tcp a", transport::tcp, true},
                     {"SIP/2.0/TLS a", transport::tls, true},
                     {"SIP/2.0/SCTP a", transport::sctp, true},
                     {"SIP/2.0/TLS-SCTP a", transport::tls_sctp, true},
                     {"SIP/2.0/WS a", transport::ws, true},
                     {"SIP/2.0/WSS a", transport::wss, true},
                     {"SIP/2.0/UNKNOWN a", transport::udp, false}};
  for (auto const& [text, expected, known] : cases) {
    via_view const v{text};
    BOOST_TEST(v.well_formed(), text);
    BOOST_TEST((v.transport() == expected), text);
    BOOST_TEST(v.has_known_transport() == known, text);
  }
}

BOOST_AUTO_TEST_CASE(ipv6_addresses_stand_in_brackets_and_in_received_also_without) {
  via_view const v{"SIP/2.0/UDP [2001:db8::9:1]:5070;received=2001:db8::9:255;branch=z9hG4bKas3"};
  BOOST_TEST(v.well_formed());
  BOOST_TEST(v.sent_by().host == "[2001:db8::9:1]");
  BOOST_TEST(v.sent_by().port == 5070);
  BOOST_TEST(v.received() == "2001:db8::9:255");
  BOOST_TEST(via_view{"SIP/2.0/UDP a;received=[2001:db8::1]"}.received() == "[2001:db8::1]");
}

BOOST_AUTO_TEST_CASE(the_first_of_two_parameters_with_one_name_counts) {
  via_view const v{"SIP/2.0/UDP a;BRANCH=z9hG4bK1;branch=z9hG4bK2"};
  BOOST_TEST(v.branch() == "z9hG4bK1");
  BOOST_TEST(v.param("Branch") == "z9hG4bK1");
}

BOOST_AUTO_TEST_CASE(malformed_ones_are_told_and_what_can_be_read_is_there) {
  for (char const* const text :
       {"", "SIP", "SIP/2.0", "SIP/2.0/UDP", "SIP/2.0/UDP ", "SIP/2.0/UDPa;b", "SIP/2.0/UDP :5060",
        "SIP/2.0/UDP a:", "SIP/2.0/UDP a:65536", "SIP/2.0/UDP a:x", "SIP/2.0/UDP a b",
        "SIP/2.0/UDP a;;", "SIP/2.0/UDP a;branch=", "SIP//UDP a", "/2.0/UDP a", "SIP/2.0/UDP [::1",
        "SIP/2.0/UDP 192.0.2.15;;,;,,"}) {
    BOOST_TEST(!via_view{text}.well_formed(), text);
  }
  BOOST_TEST(via_view{"SIP/2.0/UDP 192.0.2.15;branch=z9hG4bK1;;"}.branch() == "z9hG4bK1");
}

BOOST_AUTO_TEST_CASE(sent_by_is_compared_with_its_port_17_2_3) {
  via_view const a{"SIP/2.0/UDP Host:5060"};
  BOOST_TEST(same_sent_by(a, via_view{"SIP/2.0/TCP hOST:5060"}));
  BOOST_TEST(!same_sent_by(a, via_view{"SIP/2.0/UDP host"}));
  BOOST_TEST(!same_sent_by(a, via_view{"SIP/2.0/UDP host:5061"}));
}

BOOST_AUTO_TEST_SUITE_END()
