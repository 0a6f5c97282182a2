// Legal flows that look odd, in constant evaluation and at run time: what each RFC allows, flow by
// flow. relatives.cpp has what is refused, race_conditions.cpp what may cross.
#include <ctsip/flow/flow.hpp>

#include <iterator>
#include <string_view>

#include <boost/test/unit_test.hpp>

#include "flow/each.hpp"

using ctsip::check_flow;
using ctsip_tests::holds_for_each;

namespace {

// clang-format off
constexpr std::string_view complete[] = {
    // A re-INVITE and its CANCEL belong to their dialog (RFC 3261 9.1)
    "INVITE -> 200 OK -> ACK -> re-INVITE -> 100 Trying -> CANCEL -> 200 OK for CANCEL"
     " -> 487 Request Terminated -> ACK",
    "INVITE -> 200 OK -> ACK <- re-INVITE -> 100 Trying <- CANCEL -> 200 OK for CANCEL"
     " -> 487 Request Terminated <- ACK",
    "> INVITE\n< 200 OK\n> ACK\n> re-INVITE\n< 100 Trying\n> CANCEL\n< 200 OK for CANCEL"
     "\n< 487 Request Terminated\n> ACK",
    "INVITE -> 200 OK -> ACK -> re-INVITE -> 100 Trying -> CANCEL -> 487 Request Terminated"
     " -> 200 OK for CANCEL -> ACK -> re-INVITE -> 200 OK -> ACK",
    "INVITE -> 200 OK (tag=a) -> ACK (tag=a) -> 200 OK (tag=b) -> ACK (tag=b) -> BYE (tag=b)"
     " -> 200 OK -> re-INVITE (tag=a) -> 100 Trying -> CANCEL -> 200 OK for CANCEL"
     " -> 487 Request Terminated -> ACK -> BYE (tag=a) -> 200 OK",
    // The failure came again, and so does its ACK (RFC 3261 17.1.1.2)
    "INVITE -> 486 Busy Here -> ACK -> 486 Busy Here (again) -> ACK",
    "INVITE -> 486 Busy Here -> ACK -> 486 Busy Here (again) -> ACK (again)",
    "INVITE -> 486 Busy Here -> ACK -> ACK (again)",
    "INVITE (branch=a) -> 486 Busy Here -> ACK (branch=a)",
    // In a log the 2xx comes again and does not say so; another fork answers after a re-INVITE
    "> INVITE\n< 200 OK\n> ACK\n< 200 OK\n> ACK",
    "> INVITE\n< 200 OK (tag=a)\n> ACK (tag=a)\n> re-INVITE (tag=a)\n< 200 OK (tag=b)"
    "\n> ACK (tag=b)\n> BYE (tag=b)\n< 200 OK for BYE\n< 200 OK (tag=a)\n> ACK (tag=a)",
    // "an ACK request for each 2xx" (RFC 3261 13.2.2.4), after another fork's BYE too
    "INVITE -> 200 OK (tag=a) -> 200 OK (tag=b) -> ACK (tag=b) -> BYE (tag=b) -> 200 OK for BYE"
     " -> ACK (tag=a)",
    "INVITE -> 200 OK (tag=a) -> 200 OK (tag=b) -> ACK (tag=b) -> BYE (tag=b) -> 200 OK for BYE"
     " -> ACK (tag=a) -> BYE (tag=a) -> 200 OK",
    "INVITE -> 200 OK (tag=a) -> 200 OK (tag=b) -> ACK (tag=b) -> re-INVITE (tag=b)"
     " -> 200 OK (tag=b) -> ACK (tag=b) -> ACK (tag=a)",
    "INVITE (cseq=1) -> 200 OK (tag=a) -> 200 OK (tag=b) -> ACK (tag=b)"
     " -> re-INVITE (tag=b, cseq=2) -> ACK (tag=a, cseq=1) -> 200 OK (tag=b) -> ACK (tag=b)",
    "> INVITE\n< 200 OK (tag=a)\n< 200 OK (tag=b)\n> ACK (tag=b)\n> BYE (tag=b)"
     "\n< 200 OK for BYE\n> ACK (tag=a)",
    R"(alice -> proxy: INVITE
proxy -> bob: INVITE
proxy -> carol: INVITE
bob -> proxy: 200 OK (tag=b)
proxy -> alice: 200 OK (tag=b)
carol -> proxy: 200 OK (tag=c)
proxy -> alice: 200 OK (tag=c)
alice -> carol: ACK (tag=c)
alice -> carol: BYE (tag=c)
carol -> alice: 200 OK for BYE
alice -> bob: ACK (tag=b))",
    // A PRACK that crossed a BYE: 481 (RFC 5407 3.2.1), or 2xx, since it matches (RFC 3262 3)
    R"(alice -> bob: INVITE
bob -> alice: 200 OK
alice -> bob: ACK
bob -> alice: re-INVITE (100rel)
alice -> bob: 180 Ringing (100rel)
alice -> : BYE #1
bob -> : PRACK #2
-> bob: BYE #1
-> alice: PRACK #2
bob -> alice: 200 OK for BYE
alice -> bob: 481 Call/Transaction Does Not Exist for PRACK
alice -> bob: 487 Request Terminated
bob -> alice: ACK)",
    R"(alice -> bob: INVITE
