// RFC 5407, Example Call Flows of Race Conditions in SIP: all its figures, and the variants that
// its text names, as flows. Messages that cross are sent on one line and delivered on a later one.
// Read flow/standard_flow.hpp before it. Descriptions are marked where the RFC shows or names them;
// where it does for no message of a figure, none is marked and offer/answer is left open.
#pragma once

#include <ctsip/flow/standard_flow.hpp>

namespace ctsip {

namespace standard_flows {

// clang-format off

// 3.1 Receiving Message in the Moratorium State

/// The INVITE sent again crosses the 200, since its 180 was lost. "the INVITE server transaction is
/// not terminated by F3, and F4 MUST be handled properly as a retransmission." The UAS need not
/// send the 200 again: "it seems unnecessary to retransmit 200 when the UAS receives the
/// retransmission of the ini-INVITE".
inline constexpr standard_flow rfc5407_3_1_1{
    "Callee Receives Initial INVITE Retransmission (Preparative State) While in the "
    "Moratorium State",
    "RFC 5407 3.1.1",
    R"(alice -> bob: INVITE
bob -> alice: 180 Ringing (lost)
alice -> : INVITE (again) #1
bob -> : 200 OK #2
-> bob: INVITE (again) #1
-> alice: 200 OK #2
alice -> bob: ACK)",
    true};

/// As rfc5407_3_1_1, and the UAS sends the 200 again: "it does not matter if the UAS sends the
/// retransmission of 200, since the 200 does not cause any problem". The caller acknowledges each:
/// "The UAC core MUST generate an ACK request for each 2xx" (RFC 3261 13.2.2.4).
inline constexpr standard_flow rfc5407_3_1_1_answered_again{
    "Callee Receives Initial INVITE Retransmission (Preparative State) While in the "
    "Moratorium State: the 200 again",
    "RFC 5407 3.1.1",
    R"(alice -> bob: INVITE
bob -> alice: 180 Ringing (lost)
alice -> : INVITE (again) #1
bob -> : 200 OK #2
-> bob: INVITE (again) #1
-> alice: 200 OK #2
alice -> : ACK #3
bob -> : 200 OK (again) #4
-> bob: ACK #3
-> alice: 200 OK (again) #4
alice -> bob: ACK (again))",
    true};

/// The CANCEL crosses the 200 to the INVITE. There is still "an INVITE transaction that the CANCEL
/// request matches, so a 200 response to the request is sent", which "simply means that the CANCEL
/// was received". "Regardless of the success/failure of the CANCEL, Alice checks the final response
/// to the INVITE, and if she receives 200 to the INVITE request she immediately sends a BYE and
/// terminates the dialog."
inline constexpr standard_flow rfc5407_3_1_2{
    "Callee Receives CANCEL (Early State) While in the Moratorium State",
    "RFC 5407 3.1.2",
    R"(alice -> bob: INVITE (sdp)
bob -> alice: 180 Ringing
alice -> : CANCEL #1
bob -> : 200 OK (INVITE, sdp) #2
-> bob: CANCEL #1
-> alice: 200 OK (INVITE, sdp) #2
alice -> : ACK #3
bob -> : 200 OK (CANCEL) #4
-> bob: ACK #3
-> alice: 200 OK (CANCEL) #4
alice -> bob: BYE
bob -> alice: 200 OK (BYE))",
    true};

/// As rfc5407_3_1_2 with a callee from before RFC 6026, whose INVITE server transaction ended with
/// its 200: "the UAC MAY receive a 481 response to the CANCEL since there is no transaction that
/// the CANCEL request matches."
inline constexpr standard_flow rfc5407_3_1_2_unmatched{
    "Callee Receives CANCEL (Early State) While in the Moratorium State: 481",
    "RFC 5407 3.1.2",
    R"(alice -> bob: INVITE (sdp)
bob -> alice: 180 Ringing
alice -> : CANCEL #1
bob -> : 200 OK (INVITE, sdp) #2
-> bob: CANCEL #1
-> alice: 200 OK (INVITE, sdp) #2
alice -> : ACK #3
bob -> : 481 Call/Transaction Does Not Exist (CANCEL) #4
-> bob: ACK #3
-> alice: 481 Call/Transaction Does Not Exist (CANCEL) #4
alice -> bob: BYE
bob -> alice: 200 OK (BYE))",
    true};

/// The caller's BYE in the early dialog crosses the 200 to the INVITE. "it is not illegal to send
/// BYE in the Early state to terminate a specific early dialog if that is the caller's intent." The
/// caller "does not establish a session even though it receives a 200 response to the INVITE. Even
/// so, the UAC sends an ACK to 200 in order to complete the INVITE transaction." The callee answers
/// the BYE before it has the ACK.
inline constexpr standard_flow rfc5407_3_1_3{
    "Callee Receives BYE (Early State) While in the Moratorium State",
    "RFC 5407 3.1.3",
    R"(alice -> bob: INVITE (sdp)
bob -> alice: 180 Ringing
alice -> : BYE #1
bob -> : 200 OK (INVITE, sdp) #2
-> bob: BYE #1
-> alice: 200 OK (INVITE, sdp) #2
alice -> : ACK #3
bob -> : 200 OK (BYE) #4
-> bob: ACK #3
-> alice: 200 OK (BYE) #4)",
    true};

