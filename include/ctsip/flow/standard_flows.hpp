// The flows that RFCs draw, as named values: `standard_flows::rfc3665_3_8` is the figure of RFC
// 3665 section 3.8. They serve as examples to read and to run, and as what a judge of flows has to
// accept. The races of RFC 5407 are in race_conditions.hpp.
//
// What holds for all of them: every session description is marked, the ACK to every final response
// to an INVITE is written (hop by hop at a proxy), a PRACK acknowledges the reliable response that
// is outstanding, and only the user agents are judged. Where a figure says 1xx, 18x or 4xx, a code
// that fits stands for it. Read flow/notation.hpp before it, which says how the text reads.
#pragma once

#include <cstddef>

#include <ctsip/flow/standard_flow.hpp>

namespace ctsip {

namespace detail {

template <std::size_t Size>
struct flow_list {
  standard_flow const* flows[Size]{};

  constexpr standard_flow const* const* begin() const { return flows; }
  constexpr standard_flow const* const* end() const { return flows + Size; }
  constexpr standard_flow const* operator[](std::size_t i) const { return flows[i]; }
  static constexpr std::size_t size() { return Size; }
};

template <std::size_t Size, std::size_t ListSize>
constexpr void append(flow_list<Size>& to, std::size_t& size,
                      standard_flow const* const (&list)[ListSize]) {
  for (std::size_t i = 0; i != ListSize; ++i) to.flows[size++] = list[i];
}

template <std::size_t... Sizes>
constexpr flow_list<(Sizes + ...)> concatenated(standard_flow const* const (&... lists)[Sizes]) {
  flow_list<(Sizes + ...)> result;
  std::size_t size = 0;
  (append(result, size, lists), ...);
  return result;
}

} // namespace detail

namespace standard_flows {

// clang-format off

// RFC 3262, reliable provisional responses. The RFC draws no figure: these are the sequences that
// its sections 3 and 4 describe.

// "Retransmissions of the reliable provisional response cease when a matching PRACK is received by
// the UA core." The first one is lost.
inline constexpr standard_flow rfc3262_3_retransmitted{
    "Retransmission of a Reliable Provisional Response",
    "RFC 3262 3",
    R"(alice -> bob: INVITE (sdp, 100rel)
bob -> alice: 183 Session Progress (sdp, 100rel, rseq=1, lost)
bob -> alice: 183 Session Progress (sdp, 100rel, rseq=1, again)
alice -> bob: PRACK (rack=1)
bob -> alice: 200 OK (PRACK)
bob -> alice: 200 OK (INVITE)
alice -> bob: ACK)",
    true};

// "After the first reliable provisional response for a request has been acknowledged, the UAS MAY
// send additional reliable provisional responses." That each waits for the previous PRACK is only
// RECOMMENDED after the first: the second and the third are sent together here.
inline constexpr standard_flow rfc3262_3_several{
    "Additional Reliable Provisional Responses",
    "RFC 3262 3",
    R"(alice -> bob: INVITE (sdp, 100rel)
bob -> alice: 183 Session Progress (sdp, 100rel, rseq=1)
alice -> bob: PRACK (rack=1)
bob -> alice: 200 OK (PRACK)
bob -> : 180 Ringing (100rel, rseq=2) #1
bob -> : 183 Session Progress (100rel, rseq=3) #2
-> alice: 180 Ringing (100rel, rseq=2) #1
alice -> bob: PRACK (rack=2)
bob -> alice: 200 OK (PRACK)
-> alice: 183 Session Progress (100rel, rseq=3) #2
alice -> bob: PRACK (rack=3)
bob -> alice: 200 OK (PRACK)
bob -> alice: 200 OK (INVITE)
alice -> bob: ACK)",
    true};

// "The UAS MAY send a final response to the initial request before having received PRACKs for all
// unacknowledged reliable provisional responses", this one having carried no session description;
// "it MUST be prepared to process PRACK requests for those outstanding responses".
inline constexpr standard_flow rfc3262_3_final_first{
    "Final Response before the PRACK",
    "RFC 3262 3",
    R"(alice -> bob: INVITE (sdp, 100rel)
bob -> alice: 180 Ringing (100rel)
alice -> : PRACK #1
bob -> alice: 200 OK (INVITE, sdp)
alice -> bob: ACK
-> bob: PRACK #1
bob -> alice: 200 OK (PRACK))",
    true};

// The response with RSeq 2 is lost: "if the UAC receives another reliable provisional response to
// the same request, and its RSeq value is not one higher than the value of the sequence number,
// that response MUST NOT be acknowledged with a PRACK".
inline constexpr standard_flow rfc3262_4_gap{
    "A Reliable Provisional Response out of Order",
    "RFC 3262 4",
    R"(alice -> bob: INVITE (sdp, 100rel)
bob -> alice: 183 Session Progress (sdp, 100rel, rseq=1)
alice -> bob: PRACK (rack=1)
bob -> alice: 200 OK (PRACK)
bob -> alice: 180 Ringing (100rel, rseq=2, lost)
bob -> alice: 183 Session Progress (100rel, rseq=3)
bob -> alice: 180 Ringing (100rel, rseq=2, again)
alice -> bob: PRACK (rack=2)
bob -> alice: 200 OK (PRACK)
bob -> alice: 183 Session Progress (100rel, rseq=3, again)
alice -> bob: PRACK (rack=3)
bob -> alice: 200 OK (PRACK)
bob -> alice: 200 OK (INVITE)
alice -> bob: ACK)",
    true};

// RFC 3311, UPDATE.

// Figure 1. The 180 is reliable, since a PRACK acknowledges it. "Neither the 200 OK to the INVITE,
// nor the ACK, will contain SDP."
inline constexpr standard_flow rfc3311_8{
    "UPDATE Call Flow",
    "RFC 3311 8",
    R"(alice -> bob: INVITE (sdp, 100rel)
bob -> alice: 180 Ringing (sdp, 100rel)
alice -> bob: PRACK
bob -> alice: 200 OK (PRACK)
alice -> bob: UPDATE (sdp)
bob -> alice: 200 OK (UPDATE, sdp)
bob -> alice: UPDATE (sdp)
alice -> bob: 200 OK (UPDATE, sdp)
bob -> alice: 200 OK (INVITE)
alice -> bob: ACK)",
    true};

// RFC 3312, preconditions. A and B are alice and bob.

// Figure 2, and Figure 1 of section 3. SDP3 says "curr:qos e2e send" where sendrecv is mandatory;
// SDP4 says sendrecv: "At this point in time, session establishment resumes".
inline constexpr standard_flow rfc3312_13_1{
    "End-to-end Status Type",
    "RFC 3312 13.1",
    R"(alice -> bob: INVITE (qos=needed, 100rel)
bob -> alice: 183 Session Progress (qos=needed, 100rel)
alice -> bob: PRACK
bob -> alice: 200 OK (PRACK)
alice -> bob: UPDATE (qos=needed)
bob -> alice: 200 OK (UPDATE, qos=met)
bob -> alice: 180 Ringing (100rel)
alice -> bob: PRACK
bob -> alice: 200 OK (PRACK)
bob -> alice: 200 OK (INVITE)
alice -> bob: ACK)",
    true};

// Figure 3, "in the middle of the session" that Figure 2 establishes.
inline constexpr standard_flow rfc3312_13_1_modification{
    "Session Modification with Preconditions",
    "RFC 3312 13.1",
    R"(alice -> bob: INVITE (qos=needed, 100rel)
bob -> alice: 183 Session Progress (qos=needed, 100rel)
alice -> bob: PRACK
bob -> alice: 200 OK (PRACK)
alice -> bob: UPDATE (qos=needed)
bob -> alice: 200 OK (UPDATE, qos=met)
bob -> alice: 180 Ringing (100rel)
alice -> bob: PRACK
bob -> alice: 200 OK (PRACK)
bob -> alice: 200 OK (INVITE)
alice -> bob: ACK
alice -> bob: INVITE (qos=needed, 100rel)
bob -> alice: 183 Session Progress (qos=needed, 100rel)
alice -> bob: PRACK
bob -> alice: 200 OK (PRACK)
alice -> bob: UPDATE (qos=needed)
bob -> alice: 200 OK (UPDATE, qos=met)
bob -> alice: 200 OK (INVITE)
alice -> bob: ACK)",
    true};

// Figure 4. "B reserves resources in its access network and, since all the preconditions are met,
// returns an answer in a 180 (Ringing) response".
inline constexpr standard_flow rfc3312_13_2{
    "Segmented Status Type",
    "RFC 3312 13.2",
    R"(alice -> bob: INVITE (qos=needed, 100rel)
bob -> alice: 180 Ringing (qos=met, 100rel)
alice -> bob: PRACK
bob -> alice: 200 OK (PRACK)
bob -> alice: 200 OK (INVITE)
alice -> bob: ACK)",
    true};

// "It would send an UPDATE to B, possibly before receiving the 200 (OK) for the INVITE (5)."
inline constexpr standard_flow rfc3312_13_2_update{
    "Segmented Status Type, with an UPDATE before the 200 (OK)",
    "RFC 3312 13.2",
    R"(alice -> bob: INVITE (qos=needed, 100rel)
bob -> alice: 180 Ringing (qos=met, 100rel)
alice -> bob: PRACK
bob -> alice: 200 OK (PRACK)
alice -> bob: UPDATE (qos=met)
bob -> alice: 200 OK (UPDATE, qos=met)
bob -> alice: 200 OK (INVITE)
alice -> bob: ACK)",
    true};

