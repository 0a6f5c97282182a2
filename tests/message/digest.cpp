// What digest authentication computes and writes, with real hashes. RFC 7616, RFC 2617, RFC 8760,
// RFC 3310, RFC 4169.
#include <boost/test/unit_test.hpp>

#include <ctsip/message/digest.hpp>

#include "../../examples/support/mbedtls_hashes.hpp"

#include <memory>
#include <new>
#include <string>
#include <string_view>

using namespace ctsip;
using hashes = example::mbedtls_hashes;

namespace {

template <class H>
std::string hex_of(std::initializer_list<std::string_view> pieces) {
  H h;
  for (auto const piece : pieces) h.update(piece);
  unsigned char out[H::size];
  h.finish(out);
  std::string text;
  for (unsigned const octet : out) {
    text += detail::hex_digit(octet >> 4);
    text += detail::hex_digit(octet);
  }
  return text;
}

std::string hex_of(unsigned char const (&octets)[16]) {
  std::string text;
  for (unsigned const octet : octets) {
    text += detail::hex_digit(octet >> 4);
    text += detail::hex_digit(octet);
  }
  return text;
}

std::string octets_from(unsigned first, unsigned count) {
  std::string text;
  for (unsigned i = 0; i != count; ++i) text += static_cast<char>(first + i);
  return text;
}

// What the examples of RFC 7616 3.9.2 are really computed with.
struct sha_512_cut {
  static constexpr std::size_t size = 32;
  std::string data;

  void update(std::string_view text) { data += text; }
  void finish(unsigned char* out) {
    unsigned char whole[64];
#if MBEDTLS_VERSION_MAJOR >= 3
    mbedtls_sha512(example::detail::bytes(data), data.size(), whole, 0);
#else
    mbedtls_sha512_ret(example::detail::bytes(data), data.size(), whole, 0);
#endif
    for (std::size_t i = 0; i != size; ++i) out[i] = whole[i];
  }
};

struct cut_hashes {
  using md5 = no_hash;
  using sha_256 = no_hash;
  using sha_512_256 = sha_512_cut;
};

struct no_hashes {
  using md5 = no_hash;
  using sha_256 = no_hash;
  using sha_512_256 = no_hash;
};

struct wrong_size {
  using md5 = example::sha_256;
  using sha_256 = no_hash;
  using sha_512_256 = no_hash;
};

static_assert(hash_suite<cut_hashes> && hash_suite<no_hashes>);
static_assert(!hash_suite<wrong_size> && !hash_suite<int>);
static_assert(algorithms_of<hashes>() == digest_algorithms::all());
static_assert(algorithms_of<no_hashes>() == digest_algorithms{});
static_assert(algorithms_of<cut_hashes>().has(digest_algorithm::sha_512_256_sess));
static_assert(!algorithms_of<cut_hashes>().has(digest_algorithm::akav1_md5));

digest_parts doe() {
  digest_parts d;
  d.algorithm = digest_algorithm::sha_512_256;
  d.qop = quality_of_protection::auth;
  d.username = "J\xc3\xa4s\xc3\xb8n Doe";
  d.realm = "api@example.org";
  d.nonce = "5TsQWLVdgBdmrQ0XsxbDODV+57QdFR34I9HAbC/RVvkK";
  d.cnonce = "NTg6RKcb9boFIAS3KrFK9BGeh+iDa/sm6jUMp2wds69v";
  d.nonce_count = 1;
  d.method = "GET";
  d.uri = "/doe.json";
  return d;
}

digest_parts bob() {
  digest_parts d;
  d.username = "bob";
  d.realm = "biloxi.com";
  d.nonce = "dcd98b7102dd2f0e8b11d0f600bfb0c093";
  d.cnonce = "0a4f113b";
  d.nonce_count = 1;
  d.uri = "sip:bob@biloxi.com";
  return d;
}

constexpr digest_login zanzibar = digest_login::with_password("bob", "zanzibar");

std::string plain(std::string_view received) {
  char text[64];
  return {text, digest_text::received(received).copy(text, sizeof text)};
}

} // namespace