bob -> alice: 200 OK
alice -> bob: ACK
bob -> alice: re-INVITE (100rel)
alice -> bob: 180 Ringing (100rel)
alice -> : BYE #1
bob -> : PRACK #2
-> bob: BYE #1
-> alice: PRACK #2
bob -> alice: 200 OK for BYE
alice -> bob: 200 OK for PRACK
alice -> bob: 487 Request Terminated
bob -> alice: ACK)",
    // What must be rejected is
    "< INVITE (cseq=9)\n> 200 OK\n< ACK\n< INFO (cseq=10)\n> 200 OK\n< INFO (cseq=8)"
     "\n> 500 Server Internal Error",
    "< PRACK\n> 481 Call/Transaction Does Not Exist",
    "> INVITE\n< 200 OK\n> ACK\n< CANCEL\n> 481 Call/Transaction Does Not Exist for CANCEL",
    "< INVITE\n> 200 OK\n< ACK\n< BYE\n> 200 OK\n< INFO\n> 481 Call/Transaction Does Not Exist",
    "> INVITE\n< 200 OK\n> ACK\n> re-INVITE\n< re-INVITE\n> 401 Unauthorized\n< ACK\n< 200 OK\n> ACK",
    // "the UAS MAY either accept or reject the request" to a dialog that it does not know (12.2.2)
    "< UPDATE\n> 200 OK",
    "< re-INVITE\n> 200 OK\n< ACK",
    // A failure ends all that its INVITE began (RFC 3261 12.3)
    "INVITE -> 180 Ringing (tag=a) -> 180 Ringing (tag=b) -> 603 Decline -> ACK",
    "INVITE -> 180 Ringing (tag=a) -> 180 Ringing (tag=b) -> CANCEL -> 200 OK for CANCEL"
     " -> 487 Request Terminated for INVITE -> ACK",
    "INVITE -> 180 Ringing (tag=a) -> 180 Ringing (tag=b) -> BYE (tag=a) -> 200 OK for BYE"
     " -> BYE (tag=b) -> 200 OK for BYE -> 487 Request Terminated for INVITE -> ACK",
    // The INVITE after it is in none of the early dialogs that it had (RFC 3261 12.3)
    "INVITE -> 180 Ringing -> 401 Unauthorized -> ACK -> INVITE (auth) -> 100 Trying -> CANCEL"
     " -> 200 OK for CANCEL -> 487 Request Terminated -> ACK",
    "INVITE -> 180 Ringing (tag=a) -> 503 Service Unavailable (tag=a) -> ACK -> INVITE"
     " -> 180 Ringing (tag=b) -> 200 OK (tag=b) -> ACK",
    "INVITE -> 180 Ringing (tag=a) -> 180 Ringing (tag=b) -> 503 Service Unavailable -> ACK"
     " -> INVITE -> 100 Trying -> CANCEL -> 200 OK for CANCEL -> 487 Request Terminated -> ACK",
    "INVITE -> 180 Ringing -> 486 Busy Here -> ACK <- INVITE -> 100 Trying <- CANCEL"
     " -> 200 OK for CANCEL -> 487 Request Terminated for INVITE <- ACK",
    "> INVITE\n< 180 Ringing\n< 503 Service Unavailable\n> ACK\n> INVITE\n< 100 Trying\n> CANCEL"
     "\n< 200 OK for CANCEL\n< 487 Request Terminated\n> ACK",
    "< INVITE\n> 180 Ringing (tag=a)\n> 503 Service Unavailable (tag=a)\n< ACK\n< INVITE"
     "\n> 180 Ringing (tag=b)\n> 200 OK (tag=b)\n< ACK",
    // What forks answers the call that its INVITE names
    "INVITE (call=1) -> 180 Ringing (tag=a) -> 180 Ringing (tag=b) -> 200 OK (tag=a) -> ACK",
    "> INVITE (call=1)\n< 200 OK (tag=a)\n> ACK (tag=a)\n< 200 OK (tag=b)\n> ACK (tag=b)",
    // A subscription survives the BYE (RFC 5057 5.5)
    "INVITE -> 200 OK -> ACK -> REFER -> 202 Accepted -> BYE -> 200 OK for BYE <- NOTIFY"
     " -> 200 OK",
    "INVITE -> 200 OK -> ACK -> REFER -> 202 Accepted <- NOTIFY -> 200 OK -> BYE -> 200 OK"
     " <- NOTIFY -> 200 OK",
    "INVITE -> 200 OK -> ACK -> SUBSCRIBE -> 200 OK <- NOTIFY -> 200 OK <- BYE -> 200 OK"
     " -> SUBSCRIBE -> 200 OK <- NOTIFY -> 200 OK",
    "> INVITE\n< 200 OK\n> ACK\n< REFER\n> 202 Accepted\n< BYE\n> 200 OK\n> NOTIFY\n< 200 OK",
    // Responses that could be to any of several requests
    "INVITE (sdp) -> 200 OK (sdp) -> ACK -> UPDATE (sdp) -> INFO -> INFO -> INFO -> INFO -> INFO"
     " -> INFO -> 200 OK (sdp) -> 200 OK -> 200 OK -> 200 OK -> 200 OK -> 200 OK -> 200 OK",
    "INVITE -> 200 OK -> ACK -> INFO (cseq=5) -> INFO (cseq=6) -> 200 OK -> 200 OK (cseq=6)",
    "INVITE (call=1) -> 486 Busy Here (call=1) -> ACK (call=1) -> INVITE (call=2)"
     " -> 486 Busy Here (call=2) -> ACK (call=2) -> INVITE (call=3) -> 200 OK (call=3)"
     " -> ACK (call=3)",
    R"(< INVITE
> 180 Ringing
> 486 Busy Here
< ACK)",
    R"(< INVITE
> 180 Ringing
< CANCEL
> 200 OK for CANCEL
> 200 OK for INVITE
< ACK)",
    R"(< INVITE
> 180 Ringing
< CANCEL
> 200 OK for CANCEL
> 487 Request Terminated
< ACK)",
    R"(< INVITE (cseq=9)
> 200 OK
< ACK
< INFO (cseq=10)
> 200 OK
< INFO (cseq=8)
> 500 Server Internal Error)",
    R"(> INVITE
< 200 OK
> ACK
> re-INVITE
< re-INVITE
> 491 Request Pending
< ACK
< 200 OK
> ACK)",
    R"(< INVITE (100rel)
> 180 Ringing (100rel, rseq=1)
< PRACK (rack=2)
> 481 Call/Transaction Does Not Exist
< PRACK (rack=1)
> 200 OK for PRACK
> 200 OK for INVITE
< ACK)",
    R"(> INVITE (sdp)
< 200 OK (sdp)
> ACK
> UPDATE (sdp)
< UPDATE (sdp)
> 491 Request Pending
< 491 Request Pending)",
    R"(alice -> bob: INVITE (sdp)
bob -> alice: 200 OK (sdp)
alice -> bob: ACK
alice -> : UPDATE (sdp) #1
bob -> : re-INVITE (sdp) #2
-> bob: UPDATE #1
-> alice: re-INVITE #2
bob -> alice: 491 Request Pending
alice -> bob: 491 Request Pending
bob -> alice: ACK)",
    R"(alice -> bob: INVITE (sdp)
bob -> alice: 200 OK (sdp)
alice -> : ACK #1
alice -> : BYE #2
-> bob: BYE #2
-> bob: ACK #1
bob -> alice: 200 OK)",
    "INVITE (call=1) -> 200 OK (call=1) -> ACK (call=1) -> INVITE (call=2)"
     " -> 200 OK (call=2) -> ACK (call=2) -> BYE (call=1) -> 200 OK (call=1) -> BYE (call=2)"
     " -> 200 OK (call=2)",
    R"(alice -> proxy: INVITE
proxy -> bob: INVITE
bob -> proxy: 180 Ringing
proxy -> alice: 180 Ringing
bob -> proxy: 200 OK
proxy -> alice: 200 OK
alice -> bob: ACK
bob -> alice: BYE
alice -> bob: 200 OK)",
    R"(alice -> proxy: INVITE
proxy -> alice: 100 Trying
proxy -> bob: INVITE
bob -> proxy: 486 Busy Here
proxy -> bob: ACK
proxy -> alice: 486 Busy Here
alice -> proxy: ACK)",
    "INVITE -> 200 OK (lost) -> 200 OK (again) -> ACK",
    "INVITE -> 180 Ringing (lost) -> 200 OK -> ACK",
    "INVITE (100rel) -> 180 Ringing (100rel) -> BYE -> 200 OK for BYE"
     " -> 487 Request Terminated -> ACK",
    "INVITE -> 180 Ringing (tag=a) -> 200 OK (tag=a) -> ACK (tag=a) <- BYE (tag=a) -> 200 OK",
    "INVITE -> 200 OK -> ACK -> MESSAGE -> 481 Call/Transaction Does Not Exist -> BYE"
     " -> 481 Call/Transaction Does Not Exist",
    "INVITE -> 200 OK -> ACK -> INFO -> 415 Unsupported Media Type -> INFO -> 200 OK",
    "INVITE -> 200 OK -> ACK -> UPDATE -> 405 Method Not Allowed -> re-INVITE -> 200 OK"
     " -> ACK",
    "INVITE -> 200 OK -> ACK -> OPTIONS -> 501 Not Implemented -> BYE -> 200 OK",
    "INVITE -> 200 OK -> ACK -> BYE -> 500 Server Internal Error",
    "INVITE (sdp) -> 200 OK (sdp) -> ACK -> UPDATE (sdp) -> UPDATE"
     " -> 500 Server Internal Error (retry-after=5) -> 200 OK (sdp)",
    "INVITE (no sdp, 100rel) -> 183 Session Progress (100rel, sdp) -> PRACK (sdp)"
     " -> 200 OK for PRACK -> UPDATE (sdp) -> 200 OK for UPDATE (sdp) -> 200 OK for INVITE"
     " -> ACK",
    "INVITE (100rel) -> 200 OK -> ACK -> re-INVITE (100rel)"
     " -> 183 Session Progress (100rel) -> PRACK -> 200 OK for PRACK -> 200 OK for INVITE"
     " -> ACK",
    "INVITE -> 200 OK -> ACK -> INFO -> INFO -> INFO -> INFO -> INFO -> INFO -> INFO"
     " -> 200 OK -> 200 OK -> 200 OK -> 200 OK -> 200 OK -> 200 OK -> 200 OK -> BYE"
     " -> 200 OK",
    "INVITE -> 180 Ringing (tag=a) -> 180 Ringing (tag=b) -> 180 Ringing (tag=c)"
     " -> 180 Ringing (tag=d) -> 200 OK (tag=a) -> ACK (tag=a)",
    R"(< UPDATE
