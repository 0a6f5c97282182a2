// What a user agent must check before it acts on a message, and what it answers when a check fails.
// RFC 3261 8.1.1 (mandatory header fields), 8.1.3.3, 8.2.1 to 8.2.3 (the order of the checks),
// 18.3, 21.4, 21.5.6; RFC 5621 8 (multipart bodies); RFC 4475 has the cases.
// Read reader.hpp, uri.hpp and multipart.hpp before it.
//
// "A UAS SHOULD ignore any malformed header fields that are not necessary for processing requests"
// (8.2.2): the syntax of those that are not checked here is not looked at. Not required although
// 8.1.1 does: Max-Forwards, the From tag and the branch, which RFC 2543 elements leave out
// (RFC 4475 3.4.1).
#pragma once

#include <ctsip/message/multipart.hpp>
#include <ctsip/message/reader.hpp>
#include <ctsip/message/uri.hpp>
#include <ctsip/message/values.hpp>

namespace ctsip {

/// What a user agent supports, each as the comma list that it writes into the header field of
/// that name.
struct capabilities {
  std::string_view allow = "INVITE, ACK, CANCEL, BYE, OPTIONS"; ///< methods; case counts
  std::string_view supported = "";                              ///< option tags
  std::string_view schemes = "sip, sips";                       ///< of a Request-URI
  /// Media ranges of a body. A multipart one that they do not name is judged by its parts
  /// (RFC 5621 8.4).
  std::string_view accept = "application/sdp";
  std::string_view accept_encoding = "identity"; ///< content codings
};

/// What is to be done with a message.
enum class outcome : std::uint8_t {
  accept,
  reject, ///< answer the request with `validity::status`
  discard ///< a response, an ACK, or a request that names nobody to answer or cannot be answered
};

/// The judgement on one message.
struct validity {
  outcome result{outcome::accept};
  std::uint16_t status{};        ///< the response code when rejected, else 0
  char const* sentence{""};      ///< what is wrong
  char const* clause{""};        ///< the clause that it breaks
  header where{header::unknown}; ///< the header field, if it is one
  std::string_view culprit;      ///< the value that is wrong, or the first of them; may be empty

  constexpr explicit operator bool() const { return result == outcome::accept; }
};

namespace detail {

struct objection {
  std::uint16_t status{};
  char const* sentence{""};
  char const* clause{""};
  header where{header::unknown};
  std::string_view culprit{};

