// Byte strings of fixed size, each with a type of its own so that a key cannot be passed for a hash.
#ifndef ASSENT_LEDGER_BYTES_H_
#define ASSENT_LEDGER_BYTES_H_

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace assent {

// Lower-case hex of `bytes`.
std::string ToHex(std::string_view bytes);

// The bytes that `hex` (either case, even length) stands for; nothing when it is not hex.
std::optional<std::string> FromHex(std::string_view hex);

// Standard base64 with padding, and its strict inverse (no line ends, canonical padding).
std::string ToBase64(std::string_view bytes);
std::optional<std::string> FromBase64(std::string_view text);

// N bytes. Value type; all zero when default-constructed. Compared in constant order of bytes, not in
// constant time: not for secrets.
template <std::size_t N, class Tag>
class FixedBytes {
 public:
  static constexpr std::size_t kSize = N;

  FixedBytes() { bytes_.fill(0); }

  // Nothing when `bytes` does not have exactly N bytes.
  static std::optional<FixedBytes> From(std::string_view bytes) {
    if (bytes.size() != N) return std::nullopt;
    FixedBytes result;
    std::memcpy(result.bytes_.data(), bytes.data(), N);
    return result;
  }

  // Nothing when `hex` is not exactly 2N hex digits.
  static std::optional<FixedBytes> FromHexText(std::string_view hex) {
    const auto bytes = FromHex(hex);
    return bytes ? From(*bytes) : std::nullopt;
  }

  std::string_view view() const {
    return {reinterpret_cast<const char*>(bytes_.data()), bytes_.size()};
  }
  std::string str() const { return std::string(view()); }
  std::string hex() const { return ToHex(view()); }
  const std::uint8_t* data() const { return bytes_.data(); }
  std::uint8_t* data() { return bytes_.data(); }
  bool IsZero() const { return *this == FixedBytes(); }

  auto operator<=>(const FixedBytes&) const = default;

  template <typename H>
  friend H AbslHashValue(H h, const FixedBytes& value) {
    return H::combine(std::move(h), value.bytes_);
  }

 private:
  std::array<std::uint8_t, N> bytes_;
};

using Hash = FixedBytes<32, struct HashTag>;
using LedgerId = FixedBytes<32, struct LedgerIdTag>;
using PublicKey = FixedBytes<32, struct PublicKeyTag>;
using Signature = FixedBytes<64, struct SignatureTag>;
using KeyId = FixedBytes<32, struct KeyIdTag>;
using Salt = FixedBytes<32, struct SaltTag>;

// Integers as the formats have them: big-endian.
void AppendU8(std::string& out, std::uint8_t value);
void AppendU16(std::string& out, std::uint16_t value);
void AppendU32(std::string& out, std::uint32_t value);
void AppendU64(std::string& out, std::uint64_t value);

// Reads big-endian integers and byte strings from the front of `input`. Once something was missing,
// ok() is false for good and everything read after is zero or empty.
class ByteReader {
 public:
  explicit ByteReader(std::string_view input) : rest_(input) {}

  std::uint8_t U8();
  std::uint16_t U16();
  std::uint32_t U32();
  std::uint64_t U64();
  std::string_view Bytes(std::size_t size);
  template <class F>
  F Fixed() {
    return F::From(Bytes(F::kSize)).value_or(F());
  }

  bool ok() const { return ok_; }
  bool AtEnd() const { return ok_ && rest_.empty(); }
  std::string_view rest() const { return rest_; }

 private:
  std::string_view rest_;
  bool ok_ = true;
};

}  // namespace assent

template <std::size_t N, class Tag>
struct std::hash<assent::FixedBytes<N, Tag>> {
  std::size_t operator()(const assent::FixedBytes<N, Tag>& value) const {
    return std::hash<std::string_view>()(value.view());
  }
};

#endif  // ASSENT_LEDGER_BYTES_H_
