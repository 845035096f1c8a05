#!/usr/bin/env bash
# Deploys this clone to a folder of this machine, or of another one by ssh: builds, packs a release, checks it, ships it,
# switches a link to it, restarts, probes /health, and goes back by itself when the probe fails. Containers go on all the
# while. On another machine the shipped release's own copy of this script does what comes after the shipping.
#
#   PREFIX/releases/VERSION-COMMIT-HASH   what was deployed, the last three
#   PREFIX/current                        a link to the one that runs
#   PREFIX/etc/minirun.env                settings, KEY=VALUE a line, as systemd's EnvironmentFile has them
#   PREFIX/deploy.log                     the last activation
#
# An activation runs in a session of its own, so it comes to its end, forwards or back, when this script is killed or its
# terminal is lost. What a crash of the machine leaves half done is in PREFIX/activating and is taken back by the next run.
set -euo pipefail

source=$(dirname "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")")
prefix='' build=yes keep=3 probe_seconds=60 service='' activate='' host='' shipped='' work='' ssh=(ssh -o BatchMode=yes)

usage() {
  cat <<'USAGE'
Usage: scripts/deploy.sh --prefix FOLDER [OPTION…]

  --host [USER@]NAME    deploy to that machine by ssh, as its root or by its sudo; FOLDER is there
  --ssh-config FILE     what ssh reads in place of the user's own configuration
  --no-build            deploy the build that is there
  --keep N              releases to keep (3)
  --probe-seconds N     how long /health may take before it goes back (60; a first start has 120 at least)
  --service             restart by systemd: installs the units of systemd/ for this prefix and uses systemctl

Exit codes: 0 deployed · 1 refused, or failed and went back · 2 wrong usage · 3 neither the new nor the old one serves
USAGE
}

say() { printf '%s\n' "$*"; }
fail() { printf 'deploy: %s\n' "$*" >&2; exit 1; }
wrong() { printf 'deploy: %s\n' "$*" >&2; usage >&2; exit 2; }

# step TITLE COMMAND…: a line with its time; on failure the end of what the command wrote. Returns the command's code.
step() {
  local title=$1 from=$EPOCHREALTIME code=0 output
  shift
  printf '%-46s' "$title …"
  output=$(mktemp)
  "$@" >"$output" 2>&1 || code=$?
  if [ "$code" = 0 ]; then
    say "$(seconds_since "$from") s"
  else
    say " failed after $(seconds_since "$from") s"
    tail -n 20 "$output" | sed 's/^/    /'
  fi
  rm -f "$output"
  return "$code"
}

seconds_since() { awk -v a="$1" -v b="$EPOCHREALTIME" 'BEGIN { printf "%6.1f", b - a }'; }

number() { [[ $2 =~ ^[1-9][0-9]*$ ]] || wrong "$1 wants a number above 0, and not '$2'."; }

while [ $# -gt 0 ]; do
  case $1 in
    --prefix | --host | --ssh-config | --keep | --probe-seconds | --activate | --shipped)
      [ $# -ge 2 ] || wrong "$1 wants a value."
      case $1 in
        --prefix) prefix=$2 ;;
        --keep) number "$1" "$2" && keep=$2 ;;
        --probe-seconds) number "$1" "$2" && probe_seconds=$2 ;;
        --host) host=$2 ;;
        --ssh-config) ssh+=(-F "$2") ;;
        --activate) activate=$2 ;; # the session that this script starts for itself
        --shipped) shipped=$2 ;;   # this script lies in the release of that name, which has come from elsewhere
      esac
      shift 2
      ;;
    --no-build) build=no && shift ;;
    --service) service=minirun.service && shift ;;
    -h | --help) usage && exit 0 ;;
    *) wrong "'$1' is no option." ;;
  esac
done
[ -n "$prefix" ] || wrong "--prefix is missing."
[[ $host != -* ]] || wrong "--host wants a machine's name, and not '$host'."
[ "$(id -u)" = 0 ] || fail "it needs root: it makes files that root alone may write, and restarts MiniRun."
[ -z "$service" ] || [ -n "$host" ] || [ -d /run/systemd/system ] || fail "--service: systemd does not run on this machine."
prefix=$(realpath -m -- "$prefix")
[[ $prefix =~ ^/[A-Za-z0-9._/-]+$ ]] || fail "'$prefix' has characters that unit files and settings do not take."
releases=$prefix/releases journal=$prefix/activating

