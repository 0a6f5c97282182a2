#include <ctsip/message/destination.hpp>

#include <boost/test/unit_test.hpp>

#include <string_view>

namespace {

using ctsip::adds_received;
using ctsip::destination_of_response;
using ctsip::packet_source;
using ctsip::via_view;

struct row {
  std::string_view via;
  packet_source source;
  std::string_view host;
  unsigned port;
  bool on_connection;
  bool needs_resolution;
};

static_assert(destination_of_response(via_view{"SIP/2.0/UDP 10.1.1.1:4540;rport"},
                                      {"192.0.2.1", 9988})
                  .port == 9988);

} // namespace

BOOST_AUTO_TEST_SUITE(message_destination)

BOOST_AUTO_TEST_CASE(a_request_from_elsewhere_than_its_sent_by_gets_received_18_2_1) {
  packet_source const source{"192.0.2.4", 5060};
  BOOST_TEST(adds_received(via_view{"SIP/2.0/UDP bobspc.biloxi.com:5060"}, source));
  BOOST_TEST(adds_received(via_view{"SIP/2.0/UDP 192.0.2.5"}, source));
  BOOST_TEST(!adds_received(via_view{"SIP/2.0/UDP 192.0.2.4:5070"}, source));
  BOOST_TEST(!adds_received(via_view{"SIP/2.0/UDP bobspc.biloxi.com"}, {}));
  BOOST_TEST(!adds_received(via_view{"SIP/2.0/UDP [2001:db8::A]"}, {"2001:db8::a", 1}));
  BOOST_TEST(adds_received(via_view{"SIP/2.0/UDP [2001:db8::A]"}, {"2001:db8::b", 1}));
}

BOOST_AUTO_TEST_CASE(rport_asks_for_received_even_if_it_is_identical_rfc_3581_4) {
  packet_source const source{"192.0.2.4", 5060};
  BOOST_TEST(adds_received(via_view{"SIP/2.0/UDP 192.0.2.4:5060;rport"}, source));
  BOOST_TEST(!adds_received(via_view{"SIP/2.0/UDP 192.0.2.4:5060;rport=5060"}, source));
}

BOOST_AUTO_TEST_CASE(where_a_response_is_sent_18_2_2_and_rfc_3581_4) {
  for (auto const& r : {
           // The sent-by, with its port or the default one.
           row{"SIP/2.0/UDP pc.example:5070", {}, "pc.example", 5070, false, true},
           row{"SIP/2.0/UDP pc.example", {}, "pc.example", 5060, false, true},
           row{"SIP/2.0/UDP 192.0.2.4:5070", {"192.0.2.4", 9}, "192.0.2.4", 5070, false, true},
           row{"SIP/2.0/UDP [2001:db8::1]:5070", {}, "2001:db8::1", 5070, false, true},
           // received, noted earlier or now: the port is still that of the sent-by.
           row{"SIP/2.0/UDP pc.example;received=192.0.2.4", {}, "192.0.2.4", 5060, false, false},
           row{"SIP/2.0/UDP pc.example:5070", {"192.0.2.4", 9}, "192.0.2.4", 5070, false, false},
           row{"SIP/2.0/UDP pc.example", {"[2001:db8::2]", 9}, "2001:db8::2", 5060, false, false},
           // received and rport.
           row{"SIP/2.0/UDP 10.1.1.1:4540;received=192.0.2.1;rport=9988;branch=z9hG4bKkjshdyff",
               {},
               "192.0.2.1",
               9988,
               false,
               false},
           row{"SIP/2.0/UDP 10.1.1.1:4540;rport;branch=z9hG4bKkjshdyff",
               {"192.0.2.1", 9988},
               "192.0.2.1",
               9988,
               false,
               false},
           // maddr comes before both.
           row{"SIP/2.0/UDP pc.example;maddr=239.255.255.1;rport",
               {"192.0.2.1", 9988},
               "239.255.255.1",
               5060,
               false,
               false},
           row{"SIP/2.0/UDP pc.example:5070;maddr=[ff02::1]", {}, "ff02::1", 5070, false, false},
           // Reliable transports: the connection, and if it is gone the port of the sent-by.
           row{"SIP/2.0/TCP pc.example:5070;rport;maddr=192.0.2.9",
               {"192.0.2.1", 9988},
               "192.0.2.1",
               5070,
               true,
               false},
           row{"SIP/2.0/TCP pc.example", {}, "pc.example", 5060, true, true},
           row{"SIP/2.0/TLS pc.example", {"192.0.2.1", 9988}, "192.0.2.1", 5061, true, false},
           // What the client says of itself does not outweigh the source of its packet.
           row{"SIP/2.0/UDP 192.0.2.4;received=198.51.100.1",
               {"192.0.2.4", 5060},
               "192.0.2.4",
               5060,
               false,
               true},
       }) {
    auto const to = destination_of_response(via_view{r.via}, r.source);
    BOOST_TEST(to.host == r.host, r.via);
    BOOST_TEST(to.port == r.port, r.via);
    BOOST_TEST(to.on_connection == r.on_connection, r.via);
    BOOST_TEST(to.needs_resolution == r.needs_resolution, r.via);
  }
}

BOOST_AUTO_TEST_CASE(the_ttl_of_a_multicast_response_is_1_unless_told_18_2_2) {
  BOOST_TEST(destination_of_response(via_view{"SIP/2.0/UDP a.example;maddr=239.255.255.1"}).ttl ==
             1);
  BOOST_TEST(
      destination_of_response(via_view{"SIP/2.0/UDP a.example;maddr=239.255.255.1;ttl=16"}).ttl ==
      16);
  BOOST_TEST(
      destination_of_response(via_view{"SIP/2.0/UDP a.example;maddr=239.255.255.1;ttl=256"}).ttl ==
      1);
}

BOOST_AUTO_TEST_SUITE_END()
