#!/bin/bash
# Runs a command on a kernel of its own, with a pure cgroup v2 tree: User-Mode Linux, an ordinary process.
#   UML_KERNEL=FILE tests/vm/run-in-vm.sh COMMAND [ARG...]
# The guest sees this machine's files at the same paths; what it writes is dropped when it ends. The command starts as
# root in the current directory, and its output and exit code come through. 125: the machine itself failed.
#   VM_MEMORY=1024M   VM_TIMEOUT=300 (seconds)   VM_DISKS="64M 4M" (empty ones: /dev/ubda, /dev/ubdb)
#   VM_SHARED="FOLDER..." (what the guest writes there stays)
set -euo pipefail

kernel=${UML_KERNEL:?names a User-Mode Linux kernel (make ARCH=um linux)}
[ $# -gt 0 ] || { sed -n '2,7s/^# \?//p' "$0" >&2; exit 125; }

# What guest and host share, writable from both: the command, its output, its exit code.
share=$(mktemp -d "${TMPDIR:-/tmp}/minirun-test-vm.XXXXXX")
machine=
clean_up() {
  [ -z "$machine" ] || kill "$machine" 2>/dev/null || true
  rm -rf --one-file-system "$share"
}
trap clean_up EXIT
touch "$share/output"

{
  export -p
  printf 'cd %q\nexec' "$PWD"
  printf ' %q' "$@"
  echo
} >"$share/command"

# The guest's first process. Its root is this machine's, read-only; a tmpfs above it takes the writes.
cat >"$share/init" <<INIT
#!/bin/bash
share=$share
shared="${VM_SHARED:-}"
INIT
cat >>"$share/init" <<'INIT'
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
power_off() { sync; mount -t proc proc /proc 2>/dev/null; echo o >/proc/sysrq-trigger; sleep 60; }
trap power_off EXIT
set -e
mount -t tmpfs tmpfs /mnt
mkdir /mnt/upper /mnt/work /mnt/root
mount -t overlay -o lowerdir=/,upperdir=/mnt/upper,workdir=/mnt/work overlay /mnt/root
cd /mnt/root
pivot_root . mnt
umount -l /mnt
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs dev /dev
mkdir -p /dev/pts /dev/shm /dev/mqueue "$share"
mount -t devpts -o ptmxmode=666,gid=5,mode=620 devpts /dev/pts
mount -t tmpfs -o mode=1777 tmpfs /dev/shm
mount -t tmpfs -o mode=755 tmpfs /run
ln -sfn /proc/self/fd /dev/fd
mount -t cgroup2 cgroup2 /sys/fs/cgroup
for name in $(cat /sys/fs/cgroup/cgroup.controllers); do echo "+$name" >/sys/fs/cgroup/cgroup.subtree_control; done
for folder in "$share" $shared; do mount -t hostfs -o "$folder" none "$folder"; done
ip link set lo up
code=0
setsid bash "$share/command" </dev/null >>"$share/output" 2>&1 || code=$?
echo "$code" >"$share/code"
INIT
chmod +x "$share/init"

disks=()
for size in ${VM_DISKS:-}; do
  truncate --size "$size" "$share/disk${#disks[@]}"
  disks+=("ubd${#disks[@]}=$share/disk${#disks[@]}")
done

timeout "${VM_TIMEOUT:-300}" "$kernel" "mem=${VM_MEMORY:-1024M}" root=/dev/root rootfstype=hostfs hostfs= ro quiet \
  "init=$share/init" "uml_dir=$share/" umid=machine "${disks[@]}" con=null con0=null,fd:2 ssl=null \
  </dev/null >"$share/console" 2>&1 &
machine=$!
tail -n +1 -s 0.2 -f --pid="$machine" "$share/output" &
reader=$!
wait "$machine" || true
machine=
wait "$reader" || true
[ -s "$share/code" ] && exit "$(cat "$share/code")"
{ echo "the virtual machine ended without an exit code; its console:"; tail -n 40 "$share/console"; } >&2
exit 125
