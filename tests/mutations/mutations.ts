/** `before` stands in the file exactly once. */
export interface Change {
  file: string;
  before: string;
  after: string;
}

/** One guard, and how it is taken out. */
export interface Mutation extends Change {
  guards: string;
  /** Where the guard stands in two places. */
  also?: Change;
  /** The test that must fail then, by a part of its name. */
  test: string;
}

/** Every guard that tests/integration/runtime/cve.test.ts is about. */
export const mutations: Mutation[] = [
  {
    guards: "minirun-oci is executed from a mount that can't be written to",
    file: "native/runtime/main.cc",
    before: "if (enters_container(*verb)) {",
    after: "if (enters_container(*verb) && arguments.empty()) {",
    also: {
      file: "native/runtime/early_entry.cc",
      before: "if (stack[0] < 2 || !may_enter_container(argv + 1)) return map_image_ahead(stack);",
      after: "if (stack[0] > 0 || !may_enter_container(argv + 1)) return map_image_ahead(stack);",
    },
    test: "minirun-oci can't be overwritten",
  },
  {
    guards: "the shim's copy in memory is sealed",
    file: "native/addon/addon.cc",
    before: "F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE",
    after: "F_SEAL_GROW",
    test: "the shim is a copy in memory",
  },
  {
    guards: "kernel parameters are written through a procfs of the runtime's own",
    file: "native/core/sysctl.cc",
    before: "open_in_procfs(procfs, sysctl.path.c_str(), file)",
    after: 'open_in_procfs(procfs < 0 ? -1 : ::open("/proc", O_PATH | O_CLOEXEC), sysctl.path.c_str(), file)',
    test: "CVE-2019-16884",
  },
  {
    guards: "the same, where only the file is covered",
    file: "native/core/sysctl.cc",
    before: "open_in_procfs(procfs, sysctl.path.c_str(), file)",
    after: 'open_in_procfs(procfs < 0 ? -1 : ::open("/proc", O_PATH | O_CLOEXEC), sysctl.path.c_str(), file)',
    test: "CVE-2025-52881",
  },
  {
    guards: "the kernel's views are mounted on directories, not on links",
    file: "native/core/mounts.cc",
    before: "return kernel_view && !mount.bind ? RESOLVE_NO_SYMLINKS : 0;",
    after: "return kernel_view && mount.bind ? RESOLVE_NO_SYMLINKS : 0;",
    test: "CVE-2019-19921",
  },
  {
    guards: "sysfs is such a view",
    file: "native/core/mounts.cc",
    before: 'mount.type == "proc" || mount.type == "sysfs"',
    after: 'mount.type == "proc"',
    test: "CVE-2023-27561",
  },
  {
    guards: "mount points are resolved with the container's root as /",
    file: "native/core/beneath.cc",
    before: "how.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS | resolve;\n  int fd",
    after: "how.resolve = RESOLVE_NO_MAGICLINKS | resolve;\n  int fd",
    test: "CVE-2021-30465",
  },
  {
    guards: "mount points are made in a directory that was resolved so",
    file: "native/core/beneath.cc",
    before: "return ::mkdirat(parent.get(), name, 0755);",
    after: "return ::mkdirat(root, path, 0755);",
    test: "CVE-2024-45310",
  },
  {
    guards: "no part of the path of a bind's source is a link",
    file: "native/core/mount_tree.cc",
    before: "{O_PATH | O_CLOEXEC, 0, RESOLVE_NO_SYMLINKS}",
    after: "{O_PATH | O_CLOEXEC, 0, 0}",
    test: "CVE-2021-25741",
  },
  {
    guards: "groups are those that were asked for",
    file: "native/core/process.cc",
    before: "if (::syscall(SYS_setgroups, user.groups.size(), user.groups.data()) == 0) return kNoFault;",
    after: "if (user.groups.empty()) return kNoFault;",
    test: "a container is in no group",
  },
  {
    guards: "the working directory is entered as the user, whole",
    file: "native/core/process.cc",
    before: "if (::syscall(SYS_setresuid, user.uid, user.uid, user.uid) < 0)",
    after: "if (::syscall(SYS_setresuid, user.uid, -1, -1) < 0)",
    test: "a directory that the user may not enter",
  },
  {
    guards: "inheritable capabilities are those that were asked for",
    file: "native/core/capabilities.cc",
    before: "data[half].inheritable = static_cast<uint32_t>(set.inheritable >> (32 * half));",
    after: "data[half].inheritable = static_cast<uint32_t>(set.permitted >> (32 * half));",
    test: "CVE-2022-29162",
  },
  {
    guards: "without a cgroup namespace a container's group is bound, and the file system not mounted",
    file: "native/core/cgroup_mounts.cc",
    before: "if (spec.namespaces.cgroup) return mount;",
    after: "if (!directory.empty()) return mount;",
    test: "CVE-2023-25809",
  },
  {
    guards: "a working directory has a name in the container",
    file: "native/core/process.cc",
    before: "if (name[0] == '/') return kNoFault;",
    after: "if (name[0] != '\\0') return kNoFault;",
    test: "CVE-2024-21626",
  },
  {
    guards: "a process is not dumpable before it executes its program",
    file: "native/core/process.cc",
    before: "::prctl(PR_SET_DUMPABLE, 0) < 0",
    after: "::prctl(PR_SET_DUMPABLE, 1) < 0",
    test: "can't be looked into from there",
  },
  {
    guards: "a container that was created has closed what it was made with",
    file: "native/core/contained_process.cc",
    before: "auto close = [this](TraceRow&) { return close_behind(); };",
    after: "auto close = [](TraceRow&) { return kNoFault; };",
    test: "holds nothing of the host but its gate",
  },
  {
    guards: "that is closed before the program is looked up in the container",
    file: "native/core/contained_process.cc",
    before: "auto close = [this](TraceRow&) { return close_behind(); };",
    after: "auto close = [](TraceRow&) { return kNoFault; };",
    test: "by an exec",
  },
  {
    guards: "what is left to the program is the caller's",
    file: "native/runtime/preserved_fds.cc",
    before: "if (is_inherited(fd)) continue;",
    after: "if (fd > 0) continue;",
    test: "as one of those that the caller leaves to the program",
  },
  {
    guards: "paths are masked by a null device of the runtime's own",
    file: "native/core/masks.cc",
    before: 'sys::open_tree(masks.null.get(), "", OPEN_TREE_CLONE | AT_EMPTY_PATH)',
    after: 'sys::open_tree(root, "dev/null", OPEN_TREE_CLONE)',
    test: "CVE-2025-31133",
  },
  {
    guards: "/dev/console is made where no link leads elsewhere",
    file: "native/core/devices.cc",
    before: 'make_beneath(root, "dev/console", MountPoint::file, RESOLVE_NO_SYMLINKS)',
    after: 'make_beneath(root, "dev/console", MountPoint::file)',
    test: "CVE-2025-52565",
  },
  {
    guards: "a container's process leads a session",
    file: "native/core/terminal.cc",
    before: 'Fault take_stdio(const Stdio& stdio) {\n  if (::setsid() < 0) return failed("setsid");',
    after: "Fault take_stdio(const Stdio& stdio) {",
    test: "in the product",
  },
  {
    guards: "also where it keeps the caller's streams",
    file: "native/core/terminal.cc",
    before: 'Fault keep_stdio(uid_t uid) {\n  if (::setsid() < 0) return failed("setsid");',
    after: "Fault keep_stdio(uid_t uid) {",
    test: "with minirun-oci, where the streams",
  },
];