BOOST_AUTO_TEST_SUITE(message_digest)

BOOST_AUTO_TEST_CASE(the_hashes_of_the_example_are_right_rfc1321_and_fips_180_4) {
  BOOST_TEST(hex_of<example::md5>({"abc"}) == "900150983cd24fb0d6963f7d28e17f72");
  BOOST_TEST(hex_of<example::md5>({}) == "d41d8cd98f00b204e9800998ecf8427e");
  BOOST_TEST(hex_of<example::sha_256>({"a", "", "bc"}) ==
             "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  BOOST_TEST(hex_of<example::sha_512_256>({"abc"}) ==
             "53048e2681941ef99b2e29b76b4c7dabe4c2d0c634fc6d46e0e2f13107e7af23");
  std::string const many(500, 'a');
  BOOST_TEST(hex_of<example::md5>({many, many}) == "cabe45dcc9ae5b66ba86600cca6b8ba8");
  BOOST_TEST(hex_of<example::sha_256>({many, many}) ==
             "41edece42d63e8d9bf515a9ba6932e1c20cbc9f5a5d134645adb5db1b9737ea3");
  BOOST_TEST(hex_of<example::sha_512_256>({many, many}) ==
             "40eb4a70d4d69815407a9e272f0101cd67e3d11262a4a0bfc087712749c7fb53");
}

BOOST_AUTO_TEST_CASE(the_example_with_sha_256_and_md5_rfc7616_3_9_1) {
  digest_parts d;
  d.qop = quality_of_protection::auth;
  d.username = "Mufasa";
  d.realm = "http-auth@example.org";
  d.nonce = "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v";
  d.cnonce = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ";
  d.nonce_count = 1;
  d.method = "GET";
  d.uri = "/dir/index.html";
  auto const login = digest_login::with_password("Mufasa", "Circle of Life");
  BOOST_TEST(digest_response<hashes>(d, login).view() == "8ca523f5e9506fed4657c9700eebdbec");
  d.algorithm = digest_algorithm::sha_256;
  BOOST_TEST(digest_response<hashes>(d, login).view() ==
             "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1");
}

// The RFC's numbers are those of SHA-512 cut to 256 bits; SHA-512/256 starts from another value.
BOOST_AUTO_TEST_CASE(the_example_with_sha_512_256_and_userhash_rfc7616_3_9_2) {
  auto const login = digest_login::with_password("", "Secret, or not?");
  BOOST_TEST(digest_response<cut_hashes>(doe(), login).view() ==
             "ae66e67d6b427bd3f120414a82e4acff38e8ecd9101d6c861229025f607a79dd");
  BOOST_TEST(digest_userhash<cut_hashes>(doe().algorithm, doe().username, doe().realm).view() ==
             "488869477bf257147b804c45308cd62ac4e25eb717b12b298c79e62dcea254ec");
  BOOST_TEST(digest_response<hashes>(doe(), login).view() ==
             "3798d4131c277846293534c3edc11bd8a5e4cdcbff78b05db9d95eeb1cec68a5");
  BOOST_TEST(digest_userhash<hashes>(doe().algorithm, doe().username, doe().realm).view() ==
             "793263caabb707a56211940d90411ea4a575adeccb7e360aeb624ed06ece9b0b");
}

BOOST_AUTO_TEST_CASE(the_example_of_rfc2617_3_5) {
  digest_parts d = bob();
  d.qop = quality_of_protection::auth;
  d.username = "Mufasa";
  d.realm = "testrealm@host.com";
  d.method = "GET";
  d.uri = "/dir/index.html";
  auto const login = digest_login::with_password("Mufasa", "Circle Of Life");
  BOOST_TEST(digest_response<hashes>(d, login).view() == "6629fae49393a05397450978507c4ef1");
}

