#include "oci/state.h"

#include "oci/json.h"

namespace minirun::oci {

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
    text.pop_back();
    return StateText{text + ",\"pid\":", "}"};
  };
}

}  // namespace minirun::oci
