// Whether a request finds its call as fast among many as alone: OPTIONS within a dialog, text in
// and 200 out, in an agent that answers so many calls.
#include <memory>
#include <string>
#include <vector>

#include "ctsip.hpp"

namespace bench {

namespace {

template <int Live>
struct among {
  using agent =
      ctsip::endpoint<ctsip::endpoint_size{.calls = 10'000, .transactions = 64, .message = 1000}>;
  static constexpr int requests_per_run = 16;

  static inline std::unique_ptr<agent> bob;
  static inline std::vector<std::string> tags; // ours, of each call
  static inline std::string requests[requests_per_run];
  static inline ctsip::instant now{1'000'000};
  static inline int run = 0;

  static void receive(std::string_view text, talk& so_far, ctsip::datagram& last) {
    bob->receive(text, alice_at, ctsip::transport::udp, now);
    take_sent(*bob, so_far, last);
  }
  // Until the transactions have ended.
  static void wait() {
    now = now + ctsip::milliseconds{64'000};
    while (bob->next_timeout() <= now) bob->handle_timeout(now);
  }

  // The INVITE is without a session timer, so that the calls stay.
  static void establish(int i) {
    auto names = caller_names(i);
    auto invite = message_of_call(messages::invite, names);
    replace(invite, "Session-Expires: 1800;refresher=uac\r\nMin-SE: 90\r\n", {});
    talk ignored;
    ctsip::datagram d;
    receive(invite, ignored, d);
    for (ctsip::user_event e; bob->poll_event(e);)
      (void)bob->answer(e.call, {"application/sdp", messages::answer}, now);
    take_sent(*bob, ignored, d);
    names.to_tag = names_in(d.bytes).to_tag;
    names.branch += 'a';
    tags.push_back(names.to_tag);
    receive(message_of_call(messages::ack_to_callee, names), ignored, d);
    for (ctsip::user_event e; bob->poll_event(e);) keep(e);
  }

  static void prepare() {
    if (!bob) {
      bob = std::make_unique<agent>(bob_settings());
      tags.reserve(Live);
      for (int i = 0; i < Live; ++i) {
        establish(i);
        wait();
      }
    }
    wait();
    ++run;
    for (int r = 0; r < requests_per_run; ++r) {
      int const i = r * Live / requests_per_run;
      auto names = caller_names(i);
      names.to_tag = tags[static_cast<std::size_t>(i)];
      names.branch += std::to_string(run * requests_per_run + r);
      auto& text = requests[r] = message_of_call(messages::bye_to_callee, names);
      replace(text, "BYE", "OPTIONS");
      replace(text, "2 BYE", std::to_string(run * requests_per_run + r + 2) + " OPTIONS");
    }
  }

  static void go() {
    talk so_far;
    ctsip::datagram d;
    for (auto const& text : requests) receive(text, so_far, d);
    keep(so_far);
  }
  static bool check() {
    prepare();
    bool right = bob->live_calls() == Live;
    for (auto const& text : requests) {
      talk so_far;
      ctsip::datagram d;
      receive(text, so_far, d);
      right = right && so_far.sent == 1 && d.bytes.starts_with("SIP/2.0 200 OK\r\n");
    }
    return right;
  }
  subject entered{"user agent, OPTIONS in one of " + std::to_string(Live) + " calls",
                  "ctsip",
                  requests_per_run,
                  &check,
                  &go,
                  &prepare};
};

among<1> const one;
among<100> const hundred;
among<10'000> const many;

} // namespace

} // namespace bench
