#pragma once

#include <string>
#include <vector>

#include "core/result.h"

namespace minirun::runtime {

/**
 * Where failures are told: on stderr, and in the file that --log names, from which containerd and podman read
 * the last error. Its format is logrus's, as with runc: `{"level":"error","msg":"…","time":"…"}`, a line
 * each, or `time="…" level=error msg="…"`.
 */
class Log {
 public:
  enum class Format : uint8_t { text, json };

  /** An empty path is no file. */
  Status open(const std::string& path, Format format);
  void error(const std::string& message) const;
  /** What was asked for and could not be had: the container runs without it. */
  void warning(const std::string& message) const;

 private:
  void write(const char* level, const std::string& message) const;

  std::string path_;
  Format format_ = Format::text;
};

/** The program's only log. */
Log& log();

}  // namespace minirun::runtime