# The settings as arguments of env(1). The caller's own MINIRUN_* do not count: systemd would not see them either.
read_settings() {
  local line
  settings=("PATH=$PATH" "HOME=/root" "LANG=C.UTF-8")
  while IFS= read -r line || [ -n "$line" ]; do
    case $line in
      '' | '#'*) ;;
      [A-Z]*=*) settings+=("$line") ;;
      *) fail "$prefix/etc/minirun.env: '$line' is not KEY=VALUE." ;;
    esac
  done <"$prefix/etc/minirun.env"
}

setting() { printf '%s\n' "${settings[@]}" | sed -n "s/^$1=//p" | tail -n 1; }

make_settings() {
  local run=$prefix/run
  [ -z "$service" ] || run=/run/minirun
  mkdir -p "$releases" "$prefix/etc"
  chmod 755 "$prefix" "$releases"
  [ -e "$prefix/etc/minirun.env" ] && return
  (umask 077 && printf '%s\n' "# Settings of this installation; see docs/deployment.md." "MINIRUN_HOME=$prefix/state" \
    "MINIRUN_RUN=$run" "MINIRUN_CONFIG=$prefix/etc/config.json" >"$prefix/etc/minirun.env.tmp")
  mv "$prefix/etc/minirun.env.tmp" "$prefix/etc/minirun.env"
}

# cli RELEASE VERB…: that release's own program with the settings; the lock is not its to keep.
cli() {
  local release=$1
  shift
  (cd / && exec env -i "${settings[@]}" node "$releases/$release/dist/cli.js" "$@" 9>&-)
}

current() { [ ! -L "$prefix/current" ] || basename "$(readlink "$prefix/current")"; }

# A new link moved over the old one: at no moment is there none. No release, no link.
point_to() {
  if [ -z "$1" ]; then
    rm -f "$prefix/current"
  else
    ln -sfn "releases/$1" "$prefix/.current.tmp"
    mv -T "$prefix/.current.tmp" "$prefix/current"
  fi
  sync -f "$prefix"
}

start() {
  if [ -n "$service" ]; then
    systemctl start "$service"
  else
    (cd / && exec setsid env -i "${settings[@]}" node --enable-source-maps "$releases/$1/dist/cli.js" supervise \
      </dev/null >/dev/null 2>"$prefix/start.log" 9>&-) &
  fi
}

# Supervisors of this prefix's releases, one that has just begun and does not show in the run folder yet among them.
supervisors() {
  local file
  while read -r file; do
    ! grep -zqx supervise "$file" 2>/dev/null || basename "$(dirname "$file")"
  done < <(grep -zlx -- "$releases/[^/]*/dist/cli.js" /proc/[0-9]*/cmdline 2>/dev/null)
}

stop() {
  local pid
  if [ -n "$service" ]; then
    systemctl stop "$service"
    return
  fi
  cli "$1" down
  for pid in $(supervisors); do
    kill "$pid" 2>/dev/null || continue
    tail --pid="$pid" -s 0.1 -f /dev/null
    cli "$1" down
  done
}

# serves RELEASE SECONDS any|ok
serves() {
  local run
  run=$(setting MINIRUN_RUN)
  node "$source/scripts/probe-health.mjs" "${run:-/run/minirun}" "${1##*-}" "$2" "$3" "$BASHPID" 9>&- && return
  [ ! -s "$prefix/start.log" ] || tail -n 5 "$prefix/start.log"
  return 1
}

# go_back FROM TO: what served before serves again; the journal goes when it does.
go_back() {
  step "Stopping $1" stop "${2:-$1}" || true # by the program that is known to work
  if [ -z "$2" ]; then
    point_to ''
    rm -f "$journal"
    return
  fi
  step "Switching back to $2" point_to "$2" || return 3
  step "Starting $2" start "$2" || return 3
  step "Probing /health of $2" serves "$2" 120 any || return 3
  rm -f "$journal"
}

