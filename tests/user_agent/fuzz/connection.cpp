// libFuzzer target: a connection. Which messages it finds, what it answers and why it gives up do
// not depend on how the bytes were cut, and what is sent comes out in order, each message whole.
#include <ctsip/user_agent/connection.hpp>

#include <cstdint>
#include <cstdlib>
#include <iterator>
#include <string>

using namespace ctsip;

namespace {

void must(bool condition) {
  if (!condition) std::abort();
}

using connection_type = connection<512, 256>;
constexpr instant now{1'000};

struct found {
  std::string messages; // each with its length before it
  std::size_t pongs{};
  frame_error error{};

  friend bool operator==(found const&, found const&) = default;
};

// Where the stream is cut: a generator of piece sizes.
struct cuts {
  std::uint32_t state;
  std::size_t most;

  std::size_t next() {
    if (most == 0) return SIZE_MAX;
    state = state * 1'664'525u + 1'013'904'223u;
    return 1 + (state >> 8) % most;
  }
};

found hand_over(std::string_view stream, bool pinged, cuts where) {
  connection_type c{{}, transport::tcp, now};
  found out;
  auto const take_sent = [&] {
    out.pongs += c.to_send().size();
    c.sent(c.to_send().size(), now);
  };
  if (pinged) {
    must(c.send({"\r\n\r\n", {}, transport::tcp}));
    c.sent(4, now);
  }
  while (!stream.empty() && c.error() == frame_error::none) {
    auto piece = stream.substr(0, where.next());
    // As many as there is room for; the pings among them want their pongs taken in time.
    piece = piece.substr(0, c.append(piece));
    must(!piece.empty());
    stream.remove_prefix(piece.size());
    for (std::string_view m; !(m = c.next(now)).empty(); take_sent()) {
      must(m.size() <= 512);
      out.messages += std::to_string(m.size()) + ' ';
      out.messages += m;
    }
    take_sent();
  }
  out.error = c.error();
  must(out.error != frame_error::none || !c.is_over(now));
  must(out.error == frame_error::none || c.is_over(now));
  return out;
}

// The bytes as they are, or each high one as something that makes a message.
std::string stream_of(std::string_view bytes, bool plain) {
  static constexpr std::string_view pieces[] = {
      "OPTIONS sip:b@h SIP/2.0\r\n",
      "Content-Length: ",
      "\r\nContent-Length: 0\r\n\r\n",
      "l:1\n\n",
      "L : 3\r\n\r\nabc",
      "l:300\r\n\r\n",
      "l:470\r\n\r\n",
      "\r\n",
      "\r\n\r\n",
      "\r\n \t",
      "\n",
      "Subject: xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\r\n",
      "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"};
  if (plain) return std::string{bytes};
  std::string out;
  for (char const c : bytes) {
    auto const b = static_cast<unsigned char>(c);
    if (b < 128)
      out += c;
    else
      out += pieces[b % std::size(pieces)];
  }
  return out;
}

// Messages of many lengths into a connection whose peer takes a few bytes at a time.
void send_all(std::string_view bytes, cuts where) {
  connection_type c{{}, transport::tcp, now};
  std::string accepted, wire;
  std::uint32_t count = 0;
  std::size_t sent_whole = 0;
  while (!bytes.empty()) {
    auto const m = bytes.substr(0, where.next());
    if (c.send({m, {}, transport::tcp, {count, 0}})) {
      accepted += m;
      ++count;
      bytes.remove_prefix(m.size());
      if (where.next() % 2) continue;
    } else if (m.size() > 256) {
      bytes.remove_prefix(m.size());
    }
    auto const part = c.to_send().substr(0, where.next());
    wire += part;
    c.sent(part.size(), now);
  }
  datagram d;
  std::string const rest{c.to_send()};
  must(wire + rest == accepted);
  while (c.poll_unsent(d)) {
    must(sent_whole == 0 || d.transaction.index == sent_whole);
    sent_whole = d.transaction.index + 1;
  }
  must(rest.empty() ? sent_whole == 0 : sent_whole == count);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  if (size < 3) return 0;
  bool const pinged = data[0] & 1;
  cuts const where{static_cast<std::uint32_t>(data[0] << 8 | data[1]), 1u + data[2]};
  std::string const stream =
      stream_of({reinterpret_cast<char const*>(data) + 3, size - 3}, data[0] & 2);
  found const at_once = hand_over(stream, pinged, {0, 0});
  must(at_once == hand_over(stream, pinged, {0, 1}));
  must(at_once == hand_over(stream, pinged, where));
  send_all(stream, where);
  return 0;
}
