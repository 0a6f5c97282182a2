// The misuses of a call, in constant evaluation and at run time: each is refused at its step, in
// the words and with the clause of the rule that it breaks; each cure is complete; and the races
// that look like misuses are legal. tests/compile_fail/call has the compiler's errors for them.
#include <ctsip/flow/flow.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include <boost/test/unit_test.hpp>

#include <ctsip/dialog/call.hpp>

#include "flow/each.hpp"

using ctsip::call_message;
using ctsip::check_flow;
using ctsip::content;
using ctsip::mark;
using ctsip::method;
using ctsip::violation;
using ctsip::direction::received;
using ctsip::direction::sent;
using ctsip_tests::holds_for_each;

namespace {

struct misuse {
  std::string_view flow;
  std::size_t step;
  std::string_view sentence;
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
    {"INVITE -> 200 OK -> ACK -> re-INVITE -> ACK",
     5, "ACK before a final response to the INVITE", "RFC 3261 13.2.2.4",
     "INVITE -> 200 OK -> ACK -> re-INVITE -> 200 OK -> ACK"},
    {"INVITE (cseq=1) -> 200 OK -> ACK -> re-INVITE (cseq=2) -> 180 Ringing -> ACK (cseq=2)",
     6, "ACK before a final response to the INVITE", "RFC 3261 13.2.2.4",
     "INVITE (cseq=1) -> 200 OK -> ACK -> re-INVITE (cseq=2) -> 180 Ringing -> 200 OK"
     " -> ACK (cseq=2)"},
    {"INVITE -> 200 OK -> ACK <- re-INVITE <- ACK",
     5, "ACK before a final response to the INVITE", "RFC 3261 13.2.2.4",
     ""},
    {"INVITE (cseq=1) -> 200 OK -> ACK -> re-INVITE (cseq=2) -> ACK (cseq=3)",
     5, "an ACK whose CSeq number is not the INVITE's", "RFC 3261 13.2.2.4, 17.1.1.3",
     ""},
    {"INVITE -> ACK",
     2, "ACK before a final response to the INVITE", "RFC 3261 13.2.2.4",
     ""},
    {"INVITE -> 200 OK -> ACK -> BYE -> 200 OK -> ACK",
     6, "ACK for a request other than INVITE", "RFC 3261 17.1.2.1",
     "INVITE -> 200 OK -> ACK -> BYE -> 200 OK"},
    {"INVITE -> 200 OK (tag=a) -> 200 OK (tag=b) -> ACK (tag=b) -> BYE (tag=b) -> 200 OK for BYE"
     " -> ACK (tag=b)",
     7, "ACK for a request other than INVITE", "RFC 3261 17.1.2.1",
     "INVITE -> 200 OK (tag=a) -> 200 OK (tag=b) -> ACK (tag=b) -> BYE (tag=b) -> 200 OK for BYE"
     " -> ACK (tag=a)"},
    {"INVITE -> 200 OK (tag=a) -> 200 OK (tag=b) -> ACK (tag=b) -> re-INVITE (tag=b)"
     " -> ACK (tag=a, cseq=2)",
     6, "an ACK whose CSeq number is not the INVITE's", "RFC 3261 13.2.2.4, 17.1.1.3",
     ""},
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
     2, "CANCEL before a provisional response to the INVITE", "RFC 3261 9.1",
     "INVITE -> 100 Trying -> CANCEL -> 200 OK for CANCEL -> 487 Request Terminated -> ACK"},
    {"INVITE -> 200 OK -> CANCEL",
     3, "CANCEL after a final response to the INVITE: SHOULD NOT be sent",
     "RFC 3261 9.1, RFC 5407 3.1.2",
     "INVITE -> 200 OK -> ACK -> BYE -> 200 OK"},
    {"INVITE -> 486 Busy Here -> ACK -> CANCEL",
     4, "CANCEL after a final response to the INVITE: SHOULD NOT be sent",
     "RFC 3261 9.1, RFC 5407 3.1.2",
     "INVITE -> 486 Busy Here -> ACK"},
    {"INVITE -> 200 OK -> ACK -> CANCEL",
     4, "CANCEL after a final response to the INVITE: SHOULD NOT be sent",
     "RFC 3261 9.1, RFC 5407 3.1.2",
     ""},
    {"OPTIONS -> CANCEL",
     2, "CANCEL of a request other than INVITE: SHOULD NOT be sent", "RFC 3261 9.1",
     "OPTIONS -> 200 OK"},
    {"REGISTER -> CANCEL",
     2, "CANCEL of a request other than INVITE: SHOULD NOT be sent", "RFC 3261 9.1",
     ""},
    {"INVITE -> 200 OK -> ACK -> BYE -> CANCEL",
     5, "CANCEL after a final response to the INVITE: SHOULD NOT be sent",
     "RFC 3261 9.1, RFC 5407 3.1.2",
     ""},
    {"INVITE (branch=a) -> 180 Ringing -> CANCEL (branch=b)",
     3, "a CANCEL whose branch or CSeq number is not that of its INVITE", "RFC 3261 9.1",
     "INVITE (branch=a) -> 180 Ringing -> CANCEL (branch=a) -> 200 OK for CANCEL"
     " -> 487 Request Terminated -> ACK"},
    {"INVITE (cseq=1) -> 180 Ringing -> CANCEL (cseq=2)",
     3, "a CANCEL whose branch or CSeq number is not that of its INVITE", "RFC 3261 9.1",
     ""},
    {"INVITE -> 486 Busy Here -> 480 Temporarily Unavailable",
     3, "a second final response to one INVITE", "RFC 3261 17.2.1, RFC 6026 8.6",
     "INVITE -> 486 Busy Here -> ACK"},
    {"INVITE -> 200 OK -> 486 Busy Here",
     3, "a second, different final response to one INVITE", "RFC 3261 17.2.1, RFC 6026 8.6",
     "INVITE -> 200 OK -> ACK <- BYE -> 200 OK"},
    {"INVITE -> 200 OK -> 202 Accepted",
     3, "a second, different final response to one INVITE", "RFC 3261 17.2.1, RFC 6026 8.6",
     "INVITE -> 200 OK -> 200 OK (again) -> ACK"},
    {"INVITE -> 200 OK -> 180 Ringing",
     3, "a provisional response after the final response", "RFC 3261 17.2.1, RFC 6026 8.6",
     "INVITE -> 180 Ringing -> 200 OK -> ACK"},
    {"INVITE -> 486 Busy Here -> 180 Ringing",
     3, "a provisional response after the final response", "RFC 3261 17.2.1, RFC 6026 8.6",
     "INVITE -> 180 Ringing -> 486 Busy Here -> ACK"},
    // A fork that has answered, after another one
    {"INVITE -> 200 OK (tag=a) -> 200 OK (tag=b) -> 180 Ringing (tag=a)",
     4, "a provisional response after the final response", "RFC 3261 17.2.1, RFC 6026 8.6",
     "INVITE -> 180 Ringing (tag=a) -> 200 OK (tag=b) -> ACK (tag=b) -> 200 OK (tag=a)"
     " -> ACK (tag=a)"},
    {"INVITE -> 200 OK (tag=a) -> 200 OK (tag=b) -> ACK (tag=a) -> ACK (tag=b)"
     " -> 183 Session Progress (tag=a)",
     6, "a provisional response after the final response", "RFC 3261 17.2.1, RFC 6026 8.6",
     "INVITE -> 200 OK (tag=a) -> 200 OK (tag=b) -> ACK (tag=a) -> ACK (tag=b)"
     " -> 183 Session Progress (tag=c) -> 200 OK (tag=c) -> ACK (tag=c)"},
    {"INVITE -> 200 OK (tag=a) -> 200 OK (tag=b) -> 486 Busy Here (tag=a)",
     4, "a second, different final response to one INVITE", "RFC 3261 17.2.1, RFC 6026 8.6",
     "INVITE -> 180 Ringing (tag=a) -> 200 OK (tag=b) -> 486 Busy Here (tag=a) -> ACK (tag=b)"},
    {"INVITE -> 200 OK (tag=a) -> 200 OK (tag=b) -> 200 OK (tag=a)",
     4, "a second, different final response to one INVITE", "RFC 3261 17.2.1, RFC 6026 8.6",
     "INVITE -> 200 OK (tag=a) -> 200 OK (tag=b) -> 200 OK (tag=a, again) -> ACK (tag=a)"
     " -> ACK (tag=b)"},
    {"INVITE -> 180 Ringing -> CANCEL -> CANCEL",
     4, "a second CANCEL of one INVITE", "RFC 3261 9.1",
     "INVITE -> 180 Ringing -> CANCEL -> 200 OK for CANCEL -> 487 Request Terminated -> ACK"},
    {"INVITE -> 200 OK -> ACK -> BYE -> 180 Ringing",
     5, "a provisional response other than 100 to a non-INVITE request", "RFC 4320 4.1",
     "INVITE -> 200 OK -> ACK -> BYE -> 200 OK"},
    {"INVITE -> 180 Ringing -> 200 OK -> ACK -> INFO -> 180 Ringing",
     6, "a provisional response other than 100 to a non-INVITE request", "RFC 4320 4.1",
     ""},
    {"OPTIONS -> 180 Ringing",
     2, "a provisional response other than 100 to a non-INVITE request", "RFC 4320 4.1",
     ""},
    {"INVITE -> 200 OK -> ACK -> BYE -> 408 Request Timeout",
     5, "a 408 to a non-INVITE request", "RFC 4320 4.2",
     "INVITE -> 200 OK -> ACK -> BYE -> 481 Call/Transaction Does Not Exist"},
    {"OPTIONS -> 408 Request Timeout",
     2, "a 408 to a non-INVITE request", "RFC 4320 4.2",
     ""},
    {"UPDATE",
     1, "a request within a dialog that does not exist", "RFC 3261 12.2",
     "INVITE -> 200 OK -> ACK -> UPDATE -> 200 OK"},
    {"INVITE -> 100 Trying -> UPDATE",
     3, "a request within a dialog that does not exist", "RFC 3261 12.2",
     "INVITE -> 180 Ringing -> UPDATE -> 200 OK for UPDATE -> 200 OK for INVITE -> ACK"},
    {"INFO",
     1, "a request within a dialog that does not exist", "RFC 3261 12.2",
     ""},
    {"PRACK",
     1, "a request within a dialog that does not exist", "RFC 3261 12.2",
     ""},
    {"INVITE -> UPDATE",
     2, "a request within a dialog that does not exist", "RFC 3261 12.2",
     ""},
    {"INVITE -> 180 Ringing <- BYE",
     3, "BYE by the callee in an early dialog", "RFC 3261 15",
     "INVITE -> 180 Ringing -> 480 Temporarily Unavailable -> ACK"},
    {"INVITE -> 180 Ringing -> 183 Session Progress <- BYE",
     4, "BYE by the callee in an early dialog", "RFC 3261 15",
     ""},
    {"INVITE -> 200 OK <- BYE",
     3, "BYE by the callee before the ACK to its 2xx or 64*T1", "RFC 3261 15, RFC 6026 8.7",
     "INVITE -> 200 OK -> ACK <- BYE -> 200 OK"},
    {"INVITE -> 200 OK (tag=a) -> 200 OK (tag=b) -> ACK (tag=b) <- BYE (tag=a)",
     5, "BYE by the callee before the ACK to its 2xx or 64*T1", "RFC 3261 15, RFC 6026 8.7",
     "INVITE -> 200 OK (tag=a) -> 200 OK (tag=b) -> ACK (tag=b) -> ACK (tag=a) <- BYE (tag=a)"
     " -> 200 OK"},
    {"INVITE -> 200 OK (tag=a, lost) -> 200 OK (tag=b) -> ACK (tag=b) <- BYE (tag=a)",
     5, "BYE by the callee before the ACK to its 2xx or 64*T1", "RFC 3261 15, RFC 6026 8.7",
     ""},
    {"alice -> proxy: INVITE\nproxy -> bob: INVITE\nproxy -> carol: INVITE"
     "\nbob -> proxy: 200 OK (tag=b)\nproxy -> alice: 200 OK (tag=b)"
     "\ncarol -> proxy: 200 OK (tag=c)\nproxy -> alice: 200 OK (tag=c)"
     "\nalice -> carol: ACK (tag=c)\nbob -> alice: BYE (tag=b)",
     9, "BYE by the callee before the ACK to its 2xx or 64*T1", "RFC 3261 15, RFC 6026 8.7",
     "alice -> proxy: INVITE\nproxy -> bob: INVITE\nproxy -> carol: INVITE"
     "\nbob -> proxy: 200 OK (tag=b)\nproxy -> alice: 200 OK (tag=b)"
     "\ncarol -> proxy: 200 OK (tag=c)\nproxy -> alice: 200 OK (tag=c)"
     "\nalice -> carol: ACK (tag=c)\nalice -> : ACK (tag=b) #1\nbob -> alice: BYE (tag=b)"
     "\n-> bob: #1\nalice -> bob: 200 OK"},
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
     3, "INVITE while the ACK that carries the answer to the offer in the 2xx is not sent",
     "RFC 6337 4.3",
     "INVITE (no sdp) -> 200 OK (sdp) -> ACK (sdp) -> re-INVITE (sdp) -> 200 OK (sdp) -> ACK"},
    {R"(> INVITE
< 200 OK
> ACK
< re-INVITE
< re-INVITE)",
     5, "a second INVITE before the final response to the first", "RFC 3261 14.2",
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
     5, "INVITE while an INVITE of the peer is outstanding", "RFC 3261 14.1",
     "INVITE -> 200 OK -> ACK -> re-INVITE -> 200 OK -> ACK <- re-INVITE -> 200 OK <- ACK"},
    {R"(> INVITE
< 200 OK
> ACK
< re-INVITE
> re-INVITE)",
     5, "INVITE while an INVITE of the peer is outstanding", "RFC 3261 14.1",
     ""},
    {"INVITE -> 180 Ringing -> re-INVITE",
     3, "a re-INVITE in an early dialog: the first INVITE has no final response", "RFC 3261 14.1",
     "INVITE -> 180 Ringing -> 200 OK -> ACK -> re-INVITE -> 200 OK -> ACK"},
    {"INVITE -> 180 Ringing <- re-INVITE",
     3, "a re-INVITE in an early dialog: the first INVITE has no final response", "RFC 3261 14.1",
     ""},
    {"INVITE (cseq=5) -> 200 OK -> ACK -> INFO (cseq=6) -> 200 OK -> INFO (cseq=4)",
     6, "a request whose CSeq number is not higher than that of the last request",
     "RFC 3261 12.2.1.1",
     "INVITE (cseq=5) -> 200 OK -> ACK -> INFO (cseq=6) -> 200 OK -> INFO (cseq=7) -> 200 OK"},
    {"INVITE (cseq=5) -> 200 OK -> ACK -> INFO (cseq=6) -> 200 OK -> INFO (cseq=6)",
     6, "a request whose CSeq number is not higher than that of the last request",
     "RFC 3261 12.2.1.1",
     ""},
    {"INVITE -> 200 OK -> ACK -> ACK",
     4, "a second ACK to one 2xx: it is sent again when the 2xx comes again", "RFC 3261 13.2.2.4",
     "INVITE -> 200 OK -> ACK -> 200 OK (again) -> ACK (again)"},
    {"INVITE -> 200 OK -> BYE",
     3, "the 2xx is acknowledged first: ACK, then BYE", "RFC 3261 13.2.2.4",
     "INVITE -> 200 OK -> ACK -> BYE -> 200 OK"},
    {"INVITE -> 200 OK (tag=a) -> 200 OK (tag=b) -> ACK (tag=a) -> BYE (tag=b)",
     5, "the 2xx is acknowledged first: ACK, then BYE", "RFC 3261 13.2.2.4",
     ""},
    {"INVITE (100rel) -> 180 Ringing -> PRACK",
     3, "PRACK without a reliable 1xx to our last INVITE", "RFC 3262 4",
     "INVITE (100rel) -> 180 Ringing (100rel) -> PRACK -> 200 OK for PRACK"
     " -> 200 OK for INVITE -> ACK"},
    {"INVITE (100rel) -> 180 Ringing (100rel) -> PRACK -> 200 OK for PRACK -> 200 OK for INVITE"
     " -> ACK -> PRACK",
     7, "PRACK for a provisional response that was not reliable, or was acknowledged", "RFC 3262 4",
     ""},
    // One that was due to the INVITE before: its numbers are gone
    {"INVITE (100rel) -> 180 Ringing (100rel) -> 200 OK for INVITE -> ACK -> re-INVITE -> PRACK",
     6, "PRACK without a reliable 1xx to our last INVITE", "RFC 3262 4",
     "INVITE (100rel) -> 180 Ringing (100rel) -> 200 OK for INVITE -> ACK -> PRACK"
     " -> 200 OK for PRACK -> re-INVITE -> 200 OK -> ACK"},
    {"INVITE (100rel) -> 180 Ringing (100rel, rseq=1) -> PRACK (rack=2)",
     3,
     "PRACK for a provisional response that is not the next in order, or was acknowledged: MUST"
     " NOT be acknowledged",
     "RFC 3262 4",
     "INVITE (100rel) -> 180 Ringing (100rel, rseq=1) -> PRACK (rack=1) -> 200 OK for PRACK"
     " -> 200 OK for INVITE -> ACK"},
    {R"(> INVITE (100rel)
< 180 Ringing (100rel, rseq=1)
> PRACK (rack=1)
< 200 OK for PRACK
< 183 Session Progress (100rel, rseq=3)
> PRACK (rack=3))",
     6,
     "PRACK for a provisional response that is not the next in order, or was acknowledged: MUST"
     " NOT be acknowledged",
     "RFC 3262 4",
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
     5,
     "PRACK for a provisional response that is not the next in order, or was acknowledged: MUST"
     " NOT be acknowledged",
     "RFC 3262 4",
     "INVITE (100rel) -> 180 Ringing (100rel) -> PRACK -> 200 OK for PRACK"
     " -> 200 OK for INVITE -> ACK"},
    {"INVITE (100rel) -> 180 Ringing (100rel, rseq=1, tag=a)"
     " -> 180 Ringing (100rel, rseq=7, tag=b) -> PRACK (rack=1, tag=b)",
     4,
     "PRACK for a provisional response that is not the next in order, or was acknowledged: MUST"
     " NOT be acknowledged",
     "RFC 3262 4",
     "INVITE (100rel) -> 180 Ringing (100rel, rseq=1, tag=a) -> PRACK (rack=1, tag=a)"
     " -> 200 OK for PRACK -> 200 OK for INVITE (tag=a) -> ACK"},
    {"INVITE -> 180 Ringing (100rel)",
     2, "a reliable provisional response to an INVITE that does not support 100rel", "RFC 3262 3",
     "INVITE (100rel) -> 180 Ringing (100rel) -> PRACK -> 200 OK for PRACK"
     " -> 200 OK for INVITE -> ACK"},
    {"INVITE (sdp) -> 183 Session Progress (100rel, sdp)",
     2, "a reliable provisional response to an INVITE that does not support 100rel", "RFC 3262 3",
     ""},
    {"INVITE (sdp, 100rel) -> 183 Session Progress (100rel, sdp) -> 200 OK for INVITE",
     3, "2xx while a reliable provisional response with a session description is unacknowledged",
     "RFC 3262 3, 5",
     "INVITE (sdp, 100rel) -> 183 Session Progress (100rel, sdp) -> PRACK"
     " -> 200 OK for PRACK -> 200 OK for INVITE -> ACK"},
    {"INVITE (no sdp, 100rel) -> 183 Session Progress (100rel, sdp) -> 200 OK for INVITE",
     3, "2xx while a reliable provisional response with a session description is unacknowledged",
     "RFC 3262 3, 5",
     ""},
    {"INVITE (sdp) -> 200 OK (sdp) -> ACK -> UPDATE (sdp) -> UPDATE (sdp)",
     5, "UPDATE with an offer while an offer is unanswered", "RFC 3311 5.1",
     "INVITE (sdp) -> 200 OK (sdp) -> ACK -> UPDATE (sdp) -> 200 OK (sdp) -> UPDATE (sdp)"
     " -> 200 OK (sdp)"},
    {"INVITE (sdp) -> 200 OK (sdp) -> ACK -> UPDATE (sdp) <- UPDATE (sdp)",
     5, "UPDATE with an offer while an offer is unanswered", "RFC 3311 5.1",
     "INVITE (sdp) -> 200 OK (sdp) -> ACK -> UPDATE (sdp) -> 200 OK (sdp) <- UPDATE (sdp)"
     " -> 200 OK (sdp)"},
    {R"(> INVITE (sdp)
< 200 OK (sdp)
> ACK
< UPDATE (sdp)
< UPDATE (sdp))",
     5, "UPDATE with an offer while the sender's own offer is unanswered", "RFC 3311 5.1",
     R"(> INVITE (sdp)
