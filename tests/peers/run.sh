#!/bin/bash
# Runs podman and containerd with minirun-oci.   tests/peers/run.sh [FILTER...]   as root
# Installs Debian's packages where they are missing. Their storage, state and sockets lie in memory, in a mount namespace
# that ends with this.
set -euo pipefail
cd "$(dirname "$0")/../.."

packages=()
need() { command -v "$1" >/dev/null || packages+=("$2"); }
need podman podman
need conmon conmon
need containerd containerd
need ctr containerd
need busybox busybox-static
need script bsdutils
if [ ${#packages[@]} -gt 0 ]; then
  command -v apt-get >/dev/null || { echo "these packages are missing: ${packages[*]} (Debian's names)" >&2; exit 1; }
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${packages[@]}" >/dev/null
fi

if [ -z "${IN_OWN_NAMESPACE:-}" ]; then
  IN_OWN_NAMESPACE=1 exec unshare --mount --propagation private "$0" "$@"
fi
mkdir -p /var/lib/containers /var/lib/containerd
for place in /run /var/lib/containers /var/lib/containerd; do mount -t tmpfs tmpfs "$place"; done
exec node_modules/.bin/vitest run --project peers "$@"
