#include "shim/options.h"

#include <getopt.h>

#include <charconv>
#include <string_view>

namespace minirun::shim {
namespace {

constexpr uint64_t kSmallestLog = uint64_t{64} * 1024;
constexpr uint64_t kMostLogFiles = 100;

Error usage(const std::string& option, const std::string& note) {
  return {"command line", "parse", option, EINVAL, note};
}

bool parse_number(std::string_view text, uint64_t lowest, uint64_t highest, uint64_t& number) {
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc{} && end == text.data() + text.size() && number >= lowest && number <= highest;
}

}  // namespace

Result<Options> parse_options(int argc, char** argv) {
  enum : int {
    id,
    bundle,
    state,
    run,
    cache,
    process,
    target_start_time,
    target_pid,
    log_max_bytes,
    log_files
  };
  const option known[] = {{"id", required_argument, nullptr, id},
                          {"bundle", required_argument, nullptr, bundle},
                          {"state", required_argument, nullptr, state},
                          {"run", required_argument, nullptr, run},
                          {"cache", required_argument, nullptr, cache},
                          {"process", required_argument, nullptr, process},
                          {"target-start-time", required_argument, nullptr, target_start_time},
                          {"target-pid", required_argument, nullptr, target_pid},
                          {"log-max-bytes", required_argument, nullptr, log_max_bytes},
                          {"log-files", required_argument, nullptr, log_files},
                          {nullptr, 0, nullptr, 0}};
  Options options;
  std::string* texts[] = {
      &options.id,      &options.bundle,           &options.state, &options.run, &options.cache,
      &options.process, &options.target_start_time};
  uint64_t number = 0;
  opterr = 0;
  for (int which = 0; (which = getopt_long(argc, argv, "", known, nullptr)) != -1;) {
    switch (which) {
      case target_pid:
        if (!parse_number(optarg, 1, INT32_MAX, number))
          return usage("--target-pid", "expected a process number, received " + std::string(optarg));
        options.target_pid = static_cast<int>(number);
        break;
      case log_max_bytes:
        if (!parse_number(optarg, kSmallestLog, UINT64_MAX, options.log_max_bytes))
          return usage("--log-max-bytes", "expected 65536 or more, received " + std::string(optarg));
        break;
      case log_files:
        if (!parse_number(optarg, 1, kMostLogFiles, number))
          return usage("--log-files", "expected 1 to 100, received " + std::string(optarg));
        options.log_files = static_cast<unsigned>(number);
        break;
      case '?':
        return usage(argv[optind - 1], "unknown option, or its value is missing");
      default:
        *texts[which] = optarg;
    }
  }
  for (int which = id; which <= cache; ++which) {
    if (texts[which]->empty()) return usage(std::string("--") + known[which].name, "is required");
  }
  bool targeted = options.target_pid > 0 && !options.target_start_time.empty();
  if (!options.process.empty() && !targeted)
    return usage("--process", "needs --target-pid and --target-start-time beside it");
  return options;
}

}  // namespace minirun::shim
