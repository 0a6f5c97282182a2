// The misuses of a call at run time: each is refused at its step, in the words and with the clause
// of the rule that it breaks; each cure is complete; and the races that look like misuses are
// legal. tests/compile_fail/call has the same at compile time.
#include <ctsip/flow/flow.hpp>

#include <string_view>

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(flow_misuses)

struct misuse {
  std::string_view flow;
  std::size_t step;
  std::string_view sentence; ///< what it begins with
  std::string_view clause;
  std::string_view cure; ///< the same done right, where it is not another misuse's
};

// clang-format off
constexpr misuse misuses[] = {
    {"INVITE -> 486 Busy Here -> ACK -> ACK",
     4, "the ACK to a non-2xx final response is the transaction's own: it has been sent",
     "RFC 3261 13.2.2.3, 17.1.1.2",
     "INVITE -> 486 Busy Here -> ACK -> 486 Busy Here (again) -> ACK"},
    {"INVITE -> 180 Ringing -> ACK",
     3, "ACK before a final response to the INVITE", "RFC 3261 13.2.2.4",
     "INVITE -> 180 Ringing -> 200 OK -> ACK"},
    {"INVITE -> 100 Trying -> ACK",
     3, "ACK before a final response to the INVITE", "RFC 3261 13.2.2.4",
     "INVITE -> 100 Trying -> 200 OK -> ACK"},
    {"INVITE -> ACK",
     2, "ACK before a final response to the INVITE", "RFC 3261 13.2.2.4",
     ""},
    {"INVITE -> 200 OK -> ACK -> BYE -> 200 OK -> ACK",
     6, "ACK for a request other than INVITE", "RFC 3261 17.1.2.1",
     "INVITE -> 200 OK -> ACK -> BYE -> 200 OK"},
    {"OPTIONS -> 200 OK -> ACK",
     3, "ACK for a request other than INVITE", "RFC 3261 17.1.2.1",
     "OPTIONS -> 200 OK"},
    {"REGISTER -> 200 OK -> ACK",
     3, "ACK for a request other than INVITE", "RFC 3261 17.1.2.1",
     ""},
    {"INVITE (cseq=1) -> 200 OK -> ACK (cseq=2)",
     3, "an ACK whose CSeq number is not the INVITE's", "RFC 3261 13.2.2.4, 17.1.1.3",
     "INVITE (cseq=1) -> 200 OK -> ACK (cseq=1)"},
    {"INVITE (cseq=1) -> 486 Busy Here -> ACK (cseq=2)",
     3, "an ACK whose CSeq number is not the INVITE's", "RFC 3261 13.2.2.4, 17.1.1.3",
     "INVITE (cseq=1) -> 486 Busy Here -> ACK (cseq=1)"},
    {"INVITE (cseq=1) -> 180 Ringing -> 200 OK -> ACK (cseq=3)",
     4, "an ACK whose CSeq number is not the INVITE's", "RFC 3261 13.2.2.4, 17.1.1.3",
     ""},
    {"INVITE -> CANCEL",
     2, "CANCEL before a provisional response to the", "RFC 3261 9.1",
     "INVITE -> 100 Trying -> CANCEL -> 200 OK for CANCEL -> 487 Request Terminated -> ACK"},
    {"INVITE -> 200 OK -> CANCEL",
     3, "CANCEL after a final response to the INVITE:", "RFC 3261 9.1, RFC 5407 3.1.2",
     "INVITE -> 200 OK -> ACK -> BYE -> 200 OK"},
    {"INVITE -> 486 Busy Here -> ACK -> CANCEL",
     4, "CANCEL after a final response to the INVITE:", "RFC 3261 9.1, RFC 5407 3.1.2",
     "INVITE -> 486 Busy Here -> ACK"},
    {"INVITE -> 200 OK -> ACK -> CANCEL",
     4, "CANCEL after a final response to the INVITE:", "RFC 3261 9.1, RFC 5407 3.1.2",
     ""},
    {"OPTIONS -> CANCEL",
     2, "CANCEL of a request other than INVITE:", "RFC 3261 9.1",
     "OPTIONS -> 200 OK"},
    {"REGISTER -> CANCEL",
     2, "CANCEL of a request other than INVITE:", "RFC 3261 9.1",
     ""},
    {"INVITE -> 200 OK -> ACK -> BYE -> CANCEL",
     5, "CANCEL after a final response to the INVITE:", "RFC 3261 9.1, RFC 5407 3.1.2",
     ""},
    {"INVITE (branch=a) -> 180 Ringing -> CANCEL (branch=b)",
     3, "a CANCEL whose branch or CSeq number is not", "RFC 3261 9.1",
     "INVITE (branch=a) -> 180 Ringing -> CANCEL (branch=a) -> 200 OK for CANCEL"
     " -> 487 Request Terminated -> ACK"},
    {"INVITE (cseq=1) -> 180 Ringing -> CANCEL (cseq=2)",
     3, "a CANCEL whose branch or CSeq number is not", "RFC 3261 9.1",
     ""},
    {"INVITE -> 486 Busy Here -> 480 Temporarily Unavailable",
     3, "a second final response to one INVITE", "RFC 3261 17.2.1, RFC 6026 8.6",
     "INVITE -> 486 Busy Here -> ACK"},
    {"INVITE -> 200 OK -> 486 Busy Here",
     3, "a second, different final response to one", "RFC 3261 17.2.1, RFC 6026 8.6",
     "INVITE -> 200 OK -> ACK <- BYE -> 200 OK"},
    {"INVITE -> 200 OK -> 202 Accepted",
     3, "a second, different final response to one", "RFC 3261 17.2.1, RFC 6026 8.6",
     "INVITE -> 200 OK -> 200 OK (again) -> ACK"},
    {"INVITE -> 200 OK -> 180 Ringing",
     3, "a provisional response after the final", "RFC 3261 17.2.1, RFC 6026 8.6",
     "INVITE -> 180 Ringing -> 200 OK -> ACK"},
    {"INVITE -> 486 Busy Here -> 180 Ringing",
     3, "a provisional response after the final", "RFC 3261 17.2.1, RFC 6026 8.6",
     "INVITE -> 180 Ringing -> 486 Busy Here -> ACK"},
    {"INVITE -> 180 Ringing -> CANCEL -> CANCEL",
     4, "a second CANCEL of one INVITE", "RFC 3261 9.1",
     "INVITE -> 180 Ringing -> CANCEL -> 200 OK for CANCEL -> 487 Request Terminated -> ACK"},
    {"INVITE -> 200 OK -> ACK -> BYE -> 180 Ringing",
     5, "a provisional response other than 100 to a", "RFC 4320 4.1",
     "INVITE -> 200 OK -> ACK -> BYE -> 200 OK"},
    {"OPTIONS -> 180 Ringing",
     2, "a provisional response other than 100 to a", "RFC 4320 4.1",
     ""},
    {"INVITE -> 200 OK -> ACK -> BYE -> 408 Request Timeout",
     5, "a 408 to a non-INVITE request", "RFC 4320 4.2",
     "INVITE -> 200 OK -> ACK -> BYE -> 481 Call/Transaction Does Not Exist"},
    {"OPTIONS -> 408 Request Timeout",
     2, "a 408 to a non-INVITE request", "RFC 4320 4.2",
     ""},
    {"UPDATE",
     1, "a request within a dialog that does not", "RFC 3261 12.2",
     "INVITE -> 200 OK -> ACK -> UPDATE -> 200 OK"},
    {"INVITE -> 100 Trying -> UPDATE",
     3, "a request within a dialog that does not", "RFC 3261 12.2",
     "INVITE -> 180 Ringing -> UPDATE -> 200 OK for UPDATE -> 200 OK for INVITE -> ACK"},
    {"INFO",
     1, "a request within a dialog that does not", "RFC 3261 12.2",
     ""},
    {"PRACK",
     1, "a request within a dialog that does not", "RFC 3261 12.2",
     ""},
    {"INVITE -> UPDATE",
     2, "a request within a dialog that does not", "RFC 3261 12.2",
     ""},
    {"INVITE -> 180 Ringing <- BYE",
     3, "BYE by the callee in an early dialog", "RFC 3261 15",
     "INVITE -> 180 Ringing -> 480 Temporarily Unavailable -> ACK"},
    {"INVITE -> 180 Ringing -> 183 Session Progress <- BYE",
     4, "BYE by the callee in an early dialog", "RFC 3261 15",
     ""},
    {"INVITE -> 200 OK <- BYE",
     3, "BYE by the callee before the ACK to its 2xx", "RFC 3261 15, RFC 6026 8.7",
     "INVITE -> 200 OK -> ACK <- BYE -> 200 OK"},
    {"BYE",
     1, "BYE outside a dialog", "RFC 3261 15",
     "INVITE -> 200 OK -> ACK -> BYE -> 200 OK"},
    {"INVITE -> 100 Trying -> BYE",
     3, "BYE outside a dialog", "RFC 3261 15",
     "INVITE -> 180 Ringing -> BYE -> 200 OK for BYE -> 487 Request Terminated -> ACK"},
    {"INVITE -> 486 Busy Here -> ACK -> BYE",
     4, "BYE outside a dialog", "RFC 3261 15",
     "INVITE -> 486 Busy Here -> ACK"},
    {"INVITE -> BYE",
     2, "BYE outside a dialog", "RFC 3261 15",
     ""},
    {"INVITE -> 200 OK -> ACK -> re-INVITE -> re-INVITE",
     5, "INVITE while our own INVITE is outstanding", "RFC 3261 14.1",
     "INVITE -> 200 OK -> ACK -> re-INVITE -> 200 OK -> ACK -> re-INVITE -> 200 OK -> ACK"},
    {"INVITE (no sdp) -> 200 OK (sdp) -> re-INVITE (sdp)",
     3, "INVITE while the ACK that carries the answer", "RFC 6337 4.3",
     "INVITE (no sdp) -> 200 OK (sdp) -> ACK (sdp) -> re-INVITE (sdp) -> 200 OK (sdp) -> ACK"},
    {R"(> INVITE
< 200 OK
> ACK
< re-INVITE
< re-INVITE)",
     5, "a second INVITE before the final response to", "RFC 3261 14.2",
     R"(> INVITE
< 200 OK
> ACK
< re-INVITE
> 200 OK
< ACK)"},
    {"INVITE -> INVITE",
     2, "INVITE while our own INVITE is outstanding", "RFC 3261 14.1",
     ""},
    {"INVITE -> 200 OK -> ACK -> re-INVITE <- re-INVITE",
     5, "INVITE while an INVITE of the peer is", "RFC 3261 14.1",
     "INVITE -> 200 OK -> ACK -> re-INVITE -> 200 OK -> ACK <- re-INVITE -> 200 OK <- ACK"},
    {R"(> INVITE
< 200 OK
> ACK
< re-INVITE
> re-INVITE)",
     5, "INVITE while an INVITE of the peer is", "RFC 3261 14.1",
     ""},
    {"INVITE -> 180 Ringing -> re-INVITE",
     3, "a re-INVITE in an early dialog: the first", "RFC 3261 14.1",
     "INVITE -> 180 Ringing -> 200 OK -> ACK -> re-INVITE -> 200 OK -> ACK"},
    {"INVITE -> 180 Ringing <- re-INVITE",
     3, "a re-INVITE in an early dialog: the first", "RFC 3261 14.1",
     ""},
    {"INVITE (cseq=5) -> 200 OK -> ACK -> INFO (cseq=6) -> 200 OK -> INFO (cseq=4)",
     6, "a request whose CSeq number is not higher", "RFC 3261 12.2.1.1",
     "INVITE (cseq=5) -> 200 OK -> ACK -> INFO (cseq=6) -> 200 OK -> INFO (cseq=7) -> 200 OK"},
    {"INVITE (cseq=5) -> 200 OK -> ACK -> INFO (cseq=6) -> 200 OK -> INFO (cseq=6)",
     6, "a request whose CSeq number is not higher", "RFC 3261 12.2.1.1",
     ""},
    {"INVITE -> 200 OK -> ACK -> ACK",
     4, "a second ACK to one 2xx: it is sent again", "RFC 3261 13.2.2.4",
     "INVITE -> 200 OK -> ACK -> 200 OK (again) -> ACK (again)"},
    {"INVITE -> 200 OK -> BYE",
     3, "the 2xx is acknowledged first: ACK, then BYE", "RFC 3261 13.2.2.4",
     "INVITE -> 200 OK -> ACK -> BYE -> 200 OK"},
    {"INVITE -> 200 OK (tag=a) -> 200 OK (tag=b) -> ACK (tag=a) -> BYE (tag=b)",
     5, "the 2xx is acknowledged first: ACK, then BYE", "RFC 3261 13.2.2.4",
     ""},
    {"INVITE (100rel) -> 180 Ringing -> PRACK",
     3, "PRACK for a provisional response that was", "RFC 3262 4",
     "INVITE (100rel) -> 180 Ringing (100rel) -> PRACK -> 200 OK for PRACK"
     " -> 200 OK for INVITE -> ACK"},
    {"INVITE (100rel) -> 180 Ringing (100rel, rseq=1) -> PRACK (rack=2)",
     3, "PRACK for a provisional response that is not", "RFC 3262 4",
     "INVITE (100rel) -> 180 Ringing (100rel, rseq=1) -> PRACK (rack=1) -> 200 OK for PRACK"
     " -> 200 OK for INVITE -> ACK"},
    {R"(> INVITE (100rel)
< 180 Ringing (100rel, rseq=1)
> PRACK (rack=1)
< 200 OK for PRACK
< 183 Session Progress (100rel, rseq=3)
> PRACK (rack=3))",
     6, "PRACK for a provisional response that is not", "RFC 3262 4",
     R"(> INVITE (100rel)