> 481 Call/Transaction Does Not Exist)",
    R"(< BYE
> 481 Call/Transaction Does Not Exist)",
    R"(< CANCEL
> 481 Call/Transaction Does Not Exist)",
    R"(< INVITE
> 200 OK
< ACK
< BYE
> 200 OK
< INFO
> 481 Call/Transaction Does Not Exist)",
    R"(< INVITE
> 200 OK
< ACK
> BYE
< BYE
> 200 OK for BYE
< 200 OK for BYE)",
    R"(> INVITE
< 200 OK
> ACK
> BYE
< re-INVITE
> 481 Call/Transaction Does Not Exist
< ACK
< 200 OK for BYE)",
    R"(> INVITE
< 200 OK
> ACK
< re-INVITE
> 100 Trying
> 180 Ringing
> 486 Busy Here
< ACK)",
    "INVITE (cseq=1) -> 401 Unauthorized -> ACK -> INVITE (cseq=2, auth) -> 200 OK -> ACK",
    "INVITE (cseq=5) -> 401 Unauthorized -> ACK -> INVITE (cseq=9, auth) -> 486 Busy Here"
     " -> ACK",
    "INVITE (sdp) -> 200 OK (sdp) -> ACK -> re-INVITE (sdp, 100rel)"
     " -> 183 Session Progress (100rel, sdp) -> PRACK -> 200 OK for PRACK"
     " -> 200 OK for INVITE -> ACK",
    "INVITE (sdp) -> 200 OK (sdp) -> ACK -> re-INVITE (sdp, 100rel)"
     " -> 183 Session Progress (100rel, sdp) -> PRACK -> 200 OK for PRACK -> UPDATE (sdp)"
     " -> 200 OK for UPDATE (sdp) -> 200 OK for re-INVITE -> ACK",
    "INVITE (sdp, 100rel) -> 183 Session Progress (100rel, sdp) -> PRACK"
     " -> 200 OK for PRACK -> UPDATE (sdp) -> CANCEL -> 200 OK for CANCEL"
     " -> 487 Request Terminated for INVITE -> 487 Request Terminated for UPDATE -> ACK",
    "INVITE (sdp, 100rel) -> 183 Session Progress (100rel, rseq=1) -> PRACK"
     " -> 200 OK for PRACK -> 183 Session Progress (100rel, sdp, rseq=2) -> PRACK"
     " -> 200 OK for PRACK -> 200 OK for INVITE -> ACK",
    "INVITE (sdp) -> 180 Ringing -> 200 OK (sdp) <- re-INVITE (sdp) -> 200 OK (sdp) <- ACK"
     " -> ACK",
    "INVITE -> 200 OK -> ACK -> re-INVITE -> 491 Request Pending -> ACK -> re-INVITE"
     " -> 200 OK -> ACK",
    "INVITE (timer, session-expires=1800)"
     " -> 200 OK (timer, session-expires=1800, refresher=uac) -> ACK"
     " -> re-INVITE (timer, session-expires=1800, refresher=uas)"
     " -> 200 OK (timer, session-expires=1800, refresher=uas) -> ACK",
    R"(alice -> bob: INVITE
bob -> alice: 200 OK
alice -> bob: ACK
carol -> alice: INVITE (call=2)
alice -> carol: 486 Busy Here (call=2)
carol -> alice: ACK (call=2)
bob -> alice: BYE
alice -> bob: 200 OK)",
    R"(alice -> bob: INVITE
bob -> alice: 302 Moved Temporarily
alice -> bob: ACK
alice -> carol: INVITE
carol -> alice: 200 OK
alice -> carol: ACK)",
    "INVITE -> 200 OK -> ACK <- re-INVITE -> 180 Ringing <- CANCEL -> 200 OK for CANCEL"
     " -> 487 Request Terminated <- ACK",
    R"(> INVITE
< 200 OK
> ACK
< re-INVITE
> 100 Trying
< CANCEL
> 200 OK for CANCEL
> 487 Request Terminated
< ACK)",
    "INVITE -> 100 Trying -> 200 OK -> ACK -> re-INVITE -> 100 Trying -> 200 OK -> ACK",
    "INVITE -> 200 OK (tag=a) -> ACK (tag=a) -> 200 OK (tag=b) -> ACK (tag=b)"
     " -> re-INVITE (tag=b) -> 488 Not Acceptable Here -> ACK -> re-INVITE (tag=a)"
     " -> 200 OK (tag=a) -> ACK (tag=a) -> BYE (tag=b) -> 200 OK",
    "INVITE -> 200 OK (tag=a) -> ACK (tag=a) -> 200 OK (tag=b) -> ACK (tag=b)"
     " -> re-INVITE (tag=b) -> re-INVITE (tag=a) -> 200 OK (tag=b) -> 200 OK (tag=a)"
     " -> ACK (tag=a) -> ACK (tag=b)",
    "INVITE -> 200 OK (tag=a) -> ACK (tag=a) -> 200 OK (tag=b) -> ACK (tag=b)"
     " -> BYE (tag=a) -> BYE (tag=b) -> 200 OK -> 200 OK",
    "INVITE (sdp) -> 200 OK (sdp, tag=a) -> ACK (tag=a) -> 200 OK (sdp, tag=b)"
     " -> ACK (tag=b) -> UPDATE (sdp, tag=a) -> UPDATE (sdp, tag=b) -> 200 OK (sdp, tag=a)"
     " -> 200 OK (sdp, tag=b)",
    "INVITE (sdp, 100rel) -> 183 Session Progress (100rel, sdp, tag=a)"
     " -> 183 Session Progress (100rel, sdp, tag=b) -> PRACK (tag=a) -> PRACK (tag=b)"
     " -> 200 OK for PRACK (tag=a) -> 200 OK for PRACK (tag=b) -> 200 OK for INVITE (tag=a)"
     " -> ACK (tag=a)",
    "INVITE -> 200 OK -> ACK -> re-INVITE (timer, session-expires=100)"
     " -> 422 Session Interval Too Small (min-se=1800) -> ACK"
     " -> re-INVITE (timer, session-expires=1800, min-se=1800)"
     " -> 200 OK (timer, session-expires=1800, refresher=uac) -> ACK",
    "INVITE (100rel) -> 180 Ringing (100rel, rseq=9) -> PRACK (rack=9) -> 200 OK for PRACK"
     " -> 200 OK for INVITE -> ACK -> re-INVITE (100rel) -> 180 Ringing (100rel, rseq=2)"
     " -> PRACK (rack=2) -> 200 OK for PRACK -> 200 OK for INVITE -> ACK",
    "INVITE -> 200 OK -> ACK -> re-INVITE -> 180 Ringing -> 486 Busy Here -> ACK"
     " <- re-INVITE -> 200 OK <- ACK",
    "INVITE -> 200 OK -> ACK -> re-INVITE (lost) -> re-INVITE (again) -> 200 OK -> ACK",
    "INVITE -> 200 OK -> ACK -> re-INVITE -> 200 OK (lost) -> 200 OK (again) -> ACK",
    "INVITE -> 200 OK -> ACK -> re-INVITE -> 200 OK -> ACK -> 200 OK (again) -> ACK (again)"
     " -> BYE -> 200 OK",
    "INVITE -> 200 OK -> ACK -> re-INVITE -> 200 OK -> ACK (lost) -> 200 OK (again)"
     " -> ACK (again)",
    "INVITE -> 200 OK -> ACK (lost) <- BYE -> 200 OK for BYE",
    R"(alice -> bob: INVITE