// Computed by another implementation of the formulas, of other hashes.
BOOST_AUTO_TEST_CASE(every_algorithm_and_qop_with_and_without_body_3_4_1_to_3_4_3_and_3_5) {
  using enum digest_algorithm;
  using enum quality_of_protection;
  struct row {
    digest_algorithm algorithm;
    quality_of_protection qop;
    char const* method;
    char const* body;
    char const* response;
  };
  // clang-format off
  constexpr row rows[] = {
    {md5, none, "INVITE", "", "bf57e4e0d0bffc0fbaedce64d59add5e"},
    {md5, none, "", "", "748e424548c73d52e3bde6eef2d03c69"},
    {md5, auth, "INVITE", "", "89eb0059246c02b2f6ee02c7961d5ea3"},
    {md5, auth, "", "", "9175a7857f138ef9768651f475f1d73a"},
    {md5, auth_int, "INVITE", "", "2d6fc6e788367208f746582b18a69618"},
    {md5, auth_int, "", "", "0a56d367385814b45c7b663438a5dac9"},
    {md5, auth_int, "INVITE", "v=0\r\n", "77226bb823dc077c1ad3537415667bae"},
    {md5, auth_int, "", "v=0\r\n", "ea7be2687ea1b6c4f9739b1451549997"},
    {md5_sess, auth, "INVITE", "", "e4e4ea61d186d07a92c9e1f6919902e9"},
    {md5_sess, auth, "", "", "0702355500027529b96f51fb4dd888e2"},
    {md5_sess, auth_int, "INVITE", "", "d66ddba2f44d21d5736677f9fa1c2e41"},
    {md5_sess, auth_int, "", "", "aeea8c47a88fc4da437b92ab0191fa45"},
    {md5_sess, auth_int, "INVITE", "v=0\r\n", "8527c9ab1b4eed3fd75491f811944e26"},
    {md5_sess, auth_int, "", "v=0\r\n", "7dd59dc65aa79480bb2e7f18533045a8"},
    {sha_256, none, "INVITE", "", "38aad98c50c33abe72c5f88dd17246ffcfa6b1f68852c855719ff0659386c0ca"},
    {sha_256, none, "", "", "a1423b6e354160f82dc8b2d959d0929697882718f960d1d2bd83077962d593c3"},
    {sha_256, auth, "INVITE", "", "b3b5a6c69453abafaab9ae4dccdac90a076b6c80615d5f3498e7433b6e93bf4f"},
    {sha_256, auth, "", "", "eac28e17b8d5d63e96e148e02f1b50afcf750aeecb3856ac20399028c0ee51e6"},
    {sha_256, auth_int, "INVITE", "", "3985ceb21e3aee19764bf4d9659738c507c12293dd692d31387928ccc2159763"},
    {sha_256, auth_int, "", "", "8831a5721f39e498a8678254fe42ffdc0796da56b392f2b8dc7ea6b4041ea0d6"},
    {sha_256, auth_int, "INVITE", "v=0\r\n", "554a9ffe79ce71c3cb6c9630deddd2787d8033f895e5cdef6a73c8e84ed4c979"},
    {sha_256, auth_int, "", "v=0\r\n", "644cbd5ca8d478218099905ed0dbd09fd28c69ade241a63c99dcd50324d53a4a"},
    {sha_256_sess, auth, "INVITE", "", "5da59c9ca40954be9d5063a15a174066c8251be2c10cf47c144c366dc7daf792"},
    {sha_256_sess, auth, "", "", "74979e1c4bee64a04db61c0de37556a1b2f48ebab1e730aef51db55ef9688034"},
    {sha_256_sess, auth_int, "INVITE", "", "8fc61ed9c4931093c4eca3ac3e6697e1e2d4127b1ce11222bd7185ca2d5692b9"},
    {sha_256_sess, auth_int, "", "", "9a3976f4aa9fe1356e9f5f3896fdad7c29b1e427762f8b602d8648c503ef5189"},
    {sha_256_sess, auth_int, "INVITE", "v=0\r\n", "0b4a1efc19e1b701ec5775b6b16dde0fc416102e34a6c5bd6f957b20b5d79170"},
    {sha_256_sess, auth_int, "", "v=0\r\n", "5f80146d08aff7e620e7f8c36f28ae87acc0138bee9c80e08a14427b4e801d70"},
    {sha_512_256, none, "INVITE", "", "9e960b3a01beb63f1ea5d45d43bd8a2178879d3c9ddbbdb0624187ca823c6eca"},
    {sha_512_256, none, "", "", "ce95c1d398864ebbee4c4707f825f61e7ea7be76960b3f6b0ad268173420ea8f"},
    {sha_512_256, auth, "INVITE", "", "7f1a09de0f19af0a1eac2b28d33e3f2fb89cca1ad8fb01bba5e1883b288bac14"},
    {sha_512_256, auth, "", "", "975a12c1ffcd062063ecf7569221689a797a7fef76ce1b9d29bd6e57b90be6e8"},
    {sha_512_256, auth_int, "INVITE", "", "6ba9effb831c1f3ba5760fe23de520f78124ed29d9a06d48a1338613d894c69b"},
    {sha_512_256, auth_int, "", "", "98dc01c8a7e037c085813683b0bdcee3d04f97b6f6c37c27c93717b33adaa0ce"},
    {sha_512_256, auth_int, "INVITE", "v=0\r\n", "e9a7fbc1c80a10421c59a0c982f28d40e0ddc7b62ef3dc4faf68f179c6e05922"},
    {sha_512_256, auth_int, "", "v=0\r\n", "3cb82d0a70ad0cbf70e7f46b5e2e8e9d05f05e671e09ac7103466e1459f3933a"},
    {sha_512_256_sess, auth, "INVITE", "", "077d9677be83f41f162d1a4453dc163389919f81e5927391d972f477da767633"},
    {sha_512_256_sess, auth, "", "", "bf9137540a89905ec6768fd824b2a43b86f8b3aad2c0c579727be1f8ea6bad65"},
    {sha_512_256_sess, auth_int, "INVITE", "", "7c185ff4dce1e1ff75181591c47d58135169ae6199fcb52b365e7ecb08b3d391"},
    {sha_512_256_sess, auth_int, "", "", "7909181834ee7c7d214fcdb77874d6ec9aa52c26f917ca74e8b7d843dcf74d89"},
    {sha_512_256_sess, auth_int, "INVITE", "v=0\r\n", "0220683d8c9faccc1d05bd2ef0e7ccdff87eacd5f06fb6bfd9cd7d3acf66a00b"},
    {sha_512_256_sess, auth_int, "", "v=0\r\n", "543670861defc72772bef80a46a6bce779549661cd5ccc4c46eb389e12876922"},
  };
  // clang-format on
  for (row const& r : rows) {
    digest_parts d = bob();
    d.algorithm = r.algorithm;
    d.qop = r.qop;
    d.method = r.method;
    d.body = r.body;
    std::string const what = std::string{name(r.algorithm)} + " " + name(r.qop) + " " + r.method;
    BOOST_TEST(digest_response<hashes>(d, zanzibar).view() == r.response, what);
    digest_value const ha1 = digest_ha1<hashes>(r.algorithm, "bob", "biloxi.com", "zanzibar");
    auto const by_ha1 = digest_login::with_ha1("bob", ha1.view());
    BOOST_TEST(digest_response<hashes>(d, by_ha1).view() == r.response, what);
    // "A2 = Method ":" request-uri": the body is not in it.
    if (r.qop == auth_int) continue;
    d.body = "another";
    BOOST_TEST(digest_response<hashes>(d, zanzibar).view() == r.response, what);
  }
}

