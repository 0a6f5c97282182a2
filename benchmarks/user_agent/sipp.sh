#!/usr/bin/env bash
# What a call costs that SIPp's `uac` scenario makes, over the loopback interface, in microseconds
# of processor time:
#
#   sipp.sh <calls> <calls a second> <folder to work in> <name>=<program> …
#
# A program says "listening on <host>:<port>" at first, and when it is told to end "<number>
# microseconds of processor time a call". A line "cpu|<group>|<name>|<microseconds>|1" is printed for
# each, and one for SIPp itself. Prints nothing where there is no SIPp. Every process is stopped by
# its own id.
set -euo pipefail

calls=$1 rate=$2 work=$3
shift 3
command -v sipp >/dev/null || exit 0
group="answering SIPp, $rate calls a second"
mkdir -p "$work" && cd "$work"

answering=
stop() { [ -z "$answering" ] || kill -KILL "$answering" 2>/dev/null || true; }
trap stop EXIT

own=0
for each in "$@"; do
  name=${each%%=*} program=${each#*=}
  rm -f listening && mkfifo listening
  $program > listening 2> program.log &
  answering=$!
  exec 3< listening
  read -r -t 20 line <&3 || { echo "$name does not listen" >&2; exit 1; }
  TIMEFORMAT='%U %S'
  # Enough retransmissions that SIPp does not give up first.
  used=$({ time sipp "127.0.0.1:${line##*:}" -i 127.0.0.1 -sn uac -m "$calls" -r "$rate" \
    -l "$calls" -nostdin -timeout 120s -timeout_error -trace_err -error_file errors.log \
    > sipp.log 2>&1 || echo failed; } 2>&1)
  case $used in *failed*) echo "calls to $name failed: see $work/sipp.log" >&2; exit 1 ;; esac
  own=$(awk -v "used=$used" -v "calls=$calls" \
    'BEGIN { split(used, t, " "); printf "%.1f", (t[1] + t[2]) * 1e6 / calls }')
  kill -TERM "$answering"
  sed -n "s/^\([0-9.]*\) microseconds of processor time a call\$/cpu|$group|$name|\1|1/p" <&3
  wait "$answering" || { echo "$name ended with $?" >&2; exit 1; }
  answering=
  exec 3<&-
done
printf 'cpu|%s|SIPp itself|%s|1\n' "$group" "$own"