write_journal() {
  printf 'new=%s\nold=%s\n' "$1" "$2" >"$journal.tmp"
  sync "$journal.tmp"
  mv "$journal.tmp" "$journal"
}

# What an activation that did not come to its end has left: the release from before serves again.
recover() {
  local new old
  [ -e "$journal" ] || return 0
  new=$(sed -n 's/^new=//p' "$journal")
  old=$(sed -n 's/^old=//p' "$journal")
  say "The activation of $new did not come to its end; going back to ${old:-nothing}."
  if ! go_back "$new" "$old"; then
    say "$old does not serve either: see $(setting MINIRUN_HOME)/logs."
    exit 3
  fi
}

# From here to its end nothing but this is between two releases. Runs in a session of its own.
activate() {
  local new=$1 old want=any seconds=$probe_seconds from
  old=$(current)
  if [ -z "$old" ]; then
    want=ok
    [ "$seconds" -ge 120 ] || [ "$probe_seconds" != 60 ] || seconds=120
  elif serves "$old" 1 ok >/dev/null; then
    want=ok # it was well before, so it has to be afterwards
  fi
  write_journal "$new" "$old"
  from=$EPOCHREALTIME
  if step "Stopping ${old:-what runs}" stop "${old:-$new}" &&
    step "Switching to $new" point_to "$new" &&
    step "Starting $new" start "$new" &&
    step "Probing /health of $new" serves "$new" "$seconds" "$want"; then
    rm -f "$journal"
    say "$new serves; from stop to answer $(seconds_since "$from") s."
    return
  fi
  say "$new does not serve; going back to ${old:-nothing}."
  if ! go_back "$new" "$old"; then
    say "$old does not serve either: see $(setting MINIRUN_HOME)/logs."
    return 3
  fi
  say "${old:-Nothing} serves as before."
  return 1
}

# What is built already is not built again; on a bare Debian machine what building needs is installed first.
build_tree() { "$source/minirun" build 9>&-; }