bob -> alice: 200 OK
alice -> : ACK #1
bob -> alice: BYE
alice -> bob: 200 OK
-> bob: ACK #1)",
    R"(alice -> bob: INVITE
bob -> alice: 180 Ringing
alice -> : BYE #1
bob -> : 200 OK for INVITE #2
-> bob: BYE #1
-> alice: 200 OK #2
bob -> alice: 200 OK for BYE
alice -> bob: ACK)",
    R"(alice -> bob: INVITE (sdp)
bob -> alice: 200 OK (sdp)
alice -> : ACK #1
alice -> : UPDATE (sdp) #2
-> bob: UPDATE #2
bob -> alice: 200 OK (sdp)
-> bob: ACK #1)",
    R"(alice -> bob: INVITE
bob -> alice: 200 OK
alice -> bob: ACK
bob -> : re-INVITE #1
alice -> : BYE #2
-> bob: BYE #2
-> alice: re-INVITE #1
bob -> alice: 200 OK for BYE
alice -> bob: 481 Call/Transaction Does Not Exist
bob -> alice: ACK)",
    R"(alice -> bob: INVITE
bob -> alice: 200 OK
alice -> bob: ACK
alice -> : INFO (cseq=2) #1
alice -> : INFO (cseq=3) #2
-> bob: INFO #2
-> bob: INFO #1
bob -> alice: 200 OK
bob -> alice: 500 Server Internal Error)",
    R"(alice -> bob: INVITE
bob -> alice: 180 Ringing
alice -> bob: CANCEL
bob -> alice: 200 OK for CANCEL
bob -> : 487 Request Terminated for INVITE #1
-> alice: 487 #1
alice -> bob: ACK)",
    "INVITE -> 200 OK -> ACK -> BYE -> 200 OK -> REGISTER -> 200 OK",
    "INVITE -> 200 OK -> ACK -> REGISTER -> 200 OK -> BYE -> 200 OK",
    "INVITE -> 200 OK -> ACK -> BYE -> 200 OK -> INVITE (call=2) -> 200 OK (call=2)"
     " -> ACK (call=2)",
    "INVITE -> 486 Busy Here -> ACK <- INVITE -> 200 OK <- ACK",
    "INVITE <- INVITE (call=2) -> 486 Busy Here (call=2) <- ACK (call=2) -> 200 OK -> ACK",
    "INVITE -> OPTIONS (call=2) -> 200 OK for OPTIONS (call=2) -> 200 OK for INVITE -> ACK",
    "INVITE -> 180 Ringing -> OPTIONS -> 200 OK for OPTIONS -> 200 OK for INVITE -> ACK",
    "INVITE -> 180 Ringing -> INFO -> 200 OK for INFO -> 200 OK for INVITE -> ACK",
    "INVITE -> 180 Ringing <- INFO -> 200 OK for INFO -> 200 OK for INVITE -> ACK",
    "INVITE -> 180 Ringing -> MESSAGE -> 200 OK for MESSAGE -> 200 OK for INVITE -> ACK",
    "INVITE -> 200 OK <- re-INVITE -> 200 OK for re-INVITE <- ACK -> ACK",
    "INVITE -> 300 Multiple Choices -> ACK",
    "INVITE -> 380 Alternative Service -> ACK",
    "INVITE -> 415 Unsupported Media Type -> ACK -> INVITE -> 200 OK -> ACK",
    "INVITE -> 420 Bad Extension -> ACK -> INVITE -> 200 OK -> ACK",
    "INVITE -> 487 Request Terminated -> ACK",
    "INVITE -> 491 Request Pending -> ACK -> INVITE -> 200 OK -> ACK",
    "INVITE -> 422 Session Interval Too Small (min-se=1800) -> ACK",
    "INVITE -> 481 Call/Transaction Does Not Exist -> ACK",
    "INVITE -> 482 Loop Detected -> ACK",
    "INVITE -> 500 Server Internal Error (retry-after=5) -> ACK -> INVITE -> 200 OK -> ACK",
    "INVITE -> 200 OK -> ACK -> UPDATE -> BYE -> 200 OK for BYE -> 200 OK for UPDATE",
    "INVITE -> 200 OK -> ACK -> UPDATE <- BYE -> 200 OK for BYE"
     " -> 487 Request Terminated for UPDATE",
    "INVITE (sdp) -> 200 OK (sdp) -> ACK -> UPDATE (sdp) -> BYE -> 200 OK for BYE"
     " -> 487 Request Terminated for UPDATE",
    "INVITE -> 200 OK -> ACK <- re-INVITE -> BYE -> 200 OK for BYE"
     " -> 487 Request Terminated for INVITE <- ACK",
    "INVITE (100rel) -> 180 Ringing (100rel) -> PRACK -> BYE -> 200 OK for PRACK"
     " -> 200 OK for BYE -> 487 Request Terminated -> ACK",
    "INVITE (sdp, 100rel) -> 183 Session Progress (100rel, sdp) -> PRACK"
     " -> 200 OK for PRACK -> BYE -> 200 OK for BYE -> 487 Request Terminated -> ACK",
    "INVITE (sdp) -> 183 Session Progress (sdp) -> CANCEL -> 200 OK for CANCEL"
     " -> 487 Request Terminated -> ACK",
    "INVITE (sdp) -> 183 Session Progress (sdp) -> 486 Busy Here -> ACK",
    "INVITE (no sdp, 100rel) -> 183 Session Progress (100rel, sdp) -> PRACK (sdp)"
     " -> 200 OK for PRACK -> 486 Busy Here -> ACK",
    "INVITE (no sdp, 100rel) -> 183 Session Progress (100rel, sdp) -> CANCEL"
     " -> 200 OK for CANCEL -> 487 Request Terminated -> ACK",
    "INVITE (no sdp) -> 486 Busy Here -> ACK",
    "INVITE (sdp, 100rel) -> 183 Session Progress (100rel, sdp) -> PRACK"
     " -> 200 OK for PRACK -> UPDATE (sdp) -> 200 OK for INVITE -> 200 OK for UPDATE (sdp)"
     " -> ACK",
    "INVITE (sdp) -> 200 OK (sdp) -> ACK -> re-INVITE (sdp) -> 100 Trying -> 200 OK (sdp)"
     " -> ACK -> re-INVITE (sdp) -> 200 OK (sdp) -> ACK",
    "INVITE (sdp) -> 200 OK (sdp) -> ACK -> re-INVITE (no sdp) -> 488 Not Acceptable Here"
     " -> ACK -> UPDATE (sdp) -> 200 OK (sdp)",
    "INVITE (sdp) -> 200 OK (sdp) -> ACK -> re-INVITE (no sdp) -> 200 OK (sdp) -> ACK (sdp)"
     " <- UPDATE (sdp) -> 200 OK (sdp)",
    "INVITE (sdp) -> 200 OK (sdp) -> ACK -> UPDATE (sdp)"
     " -> 407 Proxy Authentication Required -> UPDATE (sdp, auth) -> 200 OK (sdp)",
    "INVITE -> 180 Ringing -> BYE -> 407 Proxy Authentication Required for BYE"
     " -> BYE (auth) -> 200 OK for BYE -> 487 Request Terminated -> ACK",
    "INVITE -> 200 OK -> ACK -> BYE -> 407 Proxy Authentication Required -> BYE (auth)"
     " -> 481 Call/Transaction Does Not Exist",
    "INVITE -> 200 OK -> INFO -> 200 OK for INFO -> ACK",
    "INVITE (sdp, 100rel) -> 180 Ringing (100rel) -> 200 OK for INVITE (sdp) -> ACK"
     " -> PRACK -> 200 OK for PRACK -> BYE -> 200 OK",
    "INVITE -> 200 OK -> ACK",
    "INVITE -> 100 Trying -> 180 Ringing -> 183 Session Progress -> 180 Ringing -> 200 OK"
     " -> ACK",
    "INVITE -> 180 Ringing -> 200 OK -> ACK -> BYE -> 481 Call/Transaction Does Not Exist",
    "INVITE -> 182 Queued -> 181 Call Is Being Forwarded -> 200 OK -> ACK",
    "INVITE -> 202 Accepted -> ACK",
    "INVITE -> 600 Busy Everywhere -> ACK",
    "INVITE -> 302 Moved Temporarily -> ACK -> INVITE -> 200 OK -> ACK",
    "INVITE -> 407 Proxy Authentication Required -> ACK -> INVITE (auth) -> 180 Ringing"
     " -> 200 OK -> ACK",
    "INVITE -> 401 Unauthorized -> ACK -> INVITE (auth)"
     " -> 407 Proxy Authentication Required -> ACK -> INVITE (auth) -> 200 OK -> ACK",
    "INVITE -> 180 Ringing -> 401 Unauthorized -> ACK -> INVITE (auth) -> 200 OK -> ACK",
    "INVITE -> 488 Not Acceptable Here -> ACK -> INVITE -> 200 OK -> ACK",
    "INVITE -> 199 Early Dialog Terminated -> 486 Busy Here -> ACK",
    // RFC 6228 4: "If a UAC receives an unreliably sent 199 response on a dialog that has not
    // previously been established (this can happen if a 199 response reaches the client before the
    // 18x response that would establish the early dialog) it SHALL discard the 199 response." What
    // is no more to be sent on that dialog are requests of the UAC's (7).
    "INVITE -> 199 Early Dialog Terminated (tag=a) -> 180 Ringing (tag=a)"
    " -> 180 Ringing (tag=b) -> 200 OK (tag=b) -> ACK (tag=b)",
    // "[...] except for requests that acknowledge reliable responses" (7): a PRACK that is due.
    "INVITE (100rel) -> 183 Session Progress (100rel, tag=a)"
    " -> 199 Early Dialog Terminated (tag=a) -> PRACK (tag=a) -> 200 OK for PRACK"
    " -> 180 Ringing (tag=b) -> 200 OK for INVITE (tag=b) -> ACK (tag=b)",
    "INVITE (100rel) -> 199 Early Dialog Terminated (100rel, tag=a) -> PRACK (tag=a)"
    " -> 200 OK for PRACK -> 486 Busy Here -> ACK",
    "INVITE -> 503 Service Unavailable -> ACK",
    "INVITE -> 408 Request Timeout -> ACK",
    "INVITE -> 200 OK -> ACK <- BYE -> 200 OK",
    "INVITE -> 180 Ringing -> BYE -> 200 OK for BYE -> 487 Request Terminated -> ACK",
    "INVITE -> 180 Ringing -> BYE -> 487 Request Terminated for INVITE -> 200 OK for BYE"
     " -> ACK",
    R"(alice -> bob: INVITE