/// The re-INVITE arrives before the ACK to the first 200, which was lost. "The UAS sends a 200 OK
/// (with answer2) to the re-INVITE (F8) because it has sent a 200 OK (with answer1) to the
/// ini-INVITE (F3, F5) and the dialog has already been established." The ACK sent again follows
/// with the older CSeq number: "The UA should not reject or drop the ACK on grounds of the CSeq
/// number."
inline constexpr standard_flow rfc5407_3_1_4_200{
    "Callee Receives re-INVITE (Established State) While in the Moratorium State (Case "
    "1): 200",
    "RFC 5407 3.1.4",
    R"(alice -> bob: INVITE (sdp)
bob -> alice: 180 Ringing
bob -> alice: 200 OK (sdp)
alice -> bob: ACK (lost)
alice -> : INVITE (sdp) #1
bob -> : 200 OK (INVITE, sdp, again) #2
-> bob: INVITE (sdp) #1
-> alice: 200 OK (INVITE, sdp, again) #2
alice -> : ACK (again) #3
bob -> : 200 OK (INVITE, sdp) #4
-> bob: ACK (again) #3
-> alice: 200 OK (INVITE, sdp) #4
alice -> bob: ACK)",
    true};

/// As rfc5407_3_1_4_200 with the other answer: "However, a 491 response can also lead to the same
/// outcome, so either response can be used."
inline constexpr standard_flow rfc5407_3_1_4_491{
    "Callee Receives re-INVITE (Established State) While in the Moratorium State (Case "
    "1): 491",
    "RFC 5407 3.1.4",
    R"(alice -> bob: INVITE (sdp)
bob -> alice: 180 Ringing
bob -> alice: 200 OK (sdp)
alice -> bob: ACK (lost)
alice -> : INVITE (sdp) #1
bob -> : 200 OK (INVITE, sdp, again) #2
-> bob: INVITE (sdp) #1
-> alice: 200 OK (INVITE, sdp, again) #2
alice -> : ACK (again) #3
bob -> : 491 Request Pending (INVITE) #4
-> bob: ACK (again) #3
-> alice: 491 Request Pending (INVITE) #4
alice -> bob: ACK)",
    true};

/// The re-INVITE's offer arrives before the ACK with the answer to the 200's offer, which was lost.
/// "Bob sends a 491 to the re-INVITE (F6) since he is not able to properly handle a new request
/// until he receives an answer." The caller broke nothing: it had sent its answer.
inline constexpr standard_flow rfc5407_3_1_5_491{
    "Callee Receives re-INVITE (Established State) While in the Moratorium State (Case "
    "2): 491",
    "RFC 5407 3.1.5",
    R"(alice -> bob: INVITE
bob -> alice: 180 Ringing
bob -> alice: 200 OK (sdp)
alice -> bob: ACK (sdp, lost)
alice -> : INVITE (sdp) #1
bob -> : 200 OK (INVITE, sdp, again) #2
-> bob: INVITE (sdp) #1
-> alice: 200 OK (INVITE, sdp, again) #2
alice -> : ACK (sdp, again) #3
bob -> : 491 Request Pending (INVITE) #4
-> bob: ACK (sdp, again) #3
-> alice: 491 Request Pending (INVITE) #4
alice -> bob: ACK)",
    true};

/// As rfc5407_3_1_5_491 with the other refusal: "500 with a Retry-After header may be returned if
/// the 491 response is understood to indicate request collision."
inline constexpr standard_flow rfc5407_3_1_5_500{
    "Callee Receives re-INVITE (Established State) While in the Moratorium State (Case "
    "2): 500",
    "RFC 5407 3.1.5",
    R"(alice -> bob: INVITE
bob -> alice: 180 Ringing
bob -> alice: 200 OK (sdp)
alice -> bob: ACK (sdp, lost)
alice -> : INVITE (sdp) #1
bob -> : 200 OK (INVITE, sdp, again) #2
-> bob: INVITE (sdp) #1
-> alice: 200 OK (INVITE, sdp, again) #2
alice -> : ACK (sdp, again) #3
bob -> : 500 Server Internal Error (INVITE, retry-after=5) #4
-> bob: ACK (sdp, again) #3
-> alice: 500 Server Internal Error (INVITE, retry-after=5) #4
alice -> bob: ACK)",
    true};

/// As rfc5407_3_1_5_491 with an UPDATE: "The same result will be reached if F6 is an UPDATE with
/// offer."
inline constexpr standard_flow rfc5407_3_1_5_update{
    "Callee Receives re-INVITE (Established State) While in the Moratorium State (Case "
    "2): UPDATE",
    "RFC 5407 3.1.5",
    R"(alice -> bob: INVITE
bob -> alice: 180 Ringing
bob -> alice: 200 OK (sdp)
alice -> bob: ACK (sdp, lost)
alice -> : UPDATE (sdp) #1
bob -> : 200 OK (INVITE, sdp, again) #2
-> bob: UPDATE (sdp) #1
-> alice: 200 OK (INVITE, sdp, again) #2
alice -> : ACK (sdp, again) #3
bob -> : 491 Request Pending (UPDATE) #4
-> bob: ACK (sdp, again) #3
-> alice: 491 Request Pending (UPDATE) #4)",
    true};

/// The BYE arrives before the ACK, which was lost, and crosses the 200 sent again. The caller
/// acknowledges that too, although it has sent its BYE; "the session should not be reestablished
/// when the dialog is in the Mortal state." The callee takes the late ACK after the BYE.
inline constexpr standard_flow rfc5407_3_1_6{
    "Callee Receives BYE (Established State) While in the Moratorium State",
    "RFC 5407 3.1.6",
    R"(alice -> bob: INVITE
bob -> alice: 180 Ringing
bob -> alice: 200 OK
alice -> bob: ACK (lost)
alice -> : BYE #1
bob -> : 200 OK (INVITE, again) #2
-> bob: BYE #1
-> alice: 200 OK (INVITE, again) #2
alice -> : ACK (again) #3
bob -> : 200 OK (BYE) #4
-> bob: ACK (again) #3
-> alice: 200 OK (BYE) #4)",
    true};