< 200 OK (sdp)
> ACK
< UPDATE (sdp)
> 200 OK (sdp))"},
    {"INVITE (sdp) -> 200 OK (sdp) -> ACK -> re-INVITE (sdp) -> UPDATE (sdp)",
     5, "UPDATE with an offer before the INVITE's offer/answer exchange is complete reliably",
     "RFC 3311 5.1",
     ""},
    {"INVITE (sdp) -> 180 Ringing -> UPDATE (sdp)",
     3, "UPDATE with an offer before the INVITE's offer/answer exchange is complete reliably",
     "RFC 3311 5.1",
     "INVITE (sdp, 100rel) -> 183 Session Progress (100rel, sdp) -> PRACK"
     " -> 200 OK for PRACK -> UPDATE (sdp) -> 200 OK for UPDATE (sdp) -> 200 OK for INVITE"
     " -> ACK"},
    {"INVITE (sdp) -> 180 Ringing (sdp) -> UPDATE (sdp)",
     3, "UPDATE with an offer before the INVITE's offer/answer exchange is complete reliably",
     "RFC 3311 5.1",
     "INVITE (sdp) -> 180 Ringing (sdp) -> 200 OK (sdp) -> ACK -> UPDATE (sdp) -> 200 OK (sdp)"},
    {"INVITE (sdp, 100rel) -> 183 Session Progress (100rel, sdp) <- UPDATE (sdp)",
     3, "UPDATE with an offer by the callee before the PRACK for its answer", "RFC 3311 5.1",
     "INVITE (sdp, 100rel) -> 183 Session Progress (100rel, sdp) -> PRACK"
     " -> 200 OK for PRACK <- UPDATE (sdp) -> 200 OK for UPDATE (sdp) -> 200 OK for INVITE"
     " -> ACK"},
    {"INVITE (sdp, 100rel) -> 183 Session Progress (100rel) -> UPDATE (sdp)",
     3, "UPDATE with an offer before the INVITE's offer/answer exchange is complete reliably",
     "RFC 3311 5.1",
     ""},
    {"INVITE (no sdp) -> 200 OK (sdp) -> ACK",
     3, "ACK without the answer to the offer in the 2xx", "RFC 3261 13.2.2.4",
     "INVITE (no sdp) -> 200 OK (sdp) -> ACK (sdp)"},
    {"INVITE (sdp) -> 200 OK (sdp) -> ACK -> re-INVITE -> 200 OK (sdp) -> ACK",
     6, "ACK without the answer to the offer in the 2xx", "RFC 3261 13.2.2.4",
     "INVITE (sdp) -> 200 OK (sdp) -> ACK -> re-INVITE -> 200 OK (sdp) -> ACK (sdp)"},
    {"> INVITE (sdp)\n< 200 OK (sdp)\n> ACK\n> re-INVITE\n< 200 OK (sdp)\n> ACK",
     6, "ACK without the answer to the offer in the 2xx", "RFC 3261 13.2.2.4",
     "> INVITE (sdp)\n< 200 OK (sdp)\n> ACK\n> re-INVITE\n< 200 OK (sdp)\n> ACK (sdp)"},
    {"> INVITE (sdp)\n< 200 OK (sdp)\n> ACK\n> re-INVITE\n< 200 OK for re-INVITE (sdp)\n> ACK",
     6, "ACK without the answer to the offer in the 2xx", "RFC 3261 13.2.2.4",
     ""},
    {"> INVITE\n< 200 OK\n> ACK\n> re-INVITE\n< 180 Ringing\n< 200 OK\n> CANCEL",
     7, "CANCEL after a final response to the INVITE: SHOULD NOT be sent",
     "RFC 3261 9.1, RFC 5407 3.1.2",
     "> INVITE\n< 200 OK\n> ACK\n> re-INVITE\n< 180 Ringing\n< 200 OK\n> ACK"},
    {"> INVITE\n< 200 OK (tag=a)\n> ACK (tag=a)\n> re-INVITE (tag=a)\n< 200 OK (tag=a)"
     "\n> BYE (tag=a)",
     6, "the 2xx is acknowledged first: ACK, then BYE", "RFC 3261 13.2.2.4",
     "> INVITE\n< 200 OK (tag=a)\n> ACK (tag=a)\n> re-INVITE (tag=a)\n< 200 OK (tag=a)"
     "\n> ACK (tag=a)\n> BYE (tag=a)\n< 200 OK"},
    {"> INVITE\n< 200 OK\n> ACK\n< 200 OK for re-INVITE",
     4, "a response to a request that has not been received", "RFC 3261 8.2.6",
     ""},
    // A response goes to the one from whom its request came (RFC 3261 18.2.2)
    {"alice -> bob: INVITE\nbob -> carol: 200 OK",
     2, "a response to a request that has not been received", "RFC 3261 8.2.6",
     "alice -> bob: INVITE\nbob -> alice: 200 OK\nalice -> bob: ACK"},
    {"alice -> : INVITE #1\n-> bob: #1\nbob -> : 200 OK #2\n-> carol: #2",
     3, "a response to a request that has not been received", "RFC 3261 8.2.6",
     ""},
    {"alice -> bob: OPTIONS\ncarol -> bob: OPTIONS\nbob -> alice: 200 OK"
     "\nbob -> alice: 404 Not Found",
     4, "a second final response to one request", "RFC 3261 17.2.2",
     "alice -> bob: OPTIONS\ncarol -> bob: OPTIONS\nbob -> alice: 200 OK"
     "\nbob -> carol: 404 Not Found"},
    {"alice -> bob: INVITE\ncarol -> bob: OPTIONS\nbob -> carol: 180 Ringing",
     3, "a provisional response other than 100 to a non-INVITE request", "RFC 4320 4.1",
     "alice -> bob: INVITE\ncarol -> bob: OPTIONS\nbob -> carol: 200 OK"
     "\nbob -> alice: 180 Ringing\nbob -> alice: 200 OK\nalice -> bob: ACK"},
    {"alice -> bob: INVITE (call=1)\ncarol -> bob: INVITE (call=2)\nbob -> alice: 200 OK"
     "\nalice -> bob: ACK (call=1)\nbob -> alice: 486 Busy Here",
     5, "a second, different final response to one INVITE", "RFC 3261 17.2.1, RFC 6026 8.6",
     "alice -> bob: INVITE (call=1)\ncarol -> bob: INVITE (call=2)\nbob -> alice: 200 OK"
     "\nalice -> bob: ACK (call=1)\nbob -> carol: 486 Busy Here\ncarol -> bob: ACK (call=2)"},
    {"alice -> bob: INVITE\nbob -> alice: 180 Ringing (tag=a)\nbob -> carol: 200 OK (tag=b)",
     3, "a response to a request that has not been received", "RFC 3261 8.2.6",
     "alice -> bob: INVITE\nbob -> alice: 180 Ringing (tag=a)\nbob -> alice: 200 OK (tag=b)"
     "\nalice -> bob: ACK (tag=b)"},
    {"INVITE (100rel, no sdp) -> 183 Session Progress (100rel, sdp) -> PRACK",
     3, "PRACK without the answer to the offer in the reliable response", "RFC 3262 5",
     "INVITE (100rel, no sdp) -> 183 Session Progress (100rel, sdp) -> PRACK (sdp)"
     " -> 200 OK for PRACK -> 200 OK for INVITE -> ACK"},
    {"INVITE (qos=needed, 100rel, precondition) -> 183 Session Progress (100rel, qos=needed)"
     " -> PRACK -> 200 OK for PRACK -> 200 OK for INVITE",
     5, "2xx to the INVITE before the mandatory preconditions are met", "RFC 3312 5.1",
     "INVITE (qos=needed, 100rel, precondition) -> 183 Session Progress (100rel, qos=needed)"
     " -> PRACK -> 200 OK for PRACK -> UPDATE (qos=met) -> 200 OK for UPDATE (qos=met)"
     " -> 200 OK for INVITE -> ACK"},
    {"INVITE (qos=needed, 100rel, precondition) -> 183 Session Progress (100rel, qos=needed)"
     " -> PRACK -> 200 OK for PRACK -> 180 Ringing",
     5, "180 before the mandatory preconditions are met: the callee SHOULD NOT be alerted",
     "RFC 3312 6",
     "INVITE (qos=needed, 100rel, precondition) -> 183 Session Progress (100rel, qos=needed)"
     " -> PRACK -> 200 OK for PRACK -> UPDATE (qos=met) -> 200 OK for UPDATE (qos=met)"
     " -> 180 Ringing -> 200 OK for INVITE -> ACK"},
    // Beside another request: a 101-199 is the INVITE's all the same
    {"INVITE (qos=needed, 100rel, precondition) -> 183 Session Progress (100rel, qos=needed)"
     " -> PRACK -> 200 OK for PRACK -> UPDATE (qos=met) -> 180 Ringing",
     6, "180 before the mandatory preconditions are met: the callee SHOULD NOT be alerted",
     "RFC 3312 6",
     ""},
    {"INVITE -> 183 Session Progress -> INFO -> 180 Ringing (100rel)",
     4, "a reliable provisional response to an INVITE that does not support 100rel", "RFC 3262 3",
     "INVITE -> 183 Session Progress -> INFO -> 180 Ringing -> 200 OK for INFO"
     " -> 200 OK for INVITE -> ACK"},
    {"INVITE -> 100 Trying -> CANCEL -> 180 Ringing (100rel)",
     4, "a reliable provisional response to an INVITE that does not support 100rel", "RFC 3262 3",
     "INVITE -> 100 Trying -> CANCEL -> 180 Ringing -> 200 OK for CANCEL"
     " -> 487 Request Terminated -> ACK"},
    {"> INVITE\n< 183 Session Progress\n> INFO\n< 180 Ringing (100rel)",
     4, "a reliable provisional response to an INVITE that does not support 100rel", "RFC 3262 3",
     ""},
    {"INVITE (qos=needed, 100rel, require=precondition) -> 200 OK (qos=needed)",
     2, "2xx to the INVITE whose own description says that mandatory preconditions are not met",
     "RFC 3312 5.1",
     ""},
    {"INVITE (timer, session-expires=1800, refresher=uac)"
     " -> 200 OK (timer, session-expires=1800, refresher=uas)",
     2, "a 2xx that overrides the UAC's choice of refresher", "RFC 4028 9, Table 2",
     "INVITE (timer, session-expires=1800, refresher=uac)"
     " -> 200 OK (timer, session-expires=1800, refresher=uac) -> ACK"},
    {"INVITE -> 200 OK (session-expires=1800, refresher=uac)",
     2, "a 2xx with refresher=uac to a UAC that does not support the session timer",
     "RFC 4028 9, Table 2",
     "INVITE -> 200 OK (session-expires=1800, refresher=uas) -> ACK"},
    {"INVITE (timer, session-expires=100) -> 422 Session Interval Too Small (min-se=1800)"
     " -> ACK -> INVITE (timer, session-expires=1800)",
     4,
     "a session refresh request without Min-SE after a 422, or after a request of the peer with"
     " Min-SE",
     "RFC 4028 7.4",
     "INVITE (timer, session-expires=100) -> 422 Session Interval Too Small (min-se=1800)"
     " -> ACK -> INVITE (timer, session-expires=1800, min-se=1800)"
     " -> 200 OK (timer, session-expires=1800, refresher=uac) -> ACK"},
    {"INVITE (timer, session-expires=100) -> 422 Session Interval Too Small (min-se=1800)"
     " -> ACK -> INVITE (timer, session-expires=100, min-se=1800)",
     4, "a session refresh request with a Session-Expires below Min-SE", "RFC 4028 7.1, 7.4",
     "INVITE (timer, session-expires=100) -> 422 Session Interval Too Small (min-se=1800)"
     " -> ACK -> INVITE (timer, session-expires=1800, min-se=1800)"
     " -> 200 OK (timer, session-expires=1800, refresher=uac) -> ACK"},
    {"INVITE -> 180 Ringing -> CANCEL -> 401 Unauthorized for CANCEL",
     4, "a challenge of a CANCEL: a CANCEL cannot be resubmitted", "RFC 3261 9.2",
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
     3,
     "a session description in the ACK, the INVITE and its responses having completed the"
     " exchange",
     "RFC 6337 3.1.1",
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

template <std::size_t I>
struct refused {
  static constexpr auto verdict = check_flow(misuses[I].flow);
  static_assert(verdict.violated());
  static_assert(verdict.step() == misuses[I].step);
  static_assert(verdict.sentence() == misuses[I].sentence);
  static_assert(verdict.clause() == misuses[I].clause);
  static constexpr bool value = true;
};

template <std::size_t I>
struct cured {
  static_assert(misuses[I].cure.empty() || check_flow(misuses[I].cure).complete());
  static constexpr bool value = true;
};

template <std::size_t I>
struct accepted {
  static_assert(check_flow(legal_races[I]).complete());
  static constexpr bool value = true;
};

static_assert(holds_for_each<refused, std::size(misuses)>);
static_assert(holds_for_each<cured, std::size(misuses)>);
static_assert(holds_for_each<accepted, std::size(legal_races)>);

// What a misuse comes to as messages: what the product of rules has seen, and what it refuses.
struct broken_rule {
  char const* name;
  std::vector<call_message> before;
  call_message mistake;
  std::string_view sentence;
  std::string_view clause;
};

constexpr call_message request(ctsip::direction way, method m, std::uint32_t cseq = 1,
                               content c = content::none) {
  return {.event = ctsip::request_event(
              way, m, m == method::invite && cseq == 1 ? mark::none : mark::to_tag),
          .cseq = cseq,
          .content = c};
}
constexpr call_message response(ctsip::direction way, std::uint16_t status,
                                content c = content::none, method m = method::invite,
                                std::uint32_t cseq = 1) {
  return {.event = ctsip::response_event(way, status, m, mark::to_tag), .cseq = cseq, .content = c};
}
constexpr call_message reliable(ctsip::direction way, std::uint16_t status, std::uint32_t rseq,
                                content c = content::none) {
  return {.event =
              ctsip::response_event(way, status, method::invite, mark::to_tag | mark::reliable),
          .cseq = 1,
          .rseq = rseq,
          .content = c,
          .requires_100rel = true};
}
constexpr call_message invite_100rel(ctsip::direction way, content c = content::sdp) {
  auto m = request(way, method::invite, 1, c);
  m.supports_100rel = true;
  m.supports_precondition = c == content::sdp_unmet;
  return m;
}
constexpr call_message prack(ctsip::direction way, std::uint32_t rack, std::uint32_t cseq,
                             content c = content::none) {
  auto m = request(way, method::prack, cseq, c);
  m.rack = rack;
  m.rack_cseq = 1;
  return m;
}

// The flows of the same names in the table above.
std::vector<broken_rule> broken_rules() {
  auto const invite = request(sent, method::invite, 1, content::sdp);
  auto const invited = request(received, method::invite, 1, content::sdp);
  auto const answer = response(received, 200, content::sdp);
  auto const ack = request(sent, method::ack);
  auto const bye = request(sent, method::bye, 2);
  return {
      {"ACK before a final response",
       {invite, response(received, 180)},
       ack,
       "ACK before a final response to the INVITE",
       "RFC 3261 13.2.2.4"},
      {"a second ACK",
       {invite, answer, ack},
       ack,
       "a second ACK to one 2xx: it is sent again when the 2xx comes again",
       "RFC 3261 13.2.2.4"},
      {"ACK without the answer",
       {request(sent, method::invite), answer},
       ack,
       "ACK without the answer to the offer in the 2xx",
       "RFC 3261 13.2.2.4"},
      {"CANCEL before a provisional response",
       {invite},
       request(sent, method::cancel),
       "CANCEL before a provisional response to the INVITE",
       "RFC 3261 9.1"},
      {"CANCEL after a final response",
       {invite, answer},
       request(sent, method::cancel),
       "CANCEL after a final response to the INVITE: SHOULD NOT be sent",
       "RFC 3261 9.1, RFC 5407 3.1.2"},
      {"BYE by the callee early",
       {invited, response(sent, 180)},
       bye,
       "BYE by the callee in an early dialog",
       "RFC 3261 15"},
      {"BYE by the callee before the ACK",
       {invited, response(sent, 200, content::sdp)},
       bye,
       "BYE by the callee before the ACK to its 2xx or 64*T1",
       "RFC 3261 15, RFC 6026 8.7"},
      {"BYE before the ACK",
       {invite, answer},
       bye,
       "the 2xx is acknowledged first: ACK, then BYE",
       "RFC 3261 13.2.2.4"},
      {"PRACK of an unreliable response",
       {invite_100rel(sent), response(received, 180)},
       prack(sent, 1, 2),
       "PRACK without a reliable 1xx to our last INVITE",
       "RFC 3262 4"},
      {"PRACK without the answer",
       {invite_100rel(sent, content::none), reliable(received, 183, 1, content::sdp)},
       prack(sent, 1, 2),
       "PRACK without the answer to the offer in the reliable response",
       "RFC 3262 5"},
      {"a reliable response without 100rel",
       {invited},
       reliable(sent, 180, 1),
       "a reliable provisional response to an INVITE that does not support 100rel",
       "RFC 3262 3"},
      {"UPDATE while an offer is open",
       {invite, answer, ack, request(sent, method::update, 2, content::sdp)},
       request(sent, method::update, 3, content::sdp),
       "UPDATE with an offer while an offer is unanswered",
       "RFC 3311 5.1"},
      {"2xx before the preconditions",
       {invite_100rel(received, content::sdp_unmet), reliable(sent, 183, 1, content::sdp_unmet),
        prack(received, 1, 2), response(sent, 200, content::none, method::prack, 2)},
       response(sent, 200),
       "2xx to the INVITE before the mandatory preconditions are met",
       "RFC 3312 5.1"},
      {"re-INVITE while our own is outstanding",
       {invite, answer, ack, request(sent, method::invite, 2, content::sdp)},
       request(sent, method::invite, 3, content::sdp),
       "INVITE while our own INVITE is outstanding",
       "RFC 3261 14.1"},
      {"a lower CSeq number",
       {invite, answer, ack, request(sent, method::info, 3)},
       request(sent, method::info, 2),
       "a request whose CSeq number is not higher than that of the last request",
       "RFC 3261 12.2.1.1"},
      {"a request after the BYE",
       {invite, answer, ack, bye},
       request(sent, method::info, 3),
       "a request in an INVITE usage that has ended",
       "RFC 3261 12.3, RFC 3261 15, RFC 5407 D"},
  };
}

// What tests/compile_fail/call says of one mistake.
struct mistake {
  bool is_flow{};
  std::string flow;
  std::vector<std::vector<std::string>> expected; ///< of each, one spelling has to be found
};

// The literal, of one piece or several, that begins at `at` and ends in `_flow` or the like.
std::string literal_at(std::string_view source, std::size_t at) {
  std::string text;
  while (at < source.size()) {
    if (source[at] == '_') return text;
    bool const raw = source.substr(at, 3) == "R\"(";
    std::string_view const end = raw ? ")\"" : "\"";
    at = source.find('"', at);
    if (at == source.npos) break;
    at += raw ? 2 : 1;
    auto const close = source.find(end, at);
    if (close == source.npos) break;
    text += source.substr(at, close - at);
    at = source.find_first_not_of(" \n", close + end.size());
  }
  return {};
}

std::vector<std::string> split(std::string_view text, std::string_view mark) {
  std::vector<std::string> parts;
  for (auto at = text.find(mark); at != text.npos; at = text.find(mark)) {
    parts.emplace_back(text.substr(0, at));
    text.remove_prefix(at + mark.size());
  }
  parts.emplace_back(text);
  return parts;
}

mistake read_mistake(std::filesystem::path const& file) {
  std::ifstream in{file};
  std::string const source{std::istreambuf_iterator<char>{in}, {}};
  mistake m;
  constexpr std::string_view expects = "// expect: ";
  for (auto const& line : split(source, "\n"))
    if (line.rfind(expects, 0) == 0)
      m.expected.push_back(split(line.substr(expects.size()), " || "));
  auto const begin = source.find("#else");
  auto const end = source.find("#endif");
  if (begin == source.npos || end == source.npos) return m;
  std::string_view const wrong = std::string_view{source}.substr(begin, end - begin);
  m.is_flow = wrong.find("_flow") != wrong.npos;
  if (!m.is_flow) return m;
  auto const quote = wrong.find('"');
  if (quote == wrong.npos) return m;
  m.flow = literal_at(wrong, wrong[quote - 1] == 'R' ? quote - 1 : quote);
  return m;
}

std::string_view trimmed(std::string_view text) {
  auto const begin = text.find_first_not_of(" \n");
  return begin == text.npos ? "" : text.substr(begin, text.find_last_not_of(" \n") - begin + 1);
}

bool operator==(violation const& a, violation const& b) {
  return std::string_view{a.machine} == b.machine && std::string_view{a.state} == b.state &&
         std::string_view{a.event} == b.event && std::string_view{a.sentence} == b.sentence &&
         std::string_view{a.clause} == b.clause;
}

} // namespace

