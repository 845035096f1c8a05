# shellcheck shell=bash disable=SC2154
# The part of deploy.sh for another machine (--host): everything but the shipping happens there, by the shipped release's
# own deploy.sh. Sourced by deploy.sh, whose variables and functions it uses.

# on_host COMMAND…: as root there; its input and output are this one's.
on_host() {
  local command
  command=$(printf '%q ' "$@")
  "${ssh[@]}" "$host" "if [ \"\$(id -u)\" = 0 ]; then exec $command; else exec sudo -n -- $command; fi"
}

# ship FOLDER: the packed release to a new folder there, which nothing looks at. Hard links become files of their own.
ship() {
  # shellcheck disable=SC2016 # $1 is the other shell's
  tar -C "$packed" --owner=0 --group=0 --create . |
    on_host bash -c 'umask 022 && mkdir -p "$1" && tar -C "$1" --extract --no-same-owner --preserve-permissions' bash "$1"
}

deploy_to_host() {
  local began=$EPOCHREALTIME folder code=0
  step "Reaching $host" on_host true </dev/null || fail "nothing was changed."
  work=$(mktemp -d)
  build_and_pack "$work"
  folder=$releases/.shipped-$name-$$
  step "Shipping to $host" ship "$folder" || fail "nothing was changed on $host."
  on_host bash "$folder/scripts/deploy.sh" --prefix "$prefix" --keep "$keep" --probe-seconds "$probe_seconds" \
    ${service:+--service} --shipped "$name" </dev/null || code=$?
  if [ "$code" = 255 ]; then
    say "The connection to $host is lost. What was begun there comes to its end by itself: see $prefix/deploy.log on it."
    code=1
  fi
  [ "$code" != 0 ] || say "Deployed to $host in $(seconds_since "$began") s, with build and shipping."
  return "$code"
}
