#!/bin/bash
# Runs what Clang's sanitizers watch over.
#   native/fuzz/run.sh unit [ARG...]       the unit tests; arguments are doctest's
#   native/fuzz/run.sh fuzz [SECONDS]      each fuzzer for so long (10), two at a time
# What a fuzzer finds worth keeping goes on in build/sanitized/corpus; native/fuzz/corpus has what it begins with.
# An input that breaks something is written to build/sanitized/crash-*; to see it again: fuzz-NAME FILE.
set -euo pipefail
cd "$(dirname "$0")"
out=$(realpath -m ../build/sanitized)
export ASAN_OPTIONS=abort_on_error=1:detect_leaks=1 UBSAN_OPTIONS=print_stacktrace=1

build() {
  local began=$SECONDS
  make -s -j"$(nproc)" "$1"
  echo "built in $((SECONDS - began)) s"
}

# fuzz NAME SECONDS: one fuzzer; prints a line of what it did, or all that it said when it found something.
fuzz() {
  local name=$1 log=$out/fuzz-$1.log
  mkdir -p "$out/corpus/$name"
  if ! "$out/fuzz-$name" -max_total_time="$2" -max_len=16384 -timeout=20 -rss_limit_mb=1024 -dict="$out/keys.dict" \
    -artifact_prefix="$out/crash-$name-" -print_final_stats=1 "$out/corpus/$name" "corpus/$name" >"$log" 2>&1; then
    cat "$log"
    return 1
  fi
  awk -v name="$name" '
    / cov: / { for (i = 1; i < NF; i++) if ($i == "cov:") places = $(i + 1) }
    /number_of_executed_units/ { runs = $2 }
    END { printf "%-10s %9d inputs, %5d places reached\n", name, runs, places }' "$log"
}

case ${1:-} in
  unit)
    build unit
    # Containers have no libraries: their program is the one that is linked statically.
    export MINIRUN_TEST_PROGRAM=$out/../Release/minirun-native-test
    exec "$out/minirun-native-test" "${@:2}"
    ;;
  fuzz)
    build fuzzers
    export -f fuzz
    export out
    printf '%s\0' config seccomp protocol readers | xargs -0 -P2 -I{} bash -euo pipefail -c 'fuzz {} '"${2:-10}"
    ;;
  *)
    sed -n '2,4s/^# \?//p' "$0" >&2
    exit 2
    ;;
esac
