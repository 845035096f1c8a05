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
    [ ${#files[@]} -gt 0 ] || files=(devices exec freezer lifecycle limits user-namespace)
    # Made on this machine: to look for the libraries of programs takes twenty times as long in the guest.
    place=$(mktemp -d "${TMPDIR:-/tmp}/minirun-test-rootfs.XXXXXX")
    trap 'rm -rf --one-file-system "$place"' EXIT
    node --import tsx -e 'import(process.argv[1]).then((it) => it.makeRootfs(process.argv[2]))' \
      "$PWD/tests/integration/runtime/support/rootfs.ts" "$place/rootfs"
    # Layers of an overlay can't lie on one: the guest's root is, its /run isn't.
    export RUNTIME_TEST_DIR=/run RUNTIME_TEST_ROOTFS=$place/rootfs
    tests/vm/run-in-vm.sh "${vitest[@]}" "${files[@]}"
    ;;
  *)
    sed -n '2,4s/^# \?//p' "$0" >&2
    exit 2
    ;;
esac
