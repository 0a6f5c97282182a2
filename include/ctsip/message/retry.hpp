// A request once more, in another transaction: with the credentials that a challenge has asked for,
// with what a 422 wants changed, or as it was, to another server.
// RFC 3261 8.1.3.5, 22.2, RFC 3263 4.3, RFC 4028 7.3. Read writer.hpp before it.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include <ctsip/message/reader.hpp>
#include <ctsip/message/writer.hpp>

namespace ctsip {

/// What a request has of its own when it is sent again.
struct retry_parts {
  via_parts via{};
  std::uint32_t cseq{}; ///< less than 2**31
  /// They replace the fields of the same name, long or compact, and stand beside the others.
  std::span<extra_field const> fields{};
  /// Whether the credentials are those of the request. A new transaction with another sequence
  /// number needs its own (RFC 3261 22.2), which are then among `fields`.
  bool keeps_credentials{};
  /// In place of the Contact, if the request has one: as in `request_parts`. Empty if that stays.
  std::string_view contact{};
};

/// Writes `request` again: everything but Via, CSeq and `fields` is as it was, and where it was.
/// "This new request constitutes a new transaction and SHOULD have the same value of the Call-ID,
/// To, and From of the previous request" (RFC 3261 8.1.3.5).
constexpr writer write_retry(std::span<char> buffer, message const& request, retry_parts const& r) {
  writer w{buffer};
  if (!request.is_request()) return w.refuse(write_error::not_a_request);
  w.request_line(request.method_name(), request.request_uri());
  w.field(header::via, r.via);
  auto const is_replaced = [&](field const& f) {
    switch (f.id) {
    case header::via:
    case header::cseq:
    case header::content_type:
    case header::content_length: return true;
    case header::authorization:
    case header::proxy_authorization:
      if (!r.keeps_credentials) return true;
      break;
    default: break;
    }
    for (extra_field const& other : r.fields)
      if (f.id != header::unknown ? parse_header(other.name) == f.id
                                  : detail::same_token(other.name, f.name))
        return true;
    return false;
  };
  bool has_cseq = false;
  for (field const& f : request.fields()) {
    if (f.id == header::cseq && !has_cseq) {
      detail::write_cseq(w, r.cseq, request.method_name());
      has_cseq = true;
    } else if (f.id == header::contact && !r.contact.empty()) {
      detail::write_contact(w, r.contact);
    } else if (!is_replaced(f)) {
      w.field(f.name, detail::received_text{f.value});
    }
  }
  if (!has_cseq) w.refuse(write_error::missing_header_field);
  detail::write_rest(w, {}, r.fields, {request[header::content_type], request.body()});
  return w;
}

} // namespace ctsip