< 180 Ringing (100rel, rseq=1)
> PRACK (rack=1)
< 200 OK for PRACK
< 183 Session Progress (100rel, rseq=2)
> PRACK (rack=2)
< 200 OK for PRACK
< 200 OK for INVITE
> ACK)"},
    {"INVITE (100rel) -> 180 Ringing (100rel) -> PRACK -> 200 OK for PRACK -> PRACK",
     5, "PRACK for a provisional response that is not", "RFC 3262 4",
     "INVITE (100rel) -> 180 Ringing (100rel) -> PRACK -> 200 OK for PRACK"
     " -> 200 OK for INVITE -> ACK"},
    {"INVITE (100rel) -> 180 Ringing (100rel, rseq=1, tag=a)"
     " -> 180 Ringing (100rel, rseq=7, tag=b) -> PRACK (rack=1, tag=b)",
     4, "PRACK for a provisional response that is not", "RFC 3262 4",
     "INVITE (100rel) -> 180 Ringing (100rel, rseq=1, tag=a) -> PRACK (rack=1, tag=a)"
     " -> 200 OK for PRACK -> 200 OK for INVITE (tag=a) -> ACK"},
    {"INVITE -> 180 Ringing (100rel)",
     2, "a reliable provisional response to an INVITE", "RFC 3262 3",
     "INVITE (100rel) -> 180 Ringing (100rel) -> PRACK -> 200 OK for PRACK"
     " -> 200 OK for INVITE -> ACK"},
    {"INVITE (sdp) -> 183 Session Progress (100rel, sdp)",
     2, "a reliable provisional response to an INVITE", "RFC 3262 3",
     ""},
    {"INVITE (sdp, 100rel) -> 183 Session Progress (100rel, sdp) -> 200 OK for INVITE",
     3, "2xx while a reliable provisional response", "RFC 3262 3, 5",
     "INVITE (sdp, 100rel) -> 183 Session Progress (100rel, sdp) -> PRACK"
     " -> 200 OK for PRACK -> 200 OK for INVITE -> ACK"},
    {"INVITE (no sdp, 100rel) -> 183 Session Progress (100rel, sdp) -> 200 OK for INVITE",
     3, "2xx while a reliable provisional response", "RFC 3262 3, 5",
     ""},
    {"INVITE (sdp) -> 200 OK (sdp) -> ACK -> UPDATE (sdp) -> UPDATE (sdp)",
     5, "UPDATE with an offer while an offer is", "RFC 3311 5.1",
     "INVITE (sdp) -> 200 OK (sdp) -> ACK -> UPDATE (sdp) -> 200 OK (sdp) -> UPDATE (sdp)"
     " -> 200 OK (sdp)"},
    {"INVITE (sdp) -> 200 OK (sdp) -> ACK -> UPDATE (sdp) <- UPDATE (sdp)",
     5, "UPDATE with an offer while an offer is", "RFC 3311 5.1",
     "INVITE (sdp) -> 200 OK (sdp) -> ACK -> UPDATE (sdp) -> 200 OK (sdp) <- UPDATE (sdp)"
     " -> 200 OK (sdp)"},
    {R"(> INVITE (sdp)
< 200 OK (sdp)
> ACK
< UPDATE (sdp)
< UPDATE (sdp))",
     5, "UPDATE with an offer while the sender's own", "RFC 3311 5.1",
     R"(> INVITE (sdp)
