// Reading a message, and what a transaction layer needs of it.
#include <ctsip/message/reader.hpp>

bool classify(std::string_view datagram, ctsip::via_view& via, ctsip::cseq_view& cseq,
              std::string_view (&identity)[4]) {
  auto const read = ctsip::read(datagram);
  auto const& m = read.value;
  via = m.top_via();
  cseq = m.cseq();
  identity[0] = m.call_id();
  identity[1] = m.from_tag();
  identity[2] = m.to_tag();
  identity[3] = m.contact().uri();
  return static_cast<bool>(read);
}
