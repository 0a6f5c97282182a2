// URIs: RFC 3261 19.1 with the examples of 19.1.3 and 19.1.4, RFC 3966 3 and 4.
#include <ctsip/message/uri.hpp>

#include <string>

#include <boost/test/unit_test.hpp>

using namespace ctsip;

namespace {
bool same(char const* a, char const* b) {
  bool const forth = equivalent(uri_view{a}, uri_view{b});
  BOOST_TEST(forth == equivalent(uri_view{b}, uri_view{a}), a << " and " << b);
  return forth;
}
} // namespace

BOOST_AUTO_TEST_SUITE(message_uri)

BOOST_AUTO_TEST_CASE(a_uri_is_taken_apart_19_1_1) {
  constexpr uri_view u{"sip:alice:secret@[2001:db8::10]:5070;transport=tcp;lr?subject=a&to=b%40c"};
  static_assert(u.well_formed());
  static_assert(u.scheme() == uri_scheme::sip);
  BOOST_TEST(u.user() == "alice");
  BOOST_TEST(u.password() == "secret");
  BOOST_TEST(u.host() == "[2001:db8::10]");
  BOOST_TEST(u.port() == 5070);
  BOOST_TEST(u.param("Transport") == "tcp");
  BOOST_TEST(u.lr());
  BOOST_TEST(u.headers()["Subject"] == "a");
  BOOST_TEST(u.headers()["to"] == "b%40c");
  BOOST_TEST(!u.has_param("maddr"));
}

BOOST_AUTO_TEST_CASE(the_examples_of_19_1_3_are_well_formed) {
  for (char const* const text :
       {"sip:alice@atlanta.com", "sip:alice:secretword@atlanta.com;transport=tcp",
        "sips:alice@atlanta.com?subject=project%20x&priority=urgent",
        "sip:+1-212-555-1212:1234@gateway.com;user=phone", "sips:1212@gateway.com",
        "sip:alice@192.0.2.4", "sip:atlanta.com;method=REGISTER?to=alice%40atlanta.com",
        "sip:alice;day=tuesday@atlanta.com"}) {
    BOOST_TEST(uri_view{text}.well_formed(), text);
  }
  BOOST_TEST(uri_view{"sip:alice;day=tuesday@atlanta.com"}.user() == "alice;day=tuesday");
  BOOST_TEST(uri_view{"sip:+1-212-555-1212:1234@gateway.com;user=phone"}.password() == "1234");
}

// RFC 4475 3.1.1.2, 3.1.1.3, 3.1.1.9.
BOOST_AUTO_TEST_CASE(unusual_and_escaped_users_are_well_formed) {
  uri_view const odd{"sip:1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*"
                     ":&it+has=1,weird!*pas$wo~d_too.(doesn't-it)@example.com"};
  BOOST_TEST(odd.well_formed());
  BOOST_TEST(odd.user() == "1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*");
  BOOST_TEST(odd.password() == "&it+has=1,weird!*pas$wo~d_too.(doesn't-it)");
  BOOST_TEST(uri_view{"sip:user;par=u%40example.net@example.com"}.user() ==
             "user;par=u%40example.net");
  uri_view const escaped{"sip:cal%6Cer@host5.example.net;%6C%72;n%61me=v%61lue%25%34%31"};
  BOOST_TEST(escaped.well_formed());
  BOOST_TEST(escaped.lr());
  BOOST_TEST(escaped.param("name") == "v%61lue%25%34%31");
}

BOOST_AUTO_TEST_CASE(escapes_are_undone_once_and_a_nul_is_a_character_19_1_2) {
  char out[32];
  auto const undone = [&out](std::string_view s) {
    return std::string(out, unescape(s, out, sizeof out));
  };
  BOOST_TEST(undone("v%61lue%25%34%31") == "value%41");
  BOOST_TEST(undone("null-%00-null") == std::string("null-\0-null", 11));
  BOOST_TEST(undone("100%") == "100%");
  BOOST_TEST(undone("%4") == "%4");
  BOOST_TEST(undone("%zz") == "%zz");
  BOOST_TEST(unescape("%41%42%43", out, 1) == 3u);
}

