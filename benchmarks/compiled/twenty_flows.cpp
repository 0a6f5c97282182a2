// Twenty call flows, as a test of a user agent would have them: what a file costs to compile that
// says them.
#include <ctsip/flow/flow.hpp>

using namespace ctsip::literals;

static_assert("INVITE -> 100 Trying -> 180 Ringing -> 200 OK -> ACK"_flow.legal());
static_assert("INVITE -> 200 OK -> ACK -> BYE -> 200 OK"_flow.legal());
static_assert("INVITE -> 100 Trying -> 486 Busy Here -> ACK"_flow.legal());
static_assert("INVITE -> 180 Ringing -> 200 OK -> ACK -> BYE by callee -> 200 OK"_flow.legal());
static_assert("INVITE -> 180 Ringing -> CANCEL -> 200 OK (CANCEL) "
              "-> 487 Request Terminated -> ACK"_flow.legal());
static_assert("INVITE (sdp, 100rel) -> 183 Session Progress (sdp, 100rel) -> PRACK "
              "-> 200 OK (PRACK) -> 200 OK (INVITE) -> ACK"_flow.legal());
static_assert("INVITE (sdp, 100rel) -> 180 Ringing (sdp, 100rel) -> PRACK "
              "-> 200 OK (PRACK) -> UPDATE (sdp) -> 200 OK (UPDATE, sdp) "
              "-> 200 OK (INVITE) -> ACK -> BYE -> 200 OK"_flow.legal());
static_assert("INVITE (sdp) -> 200 OK (sdp) -> ACK -> INVITE (sdp) -> 200 OK (sdp) -> ACK "
              "-> BYE -> 200 OK"_flow.legal());
static_assert("INVITE -> 200 OK (sdp) -> ACK (sdp) -> BYE -> 200 OK"_flow.legal());
static_assert("INVITE -> 401 Unauthorized -> ACK -> INVITE (auth) -> 180 Ringing "
              "-> 200 OK -> ACK"_flow.legal());
static_assert("INVITE -> 407 Proxy Authentication Required -> ACK -> INVITE (auth) "
              "-> 200 OK -> ACK"_flow.legal());
static_assert("REGISTER -> 401 Unauthorized -> REGISTER with Authorization -> 200 OK"_flow.legal());
static_assert("OPTIONS -> 200 OK"_flow.legal());
static_assert("INVITE -> 100 Trying -> 503 Service Unavailable -> ACK"_flow.legal());
static_assert("INVITE -> 200 OK -> ACK -> INFO -> 200 OK -> BYE -> 200 OK"_flow.legal());
static_assert("INVITE -> 200 OK -> ACK -> REFER -> 202 Accepted -> NOTIFY by callee "
              "-> 200 OK -> BYE -> 200 OK"_flow.legal());
static_assert("INVITE (session-expires=1800;refresher=uac, timer) "
              "-> 200 OK (session-expires=1800;refresher=uac) -> ACK "
              "-> UPDATE (session-expires=1800;refresher=uac, timer) "
              "-> 200 OK (session-expires=1800;refresher=uac) -> BYE -> 200 OK"_flow.legal());
static_assert("INVITE -> 100 Trying -> 180 Ringing -> 183 Session Progress -> 200 OK "
              "-> ACK -> BYE -> 200 OK"_flow.legal());
static_assert("MESSAGE -> 200 OK"_flow.legal());
static_assert("INVITE (qos=needed, 100rel) -> 183 Session Progress (qos=needed, 100rel) "
              "-> PRACK -> 200 OK (PRACK) -> UPDATE (qos=met) -> 200 OK (UPDATE, qos=met) "
              "-> 180 Ringing -> 200 OK (INVITE) -> ACK"_flow.legal());
