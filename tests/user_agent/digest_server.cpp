// The side that challenges. RFC 3261 22, RFC 7616, RFC 8760.
#include <boost/test/unit_test.hpp>

#include <ctsip/user_agent/digest_server.hpp>

#include "../../examples/support/mbedtls_hashes.hpp"
#include "messages.hpp"

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

using namespace ctsip;
using namespace ctsip_tests;
using hashes = example::mbedtls_hashes;

namespace {

constexpr hash_seed seed{11, 22};
constexpr std::string_view realm = "biloxi.com";
constexpr instant start{1'000'000};

digest_settings settings() {
  digest_settings s;
  s.realm = realm;
  return s;
}

digest_login look_up(digest_question const& q) {
  if (q.realm == realm && q.username == "bob")
    return digest_login::with_password("bob", "zanzibar");
  return {};
}

std::string nonce_of(digest_challenges const& c) {
  return std::string{challenge_view{c.fields[0].value}.nonce()};
}

// Credentials as a client makes them, each part to be spoilt by the case.
struct credentials {
  std::string nonce;
  std::uint32_t nonce_count = 1;
  digest_algorithm algorithm = digest_algorithm::sha_256;
  quality_of_protection qop = quality_of_protection::auth;
  std::string username = "bob";
  std::string password = "zanzibar";
  std::string method = "REGISTER";
  std::string uri = "sip:biloxi.com";
  std::string body{};
  bool says_algorithm = true;

