#include "core/kernel_descriptors.h"

#include <dirent.h>
#include <fcntl.h>

#include <algorithm>
#include <charconv>
#include <climits>

#include "core/process_files.h"

namespace minirun {
namespace {

constexpr size_t kLongestInfo = 512;
constexpr int kOctal = 8;

UniqueFd open_directory(int process, const char* name) {
  return UniqueFd(::openat(process, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC));
}

/** The names in /proc/PID/fd that are numbers; readdir(3) would ask more of the kernel than this. */
std::vector<int> numbers_in(int directory) {
  std::vector<int> numbers;
  alignas(dirent64) char buffer[8192];
  for (ssize_t size = 0; (size = ::getdents64(directory, buffer, sizeof buffer)) > 0;) {
    for (ssize_t at = 0; at < size;) {
      const auto* entry = reinterpret_cast<const dirent64*>(buffer + at);
      at += entry->d_reclen;
      int number = 0;
      std::string_view name = entry->d_name;
      if (std::from_chars(name.data(), name.data() + name.size(), number).ec == std::errc())
        numbers.push_back(number);
    }
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
bool describe(int links, int infos, KernelDescriptor& descriptor) {
  std::string number = std::to_string(descriptor.number);
  char target[PATH_MAX];
  ssize_t length = ::readlinkat(links, number.c_str(), target, sizeof target);
  if (length < 0) return false;
  descriptor.target.assign(target, static_cast<size_t>(length));
  std::string info = read_process_file(infos, number.c_str(), kLongestInfo);
  auto flags = status_number<unsigned>(info, "flags", 0, kOctal);
  descriptor.access = info.empty() ? '?' : access_of(flags);
  descriptor.closes_on_exec = (flags & O_CLOEXEC) != 0;
  descriptor.position = status_number<uint64_t>(info, "pos");
  return true;
}

}  // namespace

KernelDescriptors read_kernel_descriptors(int process, size_t limit) {
  KernelDescriptors found;
  // Looked up once, and not again for each descriptor.
  UniqueFd links = open_directory(process, "fd");
  UniqueFd infos = open_directory(process, "fdinfo");
  if (!links || !infos) return found;
  auto numbers = numbers_in(links.get());
  found.total = numbers.size();
  for (int number : numbers) {
    if (found.descriptors.size() >= limit) break;
    KernelDescriptor descriptor{.number = number};
    if (describe(links.get(), infos.get(), descriptor)) found.descriptors.push_back(std::move(descriptor));
  }
  return found;
}

}  // namespace minirun