/// As rfc5407_3_1_6: "in the case where the UAS sends an offer in a 200 OK, the UAS should not
/// start a session again, for the same reason, if the UAS receives a retransmitted ACK after
/// receiving a BYE." The ACK still carries the answer each time.
inline constexpr standard_flow rfc5407_3_1_6_offer_in_200{
    "Callee Receives BYE (Established State) While in the Moratorium State: offer in the 200",
    "RFC 5407 3.1.6",
    R"(alice -> bob: INVITE
bob -> alice: 180 Ringing
bob -> alice: 200 OK (sdp)
alice -> bob: ACK (sdp, lost)
alice -> : BYE #1
bob -> : 200 OK (INVITE, sdp, again) #2
-> bob: BYE #1
-> alice: 200 OK (INVITE, sdp, again) #2
alice -> : ACK (sdp, again) #3
bob -> : 200 OK (BYE) #4
-> bob: ACK (sdp, again) #3
-> alice: 200 OK (BYE) #4)",
    true};

// 3.2 Receiving Message in the Mortal State

/// Two BYEs cross. "the UA shall return a 200 OK to the BYE taking the use case into consideration
/// where a caller and a callee exchange reports about the session when it is being terminated."
inline constexpr standard_flow rfc5407_3_2_1{
    "UA Receives BYE (Established State) While in the Mortal State",
    "RFC 5407 3.2.1",
    R"(alice -> bob: INVITE
bob -> alice: 180 Ringing
bob -> alice: 200 OK
alice -> bob: ACK
alice -> : BYE #1
bob -> : BYE #2
-> bob: BYE #1
-> alice: BYE #2
alice -> : 200 OK (BYE) #3
bob -> : 200 OK (BYE) #4
-> bob: 200 OK (BYE) #3
-> alice: 200 OK (BYE) #4)",
    true};

/// As rfc5407_3_2_1 with the other answer: "even though this example uses a 200 response, other
/// responses can also be used."
inline constexpr standard_flow rfc5407_3_2_1_refused{
    "UA Receives BYE (Established State) While in the Mortal State: 481",
    "RFC 5407 3.2.1",
    R"(alice -> bob: INVITE
bob -> alice: 180 Ringing
bob -> alice: 200 OK
alice -> bob: ACK
alice -> : BYE #1
bob -> : BYE #2
-> bob: BYE #1
-> alice: BYE #2
alice -> : 481 Call/Transaction Does Not Exist (BYE) #3
bob -> : 481 Call/Transaction Does Not Exist (BYE) #4
-> bob: 481 Call/Transaction Does Not Exist (BYE) #3
-> alice: 481 Call/Transaction Does Not Exist (BYE) #4)",
    true};

/// The BYE crosses a re-INVITE. "Since Alice is in the Mortal state, she responds with a 481 to the
/// re-INVITE." After the BYE has ended his usage, "ACK for an error response is handled by Bob's
/// INVITE client transaction".
inline constexpr standard_flow rfc5407_3_2_2{
    "UA Receives re-INVITE (Established State) While in the Mortal State",
    "RFC 5407 3.2.2",
    R"(alice -> bob: INVITE
bob -> alice: 180 Ringing
bob -> alice: 200 OK
alice -> bob: ACK
alice -> : BYE #1
bob -> : INVITE #2
-> bob: BYE #1
-> alice: INVITE #2
alice -> : 481 Call/Transaction Does Not Exist (INVITE) #3
bob -> : 200 OK (BYE) #4
-> bob: 481 Call/Transaction Does Not Exist (INVITE) #3
-> alice: 200 OK (BYE) #4
bob -> alice: ACK)",
    true};

/// The BYE crosses an UPDATE. Not drawn, but said: "UAs in the Mortal state return error responses
/// to the requests that operate within a dialog or session, such as re-INVITE, UPDATE, or REFER."
inline constexpr standard_flow rfc5407_3_2_1_update{
    "UA Receives UPDATE (Established State) While in the Mortal State",
    "RFC 5407 3.2.1",
    R"(alice -> bob: INVITE
bob -> alice: 180 Ringing
bob -> alice: 200 OK
alice -> bob: ACK
alice -> : BYE #1
bob -> : UPDATE #2
-> bob: BYE #1
-> alice: UPDATE #2
alice -> : 481 Call/Transaction Does Not Exist (UPDATE) #3
bob -> : 200 OK (BYE) #4
-> bob: 481 Call/Transaction Does Not Exist (UPDATE) #3
-> alice: 200 OK (BYE) #4)",
    true};

/// "Bob sends a BYE immediately after sending a re-INVITE", whose 200 it crosses. "Bob sends an ACK
/// for a 200 response to INVITE while in the Mortal state, completing the INVITE transaction." The
/// RFC draws a session refresh, whose details show no body, and F9's CSeq is 1 like F5's, not 2 as
/// printed.
inline constexpr standard_flow rfc5407_3_2_3{
    "UA Receives 200 OK for re-INVITE (Established State) While in the Mortal State",
    "RFC 5407 3.2.3",
    R"(alice -> bob: INVITE
bob -> alice: 180 Ringing
bob -> alice: 200 OK
alice -> bob: ACK
bob -> alice: INVITE (timer, session-expires=300, refresher=uac)
alice -> : 200 OK (INVITE, session-expires=300, refresher=uac) #1
bob -> : BYE #2
-> bob: 200 OK (INVITE, session-expires=300, refresher=uac) #1
-> alice: BYE #2
alice -> : 200 OK (BYE) #3
bob -> : ACK #4
-> bob: 200 OK (BYE) #3
-> alice: ACK #4)",
    true};

