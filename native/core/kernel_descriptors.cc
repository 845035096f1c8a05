#include "core/kernel_descriptors.h"

#include <dirent.h>
#include <fcntl.h>

#include <algorithm>
#include <charconv>
#include <climits>
#include <memory>

#include "core/process_files.h"

namespace minirun {
namespace {

constexpr size_t kLongestInfo = 512;
constexpr int kOctal = 8;

struct DirectoryCloser {
  void operator()(DIR* directory) const { ::closedir(directory); }
};

std::vector<int> numbers_in(int process) {
  std::vector<int> numbers;
  UniqueFd fd(::openat(process, "fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  std::unique_ptr<DIR, DirectoryCloser> directory(fd ? ::fdopendir(fd.get()) : nullptr);
  if (!directory) return numbers;
  (void)fd.release();  // closed with the directory
  while (const dirent* entry = ::readdir(directory.get())) {
    int number = 0;
    std::string_view name = entry->d_name;
    if (std::from_chars(name.data(), name.data() + name.size(), number).ec == std::errc())
      numbers.push_back(number);
  }
  std::sort(numbers.begin(), numbers.end());
  return numbers;
}

char access_of(unsigned flags) {
  if ((flags & O_PATH) != 0) return 'p';
  switch (flags & O_ACCMODE) {
    case O_RDONLY:
      return 'r';
    case O_WRONLY:
      return 'w';
    default:
      return 'b';
  }
}

/** Whether the descriptor is still there. */
bool describe(int process, KernelDescriptor& descriptor) {
  std::string number = std::to_string(descriptor.number);
  char target[PATH_MAX];
  ssize_t length = ::readlinkat(process, ("fd/" + number).c_str(), target, sizeof target);
  if (length < 0) return false;
  descriptor.target.assign(target, static_cast<size_t>(length));
  std::string info = "\n" + read_process_file(process, ("fdinfo/" + number).c_str(), kLongestInfo);
  auto flags = status_number<unsigned>(info, "flags", 0, kOctal);
  descriptor.access = info.size() > 1 ? access_of(flags) : '?';
  descriptor.closes_on_exec = (flags & O_CLOEXEC) != 0;
  descriptor.position = status_number<uint64_t>(info, "pos");
  return true;
}

}  // namespace

KernelDescriptors read_kernel_descriptors(int process, size_t limit) {
  KernelDescriptors found;
  auto numbers = numbers_in(process);
  found.total = numbers.size();
  for (int number : numbers) {
    if (found.descriptors.size() >= limit) break;
    KernelDescriptor descriptor{.number = number};
    if (describe(process, descriptor)) found.descriptors.push_back(std::move(descriptor));
  }
  return found;
}

}  // namespace minirun
