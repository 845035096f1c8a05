#pragma once

#include <stdlib.h>

#include <string>

#include "core/remove_tree.h"

namespace minirun {

/** A directory that goes away with everything in it. */
class TemporaryDirectory {
 public:
  TemporaryDirectory() {
    char name[] = "/tmp/minirun-test-native.XXXXXX";
    if (::mkdtemp(name) != nullptr) path_ = name;
  }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  ~TemporaryDirectory() { (void)static_cast<bool>(remove_tree(path_)); }

  const std::string& path() const { return path_; }
  std::string operator/(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

}  // namespace minirun