/// The callee's BYE crosses the ACK to its 200. "A session is not started when the ACK is received
/// because Bob has already terminated the session by sending a BYE." Figure 2 lets both sides send
/// BYE in the Moratorium state, but RFC 3261 15 has the callee wait: it "MUST NOT send a BYE on a
/// confirmed dialog until it has received an ACK for its 2xx response or until the server
/// transaction times out". So this is legal where the ACK is that late.
inline constexpr standard_flow rfc5407_3_2_4{
    "Callee Receives ACK (Moratorium State) While in the Mortal State",
    "RFC 5407 3.2.4",
    R"(alice -> bob: INVITE
bob -> alice: 180 Ringing
bob -> alice: 200 OK
alice -> : ACK #1
bob -> : BYE #2
-> bob: ACK #1
-> alice: BYE #2
alice -> bob: 200 OK (BYE))",
    true};

/// As rfc5407_3_2_4: "When the offer is in a 2xx, and the answer is in an ACK, there is a race
/// condition." "The answer in the ACK request is just ignored."
inline constexpr standard_flow rfc5407_3_2_4_offer_in_200{
    "Callee Receives ACK (Moratorium State) While in the Mortal State: offer in the 200",
    "RFC 5407 3.2.4",
    R"(alice -> bob: INVITE
bob -> alice: 180 Ringing
bob -> alice: 200 OK (sdp)
alice -> : ACK (sdp) #1
bob -> : BYE #2
-> bob: ACK (sdp) #1
-> alice: BYE #2
alice -> bob: 200 OK (BYE))",
    true};

/// No ACK arrives at all. Not drawn, but said: "if the UAS doesn't receive an ACK for a long time,
/// it should send a BYE and terminate the dialog." RFC 3261 13.3.1.4: "If the server retransmits
/// the 2xx response for 64*T1 seconds without receiving an ACK, the dialog is confirmed, but the
/// session SHOULD be terminated."
inline constexpr standard_flow rfc5407_3_1_4_no_ack{
    "Callee Receives no ACK While in the Moratorium State",
    "RFC 5407 3.1.4",
    R"(alice -> bob: INVITE
bob -> alice: 180 Ringing
bob -> alice: 200 OK
alice -> bob: ACK (lost)
bob -> alice: 200 OK (INVITE, again)
alice -> bob: ACK (again, lost)
bob -> alice: BYE
alice -> bob: 200 OK (BYE))",
    true};

// 3.3 Other Race Conditions

/// Two re-INVITEs cross. "Since a re-INVITE is in progress, a 491 response is returned", by both.
/// "the re-INVITE will be retried after 2.1-4.0 seconds because she owns the Call-ID"; "Bob will
/// retry his INVITE again after 0.0-2.0 seconds, because Bob isn't the owner". A retry is a request
/// with the next CSeq number, not a retransmission. F6, a session refresh, is printed without a
/// body; its retry F11 has one.
inline constexpr standard_flow rfc5407_3_3_1{
    "Re-INVITE Crossover",
    "RFC 5407 3.3.1",
    R"(alice -> bob: INVITE (sdp)
bob -> alice: 180 Ringing
bob -> alice: 200 OK (sdp)
alice -> bob: ACK
alice -> : INVITE (sdp) #1
bob -> : INVITE #2
-> bob: INVITE (sdp) #1
-> alice: INVITE #2
alice -> : 491 Request Pending (INVITE) #3
bob -> : 491 Request Pending (INVITE) #4
-> bob: 491 Request Pending (INVITE) #3
-> alice: 491 Request Pending (INVITE) #4
alice -> : ACK #5
bob -> : ACK #6
-> bob: ACK #5
-> alice: ACK #6
bob -> alice: INVITE (sdp)
alice -> bob: 200 OK (sdp)
bob -> alice: ACK
alice -> bob: INVITE (sdp)
bob -> alice: 200 OK (sdp)
alice -> bob: ACK)",
    true};

/// As rfc5407_3_3_1, "where two re-INVITEs for session modification cross over": the owner of the
/// Call-ID, who would retry later, need not, since "the UA must decide if the retry of the
/// re-INVITE is necessary".
inline constexpr standard_flow rfc5407_3_3_1_modifications{
    "Re-INVITE Crossover: two session modifications",
    "RFC 5407 3.3.1",
    R"(alice -> bob: INVITE (sdp)
bob -> alice: 180 Ringing
bob -> alice: 200 OK (sdp)
alice -> bob: ACK
alice -> : INVITE (sdp) #1
bob -> : INVITE (sdp) #2
-> bob: INVITE (sdp) #1
-> alice: INVITE (sdp) #2
alice -> : 491 Request Pending (INVITE) #3
bob -> : 491 Request Pending (INVITE) #4
-> bob: 491 Request Pending (INVITE) #3
-> alice: 491 Request Pending (INVITE) #4
alice -> : ACK #5
bob -> : ACK #6
-> bob: ACK #5
-> alice: ACK #6
bob -> alice: INVITE (sdp)
alice -> bob: 200 OK (sdp)
bob -> alice: ACK)",
    true};

/// As rfc5407_3_3_1 in a call that Bob made: "If Alice was to retry her re-INVITE (that is, if she
/// was not the owner of Call-ID), the request would refresh and modify the session at the same
/// time. Then Bob would know that he does not need to retry his re-INVITE to refresh the session."
inline constexpr standard_flow rfc5407_3_3_1_refreshed{
    "Re-INVITE Crossover: the retry refreshes too",
    "RFC 5407 3.3.1",
    R"(bob -> alice: INVITE (sdp)
alice -> bob: 180 Ringing
alice -> bob: 200 OK (sdp)
bob -> alice: ACK
alice -> : INVITE (sdp) #1
bob -> : INVITE #2
-> bob: INVITE (sdp) #1
-> alice: INVITE #2
alice -> : 491 Request Pending (INVITE) #3
bob -> : 491 Request Pending (INVITE) #4
-> bob: 491 Request Pending (INVITE) #3
-> alice: 491 Request Pending (INVITE) #4
alice -> : ACK #5
bob -> : ACK #6
-> bob: ACK #5
-> alice: ACK #6
alice -> bob: INVITE (sdp)
bob -> alice: 200 OK (sdp)
alice -> bob: ACK)",
    true};