  constexpr explicit operator bool() const { return status != 0; }
};

constexpr bool in_list(std::string_view list, std::string_view token, bool any_case) {
  if (token.empty()) return false;
  char const* const end = list.data() + list.size();
  for (char const* p = list.data();; ++p) {
    char const* const first = p;
    p = find_char(p, end, ',');
    std::string_view const element = trim(view(first, p));
    if (any_case ? same_token(element, token) : element == token) return true;
    if (p == end) return false;
  }
}

constexpr bool in_media_ranges(std::string_view list, media_type_view const& type) {
  for (std::string_view const element : comma_list{list})
    if (media_type_view{element}.covers(type)) return true;
  return false;
}

// An address that a user agent copies into or builds from its dialog.
constexpr objection check_address(header h, name_addr_view const& address) {
  if (!address.well_formed() || address.is_star())
    return {400, "a header field is not a name-addr or addr-spec with its parameters",
            "RFC 3261 20.10", h, address.text()};
  uri_view const uri{address.uri()};
  if (!uri.well_formed())
    return {400, sentence(uri.error()), clause(uri.error()), h, address.text()};
  return {};
}

// A CR that ends no line is white space to one reader and a line end to another, so it is never
// written, and a header field with one cannot be copied.
constexpr bool has_bare_cr(message const& m, header h) {
  if (!m.has_several(h)) return has_bare_cr(m[h]);
  for (field const& row : m.fields(h))
    if (has_bare_cr(row.value)) return true;
  return false;
}

// Of the header fields that every response copies (8.2.6.2) the first that cannot be; `unknown` if
// there is none.
constexpr header find_uncopiable(message const& m) {
  for (header const h : {header::via, header::from, header::to, header::call_id, header::cseq})
    if (has_bare_cr(m, h)) return h;
  return header::unknown;
}

// To and From: also the tag, at most one and not empty (19.3).
constexpr objection check_party(message const& m, header h) {
  party_view const known = party_of(m, h);
  if (known.sound && uri_view{known.uri}.well_formed()) return {};
  // Otherwise, and for an addr-spec, in detail.
  std::string_view const text = m[h];
  name_addr_view const address{text};
  if (objection const f = check_address(h, address)) return f;
  std::size_t tags = 0;
  for (parameter const& p : address.all_params()) {
    if (!is_name(p.name, "tag")) continue;
    if (++tags > 1 || all_of(p.value, token_char) == false)
      return {400, "a tag is no token, or there are several", "RFC 3261 19.3", h, text};
  }
  return {};
}

constexpr objection check_contacts(message const& m) {
  std::size_t count = 0;
  bool star = false;
  for (std::string_view const element : m.elements(header::contact)) {
    ++count;
    name_addr_view const address{element};
    star = star || address.is_star();
    if (star) continue;
    if (objection const f = check_address(header::contact, address)) return f;
  }
  if (star && (count > 1 || m.method() != method::register_))
    return {400, "a Contact of \"*\" stands alone and only in a REGISTER", "RFC 3261 10.2.2",
            header::contact, m[header::contact]};
  return {};
}

constexpr objection check_vias(message const& m) {
  via_view const top = m.top_via();
  if (m[header::via].empty())
    return {400, "a Via is not a sent-protocol, a sent-by and parameters", "RFC 3261 20.42",
            header::via};
  // Mostly the top Via is all that there is.
  bool const alone = top.well_formed() && !m.has_several(header::via) &&
                     top.text().size() == m[header::via].size();
  std::size_t count = 0;
  std::string_view second;
  if (!alone) {
    // The first element ends where the reading of the top Via has ended.
    for (std::string_view const element : m.elements(header::via)) {
      if (!(count == 0 ? top : via_view{element}).well_formed())
        return {400, "a Via is not a sent-protocol, a sent-by and parameters", "RFC 3261 20.42",
                header::via, element};
      if (++count == 2) second = element;
    }
  }
  if (top.has_magic_cookie() && top.branch().size() == 7)
    return {400, "the branch is the magic cookie and no identifier", "RFC 3261 8.1.1.7",
            header::via, top.branch()};
  if (m.is_response() && count > 1)
    return {400, "the response has more than one Via", "RFC 3261 8.1.3.3", header::via, second};
  return {};
}

// Those of which a second one is no reading of the first, in the order in which they are told. From
// Content-Type on they are "not applicable" to a CANCEL: one that is there by mistake "MUST be
// ignored by the UAS receiving the request" (20).
inline constexpr header header_fields_not_repeated[] = {header::to,
                                                        header::from,
                                                        header::cseq,
                                                        header::call_id,
                                                        header::max_forwards,
                                                        header::content_type,
                                                        header::event,
                                                        header::subscription_state,
                                                        header::rack,
                                                        header::rseq,
                                                        header::session_expires,
                                                        header::target_dialog,
                                                        header::sip_if_match};

struct single_header_set : header_set {
  constexpr single_header_set() {
    for (header const h : header_fields_not_repeated) add(h);
  }
};
inline constexpr single_header_set single_header_fields;

// The header fields that every message has and that may stand in it once (8.1.1, 7.3.1).
constexpr objection check_mandatory(message const& m) {
  for (header const h : {header::to, header::from, header::cseq, header::call_id}) {
    if (!m.has(h))
      return {400, "a mandatory header field (To, From, CSeq, Call-ID or Via) is missing",
              "RFC 3261 8.1.1", h};
  }
  if (repeats_one_of(m, single_header_fields)) {
    for (header const h : header_fields_not_repeated) {
      if (h == header::content_type && m.method() == method::cancel) break;
      if (m.has_several(h))
        return {400, "a header field of which there may be one appears several times",
                "RFC 3261 7.3.1", h, m[h]};
    }
  }
  if (objection const f = check_party(m, header::to)) return f;
  if (objection const f = check_party(m, header::from)) return f;
  if (!is_call_id(m.call_id()))
    return {400, "the Call-ID is not a word, or two with an \"@\" between them", "RFC 3261 20.8",
            header::call_id, m.call_id()};
  cseq_view const cseq = m.cseq();
  if (!cseq.well_formed)
    return {400, "the CSeq is not a 32-bit number and a method", "RFC 3261 20.16", header::cseq,
            m[header::cseq]};
  if (cseq.number >= 0x8000'0000u)
    return {400, "the CSeq number is not less than 2**31", "RFC 3261 8.1.1.5", header::cseq,
            m[header::cseq]};
  return {};
}

// 8.2.1: the method is inspected before anything else that a future method may change; so a CSeq
// that does not match an unknown method is still a 501 (RFC 4475 3.1.2.18).
constexpr objection check_method(message const& m, capabilities const& own) {
  bool const allowed = in_list(own.allow, m.method_name(), false);
  if (m.method() == method::extension && !allowed)
    return {501, "the method is not known", "RFC 3261 21.5.2", header::unknown, m.method_name()};
  if (m.cseq().method_name != m.method_name())
    return {400, "the method of the CSeq is not that of the request", "RFC 3261 8.1.1.5",
            header::cseq, m[header::cseq]};
  if (!allowed)
    return {405, "the method is known and not allowed here", "RFC 3261 8.2.1", header::unknown,
            m.method_name()};
  return {};
}

constexpr objection check_request_uri(message const& m, capabilities const& own) {
  std::string_view const text = m.request_uri();
  uri_view const uri{text};
  if (uri.error() == uri_error::scheme)
    return {400, "the Request-URI is no URI, or stands in \"<>\"", "RFC 3261 7.1", header::unknown,
            text};
  if (!in_list(own.schemes, uri.scheme_name(), true))
    return {416, "the scheme of the Request-URI is not supported", "RFC 3261 8.2.2.1",
            header::unknown, text};
  if (!uri.well_formed())
    return {400, sentence(uri.error()), clause(uri.error()), header::unknown, text};
  if (!uri.headers().empty())
    return {400, "the Request-URI has header components", "RFC 3261 19.1.1", header::unknown, text};
  return {};
}

// The header fields without which the request of that method means nothing.
constexpr objection check_method_headers(message const& m) {
  method const kind = m.method();
  if (m.has(header::contact) && kind != method::bye && kind != method::ack &&
      kind != method::cancel && kind != method::prack && kind != method::message) {
    if (objection const f = check_contacts(m)) return f;
  }
  if (kind == method::invite || kind == method::subscribe || kind == method::refer ||
      kind == method::notify) {
    if (has_bare_cr(m, header::record_route))
      return {400, "a Record-Route is not a name-addr", "RFC 3261 20.30", header::record_route,
              m[header::record_route]};
    for (std::string_view const element : m.elements(header::record_route)) {
      name_addr_view const address{element};
      if (objection const f = check_address(header::record_route, address)) return f;
      if (!address.is_name_addr())
        return {400, "a Record-Route is not a name-addr", "RFC 3261 20.30", header::record_route,
                element};
    }
  }
  if (kind == method::register_) {
    if (!uri_view{m.to().uri()}.is_sip_or_sips())
      return {400, "the address-of-record is not a SIP or SIPS URI", "RFC 3261 10.2", header::to,
              m[header::to]};
  }
  if (kind == method::prack && !rack_view{m[header::rack]}.well_formed)
    return {400, "the PRACK has no well-formed RAck", "RFC 3262 7.2", header::rack,
            m[header::rack]};
  if (kind == method::refer) {
    if (!m.has(header::refer_to) || m.has_several(header::refer_to))
      return {400, "the REFER has not exactly one Refer-To", "RFC 3515 2.4.2", header::refer_to,
              m[header::refer_to]};
    name_addr_view const address{m[header::refer_to]};
    if (objection const f = check_address(header::refer_to, address)) return f;
  }
  // Who copies the header fields of the INVITE has it in the ACK too.
  if (m.has(header::replaces) && kind != method::ack) {
    if (kind != method::invite || m.has_several(header::replaces))
      return {400, "a Replaces stands once and in an INVITE only", "RFC 3891 3", header::replaces,
              m[header::replaces]};
    if (!replaces_view{m[header::replaces]}.is_complete())
      return {400, "the Replaces is not a Call-ID with one to-tag and one from-tag", "RFC 3891 6.1",
              header::replaces, m[header::replaces]};
  }
  return {};
}

// 8.2.2.3. "These header fields MUST be ignored if they are present" in a CANCEL and in an ACK to a
// non-2xx; an ACK is never answered anyway.
constexpr objection check_require(message const& m, capabilities const& own) {
  if (m.method() == method::cancel) return {};
  for (std::string_view const tag : m.elements(header::require)) {
    if (!in_list(own.supported, tag, true))
      return {420, "an extension that the request requires is not supported", "RFC 3261 8.2.2.3",
              header::require, tag};
  }
  return {};
}

constexpr bool is_optional(described_body const& b) {
  return same_token(token_view{b.disposition}.param("handling"), "optional");
}
// "UAs MUST support the 'multipart/mixed' and 'multipart/alternative' MIME types", and take other
// subtypes for "mixed" (RFC 5621 4.2). "If a UAS cannot process a request because […] the UAS does
// not support the content type or the disposition type of a body part whose handling is required,
// the UAS SHOULD return a 415" (8.4): of a session description, which is left aside unless it is
// that of the session. Which dispositions other types may have, who accepts them knows. Among
// alternatives one is enough, whatever their handling (6.1, 8.3).
constexpr bool is_understood(described_body const& b, capabilities const& own,
                             bool is_alternative = false, unsigned depth = 0) {
  if (!is_alternative && is_optional(b)) return true;
  media_type_view const type{b.type};
  if (in_media_ranges(own.accept, type)) return !sdp_type.covers(type) || is_session(b);
  bool const any_serves = is_name(type.subtype(), "alternative");
  bool some = false, all = true;
  if (is_name(type.type(), "multipart") && depth != deepest_part)
    for (body_part const part : body_parts{type, b.body}) {
      bool const serves = is_understood(described(part), own, any_serves, depth + 1);
      some = some || serves;
      all = all && serves;
    }
  return some && (all || any_serves);
}

// 8.2.3, and the response's body (20.1).
//
// A BYE has ended its session when it is sent (15.1.1): to refuse it for its body, the ISUP of a
// gateway say, would leave ours without an end. In a CANCEL what describes a body "MUST be ignored"
// (20, Table 2).
constexpr objection check_content(message const& m, capabilities const& own) {
  if (!m.body().empty() && m.method() != method::bye && m.method() != method::cancel) {
    if (!m.has(header::content_type))
      return {400, "the body has no Content-Type", "RFC 3261 7.4.1", header::content_type};
    media_type_view const type{m[header::content_type]};
    if (!type.well_formed())
      return {400, "the Content-Type is malformed", "RFC 3261 20.15", header::content_type,
              m[header::content_type]};
    if (!is_understood(described(m), own))
      return {415, "the type of the body is not supported", "RFC 3261 8.2.3", header::content_type,
              m[header::content_type]};
    for (std::string_view const coding : m.elements(header::content_encoding)) {
      if (!is_optional(described(m)) && !in_list(own.accept_encoding, coding, true))
        return {415, "the encoding of the body is not supported", "RFC 3261 8.2.3",
                header::content_encoding, coding};
    }
  }
  if (m.method() == method::invite && m.has(header::accept)) {
    bool acceptable = false;
    for (std::string_view const range : m.elements(header::accept))
      acceptable = acceptable || media_type_view{range}.covers(sdp_type);
    if (!acceptable)
      return {406, "the Accept does not allow a session description in the response",
              "RFC 3261 20.1", header::accept, m[header::accept]};
  }
  return {};
}

constexpr objection check_request(message const& m, read_error error, capabilities const& own) {
  if (!m.is_version_2())
    return {505, "the version is not SIP/2.0", "RFC 3261 21.5.6", header::unknown, m.version()};
  if (error == read_error::too_long) return {513, sentence(error), clause(error)};
  if (error != read_error::none) return {400, sentence(error), clause(error)};
  if (objection const f = check_vias(m)) return f;
  if (objection const f = check_mandatory(m)) return f;
  // An ACK cannot be answered, so what a request may be refused for does not keep it from ending
  // the retransmission of a response.
  if (m.method() == method::ack) return check_method_headers(m);
  if (objection const f = check_method(m, own)) return f;
  if (objection const f = check_request_uri(m, own)) return f;
  if (objection const f = check_method_headers(m)) return f;
  if (objection const f = check_require(m, own)) return f;
  return check_content(m, own);
}

constexpr objection check_response(message const& m, read_error error) {
  if (!m.is_version_2())
    return {400, "the version is not SIP/2.0", "RFC 3261 7.1", header::unknown, m.version()};
  if (error != read_error::none) return {400, sentence(error), clause(error)};
  if (m.status() < 100 || m.status() > 699)
    return {400, "the Status-Code is not one of 100 to 699", "RFC 3261 7.2"};
  if (!m.has(header::via))
    return {400, "a mandatory header field (To, From, CSeq, Call-ID or Via) is missing",
            "RFC 3261 8.1.1", header::via};
  if (objection const f = check_vias(m)) return f;
  return check_mandatory(m);
}

} // namespace detail

/// Judges one message as a user agent does. A response or an ACK is never answered: what is wrong
/// with it has it discarded, and so has a request without a Via to send the response to, or with a
/// header field that no response can copy.
/// For the 420, `message::elements(header::require)` has the option tags for the Unsupported.
constexpr validity check(read_result const& read, capabilities const& own = {}) {
  message const& m = read.value;
  detail::objection objection;
  if (m.is_request())
    objection = detail::check_request(m, read.error, own);
  else if (m.is_response())
    objection = detail::check_response(m, read.error);
  else
    objection = {400, sentence(read.error), clause(read.error)};
  bool answerable = m.is_request() && m.method() != method::ack && m.has(header::via);
  if (answerable) {
    if (header const h = detail::find_uncopiable(m); h != header::unknown) {
      answerable = false;
      objection = {400, "a CR that ends no line stands in a header field that responses copy",
                   "RFC 3261 25.1", h, m[h]};
    }
  }
  if (!objection) return {};
  return {answerable ? outcome::reject : outcome::discard,
          answerable ? objection.status : std::uint16_t{0},
          objection.sentence,
          objection.clause,
          objection.where,
          objection.culprit};
}

/// The same for a message that was read without an error.
constexpr validity check(message const& m, capabilities const& own = {}) {
  return check(read_result{m, read_error::none}, own);
}

} // namespace ctsip
