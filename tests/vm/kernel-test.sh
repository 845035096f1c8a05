#!/bin/bash
# Runs minirun-kernel-test on the v2 tree of the kernel that UML_KERNEL names.
#   tests/vm/kernel-test.sh [ARG...]      arguments are doctest's
set -euo pipefail
cd "$(dirname "$0")/../.."
case ${1:-} in
  --inside)
    mkswap /dev/ubda >/dev/null
    swapon /dev/ubda
    export MINIRUN_TEST_DISK=/dev/ubdb
    exec native/build/Release/minirun-kernel-test "${@:2}"
    ;;
  *)
    export VM_DISKS="64M 4M"
    exec tests/vm/run-in-vm.sh tests/vm/kernel-test.sh --inside "$@"
    ;;
esac
