#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "core/unique_fd.h"

namespace minirun::runtime {

/** The state root when none is named: /run/minirun-oci, for another user $XDG_RUNTIME_DIR/minirun-oci. */
std::string default_root();

/** A name for a container: letters, digits, and "_", "+", "-", "."; 1 to 255 of them; no "." in front. */
Status check_id(const std::string& id);

/** The names that have a directory in the root; none where there is no root. */
Result<std::vector<std::string>> list_ids(const std::string& root);

/**
 * ROOT/ID, the directory that all is kept in that is known of one container:
 *   state.json   who it is (record.h)
 *   config.json  what it was made from: later changes to the bundle's change nothing (OCI, lifecycle)
 *   trace        the steps of its creation and start (core/trace_file.h)
 *   gate         where a created one is started (core/gate.h); before that is so, gate.new
 * Only the runtime's user may enter it. It is worked in by its descriptor, so that whoever removes it and
 * makes another of that name can't mix the two.
 */
class StateDirectory {
 public:
  /** Makes it and locks it. EEXIST: the name is taken. */
  static Result<StateDirectory> create(const std::string& root, const std::string& id);
  /** ENOENT: there is no such container. */
  static Result<StateDirectory> open(const std::string& root, const std::string& id);

  const std::string& id() const { return id_; }
  int fd() const { return directory_.get(); }
  bool has(const char* name) const;
  Result<std::string> read(const char* name) const;
  Result<UniqueFd> open_file(const char* name) const;
  /** Replaces a file whole. Nothing here outlives the machine's next boot, so nothing is synced. */
  Status write(const char* name, std::string_view content) const;
  /** Makes an empty file and opens it for reading and writing. */
  Result<UniqueFd> make_file(const char* name) const;

  /** Takes the lock that who changes something about the container holds; waits for it `patience_ms` at most
   * (EBUSY). ENOENT: the container was deleted meanwhile. */
  Status lock(int patience_ms = kPatienceMs) const;
  /** Gives the lock back. Closing the descriptor would not: a child that was cloned meanwhile has it as well.
   */
  void unlock() const;
  /** Removes the directory with what is in it. */
  Status remove() const;

  static constexpr int kPatienceMs = 10'000;

 private:
  StateDirectory(std::string root, std::string id, UniqueFd directory)
      : root_(std::move(root)), id_(std::move(id)), directory_(std::move(directory)) {}

  std::string root_;
  std::string id_;
  UniqueFd directory_;
};

}  // namespace minirun::runtime
