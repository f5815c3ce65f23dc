// The protobuf wire format, read strictly: private to ledger/entry. A value has one form only, so
// whether bytes are accepted never depends on a library's version.
#ifndef ASSENT_LEDGER_ENTRY_WIRE_H_
#define ASSENT_LEDGER_ENTRY_WIRE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace assent::wire {

enum class Type : std::uint8_t { kVarint = 0, kFixed64 = 1, kBytes = 2, kFixed32 = 5 };

// What stands before each value.
struct Tag {
  std::uint32_t field;
  Type type;
};

// Largest field number that protobuf allows.
inline constexpr std::uint32_t kFieldMax = (1u << 29) - 1;

// Each takes a value off the front of `bytes`; nothing when it is not there, is no such thing, or
// is a varint longer than its value needs. `bytes` is then in no particular state.
inline std::optional<std::uint64_t> TakeVarint(std::string_view& bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < bytes.size() && i < 10; ++i) {
    const auto byte = static_cast<std::uint8_t>(bytes[i]);
    if (i == 9 && byte > 1) return std::nullopt;
    value |= std::uint64_t{byte & 0x7Fu} << (7 * i);
    if ((byte & 0x80) != 0) continue;
    if (byte == 0 && i > 0) return std::nullopt;
    bytes.remove_prefix(i + 1);
    return value;
  }
  return std::nullopt;
}

inline std::optional<Tag> TakeTag(std::string_view& bytes) {
  const auto value = TakeVarint(bytes);
  if (!value) return std::nullopt;
  const std::uint64_t field = *value >> 3;
  const auto type = static_cast<std::uint8_t>(*value & 7);
  if (field == 0 || field > kFieldMax) return std::nullopt;
  if (type != 0 && type != 1 && type != 2 && type != 5) return std::nullopt;
  return Tag{static_cast<std::uint32_t>(field), static_cast<Type>(type)};
}

inline std::optional<std::string_view> TakeBytes(std::string_view& bytes) {
  const auto size = TakeVarint(bytes);
  if (!size || *size > bytes.size()) return std::nullopt;
  const std::string_view value = bytes.substr(0, static_cast<std::size_t>(*size));
  bytes.remove_prefix(value.size());
  return value;
}

inline void AppendVarint(std::string& out, std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) out.push_back(static_cast<char>(value | 0x80));
  out.push_back(static_cast<char>(value));
}

inline void AppendTag(std::string& out, std::uint32_t field, Type type) {
  AppendVarint(out, (std::uint64_t{field} << 3) | static_cast<std::uint8_t>(type));
}

inline void AppendBytes(std::string& out, std::uint32_t field, std::string_view value) {
  AppendTag(out, field, Type::kBytes);
  AppendVarint(out, value.size());
  out += value;
}

}  // namespace assent::wire

#endif  // ASSENT_LEDGER_ENTRY_WIRE_H_
