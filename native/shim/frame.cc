#include "shim/frame.h"

namespace minirun::shim {

std::string encode_frame(Opcode opcode, std::string_view payload) {
  std::string bytes;
  bytes.reserve(kFrameHeader + payload.size());
  put(bytes, static_cast<uint32_t>(1 + payload.size()));
  put(bytes, static_cast<uint8_t>(opcode));
  bytes.append(payload);
  return bytes;
}

std::optional<Frame> FrameParser::next() {
  std::string_view rest = std::string_view(buffer_).substr(consumed_);
  if (broken_ || rest.size() < sizeof(uint32_t)) return std::nullopt;
  auto length = get<uint32_t>(rest);
  if (length == 0 || length > kLargestFrame) {
    broken_ = true;
    return std::nullopt;
  }
  if (rest.size() - sizeof(uint32_t) < length) {
    buffer_.erase(0, consumed_);
    consumed_ = 0;
    return std::nullopt;
  }
  consumed_ += sizeof(uint32_t) + length;
  Frame frame{get<uint8_t>(rest, sizeof(uint32_t)), std::string(rest.substr(kFrameHeader, length - 1))};
  if (consumed_ == buffer_.size()) {
    buffer_.clear();
    consumed_ = 0;
  }
  return frame;
}

}  // namespace minirun::shim
