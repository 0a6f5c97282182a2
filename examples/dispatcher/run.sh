#!/usr/bin/env bash
# Past one process, and past one machine: Kamailio in front of several `answer`, which know nothing
# of each other. SIPp places calls, and each process says how many it has taken.
#
#   cmake --workflow --preset demo && examples/dispatcher/run.sh
#
#   run.sh [--lose-one] [<processes> [<calls> [<calls a second>]]]         3 processes, 1000, 100
#
# With --lose-one a process is killed before the first call: the others take what it does not
# answer. Needs Kamailio, kamcmd and SIPp (Debian: kamailio sip-tester), and ends with 77 where they
# are not installed. Everything runs on 127.0.0.1, in a folder that is removed at the end; every
# process is stopped by its own id. On more than one machine the lines of dispatcher.list name
# their addresses, and `answer` is started with --host.
#
# CTSIP_EXAMPLES says where the examples are, if not in build/demo/examples.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
examples=${CTSIP_EXAMPLES:-$here/../../build/demo/examples}
host=127.0.0.1

lose_one=false
[ "${1-}" != --lose-one ] || { lose_one=true && shift; }
processes=${1:-3} calls=${2:-1000} rate=${3:-100}
for number in "$processes" "$calls" "$rate"; do
  [[ $number =~ ^[1-9][0-9]*$ ]] || { echo "$number: not a number from 1"; exit 2; }
done

PATH=$PATH:/usr/sbin # where Debian installs Kamailio
for program in kamailio kamcmd sipp; do
  command -v "$program" >/dev/null ||
    { echo "skipped: $program is not installed (Debian: kamailio sip-tester)"; exit 77; }
done
[ -x "$examples/answer" ] ||
  { echo "there is no $examples/answer: cmake --workflow --preset demo makes it"; exit 2; }
examples=$(cd "$examples" && pwd)

work=$(mktemp -d) && cd "$work"
kamailio='' answers=() ports=()

# Kills, of the processes that this shell has started, those that still run. Kamailio stops its own
# children, unless it cannot.
stop_all() {
  local process children=()
  if [ -n "$kamailio" ]; then
    read -ra children 2>/dev/null < "/proc/$kamailio/task/$kamailio/children" || true
    kill -TERM "$kamailio" 2>/dev/null || true
    within 5 has_ended "$kamailio" || kill -KILL "$kamailio" "${children[@]}" 2>/dev/null || true
  fi
  for process in $(jobs -pr); do
    { kill -KILL "$process" && wait "$process"; } 2>/dev/null || true
  done
  rm -rf "$work"
}
trap stop_all EXIT
trap 'exit 1' HUP INT PIPE TERM

fail() {
  echo "FAILED: $*"
  local log
  for log in *.log; do [ ! -s "$log" ] || { echo "--- $log"; tail -n 20 "$log"; }; done
  exit 1
}
within() { # <seconds> <command>: asks again and again until it says yes
  local end=$((SECONDS + $1))
  shift
  until "$@"; do
    [ "$SECONDS" -le "$end" ] || return 1
    sleep 0.05
  done
}
has_ended() { ! kill -0 "$1" 2>/dev/null; }
is_free() { ! grep -qi ":$(printf %04X "$1") " /proc/net/udp; }

# The processes, each on a port that the system chooses. They ring for a moment: a 180 that the 200
# has overtaken is one more than SIPp's callers expect.
: > dispatcher.list
for ((i = 0; i < processes; ++i)); do
  : > "answer$i.log"
  "$examples/answer" --port 0 --ring 100 --quiet > "answer$i.log" 2>&1 &
  answers[i]=$!
done
for ((i = 0; i < processes; ++i)); do
  within 10 grep -q '^listening on ' "answer$i.log" || fail "process $i does not listen"
  ports[i]=$(sed -n 's/^listening on .*://p' "answer$i.log")
  echo "1 sip:$host:${ports[i]}" >> dispatcher.list
done

# Kamailio, on a port below those that the system gives away.
until port=$((20000 + RANDOM % 12000)) && is_free "$port"; do :; done
ask() { kamcmd -s unixs:./control "$@" 2>&1; }
kamailio -f "$here/kamailio.cfg" -l "udp:$host:$port" -A 'CONTROL="unixs:./control"' \
  -A "LIST=\"$work/dispatcher.list\"" -w "$work" -Y "$work" -m 128 -M 8 -n 2 -DD -E \
  > kamailio.log 2>&1 &
kamailio=$!
# "AP": active, and has answered OPTIONS.
all_are_active() {
  has_ended "$kamailio" || [ "$(ask dispatcher.list | grep -c 'FLAGS: AP')" = "$processes" ]
}
within 10 all_are_active || fail "not every process answers Kamailio: $(ask dispatcher.list)"
! has_ended "$kamailio" || fail 'Kamailio has ended'

if $lose_one; then
  { kill -KILL "${answers[0]}" && wait "${answers[0]}"; } 2>/dev/null || true
  echo "the process on port ${ports[0]} is killed"
fi

echo "$calls calls at $rate a second through Kamailio on $host:$port to $processes processes"
code=0
sipp "$host:$port" -i "$host" -sf "$here/call.xml" -m "$calls" -r "$rate" -l "$calls" -d 100 \
  -nostdin -timeout $((calls / rate + 40))s -timeout_error -trace_err -error_file errors.log \
  > sipp.log 2>&1 &
wait "$!" || code=$?
[ "$code" = 0 ] || fail "SIPp ended with $code: calls have failed"

# A process that was asked to leave says what it has done.
taken=0
for ((i = $($lose_one && echo 1 || echo 0); i < processes; ++i)); do
  kill -TERM "${answers[i]}"
  wait "${answers[i]}" || fail "the process on port ${ports[i]} ended with $?"
  said=$(sed -n 's/^\([0-9]* calls*: .*\)/\1/p' "answer$i.log")
  echo "port ${ports[i]}: $said"
  count=${said%% *}
  [ "${count:-0}" -gt 0 ] || fail "the process on port ${ports[i]} has taken no call"
  taken=$((taken + count))
done
# One that was slow to answer at all may have been given up, and its call taken by another.
[ "$taken" -ge "$calls" ] || fail "$taken calls were taken, not $calls"
echo "all $calls answered, acknowledged and ended"
