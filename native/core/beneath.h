#pragma once

#include <cstdint>

namespace minirun {

/**
 * Opens, as an O_PATH descriptor, what `path` names when the directory `root` is taken for /. Symbolic links
 * and ".." are followed inside `root` only, whatever a hostile file system holds (openat2 RESOLVE_IN_ROOT,
 * Linux 5.6); links like /proc/PID/fd/N are never followed. `also` adds RESOLVE_* flags. Returns -1 and sets
 * errno on failure.
 */
int open_beneath(int root, const char* path, uint64_t also = 0);

/** The same, but a symbolic link as the last component is opened itself. */
int open_link_beneath(int root, const char* path);

enum class MountPoint : uint8_t { directory, file };

/**
 * Like open_beneath(), but creates what is missing: directories with mode 0755 and, for MountPoint::file, an
 * empty file as the last component. Creation happens relative to the descriptor of a parent that was resolved
 * beneath `root`, and never through a symbolic link.
 */
int make_beneath(int root, const char* path, MountPoint kind, uint64_t also = 0);

/** Whether two descriptors name the same file: same device, same inode. */
bool same_file(int a, int b);

}  // namespace minirun
