// A call on hold and back: two re-INVITEs whose descriptions differ in one line, and a version that
// counts (RFC 3261 14, RFC 3264 8, RFC 6337 5.3).
//
// Break it: let Bob answer the hold without a description: take "sdp" out of the 200 that follows
// the 100. The compiler refuses at_step<7>: "2xx without the answer to the offer in the INVITE
// (RFC 3261 13.3.1.4)".
#include <cstdio>
#include <string_view>

#include <ctsip/flow/flow.hpp>
#include <ctsip/message/sdp.hpp>

#include "support/flow.hpp"

using namespace ctsip;
using namespace ctsip::literals;

namespace {

constexpr flow_verdict verdict = R"(
alice -> bob: INVITE (sdp)
bob -> alice: 180 Ringing
bob -> alice: 200 OK (INVITE, sdp)
alice -> bob: ACK
alice -> bob: re-INVITE (sdp)
bob -> alice: 100 Trying
bob -> alice: 200 OK (INVITE, sdp)
alice -> bob: ACK
alice -> bob: re-INVITE (sdp)
bob -> alice: 200 OK (INVITE, sdp)
alice -> bob: ACK
alice -> bob: BYE
bob -> alice: 200 OK (BYE)
)"_flow;
static_assert(verdict.complete());

// To the rules a description is a description. What it says is read from its text, at compile time
// if the text is there at compile time.
constexpr std::string_view call = "v=0\r\n"
                                  "o=alice 2890844526 1 IN IP4 192.0.2.1\r\n"
                                  "s=-\r\n"
                                  "c=IN IP4 192.0.2.1\r\n"
                                  "t=0 0\r\n"
                                  "m=audio 49170 RTP/AVP 0 101\r\n"
                                  "a=rtpmap:101 telephone-event/8000\r\n";

// RFC 3264 8.4: "If the stream to be placed on hold was previously a sendrecv media stream, it is
// placed on hold by marking it as sendonly." 8: "the version in the origin field MUST increment by
// one from the previous SDP."
constexpr std::string_view hold = "v=0\r\n"
                                  "o=alice 2890844526 2 IN IP4 192.0.2.1\r\n"
                                  "s=-\r\n"
                                  "c=IN IP4 192.0.2.1\r\n"
                                  "t=0 0\r\n"
                                  "m=audio 49170 RTP/AVP 0 101\r\n"
                                  "a=rtpmap:101 telephone-event/8000\r\n"
                                  "a=sendonly\r\n";

// 6.1: "If a stream is offered as sendonly, the corresponding stream MUST be marked as recvonly or
// inactive in the answer."
constexpr std::string_view held = "v=0\r\n"
                                  "o=bob 2808844564 2 IN IP4 192.0.2.2\r\n"
                                  "s=-\r\n"
                                  "c=IN IP4 192.0.2.2\r\n"
                                  "t=0 0\r\n"
                                  "m=audio 49172 RTP/AVP 0 101\r\n"
                                  "a=rtpmap:101 telephone-event/8000\r\n"
                                  "a=recvonly\r\n";

constexpr std::string_view resume = "v=0\r\n"
                                    "o=alice 2890844526 3 IN IP4 192.0.2.1\r\n"
                                    "s=-\r\n"
                                    "c=IN IP4 192.0.2.1\r\n"
                                    "t=0 0\r\n"
                                    "m=audio 49170 RTP/AVP 0 101\r\n"
                                    "a=rtpmap:101 telephone-event/8000\r\n"
                                    "a=sendrecv\r\n";

static_assert(!read_sdp(call).value.is_hold());
static_assert(read_sdp(hold).value.is_hold());
static_assert(read_sdp(held).value.direction() == sdp_direction::sendrecv, "at session level");
static_assert(read_sdp(held).value.media(0).direction() == sdp_direction::recvonly);
static_assert(!read_sdp(resume).value.is_hold());
static_assert(read_sdp(resume).value.origin().session_version ==
              read_sdp(hold).value.origin().session_version + 1);

} // namespace

int main() {
  example::print_flow(verdict);
  std::printf("\n");
  for (auto text : {call, hold, held, resume}) {
    auto const sdp = read_sdp(text).value;
    auto const& origin = sdp.origin();
    std::printf("%-5.*s  version %llu  %s%s\n", static_cast<int>(origin.username.size()),
                origin.username.data(), static_cast<unsigned long long>(origin.session_version),
                name(sdp.media(0).direction()), sdp.is_hold() ? ": the peer is on hold" : "");
  }
  return 0;
}