BOOST_AUTO_TEST_SUITE(flow_misuses)

BOOST_AUTO_TEST_CASE(each_misuse_is_refused_at_its_step_with_its_clause) {
  for (auto const& m : misuses) {
    BOOST_TEST_CONTEXT(m.flow) {
      auto const verdict = check_flow(m.flow);
      BOOST_TEST(verdict.violated());
      BOOST_TEST(verdict.step() == m.step);
      BOOST_TEST(verdict.sentence() == m.sentence);
      BOOST_TEST(verdict.clause() == m.clause);
      BOOST_TEST(!verdict.participant().empty());
      BOOST_TEST(!verdict.message().empty());
      BOOST_TEST(!std::string_view{verdict.why().state}.empty());
      BOOST_TEST(!std::string_view{verdict.why().event}.empty());
    }
  }
}

BOOST_AUTO_TEST_CASE(each_misuse_reaches_the_policy_once) {
  for (auto const& m : misuses) {
    BOOST_TEST_CONTEXT(m.flow) {
      ctsip::on_violation::count counted;
      auto const verdict = check_flow(m.flow, counted);
      BOOST_TEST(counted.violations == 1u);
      BOOST_TEST(verdict.step() == m.step);
      BOOST_TEST(verdict.sentence() == m.sentence);
      BOOST_TEST(verdict.clause() == m.clause);
    }
  }
}