  std::string value() const {
    digest_parts d;
    d.algorithm = algorithm;
    d.qop = qop;
    d.username = username;
    d.realm = realm;
    d.nonce = nonce;
    d.cnonce = "0a4f113b";
    d.nonce_count = nonce_count;
    d.method = method;
    d.uri = uri;
    d.body = body;
    auto const response =
        digest_response<hashes>(d, digest_login::with_password(username, password));
    authorization_parts a;
    a.username = username;
    a.realm = realm;
    a.nonce = nonce;
    a.uri = uri;
    a.response = response.view();
    a.cnonce = d.cnonce;
    a.has_algorithm = says_algorithm;
    a.algorithm = algorithm;
    a.qop = qop;
    a.nonce_count = nonce_count;
    char buffer[1024];
    return std::string{write_authorization(buffer, a).text};
  }
};

std::string request_with(std::string const& authorization, std::string const& method = "REGISTER",
                         std::string const& body = "", char const* field = "Authorization") {
  auto r = of(method);
  r.uri = "sip:biloxi.com";
  if (!authorization.empty()) r.more += std::string{field} + ": " + authorization + "\r\n";
  r.body = body;
  return r.text();
}

template <class Server>
digest_outcome outcome(Server& server, std::string const& request, instant now = start) {
  return server.verify(read(request).value, look_up, now).outcome;
}

template <class Server>
std::string fresh_nonce(Server& server, instant now = start) {
  char buffer[1024];
  return nonce_of(server.challenge(buffer, now));
}

std::string with(std::string text, std::string const& from, std::string const& to) {
  auto const at = text.find(from);
  BOOST_REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

} // namespace

BOOST_TEST_DONT_PRINT_LOG_VALUE(ctsip::digest_outcome)

BOOST_AUTO_TEST_SUITE(user_agent_digest_server)

// "The UAS MUST add these header fields to the response in the order in which it would prefer to
// see them used, starting with the most preferred algorithm at the top"; "each of these header
// fields MUST use a different digest algorithm"; "A UAS MUST always send a "qop" parameter".
BOOST_AUTO_TEST_CASE(the_challenges_stand_in_order_of_preference_rfc8760_2_3) {
  auto s = settings();
  s.offer = {digest_algorithm::sha_512_256, digest_algorithm::sha_256_sess, digest_algorithm::md5,
             digest_algorithm::akav1_md5};
  s.auth_int = true;
  digest_server<hashes> server{seed, s};
  char buffer[1024];
  auto const c = server.challenge(buffer, start);
  BOOST_REQUIRE(c);
  BOOST_REQUIRE(c.all().size() == 3u);
  BOOST_TEST(challenge_view{c.fields[0].value}.algorithm() == "SHA-512-256");
  BOOST_TEST(challenge_view{c.fields[1].value}.algorithm() == "SHA-256-sess");
  BOOST_TEST(challenge_view{c.fields[2].value}.algorithm() == "MD5");
  for (auto const& f : c.all()) {
    challenge_view const v{f.value};
    BOOST_TEST(f.name == "WWW-Authenticate");
    BOOST_TEST(v.well_formed());
    BOOST_TEST(v.realm() == realm);
    BOOST_TEST(v.offers_qop("auth"));
    BOOST_TEST(v.offers_qop("auth-int"));
    BOOST_TEST(!v.has_param("stale"));
    BOOST_TEST(v.nonce() == nonce_of(c));
  }
  s.proxy = true;
  digest_server<hashes> proxy{seed, s};
  auto const p = proxy.challenge(buffer, start, true);
  BOOST_TEST(p.fields[0].name == "Proxy-Authenticate");
  BOOST_TEST(challenge_view{p.fields[2].value}.stale());
}

BOOST_AUTO_TEST_CASE(a_challenge_that_does_not_fit_says_how_much_it_needs) {
  digest_server<hashes> server{seed, settings()};
  char buffer[1024];
  auto const whole = server.challenge(buffer, start);
  for (std::size_t size = 0; size < whole.size; ++size) {
    auto const c = server.challenge(std::span<char>{buffer, size}, start);
    BOOST_TEST((c.error == write_error::overflow));
    BOOST_TEST(c.all().empty());
    BOOST_TEST(c.size == whole.size);
  }
  BOOST_TEST(static_cast<bool>(server.challenge(std::span<char>{buffer, whole.size}, start)));
  auto s = settings();
  s.offer = {digest_algorithm::akav1_md5};
  digest_server<hashes> nothing{seed, s};
  BOOST_TEST(!nothing.challenge(buffer, start));
}

// "A server-specified string which should be uniquely generated each time a 401 response is made."
BOOST_AUTO_TEST_CASE(no_two_nonces_are_alike_rfc7616_3_3) {
  digest_server<hashes> server{seed, settings()};
  std::set<std::string> seen;
  for (int i = 0; i != 10'000; ++i) seen.insert(fresh_nonce(server));
  BOOST_TEST(seen.size() == 10'000u);
  digest_server<hashes> restarted{{33, 44}, settings()};
  BOOST_TEST(!seen.contains(fresh_nonce(restarted)));
}

BOOST_AUTO_TEST_CASE(the_right_password_is_accepted_by_every_algorithm_and_qop) {
  using enum quality_of_protection;
  for (std::size_t i = 0; i != 6; ++i) {
    auto s = settings();
    auto const algorithm = static_cast<digest_algorithm>(i);
    s.offer = {algorithm};
    s.auth_int = true;
    digest_server<hashes> server{seed, s};
    for (auto const qop : {none, auth, auth_int}) {
      for (std::string const body : {"", "v=0\r\n"}) {
        credentials c{fresh_nonce(server)};
        c.algorithm = algorithm;
        c.qop = qop;
        c.body = body;
        std::string const text = request_with(c.value(), "REGISTER", body);
        auto const v = server.verify(read(text).value, look_up, start);
        std::string const what = std::string{name(algorithm)} + " " + name(qop);
        if (qop == none && traits(algorithm).session) {
          BOOST_TEST(v.outcome == digest_outcome::malformed, what);
          continue;
        }
        BOOST_TEST(static_cast<bool>(v), what);
        BOOST_TEST(v.username == "bob");
        BOOST_TEST(v.uri.is("sip:biloxi.com"));
        BOOST_TEST((v.algorithm == algorithm));
        BOOST_TEST((v.qop == qop));
        // The body is protected by auth-int only.
        c.nonce = fresh_nonce(server);
        auto const other = request_with(c.value(), "REGISTER", "changed");
        BOOST_TEST(outcome(server, other) ==
                       (qop == auth_int ? digest_outcome::wrong : digest_outcome::accepted),
                   what);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(a_request_without_credentials_for_the_realm_is_challenged_22_2) {
  digest_server<hashes> server{seed, settings()};
  BOOST_TEST(outcome(server, request_with("")) == digest_outcome::missing);
  credentials c{fresh_nonce(server)};
  BOOST_TEST(outcome(server, request_with(with(c.value(), "biloxi.com", "atlanta.com"))) ==
             digest_outcome::missing);
  // Those of a proxy are no credentials for a UAS.
  BOOST_TEST(outcome(server, request_with(c.value(), "REGISTER", "", "Proxy-Authorization")) ==
             digest_outcome::missing);
  // "Servers MUST NOT accept credentials using the "Basic" authorization scheme".
  BOOST_TEST(outcome(server, request_with("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==")) ==
             digest_outcome::missing);
  // The first REGISTER in IMS.
  char buffer[256];
  auto const first = write_initial_authorization(buffer, "bob", realm, "sip:biloxi.com");
  BOOST_TEST(outcome(server, request_with(std::string{first.text})) == digest_outcome::missing);
}

// "Servers MUST NOT attempt to challenge an ACK", "servers MUST NOT attempt to challenge CANCEL
// requests".
BOOST_AUTO_TEST_CASE(ack_and_cancel_are_exempt_22_1) {
  digest_server<hashes> server{seed, settings()};
  BOOST_TEST(outcome(server, request_with("", "ACK")) == digest_outcome::exempt);
  BOOST_TEST(outcome(server, request_with("", "CANCEL")) == digest_outcome::exempt);
  for (char const* const method : {"INVITE", "BYE", "OPTIONS", "MESSAGE", "UPDATE", "NEWMETHOD"})
    BOOST_TEST(outcome(server, request_with("", method)) == digest_outcome::missing, method);
}

BOOST_AUTO_TEST_CASE(whatever_is_not_what_was_digested_is_wrong) {
  digest_server<hashes> server{seed, settings()};
  auto const judged = [&](auto change) {
    credentials c{fresh_nonce(server)};
    change(c);
    return outcome(server, request_with(c.value()));
  };
  BOOST_TEST(judged([](credentials&) {}) == digest_outcome::accepted);
  BOOST_TEST(judged([](credentials& c) { c.password = "zanzibaR"; }) == digest_outcome::wrong);
  BOOST_TEST(judged([](credentials& c) { c.password = ""; }) == digest_outcome::wrong);
  BOOST_TEST(judged([](credentials& c) { c.username = "alice"; }) == digest_outcome::wrong);
  BOOST_TEST(judged([](credentials& c) { c.username = "alice", c.password = ""; }) ==
             digest_outcome::wrong);
  BOOST_TEST(judged([](credentials& c) { c.method = "INVITE"; }) == digest_outcome::wrong);
  std::string const good = credentials{fresh_nonce(server)}.value();
  for (auto const& [from, to] :
       std::vector<std::pair<std::string, std::string>>{{"nc=00000001", "nc=00000002"},
                                                        {"uri=\"sip:", "uri=\"sips:"},
                                                        {"cnonce=\"0a", "cnonce=\"0b"},
                                                        {"algorithm=SHA-256", "algorithm=MD5"},
                                                        {"response=\"", "response=\"0"},
                                                        {"username=\"bob", "username=\"boB"}})
    BOOST_TEST(outcome(server, request_with(with(good, from, to))) == digest_outcome::wrong, from);
  // A wrong one uses no count up.
  BOOST_TEST(outcome(server, request_with(good)) == digest_outcome::accepted);
}

// "If a parameter or its value is improper, or required parameters are missing, the proper response
// is a 4xx error code."
BOOST_AUTO_TEST_CASE(improper_parameters_are_malformed_rfc7616_3_4) {
  digest_server<hashes> server{seed, settings()};
  std::string const good = credentials{fresh_nonce(server)}.value();
  for (auto const& [from, to] : std::vector<std::pair<std::string, std::string>>{
           {"username=", "user="},
           {"username=\"bob\"", "username=\"\""},
           {"username=\"bob\"", "username=\"b\\\x01ob\""},
           {"username=\"bob\"", "username=\"bob\", username*=UTF-8''bob"},
           {"username=\"bob\"", "username*=UTF-8''bob"},
           {"username=\"bob\"", "username=\"bob\", username=\"alice\""},
           {"username=\"bob\"", "username=\"\\" + std::string(129, 'b') + "\""},
           {"uri=", "url="},
           {"response=", "request="},
           {"nc=00000001", "nc=00000000"},
           {"nc=00000001", "nc=1"},
           {"nc=00000001", "nc=0000000A"},
           {", nc=00000001", ""},
           {"cnonce=", "cnounce="},
           {"qop=auth", "qop=auth-int"},
           {"qop=auth", "qop=auth-conf"},
           {"realm=\"biloxi.com\"", "realm=\"biloxi.com\", userhash=true"},
           {"Digest username", "Digest ,username"},
           {"nc=00000001", "nc=00000001,"}})
    BOOST_TEST(outcome(server, request_with(with(good, from, to))) == digest_outcome::malformed,
               from << " -> " << to);
  BOOST_TEST(outcome(server, request_with(good)) == digest_outcome::accepted);
}

// "When a UAS receives a request from a UAC, and an acceptable Authorization header field is not
// received, the UAS can challenge the originator".
BOOST_AUTO_TEST_CASE(credentials_by_an_algorithm_that_is_not_offered_are_challenged_rfc8760_2_3) {
  digest_server<hashes> server{seed, settings()};
  std::string const good = credentials{fresh_nonce(server)}.value();
  for (auto const* other : {"SHA-512-256", "SHA-3", "AKAv1-MD5"})
    BOOST_TEST(outcome(server, request_with(with(good, "SHA-256", other))) ==
               digest_outcome::missing);
  BOOST_TEST(outcome(server, request_with(good)) == digest_outcome::accepted);
  // Who was content with them before had other nonces: "the client may wish to simply retry the
  // request" (RFC 7616 3.3).
  auto s = settings();
  s.offer = {digest_algorithm::sha_512_256};
  digest_server<hashes> after{{33, 44}, s};
  BOOST_TEST(outcome(after, request_with(good)) == digest_outcome::stale);
}

BOOST_AUTO_TEST_CASE(a_user_name_and_a_realm_may_hold_quotes_25_1) {
  std::string const odd = "b\"o\\b";
  auto s = settings();
  digest_server<hashes> server{seed, s};
  credentials c{fresh_nonce(server)};
  c.username = odd;
  std::string seen;
  auto const who = [&](digest_question const& q) {
    seen = q.username;
    return digest_login::with_password(q.username, "zanzibar");
  };
  auto const text = request_with(c.value());
  auto const v = server.verify(read(text).value, who, start);
  BOOST_TEST(static_cast<bool>(v));
  BOOST_TEST(v.username == odd);
  BOOST_TEST(seen == odd);
  // The same name, spelt with needless backslashes: the digest is that of the plain name.
  credentials plain{fresh_nonce(server)};
  auto const escaped = request_with(with(plain.value(), "\"bob\"", "\"\\bo\\b\""));
  BOOST_TEST(outcome(server, escaped) == digest_outcome::accepted);
}

BOOST_AUTO_TEST_CASE(a_stored_ha1_serves_as_well_as_the_password_rfc7616_5_2) {
  digest_server<hashes> server{seed, settings()};
  for (auto const algorithm : {digest_algorithm::md5, digest_algorithm::sha_256}) {
    credentials c{fresh_nonce(server)};
    c.algorithm = algorithm;
    auto const text = request_with(c.value());
    digest_value ha1;
    auto const stored = [&](digest_question const& q) {
      ha1 = digest_ha1<hashes>(q.algorithm, "bob", q.realm, "zanzibar");
      return digest_login::with_ha1("bob", ha1.view());
    };
    BOOST_TEST(static_cast<bool>(server.verify(read(text).value, stored, start)));
    auto const other = [](digest_question const&) {
      return digest_login::with_ha1("bob", "d41d8cd98f00b204e9800998ecf8427e");
    };
    c.nonce = fresh_nonce(server);
    auto const again = request_with(c.value());
    BOOST_TEST(server.verify(read(again).value, other, start).outcome == digest_outcome::wrong);
  }
}

// "username = H( unq(username) ":" unq(realm) )".
BOOST_AUTO_TEST_CASE(a_hashed_user_name_is_given_to_the_look_up_rfc7616_3_4_4) {
  auto s = settings();
  s.userhash = true;
  digest_server<hashes> server{seed, s};
  char buffer[1024];
  auto const challenge = server.challenge(buffer, start);
  BOOST_TEST(challenge_view{challenge.fields[0].value}.userhash());
  auto const hash = digest_userhash<hashes>(digest_algorithm::sha_256, "bob", realm);
  credentials c{nonce_of(challenge)};
  auto const value = with(c.value(), "username=\"bob\"",
                          "userhash=true, username=\"" + std::string{hash.view()} + "\"");
  auto const finds = [&](digest_question const& q) {
    return q.username_is_hashed && q.username == hash.view()
               ? digest_login::with_password("bob", "zanzibar")
               : digest_login{};
  };
  auto const text = request_with(value);
  auto const v = server.verify(read(text).value, finds, start);
  BOOST_TEST(static_cast<bool>(v));
  BOOST_TEST(v.username == "bob");
  BOOST_TEST(outcome(server, request_with(value)) == digest_outcome::wrong);
}

// "if the same nc value is seen twice, then the request is a replay".
BOOST_AUTO_TEST_CASE(the_same_nonce_count_twice_is_a_replay_rfc7616_3_4) {
  digest_server<hashes> server{seed, settings()};
  auto const nonce = fresh_nonce(server);
  auto const send = [&](std::uint32_t nc) {
    credentials c{nonce};
    c.nonce_count = nc;
    auto const text = request_with(c.value());
    auto const v = server.verify(read(text).value, look_up, start);
    BOOST_TEST(v.wants_stale() == !v);
    return v.outcome;
  };
  BOOST_TEST(send(1) == digest_outcome::accepted);
  BOOST_TEST(send(1) == digest_outcome::replayed);
  // Those that overtake each other are none, but each counts once.
  BOOST_TEST(send(4) == digest_outcome::accepted);
  BOOST_TEST(send(2) == digest_outcome::accepted);
  BOOST_TEST(send(3) == digest_outcome::accepted);
  for (std::uint32_t nc = 1; nc != 5; ++nc) BOOST_TEST(send(nc) == digest_outcome::replayed);
  BOOST_TEST(send(100) == digest_outcome::accepted);
  BOOST_TEST(send(69) == digest_outcome::accepted);
  BOOST_TEST(send(68) == digest_outcome::replayed); // too far behind to tell
  BOOST_TEST(send(69) == digest_outcome::replayed);
  BOOST_TEST(send(131) == digest_outcome::accepted);
  BOOST_TEST(send(100) == digest_outcome::replayed);
  BOOST_TEST(send(UINT32_MAX) == digest_outcome::accepted);
  BOOST_TEST(send(UINT32_MAX) == digest_outcome::replayed);
  // Another nonce has counts of its own; another algorithm has not.
  BOOST_TEST(outcome(server, request_with(credentials{fresh_nonce(server)}.value())) ==
             digest_outcome::accepted);
  credentials c{nonce};
  c.nonce_count = 100;
  c.algorithm = digest_algorithm::md5;
  BOOST_TEST(outcome(server, request_with(c.value())) == digest_outcome::replayed);
}

BOOST_AUTO_TEST_CASE(a_nonce_serves_for_its_lifetime_in_virtual_time) {
  auto s = settings();
  s.lifetime = 10'000;
  digest_server<hashes> server{seed, s};
  auto const nonce = fresh_nonce(server);
  std::uint32_t nc = 0;
  auto const after = [&](std::int64_t ms) {
    credentials c{nonce};
    c.nonce_count = ++nc;
    return outcome(server, request_with(c.value()), instant{start.count + ms});
  };
  BOOST_TEST(after(0) == digest_outcome::accepted);
  BOOST_TEST(after(10'000) == digest_outcome::accepted);
  BOOST_TEST(after(10'001) == digest_outcome::stale);
  BOOST_TEST(after(-1) == digest_outcome::stale); // it is from the future
  BOOST_TEST(after(INT64_MAX - start.count) == digest_outcome::stale);
  BOOST_TEST(after(5'000) == digest_outcome::accepted);
}

BOOST_AUTO_TEST_CASE(a_nonce_that_was_not_made_here_is_stale) {
  digest_server<hashes> server{seed, settings()};
  auto other_realm = settings();
  other_realm.realm = "atlanta.com";
  digest_server<hashes> elsewhere{seed, other_realm};
  digest_server<hashes> before{{1, 2}, settings()};
  auto const judged = [&](std::string const& nonce) {
    return outcome(server, request_with(credentials{nonce}.value()));
  };
  auto const good = fresh_nonce(server);
  BOOST_TEST(judged(fresh_nonce(before)) == digest_outcome::stale);
  BOOST_TEST(judged(fresh_nonce(elsewhere)) == digest_outcome::stale);
  BOOST_TEST(judged("dcd98b7102dd2f0e8b11d0f600bfb0c093") == digest_outcome::stale);
  for (std::size_t i = 0; i != good.size(); ++i) {
    auto bent = good;
    bent[i] = bent[i] == '0' ? '1' : '0';
    BOOST_TEST(judged(bent) == digest_outcome::stale);
    bent[i] = 'G';
    BOOST_TEST(judged(bent) == digest_outcome::stale);
  }
  BOOST_TEST(judged(good + "0") == digest_outcome::stale);
  BOOST_TEST(judged(good.substr(1)) == digest_outcome::stale);
  BOOST_TEST(judged(good) == digest_outcome::accepted);
}

// "SIP servers supporting RFC 2617 MUST ensure they are backwards compatible with RFC 2069".
BOOST_AUTO_TEST_CASE(without_a_qop_a_nonce_serves_once_22_4) {
  auto s = settings();
  digest_server<hashes> server{seed, s};
  credentials c{fresh_nonce(server)};
  c.qop = quality_of_protection::none;
  c.algorithm = digest_algorithm::md5;
  c.says_algorithm = false;
  BOOST_TEST(outcome(server, request_with(c.value())) == digest_outcome::accepted);
  BOOST_TEST(outcome(server, request_with(c.value())) == digest_outcome::stale);
  c.qop = quality_of_protection::auth;
  c.nonce_count = 2;
  BOOST_TEST(outcome(server, request_with(c.value())) == digest_outcome::replayed);
  s.without_qop = false;
  digest_server<hashes> strict{seed, s};
  c.nonce = fresh_nonce(strict);
  c.qop = quality_of_protection::none;
  BOOST_TEST(outcome(strict, request_with(c.value())) == digest_outcome::malformed);
}

// "If the "qop" parameter is not specified, then the default value is "auth"".
BOOST_AUTO_TEST_CASE(without_a_qop_nothing_protects_the_body_as_auth_int_does_rfc8760_2_6) {
  auto s = settings();
  s.auth = false;
  s.auth_int = true;
  digest_server<hashes> server{seed, s};
  credentials c{fresh_nonce(server)};
  for (auto const qop : {quality_of_protection::none, quality_of_protection::auth}) {
    c.qop = qop;
    BOOST_TEST(outcome(server, request_with(c.value())) == digest_outcome::malformed);
  }
  c.qop = quality_of_protection::auth_int;
  BOOST_TEST(outcome(server, request_with(c.value())) == digest_outcome::accepted);
}

// Where the table has no room, the older nonce is forgotten: stale, never replayed.
BOOST_AUTO_TEST_CASE(a_small_table_forgets_nonces_but_no_replay_is_accepted) {
  digest_server<hashes, 4> server{seed, settings()};
  std::vector<std::string> requests;
  for (int i = 0; i != 12; ++i) {
    requests.push_back(request_with(credentials{fresh_nonce(server)}.value()));
    BOOST_TEST(outcome(server, requests.back()) == digest_outcome::accepted);
  }
  int stale = 0;
  for (auto const& r : requests) {
    auto const o = outcome(server, r);
    BOOST_TEST(static_cast<bool>(o == digest_outcome::stale || o == digest_outcome::replayed));
    if (o == digest_outcome::stale) ++stale;
  }
  BOOST_TEST(stale == 8);
  // Challenges alone displace nothing.
  auto const last = fresh_nonce(server);
  for (int i = 0; i != 1000; ++i) (void)fresh_nonce(server);
  BOOST_TEST(outcome(server, request_with(credentials{last}.value())) == digest_outcome::accepted);
}

BOOST_AUTO_TEST_CASE(one_right_among_several_is_enough_and_four_are_looked_at) {
  digest_server<hashes> server{seed, settings()};
  auto const both = [](std::string const& a, std::string const& b) {
    return request_with(a + "\r\nAuthorization: " + b);
  };
  auto const good = [&] { return credentials{fresh_nonce(server)}.value(); };
  auto const elsewhere = with(good(), "biloxi.com", "atlanta.com");
  credentials wrong{fresh_nonce(server)};
  wrong.password = "x";
  BOOST_TEST(outcome(server, both(elsewhere, good())) == digest_outcome::accepted);
  BOOST_TEST(outcome(server, both("Digest broken", good())) == digest_outcome::accepted);
  BOOST_TEST(outcome(server, both(wrong.value(), good())) == digest_outcome::accepted);
  BOOST_TEST(outcome(server, both(elsewhere, wrong.value())) == digest_outcome::wrong);
  std::string many = wrong.value();
  for (int i = 0; i != 2; ++i) many += "\r\nAuthorization: " + wrong.value();
  BOOST_TEST(outcome(server, both(many, good())) == digest_outcome::accepted);
  many += "\r\nAuthorization: " + wrong.value();
  BOOST_TEST(outcome(server, both(many, good())) == digest_outcome::too_many);
}

// "The rspauth value is calculated as for the response …, except that … A2 is ":" request-uri".
BOOST_AUTO_TEST_CASE(an_authentication_info_proves_the_server_rfc7616_3_5) {
  auto s = settings();
  s.auth_int = true;
  digest_server<hashes> server{seed, s};
  for (auto const qop : {quality_of_protection::auth, quality_of_protection::auth_int}) {
    credentials c{fresh_nonce(server)};
    c.qop = qop;
    auto const text = request_with(c.value());
    auto const v = server.verify(read(text).value, look_up, start);
    BOOST_REQUIRE(v);
    char buffer[512];
    auto const w = server.authentication_info(buffer, v, "body", look_up, start, true);
    BOOST_REQUIRE(w);
    authentication_info_view const info{w.text};
    digest_parts d;
    d.algorithm = v.algorithm;
    d.qop = qop;
    d.username = "bob";
    d.realm = realm;
    d.nonce = c.nonce;
    d.cnonce = "0a4f113b";
    d.nonce_count = 1;
    d.uri = c.uri;
    d.body = "body";
    BOOST_TEST(info.rspauth() ==
               digest_response<hashes>(d, digest_login::with_password("bob", "zanzibar")).view());
    BOOST_TEST(info.cnonce() == "0a4f113b");
    BOOST_TEST(*info.nonce_count() == 1u);
    BOOST_TEST(outcome(server, request_with(credentials{std::string{info.nextnonce()}}.value())) ==
               digest_outcome::accepted);
    BOOST_TEST(!server.authentication_info(std::span<char>{buffer, 10}, v, "", look_up, start));
    BOOST_TEST(!server.authentication_info(buffer, {}, "", look_up, start));
  }
}

BOOST_AUTO_TEST_CASE(no_sentence_holds_anything_of_the_credentials) {
  for (int i = 0; i <= static_cast<int>(digest_outcome::exempt); ++i)
    BOOST_TEST(std::string_view{sentence(static_cast<digest_outcome>(i))}.size() > 10u);
}

BOOST_AUTO_TEST_CASE(no_bytes_trap_it) {
  digest_server<hashes> server{seed, settings()};
  std::uint64_t state = 42;
  auto const draw = [&state] {
    state = state * 6364136223846793005u + 1442695040888963407u;
    return static_cast<std::uint32_t>(state >> 33);
  };
  constexpr std::string_view pieces[] = {"\"",          "\\",         "=",       ",",    " ",
                                         "\r\n ",       "\t",         "nc",      "qop=", "auth",
                                         "realm",       "nonce",      "Digest ", "\xff", "00000001",
                                         "username=\"", "biloxi.com", "-sess"};
  for (int i = 0; i != 20'000; ++i) {
    std::string value = credentials{fresh_nonce(server)}.value();
    for (std::uint32_t changes = draw() % 4 + 1; changes != 0; --changes) {
      auto const at = draw() % value.size();
      switch (draw() % 3) {
      case 0: value[at] = static_cast<char>(draw()); break;
      case 1: value.insert(at, pieces[draw() % std::size(pieces)]); break;
      default: value.erase(at, draw() % 20); break;
      }
      if (value.empty()) value = "D";
    }
    std::string const text = request_with(value);
    (void)outcome(server, text);
  }
  BOOST_TEST(outcome(server, request_with(credentials{fresh_nonce(server)}.value())) ==
             digest_outcome::accepted);
}

BOOST_AUTO_TEST_SUITE_END()
