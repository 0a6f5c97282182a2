// Answers of the elements that have no calls, `registrant` and `registrar`. RFC 3261 11.2.
// Read transaction_layer.hpp before it.
#pragma once

#include <ctsip/user_agent/transaction_layer.hpp>

namespace ctsip::detail {

// Answers a request. Where the response does not fit, one with this status and nothing but what
// every response has takes its place; a request that cannot be answered even so leaves no
// transaction behind.
template <class Layer>
constexpr void answer_as_fits(Layer& layer, transaction_handle h, response_parts parts,
                              status_code shorter, instant now) {
  if (layer.respond(h, parts, now) != sending::unwritable) return;
  parts.status = shorter;
  parts.contact = {};
  parts.extra = {};
  if (layer.respond(h, parts, now) == sending::unwritable) layer.abandon(h);
}

// "Allow, Accept, Accept-Encoding, Accept-Language, and Supported header fields SHOULD be present
// in a 200 (OK) response to an OPTIONS request." (11.2) Of languages nothing is known here.
template <class Layer>
constexpr void answer_options(Layer& layer, arrival const& a, instant now) {
  if (!a.transaction) return layer.answer(a, 200);
  capabilities const& own = layer.settings().own;
  extra_field const fields[] = {{"Allow", own.allow},
                                {"Accept", own.accept},
                                {"Accept-Encoding", own.accept_encoding},
                                {"Supported", own.supported}};
  identifier const tag = layer.identifiers().token();
  response_parts parts;
  parts.to_tag = tag.view();
  parts.extra = fields;
  answer_as_fits(layer, a.transaction, parts, 200, now);
}

} // namespace ctsip::detail
