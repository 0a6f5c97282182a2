#!/usr/bin/env bash
# One test of the examples `answer` and `call` against SIPp, over the loopback interface:
#
#   run.sh <test> <folder of the examples> <folder to work in>
#
# Ends with 77 where there is no SIPp. No test sleeps: `answer` says when it listens, and a caller
# repeats its INVITE until SIPp does (RFC 3261 17.1.1.2). Every process is stopped by its own id.
set -euo pipefail

test=$1 examples=$(cd "$2" && pwd) work=$3/$1
scenarios=$(cd "$(dirname "$0")" && pwd)
host=127.0.0.1
# SIPp gives up before 64*T1 have passed, unless it is told to send 7 INVITEs and 11 other requests
# (RFC 3261 17.1.1.2, 17.1.2.2).
whole_timeout='-max_invite_retrans 6 -max_non_invite_retrans 10'

command -v sipp >/dev/null || { echo 'skipped: sipp is not installed (Debian: sip-tester)'; exit 77; }
rm -rf "$work" && mkdir -p "$work" && cd "$work"

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

# A port that was free a moment ago: `answer` finds one and leaves.
free_port() { "$examples/answer" --port 0 --calls 0 --quiet | sed -n 's/^listening on .*://p'; }

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

# Ends `answer` as a user would, and checks that it leaves cleanly and what it has counted.
stop_answer() {
  kill -TERM "$answer"
  cat <&3 | tee -a answer.log
  wait "$answer" || fail "answer ended with $?"
}

# sipp_calls <calls> <rate> <options>: SIPp calls `answer`.
sipp_calls() {
  local calls=$1 rate=$2 result=0
  shift 2
  sipp "$host:$port" -i "$host" -m "$calls" -r "$rate" -l "$calls" -nostdin -timeout 80s \
    -timeout_error -trace_stat -stf statistics.csv -fd 1 -trace_err -error_file errors.log "$@" \
    > sipp.log 2>&1 || result=$?
  [ "$result" = 0 ] || fail "SIPp ended with $result"
  expect SuccessfulCall "$calls"
  expect FailedCall 0
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

# start_sipp <log> <port> <options>: SIPp answers.
start_sipp() {
  local log=$1 at=$2
  shift 2
  sipp -i "$host" -p "$at" -nostdin -timeout 80s -trace_err -error_file "$log.errors.log" "$@" \
    > "$log.log" 2>&1 &
  sipp=$! && started+=("$sipp")
}

# place <options>: `call` calls SIPp; every call has to end as --expect says.
place() { "$examples/call" --to "$host:$port" "$@" > call.log 2>&1 || fail "call ended with $?"; }

# Waits for SIPp to end after its last call, all of them successful.
wait_for_sipp() { wait "$sipp" || fail "SIPp ended with $?"; }

# says <text>: `call` has printed it.
says() { grep -qF -- "$1" call.log || fail "call does not say: $1"; }

case $test in
answer)
  start_answer
  sipp_calls 10000 500 -sn uac
  expect_no_stray_message
  expect Retransmissions 0
  stop_answer
  ;;
answer_with_loss)
  start_answer --drop 10
  sipp_calls 10000 500 -sf "$scenarios/uac_with_loss.xml" $whole_timeout
  expect_no_stray_message
  stop_answer
  ;;
# Where both ACK and BYE are lost, the built-in scenario takes the repeated 200 to its INVITE for the
# one to its BYE and leaves: `answer` then waits in vain, and is stopped without ado.
answer_basic_uac_with_loss)
  start_answer --drop 10
  sipp_calls 10000 500 -sn uac $whole_timeout
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
call_moved_in_a_loop)
  port=$(free_port)
  start_sipp sipp "$port" -sf "$scenarios/loop.xml" -m 1
  place --expect redirected
  says '302 Moved Temporarily: a loop, not followed'
  wait_for_sipp
  ;;
*) fail 'there is no such test' ;;
esac
[ ! -s call.log ] || tail -n 2 call.log
