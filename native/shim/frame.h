#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace minirun::shim {

/** The messages on shim.sock. Each is a frame: u32 length of opcode and payload, u8 opcode, payload;
 * big-endian. */
enum class Opcode : uint8_t {
  attach = 0x01,
  input = 0x02,
  resize = 0x03,
  ack = 0x04,
  end_of_input = 0x05,
  signal = 0x11,
  ready = 0x81,
  output = 0x82,
  error_output = 0x83,
  exit = 0x84,
  problem = 0x85,
  gap = 0x86,
  resized = 0x87,
  signalled = 0x91,
};

/**
 * Whom a signal message is for: the first process, every process, or, whatever the signal, the terminal,
 * which is hung up, and the control group, whose processes go on if they were frozen.
 */
enum class SignalScope : uint8_t { init = 0, everyone = 1, terminal = 2, group = 3 };

inline constexpr size_t kFrameHeader = 5;                ///< bytes before the payload
inline constexpr size_t kLargestFrame = (1 << 20) + 16;  ///< of opcode and payload together

template <class T>
void put(std::string& bytes, T number) {
  for (int shift = static_cast<int>(sizeof(T)) * 8 - 8; shift >= 0; shift -= 8)
    bytes.push_back(static_cast<char>(static_cast<uint64_t>(number) >> shift));
}

/** Reads a big-endian number; the caller has checked that the bytes are there. */
template <class T>
T get(std::string_view bytes, size_t at = 0) {
  uint64_t number = 0;
  for (size_t i = 0; i < sizeof(T); ++i) number = number << 8 | static_cast<unsigned char>(bytes[at + i]);
  return static_cast<T>(number);
}

struct Frame {
  uint8_t opcode = 0;
  std::string payload;
};

std::string encode_frame(Opcode opcode, std::string_view payload);

/** Puts frames together from bytes as they come: torn anywhere, or many at once. */
class FrameParser {
 public:
  void feed(std::string_view bytes) { buffer_.append(bytes); }
  /** The next whole frame, or nothing yet. */
  std::optional<Frame> next();
  /** A frame was announced that is empty or larger than allowed: the stream can't be followed any further. */
  bool broken() const { return broken_; }

 private:
  std::string buffer_;
  size_t consumed_ = 0;
  bool broken_ = false;
};

}  // namespace minirun::shim