/// An UPDATE with an offer crosses a re-INVITE with one: "the UPDATE and re-INVITE are both
/// responded to with 491", "because an SDP offer is pending". Bob acknowledges the 491 to his
/// re-INVITE, as the figure has it (the detail of F9 names Alice); the UPDATE has no ACK. Both
/// retry, Bob first.
inline constexpr standard_flow rfc5407_3_3_2{
    "UPDATE and re-INVITE Crossover",
    "RFC 5407 3.3.2",
    R"(alice -> bob: INVITE (sdp)
bob -> alice: 180 Ringing
bob -> alice: 200 OK (sdp)
alice -> bob: ACK
alice -> : UPDATE (sdp) #1
bob -> : INVITE (sdp) #2
-> bob: UPDATE (sdp) #1
-> alice: INVITE (sdp) #2
alice -> : 491 Request Pending (INVITE) #3
bob -> : 491 Request Pending (UPDATE) #4
-> bob: 491 Request Pending (INVITE) #3
-> alice: 491 Request Pending (UPDATE) #4
bob -> alice: ACK
bob -> alice: INVITE (sdp)
alice -> bob: 200 OK (sdp)
bob -> alice: ACK
alice -> bob: UPDATE (sdp)
bob -> alice: 200 OK (sdp))",
    true};

/// As rfc5407_3_3_2 without a conflict: "When an UPDATE for session refresh that doesn't contain a
/// session description and a re-INVITE cross each other, both requests succeed with 200".
inline constexpr standard_flow rfc5407_3_3_2_refresh{
    "UPDATE and re-INVITE Crossover: the UPDATE without a body",
    "RFC 5407 3.3.2",
    R"(alice -> bob: INVITE (sdp)
bob -> alice: 180 Ringing
bob -> alice: 200 OK (sdp)
alice -> bob: ACK
alice -> : UPDATE #1
bob -> : INVITE (sdp) #2
-> bob: UPDATE #1
-> alice: INVITE (sdp) #2
alice -> : 200 OK (INVITE, sdp) #3
bob -> : 200 OK (UPDATE) #4
-> bob: 200 OK (INVITE, sdp) #3
-> alice: 200 OK (UPDATE) #4
bob -> alice: ACK)",
    true};

/// Two UPDATEs with offers cross. "The same is true for UPDATE crossover." Where they contain a
/// session description, "the requests fail with 491".
inline constexpr standard_flow rfc5407_3_3_2_updates{
    "UPDATE Crossover",
    "RFC 5407 3.3.2",
    R"(alice -> bob: INVITE (sdp)
bob -> alice: 180 Ringing
bob -> alice: 200 OK (sdp)
alice -> bob: ACK
alice -> : UPDATE (sdp) #1
bob -> : UPDATE (sdp) #2
-> bob: UPDATE (sdp) #1
-> alice: UPDATE (sdp) #2
alice -> : 491 Request Pending (UPDATE) #3
bob -> : 491 Request Pending (UPDATE) #4
-> bob: 491 Request Pending (UPDATE) #3
-> alice: 491 Request Pending (UPDATE) #4
bob -> alice: UPDATE (sdp)
alice -> bob: 200 OK (sdp)
alice -> bob: UPDATE (sdp)
bob -> alice: 200 OK (sdp))",
    true};

/// Two UPDATEs without a session description cross: "in the latter cases, they succeed with 200."
inline constexpr standard_flow rfc5407_3_3_2_refreshes{
    "UPDATE Crossover: without bodies",
    "RFC 5407 3.3.2",
    R"(alice -> bob: INVITE (sdp)
bob -> alice: 180 Ringing
bob -> alice: 200 OK (sdp)
alice -> bob: ACK
alice -> : UPDATE #1
bob -> : UPDATE #2
-> bob: UPDATE #1
-> alice: UPDATE #2
alice -> : 200 OK (UPDATE) #3
bob -> : 200 OK (UPDATE) #4
-> bob: 200 OK (UPDATE) #3
-> alice: 200 OK (UPDATE) #4)",
    true};

/// The BYE crosses a REFER. "Alice in the Mortal state sends a 481 to the REFER." Bob's dialog
/// "continues until the SUBSCRIBE usage terminates, even though the INVITE dialog usage terminates
/// by receiving BYE".
inline constexpr standard_flow rfc5407_3_3_3{
    "Receiving REFER (Established State) While in the Mortal State",
    "RFC 5407 3.3.3",
    R"(alice -> bob: INVITE
bob -> alice: 180 Ringing
bob -> alice: 200 OK
alice -> bob: ACK
alice -> : BYE #1
bob -> : REFER #2
-> bob: BYE #1
-> alice: REFER #2
alice -> : 481 Call/Transaction Does Not Exist (REFER) #3
bob -> : 200 OK (BYE) #4
-> bob: 481 Call/Transaction Does Not Exist (REFER) #3
-> alice: 200 OK (BYE) #4)",
    true};

// Appendix A. BYE in the Early Dialog

