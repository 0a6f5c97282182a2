// The side that is challenged, alone and against the side that challenges. RFC 3261 22, RFC 7616,
// RFC 8760, RFC 3310.
#include <boost/test/unit_test.hpp>

#include <ctsip/user_agent/digest_client.hpp>
#include <ctsip/user_agent/digest_server.hpp>

#include "../../examples/support/mbedtls_hashes.hpp"
#include "messages.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace ctsip;
using namespace ctsip_tests;
using hashes = example::mbedtls_hashes;

namespace {

constexpr std::string_view uri = "sip:biloxi.com";
constexpr instant start{1'000'000};

struct only_md5 {
  using md5 = example::md5;
  using sha_256 = no_hash;
  using sha_512_256 = no_hash;
};

digest_login bob(digest_question const&) { return digest_login::with_password("bob", "zanzibar"); }

std::string response_text(int status, std::vector<std::string> const& fields) {
  std::string more;
  for (auto const& f : fields) more += f + "\r\n";
  return answer(of("REGISTER").text(), status, "r1", more);
}

std::string www(std::string const& challenge) { return "WWW-Authenticate: " + challenge; }
std::string proxy(std::string const& challenge) { return "Proxy-Authenticate: " + challenge; }

std::string challenge(std::string const& nonce, std::string const& more = "",
                      std::string const& realm = "biloxi.com") {
  return "Digest realm=\"" + realm + "\", qop=\"auth,auth-int\", nonce=\"" + nonce + "\"" + more;
}

// One client, its requests as text and as the server reads them.
template <class Hashes = hashes, digest_size Size = digest_size{}>
struct client : digest_client<Hashes, Size> {
  using base = digest_client<Hashes, Size>;
  identifier_source ids{{7, 8}};
  char buffer[2048]{};

  client() = default;
  explicit client(digest_policy const& p) : base{p} {}

  challenge_result take_text(int status, std::vector<std::string> const& fields) {
    std::string const text = response_text(status, fields);
    return this->take(read(text).value);
  }
  void success(std::vector<std::string> const& fields = {}) {
    std::string const text = response_text(200, fields);
    this->succeeded(read(text).value);
  }
  template <class LookUp = digest_login (*)(digest_question const&)>
  std::vector<std::string> fields(LookUp&& look_up = &bob, std::string const& method = "REGISTER",
                                  std::string const& body = "") {
    std::vector<std::string> out;
    auto const all = this->answer(buffer, {method, uri, body}, ids, look_up);
    BOOST_TEST((all.error == write_error::none));
    for (auto const& f : all.all())
      out.push_back(std::string{f.name} + ": " + std::string{f.value});
    return out;
  }
  template <class LookUp = digest_login (*)(digest_question const&)>
  std::string request(LookUp&& look_up = &bob, std::string const& method = "REGISTER",
                      std::string const& body = "") {
    auto r = of(method);
    r.uri = uri;
    r.body = body;
    for (auto const& f : fields(look_up, method, body)) r.more += f + "\r\n";
    return r.text();
  }
};

credentials_view credentials_of(std::string const& field) {
  auto const at = field.find(": ");
  return credentials_view{std::string_view{field}.substr(at + 2)};
}

// A registrar or a UAS that answers as it should.
template <std::size_t Nonces = 64>
struct server {
  digest_server<hashes, Nonces> digest;
  std::string password = "zanzibar";
  digest_verdict last{};
  std::string text{};

  explicit server(digest_settings const& s, hash_seed seed = {1, 2}) : digest{seed, s} {}

  // The response to a request, as text.
  std::string to(std::string const& request, instant now = start, bool info = false) {
    text = request;
    auto const look_up = [this](digest_question const& q) {
      return q.username == "bob" ? digest_login::with_password("bob", password) : digest_login{};
    };
    last = digest.verify(read(text).value, look_up, now);
    char buffer[2048];
    if (last) {
      if (!info) return response_text(200, {});
      auto const w = digest.authentication_info(buffer, last, "", look_up, now, true);
      BOOST_REQUIRE(w);
      return response_text(200, {"Authentication-Info: " + std::string{w.text}});
    }
    std::vector<std::string> fields;
    auto const challenges = digest.challenge(buffer, now, last.wants_stale());
    for (auto const& f : challenges.all())
      fields.push_back(std::string{f.name} + ": " + std::string{f.value});
    return response_text(digest.settings().proxy ? 407 : 401, fields);
  }
};

digest_settings biloxi() {
  digest_settings s;
  s.realm = "biloxi.com";
  return s;
}

} // namespace

BOOST_TEST_DONT_PRINT_LOG_VALUE(ctsip::challenge_result)
BOOST_TEST_DONT_PRINT_LOG_VALUE(ctsip::digest_outcome)
BOOST_TEST_DONT_PRINT_LOG_VALUE(ctsip::server_proof)

BOOST_AUTO_TEST_SUITE(user_agent_digest_client)

BOOST_AUTO_TEST_CASE(a_401_is_answered_22_2) {
  client c;
  BOOST_TEST(c.fields().empty());
  BOOST_TEST(!c.challenged());
  BOOST_TEST(c.take_text(401, {www(challenge("dcd9", ", opaque=\"5c\\\"c\", algorithm=MD5"))}) ==
             challenge_result::answerable);
  BOOST_TEST(c.challenged());
  auto const f = c.fields();
  BOOST_REQUIRE(f.size() == 1u);
  BOOST_TEST(f[0].starts_with("Authorization: Digest "));
  auto const v = credentials_of(f[0]);
  BOOST_TEST(v.well_formed());
  BOOST_TEST(v.username() == "bob");
  BOOST_TEST(v.realm() == "biloxi.com");
  BOOST_TEST(v.nonce() == "dcd9");
  BOOST_TEST(v.uri() == uri);
  BOOST_TEST(v.opaque() == "5c\\\"c");
  BOOST_TEST(v.algorithm() == "MD5");
  BOOST_TEST(v.qop() == "auth");
  BOOST_TEST(v.cnonce().size() == 16u);
  BOOST_TEST(*v.nonce_count() == 1u);
  BOOST_TEST(v.response().size() == 32u);
  BOOST_TEST(!v.has_param("userhash"));
}

