// One endpoint on a desk: the test plays the network, the clock and the user.
#pragma once

#include <ctsip/user_agent/endpoint.hpp>

#include <memory>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "user_agent/messages.hpp"

namespace ctsip_tests {

inline constexpr ctsip::message_body sdp{"application/sdp", "v=0\r\n"};

/// An event as kept: `user_event` without the view of a message that is gone.
struct heard {
  ctsip::user_event_kind kind{};
  int status{};

  friend bool operator==(heard, heard) = default;
  friend std::ostream& operator<<(std::ostream& out, heard h) {
    return out << ctsip::name(h.kind) << ' ' << h.status;
  }
};

/// A message as sent.
struct wired {
  std::string bytes;
  ctsip::address to;
  ctsip::transport over;
  ctsip::datagram unsent; // for `handle_transport_error`; its bytes are gone
};

inline ctsip::element_settings element_of(std::string_view host, std::uint64_t seed = 5) {
  ctsip::element_settings s;
  s.seed = {seed, ~seed};
  s.sent_by = host;
  return s;
}

inline ctsip::endpoint_settings with_sips_contact() {
  ctsip::endpoint_settings s{element_of("192.0.2.2"), "sip:bob@192.0.2.2:5060"};
  s.sips_contact = "sips:bob@192.0.2.2:5061";
  return s;
}

/// The endpoint is bob at 192.0.2.2; whoever it talks to is at 192.0.2.1.
template <ctsip::endpoint_size Size = ctsip::endpoint_size{}>
struct desk {
  std::unique_ptr<ctsip::endpoint<Size>> agent;
  ctsip::instant now{1'000'000};
  std::vector<wired> sent{};
  std::vector<heard> events{};
  ctsip::call_handle call{};                 // of the event heard last
  std::vector<ctsip::call_handle> callers{}; // of all incoming calls
  ctsip::transport over{ctsip::transport::udp};

  explicit desk(ctsip::endpoint_settings const& settings = {element_of("192.0.2.2"),
                                                            "sip:bob@192.0.2.2:5060"})
      : agent{std::make_unique<ctsip::endpoint<Size>>(settings)} {}

  void take() {
    for (ctsip::datagram d; agent->poll_transmit(d);) {
      std::string bytes{d.bytes};
      d.bytes = {};
      sent.push_back({std::move(bytes), d.to, d.over, d});
    }
    for (ctsip::user_event e; agent->poll_event(e);) {
      events.push_back({e.kind, e.status});
      call = e.call;
      if (e.kind == ctsip::user_event_kind::incoming) callers.push_back(call);
    }
  }
  void receive(std::string const& text, ctsip::address const& from = ip(1)) {
    agent->receive(text, from, over, now);
    take();
  }
  void advance(std::int64_t by) {
    ctsip::instant const end = now + ctsip::milliseconds{by};
    while (agent->next_timeout() <= end) {
      now = agent->next_timeout();
      agent->handle_timeout(now);
      take();
    }
    now = end;
  }
  // Until nothing is left to wait for.
  void settle() {
    for (int i = 0; i < 10'000 && !agent->next_timeout().is_never(); ++i) {
      now = agent->next_timeout();
      agent->handle_timeout(now);
      take();
    }
  }
  bool idle() const {
    return agent->live_calls() == 0 && agent->live_transactions() == 0 &&
           agent->next_timeout().is_never();
  }

  /// What has been sent since the last look, in short.
  std::vector<std::string> look() {
    take();
    std::vector<std::string> all;
    for (auto const& w : sent) all.push_back(summary(w.bytes));
    last = sent;
    sent.clear();
    return all;
  }
  std::vector<heard> listen() {
    take();
    return std::exchange(events, {});
  }
  std::vector<wired> last{}; // as of `look`

  ctsip::call_handle place() {
    auto const h = agent->call({"sip:alice@192.0.2.1", "sip:bob@192.0.2.2", ip(1), over, sdp}, now);
    take();
    return h;
  }
  ctsip::sending hang_up(ctsip::call_handle h) {
    auto const result = agent->hang_up(h, now);
    take();
    return result;
  }
  ctsip::sending ring(ctsip::call_handle h, int status = 180) {
    auto const result = agent->ring(h, now, static_cast<ctsip::status_code>(status));
    take();
    return result;
  }
  ctsip::sending answer(ctsip::call_handle h) {
    auto const result = agent->answer(h, sdp, now);
    take();
    return result;
  }
  ctsip::sending reject(ctsip::call_handle h, int status) {
    auto const result = agent->reject(h, static_cast<ctsip::status_code>(status), now);
    take();
    return result;
  }
};

} // namespace ctsip_tests