/// The caller's BYE ends one early dialog, and another callee answers the INVITE. "it is
/// RECOMMENDED for the UAS to generate a 487 to any pending requests after receiving a BYE." That
/// 487 ends at the proxy. "regardless of the success/failure of the BYE in the Early state, Alice
/// MUST be prepared for the establishment of a new dialog until receiving the final response for
/// the INVITE".
inline constexpr standard_flow rfc5407_a{
    "BYE in the Early Dialog",
    "RFC 5407 A",
    R"(alice -> proxy: INVITE
proxy -> bob: INVITE
proxy -> alice: 100 Trying
bob -> proxy: 180 Ringing (tag=a)
proxy -> alice: 180 Ringing (tag=a)
proxy -> carol: INVITE
carol -> proxy: 100 Trying
alice -> proxy: BYE (tag=a)
proxy -> bob: BYE (tag=a)
bob -> proxy: 200 OK (BYE, tag=a)
proxy -> alice: 200 OK (BYE, tag=a)
bob -> proxy: 487 Request Terminated (INVITE, tag=a)
proxy -> bob: ACK (tag=a)
carol -> proxy: 200 OK (INVITE, tag=b)
proxy -> alice: 200 OK (INVITE, tag=b)
alice -> proxy: ACK (tag=b)
proxy -> carol: ACK (tag=b)
alice -> proxy: BYE (tag=b)
proxy -> carol: BYE (tag=b)
carol -> proxy: 200 OK (BYE, tag=b)
proxy -> alice: 200 OK (BYE, tag=b))",
    true};

/// As rfc5407_a, and the caller keeps the other call: "BYE is appropriate when the goal is to
/// abandon a particular early dialog while allowing the call to be completed with other
/// destinations."
inline constexpr standard_flow rfc5407_a_kept{
    "BYE in the Early Dialog: the other call kept",
    "RFC 5407 A",
    R"(alice -> proxy: INVITE
proxy -> bob: INVITE
proxy -> alice: 100 Trying
bob -> proxy: 180 Ringing (tag=a)
proxy -> alice: 180 Ringing (tag=a)
proxy -> carol: INVITE
carol -> proxy: 100 Trying
alice -> proxy: BYE (tag=a)
proxy -> bob: BYE (tag=a)
bob -> proxy: 200 OK (BYE, tag=a)
proxy -> alice: 200 OK (BYE, tag=a)
bob -> proxy: 487 Request Terminated (INVITE, tag=a)
proxy -> bob: ACK (tag=a)
carol -> proxy: 200 OK (INVITE, tag=b)
proxy -> alice: 200 OK (INVITE, tag=b)
alice -> proxy: ACK (tag=b)
proxy -> carol: ACK (tag=b))",
    true};

/// As rfc5407_a with one callee, whose 487 reaches the caller after its BYE was answered.
inline constexpr standard_flow rfc5407_a_not_forked{
    "BYE in the Early Dialog: without a fork",
    "RFC 5407 A",
    R"(alice -> bob: INVITE
bob -> alice: 180 Ringing
alice -> bob: BYE
bob -> alice: 200 OK (BYE)
bob -> alice: 487 Request Terminated (INVITE)
alice -> bob: ACK)",
    true};

// Appendix B. BYE Request Overlapping with re-INVITE

/// The caller hangs up before its re-INVITE is answered: "The UAC sends BYE (F2) immediately after
/// F1. This is a legitimate behavior." Then it sends the INVITE again: "the retransmission of F1 is
/// handled by the transaction layer, and the INVITE transaction has not yet transitioned to the
/// Terminated state." The figure ends before the INVITE's final response.
inline constexpr standard_flow rfc5407_b{
    "BYE Request Overlapping with re-INVITE",
    "RFC 5407 B",
    R"(alice -> bob: INVITE
bob -> alice: 180 Ringing
bob -> alice: 200 OK
alice -> bob: ACK
alice -> bob: INVITE
alice -> bob: BYE
bob -> alice: 200 OK (BYE)
alice -> bob: INVITE (again))",
    false};

/// As rfc5407_b to its end, as the UAC's figure has it: "the transaction handling has to be
/// continued even though the dialog has moved to the Terminated state."
inline constexpr standard_flow rfc5407_b_uac{
    "BYE Request Overlapping with re-INVITE: the UAC",
    "RFC 5407 B",
    R"(alice -> bob: INVITE
bob -> alice: 180 Ringing
bob -> alice: 200 OK
alice -> bob: ACK
alice -> bob: INVITE
alice -> bob: BYE
bob -> alice: 200 OK (BYE)
alice -> bob: INVITE (again)
bob -> alice: 481 Call/Transaction Does Not Exist (INVITE)
alice -> bob: ACK)",
    true};

/// The re-INVITE is lost, and what was sent again is the first that the UAS sees, after the BYE:
/// "It is permitted to start the INVITE server transaction in the Mortal state." "The UAS's TU
/// sends an appropriate error response for the F4 INVITE, either 481 (because the TU knows that the
/// dialog that matches the INVITE is in the Terminated state) or 500".
inline constexpr standard_flow rfc5407_b_uas_481{
    "BYE Request Overlapping with re-INVITE: the UAS, 481",
    "RFC 5407 B",
    R"(alice -> bob: INVITE
bob -> alice: 180 Ringing
bob -> alice: 200 OK
alice -> bob: ACK
alice -> bob: INVITE (lost)
alice -> bob: BYE
bob -> alice: 200 OK (BYE)
alice -> bob: INVITE (again)
bob -> alice: 481 Call/Transaction Does Not Exist (INVITE)
alice -> bob: ACK)",
    true};

/// As rfc5407_b_uas_481 with the other answer: "or 500 (because the re-sent F4 has an out-of-order
/// CSeq)".
inline constexpr standard_flow rfc5407_b_uas_500{
    "BYE Request Overlapping with re-INVITE: the UAS, 500",
    "RFC 5407 B",
    R"(alice -> bob: INVITE
bob -> alice: 180 Ringing
bob -> alice: 200 OK
alice -> bob: ACK
alice -> bob: INVITE (lost)
alice -> bob: BYE
bob -> alice: 200 OK (BYE)
alice -> bob: INVITE (again)
bob -> alice: 500 Server Internal Error (INVITE)
alice -> bob: ACK)",
    true};