// "in the first request sent in response to a given nonce value, the client sends "nc=00000001"".
BOOST_AUTO_TEST_CASE(the_nonce_is_counted_and_a_new_one_starts_again_rfc7616_3_4) {
  client c;
  (void)c.take_text(401, {www(challenge("a"))});
  std::string cnonce;
  for (std::uint32_t i = 1; i != 20; ++i) {
    auto const v = c.fields();
    BOOST_TEST(*credentials_of(v[0]).nonce_count() == i);
    cnonce = credentials_of(v[0]).cnonce();
  }
  BOOST_TEST(c.take_text(401, {www(challenge("b", ", stale=true"))}) == challenge_result::stale);
  auto const v = c.fields();
  BOOST_TEST(*credentials_of(v[0]).nonce_count() == 1u);
  BOOST_TEST(credentials_of(v[0]).nonce() == "b");
  BOOST_TEST(credentials_of(v[0]).cnonce() != cnonce);
  // One that is given again goes on being counted.
  BOOST_TEST(c.take_text(401, {www(challenge("b", ", stale=TRUE"))}) == challenge_result::stale);
  BOOST_TEST(*credentials_of(c.fields()[0]).nonce_count() == 2u);
}

// "UACs creating an ACK message will duplicate all of the Authorization and Proxy-Authorization
// header field values that appeared in the INVITE", "servers MUST NOT attempt to challenge CANCEL
// requests".
BOOST_AUTO_TEST_CASE(any_method_but_ack_and_cancel_22_1) {
  client c;
  (void)c.take_text(407, {proxy(challenge("a"))});
  std::uint32_t count = 0;
  for (char const* const method : {"INVITE", "BYE", "PRACK", "UPDATE", "MESSAGE", "NEWMETHOD"}) {
    auto const f = c.fields(&bob, method);
    BOOST_REQUIRE(f.size() == 1u);
    BOOST_TEST(f[0].starts_with("Proxy-Authorization: "));
    BOOST_TEST(*credentials_of(f[0]).nonce_count() == ++count);
  }
  BOOST_TEST(c.fields(&bob, "ACK").empty());
  BOOST_TEST(c.fields(&bob, "CANCEL").empty());
  // The ACK of the writer has those of its INVITE.
  std::string const invite = c.request(&bob, "INVITE");
  char buffer[2048];
  std::string const busy = answer(invite, 486, "b1");
  auto const ack = write_ack(buffer, read(invite).value, read(busy).value);
  BOOST_TEST(value_of(ack.text(), header::proxy_authorization) ==
             value_of(invite, header::proxy_authorization));
}

