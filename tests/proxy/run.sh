#!/usr/bin/env bash
# One test of the example `phone` behind Kamailio, a registrar and proxy in use, over the loopback
# interface:
#
#   run.sh <test> <folder of the examples> <folder to work in>
#
# Ends with 77 where there is no Kamailio. The phones print each message, and from whom it came or
# to whom it went; Kamailio logs what passes. Every process is stopped by its own id.
set -euo pipefail

test=$1 examples=$(cd "$2" && pwd) work=$3/$1
here=$(cd "$(dirname "$0")" && pwd)
configuration=$here/kamailio.cfg
password=secret
. "$here/../kamailio/processes.sh"
. "$here/../kamailio/kamailio.sh"
[ -x "$examples/phone" ] ||
  skip 'the example phone is not built: it needs mbedTLS (Debian: libmbedtls-dev)'
rm -rf "$work" && mkdir -p "$work" && cd "$work"

# Kamailio's processes stand still, and what comes waits in its socket.
hold_kamailio() {
  children_of_kamailio
  kill -STOP "${children[@]}"
}
let_kamailio_go() { kill -CONT "${children[@]}"; }

# passes <text> [<times>]: so many lines of Kamailio's log have it, at the end.
lines() { grep -cF -- "$1" kamailio.log || true; }
has_passed() { [ "$(lines "$1")" -ge "${2-1}" ]; }
passes() { within 10 has_passed "$@" || fail "Kamailio has $(lines "$1") times, not ${2-1}: $1"; }
passes_exactly() { # <text> <times>
  [ "$(lines "$1")" = "$2" ] || fail "Kamailio has $(lines "$1") times, not $2: $1"
}

# start_phone <name> <options>: prints into <name>.log. `process[<name>]` is its process.
declare -A process=() seen=()
start_phone() {
  local name=$1
  shift
  : > "$name.log"
  "$examples/phone" --to "$host:$port" --password "$password" --trace "$@" > "$name.log" 2>&1 &
  process[$name]=$!
  seen[$name]=0
}
# says <name> <line>: the phone prints it, after those that were waited for before.
has_said() {
  local at
  at=$(tr -d '\r' < "$1.log" | awk -v from="${seen[$1]}" -v text="$2" \
    'NR > from && index($0, text) == 1 { print NR; exit }')
  [ -n "$at" ] && seen[$1]=$at
}
says() { within "${3-10}" has_said "$1" "$2" || fail "$1 does not say: $2"; }
never_said() { ! grep -q "^$2" "$1.log" || fail "$1 says: $2"; } # <name> <line>
registers() { # <name> <options>: and is known to Kamailio then
  start_phone "$@"
  says "$1" 'registered'
}
hang_up() { kill -TERM "${process[$1]}" || fail "$1 has left already"; }
stop_phone() { hang_up "$1" && leaves "$1" 0; }
leaves() { # <name> <exit code>
  local code=0
  within 15 has_ended "${process[$1]}" || fail "$1 does not leave"
  wait "${process[$1]}" || code=$?
  [ "$code" = "$2" ] || fail "$1 ended with $code, not $2"
}
# Nothing has gone from one phone to the other: all of it through Kamailio.
all_through_proxy() {
  local log
  for log in "$@"; do
    ! grep '^--- ' "$log.log" | grep -qv " $host:$port\$" || fail "$log has gone another way"
  done
}
# has_route <name> <method>: the phone has sent such a request with the Route of Kamailio (RFC 3261
# 12.2.1.1).
has_route() {
  tr -d '\r' < "$1.log" | awk -v method="$2" -v route="Route: <sip:$host:$port;lr" '
    /^--- / { sent = /^--- sent/; next }
    /^[A-Z]+ sip:/ { wanted = sent && $1 == method; next }
    wanted && index($0, route) == 1 { found = 1 }
    END { exit !found }' || fail "$1 has sent no $2 with a Route"
}

case $test in
# Record-Route: ACK, re-INVITE and BYE go through the proxy too (RFC 3261 16.6, 16.12.1.1).
call)
  start_kamailio
  registers bob --user bob --calls 1 --ring 100
  start_phone alice --user alice --call bob --hold 300 --held 300
  says alice 'answered, sendrecv'
  says bob 'acknowledged'
  says alice 'held, sendonly'
  says bob 'a=recvonly'
  says alice 'resumed, sendrecv'
  hang_up alice
  says bob 'they have hung up'
  leaves alice 0 && leaves bob 0
  passes 'within a dialog: ACK' 3
  passes_exactly 'within a dialog: INVITE' 2
  passes_exactly 'within a dialog: BYE' 1
  passes_exactly 'without a Route' 0
  has_route alice ACK && has_route alice INVITE && has_route alice BYE
  all_through_proxy alice bob
  ;;