// Figure 5. The RFC's SDP4 still says "curr:qos e2e recv": B learns the other direction from the
// network ("B receives RESV messages confirming the reservation") before it sends the 180. A flow
// has messages only, so SDP4 is marked as if the confirmation had come before it.
inline constexpr standard_flow rfc3312_13_3{
    "Offer in a SIP response",
    "RFC 3312 13.3",
    R"(alice -> bob: INVITE (100rel)
bob -> alice: 183 Session Progress (qos=needed, 100rel)
alice -> bob: PRACK (qos=needed)
bob -> alice: 200 OK (PRACK)
alice -> bob: UPDATE (qos=needed)
bob -> alice: 200 OK (UPDATE, qos=met)
bob -> alice: 180 Ringing (100rel)
alice -> bob: PRACK
bob -> alice: 200 OK (PRACK)
bob -> alice: 200 OK (INVITE)
alice -> bob: ACK)",
    true};

// RFC 3665 3, SIP session establishment. The method that a response answers is written where more
// than one request is open.

inline constexpr standard_flow rfc3665_3_1{
    "Successful Session Establishment",
    "RFC 3665 3.1",
    R"(alice -> bob: INVITE (sdp)
bob -> alice: 180 Ringing
bob -> alice: 200 OK (sdp)
alice -> bob: ACK
bob -> alice: BYE
alice -> bob: 200 OK)",
    true};

inline constexpr standard_flow rfc3665_3_2{
    "Session Establishment Through Two Proxies",
    "RFC 3665 3.2",
    R"(alice -> proxy1: INVITE (sdp)
proxy1 -> alice: 407 Proxy Authentication Required (nonce=n1)
alice -> proxy1: ACK
alice -> proxy1: INVITE (sdp, auth, nonce=n1)
proxy1 -> proxy2: INVITE (sdp)
proxy1 -> alice: 100 Trying
proxy2 -> bob: INVITE (sdp)
proxy2 -> proxy1: 100 Trying
bob -> proxy2: 180 Ringing
proxy2 -> proxy1: 180 Ringing
proxy1 -> alice: 180 Ringing
bob -> proxy2: 200 OK (sdp)
proxy2 -> proxy1: 200 OK (sdp)
proxy1 -> alice: 200 OK (sdp)
alice -> proxy1: ACK
proxy1 -> proxy2: ACK
proxy2 -> bob: ACK
bob -> proxy2: BYE
proxy2 -> proxy1: BYE
proxy1 -> alice: BYE
alice -> proxy1: 200 OK
proxy1 -> proxy2: 200 OK
proxy2 -> bob: 200 OK)",
    true};

// Each proxy challenges for its own realm: the second retry carries the credentials for both. The
// figure ends with the session, before the BYE of which the text speaks.
inline constexpr standard_flow rfc3665_3_3{
    "Session with Multiple Proxy Authentication",
    "RFC 3665 3.3",
    R"(alice -> proxy1: INVITE (sdp)
proxy1 -> alice: 407 Proxy Authentication Required (nonce=n1)
alice -> proxy1: ACK
alice -> proxy1: INVITE (sdp, auth, nonce=n1)
proxy1 -> alice: 100 Trying
proxy1 -> proxy2: INVITE (sdp)
proxy2 -> proxy1: 407 Proxy Authentication Required (nonce=n2)
proxy1 -> proxy2: ACK
proxy1 -> alice: 407 Proxy Authentication Required (nonce=n2)
alice -> proxy1: ACK
alice -> proxy1: INVITE (sdp, auth, nonce=n2)
proxy1 -> alice: 100 Trying
proxy1 -> proxy2: INVITE (sdp, auth, nonce=n2)
proxy2 -> proxy1: 100 Trying
proxy2 -> bob: INVITE (sdp)
bob -> proxy2: 200 OK (sdp)
proxy2 -> proxy1: 200 OK (sdp)
proxy1 -> alice: 200 OK (sdp)
alice -> proxy1: ACK
proxy1 -> proxy2: ACK
proxy2 -> bob: ACK)",
    true};

// The INVITE to Proxy 1 ends with Timer B, which a flow does not write: the first call is never
// answered, and so the flow is not complete. The INVITE to Proxy 2 (F8) has another Call-ID.
inline constexpr standard_flow rfc3665_3_4{
    "Successful Session with Proxy Failure",
    "RFC 3665 3.4",
    R"(alice -> proxy1: INVITE (sdp)
alice -> proxy1: INVITE (sdp, again)
alice -> proxy1: INVITE (sdp, again)
alice -> proxy1: INVITE (sdp, again)
alice -> proxy1: INVITE (sdp, again)
alice -> proxy1: INVITE (sdp, again)
alice -> proxy1: INVITE (sdp, again)
alice -> proxy2: INVITE (sdp, call=2)
proxy2 -> alice: 407 Proxy Authentication Required (nonce=n1, call=2)
alice -> proxy2: ACK (call=2)
alice -> proxy2: INVITE (sdp, auth, nonce=n1, call=2)
proxy2 -> bob: INVITE (sdp, call=2)
proxy2 -> alice: 100 Trying (call=2)
bob -> proxy2: 180 Ringing (call=2)
proxy2 -> alice: 180 Ringing (call=2)
bob -> proxy2: 200 OK (sdp, call=2)
proxy2 -> alice: 200 OK (sdp, call=2)
alice -> proxy2: ACK (call=2)
proxy2 -> bob: ACK (call=2)
bob -> proxy2: BYE (call=2)
proxy2 -> alice: BYE (call=2)
alice -> proxy2: 200 OK (call=2)
proxy2 -> bob: 200 OK (call=2))",
    false};

// The ALG is proxy1: it changes what the session descriptions say, not which messages carry one.
inline constexpr standard_flow rfc3665_3_5{
    "Session Through a SIP ALG",
    "RFC 3665 3.5",
    R"(alice -> proxy1: INVITE (sdp)
proxy1 -> proxy2: INVITE (sdp)
proxy1 -> alice: 100 Trying
proxy2 -> bob: INVITE (sdp)
proxy2 -> proxy1: 100 Trying
bob -> proxy2: 180 Ringing
proxy2 -> proxy1: 180 Ringing
proxy1 -> alice: 180 Ringing
bob -> proxy2: 200 OK (sdp)
proxy2 -> proxy1: 200 OK (sdp)
proxy1 -> alice: 200 OK (sdp)
alice -> proxy1: ACK
proxy1 -> bob: ACK
alice -> proxy1: BYE
proxy1 -> bob: BYE
bob -> proxy1: 200 OK
proxy1 -> alice: 200 OK)",
    true};

// The Redirect Server is a participant of its own, a user agent server that refuses with 302. The
// second INVITE has the same Call-ID and the next CSeq number.
inline constexpr standard_flow rfc3665_3_6{
    "Session via Redirect and Proxy Servers with SDP in ACK",
    "RFC 3665 3.6",
    R"(alice -> redirect: INVITE
redirect -> alice: 302 Moved Temporarily
alice -> redirect: ACK
alice -> proxy3: INVITE
proxy3 -> bob: INVITE
proxy3 -> alice: 100 Trying
bob -> proxy3: 180 Ringing
proxy3 -> alice: 180 Ringing
bob -> proxy3: 200 OK (sdp)
proxy3 -> alice: 200 OK (sdp)
alice -> proxy3: ACK (sdp)
proxy3 -> bob: ACK (sdp)
bob -> proxy3: BYE
proxy3 -> alice: BYE
alice -> proxy3: 200 OK
proxy3 -> bob: 200 OK)",
    true};

// Proxy 2 does not record-route: from the ACK on, the messages pass it by.
inline constexpr standard_flow rfc3665_3_7{
    "Session with re-INVITE (IP Address Change)",
    "RFC 3665 3.7",
    R"(alice -> proxy2: INVITE (sdp)
proxy2 -> bob: INVITE (sdp)
proxy2 -> alice: 100 Trying
bob -> proxy2: 180 Ringing
proxy2 -> alice: 180 Ringing
bob -> proxy2: 200 OK (sdp)
proxy2 -> alice: 200 OK (sdp)
alice -> bob: ACK
bob -> alice: INVITE (sdp)
alice -> bob: 200 OK (sdp)
bob -> alice: ACK
alice -> bob: BYE
bob -> alice: 200 OK)",
    true};

// "The CANCEL message is acknowledged with a 200 OK on a hop by hop basis, rather than end to
// end."
inline constexpr standard_flow rfc3665_3_8{
    "Unsuccessful No Answer",
    "RFC 3665 3.8",
    R"(alice -> proxy1: INVITE (sdp)
proxy1 -> proxy2: INVITE (sdp)
proxy1 -> alice: 100 Trying
proxy2 -> bob: INVITE (sdp)
proxy2 -> proxy1: 100 Trying
bob -> proxy2: 180 Ringing
proxy2 -> proxy1: 180 Ringing
proxy1 -> alice: 180 Ringing
alice -> proxy1: CANCEL
proxy1 -> alice: 200 OK (CANCEL)
proxy1 -> proxy2: CANCEL
proxy2 -> proxy1: 200 OK (CANCEL)
proxy2 -> bob: CANCEL
bob -> proxy2: 200 OK (CANCEL)
bob -> proxy2: 487 Request Terminated (INVITE)
proxy2 -> bob: ACK
proxy2 -> proxy1: 487 Request Terminated (INVITE)
proxy1 -> proxy2: ACK
proxy1 -> alice: 487 Request Terminated (INVITE)
alice -> proxy1: ACK)",
    true};

