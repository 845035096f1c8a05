#pragma once

#include <sys/types.h>
#include <time.h>

#include <cstdint>
#include <string>
#include <vector>

#include "core/result.h"
#include "core/unique_fd.h"

namespace minirun {

/** What a directory has under a name, as lstat(2) has it. */
struct Entry {
  std::string name;
  mode_t mode = 0;  ///< with the file's type
  uid_t uid = 0;
  gid_t gid = 0;
  uint64_t size = 0;
  uint64_t links = 0;
  timespec modified{};
  dev_t device = 0;
  ino_t inode = 0;
  std::string target;  ///< a symbolic link's text

  /**
   * Changes with the content. The device is left out: each mount of a stopped container's layers has another
   * one, and the inode numbers stay the same.
   */
  std::string etag() const;
};

/** An entry with an O_PATH descriptor of it, and what kind of mount it is on. */
struct OpenEntry {
  UniqueFd fd;
  Entry entry;
  uint64_t mount = 0;      ///< id of the mount that it is on (STATX_MNT_ID, Linux 5.8)
  bool read_only = false;  ///< the mount or its file system is
  bool kernel = false;     ///< on procfs, sysfs or another view of the kernel: no store of files
};

enum class LastLink : uint8_t { follow, keep };

/** Opens what `path` names when the directory `root` is taken for /, as open_beneath() does. */
Result<OpenEntry> open_entry(int root, const std::string& path, LastLink last);

struct DirectoryEntries {
  std::vector<Entry> entries;  ///< as the file system has them in order
  bool truncated = false;
};

/**
 * What is in an open directory: at most `limit` entries. One that goes away meanwhile is left out. Of a
 * descriptor that can be read from (one of O_PATH can't) those that come next, so that a large directory is
 * listed in parts.
 */
Result<DirectoryEntries> list_directory(int directory, size_t limit);

/** The host's ids that a name is made with: any that an id-mapped mount maps, no other has ids there. */
struct FileIds {
  uid_t uid = 0;
  gid_t gid = 0;
};

enum class EntryKind : uint8_t { file, directory, symlink };

/** An entry that is to be made. */
struct NewEntry {
  std::string name;
  EntryKind kind = EntryKind::file;
  mode_t mode = 0;     ///< exactly, whatever the umask is; a link has none
  FileIds ids;         ///< its owner's
  std::string target;  ///< a symbolic link's text
};

/**
 * Makes an entry that nothing has the name of yet, else EEXIST. It is made by the file system ids of its
 * owner (setfsuid(2), of the calling thread alone): on an id-mapped mount nobody else has ids to make
 * anything with. The descriptor is open for writing to a file, for reading of a directory, none of a link.
 */
Result<UniqueFd> make_entry(int directory, const NewEntry& entry);

enum class TakenName : uint8_t { refuse, replace };

/** Moves an entry; a new name that something has already is EEXIST (renameat2 RENAME_NOREPLACE) or replaced.
 */
Status move_entry(int from, const std::string& name, int to, const std::string& new_name, TakenName taken,
                  const FileIds& ids);

/** Gives a file another name, a hard link; EEXIST when something has it. */
Status link_entry(int from, const std::string& name, int to, const std::string& new_name, const FileIds& ids);

}  // namespace minirun