# The callee's route set is the other way round (12.1.1): he holds, and hangs up.
call_ended_by_callee)
  start_kamailio
  registers bob --user bob --calls 1 --ring 100 --hold 300 --held 300
  start_phone alice --user alice --call bob
  says alice 'answered, sendrecv'
  says bob 'held, sendonly'
  says alice 'a=recvonly'
  says bob 'resumed, sendrecv'
  hang_up bob
  says alice 'they have hung up'
  leaves alice 0 && leaves bob 0
  has_route bob INVITE && has_route bob ACK && has_route bob BYE
  passes_exactly 'without a Route' 0
  all_through_proxy alice bob
  ;;
# A proxy that does not stay in the dialog: ACK and BYE go straight to the Contact (12.2.1.1).
call_without_record_route)
  start_kamailio -A WITHOUT_RECORD_ROUTE
  registers bob --user bob --calls 1 --ring 100 --hold 300
  start_phone alice --user alice --call bob
  says alice 'answered, sendrecv'
  says bob 'acknowledged'
  says bob 'held, sendonly'
  hang_up bob
  leaves alice 0 && leaves bob 0
  passes_exactly 'request: INVITE' 1
  passes_exactly 'request: ACK' 0
  passes_exactly 'request: BYE' 0
  ;;
# Both phones of bob ring; one answers, and the proxy cancels the other (16.7, step 10).
forked)
  start_kamailio
  registers desk --user bob --calls 1 --ring 700
  registers hall --user bob --calls 1 --ring 20000
  start_phone alice --user alice --call bob --talk 300
  says desk 'sip:alice@'
  says hall 'sip:alice@'
  says alice 'answered, sendrecv'
  says hall 'CANCEL '
  says hall 'SIP/2.0 487 '
  says hall 'the caller has given up'
  says alice 'hung up'
  says desk 'they have hung up'
  leaves alice 0 && leaves desk 0 && leaves hall 0
  passes 'response: 487 INVITE'
  passes_exactly 'branch: INVITE' 2
  never_said alice 'SIP/2.0 487 '
  all_through_proxy alice desk hall
  ;;
# Both have answered before the proxy could cancel either: "The UAC core MUST generate an ACK request
# for each 2xx received from the transaction layer", and ends the dialog that it does not want by a
# BYE (13.2.2.4).
forked_both_answer)
  start_kamailio
  registers desk --user bob --calls 1 --ring 1500
  registers hall --user bob --calls 1 --ring 1500
  start_phone alice --user alice --call bob --talk 1000
  says alice '180 '
  says alice '180 '
  hold_kamailio
  says desk 'SIP/2.0 200 OK'
  says hall 'SIP/2.0 200 OK'
  let_kamailio_go
  says alice 'answered, sendrecv'
  says desk 'acknowledged'
  says hall 'acknowledged'
  says desk 'they have hung up'
  says hall 'they have hung up'
  leaves alice 0 && leaves desk 0 && leaves hall 0
  passes_exactly 'within a dialog: BYE' 2
  passes_exactly 'response: 487 ' 0
  all_through_proxy alice desk hall
  ;;
# One is busy, the other answers: a 486 of one branch is not the answer to the call (16.7, step 6).
forked_one_busy)
  start_kamailio
  registers desk --user bob --calls 1 --busy
  registers hall --user bob --calls 1 --ring 300
  start_phone alice --user alice --call bob --talk 300
  says alice 'answered, sendrecv'
  leaves alice 0 && leaves desk 0 && leaves hall 0
  passes 'response: 486 INVITE'
  never_said alice 'SIP/2.0 486 '
  ;;
# The caller gives up: the CANCEL goes to both, and the best of two 487 comes back (9.1, 16.7).
forked_given_up)
  start_kamailio
  registers desk --user bob --calls 1 --ring 20000
  registers hall --user bob --calls 1 --ring 20000
  start_phone alice --user alice --call bob --patience 1000
  says alice 'rejected: 487 '
  says desk 'the caller has given up'
  says hall 'the caller has given up'
  leaves alice 1 && leaves desk 0 && leaves hall 0
  passes 'response: 487 INVITE' 2
  ;;
given_up)
  start_kamailio
  registers bob --user bob --calls 1 --ring 20000
  start_phone alice --user alice --call bob --patience 1000
  says alice '180 '
  says alice 'CANCEL '
  says alice 'rejected: 487 '
  says bob 'CANCEL '
  says bob 'the caller has given up'
  leaves alice 1 && leaves bob 0
  passes_exactly 'request: CANCEL' 1
  ;;
