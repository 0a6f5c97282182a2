#!/usr/bin/env bash
# One test of the examples `answer`, `call` and `phone` against SIPp, over the loopback interface:
#
#   run.sh <test> <folder of the examples> <folder to work in>
#
# CALLS, 10,000 unless it is set, is how many calls the tests under load make. Ends with 77 where
# there is no SIPp. No test waits for a time: `answer` says when it listens, and a
# caller repeats its INVITE until SIPp does (RFC 3261 17.1.1.2), over UDP. Every process is stopped by its own id.
set -euo pipefail

test=$1 examples=$(cd "$2" && pwd) work=$3/$1
scenarios=$(cd "$(dirname "$0")" && pwd)
host=127.0.0.1
load=${CALLS:-10000}
# SIPp gives up before 64*T1 have passed, unless it is told to send 7 INVITEs and 11 other requests
# (RFC 3261 17.1.1.2, 17.1.2.2).
whole_timeout='-max_invite_retrans 6 -max_non_invite_retrans 10'

command -v sipp >/dev/null || { echo 'skipped: sipp is not installed (Debian: sip-tester)'; exit 77; }
rm -rf "$work" && mkdir -p "$work" && cd "$work"

unset CTSIP_PASSWORD # each test says whether there is one

started=()
stop_all() {
  local process
  for process in "${started[@]}"; do kill -KILL "$process" 2>/dev/null || true; done
}
trap stop_all EXIT

fail() {
  echo "FAILED: $*"
  local log
  for log in *.log; do [ -s "$log" ] && { echo "--- $log"; tail -n 40 "$log"; }; done
  exit 1
}

# A port that was free a moment ago, below those that are given to programs that ask for any.
free_port() {
  local candidate tries
  for tries in {1..20}; do
    candidate=$((20000 + RANDOM % 12000))
    "$examples/answer" --port "$candidate" --calls 0 --quiet > /dev/null 2>&1 || continue
    echo "$candidate"
    return
  done
  return 1
}