bob -> alice: 200 OK
alice -> bob: ACK
alice -> : BYE #1
bob -> : BYE #2
-> bob: BYE #1
-> alice: BYE #2
bob -> alice: 200 OK
alice -> bob: 200 OK)",
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
    "INVITE -> 180 Ringing -> CANCEL -> 200 OK for CANCEL -> 200 OK for INVITE -> ACK"
     " -> BYE -> 200 OK",
    "INVITE -> 180 Ringing -> CANCEL -> 487 Request Terminated for INVITE"
     " -> 200 OK for CANCEL -> ACK",
    "INVITE -> 180 Ringing -> CANCEL -> 200 OK for CANCEL -> 486 Busy Here -> ACK",
    "INVITE -> 100 Trying -> CANCEL -> 200 OK for CANCEL -> 180 Ringing for INVITE"
     " -> 487 Request Terminated -> ACK",
    "INVITE -> 200 OK -> 200 OK (again) -> ACK",
    "INVITE -> 200 OK -> ACK -> 200 OK (again) -> ACK (again)",
    "INVITE -> 200 OK -> ACK (lost) -> 200 OK (again) -> ACK (again)",
    "INVITE -> 486 Busy Here -> ACK -> 486 Busy Here (again) -> ACK (again)",
    "INVITE -> INVITE (again) -> 180 Ringing -> 200 OK -> ACK",
    "INVITE (lost) -> INVITE (again) -> 200 OK -> ACK",
    "INVITE -> 200 OK -> ACK -> BYE -> BYE (again) -> 200 OK",
    R"(alice -> bob: INVITE
bob -> alice: 200 OK
alice -> : ACK #1
alice -> : BYE #2
-> bob: BYE #2
bob -> alice: 200 OK
-> bob: ACK #1)",
    R"(alice -> bob: INVITE
bob -> alice: 200 OK
alice -> : ACK #1
alice -> : re-INVITE #2
-> bob: re-INVITE #2
-> bob: ACK #1
bob -> alice: 200 OK
alice -> bob: ACK)",
    "INVITE -> 200 OK -> ACK -> BYE -> 401 Unauthorized -> BYE (auth) -> 200 OK",
    "INVITE -> 200 OK -> ACK -> BYE -> 503 Service Unavailable",
    "INVITE -> 200 OK -> ACK -> re-INVITE -> 100 Trying -> 200 OK -> ACK",
    "INVITE -> 200 OK -> ACK -> re-INVITE -> 180 Ringing -> 200 OK -> ACK",
    "INVITE -> 200 OK -> ACK -> re-INVITE -> 488 Not Acceptable Here -> ACK -> BYE -> 200 OK",
    "INVITE -> 200 OK -> ACK -> re-INVITE -> 401 Unauthorized -> ACK -> re-INVITE (auth)"
     " -> 200 OK -> ACK",
    "INVITE -> 200 OK -> ACK -> re-INVITE -> 481 Call/Transaction Does Not Exist -> ACK"
     " -> BYE -> 481 Call/Transaction Does Not Exist",
    "INVITE -> 200 OK -> ACK -> re-INVITE -> 408 Request Timeout -> ACK -> BYE -> 200 OK",
    "INVITE -> 200 OK -> ACK <- re-INVITE -> 200 OK <- ACK",
    "INVITE -> 200 OK -> ACK -> re-INVITE -> 180 Ringing -> CANCEL -> 200 OK for CANCEL"
     " -> 487 Request Terminated -> ACK -> BYE -> 200 OK",
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
    "INVITE -> 200 OK -> ACK -> re-INVITE -> BYE -> 200 OK for BYE"
     " -> 487 Request Terminated -> ACK",
    "INVITE -> 200 OK -> ACK -> re-INVITE <- BYE -> 200 OK for BYE"
     " -> 487 Request Terminated for INVITE -> ACK",
    "INVITE -> 200 OK -> ACK -> re-INVITE -> BYE -> 200 OK for BYE -> 200 OK for re-INVITE"
     " -> ACK",
    R"(> INVITE