/// As rfc5407_b_uas_481 with a re-INVITE that is overtaken: "it can be considered that packet F1 is
/// lost or delayed".
inline constexpr standard_flow rfc5407_b_delayed_481{
    "BYE Request Overlapping with re-INVITE: the INVITE delayed, 481",
    "RFC 5407 B",
    R"(alice -> bob: INVITE
bob -> alice: 180 Ringing
bob -> alice: 200 OK
alice -> bob: ACK
alice -> : INVITE #1
alice -> bob: BYE
bob -> alice: 200 OK (BYE)
-> bob: INVITE #1
bob -> alice: 481 Call/Transaction Does Not Exist (INVITE)
alice -> bob: ACK)",
    true};

/// As rfc5407_b_delayed_481 with the other answer: the overtaken INVITE's CSeq number is lower than
/// the BYE's, which is no fault of the sender.
inline constexpr standard_flow rfc5407_b_delayed_500{
    "BYE Request Overlapping with re-INVITE: the INVITE delayed, 500",
    "RFC 5407 B",
    R"(alice -> bob: INVITE
bob -> alice: 180 Ringing
bob -> alice: 200 OK
alice -> bob: ACK
alice -> : INVITE #1
alice -> bob: BYE
bob -> alice: 200 OK (BYE)
-> bob: INVITE #1
bob -> alice: 500 Server Internal Error (INVITE)
alice -> bob: ACK)",
    true};

// Appendix C. UA's Behavior for CANCEL. Its second behavior is rfc5407_3_1_2.

/// "the UAS immediately sends a 487 for the INVITE, and the dialog transitions to the Terminated
/// state."
inline constexpr standard_flow rfc5407_c{
    "UA's Behavior for CANCEL: in the Early state",
    "RFC 5407 C",
    R"(alice -> bob: INVITE
bob -> alice: 180 Ringing
alice -> bob: CANCEL
bob -> alice: 200 OK (CANCEL)
bob -> alice: 487 Request Terminated (INVITE)
alice -> bob: ACK)",
    true};

/// Figure 3 has CANCEL received in the Preparative state too. The caller needs a provisional
/// response first, and a 100 is one (RFC 3261 9.1).
inline constexpr standard_flow rfc5407_c_preparative{
    "UA's Behavior for CANCEL: in the Preparative state",
    "RFC 5407 C",
    R"(alice -> bob: INVITE
bob -> alice: 100 Trying
alice -> bob: CANCEL
bob -> alice: 200 OK (CANCEL)
bob -> alice: 487 Request Terminated (INVITE)
alice -> bob: ACK)",
    true};

// Appendix D. Notes on the Request in the Mortal State. Its ACK to a 2xx is rfc5407_3_1_3's.

/// "The BYE authentication procedure shall be processed in the Mortal state. When authentication is
/// requested by a 401 or 407 response, the UAC resends BYE with appropriate credentials." It is a
/// request with the next CSeq number, sent after the session has ended.
inline constexpr standard_flow rfc5407_d_401{
    "Notes on the Request in the Mortal State: 401",
    "RFC 5407 D",
    R"(alice -> bob: INVITE
bob -> alice: 180 Ringing
bob -> alice: 200 OK
alice -> bob: ACK
alice -> bob: BYE
bob -> alice: 401 Unauthorized (BYE, nonce=n1)
alice -> bob: BYE (auth, nonce=n1)
bob -> alice: 200 OK (BYE))",
    true};

/// "The BYE authentication procedure shall be processed in the Mortal state. When authentication is
/// requested by a 401 or 407 response, the UAC resends BYE with appropriate credentials." It is a
/// request with the next CSeq number, sent after the session has ended.
inline constexpr standard_flow rfc5407_d_407{
    "Notes on the Request in the Mortal State: 407",
    "RFC 5407 D",
    R"(alice -> bob: INVITE
bob -> alice: 180 Ringing
bob -> alice: 200 OK
alice -> bob: ACK
alice -> bob: BYE
bob -> alice: 407 Proxy Authentication Required (BYE, nonce=n1)
alice -> bob: BYE (auth, nonce=n1)
bob -> alice: 200 OK (BYE))",
    true};

// Appendix E. Forking and Receiving New To Tags. The figures show the UAC and the network.

/// Two early dialogs, and a 200 for one. The other needs no BYE: "all mortal early dialogs that do
/// not transition to the Established state are terminated" with the INVITE transaction, 64*T1 after
/// the first 2xx.
inline constexpr standard_flow rfc5407_e_figure_4{
    "Receiving 1xx responses with different To tags",
    "RFC 5407 E",
    R"(alice -> proxy: INVITE
proxy -> alice: 100 Trying
proxy -> alice: 180 Ringing (tag=a)
proxy -> alice: 180 Ringing (tag=b)
proxy -> alice: 200 OK (tag=a)
alice -> proxy: ACK (tag=a))",
    true};

/// Two early dialogs, and a 200 for each: "when the mortal early dialog receives a 2xx response,
/// the TU sends an ACK and, immediately after, the TU usually sends a BYE to terminate the DSM."
inline constexpr standard_flow rfc5407_e_figure_5{
    "Receiving 1xx and 2xx responses with different To tags",
    "RFC 5407 E",
    R"(alice -> proxy: INVITE
proxy -> alice: 100 Trying
proxy -> alice: 180 Ringing (tag=a)
proxy -> alice: 180 Ringing (tag=b)
proxy -> alice: 200 OK (INVITE, tag=a)
alice -> proxy: ACK (tag=a)
proxy -> alice: 200 OK (INVITE, tag=b)
alice -> proxy: ACK (tag=b)
alice -> proxy: BYE (tag=b)
proxy -> alice: 200 OK (BYE, tag=b))",
    true};

