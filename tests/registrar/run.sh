#!/usr/bin/env bash
# One test of the example `registrar` against other implementations and the example `register`, or of
# `register` and `phone` against SIPp, over the loopback interface:
#
#   run.sh <test> <folder of the examples> <folder to work in>
#
# Ends with 77 where a package is not there. What sipsak is told first, and the registrar then, is
# what the comment of registrar.cpp tells a reader to try. The registrar says when it listens and prints a line for
# each change, which is what the tests wait for. Every process is stopped by its own id.
#
# All of these user agents give up at a challenge whose first algorithm is not MD5, although "The
# client MUST ignore any challenge it does not understand" (RFC 8760 2.4); hence --md5.
set -euo pipefail

test=$1 examples=$(cd "$2" && pwd) work=$3/$1
scenarios=$(cd "$(dirname "$0")" && pwd)
host=127.0.0.1

skip() { echo "skipped: $*"; exit 77; }
need() { command -v "$1" >/dev/null || skip "$1 is not installed (Debian: $2)"; }
case $test in
sipp*) need sipp sip-tester ;;
sipsak*) need sipsak sipsak ;;
baresip*) need baresip baresip-core ;;
esac
unset CTSIP_PASSWORD # each test says whether there is one
[ -x "$examples/registrar" ] ||
  skip 'the example registrar is not built: it needs mbedTLS (Debian: libmbedtls-dev)'
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

