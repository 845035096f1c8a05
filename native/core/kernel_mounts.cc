#include "core/kernel_mounts.h"

#include <fcntl.h>

#include <map>
#include <tuple>

#include "core/file.h"
#include "core/text.h"

namespace minirun {
namespace {

bool is_octal(char c) {
  return c >= '0' && c <= '7';
}

/** The kernel writes blanks, line feeds and backslashes of names as \ooo (seq_file's mangle_path). */
std::string decode(std::string_view text) {
  std::string decoded;
  for (size_t i = 0; i < text.size(); ++i) {
    bool escaped = text[i] == '\\' && i + 3 < text.size() && is_octal(text[i + 1]) && is_octal(text[i + 2]) &&
                   is_octal(text[i + 3]);
    if (!escaped) {
      decoded += text[i];
      continue;
    }
    decoded += static_cast<char>((text[i + 1] - '0') * 64 + (text[i + 2] - '0') * 8 + (text[i + 3] - '0'));
    i += 3;
  }
  return decoded;
}

std::vector<std::string> decode_options(std::string_view text) {
  std::vector<std::string> options;
  for (const auto& option : split(text, ',')) options.push_back(decode(option));
  return options;
}

/** Paths with colons between; a colon of a path has a backslash before it. */
void add_layers(std::string_view text, std::vector<std::string>& layers) {
  std::string layer;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 1 < text.size()) {
      layer += text[++i];
    } else if (text[i] == ':') {
      if (!layer.empty()) layers.push_back(std::move(layer));
      layer.clear();
    } else {
      layer += text[i];
    }
  }
  if (!layer.empty()) layers.push_back(std::move(layer));
}

OverlayLayers overlay_layers(const std::vector<std::string>& super_options) {
  OverlayLayers layers;
  for (std::string_view option : super_options) {
    std::string_view key = take(option, '=');
    if (key == "lowerdir") add_layers(option, layers.lower);
    if (key == "lowerdir+") layers.lower.emplace_back(option);  // Linux 6.5, one for each
    if (key == "upperdir") layers.upper = option;
    if (key == "workdir") layers.work = option;
  }
  return layers;
}

std::optional<KernelMount> parse_line(std::string_view line) {
  size_t dash = line.find(" - ");
  if (dash == std::string_view::npos) return std::nullopt;
  std::string_view super = line.substr(dash + 3);
  line = line.substr(0, dash);
  KernelMount mount;
  auto id = parse_number(take_word(line));
  auto parent = parse_number(take_word(line));
  if (!id || !parent) return std::nullopt;
  mount.id = *id;
  mount.parent = *parent;
  mount.device = take_word(line);
  mount.root = decode(take_word(line));
  mount.point = decode(take_word(line));
  mount.options = decode_options(take_word(line));
  mount.propagation = split(line, ' ');
  mount.type = decode(take_word(super));
  mount.source = decode(take(super, ' '));  // may be empty
  mount.super_options = decode_options(super);
  if (mount.type == "overlay") mount.overlay = overlay_layers(mount.super_options);
  return mount;
}

bool lies_in(const std::string& path, const std::string& directory) {
  return path == directory || directory == "/" || path.starts_with(directory + "/");
}

/**
 * A mount hides the one that it was mounted on where that begins, and those beside it that lie in its
 * directory: were they newer, they would have been mounted on it.
 */
void find_covered(std::vector<KernelMount>& mounts) {
  std::multimap<uint64_t, const KernelMount*> children;
  for (const auto& mount : mounts) {
    if (mount.parent != mount.id)
      children.emplace(mount.parent, &mount);  // the tree's root is its own parent
  }
  for (auto& mount : mounts) {
    auto [first, last] = children.equal_range(mount.id);
    for (auto child = first; child != last; ++child) {
      if (child->second->point == mount.point) mount.covered_by = child->second->id;
    }
    if (mount.parent == mount.id) continue;
    std::tie(first, last) = children.equal_range(mount.parent);
    for (auto sibling = first; sibling != last; ++sibling) {
      const KernelMount& other = *sibling->second;
      if (other.id != mount.id && lies_in(mount.point, other.point)) mount.covered_by = other.id;
    }
  }
}

}  // namespace

KernelMounts parse_kernel_mounts(std::string_view mountinfo, size_t limit) {
  KernelMounts found;
  while (!mountinfo.empty()) {
    auto mount = parse_line(take(mountinfo, '\n'));
    if (!mount) continue;
    ++found.total;
    if (found.mounts.size() < limit) found.mounts.push_back(std::move(*mount));
  }
  find_covered(found.mounts);
  return found;
}

KernelMounts read_kernel_mounts(int process, size_t limit) {
  UniqueFd file(::openat(process, "mountinfo", O_RDONLY | O_CLOEXEC));
  auto table = file ? read_all(file.get(), "mountinfo") : Result<std::string>(std::string());
  return parse_kernel_mounts(table ? *table : "", limit);
}

}  // namespace minirun
