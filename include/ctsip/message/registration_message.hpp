// A message as the rules of a registration see it: the event, and what its header fields say in
// numbers. RFC 3261 10.2, 10.3, 20.10, 22; RFC 3329 2.3; RFC 5626 4.2.
// Read message_event.hpp, challenge.hpp and registration/registration_event.hpp before it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include <ctsip/message/challenge.hpp>
#include <ctsip/message/message_event.hpp>
#include <ctsip/message/reader.hpp>
#include <ctsip/message/uri.hpp>
#include <ctsip/message/values.hpp>
#include <ctsip/registration/registration_event.hpp>

namespace ctsip {

/// What a user agent knows of its own registration, to find it in a message.
struct own_registration {
  /// Its Contacts, each a URI or a name-addr.
  std::span<std::string_view const> contacts{};
  std::string_view instance{}; ///< the value of +sip.instance, without its quotes (RFC 5626 4.1)
  std::uint32_t reg_id{};      ///< 0: none (RFC 5626 4.2.1)
  /// The Security-Server received last: what a Security-Verify has to mirror (RFC 3329 2.3.1).
  std::string_view security_server{};
};

namespace detail {

// A number for a text, so that equal texts have equal numbers; 0 only for the empty one.
// Backslashes of a quoted-string are left out: who copies a text may escape it in another way.
constexpr std::uint32_t number_naming(std::string_view text) {
  if (text.empty()) return 0;
  std::uint32_t h = 0x811c9dc5u;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 1 < text.size()) ++i;
    h = (h ^ static_cast<unsigned char>(text[i])) * 0x01000193u;
  }
  return h != 0 ? h : 1;
}

constexpr std::string_view uri_of_contact(std::string_view contact) {
  // A URI alone has its parameters for itself: it is written between "<" and ">" (20.10).
  if (contact.find('<') == std::string_view::npos) return contact;
  name_addr_view const c{contact};
  return c.well_formed() ? c.uri() : contact;
}

// "The UA compares each contact address to see if it created the contact address, using comparison
// rules in Section 19.1.4" (10.2.4); by instance and reg-id where both sides have them (RFC 5626 6:
// they are what identifies a binding then).
constexpr bool is_own_contact(name_addr_view const& listed, std::string_view own_contact,
                              own_registration const& ours) {
  if (ours.reg_id != 0 && listed.has_param("reg-id")) {
    number const id = read_number(listed.param("reg-id"));
    return id && *id == ours.reg_id &&
           same_instance(without_quotes(listed.param("+sip.instance")), ours.instance);
  }
  return equivalent(uri_view{listed.uri()}, uri_view{uri_of_contact(own_contact)});
}

// "it updates the expiration time interval according to the expires parameter or, if absent, the
// Expires field value" (10.2.4); "Malformed values SHOULD be treated as equivalent to 3600"
// (10.2), as is what is not there.
constexpr std::uint32_t expires_of(name_addr_view const& contact, message const& m) {
  number const own = contact.expires();
  if (own.state != number::absent) return own.clipped_or(3600);
  return m.expires().clipped_or(3600);
}

// What a 2xx leaves of our Contacts: the least that one of them has, and nothing if one is missing.
constexpr void find_own_contacts(registration_message& out, message const& m,
                                 own_registration const& ours) {
  out.listing = contact_listing::listed;
  out.granted = UINT32_MAX;
  for (std::string_view const own : ours.contacts) {
    bool found = false;
    for (std::string_view const listed : m.elements(header::contact)) {
      name_addr_view const c{listed};
      if (!c.well_formed() || !is_own_contact(c, own, ours)) continue;
      auto const seconds = expires_of(c, m);
      // Who has registered over several flows has the Contact more than once.
      found = found || seconds != 0;
      if (seconds < out.granted) out.granted = seconds;
    }
    if (found) continue;
    out.listing = contact_listing::missing;
    out.granted = 0;
    return;
  }
}

constexpr bool names_option(message const& m, header list, std::string_view tag) {
  for (std::string_view const each : m.elements(list))
    if (same_token(each, tag)) return true;
  return false;
}

// Whether the values of a header field are those of a list, one by one.
constexpr bool mirrors(message const& m, header h, std::string_view list) {
  auto const values = m.elements(h);
  comma_list const expected{list};
  auto i = values.begin();
  auto j = expected.begin();
  for (; i != values.end() && j != expected.end(); ++i, ++j)
    if (*i != *j) return false;
  return !(i != values.end()) && !(j != expected.end());
}

