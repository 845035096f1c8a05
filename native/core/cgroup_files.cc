#include "core/cgroup_files.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "core/file.h"
#include "core/text.h"
#include "core/unique_fd.h"

namespace minirun {
namespace {

UniqueFd open_group(int above, const char* name) {
  return UniqueFd(::openat(above, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
}

std::vector<std::string> subdirectories_of(int directory) {
  std::vector<std::string> names;
  struct stat status {};
  // Its links are "..", its name and its subdirectories (kernfs): most groups have none to be listed.
  if (::fstat(directory, &status) == 0 && status.st_nlink == 2) return names;
  DIR* stream = ::fdopendir(::fcntl(directory, F_DUPFD_CLOEXEC, 0));
  if (stream == nullptr) return names;
  while (const dirent* entry = ::readdir(stream)) {
    std::string name = entry->d_name;
    if (entry->d_type == DT_DIR && name != "." && name != "..") names.push_back(name);
  }
  ::closedir(stream);
  return names;
}

}  // namespace

std::string read_text(const std::string& file) {
  auto text = read_file(file);
  return text ? *text : "";
}

std::optional<uint64_t> read_number(const std::string& file) {
  auto text = read_file(file);
  return text ? parse_number(*text) : std::nullopt;
}

std::optional<uint64_t> parse_keyed(const std::string& text, const std::string& key) {
  for (const auto& line : split(text, '\n')) {
    if (line.starts_with(key + " ")) return parse_number(std::string_view(line).substr(key.size() + 1));
  }
  return std::nullopt;
}

std::optional<uint64_t> read_keyed(const std::string& file, const std::string& key) {
  auto text = read_file(file);
  return text ? parse_keyed(*text, key) : std::nullopt;
}

std::optional<std::string> read_line_of(const std::string& file, const std::string& key) {
  auto text = read_file(file);
  if (!text) return std::nullopt;
  for (auto& line : split(*text, '\n')) {
    if (line.starts_with(key + " ")) return line;
  }
  return std::nullopt;
}

std::vector<std::string> subdirectories(const std::string& directory) {
  UniqueFd group = open_group(AT_FDCWD, directory.c_str());
  return group ? subdirectories_of(group.get()) : std::vector<std::string>();
}

void walk_groups(const std::string& directory, const std::function<void(int group)>& enter,
                 const std::function<void(int above, const char* name)>& leave) {
  UniqueFd group = open_group(AT_FDCWD, directory.c_str());
  if (!group) return;
  enter(group.get());
  std::vector<std::vector<std::string>> left{
      subdirectories_of(group.get())};  // on each level, the last is next
  while (!left.back().empty() || left.size() > 1) {
    if (left.back().empty()) {
      UniqueFd above = open_group(group.get(), "..");
      if (!above) return;
      left.pop_back();
      leave(above.get(), left.back().back().c_str());
      left.back().pop_back();
      group = std::move(above);
    } else if (UniqueFd below = open_group(group.get(), left.back().back().c_str())) {
      group = std::move(below);
      enter(group.get());
      left.push_back(subdirectories_of(group.get()));
    } else {
      left.back().pop_back();  // it has been removed meanwhile
    }
  }
}

Result<bool> make_group(const std::string& directory) {
  size_t slash = directory.rfind('/');
  if (Status above = make_directories(directory.substr(0, slash), 0755); !above) return above.error();
  if (::mkdir(directory.c_str(), 0755) == 0) return true;
  if (errno == EEXIST) return false;
  return Error{"cgroup", "mkdir", directory, errno, ""};
}

void collect_processes(const std::string& directory, std::set<pid_t>& pids) {
  auto collect = [&pids](int group) {
    UniqueFd file(::openat(group, "cgroup.procs", O_RDONLY | O_CLOEXEC));
    auto text = file ? read_all(file.get(), "cgroup.procs") : Result<std::string>("");
    if (!text) return;
    for (const auto& line : split(*text, '\n')) {
      if (auto pid = parse_number(line)) pids.insert(static_cast<pid_t>(*pid));
    }
  };
  walk_groups(directory, collect, [](int, const char*) {});
}

Status remove_groups(const std::string& directory) {
  if (::rmdir(directory.c_str()) == 0 || errno == ENOENT) return {};
  walk_groups(
      directory, [](int) {}, [](int above, const char* name) { ::unlinkat(above, name, AT_REMOVEDIR); });
  if (::rmdir(directory.c_str()) < 0 && errno != ENOENT)
    return Error{"remove cgroup", "rmdir", directory, errno, ""};
  return {};
}

}  // namespace minirun
