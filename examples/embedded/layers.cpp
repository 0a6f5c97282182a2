// The layers below a user agent by themselves: the reader, the writer and the four transactions.
// Nothing calls these functions; what this file compiles to is what the layers cost.
#include <ctsip/message/reader.hpp>
#include <ctsip/message/writer.hpp>
#include <ctsip/transaction/store.hpp>

namespace layers {

using store = ctsip::transaction_store<16>;

/// Reads a message, and what a transaction and a dialog are found by.
bool classify(std::string_view datagram, ctsip::message& m, ctsip::transaction_parts& parts,
              std::string_view& contact) {
  auto const got = ctsip::read(datagram);
  m = got.value;
  auto const via = m.top_via();
  parts.branch = via.branch();
  parts.sent_by_host = via.sent_by().host;
  parts.sent_by_port = via.sent_by().port;
  parts.method = m.method();
  parts.call_id = m.call_id();
  parts.from_tag = m.from_tag();
  parts.to_tag = m.to_tag();
  parts.cseq = m.cseq().number;
  contact = m.contact().uri();
  return static_cast<bool>(got);
}

/// Writes a request, a response, and the ACK and the CANCEL of an INVITE.
std::size_t write(std::span<char> buffer, ctsip::request_parts const& parts) {
  return ctsip::write_request(buffer, parts).size();
}
std::size_t write(std::span<char> buffer, ctsip::message const& request,
                  ctsip::response_parts const& parts) {
  return ctsip::write_response(buffer, request, parts).size();
}
std::size_t write_ack(std::span<char> buffer, ctsip::message const& invite,
                      ctsip::message const& response) {
  return ctsip::write_ack(buffer, invite, response).size();
}
std::size_t write_cancel(std::span<char> buffer, ctsip::message const& invite) {
  return ctsip::write_cancel(buffer, invite).size();
}

/// Makes transactions of all four kinds, finds them and steps them with their timers.
ctsip::transaction_handle begin(store& s, ctsip::transaction_kind kind,
                                ctsip::transaction_key key) {
  return s.add(kind, key, ctsip::transport::udp);
}
ctsip::transaction_handle begin(store& s, ctsip::transaction_kind kind,
                                ctsip::transaction_parts const& parts) {
  return s.add(kind, ctsip::server_key(s.seed(), parts), ctsip::transport::udp,
               ctsip::merged_key(s.seed(), parts));
}
ctsip::transaction_handle find(store& s, ctsip::transaction_parts const& parts, bool response) {
  return s.find(response ? ctsip::client_key(s.seed(), parts.branch, parts.method)
                         : ctsip::server_key(s.seed(), parts));
}
ctsip::transaction_step process(store& s, ctsip::transaction_handle h, ctsip::event const& e,
                                ctsip::instant now) {
  return s.process(h, e, now);
}
store::timeout fire(store& s, ctsip::instant now) { return s.handle_timeout(now); }

} // namespace layers