BOOST_AUTO_TEST_CASE(each_misuse_is_raised_with_its_sentence_and_clause) {
  for (auto const& m : misuses) {
    BOOST_TEST_CONTEXT(m.flow) {
      BOOST_CHECK_EXCEPTION(check_flow(m.flow, ctsip::on_violation::raise{}), violation,
                            [&](violation const& v) {
                              return v.sentence == m.sentence && v.clause == m.clause &&
                                     v == check_flow(m.flow).why();
                            });
    }
  }
}

BOOST_AUTO_TEST_CASE(each_cure_is_complete_and_reaches_no_policy) {
  for (auto const& m : misuses) {
    if (m.cure.empty()) continue;
    BOOST_TEST_CONTEXT(m.cure) {
      ctsip::on_violation::count counted;
      BOOST_TEST(check_flow(m.cure, counted).complete());
      BOOST_TEST(counted.violations == 0u);
      BOOST_CHECK_NO_THROW(check_flow(m.cure, ctsip::on_violation::raise{}));
    }
  }
}

BOOST_AUTO_TEST_CASE(the_races_that_look_like_misuses_are_legal_rfc_5407_3) {
  for (auto const flow : legal_races) {
    BOOST_TEST_CONTEXT(flow) {
      ctsip::on_violation::count counted;
      BOOST_TEST(check_flow(flow, counted).complete());
      BOOST_TEST(counted.violations == 0u);
    }
  }
}