// A REGISTER that binds "can also de-register any Contact header fields with zero expiration"
// (RFC 5626 6): those are looked at where there are no others.
constexpr void read_request_contacts(registration_message& out, message const& m) {
  std::size_t count = 0;
  bool said = false;
  bool binds = false;
  number const of_all = m.expires();
  for (std::string_view const each : m.elements(header::contact)) {
    name_addr_view const c{each};
    ++count;
    if (!each.empty() && each.front() == '*') out.wildcard = true;
    // A "*" with parameters is no "*": what it says is looked at all the same.
    parameters const p{each.substr(each.find(';') < each.size() ? each.find(';') : each.size())};
    if (c.has_param("reg-id") || c.has_param("+sip.instance") ||
        (out.wildcard && (p.has("reg-id") || p.has("+sip.instance"))))
      out.outbound = true;
    if (c.well_formed() && !c.is_star()) {
      number n = c.expires();
      if (n.state == number::absent) n = of_all;
      auto const seconds = n.clipped_or(3600);
      if (seconds != 0 && !binds) {
        binds = true;
        said = false;
        out.contact = 0;
      }
      if (seconds == 0 && binds) continue;
      if (out.contact == 0)
        out.contact = c.has_param("reg-id")
                          ? number_naming(c.param("+sip.instance")) ^
                                (0x9e3779b9u * read_number(c.param("reg-id")).clipped_or(0))
                          : number_naming(c.uri());
      if (n.state != number::absent) {
        if (!said || seconds < out.expires) out.expires = seconds;
        said = true;
      }
    }
  }
  out.fetch = count == 0;
  out.other_contacts = out.wildcard && count > 1;
  if (!said || out.wildcard) {
    said = of_all.state != number::absent;
    out.expires = of_all.clipped_or(said ? 3600 : 0);
  }
  out.expires_said = said;
}

// The first parameter with each of the names, in one pass.
template <std::size_t Count>
struct named_params {
  parameter found[Count]{};
  bool well_formed{}; // with one parameter at least

  constexpr named_params(auth_params const& params, std::string_view const (&names)[Count]) {
    auto p = params.begin();
    bool const is_empty = p.at_end();
    for (; !p.at_end(); ++p)
      for (std::size_t i = 0; i != Count; ++i)
        if (!found[i] && same_token((*p).name, names[i])) found[i] = *p;
    well_formed = !is_empty && p.well_formed();
  }
  constexpr std::string_view text(std::size_t i) const { return without_quotes(found[i].value); }
};

constexpr void read_challenge(registration_message& out, message const& m, header h,
                              std::uint32_t& nonce) {
  for (field const& f : m.fields(h)) {
    if (out.challenge == challenge_support::missing) out.challenge = challenge_support::unsupported;
    challenge_view const c{f.value};
    if (!c.is_digest()) continue;
    named_params<3> const p{c.all_params(), {"algorithm", "nonce", "stale"}};
    // "If this is not present, it is assumed to be "MD5"" (RFC 7616 3.3).
    if (!p.well_formed || (p.found[0] && !parse_digest_algorithm(p.text(0)))) continue;
    out.challenge = challenge_support::acceptable;
    if (nonce == 0) nonce = number_naming(p.text(1));
    if (same_token(p.text(2), "true")) out.stale = true;
  }
}

constexpr void read_credentials(registration_message& out, message const& m, header h,
                                std::uint32_t& nonce) {
  for (field const& f : m.fields(h)) {
    credentials_view const c{f.value};
    if (!c.is_digest()) continue;
    named_params<2> const p{c.all_params(), {"nonce", "auts"}};
    if (p.text(0).empty()) out.empty_nonce = true;
    if (nonce == 0) nonce = number_naming(p.text(0));
    if (p.found[1]) out.synchronisation_failure = true;
  }
}

} // namespace detail

/// What a message says to the rules of its registration, to the one who sends or receives it. A
/// number that is absent or no number is 0, one beyond 32 bits is 2**32-1. What is not in a
/// message, whoever calls adds: `again`, `other_target`, `new_credentials`, `random`, `other_flow`.
///
/// Of several challenges for the same side the first that is a known Digest gives the nonce.
constexpr registration_message registration_message_of(message const& m, direction way,
                                                       own_registration const& ours = {}) {
  registration_message out{event_of(m, way)};
  out.cseq = m.cseq().number;
  out.call_id = detail::number_naming(m.call_id());
  out.security_client = m.has(header::security_client);
  out.security_server = m.has(header::security_server);
  if (m.is_request()) {
    if (m.method() == method::register_) detail::read_request_contacts(out, m);
    detail::read_credentials(out, m, header::authorization, out.nonce);
    detail::read_credentials(out, m, header::proxy_authorization, out.proxy_nonce);
    if (m.has(header::security_verify))
      out.security_verify = detail::mirrors(m, header::security_verify, ours.security_server)
                                ? security_list::mirrors
                                : security_list::differs;
    out.security_required = detail::names_option(m, header::require, "sec-agree") &&
                            detail::names_option(m, header::proxy_require, "sec-agree");
    return out;
  }
  out.min_expires = m.min_expires().clipped_or(0);
  number const later = retry_after_view{m[header::retry_after]}.seconds();
  out.retry_after_said = static_cast<bool>(later);
  out.retry_after = later.clipped_or(0);
  if (m.status() == 401 || m.status() == 407) {
    out.challenge = challenge_support::missing;
    detail::read_challenge(out, m, header::www_authenticate, out.nonce);
    detail::read_challenge(out, m, header::proxy_authenticate, out.proxy_nonce);
  }
  bool const is_success = m.status() >= 200 && m.status() <= 299;
  if (is_success && m.method() == method::register_ && !ours.contacts.empty())
    detail::find_own_contacts(out, m, ours);
  return out;
}
/// The same of a message that is not read yet. What is read of it is gone before this returns.
CTSIP_ONE_COPY constexpr registration_message
registration_message_of(std::string_view text, direction way, own_registration const& ours = {}) {
  return registration_message_of(read(text).value, way, ours);
}

} // namespace ctsip