< 200 OK
> ACK
< re-INVITE (cseq=5)
> 200 OK
< ACK
< INFO (cseq=6)
> 200 OK)",
    "INVITE -> 200 OK -> ACK -> re-INVITE -> 200 OK <- BYE -> 200 OK for BYE -> ACK",
    "INVITE -> 200 OK -> ACK -> INFO -> 200 OK -> MESSAGE -> 200 OK -> OPTIONS -> 200 OK"
     " -> BYE -> 200 OK",
    "INVITE -> 200 OK -> ACK -> REFER -> 202 Accepted <- NOTIFY -> 200 OK -> BYE -> 200 OK",
    "INVITE -> 200 OK -> ACK -> INFO -> BYE -> 200 OK for BYE -> 200 OK for INFO",
    "INVITE -> 200 OK -> ACK -> INFO <- INFO -> 200 OK by callee -> 200 OK by caller",
    "INVITE (sdp) -> 180 Ringing (sdp) -> 183 Session Progress (sdp) -> 200 OK (sdp) -> ACK",
    "INVITE (no sdp) -> 180 Ringing -> 200 OK (sdp) -> ACK (sdp)",
    "INVITE (no sdp, 100rel) -> 183 Session Progress (100rel, sdp) -> PRACK (sdp)"
     " -> 200 OK for PRACK -> 180 Ringing -> 200 OK for INVITE -> ACK",
    "INVITE (sdp, 100rel) -> 183 Session Progress (100rel, sdp) -> PRACK (sdp)"
     " -> 200 OK for PRACK (sdp) -> 200 OK for INVITE -> ACK",
    "INVITE (sdp, 100rel) -> 180 Ringing (100rel) -> PRACK -> 200 OK for PRACK"
     " -> 200 OK for INVITE (sdp) -> ACK",
    "INVITE (sdp, 100rel) -> 180 Ringing (100rel) -> 200 OK for INVITE (sdp) -> PRACK"
     " -> 200 OK for PRACK -> ACK",
    "INVITE (sdp, 100rel) -> 180 Ringing (100rel) -> 200 OK for INVITE (sdp) -> ACK"
     " -> PRACK -> 200 OK for PRACK",
    "INVITE (sdp, 100rel) -> 183 Session Progress (100rel, sdp) -> PRACK"
     " -> 200 OK for PRACK <- UPDATE (sdp) -> 200 OK for UPDATE (sdp) -> 200 OK for INVITE"
     " -> ACK",
    "INVITE (sdp, 100rel) -> 183 Session Progress (100rel, sdp) -> PRACK"
     " -> 200 OK for PRACK -> UPDATE (sdp) -> 488 Not Acceptable Here for UPDATE"
     " -> 200 OK for INVITE -> ACK",
    "INVITE -> 180 Ringing -> UPDATE -> 200 OK for UPDATE -> 200 OK for INVITE -> ACK",
    "INVITE -> 180 Ringing <- UPDATE -> 200 OK for UPDATE -> 200 OK for INVITE -> ACK",
    "INVITE (sdp) -> 180 Ringing -> UPDATE -> 200 OK for UPDATE -> 200 OK for INVITE (sdp)"
     " -> ACK",
    "INVITE (sdp) -> 200 OK (sdp) -> ACK -> UPDATE (sdp)"
     " -> 500 Server Internal Error (retry-after=5) -> UPDATE (sdp) -> 200 OK (sdp)",
    "INVITE (sdp) -> 200 OK (sdp) -> ACK -> UPDATE (sdp) -> 504 Server Time-out -> BYE"
     " -> 200 OK",
    "INVITE (sdp) -> 200 OK (sdp) -> UPDATE (sdp) -> 200 OK (sdp) -> ACK",
    "INVITE (sdp) -> 200 OK (sdp) -> ACK -> re-INVITE (no sdp) -> 200 OK (sdp) -> ACK (sdp)",
    "INVITE (sdp) -> 200 OK (sdp) -> ACK -> re-INVITE (sdp) -> 488 Not Acceptable Here"
     " -> ACK -> re-INVITE (sdp) -> 200 OK (sdp) -> ACK",
    "INVITE (sdp) -> 200 OK (sdp) -> ACK -> re-INVITE (sdp) -> 488 Not Acceptable Here"
     " -> ACK -> UPDATE (sdp) -> 200 OK (sdp)",
    "INVITE (sdp) -> 200 OK (sdp) -> ACK -> re-INVITE (sdp) -> 200 OK (sdp) -> ACK"
     " -> UPDATE (sdp) -> 200 OK (sdp)",
    "INVITE (sdp) -> 486 Busy Here -> ACK -> INVITE (sdp) -> 200 OK (sdp) -> ACK",
    "INVITE (no sdp, 100rel) -> 180 Ringing -> 200 OK (sdp) -> ACK (sdp)",
    R"(alice -> bob: INVITE (sdp)
