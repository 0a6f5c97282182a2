// What the four transactions of RFC 3261 17 ask of their owner, in the order of carrying it out.
#pragma once

#include <cstdint>

namespace ctsip {

/// One act of a transaction. `send` hands a message to the transport, `pass … up` hands it to the
/// transaction user (TU), `inform` tells the TU of a failure.
enum class transaction_action : std::uint8_t {
  send_request,           ///< the request, for the first time or again (17.1.1.2, 17.1.2.2)
  send_ack,               ///< the ACK to a non-2xx final response, first or again (17.1.1.3)
  send_response,          ///< the response that the TU just gave (17.2.1, 17.2.2)
  resend_response,        ///< the response sent last (17.2.1, 17.2.2)
  send_trying,            ///< a 100 made by the transaction itself (17.2.1, RFC 4320 4.1)
  pass_request_up,        ///< the request that created the transaction (17.2.1, 17.2.2)
  pass_response_up,       ///< the response just received (17.1.1.2, 17.1.2.2)
  pass_ack_up,            ///< the ACK to a 2xx (RFC 6026 8.7)
  inform_timeout,         ///< no answer came in time (17.1.1.2, 17.1.2.2, 17.2.1)
  inform_transport_error, ///< a message could not be sent (17.1.4, 17.2.4)
};

} // namespace ctsip
