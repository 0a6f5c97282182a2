# Kamailio in a test: started, asked, stopped. To be sourced by bash after processes.sh, with
# `configuration` set to the file of Kamailio. Without Kamailio the test is skipped.

PATH=$PATH:/usr/sbin # where Debian installs both
need kamailio kamailio
need kamcmd kamailio

kamailio=''
stop_kamailio_if_any() { [ -z "$kamailio" ] || stop_kamailio; }
at_end=stop_kamailio_if_any

port=$(free_port)

ask() { kamcmd -s unixs:./control "$@" 2>&1; }
kamailio_answers() { has_ended "$kamailio" || ask core.uptime | grep -q uptime; }

# start_kamailio <options>: sets `kamailio`. The options are kept for restart_kamailio.
start_kamailio() {
  options=("$@")
  rm -f control
  kamailio -f "$configuration" -l "udp:$host:$port" -A 'CONTROL="unixs:./control"' -w "$PWD" \
    -Y "$PWD" -m 16 -M 4 -n 2 -DD -E "$@" >> kamailio.log 2>&1 &
  kamailio=$!
  within 10 kamailio_answers || fail 'Kamailio does not answer'
  ! has_ended "$kamailio" || fail 'Kamailio has ended'
}
# Its own children it stops itself, unless it cannot.
children_of_kamailio() {
  children=()
  read -ra children 2>/dev/null < "/proc/$kamailio/task/$kamailio/children" || true
}
stop_kamailio() {
  local process=$kamailio children
  children_of_kamailio
  kamailio=''
  kill -TERM "$process" 2>/dev/null || true
  within 5 has_ended "$process" || kill -KILL "$process" "${children[@]}" 2>/dev/null || true
  wait "$process" 2>/dev/null || true
}
# All bindings, nonces and transactions are lost.
restart_kamailio() {
  stop_kamailio
  start_kamailio "${options[@]}"
}