bob -> alice: 200 OK (sdp)
alice -> bob: ACK
alice -> : UPDATE (sdp) #1
bob -> : UPDATE (sdp) #2
-> bob: UPDATE #1
-> alice: UPDATE #2
bob -> alice: 491 Request Pending
alice -> bob: 491 Request Pending)",
    "INVITE (100rel) -> 180 Ringing (100rel) -> 486 Busy Here -> ACK",
    "INVITE (100rel) -> 180 Ringing (100rel) -> PRACK -> 486 Busy Here for INVITE -> ACK"
     " -> 200 OK for PRACK",
    "INVITE (100rel) -> 180 Ringing -> 200 OK -> ACK",
    "INVITE (100rel) -> 180 Ringing (100rel) -> 180 Ringing (again, 100rel) -> PRACK"
     " -> 200 OK for PRACK -> 200 OK for INVITE -> ACK",
    "INVITE (100rel) -> 183 Session Progress (100rel, rseq=5) -> PRACK (rack=5)"
     " -> 200 OK for PRACK -> 180 Ringing (100rel, rseq=6) -> PRACK (rack=6)"
     " -> 200 OK for PRACK -> 200 OK for INVITE -> ACK",
    "INVITE (100rel) -> 183 Session Progress (100rel) -> PRACK -> 180 Ringing for INVITE"
     " -> 200 OK for PRACK -> 200 OK for INVITE -> ACK",
    "INVITE (require=100rel) -> 180 Ringing (100rel) -> PRACK -> 200 OK for PRACK -> CANCEL"
     " -> 200 OK for CANCEL -> 487 Request Terminated -> ACK",
    "INVITE (100rel) -> 180 Ringing (100rel) -> CANCEL -> 200 OK for CANCEL"
     " -> 487 Request Terminated -> ACK",
    "INVITE (100rel) -> 183 Session Progress (100rel, rseq=1) -> PRACK -> 200 OK for PRACK"
     " -> 180 Ringing (100rel, rseq=2) -> 183 Session Progress (100rel, rseq=3)"
     " -> PRACK (rack=2) -> 200 OK for PRACK -> PRACK (rack=3) -> 200 OK for PRACK"
     " -> 200 OK for INVITE -> ACK",
    // "it MUST be prepared to process PRACK requests for those outstanding responses" (RFC 3262 3)
    // when it has sent a re-INVITE, too
    "INVITE (sdp, 100rel) -> 180 Ringing (100rel) -> 200 OK for INVITE (sdp) -> ACK"
    " <- re-INVITE (sdp) -> PRACK -> 200 OK for PRACK -> 200 OK for re-INVITE (sdp) <- ACK",
    "INVITE (sdp, 100rel, cseq=1) -> 180 Ringing (100rel, rseq=7) -> 200 OK for INVITE (sdp)"
    " -> ACK <- re-INVITE (sdp) -> 200 OK for INVITE (sdp) <- ACK -> PRACK (rack=7 1 INVITE)"
    " -> 200 OK for PRACK",
    "> INVITE (sdp, 100rel)\n< 180 Ringing (100rel, rseq=7)\n< 200 OK for INVITE (sdp)\n> ACK"
    "\n< re-INVITE (sdp)\n> PRACK (rack=7)\n< 200 OK for PRACK\n> 488 Not Acceptable Here\n< ACK",
    "INVITE (require=100rel) -> 420 Bad Extension -> ACK",
    "INVITE -> 421 Extension Required -> ACK -> INVITE (100rel) -> 180 Ringing (100rel)"
     " -> PRACK -> 200 OK for PRACK -> 200 OK for INVITE -> ACK",
    "INVITE -> 180 Ringing (tag=a) -> 180 Ringing (tag=b) -> 200 OK (tag=b) -> ACK (tag=b)",
    "INVITE -> 200 OK (tag=a) -> ACK (tag=a) -> 200 OK (tag=b) -> ACK (tag=b)"
     " -> BYE (tag=b) -> 200 OK for BYE (tag=b)",
    "INVITE -> 200 OK (tag=a) -> ACK (tag=a) -> 200 OK (tag=b) -> ACK (tag=b)",
    "INVITE -> 180 Ringing (tag=a) -> BYE (tag=a) -> 200 OK for BYE (tag=a)"
     " -> 200 OK for INVITE (tag=b) -> ACK (tag=b)",
    "INVITE -> 180 Ringing (tag=a) -> 199 Early Dialog Terminated (tag=a)"
     " -> 180 Ringing (tag=b) -> 200 OK (tag=b) -> ACK (tag=b)",
    "INVITE (100rel) -> 180 Ringing (100rel, rseq=1, tag=a) -> PRACK (tag=a)"
     " -> 200 OK for PRACK -> 180 Ringing (100rel, rseq=1, tag=b) -> PRACK (tag=b)"
     " -> 200 OK for PRACK (tag=b) -> 200 OK for INVITE (tag=b) -> ACK (tag=b)",
    "INVITE (sdp, 100rel) -> 183 Session Progress (100rel, sdp, tag=a) -> PRACK (tag=a)"
     " -> 200 OK for PRACK (tag=a) -> 183 Session Progress (100rel, sdp, tag=b)"
     " -> PRACK (tag=b) -> 200 OK for PRACK (tag=b) -> UPDATE (sdp, tag=a)"
     " -> 200 OK for UPDATE (sdp, tag=a) -> 200 OK for INVITE (tag=b) -> ACK (tag=b)",
    "INVITE (timer, session-expires=1800)"
     " -> 200 OK (timer, session-expires=1800, refresher=uac) -> ACK"
     " -> UPDATE (timer, session-expires=1800, refresher=uac)"
     " -> 200 OK (timer, session-expires=1800, refresher=uac)",
    "INVITE (timer, session-expires=1800)"
     " -> 200 OK (timer, session-expires=1800, refresher=uas) -> ACK"
     " <- UPDATE (timer, session-expires=1800, refresher=uac)"
     " -> 200 OK (timer, session-expires=1800, refresher=uac)",
    "INVITE (timer, session-expires=1800, refresher=uac) -> 200 OK -> ACK",
    "INVITE (timer) -> 200 OK -> ACK",
    "INVITE -> 200 OK (session-expires=1800, refresher=uas) -> ACK",
    "INVITE (timer, session-expires=1800)"
     " -> 200 OK (timer, session-expires=900, refresher=uac) -> ACK",
    "INVITE (timer, session-expires=1800)"
     " -> 200 OK (timer, session-expires=1800, refresher=uac) -> ACK"
     " <- re-INVITE (timer, session-expires=1800, refresher=uas)"
     " -> 200 OK (timer, session-expires=1800, refresher=uas) <- ACK",
    "INVITE (timer, session-expires=100) -> 422 Session Interval Too Small (min-se=900)"
     " -> ACK -> INVITE (timer, session-expires=900, min-se=900)"
     " -> 422 Session Interval Too Small (min-se=1800) -> ACK"
     " -> INVITE (timer, session-expires=1800, min-se=1800) -> 200 OK -> ACK",
    "INVITE (timer, session-expires=100) -> 422 Session Interval Too Small (min-se=1800)"
     " -> ACK",
    "INVITE (qos=needed, 100rel, require=precondition)"
     " -> 183 Session Progress (100rel, qos=needed) -> PRACK -> 200 OK for PRACK"
     " -> UPDATE (qos=met) -> 200 OK for UPDATE (qos=met) -> 180 Ringing"
     " -> 200 OK for INVITE -> ACK",
    "INVITE (qos=needed, 100rel, require=precondition)"
     " -> 183 Session Progress (100rel, qos=needed) -> PRACK (qos=met)"
     " -> 200 OK for PRACK (qos=met) -> 180 Ringing (100rel) -> PRACK -> 200 OK for PRACK"
     " -> 200 OK for INVITE -> ACK",
    "INVITE (qos=met, 100rel, precondition) -> 180 Ringing -> 200 OK (sdp) -> ACK",
    "INVITE (qos=needed, 100rel, require=precondition) -> 580 Precondition Failure -> ACK",
    "INVITE (qos=needed, 100rel, require=precondition) -> 486 Busy Here -> ACK",
    "INVITE (qos=needed, 100rel, require=precondition) -> 420 Bad Extension -> ACK"
     " -> INVITE (sdp) -> 200 OK (sdp) -> ACK",
    "INVITE (qos=needed, 100rel, require=precondition)"
     " -> 183 Session Progress (100rel, qos=needed) -> PRACK -> 200 OK for PRACK -> CANCEL"
     " -> 200 OK for CANCEL -> 487 Request Terminated -> ACK",
    "OPTIONS -> 200 OK",
    "OPTIONS -> 405 Method Not Allowed",
    "OPTIONS -> 100 Trying -> 200 OK",
    "MESSAGE -> 202 Accepted",
    "REGISTER -> 401 Unauthorized -> REGISTER (auth) -> 403 Forbidden",
    "SUBSCRIBE -> 200 OK <- NOTIFY -> 200 OK",
    "SUBSCRIBE <- NOTIFY -> 200 OK for SUBSCRIBE -> 200 OK for NOTIFY",
    "PUBLISH (sdp) -> 200 OK",
    "REFER -> 202 Accepted <- NOTIFY -> 200 OK",
    "OPTIONS -> OPTIONS -> 200 OK -> 200 OK",
    R"(> INVITE
< 180 Ringing
< 200 OK
> ACK
< BYE
> 200 OK)",
    R"(< INVITE
> 100 Trying
> 180 Ringing
> 200 OK
< ACK
> BYE
< 200 OK)",
    R"(> INVITE
< 180 Ringing
> CANCEL
< 200 OK for INVITE
> ACK
> BYE
< 200 OK for CANCEL
< 200 OK for BYE)",
    R"(< INVITE
> 180 Ringing
> 200 OK
< CANCEL
> 200 OK for CANCEL
< ACK)",
    R"(< INVITE
> 180 Ringing
> 200 OK
< CANCEL
> 481 Call/Transaction Does Not Exist for CANCEL
< ACK)",
    R"(< INVITE
> 180 Ringing
> 200 OK
< BYE
> 200 OK for BYE
< ACK)",
    R"(< INVITE
> 200 OK
< re-INVITE
> 200 OK for re-INVITE
< ACK
< ACK)",
    R"(> INVITE (cseq=1)
< 200 OK
> ACK
< INFO (cseq=5)
> 200 OK
< INFO (cseq=4)
> 500 Server Internal Error)",
    R"(> INVITE
< 200 OK
> ACK
< re-INVITE
> 200 OK
> BYE
< 200 OK for BYE
< ACK)",
    R"(> INVITE
< 200 OK
> ACK
> re-INVITE
< re-INVITE
> 491 Request Pending
< ACK
< 491 Request Pending
> ACK)",
    R"(> INVITE (100rel)