BOOST_AUTO_TEST_CASE(malformed_uris_say_what_is_wrong) {
  struct {
    char const* text;
    uri_error error;
  } const cases[] = {{"", uri_error::scheme},
                     {"alice@example.com", uri_error::scheme},
                     {"<sip:a@b>", uri_error::scheme},
                     {"1sip:a@b", uri_error::scheme},
                     {"sip:", uri_error::host},
                     {"sip:@example.com", uri_error::user},
                     {"sip::pw@example.com", uri_error::user},
                     {"sip:a b@example.com", uri_error::user},
                     {"sip:a%4@example.com", uri_error::user},
                     {"sip:a%zz@example.com", uri_error::user},
                     {"sip:a@", uri_error::host},
                     {"sip:a@b@c", uri_error::host},
                     {"sip:a@-b", uri_error::host},
                     {"sip:a@b%41", uri_error::host}, // "character escaping is not allowed" 19.1.2
                     {"sip:a@[::1", uri_error::host},
                     {"sip:a@[]", uri_error::host},
                     {"sip:a@b:", uri_error::port},
                     {"sip:a@b:65536", uri_error::port},
                     {"sip:a@b:5060x", uri_error::host},
                     {"sip:a@b;", uri_error::parameters},
                     {"sip:a@b; lr", uri_error::parameters},
                     {"sip:a@b;x=", uri_error::parameters},
                     {"sip:a@b;x=\"y\"", uri_error::parameters},
                     {"sip:a@b?", uri_error::headers},
                     {"sip:a@b?x", uri_error::headers},
                     {"sip:a@b?x=1&", uri_error::headers},
                     {"tel:", uri_error::number},
                     {"tel:+", uri_error::number},
                     {"tel:+1-abc", uri_error::number},
                     {"tel:911;", uri_error::parameters},
                     {"http:", uri_error::character},
                     {"http://a b", uri_error::character},
                     {"http://a<b", uri_error::character}};
  for (auto const& [text, error] : cases) {
    uri_view const u{text};
    BOOST_TEST_CONTEXT(text) {
      BOOST_TEST(static_cast<int>(u.error()) == static_cast<int>(error));
      BOOST_TEST(sentence(u.error())[0] != '\0');
      BOOST_TEST(clause(u.error())[0] != '\0');
    }
  }
}

BOOST_AUTO_TEST_CASE(other_schemes_are_opaque) {
  uri_view const u{"soap.beep://192.0.2.103:3002"};
  BOOST_TEST(u.well_formed());
  BOOST_TEST((u.scheme() == uri_scheme::other));
  BOOST_TEST(u.scheme_name() == "soap.beep");
  BOOST_TEST(u.opaque() == "//192.0.2.103:3002");
  BOOST_TEST(uri_view{"nobodyKnowsThisScheme:totallyopaquecontent"}.well_formed());
  BOOST_TEST(uri_view{"urn:service:sos"}.well_formed());
}

BOOST_AUTO_TEST_CASE(the_equivalent_sets_of_19_1_4) {
  BOOST_TEST(same("sip:%61lice@atlanta.com;transport=TCP", "sip:alice@AtLanTa.CoM;Transport=tcp"));
  BOOST_TEST(same("sip:carol@chicago.com", "sip:carol@chicago.com;newparam=5"));
  BOOST_TEST(same("sip:carol@chicago.com", "sip:carol@chicago.com;security=on"));
  BOOST_TEST(same("sip:carol@chicago.com;newparam=5", "sip:carol@chicago.com;security=on"));
  BOOST_TEST(same("sip:biloxi.com;transport=tcp;method=REGISTER?to=sip:bob%40biloxi.com",
                  "sip:biloxi.com;method=REGISTER;transport=tcp?to=sip:bob%40biloxi.com"));
  BOOST_TEST(same("sip:alice@atlanta.com?subject=project%20x&priority=urgent",
                  "sip:alice@atlanta.com?priority=urgent&subject=project%20x"));
  static_assert(equivalent(uri_view{"sip:a@b"}, uri_view{"SIP:a@B"}));
}

