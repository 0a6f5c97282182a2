// A digest that needs no library: any function of the text will do, as long as both sides have the
// same. What is tested is what is sent, not the arithmetic.
#pragma once

#include <ctsip/user_agent/digest_client.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ctsip_tests {

struct toy_hash {
  static constexpr std::size_t size = 16;
  std::uint64_t state{0xcbf29ce484222325u};

  void update(std::string_view text) {
    for (char const c : text) state = (state ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
  }
  void finish(unsigned char* out) const {
    for (std::size_t i = 0; i < size; ++i)
      out[i] = static_cast<unsigned char>(state >> (i % 8 * 8)) ^ static_cast<unsigned char>(i);
  }
};
struct toy_hashes {
  using md5 = toy_hash;
  using sha_256 = ctsip::no_hash;
  using sha_512_256 = ctsip::no_hash;
};

/// "nonce nc" of Bob's credentials in a request; empty if there are none, "wrong …" if their
/// response is not that of the password, or the uri not that of the request.
inline std::string credentials_in(std::string_view request,
                                  ctsip::header where = ctsip::header::authorization,
                                  std::string_view password = "secret") {
  using namespace ctsip;
  message const m = read(request).value;
  if (!m.has(where)) return "";
  credentials_view const c{m[where]};
  digest_parts d;
  d.qop = quality_of_protection::auth;
  d.username = "bob";
  auto const received = [&c](std::string_view name) {
    return digest_text::received(c.all_params().find(name).value);
  };
  d.realm = received("realm");
  d.nonce = received("nonce");
  d.cnonce = received("cnonce");
  std::string const nc{c.param("nc")};
  d.nonce_count = static_cast<std::uint32_t>(std::stoul(nc, nullptr, 16));
  d.method = m.method_name();
  d.uri = m.request_uri();
  d.body = m.body();
  auto const expected =
      digest_response<toy_hashes>(d, digest_login::with_password("bob", password));
  bool const is_right = c.param("username") == "bob" && c.param("uri") == m.request_uri() &&
                        expected && expected.view() == c.param("response");
  return (is_right ? "" : "wrong ") + std::string{c.nonce()} + ' ' + nc;
}

/// "realm nonce nc" of each of the credentials in a request.
inline std::vector<std::string>
all_credentials_in(std::string_view request,
                   ctsip::header where = ctsip::header::proxy_authorization) {
  std::vector<std::string> all;
  ctsip::message const m = ctsip::read(request).value;
  for (ctsip::field const& f : m.fields(where)) {
    ctsip::credentials_view const c{f.value};
    all.push_back(std::string{c.realm()} + ' ' + std::string{c.nonce()} + ' ' +
                  std::string{c.param("nc")});
  }
  return all;
}

} // namespace ctsip_tests