// "The non-2xx response is acknowledged on a hop-by-hop basis instead of end-to-end."
inline constexpr standard_flow rfc3665_3_9{
    "Unsuccessful Busy",
    "RFC 3665 3.9",
    R"(alice -> proxy1: INVITE (sdp)
proxy1 -> proxy2: INVITE (sdp)
proxy1 -> alice: 100 Trying
proxy2 -> bob: INVITE (sdp)
proxy2 -> proxy1: 100 Trying
bob -> proxy2: 486 Busy Here
proxy2 -> bob: ACK
proxy2 -> proxy1: 486 Busy Here
proxy1 -> proxy2: ACK
proxy1 -> alice: 486 Busy Here
alice -> proxy1: ACK)",
    true};

// "There is no response from Bob": the user agent is not there, and so what Proxy 2 sends to it is
// lost. Proxy 2 itself gives up and answers 480.
inline constexpr standard_flow rfc3665_3_10{
    "Unsuccessful No Response from User Agent",
    "RFC 3665 3.10",
    R"(alice -> proxy1: INVITE (sdp)
proxy1 -> proxy2: INVITE (sdp)
proxy1 -> alice: 100 Trying
proxy2 -> bob: INVITE (sdp, lost)
proxy2 -> proxy1: 100 Trying
proxy2 -> bob: INVITE (sdp, again, lost)
proxy2 -> bob: INVITE (sdp, again, lost)
proxy2 -> bob: INVITE (sdp, again, lost)
proxy2 -> bob: INVITE (sdp, again, lost)
proxy2 -> bob: INVITE (sdp, again, lost)
proxy2 -> bob: INVITE (sdp, again, lost)
proxy2 -> proxy1: 480 No Response
proxy1 -> proxy2: ACK
proxy1 -> alice: 480 No Response
alice -> proxy1: ACK)",
    true};

inline constexpr standard_flow rfc3665_3_11{
    "Unsuccessful Temporarily Unavailable",
    "RFC 3665 3.11",
    R"(alice -> proxy1: INVITE (sdp)
proxy1 -> proxy2: INVITE (sdp)
proxy1 -> alice: 100 Trying
proxy2 -> bob: INVITE (sdp)
proxy2 -> proxy1: 100 Trying
bob -> proxy2: 180 Ringing
proxy2 -> proxy1: 180 Ringing
proxy1 -> alice: 180 Ringing
bob -> proxy2: 480 Temporarily Unavailable
proxy2 -> bob: ACK
proxy2 -> proxy1: 480 Temporarily Unavailable
proxy1 -> proxy2: ACK
proxy1 -> alice: 480 Temporarily Unavailable
alice -> proxy1: ACK)",
    true};

// RFC 4028, session timers.

// Figure 1. Its first INVITE asks for 50 seconds, below section 4's "absolute minimum for the
// Session-Expires header field", 90 seconds, which stands here; the proxies refuse either. The
// UPDATE has no Min-SE although 422s were received: they came before the dialog, and "the maximum
// value of the Min-SE is effectively 'cleared' once the dialog is established" (section 7.4).
// Alice crashes and never sees the BYE: the 408 is the proxy's.
inline constexpr standard_flow rfc4028_13{
    "Example Session Timer Flow",
    "RFC 4028 13",
    R"(alice -> proxy1: INVITE (sdp, timer, session-expires=90)
proxy1 -> alice: 422 Session Interval Too Small (min-se=3600)
alice -> proxy1: ACK
alice -> proxy1: INVITE (sdp, timer, session-expires=3600, min-se=3600)
proxy1 -> proxy2: INVITE (sdp, timer, session-expires=3600, min-se=3600)
proxy2 -> proxy1: 422 Session Interval Too Small (min-se=4000)
proxy1 -> proxy2: ACK
proxy1 -> alice: 422 Session Interval Too Small (min-se=4000)
alice -> proxy1: ACK
alice -> proxy1: INVITE (sdp, timer, session-expires=4000, min-se=4000)
proxy1 -> proxy2: INVITE (sdp, timer, session-expires=4000, min-se=4000)
proxy2 -> bob: INVITE (sdp, timer, session-expires=4000, min-se=4000)
bob -> proxy2: 200 OK (sdp, timer, session-expires=4000, refresher=uac)
proxy2 -> proxy1: 200 OK (sdp, timer, session-expires=4000, refresher=uac)
proxy1 -> alice: 200 OK (sdp, timer, session-expires=4000, refresher=uac)
alice -> proxy1: ACK
proxy1 -> bob: ACK
alice -> proxy1: UPDATE (timer, session-expires=4000, refresher=uac)
proxy1 -> bob: UPDATE (timer, session-expires=4000, refresher=uac)
bob -> proxy1: 200 OK (timer, session-expires=4000, refresher=uac)
proxy1 -> alice: 200 OK (timer, session-expires=4000, refresher=uac)
bob -> proxy1: BYE
proxy1 -> alice: BYE (lost)
proxy1 -> bob: 408 Request Timeout)",
    true};

// RFC 6141, re-INVITE. UAC and UAS, UA1 and UA2 are alice and bob. The PRACK transactions, which
// the RFC leaves out "for clarity", are written.

// Figure 1: "the session state is the same as before the re-INVITE was received".
inline constexpr standard_flow rfc6141_3_1_rejected{
    "Rejection of a re-INVITE",
    "RFC 6141 3.1",
    R"(alice -> bob: INVITE (sdp)
bob -> alice: 200 OK (sdp)
alice -> bob: ACK
alice -> bob: INVITE (sdp)
bob -> alice: 488 Not Acceptable Here
alice -> bob: ACK)",
    true};

// Figure 2: the answer refuses a part of the offer, and so the response is a 2xx.
inline constexpr standard_flow rfc6141_3_1_automatic{
    "Automatic rejection of a video stream",
    "RFC 6141 3.1",
    R"(alice -> bob: INVITE (sdp)
bob -> alice: 200 OK (sdp)
alice -> bob: ACK
alice -> bob: INVITE (sdp)
bob -> alice: 200 OK (sdp)
alice -> bob: ACK)",
    true};

// Figure 3: the UAS of the re-INVITE sends an UPDATE before it answers.
inline constexpr standard_flow rfc6141_3_1_manual{
    "Manual rejection of a video stream by the user",
    "RFC 6141 3.1",
    R"(alice -> bob: INVITE (sdp)
bob -> alice: 200 OK (sdp)
alice -> bob: ACK
alice -> bob: INVITE (sdp, 100rel)
bob -> alice: 183 Session Progress (sdp, 100rel)
alice -> bob: PRACK
bob -> alice: 200 OK (PRACK)
bob -> alice: UPDATE (sdp)
alice -> bob: 200 OK (UPDATE, sdp)
bob -> alice: 200 OK (INVITE)
alice -> bob: ACK)",
    true};

// Figure 4: UPDATEs both ways within a re-INVITE.
inline constexpr standard_flow rfc6141_3_6{
    "Rejection of a video stream by the user",
    "RFC 6141 3.6",
    R"(alice -> bob: INVITE (sdp)
bob -> alice: 200 OK (sdp)
alice -> bob: ACK
alice -> bob: INVITE (sdp, 100rel)
bob -> alice: 183 Session Progress (sdp, 100rel)
alice -> bob: PRACK
bob -> alice: 200 OK (PRACK)
alice -> bob: UPDATE (sdp)
bob -> alice: 200 OK (UPDATE, sdp)
bob -> alice: UPDATE (sdp)
alice -> bob: 200 OK (UPDATE, sdp)
bob -> alice: 200 OK (INVITE)
alice -> bob: ACK)",
    true};

// Figure 5: the 4xx, which the proxy has acknowledged, reaches Alice after the UPDATE that Bob
// sent later. Alice has no unanswered offer when the UPDATE comes and may accept it.
inline constexpr standard_flow rfc6141_3_7{
    "Message flow with race condition",
    "RFC 6141 3.7",
    R"(alice -> proxy: INVITE (sdp)
proxy -> bob: INVITE (sdp)
bob -> proxy: 200 OK (sdp)
proxy -> alice: 200 OK (sdp)
alice -> proxy: ACK
proxy -> bob: ACK
alice -> proxy: INVITE (sdp, 100rel)
proxy -> bob: INVITE (sdp, 100rel)
bob -> proxy: 183 Session Progress (sdp, 100rel)
proxy -> alice: 183 Session Progress (sdp, 100rel)
alice -> proxy: PRACK
proxy -> bob: PRACK
bob -> proxy: 200 OK (PRACK)
proxy -> alice: 200 OK (PRACK)
bob -> proxy: 488 Not Acceptable Here (INVITE)
proxy -> bob: ACK
bob -> proxy: UPDATE (sdp)
proxy -> alice: UPDATE (sdp)
alice -> proxy: 200 OK (UPDATE, sdp)
proxy -> bob: 200 OK (UPDATE, sdp)
proxy -> alice: 488 Not Acceptable Here (INVITE)
alice -> proxy: ACK)",
    true};