BOOST_AUTO_TEST_CASE(the_sets_of_19_1_4_that_are_not_equivalent) {
  BOOST_TEST(!same("SIP:ALICE@AtLanTa.CoM;Transport=udp", "sip:alice@AtLanTa.CoM;Transport=UDP"));
  BOOST_TEST(!same("sip:bob@biloxi.com", "sip:bob@biloxi.com:5060"));
  BOOST_TEST(!same("sip:bob@biloxi.com", "sip:bob@biloxi.com;transport=udp"));
  BOOST_TEST(!same("sip:bob@biloxi.com", "sip:bob@biloxi.com:6000;transport=tcp"));
  BOOST_TEST(!same("sip:carol@chicago.com", "sip:carol@chicago.com?Subject=next%20meeting"));
  BOOST_TEST(!same("sip:bob@phone21.boxesbybob.com", "sip:bob@192.0.2.4"));
  BOOST_TEST(!same("sip:carol@chicago.com;security=on", "sip:carol@chicago.com;security=off"));
}

BOOST_AUTO_TEST_CASE(the_rules_of_19_1_4_one_by_one) {
  BOOST_TEST(!same("sip:a@b", "sips:a@b"));
  BOOST_TEST(!same("sip:b", "sip:a@b"));
  BOOST_TEST(!same("sip:a@b", "sip:a:pw@b"));
  BOOST_TEST(!same("sip:a:@b", "sip:a@b"));
  BOOST_TEST(!same("sip:a@b;user=ip", "sip:a@b"));
  BOOST_TEST(!same("sip:a@b;ttl=1", "sip:a@b"));
  BOOST_TEST(!same("sip:a@b;method=INVITE", "sip:a@b"));
  BOOST_TEST(!same("sip:a@b;maddr=224.2.0.1", "sip:a@b"));
  BOOST_TEST(same("sip:a@b;lr", "sip:a@b"));
  // Characters in the reserved set are not equivalent to their escapes.
  BOOST_TEST(!same("sip:a%3Bb@c", "sip:a;b@c"));
  BOOST_TEST(same("sip:a%3Bb@c", "sip:a%3bb@c"));
  BOOST_TEST(!same("sip:a@b;x=1;y=2;transport=tcp", "sip:a@b;y=2;transport=udp;x=1"));
}

BOOST_AUTO_TEST_CASE(malformed_uris_are_equivalent_to_nothing) {
  BOOST_TEST(!same("sip:", "sip:"));
  BOOST_TEST(!equivalent(uri_view{}, uri_view{}));
}

BOOST_AUTO_TEST_CASE(many_parameters_do_not_make_comparing_slow) {
  std::string a = "sip:a@b";
  std::string b = a;
  for (int i = 0; i < 10'000; ++i) {
    a += ";p" + std::to_string(i);
    b += ";p" + std::to_string(9'999 - i);
  }
  BOOST_TEST(same(a.c_str(), a.c_str()));
  BOOST_TEST(!same(a.c_str(), b.c_str()));
}

BOOST_AUTO_TEST_CASE(tel_uris_are_compared_without_separators_rfc_3966_4) {
  BOOST_TEST(uri_view{"tel:+1-201-555-0123"}.telephone_number() == "+1-201-555-0123");
  BOOST_TEST(same("tel:+1-201-555-0123", "tel:+12015550123"));
  BOOST_TEST(same("TEL:+1(201)555.0123", "tel:+12015550123"));
  BOOST_TEST(!same("tel:+12015550123", "tel:12015550123;phone-context=+1"));
  BOOST_TEST(same("tel:7042;phone-context=Example.COM", "tel:70-42;phone-context=example.com"));
  BOOST_TEST(same("tel:863-1234;phone-context=+1-914-555", "tel:8631234;phone-context=+1914555"));
  BOOST_TEST(!same("tel:+12015550123;isub=12345", "tel:+12015550123"));
  BOOST_TEST(same("tel:+12015550123;ext=1-2;isub=3", "tel:+12015550123;isub=3;ext=12"));
  BOOST_TEST(same("tel:%23*0a;phone-context=b.c", "tel:%23*0A;phone-context=b.c"));
}

BOOST_AUTO_TEST_SUITE_END()