< 180 Ringing (100rel, rseq=1)
< 180 Ringing (100rel, rseq=1, again)
> PRACK
< 200 OK for PRACK
< 180 Ringing (100rel, rseq=1, again)
< 200 OK for INVITE
> ACK)",
    "INVITE (sdp) -> 200 OK (sdp) -> ACK -> UPDATE (sdp) -> INFO -> INFO -> 200 OK (sdp)"
     " -> 200 OK -> 200 OK",
    "INVITE -> 180 Ringing -> CANCEL -> 200 OK -> 487 Request Terminated -> ACK",
    "INVITE -> 180 Ringing -> CANCEL -> 487 Request Terminated -> ACK -> 200 OK",
    "INVITE (100rel) -> 180 Ringing (100rel) -> PRACK -> 200 OK -> 200 OK -> ACK",
    "INVITE -> 180 Ringing -> BYE -> 200 OK -> 487 Request Terminated -> ACK",
    "INVITE -> 180 Ringing -> BYE -> 487 Request Terminated -> 200 OK -> ACK",
    "INVITE -> 180 Ringing -> UPDATE -> 200 OK -> 200 OK -> ACK",
    "INVITE (sdp) -> 180 Ringing -> CANCEL -> 200 OK -> 200 OK (sdp) -> ACK -> BYE -> 200 OK",
    "INVITE (100rel) -> 180 Ringing (100rel) -> PRACK -> CANCEL -> 200 OK -> 200 OK"
     " -> 487 Request Terminated -> ACK",
    "INVITE (sdp, 100rel) -> 183 Session Progress (100rel, sdp) -> PRACK"
     " -> 200 OK for PRACK -> UPDATE (sdp) -> 491 Request Pending for UPDATE -> UPDATE (sdp)"
     " -> 200 OK for UPDATE (sdp) -> 200 OK for INVITE -> ACK",
    "INVITE -> 180 Ringing (tag=a) -> CANCEL -> 200 OK for CANCEL"
     " -> 200 OK for INVITE (tag=b) -> ACK (tag=b) -> BYE (tag=b) -> 200 OK",
    "INVITE (no sdp) -> 200 OK (sdp, tag=a) -> ACK (sdp, tag=a) -> 200 OK (sdp, tag=b)"
     " -> ACK (sdp, tag=b) -> BYE (tag=b) -> 200 OK",
    "INVITE -> 200 OK -> ACK -> BYE -> 100 Trying -> 200 OK",
    "INVITE -> 200 OK -> ACK -> UPDATE -> 100 Trying -> 200 OK",
    "INVITE -> 180 Ringing -> CANCEL -> 100 Trying for CANCEL -> 200 OK for CANCEL"
     " -> 487 Request Terminated -> ACK",
    "INVITE -> 200 OK -> ACK -> UPDATE (timer, session-expires=100)"
     " -> 422 Session Interval Too Small (min-se=1800)"
     " -> UPDATE (timer, session-expires=1800, min-se=1800)"
     " -> 200 OK (timer, session-expires=1800, refresher=uac)",
    "INVITE (timer, session-expires=100) -> 422 Session Interval Too Small (min-se=1800)"
     " -> ACK -> INVITE (timer, session-expires=3600, min-se=1800)"
     " -> 200 OK (timer, session-expires=1800, refresher=uac) -> ACK",
    "INVITE→100 Trying→180 Ringing→200 OK→ACK→BYE→200 OK",
    "INVITE -> 100 -> 180 -> 200 -> ACK",
    "INVITE -> 200 OK -> ACK -> UPDATE <- UPDATE -> 200 OK by callee -> 200 OK by caller",
    "INVITE -> 200 OK -> ACK -> UPDATE -> UPDATE -> 500 Server Internal Error (retry-after=5)"
     " -> 200 OK",
    "INVITE -> 200 OK -> ACK -> BYE -> 200 OK -> 200 OK (again)",
    "INVITE -> 200 OK -> ACK -> BYE -> 200 OK -> BYE (again) -> 200 OK (again)",
    "INVITE -> 180 Ringing -> 180 Ringing (again) -> 200 OK -> ACK",
    "INVITE (100rel) -> 180 Ringing (100rel) -> 180 Ringing (100rel, again) -> PRACK"
     " -> PRACK (again) -> 200 OK for PRACK -> 200 OK for INVITE -> ACK",
    R"(> INVITE (sdp)
< 200 OK (sdp)
> ACK
> re-INVITE (sdp)
< UPDATE (sdp)
> 491 Request Pending
< 200 OK for INVITE (sdp)
> ACK)",
    R"(< INVITE
> 480 Temporarily Unavailable
< ACK)",
    R"(< INVITE
> 401 Unauthorized
< ACK
< INVITE (auth)
> 200 OK
< ACK)",
    R"(< INVITE (sdp)
> 200 OK (sdp)
< ACK
< re-INVITE
> 200 OK (sdp)
< ACK (sdp)
> UPDATE (sdp)
< 200 OK (sdp))",
    R"(< INVITE (sdp, 100rel)
> 183 Session Progress (100rel, sdp)
< PRACK (sdp)
> 200 OK for PRACK (sdp)
> 200 OK for INVITE
< ACK)",
    R"(< INVITE
> 200 OK
< ACK
> BYE
< 407 Proxy Authentication Required
> BYE (auth)
< 200 OK)",
    R"(> INVITE
< 180 Ringing
> CANCEL
< 200 OK for CANCEL
< 180 Ringing
< 487 Request Terminated
> ACK)",
    R"(> INVITE
< 180 Ringing
> CANCEL
< 487 Request Terminated for INVITE
> ACK
< 200 OK for CANCEL)",
    R"(> INVITE
< 100 Trying
> CANCEL
< 481 Call/Transaction Does Not Exist for CANCEL
< 200 OK for INVITE
> ACK
> BYE
< 200 OK)",
};

// Legal as far as they go.
constexpr std::string_view open[] = {
    R"(< INVITE
< CANCEL
> 200 OK for INVITE)",
    R"(< INVITE
> 180 Ringing
< CANCEL
> 200 OK for CANCEL)",
    R"(> INVITE
< 180 Ringing
< BYE)",
    R"(> INVITE
< 200 OK
< BYE)",
    R"(> INVITE
< 486 Busy Here
< 180 Ringing)",
    R"(> INVITE
< 200 OK
< 486 Busy Here)",
    "< UPDATE",
    "< BYE",
    R"(> INVITE
< BYE)",
    R"(> INVITE
< 200 OK
> ACK
> BYE
< 200 OK
< INFO)",
    R"(< INVITE
< CANCEL)",
    "INVITE -> 200 OK (lost)",
    "INVITE (100rel) -> 180 Ringing (100rel) -> PRACK -> PRACK (again)",
    "INVITE -> 180 Ringing (tag=a) -> 180 Ringing (tag=b) -> 200 OK (tag=b) -> ACK (tag=b)"
     " -> UPDATE (tag=a)",
    "INVITE (sdp) -> 200 OK (sdp) <- UPDATE (sdp)",
    "INVITE -> 200 OK (tag=a) -> 200 OK (tag=b) -> ACK (tag=b) -> BYE (tag=b) -> 200 OK for BYE",
    R"(alice -> bob: INVITE (100rel)
bob -> : 180 Ringing (100rel) #1
bob -> : 200 OK #2
-> alice: 200 OK #2
alice -> bob: ACK
-> alice: 180 Ringing #1)",
    R"(< INVITE
> 200 OK
< ACK
> re-INVITE
< 491 Request Pending
> BYE)",
};
// clang-format on

template <std::size_t I>
struct is_complete {
  static_assert(check_flow(complete[I]).complete());
  static constexpr bool value = true;
};
template <std::size_t I>
struct is_open {
  static constexpr auto verdict = check_flow(open[I]);
  static_assert(verdict.legal());
  static_assert(!verdict.complete());
  static constexpr bool value = true;
};
static_assert(holds_for_each<is_complete, std::size(complete)>);
static_assert(holds_for_each<is_open, std::size(open)>);

} // namespace

BOOST_AUTO_TEST_SUITE(flow_odd_flows)

BOOST_AUTO_TEST_CASE(an_odd_flow_that_the_rfcs_allow_is_complete) {
  for (auto const flow : complete) {
    BOOST_TEST_CONTEXT(flow) {
      ctsip::on_violation::count counted;
      auto const verdict = check_flow(flow, counted);
      BOOST_TEST_INFO(verdict.sentence());
      BOOST_TEST_INFO(verdict.open().sentence);
      BOOST_TEST(verdict.complete());
      BOOST_TEST(counted.violations == 0u);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_flow_that_stops_early_is_legal_and_not_complete) {
  for (auto const flow : open) {
    BOOST_TEST_CONTEXT(flow) {
      auto const verdict = check_flow(flow);
      BOOST_TEST(verdict.legal());
      BOOST_TEST(!verdict.complete());
      BOOST_TEST(std::string_view{verdict.open().sentence} != "");
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
