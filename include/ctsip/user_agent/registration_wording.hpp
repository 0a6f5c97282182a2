// The text of a REGISTER. Read registration_record.hpp before it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include <ctsip/message/digest.hpp>
#include <ctsip/message/writer.hpp>
#include <ctsip/user_agent/registration_record.hpp>

namespace ctsip::detail {

// A login for one request, and what it answers: "each such protection domain has its own set of
// usernames and passwords" (22.1).
struct given_login {
  digest_login login{};
  digest_question question{};

  constexpr bool answers(digest_question const& q) const {
    return login && q.proxy == question.proxy && q.realm == question.realm;
  }
};

// Text put together for a header field that is about to be written.
class growing_text {
 public:
  constexpr explicit growing_text(std::span<char> buffer) : buffer_{buffer} {}
  growing_text(growing_text const&) = delete;
  growing_text& operator=(growing_text const&) = delete;

  constexpr growing_text& put(char const* text) { return put(std::string_view{text}); }
  constexpr growing_text& put(std::string_view text) {
    if (text.size() > buffer_.size() - size_)
      overflowed_ = true;
    else
      size_ += text.copy(buffer_.data() + size_, text.size());
    return *this;
  }
  constexpr growing_text& put(std::uint32_t n) {
    decimal const text{n};
    return put(std::string_view{text.digits, text.size});
  }
  constexpr bool overflowed() const { return overflowed_; }
  constexpr std::size_t size() const { return size_; }
  constexpr std::string_view since(std::size_t first) const {
    return {buffer_.data() + first, size_ - first};
  }

 private:
  std::span<char> buffer_;
  std::size_t size_{};
  bool overflowed_{};
};

// `nobody_knows` says that a challenge is open which neither the login nor the look-up answers.
template <class Layer, class Record, class LookUp>
constexpr writer write_register(Layer& layer, Record& r, LookUp& look_up,
                                registration_purpose purpose, std::span<char> buffer,
                                via_parts const& via, given_login const& given,
                                bool& nobody_knows) {
  auto const& wanted = r.wanted;
  growing_text text{layer.parts_buffer()};
  extra_field extra[16]{};
  std::size_t count = 0;
  bool too_many = false;
  auto const add_field = [&](extra_field const& f) {
    if (count == std::size(extra))
      too_many = true;
    else if (!f.value.empty())
      extra[count++] = f;
  };
  auto const add = [&](header h, std::string_view value) { add_field({name(h), value}); };

  request_parts p;
  p.method = method::register_;
  std::string_view const redirection = r.texts[answer_text::redirection];
  p.target = redirection.empty() ? wanted.registrar : redirection;
  p.route_set = wanted.route_set;
  p.via = via;
  identifier const tag = r.tag.text();
  identifier const call_id = r.call_id.text();
  p.from = {wanted.from.empty() ? wanted.address_of_record : wanted.from, tag.view(), {}};
  p.to = {wanted.address_of_record, {}, {}};
  p.call_id = call_id.view();
  p.cseq = r.cseq() + 1;
  if (purpose == registration_purpose::remove_all) {
    p.contact = "*";
  } else if (purpose != registration_purpose::fetch) {
    for (std::string_view const contact : wanted.contacts) {
      if (text.size() != 0) text.put(", ");
      bool const is_uri = contact.find('<') == std::string_view::npos;
      text.put(is_uri ? "<" : "").put(contact).put(is_uri ? ">" : "");
      if (!wanted.instance.empty()) text.put(";+sip.instance=\"").put(wanted.instance).put("\"");
      if (wanted.reg_id != 0) text.put(";reg-id=").put(wanted.reg_id);
    }
    p.contact = text.since(0);
  }
  std::size_t at = text.size();
  if (purpose != registration_purpose::fetch) {
    text.put(binds(purpose) ? wanted.expires : 0u);
    add(header::expires, text.since(at));
  }
  at = text.size();
  // "indicate its support by including the 'path' option-tag in a Supported header field value in
  // its REGISTER requests", "MUST include the outbound option tag" (RFC 5626 4.2.1); RFC
  // 5627 4.1.
  text.put("path");
  if (wanted.reg_id != 0) text.put(", outbound");
  if (!wanted.instance.empty()) text.put(", gruu");
  add(header::supported, text.since(at));
  // "The client MUST add both a Require and Proxy-Require header field with the value "sec-agree"
  // to its request." (RFC 3329 2.3.1)
  if (!wanted.security_client.empty()) {
    add(header::require, "sec-agree");
    add(header::proxy_require, "sec-agree");
    add(header::security_client, wanted.security_client);
    add(header::security_verify, r.texts[answer_text::security_server]);
  }

  std::span<char> const secrets = layer.parts_buffer().subspan(text.size());
  auto const login_for = [&](digest_question const& q) -> digest_login {
    return given.answers(q) ? given.login : look_up(q);
  };
  auto const answers = r.digest.prepare(secrets, {name(method::register_), p.target, {}},
                                        layer.identifiers(), login_for);
  bool const is_too_long = answers.error != write_error::none;
  // "If the UAC cannot respond to any of the challenges in the response, then it SHOULD abandon
  // attempts to send the request" (RFC 8760 2.4).
  nobody_knows = r.answers_challenge && !is_too_long && !r.digest.answers_last_challenge();
  if (answers) {
    for (extra_field const& f : answers.all()) add_field(f);
  } else if (!wanted.private_identity.empty() && !r.digest.challenged()) {
    add(header::authorization,
        write_initial_authorization(secrets, wanted.private_identity, wanted.realm, p.target).text);
  }
  for (extra_field const& f : wanted.extra) add_field(f);
  p.extra = {extra, count};
  writer w = write_request(buffer, p);
  if (text.overflowed() || too_many || is_too_long) w.refuse(write_error::overflow);
  if (nobody_knows) w.refuse(write_error::missing_value);
  return w;
}

} // namespace ctsip::detail