// "UA1 would generate an UPDATE request with an SDP reflecting the pre-re-INVITE state."
inline constexpr standard_flow rfc6141_3_7_synchronized{
    "Message flow with race condition, and the UPDATE that follows",
    "RFC 6141 3.7",
    R"(alice -> proxy: INVITE (sdp)
proxy -> bob: INVITE (sdp)
bob -> proxy: 200 OK (sdp)
proxy -> alice: 200 OK (sdp)
alice -> proxy: ACK
proxy -> bob: ACK
alice -> proxy: INVITE (sdp, 100rel)
proxy -> bob: INVITE (sdp, 100rel)
bob -> proxy: 183 Session Progress (sdp, 100rel)
proxy -> alice: 183 Session Progress (sdp, 100rel)
alice -> proxy: PRACK
proxy -> bob: PRACK
bob -> proxy: 200 OK (PRACK)
proxy -> alice: 200 OK (PRACK)
bob -> proxy: 488 Not Acceptable Here (INVITE)
proxy -> bob: ACK
bob -> proxy: UPDATE (sdp)
proxy -> alice: UPDATE (sdp)
alice -> proxy: 200 OK (UPDATE, sdp)
proxy -> bob: 200 OK (UPDATE, sdp)
proxy -> alice: 488 Not Acceptable Here (INVITE)
alice -> proxy: ACK
alice -> proxy: UPDATE (sdp)
proxy -> bob: UPDATE (sdp)
bob -> proxy: 200 OK (UPDATE, sdp)
proxy -> alice: 200 OK (UPDATE, sdp))",
    true};

// "Such a UAS responds to the INVITE request with a 487 (Request Terminated) at the SHOULD level."
inline constexpr standard_flow rfc6141_3_8{
    "Canceling a re-INVITE",
    "RFC 6141 3.8",
    R"(alice -> bob: INVITE (sdp)
bob -> alice: 200 OK (sdp)
alice -> bob: ACK
alice -> bob: INVITE (sdp)
bob -> alice: 183 Session Progress
alice -> bob: CANCEL
bob -> alice: 200 OK (CANCEL)
bob -> alice: 487 Request Terminated (INVITE)
alice -> bob: ACK)",
    true};

// "If the INVITE request was a re-INVITE and some of its requested changes had already been
// executed, the UAS would return a 2xx response instead."
inline constexpr standard_flow rfc6141_3_8_executed{
    "Canceling a re-INVITE whose changes were executed",
    "RFC 6141 3.8",
    R"(alice -> bob: INVITE (sdp)
bob -> alice: 200 OK (sdp)
alice -> bob: ACK
alice -> bob: INVITE (sdp, 100rel)
bob -> alice: 183 Session Progress (sdp, 100rel)
alice -> bob: PRACK
bob -> alice: 200 OK (PRACK)
alice -> bob: CANCEL
bob -> alice: 200 OK (CANCEL)
bob -> alice: 200 OK (INVITE)
alice -> bob: ACK)",
    true};

// RFC 6228, 199 (Early Dialog Terminated). The figures carry no session descriptions.

// Figure 1: each 199 ends one early dialog, the INVITE goes on.
inline constexpr standard_flow rfc6228_9_1{
    "Example with a Forking Proxy that Generates 199",
    "RFC 6228 9.1",
    R"(uac -> proxy1: INVITE
proxy1 -> uas2: INVITE
proxy1 -> uas3: INVITE
proxy1 -> uas4: INVITE
uas2 -> proxy1: 180 Ringing (tag=b2)
proxy1 -> uac: 180 Ringing (tag=b2)
uas3 -> proxy1: 180 Ringing (tag=b3)
proxy1 -> uac: 180 Ringing (tag=b3)
uas4 -> proxy1: 180 Ringing (tag=b4)
proxy1 -> uac: 180 Ringing (tag=b4)
uas2 -> proxy1: 486 Busy Here (tag=b2)
proxy1 -> uas2: ACK (tag=b2)
proxy1 -> uac: 199 Early Dialog Terminated (tag=b2)
uas3 -> proxy1: 486 Busy Here (tag=b3)
proxy1 -> uas3: ACK (tag=b3)
proxy1 -> uac: 199 Early Dialog Terminated (tag=b3)
uas4 -> proxy1: 200 OK (tag=b4)
proxy1 -> uac: 200 OK (tag=b4)
uac -> proxy1: ACK (tag=b4)
proxy1 -> uas4: ACK (tag=b4))",
    true};

// Figure 2 ends before UAS_2 and UAS_3 have answered, and so the flow is not complete.
inline constexpr standard_flow rfc6228_9_2{
    "Example with a Forking Proxy that Receives 200 OK",
    "RFC 6228 9.2",
    R"(uac -> proxy1: INVITE
proxy1 -> uas2: INVITE
proxy1 -> uas3: INVITE
proxy1 -> uas4: INVITE
uas2 -> proxy1: 180 Ringing (tag=b2)
proxy1 -> uac: 180 Ringing (tag=b2)
uas3 -> proxy1: 180 Ringing (tag=b3)
proxy1 -> uac: 180 Ringing (tag=b3)
uas4 -> proxy1: 180 Ringing (tag=b4)
proxy1 -> uac: 180 Ringing (tag=b4)
uas4 -> proxy1: 200 OK (tag=b4)
proxy1 -> uac: 200 OK (tag=b4)
uac -> proxy1: ACK (tag=b4)
proxy1 -> uas4: ACK (tag=b4))",
    false};

// Figure 3: the 200 comes from UAS_2, of which the UAC had seen no early dialog.
inline constexpr standard_flow rfc6228_9_3{
    "Example with Two Forking Proxies, of which One Generates 199",
    "RFC 6228 9.3",
    R"(uac -> proxy1: INVITE
proxy1 -> uas2: INVITE
proxy1 -> proxy2: INVITE
proxy2 -> uas3: INVITE
proxy2 -> uas4: INVITE
uas3 -> proxy2: 180 Ringing (tag=b3)
proxy2 -> proxy1: 180 Ringing (tag=b3)
proxy1 -> uac: 180 Ringing (tag=b3)
uas4 -> proxy2: 180 Ringing (tag=b4)
proxy2 -> proxy1: 180 Ringing (tag=b4)
proxy1 -> uac: 180 Ringing (tag=b4)
uas3 -> proxy2: 486 Busy Here (tag=b3)
proxy2 -> uas3: ACK (tag=b3)
uas4 -> proxy2: 486 Busy Here (tag=b4)
proxy2 -> uas4: ACK (tag=b4)
proxy2 -> proxy1: 486 Busy Here (tag=b3)
proxy1 -> proxy2: ACK (tag=b3)
proxy1 -> uac: 199 Early Dialog Terminated (tag=b3)
proxy1 -> uac: 199 Early Dialog Terminated (tag=b4)
uas2 -> proxy1: 200 OK (tag=b2)
proxy1 -> uac: 200 OK (tag=b2)
uac -> proxy1: ACK (tag=b2)
proxy1 -> uas2: ACK (tag=b2))",
    true};

// RFC 6337, offer/answer. UAC and UAS, A and B are alice and bob. The patterns of Table 1 in the
// first INVITE ("Ini"), in an established session ("Est") and in an early dialog ("Early").

inline constexpr standard_flow rfc6337_2_2_pattern_1{
    "Pattern 1: INVITE, 2xx",
    "RFC 6337 2.2",
    R"(alice -> bob: INVITE (sdp)
bob -> alice: 200 OK (sdp)
alice -> bob: ACK)",
    true};

inline constexpr standard_flow rfc6337_2_2_pattern_1_established{
    "Pattern 1: re-INVITE, 2xx",
    "RFC 6337 2.2",
    R"(alice -> bob: INVITE (sdp)
bob -> alice: 200 OK (sdp)
alice -> bob: ACK
alice -> bob: INVITE (sdp)
bob -> alice: 200 OK (sdp)
alice -> bob: ACK)",
    true};

inline constexpr standard_flow rfc6337_2_2_pattern_2{
    "Pattern 2: 2xx, ACK",
    "RFC 6337 2.2",
    R"(alice -> bob: INVITE
bob -> alice: 200 OK (sdp)
alice -> bob: ACK (sdp))",
    true};

inline constexpr standard_flow rfc6337_2_2_pattern_2_established{
    "Pattern 2: 2xx to a re-INVITE, ACK",
    "RFC 6337 2.2",
    R"(alice -> bob: INVITE (sdp)
bob -> alice: 200 OK (sdp)
alice -> bob: ACK
alice -> bob: INVITE
bob -> alice: 200 OK (sdp)
alice -> bob: ACK (sdp))",
    true};

inline constexpr standard_flow rfc6337_2_2_pattern_3{
    "Pattern 3: INVITE, reliable 1xx",
    "RFC 6337 2.2",
    R"(alice -> bob: INVITE (sdp, 100rel)
bob -> alice: 183 Session Progress (sdp, 100rel)
alice -> bob: PRACK
bob -> alice: 200 OK (PRACK)
bob -> alice: 200 OK (INVITE)
alice -> bob: ACK)",
    true};

inline constexpr standard_flow rfc6337_2_2_pattern_3_established{
    "Pattern 3: re-INVITE, reliable 1xx",
    "RFC 6337 2.2",
    R"(alice -> bob: INVITE (sdp)
bob -> alice: 200 OK (sdp)
alice -> bob: ACK
alice -> bob: INVITE (sdp, 100rel)
bob -> alice: 183 Session Progress (sdp, 100rel)
alice -> bob: PRACK
bob -> alice: 200 OK (PRACK)
bob -> alice: 200 OK (INVITE)
alice -> bob: ACK)",
    true};

inline constexpr standard_flow rfc6337_2_2_pattern_4{
    "Pattern 4: reliable 1xx, PRACK",
    "RFC 6337 2.2",
    R"(alice -> bob: INVITE (100rel)
bob -> alice: 183 Session Progress (sdp, 100rel)
alice -> bob: PRACK (sdp)
bob -> alice: 200 OK (PRACK)
bob -> alice: 200 OK (INVITE)
alice -> bob: ACK)",
    true};