# start_answer <options>: sets `port` as soon as it listens, and `answer` to its process.
start_answer() {
  mkfifo listening
  "$examples/answer" --port 0 --quiet "$@" > listening 2> answer.log &
  answer=$! && started+=("$answer")
  exec 3< listening
  local line
  read -r -t 20 line <&3 || fail 'answer does not listen'
  port=${line##*:}
}

# stop_answer [exit code]: ends `answer` as a user would, and checks that it leaves as it should.
stop_answer() {
  kill -TERM "$answer"
  cat <&3 | tee -a answer.log
  local result=0
  wait "$answer" || result=$?
  [ "$result" = "${1:-0}" ] || fail "answer ended with $result"
}

# sipp_calls <calls> <rate> <options>: SIPp calls `answer`.
sipp_calls() {
  local calls=$1 rate=$2 result=0
  shift 2
  local TIMEFORMAT='%U %S'
  {
    time sipp "$host:$port" -i "$host" -m "$calls" -r "$rate" -l "$calls" -nostdin -timeout 80s \
      -timeout_error -trace_stat -stf statistics.csv -fd 1 -trace_err -error_file errors.log "$@" \
      > sipp.log 2>&1
  } 2> sipp.time || result=$?
  [ "$result" = 0 ] || fail "SIPp ended with $result"
  expect SuccessfulCall "$calls"
  expect FailedCall 0
}

# Processor time of the user agents, which judges nothing: a loaded machine must not fail a test.
report_processor_time() {
  local own theirs
  own=$(sed -n 's/ microseconds of processor time a call$//p' answer.log)
  theirs=$(awk -v calls="$1" '{ printf "%.1f", ($1 + $2) * 1e6 / calls }' sipp.time)
  echo "CPU per call: ctsip $own us, SIPp $theirs us"
}

# No message has come to SIPp that none of its calls was waiting for.
expect_no_stray_message() {
  expect DeadCallMsgs 0
  expect OutOfCallMsgs 0
}

# The cumulated value of a column of SIPp's statistics.
statistic() {
  awk -F';' -v name="$1(C)" '
    NR == 1 { for (i = 1; i <= NF; ++i) if ($i == name) column = i }
    { last = $column }
    END { print last }' statistics.csv
}
expect() {
  local got
  got=$(statistic "$1")
  [ "$got" = "$2" ] || fail "$1 is $got, not $2"
}

# expect_repeated <response> <times>: SIPp, with -trace_counts, has had the first such response of its
# scenario so many times more than once a call.
expect_repeated() {
  local got
  got=$(awk -F';' -v name="_$1_Retrans" '
    NR == 1 { for (i = NF; i >= 1; --i) if (substr($i, length($i) - length(name) + 1) == name) column = i }
    { last = $column }
    END { print last }' ./*_counts.csv)
  [ "$got" = "$2" ] || fail "$1 has come $got times again, not $2"
}

# start_sipp <log> <port> <options>: SIPp answers.
start_sipp() {
  local log=$1 at=$2
  shift 2
  sipp -i "$host" -p "$at" -nostdin -timeout 80s -trace_err -error_file "$log.errors.log" "$@" \
    > "$log.log" 2>&1 &
  sipp=$! && started+=("$sipp")
}

# Waits until SIPp listens for TCP: a connection that is refused ends a call.
await_tcp() {
  local tries
  for tries in $(seq 100); do
    grep -q ":$(printf %04X "$port") 00000000:0000 0A" /proc/net/tcp && return
    sleep 0.1
  done
  fail "SIPp does not listen"
}

# place <options>: `call` calls SIPp; every call has to end as --expect says.
place() { "$examples/call" --to "$host:$port" "$@" > call.log 2>&1 || fail "call ended with $?"; }

# Waits for SIPp to end after its last call, all of them successful.
wait_for_sipp() { wait "$sipp" || fail "SIPp ended with $?"; }

# says <text>: `call` or `phone` has printed it.
says() { grep -qF -- "$1" call.log || fail "$1 is not said"; }

# What stands before and after `--`.
split() {
  ours=() theirs=()
  while [ $# -gt 0 ] && [ "$1" != -- ]; do ours+=("$1") && shift; done
  [ $# -eq 0 ] || theirs=("${@:2}")
}

# answers <scenario> <options> [-- <options of SIPp>]: 20 calls of SIPp to `answer`.
answers() {
  local scenario=$1
  split "${@:2}"
  start_answer "${ours[@]}"
  sipp_calls 20 20 -sf "$scenarios/$scenario.xml" "${theirs[@]}"
  expect_no_stray_message
  stop_answer
}

# calls <scenario> <expected end> <options> [-- <options of SIPp>]: 20 calls of `call` to SIPp.
calls() {
  local scenario=$1 end=$2
  split "${@:3}"
  port=$(free_port)
  start_sipp sipp "$port" -sf "$scenarios/$scenario.xml" -m 20 "${theirs[@]}"
  [ "${#theirs[@]}" = 0 ] || await_tcp
  place --calls 20 --rate 20 --expect "$end" "${ours[@]}"
  wait_for_sipp
}

# phones <scenario> <options>: `phone` calls SIPp once, and is answered.
phones() {
  port=$(free_port)
  start_sipp sipp "$port" -sf "$scenarios/$1.xml" -m 1
  timeout 30 "$examples/phone" --alone --to "$host:$port" --call bob "${@:2}" > call.log 2>&1 ||
    fail "phone ended with $?"
  wait_for_sipp
}

case $test in
answer)
  start_answer
  sipp_calls "$load" 500 -sn uac
  expect_no_stray_message
  expect Retransmissions 0
  stop_answer
  report_processor_time "$load"
  ;;
answer_with_loss)
  start_answer --drop 10
  sipp_calls "$load" 500 -sf "$scenarios/uac_with_loss.xml" $whole_timeout
  expect_no_stray_message
  stop_answer
  ;;
# Where both ACK and BYE are lost, the built-in scenario takes the repeated 200 to its INVITE for the
# one to its BYE and leaves: `answer` then waits in vain, and is stopped without ado.
answer_basic_uac_with_loss)
  start_answer --drop 10
  sipp_calls "$load" 500 -sn uac $whole_timeout
  ;;
answer_many_at_once) # 2,000 in a second, all of them ringing together, each with its 100 Trying
  start_answer --alert 300 --ring 1500
  sipp_calls 2000 2000 -sn uac
  expect_no_stray_message
  stop_answer
  ;;
answer_options)
  start_answer
  sipp_calls 100 100 -sf "$scenarios/options.xml"
  expect_no_stray_message
  stop_answer
  ;;
call)
  port=$(free_port)
  start_sipp sipp "$port" -sn uas -m 1000
  place --calls 1000 --rate 200 --expect answered --quiet
  wait_for_sipp
  ;;
call_with_loss)
  port=$(free_port)
  start_sipp sipp "$port" -sf "$scenarios/uas_with_loss.xml"
  place --calls 1000 --rate 200 --drop 10 --expect answered --quiet
  ;;
call_many_at_once)
  port=$(free_port)
  start_sipp sipp "$port" -sn uas -m 1000
  place --calls 1000 --rate 1000 --talk 1500 --expect answered --quiet
  wait_for_sipp
  ;;
call_cancelled)
  port=$(free_port)
  start_sipp sipp "$port" -sf "$scenarios/ringing.xml" -m 200
  place --calls 200 --rate 100 --ring-timeout 1000 --expect cancelled --quiet
  wait_for_sipp
  ;;
call_busy)
  port=$(free_port)
  start_sipp sipp "$port" -sf "$scenarios/busy.xml" -m 100
  place --calls 100 --rate 100 --expect busy --quiet
  wait_for_sipp
  ;;
call_unavailable)
  port=$(free_port)
  start_sipp sipp "$port" -sf "$scenarios/unavailable.xml" -m 1
  place --expect unavailable
  says '503 Service Unavailable: not before 120 s have passed'
  wait_for_sipp
  ;;
call_moved)
  target=$(free_port)
  start_sipp target "$target" -sn uas -m 100
  to=$sipp port=$(free_port)
  start_sipp sipp "$port" -sf "$scenarios/moved.xml" -key target "$host:$target" -m 100
  place --calls 100 --rate 100 --expect moved
  says "302 Moved Temporarily: now calling sip:service@$host:$target"
  wait_for_sipp
  sipp=$to wait_for_sipp
  ;;