busy)
  start_kamailio
  registers bob --user bob --calls 1 --busy
  start_phone alice --user alice --call bob
  says alice 'rejected: 486 '
  leaves alice 1 && leaves bob 0
  ;;
# A phone that is in a call is busy to the next.
busy_in_a_call)
  start_kamailio
  registers bob --user bob --calls 2 --ring 0
  start_phone alice --user alice --call bob
  says bob 'acknowledged'
  start_phone carol --user carol --call bob
  says carol 'rejected: 486 '
  leaves carol 1
  stop_phone alice
  leaves bob 0
  ;;
not_registered)
  start_kamailio
  start_phone alice --user alice --call bob
  says alice 'rejected: 480 '
  leaves alice 1
  ;;
# The phone is gone, and its binding is not: 408 of the proxy (16.7, 16.8).
gone)
  start_kamailio
  registers bob --user bob
  { kill -KILL "${process[bob]}" && wait "${process[bob]}"; } 2>/dev/null || true
  start_phone alice --user alice --call bob
  says alice 'rejected: 408 '
  leaves alice 1
  ;;
# Nobody takes it: the proxy cancels and answers 408 (16.8).
rings_too_long)
  start_kamailio -A RING_TIMEOUT=1000
  registers bob --user bob --calls 1 --ring 20000
  start_phone alice --user alice --call bob
  says alice '180 '
  says bob 'the caller has given up'
  says alice 'rejected: 408 '
  leaves alice 1 && leaves bob 0
  ;;
# 407 to the INVITE (22.3), with each of two algorithms.
digest | digest_sha_256)
  algorithm=MD5
  [ "$test" = digest ] || algorithm=SHA-256
  start_kamailio -A WITH_CHALLENGED_CALLS -A "ALGORITHM=\"$algorithm\""
  registers bob --user bob --calls 1 --ring 100
  start_phone alice --user alice --call bob --talk 300
  says alice 'answered, sendrecv'
  leaves alice 0 && leaves bob 0
  passes_exactly 'challenged: INVITE' 1
  passes_exactly 'authorized: INVITE' 1
  grep -q "^Proxy-Authorization: .*algorithm=$algorithm" alice.log ||
    fail "alice has sent no credentials with $algorithm"
  ;;
# Everything but ACK and CANCEL is challenged: "These credentials MUST NOT be cached across dialogs"
# (22.3), but within one they are, so that there is one 407 a call.
digest_in_dialog)
  start_kamailio -A WITH_CHALLENGED_CALLS -A WITH_CHALLENGED_DIALOGS
  registers bob --user bob --calls 1 --ring 100
  start_phone alice --user alice --call bob --hold 300 --held 300
  says alice 'held, sendonly'
  says alice 'resumed, sendrecv'
  hang_up alice
  leaves alice 0 && leaves bob 0
  passes_exactly 'challenged: ' 1
  passes_exactly 'authorized: INVITE' 3
  passes_exactly 'authorized: BYE' 1
  ;;
# The callee has been challenged for nothing before: his re-INVITE and his BYE are, once.
digest_of_callee)
  start_kamailio -A WITH_CHALLENGED_DIALOGS
  registers bob --user bob --calls 1 --ring 100 --hold 300 --held 300
  start_phone alice --user alice --call bob
  says bob 'held, sendonly'
  says bob 'resumed, sendrecv'
  hang_up bob
  says alice 'they have hung up'
  leaves alice 0 && leaves bob 0
  passes_exactly 'challenged: ' 1
  passes_exactly 'authorized: INVITE' 2
  passes_exactly 'authorized: BYE' 1
  ;;
# The password is wrong: refused once more, and not tried again (22.2).
digest_wrong_password)
  start_kamailio -A WITH_CHALLENGED_CALLS
  registers bob --user bob
  password=guess
  start_phone alice --alone --user alice --call bob
  says alice 'rejected: 407 '
  leaves alice 1
  passes_exactly 'challenged: INVITE' 2
  passes_exactly 'authorized: INVITE' 0
  never_said bob 'sip:alice@'
  stop_phone bob
  ;;
# ---- What crosses on its way: Kamailio stands still until both have sent.

# The CANCEL comes too late: the 200 is acknowledged, and the call ended by a BYE (9.1, 15).
cancel_crosses_200)
  start_kamailio
  registers bob --user bob --calls 1 --ring 1500
  start_phone alice --user alice --call bob
  says alice '180 '
  hold_kamailio
  hang_up alice
  says alice 'CANCEL '
  says bob 'SIP/2.0 200 OK'
  let_kamailio_go
  says alice 'ACK '
  says alice 'BYE '
  says bob 'they have hung up'
  leaves alice 1 && leaves bob 0
  never_said alice 'answered' && never_said bob 'the caller has given up'
  passes_exactly 'response: 487 ' 0
  ;;
