#!/usr/bin/env bash
# One test of the example `phone` with baresip, a telephone in use, over the loopback interface:
#
#   run.sh <test> <folder of the examples> <folder to work in>
#
# Ends with 77 where a package is not there. baresip is told what to do over TCP (its module
# ctrl_tcp) and tells there what has come to pass; the phone prints each message. Both send the
# sound of a stream that is not held. Every process is stopped by its own id.
set -euo pipefail

test=$1 examples=$(cd "$2" && pwd) work=$3/$1
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../kamailio/processes.sh"
. "$here/baresip.sh"
[ -x "$examples/phone" ] ||
  skip 'the example phone is not built: it needs mbedTLS (Debian: libmbedtls-dev)'
rm -rf "$work" && mkdir -p "$work" && cd "$work"

# start_phone <options>: sets `phone_port`, and `phone` to its process.
start_phone() {
  : > phone.log
  "$examples/phone" --alone --to "$host:${baresip_port-9}" --trace "$@" > phone.log 2>&1 &
  phone=$!
  within 10 grep -q '^listening on ' phone.log || fail 'the phone does not listen'
  phone_port=$(sed -n 's/^listening on .*://p' phone.log)
}
# says <line>: the phone prints it, after those that were waited for before.
line_of_phone=0
has_said() {
  local at
  at=$(tr -d '\r' < phone.log | awk -v from="$line_of_phone" -v text="$1" \
    'NR > from && index($0, text) == 1 { print NR; exit }')
  [ -n "$at" ] && line_of_phone=$at
}
says() { within 10 has_said "$1" || fail "the phone does not say: $1"; }
leaves_with() { # <exit code>
  local code=0
  within 10 has_ended "$phone" || fail 'the phone does not leave'
  wait "$phone" || code=$?
  [ "$code" = "$1" ] || fail "the phone ended with $code, not $1"
}
# Sound has come, and gone back to baresip.
is_heard() {
  tr -d '\r' < phone.log | grep -Eq '; [1-9][0-9]* packets heard, [1-9][0-9]* said$' ||
    fail 'nothing was heard'
}

# held_by_baresip: "If a stream is offered as sendonly, the corresponding stream MUST be marked as
# recvonly or inactive in the answer" (RFC 3264 6.1).
held_by_baresip() {
  tell hold
  says 'a=sendonly'
  says 'they have changed the session: recvonly'
  says 'a=recvonly'
  says 'ACK '
  tell resume
  says 'a=sendrecv'
  says 'they have changed the session: sendrecv'
  says 'a=sendrecv'
  says 'ACK '
}
held_by_phone() {
  says 'INVITE '
  says 'a=sendonly'
  says 'a=recvonly'
  says 'held, sendonly'
  says 'INVITE '
  says 'a=sendrecv'
  says 'a=sendrecv'
  says 'resumed, sendrecv'
}
hung_up_by_baresip() {
  tell hangup
  says 'BYE '
  says 'they have hung up'
  hears CALL_CLOSED
}
hung_up_by_phone() {
  kill -TERM "$phone"
  says 'BYE '
  says 'hung up'
  hears CALL_CLOSED
}

calls_baresip() { # <options of the phone>
  start_baresip "$host" 'regint=0;answermode=auto'
  start_phone --call carol "$@"
  says 'answered, sendrecv'
  hears CALL_ESTABLISHED
  hears CALL_RTPESTAB
}
calls_phone() { # <options of the phone>
  start_baresip "$host" regint=0
  start_phone --calls 1 --ring 200 "$@"
  tell dial "sip:bob@$host:$phone_port"
  says "sip:carol@$host calls"
  says 'acknowledged'
  hears CALL_ESTABLISHED
  hears CALL_RTPESTAB
}

case $test in
calls_phone_and_holds) calls_phone && held_by_baresip && hung_up_by_baresip && leaves_with 0 && is_heard ;;
calls_phone_and_is_held)
  calls_phone --hold 300 --held 300
  held_by_phone && hung_up_by_phone && leaves_with 0 && is_heard
  ;;
is_called_and_holds) calls_baresip && held_by_baresip && hung_up_by_baresip && leaves_with 0 && is_heard ;;
is_called_and_is_held)
  calls_baresip --hold 300 --held 300
  held_by_phone && hung_up_by_phone && leaves_with 0 && is_heard
  ;;
gives_up) # a CANCEL of baresip (RFC 3261 9)
  start_baresip "$host" regint=0
  start_phone --calls 1 --ring 20000
  tell dial "sip:bob@$host:$phone_port"
  says "sip:carol@$host calls"
  hears CALL_RINGING
  tell hangup
  says 'CANCEL '
  says 'SIP/2.0 487 '
  says 'the caller has given up'
  leaves_with 0
  ;;
is_given_up)
  start_baresip "$host" regint=0
  start_phone --call carol --patience 1000
  says '180 '
  says 'CANCEL '
  says 'SIP/2.0 487 '
  says 'rejected: 487 '
  hears CALL_CLOSED
  leaves_with 1
  ;;
is_told_to_leave_while_it_rings)
  start_baresip "$host" regint=0
  start_phone --calls 1 --ring 20000
  tell dial "sip:bob@$host:$phone_port"
  says "sip:carol@$host calls"
  kill -INT "$phone"
  says 'SIP/2.0 480 '
  leaves_with 0
  hears CALL_CLOSED
  ;;
refuses)
  start_baresip "$host" regint=0
  start_phone --call carol
  hears CALL_INCOMING
  tell hangup
  says 'rejected: 486 '
  leaves_with 1
  ;;
is_refused)
  start_baresip "$host" regint=0
  start_phone --calls 1 --busy
  tell dial "sip:bob@$host:$phone_port"
  says "sip:carol@$host calls: Busy Here"
  hears CALL_CLOSED
  leaves_with 0
  ;;
*) fail 'there is no such test' ;;
esac
stop_baresip
