# What the tests with Kamailio and baresip have in common: processes that are started, waited for,
# and stopped by their own ids. To be sourced by bash.

host=127.0.0.1

skip() { echo "skipped: $*"; exit 77; }
need() { command -v "$1" >/dev/null || skip "$1 is not installed (Debian: $2)"; }
unset CTSIP_PASSWORD # each test says whether there is one

# Kills, of the processes that this shell has started, those that still run, once `at_end` has
# stopped what has to be stopped otherwise.
at_end=:
stop_all() {
  trap '' PIPE # nobody may be left to read what is said here
  "$at_end"
  local process
  for process in $(jobs -pr); do
    { kill -KILL "$process" && wait "$process"; } 2>/dev/null || true
  done
}
trap stop_all EXIT
trap 'exit 1' HUP INT PIPE TERM

fail() {
  echo "FAILED: $*"
  local log
  for log in *.log; do [ ! -s "$log" ] || { echo "--- $log"; tail -n 60 "$log"; }; done
  exit 1
}

# within <seconds> <command>: asks again and again until it says yes, or until the time is over,
# these seconds or those of the whole test.
within() {
  local end=$((SECONDS + $1))
  shift
  until "$@"; do
    [ "$SECONDS" -le "$end" ] && [ "$SECONDS" -lt 55 ] || return 1
    sleep 0.05
  done
}
has_ended() { ! kill -0 "$1" 2>/dev/null; }

# A port where nobody listens, nor on the next one, below those that are given to programs that ask
# for any. Two Kamailios would share one without a word: they set SO_REUSEADDR.
is_free() { ! grep -qi ":$(printf %04X "$1") " /proc/net/udp /proc/net/tcp; }
free_port() {
  local candidate
  while :; do
    candidate=$((20000 + RANDOM % 12000))
    ! is_free "$candidate" || ! is_free $((candidate + 1)) || break
  done
  echo "$candidate"
}