inline constexpr standard_flow rfc6337_2_2_pattern_4_established{
    "Pattern 4: reliable 1xx to a re-INVITE, PRACK",
    "RFC 6337 2.2",
    R"(alice -> bob: INVITE (sdp)
bob -> alice: 200 OK (sdp)
alice -> bob: ACK
alice -> bob: INVITE (100rel)
bob -> alice: 183 Session Progress (sdp, 100rel)
alice -> bob: PRACK (sdp)
bob -> alice: 200 OK (PRACK)
bob -> alice: 200 OK (INVITE)
alice -> bob: ACK)",
    true};

// "In Pattern 5, a Provisional Response ACKnowledgement (PRACK) request can contain an offer only
// if the reliable response that it acknowledges contains an answer to the previous offer/answer
// exchange."
inline constexpr standard_flow rfc6337_2_2_pattern_5_early{
    "Pattern 5: PRACK, 200 in an early dialog",
    "RFC 6337 2.2",
    R"(alice -> bob: INVITE (sdp, 100rel)
bob -> alice: 183 Session Progress (sdp, 100rel)
alice -> bob: PRACK (sdp)
bob -> alice: 200 OK (PRACK, sdp)
bob -> alice: 200 OK (INVITE)
alice -> bob: ACK)",
    true};

inline constexpr standard_flow rfc6337_2_2_pattern_5_established{
    "Pattern 5: PRACK, 200 within a re-INVITE",
    "RFC 6337 2.2",
    R"(alice -> bob: INVITE (sdp)
bob -> alice: 200 OK (sdp)
alice -> bob: ACK
alice -> bob: INVITE (sdp, 100rel)
bob -> alice: 183 Session Progress (sdp, 100rel)
alice -> bob: PRACK (sdp)
bob -> alice: 200 OK (PRACK, sdp)
bob -> alice: 200 OK (INVITE)
alice -> bob: ACK)",
    true};

inline constexpr standard_flow rfc6337_2_2_pattern_6_early_caller{
    "Pattern 6: UPDATE by the caller, 2xx in an early dialog",
    "RFC 6337 2.2",
    R"(alice -> bob: INVITE (sdp, 100rel)
bob -> alice: 183 Session Progress (sdp, 100rel)
alice -> bob: PRACK
bob -> alice: 200 OK (PRACK)
alice -> bob: UPDATE (sdp)
bob -> alice: 200 OK (UPDATE, sdp)
bob -> alice: 200 OK (INVITE)
alice -> bob: ACK)",
    true};

// The callee may do so once the PRACK is there (RFC 3311 5.1).
inline constexpr standard_flow rfc6337_2_2_pattern_6_early_callee{
    "Pattern 6: UPDATE by the callee, 2xx in an early dialog",
    "RFC 6337 2.2",
    R"(alice -> bob: INVITE (sdp, 100rel)
bob -> alice: 183 Session Progress (sdp, 100rel)
alice -> bob: PRACK
bob -> alice: 200 OK (PRACK)
bob -> alice: UPDATE (sdp)
alice -> bob: 200 OK (UPDATE, sdp)
bob -> alice: 200 OK (INVITE)
alice -> bob: ACK)",
    true};

inline constexpr standard_flow rfc6337_2_2_pattern_6_early_offerless{
    "Pattern 6 after an INVITE without an offer, in an early dialog",
    "RFC 6337 2.2",
    R"(alice -> bob: INVITE (100rel)
bob -> alice: 183 Session Progress (sdp, 100rel)
alice -> bob: PRACK (sdp)
bob -> alice: 200 OK (PRACK)
alice -> bob: UPDATE (sdp)
bob -> alice: 200 OK (UPDATE, sdp)
bob -> alice: UPDATE (sdp)
alice -> bob: 200 OK (UPDATE, sdp)
bob -> alice: 200 OK (INVITE)
alice -> bob: ACK)",
    true};

inline constexpr standard_flow rfc6337_2_2_pattern_6_established{
    "Pattern 6: UPDATE, 2xx in an established session",
    "RFC 6337 2.2",
    R"(alice -> bob: INVITE (sdp)
bob -> alice: 200 OK (sdp)
alice -> bob: ACK
alice -> bob: UPDATE (sdp)
bob -> alice: 200 OK (UPDATE, sdp)
bob -> alice: UPDATE (sdp)
alice -> bob: 200 OK (UPDATE, sdp))",
    true};

// "It is legal to have UPDATE/2xx exchanges without offer/answer exchanges (Pattern 6)."
inline constexpr standard_flow rfc6337_2_2_pattern_6_no_offer{
    "Pattern 6: UPDATE without an offer",
    "RFC 6337 2.2",
    R"(alice -> bob: INVITE (sdp)
bob -> alice: 200 OK (sdp)
alice -> bob: ACK
alice -> bob: UPDATE
bob -> alice: 200 OK)",
    true};

// Table 2 from here on.
inline constexpr standard_flow rfc6337_2_3_pattern_1{
    "Rejection, Pattern 1: 488 INVITE Response",
    "RFC 6337 2.3",
    R"(alice -> bob: INVITE (sdp)
bob -> alice: 488 Not Acceptable Here
alice -> bob: ACK)",
    true};

// The session goes on as it was: the BYE ends it.
inline constexpr standard_flow rfc6337_2_3_pattern_1_established{
    "Rejection, Pattern 1: 488 to a re-INVITE",
    "RFC 6337 2.3",
    R"(alice -> bob: INVITE (sdp)
bob -> alice: 200 OK (sdp)
alice -> bob: ACK
alice -> bob: INVITE (sdp)
bob -> alice: 488 Not Acceptable Here
alice -> bob: ACK
alice -> bob: BYE
bob -> alice: 200 OK)",
    true};

// "A 2xx response should be sent, with a syntactically correct session description. This may
// optionally be followed by an UPDATE request to rearrange the session parameters."
inline constexpr standard_flow rfc6337_2_3_pattern_1_accepted{
    "Rejection, Pattern 1: 2xx to a re-INVITE, followed by an UPDATE",
    "RFC 6337 2.3",
    R"(alice -> bob: INVITE (sdp)
bob -> alice: 200 OK (sdp)
alice -> bob: ACK
alice -> bob: INVITE (sdp)
bob -> alice: 200 OK (sdp)
alice -> bob: ACK
bob -> alice: UPDATE (sdp)
alice -> bob: 200 OK (UPDATE, sdp))",
    true};

inline constexpr standard_flow rfc6337_2_3_pattern_2{
    "Rejection, Pattern 2: answer in ACK followed by new offer",
    "RFC 6337 2.3",
    R"(alice -> bob: INVITE
bob -> alice: 200 OK (sdp)
alice -> bob: ACK (sdp)
alice -> bob: INVITE (sdp)
bob -> alice: 200 OK (sdp)
alice -> bob: ACK)",
    true};

// The ACK has its answer all the same (RFC 3261 13.2.2.4).
inline constexpr standard_flow rfc6337_2_3_pattern_2_terminated{
    "Rejection, Pattern 2: termination of the dialog",
    "RFC 6337 2.3",
    R"(alice -> bob: INVITE
bob -> alice: 200 OK (sdp)
alice -> bob: ACK (sdp)
alice -> bob: BYE
bob -> alice: 200 OK)",
    true};

inline constexpr standard_flow rfc6337_2_3_pattern_3{
    "Rejection, Pattern 3: 488 INVITE Response",
    "RFC 6337 2.3",
    R"(alice -> bob: INVITE (sdp, 100rel)
bob -> alice: 180 Ringing (100rel)
alice -> bob: PRACK
bob -> alice: 200 OK (PRACK)
bob -> alice: 488 Not Acceptable Here (INVITE)
alice -> bob: ACK)",
    true};

inline constexpr standard_flow rfc6337_2_3_pattern_4{
    "Rejection, Pattern 4: answer in PRACK followed by new offer",
    "RFC 6337 2.3",
    R"(alice -> bob: INVITE (100rel)
bob -> alice: 183 Session Progress (sdp, 100rel)
alice -> bob: PRACK (sdp)
bob -> alice: 200 OK (PRACK)
alice -> bob: UPDATE (sdp)
bob -> alice: 200 OK (UPDATE, sdp)
bob -> alice: 200 OK (INVITE)
alice -> bob: ACK)",
    true};

inline constexpr standard_flow rfc6337_2_3_pattern_5{
    "Rejection, Pattern 5: 200 PRACK Response followed by new offer",
    "RFC 6337 2.3",
    R"(alice -> bob: INVITE (sdp, 100rel)
bob -> alice: 183 Session Progress (sdp, 100rel)
alice -> bob: PRACK (sdp)
bob -> alice: 200 OK (PRACK, sdp)
bob -> alice: UPDATE (sdp)
alice -> bob: 200 OK (UPDATE, sdp)
bob -> alice: 200 OK (INVITE)
alice -> bob: ACK)",
    true};

inline constexpr standard_flow rfc6337_2_3_pattern_5_terminated{
    "Rejection, Pattern 5: termination of the dialog",
    "RFC 6337 2.3",
    R"(alice -> bob: INVITE (sdp, 100rel)
bob -> alice: 183 Session Progress (sdp, 100rel)
alice -> bob: PRACK (sdp)
bob -> alice: 200 OK (PRACK, sdp)
bob -> alice: 488 Not Acceptable Here (INVITE)
alice -> bob: ACK)",
    true};

