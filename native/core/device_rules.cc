#include "core/device_rules.h"

#include <algorithm>

#include "core/cgroup_files.h"
#include "core/text.h"

namespace minirun {
namespace {

/** The character devices that every container has: null, zero, full, random, urandom, tty, ptmx, terminals.
 */
constexpr struct {
  uint32_t major;
  std::optional<uint32_t> minor;
} kDefaultDevices[] = {{1, 3}, {1, 5}, {1, 7}, {1, 8}, {1, 9}, {5, 0}, {5, 2}, {136, std::nullopt}};

bool is_about_all(const DeviceRule& rule) {
  return rule.type == 'a' && !rule.major && !rule.minor && rule.access == DeviceRule::kAll;
}

bool covers(const std::optional<uint32_t>& wide, const std::optional<uint32_t>& narrow) {
  return !wide || wide == narrow;
}

bool meets(const std::optional<uint32_t>& a, const std::optional<uint32_t>& b) {
  return !a || !b || *a == *b;
}

bool covers(const DeviceScope& wide, const DeviceScope& narrow) {
  return wide.type == narrow.type && covers(wide.major, narrow.major) && covers(wide.minor, narrow.minor);
}

bool meets(const DeviceScope& a, const DeviceScope& b) {
  return a.type == b.type && meets(a.major, b.major) && meets(a.minor, b.minor);
}

void add_exception(std::vector<DeviceException>& exceptions, const DeviceScope& scope, unsigned access) {
  for (auto& each : exceptions) {
    if (each.scope == scope) {
      each.access |= access;
      return;
    }
  }
  exceptions.push_back({scope, access});
}

unsigned excepted(const std::vector<DeviceException>& exceptions, const DeviceScope& scope) {
  for (const auto& each : exceptions) {
    if (each.scope == scope) return each.access;
  }
  return 0;
}

/** Takes accesses out of the exceptions within a scope; false where it would make a hole into a wider one. */
bool remove_exceptions(std::vector<DeviceException>& exceptions, const DeviceScope& scope, unsigned access) {
  bool whole = true;
  for (auto& [other, accesses] : exceptions) {
    if (covers(scope, other)) {
      accesses &= ~access;
    } else if (meets(scope, other) && (accesses & access) != 0) {
      whole = false;
    }
  }
  std::erase_if(exceptions, [](const auto& entry) { return entry.access == 0; });
  return whole;
}

Status apply(DeviceExceptions& state, const DeviceRule& rule) {
  if (is_about_all(rule)) {
    state = {rule.allow, {}};
    return {};
  }
  for (char type : {'b', 'c'}) {
    if (rule.type != 'a' && rule.type != type) continue;
    DeviceScope scope{type, rule.major, rule.minor};
    if (rule.allow != state.allow) {
      add_exception(state.exceptions, scope, rule.access);
    } else if (!remove_exceptions(state.exceptions, scope, rule.access)) {
      return Error{"device rules", "cgroup", rule.setting, EOPNOTSUPP,
                   "cgroup v1 can't except a part of what an earlier rule names; name the parts in that one"};
    }
  }
  return {};
}

std::string number_or_all(const std::optional<uint32_t>& number) {
  return number ? std::to_string(*number) : "*";
}

std::string line_of(const DeviceScope& scope, unsigned access) {
  std::string line =
      std::string(1, scope.type) + " " + number_or_all(scope.major) + ":" + number_or_all(scope.minor) + " ";
  if ((access & DeviceRule::kRead) != 0) line += 'r';
  if ((access & DeviceRule::kWrite) != 0) line += 'w';
  if ((access & DeviceRule::kMknod) != 0) line += 'm';
  return line;
}

unsigned parse_accesses(const std::string& letters) {
  unsigned access = 0;
  if (letters.find('r') != std::string::npos) access |= DeviceRule::kRead;
  if (letters.find('w') != std::string::npos) access |= DeviceRule::kWrite;
  if (letters.find('m') != std::string::npos) access |= DeviceRule::kMknod;
  return access;
}

std::optional<uint32_t> parse_device_number(const std::string& text) {
  auto number = text == "*" ? std::nullopt : parse_number(text);
  return number ? std::optional(static_cast<uint32_t>(*number)) : std::nullopt;
}

}  // namespace

std::vector<DeviceRule> with_default_devices(std::vector<DeviceRule> rules) {
  for (const auto& device : kDefaultDevices)
    rules.push_back({true, 'c', device.major, device.minor, DeviceRule::kAll, "/linux/resources/devices"});
  return rules;
}

std::string describe(const DeviceRule& rule) {
  return (rule.allow ? "allow " : "deny ") + line_of({rule.type, rule.major, rule.minor}, rule.access);
}

Result<DeviceExceptions> as_exceptions(const std::vector<DeviceRule>& rules) {
  DeviceExceptions state{false, {}};
  for (const auto& rule : rules) {
    if (Status applied = apply(state, rule); !applied) return applied.error();
  }
  return state;
}

DeviceExceptions parse_device_list(const std::string& text) {
  DeviceExceptions state{false, {}};
  for (const auto& line : split(text, '\n')) {
    auto words = split(line, ' ');
    if (words.size() != 3) continue;
    if (words[0] == "a") return {true, {}};  // the exceptions from this the kernel doesn't show
    size_t colon = words[1].find(':');
    if (colon == std::string::npos) continue;
    DeviceScope scope{words[0].front(), parse_device_number(words[1].substr(0, colon)),
                      parse_device_number(words[1].substr(colon + 1))};
    add_exception(state.exceptions, scope, parse_accesses(words[2]));
  }
  return state;
}

std::vector<DeviceWrite> device_writes(const DeviceExceptions& from, const DeviceExceptions& to) {
  std::vector<DeviceWrite> writes;
  auto before = from.exceptions;
  // From "all is allowed" the way is over a clean state: exceptions from it the kernel doesn't tell.
  if (from.allow || to.allow) {
    writes.push_back({to.allow, "a *:* rwm"});
    before.clear();
  }
  for (const auto& [scope, access] : before) {
    unsigned gone = access & ~excepted(to.exceptions, scope);
    if (gone != 0) writes.push_back({to.allow, line_of(scope, gone)});
  }
  for (const auto& [scope, access] : to.exceptions) {
    unsigned added = access & ~excepted(before, scope);
    if (added != 0) writes.push_back({!to.allow, line_of(scope, added)});
  }
  return writes;
}

}  // namespace minirun
