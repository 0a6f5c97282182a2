// libFuzzer target: an endpoint that places and answers calls, with the bytes and the time as
// input. Each chunk of the input is a wait and a datagram; whatever they are, nothing traps, the
// endpoint stays within its bounds, and once left alone it comes to rest.
#include <ctsip/user_agent/endpoint.hpp>

#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>

using namespace ctsip;

namespace {

using agent_type = endpoint<endpoint_size{4, 8, 1300}>;

constexpr message_body sdp{"application/sdp", "v=0\r\n"};
constexpr address peer{{192, 0, 2, 1}, 5060, false};

void must(bool condition) {
  if (!condition) std::abort();
}

// What the peer knows of the endpoint: what was sent last.
std::string last_request, last_response;

// A message of the peer's that belongs to what is going on.
std::string fitting(unsigned choice) {
  static constexpr char const* methods[] = {"INVITE", "ACK", "BYE", "CANCEL", "OPTIONS"};
  static constexpr status_code statuses[] = {100, 180, 200, 302, 486, 487};
  if (choice & 1 && !last_request.empty()) {
    char buffer[2048];
    response_parts parts;
    parts.status = statuses[choice / 2 % 6];
    parts.to_tag = choice & 64 ? "peer" : "fork";
    parts.contact = "sip:alice@192.0.2.1";
    return std::string{write_response(buffer, read(last_request).value, parts).text()};
  }
  std::string const method = methods[choice / 2 % 5];
  std::string const tag{read(last_response).value.to_tag()};
  bool const in_dialog = method == "ACK" || method == "BYE" || choice & 64;
  return method + " sip:bob@192.0.2.2 SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK" +
         (in_dialog ? method : "first") + "\r\nFrom: <sip:alice@192.0.2.1>;tag=a\r\n" +
         "To: <sip:bob@192.0.2.2>" + (in_dialog && !tag.empty() ? ";tag=" + tag : "") +
         "\r\nCall-ID: fuzz\r\nCSeq: " + (method == "BYE" ? "2 " : "1 ") + method +
         "\r\nMax-Forwards: 70\r\nContact: <sip:alice@192.0.2.1>\r\nContent-Length: 0\r\n\r\n";
}

void take_all(agent_type& agent, instant now, unsigned mood) {
  for (user_event e; agent.poll_event(e);) {
    if (e.kind == user_event_kind::incoming) {
      if (mood & 1) (void)agent.ring(e.call, now);
      if (mood & 2) (void)agent.answer(e.call, sdp, now);
      if (mood & 4) (void)agent.reject(e.call, 603, now);
    }
    if (mood & 8) (void)agent.hang_up(e.call, now);
  }
  for (datagram d; agent.poll_transmit(d);) {
    must(!d.bytes.empty());
    (read(d.bytes).value.is_request() ? last_request : last_response) = d.bytes;
  }
}

void let_time_pass(agent_type& agent, instant& now, instant until, unsigned mood) {
  while (agent.next_timeout() <= until) {
    if (now < agent.next_timeout()) now = agent.next_timeout();
    agent.handle_timeout(now);
    take_all(agent, now, mood);
  }
  now = until;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  auto const agent = std::make_unique<agent_type>(
      endpoint_settings{{{1, 2}, "192.0.2.2", {}, {}}, "sip:bob@192.0.2.2:5060"});
  instant now{0};
  last_request.clear(), last_response.clear();
  if (size && data[0] & 1)
    (void)agent->call({"sip:alice@192.0.2.1", "sip:bob@192.0.2.2", peer, transport::udp, sdp}, now);
  take_all(*agent, now, 0);
  while (size > 4) {
    unsigned const mood = data[0];
    unsigned const data_choice = data[2];
    transport const over = data[1] & 1 ? transport::tcp : transport::udp;
    instant const then{now.count + 16 * data[1]};
    std::size_t length = data[3];
    data += 4, size -= 4;
    if (length > size) length = size;
    let_time_pass(*agent, now, then, mood);
    std::string text{reinterpret_cast<char const*>(data), length};
    if (data_choice & 1) {
      std::string base = fitting(data_choice >> 1);
      std::size_t const at = base.empty() ? 0 : mood * 8 % base.size();
      text = base.replace(at, length % 16, text.substr(0, 16));
    }
    agent->receive(text, peer, over, now);
    take_all(*agent, now, mood);
    must(agent->live_calls() <= 4 && agent->live_transactions() <= 8);
    data += length, size -= length;
  }
  // What a user has not answered it refuses; what is established it ends.
  for (std::uint32_t i = 0; i < 4; ++i)
    for (std::uint32_t generation = 0; generation < 32; ++generation)
      (void)agent->hang_up({i, generation}, now);
  take_all(*agent, now, 0);
  let_time_pass(*agent, now, {now.count + 400'000}, 8);
  must(agent->live_transactions() == 0 && agent->next_timeout().is_never());
  return 0;
}