# start_registrar <options>: sets `port` as soon as it listens, and `registrar` to its process.
start_registrar() {
  mkfifo lines
  "$examples/registrar" --port 0 --md5 "$@" > lines 2> registrar.errors.log &
  registrar=$! && started+=("$registrar")
  exec 3< lines
  await 'listening on '
  port=${line##*:}
}

# await <text>: reads the lines of the registrar until one begins with it.
await() {
  while read -r -t 20 line <&3; do
    echo "$line" >> registrar.log
    [ "${line#"$1"}" = "$line" ] || return 0
  done
  fail "the registrar does not say: $1"
}

# Ends the registrar as a user would, and checks that it leaves cleanly.
stop_registrar() {
  kill -TERM "$registrar"
  cat <&3 >> registrar.log
  wait "$registrar" || fail "the registrar ended with $?"
  tail -n 2 registrar.log
}

# said <text>: the registrar has printed it.
said() { grep -qF -- "$1" registrar.log || fail "the registrar did not say: $1"; }

# users <number> <password>: a user and his credentials a line, as SIPp reads them.
users() {
  { echo SEQUENTIAL
    seq 1 "$1" | sed "s/.*/user&;[authentication username=user& password=$2]/"; } > users.csv
}

# sipp_registers <number> <rate> <scenario>: all of it has to go as the scenario says.
sipp_registers() {
  local result=0
  sipp "$host:$port" -i "$host" -m "$1" -r "$2" -l "$1" -nostdin -timeout 60s -timeout_error \
    -sf "$scenarios/$3.xml" -inf users.csv -key seconds 600 -trace_err -error_file errors.log \
    -trace_stat -stf statistics.csv -fd 1 > sipp.log 2>&1 || result=$?
  [ "$result" = 0 ] || fail "SIPp ended with $result"
  expect SuccessfulCall "$1"
  expect FailedCall 0
  expect DeadCallMsgs 0
  expect OutOfCallMsgs 0
}
# expect <column> <value>: of SIPp's statistics, cumulated.
expect() {
  local got
  got=$(awk -F';' -v name="$1(C)" '
    NR == 1 { for (i = 1; i <= NF; ++i) if ($i == name) column = i }
    { last = $column }
    END { print last }' statistics.csv)
  [ "$got" = "$2" ] || fail "$1 is $got, not $2"
}

# sipsak_registers <expected exit code> <options>
sipsak_registers() {
  local result=0 expected=$1
  shift
  timeout 30 sipsak -U -i -vv "$@" >> sipsak.log 2>&1 || result=$?
  [ "$result" = "$expected" ] || fail "sipsak ended with $result, not $expected"
}

# documented <command>: its options, as the comment of registrar.cpp has them.
documented() {
  sed -n "s|^//   $1 ||p" "$scenarios/../../examples/registrar.cpp" | sed 's/  .*//' | grep .
}

# start_phone <options>: sets `phone` to the process of a `register` of alice.
start_phone() {
  "$examples/register" --to "$host:$port" --user alice --password secret --expires 4 "$@" \
    >> register.log 2>&1 &
  phone=$! && started+=("$phone")
}
# binds: the next to be bound, of whom `contact` is set.
binds() {
  await 'bound sip:alice@'
  contact=${line##* at } && contact=${contact%% for *}
}
# leaves <phone> <contact>: and the registrar has removed that binding.
leaves() {
  kill -TERM "$1"
  wait "$1" || fail "register ended with $?"
  await "removed sip:alice@$host at $2"
}

# start_baresip <password> <seconds>: registers alice, leaves and takes the binding back.
start_baresip() {
  mkdir home
  local modules=/usr/lib/baresip/modules
  [ -d "$modules" ] || modules=$(dirname "$(find /usr/lib -path '*/baresip/modules/account.so' | head -n 1)")
  printf '%s\n' "sip_listen $host:0" "module_path $modules" 'module_app account.so' > home/config
  echo "<sip:alice@$host:$port>;auth_user=alice;auth_pass=$1;regint=60" > home/accounts
  : > home/contacts
  HOME=$work/home timeout -k 5 30 baresip -f "$work/home" -t "$2" > baresip.log 2>&1 &
  baresip=$! && started+=("$baresip")
}

# A port where nobody listens, below those that are given to programs that ask for any.
free_port() {
  local candidate
  until candidate=$((20000 + RANDOM % 12000)) &&
    ! grep -qi ":$(printf %04X "$candidate") " /proc/net/udp; do :; done
  echo "$candidate"
}
# registers_with <program> <first> <bound> [<second> <kept>]: SIPp is the registrar, and answers so.
# Sets `phone`.
registers_with() {
  local program=$1 log=$1.log
  shift
  port=$(free_port)
  sed -e "s/\[first]/$1/" -e "s/\[bound]/$2/" -e "s/\[second]/${3-200 OK}/" -e "s/\[kept]/${4-0}/" \
    "$scenarios/answers.xml" > answers.xml
  sipp -i "$host" -p "$port" -nostdin -timeout 60s -sf answers.xml > sipp.log 2>&1 &
  started+=("$!")
  "$examples/$program" --to "$host:$port" --user alice --expires 60 > "$log" 2>&1 &
  phone=$! && started+=("$phone")
}
# says <program> <text>: within 10 s.
says() {
  local tries
  for tries in {1..200}; do
    ! grep -qF -- "$2" "$1.log" || return 0
    sleep 0.05
  done
  fail "$1 does not say: $2"
}
# ends_with <exit code>: the phone, within 10 s.
ends_with() {
  local tries code=0
  for tries in {1..200}; do
    kill -0 "$phone" 2>/dev/null || break
    sleep 0.05
  done
  ! kill -0 "$phone" 2>/dev/null || fail 'it does not end'
  wait "$phone" || code=$?
  [ "$code" = "$1" ] || fail "it ended with $code, not $1"
}

case $test in
sipp) # 1,000 users, one a millisecond
  users 1000 secret
  start_registrar --password secret --quiet
  sipp_registers 1000 1000 register
  stop_registrar
  said '1000 registered, 1000 challenged, 0 with a wrong password, 0 refused, 0 bindings expired, 1000 are left'
  ;;
sipp_wrong_password)
  users 100 guess
  start_registrar --password secret --quiet
  sipp_registers 100 100 refused
  stop_registrar
  said '0 registered, 200 challenged, 100 with a wrong password, 100 refused, 0 bindings expired, 0 are left'
  ;;
sipp_without_password)
  users 100 none
  start_registrar --quiet
  sipp_registers 100 100 unchallenged
  stop_registrar
  said '200 registered, 0 challenged, 0 with a wrong password, 0 refused, 0 bindings expired, 0 are left'
  ;;
sipsak)
  options=$(documented ./registrar) || fail 'registrar.cpp does not say how to start it'
  start_registrar ${options/--port 5060/}
  contact=sip:alice@$host:5070
  options=$(documented sipsak) || fail 'registrar.cpp does not say what to try'
  options=${options/$host:5060/$host:$port}
  sipsak_registers 0 ${options/-U -i /}
  await 'bound sip:alice@'
  sipsak_registers 0 -s "sip:alice@$host:$port" -C "$contact" -u alice -a secret -x 180
  await 'refreshed sip:alice@'
  sipsak_registers 2 -s "sip:alice@$host:$port" -C "$contact" -u alice -a guess -x 120
  await "refused sip:alice@"
  [ "${line##*: }" = '401 Unauthorized' ] || fail "not because of the password: $line"
  sipsak_registers 1 -s "sip:alice@$host:$port" -C "$contact" -u alice -a secret -x 5
  await "refused sip:alice@"
  [ "${line##*: }" = '423 Interval Too Brief' ] || fail "not because of the interval: $line"
  sipsak_registers 1 -s "sip:alice@$host:$port" -C "$contact" -u alice -a secret
  await "refused sip:alice@"
  [ "${line##*: }" = '423 Interval Too Brief' ] || fail "not because of the interval: $line"
  sipsak_registers 1 -s "sip:bob@$host:$port" -C "$contact" -u alice -a secret -x 120
  await "refused sip:bob@"
  [ "${line##*: }" = '403 Forbidden' ] || fail "not because of the user: $line"
  sipsak_registers 0 -s "sip:alice@$host:$port" -C '*' -u alice -a secret -x 0
  await 'removed sip:alice@'
  timeout 30 sipsak -i -vv -s "sip:$host:$port" >> sipsak.log 2>&1 || fail "OPTIONS: sipsak ended with $?"
  stop_registrar
  ;;
