# baresip in a test: a telephone without a window, told what to do over TCP (its module ctrl_tcp),
# where it tells what has come to pass. Its microphone has a tone of 440 Hz. To be sourced by bash
# after processes.sh. Without baresip the test is skipped.

need baresip baresip-core
modules=/usr/lib/baresip/modules
[ -d "$modules" ] ||
  modules=$(dirname "$(find /usr/lib -path '*/baresip/modules/ctrl_tcp.so' | head -n 1)")
for module in account menu ctrl_tcp g711 ausine aubridge; do
  [ -e "$modules/$module.so" ] || skip "baresip has no module $module (Debian: baresip-core)"
done

# start_baresip <address> <account parameters>: sets `baresip_port`, and `baresip` to its process.
start_baresip() {
  local control
  baresip_port=$(free_port)
  until control=$(free_port) && ((control != baresip_port && control != baresip_port + 1)); do :; done
  mkdir home
  printf '%s\n' "sip_listen $host:$baresip_port" "net_interface $host" \
    "ctrl_tcp_listen $host:$control" "module_path $modules" \
    'module g711.so' 'module ausine.so' 'module aubridge.so' \
    'module_app account.so' 'module_app menu.so' 'module_app ctrl_tcp.so' \
    'audio_source ausine,440' 'ausrc_srate 48000' 'ausrc_channels 2' \
    'audio_player aubridge,none' 'ring_aufile none' 'ringback_aufile none' > home/config
  echo "<sip:carol@$1>;audio_codecs=pcmu;${2-}" > home/accounts
  : > home/contacts
  : > baresip.log
  HOME=$PWD/home baresip -f "$PWD/home" -t 55 > baresip.log 2>&1 &
  baresip=$!
  within 10 grep -q 'baresip is ready' baresip.log || fail 'baresip does not start'
  exec 5<> "/dev/tcp/$host/$control" || fail 'baresip takes no commands'
  : > events.log
  cat <&5 >> events.log 2>/dev/null &
}
# It may have registered before anybody could be told of it.
baresip_registers() {
  within 10 grep -q '200 OK .*\[1 binding\]' baresip.log || fail 'baresip does not register'
}
# tell <command> [<its parameter>]: as a JSON object in a netstring.
tell() {
  local text="{\"command\":\"$1\",\"params\":\"${2-}\"}"
  printf '%d:%s,' ${#text} "$text" >&5
}
# hears <event>: baresip tells it. Its events have no line of their own.
hears() { within 10 grep -qF "\"type\":\"$1\"" events.log || fail "baresip does not tell $1"; }
stop_baresip() {
  tell quit
  within 10 has_ended "$baresip" || fail 'baresip does not end'
}
