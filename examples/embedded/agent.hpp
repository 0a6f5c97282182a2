// The user agent of the board. Its code is compiled once, in agent.cpp.
#pragma once

#include <string_view>

#include <ctsip/user_agent/registering.hpp>

#include "md5.hpp"

/// Four calls at a time; a transaction lives for 32 s, so 16 of them are 8 calls in any 32 s. A
/// message of 1300 bytes is the longest that may be sent over UDP (RFC 3261 18.1.1).
inline constexpr ctsip::endpoint_size size_of_agent{
    .calls = 4, .transactions = 16, .message = 1300};

/// The hashes of its digests.
struct hashes {
  using md5 = ::md5;
  using sha_256 = ctsip::no_hash;
  using sha_512_256 = ctsip::no_hash;
};

/// Who it is, to whoever asks.
struct credentials {
  ctsip::digest_login operator()(ctsip::digest_question const& asked) const {
    return asked.realm == "192.0.2.3" ? ctsip::digest_login::with_password("board", "secret")
                                      : ctsip::digest_login{};
  }
};

/// Its registration, of one address-of-record over one flow.
inline constexpr ctsip::registrant_size size_of_registration{
    .registrations = 1, .text = 128, .digest = {1, 160}};

/// Calls and the registration share the transactions, the socket and the passwords.
using board_traits = ctsip::registering_traits<hashes, credentials, size_of_registration>;
using user_agent = ctsip::endpoint<size_of_agent, board_traits>;

extern template class ctsip::endpoint<size_of_agent, board_traits>;

/// The least agent, for a board that has not the room for the other: it does not register and
/// answers no challenge, and the sessions of its calls stay as they are.
struct least_traits : ctsip::endpoint_traits {
  using call_rules =
      ctsip::endpoint_rules::without<ctsip::session_modification, ctsip::session_timer,
                                     ctsip::reliable_provisional>;
};
