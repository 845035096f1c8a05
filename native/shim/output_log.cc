#include "shim/output_log.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <time.h>

#include "shim/frame.h"

namespace minirun::shim {
namespace {

constexpr uint64_t kLargestRecord = 1 << 20;
constexpr uint8_t kSizeRecord = 3;
constexpr uint32_t kSizeLength = 4;

bool is_sound(uint8_t stream, uint32_t length) {
  if (stream == kSizeRecord) return length == kSizeLength;
  return (stream == 1 || stream == 2) && length > 0 && length <= kLargestRecord;
}

uint64_t realtime_ns() {
  timespec now{};
  ::clock_gettime(CLOCK_REALTIME, &now);
  return static_cast<uint64_t>(now.tv_sec) * 1'000'000'000 + static_cast<uint64_t>(now.tv_nsec);
}

/** Scans a file through a mapping; an empty or unreadable file has no records. */
LogScan scan_file(int fd) {
  struct stat status {};
  if (::fstat(fd, &status) < 0 || status.st_size == 0) return {};
  auto size = static_cast<size_t>(status.st_size);
  void* memory = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, fd, 0);
  if (memory == MAP_FAILED) return {};
  LogScan scan = scan_log({static_cast<const char*>(memory), size});
  ::munmap(memory, size);
  return scan;
}

}  // namespace

LogScan scan_log(std::string_view content) {
  LogScan scan;
  while (content.size() - scan.size >= OutputLog::kRecordHeader) {
    std::string_view header = content.substr(scan.size, OutputLog::kRecordHeader);
    auto offset = get<uint64_t>(header, 0);
    auto length = get<uint32_t>(header, 16);
    auto stream = get<uint8_t>(header, 20);
    if (!is_sound(stream, length) || offset < scan.end ||
        content.size() - scan.size - OutputLog::kRecordHeader < length)
      break;
    scan.size += OutputLog::kRecordHeader + length;
    scan.end = offset + (stream == kSizeRecord ? 0 : length);
  }
  return scan;
}

Status OutputLog::open() {
  if (Status opened = open_file(); !opened) return opened;
  LogScan scan = scan_file(file_.get());
  if (::ftruncate(file_.get(), static_cast<off_t>(scan.size)) < 0)
    return Error{"output log", "ftruncate", path_, errno, ""};
  size_ = scan.size;
  end_ = scan.end;
  if (size_ == 0) {  // the last run ended between two files
    UniqueFd previous(::open(rotated(1).c_str(), O_RDONLY | O_CLOEXEC));
    if (previous) end_ = scan_file(previous.get()).end;
  }
  return {};
}

void OutputLog::append(Stream stream, std::string_view bytes) {
  if (bytes.empty()) return;
  write_record(static_cast<uint8_t>(stream), bytes);
  end_ += bytes.size();
}

void OutputLog::append_size(TerminalSize size) {
  terminal_size_.clear();
  put(terminal_size_, size.cols);
  put(terminal_size_, size.rows);
  write_record(kSizeRecord, terminal_size_);
}

void OutputLog::write_record(uint8_t stream, std::string_view bytes) {
  if (size_ != 0 && size_ + kRecordHeader + bytes.size() > max_bytes_) {
    rotate();
    // Each file says by itself which size its output was made for.
    if (stream != kSizeRecord && !terminal_size_.empty()) write_record(kSizeRecord, terminal_size_);
  }
  std::string header;
  put(header, end_);
  put(header, realtime_ns());
  put(header, static_cast<uint32_t>(bytes.size()));
  put(header, static_cast<uint32_t>(stream) << 24);  // u8 stream and three zero bytes
  iovec parts[] = {{header.data(), header.size()}, {const_cast<char*>(bytes.data()), bytes.size()}};
  ssize_t written = ::writev(file_.get(), parts, 2);
  uint64_t whole = header.size() + bytes.size();
  if (written == static_cast<ssize_t>(whole)) {
    size_ += whole;
  } else if (written > 0 && ::ftruncate(file_.get(), static_cast<off_t>(size_)) < 0) {
    size_ +=
        static_cast<uint64_t>(written);  // the torn record ends this file for readers; the next one is sound
    rotate();
  }
}

Status OutputLog::open_file() {
  file_.reset(::open(path_.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!file_) return Error{"output log", "open", path_, errno, ""};
  return {};
}

void OutputLog::rotate() {
  if (files_ == 1) {
    if (::ftruncate(file_.get(), 0) == 0) size_ = 0;
    return;
  }
  for (unsigned number = files_ - 1; number > 1; --number)
    ::rename(rotated(number - 1).c_str(), rotated(number).c_str());
  if (::rename(path_.c_str(), rotated(1).c_str()) < 0) return;  // goes on in the file that there is
  UniqueFd full(file_.release());
  if (!open_file()) file_ = std::move(full);
  size_ = 0;
}

}  // namespace minirun::shim
