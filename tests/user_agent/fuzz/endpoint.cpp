// libFuzzer target: an endpoint that places and answers calls, with the bytes and the time as
// input. Each chunk of the input is a wait and a datagram; whatever they are, nothing traps, the
// endpoint stays within its bounds, and once left alone it comes to rest.
#include <ctsip/user_agent/endpoint.hpp>

#include <cstdint>
#include <cstdlib>
#include <iterator>
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
std::string last_request, last_response, last_reliable;
unsigned cseq = 1; // of what the peer has asked last

// A message of the peer's that belongs to what is going on.
std::string fitting(unsigned choice) {
  static constexpr char const* methods[] = {"INVITE",  "ACK",   "BYE",   "CANCEL",
                                            "OPTIONS", "PRACK", "UPDATE"};
  static constexpr status_code statuses[] = {100, 180, 200, 302, 486, 487, 491, 422};
  if (choice & 1 && !last_request.empty()) {
    char buffer[2048];
    response_parts parts;
    parts.status = statuses[choice / 2 % 8];
    parts.to_tag = choice & 64 ? "peer" : "fork";
    parts.contact = "sip:alice@192.0.2.1";
    // RFC 3262 7.1, RFC 4028 4, 5.
    extra_field const extra[] = {{"Require", "100rel"},
                                 {"RSeq", choice & 32 ? "1" : "2"},
                                 {"Session-Expires", "90;refresher=uac"},
                                 {"Min-SE", "300"}};
    parts.extra = {extra, choice & 16 ? std::size(extra) : 0};
    if (parts.status < 300) parts.content = sdp;
    return std::string{write_response(buffer, read(last_request).value, parts).text()};
  }
  std::string const method = methods[choice / 2 % 7];
  std::string const tag{read(last_response).value.to_tag()};
  bool const in_dialog = (method != "INVITE" && method != "CANCEL") || choice & 64;
  bool const begins = !in_dialog || method == "ACK";
  return method + " sip:bob@192.0.2.2 SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK" +
         (in_dialog ? method : "first") + "\r\nFrom: <sip:alice@192.0.2.1>;tag=a\r\n" +
         "To: <sip:bob@192.0.2.2>" + (in_dialog && !tag.empty() ? ";tag=" + tag : "") +
         "\r\nCall-ID: fuzz\r\nCSeq: " + std::to_string(begins ? 1 : 2 + choice / 32) + " " +
         method +
         "\r\nMax-Forwards: 70\r\nContact: <sip:alice@192.0.2.1>\r\nSupported: 100rel, timer\r\n" +
         (method == "PRACK" ? "RAck: 1 1 INVITE\r\n" : "") +
         (choice & 16 ? "Session-Expires: 90\r\nContent-Type: application/sdp\r\n"
                        "Content-Length: 5\r\n\r\nv=0\r\n"
                      : "Content-Length: 0\r\n\r\n");
}

// The calls that the user has heard of last, by their index.
call_handle heard_of[4];

void take_all(agent_type& agent, instant now, unsigned mood) {
  for (user_event e; agent.poll_event(e);) {
    must(e.call.index < 4);
    heard_of[e.call.index] = e.call;
    if (e.kind == user_event_kind::incoming) {
      if (mood & 16) (void)agent.ring(e.call, now, 183, sdp, reliability::reliable);
      if (mood & 1) (void)agent.ring(e.call, now);
      if (mood & 16) (void)agent.ring(e.call, now, 183, sdp, reliability::reliable);
      if (mood & 2) (void)agent.answer(e.call, sdp, now);
      if (mood & 4) (void)agent.reject(e.call, 603, now);
    }
    if (e.kind == user_event_kind::offered) (void)agent.acknowledge(e.call, sdp, now);
    if (e.kind == user_event_kind::modification) {
      if (mood & 2) (void)agent.accept_modification(e.call, sdp, now);
      if (mood & 4) (void)agent.reject_modification(e.call, 488, now);
    }
    if (mood & 32) (void)agent.modify(e.call, sdp, now);
    if (mood & 32) (void)agent.modify(e.call, mood & 16 ? message_body{} : sdp, now);
    if (mood & 64) (void)agent.accept_modification(e.call, sdp, now);
    if (mood & 128) (void)agent.reject_modification(e.call, 488, now);
    if (e.kind == user_event_kind::offered) (void)agent.acknowledge(e.call, sdp, now);
    if (mood & 8) (void)agent.hang_up(e.call, now);
  }
  for (datagram d; agent.poll_transmit(d);) {
    must(!d.bytes.empty());
    message const m = read(d.bytes).value;
    (m.is_request() ? last_request : last_response) = d.bytes;
    if (m.has(header::rseq)) last_reliable = d.bytes;
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
  endpoint_settings settings;
  settings.element.seed = {1, 2};
  settings.element.sent_by = "192.0.2.2";
  settings.contact = "sip:bob@192.0.2.2:5060";
  settings.session_expires = size && data[0] & 4 ? 90 : 0;
  auto const agent = std::make_unique<agent_type>(settings);
  instant now{0};
  last_request.clear(), last_response.clear(), last_reliable.clear();
  cseq = 1;
  for (auto& h : heard_of) h = {};
  if (size && data[0] & 1) {
    outgoing_call out;
    out.target = "sip:alice@192.0.2.1";
    out.from = "sip:bob@192.0.2.2";
    out.next_hop = peer;
    if (data[0] & 2) out.offer = sdp;
    heard_of[0] = agent->call(out, now);
  }
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
  for (auto const& h : heard_of) (void)agent->hang_up(h, now);
  take_all(*agent, now, 0);
  let_time_pass(*agent, now, {now.count + 400'000}, 8);
  must(agent->live_transactions() == 0 && agent->next_timeout().is_never());
  return 0;
}
