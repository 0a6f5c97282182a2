#include <boost/test/unit_test.hpp>

#include <ctsip/vocabulary/transport.hpp>

#include <cstring>
#include <string>
#include <string_view>

using namespace ctsip;

BOOST_AUTO_TEST_SUITE(vocabulary_transport)

BOOST_AUTO_TEST_CASE(only_udp_is_unreliable_rfc3261_17) {
  static_assert(!is_reliable(transport::udp));
  for (transport t : {transport::tcp, transport::tls, transport::sctp, transport::tls_sctp,
                      transport::ws, transport::wss})
    BOOST_TEST(is_reliable(t), name(t));
}

BOOST_AUTO_TEST_CASE(only_the_transports_over_tls_are_secure) {
  for (transport t : {transport::tls, transport::tls_sctp, transport::wss})
    BOOST_TEST(is_secure(t), name(t));
  for (transport t : {transport::udp, transport::tcp, transport::sctp, transport::ws})
    BOOST_TEST(!is_secure(t), name(t));
}

BOOST_AUTO_TEST_CASE(a_sips_uri_has_the_same_transport_over_tls_and_tcp_for_udp_26_2_2) {
  static_assert(secured(transport::udp) == transport::tls);
  BOOST_TEST((secured(transport::tcp) == transport::tls));
  BOOST_TEST((secured(transport::sctp) == transport::tls_sctp));
  BOOST_TEST((secured(transport::ws) == transport::wss));
  for (std::size_t i = 0; i != transport_count; ++i) {
    auto const t = static_cast<transport>(i);
    BOOST_TEST(is_secure(secured(t)), name(t));
    BOOST_TEST((secured(secured(t)) == secured(t)), name(t));
  }
}

BOOST_AUTO_TEST_CASE(the_default_port_is_5060_and_over_tls_5061_rfc3261_19_1_2) {
  static_assert(default_port(transport::udp) == 5060);
  static_assert(default_port(transport::tls) == 5061);
  BOOST_TEST(default_port(transport::tcp) == 5060);
  BOOST_TEST(default_port(transport::sctp) == 5060);
  BOOST_TEST(default_port(transport::tls_sctp) == 5061);
  BOOST_TEST(default_port(transport::ws) == 80);
  BOOST_TEST(default_port(transport::wss) == 443);
}

BOOST_AUTO_TEST_CASE(a_token_is_read_in_any_case_rfc3261_7_3_1) {
  static_assert(parse_transport(std::string_view("UDP")).value == transport::udp);
  static_assert(parse_transport(std::string_view("Tls-Sctp")).value == transport::tls_sctp);
  for (std::size_t i = 0; i != transport_count; ++i) {
    auto const t = static_cast<transport>(i);
    std::string lower(name(t));
    for (char& c : lower)
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    BOOST_TEST(parse_transport(lower).found, lower);
    BOOST_TEST((parse_transport(lower).value == t), lower);
    BOOST_TEST((parse_transport(std::string_view(name(t))).value == t), lower);
  }
}

BOOST_AUTO_TEST_CASE(another_token_is_not_found) {
  for (std::string_view text : {"", "U", "UDPX", "TLS-", "TLS_SCTP", "QUIC", " UDP", "UD\xD0"})
    BOOST_TEST(!parse_transport(text), text);
  BOOST_TEST(!parse_transport(nullptr, 0));
  BOOST_TEST(!parse_transport("UDP\0", 4));
}

BOOST_AUTO_TEST_SUITE_END()