// "the hash of the entity-body resolves to the hash of an empty string when the entity-body is
// empty … SHA-256("") = e3b0c442…".
BOOST_AUTO_TEST_CASE(without_a_body_that_of_the_empty_string_rfc8760_2_6) {
  std::string const empty = hex_of<example::sha_256>({});
  BOOST_TEST(empty == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  digest_parts d = bob();
  d.algorithm = digest_algorithm::sha_256;
  d.qop = quality_of_protection::auth_int;
  d.method = "REGISTER";
  std::string const a1 = hex_of<example::sha_256>({"bob:biloxi.com:zanzibar"});
  std::string const a2 = hex_of<example::sha_256>({"REGISTER:sip:bob@biloxi.com:", empty});
  BOOST_TEST(digest_response<hashes>(d, zanzibar).view() ==
             hex_of<example::sha_256>(
                 {a1, ":dcd98b7102dd2f0e8b11d0f600bfb0c093:00000001:0a4f113b:auth-int:", a2}));
}

BOOST_AUTO_TEST_CASE(a_suite_without_the_hash_or_a_secret_of_another_kind_gives_nothing) {
  BOOST_TEST(digest_response<no_hashes>(bob(), zanzibar).view().empty());
  BOOST_TEST(!digest_ha1<no_hashes>(digest_algorithm::md5, "a", "b", "c"));
  BOOST_TEST(!digest_response<hashes>(bob(), {}));
  BOOST_TEST(!digest_response<hashes>(bob(), digest_login::with_ha1("bob", "0123")));
  BOOST_TEST(!digest_response<hashes>(bob(), digest_login::with_aka("bob", "12345678")));
  BOOST_TEST(!digest_response<hashes>(bob(), digest_login::with_auts("bob", "12345678901234")));
  digest_parts d = bob();
  d.algorithm = digest_algorithm::akav1_md5;
  BOOST_TEST(!digest_response<hashes>(d, zanzibar));
}

// "unq(X) means the value of the quoted-string X without the surrounding quotes and with quoting
// slashes removed"; "The line break and the whitespace at the beginning of the next line are
// treated as a single SP character" (RFC 3261 7.3.1).
BOOST_AUTO_TEST_CASE(what_was_received_is_digested_without_quotes_slashes_and_folds_3_3) {
  BOOST_TEST(plain("\"bob\"") == "bob");
  BOOST_TEST(plain("bob") == "bob");
  BOOST_TEST(plain("b\\ob") == "b\\ob");
  BOOST_TEST(plain("\"b\\\"o\\\\b\"") == "b\"o\\b");
  BOOST_TEST(plain("\"\\\"\\\"\"") == "\"\"");
  BOOST_TEST(plain("\"\"").empty());
  BOOST_TEST(plain("\"a  \r\n\t b\"") == "a b");
  BOOST_TEST(plain("\"a\r\n b\r\n c\"") == "a b c");
  BOOST_TEST(plain("\" a\\b \r\n c\"") == " ab c");
  BOOST_TEST(plain("\"\r\n a\"") == " a");
  BOOST_TEST(plain("\"a\\\"") == "a\\");
  BOOST_TEST(plain("\"\\\"") == "\\");
  BOOST_TEST(digest_text::received("\"a\\\\\"").is("a\\"));
  BOOST_TEST(!digest_text::received("\"a\\\\\"").is("a\\\\"));
  BOOST_TEST(!digest_text::received("\"a\"").is("ab"));
  BOOST_TEST(!digest_text::received("\"ab\"").is("a"));
  BOOST_TEST(digest_text::received("\"\"").empty());
  BOOST_TEST(!digest_text::received("\" \"").empty());
  BOOST_TEST(digest_text{"\"a\""}.is("\"a\""));
  digest_parts received = bob();
  received.username = digest_text::received("\"b\\ob\"");
  received.realm = digest_text::received("\"bi\\loxi.com\"");
  BOOST_TEST(digest_response<hashes>(received, zanzibar).view() ==
             digest_response<hashes>(bob(), zanzibar).view());
}

BOOST_AUTO_TEST_CASE(secrets_are_compared_whole_and_overwritten) {
  static_assert(same_secret("abc", "abc") && same_secret("", ""));
  static_assert(!same_secret("abc", "abd") && !same_secret("abc", "xbc"));
  static_assert(!same_secret("abc", "ab") && !same_secret("", "a"));
  char text[] = "secret";
  detail::wipe(text, sizeof text);
  for (char const c : text) BOOST_TEST(c == '\0');
}

// Storage that an object is made and destroyed in. It is read as volatile, as it is overwritten: so
// the optimiser can neither drop what is written at the end of a lifetime nor make up what is read
// after it.
template <class T>
struct place {
  alignas(T) unsigned char storage[sizeof(T)]{};

  bool holds(std::string_view text) const {
    std::string seen;
    for (unsigned char const volatile& octet : storage) seen += static_cast<char>(octet);
    return seen.find(text) != std::string::npos;
  }
};

BOOST_AUTO_TEST_CASE(where_a_secret_was_nothing_of_it_is_left) {
  place<detail::secret_text<16>> password;
  auto* const p = ::new (password.storage) detail::secret_text<16>;
  p->size = std::string_view{"zanzibar"}.copy(p->text, sizeof p->text);
  BOOST_TEST(password.holds("zanzibar"));
  std::destroy_at(p);
  BOOST_TEST(!password.holds("z"));

  place<detail::secret_digest> digest;
  auto const ha1 = digest_ha1<hashes>(digest_algorithm::md5, "bob", "biloxi.com", "zanzibar");
  auto* const d = ::new (digest.storage) detail::secret_digest{ha1};
  BOOST_TEST(digest.holds(ha1.view()));
  std::destroy_at(d);
  BOOST_TEST(!digest.holds(ha1.view().substr(0, 2)));
}

// RFC 2202 2.
BOOST_AUTO_TEST_CASE(hmac_md5_is_that_of_rfc2104) {
  auto const of = [](std::string_view key, std::string_view data) {
    unsigned char out[16];
    detail::hmac<example::md5>({&key, 1}, data, out);
    return hex_of(out);
  };
  BOOST_TEST(of(std::string(16, '\x0b'), "Hi There") == "9294727a3638bb1c13f48ef8158bfc9d");
  BOOST_TEST(of("Jefe", "what do ya want for nothing?") == "750c783e6ab0b503eaa86e310a5db738");
  BOOST_TEST(
      of(std::string(80, '\xaa'), "Test Using Larger Than Block-Size Key - Hash Key First") ==
      "6b1ab7fe4bd7bf8f0b62e6ce61b9d0cd");
}

// RFC 4169 gives no numbers: computed by another implementation.
BOOST_AUTO_TEST_CASE(the_answer_of_a_sim_is_the_password_rfc3310_3_3_and_rfc4169_2_1) {
  std::string const res = octets_from(0xa0, 8);
  std::string const ik = octets_from(0, 16);
  std::string const ck = octets_from(16, 16);
  digest_parts d = bob();
  d.method = "REGISTER";
  d.uri = "sip:biloxi.com";
  d.qop = quality_of_protection::auth;
  d.algorithm = digest_algorithm::akav1_md5;
  auto const login = digest_login::with_aka("bob", res, ik, ck);
  auto const resynchronise = digest_login::with_auts("bob", "12345678901234");
  BOOST_TEST(digest_response<hashes>(d, login).view() == "7dc2e069c91b1fce594d683a4dccfdec");
  // "Note that when the AUTS is present, the included "response" parameter is calculated using an
  // empty password" (RFC 3310 3.2).
  BOOST_TEST(digest_response<hashes>(d, resynchronise).view() ==
             "64e221c26550d0a302d37213815af76b");
  d.algorithm = digest_algorithm::akav2_md5;
  BOOST_TEST(detail::akav2_password<example::md5>(login).view() == "oIDmGJqUJgJGbVQ0lEwWEQ==");
  BOOST_TEST(digest_response<hashes>(d, login).view() == "a52bf1e35059bde98b0da60b2fdfd34c");
  BOOST_TEST(digest_response<hashes>(d, resynchronise).view() ==
             "64e221c26550d0a302d37213815af76b");
  unsigned char masked_ik[16];
  unsigned char masked_ck[16];
  BOOST_TEST(akav2_session_keys<hashes>(ik, ck, masked_ik, masked_ck));
  BOOST_TEST(hex_of(masked_ik) == "a27e4ab4f0e57664e3f19fee9c13db80");
  BOOST_TEST(hex_of(masked_ck) == "4603243f6801b8148ac135012244af3c");
  BOOST_TEST(!akav2_session_keys<no_hashes>(ik, ck, masked_ik, masked_ck));
}

BOOST_AUTO_TEST_CASE(an_aka_nonce_is_rand_and_autn_rfc3310_3_2) {
  auto const c = read_aka_nonce("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=");
  BOOST_TEST(c.valid);
  BOOST_TEST(c.rand_autn() == octets_from(0, 32));
  BOOST_TEST(c.rand() == octets_from(0, 16));
  BOOST_TEST(c.autn() == octets_from(16, 16));
  // "and optionally some server specific data"
  BOOST_TEST(read_aka_nonce("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh9zZXJ2ZXI=").autn() ==
             octets_from(16, 16));
  // The examples of the RFC, whose padding is not what RFC 4648 asks for.
  auto const example = read_aka_nonce("MzQ0a2xrbGtmbGtsZm9wb2tsc2tqaHJzZXNy9uQyMzMzMzQK=");
  BOOST_TEST(example.valid);
  BOOST_TEST(example.rand() == "344klklkflklfopo");
  BOOST_TEST(read_aka_nonce("CjPk9mRqNuT25eRkajM09uTl9nM09uTl9nMz5OX25PZz==").valid);
  BOOST_TEST(read_aka_nonce("9uQzNPbk9jM05Pbl5Pbl5DIz9uTl9uTl9jM0NTHk9uXk==").valid);
  for (char const* const text : {"", "=", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHg==",
                                 "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdH\x80==",
                                 "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaG xwdHh8="})
    BOOST_TEST(!read_aka_nonce(text).valid, text);
}

BOOST_AUTO_TEST_CASE(credentials_are_written_as_7616_3_4_wants_them) {
  char buffer[512];
  authorization_parts a;
  a.username = "bob";
  a.realm = "biloxi.com";
  a.nonce = "dcd9";
  a.uri = "sip:bob@biloxi.com";
  a.response = "6629fae49393a05397450978507c4ef1";
  BOOST_TEST(write_authorization(buffer, a).text ==
             "Digest username=\"bob\", realm=\"biloxi.com\", nonce=\"dcd9\", "
             "uri=\"sip:bob@biloxi.com\", response=\"6629fae49393a05397450978507c4ef1\"");
  a.qop = quality_of_protection::auth_int;
  a.cnonce = "0a4f113b";
  a.nonce_count = 0x1aF;
  a.has_opaque = true;
  a.has_algorithm = true;
  a.algorithm = digest_algorithm::akav1_md5;
  a.userhash = true;
  a.auts = std::string_view{"\xe4\xf6\x31\x32\xe5\xf6\x34\xe4\xf6\x35\xe4\x00\x01\x02", 14};
  BOOST_TEST(write_authorization(buffer, a).text ==
             "Digest username=\"bob\", realm=\"biloxi.com\", nonce=\"dcd9\", "
             "uri=\"sip:bob@biloxi.com\", response=\"6629fae49393a05397450978507c4ef1\", "
             "algorithm=AKAv1-MD5, cnonce=\"0a4f113b\", opaque=\"\", qop=auth-int, nc=000001af, "
             "userhash=true, auts=\"5PYxMuX2NOT2NeQAAQI=\"");
}

BOOST_AUTO_TEST_CASE(a_first_register_of_ims_names_the_user_rfc8760_2_7) {
  char buffer[256];
  auto const w =
      write_initial_authorization(buffer, "alice_private@home1.net", "home1.net", "sip:home1.net");
  BOOST_TEST(w.text == "Digest username=\"alice_private@home1.net\", realm=\"home1.net\", "
                       "nonce=\"\", uri=\"sip:home1.net\", response=\"\"");
}

BOOST_AUTO_TEST_CASE(challenges_are_written_as_7616_3_3_wants_them) {
  char buffer[256];
  challenge_parts c;
  c.realm = "say \"friend\"";
  c.nonce = "dcd9";
  BOOST_TEST(write_challenge(buffer, c).text ==
             "Digest realm=\"say \\\"friend\\\"\", nonce=\"dcd9\", algorithm=MD5, qop=\"auth\"");
  c.auth_int = c.stale = c.userhash = true;
  c.opaque = "5ccc";
  c.algorithm = digest_algorithm::sha_512_256_sess;
  auto const w = write_challenge(buffer, c);
  BOOST_TEST(w.text == "Digest realm=\"say \\\"friend\\\"\", nonce=\"dcd9\", opaque=\"5ccc\", "
                       "algorithm=SHA-512-256-sess, qop=\"auth,auth-int\", stale=true, "
                       "userhash=true");
  challenge_view const v{w.text};
  BOOST_TEST(v.well_formed());
  BOOST_TEST((v.digest().value == digest_algorithm::sha_512_256_sess));
  c.auth = false;
  BOOST_TEST(challenge_view{write_challenge(buffer, c).text}.qop_options() == "auth-int");
  c.auth_int = false;
  BOOST_TEST((write_challenge(buffer, c).error == write_error::missing_value));
}

BOOST_AUTO_TEST_CASE(an_authentication_info_holds_all_or_only_the_nonce_3_5) {
  char buffer[256];
  authentication_info_parts a;
  BOOST_TEST((write_authentication_info(buffer, a).error == write_error::missing_value));
  a.nextnonce = "47364c23432d2e131a5fb210812c";
  BOOST_TEST(write_authentication_info(buffer, a).text ==
             "nextnonce=\"47364c23432d2e131a5fb210812c\"");
  a.nextnonce = {};
  a.qop = quality_of_protection::auth_int;
  a.rspauth = "6629fae49393a05397450978507c4ef1";
  a.cnonce = "0a4f113b";
  a.nonce_count = 1;
  BOOST_TEST(write_authentication_info(buffer, a).text ==
             "qop=auth-int, rspauth=\"6629fae49393a05397450978507c4ef1\", cnonce=\"0a4f113b\", "
             "nc=00000001");
}

// A text of the user or of a peer must not end the header field.
BOOST_AUTO_TEST_CASE(no_text_gets_out_of_its_quotes) {
  char buffer[512];
  for (std::string const& evil :
       {std::string{"a\r\nContact: <sip:evil@example.com>"}, std::string{"a\nb"},
        std::string{"a\rb"}, std::string{"a\0b", 3}, std::string{"a\x7f"}, std::string{"a\x01"}}) {
    for (int which = 0; which != 6; ++which) {
      authorization_parts a;
      a.username = "bob";
      a.realm = "biloxi.com";
      a.nonce = "dcd9";
      a.uri = "sip:biloxi.com";
      a.qop = quality_of_protection::auth;
      a.has_opaque = true;
      digest_text* const texts[] = {&a.username, &a.realm, &a.nonce, &a.uri, &a.opaque, &a.cnonce};
      *texts[which] = std::string_view{evil};
      auto const w = write_authorization(buffer, a);
      BOOST_TEST((w.error == write_error::forbidden_character));
      BOOST_TEST(w.text.empty());
    }
    challenge_parts c;
    c.realm = evil;
    c.nonce = "a";
    BOOST_TEST((write_challenge(buffer, c).error == write_error::forbidden_character));
  }
  authorization_parts a;
  a.username = "bob\", realm=\"evil\\";
  a.realm = digest_text::received("\"a\\\"b\"");
  a.uri = "sip:biloxi.com";
  auto const w = write_authorization(buffer, a);
  credentials_view const v{w.text};
  BOOST_TEST(v.well_formed());
  BOOST_TEST(digest_text::received(v.all_params().find("username").value).is(a.username.text));
  BOOST_TEST(digest_text::received(v.all_params().find("realm").value).is("a\"b"));
}

BOOST_AUTO_TEST_CASE(what_does_not_fit_is_counted_and_not_handed_out) {
  char buffer[512];
  authorization_parts a;
  a.username = "bob";
  a.realm = "biloxi.com";
  a.uri = "sip:biloxi.com";
  auto const whole = write_authorization(buffer, a);
  for (std::size_t size = 0; size != whole.size; ++size) {
    auto const w = write_authorization(std::span<char>{buffer, size}, a);
    BOOST_TEST((w.error == write_error::overflow));
    BOOST_TEST(w.text.empty());
    BOOST_TEST(w.size == whole.size);
  }
  a.realm = {};
  BOOST_TEST((write_authorization(buffer, a).error == write_error::missing_value));
}

BOOST_AUTO_TEST_SUITE_END()