# Two re-INVITEs: who has sent one answers 491 to the other's, and whoever owns the Call-ID waits
# longer (14.1, 14.2).
glare)
  start_kamailio
  registers bob --user bob --calls 1 --ring 0 --hold 1500 --held 20000
  start_phone alice --user alice --call bob --hold 1500 --held 20000
  says bob 'acknowledged'
  hold_kamailio
  says alice 'INVITE '
  says bob 'INVITE '
  let_kamailio_go
  says bob 'held, '
  says alice 'held, inactive'
  stop_phone alice
  leaves bob 0
  passes 'response: 491 INVITE'
  ;;
# The call is over for both, whatever is answered: "even though this example uses a 200 response,
# other responses can also be used" (RFC 5407 3.2.1).
byes_cross)
  start_kamailio
  registers bob --user bob --ring 0
  start_phone alice --user alice --call bob
  says bob 'acknowledged'
  hold_kamailio
  hang_up alice && hang_up bob
  says alice 'BYE '
  says bob 'BYE '
  let_kamailio_go
  leaves alice 0 && leaves bob 0
  passes_exactly 'within a dialog: BYE' 2
  ;;
# He holds while she hangs up: his re-INVITE finds no dialog any more (RFC 5407 3.2.2).
hold_crosses_bye)
  start_kamailio
  registers bob --user bob --calls 1 --ring 0 --hold 1500
  start_phone alice --user alice --call bob
  says bob 'acknowledged'
  hold_kamailio
  hang_up alice
  says alice 'BYE '
  says bob 'INVITE '
  let_kamailio_go
  leaves alice 0 && leaves bob 0
  passes 'response: 481 INVITE'
  ;;

# ---- What happens beside a call.

# A proxy that has forgotten everything: the Route says all that it has to know (16.12).
proxy_restarted)
  start_kamailio
  registers bob --user bob --calls 1 --ring 0
  start_phone alice --user alice --call bob --hold 2000 --held 300
  says bob 'acknowledged'
  restart_kamailio
  says alice 'held, sendonly'
  says alice 'resumed, sendrecv'
  stop_phone alice
  says bob 'they have hung up'
  leaves bob 0
  ;;
# The binding is refreshed while the call goes on, over the same socket.
refreshed_in_a_call)
  start_kamailio
  registers bob --user bob --calls 1 --ring 0 --expires 4
  start_phone alice --user alice --call bob
  says bob 'acknowledged'
  says bob 'REGISTER '
  says bob 'SIP/2.0 200 OK'
  stop_phone alice
  says bob 'they have hung up'
  says bob 'unregistered'
  leaves bob 0
  ;;
# ---- baresip on the other side: it registers, and every request but ACK and CANCEL is challenged.

baresip_calls)
  . "$here/../baresip/baresip.sh"
  start_kamailio -A WITH_CHALLENGED_CALLS -A WITH_CHALLENGED_DIALOGS
  registers bob --user bob --calls 1 --ring 100 --hold 300 --held 300
  start_baresip "$host:$port" "auth_user=carol;auth_pass=$password;regint=60"
  baresip_registers
  tell dial "sip:bob@$host:$port"
  says bob "sip:carol@$host:$port calls"
  says bob 'acknowledged'
  hears CALL_RTPESTAB
  says bob 'held, sendonly'
  says bob 'resumed, sendrecv'
  tell hold
  says bob 'they have changed the session: recvonly'
  tell resume
  says bob 'they have changed the session: sendrecv'
  tell hangup
  says bob 'they have hung up'
  hears CALL_CLOSED
  leaves bob 0
  passes_exactly 'without a Route' 0
  all_through_proxy bob
  stop_baresip
  ;;
baresip_is_called)
  . "$here/../baresip/baresip.sh"
  start_kamailio -A WITH_CHALLENGED_CALLS -A WITH_CHALLENGED_DIALOGS
  start_baresip "$host:$port" "auth_user=carol;auth_pass=$password;regint=60;answermode=auto"
  baresip_registers
  start_phone alice --user alice --call carol --hold 300 --held 300
  says alice 'answered, sendrecv'
  hears CALL_RTPESTAB
  says alice 'held, sendonly'
  says alice 'resumed, sendrecv'
  tell hold
  says alice 'they have changed the session: recvonly'
  tell resume
  says alice 'they have changed the session: sendrecv'
  stop_phone alice
  hears CALL_CLOSED
  passes_exactly 'without a Route' 0
  all_through_proxy alice
  stop_baresip
  ;;
*) fail 'there is no such test' ;;
esac