< 200 OK (sdp)
> ACK
< UPDATE (sdp)
> 200 OK (sdp))"},
    {"INVITE (sdp) -> 200 OK (sdp) -> ACK -> re-INVITE (sdp) -> UPDATE (sdp)",
     5, "UPDATE with an offer before the INVITE's", "RFC 3311 5.1",
     ""},
    {"INVITE (sdp) -> 180 Ringing -> UPDATE (sdp)",
     3, "UPDATE with an offer before the INVITE's", "RFC 3311 5.1",
     "INVITE (sdp, 100rel) -> 183 Session Progress (100rel, sdp) -> PRACK"
     " -> 200 OK for PRACK -> UPDATE (sdp) -> 200 OK for UPDATE (sdp) -> 200 OK for INVITE"
     " -> ACK"},
    {"INVITE (sdp) -> 180 Ringing (sdp) -> UPDATE (sdp)",
     3, "UPDATE with an offer before the INVITE's", "RFC 3311 5.1",
     "INVITE (sdp) -> 180 Ringing (sdp) -> 200 OK (sdp) -> ACK -> UPDATE (sdp) -> 200 OK (sdp)"},
    {"INVITE (sdp, 100rel) -> 183 Session Progress (100rel, sdp) <- UPDATE (sdp)",
     3, "UPDATE with an offer by the callee before", "RFC 3311 5.1",
     "INVITE (sdp, 100rel) -> 183 Session Progress (100rel, sdp) -> PRACK"
     " -> 200 OK for PRACK <- UPDATE (sdp) -> 200 OK for UPDATE (sdp) -> 200 OK for INVITE"
     " -> ACK"},
    {"INVITE (sdp, 100rel) -> 183 Session Progress (100rel) -> UPDATE (sdp)",
     3, "UPDATE with an offer before the INVITE's", "RFC 3311 5.1",
     ""},
    {"INVITE (no sdp) -> 200 OK (sdp) -> ACK",
     3, "ACK without the answer to the offer in the", "RFC 3261 13.2.2.4",
     "INVITE (no sdp) -> 200 OK (sdp) -> ACK (sdp)"},
    {"INVITE (sdp) -> 200 OK (sdp) -> ACK -> re-INVITE -> 200 OK (sdp) -> ACK",
     6, "ACK without the answer to the offer in the", "RFC 3261 13.2.2.4",
     "INVITE (sdp) -> 200 OK (sdp) -> ACK -> re-INVITE -> 200 OK (sdp) -> ACK (sdp)"},
    {"INVITE (100rel, no sdp) -> 183 Session Progress (100rel, sdp) -> PRACK",
     3, "PRACK without the answer to the offer in the", "RFC 3262 5",
     "INVITE (100rel, no sdp) -> 183 Session Progress (100rel, sdp) -> PRACK (sdp)"
     " -> 200 OK for PRACK -> 200 OK for INVITE -> ACK"},
    {"INVITE (qos=needed, 100rel, precondition) -> 183 Session Progress (100rel, qos=needed)"
     " -> PRACK -> 200 OK for PRACK -> 200 OK for INVITE",
     5, "2xx to the INVITE before the mandatory", "RFC 3312 5.1",
     "INVITE (qos=needed, 100rel, precondition) -> 183 Session Progress (100rel, qos=needed)"
     " -> PRACK -> 200 OK for PRACK -> UPDATE (qos=met) -> 200 OK for UPDATE (qos=met)"
     " -> 200 OK for INVITE -> ACK"},
    {"INVITE (qos=needed, 100rel, precondition) -> 183 Session Progress (100rel, qos=needed)"
     " -> PRACK -> 200 OK for PRACK -> 180 Ringing",
     5, "180 before the mandatory preconditions are", "RFC 3312 6",
     "INVITE (qos=needed, 100rel, precondition) -> 183 Session Progress (100rel, qos=needed)"
     " -> PRACK -> 200 OK for PRACK -> UPDATE (qos=met) -> 200 OK for UPDATE (qos=met)"
     " -> 180 Ringing -> 200 OK for INVITE -> ACK"},
    {"INVITE (qos=needed, 100rel, require=precondition) -> 200 OK (qos=needed)",
     2, "2xx to the INVITE whose own description says", "RFC 3312 5.1",
     ""},
    {"INVITE (timer, session-expires=1800, refresher=uac)"
     " -> 200 OK (timer, session-expires=1800, refresher=uas)",
     2, "a 2xx that overrides the UAC's choice of", "RFC 4028 9, Table 2",
     "INVITE (timer, session-expires=1800, refresher=uac)"
     " -> 200 OK (timer, session-expires=1800, refresher=uac) -> ACK"},
    {"INVITE -> 200 OK (session-expires=1800, refresher=uac)",
     2, "a 2xx with refresher=uac to a UAC that does", "RFC 4028 9, Table 2",
     "INVITE -> 200 OK (session-expires=1800, refresher=uas) -> ACK"},
    {"INVITE (timer, session-expires=100) -> 422 Session Interval Too Small (min-se=1800)"
     " -> ACK -> INVITE (timer, session-expires=1800)",
     4, "a session refresh request without Min-SE", "RFC 4028 7.4",
     "INVITE (timer, session-expires=100) -> 422 Session Interval Too Small (min-se=1800)"
     " -> ACK -> INVITE (timer, session-expires=1800, min-se=1800)"
     " -> 200 OK (timer, session-expires=1800, refresher=uac) -> ACK"},
    {"INVITE (timer, session-expires=100) -> 422 Session Interval Too Small (min-se=1800)"
     " -> ACK -> INVITE (timer, session-expires=100, min-se=1800)",
     4, "a session refresh request with a", "RFC 4028 7.1, 7.4",
     "INVITE (timer, session-expires=100) -> 422 Session Interval Too Small (min-se=1800)"
     " -> ACK -> INVITE (timer, session-expires=1800, min-se=1800)"
     " -> 200 OK (timer, session-expires=1800, refresher=uac) -> ACK"},
    {"INVITE -> 180 Ringing -> CANCEL -> 401 Unauthorized for CANCEL",
     4, "a challenge of a CANCEL: a CANCEL cannot be", "RFC 3261 9.2",
     "INVITE -> 180 Ringing -> CANCEL -> 200 OK for CANCEL -> 487 Request Terminated -> ACK"},
    {"INVITE -> 200 OK -> ACK -> BYE -> 200 OK -> re-INVITE",
     6, "a request in an INVITE usage that has ended", "RFC 3261 12.3, RFC 3261 15, RFC 5407 D",
     "INVITE -> 200 OK -> ACK -> re-INVITE -> 200 OK -> ACK -> BYE -> 200 OK"},
    {"INVITE -> 200 OK -> ACK -> BYE -> 200 OK -> UPDATE",
     6, "a request in an INVITE usage that has ended", "RFC 3261 12.3, RFC 3261 15, RFC 5407 D",
     "INVITE -> 200 OK -> ACK -> UPDATE -> 200 OK -> BYE -> 200 OK"},
    {"INVITE -> 200 OK -> ACK -> BYE -> INFO",
     5, "a request in an INVITE usage that has ended", "RFC 3261 12.3, RFC 3261 15, RFC 5407 D",
     "INVITE -> 200 OK -> ACK -> INFO -> 200 OK -> BYE -> 200 OK"},
    {"INVITE -> 200 OK -> ACK -> BYE -> 200 OK <- INFO",
     6, "a request in an INVITE usage that has ended", "RFC 3261 12.3, RFC 3261 15, RFC 5407 D",
     "INVITE -> 200 OK -> ACK <- INFO -> 200 OK -> BYE -> 200 OK"},
    {"INVITE -> 200 OK -> ACK -> BYE -> 200 OK -> BYE",
     6, "a request in an INVITE usage that has ended", "RFC 3261 12.3, RFC 3261 15, RFC 5407 D",
     "INVITE -> 200 OK -> ACK -> BYE -> 401 Unauthorized -> BYE (auth) -> 200 OK"},
    {"INVITE -> 200 OK -> ACK -> BYE -> BYE",
     5, "a request in an INVITE usage that has ended", "RFC 3261 12.3, RFC 3261 15, RFC 5407 D",
     ""},
    {"INVITE (sdp) -> 200 OK (sdp) -> ACK (sdp)",
     3, "a session description in the ACK, the INVITE", "RFC 6337 3.1.1",
     "INVITE (sdp) -> 200 OK (sdp) -> ACK"},
};

