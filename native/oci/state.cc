#include "oci/state.h"

#include "oci/json.h"

namespace minirun::oci {

namespace {

constexpr const char* kSeccompFd = "seccompFd";

/** Adds a last member "pid" to an object, its value still open. */
PidText open_for_pid(std::string object) {
  object.pop_back();
  return PidText{{object + ",\"pid\":", "}"}};
}

}  // namespace

DescribeState describe_state(const ContainerSpec& spec, std::string id, std::string bundle) {
  std::vector<Json::Member> annotations;
  for (const auto& [key, value] : spec.annotations) annotations.emplace_back(key, value);
  return [version = spec.oci_version, annotations = Json::object(annotations), id = std::move(id),
          bundle = std::move(bundle)](std::string_view status) {
    std::string text = Json::object({{"ociVersion", version},
                                     {"id", id},
                                     {"status", status},
                                     {"bundle", bundle},
                                     {"annotations", annotations}})
                           .text();
    return open_for_pid(std::move(text));
  };
}

DescribeState describe_process(const ContainerSpec& spec, std::string id, std::string bundle) {
  std::string metadata = spec.seccomp ? spec.seccomp->listener_metadata : "";
  return [version = spec.oci_version, metadata = std::move(metadata),
          state = describe_state(spec, std::move(id), std::move(bundle))](std::string_view status) {
    PidText inner = state(status);
    std::string text = Json::object({{"ociVersion", version},
                                     {"fds", Json::array({kSeccompFd})},
                                     {"metadata", metadata},
                                     {"state", Json()}})
                           .text();
    constexpr std::string_view kNull = "null}";
    text.resize(text.size() - kNull.size());
    return PidText{{text + inner.parts[0], inner.parts[1] + ",\"pid\":", "}"}};
  };
}

}  // namespace minirun::oci
