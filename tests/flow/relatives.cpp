// Relatives of the misuses, in constant evaluation and at run time: what each RFC says of them,
// flow by flow. misuses.cpp has the misuses themselves, odd_flows.cpp what looks odd and is legal.
#include <ctsip/flow/flow.hpp>

#include <iterator>
#include <string_view>

#include <boost/test/unit_test.hpp>

#include "flow/each.hpp"

using ctsip::check_flow;

namespace {

struct relative {
  std::string_view flow;
  std::size_t step;        ///< that breaks the rule
  std::string_view clause; ///< of the rule
};

// clang-format off
constexpr relative relatives[] = {
    {"INVITE -> 200 OK -> ACK -> ACK",
     4, "RFC 3261 13.2.2.4"},
    {"ACK",
     1, "RFC 3261 13.2.2.4"},
    {"INVITE -> 200 OK <- ACK",
     3, "RFC 3261 13.2.2.4"},
    {"INVITE -> 486 Busy Here <- ACK",
     3, "RFC 3261 13.2.2.4"},
    {"INVITE -> 180 Ringing (100rel) -> ACK",
     2, "RFC 3262 3"},
    {"REGISTER -> ACK",
     2, "RFC 3261 17.1.2.1"},
    {"REGISTER -> 200 OK -> ACK",
     3, "RFC 3261 17.1.2.1"},
    {"INVITE -> 180 Ringing -> CANCEL -> 200 OK for CANCEL -> ACK",
     5, "RFC 3261 13.2.2.4"},
    {"INVITE -> 200 OK -> ACK -> 481 Call/Transaction Does Not Exist",
     4, "RFC 3261 17.2.1, RFC 6026 8.6"},
    {"INVITE (cseq=1) -> 401 Unauthorized -> ACK -> INVITE (cseq=1, auth)",
     4, "RFC 3261 8.1.3.5"},
    {"INVITE -> 200 OK (tag=a) -> ACK (tag=a) -> 200 OK (tag=b) -> ACK (tag=a)",
     5, "RFC 3261 13.2.2.4"},
    {"INVITE -> 180 Ringing (tag=a) -> ACK (tag=a)",
     3, "RFC 3261 13.2.2.4"},
    {"INVITE -> 180 Ringing -> CANCEL -> CANCEL",
     4, "RFC 3261 9.1"},
    {"INVITE -> 180 Ringing -> CANCEL -> 200 OK for CANCEL -> CANCEL",
     5, "RFC 3261 9.1"},
    {"INVITE -> 180 Ringing <- CANCEL",
     3, "RFC 3261 9.1"},
    {"CANCEL",
     1, "RFC 3261 9.1"},
    {"INVITE -> 180 Ringing -> 200 OK for CANCEL",
     3, "RFC 3261 8.2.6"},
    {"INVITE -> 200 OK for CANCEL",
     2, "RFC 3261 8.2.6"},
    {"BYE -> CANCEL",
     1, "RFC 3261 15"},
    {"INVITE -> 200 OK -> ACK -> UPDATE -> CANCEL",
     5, "RFC 3261 9.1, RFC 5407 3.1.2"},
    {"INVITE -> 180 Ringing -> CANCEL -> 180 Ringing for CANCEL",
     4, "RFC 4320 4.1"},
    {"INVITE -> 180 Ringing -> CANCEL -> 407 Proxy Authentication Required for CANCEL",
     4, "RFC 3261 9.2"},
    {"INVITE -> 180 Ringing -> CANCEL -> 408 Request Timeout for CANCEL",
     4, "RFC 4320 4.2"},
    {"INVITE (cseq=1) -> 180 Ringing -> CANCEL (cseq=2)",
     3, "RFC 3261 9.1"},
    {"INVITE -> 200 OK -> ACK -> re-INVITE -> CANCEL",
     5, "RFC 3261 9.1"},
    {"INVITE -> 200 OK -> ACK -> re-INVITE -> 200 OK -> ACK -> CANCEL",
     7, "RFC 3261 9.1, RFC 5407 3.1.2"},
    {"INVITE -> 180 Ringing -> CANCEL -> 200 OK for CANCEL -> 200 OK for INVITE -> CANCEL",
     6, "RFC 3261 9.1, RFC 5407 3.1.2"},
    {"200 OK",
     1, "RFC 3261 8.2.6"},
    {"180 Ringing",
     1, "RFC 3261 8.2.6"},
    {"INVITE -> 200 OK -> ACK -> 200 OK",
     4, "RFC 3261 17.2.1, RFC 6026 8.6"},
    {"INVITE -> 200 OK -> ACK -> 180 Ringing",
     4, "RFC 3261 17.2.1, RFC 6026 8.6"},
    {"INVITE -> 486 Busy Here -> ACK -> 200 OK",
     4, "RFC 3261 17.2.1, RFC 6026 8.6"},
    {"INVITE -> 200 OK -> ACK -> 486 Busy Here",
     4, "RFC 3261 17.2.1, RFC 6026 8.6"},
    {"INVITE -> 200 OK for BYE",
     2, "RFC 3261 8.2.6"},
    {"INVITE -> 200 OK -> ACK -> BYE -> 200 OK -> 200 OK",
     6, "RFC 3261 17.2.2"},
    {"INVITE -> 200 OK -> ACK -> BYE -> 200 OK -> 481 Call/Transaction Does Not Exist",
     6, "RFC 3261 17.2.2"},
    {"INVITE -> 200 OK -> ACK -> BYE -> 183 Session Progress",
     5, "RFC 4320 4.1"},
    {"OPTIONS -> 200 OK -> 100 Trying",
     3, "RFC 3261 17.2.2"},
    {"INVITE -> 200 OK -> ACK -> INFO -> 180 Ringing",
     5, "RFC 4320 4.1"},
    {"INVITE -> 200 OK -> ACK -> INFO -> 408 Request Timeout",
     5, "RFC 4320 4.2"},
    {"INVITE -> 302 Moved Temporarily -> 200 OK",
     3, "RFC 3261 17.2.1, RFC 6026 8.6"},
    {"INVITE -> 180 Ringing -> 603 Decline -> 183 Session Progress",
     4, "RFC 3261 17.2.1, RFC 6026 8.6"},
    {"INVITE -> 200 OK -> 100 Trying",
     3, "RFC 3261 17.2.1, RFC 6026 8.6"},
    {"INVITE -> 486 Busy Here -> 100 Trying",
     3, "RFC 3261 17.2.1, RFC 6026 8.6"},
    {"INVITE -> 200 OK -> 200 OK",
     3, "RFC 3261 17.2.1, RFC 6026 8.6"},
    {"INVITE -> 486 Busy Here -> 486 Busy Here",
     3, "RFC 3261 17.2.1, RFC 6026 8.6"},
    {"INVITE -> 180 Ringing for BYE",
     2, "RFC 3261 8.2.6"},
    {"INVITE -> 200 OK -> ACK -> BYE -> BYE",
     5, "RFC 3261 12.3, RFC 3261 15, RFC 5407 D"},
    {"INVITE -> 180 Ringing -> BYE -> BYE",
     4, "RFC 3261 12.3, RFC 3261 15, RFC 5407 D"},
    {"INVITE -> 200 OK -> ACK -> BYE -> 200 OK <- BYE",
     6, "RFC 3261 12.3, RFC 3261 15, RFC 5407 D"},
    {"INVITE -> 200 OK -> ACK -> BYE <- BYE",
     5, "RFC 3261 12.3, RFC 3261 15, RFC 5407 D"},
    {"INVITE <- BYE",
     2, "RFC 3261 15"},
    {"INVITE -> 100 Trying <- BYE",
     3, "RFC 3261 15"},
    {"INVITE -> 100 Trying -> BYE",
     3, "RFC 3261 15"},
    {"INVITE -> 302 Moved Temporarily -> ACK -> INVITE -> BYE",
     5, "RFC 3261 15"},
    {"INVITE -> 180 Ringing -> CANCEL -> 200 OK for CANCEL -> 487 Request Terminated -> ACK"
     " -> BYE",
     7, "RFC 3261 15"},
    {"INVITE -> 180 Ringing -> CANCEL -> 200 OK for CANCEL -> 487 Request Terminated -> ACK"
     " -> UPDATE",
     7, "RFC 3261 12.2"},
    {"INVITE -> 180 Ringing (100rel) -> BYE",
     2, "RFC 3262 3"},
    {"INVITE -> 180 Ringing -> 183 Session Progress <- BYE",
     4, "RFC 3261 15"},
    {"INVITE (100rel) -> 180 Ringing (100rel) -> PRACK -> 200 OK for PRACK <- BYE",
     5, "RFC 3261 15"},
    {"INVITE -> 180 Ringing -> BYE -> 200 OK for BYE -> UPDATE",
     5, "RFC 3261 12.3, RFC 3261 15, RFC 5407 D"},
    {"INVITE -> 180 Ringing -> BYE -> INFO",
     4, "RFC 3261 12.3, RFC 3261 15, RFC 5407 D"},
    {"INVITE -> 200 OK (tag=a) -> 200 OK (tag=b) -> ACK (tag=a) -> BYE (tag=b)",
     5, "RFC 3261 13.2.2.4"},
    {"re-INVITE",
     1, "RFC 3261 12.2"},
    {"INVITE -> re-INVITE",
     2, "RFC 3261 12.2"},
    {"INVITE -> 200 OK -> ACK -> re-INVITE -> INVITE",
     5, "RFC 3261 14.1"},
    {"INVITE -> 486 Busy Here -> ACK -> re-INVITE",
     4, "RFC 3261 12.2"},
    {"INVITE -> 200 OK -> ACK -> BYE -> 200 OK <- re-INVITE",
     6, "RFC 3261 12.3, RFC 3261 15, RFC 5407 D"},
    {"INVITE (sdp) -> 200 OK (sdp) -> ACK -> UPDATE (sdp) -> re-INVITE (sdp)",
     5, "RFC 3264 4"},
    {"INVITE (sdp) -> 200 OK (sdp) -> ACK -> UPDATE (sdp) <- re-INVITE (sdp)",
     5, "RFC 3264 4"},
    {"INVITE (sdp) -> 200 OK (sdp) -> ACK -> UPDATE (sdp) -> 200 OK -> BYE",
     5, "RFC 3262 5"},
    {"INVITE (sdp) -> 200 OK (sdp) -> ACK -> UPDATE (sdp) -> 200 OK",
     5, "RFC 3262 5"},
    {"INVITE (sdp) -> 200 OK (sdp) -> ACK -> UPDATE -> 200 OK (sdp)",
     5, "RFC 6337 2.2"},
    {"INVITE (sdp) -> 200 OK (sdp) -> ACK -> re-INVITE (sdp) -> 200 OK -> ACK",
     5, "RFC 3261 13.3.1.4"},
    {"INVITE (sdp) -> 200 OK (sdp) -> ACK -> re-INVITE (sdp) -> 200 OK",
     5, "RFC 3261 13.3.1.4"},
    {"INVITE (sdp) -> 200 OK (sdp) -> ACK -> re-INVITE (sdp) -> 200 OK (sdp) -> ACK (sdp)",
     6, "RFC 6337 3.1.1"},
    {"INVITE (sdp) -> 200 OK (sdp) -> ACK -> re-INVITE (no sdp) -> 200 OK (no sdp)",
     5, "RFC 3261 13.3.1.4"},
    {"INVITE (sdp) -> 200 OK (sdp) -> ACK -> re-INVITE (no sdp) -> 200 OK (sdp)"
     " <- UPDATE (sdp)",
     6, "RFC 3311 5.1"},
    {"INVITE (sdp) -> 200 OK (sdp) -> ACK -> re-INVITE (no sdp) -> 200 OK (sdp)"
     " -> UPDATE (sdp)",
     6, "RFC 3311 5.1"},
    {"INVITE (sdp, 100rel) -> 183 Session Progress (100rel, sdp) -> PRACK (sdp)"
     " -> UPDATE (sdp)",
     4, "RFC 3311 5.1"},
    {"INVITE (sdp, 100rel) -> 183 Session Progress (100rel, sdp) -> PRACK (sdp)"
     " <- UPDATE (sdp)",
     4, "RFC 3311 5.1"},
    {"INVITE (no sdp, 100rel) -> 183 Session Progress (100rel, sdp) -> UPDATE (sdp)",
     3, "RFC 3311 5.1"},
    {"INVITE (no sdp, 100rel) -> 183 Session Progress (100rel, sdp) <- UPDATE (sdp)",
     3, "RFC 3311 5.1"},
    {"INVITE (no sdp) -> 180 Ringing -> UPDATE (sdp)",
     3, "RFC 3311 5.1"},
    {"INVITE (no sdp) -> 180 Ringing <- UPDATE (sdp)",
     3, "RFC 3311 5.1"},
    {"INVITE (sdp) -> 180 Ringing <- UPDATE (sdp)",
     3, "RFC 3311 5.1"},
    {"INVITE -> 200 OK -> ACK -> BYE -> 200 OK <- UPDATE",
     6, "RFC 3261 12.3, RFC 3261 15, RFC 5407 D"},
    {"INVITE (sdp) -> 200 OK (no sdp)",
     2, "RFC 3261 13.3.1.4"},
    {"INVITE (no sdp) -> 200 OK (no sdp)",
     2, "RFC 3261 13.3.1.4"},
    {"INVITE (no sdp, 100rel) -> 183 Session Progress (100rel, no sdp) -> PRACK (sdp)",
     2, "RFC 3262 5"},
    {"INVITE (no sdp) -> 183 Session Progress (sdp)",
     2, "RFC 3261 13.2.1"},
    {"INVITE (no sdp, 100rel) -> 183 Session Progress (100rel, sdp) -> PRACK (sdp)"
     " -> 200 OK for PRACK -> 200 OK for INVITE (sdp)",
     5, "RFC 6337 3.1.1"},
    {"INVITE (sdp, 100rel) -> 183 Session Progress (100rel, sdp) -> PRACK"
     " -> 200 OK for PRACK -> 200 OK for INVITE (sdp)",
     5, "RFC 6337 3.1.1"},
    {"INVITE (sdp, 100rel) -> 183 Session Progress (100rel, sdp) -> PRACK"
     " -> 200 OK for PRACK (sdp)",
     4, "RFC 6337 2.2"},
    {"INVITE (sdp, 100rel) -> 183 Session Progress (100rel, sdp) -> PRACK (sdp)"
     " -> 200 OK for PRACK",
     4, "RFC 3262 5"},
    {"INVITE (sdp, 100rel) -> 183 Session Progress (100rel, sdp) -> PRACK"
     " -> 200 OK for PRACK -> 200 OK for INVITE -> ACK (sdp)",
     6, "RFC 6337 3.1.1"},
    {"INVITE (sdp) -> 180 Ringing (sdp) -> 200 OK (no sdp)",
     3, "RFC 3261 13.3.1.4"},
    {"INVITE (sdp, 100rel) -> 183 Session Progress (100rel) -> PRACK (sdp)",
     3, "RFC 6337 3.1.1"},
    {"INVITE -> 183 Session Progress (100rel)",
     2, "RFC 3262 3"},
    {"INVITE (100rel) -> 100 Trying (100rel)",
     2, "RFC 3262 3"},
    {"INVITE (100rel) -> 200 OK -> 180 Ringing (100rel)",
     3, "RFC 3261 17.2.1, RFC 6026 8.6"},
    {"INVITE (100rel) -> 180 Ringing (100rel, rseq=1) -> 183 Session Progress (100rel, rseq=2)",
     3, "RFC 3262 3"},
    {"INVITE (100rel) -> 180 Ringing (100rel, rseq=1) -> PRACK -> 200 OK for PRACK"
     " -> 183 Session Progress (100rel, rseq=1)",
     5, "RFC 3262 3"},
    {"INVITE (100rel) -> 180 Ringing (100rel, rseq=1) -> PRACK -> 200 OK for PRACK"
     " -> 183 Session Progress (100rel, rseq=3)",
     5, "RFC 3262 3"},
    {"INVITE (100rel) -> 180 Ringing (100rel) -> PRACK -> PRACK",
     4, "RFC 3262 4"},
    {"INVITE (100rel) -> 180 Ringing (100rel) <- PRACK",
     3, "RFC 3262 4"},
    {"INVITE (100rel) -> 180 Ringing -> 200 OK -> ACK -> PRACK",
     5, "RFC 3262 4"},
    {"INVITE (100rel) -> 180 Ringing (100rel) -> 486 Busy Here -> ACK -> PRACK",
     5, "RFC 3261 12.2"},
    {"INVITE (100rel) -> 180 Ringing (100rel) -> PRACK (rack=1 7 INVITE)",
     3, "RFC 3262 4"},
    {"INVITE (100rel, cseq=1) -> 180 Ringing (100rel, rseq=1) -> PRACK (rack=1 7 INVITE)",
     3, "RFC 3262 4"},
    {"INVITE (100rel) -> 183 Session Progress (100rel, rseq=2147483648)",
     2, "RFC 3262 3"},
    {"INVITE (100rel) -> 180 Ringing (100rel) -> PRACK -> 180 Ringing for PRACK",
     4, "RFC 4320 4.1"},
    {"INVITE (timer, session-expires=1800)"
     " -> 200 OK (timer, session-expires=3600, refresher=uac)",
     2, "RFC 4028 9"},
    {"INVITE (timer, session-expires=1800, min-se=1800)"
     " -> 200 OK (session-expires=90, refresher=uac)",
     2, "RFC 4028 9"},
    {"INVITE (timer, session-expires=60)",
     1, "RFC 4028 4, 5"},
    {"INVITE (timer, min-se=60)",
     1, "RFC 4028 4, 5"},
    {"INVITE (timer, session-expires=1800) -> 422 Session Interval Too Small (min-se=90)",
     2, "RFC 4028 6"},
    {"INVITE (timer, session-expires=1800) -> 180 Ringing (session-expires=1800)",
     2, "RFC 4028 4, 5"},
    {"INVITE -> 200 OK -> ACK -> BYE (session-expires=1800)",
     4, "RFC 4028 4, 5"},
    {"INVITE -> 180 Ringing -> CANCEL -> 481 Call/Transaction Does Not Exist for CANCEL"
     " -> 486 Busy Here -> ACK",
     4, "RFC 3261 9.2"},
    {"INVITE -> 180 Ringing -> CANCEL -> 487 Request Terminated for CANCEL",
     4, "RFC 3261 9.2"},
    {"INVITE (qos=needed, 100rel, precondition) -> 180 Ringing",
     2, "RFC 3312 6"},
    {"INVITE (qos=needed, 100rel, precondition) -> 180 Ringing (100rel, qos=needed)",
     2, "RFC 3312 6"},
    {"INVITE (cseq=7) -> 200 OK -> ACK -> BYE (cseq=7)",
     4, "RFC 3261 12.2.1.1"},
    {"INVITE (cseq=7) -> 200 OK -> ACK -> BYE (cseq=3)",
     4, "RFC 3261 12.2.1.1"},
    {"INVITE (cseq=7) -> 407 Proxy Authentication Required -> ACK -> INVITE (cseq=7, auth)",
     4, "RFC 3261 8.1.3.5"},
    {"INVITE -> 100 Trying -> INFO",
     3, "RFC 3261 12.2"},
    {"PRACK",
     1, "RFC 3261 12.2"},
    {"INVITE -> 486 Busy Here -> ACK -> INFO",
     4, "RFC 3261 12.2"},
    {"INVITE -> 486 Busy Here -> ACK -> PRACK",
     4, "RFC 3261 12.2"},
    {"INVITE -> 180 Ringing (tag=a) -> 200 OK (tag=b) -> ACK (tag=b) -> UPDATE (tag=c)",
     5, "RFC 3261 12.2"},
    {"INVITE -> 180 Ringing (tag=a) -> UPDATE (tag=b)",
     3, "RFC 3261 12.2"},
    {"INVITE -> 180 Ringing (tag=a) -> BYE (tag=b)",
     3, "RFC 3261 15"},
    {R"(< INVITE
> 486 Busy Here
< ACK
> ACK)",
     4, "RFC 3261 13.2.2.4"},
    {R"(< INVITE
> 180 Ringing
> ACK)",
     3, "RFC 3261 13.2.2.4"},
    {R"(< INVITE
> 200 OK
> BYE)",
     3, "RFC 3261 15, RFC 6026 8.7"},
    {R"(< INVITE
> 180 Ringing
> BYE)",
     3, "RFC 3261 15"},
    {R"(< INVITE
> 180 Ringing
> CANCEL)",
     3, "RFC 3261 9.1"},
    {R"(< INVITE
> 200 OK
> re-INVITE (sdp))",
     2, "RFC 3261 13.3.1.4"},
    {R"(< INVITE
> 200 OK
< BYE
> INFO)",
     4, "RFC 3261 12.3, RFC 3261 15, RFC 5407 D"},
    {R"(< INVITE
> 180 Ringing (100rel))",
     2, "RFC 3262 3"},
    {R"(< INVITE
> ACK)",
     2, "RFC 3261 13.2.2.4"},
    {R"(< INVITE
> 180 Ringing
< CANCEL
> 200 OK for CANCEL
> 180 Ringing for CANCEL)",
     5, "RFC 3261 17.2.2"},
    {R"(> INVITE
< 200 OK
> ACK
< re-INVITE
> re-INVITE)",
     5, "RFC 3261 14.1"},
    {R"(> INVITE
< 200 OK
> ACK
> re-INVITE
< re-INVITE
> 491 Request Pending
> 200 OK for re-INVITE)",
     7, "RFC 3261 17.2.1, RFC 6026 8.6"},
    {R"(> INVITE
< 200 OK
> ACK
> re-INVITE
< re-INVITE
> 200 OK)",
     6, "RFC 3261 14.2"},
    {R"(> INVITE
< 180 Ringing (100rel))",
     2, "RFC 3262 3"},
    {R"(> INVITE (sdp)
< 200 OK (no sdp))",
     2, "RFC 3261 13.3.1.4"},
    {R"(< INVITE
> 180 Ringing
< ACK)",
     3, "RFC 3261 13.2.2.4"},
    {R"(< INVITE (no sdp)
> 200 OK (sdp)
< ACK)",
     3, "RFC 3261 13.2.2.4"},
    {R"(> INVITE (sdp)
< 200 OK (sdp)
> ACK
< UPDATE (sdp)
> UPDATE (sdp))",
     5, "RFC 3311 5.1"},
    {R"(> INVITE (sdp)
< 200 OK (sdp)
> ACK
> UPDATE (sdp)
< UPDATE (sdp)
> 200 OK (sdp))",
     6, "RFC 3311 5.2"},
    {R"(> INVITE (sdp)
< 200 OK (sdp)
> ACK
< UPDATE (sdp)
< UPDATE (sdp)
> 500 Server Internal Error (retry-after=3)
> 200 OK (sdp))",
     5, "RFC 3311 5.1"},
    {R"(> INVITE (sdp)
< 200 OK (sdp)
> ACK
< UPDATE (sdp)
< UPDATE (sdp)
> 200 OK (sdp)
> 200 OK (sdp))",
     5, "RFC 3311 5.1"},
    {R"(alice -> bob: INVITE
bob -> alice: 200 OK
alice -> bob: ACK
alice -> : re-INVITE #1
bob -> : re-INVITE #2
-> bob: re-INVITE #1
-> alice: re-INVITE #2
bob -> alice: 200 OK)",
     8, "RFC 3261 14.2"},
    {R"(alice -> bob: INVITE (sdp)
bob -> alice: 200 OK (sdp)
alice -> bob: ACK
alice -> : UPDATE (sdp) #1
bob -> : UPDATE (sdp) #2
-> bob: UPDATE #1
-> alice: UPDATE #2
bob -> alice: 200 OK (sdp))",
     8, "RFC 3311 5.2"},
    {"INVITE (timer, session-expires=100) -> 422 Session Interval Too Small (min-se=1800)"
     " -> ACK -> INVITE (timer, session-expires=900, min-se=900)",
     4, "RFC 4028 7.4"},
    {"INVITE (timer, session-expires=100) -> 422 Session Interval Too Small (min-se=900)"
     " -> ACK -> INVITE (timer, session-expires=900, min-se=900)"
     " -> 422 Session Interval Too Small (min-se=1800) -> ACK"
     " -> INVITE (timer, session-expires=1800, min-se=900)",
     7, "RFC 4028 7.4"},
    {"INVITE (timer, session-expires=100) -> 422 Session Interval Too Small (min-se=1800)"
     " -> ACK -> INVITE -> 200 OK -> ACK",
     4, "RFC 4028 7.4"},
    {"INVITE -> 200 OK -> ACK -> UPDATE (timer, session-expires=100)"
     " -> 422 Session Interval Too Small (min-se=1800)"
     " -> UPDATE (timer, session-expires=100)",
     6, "RFC 4028 7.4"},
    {"INVITE -> 200 OK -> ACK -> re-INVITE (timer, session-expires=50)",
     4, "RFC 4028 4, 5"},
    {"INVITE (timer, session-expires=1800, refresher=uas)"
     " -> 200 OK (timer, session-expires=1800, refresher=uac)",
     2, "RFC 4028 9, Table 2"},
    {"INVITE (no timer, session-expires=1800, refresher=uac)",
     1, "RFC 4028 9, Table 2"},
    {"INVITE (call=1) -> 200 OK (call=1) -> ACK (call=1) -> BYE (call=2)",
     4, "RFC 3261 15"},
    {"INVITE (call=1) -> 180 Ringing (call=1) -> CANCEL (call=2)",
     3, "RFC 3261 9.1"},
    // In a call without an INVITE it is what an ACK alone is.
    {"INVITE (call=1) -> 200 OK (call=1) -> ACK (call=2)",
     3, "RFC 3261 13.2.2.4"},
    {R"(alice -> proxy: INVITE
proxy -> bob: INVITE
bob -> proxy: 180 Ringing
proxy -> alice: 180 Ringing
alice -> bob: ACK)",
     5, "RFC 3261 13.2.2.4"},
    {"INVITE -> 200 OK (lost) -> ACK",
     3, "RFC 3261 13.2.2.4"},
    {"INVITE -> 180 Ringing (lost) -> PRACK",
     3, "RFC 3261 12.2"},
    {"INVITE -> 180 Ringing (lost) -> BYE",
     3, "RFC 3261 15"},
    {"INVITE -> 100 Trying (lost) -> CANCEL",
     3, "RFC 3261 9.1"},
    {"ACK (again)",
     1, "RFC 3261 17.1.1.2, 17.2.1"},
    {"INVITE -> ACK (again)",
     2, "RFC 3261 17.1.1.2, 17.2.1"},
    {"INVITE -> 200 OK -> ACK (again)",
     3, "RFC 3261 17.1.1.2, 17.2.1"},
    {"INVITE -> 180 Ringing (again)",
     2, "RFC 3261 17.1.1.2, 17.2.1"},
    {"INVITE -> 200 OK (again)",
     2, "RFC 3261 17.1.1.2, 17.2.1"},
    {"INVITE -> 180 Ringing -> 200 OK (again)",
     3, "RFC 3261 17.1.1.2, 17.2.1"},
    {"INVITE -> 486 Busy Here -> 200 OK (again)",
     3, "RFC 3261 17.1.1.2, 17.2.1"},
    {"INVITE -> 200 OK -> ACK -> BYE (again)",
     4, "RFC 3261 17.1.1.2, 17.2.1"},
    {"INVITE (100rel) -> 180 Ringing (100rel) -> PRACK (again)",
     3, "RFC 3261 17.1.1.2, 17.2.1"},
    {"INVITE (100rel) -> 180 Ringing (100rel) -> BYE -> PRACK",
     4, "RFC 3261 12.3, RFC 3261 15, RFC 5407 D"},
    {"INVITE -> 180 Ringing (tag=a) -> 199 Early Dialog Terminated (tag=a) -> UPDATE (tag=a)",
     4, "RFC 6228 7"},
    {"INVITE -> 180 Ringing (tag=a) -> 199 Early Dialog Terminated (tag=a) -> BYE (tag=a)",
     4, "RFC 6228 7"},
    {"INVITE (100rel) -> 180 Ringing (tag=a) -> 199 Early Dialog Terminated (100rel, tag=a)"
     " -> PRACK (tag=a) -> 200 OK for PRACK -> UPDATE (tag=a)",
     6, "RFC 6228 7"},
    {"INVITE (100rel) -> 180 Ringing (tag=a) -> 199 Early Dialog Terminated (100rel, tag=a)"
     " -> PRACK (tag=a) -> 200 OK for PRACK -> BYE (tag=a)",
     6, "RFC 6228 7"},
    {"INVITE (100rel) -> 180 Ringing (tag=a) -> 199 Early Dialog Terminated (100rel, tag=a)"
     " -> PRACK (tag=a) -> 200 OK for PRACK -> INFO (tag=a)",
     6, "RFC 6228 7"},
    {"INVITE (100rel) -> 199 Early Dialog Terminated (100rel, tag=a) -> BYE (tag=a)",
     3, "RFC 6228 7"},
    {"INVITE -> 180 Ringing (tag=a) -> 486 Busy Here (tag=a) -> ACK -> BYE (tag=a)",
     5, "RFC 3261 15"},
    {"INVITE -> 180 Ringing (tag=a) -> 486 Busy Here (tag=a) -> ACK -> UPDATE (tag=a)",
     5, "RFC 3261 12.2"},
    {"INVITE -> 200 OK (tag=a) -> ACK (tag=a) -> 200 OK (tag=b) -> ACK (tag=c)",
     5, "RFC 3261 13.2.2.4"},
    {"INVITE -> 200 OK (tag=a) -> ACK (tag=a) -> BYE (tag=a) -> 200 OK for BYE -> INFO (tag=a)",
     6, "RFC 3261 12.3, RFC 3261 15, RFC 5407 D"},
    {"INVITE -> 200 OK -> ACK -> INFO -> 481 Call/Transaction Does Not Exist -> INFO",
     6, "RFC 3261 12.3, RFC 3261 15, RFC 5407 D"},
    {"INVITE -> 200 OK -> ACK -> UPDATE -> 481 Call/Transaction Does Not Exist -> UPDATE",
     6, "RFC 3261 12.3, RFC 3261 15, RFC 5407 D"},
    {"INVITE -> 200 OK -> ACK -> re-INVITE -> 481 Call/Transaction Does Not Exist -> ACK"
     " -> re-INVITE",
     7, "RFC 3261 12.3, RFC 3261 15, RFC 5407 D"},
    {"INVITE -> 200 OK -> ACK -> BYE -> 408 Request Timeout -> BYE",
     5, "RFC 4320 4.2"},
    {"INVITE -> 200 OK -> ACK -> BYE -> 500 Server Internal Error -> BYE",
     6, "RFC 3261 12.3, RFC 3261 15, RFC 5407 D"},
    {"INVITE -> 200 OK -> ACK -> BYE -> 401 Unauthorized -> INFO",
     6, "RFC 3261 12.3, RFC 3261 15, RFC 5407 D"},
    {"INVITE (sdp, 100rel) -> 183 Session Progress (100rel, sdp) -> PRACK"
     " -> 200 OK for PRACK -> 180 Ringing (100rel, sdp)",
     5, "RFC 6337 3.1.1"},
    {"INVITE (no sdp) -> 200 OK (sdp) -> BYE",
     3, "RFC 3261 13.2.2.4"},
    {"INVITE (sdp) -> 200 OK (sdp) -> ACK -> INFO -> UPDATE (sdp) -> UPDATE (sdp)",
     6, "RFC 3311 5.1"},
    {"INVITE (sdp) -> 183 Session Progress (no sdp) -> PRACK",
     3, "RFC 3262 4"},
    {"INVITE (no sdp, 100rel) -> 183 Session Progress (100rel, sdp) -> PRACK (sdp)"
     " -> 200 OK for PRACK (sdp)",
     4, "RFC 6337 2.2"},
    {"INVITE (no sdp, 100rel) -> 183 Session Progress (100rel, sdp) -> 200 OK for INVITE",
     3, "RFC 3262 3, 5"},
    {"INVITE (no sdp, 100rel) -> 183 Session Progress (100rel, sdp) -> PRACK (sdp)"
     " -> 200 OK for PRACK -> 200 OK for INVITE (no sdp) -> ACK (sdp)",
     6, "RFC 6337 3.1.1"},
    {"INVITE (qos=needed, 100rel, require=precondition)"
     " -> 183 Session Progress (100rel, qos=needed) -> PRACK -> 200 OK for PRACK"
     " -> 200 OK for INVITE",
     5, "RFC 3312 5.1"},
    {"INVITE (qos=needed, 100rel, require=precondition)"
     " -> 183 Session Progress (100rel, qos=needed) -> PRACK -> 200 OK for PRACK"
     " -> UPDATE (qos=needed) -> 200 OK for UPDATE (qos=needed) -> 180 Ringing",
     7, "RFC 3312 6"},
    {"INVITE -> 200 OK -> ACK -> PRACK",
     4, "RFC 3262 4"},
    {"INVITE -> 200 OK -> ACK -> re-INVITE -> PRACK",
     5, "RFC 3262 4"},
    {"INVITE -> 200 OK -> ACK -> re-INVITE -> 183 Session Progress (100rel)",
     5, "RFC 3262 3"},
    {"INVITE (sdp) -> 200 OK (sdp) -> ACK -> re-INVITE (sdp, 100rel)"
     " -> 183 Session Progress (100rel, sdp) -> 200 OK for re-INVITE",
     6, "RFC 3262 3, 5"},
    {"INVITE -> 200 OK -> ACK -> CANCEL -> 200 OK",
     4, "RFC 3261 9.1, RFC 5407 3.1.2"},
    {"INVITE -> 200 OK -> ACK -> CANCEL",
     4, "RFC 3261 9.1, RFC 5407 3.1.2"},
    {"OPTIONS -> OPTIONS -> OPTIONS -> OPTIONS -> OPTIONS -> OPTIONS -> 200 OK -> 200 OK"
     " -> 200 OK -> 200 OK -> 200 OK -> 200 OK -> 200 OK",
     13, "RFC 3261 17.2.2"},
    {"OPTIONS -> OPTIONS -> OPTIONS -> OPTIONS -> OPTIONS -> OPTIONS -> OPTIONS -> OPTIONS"
     " -> 200 OK -> 200 OK -> 200 OK -> 200 OK -> 200 OK -> 200 OK -> 200 OK -> 200 OK"
     " -> ACK",
     17, "RFC 3261 17.1.2.1"},
    {"INVITE -> 200 OK -> ACK -> INFO -> INFO -> INFO -> INFO -> INFO -> INFO -> INFO"
     " -> 200 OK -> 200 OK -> 200 OK -> 200 OK -> 200 OK -> 200 OK -> 200 OK -> ACK",
     18, "RFC 3261 17.1.2.1"},
    {R"(< CANCEL
> 200 OK)",
     2, "RFC 3261 9.2"},
    {R"(< INVITE
> 180 Ringing
< INVITE
> 500 Server Internal Error (retry-after=5)
> 200 OK
< ACK)",
     3, "RFC 3261 14.2"},
    {R"(> INVITE
< 200 OK
> ACK
< re-INVITE
< re-INVITE
> 200 OK
> 200 OK)",
     5, "RFC 3261 14.2"},
    {R"(> INVITE
< 200 OK
> ACK
< UPDATE
> 180 Ringing)",
     5, "RFC 4320 4.1"},
    {R"(> INVITE
< 200 OK
> ACK
< re-INVITE
> 200 OK
> BYE (cseq=1))",
     6, "RFC 3261 12.2.1.1"},
    {R"(< INVITE (sdp)
> 200 OK (sdp)
< ACK
> UPDATE (sdp)
> UPDATE (sdp))",
     5, "RFC 3311 5.1"},
    {R"(< INVITE (sdp)
> 180 Ringing
< UPDATE (sdp)
> 200 OK for UPDATE (sdp))",
     3, "RFC 3311 5.1"},
    {R"(< INVITE (sdp)
> 180 Ringing
< UPDATE (sdp)
> 500 Server Internal Error for UPDATE (retry-after=5)
> 200 OK for INVITE (sdp)
< ACK)",
     3, "RFC 3311 5.1"},
    {"BYE (sdp)",
     1, "RFC 3261 15"},
    {"INVITE -> 401 Unauthorized -> ACK -> INVITE (cseq=1) -> 200 OK",
     4, "RFC 3261 8.1.3.5"},
    {"INVITE (cseq=5) -> 401 Unauthorized -> ACK -> INVITE (cseq=4, auth)",
     4, "RFC 3261 8.1.3.5"},
    {"INVITE -> 200 OK -> ACK -> INFO -> 401 Unauthorized -> INFO (cseq=2, auth)",
     6, "RFC 3261 12.2.1.1"},
    {"INVITE -> 486 Busy Here -> ACK <- BYE",
     4, "RFC 3261 15"},
    {"INVITE -> 180 Ringing -> 486 Busy Here -> ACK <- UPDATE",
     5, "RFC 3261 12.2"},
    {"INVITE -> 486 Busy Here -> ACK -> 486 Busy Here",
     4, "RFC 3261 17.2.1, RFC 6026 8.6"},
    {"INVITE -> 180 Ringing -> 180 Ringing -> 200 OK -> CANCEL",
     5, "RFC 3261 9.1, RFC 5407 3.1.2"},
    {"INVITE -> 180 Ringing -> 183 Session Progress -> 200 OK -> ACK -> 183 Session Progress",
     6, "RFC 3261 17.2.1, RFC 6026 8.6"},
    {"< INVITE (sdp)\n> 200 OK (sdp)\n< ACK\n< BYE\n> 401 Unauthorized for BYE\n"
     "> UPDATE (sdp)\n> UPDATE (sdp)",
     7, "RFC 3311 5.1"},
    {"< INVITE (sdp)\n> 200 OK (sdp)\n< ACK\n< BYE\n> 401 Unauthorized for BYE\n"
     "> INVITE (sdp)\n> INVITE (sdp)",
     7, "RFC 3261 14.1"},
    {"INVITE (sdp) -> 200 OK (sdp) -> ACK -> BYE -> 401 Unauthorized for BYE"
     " <- UPDATE (sdp) <- UPDATE (sdp)",
     7, "RFC 3311 5.1"},
    {"INVITE -> 199 Early Dialog Terminated -> BYE",
     3, "RFC 3261 15"},
    {"INVITE -> 199 Early Dialog Terminated -> UPDATE",
     3, "RFC 3261 12.2"},
    {"INVITE (sdp) -> 200 OK (sdp) -> ACK -> re-INVITE (sdp, 100rel)"
     " -> 183 Session Progress (100rel, sdp) <- UPDATE (sdp)",
     6, "RFC 3311 5.1"},
    {"INVITE (sdp) -> 200 OK (sdp) -> ACK -> re-INVITE (sdp, 100rel)"
     " -> 183 Session Progress (100rel, sdp) -> PRACK -> 200 OK for PRACK"
     " -> 200 OK for INVITE (sdp)",
     8, "RFC 6337 3.1.1"},
    {"INVITE (sdp, 100rel) -> 183 Session Progress (100rel, sdp) -> PRACK"
     " -> 200 OK for PRACK -> UPDATE (sdp) -> 200 OK for INVITE (sdp)",
     6, "RFC 6337 3.1.1"},
    {"INVITE (sdp, 100rel) -> 183 Session Progress (100rel) -> PRACK -> 200 OK for PRACK"
     " -> UPDATE (sdp)",
     5, "RFC 3311 5.1"},
    {"INVITE (no sdp) -> 200 OK (sdp) <- re-INVITE (sdp)",
     3, "RFC 6337 4.3"},
    {"INVITE (sdp) -> 200 OK (sdp) -> ACK <- ACK",
     4, "RFC 3261 13.2.2.4"},
    {"INVITE (sdp) -> 200 OK (sdp) -> ACK -> re-INVITE (sdp) -> 200 OK (sdp) <- ACK",
     6, "RFC 3261 13.2.2.4"},
    {"INVITE -> 200 OK -> ACK -> re-INVITE -> 200 OK -> 180 Ringing for re-INVITE",
     6, "RFC 3261 17.2.1, RFC 6026 8.6"},
    {"INVITE -> 200 OK -> ACK -> re-INVITE -> 200 OK -> 486 Busy Here for re-INVITE",
     6, "RFC 3261 17.2.1, RFC 6026 8.6"},
    {"INVITE -> 200 OK -> ACK -> re-INVITE -> 200 OK -> CANCEL",
     6, "RFC 3261 9.1, RFC 5407 3.1.2"},
    {"INVITE -> 200 OK -> ACK -> re-INVITE -> 491 Request Pending -> ACK -> CANCEL",
     7, "RFC 3261 9.1, RFC 5407 3.1.2"},
    {"INVITE -> 200 OK -> ACK -> re-INVITE -> 200 OK for BYE",
     5, "RFC 3261 8.2.6"},
    {"INVITE (timer, session-expires=1800)"
     " -> 200 OK (timer, session-expires=1800, refresher=uac) -> ACK"
     " -> UPDATE (timer, session-expires=1800, refresher=uac)"
     " -> 200 OK (timer, session-expires=1800, refresher=uas)",
     5, "RFC 4028 9, Table 2"},
    {"INVITE (timer, session-expires=1800) -> 200 OK (min-se=90)",
     2, "RFC 4028 4, 5"},
    {"INVITE (timer) -> 200 OK (timer, session-expires=60, refresher=uac)",
     2, "RFC 4028 4, 5"},
    {"INVITE (timer, session-expires=90, min-se=1800)",
     1, "RFC 4028 7.1, 7.4"},
    {"INVITE (timer, session-expires=1800) -> 422 Session Interval Too Small (min-se=60)",
     2, "RFC 4028 4, 5"},
    {"BYE (min-se=100)",
     1, "RFC 3261 15"},
    {"INVITE -> 200 OK -> ACK -> re-INVITE (timer, session-expires=1800, min-se=3600)",
     4, "RFC 4028 7.1, 7.4"},
    {R"(alice -> bob: INVITE
alice -> bob: 200 OK)",
     2, "RFC 3261 8.2.6"},
    {R"(alice -> bob: INVITE
alice -> bob: 180 Ringing)",
     2, "RFC 3261 8.2.6"},
    {R"(alice -> bob: INVITE
bob -> alice: 200 OK
bob -> alice: ACK)",
     3, "RFC 3261 13.2.2.4"},
    {R"(alice -> bob: INVITE
carol -> alice: 200 OK)",
     2, "RFC 3261 8.2.6"},
    {R"(alice -> bob: INVITE
bob -> alice: 200 OK
alice -> bob: ACK
carol -> bob: BYE)",
     4, "RFC 3261 15"},
    {"INVITE -> 200 OK -> ACK <- re-INVITE <- CANCEL",
     5, "RFC 3261 9.1"},
    {"INVITE -> 200 OK -> ACK <- re-INVITE -> CANCEL",
     5, "RFC 3261 9.1, RFC 5407 3.1.2"},
    {"INVITE (sdp) -> 183 Session Progress (sdp, tag=a) -> 200 OK (sdp, tag=b)"
     " -> ACK (sdp, tag=b)",
     4, "RFC 6337 3.1.1"},
    {"INVITE (100rel) -> 180 Ringing (100rel, tag=a) -> PRACK (tag=a)"
     " -> 180 Ringing (100rel, tag=b) -> PRACK (tag=a)",
     5, "RFC 3262 4"},
    {"INVITE -> 200 OK (tag=a) -> ACK (tag=a) -> 200 OK (tag=b) -> BYE (tag=b)",
     5, "RFC 3261 13.2.2.4"},
    {"INVITE -> 200 OK (tag=a) -> ACK (tag=a) -> 200 OK (tag=b) -> ACK (tag=b)"
     " -> re-INVITE (tag=a) -> re-INVITE (tag=a)",
     7, "RFC 3261 14.1"},
    {"INVITE -> 200 OK (lost) <- BYE",
     3, "RFC 3261 15, RFC 6026 8.7"},
    {"INVITE <- INVITE",
     2, "RFC 3261 14.1"},
    {"INVITE -> 180 Ringing <- INVITE",
     3, "RFC 3261 14.1"},
    {"INVITE -> 200 OK -> PRACK -> ACK",
     3, "RFC 3262 4"},
    {"INVITE -> 200 OK -> CANCEL -> ACK",
     3, "RFC 3261 9.1, RFC 5407 3.1.2"},
    {"INVITE -> 200 OK -> UPDATE -> BYE",
     4, "RFC 3261 13.2.2.4"},
    {"INVITE -> 200 OK -> INFO -> BYE",
     4, "RFC 3261 13.2.2.4"},
    {"INVITE (100rel) -> 180 Ringing (100rel) -> 200 OK for INVITE -> 200 OK for PRACK",
     4, "RFC 3261 8.2.6"},
    {"INVITE (100rel) -> 180 Ringing (100rel) -> PRACK -> 200 OK for PRACK -> 200 OK for PRACK",
     5, "RFC 3261 17.2.2"},
    {"INVITE (sdp, 100rel) -> 180 Ringing (100rel) -> PRACK -> 200 OK for PRACK"
     " -> 200 OK for INVITE (no sdp)",
     5, "RFC 3261 13.3.1.4"},
    {"INVITE (no sdp, 100rel) -> 180 Ringing -> 183 Session Progress (100rel, no sdp)",
     3, "RFC 3262 5"},
    {"INVITE (no sdp, 100rel) -> 180 Ringing (sdp)",
     2, "RFC 3261 13.2.1"},
    {"INVITE (sdp, 100rel) -> 183 Session Progress (100rel, sdp) -> PRACK"
     " -> 200 OK for PRACK -> 183 Session Progress (sdp)",
     5, "RFC 6337 3.1.1"},
    {"INVITE (sdp, 100rel) -> 183 Session Progress (100rel, sdp) -> PRACK"
     " -> 200 OK for PRACK -> 183 Session Progress (100rel, sdp)",
     5, "RFC 6337 3.1.1"},
    {R"(> INVITE
< 200 OK
> ACK
< re-INVITE
< re-INVITE)",
     5, "RFC 3261 14.2"},
    {"INVITE -> 200 OK -> ACK -> re-INVITE -> 200 OK -> BYE -> 200 OK for BYE -> ACK",
     6, "RFC 3261 13.2.2.4"},
    {"INVITE (sdp, 100rel) -> 183 Session Progress (100rel, sdp) -> PRACK"
     " -> 200 OK for PRACK -> UPDATE (sdp) -> 200 OK for UPDATE -> 200 OK for INVITE",
     6, "RFC 3262 5"},
    {"INVITE (sdp) -> 200 OK (sdp) -> ACK -> UPDATE (cseq=1, sdp)",
     4, "RFC 3261 12.2.1.1"},
    {"INVITE -> 180 Ringing (tag=a) -> 180 Ringing (tag=b) -> 200 OK (tag=a) -> CANCEL",
     5, "RFC 3261 9.1, RFC 5407 3.1.2"},
    {"INVITE (sdp) -> 200 OK (sdp, tag=a) -> ACK (sdp, tag=a) -> BYE (tag=a)",
     3, "RFC 6337 3.1.1"},
    {"INVITE (sdp) -> 200 OK (sdp, tag=a) -> ACK (sdp, tag=a)",
     3, "RFC 6337 3.1.1"},
    {"INVITE (no sdp) -> 200 OK (sdp, tag=a) -> ACK (sdp, tag=a) -> 200 OK (sdp, tag=b)"
     " -> ACK (tag=b)",
     5, "RFC 3261 13.2.2.4"},
    {"INVITE→100 Trying→180 Ringing→ACK",
     4, "RFC 3261 13.2.2.4"},
    {"INVITE -> 200 OK -> 407 Proxy Authentication Required for INVITE",
     3, "RFC 3261 17.2.1, RFC 6026 8.6"},
    {"INVITE -> 200 OK -> ACK -> 401 Unauthorized",
     4, "RFC 3261 17.2.1, RFC 6026 8.6"},
    {"INVITE -> 200 OK -> ACK -> 407 Proxy Authentication Required",
     4, "RFC 3261 17.2.1, RFC 6026 8.6"},
    {"REGISTER -> 180 Ringing",
     2, "RFC 4320 4.1"},
    {"REGISTER -> 408 Request Timeout",
     2, "RFC 4320 4.2"},
    {"REGISTER -> 200 OK -> 200 OK",
     3, "RFC 3261 17.2.2"},
    {"REGISTER <- CANCEL",
     2, "RFC 3261 9.1"},
    {"REGISTER -> 401 Unauthorized -> ACK",
     3, "RFC 3261 17.1.2.1"},
    {"MESSAGE -> 183 Session Progress",
     2, "RFC 4320 4.1"},
    {"SUBSCRIBE -> 180 Ringing",
     2, "RFC 4320 4.1"},
    {"PUBLISH -> 408 Request Timeout",
     2, "RFC 4320 4.2"},
    {"REFER -> 202 Accepted -> ACK",
     3, "RFC 3261 17.1.2.1"},
    {"SUBSCRIBE -> 200 OK -> 200 OK",
     3, "RFC 3261 17.2.2"},
    {"INVITE (sdp) -> 200 OK (sdp) -> ACK -> re-INVITE (no sdp) -> 200 OK (sdp)"
     " -> re-INVITE (sdp)",
     6, "RFC 6337 4.3"},
    {"INVITE (sdp) -> 200 OK (sdp) -> ACK <- re-INVITE (no sdp) -> 200 OK (sdp) <- ACK (sdp)"
     " <- ACK (sdp)",
     7, "RFC 3261 13.2.2.4"},
    {"INVITE (sdp) -> 200 OK (sdp) -> ACK <- re-INVITE (no sdp) -> 200 OK (sdp) <- ACK",
     6, "RFC 3261 13.2.2.4"},
    {"INVITE (sdp) -> 200 OK (sdp) -> ACK <- re-INVITE (no sdp) -> 200 OK (no sdp)",
     5, "RFC 3261 13.3.1.4"},
    {"INVITE -> 180 Ringing <- UPDATE <- BYE",
     4, "RFC 3261 15"},
    {"INVITE -> 180 Ringing <- re-INVITE",
     3, "RFC 3261 14.1"},
    {"INVITE -> 200 OK -> ACK <- CANCEL",
     4, "RFC 3261 9.1"},
    {"INVITE -> 200 OK -> ACK <- BYE <- UPDATE",
     5, "RFC 3261 12.3, RFC 3261 15, RFC 5407 D"},
    {"INVITE -> 200 OK -> ACK <- BYE -> 200 OK -> UPDATE",
     6, "RFC 3261 12.3, RFC 3261 15, RFC 5407 D"},
    {"INVITE -> 200 OK -> ACK <- BYE -> 200 OK -> BYE",
     6, "RFC 3261 12.3, RFC 3261 15, RFC 5407 D"},
    {"INVITE -> 200 OK -> ACK <- BYE -> 487 Request Terminated for INVITE",
     5, "RFC 3261 17.2.1, RFC 6026 8.6"},
    {R"(> INVITE (sdp)
< 200 OK (sdp)
> ACK
> re-INVITE (sdp)
< UPDATE (sdp)
> 200 OK (sdp))",
     6, "RFC 3311 5.2"},
    {R"(< INVITE
> 401 Unauthorized
< ACK
> BYE)",
     4, "RFC 3261 15"},
    {R"(> INVITE
< 180 Ringing
> 200 OK for INVITE)",
     3, "RFC 3261 8.2.6"},
    {R"(> INVITE
> 180 Ringing)",
     2, "RFC 3261 8.2.6"},
    {R"(< INVITE
> CANCEL)",
     2, "RFC 3261 9.1"},
    {R"(< INVITE
> BYE)",
     2, "RFC 3261 15"},
    {R"(< INVITE
> UPDATE)",
     2, "RFC 3261 12.2"},
    {R"(< INVITE
> re-INVITE)",
     2, "RFC 3261 12.2"},
    {R"(< INVITE
> 100 Trying
> UPDATE)",
     3, "RFC 3261 12.2"},
    {"> 200 OK",
     1, "RFC 3261 8.2.6"},
    {R"(< BYE
> 481 Call/Transaction Does Not Exist
> 200 OK)",
     3, "RFC 3261 17.2.2"},
    {R"(< INVITE (sdp)
> 200 OK (sdp)
< ACK
< re-INVITE (sdp)
> 200 OK (sdp)
> re-INVITE (sdp)
> re-INVITE (sdp))",
     7, "RFC 3261 14.1"},
    {R"(< INVITE (sdp)
> 200 OK (sdp)
< ACK
< re-INVITE
> 200 OK (sdp)
> re-INVITE (sdp))",
     6, "RFC 6337 4.3"},
    {R"(< INVITE (sdp)
> 200 OK (sdp)
< ACK
< re-INVITE
> 200 OK (sdp)
> UPDATE (sdp))",
     6, "RFC 3311 5.1"},
    {R"(< INVITE (sdp, 100rel)
> 183 Session Progress (100rel, sdp)
< PRACK
> 200 OK for PRACK (sdp))",
     4, "RFC 6337 2.2"},
    {R"(< INVITE (no sdp, 100rel)
> 183 Session Progress (100rel, sdp)
< PRACK)",
     3, "RFC 3262 5"},
    {R"(< INVITE (sdp)
> 200 OK (sdp)
< ACK
< UPDATE (sdp)
> UPDATE (sdp)
> 200 OK (sdp))",
     5, "RFC 3311 5.1"},
    {R"(< INVITE (sdp)
> 200 OK (sdp)
< ACK
< UPDATE (sdp)
> re-INVITE (sdp))",
     5, "RFC 3264 4"},
    {R"(< INVITE (timer, session-expires=1800, refresher=uac)
> 200 OK (timer, session-expires=1800, refresher=uas))",
     2, "RFC 4028 9, Table 2"},
    {R"(> INVITE (timer, session-expires=1800, refresher=uac)
< 200 OK (timer, session-expires=1800, refresher=uas))",
     2, "RFC 4028 9"},
    {R"(> INVITE (sdp)
< 183 Session Progress (100rel, sdp))",
     2, "RFC 3262 3"},
    {R"(> INVITE (qos=needed, 100rel, require=precondition)
< 183 Session Progress (100rel, qos=needed)
< 200 OK for INVITE)",
     3, "RFC 3312 5.1"},
    {R"(< INVITE (qos=needed, 100rel, require=precondition)
> 180 Ringing)",
     2, "RFC 3312 6"},
    {R"(< INVITE
> 200 OK
< ACK
> BYE
< 200 OK
> INFO
< 481 Call/Transaction Does Not Exist)",
     6, "RFC 3261 12.3, RFC 3261 15, RFC 5407 D"},
    {R"(< INVITE
> 200 OK
< ACK
> BYE
< 200 OK
> INFO)",
     6, "RFC 3261 12.3, RFC 3261 15, RFC 5407 D"},
    {R"(> INVITE
< 100 Trying
> BYE)",
     3, "RFC 3261 15"},
    {R"(> INVITE
< 100 Trying
> PRACK)",
     3, "RFC 3261 12.2"},
    {R"(> INVITE (100rel)
< 180 Ringing (100rel, rseq=1)
< 180 Ringing (100rel, rseq=1, again)
> PRACK (rack=2))",
     4, "RFC 3262 4"},
    // The ACK to a failure (RFC 3261 17.1.1.3)
    {"INVITE -> 486 Busy Here -> ACK -> ACK",
     4, "RFC 3261 13.2.2.3, 17.1.1.2"},
    {"> INVITE\n< 180 Ringing\n< 486 Busy Here\n> ACK\n> ACK",
     5, "RFC 3261 13.2.2.3, 17.1.1.2"},
    {"INVITE (sdp) -> 200 OK (sdp) -> ACK -> re-INVITE -> 486 Busy Here -> ACK -> ACK",
     7, "RFC 3261 13.2.2.3, 17.1.1.2"},
    {"INVITE -> 180 Ringing -> CANCEL -> 200 OK for CANCEL -> 487 Request Terminated -> ACK -> ACK",
     7, "RFC 3261 13.2.2.3, 17.1.1.2"},
    {"INVITE -> 180 Ringing -> CANCEL -> 487 Request Terminated -> ACK -> ACK",
     6, "RFC 3261 13.2.2.3, 17.1.1.2"},
    {"INVITE -> 486 Busy Here -> ACK -> 486 Busy Here (again) -> ACK -> ACK",
     6, "RFC 3261 13.2.2.3, 17.1.1.2"},
    {"INVITE (branch=a) -> 486 Busy Here -> ACK (branch=b)",
     3, "RFC 3261 17.1.1.3"},
    {"INVITE (branch=a) -> 486 Busy Here -> ACK (branch=a) -> 486 Busy Here (again)"
     " -> ACK (branch=b, again)",
     5, "RFC 3261 17.1.1.3"},
    {"INVITE -> 200 OK -> ACK -> re-INVITE -> 100 Trying -> CANCEL -> CANCEL",
     7, "RFC 3261 9.1"},
    {"INVITE -> 200 OK (tag=a) -> ACK (tag=a) -> 200 OK (tag=b) -> ACK (tag=b)"
     " -> re-INVITE (tag=a) -> CANCEL",
     7, "RFC 3261 9.1"},
    // A 2xx to what must or should be rejected
    {"< INVITE (cseq=9)\n> 200 OK\n< ACK\n< INFO (cseq=10)\n> 200 OK\n< INFO (cseq=8)\n> 200 OK",
     7, "RFC 3261 12.2.2"},
    {R"(alice -> bob: INVITE
bob -> alice: 200 OK
alice -> bob: ACK
alice -> : INFO #1
alice -> : INFO #2
-> bob: INFO #2
-> bob: INFO #1
bob -> alice: 200 OK
bob -> alice: 200 OK)",
     9, "RFC 3261 12.2.2"},
    {"< PRACK\n> 200 OK",
     2, "RFC 3262 3"},
    {"< INVITE (100rel)\n> 180 Ringing (100rel, rseq=1)\n< PRACK (rack=2)\n> 200 OK for PRACK",
     4, "RFC 3262 3"},
    {"INVITE (100rel) -> 180 Ringing (100rel) -> PRACK"
     " -> 481 Call/Transaction Does Not Exist for PRACK",
     4, "RFC 3262 3"},
    {"> INVITE\n< 180 Ringing\n< CANCEL\n> 200 OK for CANCEL",
     4, "RFC 3261 9.2"},
    {"> INVITE\n< 200 OK\n> ACK\n< CANCEL\n> 200 OK for CANCEL",
     5, "RFC 3261 9.2"},
    {"< BYE\n> 200 OK",
     2, "RFC 3261 15.1.2"},
    {"< INVITE\n> 200 OK\n< ACK\n< BYE\n> 200 OK\n< INFO\n> 200 OK",
     7, "RFC 5407 3.2.1"},
    {"> INVITE\n< 200 OK\n> ACK\n> BYE\n< 200 OK\n< re-INVITE\n> 200 OK",
     7, "RFC 5407 3.2.1"},
    {"INVITE -> 200 OK -> ACK -> UPDATE -> UPDATE -> 200 OK -> 200 OK",
     7, "RFC 3311 5.2"},
    // A response with another CSeq number is not the INVITE's, nor one of its forks (8.2.6.2)
    {"> INVITE (cseq=2)\n< 200 OK (INVITE, cseq=2)\n> ACK (cseq=2)\n> re-INVITE (cseq=3)"
     "\n< 200 OK (INVITE, cseq=3)\n> ACK (cseq=2)",
     6, "RFC 3261 13.2.2.4, 17.1.1.3"},
    {"> INVITE (cseq=2)\n< 200 OK (INVITE, cseq=2)\n> ACK (cseq=2)\n> re-INVITE (cseq=3)"
     "\n< 180 Ringing (INVITE, cseq=3)\n< 200 OK (INVITE, cseq=3)\n> CANCEL (cseq=3)",
     7, "RFC 3261 9.1, RFC 5407 3.1.2"},
    {"> INVITE (cseq=1)\n< 486 Busy Here (cseq=7)",
     2, "RFC 3261 8.2.6"},
    {"INVITE (cseq=1) -> 200 OK (cseq=7, tag=a)",
     2, "RFC 3261 8.2.6"},
    {"INVITE (cseq=1) -> 180 Ringing (cseq=1, tag=a) -> 180 Ringing (cseq=7, tag=b)",
     3, "RFC 3261 8.2.6"},
    {"alice -> proxy: INVITE (cseq=1)\nproxy -> alice: 200 OK (cseq=7)",
     2, "RFC 3261 8.2.6"},
    // Another code where an RFC says 491
    {"> INVITE\n< 200 OK\n> ACK\n> re-INVITE\n< re-INVITE\n> 488 Not Acceptable Here",
     6, "RFC 3261 14.2"},
    {"> INVITE\n< 200 OK\n> ACK\n> re-INVITE\n< re-INVITE\n> 500 Server Internal Error",
     6, "RFC 3261 14.2"},
    {"> INVITE (sdp)\n< 200 OK (sdp)\n> ACK\n> UPDATE (sdp)\n< UPDATE (sdp)"
     "\n> 488 Not Acceptable Here",
     6, "RFC 3311 5.2"},
    {"> INVITE (sdp)\n< 200 OK (sdp)\n> ACK\n> UPDATE (sdp)\n< UPDATE (sdp)"
     "\n> 500 Server Internal Error for UPDATE",
     6, "RFC 3311 5.2"},
    {"> INVITE (sdp)\n< 200 OK (sdp)\n> ACK\n> UPDATE (sdp)\n< UPDATE (sdp)\n> 200 OK for UPDATE",
     6, "RFC 3311 5.2"},
    // No subscription, no NOTIFY after the end (RFC 5057 5.5)
    {"INVITE -> 200 OK -> ACK -> BYE -> 200 OK <- NOTIFY",
     6, "RFC 3261 12.3, RFC 3261 15, RFC 5407 D"},
    {"INVITE -> 200 OK -> ACK -> REFER -> 603 Decline -> BYE -> 200 OK <- NOTIFY",
     8, "RFC 3261 12.3, RFC 3261 15, RFC 5407 D"},
    {"INVITE -> 200 OK -> ACK -> REFER -> 202 Accepted -> BYE -> 200 OK for BYE -> INFO",
     8, "RFC 3261 12.3, RFC 3261 15, RFC 5407 D"},
};
// clang-format on

template <std::size_t I>
struct refused {
  static constexpr auto verdict = check_flow(relatives[I].flow);
  static_assert(verdict.violated());
  static_assert(verdict.step() == relatives[I].step);
  static_assert(verdict.clause() == relatives[I].clause);
  static constexpr bool value = true;
};
static_assert(ctsip_tests::holds_for_each<refused, std::size(relatives)>);

} // namespace

BOOST_AUTO_TEST_SUITE(flow_relatives)

BOOST_AUTO_TEST_CASE(a_relative_of_a_misuse_is_refused_at_its_step_with_its_clause) {
  for (auto const& r : relatives) {
    BOOST_TEST_CONTEXT(r.flow) {
      ctsip::on_violation::count counted;
      auto const verdict = check_flow(r.flow, counted);
      BOOST_TEST(verdict.violated());
      BOOST_TEST(verdict.step() == r.step);
      BOOST_TEST(verdict.clause() == r.clause);
      BOOST_TEST(!verdict.sentence().empty());
      BOOST_TEST(counted.violations == 1u);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