// RFC 5407 3 has them all; see race_conditions.hpp.
constexpr std::string_view legal_races[] = {
    // NOTIFY before the 2xx of its SUBSCRIBE (RFC 6665 4.1.2.4)
    "SUBSCRIBE <- NOTIFY -> 200 OK for SUBSCRIBE -> 200 OK for NOTIFY",
    // BYE by the caller in an early dialog (RFC 3261 15)
    "INVITE -> 180 Ringing -> BYE -> 200 OK for BYE -> 487 Request Terminated -> ACK",
    // BYE crossing BYE (RFC 5407 3.2.1)
    R"(alice -> bob: INVITE
bob -> alice: 200 OK
alice -> bob: ACK
alice -> : BYE #1
bob -> : BYE #2
-> bob: BYE #1
-> alice: BYE #2
bob -> alice: 200 OK
alice -> bob: 200 OK)",
    // CANCEL crossing 200 (RFC 5407 3.1.2)
    R"(alice -> bob: INVITE
bob -> alice: 180 Ringing
alice -> : CANCEL #1
bob -> : 200 OK for INVITE #2
-> bob: CANCEL #1
-> alice: 200 OK #2
bob -> alice: 200 OK for CANCEL
alice -> bob: ACK
alice -> bob: BYE
bob -> alice: 200 OK)",
    // 200 retransmitted after ACK (RFC 3261 13.2.2.4)
    "INVITE -> 200 OK -> ACK -> 200 OK (again) -> ACK (again)",
    // BYE arriving before the ACK (RFC 5407 3.1.6)
    R"(alice -> bob: INVITE
