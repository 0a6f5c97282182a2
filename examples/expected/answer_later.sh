#!/usr/bin/env bash
# Three calls of `call` to `15_answer_later`, which hangs up by itself: each is heard to ring, to be
# answered and to end. Then somebody else writes to its terminal, and is not let.
#
#   answer_later.sh <folder of the examples> <folder to work in>
set -euo pipefail

examples=$1 work=$2
rm -rf "$work" && mkdir -p "$work"

# Below the ports that the system gives away.
is_free() { ! grep -qi ":$(printf %04X "$1") " /proc/net/udp; }
for ((i = 0; i < 100; ++i)); do
  port=$((20000 + RANDOM % 10000))
  ! is_free "$port" || break
done

"$examples/15_answer_later" "$port" 200 300 > "$work/answer.log" 2>&1 &
answer=$!
trap 'kill -KILL "$answer" 2>/dev/null || true' EXIT
"$examples/call" --to "127.0.0.1:$port" --calls 3 --rate 30 --talk 60000 --expect answered \
  > "$work/call.log" 2>&1 || { cat "$work/call.log" "$work/answer.log"; exit 1; }
# What a stranger writes must not reach the terminal as it is: here a command to it, and a line of
# the log that is none; in one datagram, which `cat` sees to.
printf '\033[2J\n> SIP/2.0 180 Ringing\r\n' | cat > "/dev/udp/127.0.0.1/$port"
kill -TERM "$answer"
wait "$answer"
[ "$(grep -c ': ended after [0-9]* ms$' "$work/answer.log")" = 3 ] || { cat "$work/answer.log"; exit 1; }
[ "$(grep -c '^> SIP/2.0 180 Ringing$' "$work/answer.log")" = 3 ] || { cat "$work/answer.log"; exit 1; }
grep -qxF '< ?[2J?> SIP/2.0 180 Ringing' "$work/answer.log" || { cat -v "$work/answer.log"; exit 1; }
