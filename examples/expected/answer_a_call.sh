#!/usr/bin/env bash
# Does what the README's "Answer a call" says: compiles the program by the command that stands
# there, starts it, and calls it by SIPp. Another program may use port 5060, so that a free one
# takes its place everywhere.
#
#   answer_a_call.sh <top of the project> <C++ compiler> <folder to work in>
#
# Ends with 77 where there is no SIPp. Every process is stopped by its own id.
set -euo pipefail

top=$1 compiler=$2 work=$3
rm -rf "$work" && mkdir -p "$work"

fail() {
  echo "FAILED: $*"
  local log
  for log in "$work"/*.log; do [ ! -s "$log" ] || { echo "--- $log"; tail -n 30 "$log"; }; done
  exit 1
}
# The line under a marker.
command_of() {
  sed -n "/^<!-- command: $1 -->\$/,/^\`\`\`\$/p" "$top/README.md" | sed '1,2d;$d'
}
is_free() { ! grep -qi ":$(printf %04X "$1") " /proc/net/udp; }

compile=$(command_of answer) call=$(command_of call)
[[ $compile == 'g++ '*' && /tmp/answer' ]] || fail "no such command as expected: $compile"
[[ $call == 'sipp '* ]] || fail "no such command as expected: $call"
command -v sipp >/dev/null || { echo 'skipped: sipp is not installed (Debian: sip-tester)'; exit 77; }

# Below the ports that the system gives away.
port=
for ((i = 0; i < 100; ++i)); do
  port=$((20000 + RANDOM % 10000))
  ! is_free "$port" || break
done
is_free "$port" || fail 'no port is free'

sed "s/5060/$port/g" "$top/examples/14_user_agent.cpp" > "$work/program.cpp"
compile=${compile% && /tmp/answer}
compile=${compile/#g++/"$compiler"}
compile=${compile/ include / "$top/include" }
compile=${compile/examples\/14_user_agent.cpp/"$work/program.cpp"}
compile=${compile/\/tmp\/answer/"$work/answer"}
(cd "$work" && $compile) > "$work/compile.log" 2>&1 || fail "$compile"

"$work/answer" > "$work/answer.log" 2>&1 &
answer=$!
trap 'kill -KILL "$answer" 2>/dev/null || true' EXIT
for ((i = 0; i < 200; ++i)); do
  is_free "$port" || break
  kill -0 "$answer" 2>/dev/null || fail 'the program has ended'
  sleep 0.05
done

# A port of its own keeps SIPp from 5060; it ends by itself, with 0 if no call has failed.
cd "$work"
call=${call/5060/"$port"}
$call -nostdin -timeout 30s -timeout_error > sipp.log 2>&1 || fail "$call"
kill -0 "$answer" || fail 'the program has ended'