// "There is a possibility for UAC to receive a 488 response for an PRACK request. In that case,
// UAC may send again a PRACK request without an offer." Against RFC 3262 3: a PRACK that matches
// "MUST be responded to with a 2xx response"; RFC 6337 calls that "an open issue".
inline constexpr standard_flow rfc6337_2_3_prack_488{
    "Rejection, Pattern 5: 488 to a PRACK, and a PRACK without an offer",
    "RFC 6337 2.3",
    R"(alice -> bob: INVITE (sdp, 100rel)
bob -> alice: 183 Session Progress (sdp, 100rel)
alice -> bob: PRACK (sdp)
bob -> alice: 488 Not Acceptable Here (PRACK)
alice -> bob: PRACK
bob -> alice: 200 OK (PRACK)
bob -> alice: 200 OK (INVITE)
alice -> bob: ACK)",
    true};

// "... or send a CANCEL request to terminate the INVITE transaction."
inline constexpr standard_flow rfc6337_2_3_prack_488_canceled{
    "Rejection, Pattern 5: 488 to a PRACK, and a CANCEL",
    "RFC 6337 2.3",
    R"(alice -> bob: INVITE (sdp, 100rel)
bob -> alice: 183 Session Progress (sdp, 100rel)
alice -> bob: PRACK (sdp)
bob -> alice: 488 Not Acceptable Here (PRACK)
alice -> bob: CANCEL
bob -> alice: 200 OK (CANCEL)
bob -> alice: 487 Request Terminated (INVITE)
alice -> bob: ACK)",
    true};

inline constexpr standard_flow rfc6337_2_3_pattern_6{
    "Rejection, Pattern 6: 488 UPDATE Response",
    "RFC 6337 2.3",
    R"(alice -> bob: INVITE (sdp)
bob -> alice: 200 OK (sdp)
alice -> bob: ACK
alice -> bob: UPDATE (sdp)
bob -> alice: 488 Not Acceptable Here)",
    true};

inline constexpr standard_flow rfc6337_2_3_pattern_6_early{
    "Rejection, Pattern 6: 488 UPDATE Response in an early dialog",
    "RFC 6337 2.3",
    R"(alice -> bob: INVITE (sdp, 100rel)
bob -> alice: 183 Session Progress (sdp, 100rel)
alice -> bob: PRACK
bob -> alice: 200 OK (PRACK)
alice -> bob: UPDATE (sdp)
bob -> alice: 488 Not Acceptable Here (UPDATE)
bob -> alice: 200 OK (INVITE)
alice -> bob: ACK)",
    true};

// "A session description in an unreliable response that precedes a reliable response can be
// considered a 'preview' of the answer": the 2xx has to carry the answer itself.
inline constexpr standard_flow rfc6337_3_1_1_unreliable{
    "INVITE Request with SDP, a preview in an unreliable response",
    "RFC 6337 3.1.1",
    R"(alice -> bob: INVITE (sdp)
bob -> alice: 183 Session Progress (sdp)
bob -> alice: 200 OK (sdp)
alice -> bob: ACK)",
    true};

// Figure 1: a preview, a reliable 1xx without the answer, the answer, then 1xx and 2xx without
// SDP.
inline constexpr standard_flow rfc6337_3_1_1{
    "Example of Offer/Answer with 100rel Extension (1)",
    "RFC 6337 3.1.1",
    R"(alice -> bob: INVITE (sdp, 100rel)
bob -> alice: 183 Session Progress (sdp)
bob -> alice: 183 Session Progress (100rel)
alice -> bob: PRACK
bob -> alice: 200 OK (PRACK)
bob -> alice: 183 Session Progress (sdp, 100rel)
alice -> bob: PRACK
bob -> alice: 200 OK (PRACK)
bob -> alice: 180 Ringing (100rel)
alice -> bob: PRACK
bob -> alice: 200 OK (PRACK)
bob -> alice: 200 OK (INVITE)
alice -> bob: ACK)",
    true};

// Figure 2: "The first 1xx-rel must contain SDP as the offer", and its PRACK the answer.
inline constexpr standard_flow rfc6337_3_1_2{
    "Example of Offer/Answer with 100rel Extension (2)",
    "RFC 6337 3.1.2",
    R"(alice -> bob: INVITE (100rel)
bob -> alice: 183 Session Progress
bob -> alice: 183 Session Progress (sdp, 100rel)
alice -> bob: PRACK (sdp)
bob -> alice: 200 OK (PRACK)
bob -> alice: 180 Ringing (100rel)
alice -> bob: PRACK
bob -> alice: 200 OK (PRACK)
bob -> alice: 200 OK (INVITE)
alice -> bob: ACK)",
    true};

// "The UAC should send an UPDATE offering the SDP that has been reinstated."
inline constexpr standard_flow rfc6337_3_4{
    "Recovering from a Failed Re-INVITE",
    "RFC 6337 3.4",
    R"(alice -> bob: INVITE (sdp)
bob -> alice: 200 OK (sdp)
alice -> bob: ACK
alice -> bob: INVITE (sdp, 100rel)
bob -> alice: 183 Session Progress (sdp, 100rel)
alice -> bob: PRACK
bob -> alice: 200 OK (PRACK)
bob -> alice: 488 Not Acceptable Here (INVITE)
alice -> bob: ACK
alice -> bob: UPDATE (sdp)
bob -> alice: 200 OK (UPDATE, sdp))",
    true};

// "This is a true glare. [...] But there is no problem even if UA B sends it": B has answered and
// need not wait for the ACK. A: UAS-IcU.
inline constexpr standard_flow rfc6337_4_1_figure_8{
    "A 2xx to INVITE crosses an UPDATE",
    "RFC 6337 4.1",
    R"(alice -> bob: INVITE (sdp)
bob -> alice: 200 OK (sdp)
alice -> bob: ACK
alice -> bob: INVITE (sdp)
bob -> : 200 OK (INVITE, sdp) #1
bob -> alice: UPDATE (sdp)
alice -> bob: 491 Request Pending (UPDATE)
-> alice: 200 OK (INVITE, sdp) #1
alice -> bob: ACK)",
    true};

// Table 3 from here on; Figure 3 is its scheme. A: UAS-UcU.
inline constexpr standard_flow rfc6337_4_1_update_update{
    "A 2xx to UPDATE crosses an UPDATE",
    "RFC 6337 4.1",
    R"(alice -> bob: INVITE (sdp)
bob -> alice: 200 OK (sdp)
alice -> bob: ACK
alice -> bob: UPDATE (sdp)
bob -> : 200 OK (UPDATE, sdp) #1
bob -> alice: UPDATE (sdp)
alice -> bob: 491 Request Pending (UPDATE)
-> alice: 200 OK (UPDATE, sdp) #1)",
    true};

// A: UAS-UcI.
inline constexpr standard_flow rfc6337_4_1_update_invite{
    "A 2xx to UPDATE crosses a re-INVITE",
    "RFC 6337 4.1",
    R"(alice -> bob: INVITE (sdp)
bob -> alice: 200 OK (sdp)
alice -> bob: ACK
alice -> bob: UPDATE (sdp)
bob -> : 200 OK (UPDATE, sdp) #1
bob -> alice: INVITE (sdp)
alice -> bob: 491 Request Pending (INVITE)
bob -> alice: ACK
-> alice: 200 OK (UPDATE, sdp) #1)",
    true};

// A: UAS-IcU.
inline constexpr standard_flow rfc6337_4_1_prack_update{
    "A 2xx to PRACK crosses an UPDATE",
    "RFC 6337 4.1",
    R"(alice -> bob: INVITE (sdp, 100rel)
bob -> alice: 183 Session Progress (sdp, 100rel)
alice -> bob: PRACK (sdp)
bob -> : 200 OK (PRACK, sdp) #1
bob -> alice: UPDATE (sdp)
alice -> bob: 491 Request Pending (UPDATE)
-> alice: 200 OK (PRACK, sdp) #1
bob -> alice: 200 OK (INVITE)
alice -> bob: ACK)",
    true};

// A: UAS-IsU.
inline constexpr standard_flow rfc6337_4_1_success_update{
    "An ACK with the answer crosses an UPDATE",
    "RFC 6337 4.1",
    R"(alice -> bob: INVITE (sdp)
bob -> alice: 200 OK (sdp)
alice -> bob: ACK
bob -> alice: INVITE
alice -> bob: 200 OK (INVITE, sdp)
bob -> : ACK (sdp) #1
bob -> alice: UPDATE (sdp)
alice -> bob: 500 Server Internal Error (UPDATE, retry-after=5)
-> alice: ACK (sdp) #1)",
    true};

// A: UAS-IsI. The CSeq numbers tell which INVITE an ACK belongs to.
inline constexpr standard_flow rfc6337_4_1_success_invite{
    "An ACK with the answer crosses a re-INVITE",
    "RFC 6337 4.1",
    R"(alice -> bob: INVITE (sdp)
bob -> alice: 200 OK (sdp)
alice -> bob: ACK
bob -> alice: INVITE (cseq=2)
alice -> bob: 200 OK (INVITE, sdp, cseq=2)
bob -> : ACK (sdp, cseq=2) #1
bob -> alice: INVITE (sdp, cseq=3)
alice -> bob: 500 Server Internal Error (INVITE, cseq=3, retry-after=5)
bob -> alice: ACK (cseq=3)
-> alice: ACK (sdp, cseq=2) #1)",
    true};