bob -> alice: 200 OK
alice -> : ACK #1
alice -> : BYE #2
-> bob: BYE #2
bob -> alice: 200 OK
-> bob: ACK #1)",
    // re-INVITE arriving before the ACK: both reactions (RFC 5407 3.1.4)
    R"(alice -> bob: INVITE
bob -> alice: 200 OK
alice -> : ACK #1
alice -> : re-INVITE #2
-> bob: re-INVITE #2
-> bob: ACK #1
bob -> alice: 200 OK
alice -> bob: ACK)",
    R"(alice -> bob: INVITE
bob -> alice: 200 OK
alice -> : ACK #1
alice -> : re-INVITE #2
-> bob: re-INVITE #2
-> bob: ACK #1
bob -> alice: 491 Request Pending
alice -> bob: ACK)",
    // re-INVITE crossing re-INVITE is glare, no violation (RFC 3261 14.2)
    R"(alice -> bob: INVITE
bob -> alice: 200 OK
alice -> bob: ACK
alice -> : re-INVITE #1
bob -> : re-INVITE #2
-> bob: re-INVITE #1
-> alice: re-INVITE #2
bob -> alice: 491 Request Pending
alice -> bob: 491 Request Pending
alice -> bob: ACK
bob -> alice: ACK)",
    // UPDATE crossing UPDATE (RFC 3311 5.2)
    R"(alice -> bob: INVITE (sdp)
