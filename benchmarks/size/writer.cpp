// Writing a response and the ACK of a transaction.
#include <ctsip/message/writer.hpp>

std::size_t write_busy_here(std::span<char> buffer, ctsip::message const& request) {
  return ctsip::write_response(buffer, request, {.status = 486}).size();
}

std::size_t write_transaction_ack(std::span<char> buffer, ctsip::message const& invite,
                                  ctsip::message const& response) {
  return ctsip::write_ack(buffer, invite, response).size();
}