// Table 4 from here on; Figure 10 is its scheme. Both: UAS-IcI.
inline constexpr standard_flow rfc6337_4_2_invite_invite{
    "Glare of re-INVITE and re-INVITE",
    "RFC 6337 4.2",
    R"(alice -> bob: INVITE (sdp)
bob -> alice: 200 OK (sdp)
alice -> bob: ACK
alice -> : INVITE (sdp) #1
bob -> : INVITE (sdp) #2
-> bob: INVITE (sdp) #1
-> alice: INVITE (sdp) #2
bob -> alice: 491 Request Pending (INVITE)
alice -> bob: ACK
alice -> bob: 491 Request Pending (INVITE)
bob -> alice: ACK)",
    true};

// A: UAS-IcU. B: UAS-UcI.
inline constexpr standard_flow rfc6337_4_2_invite_update{
    "Glare of re-INVITE and UPDATE",
    "RFC 6337 4.2",
    R"(alice -> bob: INVITE (sdp)
bob -> alice: 200 OK (sdp)
alice -> bob: ACK
alice -> : INVITE (sdp) #1
bob -> : UPDATE (sdp) #2
-> bob: INVITE (sdp) #1
-> alice: UPDATE (sdp) #2
bob -> alice: 491 Request Pending (INVITE)
alice -> bob: ACK
alice -> bob: 491 Request Pending (UPDATE))",
    true};

// The figure draws B's rejection only, and Alice's UPDATE after Bob's: it is legal where the two
// cross, and then both are rejected. This is Table 4's glare of UPDATE and UPDATE as well.
inline constexpr standard_flow rfc6337_4_3_figure_14{
    "Example of UAC-UU and UAS-UcU",
    "RFC 6337 4.3",
    R"(alice -> bob: INVITE (sdp)
bob -> alice: 200 OK (sdp)
alice -> bob: ACK
bob -> : UPDATE (sdp) #1
alice -> : UPDATE (sdp) #2
-> alice: UPDATE (sdp) #1
-> bob: UPDATE (sdp) #2
bob -> alice: 491 Request Pending (UPDATE)
alice -> bob: 491 Request Pending (UPDATE))",
    true};

// As the figure, but crossing: Alice should not send the re-INVITE once she has the UPDATE. She
// has no offer of her own outstanding and answers the UPDATE.
inline constexpr standard_flow rfc6337_4_3_figure_16{
    "Example of UAC-UI and UAS-UcI",
    "RFC 6337 4.3",
    R"(alice -> bob: INVITE (sdp)
bob -> alice: 200 OK (sdp)
alice -> bob: ACK
bob -> : UPDATE (sdp) #1
alice -> : INVITE #2
-> alice: UPDATE (sdp) #1
-> bob: INVITE #2
bob -> alice: 491 Request Pending (INVITE)
alice -> bob: ACK
alice -> bob: 200 OK (UPDATE, sdp))",
    true};

// Alice holds by UPDATE, Bob by re-INVITE, and each resumes: only what the descriptions say
// differs.
inline constexpr standard_flow rfc6337_5_3{
    "Hold and Resume of Media",
    "RFC 6337 5.3",
    R"(alice -> bob: INVITE (sdp)
bob -> alice: 200 OK (sdp)
alice -> bob: ACK
alice -> bob: UPDATE (sdp)
bob -> alice: 200 OK (UPDATE, sdp)
bob -> alice: INVITE (sdp)
alice -> bob: 200 OK (sdp)
bob -> alice: ACK
alice -> bob: UPDATE (sdp)
bob -> alice: 200 OK (UPDATE, sdp)
bob -> alice: INVITE (sdp)
alice -> bob: 200 OK (sdp)
bob -> alice: ACK)",
    true};

// Figures of RFC 6337 in which a user agent does what the RFC says it "should not" (UAC-UI, UAC-
// IU): its pictures of what to avoid, each with the reaction that it asks for. They are refused.

// UAC-UI: "While an UPDATE transaction is incomplete, a UA should not send a re-INVITE request."
inline constexpr standard_flow rfc6337_4_1_figure_4{
    "Avoidable message crossing: an UPDATE, then a re-INVITE without an offer",
    "RFC 6337 4.1",
    R"(alice -> bob: INVITE (sdp)
bob -> alice: 200 OK (sdp)
alice -> bob: ACK
alice -> bob: UPDATE (sdp)
alice -> bob: INVITE
bob -> : 200 OK (UPDATE, sdp) #1
bob -> alice: 200 OK (INVITE, sdp)
-> alice: 200 OK (UPDATE, sdp) #1
alice -> bob: ACK (sdp))",
    true};

// UAC-IU: "While an INVITE transaction is incomplete, and an ACK or a PRACK transaction associated
// with an offer/answer is incomplete, a UA should not send an UPDATE request."
inline constexpr standard_flow rfc6337_4_1_figure_5{
    "Avoidable message crossing: a re-INVITE without an offer, then an UPDATE",
    "RFC 6337 4.1",
    R"(alice -> bob: INVITE (sdp)
bob -> alice: 200 OK (sdp)
alice -> bob: ACK
alice -> bob: INVITE
alice -> bob: UPDATE (sdp)
bob -> : 200 OK (UPDATE, sdp) #1
bob -> alice: 200 OK (INVITE, sdp)
-> alice: 200 OK (UPDATE, sdp) #1
alice -> bob: ACK (sdp))",
    true};

// UAC-IU for Bob, who does not wait for the 2xx to his PRACK. A: UAS-IsU. The figure ends before
// the 2xx to the re-INVITE, which is added.
inline constexpr standard_flow rfc6337_4_1_figure_6{
    "Avoidable message crossing: a PRACK crosses an UPDATE",
    "RFC 6337 4.1",
    R"(alice -> bob: INVITE (sdp)
bob -> alice: 200 OK (sdp)
alice -> bob: ACK
bob -> alice: INVITE (100rel)
alice -> bob: 183 Session Progress (sdp, 100rel)
bob -> : PRACK (sdp) #1
bob -> alice: UPDATE (sdp)
alice -> bob: 500 Server Internal Error (UPDATE, retry-after=5)
-> alice: PRACK (sdp) #1
alice -> bob: 200 OK (PRACK)
alice -> bob: 200 OK (INVITE)
bob -> alice: ACK)",
    true};

// UAC-IU for Bob, who does not wait for the PRACK; in a first INVITE RFC 3311 5.1 forbids it. A:
// UAS-IcU.
inline constexpr standard_flow rfc6337_4_1_figure_7{
    "Avoidable message crossing: a reliable 1xx crosses an UPDATE",
    "RFC 6337 4.1",
    R"(alice -> bob: INVITE (sdp)
bob -> alice: 200 OK (sdp)
alice -> bob: ACK
alice -> bob: INVITE (sdp, 100rel)
bob -> : 183 Session Progress (sdp, 100rel) #1
bob -> alice: UPDATE (sdp)
alice -> bob: 491 Request Pending (UPDATE)
-> alice: 183 Session Progress (sdp, 100rel) #1
alice -> bob: PRACK
bob -> alice: 200 OK (PRACK)
bob -> alice: 200 OK (INVITE)
alice -> bob: ACK)",
    true};

// UAC-IU for Alice, who does not wait for the PRACK. She cannot reject Bob's offer and answers it
// once she has the answer to her own.
inline constexpr standard_flow rfc6337_4_1_figure_9{
    "Avoidable message crossing: a 2xx to UPDATE crosses a PRACK with an offer",
    "RFC 6337 4.1",
    R"(alice -> bob: INVITE (sdp)
bob -> alice: 200 OK (sdp)
alice -> bob: ACK
bob -> alice: INVITE (sdp, 100rel)
alice -> bob: 183 Session Progress (sdp, 100rel)
alice -> bob: UPDATE (sdp)
bob -> : 200 OK (UPDATE, sdp) #1
bob -> : PRACK (sdp) #2
-> alice: PRACK (sdp) #2
-> alice: 200 OK (UPDATE, sdp) #1
alice -> bob: 200 OK (PRACK, sdp)
alice -> bob: 200 OK (INVITE)
bob -> alice: ACK)",
    true};

// UAC-IU for Alice, who does not wait for the PRACK. B: UAS-IcU; "at best, it could proceed on the
// assumption that the UPDATE will be rejected with a 491".
inline constexpr standard_flow rfc6337_4_2_figure_11{
    "Avoidable glare: UPDATE and PRACK",
    "RFC 6337 4.2",
    R"(alice -> bob: INVITE (sdp)
bob -> alice: 200 OK (sdp)
alice -> bob: ACK
bob -> alice: INVITE (sdp, 100rel)
alice -> bob: 183 Session Progress (sdp, 100rel)
alice -> : UPDATE (sdp) #1
bob -> : PRACK (sdp) #2
-> bob: UPDATE (sdp) #1
-> alice: PRACK (sdp) #2
bob -> alice: 491 Request Pending (UPDATE)
alice -> bob: 200 OK (PRACK, sdp)
alice -> bob: 200 OK (INVITE)
bob -> alice: ACK)",
    true};

// UAC-IU for Alice. B: UAS-IsU.
inline constexpr standard_flow rfc6337_4_2_figure_12{
    "Avoidable glare: an UPDATE after a re-INVITE without an offer, and its 2xx",
    "RFC 6337 4.2",
    R"(alice -> bob: INVITE (sdp)
bob -> alice: 200 OK (sdp)
alice -> bob: ACK
alice -> bob: INVITE
alice -> : UPDATE (sdp) #1
bob -> : 200 OK (INVITE, sdp) #2
-> bob: UPDATE (sdp) #1
-> alice: 200 OK (INVITE, sdp) #2
bob -> alice: 500 Server Internal Error (UPDATE, retry-after=5)
alice -> bob: ACK (sdp))",
    true};