/// As rfc5407_e_figure_5: "In special cases, e.g., if a UA intends to establish multiple dialogs,
/// the TU may not send the BYE."
inline constexpr standard_flow rfc5407_e_figure_5_kept{
    "Receiving 1xx and 2xx responses with different To tags: both kept",
    "RFC 5407 E",
    R"(alice -> proxy: INVITE
proxy -> alice: 100 Trying
proxy -> alice: 180 Ringing (tag=a)
proxy -> alice: 180 Ringing (tag=b)
proxy -> alice: 200 OK (INVITE, tag=a)
alice -> proxy: ACK (tag=a)
proxy -> alice: 200 OK (INVITE, tag=b)
alice -> proxy: ACK (tag=b))",
    true};

/// A second 200 whose dialog had no 1xx: "Even though a TU does not receive a provisional response,
/// the TU needs to process the 2xx responses".
inline constexpr standard_flow rfc5407_e_figure_6{
    "Receiving 2xx responses with different To tags",
    "RFC 5407 E",
    R"(alice -> proxy: INVITE
proxy -> alice: 100 Trying
proxy -> alice: 180 Ringing (tag=a)
proxy -> alice: 200 OK (INVITE, tag=a)
alice -> proxy: ACK (tag=a)
proxy -> alice: 200 OK (INVITE, tag=b)
alice -> proxy: ACK (tag=b)
alice -> proxy: BYE (tag=b)
proxy -> alice: 200 OK (BYE, tag=b))",
    true};

/// A reliable 180 of another callee arrives after the 200 and its ACK: "Upon receiving a
/// provisional response with 100rel, the UAC establishes the early dialog (B) and sends PRACK".
/// "Here, also, every transaction completes independently of others."
inline constexpr standard_flow rfc5407_e_figure_7{
    "Receiving 1xx responses with different To tags when using 100rel",
    "RFC 5407 E",
    R"(alice -> proxy: INVITE (100rel)
proxy -> alice: 100 Trying
proxy -> alice: 180 Ringing (tag=a)
proxy -> alice: 200 OK (INVITE, tag=a)
alice -> proxy: ACK (tag=a)
proxy -> alice: 180 Ringing (tag=b, 100rel)
alice -> proxy: PRACK (tag=b)
proxy -> alice: 200 OK (PRACK, tag=b))",
    true};

// clang-format on

} // namespace standard_flows

// clang-format off

/// Every flow of RFC 5407 that is legal as it is written.
inline constexpr standard_flow const* race_conditions[] = {
    &standard_flows::rfc5407_3_1_1, &standard_flows::rfc5407_3_1_1_answered_again,
    &standard_flows::rfc5407_3_1_2, &standard_flows::rfc5407_3_1_2_unmatched,
    &standard_flows::rfc5407_3_1_3, &standard_flows::rfc5407_3_1_4_200,
    &standard_flows::rfc5407_3_1_4_491, &standard_flows::rfc5407_3_1_5_491,
    &standard_flows::rfc5407_3_1_5_500, &standard_flows::rfc5407_3_1_5_update,
    &standard_flows::rfc5407_3_1_6, &standard_flows::rfc5407_3_1_6_offer_in_200,
    &standard_flows::rfc5407_3_2_1, &standard_flows::rfc5407_3_2_1_refused,
    &standard_flows::rfc5407_3_2_2, &standard_flows::rfc5407_3_2_1_update,
    &standard_flows::rfc5407_3_2_3, &standard_flows::rfc5407_3_3_1,
    &standard_flows::rfc5407_3_3_1_modifications, &standard_flows::rfc5407_3_3_1_refreshed,
    &standard_flows::rfc5407_3_3_2, &standard_flows::rfc5407_3_3_2_refresh,
    &standard_flows::rfc5407_3_3_2_updates, &standard_flows::rfc5407_3_3_2_refreshes,
    &standard_flows::rfc5407_3_3_3, &standard_flows::rfc5407_a, &standard_flows::rfc5407_a_kept,
    &standard_flows::rfc5407_a_not_forked, &standard_flows::rfc5407_b,
    &standard_flows::rfc5407_b_uac, &standard_flows::rfc5407_b_uas_481,
    &standard_flows::rfc5407_b_uas_500, &standard_flows::rfc5407_b_delayed_481,
    &standard_flows::rfc5407_b_delayed_500, &standard_flows::rfc5407_c,
    &standard_flows::rfc5407_c_preparative, &standard_flows::rfc5407_d_401,
    &standard_flows::rfc5407_d_407, &standard_flows::rfc5407_e_figure_4,
    &standard_flows::rfc5407_e_figure_5, &standard_flows::rfc5407_e_figure_5_kept,
    &standard_flows::rfc5407_e_figure_6, &standard_flows::rfc5407_e_figure_7};

/// Those that are legal only once the callee has waited for the ACK as long as it must, 64*T1: "the
/// callee's UA MUST NOT send a BYE on a confirmed dialog until it has received an ACK for its 2xx
/// response or until the server transaction times out" (RFC 3261 15). In each, the caller has sent
/// the ACK, which is late or lost.
inline constexpr standard_flow const* race_conditions_after_timer_l[] = {
    &standard_flows::rfc5407_3_2_4, &standard_flows::rfc5407_3_2_4_offer_in_200,
    &standard_flows::rfc5407_3_1_4_no_ack};

// clang-format on

} // namespace ctsip