// RFC 3261 13.2.2.4: a 2xx that is never acknowledged breaks no rule at any step, and leaves the
// flow open.
BOOST_AUTO_TEST_CASE(a_success_without_its_ack_leaves_the_flow_open_rfc_3261_13_2_2_4) {
  for (std::string_view const flow :
       {"INVITE -> 200 OK", "INVITE -> 200 OK (tag=a) -> ACK (tag=a) -> 200 OK (tag=b)",
        "INVITE -> 200 OK -> ACK -> re-INVITE -> 200 OK"}) {
    BOOST_TEST_CONTEXT(flow) {
      auto const verdict = check_flow(flow);
      BOOST_TEST(verdict.legal());
      BOOST_TEST(!verdict.complete());
      BOOST_TEST(verdict.open().participant == "caller");
      BOOST_TEST(std::string_view{verdict.open().sentence} ==
                 "a 2xx response to the INVITE without its ACK");
      BOOST_TEST(std::string_view{verdict.open().clause} == "RFC 3261 13.2.2.4");
    }
  }
}

// The same without a flow: the product of rules is told what has been sent and received.
BOOST_AUTO_TEST_CASE(a_misuse_that_the_product_of_rules_refuses_reaches_the_policy) {
  for (auto const& rule : broken_rules()) {
    BOOST_TEST_CONTEXT(rule.name) {
      ctsip::uac_call call;
      ctsip::on_violation::count counted;
      for (auto const& m : rule.before) (void)call.process(m, counted);
      BOOST_TEST(counted.violations == 0u);

      auto const why = call.explain(rule.mistake);
      BOOST_TEST(why.sentence == rule.sentence);
      BOOST_TEST(why.clause == rule.clause);
      BOOST_TEST(call.process(rule.mistake, counted).refused());
      BOOST_TEST(counted.violations == 1u);
      BOOST_CHECK_EXCEPTION((void)call.process(rule.mistake, ctsip::on_violation::raise{}),
                            violation, [&](violation const& v) {
                              return v.sentence == rule.sentence && v.clause == rule.clause;
                            });
      // A refusal moves nothing: the same mistake is the same one again.
      BOOST_TEST(call.process(rule.mistake, counted).refused());
      BOOST_TEST(counted.violations == 2u);
      BOOST_TEST((call.explain(rule.mistake) == why));
    }
  }
}