BOOST_AUTO_TEST_CASE(every_algorithm_and_qop_against_the_server) {
  for (std::size_t i = 0; i != 6; ++i) {
    for (bool const auth_int : {false, true}) {
      for (std::string const body : {"", "v=0\r\n"}) {
        auto s = biloxi();
        s.offer = {static_cast<digest_algorithm>(i)};
        s.auth_int = true;
        server registrar{s};
        client c{digest_policy{.auth_int = auth_int}};
        BOOST_TEST(c.take(read(registrar.to(c.request(&bob, "INVITE", body))).value) ==
                   challenge_result::answerable);
        for (std::uint32_t n = 1; n != 4; ++n) {
          std::string const ok = registrar.to(c.request(&bob, "INVITE", body));
          BOOST_TEST(static_cast<bool>(registrar.last), name(static_cast<digest_algorithm>(i)));
          BOOST_TEST(registrar.last.nonce_count == n);
          BOOST_TEST((registrar.last.qop ==
                      (auth_int ? quality_of_protection::auth_int : quality_of_protection::auth)));
          c.succeeded(read(ok).value);
        }
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(a_server_that_hashes_user_names_is_told_the_hash_rfc7616_3_4_4) {
  client c;
  (void)c.take_text(401, {www(challenge("a", ", algorithm=SHA-256, userhash=true"))});
  auto const f = c.fields();
  auto const v = credentials_of(f[0]);
  BOOST_TEST(v.userhash());
  BOOST_TEST(v.username() ==
             digest_userhash<hashes>(digest_algorithm::sha_256, "bob", "biloxi.com").view());
}

// "it SHOULD use the topmost header field that it supports unless a local policy dictates
// otherwise. The client MUST ignore any challenge it does not understand."
BOOST_AUTO_TEST_CASE(the_topmost_challenge_that_is_supported_is_answered_rfc8760_2_4) {
  std::vector<std::string> const three = {
      www(challenge("n1", ", algorithm=SHA-512-256")), www("NoOneKnowsThisScheme opaque-data=here"),
      www(challenge("n2", ", algorithm=SHA-3")), www(challenge("n3", ", algorithm=MD5")),
      www(challenge("n4", ", algorithm=SHA-256"))};
  auto const nonce = [&](auto& c, std::vector<std::string> const& fields) {
    BOOST_TEST(c.take_text(401, fields) == challenge_result::answerable);
    auto const f = c.fields();
    BOOST_REQUIRE(f.size() == 1u);
    return std::string{credentials_of(f[0]).nonce()};
  };
  client all;
  BOOST_TEST(nonce(all, three) == "n1");
  client<only_md5> old;
  BOOST_TEST(nonce(old, three) == "n3");
  client only_256{digest_policy{.algorithms = digest_algorithms{}.with(digest_algorithm::sha_256)}};
  BOOST_TEST(nonce(only_256, three) == "n4");
  client strongest{digest_policy{.strongest = true}};
  BOOST_TEST(nonce(strongest, {three[3], three[4], three[0]}) == "n1");
  // "the user agent MUST choose "AKAv2" if both "AKAv1" and "AKAv2" are present" (RFC 4169 4.1).
  std::string const aka = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
  client sim{digest_policy{.algorithms = digest_algorithms::all()}};
  BOOST_TEST(sim.take_text(401, {three[3], www(challenge(aka, ", algorithm=AKAv1-MD5")),
                                 www(challenge(aka, ", algorithm=AKAv2-MD5"))}) ==
             challenge_result::answerable);
  digest_algorithm asked{};
  auto const f = sim.fields([&](digest_question const& q) {
    asked = q.algorithm;
    return digest_login::with_aka("bob", "12345678", "0123456789abcdef", "0123456789abcdef");
  });
  BOOST_TEST(f.size() == 1u);
  BOOST_TEST((asked == digest_algorithm::akav2_md5));
}

BOOST_AUTO_TEST_CASE(what_cannot_be_answered_is_said_so) {
  client c;
  BOOST_TEST(c.take_text(401, {}) == challenge_result::none);
  for (std::string const text :
       {"Basic realm=\"a\"", "Digest realm=\"a\", nonce=\"b\", algorithm=SHA-3",
        "Digest realm=\"a\", nonce=\"b\", algorithm=AKAv1-MD5",
        "Digest realm=\"a\", nonce=\"b\", qop=\"auth-conf\""})
    BOOST_TEST(c.take_text(401, {www(text)}) == challenge_result::unsupported, text);
  for (std::string const text :
       {"Digest", "Digest realm=\"a\"", "Digest nonce=\"b\"", "Digest realm=\"\", nonce=\"b\"",
        "Digest realm=\"a\", nonce=\"\"", "Digest realm=\"a\", nonce=\"b\", nonce=\"c\"",
        "Digest realm=\"a\", nonce=\"b", "Digest realm=\"a\", nonce=\"b\",",
        "Digest realm=\"a\\\x01\", nonce=\"b\"", "Digest realm=\"a\", nonce=\"b\x7f\"",
        "Digest realm=\"a\", nonce=\"b\", opaque=\"\\\t\\\x02\"", "Digest realm=\"a\" nonce=\"b\""})
    BOOST_TEST(c.take_text(401, {www(text)}) == challenge_result::malformed, text);
  BOOST_TEST(c.take_text(401, {www(challenge(std::string(320, 'n')))}) ==
             challenge_result::too_long);
  BOOST_TEST(c.take_text(401, {www(challenge(std::string(60'000, 'n')))}) ==
             challenge_result::too_long);
  BOOST_TEST(!c.challenged());
  BOOST_TEST(c.fields().empty());
  // The good one among them counts.
  BOOST_TEST(c.take_text(401, {www("Digest broken"), www(challenge(std::string(310, 'n')))}) ==
             challenge_result::answerable);
  digest_policy sim{.algorithms = digest_algorithms::all()};
  client aka{sim};
  BOOST_TEST(aka.take_text(401, {www(challenge("dcd9", ", algorithm=AKAv1-MD5"))}) ==
             challenge_result::malformed);
}

// A realm that holds what would end the header field is never written.
BOOST_AUTO_TEST_CASE(texts_of_a_challenge_come_back_unchanged_and_within_their_quotes) {
  client c;
  BOOST_TEST(c.take_text(401, {www("Digest realm=\"a \\\"b\\\" \\\\ c\r\n  d\", nonce=\"x\\\"y\", "
                                   "opaque=\"\", qop=\"auth\"")}) == challenge_result::answerable);
  std::string realm;
  auto const f = c.fields([&](digest_question const& q) {
    realm = q.realm;
    return digest_login::with_password("b\"ob\\", "zanzibar");
  });
  BOOST_TEST(realm == "a \"b\" \\ c d");
  auto const v = credentials_of(f[0]);
  BOOST_TEST(v.well_formed());
  BOOST_TEST(v.realm() == "a \\\"b\\\" \\\\ c d");
  BOOST_TEST(v.nonce() == "x\\\"y");
  BOOST_TEST(v.username() == "b\\\"ob\\\\");
  BOOST_TEST(v.has_param("opaque"));
  for (std::string_view const evil :
       {std::string_view{"bob\r\nX: y"}, std::string_view{"b\0b", 3}}) {
    auto const all = c.answer(c.buffer, {"REGISTER", uri}, c.ids, [&](digest_question const&) {
      return digest_login::with_password(evil, "x");
    });
    BOOST_TEST((all.error == write_error::forbidden_character));
    BOOST_TEST(all.all().empty());
  }
}

BOOST_AUTO_TEST_CASE(a_buffer_that_is_too_small_costs_no_count) {
  client c;
  (void)c.take_text(401, {www(challenge("a")), proxy(challenge("b"))});
  auto const small = c.answer(std::span<char>{c.buffer, 300}, {"REGISTER", uri}, c.ids, &bob);
  BOOST_TEST((small.error == write_error::overflow));
  BOOST_TEST(small.all().empty());
  BOOST_TEST(!small);
  auto const all = c.answer(std::span<char>{c.buffer, small.size}, {"REGISTER", uri}, c.ids, &bob);
  BOOST_REQUIRE(all);
  BOOST_TEST(all.all().size() == 2u);
  for (auto const& f : all.all()) BOOST_TEST(*credentials_view{f.value}.nonce_count() == 1u);
}

// "the client has sent" (RFC 7616 3.4): what was only written counts nothing, and a challenge is
// none of it.
BOOST_AUTO_TEST_CASE(what_is_prepared_counts_once_it_is_sent_rfc_7616_3_4) {
  client c;
  (void)c.take_text(401, {www(challenge("a"))});
  auto const count = [&c] {
    auto const all = c.prepare(c.buffer, {"REGISTER", uri}, c.ids, &bob);
    BOOST_REQUIRE(all);
    return *credentials_view{all.all()[0].value}.nonce_count();
  };
  for (int i = 0; i < 3; ++i) BOOST_TEST(count() == 1u);
  BOOST_TEST(c.answers_last_challenge());
  BOOST_TEST(c.take_text(401, {www(challenge("a"))}) == challenge_result::answerable);
  BOOST_TEST(!c.answers_last_challenge());
  BOOST_TEST(count() == 1u);
  c.sent();
  BOOST_TEST(count() == 2u);
  BOOST_TEST(c.take_text(401, {www(challenge("a"))}) == challenge_result::rejected);
}

// "If a client receives a "qop" parameter in a challenge header field, it MUST send the "qop"
// parameter in any resulting authorization header field"; the cnonce "MUST NOT be specified if the
// server did not send a qop directive" (RFC 2617 3.2.2).
BOOST_AUTO_TEST_CASE(without_a_qop_an_old_server_is_answered_as_it_expects_22_4) {
  auto const answered = [](std::string const& text) {
    client c;
    BOOST_TEST(c.take_text(401, {www(text)}) == challenge_result::answerable);
    return c.fields()[0];
  };
  auto const old = answered("Digest realm=\"asterisk\", nonce=\"a\"");
  BOOST_TEST(!credentials_of(old).has_param("qop"));
  BOOST_TEST(!credentials_of(old).has_param("nc"));
  BOOST_TEST(!credentials_of(old).has_param("cnonce"));
  BOOST_TEST(!credentials_of(old).has_param("algorithm"));
  // "If the "qop" parameter is not specified, then the default value is "auth"" (RFC 8760 2.6).
  auto const later = answered("Digest realm=\"a\", nonce=\"a\", algorithm=SHA-256");
  BOOST_TEST(credentials_of(later).qop() == "auth");
  auto const session = answered("Digest realm=\"a\", nonce=\"a\", algorithm=MD5-sess");
  BOOST_TEST(credentials_of(session).qop() == "auth");
  auto const unknown = answered("Digest realm=\"a\", nonce=\"a\", qop=\"auth-conf, auth-int\"");
  BOOST_TEST(credentials_of(unknown).qop() == "auth-int");
  auto s = biloxi();
  s.offer = {digest_algorithm::md5};
  server registrar{s};
  auto text = registrar.to(of("REGISTER").text());
  text.erase(text.find(", qop=\"auth\""), 12);
  client c;
  BOOST_TEST(c.take(read(text).value) == challenge_result::answerable);
  BOOST_TEST(value_of(registrar.to(c.request()), header::www_authenticate) == "");
}

// "A UAC MUST NOT re-attempt requests with the credentials that have just been rejected (though the
// request may be retried if the nonce was stale)."
BOOST_AUTO_TEST_CASE(a_wrong_password_is_tried_once_22_1) {
  server registrar{biloxi()};
  registrar.password = "another";
  client c;
  BOOST_TEST(c.take(read(registrar.to(c.request())).value) == challenge_result::answerable);
  std::string const refused = registrar.to(c.request());
  BOOST_TEST(registrar.last.outcome == digest_outcome::wrong);
  BOOST_TEST(c.take(read(refused).value) == challenge_result::rejected);
  BOOST_TEST(!c.challenged());
  BOOST_TEST(c.fields().empty());
  // Without credentials it is challenged again, and stays rejected.
  BOOST_TEST(c.take(read(registrar.to(c.request())).value) == challenge_result::rejected);
  // "new values MUST be obtained" (RFC 7616 3.3): then the last challenge is answered.
  registrar.password = "zanzibar";
  c.renewed();
  BOOST_TEST(c.challenged());
  (void)registrar.to(c.request());
  BOOST_TEST(static_cast<bool>(registrar.last));
}

BOOST_AUTO_TEST_CASE(the_same_nonce_again_is_a_rejection_even_after_a_success) {
  client c;
  (void)c.take_text(401, {www(challenge("a"))});
  (void)c.fields();
  c.success();
  (void)c.fields();
  BOOST_TEST(c.take_text(401, {www(challenge("a"))}) == challenge_result::rejected);
}

BOOST_AUTO_TEST_CASE(an_expired_nonce_is_stale_and_answered_again_in_virtual_time) {
  auto s = biloxi();
  s.lifetime = 60'000;
  server registrar{s};
  client c;
  instant now = start;
  BOOST_TEST(c.take(read(registrar.to(c.request(), now)).value) == challenge_result::answerable);
  for (int i = 0; i != 20; ++i) {
    std::string r = registrar.to(c.request(), now);
    if (!registrar.last) {
      BOOST_TEST(c.take(read(r).value) == challenge_result::stale);
      r = registrar.to(c.request(), now);
    }
    BOOST_TEST(static_cast<bool>(registrar.last));
    c.succeeded(read(r).value);
    now = now + milliseconds{40'000};
  }
}

// A registrar that was started anew knows no nonce of before; one that does not say stale must not
// lock its users out, nor be asked for ever.
BOOST_AUTO_TEST_CASE(a_server_that_starts_anew_is_answered) {
  server before{biloxi()};
  client c;
  (void)c.take(read(before.to(c.request())).value);
  c.succeeded(read(before.to(c.request())).value);
  server after{biloxi(), {3, 4}};
  std::string const r = after.to(c.request());
  BOOST_TEST(after.last.outcome == digest_outcome::stale);
  BOOST_TEST(c.take(read(r).value) == challenge_result::stale);
  (void)after.to(c.request());
  BOOST_TEST(static_cast<bool>(after.last));
  client silent;
  (void)silent.take_text(401, {www(challenge("a"))});
  (void)silent.fields();
  silent.success();
  (void)silent.fields();
  BOOST_TEST(silent.take_text(401, {www(challenge("b"))}) == challenge_result::answerable);
  (void)silent.fields();
  BOOST_TEST(silent.take_text(401, {www(challenge("c"))}) == challenge_result::rejected);
}

// The first of two requests was not refused, so the second is for its nonce.
BOOST_AUTO_TEST_CASE(a_nonce_that_served_before_may_be_replaced_without_stale) {
  client c;
  (void)c.take_text(401, {www(challenge("a"))});
  (void)c.fields();
  (void)c.fields();
  BOOST_TEST(c.take_text(401, {www(challenge("b"))}) == challenge_result::answerable);
}

// Requests that are under way together: each is judged by what it carried itself.
BOOST_AUTO_TEST_CASE(a_challenge_of_what_was_sent_before_is_outdated_22_2) {
  client c;
  auto const taken = [&c](std::string const& request, std::vector<std::string> const& fields) {
    std::string const text = response_text(401, fields);
    return c.take(read(text).value, read(request).value);
  };
  std::string const bare = c.request();
  std::string const bare_too = c.request();
  BOOST_TEST(taken(bare, {www(challenge("n1"))}) == challenge_result::answerable);
  std::string const first = c.request();
  BOOST_TEST(taken(bare_too, {www(challenge("n2"))}) == challenge_result::outdated);
  std::string const second = c.request();
  BOOST_TEST(credentials_view{read(second).value[header::authorization]}.nonce() == "n1");
  BOOST_TEST(c.is_known(&bob));
  BOOST_TEST(!c.is_known([](digest_question const&) { return digest_login{}; }));
  // Another realm beside it is no less answered.
  BOOST_TEST(taken(bare, {www(challenge("n2")), proxy(challenge("p1"))}) ==
             challenge_result::answerable);
  BOOST_TEST(c.fields().size() == 2u);
  // What it carried is judged, although it is not the last.
  BOOST_TEST(taken(first, {www(challenge("n3", ", stale=true"))}) == challenge_result::stale);
  std::string const third = c.request();
  BOOST_TEST(taken(second, {www(challenge("n4"))}) == challenge_result::outdated);
  // A realm that has refused its credentials has none for the others either.
  BOOST_TEST(taken(third, {www(challenge("n3"))}) == challenge_result::rejected);
  BOOST_TEST(taken(second, {www(challenge("n5"))}) == challenge_result::rejected);
  BOOST_TEST(!c.is_known(&bob));
}
// "A UAC MUST NOT re-attempt requests with the credentials that have just been rejected": the
// second of two that were under way has a higher nc, and has served no more.
BOOST_AUTO_TEST_CASE(a_password_that_is_refused_is_not_tried_again_whatever_the_nc_22_1) {
  client c;
  std::string const bare = response_text(401, {www(challenge("n1"))});
  std::string const request = c.request();
  BOOST_TEST(c.take(read(bare).value, read(request).value) == challenge_result::answerable);
  std::string const first = c.request();
  std::string const second = c.request();
  std::string const refused = response_text(401, {www(challenge("n2"))});
  BOOST_TEST(c.take(read(refused).value, read(second).value) == challenge_result::rejected);
  BOOST_TEST(c.take(read(refused).value, read(first).value) == challenge_result::rejected);
}
BOOST_AUTO_TEST_CASE(a_realm_that_no_request_carries_is_never_outdated_22_1) {
  client c;
  auto const nobody = [](digest_question const&) { return digest_login{}; };
  int answered = 0;
  for (; answered != 20; ++answered) {
    std::string const request = c.request(nobody);
    std::string const text = response_text(401, {www(challenge("n" + std::to_string(answered)))});
    if (c.take(read(text).value, read(request).value) == challenge_result::rejected) break;
  }
  BOOST_TEST(answered == 5);
}
// "nc" counts the requests sent "with the nonce value in this request" (3.4).
BOOST_AUTO_TEST_CASE(a_next_nonce_follows_the_nonce_that_the_request_carried_rfc7616_3_4) {
  client c;
  (void)c.take_text(401, {www(challenge("n1"))});
  auto const succeeded = [&c](std::string const& request, std::string const& next) {
    std::string const text =
        response_text(200, {"Authentication-Info: nextnonce=\"" + next + "\""});
    c.succeeded(read(text).value, read(request).value);
    std::string const sent = c.request();
    credentials_view const v{read(sent).value[header::authorization]};
    return std::pair{sent, std::string{v.nonce()} + ' ' + std::string{v.param("nc")}};
  };
  std::string const first = c.request();
  auto const second = succeeded(first, "n2");
  BOOST_TEST(second.second == "n2 00000001");
  auto const third = succeeded(second.first, "n3");
  BOOST_TEST(third.second == "n3 00000001");
  BOOST_TEST(succeeded(first, "n2").second == "n3 00000002");
  BOOST_TEST(succeeded(second.first, "n3").second == "n3 00000003");
}

BOOST_AUTO_TEST_CASE(challenges_without_end_are_given_up) {
  client c;
  int answered = 0;
  for (int i = 0; i != 100; ++i) {
    if (c.take_text(401, {www(challenge("n" + std::to_string(i), ", stale=true"))}) ==
        challenge_result::rejected)
      break;
    ++answered;
    BOOST_TEST(c.fields().size() == 1u);
  }
  BOOST_TEST(answered == 5);
  // The password was never at fault: the next request has it, and challenges of its own.
  for (int i = 0; i != 5; ++i) {
    BOOST_TEST(c.fields().size() == 1u);
    BOOST_TEST(c.take_text(401, {www(challenge("n", ", stale=true"))}) == challenge_result::stale);
  }
  BOOST_TEST(c.take_text(401, {www(challenge("n", ", stale=true"))}) == challenge_result::rejected);
  // Other realms each time, as a hostile chain of proxies would have them.
  client<hashes, digest_size{.realms = 16}> chain;
  answered = 0;
  for (int i = 0; i != 100; ++i) {
    auto const realm = "realm" + std::to_string(i);
    if (chain.take_text(407, {proxy(challenge("n", "", realm))}) == challenge_result::rejected)
      break;
    ++answered;
    (void)chain.fields();
  }
  BOOST_TEST(answered == 5);
}

// "a UAC MAY include an Authorization value for each WWW-Authenticate value and a
// Proxy-Authorization value for each Proxy-Authenticate value".
BOOST_AUTO_TEST_CASE(several_realms_and_both_kinds_are_answered_together_22_3) {
  client<hashes, digest_size{.realms = 4}> c;
  BOOST_TEST(c.take_text(407, {www(challenge("n1", "", "biloxi.com")),
                               proxy(challenge("n2", "", "atlanta.com")),
                               www(challenge("n3", "", "chicago.com")),
                               proxy(challenge("n4", "", "biloxi.com"))}) ==
             challenge_result::answerable);
  std::vector<std::string> asked;
  auto const who = [&](digest_question const& q) {
    asked.push_back(std::string{q.realm} + (q.proxy ? " proxy" : ""));
    // "If the UAC … does not have credentials" for one of them, the others are written.
    if (q.realm == "chicago.com") return digest_login{};
    return digest_login::with_password(q.realm == "atlanta.com" ? "alice" : "bob", "zanzibar");
  };
  auto const f = c.fields(who);
  BOOST_TEST(asked == (std::vector<std::string>{"biloxi.com", "chicago.com", "atlanta.com proxy",
                                                "biloxi.com proxy"}),
             boost::test_tools::per_element());
  BOOST_REQUIRE(f.size() == 3u);
  BOOST_TEST(f[0].starts_with("Authorization: "));
  BOOST_TEST(credentials_of(f[0]).nonce() == "n1");
  BOOST_TEST(f[1].starts_with("Proxy-Authorization: "));
  BOOST_TEST(credentials_of(f[1]).username() == "alice");
  BOOST_TEST(credentials_of(f[2]).nonce() == "n4");
  // One more does not fit; it displaces none that the request needs.
  client two;
  (void)two.take_text(407, {proxy(challenge("n1", "", "a"))});
  (void)two.fields();
  (void)two.take_text(407, {proxy(challenge("n2", "", "b"))});
  BOOST_TEST(two.fields().size() == 2u);
  BOOST_TEST(two.take_text(401, {www(challenge("n3", "", "c"))}) == challenge_result::too_long);
  two.forget_proxies();
  BOOST_TEST(two.take_text(401, {www(challenge("n3", "", "c"))}) == challenge_result::answerable);
  BOOST_TEST(two.fields().size() == 1u);
  two.forget();
  BOOST_TEST(two.fields().empty());
}

BOOST_AUTO_TEST_CASE(what_would_be_asked_can_be_looked_at_22_3) {
  client c;
  aka_challenge sim;
  auto const questions = [&c] {
    std::vector<std::string> all;
    c.each_question([&](digest_question const& q) {
      all.push_back(std::string{q.realm} + ' ' + std::to_string(q.nonce_count));
    });
    return all;
  };
  BOOST_TEST(questions().empty());
  BOOST_TEST(c.open_question(sim).realm.empty());
  (void)c.take_text(407, {proxy(challenge("n1", "", "a")), www(challenge("n2", "", "b"))});
  using list = std::vector<std::string>;
  BOOST_TEST(questions() == (list{"b 1", "a 1"}), boost::test_tools::per_element());
  BOOST_TEST(c.open_question(sim).realm == "a");
  BOOST_TEST(c.fields().size() == 2u);
  // One that has refused its credentials is asked for no more, until there are others.
  BOOST_TEST(c.take_text(401, {www(challenge("n3", "", "b"))}) == challenge_result::rejected);
  BOOST_TEST(questions() == list{"a 2"}, boost::test_tools::per_element());
  BOOST_TEST(c.open_question(sim).realm == "b");
  c.renewed();
  BOOST_TEST(questions() == (list{"b 1", "a 2"}), boost::test_tools::per_element());
  // What the last response did not ask for is not open.
  BOOST_TEST(c.open_question(sim).realm == "b");
}

BOOST_AUTO_TEST_CASE(other_credentials_answer_the_challenge_that_refused_those_before_rfc7616_3_3) {
  client c;
  (void)c.take_text(407, {proxy(challenge("n1", "", "a")), www(challenge("n2", "", "b"))});
  BOOST_TEST(!c.renewed());
  BOOST_TEST(c.fields().size() == 2u);
  BOOST_TEST(c.answers_last_challenge());
  BOOST_TEST(c.take_text(401, {www(challenge("n2", "", "b"))}) == challenge_result::rejected);
  BOOST_TEST(c.fields().size() == 1u);
  BOOST_TEST(!c.answers_last_challenge());
  BOOST_TEST(c.renewed());
  BOOST_TEST(c.fields().size() == 2u);
  BOOST_TEST(c.answers_last_challenge());
}

// "it should incorporate credentials for that realm in all subsequent requests that contain the
// same Call-ID".
BOOST_AUTO_TEST_CASE(a_proxy_and_then_a_registrar_challenge_22_3) {
  auto s = biloxi();
  s.proxy = true;
  s.realm = "atlanta.com";
  server outbound{s};
  server registrar{biloxi(), {5, 6}};
  client c;
  std::vector<challenge_result> seen;
  for (int i = 0; i != 6; ++i) {
    std::string const request = c.request();
    std::string response = outbound.to(request);
    if (outbound.last) response = registrar.to(request);
    if (outbound.last && registrar.last) {
      c.succeeded(read(response).value);
      break;
    }
    seen.push_back(c.take(read(response).value));
  }
  BOOST_TEST(static_cast<bool>(registrar.last));
  BOOST_TEST(seen.size() == 2u);
  BOOST_TEST(outbound.last.nonce_count == 2u);
}

// "If the nextnonce field is present, the client SHOULD use it".
BOOST_AUTO_TEST_CASE(the_next_nonce_is_used_rfc7616_3_5) {
  for (auto const algorithm : {digest_algorithm::md5, digest_algorithm::sha_256_sess}) {
    auto s = biloxi();
    s.offer = {algorithm};
    server registrar{s};
    client c;
    (void)c.take(read(registrar.to(c.request())).value);
    for (std::uint32_t i = 1; i != 5; ++i) {
      std::string const ok = registrar.to(c.request(), start, true);
      BOOST_REQUIRE(registrar.last);
      BOOST_TEST(registrar.last.nonce_count == (traits(algorithm).session ? i : 1u));
      BOOST_TEST(c.proof(read(ok).value, {"REGISTER", uri}, &bob) == server_proof::right);
      c.succeeded(read(ok).value);
    }
  }
  client c;
  (void)c.take_text(401, {www(challenge("a"))});
  (void)c.fields();
  // Not from what is not a 2xx, does not fit, or would break the header.
  auto const next = [&](int status, std::string const& info) {
    std::string const text = response_text(status, {"Authentication-Info: " + info});
    c.succeeded(read(text).value);
    auto const f = c.fields();
    return std::string{credentials_of(f[0]).nonce()};
  };
  BOOST_TEST(next(404, "nextnonce=\"b\"") == "a");
  BOOST_TEST(next(200, "nextnonce=\"b") == "a");
  BOOST_TEST(next(200, "nextnonce=\"\"") == "a");
  BOOST_TEST(next(200, "nextnonce=\"\\\x01\"") == "a");
  BOOST_TEST(next(200, "nextnonce=\"" + std::string(400, 'b') + "\"") == "a");
  BOOST_TEST(next(200, "nextnonce=\"b\", cnonce=\"not ours\"") == "a");
  BOOST_TEST(next(200, "nextnonce=\"" + std::string(310, 'b') + "\"") == std::string(310, 'b'));
  BOOST_TEST(next(200, "nextnonce=\"c\"") == "c");
  // A nonce that came so may be refused without a word: it is not the password.
  BOOST_TEST(c.take_text(401, {www(challenge("d"))}) == challenge_result::answerable);
}

BOOST_AUTO_TEST_CASE(a_server_that_does_not_know_the_secret_is_found_out_rfc7616_3_5) {
  server registrar{biloxi()};
  client c;
  (void)c.take(read(registrar.to(c.request())).value);
  std::string const ok = registrar.to(c.request(), start, true);
  digest_request const request{"REGISTER", uri};
  BOOST_TEST(c.proof(read(ok).value, request, &bob) == server_proof::right);
  BOOST_TEST(c.proof(read(response_text(200, {})).value, request, &bob) == server_proof::absent);
  auto const bent = [&](std::string const& from, std::string const& to) {
    auto text = ok;
    auto const at = text.find(from);
    BOOST_REQUIRE(at != std::string::npos);
    text.replace(at, from.size(), to);
    return c.proof(read(text).value, request, &bob);
  };
  for (auto const& [from, to] : std::vector<std::pair<std::string, std::string>>{
           {"rspauth=\"", "rspauth=\"0"},
           {"nc=00000001", "nc=00000002"},
           {"nc=00000001", "nc=00000000"},
           {"nc=00000001", "x=1"},
           {"qop=auth", "qop=auth-int"},
           {"qop=auth", "qop=none"},
           {"cnonce=\"", "cnonce=\"x"},
           {"rspauth=\"", "rspauth=\"1\", rspauth=\""}})
    BOOST_TEST(bent(from, to) == server_proof::wrong, from << " -> " << to);
  auto const other = [](digest_question const&) {
    return digest_login::with_password("bob", "other");
  };
  BOOST_TEST(c.proof(read(ok).value, request, other) == server_proof::wrong);
  BOOST_TEST(c.proof(read(ok).value, {"REGISTER", "sip:atlanta.com"}, &bob) == server_proof::wrong);
}

// RFC 3310 4: the first REGISTER is empty-handed, the nonce goes to the SIM, its RES answers; or
// its AUTS, and the next challenge is like a first one.
BOOST_AUTO_TEST_CASE(aka_asks_the_sim_and_can_resynchronise_rfc3310_3_4) {
  std::string const aka = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
  std::string const aka2 = "BBECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
  std::string const aka3 = "CBECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
  client c{digest_policy{.algorithms = digest_algorithms::of_aka()}};
  auto const v1 = [](std::string const& nonce) {
    return www(challenge(nonce, ", algorithm=AKAv1-MD5"));
  };
  BOOST_TEST(c.take_text(401, {v1(aka)}) == challenge_result::answerable);
  auto const out_of_range = [](digest_question const& q) {
    BOOST_TEST(q.rand_autn.size() == 32u);
    BOOST_TEST(q.nonce_count == 1u);
    for (std::size_t i = 0; i != 32; ++i) BOOST_TEST(q.rand_autn[i] == static_cast<char>(i));
    return digest_login::with_auts("bob", std::string_view{"\xe4\xf6\x31\x32\xe5\xf6\x34"
                                                           "\xe4\xf6\x35\xe4\xf6\x35\xe4",
                                                           14});
  };
  auto const first = c.fields(out_of_range);
  BOOST_REQUIRE(first.size() == 1u);
  BOOST_TEST(credentials_of(first[0]).auts() == "5PYxMuX2NOT2NeT2NeQ=");
  BOOST_TEST(credentials_of(first[0]).algorithm() == "AKAv1-MD5");
  // The next challenge is not a rejection.
  BOOST_TEST(c.take_text(401, {v1(aka2)}) == challenge_result::answerable);
  auto const sim = [](digest_question const& q) {
    return digest_login::with_aka(q.realm == "biloxi.com" ? "bob" : "", "12345678");
  };
  auto const second = c.fields(sim);
  BOOST_REQUIRE(second.size() == 1u);
  BOOST_TEST(!credentials_of(second[0]).has_param("auts"));
  digest_parts d;
  d.algorithm = digest_algorithm::akav1_md5;
  d.qop = quality_of_protection::auth;
  d.username = "bob";
  d.realm = "biloxi.com";
  d.nonce = std::string_view{aka2};
  d.cnonce = credentials_of(second[0]).cnonce();
  d.nonce_count = 1;
  d.method = "REGISTER";
  d.uri = uri;
  BOOST_TEST(credentials_of(second[0]).response() ==
             digest_response<hashes>(d, digest_login::with_aka("bob", "12345678")).view());
  // RES refused: that is one.
  BOOST_TEST(c.take_text(401, {v1(aka3)}) == challenge_result::rejected);
  // A password is no answer.
  client p{digest_policy{.algorithms = digest_algorithms::of_aka()}};
  (void)p.take_text(401, {v1(aka)});
  BOOST_TEST(p.fields().empty());
}

BOOST_AUTO_TEST_CASE(a_session_keeps_its_cnonce_rfc7616_3_4_2) {
  client c;
  (void)c.take_text(401, {www(challenge("a", ", algorithm=SHA-256-sess"))});
  auto const one = c.fields();
  auto const two = c.fields();
  BOOST_TEST(credentials_of(one[0]).cnonce() == credentials_of(two[0]).cnonce());
  BOOST_TEST(credentials_of(one[0]).response() != credentials_of(two[0]).response());
}

BOOST_AUTO_TEST_CASE(no_sentence_holds_anything_of_the_credentials) {
  BOOST_TEST(std::string_view{sentence(challenge_result::none)}.empty());
  for (int i = 1; i <= static_cast<int>(challenge_result::malformed); ++i)
    BOOST_TEST(std::string_view{sentence(static_cast<challenge_result>(i))}.size() > 10u);
}

BOOST_AUTO_TEST_CASE(no_bytes_trap_it) {
  std::uint64_t state = 7;
  auto const draw = [&state] {
    state = state * 6364136223846793005u + 1442695040888963407u;
    return static_cast<std::uint32_t>(state >> 33);
  };
  constexpr std::string_view pieces[] = {
      "\"",       "\\",         "=",     ",",         " ",          "\r\n ",     "\t",
      "\xff",     "nc",         "qop=",  "auth",      "realm",      "nonce=",    "Digest ",
      "00000001", "stale=true", "-sess", "AKAv1-MD5", "algorithm=", "opaque=\"", "userhash=true"};
  client<hashes, digest_size{.realms = 2, .text = 40}> c{
      digest_policy{.algorithms = digest_algorithms::all(), .most_challenges = 255}};
  for (int i = 0; i != 20'000; ++i) {
    std::vector<std::string> fields;
    for (std::uint32_t n = draw() % 3 + 1; n != 0; --n) {
      std::string value = challenge("n" + std::to_string(draw() % 50),
                                    ", opaque=\"x\", algorithm=SHA-256, stale=true");
      for (std::uint32_t changes = draw() % 4; changes != 0; --changes) {
        auto const at = draw() % value.size();
        switch (draw() % 3) {
        case 0: value[at] = static_cast<char>(draw()); break;
        case 1: value.insert(at, pieces[draw() % std::size(pieces)]); break;
        default: value.erase(at, draw() % 20); break;
        }
        if (value.empty()) value = "D";
      }
      fields.push_back(draw() % 2 ? www(value) : proxy(value));
    }
    (void)c.take_text(401, fields);
    if (draw() % 2) {
      for (auto const& f : c.fields()) BOOST_TEST(credentials_of(f).well_formed(), f);
    }
    switch (draw() % 8) {
    case 0: c.renewed(); break;
    case 1: c.success({"Authentication-Info: " + fields[0]}); break;
    case 2: c.success({"Authentication-Info: nextnonce=\"" + fields[0] + "\""}); break;
    default: break;
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