# "the value of the maddr parameter of the URI, if present" (RFC 3263 4)
call_moved_to_maddr)
  target=$(free_port)
  start_sipp target "$target" -sn uas -m 1
  to=$sipp port=$(free_port)
  start_sipp sipp "$port" -sf "$scenarios/moved.xml" -key target "moved.example:$target;maddr=$host" \
    -m 1
  place --expect moved
  says "302 Moved Temporarily: now calling sip:service@moved.example:$target;maddr=$host"
  wait_for_sipp
  sipp=$to wait_for_sipp
  ;;
call_moved_in_a_loop)
  port=$(free_port)
  start_sipp sipp "$port" -sf "$scenarios/loop.xml" -m 1
  place --expect redirected
  says '302 Moved Temporarily: a loop, not followed'
  wait_for_sipp
  ;;

# 100rel and UPDATE
answer_100rel) answers uac_100rel --reliable --ring 300 ;;
answer_update) answers uac_update --reliable --ring 1000 ;;
answer_holds_early) answers uac_is_held_early --reliable --ring 1000 --hold 200 ;;
call_100rel) calls uas_100rel answered ;;
call_update) calls uas_update answered --talk 60000 ;;
call_holds_early) calls uas_is_held_early answered --hold 200 --talk 1000 ;;
answer_multipart) answers uac_multipart ;;
# Hold and resume
answer_held) answers uac_hold ;;
answer_holds) answers uac_is_held --hold 200 --talk 1000 ;;
call_held) calls uas_hold answered --talk 60000 ;;
call_holds) calls uas_is_held answered --hold 200 --talk 1000 ;;
# CANCEL
answer_cancelled) answers uac_cancel --ring 5000 ;;
answer_cancelled_before_ringing) answers uac_cancel_before_ringing --alert 5000 ;;
answer_cancel_crossing_200) answers uac_cancel_crossing_200 ;;
call_cancelled_before_ringing) calls uas_cancel_before_ringing cancelled --ring-timeout 200 ;;
call_cancel_crossing_200) calls uas_cancel_crossing_200 cancelled --ring-timeout 200 ;;
# Two answers to one INVITE
call_forked) calls uas_forked answered --talk 1000 ;;
call_forked_unheard) calls uas_forked_unknown answered --talk 1000 ;;
phone_first_description)
  phones uas_two_descriptions --talk 1
  says 'answered, sendrecv'
  ;;
# A hold that is refused
phone_not_held)
  phones uas_not_held --hold 200
  says 'not held: 488'
  says 'they have changed the session: sendrecv'
  ;;
# Digest
call_challenged) calls uas_challenge answered --user alice --password secret ;;
call_challenged_by_proxy) calls uas_challenge_407 answered --user alice --password secret ;;
call_challenged_stale) calls uas_challenge_stale answered --user alice --password secret ;;
call_wrong_password) calls uas_challenge_again rejected --user alice --password wrong ;;
# Session timer
answer_session_timer) answers uac_session_timer ;;
call_session_timer) calls uas_session_timer answered --session-expires 120 ;;
# Lost acknowledgements
answer_lost_ack)
  start_answer
  sipp_calls 20 20 -sf "$scenarios/uac_lost_ack.xml" -trace_counts
  expect_no_stray_message
  expect_repeated 200 40
  stop_answer
  ;;
answer_without_ack) # 64*T1 long
  start_answer
  sipp_calls 20 20 -sf "$scenarios/uac_without_ack.xml"
  expect_no_stray_message
  stop_answer 1
  grep -q '20 never acknowledged' answer.log || fail 'answer has not missed the ACK'
  ;;
call_lost_ack) calls uas_lost_ack answered --talk 500 ;;
# TCP: one connection for all calls, or one for each
answer_tcp)
  start_answer
  sipp_calls 1000 200 -sn uac -t t1
  expect_no_stray_message
  stop_answer
  ;;
answer_tcp_connection_per_call)
  start_answer
  sipp_calls 200 100 -sn uac -t tn -max_socket 100 -l 20
  expect_no_stray_message
  stop_answer
  ;;
answer_tcp_update) answers uac_update --reliable --ring 1000 -- -t t1 ;;
answer_tcp_held) answers uac_hold -- -t t1 ;;
call_tcp) # SIPp stays for a while, and complains when the connection goes
  port=$(free_port)
  start_sipp sipp "$port" -sn uas -m 1000 -t t1
  await_tcp
  place --calls 1000 --rate 200 --expect answered --tcp --quiet
  ;;
call_tcp_update) calls uas_update answered --tcp --talk 60000 -- -t t1 ;;
call_tcp_held) calls uas_hold answered --tcp --talk 60000 -- -t t1 ;;
call_tcp_challenged)
  calls uas_challenge answered --tcp --user alice --password secret -- -t t1
  ;;
*) fail 'there is no such test' ;;
esac
[ ! -s call.log ] || tail -n 2 call.log