BOOST_AUTO_TEST_CASE(what_the_product_refuses_the_flow_check_refuses_in_the_same_words) {
  for (auto const& rule : broken_rules()) {
    BOOST_TEST_CONTEXT(rule.name) {
      BOOST_TEST(std::any_of(std::begin(misuses), std::end(misuses), [&](misuse const& m) {
        return m.sentence == rule.sentence && m.clause == rule.clause;
      }));
    }
  }
}

// Whatever a file there expects of the compiler is said at run time too, and its flow is in the
// table above.
BOOST_AUTO_TEST_CASE(each_mistake_that_must_not_compile_is_refused_at_run_time) {
  std::size_t flows = 0;
  for (auto const& entry :
       std::filesystem::directory_iterator{std::string{CTSIP_TESTS_DIR} + "/compile_fail/call"}) {
    auto const wrong = read_mistake(entry.path());
    BOOST_TEST_CONTEXT(entry.path().filename().string() << '\n' << wrong.flow) {
      BOOST_TEST(!wrong.expected.empty());
      if (!wrong.is_flow) continue; // a program that drives the rules itself
      BOOST_TEST(!wrong.flow.empty());
      ++flows;
      auto const verdict = check_flow(wrong.flow);
      BOOST_TEST(!verdict.complete());
      std::vector<std::string> said;
      if (verdict.violated()) {
        BOOST_TEST(std::any_of(std::begin(misuses), std::end(misuses), [&](misuse const& m) {
          return trimmed(m.flow) == trimmed(wrong.flow);
        }));
        said = {std::string{verdict.sentence()}, std::string{verdict.clause()},
                "at_step(" + std::to_string(verdict.step()) + ",",
                std::string{"state::"} + verdict.why().state,
                std::string{"symbol::"} + verdict.why().event};
      } else {
        said = {verdict.open().sentence, verdict.open().clause,
                std::string{verdict.open().participant}, "flow_is_not_complete"};
      }
      auto const is_said = [&](std::string const& spelling) {
        return std::any_of(said.begin(), said.end(), [&](std::string const& text) {
          return text.find(spelling) != text.npos;
        });
      };
      for (auto const& spellings : wrong.expected)
        BOOST_TEST(std::any_of(spellings.begin(), spellings.end(), is_said), spellings.front());
      // Sentence and clause are both expected of it.
      for (std::size_t i = 0; i < 2; ++i)
        BOOST_TEST(std::any_of(wrong.expected.begin(), wrong.expected.end(),
                               [&](std::vector<std::string> const& spellings) {
                                 return said[i].find(spellings.front()) != said[i].npos;
                               }));
    }
  }
  BOOST_TEST(flows >= 60u);
}

BOOST_AUTO_TEST_SUITE_END()
