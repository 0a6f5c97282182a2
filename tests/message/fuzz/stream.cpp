// libFuzzer target: a stream taken apart by the framer, its bodies read as SDP, its requests
// answered by the writer, and its Reasons read, with the bytes arriving in two pieces.
#include <ctsip/ctsip.hpp>

#include <cstdint>
#include <cstdlib>

using namespace ctsip;

namespace {

std::size_t sum;

void must(bool condition) {
  if (!condition) std::abort();
}

void use_session(std::string_view text) {
  sdp_result const session = read_sdp(text);
  if (session.error != sdp_error::none) return;
  sdp_view const view = session.value;
  for (auto const& media : view.media()) sum += media.port() + media.is_hold();
  sum += view.is_hold() + static_cast<unsigned>(check_next(view, view)) +
         static_cast<unsigned>(check_answer(view, view));
}

void answer(std::string_view text) {
  message const m = read(text).value;
  use_session(m.body());
  std::string_view const reasons = m[header::reason];
  for (std::size_t at = 0; at < reasons.size();) {
    auto const reason = parse_reason(reasons.substr(at));
    sum += reason.valid;
    if (!reason.more) break;
    must(reason.next > 0);
    at += reason.next;
  }
  char out[2048];
  response_parts parts;
  parts.status = 400;
  parts.to_tag = "fuzz";
  parts.source = {"192.0.2.1", 5060};
  writer const w = write_response(out, m, parts);
  if (w.ok()) must(read(w.text()).value.is_response());
}

void take_apart(std::string_view stream) {
  framer f{frame_limits{2048, 8192}};
  while (!stream.empty()) {
    frame const next = f.next(stream);
    if (next.kind == frame_kind::need_more || next.kind == frame_kind::malformed) return;
    must(next.size > 0 && next.size <= stream.size());
    if (next.kind == frame_kind::message) answer(stream.substr(0, next.size));
    stream.remove_prefix(next.size);
  }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  std::string_view const bytes{reinterpret_cast<char const*>(data), size};
  answer(bytes);
  use_session(bytes);
  take_apart(bytes);
  framer f{frame_limits{2048, 8192}};
  if (f.next(bytes.substr(0, size / 2)).kind == frame_kind::need_more) sum += f.next(bytes).size;
  return 0;
}