bob -> alice: 200 OK (sdp)
alice -> bob: ACK
alice -> : UPDATE (sdp) #1
bob -> : UPDATE (sdp) #2
-> bob: UPDATE #1
-> alice: UPDATE #2
bob -> alice: 491 Request Pending
alice -> bob: 491 Request Pending)",
    // The ACK to a non-2xx is written, and the transaction's (RFC 3261 17.1.1.3)
    "INVITE -> 486 Busy Here -> ACK",
    // Several dialogs of one INVITE may be kept (RFC 3261 13.2.2.4)
    "INVITE -> 200 OK (tag=a) -> ACK (tag=a) -> 200 OK (tag=b) -> ACK (tag=b)",
    // A refresh by the other side (RFC 4028 9)
    "INVITE (timer, session-expires=1800) -> 200 OK (timer, session-expires=1800, refresher=uas)"
    " -> ACK <- UPDATE (timer, session-expires=1800, refresher=uac)"
    " -> 200 OK (timer, session-expires=1800, refresher=uac)",
};
// clang-format on

BOOST_AUTO_TEST_CASE(each_misuse_is_refused_at_its_step_with_its_clause) {
  for (auto const& m : misuses) {
    BOOST_TEST_CONTEXT(m.flow) {
      auto const verdict = ctsip::check_flow(m.flow);
      BOOST_TEST(verdict.violated());
      BOOST_TEST(verdict.step() == m.step);
      BOOST_TEST(verdict.sentence().substr(0, m.sentence.size()) == m.sentence);
      BOOST_TEST(verdict.clause() == m.clause);
      BOOST_TEST(!verdict.participant().empty());
      BOOST_TEST(!verdict.message().empty());
      BOOST_TEST(!std::string_view{verdict.why().state}.empty());
      BOOST_TEST(!std::string_view{verdict.why().event}.empty());
    }
  }
}

