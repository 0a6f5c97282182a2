// libFuzzer target: reads everything that there is to read in a datagram, and checks what must hold
// whatever the bytes are.
#include <ctsip/message/challenge.hpp>
#include <ctsip/message/multipart.hpp>
#include <ctsip/message/validity.hpp>
#include <ctsip/message/writer.hpp>

#include <cstdint>
#include <cstdlib>

using namespace ctsip;

namespace {

std::size_t sum;

void must(bool condition) {
  if (!condition) std::abort();
}

void use(std::string_view s) {
  for (char const c : s) sum += static_cast<unsigned char>(c);
}
void use(number n) { sum += n.value; }

void use(parameters const& list) {
  for (parameter const& p : list) {
    use(p.name);
    use(p.value);
  }
}

void use(uri_view const& uri) {
  for (auto const s :
       {uri.user(), uri.password(), uri.host(), uri.telephone_number(), uri.opaque()})
    use(s);
  for (parameter const& p : uri.all_params()) use(p.value);
  for (parameter const& p : uri.headers()) use(p.value);
  use(uri.param("transport"));
  must(uri.well_formed() == equivalent(uri, uri));
  char out[16];
  (void)unescape(uri.user(), out, sizeof out);
}

void use(name_addr_view const& a) {
  use(a.display_name());
  use(a.all_params());
  use(a.expires());
  sum += a.q();
  use(uri_view{a.uri()});
  char out[16];
  (void)unquote(a.display_name(), out, sizeof out);
}

void use(via_view const& v) {
  for (auto const s : {v.text(), v.transport_name(), v.branch(), v.received(), v.maddr(),
                       v.sent_by().host, v.param("x")})
    use(s);
  use(v.ttl());
  use(v.rport());
  sum += static_cast<std::size_t>(v.transport()) + v.sent_by().port;
}

template <class View>
void use_auth(std::string_view text) {
  View const v{text};
  use(v.scheme());
  use(v.realm());
  use(v.nonce());
  for (parameter const& p : v.all_params()) use(p.value);
}

void use_value(std::string_view text) {
  use(name_addr_view{text});
  use(via_view{text});
  use(uri_view{text});
  use(parameters{text});
  use(token_view{text}.all_params());
  use(session_expires_view{text}.seconds());
  use(retry_after_view{text}.comment());
  use(replaces_view{text}.to_tag());
  use(media_type_view{text}.subtype());
  use(warning_view{text}.text);
  use(subscription_state_view{text}.expires());
  use(event_view{text}.package());
  use(rack_view{text}.cseq.method_name);
  use(read_number(text));
  use_auth<challenge_view>(text);
  use_auth<credentials_view>(text);
  use(credentials_view{text}.nonce_count());
  sum += is_call_id(text);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  std::string_view const datagram{reinterpret_cast<char const*>(data), size};
  read_result const r = read(datagram);
  message const& m = r.value;
  auto const inside = [&datagram](std::string_view s) {
    must(s.empty() ||
         (s.data() >= datagram.data() && s.data() + s.size() <= datagram.data() + datagram.size()));
  };
  inside(m.bytes());
  inside(m.body());
  std::size_t count = 0;
  for (field const& f : m.fields()) {
    inside(f.name);
    inside(f.value);
    must(!f.name.empty());
    must(f.value == detail::trim(f.value));
    must(f.id == parse_header(f.name));
    must(f.id == header::unknown || m.has(f.id));
    use_value(f.value);
    ++count;
  }
  std::size_t by_name = 0;
  for (std::size_t i = 0; i <= detail::header_count; ++i) {
    auto const h = static_cast<header>(i);
    std::size_t rows = 0;
    for (field const& f : m.fields(h)) {
      must(f.id == h);
      if (rows++ == 0 && h != header::unknown) must(f.value == m[h]);
    }
    by_name += rows;
    if (h != header::unknown) must(m.has(h) == (rows > 0) && m.has_several(h) == (rows > 1));
    for (std::string_view const element : m.elements(h)) use(element);
  }
  must(count == by_name);
  use(m.top_via());
  use(m.from());
  use(m.to());
  use(m.contact());
  use(m.from_tag());
  use(m.to_tag());
  if (m.from().well_formed()) must(m.from().tag() == m.from_tag());
  use(m.cseq().method_name);
  use(m.find("x-unknown"));
  inside(sdp_of(m));
  for (body_part const part : body_parts{media_type_view{m[header::content_type]}, m.body()}) {
    inside(part.body());
    inside(part[header::content_type]);
  }
  validity const v = check(r);
  must((v.status != 0) == (v.result == outcome::reject));
  must((v.sentence[0] != '\0') == (v.result != outcome::accept));
  if (v.result == outcome::accept) must(static_cast<bool>(r));
  if (v.result == outcome::reject) must(m.is_request() && m.method() != method::ack);
  // What is taken can be answered, and what is refused too.
  if (m.is_request() && m.method() != method::ack && v.result != outcome::discard) {
    for (status_code const status : {status_code{100}, status_code{200}, status_code{500}}) {
      if (v.result == outcome::reject && status < 300) continue;
      response_parts parts;
      parts.status = status;
      parts.to_tag = "1";
      parts.contact = "sip:a@b";
      parts.delay = milliseconds{200};
      parts.source = {"192.0.2.1", 5060};
      must(write_response({}, m, parts).error() == write_error::overflow);
    }
  }
  return 0;
}