// UAC-UI for Alice. B: UAS-IsU.
inline constexpr standard_flow rfc6337_4_2_figure_13{
    "Avoidable glare: an UPDATE that a re-INVITE without an offer overtakes",
    "RFC 6337 4.2",
    R"(alice -> bob: INVITE (sdp)
bob -> alice: 200 OK (sdp)
alice -> bob: ACK
alice -> : UPDATE (sdp) #1
alice -> bob: INVITE
bob -> : 200 OK (INVITE, sdp) #2
-> alice: 200 OK (INVITE, sdp) #2
-> bob: UPDATE (sdp) #1
bob -> alice: 500 Server Internal Error (UPDATE, retry-after=5)
alice -> bob: ACK (sdp))",
    true};

// UAC-UI for Alice. The figure ends before the 2xx to the UPDATE, which is added.
inline constexpr standard_flow rfc6337_4_3_figure_17{
    "Example of UAC-UI and UAS-UsI",
    "RFC 6337 4.3",
    R"(alice -> bob: INVITE (sdp)
bob -> alice: 200 OK (sdp)
alice -> bob: ACK
alice -> bob: UPDATE (sdp)
alice -> bob: INVITE
bob -> alice: 500 Server Internal Error (INVITE, retry-after=5)
alice -> bob: ACK
bob -> alice: 200 OK (UPDATE, sdp))",
    true};

// Figures of RFC 6337 in which a user agent, as they are drawn, does what RFC 3264 4 and RFC 3311
// 5.1 forbid: each shows how the other side rejects it. They are not legal.

// Alice has received an offer that she has not answered and sends another (RFC 3311 5.1).
inline constexpr standard_flow rfc6337_4_3_figure_14_as_drawn{
    "Example of UAC-UU and UAS-UcU, not crossing",
    "RFC 6337 4.3",
    R"(alice -> bob: INVITE (sdp)
bob -> alice: 200 OK (sdp)
alice -> bob: ACK
bob -> alice: UPDATE (sdp)
alice -> bob: UPDATE (sdp)
bob -> alice: 491 Request Pending (UPDATE)
alice -> bob: 200 OK (UPDATE, sdp))",
    true};

// UAC-UU: "While an UPDATE transaction is incomplete, a UA must not send another UPDATE request."
inline constexpr standard_flow rfc6337_4_3_figure_15{
    "Example of UAC-UU and UAS-UsU",
    "RFC 6337 4.3",
    R"(alice -> bob: INVITE (sdp)
bob -> alice: 200 OK (sdp)
alice -> bob: ACK
alice -> bob: UPDATE (sdp, cseq=2)
alice -> bob: UPDATE (sdp, cseq=3)
bob -> alice: 500 Server Internal Error (UPDATE, cseq=3, retry-after=5)
bob -> alice: 200 OK (UPDATE, sdp, cseq=2))",
    true};

// Alice has an offer outstanding in the reliable 1xx (RFC 3311 5.1, RFC 3264 4).
inline constexpr standard_flow rfc6337_4_3_figure_18{
    "Example of UAC-IU and UAS-IcU",
    "RFC 6337 4.3",
    R"(alice -> bob: INVITE (sdp)
bob -> alice: 200 OK (sdp)
alice -> bob: ACK
bob -> alice: INVITE (100rel)
alice -> bob: 183 Session Progress (sdp, 100rel)
alice -> bob: UPDATE (sdp)
bob -> alice: 491 Request Pending (UPDATE)
bob -> alice: PRACK (sdp)
alice -> bob: 200 OK (PRACK)
alice -> bob: 200 OK (INVITE)
bob -> alice: ACK)",
    true};

// Alice has received an offer in the reliable 1xx, which her PRACK has to answer first (RFC 3311
// 5.1, RFC 3264 4).
inline constexpr standard_flow rfc6337_4_3_figure_19{
    "Example of UAC-IU and UAS-IsU",
    "RFC 6337 4.3",
    R"(alice -> bob: INVITE (sdp)
bob -> alice: 200 OK (sdp)
alice -> bob: ACK
alice -> bob: INVITE (100rel)
bob -> alice: 183 Session Progress (sdp, 100rel)
alice -> bob: UPDATE (sdp)
bob -> alice: 500 Server Internal Error (UPDATE, retry-after=5)
alice -> bob: PRACK (sdp)
bob -> alice: 200 OK (PRACK)
bob -> alice: 200 OK (INVITE)
alice -> bob: ACK)",
    true};

/// The sequences of RFC 3262.
inline constexpr standard_flow const* rfc3262[] = {
    &rfc3262_3_retransmitted, &rfc3262_3_several, &rfc3262_3_final_first, &rfc3262_4_gap};

/// The figure of RFC 3311.
inline constexpr standard_flow const* rfc3311[] = {
    &rfc3311_8};

/// The figures of RFC 3312.
inline constexpr standard_flow const* rfc3312[] = {
    &rfc3312_13_1, &rfc3312_13_1_modification, &rfc3312_13_2, &rfc3312_13_2_update,
    &rfc3312_13_3};

/// The figures of RFC 3665 section 3.
inline constexpr standard_flow const* rfc3665[] = {
    &rfc3665_3_1, &rfc3665_3_2, &rfc3665_3_3, &rfc3665_3_4, &rfc3665_3_5, &rfc3665_3_6,
    &rfc3665_3_7, &rfc3665_3_8, &rfc3665_3_9, &rfc3665_3_10, &rfc3665_3_11};

/// The figure of RFC 4028.
inline constexpr standard_flow const* rfc4028[] = {
    &rfc4028_13};

/// The figures of RFC 6141.
inline constexpr standard_flow const* rfc6141[] = {
    &rfc6141_3_1_rejected, &rfc6141_3_1_automatic, &rfc6141_3_1_manual, &rfc6141_3_6,
    &rfc6141_3_7, &rfc6141_3_7_synchronized, &rfc6141_3_8, &rfc6141_3_8_executed};

/// The figures of RFC 6228.
inline constexpr standard_flow const* rfc6228[] = {
    &rfc6228_9_1, &rfc6228_9_2, &rfc6228_9_3};

/// The patterns, rejections and figures of RFC 6337 that are legal.
inline constexpr standard_flow const* rfc6337[] = {
    &rfc6337_2_2_pattern_1, &rfc6337_2_2_pattern_1_established, &rfc6337_2_2_pattern_2,
    &rfc6337_2_2_pattern_2_established, &rfc6337_2_2_pattern_3,
    &rfc6337_2_2_pattern_3_established, &rfc6337_2_2_pattern_4,
    &rfc6337_2_2_pattern_4_established, &rfc6337_2_2_pattern_5_early,
    &rfc6337_2_2_pattern_5_established, &rfc6337_2_2_pattern_6_early_caller,
    &rfc6337_2_2_pattern_6_early_callee, &rfc6337_2_2_pattern_6_early_offerless,
    &rfc6337_2_2_pattern_6_established, &rfc6337_2_2_pattern_6_no_offer,
    &rfc6337_2_3_pattern_1, &rfc6337_2_3_pattern_1_established,
    &rfc6337_2_3_pattern_1_accepted, &rfc6337_2_3_pattern_2,
    &rfc6337_2_3_pattern_2_terminated, &rfc6337_2_3_pattern_3, &rfc6337_2_3_pattern_4,
    &rfc6337_2_3_pattern_5, &rfc6337_2_3_pattern_5_terminated, &rfc6337_2_3_prack_488,
    &rfc6337_2_3_prack_488_canceled, &rfc6337_2_3_pattern_6, &rfc6337_2_3_pattern_6_early,
    &rfc6337_3_1_1_unreliable, &rfc6337_3_1_1, &rfc6337_3_1_2, &rfc6337_3_4, &rfc6337_4_1_figure_8, &rfc6337_4_1_update_update,
    &rfc6337_4_1_update_invite, &rfc6337_4_1_prack_update, &rfc6337_4_1_success_update,
    &rfc6337_4_1_success_invite, &rfc6337_4_2_invite_invite, &rfc6337_4_2_invite_update,
    &rfc6337_4_3_figure_14, &rfc6337_4_3_figure_16, &rfc6337_5_3};

/// Figures of RFC 6337 that show what a user agent should not do: the rules refuse them.
inline constexpr standard_flow const* rfc6337_disputed[] = {
    &rfc6337_4_1_figure_4, &rfc6337_4_1_figure_5, &rfc6337_4_1_figure_6, &rfc6337_4_1_figure_7,
    &rfc6337_4_1_figure_9, &rfc6337_4_2_figure_11, &rfc6337_4_2_figure_12,
    &rfc6337_4_2_figure_13, &rfc6337_4_3_figure_17};

/// Figures of RFC 6337 in which a user agent does what it must not.
inline constexpr standard_flow const* rfc6337_refused[] = {
    &rfc6337_4_3_figure_14_as_drawn, &rfc6337_4_3_figure_15, &rfc6337_4_3_figure_18,
    &rfc6337_4_3_figure_19};

// clang-format on

/// Every flow of this file that is legal.
inline constexpr auto all = ctsip::detail::concatenated(rfc3262, rfc3311, rfc3312, rfc3665, rfc4028,
                                                        rfc6141, rfc6228, rfc6337);

} // namespace standard_flows

} // namespace ctsip