BOOST_AUTO_TEST_CASE(each_cure_is_complete) {
  for (auto const& m : misuses) {
    if (m.cure.empty()) continue;
    BOOST_TEST_CONTEXT(m.cure) { BOOST_TEST(ctsip::check_flow(m.cure).complete()); }
  }
}

BOOST_AUTO_TEST_CASE(the_races_that_look_like_misuses_are_legal_rfc_5407_3) {
  for (auto const flow : legal_races) {
    BOOST_TEST_CONTEXT(flow) { BOOST_TEST(ctsip::check_flow(flow).complete()); }
  }
}

// RFC 3261 13.2.2.4: a 2xx that is never acknowledged breaks no rule at any step, and leaves the
// flow open.
BOOST_AUTO_TEST_CASE(a_success_without_its_ack_leaves_the_flow_open_rfc_3261_13_2_2_4) {
  for (std::string_view const flow :
       {"INVITE -> 200 OK", "INVITE -> 200 OK (tag=a) -> ACK (tag=a) -> 200 OK (tag=b)",
        "INVITE -> 200 OK -> ACK -> re-INVITE -> 200 OK"}) {
    BOOST_TEST_CONTEXT(flow) {
      auto const verdict = ctsip::check_flow(flow);
      BOOST_TEST(verdict.legal());
      BOOST_TEST(!verdict.complete());
      BOOST_TEST(verdict.open().participant == "caller");
      BOOST_TEST(std::string_view{verdict.open().sentence} ==
                 "a 2xx response to the INVITE without its ACK");
      BOOST_TEST(std::string_view{verdict.open().clause} == "RFC 3261 13.2.2.4");
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
