// The sound of a phone without a microphone: it says what it hears. One RTP stream of PCMU, offered
// and answered (RFC 3264), and the socket that it comes to.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <ctsip/message/sdp.hpp>
#include <ctsip/user_agent/address.hpp>

#include "clock.hpp"
#include "session.hpp"
#include "udp_socket.hpp"

namespace example {

/// The stream of one call at a time.
class audio {
  using way = ctsip::sdp_direction;

 public:
  /// Binds a port beside that of the signalling. Throws std::system_error.
  explicit audio(ctsip::address at) : socket_((at.port = 0, at)), own_(socket_.local()) {}

  /// Another call: nothing is agreed on, and nothing heard.
  void begin() { now_ = {}; }

  /// Who is held is asked to be silent: "the stream is marked sendonly" (RFC 3264 8.4). The next
  /// offer says so, or that he is held no more.
  void hold(bool held) { now_.wanted = held ? way::sendonly : way::sendrecv; }

  /// What we offer.
  std::string offer() {
    now_.own = now_.wanted;
    now_.offers = true;
    now_.answered_by.reset();
    return describe("t=0 0\r\n", stream());
  }

  /// The answer to an offer; empty if it has no stream for us: 488. "For each 'm=' line in the
  /// offer, there MUST be a corresponding 'm=' line in the answer", with port 0 if it is rejected
  /// (RFC 3264 6).
  std::string answer(std::string_view offer) {
    auto const offered = ctsip::read_sdp(offer);
    if (!offered) return {};
    std::string streams;
    bool taken = false;
    for (ctsip::sdp_media const& m : offered.value.media())
      if (!taken && is_for_us(m)) {
        taken = true;
        now_.own = now_.agreed = detail::answer_to(m.direction(), now_.wanted);
        send_to(m);
        streams += stream();
      } else {
        streams += "m=" + std::string{m.kind()} + " 0 " + std::string{m.protocol()} + " " +
                   std::string{*m.formats().begin()} + "\r\n";
      }
    return taken ? describe(detail::time_line(offer), streams) : std::string{};
  }

  /// Takes the answer to our offer, if it has none yet: "The UAC MUST treat the first session
  /// description it receives as the answer, and MUST ignore any session descriptions in subsequent
  /// responses" (RFC 3261 13.2.1). Another `tag` is that of another fork, whose answer is its own.
  void answered(std::string_view answer, std::string_view tag) {
    auto const theirs = ctsip::read_sdp(answer);
    if (!theirs || !now_.offers || now_.answered_by == tag) return;
    now_.answered_by = tag;
    if (!is_for_us(theirs.value.media(0))) return;
    now_.agreed = detail::answer_to(theirs.value.media(0).direction(), now_.wanted);
    send_to(theirs.value.media(0));
  }

  /// As we see it: "sendrecv", or "recvonly" while the other side has put us on hold …
  char const* direction() const { return name(now_.agreed); }

  /// Says what has been heard since, to where the other side listens, as far as that is agreed on.
  /// Two that say what they hear would send a packet to and fro as fast as they can.
  void echo() {
    if (now_.second + ctsip::milliseconds{1000} <= now()) now_.second = now(), now_.in_second = 0;
    char packet[2048];
    for (int i = 0; i < 64; ++i) {
      auto const got = socket_.receive(packet);
      if (!got) return;
      if (now_.agreed == way::sendrecv || now_.agreed == way::recvonly) ++now_.heard;
      bool const sends = now_.agreed == way::sendrecv || now_.agreed == way::sendonly;
      if (sends && now_.peer.port != 0 && ++now_.in_second <= most_in_second)
        now_.said += socket_.send(got->bytes, now_.peer);
    }
  }
  /// How many packets.
  unsigned long long heard() const { return now_.heard; }
  unsigned long long said() const { return now_.said; }

  udp_socket const& socket() const { return socket_; }

 private:
  // Speech has 50, one for each 20 ms (RFC 3551 4.2).
  static constexpr int most_in_second = 100;

  struct call {
    way wanted{way::sendrecv};
    way own{way::inactive};    // of our description
    way agreed{way::inactive}; // of both
    bool offers{};             // there was an offer of ours
    std::optional<std::string> answered_by{};
    ctsip::address peer{}; // without a port: nowhere
    unsigned long long heard{};
    unsigned long long said{};
    ctsip::instant second{}; // that is being counted
    int in_second{};
    std::string described{};
  };

  static bool is_for_us(ctsip::sdp_media const& m) {
    return !m.is_rejected() && m.kind() == "audio" && m.protocol() == "RTP/AVP" &&
           m.has_format("0");
  }
  // A host name, an address of another family, or the 0.0.0.0 of a peer that holds as in RFC 2543
  // is nowhere.
  void send_to(ctsip::sdp_media const& m) {
    auto const at = ctsip::parse_address(m.connection().address, m.port());
    bool const reachable = at && at.value.ipv6 == own_.ipv6 && !m.connection().is_unspecified();
    now_.peer = reachable ? at.value : ctsip::address{};
  }
  std::string stream() const {
    return "m=audio " + std::to_string(own_.port) + " RTP/AVP 0\r\na=" + name(now_.own) + "\r\n";
  }
  std::string describe(std::string_view time, std::string const& streams) {
    now_.described =
        detail::session_lines(own_, {"application/sdp", now_.described}, time) + streams;
    return now_.described;
  }

  udp_socket socket_;
  ctsip::address own_;
  call now_{};
};

} // namespace example
