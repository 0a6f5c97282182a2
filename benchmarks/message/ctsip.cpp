#include <ctsip/message/reader.hpp>
#include <ctsip/message/validity.hpp>

#include "variant.hpp"

namespace bench {

namespace {

struct ctsip_reader {
  template <class Take>
  static void classify(std::string_view text, Take take) {
    auto const read = ctsip::read(text);
    ctsip::message const& m = read.value;
    auto const cseq = m.cseq();
    take({m.is_request() ? m.method_name() : std::string_view{}, m.status(), m.top_via().branch(),
          m.from_tag(), m.to_tag(), m.call_id(), cseq.number, cseq.method_name, m.contact().uri(),
          *m.content_length()});
  }

  // Structure, and all that a user agent must check before it acts.
  static bool parse(std::string_view text) {
    constexpr ctsip::capabilities own{.allow = "INVITE, ACK, CANCEL, BYE, REGISTER"};
    return static_cast<bool>(ctsip::check(ctsip::read(text), own));
  }
};

message_variant<ctsip_reader> const entered("ctsip");

} // namespace

} // namespace bench