baresip)
  start_registrar --user alice --password secret
  start_baresip secret 3
  await 'bound sip:alice@'
  await 'removed sip:alice@'
  wait "$baresip" || fail "baresip ended with $?"
  stop_registrar
  said '0 with a wrong password, 0 refused, 0 bindings expired, 0 are left'
  ;;
baresip_wrong_password)
  start_registrar --user alice --password secret
  start_baresip guess 3
  await 'refused sip:alice@'
  [ "${line##*: }" = '401 Unauthorized' ] || fail "not because of the password: $line"
  wait "$baresip" || fail "baresip ended with $?"
  stop_registrar
  said '0 registered, '
  ;;
# Two phones of one user know nothing of each other: each has its binding, one leaves, and that of
# the other is refreshed.
two_phones | two_instances)
  start_registrar --user alice --password secret --expires 1
  one=() other=()
  if [ "$test" = two_instances ]; then
    one=(--instance urn:uuid:00000000-0000-1000-8000-000000000001)
    other=(--instance urn:uuid:00000000-0000-1000-8000-000000000002)
  fi
  start_phone "${one[@]}" && first=$phone
  binds && first_contact=$contact
  start_phone "${other[@]}" && second=$phone
  binds && second_contact=$contact
  [ "$first_contact" != "$second_contact" ] || fail 'there is one contact for both'
  if [ "$test" = two_instances ]; then
    # A phone that comes back from another port takes its own binding over (RFC 5626 6).
    kill -KILL "$first" && wait "$first" 2>/dev/null || true
    start_phone "${one[@]}" && first=$phone
    until await 'refreshed sip:alice@' && [[ $line != *"$second_contact"* ]] &&
      [[ $line != *" $first_contact "* ]]; do :; done
    first_contact=${line##* at } && first_contact=${first_contact%% for *}
  fi
  leaves "$first" "$first_contact"
  await "refreshed sip:alice@$host at $second_contact"
  leaves "$second" "$second_contact"
  stop_registrar
  said '0 with a wrong password, 0 refused, 0 bindings expired, 0 are left'
  ;;
# What both phones make of a registrar that does not do what it is asked for: a line, and an end.
sipp_redirects)
  for program in register phone; do
    registers_with $program '302 Moved Temporarily' 60
    says $program 'not registered: redirected'
    ends_with 1
  done
  ;;
sipp_binds_nothing)
  for program in register phone; do
    registers_with $program '200 OK' 0
    says $program 'not registered: removed'
    kill -TERM "$phone"
    ends_with 0
  done
  ;;
sipp_lets_it_expire) # the refresh fails
  for program in register phone; do
    registers_with $program '200 OK' 2 '503 Service Unavailable' 0
    says $program 'registered'
    says $program '503 Service Unavailable'
    says $program 'not registered: expired'
    kill -TERM "$phone"
    ends_with 0
  done
  ;;
sipp_redirects_the_removal)
  for program in register phone; do
    registers_with $program '200 OK' 60 '302 Moved Temporarily' 60
    says $program 'registered'
    kill -TERM "$phone"
    ends_with 1
    says $program 'not registered: redirected'
  done
  ;;
sipp_keeps_the_binding) # a 2xx to a removal that still lists the Contact
  for program in register phone; do
    registers_with $program '200 OK' 60 '200 OK' 60
    says $program 'registered'
    kill -TERM "$phone"
    ends_with 1
    says $program 'still registered'
  done
  ;;
sipp_removes)
  for program in register phone; do
    registers_with $program '200 OK' 60 '200 OK' 0
    says $program 'registered'
    kill -TERM "$phone"
    ends_with 0
    says $program 'unregistered'
  done
  ;;
*) fail 'there is no such test' ;;
esac
