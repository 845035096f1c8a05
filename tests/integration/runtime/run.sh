#!/bin/bash
# Runs the runtime's tests.   tests/integration/runtime/run.sh host|vm [FILE...]
#   host  all of them on this machine's kernel, in a mount namespace of their own: nothing that they mount can leak
#   vm    those that differ between the versions of cgroup, on the v2 tree of the kernel that UML_KERNEL names
set -euo pipefail
cd "$(dirname "$0")/../../.."

vitest=(node_modules/.bin/vitest run --project runtime)
case ${1:-} in
  host)
    exec unshare --mount --propagation private "${vitest[@]}" "${@:2}"
    ;;
  vm)
    files=("${@:2}")
    [ ${#files[@]} -gt 0 ] || files=(exec freezer lifecycle limits user-namespace)
    # Layers of an overlay can't lie on one: the guest's root is, its /run isn't.
    export RUNTIME_TEST_DIR=/run
    exec tests/vm/run-in-vm.sh "${vitest[@]}" "${files[@]}"
    ;;
  *)
    sed -n '2,4s/^# \?//p' "$0" >&2
    exit 2
    ;;
esac
