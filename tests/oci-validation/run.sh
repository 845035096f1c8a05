#!/bin/bash
# Runs the OCI runtime validation suite (github.com/opencontainers/runtime-tools, 260e151 or later) and prints a table.
#   tests/oci-validation/run.sh CHECKOUT [RUNTIME]   as root; RUNTIME is minirun-oci's build unless named
# CHECKOUT is the suite with its programs built, as its README says. Each program's output is kept in the folder that
# OUT names (a temporary one, which the last line tells). ONLY='create start' runs some programs.
# A program is clean when it asserted something, nothing failed, and it ended with 0.
set -euo pipefail

here=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
[ $# -ge 1 ] || { sed -n '2,6s/^# \?//p' "$0" >&2; exit 2; }
checkout=$(readlink -f "$1")
runtime=$(readlink -f "${2:-$here/../../native/build/Release/minirun-oci}")
[ -x "$checkout/runtimetest" ] || { echo "$checkout has no runtimetest: build the suite first, as its README says" >&2; exit 2; }
[ -x "$runtime" ] || { echo "$runtime is not a program" >&2; exit 2; }

# All that the suite and the runtimes mount, and their state, is in a mount namespace of its own.
if [ -z "${IN_OWN_NAMESPACE:-}" ]; then
  export IN_OWN_NAMESPACE=1 OUT=${OUT:-$(mktemp -d "${TMPDIR:-/tmp}/oci-validation.XXXXXX")}
  mkdir -p "$OUT"
  exec unshare --mount --propagation private "$0" "$checkout" "$runtime"
fi
mount -t tmpfs tmpfs /run
# Where the host has v1 controllers beside a v2 tree: crun refuses such a mixture.
if mountpoint -q /sys/fs/cgroup/unified; then umount /sys/fs/cgroup/unified; fi

# verdict FILE CODE: how many assertions held, failed and were skipped, and what that comes to.
verdict() {
  awk -v code="$2" '
    { sub(/^[ \t]+/, "") }
    /^ok .*# *(SKIP|skip|TODO)/ { skipped++; next }
    /^ok / { held++ }
    /^not ok / { if ($0 ~ /# *(SKIP|TODO)/) skipped++; else failed++ }
    END {
      what = failed || code ? "fails" : held ? "clean" : "asserts nothing"
      printf "%d %d %d %s\n", held, failed, skipped, what
    }' "$1"
}

cd "$checkout"
export RUNTIME=$runtime
printf '%-40s %6s %6s %7s %4s %6s  %s\n' program ok not-ok skipped code time verdict
declare -A total
for program in validation/*/*.t; do
  name=$(basename "$program" .t)
  [ -z "${ONLY:-}" ] || [[ " $ONLY " == *" $name "* ]] || continue
  began=$EPOCHREALTIME code=0
  timeout "${LIMIT:-120}" "$program" >"$OUT/$name" 2>"$OUT/$name.err" </dev/null || code=$?
  read -r held failed skipped what < <(verdict "$OUT/$name" "$code")
  seconds=$(awk -v a="$began" -v b="$EPOCHREALTIME" 'BEGIN { printf "%.1f", b - a }')
  printf '%-40s %6d %6d %7d %4d %6s  %s\n' "$name" "$held" "$failed" "$skipped" "$code" "$seconds" "$what"
  total[$what]=$((${total[$what]:-0} + 1))
done
echo
for what in clean 'asserts nothing' fails; do printf '%d %s, ' "${total[$what]:-0}" "$what"; done
printf 'with %s\noutput: %s\n' "$RUNTIME" "$OUT"
