#pragma once

// The kernel calls that C libraries still in use (glibc 2.35) have no wrapper for. Each sets errno and
// returns -1 on failure, allocates nothing and takes no lock, so that the child of a clone may use it.

#include <fcntl.h>
#include <linux/mount.h>
#include <linux/openat2.h>
#include <linux/sched.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdint>

namespace minirun::sys {

// <sys/mount.h> can't be included beside <linux/mount.h> (glibc 2.36 defines the same enumerators).
inline constexpr int kDetach = 2;  // MNT_DETACH

inline int clone3(clone_args& args) {
  return static_cast<int>(::syscall(SYS_clone3, &args, sizeof args));
}

inline int openat2(int directory, const char* path, const open_how& how) {
  return static_cast<int>(::syscall(SYS_openat2, directory, path, &how, sizeof how));
}

/** Whether this process may use a file so, with its effective ids where AT_EACCESS is given (Linux 5.8). */
inline int faccessat2(int directory, const char* path, int mode, int flags) {
  return static_cast<int>(::syscall(SYS_faccessat2, directory, path, mode, flags));
}

inline int fsopen(const char* type) {
  return static_cast<int>(::syscall(SYS_fsopen, type, FSOPEN_CLOEXEC));
}

/** A context for what is mounted already; `target` is its root. */
inline int fspick(int target) {
  return static_cast<int>(::syscall(SYS_fspick, target, "", FSPICK_CLOEXEC | FSPICK_EMPTY_PATH));
}

inline int fsconfig(int context, unsigned command, const char* key, const char* value) {
  return static_cast<int>(::syscall(SYS_fsconfig, context, command, key, value, 0));
}

inline int fsconfig_fd(int context, const char* key, int value) {
  return static_cast<int>(::syscall(SYS_fsconfig, context, FSCONFIG_SET_FD, key, nullptr, value));
}

inline int fsmount(int context, unsigned attributes) {
  return static_cast<int>(::syscall(SYS_fsmount, context, FSMOUNT_CLOEXEC, attributes));
}

inline int open_tree(int directory, const char* path, unsigned flags) {
  return static_cast<int>(::syscall(SYS_open_tree, directory, path, flags | OPEN_TREE_CLOEXEC));
}

/** Attaches the tree that `from` names to the place that `to` names; both are descriptors, no path is looked
 * up. */
inline int move_mount(int from, int to) {
  return static_cast<int>(
      ::syscall(SYS_move_mount, from, "", to, "", MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH));
}

inline int mount_setattr(int directory, const char* path, unsigned flags, const mount_attr& attributes) {
  return static_cast<int>(
      ::syscall(SYS_mount_setattr, directory, path, flags, &attributes, sizeof attributes));
}

inline int pivot_root(const char* new_root, const char* put_old) {
  return static_cast<int>(::syscall(SYS_pivot_root, new_root, put_old));
}

inline int umount2(const char* path, int flags) {
  return static_cast<int>(::syscall(SYS_umount2, path, flags));
}

inline int close_range(unsigned first, unsigned last, unsigned flags) {
  return static_cast<int>(::syscall(SYS_close_range, first, last, flags));
}

/** Enters a namespace; or those that `namespaces` (CLONE_NEW*) names of the process behind a pidfd (Linux
 * 5.8). */
inline int setns(int fd, int namespaces) {
  return static_cast<int>(::syscall(SYS_setns, fd, namespaces));
}

inline int pidfd_open(pid_t pid) {
  return static_cast<int>(::syscall(SYS_pidfd_open, pid, 0));
}

inline int pidfd_send_signal(int pidfd, int signal) {
  return static_cast<int>(::syscall(SYS_pidfd_send_signal, pidfd, signal, nullptr, 0));
}

}  // namespace minirun::sys