# pack: the release below a name that nothing looks at; its hash in `hash`.
pack() {
  rm -rf --one-file-system "$packed"
  (cd / && exec env -i PATH="$PATH" HOME=/root node "$source/dist/cli.js" pack "$packed" 9>&-) >"$packed.hash"
  install -m 755 "$source/minirun" "$packed/minirun"
  mkdir -p "$packed/systemd" "$packed/scripts"
  install -m 644 "$source"/systemd/* "$packed/systemd"
  install -m 644 "$source/scripts/deploy.sh" "$source/scripts/probe-health.mjs" "$packed/scripts"
}

# What would fail at once is found while the old release still serves.
check() {
  local program
  for program in server worker cli; do
    node --check "$packed/dist/$program.js" || return
  done
  node -e 'require(process.argv[1])' "$packed/native/build/Release/minirun.node" || return
  "$packed/native/build/Release/minirun-oci" --version || return
  [ "$(node "$packed/dist/cli.js" --version)" = "$version" ]
}

clean_up() {
  rm -rf --one-file-system "$packed" "$packed.hash"
  [ -z "$work" ] || rm -rf --one-file-system "$work"
}

# build_and_pack FOLDER: the release in `packed`, below the folder, and what it is to be called in `name`.
build_and_pack() {
  local commit
  packed=$1/.packing
  trap clean_up EXIT
  [ "$build" = no ] || step "Building" build_tree || fail "nothing was changed."
  [ -e "$source/dist/cli.js" ] || fail "$source/dist/cli.js is missing: nothing is built. Leave --no-build out."
  version=$(node -p 'require(process.argv[1]).version' "$source/package.json")
  commit=$(git -C "$source" rev-parse --short=8 HEAD 2>/dev/null || echo source)
  step "Packing the release" pack || fail "nothing was changed."
  step "Checking the release" check || fail "this build does not run; nothing was changed."
  name=$version-$commit-$(tail -n 1 "$packed.hash")
}

# The release that this script lies in was packed elsewhere; it goes away again unless it is deployed.
claim_shipped() {
  packed=$source name=$shipped version=${shipped%%-*}
  [[ $packed == "$releases"/.shipped-* ]] || fail "'$packed' is no release that was shipped to $releases."
  [[ $name =~ ^[A-Za-z0-9.+-]+-[0-9a-f]{12}$ ]] || fail "'$name' is no release's name."
  trap clean_up EXIT
}

remove_old() {
  local name kept=0
  find "$releases" -mindepth 1 -maxdepth 1 -name '.shipped-*' -mmin +60 -exec rm -rf --one-file-system {} +
  while read -r _ name; do
    kept=$((kept + 1))
    [ "$kept" -le "$keep" ] || [ "$name" = "$(current)" ] || [ "$name" = "$before" ] ||
      rm -rf --one-file-system "${releases:?}/$name"
  done < <(find "$releases" -mindepth 1 -maxdepth 1 -type d ! -name '.*' -printf '%T@ %f\n' | sort -rn)
}

# PREFIX/bin/minirun: the command line of the release that serves, with the settings of this installation.
write_command() {
  mkdir -p "$prefix/bin"
  cat >"$prefix/bin/minirun.tmp" <<COMMAND
#!/bin/sh
[ -r '$prefix/etc/minirun.env' ] || { echo "minirun: only root reads the settings of $prefix; try sudo." >&2; exit 1; }
while IFS= read -r line; do
  case \$line in [A-Z]*=*) export "\$line" ;; esac
done <'$prefix/etc/minirun.env'
exec node '$prefix/current/dist/cli.js' "\$@"
COMMAND
  chmod 755 "$prefix/bin/minirun.tmp"
  mv "$prefix/bin/minirun.tmp" "$prefix/bin/minirun"
}

# The web's unit starts and stops with the supervisor's.
install_units() {
  local unit user
  user=$(setting MINIRUN_WEB_USER)
  for unit in minirun.service minirun-web.service; do
    sed "s|/opt/minirun|$prefix|g; s|^\(User\|Group\)=.*|\1=${user:-minirun-web}|" "$source/systemd/$unit" \
      >"/etc/systemd/system/$unit.tmp" || return
    mv "/etc/systemd/system/$unit.tmp" "/etc/systemd/system/$unit" || return
  done
  systemctl daemon-reload && systemctl enable minirun.service minirun-web.service
}

# The activation's output goes by a file: a pipe would break when this script is killed.
activate_apart() {
  local pid code=0
  : >"$prefix/deploy.log"
  setsid bash "$source/scripts/deploy.sh" --prefix "$prefix" --probe-seconds "$probe_seconds" ${service:+--service} \
    --activate "$1" </dev/null >>"$prefix/deploy.log" 2>&1 &
  pid=$!
  tail -n +1 -f -s 0.1 --pid="$pid" "$prefix/deploy.log" 9>&- &
  wait "$pid" || code=$?
  wait $! || true
  return "$code"
}

if [ -n "$activate" ]; then
  read_settings # the lock is held by descriptor 9, which came from the script that started this
  activate "$activate"
  exit
fi

if [ -n "$host" ]; then
  # shellcheck source=scripts/deploy-host.sh
  . "$source/scripts/deploy-host.sh"
  deploy_to_host
  exit
fi

[ -z "$shipped" ] || claim_shipped
make_settings
exec 9>"$prefix/deploy.lock"
flock -n 9 || fail "another deployment to $prefix runs; see $prefix/deploy.log."
read_settings
began=$EPOCHREALTIME
recover

if [ -z "$shipped" ]; then
  build_and_pack "$releases"
else
  step "Checking the release on this machine" check || fail "this build does not run here; nothing was changed."
fi
before=$(current)
if [ -d "$releases/$name" ]; then
  say "$name was deployed before; its folder is used again."
else
  mv -T "$packed" "$releases/$name"
fi
[ -z "$shipped" ] || source=$releases/$name # the shipped folder is not there any more, or will not be
touch "$releases/$name"
[ -z "$service" ] || step "Installing the units" install_units || fail "the units could not be installed; nothing was restarted."

write_command
code=0
activate_apart "$name" || code=$?
if [ "$code" -gt 3 ]; then # it was killed
  recover
  code=1
fi
[ "$code" = 0 ] || exit "$code"
step "Keeping the last $keep releases" remove_old || true
say "Deployed to $prefix in $(seconds_since "$began") s."
